//! Can a batch endpoint be invoked?
//!
//! Batch endpoints take no keys: the caller shows a token of Microsoft Entra ID, and the job runs as the
//! caller, who therefore needs the rights of somebody who submits jobs.
//!
//! Azure docs: "Authorization on batch endpoints" (machine-learning/how-to-authenticate-batch-endpoint).

use super::{Check, Group, Plan, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources},
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
