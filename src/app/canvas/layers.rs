//! Which relations have their lines drawn.

use leptos::prelude::*;

use super::super::{editor::Editor, say::say, session::SessionStoreFields as _};
use crate::{kinds::setting::Relation, text::text};

#[component]
pub(super) fn Layers() -> impl IntoView {
    view! {
        <div class="layers" role="toolbar" aria-label=say(text("Connections shown", "表示する接続"))>
            {Relation::ALL.map(|it| view! { <Layer relation=it/> }).collect_view()}
        </div>
    }
}

#[component]
fn Layer(relation: Relation) -> impl IntoView {
    let editor = Editor::here();
    let hidden = editor.session.hidden();
    let shown = move || hidden.with(|it| !it.contains(&relation));
    view! {
        <button
            type="button"
            class="layer"
            data-relation=relation.slug()
            aria-pressed=move || shown().to_string()
            on:click=move |_| editor.show_layer(relation, !shown())
        >
            <svg class="layer-sample" viewBox="0 0 20 8" aria-hidden="true">
                <path class="edge-line" d="M0 4H20"></path>
            </svg>
            {say(relation.label())}
        </button>
    }
}

impl Editor {
    /// Draws the lines of a relation, or leaves them out.
    pub fn show_layer(self, relation: Relation, shown: bool) {
        let session = self.session;
        session.hidden().update(|it| {
            if shown {
                it.remove(&relation)
            } else {
                it.insert(relation)
            };
        });
        if shown {
            return;
        }
        session.bundle().update(|it| *it = it.filter(|it| it.relation != relation));
        // The keyboard's stop would be on a line that is not there.
        let is_box = |id| self.scene.with_untracked(|it| it.rect(id).is_some());
        if session.focus().get_untracked().is_some_and(|it| !is_box(it)) {
            session.focus().set(None);
        }
    }
}
