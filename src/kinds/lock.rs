//! Lock: keeps a scope from being deleted or changed, for everybody.
//!
//! Azure docs: "Lock your resources" (azure-resource-manager/management/lock-resources).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent,
    common::SCOPES,
    no_arm, no_check, no_facts,
    setting::{Ref, Relation, choice, settings},
};
use crate::text::text;

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
    arm: no_arm,
    check: no_check,
};
