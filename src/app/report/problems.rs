//! The list of problems: each names its resource and, where there is one, a fix.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    super::{
        editor::Editor,
        icon::Icon,
        say::{say, tell},
    },
    fixes::FixButton,
    source::Source,
};
use crate::{report::Diagnostic, text::text};

#[component]
pub(super) fn Problems() -> impl IntoView {
    let editor = Editor::here();
    let all = move || editor.report.with(|it| it.diagnostics.clone());
    view! {
        <div class="problems">
            <ul>
                {move || {
                    all()
                        .into_iter()
                        .map(|it| view! { <ProblemItem diagnostic=it/> })
                        .collect_view()
                }}
            </ul>
            <Show when=move || all().is_empty()>
                <div class="empty">
                    <Icon name="allowed"/>
                    <p class="empty-title">{say(text("No problems found", "問題は見つかりませんでした"))}</p>
                </div>
            </Show>
        </div>
    }
}

#[component]
fn ProblemItem(diagnostic: Arc<Diagnostic>) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let first = diagnostic.at.first().copied();
    let field = diagnostic.field.clone();
    // The name of the setting that is to blame, from its kind's table.
    let label = first.zip(field.clone()).and_then(|(id, key)| {
        let key = key.split('[').next().unwrap_or_default().to_owned();
        editor.design.with_untracked(|design| {
            let info = design.get(id)?.kind.info();
            info.fields.iter().find(|it| it.key == key).map(|it| it.label)
        })
    });
    let resources = diagnostic
        .at
        .iter()
        .map(|id| {
            let (id, resource) = (*id, editor.resource(*id));
            let field = field.clone();
            view! {
                <button
                    type="button"
                    class="reference"
                    on:click=move |_| editor.show_setting(id, field.as_deref())
                >
                    {move || resource.with(|it| it.as_ref().map(|it| it.name.clone()))}
                </button>
            }
        })
        .collect_view();
    let title = move || {
        let name = first.map(|it| editor.name_of(it)).unwrap_or_default();
        match label {
            Some(label) => format!("{name}: {}", label.get(lang.get())),
            None => name,
        }
    };
    view! {
        <li class="problem" data-problem=diagnostic.severity.slug()>
            <Icon name=diagnostic.severity.slug()/>
            <span class="problem-title">{title}</span>
            <span class="problem-severity">{say(diagnostic.severity.label())}</span>
            <p class="problem-text">{tell(diagnostic.text.clone())}</p>
            <div class="problem-actions">
                {resources}
                <Source source=diagnostic.source label=text("Documentation", "ドキュメント")/>
            </div>
            {diagnostic
                .fix
                .clone()
                .map(|it| {
                    view! {
                        <div class="problem-fix">
                            <FixButton fix=it/>
                        </div>
                    }
                })}
        </li>
    }
}
