//! Can a registered model be deployed to an attached AKS cluster (v1)?
//!
//! Steps in Azure:
//! 1. somebody writes the service in the workspace,
//! 2. nodes of the cluster reach the registry and pull as the cluster's service principal, which got
//!    AcrPull when the cluster was attached. A cluster with a managed identity does not get it,
//! 3. the nodes fetch the model from the default storage account.
//!
//! Azure docs: "Troubleshoot remote model deployment" (machine-learning/v1/how-to-troubleshoot-deployment).

use super::{Actor, Check, Group, Plan, Requirement, images, place, setup, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        attached_kubernetes::{AttachedKubernetes, ComputeType},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "aks.v1.deploy",
    title: text("Deploy a model to AKS (v1)", "AKS にモデルをデプロイする (v1)"),
    group: Group::Endpoint,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/v1/how-to-create-attach-kubernetes";

/// Clusters attached the v1 way, each with its workspace.
pub(super) fn clusters(all: &Resources) -> impl Iterator<Item = (Subject<'_>, Subject<'_>)> {
    all.of(Kind::AttachedKubernetes)
        .filter(|it| read!(AttachedKubernetes, *it).compute_type == ComputeType::Aks)
        .filter_map(|it| Some((it, place::workspace_of(it)?)))
}

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (cluster, workspace) in clusters(all) {
        for person in who::people(workspace) {
            let mut needs = vec![
                Requirement::may(
                    &person,
                    text("deploy to AKS from {0}", "{0} から AKS へのデプロイ")
                        .with([arg(workspace.name())]),
                    Plane::Control,
                    &["Microsoft.MachineLearningServices/workspaces/services/aks/write"],
                    workspace.id,
                )
                .shows("sy-authorization-failed"),
            ];
            let mut involves = vec![workspace.id];
            if let Some(registry) = place::registry(workspace) {
                involves.push(registry.id);
                needs.extend(images::pull_flows(cluster, registry));
                needs.push(
                    images::may_pull(&node_identity(cluster), registry).shows("sy-aks-image-pull"),
                );
            }
            if let Some(storage) = place::storage(workspace) {
                involves.push(storage.id);
                needs.push(place::face(cluster, storage, "blob"));
            }
            plans.push(setup::plan(cluster, &person, involves, needs));
        }
    }
    plans
}

fn node_identity(cluster: Subject<'_>) -> Actor {
    let it = read!(AttachedKubernetes, cluster);
    let names = |who: Subject<'_>| [arg(who.name()), arg(cluster.name())];
    if let Some(principal) = cluster.follow(it.service_principal) {
        return Actor::is(
            principal.id,
            text(
                "{0} acts: the service principal of {1}, which attaching gives AcrPull",
                "{0} として実行: {1} のサービス プリンシパル (アタッチ時に AcrPull が付与)",
            )
            .with(names(principal)),
            SOURCE,
        );
    }
    if let Some(kubelet) = cluster.follow(it.kubelet_identity) {
        return Actor::is(
            kubelet.id,
            text(
                "{0} acts: the kubelet identity of {1}, which attaching gives nothing",
                "{0} として実行: {1} の kubelet ID (アタッチ時に付与されるロールなし)",
            )
            .with(names(kubelet)),
            SOURCE,
        );
    }
    Actor::none(
        cluster.id,
        text(
            "{0} has no service principal, and attaching gives a managed identity no right to pull; attach a cluster with a service principal or use the v2 extension",
            "{0} にはサービス プリンシパルがなく、アタッチしてもマネージド ID にプルの権限は付与されません。サービス プリンシパルを使うクラスターをアタッチするか、v2 の拡張機能を使ってください",
        )
        .with([arg(cluster.name())]),
        SOURCE,
    )
}
