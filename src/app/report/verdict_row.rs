//! One operation: its verdict, and opened the evidence. Opening it draws its way on the canvas.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    super::{
        assessed::OperationKey,
        canvas::way::deciding_need,
        editor::Editor,
        icon::{Icon, OutcomeMark},
        say::{say, tell},
        session::SessionStoreFields as _,
    },
    fixes::Fixes,
    need::NeedView,
    source::Source,
};
use crate::{report::Operation, solve::Outcome, text::text};

#[component]
pub(super) fn VerdictRow(key: OperationKey) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let operation = editor.operation(key.clone());
    let key = StoredValue::new(key);
    let chosen = editor.session.chosen();
    let open = Memo::new(move |_| {
        chosen.with(|it| it.as_ref().is_some_and(|it| key.with_value(|key| key == it)))
    });
    let outcome = Signal::derive(move || {
        operation.with(|it| it.as_ref().map_or(Outcome::Unknown, |it| it.outcome))
    });
    let title = move || operation.with(|it| it.as_ref().map_or("", |it| it.title.get(lang.get())));
    let subject = move || operation.with(|it| it.as_ref().map(|it| it.subject.render(lang.get())));

    view! {
        <details
            class="verdict-row"
            data-outcome=move || outcome.get().slug()
            open=move || open.get()
        >
            <summary
                class="verdict-row-summary"
                on:click=move |event| {
                    // Open is what is chosen, so the browser does not keep a second truth.
                    event.prevent_default();
                    let next = if open.get_untracked() { None } else { Some(key.get_value()) };
                    editor.choose(next);
                }
            >
                <span class="verdict-row-icon">
                    <Icon name=Signal::derive(move || outcome.get().slug())/>
                </span>
                <span class="verdict-row-title">{title}</span>
                <span class="verdict-row-outcome">
                    {move || outcome.get().label().get(lang.get())}
                </span>
                <span class="verdict-row-subject">{subject}</span>
            </summary>
            {move || {
                open.get()
                    .then(|| operation.get())
                    .flatten()
                    .map(|it| view! { <Evidence operation=it/> })
            }}
        </details>
    }
}

/// Everything behind a verdict.
#[component]
fn Evidence(operation: Arc<Operation>) -> impl IntoView {
    let first = deciding_need(&operation);
    let needs = operation
        .needs
        .iter()
        .enumerate()
        .map(|(n, it)| view! { <NeedView need=it.clone() number=n first=first == Some(n)/> })
        .collect_view();
    let gates = operation
        .gates
        .iter()
        .map(|(gate, outcome)| {
            view! {
                <section class="gate" data-outcome=outcome.slug()>
                    <h3 class="gate-title">{say(gate.label())} <OutcomeMark outcome=*outcome/></h3>
                </section>
            }
        })
        .collect_view();
    let symptom = operation.symptom.clone().map(|it| {
        view! {
            <h3 class="section-label">
                {say(text("What people will see", "表示されるエラー"))}
            </h3>
            <figure class="symptom-figure">
                {(!it.text.is_empty())
                    .then(|| {
                        view! {
                            <blockquote class="symptom" lang="en" translate="no">
                                {it.text}
                            </blockquote>
                        }
                    })}
                <figcaption class="symptom-source">
                    {say(it.place)} " " <Source source=it.source label=text("Source", "出典")/>
                </figcaption>
            </figure>
        }
    });
    let notes = (!operation.notes.is_empty()).then(|| {
        view! {
            <h3 class="section-label">{say(text("Good to know", "補足"))}</h3>
            <ul class="verdict-row-notes">
                {operation.notes.iter().map(|it| view! { <li>{tell(it.clone())}</li> }).collect_view()}
            </ul>
        }
    });
    let source = operation.source;

    view! {
        <div class="verdict-row-body">
            <div class="gates">{gates}</div>
            <h3 class="section-label">{say(text("What it needs", "必要なもの"))}</h3>
            <div class="needs">{needs}</div>
            {symptom}
            <Fixes operation=operation/>
            {notes}
            <Source source=source/>
        </div>
    }
}
