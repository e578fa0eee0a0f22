//! Can a deployment have secrets put into its environment?
//!
//! Steps in Azure:
//! 1. where the endpoint has a system-assigned identity and enforces access to the default secret stores,
//!    whoever creates it must be allowed to list the secrets of connections; Azure then gives the
//!    endpoint the same right,
//! 2. the endpoint's identity fetches the secrets: of connections through the workspace, or of a key
//!    vault, for which Azure grants nothing.
//!
//! Azure docs: "Secret injection in online endpoints" (machine-learning/concept-secret-injection).

use super::{Actor, Check, Group, Plan, Requirement, endpoints, setup, vault, who};
use crate::{
    facts::grant::Plane,
    kinds::{Resources, Subject, online_endpoint::OnlineEndpoint},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "oe.secret_injection",
    title: text("Deployment gets secrets injected", "デプロイにシークレットを注入する"),
    group: Group::Endpoint,
    source: "machine-learning/concept-secret-injection",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for it in endpoints::managed(all) {
        let identity = who::endpoint_identity(it.endpoint);
        for from in it.settings().injects_secrets_from.clone() {
            let Some(from) = it.deployment.follow(Some(from)) else { continue };
            let mut needs = creators(it.endpoint, it.workspace);
            if let Some(vault) = vault::of(from) {
                needs.push(
                    vault::read_secrets(&identity, vault, from).shows("sy-secrets-injection"),
                );
            } else {
                needs.push(
                    Requirement::may(
                        &identity,
                        text(
                            "read secrets of connections of {0}",
                            "{0} の接続のシークレットの読み取り",
                        )
                        .with([arg(it.workspace.name())]),
                        Plane::Control,
                        &[
                            LIST,
                            "Microsoft.MachineLearningServices/workspaces/metadata/secrets/read",
                        ],
                        it.workspace.id,
                    )
                    .shows("sy-secrets-injection"),
                );
            }
            let mut involves = it.involves();
            involves.push(from.id);
            plans.push(Plan {
                subject: it.to(from),
                from: it.endpoint.id,
                involves,
                needs,
                notes: Vec::new(),
            });
        }
    }
    plans
}

const LIST: &str = "Microsoft.MachineLearningServices/workspaces/connections/listsecrets/action";

/// Who creates an endpoint that enforces access must have it as well.
fn creators(endpoint: Subject<'_>, workspace: Subject<'_>) -> Vec<Requirement> {
    let it = read!(OnlineEndpoint, endpoint);
    if !it.enforce_secret_stores || !it.identity.has_system() {
        return Vec::new();
    }
    let people: Vec<Actor> =
        setup::named(endpoint).map_or_else(|| who::people(workspace), |it| vec![it]);
    people
        .iter()
        .map(|person| {
            Requirement::may(
                person,
                text(
                    "list secrets of connections of {0}, to create {1}",
                    "{1} の作成に必要な、{0} の接続のシークレットの一覧取得",
                )
                .with([arg(workspace.name()), arg(endpoint.name())]),
                Plane::Control,
                &[LIST],
                workspace.id,
            )
            .shows("sy-endpoint-rejected")
        })
        .collect()
}
