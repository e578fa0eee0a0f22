//! What a resource is connected with, each a way to the other end.

use leptos::prelude::*;

use super::{
    super::{editor::Editor, say::say},
    field_group::FieldGroup,
};
use crate::{
    kinds::{ResourceId, setting::Relation},
    text::{Text, text},
};

fn word(it: Relation) -> Text {
    match it {
        Relation::Network => text("Network", "ネットワーク"),
        Relation::PrivateLink => text("Private link", "プライベート リンク"),
        Relation::Identity => text("Identity", "ID"),
        Relation::Data => text("Data", "データ"),
    }
}

#[component]
pub(super) fn Connections(id: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let all = Memo::new(move |_| {
        editor.scene.with(|scene| {
            scene
                .lines
                .iter()
                .map(|it| it.id)
                .filter(|it| it.from == id || it.to == id)
                .collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || !all.with(Vec::is_empty)>
            <FieldGroup title=text("Connections", "接続")>
                <ul class="connection-list">
                    <For each=move || all.get() key=|it| *it let(line)>
                        {
                            let other = if line.from == id { line.to } else { line.from };
                            // A line that is a resource has settings of its own.
                            let goal = line.resource.unwrap_or(other);
                            let other = editor.resource(other);
                            let own = line.resource.map(|it| editor.resource(it));
                            view! {
                                <li class="connection" data-relation=line.relation.slug()>
                                    <span class="connection-relation">
                                        {if line.from == id { "→ " } else { "← " }}
                                        {say(word(line.relation))}
                                    </span>
                                    <button
                                        type="button"
                                        class="reference"
                                        on:click=move |_| editor.show_resource(goal)
                                    >
                                        {move || {
                                            let name = other
                                                .with(|it| it.as_ref().map(|it| it.name.clone()))
                                                .unwrap_or_default();
                                            match own.and_then(|it| it.get()) {
                                                Some(own) => format!("{name} ({})", own.name),
                                                None => name,
                                            }
                                        }}
                                    </button>
                                </li>
                            }
                        }
                    </For>
                </ul>
            </FieldGroup>
        </Show>
    }
}
