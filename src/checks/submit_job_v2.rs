//! Can a job be submitted with the CLI or SDK v2?
//!
//! Steps in Azure:
//! 1. sign-in with Microsoft Entra ID; on a virtual machine where nobody sits, as its managed identity,
//! 2. the job, its environment and its code are records written through Azure Resource Manager, which no
//!    private endpoint stops; a workspace in v1 legacy mode refuses them,
//! 3. the code is uploaded straight from the client to the default storage account: with the datastore's
//!    credential (which the client must be allowed to list), or as the user with identity-based storage.
//!
//! So from outside a closed workspace the records can be written and the upload fails.
//!
//! Azure docs: "Manage access to an Azure Machine Learning workspace" (machine-learning/how-to-assign-roles),
//! "Network isolation change with our new API platform"
//! (machine-learning/how-to-configure-network-isolation-with-v2).

use super::{Actor, Check, Group, Plan, Requirement, place, rule, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Resources, Subject,
        workspace::{SystemDatastoresAuthMode, Workspace},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "job.submit.v2",
    title: text("Submit a job (v2)", "ジョブを送信する (v2)"),
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
        rule::not_v1_legacy(workspace),
        may_submit(&person, workspace),
        place::face(client, workspace, "api").shows("sy-api").part(),
    ];
    let mut involves = vec![client.id, workspace.id];
    match place::storage(workspace) {
        Some(storage) => {
            involves.push(storage.id);
            needs.push(place::face(client, storage, "blob").part());
            needs.extend(upload(&person, workspace, storage));
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

/// The right to write the records of a job.
pub(super) fn may_submit(person: &Actor, workspace: Subject<'_>) -> Requirement {
    Requirement::may(
        person,
        text("submit jobs to {0}", "{0} へのジョブの送信").with([arg(workspace.name())]),
        Plane::Control,
        &[
            "Microsoft.MachineLearningServices/workspaces/read",
            "Microsoft.MachineLearningServices/workspaces/environments/write",
            "Microsoft.MachineLearningServices/workspaces/jobs/read",
            "Microsoft.MachineLearningServices/workspaces/jobs/write",
            "Microsoft.MachineLearningServices/workspaces/metadata/artifacts/write",
            "Microsoft.MachineLearningServices/workspaces/environments/build/action",
            "Microsoft.MachineLearningServices/workspaces/environments/readSecrets/action",
        ],
        workspace.id,
    )
    .shows("sy-authorization-failed")
}

/// Rights to put code and other files into the default storage account.
pub(super) fn upload(
    person: &Actor,
    workspace: Subject<'_>,
    storage: Subject<'_>,
) -> Vec<Requirement> {
    match read!(Workspace, workspace).system_datastores_auth_mode {
        SystemDatastoresAuthMode::AccessKey => {
            // That the client fetches the credential follows from where it is; no page lists the right.
            vec![list_secrets(person, workspace).part(), rule::shared_key(person, storage)]
        }
        SystemDatastoresAuthMode::Identity | SystemDatastoresAuthMode::UserDelegationSas => {
            vec![
                Requirement::may(
                    person,
                    text("read and write blobs of {0}", "{0} の BLOB の読み書き")
                        .with([arg(storage.name())]),
                    Plane::Data,
                    &[
                        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
                        "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
                    ],
                    storage.id,
                )
                .shows("sy-storage-rbac"),
            ]
        }
    }
}

/// The right to see the credential that a datastore stores.
pub(super) fn list_secrets(person: &Actor, workspace: Subject<'_>) -> Requirement {
    Requirement::may(
        person,
        text("get datastore credentials of {0}", "{0} のデータストアの資格情報の取得")
            .with([arg(workspace.name())]),
        Plane::Control,
        &["Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action"],
        workspace.id,
    )
    .shows("sy-authorization-failed")
}
