//! Changes that would turn a verdict, each with what else it opens. Worked out when the row is opened.

use std::sync::Arc;

use leptos::prelude::*;

use super::super::{
    editor::Editor,
    icon::Icon,
    say::{say, tell},
};
use crate::{
    report::{Fix, Operation, fixes},
    solve::Outcome,
    text::{Text, text},
};

#[component]
pub(super) fn Fixes(operation: Arc<Operation>) -> impl IntoView {
    let editor = Editor::here();
    let failing = operation.outcome != Outcome::Allowed;
    let found = if failing {
        editor.design.with_untracked(|design| fixes(design, &operation))
    } else {
        Vec::new()
    };
    (!found.is_empty()).then(|| {
        view! {
            <h3 class="section-label">{say(text("Smallest fixes", "最小の修正"))}</h3>
            {found.into_iter().map(|it| view! { <FixButton fix=it/> }).collect_view()}
        }
    })
}

#[component]
pub fn FixButton(fix: Fix, #[prop(default = text("Fix", "修正"))] label: Text) -> impl IntoView {
    let editor = Editor::here();
    let edit = fix.edit;
    let opens = fix
        .opens
        .into_iter()
        .map(|it| {
            view! {
                <span class="fix-opens">
                    <Icon name="warning"/>
                    <span>{say(text("Also opens: ", "あわせて可能になる操作: "))} {tell(it)}</span>
                </span>
            }
        })
        .collect_view();
    let closes = fix
        .closes
        .into_iter()
        .map(|it| {
            view! {
                <span class="fix-opens">
                    <Icon name="warning"/>
                    <span>{say(text("Also stops: ", "あわせて失敗するようになる操作: "))} {tell(it)}</span>
                </span>
            }
        })
        .collect_view();
    view! {
        <button
            type="button"
            class="fix"
            on:click=move |_| {
                editor.dispatch_aloud(edit.clone());
            }
        >
            <Icon name="fix"/>
            <span class="fix-title">{tell(fix.title)}</span>
            <span class="fix-action">{say(label)}</span>
            {opens}
            {closes}
        </button>
    }
}
