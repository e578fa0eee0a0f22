//! Virtual network gateway: connects a virtual network with on-premises networks by VPN or ExpressRoute.
//!
//! Azure docs: "What is Azure VPN Gateway?" (vpn-gateway/vpn-gateway-about-vpngateways).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct VirtualNetworkGateway {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "virtual-network-gateway",
    label: text("Virtual network gateway", "仮想ネットワーク ゲートウェイ"),
    help: text(
        "VPN or ExpressRoute to on-premises networks",
        "オンプレミスへの VPN または ExpressRoute",
    ),
    source: "vpn-gateway/vpn-gateway-about-vpngateways",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/virtualNetworkGateways"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: VirtualNetworkGateway::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
