//! Who reaches whom: one port of one protocol between all private addresses of a design at once.
//!
//! The answers are those of [`Network::flow`], pair by pair, from less work. Places that no route and no
//! firewall tells apart share one walk, in which the rules of network security groups are left open
//! (`Log::leave_open`); places that no rule tells apart share one row of answers per group. What is unusual
//! about a place (an address that two have, something missing or refused) makes it a class of its own.
//!
//! Sources are hosts in subnets and sites; destinations are those and private endpoints. Services at
//! public names are asked one by one: names and service firewalls decide there.
//!
//! Azure docs: "Diagnose a virtual machine network routing problem"
//! (virtual-network/diagnose-network-routing-problem), "How network security groups filter network
//! traffic" (virtual-network/network-security-group-how-it-works).

// The same for every port.
pub mod openings;

use std::{
    cell::OnceCell,
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use super::{
    Hop, Outcome, Step, Trace,
    flow::{Destination, Flow, Network},
    matching::{Party, Tri, in_ports, in_source_ports, matches},
};
use crate::facts::{
    Facts, ResourceId,
    cidr::{Cidr, PRIVATE},
    filter::{Direction, GuardRule, Place, Protocol, Rule},
    name::{PLATFORM_DNS, PLATFORM_METADATA},
    network::{Host, NextHop, Position, RoutePrefix},
};

/// Everything that can call or be called at a private address, for one port of one protocol.
#[derive(Debug)]
pub struct Reach<'n, 'a> {
    network: &'n Network<'a>,
    protocol: Protocol,
    port: u16,
    /// Classes of places that nothing tells apart, by address.
    classes: Vec<Class<'a>>,
    class_of: BTreeMap<ResourceId, usize>,
    /// Classes that routes and firewalls do not tell apart: members in as many subnets as needed.
    ways: Vec<Vec<usize>>,
    /// Every class of each of those.
    members_of: Vec<Vec<usize>>,
    /// The walk from each to each, once it was asked for.
    walks: Vec<OnceCell<Walk>>,
    /// What rules see: the classes, then firewalls that put their own address into packets.
    points: Vec<Point<'a>>,
    /// First address of each piece that no rule cuts.
    cuts: Vec<u32>,
    /// The first point of each piece.
    first_in: Vec<usize>,
    leaving: Vec<OnceCell<Vec<Row>>>,
    entering: Vec<OnceCell<Vec<Row>>>,
    /// Points in `VirtualNetwork`, by network and route table.
    inside: BTreeMap<(ResourceId, Option<ResourceId>), OnceCell<Bits>>,
    members: BTreeMap<ResourceId, Bits>,
}

/// An answer with the hop that decides and the resource that it is about; no hop where all pass.
pub type Said = (Outcome, Option<(Hop, Option<ResourceId>)>);

#[derive(Debug)]
struct Class<'a> {
    ids: Vec<ResourceId>,
    subnet: Option<ResourceId>,
    filter: Option<ResourceId>,
    endpoint: bool,
    way: usize,
    /// Whether classes can answer; else each pair is asked: an address that two have, or nobody.
    plain: bool,
    point: Point<'a>,
}

#[derive(Clone, Copy, Debug)]
struct Point<'a> {
    address: Option<Ipv4Addr>,
    groups: &'a [ResourceId],
}

/// The trace of a class of pairs: what it says between the groups that are left open.
#[derive(Debug)]
enum Walk {
    Parts {
        first: Worst,
        rest: Vec<(Gate, Worst)>,
    },
    /// The walk depends on more than classes hold.
    Ask,
}

/// A network security group on the way.
#[derive(Clone, Copy, Debug)]
struct Gate {
    leaving: bool,
    /// Which of the groups there, in their order.
    nth: usize,
    /// The firewall whose address the group sees, by its point; `None` for the caller's own.
    translated: Option<usize>,
    /// Behind a guess, nothing is refused for certain.
    guess: bool,
}

/// The first of the worst steps.
type Worst = Option<(Outcome, Hop, At)>;

/// What a step is about, for all pairs of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    From,
    To,
    SubnetOfFrom,
    SubnetOfTo,
    Fixed(Option<ResourceId>),
}

/// What a group says to one place about all points.
#[derive(Debug)]
struct Row {
    filter: ResourceId,
    allowed: Bits,
    unknown: Bits,
}

impl Row {
    fn outcome(&self, point: usize) -> Outcome {
        if self.allowed.has(point) {
            Outcome::Allowed
        } else if self.unknown.has(point) {
            Outcome::Unknown
        } else {
            Outcome::Denied
        }
    }
}

/// A set of points.
#[derive(Clone, Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn none(count: usize) -> Bits {
        Bits(vec![0; count.div_ceil(64)])
    }

    fn all(count: usize) -> Bits {
        Bits(vec![u64::MAX; count.div_ceil(64)])
    }

    fn has(&self, n: usize) -> bool {
        self.0.get(n / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    fn insert(&mut self, n: usize) {
        if let Some(word) = self.0.get_mut(n / 64) {
            *word |= 1 << (n % 64);
        }
    }

    fn insert_range(&mut self, from: usize, to: usize) {
        if from >= to {
            return;
        }
        let (first, last) = (from / 64, (to - 1) / 64);
        for (at, word) in self.0.iter_mut().enumerate().take(last + 1).skip(first) {
            let low = if at == first { u64::MAX << (from % 64) } else { u64::MAX };
            let high = if at == last { u64::MAX >> (63 - (to - 1) % 64) } else { u64::MAX };
            *word |= low & high;
        }
    }

    fn join(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    fn clear(&mut self) {
        self.0.fill(0);
    }
}

/// What rules say to all points at once, while they are tried.
#[derive(Clone, Debug)]
struct Tally {
    allowed: Bits,
    unknown: Bits,
    denied: Bits,
    /// What a rule that may match says, should it match.
    may_allow: Bits,
    may_deny: Bits,
    /// Points that no further rule of these is for.
    passed: Bits,
}

impl Tally {
    fn none(count: usize) -> Tally {
        let none = || Bits::none(count);
        Tally {
            allowed: none(),
            unknown: none(),
            denied: none(),
            may_allow: none(),
            may_deny: none(),
            passed: none(),
        }
    }

    /// Points that further rules are for, word by word.
    fn left(&self) -> Vec<u64> {
        let words = self.allowed.0.iter().zip(&self.unknown.0).zip(&self.denied.0);
        words.zip(&self.passed.0).map(|(((a, b), c), d)| !(a | b | c | d)).collect()
    }

    /// The next rule: the points that it holds, for certain and perhaps.
    fn add(&mut self, allow: bool, yes: &Bits, maybe: &Bits) {
        let words = self.allowed.0.iter_mut().zip(&mut self.unknown.0).zip(&mut self.denied.0);
        let may = self.may_allow.0.iter_mut().zip(&mut self.may_deny.0);
        for ((((((allowed, unknown), denied), (may_allow, may_deny)), passed), yes), maybe) in
            words.zip(may).zip(&self.passed.0).zip(&yes.0).zip(&maybe.0)
        {
            let left = !(*allowed | *unknown | *denied | passed);
            let (yes, maybe) = (yes & left, maybe & left & !yes);
            if allow {
                *allowed |= yes & !*may_deny;
                *unknown |= yes & *may_deny;
                *may_allow |= maybe;
            } else {
                *denied |= yes & !*may_allow;
                *unknown |= yes & *may_allow;
                *may_deny |= maybe;
            }
        }
    }
}

/// The piece of a cut line that holds `address`.
fn piece(cuts: &[u32], address: Ipv4Addr) -> usize {
    cuts.partition_point(|it| *it <= address.to_bits())
}

/// Ends of ranges, as places where the next piece begins.
#[derive(Default)]
struct Cuts(BTreeSet<u32>);

impl Cuts {
    fn range(&mut self, first: Ipv4Addr, last: Ipv4Addr) {
        self.0.insert(first.to_bits());
        self.0.extend(last.to_bits().checked_add(1));
    }

    fn prefix(&mut self, it: Cidr) {
        self.range(it.first(), it.last());
    }

    fn places<'p>(&mut self, all: impl IntoIterator<Item = &'p Place>) {
        for place in all {
            match place {
                Place::Prefix(it) => self.prefix(*it),
                Place::Range(first, last) => self.range(*first, *last),
                _ => {}
            }
        }
    }

    /// Everywhere that routes and firewalls look at addresses.
    fn of_ways(facts: &Facts) -> Cuts {
        let mut cuts = Cuts::default();
        PRIVATE.into_iter().for_each(|it| cuts.prefix(it));
        [PLATFORM_DNS, PLATFORM_METADATA].into_iter().for_each(|it| cuts.range(it, it));
        let spaces = facts.networks.values().flat_map(|it| &it.space);
        let sites = facts.sites.values();
        let sites = sites.flat_map(|it| {
            it.space.iter().chain(&it.announces).chain(it.routes_back.iter().flatten())
        });
        let kept = facts.appliances.values().flat_map(|it| &it.untranslated);
        spaces.chain(sites).chain(kept).for_each(|it| cuts.prefix(*it));
        for route in facts.route_tables.values().flat_map(|it| &it.routes) {
            if let RoutePrefix::Prefix(it) = &route.to {
                cuts.prefix(*it);
            }
            // A route to what has an address is not like the way to its neighbors through it.
            if let NextHop::Appliance(it) = route.next_hop {
                cuts.range(it, it);
            }
        }
        for it in facts.appliances.values() {
            for rule in &it.network_rules {
                cuts.places(rule.source.iter().chain(&rule.destination));
            }
            cuts.places(it.application_rules.iter().flat_map(|it| &it.source));
        }
        // Machines that forward have filters of their own on the way.
        for (host, subnet) in forwarders(facts) {
            cuts.guards(facts);
            let own = facts.subnets.get(&subnet).and_then(|it| it.filter);
            for filter in [host.filter, own].into_iter().flatten() {
                let rules = facts.filters.get(&filter).into_iter().flat_map(|it| &it.rules);
                rules.for_each(|rule| cuts.places(rule.source.iter().chain(&rule.destination)));
            }
        }
        cuts
    }

    /// Those, and where rules of network security groups look at addresses.
    fn and_filters(mut self, facts: &Facts) -> Cuts {
        for rule in facts.filters.values().flat_map(|it| &it.rules) {
            self.places(rule.source.iter().chain(&rule.destination));
        }
        self.guards(facts);
        self
    }

    /// Where rules over networks look at addresses.
    fn guards(&mut self, facts: &Facts) {
        for it in facts.guards.values().flat_map(|it| &it.rules) {
            self.places(it.rule.source.iter().chain(&it.rule.destination));
        }
    }

    fn finish(self) -> Vec<u32> {
        self.0.into_iter().collect()
    }
}

/// Machines that forward packets, each with its subnet.
fn forwarders(facts: &Facts) -> impl Iterator<Item = (&Host, ResourceId)> {
    facts.hosts.values().filter(|it| it.forwards.is_some()).filter_map(|it| match it.position {
        Position::Subnet { subnet, .. } => Some((it, subnet)),
        _ => None,
    })
}

/// What rules tell places apart by.
type ClassKey<'a> = (
    usize,
    Option<ResourceId>,
    Option<ResourceId>,
    Option<ResourceId>,
    &'a [ResourceId],
    Option<&'static str>,
    Option<ResourceId>,
);

/// What routes and firewalls tell places apart by.
type WayKey<'a> = (
    usize,
    Option<ResourceId>,
    [Option<ResourceId>; 6],
    &'a [ResourceId],
    (Option<&'static str>, [bool; 5]),
);

impl<'n, 'a> Reach<'n, 'a> {
    /// Sorts the places of a design into classes. Answers are worked out when they are asked for.
    pub fn new(network: &'n Network<'a>, protocol: Protocol, port: u16) -> Reach<'n, 'a> {
        let facts = network.facts();
        let ways = Cuts::of_ways(facts);
        let way_cuts: Vec<u32> = ways.0.iter().copied().collect();
        let cuts = ways.and_filters(facts).finish();
        let odd = |id: ResourceId| facts.gaps.contains_key(&id) || facts.refusals.contains_key(&id);
        let special: BTreeSet<ResourceId> = facts
            .appliances
            .values()
            .map(|it| it.subnet)
            .chain(facts.gateways.values().map(|it| it.subnet))
            .chain(forwarders(facts).map(|it| it.1))
            .collect();
        let mut by_key: BTreeMap<ClassKey<'a>, Class<'a>> = BTreeMap::new();
        let mut ways: BTreeMap<WayKey<'a>, Vec<usize>> = BTreeMap::new();
        let mut way_keys: BTreeMap<ClassKey<'a>, WayKey<'a>> = BTreeMap::new();
        for it in places(network) {
            let Found { id, subnet, site, filter, groups, state, address } = it;
            let own = subnet.and_then(|it| facts.subnets.get(&it));
            let shared = address.is_none_or(|it| {
                matches!(it, PLATFORM_DNS | PLATFORM_METADATA)
                    || network.index.holders.get(&it).is_none_or(|all| all.len() != 1)
            });
            let target = facts.private_endpoints.get(&id).map(|it| it.target);
            let public = facts.hosts.get(&id).and_then(|it| it.public.as_ref()).map(|it| it.at);
            let alone = shared
                || [Some(id), target, public].into_iter().flatten().any(odd)
                || network.index.without_address.contains(&id)
                || facts.appliances.contains_key(&id)
                || facts.hosts.get(&id).is_some_and(|it| it.forwards.is_some())
                || facts.name_servers.contains_key(&id);
            let alone = alone.then_some(id);
            let at = |cuts: &[u32]| address.map_or(usize::MAX, |it| piece(cuts, it));
            let key = (at(&cuts), subnet, site, filter, groups, state, alone);
            let class = by_key.entry(key).or_insert_with(|| Class {
                ids: Vec::new(),
                subnet,
                filter,
                endpoint: state.is_some(),
                way: 0,
                plain: !shared && (own.is_some() || site.is_some()),
                point: Point { address, groups },
            });
            class.ids.push(id);
            let own_filter = own.and_then(|it| it.filter);
            let apart = [
                site,
                own.and_then(|it| it.routes),
                subnet.filter(|it| own.is_none() || odd(*it) || special.contains(it)),
                filter.filter(|it| odd(*it)),
                own_filter.filter(|it| odd(*it)),
                alone,
            ];
            let flags = [
                filter.is_some(),
                own_filter.is_some(),
                state.is_some() && own.is_some_and(|it| it.filters_private_endpoints),
                state.is_some() && own.is_some_and(|it| it.routes_private_endpoints),
                own.is_some_and(|it| it.unguarded),
            ];
            way_keys.entry(key).or_insert((
                at(&way_cuts),
                own.map(|it| it.network),
                apart,
                groups,
                (state, flags),
            ));
        }
        let mut classes = Vec::with_capacity(by_key.len());
        let mut class_of = BTreeMap::new();
        let mut pieces = Vec::new();
        for (n, (key, class)) in by_key.into_iter().enumerate() {
            class_of.extend(class.ids.iter().map(|id| (*id, n)));
            if let Some(way) = way_keys.remove(&key) {
                ways.entry(way).or_default().push(n);
            }
            pieces.push(key.0);
            classes.push(class);
        }
        let mut kept: Vec<Vec<usize>> = Vec::new();
        let mut members_of: Vec<Vec<usize>> = Vec::new();
        for (way, members) in ways.into_values().enumerate() {
            // Two subnets are enough to tell what a step is about.
            let mut some: Vec<usize> = Vec::new();
            for &it in &members {
                let Some(class) = classes.get_mut(it) else { continue };
                class.way = way;
                let subnet = class.subnet;
                let new = |it: &usize| classes.get(*it).is_none_or(|it| it.subnet != subnet);
                if some.len() < 2 && some.iter().all(new) {
                    some.push(it);
                }
            }
            kept.push(some);
            members_of.push(members);
        }
        let mut points: Vec<Point<'a>> = classes.iter().map(|it| it.point).collect();
        let first_in: Vec<usize> =
            (0..=cuts.len() + 1).map(|at| pieces.partition_point(|it| *it < at)).collect();
        points.extend(
            facts
                .appliances
                .keys()
                .map(|it| Point { address: network.index.address.get(it).copied(), groups: &[] }),
        );
        let mut members: BTreeMap<ResourceId, Bits> = BTreeMap::new();
        for (n, point) in points.iter().enumerate() {
            for group in point.groups {
                members.entry(*group).or_insert_with(|| Bits::none(points.len())).insert(n);
            }
        }
        let subnets = facts.subnets.values();
        let inside = subnets.map(|it| ((it.network, it.routes), OnceCell::new())).collect();
        let cells = |count: usize| (0..count).map(|_| OnceCell::new()).collect::<Vec<_>>();
        Reach {
            network,
            protocol,
            port,
            walks: (0..kept.len() * kept.len()).map(|_| OnceCell::new()).collect(),
            leaving: cells(classes.len()),
            entering: cells(classes.len()),
            classes,
            class_of,
            ways: kept,
            members_of,
            points,
            cuts,
            first_in,
            inside,
            members,
        }
    }

    /// Everything that can be called.
    pub fn destinations(&self) -> impl Iterator<Item = ResourceId> {
        self.class_of.keys().copied()
    }

    /// Everything that can call.
    pub fn sources(&self) -> impl Iterator<Item = ResourceId> {
        let calls = |it: usize| self.classes.get(it).is_some_and(|it| !it.endpoint);
        self.class_of.iter().filter(move |(_, it)| calls(**it)).map(|(id, _)| *id)
    }

    /// Whether `from` reaches `to`; `None` where one of them has no place in a private network.
    pub fn outcome(&self, from: ResourceId, to: ResourceId) -> Option<Outcome> {
        let (from, to) = (*self.class_of.get(&from)?, *self.class_of.get(&to)?);
        self.classes.get(from).filter(|it| !it.endpoint)?;
        Some(self.between(from, to))
    }

    /// The same with what decides.
    pub fn explain(&self, from: ResourceId, to: ResourceId) -> Option<Said> {
        let (a, b) = (*self.class_of.get(&from)?, *self.class_of.get(&to)?);
        self.classes.get(a).filter(|it| !it.endpoint)?;
        let Some(worst) = self.worst(a, b) else {
            return Some(first_worst(&self.network.flow(&self.question(from, to)?).trace));
        };
        let Some((outcome, hop, at)) = worst else { return Some((Outcome::Allowed, None)) };
        let subnet = |class: usize| self.classes.get(class).and_then(|it| it.subnet);
        let at = match at {
            At::From => Some(from),
            At::To => Some(to),
            At::SubnetOfFrom => subnet(a),
            At::SubnetOfTo => subnet(b),
            At::Fixed(it) => it,
        };
        Some((outcome, Some((hop, at))))
    }

    /// How many pairs are allowed, unknown and denied.
    pub fn count(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for (from, a) in self.classes.iter().enumerate().filter(|(_, it)| !it.endpoint) {
            for (way, members) in self.members_of.iter().enumerate() {
                let walk = if a.plain { self.parts(a.way, way) } else { None };
                let least = walk.map_or(Outcome::Allowed, |(first, rest)| {
                    let parts = rest.iter().map(|(_, part)| part);
                    let told = parts.chain([first]).flatten().map(|(outcome, _, _)| *outcome);
                    told.max().unwrap_or(Outcome::Allowed)
                });
                for &to in members {
                    let Some(b) = self.classes.get(to) else { continue };
                    let outcome = match walk {
                        // No group can say worse.
                        Some(_) if b.plain && least == Outcome::Denied => least,
                        Some((_, rest)) if b.plain => self.at_gates(rest, from, to).max(least),
                        _ => self.between(from, to),
                    };
                    let [allowed, unknown, denied] = &mut counts;
                    let slot = match outcome {
                        Outcome::Allowed => allowed,
                        Outcome::Partial | Outcome::Unknown => unknown,
                        Outcome::Denied => denied,
                    };
                    *slot += a.ids.len() * b.ids.len();
                }
            }
        }
        counts
    }

    /// The question that a pair stands for.
    pub fn question(&self, from: ResourceId, to: ResourceId) -> Option<Flow> {
        let class = self.classes.get(*self.class_of.get(&to)?)?;
        let to = match class.point.address {
            Some(address) if class.endpoint => Destination::Address(address),
            _ => Destination::Host(to),
        };
        Some(Flow { protocol: self.protocol, ..Flow::tcp(from, to, self.port) })
    }

    fn between(&self, from: usize, to: usize) -> Outcome {
        match self.worst(from, to) {
            Some(worst) => worst.map_or(Outcome::Allowed, |(outcome, _, _)| outcome),
            None => self.ask(from, to).unwrap_or(Outcome::Unknown),
        }
    }

    fn ask(&self, from: usize, to: usize) -> Option<Outcome> {
        let from = self.classes.get(from)?.ids.first()?;
        let to = self.classes.get(to)?.ids.first()?;
        Some(self.network.flow(&self.question(*from, *to)?).outcome)
    }

    /// What decides between two classes; `None` where classes cannot tell.
    fn worst(&self, from: usize, to: usize) -> Option<Worst> {
        let (a, b) = (self.classes.get(from)?, self.classes.get(to)?);
        if !(a.plain && b.plain) {
            return None;
        }
        let (first, rest) = self.parts(a.way, b.way)?;
        let mut worst = *first;
        for (gate, part) in rest {
            let (outcome, filter) = self.at_gate(gate, from, to)?;
            let hop = if gate.leaving { Hop::NsgOutbound } else { Hop::NsgInbound };
            take(&mut worst, outcome, hop, At::Fixed(Some(filter)));
            if let Some((outcome, hop, at)) = *part {
                take(&mut worst, outcome, hop, at);
            }
        }
        Some(worst)
    }

    /// What all pairs of two ways have in common; `None` where each has to be asked.
    #[inline]
    fn parts(&self, from: usize, to: usize) -> Option<(&Worst, &[(Gate, Worst)])> {
        let walk = self.walks.get(from * self.ways.len() + to)?;
        match walk.get_or_init(|| self.walk(from, to)) {
            Walk::Parts { first, rest } => Some((first, rest)),
            Walk::Ask => None,
        }
    }

    /// What one group on the way says, and which group it is.
    #[inline]
    fn at_gate(&self, gate: &Gate, from: usize, to: usize) -> Option<(Outcome, ResourceId)> {
        let (rows, seen) = if gate.leaving {
            (self.leaving(from), to)
        } else {
            (self.entering(to), gate.translated.unwrap_or(from))
        };
        let row = rows.get(gate.nth)?;
        let outcome = match row.outcome(seen) {
            Outcome::Denied if gate.guess => Outcome::Unknown,
            it => it,
        };
        Some((outcome, row.filter))
    }

    /// The worst that the groups on the way say.
    #[inline]
    fn at_gates(&self, rest: &[(Gate, Worst)], from: usize, to: usize) -> Outcome {
        let mut worst = Outcome::Allowed;
        for (gate, _) in rest {
            let Some((outcome, _)) = self.at_gate(gate, from, to) else {
                return self.ask(from, to).unwrap_or(Outcome::Unknown);
            };
            worst = worst.max(outcome);
            if worst == Outcome::Denied {
                break;
            }
        }
        worst
    }

    /// Walks for one pair of a class, with the groups left open.
    fn walk(&self, from: usize, to: usize) -> Walk {
        self.pair(from, to).and_then(|(from, to)| self.walk_between(from, to)).unwrap_or(Walk::Ask)
    }

    /// Two places in different subnets, where there are such.
    fn pair(&self, from: usize, to: usize) -> Option<((usize, ResourceId), (usize, ResourceId))> {
        let (sources, targets) = (self.ways.get(from)?, self.ways.get(to)?);
        let subnet = |it: usize| self.classes.get(it).and_then(|it| it.subnet);
        let pairs = || sources.iter().flat_map(|a| targets.iter().map(move |b| (*a, *b)));
        let (a, b) = pairs().find(|(a, b)| subnet(*a) != subnet(*b)).or_else(|| pairs().next())?;
        let source = *self.classes.get(a)?.ids.first()?;
        let ids = &self.classes.get(b)?.ids;
        let target = *ids.iter().find(|it| **it != source).or(ids.first())?;
        Some(((a, source), (b, target)))
    }

    fn walk_between(
        &self,
        (a, source): (usize, ResourceId),
        (b, target): (usize, ResourceId),
    ) -> Option<Walk> {
        let (from, to) = (self.classes.get(a)?, self.classes.get(b)?);
        let log = self.network.walk_open(&self.question(source, target)?);
        let (open, design, steps) = log.into_parts();
        // Without any evidence there is no verdict, which is not the same as a pass.
        if open.is_empty() && design.is_empty() && steps.is_empty() {
            return None;
        }
        let at = |step: &Step| match step.at {
            Some(it) if it == source => At::From,
            Some(it) if it == target => At::To,
            Some(it) if Some(it) == from.subnet => At::SubnetOfFrom,
            Some(it) if Some(it) == to.subnet => At::SubnetOfTo,
            it => At::Fixed(it),
        };
        let mut first = None;
        let mut rest: Vec<(Gate, Worst)> = Vec::new();
        design.iter().for_each(|it| take(&mut first, it.outcome, it.hop, at(it)));
        let mut open = open.into_iter().peekable();
        let (mut left, mut entered) = (0, 0);
        for n in 0..=steps.len() {
            while let Some(gate) = open.next_if(|it| it.before == n) {
                let leaving = gate.direction == Direction::Outbound;
                let own = gate.source == from.point.address;
                let translated = if leaving || own {
                    None
                } else {
                    gate.source?;
                    let firewalls = self.points.iter().enumerate().skip(self.classes.len());
                    let mut found = firewalls.filter(|(_, it)| it.address == gate.source);
                    Some(found.next()?.0)
                };
                let nth = if leaving { &mut left } else { &mut entered };
                let guess = gate.guess;
                rest.push((Gate { leaving, nth: *nth, translated, guess }, None));
                *nth += 1;
            }
            if let Some(step) = steps.get(n) {
                let part = rest.last_mut().map_or(&mut first, |(_, it)| it);
                take(part, step.outcome, step.hop, at(step));
            }
        }
        Some(Walk::Parts { first, rest })
    }

    /// What the rules on the way out of a class say: of its network, its interface, its subnet.
    fn leaving(&self, class: usize) -> &[Row] {
        let Some(cell) = self.leaving.get(class) else { return &[] };
        cell.get_or_init(|| {
            let Some(it) = self.classes.get(class) else { return Vec::new() };
            let own = it.subnet.and_then(|it| self.network.facts().subnets.get(&it));
            self.rows([it.filter, own.and_then(|it| it.filter)], Direction::Outbound, it)
        })
    }

    /// What the rules on the way into a class say: of its network, its subnet, its interface.
    fn entering(&self, class: usize) -> &[Row] {
        let Some(cell) = self.entering.get(class) else { return &[] };
        cell.get_or_init(|| {
            let Some(it) = self.classes.get(class) else { return Vec::new() };
            let own = it.subnet.and_then(|it| self.network.facts().subnets.get(&it));
            self.rows([own.and_then(|it| it.filter), it.filter], Direction::Inbound, it)
        })
    }

    /// Everything that filters at one place, for all points as the other end.
    fn rows(
        &self,
        filters: [Option<ResourceId>; 2],
        direction: Direction,
        class: &Class<'a>,
    ) -> Vec<Row> {
        // Private endpoints are outside the rules over networks.
        let subnet = class.subnet.filter(|_| !class.endpoint);
        let guards = self.network.guards(subnet, direction);
        let guarded = guards.first().map(|(guard, _)| (*guard, self.guarded(guards, class)));
        let filters = filters.into_iter().flatten();
        let rows = filters.map(|filter| {
            let said = guarded.as_ref().map(|(_, it)| it.clone());
            let mut said = said.unwrap_or_else(|| Tally::none(self.points.len()));
            let [mut yes, mut maybe] = [(); 2].map(|()| Bits::none(self.points.len()));
            for rule in self.network.rules(filter, direction) {
                if self.held_by(rule, class, &mut yes, &mut maybe) {
                    said.add(rule.allow, &yes, &maybe);
                }
            }
            Row { filter, allowed: said.allowed, unknown: said.unknown }
        });
        let first = guarded.clone().map(|(filter, said)| {
            // What no rule decides, the groups do.
            let mut it = said;
            it.may_allow.clear();
            let all = Bits::all(self.points.len());
            it.add(true, &all, &Bits::none(self.points.len()));
            Row { filter, allowed: it.allowed, unknown: it.unknown }
        });
        first.into_iter().chain(rows.collect::<Vec<_>>()).collect()
    }

    /// The rules over the network of `class`: `filter::guarded` at once.
    fn guarded(&self, guards: &[(ResourceId, &GuardRule)], class: &Class<'a>) -> Tally {
        let mut said = Tally::none(self.points.len());
        // Where a rule may leave the word to the groups.
        let mut unsure = Bits::none(self.points.len());
        let [mut yes, mut maybe] = [(); 2].map(|()| Bits::none(self.points.len()));
        for (_, it) in guards {
            if !self.held_by(&it.rule, class, &mut yes, &mut maybe) {
                continue;
            }
            for ((yes, maybe), unsure) in yes.0.iter_mut().zip(&mut maybe.0).zip(&unsure.0) {
                *maybe |= *yes & unsure;
                *yes &= !unsure;
            }
            if it.rule.allow && !it.last {
                let left = said.left();
                for (((passed, unsure), left), (yes, maybe)) in said
                    .passed
                    .0
                    .iter_mut()
                    .zip(&mut unsure.0)
                    .zip(left)
                    .zip(yes.0.iter().zip(&maybe.0))
                {
                    *passed |= yes & left;
                    *unsure |= maybe & left;
                }
            } else {
                said.add(it.rule.allow, &yes, &maybe);
            }
        }
        said.passed.clear();
        said
    }

    /// The points that a rule holds as the other end of `class`, for certain and perhaps.
    /// Whether there may be any.
    fn held_by(&self, rule: &Rule, class: &Class<'a>, yes: &mut Bits, maybe: &mut Bits) -> bool {
        let has_ports = self.protocol.has_ports();
        if !rule.protocol.covers(self.protocol) || (has_ports && !in_ports(&rule.ports, self.port))
        {
            return false;
        }
        let (near, far, groups) = match rule.direction {
            Direction::Inbound => (&rule.destination, &rule.source, true),
            // Towards a destination, a rule sees its address only.
            Direction::Outbound => (&rule.source, &rule.destination, false),
        };
        let own = Party::private(class.point.address, class.point.groups);
        let near = near.iter().map(|it| matches(self.network, class.subnet, it, &own)).max();
        let any = class.endpoint && rule.direction == Direction::Inbound;
        let ports = if any || !has_ports { Tri::Yes } else { in_source_ports(&rule.source_ports) };
        let most = near.unwrap_or(Tri::No).min(ports);
        if most == Tri::No {
            return false;
        }
        yes.clear();
        maybe.clear();
        for place in far {
            self.hold(place, class.subnet, groups, yes, maybe);
        }
        if most == Tri::Maybe {
            maybe.join(yes);
            yes.clear();
        }
        true
    }

    /// Adds the points that a place holds, for a rule that stands in `subnet`.
    fn hold(
        &self,
        place: &Place,
        subnet: Option<ResourceId>,
        groups: bool,
        yes: &mut Bits,
        maybe: &mut Bits,
    ) {
        match place {
            Place::Any => yes.insert_range(0, self.points.len()),
            Place::Prefix(it) => self.hold_range(it.first(), it.last(), yes),
            Place::Range(first, last) => self.hold_range(*first, *last, yes),
            Place::Group(it) if groups => {
                if let Some(it) = self.members.get(it) {
                    yes.join(it);
                }
            }
            Place::Tag(it) if it.name == "virtualnetwork" => {
                let own = subnet.and_then(|it| self.network.facts().subnets.get(&it));
                let key = own.map(|it| (it.network, it.routes));
                if let Some(cell) = key.and_then(|it| self.inside.get(&it)) {
                    yes.join(cell.get_or_init(|| self.held(place, subnet)));
                }
            }
            Place::Unsaid => maybe.insert_range(0, self.points.len()),
            // Public addresses, names, and groups that are not seen.
            Place::Tag(_) | Place::UnknownTag(_) | Place::Group(_) | Place::Name(_) => {}
        }
    }

    /// Point by point.
    fn held(&self, place: &Place, subnet: Option<ResourceId>) -> Bits {
        let mut bits = Bits::none(self.points.len());
        for (n, it) in self.points.iter().enumerate() {
            let party = Party::private(it.address, it.groups);
            if matches(self.network, subnet, place, &party) == Tri::Yes {
                bits.insert(n);
            }
        }
        bits
    }

    /// Points by their addresses: those of classes stand in order, firewalls after them.
    fn hold_range(&self, first: Ipv4Addr, last: Ipv4Addr, yes: &mut Bits) {
        let start = |at: usize| self.first_in.get(at).copied().unwrap_or(self.classes.len());
        if first <= last {
            yes.insert_range(start(piece(&self.cuts, first)), start(piece(&self.cuts, last) + 1));
        }
        for (n, it) in self.points.iter().enumerate().skip(self.classes.len()) {
            if it.address.is_some_and(|it| first <= it && it <= last) {
                yes.insert(n);
            }
        }
    }
}

/// A place with a private address.
struct Found<'a> {
    id: ResourceId,
    subnet: Option<ResourceId>,
    site: Option<ResourceId>,
    filter: Option<ResourceId>,
    groups: &'a [ResourceId],
    /// Of a private endpoint's connection.
    state: Option<&'static str>,
    address: Option<Ipv4Addr>,
}

fn places<'a>(network: &Network<'a>) -> Vec<Found<'a>> {
    let facts = network.facts();
    let mut all = Vec::new();
    for (&id, host) in &facts.hosts {
        let (subnet, site) = match host.position {
            Position::Subnet { subnet, .. } => (Some(subnet), None),
            Position::Site { site, .. } => (None, Some(site)),
            _ => continue,
        };
        let address = network.index.address.get(&id).copied();
        let (filter, groups) = (host.filter, host.groups.as_slice());
        all.push(Found { id, subnet, site, filter, groups, state: None, address });
    }
    for (&id, endpoint) in &facts.private_endpoints {
        all.push(Found {
            id,
            subnet: Some(endpoint.subnet),
            site: None,
            filter: None,
            groups: &endpoint.groups,
            state: Some(endpoint.state.name()),
            address: network.endpoint_addresses(id).first().map(|(_, it)| *it),
        });
    }
    all
}

/// The first of the worst stays.
fn take(worst: &mut Worst, outcome: Outcome, hop: Hop, at: At) {
    if outcome > worst.map_or(Outcome::Allowed, |(it, _, _)| it) {
        *worst = Some((outcome, hop, at));
    }
}

/// What decides a trace.
fn first_worst(trace: &Trace) -> Said {
    let outcome = trace.outcome();
    let step = trace.deciding().and_then(|it| trace.steps.get(it));
    (outcome, step.filter(|_| outcome != Outcome::Allowed).map(|it| (it.hop, it.at)))
}
