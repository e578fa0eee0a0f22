//! The designs saved in this browser.

use leptos::{prelude::*, task::spawn_local};

use super::super::{
    browser::{
        storage::{self, Entry},
        time, window,
    },
    editor::Editor,
    icon::IconButton,
    say::{say, tell},
};
use crate::text::text;

#[component]
pub(super) fn SavedDesigns() -> impl IntoView {
    let entries = RwSignal::new(Vec::new());
    let read = move || {
        spawn_local(async move {
            if let Ok(all) = storage::list().await {
                // The page may be gone meanwhile.
                entries.try_set(all);
            }
        });
    };
    read();
    let rows = move || {
        let rows = entries.get().into_iter().map(|it| view! { <Row entry=it read=read/> });
        rows.collect_view()
    };
    view! {
        <Show when=move || entries.with(|it| !it.is_empty())>
            <section class="saved-designs" aria-labelledby="saved-designs-title">
                <h2 class="gallery-title" id="saved-designs-title">
                    {say(text("Saved in this browser", "このブラウザーに保存済み"))}
                </h2>
                <ul class="saved-designs-list">{rows}</ul>
                <a class="saved-designs-all" href="?#saved">
                    {say(text("Earlier versions as files", "以前のバージョンをファイルとして保存"))}
                </a>
            </section>
        </Show>
    }
}

#[component]
fn Row(entry: Entry, read: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let Entry { version, name } = entry;
    let open = move |_| {
        spawn_local(async move {
            if let Some(opened) = storage::open(version.design).await {
                editor.open_saved(opened);
            }
        });
    };
    let remove = text(
        "Remove “{0}” from this browser? This cannot be undone.",
        "「{0}」をこのブラウザーから削除しますか? この操作は元に戻せません。",
    )
    .with([name.as_str().into()]);
    let ask = move || {
        let question = remove.render(lang.get_untracked());
        if window().confirm_with_message(&question) == Ok(true) {
            spawn_local(async move {
                let _ = storage::remove(version.design).await;
                read();
            });
        }
    };
    let label = tell(text("Remove {0}", "{0} を削除").with([name.as_str().into()]));
    view! {
        <li class="saved-design">
            <button type="button" class="button" data-variant="quiet" on:click=open>
                {name}
            </button>
            <span class="saved-design-time">{move || time(version.saved, lang.get())}</span>
            <IconButton icon="close" label=Signal::derive(label) small=true on_press=ask/>
        </li>
    }
}
