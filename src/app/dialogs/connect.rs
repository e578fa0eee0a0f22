//! Several ways to connect two resources: one is chosen.

use leptos::prelude::*;

use super::{
    super::{
        editor::Editor,
        icon::Icon,
        say::{named, say, tell},
        session::SessionStoreFields as _,
    },
    Frame,
};
use crate::{draw::edits, kinds::ResourceId, text::text};

#[component]
pub(super) fn ConnectDialog(from: ResourceId, to: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let ways = editor.design.with_untracked(|it| edits::connections(it, from, to));
    let ways = ways
        .into_iter()
        .map(|way| {
            let title = way.title.clone();
            view! {
                <li>
                    <button
                        type="button"
                        class="menu-item"
                        on:click=move |_| {
                            editor.session.dialog().set(None);
                            editor.make(way.clone());
                        }
                    >
                        <Icon name="connect"/>
                        <span class="menu-item-label">{tell(title)}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! {
        <Frame title=named(text("How to connect them?", "接続方法を選択")) size="small">
            <div class="dialog-body">
                <p class="dialog-help">
                    {say(text(
                        "There are several ways to connect these two resources.",
                        "この 2 つのリソースを接続する方法は複数あります。",
                    ))}
                </p>
                <ul class="way-list">{ways}</ul>
            </div>
        </Frame>
    }
}
