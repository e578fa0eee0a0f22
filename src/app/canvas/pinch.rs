//! Two fingers: the drawing follows both, and zooms as they part.

use leptos::prelude::*;
use web_sys::PointerEvent;

use super::super::{
    editor::Editor,
    session::{Gesture, SessionStoreFields as _, View},
};
use crate::draw::geometry::Point;

/// A finger on the drawing: its pointer, and where it is in px of the canvas.
pub type Finger = (i32, Point);

fn finger(editor: Editor, event: &PointerEvent) -> Option<Finger> {
    let at = editor.on_canvas(event.client_x(), event.client_y());
    (event.pointer_type() == "touch").then_some((event.pointer_id(), at))
}

/// A finger more. The second one ends whatever the first began.
pub(super) fn down(editor: Editor, event: &PointerEvent) -> bool {
    let Some(new) = finger(editor, event) else { return false };
    let fingers = editor.session.fingers();
    if event.is_primary() {
        // What is left of fingers whose end nobody told.
        fingers.set(Vec::new());
    }
    fingers.update(|it| it.push(new));
    match fingers.get_untracked().as_slice() {
        [_] => false,
        [a, b] => {
            let view = editor.session.view().get_untracked();
            editor.session.gesture().set(Gesture::Pinch { from: (a.1, b.1), view });
            true
        }
        _ => true,
    }
}

pub(super) fn moved(editor: Editor, event: &PointerEvent) -> bool {
    let Some(new) = finger(editor, event) else { return false };
    let session = editor.session;
    session.fingers().update(|all| {
        if let Some(it) = all.iter_mut().find(|it| it.0 == new.0) {
            *it = new;
        }
    });
    let Gesture::Pinch { from, view } = session.gesture().get_untracked() else { return false };
    if let [a, b, ..] = session.fingers().get_untracked().as_slice() {
        session.view().set(pinched(view, from, (a.1, b.1)));
    }
    true
}

/// A finger less. What is left of a pinch does nothing, until all are gone.
pub(super) fn up(editor: Editor, event: &PointerEvent) -> bool {
    let session = editor.session;
    session.fingers().update(|all| all.retain(|it| it.0 != event.pointer_id()));
    let pinches = matches!(session.gesture().get_untracked(), Gesture::Pinch { .. });
    if pinches && session.fingers().with_untracked(|it| it.len() < 2) {
        session.gesture().set(Gesture::None);
    }
    pinches
}

/// The view in which what was between two fingers still is.
fn pinched(view: View, from: (Point, Point), to: (Point, Point)) -> View {
    let middle =
        |(a, b): (Point, Point)| Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y));
    let apart = |(a, b): (Point, Point)| (a.x - b.x).hypot(a.y - b.y).max(1.0);
    let (start, now) = (middle(from), middle(to));
    let zoomed = view.zoomed(view.zoom * apart(to) / apart(from), start);
    View { x: zoomed.x + now.x - start.x, y: zoomed.y + now.y - start.y, ..zoomed }
}
