//! A second solver, slow and obvious, compared with the app's on random small designs.
//!
//! It shares no code with `solve`: it reads a world of its own, from which the design is drawn, and
//! follows a packet rule by rule as Azure's docs tell it. Where the docs leave an answer open it says
//! `Open`, and then the app may say anything but "allowed".
//!
//! `DRAWBRIDGE_ORACLE_DESIGNS` sets how many designs are compared (2,000 when it is not set).

use drawbridge::{
    solve::{Hop, Outcome, flow::Network},
    text::Lang,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::worlds::{
    AdminRule, BALANCERS, Balancer, CLIENT, CLIENT_BITS, Endpoint, FIREWALL, Forwards, NATS, Place,
    Question, Route, RouteHop, RouteTo, Rule, Service, Subnet, Tape, World, draw, firewall_address,
    host_public, inside, machine_address, server_address, space,
};

// ---- the obvious solver ----

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Allowed,
    Denied(Hop),
    /// The docs do not settle it, or an address is not known.
    Open,
}

/// The word of the rules over a network: "Always Allow" and "Deny" end the evaluation, "Allow" does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Admin {
    Allow,
    Deny,
    Groups,
}

/// Stops at the first hop that fails.
type Way<T> = Result<T, Said>;

fn pass(hop: Hop, answer: Option<bool>) -> Way<()> {
    match answer {
        Some(true) => Ok(()),
        Some(false) => deny(hop),
        None => Err(Said::Open),
    }
}

fn deny<T>(hop: Hop) -> Way<T> {
    Err(Said::Denied(hop))
}

/// One end of a packet as rules see it.
#[derive(Clone, Copy, Debug)]
enum Party {
    Private(u32),
    /// Public address that is known.
    Client(u32),
    Service(Service),
}

#[derive(Clone, Copy, Debug)]
struct Packet {
    tcp: bool,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place2 {
    Subnet(usize, usize),
    FirewallSubnet,
}

/// Where a packet goes.
#[derive(Clone, Copy, Debug)]
enum Target {
    Private(u32),
    Public(Service),
}

/// Where a packet is when a route is chosen.
#[derive(Clone, Debug)]
struct Here {
    at: Place2,
    source: Party,
    /// Network that the source address belongs to.
    home: usize,
    /// Firewall and machines on the way so far.
    passed: Vec<Passed>,
    /// Whose interface it leaves.
    host: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Box2 {
    Firewall,
    Machine(usize),
}

/// What was passed, and the source that the packet had before.
#[derive(Clone, Copy, Debug)]
struct Passed {
    by: Box2,
    source: Party,
    translated: bool,
}

impl Here {
    fn went_through(&self, it: Box2) -> bool {
        self.passed.iter().any(|passed| passed.by == it)
    }
}

/// How it arrived.
#[derive(Clone, Debug)]
enum Arrived {
    /// At a private address.
    At(Here, u32),
    FromSubnet(Place2),
    /// Known address, region is far, and whether it comes from Azure at all.
    FromInternet {
        address: Option<&'static str>,
        region: Option<bool>,
    },
}

impl World {
    fn subnet(&self, at: Place2) -> Option<&Subnet> {
        match at {
            Place2::Subnet(net, n) => Some(&self.nets[net].subnets[n]),
            Place2::FirewallSubnet => None,
        }
    }

    fn net_of(at: Place2) -> usize {
        match at {
            Place2::Subnet(net, _) => net,
            Place2::FirewallSubnet => 0,
        }
    }

    fn machine_host(&self, machine: usize) -> usize {
        self.hosts.iter().position(|it| it.machine == Some(machine)).unwrap()
    }

    fn host_place(&self, host: usize) -> Place2 {
        Place2::Subnet(self.hosts[host].net, self.hosts[host].subnet)
    }

    /// Address and place of what a route leads to.
    fn box_at(&self, it: Box2) -> (u32, Place2) {
        match it {
            Box2::Firewall => (firewall_address(), Place2::FirewallSubnet),
            Box2::Machine(n) => {
                (machine_address(&self.machines, n), self.host_place(self.machine_host(n)))
            }
        }
    }

    fn connected(&self, a: usize, b: usize) -> bool {
        let half = |a, b| self.halves.get(&(a, b)).is_some_and(|it| it.connected);
        half(a, b) && half(b, a)
    }

    /// A peering was begun between `a` and the network that holds `address`, and is not connected.
    fn unfinished(&self, a: usize, address: u32) -> bool {
        (0..self.nets.len()).any(|b| {
            inside(address, space(b), 16)
                && (self.halves.contains_key(&(a, b)) || self.halves.contains_key(&(b, a)))
                && !self.connected(a, b)
        })
    }

    /// "Traffic must be allowed on both sides; forwarded traffic needs the receiver's permission."
    fn cross(&self, from: usize, to: usize, started_here: bool) -> Way<()> {
        let (own, theirs) = (self.halves[&(from, to)], self.halves[&(to, from)]);
        if !own.access || !theirs.access || (!started_here && !theirs.forwarded) {
            return deny(Hop::Peering);
        }
        Ok(())
    }

    fn routes(&self, at: Place2) -> &[Route] {
        let table = self.subnet(at).and_then(|it| it.table);
        table.map_or(&[], |it| &self.tables[it])
    }

    // -- security groups --

    /// `Some(true)`, `Some(false)`, or `None` where the docs say "possibly".
    fn holds(&self, place: Place, at: Place2, party: Party) -> Option<bool> {
        let near = |service: Service| !self.services[&service].far;
        let service = match party {
            Party::Service(it) => Some(it),
            _ => None,
        };
        Some(match place {
            Place::Any => true,
            Place::Internet => !matches!(party, Party::Private(_)),
            Place::Storage => service == Some(Service::Blob),
            Place::StorageNear => service == Some(Service::Blob) && near(Service::Blob),
            Place::StorageFar => service == Some(Service::Blob) && !near(Service::Blob),
            Place::KeyVault => service == Some(Service::Vault),
            Place::PlatformDns => false,
            Place::Prefix(prefix, len) => match party {
                Party::Private(it) | Party::Client(it) => inside(it, prefix, len),
                Party::Service(_) => false,
            },
            Place::VirtualNetwork => {
                let default = self.routes(at).iter().any(|it| it.to == RouteTo::Prefix(0, 0));
                match party {
                    Party::Private(it) => {
                        let net = Self::net_of(at);
                        let own = (0..self.nets.len()).any(|other| {
                            (other == net || self.connected(net, other))
                                && inside(it, space(other), 16)
                        });
                        let routed = self.routes(at).iter().any(|route| {
                            matches!(route.to, RouteTo::Prefix(p, len) if inside(it, p, len))
                        });
                        own || routed
                    }
                    // With a default route the tag "might cover" everything.
                    Party::Client(_) | Party::Service(_) if default => return None,
                    Party::Client(_) | Party::Service(_) => false,
                }
            }
        })
    }

    /// The rules of a group in order, with the six default ones, as `(allow, matches)`.
    fn allows(
        &self,
        filter: usize,
        at: Place2,
        inbound: bool,
        source: Party,
        destination: Party,
        packet: Packet,
    ) -> Option<bool> {
        let mut rules = self.filters[filter].clone();
        let default = |priority, inbound, allow, source, destination| Rule {
            inbound,
            priority,
            allow,
            tcp_only: false,
            source,
            destination,
            ports: (0, 65535),
        };
        let vnet = Place::VirtualNetwork;
        rules.push(default(65000, true, true, vnet, vnet));
        rules.push(default(65500, true, false, Place::Any, Place::Any));
        rules.push(default(65000, false, true, vnet, vnet));
        rules.push(default(65001, false, true, Place::Any, Place::Internet));
        rules.push(default(65500, false, false, Place::Any, Place::Any));
        rules.retain(|it| it.inbound == inbound);
        rules.sort_by_key(|it| it.priority);
        // Whether each rule matches, where the docs say so.
        let matches: Vec<Option<bool>> = rules
            .iter()
            .map(|it| {
                let sides = [
                    self.holds(it.source, at, source),
                    self.holds(it.destination, at, destination),
                ];
                let protocol = (!it.tcp_only || packet.tcp)
                    && it.ports.0 <= packet.port
                    && packet.port <= it.ports.1;
                if !protocol || sides.contains(&Some(false)) {
                    Some(false)
                } else {
                    sides.iter().copied().find(Option::is_none).unwrap_or(Some(true))
                }
            })
            .collect();
        // Every way in which the open ones may turn out.
        let open = matches.iter().filter(|it| it.is_none()).count();
        let mut answers = Vec::new();
        for world in 0..(1_u32 << open) {
            let mut bits = world;
            let first = rules.iter().zip(&matches).find(|(_, it)| {
                it.unwrap_or_else(|| {
                    bits = bits.rotate_right(1);
                    bits.leading_zeros() == 0
                })
            });
            answers.push(first.is_some_and(|(it, _)| it.allow));
        }
        let all_same = answers.iter().all(|it| *it == answers[0]);
        all_same.then_some(answers[0])
    }

    /// What the rules over a network may say, one word for each way in which the open ones may turn out.
    fn admin(
        &self,
        at: Place2,
        inbound: bool,
        source: Party,
        destination: Party,
        packet: Packet,
    ) -> Vec<Admin> {
        let here = |it: &&AdminRule| {
            self.subnet(at).is_some()
                && it.nets.contains(&Self::net_of(at))
                && it.rule.inbound == inbound
        };
        let mut rules: Vec<&AdminRule> = self.admin.iter().filter(here).collect();
        rules.sort_by_key(|it| it.rule.priority);
        let mut words = Vec::new();
        for it in rules {
            let word = match (it.rule.allow, it.always) {
                (false, _) => Admin::Deny,
                (true, false) => Admin::Groups,
                (true, true) => Admin::Allow,
            };
            let fits = (!it.rule.tcp_only || packet.tcp)
                && it.rule.ports.0 <= packet.port
                && packet.port <= it.rule.ports.1;
            let source = self.holds(it.rule.source, at, source);
            let destination = self.holds(it.rule.destination, at, destination);
            match (fits, source, destination) {
                (false, ..) | (_, Some(false), _) | (_, _, Some(false)) => {}
                (true, Some(true), Some(true)) => {
                    words.push(word);
                    return words;
                }
                _ => words.push(word),
            }
        }
        words.push(Admin::Groups);
        words
    }

    /// Rules over the network, then those of the groups.
    fn filtered(
        &self,
        filters: [Option<usize>; 2],
        at: Place2,
        inbound: bool,
        source: Party,
        destination: Party,
        packet: Packet,
    ) -> Way<()> {
        let groups = || {
            let mut answer = Some(true);
            for filter in filters.into_iter().flatten() {
                if answer == Some(true) {
                    answer = self.allows(filter, at, inbound, source, destination, packet);
                }
            }
            answer
        };
        let words = self.admin(at, inbound, source, destination, packet);
        let answers: Vec<Option<bool>> = words
            .iter()
            .map(|it| match it {
                Admin::Allow => Some(true),
                Admin::Deny => Some(false),
                Admin::Groups => groups(),
            })
            .collect();
        let answer = answers[0].filter(|_| answers.iter().all(|it| *it == answers[0]));
        pass(if inbound { Hop::NsgInbound } else { Hop::NsgOutbound }, answer)
    }

    fn leave(&self, here: &Here, to: Party, packet: Packet) -> Way<()> {
        let nic = here.host.and_then(|it| self.hosts[it].filter);
        let own = self.subnet(here.at).and_then(|it| it.filter);
        self.filtered([nic, own], here.at, false, here.source, to, packet)
    }

    // -- routes --

    /// Follows routes from `here`, as far as the packet gets. A firewall that proxies may send it on to
    /// another address than the client had.
    fn go(&self, here: Here, to: Target, name: Option<Service>, packet: Packet) -> Way<Arrived> {
        let step = match to {
            Target::Private(address) => self.go_private(here, address, name, packet)?,
            Target::Public(service) => self.go_public(here, service, packet)?,
        };
        match step {
            Step::Arrived(it) => Ok(it),
            Step::Proxied(here, to) => self.go(here, to, name, packet),
        }
    }

    /// Follows routes for a private address from `here`.
    fn go_private(
        &self,
        mut here: Here,
        to: u32,
        name: Option<Service>,
        packet: Packet,
    ) -> Way<Step> {
        let mut first = true;
        loop {
            let net = Self::net_of(here.at);
            let endpoint = self
                .endpoints
                .iter()
                .find(|it| it.address == to && (it.net == net || self.connected(net, it.net)));
            // Every route that holds the address: length, user-defined, where it leads.
            let mut all: Vec<(u32, bool, Option<RouteHop>, Option<usize>)> = vec![];
            for other in 0..self.nets.len() {
                if inside(to, space(other), 16) && (other == net || self.connected(net, other)) {
                    all.push((16, false, None, Some(other)));
                }
            }
            all.push((0, false, Some(RouteHop::Internet), None));
            let mut default = false;
            for route in self.routes(here.at) {
                if let RouteTo::Prefix(prefix, len) = route.to
                    && inside(to, prefix, len)
                {
                    all.push((len, true, Some(route.hop), None));
                    default |= len == 0;
                }
            }
            default |= self.routes(here.at).iter().any(|it| it.to == RouteTo::Prefix(0, 0));
            if !default {
                all.push((8, false, Some(RouteHop::Drop), None));
            }
            if let Some(it) = endpoint {
                let policy = self.nets[it.net].subnets[1].routes_endpoints;
                let replaced = all
                    .iter()
                    .any(|(len, user, ..)| *user && (*len == 32 || (*len >= 16 && policy)));
                if !replaced {
                    all.push((32, false, None, Some(it.net)));
                }
            }
            let (_, user, hop, other) = *all.iter().max_by_key(|it| (it.0, it.1)).unwrap();
            match (hop, other) {
                (None, Some(other)) => {
                    if other != net {
                        self.cross(net, other, here.home == net)?;
                    }
                    if first {
                        self.leave(&here, Party::Private(to), packet)?;
                    }
                    return Ok(Step::Arrived(Arrived::At(here, to)));
                }
                (Some(RouteHop::Firewall), _) => {
                    self.to_box(&here, Box2::Firewall)?;
                    if first {
                        self.leave(&here, Party::Private(to), packet)?;
                    }
                    if here.went_through(Box2::Firewall) {
                        return deny(Hop::Route);
                    }
                    let proxied;
                    (here, proxied) = self.through(here, Party::Private(to), name, packet)?;
                    if let Some(to) = proxied {
                        return Ok(Step::Proxied(here, to));
                    }
                }
                (Some(RouteHop::Machine(n)), _) => {
                    let it = Box2::Machine(n);
                    self.to_box(&here, it)?;
                    // "Receive network traffic not destined for one of the IP addresses assigned" to it is
                    // what IP forwarding is for; its own traffic a machine takes without.
                    if self.box_at(it).0 == to {
                        if first {
                            self.leave(&here, Party::Private(to), packet)?;
                        }
                        return Ok(Step::Arrived(Arrived::At(here, to)));
                    }
                    self.takes(n)?;
                    if first {
                        self.leave(&here, Party::Private(to), packet)?;
                    }
                    here = self.forward(here, n, Party::Private(to), packet)?;
                }
                (Some(RouteHop::Drop), _) if !user && self.unfinished(net, to) => {
                    return deny(Hop::Peering);
                }
                _ => return deny(Hop::Route),
            }
            first = false;
        }
    }

    /// The same for an address without a name, which no firewall proxies.
    fn go_to(&self, here: Here, to: u32, packet: Packet) -> Way<Here> {
        match self.go(here, Target::Private(to), None, packet)? {
            Arrived::At(here, _) => Ok(here),
            it => unreachable!("{it:?}"),
        }
    }

    /// "The next hop must have direct connectivity": in the same network, or in one peered with it.
    fn to_box(&self, here: &Here, it: Box2) -> Way<()> {
        let net = Self::net_of(here.at);
        let there = Self::net_of(self.box_at(it).1);
        if net == there {
            return Ok(());
        }
        if !self.connected(net, there) {
            let half = |a, b| self.halves.contains_key(&(a, b));
            let begun = half(net, there) || half(there, net);
            return deny(if begun { Hop::Peering } else { Hop::Route });
        }
        self.cross(net, there, here.home == net)
    }

    /// "The network interface must have IP forwarding enabled."
    fn takes(&self, machine: usize) -> Way<()> {
        if self.machines[machine].forwards == Forwards::Off { deny(Hop::Route) } else { Ok(()) }
    }

    /// In at the interface of a machine and out again; security groups look at it both times.
    fn forward(&self, here: Here, machine: usize, to: Party, packet: Packet) -> Way<Here> {
        let it = Box2::Machine(machine);
        let (address, at) = self.box_at(it);
        let host = self.machine_host(machine);
        // "Routing loops where traffic never leaves the subnet."
        if here.went_through(it) {
            return deny(Hop::Route);
        }
        let own = self.subnet(at).and_then(|it| it.filter);
        let nic = self.hosts[host].filter;
        self.filtered([own, nic], at, true, here.source, to, packet)?;
        let translated = match self.machines[machine].forwards {
            Forwards::Translates => true,
            Forwards::Passes => !matches!(to, Party::Private(_)),
            Forwards::Unsaid | Forwards::Off => return Err(Said::Open),
        };
        let mut passed = here.passed;
        passed.push(Passed { by: it, source: here.source, translated });
        let (source, home) = if translated {
            (Party::Private(address), Self::net_of(at))
        } else {
            (here.source, here.home)
        };
        let here = Here { at, source, home, passed, host: Some(host) };
        self.leave(&here, to, packet)?;
        Ok(here)
    }

    /// Network rules, then application rules for web traffic with a name, then deny. For an application
    /// rule the firewall opens a connection of its own, to what Azure DNS answers in its network.
    fn through(
        &self,
        here: Here,
        to: Party,
        name: Option<Service>,
        packet: Packet,
    ) -> Way<(Here, Option<Target>)> {
        let firewall = self.firewall.as_ref().unwrap();
        let at = Place2::FirewallSubnet;
        let mut answer = None;
        let mut proxied = None;
        for rule in &firewall.network_rules {
            let source = self.holds(rule.source, at, here.source) == Some(true);
            let destination = self.holds(rule.destination, at, to) == Some(true);
            let port = rule.ports.0 <= packet.port && packet.port <= rule.ports.1;
            if source && destination && port && answer.is_none() {
                answer = Some((rule.allow, !matches!(to, Party::Private(_))));
            }
        }
        if let (None, Some(name), true) = (answer, name, packet.tcp && packet.port == 443) {
            for rule in &firewall.application_rules {
                let matches = match name {
                    Service::Blob => ["storage1.blob.core.windows.net", "*.blob.core.windows.net"]
                        .contains(&rule.name),
                    Service::Vault => rule.name == "*.vault.azure.net",
                };
                if matches && answer.is_none() {
                    answer = Some((rule.allow, true));
                    proxied = Some(name);
                }
            }
        }
        let Some((true, translated)) = answer else { return deny(Hop::FirewallAppliance) };
        let target = match proxied.map(|it| (it, self.answer(0, it))) {
            None => None,
            Some((it, Ok(None))) => Some(Target::Public(it)),
            Some((_, Ok(Some(address)))) => Some(Target::Private(address)),
            Some((_, Err(_))) => return deny(Hop::FirewallAppliance),
        };
        let mut passed = here.passed;
        passed.push(Passed { by: Box2::Firewall, source: here.source, translated });
        let (source, home) = if translated {
            (Party::Private(firewall_address()), 0)
        } else {
            (here.source, here.home)
        };
        Ok((Here { at, source, home, passed, host: None }, target))
    }

    /// Follows routes to a service's public address.
    fn go_public(&self, mut here: Here, to: Service, packet: Packet) -> Way<Step> {
        let mut first = true;
        loop {
            let net = Self::net_of(here.at);
            let far = self.nets[net].far;
            let gate = &self.services[&to];
            let has_endpoint = match (self.subnet(here.at), to) {
                (Some(it), Service::Blob) => it.blob_endpoint && far == gate.far,
                (Some(it), Service::Vault) => it.vault_endpoint,
                (None, Service::Blob) => {
                    self.firewall.as_ref().unwrap().blob_endpoint && far == gate.far
                }
                (None, Service::Vault) => false,
            };
            let hop = if has_endpoint {
                None
            } else {
                // Regional tag, tag, default route of the user, default route of Azure.
                let wanted = |it: RouteTo| match it {
                    RouteTo::StorageNear => to == Service::Blob && !gate.far,
                    RouteTo::Storage => to == Service::Blob,
                    RouteTo::Prefix(_, len) => len == 0,
                };
                let rank = |it: RouteTo| match it {
                    RouteTo::StorageNear => 0,
                    RouteTo::Storage => 1,
                    RouteTo::Prefix(..) => 2,
                };
                let mut fitting: Vec<&Route> =
                    self.routes(here.at).iter().filter(|it| wanted(it.to)).collect();
                fitting.sort_by_key(|it| rank(it.to));
                Some(fitting.first().map_or(RouteHop::Internet, |it| it.hop))
            };
            match hop {
                Some(RouteHop::Drop) => return deny(Hop::Route),
                Some(RouteHop::Firewall) => self.to_box(&here, Box2::Firewall)?,
                Some(RouteHop::Machine(n)) => {
                    self.to_box(&here, Box2::Machine(n))?;
                    self.takes(n)?;
                }
                Some(RouteHop::Internet) | None => {}
            }
            if first {
                self.leave(&here, Party::Service(to), packet)?;
            }
            match hop {
                None => {
                    let at = here.at;
                    self.back_through(here)?;
                    return Ok(Step::Arrived(Arrived::FromSubnet(at)));
                }
                Some(RouteHop::Machine(n)) => {
                    here = self.forward(here, n, Party::Service(to), packet)?;
                }
                Some(RouteHop::Firewall) => {
                    if here.went_through(Box2::Firewall) {
                        return deny(Hop::Route);
                    }
                    let proxied;
                    (here, proxied) = self.through(here, Party::Service(to), Some(to), packet)?;
                    if let Some(to) = proxied {
                        return Ok(Step::Proxied(here, to));
                    }
                }
                _ => {
                    let arrived = self.egress(&here, to)?;
                    self.back_through(here)?;
                    return Ok(Step::Arrived(arrived));
                }
            }
            first = false;
        }
    }

    fn egress(&self, here: &Here, to: Service) -> Way<Arrived> {
        let far = self.nets[Self::net_of(here.at)].far;
        let address = match self.subnet(here.at) {
            None => Some(FIREWALL),
            Some(it) if it.nat => Some(NATS[usize::from(far)]),
            Some(it) => match here.host.filter(|it| self.hosts[*it].public) {
                Some(host) => Some(host_public(host)),
                None => self.pooled_egress(
                    here.host,
                    it,
                    to == Service::Blob && self.services[&to].far == far,
                )?,
            },
        };
        Ok(Arrived::FromInternet { address, region: Some(far) })
    }

    /// Without NAT gateway and address of its own: outbound rules (everything here is TCP), else default
    /// outbound access, which no member of a pool has.
    fn pooled_egress(
        &self,
        host: Option<usize>,
        subnet: &Subnet,
        near_storage: bool,
    ) -> Way<Option<&'static str>> {
        let host = host.map(|it| &self.hosts[it]);
        let balancer = host.filter(|it| it.behind).and_then(|it| self.nets[it.net].balancer);
        let address = host.map(|it| BALANCERS[it.net]);
        let member = balancer.is_some() || host.is_some_and(|it| it.inner);
        let translates = Some(Balancer::TakesIn { translates: true });
        if [Some(Balancer::LetsOut("All")), Some(Balancer::LetsOut("Tcp"))].contains(&balancer) {
            return Ok(address);
        }
        match (subnet.default_outbound, member, near_storage) {
            (true, true, _) if balancer == translates => Ok(address),
            (true, false, _) | (false, _, true) => Ok(None),
            (true, true, true) => Err(Said::Open),
            (false, ..) if balancer == translates => Err(Said::Open),
            _ => deny(Hop::Route),
        }
    }

    // -- arriving --

    fn enter_host(&self, here: &Here, host: usize, packet: Packet) -> Way<()> {
        let it = &self.hosts[host];
        let at = self.host_place(host);
        let filters = [self.subnet(at).and_then(|it| it.filter), it.filter];
        self.filtered(filters, at, true, here.source, Party::Private(it.address), packet)
    }

    /// "Both spokes need routes": the reply from `at` must find its way, through all that the request
    /// went through. Where routes lead whoever sends it back to itself, it never leaves.
    fn come_back(&self, here: &Here, mut at: Place2, mut by: Option<Box2>) -> Way<()> {
        let Party::Private(mut back) = here.source else { return Ok(()) };
        // Whether the reply starts where it is, and is not passed on there.
        let mut own = true;
        for it in here.passed.iter().rev() {
            let (address, place) = self.box_at(it.by);
            let next = self.next(at, back);
            match next {
                Next::Lost => return deny(Hop::Route),
                // It sent the request in its own name, so the reply is for itself.
                Next::Direct(_) if it.translated => {}
                Next::Box(next) if it.translated && self.box_at(next).0 == back => {}
                Next::Box(next) if next == it.by && !it.translated => {}
                Next::Box(next) if Some(next) == by => return deny(Hop::Route),
                Next::Direct(_) | Next::Box(_) => return Err(Said::Open),
            }
            let (from, to) = (Self::net_of(at), Self::net_of(place));
            if from != to {
                self.cross(from, to, own)?;
            }
            assert!(
                !it.translated || back == address,
                "the source is that of the last translation"
            );
            if let Party::Private(it) = it.source {
                back = it;
            }
            own = it.translated;
            at = place;
            by = Some(it.by);
        }
        match self.next(at, back) {
            Next::Lost => deny(Hop::Route),
            Next::Box(it) if self.box_at(it).0 == back => Ok(()),
            Next::Box(it) if Some(it) == by => deny(Hop::Route),
            Next::Box(_) => Err(Said::Open),
            Next::Direct(net) if net != Self::net_of(at) => self.cross(Self::net_of(at), net, own),
            Next::Direct(_) => Ok(()),
        }
    }

    /// The reply of a service to the last that passed the request on in its own name, and from there.
    fn back_through(&self, mut here: Here) -> Way<()> {
        while let Some(it) = here.passed.pop() {
            if it.translated {
                here.source = it.source;
                let (_, place) = self.box_at(it.by);
                return self.come_back(&here, place, Some(it.by));
            }
        }
        Ok(())
    }

    /// The next hop for a host's private address, without following it.
    fn next(&self, at: Place2, to: u32) -> Next {
        let net = Self::net_of(at);
        let routes = self.routes(at);
        let default = routes.iter().any(|it| it.to == RouteTo::Prefix(0, 0));
        let mut all: Vec<(u32, bool, Next)> = vec![(0, false, Next::Lost)];
        if !default {
            all.push((8, false, Next::Lost));
        }
        for other in 0..self.nets.len() {
            if inside(to, space(other), 16) && (other == net || self.connected(net, other)) {
                all.push((16, false, Next::Direct(other)));
            }
        }
        for route in routes {
            if let RouteTo::Prefix(prefix, len) = route.to
                && inside(to, prefix, len)
            {
                let next = match route.hop {
                    RouteHop::Firewall => Next::Box(Box2::Firewall),
                    RouteHop::Machine(it) => Next::Box(Box2::Machine(it)),
                    RouteHop::Drop | RouteHop::Internet => Next::Lost,
                };
                all.push((len, true, next));
            }
        }
        all.iter().max_by_key(|it| (it.0, it.1)).unwrap().2
    }

    fn enter_endpoint(&self, source: Party, endpoint: &Endpoint, packet: Packet) -> Way<()> {
        let subnet = &self.nets[endpoint.net].subnets[1];
        if let Some(filter) = subnet.filter.filter(|_| subnet.filters_endpoints) {
            let at = Place2::Subnet(endpoint.net, 1);
            let to = Party::Private(endpoint.address);
            let answer = self.allows(filter, at, true, source, to, packet);
            pass(Hop::NsgInbound, answer)?;
        }
        if endpoint.approved { Ok(()) } else { deny(Hop::PrivateEndpoint) }
    }

    fn gate(&self, to: Service, arrived: Arrived) -> Way<()> {
        let gate = &self.services[&to];
        if gate.disabled {
            return deny(Hop::DestinationFirewall);
        }
        if gate.default_allow {
            return Ok(());
        }
        let ok = match arrived {
            Arrived::FromSubnet(Place2::Subnet(net, 0)) => gate.subnets.contains(&net),
            Arrived::FromSubnet(Place2::Subnet(_, 2)) => gate.lists_machines,
            Arrived::FromSubnet(Place2::FirewallSubnet) => gate.lists_firewall_subnet,
            Arrived::FromSubnet(_) | Arrived::At(..) => false,
            Arrived::FromInternet { address, region } => {
                let listed: Vec<&str> = [
                    (gate.lists_nat, NATS[0]),
                    (gate.lists_nat, NATS[1]),
                    (gate.lists_balancers, BALANCERS[0]),
                    (gate.lists_balancers, BALANCERS[1]),
                    (gate.lists_balancers, BALANCERS[2]),
                    (gate.lists_firewall, FIREWALL),
                    (gate.lists_client, CLIENT),
                ]
                .iter()
                .filter(|(on, _)| *on)
                .map(|(_, it)| *it)
                .collect();
                let same_region = to == Service::Blob && region == Some(gate.far);
                match address {
                    _ if same_region || listed.is_empty() => false,
                    Some(it) => listed.contains(&it),
                    None => return Err(Said::Open),
                }
            }
        };
        if ok { Ok(()) } else { deny(Hop::DestinationFirewall) }
    }

    // -- names --

    /// The private address that `host` gets for a service, or `None` for the public one.
    fn resolve(&self, host: usize, service: Service) -> Way<Option<u32>> {
        let it = &self.hosts[host];
        let at = self.host_place(host);
        if !self.nets[it.net].custom_dns {
            self.platform(at, it.filter)?;
            return self.answer(it.net, service);
        }
        // The server stands in network 0 and must be reachable on UDP 53.
        let packet = Packet { tcp: false, port: 53 };
        let server = Place2::Subnet(0, 0);
        let reached = self.go_to(self.here(host), server_address(), packet).and_then(|here| {
            let filters = [self.nets[0].subnets[0].filter, None];
            let to = Party::Private(server_address());
            self.filtered(filters, server, true, here.source, to, packet)?;
            self.come_back(&here, server, None)
        });
        match reached {
            Ok(()) => {}
            Err(Said::Denied(_)) => return deny(Hop::Dns),
            Err(it) => return Err(it),
        }
        if !self.server_asks_azure {
            return Ok(None);
        }
        self.platform(server, None)?;
        self.answer(0, service)
    }

    /// Only a rule that names the platform's tag stops questions to 168.63.129.16.
    fn platform(&self, at: Place2, nic: Option<usize>) -> Way<()> {
        let own = self.subnet(at).and_then(|it| it.filter);
        for filter in [nic, own].into_iter().flatten() {
            let mut rules = self.filters[filter].clone();
            rules.sort_by_key(|it| it.priority);
            let first = rules.iter().find(|it| {
                !it.inbound
                    && it.destination == Place::PlatformDns
                    && !it.tcp_only
                    && it.ports.0 <= 53
                    && 53 <= it.ports.1
            });
            if first.is_some_and(|it| !it.allow) {
                return deny(Hop::Dns);
            }
        }
        Ok(())
    }

    /// What Azure DNS answers in `net`.
    fn answer(&self, net: usize, service: Service) -> Way<Option<u32>> {
        let alias = self
            .endpoints
            .iter()
            .any(|it| it.service == service && (service == Service::Blob || it.approved));
        let zone = self.zones.get(&service).filter(|_| alias);
        let Some(zone) = zone else { return Ok(None) };
        let Some((_, redirect)) = zone.links.iter().find(|(it, _)| *it == net) else {
            return Ok(None);
        };
        match (zone.record, redirect) {
            (Some(it), _) => Ok(Some(it)),
            (None, true) => Ok(None),
            (None, false) => deny(Hop::Dns),
        }
    }

    // -- questions --

    fn here(&self, host: usize) -> Here {
        let it = &self.hosts[host];
        Here {
            at: self.host_place(host),
            source: Party::Private(it.address),
            home: it.net,
            passed: Vec::new(),
            host: Some(host),
        }
    }

    fn to_host(&self, from: usize, to: usize, packet: Packet) -> Said {
        let target = &self.hosts[to];
        let way = || {
            let here = self.go_to(self.here(from), target.address, packet)?;
            self.enter_host(&here, to, packet)?;
            self.come_back(&here, self.host_place(to), target.machine.map(Box2::Machine))
        };
        way().map_or_else(|it| it, |()| Said::Allowed)
    }

    fn to_service(&self, from: usize, to: Service) -> Said {
        let packet = Packet { tcp: true, port: 443 };
        let way = || {
            let target = self.resolve(from, to)?.map_or(Target::Public(to), Target::Private);
            match self.go(self.here(from), target, Some(to), packet)? {
                Arrived::At(here, address) => {
                    let endpoint = self.endpoints.iter().find(|it| it.address == address).unwrap();
                    let source = here.source;
                    let enter = || self.enter_endpoint(source, endpoint, packet);
                    // The docs ask for translation on the way to a private endpoint, and promise
                    // nothing without it. What is refused at the endpoint as well is so by its way first,
                    // where a firewall drops the connection.
                    match here.passed.last() {
                        None => enter(),
                        Some(it) if it.translated => {
                            self.back_through(here)?;
                            enter()
                        }
                        Some(it) => match (it.by, enter()) {
                            (Box2::Firewall, Err(Said::Denied(_))) => deny(Hop::Route),
                            (_, Err(it)) => Err(it),
                            (_, Ok(())) => Err(Said::Open),
                        },
                    }
                }
                arrived => self.gate(to, arrived),
            }
        };
        way().map_or_else(|it| it, |()| Said::Allowed)
    }

    fn client_to_service(&self, to: Service) -> Said {
        let arrived = Arrived::FromInternet { address: Some(CLIENT), region: None };
        self.gate(to, arrived).map_or_else(|it| it, |()| Said::Allowed)
    }

    fn client_to_host(&self, to: usize, packet: Packet) -> Said {
        let it = &self.hosts[to];
        // Health probes and inbound NAT rules are nowhere to be seen.
        let takes_in = matches!(self.nets[it.net].balancer, Some(Balancer::TakesIn { .. }));
        if !it.public && it.behind && takes_in {
            return Said::Open;
        }
        if !it.public {
            return Said::Denied(Hop::Route);
        }
        let at = self.host_place(to);
        let source = Party::Client(CLIENT_BITS);
        let here = Here { at, source, home: it.net, passed: Vec::new(), host: None };
        // "Standard public IP addresses are secure by default and closed to inbound traffic."
        let closed = self.subnet(at).and_then(|it| it.filter).is_none() && it.filter.is_none();
        let way = || {
            // Whether a rule over the network opens it, the docs do not say.
            let mine = Party::Private(it.address);
            if closed && self.admin(at, true, here.source, mine, packet).contains(&Admin::Allow) {
                return Err(Said::Open);
            }
            if closed {
                return deny(Hop::NsgInbound);
            }
            self.enter_host(&here, to, packet)?;
            let default = self.routes(at).iter().find(|it| it.to == RouteTo::Prefix(0, 0));
            match default.map(|it| it.hop) {
                Some(RouteHop::Drop | RouteHop::Firewall | RouteHop::Machine(_)) => {
                    deny(Hop::Route)
                }
                _ => Ok(()),
            }
        };
        way().map_or_else(|it| it, |()| Said::Allowed)
    }
}

/// How far routes lead before somebody looks at the target again.
#[derive(Clone, Debug)]
enum Step {
    Arrived(Arrived),
    Proxied(Here, Target),
}

#[derive(Clone, Copy, Debug)]
enum Next {
    Direct(usize),
    Box(Box2),
    Lost,
}

// ---- comparison ----

impl World {
    fn said(&self, question: Question) -> Said {
        match question {
            Question::HostToHost(from, to, port) => {
                self.to_host(from, to, Packet { tcp: true, port })
            }
            Question::HostToService(from, it) => self.to_service(from, it),
            Question::ClientToHost(to) => self.client_to_host(to, Packet { tcp: true, port: 443 }),
            Question::ClientToService(it) => self.client_to_service(it),
        }
    }
}

fn compare(bytes: &[u8]) -> Result<(), String> {
    let world = Tape { bytes, at: 0 }.world();
    let drawn = draw(&world);
    let facts = drawn.design.resources.facts();
    let network = Network::new(&facts);
    for question in world.questions() {
        let said = world.said(question);
        let answer = network.flow(&drawn.flow(question));
        let same = match said {
            Said::Allowed => answer.outcome == Outcome::Allowed,
            Said::Denied(hop) => answer.outcome == Outcome::Denied && answer.failing == Some(hop),
            Said::Open => answer.outcome != Outcome::Allowed,
        };
        if !same {
            let steps: Vec<String> = answer
                .trace
                .steps
                .iter()
                .map(|it| format!("  {:?} {:?}: {}", it.hop, it.outcome, it.text.render(Lang::En)))
                .collect();
            return Err(format!(
                "{question:?}: the docs say {said:?}, the app {:?} {:?}\n{}\n{world:#?}",
                answer.outcome,
                answer.failing,
                steps.join("\n")
            ));
        }
    }
    Ok(())
}

#[test]
fn the_solver_agrees_with_a_slow_and_obvious_one() {
    let cases = std::env::var("DRAWBRIDGE_ORACLE_DESIGNS")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(2000);
    let config =
        Config { cases, failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let tape = prop::collection::vec(any::<u8>(), 120..460);
    let result = runner.run(&tape, |bytes| compare(&bytes).map_err(TestCaseError::fail));
    if let Err(it) = result {
        panic!("{it}");
    }
}
