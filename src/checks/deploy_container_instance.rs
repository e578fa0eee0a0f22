//! Can a registered model be deployed to Azure Container Instances (v1)?
//!
//! Steps in Azure:
//! 1. somebody with the right to write such services deploys,
//! 2. the image is always pulled with the registry's admin user: no role replaces it, although plain
//!    Container Instances can pull with a managed identity,
//! 3. they pull over the registry's public endpoint,
//! 4. it does not work with a workspace that has a private endpoint, nor in a virtual network.
//!
//! Azure docs: "Deploy a model to Azure Container Instances (v1)"
//! (machine-learning/v1/how-to-deploy-azure-container-instance), "Use managed identities with Azure
//! Machine Learning (v1)" (machine-learning/v1/how-to-use-managed-identities).

use serde_json::json;

use super::{Actor, Check, Group, Plan, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject, container_registry::ContainerRegistry},
    solve::{
        Hop, Step,
        flow::{Destination, Flow, Origin},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "aci.v1.deploy",
    title: text("Deploy to Container Instances (v1)", "Container Instances にデプロイする (v1)"),
    group: Group::Endpoint,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/v1/how-to-use-managed-identities";

fn plans(all: &Resources) -> Vec<Plan> {
    all.of(Kind::ContainerInstanceDeployment)
        .filter_map(|it| Some((it, place::workspace_of(it)?)))
        .map(|(deployment, workspace)| {
            let registry = place::registry(workspace);
            let mut needs = vec![not_private(deployment, workspace)];
            needs.extend(who::people(deployment).iter().map(|person| {
                Requirement::may(
                    person,
                    text("deploy services of {0}", "{0} のサービスのデプロイ")
                        .with([arg(workspace.name())]),
                    Plane::Control,
                    &["Microsoft.MachineLearningServices/workspaces/services/aci/write"],
                    workspace.id,
                )
                .shows("sy-authorization-failed")
            }));
            needs.extend(registry.into_iter().flat_map(reached));
            needs.extend(registry.map(admin_user));
            let mut involves = vec![deployment.id, workspace.id];
            involves.extend(registry.map(|it| it.id));
            Plan {
                subject: place::from_to(workspace, deployment),
                from: deployment.id,
                involves,
                needs,
                notes: Vec::new(),
            }
        })
        .collect()
}

/// Container Instances pull over the public endpoint, from Azure's own addresses.
fn reached(registry: Subject<'_>) -> [Requirement; 2] {
    let reach = |face| {
        Requirement::flow(
            text(
                "Container Instances reach {0} ({1})",
                "Container Instances から {0} ({1}) への到達",
            )
            .with([arg(registry.name()), arg(face)]),
            Flow::https(
                Origin::Service("AzureCloud"),
                Destination::Face { resource: registry.id, face },
            ),
        )
        .shows("sy-aci-inaccessible-image")
    };
    [reach("login"), reach("data").part()]
}

fn admin_user(registry: Subject<'_>) -> Requirement {
    let on = read!(ContainerRegistry, registry).admin_user_enabled;
    let name = || arg(registry.name());
    let step = if on {
        Step::pass(
            Hop::Credential,
            text("the admin user of {0} is on", "{0} の管理者ユーザーは有効です").with([name()]),
        )
    } else {
        Step::deny(
            Hop::Credential,
            text(
                "the admin user of {0} is off, and Container Instances pull with nothing else; turn it on, or use a managed online endpoint",
                "{0} の管理者ユーザーが無効です。Container Instances のプルには管理者ユーザーが必要です。有効にするか、マネージド オンライン エンドポイントを使ってください",
            )
            .with([name()]),
        )
    };
    let admin = Actor {
        who: None,
        step: Step::pass(
            Hop::Actor,
            text("the admin user of {0} acts, always", "常に {0} の管理者ユーザーで実行")
                .with([name()]),
        )
        .at(registry.id)
        .source(SOURCE),
    };
    Requirement::said(
        &admin,
        text("pull images of {0}", "{0} のイメージのプル").with([name()]),
        vec![step.at(registry.id).source(SOURCE)],
    )
    .shows("sy-aci-inaccessible-image")
    .or_set(
        text("Turn the admin user of {0} on", "{0} の管理者ユーザーを有効にする").with([name()]),
        registry.id,
        "adminUserEnabled",
        json!(true),
    )
}

fn not_private(deployment: Subject<'_>, workspace: Subject<'_>) -> Requirement {
    const PAGE: &str = "machine-learning/v1/how-to-deploy-azure-container-instance";
    let private = place::is_private(workspace);
    let in_network = deployment.within(Kind::VirtualNetwork).is_some();
    let hop = Hop::ServiceMode;
    let step = if private {
        Step::deny(
            hop,
            text(
                "{0} has a private endpoint, with which Container Instances are not supported",
                "{0} にはプライベート エンドポイントがあり、Container Instances はサポートされません",
            )
            .with([arg(workspace.name())]),
        )
    } else if in_network {
        Step::deny(
            hop,
            text(
                "{0} stands in a virtual network, which is not supported",
                "{0} は仮想ネットワーク内にありますが、サポートされません",
            )
            .with([arg(deployment.name())]),
        )
    } else {
        Step::pass(hop, text("neither is in a virtual network", "仮想ネットワークを使っていません"))
    };
    Requirement::mode(
        text("outside virtual networks", "仮想ネットワークの外であること"),
        vec![step.at(deployment.id).source(PAGE)],
    )
    .shows("sy-not-supported")
}
