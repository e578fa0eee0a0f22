//! Groups of 500 rules: which never decide, which could go, and where two of them differ.

use drawbridge::{
    facts::{
        cidr::Cidr,
        filter::{Direction, Filter, Place, Ports, Protocol, Rule, Tag},
    },
    solve::algebra::{FindingKind, difference, findings, shadowed},
};

mod common;

use common::{median, milliseconds, row};

/// Rules as large groups have them: most between parts of 10.0.0.0/8 on few ports, some for tags, some
/// for whole networks, and every tenth a narrower form of the one ten before it. Where `wide`, some are
/// about everything, so that most after them never decide.
fn group(count: u16, wide: bool) -> Filter {
    let mut state: u32 = 12_345;
    let mut below = move |limit: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % limit
    };
    let mut rules: Vec<Rule> = Vec::new();
    for n in 0..count {
        let least = u32::from(!wide && n % 8 != 0);
        let mut place = |least: u32| match least * 4 + below(12 - least * 4) {
            0 => Place::Any,
            1 => Place::Tag(Tag::new("VirtualNetwork", None)),
            2 => Place::Tag(Tag::new("Storage", Some("japaneast"))),
            3 => Place::Tag(Tag::new("AzureCloud", None)),
            it => {
                let len = if it < 6 { 16 } else { 24 };
                Place::Prefix(Cidr::holding(((10 << 24) + below(1 << 24)).into(), len))
            }
        };
        let (source, destination) = (vec![place(0)], vec![place(least), place(least)]);
        let first = u16::try_from(below(60_000)).unwrap_or(0);
        let ports = match below(3) {
            0 => Vec::new(),
            1 => vec![Ports::one(443), Ports::one(first)],
            _ => vec![Ports { first, last: first + 1_000 }],
        };
        let earlier = rules.get(usize::from(n.saturating_sub(10))).filter(|_| n % 10 == 9).cloned();
        let rule = Rule {
            name: format!("rule-{n}"),
            priority: 100 + n * 5,
            direction: Direction::Outbound,
            allow: below(3) > 0,
            protocol: if below(2) == 0 { Protocol::Tcp } else { Protocol::Any },
            source,
            source_ports: Vec::new(),
            destination,
            ports,
        };
        rules.push(match earlier {
            Some(it) => Rule {
                ports: vec![Ports::one(443)],
                protocol: Protocol::Tcp,
                source: it.source,
                destination: it.destination,
                ..rule
            },
            None => rule,
        });
    }
    Filter { rules }
}

/// The same traffic in other words: prefixes and ports in halves, each half of an every third rule as a rule
/// of its own, neighbours with one effect the other way round.
fn in_other_words(group: &Filter) -> Filter {
    let halves = |all: &[Place]| -> Vec<Place> {
        let halve = |it: &Place| match it {
            Place::Prefix(it) if it.len() < 32 => {
                let half = |address| Place::Prefix(Cidr::holding(address, it.len() + 1));
                vec![half(it.last()), half(it.first())]
            }
            it => vec![it.clone()],
        };
        all.iter().flat_map(halve).collect()
    };
    let mut rules: Vec<Rule> = Vec::new();
    for (n, rule) in group.rules.iter().enumerate() {
        let ports = rule.ports.iter().flat_map(|it| {
            let middle = it.first + (it.last - it.first) / 2;
            let low = Ports { first: it.first, last: middle };
            let high = (middle < it.last).then(|| Ports { first: middle + 1, last: it.last });
            [Some(low), high].into_iter().flatten()
        });
        let ports: Vec<Ports> = ports.collect();
        let (source, mut destination) = (halves(&rule.source), halves(&rule.destination));
        let second = if n % 3 == 0 { destination.split_off(1) } else { Vec::new() };
        let same = Rule { source, destination, ports, ..rule.clone() };
        if !second.is_empty() {
            rules.push(Rule { destination: second, ..same.clone() });
        }
        rules.push(same);
    }
    let mut at = 1;
    while let Some([a, b]) = rules.get_mut(at - 1..=at) {
        if a.allow == b.allow {
            std::mem::swap(a, b);
        }
        at += 2;
    }
    for (rule, priority) in rules.iter_mut().zip(100..) {
        rule.priority = priority;
    }
    Filter { rules }
}

fn main() {
    let network = [Cidr::holding([10, 0, 0, 0].into(), 8)];
    let outbound = Direction::Outbound;
    for wide in [true, false] {
        let group = group(500, wide);
        println!(
            "\nalgebra: groups of 500 rules, {} about everything\n",
            if wide { "some" } else { "none" }
        );
        let found = findings(&group, outbound, &network);
        let count =
            |kind: fn(&FindingKind) -> bool| found.iter().filter(|it| kind(&it.kind)).count();
        let never = median(|| shadowed(&group, outbound, &network));
        let what = format!("{} shadowed", count(|it| matches!(it, FindingKind::Shadowed { .. })));
        row(&what, &milliseconds(never), "under 3 ms");
        let all = median(|| findings(&group, outbound, &network));
        let what = format!(
            "those, {} redundant, {} conflicts",
            count(|it| matches!(it, FindingKind::Redundant)),
            count(|it| matches!(it, FindingKind::Conflict { .. })),
        );
        row(&what, &milliseconds(all), "");
        let same = median(|| difference(&group, &group, outbound, &network));
        row("compared with itself", &milliseconds(same), "under 10 ms");
        let other = in_other_words(&group);
        let words = median(|| difference(&group, &other, outbound, &network));
        let what = match difference(&group, &other, outbound, &network) {
            None => format!("with the same in {} rules in other words", other.rules.len()),
            Some(it) => format!("OTHER WORDS DIFFER: {}", it.packet),
        };
        row(&what, &milliseconds(words), "under 10 ms");
        // The last rule that decides, turned round.
        let mut turned = other.clone();
        let never = shadowed(&turned, outbound, &network);
        if let Some(it) = turned.rules.iter_mut().rev().find(|it| !never.contains(&it.name)) {
            it.allow = !it.allow;
        }
        let changed = median(|| difference(&group, &turned, outbound, &network));
        let what = match difference(&group, &turned, outbound, &network) {
            Some(it) => format!("with that and one turned round: {}", it.packet),
            None => "TURNED ROUND, AND NO DIFFERENCE".to_owned(),
        };
        row(&what, &milliseconds(changed), "under 10 ms");
    }
}
