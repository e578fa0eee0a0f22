//! A service's firewall names a subnet that has no service endpoint for it. Azure refuses the rule
//! (`SubnetsHaveNoServiceEndpointsConfigured`); without the endpoint the service would not see the subnet.
//!
//! Azure docs: "Virtual network service endpoints" (virtual-network/virtual-network-service-endpoints-
//! overview).

use serde_json::json;

use super::{Context, Finding, Lint, Severity};
use crate::{
    design::edit::Edit,
    kinds::{Kind, key_vault::KeyVault, storage_account::StorageAccount},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "service_endpoint_missing",
    severity: Severity::Error,
    title: text(
        "Network rule without a service endpoint",
        "サービス エンドポイントのない仮想ネットワーク規則",
    ),
    find,
    source: "virtual-network/virtual-network-service-endpoints-overview",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let storage = context.resources.of(Kind::StorageAccount).map(|it| {
        (it, StorageAccount::of(it).virtual_network_rules.clone(), "Storage", "Microsoft.Storage")
    });
    let vaults = context.resources.of(Kind::KeyVault).map(|it| {
        (it, KeyVault::of(it).virtual_network_rules.clone(), "AzureKeyVault", "Microsoft.KeyVault")
    });
    let mut all = Vec::new();
    for (service, rules, tag, provider) in storage.chain(vaults) {
        for (n, rule) in rules.iter().enumerate() {
            let Some(facts) = context.facts.subnets.get(&rule.0) else { continue };
            let Some(subnet) = context.resources.subject(rule.0) else { continue };
            if facts.service_endpoints.iter().any(|it| it.tag == tag) {
                continue;
            }
            let names = [arg(service.name()), arg(subnet.name()), arg(provider)];
            let words = text(
                "{0} admits {1}, which has no service endpoint {2}, so Azure refuses the rule; add the endpoint to the subnet",
                "{0} は {1} を許可していますが、{1} にサービス エンドポイント {2} がないため、規則を追加できません。サブネットにサービス エンドポイントを追加してください",
            );
            let finding = Finding::new([service.id, subnet.id], words.with(names.clone()))
                .field(format!("networkAcls.virtualNetworkRules[{n}]"));
            let item = json!(provider);
            all.push(if subnet.has_item("serviceEndpoints", &item) {
                finding
            } else {
                let title = text("Add {2} to {1}", "{1} に {2} を追加する").with(names);
                let key = "serviceEndpoints".to_owned();
                finding.fix(title, Edit::AddItem { id: subnet.id, key, item })
            });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kinds::{ResourceId, testing::Sketch},
        lints::found,
    };

    #[test]
    fn both_halves() {
        let rule = "it networkAcls.virtualNetworkRules[0]";
        for (kind, endpoints, wrong) in [
            (Kind::StorageAccount, json!([]), vec![rule]),
            (Kind::StorageAccount, json!(["Microsoft.KeyVault"]), vec![rule]),
            (Kind::StorageAccount, json!(["Microsoft.Storage"]), vec![]),
            (Kind::StorageAccount, json!(["Microsoft.Storage.Global"]), vec![]),
            (Kind::KeyVault, json!(["Microsoft.KeyVault"]), vec![]),
            (Kind::KeyVault, json!([]), vec![rule]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            it.set(subnet, "serviceEndpoints", endpoints.clone());
            let settings = json!({"networkAcls.virtualNetworkRules": [subnet.0]});
            it.add(kind, "it", ResourceId(1), settings);
            assert_eq!(found(&LINT, &it), wrong, "{kind:?} {endpoints}");
        }
    }
}
