//! Boxes and lines as they are during a gesture, and how much of them can be read.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use leptos::prelude::*;

use super::super::{
    editor::Editor,
    session::{Gesture, SessionStoreFields as _, Target},
};
use crate::{
    draw::{
        bundle::Bundles,
        detail::Detail,
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

/// Size of a name that is seen from afar, in px of the drawing (`style/canvas.css` has it too).
pub const FAR_NAME: f64 = 19.0;

/// What is drawn reaches so far beyond the canvas, in px of the screen, and stays while what is seen does not come
/// nearer to its border than `LEAST`.
const BEYOND: f64 = 192.0;
const LEAST: f64 = 24.0;

/// An area of up to so many px of the drawing is not too large, however little of it is seen.
const ROOM: f64 = 2200.0 * 1800.0;

/// An area that stays as it is while it holds what is shown, and is not far too large for it.
pub(super) fn holding(before: Option<Rect>, shown: Rect, least: f64, beyond: f64) -> Rect {
    let (needed, wanted) = (shown.grown(least), shown.grown(beyond));
    let size = |it: Rect| it.width * it.height;
    let stays = |it: &Rect| it.covers(needed) && size(*it) <= (2.0 * size(wanted)).max(ROOM);
    before.filter(stays).unwrap_or(wanted)
}

/// Handles to the scene as it is drawn.
///
/// A box or line listens to what concerns all only until it knows that it has no part in it: the pointer
/// wakes what is dragged, and nothing else.
#[derive(Clone, Copy)]
pub struct Live {
    pub scene: Memo<Arc<Scene>>,
    pub changes: Memo<Changes>,
    pub detail: Memo<Detail>,
    /// The drawing is seen from afar.
    pub far: Memo<bool>,
    /// Lines as they are bundled; none while the drawing is near.
    pub bundles: Memo<Arc<Bundles>>,
    /// The area that is drawn; all of it for small designs. Panning wakes it once in a while, not per px.
    pub window: Memo<Option<Rect>>,
    moved: Memo<BTreeSet<ResourceId>>,
    resized: Memo<Option<ResourceId>>,
    touched: Memo<BTreeSet<LineId>>,
    /// The box that something is dragged over, and whether it would take it.
    target: Memo<Option<(ResourceId, bool)>>,
}

impl Live {
    pub fn new(editor: Editor) -> Live {
        let scene = editor.scene;
        let session = editor.session;
        let gesture = session.gesture();
        let changes = Memo::new(move |_| gesture.with(|it| scene.with(|scene| changes(it, scene))));
        let detail = Memo::new(move |_| editor.detail());
        let bundles = Memo::new(move |_| {
            let detail = detail.get();
            let hidden = session.hidden().get();
            if !detail.bundled {
                return Arc::default();
            }
            scene.with(|scene| Arc::new(Bundles::of(scene, detail, &hidden)))
        });
        let window = Memo::new(move |before: Option<&Option<Rect>>| {
            if scene.with(|it| Detail::is_whole(it.boxes.len())) {
                return None;
            }
            let view = session.view().get();
            let shown = view.shown(session.canvas().get());
            let (least, beyond) = (LEAST / view.zoom, BEYOND / view.zoom);
            Some(holding(before.copied().flatten(), shown, least, beyond))
        });
        let target = Memo::new(move |_| {
            gesture.with(|it| match it {
                Gesture::Move { target: Target::In { parent, allowed }, .. }
                | Gesture::Place { target: Target::In { parent, allowed }, .. } => {
                    parent.map(|it| (it, *allowed))
                }
                Gesture::Connect { target, .. } => *target,
                _ => None,
            })
        });
        Live {
            scene,
            changes,
            detail,
            far: Memo::new(move |_| detail.get().far),
            bundles,
            window,
            moved: Memo::new(move |_| changes.with(|it| it.moved.clone())),
            resized: Memo::new(move |_| changes.with(|it| it.resized.map(|it| it.0))),
            touched: Memo::new(move |_| changes.with(|it| it.lines.keys().copied().collect())),
            target,
        }
    }

    pub fn here() -> Live {
        expect_context()
    }

    /// Where a box is drawn right now.
    pub fn rect(self, id: ResourceId) -> Memo<Rect> {
        let moved = self.is_moved(id);
        Memo::new(move |_| {
            let rect = self.scene.with(|it| it.rect(id)).unwrap_or_default();
            if moved.get() {
                let (dx, dy) = self.changes.with(|it| it.by);
                return rect.moved(dx, dy);
            }
            if self.resized.get() == Some(id) {
                return self.changes.with(|it| it.resized.map_or(rect, |it| it.1));
            }
            rect
        })
    }

    /// Whether a box is being dragged, by itself or with its container.
    pub fn is_moved(self, id: ResourceId) -> Memo<bool> {
        Memo::new(move |_| {
            self.moved
                .with(|it| !it.is_empty() && self.scene.with_untracked(|scene| scene.is_in(id, it)))
        })
    }

    /// The course of a line right now.
    pub fn line(self, id: LineId) -> Memo<Arc<[Point]>> {
        let touched = Memo::new(move |_| self.touched.with(|it| it.contains(&id)));
        Memo::new_with_compare(
            move |_| {
                let dragged = || self.changes.with(|it| it.lines.get(&id).map(|it| it[..].into()));
                let still = || self.scene.with(|it| it.line(id).map(|it| it.points().clone()));
                let dragged = if touched.get() { dragged() } else { None };
                dragged.or_else(still).unwrap_or_default()
            },
            |a, b| !a.zip(b).is_some_and(|(a, b)| Arc::ptr_eq(a, b)),
        )
    }

    /// Where the border of a frame is drawn. Far out of sight it is cut short: browsers paint the dashes of the whole
    /// border for every part of it.
    pub fn border(self, rect: Memo<Rect>) -> Memo<Rect> {
        Memo::new(move |_| {
            let rect = rect.get();
            let near = self.window.get().filter(|_| !self.detail.get().flat);
            near.map_or(rect, |near| cut(rect, near.grown(16.0)))
        })
    }

    /// `ok` or `no` while something is dragged over a box that would take it, or would not.
    pub fn drop_mark(self, id: ResourceId) -> impl Fn() -> Option<&'static str> + Send + 'static {
        move || {
            let over = self.target.get().filter(|it| it.0 == id)?;
            Some(if over.1 { "ok" } else { "no" })
        }
    }
}

/// Cuts off what lies outside of an area, by whole dashes, so that those in sight stay where they are.
fn cut(it: Rect, area: Rect) -> Rect {
    /// Length of a dash with its gap (`.container-node-side` in `style/canvas.css`).
    const DASH: f64 = 9.0;
    let off = |by: f64| (by.max(0.0) / DASH).floor() * DASH;
    let (left, top) = (off(area.x - it.x), off(area.y - it.y));
    let (right, bottom) = (off(it.right() - area.right()), off(it.bottom() - area.bottom()));
    let (width, height) = (it.width - left - right, it.height - top - bottom);
    if width <= 0.0 || height <= 0.0 {
        return it;
    }
    Rect::new(it.x + left, it.y + top, width, height)
}

/// What a gesture makes of a scene.
fn changes(gesture: &Gesture, scene: &Scene) -> Changes {
    match gesture {
        Gesture::Move { ids, start, now, .. } => {
            let by = (now.x - start.x, now.y - start.y);
            if by == (0.0, 0.0) {
                return Changes::default();
            }
            let lines = scene.rerouted(ids, |id| {
                let rect = scene.rect(id)?;
                Some(if scene.is_in(id, ids) { rect.moved(by.0, by.1) } else { rect })
            });
            Changes { moved: ids.clone(), by, resized: None, lines }
        }
        Gesture::Resize { id, new, .. } => {
            let (id, new) = (*id, *new);
            let lines = scene.rerouted(&BTreeSet::from([id]), |it| {
                if it == id { Some(new) } else { scene.rect(it) }
            });
            Changes { resized: Some((id, new)), lines, ..Changes::default() }
        }
        _ => Changes::default(),
    }
}
