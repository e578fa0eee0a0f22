//! The line across the top that says what went wrong with a link or a file.

use leptos::prelude::*;

use super::{
    editor::Editor,
    icon::{Icon, IconButton},
    say::{named, tell},
    session::SessionStoreFields as _,
};
use crate::text::text;

/// More lines than this are summed up.
const LINES: usize = 5;

#[component]
pub fn Banner() -> impl IntoView {
    let banner = Editor::here().session.banner();
    move || {
        banner.get().map(|it| {
            let severity = if it.refused { "error" } else { "warning" };
            let more = it.lines.len().saturating_sub(LINES);
            let lines = it
                .lines
                .into_iter()
                .take(LINES)
                .map(|it| view! { <span class="banner-line">{tell(it)}</span> })
                .collect_view();
            view! {
                <div class="banner" data-problem=severity role="alert">
                    <Icon name=severity/>
                    <p class="banner-text">
                        <span class="banner-title">{tell(it.title)}</span>
                        " "
                        {lines}
                        {(more > 0).then(|| format!("+{more}"))}
                    </p>
                    <IconButton
                        icon="close"
                        label=named(text("Close", "閉じる"))
                        tooltip_side="end"
                        on_press=move || banner.set(None)
                    />
                </div>
            }
        })
    }
}
