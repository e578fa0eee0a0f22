//! Copy, cut and paste of resources. The keys come as the browser's own events, which need no
//! permission; the menu asks for the clipboard.

use gloo_events::{EventListener, EventListenerOptions};
use leptos::{prelude::*, wasm_bindgen::JsCast as _};
use web_sys::ClipboardEvent;

use super::{
    browser::{clipboard, document, is_free, window},
    editor::Editor,
    session::{Page, SessionStoreFields as _},
};
use crate::{
    design::{edit::Edit, file},
    draw::clip,
    text::text,
};

const TYPE: &str = "text/plain";

/// Listens as long as the app runs.
pub fn use_clipboard(editor: Editor) {
    let options = EventListenerOptions::enable_prevent_default();
    for name in ["copy", "cut", "paste"] {
        EventListener::new_with_options(&document(), name, options, move |event| {
            let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
            let dialog = editor.session.dialog().with_untracked(Option::is_some);
            let away = editor.session.page().get_untracked() != Page::Canvas;
            if dialog || away || !is_free() {
                return;
            }
            let Some(data) = event.clipboard_data() else { return };
            if name == "paste" {
                event.prevent_default();
                editor.paste_text(&data.get_data(TYPE).unwrap_or_default());
            } else if !words_selected()
                && let Some(copied) = editor.copied_text()
                && data.set_data(TYPE, &copied).is_ok()
            {
                event.prevent_default();
                editor.copied(name == "cut");
            }
        })
        .forget();
    }
}

/// Words of the page are selected, and are what a person means to copy.
fn words_selected() -> bool {
    window().get_selection().ok().flatten().is_some_and(|it| !it.is_collapsed())
}

impl Editor {
    /// The selection as text for the clipboard.
    fn copied_text(self) -> Option<String> {
        let selection = self.session.selection().get_untracked();
        let clip = self.drawn(|design, scene| clip::copy(design, scene, &selection));
        (!clip.layout.is_empty()).then(|| file::save(&clip))
    }

    /// The selection is on the clipboard.
    fn copied(self, cut: bool) {
        let ids: Vec<_> = self.session.selection().get_untracked().into_iter().collect();
        if cut {
            self.dispatch_aloud(Edit::Batch(
                text("Cut", "切り取り").into(),
                vec![Edit::Remove(ids)],
            ));
        } else {
            self.toast(
                text("Copied: {0}", "コピーしました: {0} 件").with([crate::text::arg(ids.len())]),
                false,
            );
        }
    }

    pub fn copy_to_clipboard(self, cut: bool) {
        let Some(copied) = self.copied_text() else { return };
        clipboard::copy(copied, move |done| {
            if done {
                self.copied(cut);
            } else {
                self.refuse(text(
                    "the browser does not give the clipboard to menus; use Ctrl+C or Ctrl+X",
                    "ブラウザーがメニューからのクリップボード操作を許可していません。Ctrl+C または Ctrl+X を使ってください",
                ));
            }
        });
    }

    pub fn paste_from_clipboard(self) {
        clipboard::read(move |found| {
            match found {
            Some(found) => self.paste_text(&found),
            None => self.refuse(text(
                "the browser does not give the clipboard to menus; use Ctrl+V",
                "ブラウザーがメニューからのクリップボード操作を許可していません。Ctrl+V を使ってください",
            )),
        }
        });
    }

    fn paste_text(self, found: &str) {
        let Ok(loaded) = file::load(found.as_bytes()) else {
            self.refuse(text(
                "the clipboard holds no resources; copy some in Drawbridge first",
                "クリップボードにリソースがありません。先に Drawbridge でリソースをコピーしてください",
            ));
            return;
        };
        let selected = self.single();
        let pasted =
            self.drawn(|design, scene| clip::paste(design, scene, &loaded.design, selected));
        match pasted {
            Ok((made, edit)) => {
                if !made.is_empty() && self.dispatch_aloud(edit) {
                    if let Some(first) = made.first() {
                        self.reveal(*first);
                    }
                    self.select(made);
                }
            }
            Err(why) => self.refuse(why),
        }
    }
}
