//! Can a job on serverless compute pull its image?
//!
//! Serverless compute has no identity of its own and takes no system-assigned one. A job that asks for a
//! managed identity runs as the user-assigned one of the workspace; as whom one pulls that runs as its
//! user is not documented.
//!
//! Azure docs: "Model training on serverless compute" (machine-learning/how-to-use-serverless-compute).

use super::{Check, Group, Plan, Requirement, images, place, who};
use crate::{
    kinds::{Kind, Resources, Subject, job::Job},
    text::text,
};

pub(super) const CHECK: Check = Check {
    id: "image.pull.serverless",
    title: text("Serverless job pulls its image", "サーバーレス ジョブがイメージをプルする"),
    group: Group::Image,
    source: who::SERVERLESS,
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    all.of(Kind::Job)
        .filter(|it| read!(Job, *it).compute.is_none())
        .filter_map(|job| {
            let workspace = place::workspace_of(job)?;
            let registry = match job.follow(read!(Job, job).environment) {
                Some(it) => images::registry_of(workspace, it)?,
                None => place::registry(workspace)?,
            };
            Some((job, workspace, registry))
        })
        .map(|(job, workspace, registry)| {
            let mut needs = images::pull_flows(job, registry);
            needs.push(pull(job, workspace, registry).shows("sy-image-pull"));
            Plan {
                subject: place::from_to(registry, job),
                from: job.id,
                involves: vec![job.id, registry.id],
                needs,
                notes: Vec::new(),
            }
        })
        .collect()
}

fn pull(job: Subject<'_>, workspace: Subject<'_>, registry: Subject<'_>) -> Requirement {
    let own = place::registry(workspace).is_some_and(|it| it.id == registry.id);
    if own && let Some(stale) = images::stale_password(workspace, registry) {
        return stale;
    }
    if let Some(door) = images::open_door(registry, own) {
        return images::without_role(&door, registry);
    }
    images::may_pull(&who::serverless_identity(job, workspace), registry)
}
