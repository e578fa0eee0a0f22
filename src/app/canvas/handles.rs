//! Corners and the connect handle of the selected box.

use leptos::prelude::*;

use super::{
    super::{
        editor::Editor,
        session::{Gesture, SessionStoreFields as _},
    },
    live::Live,
};
use crate::kinds::{Form, ResourceId};

/// Name of a handle and which of left, top, right, bottom it moves.
pub(super) const CORNERS: [(&str, [bool; 4]); 8] = [
    ("nw", [true, true, false, false]),
    ("n", [false, true, false, false]),
    ("ne", [false, true, true, false]),
    ("e", [false, false, true, false]),
    ("se", [false, false, true, true]),
    ("s", [false, false, false, true]),
    ("sw", [true, false, false, true]),
    ("w", [true, false, false, false]),
];

#[component]
pub(super) fn Handles() -> impl IntoView {
    let editor = Editor::here();
    let shown = Memo::new(move |_| {
        let id = editor.single()?;
        editor.scene.with(|it| it.boxes.get(&id).map(|it| (id, it.frame, it.note)))
    });
    let quiet = Memo::new(move |_| {
        editor.session.gesture().with(|it| {
            matches!(it, Gesture::None | Gesture::Resize { .. } | Gesture::Connect { .. })
        })
    });
    move || {
        let (id, frame, note) = shown.get().filter(|_| quiet.get())?;
        let container = editor
            .design
            .with_untracked(|it| it.get(id).map(|it| it.kind.info().form == Form::Container))
            .unwrap_or(false);
        Some(view! { <HandlesOf id=id resize=note || frame && container connect=!note/> })
    }
}

#[component]
fn HandlesOf(id: ResourceId, resize: bool, connect: bool) -> impl IntoView {
    let rect = Live::here().rect(id);
    let corners = resize.then(|| {
        CORNERS
            .map(|(name, [left, top, right, bottom])| {
                let x = move || {
                    let it = rect.get();
                    if left {
                        it.x - 7.0
                    } else if right {
                        it.right() - 1.0
                    } else {
                        it.center().x - 4.0
                    }
                };
                let y = move || {
                    let it = rect.get();
                    if top {
                        it.y - 7.0
                    } else if bottom {
                        it.bottom() - 1.0
                    } else {
                        it.center().y - 4.0
                    }
                };
                view! {
                    <rect
                        class="resize-handle"
                        data-corner=name
                        data-id=id.0.to_string()
                        x=x
                        y=y
                        width="8"
                        height="8"
                    ></rect>
                }
            })
            .collect_view()
    });
    view! {
        {corners}
        {connect
            .then(|| {
                view! {
                    <circle
                        class="connect-handle"
                        data-id=id.0.to_string()
                        cx=move || rect.get().right() + if resize { 16.0 } else { 3.0 }
                        cy=move || rect.get().center().y
                        r="5.5"
                    ></circle>
                }
            })}
    }
}
