//! Root scope (`/`): above every management group and subscription of the tenant. Elevated access puts
//! User Access Administrator here; what is assigned here holds everywhere.
//!
//! Azure docs: "Elevate access to manage all Azure subscriptions and management groups"
//! (role-based-access-control/elevate-access-global-admin).

use super::{Form, Group, KindInfo, NameRule, Parent, no_arm, no_check, no_facts};
use crate::text::text;

pub const INFO: KindInfo = KindInfo {
    slug: "root-scope",
    label: text("Root scope", "ルート スコープ"),
    help: text(
        "The scope / above all management groups and subscriptions",
        "すべての管理グループとサブスクリプションの上にあるスコープ /",
    ),
    source: "role-based-access-control/elevate-access-global-admin",
    group: Group::Scope,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::Canvas],
    fields: &[],
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
