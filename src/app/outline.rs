//! Every resource as a tree: what stands in what, without the drawing.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::{
    editor::Editor,
    icon::{Icon, KindIcon},
    say::say,
    search_box::SearchBox,
    session::SessionStoreFields as _,
    show_more::{PIECE, ShowMore},
};
use crate::{
    design::Design,
    kinds::{Kind, ResourceId},
    text::{Text, text},
};

const SEARCH: Text = text("Search resources", "リソースを検索");

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Row {
    id: ResourceId,
    kind: Kind,
    name: String,
    depth: usize,
    /// Something stands in it.
    holds: bool,
}

/// The rows in the order of the tree. Those hidden in a collapsed container are left out, unless they
/// are searched for.
fn rows(design: &Design, search: &str, collapsed: impl Fn(ResourceId) -> bool) -> Vec<Row> {
    let mut children: BTreeMap<Option<ResourceId>, Vec<ResourceId>> = BTreeMap::new();
    for it in design.resources.subjects() {
        let parent = it.parent().map(|it| it.id);
        children.entry(parent).or_default().push(it.id);
    }
    let mut all = Vec::new();
    let mut next: Vec<(ResourceId, usize)> =
        children.get(&None).into_iter().flatten().rev().map(|it| (*it, 0)).collect();
    while let Some((id, depth)) = next.pop() {
        let Some(it) = design.get(id) else { continue };
        let inside = children.get(&Some(id));
        let (label, words) = (it.kind.info().label, search.to_lowercase());
        let holds = |it: &str| it.to_lowercase().contains(&words);
        if words.is_empty() || holds(&it.name) || holds(label.en) || holds(label.ja) {
            let depth = if words.is_empty() { depth } else { 0 };
            let (kind, name) = (it.kind, it.name.clone());
            all.push(Row { id, kind, name, depth, holds: inside.is_some() });
        }
        if !words.is_empty() || !collapsed(id) {
            next.extend(inside.into_iter().flatten().rev().map(|it| (*it, depth + 1)));
        }
    }
    all
}

#[component]
pub(super) fn Outline() -> impl IntoView {
    let editor = Editor::here();
    let search = editor.session.outline_search();
    let all = Memo::new(move |_| {
        let collapsed = editor.session.collapsed().get();
        search.with(|it| {
            editor.design.with(|design| rows(design, it.trim(), |id| collapsed.contains(&id)))
        })
    });
    let count = RwSignal::new(PIECE);
    let shown = move || all.with(|it| it.iter().take(count.get()).cloned().collect::<Vec<_>>());
    view! {
        <div class="palette-search">
            <SearchBox
                id="outline-search"
                hint=SEARCH
                label=SEARCH
                value=Signal::derive(move || search.get())
                on_input=Callback::new(move |it| {
                    count.set(PIECE);
                    search.set(it);
                })
            />
        </div>
        <div class="palette-groups">
            <ul class="outline" role="tree" aria-label=say(text("Outline", "アウトライン"))>
                <For each=shown key=Clone::clone let(row)>
                    <OutlineRow row=row/>
                </For>
            </ul>
            <ShowMore shown=count len=Signal::derive(move || all.with(Vec::len))/>
            <Show when=move || all.with(Vec::is_empty)>
                <p class="empty">{say(text("No resource", "リソースがありません"))}</p>
            </Show>
        </div>
    }
}

#[component]
fn OutlineRow(row: Row) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let session = editor.session;
    let Row { id, kind, name, depth, holds } = row;
    let selected = move || session.selection().with(|it| it.contains(&id));
    let collapsed = move || session.collapsed().with(|it| it.contains(&id));
    let problem = Memo::new(move |_| editor.report.with(|it| it.marks.get(&id).map(|it| it.0)));
    let fold = holds.then(|| {
        view! {
            <button
                type="button"
                class="outline-fold"
                tabindex="-1"
                aria-label=say(text("Collapse or expand", "折りたたみ/展開"))
                data-open=move || (!collapsed()).then_some("")
                on:click=move |_| editor.fold(&[id], !collapsed())
            >
                <Icon name="chevron"/>
            </button>
        }
    });
    view! {
        <li
            class="outline-row"
            role="treeitem"
            attr:aria-level=(depth + 1).to_string()
            aria-selected=move || selected().to_string()
            aria-expanded=move || holds.then(|| (!collapsed()).to_string())
            style:--depth=depth.to_string()
        >
            {fold}
            <button
                type="button"
                class="palette-item outline-item"
                data-kind=kind.info().slug
                title=move || kind.info().label.get(lang.get())
                on:click=move |event| {
                    if event.ctrl_key() || event.meta_key() || event.shift_key() {
                        session
                            .selection()
                            .update(|it| {
                                if !it.remove(&id) {
                                    it.insert(id);
                                }
                            });
                    } else {
                        editor.show_resource(id);
                    }
                }
            >
                <KindIcon kind=kind/>
                <span class="outline-name">{name}</span>
                {move || {
                    problem.get().map(|it| view! { <Icon name=it.slug()/> })
                }}
            </button>
        </li>
    }
}
