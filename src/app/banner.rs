//! The lines across the top: what went wrong with a link or a file, and that a new version is there.

use leptos::prelude::*;

use super::{
    editor::Editor,
    icon::{Icon, IconButton},
    say::{named, say, tell},
    session::SessionStoreFields as _,
    use_page::renew,
};
use crate::text::text;

/// More lines than this are summed up.
const LINES: usize = 5;

#[component]
pub fn Banners() -> impl IntoView {
    view! {
        <div class="banners">
            <NewVersion/>
            <Banner/>
        </div>
    }
}

#[component]
fn NewVersion() -> impl IntoView {
    let ready = Editor::here().session.new_version();
    view! {
        <Show when=move || ready.get()>
            <div class="banner" role="status">
                <Icon name="info"/>
                <p class="banner-text">
                    {say(text(
                        "There is a new version of Drawbridge. Reload to use it.",
                        "Drawbridge の新しいバージョンがあります。再読み込みすると切り替わります。",
                    ))}
                </p>
                <button type="button" class="button" data-variant="primary" on:click=|_| renew()>
                    {say(text("Reload", "再読み込み"))}
                </button>
            </div>
        </Show>
    }
}

#[component]
fn Banner() -> impl IntoView {
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
