//! Custom role: a role definition of the customer.
//!
//! Azure docs: "Azure custom roles" (role-based-access-control/custom-roles).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct CustomRole {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "custom-role",
    label: text("Custom role", "カスタム ロール"),
    help: text("A role definition of your own", "独自のロールの定義"),
    source: "role-based-access-control/custom-roles",
    group: Group::Identity,
    arm_type: Some("Microsoft.Authorization/roleDefinitions"),
    form: Form::Node,
    parents: &[
        Parent::In(Kind::ResourceGroup),
        Parent::In(Kind::Subscription),
        Parent::In(Kind::ManagementGroup),
        Parent::Canvas,
    ],
    fields: CustomRole::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
