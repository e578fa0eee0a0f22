//! Can the compute page be opened in Studio, and computes be managed from it?
//!
//! Steps in Azure:
//! 1. the page loads as Studio home does,
//! 2. creating, starting, stopping and deleting computes are calls to Azure Resource Manager, which
//!    the workspace's private endpoint does not stop,
//! 3. what the page shows beside that comes from the workspace's own API. Seen from outside a private
//!    workspace the page therefore shows "403: You are not authorized …" while its buttons work.
//!
//! Azure docs: "Configure a private endpoint for an Azure Machine Learning workspace"
//! (machine-learning/how-to-configure-private-link).

use super::{Check, Group, Plan, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::Resources,
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "studio.compute",
    title: text("Open the compute page in Studio", "スタジオのコンピューティング ページを開く"),
    group: Group::Studio,
    source: "machine-learning/how-to-configure-private-link",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    place::browsers_and_workspaces(all)
        .into_iter()
        .map(|(client, workspace)| Plan {
            subject: place::from_to(client, workspace),
            from: client.id,
            involves: vec![client.id, workspace.id],
            needs: vec![
                place::studio_page(client),
                place::entra(client),
                place::resource_manager(client),
                Requirement::may(
                    &who::person_at(client),
                    text("list computes of {0}", "{0} のコンピューティングの一覧表示")
                        .with([arg(workspace.name())]),
                    Plane::Control,
                    &[
                        "Microsoft.MachineLearningServices/workspaces/read",
                        "Microsoft.MachineLearningServices/workspaces/computes/read",
                    ],
                    workspace.id,
                )
                .shows("sy-authorization-failed"),
                place::browse(client, workspace, "api").shows("sy-compute").part(),
            ],
            notes: vec![
                text(
                    "creating, starting, stopping and deleting computes go through Azure Resource Manager and work wherever it is reached",
                    "コンピューティングの作成、開始、停止、削除は Azure Resource Manager 経由のため、そこに到達できれば可能です",
                )
                .into(),
            ],
        })
        .collect()
}
