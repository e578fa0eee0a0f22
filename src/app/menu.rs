//! A button and its menu: arrow keys inside, Escape and a press elsewhere close it.

use leptos::{html::Div, prelude::*, wasm_bindgen::JsCast as _};
use web_sys::{Element, FocusEvent, HtmlElement, KeyboardEvent, Node};

use super::{
    actions::{ACTIONS, Action, Section},
    editor::Editor,
    icon::Icon,
    say::say,
};

#[component]
pub fn Menu(
    icon: &'static str,
    #[prop(into)] label: Signal<String>,
    /// The items; they close the menu by the signal that they are given.
    items: impl Fn(RwSignal<bool>) -> AnyView + Send + 'static,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root: NodeRef<Div> = NodeRef::new();
    let go = move |by: isize| {
        if let Some(root) = root.get_untracked() {
            walk(&root, by);
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
        // The browser tells of the focus even while the whole page goes.
        let Some(root) = root.try_get_untracked() else { return };
        let inside = root.is_some_and(|it| it.contains(next.as_ref()));
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
                            // Without `tabindex` a press between items would leave the menu, and a long one
                            // could not be scrolled by keys.
                            <div class="menu" role="menu" tabindex="0" aria-label=label>
                                {items(open)}
                            </div>
                        }
                    })
            }}
        </div>
    }
}

/// Moves the keyboard by so many items, and around at the ends.
pub fn walk(root: &Element, by: isize) {
    let Ok(all) = root.query_selector_all("[role=menuitem]") else { return };
    let all: Vec<HtmlElement> =
        (0..all.length()).filter_map(|n| all.item(n)?.dyn_into().ok()).collect();
    let here = super::browser::document().active_element();
    let at = all.iter().position(|it| here.as_ref() == Some(it.as_ref()));
    let len = all.len().cast_signed().max(1);
    let next =
        at.map_or(if by > 0 { 0 } else { len - 1 }, |it| (it.cast_signed() + by).rem_euclid(len));
    if let Some(it) = all.get(next.cast_unsigned()) {
        let _ = it.focus();
    }
}

/// The actions of a section that `listed` lets through, under its name.
#[component]
pub fn MenuSection(
    section: Section,
    listed: fn(&Action, Editor) -> bool,
    /// Before an action runs.
    close: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let editor = Editor::here();
    let items: Vec<&'static Action> = ACTIONS
        .iter()
        .filter(|it| it.section == section && untrack(|| listed(it, editor)))
        .collect();
    (!items.is_empty()).then(|| {
        let items = items
            .into_iter()
            .map(|it| {
                view! {
                    <button
                        type="button"
                        class="menu-item"
                        role="menuitem"
                        tabindex="-1"
                        aria-disabled=move || (!(it.ready)(editor)).then_some("true")
                        on:click=move |_| {
                            if untrack(|| (it.ready)(editor)) {
                                close();
                                (it.run)(editor);
                            }
                        }
                    >
                        <Icon name=it.icon/>
                        <span class="menu-item-label">{say(it.title)}</span>
                        <span class="menu-item-shortcut">
                            {it.keys.first().map_or("", |it| it.shown)}
                        </span>
                    </button>
                }
            })
            .collect_view();
        view! {
            <div role="group" aria-label=say(section.label())>
                <div class="menu-heading" aria-hidden="true">
                    {say(section.label())}
                </div>
                {items}
            </div>
        }
    })
}
