//! Which operations are listed: by who starts them, by outcome, by words.

use leptos::prelude::*;

use super::{
    super::{editor::Editor, icon::Icon, say::say, session::SessionStoreFields as _},
    pick::{Choice, Pick},
};
use crate::{kinds::ResourceId, solve::Outcome, text::text};

#[component]
pub(super) fn Filters() -> impl IntoView {
    let editor = Editor::here();
    let filter = editor.session.filter();
    let search = Memo::new(move |_| filter.with(|it| it.search.clone()));
    let total = Memo::new(move |_| {
        let from = filter.with(|it| it.from);
        editor
            .report
            .with(|it| it.keys.iter().filter(|it| from.is_none_or(|id| id == it.from)).count())
    });
    view! {
        <header class="operations-header">
            <Starter/>
            <label class="search">
                <Icon name="search"/>
                <input
                    id="operations-search"
                    type="search"
                    autocomplete="off"
                    placeholder=say(text("Search operations", "操作を検索"))
                    aria-label=say(text("Search operations", "操作を検索"))
                    prop:value=move || search.get()
                    on:input=move |event| {
                        filter.update(|it| it.search = event_target_value(&event));
                    }
                />
            </label>
            <div
                class="filter-chips"
                role="group"
                aria-label=say(text("Filter by outcome", "結果で絞り込み"))
            >
                <button
                    type="button"
                    class="filter-chip"
                    aria-pressed=move || filter.with(|it| it.outcome.is_none()).to_string()
                    on:click=move |_| filter.update(|it| it.outcome = None)
                >
                    <span class="count">{total}</span>
                    <span class="filter-chip-label">{say(text("All", "すべて"))}</span>
                </button>
                {Outcome::ALL.map(|outcome| view! { <Chip outcome=outcome/> }).collect_view()}
            </div>
        </header>
    }
}

/// One outcome and how many operations have it.
#[component]
fn Chip(outcome: Outcome) -> impl IntoView {
    let editor = Editor::here();
    let filter = editor.session.filter();
    let count = Memo::new(move |_| {
        let from = filter.with(|it| it.from);
        editor.report.with(|report| {
            let mine = report.operations.iter().filter(|it| from.is_none_or(|id| id == it.0.from));
            mine.filter(|it| it.1.outcome == outcome).count()
        })
    });
    let pressed = move || filter.with(|it| it.outcome == Some(outcome));
    view! {
        <button
            type="button"
            class="filter-chip"
            data-outcome=outcome.slug()
            aria-pressed=move || pressed().to_string()
            on:click=move |_| {
                filter.update(|it| {
                    it.outcome = if it.outcome == Some(outcome) { None } else { Some(outcome) };
                });
            }
        >
            <Icon name=outcome.slug()/>
            <span class="count">{count}</span>
            <span class="filter-chip-label">{say(outcome.label())}</span>
        </button>
    }
}

/// Who starts the operation: a client, a compute, an endpoint.
#[component]
fn Starter() -> impl IntoView {
    let editor = Editor::here();
    let filter = editor.session.filter();
    let starters: Memo<Vec<Choice>> = Memo::new(move |_| {
        let ids = editor.report.with(|it| it.starters());
        editor.resources.with(|all| {
            ids.into_iter()
                .filter_map(|it| Some((it.0.to_string(), all.get(it)?.name.clone())))
                .collect()
        })
    });
    let chosen = Signal::derive(move || {
        filter.with(|it| it.from.map(|it| it.0.to_string()).unwrap_or_default())
    });
    let pick = move |picked: String| {
        filter.update(|it| it.from = picked.parse().ok().map(ResourceId));
    };
    view! {
        <Pick
            label=text("Started by", "開始元")
            any=text("Any resource", "すべてのリソース")
            choices=starters.into()
            chosen=chosen
            on_pick=Callback::new(pick)
        />
    }
}
