//! The line at the bottom: how much is drawn and what comes of it.

use leptos::prelude::*;

use super::{
    editor::Editor,
    icon::Icon,
    session::{SessionStoreFields as _, Tab},
};
use crate::{
    report::Severity,
    solve::Outcome,
    text::{arg, text},
};

#[component]
pub fn StatusBar() -> impl IntoView {
    let editor = Editor::here();
    let session = editor.session;
    let lang = editor.lang();
    let drawn = move || {
        let (boxes, lines) = editor
            .scene
            .with(|it| (it.boxes.values().filter(|it| !it.note).count(), it.lines.len()));
        let chosen = session.selection().with(std::collections::BTreeSet::len);
        let all = text("{0} resources · {1} connections", "リソース {0} 件 · 接続 {1} 件")
            .with([arg(boxes), arg(lines)])
            .render(lang.get());
        if chosen < 2 {
            return all;
        }
        let chosen = text("{0} selected", "{0} 件を選択中").with([arg(chosen)]).render(lang.get());
        format!("{all} · {chosen}")
    };
    let problems = Memo::new(move |_| editor.report.with(|it| it.problems()));
    let worst = move || {
        let any = problems.get() > 0;
        if any { Severity::Warning.slug() } else { Severity::Info.slug() }
    };
    view! {
        <footer class="status-bar">
            <span class="status-bar-message" role="status">
                {drawn}
            </span>
            {Outcome::ALL.map(|outcome| view! { <OutcomeCount outcome=outcome/> }).collect_view()}
            <button
                type="button"
                class="status-bar-item"
                data-problem=worst
                on:click=move |_| {
                    session.side_open().set(true);
                    session.tab().set(Tab::Problems);
                }
            >
                <Icon name="warning"/>
                {move || {
                    let words = match problems.get() {
                        1 => text("1 problem", "問題 1 件").into(),
                        n => text("{0} problems", "問題 {0} 件").with([arg(n)]),
                    };
                    words.render(lang.get())
                }}
            </button>
        </footer>
    }
}

#[component]
fn OutcomeCount(outcome: Outcome) -> impl IntoView {
    let editor = Editor::here();
    let session = editor.session;
    let lang = editor.lang();
    let count = Memo::new(move |_| {
        editor.report.with(|it| it.counts().iter().find(|it| it.0 == outcome).map_or(0, |it| it.1))
    });
    view! {
        <button
            type="button"
            class="status-bar-item"
            data-outcome=outcome.slug()
            on:click=move |_| {
                session.side_open().set(true);
                session.tab().set(Tab::Operations);
                session.filter().update(|it| it.outcome = Some(outcome));
            }
        >
            <Icon name=outcome.slug()/>
            {move || format!("{} {}", outcome.label().get(lang.get()), count.get())}
        </button>
    }
}
