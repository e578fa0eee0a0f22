//! What is shown after a bug ended the app. No code of ours runs any more, so it is plain elements
//! that the browser handles alone: a link that reloads and a link that downloads the saved design.

use super::{
    document, location,
    storage::{self, Slot},
};
use crate::text::{Text, text};

const TITLE: Text =
    text("Drawbridge stopped because of a bug", "不具合のため Drawbridge が停止しました");
const HELP: Text = text(
    "Your design was saved as you worked. Start again, or download it as a file first.",
    "デザインは作業中に保存されています。再開するか、先にファイルとしてダウンロードしてください。",
);
const RELOAD: Text = text("Start again", "再開する");
const DOWNLOAD: Text = text("Download the saved design", "保存されたデザインをダウンロード");

/// Lets panics end on the recovery page.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        storage::set_crashed();
        show();
    }));
}

fn show() -> Option<()> {
    let document = document();
    let body = document.body()?;
    let lang = storage::choices().lang.unwrap_or_default();
    let page = document.create_element("main").ok()?;
    page.set_attribute("class", "recovery").ok()?;
    page.set_attribute("role", "alert").ok()?;
    let add = |tag: &str, class: &str, words: &str| {
        let it = document.create_element(tag).ok()?;
        it.set_attribute("class", class).ok()?;
        it.set_text_content(Some(words));
        page.append_child(&it).ok()?;
        Some(it)
    };
    add("h1", "recovery-title", TITLE.get(lang))?;
    add("p", "recovery-text", HELP.get(lang))?;
    add("a", "button", RELOAD.get(lang))?.set_attribute("href", &location::address()).ok()?;
    if let Some(saved) = storage::raw(Slot::Current) {
        let link = add("a", "button", DOWNLOAD.get(lang))?;
        let data = String::from(js_sys::encode_uri_component(&saved));
        link.set_attribute("href", &format!("data:application/json,{data}")).ok()?;
        link.set_attribute("download", "drawbridge.json").ok()?;
    }
    body.append_child(&page).ok()?;
    Some(())
}
