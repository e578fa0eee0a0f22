//! Lock: keeps a scope from being deleted or changed, for everybody.
//!
//! Azure docs: "Lock your resources" (azure-resource-manager/management/lock-resources).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct Lock {
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
