//! Can a datastore be browsed in Studio?
//!
//! Steps in Azure:
//! 1. the browser opens Studio and calls the workspace,
//! 2. Azure Machine Learning itself opens the storage account, so an IP rule for the browser is no help,
//!    and the browser opens it as well, for what it shows by itself,
//! 3. with a stored key or SAS that credential reads, and the user must be allowed to list it; other
//!    credentials cannot be browsed with; without one the user reads.
//!
//! Azure docs: "Administrate data authentication" (machine-learning/how-to-administrate-data-authentication).

use super::{
    Actor, Check, Group, Plan, Requirement,
    data::{self, READ_BLOBS},
    place, preview_dataset, rule, submit_job_v2, who,
};
use crate::{
    kinds::{
        Kind, Resources, Subject,
        datastore::{CredentialsType, Datastore, DatastoreType, account_of},
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "studio.datastore.browse",
    title: text("Browse a datastore in Studio", "スタジオでデータストアを参照する"),
    group: Group::Data,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-administrate-data-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (client, workspace) in place::browsers_and_workspaces(all) {
        for datastore in place::of(workspace, Kind::Datastore) {
            let settings = read!(Datastore, datastore);
            // Without its account, the datastore itself is the problem.
            let Some(account) = account_of(datastore, &settings) else { continue };
            plans.push(plan(client, workspace, datastore, &settings, account));
        }
    }
    plans
}

fn plan(
    client: Subject<'_>,
    workspace: Subject<'_>,
    datastore: Subject<'_>,
    settings: &Datastore,
    account: Subject<'_>,
) -> Plan {
    let person = who::person_at(client);
    let files = settings.datastore_type == DatastoreType::AzureFile;
    let face = if files { "file" } else { "blob" };
    let mut needs = vec![
        place::studio_page(client),
        place::entra(client),
        place::browse(client, workspace, "api"),
    ];
    needs.extend(preview_dataset::together(workspace, account));
    needs.push(preview_dataset::service_reaches(workspace, account, face));
    needs.push(place::browse(client, account, face).part());
    match settings.credentials {
        CredentialsType::AccountKey | CredentialsType::Sas => {
            needs.push(submit_job_v2::list_secrets(&person, workspace));
            needs.push(rule::shared_key(&data::stored(datastore), account));
            needs.extend(data::expired(datastore));
        }
        CredentialsType::ServicePrincipal | CredentialsType::Certificate => {
            needs.push(not_with_it(&person, datastore));
        }
        CredentialsType::None if files => {
            needs.push(data::files_need_a_credential(&person, datastore));
        }
        CredentialsType::None => {
            let scope = datastore.follow(settings.container).unwrap_or(account);
            needs.push(data::blobs(&person, scope, READ_BLOBS).shows("sy-stream-authentication"));
            needs.extend(data::tenant(&person, account, workspace));
        }
    }
    Plan {
        subject: place::from_to(client, datastore),
        from: client.id,
        involves: vec![client.id, workspace.id, datastore.id, account.id],
        needs,
        notes: Vec::new(),
    }
}

fn not_with_it(person: &Actor, datastore: Subject<'_>) -> Requirement {
    let said = Step::deny(
        Hop::Credential,
        text(
            "{0} stores the credential of a service principal, with which Studio cannot browse",
            "{0} にはサービス プリンシパルの資格情報が保管されており、スタジオでは参照できません",
        )
        .with([arg(datastore.name())]),
    );
    Requirement::said(
        person,
        text("credential of {0}", "{0} の資格情報").with([arg(datastore.name())]),
        vec![said.at(datastore.id).source(SOURCE)],
    )
    .shows("sy-browse-unsupported")
}
