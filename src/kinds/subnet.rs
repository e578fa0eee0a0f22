//! Subnet: the part of a virtual network where filters, routes and service endpoints apply.
//!
//! Azure docs: "Add, change, or delete a virtual network subnet" (virtual-network/virtual-network-manage-subnet).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::ArmResource,
    no_facts,
    setting::{Problem, choice, settings},
    virtual_network::VirtualNetwork,
};
use crate::{
    facts::cidr::Cidr,
    text::{arg, text},
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

settings! {
    /// Settings of a subnet.
    pub struct Subnet {
        address_prefix: Cidr = "addressPrefix", Cidr::holding(Ipv4Addr::new(10, 0, 0, 0), 24),
            text("Address prefix", "アドレス プレフィックス"),
            text("Part of the network's address space; five addresses are Azure's", "仮想ネットワークのアドレス空間の一部。5 個のアドレスは Azure が使います");
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
