//! Resources, actions and kinds by name: one field from which everything is reached.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::{
    super::{
        actions::{ACTIONS, Action},
        editor::Editor,
        icon::{Icon, KindIcon},
        palette::item,
        say::{named, say},
        search_box::{Options, SearchBox},
        session::SessionStoreFields as _,
    },
    Frame,
};
use crate::{
    kinds::{Kind, ResourceId, Subject},
    text::{Lang, Text, text},
};

/// Most hits that are listed; more words narrow them down.
const MOST: usize = 40;

#[derive(Clone, Copy)]
enum Hit {
    Resource(ResourceId, Kind),
    Action(&'static Action),
    Add(Kind),
}

/// Everything whose words hold all words of the search; resources first, then what can be done.
fn find(editor: Editor, search: &str) -> Vec<Hit> {
    let search = search.to_lowercase();
    let words: Vec<&str> = search.split_whitespace().collect();
    let holds = |texts: &[&str]| {
        let text = texts.join(" ").to_lowercase();
        words.iter().all(|it| text.contains(it))
    };
    let resources: Vec<Hit> = editor.design.with_untracked(|design| {
        let found = |it: &Subject<'_>| {
            let info = it.info();
            holds(&[it.name(), info.label.en, info.label.ja, info.slug])
        };
        let mut all: Vec<_> = design.resources.subjects().filter(found).collect();
        // A name is what people look for; a kind comes after.
        all.sort_by_key(|it| !holds(&[it.name()]));
        all.into_iter().map(|it| Hit::Resource(it.id, it.kind())).take(MOST).collect()
    });
    let actions = ACTIONS
        .iter()
        .filter(|it| it.title != TITLE && untrack(|| (it.ready)(editor)))
        .filter(|it| holds(&[it.title.en, it.title.ja]))
        .map(Hit::Action);
    let kinds = Kind::ALL
        .iter()
        .filter(|it| {
            let info = it.info();
            holds(&[ADD.en, ADD.ja, info.label.en, info.label.ja, info.slug])
        })
        .map(|it| Hit::Add(*it));
    resources.into_iter().chain(actions).chain(kinds).take(MOST).collect()
}

/// Of the action that opens this, which does nothing here.
const TITLE: Text = text("Find or do…", "検索と実行…");
const ADD: Text = text("Add", "追加");

impl Hit {
    fn run(self, editor: Editor) {
        editor.session.dialog().set(None);
        match self {
            Hit::Resource(id, _) => {
                editor.show_resource(id);
                editor.focus_canvas();
            }
            Hit::Action(it) => (it.run)(editor),
            Hit::Add(kind) => item::choose(editor, kind),
        }
    }

    fn icon(self) -> AnyView {
        match self {
            Hit::Resource(_, kind) => view! { <KindIcon kind=kind/> }.into_any(),
            Hit::Action(it) => view! { <Icon name=it.icon/> }.into_any(),
            Hit::Add(_) => view! { <Icon name="add"/> }.into_any(),
        }
    }

    /// What it is, and what goes beside it.
    fn words(self, editor: Editor, lang: Lang) -> (String, String) {
        match self {
            Hit::Resource(id, kind) => (editor.name_of(id), kind.info().label.get(lang).to_owned()),
            Hit::Action(it) => {
                let keys = it.keys.first().map_or("", |it| it.shown);
                (it.title.get(lang).to_owned(), keys.to_owned())
            }
            Hit::Add(kind) => (kind.info().label.get(lang).to_owned(), ADD.get(lang).to_owned()),
        }
    }
}

#[component]
pub(super) fn FindDialog() -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let search = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let hits = Signal::derive(move || search.with(|it| find(editor, it)));
    let option_id = |n: usize| format!("find-{n}");
    let key = move |event: KeyboardEvent| {
        let len = hits.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|it| *it = (*it + 1) % len),
            "ArrowUp" => chosen.update(|it| *it = (*it + len - 1) % len),
            "Enter" => {
                let hit = hits.with_untracked(|it| it.get(chosen.get_untracked()).copied());
                if let Some(hit) = hit {
                    hit.run(editor);
                }
            }
            _ => return,
        }
        event.prevent_default();
        let id = option_id(chosen.get_untracked());
        if let Some(it) = super::super::browser::document().get_element_by_id(&id) {
            it.scroll_into_view_with_bool(false);
        }
    };
    let options = move || {
        let lang = lang.get();
        hits.get()
            .into_iter()
            .enumerate()
            .map(|(n, hit)| {
                let (title, beside) = hit.words(editor, lang);
                view! {
                    <li
                        role="option"
                        id=option_id(n)
                        class="menu-item"
                        aria-selected=move || (chosen.get() == n).to_string()
                        on:click=move |_| hit.run(editor)
                    >
                        {hit.icon()}
                        <span class="menu-item-label">{title}</span>
                        <span class="menu-item-shortcut">{beside}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Frame title=named(text("Find or do", "検索と実行"))>
            <div class="dialog-body">
                <SearchBox
                    id="find-search"
                    hint=text("A resource, an action, a kind", "リソース、操作、種類の名前")
                    label=text("Find or do", "検索と実行")
                    value=search.into()
                    on_input=Callback::new(move |it| {
                        search.set(it);
                        chosen.set(0);
                    })
                    on_key=Callback::new(key)
                    options=Options {
                        id: "find-hits",
                        chosen: Signal::derive(move || option_id(chosen.get())),
                    }
                />
                <ul class="find-hits" id="find-hits" role="listbox" aria-label=say(text("Found", "検索結果"))>
                    {options}
                </ul>
                <Show when=move || hits.with(Vec::is_empty)>
                    <p class="dialog-help" role="status">
                        {say(text("Nothing has this name", "該当するものはありません"))}
                    </p>
                </Show>
            </div>
        </Frame>
    }
}
