//! Group: a set of principals in Microsoft Entra ID that role assignments can name.
//!
//! Azure docs: "What is Azure role-based access control?" (role-based-access-control/overview).

use super::{
    Form, Group as Palette, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct Group {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "group",
    label: text("Group", "グループ"),
    help: text("Principals that get roles together", "まとめてロールを受け取るプリンシパル"),
    source: "role-based-access-control/overview",
    group: Palette::Identity,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::Canvas],
    fields: Group::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
