//! On-premises network: a site of the customer, seen from Azure as address ranges behind a gateway.
//!
//! Azure docs: "Create a site-to-site VPN connection" (vpn-gateway/tutorial-site-to-site-portal).

use std::net::Ipv4Addr;

use super::{
    Form, Group, KindInfo, NameRule, Parent,
    dns::{Forwarder, HostRecord},
    no_arm, no_check, no_facts,
    setting::{REGION, Region, choice, settings},
};
use crate::{facts::cidr::Cidr, text::text};

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
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
