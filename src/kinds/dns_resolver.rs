//! Azure DNS Private Resolver: an address in a subnet that answers like Azure DNS, and rules that forward.
//!
//! Azure docs: "What is Azure DNS Private Resolver?" (dns/dns-private-resolver-overview).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{Ref, Relation, choice, settings},
};
use crate::text::text;

choice! {
    pub enum RuleState {
        Enabled = "Enabled", text("Enabled", "有効");
        Disabled = "Disabled", text("Disabled", "無効");
    }
}

settings! {
    /// A forwarding rule. The longest domain that a name ends in decides; `.` is for all names.
    pub struct ForwardingRule {
        domain_name: String = "domainName", String::new(),
            text("Domain", "ドメイン"),
            text("Such as corp.contoso.com.; a single dot takes all names", "corp.contoso.com. など。ピリオド 1 つはすべての名前");
        target_dns_servers: Vec<Ipv4Addr> = "targetDnsServers", Vec::new(),
            text("Forward to", "転送先"),
            text("DNS servers that are asked", "問い合わせ先の DNS サーバー");
        state: RuleState = "forwardingRuleState", RuleState::Enabled,
            text("State", "状態"),
            text("A disabled rule has no effect", "無効な規則は使われません");
    }
}

settings! {
    /// Settings of a DNS private resolver; its inbound endpoint stands in the subnet.
    pub struct DnsResolver {
        /// Azure chooses one of the subnet when it is not given.
        private_ip_address: Option<Ipv4Addr> = "inboundEndpoint.privateIpAddress", None,
            text("Inbound endpoint address", "受信エンドポイントのアドレス"),
            text("Where others send their queries; empty means that Azure chooses one", "問い合わせを受けるアドレス。空の場合は Azure が割り当てます");
        outbound_subnet: Option<Ref> = "outboundEndpoint.subnet", None,
            text("Outbound endpoint subnet", "送信エンドポイントのサブネット"),
            text("Needed for forwarding rules; a delegated subnet of its own", "転送規則に必要。専用の委任サブネットを指定します"),
            to &[Kind::Subnet], Some(Relation::Network);
        forwarding_rules: Vec<ForwardingRule> = "forwardingRules", Vec::new(),
            text("Forwarding rules", "転送規則"),
            text("Domains that linked networks resolve elsewhere", "リンクされたネットワークが別のサーバーで解決するドメイン");
        linked_networks: Vec<Ref> = "virtualNetworkLinks", Vec::new(),
            text("Linked virtual networks", "リンクされた仮想ネットワーク"),
            text("Networks whose Azure DNS follows the forwarding rules", "Azure DNS が転送規則に従うネットワーク"),
            to &[Kind::VirtualNetwork], Some(Relation::Network);
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "dns-resolver",
    label: text("DNS private resolver", "DNS Private Resolver"),
    help: text("Answers and forwards DNS for a network", "ネットワークの DNS に応答し転送"),
    source: "dns/dns-private-resolver-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/dnsResolvers"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: DnsResolver::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
