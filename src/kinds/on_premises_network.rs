//! On-premises network: a site of the customer, seen from Azure as address ranges behind a gateway.
//!
//! Azure docs: "Create a site-to-site VPN connection" (vpn-gateway/tutorial-site-to-site-portal).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{self, ArmResource, ArmValue},
    common::asked,
    dns::{self, Forwarder, HostRecord, check_forwarders, check_records},
    reach,
    setting::{Problem, REGION, Region, choice, settings},
    virtual_network_gateway::{GatewayType, VirtualNetworkGateway},
};
use crate::{
    facts::{Facts, cidr::Cidr, name, network::Site},
    text::{arg, text},
};

choice! {
    /// Whom the site's DNS servers ask for names that no conditional forwarder covers.
    pub enum SiteDns {
        PublicRecursion = "PublicRecursion", text("Public DNS", "パブリック DNS");
        Forward = "Forward", text("Other DNS servers", "ほかの DNS サーバー");
    }
}

settings! {
    /// Settings of an on-premises network (ARM: `localNetworkGateways`, which is how Azure sees it).
    pub struct OnPremisesNetwork {
        address_space: Vec<Cidr> = "localNetworkAddressSpace.addressPrefixes", vec![Cidr::holding(Ipv4Addr::new(192, 168, 0, 0), 16)],
            text("Address space", "アドレス空間"),
            text("Ranges that Azure sends to this site", "Azure からこの拠点に送られる範囲");
        gateway_ip_address: Option<Ipv4Addr> = "gatewayIpAddress", None,
            text("VPN device address", "VPN デバイスのアドレス"),
            text("Public address of the site's VPN device", "拠点の VPN デバイスのパブリック アドレス");
        asn: Option<u32> = "bgpSettings.asn", None,
            text("ASN", "ASN"),
            text("BGP number of the site, if it speaks BGP", "BGP を使う場合の拠点の BGP 番号");
        bgp_peering_address: Option<Ipv4Addr> = "bgpSettings.bgpPeeringAddress", None,
            text("BGP peer address", "BGP ピア アドレス"),
            text("Address of the VPN device in the site", "拠点内の VPN デバイスのアドレス");
        /// What the site tells Azure by BGP; empty: its address space.
        advertised_prefixes: Vec<Cidr> = "advertisedPrefixes", Vec::new(),
            text("Advertised to Azure", "Azure に広報するルート"),
            text("With BGP only; 0.0.0.0/0 forces internet traffic through the site. Empty means the address space", "BGP の場合のみ。0.0.0.0/0 はインターネット通信を拠点経由にします。空の場合はアドレス空間");
        /// Ranges that the site sends to Azure. Without BGP these are static routes.
        routes_to_azure: Vec<Cidr> = "routesToAzure", Vec::new(),
            text("Routes to Azure", "Azure へのルート"),
            text("Ranges that the site sends into the connection; empty means what the gateway advertises", "拠点から接続に送る範囲。空の場合はゲートウェイが広報する範囲");
        /// Source address of the site on the internet.
        public_ip_address: Option<Ipv4Addr> = "publicIpAddress", None,
            text("Internet address", "インターネット側のアドレス"),
            text("Source address of its clients on the internet", "クライアントのインターネット上の送信元アドレス");
        internet_access: bool = "internetAccess", true,
            text("Internet access", "インターネット アクセス"),
            text("Whether machines of the site reach the internet", "拠点のマシンがインターネットに接続できるか");
        forwarders: Vec<Forwarder> = "dnsForwarders", Vec::new(),
            text("Conditional forwarders", "条件付きフォワーダー"),
            text("Zones that the site's DNS servers ask elsewhere", "拠点の DNS サーバーが別のサーバーに問い合わせるゾーン");
        dns_default: SiteDns = "dnsDefault", SiteDns::PublicRecursion,
            text("All other names", "その他の名前"),
            text("Whom the site's DNS servers ask otherwise; Azure DNS is out of their reach", "それ以外の名前の問い合わせ先。Azure DNS には届きません");
        dns_forward_to: Vec<Ipv4Addr> = "dnsForwardTo", Vec::new(),
            text("Forward to", "転送先"),
            text("If all other names go to other DNS servers: which", "その他の名前をほかの DNS サーバーに送る場合の宛先");
        records: Vec<HostRecord> = "dnsRecords", Vec::new(),
            text("DNS records", "DNS レコード"),
            text("Names that the site's DNS servers answer themselves", "拠点の DNS サーバーが自ら応答する名前");
        /// A site is called what its people call it; its record in Azure has the letters of a resource name.
        local_network_gateway_name: String = "localNetworkGatewayName", String::new(),
            text("Name in Azure", "Azure での名前"),
            text("Of the local network gateway that stands for this site; empty means the name of the site", "この拠点を表すローカル ネットワーク ゲートウェイの名前。空の場合は拠点の名前");
        location: Option<Region> = "location", None, REGION,
            text("Of the record of this site in Azure; empty means that of the gateway", "Azure 上のローカル ネットワーク ゲートウェイのリージョン。空の場合はゲートウェイと同じ");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "on-premises-network",
    label: text("On-premises network", "オンプレミス ネットワーク"),
    help: text("A site with its own addresses and DNS", "独自のアドレスと DNS を持つ拠点"),
    source: "vpn-gateway/tutorial-site-to-site-portal",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/localNetworkGateways"),
    form: Form::Container,
    parents: &[Parent::Canvas],
    fields: OnPremisesNetwork::FIELDS,
    name: NameRule::FREE,
    facts,
    arm,
    check,
};

/// The first VPN gateway that connects to the site. Without one Azure knows nothing of it.
fn vpn_gateway(subject: Subject<'_>) -> Option<Subject<'_>> {
    subject
        .all
        .referrers(subject.id)
        .map(|(it, _)| it)
        .filter(|it| it.kind() == Kind::VirtualNetworkGateway)
        .find(|it| VirtualNetworkGateway::of(*it).gateway_type == GatewayType::Vpn)
}

/// A local network gateway beside the VPN gateway that connects to the site.
fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let Some(gateway) = vpn_gateway(subject) else { return Vec::new() };
    let it = OnPremisesNetwork::of(subject);
    let named = Some(&it.local_network_gateway_name).filter(|it| !it.is_empty());
    let name = named.map_or_else(|| subject.name().to_owned(), Clone::clone);
    let device = it.gateway_ip_address.map_or_else(
        || ArmValue::Parameter(asked("VPN device address", subject)),
        |it| ArmValue::text(it.to_string()),
    );
    let mut resource =
        ArmResource::below(gateway, subject, "Microsoft.Network/localNetworkGateways", vec![name])
            .with("localNetworkAddressSpace.addressPrefixes", ArmValue::texts(&it.address_space))
            .with("gatewayIpAddress", device);
    resource.location = it
        .location
        .clone()
        .map(|it| it.0)
        .filter(|it| !it.is_empty())
        .or_else(|| arm::location(gateway));
    if let (Some(asn), Some(peer)) = (it.asn, it.bgp_peering_address) {
        resource = resource
            .with("bgpSettings.asn", ArmValue::Number(asn.into()))
            .with("bgpSettings.bgpPeeringAddress", ArmValue::text(peer.to_string()));
    }
    vec![resource]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = OnPremisesNetwork::of(subject);
    let mut problems = Vec::new();
    if vpn_gateway(subject).is_some() {
        let named = &it.local_network_gateway_name;
        if !named.is_empty() {
            let problem = NameRule::NETWORK.problem(named);
            problems.extend(problem.map(|it| Problem::new("localNetworkGatewayName", it)));
        } else if let Some(problem) = NameRule::NETWORK.problem(subject.name()) {
            let text = text(
                "{0}, as what stands for the site in Azure is called like this; rename it or set its name in Azure",
                "{0}。この拠点を表すローカル ネットワーク ゲートウェイの名前にもなるためです。名前を変更するか、Azure での名前を設定してください",
            );
            problems.push(Problem::new("name", text.with([problem.into()])));
        }
    }
    if it.address_space.is_empty() {
        problems.push(Problem::new(
            "localNetworkAddressSpace.addressPrefixes",
            text(
                "a site needs at least one range, such as 192.168.0.0/16",
                "拠点には 192.168.0.0/16 のような範囲が 1 つ以上必要です",
            ),
        ));
    }
    check_forwarders("dnsForwarders", &it.forwarders, &mut problems);
    check_records("dnsRecords", &it.records, &mut problems);
    if it.dns_default == SiteDns::Forward && it.dns_forward_to.is_empty() {
        problems.push(Problem::new(
            "dnsForwardTo",
            text(
                "name the DNS servers that all other names go to",
                "その他の名前の転送先の DNS サーバーを指定してください",
            ),
        ));
    }
    if it.asn.is_some() != it.bgp_peering_address.is_some() {
        problems.push(Problem::new(
            "bgpSettings.bgpPeeringAddress",
            text(
                "BGP needs both the number and the address of the peer",
                "BGP には ASN とピア アドレスの両方が必要です",
            ),
        ));
    }
    problems
}

/// Reports an address at `field` that is outside the site.
pub fn check_site_address(
    subject: Subject<'_>,
    field: &str,
    address: Option<Ipv4Addr>,
    problems: &mut Vec<Problem>,
) {
    let (Some(site), Some(address)) = (subject.within(Kind::OnPremisesNetwork), address) else {
        return;
    };
    if !OnPremisesNetwork::of(site).address_space.iter().any(|it| it.contains(address)) {
        problems.push(Problem::new(
            field,
            text(
                "{0} is not in the address space of {1}; choose an address of it",
                "{0} は {1} のアドレス空間に含まれません。その中のアドレスを選んでください",
            )
            .with([arg(address), arg(site.name())]),
        ));
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, OnPremisesNetwork::from_settings);
    let routes_back = Some(settings.routes_to_azure).filter(|it| !it.is_empty());
    facts.sites.insert(
        subject.id,
        Site {
            space: settings.address_space,
            announces: settings.advertised_prefixes,
            routes_back,
            internet: settings.internet_access,
            public: settings
                .public_ip_address
                .map(|it| Cidr::holding(it, 32))
                .into_iter()
                .collect(),
        },
    );
    facts.name_servers.insert(
        subject.id,
        name::NameServer {
            place: name::ServerPlace::Site(subject.id),
            addresses: Vec::new(),
            forwarders: dns::forwarders(&settings.forwarders),
            records: reach::host_records(&settings.records),
            otherwise: match settings.dns_default {
                SiteDns::PublicRecursion => name::Upstream::Public,
                SiteDns::Forward => name::Upstream::Servers(settings.dns_forward_to),
            },
        },
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use serde_json::Value;

    fn wrong(settings: Value) -> Vec<String> {
        let mut it = Sketch::default();
        let id = it.add(Kind::OnPremisesNetwork, "dc", None, settings);
        it.wrong(id)
    }

    #[test]
    fn forwarding_all_names_needs_a_server() {
        assert_eq!(wrong(json!({"dnsDefault": "Forward"})), ["dnsForwardTo"]);
        let with = json!({"dnsDefault": "Forward", "dnsForwardTo": ["10.0.9.4"]});
        assert_eq!(wrong(with), [""; 0]);
    }

    #[test]
    fn forwarders_name_a_zone_once_and_a_server() {
        let row = |zone: &str, to: Value| json!({"zone": zone, "to": to});
        let good = row("blob.core.windows.net", json!(["10.0.9.4"]));
        assert_eq!(wrong(json!({"dnsForwarders": [good]})), [""; 0]);
        assert_eq!(
            wrong(
                json!({"dnsForwarders": [good, row("Blob.core.windows.net.", json!(["10.0.9.5"]))]})
            ),
            ["dnsForwarders[1].zone"]
        );
        assert_eq!(
            wrong(json!({"dnsForwarders": [row("a b", json!([]))]})),
            ["dnsForwarders[0].zone", "dnsForwarders[0].to"]
        );
    }

    #[test]
    fn the_name_in_azure_counts_only_where_a_vpn_gateway_connects() {
        let mut it = Sketch::default();
        let site = it.add(Kind::OnPremisesNetwork, "東京本社", None, json!({}));
        let gateway = it.add(Kind::VirtualNetworkGateway, "vgw", None, json!({}));
        assert_eq!(it.wrong(site), [""; 0]);
        it.set(gateway, "connections", json!([site.0]));
        assert_eq!(it.wrong(site), ["name"]);
        it.set(site, "localNetworkGatewayName", json!("tokyo."));
        assert_eq!(it.wrong(site), ["localNetworkGatewayName"]);
        it.set(site, "localNetworkGatewayName", json!("lgw-tokyo"));
        assert_eq!(it.wrong(site), [""; 0]);
        assert_eq!(it.lowered(site)[0].name, [ArmValue::text("lgw-tokyo")]);
    }

    #[test]
    fn a_client_outside_its_site() {
        let mut it = Sketch::default();
        let site = it.add(Kind::OnPremisesNetwork, "dc", None, json!({}));
        let at = |it: &mut Sketch, address: &str| {
            let settings = json!({"privateIPAddress": address});
            let id = it.add(Kind::OnPremisesClient, "pc", site, settings);
            it.wrong(id)
        };
        assert_eq!(at(&mut it, "192.168.10.5"), [""; 0]);
        assert_eq!(at(&mut it, "10.0.0.5"), ["privateIPAddress"]);
    }
}
