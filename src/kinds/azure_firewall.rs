//! Azure Firewall: filters what routes send through it, by address and by host name.
//!
//! Azure docs: "Azure Firewall rule processing logic" (firewall/rule-processing).

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use serde_json::Value;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, ResourceId, Subject,
    address::{AddressPrefix, PortRange},
    arm::{ArmResource, ArmValue},
    network_security_group::Access,
    public_ip_address::given_or_own,
    reach,
    route_table::{NextHopType, RouteTable},
    setting::{
        Choice, Problem, Ref, Relation, Setting, Shape, Within, choice, settings, suggested,
    },
    subnet::{AZURE_FIREWALL_MANAGEMENT_SUBNET, AZURE_FIREWALL_SUBNET, check_address, check_home},
};
use crate::{
    azure::service_tags,
    facts::{Facts, cidr::Cidr, filter},
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
    /// An application rule: HTTP or HTTPS by host name.
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
        management_public_ip_address: Option<Ref> = "managementPublicIpAddress", None,
            text("Management public IP address", "管理用パブリック IP アドレス"),
            text("Of the AzureFirewallManagementSubnet, which Basic and forced tunneling need", "Basic と強制トンネリングに必要な AzureFirewallManagementSubnet 用"),
            to &[Kind::PublicIpAddress], None;
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
            text("By host name, for HTTP and HTTPS", "HTTP と HTTPS のホスト名による規則");
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
    /// Azure SQL in proxy mode (firewall/sql-fqdn-filtering).
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
    facts,
    arm,
    check,
};

const POLICIES: &str = "Microsoft.Network/firewallPolicies";
const GROUPS: &str = "Microsoft.Network/firewallPolicies/ruleCollectionGroups";

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let Some(subnet) = subject.parent() else { return Vec::new() };
    let it = AzureFirewall::of(subject);
    let policy = format!("{}-policy", subject.name());
    let mut all = Vec::new();
    let mut configurations = Vec::new();
    let mut addresses: Vec<Option<Ref>> =
        it.public_ip_addresses.iter().copied().map(Some).collect();
    let management = management_subnet(subject);
    if addresses.is_empty() && management.is_none() {
        addresses.push(None);
    }
    for n in 0..addresses.len().max(1) {
        // Only the first configuration names the subnet.
        let home = (n == 0).then_some(subnet.id);
        let (address, own) = addresses.get(n).map_or((None, None), |it| {
            let (address, own) = given_or_own(subject, *it);
            (Some(address), own)
        });
        configurations.push(configuration(&format!("ipconfig{}", n + 1), home, address));
        all.extend(own);
    }
    let mut firewall = ArmResource::of(
        subject,
        "Microsoft.Network/azureFirewalls",
        vec![subject.name().to_owned()],
    )
    .with("sku.name", ArmValue::text("AZFW_VNet"))
    .with("sku.tier", ArmValue::text(it.tier.value()))
    .with("ipConfigurations", ArmValue::List(configurations))
    .with("firewallPolicy", ArmValue::sibling(subject.id, POLICIES, policy.as_str()));
    if let Some(management) = management {
        let address = it.management_public_ip_address.map(|it| ArmValue::reference(it.0));
        firewall = firewall.with(
            "managementIpConfiguration",
            configuration("management", Some(management.id), address),
        );
    }
    all.insert(0, lower_policy(subject, &it, &policy));
    // A policy takes one change at a time, and none while its firewall is changed.
    let mut last = None;
    for group in lower_groups(subject, &it, &policy) {
        let name = group.1;
        let group = match last {
            Some(before) => group.0.after_sibling(subject.id, GROUPS, vec![policy.clone(), before]),
            None => group.0,
        };
        all.push(group);
        last = Some(name);
    }
    if let Some(last) = last {
        firewall = firewall.after_sibling(subject.id, GROUPS, vec![policy, last]);
    }
    all.insert(0, firewall);
    all
}

fn configuration(name: &str, subnet: Option<ResourceId>, address: Option<ArmValue>) -> ArmValue {
    let mut properties = ArmValue::Object(Vec::new());
    if let Some(subnet) = subnet {
        properties.set("subnet", ArmValue::reference(subnet));
    }
    if let Some(address) = address {
        properties.set("publicIPAddress", address);
    }
    ArmValue::object([("name", ArmValue::text(name)), ("properties", properties)])
}

/// The subnet beside the firewall's own through which Azure manages it.
fn management_subnet(subject: Subject<'_>) -> Option<Subject<'_>> {
    let network = subject.within(Kind::VirtualNetwork)?;
    subject
        .all
        .children(Some(network.id))
        .find(|it| it.name().eq_ignore_ascii_case(AZURE_FIREWALL_MANAGEMENT_SUBNET))
}

/// Whether routes take the firewall's own traffic to the internet elsewhere
/// (firewall/forced-tunneling).
fn tunnels(subject: Subject<'_>) -> bool {
    let table = subject
        .within(Kind::Subnet)
        .and_then(|it| it.follow(it.setting::<Option<Ref>>("routeTable").flatten()));
    table.is_some_and(|it| {
        RouteTable::of(it).routes.iter().any(|it| {
            it.address_prefix == AddressPrefix::Prefix(Cidr::ALL)
                && it.next_hop_type != NextHopType::Internet
        })
    })
}

fn lower_policy(subject: Subject<'_>, it: &AzureFirewall, name: &str) -> ArmResource {
    let mut policy = ArmResource::of(subject, POLICIES, vec![name.to_owned()])
        .with("sku.tier", ArmValue::text(it.tier.value()))
        .with("threatIntelMode", ArmValue::text(it.threat_intel_mode.value()));
    if it.dns_proxy || !it.dns_servers.is_empty() {
        policy = policy
            .with("dnsSettings.enableProxy", ArmValue::Bool(it.dns_proxy))
            .with("dnsSettings.servers", ArmValue::texts(&it.dns_servers));
    }
    if !it.private_ranges.is_empty() {
        policy = policy.with("snat.privateRanges", ArmValue::texts(&it.private_ranges));
    }
    policy
}

/// The three groups that the portal makes, as far as they hold rules.
fn lower_groups(
    subject: Subject<'_>,
    it: &AzureFirewall,
    policy: &str,
) -> Vec<(ArmResource, String)> {
    let nat = collections(it.nat_rules.iter().map(|rule| {
        let address = rule.translated_address.map(|it| it.to_string()).unwrap_or_default();
        let mut lowered = lower_rule("NatRule", &rule.name, &rule.source_addresses);
        lowered.set("ipProtocols", ArmValue::texts(rule.ip_protocols.iter().map(|it| it.value())));
        lowered.set("destinationAddresses", ArmValue::texts(&rule.destination_addresses));
        lowered.set("destinationPorts", ArmValue::texts(&rule.destination_ports));
        lowered.set("translatedAddress", ArmValue::Text(address));
        lowered.set("translatedPort", ArmValue::text(rule.translated_port.get().to_string()));
        ("FirewallPolicyNatRuleCollection", &*rule.collection, rule.priority.get(), "DNAT", lowered)
    }));
    let network = collections(it.network_rules.iter().map(|rule| {
        let mut lowered = lower_rule("NetworkRule", &rule.name, &rule.source_addresses);
        lowered.set("ipProtocols", ArmValue::texts(rule.ip_protocols.iter().map(|it| it.value())));
        if rule.destination_fqdns.is_empty() {
            lowered.set("destinationAddresses", ArmValue::texts(&rule.destination_addresses));
        } else {
            lowered.set("destinationFqdns", ArmValue::texts(&rule.destination_fqdns));
        }
        lowered.set("destinationPorts", ArmValue::texts(&rule.destination_ports));
        (FILTER, &*rule.collection, rule.priority.get(), rule.action.value(), lowered)
    }));
    let application = collections(it.application_rules.iter().map(|rule| {
        let mut lowered = lower_rule("ApplicationRule", &rule.name, &rule.source_addresses);
        let protocol = |it: &AppProtocol| {
            ArmValue::object([
                ("protocolType", ArmValue::text(it.kind.value())),
                ("port", ArmValue::Number(it.port.into())),
            ])
        };
        lowered.set("protocols", rule.protocols.iter().map(protocol).collect());
        if rule.fqdn_tags.is_empty() {
            lowered.set("targetFqdns", ArmValue::texts(&rule.target_fqdns));
        } else {
            lowered.set("fqdnTags", ArmValue::texts(rule.fqdn_tags.iter().map(FqdnTag::as_str)));
        }
        (FILTER, &*rule.collection, rule.priority.get(), rule.action.value(), lowered)
    }));
    [
        ("DefaultDnatRuleCollectionGroup", 100, nat),
        ("DefaultNetworkRuleCollectionGroup", 200, network),
        ("DefaultApplicationRuleCollectionGroup", 300, application),
    ]
    .into_iter()
    .filter(|(_, _, collections)| !collections.is_empty())
    .map(|(name, priority, collections)| {
        let group = ArmResource::of(subject, GROUPS, vec![policy.to_owned(), name.to_owned()])
            .child()
            .with("priority", ArmValue::Number(priority))
            .with("ruleCollections", ArmValue::List(collections));
        (group, name.to_owned())
    })
    .collect()
}

const FILTER: &str = "FirewallPolicyFilterRuleCollection";

fn lower_rule(kind: &str, name: &str, sources: &[AddressPrefix]) -> ArmValue {
    ArmValue::object([
        ("ruleType", ArmValue::text(kind)),
        ("name", ArmValue::text(name)),
        ("sourceAddresses", ArmValue::texts(sources)),
    ])
}

/// Rules by their collections, in the order in which the collections first appear.
fn collections<'a>(
    rules: impl Iterator<Item = (&'static str, &'a str, u32, &'static str, ArmValue)>,
) -> Vec<ArmValue> {
    let mut all: Vec<(&str, ArmValue, Vec<ArmValue>)> = Vec::new();
    for (kind, name, priority, action, rule) in rules {
        if let Some((.., rules)) = all.iter_mut().find(|(it, ..)| *it == name) {
            rules.push(rule);
            continue;
        }
        let collection = ArmValue::object([
            ("ruleCollectionType", ArmValue::text(kind)),
            ("name", ArmValue::text(name)),
            ("priority", ArmValue::Number(priority.into())),
            ("action", ArmValue::object([("type", ArmValue::text(action))])),
        ]);
        all.push((name, collection, vec![rule]));
    }
    all.into_iter()
        .map(|(_, mut collection, rules)| {
            collection.set("rules", ArmValue::List(rules));
            collection
        })
        .collect()
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = AzureFirewall::of(subject);
    let mut problems = Vec::new();
    check_home(subject, AZURE_FIREWALL_SUBNET, &mut problems);
    check_address(subject, "privateIPAddress", it.private_ip_address, &mut problems);
    let siblings = subject.all.children(subject.resource.parent);
    if let Some(other) =
        siblings.filter(|it| it.kind() == Kind::AzureFirewall).find(|it| it.id < subject.id)
    {
        problems.push(Problem::new(
            "parent",
            text(
                "{0} already stands in this subnet; a network has one firewall",
                "このサブネットには既に {0} があります。1 つのネットワークに置けるファイアウォールは 1 つです",
            )
            .with([arg(other.name())]),
        ));
    }
    if it.tier == Tier::Basic && management_subnet(subject).is_none() {
        problems.push(Problem::new(
            "sku.tier",
            text(
                "Basic needs a subnet named {0} beside its own; add it or choose Standard",
                "Basic には {0} という名前のサブネットも必要です。追加するか、Standard を選んでください",
            )
            .with([arg(AZURE_FIREWALL_MANAGEMENT_SUBNET)]),
        ));
    }
    if it.tier == Tier::Basic && it.dns_proxy {
        problems.push(Problem::new(
            "dnsSettings.enableProxy",
            text(
                "Basic has no DNS proxy; choose Standard or switch it off",
                "Basic では DNS プロキシを使えません。Standard を選ぶか、オフにしてください",
            ),
        ));
    }
    for (n, rule) in it.nat_rules.iter().enumerate() {
        let at = |cell: &str| format!("natRules[{n}].{cell}");
        need(&rule.ip_protocols, at("ipProtocols"), &mut problems);
        need(&rule.destination_ports, at("destinationPorts"), &mut problems);
        need(&rule.destination_addresses, at("destinationAddresses"), &mut problems);
        if rule.translated_address.is_none() {
            problems.push(Problem::new(
                at("translatedAddress"),
                text(
                    "say which private address gets the traffic",
                    "通信を受け取るプライベート アドレスを指定してください",
                ),
            ));
        }
        check_sources(&rule.source_addresses, at("sourceAddresses"), &mut problems);
    }
    for (n, rule) in it.network_rules.iter().enumerate() {
        let at = |cell: &str| format!("networkRules[{n}].{cell}");
        need(&rule.ip_protocols, at("ipProtocols"), &mut problems);
        check_sources(&rule.source_addresses, at("sourceAddresses"), &mut problems);
        need(&rule.destination_ports, at("destinationPorts"), &mut problems);
        let unusable = |it: &&AddressPrefix| match it {
            AddressPrefix::Tag(it) => {
                service_tags::parse(it).is_some_and(|it| it.tag.azure_firewall == Some(false))
            }
            _ => false,
        };
        if let Some(tag) = rule.destination_addresses.iter().find(unusable) {
            problems.push(Problem::new(
                at("destinationAddresses"),
                text(
                    "a firewall does not take {0} as a destination; name addresses or another service tag",
                    "ファイアウォールの宛先に {0} は使えません。アドレスか別のサービス タグを指定してください",
                )
                .with([arg(tag)]),
            ));
        }
        one_of(
            [&rule.destination_addresses.len(), &rule.destination_fqdns.len()],
            at("destinationAddresses"),
            text("addresses or FQDNs", "アドレスまたは FQDN"),
            &mut problems,
        );
        if let Some(name) = rule.destination_fqdns.iter().find(|it| it.contains('*')) {
            problems.push(Problem::new(
                at("destinationFqdns"),
                text(
                    "{0} has a wildcard, which network rules do not take; use an application rule",
                    "ネットワーク規則ではワイルドカード ({0}) を使えません。アプリケーション規則を使ってください",
                )
                .with([arg(name)]),
            ));
        }
        if !rule.destination_fqdns.is_empty() && !it.dns_proxy {
            problems.push(Problem::new(
                at("destinationFqdns"),
                text(
                    "FQDNs in network rules need the DNS proxy, so that clients and firewall resolve alike; switch it on",
                    "ネットワーク規則の FQDN には DNS プロキシが必要です (クライアントと同じ名前解決にするため)。オンにしてください",
                ),
            ));
        }
    }
    for (n, rule) in it.application_rules.iter().enumerate() {
        let at = |cell: &str| format!("applicationRules[{n}].{cell}");
        check_sources(&rule.source_addresses, at("sourceAddresses"), &mut problems);
        need(&rule.protocols, at("protocols"), &mut problems);
        one_of(
            [&rule.target_fqdns.len(), &rule.fqdn_tags.len()],
            at("targetFqdns"),
            text("FQDNs or FQDN tags", "FQDN または FQDN タグ"),
            &mut problems,
        );
    }
    if tunnels(subject) && management_subnet(subject).is_none() {
        problems.push(Problem::new(
            "parent",
            text(
                "the route table of the firewall's subnet sends 0.0.0.0/0 elsewhere than to the internet; that needs a subnet named {0}",
                "ファイアウォールのサブネットのルート テーブルが 0.0.0.0/0 をインターネット以外に向けています。{0} という名前のサブネットが必要です",
            )
            .with([arg(AZURE_FIREWALL_MANAGEMENT_SUBNET)]),
        ));
    }
    let nat =
        it.nat_rules.iter().map(|it| (&*it.collection, it.priority, Access::Allow, &*it.name));
    check_collections("natRules", nat, &mut problems);
    let network =
        it.network_rules.iter().map(|it| (&*it.collection, it.priority, it.action, &*it.name));
    check_collections("networkRules", network, &mut problems);
    let application =
        it.application_rules.iter().map(|it| (&*it.collection, it.priority, it.action, &*it.name));
    check_collections("applicationRules", application, &mut problems);
    problems
}

fn need<T>(values: &[T], field: String, problems: &mut Vec<Problem>) {
    if values.is_empty() {
        problems.push(Problem::new(field, text("name at least one", "1 つ以上指定してください")));
    }
}

fn one_of(counts: [&usize; 2], field: String, what: Text, problems: &mut Vec<Problem>) {
    if counts.iter().filter(|it| ***it > 0).count() != 1 {
        problems.push(Problem::new(
            field,
            text(
                "a rule names {0}, and only one of the two",
                "規則には {0} のどちらか一方を指定してください",
            )
            .with([what.into()]),
        ));
    }
}

/// Service tags are destinations only.
fn check_sources(sources: &[AddressPrefix], field: String, problems: &mut Vec<Problem>) {
    if let Some(tag) = sources.iter().find(|it| it.is_tag()) {
        problems.push(Problem::new(
            field,
            text(
                "{0} is a service tag, which a firewall takes as a destination only; name addresses",
                "{0} はサービス タグです。ファイアウォールでは宛先にだけ使えます。アドレスを指定してください",
            )
            .with([arg(tag)]),
        ));
    } else {
        need(sources, field, problems);
    }
}

/// Rules of one collection share priority and action; collections of one type have each their own
/// priority; rules of one collection have each their own name.
fn check_collections<'a>(
    field: &str,
    rules: impl Iterator<Item = (&'a str, Within<100, 65000>, Access, &'a str)>,
    problems: &mut Vec<Problem>,
) {
    let mut seen: BTreeMap<&str, (Within<100, 65000>, Access)> = BTreeMap::new();
    let mut names = BTreeSet::new();
    let mut owners: BTreeMap<Within<100, 65000>, &str> = BTreeMap::new();
    for (n, (collection, priority, action, name)) in rules.enumerate() {
        let at = |cell: &str| format!("{field}[{n}].{cell}");
        if collection.is_empty() {
            problems.push(Problem::new(
                at("collection"),
                text("name the rule collection", "規則コレクションの名前を指定してください"),
            ));
        }
        if name.is_empty() || !names.insert((collection, name.to_ascii_lowercase())) {
            problems.push(Problem::new(
                at("name"),
                text(
                    "each rule of a collection needs a name of its own",
                    "コレクション内の規則にはそれぞれ別の名前が必要です",
                ),
            ));
        }
        if *seen.entry(collection).or_insert((priority, action)) != (priority, action) {
            problems.push(Problem::new(
                at("priority"),
                text(
                    "the rules of {0} must have one priority and one action; use another collection",
                    "{0} の規則は優先度とアクションを同じにしてください。異なる場合は別のコレクションにしてください",
                )
                .with([arg(collection)]),
            ));
        }
        let owner = *owners.entry(priority).or_insert(collection);
        if owner != collection {
            problems.push(Problem::new(
                at("priority"),
                text(
                    "{0} has priority {1} too, so the order would be open; give each its own",
                    "{0} も優先度 {1} のため、評価の順序が決まりません。それぞれ別の優先度にしてください",
                )
                .with([arg(owner), arg(priority.get())]),
            ));
        }
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, AzureFirewall::from_settings);
    let (Some(subnet), Some(network)) =
        (subject.within(Kind::Subnet), subject.within(Kind::VirtualNetwork))
    else {
        return;
    };
    // Azure refuses a rule that leaves out one of its parts, so such a rule may hold anything.
    let places = |written: &[AddressPrefix], unsaid: bool| {
        if unsaid { vec![filter::Place::Unsaid] } else { reach::places(written) }
    };
    let protocols = |all: &[RuleProtocol]| -> Vec<filter::Protocol> {
        if all.is_empty() {
            return vec![filter::Protocol::Any];
        }
        all.iter()
            .map(|it| match it {
                RuleProtocol::Tcp => filter::Protocol::Tcp,
                RuleProtocol::Udp => filter::Protocol::Udp,
                RuleProtocol::Icmp => filter::Protocol::Icmp,
                RuleProtocol::Any => filter::Protocol::Any,
            })
            .collect()
    };
    // All collections stand in one group.
    let priority = |it: Within<100, 65000>| (0, it.get());
    let nat_rules = settings.nat_rules.iter().filter_map(|it| {
        let unsaid = it.ip_protocols.is_empty()
            || it.destination_ports.is_empty()
            || it.source_addresses.is_empty()
            || it.destination_addresses.is_empty();
        Some(filter::NatRule {
            name: it.name.clone(),
            priority: priority(it.priority),
            protocols: protocols(&it.ip_protocols),
            source: places(&it.source_addresses, unsaid),
            destination: places(&it.destination_addresses, unsaid),
            ports: reach::ports(&it.destination_ports),
            to: it.translated_address?,
            to_port: u16::try_from(it.translated_port.get()).ok()?,
        })
    });
    let network_rules = settings.network_rules.iter().map(|it| {
        let unsaid = it.ip_protocols.is_empty()
            || it.destination_ports.is_empty()
            || it.source_addresses.is_empty()
            || (it.destination_addresses.is_empty() && it.destination_fqdns.is_empty());
        let names = it.destination_fqdns.iter().map(|it| filter::Place::Name(reach::name(it)));
        filter::NetworkRule {
            name: it.name.clone(),
            priority: priority(it.priority),
            allow: it.action == Access::Allow,
            protocols: protocols(&it.ip_protocols),
            source: places(&it.source_addresses, unsaid),
            destination: places(&it.destination_addresses, unsaid)
                .into_iter()
                .chain(names)
                .collect(),
            ports: reach::ports(&it.destination_ports),
        }
    });
    let application_rules = settings.application_rules.iter().map(|it| {
        let nameless = it.target_fqdns.is_empty() && it.fqdn_tags.is_empty();
        let unsaid = nameless || it.protocols.is_empty() || it.source_addresses.is_empty();
        filter::ApplicationRule {
            name: it.name.clone(),
            priority: priority(it.priority),
            allow: it.action == Access::Allow,
            source: places(&it.source_addresses, unsaid),
            names: if nameless {
                vec!["*".to_owned()]
            } else {
                it.target_fqdns.iter().map(|it| reach::name(it)).collect()
            },
            name_tags: it.fqdn_tags.iter().map(|it| it.as_str().to_owned()).collect(),
            ports: it.protocols.iter().map(|it| filter::Ports::one(it.port)).collect(),
        }
    });
    facts.appliances.insert(
        subject.id,
        filter::Appliance {
            network: network.id,
            subnet: subnet.id,
            address: settings.private_ip_address,
            public: settings
                .public_ip_addresses
                .iter()
                .filter_map(|it| reach::public_address(subject, Some(*it)))
                .collect(),
            network_rules: network_rules.collect(),
            application_rules: application_rules.collect(),
            nat_rules: nat_rules.collect(),
            dns_proxy: settings.dns_proxy,
            dns: settings.dns_servers,
            untranslated: settings.private_ranges,
        },
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use crate::kinds::ResourceId;

    fn firewall(settings: serde_json::Value) -> (Sketch, ResourceId) {
        let (mut it, network) = Sketch::network();
        let prefix = json!({"addressPrefix": "10.0.0.0/26"});
        let subnet = it.add(Kind::Subnet, "AzureFirewallSubnet", network, prefix);
        let id = it.add(Kind::AzureFirewall, "fw", subnet, settings);
        (it, id)
    }

    fn wrong(settings: serde_json::Value) -> Vec<String> {
        let (it, id) = firewall(settings);
        it.wrong(id)
    }

    #[test]
    fn in_a_subnet_of_another_name() {
        let (mut it, subnet) = Sketch::subnet();
        let id = it.add(Kind::AzureFirewall, "fw", subnet, json!({}));
        assert_eq!(it.wrong(id), ["parent"]);
    }

    // "To support forced tunneling, service management traffic is separated from customer traffic. An
    // additional dedicated subnet named AzureFirewallManagementSubnet is required"
    // (firewall/forced-tunneling).
    #[test]
    fn forced_tunneling_needs_a_second_subnet() {
        let (mut it, id) = firewall(json!({}));
        let to = |hop: &str| json!({"routes": [{"name": "all", "addressPrefix": "0.0.0.0/0", "nextHopType": hop}]});
        let table = it.add(Kind::RouteTable, "rt", ResourceId(1), to("VirtualNetworkGateway"));
        it.set(ResourceId(3), "routeTable", json!(table.0));
        assert_eq!(it.wrong(id), ["parent"]);
        it.set(table, "routes", to("Internet")["routes"].clone());
        assert_eq!(it.wrong(id), [""; 0]);
        it.set(table, "routes", to("None")["routes"].clone());
        let prefix = json!({"addressPrefix": "10.0.0.64/26"});
        it.add(Kind::Subnet, "AzureFirewallManagementSubnet", ResourceId(2), prefix);
        assert_eq!(it.wrong(id), [""; 0]);
    }

    #[test]
    fn basic_needs_a_second_subnet() {
        let (mut it, id) = firewall(json!({"sku.tier": "Basic"}));
        assert_eq!(it.wrong(id), ["sku.tier"]);
        let prefix = json!({"addressPrefix": "10.0.0.64/26"});
        it.add(Kind::Subnet, "AzureFirewallManagementSubnet", ResourceId(2), prefix);
        assert_eq!(it.wrong(id), [""; 0]);
    }

    // "To use FQDNs in your network rules, you must enable DNS Proxy", and wildcards are not
    // supported (firewall/fqdn-filtering-network-rules).
    #[test]
    fn names_in_network_rules_need_the_dns_proxy() {
        let rule = json!([{"name": "a", "destinationFqdns": ["time.windows.com"]}]);
        assert_eq!(wrong(json!({"networkRules": rule})), ["networkRules[0].destinationFqdns"]);
        assert_eq!(wrong(json!({"networkRules": rule, "dnsSettings.enableProxy": true})), [""; 0]);
        let wild = json!([{"name": "a", "destinationFqdns": ["*.windows.com"]}]);
        assert_eq!(
            wrong(json!({"networkRules": wild, "dnsSettings.enableProxy": true})),
            ["networkRules[0].destinationFqdns"]
        );
    }

    // Service tags can be used in the destination field of network rules (firewall/service-tags).
    #[test]
    fn tags_are_destinations_only() {
        let rule = |from: &str, to: &str| json!({"networkRules": [{"name": "a", "sourceAddresses": [from], "destinationAddresses": [to]}]});
        assert_eq!(wrong(rule("10.0.0.0/8", "Storage")), [""; 0]);
        assert_eq!(wrong(rule("Storage", "10.0.0.0/8")), ["networkRules[0].sourceAddresses"]);
    }

    #[test]
    fn a_rule_names_one_sort_of_destination() {
        let rule = |it: serde_json::Value| json!({"applicationRules": [it]});
        let fqdn = json!({"name": "a", "targetFqdns": ["*.contoso.com"]});
        let tag = json!({"name": "a", "fqdnTags": ["WindowsUpdate"]});
        let both = json!({"name": "a", "targetFqdns": ["x.com"], "fqdnTags": ["WindowsUpdate"]});
        assert_eq!(wrong(rule(fqdn)), [""; 0]);
        assert_eq!(wrong(rule(tag)), [""; 0]);
        assert_eq!(wrong(rule(both)), ["applicationRules[0].targetFqdns"]);
        assert_eq!(wrong(rule(json!({"name": "a"}))), ["applicationRules[0].targetFqdns"]);
    }

    #[test]
    fn a_collection_has_one_priority_and_one_action() {
        let rules = |second: serde_json::Value| {
            let mut all = json!([
                {"name": "a", "destinationAddresses": ["*"]},
                {"name": "b", "destinationAddresses": ["*"]},
            ]);
            for (key, value) in second.as_object().unwrap() {
                all[1][key] = value.clone();
            }
            json!({"networkRules": all})
        };
        assert_eq!(wrong(rules(json!({}))), [""; 0]);
        assert_eq!(wrong(rules(json!({"action": "Deny"}))), ["networkRules[1].priority"]);
        assert_eq!(wrong(rules(json!({"name": "a"}))), ["networkRules[1].name"]);
        assert_eq!(wrong(rules(json!({"collection": "x"}))), ["networkRules[1].priority"]);
        assert_eq!(wrong(rules(json!({"collection": "x", "priority": 300}))), [""; 0]);
    }

    #[test]
    fn groups_wait_for_one_another_and_the_firewall_for_all() {
        let (it, id) = firewall(json!({
            "networkRules": [{"name": "a", "destinationAddresses": ["*"]}],
            "applicationRules": [{"name": "a", "targetFqdns": ["*"]}],
        }));
        let all = it.lowered(id);
        let types: Vec<&str> =
            all.iter().filter_map(|it| it.arm_type.split('/').next_back()).collect();
        assert_eq!(
            types,
            [
                "azureFirewalls",
                "firewallPolicies",
                "publicIPAddresses",
                "ruleCollectionGroups",
                "ruleCollectionGroups"
            ]
        );
        let before = crate::kinds::arm::dependencies(&all);
        assert_eq!(before, [vec![1, 2, 4], vec![], vec![], vec![1], vec![1, 3]]);
    }
}
