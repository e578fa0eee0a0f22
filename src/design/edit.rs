//! Edits: the only way a design changes. Each is pure, checked, and one step of undo.

use std::sync::Arc;

use serde_json::Value;

use super::{Design, Place, file};
use crate::{
    kinds::{self, Form, Kind, Resource, ResourceId, setting::Settings},
    text::{Message, Text, arg, text},
};

/// One step of work.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Puts a new resource into the design. It gets [`Design::next_id`] unless it brings a number.
    Add {
        id: Option<ResourceId>,
        kind: Kind,
        name: String,
        parent: Option<ResourceId>,
        settings: Settings,
        place: Option<Place>,
    },
    /// Takes resources out, with all that stands in them, with the edges that end at them, and
    /// empties the references to them.
    Remove(Vec<ResourceId>),
    Rename {
        id: ResourceId,
        name: String,
    },
    /// Sets one setting by its key; `Null` goes back to the default.
    Set {
        id: ResourceId,
        key: String,
        value: Value,
    },
    /// Adds one item to the end of a list; where the list has it already, nothing changes.
    AddItem {
        id: ResourceId,
        key: String,
        item: Value,
    },
    SetNote {
        id: ResourceId,
        note: String,
    },
    /// An empty value takes the tag away.
    SetTag {
        id: ResourceId,
        tag: String,
        value: String,
    },
    /// Moves or resizes boxes.
    Arrange(Vec<(ResourceId, Place)>),
    /// Keeps resources from being moved and deleted, or lets them go again.
    SetLocked {
        ids: Vec<ResourceId>,
        locked: bool,
    },
    /// Puts a resource into another, or on the empty canvas.
    Reparent {
        id: ResourceId,
        parent: Option<ResourceId>,
        place: Option<Place>,
    },
    SetTitle(String),
    SetDescription(String),
    /// Several edits as one step, with the words that the undo menu shows.
    Batch(Message, Vec<Edit>),
}

/// Why an edit cannot be made. The design stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditError(pub Message);

impl Edit {
    /// What the undo menu calls it.
    pub fn title(&self) -> Message {
        match self {
            Edit::Add { kind, .. } => {
                text("Add {0}", "{0} の追加").with([kind.info().label.into()])
            }
            Edit::Remove(_) => text("Delete", "削除").into(),
            Edit::Rename { .. } => text("Rename", "名前の変更").into(),
            Edit::Set { key, .. } | Edit::AddItem { key, .. } => {
                text("Change {0}", "{0} の変更").with([arg(key)])
            }
            Edit::SetNote { .. } => text("Change note", "メモの変更").into(),
            Edit::SetTag { .. } => text("Change tag", "タグの変更").into(),
            Edit::Arrange(_) => text("Move", "移動").into(),
            Edit::SetLocked { locked: true, .. } => text("Lock", "ロック").into(),
            Edit::SetLocked { .. } => text("Unlock", "ロック解除").into(),
            Edit::Reparent { .. } => text("Move into", "別の場所への移動").into(),
            Edit::SetTitle(_) => text("Rename design", "デザイン名の変更").into(),
            Edit::SetDescription(_) => text("Change description", "説明の変更").into(),
            Edit::Batch(title, _) => title.clone(),
        }
    }
}

/// The design after `edit`.
pub fn apply(design: &Design, edit: &Edit) -> Result<Design, EditError> {
    let mut design = design.clone();
    change(&mut design, edit)?;
    Ok(design)
}

fn change(design: &mut Design, edit: &Edit) -> Result<(), EditError> {
    match edit {
        Edit::Add { id, kind, name, parent, settings, place } => {
            let id = id.unwrap_or_else(|| design.next_id());
            if design.get(id).is_some() {
                return fail(
                    text("there already is a resource {0}", "リソース {0} は既にあります"),
                    id.0,
                );
            }
            check_place(design, *kind, *parent)?;
            check_name(*kind, name)?;
            let mut it = Resource::new(*kind, name.clone(), *parent);
            it.settings.clone_from(settings);
            design.resources.0.insert(id, Arc::new(it));
            if let (Some(place), false) = (place, is_edge(*kind)) {
                design.layout.insert(id, *place);
            }
        }
        Edit::Remove(ids) => remove(design, ids)?,
        Edit::Rename { id, name } => {
            let it = resource(design, *id)?;
            check_name(it.kind, name)?;
            it.name.clone_from(name);
        }
        Edit::Set { id, key, value } => {
            let it = resource(design, *id)?;
            if !it.kind.info().fields.iter().any(|field| field.key == key) {
                return Err(EditError(
                    text("{0} has no setting {1}", "{0} に設定 {1} はありません")
                        .with([it.kind.info().label.into(), arg(key)]),
                ));
            }
            if value.is_null() {
                it.settings.shift_remove(key);
            } else {
                it.settings.insert(key.clone(), value.clone());
            }
        }
        Edit::AddItem { id, key, item } => {
            let it = design.resources.subject(*id).ok_or_else(|| missing(*id))?;
            let has = it.info().fields.iter().any(|field| field.key == key);
            let value = it.with_item(key, item.clone());
            // A setting that is none is refused as for any other edit.
            if let Some(value) = value.or_else(|| (!has).then(|| item.clone())) {
                change(design, &Edit::Set { id: *id, key: key.clone(), value })?;
            }
        }
        Edit::SetNote { id, note } => resource(design, *id)?.note.clone_from(note),
        Edit::SetTag { id, tag, value } => {
            let it = resource(design, *id)?;
            if value.is_empty() {
                it.tags.remove(tag);
            } else {
                it.tags.insert(tag.clone(), value.clone());
            }
        }
        Edit::Arrange(places) => {
            for (id, place) in places {
                // The record stays the same one: a move changes nothing that a verdict is made of.
                design.get(*id).ok_or_else(|| missing(*id))?;
                // A first place is where it is drawn already.
                if design.layout.get(id).is_some_and(|it| it != place) {
                    check_free(design, *id)?;
                }
                design.layout.insert(*id, *place);
            }
        }
        Edit::SetLocked { ids, locked } => {
            for id in ids {
                design.get(*id).ok_or_else(|| missing(*id))?;
                if *locked {
                    design.locked.insert(*id);
                } else {
                    design.locked.remove(id);
                }
            }
        }
        Edit::Reparent { id, parent, place } => {
            let kind = resource(design, *id)?.kind;
            check_free(design, *id)?;
            check_place(design, kind, *parent)?;
            if parent.is_some_and(|it| design.subtree(*id).contains(&it)) {
                return Err(EditError(
                    text(
                        "a resource cannot stand in itself",
                        "リソースを自分自身の中には置けません",
                    )
                    .into(),
                ));
            }
            resource(design, *id)?.parent = *parent;
            if let Some(place) = place {
                design.layout.insert(*id, *place);
            }
        }
        Edit::SetTitle(name) => design.name.clone_from(name),
        Edit::SetDescription(it) => design.description.clone_from(it),
        Edit::Batch(_, edits) => edits.iter().try_for_each(|it| change(design, it))?,
    }
    Ok(())
}

fn is_edge(kind: Kind) -> bool {
    matches!(kind.info().form, Form::Edge { .. })
}

fn fail(text: Text, n: u32) -> Result<(), EditError> {
    Err(EditError(text.with([arg(n)])))
}

fn resource(design: &mut Design, id: ResourceId) -> Result<&mut Resource, EditError> {
    design.resources.0.get_mut(&id).map(Arc::make_mut).ok_or_else(|| missing(id))
}

fn missing(id: ResourceId) -> EditError {
    EditError(text("there is no resource {0}", "リソース {0} はありません").with([arg(id.0)]))
}

/// What is locked stays.
fn check_free(design: &Design, id: ResourceId) -> Result<(), EditError> {
    if !design.locked.contains(&id) {
        return Ok(());
    }
    let name = design.get(id).map_or("?", |it| it.name.as_str());
    Err(EditError(
        text(
            "{0} is locked in the drawing; unlock it first",
            "{0} は図の中でロックされています。先にロックを解除してください",
        )
        .with([arg(name)]),
    ))
}

/// A file or link with a longer name would be refused.
fn check_name(kind: Kind, name: &str) -> Result<(), EditError> {
    if !file::is_longer(name, file::MAX_NAME) {
        return Ok(());
    }
    let text = if kind == Kind::Note {
        text(
            "a note has at most {0} characters, and this one has {1}; shorten it or make two of it",
            "メモは {0} 文字までですが、{1} 文字あります。短くするか、2 つに分けてください",
        )
    } else {
        text(
            "a name has at most {0} characters, and this one has {1}; shorten it",
            "名前は {0} 文字までですが、{1} 文字あります。短くしてください",
        )
    };
    Err(EditError(text.with([arg(file::MAX_NAME), arg(name.chars().count())])))
}

fn check_place(design: &Design, kind: Kind, parent: Option<ResourceId>) -> Result<(), EditError> {
    let within = match parent {
        None => None,
        Some(id) => Some(
            design
                .get(id)
                .ok_or_else(|| {
                    EditError(
                        text("there is no resource {0}", "リソース {0} はありません")
                            .with([arg(id.0)]),
                    )
                })?
                .kind,
        ),
    };
    if kinds::may_stand(kind, within) {
        return Ok(());
    }
    let place =
        within.map_or(text("the empty canvas", "キャンバスの余白"), |it| it.info().label);
    Err(EditError(
        text("{0} cannot stand in {1}", "{0} は {1} に置けません")
            .with([kind.info().label.into(), place.into()]),
    ))
}

fn remove(design: &mut Design, ids: &[ResourceId]) -> Result<(), EditError> {
    let mut gone = std::collections::BTreeSet::new();
    for id in ids {
        resource(design, *id)?;
        gone.extend(design.subtree(*id));
    }
    // A line without one of its ends means nothing, so it goes too.
    loop {
        let more: Vec<ResourceId> = design
            .resources
            .subjects()
            .filter(|it| !gone.contains(&it.id))
            .filter(|it| match it.info().form {
                Form::Edge { from, to } => it.references().iter().any(|(field, target)| {
                    (field.key == from || field.key == to) && gone.contains(target)
                }),
                _ => false,
            })
            .map(|it| it.id)
            .collect();
        if more.is_empty() {
            break;
        }
        gone.extend(more);
    }
    for id in &gone {
        check_free(design, *id)?;
    }
    for id in &gone {
        design.resources.0.remove(id);
        design.layout.remove(id);
    }
    let holders: Vec<ResourceId> = design
        .resources
        .subjects()
        .filter(|it| it.references().iter().any(|(_, target)| gone.contains(target)))
        .map(|it| it.id)
        .collect();
    for id in holders {
        let it = resource(design, id)?;
        for field in it.kind.info().fields {
            if let Some(value) = it.settings.get_mut(field.key) {
                kinds::setting::forget(&field.shape, value, &|it| gone.contains(&it));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    #[test]
    fn an_item_is_added_once_and_to_lists_that_there_are() {
        let (it, subnet) = Sketch::subnet();
        let mut design = Design { resources: it.all().clone(), ..Design::default() };
        let add = |id, key: &str| Edit::AddItem {
            id,
            key: key.to_owned(),
            item: json!("Microsoft.Storage"),
        };
        for _ in 0..2 {
            design = apply(&design, &add(subnet, "serviceEndpoints")).unwrap();
            let list = &design.get(subnet).unwrap().settings["serviceEndpoints"];
            assert_eq!(*list, json!(["Microsoft.Storage"]));
        }
        assert!(apply(&design, &add(subnet, "serviceEnds")).is_err());
        assert!(apply(&design, &add(ResourceId(99), "serviceEndpoints")).is_err());
    }
}
