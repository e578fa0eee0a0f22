//! One kind: dragged to a place, or placed where the selection suggests by a click or Enter.

use leptos::{prelude::*, wasm_bindgen::JsCast as _};
use web_sys::{Element, PointerEvent};

use super::super::{
    browser::document,
    editor::Editor,
    icon::KindIcon,
    say::say,
    session::{Gesture, SessionStoreFields as _, Target, Tool},
};
use crate::{
    draw::{edits, geometry::Point},
    kinds::{self, Form, Kind},
    text::text,
};

/// A drag begins after so many px; less is a click.
const SLACK: f64 = 5.0;

/// What a click or Enter does.
pub fn choose(editor: Editor, kind: Kind) {
    if matches!(kind.info().form, Form::Edge { .. }) {
        editor.session.tool().set(Tool::Connect);
        editor.toast(
            text(
                "{0}: drag from one resource to the other",
                "{0}: リソースから相手のリソースへドラッグしてください",
            )
            .with([kind.info().label.into()]),
            false,
        );
    } else if kind.info().form == Form::Note {
        editor.add_note();
    } else {
        editor.add_at_home(kind);
    }
}

#[component]
pub(super) fn PaletteItem(kind: Kind) -> impl IntoView {
    let editor = Editor::here();
    let gesture = editor.session.gesture();
    let info = kind.info();
    let line = matches!(info.form, Form::Edge { .. });
    // Where the pointer went down; and whether a drag just ended, whose click is none.
    let start = StoredValue::new(None::<Point>);
    let dragged = StoredValue::new(false);
    let dragging = Memo::new(move |_| {
        gesture.with(|it| matches!(it, Gesture::Place { kind: dragged, .. } if *dragged == kind))
    });
    let at =
        |event: &PointerEvent| Point::new(f64::from(event.client_x()), f64::from(event.client_y()));

    view! {
        <button
            type="button"
            class="palette-item"
            data-kind=info.slug
            data-dragging=move || dragging.get().then_some("")
            title=say(info.help)
            on:pointerdown=move |event| {
                dragged.set_value(false);
                if event.button() == 0 && !line {
                    start.set_value(Some(at(&event)));
                    if let Some(it) = event.current_target()
                        && let Some(it) = it.dyn_ref::<Element>()
                    {
                        let _ = it.set_pointer_capture(event.pointer_id());
                    }
                }
            }
            on:pointermove=move |event| {
                let Some(from) = start.get_value() else { return };
                let at = at(&event);
                if dragged.get_value() || (at.x - from.x).hypot(at.y - from.y) > SLACK {
                    dragged.set_value(true);
                    gesture.set(Gesture::Place { kind, at, target: target(editor, kind, &event) });
                }
            }
            on:pointerup=move |event| {
                start.set_value(None);
                if dragging.get_untracked() {
                    gesture.set(Gesture::None);
                    drop_at(editor, kind, &event);
                }
            }
            on:pointercancel=move |_| {
                start.set_value(None);
                gesture.set(Gesture::None);
            }
            on:click=move |_| {
                if !dragged.get_value() {
                    choose(editor, kind);
                }
                dragged.set_value(false);
            }
        >
            <KindIcon kind=kind/>
            <span>{say(info.label)}</span>
        </button>
    }
}

/// Where the kind would land if it were dropped now.
fn target(editor: Editor, kind: Kind, event: &PointerEvent) -> Target {
    let (x, y) = (event.client_x(), event.client_y());
    #[expect(clippy::cast_precision_loss, reason = "coordinates of a screen are small")]
    let over = document()
        .element_from_point(x as f32, y as f32)
        .and_then(|it| it.closest("#canvas").ok().flatten());
    if over.is_none() {
        return Target::Nowhere;
    }
    let at = editor.in_world(x, y);
    editor.drawn(|design, scene| {
        let none = std::collections::BTreeSet::new();
        let parent = edits::container_at(design, scene, at, &none, kind);
        let holder = parent.and_then(|it| design.get(it)).map(|it| it.kind);
        Target::In { parent, allowed: kinds::may_stand(kind, holder) }
    })
}

fn drop_at(editor: Editor, kind: Kind, event: &PointerEvent) {
    let Target::In { parent, allowed } = target(editor, kind, event) else { return };
    if !allowed {
        let why = editor.drawn(|design, _| edits::nowhere(design, kind, parent));
        editor.refuse(why);
        return;
    }
    let at = editor.in_world(event.client_x(), event.client_y());
    let (id, edit) =
        editor.drawn(|design, scene| edits::add(design, scene, kind, parent, Some(at)));
    editor.added(id, edit);
}
