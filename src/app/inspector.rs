//! Settings of the selected resource, drawn from the fields of its kind.

use leptos::prelude::*;

use super::{
    editor::Editor,
    icon::Icon,
    say::{say, tell},
    session::{SessionStoreFields as _, Tab},
};
use crate::{
    kinds::ResourceId,
    text::{arg, text},
};

// Name, container, note.
mod basics;

// What it is connected with.
mod connections;

// A control for one value, by its shape.
mod control;

// Nothing is selected: the design itself.
mod design_form;

// Problems of the settings, by their paths.
mod faults;

// One setting with its label, help and problems.
mod field_row;

// A section that folds.
mod field_group;

// Lists, and tables of rows.
mod list_control;

// One resource of the design.
mod reference_control;

// One resource.
mod resource_form;

// ARM tags.
mod tags;

#[component]
pub fn Inspector() -> impl IntoView {
    let editor = Editor::here();
    let selection = editor.session.selection();
    let ids: Memo<Vec<ResourceId>> =
        Memo::new(move |_| selection.with(|it| it.iter().copied().collect()));
    move || match ids.get()[..] {
        [] => view! { <design_form::DesignForm/> }.into_any(),
        [id] => view! { <resource_form::ResourceForm id=id/> }.into_any(),
        _ => view! { <Several/> }.into_any(),
    }
}

/// Several resources are selected.
#[component]
fn Several() -> impl IntoView {
    let editor = Editor::here();
    let selection = editor.session.selection();
    let count = move || selection.with(std::collections::BTreeSet::len);
    let title =
        move || text("{0} resources selected", "{0} 個のリソースを選択中").with([arg(count())]);
    view! {
        <div class="inspector">
            <div class="empty">
                <Icon name="select"/>
                <p class="empty-title">{move || tell(title())()}</p>
            </div>
            <footer class="inspector-footer">
                <button type="button" class="button" on:click=move |_| editor.duplicate_selection()>
                    <Icon name="copy"/>
                    {say(text("Duplicate", "複製"))}
                </button>
                <button
                    type="button"
                    class="button"
                    data-variant="danger"
                    on:click=move |_| editor.delete_selection()
                >
                    <Icon name="delete"/>
                    {say(text("Delete", "削除"))}
                </button>
            </footer>
        </div>
    }
}

/// Id of the control of a setting.
pub(super) fn control_id(path: &str) -> String {
    format!("setting-{path}")
}

impl Editor {
    /// Shows a resource's settings with the keyboard in one of them.
    pub fn show_setting(self, id: ResourceId, field: Option<&str>) {
        self.show_resource(id);
        self.session.tab().set(Tab::Inspector);
        let control = match field {
            None | Some("name") => "inspector-name".to_owned(),
            Some(field) => control_id(field),
        };
        super::browser::focus_later(control);
    }
}
