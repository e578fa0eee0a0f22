//! Language, theme and title on the page itself, and what its script tells the app.

use gloo_events::EventListener;
use leptos::prelude::*;

use super::{
    browser::{document, storage, window},
    editor::Editor,
    session::{Page, SessionStoreFields as _, Theme},
};
use crate::text::Lang;

/// Takes up the choices of the last visit, and keeps the page's attributes at the choices of now.
pub fn use_page(editor: Editor) {
    let session = editor.session;
    let choices = storage::choices();
    session.lang().set(choices.lang.unwrap_or_else(browser_lang));
    session.theme().set(choices.theme.as_deref().map_or(Theme::Auto, Theme::from_slug));

    let more = use_more_contrast();
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", session.lang().get().code());
            let theme = session.theme().get();
            let _ = match theme {
                Theme::Auto | Theme::Contrast => root.remove_attribute("data-theme"),
                it => root.set_attribute("data-theme", it.slug()),
            };
            let _ = if theme == Theme::Contrast || more.get() {
                root.set_attribute("data-contrast", "more")
            } else {
                root.remove_attribute("data-contrast")
            };
        }
    });
    Effect::new(move |_| {
        if let Ok(Some(link)) = document().query_selector("link[rel=manifest]") {
            let name = match session.lang().get() {
                Lang::En => "manifest.webmanifest",
                Lang::Ja => "manifest-ja.webmanifest",
            };
            let _ = link.set_attribute("href", name);
        }
    });
    // `public/start.js` says so, perhaps before there was anybody to listen.
    let told = document().document_element().is_some_and(|it| it.has_attribute("data-new-version"));
    session.new_version().set(told);
    EventListener::new(&window(), "drawbridge:new-version", move |_| {
        session.new_version().set(true);
    })
    .forget();
    Effect::new(move |_| {
        let name = editor.design.with(|it| it.name.clone());
        let title = match session.page().get() {
            Page::Canvas if !name.is_empty() => format!("{name} – Drawbridge"),
            _ => "Drawbridge".to_owned(),
        };
        document().set_title(&title);
    });
}

/// Whether the system asks for more contrast.
fn use_more_contrast() -> RwSignal<bool> {
    let more = RwSignal::new(false);
    if let Ok(Some(query)) = window().match_media("(prefers-contrast: more)") {
        more.set(query.matches());
        let asked = query.clone();
        EventListener::new(&query, "change", move |_| more.set(asked.matches())).forget();
    }
    more
}

/// Goes on with the new version of the app. What is not saved yet is saved as the page is left.
pub fn renew() {
    if let Ok(event) = web_sys::Event::new("drawbridge:renew") {
        let _ = window().dispatch_event(&event);
    }
}

fn browser_lang() -> Lang {
    let wanted = window().navigator().language().unwrap_or_default();
    if wanted.starts_with("ja") { Lang::Ja } else { Lang::En }
}
