//! Can a training job on attached Kubernetes pull its image from the registry of the workspace?
//!
//! Steps in Azure: nodes of the cluster reach the registry; with its admin user off, the managed identity
//! of the compute target pulls. Azure never grants it AcrPull by itself, neither to a system-assigned
//! nor to a user-assigned one.
//!
//! Azure docs: "Attach a Kubernetes cluster to Azure Machine Learning workspace"
//! (machine-learning/how-to-attach-kubernetes-to-workspace).

use super::{Check, Group, Plan, images};
use crate::{
    kinds::{Kind, Resources},
    text::text,
};

pub(super) const CHECK: Check = Check {
    id: "image.pull.kubernetes_training",
    title: text("Job on Kubernetes pulls its image", "Kubernetes のジョブがイメージをプルする"),
    group: Group::Image,
    source: "machine-learning/how-to-attach-kubernetes-to-workspace",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    images::pulls(all)
        .into_iter()
        .filter(|it| {
            it.is_workspace_registry()
                && !it.is_abac()
                && it.compute.kind() == Kind::AttachedKubernetes
        })
        .map(|it| {
            let mut needs = images::pull_flows(it.compute, it.registry);
            needs.push(images::pull_for_job(it).shows("sy-image-pull-loop"));
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
