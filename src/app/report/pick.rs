//! A choice of one thing by which a list is narrowed down, or of none.

use leptos::prelude::*;

use super::super::say::say;
use crate::text::Text;

/// A value and what people read for it.
pub(super) type Choice = (String, String);

#[component]
pub(super) fn Pick(
    label: Text,
    /// What stands for no choice.
    any: Text,
    choices: Signal<Vec<Choice>>,
    /// Empty for no choice.
    chosen: Signal<String>,
    on_pick: Callback<String>,
) -> impl IntoView {
    view! {
        <label class="pick">
            <span>{say(label)}</span>
            <select on:change=move |event| on_pick.run(event_target_value(&event))>
                <option value="" selected=move || chosen.with(String::is_empty)>
                    {say(any)}
                </option>
                <For each=move || choices.get() key=Clone::clone let((value, name))>
                    <option value=value.clone() selected=move || chosen.with(|it| *it == value)>
                        {name}
                    </option>
                </For>
            </select>
        </label>
    }
    .into_any()
}
