//! What two resources claim at once: a name, an address, a range. Found in one pass over the design,
//! because each resource by itself would have to look at all others.
//!
//! Azure docs: "Naming rules and restrictions for Azure resources"
//! (azure-resource-manager/management/resource-name-rules), "Azure Virtual Network frequently asked
//! questions" (virtual-network/virtual-networks-faq).

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use super::{
    Kind, ResourceId, Resources, Subject,
    azure_firewall::AzureFirewall,
    compute_cluster::ComputeCluster,
    container_registry::ContainerRegistry,
    custom_dns_server::CustomDnsServer,
    dns_resolver::DnsResolver,
    load_balancer::LoadBalancer,
    on_premises_client::OnPremisesClient,
    private_endpoint::PrivateEndpoint,
    setting::{Problem, Ref},
    subnet::Subnet,
    virtual_machine::VirtualMachine,
};
use crate::{
    azure::private_link_zones,
    facts::cidr::Cidr,
    text::{arg, text},
};

/// Problems by the resource that has them: of two in conflict, the one with the higher number.
pub(super) type Conflicts = BTreeMap<ResourceId, Vec<Problem>>;

pub(super) fn find(all: &Resources) -> Conflicts {
    let mut found = Conflicts::new();
    names(all, &mut found);
    for network in all.of(Kind::VirtualNetwork) {
        subnets(network, &mut found);
    }
    for subnet in all.of(Kind::Subnet) {
        addresses(subnet, &mut found);
        room(subnet, &mut found);
    }
    for site in all.of(Kind::OnPremisesNetwork) {
        addresses(site, &mut found);
    }
    found
}

fn add(found: &mut Conflicts, id: ResourceId, problem: Problem) {
    found.entry(id).or_default().push(problem);
}

/// Where names of a type must differ.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Space {
    /// The name is a host name of the whole cloud.
    World,
    Within(Option<ResourceId>),
}

fn space(it: Subject<'_>) -> Option<Space> {
    let group = || it.within(Kind::ResourceGroup).map(|it| it.id);
    Some(match it.kind() {
        Kind::StorageAccount | Kind::KeyVault | Kind::ContainerRegistry => Space::World,
        // Of the tenant, wherever it is drawn.
        Kind::CustomRole => Space::Within(None),
        Kind::VirtualNetworkPeering => {
            Space::Within(Some(it.setting::<Option<Ref>>("virtualNetwork").flatten()?.0))
        }
        Kind::ResourceGroup | Kind::ManagementGroup | Kind::Subnet => {
            Space::Within(it.resource.parent)
        }
        Kind::RoleAssignment | Kind::DenyAssignment | Kind::Lock | Kind::OnPremisesNetwork => {
            return None;
        }
        kind => {
            let segments = kind.info().arm_type?.split('/').count() - 1;
            // A compute may stand in a subnet, but its name belongs to its workspace.
            match it.parent()?.kind() {
                Kind::Subnet if segments > 1 => {
                    Space::Within(Some(it.setting::<Option<Ref>>("workspace").flatten()?.0))
                }
                Kind::OnPremisesNetwork => return None,
                _ if segments > 1 => Space::Within(it.resource.parent),
                _ => Space::Within(group()),
            }
        }
    })
}

/// Two resources of one type and name are one resource to Azure: the second overwrites the first.
fn names(all: &Resources, found: &mut Conflicts) {
    let mut seen = BTreeSet::new();
    for it in all.subjects() {
        let (Some(arm_type), Some(space)) = (it.info().arm_type, space(it)) else { continue };
        let world = space == Space::World;
        if !seen.insert((arm_type, space, it.name().to_lowercase())) {
            let text = if world {
                text(
                    "there is another {0} named {1}, and such names are unique in all of Azure; choose another",
                    "{1} という名前の {0} がほかにもあります。この名前は Azure 全体で一意である必要があります。別の名前にしてください",
                )
            } else {
                text(
                    "there is another {0} named {1} in the same place, which Azure takes for the same one; choose another name",
                    "同じ場所に {1} という名前の {0} がほかにもあり、Azure では同じリソースとみなされます。別の名前にしてください",
                )
            };
            let text = text.with([it.info().label.into(), arg(it.name())]);
            add(found, it.id, Problem::new("name", text));
        }
    }
}

fn subnets(network: Subject<'_>, found: &mut Conflicts) {
    let mut all: Vec<(Cidr, Subject<'_>)> = network
        .all
        .children(Some(network.id))
        .filter(|it| it.kind() == Kind::Subnet)
        .map(|it| (Subnet::of(it).address_prefix, it))
        .collect();
    // Prefixes are nested or apart, so the one that holds another stands before it in this order.
    all.sort_by_key(|(prefix, it)| (prefix.first(), prefix.len(), it.id));
    let mut outer: Vec<(Cidr, Subject<'_>)> = Vec::new();
    for (prefix, it) in all {
        while outer.last().is_some_and(|(outer, _)| !outer.covers(prefix)) {
            outer.pop();
        }
        if let Some((theirs, other)) = outer.last().copied() {
            let (later, (mine, earlier, theirs)) = if it.id > other.id {
                (it, (prefix, other, theirs))
            } else {
                (other, (theirs, it, prefix))
            };
            let text = text(
                "{0} overlaps subnet {1} ({2}); give each its own range",
                "{0} はサブネット {1} ({2}) と重なっています。別々の範囲にしてください",
            )
            .with([arg(mine), arg(earlier.name()), arg(theirs)]);
            add(found, later.id, Problem::new("addressPrefix", text));
        }
        outer.push((prefix, it));
    }
}

/// Addresses that a resource asks for, with the setting that says so.
fn fixed(it: Subject<'_>) -> Vec<(String, Ipv4Addr)> {
    let one = |field: &str, address: Option<Ipv4Addr>| {
        address.map(|it| (field.to_owned(), it)).into_iter().collect()
    };
    match it.kind() {
        Kind::VirtualMachine => one("privateIPAddress", VirtualMachine::of(it).private_ip_address),
        Kind::CustomDnsServer => {
            one("privateIPAddress", CustomDnsServer::of(it).private_ip_address)
        }
        Kind::OnPremisesClient => {
            one("privateIPAddress", OnPremisesClient::of(it).private_ip_address)
        }
        Kind::AzureFirewall => one("privateIPAddress", AzureFirewall::of(it).private_ip_address),
        Kind::DnsResolver => {
            one("inboundEndpoint.privateIpAddress", DnsResolver::of(it).private_ip_address)
        }
        Kind::PrivateEndpoint => PrivateEndpoint::of(it)
            .ip_configurations
            .iter()
            .enumerate()
            .map(|(n, row)| {
                (format!("ipConfigurations[{n}].privateIPAddress"), row.private_ip_address)
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The same for the addresses of a load balancer in one subnet.
fn frontends(it: Subject<'_>, subnet: ResourceId) -> Vec<(String, Ipv4Addr)> {
    let settings = LoadBalancer::of(it);
    let rows = settings.frontends.iter().enumerate();
    rows.filter(|(_, row)| row.subnet == Some(Ref(subnet)))
        .filter_map(|(n, row)| {
            Some((
                format!("frontendIPConfigurations[{n}].privateIPAddress"),
                row.private_ip_address?,
            ))
        })
        .collect()
}

fn addresses(place: Subject<'_>, found: &mut Conflicts) {
    let mut seen = BTreeMap::new();
    // In the order of numbers, whoever stands there or has a frontend there.
    let mut all: BTreeMap<ResourceId, (Subject<'_>, Vec<(String, Ipv4Addr)>)> =
        place.all.children(Some(place.id)).map(|it| (it.id, (it, fixed(it)))).collect();
    for (it, _) in place.all.referrers(place.id) {
        if it.kind() == Kind::LoadBalancer {
            all.insert(it.id, (it, frontends(it, place.id)));
        }
    }
    for (it, fixed) in all.into_values() {
        for (field, address) in fixed {
            if let Some(other) = seen.insert(address, it.name()) {
                let text = text(
                    "{0} belongs to {1} already; choose another address",
                    "{0} は既に {1} が使っています。別のアドレスを選んでください",
                )
                .with([arg(address), arg(other)]);
                add(found, it.id, Problem::new(field, text));
            }
        }
    }
}

/// Addresses that what stands in a subnet takes; 0 where Azure does not say.
fn needed(it: Subject<'_>) -> u64 {
    match it.kind() {
        Kind::PrivateEndpoint => {
            let settings = PrivateEndpoint::of(it);
            let target = it.follow(settings.target);
            // Each replica has a data host, and that an address, of its own.
            let replicas = target
                .filter(|it| it.kind() == Kind::ContainerRegistry)
                .map_or(0, |it| ContainerRegistry::of(it).replications.len());
            let face = target
                .and_then(|it| it.info().arm_type)
                .and_then(|it| private_link_zones::find(it, settings.group_id.as_str()));
            let members = face.map_or(1, |it| it.members.iter().filter(|it| !it.optional).count());
            u64::try_from(members.max(1) + replicas).unwrap_or(u64::MAX)
        }
        Kind::ComputeCluster => ComputeCluster::of(it).max_node_count.get().into(),
        Kind::ComputeInstance
        | Kind::VirtualMachine
        | Kind::CustomDnsServer
        | Kind::DnsResolver => 1,
        _ => 0,
    }
}

fn room(subnet: Subject<'_>, found: &mut Conflicts) {
    let prefix = Subnet::of(subnet).address_prefix;
    let room = prefix.size().saturating_sub(5);
    let needed: u64 = subnet.all.children(Some(subnet.id)).map(needed).sum();
    if needed > room {
        let text = text(
            "{0} has room for {1} addresses, but what stands in it takes up to {2}; make it larger",
            "{0} で使えるアドレスは {1} 個ですが、中のリソースは最大 {2} 個を使います。範囲を広げてください",
        )
        .with([arg(prefix), arg(room), arg(needed)]);
        add(found, subnet.id, Problem::new("addressPrefix", text));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    const NONE: [&str; 0] = [];

    #[test]
    fn overlapping_subnets_are_reported_once_each_on_the_later() {
        let (mut it, network) = Sketch::network();
        let add = |it: &mut Sketch, name: &str, prefix: &str| {
            it.add(Kind::Subnet, name, network, json!({"addressPrefix": prefix}))
        };
        let a = add(&mut it, "a", "10.0.1.0/24");
        let b = add(&mut it, "b", "10.0.2.0/24");
        let c = add(&mut it, "c", "10.0.0.0/22");
        let d = add(&mut it, "d", "10.0.2.128/25");
        assert_eq!(it.wrong(a), NONE);
        assert_eq!(it.wrong(b), NONE);
        assert!(it.wrong(c).iter().all(|it| it == "addressPrefix") && !it.wrong(c).is_empty());
        assert_eq!(it.wrong(d), ["addressPrefix"]);
    }

    #[test]
    fn an_address_used_twice() {
        let (mut it, subnet) = Sketch::subnet();
        let settings = json!({"privateIPAddress": "10.0.1.4"});
        let a = it.add(Kind::VirtualMachine, "a", subnet, settings.clone());
        let b = it.add(Kind::CustomDnsServer, "b", subnet, settings);
        assert_eq!(it.wrong(a), NONE);
        assert_eq!(it.wrong(b), ["privateIPAddress"]);
        let row = json!([{"subnet": subnet.0, "privateIPAddress": "10.0.1.4"}]);
        let settings = json!({"frontendIPConfigurations": row});
        let c = it.add(Kind::LoadBalancer, "c", ResourceId(1), settings);
        assert_eq!(it.wrong(c), ["frontendIPConfigurations[0].privateIPAddress"]);
    }

    #[test]
    fn names_differ_where_azure_would_take_two_for_one() {
        let mut it = Sketch::default();
        let one = it.add(Kind::ResourceGroup, "rg1", None, json!({}));
        let two = it.add(Kind::ResourceGroup, "rg2", None, json!({}));
        let rows = [
            (Kind::VirtualNetwork, "vnet", one, true),
            (Kind::VirtualNetwork, "vnet", two, true),
            (Kind::VirtualNetwork, "VNet", one, false),
            (Kind::StorageAccount, "st1", one, true),
            (Kind::StorageAccount, "st1", two, false),
        ];
        for (kind, name, group, good) in rows {
            let id = it.add(kind, name, group, json!({}));
            assert_eq!(!it.wrong(id).contains(&"name".to_owned()), good, "{kind:?} {name}");
        }
    }

    #[test]
    fn computes_of_two_workspaces_may_share_a_name_in_one_subnet() {
        let (mut it, subnet) = Sketch::subnet();
        let group = ResourceId(1);
        let a = it.add(Kind::Workspace, "ws1", group, json!({}));
        let b = it.add(Kind::Workspace, "ws2", group, json!({}));
        it.add(Kind::ComputeCluster, "cpu", subnet, json!({"workspace": a.0}));
        let other = it.add(Kind::ComputeCluster, "cpu", subnet, json!({"workspace": b.0}));
        let same = it.add(Kind::ComputeCluster, "cpu", subnet, json!({"workspace": a.0}));
        assert!(!it.wrong(other).contains(&"name".to_owned()));
        assert!(it.wrong(same).contains(&"name".to_owned()));
    }

    // virtual-network/virtual-networks-faq: a /29 has 3 usable addresses. A workspace's private
    // endpoint takes 3, each node of a cluster one.
    #[test]
    fn a_subnet_with_more_in_it_than_addresses() {
        let (mut it, network) = Sketch::network();
        let subnet = it.add(Kind::Subnet, "s", network, json!({"addressPrefix": "10.0.0.0/29"}));
        let workspace = it.add(Kind::Workspace, "ws1", ResourceId(1), json!({}));
        let settings = json!({"privateLinkServiceId": workspace.0, "groupId": "amlworkspace"});
        it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
        assert_eq!(it.wrong(subnet), NONE);
        it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
        assert_eq!(it.wrong(subnet), ["addressPrefix"]);
    }

    // container-registry/container-registry-private-endpoints: an address for each replica as well.
    #[test]
    fn replicas_of_a_registry_take_addresses() {
        for (replicas, wrong) in [(1, vec![]), (2, vec!["addressPrefix"])] {
            let (mut it, network) = Sketch::network();
            let settings = json!({"addressPrefix": "10.0.1.0/29"});
            let subnet = it.add(Kind::Subnet, "snet", network, settings);
            let regions = ["japanwest", "westus"].map(|it| json!({"location": it}));
            let settings = json!({"sku.name": "Premium", "replications": regions[..replicas]});
            let registry = it.add(Kind::ContainerRegistry, "cr1", ResourceId(1), settings);
            let settings = json!({"privateLinkServiceId": registry.0, "groupId": "registry"});
            it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
            assert_eq!(it.wrong(subnet), wrong, "{replicas}");
        }
    }
}
