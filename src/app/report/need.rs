//! One need of an operation: what it is, and step by step what it came to.

use leptos::prelude::*;

use super::{
    super::{
        editor::Editor,
        icon::{Icon, OutcomeMark},
        say::{say, tell},
        session::SessionStoreFields as _,
    },
    source::Source,
};
use crate::{
    report::Need,
    solve::{Outcome, Step},
    text::text,
};

#[component]
pub(super) fn NeedView(
    need: Need,
    number: usize,
    /// Shown open: its trace decided.
    first: bool,
) -> impl IntoView {
    let editor = Editor::here();
    let chosen = editor.session.chosen_need();
    let open = Memo::new(move |_| match chosen.get() {
        Some(it) => it == number,
        None => first,
    });
    let deciding = need.trace.deciding();
    let stop = deciding.filter(|_| need.outcome != Outcome::Allowed);
    let steps = need
        .trace
        .steps
        .into_iter()
        .enumerate()
        .map(|(n, step)| {
            let behind = stop.is_some_and(|it| n > it);
            view! { <StepView step=step deciding=deciding == Some(n) behind=behind/> }
        })
        .collect_view();

    view! {
        <details class="need" data-outcome=need.outcome.slug() open=move || open.get()>
            <summary
                class="need-summary"
                on:click=move |event| {
                    event.prevent_default();
                    // `usize::MAX` is no need: all are closed.
                    chosen.set(Some(if open.get_untracked() { usize::MAX } else { number }));
                }
            >
                <Icon name="chevron"/>
                <span class="need-what">
                    <span class="need-gate">{say(need.gate.label())}</span>
                    {tell(need.what)}
                </span>
                <OutcomeMark outcome=need.outcome/>
            </summary>
            <ol class="trace">{steps}</ol>
        </details>
    }
}

/// One piece of evidence.
#[component]
fn StepView(step: Step, deciding: bool, behind: bool) -> impl IntoView {
    let editor = Editor::here();
    let name = step.at.map(|it| (it, editor.resource(it)));
    view! {
        <li
            class="step"
            data-outcome=step.outcome.slug()
            data-deciding=deciding.then_some("")
            data-behind=behind.then_some("")
        >
            <span class="step-number"></span>
            <div class="step-title">
                <span>{say(step.hop.label())}</span>
                <OutcomeMark outcome=step.outcome/>
            </div>
            {deciding
                .then(|| {
                    view! {
                        <span class="deciding-mark">
                            {say(text("Deciding step", "判定を決めたステップ"))}
                        </span>
                    }
                })}
            <p class="step-detail">
                {tell(step.text)}
                {step
                    .assumed
                    .then(|| {
                        view! {
                            <span class="step-assumed">
                                {say(text("taken for granted", "前提"))}
                            </span>
                        }
                    })}
            </p>
            <p class="step-source">
                {name
                    .map(|(id, resource)| {
                        view! {
                            <button
                                type="button"
                                class="reference"
                                on:click=move |_| {
                                    editor.select([id]);
                                    editor.reveal(id);
                                }
                            >
                                {move || resource.with(|it| it.as_ref().map(|it| it.name.clone()))}
                            </button>
                        }
                    })}
                <Source source=step.source label=text("Source", "出典")/>
            </p>
        </li>
    }
}
