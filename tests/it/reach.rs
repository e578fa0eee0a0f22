//! All pairs at once say what each pair says when it is asked alone.

use drawbridge::{
    design::Design,
    facts::{Facts, ResourceId, filter::Protocol},
    solve::{
        Outcome,
        flow::Network,
        reach::{Reach, Said, openings_from, openings_to},
    },
};
use proptest::{prelude::*, test_runner::Config};

use crate::{
    designs::any_design,
    topology::{Size, hub_and_spokes},
    worlds::{Tape, draw},
};

fn alone(network: &Network<'_>, reach: &Reach<'_, '_>, from: ResourceId, to: ResourceId) -> Said {
    let answer = network.flow(&reach.question(from, to).unwrap());
    let at = answer.trace.deciding().and_then(|it| answer.trace.steps[it].at);
    (answer.outcome, answer.failing.map(|hop| (hop, at)))
}

/// Compares every pair; tells how many there are, and how many are allowed.
fn compare(facts: &Facts, protocol: Protocol, port: u16) -> (usize, usize) {
    let network = Network::new(facts);
    let reach = Reach::new(&network, protocol, port);
    let targets: Vec<ResourceId> = reach.destinations().collect();
    let (mut pairs, mut allowed) = (0, 0);
    for from in reach.sources() {
        for &to in &targets {
            let expected = alone(&network, &reach, from, to);
            let said = reach.explain(from, to).unwrap();
            let names = (facts.name(from), facts.name(to));
            assert_eq!(said, expected, "{names:?}, {} {port}", protocol.name());
            assert_eq!(reach.outcome(from, to), Some(expected.0), "{names:?}");
            pairs += 1;
            allowed += usize::from(expected.0 == Outcome::Allowed);
        }
    }
    let [counted, ..] = reach.count();
    assert_eq!(counted, allowed);
    (pairs, allowed)
}

fn compare_ports(design: &Design) -> (usize, usize) {
    let facts = design.resources.facts();
    let questions = [(Protocol::Tcp, 443), (Protocol::Tcp, 22), (Protocol::Udp, 53)];
    let all = questions.map(|(protocol, port)| compare(&facts, protocol, port));
    all.into_iter().fold((0, 0), |(a, b), (c, d)| (a + c, b + d))
}

#[test]
fn every_pair_of_random_networks_agrees() {
    let (mut pairs, mut allowed) = (0, 0);
    for seed in 0..400u32 {
        let bytes: Vec<u8> = (0..400u32)
            .map(|n| {
                (seed.wrapping_mul(2_654_435_761) ^ n.wrapping_mul(0x9E37_79B9)).to_be_bytes()
                    [(n % 3) as usize]
            })
            .collect();
        let world = Tape { bytes: &bytes, at: 0 }.world();
        let (some, of_them) = compare_ports(&draw(&world).design);
        pairs += some;
        allowed += of_them;
    }
    // Both answers occur often, or the comparison would show little.
    assert!(allowed > 200 && pairs - allowed > 1_000, "{allowed} of {pairs}");
}

proptest! {
    #![proptest_config(Config { cases: 200, ..Config::default() })]

    #[test]
    fn every_pair_of_random_designs_agrees(design in any_design(60)) {
        compare_ports(&design);
    }
}

#[test]
fn every_pair_of_a_hub_and_its_spokes_agrees() {
    let size = Size { networks: 5, subnets: 12, rules: 12, hosts: 30, endpoints: 8 };
    let (pairs, allowed) = compare(&hub_and_spokes(&size), Protocol::Tcp, 443);
    assert_eq!(pairs, 30 * 38);
    assert!(allowed > 100 && pairs - allowed > 100, "{allowed} of {pairs}");
}

#[test]
fn pairs_of_a_large_hub_and_its_spokes_agree() {
    let size = Size { networks: 50, subnets: 500, rules: 50, hosts: 2_000, endpoints: 200 };
    let facts = hub_and_spokes(&size);
    let network = Network::new(&facts);
    let reach = Reach::new(&network, Protocol::Tcp, 443);
    let targets: Vec<ResourceId> = reach.destinations().collect();
    let mut compared = 0;
    for (n, from) in reach.sources().enumerate().step_by(41) {
        for to in targets.iter().skip(n % 53).step_by(53) {
            assert_eq!(
                reach.explain(from, *to).unwrap(),
                alone(&network, &reach, from, *to),
                "{from:?} to {to:?}"
            );
            compared += 1;
        }
    }
    assert!(compared > 2_000, "{compared}");
}

#[test]
fn openings_hold_exactly_the_ports_that_pass() {
    let size = Size { networks: 3, subnets: 6, rules: 10, hosts: 12, endpoints: 3 };
    let facts = hub_and_spokes(&size);
    let network = Network::new(&facts);
    let host = *facts.hosts.keys().nth(7).unwrap();
    let from = openings_from(&network, host);
    let to = openings_to(&network, host);
    assert!(!from.is_empty() && !to.is_empty());
    for port in [0, 22, 80, 443, 1433, 2_000, 2_001, 30_000, 65_535] {
        for protocol in [Protocol::Tcp, Protocol::Udp] {
            let reach = Reach::new(&network, protocol, port);
            let open = |all: &[drawbridge::solve::reach::Opening], from, to| {
                all.iter().any(|it| {
                    (it.from, it.to, it.protocol) == (from, to, protocol)
                        && it.ports.iter().any(|it| it.contains(port))
                })
            };
            for other in reach.destinations().filter(|it| *it != host) {
                let passes = alone(&network, &reach, host, other).0 == Outcome::Allowed;
                assert_eq!(open(&from, host, other), passes, "{port} to {other:?}");
            }
            for other in reach.sources().filter(|it| *it != host) {
                let passes = alone(&network, &reach, other, host).0 == Outcome::Allowed;
                assert_eq!(open(&to, other, host), passes, "{port} from {other:?}");
            }
        }
    }
}
