//! Can a training job pull from a registry whose roles are over repositories (ABAC mode)?
//!
//! Steps in Azure: as every pull, but AcrPull, AcrPush, Owner, Contributor and Reader open no image
//! here, and so the AcrPull that Azure grants by itself has no effect (derived from the registry's page).
//! Container Registry Repository Reader does, on all repositories or on those a condition names.
//!
//! Azure docs: "Azure attribute-based access control (ABAC) for repository permissions"
//! (container-registry/container-registry-rbac-abac-repository-permissions).

use super::{Check, Group, Plan, images};
use crate::{kinds::Resources, text::text};

pub(super) const CHECK: Check = Check {
    id: "image.pull.abac_registry",
    title: text(
        "Job pulls from a registry in ABAC mode",
        "ジョブが ABAC モードのレジストリからプルする",
    ),
    group: Group::Image,
    source: "container-registry/container-registry-rbac-abac-repository-permissions",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    images::pulls(all)
        .into_iter()
        .filter(|it| it.is_abac())
        .map(|it| {
            let mut needs = images::pull_flows(it.compute, it.registry);
            needs.push(images::pull_for_job(it).shows("sy-acr-unauthorized"));
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
