//! Small worlds of networks, filters, routes, firewalls, machines that forward and services, random but plain when shrunk, and
//! the designs drawn from them with the kinds and settings of the app.

use std::{collections::BTreeMap, sync::Arc};

use drawbridge::{
    design::Design,
    kinds::{Kind, Resource, ResourceId},
    solve::flow::{Destination, Flow},
};
use serde_json::{Value, json};

/// Two services with a firewall: a blob endpoint and a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Service {
    Blob,
    Vault,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) nets: Vec<Net>,
    /// Halves of peerings, by network and remote network.
    pub(crate) halves: BTreeMap<(usize, usize), Half>,
    pub(crate) filters: Vec<Vec<Rule>>,
    pub(crate) admin: Vec<AdminRule>,
    pub(crate) tables: Vec<Vec<Route>>,
    pub(crate) firewall: Option<Firewall>,
    /// The machines that routes lead to; each is one of the hosts as well.
    pub(crate) machines: Vec<Machine>,
    pub(crate) hosts: Vec<Host>,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) zones: BTreeMap<Service, Zone>,
    pub(crate) services: BTreeMap<Service, Gate>,
    /// The DNS server in network 0 asks Azure DNS (or public DNS).
    pub(crate) server_asks_azure: bool,
}

/// Network `n` is 10.`n + 1`.0.0/16 with subnets .1.0/24 (hosts), .2.0/24 (private endpoints) and, where a
/// machine stands apart, .3.0/24.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    pub(crate) far: bool,
    pub(crate) custom_dns: bool,
    pub(crate) subnets: [Subnet; 3],
    pub(crate) balancer: Option<Balancer>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is rolled and read by itself")]
#[derive(Clone, Debug, Default)]
pub(crate) struct Subnet {
    pub(crate) filter: Option<usize>,
    pub(crate) table: Option<usize>,
    pub(crate) blob_endpoint: bool,
    pub(crate) vault_endpoint: bool,
    pub(crate) filters_endpoints: bool,
    pub(crate) routes_endpoints: bool,
    pub(crate) nat: bool,
    pub(crate) default_outbound: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Half {
    pub(crate) connected: bool,
    pub(crate) access: bool,
    pub(crate) forwarded: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) inbound: bool,
    pub(crate) priority: u32,
    pub(crate) allow: bool,
    pub(crate) tcp_only: bool,
    pub(crate) source: Place,
    pub(crate) destination: Place,
    pub(crate) ports: (u16, u16),
}

/// A rule over whole networks, by priority like the others.
#[derive(Clone, Debug)]
pub(crate) struct AdminRule {
    pub(crate) rule: Rule,
    /// Of one that allows: no group is asked after it.
    pub(crate) always: bool,
    pub(crate) nets: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Any,
    VirtualNetwork,
    Internet,
    Storage,
    StorageNear,
    StorageFar,
    KeyVault,
    PlatformDns,
    Prefix(u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) to: RouteTo,
    pub(crate) hop: RouteHop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RouteTo {
    Prefix(u32, u32),
    Storage,
    StorageNear,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RouteHop {
    Drop,
    Firewall,
    Internet,
    Machine(usize),
}

/// A virtual machine that stands as the next hop of routes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine {
    pub(crate) net: usize,
    /// In a subnet of its own, not among the other hosts.
    pub(crate) apart: bool,
    pub(crate) forwards: Forwards,
}

/// IP forwarding of a machine, and what its software is said to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forwards {
    /// Lets all through, and keeps their source but on the way to the internet.
    Passes,
    /// Lets all through with its own address as the source.
    Translates,
    Unsaid,
    /// IP forwarding is off on its network interface.
    Off,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Firewall {
    pub(crate) network_rules: Vec<FirewallRule>,
    pub(crate) application_rules: Vec<NameRule>,
    pub(crate) blob_endpoint: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct FirewallRule {
    pub(crate) allow: bool,
    pub(crate) source: Place,
    pub(crate) destination: Place,
    pub(crate) ports: (u16, u16),
}

#[derive(Clone, Debug)]
pub(crate) struct NameRule {
    pub(crate) allow: bool,
    pub(crate) name: &'static str,
}

#[derive(Clone, Debug)]
pub(crate) struct Host {
    pub(crate) net: usize,
    /// 0, or 2 for a machine that stands apart.
    pub(crate) subnet: usize,
    /// Which machine it is, where routes may lead to it.
    pub(crate) machine: Option<usize>,
    pub(crate) address: u32,
    pub(crate) filter: Option<usize>,
    pub(crate) public: bool,
    /// In the pool of the public load balancer of its network, if there is one.
    pub(crate) behind: bool,
    /// In the pool of an internal load balancer.
    pub(crate) inner: bool,
}

/// What the public load balancer of a network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Balancer {
    /// An outbound rule for this protocol.
    LetsOut(&'static str),
    /// A load balancing rule, with or without the translation that comes with it.
    TakesIn { translates: bool },
}

#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) net: usize,
    pub(crate) address: u32,
    pub(crate) service: Service,
    pub(crate) approved: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Zone {
    pub(crate) links: Vec<(usize, bool)>,
    pub(crate) record: Option<u32>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is rolled and read by itself")]
#[derive(Clone, Debug)]
pub(crate) struct Gate {
    pub(crate) far: bool,
    pub(crate) disabled: bool,
    pub(crate) default_allow: bool,
    pub(crate) lists_nat: bool,
    pub(crate) lists_balancers: bool,
    pub(crate) lists_firewall: bool,
    pub(crate) lists_client: bool,
    pub(crate) subnets: Vec<usize>,
    /// The subnets of machines that stand apart.
    pub(crate) lists_machines: bool,
    pub(crate) lists_firewall_subnet: bool,
}

/// NAT gateway of the near region, and the one of the far region.
pub(crate) const BALANCERS: [&str; 3] = ["203.0.113.30", "203.0.113.31", "203.0.113.32"];
pub(crate) const NATS: [&str; 2] = ["203.0.113.20", "203.0.113.21"];
pub(crate) const FIREWALL: &str = "203.0.113.50";
pub(crate) const CLIENT: &str = "198.51.100.7";
pub(crate) const CLIENT_BITS: u32 = 0xC633_6407;

pub(crate) fn ip(a: u32, b: u32, c: u32) -> u32 {
    10 << 24 | a << 16 | b << 8 | c
}

pub(crate) fn space(net: usize) -> u32 {
    ip(number(net), 0, 0)
}

pub(crate) fn number(net: usize) -> u32 {
    u32::try_from(net).unwrap() + 1
}

pub(crate) fn firewall_address() -> u32 {
    ip(1, 100, 4)
}

pub(crate) fn server_address() -> u32 {
    ip(1, 1, 53)
}

/// Among the hosts, or at .3.0/24.
pub(crate) fn machine_address(machines: &[Machine], n: usize) -> u32 {
    let it = &machines[n];
    ip(number(it.net), if it.apart { 3 } else { 1 }, 200 + u32::try_from(n).unwrap())
}

pub(crate) fn inside(address: u32, prefix: u32, len: u32) -> bool {
    len == 0 || (address ^ prefix) >> (32 - len) == 0
}

pub(crate) fn dotted(address: u32) -> String {
    std::net::Ipv4Addr::from_bits(address).to_string()
}

// ---- random worlds ----

/// A row of bytes that decides everything; zero is the plainest choice, so shrinking makes worlds plain.
pub(crate) struct Tape<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

impl Tape<'_> {
    pub(crate) fn pick(&mut self, n: usize) -> usize {
        let it = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(it) % n
    }

    /// True once in `n` times.
    fn rare(&mut self, n: usize) -> bool {
        self.pick(n) == n - 1
    }

    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.pick(all.len())]
    }

    /// One of `n`, or none.
    fn maybe(&mut self, n: usize) -> Option<usize> {
        self.pick(n + 1).checked_sub(1)
    }

    fn private_place(&mut self) -> (u32, u32) {
        self.of(&[
            (ip(1, 0, 0), 16),
            (ip(2, 0, 0), 16),
            (ip(3, 0, 0), 16),
            (ip(1, 1, 0), 24),
            (ip(2, 1, 4), 32),
            (ip(0, 0, 0), 8),
            (ip(2, 2, 0), 24),
            (ip(1, 2, 10), 32),
        ])
    }

    fn place(&mut self) -> Place {
        match self.pick(10) {
            1 => Place::VirtualNetwork,
            2 => Place::Internet,
            3 => Place::Storage,
            4 => Place::StorageNear,
            5 => Place::StorageFar,
            6 => Place::KeyVault,
            7 => Place::PlatformDns,
            8 | 9 => {
                let (prefix, len) = self.private_place();
                Place::Prefix(prefix, len)
            }
            _ => Place::Any,
        }
    }

    pub(crate) fn rule(&mut self, n: u32) -> Rule {
        let inbound = self.rare(2);
        // Tags of services and of the platform stand as destinations of outbound rules.
        let end = |it: Place| if it == Place::PlatformDns { Place::Any } else { it };
        let mut side = |often: bool| if often || self.rare(4) { self.place() } else { Place::Any };
        // The other side of a rule mostly says nothing, or hardly any rule would ever match.
        let (source, destination) = (side(inbound), side(!inbound));
        Rule {
            inbound,
            priority: 110 + 10 * n,
            allow: !self.rare(2),
            tcp_only: self.rare(4),
            source: end(source),
            destination: if inbound { end(destination) } else { destination },
            ports: self.of(&[(0, 65535), (443, 443), (53, 53), (22, 443), (22, 22)]),
        }
    }

    pub(crate) fn world(&mut self) -> World {
        let mut world = World::default();
        let n_nets = 1 + self.pick(3);
        let has_firewall = self.rare(2);
        let n_machines = [0, 0, 0, 1, 1, 2][self.pick(6)];
        for _ in 0..n_machines {
            let net = self.pick(n_nets);
            let apart = !self.rare(4);
            let forwards = self.of(&[
                Forwards::Passes,
                Forwards::Passes,
                Forwards::Passes,
                Forwards::Translates,
                Forwards::Translates,
                Forwards::Unsaid,
                Forwards::Off,
            ]);
            world.machines.push(Machine { net, apart, forwards });
        }
        let n_filters = self.pick(3);
        let n_tables = if n_machines == 0 { self.pick(3) } else { 1 + self.pick(2) };
        for _ in 0..n_filters {
            let n = 1 + self.pick(3);
            world.filters.push((0..n).map(|n| self.rule(u32::try_from(n).unwrap())).collect());
        }
        if self.rare(2) {
            for n in 0..=self.pick(3) {
                let mut rule = self.rule(u32::try_from(n).unwrap());
                // They take no tags of the platform.
                if rule.destination == Place::PlatformDns {
                    rule.destination = Place::Any;
                }
                let always = self.rare(2);
                let nets = (0..n_nets).filter(|_| !self.rare(3)).collect();
                world.admin.push(AdminRule { rule, always, nets });
            }
        }
        for _ in 0..n_tables {
            let mut table: Vec<Route> = Vec::new();
            for _ in 0..=self.pick(3) {
                let to_machine = n_machines > 0 && self.rare(2);
                let to = match self.pick(5) {
                    // Those for whole networks, which two sides may share.
                    _ if to_machine => {
                        let (prefix, len) = self.of(&[
                            (0, 0),
                            (ip(1, 0, 0), 16),
                            (ip(2, 0, 0), 16),
                            (ip(3, 0, 0), 16),
                            (ip(0, 0, 0), 8),
                            (ip(2, 1, 0), 24),
                        ]);
                        RouteTo::Prefix(prefix, len)
                    }
                    0 => RouteTo::Prefix(0, 0),
                    1 => RouteTo::Storage,
                    2 => RouteTo::StorageNear,
                    _ => {
                        let (prefix, len) = self.private_place();
                        RouteTo::Prefix(prefix, len)
                    }
                };
                let hop = match self.pick(if has_firewall { 4 } else { 2 }) {
                    _ if to_machine => RouteHop::Machine(self.pick(n_machines)),
                    0 => RouteHop::Drop,
                    1 => RouteHop::Internet,
                    _ => RouteHop::Firewall,
                };
                // Azure takes one route per prefix.
                if !table.iter().any(|it| it.to == to) {
                    table.push(Route { to, hop });
                }
            }
            world.tables.push(table);
        }
        for net in 0..n_nets {
            let far = self.rare(3);
            let custom_dns = self.rare(4);
            let mut subnet = || {
                let policy = self.pick(4);
                Subnet {
                    filter: self.maybe(n_filters),
                    table: self.maybe(n_tables),
                    blob_endpoint: self.rare(4),
                    vault_endpoint: self.rare(4),
                    filters_endpoints: policy & 1 == 1,
                    routes_endpoints: policy & 2 == 2,
                    nat: self.rare(4),
                    default_outbound: !self.rare(3),
                }
            };
            let mut subnets = [subnet(), subnet(), Subnet::default()];
            if world.machines.iter().any(|it| it.net == net && it.apart) {
                subnets[2] = subnet();
                // Mostly the machine sends on by the routes of Azure.
                if !self.rare(3) {
                    subnets[2].table = None;
                }
            }
            let balancer = self.of(&[
                None,
                Some(Balancer::LetsOut("All")),
                Some(Balancer::LetsOut("Tcp")),
                Some(Balancer::LetsOut("Udp")),
                Some(Balancer::TakesIn { translates: true }),
                Some(Balancer::TakesIn { translates: false }),
            ]);
            world.nets.push(Net { far, custom_dns, subnets, balancer });
            let count = if net == 0 { 1 } else { 1 + self.pick(2) };
            for n in 0..count {
                let address = ip(number(net), 1, 4 + u32::try_from(n).unwrap());
                let filter = if self.rare(3) { self.maybe(n_filters) } else { None };
                let (public, behind, inner) = (self.rare(4), self.rare(2), self.rare(4));
                let (subnet, machine) = (0, None);
                world.hosts.push(Host {
                    net,
                    subnet,
                    machine,
                    address,
                    filter,
                    public,
                    behind,
                    inner,
                });
            }
        }
        for (n, machine) in world.machines.iter().enumerate() {
            let filter = if self.rare(3) { self.maybe(n_filters) } else { None };
            world.hosts.push(Host {
                net: machine.net,
                subnet: if machine.apart { 2 } else { 0 },
                machine: Some(n),
                address: machine_address(&world.machines, n),
                filter,
                public: self.rare(4),
                behind: self.rare(4),
                inner: self.rare(4),
            });
        }
        // Spokes that meet only in the network of a machine.
        let hub = world.machines.first().map(|it| it.net).filter(|_| self.rare(2));
        for a in 0..n_nets {
            for b in 0..n_nets {
                let apart = hub.is_some_and(|it| a != it && b != it);
                if a != b && !apart && !self.rare(12) {
                    let connected = !self.rare(16);
                    let access = !self.rare(16);
                    let forwarded = self.rare(2);
                    world.halves.insert((a, b), Half { connected, access, forwarded });
                }
            }
        }
        if has_firewall {
            let mut it = Firewall { blob_endpoint: self.rare(4), ..Firewall::default() };
            for _ in 0..self.pick(3) {
                it.network_rules.push(FirewallRule {
                    allow: !self.rare(3),
                    source: match self.private_place() {
                        (prefix, len) if self.rare(2) => Place::Prefix(prefix, len),
                        _ => Place::Any,
                    },
                    destination: match self.pick(5) {
                        1 => Place::Storage,
                        2 => Place::KeyVault,
                        3 | 4 => {
                            let (prefix, len) = self.private_place();
                            Place::Prefix(prefix, len)
                        }
                        _ => Place::Any,
                    },
                    ports: self.of(&[(0, 65535), (443, 443), (22, 22)]),
                });
            }
            for _ in 0..self.pick(3) {
                it.application_rules.push(NameRule {
                    allow: !self.rare(3),
                    name: self.of(&[
                        "storage1.blob.core.windows.net",
                        "*.vault.azure.net",
                        "*.blob.core.windows.net",
                        "blob.core.windows.net",
                    ]),
                });
            }
            world.firewall = Some(it);
        }
        for n in 0..self.pick(4) {
            let net = self.pick(n_nets);
            let service = self.of(&[Service::Blob, Service::Vault]);
            let address = ip(number(net), 2, 10 + u32::try_from(n).unwrap());
            let approved = !self.rare(4);
            world.endpoints.push(Endpoint { net, address, service, approved });
        }
        for service in [Service::Blob, Service::Vault] {
            let records: Vec<u32> = world
                .endpoints
                .iter()
                .filter(|it| it.service == service)
                .map(|it| it.address)
                .collect();
            let record =
                if records.is_empty() || self.rare(6) { None } else { Some(self.of(&records)) };
            let mut links = Vec::new();
            for net in 0..n_nets {
                if !self.rare(3) {
                    links.push((net, self.rare(3)));
                }
            }
            if !self.rare(5) {
                world.zones.insert(service, Zone { links, record });
            }
            let gate = Gate {
                far: self.rare(3),
                disabled: self.rare(3),
                default_allow: self.rare(2),
                lists_nat: self.rare(3),
                lists_balancers: self.rare(3),
                lists_firewall: self.rare(3),
                lists_client: self.rare(3),
                subnets: (0..n_nets).filter(|_| self.rare(3)).collect(),
                lists_machines: n_machines > 0 && self.rare(3),
                lists_firewall_subnet: has_firewall && self.rare(3),
            };
            world.services.insert(service, gate);
        }
        world.server_asks_azure = !self.rare(3);
        world
    }
}

pub(crate) fn host_public(host: usize) -> &'static str {
    [
        "203.0.113.101",
        "203.0.113.102",
        "203.0.113.103",
        "203.0.113.104",
        "203.0.113.105",
        "203.0.113.106",
        "203.0.113.107",
    ][host]
}

// ---- drawing ----

/// The world as the app holds it.
pub(crate) struct Drawn {
    pub(crate) design: Design,
    pub(crate) hosts: Vec<ResourceId>,
    pub(crate) services: BTreeMap<Service, ResourceId>,
    pub(crate) client: ResourceId,
}

#[derive(Default)]
pub(crate) struct Pen {
    pub(crate) design: Design,
}

impl Pen {
    fn add(
        &mut self,
        kind: Kind,
        name: &str,
        parent: Option<ResourceId>,
        settings: Value,
    ) -> ResourceId {
        let id = self.design.next_id();
        let mut it = Resource::new(kind, name, parent);
        for (key, value) in settings.as_object().unwrap() {
            let known = kind.info().fields.iter().any(|it| it.key == key);
            assert!(known, "{} has no setting {key}", kind.info().slug);
            it.settings.insert(key.clone(), value.clone());
        }
        self.design.resources.0.insert(id, Arc::new(it));
        id
    }
}

pub(crate) fn prefix(address: u32, len: u32) -> String {
    format!("{}/{len}", dotted(address))
}

pub(crate) fn place_text(it: Place) -> String {
    match it {
        Place::Any => "*".to_owned(),
        Place::VirtualNetwork => "VirtualNetwork".to_owned(),
        Place::Internet => "Internet".to_owned(),
        Place::Storage => "Storage".to_owned(),
        Place::StorageNear => "Storage.JapanEast".to_owned(),
        Place::StorageFar => "Storage.WestEurope".to_owned(),
        Place::KeyVault => "AzureKeyVault".to_owned(),
        Place::PlatformDns => "AzurePlatformDNS".to_owned(),
        Place::Prefix(address, len) => prefix(address, len),
    }
}

pub(crate) fn ports_text((first, last): (u16, u16)) -> String {
    match (first, last) {
        (0, 65535) => "*".to_owned(),
        (a, b) if a == b => a.to_string(),
        (a, b) => format!("{a}-{b}"),
    }
}

pub(crate) fn region(far: bool) -> &'static str {
    if far { "westeurope" } else { "japaneast" }
}

pub(crate) fn draw(world: &World) -> Drawn {
    let mut pen = Pen::default();
    let subscription = pen.add(Kind::Subscription, "sub", None, json!({}));
    let group =
        pen.add(Kind::ResourceGroup, "rg", Some(subscription), json!({ "location": "japaneast" }));
    let group = Some(group);
    let mut filters = Vec::new();
    for (n, rules) in world.filters.iter().enumerate() {
        let rules: Vec<Value> = rules
            .iter()
            .map(|it| {
                json!({
                    "name": format!("rule-{}", it.priority),
                    "priority": it.priority,
                    "direction": if it.inbound { "Inbound" } else { "Outbound" },
                    "access": if it.allow { "Allow" } else { "Deny" },
                    "protocol": if it.tcp_only { "Tcp" } else { "*" },
                    "sourceAddressPrefixes": [place_text(it.source)],
                    "sourcePortRanges": ["*"],
                    "destinationAddressPrefixes": [place_text(it.destination)],
                    "destinationPortRanges": [ports_text(it.ports)],
                })
            })
            .collect();
        // Filters, tables and NAT gateways serve networks of their own region, so there is one for each.
        filters.push([false, true].map(|far| {
            let settings = json!({ "securityRules": rules, "location": region(far) });
            let name = format!("nsg{n}-{}", region(far));
            pen.add(Kind::NetworkSecurityGroup, &name, group, settings).0
        }));
    }
    let mut tables = Vec::new();
    for (n, routes) in world.tables.iter().enumerate() {
        let routes: Vec<Value> = routes
            .iter()
            .enumerate()
            .map(|(n, it)| {
                let to = match it.to {
                    RouteTo::Prefix(address, len) => prefix(address, len),
                    RouteTo::Storage => "Storage".to_owned(),
                    RouteTo::StorageNear => "Storage.JapanEast".to_owned(),
                };
                let (hop, address) = match it.hop {
                    RouteHop::Drop => ("None", None),
                    RouteHop::Internet => ("Internet", None),
                    RouteHop::Firewall => ("VirtualAppliance", Some(dotted(firewall_address()))),
                    RouteHop::Machine(it) => {
                        ("VirtualAppliance", Some(dotted(machine_address(&world.machines, it))))
                    }
                };
                json!({
                    "name": format!("route{n}"),
                    "addressPrefix": to,
                    "nextHopType": hop,
                    "nextHopIpAddress": address,
                })
            })
            .collect();
        tables.push([false, true].map(|far| {
            let settings = json!({ "routes": routes, "location": region(far) });
            let name = format!("rt{n}-{}", region(far));
            pen.add(Kind::RouteTable, &name, group, settings).0
        }));
    }
    let public = |pen: &mut Pen, name: &str, address: &str| {
        pen.add(Kind::PublicIpAddress, name, group, json!({ "ipAddress": address })).0
    };
    let nats = [false, true].map(|far| {
        let ip = public(&mut pen, &format!("pip-nat-{}", region(far)), NATS[usize::from(far)]);
        let settings = json!({ "publicIpAddresses": [ip], "location": region(far) });
        pen.add(Kind::NatGateway, &format!("nat-{}", region(far)), group, settings).0
    });
    let mut nets = Vec::new();
    let mut subnets: BTreeMap<(usize, usize), ResourceId> = BTreeMap::new();
    for (n, net) in world.nets.iter().enumerate() {
        let place = usize::from(net.far);
        let servers = if net.custom_dns { vec![dotted(server_address())] } else { Vec::new() };
        let id = pen.add(
            Kind::VirtualNetwork,
            &format!("net{n}"),
            group,
            json!({
                "addressSpace.addressPrefixes": [prefix(space(n), 16)],
                "dhcpOptions.dnsServers": servers,
                "location": region(net.far),
            }),
        );
        nets.push(id);
        for (m, subnet) in net.subnets.iter().enumerate() {
            if m == 2 && !world.machines.iter().any(|it| it.net == n && it.apart) {
                continue;
            }
            let mut endpoints = Vec::new();
            if subnet.blob_endpoint {
                endpoints.push("Microsoft.Storage");
            }
            if subnet.vault_endpoint {
                endpoints.push("Microsoft.KeyVault");
            }
            let policies = match (subnet.filters_endpoints, subnet.routes_endpoints) {
                (false, false) => "Disabled",
                (true, false) => "NetworkSecurityGroupEnabled",
                (false, true) => "RouteTableEnabled",
                (true, true) => "Enabled",
            };
            let settings = json!({
                "addressPrefix": prefix(space(n) + (u32::try_from(m).unwrap() + 1) * 256, 24),
                "networkSecurityGroup": subnet.filter.map(|it| filters[it][place]),
                "routeTable": subnet.table.map(|it| tables[it][place]),
                "natGateway": subnet.nat.then_some(nats[place]),
                "serviceEndpoints": endpoints,
                "privateEndpointNetworkPolicies": policies,
                "defaultOutboundAccess": subnet.default_outbound,
            });
            let name = ["apps", "ends", "machines"][m];
            subnets.insert((n, m), pen.add(Kind::Subnet, name, Some(id), settings));
        }
    }
    let rules: Vec<Value> = world
        .admin
        .iter()
        .filter(|it| !it.nets.is_empty())
        .map(|it| {
            let access = match (it.rule.allow, it.always) {
                (false, _) => "Deny",
                (true, false) => "Allow",
                (true, true) => "AlwaysAllow",
            };
            json!({
                "name": format!("admin-{}", it.rule.priority),
                "priority": it.rule.priority,
                "direction": if it.rule.inbound { "Inbound" } else { "Outbound" },
                "access": access,
                "protocol": if it.rule.tcp_only { "Tcp" } else { "Any" },
                "sources": [place_text(it.rule.source)],
                "destinations": [place_text(it.rule.destination)],
                "destinationPortRanges": [ports_text(it.rule.ports)],
                "virtualNetworks": it.nets.iter().map(|it| nets[*it].0).collect::<Vec<_>>(),
            })
        })
        .collect();
    if !rules.is_empty() {
        pen.add(Kind::NetworkManager, "avnm", group, json!({ "securityAdminRules": rules }));
    }
    for (&(a, b), half) in &world.halves {
        pen.add(
            Kind::VirtualNetworkPeering,
            &format!("net{a}-net{b}"),
            None,
            json!({
                "virtualNetwork": nets[a].0,
                "remoteVirtualNetwork": nets[b].0,
                "allowVirtualNetworkAccess": half.access,
                "allowForwardedTraffic": half.forwarded,
                "peeringState": if half.connected { "Connected" } else { "Initiated" },
            }),
        );
    }
    let mut firewall_subnet = None;
    if let Some(firewall) = &world.firewall {
        let endpoints = if firewall.blob_endpoint { vec!["Microsoft.Storage"] } else { vec![] };
        let subnet = pen.add(
            Kind::Subnet,
            "AzureFirewallSubnet",
            Some(nets[0]),
            json!({ "addressPrefix": prefix(ip(1, 100, 0), 26), "serviceEndpoints": endpoints }),
        );
        firewall_subnet = Some(subnet);
        let ip = public(&mut pen, "pip-fw", FIREWALL);
        let network: Vec<Value> = firewall
            .network_rules
            .iter()
            .enumerate()
            .map(|(n, it)| {
                json!({
                    "collection": format!("c{n}"),
                    "priority": 100 + n,
                    "name": format!("n{n}"),
                    "action": if it.allow { "Allow" } else { "Deny" },
                    "ipProtocols": ["TCP", "UDP"],
                    "sourceAddresses": [place_text(it.source)],
                    "destinationAddresses": [place_text(it.destination)],
                    "destinationPorts": [ports_text(it.ports)],
                })
            })
            .collect();
        let application: Vec<Value> = firewall
            .application_rules
            .iter()
            .enumerate()
            .map(|(n, it)| {
                json!({
                    "collection": format!("d{n}"),
                    "priority": 100 + n,
                    "name": format!("a{n}"),
                    "action": if it.allow { "Allow" } else { "Deny" },
                    "sourceAddresses": ["*"],
                    "protocols": ["Https:443"],
                    "targetFqdns": [it.name],
                })
            })
            .collect();
        pen.add(
            Kind::AzureFirewall,
            "fw",
            Some(subnet),
            json!({
                "privateIPAddress": dotted(firewall_address()),
                "publicIpAddresses": [ip],
                "networkRules": network,
                "applicationRules": application,
            }),
        );
    }
    pen.add(
        Kind::CustomDnsServer,
        "ns",
        Some(subnets[&(0, 0)]),
        json!({
            "privateIPAddress": dotted(server_address()),
            "default": if world.server_asks_azure { "AzureDns" } else { "PublicRecursion" },
        }),
    );
    let mut hosts = Vec::new();
    for (n, host) in world.hosts.iter().enumerate() {
        let ip = host.public.then(|| public(&mut pen, &format!("pip{n}"), host_public(n)));
        let forwards = host.machine.map(|it| world.machines[it].forwards);
        hosts.push(pen.add(
            Kind::VirtualMachine,
            &format!("vm{n}"),
            Some(subnets[&(host.net, host.subnet)]),
            json!({
                "privateIPAddress": dotted(host.address),
                "enableIPForwarding": forwards.is_some_and(|it| it != Forwards::Off),
                "forwardedTraffic": match forwards {
                    Some(Forwards::Passes) => "Passed",
                    Some(Forwards::Translates) => "Translated",
                    Some(Forwards::Unsaid | Forwards::Off) | None => "NotDescribed",
                },
                "publicIPAddress": ip,
                "networkSecurityGroup": host.filter.map(|it| filters[it][usize::from(world.nets[host.net].far)]),
            }),
        ));
    }
    for (n, net) in world.nets.iter().enumerate() {
        let pool = |wanted: fn(&Host) -> bool| {
            let hosts = world.hosts.iter().zip(&hosts);
            let members = hosts.filter(|(it, _)| it.net == n && wanted(it)).map(|(_, id)| id.0);
            json!([{ "virtualMachines": members.collect::<Vec<_>>() }])
        };
        let inner = json!({
            "frontendIPConfigurations": [{ "subnet": subnets[&(n, 1)].0 }],
            "backendAddressPools": pool(|it| it.inner),
            "location": region(net.far),
        });
        pen.add(Kind::LoadBalancer, &format!("lbi{n}"), group, inner);
        let Some(balancer) = net.balancer else { continue };
        let (out, within) = match balancer {
            Balancer::LetsOut(protocol) => (json!([{ "protocol": protocol }]), json!([])),
            Balancer::TakesIn { translates } => {
                (json!([]), json!([{ "disableOutboundSnat": !translates }]))
            }
        };
        let ip = json!({ "ipAddress": BALANCERS[n], "location": region(net.far) });
        let ip = pen.add(Kind::PublicIpAddress, &format!("pip-lb{n}"), group, ip).0;
        let settings = json!({
            "frontendIPConfigurations": [{ "publicIPAddress": ip }],
            "backendAddressPools": pool(|it| it.behind),
            "outboundRules": out,
            "loadBalancingRules": within,
            "location": region(net.far),
        });
        pen.add(Kind::LoadBalancer, &format!("lb{n}"), group, settings);
    }
    let mut services = BTreeMap::new();
    for (&service, gate) in &world.services {
        let mut ips = Vec::new();
        for (on, address) in [
            (gate.lists_nat, NATS[0]),
            (gate.lists_nat, NATS[1]),
            (gate.lists_balancers, BALANCERS[0]),
            (gate.lists_balancers, BALANCERS[1]),
            (gate.lists_balancers, BALANCERS[2]),
            (gate.lists_firewall, FIREWALL),
            (gate.lists_client, CLIENT),
        ] {
            if on {
                ips.push(address.to_string());
            }
        }
        let mut listed: Vec<u32> = gate.subnets.iter().map(|it| subnets[&(*it, 0)].0).collect();
        if gate.lists_machines {
            listed.extend(subnets.iter().filter(|((_, m), _)| *m == 2).map(|(_, it)| it.0));
        }
        listed.extend(firewall_subnet.filter(|_| gate.lists_firewall_subnet).map(|it| it.0));
        let (kind, name, bypass) = match service {
            Service::Blob => (Kind::StorageAccount, "storage1", json!([])),
            Service::Vault => (Kind::KeyVault, "vault1", json!("None")),
        };
        let settings = json!({
            "location": region(gate.far),
            "publicNetworkAccess": if gate.disabled { "Disabled" } else { "Enabled" },
            "networkAcls.defaultAction": if gate.default_allow { "Allow" } else { "Deny" },
            "networkAcls.ipRules": ips,
            "networkAcls.virtualNetworkRules": listed,
            "networkAcls.bypass": bypass,
        });
        services.insert(service, pen.add(kind, name, group, settings));
    }
    for (n, it) in world.endpoints.iter().enumerate() {
        pen.add(
            Kind::PrivateEndpoint,
            &format!("pe{n}"),
            Some(subnets[&(it.net, 1)]),
            json!({
                "privateLinkServiceId": services[&it.service].0,
                "groupId": if it.service == Service::Blob { "blob" } else { "vault" },
                "connectionState": if it.approved { "Approved" } else { "Pending" },
                "ipConfigurations": [{ "memberName": "", "privateIPAddress": dotted(it.address) }],
            }),
        );
    }
    for (service, zone) in &world.zones {
        let (name, label) = match service {
            Service::Blob => ("privatelink.blob.core.windows.net", "storage1"),
            Service::Vault => ("privatelink.vaultcore.azure.net", "vault1"),
        };
        let links: Vec<Value> = zone
            .links
            .iter()
            .map(|(net, redirect)| {
                json!({
                    "virtualNetwork": nets[*net].0,
                    "resolutionPolicy": if *redirect { "NxDomainRedirect" } else { "Default" },
                })
            })
            .collect();
        let records: Vec<Value> = zone
            .record
            .iter()
            .map(|it| json!({ "name": label, "addresses": [dotted(*it)] }))
            .collect();
        pen.add(
            Kind::PrivateDnsZone,
            name,
            group,
            json!({ "virtualNetworkLinks": links, "records": records }),
        );
    }
    let client =
        pen.add(Kind::InternetClient, "laptop", None, json!({ "publicIpAddress": CLIENT }));
    Drawn { design: pen.design, hosts, services, client }
}

/// A flow of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    HostToHost(usize, usize, u16),
    HostToService(usize, Service),
    ClientToHost(usize),
    ClientToService(Service),
}

impl World {
    /// Everything that can be asked of it.
    pub(crate) fn questions(&self) -> Vec<Question> {
        let mut all = Vec::new();
        for from in 0..self.hosts.len() {
            for to in (0..self.hosts.len()).filter(|to| *to != from) {
                all.extend([443, 22].map(|port| Question::HostToHost(from, to, port)));
            }
            all.extend(self.services.keys().map(|it| Question::HostToService(from, *it)));
            all.push(Question::ClientToHost(from));
        }
        all.extend(self.services.keys().map(|it| Question::ClientToService(*it)));
        all
    }
}

impl Drawn {
    pub(crate) fn flow(&self, question: Question) -> Flow {
        let service = |it: Service| {
            let face = match it {
                Service::Blob => "blob",
                Service::Vault => "vault",
            };
            Destination::Face { resource: self.services[&it], face }
        };
        let host = |it: usize| Destination::Host(self.hosts[it]);
        match question {
            Question::HostToHost(from, to, port) => Flow::tcp(self.hosts[from], host(to), port),
            Question::HostToService(from, it) => Flow::https(self.hosts[from], service(it)),
            Question::ClientToHost(to) => Flow::https(self.client, host(to)),
            Question::ClientToService(it) => Flow::https(self.client, service(it)),
        }
    }
}
