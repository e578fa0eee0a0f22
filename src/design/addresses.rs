//! The address space of a virtual network: what its subnets take, what is free, and what comes next.
//!
//! Azure docs: "Azure Virtual Network frequently asked questions" (virtual-network/virtual-networks-faq):
//! five addresses of each subnet are Azure's, and the smallest subnet is a /29. The subnets of gateways,
//! firewalls and Bastion have their own least sizes (`kinds::subnet`).

use std::{collections::BTreeSet, net::Ipv4Addr};

use serde_json::json;

use super::{
    Design,
    edit::{Edit, apply},
};
use crate::{
    facts::cidr::{Cidr, PRIVATE},
    kinds::{
        Kind, ResourceId, Resources, Subject,
        on_premises_network::OnPremisesNetwork,
        setting::Settings,
        subnet::{self, Subnet},
        virtual_network::{self, VirtualNetwork},
    },
    text::{Message, arg, text},
};

/// What Azure keeps of each subnet: the network address, three for its gateway and DNS, the broadcast
/// address.
pub const RESERVED: u64 = 5;

/// Longest prefix of a subnet.
pub const LONGEST: u8 = 29;

/// Most parts of one split.
const MOST_PARTS: u8 = 4;

/// The space of one network in the order of addresses, with every address in one block.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub network: ResourceId,
    /// Every subnet, also one outside the space, and what is free between them in as few blocks as
    /// prefixes allow.
    pub blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    pub prefix: Cidr,
    /// Nothing: it is free.
    pub subnet: Option<ResourceId>,
}

impl Plan {
    /// The plan of a network; nothing where `network` is none.
    pub fn of(resources: &Resources, network: ResourceId) -> Option<Plan> {
        let it = resources.subject(network).filter(|it| it.kind() == Kind::VirtualNetwork)?;
        let mut blocks: Vec<Block> = subnets(it)
            .map(|it| Block { prefix: Subnet::of(it).address_prefix, subnet: Some(it.id) })
            .collect();
        let taken: Vec<Cidr> = blocks.iter().map(|it| it.prefix).collect();
        let mut free = Vec::new();
        for space in apart(VirtualNetwork::of(it).address_prefixes.clone()) {
            free_in(space, &taken, &mut free);
        }
        blocks.extend(free.into_iter().map(|prefix| Block { prefix, subnet: None }));
        blocks.sort_by_key(|it| (it.prefix, it.subnet));
        Some(Plan { network, blocks })
    }

    pub fn free(&self) -> impl Iterator<Item = Cidr> {
        self.blocks.iter().filter(|it| it.subnet.is_none()).map(|it| it.prefix)
    }

    /// The first free prefix of `len` bits.
    pub fn next(&self, len: u8) -> Option<Cidr> {
        self.free().find(|it| it.len() <= len).map(|it| Cidr::holding(it.first(), len))
    }

    /// The first free prefix of `len` bits, or else of the size that comes nearest below it.
    pub fn next_or_smaller(&self, len: u8) -> Option<Cidr> {
        (len..=LONGEST).find_map(|len| self.next(len))
    }
}

fn subnets(network: Subject<'_>) -> impl Iterator<Item = Subject<'_>> {
    network.all.children(Some(network.id)).filter(|it| it.kind() == Kind::Subnet)
}

/// Prefixes without those that others cover.
fn apart(mut all: Vec<Cidr>) -> Vec<Cidr> {
    all.sort_by_key(|it| (it.first(), it.len()));
    let mut kept: Vec<Cidr> = Vec::new();
    for it in all {
        if !kept.iter().any(|outer| outer.covers(it)) {
            kept.push(it);
        }
    }
    kept
}

/// What of `space` no prefix of `taken` touches, in as few prefixes as there can be.
fn free_in(space: Cidr, taken: &[Cidr], free: &mut Vec<Cidr>) {
    let within: Vec<Cidr> = taken.iter().copied().filter(|it| it.overlaps(space)).collect();
    if within.is_empty() {
        free.push(space);
    } else if !within.iter().any(|it| it.covers(space)) {
        for half in space.halves().into_iter().flatten() {
            free_in(half, &within, free);
        }
    }
}

/// The network that a resource is or stands in.
pub fn network_of(resources: &Resources, id: ResourceId) -> Option<ResourceId> {
    let it = resources.subject(id)?;
    let is = |it: &Subject<'_>| it.kind() == Kind::VirtualNetwork;
    std::iter::once(it).chain(it.ancestors()).find(is).map(|it| it.id)
}

/// Every network, by number.
pub fn networks(resources: &Resources) -> Vec<ResourceId> {
    resources.of(Kind::VirtualNetwork).map(|it| it.id).collect()
}

/// Addresses of a subnet that resources can have.
pub fn usable(prefix: Cidr) -> u64 {
    prefix.size().saturating_sub(RESERVED)
}

/// Names that Azure keeps for subnets of services, in the order of [`subnet::RESERVED`].
pub fn service_names() -> impl Iterator<Item = &'static str> {
    subnet::RESERVED.iter().map(|it| it.0)
}

/// The prefix length to propose for a subnet of this name. Azure advises /27 for gateways
/// (vpn-gateway/vpn-gateway-about-vpn-gateway-settings); the other services say their least size.
pub fn proposed(name: &str) -> u8 {
    let reserved = subnet::RESERVED.iter().find(|it| it.0.eq_ignore_ascii_case(name));
    reserved.map_or(24, |it| it.2.min(27))
}

/// Private ranges that Azure takes, in the order in which people use them up.
const RANGES: [Ipv4Addr; 3] =
    [Ipv4Addr::new(10, 0, 0, 0), Ipv4Addr::new(172, 16, 0, 0), Ipv4Addr::new(192, 168, 0, 0)];

/// The first private prefix of `len` bits that no network and no site of the design uses.
pub fn next_space(resources: &Resources, len: u8) -> Option<Cidr> {
    let mut taken: Vec<Cidr> = virtual_network::KEPT.to_vec();
    for it in resources.of(Kind::VirtualNetwork) {
        taken.extend(VirtualNetwork::of(it).address_prefixes.clone());
    }
    for it in resources.of(Kind::OnPremisesNetwork) {
        taken.extend(OnPremisesNetwork::of(it).address_space.clone());
    }
    RANGES.iter().filter_map(|at| PRIVATE.iter().find(|it| it.first() == *at)).find_map(|range| {
        let mut free = Vec::new();
        free_in(*range, &taken, &mut free);
        let it = free.into_iter().find(|it| it.len() <= len)?;
        Some(Cidr::holding(it.first(), len))
    })
}

/// Other networks and sites that have addresses in common with this network: it cannot be connected
/// to them.
pub fn overlapping(resources: &Resources, network: ResourceId) -> Vec<Message> {
    let Some(here) = resources.subject(network) else { return Vec::new() };
    let mine = &VirtualNetwork::of(here).address_prefixes;
    let networks = resources.of(Kind::VirtualNetwork).filter(|it| it.id != network);
    let networks = networks.map(|it| (it, VirtualNetwork::of(it).address_prefixes.clone()));
    let sites = resources.of(Kind::OnPremisesNetwork);
    let sites = sites.map(|it| (it, OnPremisesNetwork::of(it).address_space.clone()));
    let mut all = Vec::new();
    for (other, space) in networks.chain(sites) {
        let both = mine.iter().find_map(|a| space.iter().find(|b| a.overlaps(**b)).map(|b| (a, b)));
        if let Some((a, b)) = both {
            all.push(
                text(
                    "{0} overlaps {1} of {2}; the two cannot be peered or connected",
                    "{0} は {2} の {1} と重なっているため、ピアリングや接続ができません",
                )
                .with([arg(a), arg(b), arg(other.name())]),
            );
        }
    }
    all
}

/// Gives a network one more prefix.
pub fn extend(resources: &Resources, network: ResourceId, prefix: Cidr) -> Option<Edit> {
    let key = "addressSpace.addressPrefixes";
    let value = resources.subject(network)?.with_item(key, json!(prefix.to_string()))?;
    Some(Edit::Set { id: network, key: key.to_owned(), value })
}

/// The settings of a new subnet.
pub fn subnet_settings(prefix: Cidr) -> Settings {
    let mut settings = Settings::new();
    settings.insert("addressPrefix".to_owned(), json!(prefix.to_string()));
    settings
}

/// A subnet cut into equal parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    pub network: ResourceId,
    /// The first part stays the subnet, with all that stands in it.
    pub first: Edit,
    /// The other parts as new subnets, with filters, routes and whatever else the subnet has: a part
    /// without them would be open.
    pub others: Vec<(String, Settings)>,
}

/// Cuts a subnet into 2^`bits` parts; nothing where they would be too small for it.
pub fn split(resources: &Resources, id: ResourceId, bits: u8) -> Option<Split> {
    let it = resources.subject(id).filter(|it| it.kind() == Kind::Subnet)?;
    let network = it.parent()?;
    let prefix = Subnet::of(it).address_prefix;
    let len = prefix.len().checked_add(bits).filter(|len| *len <= LONGEST)?;
    // A service finds its subnet by the name, so there is no second one.
    let service = service_names().any(|name| name.eq_ignore_ascii_case(it.name()));
    if bits == 0 || bits > MOST_PARTS || service {
        return None;
    }
    let mut parts = vec![prefix];
    for _ in 0..bits {
        parts = parts.into_iter().flat_map(|it| it.halves().into_iter().flatten()).collect();
    }
    let mut names: BTreeSet<String> = subnets(network).map(|it| it.name().to_owned()).collect();
    let mut others = Vec::new();
    for part in parts.into_iter().skip(1) {
        let mut settings = it.resource.settings.clone();
        settings.insert("addressPrefix".to_owned(), json!(part.to_string()));
        others.push((free_name(it.name(), &mut names), settings));
    }
    let first = Edit::Set {
        id,
        key: "addressPrefix".to_owned(),
        value: json!(Cidr::holding(prefix.first(), len).to_string()),
    };
    Some(Split { network: network.id, first, others })
}

/// `snet-2` where there is `snet`, within the 80 characters of a subnet's name.
fn free_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let base: String = name.chars().take(74).collect();
    let numbers = 2..=taken.len() + 2;
    let mut names = numbers.map(|n| format!("{base}-{n}"));
    let free = names.find(|it| !taken.contains(it)).unwrap_or(base);
    taken.insert(free.clone());
    free
}

/// What an edit would make wrong that is not wrong now, such as an overlap or a subnet that is too small
/// for what stands in it; or why it cannot be made.
pub fn troubles(design: &Design, edit: &Edit) -> Vec<Message> {
    let after = match apply(design, edit) {
        Ok(it) => it,
        Err(why) => return vec![why.0],
    };
    let problems = |it: &Design| -> Vec<(ResourceId, Message)> {
        let all = it.resources.subjects();
        all.flat_map(|it| it.problems().into_iter().map(move |problem| (it.id, problem.text)))
            .collect()
    };
    let before = problems(design);
    let new = problems(&after).into_iter().filter(|it| !before.contains(it));
    let told = |(id, why): (ResourceId, Message)| {
        let name = after.get(id).map_or("", |it| &it.name);
        text("{0}: {1}", "{0}: {1}").with([arg(name), why.into()])
    };
    new.map(told).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::{kinds::testing::Sketch, text::Lang};

    fn cidr(it: &str) -> Cidr {
        it.parse().unwrap()
    }

    fn network(space: Value, subnets: &[&str]) -> (Sketch, ResourceId) {
        let (mut it, network) = Sketch::network();
        it.set(network, "addressSpace.addressPrefixes", space);
        for (n, prefix) in subnets.iter().enumerate() {
            it.add(Kind::Subnet, &format!("s{n}"), network, json!({"addressPrefix": prefix}));
        }
        (it, network)
    }

    fn free(space: Value, subnets: &[&str]) -> Vec<String> {
        let (it, network) = network(space, subnets);
        Plan::of(it.all(), network).unwrap().free().map(|it| it.to_string()).collect()
    }

    #[test]
    fn what_is_left_of_a_space() {
        assert_eq!(free(json!(["10.0.0.0/16"]), &[]), ["10.0.0.0/16"]);
        assert_eq!(free(json!(["10.0.0.0/24"]), &["10.0.0.0/24"]), [""; 0]);
        assert_eq!(
            free(json!(["10.0.0.0/24"]), &["10.0.0.64/26"]),
            ["10.0.0.0/26", "10.0.0.128/25"]
        );
        assert_eq!(
            free(json!(["10.0.0.0/24", "10.1.0.0/24"]), &["10.1.0.0/25"]),
            ["10.0.0.0/24", "10.1.0.128/25"]
        );
        // Two subnets on each other, and one outside the space, leave the rest as it is.
        assert_eq!(
            free(json!(["10.0.0.0/24"]), &["10.0.0.0/25", "10.0.0.0/26", "10.9.0.0/24"]),
            ["10.0.0.128/25"]
        );
        // A space that is written twice is there once.
        assert_eq!(free(json!(["10.0.0.0/23", "10.0.0.0/24"]), &[]), ["10.0.0.0/23"]);
    }

    #[test]
    fn the_next_prefix_is_the_lowest_that_fits() {
        let (it, network) = network(json!(["10.0.0.0/22"]), &["10.0.0.0/24", "10.0.1.0/26"]);
        let plan = Plan::of(it.all(), network).unwrap();
        let next = |len| plan.next(len).map(|it| it.to_string());
        assert_eq!(next(24).as_deref(), Some("10.0.2.0/24"));
        assert_eq!(next(25).as_deref(), Some("10.0.1.128/25"));
        assert_eq!(next(26).as_deref(), Some("10.0.1.64/26"));
        assert_eq!(next(23).as_deref(), Some("10.0.2.0/23"));
        assert_eq!(next(22), None);
        assert_eq!(plan.next_or_smaller(22), Some(cidr("10.0.2.0/23")));
    }

    // virtual-network/virtual-networks-faq: the smallest subnet is /29, and five addresses are Azure's.
    #[test]
    fn addresses_that_are_left_for_resources() {
        for (prefix, count) in [("10.0.0.0/24", 251), ("10.0.0.0/29", 3), ("10.0.0.0/16", 65531)] {
            assert_eq!(usable(cidr(prefix)), count);
        }
        assert_eq!(usable(cidr("10.0.0.0/30")), 0);
    }

    // bastion/configuration-settings, firewall/firewall-faq: /26; the gateway's page advises /27.
    #[test]
    fn subnets_of_services_have_sizes_of_their_own() {
        for (name, len) in [
            ("AzureBastionSubnet", 26),
            ("AzureFirewallSubnet", 26),
            ("gatewaysubnet", 27),
            ("snet", 24),
        ] {
            assert_eq!(proposed(name), len, "{name}");
        }
    }

    #[test]
    fn a_new_network_keeps_clear_of_networks_and_sites() {
        let (mut it, _) = network(json!(["10.0.0.0/16", "10.1.0.0/24"]), &[]);
        assert_eq!(next_space(it.all(), 16), Some(cidr("10.2.0.0/16")));
        assert_eq!(next_space(it.all(), 24), Some(cidr("10.1.1.0/24")));
        let site = json!({"localNetworkAddressSpace.addressPrefixes": ["10.0.0.0/8"]});
        it.add(Kind::OnPremisesNetwork, "hq", None, site);
        assert_eq!(next_space(it.all(), 16), Some(cidr("172.16.0.0/16")));
        // machine-learning/how-to-secure-training-vnet: 172.17.0.0/16 is the bridge of containers.
        let site = json!({"localNetworkAddressSpace.addressPrefixes": ["172.16.0.0/16"]});
        it.add(Kind::OnPremisesNetwork, "branch", None, site);
        assert_eq!(next_space(it.all(), 16), Some(cidr("172.18.0.0/16")));
        assert_eq!(next_space(it.all(), 7), None);
    }

    // virtual-network/virtual-network-manage-peering: spaces of peers must not overlap.
    #[test]
    fn a_network_that_overlaps_another_is_told() {
        let (mut it, a) = network(json!(["10.0.0.0/16"]), &[]);
        let settings = json!({"addressSpace.addressPrefixes": ["10.0.128.0/17"]});
        let b = it.add(Kind::VirtualNetwork, "other", ResourceId(1), settings);
        assert_eq!(overlapping(it.all(), a).len(), 1);
        it.set(b, "addressSpace.addressPrefixes", json!(["10.1.0.0/16"]));
        assert_eq!(overlapping(it.all(), a), []);
    }

    #[test]
    fn parts_of_a_split_keep_filters_and_routes() {
        let (mut it, _) = network(json!(["10.0.0.0/16"]), &["10.0.4.0/24"]);
        let filter = it.add(Kind::NetworkSecurityGroup, "nsg", ResourceId(1), json!({}));
        it.set(ResourceId(3), "networkSecurityGroup", json!(filter.0));
        let split = split(it.all(), ResourceId(3), 2).unwrap();
        let Edit::Set { value, .. } = &split.first else { panic!("{split:?}") };
        assert_eq!(value, "10.0.4.0/26");
        let prefixes: Vec<&Value> = split.others.iter().map(|it| &it.1["addressPrefix"]).collect();
        assert_eq!(prefixes, ["10.0.4.64/26", "10.0.4.128/26", "10.0.4.192/26"]);
        assert!(split.others.iter().all(|it| it.1["networkSecurityGroup"] == filter.0));
        let names: Vec<&str> = split.others.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(names, ["s0-2", "s0-3", "s0-4"]);
    }

    #[test]
    fn what_is_not_split() {
        let (mut it, network) = network(json!(["10.0.0.0/16"]), &["10.0.4.0/29", "10.0.5.0/24"]);
        assert_eq!(split(it.all(), ResourceId(3), 1), None);
        assert_eq!(split(it.all(), ResourceId(4), 0), None);
        assert_eq!(split(it.all(), network, 1), None);
        let settings = json!({"addressPrefix": "10.0.6.0/24"});
        let bastion = it.add(Kind::Subnet, "AzureBastionSubnet", network, settings);
        assert_eq!(split(it.all(), bastion, 1), None);
    }

    fn add(network: ResourceId, name: &str, prefix: &str) -> Edit {
        Edit::Add {
            id: None,
            kind: Kind::Subnet,
            name: name.to_owned(),
            parent: Some(network),
            settings: subnet_settings(cidr(prefix)),
            place: None,
        }
    }

    #[test]
    fn what_would_be_wrong_is_told_before() {
        let (it, network) = network(json!(["10.0.0.0/16"]), &["10.0.4.0/24"]);
        let design = Design { resources: it.all().clone(), ..Design::default() };
        let told = |name, prefix| -> Vec<String> {
            let all = troubles(&design, &add(network, name, prefix));
            all.iter().map(|it| it.render(Lang::En)).collect()
        };
        assert_eq!(told("new", "10.0.5.0/24"), [""; 0]);
        for (name, prefix, about) in [
            ("new", "10.0.4.128/25", "overlap"),
            ("new", "10.1.0.0/24", "not in the address space"),
            ("new", "10.0.5.0/30", "/29"),
            ("AzureBastionSubnet", "10.0.5.0/27", "/26"),
            ("s0", "10.0.5.0/24", "name"),
        ] {
            let all = told(name, prefix);
            assert!(all.iter().any(|it| it.contains(about)), "{name} {prefix}: {all:?}");
        }
    }
}
