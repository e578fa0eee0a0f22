//! What the network facts of kinds have in common: reading settings, tags, faces from the tables.
//!
//! Where a setting cannot be read, the fact has the default and the resource has a gap, so that no
//! verdict rests on it; so has a resource whose address or names cannot be as written.

use std::net::Ipv4Addr;

use super::{
    Kind, ResourceId, Subject,
    address::{AddressPrefix, PortRange},
    arm,
    common::{DefaultAction, PerimeterNetworkAccess, PublicNetworkAccess},
    dns::HostRecord,
    public_ip_address::PublicIpAddress,
    setting::{Guid, Problem, Ref, Settings},
    subnet::Subnet,
};
use crate::{
    azure::{fill, private_link_zones, service_tags},
    facts::{
        self, Facts,
        cidr::Cidr,
        filter::{Place, Ports, Tag},
        network::{PublicAddress, RoutePrefix},
        service::{self, FaceLink, LinkGroup, LinkRecord},
    },
    text::{Message, arg, text},
};

/// Reads the settings of a resource; each that cannot be read is a gap. A priority outside its limits and
/// an unknown next hop are read well enough: Azure refuses them.
pub(super) fn read<T>(
    subject: Subject<'_>,
    facts: &mut Facts,
    from_settings: fn(&Settings, &mut Vec<Problem>) -> T,
) -> T {
    let mut problems = Vec::new();
    let it = from_settings(&subject.resource.settings, &mut problems);
    for problem in problems {
        let refused = match subject.kind() {
            Kind::NetworkSecurityGroup | Kind::NetworkManager => {
                problem.field.ends_with(".priority")
            }
            Kind::RouteTable => problem.field.ends_with(".nextHopType"),
            _ => false,
        };
        if refused {
            facts.refuse(subject.id, problem.text, subject.info().source);
            continue;
        }
        facts.gap(
            subject.id,
            text("the setting {0} of {1} cannot be read", "{1} の設定 {0} を読み取れません")
                .with([arg(problem.field), arg(subject.name())]),
        );
    }
    it
}

/// Problems that keep Azure from creating a resource as drawn, by kind and setting. Others matter to
/// nothing that is sent.
fn refused(kind: Kind, field: &str) -> bool {
    let cell = |cells: &[&str]| cells.iter().any(|it| field.ends_with(it));
    match kind {
        // An empty list is missing, a wrong prefix is refused.
        Kind::VirtualNetwork => field.starts_with("addressSpace.addressPrefixes["),
        Kind::Subnet => true,
        Kind::VirtualNetworkPeering => {
            matches!(field, "remoteVirtualNetwork" | "useRemoteGateways")
        }
        Kind::NetworkSecurityGroup => cell(&[
            ".priority",
            ".sourceAddressPrefixes",
            ".sourcePortRanges",
            ".destinationAddressPrefixes",
            ".destinationPortRanges",
        ]),
        Kind::NetworkManager => cell(&[
            ".priority",
            ".sources",
            ".sourcePortRanges",
            ".destinations",
            ".destinationPortRanges",
        ]),
        Kind::AzureFirewall => cell(&[
            "parent",
            ".ipProtocols",
            ".protocols",
            ".sourceAddresses",
            ".destinationAddresses",
            ".destinationFqdns",
            ".destinationPorts",
            ".targetFqdns",
            ".translatedAddress",
        ]),
        Kind::Workspace => {
            field.starts_with("networkAcls.ipRules[") || field == "managedNetwork.isolationMode"
        }
        Kind::StorageAccount | Kind::KeyVault => field.starts_with("networkAcls.ipRules["),
        Kind::BastionHost | Kind::VirtualNetworkGateway => field == "parent",
        // Without a frontend it does nothing, which is no refusal.
        Kind::LoadBalancer => field != "frontendIPConfigurations",
        Kind::RouteTable => cell(&[".addressPrefix", ".nextHopType", ".nextHopIpAddress"]),
        Kind::PrivateDnsZone => cell(&[".virtualNetwork"]),
        Kind::ContainerRegistry => {
            field.starts_with("networkRuleSet.ipRules[")
                || field == "networkRuleSet.virtualNetworkRules"
        }
        Kind::AttachedKubernetes => {
            field == "apiServerAccessProfile.enablePrivateClusterPublicFQDN"
        }
        _ => false,
    }
}

/// Settings that say where packets and names lead. One that cannot be as written leaves open what was
/// meant, so nothing is judged by it.
fn leads(kind: Kind, field: &str) -> bool {
    let begins = |lists: &[&str]| lists.iter().any(|it| field.starts_with(it));
    match kind {
        // A row without its member is understood.
        Kind::PrivateEndpoint => field.ends_with(".privateIPAddress"),
        Kind::VirtualMachine | Kind::OnPremisesClient | Kind::InternetClient => {
            begins(&["privateIPAddress", "publicIpAddress", "hosts["])
        }
        Kind::PublicIpAddress => field == "ipAddress",
        Kind::PrivateDnsZone => begins(&["records["]),
        Kind::DnsResolver => begins(&["inboundEndpoint.privateIpAddress", "forwardingRules["]),
        Kind::CustomDnsServer => begins(&["privateIPAddress", "forwarders[", "records["]),
        Kind::OnPremisesNetwork => begins(&["dnsForwarders[", "dnsRecords["]),
        _ => false,
    }
}

/// Notes settings of a resource that lead nowhere as written, by the check of its own kind.
fn unsure(subject: Subject<'_>, facts: &mut Facts) {
    for problem in &subject.faults().wrong {
        let key = problem.field.split('[').next().unwrap_or_default();
        let written = subject.resource.settings.get(key).is_some_and(|it| !it.is_null());
        if !written || !leads(subject.kind(), &problem.field) {
            continue;
        }
        let address = address_at(&subject.resource.settings, &problem.field);
        let within = subject.within(Kind::Subnet);
        if let (Some(address), Some(within)) = (address, within)
            && Subnet::of(within).address_prefix.contains(address)
        {
            // It is clear what was meant, and Azure keeps that address for itself.
            facts.refuse(subject.id, problem.text.clone(), RESERVED);
        } else {
            facts.gap(
                subject.id,
                text(
                    "the setting {0} of {1} cannot be so: {2}",
                    "{1} の設定 {0} が正しくありません: {2}",
                )
                .with([
                    arg(&problem.field),
                    arg(subject.name()),
                    problem.text.clone().into(),
                ]),
            );
        }
    }
}

/// The address in a setting such as `privateIPAddress` or `ipConfigurations[0].privateIPAddress`.
fn address_at(settings: &Settings, field: &str) -> Option<Ipv4Addr> {
    let value = match field.split_once("].") {
        None => settings.get(field)?,
        Some((row, cell)) => {
            let (list, n) = row.split_once('[')?;
            settings.get(list)?.get(n.parse::<usize>().ok()?)?.get(cell)?
        }
    };
    value.as_str()?.trim().parse().ok()
}

/// Of two subnets that overlap Azure creates the first alone, and no design says which that is.
fn refuse_others(subnet: Subject<'_>, text: &Message, facts: &mut Facts) {
    let Some(network) = subnet.parent() else { return };
    let mine = Subnet::of(subnet).address_prefix;
    for it in subnet.all.children(Some(network.id)).filter(|it| it.kind() == Kind::Subnet) {
        if it.id != subnet.id && Subnet::of(it).address_prefix.overlaps(mine) {
            facts.refuse(it.id, text.clone(), RESERVED);
        }
    }
}

const RESERVED: &str = "virtual-network/virtual-networks-faq";

/// Says what Azure refuses about a resource.
pub(super) fn refusals(subject: Subject<'_>, facts: &mut Facts) {
    if matches!(
        subject.kind(),
        Kind::PrivateEndpoint
            | Kind::VirtualMachine
            | Kind::OnPremisesClient
            | Kind::InternetClient
            | Kind::PublicIpAddress
            | Kind::DnsResolver
            | Kind::CustomDnsServer
            | Kind::OnPremisesNetwork
            | Kind::PrivateDnsZone
    ) {
        unsure(subject, facts);
    }
    // Only these kinds have such problems.
    if !matches!(
        subject.kind(),
        Kind::VirtualNetwork
            | Kind::Subnet
            | Kind::VirtualNetworkPeering
            | Kind::NetworkSecurityGroup
            | Kind::NetworkManager
            | Kind::AzureFirewall
            | Kind::BastionHost
            | Kind::VirtualNetworkGateway
            | Kind::RouteTable
            | Kind::LoadBalancer
            | Kind::PrivateDnsZone
            | Kind::StorageAccount
            | Kind::KeyVault
            | Kind::Workspace
            | Kind::ContainerRegistry
            | Kind::AttachedKubernetes
    ) {
        return;
    }
    let faults = subject.faults();
    let conflicts = subject.all.conflicts(subject.id);
    if subject.kind() == Kind::Subnet
        && let Some(it) = conflicts.iter().find(|it| it.field == "addressPrefix")
    {
        refuse_others(subject, &it.text, facts);
    }
    for problem in faults.wrong.iter().chain(conflicts) {
        if !refused(subject.kind(), &problem.field) {
            continue;
        }
        if is_empty(&subject.resource.settings, &problem.field) {
            facts.gap(
                subject.id,
                text(
                    "{0}: {1} is empty, which Azure refuses; what was meant is not known",
                    "{0}: {1} が空です。Azure では拒否され、意図した内容がわかりません",
                )
                .with([arg(subject.name()), arg(&problem.field)]),
            );
        } else {
            facts.refuse(subject.id, problem.text.clone(), subject.info().source);
        }
    }
}

/// Whether nothing stands in a cell such as `securityRules[2].destinationPortRanges`: what it should say
/// is missing, not wrong.
fn is_empty(settings: &Settings, field: &str) -> bool {
    let Some((row, cell)) = field.split_once('.').filter(|(it, _)| it.ends_with(']')) else {
        return false;
    };
    let value = row.split_once('[').and_then(|(list, n)| {
        settings.get(list)?.get(n.trim_end_matches(']').parse::<usize>().ok()?)?.get(cell)
    });
    // Priorities have a default, so one that is not written is not missing.
    cell != "priority"
        && value.is_none_or(|it| it.is_null() || it.as_array().is_some_and(Vec::is_empty))
}

/// The region of a resource as facts spell it.
pub(super) fn region(subject: Subject<'_>) -> String {
    arm::location(subject).map(|it| facts::region(&it)).unwrap_or_default()
}

/// The tenant of the subscription; empty means the one that everything is deployed to.
pub(super) fn tenant(subject: Subject<'_>) -> String {
    subject
        .within(Kind::Subscription)
        .and_then(|it| it.setting::<Option<Guid>>("tenantId").flatten())
        .map(|it| it.as_str().to_owned())
        .unwrap_or_default()
}

/// A tag as written in a rule.
pub(super) fn tag(written: &str) -> Option<Tag> {
    let it = service_tags::parse(written)?;
    Some(Tag::new(it.tag.name, it.region.map(|it| it.name)))
}

/// Source or destination of a rule.
pub(super) fn place(written: &AddressPrefix) -> Place {
    match written {
        AddressPrefix::Any => Place::Any,
        AddressPrefix::Prefix(it) => Place::Prefix(*it),
        AddressPrefix::Range(first, last) => Place::Range(*first, *last),
        AddressPrefix::Tag(it) => tag(it).map_or_else(|| Place::UnknownTag(it.clone()), Place::Tag),
    }
}

pub(super) fn places(written: &[AddressPrefix]) -> Vec<Place> {
    written.iter().map(place).collect()
}

/// What a route is for; `None` for a range, which routes cannot have.
pub(super) fn route_prefix(written: &AddressPrefix) -> Option<RoutePrefix> {
    match written {
        AddressPrefix::Any => Some(RoutePrefix::Prefix(Cidr::ALL)),
        AddressPrefix::Prefix(it) => Some(RoutePrefix::Prefix(*it)),
        AddressPrefix::Tag(it) => {
            Some(RoutePrefix::Tag(tag(it).unwrap_or_else(|| Tag::new(it, None))))
        }
        AddressPrefix::Range(..) => None,
    }
}

/// Ports of a rule. A kind whose rule has none says so with [`Place::Unsaid`], since an empty list of
/// facts means any port.
pub(super) fn ports(ranges: &[PortRange]) -> Vec<Ports> {
    if ranges.contains(&PortRange::ALL) {
        return Vec::new();
    }
    ranges.iter().map(|it| Ports { first: it.first(), last: it.last() }).collect()
}

/// The public address behind a reference.
pub(super) fn public_address(
    subject: Subject<'_>,
    reference: Option<Ref>,
) -> Option<PublicAddress> {
    let it = subject.follow(reference)?;
    let settings = PublicIpAddress::of(it);
    Some(PublicAddress { at: it.id, prefix: settings.ip_address.map(|it| Cidr::holding(it, 32)) })
}

/// References that lead to resources of the design.
pub(super) fn existing(subject: Subject<'_>, all: &[Ref]) -> Vec<ResourceId> {
    all.iter().map(|it| it.0).filter(|it| subject.all.get(*it).is_some()).collect()
}

pub(super) fn existing_one(subject: Subject<'_>, it: Option<Ref>) -> Option<ResourceId> {
    it.map(|it| it.0).filter(|it| subject.all.get(*it).is_some())
}

/// Names with their first address.
pub(super) fn host_records(rows: &[HostRecord]) -> Vec<(String, std::net::Ipv4Addr)> {
    rows.iter().filter_map(|it| Some((name(&it.name), *it.addresses.first()?))).collect()
}

/// A DNS name as facts spell it.
pub(super) fn name(written: &str) -> String {
    written.trim().trim_end_matches('.').to_ascii_lowercase()
}

pub(super) fn public_access(it: PublicNetworkAccess) -> service::PublicAccess {
    match it {
        PublicNetworkAccess::Enabled => service::PublicAccess::Enabled,
        PublicNetworkAccess::Disabled => service::PublicAccess::Disabled,
    }
}

pub(super) fn perimeter_access(it: PerimeterNetworkAccess) -> service::PublicAccess {
    match it {
        PerimeterNetworkAccess::Enabled => service::PublicAccess::Enabled,
        PerimeterNetworkAccess::Disabled => service::PublicAccess::Disabled,
        PerimeterNetworkAccess::SecuredByPerimeter => service::PublicAccess::Perimeter,
    }
}

/// What a perimeter admits. Of callers with an identity, workspaces are the ones that act by themselves.
pub(super) fn perimeter(
    subject: Subject<'_>,
    prefixes: Vec<Cidr>,
    subscriptions: &[Ref],
) -> service::Perimeter {
    let admitted = |it: &Subject<'_>| {
        let home = it.within(Kind::Subscription);
        home.is_some_and(|home| subscriptions.iter().any(|it| it.0 == home.id))
    };
    let callers = if subscriptions.is_empty() {
        Vec::new()
    } else {
        subject.all.of(Kind::Workspace).filter(admitted).map(|it| it.id).collect()
    };
    service::Perimeter { prefixes, callers }
}

pub(super) fn allows(it: DefaultAction) -> bool {
    it == DefaultAction::Allow
}

/// What private endpoints of one sub-resource hold and write, from the table of faces.
pub(super) fn link_group(
    resource_type: &str,
    group: &'static str,
    values: &[(&str, &str)],
) -> LinkGroup {
    let Some(face) = private_link_zones::find(resource_type, group) else {
        return LinkGroup { group, members: vec![String::new()], ..LinkGroup::default() };
    };
    let mut it = LinkGroup { group, ..LinkGroup::default() };
    for member in face.members.iter().filter(|it| !it.optional) {
        let name = fill(member.name, values);
        it.members.push(name.clone());
        for (zone, label) in member.hosts.iter().filter_map(|it| it.record) {
            it.records.push(LinkRecord {
                zone: fill(zone, values),
                label: fill(label, values),
                member: name.clone(),
            });
        }
    }
    if it.members.is_empty() {
        it.members.push(String::new());
    }
    it
}

/// The face with the public name `pattern` of the table of faces.
pub(super) fn face(
    id: &'static str,
    owner: ResourceId,
    resource_type: &str,
    group: &'static str,
    pattern: &str,
    values: &[(&str, &str)],
) -> service::Face {
    let found = private_link_zones::find(resource_type, group);
    let host = found.and_then(|it| {
        it.members.iter().find_map(|member| {
            let host = member.hosts.iter().find(|it| it.public == pattern)?;
            Some((member.name, host))
        })
    });
    let link = host.and_then(|(member, host)| {
        let (zone, _) = host.record?;
        let zone = fill(zone, values);
        // Zone and alias stand beside each other in the table, so this always holds.
        let alias = fill(host.alias?, values);
        let label = alias.strip_suffix(&zone)?.trim_end_matches('.').to_owned();
        Some(FaceLink {
            owner: Some(owner),
            group,
            member: fill(member, values),
            label,
            zone,
            ..FaceLink::default()
        })
    });
    let serves = format!("{resource_type} {group}");
    let tags = service_tags::serving(&serves).map(|it| it.name).into_iter().collect();
    service::Face { id, name: fill(pattern, values), link, tags, ..service::Face::default() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        kinds::{Kind, testing::Sketch},
        text::Lang,
    };

    // virtual-network/virtual-networks-faq: five addresses of each subnet are reserved.
    #[test]
    fn an_address_that_azure_keeps_is_refused() {
        for (address, good) in
            [("10.0.1.3", false), ("10.0.1.4", true), ("10.0.1.254", true), ("10.0.1.255", false)]
        {
            let (mut it, subnet) = Sketch::subnet();
            let settings = json!({"privateIPAddress": address});
            let vm = it.add(Kind::VirtualMachine, "vm", subnet, settings);
            let facts = it.all().facts();
            assert_eq!(facts.gaps.get(&vm), None, "{address}");
            assert_eq!(facts.refusals.get(&vm).is_none(), good, "{address}");
        }
    }

    #[test]
    fn both_of_two_subnets_that_overlap_are_refused() {
        let (mut it, network) = Sketch::network();
        let ids = ["10.0.1.0/24", "10.0.1.128/25", "10.0.2.0/24"]
            .map(|prefix| it.add(Kind::Subnet, prefix, network, json!({"addressPrefix": prefix})));
        let facts = it.all().facts();
        assert_eq!(ids.map(|it| facts.refusals.get(&it).is_some()), [true, true, false]);
    }

    #[test]
    fn what_leads_nowhere_is_a_gap_that_names_the_setting() {
        let (mut it, subnet) = Sketch::subnet();
        let vm = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
        let zone =
            it.add(Kind::PrivateDnsZone, "privatelink.blob.core.windows.net", None, json!({}));
        for (id, key, fits, wrong) in [
            (vm, "privateIPAddress", json!("10.0.1.4"), json!("192.168.0.4")),
            (
                zone,
                "records",
                json!([{"name": "st1", "addresses": ["10.0.1.9"]}]),
                json!([{"name": "a b", "addresses": ["10.0.1.9"]}]),
            ),
        ] {
            it.set(id, key, fits);
            assert_eq!(it.all().facts().gaps.get(&id), None, "{key}");
            it.set(id, key, wrong);
            let facts = it.all().facts();
            assert!(facts.gaps.get(&id).unwrap()[0].render(Lang::En).contains(key), "{key}");
        }
    }
}
