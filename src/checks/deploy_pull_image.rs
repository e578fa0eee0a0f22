//! Can a deployment of a managed online endpoint pull its image from the workspace's registry?
//!
//! Steps in Azure:
//! 1. the deployment's machines reach the registry: over the workspace's managed network if it has one,
//!    else over the internet,
//! 2. the endpoint's identity pulls. A system-assigned one gets AcrPull on the workspace's registry when
//!    the endpoint is created; a user-assigned one gets nothing and must have it before the deployment.
//!
//! The identity of an endpoint cannot be changed once it exists.
//!
//! Azure docs: "Access Azure resources from an online endpoint with a managed identity"
//! (machine-learning/how-to-access-resources-from-endpoints-managed-identities).

use super::{Check, Group, Plan, endpoints, images, place, who};
use crate::{kinds::Resources, text::text};

pub(super) const CHECK: Check = Check {
    id: "oe.deploy.pull_image",
    title: text("Deployment pulls its image", "デプロイがイメージをプルする"),
    group: Group::Endpoint,
    source: "machine-learning/how-to-access-resources-from-endpoints-managed-identities",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    endpoints::managed(all)
        .into_iter()
        .filter_map(|it| {
            let own = place::registry(it.workspace)?;
            let environment = it.deployment.follow(it.settings().environment);
            let from = match environment {
                Some(environment) => images::registry_of(it.workspace, environment)?,
                None => own,
            };
            (from.id == own.id).then_some((it, own))
        })
        .map(|(it, registry)| {
            let mut needs = images::pull_flows(it.deployment, registry);
            needs.push(
                images::may_pull(&who::endpoint_identity(it.endpoint), registry)
                    .shows("sy-endpoint-startup"),
            );
            let mut involves = it.involves();
            involves.push(registry.id);
            Plan {
                subject: it.to(registry),
                from: it.endpoint.id,
                involves,
                needs,
                notes: Vec::new(),
            }
        })
        .collect()
}
