//! Azure DNS Private Resolver: an address in a subnet that answers like Azure DNS, and rules that forward.
//!
//! Azure docs: "What is Azure DNS Private Resolver?" (dns/dns-private-resolver-overview).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    dns::{AZURE_DNS, is_name, same_name},
    reach,
    setting::{Problem, Ref, Relation, choice, settings},
    subnet::{DELEGATION_DNS_RESOLVERS, Subnet, check_address},
};
use crate::{
    facts::{Facts, name},
    text::{arg, text},
};

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
    facts,
    arm,
    check,
};

const RESOLVERS: &str = "Microsoft.Network/dnsResolvers";
const OUTBOUND: &str = "Microsoft.Network/dnsResolvers/outboundEndpoints";
const RULESETS: &str = "Microsoft.Network/dnsForwardingRulesets";

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let (Some(subnet), Some(network)) = (subject.parent(), subject.within(Kind::VirtualNetwork))
    else {
        return Vec::new();
    };
    let it = DnsResolver::of(subject);
    let name = subject.name().to_owned();
    let mut configuration = ArmValue::object([("subnet", ArmValue::reference(subnet.id))]);
    let method = if it.private_ip_address.is_some() { "Static" } else { "Dynamic" };
    configuration.set("privateIpAllocationMethod", ArmValue::text(method));
    if let Some(address) = it.private_ip_address {
        configuration.set("privateIpAddress", ArmValue::text(address.to_string()));
    }
    let mut all = vec![
        ArmResource::of(subject, RESOLVERS, vec![name.clone()])
            .with("virtualNetwork", ArmValue::reference(network.id)),
        ArmResource::of(
            subject,
            "Microsoft.Network/dnsResolvers/inboundEndpoints",
            vec![name.clone(), "inbound".to_owned()],
        )
        .with("ipConfigurations", ArmValue::List(vec![configuration])),
    ];
    let Some(outbound) = it.outbound_subnet else { return all };
    let endpoint = vec![name.clone(), "outbound".to_owned()];
    all.push(
        ArmResource::of(subject, OUTBOUND, endpoint.clone())
            .with("subnet", ArmValue::reference(outbound.0)),
    );
    let ruleset = format!("{name}-rules");
    let endpoint = ArmValue::SiblingIdOf { of: subject.id, arm_type: OUTBOUND, name: endpoint };
    all.push(ArmResource::of(subject, RULESETS, vec![ruleset.clone()]).with(
        "dnsResolverOutboundEndpoints",
        ArmValue::List(vec![ArmValue::object([("id", endpoint)])]),
    ));
    for (n, rule) in it.forwarding_rules.iter().enumerate() {
        let server = |it: &Ipv4Addr| {
            ArmValue::object([
                ("ipAddress", ArmValue::text(it.to_string())),
                ("port", ArmValue::Number(53)),
            ])
        };
        all.push(
            ArmResource::of(
                subject,
                "Microsoft.Network/dnsForwardingRulesets/forwardingRules",
                vec![ruleset.clone(), format!("rule{}", n + 1)],
            )
            .child()
            .with("domainName", ArmValue::Text(absolute(&rule.domain_name)))
            .with("targetDnsServers", rule.target_dns_servers.iter().map(server).collect())
            .with("forwardingRuleState", ArmValue::text(rule.state.value())),
        );
    }
    for network in it.linked_networks.iter().filter_map(|it| subject.follow(Some(*it))) {
        all.push(
            ArmResource::of(
                subject,
                "Microsoft.Network/dnsForwardingRulesets/virtualNetworkLinks",
                vec![ruleset.clone(), format!("{}-{}", network.name(), network.id.0)],
            )
            .child()
            .with("virtualNetwork", ArmValue::reference(network.id)),
        );
    }
    all
}

/// Rules take domains with the dot at the end.
fn absolute(domain: &str) -> String {
    if domain.ends_with('.') { domain.to_owned() } else { format!("{domain}.") }
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = DnsResolver::of(subject);
    let mut problems = Vec::new();
    check_address(
        subject,
        "inboundEndpoint.privateIpAddress",
        it.private_ip_address,
        &mut problems,
    );
    check_subnet(subject.parent(), "parent", &mut problems);
    let outbound = subject.follow(it.outbound_subnet);
    check_subnet(outbound, "outboundEndpoint.subnet", &mut problems);
    if outbound.is_some() && outbound.map(|it| it.id) == subject.resource.parent {
        problems.push(Problem::new(
            "outboundEndpoint.subnet",
            text(
                "inbound and outbound endpoints need a subnet each; choose another",
                "受信と送信のエンドポイントにはそれぞれ別のサブネットが必要です",
            ),
        ));
    }
    if let Some(network) = subject.within(Kind::VirtualNetwork) {
        let all = subject.all;
        let twin = all
            .children(Some(network.id))
            .flat_map(|it| all.children(Some(it.id)))
            .find(|it| it.kind() == Kind::DnsResolver && it.id < subject.id);
        if let Some(twin) = twin {
            problems.push(Problem::new(
                "parent",
                text(
                    "{0} already serves this network; a network has one resolver",
                    "このネットワークには既に {0} があります。1 つのネットワークに置けるリゾルバーは 1 つです",
                )
                .with([arg(twin.name())]),
            ));
        }
    }
    let home = |it: Subject<'_>| it.within(Kind::VirtualNetwork).map(|it| it.id);
    if outbound.is_some_and(|it| home(it) != home(subject)) {
        problems.push(Problem::new(
            "outboundEndpoint.subnet",
            text(
                "both endpoints must be in the resolver's network; choose a subnet of it",
                "両方のエンドポイントは同じ仮想ネットワークに置く必要があります。そのサブネットを選んでください",
            ),
        ));
    }
    if !it.forwarding_rules.is_empty() && outbound.is_none() {
        problems.push(Problem::new(
            "outboundEndpoint.subnet",
            text(
                "forwarding rules send through an outbound endpoint; choose its subnet",
                "転送規則には送信エンドポイントが必要です。そのサブネットを選んでください",
            ),
        ));
    }
    for (n, rule) in it.forwarding_rules.iter().enumerate() {
        let at = |cell: &str| format!("forwardingRules[{n}].{cell}");
        if rule.domain_name != "." && !is_name(&rule.domain_name) {
            problems.push(Problem::new(
                at("domainName"),
                text(
                    "{0} is not a domain such as corp.contoso.com.",
                    "{0} は corp.contoso.com. のようなドメインではありません",
                )
                .with([arg(&rule.domain_name)]),
            ));
        }
        let earlier = it.forwarding_rules.iter().take(n);
        if earlier.clone().any(|other| same_name(&other.domain_name, &rule.domain_name)) {
            problems.push(Problem::new(
                at("domainName"),
                text(
                    "there is another rule for {0}; put all servers into one",
                    "{0} の規則がほかにもあります。1 つにまとめてください",
                )
                .with([arg(&rule.domain_name)]),
            ));
        }
        if rule.target_dns_servers.contains(&AZURE_DNS) {
            problems.push(Problem::new(
                at("targetDnsServers"),
                text(
                    "a rule cannot forward to Azure DNS ({0}); without a rule the name goes there anyway",
                    "Azure DNS ({0}) には転送できません。規則がなければ Azure DNS で解決されます",
                )
                .with([arg(AZURE_DNS)]),
            ));
        }
        if !(1..=6).contains(&rule.target_dns_servers.len()) {
            problems.push(Problem::new(
                at("targetDnsServers"),
                text("name 1 to 6 DNS servers", "DNS サーバーを 1 から 6 個指定してください"),
            ));
        }
    }
    problems
}

/// Azure docs: "What is Azure DNS Private Resolver?" (dns/dns-private-resolver-overview), subnet restrictions.
fn check_subnet(subnet: Option<Subject<'_>>, field: &str, problems: &mut Vec<Problem>) {
    let Some(subnet) = subnet.filter(|it| it.kind() == Kind::Subnet) else { return };
    let it = Subnet::of(subnet);
    let delegated = it
        .delegation
        .as_ref()
        .is_some_and(|it| it.as_str().eq_ignore_ascii_case(DELEGATION_DNS_RESOLVERS));
    if !delegated {
        problems.push(Problem::new(
            field,
            text("{0} must be delegated to {1}", "{0} を {1} に委任してください")
                .with([arg(subnet.name()), arg(DELEGATION_DNS_RESOLVERS)]),
        ));
    }
    if !(24..=28).contains(&it.address_prefix.len()) {
        problems.push(Problem::new(
            field,
            text(
                "{0} is {1}; endpoints of a resolver take a subnet of /28 to /24",
                "{0} は {1} です。リゾルバーのエンドポイントには /28 から /24 のサブネットが必要です",
            )
            .with([arg(subnet.name()), arg(it.address_prefix)]),
        ));
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, DnsResolver::from_settings);
    let Some(subnet) = subject.within(Kind::Subnet) else { return };
    // The inbound endpoint is the platform's resolver with an address of the network.
    facts.name_servers.insert(
        subject.id,
        name::NameServer {
            place: name::ServerPlace::Subnet(subnet.id),
            addresses: settings.private_ip_address.into_iter().collect(),
            forwarders: Vec::new(),
            records: Vec::new(),
            otherwise: name::Upstream::Servers(vec![name::PLATFORM_DNS]),
        },
    );
    let rules: Vec<name::Forwarder> = settings
        .forwarding_rules
        .iter()
        .filter(|it| it.state == RuleState::Enabled)
        .map(|it| name::Forwarder {
            zone: reach::name(&it.domain_name),
            to: it.target_dns_servers.clone(),
        })
        .collect();
    if !rules.is_empty() {
        facts.forwarding_rules.insert(
            subject.id,
            name::ForwardingRules {
                networks: reach::existing(subject, &settings.linked_networks),
                rules,
                from: reach::existing_one(subject, settings.outbound_subnet),
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use crate::kinds::ResourceId;

    fn resolver(settings: serde_json::Value) -> (Sketch, ResourceId) {
        let (mut it, network) = Sketch::network();
        for (name, prefix) in [("in", "10.0.0.0/28"), ("out", "10.0.0.16/28")] {
            let settings =
                json!({"addressPrefix": prefix, "delegation": "Microsoft.Network/dnsResolvers"});
            it.add(Kind::Subnet, name, network, settings);
        }
        let id = it.add(Kind::DnsResolver, "res", ResourceId(3), settings);
        (it, id)
    }

    // dns/dns-private-resolver-overview: dedicated and delegated subnets of /28 to /24.
    #[test]
    fn in_a_subnet_that_is_not_delegated_or_too_large() {
        let (mut it, subnet) = Sketch::subnet();
        let id = it.add(Kind::DnsResolver, "res", subnet, json!({}));
        assert_eq!(it.wrong(id), ["parent"]);
        it.set(subnet, "delegation", json!("Microsoft.Network/dnsResolvers"));
        assert_eq!(it.wrong(id), [""; 0]);
        it.set(subnet, "addressPrefix", json!("10.0.0.0/23"));
        assert_eq!(it.wrong(id), ["parent"]);
    }

    #[test]
    fn rules_need_an_outbound_endpoint_in_a_subnet_of_its_own() {
        let rules = json!([{"domainName": "corp.local.", "targetDnsServers": ["192.168.0.2"]}]);
        for (outbound, good) in [(json!(null), false), (json!(3), false), (json!(4), true)] {
            let (it, id) =
                resolver(json!({"forwardingRules": rules, "outboundEndpoint.subnet": outbound}));
            assert_eq!(it.wrong(id).is_empty(), good, "{outbound}");
        }
    }

    // "You can't enter the Azure DNS IP address of 168.63.129.16 as the destination"
    // (dns/dns-private-resolver-overview).
    #[test]
    fn azure_dns_is_no_destination_of_a_rule() {
        let rules = json!([{"domainName": "a.b", "targetDnsServers": ["168.63.129.16"]}]);
        let (it, id) = resolver(json!({"forwardingRules": rules, "outboundEndpoint.subnet": 4}));
        assert_eq!(it.wrong(id), ["forwardingRules[0].targetDnsServers"]);
    }

    #[test]
    fn one_resolver_for_a_network() {
        let (mut it, first) = resolver(json!({}));
        let second = it.add(Kind::DnsResolver, "res2", ResourceId(4), json!({}));
        assert_eq!(it.wrong(first), [""; 0]);
        assert_eq!(it.wrong(second), ["parent"]);
    }

    #[test]
    fn a_rule_ends_in_a_dot_in_the_template() {
        let rules = json!([{"domainName": "corp.local", "targetDnsServers": ["192.168.0.2"]}]);
        let (it, id) = resolver(json!({"forwardingRules": rules, "outboundEndpoint.subnet": 4}));
        let lowered = format!("{:?}", it.lowered(id));
        assert!(lowered.contains(r#"Text("corp.local.")"#), "{lowered}");
    }
}
