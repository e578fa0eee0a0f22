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
    custom_dns_server::CustomDnsServer,
    dns_resolver::DnsResolver,
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

fn addresses(place: Subject<'_>, found: &mut Conflicts) {
    let mut seen = BTreeMap::new();
    for it in place.all.children(Some(place.id)) {
        for (field, address) in fixed(it) {
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
            let face = it
                .follow(settings.target)
                .and_then(|it| it.info().arm_type)
                .and_then(|it| private_link_zones::find(it, settings.group_id.as_str()));
            let members = face.map_or(1, |it| it.members.iter().filter(|it| !it.optional).count());
            u64::try_from(members.max(1)).unwrap_or(1)
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
