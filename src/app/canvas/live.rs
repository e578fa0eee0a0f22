//! Boxes and lines as they are during a gesture: the scene with what is being dragged elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use leptos::prelude::*;

use super::super::{
    editor::Editor,
    session::{Gesture, SessionStoreFields as _},
};
use crate::{
    draw::{
        geometry::{Point, Rect},
        scene::{LineId, Scene},
    },
    kinds::ResourceId,
};

/// What differs from the scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    pub moved: BTreeSet<ResourceId>,
    pub by: (f64, f64),
    pub resized: Option<(ResourceId, Rect)>,
    pub lines: BTreeMap<LineId, Vec<Point>>,
}

/// Below this zoom names are drawn larger and everything else is left out: it could not be read.
const FAR: f64 = 0.6;

/// Size of a name that is seen from afar, in px of the drawing (`style/canvas.css` has it too).
pub const FAR_NAME: f64 = 19.0;

/// Handles to the scene as it is drawn.
#[derive(Clone, Copy)]
pub struct Live {
    pub scene: Memo<Arc<Scene>>,
    pub changes: Memo<Changes>,
    /// The drawing is seen from afar.
    pub far: Memo<bool>,
}

impl Live {
    pub fn new(editor: Editor) -> Live {
        let scene = editor.scene;
        let gesture = editor.session.gesture();
        let changes = Memo::new(move |_| {
            gesture.with(|it| match it {
                Gesture::Move { ids, start, now, .. } => {
                    let by = (now.x - start.x, now.y - start.y);
                    if by == (0.0, 0.0) {
                        return Changes::default();
                    }
                    let lines = scene.with(|scene| {
                        scene.rerouted(ids, |id| {
                            let rect = scene.rect(id)?;
                            Some(if scene.is_in(id, ids) { rect.moved(by.0, by.1) } else { rect })
                        })
                    });
                    Changes { moved: ids.clone(), by, resized: None, lines }
                }
                Gesture::Resize { id, new, .. } => {
                    let (id, new) = (*id, *new);
                    let lines = scene.with(|scene| {
                        scene.rerouted(&BTreeSet::from([id]), |it| {
                            if it == id { Some(new) } else { scene.rect(it) }
                        })
                    });
                    Changes { resized: Some((id, new)), lines, ..Changes::default() }
                }
                _ => Changes::default(),
            })
        });
        let view = editor.session.view();
        let far = Memo::new(move |_| view.with(|it| it.zoom < FAR));
        Live { scene, changes, far }
    }

    pub fn here() -> Live {
        expect_context()
    }

    /// Where a box is drawn right now.
    pub fn rect(self, id: ResourceId) -> Memo<Rect> {
        Memo::new(move |_| {
            self.scene.with(|scene| {
                let rect = scene.rect(id).unwrap_or_default();
                self.changes.with(|it| match it.resized {
                    Some((resized, rect)) if resized == id => rect,
                    _ if scene.is_in(id, &it.moved) => rect.moved(it.by.0, it.by.1),
                    _ => rect,
                })
            })
        })
    }

    /// Whether a box is being dragged, by itself or with its container.
    pub fn is_moved(self, id: ResourceId) -> Memo<bool> {
        Memo::new(move |_| {
            self.changes.with(|it| {
                !it.moved.is_empty() && self.scene.with(|scene| scene.is_in(id, &it.moved))
            })
        })
    }

    /// The course of a line right now.
    pub fn line(self, id: LineId) -> Memo<Vec<Point>> {
        Memo::new(move |_| {
            if let Some(points) = self.changes.with(|it| it.lines.get(&id).cloned()) {
                return points;
            }
            self.scene.with(|scene| scene.line(id).map(|it| it.points.clone()).unwrap_or_default())
        })
    }
}
