//! A link to a page of Azure's docs, in the chosen language.

use leptos::prelude::*;

use super::super::{editor::Editor, icon::Icon, say::say};
use crate::text::{Lang, Text, text};

/// The address of a page; sources that are no page have none.
pub fn address(source: &str, lang: Lang) -> Option<String> {
    if source.is_empty() || source.contains(' ') {
        return None;
    }
    if source.starts_with("https://") {
        return Some(source.to_owned());
    }
    let locale = match lang {
        Lang::En => "en-us",
        Lang::Ja => "ja-jp",
    };
    Some(format!("https://learn.microsoft.com/{locale}/azure/{}", source.trim_start_matches('/')))
}

#[component]
pub fn Source(
    source: &'static str,
    #[prop(default = text("Azure documentation", "Azure のドキュメント"))] label: Text,
    #[prop(default = "source")] class: &'static str,
) -> impl IntoView {
    let lang = Editor::here().lang();
    address(source, Lang::En).map(|_| {
        view! {
            <a
                class=class
                href=move || address(source, lang.get())
                target="_blank"
                rel="noopener noreferrer"
            >
                {say(label)}
                <Icon name="external-link"/>
            </a>
        }
    })
}
