//! Virtual network gateway: connects a virtual network with on-premises networks by VPN or
//! `ExpressRoute`.
//!
//! Azure docs: "What is Azure VPN Gateway?" (vpn-gateway/vpn-gateway-about-vpngateways).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{Choice, Ref, Relation, choice, settings, suggested},
};
use crate::text::{Text, text};

choice! {
    pub enum GatewayType {
        Vpn = "Vpn", text("VPN", "VPN");
        ExpressRoute = "ExpressRoute", Text::same("ExpressRoute");
    }
}

suggested! {
    /// Size of the gateway (ARM: `sku.name`).
    pub struct GatewaySku = &[
        Choice { value: "VpnGw1AZ", label: Text::same("VpnGw1AZ") },
        Choice { value: "VpnGw2AZ", label: Text::same("VpnGw2AZ") },
        Choice { value: "VpnGw3AZ", label: Text::same("VpnGw3AZ") },
        Choice { value: "VpnGw4AZ", label: Text::same("VpnGw4AZ") },
        Choice { value: "VpnGw5AZ", label: Text::same("VpnGw5AZ") },
        Choice { value: "ErGw1AZ", label: Text::same("ErGw1AZ") },
        Choice { value: "ErGw2AZ", label: Text::same("ErGw2AZ") },
        Choice { value: "ErGw3AZ", label: Text::same("ErGw3AZ") },
    ];
}

settings! {
    /// Settings of a virtual network gateway and of its connections.
    pub struct VirtualNetworkGateway {
        gateway_type: GatewayType = "gatewayType", GatewayType::Vpn,
            text("Gateway type", "ゲートウェイの種類"),
            text("VPN over the internet, or ExpressRoute over a private line", "インターネット経由の VPN、または専用線の ExpressRoute");
        sku: GatewaySku = "sku.name", GatewaySku::new("VpnGw1AZ"),
            text("SKU", "SKU"),
            text("Size of the gateway", "ゲートウェイのサイズ");
        public_ip_address: Option<Ref> = "publicIpAddress", None,
            text("Public IP address", "パブリック IP アドレス"),
            text("The address that VPN devices connect to", "VPN デバイスの接続先アドレス"),
            to &[Kind::PublicIpAddress], Some(Relation::Network);
        /// Sites at the other end of a connection.
        connections: Vec<Ref> = "connections", Vec::new(),
            text("Connected on-premises networks", "接続するオンプレミス ネットワーク"),
            text("The sites at the other end", "接続先の拠点"),
            to &[Kind::OnPremisesNetwork], Some(Relation::Network);
        enable_bgp: bool = "enableBgp", false,
            text("BGP", "BGP"),
            text("Both ends tell each other their routes; off means the site's address space as it is written", "双方がルートを交換します。オフの場合は拠点に設定したアドレス空間を使います");
        asn: u32 = "bgpSettings.asn", 65515,
            text("ASN", "ASN"),
            text("BGP number of the gateway", "ゲートウェイの BGP 番号");
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
