//! Network manager: lays security admin rules over whole virtual networks, before every security group there.
//!
//! Azure keeps them in parts: a manager, groups of networks, a configuration with collections of rules, and a
//! commit that deploys it to regions. Here they are one resource; templates get all of it.
//!
//! Azure docs: "Security admin rules in Azure Virtual Network Manager"
//! (virtual-network-manager/concept-security-admins), "Virtual network enforcement with security admin rules"
//! (virtual-network-manager/concept-enforcement).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, ResourceId, Subject,
    address::{AddressPrefix, PortRange},
    arm::{self, ArmResource, ArmValue},
    network_security_group::{Direction, check_name, check_ports},
    reach,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Relation, Within, choice, settings},
    subnet::Subnet,
};
use crate::{
    facts::{Facts, filter},
    text::{Message, Text, arg, text},
};

choice! {
    /// What becomes of traffic. Allow leaves the last word to security groups, the others do not.
    pub enum AdminAccess {
        Allow = "Allow", text("Allow", "許可");
        AlwaysAllow = "AlwaysAllow", text("Always allow", "常に許可");
        Deny = "Deny", text("Deny", "拒否");
    }
}

choice! {
    pub enum AdminProtocol {
        Any = "Any", text("Any", "任意");
        Tcp = "Tcp", Text::same("TCP");
        Udp = "Udp", Text::same("UDP");
        Icmp = "Icmp", Text::same("ICMP");
        Esp = "Esp", Text::same("ESP");
        Ah = "Ah", Text::same("AH");
    }
}

settings! {
    /// A security admin rule. Of those that match, the one with the smallest priority decides.
    pub struct SecurityAdminRule {
        name: String = "name", String::new(),
            text("Name", "名前"),
            text("Unique in the network manager", "ネットワーク マネージャー内で一意の名前");
        priority: Within<1, 4096> = "priority", Within::near(100),
            text("Priority", "優先度"),
            text("Smaller numbers decide first", "小さい番号が先に評価されます");
        direction: Direction = "direction", Direction::Inbound,
            text("Direction", "方向"),
            text("Which way the connection is opened", "接続を開始する方向");
        access: AdminAccess = "access", AdminAccess::Deny,
            text("Action", "アクション"),
            text("Allow goes on to network security groups; Always allow and Deny are final", "「許可」はネットワーク セキュリティ グループの評価に進みます。「常に許可」と「拒否」で評価は終わります");
        protocol: AdminProtocol = "protocol", AdminProtocol::Any,
            text("Protocol", "プロトコル"),
            text("Any, or one protocol", "任意、または 1 つのプロトコル");
        sources: Vec<AddressPrefix> = "sources", vec![AddressPrefix::Any],
            text("Source", "ソース"),
            text("*, addresses and prefixes, or service tags", "*、アドレスとプレフィックス、またはサービス タグ");
        source_port_ranges: Vec<PortRange> = "sourcePortRanges", vec![PortRange::ALL],
            text("Source ports", "ソース ポート範囲"),
            text("Nearly always *", "通常は *");
        destinations: Vec<AddressPrefix> = "destinations", vec![AddressPrefix::Any],
            text("Destination", "宛先"),
            text("*, addresses and prefixes, or service tags", "*、アドレスとプレフィックス、またはサービス タグ");
        destination_port_ranges: Vec<PortRange> = "destinationPortRanges", vec![PortRange::ALL],
            text("Destination ports", "宛先ポート範囲"),
            text("Ports and ranges such as 443 or 8000-9000", "443 や 8000-9000 のようなポートと範囲");
        virtual_networks: Vec<Ref> = "virtualNetworks", Vec::new(),
            text("Only in", "対象を限定"),
            text("Empty means all networks of the network manager", "空の場合は、ネットワーク マネージャーのすべての仮想ネットワークが対象です"),
            to &[Kind::VirtualNetwork], None;
        description: Option<String> = "description", None,
            text("Description", "説明"),
            text("Why the rule is there", "規則の目的");
    }
}

settings! {
    /// Settings of a network manager.
    pub struct NetworkManager {
        virtual_networks: Vec<Ref> = "virtualNetworks", Vec::new(),
            text("Virtual networks", "仮想ネットワーク"),
            text("Networks that the rules are for; Azure leaves out those with SQL Managed Instance or Databricks", "規則を適用する仮想ネットワーク。SQL Managed Instance や Databricks を含むものには適用されません"),
            to &[Kind::VirtualNetwork], Some(Relation::Network);
        security_admin_rules: Vec<SecurityAdminRule> = "securityAdminRules", Vec::new(),
            text("Security admin rules", "セキュリティ管理規則"),
            text("Evaluated before network security groups; they do not apply to private endpoints", "ネットワーク セキュリティ グループより先に評価されます。プライベート エンドポイントには適用されません");
        location: Option<Region> = "location", None, REGION, REGION_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "network-manager",
    label: text("Network manager", "ネットワーク マネージャー"),
    help: text(
        "Security admin rules over whole virtual networks, before security groups",
        "仮想ネットワーク全体に、セキュリティ グループより先に適用するセキュリティ管理規則",
    ),
    source: "virtual-network-manager/concept-security-admins",
    group: Group::Network,
    arm_type: Some(MANAGERS),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: NetworkManager::FIELDS,
    name: NameRule { max: 64, ..NameRule::NETWORK },
    facts,
    arm,
    check,
};

const MANAGERS: &str = "Microsoft.Network/networkManagers";
const GROUPS: &str = "Microsoft.Network/networkManagers/networkGroups";
const MEMBERS: &str = "Microsoft.Network/networkManagers/networkGroups/staticMembers";
const CONFIGURATIONS: &str = "Microsoft.Network/networkManagers/securityAdminConfigurations";
const COLLECTIONS: &str =
    "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections";
const RULES: &str =
    "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules";
const COMMITS: &str = "Microsoft.Network/networkManagers/commits";

/// Name of the one configuration; a region has one of a manager at a time.
const CONFIGURATION: &str = "security-admin";

impl NetworkManager {
    /// The networks that a rule is for.
    fn networks_of<'s>(&'s self, rule: &'s SecurityAdminRule) -> &'s [Ref] {
        if rule.virtual_networks.is_empty() {
            &self.virtual_networks
        } else {
            &rule.virtual_networks
        }
    }
}

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = NetworkManager::of(subject);
    let named = |rest: &[&str]| -> Vec<String> {
        std::iter::once(subject.name()).chain(rest.iter().copied()).map(str::to_owned).collect()
    };
    // Rules for the same networks make a collection, and its networks a group.
    let mut groups: BTreeMap<BTreeSet<ResourceId>, Vec<&SecurityAdminRule>> = BTreeMap::new();
    for rule in &it.security_admin_rules {
        let networks = reach::existing(subject, it.networks_of(rule));
        if !networks.is_empty() {
            groups.entry(networks.into_iter().collect()).or_default().push(rule);
        }
    }
    let networks: BTreeSet<ResourceId> = groups.keys().flatten().copied().collect();
    let networks = || networks.iter().filter_map(|it| subject.all.subject(*it));
    let scopes: BTreeSet<ResourceId> = networks()
        .chain([subject])
        .filter_map(|it| it.within(Kind::Subscription).map(|it| it.id))
        .collect();
    let mut all = vec![
        ArmResource::of(subject, MANAGERS, named(&[]))
            .with(
                "networkManagerScopes.subscriptions",
                scopes.into_iter().map(ArmValue::IdOf).collect(),
            )
            .with("networkManagerScopeAccesses", ArmValue::texts(["SecurityAdmin"])),
    ];
    if groups.is_empty() {
        return all;
    }
    // Networks with SQL Managed Instance or Databricks stay out, as they do unless it is asked for.
    all.push(
        ArmResource::of(subject, CONFIGURATIONS, named(&[CONFIGURATION]))
            .child()
            .with("applyOnNetworkIntentPolicyBasedServices", ArmValue::texts(["None"])),
    );
    let mut last = Vec::new();
    for (n, (networks, rules)) in groups.into_iter().enumerate() {
        let group = format!("networks-{}", n + 1);
        let collection = format!("rules-{}", n + 1);
        all.push(ArmResource::of(subject, GROUPS, named(&[&group])).child());
        for network in networks.iter().filter_map(|it| subject.all.subject(*it)) {
            let member = format!("{}-{}", network.name(), network.id.0);
            last.push((MEMBERS, named(&[&group, &member])));
            all.push(
                ArmResource::of(subject, MEMBERS, named(&[&group, &member]))
                    .child()
                    .with("resourceId", ArmValue::IdOf(network.id)),
            );
        }
        let applies = ArmValue::object([(
            "networkGroupId",
            ArmValue::SiblingIdOf { of: subject.id, arm_type: GROUPS, name: named(&[&group]) },
        )]);
        all.push(
            ArmResource::of(subject, COLLECTIONS, named(&[CONFIGURATION, &collection]))
                .child()
                .with("appliesToGroups", ArmValue::List(vec![applies])),
        );
        for rule in rules {
            let name = named(&[CONFIGURATION, &collection, &rule.name]);
            last.push((RULES, name.clone()));
            all.push(lower_rule(ArmResource::of(subject, RULES, name).child(), rule));
        }
    }
    // Rules hold once the configuration is deployed to the regions of the networks.
    let regions: BTreeSet<String> = networks().filter_map(arm::location).collect();
    let configuration = ArmValue::SiblingIdOf {
        of: subject.id,
        arm_type: CONFIGURATIONS,
        name: named(&[CONFIGURATION]),
    };
    let commit = ArmResource::of(subject, COMMITS, named(&[CONFIGURATION]))
        .child()
        .with("commitType", ArmValue::text("SecurityAdmin"))
        .with("configurationIds", ArmValue::List(vec![configuration]))
        .with("targetLocations", ArmValue::texts(regions));
    all.push(
        last.into_iter()
            .fold(commit, |it, (arm_type, name)| it.after_sibling(subject.id, arm_type, name)),
    );
    all
}

fn lower_rule(to: ArmResource, rule: &SecurityAdminRule) -> ArmResource {
    let end = |prefixes: &[AddressPrefix]| -> ArmValue {
        let item = |it: &AddressPrefix| {
            let kind = if it.is_tag() { "ServiceTag" } else { "IPPrefix" };
            ArmValue::object([
                ("addressPrefix", ArmValue::text(it.to_string())),
                ("addressPrefixType", ArmValue::text(kind)),
            ])
        };
        prefixes.iter().map(item).collect()
    };
    // All ports are a range here, not `*`.
    let ports = |ranges: &[PortRange]| {
        let range = |it: &PortRange| match *it {
            PortRange::ALL => "0-65535".to_owned(),
            it => it.to_string(),
        };
        ArmValue::texts(ranges.iter().map(range))
    };
    to.member("kind", ArmValue::text("Custom"))
        .with_some("description", rule.description.as_ref().map(ArmValue::text))
        .with("priority", ArmValue::Number(rule.priority.get().into()))
        .with("direction", ArmValue::text(rule.direction.value()))
        .with("access", ArmValue::text(rule.access.value()))
        .with("protocol", ArmValue::text(rule.protocol.value()))
        .with("sources", end(&rule.sources))
        .with("sourcePortRanges", ports(&rule.source_port_ranges))
        .with("destinations", end(&rule.destinations))
        .with("destinationPortRanges", ports(&rule.destination_port_ranges))
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let rules = &NetworkManager::of(subject).security_admin_rules;
    let mut problems = Vec::new();
    let mut names = BTreeSet::new();
    for (n, rule) in rules.iter().enumerate() {
        let at = |cell: &str| format!("securityAdminRules[{n}].{cell}");
        check_name(&rule.name, at("name"), &mut names, &mut problems);
        for (cell, prefixes) in [("sources", &rule.sources), ("destinations", &rule.destinations)] {
            if let Some(text) = misuse(prefixes) {
                problems.push(Problem::new(at(cell), text));
            }
        }
        check_ports(&rule.source_port_ranges, at("sourcePortRanges"), &mut problems);
        check_ports(&rule.destination_port_ranges, at("destinationPortRanges"), &mut problems);
    }
    problems
}

/// Tags that security admin rules do not take (virtual-network-manager/concept-security-admins, security
/// admin fields).
const NO_TAGS: &[&str] = &["AzurePlatformDNS", "AzurePlatformIMDS", "AzurePlatformLKM"];

/// What is wrong with one end of a rule.
fn misuse(prefixes: &[AddressPrefix]) -> Option<Message> {
    if prefixes.is_empty() {
        return Some(
            text(
                "name addresses, a service tag, or * for any",
                "アドレスかサービス タグを指定してください。任意の場合は * です",
            )
            .into(),
        );
    }
    prefixes.iter().find_map(|it| match it {
        AddressPrefix::Range(..) => Some(
            text(
                "{0} is a range; security admin rules take prefixes such as 10.0.0.0/28",
                "{0} は範囲です。セキュリティ管理規則には 10.0.0.0/28 のようなプレフィックスを指定してください",
            )
            .with([arg(it)]),
        ),
        AddressPrefix::Tag(tag) if NO_TAGS.iter().any(|it| it.eq_ignore_ascii_case(tag)) => Some(
            text(
                "security admin rules do not take {0}; use a network security group",
                "セキュリティ管理規則では {0} を使えません。ネットワーク セキュリティ グループを使ってください",
            )
            .with([arg(tag)]),
        ),
        _ => None,
    })
}

/// Services whose network intent policies keep the rules out of a whole network.
const NOT_WITH: &[&str] = &["Microsoft.Sql/managedInstances", "Microsoft.Databricks/workspaces"];

/// Whether Azure applies the rules to a network.
fn applies_to(network: Subject<'_>) -> bool {
    let subnets = network.all.children(Some(network.id)).filter(|it| it.kind() == Kind::Subnet);
    !subnets
        .filter_map(|it| Subnet::of(it).delegation.clone())
        .any(|delegation| NOT_WITH.iter().any(|it| it.eq_ignore_ascii_case(delegation.as_str())))
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, NetworkManager::from_settings);
    let networks = settings.security_admin_rules.iter().flat_map(|it| settings.networks_of(it));
    let applied: BTreeSet<ResourceId> = networks
        .filter_map(|it| subject.all.subject(it.0))
        .filter(|it| it.kind() == Kind::VirtualNetwork && applies_to(*it))
        .map(|it| it.id)
        .collect();
    let rules = settings.security_admin_rules.iter().map(|it| {
        let networks = reach::existing(subject, settings.networks_of(it));
        filter::GuardRule {
            rule: rule(it),
            last: it.access != AdminAccess::Allow,
            networks: networks.into_iter().filter(|it| applied.contains(it)).collect(),
        }
    });
    let guard = filter::Guard { rules: rules.collect() };
    rivals(subject, &guard, facts);
    ties(subject, &guard, facts);
    facts.guards.insert(subject.id, guard);
}

/// Which of two rules of one priority comes first, the docs do not say; it matters where they differ.
fn ties(subject: Subject<'_>, guard: &filter::Guard, facts: &mut Facts) {
    type Key = (filter::Direction, u16, ResourceId);
    let mut first: BTreeMap<Key, &filter::GuardRule> = BTreeMap::new();
    for it in &guard.rules {
        let differs = |network: &ResourceId| {
            let key = (it.rule.direction, it.rule.priority, *network);
            let other = *first.entry(key).or_insert(it);
            ((other.rule.allow, other.last) != (it.rule.allow, it.last)).then_some(other)
        };
        // Of all networks, so that each has its first rule noted.
        let found: Vec<&filter::GuardRule> = it.networks.iter().filter_map(differs).collect();
        if let Some(other) = found.first() {
            facts.gap(
                subject.id,
                text(
                    "rules {0} and {1} of {2} have the same priority and do not do the same; give each its own",
                    "{2} の規則 {0} と {1} は優先度が同じで、アクションが異なります。それぞれ別の優先度にしてください",
                )
                .with([arg(&other.rule.name), arg(&it.rule.name), arg(subject.name())]),
            );
        }
    }
}

/// Of two managers over one network, the one with the higher scope comes first, which a design does not say.
fn rivals(subject: Subject<'_>, guard: &filter::Guard, facts: &mut Facts) {
    let own: BTreeSet<ResourceId> =
        guard.rules.iter().flat_map(|it| &it.networks).copied().collect();
    for other in subject.all.of(Kind::NetworkManager).filter(|it| it.id != subject.id) {
        let it = NetworkManager::of(other);
        let mut theirs = it.security_admin_rules.iter().flat_map(|rule| it.networks_of(rule));
        let Some(both) = theirs.find(|it| own.contains(&it.0)) else { continue };
        facts.gap(
            subject.id,
            text(
                "{0} and {1} both have rules over {2}; whose come first depends on their scopes. Put all rules into one",
                "{0} と {1} の両方が {2} に規則を適用しています。どちらが先かはスコープで決まります。規則を 1 つにまとめてください",
            )
            .with([
                arg(subject.name()),
                arg(other.name()),
                arg(subject.all.get(both.0).map_or("?", |it| &it.name)),
            ]),
        );
    }
}

fn rule(it: &SecurityAdminRule) -> filter::Rule {
    // Azure refuses a rule that leaves out one of these, so it may hold anything.
    let unsaid = it.source_port_ranges.is_empty() || it.destination_port_ranges.is_empty();
    let places = |prefixes: &[AddressPrefix]| {
        if unsaid || prefixes.is_empty() {
            vec![filter::Place::Unsaid]
        } else {
            reach::places(prefixes)
        }
    };
    filter::Rule {
        name: it.name.clone(),
        priority: u16::try_from(it.priority.get()).unwrap_or(u16::MAX),
        direction: it.direction.into(),
        allow: it.access != AdminAccess::Deny,
        protocol: match it.protocol {
            AdminProtocol::Any => filter::Protocol::Any,
            AdminProtocol::Tcp => filter::Protocol::Tcp,
            AdminProtocol::Udp => filter::Protocol::Udp,
            AdminProtocol::Icmp => filter::Protocol::Icmp,
            AdminProtocol::Esp => filter::Protocol::Esp,
            AdminProtocol::Ah => filter::Protocol::Ah,
        },
        source: places(&it.sources),
        source_ports: reach::ports(&it.source_port_ranges),
        destination: places(&it.destinations),
        ports: reach::ports(&it.destination_port_ranges),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    fn managed() -> (Sketch, ResourceId, ResourceId) {
        let (mut it, network) = Sketch::network();
        let settings = json!({
            "virtualNetworks": [network.0],
            "securityAdminRules": [{"name": "no-ssh", "priority": 1, "destinationPortRanges": ["22"]}],
        });
        let manager = it.add(Kind::NetworkManager, "avnm", ResourceId(1), settings);
        (it, network, manager)
    }

    #[expect(clippy::needless_pass_by_value, reason = "written in place by the tests")]
    fn wrong(rules: serde_json::Value) -> Vec<String> {
        let (mut it, _, manager) = managed();
        it.set(manager, "securityAdminRules", rules);
        it.wrong(manager)
    }

    // "The priority of a security admin rule is an integer between 1 and 4,096"
    // (virtual-network-manager/concept-security-admins).
    #[test]
    fn a_priority_outside_1_to_4096() {
        for (priority, good) in [(0, false), (1, true), (4096, true), (4097, false)] {
            let found = wrong(json!([{"name": "a", "priority": priority}]));
            assert_eq!(found.is_empty(), good, "{priority}");
        }
    }

    // "security admin rules currently don't support the AzurePlatformDNS, AzurePlatformIMDS, and
    // AzurePlatformLKM service tags" (the same page).
    #[test]
    fn ends_that_a_rule_does_not_take() {
        for (destinations, good) in [
            (json!(["Internet"]), true),
            (json!(["10.0.0.0/8", "192.168.0.0/16"]), true),
            (json!(["azureplatformdns"]), false),
            (json!(["10.0.0.4-10.0.0.9"]), false),
            (json!([]), false),
        ] {
            let found = wrong(json!([{"name": "a", "destinations": destinations}]));
            assert_eq!(found.is_empty(), good, "{destinations}: {found:?}");
        }
    }

    // "By default, security admin rules aren't applied to a virtual network containing" Azure SQL Managed
    // Instances or Azure Databricks (the same page).
    #[test]
    fn a_network_with_databricks_is_left_out() {
        let (mut it, network, manager) = managed();
        let networks =
            |it: &Sketch| it.all().facts().guards.get(&manager).unwrap().rules[0].networks.clone();
        assert_eq!(networks(&it), [network]);
        let settings = json!({"delegation": "Microsoft.Databricks/workspaces"});
        it.add(Kind::Subnet, "dbx", network, settings);
        assert_eq!(networks(&it), []);
    }

    // "security admin rules aren't applied at the subnet level for services such as …" (the same page).
    #[test]
    fn subnets_of_gateways_and_firewalls_are_left_out() {
        let (mut it, network, _) = managed();
        for (name, left_out) in [
            ("AzureFirewallSubnet", true),
            ("azurebastionsubnet", true),
            ("GatewaySubnet", true),
            ("RouteServerSubnet", true),
            ("apps", false),
        ] {
            let id = it.add(Kind::Subnet, name, network, json!({}));
            assert_eq!(it.all().facts().subnets.get(&id).unwrap().unguarded, left_out, "{name}");
        }
    }

    #[test]
    fn two_managers_over_one_network_leave_the_order_open() {
        let (mut it, network, manager) = managed();
        assert!(!it.all().facts().gaps.contains_key(&manager));
        let settings = json!({
            "virtualNetworks": [network.0], "securityAdminRules": [{"name": "other"}],
        });
        let other = it.add(Kind::NetworkManager, "avnm2", ResourceId(1), settings);
        let facts = it.all().facts();
        assert!(facts.gaps.contains_key(&manager) && facts.gaps.contains_key(&other));
    }

    // concept-security-admins: "The lower the value the higher the priority of the rule", and nothing about equal ones.
    #[test]
    fn two_rules_of_one_priority_that_differ_leave_the_order_open() {
        let rule = |name, direction, access| json!({"name": name, "priority": 7, "direction": direction, "access": access});
        for (direction, access, open) in
            [("Inbound", "Allow", true), ("Inbound", "Deny", false), ("Outbound", "Allow", false)]
        {
            let (mut it, _, manager) = managed();
            let rules = json!([rule("a", "Inbound", "Deny"), rule("b", direction, access)]);
            it.set(manager, "securityAdminRules", rules);
            let found = it.all().facts().gaps.contains_key(&manager);
            assert_eq!(found, open, "{direction} {access}");
        }
    }

    // A collection applies to groups, so an exception for one network makes a second of each
    // (virtual-network-manager/concept-enforcement).
    #[test]
    fn rules_for_other_networks_are_a_collection_of_their_own() {
        let (mut it, network, manager) = managed();
        let other = it.add(Kind::VirtualNetwork, "other", ResourceId(1), json!({}));
        it.set(manager, "virtualNetworks", json!([network.0, other.0]));
        it.set(
            manager,
            "securityAdminRules",
            json!([
                {"name": "no-ssh", "priority": 20},
                {"name": "ssh", "priority": 10, "access": "Allow", "virtualNetworks": [other.0]},
            ]),
        );
        let all = it.all();
        let lowered = arm(all.subject(manager).unwrap());
        let count = |arm_type: &str| lowered.iter().filter(|it| it.arm_type == arm_type).count();
        assert_eq!([GROUPS, MEMBERS, COLLECTIONS, RULES, COMMITS].map(count), [2, 3, 2, 2, 1]);
    }
}
