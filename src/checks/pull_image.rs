//! Can a training job pull its image from the registry of the workspace?
//!
//! Steps in Azure:
//! 1. the compute reaches the registry: login server first, then the host of the layers,
//! 2. with the registry's admin user on, the workspace passes its password along and no role is asked
//!    for; with it off, the default managed identity of the compute pulls. A cluster's system-assigned
//!    identity gets AcrPull by itself, but only if the registry existed when the cluster was created; a
//!    user-assigned one gets nothing.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use super::{Check, Group, Plan, images};
use crate::{
    kinds::{Kind, Resources},
    text::text,
};

pub(super) const CHECK: Check = Check {
    id: "image.pull.training.workspace_acr",
    title: text(
        "Job pulls its image from the workspace registry",
        "ジョブがワークスペースのレジストリからイメージをプルする",
    ),
    group: Group::Image,
    source: "machine-learning/how-to-identity-based-service-authentication",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    images::pulls(all)
        .into_iter()
        .filter(|it| {
            it.is_workspace_registry()
                && !it.is_abac()
                && it.compute.kind() != Kind::AttachedKubernetes
        })
        .map(|it| {
            let mut needs = images::pull_flows(it.compute, it.registry);
            needs.push(images::pull_for_job(it).shows("sy-image-pull"));
            needs.extend(
                images::stale_password(it.workspace, it.registry)
                    .map(|need| need.shows("sy-image-pull")),
            );
            Plan {
                subject: it.subject(),
                from: it.compute.id,
                involves: it.involves(),
                needs,
                notes: Vec::new(),
            }
        })
        .collect()
}
