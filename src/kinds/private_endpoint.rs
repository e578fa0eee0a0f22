//! Private endpoint: a network interface that brings one Azure service into a subnet.
//!
//! Azure docs: "What is a private endpoint?" (private-link/private-endpoint-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    no_check, no_facts,
    setting::{Ref, Relation, choice, settings},
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

settings! {
    /// Settings that decide what the endpoint makes reachable.
    pub struct PrivateEndpoint {
        /// Resource behind the endpoint (ARM: `privateLinkServiceId`).
        target: Option<Ref> = "privateLinkServiceId", None,
            text("Target", "ターゲット"),
            text("The resource that it brings into the subnet", "サブネットに引き込むリソース"),
            to &[Kind::StorageAccount], Some(Relation::PrivateLink);
        /// Which face of the target it serves (ARM: `groupIds`), e.g. `blob` or `amlworkspace`.
        group_id: String = "groupId", String::new(),
            text("Target sub-resource", "ターゲット サブリソース"),
            text("Which face of the target it serves", "ターゲットのどのサービスか");
        state: ConnectionState = "connectionState", ConnectionState::Approved,
            text("Connection state", "接続の状態"),
            text("Only an approved connection carries traffic", "承認済みの接続だけが通信できます");
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
                ("groupIds", ArmValue::List(vec![ArmValue::text(settings.group_id)])),
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
