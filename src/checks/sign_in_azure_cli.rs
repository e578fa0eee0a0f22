//! Can the SDK reuse the session of the Azure CLI?
//!
//! Steps in Azure: `az login` has signed in a user or a service principal on the machine, or with
//! `--identity` the machine itself; the SDK takes that session and acts as whoever it belongs to. Nothing is
//! opened in a browser, no secret stands in the code.
//!
//! Azure docs: "Set up authentication for Azure Machine Learning resources and workflows"
//! (machine-learning/how-to-setup-authentication).

use serde_json::json;

use super::{Actor, Check, Group, Plan, Requirement, place, sign_in_interactive, who};
use crate::{
    kinds::{Kind, Resources, Subject, user::User},
    solve::{Hop, Step},
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
        .map(|(client, workspace)| {
            let actor = who::session_at(client);
            let mut needs = sign_in_interactive::session(client, &actor, workspace);
            needs.extend(session_of(client, &actor));
            Plan {
                subject: place::from_to(client, workspace),
                from: client.id,
                involves: vec![client.id, workspace.id],
                needs,
                notes: vec![
                    text(
                        "acts as whoever ran az login on {0}",
                        "{0} で az login を実行したユーザーとして実行されます",
                    )
                    .with([arg(client.name())]),
                ],
            }
        })
        .collect()
}

/// Whoever is not signed in leaves the SDK nothing to use. A design need not say so of everybody: a session is assumed
/// then.
fn session_of(client: Subject<'_>, actor: &Actor) -> Option<Requirement> {
    let person = actor.who.and_then(|id| client.all.subject(id));
    let person = person.filter(|it| it.kind() == Kind::User)?;
    let name = || [arg(person.name())];
    let step = if !read!(User, person).azure_cli_session {
        Step::deny(
            Hop::Credential,
            text(
                "{0} is not signed in to Azure CLI; run az login",
                "{0} は Azure CLI にサインインしていません。az login を実行してください",
            )
            .with(name()),
        )
    } else if place::says(person, "azureCliSession") {
        let signed_in = text("{0} is signed in to Azure CLI", "{0} は Azure CLI にサインイン済み");
        Step::pass(Hop::Credential, signed_in.with(name()))
    } else {
        Step::pass(
            Hop::Credential,
            text(
                "nothing says that {0} is not signed in to Azure CLI (azureCliSession)",
                "{0} が Azure CLI にサインインしていないという設定はありません (azureCliSession)",
            )
            .with(name()),
        )
        .assumed()
    };
    let what = text("session of Azure CLI", "Azure CLI のセッション");
    let step = step.at(person.id).source(sign_in_interactive::SOURCE);
    let need = Requirement::said(actor, what, vec![step]);
    Some(need.shows("sy-az-login").or_set(
        text("Run az login as {0}", "{0} で az login を実行する").with(name()),
        person.id,
        "azureCliSession",
        json!(true),
    ))
}
