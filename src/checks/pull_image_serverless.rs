//! Can a job on serverless compute pull its image?
//!
//! Serverless compute has no identity of its own and takes no system-assigned one. A job that asks for a
//! managed identity runs as the user-assigned one of the workspace; as whom one pulls that runs as its
//! user is not documented.
//!
//! Azure docs: "Model training on serverless compute" (machine-learning/how-to-use-serverless-compute).

use super::{Actor, Check, Group, Plan, Requirement, images, place, who};
use crate::{
    kinds::{
        Kind, Resources, Subject,
        job::{Job, JobIdentity},
        workspace::Workspace,
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "image.pull.serverless",
    title: text("Serverless job pulls its image", "サーバーレス ジョブがイメージをプルする"),
    group: Group::Image,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-use-serverless-compute";

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
    images::may_pull(&serverless_identity(job, workspace), registry)
}

/// The managed identity that a job on serverless compute runs as.
pub(super) fn serverless_identity(job: Subject<'_>, workspace: Subject<'_>) -> Actor {
    let settings = read!(Job, job);
    let name = arg(job.name());
    if settings.identity != JobIdentity::Managed {
        return Actor::unknown(
            job.id,
            text(
                "{0} asks for no managed identity; as whom serverless compute pulls then is not documented",
                "{0} はマネージド ID を指定していません。その場合にサーバーレス コンピューティングがプルに使う ID は文書化されていません",
            )
            .with([name]),
        );
    }
    if let Some(named) = job.follow(settings.managed_identity) {
        return Actor::is(
            named.id,
            text("{0} acts: {1} names it", "{0} として実行: {1} で指定")
                .with([arg(named.name()), name]),
            SOURCE,
        );
    }
    let it = read!(Workspace, workspace);
    let several = it.user_assigned_identities.len() > 1;
    match workspace.follow(it.user_assigned_identities.first().copied()) {
        Some(_) if several || it.primary_user_assigned_identity.is_some() => {
            who::workspace_identity(workspace)
        }
        Some(identity) => Actor::is(
            identity.id,
            text(
                "{0} acts: the user-assigned identity of {1}",
                "{0} として実行: {1} のユーザー割り当て ID",
            )
            .with([arg(identity.name()), arg(workspace.name())]),
            SOURCE,
        ),
        None => Actor {
            who: None,
            step: Step::deny(
                Hop::Actor,
                text(
                    "{0} has no user-assigned identity, and serverless compute takes no system-assigned one",
                    "{0} にはユーザー割り当て ID がなく、サーバーレス コンピューティングではシステム割り当て ID を使えません",
                )
                .with([arg(workspace.name())]),
            )
            .at(workspace.id)
            .source(SOURCE),
        },
    }
}
