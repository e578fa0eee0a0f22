//! Name, container and note: what every resource has.

use leptos::prelude::*;

use super::{
    super::{editor::Editor, say::say},
    field_group::FieldGroup,
    field_row::PlainRow,
};
use crate::{
    design::edit::Edit,
    draw::edits,
    kinds::{self, Form, Kind, ResourceId},
    text::text,
};

#[component]
pub(super) fn Basics(id: ResourceId, kind: Kind) -> impl IntoView {
    if kind.info().form == Form::Note {
        view! { <Words id=id kind=kind/> }.into_any()
    } else {
        view! { <NameAndNote id=id kind=kind/> }.into_any()
    }
}

/// The text of a note, and where it stands.
#[component]
fn Words(id: ResourceId, kind: Kind) -> impl IntoView {
    let editor = Editor::here();
    let resource = editor.resource(id);
    let words =
        move || resource.with(|it| it.as_ref().map(|it| it.name.clone()).unwrap_or_default());
    view! {
        <FieldGroup title=text("Basics", "基本")>
            <PlainRow label=text("Text", "テキスト") id="inspector-name" path="name" stacked=true>
                <textarea
                    id="inspector-name"
                    rows="6"
                    prop:value=words
                    on:change=move |event| {
                        let edit = editor
                            .drawn(|design, scene| {
                                edits::reword(design, scene, id, &event_target_value(&event))
                            });
                        editor.dispatch(edit);
                    }
                ></textarea>
            </PlainRow>
            <Container id=id kind=kind/>
        </FieldGroup>
    }
}

#[component]
fn NameAndNote(id: ResourceId, kind: Kind) -> impl IntoView {
    let editor = Editor::here();
    let resource = editor.resource(id);
    let name =
        move || resource.with(|it| it.as_ref().map(|it| it.name.clone()).unwrap_or_default());
    let note =
        move || resource.with(|it| it.as_ref().map(|it| it.note.clone()).unwrap_or_default());
    let line = matches!(kind.info().form, Form::Edge { .. });

    view! {
        <FieldGroup title=text("Basics", "基本")>
            <PlainRow label=text("Name", "名前") id="inspector-name" path="name">
                <input
                    id="inspector-name"
                    type="text"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=name
                    on:change=move |event| {
                        editor.dispatch(Edit::Rename { id, name: event_target_value(&event) });
                    }
                />
            </PlainRow>
            {(!line).then(|| view! { <Container id=id kind=kind/> })}
            <PlainRow label=text("Note", "メモ") id="inspector-note" path="note" stacked=true>
                <textarea
                    id="inspector-note"
                    rows="2"
                    prop:value=note
                    on:change=move |event| {
                        editor.dispatch(Edit::SetNote { id, note: event_target_value(&event) });
                    }
                ></textarea>
            </PlainRow>
        </FieldGroup>
    }
}

/// What the resource stands in; another choice moves it to a free spot there.
#[component]
fn Container(id: ResourceId, kind: Kind) -> impl IntoView {
    let editor = Editor::here();
    let resource = editor.resource(id);
    let parent = Memo::new(move |_| resource.with(|it| it.as_ref().and_then(|it| it.parent)));
    let places: Memo<Vec<(ResourceId, String)>> = Memo::new(move |_| {
        editor.design.with(|design| {
            let own = design.subtree(id);
            design
                .resources
                .subjects()
                .filter(|it| kinds::may_stand(kind, Some(it.kind())) && !own.contains(&it.id))
                .map(|it| (it.id, it.name().to_owned()))
                .collect()
        })
    });
    let on_canvas = kinds::may_stand(kind, None);
    // A resource in a place where it may not be must still show where it is.
    let astray = move || {
        parent.get().is_some_and(|it| !places.with(|all| all.iter().any(|place| place.0 == it)))
    };
    let moved = move |event| {
        let parent = event_target_value(&event).parse().ok().map(ResourceId);
        let edit = editor.drawn(|design, scene| edits::rehome(design, scene, id, parent));
        editor.dispatch_aloud(edit);
    };
    view! {
        <PlainRow label=text("Stands in", "配置先") id="inspector-parent" path="parent">
            <select id="inspector-parent" on:change=moved>
                {(on_canvas || parent.get_untracked().is_none())
                    .then(|| {
                        view! {
                            <option value="" selected=move || parent.get().is_none()>
                                {say(text("The empty canvas", "キャンバスの余白"))}
                            </option>
                        }
                    })}
                {move || {
                    astray()
                        .then(|| {
                            view! {
                                <option value="" selected=true>
                                    {parent.get().map(|it| editor.name_of(it))}
                                </option>
                            }
                        })
                }}
                <For each=move || places.get() key=Clone::clone let(it)>
                    <option value=it.0.0.to_string() selected=move || parent.get() == Some(it.0)>
                        {it.1.clone()}
                    </option>
                </For>
            </select>
        </PlainRow>
    }
}
