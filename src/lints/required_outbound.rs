//! Traffic that Azure Machine Learning cannot do without, stopped on its way out of a subnet.
//!
//! Every row of the requirement tables is put to the network solver as a flow from a host of the subnet, so
//! routes, security groups and firewalls count as they do for any other traffic. Rows that hold only under
//! a condition are asked where the design shows the condition.
//!
//! Azure docs: "Configure inbound and outbound network traffic"
//! (machine-learning/how-to-access-azureml-behind-firewall).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Context, Finding, Lint, Severity};
use crate::{
    azure::{
        default_rules,
        required_outbound::{self as tables, Need, Needs, Peer, RequiredRule},
    },
    design::edit::Edit,
    facts::{ResourceId, filter::Protocol, network::Position},
    kinds::{
        Kind, Subject,
        azure_firewall::AzureFirewall,
        compute_cluster::workspace_of,
        network_security_group::{Access, Direction, priority_before_denials},
        setting::Ref,
    },
    solve::{
        Hop, Outcome, Step,
        flow::{Destination, Flow},
    },
    text::{Message, Text, arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "required_outbound",
    severity: Severity::Error,
    title: text("Required outbound traffic is stopped", "必須の送信トラフィックの遮断"),
    find,
    source: "machine-learning/how-to-access-azureml-behind-firewall",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    for ((subnet, ..), (host, needs)) in senders(context) {
        let mut stopped = Stopped::default();
        for row in needs.iter().flat_map(|it| tables::of(*it)).filter(|it| applies(it, host)) {
            stopped.ask(context, host, row);
        }
        all.extend(stopped.findings(context, subnet, host));
    }
    all
}

/// One host for all that Azure cannot tell apart: same subnet, same filter of its own, same kind of egress.
type Alike = (ResourceId, Option<ResourceId>, bool, Vec<(ResourceId, usize)>, &'static [Needs]);

fn senders<'a>(context: &Context<'a>) -> BTreeMap<Alike, (Subject<'a>, &'static [Needs])> {
    let mut all = BTreeMap::new();
    let workspace = context.resources.of(Kind::Workspace).next().is_some();
    for (id, host) in &context.facts.hosts {
        let Position::Subnet { subnet, .. } = host.position else { continue };
        let Some(it) = context.resources.subject(*id) else { continue };
        let needs: &[Needs] = match it.kind() {
            Kind::ComputeInstance | Kind::ComputeCluster => &[Needs::Compute],
            Kind::AttachedKubernetes => &[Needs::KubernetesCompute, Needs::AksCluster],
            // Without a workspace nobody asks about Studio, nor does a machine that nobody sits at.
            Kind::VirtualMachine if workspace && !host.proxied && has_user(it) => {
                &[Needs::StudioClient]
            }
            _ => continue,
        };
        let alike = (subnet, host.filter, host.public.is_some(), host.pools.clone(), needs);
        all.entry(alike).or_insert((it, needs));
    }
    all
}

fn has_user(machine: Subject<'_>) -> bool {
    machine.setting::<Option<Ref>>("user").flatten().is_some()
}

/// Whether the design says that the row's condition holds. What depends on use is not asked.
fn applies(row: &RequiredRule, host: Subject<'_>) -> bool {
    if row.direction != default_rules::Direction::Outbound {
        return false;
    }
    match row.need {
        Need::Required => true,
        Need::When(_) if row.id == "ob-keyvault-hbi" => {
            workspace_of(host, host.setting::<Option<Ref>>("workspace").flatten())
                .and_then(|it| it.setting("hbiWorkspace"))
                .unwrap_or(false)
        }
        Need::When(_) | Need::InsteadOf(_) | Need::Legacy => false,
    }
}

/// Where a row leads: one destination for each host that it names.
fn destinations(row: &RequiredRule) -> Vec<Destination> {
    match row.peer {
        // It stands for private endpoints, whose own flows operations ask for.
        Peer::Tag("VirtualNetwork") | Peer::Described(_) => Vec::new(),
        Peer::Tag(tag) | Peer::RegionalTag(tag) => vec![Destination::PublicService(tag)],
        // Hosts of the design's own resources are asked for by operations.
        Peer::Hosts(hosts) => hosts
            .iter()
            .filter(|it| !it.contains('{'))
            .map(|it| Destination::Name(it.replace('*', "any")))
            .collect(),
    }
}

/// A row that a security group or firewall stops, with the packets of it that do not pass.
struct Block {
    row: &'static RequiredRule,
    hop: Hop,
    packets: BTreeSet<(Protocol, u16)>,
}

/// What is stopped on the way out of one subnet.
#[derive(Default)]
struct Stopped {
    /// By what stops it and the row.
    by_rule: BTreeMap<(ResourceId, &'static str), Block>,
    by_route: Vec<&'static RequiredRule>,
    why: Option<Message>,
}

impl Stopped {
    fn ask(&mut self, context: &Context<'_>, host: Subject<'_>, row: &'static RequiredRule) {
        let protocols: &[Protocol] = match row.protocol {
            tables::Protocol::Tcp => &[Protocol::Tcp],
            tables::Protocol::Udp => &[Protocol::Udp],
            tables::Protocol::Any => &[Protocol::Tcp, Protocol::Udp],
        };
        let ports: BTreeSet<u16> = row.ports.iter().flat_map(|(from, to)| [*from, *to]).collect();
        for to in destinations(row) {
            for (protocol, port) in
                protocols.iter().flat_map(|it| ports.iter().map(|port| (*it, *port)))
            {
                let flow = Flow { protocol, ..Flow::tcp(host.id, to.clone(), port) };
                let steps = context.network.flow(&flow).trace.steps;
                for step in steps.into_iter().filter(|it| it.outcome == Outcome::Denied) {
                    self.note(row, step, (protocol, port));
                }
            }
        }
    }

    fn note(&mut self, row: &'static RequiredRule, step: Step, packet: (Protocol, u16)) {
        match (step.hop, step.at) {
            (Hop::NsgOutbound | Hop::FirewallAppliance, Some(at)) => {
                let entry = self.by_rule.entry((at, row.id));
                let new = || Block { row, hop: step.hop, packets: BTreeSet::new() };
                entry.or_insert_with(new).packets.insert(packet);
            }
            (Hop::Route | Hop::Peering, _) => {
                if !self.by_route.iter().any(|it| it.id == row.id) {
                    self.by_route.push(row);
                }
                self.why.get_or_insert(step.text);
            }
            _ => {}
        }
    }

    fn findings(
        self,
        context: &Context<'_>,
        subnet: ResourceId,
        host: Subject<'_>,
    ) -> Vec<Finding> {
        let region = network_region(context, subnet);
        let mut all = Vec::new();
        if let Some(why) = self.why {
            let mut names: Vec<String> =
                self.by_route.iter().map(|it| peer_name(it, &region)).collect();
            names.dedup();
            let text = text(
                "{0} in {1} has no way to {2}, which Azure Machine Learning needs ({3}); give the subnet a NAT gateway or a route to a firewall with a public address",
                "{1} の {0} から、Azure Machine Learning に必要な {2} に到達できません ({3})。NAT ゲートウェイか、パブリック アドレスを持つファイアウォールへのルートを追加してください",
            );
            let args =
                [arg(host.name()), arg(context.name(subnet)), arg(names.join(", ")), why.into()];
            all.push(Finding::new([subnet, host.id], text.with(args)));
        }
        for ((at, _), block) in self.by_rule {
            all.push(finding(context, [at, subnet], host, &block));
        }
        all
    }
}

fn network_region(context: &Context<'_>, subnet: ResourceId) -> String {
    let facts = context.facts;
    let network = facts.subnets.get(&subnet).and_then(|it| facts.networks.get(&it.network));
    network.map(|it| it.region.clone()).unwrap_or_default()
}

/// The narrowest name that the row gives the other end.
fn peer_name(row: &RequiredRule, region: &str) -> String {
    match row.peer {
        Peer::RegionalTag(tag) if !region.is_empty() => format!("{tag}.{region}"),
        Peer::Tag(tag) | Peer::RegionalTag(tag) => tag.to_owned(),
        Peer::Hosts(hosts) => hosts.join(", "),
        Peer::Described(it) => it.en.to_owned(),
    }
}

const ALLOW: Text = text("Allow {0} to {1} in {2}", "{2} で {1} への {0} を許可する");

fn finding(
    context: &Context<'_>,
    [at, subnet]: [ResourceId; 2],
    host: Subject<'_>,
    Block { row, hop, packets }: &Block,
) -> Finding {
    let peer = peer_name(row, &network_region(context, subnet));
    let packets: Vec<String> =
        packets.iter().map(|(protocol, port)| format!("{} {port}", protocol.name())).collect();
    let packets = packets.join(", ");
    let text = text(
        "{0} stops {1} to {2}, which {3} in {4} needs: {5}; allow it",
        "{0} が {2} への {1} を遮断しています。{4} の {3} に必要です ({5})。許可してください",
    );
    let names = [
        arg(context.name(at)),
        arg(&packets),
        arg(&peer),
        arg(host.name()),
        arg(context.name(subnet)),
        row.purpose.into(),
    ];
    let key = match context.resources.subject(at).map(Subject::kind) {
        Some(Kind::NetworkManager) => "securityAdminRules",
        _ if *hop == Hop::NsgOutbound => "securityRules",
        _ => "networkRules",
    };
    let it = Finding::new([at, subnet, host.id], text.with(names)).field(key);
    let rule = context.resources.subject(at).and_then(|owner| {
        let source = context.facts.subnets.get(&subnet)?.prefixes.first()?;
        let item = match owner.kind() {
            Kind::NetworkSecurityGroup => security_rule(owner, &source.to_string(), row, &peer)?,
            Kind::AzureFirewall => network_rule(owner, &source.to_string(), row, &peer)?,
            _ => return None,
        };
        (!owner.has_item(key, &item)).then_some(item)
    });
    let Some(item) = rule else { return it };
    let title = ALLOW.with([arg(packets), arg(peer), arg(context.name(at))]);
    // Not the whole list: a report has hundreds of these.
    it.fix(title, Edit::AddItem { id: at, key: key.to_owned(), item })
}

fn ports(row: &RequiredRule) -> Vec<String> {
    let one = |(from, to): &(u16, u16)| {
        if from == to { from.to_string() } else { format!("{from}-{to}") }
    };
    row.ports.iter().map(one).collect()
}

/// A rule for exactly the row and the subnet, before every rule that denies.
fn security_rule(
    group: Subject<'_>,
    source: &str,
    row: &RequiredRule,
    peer: &str,
) -> Option<Value> {
    if matches!(row.peer, Peer::Hosts(_)) {
        return None;
    }
    let protocol = match row.protocol {
        tables::Protocol::Tcp => "Tcp",
        tables::Protocol::Udp => "Udp",
        tables::Protocol::Any => "*",
    };
    Some(json!({
        "name": format!("Allow-{}", row.id),
        "priority": priority_before_denials(group, Direction::Outbound)?,
        "direction": "Outbound",
        "access": "Allow",
        "protocol": protocol,
        "sourceAddressPrefixes": [source],
        "destinationAddressPrefixes": [peer],
        "destinationPortRanges": ports(row),
    }))
}

/// The same for a firewall: a collection of its own, before those that deny.
fn network_rule(
    firewall: Subject<'_>,
    source: &str,
    row: &RequiredRule,
    peer: &str,
) -> Option<Value> {
    const COLLECTION: &str = "azure-machine-learning";
    if matches!(row.peer, Peer::Hosts(_)) {
        return None;
    }
    let rules = &AzureFirewall::of(firewall).network_rules;
    let own = rules.iter().find(|it| it.collection == COLLECTION && it.action == Access::Allow);
    let taken: BTreeSet<u32> = rules.iter().map(|it| it.priority.get()).collect();
    let denies =
        rules.iter().filter(|it| it.action == Access::Deny).map(|it| it.priority.get()).min();
    let priority = match own {
        Some(it) => it.priority.get(),
        None => (100..denies.unwrap_or(65000)).find(|it| !taken.contains(it))?,
    };
    let protocols = match row.protocol {
        tables::Protocol::Tcp => json!(["TCP"]),
        tables::Protocol::Udp => json!(["UDP"]),
        tables::Protocol::Any => json!(["Any"]),
    };
    Some(json!({
        "collection": COLLECTION,
        "priority": priority,
        "action": "Allow",
        "name": row.id,
        "ipProtocols": protocols,
        "sourceAddresses": [source],
        "destinationAddresses": [peer],
        "destinationPorts": ports(row),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    const NONE: [&str; 0] = [];

    /// A cluster without public IP in a subnet with a NAT gateway and an NSG of these outbound rules.
    fn cluster(rules: &[Value]) -> Sketch {
        let (mut it, subnet) = Sketch::subnet();
        let group = ResourceId(1);
        it.set(group, "location", json!("japaneast"));
        let address = it.add(Kind::PublicIpAddress, "pip", group, json!({}));
        let nat = it.add(Kind::NatGateway, "nat", group, json!({"publicIpAddresses": [address.0]}));
        it.set(subnet, "natGateway", json!(nat.0));
        let settings = json!({"securityRules": rules});
        let filter = it.add(Kind::NetworkSecurityGroup, "nsg", group, settings);
        it.set(subnet, "networkSecurityGroup", json!(filter.0));
        let workspace = it.add(Kind::Workspace, "ws1", group, json!({}));
        let settings = json!({"workspace": workspace.0, "enableNodePublicIp": false});
        it.add(Kind::ComputeCluster, "cpu", subnet, settings);
        it
    }

    fn rule(priority: u32, access: &str, protocol: &str, to: &str, ports: Value) -> Value {
        json!({
            "name": format!("r{priority}"), "priority": priority, "direction": "Outbound",
            "access": access, "protocol": protocol, "destinationAddressPrefixes": [to],
            "destinationPortRanges": ports,
        })
    }

    /// how-to-access-azureml-behind-firewall, table of the required outbound rules.
    fn required() -> Vec<Value> {
        vec![
            rule(100, "Allow", "Tcp", "AzureActiveDirectory", json!(["80", "443"])),
            rule(110, "Allow", "Tcp", "AzureMachineLearning", json!(["443", "18881"])),
            rule(120, "Allow", "Udp", "AzureMachineLearning", json!(["5831"])),
            rule(130, "Allow", "*", "BatchNodeManagement.JapanEast", json!(["443"])),
            rule(140, "Allow", "Tcp", "AzureResourceManager", json!(["443"])),
            rule(150, "Allow", "Tcp", "Storage.japaneast", json!(["443"])),
            rule(160, "Allow", "Tcp", "AzureFrontDoor.FrontEnd", json!(["443"])),
            rule(170, "Allow", "Tcp", "MicrosoftContainerRegistry", json!(["443"])),
            rule(180, "Allow", "Tcp", "AzureFrontDoor.FirstParty", json!(["443"])),
            rule(4000, "Deny", "*", "Internet", json!(["*"])),
        ]
    }

    #[test]
    fn all_rules_of_the_table_are_enough_and_each_is_needed() {
        assert_eq!(found(&LINT, &cluster(&required())), NONE);
        assert_eq!(found(&LINT, &cluster(&[])), NONE);
        for n in 0..9 {
            let mut rules = required();
            rules.remove(n);
            assert_eq!(found(&LINT, &cluster(&rules)), ["nsg securityRules"], "rule {n}");
        }
    }

    #[test]
    fn a_finding_names_tag_port_and_purpose() {
        let mut rules = required();
        rules.remove(2);
        let it = cluster(&rules);
        let facts = it.all().facts();
        let network = crate::solve::flow::Network::new(&facts);
        let all = find(&Context::new(it.all(), &network));
        let text = all[0].text.render(crate::text::Lang::En);
        assert_eq!(
            text,
            "nsg stops UDP 5831 to AzureMachineLearning, which cpu in snet needs: create, update and delete compute; allow it"
        );
    }

    #[test]
    fn another_region_or_half_of_the_ports_is_not_enough() {
        let mut rules = required();
        rules[5] = rule(150, "Allow", "Tcp", "Storage.westus", json!(["443"]));
        assert_eq!(found(&LINT, &cluster(&rules)), ["nsg securityRules"]);
        let mut rules = required();
        rules[1] = rule(110, "Allow", "Tcp", "AzureMachineLearning", json!(["443"]));
        assert_eq!(found(&LINT, &cluster(&rules)), ["nsg securityRules"]);
    }

    #[test]
    fn a_wider_rule_will_do() {
        let mut rules = required();
        rules[5] = rule(150, "Allow", "*", "Storage", json!(["*"]));
        assert_eq!(found(&LINT, &cluster(&rules)), NONE);
    }

    #[test]
    fn a_subnet_without_a_way_out_is_named_once() {
        let mut it = cluster(&[]);
        it.set(ResourceId(3), "natGateway", Value::Null);
        it.set(ResourceId(3), "defaultOutboundAccess", json!(false));
        assert_eq!(found(&LINT, &it), ["snet"]);
    }

    #[test]
    fn a_load_balancer_lets_out_the_machines_of_its_pool_only() {
        for (beside, wrong) in [(false, vec![]), (true, vec!["snet-jump"])] {
            let mut it = cluster(&required());
            let user = it.add(Kind::User, "mika", None, json!({}));
            let settings = json!({"addressPrefix": "10.0.2.0/24", "defaultOutboundAccess": false});
            let subnet = it.add(Kind::Subnet, "snet-jump", ResourceId(2), settings);
            let vm = it.add(Kind::VirtualMachine, "vm", subnet, json!({"user": user.0}));
            let address = it.add(Kind::PublicIpAddress, "pip-lb", ResourceId(1), json!({}));
            let settings = json!({
                "frontendIPConfigurations": [{"publicIPAddress": address.0}], "outboundRules": [{}],
                "backendAddressPools": [{"virtualMachines": [vm.0]}],
            });
            it.add(Kind::LoadBalancer, "lb", ResourceId(1), settings);
            if beside {
                it.add(Kind::VirtualMachine, "vm2", subnet, json!({"user": user.0}));
            }
            assert_eq!(found(&LINT, &it), wrong);
        }
    }

    // "By default, AKS provisions a standard SKU load balancer to be set up and used for egress"
    // (aks/egress-outboundtype).
    #[test]
    fn a_cluster_of_kubernetes_in_a_private_subnet_has_a_way_out() {
        let mut it = cluster(&required());
        let settings = json!({"addressPrefix": "10.0.2.0/24", "defaultOutboundAccess": false});
        let subnet = it.add(Kind::Subnet, "snet-aks", ResourceId(2), settings);
        let workspace = it.all().of(Kind::Workspace).next().unwrap().id.0;
        it.add(Kind::AttachedKubernetes, "aks1", subnet, json!({"workspace": workspace}));
        assert_eq!(found(&LINT, &it), NONE);
    }

    #[test]
    fn a_machine_is_a_client_of_studio_only_with_a_user() {
        for somebody in [true, false] {
            let mut it = cluster(&[]);
            let user = it.add(Kind::User, "mika", None, json!({}));
            let network = ResourceId(2);
            let settings = json!({"addressPrefix": "10.0.2.0/24", "defaultOutboundAccess": false});
            let subnet = it.add(Kind::Subnet, "snet-jump", network, settings);
            let user = if somebody { json!(user.0) } else { Value::Null };
            it.add(Kind::VirtualMachine, "vm", subnet, json!({"user": user}));
            let wrong = if somebody { vec!["snet-jump"] } else { vec![] };
            assert_eq!(found(&LINT, &it), wrong);
        }
    }

    #[test]
    fn a_firewall_that_lacks_rules() {
        let mut it = cluster(&[]);
        let network = ResourceId(2);
        let settings = json!({"addressPrefix": "10.0.0.0/26"});
        let home = it.add(Kind::Subnet, "AzureFirewallSubnet", network, settings);
        let address = it.add(Kind::PublicIpAddress, "pip-fw", ResourceId(1), json!({}));
        let tags = [
            ("AzureActiveDirectory", "TCP", json!(["80", "443"])),
            ("AzureMachineLearning", "TCP", json!(["443", "18881"])),
            ("AzureMachineLearning", "UDP", json!(["5831"])),
            ("BatchNodeManagement.japaneast", "Any", json!(["443"])),
            ("AzureResourceManager", "TCP", json!(["443"])),
            ("Storage.japaneast", "TCP", json!(["443"])),
            ("AzureFrontDoor.Frontend", "TCP", json!(["443"])),
            ("MicrosoftContainerRegistry", "TCP", json!(["443"])),
            ("AzureFrontDoor.FirstParty", "TCP", json!(["443"])),
        ];
        let rules: Vec<Value> = tags
            .iter()
            .enumerate()
            .map(|(n, (tag, protocol, ports))| {
                json!({
                    "name": format!("r{n}"), "collection": "ml", "priority": 200, "ipProtocols": [protocol],
                    "sourceAddresses": ["10.0.1.0/24"], "destinationAddresses": [tag],
                    "destinationPorts": ports,
                })
            })
            .collect();
        let settings = json!({
            "privateIPAddress": "10.0.0.4", "publicIpAddresses": [address.0], "networkRules": rules,
        });
        let firewall = it.add(Kind::AzureFirewall, "fw", home, settings);
        let route = json!({
            "name": "default", "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "10.0.0.4",
        });
        let table = it.add(Kind::RouteTable, "rt", ResourceId(1), json!({"routes": [route]}));
        it.set(ResourceId(3), "routeTable", json!(table.0));
        assert_eq!(found(&LINT, &it), NONE);
        it.set(firewall, "networkRules", json!(rules[..7]));
        assert_eq!(found(&LINT, &it), ["fw networkRules", "fw networkRules"]);
    }
}
