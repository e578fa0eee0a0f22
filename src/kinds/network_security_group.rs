//! Network security group: allows and denies traffic of subnets and network interfaces by priority.
//!
//! Azure docs: "Network security groups" (virtual-network/network-security-groups-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent,
    address::{AddressPrefix, PortRange},
    no_arm, no_check, no_facts,
    setting::{REGION, REGION_HELP, Ref, Region, Within, choice, settings},
};
use crate::text::{Text, text};

choice! {
    /// Which way a connection is opened. Replies pass by themselves.
    pub enum Direction {
        Inbound = "Inbound", text("Inbound", "受信");
        Outbound = "Outbound", text("Outbound", "送信");
    }
}

choice! {
    pub enum Access {
        Allow = "Allow", text("Allow", "許可");
        Deny = "Deny", text("Deny", "拒否");
    }
}

choice! {
    pub enum RuleProtocol {
        Any = "*", text("Any", "任意");
        Tcp = "Tcp", Text::same("TCP");
        Udp = "Udp", Text::same("UDP");
        Icmp = "Icmp", Text::same("ICMP");
        Esp = "Esp", Text::same("ESP");
        Ah = "Ah", Text::same("AH");
    }
}

settings! {
    /// A security rule. Of those that match, the one with the smallest priority decides.
    pub struct SecurityRule {
        name: String = "name", String::new(),
            text("Name", "名前"),
            text("Unique in the group", "グループ内で一意の名前");
        priority: Within<100, 4096> = "priority", Within::near(100),
            text("Priority", "優先度"),
            text("Smaller numbers decide first", "小さい番号が先に評価されます");
        direction: Direction = "direction", Direction::Inbound,
            text("Direction", "方向"),
            text("Which way the connection is opened", "接続を開始する方向");
        access: Access = "access", Access::Allow,
            text("Action", "アクション"),
            text("What happens to matching traffic", "一致した通信の扱い");
        protocol: RuleProtocol = "protocol", RuleProtocol::Any,
            text("Protocol", "プロトコル"),
            text("Any, or one protocol", "任意、または 1 つのプロトコル");
        source_address_prefixes: Vec<AddressPrefix> = "sourceAddressPrefixes", vec![AddressPrefix::Any],
            text("Source", "ソース"),
            text("*, addresses and prefixes, or one service tag", "*、アドレスとプレフィックス、または 1 つのサービス タグ");
        source_application_security_groups: Vec<Ref> = "sourceApplicationSecurityGroups", Vec::new(),
            text("Source application security groups", "ソースのアプリケーション セキュリティ グループ"),
            text("In place of source addresses", "ソース アドレスの代わりに指定"),
            to &[Kind::ApplicationSecurityGroup], None;
        source_port_ranges: Vec<PortRange> = "sourcePortRanges", vec![PortRange::ALL],
            text("Source ports", "ソース ポート範囲"),
            text("Nearly always *", "通常は *");
        destination_address_prefixes: Vec<AddressPrefix> = "destinationAddressPrefixes", vec![AddressPrefix::Any],
            text("Destination", "宛先"),
            text("*, addresses and prefixes, or one service tag", "*、アドレスとプレフィックス、または 1 つのサービス タグ");
        destination_application_security_groups: Vec<Ref> = "destinationApplicationSecurityGroups", Vec::new(),
            text("Destination application security groups", "宛先のアプリケーション セキュリティ グループ"),
            text("In place of destination addresses", "宛先アドレスの代わりに指定"),
            to &[Kind::ApplicationSecurityGroup], None;
        destination_port_ranges: Vec<PortRange> = "destinationPortRanges", vec![PortRange::ALL],
            text("Destination ports", "宛先ポート範囲"),
            text("Ports and ranges such as 443 or 8000-9000", "443 や 8000-9000 のようなポートと範囲");
        description: Option<String> = "description", None,
            text("Description", "説明"),
            text("Why the rule is there", "規則の目的");
    }
}

settings! {
    /// Settings of a network security group.
    pub struct NetworkSecurityGroup {
        /// Custom rules; the six default rules come after them.
        security_rules: Vec<SecurityRule> = "securityRules", Vec::new(),
            text("Security rules", "セキュリティ規則"),
            text("Your rules; six default rules follow them", "独自の規則。この後に 6 つの既定の規則が続きます");
        location: Option<Region> = "location", None, REGION, REGION_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "network-security-group",
    label: text("Network security group", "ネットワーク セキュリティ グループ"),
    help: text("Allows and denies traffic by priority", "優先度に従って通信を許可または拒否"),
    source: "virtual-network/network-security-groups-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/networkSecurityGroups"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: NetworkSecurityGroup::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
