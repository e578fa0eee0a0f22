//! One setting with its label, help and problems.

use leptos::prelude::*;
use serde_json::Value;

use super::{
    super::{
        icon::Icon,
        report::source::SettingSource,
        say::{say, tell},
    },
    control::Control,
    control_id,
    faults::Faults,
};
use crate::{
    kinds::{
        Kind,
        setting::{Field, Shape},
    },
    text::Text,
};

/// Whether a control needs the whole width.
fn is_wide(shape: &Shape) -> bool {
    match shape {
        Shape::LongText | Shape::List(_) | Shape::Row(_) => true,
        Shape::Optional(inner) => is_wide(inner),
        _ => false,
    }
}

/// Whether a control is a group of several, which a label cannot name.
fn is_group(shape: &Shape) -> bool {
    match shape {
        Shape::List(_) | Shape::Row(_) => true,
        Shape::Optional(inner) => is_group(inner),
        _ => false,
    }
}

#[component]
pub(super) fn FieldRow(
    field: &'static Field,
    #[prop(into)] path: String,
    #[prop(into)] value: Signal<Value>,
    on_set: Callback<Value>,
    /// Nothing is a value too, whatever the setting's shape.
    #[prop(optional)]
    optional: bool,
) -> impl IntoView {
    let faults = Faults::here();
    let id = control_id(&path);
    let worst = {
        let path = path.clone();
        Memo::new(move |_| faults.worst(&path))
    };
    let label = if is_group(&field.shape) {
        view! {
            <span class="field-label" id=format!("{id}-label")>
                {say(field.label)}
            </span>
        }
        .into_any()
    } else {
        view! {
            <label class="field-label" for=id.clone()>
                {say(field.label)}
            </label>
        }
        .into_any()
    };
    let help = (!field.help.en.is_empty())
        .then(|| view! { <span id=format!("{id}-help")>{say(field.help)}</span> });
    let help = (help.is_some() || use_context::<Kind>().is_some())
        .then(|| view! { <p class="field-help">{help} " " <SettingSource field=field/></p> });

    view! {
        <div
            class="field"
            data-layout=is_wide(&field.shape).then_some("stacked")
            data-problem=move || worst.get().map(crate::report::Severity::slug)
        >
            {label}
            <div class="field-control">
                <Control
                    field=field
                    shape=&field.shape
                    path=path.clone()
                    value=value
                    on_set=on_set
                    optional=optional
                />
            </div>
            <FaultLines path=path/>
            {help}
        </div>
    }
}

/// Problems of one value, under its control.
#[component]
pub(super) fn FaultLines(#[prop(into)] path: String) -> impl IntoView {
    let faults = Faults::here();
    let id = format!("{}-problem", control_id(&path));
    view! {
        <div class="field-problems" id=id>
            {move || {
                faults
                    .at(&path)
                    .into_iter()
                    .map(|(severity, text)| {
                        view! {
                            <p class="field-problem" data-problem=severity.slug()>
                                <Icon name=severity.slug()/>
                                <span>{tell(text)}</span>
                            </p>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}

/// A row for what is no setting of the kind: name, container, note.
#[component]
pub(super) fn PlainRow(
    label: Text,
    #[prop(into)] id: String,
    #[prop(into)] path: String,
    #[prop(optional)] stacked: bool,
    children: Children,
) -> impl IntoView {
    let faults = Faults::here();
    let worst = {
        let path = path.clone();
        Memo::new(move |_| faults.worst(&path))
    };
    view! {
        <div
            class="field"
            data-layout=stacked.then_some("stacked")
            data-problem=move || worst.get().map(crate::report::Severity::slug)
        >
            <label class="field-label" for=id>
                {say(label)}
            </label>
            <div class="field-control">{children()}</div>
            <FaultLines path=path/>
        </div>
    }
}
