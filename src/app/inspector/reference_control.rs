//! One resource of the design, chosen among those of the kinds that fit.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    super::{
        editor::Editor,
        icon::IconButton,
        say::{named, say},
    },
    control_id,
    faults::Faults,
};
use crate::{
    kinds::{ResourceId, setting::Field},
    text::text,
};

#[component]
pub(super) fn ReferenceControl(
    field: &'static Field,
    path: String,
    value: Signal<Value>,
    on_set: Callback<Value>,
) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let faults = Faults::here();
    let id = control_id(&path);
    let current = Memo::new(move |_| {
        value.with(|it| it.as_u64().and_then(|it| u32::try_from(it).ok()).map(ResourceId))
    });
    let fitting: Memo<Vec<(ResourceId, String, &'static str)>> = Memo::new(move |_| {
        editor.resources.with(|all| {
            all.subjects()
                .filter(|it| field.targets.contains(&it.kind()))
                .map(|it| (it.id, it.name().to_owned(), it.info().label.get(lang.get())))
                .collect()
        })
    });
    let several = field.targets.len() > 1;
    let lost = Memo::new(move |_| {
        current.get().filter(|id| !fitting.with(|all| all.iter().any(|it| it.0 == *id)))
    });

    view! {
        <select
            id=id.clone()
            aria-label=say(field.label)
            aria-describedby=format!("{id}-problem {id}-help")
            aria-invalid=move || faults.worst(&path).is_some().then_some("true")
            on:change=move |event| {
                let picked = event_target_value(&event).parse::<u32>().ok();
                on_set.run(picked.map_or(Value::Null, |it| json!(it)));
            }
        >
            <option value="" selected=move || current.get().is_none()>
                {say(text("None", "なし"))}
            </option>
            <For each=move || fitting.get() key=Clone::clone let(it)>
                <option value=it.0.0.to_string() selected=move || current.get() == Some(it.0)>
                    {if several { format!("{} ({})", it.1, it.2) } else { it.1.clone() }}
                </option>
            </For>
            {move || {
                lost.get()
                    .map(|it| {
                        view! {
                            <option value=it.0.to_string() selected=true>
                                {format!("? {}", it.0)}
                            </option>
                        }
                    })
            }}
        </select>
        <Show when=move || { current.get().is_some() && lost.get().is_none() }>
            <IconButton
                icon="link"
                label=named(text("Go to this resource", "このリソースへ移動"))
                small=true
                tooltip_side="end"
                on_press=move || {
                    if let Some(it) = current.get_untracked() {
                        editor.show_resource(it);
                    }
                }
            />
        </Show>
    }
}
