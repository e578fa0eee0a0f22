//! The mark of a box that is locked in the drawing.

use leptos::prelude::*;

use super::super::{editor::Editor, icon::symbol};
use crate::kinds::ResourceId;

#[component]
pub(super) fn LockMark(id: ResourceId, #[prop(into)] x: Signal<f64>, y: f64) -> impl IntoView {
    let editor = Editor::here();
    let locked = Memo::new(move |_| editor.design.with(|it| it.locked.contains(&id)));
    move || {
        locked.get().then(|| {
            view! {
                <use_
                    class="lock-mark"
                    href=symbol("ui-lock")
                    x=move || x.get()
                    y=y
                    width="16"
                    height="16"
                ></use_>
            }
            .into_any()
        })
    }
}
