//! What can be done with the selection, at the pointer or at the focused box.

use leptos::{html::Div, prelude::*, wasm_bindgen::JsCast as _};
use web_sys::{FocusEvent, HtmlElement, KeyboardEvent, MouseEvent, Node};

use super::{
    super::{
        actions::{ADD_NOTE, Section},
        editor::Editor,
        icon::Icon,
        menu::{self, MenuSection},
        say::{named, say},
        session::SessionStoreFields as _,
    },
    gestures::hit,
    live::Live,
};
use crate::{draw::geometry::Point, text::text};

/// Room that the menu needs, in px of the window; more is scrolled.
const SIZE: (f64, f64) = (260.0, 420.0);

/// The right button, or the key for menus.
pub(super) fn open(editor: Editor, live: Live, event: &MouseEvent) {
    event.prevent_default();
    let session = editor.session;
    if let Some((id, _)) = hit(editor, live, event) {
        if session.selection().with_untracked(|it| it.contains(&id)) {
            session.focus().set(Some(id));
        } else {
            editor.select([id]);
        }
    }
    let at = Point::new(f64::from(event.client_x()), f64::from(event.client_y()));
    session.context_menu().set(Some(at));
}

#[component]
pub(super) fn ContextMenu() -> impl IntoView {
    let at = Editor::here().session.context_menu();
    move || at.get().map(|at| view! { <MenuAt at=at/> })
}

#[component]
fn MenuAt(at: Point) -> impl IntoView {
    let editor = Editor::here();
    let root: NodeRef<Div> = NodeRef::new();
    root.on_load(|it| {
        let it: HtmlElement = it.unchecked_into();
        request_animation_frame(move || menu::walk(&it, 1));
    });
    let close = move || editor.session.context_menu().set(None);
    let leave = move |event: FocusEvent| {
        let next = event.related_target().and_then(|it| it.dyn_into::<Node>().ok());
        // The browser tells of the focus even while the menu goes out of the page.
        let Some(root) = root.try_get_untracked() else { return };
        if !root.is_some_and(|it| it.contains(next.as_ref())) {
            close();
        }
    };
    let key = move |event: KeyboardEvent| {
        match (event.key().as_str(), root.get_untracked()) {
            ("ArrowDown", Some(root)) => menu::walk(&root, 1),
            ("ArrowUp", Some(root)) => menu::walk(&root, -1),
            ("Escape" | "Tab", _) => {
                close();
                editor.focus_canvas();
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let window = super::super::browser::window();
    let inner = |it: Result<leptos::wasm_bindgen::JsValue, _>| {
        it.ok().and_then(|it| it.as_f64()).unwrap_or(f64::INFINITY)
    };
    let x = at.x.min(inner(window.inner_width()) - SIZE.0).max(0.0);
    let y = at.y.min(inner(window.inner_height()) - SIZE.1).max(0.0);
    #[expect(clippy::cast_possible_truncation, reason = "it came from whole px")]
    let spot = editor.in_world(at.x as i32, at.y as i32);
    let single = untrack(|| editor.single());
    let edit = if single.is_some_and(|it| editor.is_note(it)) {
        text("Edit text", "テキストを編集")
    } else {
        text("Settings", "設定")
    };

    view! {
        <div
            class="menu"
            data-floating
            role="menu"
            tabindex="0"
            node_ref=root
            aria-label=named(text("Selected resources", "選択したリソース"))
            style:left=format!("{x}px")
            style:top=format!("{y}px")
            on:keydown=key
            on:focusout=leave
        >
            {single
                .map(|id| {
                    view! {
                        <button
                            type="button"
                            class="menu-item"
                            role="menuitem"
                            tabindex="-1"
                            on:click=move |_| {
                                close();
                                editor.edit_settings(id);
                            }
                        >
                            <Icon name="info"/>
                            <span class="menu-item-label">{say(edit)}</span>
                            <span class="menu-item-shortcut">"Enter"</span>
                        </button>
                    }
                })}
            <button
                type="button"
                class="menu-item"
                role="menuitem"
                tabindex="-1"
                on:click=move |_| {
                    close();
                    editor.add_note_near(spot);
                }
            >
                <Icon name="note"/>
                <span class="menu-item-label">{say(text("Add note here", "ここにメモを追加"))}</span>
            </button>
            {[Section::Edit, Section::Arrange]
                .map(|section| {
                    view! {
                        <MenuSection
                            section=section
                            listed=|it, editor| it.title != ADD_NOTE && (it.ready)(editor)
                            close=close
                        />
                    }
                })
                .collect_view()}
        </div>
    }
}
