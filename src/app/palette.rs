//! Every kind of resource by group, to drag onto the canvas or to place by keyboard.

use leptos::{prelude::*, wasm_bindgen::JsCast as _};
use web_sys::KeyboardEvent;

use super::{
    browser::document,
    editor::Editor,
    icon::Icon,
    outline::Outline,
    say::{named, say},
    search_box::SearchBox,
    session::{Left, SessionStoreFields as _},
    tabs::{TabItem, Tabs},
};
use crate::{
    kinds::{Group, Kind},
    text::{Text, text},
};

// Follows the pointer during a drag.
mod ghost;

// One kind.
pub mod item;

use item::PaletteItem;

const SEARCH: Text = text("Search kinds", "種類を検索");

/// Kinds of a group whose label or slug holds the search, in either language.
fn found(group: Group, search: &str) -> Vec<Kind> {
    let search = search.trim().to_lowercase();
    let holds = |it: &str| it.to_lowercase().contains(&search);
    Kind::ALL
        .iter()
        .copied()
        .filter(|it| it.info().group == group)
        .filter(|it| {
            let info = it.info();
            holds(info.label.en) || holds(info.label.ja) || holds(info.slug)
        })
        .collect()
}

/// Kinds to place, or what is placed.
#[component]
pub fn LeftPanel() -> impl IntoView {
    let left = Editor::here().session.left();
    let item = |value, id, label| TabItem { value, id, label: named(label), count: None };
    let items = vec![
        item(Left::Kinds, "kinds", text("Kinds", "種類")),
        item(Left::Outline, "outline", text("Outline", "アウトライン")),
    ];
    let chosen = Signal::derive(move || left.get());
    view! {
        <nav class="palette" id="palette" aria-label=say(text("Resources", "リソース")) on:keydown=walk>
            <Tabs
                id="left"
                items=items
                chosen=chosen
                on_choose=move |it| left.set(it)
                label=named(text("Resources", "リソース"))
            />
            <div
                class="palette-panel"
                role="tabpanel"
                id="left-panel"
                aria-labelledby=move || match left.get() {
                    Left::Kinds => "left-tab-kinds",
                    Left::Outline => "left-tab-outline",
                }
            >
                {move || match left.get() {
                    Left::Kinds => view! { <Palette/> }.into_any(),
                    Left::Outline => view! { <Outline/> }.into_any(),
                }}
            </div>
        </nav>
        <ghost::DragGhost/>
    }
}

#[component]
fn Palette() -> impl IntoView {
    let editor = Editor::here();
    let search = editor.session.palette_search();
    let nothing = Memo::new(move |_| {
        search.with(|it| Group::ALL.iter().all(|group| found(*group, it).is_empty()))
    });
    let enter = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            let first = search
                .with_untracked(|it| Group::ALL.iter().flat_map(|group| found(*group, it)).next());
            if let Some(kind) = first {
                item::choose(editor, kind);
            }
        }
        "Escape" => search.set(String::new()),
        _ => {}
    };

    view! {
            <div class="palette-search">
                <SearchBox
                    id="palette-search"
                    hint=SEARCH
                    label=SEARCH
                    value=Signal::derive(move || search.get())
                    on_input=Callback::new(move |it| search.set(it))
                    on_key=Callback::new(enter)
                    key="/"
                />
            </div>
            <div class="palette-groups">
                {Group::ALL.map(|group| view! { <PaletteGroup group=group/> }).collect_view()}
                <Show when=move || nothing.get()>
                    <p class="empty">{say(text("No kind has this name", "該当する種類はありません"))}</p>
                </Show>
            </div>
    }
}

#[component]
fn PaletteGroup(group: Group) -> impl IntoView {
    let search = Editor::here().session.palette_search();
    let kinds = Memo::new(move |_| search.with(|it| found(group, it)));
    view! {
        <details open hidden=move || kinds.with(Vec::is_empty)>
            <summary class="palette-group-title">
                <Icon name="chevron"/>
                {say(group.label())}
                <span class="count">{move || kinds.with(Vec::len)}</span>
            </summary>
            <div class="palette-items">
                <For each=move || kinds.get() key=|it| *it let(kind)>
                    <PaletteItem kind=kind/>
                </For>
            </div>
        </details>
    }
}

/// Arrow keys go from row to row.
fn walk(event: KeyboardEvent) {
    let forward = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let Ok(all) = document().query_selector_all(".palette-item, #palette-search, #outline-search")
    else {
        return;
    };
    let here = document().active_element();
    let items: Vec<_> = (0..all.length())
        .filter_map(|n| all.item(n)?.dyn_into::<web_sys::HtmlElement>().ok())
        .filter(|it| it.offset_parent().is_some())
        .collect();
    let at = items.iter().position(|it| here.as_ref() == Some(it.as_ref()));
    let next = match (at, forward) {
        (Some(n), true) => items.get(n + 1),
        (Some(n), false) => n.checked_sub(1).and_then(|n| items.get(n)),
        (None, _) => None,
    };
    if let Some(next) = next {
        event.prevent_default();
        let _ = next.focus();
    }
}
