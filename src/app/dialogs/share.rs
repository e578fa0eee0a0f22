//! The design as a link, made on demand, with its length.

use leptos::prelude::*;

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
    design::link,
    text::{arg, text},
};

fn select_all(event: web_sys::FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(&event).select();
}

#[component]
pub(super) fn ShareDialog() -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let link = editor.design.with_untracked(|it| location::address() + &link::encode(it));
    let length = link.chars().count();
    // Whether it was copied; nothing before the first try.
    let copied = RwSignal::new(None::<bool>);
    let text_to_copy = link.clone();
    let advice = if length > link::FILE_LIMIT {
        Some(text(
            "This link is too long for most programs. Save the design as a file instead.",
            "このリンクは多くのプログラムで扱えない長さです。ファイルに保存して送ってください。",
        ))
    } else if length > link::CHAT_LIMIT {
        Some(text(
            "Some chat programs cut links of this length. Drawbridge notices when that happened.",
            "この長さのリンクを途中で切るチャット プログラムがあります。切れている場合は開くときにわかります。",
        ))
    } else {
        None
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
                            clipboard::copy(text_to_copy.clone(), move |it| copied.set(Some(it)));
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
                                .with([arg(length)])
                                .render(lang.get())
                        }}
                    </span>
                </p>
                {advice
                    .map(|it| {
                        view! {
                            <p class="note" data-problem="warning">
                                <Icon name="warning"/>
                                <span>{say(it)}</span>
                            </p>
                        }
                    })}
            </div>
        </Frame>
    }
}
