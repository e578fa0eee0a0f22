//! A section that folds.

use leptos::prelude::*;

use super::super::{icon::Icon, say::say};
use crate::{
    report::Severity,
    text::{Text, text},
};

/// Settings below one member of the template, named as the template names it. Folded while nothing in
/// it was changed: a kind may have dozens.
#[component]
pub(super) fn PathGroup(
    path: &'static str,
    #[prop(into)] changed: Signal<bool>,
    #[prop(into)] problem: Signal<Option<Severity>>,
    children: Children,
) -> impl IntoView {
    let open = changed.get_untracked() || problem.get_untracked().is_some();
    view! {
        <details class="field-group" open=open>
            <summary class="field-group-title">
                <Icon name="chevron"/>
                <span class="field-group-path">{path}</span>
                {move || match problem.get() {
                    Some(it) => view! { <Icon name=it.slug()/> }.into_any(),
                    None if changed.get() => {
                        view! {
                            <span class="field-group-changed" title=say(CHANGED)></span>
                            <span class="visually-hidden">{say(CHANGED)}</span>
                        }
                            .into_any()
                    }
                    None => ().into_any(),
                }}
            </summary>
            <div class="field-group-body">{children()}</div>
        </details>
    }
}

const CHANGED: Text = text("changed from the default", "既定値から変更済み");

#[component]
pub(super) fn FieldGroup(
    title: Text,
    #[prop(default = true)] open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="field-group" open=open>
            <summary class="field-group-title">
                <Icon name="chevron"/>
                {say(title)}
            </summary>
            <div class="field-group-body">{children()}</div>
        </details>
    }
}
