//! Settings of the selected resource, drawn from the fields of its kind.

use leptos::prelude::*;

use super::{
    editor::Editor,
    icon::Icon,
    say::say,
    session::{SessionStoreFields as _, Tab},
};
use crate::{kinds::ResourceId, text::text};

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

// Settings in sections.
mod sections;

// Several resources.
mod several_form;

// ARM tags.
mod tags;

#[component]
pub fn Inspector() -> impl IntoView {
    let editor = Editor::here();
    let selection = editor.session.selection();
    move || {
        let ids = selection.get();
        match (ids.len(), ids.first()) {
            (1, Some(id)) => view! { <resource_form::ResourceForm id=*id/> }.into_any(),
            (_, Some(_)) => view! { <several_form::SeveralForm ids=ids/> }.into_any(),
            (_, None) => view! { <design_form::DesignForm/> }.into_any(),
        }
    }
}

/// What one does with all that is selected, after what only this form offers.
#[component]
fn Footer(children: Children) -> impl IntoView {
    let editor = Editor::here();
    view! {
        <footer class="inspector-footer">
            {children()}
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
    }
    .into_any()
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
