//! Which ports are open between private addresses: every port of a protocol, from one question for each
//! class of ports that nothing in the design tells apart.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reach, Said};
use crate::{
    facts::{
        Facts, ResourceId,
        filter::{Ports, Protocol},
        managed::ManagedTarget,
    },
    solve::{Outcome, flow::Network},
};

/// What the ports of a protocol come to between two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    pub from: ResourceId,
    pub to: ResourceId,
    pub protocol: Protocol,
    /// Together every port, none twice; the best first. All ports where the protocol has none.
    pub parts: Vec<Part>,
}

/// Ports that have the same answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Ascending, with gaps between them.
    pub ports: Vec<Ports>,
    pub said: Said,
}

impl Opening {
    /// The ports with one outcome.
    pub fn ports(&self, outcome: Outcome) -> Vec<Ports> {
        let parts = self.parts.iter().filter(|it| it.said.0 == outcome);
        join(parts.flat_map(|it| it.ports.iter().copied()).collect())
    }
}

/// Protocols that are asked about.
pub const PROTOCOLS: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp];

/// From the places `from` to the places `to`; `None` stands for all of them. TCP first.
pub fn openings(
    network: &Network<'_>,
    from: Option<&BTreeSet<ResourceId>>,
    to: Option<&BTreeSet<ResourceId>>,
) -> Vec<Opening> {
    let mut all = Vec::new();
    for protocol in PROTOCOLS {
        let mut found: BTreeMap<(ResourceId, ResourceId), Vec<Part>> = BTreeMap::new();
        for class in port_classes(network.facts(), protocol) {
            let Some(first) = class.first() else { continue };
            let reach = Reach::new(network, protocol, first.first);
            let asked = |set: Option<&BTreeSet<ResourceId>>, it: &ResourceId| {
                set.is_none_or(|set| set.contains(it))
            };
            let targets: Vec<ResourceId> =
                reach.destinations().filter(|it| asked(to, it)).collect();
            for from in reach.sources().filter(|it| asked(from, it)) {
                for &to in targets.iter().filter(|to| **to != from) {
                    let Some(said) = reach.explain(from, to) else { continue };
                    let parts = found.entry((from, to)).or_default();
                    match parts.iter_mut().find(|it| it.said == said) {
                        Some(it) => it.ports.extend(&class),
                        None => parts.push(Part { ports: class.clone(), said }),
                    }
                }
            }
        }
        for ((from, to), mut parts) in found {
            parts.iter_mut().for_each(|it| it.ports = join(std::mem::take(&mut it.ports)));
            parts.sort_by_key(|it| it.said.0);
            all.push(Opening { from, to, protocol, parts });
        }
    }
    all
}

/// The same ports in as few ranges as can be.
pub fn join(mut all: Vec<Ports>) -> Vec<Ports> {
    all.sort_unstable();
    let mut joined: Vec<Ports> = Vec::new();
    for next in all {
        match joined.last_mut() {
            Some(it) if u32::from(next.first) <= u32::from(it.last) + 1 => {
                it.last = it.last.max(next.last);
            }
            _ => joined.push(next),
        }
    }
    joined
}

/// Ports of a protocol that nothing in the design tells apart: the same rules name them all.
pub fn port_classes(facts: &Facts, protocol: Protocol) -> Vec<Vec<Ports>> {
    if !protocol.has_ports() {
        return vec![vec![Ports::ALL]];
    }
    let ranges = named_ports(facts, protocol);
    // Where a range begins, and where one has ended.
    let mut edges: BTreeMap<u16, Vec<(usize, bool)>> = BTreeMap::from([(0, Vec::new())]);
    for (n, it) in ranges.iter().enumerate() {
        edges.entry(it.first).or_default().push((n, true));
        if let Some(next) = it.last.checked_add(1) {
            edges.entry(next).or_default().push((n, false));
        }
    }
    let ends: Vec<u16> = edges.keys().skip(1).map(|it| it - 1).chain([u16::MAX]).collect();
    let mut within: BTreeSet<usize> = BTreeSet::new();
    let mut classes: BTreeMap<Vec<usize>, Vec<Ports>> = BTreeMap::new();
    for ((first, changes), last) in edges.into_iter().zip(ends) {
        for (n, begins) in changes {
            if begins {
                within.insert(n);
            } else {
                within.remove(&n);
            }
        }
        let names = within.iter().copied().collect();
        classes.entry(names).or_default().push(Ports { first, last });
    }
    let mut classes: Vec<Vec<Ports>> = classes.into_values().collect();
    classes.sort_unstable();
    classes
}

/// Every range of ports that something looks at, once.
fn named_ports(facts: &Facts, protocol: Protocol) -> BTreeSet<Ports> {
    let mut all: BTreeSet<Ports> = BTreeSet::new();
    let guards = facts.guards.values().flat_map(|it| &it.rules).map(|it| &it.rule);
    for rule in facts.filters.values().flat_map(|it| &it.rules).chain(guards) {
        if rule.protocol.covers(protocol) {
            all.extend(&rule.ports);
        }
    }
    for it in facts.appliances.values() {
        let network = it.network_rules.iter().map(|it| (&it.protocols, &it.ports));
        for (protocols, ports) in
            network.chain(it.nat_rules.iter().map(|it| (&it.protocols, &it.ports)))
        {
            if protocols.iter().any(|it| it.covers(protocol)) {
                all.extend(ports);
            }
        }
        // From outside a host is asked for by the port that it listens at.
        all.extend(it.nat_rules.iter().map(|it| Ports::one(it.to_port)));
        if protocol == Protocol::Tcp {
            all.extend(it.application_rules.iter().flat_map(|it| &it.ports));
        }
    }
    for it in facts.managed_networks.values().flat_map(|it| &it.rules) {
        if let ManagedTarget::Tag { ports, .. } = &it.to {
            all.extend(ports);
        }
    }
    all.extend(facts.hosts.values().filter_map(|it| it.managed_inbound).map(|it| Ports::one(it.1)));
    // What application rules look at by default.
    if protocol == Protocol::Tcp {
        all.extend([80, 443, 1433].map(Ports::one));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::filter::{Direction, Filter, Rule};

    fn classes(rules: &[(Protocol, &str)], protocol: Protocol) -> Vec<String> {
        let rule = |(protocol, ports): &(Protocol, &str)| Rule {
            name: String::new(),
            priority: 100,
            direction: Direction::Inbound,
            allow: true,
            protocol: *protocol,
            source: Vec::new(),
            source_ports: Vec::new(),
            destination: Vec::new(),
            ports: ports.split(',').map(|it| Ports::parse(it).unwrap()).collect(),
        };
        let mut facts = Facts::default();
        facts.filters.insert(ResourceId(1), Filter { rules: rules.iter().map(rule).collect() });
        let text =
            |all: &Vec<Ports>| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        port_classes(&facts, protocol).iter().map(text).collect()
    }

    #[test]
    fn ports_that_the_same_rules_name_are_one_class() {
        let any = Protocol::Any;
        assert_eq!(classes(&[], Protocol::Udp), ["*"]);
        assert_eq!(
            classes(&[(any, "53"), (any, "50-60"), (any, "65535")], Protocol::Udp),
            ["0-49,61-65534", "50-52,54-60", "53", "65535"]
        );
        // Rules of the other protocol are not looked at.
        assert_eq!(classes(&[(Protocol::Tcp, "22")], Protocol::Udp), ["*"]);
        assert_eq!(
            classes(&[(Protocol::Udp, "53")], Protocol::Tcp),
            ["0-79,81-442,444-1432,1434-65535", "80", "443", "1433"]
        );
    }

    #[test]
    fn ranges_that_touch_or_overlap_are_one() {
        let joined = join(vec![
            Ports { first: 443, last: 443 },
            Ports { first: 0, last: 21 },
            Ports { first: 22, last: 80 },
            Ports { first: 50, last: 60 },
            Ports { first: 65_535, last: 65_535 },
        ]);
        assert_eq!(
            joined.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["0-80", "443", "65535"]
        );
    }
}
