//! Select, pan, connect, and a note.

use leptos::prelude::*;

use super::super::{
    actions::ADD_NOTE,
    editor::Editor,
    icon::IconButton,
    say::{named, say},
    session::{SessionStoreFields as _, Tool},
};
use crate::text::{Text, text};

const TOOLS: [(Tool, &str, Text); 3] = [
    (Tool::Select, "select", text("Select (V)", "選択 (V)")),
    (Tool::Hand, "hand", text("Pan (H)", "表示位置の移動 (H)")),
    (Tool::Connect, "connect", text("Connect (C)", "接続 (C)")),
];

#[component]
pub(super) fn ToolControl() -> impl IntoView {
    let editor = Editor::here();
    let tool = editor.session.tool();
    let note = move || format!("{} (T)", say(ADD_NOTE)());
    view! {
        <div class="tool-control" role="toolbar" aria-label=say(text("Tools", "ツール"))>
            {TOOLS
                .map(|(it, icon, label)| {
                    view! {
                        <IconButton
                            icon=icon
                            label=named(label)
                            pressed=Signal::derive(move || tool.get() == it)
                            on_press=move || tool.set(it)
                        />
                    }
                })
                .collect_view()}
            <IconButton
                icon="note"
                label=Signal::derive(note)
                on_press=move || editor.add_note()
            />
        </div>
    }
}
