//! User: a person with an account in Microsoft Entra ID.
//!
//! Azure docs: "What is Microsoft Entra ID?" (role-based-access-control/overview).

use super::{
    Form, Group, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct User {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "user",
    label: text("User", "ユーザー"),
    help: text("A person who signs in", "サインインする人"),
    source: "role-based-access-control/overview",
    group: Group::Identity,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::Canvas],
    fields: User::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
