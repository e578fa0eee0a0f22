//! The browser app. Components read what the core worked out and send [`crate::design::edit::Edit`]s
//! back; they decide nothing about Azure and match on no kind.
//!
//! The document is one signal of [`crate::design::history::History`]; what is derived from it are
//! memos of [`editor::Editor`]; what is neither saved nor undone is [`session::Session`].

#![allow(unreachable_pub, reason = "the component macro writes `pub` where a component has less")]
#![allow(clippy::needless_pass_by_value, reason = "components and listeners get owned values")]

use leptos::prelude::*;

// What a user can do, with its words, keys and icon: one list for menus, buttons and the keyboard.
pub mod actions;

// Places of the selection as a whole, and what is folded away.
pub mod arrange;

// What the report says, indexed for rows and marks.
pub mod assessed;

// The line across the top that says what went wrong with a link or a file.
pub mod banner;

// All that touches the browser outside of views: storage, files, clipboard, address, panics.
pub mod browser;

// The drawing and what one does on it.
pub mod canvas;

// Share, export, shortcuts.
pub mod dialogs;

// The one door to the document, and what is derived from it.
pub mod editor;

// Icons by name.
pub mod icon;

// Settings of the selected resource.
pub mod inspector;

// Opens and closes like a menu should.
pub mod menu;

// Every resource as a tree.
pub mod outline;

// Kinds to place.
pub mod palette;

// Operations and problems.
pub mod report;

// Texts in the chosen language.
pub mod say;

// State of this tab.
pub mod session;

// A field that narrows down what is shown.
pub mod search_box;

// A long list, a piece at a time.
pub mod show_more;

// The first page and its gallery.
pub mod start;

// The line at the bottom.
pub mod status_bar;

// What was just done.
pub mod toast;

// The bar at the top.
pub mod toolbar;

// Tabs by keyboard.
pub mod tabs;

// The first two minutes.
pub mod tour;

// Copy, cut and paste.
pub mod use_clipboard;

// Shortcuts that work everywhere.
pub mod use_keys;

// Saves the design as it changes.
pub mod saving;

// Opens the design that the address carries.
pub mod use_link;

// Language and theme on the page itself.
pub mod use_page;

use browser::storage::{self, Start};
use editor::Editor;
use session::{Page, SessionStoreFields as _};

/// Puts the app into the page, with what was saved.
pub fn mount() {
    browser::panic::install();
    // Not the spawner of leptos, which exists only once the app is mounted.
    wasm_bindgen_futures::spawn_local(async {
        let start = storage::start(use_link::take_link).await;
        icon::install();
        mount_to_body(move || app(start));
        // Two frames later the design has been judged and drawn.
        request_animation_frame(|| request_animation_frame(storage::set_opened));
    });
}

/// The whole app, as on a first visit.
#[component]
pub fn App() -> impl IntoView {
    app(Start::default())
}

fn app(start: Start) -> impl IntoView {
    let editor = Editor::new(crate::report::assess);
    provide_context(editor);
    use_page::use_page(editor);
    use_link::use_link(editor, start);
    saving::use_saving(editor);
    use_keys::use_keys(editor);
    use_clipboard::use_clipboard(editor);
    let page = editor.session.page();

    move || match page.get() {
        Page::Start => view! { <start::page::StartPage/> }.into_any(),
        Page::Canvas => view! { <Workbench/> }.into_any(),
    }
}

/// Toolbar over palette, canvas and side panel.
#[component]
fn Workbench() -> impl IntoView {
    let editor = Editor::here();
    let (session, shown) = (editor.session, editor.shown());
    let open = |it: bool| if it { "open" } else { "closed" };
    view! {
        <div
            class="app"
            data-palette=move || open(session.palette_open().get())
            data-side=move || open(session.side_open().get())
        >
            <toolbar::Toolbar/>
            <banner::Banners/>
            {move || shown.get().then(|| view! { <palette::LeftPanel/> })}
            <canvas::Canvas/>
            {move || shown.get().then(|| view! { <report::Side/> })}
            {move || shown.get().then(|| view! { <status_bar::StatusBar/> })}
        </div>
        {move || {
            shown.get().then(|| view! { <dialogs::Dialogs/> <tour::Tour/> <toast::Toasts/> })
        }}
    }
}
