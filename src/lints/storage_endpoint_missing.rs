//! A closed storage account with a private endpoint for one of its services and none for another that is
//! needed with it: blob and file for a workspace, blob beside dfs for hierarchical namespaces.
//!
//! Azure docs: "Secure a workspace with virtual networks" (machine-learning/how-to-secure-workspace-vnet),
//! "Use private endpoints for Azure Storage" (storage/common/storage-private-endpoints).

use std::collections::BTreeSet;

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::service::PublicAccess,
    kinds::{Kind, storage_account::StorageAccount},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "storage_endpoint_missing",
    severity: Severity::Warning,
    title: text("Storage endpoint missing", "不足しているストレージのエンドポイント"),
    find,
    source: "storage/common/storage-private-endpoints",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    for it in context.resources.of(Kind::StorageAccount) {
        let Some(service) = context.facts.services.get(&it.id) else { continue };
        let firewall = &service.firewall;
        if firewall.public == PublicAccess::Enabled && firewall.default_allow {
            continue;
        }
        let groups: BTreeSet<String> =
            context.endpoints_of(it.id).map(|(_, it)| it.group.to_ascii_lowercase()).collect();
        let has = |group: &str| groups.contains(group);
        let default = context
            .resources
            .referrers(it.id)
            .any(|(it, field)| it.kind() == Kind::Workspace && field.key == "storageAccount");
        let mut pairs = Vec::new();
        if default {
            pairs.extend([("blob", "file"), ("file", "blob")]);
        }
        if StorageAccount::of(it).is_hns_enabled {
            pairs.extend([("dfs", "blob"), ("blob", "dfs")]);
        }
        let mut missing: Vec<(&str, &str)> =
            pairs.into_iter().filter(|(a, b)| has(a) && !has(b)).collect();
        missing.dedup_by_key(|it| it.1);
        for (there, missing) in missing {
            let text = text(
                "{0} is closed to the public and has a private endpoint for {1}, but none for {2}, which is used with it; add one",
                "{0} はパブリック アクセスを制限していますが、プライベート エンドポイントは {1} にしかなく、一緒に使われる {2} にはありません。追加してください",
            )
            .with([arg(it.name()), arg(there), arg(missing)]);
            all.push(Finding::new([it.id], text));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{ResourceId, testing::Sketch},
        lints::found,
    };

    #[test]
    fn services_that_go_together() {
        for (groups, default, hns, action, findings) in [
            (vec!["blob"], true, false, "Deny", 1),
            (vec!["file"], true, false, "Deny", 1),
            (vec!["blob", "file"], true, false, "Deny", 0),
            (vec![], true, false, "Deny", 0),
            (vec!["blob"], false, false, "Deny", 0),
            (vec!["blob"], true, false, "Allow", 0),
            (vec!["dfs"], false, true, "Deny", 1),
            (vec!["blob"], false, true, "Deny", 1),
            (vec!["blob", "dfs"], false, true, "Deny", 0),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let settings = json!({"networkAcls.defaultAction": action, "isHnsEnabled": hns});
            let account = it.add(Kind::StorageAccount, "st1", ResourceId(1), settings);
            if default {
                let settings = json!({"storageAccount": account.0});
                it.add(Kind::Workspace, "ws1", ResourceId(1), settings);
            }
            for group in &groups {
                let settings = json!({"privateLinkServiceId": account.0, "groupId": group});
                it.add(Kind::PrivateEndpoint, &format!("pe-{group}"), subnet, settings);
            }
            assert_eq!(found(&LINT, &it).len(), findings, "{groups:?} {default} {hns} {action}");
        }
    }
}
