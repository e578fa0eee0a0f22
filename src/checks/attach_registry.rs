//! Can a workspace be given a registry of one's own, at creation or by an update?
//!
//! Steps in Azure:
//! 1. the call writes the workspace and reads the registry (the second is the rule for linked resources;
//!    the pages do not name it),
//! 2. the workspace's system-assigned identity becomes Contributor on the registry; a user-assigned one
//!    needs the role by hand,
//! 3. clusters that are older than the registry did not get AcrPull: theirs is assigned by hand too.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use super::{Actor, Check, Group, Plan, Requirement, images, place, setup, who};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject, compute_cluster::ComputeCluster},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.attach_acr",
    title: text(
        "Attach a registry of one's own to a workspace",
        "独自のレジストリをワークスペースに関連付ける",
    ),
    group: Group::Setup,
    source: "machine-learning/how-to-identity-based-service-authentication",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace) {
        let Some(registry) = place::registry(workspace) else { continue };
        for person in setup::administrators(workspace) {
            plans.push(plan(&person, workspace, registry));
        }
    }
    plans
}

fn plan(person: &Actor, workspace: Subject<'_>, registry: Subject<'_>) -> Plan {
    let mut needs = vec![
        Requirement::may(
            person,
            text("change {0}", "{0} の変更").with([arg(workspace.name())]),
            Plane::Control,
            &["Microsoft.MachineLearningServices/workspaces/write"],
            workspace.id,
        )
        .shows("sy-authorization-failed"),
        Requirement::may(
            person,
            text("read {0}", "{0} の読み取り").with([arg(registry.name())]),
            Plane::Control,
            &["Microsoft.ContainerRegistry/registries/read"],
            registry.id,
        )
        .shows("sy-linked-authorization-failed"),
        workspace_uses(workspace, registry).part(),
    ];
    let mut involves = vec![registry.id];
    if !place::registry_settings(registry).admin_user_enabled {
        for cluster in place::of(workspace, Kind::ComputeCluster) {
            if read!(ComputeCluster, cluster).created_before_registry {
                involves.push(cluster.id);
                needs.push(
                    images::may_pull(&who::managed_identity(cluster), registry)
                        .shows("sy-image-pull")
                        .part(),
                );
            }
        }
    }
    let mut plan = setup::plan(workspace, person, involves, needs);
    plan.notes.push(
        text(
            "az ml workspace update asks for --update-dependent-resources; a registry made without --admin-enabled has its admin user off",
            "az ml workspace update には --update-dependent-resources が必要です。--admin-enabled を付けずに作成したレジストリの管理者ユーザーは無効です",
        )
        .into(),
    );
    plan
}

/// The workspace's identity builds and pushes: the actions behind Contributor on the registry.
pub(super) fn workspace_uses(workspace: Subject<'_>, registry: Subject<'_>) -> Requirement {
    Requirement::may(
        &who::workspace_identity(workspace),
        text("build and push images of {0}", "{0} へのイメージのビルドとプッシュ")
            .with([arg(registry.name())]),
        Plane::Control,
        &[
            "Microsoft.ContainerRegistry/registries/pull/read",
            "Microsoft.ContainerRegistry/registries/push/write",
            "Microsoft.ContainerRegistry/registries/scheduleRun/action",
        ],
        registry.id,
    )
    .shows("sy-uai-role-missing")
}
