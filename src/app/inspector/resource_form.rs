//! One resource: header, problems, sections, what one does with it.

use std::collections::BTreeSet;

use leptos::prelude::*;
use serde_json::Value;

use super::{
    super::{
        editor::Editor,
        icon::{Icon, KindIcon},
        report::source::{Source, address},
        say::{say, tell},
        session::{Dialog, SessionStoreFields as _},
    },
    Footer,
    basics::Basics,
    connections::Connections,
    faults::Faults,
    field_row::FieldRow,
    sections::sections,
    tags::Tags,
};
use crate::{
    design::{addresses::network_of, edit::Edit},
    kinds::{Form, Kind, ResourceId, setting::Field},
    report::may_have_endpoint,
    text::text,
};

#[component]
pub(super) fn ResourceForm(id: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let faults = Faults::new(editor, BTreeSet::from([id]));
    provide_context(faults);
    let resource = editor.resource(id);
    let kind = resource.get_untracked().map_or(Kind::Other, |it| it.kind);
    // For the pages of its settings.
    provide_context(kind);
    let info = kind.info();
    let note = info.form == Form::Note;
    let name = move || resource.with(|it| it.as_ref().map(|it| it.name.clone()));
    let shown: Vec<&str> = info.fields.iter().map(|it| it.key).chain(["name", "parent"]).collect();
    let row = move |field: &'static Field| {
        let value = Signal::derive(move || {
            resource.with(|it| it.as_ref().map_or(Value::Null, |it| it.value(field).into_owned()))
        });
        let set = Callback::new(move |value| {
            editor.dispatch(Edit::Set { id, key: field.key.to_owned(), value });
        });
        view! { <FieldRow field=field path=field.key value=value on_set=set/> }.into_any()
    };
    let changed = move |key: &str| {
        resource.with(|it| it.as_ref().is_some_and(|it| it.settings.contains_key(key)))
    };
    let rows = sections(info.fields.iter().collect(), faults, changed, row);

    view! {
        <div class="inspector">
            <header class="inspector-header">
                <KindIcon kind=kind/>
                <div class="inspector-heading">
                    {(!note).then(|| view! { <h2 class="inspector-name">{name}</h2> })}
                    {if note {
                        view! { <h2 class="inspector-name">{say(info.label)}</h2> }.into_any()
                    } else {
                        view! { <p class="inspector-kind">{say(info.label)}</p> }.into_any()
                    }}
                    {info.arm_type.map(|it| view! { <p class="inspector-type">{it}</p> })}
                </div>
            </header>
            <p class="inspector-help">
                {say(info.help)} " " {(!note).then(|| view! { <Source source=info.source/> })} " "
                {info.arm_type.map(|it| view! { <SettingsSource arm_type=it/> })}
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
            {rows}
            {(!note)
                .then(|| {
                    view! {
                        <Connections id=id/>
                        <Tags ids=BTreeSet::from([id])/>
                    }
                })}
            <Footer>{quick_actions(editor, id)}</Footer>
        </div>
    }
}

/// The page on which Azure explains every setting of a type, under the paths that stand here.
#[component]
fn SettingsSource(arm_type: &'static str) -> impl IntoView {
    let lang = Editor::here().lang();
    let page = format!("templates/{}", arm_type.to_lowercase());
    view! {
        <a
            class="source"
            href=move || address(&page, lang.get())
            target="_blank"
            rel="noopener noreferrer"
        >
            {say(text("All settings", "すべての設定"))}
            <Icon name="external-link"/>
        </a>
    }
    .into_any()
}

/// What this resource is often given next. Whether it can be does not change while its settings are shown.
fn quick_actions(editor: Editor, id: ResourceId) -> AnyView {
    let (endpoint, network) = editor.design.with_untracked(|it| {
        let network = network_of(&it.resources, id) == Some(id);
        (may_have_endpoint(it, id), network)
    });
    view! {
        {endpoint
            .then(|| {
                view! {
                    <button type="button" class="button" on:click=move |_| editor.add_endpoint()>
                        <Icon name="link"/>
                        {say(text("Add a private endpoint…", "プライベート エンドポイントを追加…"))}
                    </button>
                }
            })}
        {network
            .then(|| {
                view! {
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| editor.session.dialog().set(Some(Dialog::Addresses(id)))
                    >
                        <Icon name="grid"/>
                        {say(text("Plan addresses…", "アドレス計画…"))}
                    </button>
                }
            })}
    }
    .into_any()
}
