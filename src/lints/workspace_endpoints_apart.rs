//! Private endpoints of a workspace's storage, vault or registry that stand in no network where the
//! workspace has one. Studio then reaches one of the two only, and so do computes.
//!
//! Azure docs: "Configure a private endpoint for a workspace" (machine-learning/how-to-configure-private-
//! link, multiple private endpoints), "Use studio in a virtual network"
//! (machine-learning/how-to-enable-studio-virtual-network, limitations).

use std::collections::BTreeSet;

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::ResourceId,
    kinds::{Kind, workspace::Workspace},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "workspace_endpoints_apart",
    severity: Severity::Warning,
    title: text(
        "Private endpoints in different networks",
        "別々のネットワークにあるプライベート エンドポイント",
    ),
    find,
    source: "machine-learning/how-to-configure-private-link",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    for it in context.resources.of(Kind::Workspace) {
        let own = context.networks_of(it.id);
        if own.is_empty() {
            continue;
        }
        let settings = Workspace::of(it);
        for (key, part) in [
            ("storageAccount", settings.storage_account),
            ("keyVault", settings.key_vault),
            ("containerRegistry", settings.container_registry),
        ] {
            let Some(part) = it.follow(part) else { continue };
            let theirs = context.networks_of(part.id);
            if theirs.is_empty() || !theirs.is_disjoint(&own) {
                continue;
            }
            let names = |all: &BTreeSet<ResourceId>| {
                let names: Vec<&str> = all.iter().map(|it| context.name(*it)).collect();
                arg(names.join(", "))
            };
            let text = text(
                "{0} has private endpoints in {1}, its {2} only in {3}; one network must hold both, or Studio cannot use the data; add an endpoint for {2} in {1}",
                "{0} のプライベート エンドポイントは {1} に、{2} のものは {3} にしかありません。同じネットワークにないとスタジオでデータを使えません。{1} に {2} のエンドポイントを追加してください",
            )
            .with([arg(it.name()), names(&own), arg(part.name()), names(&theirs)]);
            all.push(Finding::new([it.id, part.id], text).field(key));
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
    fn one_network_must_hold_both() {
        for (storage_in, wrong) in [
            (vec![0], vec![]),
            (vec![1], vec!["ws1 storageAccount"]),
            (vec![0, 1], vec![]),
            (vec![], vec![]),
        ] {
            let (mut it, first) = Sketch::subnet();
            let group = ResourceId(1);
            let settings = json!({"addressSpace.addressPrefixes": ["10.9.0.0/16"]});
            let other = it.add(Kind::VirtualNetwork, "other", group, settings);
            let settings = json!({"addressPrefix": "10.9.1.0/24"});
            let second = it.add(Kind::Subnet, "there", other, settings);
            let account = it.add(Kind::StorageAccount, "st1", group, json!({}));
            let settings = json!({"storageAccount": account.0});
            let workspace = it.add(Kind::Workspace, "ws1", group, settings);
            let settings = json!({"privateLinkServiceId": workspace.0, "groupId": "amlworkspace"});
            it.add(Kind::PrivateEndpoint, "pe-ws", first, settings);
            for n in &storage_in {
                let subnet = [first, second][*n];
                let settings = json!({"privateLinkServiceId": account.0, "groupId": "blob"});
                it.add(Kind::PrivateEndpoint, &format!("pe-st{n}"), subnet, settings);
            }
            assert_eq!(found(&LINT, &it), wrong, "{storage_in:?}");
        }
    }
}
