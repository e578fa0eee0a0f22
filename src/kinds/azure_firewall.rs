//! Azure Firewall: filters what routes send through it, by address and by host name.
//!
//! Azure docs: "Azure Firewall rule processing logic" (firewall/rule-processing).

use std::net::Ipv4Addr;

use serde_json::Value;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent,
    address::{AddressPrefix, PortRange},
    network_security_group::Access,
    no_arm, no_check, no_facts,
    setting::{
        Choice, Problem, Ref, Relation, Setting, Shape, Within, choice, settings, suggested,
    },
};
use crate::{
    facts::cidr::Cidr,
    text::{Text, arg, text},
};

choice! {
    /// Basic has no DNS proxy and no FQDNs in network rules.
    pub enum Tier {
        Standard = "Standard", Text::same("Standard");
        Premium = "Premium", Text::same("Premium");
        Basic = "Basic", Text::same("Basic");
    }
}

choice! {
    /// What happens to addresses and domains known as malicious.
    pub enum ThreatIntelMode {
        Alert = "Alert", text("Alert only", "アラートのみ");
        Deny = "Deny", text("Alert and deny", "アラートと拒否");
        Off = "Off", text("Off", "オフ");
    }
}

choice! {
    pub enum RuleProtocol {
        Tcp = "TCP", Text::same("TCP");
        Udp = "UDP", Text::same("UDP");
        Icmp = "ICMP", Text::same("ICMP");
        Any = "Any", text("Any", "任意");
    }
}

settings! {
    /// A DNAT rule: what arrives at a public address of the firewall goes to a private one.
    pub struct NatRule {
        collection: String = "collection", "dnat".to_owned(), COLLECTION, COLLECTION_HELP;
        priority: Within<100, 65000> = "priority", Within::near(100), PRIORITY, PRIORITY_HELP;
        name: String = "name", String::new(), NAME, NAME_HELP;
        ip_protocols: Vec<RuleProtocol> = "ipProtocols", vec![RuleProtocol::Tcp],
            text("Protocols", "プロトコル"),
            text("TCP, UDP or both", "TCP、UDP、またはその両方");
        source_addresses: Vec<AddressPrefix> = "sourceAddresses", vec![AddressPrefix::Any], SOURCE, SOURCE_HELP;
        destination_addresses: Vec<AddressPrefix> = "destinationAddresses", Vec::new(),
            text("Destination", "宛先"),
            text("Public addresses of the firewall", "ファイアウォールのパブリック アドレス");
        destination_ports: Vec<PortRange> = "destinationPorts", vec![PortRange::one(443)],
            text("Destination ports", "宛先ポート"),
            text("The port that the internet sees", "インターネットから見えるポート");
        translated_address: Option<Ipv4Addr> = "translatedAddress", None,
            text("Translated address", "変換されたアドレス"),
            text("Private address that gets the traffic", "通信を受け取るプライベート アドレス");
        translated_port: Within<1, 65535> = "translatedPort", Within::near(443),
            text("Translated port", "変換されたポート"),
            text("Port at the private address", "プライベート アドレスのポート");
    }
}

settings! {
    /// A network rule: by address, port, service tag or FQDN.
    pub struct NetworkRule {
        collection: String = "collection", "network".to_owned(), COLLECTION, COLLECTION_HELP;
        priority: Within<100, 65000> = "priority", Within::near(200), PRIORITY, PRIORITY_HELP;
        action: Access = "action", Access::Allow, ACTION, ACTION_HELP;
        name: String = "name", String::new(), NAME, NAME_HELP;
        ip_protocols: Vec<RuleProtocol> = "ipProtocols", vec![RuleProtocol::Tcp],
            text("Protocols", "プロトコル"),
            text("One or several", "1 つ以上のプロトコル");
        source_addresses: Vec<AddressPrefix> = "sourceAddresses", vec![AddressPrefix::Any], SOURCE, SOURCE_HELP;
        destination_addresses: Vec<AddressPrefix> = "destinationAddresses", Vec::new(),
            text("Destination", "宛先"),
            text("*, addresses, prefixes and service tags", "*、アドレス、プレフィックス、サービス タグ");
        /// Needs the DNS proxy, so that clients and firewall resolve alike.
        destination_fqdns: Vec<String> = "destinationFqdns", Vec::new(),
            text("Destination FQDNs", "宛先 FQDN"),
            text("Host names, without wildcards; the DNS proxy must be on", "ワイルドカードなしのホスト名。DNS プロキシが必要です");
        destination_ports: Vec<PortRange> = "destinationPorts", vec![PortRange::one(443)],
            text("Destination ports", "宛先ポート"),
            text("Ports and ranges, or *", "ポートと範囲、または *");
    }
}

settings! {
    /// An application rule: HTTP, HTTPS or SQL by host name.
    pub struct ApplicationRule {
        collection: String = "collection", "application".to_owned(), COLLECTION, COLLECTION_HELP;
        priority: Within<100, 65000> = "priority", Within::near(300), PRIORITY, PRIORITY_HELP;
        action: Access = "action", Access::Allow, ACTION, ACTION_HELP;
        name: String = "name", String::new(), NAME, NAME_HELP;
        source_addresses: Vec<AddressPrefix> = "sourceAddresses", vec![AddressPrefix::Any], SOURCE, SOURCE_HELP;
        protocols: Vec<AppProtocol> = "protocols", vec![AppProtocol { kind: AppProtocolType::Https, port: 443 }],
            text("Protocols", "プロトコル"),
            text("Such as Https:443, Http:80 or Mssql:1433", "Https:443、Http:80、Mssql:1433 など");
        target_fqdns: Vec<String> = "targetFqdns", Vec::new(),
            text("Target FQDNs", "ターゲット FQDN"),
            text("Host names; *.example.com takes every name below", "ホスト名。*.example.com はその下のすべての名前");
        fqdn_tags: Vec<FqdnTag> = "fqdnTags", Vec::new(),
            text("FQDN tags", "FQDN タグ"),
            text("Sets of names that Microsoft keeps, such as AzureKubernetesService", "AzureKubernetesService など、Microsoft が管理する名前の集合");
    }
}

settings! {
    /// Settings of Azure Firewall with its policy.
    pub struct AzureFirewall {
        tier: Tier = "sku.tier", Tier::Standard,
            text("SKU tier", "SKU レベル"),
            text("Basic has no DNS proxy and no FQDNs in network rules", "Basic では DNS プロキシとネットワーク規則の FQDN が使えません");
        /// Azure takes the first free address of the subnet when it is not given.
        private_ip_address: Option<Ipv4Addr> = "privateIPAddress", None,
            text("Private IP address", "プライベート IP アドレス"),
            text("Next hop for routes; empty means the first free address of the subnet", "ルートの次ホップ。空の場合はサブネットの最初の空きアドレス");
        public_ip_addresses: Vec<Ref> = "publicIpAddresses", Vec::new(),
            text("Public IP addresses", "パブリック IP アドレス"),
            text("The source addresses that the internet sees", "インターネットから見える送信元アドレス"),
            to &[Kind::PublicIpAddress], Some(Relation::Network);
        dns_proxy: bool = "dnsSettings.enableProxy", false,
            text("DNS proxy", "DNS プロキシ"),
            text("Clients may use the firewall as their DNS server", "クライアントがファイアウォールを DNS サーバーとして使えます");
        /// Empty: Azure DNS.
        dns_servers: Vec<Ipv4Addr> = "dnsSettings.servers", Vec::new(),
            text("DNS servers", "DNS サーバー"),
            text("Whom the firewall asks; empty means Azure DNS", "ファイアウォールの問い合わせ先。空の場合は Azure DNS");
        threat_intel_mode: ThreatIntelMode = "threatIntelMode", ThreatIntelMode::Alert,
            text("Threat intelligence", "脅威インテリジェンス"),
            text("What happens to known malicious destinations", "既知の悪意のある宛先の扱い");
        nat_rules: Vec<NatRule> = "natRules", Vec::new(),
            text("DNAT rules", "DNAT 規則"),
            text("Inbound from the internet to a private address", "インターネットからプライベート アドレスへの受信");
        network_rules: Vec<NetworkRule> = "networkRules", Vec::new(),
            text("Network rules", "ネットワーク規則"),
            text("By address; they decide before application rules", "アドレスによる規則。アプリケーション規則より先に評価されます");
        application_rules: Vec<ApplicationRule> = "applicationRules", Vec::new(),
            text("Application rules", "アプリケーション規則"),
            text("By host name, for HTTP, HTTPS and SQL", "HTTP、HTTPS、SQL のホスト名による規則");
        /// Ranges that network rules do not translate; empty: RFC 1918 and RFC 6598.
        private_ranges: Vec<Cidr> = "snat.privateRanges", Vec::new(),
            text("Private ranges (no SNAT)", "プライベート範囲 (SNAT なし)"),
            text("Destinations that see the client's own address; empty means the IANA private ranges", "クライアントのアドレスのまま届く宛先。空の場合は IANA のプライベート範囲");
    }
}

const COLLECTION: Text = text("Rule collection", "規則コレクション");
const COLLECTION_HELP: Text = text(
    "Rules of one collection share priority and action",
    "同じコレクションの規則は優先度とアクションを共有します",
);
const PRIORITY: Text = text("Priority", "優先度");
const PRIORITY_HELP: Text = text(
    "Of the collection; smaller numbers decide first",
    "コレクションの優先度。小さい番号が先に評価されます",
);
const ACTION: Text = text("Action", "アクション");
const ACTION_HELP: Text = text("What happens to matching traffic", "一致した通信の扱い");
const NAME: Text = text("Name", "名前");
const NAME_HELP: Text = text("Unique in the collection", "コレクション内で一意の名前");
const SOURCE: Text = text("Source", "ソース");
const SOURCE_HELP: Text = text("*, addresses and prefixes", "*、アドレス、プレフィックス");

suggested! {
    /// A set of host names that Microsoft keeps (ARM: `fqdnTags`).
    pub struct FqdnTag = &[
        Choice { value: "AzureKubernetesService", label: Text::same("AzureKubernetesService") },
        Choice { value: "AzureBackup", label: Text::same("AzureBackup") },
        Choice { value: "HDInsight", label: Text::same("HDInsight") },
        Choice { value: "MicrosoftActiveProtectionService", label: Text::same("MicrosoftActiveProtectionService") },
        Choice { value: "WindowsDiagnostics", label: Text::same("WindowsDiagnostics") },
        Choice { value: "WindowsUpdate", label: Text::same("WindowsUpdate") },
        Choice { value: "WindowsVirtualDesktop", label: Text::same("WindowsVirtualDesktop") },
    ];
}

/// What an application rule looks into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AppProtocolType {
    Http,
    Https,
    Mssql,
}

impl AppProtocolType {
    pub const fn value(self) -> &'static str {
        match self {
            AppProtocolType::Http => "Http",
            AppProtocolType::Https => "Https",
            AppProtocolType::Mssql => "Mssql",
        }
    }
}

/// A protocol with its port, written as the portal takes it: `Https:443`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AppProtocol {
    pub kind: AppProtocolType,
    pub port: u16,
}

impl AppProtocol {
    /// Reads `Https:443`; without a port the protocol's usual one.
    pub fn parse(written: &str) -> Option<AppProtocol> {
        let (kind, port) = written.split_once(':').map_or((written, None), |(k, p)| (k, Some(p)));
        let (kind, usual) = match kind.trim().to_ascii_lowercase().as_str() {
            "http" => (AppProtocolType::Http, 80),
            "https" => (AppProtocolType::Https, 443),
            "mssql" => (AppProtocolType::Mssql, 1433),
            _ => return None,
        };
        let port = match port {
            None => usual,
            Some(it) => it.trim().parse().ok().filter(|it| *it > 0)?,
        };
        Some(AppProtocol { kind, port })
    }
}

impl Setting for AppProtocol {
    const SHAPE: Shape = Shape::Parsed(|it| Self::read(it).map(drop));

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        let it = String::read(value)?;
        AppProtocol::parse(&it).ok_or_else(|| {
            vec![Problem {
                field: String::new(),
                text: text(
                    "{0} is not a protocol with a port such as Https:443",
                    "{0} は Https:443 のようなプロトコルとポートではありません",
                )
                .with([arg(&it)]),
            }]
        })
    }

    fn write(&self) -> Value {
        Value::from(format!("{}:{}", self.kind.value(), self.port))
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "azure-firewall",
    label: text("Azure Firewall", "Azure Firewall"),
    help: text("Filters what routes send through it", "ルートで送られた通信をフィルター"),
    source: "firewall/overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/azureFirewalls"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: AzureFirewall::FIELDS,
    name: NameRule { max: 56, ..NameRule::NETWORK },
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
