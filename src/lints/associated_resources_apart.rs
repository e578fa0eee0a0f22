//! A workspace with network isolation whose storage, vault, registry or monitoring belongs to another
//! subscription or tenant: managed online endpoints do not work with it.
//!
//! Azure docs: "Network isolation with managed online endpoints"
//! (machine-learning/concept-secure-online-endpoint, limitations).

use super::{Context, Finding, Lint, Severity};
use crate::{
    kinds::{
        Kind, Subject,
        workspace::{IsolationMode, Workspace},
    },
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "associated_resources_apart",
    severity: Severity::Warning,
    title: text(
        "Associated resource in another subscription",
        "別のサブスクリプションの関連リソース",
    ),
    find,
    source: "machine-learning/concept-secure-online-endpoint",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    for it in context.resources.of(Kind::Workspace) {
        let settings = Workspace::of(it);
        let isolated = settings.isolation_mode != IsolationMode::Disabled
            || context.endpoints_of(it.id).next().is_some();
        let Some(home) = it.within(Kind::Subscription).filter(|_| isolated) else { continue };
        for (key, part) in [
            ("storageAccount", settings.storage_account),
            ("keyVault", settings.key_vault),
            ("containerRegistry", settings.container_registry),
            ("applicationInsights", settings.application_insights),
        ] {
            let Some(part) = it.follow(part) else { continue };
            let Some(there) = part.within(Kind::Subscription).filter(|it| it.id != home.id) else {
                continue;
            };
            all.push(finding(it, part, key, home, there));
        }
    }
    all
}

fn finding(
    workspace: Subject<'_>,
    part: Subject<'_>,
    key: &'static str,
    home: Subject<'_>,
    there: Subject<'_>,
) -> Finding {
    let text = text(
        "{0} belongs to {1}, {2} to {3}; with network isolation managed online endpoints need both in one subscription and tenant; move one of them",
        "{0} は {1}、{2} は {3} に属しています。ネットワーク分離を使うマネージド オンライン エンドポイントでは、両方が同じサブスクリプションとテナントにある必要があります。移動してください",
    )
    .with([
        arg(part.name()),
        arg(there.name()),
        arg(workspace.name()),
        arg(home.name()),
    ]);
    Finding::new([workspace.id, part.id], text).field(key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    // "When you use network isolation with online endpoints, you can use workspace-associated resources
    // (...) from a resource group different from that of your workspace. However, these resources must
    // belong to the same subscription and tenant."
    #[test]
    fn one_subscription_for_all() {
        for (elsewhere, isolation, endpoint, wrong) in [
            (false, "AllowInternetOutbound", false, vec![]),
            (true, "Disabled", false, vec![]),
            (true, "AllowInternetOutbound", false, vec!["ws1 keyVault"]),
            (true, "Disabled", true, vec!["ws1 keyVault"]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let first = it.add(Kind::Subscription, "one", None, json!({}));
            let second = it.add(Kind::Subscription, "two", None, json!({}));
            let home = it.add(Kind::ResourceGroup, "rg-one", first, json!({}));
            let sibling = it.add(Kind::ResourceGroup, "rg-more", first, json!({}));
            let away = it.add(Kind::ResourceGroup, "rg-two", second, json!({}));
            let storage = it.add(Kind::StorageAccount, "st1", sibling, json!({}));
            let vault =
                it.add(Kind::KeyVault, "kv1", if elsewhere { away } else { home }, json!({}));
            let settings = json!({
                "storageAccount": storage.0, "keyVault": vault.0,
                "managedNetwork.isolationMode": isolation,
            });
            let workspace = it.add(Kind::Workspace, "ws1", home, settings);
            if endpoint {
                let settings =
                    json!({"privateLinkServiceId": workspace.0, "groupId": "amlworkspace"});
                it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
            }
            assert_eq!(found(&LINT, &it), wrong, "{elsewhere} {isolation} {endpoint}");
        }
    }
}
