//! Files in and out.

use leptos::{
    task::spawn_local,
    wasm_bindgen::{JsCast as _, JsValue, closure::Closure},
};
use wasm_bindgen_futures::JsFuture;

use super::document;
use crate::export;

/// Hands `text` to the person as a file.
pub fn download(name: &str, text: &str) {
    let json = std::path::Path::new(name).extension().is_some_and(|it| it == "json");
    let kind = if json { "application/json" } else { "text/plain" };
    if let Some(blob) = blob(&JsValue::from_str(text), kind) {
        download_blob(name, &blob);
    }
}

/// The same with bytes.
pub fn download_bytes(name: &str, bytes: &[u8], kind: &str) {
    if let Some(blob) = blob(&js_sys::Uint8Array::from(bytes), kind) {
        download_blob(name, &blob);
    }
}

/// Draws an SVG picture as a PNG file. `then` learns whether it was handed over.
pub fn download_png(name: &str, svg: &str, then: impl FnOnce(bool) + 'static) {
    let (name, svg) = (name.to_owned(), svg.to_owned());
    spawn_local(async move {
        let blob = png(&svg).await;
        if let Some(blob) = &blob {
            download_blob(&name, blob);
        }
        then(blob.is_some());
    });
}

/// Twice the size, so that small words can be read; less where browsers would give up.
const SCALE: f64 = 2.0;
const MOST_PIXELS: f64 = 64e6;
const LONGEST_SIDE: f64 = 16_000.0;

async fn png(svg: &str) -> Option<web_sys::Blob> {
    let (width, height) = export::svg::size(svg)?;
    let scale =
        SCALE.min(LONGEST_SIDE / width.max(height)).min((MOST_PIXELS / (width * height)).sqrt());
    let (wide, high) = ((width * scale).ceil(), (height * scale).ceil());
    // An image without a size of its own is drawn in none.
    let sized = svg.replacen("<svg ", &format!("<svg width=\"{wide}\" height=\"{high}\" "), 1);
    let url = web_sys::Url::create_object_url_with_blob(&blob(
        &JsValue::from_str(&sized),
        "image/svg+xml",
    )?)
    .ok()?;
    let image = web_sys::HtmlImageElement::new().ok()?;
    image.set_src(&url);
    let drawn = JsFuture::from(image.decode()).await;
    let _ = web_sys::Url::revoke_object_url(&url);
    drawn.ok()?;
    let canvas = document().create_element("canvas").ok()?;
    let canvas: web_sys::HtmlCanvasElement = canvas.dyn_into().ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, and at most LONGEST_SIDE"
    )]
    let (columns, rows) = (wide as u32, high as u32);
    canvas.set_width(columns);
    canvas.set_height(rows);
    let context = canvas.get_context("2d").ok()??;
    let context: web_sys::CanvasRenderingContext2d = context.dyn_into().ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, wide, high).ok()?;
    let promise = js_sys::Promise::new(&mut |done, failed| {
        if canvas.to_blob(&done).is_err() {
            let _ = failed.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

fn blob(part: &JsValue, kind: &str) -> Option<web_sys::Blob> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(part);
    web_sys::Blob::new_with_blob_sequence_and_options(&parts, &options).ok()
}

fn download_blob(name: &str, blob: &web_sys::Blob) {
    let Ok(url) = web_sys::Url::create_object_url_with_blob(blob) else { return };
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
