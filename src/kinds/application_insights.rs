//! Application Insights: telemetry of endpoints, kept in a Log Analytics workspace.
//!
//! Azure docs: "Introduction to Application Insights" (azure-monitor/app/app-insights-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    common::PublicNetworkAccess,
    no_arm, no_facts,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Relation, settings},
};
use crate::text::text;

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
    facts: no_facts,
    arm: no_arm,
    check,
};

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = ApplicationInsights::from_settings(&subject.resource.settings, &mut Vec::new());
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
