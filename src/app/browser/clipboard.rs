//! Text for other programs.

use leptos::{
    task::spawn_local,
    wasm_bindgen::{JsCast as _, JsValue},
};
use wasm_bindgen_futures::JsFuture;

use super::window;

/// Copies `text`, then says whether the browser did it. Without a clipboard (a page on plain HTTP) it
/// did not.
pub fn copy(text: String, then: impl Fn(bool) + 'static) {
    let navigator = window().navigator();
    let member = js_sys::Reflect::get(navigator.unchecked_ref::<JsValue>(), &"clipboard".into());
    if !member.is_ok_and(|it| it.is_object()) {
        then(false);
        return;
    }
    spawn_local(async move {
        then(JsFuture::from(navigator.clipboard().write_text(&text)).await.is_ok());
    });
}
