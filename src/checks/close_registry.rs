//! Does everything still work when the workspace's registry is put behind the virtual network?
//!
//! Steps in Azure:
//! 1. somebody changes the registry and approves its private endpoint,
//! 2. the registry must be Premium and let trusted services in,
//! 3. its own tasks cannot build any more: the workspace names a cluster that builds,
//! 4. clusters, deployments and the building cluster reach the login server and the data endpoint
//!    privately.
//!
//! The article of 2020 names template parameters (`containerRegistryBehindVNet` …) and a quota request for
//! the subscription that Microsoft owned; neither is part of today's pages.
//!
//! Azure docs: "Secure an Azure Machine Learning workspace with virtual networks"
//! (machine-learning/how-to-secure-workspace-vnet).

use super::{Actor, Check, Group, Plan, Requirement, build_image, endpoints, images, place, setup};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        common::{DefaultAction, PublicNetworkAccess},
        container_registry::{BypassOptions, ContainerRegistry, Sku},
        private_endpoint::PrivateEndpoint,
        workspace::Workspace,
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.acr.behind_vnet",
    title: text(
        "Put a workspace's registry behind the virtual network",
        "ワークスペースのレジストリを仮想ネットワークの背後に置く",
    ),
    group: Group::Setup,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-secure-workspace-vnet";

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace) {
        let Some(registry) = place::registry(workspace).filter(|it| is_behind(*it)) else {
            continue;
        };
        for person in setup::administrators_or_unknown(registry) {
            plans.push(plan(&person, workspace, registry));
        }
    }
    plans
}

/// Closed to the internet, or with a way in for a network.
fn is_behind(registry: Subject<'_>) -> bool {
    let it = read!(ContainerRegistry, registry);
    it.public_network_access == PublicNetworkAccess::Disabled
        || it.default_action == DefaultAction::Deny
        || registry.all.referrers(registry.id).any(|(it, _)| {
            it.kind() == Kind::PrivateEndpoint
                && read!(PrivateEndpoint, it).target.is_some_and(|it| it.0 == registry.id)
        })
}

fn plan(person: &Actor, workspace: Subject<'_>, registry: Subject<'_>) -> Plan {
    let mut needs = vec![
        Requirement::may(
            person,
            text("change {0} and approve endpoints", "{0} の変更とエンドポイントの承認")
                .with([arg(registry.name())]),
            Plane::Control,
            &[
                "Microsoft.ContainerRegistry/registries/write",
                "Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action",
            ],
            registry.id,
        )
        .shows("sy-authorization-failed"),
        premium(registry),
        trusts(registry),
        build_compute(workspace),
    ];
    let mut involves = vec![workspace.id];
    for cluster in place::of(workspace, Kind::ComputeCluster) {
        involves.push(cluster.id);
        needs.extend(pulls(cluster, registry));
    }
    for it in endpoints::managed(registry.all) {
        if it.workspace.id == workspace.id {
            involves.push(it.deployment.id);
            needs.extend(pulls(it.deployment, registry));
        }
    }
    let mut plan = setup::plan(registry, person, involves, needs);
    plan.subject = text("{0}, for {1}", "{1} 用の {0}")
        .with([setup::by(registry, person).into(), arg(workspace.name())]);
    plan.notes.push(
        text(
            "out of date in the article of 2020: no quota request is needed, and the template parameters have other names today",
            "2020 年の記事の記載は古くなっています。クォータ要求は不要で、テンプレートのパラメーター名も変わっています",
        )
        .into(),
    );
    plan
}

fn pulls<'a>(from: Subject<'a>, registry: Subject<'a>) -> impl Iterator<Item = Requirement> {
    images::pull_flows(from, registry).into_iter().map(|it| it.shows("sy-acr-unreachable"))
}

fn premium(registry: Subject<'_>) -> Requirement {
    let ok = read!(ContainerRegistry, registry).sku == Sku::Premium;
    let name = || arg(registry.name());
    let step = if ok {
        Step::pass(Hop::ServiceMode, text("{0} is Premium", "{0} は Premium です").with([name()]))
    } else {
        Step::deny(
            Hop::ServiceMode,
            text(
                "{0} is not Premium, which private endpoints and firewall rules need",
                "{0} は Premium ではありません。プライベート エンドポイントとファイアウォール規則には Premium が必要です",
            )
            .with([name()]),
        )
    };
    Requirement::mode(
        text("SKU of {0}", "{0} の SKU").with([name()]),
        vec![step.at(registry.id).source("container-registry/container-registry-private-link")],
    )
    .shows("sy-not-supported")
    .or_set(
        text("Make {0} Premium", "{0} の SKU を Premium にする").with([name()]),
        registry.id,
        "sku.name",
        "Premium".into(),
    )
}

fn trusts(registry: Subject<'_>) -> Requirement {
    let ok = read!(ContainerRegistry, registry).bypass_options == BypassOptions::AzureServices;
    let name = || arg(registry.name());
    let step = if ok {
        Step::pass(
            Hop::DestinationFirewall,
            text("{0} lets trusted services in", "{0} は信頼されたサービスを許可します")
                .with([name()]),
        )
    } else {
        Step::deny(
            Hop::DestinationFirewall,
            text(
                "{0} lets no trusted services in, so Azure Machine Learning does not reach it",
                "{0} は信頼されたサービスを許可していないため、Azure Machine Learning から到達できません",
            )
            .with([name()]),
        )
    };
    Requirement::mode(
        text("trusted services of {0}", "{0} の信頼されたサービス").with([name()]),
        vec![step.at(registry.id).source("container-registry/allow-access-trusted-services")],
    )
    .shows("sy-acr-unreachable")
    .or_set(
        text("Let trusted services into {0}", "{0} で信頼されたサービスを許可する").with([name()]),
        registry.id,
        "networkRuleBypassOptions",
        "AzureServices".into(),
    )
}

fn build_compute(workspace: Subject<'_>) -> Requirement {
    let set = workspace.follow(read!(Workspace, workspace).image_build_compute);
    let clusters = place::of(workspace, Kind::ComputeCluster);
    let name = || arg(workspace.name());
    let step = match set {
        Some(it) if clusters.iter().all(|own| own.id != it.id) => Step::deny(
            Hop::ServiceMode,
            text(
                "{0} is no compute cluster of {1}, which can build on its own clusters only",
                "{0} は {1} のコンピューティング クラスターではありません。ビルドに使えるのは自身のクラスターだけです",
            )
            .with([arg(it.name()), name()]),
        ),
        Some(it) => build_image::with_gpu(it).unwrap_or_else(|| Step::pass(
            Hop::ServiceMode,
            text("{0} builds images of {1}", "{0} で {1} のイメージをビルドします")
                .with([arg(it.name()), name()]),
        )),
        None if clusters.is_empty() => Step::deny(
            Hop::ServiceMode,
            text(
                "{0} has no compute cluster to build images on; add one and set imageBuildCompute",
                "{0} にはイメージをビルドするクラスターがありません。追加して imageBuildCompute に指定してください",
            )
            .with([name()]),
        ),
        None => Step::deny(
            Hop::ServiceMode,
            text(
                "{0} names no cluster that builds images, and the registry's own tasks cannot (imageBuildCompute)",
                "{0} にイメージをビルドするクラスターが指定されておらず、レジストリのタスクではビルドできません (imageBuildCompute)",
            )
            .with([name()]),
        ),
    };
    let mut need = Requirement::mode(
        text("image build compute of {0}", "{0} のイメージ ビルド コンピューティング")
            .with([name()]),
        vec![step.at(workspace.id).source(SOURCE)],
    )
    .shows("sy-image-build-network");
    for cluster in clusters.into_iter().filter(|it| build_image::with_gpu(*it).is_none()) {
        need = need.or_set(
            text("Build images of {0} on {1}", "{0} のイメージを {1} でビルドする")
                .with([name(), arg(cluster.name())]),
            workspace.id,
            "imageBuildCompute",
            cluster.id.0.into(),
        );
    }
    need
}
