//! ARM tags: names and values.

use std::collections::BTreeSet;

use leptos::{html::Input, prelude::*};

use super::{
    super::{
        editor::Editor,
        icon::{Icon, IconButton},
        say::{named, say},
    },
    field_group::FieldGroup,
};
use crate::{design::edit::Edit, kinds::ResourceId, text::text};

#[component]
pub(super) fn Tags(ids: BTreeSet<ResourceId>) -> impl IntoView {
    let editor = Editor::here();
    let ids = StoredValue::new(ids);
    // Those that all have, with the same value.
    let tags: Memo<Vec<(String, String)>> = Memo::new(move |_| {
        editor.design.with(|design| {
            ids.with_value(|ids| {
                let mut all = ids.iter().filter_map(|it| design.get(*it)).map(|it| &it.tags);
                let mut shared = all.next().cloned().unwrap_or_default();
                for tags in all {
                    shared.retain(|tag, value| tags.get(tag) == Some(value));
                }
                shared.into_iter().collect()
            })
        })
    });
    let set = move |tag: String, value: String| {
        let one =
            |id: &ResourceId| Edit::SetTag { id: *id, tag: tag.clone(), value: value.clone() };
        editor.dispatch_each(ids.with_value(|ids| ids.iter().map(one).collect()));
    };
    let (new_tag, new_value): (NodeRef<Input>, NodeRef<Input>) = (NodeRef::new(), NodeRef::new());
    let add = move || {
        let (Some(tag), Some(value)) = (new_tag.get_untracked(), new_value.get_untracked()) else {
            return;
        };
        if !tag.value().is_empty() && !value.value().is_empty() {
            set(tag.value(), value.value());
            tag.set_value("");
            value.set_value("");
        }
    };

    view! {
        <FieldGroup title=text("Tags", "タグ") open=false>
            <ul class="value-list">
                <For each=move || tags.get() key=Clone::clone let(it)>
                    {
                        let (tag, value) = it;
                        let (changed, gone) = (tag.clone(), tag.clone());
                        view! {
                            <li class="value-list-item">
                                <span class="tag-name">{tag.clone()}</span>
                                <input
                                    type="text"
                                    aria-label=tag
                                    prop:value=value
                                    on:change=move |event| {
                                        set(changed.clone(), event_target_value(&event));
                                    }
                                />
                                <IconButton
                                    icon="delete"
                                    label=named(text("Remove", "削除"))
                                    small=true
                                    tooltip_side="end"
                                    on_press=move || set(gone.clone(), String::new())
                                />
                            </li>
                        }
                    }
                </For>
                <li class="value-list-item">
                    <input
                        type="text"
                        node_ref=new_tag
                        aria-label=say(text("Name of a new tag", "新しいタグの名前"))
                        placeholder=say(text("Name", "名前"))
                    />
                    <input
                        type="text"
                        node_ref=new_value
                        aria-label=say(text("Value of a new tag", "新しいタグの値"))
                        placeholder=say(text("Value", "値"))
                    />
                    <IconButton
                        icon="add"
                        label=named(text("Add tag", "タグを追加"))
                        small=true
                        tooltip_side="end"
                        on_press=add
                    />
                </li>
            </ul>
            <Show when=move || tags.with(Vec::is_empty)>
                <p class="field-help">
                    <Icon name="info"/>
                    {say(text(
                        "Tags are written into the templates.",
                        "タグはテンプレートに出力されます。",
                    ))}
                </p>
            </Show>
        </FieldGroup>
    }
}
