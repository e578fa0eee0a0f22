//! Azure Monitor private link scope: lets a network reach Azure Monitor through one private endpoint.
//!
//! Azure docs: "Use Azure Private Link to connect networks to Azure Monitor" (azure-monitor/logs/private-link-security).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    no_check, no_facts,
    setting::{Ref, Relation, choice, settings},
};
use crate::text::text;

choice! {
    /// Which resources the network behind the scope reaches.
    pub enum AccessMode {
        Open = "Open", text("Open", "オープン");
        PrivateOnly = "PrivateOnly", text("Private only", "プライベートのみ");
    }
}

settings! {
    /// Settings of a private link scope.
    pub struct AzureMonitorPrivateLinkScope {
        ingestion_access_mode: AccessMode = "accessModeSettings.ingestionAccessMode", AccessMode::Open,
            text("Ingestion access mode", "インジェスト アクセス モード"),
            text("Private only: data goes to resources of the scope alone; Machine Learning needs Open", "プライベートのみの場合、スコープ内のリソースにだけ送信できます。Machine Learning には「オープン」が必要です");
        query_access_mode: AccessMode = "accessModeSettings.queryAccessMode", AccessMode::Open,
            text("Query access mode", "クエリ アクセス モード"),
            text("Private only: queries reach resources of the scope alone", "プライベートのみの場合、スコープ内のリソースだけをクエリできます");
        scoped_resources: Vec<Ref> = "scopedResources", Vec::new(),
            text("Resources in the scope", "スコープ内のリソース"),
            text("Components and workspaces that the private endpoint serves", "プライベート エンドポイントで接続するコンポーネントとワークスペース"),
            to &[Kind::ApplicationInsights, Kind::LogAnalyticsWorkspace], Some(Relation::PrivateLink);
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "azure-monitor-private-link-scope",
    label: text("Azure Monitor private link scope", "Azure Monitor プライベート リンク スコープ"),
    help: text(
        "Brings Azure Monitor into a network through one private endpoint",
        "1 つのプライベート エンドポイントで Azure Monitor をネットワークに引き込む",
    ),
    source: "azure-monitor/logs/private-link-security",
    group: Group::Monitoring,
    arm_type: Some("Microsoft.Insights/privateLinkScopes"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: AzureMonitorPrivateLinkScope::FIELDS,
    name: NameRule { max: 255, also: "-_.()", not_last: ".", ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it =
        AzureMonitorPrivateLinkScope::from_settings(&subject.resource.settings, &mut Vec::new());
    let name = subject.name().to_owned();
    let scope = ArmResource {
        location: Some("global".to_owned()),
        ..ArmResource::of(subject, "Microsoft.Insights/privateLinkScopes", vec![name.clone()])
    }
    .with(
        "accessModeSettings",
        ArmValue::object([
            ("ingestionAccessMode", ArmValue::text(it.ingestion_access_mode.value())),
            ("queryAccessMode", ArmValue::text(it.query_access_mode.value())),
        ]),
    );
    let mut all = vec![scope];
    all.extend(it.scoped_resources.iter().filter_map(|linked| {
        let target = subject.follow(Some(*linked))?;
        Some(
            ArmResource::of(
                subject,
                "Microsoft.Insights/privateLinkScopes/scopedResources",
                vec![name.clone(), target.name().to_owned()],
            )
            .without_location()
            .without_tags()
            .with("linkedResourceId", ArmValue::IdOf(target.id)),
        )
    }));
    all
}
