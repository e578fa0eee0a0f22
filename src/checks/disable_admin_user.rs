//! Can the admin user of a workspace's registry be turned off, and what works afterwards?
//!
//! Steps in Azure:
//! 1. the call writes the registry,
//! 2. from then on whoever pulls or pushes needs an identity with a role: the workspace, each cluster,
//! 3. deployments to Container Instances (v1) stop working: they pull with nothing else.
//!
//! Azure docs: "Authenticate with an Azure container registry"
//! (container-registry/container-registry-authentication), "Use managed identities with Azure Machine
//! Learning (v1)" (machine-learning/v1/how-to-use-managed-identities).

use super::{Actor, Check, Group, Plan, Requirement, attach_registry, images, place, setup, who};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject},
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "acr.disable_admin",
    title: text("Turn the admin user of a registry off", "レジストリの管理者ユーザーを無効にする"),
    group: Group::Setup,
    source: "container-registry/container-registry-authentication",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for registry in all.of(Kind::ContainerRegistry) {
        if place::registry_settings(registry).admin_user_enabled {
            for person in setup::administrators(registry) {
                plans.push(plan(&person, registry));
            }
        }
    }
    plans
}

fn plan(person: &Actor, registry: Subject<'_>) -> Plan {
    let mut needs = vec![
        Requirement::may(
            person,
            text("change {0}", "{0} の変更").with([arg(registry.name())]),
            Plane::Control,
            &["Microsoft.ContainerRegistry/registries/write"],
            registry.id,
        )
        .shows("sy-authorization-failed"),
    ];
    let mut involves = Vec::new();
    let users = registry.all.referrers(registry.id).filter_map(|(it, field)| {
        (it.kind() == Kind::Workspace && field.key == "containerRegistry").then_some(it)
    });
    for workspace in users {
        involves.push(workspace.id);
        needs.push(attach_registry::workspace_uses(workspace, registry).part());
        for cluster in place::of(workspace, Kind::ComputeCluster) {
            involves.push(cluster.id);
            needs.push(
                images::may_pull(&who::managed_identity(cluster), registry)
                    .shows("sy-image-pull")
                    .part(),
            );
        }
        for deployment in place::of(workspace, Kind::ContainerInstanceDeployment) {
            involves.push(deployment.id);
            needs.push(still_deploys(deployment).part());
        }
    }
    setup::plan(registry, person, involves, needs)
}

fn still_deploys(deployment: Subject<'_>) -> Requirement {
    let it = Actor {
        who: None,
        step: Step::pass(
            Hop::Actor,
            text("{0} pulls as the admin user, always", "{0} は常に管理者ユーザーでプル")
                .with([arg(deployment.name())]),
        )
        .at(deployment.id)
        .source("machine-learning/v1/how-to-use-managed-identities"),
    };
    Requirement::said(
        &it,
        text("{0} still pulls its image", "{0} のイメージのプル").with([arg(deployment.name())]),
        vec![
            Step::deny(
                Hop::Credential,
                text(
                    "{0} is deployed to Container Instances, which pull with the admin user only; move it to a managed online endpoint first",
                    "{0} は Container Instances にデプロイされ、管理者ユーザーでしかプルできません。先にマネージド オンライン エンドポイントに移行してください",
                )
                .with([arg(deployment.name())]),
            )
            .at(deployment.id),
        ],
    )
    .shows("sy-aci-inaccessible-image")
}
