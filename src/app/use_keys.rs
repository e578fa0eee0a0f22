//! Shortcuts that work everywhere.

use gloo_events::{EventListener, EventListenerOptions};
use leptos::{prelude::*, wasm_bindgen::JsCast as _};
use web_sys::KeyboardEvent;

use super::{
    actions::ACTIONS,
    browser::{is_free, is_typing, window},
    editor::Editor,
    session::{Page, SessionStoreFields as _},
};

/// Listens on the window as long as the app runs.
pub fn use_keys(editor: Editor) {
    let options = EventListenerOptions::enable_prevent_default();
    let listener = EventListener::new_with_options(&window(), "keydown", options, move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let in_dialog = editor.session.dialog().with_untracked(Option::is_some);
        let away = editor.session.page().get_untracked() != Page::Canvas;
        if in_dialog || event.default_prevented() {
            return;
        }
        let typing = is_typing();
        for action in ACTIONS {
            let fits = action.keys.iter().any(|it| {
                // Letters and signs alone are shortcuts only where nothing else takes them.
                it.fit(event) && (it.ctrl || it.key.len() > 1 || is_free())
            });
            if fits && (action.everywhere || !typing) && (action.at_start || !away) {
                event.prevent_default();
                (action.run)(editor);
                return;
            }
        }
    });
    listener.forget();
}
