//! A private Machine Learning registry without an endpoint in the subnet where a workspace has its own.
//!
//! Azure docs: "Network isolation with Azure Machine Learning registries"
//! (machine-learning/how-to-registry-network-isolation): a workspace uses a private registry through
//! endpoints in the subnet of its own endpoint.

use std::collections::BTreeSet;

use super::{Context, Finding, Lint, Severity};
use crate::{
    kinds::{
        Kind, ResourceId, Subject, common::PublicNetworkAccess,
        machine_learning_registry::MachineLearningRegistry,
    },
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "registry_endpoint_apart",
    severity: Severity::Info,
    title: text(
        "Private registry apart from a workspace",
        "ワークスペースと別の場所にあるプライベート レジストリ",
    ),
    find,
    source: "machine-learning/how-to-registry-network-isolation",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let subnets = |id: ResourceId| -> BTreeSet<ResourceId> {
        context.endpoints_of(id).map(|(_, it)| it.subnet).collect()
    };
    let closed = |it: &Subject<'_>| {
        MachineLearningRegistry::of(*it).public_network_access == PublicNetworkAccess::Disabled
    };
    let registries: Vec<_> = context
        .resources
        .of(Kind::MachineLearningRegistry)
        .filter(closed)
        .map(|it| (it, subnets(it.id)))
        .collect();
    let mut all = Vec::new();
    if registries.is_empty() {
        return all;
    }
    for workspace in context.resources.of(Kind::Workspace) {
        let own = subnets(workspace.id);
        if own.is_empty() {
            continue;
        }
        for (registry, theirs) in &registries {
            if !own.is_disjoint(theirs) {
                continue;
            }
            let names: Vec<&str> = own.iter().map(|it| context.name(*it)).collect();
            let text = text(
                "{1} can use the private registry {0} only through endpoints for it, its storage and its container registry in the subnet of its own endpoint ({2}), and {0} has none there",
                "{1} がプライベート レジストリ {0} を使うには、{0} とそのストレージ、コンテナー レジストリのエンドポイントが {1} のエンドポイントと同じサブネット ({2}) に必要ですが、{0} のエンドポイントがありません",
            )
            .with([arg(registry.name()), arg(workspace.name()), arg(names.join(", "))]);
            all.push(Finding::new([registry.id, workspace.id], text));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    #[test]
    fn endpoints_stand_in_one_subnet() {
        for (access, there, wrong) in [
            ("Disabled", Some(0), vec![]),
            ("Disabled", Some(1), vec!["reg1"]),
            ("Disabled", None, vec!["reg1"]),
            ("Enabled", None, vec![]),
        ] {
            let (mut it, first) = Sketch::subnet();
            let group = ResourceId(1);
            let network = it.all().get(first).and_then(|it| it.parent);
            let settings = json!({"addressPrefix": "10.0.77.0/24"});
            let second = it.add(Kind::Subnet, "other", network, settings);
            let workspace = it.add(Kind::Workspace, "ws1", group, json!({}));
            let settings = json!({"privateLinkServiceId": workspace.0, "groupId": "amlworkspace"});
            it.add(Kind::PrivateEndpoint, "pe-ws", first, settings);
            let settings = json!({"publicNetworkAccess": access});
            let registry = it.add(Kind::MachineLearningRegistry, "reg1", group, settings);
            if let Some(n) = there {
                let settings =
                    json!({"privateLinkServiceId": registry.0, "groupId": "amlregistry"});
                it.add(Kind::PrivateEndpoint, "pe-reg", [first, second][n], settings);
            }
            assert_eq!(found(&LINT, &it), wrong, "{access} {there:?}");
        }
    }
}
