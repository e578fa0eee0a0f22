//! Saves the design as it changes, a moment after the last change and at once when the page is left.

use std::sync::Arc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::{
    browser::{document, storage},
    editor::Editor,
    session::{Page, Saved, SessionStoreFields as _},
};
use crate::design::Design;

/// Changes within this time are saved together, in ms.
const PAUSE: u32 = 200;

pub fn use_saving(editor: Editor) {
    let waiting = StoredValue::new_local(None::<Timeout>);
    let save = move || {
        waiting.set_value(None);
        let saved = editor.design.with_untracked(|it| storage::save(it));
        editor.session.saved().set(if saved { Saved::Yes } else { Saved::Failed });
    };
    Effect::new(move |before: Option<Option<Arc<Design>>>| {
        let open = editor.session.page().get() == Page::Canvas;
        let design = open.then(|| editor.design.get());
        // Coming back to the first page changes nothing that would need saving.
        let unchanged = match (&before, &design) {
            (Some(Some(a)), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        if design.is_some() && !unchanged {
            request_animation_frame(move || editor.session.saved().set(Saved::Pending));
            waiting.set_value(Some(Timeout::new(PAUSE, save)));
        }
        design.or(before.flatten())
    });
    EventListener::new(&document(), "visibilitychange", move |_| {
        if document().hidden() && waiting.with_value(Option::is_some) {
            save();
        }
    })
    .forget();
}
