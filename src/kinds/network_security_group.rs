//! Network security group: allows and denies traffic of subnets and network interfaces by priority.
//!
//! Azure docs: "Network security groups" (virtual-network/network-security-groups-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct NetworkSecurityGroup {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "network-security-group",
    label: text("Network security group", "ネットワーク セキュリティ グループ"),
    help: text("Allows and denies traffic by priority", "優先度に従って通信を許可または拒否"),
    source: "virtual-network/network-security-groups-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/networkSecurityGroups"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: NetworkSecurityGroup::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
