//! Which boxes and lines are elements: those that are near enough and large enough to be read.
//!
//! Small designs are drawn whole, so that a screen reader finds everything and nothing flickers.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{
    super::{editor::Editor, session::SessionStoreFields as _},
    live::Live,
};
use crate::{
    draw::{
        bundle::BundleId,
        detail::Detail,
        geometry::{Point, Rect},
        route,
        scene::{Line, LineId, Scene},
    },
    kinds::{ResourceId, setting::Relation},
};

/// Boxes and lines that become elements in one frame, of those that are not in sight yet.
const AHEAD: usize = 6;

/// Most selected boxes that are elements however small or far away they are.
const KEPT: usize = 60;

/// Most bundles that are elements; the rest is drawn flat.
const BUNDLES: usize = 120;

/// What is an element right now.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Visible {
    pub(super) frames: Vec<ResourceId>,
    pub(super) nodes: Vec<ResourceId>,
    pub(super) lines: Vec<LineId>,
    /// Stretches of the lines of which both ends are out of sight, by relation.
    pub(super) passing: Vec<(Relation, Vec<String>)>,
    pub(super) bundles: Vec<BundleId>,
}

/// The memo of [`Visible`]; panning wakes it once in a while, not per px.
pub(super) fn use_visible(editor: Editor, live: Live) -> Memo<Visible> {
    let session = editor.session;
    let near = live.window;
    // The keyboard is in an element, and what is selected wants to be seen.
    let kept = Memo::new(move |_| {
        let mut all = session
            .selection()
            .with(|it| if it.len() <= KEPT { it.clone() } else { BTreeSet::new() });
        all.extend(session.focus().get());
        all
    });
    let wanted = Memo::new(move |_| {
        let (window, detail) = (near.get(), live.detail.get());
        let hidden = session.hidden().get();
        let open = session.bundle().get();
        kept.with(|kept| {
            editor.scene.with(|scene| {
                let mut it = boxes(scene, window, detail, kept);
                let shown = |n: &usize| {
                    scene.lines.get(*n).is_some_and(|it| !hidden.contains(&it.id.relation))
                };
                let mut lines: Vec<usize> = live.bundles.with(|bundles| {
                    let all = match (detail.bundled, detail.flat, window) {
                        (true, true, _) => Vec::new(),
                        (true, false, _) => bundles.single.clone(),
                        (false, _, Some(window)) => scene.lines_in(window),
                        (false, _, None) => (0..scene.lines.len()).collect(),
                    };
                    it.bundles = bundles
                        .all
                        .iter()
                        .filter(|it| window.is_none_or(|window| crosses(&it.points, window)))
                        .take(BUNDLES)
                        .map(|it| it.id)
                        .collect();
                    let open = open.and_then(|it| bundles.get(it));
                    it.bundles.extend(open.map(|it| it.id).filter(|id| !it.bundles.contains(id)));
                    all.into_iter()
                        .chain(open.into_iter().flat_map(|it| it.lines.clone()))
                        .collect()
                });
                lines.extend(kept.iter().filter_map(|id| scene.line_of(*id)));
                lines.retain(shown);
                if let (Some(window), false) = (window, detail.bundled) {
                    let ends = |it: &Line| ends_in(scene, it, window, kept);
                    lines.retain(|n| scene.lines.get(*n).is_some_and(|it| ends(it)));
                }
                lines.sort_unstable();
                lines.dedup();
                it.lines =
                    lines.iter().filter_map(|n| scene.lines.get(*n)).map(|it| it.id).collect();
                it
            })
        })
    });
    let passing = Memo::new(move |_| {
        let (Some(window), false) = (near.get(), live.detail.get().bundled) else {
            return Vec::new();
        };
        let hidden = session.hidden().get();
        kept.with(|kept| editor.scene.with(|scene| passing(scene, window, kept, &hidden)))
    });
    // What is not in sight becomes an element a little later, a few in each frame.
    let turn = RwSignal::new(0_u32);
    let visible = Memo::new(move |before: Option<&Visible>| {
        turn.track();
        let shown = session.view().get_untracked().shown(session.canvas().get_untracked());
        let mut it = wanted.with(|wanted| {
            if near.get_untracked().is_none() {
                return wanted.clone();
            }
            let none = Visible::default();
            kept.with_untracked(|kept| {
                let before = before.unwrap_or(&none);
                editor.scene.with_untracked(|scene| grown(scene, before, wanted, shown, kept))
            })
        });
        it.passing = passing.get();
        it
    });
    Effect::new(move |_| {
        let missing = |it: &Visible| (it.nodes.len(), it.lines.len());
        if visible.with(missing) != wanted.with(missing) {
            request_animation_frame(move || {
                turn.try_update(|it| *it += 1);
            });
        }
    });
    visible
}

/// Whether a line ends within an area, or is kept whatever is seen of it.
fn ends_in(scene: &Scene, it: &Line, area: Rect, kept: &BTreeSet<ResourceId>) -> bool {
    let near = |id| scene.rect(id).is_some_and(|it| it.meets(area));
    near(it.id.from) || near(it.id.to) || it.id.resource.is_some_and(|it| kept.contains(&it))
}

/// The lines that go through an area and end nowhere in it, as the stretches of each relation.
fn passing(
    scene: &Scene,
    area: Rect,
    kept: &BTreeSet<ResourceId>,
    hidden: &BTreeSet<Relation>,
) -> Vec<(Relation, Vec<String>)> {
    let mut all: Vec<(Relation, Vec<String>)> = Vec::new();
    let lines = scene.lines_in(area).into_iter().filter_map(|it| scene.lines.get(it));
    let lines = lines.filter(|it| !hidden.contains(&it.id.relation));
    for line in lines.filter(|it| !ends_in(scene, it, area, kept)) {
        let stretches = route::passing(line.points(), area);
        let relation = line.id.relation;
        match all.iter_mut().find(|it| it.0 == relation) {
            Some(it) => it.1.extend(stretches),
            None => all.push((relation, stretches)),
        }
    }
    all
}

/// What is wanted, as far as it is an element already, in sight, or among the first few of the rest.
fn grown(
    scene: &Scene,
    before: &Visible,
    wanted: &Visible,
    shown: Rect,
    kept: &BTreeSet<ResourceId>,
) -> Visible {
    let mut it = wanted.clone();
    let nodes: BTreeSet<ResourceId> = before.nodes.iter().copied().collect();
    let mut room = AHEAD;
    it.nodes.retain(|id| {
        let in_sight = |id| scene.rect(id).is_some_and(|it| it.meets(shown));
        if nodes.contains(id) || kept.contains(id) || in_sight(*id) {
            return true;
        }
        let now = room > 0;
        room = room.saturating_sub(1);
        now
    });
    let lines: BTreeSet<LineId> = before.lines.iter().copied().collect();
    let mut room = AHEAD;
    it.lines.retain(|id| {
        let in_sight = || scene.line(*id).is_some_and(|it| crosses(it.points(), shown));
        if lines.contains(id) || in_sight() {
            return true;
        }
        let now = room > 0;
        room = room.saturating_sub(1);
        now
    });
    it
}

fn boxes(
    scene: &Scene,
    window: Option<Rect>,
    detail: Detail,
    kept: &BTreeSet<ResourceId>,
) -> Visible {
    let mut near: Vec<ResourceId> = match window {
        None => scene.order.clone(),
        Some(window) => scene.boxes_in(window),
    };
    let shown = |id: &ResourceId| {
        kept.contains(id) || scene.boxes.get(id).is_some_and(|it| detail.shows(it))
    };
    near.retain(shown);
    if detail.flat {
        let titled = titled(scene, detail, &near);
        near.retain(|id| kept.contains(id) || titled.contains(id));
    }
    if window.is_some() {
        near.extend(kept.iter().filter(|it| scene.boxes.contains_key(it)));
        near.sort_unstable_by_key(|it| scene.boxes.get(it).map(|it| it.rank));
        near.dedup();
    }
    let (frames, nodes) =
        near.into_iter().partition(|id| scene.boxes.get(id).is_some_and(|it| it.frame));
    Visible { frames, nodes, ..Visible::default() }
}

/// Frames whose name lies on that of no frame around them.
fn titled(scene: &Scene, detail: Detail, near: &[ResourceId]) -> BTreeSet<ResourceId> {
    let (width, height) = (120.0 * detail.scale, 26.0 * detail.scale);
    let mut all = BTreeSet::new();
    for id in near {
        let Some(it) = scene.boxes.get(id) else { continue };
        let around = |id: &ResourceId| scene.boxes.get(id)?.parent;
        let covers = |other: ResourceId| {
            all.contains(&other)
                && scene.rect(other).is_some_and(|other| {
                    it.rect.y - other.y < height && it.rect.x - other.x < width
                })
        };
        if !std::iter::successors(it.parent, around).any(covers) {
            all.insert(*id);
        }
    }
    all
}

pub(super) fn crosses(line: &[Point], window: Rect) -> bool {
    line.windows(2).any(|it| match it {
        [a, b] => window.meets(Rect::of_corners(*a, *b).grown(1.0)),
        _ => false,
    })
}
