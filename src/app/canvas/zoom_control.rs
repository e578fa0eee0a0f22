//! Zoom buttons.

use leptos::prelude::*;

use super::super::{
    editor::Editor,
    icon::IconButton,
    say::{named, say},
    session::SessionStoreFields as _,
};
use crate::text::text;

#[component]
pub(super) fn ZoomControl() -> impl IntoView {
    let editor = Editor::here();
    let view = editor.session.view();
    view! {
        <div class="zoom-control" role="toolbar" aria-label=say(text("Zoom", "ズーム"))>
            <IconButton
                icon="zoom-out"
                label=named(text("Zoom out (Ctrl+-)", "縮小 (Ctrl+-)"))
                tooltip_side="top"
                on_press=move || editor.zoom_by(1.0 / 1.25)
            />
            <button
                type="button"
                class="zoom-control-value"
                aria-label=move || format!("{:.0} %", view.get().zoom * 100.0)
                on:click=move |_| editor.zoom_to(1.0)
            >
                {move || format!("{:.0} %", view.get().zoom * 100.0)}
            </button>
            <IconButton
                icon="zoom-in"
                label=named(text("Zoom in (Ctrl++)", "拡大 (Ctrl++)"))
                tooltip_side="top"
                on_press=move || editor.zoom_by(1.25)
            />
            <IconButton
                icon="fit"
                label=named(text("Fit all (Shift+1)", "全体を表示 (Shift+1)"))
                tooltip_side="top"
                on_press=move || editor.fit()
            />
        </div>
    }
}
