//! The drawing of generated designs: all of it, and after one box was moved, as undo finds it too.

use std::collections::BTreeSet;

use drawbridge::{
    design::edit::{Edit, apply},
    draw::{bundle::Bundles, detail::Detail, scene::Scene},
    generate,
};

mod common;

use common::{median, milliseconds, row};

fn main() {
    for (count, aim) in [(1_000, "under 1 ms"), (10_000, "under 5 ms")] {
        println!("\ndrawing of {count} resources\n");
        let (design, none) = (generate::design(count), BTreeSet::new());
        let scene = Scene::build(&design);
        row("the whole scene", &milliseconds(median(|| Scene::build(&design))), "");
        let (id, place) = design.layout.iter().nth(count / 2).map(|it| (*it.0, *it.1)).unwrap();
        let place = drawbridge::design::Place { y: place.y + 16.0, ..place };
        let moved = apply(&design, &Edit::Arrange(vec![(id, place)])).unwrap();
        row(
            "the scene after one box was moved",
            &milliseconds(median(|| scene.rearranged(&design, &moved, &none).unwrap())),
            aim,
        );
        row("the same by a look at all", &milliseconds(median(|| scene.next(&moved, &none))), "");
        let by =
            |it| scene.rect(it).map(|rect| if it == id { rect.moved(0.0, 16.0) } else { rect });
        let dragged = BTreeSet::from([id]);
        row(
            "lines of one box while it is dragged",
            &milliseconds(median(|| scene.rerouted(&dragged, by))),
            "",
        );
        let detail = Detail::of(0.08, count);
        row(
            "lines bundled",
            &milliseconds(median(|| Bundles::of(&scene, detail, &BTreeSet::new()))),
            "",
        );
    }
}
