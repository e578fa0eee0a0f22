//! Can a batch endpoint be invoked?
//!
//! Batch endpoints take no keys: the caller shows a token of Microsoft Entra ID, and the job runs as the
//! caller, who therefore needs the rights of somebody who submits jobs.
//!
//! Azure docs: "Authorization on batch endpoints" (machine-learning/how-to-authenticate-batch-endpoint).

use serde_json::json;

use super::{Check, Group, Plan, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject, batch_endpoint::BatchEndpoint, job::SubmittedWith},
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "be.invoke",
    title: text("Invoke a batch endpoint", "バッチ エンドポイントを呼び出す"),
    group: Group::Endpoint,
    source: "machine-learning/how-to-authenticate-batch-endpoint",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for endpoint in all.of(Kind::BatchEndpoint) {
        let Some(workspace) = place::workspace_of(endpoint) else { continue };
        for client in place::clients(workspace) {
            plans.push(Plan {
                subject: place::from_to(client, endpoint),
                from: client.id,
                involves: vec![client.id, workspace.id, endpoint.id],
                needs: vec![
                    supported(endpoint, workspace),
                    place::entra(client),
                    place::face(client, endpoint, "scoring"),
                    Requirement::may(
                        &who::person_at(client),
                        text("invoke {0}", "{0} の呼び出し").with([arg(endpoint.name())]),
                        Plane::Control,
                        ACTIONS,
                        workspace.id,
                    )
                    .shows("sy-authorization-failed"),
                ],
                notes: vec![
                    text(
                        "Studio cannot invoke batch endpoints of a private workspace; use the CLI",
                        "プライベートなワークスペースのバッチ エンドポイントはスタジオから呼び出せません。CLI を使ってください",
                    )
                    .into(),
                ],
            });
        }
    }
    plans
}

/// Studio has no way into a private workspace's batch endpoints.
fn supported(endpoint: Subject<'_>, workspace: Subject<'_>) -> Requirement {
    let by_studio = read!(BatchEndpoint, endpoint).invoked_with == SubmittedWith::Studio;
    let args = || [arg(endpoint.name()), arg(workspace.name())];
    let step = if by_studio && place::is_private(workspace) {
        Step::deny(
            Hop::ServiceMode,
            text(
                "Studio cannot invoke {0}: {1} is private; use the CLI (invokedWith)",
                "{1} はプライベートなため、スタジオから {0} を呼び出せません。CLI を使ってください (invokedWith)",
            )
            .with(args()),
        )
    } else {
        Step::pass(
            Hop::ServiceMode,
            text("{0} can be invoked with this tool", "{0} はこのツールで呼び出せます")
                .with(args()),
        )
    };
    Requirement::mode(
        text("tool that invokes {0}", "{0} を呼び出すツール").with([arg(endpoint.name())]),
        vec![step.at(endpoint.id).source("machine-learning/how-to-secure-batch-endpoint")],
    )
    .shows("sy-not-supported")
    .or_set(
        text("Invoke {0} with the CLI", "{0} を CLI で呼び出す").with([arg(endpoint.name())]),
        endpoint.id,
        "invokedWith",
        json!("v2"),
    )
}

/// Of the published list, without `computes/listKeys/action`, which AzureML Data Scientist lacks
/// although the page names the role as enough.
const ACTIONS: &[&str] = &[
    "Microsoft.MachineLearningServices/workspaces/read",
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/read",
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/write",
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments/read",
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments/write",
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/jobs/write",
    "Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments/jobs/write",
    "Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action",
    "Microsoft.MachineLearningServices/workspaces/listStorageAccountKeys/action",
    "Microsoft.MachineLearningServices/workspaces/experiments/runs/submit/action",
];
