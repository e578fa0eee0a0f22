//! A private link scope of Azure Monitor in private-only mode beside a workspace: Machine Learning needs
//! the open mode.
//!
//! Azure docs: "Secure a workspace with virtual networks" (machine-learning/how-to-secure-workspace-vnet,
//! Azure Monitor and Application Insights).

use serde_json::json;

use super::{Context, Finding, Lint, Severity};
use crate::{
    design::edit::Edit,
    facts::ResourceId,
    kinds::{Kind, workspace::Workspace},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "monitor_scope_private_only",
    severity: Severity::Warning,
    title: text("Azure Monitor takes private access only", "プライベートのみの Azure Monitor"),
    find,
    source: "machine-learning/how-to-secure-workspace-vnet",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    for (id, scope) in &context.facts.monitor_scopes {
        let keys: Vec<&str> = [
            (scope.ingestion_private_only, "accessModeSettings.ingestionAccessMode"),
            (scope.query_private_only, "accessModeSettings.queryAccessMode"),
        ]
        .into_iter()
        .filter_map(|(private, key)| private.then_some(key))
        .collect();
        let Some(first) = keys.first() else { continue };
        let uses = |insights: ResourceId| scope.members.contains(&insights);
        let workspace = context.resources.of(Kind::Workspace).find(|it| {
            Workspace::of(*it).application_insights.is_some_and(|it| uses(it.0))
                || !context.networks_of(it.id).is_disjoint(&context.networks_of(*id))
        });
        let Some(workspace) = workspace else { continue };
        let text = text(
            "{0} is private only, but {1}, which it serves, needs the open mode to send its telemetry; choose Open",
            "{0} は「プライベートのみ」ですが、対象の {1} がテレメトリを送信するには「オープン」が必要です。「オープン」を選択してください",
        )
        .with([arg(context.name(*id)), arg(workspace.name())]);
        let title = text_open(context.name(*id));
        let edits = keys
            .iter()
            .map(|key| Edit::Set { id: *id, key: (*key).to_owned(), value: json!("Open") })
            .collect();
        all.push(
            Finding::new([*id, workspace.id], text)
                .field(*first)
                .fix(title.clone(), Edit::Batch(title, edits)),
        );
    }
    all
}

fn text_open(scope: &str) -> crate::text::Message {
    text("Open the access modes of {0}", "{0} のアクセス モードを「オープン」にする")
        .with([arg(scope)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    #[test]
    fn modes_of_a_scope_with_the_workspaces_component() {
        const INGESTION: &str = "ampls accessModeSettings.ingestionAccessMode";
        const QUERY: &str = "ampls accessModeSettings.queryAccessMode";
        for (ingestion, query, member, wrong) in [
            ("PrivateOnly", "Open", true, vec![INGESTION]),
            ("PrivateOnly", "PrivateOnly", true, vec![INGESTION]),
            ("Open", "PrivateOnly", true, vec![QUERY]),
            ("Open", "Open", true, vec![]),
            ("PrivateOnly", "PrivateOnly", false, vec![]),
        ] {
            let (mut it, _) = Sketch::subnet();
            let group = ResourceId(1);
            let insights = it.add(Kind::ApplicationInsights, "appi", group, json!({}));
            it.add(Kind::Workspace, "ws1", group, json!({"applicationInsights": insights.0}));
            let members = if member { json!([insights.0]) } else { json!([]) };
            let settings = json!({
                "accessModeSettings.ingestionAccessMode": ingestion,
                "accessModeSettings.queryAccessMode": query,
                "scopedResources": members,
            });
            it.add(Kind::AzureMonitorPrivateLinkScope, "ampls", group, settings);
            assert_eq!(found(&LINT, &it), wrong, "{ingestion} {query} {member}");
        }
    }
}
