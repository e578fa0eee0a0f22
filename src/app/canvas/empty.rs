//! Says what to do while nothing is drawn.

use leptos::prelude::*;

use super::super::{editor::Editor, icon::Icon, say::say};
use crate::text::text;

#[component]
pub(super) fn Empty() -> impl IntoView {
    let editor = Editor::here();
    let empty = Memo::new(move |_| editor.scene.with(|it| it.order.is_empty()));
    view! {
        <Show when=move || empty.get()>
            <div class="canvas-empty">
                <div class="empty">
                    <Icon name="grid"/>
                    <p class="empty-title">{say(text("Nothing is drawn yet", "まだ何も描かれていません"))}</p>
                    <p>
                        {say(text(
                            "Drag a resource group from the list on the left, or choose it with Enter.",
                            "左の一覧からリソース グループをドラッグするか、Enter キーで配置してください。",
                        ))}
                    </p>
                </div>
            </div>
        </Show>
    }
}
