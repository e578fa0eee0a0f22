//! Two designs compared: laws over random designs, and the gallery's pairs.

use drawbridge::{
    design::{
        Design, compare as structure,
        edit::{Edit, apply},
    },
    gallery,
    kinds::ResourceId,
    questions::compare::{Comparison, compare, compare_page, compare_value},
    solve::Outcome,
    text::Lang,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::designs::any_design;

fn of_gallery(slug: &str) -> Design {
    gallery::find(slug).unwrap().design(Lang::En)
}

fn pair(slug: &str) -> Comparison {
    compare(&of_gallery(slug), &of_gallery(&format!("{slug}-repaired")))
}

/// Before and after of an operation that starts at a resource of the later design.
fn turned(all: &Comparison, design: &Design, check: &str, from: &str) -> [Option<Outcome>; 2] {
    let from = design.named(from);
    let it = all.verdicts.iter().find(|it| it.check == check && it.from.after == from);
    it.map_or([None; 2], |it| [&it.before, &it.after].map(|it| it.as_ref().map(|it| it.outcome)))
}

// machine-learning/how-to-setup-authentication: a service principal needs a role on the workspace before
// it can use it; Contributor or a narrower role that can submit jobs.
#[test]
fn roles_given_to_a_service_principal_and_a_machine() {
    let all = pair("authentication");
    let design = of_gallery("authentication-repaired");
    for (check, from) in [
        ("auth.service_principal", "ci-agent"),
        ("auth.msi_vm", "vm-train"),
        ("job.submit.v2", "ci-agent"),
    ] {
        let expected = [Some(Outcome::Denied), Some(Outcome::Allowed)];
        assert_eq!(turned(&all, &design, check, from), expected, "{check}");
    }
    let gained = |who: &str, what: &str| {
        let who = design.named(who);
        let it =
            all.permissions.iter().find(|it| it.identity.after == who && it.capability.id == what);
        it.map(|it| (it.before, it.after))
    };
    let opened = Some((Some(Outcome::Denied), Some(Outcome::Allowed)));
    assert_eq!(gained("ml-auth", "jobs.submit"), opened);
    assert_eq!(gained("vm-train", "jobs.submit"), opened);
    assert_eq!(all.changes.removed, []);
}

// container-registry/container-registry-authentication: once the admin user is off, nobody signs in with
// its password.
#[test]
fn an_admin_user_that_was_turned_off_is_a_permission_lost() {
    let all = pair("vnet-workspace");
    let lost = all.permissions.iter().filter(|it| it.capability.id == "registry.admin");
    let lost: Vec<_> = lost.map(|it| (it.before, it.after)).collect();
    assert!(!lost.is_empty());
    assert!(
        lost.iter().all(|it| *it == (Some(Outcome::Allowed), Some(Outcome::Denied))),
        "{lost:?}"
    );
}

#[test]
fn another_name_turns_no_verdict() {
    let before = of_gallery("vnet-workspace");
    for name in ["amlvnetworkspace", "amlvnetrg", "jumpbox", "deployer"] {
        let id = before.named(name).unwrap();
        let after = apply(&before, &Edit::Rename { id, name: "renamed".to_owned() }).unwrap();
        let all = compare(&before, &after);
        assert_eq!(all.verdicts, [], "{name}");
        assert_eq!(all.permissions, [], "{name}");
        assert_eq!(all.changes.changed.len(), 1, "{name}");
    }
}

#[test]
fn a_page_holds_no_line_breaks_of_names() {
    let before = of_gallery("empty");
    let id = before.named("rg-ml").unwrap();
    let name = "a\nAdded (9)".to_owned();
    let after = apply(&before, &Edit::Rename { id, name }).unwrap();
    let page = compare_page(&before, &after, &compare(&before, &after), Lang::En);
    assert!(!page.lines().any(|it| it.starts_with("Added")), "{page}");
}

#[test]
fn both_languages_say_the_same_numbers() {
    let (a, b) = (of_gallery("managed-identity"), of_gallery("managed-identity-repaired"));
    let found = compare(&a, &b);
    let count = |lang| {
        let value = compare_value(&a, &b, &found, lang);
        ["added", "removed", "changed", "operations", "permissions", "problems"]
            .map(|it| value[it].as_array().map(Vec::len).unwrap())
    };
    assert_eq!(count(Lang::En), count(Lang::Ja));
    assert_ne!(compare_page(&a, &b, &found, Lang::En), compare_page(&a, &b, &found, Lang::Ja));
}

/// The design with other numbers, as if it had been drawn again.
fn renumbered(design: &Design, by: u32) -> Design {
    fn moved(value: &mut Value, shape: &drawbridge::kinds::setting::Shape, by: u32) {
        use drawbridge::kinds::setting::Shape;
        match (shape, value) {
            (Shape::Reference, value) => {
                if let Some(n) = value.as_u64() {
                    *value = Value::from(n + u64::from(by));
                }
            }
            (Shape::Optional(inner), value) => moved(value, inner, by),
            (Shape::List(inner), Value::Array(items)) => {
                items.iter_mut().for_each(|it| moved(it, inner, by));
            }
            (Shape::Row(cells), Value::Object(row)) => {
                for cell in *cells {
                    if let Some(it) = row.get_mut(cell.key) {
                        moved(it, &cell.shape, by);
                    }
                }
            }
            _ => {}
        }
    }
    let shift = |id: ResourceId| ResourceId(id.0 + by);
    let mut after = Design { resources: drawbridge::kinds::Resources::default(), ..design.clone() };
    for (id, it) in &design.resources.0 {
        let mut it = it.as_ref().clone();
        it.parent = it.parent.map(shift);
        for field in it.kind.info().fields {
            if let Some(value) = it.settings.get_mut(field.key) {
                moved(value, &field.shape, by);
            }
        }
        after.resources.0.insert(shift(*id), it.into());
    }
    after
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_design_differs_from_itself_in_nothing(design in any_design(30)) {
        prop_assert!(compare(&design, &design).is_empty());
    }

    // References are compared by what they lead to.
    #[test]
    fn numbers_are_no_difference(design in any_design(30), by in 1_u32..50) {
        let all = structure::compare(&design, &renumbered(&design, by));
        prop_assert!(all.is_empty(), "{all:?}");
    }

    #[test]
    fn what_is_added_one_way_is_removed_the_other(a in any_design(20), b in any_design(20)) {
        let (there, back) = (compare(&a, &b), compare(&b, &a));
        prop_assert_eq!(&there.changes.added, &back.changes.removed);
        prop_assert_eq!(&there.changes.removed, &back.changes.added);
        prop_assert_eq!(there.changes.changed.len(), back.changes.changed.len());
        prop_assert_eq!(there.verdicts.len(), back.verdicts.len());
        prop_assert_eq!(there.permissions.len(), back.permissions.len());
    }

    // Each resource of either design is accounted for once.
    #[test]
    fn no_resource_is_lost(a in any_design(20), b in any_design(20)) {
        let all = structure::compare(&a, &b);
        let kept = a.resources.0.len() - all.removed.len();
        prop_assert_eq!(kept, b.resources.0.len() - all.added.len());
        for id in a.resources.0.keys() {
            let there = all.pairs.after(*id);
            prop_assert_eq!(there.is_none(), all.removed.contains(id));
            prop_assert!(there.is_none_or(|it| all.pairs.before(it) == Some(*id)));
        }
    }

    // The worst that a comparison could do is to keep quiet.
    #[test]
    fn designs_that_differ_are_never_called_alike(design in any_design(20), n in 0_usize..20) {
        let Some(id) = design.resources.0.keys().nth(n).copied() else { return Ok(()) };
        let edits = [
            Edit::Rename { id, name: "other".to_owned() },
            Edit::SetNote { id, note: "other".to_owned() },
            Edit::SetTag { id, tag: "x".to_owned(), value: "other".to_owned() },
            Edit::Remove(vec![id]),
            Edit::SetTitle("other".to_owned()),
        ];
        for edit in edits {
            let after = apply(&design, &edit).unwrap();
            prop_assert!(!structure::compare(&design, &after).is_empty(), "{edit:?}");
        }
    }
}
