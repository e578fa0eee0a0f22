//! Can a training job use a base image of a private registry as it is?
//!
//! Steps in Azure:
//! 1. the image must not be changed (`user_managed_dependencies=True` and no Dockerfile in SDK v1),
//!    otherwise the service tries to build a new one and fails, because only the compute may pull,
//! 2. the compute reaches the private registry,
//! 3. the compute's managed identity pulls. Azure grants it the workspace's registry only, so AcrPull on
//!    this one is yours to give.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use serde_json::Value;

use super::{Check, Group, Plan, Requirement, images};
use crate::{
    kinds::{Resources, Subject, environment_image::EnvironmentImage},
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "image.pull.training.private_acr_as_is",
    title: text(
        "Job uses an image of a private registry as it is",
        "ジョブがプライベート レジストリのイメージをそのまま使う",
    ),
    group: Group::Image,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-identity-based-service-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    images::pulls(all)
        .into_iter()
        .filter(|it| !it.is_workspace_registry() && !it.is_abac())
        .map(|it| {
            let mut needs: Vec<Requirement> = it.environment.map(unchanged).into_iter().collect();
            needs.extend(images::pull_flows(it.compute, it.registry));
            needs.push(images::pull_for_job(it).shows("sy-failed-pulling-image"));
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

/// Nothing may be added to the image.
fn unchanged(environment: Subject<'_>) -> Requirement {
    let it = read!(EnvironmentImage, environment);
    let name = arg(environment.name());
    // A conda file is added by a build, which the compute's right to pull does not cover.
    let step = if it.conda_file.0.trim().is_empty() {
        Step::pass(
            Hop::ServiceMode,
            text("{0} adds nothing to the image", "{0} はイメージに何も追加しません").with([name]),
        )
    } else {
        Step::deny(
            Hop::ServiceMode,
            text(
                "{0} adds packages to the image, so the service tries to build a new one, which may not pull the base image; remove the conda file",
                "{0} はイメージにパッケージを追加するため、サービスが新しいイメージをビルドしようとしますが、基本イメージをプルできません。Conda ファイルを削除してください",
            )
            .with([name]),
        )
    };
    Requirement::mode(
        text("{0} is used as it is", "{0} をそのまま使うこと").with([arg(environment.name())]),
        vec![step.at(environment.id).source(SOURCE)],
    )
    .shows("sy-image-rebuild")
    .or_set(
        text("Remove the conda file of {0}", "{0} の Conda ファイルを削除する")
            .with([arg(environment.name())]),
        environment.id,
        "condaFile",
        Value::Null,
    )
}
