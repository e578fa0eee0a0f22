//! Management group: a scope above subscriptions, whose role assignments all of them inherit.
//!
//! Azure docs: "What are Azure management groups?" (governance/management-groups/overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// What a management group has beside its name, which is its id.
    pub struct ManagementGroup {
        display_name: Option<String> = "displayName", None,
            text("Display name", "表示名"),
            text("Shown in place of the id", "ID の代わりに表示される名前");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "management-group",
    label: text("Management group", "管理グループ"),
    help: text("A scope above subscriptions", "サブスクリプションの上のスコープ"),
    source: "governance/management-groups/overview",
    group: Group::Scope,
    arm_type: Some("Microsoft.Management/managementGroups"),
    form: Form::Container,
    parents: &[Parent::Canvas, Parent::In(Kind::ManagementGroup)],
    fields: ManagementGroup::FIELDS,
    name: NameRule { max: 90, also: "-_.()", not_last: ".", ..NameRule::NETWORK },
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
