//! Nothing is selected: the design itself.

use leptos::prelude::*;

use super::super::{editor::Editor, icon::Icon, say::say};
use crate::{design::edit::Edit, text::text};

#[component]
pub(super) fn DesignForm() -> impl IntoView {
    let editor = Editor::here();
    let design = editor.design;
    view! {
        <div class="inspector">
            <header class="inspector-header">
                <div class="inspector-heading">
                    <h2 class="inspector-name">{move || design.with(|it| it.name.clone())}</h2>
                    <p class="inspector-kind">{say(text("Design", "デザイン"))}</p>
                </div>
            </header>
            <div class="field-group-body">
                <div class="field" data-layout="stacked">
                    <label class="field-label" for="design-description">
                        {say(text("Description", "説明"))}
                    </label>
                    <div class="field-control">
                        <textarea
                            id="design-description"
                            rows="5"
                            prop:value=move || design.with(|it| it.description.clone())
                            on:change=move |event| {
                                editor.dispatch(Edit::SetDescription(event_target_value(&event)));
                            }
                        ></textarea>
                    </div>
                </div>
            </div>
            <div class="empty">
                <Icon name="select"/>
                <p>
                    {say(text(
                        "Select a resource to see and change its settings.",
                        "リソースを選択すると、設定の確認と変更ができます。",
                    ))}
                </p>
            </div>
        </div>
    }
}
