//! Custom DNS server: a DNS server of the customer on a host in a subnet or on-premises.
//!
//! Azure docs: "Name resolution for resources in Azure virtual networks" (virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct CustomDnsServer {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "custom-dns-server",
    label: text("Custom DNS server", "カスタム DNS サーバー"),
    help: text("A DNS server of your own", "独自の DNS サーバー"),
    source: "machine-learning/how-to-custom-dns",
    group: Group::Network,
    arm_type: Some("Microsoft.Compute/virtualMachines"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet), Parent::In(Kind::OnPremisesNetwork)],
    fields: CustomDnsServer::FIELDS,
    name: NameRule { max: 64, ..NameRule::NETWORK },
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
