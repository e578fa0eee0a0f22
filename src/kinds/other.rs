//! A resource of a kind that this version does not know, or that Drawbridge does not model.
//!
//! It is drawn and kept, and what touches it is answered with `Unknown`.

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// What is said of it.
    pub struct Other {
        /// Such as `Microsoft.Sql/servers`.
        type_name: String = "type", String::new(),
            text("Type", "種類"),
            text("Azure's name for the type; it is drawn and kept, not judged", "Azure での種類の名前。描画と保存の対象ですが、判定の対象ではありません");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "other",
    label: text("Other resource", "その他のリソース"),
    help: text("Something that is drawn but not judged", "描画するだけで判定しないもの"),
    source: "azure-resource-manager/management/azure-services-resource-providers",
    group: Group::Scope,
    arm_type: None,
    form: Form::Node,
    parents: &[
        Parent::In(Kind::ResourceGroup),
        Parent::In(Kind::Subnet),
        Parent::In(Kind::VirtualNetwork),
        Parent::In(Kind::Subscription),
        Parent::Canvas,
    ],
    fields: Other::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
