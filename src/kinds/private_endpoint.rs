//! Private endpoint: a network interface that brings one Azure service into a subnet.
//!
//! Azure docs: "What is a private endpoint?" (private-link/private-endpoint-overview).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{self, ArmResource, ArmValue},
    attached_kubernetes,
    common::{CALLERS, PRIVATE_LINK_TARGETS},
    dns::same_name,
    reach,
    setting::{Choice, Problem, Ref, Relation, choice, settings, suggested},
    subnet::check_address,
};
use crate::{
    azure::private_link_zones,
    azure::private_link_zones::{Face, of_type, served_by},
    facts::{
        Facts,
        service::{self, LinkState},
    },
    text::{arg, text},
};

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
        /// Ours: who is asked about creating and changing it.
        created_by: Option<Ref> = "createdBy", None,
            text("Created and changed by", "作成、変更するユーザー"),
            text("Who runs the calls. Empty: everybody with a role on its resource group or above. Not an ARM property", "操作の呼び出し元。空の場合は、リソース グループ以上にロールを持つ全員。ARM のプロパティではありません"),
            to CALLERS, None;
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
    facts,
    arm,
    check,
};

/// What an endpoint leads to, in Azure's words: of a cluster the cluster itself, not its attachment.
fn type_of(target: Subject<'_>) -> Option<&'static str> {
    match target.kind() {
        Kind::AttachedKubernetes => Some(attached_kubernetes::CLUSTER),
        _ => target.info().arm_type,
    }
}

fn id_of(subject: Subject<'_>, target: Ref) -> ArmValue {
    match subject.follow(Some(target)) {
        Some(it) if it.kind() == Kind::AttachedKubernetes => ArmValue::SiblingIdOf {
            of: it.id,
            arm_type: attached_kubernetes::CLUSTER,
            name: vec![it.name().to_owned()],
        },
        _ => ArmValue::IdOf(target.0),
    }
}

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = PrivateEndpoint::of(subject);
    let (Some(target), Some(subnet)) = (it.target, subject.parent()) else { return Vec::new() };
    let connection = ArmValue::object([
        ("name", ArmValue::text(subject.name())),
        (
            "properties",
            ArmValue::object([
                ("privateLinkServiceId", id_of(subject, target)),
                ("groupIds", ArmValue::texts([it.group_id.as_str()])),
            ]),
        ),
    ]);
    // Without the right to approve it, a connection waits for the target's owner.
    let connections = match it.state {
        ConnectionState::Approved => "privateLinkServiceConnections",
        _ => "manualPrivateLinkServiceConnections",
    };
    let fixed = |row: &IpConfiguration| {
        ArmValue::object([
            ("name", ArmValue::text(&row.member_name)),
            (
                "properties",
                ArmValue::object([
                    ("groupId", ArmValue::text(it.group_id.as_str())),
                    ("memberName", ArmValue::text(&row.member_name)),
                    ("privateIPAddress", ArmValue::text(row.private_ip_address.to_string())),
                ]),
            ),
        ])
    };
    let list = |items: Vec<ArmValue>| (!items.is_empty()).then_some(ArmValue::List(items));
    let groups = it.application_security_groups.iter().map(|it| ArmValue::reference(it.0));
    let endpoint = ArmResource::of(
        subject,
        "Microsoft.Network/privateEndpoints",
        vec![subject.name().to_owned()],
    )
    .with("subnet", ArmValue::reference(subnet.id))
    .with(connections, ArmValue::List(vec![connection]))
    .with_some("ipConfigurations", list(it.ip_configurations.iter().map(fixed).collect()))
    .with_some("applicationSecurityGroups", list(groups.collect()));
    let zones = it.private_dns_zones.iter().filter_map(|it| subject.follow(Some(*it)));
    let zone = |it: Subject<'_>| {
        ArmValue::object([
            ("name", ArmValue::Text(it.name().replace('.', "-"))),
            ("properties", ArmValue::object([("privateDnsZoneId", ArmValue::IdOf(it.id))])),
        ])
    };
    let group = list(zones.map(zone).collect()).map(|configurations| {
        ArmResource::of(
            subject,
            "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
            vec![subject.name().to_owned(), "default".to_owned()],
        )
        .child()
        .with("privateDnsZoneConfigs", configurations)
    });
    std::iter::once(endpoint).chain(group).collect()
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = PrivateEndpoint::of(subject);
    let mut problems = Vec::new();
    let Some(target) = subject.follow(it.target) else {
        if it.target.is_none() {
            problems.push(Problem::new(
                "privateLinkServiceId",
                text(
                    "choose the resource that the endpoint brings into the subnet",
                    "サブネットに引き込むリソースを選択してください",
                ),
            ));
        }
        return problems;
    };
    let faces: Vec<&Face> = type_of(target).into_iter().flat_map(of_type).collect();
    let face = faces.iter().find(|face| {
        let same = |name: &str| name.eq_ignore_ascii_case(it.group_id.as_str());
        same(face.group_id) || face.secondary.is_some_and(same)
    });
    match face {
        None if faces.is_empty() => {}
        None => {
            let known: Vec<&str> = faces.iter().map(|it| it.group_id).collect();
            problems.push(Problem::new(
                "groupId",
                text(
                    "{0} has the sub-resources {1}; choose one of them",
                    "{0} のサブリソースは {1} です。いずれかを選んでください",
                )
                .with([target.info().label.into(), arg(known.join(", "))]),
            ));
        }
        Some(face) => check_zones(subject, &it, face, &mut problems),
    }
    for (n, row) in it.ip_configurations.iter().enumerate() {
        let at = |cell: &str| format!("ipConfigurations[{n}].{cell}");
        let address = Some(row.private_ip_address);
        check_address(subject, &at("privateIPAddress"), address, &mut problems);
        let twice = it.ip_configurations.iter().take(n);
        if row.member_name.is_empty()
            || twice.clone().any(|it| it.member_name.eq_ignore_ascii_case(&row.member_name))
        {
            problems.push(Problem::new(
                at("memberName"),
                text(
                    "each row needs a member of its own",
                    "行ごとに別のメンバーを指定してください",
                ),
            ));
        }
    }
    problems
}

/// Azure registers addresses only in zones of the sub-resource.
fn check_zones(
    subject: Subject<'_>,
    it: &PrivateEndpoint,
    face: &Face,
    problems: &mut Vec<Problem>,
) {
    let region = subject.follow(it.target).and_then(arm::location).unwrap_or_default();
    let known: Vec<String> =
        face.zones.iter().map(|it| it.replace("{region}", &region.to_lowercase())).collect();
    let mut seen: Vec<&str> = Vec::new();
    for (n, zone) in it.private_dns_zones.iter().enumerate() {
        let Some(zone) = subject.follow(Some(*zone)) else { continue };
        let field = format!("privateDnsZoneGroups[{n}]");
        let other_cloud = served_by(zone.name()).any(|it| it.cloud != face.cloud);
        if !other_cloud && !known.iter().any(|name| same_name(name, zone.name())) {
            problems.push(Problem::new(
                field,
                text(
                    "{0} is no zone of {1}; its zones are: {2}",
                    "{0} は {1} のゾーンではありません。正しいゾーン: {2}",
                )
                .with([
                    arg(zone.name()),
                    arg(face.group_id),
                    arg(known.join(", ")),
                ]),
            ));
        } else if seen.iter().any(|it| same_name(it, zone.name())) {
            problems.push(Problem::new(
                field,
                text(
                    "a zone group takes one zone of a name",
                    "DNS ゾーン グループに同じ名前のゾーンは 1 つだけ指定できます",
                ),
            ));
        }
        seen.push(zone.name());
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, PrivateEndpoint::from_settings);
    let Some(subnet) = subject.within(Kind::Subnet) else { return };
    let Some(target) = subject.follow(settings.target) else { return };
    let group = settings.group_id.as_str();
    if let Some(arm_type) = type_of(target)
        && target.kind() != Kind::Other
        && private_link_zones::find(arm_type, group).is_none()
    {
        facts.refuse(
            subject.id,
            text(
                "{0} has no sub-resource {1} for {2}",
                "{2} の対象 {0} にサブリソース {1} はありません",
            )
            .with([arg(target.name()), arg(group), arg(subject.name())]),
            "private-link/private-endpoint-overview",
        );
    }
    let rows = &settings.ip_configurations;
    let twice = rows.iter().enumerate().find_map(|(n, it)| {
        let address = it.private_ip_address;
        let mut earlier = rows.iter().take(n);
        let same = earlier.find(|it| it.private_ip_address == address)?;
        (!address.is_unspecified()).then_some((address, same, it))
    });
    if let Some((address, first, second)) = twice {
        facts.refuse(
            subject.id,
            text(
                "{0} gives {1} to {2} and {3}; choose an address that nothing has for one of them",
                "{0} では {2} と {3} に同じアドレス {1} が指定されています。一方に未使用のアドレスを選んでください",
            )
            .with([
                arg(subject.name()),
                arg(address),
                arg(&first.member_name),
                arg(&second.member_name),
            ]),
            "virtual-network/ip-services/private-ip-addresses",
        );
    }
    facts.private_endpoints.insert(
        subject.id,
        service::PrivateEndpoint {
            subnet: subnet.id,
            target: target.id,
            group: group.to_owned(),
            state: match settings.state {
                ConnectionState::Approved => LinkState::Approved,
                ConnectionState::Pending => LinkState::Pending,
                ConnectionState::Rejected => LinkState::Rejected,
                ConnectionState::Disconnected => LinkState::Disconnected,
            },
            addresses: settings
                .ip_configurations
                .iter()
                .filter(|it| !it.private_ip_address.is_unspecified())
                .map(|it| (it.member_name.clone(), it.private_ip_address))
                .collect(),
            zones: reach::existing(subject, &settings.private_dns_zones),
            groups: reach::existing(subject, &settings.application_security_groups),
        },
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use crate::kinds::ResourceId;

    fn endpoint(settings: serde_json::Value) -> (Sketch, ResourceId) {
        let (mut it, subnet) = Sketch::subnet();
        it.add(Kind::StorageAccount, "st1", ResourceId(1), json!({}));
        for name in ["privatelink.blob.core.windows.net", "privatelink.file.core.windows.net"] {
            it.add(Kind::PrivateDnsZone, name, ResourceId(1), json!({}));
        }
        let id = it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
        (it, id)
    }

    fn wrong(settings: serde_json::Value) -> Vec<String> {
        let (it, id) = endpoint(settings);
        it.wrong(id)
    }

    #[test]
    fn a_sub_resource_that_the_target_does_not_have() {
        let with = |group: &str| json!({"privateLinkServiceId": 4, "groupId": group});
        assert_eq!(wrong(with("blob")), [""; 0]);
        assert_eq!(wrong(with("blob_secondary")), [""; 0]);
        assert_eq!(wrong(with("vault")), ["groupId"]);
        assert_eq!(wrong(json!({"groupId": "blob"})), ["privateLinkServiceId"]);
    }

    #[test]
    fn a_zone_of_another_sub_resource() {
        let with = |zones: serde_json::Value| json!({"privateLinkServiceId": 4, "groupId": "blob", "privateDnsZoneGroups": zones});
        assert_eq!(wrong(with(json!([5]))), [""; 0]);
        assert_eq!(wrong(with(json!([6]))), ["privateDnsZoneGroups[0]"]);
        assert_eq!(wrong(with(json!([5, 5]))), ["privateDnsZoneGroups[1]"]);
    }

    // virtual-network/ip-services/private-ip-addresses: "any unassigned or unreserved IP address in the subnet's
    // address range".
    #[test]
    fn an_address_for_two_members_is_refused() {
        for (second, source) in [
            ("10.0.1.6", None),
            ("10.0.1.5", Some("virtual-network/ip-services/private-ip-addresses")),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let premium = json!({"sku.name": "Premium"});
            let registry = it.add(Kind::ContainerRegistry, "acr1", ResourceId(1), premium);
            let rows = json!([
                {"memberName": "registry", "privateIPAddress": "10.0.1.5"},
                {"memberName": "registry_data_japaneast", "privateIPAddress": second},
            ]);
            let settings = json!({"privateLinkServiceId": registry.0, "groupId": "registry",
                "ipConfigurations": rows});
            let id = it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
            let facts = it.all().facts();
            let refused = facts.refusals.get(&id).and_then(|it| it.first());
            assert_eq!(refused.map(|it| it.source), source, "{second}");
        }
    }

    #[test]
    fn a_connection_that_is_not_approved_is_asked_for() {
        let with = |state: &str| {
            let (it, id) = endpoint(
                json!({"privateLinkServiceId": 4, "groupId": "blob", "connectionState": state}),
            );
            format!("{:?}", it.lowered(id))
        };
        assert!(!with("Approved").contains("manualPrivateLinkServiceConnections"));
        assert!(with("Pending").contains("manualPrivateLinkServiceConnections"));
    }
}
