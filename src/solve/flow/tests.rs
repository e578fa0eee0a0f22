//! Situations from the docs, each as small as it can be. Expected answers come from the pages named.

use super::super::lab::{Lab, cidr, ip, rule};
use super::*;
use crate::facts::{
    Table,
    filter::{ApplicationRule, Filter, NatRule, NetworkRule, Place, Ports},
    managed::{ManagedMode, ManagedNetwork, ManagedRule, ManagedTarget},
    name::{Forwarder, NameServer, ServerPlace, Upstream},
    network::{
        Balancer, Forwarding, Host, Nat, NextHop, Pool, Position, PublicAddress, Translation,
    },
    service::{InstanceRule, PublicAccess, Service},
};

/// A virtual machine and a private endpoint of `st1` (blob) in one network; the account is closed.
fn private_blob() -> Lab {
    let mut lab = Lab::default();
    let v1 = lab.network("v1", "10.0.0.0/16");
    let vm = lab.subnet(v1, "vm", "10.0.1.0/24");
    let pe = lab.subnet(v1, "pe", "10.0.2.0/24");
    lab.vm("vm1", vm, "10.0.1.4");
    let st1 = lab.storage("st1");
    lab.close(st1);
    lab.endpoint(pe, st1, "blob", "10.0.2.4");
    lab.blob_zone(&[v1], &[("st1", "10.0.2.4")]);
    lab
}

/// A virtual machine and an open account, nothing else.
fn public_blob() -> Lab {
    let mut lab = Lab::default();
    let v1 = lab.network("v1", "10.0.0.0/16");
    let vm = lab.subnet(v1, "vm", "10.0.1.0/24");
    lab.vm("vm1", vm, "10.0.1.4");
    lab.storage("st1");
    lab
}

/// Networks `a` (client) and `b` (private endpoint of `st1`), peered; the zone is linked to `linked`.
fn peered_blob(linked: &[&str]) -> Lab {
    let mut lab = Lab::default();
    let a = lab.network("a", "10.1.0.0/16");
    let b = lab.network("b", "10.2.0.0/16");
    let vm = lab.subnet(a, "vm", "10.1.1.0/24");
    let pe = lab.subnet(b, "pe", "10.2.2.0/24");
    lab.peer(a, b);
    lab.vm("vm1", vm, "10.1.1.4");
    let st1 = lab.storage("st1");
    lab.close(st1);
    lab.endpoint(pe, st1, "blob", "10.2.2.4");
    let linked: Vec<_> = linked.iter().map(|it| lab.at(it)).collect();
    lab.blob_zone(&linked, &[("st1", "10.2.2.4")]);
    lab
}

// Names ------------------------------------------------------------------------------------------

// private-link/private-endpoint-dns: virtual network workloads without Azure Private Resolver.
#[test]
fn zone_linked_to_the_network() {
    private_blob().blob("vm1", "st1").is("allowed none 10.0.2.4");
}

// private-link/private-endpoint-dns: peered network, with a link of its own.
#[test]
fn endpoint_over_peering_with_the_zone_linked_to_the_client() {
    peered_blob(&["a", "b"]).blob("vm1", "st1").is("allowed none 10.2.2.4");
}

// how-to-custom-dns: default Azure name resolution does not cross peering.
#[test]
fn zone_linked_to_the_peer_only() {
    let it = peered_blob(&["b"]).blob("vm1", "st1");
    it.is("denied destination-firewall public");
    assert!(it.told().contains("this caller gets the public address"));
}

// storage/common/storage-private-endpoints: no endpoint, no alias, so the linked zone is not asked.
#[test]
fn account_without_endpoint_in_a_network_with_the_zone() {
    let mut lab = private_blob();
    lab.storage("st3");
    lab.blob("vm1", "st3").is("allowed none public");
}

// dns/private-dns-fallback: the alias exists, the zone has no record.
#[test]
fn zone_without_record_breaks_the_name() {
    let mut lab = private_blob();
    lab.firewall_of(lab.at("st1")).public = PublicAccess::Enabled;
    let zone = lab.at("privatelink.blob.core.windows.net");
    lab.facts.zones.get_mut(&zone).unwrap().records.clear();
    let it = lab.blob("vm1", "st1");
    it.is("denied dns no answer");
    assert_eq!(it.symptom, Some("sy-nxdomain"));
}

// dns/private-dns-fallback: resolutionPolicy NxDomainRedirect.
#[test]
fn zone_without_record_that_redirects() {
    let mut lab = private_blob();
    let st1 = lab.at("st1");
    lab.firewall_of(st1).public = PublicAccess::Enabled;
    lab.firewall_of(st1).default_allow = true;
    let zone = lab.at("privatelink.blob.core.windows.net");
    let zone = lab.facts.zones.get_mut(&zone).unwrap();
    zone.records.clear();
    zone.links[0].redirects = true;
    lab.blob("vm1", "st1").is("allowed none public");
}

// key-vault/general/private-link-diagnostics: the alias needs an approved connection.
#[test]
fn alias_that_needs_approval() {
    let mut lab = private_blob();
    let st1 = lab.at("st1");
    lab.facts.services.get_mut(&st1).unwrap().links[0].alias_needs_approval = true;
    let pe = lab.at("pe-blob");
    lab.facts.private_endpoints.get_mut(&pe).unwrap().state = LinkState::Pending;
    lab.blob("vm1", "st1").is("denied destination-firewall public");
}

// private-link/private-endpoint-overview: only Approved carries traffic.
#[test]
fn pending_endpoint() {
    let mut lab = private_blob();
    let pe = lab.at("pe-blob");
    lab.facts.private_endpoints.get_mut(&pe).unwrap().state = LinkState::Pending;
    lab.blob("vm1", "st1").is("denied private-endpoint 10.0.2.4");
}

/// `spoke` asks a server in `hub`, which forwards `zone` to Azure DNS; the blob zone is linked to hub.
fn central_dns(zone: &str) -> Lab {
    let mut lab = Lab::default();
    let hub = lab.network("hub", "10.0.0.0/16");
    let spoke = lab.network("spoke", "10.1.0.0/16");
    let dns = lab.subnet(hub, "dns", "10.0.9.0/24");
    let pe = lab.subnet(hub, "pe", "10.0.2.0/24");
    let vm = lab.subnet(spoke, "vm", "10.1.1.0/24");
    lab.facts.networks.get_mut(&spoke).unwrap().dns = vec![ip("10.0.9.4")];
    lab.peer(hub, spoke);
    lab.vm("vm1", vm, "10.1.1.4");
    let server = lab.vm("dns1", dns, "10.0.9.4");
    lab.name_server(
        server,
        NameServer {
            place: ServerPlace::Subnet(dns),
            addresses: Vec::new(),
            forwarders: vec![Forwarder { zone: zone.to_owned(), to: vec![PLATFORM_DNS] }],
            records: Vec::new(),
            otherwise: Upstream::Public,
        },
    );
    let st1 = lab.storage("st1");
    lab.close(st1);
    lab.endpoint(pe, st1, "blob", "10.0.2.4");
    lab.blob_zone(&[hub], &[("st1", "10.0.2.4")]);
    lab
}

// how-to-custom-dns: the link that matters is the one to the network of the DNS server.
#[test]
fn custom_server_in_the_linked_network() {
    central_dns("blob.core.windows.net").blob("vm1", "st1").is("allowed none 10.0.2.4");
}

// private-link/private-endpoint-dns: forward the public zone, not the privatelink zone.
#[test]
fn forwarder_for_the_privatelink_zone() {
    let it = central_dns("privatelink.blob.core.windows.net").blob("vm1", "st1");
    it.is("denied destination-firewall public");
    assert!(it.told().contains("forward the public zone"));
}

#[test]
fn custom_server_behind_a_filter_that_stops_dns() {
    let mut lab = central_dns("blob.core.windows.net");
    let dns = lab.at("hub/dns");
    lab.filter(dns, &["in 100 deny UDP * * 53"]);
    let it = lab.blob("vm1", "st1");
    it.is("denied dns no answer");
    assert!(it.told().contains("deny-100"), "{}", it.told());
}

#[test]
fn custom_server_that_nothing_has_the_address_of() {
    let mut lab = private_blob();
    let v1 = lab.at("v1");
    lab.facts.networks.get_mut(&v1).unwrap().dns = vec![ip("10.0.9.9")];
    let it = lab.blob("vm1", "st1");
    assert_eq!(it.outcome, Outcome::Unknown, "{}", it.told());
    assert_eq!(it.failing, Some(Hop::Dns));
}

#[test]
fn servers_that_forward_in_a_circle() {
    let mut lab = central_dns("blob.core.windows.net");
    let server = lab.at("dns1");
    lab.facts.name_servers.get_mut(&server).unwrap().forwarders[0].to = vec![ip("10.0.9.4")];
    lab.blob("vm1", "st1").is("denied dns no answer");
}

// how-to-troubleshoot-secure-connection-workspace: DNS over HTTPS skips private zones.
#[test]
fn browser_with_dns_over_https() {
    let mut lab = private_blob();
    let vm = lab.at("vm1");
    lab.facts.hosts.get_mut(&vm).unwrap().browser_resolves_publicly = true;
    let face = || Destination::Face { resource: lab.at("st1"), face: "blob" };
    lab.ask(&Flow::https(vm, face()).in_browser()).is("denied destination-firewall public");
    lab.ask(&Flow::https(vm, face())).is("allowed none 10.0.2.4");
}

// how-to-custom-dns, "Example: Hosts file".
#[test]
fn hosts_file_wins_over_dns() {
    let mut lab = peered_blob(&["b"]);
    let vm = lab.at("vm1");
    let entry = ("st1.blob.core.windows.net".to_owned(), ip("10.2.2.4"));
    lab.facts.hosts.get_mut(&vm).unwrap().hosts_file.push(entry);
    lab.blob("vm1", "st1").is("allowed none 10.2.2.4");
}

/// `dc1` behind a VPN gateway in `hub`; its servers forward blob to `to`.
fn on_premises(to: &str) -> Lab {
    let mut lab = Lab::default();
    let hub = lab.network("hub", "10.0.0.0/16");
    let gateway = lab.subnet(hub, "GatewaySubnet", "10.0.255.0/27");
    let dns = lab.subnet(hub, "dns", "10.0.9.0/24");
    let pe = lab.subnet(hub, "pe", "10.0.2.0/24");
    let dc1 = lab.site("dc1", "192.168.8.0/21");
    lab.facts.sites.get_mut(&dc1).unwrap().routes_back = Some(vec![cidr("10.0.0.0/16")]);
    lab.gateway(gateway, dc1);
    let pc = lab.id("pc1");
    let address = Some(ip("192.168.10.5"));
    lab.facts.hosts.insert(pc, Host::at(Position::Site { site: dc1, address }));
    let server = |place, forwarders, otherwise| NameServer {
        place,
        addresses: Vec::new(),
        forwarders,
        records: Vec::new(),
        otherwise,
    };
    let blob = Forwarder { zone: "blob.core.windows.net".to_owned(), to: vec![ip(to)] };
    lab.name_server(dc1, server(ServerPlace::Site(dc1), vec![blob], Upstream::Public));
    let forwarder = lab.vm("fwd1", dns, "10.0.9.4");
    let upstream = Upstream::Servers(vec![PLATFORM_DNS]);
    lab.name_server(forwarder, server(ServerPlace::Subnet(dns), Vec::new(), upstream));
    let st1 = lab.storage("st1");
    lab.close(st1);
    lab.endpoint(pe, st1, "blob", "10.0.2.4");
    lab.blob_zone(&[hub], &[("st1", "10.0.2.4")]);
    lab
}

// private-link/private-endpoint-dns, on-premises workloads using a DNS forwarder.
#[test]
fn on_premises_through_a_forwarder_in_the_network() {
    on_premises("10.0.9.4").blob("pc1", "st1").is("allowed none 10.0.2.4");
}

// what-is-ip-address-168-63-129-16: reachable from inside a network only.
#[test]
fn on_premises_forwarding_straight_to_azure_dns() {
    on_premises("168.63.129.16").blob("pc1", "st1").is("denied dns no answer");
}

// vpn-gateway/vpn-gateway-about-vpngateways: only traffic between a site and a network is Azure's.
#[test]
fn machines_of_one_site_meet_without_azure() {
    let mut lab = on_premises("10.0.9.4");
    let (pc, dc1) = (lab.at("pc1"), lab.at("dc1"));
    let server = lab.id("server1");
    let address = Some(ip("192.168.10.6"));
    lab.facts.hosts.insert(server, Host::at(Position::Site { site: dc1, address }));
    let it = lab.ask(&Flow::tcp(pc, Destination::Host(server), 22));
    assert_eq!((it.outcome, it.failing), (Outcome::Unknown, Some(Hop::Route)), "{}", it.told());
    assert_eq!(it.trace.steps.len(), 1, "{}", it.told());
    assert!(it.told().contains("server1 is reached inside dc1"), "{}", it.told());
}

// The same page: the gateway has the site's ranges; what stands behind an address of them is not Azure's to know.
#[test]
fn an_address_of_the_site_that_nothing_drawn_has() {
    let lab = on_premises("10.0.9.4");
    let pc = lab.at("pc1");
    let to = Destination::Address(ip("192.168.10.77"));
    let it = lab.ask(&Flow::tcp(pc, to, 1433));
    assert_eq!((it.outcome, it.failing), (Outcome::Unknown, Some(Hop::Route)), "{}", it.told());
    assert!(it.told().contains("192.168.10.77 is in dc1"), "{}", it.told());
}

#[test]
fn on_premises_without_a_route_to_the_network() {
    let mut lab = on_premises("10.0.9.4");
    let dc1 = lab.at("dc1");
    lab.facts.sites.get_mut(&dc1).unwrap().routes_back = Some(vec![cidr("10.9.0.0/16")]);
    let it = lab.blob("pc1", "st1");
    assert_eq!(it.failing, Some(Hop::Dns), "{}", it.told());
}

// private-link/private-endpoint-dns: endpoints that share a zone overwrite each other's record.
#[test]
fn last_endpoint_of_a_zone_group_wins_the_record() {
    let mut lab = Lab::default();
    let v1 = lab.network("v1", "10.0.0.0/16");
    let v2 = lab.network("v2", "10.9.0.0/16");
    let vm = lab.subnet(v1, "vm", "10.0.1.0/24");
    let near = lab.subnet(v1, "pe", "10.0.2.0/24");
    let far = lab.subnet(v2, "pe", "10.9.2.0/24");
    lab.vm("vm1", vm, "10.0.1.4");
    let st1 = lab.storage("st1");
    lab.close(st1);
    lab.zone("privatelink.blob.core.windows.net", &[v1, v2], &[]);
    let zone = lab.at("privatelink.blob.core.windows.net");
    for (subnet, address) in [(near, "10.0.2.4"), (far, "10.9.2.4")] {
        let id = lab.endpoint(subnet, st1, "blob", address);
        lab.facts.private_endpoints.get_mut(&id).unwrap().zones.push(zone);
    }
    let it = lab.blob("vm1", "st1");
    it.is("denied route 10.9.2.4");
    assert!(it.told().contains("the last one written wins"), "{}", it.told());
}

// private-dns: a zone for the public suffix hides every public name in it.
#[test]
fn zone_named_like_the_public_suffix() {
    let mut lab = public_blob();
    let v1 = lab.at("v1");
    lab.zone("blob.core.windows.net", &[v1], &[]);
    lab.blob("vm1", "st1").is("denied dns no answer");
}

// Platform addresses -----------------------------------------------------------------------------

// service-tags-overview: AzurePlatformDNS is the only way for an NSG to stop Azure DNS.
#[test]
fn platform_dns_denied_by_its_tag() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 100 deny * * AzurePlatformDNS *"]);
    let it = lab.blob("vm1", "st1");
    it.is("denied dns no answer");
    assert_eq!(it.symptom, Some("sy-nxdomain"));
}

// network-security-groups-overview: deny-all does not stop 168.63.129.16.
#[test]
fn platform_dns_is_exempt_from_deny_all() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 100 deny * * * *"]);
    let to = Destination::Address(PLATFORM_DNS);
    let flow = Flow { protocol: Protocol::Udp, ..Flow::tcp(lab.at("vm1"), to, 53) };
    lab.ask(&flow).is("allowed none 168.63.129.16");
}

// Filters ----------------------------------------------------------------------------------------

// network-security-groups-overview: stateful.
#[test]
fn replies_need_no_inbound_rule() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["in 100 deny * * * *"]);
    lab.blob("vm1", "st1").is("allowed none public");
}

// service-tags-overview: Internet includes all public addresses of Azure.
#[test]
fn deny_internet_above_allow_storage_blocks_storage() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 100 deny * * Internet *", "out 200 allow TCP * Storage 443"]);
    let it = lab.blob("vm1", "st1");
    it.is("denied nsg-outbound public");
    assert_eq!(it.symptom, Some("sy-timeout"));
}

#[test]
fn smaller_priority_number_wins() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 200 deny * * Internet *", "out 100 allow TCP * Storage 443"]);
    lab.blob("vm1", "st1").is("allowed none public");
}

// service-tags-overview: a regional tag holds one region.
#[test]
fn regional_tag_of_another_region() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 100 allow TCP * Storage.westus 443", "out 200 deny * * Internet *"]);
    lab.blob("vm1", "st1").is("denied nsg-outbound public");
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 100 allow TCP * storage.JapanEast 443", "out 200 deny * * Internet *"]);
    lab.blob("vm1", "st1").is("allowed none public");
}

// Private endpoint addresses are VirtualNetwork, never the tag of the service.
#[test]
fn private_endpoint_is_not_in_the_service_tag() {
    let mut lab = private_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 100 allow TCP * Storage 443", "out 200 deny * * VirtualNetwork *"]);
    lab.blob("vm1", "st1").is("denied nsg-outbound 10.0.2.4");
    let mut lab = private_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 100 deny TCP * Storage 443", "out 200 deny * * Internet *"]);
    lab.blob("vm1", "st1").is("allowed none 10.0.2.4");
}

// disable-private-endpoint-network-policy: NSGs skip private endpoints unless the subnet says so.
#[test]
fn filter_on_the_subnet_of_an_endpoint() {
    let mut lab = private_blob();
    let pe = lab.at("v1/pe");
    lab.filter(pe, &["in 100 deny * * * *"]);
    lab.blob("vm1", "st1").is("allowed none 10.0.2.4");
    lab.subnet_mut(pe).filters_private_endpoints = true;
    lab.blob("vm1", "st1").is("denied nsg-inbound 10.0.2.4");
}

// network-security-group-how-it-works: both levels must allow; intra-subnet traffic is filtered too.
#[test]
fn filters_of_subnet_and_network_interface() {
    let mut lab = Lab::default();
    let v1 = lab.network("v1", "10.0.0.0/16");
    let vm = lab.subnet(v1, "vm", "10.0.1.0/24");
    lab.vm("vm1", vm, "10.0.1.4");
    let vm2 = lab.vm("vm2", vm, "10.0.1.5");
    lab.https("vm1", "vm2").is("allowed none 10.0.1.5");
    let nic = lab.id("nic");
    lab.facts.filters.insert(nic, Filter { rules: vec![rule("in 100 deny TCP * * 443")] });
    lab.facts.hosts.get_mut(&vm2).unwrap().filter = Some(nic);
    lab.https("vm1", "vm2").is("denied nsg-inbound 10.0.1.5");
    lab.facts.hosts.get_mut(&vm2).unwrap().filter = None;
    lab.filter(vm, &["in 100 deny TCP 10.0.1.0/24 * 443"]);
    lab.https("vm1", "vm2").is("denied nsg-inbound 10.0.1.5");
}

// virtual-network-manager/concept-security-admins: "When traffic matches a deny rule, evaluation stops", "If the
// security admin rule is Always Allow, the traffic doesn't hit NSGs", Allow is "further evaluated by NSG rules".
#[test]
fn rules_over_the_network_come_before_filters() {
    for (guard, filter, said) in [
        ("out 10 deny TCP * Storage 443", "out 100 allow TCP * Storage 443", "denied nsg-outbound"),
        ("out 10 always TCP * Storage 443", "out 100 deny TCP * Storage 443", "allowed none"),
        ("out 10 allow TCP * Storage 443", "out 100 deny TCP * Storage 443", "denied nsg-outbound"),
        ("out 10 allow TCP * Storage 443", "out 100 allow TCP * Storage 443", "allowed none"),
        ("in 10 deny * * * *", "out 100 allow TCP * Storage 443", "allowed none"),
        ("out 10 deny TCP * Storage 22", "out 100 allow TCP * Storage 443", "allowed none"),
    ] {
        let mut lab = public_blob();
        let vm = lab.at("v1/vm");
        lab.filter(vm, &[filter]);
        let v1 = lab.at("v1");
        lab.guard(v1, &[guard]);
        lab.blob("vm1", "st1").is(&format!("{said} public"));
    }
}

// The same page: "a deny rule with a priority of 10 overrides an allow rule with a priority of 20"; rules apply
// without any network security group.
#[test]
fn rules_over_the_network_need_no_filter() {
    let mut lab = public_blob();
    let v1 = lab.at("v1");
    let guard = lab.guard(v1, &["out 20 always * * * *", "out 10 deny * * Internet *"]);
    let answer = lab.blob("vm1", "st1");
    answer.is("denied nsg-outbound public");
    assert!(
        answer.trace.steps.iter().any(|it| it.at == Some(guard)
            && it.text.render(crate::text::Lang::En).contains("avnm/deny-10"))
    );
    // An exception before it leaves the word to filters, and there is none.
    lab.facts.guards = Table::default();
    lab.guard(v1, &["out 5 allow TCP * Storage 443", "out 10 deny * * Internet *"]);
    lab.blob("vm1", "st1").is("allowed none public");
}

#[test]
fn rules_over_the_network_of_the_destination() {
    let mut lab = Lab::default();
    let v1 = lab.network("v1", "10.0.0.0/16");
    let vm = lab.subnet(v1, "vm", "10.0.1.0/24");
    lab.vm("vm1", vm, "10.0.1.4");
    lab.vm("vm2", vm, "10.0.1.5");
    lab.filter(vm, &["in 100 deny * * * *"]);
    lab.https("vm1", "vm2").is("denied nsg-inbound 10.0.1.5");
    lab.guard(v1, &["in 1 always TCP 10.0.1.4/32 * 443"]);
    lab.https("vm1", "vm2").is("allowed none 10.0.1.5");
    // "not applied at the subnet level for services such as" gateways and firewalls (the same page).
    lab.subnet_mut(vm).unguarded = true;
    lab.https("vm1", "vm2").is("denied nsg-inbound 10.0.1.5");
}

// virtual-network-manager/faq: "security admin rules don't apply to Azure private endpoints". The sender is under
// them all the same.
#[test]
fn rules_over_the_network_leave_private_endpoints_out() {
    let mut lab = private_blob();
    let v1 = lab.at("v1");
    let pe = lab.at("v1/pe");
    lab.subnet_mut(pe).filters_private_endpoints = true;
    lab.guard(v1, &["in 10 deny * * * *"]);
    lab.blob("vm1", "st1").is("allowed none 10.0.2.4");
    lab.facts.guards = Table::default();
    lab.guard(v1, &["out 10 deny * * 10.0.2.0/24 *"]);
    lab.blob("vm1", "st1").is("denied nsg-outbound 10.0.2.4");
}

// A rule that may match decides nothing by itself; where all that may come of it is one thing, that is said.
#[test]
fn rules_over_the_network_that_may_match() {
    for (guards, filter, said) in [
        (&["out 10 deny * * AzureCloud *"][..], "out 100 allow * * * *", "unknown nsg-outbound"),
        (&["out 10 deny * * AzureCloud *"], "out 100 deny * * * *", "denied nsg-outbound"),
        (&["out 10 always * * AzureCloud *"], "out 100 allow * * * *", "allowed none"),
        (&["out 10 always * * AzureCloud *"], "out 100 deny * * * *", "unknown nsg-outbound"),
        (
            &["out 10 allow * * AzureCloud *", "out 20 deny * * * *"],
            "out 100 allow * * * *",
            "unknown nsg-outbound",
        ),
        (
            &["out 10 allow * * AzureCloud *", "out 20 deny * * * *"],
            "out 100 deny * * * *",
            "denied nsg-outbound",
        ),
    ] {
        let mut lab = public_blob();
        let vm = lab.at("v1/vm");
        lab.filter(vm, &[filter]);
        let v1 = lab.at("v1");
        lab.guard(v1, guards);
        // Anybody may rent an address of the tag.
        let to = Destination::Address(ip("9.137.41.6"));
        let answer = lab.ask(&Flow::https(lab.at("vm1"), to));
        assert_eq!(answer.line(), format!("{said} 9.137.41.6"), "{guards:?} {filter}");
    }
}

// virtual-network-service-endpoint-policies-overview: "only the resources specified in the policy can be accessed";
// how-to-prevent-data-loss-exfiltration: an alias stands for the storage of Machine Learning itself.
#[test]
fn service_endpoint_policy() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    let st1 = lab.at("st1");
    lab.service_endpoint(vm, "Storage");
    lab.blob("vm1", "st1").is("allowed none public");
    lab.subnet_mut(vm).service_endpoints[0].only = Some(Vec::new());
    lab.blob("vm1", "st1").is("denied route public");
    lab.tag("vm1", "Storage").is("denied route public");
    lab.subnet_mut(vm).service_endpoints[0].only = Some(vec![st1]);
    lab.subnet_mut(vm).service_endpoints[0].unseen = true;
    lab.blob("vm1", "st1").is("allowed none public");
    lab.tag("vm1", "Storage").is("allowed none public");
}

// application-security-groups: the group stands for its members' addresses.
#[test]
fn rule_for_an_application_security_group() {
    let mut lab = Lab::default();
    let v1 = lab.network("v1", "10.0.0.0/16");
    let vm = lab.subnet(v1, "vm", "10.0.1.0/24");
    let vm1 = lab.vm("vm1", vm, "10.0.1.4");
    lab.vm("vm2", vm, "10.0.1.5");
    let asg = lab.id("asg");
    let nsg = lab.filter(vm, &["in 200 deny * * * *"]);
    let allow = crate::facts::filter::Rule {
        source: vec![Place::Group(asg)],
        ..rule("in 100 allow TCP * * 443")
    };
    lab.facts.filters.get_mut(&nsg).unwrap().rules.push(allow);
    lab.https("vm1", "vm2").is("denied nsg-inbound 10.0.1.5");
    lab.facts.hosts.get_mut(&vm1).unwrap().groups.push(asg);
    lab.https("vm1", "vm2").is("allowed none 10.0.1.5");
}

// service-tags-overview: MicrosoftContainerRegistry depends on AzureFrontDoor.FirstParty.
#[test]
fn microsoft_registry_without_its_front_door_tag() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.filter(
        vm,
        &["out 100 allow TCP * MicrosoftContainerRegistry 443", "out 4000 deny * * Internet *"],
    );
    lab.tag("vm1", "MicrosoftContainerRegistry").is("allowed none public");
    lab.tag("vm1", "AzureFrontDoor.FirstParty").is("denied nsg-outbound public");
}

#[test]
fn rule_with_a_prefix_that_may_hold_the_service() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 100 allow TCP * 20.0.0.0/8 443", "out 200 deny * * Internet *"]);
    let it = lab.blob("vm1", "st1");
    it.is("unknown nsg-outbound public");
    assert!(it.told().contains("allow-100"));
}

// Routes -----------------------------------------------------------------------------------------

// virtual-networks-udr-overview: next hop None drops.
#[test]
fn black_hole_default_route() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.routes(vm, &[("0.0.0.0/0", NextHop::None)]);
    let it = lab.blob("vm1", "st1");
    it.is("denied route public");
    assert_eq!(it.symptom, Some("sy-timeout"));
}

// Trap 5: a private endpoint in the same network ignores 0.0.0.0/0 routes.
#[test]
fn black_hole_default_route_and_a_private_endpoint() {
    let mut lab = private_blob();
    let vm = lab.at("v1/vm");
    lab.routes(vm, &[("0.0.0.0/0", NextHop::None)]);
    lab.blob("vm1", "st1").is("allowed none 10.0.2.4");
}

// disable-private-endpoint-network-policy: a route as narrow as the endpoint network's space wins only
// with route policy on the endpoint's subnet; one with /32 wins always.
#[test]
fn user_route_and_the_route_of_a_private_endpoint() {
    for (prefix, policy, expected) in [
        ("10.2.0.0/16", true, "denied route 10.2.2.4"),
        ("10.2.2.0/24", true, "denied route 10.2.2.4"),
        ("10.2.0.0/16", false, "allowed none 10.2.2.4"),
        ("10.0.0.0/8", true, "allowed none 10.2.2.4"),
        ("0.0.0.0/0", true, "allowed none 10.2.2.4"),
        ("10.2.2.4/32", false, "denied route 10.2.2.4"),
    ] {
        let mut lab = peered_blob(&["a"]);
        let (vm, pe) = (lab.at("a/vm"), lab.at("b/pe"));
        lab.routes(vm, &[(prefix, NextHop::None)]);
        lab.subnet_mut(pe).routes_private_endpoints = policy;
        let it = lab.blob("vm1", "st1");
        assert_eq!(it.line(), expected, "{prefix} {policy}\n{}", it.told());
    }
}

// default-outbound-access: a private subnet without a method has no way out, but for storage of its region.
#[test]
fn private_subnet_without_a_way_out() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.subnet_mut(vm).default_outbound = false;
    lab.tag("vm1", "MicrosoftContainerRegistry").is("denied route public");
    lab.blob("vm1", "st1").is("allowed none public");
    let st1 = lab.at("st1");
    lab.facts.services.get_mut(&st1).unwrap().region = "westus".to_owned();
    lab.blob("vm1", "st1").is("denied route public");
}

#[test]
fn nat_gateway_is_a_way_out_if_it_has_an_address() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    let nat = lab.id("nat");
    lab.facts.nats.insert(nat, Nat::default());
    lab.subnet_mut(vm).default_outbound = false;
    lab.subnet_mut(vm).nat = Some(nat);
    lab.tag("vm1", "AzureResourceManager").is("denied route public");
    let address = PublicAddress { at: nat, prefix: None };
    lab.facts.nats.get_mut(&nat).unwrap().addresses.push(address);
    lab.tag("vm1", "AzureResourceManager").is("allowed none public");
}

// "NAT gateway supports TCP and UDP protocols only. ICMP isn't supported" (nat-gateway/nat-overview). Whether
// it then leaves with the machine's own address, the page does not say.
#[test]
fn nat_gateway_lets_no_ping_out() {
    for (public, expected) in [(false, Outcome::Denied), (true, Outcome::Unknown)] {
        let mut lab = public_blob();
        let (vm, subnet, nat) = (lab.at("vm1"), lab.at("v1/vm"), lab.id("nat"));
        let address = PublicAddress { at: nat, prefix: None };
        lab.facts.nats.insert(nat, Nat { addresses: vec![address.clone()] });
        lab.subnet_mut(subnet).nat = Some(nat);
        lab.facts.hosts.get_mut(&vm).unwrap().public = public.then_some(address);
        let ping = Flow {
            protocol: Protocol::Icmp,
            ..Flow::https(vm, Destination::Address(ip("198.51.100.7")))
        };
        assert_eq!(lab.ask(&ping).outcome, expected, "{public}");
        let https = Flow { protocol: Protocol::Tcp, ..ping };
        assert_eq!(lab.ask(&https).outcome, Outcome::Allowed, "{public}");
    }
}

// virtual-network-manage-peering: both halves connected, access allowed.
#[test]
fn halves_of_a_peering() {
    let build = || {
        let mut lab = Lab::default();
        let a = lab.network("a", "10.1.0.0/16");
        let b = lab.network("b", "10.2.0.0/16");
        let here = lab.subnet(a, "vm", "10.1.1.0/24");
        let there = lab.subnet(b, "vm", "10.2.1.0/24");
        lab.vm("vm1", here, "10.1.1.4");
        lab.vm("vm2", there, "10.2.1.4");
        (lab, a, b)
    };
    let (mut lab, a, b) = build();
    lab.half(a, b).access = false;
    lab.half(b, a);
    let it = lab.https("vm1", "vm2");
    it.is("denied peering 10.2.1.4");
    assert_eq!(it.symptom, Some("sy-timeout"));
    let (mut lab, a, b) = build();
    lab.half(a, b).connected = false;
    lab.https("vm1", "vm2").is("denied peering 10.2.1.4");
    let (mut lab, a, b) = build();
    lab.peer(a, b);
    lab.https("vm1", "vm2").is("allowed none 10.2.1.4");
    let (lab, ..) = build();
    lab.https("vm1", "vm2").is("denied route 10.2.1.4");
}

/// Spokes `s1`, `s2` with default routes to the firewall in `hub`.
fn hub_and_spokes() -> Lab {
    let mut lab = Lab::default();
    let hub = lab.network("hub", "10.0.0.0/16");
    let s1 = lab.network("s1", "10.1.0.0/16");
    let s2 = lab.network("s2", "10.2.0.0/16");
    let fws = lab.subnet(hub, "AzureFirewallSubnet", "10.0.100.0/26");
    let here = lab.subnet(s1, "vm", "10.1.1.0/24");
    let there = lab.subnet(s2, "vm", "10.2.1.0/24");
    for spoke in [s1, s2] {
        lab.half(hub, spoke).forwarded = true;
        lab.half(spoke, hub).forwarded = true;
    }
    lab.vm("vm1", here, "10.1.1.4");
    lab.vm("vm2", there, "10.2.1.4");
    let fw = lab.firewall(fws, "10.0.100.4");
    for subnet in [here, there] {
        lab.routes(subnet, &[("0.0.0.0/0", NextHop::Appliance(ip("10.0.100.4")))]);
    }
    lab.firewall_mut(fw).network_rules.push(network_rule("10.0.0.0/8", "10.0.0.0/8"));
    lab
}

fn network_rule(source: &str, destination: &str) -> NetworkRule {
    NetworkRule {
        name: "n".to_owned(),
        priority: (100, 100),
        allow: true,
        protocols: vec![Protocol::Tcp],
        source: vec![super::super::lab::place(source)],
        destination: vec![super::super::lab::place(destination)],
        ports: vec![Ports::one(443)],
    }
}

fn application_rule(name: &str) -> ApplicationRule {
    ApplicationRule {
        name: "a".to_owned(),
        priority: (100, 100),
        allow: true,
        source: vec![Place::Any],
        names: vec![name.to_owned()],
        name_tags: Vec::new(),
        ports: Vec::new(),
    }
}

// firewall-faq: a default route alone carries spoke to spoke, because it removes the None routes.
#[test]
fn spoke_to_spoke_through_the_hub_firewall() {
    let it = hub_and_spokes().https("vm1", "vm2");
    it.is("allowed none 10.2.1.4");
    assert!(it.told().contains("fw: network rule n"), "{}", it.told());
}

// A firewall in a subnet that Azure refuses is none.
#[test]
fn what_is_wrong_with_the_subnet_of_a_firewall_is_told_of_each_flow_through_it() {
    let mut lab = hub_and_spokes();
    let subnet = lab.at("hub/AzureFirewallSubnet");
    lab.facts.refuse(subnet, text("too small", "小さすぎます"), "");
    lab.https("vm1", "vm2").is("denied validation 10.2.1.4");
}

#[test]
fn spoke_to_spoke_without_a_rule() {
    let mut lab = hub_and_spokes();
    let fw = lab.at("fw");
    lab.firewall_mut(fw).network_rules.clear();
    lab.https("vm1", "vm2").is("denied firewall-appliance 10.2.1.4");
}

// virtual-network-manage-peering: forwarded traffic needs the switch on the receiving half.
#[test]
fn spoke_to_spoke_where_a_half_takes_no_forwarded_traffic() {
    let mut lab = hub_and_spokes();
    let (hub, s2) = (lab.at("hub"), lab.at("s2"));
    for half in &mut lab.facts.peerings {
        if (half.from, half.to) == (s2, hub) {
            half.forwarded = false;
        }
    }
    lab.https("vm1", "vm2").is("denied peering 10.2.1.4");
}

// firewall-faq: both spokes need the route.
#[test]
fn spoke_to_spoke_without_a_way_back() {
    let mut lab = hub_and_spokes();
    let there = lab.at("s2/vm");
    lab.subnet_mut(there).routes = None;
    let it = lab.https("vm1", "vm2");
    it.is("denied route 10.2.1.4");
    assert!(it.told().contains("replies are lost"), "{}", it.told());
}

// virtual-network-peering-overview: not transitive.
#[test]
fn spoke_to_spoke_without_routes() {
    let mut lab = hub_and_spokes();
    let here = lab.at("s1/vm");
    lab.subnet_mut(here).routes = None;
    let it = lab.https("vm1", "vm2");
    it.is("denied route 10.2.1.4");
    assert!(it.told().contains("not transitive"), "{}", it.told());
}

/// `hub_and_spokes` with a virtual machine in place of the firewall.
fn hub_with_a_machine() -> Lab {
    let mut lab = hub_and_spokes();
    let hub = lab.at("hub");
    let subnet = lab.subnet(hub, "nva", "10.0.5.0/24");
    let nva = lab.vm("nva", subnet, "10.0.5.4");
    lab.facts.hosts.get_mut(&nva).unwrap().forwards = Some(Forwarding::Passes);
    for subnet in ["s1/vm", "s2/vm"] {
        let subnet = lab.at(subnet);
        lab.routes(subnet, &[("0.0.0.0/0", NextHop::Appliance(ip("10.0.5.4")))]);
    }
    lab
}

// virtual-networks-udr-overview: the interface of an appliance needs IP forwarding. What its software lets
// through is not Azure's to say.
#[test]
fn spoke_to_spoke_through_a_machine_that_forwards() {
    let mut lab = hub_with_a_machine();
    lab.https("vm1", "vm2").is("allowed none 10.2.1.4");
    let nva = lab.at("nva");
    lab.facts.hosts.get_mut(&nva).unwrap().forwards = Some(Forwarding::Unsaid);
    let it = lab.https("vm1", "vm2");
    it.is("unknown firewall-appliance 10.2.1.4");
    assert!(it.told().contains("Forwarded traffic"), "{}", it.told());
    lab.facts.hosts.get_mut(&nva).unwrap().forwards = None;
    lab.https("vm1", "vm2").is("denied route 10.2.1.4");
}

#[test]
fn a_machine_that_forwards_needs_what_a_firewall_needs() {
    let mut lab = hub_with_a_machine();
    let there = lab.at("s2/vm");
    lab.subnet_mut(there).routes = None;
    lab.https("vm1", "vm2").is("denied route 10.2.1.4");

    let mut lab = hub_with_a_machine();
    let (hub, s2) = (lab.at("hub"), lab.at("s2"));
    for half in &mut lab.facts.peerings {
        if (half.from, half.to) == (s2, hub) {
            half.forwarded = false;
        }
    }
    lab.https("vm1", "vm2").is("denied peering 10.2.1.4");
}

// network-security-group-how-it-works: rules look at every packet of an interface, both ways.
#[test]
fn filters_of_a_machine_that_forwards() {
    for line in ["in 100 deny TCP 10.1.0.0/16 10.2.1.4 443", "out 100 deny TCP * 10.2.0.0/16 443"] {
        let mut lab = hub_with_a_machine();
        let subnet = lab.at("hub/nva");
        lab.filter(subnet, &[line]);
        let hop = if line.starts_with("in") { "nsg-inbound" } else { "nsg-outbound" };
        lab.https("vm1", "vm2").is(&format!("denied {hop} 10.2.1.4"));
    }
}

#[test]
fn to_the_internet_through_a_machine() {
    let mut lab = hub_with_a_machine();
    lab.tag("vm1", "AzureActiveDirectory").is("allowed none public");
    let subnet = lab.at("hub/nva");
    lab.subnet_mut(subnet).default_outbound = false;
    lab.tag("vm1", "AzureActiveDirectory").is("denied route public");
}

// A machine that keeps the source gets no replies; what it makes of that is its software's affair.
#[test]
fn endpoint_behind_a_machine() {
    let mut lab = hub_with_a_machine();
    let s2 = lab.at("s2");
    let pe = lab.subnet(s2, "pe", "10.2.2.0/24");
    lab.subnet_mut(pe).routes_private_endpoints = true;
    let st1 = lab.storage("st1");
    lab.close(st1);
    lab.endpoint(pe, st1, "blob", "10.2.2.4");
    let s1 = lab.at("s1");
    lab.blob_zone(&[s1], &[("st1", "10.2.2.4")]);
    let here = lab.at("s1/vm");
    lab.routes(here, &[("10.2.0.0/16", NextHop::Appliance(ip("10.0.5.4")))]);
    lab.blob("vm1", "st1").is("unknown route 10.2.2.4");
    let nva = lab.at("nva");
    lab.facts.hosts.get_mut(&nva).unwrap().forwards = Some(Forwarding::Translates);
    lab.blob("vm1", "st1").is("allowed none 10.2.2.4");
}

// virtual-network-network-interface: IP forwarding is for "network traffic not destined for one of the IP
// addresses assigned" to the interface.
#[test]
fn a_machine_that_is_its_own_next_hop() {
    for forwards in [Some(Forwarding::Passes), Some(Forwarding::Unsaid), None] {
        let mut lab = hub_with_a_machine();
        let nva = lab.at("nva");
        lab.facts.hosts.get_mut(&nva).unwrap().forwards = forwards;
        let s1 = lab.at("s1/vm");
        lab.routes(s1, &[("10.0.5.0/24", NextHop::Appliance(ip("10.0.5.4")))]);
        lab.https("vm1", "nva").is("allowed none 10.0.5.4");
        // The reply comes to it the same way.
        lab.https("nva", "vm1").is("allowed none 10.1.1.4");
        // The filters of the machine look at it once, on the way in.
        let subnet = lab.at("hub/nva");
        lab.filter(subnet, &["out 100 deny TCP * 10.0.0.0/8 443"]);
        lab.https("vm1", "nva").is("allowed none 10.0.5.4");
    }
}

// virtual-networks-udr-overview: each subnet routes what leaves it, replies too.
#[test]
fn replies_to_a_machine_that_translates() {
    let translating = || {
        let mut lab = hub_with_a_machine();
        let nva = lab.at("nva");
        lab.facts.hosts.get_mut(&nva).unwrap().forwards = Some(Forwarding::Translates);
        let there = lab.at("s2/vm");
        lab.subnet_mut(there).routes = None;
        lab
    };
    translating().https("vm1", "vm2").is("allowed none 10.2.1.4");

    let mut lab = translating();
    let there = lab.at("s2/vm");
    lab.routes(there, &[("10.0.5.0/24", NextHop::None)]);
    lab.https("vm1", "vm2").is("denied route 10.2.1.4");

    // From the machine on they are for whoever asked it.
    let mut lab = translating();
    let machine = lab.at("hub/nva");
    lab.routes(machine, &[("10.1.0.0/16", NextHop::None)]);
    lab.https("vm1", "vm2").is("denied route 10.2.1.4");
    lab.tag("vm1", "AzureActiveDirectory").is("denied route public");
}

// virtual-networks-udr-overview: "routing loops where traffic never leaves the subnet".
#[test]
fn a_reply_that_its_sender_routes_to_itself() {
    let mut lab = hub_with_a_machine();
    let machine = lab.at("hub/nva");
    lab.routes(machine, &[("10.1.0.0/16", NextHop::Appliance(ip("10.0.5.4")))]);
    lab.https("vm1", "vm2").is("denied route 10.2.1.4");
    lab.https("vm1", "nva").is("denied route 10.0.5.4");
}

// firewall/firewall-faq, "asymmetric routing": what saw the request has to see the reply. What a machine
// makes of that is its software's affair.
#[test]
fn replies_past_one_of_two_machines() {
    let mut lab = hub_with_a_machine();
    let hub = lab.at("hub");
    let second = lab.subnet(hub, "nva2", "10.0.6.0/24");
    let nva2 = lab.vm("nva2", second, "10.0.6.4");
    lab.facts.hosts.get_mut(&nva2).unwrap().forwards = Some(Forwarding::Passes);
    let first = lab.at("hub/nva");
    lab.routes(first, &[("10.2.0.0/16", NextHop::Appliance(ip("10.0.6.4")))]);
    // Back through the first alone.
    let it = lab.https("vm1", "vm2");
    it.is("unknown route 10.2.1.4");
    assert!(it.told().contains("go to nva (route 0.0.0.0/0) and miss nva2"), "{}", it.told());
    // Back through the second alone.
    let there = lab.at("s2/vm");
    lab.routes(there, &[("10.1.0.0/16", NextHop::Appliance(ip("10.0.6.4")))]);
    lab.https("vm1", "vm2").is("unknown route 10.2.1.4");
    // Back through both.
    lab.routes(second, &[("10.1.0.0/16", NextHop::Appliance(ip("10.0.5.4")))]);
    lab.https("vm1", "vm2").is("allowed none 10.2.1.4");
}

#[test]
fn next_hop_that_nothing_has() {
    let mut lab = hub_and_spokes();
    let here = lab.at("s1/vm");
    lab.routes(here, &[("0.0.0.0/0", NextHop::Appliance(ip("10.0.100.9")))]);
    lab.https("vm1", "vm2").is("unknown route 10.2.1.4");
    // Not next door: no network that s1 is peered with holds it.
    lab.routes(here, &[("0.0.0.0/0", NextHop::Appliance(ip("10.77.0.4")))]);
    lab.https("vm1", "vm2").is("denied route 10.2.1.4");
}

// rule-processing: network rules first, then application rules; *.x is not x.
#[test]
fn firewall_and_public_names() {
    let mut lab = hub_and_spokes();
    lab.storage("st1");
    let fw = lab.at("fw");
    lab.blob("vm1", "st1").is("denied firewall-appliance public");
    lab.firewall_mut(fw).application_rules.push(application_rule("*.blob.core.windows.net"));
    lab.blob("vm1", "st1").is("allowed none public");
    let mut deny = network_rule("*", "Storage");
    deny.allow = false;
    lab.firewall_mut(fw).network_rules.push(deny);
    lab.blob("vm1", "st1").is("denied firewall-appliance public");
}

/// `hub_and_spokes` with a private endpoint of `st1` in `s2`, whose zone is linked to `linked`; routes
/// for the space of `s2` lead to the firewall.
fn inspected_endpoint(linked: &[&str]) -> Lab {
    let mut lab = hub_and_spokes();
    let s2 = lab.at("s2");
    let pe = lab.subnet(s2, "pe", "10.2.2.0/24");
    lab.subnet_mut(pe).routes_private_endpoints = true;
    let st1 = lab.storage("st1");
    lab.close(st1);
    lab.endpoint(pe, st1, "blob", "10.2.2.4");
    let linked: Vec<_> = linked.iter().map(|it| lab.at(it)).collect();
    lab.blob_zone(&linked, &[("st1", "10.2.2.4")]);
    lab
}

// inspect-traffic-with-azure-firewall: network rules leave the source as it is, and SNAT is a must.
#[test]
fn endpoint_behind_a_network_rule() {
    let mut lab = inspected_endpoint(&["s1", "hub"]);
    let it = lab.blob("vm1", "st1");
    it.is("denied route 10.2.2.4");
    assert!(it.told().contains("SNAT"), "{}", it.told());
    let fw = lab.at("fw");
    lab.firewall_mut(fw).untranslated.push(cidr("255.255.255.255"));
    lab.blob("vm1", "st1").is("allowed none 10.2.2.4");
}

// firewall/dns-details: for application rules the firewall resolves the name itself.
#[test]
fn endpoint_behind_an_application_rule() {
    for (linked, expected) in [
        (&["s1", "hub"][..], "allowed none 10.2.2.4"),
        (&["s1"][..], "denied destination-firewall 10.2.2.4"),
    ] {
        let mut lab = inspected_endpoint(linked);
        let fw = lab.at("fw");
        lab.firewall_mut(fw).network_rules.clear();
        lab.firewall_mut(fw).application_rules.push(application_rule("st1.blob.core.windows.net"));
        lab.blob("vm1", "st1").is(expected);
    }
}

// firewall-faq: with the service endpoint on AzureFirewallSubnet the account sees that subnet.
#[test]
fn service_endpoint_on_the_subnet_of_the_firewall() {
    let mut lab = hub_and_spokes();
    let st1 = lab.storage("st1");
    let (fw, fws) = (lab.at("fw"), lab.at("hub/AzureFirewallSubnet"));
    lab.firewall_mut(fw).network_rules.push(network_rule("*", "Storage"));
    lab.firewall_of(st1).default_allow = false;
    lab.firewall_of(st1).subnet_rules.push(fws);
    lab.blob("vm1", "st1").is("denied destination-firewall public");
    lab.service_endpoint(fws, "Storage");
    lab.blob("vm1", "st1").is("allowed none public");
}

// Service endpoints past a default route: virtual-network-service-endpoints-overview.
#[test]
fn service_endpoint_passes_a_default_route() {
    let mut lab = public_blob();
    let vm = lab.at("v1/vm");
    lab.routes(vm, &[("0.0.0.0/0", NextHop::None)]);
    lab.service_endpoint(vm, "Storage");
    lab.blob("vm1", "st1").is("allowed none public");
}

// how-to-access-azureml-behind-firewall: compute with a public address and forced tunneling.
#[test]
fn management_traffic_to_a_compute_behind_a_default_route() {
    let mut lab = hub_and_spokes();
    let (vm1, here) = (lab.at("vm1"), lab.at("s1/vm"));
    lab.filter(here, &["in 100 allow TCP AzureMachineLearning VirtualNetwork 44224"]);
    lab.facts.hosts.get_mut(&vm1).unwrap().public =
        Some(PublicAddress { at: vm1, prefix: Some(cidr("203.0.113.9")) });
    let flow = Flow::tcp(Origin::Service("AzureMachineLearning"), Destination::Host(vm1), 44224);
    lab.ask(&flow).is("denied route 203.0.113.9");
    lab.routes(
        here,
        &[
            ("0.0.0.0/0", NextHop::Appliance(ip("10.0.100.4"))),
            ("AzureMachineLearning", NextHop::Internet),
        ],
    );
    lab.ask(&flow).is("allowed none 203.0.113.9");
    lab.filter(here, &[]);
    let it = lab.ask(&flow);
    assert_ne!(it.outcome, Outcome::Allowed, "{}", it.told());
}

// how-to-secure-training-vnet: compute with a public address brings a group that lets in the service's
// own traffic. Other traffic finds the address closed.
#[test]
fn a_managed_host_without_a_group_is_open_to_its_service_alone() {
    let mut lab = hub_and_spokes();
    let (vm1, here) = (lab.at("vm1"), lab.at("s1/vm"));
    lab.routes(here, &[]);
    let host = lab.facts.hosts.get_mut(&vm1).unwrap();
    host.public = Some(PublicAddress { at: vm1, prefix: Some(cidr("203.0.113.9")) });
    host.managed_inbound = Some(("AzureMachineLearning", 44224));
    let at = |tag, port| Flow::tcp(Origin::Service(tag), Destination::Host(vm1), port);
    lab.ask(&at("AzureMachineLearning", 44224)).is("allowed none 203.0.113.9");
    lab.ask(&at("AzureMachineLearning", 22)).is("denied nsg-inbound 203.0.113.9");
    lab.ask(&at("AzureCloud", 44224)).is("denied nsg-inbound 203.0.113.9");
}

// public-ip-addresses: "Standard public IP addresses are secure by default and closed to inbound traffic",
// until a group allows it.
#[test]
fn public_host_without_any_group() {
    let mut lab = public_blob();
    let vm1 = lab.at("vm1");
    lab.facts.hosts.get_mut(&vm1).unwrap().public =
        Some(PublicAddress { at: vm1, prefix: Some(cidr("203.0.113.9")) });
    let pc = lab.id("pc");
    let address = Some(ip("198.51.100.7"));
    lab.facts.hosts.insert(pc, Host::at(Position::Internet { address }));
    let it = lab.https("pc", "vm1");
    it.is("denied nsg-inbound 203.0.113.9");
    assert!(it.told().contains("public address"), "{}", it.told());
    let here = lab.at("v1/vm");
    lab.filter(here, &["in 100 allow TCP Internet * 443"]);
    lab.https("pc", "vm1").is("allowed none 203.0.113.9");
}

#[test]
fn destination_translation_by_the_firewall() {
    let mut lab = hub_and_spokes();
    let pc = lab.id("pc");
    let address = Some(ip("198.51.100.7"));
    lab.facts.hosts.insert(pc, Host::at(Position::Internet { address }));
    let fw = lab.at("fw");
    let to = Destination::Address(ip("203.0.113.50"));
    let flow = Flow::tcp(pc, to, 3389);
    lab.ask(&flow).is("denied firewall-appliance 203.0.113.50");
    lab.firewall_mut(fw).nat_rules.push(NatRule {
        name: "rdp".to_owned(),
        priority: (100, 100),
        protocols: vec![Protocol::Tcp],
        source: vec![Place::Any],
        destination: vec![Place::Prefix(cidr("203.0.113.50"))],
        ports: vec![Ports::one(3389)],
        to: ip("10.1.1.4"),
        to_port: 3389,
    });
    lab.ask(&flow).is("allowed none 203.0.113.50");
}

// firewall/tutorial-firewall-dnat: a machine without a public address is called at that of the firewall; the port
// there may be another one.
#[test]
fn a_machine_that_the_firewall_publishes() {
    let mut lab = hub_and_spokes();
    let pc = lab.id("pc");
    let address = Some(ip("198.51.100.7"));
    lab.facts.hosts.insert(pc, Host::at(Position::Internet { address }));
    let vm = *lab.facts.hosts.iter().find(|(_, it)| {
        matches!(it.position, Position::Subnet { address: Some(it), .. } if it == ip("10.1.1.4"))
    }).unwrap().0;
    let fw = lab.at("fw");
    let flow = Flow::tcp(pc, Destination::Host(vm), 443);
    lab.ask(&flow).is("denied route -");
    lab.firewall_mut(fw).nat_rules.push(NatRule {
        name: "web".to_owned(),
        priority: (100, 100),
        protocols: vec![Protocol::Tcp],
        source: vec![Place::Prefix(cidr("198.51.100.0/24"))],
        destination: vec![Place::Prefix(cidr("203.0.113.50"))],
        ports: vec![Ports::one(8443)],
        to: ip("10.1.1.4"),
        to_port: 443,
    });
    lab.ask(&flow).is("allowed none 203.0.113.50");
    lab.ask(&Flow::tcp(pc, Destination::Host(vm), 8443)).is("denied route -");
    lab.firewall_mut(fw).nat_rules[0].source = vec![Place::Prefix(cidr("203.0.113.7"))];
    lab.ask(&flow).is("denied firewall-appliance 203.0.113.50");
    // Another rule leads there as well, and lets the caller in.
    let mut second = lab.firewall_mut(fw).nat_rules[0].clone();
    second.name = "web-2".to_owned();
    second.source = vec![Place::Any];
    second.ports = vec![Ports::one(9443)];
    lab.firewall_mut(fw).nat_rules.push(second);
    lab.ask(&flow).is("allowed none 203.0.113.50");
}

// vpn-gateway-peering-gateway-transit.
#[test]
fn gateway_transit_needs_both_switches() {
    let build = |transit: bool, remote: bool| {
        let mut lab = Lab::default();
        let hub = lab.network("hub", "10.0.0.0/16");
        let spoke = lab.network("spoke", "10.1.0.0/16");
        let gateway = lab.subnet(hub, "GatewaySubnet", "10.0.255.0/27");
        let vm = lab.subnet(spoke, "vm", "10.1.1.0/24");
        let dc1 = lab.site("dc1", "192.168.8.0/21");
        lab.gateway(gateway, dc1);
        lab.half(hub, spoke).gateway_transit = transit;
        lab.half(spoke, hub).remote_gateways = remote;
        lab.vm("vm1", vm, "10.1.1.4");
        let pc = lab.id("pc1");
        let address = Some(ip("192.168.10.5"));
        lab.facts.hosts.insert(pc, Host::at(Position::Site { site: dc1, address }));
        lab
    };
    build(true, true).https("pc1", "vm1").is("allowed none 10.1.1.4");
    build(true, true).https("vm1", "pc1").is("allowed none 192.168.10.5");
    build(true, false).https("pc1", "vm1").is("denied route 10.1.1.4");
    build(false, true).https("vm1", "pc1").is("denied route 192.168.10.5");
}

// virtual-networks-udr-overview: propagation off leaves no routes of the gateway.
#[test]
fn gateway_routes_that_are_not_propagated() {
    let mut lab = on_premises("10.0.9.4");
    let dns = lab.at("hub/dns");
    let table = lab.routes(dns, &[]);
    lab.facts.route_tables.get_mut(&table).unwrap().learns_gateway_routes = false;
    lab.https("fwd1", "pc1").is("denied route 192.168.10.5");
}

// What Azure refuses about a route table or a peering that lends a gateway concerns every flow that asks
// there for a way, whichever route it then takes.
#[test]
fn refused_routes_and_refused_gateways() {
    let build = || {
        let mut lab = Lab::default();
        let hub = lab.network("hub", "10.0.0.0/16");
        let spoke = lab.network("spoke", "10.1.0.0/16");
        let gateway = lab.subnet(hub, "GatewaySubnet", "10.0.255.0/27");
        let own = lab.subnet(spoke, "GatewaySubnet", "10.1.255.0/27");
        let vm = lab.subnet(spoke, "vm", "10.1.1.0/24");
        let dc1 = lab.site("dc1", "192.168.8.0/21");
        lab.gateway(gateway, dc1);
        lab.gateway(own, dc1);
        lab.half(hub, spoke).gateway_transit = true;
        let half = lab.half(spoke, hub);
        half.remote_gateways = true;
        let half = half.at;
        let table = lab.routes(vm, &[("Storage", NextHop::Internet)]);
        lab.vm("vm1", vm, "10.1.1.4");
        let pc = lab.id("pc1");
        let address = Some(ip("192.168.10.5"));
        lab.facts.hosts.insert(pc, Host::at(Position::Site { site: dc1, address }));
        (lab, half, table)
    };
    let refused = text("not so", "不可");
    build().0.https("vm1", "pc1").is("allowed none 192.168.10.5");
    build().0.https("pc1", "vm1").is("allowed none 10.1.1.4");
    let (mut lab, half, _) = build();
    lab.facts.refuse(half, refused, "");
    lab.https("vm1", "pc1").is("denied validation 192.168.10.5");
    lab.https("pc1", "vm1").is("denied validation 10.1.1.4");
    let (mut lab, _, table) = build();
    lab.facts.refuse(table, refused, "");
    lab.https("vm1", "pc1").is("denied validation 192.168.10.5");
    lab.https("pc1", "vm1").is("denied validation 10.1.1.4");
    let (mut lab, _, table) = build();
    lab.facts.gap(table, refused);
    lab.https("vm1", "pc1").is("unknown validation 192.168.10.5");
}

// firewall/tutorial-hybrid-portal: the spoke does not propagate gateway routes, and the gateway's subnet
// has a route to the firewall; without one of them a half of the connection misses the firewall.
#[test]
fn site_and_spoke_through_the_hub_firewall() {
    let build = |propagates: bool, into_firewall: bool| {
        let mut lab = Lab::default();
        let hub = lab.network("hub", "10.0.0.0/16");
        let spoke = lab.network("spoke", "10.1.0.0/16");
        let gateway = lab.subnet(hub, "GatewaySubnet", "10.0.255.0/27");
        let home = lab.subnet(hub, "AzureFirewallSubnet", "10.0.100.0/26");
        let vm = lab.subnet(spoke, "vm", "10.1.1.0/24");
        let firewall = lab.firewall(home, "10.0.100.4");
        let hop = NextHop::Appliance(ip("10.0.100.4"));
        let there = network_rule("192.168.8.0/21", "10.1.0.0/16");
        let back = network_rule("10.1.0.0/16", "192.168.8.0/21");
        lab.firewall_mut(firewall).network_rules.extend([there, back]);
        let dc1 = lab.site("dc1", "192.168.8.0/21");
        lab.gateway(gateway, dc1);
        let half = lab.half(hub, spoke);
        (half.gateway_transit, half.forwarded) = (true, true);
        let half = lab.half(spoke, hub);
        (half.remote_gateways, half.forwarded) = (true, true);
        let table = lab.routes(vm, &[("0.0.0.0/0", hop)]);
        lab.facts.route_tables.get_mut(&table).unwrap().learns_gateway_routes = propagates;
        if into_firewall {
            lab.routes(gateway, &[("10.1.0.0/16", hop)]);
        }
        lab.vm("vm1", vm, "10.1.1.4");
        let pc = lab.id("pc1");
        let address = Some(ip("192.168.10.5"));
        lab.facts.hosts.insert(pc, Host::at(Position::Site { site: dc1, address }));
        lab
    };
    let lab = build(false, true);
    lab.https("pc1", "vm1").is("allowed none 10.1.1.4");
    lab.https("vm1", "pc1").is("allowed none 192.168.10.5");
    // The spoke's reply takes the gateway's route, which is longer than the default route.
    let lab = build(true, true);
    lab.https("pc1", "vm1").is("denied route 10.1.1.4");
    lab.https("vm1", "pc1").is("denied route 192.168.10.5");
    // The gateway hands the reply to the spoke by itself.
    let lab = build(false, false);
    lab.https("pc1", "vm1").is("denied route 10.1.1.4");
    lab.https("vm1", "pc1").is("denied route 192.168.10.5");
    // Nothing goes through the firewall.
    let lab = build(true, false);
    lab.https("pc1", "vm1").is("allowed none 10.1.1.4");
    lab.https("vm1", "pc1").is("allowed none 192.168.10.5");
}

// Service firewalls ------------------------------------------------------------------------------

// storage-network-security-virtual-networks: both halves.
#[test]
fn service_endpoint_and_matching_rule() {
    let mut lab = public_blob();
    let (st1, vm) = (lab.at("st1"), lab.at("v1/vm"));
    lab.firewall_of(st1).default_allow = false;
    lab.firewall_of(st1).subnet_rules.push(vm);
    let it = lab.blob("vm1", "st1");
    it.is("denied destination-firewall public");
    assert!(it.told().contains("both halves are needed"), "{}", it.told());
    assert_eq!(it.symptom, Some("sy-storage"));
    lab.service_endpoint(vm, "Storage");
    lab.blob("vm1", "st1").is("allowed none public");
}

/// A client on the internet and `st1` with one IP rule.
fn internet_client(address: Option<&str>, rule: &str) -> Lab {
    let mut lab = Lab::default();
    let pc = lab.id("pc");
    let address = address.map(ip);
    lab.facts.hosts.insert(pc, Host::at(Position::Internet { address }));
    let st1 = lab.storage("st1");
    lab.firewall_of(st1).default_allow = false;
    lab.firewall_of(st1).ip_rules.push(cidr(rule));
    lab
}

// storage-network-security-limitations.
#[test]
fn internet_client_and_ip_rules() {
    let ask = |address, rule| internet_client(address, rule).blob("pc", "st1");
    ask(Some("203.0.113.7"), "203.0.113.0/24").is("allowed none public");
    ask(Some("203.0.114.7"), "203.0.113.0/24").is("denied destination-firewall public");
    ask(None, "203.0.113.0/24").is("unknown destination-firewall public");
}

// storage-network-security-limitations: IP rules have no effect in the account's own region.
#[test]
fn ip_rule_for_a_caller_of_the_same_region() {
    for (region, expected) in
        [("japaneast", "denied destination-firewall public"), ("westus", "allowed none public")]
    {
        let mut lab = public_blob();
        let (st1, vm) = (lab.at("st1"), lab.at("v1/vm"));
        let nat = lab.id("nat");
        let address = PublicAddress { at: nat, prefix: Some(cidr("203.0.113.1")) };
        lab.facts.nats.insert(nat, Nat { addresses: vec![address] });
        lab.subnet_mut(vm).nat = Some(nat);
        lab.facts.services.get_mut(&st1).unwrap().region = region.to_owned();
        lab.firewall_of(st1).default_allow = false;
        lab.firewall_of(st1).ip_rules.push(cidr("203.0.113.1"));
        lab.blob("vm1", "st1").is(expected);
    }
}

// Trap 2: a private endpoint does not close the public path.
#[test]
fn public_path_beside_a_private_endpoint() {
    let mut lab = private_blob();
    let st1 = lab.at("st1");
    let pc = lab.id("pc");
    let address = Some(ip("198.51.100.7"));
    lab.facts.hosts.insert(pc, Host::at(Position::Internet { address }));
    lab.blob("pc", "st1").is("denied destination-firewall public");
    lab.firewall_of(st1).public = PublicAccess::Enabled;
    lab.firewall_of(st1).default_allow = true;
    lab.blob("pc", "st1").is("allowed none public");
}

// Trap 1 and 12: trusted services pass a closed account; computes are none.
#[test]
fn trusted_service_and_resource_instance() {
    let mut lab = private_blob();
    let st1 = lab.at("st1");
    let ws = lab.id("ws");
    let region = "japaneast".to_owned();
    lab.facts.hosts.insert(ws, Host::at(Position::Platform { region }));
    let by = |resource| Caller::Trusted { service: "MachineLearning", resource: Some(resource) };
    let face = || Destination::Face { resource: st1, face: "blob" };
    let in_tenant = |lab: &mut Lab, tenant: &str| {
        lab.facts.services.insert(ws, Service { tenant: tenant.to_owned(), ..Service::default() });
    };
    lab.ask(&Flow::https(ws, face()).by(by(ws))).is("denied destination-firewall public");
    lab.firewall_of(st1).bypass = true;
    lab.ask(&Flow::https(ws, face()).by(by(ws))).is("allowed none public");
    lab.ask(&Flow::https(ws, face())).is("denied destination-firewall public");
    lab.firewall_of(st1).bypass = false;
    let tenant = "t2".to_owned();
    lab.firewall_of(st1).instance_rules.push(InstanceRule { resource: ws, tenant });
    lab.ask(&Flow::https(ws, face()).by(by(ws))).is("denied destination-firewall public");
    lab.firewall_of(st1).instance_rules[0].tenant = "t1".to_owned();
    // storage/common/storage-network-security-resource-instances: only those of the account's tenant.
    lab.ask(&Flow::https(ws, face()).by(by(ws))).is("unknown destination-firewall public");
    in_tenant(&mut lab, "t1");
    lab.ask(&Flow::https(ws, face()).by(by(ws))).is("allowed none public");
    in_tenant(&mut lab, "t2");
    lab.ask(&Flow::https(ws, face()).by(by(ws))).is("denied destination-firewall public");
}

#[test]
fn perimeter_is_not_modeled() {
    let mut lab = public_blob();
    let st1 = lab.at("st1");
    lab.firewall_of(st1).public = PublicAccess::Perimeter;
    lab.blob("vm1", "st1").is("unknown destination-firewall public");
}

// The endpoint of one sub-resource says nothing about another.
#[test]
fn file_is_not_blob() {
    let mut lab = private_blob();
    let st1 = lab.at("st1");
    let face = Destination::Face { resource: st1, face: "file" };
    lab.ask(&Flow::tcp(lab.at("vm1"), face, 445)).is("denied destination-firewall public");
    // A record that leads to the wrong endpoint does not help.
    let v1 = lab.at("v1");
    lab.zone("privatelink.file.core.windows.net", &[v1], &[("st1", "10.0.2.4")]);
    let pe = lab.at("v1/pe");
    lab.endpoint(pe, st1, "file", "10.0.2.5");
    let face = Destination::Face { resource: st1, face: "file" };
    lab.ask(&Flow::tcp(lab.at("vm1"), face, 445)).is("denied private-endpoint 10.0.2.4");
}

// virtual-network-peering-overview: the address spaces of peers do not overlap.
#[test]
fn a_peering_of_networks_that_overlap_is_told_of_though_no_route_uses_it() {
    let mut lab = Lab::default();
    let (a, b) = (lab.network("a", "10.1.0.0/16"), lab.network("b", "10.1.0.0/16"));
    let (here, there) = (lab.subnet(a, "vm", "10.1.1.0/24"), lab.subnet(b, "vm", "10.1.2.0/24"));
    lab.vm("vm1", here, "10.1.1.4");
    lab.vm("vm2", there, "10.1.2.4");
    lab.half(b, a);
    let at = lab.half(a, b).at;
    lab.https("vm1", "vm2").is("denied route 10.1.2.4");
    lab.facts.refuse(at, text("overlap", "重複"), "");
    lab.https("vm1", "vm2").is("denied validation 10.1.2.4");
}

// Unpeered network with the zone linked: the private address has no path.
#[test]
fn unpeered_network_with_the_zone_linked() {
    let mut lab = private_blob();
    let v9 = lab.network("v9", "10.9.0.0/16");
    let vm = lab.subnet(v9, "vm", "10.9.1.0/24");
    lab.vm("vm9", vm, "10.9.1.4");
    let zone = lab.at("privatelink.blob.core.windows.net");
    let link =
        crate::facts::name::ZoneLink { at: zone, network: v9, redirects: false, registers: false };
    lab.facts.zones.get_mut(&zone).unwrap().links.push(link);
    let it = lab.blob("vm9", "st1");
    it.is("denied route 10.0.2.4");
    assert_eq!(it.symptom, Some("sy-timeout"));
}

// Every blocker shows, not the first only.
#[test]
fn all_blockers_are_listed() {
    let mut lab = private_blob();
    let (vm, v1) = (lab.at("v1/vm"), lab.at("v1"));
    lab.filter(vm, &["out 100 deny * * * *"]);
    let pe = lab.at("pe-blob");
    lab.facts.private_endpoints.get_mut(&pe).unwrap().state = LinkState::Rejected;
    let zone = lab.at("privatelink.blob.core.windows.net");
    lab.facts.zones.get_mut(&zone).unwrap().records.clear();
    assert!(lab.facts.networks.contains_key(&v1));
    let it = lab.blob("vm1", "st1");
    let hops: Vec<_> =
        it.trace.steps.iter().filter(|it| it.outcome == Outcome::Denied).map(|it| it.hop).collect();
    assert_eq!(hops[..2], [Hop::Dns, Hop::NsgOutbound], "{}", it.told());
}

// Managed networks -------------------------------------------------------------------------------

fn managed(mode: ManagedMode, rules: Vec<ManagedTarget>) -> Lab {
    let mut lab = Lab::default();
    let ws = lab.id("ws");
    let st1 = lab.storage("st1");
    let rules =
        rules.into_iter().map(|to| ManagedRule { at: ws, name: "r".to_owned(), to }).collect();
    lab.facts.managed_networks.insert(
        ws,
        ManagedNetwork {
            mode,
            region: "japaneast".to_owned(),
            provisioned: true,
            rules,
            opens: &["AzureActiveDirectory", "BatchNodeManagement"],
            required: vec![(st1, "blob")],
        },
    );
    let cluster = lab.id("cluster");
    lab.facts.hosts.insert(cluster, Host::at(Position::Managed { network: ws }));
    lab
}

// how-to-managed-network: FQDN rules open 80 and 443.
#[test]
fn name_rule_on_another_port() {
    let rule = || vec![ManagedTarget::Name("sql.contoso.com".to_owned())];
    let lab = managed(ManagedMode::ApprovedOnly, rule());
    let to = || Destination::Name("sql.contoso.com".to_owned());
    let it = lab.ask(&Flow::tcp(lab.at("cluster"), to(), 1433));
    it.is("denied managed-network public");
    assert_eq!(it.symptom, Some("sy-timeout"));
    lab.ask(&Flow::https(lab.at("cluster"), to())).is("allowed none public");
}

// how-to-managed-network: required endpoints whatever the public access in approved mode, only for
// closed resources in internet mode.
#[test]
fn required_endpoints_by_mode() {
    let lab = managed(ManagedMode::ApprovedOnly, Vec::new());
    lab.blob("cluster", "st1").is("allowed none private");
    let mut lab = managed(ManagedMode::InternetOutbound, Vec::new());
    lab.blob("cluster", "st1").is("allowed none public");
    let st1 = lab.at("st1");
    lab.close(st1);
    lab.blob("cluster", "st1").is("allowed none private");
}

#[test]
fn managed_network_and_another_account() {
    let rule = vec![ManagedTarget::Name("*.blob.core.windows.net".to_owned())];
    let mut lab = managed(ManagedMode::ApprovedOnly, rule);
    lab.storage("st2");
    // An FQDN rule cannot open storage in this mode.
    lab.blob("cluster", "st2").is("denied managed-network public");
    let st2 = lab.at("st2");
    let ws = lab.at("ws");
    let to = ManagedTarget::PrivateEndpoint {
        target: st2,
        group: "blob".to_owned(),
        state: LinkState::Approved,
    };
    let rule = ManagedRule { at: ws, name: "pe".to_owned(), to };
    lab.facts.managed_networks.get_mut(&ws).unwrap().rules.push(rule);
    lab.close(st2);
    lab.blob("cluster", "st2").is("allowed none private");
}

#[test]
fn default_tags_of_an_approved_network() {
    let lab = managed(ManagedMode::ApprovedOnly, Vec::new());
    lab.tag("cluster", "AzureActiveDirectory").is("allowed none public");
    lab.tag("cluster", "BatchNodeManagement").is("allowed none public");
    lab.tag("cluster", "AzureFrontDoor.Frontend").is("denied managed-network public");
}

#[test]
fn managed_network_that_does_not_exist_yet() {
    let mut lab = managed(ManagedMode::ApprovedOnly, Vec::new());
    let ws = lab.at("ws");
    lab.facts.managed_networks.get_mut(&ws).unwrap().provisioned = false;
    let it = lab.blob("cluster", "st1");
    it.is("denied service-mode private");
    assert_eq!(it.symptom, Some("sy-mvnet-notready"));
}

// Design -----------------------------------------------------------------------------------------

#[test]
fn half_drawn_resources_give_unknown_with_what_is_missing() {
    let mut lab = private_blob();
    let st1 = lab.at("st1");
    lab.facts.gap(st1, text("the account has no name", "名前がありません"));
    lab.blob("vm1", "st1").is("unknown validation 10.0.2.4");
    lab.facts.refuse(st1, text("not that way", "拒否"), "");
    lab.blob("vm1", "st1").is("denied validation 10.0.2.4");
}

#[test]
fn origin_without_a_place() {
    let mut lab = public_blob();
    let nobody = lab.id("nobody");
    let face = Destination::Face { resource: lab.at("st1"), face: "blob" };
    let it = lab.ask(&Flow::https(nobody, face));
    assert_eq!(it.outcome, Outcome::Unknown);
    assert!(it.told().contains("nobody"));
}

// Management calls leave the target's firewall alone.
#[test]
fn control_plane_goes_to_resource_manager() {
    let mut lab = public_blob();
    let st1 = lab.at("st1");
    lab.close(st1);
    let face = || Destination::Face { resource: st1, face: "blob" };
    lab.ask(&Flow::https(lab.at("vm1"), face()).control()).is("allowed none public");
    let vm = lab.at("v1/vm");
    lab.filter(vm, &["out 100 deny * * Internet *"]);
    lab.ask(&Flow::https(lab.at("vm1"), face()).control()).is("denied nsg-outbound public");
}

// Azure keeps the first four addresses of a subnet and the last; a record says what was assigned.
#[test]
fn addresses_that_the_design_does_not_give() {
    let mut lab = private_blob();
    let (vm, pe, st1) = (lab.at("v1/vm"), lab.at("v1/pe"), lab.at("st1"));
    let vm2 = lab.id("vm2");
    let position = Position::Subnet { subnet: vm, address: None };
    lab.facts.hosts.insert(vm2, Host::at(position));
    let file = lab.endpoint(pe, st1, "file", "10.0.2.4");
    lab.facts.private_endpoints.get_mut(&file).unwrap().addresses.clear();
    let blob = lab.at("pe-blob");
    lab.facts.private_endpoints.get_mut(&blob).unwrap().addresses.clear();
    let network = Network::new(&lab.facts);
    assert_eq!(network.address(vm2), Some(ip("10.0.1.5")));
    assert_eq!(network.endpoint_addresses(blob)[0].1, ip("10.0.2.4"));
    assert_eq!(network.endpoint_addresses(file)[0].1, ip("10.0.2.5"));
    lab.blob("vm1", "st1").is("allowed none 10.0.2.4");
}

#[test]
fn both_languages_have_the_same_placeholders() {
    let it = private_blob().blob("vm1", "st1");
    for step in &it.trace.steps {
        for lang in [crate::text::Lang::En, crate::text::Lang::Ja] {
            let told = step.text.render(lang);
            assert!(!told.contains('{'), "{told}");
        }
    }
}

/// A machine in the pools of load balancers, in a private subnet or one with default outbound access.
fn behind(pools: Vec<Pool>, default_outbound: bool) -> Lab {
    let mut lab = public_blob();
    let (vm, subnet, balancer) = (lab.at("vm1"), lab.at("v1/vm"), lab.id("lb"));
    lab.subnet_mut(subnet).default_outbound = default_outbound;
    lab.facts.hosts.get_mut(&vm).unwrap().pools = (0..pools.len()).map(|n| (balancer, n)).collect();
    let it = Balancer { pools, ..Balancer::default() };
    lab.facts.balancers.insert(balancer, it);
    lab
}

fn translation(protocol: Protocol, address: &str) -> Translation {
    let prefix = Some(cidr(&format!("{address}/32")));
    let addresses = vec![PublicAddress { at: ResourceId(900), prefix }];
    Translation { name: "out".to_owned(), protocol, addresses, picked: false }
}

fn lets_out(protocol: Protocol) -> Pool {
    Pool { outbound: vec![translation(protocol, "203.0.113.7")], ..Pool::default() }
}

// load-balancer/outbound-rules: which protocols are translated; "Load balancer doesn't support ICMP".
// An internal one, and one without a rule, let nothing out: "with or without outbound rules" the default
// outbound access is gone (load-balancer/quickstart-load-balancer-standard-internal-portal).
#[test]
fn outbound_rules_of_a_load_balancer() {
    let out = |it| vec![lets_out(it)];
    let implied =
        Pool { implied: vec![translation(Protocol::Tcp, "203.0.113.7")], ..Pool::default() };
    let (yes, no) = ("allowed none", "denied route");
    for (what, pools, default_outbound, tcp, udp, icmp) in [
        ("all", out(Protocol::Any), false, yes, yes, no),
        ("tcp", out(Protocol::Tcp), false, yes, no, no),
        ("udp", out(Protocol::Udp), true, no, yes, no),
        ("no rule", vec![Pool::default()], false, no, no, no),
        ("no rule, open subnet", vec![Pool::default()], true, no, no, no),
        ("inner and public", vec![Pool::default(), lets_out(Protocol::Any)], false, yes, yes, no),
        ("implied", vec![implied.clone()], true, yes, no, no),
        ("implied, private subnet", vec![implied], false, "unknown route", no, no),
    ] {
        let lab = behind(pools, default_outbound);
        for (protocol, expected) in
            [(Protocol::Tcp, tcp), (Protocol::Udp, udp), (Protocol::Icmp, icmp)]
        {
            let to = Destination::Address(ip("198.51.100.7"));
            let flow = Flow { protocol, ..Flow::https(lab.at("vm1"), to) };
            let it = lab.ask(&flow);
            assert!(
                it.line().starts_with(expected),
                "{what} {protocol:?}: {}\n{}",
                it.line(),
                it.told()
            );
        }
    }
}

// "NAT gateway >> instance-level public IP address >> load balancer outbound rules" (nat-gateway/nat-overview).
// Storage in another region, so that its firewall sees the address.
#[test]
fn what_goes_before_a_load_balancer() {
    for (nat, public, listed, expected) in [
        (false, false, "203.0.113.7", "allowed none public"),
        (false, false, "203.0.113.8", "denied destination-firewall public"),
        (false, true, "203.0.113.8", "allowed none public"),
        (false, true, "203.0.113.7", "denied destination-firewall public"),
        (true, true, "203.0.113.9", "allowed none public"),
        (true, true, "203.0.113.8", "denied destination-firewall public"),
    ] {
        let mut lab = behind(vec![lets_out(Protocol::Any)], false);
        let (vm, subnet, st1) = (lab.at("vm1"), lab.at("v1/vm"), lab.at("st1"));
        let address = |at, it: &str| PublicAddress { at, prefix: Some(cidr(&format!("{it}/32"))) };
        if public {
            lab.facts.hosts.get_mut(&vm).unwrap().public = Some(address(vm, "203.0.113.8"));
        }
        if nat {
            let id = lab.id("nat");
            lab.facts.nats.insert(id, Nat { addresses: vec![address(id, "203.0.113.9")] });
            lab.subnet_mut(subnet).nat = Some(id);
        }
        lab.facts.services.get_mut(&st1).unwrap().region = "westus".to_owned();
        lab.firewall_of(st1).default_allow = false;
        lab.firewall_of(st1).ip_rules = vec![cidr(&format!("{listed}/32"))];
        let it = lab.blob("vm1", "st1");
        assert_eq!(it.line(), expected, "{nat} {public} {listed}\n{}", it.told());
    }
}

// Storage near a private subnet is reached without any way out (default-outbound-access); of machines in a
// backend pool the page says nothing.
#[test]
fn storage_of_the_region_behind_a_load_balancer() {
    for (default_outbound, expected) in
        [(false, "allowed none public"), (true, "unknown route public")]
    {
        behind(vec![Pool::default()], default_outbound).blob("vm1", "st1").is(expected);
    }
}

// Inbound NAT rules and health probes are not modelled, so nobody is told that a connection gets in.
#[test]
fn in_through_a_load_balancer() {
    for (published, expected) in [(true, Outcome::Unknown), (false, Outcome::Denied)] {
        let mut lab = behind(vec![Pool { published, ..Pool::default() }], false);
        let (vm, balancer) = (lab.at("vm1"), lab.at("lb"));
        let at = PublicAddress { at: balancer, prefix: Some(cidr("203.0.113.7/32")) };
        lab.facts.balancers.get_mut(&balancer).unwrap().public.push(at);
        let from = Origin::Internet(ip("198.51.100.7"));
        let to_host = Flow { from, ..Flow::https(vm, Destination::Host(vm)) };
        assert_eq!(lab.ask(&to_host).outcome, expected, "{published}");
        let to = Destination::Address(ip("203.0.113.7"));
        let to_address = Flow { to, ..to_host };
        assert_eq!(lab.ask(&to_address).outcome, Outcome::Unknown, "{published}");
    }
}

// A private frontend is no missing address: as destination and as next hop it leaves open who answers.
#[test]
fn the_private_address_of_a_load_balancer() {
    let mut lab = behind(vec![], true);
    let (subnet, balancer) = (lab.at("v1/vm"), lab.at("lb"));
    let address = ip("10.0.1.99");
    lab.facts.balancers.get_mut(&balancer).unwrap().inner.push((subnet, Some(address)));
    let flow = Flow::https(lab.at("vm1"), Destination::Address(address));
    assert_eq!(lab.ask(&flow).outcome, Outcome::Unknown);
    lab.routes(subnet, &[("0.0.0.0/0", NextHop::Appliance(address))]);
    let it = lab.tag("vm1", "AzureResourceManager");
    it.is("unknown route public");
    assert!(it.told().contains("lb takes the connection"), "{}", it.told());
}
