//! A role assignment that gives what the same principal has already, there or from above.
//!
//! Azure docs: "Understand scope for Azure RBAC" (role-based-access-control/scope-overview): roles are
//! inherited by all scopes below; a second assignment at the same scope is refused
//! (role-based-access-control/troubleshooting, role assignment exists).

use std::{collections::BTreeMap, sync::Arc};

use super::{Context, Finding, Lint, Severity};
use crate::{
    design::edit::Edit,
    kinds::{Kind, ResourceId, Subject, role_assignment::RoleAssignment},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "role_assigned_twice",
    severity: Severity::Info,
    title: text("Role assigned twice", "ロールの重複した割り当て"),
    find,
    source: "role-based-access-control/scope-overview",
};

/// Who gets which role; a custom role is told by its number.
type Key = (ResourceId, Result<ResourceId, String>);

/// An assignment with its settings.
type Given<'a> = (Subject<'a>, Arc<RoleAssignment>);

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut given: BTreeMap<(Key, ResourceId), Vec<Given<'_>>> = BTreeMap::new();
    let mut rows = Vec::new();
    for it in context.resources.of(Kind::RoleAssignment) {
        let own = RoleAssignment::of(it);
        let (Some(who), Some(scope)) = (own.principal, it.follow(own.scope)) else { continue };
        let role = match (own.custom_role, own.role.id()) {
            (Some(role), _) => Ok(role.0),
            (None, Some(role)) => Err(role),
            (None, None) => continue,
        };
        let key = (who.0, role);
        given.entry((key.clone(), scope.id)).or_default().push((it, Arc::clone(&own)));
        rows.push((it, own, key, scope));
    }
    let mut all = Vec::new();
    for (it, own, key, scope) in rows {
        // A condition above takes rights away, so only the same one gives as much.
        let enough = |other: &RoleAssignment| {
            let text = |it: &RoleAssignment| it.condition.as_ref().map(|it| it.0.clone());
            other.condition.is_none() || text(other) == text(&own)
        };
        let other = std::iter::once(scope).chain(scope.ancestors()).find_map(|place| {
            let all = given.get(&(key.clone(), place.id))?;
            let found = all.iter().find(|(other, settings)| {
                if place.id == scope.id { other.id < it.id } else { enough(settings) }
            });
            found.map(|(other, _)| (*other, place))
        });
        let Some((other, place)) = other else { continue };
        let words = if place.id == scope.id {
            text(
                "{0} is given {1} at {2} twice, which Azure refuses; keep one",
                "{0} に {2} の {1} を 2 回割り当てることはできません。どちらか一方にしてください",
            )
        } else {
            text(
                "{0} has {1} at {2} already, inherited from {3}; this one can go",
                "{0} は {3} から継承した {1} を {2} で既に持っています。この割り当ては不要です",
            )
        };
        let args = [
            arg(context.resources.get(key.0).map_or("", |it| it.name.as_str())),
            arg(it.name()),
            arg(scope.name()),
            arg(place.name()),
        ];
        let title = text("Remove the second assignment", "重複した割り当てを削除する");
        let finding = Finding::new([it.id, other.id], words.with(args)).field("scope");
        all.push(finding.fix(title, Edit::Remove(vec![it.id])));
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    #[test]
    fn at_the_same_scope_above_and_elsewhere() {
        for (first, role, condition, wrong) in [
            ("account", "Storage Blob Data Reader", None, vec!["second scope"]),
            ("group", "Storage Blob Data Reader", None, vec!["second scope"]),
            ("group", "Storage Blob Data Reader", Some("@x"), vec![]),
            ("group", "Reader", None, vec![]),
            ("other", "Storage Blob Data Reader", None, vec![]),
        ] {
            let (mut it, _) = Sketch::subnet();
            let group = ResourceId(1);
            let account = it.add(Kind::StorageAccount, "st1", group, json!({}));
            let other = it.add(Kind::StorageAccount, "st2", group, json!({}));
            let user = it.add(Kind::User, "mika", None, json!({}));
            let scope = match first {
                "account" => account,
                "group" => group,
                _ => other,
            };
            let settings = json!({"principalId": user.0, "scope": scope.0,
                "roleDefinitionId": role, "condition": condition});
            it.add(Kind::RoleAssignment, "first", None, settings);
            let settings = json!({"principalId": user.0, "scope": account.0,
                "roleDefinitionId": "Storage Blob Data Reader"});
            it.add(Kind::RoleAssignment, "second", None, settings);
            assert_eq!(found(&LINT, &it), wrong, "{first} {role} {condition:?}");
        }
    }
}
