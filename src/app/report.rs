//! The panel at the side: settings, operations, problems, access, reach.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    editor::Editor,
    inspector::Inspector,
    say::named,
    session::{SessionStoreFields as _, Tab},
    tabs::{TabItem, Tabs},
};
use crate::{report::Operation, solve::Outcome, text::text};

// Who can do what, and what falls with an identity.
mod access;

// Which operations are listed.
mod filters;

// Changes that would turn a verdict.
pub mod fixes;

// What one need came to, step by step.
mod need;

// The list of operations.
mod operations;

// One thing by which a list is narrowed down.
mod pick;

// The list of problems.
mod problems;

// Who reaches whom, and on which ports.
mod reach;

// One operation.
mod verdict_row;

// Who, on what, which right.
mod sides;

// A page of the docs.
pub mod source;

#[component]
pub fn Side() -> impl IntoView {
    let editor = Editor::here();
    let tab = editor.session.tab();
    let failing = Signal::derive(move || {
        editor
            .report
            .with(|it| it.counts().iter().find(|it| it.0 == Outcome::Denied).map_or(0, |it| it.1))
    });
    let problems = Signal::derive(move || editor.report.with(|it| it.problems()));
    let item = |value, id, label, count| TabItem { value, id, label: named(label), count };
    let items = vec![
        item(Tab::Inspector, "inspector", text("Settings", "設定"), None),
        item(Tab::Operations, "operations", text("Operations", "操作"), Some((failing, "denied"))),
        item(Tab::Problems, "problems", text("Problems", "問題"), Some((problems, "denied"))),
        item(Tab::Access, "access", text("Access", "アクセス"), None),
        item(Tab::Reach, "reach", text("Reach", "到達"), None),
    ];
    let chosen = Signal::derive(move || tab.get());

    view! {
        <aside class="side" id="side" aria-label=named(text("Details", "詳細"))>
            <h2 class="visually-hidden">{named(text("Details", "詳細"))}</h2>
            <Tabs
                id="side"
                items=items
                chosen=chosen
                on_choose=move |it| tab.set(it)
                label=named(text("Details", "詳細"))
            />
            <div role="tabpanel" id="side-panel" tabindex="-1" aria-labelledby=move || match tab.get() {
                Tab::Inspector => "side-tab-inspector",
                Tab::Operations => "side-tab-operations",
                Tab::Problems => "side-tab-problems",
                Tab::Access => "side-tab-access",
                Tab::Reach => "side-tab-reach",
            }>
                {move || match tab.get() {
                    Tab::Inspector => view! { <Inspector/> }.into_any(),
                    Tab::Operations => view! { <operations::Operations/> }.into_any(),
                    Tab::Problems => view! { <problems::Problems/> }.into_any(),
                    Tab::Access => view! { <access::Access/> }.into_any(),
                    Tab::Reach => view! { <reach::Reach/> }.into_any(),
                }}
            </div>
        </aside>
    }
}

impl Editor {
    /// Draws the way of an operation, or lets go of it.
    pub fn choose(self, key: Option<super::assessed::OperationKey>) {
        self.session.chosen_need().set(None);
        self.session.chain().set(None);
        self.session.chosen().set(key);
    }

    /// Draws the way to what falls with an identity, or lets go of it where it is drawn already.
    pub fn draw_chain(self, way: Option<Arc<Operation>>) {
        let drawn = self.session.chain().with_untracked(|it| *it == way);
        self.choose(None);
        if !drawn {
            self.session.chain().set(way);
        }
    }
}
