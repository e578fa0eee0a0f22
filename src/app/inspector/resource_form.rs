//! One resource: header, problems, sections, what one does with it.

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
    basics::Basics,
    connections::Connections,
    faults::Faults,
    field_group::{FieldGroup, PathGroup},
    field_row::FieldRow,
    tags::Tags,
};
use crate::{
    design::{addresses::network_of, edit::Edit},
    kinds::{Kind, ResourceId, setting::Field},
    report::may_have_endpoint,
    text::text,
};

type Section = (&'static str, Vec<&'static Field>);

/// Fields by themselves, and fields that share the first member of their path in the template.
fn sections(fields: &'static [Field]) -> (Vec<&'static Field>, Vec<Section>) {
    let member = |it: &Field| it.key.split_once('.').map(|it| it.0);
    let mut plain = Vec::new();
    let mut groups: Vec<Section> = Vec::new();
    for field in fields {
        let shared = member(field)
            .filter(|path| fields.iter().filter(|it| member(it) == Some(*path)).nth(1).is_some());
        match shared.and_then(|path| field.key.get(..path.len())) {
            None => plain.push(field),
            Some(path) => match groups.iter_mut().find(|it| it.0 == path) {
                Some(group) => group.1.push(field),
                None => groups.push((path, vec![field])),
            },
        }
    }
    (plain, groups)
}

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
    let row = move |field: &'static Field| {
        let value = Signal::derive(move || {
            resource.with(|it| it.as_ref().map_or(Value::Null, |it| it.value(field)))
        });
        let set = Callback::new(move |value| {
            editor.dispatch(Edit::Set { id, key: field.key.to_owned(), value });
        });
        view! { <FieldRow field=field path=field.key value=value on_set=set/> }
    };
    let (plain, groups) = sections(info.fields);
    let plain = (!plain.is_empty()).then(|| {
        let rows = plain.into_iter().map(row).collect_view();
        view! { <FieldGroup title=text("Settings", "設定")>{rows}</FieldGroup> }
    });
    let groups = groups
        .into_iter()
        .map(|(path, fields)| {
            let keys: Vec<&'static str> = fields.iter().map(|it| it.key).collect();
            let problem = {
                let keys = keys.clone();
                Memo::new(move |_| keys.iter().filter_map(|it| faults.worst(it)).min())
            };
            let changed = Memo::new(move |_| {
                resource.with(|it| {
                    it.as_ref()
                        .is_some_and(|it| keys.iter().any(|key| it.settings.contains_key(*key)))
                })
            });
            let rows = fields.into_iter().map(row).collect_view();
            view! {
                <PathGroup path=path changed=changed problem=problem>
                    {rows}
                </PathGroup>
            }
        })
        .collect_view();

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
                {say(info.help)} " " <Source source=info.source/> " "
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
            {plain}
            {groups}
            <Connections id=id/>
            <Tags id=id/>
            <footer class="inspector-footer">
                {quick_actions(editor, id)}
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
