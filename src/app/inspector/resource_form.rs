//! One resource: header, problems, sections, what one does with it.

use leptos::prelude::*;

use super::{
    super::{
        editor::Editor,
        icon::{Icon, KindIcon},
        report::source::Source,
        say::{say, tell},
    },
    basics::Basics,
    connections::Connections,
    faults::Faults,
    field_group::FieldGroup,
    field_row::FieldRow,
    tags::Tags,
};
use crate::{
    design::edit::Edit,
    kinds::{Kind, ResourceId},
    text::text,
};

#[component]
pub(super) fn ResourceForm(id: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let faults = Faults::new(editor, id);
    provide_context(faults);
    let resource = editor.resource(id);
    let kind = resource.get_untracked().map_or(Kind::Other, |it| it.kind);
    let info = kind.info();
    let name = move || resource.with(|it| it.as_ref().map(|it| it.name.clone()));
    let shown: Vec<&str> = info.fields.iter().map(|it| it.key).chain(["name", "parent"]).collect();
    let fields = info
        .fields
        .iter()
        .map(|field| {
            let value = Signal::derive(move || {
                resource
                    .with(|it| it.as_ref().map_or(serde_json::Value::Null, |it| it.value(field)))
            });
            let set = Callback::new(move |value| {
                editor.dispatch(Edit::Set { id, key: field.key.to_owned(), value });
            });
            view! { <FieldRow field=field path=field.key value=value on_set=set/> }
        })
        .collect_view();
    let settings = (!info.fields.is_empty()).then(|| {
        view! { <FieldGroup title=text("Settings", "設定")>{fields}</FieldGroup> }
    });

    view! {
        <div class="inspector">
            <header class="inspector-header">
                <KindIcon kind=kind/>
                <div class="inspector-heading">
                    <h2 class="inspector-name">{name}</h2>
                    <p class="inspector-kind">{say(info.label)}</p>
                    {info.arm_type.map(|it| view! { <p class="inspector-type">{it}</p> })}
                </div>
            </header>
            <p class="inspector-help">
                {say(info.help)} " " <Source source=info.source/>
            </p>
            <div class="inspector-problems" hidden=move || faults.beside(&shown).is_empty()>
                {
                    let shown: Vec<&str> =
                        info.fields.iter().map(|it| it.key).chain(["name", "parent"]).collect();
                    move || {
                        faults
                            .beside(&shown)
                            .into_iter()
                            .map(|(severity, text)| {
                                view! {
                                    <p class="field-problem" data-problem=severity.slug()>
                                        <Icon name=severity.slug()/>
                                        <span>{tell(text)}</span>
                                    </p>
                                }
                            })
                            .collect_view()
                    }
                }
            </div>
            <Basics id=id kind=kind/>
            {settings}
            <Connections id=id/>
            <Tags id=id/>
            <footer class="inspector-footer">
                <button type="button" class="button" on:click=move |_| editor.duplicate_selection()>
                    <Icon name="copy"/>
                    {say(text("Duplicate", "複製"))}
                </button>
                <button
                    type="button"
                    class="button"
                    data-variant="danger"
                    on:click=move |_| editor.delete_selection()
                >
                    <Icon name="delete"/>
                    {say(text("Delete", "削除"))}
                </button>
            </footer>
        </div>
    }
}
