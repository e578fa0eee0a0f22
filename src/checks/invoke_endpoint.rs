//! Can a scoring request be sent to an online endpoint?
//!
//! Steps in Azure:
//! 1. the caller reaches the scoring address: through the workspace's private endpoint when public
//!    network access of the endpoint is off,
//! 2. with a key or an Azure Machine Learning token, whoever holds it may score and no role is asked
//!    for; fetching it needs a right. With a Microsoft Entra token the caller's own right to score
//!    counts.
//!
//! Azure docs: "Authentication and authorization for online endpoints"
//! (machine-learning/concept-endpoints-online-auth).

use super::{Actor, Check, Group, Plan, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        online_endpoint::{AuthMode, OnlineEndpoint},
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "oe.invoke",
    title: text("Send a scoring request", "スコアリング要求を送る"),
    group: Group::Endpoint,
    source: "machine-learning/concept-endpoints-online-auth",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for endpoint in all.of(Kind::OnlineEndpoint) {
        let workspace = place::workspace_of(endpoint);
        for client in workspace.map_or_else(|| who::clients(all), place::clients) {
            plans.push(Plan {
                subject: place::from_to(client, endpoint),
                from: client.id,
                involves: vec![client.id, endpoint.id],
                needs: [place::face(client, endpoint, "scoring")]
                    .into_iter()
                    .chain(managed_only(endpoint))
                    .chain([authorized(&who::person_at(client), endpoint)])
                    .collect(),
                notes: Vec::new(),
            });
        }
    }
    plans
}

/// Endpoints on Kubernetes know no Microsoft Entra tokens.
fn managed_only(endpoint: Subject<'_>) -> Option<Requirement> {
    let it = read!(OnlineEndpoint, endpoint);
    (it.auth_mode == AuthMode::AadToken && it.compute.is_some()).then(|| {
        let name = || arg(endpoint.name());
        let step = Step::deny(
            Hop::ServiceMode,
            text(
                "{0} runs on Kubernetes, where Microsoft Entra tokens are not supported; choose key or token",
                "{0} は Kubernetes で実行されるため、Microsoft Entra トークンはサポートされません。キーかトークンを選んでください",
            )
            .with([name()]),
        );
        Requirement::mode(
            text("authentication of {0}", "{0} の認証").with([name()]),
            vec![step.at(endpoint.id).source(CHECK.source)],
        )
        .shows("sy-not-supported")
    })
}

/// The right to score, by the endpoint's way to authenticate.
pub(super) fn authorized(person: &Actor, endpoint: Subject<'_>) -> Requirement {
    let name = arg(endpoint.name());
    let settings = read!(OnlineEndpoint, endpoint);
    if settings.auth_mode == AuthMode::Key
        && person.who.is_some_and(|who| settings.key_given_to.iter().any(|it| it.0 == who))
    {
        let held = Step::pass(
            Hop::Credential,
            text(
                "it was given the key, and whoever holds the key needs no role",
                "キーを受け取っています。キーを持つ呼び出し元にロールは不要です",
            ),
        );
        let step = held.at(endpoint.id).source(CHECK.source);
        return Requirement::said(
            person,
            text("key of {0}", "{0} のキー").with([name]),
            vec![step],
        );
    }
    match settings.auth_mode {
        AuthMode::AadToken => Requirement::may(
            person,
            text("score {0}", "{0} でのスコアリング").with([name]),
            Plane::Control,
            &["Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action"],
            endpoint.id,
        )
        .shows("sy-unauthorized"),
        AuthMode::Key => Requirement::may(
            person,
            text(
                "fetch the key of {0} (whoever holds it needs no role)",
                "{0} のキーの取得 (キーを持つ呼び出し元にロールは不要)",
            )
            .with([name]),
            Plane::Control,
            &["Microsoft.MachineLearningServices/workspaces/onlineEndpoints/listKeys/action"],
            endpoint.id,
        )
        .shows("sy-authorization-failed"),
        AuthMode::AmlToken => Requirement::may(
            person,
            text("fetch a token of {0}", "{0} のトークンの取得").with([name]),
            Plane::Control,
            &["Microsoft.MachineLearningServices/workspaces/onlineEndpoints/token/action"],
            endpoint.id,
        )
        .shows("sy-authorization-failed"),
    }
}
