//! Subnet: the part of a virtual network where filters, routes and service endpoints apply.
//!
//! Azure docs: "Add, change, or delete a virtual network subnet" (virtual-network/virtual-network-manage-subnet).

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    address::AddressPrefix,
    arm::{self, ArmResource, ArmValue},
    reach,
    route_table::RouteTable,
    service_endpoint_policy::ServiceEndpointPolicy,
    setting::{Choice, Problem, Ref, Relation, choice, settings, suggested},
    virtual_network::VirtualNetwork,
};
use crate::{
    azure::regions,
    facts::{Facts, cidr::Cidr, network},
    text::{Message, Text, arg, text},
};

choice! {
    /// Whether network policies apply to private endpoints of the subnet.
    pub enum PrivateEndpointNetworkPolicies {
        Disabled = "Disabled", text("Disabled", "無効");
        Enabled = "Enabled", text("Enabled", "有効");
        NetworkSecurityGroupEnabled = "NetworkSecurityGroupEnabled", text("Network security groups only", "ネットワーク セキュリティ グループのみ");
        RouteTableEnabled = "RouteTableEnabled", text("Route tables only", "ルート テーブルのみ");
    }
}

choice! {
    /// A service that the subnet reaches by a route of its own, with its private source address.
    pub enum ServiceEndpoint {
        Storage = "Microsoft.Storage", Text::same("Microsoft.Storage");
        StorageGlobal = "Microsoft.Storage.Global", Text::same("Microsoft.Storage.Global");
        KeyVault = "Microsoft.KeyVault", Text::same("Microsoft.KeyVault");
        ContainerRegistry = "Microsoft.ContainerRegistry", Text::same("Microsoft.ContainerRegistry");
        EntraId = "Microsoft.AzureActiveDirectory", Text::same("Microsoft.AzureActiveDirectory");
        CognitiveServices = "Microsoft.CognitiveServices", Text::same("Microsoft.CognitiveServices");
        Sql = "Microsoft.Sql", Text::same("Microsoft.Sql");
        CosmosDb = "Microsoft.AzureCosmosDB", Text::same("Microsoft.AzureCosmosDB");
        EventHub = "Microsoft.EventHub", Text::same("Microsoft.EventHub");
        ServiceBus = "Microsoft.ServiceBus", Text::same("Microsoft.ServiceBus");
        Web = "Microsoft.Web", Text::same("Microsoft.Web");
    }
}

suggested! {
    /// A service that the subnet is handed to; nothing else may stand in it.
    pub struct Delegation = &[
        Choice { value: DELEGATION_DNS_RESOLVERS, label: Text::same("Microsoft.Network/dnsResolvers") },
        Choice { value: "Microsoft.ContainerInstance/containerGroups", label: Text::same("Microsoft.ContainerInstance/containerGroups") },
        Choice { value: "Microsoft.App/environments", label: Text::same("Microsoft.App/environments") },
        Choice { value: "Microsoft.Web/serverFarms", label: Text::same("Microsoft.Web/serverFarms") },
        Choice { value: "Microsoft.Databricks/workspaces", label: Text::same("Microsoft.Databricks/workspaces") },
        Choice { value: "Microsoft.DBforPostgreSQL/flexibleServers", label: Text::same("Microsoft.DBforPostgreSQL/flexibleServers") },
        Choice { value: "Microsoft.Sql/managedInstances", label: Text::same("Microsoft.Sql/managedInstances") },
        Choice { value: "Microsoft.Netapp/volumes", label: Text::same("Microsoft.Netapp/volumes") },
    ];
}

/// What the subnets of a DNS private resolver are delegated to.
pub const DELEGATION_DNS_RESOLVERS: &str = "Microsoft.Network/dnsResolvers";

settings! {
    /// Settings of a subnet.
    pub struct Subnet {
        address_prefix: Cidr = "addressPrefix", Cidr::holding(Ipv4Addr::new(10, 0, 0, 0), 24),
            text("Address prefix", "アドレス プレフィックス"),
            text("Part of the network's address space; five addresses are Azure's", "仮想ネットワークのアドレス空間の一部。5 個のアドレスは Azure が使います");
        network_security_group: Option<Ref> = "networkSecurityGroup", None,
            text("Network security group", "ネットワーク セキュリティ グループ"),
            text("Filters what enters and leaves the subnet", "サブネットに出入りする通信をフィルター"),
            to &[Kind::NetworkSecurityGroup], Some(Relation::Network);
        route_table: Option<Ref> = "routeTable", None,
            text("Route table", "ルート テーブル"),
            text("Routes that win over those of Azure", "Azure の既定より優先されるルート"),
            to &[Kind::RouteTable], Some(Relation::Network);
        nat_gateway: Option<Ref> = "natGateway", None,
            text("NAT gateway", "NAT ゲートウェイ"),
            text("Outbound internet from fixed addresses", "固定アドレスからのインターネット送信"),
            to &[Kind::NatGateway], Some(Relation::Network);
        service_endpoints: Vec<ServiceEndpoint> = "serviceEndpoints", Vec::new(),
            text("Service endpoints", "サービス エンドポイント"),
            text("Services whose firewalls can name this subnet", "ファイアウォールでこのサブネットを指定できるサービス");
        service_endpoint_policies: Vec<Ref> = "serviceEndpointPolicies", Vec::new(),
            text("Service endpoint policies", "サービス エンドポイント ポリシー"),
            text("The only storage accounts that are reached through the service endpoint", "サービス エンドポイント経由で到達できるストレージ アカウントを限定"),
            to &[Kind::ServiceEndpointPolicy], Some(Relation::Network);
        delegation: Option<Delegation> = "delegation", None,
            text("Delegation", "委任"),
            text("Hands the subnet to one service; nothing else may stand in it", "サブネットを 1 つのサービスに委任。ほかのリソースは置けません");
        private_endpoint_network_policies: PrivateEndpointNetworkPolicies = "privateEndpointNetworkPolicies", PrivateEndpointNetworkPolicies::Disabled,
            text("Private endpoint network policies", "プライベート エンドポイントのネットワーク ポリシー"),
            text("Whether NSGs and routes apply to private endpoints here", "ここにあるプライベート エンドポイントに NSG とルートを適用するか");
        default_outbound_access: bool = "defaultOutboundAccess", false,
            text("Default outbound access", "既定の送信アクセス"),
            text("Implicit internet egress for hosts without a method of their own", "明示的な送信方法を持たないホストの暗黙のインターネット送信");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "subnet",
    label: text("Subnet", "サブネット"),
    help: text("Part of a virtual network", "仮想ネットワークの一部"),
    source: "virtual-network/virtual-network-manage-subnet",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/virtualNetworks/subnets"),
    form: Form::Container,
    parents: &[Parent::In(Kind::VirtualNetwork)],
    fields: Subnet::FIELDS,
    name: NameRule::NETWORK,
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let Some(network) = subject.parent() else { return Vec::new() };
    let settings = Subnet::of(subject);
    let reference = |it: Option<Ref>| it.map(|it| ArmValue::reference(it.0));
    let service =
        |it: &ServiceEndpoint| ArmValue::object([("service", ArmValue::text(it.value()))]);
    let endpoints = &settings.service_endpoints;
    let policies = &settings.service_endpoint_policies;
    let delegations = settings.delegation.clone().map(|it| {
        let properties = ArmValue::object([("serviceName", ArmValue::text(it.0))]);
        let name = ArmValue::text("delegation");
        ArmValue::List(vec![ArmValue::object([("name", name), ("properties", properties)])])
    });
    // Azure changes one subnet of a network at a time and refuses the others meanwhile.
    let before = subject
        .all
        .children(Some(network.id))
        .filter(|it| it.kind() == Kind::Subnet && it.id < subject.id)
        .last();
    vec![
        ArmResource::of(
            subject,
            "Microsoft.Network/virtualNetworks/subnets",
            vec![network.name().to_owned(), subject.name().to_owned()],
        )
        .child()
        .with("addressPrefix", ArmValue::text(settings.address_prefix.to_string()))
        .with_some("networkSecurityGroup", reference(settings.network_security_group))
        .with_some("routeTable", reference(settings.route_table))
        .with_some("natGateway", reference(settings.nat_gateway))
        .with_some(
            "serviceEndpoints",
            (!endpoints.is_empty()).then(|| endpoints.iter().map(service).collect()),
        )
        .with_some(
            "serviceEndpointPolicies",
            (!policies.is_empty())
                .then(|| policies.iter().map(|it| ArmValue::reference(it.0)).collect()),
        )
        .with_some("delegations", delegations)
        .with(
            "privateEndpointNetworkPolicies",
            ArmValue::text(settings.private_endpoint_network_policies.value()),
        )
        .with("defaultOutboundAccess", ArmValue::Bool(settings.default_outbound_access))
        .after(before.map(|it| it.id)),
    ]
}

/// Names that Azure reserves, with what may stand there and the longest prefix that leaves room.
pub const RESERVED: &[(&str, Kind, u8)] = &[
    (AZURE_FIREWALL_SUBNET, Kind::AzureFirewall, 26),
    (AZURE_FIREWALL_MANAGEMENT_SUBNET, Kind::AzureFirewall, 26),
    (AZURE_BASTION_SUBNET, Kind::BastionHost, 26),
    (GATEWAY_SUBNET, Kind::VirtualNetworkGateway, 29),
];

pub const AZURE_FIREWALL_SUBNET: &str = "AzureFirewallSubnet";
pub const AZURE_FIREWALL_MANAGEMENT_SUBNET: &str = "AzureFirewallManagementSubnet";
pub const AZURE_BASTION_SUBNET: &str = "AzureBastionSubnet";
pub const GATEWAY_SUBNET: &str = "GatewaySubnet";

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let settings = Subnet::of(subject);
    let Some(network) = subject.parent() else { return Vec::new() };
    let space = VirtualNetwork::of(network);
    let prefix = settings.address_prefix;
    let mut problems = Vec::new();
    if !space.address_prefixes.iter().any(|it| it.covers(prefix)) {
        problems.push(Problem::new(
            "addressPrefix",
            text(
                "{0} is not in the address space of {1}; choose a part of it or extend it",
                "{0} は {1} のアドレス空間に含まれません。その一部を選ぶか、アドレス空間を広げてください",
            )
            .with([arg(prefix), arg(network.name())]),
        ));
    }
    if prefix.len() > 29 {
        problems.push(Problem::new(
            "addressPrefix",
            text(
                "the smallest subnet is /29; use a shorter prefix length",
                "最小のサブネットは /29 です。より短いプレフィックス長にしてください",
            ),
        ));
    }
    let reserved = RESERVED.iter().find(|(name, ..)| name.eq_ignore_ascii_case(subject.name()));
    if let Some((name, kind, longest)) = reserved {
        check_reserved(subject, &settings, name, *kind, *longest, &mut problems);
    }
    let for_storage = |it: &ServiceEndpoint| {
        matches!(it, ServiceEndpoint::Storage | ServiceEndpoint::StorageGlobal)
    };
    if !settings.service_endpoint_policies.is_empty()
        && !settings.service_endpoints.iter().any(for_storage)
    {
        problems.push(Problem::new(
            "serviceEndpointPolicies",
            text(
                "a policy needs the service endpoint Microsoft.Storage on the subnet; add it",
                "ポリシーにはサブネットのサービス エンドポイント Microsoft.Storage が必要です。追加してください",
            ),
        ));
    }
    check_delegation(subject, &settings, &mut problems);
    check_regions(subject, &settings, &mut problems);
    problems
}

/// Azure docs: "Azure Firewall FAQ" (firewall/firewall-faq), "About Azure Bastion configuration
/// settings" (bastion/configuration-settings), "About VPN Gateway configuration settings"
/// (vpn-gateway/vpn-gateway-about-vpn-gateway-settings).
fn check_reserved(
    subject: Subject<'_>,
    settings: &Subnet,
    name: &str,
    kind: Kind,
    longest: u8,
    problems: &mut Vec<Problem>,
) {
    if settings.address_prefix.len() > longest {
        problems.push(Problem::new(
            "addressPrefix",
            text(
                "{0} must be /{1} or larger; use a shorter prefix length",
                "{0} は /{1} 以上の大きさが必要です。より短いプレフィックス長にしてください",
            )
            .with([arg(name), arg(longest)]),
        ));
    }
    let stranger = subject.all.children(Some(subject.id)).find(|it| it.kind() != kind);
    if let Some(stranger) = stranger {
        problems.push(Problem::new(
            "name",
            text(
                "only {0} may stand in {1}; move {2} into another subnet",
                "{1} に置けるのは {0} だけです。{2} を別のサブネットに移動してください",
            )
            .with([kind.info().label.into(), arg(name), arg(stranger.name())]),
        ));
    }
    if settings.network_security_group.is_some() && kind != Kind::BastionHost {
        problems.push(Problem::new(
            "networkSecurityGroup",
            text(
                "{0} takes no network security group; take it away",
                "{0} にはネットワーク セキュリティ グループを関連付けられません。関連付けを外してください",
            )
            .with([arg(name)]),
        ));
    }
    let routes = subject.follow(settings.route_table);
    if kind == Kind::BastionHost && routes.is_some() {
        problems.push(Problem::new(
            "routeTable",
            text(
                "{0} takes no route table; take it away",
                "{0} にはルート テーブルを関連付けられません。関連付けを外してください",
            )
            .with([arg(name)]),
        ));
    }
    if kind == Kind::VirtualNetworkGateway {
        let default =
            |it: &super::route_table::Route| it.address_prefix == AddressPrefix::Prefix(Cidr::ALL);
        if routes.is_some_and(|it| RouteTable::of(it).routes.iter().any(default)) {
            problems.push(Problem::new(
                "routeTable",
                text(
                    "{0} may have no route for 0.0.0.0/0, or the gateway loses its control plane; take the route away",
                    "{0} に 0.0.0.0/0 のルートがあるとゲートウェイが管理できなくなります。ルートを削除してください",
                )
                .with([arg(name)]),
            ));
        }
        if routes.is_some_and(|it| RouteTable::of(it).disable_bgp_route_propagation) {
            problems.push(Problem::new(
                "routeTable",
                text(
                    "{0} needs the routes of its gateway; let its route table propagate them",
                    "{0} にはゲートウェイのルートが必要です。ルート テーブルでルートの伝達を有効にしてください",
                )
                .with([arg(name)]),
            ));
        }
        if settings.nat_gateway.is_some() {
            problems.push(Problem::new(
                "natGateway",
                text(
                    "{0} takes no NAT gateway; take it away",
                    "{0} には NAT ゲートウェイを関連付けられません。関連付けを外してください",
                )
                .with([arg(name)]),
            ));
        }
    }
}

/// A delegated subnet holds nothing but what it is delegated to.
fn check_delegation(subject: Subject<'_>, settings: &Subnet, problems: &mut Vec<Problem>) {
    let Some(delegation) = settings.delegation.as_ref().map(Delegation::as_str) else { return };
    let fits = |it: &Subject<'_>| match it.kind() {
        Kind::DnsResolver => delegation.eq_ignore_ascii_case(DELEGATION_DNS_RESOLVERS),
        Kind::ContainerInstanceDeployment => {
            delegation.eq_ignore_ascii_case("Microsoft.ContainerInstance/containerGroups")
        }
        Kind::Other => true,
        _ => false,
    };
    if let Some(stranger) = subject.all.children(Some(subject.id)).find(|it| !fits(it)) {
        problems.push(Problem::new(
            "delegation",
            text(
                "the subnet is delegated to {0}, so {1} cannot stand in it; move it or take the delegation away",
                "サブネットは {0} に委任されているため、{1} は置けません。移動するか、委任を解除してください",
            )
            .with([arg(delegation), arg(stranger.name())]),
        ));
    }
}

/// What is associated with a subnet must be in the network's region.
fn check_regions(subject: Subject<'_>, settings: &Subnet, problems: &mut Vec<Problem>) {
    let Some(here) = arm::location(subject) else { return };
    for (field, other) in [
        ("networkSecurityGroup", settings.network_security_group),
        ("routeTable", settings.route_table),
        ("natGateway", settings.nat_gateway),
    ] {
        let Some(other) = subject.follow(other) else { continue };
        let there = arm::location(other).unwrap_or_default();
        if !there.is_empty() && !regions::same(&here, &there) {
            problems.push(Problem::new(
                field,
                text(
                    "{0} is in {1}, the network in {2}; both must be in one region",
                    "{0} は {1}、仮想ネットワークは {2} にあります。同じリージョンにしてください",
                )
                .with([arg(other.name()), arg(there), arg(&here)]),
            ));
        }
    }
}

/// Why a resource in a subnet cannot have `address`, if it cannot.
pub fn misfit(subject: Subject<'_>, address: Ipv4Addr) -> Option<Message> {
    misfit_in(subject.within(Kind::Subnet)?, address)
}

/// Why nothing in `subnet` can have `address`, if so.
pub fn misfit_in(subnet: Subject<'_>, address: Ipv4Addr) -> Option<Message> {
    let prefix = Subnet::of(subnet).address_prefix;
    if !prefix.contains(address) {
        return Some(
            text(
                "{0} is not in subnet {1} ({2}); choose an address of it",
                "{0} はサブネット {1} ({2}) に含まれません。その中のアドレスを選んでください",
            )
            .with([arg(address), arg(subnet.name()), arg(prefix)]),
        );
    }
    let offset = address.to_bits() - prefix.first().to_bits();
    (offset < 4 || address == prefix.last()).then(|| {
        text(
            "{0} is one of the five addresses that Azure keeps in each subnet; choose another",
            "{0} は Azure が各サブネットで予約する 5 個のアドレスの 1 つです。別のアドレスを選んでください",
        )
        .with([arg(address)])
    })
}

/// Reports `address` at `field` if the resource cannot have it in its subnet.
pub fn check_address(
    subject: Subject<'_>,
    field: &str,
    address: Option<Ipv4Addr>,
    problems: &mut Vec<Problem>,
) {
    if let Some(text) = address.and_then(|it| misfit(subject, it)) {
        problems.push(Problem::new(field, text));
    }
}

/// Reports a resource that Azure takes only in the subnet of a reserved name.
pub fn check_home(subject: Subject<'_>, home: &'static str, problems: &mut Vec<Problem>) {
    let Some(subnet) = subject.parent().filter(|it| it.kind() == Kind::Subnet) else { return };
    if !subnet.name().eq_ignore_ascii_case(home) {
        problems.push(Problem::new(
            "parent",
            text(
                "{0} stands only in a subnet named {1}; rename {2} or move it",
                "{0} は {1} という名前のサブネットにだけ置けます。{2} の名前を変えるか、移動してください",
            )
            .with([subject.info().label.into(), arg(home), arg(subnet.name())]),
        ));
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, Subnet::from_settings);
    let Some(network) = subject.within(Kind::VirtualNetwork) else { return };
    let policies: Vec<Subject<'_>> = reach::existing(subject, &settings.service_endpoint_policies)
        .into_iter()
        .filter_map(|it| subject.all.subject(it))
        .filter(|it| it.kind() == Kind::ServiceEndpointPolicy)
        .collect();
    // Of several policies, what any of them lists is reached.
    let accounts = |it: &Subject<'_>| ServiceEndpointPolicy::accounts(*it).to_vec();
    let listed: Option<Vec<_>> = (!policies.is_empty()).then(|| {
        let all: BTreeSet<_> = policies.iter().flat_map(accounts).collect();
        all.into_iter().collect()
    });
    let unseen = policies.iter().any(|it| ServiceEndpointPolicy::of(*it).machine_learning);
    let endpoint = |it: &ServiceEndpoint| {
        let (tag, all_regions) = match it {
            ServiceEndpoint::Storage => ("Storage", false),
            ServiceEndpoint::StorageGlobal => ("Storage", true),
            ServiceEndpoint::KeyVault => ("AzureKeyVault", true),
            ServiceEndpoint::ContainerRegistry => ("AzureContainerRegistry", true),
            // The first is for Data Lake Storage Gen1 only, sign-in does not use it; behind the others
            // stands no resource of a design.
            ServiceEndpoint::EntraId
            | ServiceEndpoint::CognitiveServices
            | ServiceEndpoint::Sql
            | ServiceEndpoint::CosmosDb
            | ServiceEndpoint::EventHub
            | ServiceEndpoint::ServiceBus
            | ServiceEndpoint::Web => return None,
        };
        let pair = regions::pair(&reach::region(network));
        // Policies are for storage alone.
        let only = listed.clone().filter(|_| tag == "Storage");
        Some(network::ServiceEndpoint { tag, all_regions, pair, only, unseen })
    };
    let policies = settings.private_endpoint_network_policies;
    facts.subnets.insert(
        subject.id,
        network::Subnet {
            network: network.id,
            prefixes: vec![settings.address_prefix],
            filter: reach::existing_one(subject, settings.network_security_group),
            routes: reach::existing_one(subject, settings.route_table),
            service_endpoints: settings.service_endpoints.iter().filter_map(endpoint).collect(),
            filters_private_endpoints: matches!(
                policies,
                PrivateEndpointNetworkPolicies::Enabled
                    | PrivateEndpointNetworkPolicies::NetworkSecurityGroupEnabled
            ),
            routes_private_endpoints: matches!(
                policies,
                PrivateEndpointNetworkPolicies::Enabled
                    | PrivateEndpointNetworkPolicies::RouteTableEnabled
            ),
            nat: reach::existing_one(subject, settings.nat_gateway),
            default_outbound: settings.default_outbound_access,
            unguarded: UNGUARDED.iter().any(|it| it.eq_ignore_ascii_case(subject.name())),
        },
    );
}

/// Subnets of services that security admin rules are not applied to. Azure docs: "Security admin rules in Azure
/// Virtual Network Manager" (virtual-network-manager/concept-security-admins, nonapplication at subnet level).
const UNGUARDED: &[&str] = &[
    AZURE_FIREWALL_SUBNET,
    AZURE_FIREWALL_MANAGEMENT_SUBNET,
    AZURE_BASTION_SUBNET,
    GATEWAY_SUBNET,
    "RouteServerSubnet",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::{ResourceId, testing::Sketch};

    const NONE: [&str; 0] = [];

    #[test]
    fn a_subnet_outside_its_network() {
        let (mut it, network) = Sketch::network();
        let subnet = it.add(Kind::Subnet, "s", network, json!({"addressPrefix": "10.1.0.0/24"}));
        assert_eq!(it.wrong(subnet), ["addressPrefix"]);
    }

    // "The smallest supported IPv4 subnet is /29" (virtual-network/virtual-networks-faq).
    #[test]
    fn the_smallest_subnet() {
        let (mut it, network) = Sketch::network();
        let subnet = it.add(Kind::Subnet, "s", network, json!({"addressPrefix": "10.0.0.0/29"}));
        assert_eq!(it.wrong(subnet), NONE);
        it.set(subnet, "addressPrefix", json!("10.0.0.0/30"));
        assert_eq!(it.wrong(subnet), ["addressPrefix"]);
    }

    // Azure Firewall and Bastion need /26, a gateway /29 (firewall/firewall-faq,
    // bastion/configuration-settings, vpn-gateway/vpn-gateway-about-vpn-gateway-settings).
    #[test]
    fn reserved_subnets_have_a_least_size() {
        for (name, good, small) in [
            ("AzureFirewallSubnet", "10.0.0.0/26", "10.0.0.0/27"),
            ("azurefirewallsubnet", "10.0.0.0/26", "10.0.0.0/27"),
            ("AzureBastionSubnet", "10.0.0.0/26", "10.0.0.0/27"),
            ("GatewaySubnet", "10.0.0.0/29", "10.0.0.0/30"),
        ] {
            let (mut it, network) = Sketch::network();
            let subnet = it.add(Kind::Subnet, name, network, json!({"addressPrefix": good}));
            assert_eq!(it.wrong(subnet), NONE, "{name}");
            it.set(subnet, "addressPrefix", json!(small));
            assert!(!it.wrong(subnet).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_machine_in_the_subnet_of_the_firewall() {
        let (mut it, network) = Sketch::network();
        let settings = json!({"addressPrefix": "10.0.0.0/26"});
        let subnet = it.add(Kind::Subnet, "AzureFirewallSubnet", network, settings);
        it.add(Kind::AzureFirewall, "fw", subnet, json!({}));
        assert_eq!(it.wrong(subnet), NONE);
        it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
        assert_eq!(it.wrong(subnet), ["name"]);
    }

    #[test]
    fn what_a_gateway_subnet_may_not_have() {
        let (mut it, network) = Sketch::network();
        let group = ResourceId(1);
        let filter = it.add(Kind::NetworkSecurityGroup, "nsg", group, json!({}));
        let nat = it.add(Kind::NatGateway, "nat", group, json!({}));
        let routes = it.add(
            Kind::RouteTable,
            "rt",
            group,
            json!({"routes": [
                {"name": "d", "addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}
            ]}),
        );
        let subnet = it.add(
            Kind::Subnet,
            "GatewaySubnet",
            network,
            json!({
                "addressPrefix": "10.0.0.0/27",
                "networkSecurityGroup": filter.0, "natGateway": nat.0, "routeTable": routes.0,
            }),
        );
        assert_eq!(it.wrong(subnet), ["networkSecurityGroup", "routeTable", "natGateway"]);
        it.set(
            routes,
            "routes",
            json!([
                {"name": "s", "addressPrefix": "10.1.0.0/16", "nextHopType": "None"}
            ]),
        );
        assert_eq!(it.wrong(subnet), ["networkSecurityGroup", "natGateway"]);
    }

    #[test]
    fn bastion_takes_a_filter_but_no_routes() {
        let (mut it, network) = Sketch::network();
        let filter = it.add(Kind::NetworkSecurityGroup, "nsg", ResourceId(1), json!({}));
        let routes = it.add(Kind::RouteTable, "rt", ResourceId(1), json!({}));
        let subnet = it.add(
            Kind::Subnet,
            "AzureBastionSubnet",
            network,
            json!({
                "addressPrefix": "10.0.0.0/26", "networkSecurityGroup": filter.0,
            }),
        );
        assert_eq!(it.wrong(subnet), NONE);
        it.set(subnet, "routeTable", json!(routes.0));
        assert_eq!(it.wrong(subnet), ["routeTable"]);
    }

    #[test]
    fn a_machine_in_a_delegated_subnet() {
        let (mut it, subnet) = Sketch::subnet();
        it.set(subnet, "delegation", json!("Microsoft.Network/dnsResolvers"));
        assert_eq!(it.wrong(subnet), NONE);
        it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
        assert_eq!(it.wrong(subnet), ["delegation"]);
    }

    #[test]
    fn a_filter_of_another_region() {
        let (mut it, subnet) = Sketch::subnet();
        let settings = json!({"location": "West US"});
        let filter = it.add(Kind::NetworkSecurityGroup, "nsg", ResourceId(1), settings);
        it.set(subnet, "networkSecurityGroup", json!(filter.0));
        assert_eq!(it.wrong(subnet), ["networkSecurityGroup"]);
        it.set(filter, "location", json!("Japan East"));
        assert_eq!(it.wrong(subnet), NONE);
    }

    // Azure reserves the first four addresses and the last one of each subnet
    // (virtual-network/virtual-networks-faq).
    #[test]
    fn addresses_that_azure_keeps() {
        for (address, good) in [
            ("10.0.1.0", false),
            ("10.0.1.3", false),
            ("10.0.1.4", true),
            ("10.0.1.254", true),
            ("10.0.1.255", false),
            ("10.0.2.4", false),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let settings = json!({"privateIPAddress": address});
            let machine = it.add(Kind::VirtualMachine, "vm", subnet, settings);
            assert_eq!(it.wrong(machine).is_empty(), good, "{address}");
        }
    }

    #[test]
    fn subnets_of_a_network_are_made_one_after_the_other() {
        let (mut it, network) = Sketch::network();
        let a = it.add(Kind::Subnet, "a", network, json!({"addressPrefix": "10.0.0.0/24"}));
        let b = it.add(Kind::Subnet, "b", network, json!({"addressPrefix": "10.0.1.0/24"}));
        let c = it.add(Kind::Subnet, "c", network, json!({"addressPrefix": "10.0.2.0/24"}));
        let after = |id| it.lowered(id).remove(0).after;
        assert_eq!([after(a), after(b), after(c)], [vec![], vec![a], vec![b]]);
    }
}
