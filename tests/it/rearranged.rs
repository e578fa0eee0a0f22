//! The scene after a move, made of the one before, is the one that a look at everything makes.

use std::collections::BTreeSet;

use drawbridge::{
    design::{
        Design, Place,
        edit::{Edit, apply},
    },
    draw::{align, geometry::Rect, scene::Scene},
    gallery, generate,
    kinds::ResourceId,
    text::Lang,
};

fn arranged(design: &Design, id: ResourceId, place: Place) -> Design {
    apply(design, &Edit::Arrange(vec![(id, place)])).unwrap()
}

/// The places of everything, and what is found in a few areas.
fn told(it: &Scene) -> String {
    let lines = it.lines.iter().map(|it| (it.id, it.ranks, it.points(), it.label_at));
    let lines: Vec<_> = lines.collect();
    let bounds = it.bounds().unwrap();
    let areas = (0..8_u32).map(|n| {
        let side = f64::from(1 << n) * 60.0;
        bounds.moved(f64::from(n) * 300.0, f64::from(n) * 170.0 + 100.0).grown(-side)
    });
    let found: Vec<_> = areas
        .map(|it| Rect { width: it.width / 3.0, height: it.height / 3.0, ..it })
        .map(|area| (it.ranks_in(area), it.lines_in(area)))
        .collect();
    format!("{:#?} {lines:#?} {found:?}", it.boxes)
}

/// Moves boxes here and there, one after the other, and back again.
fn check(mut design: Design, moves: u32) {
    let none = BTreeSet::new();
    let mut scene = Scene::build(&design);
    let ids: Vec<ResourceId> = design.layout.keys().copied().collect();
    let mut made = 0;
    let mut random = 0x5EED_u32;
    let mut below = |limit: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) % limit
    };
    let mut before: Option<Design> = None;
    for n in 0..moves {
        let next = match before.take().filter(|_| n % 3 == 2) {
            Some(it) => it,
            None => {
                let id = ids[below(u32::try_from(ids.len()).unwrap()) as usize];
                let place = design.layout[&id];
                let (x, y) = (f64::from(below(60) * 8) - 160.0, f64::from(below(60) * 8));
                let grow = f64::from(below(3) * 40);
                let place = Place { x: place.x + x, y: place.y + y - 160.0, ..place };
                arranged(&design, id, Place { width: place.width + grow, ..place })
            }
        };
        let whole = scene.next(&next, &none);
        let again = scene.rearranged(&design, &next, &none);
        made += u32::from(again.is_some());
        let again = again.unwrap_or_else(|| whole.clone());
        assert_eq!(told(&again), told(&whole), "move {n}");
        scene = again;
        before = Some(std::mem::replace(&mut design, next));
    }
    assert!(made > moves / 2, "{made} of {moves} without drawing all anew");
}

#[test]
fn a_moved_box_gives_the_scene_that_is_made_anew() {
    check(generate::design(240), 60);
}

#[test]
fn a_box_without_a_place_gives_the_scene_that_is_made_anew() {
    let mut design = generate::design(200);
    design.layout = design.layout.into_iter().filter(|it| it.0.0 % 3 > 0).collect();
    check(design, 40);
}

#[test]
fn another_record_is_no_matter_of_places() {
    let design = generate::design(60);
    let id = *design.layout.keys().next().unwrap();
    let renamed = apply(&design, &Edit::Rename { id, name: "it".to_owned() }).unwrap();
    let none = BTreeSet::new();
    assert!(Scene::build(&design).rearranged(&design, &renamed, &none).is_none());
}

#[test]
fn a_moved_box_leaves_all_records_the_same_ones() {
    let design = generate::design(20);
    let (id, place) = design.layout.iter().next().map(|it| (*it.0, *it.1)).unwrap();
    let moved = arranged(&design, id, Place { x: place.x + 8.0, ..place });
    assert_ne!(moved.layout, design.layout);
    assert!(moved.resources.0.is(&design.resources.0));
    let nowhere = Edit::Arrange(vec![(ResourceId(999), place)]);
    assert!(apply(&design, &nowhere).is_err());
}

#[test]
fn tidied_up_a_design_looks_as_one_without_places() {
    let gallery = gallery::ALL.iter().map(|it| it.design(Lang::En));
    for design in gallery.chain([generate::design(200)]) {
        let bare = Design { layout: std::collections::BTreeMap::new(), ..design.clone() };
        let tidied = align::tidy_up(&design);
        assert!(tidied.locked.is_empty() && tidied.full.is_empty());
        let after = apply(&design, &tidied.edit).unwrap();
        assert_eq!(Scene::build(&after).boxes, Scene::build(&bare).boxes, "{}", design.name);
    }
}
