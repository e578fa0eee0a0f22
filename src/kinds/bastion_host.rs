//! Azure Bastion: RDP and SSH to virtual machines from the browser, without public addresses on them.
//!
//! Azure docs: "What is Azure Bastion?" (bastion/bastion-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct BastionHost {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "bastion-host",
    label: text("Azure Bastion", "Azure Bastion"),
    help: text("RDP and SSH from the browser", "ブラウザーからの RDP と SSH"),
    source: "bastion/bastion-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/bastionHosts"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: BastionHost::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
