//! Opens the design that the address carries, now and whenever the address changes.

use gloo_events::EventListener;
use leptos::prelude::*;

use super::{
    browser::{location, storage, storage::Slot, window},
    editor::Editor,
    session::{Banner, Page, SessionStoreFields as _},
};
use crate::{design::link, text::text};

/// At the start: the link, else the saved design, else the first page. After a bug the saved design is
/// offered there, not opened: it may be what the app stumbled over.
pub fn use_link(editor: Editor) {
    if storage::take_crashed() {
        editor.announce(Banner {
            title: text(
                "Drawbridge stopped because of a bug. Your design is saved; open it with “Continue”.",
                "不具合のため停止しました。デザインは保存されています。「続ける」から開けます。",
            )
            .into(),
            lines: Vec::new(),
            refused: true,
        });
    } else if !open_link(editor) && storage::raw(Slot::Current).is_some() {
        editor.open_saved(Slot::Current);
    }
    EventListener::new(&window(), "hashchange", move |_| {
        open_link(editor);
    })
    .forget();
}

/// Whether a design was opened from the address.
fn open_link(editor: Editor) -> bool {
    let fragment = location::fragment();
    if !link::is_link(&fragment) {
        return false;
    }
    // A damaged link opens nothing else: what was saved shows up, with the reason above it.
    let refused = text("The link was not opened.", "リンクを開けませんでした。");
    let opened = editor.open_loaded(link::decode(&fragment), refused);
    location::clear_fragment();
    if !opened && editor.session.page().get_untracked() == Page::Start {
        return false;
    }
    opened
}
