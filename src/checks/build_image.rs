//! Can the workspace build an image and push it to its registry?
//!
//! Steps in Azure, without a build compute:
//! 1. somebody starts the build, directly or by submitting a job,
//! 2. a task of the registry (articles of 2020 and 2021) or serverless compute (today) builds outside
//!    your network, so registry and storage must be open to it: a restricted registry needs an image
//!    build compute, and a task is not trusted by default since June 2025,
//! 3. the workspace's identity starts the task and pushes; the system-assigned one gets Contributor on
//!    the registry by itself, a user-assigned one gets nothing.
//!
//! Azure docs: "Secure an Azure Machine Learning workspace with virtual networks"
//! (machine-learning/how-to-secure-workspace-vnet).

use serde_json::json;

use super::{Actor, Check, Group, Plan, Requirement, images, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject, compute_cluster::ComputeCluster, workspace::Workspace},
    solve::{
        Hop, Step,
        flow::{Caller, Destination, Flow, Origin},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "image.build.workspace_acr",
    title: text(
        "Build an image for the workspace registry",
        "ワークスペースのレジストリにイメージをビルドする",
    ),
    group: Group::Image,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-secure-workspace-vnet";

fn plans(all: &Resources) -> Vec<Plan> {
    all.of(Kind::Workspace)
        .filter(|it| it.follow(read!(Workspace, *it).image_build_compute).is_none())
        .filter_map(|workspace| Some((workspace, place::registry(workspace)?)))
        .map(|(workspace, registry)| {
            let mut involves = vec![workspace.id, registry.id];
            let mut needs = vec![build_compute(workspace, reach_registry(registry))];
            if let Some(storage) = place::storage(workspace) {
                involves.push(storage.id);
                needs.push(build_compute(workspace, reach_storage(storage)));
            }
            needs.extend(who::people(workspace).iter().map(|it| start(it, workspace)));
            needs.extend(run(workspace, registry));
            needs.extend(
                images::stale_password(workspace, registry)
                    .map(|it| it.shows("sy-image-build-auth")),
            );
            Plan {
                subject: place::from_to(workspace, registry),
                from: workspace.id,
                involves,
                needs,
                notes: Vec::new(),
            }
        })
        .collect()
}

/// A cluster of the workspace could build instead.
fn build_compute(workspace: Subject<'_>, mut it: Requirement) -> Requirement {
    let clusters = place::of(workspace, Kind::ComputeCluster).into_iter();
    for cluster in clusters.filter(|it| with_gpu(*it).is_none()) {
        it = it
            .or_set(
                text("Build images of {0} on {1}", "{0} のイメージを {1} でビルドする")
                    .with([arg(workspace.name()), arg(cluster.name())]),
                workspace.id,
                "imageBuildCompute",
                json!(cluster.id.0),
            )
            .becoming("image.build.on_compute");
    }
    it
}

/// What keeps a cluster from building at all: "Only a CPU SKU is supported".
pub(super) fn with_gpu(compute: Subject<'_>) -> Option<Step> {
    if compute.kind() != Kind::ComputeCluster {
        return None;
    }
    let size = &read!(ComputeCluster, compute).vm_size;
    size.has_accelerators().then(|| {
        let said = text(
            "{0} has nodes with GPUs ({1}); images are built on CPU sizes only",
            "{0} のノードは GPU サイズ ({1}) です。イメージをビルドできるのは CPU サイズだけです",
        );
        let step =
            Step::deny(Hop::ServiceMode, said.with([arg(compute.name()), arg(size.as_str())]));
        step.at(compute.id).source(SOURCE)
    })
}

/// An instance is no build compute.
pub(super) fn on_instance(compute: Subject<'_>) -> Option<Step> {
    (compute.kind() == Kind::ComputeInstance).then(|| {
        let said = text(
            "{0} is a compute instance; images are built on compute clusters only",
            "{0} はコンピューティング インスタンスです。イメージをビルドできるのはコンピューティング クラスターだけです",
        );
        Step::deny(Hop::ServiceMode, said.with([arg(compute.name())])).at(compute.id).source(SOURCE)
    })
}

fn reach_registry(registry: Subject<'_>) -> Requirement {
    let to = Destination::Face { resource: registry.id, face: "login" };
    Requirement::flow(
        text(
            "a build outside your network reaches {0} (login)",
            "ネットワーク外のビルドから {0} (login) への到達",
        )
        .with([arg(registry.name())]),
        Flow::https(Origin::Service("AzureContainerRegistry"), to)
            .by(Caller::RegistryTask { system_identity: true }),
    )
    .shows("sy-image-build-network")
}

fn reach_storage(storage: Subject<'_>) -> Requirement {
    let to = Destination::Face { resource: storage.id, face: "blob" };
    Requirement::flow(
        text(
            "a build outside your network reaches {0} (blob)",
            "ネットワーク外のビルドから {0} (blob) への到達",
        )
        .with([arg(storage.name())]),
        Flow::https(Origin::Service("AzureContainerRegistry"), to),
    )
    .shows("sy-image-build-network")
}

/// The right to start a build.
pub(super) fn start(person: &Actor, workspace: Subject<'_>) -> Requirement {
    Requirement::may(
        person,
        text("build environments of {0}", "{0} の環境のビルド").with([arg(workspace.name())]),
        Plane::Control,
        &[
            "Microsoft.MachineLearningServices/workspaces/environments/build/action",
            "Microsoft.MachineLearningServices/workspaces/environments/write",
            "Microsoft.MachineLearningServices/workspaces/environments/read",
        ],
        workspace.id,
    )
    .shows("sy-authorization-failed")
}

/// The workspace runs a task of the registry and pushes.
fn run(workspace: Subject<'_>, registry: Subject<'_>) -> Vec<Requirement> {
    let actor = who::workspace_identity(workspace);
    if images::is_abac(registry) {
        return in_abac_mode(&actor, registry);
    }
    let may = Requirement::may(
        &actor,
        text("run a task of {0} and push", "{0} のタスクの実行とプッシュ")
            .with([arg(registry.name())]),
        Plane::Control,
        &[
            "Microsoft.ContainerRegistry/registries/scheduleRun/action",
            "Microsoft.ContainerRegistry/registries/listBuildSourceUploadUrl/action",
            "Microsoft.ContainerRegistry/registries/push/write",
            "Microsoft.ContainerRegistry/registries/pull/read",
        ],
        registry.id,
    )
    .shows("sy-image-build-auth");
    vec![may]
}

/// Here roles on the registry give no image away, that of the workspace as little as any other.
fn in_abac_mode(actor: &Actor, registry: Subject<'_>) -> Vec<Requirement> {
    let what = || {
        text("run a task of {0} and push", "{0} のタスクの実行とプッシュ")
            .with([arg(registry.name())])
    };
    let may = Requirement::may(
        actor,
        what(),
        Plane::Data,
        &[
            "Microsoft.ContainerRegistry/registries/repositories/content/read",
            "Microsoft.ContainerRegistry/registries/repositories/content/write",
        ],
        registry.id,
    )
    .shows("sy-image-build-auth");
    let step = Step::unknown(
        Hop::ServiceMode,
        text(
            "{0} is in ABAC mode, where a task has no access unless it is given an identity with a data role; whether Azure Machine Learning does that is not documented",
            "{0} は ABAC モードで、データ ロールを持つ ID を付与しない限りタスクにアクセス権はありません。Azure Machine Learning がそうするかは文書化されていません",
        )
        .with([arg(registry.name())]),
    )
    .at(registry.id)
    .source("container-registry/container-registry-rbac-abac-repository-permissions");
    vec![may, Requirement::said(actor, what(), vec![step])]
}
