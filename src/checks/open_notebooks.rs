//! Can Notebooks be used in Studio?
//!
//! Steps in Azure:
//! 1. the page loads as Studio home does,
//! 2. the browser calls the workspace and its notebook host,
//! 3. the browser itself reads the file share of the default storage account, so the user's machine
//!    must reach it: a storage account behind a network refuses a browser outside,
//! 4. with key authentication the workspace hands the browser the account key, which needs the right
//!    to list it and an account that accepts keys; with identity-based authentication the user's own
//!    data role counts.
//!
//! Azure docs: "Network traffic flow when using a secured workspace"
//! (machine-learning/concept-secure-network-traffic-flow), "Disable shared key access for your
//! workspace's storage account" (machine-learning/how-to-disable-local-auth-storage).

use super::{Check, Group, Plan, Requirement, place, rule, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Resources, Subject,
        workspace::{SystemDatastoresAuthMode, Workspace},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "studio.notebooks",
    title: text("Use Notebooks in Studio", "スタジオのノートブックを使う"),
    group: Group::Studio,
    source: "machine-learning/concept-secure-network-traffic-flow",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    place::browsers_and_workspaces(all)
        .into_iter()
        .map(|(client, workspace)| plan(client, workspace))
        .collect()
}

fn plan(client: Subject<'_>, workspace: Subject<'_>) -> Plan {
    let mut needs = vec![
        place::studio_page(client),
        place::entra(client),
        Requirement::may(
            &who::person_at(client),
            text("use notebooks of {0}", "{0} のノートブックの利用").with([arg(workspace.name())]),
            Plane::Control,
            &[
                "Microsoft.MachineLearningServices/workspaces/read",
                "Microsoft.MachineLearningServices/workspaces/computes/read",
                "Microsoft.MachineLearningServices/workspaces/notebooks/samples/read",
                "Microsoft.MachineLearningServices/workspaces/notebooks/storage/read",
                "Microsoft.MachineLearningServices/workspaces/listStorageAccountKeys/action",
                "Microsoft.MachineLearningServices/workspaces/listNotebookAccessToken/read",
            ],
            workspace.id,
        )
        .shows("sy-authorization-failed"),
        place::browse(client, workspace, "api").shows("sy-notebooks"),
        place::browse(client, workspace, "notebooks").shows("sy-notebooks"),
    ];
    let mut involves = vec![client.id, workspace.id];
    match place::storage(workspace) {
        Some(storage) => {
            involves.push(storage.id);
            needs.push(place::browse(client, storage, "file").shows("sy-notebooks"));
            needs.push(share(client, workspace, storage));
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

/// The right to the file share behind the notebooks.
fn share(client: Subject<'_>, workspace: Subject<'_>, storage: Subject<'_>) -> Requirement {
    let person = who::person_at(client);
    match read!(Workspace, workspace).system_datastores_auth_mode {
        SystemDatastoresAuthMode::AccessKey => rule::shared_key(&person, storage),
        SystemDatastoresAuthMode::Identity => Requirement::may(
            &person,
            text("read and write files of {0}", "{0} のファイルの読み書き")
                .with([arg(storage.name())]),
            Plane::Data,
            &[
                "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
                "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write",
            ],
            storage.id,
        )
        .shows("sy-storage-rbac"),
        SystemDatastoresAuthMode::UserDelegationSas => {
            rule::user_delegation_of_files(&person, workspace)
        }
    }
}
