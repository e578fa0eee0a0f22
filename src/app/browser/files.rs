//! Files in and out.

use leptos::{
    task::spawn_local,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
};
use wasm_bindgen_futures::JsFuture;

use super::document;

/// Hands `text` to the person as a file.
pub fn download(name: &str, text: &str) {
    let kind = web_sys::BlobPropertyBag::new();
    kind.set_type(if std::path::Path::new(name).extension().is_some_and(|it| it == "json") {
        "application/json"
    } else {
        "text/plain"
    });
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &kind) else { return };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a")
        && let Some(link) = link.dyn_ref::<web_sys::HtmlAnchorElement>()
    {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    let _ = web_sys::Url::revoke_object_url(&url);
}

/// Asks for a file and hands over its bytes.
pub fn pick(then: impl Fn(Vec<u8>) + 'static) {
    let Ok(input) = document().create_element("input") else { return };
    let Some(input) = input.dyn_ref::<web_sys::HtmlInputElement>().cloned() else { return };
    input.set_type("file");
    input.set_accept(".json,.svg,application/json,image/svg+xml");
    let chosen = input.clone();
    let on_change = Closure::once_into_js(move || {
        if let Some(file) = chosen.files().and_then(|it| it.get(0)) {
            read(&file, then);
        }
    });
    input.set_onchange(on_change.dyn_ref());
    input.click();
}

/// Reads a file and hands over its bytes.
pub fn read(file: &web_sys::File, then: impl Fn(Vec<u8>) + 'static) {
    let promise = file.array_buffer();
    spawn_local(async move {
        if let Ok(buffer) = JsFuture::from(promise).await {
            then(js_sys::Uint8Array::new(&buffer).to_vec());
        }
    });
}

/// A design's name as a file name.
pub fn file_name(name: &str, end: &str) -> String {
    let clean: String =
        name.chars().map(|it| if it.is_alphanumeric() { it } else { '-' }).take(60).collect();
    let clean = clean.trim_matches('-');
    format!("{}{end}", if clean.is_empty() { "design" } else { clean })
}
