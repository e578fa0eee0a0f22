//! Tabs: one stop of the Tab key, arrow keys between them.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::browser::focus_later;

/// One tab.
#[derive(Clone)]
pub struct TabItem<T> {
    pub value: T,
    /// Ending of the ids of the tab and its panel.
    pub id: &'static str,
    pub label: Signal<String>,
    /// Drawn behind the label.
    pub count: Option<(Signal<usize>, &'static str)>,
}

#[component]
pub fn Tabs<T>(
    /// Beginning of the ids.
    id: &'static str,
    items: Vec<TabItem<T>>,
    #[prop(into)] chosen: Signal<T>,
    on_choose: impl Fn(T) + Copy + Send + Sync + 'static,
    #[prop(into)] label: Signal<String>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let order: Vec<(T, &'static str)> = items.iter().map(|it| (it.value, it.id)).collect();
    let order = StoredValue::new(order);
    let key = move |event: KeyboardEvent| {
        let by: isize = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        event.prevent_default();
        order.with_value(|all| {
            let at = all.iter().position(|it| it.0 == chosen.get_untracked()).unwrap_or(0);
            let len = all.len().cast_signed();
            let next = (at.cast_signed() + by).rem_euclid(len.max(1)).cast_unsigned();
            if let Some((value, name)) = all.get(next) {
                on_choose(*value);
                focus_later(format!("{id}-tab-{name}"));
            }
        });
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=key>
            {items
                .into_iter()
                .map(|it| {
                    let value = it.value;
                    let selected = move || chosen.get() == value;
                    view! {
                        <button
                            type="button"
                            role="tab"
                            id=format!("{id}-tab-{}", it.id)
                            aria-controls=format!("{id}-panel")
                            aria-selected=move || selected().to_string()
                            tabindex=move || if selected() { "0" } else { "-1" }
                            on:click=move |_| on_choose(value)
                        >
                            {it.label}
                            {it
                                .count
                                .map(|(count, outcome)| {
                                    view! {
                                        <Show when=move || { count.get() > 0 }>
                                            <span class="count" data-outcome=outcome>
                                                {count}
                                            </span>
                                        </Show>
                                    }
                                })}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}
