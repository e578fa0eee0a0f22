//! Can the home page of a workspace be opened in Studio?
//!
//! Steps in Azure:
//! 1. the browser loads the page (Azure Front Door) and signs in (Microsoft Entra ID),
//! 2. it asks Azure Resource Manager for the workspace, as the user,
//! 3. it calls the workspace's own API, which a private workspace answers only through its private
//!    endpoint. What fails here is `REQUEST_SEND_ERROR`.
//!
//! A network whose DNS gives the public address of the workspace fails like the internet does, and a
//! browser with DNS over HTTPS asks past the private zone.
//!
//! Azure docs: "Configure a private endpoint for an Azure Machine Learning workspace"
//! (machine-learning/how-to-configure-private-link).

use super::{Actor, Check, Group, Plan, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{Resources, Subject},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "studio.open",
    title: text("Open Studio home", "スタジオのホームを開く"),
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
                read_workspace(&who::person_at(client), workspace),
                place::browse(client, workspace, "api").shows("sy-home"),
            ],
            notes: Vec::new(),
        })
        .collect()
}

/// The right that every page asks for.
pub(super) fn read_workspace(actor: &Actor, workspace: Subject<'_>) -> Requirement {
    Requirement::may(
        actor,
        text("read {0}", "{0} の読み取り").with([arg(workspace.name())]),
        Plane::Control,
        &["Microsoft.MachineLearningServices/workspaces/read"],
        workspace.id,
    )
    .shows("sy-authorization-failed")
}
