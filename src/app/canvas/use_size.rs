//! The size of the canvas on screen, measured whenever it changes.

use leptos::{
    html::Main,
    prelude::*,
    wasm_bindgen::{JsCast as _, closure::Closure},
};

use super::super::{
    editor::Editor,
    session::{Gesture, SessionStoreFields as _},
};

/// Writes the element's size into the session, and fits the drawing once that was wanted,
/// or where it was fitted to the size before.
pub(super) fn use_size(editor: Editor, root: NodeRef<Main>) {
    root.on_load(move |element| {
        let measured = element.clone();
        let measure = Closure::<dyn Fn()>::new(move || {
            let size = (f64::from(measured.client_width()), f64::from(measured.client_height()));
            // Whoever has not moved the drawing wants to see it whole in the new size as well.
            // In the middle of a drag nothing may slip away below the pointer.
            let idle = editor.session.gesture().with_untracked(|it| *it == Gesture::None);
            let fitted = idle && editor.is_fitted();
            editor.session.canvas().set(size);
            if fitted || editor.session.fit_wanted().get_untracked() {
                editor.fit();
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(measure.as_ref().unchecked_ref()) {
            observer.observe(&element);
            // Both live as long as the canvas.
            let kept = StoredValue::new_local((observer, measure));
            on_cleanup(move || kept.with_value(|it| it.0.disconnect()));
        }
    });
}
