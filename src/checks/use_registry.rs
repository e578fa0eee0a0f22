//! Can somebody use the assets of a Machine Learning registry?
//!
//! A registry is a resource of its own: roles on workspaces, such as AzureML Data Scientist, do not cover
//! it. AzureML Registry User is the role for it.
//!
//! Azure docs: "Manage access to an Azure Machine Learning workspace" (machine-learning/how-to-assign-roles).

use super::{Actor, Check, Group, Plan, Requirement, setup};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject, common::PublicNetworkAccess,
        machine_learning_registry::MachineLearningRegistry,
    },
    text::{Message, arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "registry.use",
    title: text(
        "Use assets of a Machine Learning registry",
        "Machine Learning レジストリのアセットを使う",
    ),
    group: Group::Setup,
    source: "machine-learning/how-to-assign-roles",
    plans,
};

const READ: &[&str] = &[
    "Microsoft.MachineLearningServices/registries/read",
    "Microsoft.MachineLearningServices/registries/assets/read",
];

pub(super) const WRITE: &[&str] = &["Microsoft.MachineLearningServices/registries/assets/write"];

/// Why it is they who act.
pub(super) fn acts(by: Subject<'_>) -> Message {
    text("{0} acts: uses the registry", "{0} として実行: レジストリを利用するユーザー")
        .with([arg(by.name())])
}

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for registry in all.of(Kind::MachineLearningRegistry) {
        let settings = read!(MachineLearningRegistry, registry);
        let Some(by) = registry.follow(settings.used_by) else { continue };
        let actor = Actor::is(by.id, acts(by), "");
        let name = || [arg(registry.name())];
        let may = |what, actions| {
            Requirement::may(&actor, what, Plane::Control, actions, registry.id)
                .shows("sy-authorization-failed")
        };
        let mut needs =
            vec![may(text("read assets of {0}", "{0} のアセットの読み取り").with(name()), READ)];
        if settings.writes_assets {
            needs.push(may(
                text("share assets in {0}", "{0} へのアセットの共有").with(name()),
                WRITE,
            ));
        }
        let mut plan = setup::plan(registry, &actor, [], needs);
        if settings.public_network_access == PublicNetworkAccess::Disabled {
            plan.notes.push(
                text(
                    "Studio shows only the models of a private registry; use the CLI or the SDK for its other assets (machine-learning/how-to-registry-network-isolation)",
                    "プライベート レジストリのアセットのうち、スタジオに表示されるのはモデルのみです。その他のアセットには CLI または SDK を使ってください (machine-learning/how-to-registry-network-isolation)",
                )
                .into(),
            );
        }
        plans.push(plan);
    }
    plans
}
