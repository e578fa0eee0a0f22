//! Settings in sections, as the template groups them.

use leptos::prelude::*;

use super::{
    faults::Faults,
    field_group::{FieldGroup, PathGroup},
};
use crate::{kinds::setting::Field, text::text};

type Section = (&'static str, Vec<&'static Field>);

/// Fields by themselves, and fields that share the first member of their path in the template.
fn split(fields: &[&'static Field]) -> (Vec<&'static Field>, Vec<Section>) {
    let member = |it: &Field| it.key.split_once('.').map(|it| it.0);
    let mut plain = Vec::new();
    let mut groups: Vec<Section> = Vec::new();
    for field in fields {
        let shared = member(field)
            .filter(|path| fields.iter().filter(|it| member(it) == Some(*path)).nth(1).is_some());
        match shared.and_then(|path| field.key.get(..path.len())) {
            None => plain.push(*field),
            Some(path) => match groups.iter_mut().find(|it| it.0 == path) {
                Some(group) => group.1.push(field),
                None => groups.push((path, vec![field])),
            },
        }
    }
    (plain, groups)
}

/// A row for each field, in sections; those in which nothing was changed are folded.
pub(super) fn sections(
    fields: Vec<&'static Field>,
    faults: Faults,
    changed: impl Fn(&str) -> bool + Copy + Send + Sync + 'static,
    row: impl Fn(&'static Field) -> AnyView + Copy,
) -> AnyView {
    let (plain, groups) = split(&fields);
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
            let changed = Memo::new(move |_| keys.iter().any(|key| changed(key)));
            let rows = fields.into_iter().map(row).collect_view();
            view! {
                <PathGroup path=path changed=changed problem=problem>
                    {rows}
                </PathGroup>
            }
        })
        .collect_view();
    view! {
        {plain}
        {groups}
    }
    .into_any()
}
