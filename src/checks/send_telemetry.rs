//! Can a deployment send telemetry to Application Insights?
//!
//! While local authentication is on, the connection string is enough. With it off, the sender signs in
//! and needs a role on the component, which Azure does not give.
//!
//! Azure docs: "Microsoft Entra authentication for Application Insights"
//! (azure-monitor/app/azure-ad-authentication).

use super::{Check, Group, Plan, Requirement, endpoints, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{Resources, Subject, application_insights::ApplicationInsights, workspace::Workspace},
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "appinsights.ingest",
    title: text(
        "Deployment sends telemetry to Application Insights",
        "デプロイが Application Insights にテレメトリを送る",
    ),
    group: Group::Endpoint,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "azure-monitor/app/azure-ad-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    endpoints::managed(all)
        .into_iter()
        .filter(|it| it.settings().app_insights_enabled)
        .filter_map(|it| {
            let insights = read!(Workspace, it.workspace).application_insights;
            Some((it, it.workspace.follow(insights)?))
        })
        .map(|(it, component)| {
            let mut involves = it.involves();
            involves.push(component.id);
            Plan {
                subject: it.to(component),
                from: it.endpoint.id,
                involves,
                needs: vec![
                    place::face(it.deployment, component, "ingestion")
                        .shows("sy-telemetry-dropped"),
                    authorized(it.endpoint, component),
                ],
                notes: Vec::new(),
            }
        })
        .collect()
}

fn authorized(endpoint: Subject<'_>, component: Subject<'_>) -> Requirement {
    let sender = who::endpoint_identity(endpoint);
    let what = text("write telemetry to {0}", "{0} へのテレメトリの書き込み")
        .with([arg(component.name())]);
    if read!(ApplicationInsights, component).disable_local_auth {
        return Requirement::may(
            &sender,
            what,
            Plane::Data,
            &["Microsoft.Insights/Telemetry/Write"],
            component.id,
        )
        .shows("sy-telemetry-dropped");
    }
    let said = Step::pass(
        Hop::Credential,
        text(
            "{0} accepts the connection string, which asks for no role",
            "{0} は接続文字列を受け付けるため、ロールは不要です",
        )
        .with([arg(component.name())]),
    );
    Requirement::said(&sender, what, vec![said.at(component.id).source(SOURCE)])
}
