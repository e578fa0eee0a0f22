//! Lists: of single values, and of rows as a table or, where they are wide, as cards.

use leptos::prelude::*;
use serde_json::{Value, json};

use super::{
    super::{
        icon::{Icon, IconButton},
        say::{named, say},
    },
    control::{Control, RowControl, as_text, cell_value, with_cell},
    control_id,
    faults::Faults,
    field_row::FaultLines,
};
use crate::{
    kinds::setting::{Field, Shape},
    text::text,
};

/// What a new item is.
fn blank(shape: &Shape) -> Value {
    match shape {
        Shape::Bool => json!(false),
        Shape::Number { min, .. } => json!(min),
        Shape::Choice(choices) => choices.first().map_or(Value::Null, |it| json!(it.value)),
        Shape::Optional(_) | Shape::Reference => Value::Null,
        Shape::List(_) => json!([]),
        Shape::Row(cells) => cells
            .iter()
            .map(|it| (it.key.to_owned(), (it.default)()))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        _ => json!(""),
    }
}

fn items(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// Handles to one list.
#[derive(Clone, Copy)]
struct List {
    value: Signal<Value>,
    on_set: Callback<Value>,
}

impl List {
    fn len(self) -> usize {
        self.value.with(|it| it.as_array().map_or(0, Vec::len))
    }

    fn item(self, n: usize) -> Signal<Value> {
        Signal::derive(move || self.value.with(|it| it.get(n).cloned().unwrap_or(Value::Null)))
    }

    fn set(self, n: usize) -> Callback<Value> {
        Callback::new(move |it: Value| {
            let mut all = self.value.with_untracked(items);
            if let Some(place) = all.get_mut(n) {
                *place = it;
                self.on_set.run(Value::Array(all));
            }
        })
    }

    fn remove(self, n: usize) {
        let mut all = self.value.with_untracked(items);
        if n < all.len() {
            all.remove(n);
            self.on_set.run(Value::Array(all));
        }
    }

    fn push(self, it: Value) {
        let mut all = self.value.with_untracked(items);
        all.push(it);
        self.on_set.run(Value::Array(all));
    }
}

#[component]
pub(super) fn ListControl(
    field: &'static Field,
    inner: &'static Shape,
    path: String,
    value: Signal<Value>,
    on_set: Callback<Value>,
) -> impl IntoView {
    let list = List { value, on_set };
    let id = control_id(&path);
    let body = match inner {
        Shape::Row(cells) if is_narrow(cells) => {
            view! { <Table cells=cells path=path.clone() list=list/> }.into_any()
        }
        Shape::Row(cells) => view! { <Cards cells=cells path=path.clone() list=list/> }.into_any(),
        _ => view! { <Values field=field inner=inner path=path.clone() list=list/> }.into_any(),
    };
    view! {
        <div class="list-control" role="group" id=id.clone() tabindex="-1" aria-labelledby=format!("{id}-label")>
            {body}
            <button
                type="button"
                class="button field-list-add"
                data-variant="quiet"
                on:click=move |_| list.push(blank(inner))
            >
                <Icon name="add"/>
                {say(text("Add", "追加"))}
            </button>
        </div>
    }
}

/// Few single values fit beside each other.
fn is_narrow(cells: &[Field]) -> bool {
    let single = |it: &Shape| {
        !matches!(
            it,
            Shape::List(_)
                | Shape::Row(_)
                | Shape::LongText
                | Shape::Optional(Shape::List(_) | Shape::Row(_))
        )
    };
    cells.len() <= 3 && cells.iter().all(|it| single(&it.shape))
}

#[component]
fn Remove(list: List, n: usize) -> impl IntoView {
    view! {
        <IconButton
            icon="delete"
            label=named(text("Remove", "削除"))
            small=true
            tooltip_side="end"
            on_press=move || list.remove(n)
        />
    }
}

/// Single values, one below the other.
#[component]
fn Values(field: &'static Field, inner: &'static Shape, path: String, list: List) -> impl IntoView {
    view! {
        <ul class="value-list">
            <For each=move || 0..list.len() key=|it| *it let(n)>
                <li>
                    <div class="value-list-item">
                        <Control
                            field=field
                            shape=inner
                            path=format!("{path}[{n}]")
                            value=list.item(n)
                            on_set=list.set(n)
                        />
                        <Remove list=list n=n/>
                    </div>
                    <FaultLines path=format!("{path}[{n}]")/>
                </li>
            </For>
        </ul>
    }
}

/// Rows of few cells.
#[component]
fn Table(cells: &'static [Field], path: String, list: List) -> impl IntoView {
    let path = StoredValue::new(path);
    let at = move |n: usize| path.with_value(|it| format!("{it}[{n}]"));
    let head = move || {
        cells.iter().map(|it| view! { <th scope="col">{say(it.label)}</th> }).collect_view()
    };
    let faults = move |n: usize| {
        cells
            .iter()
            .map(|cell| view! { <FaultLines path=format!("{}.{}", at(n), cell.key)/> })
            .collect_view()
    };
    view! {
        <Show when=move || { list.len() > 0 }>
            <div class="field-list-scroll">
                <table class="field-list">
                    <thead>
                        <tr>
                            {head()} <th>
                                <span class="visually-hidden">{say(text("Remove", "削除"))}</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || 0..list.len() key=|it| *it let(n)>
                            <TableRow cells=cells path=at(n) list=list n=n/>
                        </For>
                    </tbody>
                </table>
            </div>
            <For each=move || 0..list.len() key=|it| *it let(n)>
                {faults(n)}
            </For>
        </Show>
    }
}

#[component]
fn TableRow(cells: &'static [Field], path: String, list: List, n: usize) -> impl IntoView {
    let faults = Faults::here();
    let (value, set) = (list.item(n), list.set(n));
    let tds = cells
        .iter()
        .map(|cell| {
            let inner = Signal::derive(move || cell_value(cell, &value.get()));
            let put = Callback::new(move |it| set.run(with_cell(value, cell.key, it)));
            let path = format!("{path}.{}", cell.key);
            view! {
                <td>
                    <Control field=cell shape=&cell.shape path=path value=inner on_set=put/>
                </td>
            }
        })
        .collect_view();
    view! {
        <tr data-problem=move || faults.worst(&path).map(crate::report::Severity::slug)>
            {tds} <td>
                <Remove list=list n=n/>
            </td>
        </tr>
    }
}

/// Rows of many cells, each folded under its first words.
#[component]
fn Cards(cells: &'static [Field], path: String, list: List) -> impl IntoView {
    let faults = Faults::here();
    view! {
        <For each=move || 0..list.len() key=|it| *it let(n)>
            {
                let value = list.item(n);
                let path = format!("{path}[{n}]");
                let own = path.clone();
                let worst = Memo::new(move |_| faults.worst(&own));
                view! {
                    <details class="row-card" data-problem=move || worst.get().map(crate::report::Severity::slug)>
                        <summary class="row-card-title">
                            <Icon name="chevron"/>
                            <span class="row-card-words">{move || summary(cells, &value.get(), n)}</span>
                            {move || worst.get().map(|it| view! { <Icon name=it.slug()/> })}
                        </summary>
                        <div class="row-card-body">
                            <RowControl
                                cells=cells
                                path=path.clone()
                                value=value
                                on_set=list.set(n)
                            />
                            <button
                                type="button"
                                class="button"
                                data-variant="danger"
                                on:click=move |_| list.remove(n)
                            >
                                <Icon name="delete"/>
                                {say(text("Remove", "削除"))}
                            </button>
                        </div>
                    </details>
                }
            }
        </For>
    }
}

/// The first filled values of a row, or its number.
fn summary(cells: &[Field], row: &Value, n: usize) -> String {
    let words: Vec<String> = cells
        .iter()
        .filter(|it| !matches!(it.shape, Shape::Bool))
        .map(|it| cell_value(it, row))
        .map(|it| match &it {
            Value::Array(all) => all.iter().map(as_text).collect::<Vec<_>>().join(", "),
            Value::Object(_) => String::new(),
            other => as_text(other),
        })
        .filter(|it| !it.is_empty())
        .take(4)
        .collect();
    if words.is_empty() { format!("{}", n + 1) } else { words.join(" · ") }
}
