//! Lock: keeps a scope from being deleted or changed, for everybody.
//!
//! Azure docs: "Lock your resources" (azure-resource-manager/management/lock-resources).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::SCOPES,
    custom_role::scope_of,
    no_facts,
    setting::{Problem, Ref, Relation, choice, settings},
};
use crate::text::{arg, text};

choice! {
    pub enum LockLevel {
        CanNotDelete = "CanNotDelete", text("Delete", "削除");
        ReadOnly = "ReadOnly", text("Read-only", "読み取り専用");
    }
}

settings! {
    /// Settings of a lock. It stops management operations only, never data.
    pub struct Lock {
        level: LockLevel = "level", LockLevel::CanNotDelete,
            text("Lock type", "ロックの種類"),
            text("Read-only also stops operations such as listing keys", "読み取り専用ではキーの一覧取得なども止まります");
        scope: Option<Ref> = "scope", None,
            text("Scope", "スコープ"),
            text("What it locks, with all that stands in it; empty means what it stands in", "ロックの対象とその中のすべて。空の場合は配置されている場所"),
            to SCOPES, Some(Relation::Identity);
        notes: Option<String> = "notes", None,
            text("Notes", "メモ"),
            text("Why it is there", "ロックの理由");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "lock",
    label: text("Lock", "ロック"),
    help: text("Keeps a scope from deletion or change", "スコープの削除や変更を防ぐ"),
    source: "azure-resource-manager/management/lock-resources",
    group: Group::Identity,
    arm_type: Some("Microsoft.Authorization/locks"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup), Parent::In(Kind::Subscription), Parent::Canvas],
    fields: Lock::FIELDS,
    name: NameRule { max: 260, also: "-_.()", not_last: "", ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = Lock::of(subject);
    let Some(target) = it.target(subject) else { return Vec::new() };
    let mut lock =
        ArmResource::of(subject, "Microsoft.Authorization/locks", vec![subject.name().to_owned()])
            .child()
            .with("level", ArmValue::text(it.level.value()))
            .with_some("notes", it.notes.clone().map(ArmValue::Text));
    lock.scope = scope_of(Some(target));
    // A lock holds from its first moment, so all that it holds must be there before.
    let inside =
        |it: Subject<'_>| it.id == target.id || it.ancestors().any(|above| above.id == target.id);
    lock.after = subject
        .all
        .real()
        .filter(|it| it.kind() != Kind::Lock)
        .filter(|it| match it.info().form {
            Form::Edge { .. } => it
                .references()
                .into_iter()
                .any(|(_, end)| subject.all.subject(end).is_some_and(inside)),
            _ => inside(*it),
        })
        .map(|it| it.id)
        .collect();
    vec![lock]
}

impl Lock {
    /// What it locks.
    pub fn target<'a>(&self, subject: Subject<'a>) -> Option<Subject<'a>> {
        subject.follow(self.scope).or_else(|| subject.parent().filter(|_| self.scope.is_none()))
    }
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = Lock::of(subject);
    let Some(target) = it.target(subject) else {
        return vec![Problem::new(
            "scope",
            text("choose what it locks", "ロックの対象を選択してください"),
        )];
    };
    if !matches!(target.kind(), Kind::ManagementGroup | Kind::RootScope) {
        return Vec::new();
    }
    vec![Problem::new(
        "scope",
        text(
            "{0} cannot be locked; lock subscriptions",
            "{0} はロックできません。サブスクリプションをロックしてください",
        )
        .with([arg(target.name())]),
    )]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use crate::kinds::{
        ResourceId,
        arm::{ArmScope, dependencies},
    };

    #[test]
    fn a_lock_comes_after_all_that_it_locks() {
        let (mut it, subnet) = Sketch::subnet();
        let lock = it.add(Kind::Lock, "l", ResourceId(1), json!({"level": "ReadOnly"}));
        let machine = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
        let far = it.add(Kind::ResourceGroup, "far", None, json!({}));
        let ends = json!({"principalId": machine.0, "scope": ResourceId(2).0});
        it.add(Kind::RoleAssignment, "r", None, ends);
        let mut all = it.lowered(lock);
        assert_eq!(all[0].scope, ArmScope::ResourceGroup(ResourceId(1)));
        let others = it.all().subjects().filter(|it| it.id != lock);
        all.extend(others.flat_map(|it| (it.info().arm)(it)));
        let before: Vec<ResourceId> =
            dependencies(&all)[0].iter().map(|it| all[*it].from).collect();
        // The group, network, subnet, machine with its interface, role assignment.
        assert_eq!(before, [1, 2, 3, 5, 5, 7].map(ResourceId));
        assert!(!before.contains(&far));
    }

    #[test]
    fn a_management_group_cannot_be_locked() {
        let mut it = Sketch::default();
        let group = it.add(Kind::ManagementGroup, "mg", None, json!({}));
        let lock = it.add(Kind::Lock, "l", None, json!({"scope": group.0}));
        assert_eq!(it.wrong(lock), ["scope"]);
        let empty = it.add(Kind::Lock, "m", None, json!({}));
        assert_eq!(it.wrong(empty), ["scope"]);
    }
}
