//! Deny assignment: takes permissions away at a scope, whatever roles say. Azure makes them (deployment stacks, managed applications), not people.
//!
//! Azure docs: "Understand Azure deny assignments" (role-based-access-control/deny-assignments).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct DenyAssignment {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "deny-assignment",
    label: text("Deny assignment", "拒否割り当て"),
    help: text("Blocks actions whatever roles say", "ロールに関係なく操作を禁止"),
    source: "role-based-access-control/deny-assignments",
    group: Group::Identity,
    arm_type: Some("Microsoft.Authorization/denyAssignments"),
    form: Form::Node,
    parents: &[
        Parent::In(Kind::ResourceGroup),
        Parent::In(Kind::Subscription),
        Parent::In(Kind::ManagementGroup),
        Parent::Canvas,
    ],
    fields: DenyAssignment::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
