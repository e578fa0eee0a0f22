//! Service principal: an application that signs in, such as a pipeline.
//!
//! Azure docs: "Set up authentication" (machine-learning/how-to-setup-authentication).

use super::{
    Form, Group, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct ServicePrincipal {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "service-principal",
    label: text("Service principal", "サービス プリンシパル"),
    help: text("An application that signs in", "サインインするアプリケーション"),
    source: "machine-learning/how-to-setup-authentication",
    group: Group::Identity,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::Canvas],
    fields: ServicePrincipal::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
