//! The design as a link, made on demand, with its length, and as a QR code where it fits into one.

use std::{collections::BTreeMap, fmt::Write as _};

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

use super::{
    super::{
        browser::{clipboard, location},
        editor::Editor,
        icon::Icon,
        say::{named, say},
    },
    Frame,
};
use crate::{
    design::{Design, link},
    text::{Lang, arg, text},
};

fn select_all(event: web_sys::FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(&event).select();
}

/// Empty modules around a code, without which readers do not find it (ISO/IEC 18004).
const QUIET: i32 = 4;

/// Room for a code in the dialog, in px.
const ROOM: i32 = 500;

/// The dark modules of a code as one path, and its side; nothing where the link is too long.
fn modules(link: &str) -> Option<(String, i32)> {
    let code = QrCode::encode_text(link, QrCodeEcc::Low).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    Some((path, code.size() + 2 * QUIET))
}

/// The link of a design, for an app at this address. The short form leaves places to the app that opens it.
fn link_of(design: &Design, short: bool) -> String {
    let fragment = if short {
        link::encode(&Design { layout: BTreeMap::new(), ..design.clone() })
    } else {
        link::encode(design)
    };
    location::address() + &fragment
}

#[component]
pub(super) fn ShareDialog() -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let short = RwSignal::new(false);
    let link = Memo::new(move |_| editor.design.with_untracked(|it| link_of(it, short.get())));
    let length = move || link.with(|it| it.chars().count());
    // Whether it was copied; nothing before the first try.
    let copied = RwSignal::new(None::<bool>);
    let coded = RwSignal::new(false);
    let form = move |label, value: bool| {
        view! {
            <button
                type="button"
                aria-pressed=move || (short.get() == value).to_string()
                on:click=move |_| {
                    short.set(value);
                    copied.set(None);
                }
            >
                {say(label)}
            </button>
        }
    };

    view! {
        <Frame title=named(text("Share this design", "デザインを共有"))>
            <div class="dialog-body">
                <p class="dialog-help">
                    {say(text(
                        "The whole design is in the link. Nothing is uploaded; whoever has the link opens a copy.",
                        "デザイン全体がリンクに含まれます。アップロードはされません。リンクを受け取った人はコピーを開きます。",
                    ))}
                </p>
                <div class="segmented" role="group" aria-label=say(text("Form of the link", "リンクの形式"))>
                    {form(text("With the drawing", "図の配置も含む"), false)}
                    {form(text("Short: places are worked out anew", "短縮: 配置は開くときに自動整列"), true)}
                </div>
                <div class="copy-field">
                    <input
                        type="text"
                        readonly
                        id="share-link"
                        aria-label=say(text("Link to this design", "デザインへのリンク"))
                        prop:value=link
                        on:focus=select_all
                    />
                    <button
                        type="button"
                        class="button"
                        data-variant="primary"
                        on:click=move |_| {
                            clipboard::copy(link.get_untracked(), move |it| copied.set(Some(it)));
                        }
                    >
                        <Icon name="copy"/>
                        {say(text("Copy link", "リンクをコピー"))}
                    </button>
                </div>
                <p class="dialog-status" role="status">
                    {move || match copied.get() {
                        None => "",
                        Some(true) => text("Copied.", "コピーしました。").get(lang.get()),
                        Some(false) => {
                            text(
                                "This browser does not let pages copy; select the link and press Ctrl+C.",
                                "このブラウザーではコピーできません。リンクを選択して Ctrl+C を押してください。",
                            )
                                .get(lang.get())
                        }
                    }}
                </p>
                <p class="note">
                    <Icon name="info"/>
                    <span>
                        {move || {
                            text(
                                "{0} characters. Names and addresses are readable to whoever has it.",
                                "{0} 文字。リンクを持つ人は、リソース名とアドレスを読めます。",
                            )
                                .with([arg(length())])
                                .render(lang.get())
                        }}
                    </span>
                </p>
                {move || advice(editor, length())}
                <button
                    type="button"
                    class="button"
                    aria-expanded=move || coded.get().to_string()
                    on:click=move |_| coded.update(|it| *it = !*it)
                >
                    <Icon name="grid"/>
                    {say(text("QR code", "QR コード"))}
                </button>
                {move || coded.get().then(|| code(&link.get(), lang.get()))}
            </div>
        </Frame>
    }
}

/// What a link of this length meets.
fn advice(editor: Editor, length: usize) -> Option<AnyView> {
    let too_long = length > link::FILE_LIMIT;
    let words = if too_long {
        text(
            "This link is too long for most programs. Save the design as a file instead.",
            "このリンクは多くのプログラムで扱えない長さです。ファイルに保存して送ってください。",
        )
    } else if length > link::CHAT_LIMIT {
        text(
            "Some chat programs cut links of this length. Drawbridge notices when that happened.",
            "この長さのリンクを途中で切るチャット プログラムがあります。切れている場合は開くときにわかります。",
        )
    } else {
        return None;
    };
    let button = too_long.then(|| {
        view! {
            <button type="button" class="button" on:click=move |_| editor.save_file()>
                <Icon name="file-save"/>
                {say(text("Save as file", "ファイルに保存"))}
            </button>
        }
    });
    let note = view! {
        <div class="note" data-problem="warning">
            <Icon name="warning"/>
            <span>{say(words)}</span>
            {button}
        </div>
    };
    Some(note.into_any())
}

/// Black on white in every theme: readers need the contrast.
fn code(link: &str, lang: Lang) -> AnyView {
    let Some((path, side)) = modules(link) else {
        let words = text(
            "This link is too long for a QR code. The short form may fit.",
            "このリンクは QR コードには長すぎます。短縮形式なら入る場合があります。",
        );
        return view! { <p class="dialog-help" role="status">{words.get(lang)}</p> }.into_any();
    };
    let label = text("QR code of the link", "リンクの QR コード").get(lang);
    // Modules of whole pixels: uneven ones cannot be read from every screen.
    let width = side * (ROOM / side).max(2);
    view! {
        <svg
            class="qr-code"
            width=width
            role="img"
            aria-label=label
            viewBox=format!("0 0 {side} {side}")
            shape-rendering="crispEdges"
        >
            <rect width=side height=side fill="#fff"></rect>
            <path d=path fill="#000"></path>
        </svg>
    }
    .into_any()
}
