//! Virtual network gateway: connects a virtual network with on-premises networks by VPN or
//! `ExpressRoute`.
//!
//! Azure docs: "What is Azure VPN Gateway?" (vpn-gateway/vpn-gateway-about-vpngateways).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::asked,
    on_premises_network::OnPremisesNetwork,
    public_ip_address::given_or_own,
    reach,
    setting::{Choice, Problem, Ref, Relation, choice, settings, suggested},
    subnet::{GATEWAY_SUBNET, check_home},
    virtual_network::VirtualNetwork,
};
use crate::{
    facts::{Facts, network::Gateway},
    text::{Text, arg, text},
};

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
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let Some(subnet) = subject.parent() else { return Vec::new() };
    let it = VirtualNetworkGateway::of(subject);
    let vpn = it.gateway_type == GatewayType::Vpn;
    let mut properties = ArmValue::object([
        ("privateIPAllocationMethod", ArmValue::text("Dynamic")),
        ("subnet", ArmValue::reference(subnet.id)),
    ]);
    // The address of an ExpressRoute gateway belongs to Microsoft.
    let mut own = None;
    if vpn || it.public_ip_address.is_some() {
        let (address, created) = given_or_own(subject, it.public_ip_address);
        properties.set("publicIPAddress", address);
        own = created;
    }
    let configuration =
        ArmValue::object([("name", ArmValue::text("default")), ("properties", properties)]);
    let mut gateway = ArmResource::of(
        subject,
        "Microsoft.Network/virtualNetworkGateways",
        vec![subject.name().to_owned()],
    )
    .with("gatewayType", ArmValue::text(it.gateway_type.value()))
    .with("sku.name", ArmValue::text(it.sku.as_str()))
    .with("sku.tier", ArmValue::text(it.sku.as_str()))
    .with("ipConfigurations", ArmValue::List(vec![configuration]));
    if vpn {
        gateway = gateway
            .with("vpnType", ArmValue::text("RouteBased"))
            .with("enableBgp", ArmValue::Bool(it.enable_bgp));
        if it.enable_bgp {
            gateway = gateway.with("bgpSettings.asn", ArmValue::Number(it.asn.into()));
        }
    }
    let sites = it.connections.iter().filter_map(|site| subject.follow(Some(*site)));
    let connections: Vec<ArmResource> =
        sites.map(|site| lower_connection(subject, &it, site)).collect();
    std::iter::once(gateway).chain(own).chain(connections).collect()
}

fn lower_connection(
    subject: Subject<'_>,
    it: &VirtualNetworkGateway,
    site: Subject<'_>,
) -> ArmResource {
    // Both ends are written as whole resources of which only the id counts.
    let end = |id| {
        let mut end = ArmValue::reference(id);
        end.set("properties", ArmValue::Object(Vec::new()));
        end
    };
    // The site's name is free text; its number keeps two of one name apart.
    let name = format!("{}-to-site{}", subject.name(), site.id.0);
    let connection = ArmResource::of(subject, "Microsoft.Network/connections", vec![name])
        .with("virtualNetworkGateway1", end(subject.id));
    match it.gateway_type {
        GatewayType::Vpn => connection
            .with("connectionType", ArmValue::text("IPsec"))
            .with("localNetworkGateway2", end(site.id))
            .with("enableBgp", ArmValue::Bool(it.enable_bgp))
            .with("sharedKey", ArmValue::Secret(asked("shared key of the connection to", site))),
        GatewayType::ExpressRoute => connection
            .with("connectionType", ArmValue::text("ExpressRoute"))
            .with("peer.id", ArmValue::Parameter(asked("circuit id of the connection to", site))),
    }
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = VirtualNetworkGateway::of(subject);
    let mut problems = Vec::new();
    check_home(subject, GATEWAY_SUBNET, &mut problems);
    let express = it.sku.as_str().to_ascii_lowercase().starts_with("er");
    if express != (it.gateway_type == GatewayType::ExpressRoute) {
        problems.push(Problem::new(
            "sku.name",
            text(
                "{0} is no SKU of a {1} gateway; choose one of that type",
                "{0} は {1} ゲートウェイの SKU ではありません。種類に合う SKU を選んでください",
            )
            .with([arg(it.sku.as_str()), arg(it.gateway_type.value())]),
        ));
    }
    let twin = subject
        .all
        .children(subject.resource.parent)
        .filter(|other| other.kind() == Kind::VirtualNetworkGateway && other.id < subject.id)
        .find(|other| VirtualNetworkGateway::of(*other).gateway_type == it.gateway_type);
    if let Some(twin) = twin {
        problems.push(Problem::new(
            "gatewayType",
            text(
                "{0} already is a {1} gateway of this network; there can be one of each type",
                "{0} が既にこのネットワークの {1} ゲートウェイです。ゲートウェイは種類ごとに 1 つだけです",
            )
            .with([arg(twin.name()), arg(it.gateway_type.value())]),
        ));
    }
    let network = subject.within(Kind::VirtualNetwork).map(VirtualNetwork::of);
    for (n, site) in it.connections.iter().enumerate() {
        let Some(site) = subject.follow(Some(*site)) else { continue };
        let ranges = &OnPremisesNetwork::of(site).address_space;
        let overlap = network
            .iter()
            .flat_map(|it| &it.address_prefixes)
            .find_map(|a| ranges.iter().find(|b| a.overlaps(**b)).map(|b| (a, b)));
        if let Some((a, b)) = overlap {
            problems.push(Problem::new(
                format!("connections[{n}]"),
                text(
                    "{0} of {1} overlaps {2} of this network, so packets for it never leave; give each its own range",
                    "{1} の {0} はこのネットワークの {2} と重なっているため、通信が届きません。別々の範囲にしてください",
                )
                .with([arg(b), arg(site.name()), arg(a)]),
            ));
        }
    }
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, VirtualNetworkGateway::from_settings);
    let (Some(subnet), Some(network)) =
        (subject.within(Kind::Subnet), subject.within(Kind::VirtualNetwork))
    else {
        return;
    };
    facts.gateways.insert(
        subject.id,
        Gateway {
            network: network.id,
            subnet: subnet.id,
            sites: reach::existing(subject, &settings.connections),
            circuit: settings.gateway_type == GatewayType::ExpressRoute,
            // ExpressRoute always speaks BGP.
            learns: settings.enable_bgp || settings.gateway_type == GatewayType::ExpressRoute,
        },
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use crate::kinds::{ResourceId, arm::dependencies};

    fn gateway(settings: serde_json::Value) -> (Sketch, ResourceId) {
        let (mut it, network) = Sketch::network();
        let prefix = json!({"addressPrefix": "10.0.0.0/27"});
        let subnet = it.add(Kind::Subnet, "GatewaySubnet", network, prefix);
        let id = it.add(Kind::VirtualNetworkGateway, "gw", subnet, settings);
        (it, id)
    }

    #[test]
    fn only_in_the_gateway_subnet() {
        let (mut it, subnet) = Sketch::subnet();
        let id = it.add(Kind::VirtualNetworkGateway, "gw", subnet, json!({}));
        assert_eq!(it.wrong(id), ["parent"]);
    }

    #[test]
    fn the_sku_fits_the_type() {
        for (kind, sku, good) in [
            ("Vpn", "VpnGw1AZ", true),
            ("Vpn", "ErGw1AZ", false),
            ("ExpressRoute", "ErGw1AZ", true),
            ("ExpressRoute", "VpnGw1AZ", false),
        ] {
            let (it, id) = gateway(json!({"gatewayType": kind, "sku.name": sku}));
            assert_eq!(it.wrong(id).is_empty(), good, "{kind} {sku}");
        }
    }

    #[test]
    fn a_site_that_has_the_networks_own_range() {
        let (mut it, id) = gateway(json!({}));
        let space = json!({"localNetworkAddressSpace.addressPrefixes": ["10.0.0.0/8"]});
        let site = it.add(Kind::OnPremisesNetwork, "dc", None, space);
        it.set(id, "connections", json!([site.0]));
        assert_eq!(it.wrong(id), ["connections[0]"]);
    }

    #[test]
    fn a_connection_waits_for_both_ends() {
        let (mut it, id) = gateway(json!({}));
        let site = it.add(Kind::OnPremisesNetwork, "tokyo", None, json!({}));
        assert_eq!(it.lowered(site), []);
        it.set(id, "connections", json!([site.0]));
        let mut all = it.lowered(id);
        all.extend(it.lowered(site));
        let types: Vec<&str> =
            all.iter().filter_map(|it| it.arm_type.split('/').next_back()).collect();
        assert_eq!(
            types,
            ["virtualNetworkGateways", "publicIPAddresses", "connections", "localNetworkGateways"]
        );
        assert_eq!(dependencies(&all), [vec![1], vec![], vec![0, 3], vec![]]);
        assert_eq!(all[3].name, [ArmValue::text("tokyo")]);
    }
}
