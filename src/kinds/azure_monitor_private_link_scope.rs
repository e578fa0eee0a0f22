//! Azure Monitor private link scope: lets a network reach Azure Monitor through one private endpoint.
//!
//! Azure docs: "Use Azure Private Link to connect networks to Azure Monitor" (azure-monitor/logs/private-link-security).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject, application_insights,
    arm::{ArmResource, ArmValue},
    log_analytics_workspace, no_check, reach,
    setting::{Ref, Relation, choice, settings},
};
use crate::{
    facts::{
        Facts,
        service::{Firewall, LinkGroup, LinkRecord, MonitorScope, Service},
    },
    text::text,
};

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
    facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = AzureMonitorPrivateLinkScope::of(subject);
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

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, AzureMonitorPrivateLinkScope::from_settings);
    let members = reach::existing(subject, &settings.scoped_resources);
    let record = |zone: &str, label: &str, member: &str| LinkRecord {
        zone: zone.to_owned(),
        label: label.to_owned(),
        member: member.to_owned(),
    };
    // The zone holds the regional hosts of all components, members or not.
    let monitor = "privatelink.monitor.azure.com";
    let mut records = vec![
        record(monitor, "*.in.ai", "application-insights"),
        record(monitor, "api", "application-insights"),
        record(monitor, "api.loganalytics", "application-insights"),
    ];
    for member in members.iter().filter_map(|it| subject.all.subject(*it)) {
        if member.kind() == Kind::LogAnalyticsWorkspace {
            let label = log_analytics_workspace::host_label(member);
            for zone in
                ["privatelink.ods.opinsights.azure.com", "privatelink.oms.opinsights.azure.com"]
            {
                records.push(record(zone, &label, "log-analytics"));
            }
        }
    }
    facts.services.insert(
        subject.id,
        Service {
            region: reach::region(subject),
            tenant: reach::tenant(subject),
            faces: Vec::new(),
            links: vec![LinkGroup {
                group: application_insights::LINK,
                alias_needs_approval: false,
                members: vec!["application-insights".to_owned(), "log-analytics".to_owned()],
                records,
            }],
            firewall: Firewall::default(),
        },
    );
    facts.monitor_scopes.insert(
        subject.id,
        MonitorScope {
            members,
            ingestion_private_only: settings.ingestion_access_mode == AccessMode::PrivateOnly,
            query_private_only: settings.query_access_mode == AccessMode::PrivateOnly,
        },
    );
}
