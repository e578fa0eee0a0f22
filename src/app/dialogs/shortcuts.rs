//! Every key, from the list of actions and from the canvas.

use leptos::prelude::*;

use super::{
    super::{
        actions::ACTIONS,
        say::{named, say},
    },
    Frame,
};
use crate::text::{Text, text};

/// Keys of the canvas itself.
const CANVAS: &[(&str, Text)] = &[
    ("Tab", text("Next resource", "次のリソース")),
    ("Shift+Tab", text("Previous resource", "前のリソース")),
    (
        "Enter, F2",
        text("Settings of the resource, text of the note", "リソースの設定、メモのテキスト"),
    ),
    ("← ↑ ↓ →", text("Move by 1 px", "1 px 移動")),
    ("Shift+← ↑ ↓ →", text("Move by 10 px", "10 px 移動")),
    ("C", text("Connect", "接続")),
    ("V", text("Select", "選択")),
    ("H", text("Pan", "表示位置の移動")),
    ("Space", text("Pan while held", "押している間、表示位置を移動")),
    ("Delete", text("Delete", "削除")),
    ("Esc", text("Let go", "中止、選択の解除")),
    ("Ctrl+Wheel", text("Zoom", "ズーム")),
];

#[component]
pub(super) fn ShortcutsDialog() -> impl IntoView {
    let row = |keys: Vec<&'static str>, title: Text| {
        view! {
            <li>
                <span>{say(title)}</span>
                <span>{keys.into_iter().map(|it| view! { <kbd>{it}</kbd> " " }).collect_view()}</span>
            </li>
        }
    };
    let actions = ACTIONS
        .iter()
        .filter(|it| !it.keys.is_empty())
        .map(|it| row(it.keys.iter().map(|it| it.shown).collect(), it.title))
        .collect_view();
    let canvas = CANVAS.iter().map(|(keys, title)| row(vec![keys], *title)).collect_view();
    view! {
        <Frame title=named(text("Keyboard shortcuts", "キーボード ショートカット")) size="large">
            <div class="dialog-body" tabindex="0">
                <h3 class="section-label">{say(text("Everywhere", "全体"))}</h3>
                <ul class="shortcut-list">{actions}</ul>
                <h3 class="section-label">{say(text("In the drawing", "図の中"))}</h3>
                <ul class="shortcut-list">{canvas}</ul>
            </div>
        </Frame>
    }
}
