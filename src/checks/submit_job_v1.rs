//! Can a run be submitted with the SDK or CLI v1?
//!
//! Steps in Azure:
//! 1. sign-in with Microsoft Entra ID, and the workspace from Azure Resource Manager,
//! 2. runs, snapshots and environments are calls to the workspace's own API: unlike v2, v1 stays behind
//!    the private endpoint,
//! 3. the snapshot is uploaded from the client to the default storage account.
//!
//! Azure docs: "Manage access to an Azure Machine Learning workspace" (machine-learning/how-to-assign-roles),
//! "Network isolation change with our new API platform"
//! (machine-learning/how-to-configure-network-isolation-with-v2).

use super::{Check, Group, Plan, Requirement, place, rule, submit_job_v2, who};
use crate::{
    facts::grant::Plane,
    kinds::Resources,
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "job.submit.v1",
    title: text("Submit a run (v1)", "実行を送信する (v1)"),
    group: Group::Job,
    source: "machine-learning/how-to-assign-roles",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    place::clients_and_workspaces(all)
        .into_iter()
        .map(|(client, workspace)| {
            let person = who::session_at(client);
            let mut involves = vec![client.id, workspace.id];
            let mut needs = vec![
                place::entra(client),
                place::resource_manager(client),
                Requirement::may(
                    &person,
                    text("submit runs to {0}", "{0} への実行の送信").with([arg(workspace.name())]),
                    Plane::Control,
                    &[
                        "Microsoft.MachineLearningServices/workspaces/read",
                        "Microsoft.MachineLearningServices/workspaces/environments/write",
                        "Microsoft.MachineLearningServices/workspaces/experiments/runs/write",
                        "Microsoft.MachineLearningServices/workspaces/metadata/artifacts/write",
                        "Microsoft.MachineLearningServices/workspaces/metadata/snapshots/write",
                        "Microsoft.MachineLearningServices/workspaces/environments/build/action",
                        "Microsoft.MachineLearningServices/workspaces/experiments/runs/submit/action",
                        "Microsoft.MachineLearningServices/workspaces/environments/readSecrets/action",
                    ],
                    workspace.id,
                )
                .shows("sy-authorization-failed"),
                place::face(client, workspace, "api").shows("sy-api"),
            ];
            match place::storage(workspace) {
                Some(storage) => {
                    involves.push(storage.id);
                    needs.push(place::face(client, storage, "blob"));
                    needs.extend(submit_job_v2::upload(&person, workspace, storage));
                }
                None => needs.push(rule::no_default_storage(workspace)),
            }
            Plan {
                subject: place::from_to(client, workspace),
                from: client.id,
                involves,
                needs,
                notes: Vec::new(),
            }
        })
        .collect()
}
