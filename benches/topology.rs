//! A hub with spokes, as facts: networks, subnets with a group each, network interfaces, private endpoints.
//! The same numbers are the same topology.

use std::net::Ipv4Addr;

use drawbridge::facts::{
    Facts, ResourceId,
    cidr::Cidr,
    filter::{Appliance, Direction, Filter, NetworkRule, Place, Ports, Protocol, Rule, Tag},
    network::{
        Host, NextHop, PeeringHalf, Position, PrivateNetwork, Route, RoutePrefix, RouteTable,
        Subnet,
    },
    service::{LinkState, PrivateEndpoint},
};

pub(crate) struct Size {
    /// The hub among them.
    pub(crate) networks: u32,
    pub(crate) subnets: u32,
    pub(crate) rules: u16,
    pub(crate) hosts: u32,
    pub(crate) endpoints: u32,
}

/// Network n has 10.n.0.0/16, its subnets are /24; the firewall stands in the hub, at 10.0.255.4, and
/// the default route of every spoke but each seventh leads to it.
pub(crate) fn hub_and_spokes(size: &Size) -> Facts {
    let mut it = Builder { facts: Facts::default(), state: 0x5EED };
    let firewall_subnet = it.id("AzureFirewallSubnet");
    let firewall = it.id("firewall");
    let networks: Vec<ResourceId> = (0..size.networks).map(|n| it.network(n)).collect();
    let hub = networks.first().copied().unwrap_or_default();
    it.facts.subnets.insert(
        firewall_subnet,
        Subnet { network: hub, prefixes: vec![net(0, 255, 24)], ..Subnet::default() },
    );
    it.firewall(firewall, firewall_subnet, hub);
    for (spoke, n) in networks.iter().zip(0u32..).skip(1) {
        for (from, to) in [(hub, *spoke), (*spoke, hub)] {
            let at = it.id("peering");
            it.facts.peerings.push(PeeringHalf {
                at,
                from,
                to,
                connected: true,
                access: !n.is_multiple_of(11),
                forwarded: true,
                gateway_transit: false,
                remote_gateways: false,
            });
        }
    }
    let table = it.id("to the firewall");
    let route = Route {
        name: "default".to_owned(),
        to: RoutePrefix::Prefix(Cidr::ALL),
        next_hop: NextHop::Appliance(FIREWALL),
    };
    let routes = RouteTable { routes: vec![route], learns_gateway_routes: true };
    it.facts.route_tables.insert(table, routes);
    let subnets: Vec<ResourceId> = (0..size.subnets)
        .map(|n| {
            let network = n % size.networks;
            let id = it.id("subnet");
            let filter = it.filter(size);
            let routed = network != 0 && !network.is_multiple_of(7);
            let subnet = Subnet {
                network: networks.get(network as usize).copied().unwrap_or_default(),
                prefixes: vec![net(network, n / size.networks, 24)],
                filter: Some(filter),
                routes: routed.then_some(table),
                filters_private_endpoints: n % 3 == 0,
                routes_private_endpoints: n % 3 == 0,
                default_outbound: true,
                ..Subnet::default()
            };
            it.facts.subnets.insert(id, subnet);
            id
        })
        .collect();
    let subnet = |n: u32| subnets.get((n % size.subnets) as usize).copied().unwrap_or_default();
    for n in 0..size.hosts {
        let id = it.id("vm");
        let position = Position::Subnet { subnet: subnet(n), address: None };
        it.facts.hosts.insert(id, Host::at(position));
    }
    for n in 0..size.endpoints {
        let id = it.id("endpoint");
        it.facts.private_endpoints.insert(
            id,
            PrivateEndpoint {
                subnet: subnet(n * 7),
                target: id,
                group: "blob".to_owned(),
                state: LinkState::Approved,
                addresses: vec![(String::new(), endpoint_address(n, size))],
                zones: Vec::new(),
                groups: Vec::new(),
            },
        );
    }
    it.facts
}

const FIREWALL: Ipv4Addr = Ipv4Addr::new(10, 0, 255, 4);

/// From .200 on, where no host is.
fn endpoint_address(n: u32, size: &Size) -> Ipv4Addr {
    let subnet = n * 7 % size.subnets;
    let prefix = net(subnet % size.networks, subnet / size.networks, 24);
    Ipv4Addr::from_bits(prefix.first().to_bits() + 200 + n * 7 / size.subnets)
}

fn net(network: u32, subnet: u32, len: u8) -> Cidr {
    Cidr::holding(Ipv4Addr::from_bits((10 << 24) | (network << 16) | (subnet << 8)), len)
}

struct Builder {
    facts: Facts,
    state: u64,
}

impl Builder {
    fn id(&mut self, name: &str) -> ResourceId {
        let n = u32::try_from(self.facts.names.len()).unwrap_or(u32::MAX) + 1;
        self.facts.names.insert(ResourceId(n), format!("{name}-{n}"));
        ResourceId(n)
    }

    fn below(&mut self, limit: u32) -> u32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        u32::try_from((self.state >> 32) % u64::from(limit.max(1))).unwrap_or(0)
    }

    fn network(&mut self, n: u32) -> ResourceId {
        let id = self.id("network");
        let region = "japaneast".to_owned();
        self.facts
            .networks
            .insert(id, PrivateNetwork { space: vec![net(n, 0, 16)], region, dns: Vec::new() });
        id
    }

    fn firewall(&mut self, id: ResourceId, subnet: ResourceId, network: ResourceId) {
        let rule = |name: &str, source, destination, first, last| NetworkRule {
            name: name.to_owned(),
            priority: (100, u32::from(first)),
            allow: true,
            protocols: vec![Protocol::Tcp],
            source: vec![Place::Prefix(source)],
            destination: vec![Place::Prefix(destination)],
            ports: vec![Ports { first, last }],
        };
        let all = Cidr::holding(Ipv4Addr::new(10, 0, 0, 0), 8);
        let low = Cidr::holding(Ipv4Addr::new(10, 0, 0, 0), 11);
        self.facts.appliances.insert(
            id,
            Appliance {
                network,
                subnet,
                address: Some(FIREWALL),
                network_rules: vec![rule("web", low, all, 443, 443), rule("ssh", low, low, 22, 22)],
                ..Appliance::default()
            },
        );
    }

    /// Half of the rules for each direction, about whole networks, subnets and groups of both.
    fn filter(&mut self, size: &Size) -> ResourceId {
        let id = self.id("nsg");
        let rules = (0..size.rules)
            .map(|n| {
                let direction = if n % 2 == 0 { Direction::Inbound } else { Direction::Outbound };
                let far = self.place(size);
                let any = vec![Place::Any];
                let (source, destination) = match direction {
                    Direction::Inbound => (vec![far], any),
                    Direction::Outbound => (any, vec![far]),
                };
                let first = match self.below(4) {
                    0 => 443,
                    1 => 0,
                    _ => u16::try_from(self.below(60_000)).unwrap_or(0),
                };
                let last = if first == 443 { 443 } else { first.saturating_add(2_000) };
                Rule {
                    name: format!("rule-{n}"),
                    priority: 100 + n * 10,
                    direction,
                    allow: self.below(3) > 0,
                    protocol: if self.below(3) == 0 { Protocol::Any } else { Protocol::Tcp },
                    source,
                    source_ports: Vec::new(),
                    destination,
                    ports: vec![Ports { first, last }],
                }
            })
            .collect();
        self.facts.filters.insert(id, Filter { rules });
        id
    }

    fn place(&mut self, size: &Size) -> Place {
        let network = self.below(size.networks);
        let subnet = self.below((size.subnets / size.networks).max(1));
        match self.below(6) {
            0 => Place::Prefix(net(network, subnet, 24)),
            1 => Place::Prefix(net(network, subnet & !3, 22)),
            2 | 3 => Place::Prefix(net(network, 0, 16)),
            4 => Place::Prefix(net(network & !7, 0, 13)),
            _ => Place::Tag(Tag::new("VirtualNetwork", None)),
        }
    }
}
