//! A section that folds.

use leptos::prelude::*;

use super::super::{icon::Icon, say::say};
use crate::text::Text;

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
