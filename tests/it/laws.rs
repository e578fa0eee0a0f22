//! What holds for every design.

use drawbridge::{
    design::{
        Design, Place,
        edit::{self, Edit},
        file,
        history::History,
        link,
    },
    kinds::{Kind, ResourceId},
    report,
    text::Lang,
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

/// The same with every third resource locked.
fn partly_locked(mut design: Design) -> Design {
    design.locked = design.resources.0.keys().copied().step_by(3).collect();
    design
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_locked_is_neither_moved_nor_deleted(design in any_design(25), n in any::<usize>()) {
        let design = partly_locked(design);
        prop_assume!(!design.locked.is_empty());
        let id = *design.locked.iter().nth(n % design.locked.len()).unwrap();
        let parent = design.get(id).unwrap().parent;
        let mut refused = vec![Edit::Remove(vec![id]), Edit::Reparent { id, parent, place: None }];
        if let Some(place) = design.layout.get(&id).copied() {
            prop_assert!(edit::apply(&design, &Edit::Arrange(vec![(id, place)])).is_ok());
            refused.push(Edit::Arrange(vec![(id, Place { x: place.x + 1.0, ..place })]));
        }
        // Nor with what it stands in.
        refused.extend(parent.map(|it| Edit::Remove(vec![it])));
        let says_so = |design: &Design, it: &Edit| {
            let why = edit::apply(design, it).err().map(|it| it.0.render(Lang::En));
            why.is_some_and(|it| it.contains("is locked in the drawing"))
        };
        for it in &refused {
            prop_assert!(says_so(&design, it), "{:?}", it);
        }
        let unlock = Edit::SetLocked { ids: design.locked.iter().copied().collect(), locked: false };
        let free = edit::apply(&design, &unlock).unwrap();
        for it in &refused {
            prop_assert!(!says_so(&free, it), "{:?}", it);
        }
        prop_assert_eq!(&free.resources, &design.resources);
    }

    #[test]
    fn locks_come_back_from_files_and_links(design in any_design(25)) {
        let design = partly_locked(design);
        for loaded in [file::load(file::save(&design).as_bytes()), link::decode(&link::encode(&design))] {
            let loaded = loaded.unwrap();
            prop_assert_eq!(&loaded.warnings, &[]);
            prop_assert_eq!(&loaded.design, &design);
        }
    }

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
