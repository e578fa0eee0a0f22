//! Links to pages of Azure's docs, in the chosen language.

use leptos::prelude::*;

use super::super::{editor::Editor, icon::Icon, say::say};
use crate::{
    kinds::{Kind, setting::Field},
    text::{Lang, Text, text},
};

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

/// The page on which Azure explains one setting of a kind, opened where it is named.
pub fn setting_address(kind: Kind, field: &Field, lang: Lang) -> Option<String> {
    let info = kind.info();
    let Some(arm_type) = info.arm_type else { return address(info.source, lang) };
    let page = address(&format!("templates/{}", arm_type.to_lowercase()), lang)?;
    let name = field.key.rsplit('.').next().unwrap_or_default();
    // "Text fragments": browsers look for the words, and stay at the top where there are none
    // (wicg.github.io/scroll-to-text-fragment).
    Some(format!("{page}#:~:text={name}"))
}

/// A small link to it, for the settings of the kind that is in the context.
#[component]
pub fn SettingSource(field: &'static Field) -> impl IntoView {
    let lang = Editor::here().lang();
    use_context::<Kind>().filter(|it| setting_address(*it, field, Lang::En).is_some()).map(|kind| {
        view! {
            <a
                class="source field-source"
                href=move || setting_address(kind, field, lang.get())
                target="_blank"
                rel="noopener noreferrer"
                aria-label=move || {
                    text("{0} in the Azure documentation", "Azure ドキュメントの {0}")
                        .with([field.label.into()])
                        .render(lang.get())
                }
            >
                <Icon name="external-link"/>
            </a>
        }
        .into_any()
    })
}
