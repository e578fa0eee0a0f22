//! The list of problems: each names its resource and, where there is one, a fix.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    super::{
        editor::Editor,
        icon::Icon,
        say::{say, tell},
        show_more::{PIECE, ShowMore},
    },
    fixes::FixButton,
    source::Source,
};
use crate::{
    report::{Diagnostic, Fix, Severity, tried},
    text::text,
};

#[component]
pub(super) fn Problems() -> impl IntoView {
    let editor = Editor::here();
    let all = move || editor.report.with(|it| it.diagnostics.clone());
    let of = move |severity: Severity| {
        all().into_iter().filter(|it| it.severity == severity).collect::<Vec<_>>()
    };
    let shown = RwSignal::new(PIECE);
    view! {
        <div class="problems">
            {move || {
                Severity::ALL
                    .into_iter()
                    .map(|severity| (severity, of(severity)))
                    .filter(|(_, group)| !group.is_empty())
                    .map(|(severity, group)| {
                        let count = group.len();
                        view! {
                            <h3 class="section-label">{say(severity.label())} " (" {count} ")"</h3>
                            <ul>
                                {group
                                    .into_iter()
                                    .take(shown.get())
                                    .map(|it| view! { <ProblemItem diagnostic=it/> })
                                    .collect_view()}
                            </ul>
                            <ShowMore shown=shown len=count/>
                        }
                    })
                    .collect_view()
            }}
            <Show when=move || all().is_empty()>
                <div class="empty">
                    <Icon name="allowed"/>
                    <p class="empty-title">
                        {move || if editor.report.with(|it| it.waiting) {
                            say(text("Checking the design…", "デザインを確認しています…"))()
                        } else {
                            say(text("No problems found", "問題は見つかりませんでした"))()
                        }}
                    </p>
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
                            <ProblemFix fix=it/>
                        </div>
                    }
                })}
        </li>
    }
}

/// The fix of a problem. What else it opens takes a look at the whole design, so it is worked out when
/// somebody asks for the fix, and before it can be made.
#[component]
fn ProblemFix(fix: Fix) -> impl IntoView {
    let editor = Editor::here();
    let asked = RwSignal::new(false);
    view! {
        {move || {
            if asked.get() {
                let fix = fix.clone();
                let fix = editor.design.with_untracked(|design| tried(design, fix.title, fix.edit));
                view! { <FixButton fix=fix/> }.into_any()
            } else {
                let title = fix.title.clone();
                view! {
                    <button type="button" class="fix" on:click=move |_| asked.set(true)>
                        <Icon name="fix"/>
                        <span class="fix-title">{tell(title)}</span>
                        <span class="fix-action">{say(text("Preview", "プレビュー"))}</span>
                    </button>
                }
                    .into_any()
            }
        }}
    }
}
