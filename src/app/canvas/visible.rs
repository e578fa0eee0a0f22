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

/// What is an element reaches so far beyond the canvas, and moves in such steps, in px of the screen at
/// the stepped zoom.
const BEYOND: f64 = 128.0;
const STEP: f64 = 128.0;

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
    /// Lines of which both ends are out of sight, as one path for each relation.
    pub(super) passing: Vec<(Relation, String)>,
    pub(super) bundles: Vec<BundleId>,
}

/// The memo of [`Visible`]; panning wakes it once per step, not per px.
pub(super) fn use_visible(editor: Editor, live: Live) -> Memo<Visible> {
    let session = editor.session;
    let window = Memo::new(move |_| {
        if editor.scene.with(|it| Detail::is_whole(it.boxes.len())) {
            return None;
        }
        let view = session.view().get();
        let scale = if live.detail.get().bundled {
            live.detail.get().scale
        } else {
            1.0 / view.zoom.min(1.0)
        };
        // Steps of the zoom in which nothing moves.
        let scale = scale.log2().ceil().exp2();
        let shown = view.shown(session.canvas().get()).grown(BEYOND * scale);
        let step = |it: f64| (it / (STEP * scale)).floor() * STEP * scale;
        Some(Rect::of_corners(
            Point::new(step(shown.x), step(shown.y)),
            Point::new(step(shown.right()) + STEP * scale, step(shown.bottom()) + STEP * scale),
        ))
    });
    // The keyboard is in an element, and what is selected wants to be seen.
    let kept = Memo::new(move |_| {
        let mut all = session
            .selection()
            .with(|it| if it.len() <= KEPT { it.clone() } else { BTreeSet::new() });
        all.extend(session.focus().get());
        all
    });
    Memo::new(move |_| {
        let (window, detail) = (window.get(), live.detail.get());
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
                    all.into_iter()
                        .chain(open.into_iter().flat_map(|it| it.lines.clone()))
                        .collect()
                });
                lines.extend(kept.iter().filter_map(|id| scene.line_of(*id)));
                lines.retain(shown);
                if let (Some(window), false) = (window, detail.bundled) {
                    let ends = |it: &Line| {
                        let near = |id| scene.rect(id).is_some_and(|it| it.meets(window));
                        let own = it.id.resource.is_some_and(|it| kept.contains(&it));
                        own || near(it.id.from) || near(it.id.to)
                    };
                    let mut passing: Vec<(Relation, String)> = Vec::new();
                    lines.retain(|n| {
                        let Some(line) = scene.lines.get(*n).filter(|it| !ends(it)) else {
                            return true;
                        };
                        let d = route::path_within(line.points(), window);
                        let relation = line.id.relation;
                        match passing.iter_mut().find(|it| it.0 == relation) {
                            Some(it) => it.1.push_str(&d),
                            None => passing.push((relation, d)),
                        }
                        false
                    });
                    it.passing = passing;
                }
                lines.sort_unstable();
                lines.dedup();
                it.lines =
                    lines.iter().filter_map(|n| scene.lines.get(*n)).map(|it| it.id).collect();
                it
            })
        })
    })
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
