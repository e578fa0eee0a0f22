//! NAT gateway: outbound internet for whole subnets from fixed public addresses.
//!
//! Azure docs: "What is Azure NAT Gateway?" (nat-gateway/nat-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct NatGateway {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "nat-gateway",
    label: text("NAT gateway", "NAT ゲートウェイ"),
    help: text("Outbound internet from fixed addresses", "固定アドレスからのインターネット送信"),
    source: "nat-gateway/nat-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/natGateways"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: NatGateway::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
