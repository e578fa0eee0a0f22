//! Text for other programs.

use leptos::{
    task::spawn_local,
    wasm_bindgen::{JsCast as _, JsValue},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::Clipboard;

use super::window;

/// Copies `text`, then says whether the browser did it. Without a clipboard (a page on plain HTTP) it
/// did not.
pub fn copy(text: String, then: impl Fn(bool) + 'static) {
    let Some(clipboard) = clipboard() else {
        then(false);
        return;
    };
    spawn_local(async move {
        then(JsFuture::from(clipboard.write_text(&text)).await.is_ok());
    });
}

/// Gives what is on the clipboard, if the browser and its user let us see it.
pub fn read(then: impl Fn(Option<String>) + 'static) {
    let Some(clipboard) = clipboard() else {
        then(None);
        return;
    };
    spawn_local(async move {
        then(JsFuture::from(clipboard.read_text()).await.ok().and_then(|it| it.as_string()));
    });
}

fn clipboard() -> Option<Clipboard> {
    let navigator = window().navigator();
    let member = js_sys::Reflect::get(navigator.unchecked_ref::<JsValue>(), &"clipboard".into());
    member.is_ok_and(|it| it.is_object()).then(|| navigator.clipboard())
}
