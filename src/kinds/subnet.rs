//! Subnet: the part of a virtual network where filters, routes and service endpoints apply.
//!
//! Azure docs: "Add, change, or delete a virtual network subnet" (virtual-network/virtual-network-manage-subnet).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::ArmResource,
    no_facts,
    setting::{Choice, Problem, Ref, Relation, choice, settings, suggested},
    virtual_network::VirtualNetwork,
};
use crate::{
    facts::cidr::Cidr,
    text::{Text, arg, text},
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
    facts: no_facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let Some(network) = subject.parent() else { return Vec::new() };
    let mut it = ArmResource::of(
        subject,
        "Microsoft.Network/virtualNetworks/subnets",
        vec![network.name().to_owned(), subject.name().to_owned()],
    )
    .with_settings(
        subject,
        &["addressPrefix", "privateEndpointNetworkPolicies", "defaultOutboundAccess"],
    );
    it.location = None;
    it.tags.clear();
    it.after.push(network.id);
    vec![it]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let settings = Subnet::from_settings(&subject.resource.settings, &mut Vec::new());
    let Some(network) = subject.parent() else { return Vec::new() };
    let space = VirtualNetwork::from_settings(&network.resource.settings, &mut Vec::new());
    let mut problems = Vec::new();
    let field = || "addressPrefix".to_owned();
    if !space.address_prefixes.iter().any(|it| it.covers(settings.address_prefix)) {
        problems.push(Problem {
            field: field(),
            text: text(
                "{0} is not in the address space of {1}; choose a part of it or extend it",
                "{0} は {1} のアドレス空間に含まれません。その一部を選ぶか、アドレス空間を広げてください",
            )
            .with([arg(settings.address_prefix), arg(network.name())]),
        });
    }
    if settings.address_prefix.len() > 29 {
        problems.push(Problem {
            field: field(),
            text: text(
                "the smallest subnet is /29; use a shorter prefix length",
                "最小のサブネットは /29 です。より短いプレフィックス長にしてください",
            )
            .into(),
        });
    }
    for other in subject.all.children(Some(network.id)) {
        if other.id >= subject.id || other.kind() != Kind::Subnet {
            continue;
        }
        let theirs = Subnet::from_settings(&other.resource.settings, &mut Vec::new());
        if theirs.address_prefix.overlaps(settings.address_prefix) {
            problems.push(Problem {
                field: field(),
                text: text(
                    "{0} overlaps subnet {1} ({2}); give each its own range",
                    "{0} はサブネット {1} ({2}) と重なっています。別々の範囲にしてください",
                )
                .with([
                    arg(settings.address_prefix),
                    arg(other.name()),
                    arg(theirs.address_prefix),
                ]),
            });
        }
    }
    problems
}
