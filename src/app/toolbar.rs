//! The bar at the top: what the design is called, and everything done to it as a whole.

use leptos::prelude::*;

use super::{
    actions::Section,
    browser::storage::NotSaved,
    editor::Editor,
    icon::{Icon, IconButton},
    menu::{Menu, MenuSection},
    say::{named, say},
    session::{Dialog, Page, Saved, SessionStoreFields as _},
};
use crate::{
    design::edit::Edit,
    text::{Message, Text, text},
};

// Language and theme.
pub mod choices;

use choices::{LangChoice, ThemeChoice};

#[component]
pub fn Toolbar() -> impl IntoView {
    let editor = Editor::here();
    let session = editor.session;
    let name = move || editor.design.with(|it| it.name.clone());
    let heading = move || editor.design.with(|it| format!("{} – Drawbridge", it.name));

    view! {
        <a
            class="skip-link"
            href="#canvas"
            on:click=move |event| {
                event.prevent_default();
                editor.focus_canvas();
            }
        >
            {say(text("Skip to the drawing", "図へ移動"))}
        </a>
        <header class="toolbar">
            <h1 class="visually-hidden">{heading}</h1>
            <button
                type="button"
                class="toolbar-brand"
                aria-label=say(text("Drawbridge: gallery", "Drawbridge: ギャラリー"))
                on:click=move |_| session.page().set(Page::Start)
            >
                <Icon name="brand"/>
                <span class="toolbar-brand-name">"Drawbridge"</span>
            </button>
            <span class="toolbar-separator"></span>
            <MainMenu/>
            <input
                class="design-name"
                type="text"
                aria-label=say(text("Name of the design", "デザイン名"))
                autocomplete="off"
                spellcheck="false"
                prop:value=name
                on:change=move |event| {
                    editor.dispatch(Edit::SetTitle(event_target_value(&event)));
                }
            />
            <SaveState/>
            <span class="toolbar-spacer"></span>
            <div class="button-group">
                <UndoButton
                    icon="undo"
                    what=text("Undo", "元に戻す")
                    keys="Ctrl+Z"
                    title=Signal::derive(move || editor.undo_title())
                    on_press=move || editor.undo()
                />
                <UndoButton
                    icon="redo"
                    what=text("Redo", "やり直し")
                    keys="Ctrl+Shift+Z"
                    title=Signal::derive(move || editor.redo_title())
                    on_press=move || editor.redo()
                />
            </div>
            <span class="toolbar-separator"></span>
            <LangChoice/>
            <ThemeChoice/>
            <IconButton
                icon="keyboard"
                label=named(text("Keyboard shortcuts (?)", "キーボード ショートカット (?)"))
                on_press=move || session.dialog().set(Some(Dialog::Shortcuts))
            />
            <span class="toolbar-separator"></span>
            <button
                type="button"
                class="button"
                aria-haspopup="dialog"
                aria-label=say(text("Share", "共有"))
                on:click=move |_| session.dialog().set(Some(Dialog::Share))
            >
                <Icon name="share"/>
                <span class="button-label-optional">{say(text("Share", "共有"))}</span>
            </button>
            <button
                type="button"
                class="button"
                data-variant="primary"
                aria-haspopup="dialog"
                on:click=move |_| session.dialog().set(Some(Dialog::Export))
            >
                <Icon name="export"/>
                {say(text("Export", "エクスポート"))}
            </button>
        </header>
    }
}

/// Every action by section.
#[component]
fn MainMenu() -> impl IntoView {
    let items = move |open: RwSignal<bool>| {
        Section::ALL
            .map(|section| {
                view! {
                    <MenuSection section=section listed=|_, _| true close=move || open.set(false)/>
                }
            })
            .collect_view()
            .into_any()
    };
    view! {
        <Menu icon="menu" label=named(text("Menu", "メニュー")) items=items/>
    }
}

#[component]
fn UndoButton(
    icon: &'static str,
    what: Text,
    keys: &'static str,
    title: Signal<Option<Message>>,
    on_press: impl Fn() + Send + 'static,
) -> impl IntoView {
    let lang = Editor::here().lang();
    let label = Signal::derive(move || {
        let what = what.get(lang.get());
        match title.get() {
            Some(it) => format!("{what}: {} ({keys})", it.render(lang.get())),
            None => format!("{what} ({keys})"),
        }
    });
    view! {
        <IconButton
            icon=icon
            label=label
            disabled=Signal::derive(move || title.get().is_none())
            on_press=on_press
        />
    }
}

/// Whether the work is safe.
#[component]
fn SaveState() -> impl IntoView {
    let editor = Editor::here();
    let saved = editor.session.saved();
    let lang = editor.lang();
    let words = move || match saved.get() {
        Saved::Yes => text("Saved in this browser", "このブラウザーに保存済み"),
        Saved::Untouched => text("From the gallery, unchanged", "ギャラリーから (変更なし)"),
        Saved::Pending => text("Saving…", "保存中…"),
        Saved::Failed(NotSaved::Full) => text(
            "Not saved: the browser's storage is full",
            "保存できません: ブラウザーの保存領域が一杯です",
        ),
        Saved::Failed(NotSaved::TooLarge) => {
            text("Not saved: the design is too large", "保存できません: デザインが大きすぎます")
        }
        Saved::Failed(NotSaved::Forbidden | NotSaved::Overtaken) => text(
            "Not saved: the browser keeps no data for this page",
            "保存できません: このページのデータの保存が許可されていません",
        ),
    };
    let (state, icon) = (
        move || match saved.get() {
            Saved::Yes => "yes",
            Saved::Untouched => "untouched",
            Saved::Pending => "pending",
            Saved::Failed(_) => "failed",
        },
        move || match saved.get() {
            Saved::Yes => "check",
            Saved::Untouched => "info",
            Saved::Pending => "file-save",
            Saved::Failed(_) => "warning",
        },
    );
    view! {
        <span class="save-state" role="status" data-saved=state>
            <Icon name=Signal::derive(icon)/>
            {move || words().get(lang.get())}
        </span>
        <Show when=move || state() == "failed">
            <button type="button" class="button" on:click=move |_| editor.save_file()>
                {say(text("Save as file", "ファイルに保存"))}
            </button>
        </Show>
    }
}
