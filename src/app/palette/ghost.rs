//! Follows the pointer during a drag from the palette, and says where the kind would go.

use leptos::prelude::*;

use super::super::{
    editor::Editor,
    icon::KindIcon,
    session::{Gesture, SessionStoreFields as _, Target},
};

use crate::draw::edits;

#[component]
pub(super) fn DragGhost() -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let place = Memo::new(move |_| {
        editor.session.gesture().with(|it| match it {
            Gesture::Place { kind, at, target } => Some((*kind, *at, *target)),
            _ => None,
        })
    });
    let kind = Memo::new(move |_| place.get().map(|it| it.0));
    let why = Memo::new(move |_| match place.get() {
        Some((kind, _, Target::In { parent, allowed: false })) => editor
            .design
            .with(|design| Some(edits::nowhere(design, kind, parent).render(lang.get()))),
        _ => None,
    });
    move || {
        kind.get().map(|kind| {
            view! {
                <div
                    class="drag-ghost"
                    aria-hidden="true"
                    data-drop=move || why.with(|it| if it.is_some() { "no" } else { "ok" })
                    style:left=move || place.get().map(|it| format!("{}px", it.1.x + 14.0))
                    style:top=move || place.get().map(|it| format!("{}px", it.1.y + 14.0))
                >
                    <KindIcon kind=kind/>
                    <span>
                        {move || kind.info().label.get(lang.get())}
                        <span class="drag-ghost-reason">{why}</span>
                    </span>
                </div>
            }
        })
    }
}
