//! Differences of filters against trying every packet, on domains small enough for that.

use std::net::Ipv4Addr;

use drawbridge::{
    facts::{
        cidr::{Cidr, PRIVATE},
        filter::{Direction, Filter, Place, Ports, Protocol, Rule, Tag},
    },
    solve::algebra::{Packet, Spot, difference},
};
use proptest::{prelude::*, test_runner::Config};

/// Overlapping places, so that most rules meet.
const PLACES: [&str; 11] = [
    "*",
    "203.0.113.0/30",
    "203.0.113.0/31",
    "203.0.113.2/31",
    "203.0.113.1",
    "10.0.0.0/24",
    "10.0.0.7",
    "Internet",
    "VirtualNetwork",
    "Storage",
    "Storage.japaneast",
];

const PORTS: [&str; 6] = ["*", "0-1", "1", "1-2", "2-65535", "3"];

fn place(s: &str) -> Place {
    if s == "*" {
        return Place::Any;
    }
    let (name, region) = s.split_once(".j").map_or((s, None), |(a, _)| (a, Some("japaneast")));
    let tag = || Place::Tag(Tag::new(name, region));
    if let Ok(address) = s.parse::<Ipv4Addr>() {
        return Place::Prefix(Cidr::holding(address, 32));
    }
    s.parse().map_or_else(|_| tag(), Place::Prefix)
}

/// Where a packet comes from or goes to: inside and beside every prefix, and the tags.
const SPOTS: [&str; 11] = [
    "203.0.113.0",
    "203.0.113.1",
    "203.0.113.2",
    "203.0.113.3",
    "203.0.113.4",
    "10.0.0.0",
    "10.0.0.7",
    "10.0.1.0",
    "10.1.0.0",
    "Storage",
    "Storage.japaneast",
];

/// The network is 10.0.0.0/16. Storage lies on the internet, and what is in a region, in the tag without one.
fn holds(place: &str, spot: &str) -> bool {
    let Ok(address) = spot.parse::<Ipv4Addr>() else {
        return match place {
            "*" | "Internet" | "Storage" => true,
            other => other == spot,
        };
    };
    let within = |prefix: &str| prefix.parse::<Cidr>().unwrap().contains(address);
    match place {
        "*" => true,
        "Internet" => !PRIVATE.iter().any(|it| it.contains(address)),
        "VirtualNetwork" => within("10.0.0.0/16"),
        "Storage" | "Storage.japaneast" => false,
        prefix if prefix.contains('/') => within(prefix),
        other => other == spot,
    }
}

fn within(ports: &str, port: u16) -> bool {
    Ports::parse(ports).unwrap().contains(port)
}

/// One rule as it is drawn: indices into the tables, so that it shrinks.
#[derive(Clone, Debug, PartialEq)]
struct Drawn {
    allow: bool,
    protocol: Protocol,
    source: Vec<&'static str>,
    destination: Vec<&'static str>,
    source_ports: &'static str,
    ports: Vec<&'static str>,
}

fn any_rule() -> impl Strategy<Value = Drawn> {
    let protocol = prop::sample::select(vec![
        Protocol::Any,
        Protocol::Tcp,
        Protocol::Udp,
        Protocol::Icmp,
        Protocol::Esp,
    ]);
    let places = || prop::collection::vec(prop::sample::select(PLACES.to_vec()), 1..3);
    let ports = prop::collection::vec(prop::sample::select(PORTS.to_vec()), 1..3);
    let source_ports = prop::sample::select(vec!["*", "*", "*", "0-1"]);
    (any::<bool>(), protocol, places(), places(), source_ports, ports).prop_map(
        |(allow, protocol, source, destination, source_ports, ports)| Drawn {
            allow,
            protocol,
            source,
            destination,
            source_ports,
            ports,
        },
    )
}

fn filter(rules: &[Drawn]) -> Filter {
    let rule = |(it, priority): (&Drawn, u16)| Rule {
        name: format!("r{priority}"),
        priority,
        direction: Direction::Outbound,
        allow: it.allow,
        protocol: it.protocol,
        source: it.source.iter().map(|it| place(it)).collect(),
        source_ports: vec![Ports::parse(it.source_ports).unwrap()],
        destination: it.destination.iter().map(|it| place(it)).collect(),
        ports: it.ports.iter().map(|it| Ports::parse(it).unwrap()).collect(),
    };
    Filter { rules: rules.iter().zip(100..).map(rule).collect() }
}

fn has_ports(protocol: Protocol) -> bool {
    matches!(protocol, Protocol::Tcp | Protocol::Udp)
}

/// What Azure does with one packet: the first rule that matches, then `AllowVnetOutBound`,
/// `AllowInternetOutBound` and `DenyAllOutBound` (virtual-network/network-security-groups-overview).
fn allows(
    rules: &[Drawn],
    protocol: Protocol,
    from: &str,
    source_port: u16,
    to: &str,
    port: u16,
) -> bool {
    let matching = |it: &&Drawn| {
        (it.protocol == Protocol::Any || it.protocol == protocol)
            && it.source.iter().any(|it| holds(it, from))
            && it.destination.iter().any(|it| holds(it, to))
            && (!has_ports(protocol)
                || (within(it.source_ports, source_port)
                    && it.ports.iter().any(|it| within(it, port))))
    };
    rules.iter().find(matching).map_or_else(
        || (holds("VirtualNetwork", from) && holds("VirtualNetwork", to)) || holds("Internet", to),
        |it| it.allow,
    )
}

/// Whether any packet is treated otherwise.
fn differ(a: &[Drawn], b: &[Drawn]) -> bool {
    let protocols = [Protocol::Tcp, Protocol::Udp, Protocol::Icmp, Protocol::Esp, Protocol::Ah];
    protocols.into_iter().any(|protocol| {
        let (source_ports, ports) = if has_ports(protocol) { (3, 5) } else { (1, 1) };
        SPOTS.iter().any(|from| {
            SPOTS.iter().any(|to| {
                (0..source_ports).any(|source_port| {
                    (0..ports).any(|port| {
                        let asked = |rules| allows(rules, protocol, from, source_port, to, port);
                        asked(a) != asked(b)
                    })
                })
            })
        })
    })
}

/// The example, as the plain judge names its places.
fn spot(it: &Spot) -> String {
    match it {
        Spot::Tag(it) => if it.contains('.') { "Storage.japaneast" } else { "Storage" }.to_owned(),
        it => it.to_string(),
    }
}

fn agrees(a: &[Drawn], b: &[Drawn]) -> Result<(), TestCaseError> {
    let network = ["10.0.0.0/16".parse().unwrap()];
    let found = difference(&filter(a), &filter(b), Direction::Outbound, &network);
    prop_assert_eq!(found.is_some(), differ(a, b), "{:?}", found);
    let Some(found) = found else { return Ok(()) };
    let Packet { protocol, source, source_port, destination, port } = found.packet;
    // `Any` is a protocol that no rule names.
    let asked =
        |rules| allows(rules, protocol, &spot(&source), source_port, &spot(&destination), port);
    prop_assert_eq!(asked(a), found.first_allows);
    prop_assert_eq!(asked(b), !found.first_allows);
    Ok(())
}

/// The same traffic: places and ports taken apart, rules that never decide put in, neighbours exchanged.
fn in_other_words(rules: &[Drawn], how: &[u8]) -> Vec<Drawn> {
    let mut all: Vec<Drawn> = Vec::new();
    for (it, how) in rules.iter().zip(how.iter().cycle()) {
        let narrow = |places: &[&'static str]| -> Vec<&'static str> {
            let halves = |it: &&'static str| match *it {
                "203.0.113.0/30" => vec!["203.0.113.2/31", "203.0.113.0/31"],
                it => vec![it],
            };
            places.iter().flat_map(halves).collect()
        };
        let mut it = it.clone();
        it.destination = narrow(&it.destination);
        it.source = narrow(&it.source);
        if how & 1 == 1 && it.destination.len() > 1 {
            let last = it.destination.pop();
            all.push(Drawn { destination: last.into_iter().collect(), ..it.clone() });
        }
        if how & 2 == 2 && it.ports == ["*"] {
            all.push(Drawn { ports: vec!["2-65535"], ..it.clone() });
            it.ports = vec!["0-1"];
        }
        all.push(it.clone());
        if how & 4 == 4 {
            all.push(Drawn { allow: !it.allow, ..it });
        }
    }
    for at in (1..all.len()).step_by(2) {
        if all[at].allow == all[at - 1].allow {
            all.swap(at, at - 1);
        }
    }
    all
}

proptest! {
    #![proptest_config(Config { cases: 300, ..Config::default() })]

    #[test]
    fn a_difference_is_found_exactly_where_a_packet_shows_one(
        a in prop::collection::vec(any_rule(), 0..7),
        b in prop::collection::vec(any_rule(), 0..7),
    ) {
        agrees(&a, &b)?;
    }

    #[test]
    fn one_rule_changed_in_a_filter_in_other_words(
        rules in prop::collection::vec(any_rule(), 1..8),
        how in prop::collection::vec(any::<u8>(), 1..8),
        at in any::<prop::sample::Index>(),
        other in any_rule(),
    ) {
        let mut words = in_other_words(&rules, &how);
        prop_assert!(!differ(&rules, &words), "not the same traffic");
        agrees(&rules, &words)?;
        let at = at.index(words.len());
        words[at] = other;
        agrees(&rules, &words)?;
    }
}

/// Rules that overlap in each dimension, taken apart: the comparison has no single rule to lean on, and ends.
#[test]
fn five_hundred_rules_and_the_same_in_other_words() {
    let rule = |n: u16, priority: u16, destination: Vec<Place>, ports: Vec<Ports>| Rule {
        name: format!("r{n}"),
        priority,
        direction: Direction::Outbound,
        allow: !n.is_multiple_of(3),
        protocol: if n.is_multiple_of(2) { Protocol::Tcp } else { Protocol::Any },
        source: vec![Place::Prefix(Cidr::holding([10, 0, (n * 7 % 64) as u8, 0].into(), 22))],
        source_ports: Vec::new(),
        destination,
        ports,
    };
    let half = |n: u16, host: u8, len| {
        Place::Prefix(Cidr::holding([203, 0, (n * 13 % 128) as u8, host].into(), len))
    };
    let ports = |n: u16, first, last| Ports { first: n * 97 + first, last: n * 97 + last };
    let (mut whole, mut apart) = (Vec::new(), Vec::new());
    for n in 0..500 {
        let len = if n % 5 == 0 { 20 } else { 24 };
        whole.push(rule(n, 100 + n, vec![half(n, 0, len)], vec![ports(n, 0, 900)]));
        let both =
            if len == 24 { vec![half(n, 128, 25), half(n, 0, 25)] } else { vec![half(n, 0, len)] };
        apart.push(rule(n, 100 + 2 * n, both.clone(), vec![ports(n, 400, 900)]));
        apart.push(rule(n, 101 + 2 * n, both, vec![ports(n, 0, 399)]));
    }
    let network = ["10.0.0.0/16".parse().unwrap()];
    let differ = |apart: &[Rule]| {
        let (a, b) = (Filter { rules: whole.clone() }, Filter { rules: apart.to_vec() });
        difference(&a, &b, Direction::Outbound, &network)
    };
    assert_eq!(differ(&apart), None);
    // The last rule that denies does so at one port more.
    apart[996].ports[0].last += 1;
    let found = differ(&apart).unwrap();
    assert_eq!((found.packet.port, found.first_allows), (498 * 97 + 901, true));
}
