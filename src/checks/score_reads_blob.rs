//! Can a scoring script read a blob of another storage account?
//!
//! Steps in Azure:
//! 1. the deployment's machines reach the account,
//! 2. the script asks for a token of the endpoint's identity (for a user-assigned one it names the client
//!    ID) and reads: a data role is needed, and Azure grants none outside the default storage.
//!
//! When the script reads in `init()`, the container crashes and the deployment fails.
//!
//! Azure docs: "Access Azure resources from an online endpoint with a managed identity"
//! (machine-learning/how-to-access-resources-from-endpoints-managed-identities).

use serde_json::json;

use super::{
    Check, Group, Plan, Requirement,
    data::{self, READ_BLOBS},
    endpoints::{self, Deployed},
    place, sign_in_compute_identity, who,
};
use crate::{
    kinds::{Kind, Resources},
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "oe.score.read_blob",
    title: text("Scoring script reads a blob", "スコアリング スクリプトが BLOB を読み取る"),
    group: Group::Endpoint,
    source: "machine-learning/how-to-access-resources-from-endpoints-managed-identities",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for it in endpoints::managed(all) {
        for target in it.settings().scoring_reads.clone() {
            let Some(target) = it.deployment.follow(Some(target)) else { continue };
            let account = match target.kind() {
                Kind::StorageAccount => Some(target),
                // A file share is not read as blobs; what its identity-based form needs is not documented.
                Kind::FileShare => None,
                _ => target.within(Kind::StorageAccount),
            };
            let Some(account) = account else { continue };
            let mut involves = it.involves();
            involves.extend([account.id, target.id]);
            involves.dedup();
            let mut needs = vec![
                place::face(it.deployment, account, "blob").shows("sy-endpoint-init"),
                data::blobs(&who::endpoint_identity(it.endpoint), target, READ_BLOBS)
                    .shows("sy-endpoint-init"),
            ];
            needs.extend(unnamed(it));
            needs.extend(data::tenant(&who::endpoint_identity(it.endpoint), account, it.endpoint));
            plans.push(Plan {
                subject: it.to(target),
                from: it.endpoint.id,
                involves,
                needs,
                notes: Vec::new(),
            });
        }
    }
    plans
}

/// Without a client ID the script asks for a system-assigned identity, which such an endpoint does not have.
fn unnamed(it: Deployed<'_>) -> Option<Requirement> {
    let actor = who::endpoint_identity(it.endpoint);
    let user_assigned = actor.who.is_some_and(|who| who != it.endpoint.id);
    if !user_assigned {
        return None;
    }
    let name = || arg(it.deployment.name());
    let step = if it.settings().names_client_id {
        sign_in_compute_identity::names_client_id(it.deployment)
    } else {
        let said = text(
            "the script of {0} asks for a token without the client ID of the user-assigned identity; pass UAI_CLIENT_ID (namesClientId)",
            "{0} のスクリプトはユーザー割り当て ID のクライアント ID を指定せずにトークンを要求しています。UAI_CLIENT_ID を渡してください (namesClientId)",
        );
        Step::deny(Hop::Credential, said.with([name()]))
    };
    let need = Requirement::said(
        &actor,
        text("token for {0}", "{0} のトークン").with([name()]),
        vec![step.at(it.deployment.id).source(CHECK.source)],
    )
    .shows("sy-msi-client-id");
    Some(need.or_set(
        text("Name the client ID in {0}", "{0} でクライアント ID を指定する").with([name()]),
        it.deployment.id,
        "namesClientId",
        json!(true),
    ))
}
