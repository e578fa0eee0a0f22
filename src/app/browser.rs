//! All that touches the browser outside of views.
//!
//! Each function does one thing and says by its value whether the browser let it.

// Text for other programs.
pub mod clipboard;

// The database of saved designs.
mod database;

// Files in and out.
pub mod files;

// The address of the page and the link in it.
pub mod location;

// What is shown after a bug ended the app.
pub mod panic;

// What stays in this browser.
pub mod storage;

/// The window. There always is one: the app runs in no worker.
pub fn window() -> web_sys::Window {
    leptos::prelude::window()
}

pub fn document() -> web_sys::Document {
    leptos::prelude::document()
}

/// Does some work and leaves its time in the browser's performance log, where its tools and the
/// benchmarks read it.
pub fn timed<T>(name: &str, work: impl FnOnce() -> T) -> T {
    let log = window().performance();
    let mark = |it: &str| log.as_ref().is_some_and(|log| log.mark(it).is_ok());
    let began = mark(name);
    let made = work();
    if let Some(log) = log.filter(|_| began) {
        // What cannot be measured is not measured.
        let _ = log.measure_with_start_mark(name, name);
        log.clear_marks_with_mark_name(name);
    }
    made
}

/// Gives the keyboard to an element by its id, once it is drawn.
pub fn focus_later(id: String) {
    leptos::prelude::request_animation_frame(move || {
        focus(&id);
    });
}

/// Gives the keyboard to an element by its id; whether it is there.
pub fn focus(id: &str) -> bool {
    use leptos::wasm_bindgen::JsCast as _;
    let found = document().get_element_by_id(id);
    if let Some(it) = &found {
        if let Some(it) = it.dyn_ref::<web_sys::HtmlElement>() {
            let _ = it.focus();
        } else if let Some(it) = it.dyn_ref::<web_sys::SvgElement>() {
            let _ = it.focus();
        }
    }
    found.is_some()
}

/// Whether the keyboard is typing text, so that letters are no shortcuts.
pub fn is_typing() -> bool {
    document().active_element().is_some_and(|it| {
        let tag = it.tag_name();
        tag == "TEXTAREA"
            || tag == "SELECT"
            || (tag == "INPUT"
                && !matches!(it.get_attribute("type").as_deref(), Some("checkbox" | "radio")))
    })
}

/// Whether the keyboard is in the drawing or nowhere, so that a single sign can be a shortcut.
pub fn is_free() -> bool {
    document()
        .active_element()
        .is_none_or(|it| it.tag_name() == "BODY" || it.closest("#canvas").ok().flatten().is_some())
}

/// A moment, in ms since 1970, as people of the language write date and time.
pub fn time(moment: f64, lang: crate::text::Lang) -> String {
    let date = js_sys::Date::new(&moment.into());
    String::from(date.to_locale_string(lang.code(), &js_sys::Object::new()))
}
