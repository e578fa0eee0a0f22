//! A button and its menu: arrow keys inside, Escape and a press elsewhere close it.

use leptos::{html::Div, prelude::*, wasm_bindgen::JsCast as _};
use web_sys::{FocusEvent, HtmlElement, KeyboardEvent, Node};

use super::icon::Icon;

#[component]
pub fn Menu(
    icon: &'static str,
    #[prop(into)] label: Signal<String>,
    /// The items; they close the menu by the signal that they are given.
    items: impl Fn(RwSignal<bool>) -> AnyView + Send + 'static,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root: NodeRef<Div> = NodeRef::new();
    let buttons = move || {
        let root = root.get_untracked()?;
        let all = root.query_selector_all("[role=menuitem]").ok()?;
        Some(
            (0..all.length())
                .filter_map(|n| all.item(n)?.dyn_into::<HtmlElement>().ok())
                .collect::<Vec<_>>(),
        )
    };
    let go = move |to: isize| {
        let all = buttons().unwrap_or_default();
        let here = super::browser::document().active_element();
        let at = all.iter().position(|it| here.as_ref() == Some(it.as_ref()));
        let len = all.len().cast_signed().max(1);
        let next = at
            .map_or(if to > 0 { 0 } else { len - 1 }, |it| (it.cast_signed() + to).rem_euclid(len));
        if let Some(it) = all.get(next.cast_unsigned()) {
            let _ = it.focus();
        }
    };
    let close = move || {
        open.set(false);
        if let Some(button) =
            root.get_untracked().and_then(|it| it.query_selector("button").ok().flatten())
            && let Some(button) = button.dyn_ref::<HtmlElement>()
        {
            let _ = button.focus();
        }
    };
    let key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowDown" if !open.get_untracked() => {
                open.set(true);
                request_animation_frame(move || go(1));
            }
            "ArrowDown" => go(1),
            "ArrowUp" if open.get_untracked() => go(-1),
            "Escape" if open.get_untracked() => close(),
            _ => return,
        }
        event.prevent_default();
    };
    let left = move |event: FocusEvent| {
        let next = event.related_target().and_then(|it| it.dyn_into::<Node>().ok());
        let inside = root.get_untracked().is_some_and(|it| it.contains(next.as_ref()));
        if !inside {
            open.set(false);
        }
    };

    view! {
        <div class="dropdown" node_ref=root on:keydown=key on:focusout=left>
            <button
                type="button"
                class="icon-button"
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                aria-label=label
                data-tooltip=label
                on:click=move |_| open.update(|it| *it = !*it)
            >
                <Icon name=icon/>
            </button>
            {move || {
                open.get()
                    .then(|| {
                        view! {
                            // Without `tabindex` a press between items would leave the menu.
                            <div class="menu" role="menu" tabindex="-1" aria-label=label>
                                {items(open)}
                            </div>
                        }
                    })
            }}
        </div>
    }
}

#[component]
pub fn MenuItem(
    icon: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] shortcut: &'static str,
    on_press: impl Fn() + Send + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="menu-item"
            role="menuitem"
            tabindex="-1"
            on:click=move |_| on_press()
        >
            <Icon name=icon/>
            <span class="menu-item-label">{label}</span>
            <span class="menu-item-shortcut">{shortcut}</span>
        </button>
    }
}
