//! Laws of the network solver on random small designs: rules only ever do what they say, and nothing
//! depends on names, numbers or the order in which things were drawn.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};

use drawbridge::{
    design::{Design, file},
    gallery,
    kinds::{Kind, ResourceId, Resources},
    solve::{
        Outcome,
        flow::{Caller, Destination, Flow, FlowAnswer, Network, Origin},
    },
    text::{Lang, text},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    designs::Dice,
    worlds::{Question, Tape, World, draw},
};

fn tape() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 120..400)
}

fn world(bytes: &[u8]) -> World {
    Tape { bytes, at: 0 }.world()
}

fn answers(world: &World) -> Vec<(Question, FlowAnswer)> {
    let drawn = draw(world);
    let facts = drawn.design.resources.facts();
    let network = Network::new(&facts);
    world.questions().into_iter().map(|it| (it, network.flow(&drawn.flow(it)))).collect()
}

/// How much an answer lets through.
fn openness(it: &FlowAnswer) -> u8 {
    match it.outcome {
        Outcome::Denied => 0,
        Outcome::Unknown | Outcome::Partial => 1,
        Outcome::Allowed => 2,
    }
}

/// The same design with other numbers, another order, and other names where names mean nothing.
fn shuffled(design: &Design, dice: &mut Dice) -> (Design, BTreeMap<ResourceId, ResourceId>) {
    let mut ids: Vec<ResourceId> = design.resources.0.keys().copied().collect();
    for n in (1..ids.len()).rev() {
        ids.swap(n, dice.roll(n + 1));
    }
    let old = design.resources.0.keys().copied();
    let renumbered: BTreeMap<ResourceId, ResourceId> = old.zip(ids).collect();
    let mut other = Design::default();
    for (id, resource) in &design.resources.0 {
        let mut it = resource.as_ref().clone();
        it.parent = it.parent.map(|it| renumbered[&it]);
        let means_nothing = matches!(
            it.kind,
            Kind::VirtualNetwork
                | Kind::NetworkSecurityGroup
                | Kind::RouteTable
                | Kind::VirtualMachine
                | Kind::PrivateEndpoint
                | Kind::PublicIpAddress
                | Kind::LoadBalancer
                | Kind::VirtualNetworkPeering
        );
        if means_nothing {
            it.name = format!("n{}-{}", dice.roll(1000), it.name);
        }
        for field in it.kind.info().fields {
            if let Some(value) = it.settings.get_mut(field.key) {
                renumber(value, !field.targets.is_empty(), &renumbered);
                if let Some(items) = value.as_array_mut()
                    && !matters_in_order(it.kind, field.key)
                {
                    items.reverse();
                    for item in items {
                        for key in [
                            "virtualNetwork",
                            "virtualNetworks",
                            "publicIPAddress",
                            "subnet",
                            "virtualMachines",
                        ] {
                            if let Some(inner) = item.get_mut(key) {
                                renumber(inner, true, &renumbered);
                            }
                        }
                    }
                }
            }
        }
        other.resources.0.insert(renumbered[id], Arc::new(it));
    }
    (other, renumbered)
}

/// Lists whose order is part of what they say.
fn matters_in_order(kind: Kind, key: &str) -> bool {
    kind == Kind::VirtualNetwork && key == "dhcpOptions.dnsServers"
}

fn renumber(value: &mut Value, is_reference: bool, to: &BTreeMap<ResourceId, ResourceId>) {
    if !is_reference {
        return;
    }
    match value {
        Value::Number(it) => {
            let id = ResourceId(u32::try_from(it.as_u64().unwrap()).unwrap());
            *value = json!(to[&id].0);
        }
        Value::Array(items) => items.iter_mut().for_each(|it| renumber(it, true, to)),
        _ => {}
    }
}

fn renumbered_flow(mut flow: Flow, to: &BTreeMap<ResourceId, ResourceId>) -> Flow {
    use drawbridge::solve::flow::{Destination, Origin};
    if let Origin::Host(id) = &mut flow.from {
        *id = to[id];
    }
    match &mut flow.to {
        Destination::Face { resource: id, .. } | Destination::Host(id) => *id = to[id],
        _ => {}
    }
    flow
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    // NSG docs: the first rule that matches decides, so one more can only change what it matches.
    #[test]
    fn a_rule_more_does_only_what_it_says(bytes in tape(), seed in any::<u8>(), allow in any::<bool>()) {
        let before = world(&bytes);
        prop_assume!(!before.filters.is_empty());
        let mut after = before.clone();
        let n = usize::from(seed) % after.filters.len();
        let mut tape = Tape { bytes: &[seed, seed.wrapping_mul(7), seed.wrapping_add(13), 1, 2, 3], at: 0 };
        let mut rule = tape.rule(0);
        rule.allow = allow;
        // Between any two of those that are there, or before them.
        rule.priority = 105 + 10 * u32::from(seed % 4);
        after.filters[n].push(rule);
        for ((question, a), (_, b)) in answers(&before).iter().zip(&answers(&after)) {
            if allow {
                prop_assert!(openness(b) >= openness(a), "{question:?} lost by an allow rule");
            } else {
                prop_assert!(openness(b) <= openness(a), "{question:?} won by a deny rule");
            }
        }
    }

    #[test]
    fn a_service_that_lists_more_lets_more_in(bytes in tape(), which in 0..4) {
        let before = world(&bytes);
        let mut after = before.clone();
        for gate in after.services.values_mut() {
            match which {
                0 => gate.lists_nat = true,
                1 => gate.lists_client = true,
                2 => gate.subnets = (0..before.nets.len()).collect(),
                _ => gate.default_allow = true,
            }
        }
        for ((question, a), (_, b)) in answers(&before).iter().zip(&answers(&after)) {
            prop_assert!(openness(b) >= openness(a), "{question:?}");
        }
    }

    #[test]
    fn names_numbers_and_order_do_not_matter(bytes in tape(), seed in any::<u64>()) {
        let world = world(&bytes);
        let drawn = draw(&world);
        let (other, renumbered) = shuffled(&drawn.design, &mut Dice::new(seed));
        let (facts, other_facts) = (drawn.design.resources.facts(), other.resources.facts());
        let (network, other_network) = (Network::new(&facts), Network::new(&other_facts));
        for question in world.questions() {
            let flow = drawn.flow(question);
            let a = network.flow(&flow);
            let b = other_network.flow(&renumbered_flow(flow, &renumbered));
            prop_assert_eq!(
                (a.outcome, a.failing, a.symptom, a.resolved.map(|it| it.answer)),
                (b.outcome, b.failing, b.symptom, b.resolved.map(|it| it.answer)),
                "{:?}", question
            );
        }
    }

    #[test]
    fn nothing_random_relies_on_what_azure_refuses(bytes in tape()) {
        let world = world(&bytes);
        let drawn = draw(&world);
        let flows: Vec<Flow> = world.questions().into_iter().map(|it| drawn.flow(it)).collect();
        prop_assert_eq!(passed_over(&drawn.design.resources, &flows), BTreeSet::new());
    }

    #[test]
    fn every_trace_ends_in_what_decided(bytes in tape()) {
        for (question, it) in answers(&world(&bytes)) {
            let deciding = it.trace.deciding().and_then(|n| it.trace.steps.get(n));
            prop_assert!(deciding.is_some(), "{:?} has no trace", question);
            let step = deciding.unwrap();
            prop_assert_eq!(step.outcome, it.outcome);
            prop_assert_eq!(it.failing.is_some(), it.outcome != Outcome::Allowed);
            prop_assert!(it.failing.is_none_or(|hop| hop == step.hop));
            prop_assert_eq!(it.symptom.is_some(), it.outcome == Outcome::Denied, "{:?}", question);
            for lang in [Lang::En, Lang::Ja] {
                prop_assert!(!step.text.render(lang).is_empty());
                prop_assert!(!step.text.render(lang).contains('{'), "{}", step.text.render(lang));
            }
        }
    }
}

/// What a passing answer leans on: every resource that its trace names, and the subnets and networks of these.
fn leaned_on(resources: &Resources, answer: &FlowAnswer) -> BTreeSet<ResourceId> {
    let named = answer.trace.steps.iter().filter_map(|it| it.at);
    let mut all: BTreeSet<ResourceId> = named.clone().collect();
    for id in named {
        let mut at = resources.get(id).and_then(|it| it.parent);
        while let Some((id, it)) = at.and_then(|id| Some((id, resources.get(id)?))) {
            if matches!(it.kind, Kind::Subnet | Kind::VirtualNetwork) {
                all.insert(id);
            }
            at = it.parent;
        }
    }
    all
}

/// Flows that pass although a resource that they need is refused or not described: one that their trace
/// names, or without which they do not pass.
fn passed_over(resources: &Resources, flows: &[Flow]) -> BTreeSet<String> {
    let facts = resources.facts();
    let network = Network::new(&facts);
    let passes = |it: &Network<'_>, flow: &Flow| it.flow(flow).outcome == Outcome::Allowed;
    let answers: Vec<_> = flows
        .iter()
        .map(|it| (it, network.flow(it)))
        .filter(|(_, it)| it.outcome == Outcome::Allowed)
        .map(|(flow, answer)| (flow, leaned_on(resources, &answer)))
        .collect();
    let mut over = BTreeSet::new();
    for &id in resources.0.keys() {
        let mut refused = facts.clone();
        refused.refuse(id, text("refused", "拒否"), "virtual-network");
        let mut gap = facts.clone();
        gap.gap(id, text("not known", "不明"));
        let mut without = resources.clone();
        without.0.remove(&id);
        let contained = resources.0.values().any(|it| it.parent == Some(id));
        let without = (!contained).then(|| without.facts());
        let [refused, gap] = [&refused, &gap].map(Network::new);
        let without = without.as_ref().map(Network::new);
        for (flow, leaned_on) in &answers {
            let needed =
                leaned_on.contains(&id) || without.as_ref().is_some_and(|it| !passes(it, flow));
            if needed && (passes(&refused, flow) || passes(&gap, flow)) {
                over.insert(format!("{} in {flow:?}", facts.name(id)));
            }
        }
    }
    over
}

// What Azure does not create carries no traffic, and what the design does not say is never taken for granted.
#[test]
fn nothing_relies_on_what_azure_refuses() {
    for entry in gallery::ALL {
        let file =
            format!("{}/tests/scenarios/{}/design.json", env!("CARGO_MANIFEST_DIR"), entry.slug);
        let resources = file::load(&fs::read(file).unwrap()).unwrap().design.resources;
        let facts = resources.facts();
        let faces = facts.services.iter().flat_map(|(id, it)| {
            it.faces.iter().map(|face| Destination::Face { resource: *id, face: face.id })
        });
        let hosts = facts.hosts.iter().map(|(id, _)| Destination::Host(*id));
        let to: Vec<Destination> = faces.chain(hosts).collect();
        let from = facts.hosts.iter().map(|(id, _)| *id);
        let mut flows: Vec<Flow> =
            from.flat_map(|from| to.iter().map(move |to| Flow::https(from, to.clone()))).collect();
        // The same as a trusted service of each workspace.
        let workspaces = resources.0.iter().filter(|(_, it)| it.kind == Kind::Workspace);
        flows.extend(workspaces.flat_map(|(id, _)| {
            let by = Caller::Trusted { service: "MachineLearning", resource: Some(*id) };
            let from = Origin::Service("AzureMachineLearning");
            to.iter().map(move |to| Flow::tcp(from.clone(), to.clone(), 443).by(by.clone()))
        }));
        assert_eq!(passed_over(&resources, &flows), BTreeSet::new(), "{}", entry.slug);
    }
}
