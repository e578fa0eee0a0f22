//! Role assignment: gives a principal the permissions of a role at a scope and below.
//!
//! Azure docs: "Understand Azure role assignments" (role-based-access-control/role-assignments).

use super::{
    Form, Group, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct RoleAssignment {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "role-assignment",
    label: text("Role assignment", "ロールの割り当て"),
    help: text("Gives a principal a role at a scope", "プリンシパルにスコープでのロールを付与"),
    source: "role-based-access-control/role-assignments",
    group: Group::Identity,
    arm_type: Some("Microsoft.Authorization/roleAssignments"),
    form: Form::Edge { from: "principalId", to: "scope" },
    parents: &[Parent::Canvas],
    fields: RoleAssignment::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
