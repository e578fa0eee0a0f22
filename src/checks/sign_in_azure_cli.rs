//! Can the SDK reuse the session of the Azure CLI?
//!
//! Steps in Azure: `az login` has signed in a user or a service principal on the machine, or with
//! `--identity` the machine itself; the SDK takes that session and acts as whoever it belongs to. Nothing is
//! opened in a browser, no secret stands in the code.
//!
//! Azure docs: "Set up authentication for Azure Machine Learning resources and workflows"
//! (machine-learning/how-to-setup-authentication).

use super::{Check, Group, Plan, place, sign_in_interactive, who};
use crate::{
    kinds::Resources,
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "auth.azure_cli",
    title: text("Sign in with the Azure CLI session", "Azure CLI のセッションでサインインする"),
    group: Group::SignIn,
    source: sign_in_interactive::SOURCE,
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    place::clients_and_workspaces(all)
        .into_iter()
        .map(|(client, workspace)| Plan {
            subject: place::from_to(client, workspace),
            from: client.id,
            involves: vec![client.id, workspace.id],
            needs: sign_in_interactive::session(client, &who::session_at(client), workspace),
            notes: vec![
                text(
                    "acts as whoever ran az login on {0}",
                    "{0} で az login を実行したユーザーとして実行されます",
                )
                .with([arg(client.name())]),
            ],
        })
        .collect()
}
