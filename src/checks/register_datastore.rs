//! Can a datastore be registered?
//!
//! Steps in Azure:
//! 1. somebody writes the record; a key, a SAS or a secret goes to the workspace's key vault,
//! 2. SDK v1 then tries the storage account from the client, with the credential given or as the user,
//!    unless it is told to skip the validation. The SDK v2 and Studio try nothing: a datastore that
//!    nobody can read registers as well. A file share takes a key or a SAS whatever the tool.
//!
//! Azure docs: "Create datastores" (machine-learning/how-to-datastore), "Connect to storage with SDK v1"
//! (machine-learning/v1/how-to-access-data).

use super::{
    Actor, Check, Group, Plan, Requirement,
    data::{self, READ_BLOBS},
    place, rule, setup, who,
};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        datastore::{CredentialsType, Datastore, DatastoreType, SYSTEM_DATASTORES, account_of},
        job::SubmittedWith,
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "datastore.register",
    title: text("Register a datastore", "データストアを登録する"),
    group: Group::Data,
    source: "machine-learning/how-to-datastore",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for datastore in all.of(Kind::Datastore) {
        let Some(workspace) = place::workspace_of(datastore) else { continue };
        for person in setup::members(datastore) {
            let mut needs = vec![write(&person, workspace)];
            let settings = read!(Datastore, datastore);
            if settings.registered_with == SubmittedWith::V1 && !settings.skip_validation {
                needs.extend(validate(&person, datastore, &settings));
            } else if settings.datastore_type == DatastoreType::AzureFile
                && settings.credentials == CredentialsType::None
                && !SYSTEM_DATASTORES.contains(&datastore.name())
            {
                needs.push(data::files_need_a_credential(&person, datastore));
            }
            plans.push(setup::plan(datastore, &person, [workspace.id], needs));
        }
    }
    plans
}

/// The right to write the record.
pub(super) fn write(person: &Actor, workspace: Subject<'_>) -> Requirement {
    Requirement::may(
        person,
        text("write datastores of {0}", "{0} のデータストアの書き込み")
            .with([arg(workspace.name())]),
        Plane::Control,
        &["Microsoft.MachineLearningServices/workspaces/datastores/write"],
        workspace.id,
    )
    .shows("sy-authorization-failed")
}

/// SDK v1 tries the storage from where it runs.
fn validate(person: &Actor, datastore: Subject<'_>, settings: &Datastore) -> Vec<Requirement> {
    let Some(account) = account_of(datastore, settings) else { return Vec::new() };
    let scope = datastore.follow(settings.container).unwrap_or(account);
    let face = if settings.datastore_type == DatastoreType::AzureFile { "file" } else { "blob" };
    let mut needs: Vec<Requirement> = who::clients_of(datastore.all, person)
        .into_iter()
        .map(|it| place::face(it, account, face))
        .collect();
    if needs.is_empty() {
        needs.push(Requirement::mode(
            text("validation of {0}", "{0} の検証").with([arg(datastore.name())]),
            vec![
                Step::unknown(
                    Hop::Validation,
                    text(
                        "SDK v1 tries {0} from the client, and the design does not say where it runs",
                        "SDK v1 はクライアントから {0} を検証しますが、実行場所が指定されていません",
                    )
                    .with([arg(account.name())]),
                )
                .at(datastore.id),
            ],
        ));
    }
    needs.push(match settings.credentials {
        CredentialsType::AccountKey | CredentialsType::Sas => {
            rule::shared_key(&data::stored(datastore), account)
        }
        CredentialsType::ServicePrincipal | CredentialsType::Certificate => {
            data::blobs(&data::stored(datastore), scope, READ_BLOBS)
        }
        CredentialsType::None if settings.datastore_type == DatastoreType::AzureFile => {
            data::files_need_a_credential(person, datastore)
        }
        CredentialsType::None => data::blobs(person, scope, READ_BLOBS),
    });
    needs.into_iter().map(|it| it.shows("sy-datastore-validation")).collect()
}
