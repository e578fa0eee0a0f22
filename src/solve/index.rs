//! What a flow looks up, prepared once per design: addresses, records, peers, endpoints by target.
//!
//! Everything here is near-linear in the facts: each fact is put into a map once.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use crate::facts::{
    Facts, Lookup, ResourceId, Table,
    cidr::Cidr,
    filter::{Direction, GuardRule, Rule},
    name::ServerPlace,
    network::{PeeringHalf, Position},
    service::PrivateEndpoint,
};

/// Address spaces that are separate from each other: two networks may use the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Realm {
    Network(ResourceId),
    Site(ResourceId),
}

/// Who answers at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    Host(ResourceId),
    Endpoint(ResourceId),
    Appliance(ResourceId),
    NameServer(ResourceId),
}

impl Holder {
    pub(super) fn id(self) -> ResourceId {
        match self {
            Holder::Host(id)
            | Holder::Endpoint(id)
            | Holder::Appliance(id)
            | Holder::NameServer(id) => id,
        }
    }
}

/// A network that another has a peering with, in whatever state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer<'a> {
    pub(super) other: ResourceId,
    /// The half that the network itself has.
    pub(super) own: Option<&'a PeeringHalf>,
    /// The half of the other network.
    pub(super) theirs: Option<&'a PeeringHalf>,
}

impl Peer<'_> {
    /// Whether Azure makes routes for it.
    pub(super) fn connected(&self) -> bool {
        self.own.is_some_and(|it| it.connected) && self.theirs.is_some_and(|it| it.connected)
    }
}

/// A record that a resolver finds.
#[derive(Clone, Debug)]
pub(super) struct RecordSet {
    pub(super) addresses: Vec<Ipv4Addr>,
    /// The resource that wrote it.
    pub(super) at: ResourceId,
    /// Private endpoints whose record this one replaced.
    pub(super) replaced: Vec<ResourceId>,
}

#[derive(Debug, Default)]
pub(super) struct Index<'a> {
    pub(super) peers: BTreeMap<ResourceId, BTreeMap<ResourceId, Peer<'a>>>,
    pub(super) subnets_of: Table<Vec<ResourceId>>,
    pub(super) gateways_of: Table<Vec<ResourceId>>,
    pub(super) gateways_to: Table<Vec<ResourceId>>,
    /// Who holds an address, in which realm.
    pub(super) holders: BTreeMap<Ipv4Addr, Vec<(Realm, Holder)>>,
    /// Hosts and appliances by known public address.
    pub(super) public_holders: BTreeMap<Ipv4Addr, Holder>,
    /// Balancers by known public address, and by subnet's network and private address.
    pub(super) balancers: BTreeMap<Ipv4Addr, ResourceId>,
    pub(super) inner_balancers: BTreeMap<(ResourceId, Ipv4Addr), ResourceId>,
    /// Private address of hosts, appliances and name servers.
    pub(super) address: Table<Ipv4Addr>,
    /// Member and address of private endpoints.
    pub(super) endpoint_addresses: Table<Vec<(String, Ipv4Addr)>>,
    /// Private endpoints by target.
    pub(super) endpoints_of: Table<Vec<ResourceId>>,
    /// Zones that a network sees, by name: zone and whether its link redirects.
    pub(super) zones_of: BTreeMap<ResourceId, BTreeMap<&'a str, (ResourceId, bool)>>,
    pub(super) records: BTreeMap<ResourceId, BTreeMap<String, RecordSet>>,
    /// Whether any face has a number in its name that only Azure knows.
    pub(super) numbered: bool,
    /// Faces by public name: service and position in its list.
    pub(super) faces: Lookup<&'a str, (ResourceId, usize)>,
    pub(super) forwarding_rules_of: Table<Vec<ResourceId>>,
    /// Rules of each filter by direction, in the order in which they are tried.
    pub(super) rules: BTreeMap<(ResourceId, Direction), Vec<&'a Rule>>,
    /// Rules over each network by direction, in the order in which they are tried, with whose they are.
    pub(super) guards: BTreeMap<(ResourceId, Direction), Vec<(ResourceId, &'a GuardRule)>>,
    pub(super) scopes_of: Table<Vec<ResourceId>>,
    pub(super) provisioned: BTreeSet<ResourceId>,
    /// Services with a public name that another one has too.
    pub(super) namesakes: BTreeMap<ResourceId, ResourceId>,
    /// Subnets that had no address left for these.
    pub(super) without_address: BTreeSet<ResourceId>,
}

impl<'a> Index<'a> {
    pub(super) fn new(facts: &'a Facts) -> Index<'a> {
        let mut it = Index::default();
        for (&id, subnet) in &facts.subnets {
            it.subnets_of.push(subnet.network, id);
        }
        for half in &facts.peerings {
            let peer = |other| Peer { other, own: None, theirs: None };
            let there = it.peers.entry(half.from).or_default();
            there.entry(half.to).or_insert_with(|| peer(half.to)).own = Some(half);
            let back = it.peers.entry(half.to).or_default();
            back.entry(half.from).or_insert_with(|| peer(half.from)).theirs = Some(half);
        }
        for (&id, gateway) in &facts.gateways {
            it.gateways_of.push(gateway.network, id);
            for site in &gateway.sites {
                it.gateways_to.push(*site, id);
            }
        }
        for (&id, service) in &facts.services {
            for (n, face) in service.faces.iter().enumerate() {
                // A host that many resources share, each with its own firewall, is none of them.
                if face.shared && face.link.is_none() {
                    continue;
                }
                for name in std::iter::once(&face.name).chain(&face.also) {
                    it.numbered |= name.contains("-*");
                    let (first, _) = *it.faces.get_or_insert(name, (id, n));
                    // Shared hosts have one name for all.
                    if first != id && !face.shared {
                        it.namesakes.insert(id, first);
                        it.namesakes.insert(first, id);
                    }
                }
            }
        }
        for (&id, endpoint) in &facts.private_endpoints {
            it.endpoints_of.push(endpoint.target, id);
        }
        for (&id, zone) in &facts.zones {
            for link in &zone.links {
                // A network has at most one link per zone; of two zones with one name the first counts.
                let zones = it.zones_of.entry(link.network).or_default();
                zones.entry(&zone.name).or_insert((id, link.redirects));
            }
        }
        for (&id, rules) in &facts.forwarding_rules {
            for network in &rules.networks {
                it.forwarding_rules_of.push(*network, id);
            }
        }
        for (&id, filter) in &facts.filters {
            for direction in [Direction::Inbound, Direction::Outbound] {
                let mut rules: Vec<&Rule> =
                    filter.rules.iter().filter(|it| it.direction == direction).collect();
                rules.sort_by_key(|it| it.priority);
                it.rules.insert((id, direction), rules);
            }
        }
        for (&id, guard) in &facts.guards {
            for rule in &guard.rules {
                for network in &rule.networks {
                    let key = (*network, rule.rule.direction);
                    it.guards.entry(key).or_default().push((id, rule));
                }
            }
        }
        for rules in it.guards.values_mut() {
            rules.sort_by_key(|(_, it)| it.rule.priority);
        }
        for (&id, scope) in &facts.monitor_scopes {
            for member in &scope.members {
                it.scopes_of.push(*member, id);
            }
        }
        for (&id, network) in &facts.managed_networks {
            if network.provisioned {
                it.provisioned.insert(id);
            }
        }
        for (id, host) in facts.hosts.iter().filter(|(_, it)| it.provisions) {
            if let Position::Managed { network } = host.position
                && !facts.refusals.contains_key(id)
            {
                it.provisioned.insert(network);
            }
        }
        it.assign_addresses(facts);
        it.write_records(facts);
        for (&id, host) in &facts.hosts {
            it.know_public(Holder::Host(id), host.public.iter());
        }
        for (&id, appliance) in &facts.appliances {
            it.know_public(Holder::Appliance(id), appliance.public.iter());
        }
        for (&id, balancer) in &facts.balancers {
            for prefix in balancer.public.iter().filter_map(|it| it.prefix) {
                it.balancers.entry(prefix.first()).or_insert(id);
            }
            for (subnet, address) in &balancer.inner {
                if let (Some(subnet), Some(address)) = (facts.subnets.get(subnet), address) {
                    it.inner_balancers.entry((subnet.network, *address)).or_insert(id);
                }
            }
        }
        it
    }

    fn know_public<'p>(
        &mut self,
        holder: Holder,
        all: impl Iterator<Item = &'p crate::facts::network::PublicAddress>,
    ) {
        for prefix in all.filter_map(|it| it.prefix).filter(|it| it.is_host()) {
            self.public_holders.entry(prefix.first()).or_insert(holder);
        }
    }

    /// The realm that a subnet belongs to.
    fn realm(facts: &Facts, subnet: ResourceId) -> Option<Realm> {
        facts.subnets.get(&subnet).map(|it| Realm::Network(it.network))
    }

    fn hold(&mut self, realm: Realm, address: Ipv4Addr, holder: Holder) {
        self.holders.entry(address).or_default().push((realm, holder));
    }

    /// Gives everything in a subnet or site an address: first those that the design names, then those
    /// that a record names, then the rest in the order of their numbers, as Azure hands them out.
    fn assign_addresses(&mut self, facts: &Facts) {
        let mut pools: BTreeMap<ResourceId, Pool> = BTreeMap::new();
        for (&id, subnet) in &facts.subnets {
            pools.insert(id, Pool::new(&subnet.prefixes));
        }
        for (&id, site) in &facts.sites {
            let inside: Vec<Cidr> = site.space.iter().copied().filter(|it| it.len() > 0).collect();
            pools.insert(id, Pool::new(&inside));
        }
        // What wants an address: pool, holder, address in the design.
        let mut wants: BTreeMap<ResourceId, (ResourceId, Realm, Holder, Option<Ipv4Addr>)> =
            BTreeMap::new();
        for (&id, host) in &facts.hosts {
            let want = match host.position {
                Position::Subnet { subnet, address } => {
                    Self::realm(facts, subnet).map(|it| (subnet, it, address))
                }
                Position::Site { site, address } => Some((site, Realm::Site(site), address)),
                _ => None,
            };
            if let Some((pool, realm, address)) = want {
                wants.insert(id, (pool, realm, Holder::Host(id), address));
            }
        }
        for (&id, appliance) in &facts.appliances {
            if let Some(realm) = Self::realm(facts, appliance.subnet) {
                let holder = Holder::Appliance(id);
                wants.insert(id, (appliance.subnet, realm, holder, appliance.address));
            }
        }
        for (&id, server) in &facts.name_servers {
            let place = match server.place {
                ServerPlace::Subnet(subnet) => Self::realm(facts, subnet).map(|it| (subnet, it)),
                ServerPlace::Site(site) => Some((site, Realm::Site(site))),
            };
            let Some((pool, realm)) = place else { continue };
            if facts.sites.contains_key(&id) {
                // The servers of a site are asked by its own hosts, by no address of ours.
                continue;
            }
            for address in server.addresses.iter().skip(1) {
                self.hold(realm, *address, Holder::NameServer(id));
            }
            wants.entry(id).or_insert((
                pool,
                realm,
                Holder::NameServer(id),
                server.addresses.first().copied(),
            ));
        }
        let hand = hand_records(facts);
        for (pool, realm, holder, address) in wants.values() {
            if let (Some(address), Some(pool)) = (address, pools.get_mut(pool)) {
                pool.take(*address);
                self.hold(*realm, *address, *holder);
            }
        }
        for (subnet, address) in facts.balancers.values().flat_map(|it| &it.inner) {
            if let (Some(address), Some(pool)) = (address, pools.get_mut(subnet)) {
                pool.take(*address);
            }
        }
        for (id, endpoint) in &facts.private_endpoints {
            if let Some(pool) = pools.get_mut(&endpoint.subnet) {
                for (_, address) in &endpoint.addresses {
                    pool.take(*address);
                }
                for (_, address) in recorded(facts, &hand, endpoint) {
                    if endpoint.addresses.is_empty() && pool.contains(address) {
                        pool.promise(address, *id);
                    }
                }
            }
        }
        let mut endpoints: BTreeMap<ResourceId, &PrivateEndpoint> =
            facts.private_endpoints.iter().map(|(id, it)| (*id, it)).collect();
        for (id, (pool, realm, holder, address)) in wants {
            // In the order of numbers, whatever it is.
            let later = endpoints.split_off(&id);
            for (id, endpoint) in std::mem::replace(&mut endpoints, later) {
                self.place_endpoint(facts, &hand, &mut pools, id, endpoint);
            }
            if let Some(address) = address {
                if pools.contains_key(&pool) {
                    self.address.insert(id, address);
                }
                continue;
            }
            match pools.get_mut(&pool).and_then(Pool::next) {
                Some(address) => {
                    self.address.insert(id, address);
                    self.hold(realm, address, holder);
                }
                None => {
                    self.without_address.insert(id);
                }
            }
        }
        for (id, endpoint) in endpoints {
            self.place_endpoint(facts, &hand, &mut pools, id, endpoint);
        }
    }

    fn place_endpoint(
        &mut self,
        facts: &Facts,
        hand: &HandRecords<'_>,
        pools: &mut BTreeMap<ResourceId, Pool>,
        id: ResourceId,
        endpoint: &PrivateEndpoint,
    ) {
        let Some(realm) = Self::realm(facts, endpoint.subnet) else { return };
        let members = members(facts, endpoint);
        let mut all: Vec<(String, Ipv4Addr)> = Vec::new();
        if endpoint.addresses.is_empty() {
            let recorded = recorded(facts, hand, endpoint);
            for member in members {
                let Some(pool) = pools.get_mut(&endpoint.subnet) else { return };
                let wanted = recorded
                    .iter()
                    .find(|(it, address)| *it == member && pool.promised(*address, id))
                    .map(|(_, address)| *address);
                if let Some(address) = wanted.or_else(|| pool.next()) {
                    all.push((member, address));
                } else {
                    self.without_address.insert(id);
                }
            }
        } else {
            // Addresses without a member's name stand in the order of the members.
            let mut rest = members.iter().filter(|it| {
                !endpoint.addresses.iter().any(|(name, _)| name.eq_ignore_ascii_case(it))
            });
            for (name, address) in &endpoint.addresses {
                let name = if name.is_empty() {
                    rest.next().cloned().unwrap_or_default()
                } else {
                    name.clone()
                };
                all.push((name, *address));
            }
        }
        for (_, address) in &all {
            self.hold(realm, *address, Holder::Endpoint(id));
        }
        self.endpoint_addresses.insert(id, all);
    }

    /// The records that resolvers see: those written by hand, and those that zone groups write.
    fn write_records(&mut self, facts: &Facts) {
        for (&id, endpoint) in &facts.private_endpoints {
            let Some(group) = link_group(facts, endpoint) else { continue };
            let addresses = self.endpoint_addresses.get(&id);
            for zone in &endpoint.zones {
                let Some(name) = facts.zones.get(zone).map(|it| &it.name) else { continue };
                for record in group.records.iter().filter(|it| it.zone == *name) {
                    let address = addresses
                        .and_then(|all| all.iter().find(|(it, _)| *it == record.member))
                        .map(|(_, address)| *address);
                    let Some(address) = address else { continue };
                    let set = self.records.entry(*zone).or_default();
                    let replaced = set
                        .get(&record.label)
                        .map(|it| it.replaced.iter().copied().chain([it.at]).collect())
                        .unwrap_or_default();
                    set.insert(
                        record.label.clone(),
                        RecordSet { addresses: vec![address], at: id, replaced },
                    );
                }
            }
        }
        self.register_hosts(facts);
        for (&id, zone) in &facts.zones {
            let set = self.records.entry(id).or_default();
            for record in &zone.records {
                set.insert(
                    record.label.clone(),
                    RecordSet {
                        addresses: record.addresses.clone(),
                        at: record.at,
                        replaced: Vec::new(),
                    },
                );
            }
        }
    }

    /// Zones that register the hosts of a network by name.
    fn register_hosts(&mut self, facts: &Facts) {
        let mut zones: BTreeMap<ResourceId, Vec<ResourceId>> = BTreeMap::new();
        for (&id, zone) in &facts.zones {
            for link in zone.links.iter().filter(|it| it.registers) {
                zones.entry(link.network).or_default().push(id);
            }
        }
        if zones.is_empty() {
            return;
        }
        for (&id, host) in &facts.hosts {
            let Position::Subnet { subnet, .. } = host.position else { continue };
            let Some(network) = facts.subnets.get(&subnet).map(|it| it.network) else { continue };
            let Some(address) = self.address.get(&id).copied() else { continue };
            for zone in zones.get(&network).into_iter().flatten() {
                let label = facts.name(id).to_ascii_lowercase();
                let set = RecordSet { addresses: vec![address], at: id, replaced: Vec::new() };
                self.records.entry(*zone).or_default().insert(label, set);
            }
        }
    }

    /// Who holds `address` in `realm`.
    pub(super) fn holder(&self, realm: Realm, address: Ipv4Addr) -> Option<Holder> {
        self.holders.get(&address)?.iter().find(|(it, _)| *it == realm).map(|(_, it)| *it)
    }
}

/// Addresses of hand-written records, by zone and label.
type HandRecords<'a> = BTreeMap<(&'a str, &'a str), Ipv4Addr>;

fn hand_records(facts: &Facts) -> HandRecords<'_> {
    let mut all = BTreeMap::new();
    for zone in facts.zones.values() {
        for record in &zone.records {
            if let Some(address) = record.addresses.first() {
                all.entry((zone.name.as_str(), record.label.as_str())).or_insert(*address);
            }
        }
    }
    all
}

/// Addresses that hand-written records give to the members of an endpoint: they say what the endpoint
/// must have got.
fn recorded(
    facts: &Facts,
    hand: &HandRecords<'_>,
    endpoint: &PrivateEndpoint,
) -> Vec<(String, Ipv4Addr)> {
    let Some(group) = link_group(facts, endpoint) else { return Vec::new() };
    let mut all: Vec<(String, Ipv4Addr)> = Vec::new();
    for record in &group.records {
        if let Some(address) = hand.get(&(record.zone.as_str(), record.label.as_str()))
            && !all.iter().any(|(member, _)| *member == record.member)
        {
            all.push((record.member.clone(), *address));
        }
    }
    all
}

/// The sub-resource that an endpoint serves, as its target describes it.
pub(super) fn link_group<'a>(
    facts: &'a Facts,
    endpoint: &PrivateEndpoint,
) -> Option<&'a crate::facts::service::LinkGroup> {
    facts
        .services
        .get(&endpoint.target)?
        .links
        .iter()
        .find(|it| it.group.eq_ignore_ascii_case(&endpoint.group))
}

fn members(facts: &Facts, endpoint: &PrivateEndpoint) -> Vec<String> {
    match link_group(facts, endpoint) {
        Some(it) if !it.members.is_empty() => it.members.clone(),
        _ => vec![String::new()],
    }
}

/// Addresses of one subnet: the first four and the last belong to the platform.
#[derive(Debug)]
struct Pool {
    prefixes: Vec<Cidr>,
    taken: BTreeSet<Ipv4Addr>,
    promises: BTreeMap<Ipv4Addr, ResourceId>,
    /// Prefix and offset to try next.
    next: (usize, u64),
}

const RESERVED_FIRST: u64 = 4;

impl Pool {
    fn new(prefixes: &[Cidr]) -> Pool {
        Pool {
            prefixes: prefixes.to_vec(),
            taken: BTreeSet::new(),
            promises: BTreeMap::new(),
            next: (0, RESERVED_FIRST),
        }
    }

    fn contains(&self, address: Ipv4Addr) -> bool {
        self.prefixes.iter().any(|it| it.contains(address))
    }

    fn take(&mut self, address: Ipv4Addr) {
        self.taken.insert(address);
    }

    /// Keeps an address for `id`, unless it is gone.
    fn promise(&mut self, address: Ipv4Addr, id: ResourceId) {
        if !self.taken.contains(&address) {
            self.promises.entry(address).or_insert(id);
        }
    }

    fn promised(&self, address: Ipv4Addr, id: ResourceId) -> bool {
        self.promises.get(&address) == Some(&id)
    }

    fn next(&mut self) -> Option<Ipv4Addr> {
        loop {
            let prefix = *self.prefixes.get(self.next.0)?;
            if self.next.1 + 1 >= prefix.size() {
                self.next = (self.next.0 + 1, RESERVED_FIRST);
                continue;
            }
            let offset = u32::try_from(self.next.1).ok()?;
            self.next.1 += 1;
            let address = Ipv4Addr::from_bits(prefix.first().to_bits().checked_add(offset)?);
            if !self.taken.contains(&address) && !self.promises.contains_key(&address) {
                return Some(address);
            }
        }
    }
}
