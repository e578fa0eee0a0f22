//! A control for one value, by its shape.
//!
//! Text is taken when the field is left or Enter is pressed, so typing a word is one step of undo.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    super::{editor::Editor, say::say},
    control_id,
    faults::Faults,
    field_row::FieldRow,
    list_control::ListControl,
    reference_control::ReferenceControl,
};
use crate::{
    kinds::setting::{Choice, Field, Shape},
    text::text,
};

/// A value as the person types it.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(it) => it.clone(),
        other => other.to_string(),
    }
}

#[component]
pub(super) fn Control(
    field: &'static Field,
    shape: &'static Shape,
    path: String,
    value: Signal<Value>,
    on_set: Callback<Value>,
    /// Nothing is a value too.
    #[prop(optional)]
    optional: bool,
) -> AnyView {
    match shape {
        Shape::Bool if optional => view! {
            <ChoiceControl field=field path=path value=value on_set=on_set optional=true choices=YES_NO/>
        }
        .into_any(),
        Shape::Bool => view! { <BoolControl path=path value=value on_set=on_set/> }.into_any(),
        Shape::Number { min, max } => view! {
            <NumberControl field=field path=path value=value on_set=on_set min=*min max=*max/>
        }
        .into_any(),
        Shape::Text | Shape::Parsed(_) => view! {
            <TextControl field=field path=path value=value on_set=on_set optional=optional kind="text"/>
        }
        .into_any(),
        Shape::Suggested(choices) => view! {
            <TextControl
                field=field
                path=path
                value=value
                on_set=on_set
                optional=optional
                kind="text"
                choices=choices
            />
        }
        .into_any(),
        Shape::Cidr => view! {
            <TextControl
                field=field
                path=path
                value=value
                on_set=on_set
                optional=optional
                kind="cidr"
                placeholder="10.0.0.0/24"
            />
        }
        .into_any(),
        Shape::Address => view! {
            <TextControl
                field=field
                path=path
                value=value
                on_set=on_set
                optional=optional
                kind="address"
                placeholder="10.0.0.4"
            />
        }
        .into_any(),
        Shape::LongText => {
            view! { <LongTextControl field=field path=path value=value on_set=on_set/> }.into_any()
        }
        Shape::Choice(choices) => view! {
            <ChoiceControl
                field=field
                path=path
                value=value
                on_set=on_set
                optional=optional
                choices=choices
            />
        }
        .into_any(),
        Shape::Reference => {
            view! { <ReferenceControl field=field path=path value=value on_set=on_set/> }.into_any()
        }
        Shape::Optional(inner) => view! {
            <Control field=field shape=inner path=path value=value on_set=on_set optional=true/>
        }
        .into_any(),
        Shape::List(inner) => view! {
            <ListControl field=field inner=inner path=path value=value on_set=on_set/>
        }
        .into_any(),
        Shape::Row(cells) => {
            view! { <RowControl cells=cells path=path value=value on_set=on_set/> }.into_any()
        }
    }
}

const YES_NO: &[Choice] = &[
    Choice { value: "true", label: text("Yes", "はい") },
    Choice { value: "false", label: text("No", "いいえ") },
];

#[component]
fn BoolControl(path: String, value: Signal<Value>, on_set: Callback<Value>) -> impl IntoView {
    let on = Memo::new(move |_| value.with(|it| it.as_bool().unwrap_or(false)));
    view! {
        <label class="switch">
            <input
                type="checkbox"
                role="switch"
                id=control_id(&path)
                prop:checked=move || on.get()
                on:change=move |event| on_set.run(json!(event_target_checked(&event)))
            />
            {move || {
                if on.get() { say(text("On", "オン"))() } else { say(text("Off", "オフ"))() }
            }}
        </label>
    }
}

#[component]
fn TextControl(
    field: &'static Field,
    path: String,
    value: Signal<Value>,
    on_set: Callback<Value>,
    optional: bool,
    kind: &'static str,
    #[prop(optional)] placeholder: &'static str,
    /// Values that people mostly want.
    #[prop(optional)]
    choices: &'static [Choice],
) -> impl IntoView {
    let lang = Editor::here().lang();
    let faults = Faults::here();
    let id = control_id(&path);
    let list = (!choices.is_empty()).then(|| format!("{id}-list"));
    let suggestions = list.clone().map(|list| {
        let options = choices
            .iter()
            .map(|it| {
                view! {
                    <option value=it.value>{move || it.label.get(lang.get())}</option>
                }
            })
            .collect_view();
        view! { <datalist id=list>{options}</datalist> }
    });
    view! {
        {suggestions}
        <input
            type="text"
            id=id.clone()
            list=list
            data-shape=kind
            placeholder=placeholder
            autocomplete="off"
            spellcheck="false"
            aria-label=say(field.label)
            aria-describedby=format!("{id}-problem {id}-help")
            aria-invalid=move || faults.worst(&path).is_some().then_some("true")
            prop:value=move || value.with(as_text)
            on:change=move |event| {
                let typed = event_target_value(&event);
                let typed = if kind == "text" { typed } else { typed.trim().to_owned() };
                on_set.run(if optional && typed.is_empty() { Value::Null } else { json!(typed) });
            }
        />
    }
}

#[component]
fn NumberControl(
    field: &'static Field,
    path: String,
    value: Signal<Value>,
    on_set: Callback<Value>,
    min: u32,
    max: u32,
) -> impl IntoView {
    let faults = Faults::here();
    let id = control_id(&path);
    view! {
        <input
            type="text"
            inputmode="numeric"
            id=id.clone()
            data-shape="number"
            autocomplete="off"
            placeholder=(max < u32::MAX).then(|| format!("{min}–{max}"))
            aria-label=say(field.label)
            aria-describedby=format!("{id}-problem {id}-help")
            aria-invalid=move || faults.worst(&path).is_some().then_some("true")
            prop:value=move || value.with(as_text)
            on:change=move |event| {
                let typed = event_target_value(&event).trim().to_owned();
                // What is no number stays as it was typed, with the problem said under it.
                on_set.run(match typed.parse::<u32>() {
                    Ok(it) => json!(it),
                    Err(_) if typed.is_empty() => Value::Null,
                    Err(_) => json!(typed),
                });
            }
        />
    }
}

#[component]
fn LongTextControl(
    field: &'static Field,
    path: String,
    value: Signal<Value>,
    on_set: Callback<Value>,
) -> impl IntoView {
    let faults = Faults::here();
    let id = control_id(&path);
    view! {
        <textarea
            id=id.clone()
            rows="3"
            spellcheck="false"
            aria-label=say(field.label)
            aria-describedby=format!("{id}-problem {id}-help")
            aria-invalid=move || faults.worst(&path).is_some().then_some("true")
            prop:value=move || value.with(as_text)
            on:change=move |event| on_set.run(json!(event_target_value(&event)))
        ></textarea>
    }
}

#[component]
fn ChoiceControl(
    field: &'static Field,
    path: String,
    value: Signal<Value>,
    on_set: Callback<Value>,
    optional: bool,
    choices: &'static [Choice],
) -> impl IntoView {
    let lang = Editor::here().lang();
    let faults = Faults::here();
    let id = control_id(&path);
    let current = Memo::new(move |_| value.with(as_text));
    let known = move |it: &str| choices.iter().find(|c| c.value.eq_ignore_ascii_case(it));
    // A value from a file that is none of the choices is shown as it is, with its problem.
    let strange = Memo::new(move |_| {
        current.with(|it| (!it.is_empty() && known(it).is_none()).then(|| it.clone()))
    });
    let options = choices
        .iter()
        .map(|it| {
            let chosen = move || current.with(|now| now.eq_ignore_ascii_case(it.value));
            let label = move || {
                let label = it.label.get(lang.get());
                // The template's own spelling is what people search for.
                if label.eq_ignore_ascii_case(it.value) || it.value == "true" || it.value == "false"
                {
                    label.to_owned()
                } else {
                    format!("{label} ({})", it.value)
                }
            };
            view! {
                <option value=it.value selected=chosen>
                    {label}
                </option>
            }
        })
        .collect_view();
    view! {
        <select
            id=id.clone()
            aria-label=say(field.label)
            aria-describedby=format!("{id}-problem {id}-help")
            aria-invalid=move || faults.worst(&path).is_some().then_some("true")
            on:change=move |event| {
                let picked = event_target_value(&event);
                on_set.run(match picked.as_str() {
                    "" => Value::Null,
                    "true" => json!(true),
                    "false" => json!(false),
                    _ => json!(picked),
                });
            }
        >
            {optional
                .then(|| {
                    view! {
                        <option value="" selected=move || current.with(String::is_empty)>
                            {say(text("Not set", "未設定"))}
                        </option>
                    }
                })}
            {options}
            {move || {
                strange
                    .get()
                    .map(|it| {
                        view! {
                            <option value=it.clone() selected=true>
                                {it.clone()}
                            </option>
                        }
                    })
            }}
        </select>
    }
}

/// Named cells below each other.
#[component]
pub(super) fn RowControl(
    cells: &'static [Field],
    path: String,
    value: Signal<Value>,
    on_set: Callback<Value>,
) -> impl IntoView {
    let rows = cells
        .iter()
        .map(|cell| {
            let inner = Signal::derive(move || cell_value(cell, &value.get()));
            let set = Callback::new(move |it: Value| on_set.run(with_cell(value, cell.key, it)));
            let path = crate::kinds::setting::join(&path, cell.key);
            view! { <FieldRow field=cell path=path value=inner on_set=set/> }
        })
        .collect_view();
    view! { <div class="field-rows">{rows}</div> }
}

pub(super) fn cell_value(cell: &Field, row: &Value) -> Value {
    row.get(cell.key).cloned().unwrap_or_else(|| (cell.default)())
}

/// The row with one cell changed.
pub(super) fn with_cell(row: Signal<Value>, key: &str, value: Value) -> Value {
    let mut map = row.with_untracked(|it| it.as_object().cloned().unwrap_or_default());
    map.insert(key.to_owned(), value);
    Value::Object(map)
}
