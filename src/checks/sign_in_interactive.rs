//! Can a person sign in with the SDK through a browser?
//!
//! Steps in Azure:
//! 1. the SDK opens a browser that signs in with Microsoft Entra ID (cookies are needed, third-party
//!    ones as well),
//! 2. it asks Azure Resource Manager for the workspace, as the user,
//! 3. calls to the workspace's own API go to its private endpoint when it is private; without a way
//!    there the sign-in works and what follows does not.
//!
//! Azure docs: "Set up authentication for Azure Machine Learning resources and workflows"
//! (machine-learning/how-to-setup-authentication).

use super::{Actor, Check, Group, Plan, Requirement, open_home, place, who};
use crate::{
    kinds::{Kind, Resources, Subject},
    text::{Message, text},
};

pub(super) const CHECK: Check = Check {
    id: "auth.interactive",
    title: text("Sign in interactively with the SDK", "SDK で対話的にサインインする"),
    group: Group::SignIn,
    source: SOURCE,
    plans,
};

pub(super) const SOURCE: &str = "machine-learning/how-to-setup-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    place::browsers_and_workspaces(all)
        .into_iter()
        .map(|(client, workspace)| {
            let mut notes: Vec<Message> = vec![
                text(
                    "the browser must accept cookies, third-party ones too; with several tenants, name the tenant",
                    "ブラウザーで Cookie (サードパーティを含む) を許可してください。テナントが複数ある場合はテナントを指定してください",
                )
                .into(),
            ];
            if client.kind() == Kind::VirtualMachine && who::machine_identity(client).is_some() {
                notes.push(
                    text(
                        "SDK v2's DefaultAzureCredential takes the machine's managed identity before a person's session",
                        "SDK v2 の DefaultAzureCredential は、ユーザーのセッションより先にマシンのマネージド ID を使います",
                    )
                    .into(),
                );
            }
            Plan {
                subject: place::from_to(client, workspace),
                from: client.id,
                involves: vec![client.id, workspace.id],
                needs: session(client, &who::person_at(client), workspace),
                notes,
            }
        })
        .collect()
}

/// What every sign-in at a client needs, whichever way the token is got.
pub(super) fn session(
    client: Subject<'_>,
    actor: &Actor,
    workspace: Subject<'_>,
) -> Vec<Requirement> {
    vec![
        place::entra(client),
        place::resource_manager(client),
        open_home::read_workspace(actor, workspace),
        place::face(client, workspace, "api").shows("sy-api").part(),
    ]
}
