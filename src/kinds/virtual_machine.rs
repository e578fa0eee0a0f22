//! Virtual machine: a host in a subnet, such as the jump box people open Studio from.
//!
//! Azure docs: "Virtual machines in Azure" (virtual-machines/overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct VirtualMachine {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "virtual-machine",
    label: text("Virtual machine", "仮想マシン"),
    help: text(
        "A host in a subnet, such as a jump box",
        "ジャンプ ボックスなど、サブネット内のホスト",
    ),
    source: "virtual-machines/overview",
    group: Group::Client,
    arm_type: Some("Microsoft.Compute/virtualMachines"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: VirtualMachine::FIELDS,
    name: NameRule { max: 64, also: "-_.", ..NameRule::NETWORK },
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
