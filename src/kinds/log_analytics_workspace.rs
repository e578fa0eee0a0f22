//! Log Analytics workspace: where Azure Monitor keeps logs.
//!
//! Azure docs: "Log Analytics workspace overview" (azure-monitor/logs/log-analytics-workspace-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::PerimeterNetworkAccess,
    no_check, no_facts,
    setting::{REGION, REGION_HELP, Region, Within, settings},
};
use crate::text::text;

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
    facts: no_facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = LogAnalyticsWorkspace::from_settings(&subject.resource.settings, &mut Vec::new());
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
