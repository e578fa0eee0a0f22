//! Which boxes and lines are near enough to be drawn.
//!
//! Small designs are drawn whole, so that a screen reader finds everything and nothing flickers.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::super::{editor::Editor, session::SessionStoreFields as _};
use crate::{
    draw::{
        geometry::{Point, Rect},
        scene::LineId,
    },
    kinds::ResourceId,
};

/// Up to so many boxes nothing is left out.
const ALL: usize = 400;

/// The part of the drawing that is drawn moves in steps of this many px of the drawing.
const STEP: f64 = 512.0;

/// What is drawn right now.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Visible {
    pub(super) frames: Vec<ResourceId>,
    pub(super) nodes: Vec<ResourceId>,
    pub(super) lines: Vec<LineId>,
}

/// The memo of [`Visible`]; panning wakes it once per step, not per px.
pub(super) fn use_visible(editor: Editor) -> Memo<Visible> {
    let window = Memo::new(move |_| {
        if editor.scene.with(|it| it.boxes.len() <= ALL) {
            return None;
        }
        let shown = editor.session.view().get().shown(editor.session.canvas().get()).grown(STEP);
        let step = |it: f64| (it / STEP).floor() * STEP;
        Some(Rect::of_corners(
            Point::new(step(shown.x), step(shown.y)),
            Point::new(step(shown.right()) + STEP, step(shown.bottom()) + STEP),
        ))
    });
    let kept = Memo::new(move |_| editor.session.selection().get());
    Memo::new(move |_| {
        let window = window.get();
        let kept: BTreeSet<ResourceId> = kept.get();
        editor.scene.with(|scene| {
            let mut it = Visible::default();
            for id in &scene.order {
                let Some(drawn) = scene.boxes.get(id) else { continue };
                let near = window.is_none_or(|it| it.meets(drawn.rect) || kept.contains(id));
                if near {
                    if drawn.frame { it.frames.push(*id) } else { it.nodes.push(*id) }
                }
            }
            it.lines = scene
                .lines
                .iter()
                .filter(|line| {
                    window.is_none_or(|window| {
                        line.points.windows(2).any(|it| match it {
                            [a, b] => window.meets(Rect::of_corners(*a, *b).grown(1.0)),
                            _ => false,
                        })
                    })
                })
                .map(|it| it.id)
                .collect();
            it
        })
    })
}
