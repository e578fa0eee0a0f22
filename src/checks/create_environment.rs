//! Can somebody create an environment in a Machine Learning registry?
//!
//! Like any asset it takes the right to write assets. Its image would go to the container registry that Azure
//! made with the registry, and "creating an environment asset isn't supported in a private registry where
//! associated ACR has public access disabled": it is created in a workspace then, and shared.
//!
//! Azure docs: "Network isolation with Azure Machine Learning registries"
//! (machine-learning/how-to-registry-network-isolation).

use super::{Actor, Check, Group, Plan, Requirement, setup, use_registry};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject, common::PublicNetworkAccess,
        machine_learning_registry::MachineLearningRegistry,
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "registry.environment.create",
    title: text(
        "Create an environment in a Machine Learning registry",
        "Machine Learning レジストリに環境を作成する",
    ),
    group: Group::Setup,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-registry-network-isolation";

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for registry in all.of(Kind::MachineLearningRegistry) {
        let settings = read!(MachineLearningRegistry, registry);
        let Some(by) = registry.follow(settings.used_by).filter(|_| settings.writes_assets) else {
            continue;
        };
        let actor = Actor::is(by.id, use_registry::acts(by), "");
        let needs = vec![
            Requirement::may(
                &actor,
                text("create assets in {0}", "{0} でのアセットの作成").with([arg(registry.name())]),
                Plane::Control,
                use_registry::WRITE,
                registry.id,
            )
            .shows("sy-authorization-failed"),
            takes_images(registry, &settings),
        ];
        plans.push(setup::plan(registry, &actor, [], needs));
    }
    plans
}

fn takes_images(registry: Subject<'_>, settings: &MachineLearningRegistry) -> Requirement {
    let private = settings.public_network_access == PublicNetworkAccess::Disabled;
    let name = || [arg(registry.name())];
    let step = match settings.container_registry_access {
        Some(PublicNetworkAccess::Disabled) => Step::deny(
            Hop::ServiceMode,
            text(
                "the container registry of {0} has public network access disabled, so no environment can be created in it; create the environment in a workspace and share it to {0}",
                "{0} のコンテナー レジストリはパブリック ネットワーク アクセスが無効のため、環境を作成できません。ワークスペースで環境を作成し、{0} に共有してください",
            )
            .with(name()),
        ),
        // Who closes the one is told to close the other as well.
        None if private => Step::unknown(
            Hop::ServiceMode,
            text(
                "the design does not say whether the container registry of {0} has public network access (containerRegistryPublicNetworkAccess)",
                "{0} のコンテナー レジストリのパブリック ネットワーク アクセスがデザインにありません (containerRegistryPublicNetworkAccess)",
            )
            .with(name()),
        ),
        Some(PublicNetworkAccess::Enabled) => Step::pass(
            Hop::ServiceMode,
            text(
                "the container registry of {0} has public network access enabled",
                "{0} のコンテナー レジストリはパブリック ネットワーク アクセスが有効です",
            )
            .with(name()),
        ),
        None => Step::pass(
            Hop::ServiceMode,
            text(
                "{0} is open to the public, and so is the container registry that Azure makes with it",
                "{0} はパブリックに公開されており、一緒に作成されるコンテナー レジストリも同様です",
            )
            .with(name()),
        )
        .assumed(),
    };
    Requirement::mode(
        text("container registry of {0}", "{0} のコンテナー レジストリ").with(name()),
        vec![step.at(registry.id).source(SOURCE)],
    )
    .or_set(
        text(
            "Enable public network access of the container registry of {0}",
            "{0} のコンテナー レジストリのパブリック ネットワーク アクセスを有効にする",
        )
        .with(name()),
        registry.id,
        "containerRegistryPublicNetworkAccess",
        PublicNetworkAccess::Enabled.value().into(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        checks::Ask,
        kinds::{ResourceId, testing::Sketch},
        solve::{Outcome, Trace},
    };

    #[test]
    fn environments_need_a_public_container_registry() {
        for (access, container, expected) in [
            ("Enabled", None, Outcome::Allowed),
            ("Enabled", Some("Disabled"), Outcome::Denied),
            ("Disabled", None, Outcome::Unknown),
            ("Disabled", Some("Enabled"), Outcome::Allowed),
            ("Disabled", Some("Disabled"), Outcome::Denied),
        ] {
            let (mut it, _) = Sketch::network();
            let user = it.add(Kind::User, "ana", None, json!({}));
            let settings = json!({
                "usedBy": user.0, "publicNetworkAccess": access,
                "containerRegistryPublicNetworkAccess": container,
            });
            it.add(Kind::MachineLearningRegistry, "mlreg", ResourceId(1), settings);
            let plans = (CHECK.plans)(it.all());
            let [plan] = &plans[..] else { panic!("{}", plans.len()) };
            let said = plan.needs.iter().find_map(|it| match &it.ask {
                Ask::Said(steps) => Some(Trace { steps: steps.clone() }.outcome()),
                _ => None,
            });
            assert_eq!(said, Some(expected), "{access} {container:?}");
        }
    }
}
