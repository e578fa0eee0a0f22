//! The list of operations, filtered.

use leptos::prelude::*;

use super::{
    super::{
        assessed::OperationKey,
        editor::Editor,
        icon::Icon,
        say::{say, tell},
        session::SessionStoreFields as _,
    },
    filters::Filters,
    verdict_row::VerdictRow,
};
use crate::text::{arg, text};

/// Rows that are drawn before somebody asks for more, some screens full: each is two dozen nodes that stay in memory.
const MOST: usize = 40;
/// How many more then.
const MORE: usize = 200;

#[component]
pub(super) fn Operations() -> impl IntoView {
    let editor = Editor::here();
    let filter = editor.session.filter();
    let lang = editor.lang();
    let listed: Memo<Vec<OperationKey>> = Memo::new(move |_| {
        let filter = filter.get();
        let search = filter.search.trim().to_lowercase();
        editor.report.with(|report| {
            report
                .keys
                .iter()
                .filter(|key| filter.from.is_none_or(|it| it == key.from))
                .filter(|key| {
                    let Some(it) = report.operations.get(key) else { return false };
                    filter.outcome.is_none_or(|outcome| outcome == it.outcome)
                        && (search.is_empty()
                            || it.title.get(lang.get()).to_lowercase().contains(&search)
                            || it.subject.render(lang.get()).to_lowercase().contains(&search))
                })
                .cloned()
                .collect()
        })
    });
    // A report of thousands is read through the filters; all its rows at once would stop the page.
    let most = RwSignal::new(MOST);
    let shown = move || listed.with(|it| it.iter().take(most.get()).cloned().collect::<Vec<_>>());
    let more = Memo::new(move |_| listed.with(Vec::len).saturating_sub(most.get()));
    let waiting = Memo::new(move |_| editor.report.with(|it| it.waiting));
    let none_at_all = Memo::new(move |_| editor.report.with(|it| it.keys.is_empty()));

    view! {
        <div class="operations">
            <Filters/>
            <For each=shown key=Clone::clone let(key)>
                <VerdictRow key=key/>
            </For>
            <Show when=move || { more.get() > 0 }>
                <button
                    type="button"
                    class="button operations-more"
                    on:click=move |_| most.update(|it| *it += MORE)
                >
                    {move || {
                        tell(text("Show more ({0} left)", "さらに表示 (残り {0} 件)").with([arg(more.get())]))()
                    }}
                </button>
            </Show>
            <Show when=move || listed.with(Vec::is_empty)>
                <div class="empty">
                    <Icon name="route"/>
                    <p class="empty-title">
                        {move || if waiting.get() {
                            say(text("Checking the design…", "デザインを確認しています…"))()
                        } else if none_at_all.get() {
                            say(text("No operation can happen yet", "まだ実行できる操作がありません"))()
                        } else {
                            say(text("No operation matches", "該当する操作はありません"))()
                        }}
                    </p>
                    <Show when=move || none_at_all.get() && !waiting.get()>
                        <p>
                            {say(text(
                                "Draw a workspace and someone who opens it: a client, a compute, a user.",
                                "ワークスペースと、それを使うクライアント、コンピューティング、ユーザーを描いてください。",
                            ))}
                        </p>
                    </Show>
                </div>
            </Show>
        </div>
    }
}
