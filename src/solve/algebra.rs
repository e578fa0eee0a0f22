//! Exact questions about packet filters: which rules never decide, which could go, which disagree, and
//! whether two filters allow the same traffic.
//!
//! Every dimension of a packet (protocol, addresses, ports) is cut at the edges that the rules name, so
//! that a handful of classes stands for all packets. A class is the set of rules that hold it, as bits; a
//! question is then a search through intersections that stops as soon as one rule covers the rest.
//!
//! Service tags are sets of public addresses that this program does not know. Each one mentioned is a
//! class of its own inside the tags above it (`Storage.JapanEast` in `Storage` in `AzureCloud` in
//! `Internet`), apart from public prefixes written as numbers. A public prefix is therefore never called
//! shadowed by a tag other than `Internet`. Application security groups are classes inside
//! `VirtualNetwork`; hosts in several groups at once are not looked at.
//!
//! Azure docs: "How network security groups filter network traffic"
//! (virtual-network/network-security-group-how-it-works).

// Where two filters differ.
mod contest;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    net::Ipv4Addr,
};

use super::filter::default_rules;
use crate::facts::{
    ResourceId,
    cidr::{Cidr, PRIVATE},
    filter::{Direction, Filter, Place, Ports, Protocol, Rule, Tag},
};

/// What is noteworthy about one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the rule.
    pub rule: String,
    pub kind: FindingKind,
    /// A packet that shows it.
    pub packet: Packet,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// Rules before it decide every packet that it matches.
    Shadowed { by: Vec<String> },
    /// It decides some packets, but rules after it would decide all of them the same way.
    Redundant,
    /// An earlier rule with the opposite effect matches some of its packets, and each also matches
    /// packets that the other does not.
    Conflict { with: String },
}

/// One packet out of a class of packets that rules cannot tell apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    pub protocol: Protocol,
    pub source: Spot,
    pub source_port: u16,
    pub destination: Spot,
    pub port: u16,
}

/// An address of a packet: known, or somewhere in a tag or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    Address(Ipv4Addr),
    Tag(String),
    Group(ResourceId),
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spot::Address(it) => it.fmt(f),
            Spot::Tag(it) => it.fmt(f),
            Spot::Group(it) => write!(f, "group {}", it.0),
        }
    }
}

impl fmt::Display for Packet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.protocol.name())?;
        if self.protocol.has_ports() {
            write!(f, "{}:{} > {}:{}", self.source, self.source_port, self.destination, self.port)
        } else {
            write!(f, "{} > {}", self.source, self.destination)
        }
    }
}

/// Shadowed, redundant and conflicting rules of a filter, by priority. `network` is what
/// `VirtualNetwork` stands for where the filter applies.
///
/// Complexity: linear in rules times classes for ordinary filters; the search branches only where
/// rules overlap partly in several dimensions at once.
pub fn findings(filter: &Filter, direction: Direction, network: &[Cidr]) -> Vec<Finding> {
    let rules = in_order(filter, direction);
    let own = filter.rules.iter().filter(|it| it.direction == direction).count();
    let space = Space::new(&rules, network);
    let reaches = space.reaches(own);
    let mut all = Vec::new();
    for (at, (rule, reach)) in rules.iter().zip(&reaches).enumerate() {
        // No class holds it: its prefix list is empty. Nothing can be said with a packet.
        let Some(any) = space.any(at) else { continue };
        let name = rule.name.clone();
        if !space.decides_something(reach, at) {
            let by = (0..at).filter(|it| reach.touching.has(*it)).filter_map(|it| rules.get(it));
            let by = by.map(|it| it.name.clone()).collect();
            all.push(Finding { rule: name, kind: FindingKind::Shadowed { by }, packet: any });
            continue;
        }
        if !space.is_needed(reach, at, &rules) {
            all.push(Finding { rule: name, kind: FindingKind::Redundant, packet: any });
            continue;
        }
        for earlier in reach.touching.iter().take_while(|it| *it < at) {
            let (Some(other), Some(theirs)) = (rules.get(earlier), reaches.get(earlier)) else {
                continue;
            };
            let one_holds_the_other =
                reach.covered_from(0).has(earlier) || theirs.covered_from(0).has(at);
            if other.allow == rule.allow || one_holds_the_other {
                continue;
            }
            if let Some(packet) = space.common(at, earlier) {
                let kind = FindingKind::Conflict { with: other.name.clone() };
                all.push(Finding { rule: rule.name.clone(), kind, packet });
            }
        }
    }
    all
}

/// Names of the rules that never decide: [`findings`] without the rest.
pub fn shadowed(filter: &Filter, direction: Direction, network: &[Cidr]) -> Vec<String> {
    let rules = in_order(filter, direction);
    let own = filter.rules.iter().filter(|it| it.direction == direction).count();
    let space = Space::new(&rules, network);
    let reaches = space.reaches(own);
    let never = reaches.iter().enumerate().filter(|(at, it)| !space.decides_something(it, *at));
    never.filter_map(|(at, _)| rules.get(at)).map(|it| it.name.clone()).collect()
}

/// Where two filters differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub packet: Packet,
    /// What the first filter does with it; the second does the opposite.
    pub first_allows: bool,
}

/// A packet that one filter allows and the other denies, or `None` where they allow the same traffic.
pub fn difference(
    a: &Filter,
    b: &Filter,
    direction: Direction,
    network: &[Cidr],
) -> Option<Difference> {
    let mut rules = in_order(a, direction);
    let split = rules.len();
    rules.extend(in_order(b, direction));
    let space = Space::new(&rules, network);
    let (packet, first_allows) = contest::contest(&space, &rules, split)?;
    Some(Difference { packet, first_allows })
}

/// The rules of a direction as Azure reads them, the default ones last.
fn in_order(filter: &Filter, direction: Direction) -> Vec<Rule> {
    let mut rules: Vec<Rule> =
        filter.rules.iter().filter(|it| it.direction == direction).cloned().collect();
    rules.sort_by_key(|it| it.priority);
    rules.extend(default_rules().into_iter().filter(|it| it.direction == direction));
    rules
}

/// A set of rules by their place in the order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bits(Vec<u64>);

impl Bits {
    fn empty(len: usize) -> Bits {
        Bits(vec![0; len.div_ceil(64)])
    }

    fn full(len: usize) -> Bits {
        let mut it = Bits(vec![u64::MAX; len.div_ceil(64)]);
        if let (Some(last), 1..) = (it.0.last_mut(), len % 64) {
            *last = (1 << (len % 64)) - 1;
        }
        it
    }

    fn insert(&mut self, n: usize) {
        if let Some(word) = self.0.get_mut(n / 64) {
            *word |= 1 << (n % 64);
        }
    }

    fn remove(&mut self, n: usize) {
        if let Some(word) = self.0.get_mut(n / 64) {
            *word &= !(1 << (n % 64));
        }
    }

    fn has(&self, n: usize) -> bool {
        self.0.get(n / 64).is_some_and(|word| word >> (n % 64) & 1 == 1)
    }

    fn and(&self, other: &Bits) -> Bits {
        Bits(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    fn keep(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    fn join(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    fn first(&self) -> Option<usize> {
        let at = self.0.iter().position(|it| *it != 0)?;
        self.0.get(at).map(|word| at * 64 + word.trailing_zeros() as usize)
    }

    /// The first member of both sets from `from` on.
    fn first_common(&self, other: &Bits, from: usize) -> Option<usize> {
        self.0.iter().zip(&other.0).enumerate().skip(from / 64).find_map(|(at, (a, b))| {
            let mut word = a & b;
            if at == from / 64 {
                word &= u64::MAX << (from % 64);
            }
            (word != 0).then(|| at * 64 + word.trailing_zeros() as usize)
        })
    }

    fn is_empty(&self) -> bool {
        self.0.iter().all(|it| *it == 0)
    }

    fn len(&self) -> u32 {
        self.0.iter().map(|it| it.count_ones()).sum()
    }

    fn is_within(&self, other: &Bits) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a & !b == 0)
    }

    /// Takes out the members from `from` up to, without, `to`.
    fn clear(&mut self, from: usize, to: usize) {
        for (at, word) in self.0.iter_mut().enumerate() {
            let start = at * 64;
            if start + 64 <= from || start >= to {
                continue;
            }
            let low = if from > start { (1 << (from - start)) - 1 } else { 0 };
            let high = if to < start + 64 { u64::MAX << (to - start) } else { 0 };
            *word &= low | high;
        }
    }

    fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let bit = word.trailing_zeros() as usize;
                    word &= word - 1;
                    at * 64 + bit
                })
            })
        })
    }
}

/// Protocol, destination port, destination address, source address, source port.
const DIMENSIONS: usize = 5;

/// Dimensions that mean nothing to protocols without ports.
const PORTS: [usize; 2] = [1, 4];

/// Values of one dimension that no rule tells apart, and the rules that hold them.
#[derive(Clone, Debug)]
struct Class {
    rules: Bits,
    example: Example,
}

#[derive(Clone, Debug)]
enum Example {
    Protocol(Protocol),
    Port(u16),
    Spot(Spot),
}

/// All packets, as classes of each dimension.
struct Space {
    classes: [Vec<Class>; DIMENSIONS],
    /// Per dimension, the sets of classes that rules hold.
    sets: [Vec<Vec<usize>>; DIMENSIONS],
    /// Per dimension and rule, its set. Rules in the same words share one.
    set_of: [Vec<usize>; DIMENSIONS],
    count: usize,
}

/// One rule's part of the space, with only the rules that meet it.
#[derive(Clone, Debug)]
struct Reach {
    /// From a dimension on: rules that cover it in that one and in all after it.
    covering: [Bits; DIMENSIONS + 1],
    /// Rules that share some class with it in every dimension that both protocols have.
    touching: Bits,
}

/// A rule's classes as some other rules see them: each set of those once. They are worked out when a
/// search gets there; most searches end at one of the first.
struct Rows<'s> {
    among: Bits,
    dimensions: [Row<'s>; DIMENSIONS],
}

struct Row<'s> {
    left: std::slice::Iter<'s, usize>,
    classes: &'s [Class],
    found: Vec<(Bits, bool)>,
    known: BTreeSet<(bool, Bits)>,
}

impl Rows<'_> {
    /// The next set of a dimension, and whether packets there have no ports.
    fn get(&mut self, dimension: usize, n: usize) -> Option<(&Bits, bool)> {
        let Rows { among, dimensions } = self;
        let row = dimensions.get_mut(dimension)?;
        while row.found.len() <= n {
            let class = row.classes.get(*row.left.next()?)?;
            let bits = class.rules.and(among);
            let portless = portless(class);
            if row.known.insert((portless, bits.clone())) {
                row.found.push((bits, portless));
            }
        }
        row.found.get(n).map(|(bits, portless)| (bits, *portless))
    }
}

impl Space {
    fn new(rules: &[Rule], network: &[Cidr]) -> Space {
        let ports = |list: fn(&Rule) -> &Vec<Ports>| {
            let spans = rules.iter().map(|rule| {
                let list = list(rule);
                if list.is_empty() {
                    vec![(0, u64::from(u16::MAX))]
                } else {
                    list.iter().map(|it| (u64::from(it.first), u64::from(it.last))).collect()
                }
            });
            merge(sweep(spans.collect(), u64::from(u16::MAX)).into_iter().map(|(at, rules)| {
                Class { rules, example: Example::Port(u16::try_from(at).unwrap_or(u16::MAX)) }
            }))
        };
        let classes = [
            protocols(rules),
            ports(|it| &it.ports),
            addresses(rules, |it| &it.destination, network),
            addresses(rules, |it| &it.source, network),
            ports(|it| &it.source_ports),
        ];
        let set_of = [
            numbered(rules.iter().map(|it| it.protocol)),
            numbered(rules.iter().map(|it| &it.ports)),
            numbered(rules.iter().map(|it| &it.destination)),
            numbered(rules.iter().map(|it| &it.source)),
            numbered(rules.iter().map(|it| &it.source_ports)),
        ];
        let sets = std::array::from_fn(|dimension| {
            // One rule stands for all that have its set.
            let mut first = Bits::empty(rules.len());
            let mut sets: Vec<Vec<usize>> = Vec::new();
            let of = set_of.get(dimension).map_or(&[][..], Vec::as_slice);
            for (rule, set) in of.iter().enumerate() {
                if *set == sets.len() {
                    first.insert(rule);
                    sets.push(Vec::new());
                }
            }
            for (n, class) in classes.get(dimension).into_iter().flatten().enumerate() {
                for rule in class.rules.and(&first).iter() {
                    if let Some(it) = of.get(rule).and_then(|it| sets.get_mut(*it)) {
                        it.push(n);
                    }
                }
            }
            sets
        });
        Space { classes, sets, set_of, count: rules.len() }
    }

    fn dimension(&self, n: usize) -> &[Class] {
        self.classes.get(n).map_or(&[], Vec::as_slice)
    }

    fn of(&self, rule: usize, dimension: usize) -> impl Iterator<Item = &Class> {
        let classes = self.dimension(dimension);
        self.list(rule, dimension).iter().filter_map(|it| classes.get(*it))
    }

    fn list(&self, rule: usize, dimension: usize) -> &[usize] {
        let set = self.set_of(rule, dimension);
        let sets = self.sets.get(dimension);
        sets.and_then(|it| it.get(set?)).map_or(&[], Vec::as_slice)
    }

    fn set_of(&self, rule: usize, dimension: usize) -> Option<usize> {
        self.set_of.get(dimension)?.get(rule).copied()
    }

    /// Each rule's reach. Many rules hold the same classes of a dimension; they are looked at once.
    fn reaches(&self, count: usize) -> Vec<Reach> {
        let mut all: Vec<Reach> = (0..count)
            .map(|_| Reach {
                covering: std::array::from_fn(|_| Bits::full(self.count)),
                touching: Bits::full(self.count),
            })
            .collect();
        for dimension in 0..DIMENSIONS {
            let classes = self.dimension(dimension);
            let sets = self.sets.get(dimension).into_iter().flatten();
            let seen: Vec<(Bits, Bits)> = sets
                .map(|set| {
                    let mut met = Bits::empty(self.count);
                    let mut covers = Bits::full(self.count);
                    for class in set.iter().filter_map(|it| classes.get(*it)) {
                        met.join(&class.rules);
                        covers.keep(&class.rules);
                    }
                    (met, covers)
                })
                .collect();
            for (at, reach) in all.iter_mut().enumerate() {
                let set = self.set_of(at, dimension).and_then(|it| seen.get(it));
                let Some((met, covers)) = set else { continue };
                // Without ports, rules meet whatever ports they name.
                if !PORTS.contains(&dimension) {
                    reach.touching.keep(met);
                }
                reach.covering.iter_mut().take(dimension + 1).for_each(|it| it.keep(covers));
            }
        }
        for (at, reach) in all.iter_mut().enumerate() {
            reach.covering.iter_mut().for_each(|it| it.remove(at));
            reach.touching.remove(at);
        }
        all
    }

    /// The classes of rule `at`, seen by `among` alone.
    fn rows(&self, at: usize, among: &Bits) -> Rows<'_> {
        let dimensions = std::array::from_fn(|dimension| Row {
            left: self.list(at, dimension).iter(),
            classes: self.dimension(dimension),
            found: Vec::new(),
            known: BTreeSet::new(),
        });
        Rows { among: among.clone(), dimensions }
    }

    /// Whether some packet of rule `at` is matched by none of the earlier ones.
    fn decides_something(&self, reach: &Reach, at: usize) -> bool {
        let mut earlier = reach.touching.clone();
        earlier.clear(at, self.count);
        if earlier.is_empty() {
            return true;
        }
        if reach.covered_from(0).first_common(&earlier, 0).is_some() {
            return false;
        }
        let mut rows = self.rows(at, &earlier);
        let mut seen = vec![BTreeSet::new(); DIMENSIONS];
        missed(reach, &mut rows, 0, &earlier, false, &mut seen)
    }

    /// Whether some packet that rule `at` decides would be decided otherwise by the rules after it.
    fn is_needed(&self, reach: &Reach, at: usize, rules: &[Rule]) -> bool {
        let mut among = reach.touching.clone();
        // Whatever comes after the first rule that covers this one decides nothing here.
        if let Some(sure) = reach.covered_from(0).first_common(&among, at) {
            among.clear(sure + 1, self.count);
        }
        let mut rows = self.rows(at, &among);
        let mut seen = vec![BTreeSet::new(); DIMENSIONS];
        needed(reach, &mut rows, 0, &among, at, rules, false, &mut seen)
    }

    /// A packet that both rules match.
    fn common(&self, a: usize, b: usize) -> Option<Packet> {
        let mut way: Vec<(usize, &Class)> = Vec::new();
        for dimension in 0..DIMENSIONS {
            let free =
                way.first().is_some_and(|(_, it)| portless(it)) && PORTS.contains(&dimension);
            let (list, other) = (self.list(a, dimension), self.list(b, dimension));
            // The first of both, from the side with fewer.
            let (few, rule) =
                if free || list.len() <= other.len() { (list, b) } else { (other, a) };
            let mut classes = few.iter().filter_map(|it| self.dimension(dimension).get(*it));
            way.push((dimension, classes.find(|class| free || class.rules.has(rule))?));
        }
        Some(packet(&way))
    }

    /// Some packet of the rule.
    fn any(&self, rule: usize) -> Option<Packet> {
        let mut way = Vec::new();
        for dimension in 0..DIMENSIONS {
            way.push((dimension, self.of(rule, dimension).next()?));
        }
        Some(packet(&way))
    }
}

fn portless(class: &Class) -> bool {
    matches!(&class.example, Example::Protocol(it) if !it.has_ports())
}

impl Reach {
    fn covered_from(&self, dimension: usize) -> &Bits {
        let [first, ..] = &self.covering;
        self.covering.get(dimension).unwrap_or(first)
    }
}

/// Searches a packet of the reach that no candidate matches.
fn missed(
    reach: &Reach,
    rows: &mut Rows<'_>,
    dimension: usize,
    candidates: &Bits,
    without_ports: bool,
    seen: &mut [BTreeSet<(bool, Bits)>],
) -> bool {
    if candidates.is_empty() {
        return true;
    }
    if dimension == DIMENSIONS
        || reach.covered_from(dimension).first_common(candidates, 0).is_some()
    {
        return false;
    }
    if without_ports && PORTS.contains(&dimension) {
        return missed(reach, rows, dimension + 1, candidates, without_ports, seen);
    }
    let mut n = 0;
    while let Some((row, portless)) = rows.get(dimension, n) {
        n += 1;
        let without_ports = without_ports || portless;
        let next = candidates.and(row);
        // What was searched once from here needs no second search.
        let new =
            seen.get_mut(dimension).is_some_and(|it| it.insert((without_ports, next.clone())));
        if new && missed(reach, rows, dimension + 1, &next, without_ports, seen) {
            return true;
        }
    }
    false
}

/// Searches a packet that rule `at` decides and that the candidates after it would decide otherwise.
#[expect(clippy::too_many_arguments, reason = "the state of one search")]
fn needed(
    reach: &Reach,
    rows: &mut Rows<'_>,
    dimension: usize,
    candidates: &Bits,
    at: usize,
    rules: &[Rule],
    without_ports: bool,
    seen: &mut [BTreeSet<(bool, Bits)>],
) -> bool {
    let same = |n: usize| rules.get(n).map(|it| it.allow) == rules.get(at).map(|it| it.allow);
    let covering = reach.covered_from(dimension);
    if covering.first_common(candidates, 0).is_some_and(|it| it < at) {
        return false;
    }
    let mut candidates = candidates.clone();
    let sure = covering.first_common(&candidates, at);
    if let Some(sure) = sure {
        candidates.clear(sure + 1, usize::MAX);
        if candidates.iter().filter(|it| *it > at).all(same) {
            return false;
        }
        if candidates.first() == Some(sure) {
            return !same(sure);
        }
    }
    if dimension == DIMENSIONS {
        // Every candidate matches here, so the first decides.
        return candidates.first().is_some_and(|first| first > at && !same(first));
    }
    if without_ports && PORTS.contains(&dimension) {
        return needed(reach, rows, dimension + 1, &candidates, at, rules, without_ports, seen);
    }
    let mut n = 0;
    while let Some((row, portless)) = rows.get(dimension, n) {
        n += 1;
        let without_ports = without_ports || portless;
        let next = candidates.and(row);
        let new =
            seen.get_mut(dimension).is_some_and(|it| it.insert((without_ports, next.clone())));
        if new && needed(reach, rows, dimension + 1, &next, at, rules, without_ports, seen) {
            return true;
        }
    }
    false
}

/// A packet out of one class of each dimension.
fn packet(way: &[(usize, &Class)]) -> Packet {
    let mut packet = Packet {
        protocol: Protocol::Any,
        source: Spot::Address(Ipv4Addr::UNSPECIFIED),
        source_port: 0,
        destination: Spot::Address(Ipv4Addr::UNSPECIFIED),
        port: 0,
    };
    for (dimension, class) in way {
        match (&class.example, *dimension) {
            (Example::Protocol(it), _) => packet.protocol = *it,
            (Example::Port(it), 1) => packet.port = *it,
            (Example::Port(it), _) => packet.source_port = *it,
            (Example::Spot(it), 2) => packet.destination = it.clone(),
            (Example::Spot(it), _) => packet.source = it.clone(),
        }
    }
    packet
}

/// Cuts `0..=max` at the edges of all spans; each piece by its first value, with the rules that hold it.
fn sweep(spans: Vec<Vec<(u64, u64)>>, max: u64) -> Vec<(u64, Bits)> {
    let count = spans.len();
    let mut edges: BTreeMap<u64, Vec<(usize, i32)>> = BTreeMap::from([(0, Vec::new())]);
    for (rule, spans) in spans.iter().enumerate() {
        for (first, last) in spans {
            edges.entry(*first).or_default().push((rule, 1));
            if *last < max {
                edges.entry(last + 1).or_default().push((rule, -1));
            }
        }
    }
    let mut depth = vec![0i32; count];
    let mut now = Bits::empty(count);
    let mut pieces = Vec::new();
    for (at, changes) in edges {
        for (rule, step) in changes {
            if let Some(it) = depth.get_mut(rule) {
                *it += step;
                if *it > 0 {
                    now.insert(rule);
                } else {
                    now.remove(rule);
                }
            }
        }
        pieces.push((at, now.clone()));
    }
    pieces
}

/// Equal values have one number, in the order in which they first come.
fn numbered<T: Ord>(all: impl Iterator<Item = T>) -> Vec<usize> {
    let mut known = BTreeMap::new();
    all.map(|it| {
        let next = known.len();
        *known.entry(it).or_insert(next)
    })
    .collect()
}

/// Classes that the same rules hold are one class.
fn merge(classes: impl Iterator<Item = Class>) -> Vec<Class> {
    let mut seen = BTreeSet::new();
    classes.filter(|it| seen.insert(it.rules.clone())).collect()
}

fn protocols(rules: &[Rule]) -> Vec<Class> {
    // `Any` as an example stands for every protocol without a name here.
    let all = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp, Protocol::Esp, Protocol::Ah];
    let classes = all.into_iter().map(|protocol| {
        let mut held = Bits::empty(rules.len());
        for (n, rule) in rules.iter().enumerate() {
            if rule.protocol.covers(protocol) {
                held.insert(n);
            }
        }
        Class { rules: held, example: Example::Protocol(protocol) }
    });
    // TCP and ICMP never merge: they read ports differently.
    let (with, without): (Vec<Class>, Vec<Class>) =
        classes.partition(|it| matches!(&it.example, Example::Protocol(it) if it.has_ports()));
    merge(with.into_iter()).into_iter().chain(merge(without.into_iter())).collect()
}

fn span(cidr: Cidr) -> (u64, u64) {
    (u64::from(cidr.first().to_bits()), u64::from(cidr.last().to_bits()))
}

fn addresses(rules: &[Rule], list: fn(&Rule) -> &Vec<Place>, network: &[Cidr]) -> Vec<Class> {
    let everything = (0, u64::from(u32::MAX));
    let internet = holes(network);
    let mut tags: BTreeSet<Tag> = BTreeSet::new();
    let mut groups: BTreeSet<ResourceId> = BTreeSet::new();
    let mut unknown: BTreeSet<String> = BTreeSet::new();
    let mut spans: Vec<Vec<(u64, u64)>> = Vec::new();
    for rule in rules {
        let mut own = Vec::new();
        for place in list(rule) {
            match place {
                Place::Any => own.push(everything),
                Place::Prefix(it) => own.push(span(*it)),
                Place::Range(first, last) => {
                    own.push((u64::from(first.to_bits()), u64::from(last.to_bits())));
                }
                Place::Tag(it) if it.name == "virtualnetwork" => {
                    own.extend(network.iter().map(|it| span(*it)));
                }
                Place::Tag(it) if it.name == "internet" => own.extend(&internet),
                Place::Tag(it) => {
                    tags.insert(it.clone());
                }
                Place::Group(it) => {
                    groups.insert(*it);
                }
                Place::UnknownTag(it) => {
                    unknown.insert(it.to_ascii_lowercase());
                }
                // Names are for appliances; what a rule leaves out, nobody knows.
                Place::Name(_) | Place::Unsaid => {}
            }
        }
        spans.push(own);
    }
    let mut classes: Vec<Class> = sweep(spans, everything.1)
        .into_iter()
        .map(|(at, rules)| {
            let address = Ipv4Addr::from_bits(u32::try_from(at).unwrap_or(u32::MAX));
            Class { rules, example: Example::Spot(Spot::Address(address)) }
        })
        .collect();
    let holding = |holds: &dyn Fn(&Place) -> bool| {
        let mut held = Bits::empty(rules.len());
        for (n, rule) in rules.iter().enumerate() {
            if list(rule).iter().any(holds) {
                held.insert(n);
            }
        }
        held
    };
    let all = |it: &Place| matches!(it, Place::Any) || *it == Place::Prefix(Cidr::ALL);
    let on_internet = |it: &Place| matches!(it, Place::Tag(it) if it.name == "internet");
    for tag in &tags {
        let public = is_public(tag);
        let rules = holding(&|place| {
            all(place)
                || (public && on_internet(place))
                || matches!(place, Place::Tag(outer) if is_within(tag, outer))
        });
        classes.push(Class { rules, example: Example::Spot(Spot::Tag(tag.to_string())) });
    }
    for tag in &unknown {
        let rules = holding(&|place| {
            all(place)
                || on_internet(place)
                || matches!(place, Place::UnknownTag(it) if it.eq_ignore_ascii_case(tag))
        });
        classes.push(Class { rules, example: Example::Spot(Spot::Tag(tag.clone())) });
    }
    for group in &groups {
        let rules = holding(&|place| {
            all(place)
                || matches!(place, Place::Tag(it) if it.name == "virtualnetwork")
                || *place == Place::Group(*group)
        });
        classes.push(Class { rules, example: Example::Spot(Spot::Group(*group)) });
    }
    merge(classes.into_iter())
}

/// Tags of the platform's own addresses are not on the internet.
fn is_public(tag: &Tag) -> bool {
    !matches!(
        tag.name.as_str(),
        "azureloadbalancer" | "azureplatformdns" | "azureplatformimds" | "azureplatformlkm"
    )
}

/// Every address of `inner` is in `outer`, by the names of the tags.
fn is_within(inner: &Tag, outer: &Tag) -> bool {
    let region = outer.region.is_none() || outer.region == inner.region;
    region && (outer.name == inner.name || (outer.name == "azurecloud" && is_public(inner)))
}

/// What is neither private nor in the network: the internet as numbers.
fn holes(network: &[Cidr]) -> Vec<(u64, u64)> {
    let mut taken: Vec<(u64, u64)> = PRIVATE.iter().chain(network).map(|it| span(*it)).collect();
    taken.sort_unstable();
    let mut free = Vec::new();
    let mut next = 0;
    for (first, last) in taken {
        if first > next {
            free.push((next, first - 1));
        }
        next = next.max(last + 1);
    }
    if u32::try_from(next).is_ok() {
        free.push((next, u64::from(u32::MAX)));
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cidr(s: &str) -> Cidr {
        s.parse().unwrap()
    }

    fn place(s: &str) -> Place {
        match s {
            "*" => Place::Any,
            s => s.parse().map_or_else(
                |_| {
                    let (name, region) = s.split_once('/').map_or((s, None), |(a, b)| (a, Some(b)));
                    Place::Tag(Tag::new(name, region))
                },
                Place::Prefix,
            ),
        }
    }

    /// `100 allow tcp 10.0.0.0/8 > Storage 443`, outbound.
    fn rule(s: &str) -> Rule {
        let [priority, action, protocol, source, _, destination, ports] =
            s.split(' ').collect::<Vec<_>>().try_into().unwrap();
        Rule {
            name: format!("r{priority}"),
            priority: priority.parse().unwrap(),
            direction: Direction::Outbound,
            allow: action == "allow",
            protocol: match protocol {
                "tcp" => Protocol::Tcp,
                "udp" => Protocol::Udp,
                "icmp" => Protocol::Icmp,
                _ => Protocol::Any,
            },
            source: source.split(',').map(place).collect(),
            source_ports: Vec::new(),
            destination: destination.split(',').map(place).collect(),
            ports: ports.split(',').map(|it| Ports::parse(it).unwrap()).collect(),
        }
    }

    fn filter(rules: &[&str]) -> Filter {
        Filter { rules: rules.iter().map(|it| rule(it)).collect() }
    }

    fn found(rules: &[&str]) -> Vec<String> {
        findings(&filter(rules), Direction::Outbound, &[cidr("10.0.0.0/16")])
            .into_iter()
            .map(|it| match it.kind {
                FindingKind::Shadowed { by } => format!("{} shadowed by {}", it.rule, by.join(" ")),
                FindingKind::Redundant => format!("{} redundant", it.rule),
                FindingKind::Conflict { with } => {
                    format!("{} conflicts with {with}: {}", it.rule, it.packet)
                }
            })
            .collect()
    }

    fn differ(a: &[&str], b: &[&str]) -> Option<String> {
        difference(&filter(a), &filter(b), Direction::Outbound, &[cidr("10.0.0.0/16")])
            .map(|it| format!("{} {}", if it.first_allows { "+" } else { "-" }, it.packet))
    }

    #[test]
    fn one_earlier_rule_shadows() {
        assert_eq!(
            found(&["100 deny tcp * > 10.0.0.0/16 *", "200 allow tcp * > 10.0.1.0/24 443"]),
            ["r200 shadowed by r100"]
        );
    }

    #[test]
    fn several_rules_together_shadow() {
        assert_eq!(
            found(&[
                "100 deny tcp * > 203.0.113.0/25 *",
                "110 deny tcp * > 203.0.113.128/25 0-1023",
                "120 deny tcp * > 203.0.113.128/25 1024-65535",
                "200 allow tcp * > 203.0.113.0/24 22,8000-9000",
            ]),
            ["r200 shadowed by r100 r110 r120"]
        );
    }

    #[test]
    fn a_gap_of_one_port_is_enough_to_live() {
        assert_eq!(
            found(&[
                "100 deny tcp * > 203.0.113.0/24 0-442",
                "110 deny tcp * > 203.0.113.0/24 444-65535",
                "300 allow tcp * > 203.0.113.0/24 *",
                "400 deny * * > Internet *",
            ]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_tag_holds_its_regions() {
        assert_eq!(
            found(&["100 deny tcp * > Storage *", "200 allow tcp * > Storage/japaneast 443"]),
            ["r200 shadowed by r100"]
        );
        assert_eq!(
            found(&["100 deny tcp * > Internet *", "200 allow tcp * > Storage 443"]),
            ["r200 shadowed by r100"]
        );
        assert_eq!(
            found(&[
                "100 deny tcp * > Storage/japaneast *",
                "200 allow tcp * > Storage 443",
                "300 deny * * > Internet *"
            ]),
            ["r200 conflicts with r100: TCP 0.0.0.0:0 > Storage.japaneast:443"]
        );
    }

    #[test]
    fn a_private_address_is_in_no_service_tag() {
        assert_eq!(
            found(&["100 deny tcp * > Storage *", "200 deny tcp * > 10.0.1.4/32 443"]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_rule_that_the_defaults_repeat_is_redundant() {
        assert_eq!(found(&["100 allow tcp * > Internet 443"]), ["r100 redundant"]);
        assert_eq!(
            found(&["100 allow tcp * > Internet 443", "200 deny * * > Internet *"]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn neither_holds_the_other_and_they_disagree() {
        assert_eq!(
            found(&[
                "100 allow tcp 10.0.1.0/24 > Internet *",
                "200 deny tcp * > Internet 25",
                "300 deny * * > Internet *",
            ]),
            ["r200 redundant"]
        );
        assert_eq!(
            found(&[
                "100 allow tcp 10.0.1.0/24 > 203.0.113.0/24 *",
                "200 deny tcp * > 203.0.113.0/24 25",
            ]),
            ["r200 conflicts with r100: TCP 10.0.1.0:0 > 203.0.113.0:25"]
        );
    }

    #[test]
    fn ports_mean_nothing_to_icmp() {
        assert_eq!(
            found(&["100 deny icmp * > 203.0.113.0/24 22", "200 allow icmp * > 203.0.113.0/24 80"]),
            ["r200 shadowed by r100"]
        );
    }

    #[test]
    fn the_same_traffic_in_other_words() {
        assert_eq!(
            differ(
                &["100 allow tcp * > 203.0.113.0/24 443", "200 deny * * > Internet *"],
                &[
                    "100 allow tcp * > 203.0.113.128/25 443",
                    "110 allow tcp * > 203.0.113.0/25 443",
                    "300 deny * * > Internet *",
                ],
            ),
            None
        );
    }

    #[test]
    fn one_packet_tells_two_filters_apart() {
        assert_eq!(
            differ(
                &["100 allow tcp * > Storage 443", "200 deny * * > Internet *"],
                &["100 allow tcp * > Storage/japaneast 443", "200 deny * * > Internet *"],
            )
            .unwrap(),
            "+ TCP 0.0.0.0:0 > Storage:443"
        );
        assert_eq!(
            differ(&["100 deny tcp * > 203.0.113.7/32 22"], &[]).unwrap(),
            "- TCP 0.0.0.0:0 > 203.0.113.7:22"
        );
    }

    /// Few edges, so that overlaps are common; compared with trying every packet.
    #[test]
    fn agrees_with_trying_every_packet() {
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let mut roll = |n: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 16) % n
        };
        let prefixes =
            ["*", "203.0.113.0/30", "203.0.113.0/31", "203.0.113.2/31", "203.0.113.1/32"];
        let ports = ["*", "0-1", "1", "2-65535", "1-2"];
        let protocols = ["*", "tcp", "udp", "icmp"];
        for _ in 0..400 {
            let mut texts = Vec::new();
            for n in 0..=roll(6) {
                texts.push(format!(
                    "{} {} {} {} > {} {}",
                    100 + n,
                    ["allow", "deny"][usize::try_from(roll(2)).unwrap()],
                    protocols[usize::try_from(roll(4)).unwrap()],
                    prefixes[usize::try_from(roll(5)).unwrap()],
                    prefixes[usize::try_from(roll(5)).unwrap()],
                    ports[usize::try_from(roll(5)).unwrap()],
                ));
            }
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let one = filter(&texts);
            let rules = in_order(&one, Direction::Outbound);
            // The packets: addresses around the prefixes, ports around the edges.
            let mut spots: Vec<Ipv4Addr> = (0..5).map(|n| Ipv4Addr::new(203, 0, 113, n)).collect();
            spots.extend([Ipv4Addr::new(10, 0, 0, 5), Ipv4Addr::new(192, 168, 0, 1)]);
            let holds = |places: &[Place], at: Ipv4Addr| {
                places.iter().any(|it| match it {
                    Place::Any => true,
                    Place::Prefix(it) => it.contains(at),
                    Place::Tag(it) if it.name == "internet" => at.octets()[0] == 203,
                    Place::Tag(_) => at.octets()[0] == 10,
                    _ => false,
                })
            };
            let matching = |rule: &Rule, protocol: Protocol, from, to, port: u16| {
                rule.protocol.covers(protocol)
                    && (!protocol.has_ports()
                        || rule.ports.is_empty()
                        || rule.ports.iter().any(|it| it.contains(port)))
                    && holds(&rule.source, from)
                    && holds(&rule.destination, to)
            };
            let mut decides = vec![false; rules.len()];
            let mut needed = vec![false; rules.len()];
            for protocol in [Protocol::Tcp, Protocol::Udp, Protocol::Icmp, Protocol::Esp] {
                for from in &spots {
                    for to in &spots {
                        for port in 0..4 {
                            let mut hits = rules
                                .iter()
                                .enumerate()
                                .filter(|(_, it)| matching(it, protocol, *from, *to, port));
                            let (first, it) = hits.next().unwrap();
                            decides[first] = true;
                            if hits.next().is_some_and(|(_, next)| next.allow != it.allow) {
                                needed[first] = true;
                            }
                        }
                    }
                }
            }
            let found = findings(&one, Direction::Outbound, &[cidr("10.0.0.0/16")]);
            for (n, rule) in one.rules.iter().enumerate() {
                let kind = found.iter().find(|it| {
                    it.rule == rule.name && !matches!(it.kind, FindingKind::Conflict { .. })
                });
                let expected = match (decides[n], needed[n]) {
                    (false, _) => "shadowed",
                    (true, false) => "redundant",
                    (true, true) => "needed",
                };
                let got = match kind.map(|it| &it.kind) {
                    Some(FindingKind::Shadowed { .. }) => "shadowed",
                    Some(FindingKind::Redundant) => "redundant",
                    _ => "needed",
                };
                assert_eq!(got, expected, "{} of {texts:#?}", rule.name);
            }
        }
    }
}
