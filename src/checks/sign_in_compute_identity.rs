//! Can code on a compute of the workspace sign in with the compute's managed identity?
//!
//! Steps in Azure: the code asks the compute for a token. On a cluster it gets its default identity, and
//! must name the client ID (`DEFAULT_IDENTITY_CLIENT_ID`) of a user-assigned one; on a compute instance
//! without an identity it gets the instance's user.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use serde_json::json;

use super::{Actor, Check, Group, Plan, Requirement, place, sign_in_machine_identity, who};
use crate::{
    kinds::{Kind, Resources, Subject, job::Job},
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "auth.msi_compute",
    title: text(
        "Sign in with the identity of a compute",
        "コンピューティングの ID でサインインする",
    ),
    group: Group::SignIn,
    source: "machine-learning/how-to-identity-based-service-authentication",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace) {
        for compute in place::computes(workspace) {
            let actor = who::compute_identity(compute);
            // A compute without an identity is no failed sign-in: nobody set one up.
            if actor.who.is_none() {
                continue;
            }
            let jobs: Vec<Subject<'_>> = place::of(workspace, Kind::Job)
                .into_iter()
                .filter(|it| {
                    it.follow(read!(Job, *it).compute).is_some_and(|it| it.id == compute.id)
                })
                .collect();
            let mut involves = vec![compute.id, workspace.id];
            involves.extend(jobs.iter().map(|it| it.id));
            let mut needs: Vec<Requirement> =
                jobs.iter().filter_map(|it| named(&actor, compute, *it)).collect();
            needs.extend(sign_in_machine_identity::finds(&actor, compute, workspace));
            plans.push(Plan {
                subject: place::from_to(compute, workspace),
                from: compute.id,
                involves,
                needs,
                notes: Vec::new(),
            });
        }
    }
    plans
}

/// A cluster may hold several identities, so a script names the user-assigned one that it means.
fn named(actor: &Actor, compute: Subject<'_>, job: Subject<'_>) -> Option<Requirement> {
    if compute.kind() != Kind::ComputeCluster || actor.who == Some(compute.id) {
        return None;
    }
    let step = if read!(Job, job).names_client_id {
        names_client_id(job)
    } else {
        Step::deny(
            Hop::Credential,
            text(
                "{0} asks for a token without the client ID of a user-assigned identity of {1}; pass DEFAULT_IDENTITY_CLIENT_ID (namesClientId)",
                "{0} は {1} のユーザー割り当て ID のクライアント ID を指定せずにトークンを要求しています。DEFAULT_IDENTITY_CLIENT_ID を渡してください (namesClientId)",
            )
            .with([arg(job.name()), arg(compute.name())]),
        )
    };
    let need = Requirement::said(
        actor,
        text("token for {0}", "{0} のトークン").with([arg(job.name())]),
        vec![step.at(job.id).source(CHECK.source)],
    )
    .shows("sy-msi-client-id");
    Some(
        need.or_set(
            text("Name the client ID in {0}", "{0} でクライアント ID を指定する")
                .with([arg(job.name())]),
            job.id,
            "namesClientId",
            json!(true),
        ),
    )
}

/// A design holds no scripts: where it does not say either, `script` is taken to do what it must.
pub(super) fn names_client_id(script: Subject<'_>) -> Step {
    let name = [arg(script.name())];
    if place::says(script, "namesClientId") {
        let told = text("{0} names the client ID", "{0} はクライアント ID を指定");
        return Step::pass(Hop::Credential, told.with(name));
    }
    Step::pass(
        Hop::Credential,
        text(
            "nothing says that {0} does not name the client ID (namesClientId)",
            "{0} がクライアント ID を指定しないという設定はありません (namesClientId)",
        )
        .with(name),
    )
    .assumed()
}
