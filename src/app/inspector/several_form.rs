//! Several resources: the settings that their kinds share, changed for all of them in one step.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use serde_json::Value;

use super::{
    super::{
        editor::Editor,
        icon::{Icon, KindIcon},
        say::{say, tell},
    },
    Footer,
    control::as_text,
    faults::Faults,
    field_row::FieldRow,
    sections::sections,
    tags::Tags,
};
use crate::{
    design::{Design, edit::Edit},
    kinds::{Kind, ResourceId, setting::Field},
    text::{arg, text},
};

/// So many different values of one setting are told; more make no list that anybody reads.
const TOLD: usize = 3;

/// The settings that all of these kinds have, as the first of them declares them.
fn shared(kinds: &BTreeMap<Kind, Vec<ResourceId>>) -> Vec<&'static Field> {
    let mut all = kinds.keys().map(|it| it.info().fields);
    let first = all.next().unwrap_or_default();
    let others: Vec<&[Field]> = all.collect();
    let in_all =
        |field: &&Field| others.iter().all(|fields| fields.iter().any(|it| it.agrees_with(field)));
    first.iter().filter(in_all).collect()
}

/// The values that a setting has, each with the number of resources that have it.
fn values(design: &Design, ids: &BTreeSet<ResourceId>, field: &Field) -> Vec<(Value, usize)> {
    let mut all: Vec<(Value, usize)> = Vec::new();
    for it in ids.iter().filter_map(|it| design.get(*it)) {
        let value = it.value(field).into_owned();
        match all.iter_mut().find(|it| it.0 == value) {
            Some(it) => it.1 += 1,
            None => all.push((value, 1)),
        }
    }
    all
}

#[component]
pub(super) fn SeveralForm(ids: BTreeSet<ResourceId>) -> impl IntoView {
    let editor = Editor::here();
    let faults = Faults::new(editor, ids.clone());
    provide_context(faults);
    let mut kinds: BTreeMap<Kind, Vec<ResourceId>> = BTreeMap::new();
    editor.design.with_untracked(|design| {
        for id in &ids {
            if let Some(it) = design.get(*id) {
                kinds.entry(it.kind).or_default().push(*id);
            }
        }
    });
    let fields = shared(&kinds);
    let nothing = fields.is_empty();
    let count = ids.len();
    let all = StoredValue::new(ids.clone());
    let row = move |field: &'static Field| view! { <SharedRow field=field ids=all/> }.into_any();
    let changed = move |key: &str| {
        editor.design.with(|design| {
            let has =
                |it: &ResourceId| design.get(*it).is_some_and(|it| it.settings.contains_key(key));
            all.with_value(|ids| ids.iter().any(has))
        })
    };
    let parts = kinds.into_iter().map(|(kind, ids)| view! { <Part kind=kind ids=ids/> });

    view! {
        <div class="inspector">
            <header class="inspector-header">
                <Icon name="select"/>
                <div class="inspector-heading">
                    <h2 class="inspector-name">
                        {tell(text("{0} resources selected", "{0} 個のリソースを選択中").with([arg(count)]))}
                    </h2>
                </div>
            </header>
            <ul class="inspector-parts">{parts.collect_view()}</ul>
            {sections(fields, faults, changed, row)}
            {nothing
                .then(|| {
                    view! {
                        <p class="inspector-help">
                            {say(text(
                                "These kinds share no setting.",
                                "これらの種類に共通する設定はありません。",
                            ))}
                        </p>
                    }
                })}
            <Tags ids=ids/>
            <Footer>""</Footer>
        </div>
    }
    .into_any()
}

/// How many are of one kind; pressed, only these stay selected.
#[component]
fn Part(kind: Kind, ids: Vec<ResourceId>) -> impl IntoView {
    let editor = Editor::here();
    let count = ids.len();
    view! {
        <li>
            <button type="button" class="reference" on:click=move |_| editor.select(ids.clone())>
                <KindIcon kind=kind/>
                {count}
                " × "
                {say(kind.info().label)}
            </button>
        </li>
    }
    .into_any()
}

/// One setting of all of them.
#[component]
fn SharedRow(field: &'static Field, ids: StoredValue<BTreeSet<ResourceId>>) -> impl IntoView {
    let editor = Editor::here();
    let values: Memo<Vec<(Value, usize)>> = Memo::new(move |_| {
        editor.design.with(|design| ids.with_value(|ids| values(design, ids, field)))
    });
    let same = Memo::new(move |_| values.with(|it| it.len() < 2));
    let value = Signal::derive(move || {
        values.with(|it| match &it[..] {
            [(value, _)] => value.clone(),
            _ => Value::Null,
        })
    });
    let set = Callback::new(move |value: Value| {
        let one = |id: &ResourceId| Edit::Set {
            id: *id,
            key: field.key.to_owned(),
            value: value.clone(),
        };
        editor.dispatch_each(ids.with_value(|ids| ids.iter().map(one).collect()));
    });
    let told = move || {
        values.with(|it| {
            let mut told: Vec<String> = it
                .iter()
                .take(TOLD)
                .map(|(value, count)| {
                    let value = as_text(value);
                    format!("{} ({count})", if value.is_empty() { "–" } else { &value })
                })
                .collect();
            if it.len() > TOLD {
                told.push("…".to_owned());
            }
            text("Different values: {0}", "値が異なります: {0}").with([arg(told.join(", "))])
        })
    };
    move || {
        if same.get() {
            view! { <FieldRow field=field path=field.key value=value on_set=set/> }.into_any()
        } else {
            view! {
                <div class="field-mixed">
                    <FieldRow field=field path=field.key value=value on_set=set optional=true/>
                    <p class="field-help">{move || tell(told())}</p>
                </div>
            }
            .into_any()
        }
    }
}
