//! Opens the design that the address carries, now and whenever the address changes.

use gloo_events::EventListener;
use leptos::prelude::*;

use super::{
    browser::{location, storage::Start, window},
    editor::Editor,
    session::{Banner, Page, SessionStoreFields as _},
};
use crate::{
    design::{
        file::{LoadError, Loaded},
        link,
    },
    gallery,
    text::text,
};

/// At the start: the link, else the saved design, else the first page. After a bug the saved designs are
/// offered there, not opened: one of them may be what the app stumbled over.
pub fn use_link(editor: Editor, start: Start) {
    if start.stopped {
        location::clear_fragment();
        editor.announce(Banner {
            title: text(
                "Drawbridge did not get to the end the last time. Your designs are saved; open one from the list.",
                "前回は途中で停止しました。デザインは保存されています。一覧から開いてください。",
            )
            .into(),
            lines: Vec::new(),
            refused: true,
        });
    } else if !start.link.is_some_and(|it| open_decoded(editor, it)) {
        let shown = start.gallery.and_then(|it| gallery::ALL.iter().find(|entry| entry.slug == it));
        if let Some(entry) = shown {
            editor.open_gallery(entry);
        } else if let Some(saved) = start.saved {
            editor.open_saved(saved);
        }
    }
    EventListener::new(&window(), "hashchange", move |_| {
        open_link(editor);
    })
    .forget();
}

/// Takes the design out of the address; none where the address carries none.
pub fn take_link() -> Option<Result<Loaded, LoadError>> {
    let fragment = location::fragment();
    if !link::is_link(&fragment) {
        return None;
    }
    // First, so that a link that the app stumbles over is not there again after a reload.
    location::clear_fragment();
    Some(link::decode(&fragment))
}

/// Whether a design was opened from the address.
fn open_link(editor: Editor) -> bool {
    take_link().is_some_and(|it| open_decoded(editor, it))
}

fn open_decoded(editor: Editor, link: Result<Loaded, LoadError>) -> bool {
    // A damaged link opens nothing else: what was saved shows up, with the reason above it.
    let refused = text("The link was not opened.", "リンクを開けませんでした。");
    let opened = editor.open_loaded(link, refused);
    if !opened && editor.session.page().get_untracked() == Page::Start {
        return false;
    }
    opened
}
