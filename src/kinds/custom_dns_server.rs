//! Custom DNS server: a DNS server of the customer on a host in a subnet or on-premises.
//!
//! Azure docs: "Name resolution for resources in Azure virtual networks" (virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent,
    dns::{DnsDefault, Forwarder, HostRecord},
    no_arm, no_check, no_facts,
    setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of a DNS server.
    pub struct CustomDnsServer {
        private_ip_address: Option<Ipv4Addr> = "privateIPAddress", None,
            text("Private IP address", "プライベート IP アドレス"),
            text("Where clients send their queries; networks name this address as their DNS server", "問い合わせを受けるアドレス。仮想ネットワークの DNS サーバーに指定します");
        forwarders: Vec<Forwarder> = "forwarders", Vec::new(),
            text("Conditional forwarders", "条件付きフォワーダー"),
            text("Zones that it asks elsewhere", "別のサーバーに問い合わせるゾーン");
        default: DnsDefault = "default", DnsDefault::AzureDns,
            text("All other names", "その他の名前"),
            text("Whom it asks otherwise", "それ以外の名前の問い合わせ先");
        forward_to: Vec<Ipv4Addr> = "forwardTo", Vec::new(),
            text("Forward to", "転送先"),
            text("If all other names go to other DNS servers: which", "その他の名前をほかの DNS サーバーに送る場合の宛先");
        records: Vec<HostRecord> = "records", Vec::new(),
            text("DNS records", "DNS レコード"),
            text("Names that it answers itself", "自ら応答する名前");
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
