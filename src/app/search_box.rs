//! A field that narrows down what is shown.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::{icon::Icon, say::say};
use crate::text::Text;

/// The list that the arrow keys go through while the keyboard stays in the field.
#[derive(Clone, Copy)]
pub struct Options {
    pub id: &'static str,
    /// Id of the chosen one.
    pub chosen: Signal<String>,
}

#[component]
pub fn SearchBox(
    id: &'static str,
    hint: Text,
    label: Text,
    value: Signal<String>,
    on_input: Callback<String>,
    #[prop(optional)] on_key: Option<Callback<KeyboardEvent>>,
    #[prop(optional)] options: Option<Options>,
    /// The key that leads here.
    #[prop(optional)]
    key: &'static str,
) -> impl IntoView {
    let chosen = options.map(|it| it.chosen);
    view! {
        <label class="search">
            <Icon name="search"/>
            <input
                id=id
                type="search"
                autocomplete="off"
                autofocus=options.is_some()
                role=options.map(|_| "combobox")
                aria-expanded=options.map(|_| "true")
                aria-controls=options.map(|it| it.id)
                aria-activedescendant=move || chosen.map(|it| it.get())
                placeholder=say(hint)
                aria-label=say(label)
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
                on:keydown=move |event| {
                    if let Some(it) = on_key {
                        it.run(event);
                    }
                }
            />
            {(!key.is_empty()).then(|| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </label>
    }
    .into_any()
}
