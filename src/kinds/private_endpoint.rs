//! Private endpoint: a network interface that brings one Azure service into a subnet.
//!
//! Azure docs: "What is a private endpoint?" (private-link/private-endpoint-overview).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::PRIVATE_LINK_TARGETS,
    no_check, no_facts,
    setting::{Choice, Ref, Relation, choice, settings, suggested},
};
use crate::text::text;

choice! {
    /// Decided by the owner of the target. Only an approved connection carries traffic.
    pub enum ConnectionState {
        Approved = "Approved", text("Approved", "承認済み");
        Pending = "Pending", text("Pending", "保留中");
        Rejected = "Rejected", text("Rejected", "拒否");
        Disconnected = "Disconnected", text("Disconnected", "切断");
    }
}

suggested! {
    /// A target sub-resource (ARM: `groupIds`).
    pub struct GroupId = &[
        Choice { value: "amlworkspace", label: text("amlworkspace: Machine Learning workspace", "amlworkspace: Machine Learning ワークスペース") },
        Choice { value: "amlregistry", label: text("amlregistry: Machine Learning registry", "amlregistry: Machine Learning レジストリ") },
        Choice { value: "blob", label: text("blob: blob storage", "blob: BLOB ストレージ") },
        Choice { value: "dfs", label: text("dfs: Data Lake Storage", "dfs: Data Lake Storage") },
        Choice { value: "file", label: text("file: file shares", "file: ファイル共有") },
        Choice { value: "queue", label: text("queue: queues", "queue: キュー") },
        Choice { value: "table", label: text("table: tables", "table: テーブル") },
        Choice { value: "web", label: text("web: static website", "web: 静的 Web サイト") },
        Choice { value: "vault", label: text("vault: Key Vault", "vault: Key Vault") },
        Choice { value: "registry", label: text("registry: Container Registry", "registry: Container Registry") },
        Choice { value: "azuremonitor", label: text("azuremonitor: Azure Monitor", "azuremonitor: Azure Monitor") },
    ];
}

settings! {
    /// A private address of the endpoint, fixed by hand.
    pub struct IpConfiguration {
        member_name: String = "memberName", String::new(),
            text("Member", "メンバー"),
            text("Such as blob, registry or registry_data_japaneast", "blob、registry、registry_data_japaneast など");
        private_ip_address: Ipv4Addr = "privateIPAddress", Ipv4Addr::UNSPECIFIED,
            text("Private IP address", "プライベート IP アドレス"),
            text("An address of the subnet", "サブネット内のアドレス");
    }
}

settings! {
    /// Settings that decide what the endpoint makes reachable.
    pub struct PrivateEndpoint {
        /// Resource behind the endpoint (ARM: `privateLinkServiceId`).
        target: Option<Ref> = "privateLinkServiceId", None,
            text("Target", "ターゲット"),
            text("The resource that it brings into the subnet", "サブネットに引き込むリソース"),
            to PRIVATE_LINK_TARGETS, Some(Relation::PrivateLink);
        /// Which face of the target it serves (ARM: `groupIds`), e.g. `blob` or `amlworkspace`.
        group_id: GroupId = "groupId", GroupId::default(),
            text("Target sub-resource", "ターゲット サブリソース"),
            text("Which face of the target it serves", "ターゲットのどのサービスか");
        state: ConnectionState = "connectionState", ConnectionState::Approved,
            text("Connection state", "接続の状態"),
            text("Only an approved connection carries traffic", "承認済みの接続だけが通信できます");
        /// Zones of the DNS zone group: Azure keeps the endpoint's records in them.
        private_dns_zones: Vec<Ref> = "privateDnsZoneGroups", Vec::new(),
            text("DNS zone group", "DNS ゾーン グループ"),
            text("Private DNS zones in which Azure registers its addresses", "Azure がアドレスを登録するプライベート DNS ゾーン"),
            to &[Kind::PrivateDnsZone], None;
        /// Azure chooses addresses of the subnet for members that are not named.
        ip_configurations: Vec<IpConfiguration> = "ipConfigurations", Vec::new(),
            text("Static IP addresses", "静的 IP アドレス"),
            text("Empty means that Azure chooses", "空の場合は Azure が割り当てます");
        application_security_groups: Vec<Ref> = "applicationSecurityGroups", Vec::new(),
            text("Application security groups", "アプリケーション セキュリティ グループ"),
            text("Names under which security rules know it", "セキュリティ規則で使われるグループ"),
            to &[Kind::ApplicationSecurityGroup], None;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "private-endpoint",
    label: text("Private endpoint", "プライベート エンドポイント"),
    help: text("Brings one service into a subnet", "1 つのサービスをサブネットに引き込む"),
    source: "private-link/private-endpoint-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/privateEndpoints"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: PrivateEndpoint::FIELDS,
    name: NameRule { min: 2, max: 64, ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let settings = PrivateEndpoint::from_settings(&subject.resource.settings, &mut Vec::new());
    let (Some(target), Some(subnet)) = (settings.target, subject.parent()) else {
        return Vec::new();
    };
    let connection = ArmValue::object([
        ("name", ArmValue::text(subject.name())),
        (
            "properties",
            ArmValue::object([
                ("privateLinkServiceId", ArmValue::IdOf(target.0)),
                ("groupIds", ArmValue::List(vec![ArmValue::text(settings.group_id.0)])),
            ]),
        ),
    ]);
    vec![
        ArmResource::of(
            subject,
            "Microsoft.Network/privateEndpoints",
            vec![subject.name().to_owned()],
        )
        .with("subnet", ArmValue::object([("id", ArmValue::IdOf(subnet.id))]))
        .with("privateLinkServiceConnections", ArmValue::List(vec![connection])),
    ]
}
