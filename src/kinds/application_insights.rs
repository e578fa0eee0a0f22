//! Application Insights: telemetry of endpoints, kept in a Log Analytics workspace.
//!
//! Azure docs: "Introduction to Application Insights" (azure-monitor/app/app-insights-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::PublicNetworkAccess,
    reach,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Relation, settings},
};
use crate::{
    facts::{
        Facts,
        service::{Face, FaceLink, Firewall, PublicAccess, Service},
    },
    text::text,
};

settings! {
    /// Settings of an Application Insights component.
    pub struct ApplicationInsights {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
        workspace: Option<Ref> = "WorkspaceResourceId", None,
            text("Log Analytics workspace", "Log Analytics ワークスペース"),
            text("Where the telemetry is kept", "テレメトリの保管先"),
            to &[Kind::LogAnalyticsWorkspace], Some(Relation::Data);
        public_ingestion: PublicNetworkAccess = "publicNetworkAccessForIngestion", PublicNetworkAccess::Enabled,
            text("Public ingestion", "パブリック ネットワークからのデータ インジェスト"),
            text("Disabled: data comes in through a private link scope only", "無効にするとプライベート リンク スコープ経由でのみ受け取ります");
        public_query: PublicNetworkAccess = "publicNetworkAccessForQuery", PublicNetworkAccess::Enabled,
            text("Public queries", "パブリック ネットワークからのクエリ"),
            text("Disabled: queries come through a private link scope only", "無効にするとプライベート リンク スコープ経由でのみクエリできます");
        disable_local_auth: bool = "DisableLocalAuth", false,
            text("Disable local authentication", "ローカル認証を無効にする"),
            text("Senders must show an identity instead of the connection string", "送信元は接続文字列ではなく ID を示す必要があります");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "application-insights",
    label: text("Application Insights", "Application Insights"),
    help: text("Telemetry of endpoints", "エンドポイントのテレメトリ"),
    source: "azure-monitor/app/app-insights-overview",
    group: Group::Monitoring,
    arm_type: Some("Microsoft.Insights/components"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: ApplicationInsights::FIELDS,
    name: NameRule { max: 255, also: "-_.()", not_last: ".", ..NameRule::NETWORK },
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = ApplicationInsights::of(subject);
    vec![
        ArmResource::of(subject, "Microsoft.Insights/components", vec![subject.name().to_owned()])
            .member("kind", ArmValue::text("web"))
            .with("Application_Type", ArmValue::text("web"))
            .with_some("WorkspaceResourceId", it.workspace.map(|it| ArmValue::IdOf(it.0)))
            .with("IngestionMode", ArmValue::text("LogAnalytics"))
            .with("publicNetworkAccessForIngestion", ArmValue::text(it.public_ingestion.value()))
            .with("publicNetworkAccessForQuery", ArmValue::text(it.public_query.value()))
            .with("DisableLocalAuth", ArmValue::Bool(it.disable_local_auth)),
    ]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = ApplicationInsights::of(subject);
    if it.workspace.is_some() {
        return Vec::new();
    }
    vec![Problem {
        field: "WorkspaceResourceId".to_owned(),
        text: text(
            "classic components are retired; choose the Log Analytics workspace that keeps the data",
            "クラシック リソースは廃止されました。データを保管する Log Analytics ワークスペースを選択してください",
        )
        .into(),
    }]
}

/// Sub-resource of private endpoints to Azure Monitor.
pub(super) const LINK: &str = "azuremonitor";

/// The way by which the portal's resource pages, Azure CLI and templates ask for data. It "can't use Azure
/// Monitor private links. These queries can only go through if the target resource allows queries from
/// public networks" (azure-monitor/logs/private-link-design), whatever scope the resource is in.
pub(super) fn query_through_resource_manager(public: PublicAccess) -> Face {
    Face {
        id: "arm-query",
        name: "management.azure.com".to_owned(),
        tags: vec!["AzureResourceManager"],
        public: Some(public),
        shared: true,
        ..Face::default()
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, ApplicationInsights::from_settings);
    let region = reach::region(subject);
    let zone = "privatelink.monitor.azure.com";
    // Many components share these names, so the alias is there for all of them, and whichever scope
    // the network is linked to answers.
    let face = |id, name: String, label: String, public| Face {
        id,
        name,
        link: Some(FaceLink {
            owner: None,
            group: LINK,
            member: "application-insights".to_owned(),
            label,
            zone: zone.to_owned(),
            always_alias: true,
            ..FaceLink::default()
        }),
        tags: vec!["AzureMonitor"],
        public: Some(reach::public_access(public)),
        // One host serves many components.
        ..Face::default()
    };
    facts.services.insert(
        subject.id,
        Service {
            tenant: reach::tenant(subject),
            faces: vec![
                // Azure picks the number of the host when it creates the component.
                Face {
                    shared: true,
                    ..face(
                        "ingestion",
                        format!("{region}-*.in.applicationinsights.azure.com"),
                        format!("{region}-*.in.ai"),
                        settings.public_ingestion,
                    )
                },
                Face {
                    shared: true,
                    ..face(
                        "query",
                        "api.monitor.azure.com".to_owned(),
                        "api".to_owned(),
                        settings.public_query,
                    )
                },
                query_through_resource_manager(reach::public_access(settings.public_query)),
            ],
            links: Vec::new(),
            firewall: Firewall {
                source: "azure-monitor/logs/private-link-design",
                ..Firewall::default()
            },
            region,
        },
    );
}
