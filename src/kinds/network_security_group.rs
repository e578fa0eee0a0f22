//! Network security group: allows and denies traffic of subnets and network interfaces by priority.
//!
//! Azure docs: "Network security groups" (virtual-network/network-security-groups-overview).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    address::{AddressPrefix, PortRange},
    arm::{ArmResource, ArmValue},
    reach,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Within, choice, settings},
};
use crate::{
    facts::{Facts, filter},
    text::{Message, Text, arg, text},
};

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
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let rules = &NetworkSecurityGroup::of(subject).security_rules;
    vec![
        ArmResource::of(
            subject,
            "Microsoft.Network/networkSecurityGroups",
            vec![subject.name().to_owned()],
        )
        .with("securityRules", rules.iter().map(lower_rule).collect()),
    ]
}

fn lower_rule(rule: &SecurityRule) -> ArmValue {
    let mut it = ArmValue::object([
        ("priority", ArmValue::Number(rule.priority.get().into())),
        ("direction", ArmValue::text(rule.direction.value())),
        ("access", ArmValue::text(rule.access.value())),
        ("protocol", ArmValue::text(rule.protocol.value())),
    ]);
    lower_end(
        &mut it,
        ["sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups"],
        &rule.source_address_prefixes,
        &rule.source_application_security_groups,
    );
    one_or_many(&mut it, ["sourcePortRange", "sourcePortRanges"], &rule.source_port_ranges);
    lower_end(
        &mut it,
        [
            "destinationAddressPrefix",
            "destinationAddressPrefixes",
            "destinationApplicationSecurityGroups",
        ],
        &rule.destination_address_prefixes,
        &rule.destination_application_security_groups,
    );
    one_or_many(
        &mut it,
        ["destinationPortRange", "destinationPortRanges"],
        &rule.destination_port_ranges,
    );
    if let Some(description) = &rule.description {
        it.set("description", ArmValue::text(description));
    }
    ArmValue::object([("name", ArmValue::text(&rule.name)), ("properties", it)])
}

/// Application security groups stand in place of addresses.
fn lower_end(
    rule: &mut ArmValue,
    [one, many, groups]: [&str; 3],
    prefixes: &[AddressPrefix],
    named: &[Ref],
) {
    if named.is_empty() {
        one_or_many(rule, [one, many], prefixes);
    } else {
        rule.set(groups, named.iter().map(|it| ArmValue::reference(it.0)).collect());
    }
}

/// `*` and service tags go only into the property for a single value.
fn one_or_many<T: ToString>(rule: &mut ArmValue, [one, many]: [&str; 2], values: &[T]) {
    match values {
        [] => {}
        [it] => rule.set(one, ArmValue::text(it.to_string())),
        _ => rule.set(many, ArmValue::texts(values.iter().map(ToString::to_string))),
    }
}

/// A free number before every rule of the direction that denies, so that nothing outranks a rule there.
pub fn priority_before_denials(group: Subject<'_>, direction: Direction) -> Option<u32> {
    let rules = &NetworkSecurityGroup::of(group).security_rules;
    let same = || rules.iter().filter(|it| it.direction == direction);
    let first = same().filter(|it| it.access == Access::Deny).map(|it| it.priority.get()).min();
    let taken: BTreeSet<u32> = same().map(|it| it.priority.get()).collect();
    (100..=first.map_or(4096, |it| it - 1)).find(|it| !taken.contains(it))
}

impl From<Direction> for filter::Direction {
    fn from(it: Direction) -> filter::Direction {
        match it {
            Direction::Inbound => filter::Direction::Inbound,
            Direction::Outbound => filter::Direction::Outbound,
        }
    }
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let rules = &NetworkSecurityGroup::of(subject).security_rules;
    let mut problems = Vec::new();
    let mut names = BTreeSet::new();
    let mut priorities = BTreeMap::new();
    for (n, rule) in rules.iter().enumerate() {
        let at = |cell: &str| format!("securityRules[{n}].{cell}");
        check_name(&rule.name, at("name"), &mut names, &mut problems);
        if let Some(other) = priorities.insert((rule.direction, rule.priority), rule.name.as_str())
        {
            problems.push(Problem::new(
                at("priority"),
                text(
                    "{0} has priority {1} in the same direction; each needs its own",
                    "同じ方向の {0} も優先度 {1} です。それぞれ別の優先度にしてください",
                )
                .with([arg(other), arg(rule.priority.get())]),
            ));
        }
        for (cell, prefixes, groups) in [
            (
                "sourceAddressPrefixes",
                &rule.source_address_prefixes,
                &rule.source_application_security_groups,
            ),
            (
                "destinationAddressPrefixes",
                &rule.destination_address_prefixes,
                &rule.destination_application_security_groups,
            ),
        ] {
            if let Some(text) = misuse(prefixes, groups) {
                problems.push(Problem::new(at(cell), text));
            }
        }
        check_ports(&rule.source_port_ranges, at("sourcePortRanges"), &mut problems);
        check_ports(&rule.destination_port_ranges, at("destinationPortRanges"), &mut problems);
    }
    problems
}

/// The name of one rule of a list, of which `names` are taken.
pub(super) fn check_name(
    name: &str,
    field: String,
    names: &mut BTreeSet<String>,
    problems: &mut Vec<Problem>,
) {
    if let Some(text) = NameRule::NETWORK.problem(name) {
        problems.push(Problem::new(field.clone(), text));
    }
    if !names.insert(name.to_ascii_lowercase()) {
        let another = text(
            "there is another rule named {0}; choose another name",
            "{0} という名前の規則がほかにもあります。別の名前にしてください",
        );
        problems.push(Problem::new(field, another.with([arg(name)])));
    }
}

/// The ports at one end of a rule.
pub(super) fn check_ports(ranges: &[PortRange], field: String, problems: &mut Vec<Problem>) {
    if ranges.is_empty() {
        problems.push(Problem::new(
            field,
            text("name ports, or * for all", "ポートを指定してください。すべての場合は * です"),
        ));
    }
}

/// What is wrong with one end of a rule. Azure docs: "Network security groups"
/// (virtual-network/network-security-groups-overview).
fn misuse(prefixes: &[AddressPrefix], groups: &[Ref]) -> Option<Message> {
    if groups.len() > 1 {
        return Some(
            text(
                "a rule takes one application security group at each end; make a rule for each",
                "1 つの規則で各方向に指定できるアプリケーション セキュリティ グループは 1 つです。規則を分けてください",
            )
            .into(),
        );
    }
    if !groups.is_empty() {
        return (!matches!(prefixes, [] | [AddressPrefix::Any])).then(|| {
            text(
                "name addresses or application security groups, not both",
                "アドレスとアプリケーション セキュリティ グループはどちらか一方だけを指定してください",
            )
            .into()
        });
    }
    if prefixes.is_empty() {
        return Some(
            text(
                "name addresses, a service tag, or * for any",
                "アドレスかサービス タグを指定してください。任意の場合は * です",
            )
            .into(),
        );
    }
    let alone = |it: &&AddressPrefix| it.is_tag() || **it == AddressPrefix::Any;
    if let Some(it) = prefixes.iter().find(alone).filter(|_| prefixes.len() > 1) {
        return Some(
            text(
                "{0} must stand alone: a rule takes one service tag or *, or a list of addresses; make a rule for each",
                "{0} は単独で指定してください。1 つの規則に指定できるのは、サービス タグ 1 つ、*、またはアドレスの一覧です。規則を分けてください",
            )
            .with([arg(it)]),
        );
    }
    prefixes.iter().find(|it| matches!(it, AddressPrefix::Range(..))).map(|it| {
        text(
            "{0} is a range; security rules take prefixes such as 10.0.0.0/28",
            "{0} は範囲です。セキュリティ規則には 10.0.0.0/28 のようなプレフィックスを指定してください",
        )
        .with([arg(it)])
    })
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, NetworkSecurityGroup::from_settings);
    let rules = settings.security_rules.iter().map(|it| rule(subject, it)).collect();
    facts.filters.insert(subject.id, filter::Filter { rules });
}

fn rule(subject: Subject<'_>, it: &SecurityRule) -> filter::Rule {
    // Azure refuses a rule that leaves out one of these, so it may hold anything.
    let unsaid = it.source_port_ranges.is_empty() || it.destination_port_ranges.is_empty();
    // Groups stand in place of addresses.
    let places = |prefixes: &[AddressPrefix], groups: &[Ref]| -> Vec<filter::Place> {
        if unsaid || (prefixes.is_empty() && groups.is_empty()) {
            vec![filter::Place::Unsaid]
        } else if groups.is_empty() {
            reach::places(prefixes)
        } else {
            reach::existing(subject, groups).into_iter().map(filter::Place::Group).collect()
        }
    };
    filter::Rule {
        name: it.name.clone(),
        priority: u16::try_from(it.priority.get()).unwrap_or(u16::MAX),
        direction: it.direction.into(),
        allow: it.access == Access::Allow,
        protocol: match it.protocol {
            RuleProtocol::Any => filter::Protocol::Any,
            RuleProtocol::Tcp => filter::Protocol::Tcp,
            RuleProtocol::Udp => filter::Protocol::Udp,
            RuleProtocol::Icmp => filter::Protocol::Icmp,
            RuleProtocol::Esp => filter::Protocol::Esp,
            RuleProtocol::Ah => filter::Protocol::Ah,
        },
        source: places(&it.source_address_prefixes, &it.source_application_security_groups),
        source_ports: reach::ports(&it.source_port_ranges),
        destination: places(
            &it.destination_address_prefixes,
            &it.destination_application_security_groups,
        ),
        ports: reach::ports(&it.destination_port_ranges),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    #[expect(clippy::needless_pass_by_value, reason = "written in place by the tests")]
    fn wrong(rules: serde_json::Value) -> Vec<String> {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        it.add(Kind::ApplicationSecurityGroup, "asg", group, json!({}));
        let id = it.add(Kind::NetworkSecurityGroup, "n", group, json!({"securityRules": rules}));
        it.wrong(id)
    }

    #[test]
    fn one_priority_serves_both_directions_but_only_once() {
        let rule = |name, direction| json!({"name": name, "direction": direction});
        assert_eq!(wrong(json!([rule("a", "Inbound"), rule("b", "Outbound")])), [""; 0]);
        assert_eq!(
            wrong(json!([rule("a", "Inbound"), rule("b", "Inbound")])),
            ["securityRules[1].priority"]
        );
    }

    #[test]
    fn names_differ_whatever_their_case() {
        let rules = json!([{"name": "a"}, {"name": "A", "priority": 200}]);
        assert_eq!(wrong(rules), ["securityRules[1].name"]);
    }

    #[test]
    fn a_priority_outside_100_to_4096() {
        for (priority, good) in [(99, false), (100, true), (4096, true), (4097, false)] {
            let rules = json!([{"name": "a", "priority": priority}]);
            assert_eq!(wrong(rules).is_empty(), good, "{priority}");
        }
    }

    // One rule takes several addresses, but "you can't specify multiple service tags or application
    // groups in a single rule" (virtual-network/network-security-groups-overview).
    #[test]
    fn a_service_tag_stands_alone() {
        for (sources, good) in [
            (json!(["10.0.0.0/8", "192.168.0.0/16"]), true),
            (json!(["Storage"]), true),
            (json!(["Storage", "AzureMonitor"]), false),
            (json!(["10.0.0.0/8", "Storage"]), false),
            (json!(["10.0.0.0/8", "*"]), false),
            (json!(["10.0.0.4-10.0.0.9"]), false),
            (json!([]), false),
        ] {
            let found = wrong(json!([{"name": "a", "sourceAddressPrefixes": sources}]));
            assert_eq!(found.is_empty(), good, "{sources}: {found:?}");
        }
    }

    #[test]
    fn groups_stand_in_place_of_addresses() {
        let rule = |prefixes| {
            json!([{"name": "a", "sourceAddressPrefixes": prefixes,
                    "sourceApplicationSecurityGroups": [2]}])
        };
        assert_eq!(wrong(rule(json!([]))), [""; 0]);
        assert_eq!(wrong(rule(json!(["*"]))), [""; 0]);
        assert_eq!(wrong(rule(json!(["10.0.0.0/8"]))), ["securityRules[0].sourceAddressPrefixes"]);
        let two = json!([{"name": "a", "sourceApplicationSecurityGroups": [2, 2]}]);
        assert_eq!(wrong(two), ["securityRules[0].sourceAddressPrefixes"]);
    }

    #[test]
    fn one_value_goes_into_the_property_for_one() {
        let rule = SecurityRule {
            source_address_prefixes: vec![AddressPrefix::Tag("Internet".to_owned())],
            destination_port_ranges: vec![PortRange::one(80), PortRange::one(443)],
            ..SecurityRule::default()
        };
        let ArmValue::Object(members) = lower_rule(&rule) else { panic!() };
        let (_, ArmValue::Object(it)) = &members[1] else { panic!() };
        let at = |name: &str| it.iter().find(|(key, _)| key == name).map(|(_, it)| it.clone());
        assert_eq!(at("sourceAddressPrefix"), Some(ArmValue::text("Internet")));
        assert_eq!(at("sourceAddressPrefixes"), None);
        assert_eq!(at("destinationPortRanges"), Some(ArmValue::texts(["80", "443"])));
        assert_eq!(at("destinationPortRange"), None);
    }
}
