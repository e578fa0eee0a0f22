//! The closed default storage of a workspace with batch endpoints that computes can reach at its blobs, but
//! not at its queues and tables, which batch endpoints and `ParallelRunStep` use.
//!
//! Azure docs: "Secure a workspace with virtual networks" (machine-learning/how-to-secure-workspace-vnet),
//! "Workspace managed network isolation" (machine-learning/how-to-managed-network, scenario: batch endpoints).

use std::collections::BTreeSet;

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::{managed::ManagedTarget, service::PublicAccess},
    kinds::{Kind, Subject, workspace::Workspace},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "batch_storage_missing",
    severity: Severity::Warning,
    title: text(
        "No queue or table endpoint for batch",
        "バッチ用のキューまたはテーブルのエンドポイントなし",
    ),
    find,
    source: "machine-learning/how-to-secure-workspace-vnet",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    for batch in context.resources.of(Kind::BatchEndpoint) {
        let Some(workspace) = batch.within(Kind::Workspace) else { continue };
        if !seen.insert(workspace.id) {
            continue;
        }
        let Some(storage) = workspace.follow(Workspace::of(workspace).storage_account) else {
            continue;
        };
        let Some(service) = context.facts.services.get(&storage.id) else { continue };
        let firewall = &service.firewall;
        if firewall.public == PublicAccess::Enabled && firewall.default_allow {
            continue;
        }
        let (groups, managed) = reached(context, workspace, storage);
        // Without a way to the blobs nothing works, and other lints say so.
        if !groups.contains("blob") {
            continue;
        }
        let missing: Vec<&str> =
            ["queue", "table"].into_iter().filter(|it| !groups.contains(*it)).collect();
        if missing.is_empty() {
            continue;
        }
        let words = [
            arg(batch.name()),
            arg(storage.name()),
            arg(missing.join(", ")),
            arg(workspace.name()),
        ];
        let text = if managed {
            text(
                "{0} works with queues and tables of {1}, to which the managed network of {3} has no private endpoint ({2}); add outbound rules for them",
                "{0} は {1} のキューとテーブルを使いますが、{3} のマネージド ネットワークにはそのプライベート エンドポイントがありません ({2})。送信規則を追加してください",
            )
        } else {
            text(
                "{0} works with queues and tables of {1}, which is closed to the public and has a private endpoint for blob, but none for {2}; add one for each",
                "{0} は {1} のキューとテーブルを使いますが、パブリック アクセスが制限されており、blob 以外 ({2}) のプライベート エンドポイントがありません。追加してください",
            )
        };
        all.push(Finding::new([storage.id, batch.id, workspace.id], text.with(words)));
    }
    all
}

/// The sub-resources of `storage` that computes reach privately, and whether a managed network leads there.
fn reached(
    context: &Context<'_>,
    workspace: Subject<'_>,
    storage: Subject<'_>,
) -> (BTreeSet<String>, bool) {
    let Some(managed) = context.facts.managed_networks.get(&workspace.id) else {
        let drawn = context.endpoints_of(storage.id).map(|(_, it)| it.group.to_ascii_lowercase());
        return (drawn.collect(), false);
    };
    let required = managed.required.iter().filter(|(it, _)| *it == storage.id);
    let mut groups: BTreeSet<String> = required.map(|(_, it)| (*it).to_owned()).collect();
    for rule in &managed.rules {
        if let ManagedTarget::PrivateEndpoint { target, group, .. } = &rule.to
            && *target == storage.id
        {
            groups.insert(group.to_ascii_lowercase());
        }
    }
    (groups, true)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{ResourceId, testing::Sketch},
        lints::found,
    };

    // "Queue - Only needed if you plan to use Batch endpoints or the ParallelRunStep", and the same of
    // Table (machine-learning/how-to-secure-workspace-vnet).
    #[test]
    fn what_batch_endpoints_use() {
        for (groups, action, batch, wrong) in [
            (vec!["blob", "file"], "Deny", true, vec!["st1"]),
            (vec!["blob", "queue"], "Deny", true, vec!["st1"]),
            (vec!["blob", "queue", "table"], "Deny", true, vec![]),
            (vec!["blob", "file"], "Deny", false, vec![]),
            (vec!["blob", "file"], "Allow", true, vec![]),
            (vec![], "Deny", true, vec![]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let closed = json!({"networkAcls.defaultAction": action});
            let account = it.add(Kind::StorageAccount, "st1", ResourceId(1), closed);
            let settings = json!({"storageAccount": account.0});
            let workspace = it.add(Kind::Workspace, "ws1", ResourceId(1), settings);
            if batch {
                it.add(Kind::BatchEndpoint, "nightly", workspace, json!({}));
            }
            for group in &groups {
                let settings = json!({"privateLinkServiceId": account.0, "groupId": group});
                it.add(Kind::PrivateEndpoint, &format!("pe-{group}"), subnet, settings);
            }
            assert_eq!(found(&LINT, &it), wrong, "{groups:?} {action} {batch}");
        }
    }

    // The managed network brings blob and file by itself (machine-learning/how-to-managed-network).
    #[test]
    fn a_managed_network_needs_rules() {
        let rule = |group: &str| {
            json!({
                "name": group, "type": "PrivateEndpoint", "destination.serviceResourceId": 4,
                "destination.subresourceTarget": group,
            })
        };
        for (rules, wrong) in [
            (vec![], vec!["st1"]),
            (vec![rule("queue")], vec!["st1"]),
            (vec![rule("queue"), rule("table")], vec![]),
        ] {
            let (mut it, _) = Sketch::subnet();
            let closed = json!({"publicNetworkAccess": "Disabled"});
            let account = it.add(Kind::StorageAccount, "st1", ResourceId(1), closed);
            assert_eq!(account, ResourceId(4));
            let settings = json!({
                "storageAccount": account.0, "managedNetwork.isolationMode": "AllowOnlyApprovedOutbound",
                "managedNetwork.outboundRules": rules,
            });
            let workspace = it.add(Kind::Workspace, "ws1", ResourceId(1), settings);
            it.add(Kind::BatchEndpoint, "nightly", workspace, json!({}));
            assert_eq!(found(&LINT, &it), wrong, "{rules:?}");
        }
    }
}
