//! A fix keeps its promise: it turns what it says it turns, and nothing else opens or closes unannounced.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use drawbridge::{
    azure::roles,
    design::{
        Design,
        edit::{self, Edit},
    },
    facts::{
        Facts, ResourceId, filter::Protocol, grant::Origin, network::Position,
        public::PUBLIC_SERVICES,
    },
    gallery,
    kinds::{
        Kind, Resource,
        common::{PRINCIPALS, SCOPES},
    },
    questions::{Filter, Rights},
    report::{self, Fix, Operation, Report},
    solve::{
        Outcome,
        flow::{Destination, Flow, Network},
    },
    text::{Lang, Message},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::designs::{Dice, any_design};

type Key = (&'static str, ResourceId, Message);

fn key(it: &Operation) -> Key {
    (it.check, it.from, it.subject.clone())
}

fn outcomes(report: &Report) -> BTreeMap<Key, Outcome> {
    report.operations.iter().map(|it| (key(it), it.outcome)).collect()
}

/// What people read: "Open Studio home: from laptop to ws1".
fn said(it: &Operation, lang: Lang) -> String {
    format!("{}: {}", it.title.get(lang), it.subject.render(lang))
}

/// Which host can open which connection: to every face, public service and host that the facts hold.
fn reach(facts: &Facts) -> BTreeSet<(ResourceId, Destination, u16)> {
    let network = Network::new(facts);
    let mut all = BTreeSet::new();
    let faces = facts.services.iter().flat_map(|(id, service)| {
        let face = |it: &drawbridge::facts::service::Face| Destination::Face {
            resource: *id,
            face: it.id,
        };
        service.faces.iter().map(face).collect::<Vec<_>>()
    });
    let public = PUBLIC_SERVICES.iter().map(|it| Destination::PublicService(it.tag));
    let hosts = facts.hosts.iter().filter(|(_, it)| matches!(it.position, Position::Subnet { .. }));
    let hosts = hosts.map(|(id, _)| Destination::Host(*id));
    let targets: Vec<Destination> = faces.chain(public).chain(hosts).collect();
    for &from in facts.hosts.keys() {
        for to in &targets {
            for port in ports(to) {
                if *to == Destination::Host(from) {
                    continue;
                }
                let flow = Flow { protocol: Protocol::Tcp, ..Flow::tcp(from, to.clone(), *port) };
                if network.flow(&flow).outcome == Outcome::Allowed {
                    all.insert((from, to.clone(), *port));
                }
            }
        }
    }
    all
}

fn ports(to: &Destination) -> &'static [u16] {
    match to {
        Destination::Face { face: "file", .. } => &[443, 445],
        Destination::Host(_) => &[443, 22],
        _ => &[443],
    }
}

/// Names by which a sentence can speak of a host: its own, and those of what it stands in.
fn names_of(design: &Design, facts: &Facts, id: ResourceId) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(it) = design.resources.subject(id) {
        all.push(it.name().to_owned());
        all.extend(it.ancestors().map(|it| it.name().to_owned()));
    }
    match facts.hosts.get(&id).map(|it| &it.position) {
        Some(Position::Subnet { subnet, .. }) => {
            all.push(facts.name(*subnet).to_owned());
            if let Some(it) = facts.subnets.get(subnet) {
                all.extend(it.prefixes.iter().map(ToString::to_string));
                all.push(facts.name(it.network).to_owned());
            }
        }
        Some(Position::Managed { network }) => all.push(facts.name(*network).to_owned()),
        _ => {}
    }
    all
}

/// Names by which a sentence can speak of a destination.
fn names_of_target(design: &Design, facts: &Facts, to: &Destination) -> Vec<String> {
    let mut all = vec!["internet".to_owned()];
    match to {
        Destination::Face { resource, face } => {
            all.push(facts.name(*resource).to_owned());
            let service = facts.services.get(resource).unwrap();
            for it in service.faces.iter().filter(|it| it.id == *face) {
                all.extend(it.tags.iter().map(|it| (*it).to_owned()));
                if let Some(owner) = it.firewall_of.or(it.link.as_ref().and_then(|it| it.owner)) {
                    all.push(facts.name(owner).to_owned());
                }
            }
        }
        Destination::PublicService(tag) => all.push((*tag).to_owned()),
        Destination::Host(id) => {
            all.extend(names_of(design, facts, *id));
            all.push("VirtualNetwork".to_owned());
        }
        _ => {}
    }
    all
}

fn mentions(text: &str, names: &[String]) -> bool {
    names.iter().any(|it| !it.is_empty() && text.contains(it.as_str()))
}

/// New security rules name one sender, one destination, one protocol and one port, none of them "any".
fn rules_are_narrow(design: &Design, edit: &Edit, what: &str) {
    match edit {
        Edit::Batch(_, edits) => edits.iter().for_each(|it| rules_are_narrow(design, it, what)),
        Edit::Set { id, key, value } if key == "securityRules" => {
            let old = design.get(*id).and_then(|it| it.settings.get("securityRules"));
            let old = old.and_then(Value::as_array).cloned().unwrap_or_default();
            for rule in value.as_array().unwrap().iter().filter(|it| !old.contains(it)) {
                for key in
                    ["sourceAddressPrefixes", "destinationAddressPrefixes", "destinationPortRanges"]
                {
                    let all = rule[key].as_array().unwrap();
                    let wide = [json!("*"), json!("VirtualNetwork"), json!("0.0.0.0/0")];
                    assert!(all.len() == 1 && !wide.contains(&all[0]), "{what}: {rule}");
                }
                assert_ne!(rule["protocol"], json!("*"), "{what}: {rule}");
            }
        }
        _ => {}
    }
}

/// Each promise of one fix.
fn keeps_its_promise(design: &Design, before: &Report, operation: &Operation, fix: &Fix) {
    let what = format!("{}: {}", said(operation, Lang::En), fix.title.render(Lang::En));
    let after = edit::apply(design, &fix.edit).unwrap_or_else(|why| panic!("{what}: {why:?}"));
    rules_are_narrow(design, &fix.edit, &what);
    let then = report::assess(&after);
    let (old, new) = (outcomes(before), outcomes(&then));

    // It turns the verdict, or a need of it; what it became is judged by another check.
    match then.operations.iter().find(|it| key(it) == key(operation)) {
        Some(now) => {
            let turned = operation.needs.iter().any(|need| {
                need.outcome != Outcome::Allowed
                    && now.needs.iter().any(|it| {
                        (it.gate, &it.what) == (need.gate, &need.what)
                            && it.outcome == Outcome::Allowed
                    })
            });
            assert!(now.outcome == Outcome::Allowed || turned, "{what}: turns nothing");
        }
        None => {
            let near = then.operations.iter().filter(|it| it.involves.contains(&operation.from));
            assert!(near.clone().any(|it| it.outcome == Outcome::Allowed), "{what}: turns nothing");
        }
    }

    // What else works now is announced, and what stops working.
    let opens: Vec<String> = fix.opens.iter().map(|it| it.render(Lang::En)).collect();
    let closes: Vec<String> = fix.closes.iter().map(|it| it.render(Lang::En)).collect();
    for it in &then.operations {
        let was = old.get(&key(it)).copied();
        if key(it) != key(operation)
            && it.outcome == Outcome::Allowed
            && was != Some(Outcome::Allowed)
        {
            assert!(
                opens.contains(&said(it, Lang::En)),
                "{what} also opens {}",
                said(it, Lang::En)
            );
        }
    }
    for it in &before.operations {
        let now = new.get(&key(it)).copied();
        if now.is_some_and(|now| now > it.outcome) {
            assert!(
                closes.contains(&said(it, Lang::En)),
                "{what} also closes {}",
                said(it, Lang::En)
            );
        }
    }

    // The same for connections that no operation asks for.
    let (facts, facts_after) = (design.resources.facts(), after.resources.facts());
    let [given, given_after] = [design, &after].map(|it| report::facts(&it.resources));
    gives_what_it_announces(&what, &given, &given_after, fix);
    let earlier = reach(&facts);
    for (from, to, port) in reach(&facts_after).difference(&earlier) {
        let (hosts, targets) =
            (names_of(&after, &facts_after, *from), names_of_target(&after, &facts_after, to));
        let announced = opens.iter().any(|it| mentions(it, &hosts) && mentions(it, &targets));
        let asked = *from == operation.from || operation.involves.contains(from);
        let asked_target = match to {
            Destination::Face { resource: it, .. } | Destination::Host(it) => {
                operation.involves.contains(it)
            }
            _ => false,
        };
        assert!(
            announced || (asked && asked_target),
            "{what}: {from:?} reaches {to:?}:{port} unannounced; it says {opens:?}"
        );
    }
}

/// Every role that is given: to whom, which, where, and whether Azure does it by itself.
fn roles_given(facts: &Facts) -> BTreeSet<(String, String, String, bool)> {
    let grants = &facts.grants;
    let all = grants.assignments.iter().map(|it| {
        let role = &grants.roles[usize::try_from(it.role.0).unwrap()];
        // Two boxes may be drawn for one subscription.
        let at = facts.scopes.iter().filter(|(_, scope)| **scope == it.scope);
        let names: Vec<&str> = at.map(|(id, _)| facts.name(*id)).collect();
        (
            grants.principals[&it.principal].name.clone(),
            role.name.clone(),
            names.join("|"),
            it.origin == Origin::Platform,
        )
    });
    all.collect()
}

/// A fix gives the roles that it announces, and takes none away.
fn gives_what_it_announces(what: &str, facts: &Facts, after: &Facts, fix: &Fix) {
    let (old, new) = (roles_given(facts), roles_given(after));
    let given: Vec<_> = new.difference(&old).collect();
    let taken: Vec<_> = old.difference(&new).collect();
    assert!(taken.is_empty(), "{what} takes away {taken:?}");
    let title = fix.title.render(Lang::En);
    let opens: Vec<String> = fix.opens.iter().map(|it| it.render(Lang::En)).collect();
    let tells = |text: &str, (who, role, scope, _): &(String, String, String, bool)| {
        text.contains(who.as_str())
            && text.contains(role.as_str())
            && scope.split('|').any(|it| text.contains(it))
    };
    for it in &given {
        let told = if it.3 { opens.iter().any(|text| tells(text, it)) } else { tells(&title, it) };
        assert!(told, "{what}: gives {it:?} unannounced; it says {opens:?}");
    }
    for text in opens.iter().filter(|it| it.starts_with("Azure then gives")) {
        let true_of = |it: &&&(String, String, String, bool)| it.3 && tells(text, it);
        assert!(given.iter().any(|it| true_of(&it)), "{what}: {text}, but it does not");
    }
}

fn failing(report: &Report) -> impl Iterator<Item = &Operation> {
    report.operations.iter().filter(|it| it.outcome != Outcome::Allowed)
}

#[test]
fn fixes_of_the_gallery_keep_their_promise() {
    let mut n = 0;
    for entry in gallery::ALL {
        let design = entry.design(Lang::En);
        let report = report::assess(&design);
        for operation in failing(&report) {
            for fix in report::fixes(&design, operation) {
                keeps_its_promise(&design, &report, operation, &fix);
                n += 1;
            }
        }
    }
    assert!(n > 15, "only {n} fixes were offered");
}

/// concept-endpoints-online-auth: a system-assigned identity gets AcrPull and more; nobody asks for them.
#[test]
fn roles_that_azure_gives_after_a_change_are_announced() {
    let design = gallery::find("endpoint-identity").unwrap().design(Lang::En);
    let endpoints = design.resources.of(Kind::OnlineEndpoint);
    let user_assigned = |it: &drawbridge::kinds::Subject<'_>| {
        it.resource.settings.get("identity.type") == Some(&json!("UserAssigned"))
    };
    let endpoint = endpoints.into_iter().find(user_assigned).unwrap();
    let (id, key) = (endpoint.id, "identity.type".to_owned());
    let edit = Edit::Set { id, key, value: json!("SystemAssigned") };
    let fix = report::tried(&design, Message::value("change"), edit);
    let after = edit::apply(&design, &fix.edit).unwrap();
    let [old, new] = [&design, &after].map(|it| report::facts(&it.resources));
    gives_what_it_announces("change", &old, &new, &fix);
    let pull = format!("Azure then gives {} the role AcrPull on ", endpoint.name());
    let opens: Vec<String> = fix.opens.iter().map(|it| it.render(Lang::En)).collect();
    assert!(opens.iter().any(|it| it.starts_with(&pull)), "{opens:?}");
}

/// No edit of a whole fix can be left out, apart from boxes that only complete another.
#[test]
fn nothing_in_a_fix_is_superfluous() {
    for entry in gallery::ALL {
        let design = entry.design(Lang::En);
        let report = report::assess(&design);
        for operation in failing(&report) {
            for fix in report::fixes(&design, operation) {
                let Edit::Batch(_, parts) = &fix.edit else { continue };
                let works = |edits: &[Edit]| {
                    let mut after = design.clone();
                    for it in edits {
                        match edit::apply(&after, it) {
                            Ok(it) => after = it,
                            Err(_) => return false,
                        }
                    }
                    outcomes(&report::assess(&after)).get(&key(operation))
                        == Some(&Outcome::Allowed)
                };
                if !works(parts) {
                    continue;
                }
                for n in 0..parts.len() {
                    let completes = match &parts[n] {
                        Edit::Add { kind, .. } => kind.info().slug == "private-dns-zone",
                        Edit::Arrange(_) => true,
                        // It opens less by that.
                        Edit::Set { key, .. } => key.starts_with("networkAcls."),
                        _ => false,
                    };
                    if completes {
                        continue;
                    }
                    let mut fewer = parts.clone();
                    let left_out = fewer.remove(n);
                    assert!(
                        !works(&fewer),
                        "{}, {}: {} is not needed for {}",
                        entry.slug,
                        fix.title.render(Lang::En),
                        left_out.title().render(Lang::En),
                        said(operation, Lang::En),
                    );
                }
            }
        }
    }
}

/// A design of the gallery with a few things taken away or closed.
fn damaged(seed: u64) -> Design {
    let mut dice = Dice::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let entry = &gallery::ALL[dice.roll(gallery::ALL.len())];
    let mut design = entry.design(Lang::En);
    for _ in 0..=dice.roll(3) {
        if let Some(edit) = damage(&design, &mut dice) {
            design = edit::apply(&design, &edit).unwrap();
        }
    }
    design
}

fn damage(design: &Design, dice: &mut Dice) -> Option<Edit> {
    let mut any = |kinds: &[Kind]| {
        let all: Vec<ResourceId> =
            kinds.iter().flat_map(|it| design.resources.of(*it)).map(|it| it.id).collect();
        let n = dice.roll(all.len());
        all.get(n).copied()
    };
    let set = |id: ResourceId, key: &str, value: Value| {
        Some(Edit::Set { id, key: key.to_owned(), value })
    };
    let services = [Kind::StorageAccount, Kind::KeyVault, Kind::ContainerRegistry, Kind::Workspace];
    let subnet = any(&[Kind::Subnet]);
    let group = any(&[Kind::ResourceGroup]);
    let gone = any(&[
        Kind::PrivateEndpoint,
        Kind::PrivateDnsZone,
        Kind::RoleAssignment,
        Kind::NatGateway,
        Kind::Datastore,
        Kind::WorkspaceConnection,
    ]);
    let service = any(&services);
    let zone = any(&[Kind::PrivateDnsZone]);
    let endpoint = any(&[Kind::PrivateEndpoint]);
    let workspace = any(&[Kind::Workspace]);
    match dice.roll(10) {
        0 | 1 => Some(Edit::Remove(vec![gone?])),
        2 => set(service?, "publicNetworkAccess", json!("Disabled")),
        3 => {
            let id = service?;
            let key = match design.get(id)?.kind {
                Kind::ContainerRegistry => "networkRuleSet.defaultAction",
                Kind::Workspace => return None,
                _ => "networkAcls.defaultAction",
            };
            set(id, key, json!("Deny"))
        }
        4 => set(zone?, "virtualNetworkLinks", json!([])),
        5 => set(endpoint?, "privateDnsZoneGroups", json!([])),
        6 => set(subnet?, "natGateway", Value::Null),
        7 => {
            let (subnet, group, id) = (subnet?, group?, design.next_id());
            let to = ["*", "Internet", "VirtualNetwork", "Storage"][dice.roll(4)];
            let deny = json!([{
                "name": "deny", "priority": 200 + 100 * dice.roll(2), "access": "Deny",
                "direction": if dice.roll(4) == 0 { "Inbound" } else { "Outbound" },
                "destinationAddressPrefixes": [to],
            }]);
            let mut settings = serde_json::Map::new();
            settings.insert("securityRules".to_owned(), deny);
            let add = Edit::Add {
                id: Some(id),
                kind: Kind::NetworkSecurityGroup,
                name: "nsg-deny".to_owned(),
                parent: Some(group),
                settings,
                place: None,
            };
            let attach = set(subnet, "networkSecurityGroup", json!(id.0))?;
            Some(Edit::Batch(Message::value("deny"), vec![add, attach]))
        }
        8 => {
            let id = service?;
            match design.get(id)?.kind {
                Kind::StorageAccount => set(id, "networkAcls.bypass", json!([])),
                Kind::KeyVault => set(id, "networkAcls.bypass", json!("None")),
                Kind::ContainerRegistry => set(id, "networkRuleBypassOptions", json!("None")),
                _ => None,
            }
        }
        _ => {
            let mode = ["AllowInternetOutbound", "AllowOnlyApprovedOutbound"][dice.roll(2)];
            set(workspace?, "managedNetwork.isolationMode", json!(mode))
        }
    }
}

/// What whoever may do for certain.
fn rights(design: &Design) -> BTreeSet<(ResourceId, ResourceId, &'static str)> {
    let facts = report::facts(&design.resources);
    let all = Rights::new(&design.resources, &facts).find(&Filter::default());
    let certain = all.into_iter().filter(|it| it.outcome == Outcome::Allowed);
    certain.map(|it| (it.identity, it.resource, it.capability.id)).collect()
}

fn any_of(design: &Design, kinds: &[Kind], dice: &mut Dice) -> Option<ResourceId> {
    let fitting = design.resources.subjects().filter(|it| kinds.contains(&it.kind()));
    let all: Vec<ResourceId> = fitting.map(|it| it.id).collect();
    all.get(dice.roll(all.len())).copied()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_added_assignment_takes_nothing_away(seed in any::<u64>()) {
        let design = damaged(seed);
        let mut dice = Dice::new(seed);
        let mut after = design.clone();
        let id = after.next_id();
        let who = any_of(&design, PRINCIPALS, &mut dice);
        let scope = any_of(&design, SCOPES, &mut dice);
        let (Some(who), Some(scope)) = (who, scope) else { return Ok(()) };
        let role = roles::ROLES[dice.roll(roles::ROLES.len())].name;
        let mut added = Resource::new(Kind::RoleAssignment, "added", None);
        for (key, value) in [
            ("principalId", json!(who.0)),
            ("scope", json!(scope.0)),
            ("roleDefinitionId", json!(role)),
        ] {
            added.settings.insert(key.to_owned(), value);
        }
        after.resources.0.insert(id, Arc::new(added));
        let now = outcomes(&report::assess(&after));
        for it in &report::assess(&design).operations {
            let now = now.get(&key(it)).copied();
            prop_assert!(
                now.is_none_or(|now| now <= it.outcome),
                "{role} for {who:?} on {scope:?} takes {} away: {now:?}",
                said(it, Lang::En)
            );
        }
        let (before, now) = (rights(&design), rights(&after));
        prop_assert!(before.is_subset(&now), "{:?}", before.difference(&now).next());
    }

    #[test]
    fn names_of_people_and_groups_change_nothing(seed in any::<u64>()) {
        let design = damaged(seed);
        let mut after = design.clone();
        let renamed = [
            Kind::User,
            Kind::Group,
            Kind::ServicePrincipal,
            Kind::UserAssignedIdentity,
            Kind::RoleAssignment,
            Kind::ResourceGroup,
            Kind::Subscription,
        ];
        for (id, it) in design.resources.0.iter().filter(|it| renamed.contains(&it.1.kind)) {
            let mut it = (**it).clone();
            it.name = format!("renamed-{}", id.0);
            after.resources.0.insert(*id, Arc::new(it));
        }
        let outcomes = |design: &Design| {
            let all = report::assess(design).operations;
            let mut all: Vec<_> =
                all.into_iter().map(|it| (it.check, it.from, it.outcome)).collect();
            all.sort_unstable();
            all
        };
        prop_assert_eq!(outcomes(&design), outcomes(&after));
        prop_assert_eq!(rights(&design), rights(&after));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixes_of_any_design_keep_their_promise(design in any_design(60)) {
        let report = report::assess(&design);
        for operation in failing(&report).take(6) {
            for fix in report::fixes(&design, operation) {
                keeps_its_promise(&design, &report, operation, &fix);
            }
        }
    }
    #[test]
    fn fixes_of_damaged_designs_keep_their_promise(seed in any::<u64>()) {
        all_keep_their_promise(&damaged(seed));
    }
}

fn all_keep_their_promise(design: &Design) {
    let report = report::assess(design);
    for operation in failing(&report) {
        for fix in report::fixes(design, operation) {
            keeps_its_promise(design, &report, operation, &fix);
        }
    }
}

// Designs whose fixes opened more than they said.
#[test]
fn fixes_of_designs_that_once_broke_their_promise() {
    for seed in [15_496_851_344_047_688_418, 11_624_832_201_596_966_721] {
        all_keep_their_promise(&damaged(seed));
    }
}
