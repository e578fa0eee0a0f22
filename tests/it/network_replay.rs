//! Each trace replays: the values that a step states imply what it says, read off the facts again.
//!
//! A step is taken by its sentence, so the code here shares none with the solver: it looks up the zone
//! that a step names, the routes of the subnet, the rules of the group. A sentence that nothing here
//! knows fails the test, so that no step is told without being checked.

use std::net::Ipv4Addr;

use drawbridge::{
    facts::{
        Facts,
        cidr::Cidr,
        filter::{Direction, GuardRule, Place, Protocol, Rule},
        name::Upstream,
        network::{Forwarding, NextHop, Pool, Position, RoutePrefix},
        service::{LinkState, PublicAccess},
    },
    kinds::ResourceId,
    solve::{
        Hop, Outcome, Step,
        flow::{Destination, Flow, FlowAnswer, Network, Origin},
    },
    text::{Arg, Lang},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::worlds::{CLIENT, Tape, draw};

/// What is known of one end of the packet.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Private(Ipv4Addr),
    /// A public address outside Azure.
    Client(Ipv4Addr),
    /// A service at its public name.
    Public(ResourceId),
    /// After a step that failed the rest is told as if it were repaired.
    Guessed,
}

#[derive(Clone)]
struct Replay<'f> {
    facts: &'f Facts,
    flow: &'f Flow,
    subnet: Option<ResourceId>,
    /// Network whose resolver is asked; `None` once a public resolver is.
    resolver: Option<ResourceId>,
    source: End,
    target: End,
    /// The packet is a question to a name server.
    asking: bool,
    /// Whose interface the packet leaves; `None` for a firewall.
    sender: Option<ResourceId>,
    /// Firewalls and machines passed, and whether each put its own address into the packet.
    via: Vec<(ResourceId, bool)>,
    /// The machine that a route leads to.
    entering: Option<ResourceId>,
    /// The name server may not be reached, so nothing further on is refused for certain.
    guess: bool,
}

type Told = Result<(), String>;

fn ensure(holds: bool, why: &str) -> Told {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}

/// Some of the facts that hold of a rule's place: yes, no, or not to be told here.
fn holds(
    facts: &Facts,
    network: ResourceId,
    routes: &[Cidr],
    place: &Place,
    end: End,
) -> Option<bool> {
    let service = match end {
        End::Public(id) => facts.services.get(&id),
        _ => None,
    };
    match (place, end) {
        (_, End::Guessed) => None,
        (Place::Any, _) => Some(true),
        (Place::Prefix(it), End::Private(at) | End::Client(at)) => Some(it.contains(at)),
        (Place::Prefix(it), End::Public(_)) => {
            if *it == Cidr::ALL {
                Some(true)
            } else if it.is_private() {
                Some(false)
            } else {
                None
            }
        }
        (Place::Tag(tag), _) => match tag.name.as_str() {
            "internet" => Some(!matches!(end, End::Private(_))),
            "virtualnetwork" => {
                let spaces = std::iter::once(network)
                    .chain(facts.networks.keys().copied().filter(|it| peered(facts, network, *it)));
                let mut all =
                    spaces.filter_map(|it| facts.networks.get(&it)).flat_map(|it| &it.space);
                match end {
                    End::Private(at) => Some(
                        all.any(|it| it.contains(at)) || routes.iter().any(|it| it.contains(at)),
                    ),
                    // A default route of the subnet may count as the network.
                    _ if routes.contains(&Cidr::ALL) => None,
                    _ => Some(false),
                }
            }
            name => Some(service.is_some_and(|it| {
                let tags = it.faces.iter().flat_map(|it| &it.tags);
                tags.into_iter().any(|it| it.eq_ignore_ascii_case(name))
                    && tag.region.as_ref().is_none_or(|wanted| *wanted == it.region)
            })),
        },
        _ => None,
    }
}

/// Both halves of a peering, connected.
fn peered(facts: &Facts, a: ResourceId, b: ResourceId) -> bool {
    let half =
        |from, to| facts.peerings.iter().any(|it| it.from == from && it.to == to && it.connected);
    half(a, b) && half(b, a)
}

fn value(step: &Step, n: usize) -> String {
    match step.text.args.get(n) {
        Some(Arg::Value(it)) => it.to_string(),
        Some(Arg::Text(it)) => it.en.to_owned(),
        Some(Arg::Message(it)) => it.render(Lang::En),
        None => String::new(),
    }
}

impl<'f> Replay<'f> {
    /// The pools of whoever sends, each with its load balancer.
    fn pools(&self) -> Result<Vec<(ResourceId, &'f Pool)>, String> {
        let host = self.sender.ok_or("no host")?;
        let all = &self.facts.hosts.get(&host).unwrap().pools;
        Ok(all
            .iter()
            .map(|(id, n)| (*id, &self.facts.balancers.get(id).unwrap().pools[*n]))
            .collect())
    }

    /// No firewall, NAT gateway or address of its own, which go before load balancers.
    fn nothing_before_pools(&self) -> Result<(), String> {
        let host = self.sender.ok_or("a firewall goes first")?;
        let public = self.facts.hosts.get(&host).unwrap().public.is_some();
        let nat = self.subnet.and_then(|it| self.facts.subnets.get(&it)?.nat);
        ensure(nat.is_none() && !public, "something else goes first")
    }

    fn new(facts: &'f Facts, flow: &'f Flow) -> Replay<'f> {
        let Origin::Host(id) = flow.from else { panic!("worlds ask from hosts") };
        let host = facts.hosts.get(&id).unwrap();
        let (subnet, source) = match &host.position {
            Position::Subnet { subnet, address } => (Some(*subnet), End::Private(address.unwrap())),
            _ => (None, End::Client(CLIENT.parse().unwrap())),
        };
        let target = match flow.to {
            Destination::Host(to) => match &facts.hosts.get(&to).unwrap().position {
                Position::Subnet { address, .. } => End::Private(address.unwrap()),
                _ => End::Guessed,
            },
            Destination::Face { resource, .. } => End::Public(resource),
            _ => End::Guessed,
        };
        let network = subnet.map(|it| facts.subnets.get(&it).unwrap().network);
        // With servers of its own a network asks the platform only through them.
        let resolver = network.filter(|it| facts.networks.get(it).unwrap().dns.is_empty());
        Replay {
            facts,
            flow,
            subnet,
            resolver,
            source,
            target,
            asking: false,
            sender: Some(id),
            via: Vec::new(),
            entering: None,
            guess: false,
        }
    }

    /// The last that passed the packet on, if it kept the source.
    fn kept_by(&self) -> Option<ResourceId> {
        self.via.last().filter(|(_, translated)| !translated).map(|(id, _)| *id)
    }

    /// Who loses replies drops them for certain if it is a firewall.
    fn lost_by(&self, id: ResourceId) -> Outcome {
        if self.facts.appliances.contains_key(&id) { Outcome::Denied } else { Outcome::Unknown }
    }

    fn host_named(&self, name: &str) -> Option<ResourceId> {
        self.facts.hosts.keys().copied().find(|it| self.facts.name(*it) == name)
    }

    fn place(&self, host: ResourceId) -> (ResourceId, Ipv4Addr) {
        match self.facts.hosts.get(&host).unwrap().position {
            Position::Subnet { subnet, address: Some(address) } => (subnet, address),
            _ => panic!("worlds have machines in subnets"),
        }
    }

    /// Whether one of the subnets with a name routes like this; networks have some of the same name.
    fn routed_from(&self, name: &str, to: &str, fits: impl Fn(u8, &str) -> bool) -> Told {
        let to: Ipv4Addr = to.parse().map_err(|_| "no address")?;
        let subnets = self.facts.subnets.keys().filter(|it| self.facts.name(**it) == name);
        let found: Vec<(u8, String)> = subnets.map(|it| self.route(*it, to)).collect();
        let fitting = found.iter().any(|(len, next)| fits(*len, next));
        ensure(fitting, &format!("no subnet {name} has such a route to {to}, but {found:?}"))
    }

    fn network(&self) -> Option<ResourceId> {
        Some(self.facts.subnets.get(&self.subnet?).unwrap().network)
    }

    /// Prefixes of the user-defined routes of a subnet.
    fn routed(&self, subnet: ResourceId) -> Vec<Cidr> {
        let table = self
            .facts
            .subnets
            .get(&subnet)
            .unwrap()
            .routes
            .and_then(|it| self.facts.route_tables.get(&it));
        let routes = table.into_iter().flat_map(|it| &it.routes);
        routes
            .filter_map(|it| match it.to {
                RoutePrefix::Prefix(it) => Some(it),
                RoutePrefix::Tag(_) => None,
            })
            .collect()
    }

    /// Prefix and next hop, in words, that a subnet has for an address.
    fn route(&self, subnet: ResourceId, to: Ipv4Addr) -> (u8, String) {
        let facts = self.facts;
        let home = facts.subnets.get(&subnet).unwrap().network;
        // Length, user-defined, next hop.
        let mut all: Vec<(u8, bool, String)> = Vec::new();
        for (id, network) in &facts.networks {
            let own = *id == home;
            if !own && !peered(facts, home, *id) {
                continue;
            }
            let next = if own { "this network" } else { "peering" };
            let holding = network.space.iter().filter(|it| it.contains(to));
            all.extend(holding.map(|it| (it.len(), false, next.to_owned())));
        }
        let table =
            facts.subnets.get(&subnet).unwrap().routes.and_then(|it| facts.route_tables.get(&it));
        let user: Vec<(Cidr, String)> = table
            .into_iter()
            .flat_map(|it| &it.routes)
            .filter_map(|it| {
                let RoutePrefix::Prefix(prefix) = it.to else { return None };
                let next = match it.next_hop {
                    NextHop::Appliance(it) => it.to_string(),
                    NextHop::Internet => "the internet".to_owned(),
                    NextHop::None => "None (dropped)".to_owned(),
                    NextHop::Local => "this network".to_owned(),
                    NextHop::Gateway => "a gateway".to_owned(),
                };
                Some((prefix, next))
            })
            .collect();
        all.push((0, false, "the internet".to_owned()));
        if !user.iter().any(|(it, _)| *it == Cidr::ALL) {
            let private = Cidr::holding(to, 32).is_private();
            all.extend(private.then(|| (8, false, "None (dropped)".to_owned())));
        }
        let endpoint = facts.private_endpoints.values().find(|it| {
            let near = facts.subnets.get(&it.subnet).unwrap().network;
            it.addresses.iter().any(|(_, it)| *it == to)
                && (near == home || peered(facts, home, near))
        });
        let endpoint = endpoint.map(|it| {
            let subnet = &facts.subnets.get(&it.subnet).unwrap();
            let space = facts
                .networks
                .get(&subnet.network)
                .unwrap()
                .space
                .iter()
                .find(|it| it.contains(to));
            (subnet.routes_private_endpoints, space.map_or(32, |it| it.len()))
        });
        for (prefix, next) in user.iter().filter(|(it, _)| it.contains(to)) {
            // Only the same /32, or one no wider than the space where the policy is on, replaces the
            // route of an endpoint.
            let counts = endpoint.is_none_or(|(policy, space)| {
                prefix.len() == 32 || (policy && prefix.len() > 0 && prefix.len() >= space)
            });
            if counts {
                let rank = if endpoint.is_some() { 33 } else { prefix.len() };
                all.push((rank, true, next.clone()));
            }
        }
        if endpoint.is_some() {
            all.push((32, false, "the private endpoint".to_owned()));
        }
        let best = all.iter().map(|(len, user, _)| (*len, *user)).max().unwrap();
        let (_, _, next) = all.into_iter().find(|(len, user, _)| (*len, *user) == best).unwrap();
        // The longest of the user routes that replace an endpoint's.
        let holding = user.iter().filter(|(it, _)| it.contains(to));
        let longest = holding.max_by_key(|(it, _)| it.len());
        match (best, longest) {
            ((33, true), Some((prefix, next))) => (prefix.len(), next.clone()),
            _ => (best.0, next),
        }
    }

    /// The rules of a group with the default ones, in order.
    fn rules(&self, filter: ResourceId, direction: Direction) -> Vec<Rule> {
        use drawbridge::facts::filter::Tag;
        let vnet = || vec![Place::Tag(Tag::new("VirtualNetwork", None))];
        let internet = vec![Place::Tag(Tag::new("Internet", None))];
        let any = || vec![Place::Any];
        let rule = |name: &str, priority, source, destination, allow| Rule {
            name: name.to_owned(),
            priority,
            direction,
            allow,
            protocol: Protocol::Any,
            source,
            source_ports: Vec::new(),
            destination,
            ports: Vec::new(),
        };
        let mut all: Vec<Rule> = self.facts.filters.get(&filter).unwrap().rules.clone();
        all.retain(|it| it.direction == direction);
        match direction {
            Direction::Inbound => all.extend([
                rule("AllowVnetInBound", 65000, vnet(), vnet(), true),
                rule("DenyAllInBound", 65500, any(), any(), false),
            ]),
            Direction::Outbound => all.extend([
                rule("AllowVnetOutBound", 65000, vnet(), vnet(), true),
                rule("AllowInternetOutBound", 65001, any(), internet, true),
                rule("DenyAllOutBound", 65500, any(), any(), false),
            ]),
        }
        all.sort_by_key(|it| it.priority);
        all
    }

    fn packet(&self) -> (Protocol, u16) {
        if self.asking { (Protocol::Udp, 53) } else { (self.flow.protocol, self.flow.port) }
    }

    fn matches(&self, rule: &Rule, subnet: ResourceId, from: End, to: End) -> Option<bool> {
        let (protocol, port) = self.packet();
        let ports = rule.ports.is_empty()
            || rule.ports.iter().any(|it| it.first <= port && port <= it.last);
        if !(rule.protocol == Protocol::Any || rule.protocol == protocol) || !ports {
            return Some(false);
        }
        let network = self.facts.subnets.get(&subnet).unwrap().network;
        let routed = self.routed(subnet);
        let side = |places: &[Place], end: End| {
            let all: Vec<Option<bool>> =
                places.iter().map(|it| holds(self.facts, network, &routed, it, end)).collect();
            if all.contains(&Some(true)) {
                Some(true)
            } else if all.contains(&None) {
                None
            } else {
                Some(false)
            }
        };
        match (side(&rule.source, from), side(&rule.destination, to)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }
    }

    /// The rule that a step names must be the first that matches, as far as that can be told.
    fn filter(&self, step: &Step, allow: bool) -> Told {
        let filter = step.at.ok_or("no filter is marked")?;
        let direction = match step.hop {
            Hop::NsgInbound => Direction::Inbound,
            // On the way to a name server either side may be in the way.
            Hop::Dns if !self.says(step, filter, Direction::Outbound, allow) => Direction::Inbound,
            _ => Direction::Outbound,
        };
        let (name, priority) = (value(step, 1), value(step, 2));
        let rules = self.rules(filter, direction);
        let at = rules.iter().position(|it| it.name == name && it.priority.to_string() == priority);
        let Some(at) = at else {
            return Err(format!("{direction:?} has no rule {name} ({priority})"));
        };
        ensure(rules[at].allow == allow, "the rule says the opposite")?;
        if self.asking {
            return Ok(());
        }
        let subnet = match direction {
            Direction::Outbound => self.subnet,
            Direction::Inbound => self.inbound(),
        };
        let Some(subnet) = subnet else { return Ok(()) };
        let (from, to) = (self.source, self.target);
        let found = self.matches(&rules[at], subnet, from, to);
        ensure(found != Some(false), "the rule does not match the packet")?;
        for earlier in rules.iter().take(at) {
            let found = self.matches(earlier, subnet, from, to);
            ensure(found != Some(true), &format!("{} comes first and matches", earlier.name))?;
            if found.is_none() && from != End::Guessed && to != End::Guessed {
                ensure(
                    earlier.allow == allow,
                    &format!("{} may match and says otherwise", earlier.name),
                )?;
            }
        }
        Ok(())
    }

    /// The same for a rule over the network, which none that ends the evaluation may come before.
    fn guard(&self, step: &Step, allow: bool, last: bool) -> Told {
        let guard = step.at.ok_or("no manager is marked")?;
        let direction =
            if step.hop == Hop::NsgInbound { Direction::Inbound } else { Direction::Outbound };
        let inside = |subnet: ResourceId| self.facts.subnets.get(&subnet).unwrap().network;
        let subnet = match direction {
            _ if self.asking || step.hop == Hop::Dns => None,
            Direction::Outbound => self.subnet,
            Direction::Inbound => self.inbound(),
        };
        let (name, priority) = (value(step, 0), value(step, 1));
        let named = |it: &GuardRule| {
            format!("{}/{}", self.facts.name(guard), it.rule.name) == name
                && it.rule.priority.to_string() == priority
        };
        let all = &self.facts.guards.get(&guard).unwrap().rules;
        let found = all.iter().find(|it| named(it)).ok_or("it has no such rule")?;
        ensure(found.rule.allow == allow && found.last == last, "the rule says something else")?;
        let Some(subnet) = subnet else { return Ok(()) };
        ensure(found.networks.contains(&inside(subnet)), "it is not for this network")?;
        let (from, to) = (self.source, self.target);
        let held = self.matches(&found.rule, subnet, from, to);
        ensure(held != Some(false), "the rule does not match the packet")?;
        let earlier = all.iter().filter(|it| {
            it.rule.direction == direction
                && it.rule.priority < found.rule.priority
                && it.networks.contains(&inside(subnet))
        });
        for it in earlier {
            let held = self.matches(&it.rule, subnet, from, to);
            ensure(held != Some(true), &format!("{} comes first and matches", it.rule.name))?;
        }
        Ok(())
    }

    /// Whether a group has the rule that a step names.
    fn says(&self, step: &Step, filter: ResourceId, direction: Direction, allow: bool) -> bool {
        let (name, priority) = (value(step, 1), value(step, 2));
        let mut rules = self.rules(filter, direction).into_iter();
        rules.any(|it| it.name == name && it.priority.to_string() == priority && it.allow == allow)
    }

    /// The private address of a host.
    fn at(&self, host: ResourceId) -> Option<Ipv4Addr> {
        match self.facts.hosts.get(&host)?.position {
            Position::Subnet { address, .. } => address,
            _ => None,
        }
    }

    /// The subnet that the packet enters.
    fn inbound(&self) -> Option<ResourceId> {
        self.entering.map(|it| self.place(it).0).or_else(|| self.holder(self.target))
    }

    /// The subnet in which an address stands.
    fn holder(&self, end: End) -> Option<ResourceId> {
        let End::Private(address) = end else { return None };
        let subnets = self.facts.subnets.iter();
        subnets
            .filter(|(_, it)| it.prefixes.iter().any(|it| it.contains(address)))
            .map(|(id, _)| *id)
            .next()
    }

    fn service(&self) -> Option<ResourceId> {
        match self.flow.to {
            Destination::Face { resource, .. } => Some(resource),
            _ => None,
        }
    }

    fn face(&self) -> &'f drawbridge::facts::service::Face {
        let Destination::Face { resource, face } = self.flow.to else {
            panic!("no face was asked")
        };
        self.facts.services.get(&resource).unwrap().faces.iter().find(|it| it.id == face).unwrap()
    }

    /// The zone of a name, as a network sees it.
    fn zone(&self, name: &str, network: ResourceId) -> Option<(bool, Option<Ipv4Addr>)> {
        let zones = self.facts.zones.values().filter(|it| it.name == name);
        let mut seen = zones.filter_map(|zone| {
            let link = zone.links.iter().find(|it| it.network == network)?;
            let label = &self.face().link.as_ref()?.label;
            let record = zone.records.iter().find(|it| it.label == *label);
            Some((link.redirects, record.and_then(|it| it.addresses.first()).copied()))
        });
        seen.next()
    }

    /// Whether public DNS answers with the privatelink alias.
    fn alias(&self) -> bool {
        let Some(id) = self.service() else { return false };
        let group = self.face().link.as_ref().map_or("", |it| it.group);
        let links = &self.facts.services.get(&id).unwrap().links;
        let approval = links.iter().any(|it| it.group == group && it.alias_needs_approval);
        self.facts.private_endpoints.values().any(|it| {
            it.target == id && it.group == group && (!approval || it.state == LinkState::Approved)
        })
    }

    fn network_named(&self, name: &str) -> Option<ResourceId> {
        self.facts.networks.keys().copied().find(|it| self.facts.name(*it) == name)
    }

    fn half(&self, from: &str, to: &str) -> Option<&drawbridge::facts::network::PeeringHalf> {
        let (from, to) = (self.network_named(from)?, self.network_named(to)?);
        self.facts.peerings.iter().find(|it| it.from == from && it.to == to)
    }

    /// Reads one step; the packet is then where the step leaves it.
    fn step(&mut self, step: &Step) -> Told {
        let facts = self.facts;
        let guess = self.guess;
        let says = |outcome: Outcome| {
            let softened = guess && outcome == Outcome::Denied;
            let outcome = if softened { Outcome::Unknown } else { outcome };
            ensure(step.outcome == outcome, "its outcome is another")
        };
        let (a, b, c) = (value(step, 0), value(step, 1), value(step, 2));
        // A step that goes wrong on the way to a name server stands under the hop that needed it.
        self.asking = step.hop == Hop::Dns && !step.text.text.en.contains("zone");
        match step.text.text.en {
            // ---- names ----
            "{0} resolves to its public address" => {
                says(Outcome::Allowed)?;
                if let (Some(network), Some(id)) = (self.resolver, self.service()) {
                    let zone = self.face().link.as_ref().map_or("", |it| it.zone.as_str());
                    let hidden = self.alias() && self.zone(zone, network).is_some();
                    ensure(!hidden, "a linked zone answers for the alias")?;
                    self.target = End::Public(id);
                } else if let Some(id) = self.service() {
                    self.target = End::Public(id);
                }
                Ok(())
            }
            "Azure DNS in {0}: zone {1} has {2} as {3}" => {
                says(Outcome::Allowed)?;
                let network = self.network_named(&a).ok_or("no such network")?;
                ensure(self.resolver == Some(network), "another network's resolver was asked")?;
                let (_, record) = self.zone(&b, network).ok_or("the zone is not linked")?;
                let stated: Ipv4Addr = value(step, 3).parse().map_err(|_| "no address")?;
                ensure(record == Some(stated), "the record is another")?;
                ensure(self.alias(), "nothing leads to the zone without an alias")?;
                self.target = End::Private(stated);
                Ok(())
            }
            "zone {0} has no record {1}; its link to {2} redirects to the public answer" => {
                says(Outcome::Allowed)?;
                let network = self.network_named(&c).ok_or("no such network")?;
                ensure(
                    self.zone(&a, network) == Some((true, None)),
                    "it has one, or does not redirect",
                )?;
                self.target = self.service().map_or(End::Guessed, End::Public);
                Ok(())
            }
            "zone {0} is linked to {2} and has no record {1}, so the name does not resolve (NXDOMAIN)" =>
            {
                says(Outcome::Denied)?;
                let network = self.network_named(&c).ok_or("no such network")?;
                ensure(self.zone(&a, network) == Some((false, None)), "it has one, or redirects")?;
                self.target = End::Guessed;
                Ok(())
            }
            "the network's name server {0} ({1}) is asked" => {
                says(Outcome::Allowed)?;
                let (id, server) = facts
                    .name_servers
                    .iter()
                    .find(|(id, _)| facts.name(**id) == a)
                    .ok_or("no such server")?;
                let network = self.network().ok_or("who asks stands in no network")?;
                let listed =
                    facts.networks.get(&network).unwrap().dns.iter().any(|it| it.to_string() == b);
                ensure(listed, "the network does not list it")?;
                let drawbridge::facts::name::ServerPlace::Subnet(at) = server.place else {
                    return Err("worlds have servers in subnets".to_owned());
                };
                self.resolver = match &server.otherwise {
                    Upstream::Public => None,
                    _ => Some(facts.subnets.get(&at).unwrap().network),
                };
                ensure(facts.name(*id) == a, "another name")
            }
            "the name server {0} must be reachable on port 53 first" => {
                ensure(step.outcome != Outcome::Allowed, "it cannot be reached")?;
                self.target = End::Guessed;
                self.guess |= step.outcome == Outcome::Unknown;
                Ok(())
            }
            "{0}: rule {1} ({2}) names {3} and denies it" => {
                says(Outcome::Denied)?;
                let filter = step.at.ok_or("no filter is marked")?;
                let rules = self.rules(filter, Direction::Outbound);
                let rule = rules.iter().find(|it| it.name == b).ok_or("no such rule")?;
                let named = rule.destination.iter().any(
                    |it| matches!(it, Place::Tag(it) if it.name.eq_ignore_ascii_case(&value(step, 3))),
                );
                ensure(!rule.allow && named, "it does not name the tag, or allows it")?;
                self.target = End::Guessed;
                Ok(())
            }

            // ---- routes ----
            "{0} to {1}: user route {2} ({3}) leads to {4}"
            | "{0} to {1}: {2} {3} leads to {4}" => {
                let (prefix, next) = (value(step, 3), value(step, 4));
                let lost = [
                    "None (dropped)",
                    "a virtual network gateway, but no VPN gateway is connected",
                ];
                let private = matches!(self.target, End::Private(_));
                let fails = lost.contains(&next.as_str()) || (private && next == "the internet");
                if self.target != End::Guessed {
                    says(if fails { Outcome::Denied } else { Outcome::Allowed })?;
                }
                if !self.asking {
                    let next: Option<Ipv4Addr> = next.parse().ok();
                    let mut machines = facts.hosts.keys().copied();
                    self.entering = next
                        .filter(|it| self.target != End::Private(*it))
                        .and_then(|next| machines.find(|it| self.at(*it) == Some(next)));
                }
                let (Some(subnet), End::Private(to), false) =
                    (self.subnet, self.target, self.asking)
                else {
                    return Ok(());
                };
                ensure(facts.name(subnet) == a, "another subnet chooses")?;
                let (len, expected) = self.route(subnet, to);
                let stated: Cidr = prefix.parse().map_err(|_| "no prefix")?;
                ensure(stated.contains(to), "the prefix does not hold the address")?;
                ensure(
                    stated.len() == len && next == expected,
                    &format!("/{len} leads to {expected}"),
                )
            }
            "{0} has a service endpoint for {1}: straight to {2}, past every default route" => {
                says(Outcome::Allowed)?;
                let Some(subnet) = self.subnet else { return Ok(()) };
                let has = facts
                    .subnets
                    .get(&subnet)
                    .unwrap()
                    .service_endpoints
                    .iter()
                    .any(|it| it.tag == b);
                ensure(has, "the subnet has none for it")?;
                ensure(!matches!(self.target, End::Private(_)), "the address is private")
            }
            "nothing in {1} has the address {0}"
            | "the next hop {0} is neither in {1} nor in a network peered with it" => {
                says(Outcome::Denied)?;
                if step.text.text.en.starts_with("nothing") {
                    let to: Ipv4Addr = a.parse().map_err(|_| "no address")?;
                    let host = facts.hosts.values().any(
                        |it| matches!(it.position, Position::Subnet { address: Some(at), .. } if at == to),
                    );
                    return ensure(!host, "a host has it");
                }
                let hop: Ipv4Addr = a.parse().map_err(|_| "no address")?;
                let home = self.network_named(&b).ok_or("no such network")?;
                let near = facts.networks.iter().any(|(id, it)| {
                    (*id == home || peered(facts, home, *id))
                        && it.space.iter().any(|it| it.contains(hop))
                });
                ensure(!near, "it is there")
            }
            "the routes lead back to {0} again and again" => {
                says(Outcome::Denied)?;
                // Or whoever replies has a route to itself.
                let target = self.host_named(&a).and_then(|it| self.at(it));
                let own = target.is_some_and(|it| self.target == End::Private(it));
                ensure(own || self.asking || !self.via.is_empty(), "nothing was passed")
            }
            "{0} has the next hop address {1}, but IP forwarding is off on it" => {
                says(Outcome::Denied)?;
                let id = self.host_named(&a).ok_or("no such machine")?;
                let at = self.at(id).map(|it| it.to_string());
                ensure(at == Some(b), "it has another address")?;
                self.target = End::Guessed;
                ensure(facts.hosts.get(&id).unwrap().forwards.is_none(), "it is on")
            }
            "{0} has IP forwarding on; what its own software lets through is not said. Set its Forwarded traffic" =>
            {
                says(Outcome::Unknown)?;
                self.pass_machine(&a, &[Forwarding::Unsaid])
            }
            "{0} has IP forwarding on and lets all through, as its Forwarded traffic says" => {
                says(Outcome::Allowed)?;
                self.pass_machine(&a, &[Forwarding::Passes, Forwarding::Translates])
            }
            "{0} is called at its public address" => {
                says(Outcome::Allowed)?;
                let Destination::Host(id) = self.flow.to else { return Err("no host".to_owned()) };
                ensure(facts.hosts.get(&id).unwrap().public.is_some(), "it has none")
            }
            "the public address of {0} takes no connection: a Standard public IP address is closed until a network security group of the subnet or the network interface allows one" =>
            {
                says(Outcome::Denied)?;
                let Destination::Host(id) = self.flow.to else { return Err("no host".to_owned()) };
                let host = facts.hosts.get(&id).unwrap();
                let Position::Subnet { subnet, .. } = host.position else {
                    return Err("it stands in no subnet".to_owned());
                };
                let filters = [facts.subnets.get(&subnet).unwrap().filter, host.filter];
                ensure(filters == [None, None], "it has a group")
            }
            "{0} has no public IP address, so it cannot be reached from outside" => {
                says(Outcome::Denied)?;
                let Destination::Host(id) = self.flow.to else { return Err("no host".to_owned()) };
                ensure(facts.hosts.get(&id).unwrap().public.is_none(), "it has one")
            }
            "leaves through {0} ({1})" => {
                says(Outcome::Allowed)?;
                let stated = step.at.ok_or("nothing is marked")?;
                let own = self.subnet.and_then(|it| facts.subnets.get(&it).unwrap().nat);
                let host = self.sender.and_then(|it| facts.hosts.get(&it).unwrap().public.as_ref());
                let firewall = facts.appliances.contains_key(&stated);
                ensure(
                    match own {
                        Some(nat) => nat == stated,
                        None if self.sender.is_none() => firewall,
                        None => host.map(|it| it.at) == Some(stated),
                    },
                    "something else translates",
                )
            }
            "{0} has default outbound access: an address that nobody owns and that can change" => {
                says(Outcome::Allowed)?;
                let subnet = &facts.subnets.get(&step.at.ok_or("no subnet is marked")?).unwrap();
                ensure(subnet.default_outbound && subnet.nat.is_none(), "it has not, or has NAT")?;
                ensure(self.pools()?.is_empty(), "a load balancer takes it away")
            }
            "leaves through {0} ({1}), by its rule {2}" => {
                says(Outcome::Allowed)?;
                self.nothing_before_pools()?;
                let own = self.pools()?.into_iter().any(|(id, it)| {
                    let rules = it.outbound.iter().chain(&it.implied);
                    Some(id) == step.at
                        && rules.into_iter().any(|it| it.name == c && it.protocol != Protocol::Udp)
                });
                ensure(own, "it has no such rule")
            }
            "no rule of {0} lets its machines out, and in its backend pool they have no default outbound access either; give it an outbound rule, or the subnet a NAT gateway" =>
            {
                says(Outcome::Denied)?;
                self.nothing_before_pools()?;
                let pools = self.pools()?;
                ensure(!pools.is_empty(), "it is in no pool")?;
                let rules =
                    pools.iter().any(|(_, it)| !it.outbound.is_empty() || !it.implied.is_empty());
                ensure(!rules, "a rule lets it out")
            }
            "the outbound rule {0} of {1} is for {2}, so {3} has no way out" => {
                says(Outcome::Denied)?;
                self.nothing_before_pools()?;
                let fits = self
                    .pools()?
                    .iter()
                    .any(|(_, it)| it.outbound.iter().any(|it| it.protocol != Protocol::Udp));
                ensure(!fits && c == "UDP" && value(step, 3) == "TCP", "it is for this as well")
            }
            "the load balancing rule {0} of {1} translates what its machines send, but whether it does so in a private subnet Azure does not say. Give {1} an outbound rule" =>
            {
                says(Outcome::Unknown)?;
                self.nothing_before_pools()?;
                let subnet =
                    self.subnet.and_then(|it| facts.subnets.get(&it)).ok_or("no subnet")?;
                let implied =
                    self.pools()?.iter().any(|(_, it)| it.implied.iter().any(|it| it.name == a));
                ensure(implied && !subnet.default_outbound, "it is not so")
            }
            "nothing lets {0} out, and whether storage of the same region stays reachable Azure does not say for machines behind a load balancer. Add an outbound rule or a service endpoint" =>
            {
                says(Outcome::Unknown)?;
                self.nothing_before_pools()?;
                let subnet =
                    self.subnet.and_then(|it| facts.subnets.get(&it)).ok_or("no subnet")?;
                ensure(subnet.default_outbound && !self.pools()?.is_empty(), "it is not so")
            }
            "{0} takes the connection; to which machine it hands it on, if to any, its health probes and inbound NAT rules say, which are not part of the design" =>
            {
                says(Outcome::Unknown)?;
                let Destination::Host(id) = self.flow.to else { return Err("no host".to_owned()) };
                let host = facts.hosts.get(&id).unwrap();
                let before = host.pools.iter().any(|(it, n)| {
                    Some(*it) == step.at && facts.balancers.get(it).unwrap().pools[*n].published
                });
                ensure(before && host.public.is_none(), "it is not before the host")
            }
            "{0} is a private subnet without a way out, but storage of the same region stays reachable" =>
            {
                says(Outcome::Allowed)?;
                let subnet = &facts.subnets.get(&step.at.ok_or("no subnet is marked")?).unwrap();
                let here = &facts.networks.get(&subnet.network).unwrap().region;
                let there = self.service().map(|it| &facts.services.get(&it).unwrap().region);
                ensure(!subnet.default_outbound && there == Some(here), "it is not so")
            }
            "{0} is a private subnet without a way out; give it a NAT gateway, or a default route to a firewall" =>
            {
                says(Outcome::Denied)?;
                let subnet = &facts.subnets.get(&step.at.ok_or("no subnet is marked")?).unwrap();
                ensure(!subnet.default_outbound && subnet.nat.is_none(), "it has a way out")
            }
            "replies are lost: {0} has no route back to {1} (the route for {2} leads nowhere)" => {
                says(Outcome::Denied)?;
                let stated: Cidr = c.parse().map_err(|_| "no prefix")?;
                self.routed_from(&a, &b, |len, next| {
                    stated.len() == len && (next == "None (dropped)" || next == "the internet")
                })
            }
            "replies from {0} to {1} go back directly (route {2}) and miss the firewall on the way there; a stateful firewall then drops the connection" =>
            {
                if self.asking {
                    return Ok(());
                }
                let keeps = self.via.iter().filter(|(_, translated)| !translated);
                let outcomes: Vec<Outcome> = keeps.map(|(id, _)| self.lost_by(*id)).collect();
                ensure(outcomes.contains(&step.outcome), "nothing is missed that says so")?;
                // Or by a route that names whoever has the address.
                self.routed_from(&a, &b, |_, next| {
                    next == "this network" || next == "peering" || next == b
                })
            }
            "replies from {0} to {1} go to {3} (route {2}) and miss {4}, which the request went through; a stateful appliance drops them" =>
            {
                if self.asking {
                    return Ok(());
                }
                let named = |name: &str| {
                    self.via.iter().position(|(id, _)| facts.name(*id) == name).ok_or("not passed")
                };
                let (met, missed) = (named(&value(step, 3))?, named(&value(step, 4))?);
                ensure(met < missed && !self.via[missed].1, "it is not missed")?;
                says(self.lost_by(self.via[missed].0))
            }
            "replies from {0} to {1} go through {3}, which did not see the request; a stateful appliance drops them" =>
            {
                let name = value(step, 3);
                let firewall = facts.appliances.keys().any(|it| facts.name(*it) == name);
                says(if firewall { Outcome::Denied } else { Outcome::Unknown })?;
                // What a machine sent on in its own name it may see again on the way from there.
                let own = self.via.iter().any(|(_, translated)| *translated);
                let saw = self.via.iter().any(|(id, _)| facts.name(*id) == name);
                ensure(self.asking || own || !saw, "it saw the request")
            }
            "replies of {0} go straight back and miss {1}; let {1} translate the source (an application rule does, or SNAT for private ranges)" =>
            {
                let missed = self.kept_by().ok_or("the source is translated")?;
                ensure(facts.name(missed) == b, "another is missed")?;
                says(self.lost_by(missed))
            }
            "replies of {0} do not leave the way the request came in: the route for {1} leads elsewhere; add a route with next hop Internet for the sender" =>
            {
                says(Outcome::Denied)?;
                let (Some(subnet), End::Client(back)) = (self.holder(self.target), self.source)
                else {
                    return Ok(());
                };
                let (_, next) = self.route(subnet, back);
                ensure(next != "the internet", "it leads to the internet")
            }

            // ---- peerings ----
            "peering from {0} to {1} is connected" => {
                says(Outcome::Allowed)?;
                let (own, theirs) = (self.half(&a, &b), self.half(&b, &a));
                let open = [own, theirs]
                    .into_iter()
                    .all(|it| it.is_some_and(|it| it.connected && it.access));
                ensure(open, "a half is missing, not connected or closed")?;
                // What a firewall forwards needs the permission of whoever takes it.
                let home = self.network_named(&a).and_then(|it| facts.networks.get(&it));
                let forwarded = match self.source {
                    End::Private(from) if !self.via.is_empty() && !self.asking => {
                        home.is_some_and(|it| !it.space.iter().any(|it| it.contains(from)))
                    }
                    _ => false,
                };
                ensure(
                    !forwarded || theirs.is_some_and(|it| it.forwarded),
                    "forwarded traffic is refused",
                )
            }
            "the half of the peering from {0} to {1} has allowVirtualNetworkAccess off, so nothing passes" =>
            {
                says(Outcome::Denied)?;
                ensure(self.half(&a, &b).is_some_and(|it| !it.access), "it is on")
            }
            "the packet was forwarded in {0} and did not start there; the half of the peering from {1} to {0} does not take it (allowForwardedTraffic is off)" =>
            {
                says(Outcome::Denied)?;
                ensure(self.half(&b, &a).is_some_and(|it| !it.forwarded), "it takes it")
            }
            "only the half of the peering from {0} to {1} exists, so it stays Initiated; add the other half" =>
            {
                says(Outcome::Denied)?;
                ensure(
                    self.half(&a, &b).is_some() && self.half(&b, &a).is_none(),
                    "both or none exist",
                )
            }
            "only the half of the peering from {1} to {0} exists, so it stays Initiated; add the other half" =>
            {
                says(Outcome::Denied)?;
                ensure(
                    self.half(&b, &a).is_some() && self.half(&a, &b).is_none(),
                    "both or none exist",
                )
            }
            "the peering between {0} and {1} is not Connected on both sides" => {
                says(Outcome::Denied)?;
                let (a, b) = (self.network_named(&a), self.network_named(&b));
                ensure(
                    !peered(facts, a.ok_or("no network")?, b.ok_or("no network")?),
                    "it is connected",
                )
            }

            // ---- rules over networks ----
            "security admin rule {0} ({1}) always allows {2} to {3}; no network security group is asked" =>
            {
                says(Outcome::Allowed)?;
                self.guard(step, true, true)
            }
            "security admin rule {0} ({1}) allows {2} to {3}; network security groups decide after it" =>
            {
                says(Outcome::Allowed)?;
                self.guard(step, true, false)
            }
            "security admin rule {0} ({1}) denies {2} to {3}; no network security group can allow it" =>
            {
                says(Outcome::Denied)?;
                self.guard(step, false, true)
            }
            "it depends on whether security admin rule {0} ({1}) covers {2} to {3}, which it denies" =>
            {
                says(Outcome::Unknown)?;
                self.guard(step, false, true)
            }

            // ---- groups ----
            "{0}: rule {1} ({2}) allows {3} to {4}" => {
                says(Outcome::Allowed)?;
                self.filter(step, true)
            }
            "{0}: rule {1} ({2}) denies {3} to {4}" => {
                says(Outcome::Denied)?;
                self.filter(step, false)
            }
            "{0}: it depends on whether rule {1} ({2}) covers {3} to {4}; if not, rule {5} ({6}) decides otherwise" =>
            {
                says(Outcome::Unknown)?;
                let filter = step.at.ok_or("no filter is marked")?;
                let direction = if step.hop == Hop::NsgInbound {
                    Direction::Inbound
                } else {
                    Direction::Outbound
                };
                let rules = self.rules(filter, direction);
                let allows =
                    |name: &str| rules.iter().find(|it| it.name == name).map(|it| it.allow);
                ensure(allows(&b) != allows(&value(step, 5)), "both say the same")
            }
            "{0} does not apply to private endpoints, because the network policy of {1} leaves them out" =>
            {
                says(Outcome::Allowed)?;
                let subnet = &facts.subnets.get(&step.at.ok_or("no subnet is marked")?).unwrap();
                ensure(!subnet.filters_private_endpoints && subnet.filter.is_some(), "it applies")
            }

            // ---- firewalls ----
            "{0}: {1} {2} allows {3} to {4}" | "{0}: {1} {2} denies {3} to {4}" => {
                let allow = step.text.text.en.contains("allows");
                says(if allow { Outcome::Allowed } else { Outcome::Denied })?;
                let id = step.at.ok_or("no firewall is marked")?;
                let firewall = &facts.appliances.get(&id).unwrap();
                let network =
                    firewall.network_rules.iter().find(|it| it.name == c).map(|it| it.allow);
                let named =
                    firewall.application_rules.iter().find(|it| it.name == c).map(|it| it.allow);
                ensure(network.or(named) == Some(allow), "no such rule, or it says the opposite")?;
                self.pass_firewall(id, named.is_some() && allow);
                Ok(())
            }
            "{0}: it depends on whether rule {1} covers {2} to {3}; if not, rule {4} decides otherwise"
            | "{0}: it depends on whether rule {1} covers {2} to {3}; no other rule does" => {
                says(Outcome::Unknown)?;
                self.pass_firewall(step.at.ok_or("no firewall is marked")?, false);
                Ok(())
            }
            "{0}: no rule allows {1} to {2}, so it is denied" => {
                says(Outcome::Denied)?;
                self.pass_firewall(step.at.ok_or("no firewall is marked")?, false);
                Ok(())
            }
            "{0} resolves {1} itself and gets {2}, whatever the client got" => {
                says(Outcome::Allowed)?;
                self.target = match (c.parse(), self.service()) {
                    (Ok(it), _) => End::Private(it),
                    (Err(_), Some(id)) => End::Public(id),
                    (Err(_), None) => End::Guessed,
                };
                Ok(())
            }

            // ---- services ----
            "private endpoint {0} ({1}) leads to {2} ({3}); its firewall does not apply" => {
                says(Outcome::Allowed)?;
                let it =
                    &facts.private_endpoints.get(&step.at.ok_or("no endpoint is marked")?).unwrap();
                ensure(it.state == LinkState::Approved, "it is not approved")?;
                ensure(Some(it.target) == self.service(), "it leads elsewhere")
            }
            "the connection of {0} is {1}; only an approved one carries traffic to {2} ({3})" => {
                says(Outcome::Denied)?;
                let it =
                    &facts.private_endpoints.get(&step.at.ok_or("no endpoint is marked")?).unwrap();
                ensure(it.state != LinkState::Approved && it.state.name() == b, "it is approved")
            }
            "{0} has public network access disabled; only private endpoints and trusted services get in" =>
            {
                says(Outcome::Denied)?;
                ensure(self.gate()?.public == PublicAccess::Disabled, "it is on")
            }
            "{0} accepts every network" => {
                says(Outcome::Allowed)?;
                let gate = self.gate()?;
                ensure(gate.public == PublicAccess::Enabled && gate.default_allow, "it does not")
            }
            "{0} lists subnet {1}, which has the service endpoint" => {
                says(Outcome::Allowed)?;
                let listed = &self.gate()?.subnet_rules;
                ensure(listed.iter().any(|it| facts.name(*it) == b), "it does not list it")
            }
            "{0} denies by default and does not list subnet {1}; because of the service endpoint it sees {2}, which no IP rule can match" =>
            {
                says(Outcome::Denied)?;
                let gate = self.gate()?;
                let listed = self.subnet.is_some_and(|it| gate.subnet_rules.contains(&it));
                ensure(!gate.default_allow && !listed, "it lists it")
            }
            "{0}: IP rule {1} lists {2}" => {
                says(Outcome::Allowed)?;
                let (rule, from): (Cidr, Cidr) =
                    (b.parse().map_err(|_| "no rule")?, c.parse().map_err(|_| "no address")?);
                ensure(self.gate()?.ip_rules.contains(&rule) && rule.covers(from), "it does not")
            }
            "{0} denies by default, and no IP rule lists {1}" => {
                says(Outcome::Denied)?;
                let from: Cidr = b.parse().map_err(|_| "no address")?;
                let gate = self.gate()?;
                let listed = gate.ip_rules.iter().any(|it| it.covers(from));
                ensure(!gate.default_allow && !listed, "one does")
            }
            "{0} denies by default, and no rule lists the caller" => {
                says(Outcome::Denied)?;
                let gate = self.gate()?;
                ensure(!gate.default_allow && gate.ip_rules.is_empty(), "there are IP rules")
            }
            "{0} denies by default; the caller is in the same region, where IP rules have no effect" =>
            {
                says(Outcome::Denied)?;
                let service = &facts.services.get(&self.service().ok_or("no service")?).unwrap();
                let here = self.here().map(|it| &facts.networks.get(&it).unwrap().region);
                ensure(
                    !service.firewall.default_allow && here == Some(&service.region),
                    "it is not",
                )
            }
            "{0} lists addresses; the caller has one that Azure picks and can change, so no rule can be counted on to hold it" =>
            {
                says(Outcome::Denied)?;
                let gate = self.gate()?;
                ensure(!gate.default_allow && !gate.ip_rules.is_empty(), "it lists none")
            }
            "it depends on whether security admin rule {0} ({1}) covers {2} to {3}; if not, rule {4} ({5}) decides otherwise"
            | "a Standard public IP address such as that of {0} is closed until a network security group allows a connection; whether a security admin rule opens it, Azure does not say. Add a network security group"
            | "the route for {0} may also cover {1}, whose addresses the design does not give"
            | "{0} lists addresses, and the one the call comes from is not in the design" => {
                says(Outcome::Unknown)
            }
            other => Err(format!("nothing here knows the sentence {other:?}")),
        }
    }

    fn here(&self) -> Option<ResourceId> {
        self.network()
    }

    fn gate(&self) -> Result<&'f drawbridge::facts::service::Firewall, String> {
        Ok(&self
            .facts
            .services
            .get(&self.service().ok_or("no service was asked")?)
            .unwrap()
            .firewall)
    }

    /// The packet leaves the firewall for its next route.
    fn pass_firewall(&mut self, id: ResourceId, proxied: bool) {
        let firewall = &self.facts.appliances.get(&id).unwrap();
        if self.asking {
            return;
        }
        self.subnet = Some(firewall.subnet);
        self.sender = None;
        // Towards public addresses the firewall puts its own into the packet.
        let translated = proxied || matches!(self.target, End::Public(_));
        self.via.push((id, translated));
        if translated {
            self.source = firewall.address.map_or(End::Guessed, End::Private);
        }
        if proxied {
            self.resolver = Some(firewall.network);
        }
    }
}

impl Replay<'_> {
    /// The packet leaves a machine for its next route.
    fn pass_machine(&mut self, name: &str, as_said: &[Forwarding]) -> Told {
        let id = self.host_named(name).ok_or("no such machine")?;
        let forwards = self.facts.hosts.get(&id).unwrap().forwards.ok_or("IP forwarding is off")?;
        ensure(as_said.contains(&forwards), "its settings say something else")?;
        if self.asking {
            return Ok(());
        }
        ensure(self.entering.take() == Some(id), "no route leads to it")?;
        let (subnet, address) = self.place(id);
        // Only its own address gets out to the internet.
        let translated =
            matches!(self.target, End::Public(_)) || forwards == Forwarding::Translates;
        self.via.push((id, translated));
        if translated {
            self.source = End::Private(address);
        }
        (self.subnet, self.sender) = (Some(subnet), Some(id));
        Ok(())
    }
}

fn replay(facts: &Facts, flow: &Flow, answer: &FlowAnswer) -> Result<(), String> {
    let mut replay = Replay::new(facts, flow);
    for (n, step) in answer.trace.steps.iter().enumerate() {
        replay.step(step).map_err(|why| {
            let all: Vec<String> = answer
                .trace
                .steps
                .iter()
                .map(|it| {
                    format!(
                        "  {} {} {}",
                        it.hop.slug(),
                        it.outcome.slug(),
                        it.text.render(Lang::En)
                    )
                })
                .collect();
            format!("step {n}: {why}\n{}", all.join("\n"))
        })?;
    }
    Ok(())
}

#[test]
fn each_trace_replays() {
    let config = Config { cases: 500, failure_persistence: None, ..Config::default() };
    let tape = prop::collection::vec(any::<u8>(), 120..400);
    let ran = TestRunner::new(config).run(&tape, |bytes| {
        let world = Tape { bytes: &bytes, at: 0 }.world();
        let drawn = draw(&world);
        let facts = drawn.design.resources.facts();
        let network = Network::new(&facts);
        for question in world.questions() {
            let flow = drawn.flow(question);
            replay(&facts, &flow, &network.flow(&flow))
                .map_err(|why| TestCaseError::fail(format!("{question:?}: {why}")))?;
        }
        Ok(())
    });
    if let Err(why) = ran {
        panic!("{why}");
    }
}
