//! Can a web service on AKS be called (v1)?
//!
//! With a key, whoever fetches it needs a right on the services of the workspace; with a token the caller
//! must be allowed to read the workspace.
//!
//! Azure docs: "Manage access to an Azure Machine Learning workspace" (machine-learning/how-to-assign-roles).

use super::{Check, Group, Plan, Requirement, deploy_aks, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Resources,
        attached_kubernetes::{AttachedKubernetes, WebServiceAuth},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "aks.v1.score",
    title: text("Call a web service on AKS (v1)", "AKS の Web サービスを呼び出す (v1)"),
    group: Group::Endpoint,
    source: "machine-learning/how-to-assign-roles",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (cluster, workspace) in deploy_aks::clusters(all) {
        let (what, actions): (_, &'static [&'static str]) =
            match read!(AttachedKubernetes, cluster).web_service_auth {
                WebServiceAuth::Key => (
                    text("fetch the key of services of {0}", "{0} のサービスのキーの取得"),
                    &[
                        "Microsoft.MachineLearningServices/workspaces/services/aks/score/action",
                        "Microsoft.MachineLearningServices/workspaces/services/aks/listkeys/action",
                    ],
                ),
                WebServiceAuth::Token => (
                    text("read {0}", "{0} の読み取り"),
                    &["Microsoft.MachineLearningServices/workspaces/read"],
                ),
            };
        for client in place::clients(workspace) {
            plans.push(Plan {
                subject: place::from_to(client, cluster),
                from: client.id,
                involves: vec![client.id, cluster.id, workspace.id],
                needs: vec![
                    Requirement::may(
                        &who::person_at(client),
                        what.with([arg(workspace.name())]),
                        Plane::Control,
                        actions,
                        workspace.id,
                    )
                    .shows("sy-unauthorized"),
                ],
                notes: vec![
                    text(
                        "the way to the address of the service is not judged: its load balancer is not part of the design",
                        "サービスのアドレスまでの経路は判定の対象外です (ロード バランサーはデザインに含まれません)",
                    )
                    .into(),
                ],
            });
        }
    }
    plans
}
