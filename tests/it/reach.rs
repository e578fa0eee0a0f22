//! All pairs at once say what each pair says when it is asked alone.

use std::collections::BTreeSet;

use drawbridge::{
    design::Design,
    facts::{
        Facts, ResourceId,
        filter::{Ports, Protocol},
    },
    solve::{
        Outcome,
        flow::Network,
        reach::{
            Reach, Said,
            openings::{Opening, PROTOCOLS, openings},
        },
    },
    text::text,
};
use proptest::{prelude::*, test_runner::Config};
use serde_json::json;

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

fn random_network(seed: u32) -> Design {
    let byte = |n: u32| {
        (seed.wrapping_mul(2_654_435_761) ^ n.wrapping_mul(0x9E37_79B9)).to_be_bytes()
            [(n % 3) as usize]
    };
    let bytes: Vec<u8> = (0..400).map(byte).collect();
    draw(&Tape { bytes: &bytes, at: 0 }.world()).design
}

#[test]
fn every_pair_of_random_networks_agrees() {
    let (mut pairs, mut allowed) = (0, 0);
    for seed in 0..400 {
        let (some, of_them) = compare_ports(&random_network(seed));
        pairs += some;
        allowed += of_them;
    }
    // Both answers occur often, or the comparison would show little.
    assert!(allowed > 200 && pairs - allowed > 1_000, "{allowed} of {pairs}");
}

// What is refused or unknown counts for all who need it, however alike they are.
#[test]
fn every_pair_of_faulty_networks_agrees() {
    let (mut pairs, mut allowed) = (0, 0);
    for seed in 0..400 {
        let design = random_network(seed);
        let mut facts = design.resources.facts();
        let ids: Vec<ResourceId> = design.resources.0.keys().copied().collect();
        for n in 1..3 {
            let id = ids[seed as usize * 7 * n % ids.len()];
            if n == 1 {
                facts.refuse(id, text("refused", "拒否"), "virtual-network");
            } else {
                facts.gap(id, text("not known", "不明"));
            }
        }
        let (some, of_them) = compare(&facts, Protocol::Tcp, 443);
        pairs += some;
        allowed += of_them;
    }
    assert!(allowed > 100 && pairs - allowed > 500, "{allowed} of {pairs}");
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
    let only = BTreeSet::from([host]);
    let from = openings(&network, Some(&only), None);
    let to = openings(&network, None, Some(&only));
    assert!(!from.is_empty() && !to.is_empty());
    for port in [0, 22, 80, 443, 1433, 2_000, 2_001, 30_000, 65_535] {
        for protocol in PROTOCOLS {
            let reach = Reach::new(&network, protocol, port);
            let said = |all: &[Opening], from, to| -> Said {
                let mut pairs = all.iter().filter(|it| (it.from, it.to) == (from, to));
                let it = pairs.find(|it| it.protocol == protocol).unwrap();
                let holds = |ports: &[Ports]| ports.iter().any(|it| it.contains(port));
                let mut parts = it.parts.iter().filter(|it| holds(&it.ports));
                let part = parts.next().unwrap();
                assert!(parts.next().is_none(), "{port} twice");
                assert!(holds(&it.ports(part.said.0)));
                part.said
            };
            for other in reach.destinations().filter(|it| *it != host) {
                let expected = alone(&network, &reach, host, other);
                assert_eq!(said(&from, host, other), expected, "{port} to {other:?}");
            }
            for other in reach.sources().filter(|it| *it != host) {
                let expected = alone(&network, &reach, other, host);
                assert_eq!(said(&to, other, host), expected, "{port} from {other:?}");
            }
        }
    }
}

/// Two machines have one name: the program asks which, and takes a path or a number.
#[test]
fn a_name_that_two_have_is_refused_on_the_command_line() {
    let resources = json!([
        {"id": 1, "kind": "resource-group", "name": "rg"},
        {"id": 2, "kind": "virtual-network", "name": "vnet", "parent": 1},
        {"id": 3, "kind": "subnet", "name": "one", "parent": 2,
            "settings": {"addressPrefix": "10.0.1.0/24"}},
        {"id": 4, "kind": "subnet", "name": "two", "parent": 2,
            "settings": {"addressPrefix": "10.0.2.0/24"}},
        {"id": 5, "kind": "virtual-machine", "name": "vm", "parent": 3},
        {"id": 6, "kind": "virtual-machine", "name": "vm", "parent": 4},
    ]);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("reach");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("design.json");
    std::fs::write(&file, json!({"drawbridge": 1, "resources": resources}).to_string()).unwrap();
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_drawbridge"));
        let output = command.arg("reach").arg(&file).args(args).output().unwrap();
        let text = |it| String::from_utf8(it).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, told, why) = run(&["--from", "vm"]);
    assert_eq!((code, told.as_str()), (Some(2), ""));
    assert!(why.contains("rg/vnet/one/vm (number 5), rg/vnet/two/vm (number 6)"), "{why}");
    let (code, told, _) = run(&["--from", "rg/vnet/one/vm", "--to", "6"]);
    assert_eq!(code, Some(0));
    // Without groups everything between two subnets of a network passes.
    assert_eq!(told.matches("Works  all ports").count(), 2, "{told}");
    assert_eq!(run(&["--from", "nobody"]).0, Some(2));
    // A network without machines opens nothing.
    assert_eq!(run(&["--to", "rg", "--format", "csv"]).0, Some(0));
    assert_eq!(run(&["--to", "rg", "--from", "rg", "--format", "json", "--lang", "ja"]).0, Some(0));
}
