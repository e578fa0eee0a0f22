//! Can a model be registered from local files?
//!
//! The record is written through Azure Resource Manager; the files go straight from the client to the
//! default storage account, with the stored credential or as the user.
//!
//! Azure docs: "Manage access to an Azure Machine Learning workspace" (machine-learning/how-to-assign-roles),
//! "Disable shared key access for your workspace's storage account"
//! (machine-learning/how-to-disable-local-auth-storage).

use super::{Check, Group, Plan, Requirement, place, rule, submit_job_v2, who};
use crate::{
    facts::grant::Plane,
    kinds::{Resources, Subject},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "model.register.local",
    title: text("Register a model from local files", "ローカル ファイルからモデルを登録する"),
    group: Group::Job,
    source: "machine-learning/how-to-assign-roles",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    place::clients_and_workspaces(all)
        .into_iter()
        .map(|(client, workspace)| plan(client, workspace))
        .collect()
}

fn plan(client: Subject<'_>, workspace: Subject<'_>) -> Plan {
    let person = who::session_at(client);
    let mut needs = vec![
        place::entra(client),
        place::resource_manager(client),
        Requirement::may(
            &person,
            text("register models in {0}", "{0} へのモデルの登録").with([arg(workspace.name())]),
            Plane::Control,
            &[
                "Microsoft.MachineLearningServices/workspaces/models/write",
                "Microsoft.MachineLearningServices/workspaces/models/versions/write",
            ],
            workspace.id,
        )
        .shows("sy-authorization-failed"),
        place::face(client, workspace, "api").shows("sy-api"),
    ];
    let mut involves = vec![client.id, workspace.id];
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
}
