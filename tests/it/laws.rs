//! What holds for every design.

use drawbridge::{
    design::{
        Design,
        edit::{self, Edit},
        file,
        history::History,
        link,
    },
    kinds::{Kind, ResourceId},
    report,
};
use proptest::prelude::*;
use serde_json::Value;

use crate::designs::{Dice, any_design};

/// Some edit that makes sense for the design.
fn some_edit(design: &Design, dice: &mut Dice) -> Edit {
    let ids: Vec<ResourceId> = design.resources.0.keys().copied().collect();
    let Some(&id) = ids.get(dice.roll(ids.len())) else {
        return Edit::SetTitle("t".to_owned());
    };
    match dice.roll(5) {
        0 => Edit::Remove(vec![id]),
        1 => Edit::Rename { id, name: "new".to_owned() },
        2 => Edit::SetNote { id, note: "n".to_owned() },
        3 => {
            let fields = design.get(id).map_or(&[][..], |it| it.kind.info().fields);
            match fields.get(dice.roll(fields.len())) {
                Some(field) => Edit::Set { id, key: field.key.to_owned(), value: Value::Null },
                None => Edit::SetDescription("d".to_owned()),
            }
        }
        _ => Edit::Add {
            id: None,
            kind: Kind::Subscription,
            name: "s".to_owned(),
            parent: None,
            settings: serde_json::Map::new(),
            place: None,
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_saved_design_loads_as_it_was(design in any_design(40)) {
        let loaded = file::load(file::save(&design).as_bytes()).unwrap();
        prop_assert_eq!(&loaded.warnings, &[]);
        prop_assert_eq!(loaded.design, design);
    }

    #[test]
    fn a_link_carries_the_design(design in any_design(40)) {
        let loaded = link::decode(&link::encode(&design)).unwrap();
        prop_assert_eq!(&loaded.warnings, &[]);
        prop_assert_eq!(loaded.design, design);
    }

    #[test]
    fn undo_takes_everything_back(design in any_design(25), seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let mut history = History::new(design);
        let mut seen = vec![history.design().clone()];
        for _ in 0..8 {
            let edit = some_edit(history.design(), &mut dice);
            history.dispatch(&edit).unwrap();
            if history.design() != seen.last().unwrap() {
                seen.push(history.design().clone());
            }
        }
        for before in seen.iter().rev().skip(1) {
            prop_assert!(history.undo());
            prop_assert_eq!(history.design(), before);
        }
        prop_assert!(!history.undo());
        for after in seen.iter().skip(1) {
            prop_assert!(history.redo());
            prop_assert_eq!(history.design(), after);
        }
    }

    #[test]
    fn nothing_refers_to_what_was_removed(design in any_design(40), seed in any::<u64>()) {
        let ids: Vec<ResourceId> = design.resources.0.keys().copied().collect();
        prop_assume!(!ids.is_empty());
        let id = ids[Dice::new(seed).roll(ids.len())];
        let after = edit::apply(&design, &Edit::Remove(vec![id])).unwrap();
        for it in after.resources.subjects() {
            prop_assert!(it.parent().is_some() || it.resource.parent.is_none());
            for (field, target) in it.references() {
                prop_assert!(after.get(target).is_some(), "{} of {}", field.key, it.name());
            }
        }
    }

    #[test]
    fn every_design_has_a_report(design in any_design(60)) {
        let report = report::assess(&design);
        for it in &report.operations {
            for need in &it.needs {
                prop_assert!(!need.trace.steps.is_empty(), "{} has no trace", it.check);
            }
        }
    }
}
