//! Log Analytics workspace: where Azure Monitor keeps logs.
//!
//! Azure docs: "Log Analytics workspace overview" (azure-monitor/logs/log-analytics-workspace-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject, application_insights,
    arm::{ArmResource, ArmValue},
    common::PerimeterNetworkAccess,
    no_check, reach,
    setting::{REGION, REGION_HELP, Region, Within, settings},
};
use crate::{
    facts::{
        Facts,
        service::{Face, FaceLink, Firewall, Service},
    },
    text::text,
};

settings! {
    /// Settings of a Log Analytics workspace.
    pub struct LogAnalyticsWorkspace {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
        retention: Within<30, 730> = "retentionInDays", Within::near(30),
            text("Retention", "保有期間"),
            text("Days that logs are kept", "ログを保持する日数");
        public_ingestion: PerimeterNetworkAccess = "publicNetworkAccessForIngestion", PerimeterNetworkAccess::Enabled,
            text("Public ingestion", "パブリック ネットワークからのデータ インジェスト"),
            text("Disabled: data comes in through a private link scope only", "無効にするとプライベート リンク スコープ経由でのみ受け取ります");
        public_query: PerimeterNetworkAccess = "publicNetworkAccessForQuery", PerimeterNetworkAccess::Enabled,
            text("Public queries", "パブリック ネットワークからのクエリ"),
            text("Disabled: queries come through a private link scope only", "無効にするとプライベート リンク スコープ経由でのみクエリできます");
        disable_local_auth: bool = "features.disableLocalAuth", false,
            text("Disable local authentication", "ローカル認証を無効にする"),
            text("Agents must show an identity instead of the workspace key", "エージェントはワークスペース キーではなく ID を示す必要があります");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "log-analytics-workspace",
    label: text("Log Analytics workspace", "Log Analytics ワークスペース"),
    help: text("Where Azure Monitor keeps logs", "Azure Monitor のログの保管先"),
    source: "azure-monitor/logs/log-analytics-workspace-overview",
    group: Group::Monitoring,
    arm_type: Some("Microsoft.OperationalInsights/workspaces"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: LogAnalyticsWorkspace::FIELDS,
    name: NameRule { min: 4, max: 63, also: "-", not_last: "-", ..NameRule::NETWORK },
    facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = LogAnalyticsWorkspace::of(subject);
    vec![
        ArmResource::of(
            subject,
            "Microsoft.OperationalInsights/workspaces",
            vec![subject.name().to_owned()],
        )
        // Pay-as-you-go; the older tiers are closed to new workspaces.
        .with("sku.name", ArmValue::text("PerGB2018"))
        .with("retentionInDays", ArmValue::Number(it.retention.get().into()))
        .with("publicNetworkAccessForIngestion", ArmValue::text(it.public_ingestion.value()))
        .with("publicNetworkAccessForQuery", ArmValue::text(it.public_query.value()))
        .with("features.disableLocalAuth", ArmValue::Bool(it.disable_local_auth)),
    ]
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, LogAnalyticsWorkspace::from_settings);
    let scope = subject
        .all
        .referrers(subject.id)
        .map(|(it, _)| it)
        .find(|it| it.kind() == Kind::AzureMonitorPrivateLinkScope);
    let id = host_label(subject);
    // Ingestion has a name per workspace, which a scope serves for its members only.
    let ingestion = Face {
        id: "ingestion",
        name: format!("{id}.ods.opinsights.azure.com"),
        link: scope.map(|it| FaceLink {
            owner: Some(it.id),
            group: application_insights::LINK,
            member: "log-analytics".to_owned(),
            label: id.clone(),
            zone: "privatelink.ods.opinsights.azure.com".to_owned(),
            ..FaceLink::default()
        }),
        tags: vec!["AzureMonitor"],
        public: Some(reach::perimeter_access(settings.public_ingestion)),
        ..Face::default()
    };
    let query = Face {
        id: "query",
        name: "api.loganalytics.azure.com".to_owned(),
        link: Some(FaceLink {
            owner: None,
            group: application_insights::LINK,
            member: "application-insights".to_owned(),
            label: "api.loganalytics".to_owned(),
            zone: "privatelink.monitor.azure.com".to_owned(),
            always_alias: true,
            unseen: false,
            alias_assumed: true,
        }),
        tags: vec!["AzureMonitor"],
        public: Some(reach::perimeter_access(settings.public_query)),
        shared: true,
        ..Face::default()
    };
    let by_manager = application_insights::query_through_resource_manager(reach::perimeter_access(
        settings.public_query,
    ));
    facts.services.insert(
        subject.id,
        Service {
            region: reach::region(subject),
            tenant: reach::tenant(subject),
            faces: vec![ingestion, query, by_manager],
            links: Vec::new(),
            firewall: Firewall {
                source: "azure-monitor/logs/private-link-design",
                ..Firewall::default()
            },
        },
    );
}

/// First label of its hosts: the id that Azure gives is not in the design.
pub(super) fn host_label(subject: Subject<'_>) -> String {
    format!("workspace-{}", subject.id.0)
}
