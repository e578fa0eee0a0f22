//! Language and theme.

use leptos::prelude::*;

use super::super::{
    editor::Editor,
    icon::IconButton,
    say::{named, say},
    session::{SessionStoreFields as _, Theme},
};
use crate::text::{Lang, text};

#[component]
pub fn LangChoice() -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    view! {
        <div class="segmented" role="group" aria-label=say(text("Language", "言語"))>
            {[(Lang::En, "EN", "English"), (Lang::Ja, "日本語", "日本語")]
                .map(|(it, short, name)| {
                    view! {
                        <button
                            type="button"
                            lang=it.code()
                            aria-label=name
                            aria-pressed=move || (lang.get() == it).to_string()
                            on:click=move |_| editor.set_lang(it)
                        >
                            {short}
                        </button>
                    }
                })
                .collect_view()}
        </div>
    }
}

/// From auto to light, dark and high contrast, and around.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let editor = Editor::here();
    let theme = editor.session.theme();
    let labels = [
        named(text("Theme: as the system says", "テーマ: システムに合わせる")),
        named(text("Theme: light", "テーマ: ライト")),
        named(text("Theme: dark", "テーマ: ダーク")),
        named(text("Theme: high contrast", "テーマ: ハイ コントラスト")),
    ];
    let button = move |it: Theme| {
        let [auto, light, dark, contrast] = labels;
        let (icon, label, next) = match it {
            Theme::Auto => ("contrast", auto, Theme::Light),
            Theme::Light => ("sun", light, Theme::Dark),
            Theme::Dark => ("moon", dark, Theme::Contrast),
            Theme::Contrast => ("contrast-more", contrast, Theme::Auto),
        };
        view! { <IconButton icon=icon label=label on_press=move || editor.set_theme(next)/> }
    };
    move || button(theme.get())
}
