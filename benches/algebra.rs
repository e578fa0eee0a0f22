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
/// for whole networks, and every tenth a narrower form of the one ten before it.
fn group(count: u16) -> Filter {
    let mut state: u32 = 12_345;
    let mut below = move |limit: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % limit
    };
    let mut rules: Vec<Rule> = Vec::new();
    for n in 0..count {
        let mut place = || match below(12) {
            0 => Place::Any,
            1 => Place::Tag(Tag::new("VirtualNetwork", None)),
            2 => Place::Tag(Tag::new("Storage", Some("japaneast"))),
            3 => Place::Tag(Tag::new("AzureCloud", None)),
            it => {
                let len = if it < 6 { 16 } else { 24 };
                Place::Prefix(Cidr::holding(((10 << 24) + below(1 << 24)).into(), len))
            }
        };
        let (source, destination) = (vec![place()], vec![place(), place()]);
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

fn main() {
    println!("\nalgebra: groups of 500 rules\n");
    let network = [Cidr::holding([10, 0, 0, 0].into(), 8)];
    let group = group(500);
    let outbound = Direction::Outbound;
    let found = findings(&group, outbound, &network);
    let count = |kind: fn(&FindingKind) -> bool| found.iter().filter(|it| kind(&it.kind)).count();
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
    let mut other = group.clone();
    if let Some(it) = other.rules.get_mut(250) {
        it.allow = !it.allow;
    }
    let changed = median(|| difference(&group, &other, outbound, &network));
    row("compared with one rule turned round", &milliseconds(changed), "under 10 ms");
}
