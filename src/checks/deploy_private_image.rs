//! Can a deployment use an image of a private registry other than the workspace's?
//!
//! Steps in Azure: as with the workspace's registry, but Azure grants nothing on this one, and the
//! deployment takes no registry password: create the endpoint, give its identity AcrPull, then deploy.
//!
//! Azure docs: "Troubleshooting online endpoints" (machine-learning/how-to-troubleshoot-online-endpoints).

use super::{Check, Group, Plan, endpoints, images, place, who};
use crate::{kinds::Resources, text::text};

pub(super) const CHECK: Check = Check {
    id: "oe.deploy.private_registry_image",
    title: text(
        "Deployment uses an image of another registry",
        "デプロイが別のレジストリのイメージを使う",
    ),
    group: Group::Endpoint,
    source: "machine-learning/how-to-troubleshoot-online-endpoints",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    endpoints::managed(all)
        .into_iter()
        .filter_map(|it| {
            let environment = it.deployment.follow(it.settings().environment)?;
            let from = images::registry_of(it.workspace, environment)?;
            let own = place::registry(it.workspace).map(|it| it.id);
            (own != Some(from.id)).then_some((it, environment, from))
        })
        .map(|(it, environment, registry)| {
            let mut needs = images::pull_flows(it.deployment, registry);
            needs.push(
                images::may_pull_image(
                    &who::endpoint_identity(it.endpoint),
                    registry,
                    Some(environment),
                )
                .shows("sy-endpoint-acr-private"),
            );
            let mut involves = it.involves();
            involves.extend([environment.id, registry.id]);
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
