//! Storage of a workspace with an attached Kubernetes cluster that has private endpoints, but lets no trusted
//! services in.
//!
//! Azure docs: "Secure Azure Kubernetes Service inferencing environment"
//! (machine-learning/how-to-secure-kubernetes-inferencing-environment): the exception for trusted services
//! stays on where the storage has private endpoints.

use serde_json::json;

use super::{Context, Finding, Lint, Severity};
use crate::{
    design::edit::Edit,
    kinds::{
        Kind,
        attached_kubernetes::AttachedKubernetes,
        common::{DefaultAction, PerimeterNetworkAccess},
        storage_account::{Bypass, StorageAccount},
        workspace::Workspace,
    },
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "kubernetes_storage_closed",
    severity: Severity::Warning,
    title: text(
        "Storage without trusted services, for Kubernetes",
        "信頼されたサービスを許可しない Kubernetes 用ストレージ",
    ),
    find,
    source: "machine-learning/how-to-secure-kubernetes-inferencing-environment",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all: Vec<Finding> = Vec::new();
    for cluster in context.resources.of(Kind::AttachedKubernetes) {
        let workspace = cluster.follow(AttachedKubernetes::of(cluster).workspace);
        let Some(workspace) = workspace.or_else(|| cluster.within(Kind::Workspace)) else {
            continue;
        };
        let storage = workspace.follow(Workspace::of(workspace).storage_account);
        let Some(storage) = storage.filter(|it| it.kind() == Kind::StorageAccount) else {
            continue;
        };
        let settings = StorageAccount::of(storage);
        let open = settings.default_action == DefaultAction::Allow
            && settings.public_network_access == PerimeterNetworkAccess::Enabled;
        let mut bypass = settings.bypass.clone();
        if open
            || bypass.contains(&Bypass::AzureServices)
            || context.endpoints_of(storage.id).next().is_none()
            || all.iter().any(|it| it.at.first() == Some(&storage.id))
        {
            continue;
        }
        let why = text(
            "{0} has private endpoints and lets no trusted services in, but {2} is attached to {1}, which uses it; let trusted services in",
            "{0} はプライベート エンドポイントを持ち、信頼されたサービスを許可していませんが、このストレージを使う {1} に {2} がアタッチされています。信頼されたサービスを許可してください",
        )
        .with([arg(storage.name()), arg(workspace.name()), arg(cluster.name())]);
        bypass.push(Bypass::AzureServices);
        let values: Vec<&str> = bypass.iter().map(|it| it.value()).collect();
        let edit = Edit::Set {
            id: storage.id,
            key: "networkAcls.bypass".to_owned(),
            value: json!(values),
        };
        let title = text("Let trusted services into {0}", "{0} で信頼されたサービスを許可する")
            .with([arg(storage.name())]);
        let finding = Finding::new([storage.id, workspace.id, cluster.id], why);
        all.push(finding.field("networkAcls.bypass").fix(title, edit));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    #[test]
    fn trusted_services_stay_in() {
        for (bypass, access, private, wrong) in [
            (json!(["AzureServices"]), "Disabled", true, vec![]),
            (json!(["Logging"]), "Disabled", true, vec!["st1 networkAcls.bypass"]),
            (json!([]), "Disabled", true, vec!["st1 networkAcls.bypass"]),
            (json!([]), "Enabled", true, vec![]),
            (json!([]), "Disabled", false, vec![]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let group = crate::kinds::ResourceId(1);
            let settings = json!({"networkAcls.bypass": bypass, "publicNetworkAccess": access});
            let storage = it.add(Kind::StorageAccount, "st1", group, settings);
            let workspace =
                it.add(Kind::Workspace, "ws1", group, json!({"storageAccount": storage.0}));
            let settings = json!({"workspace": workspace.0});
            it.add(Kind::AttachedKubernetes, "aks1", subnet, settings);
            if private {
                let settings = json!({"privateLinkServiceId": storage.0, "groupId": "blob"});
                it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
            }
            assert_eq!(found(&LINT, &it), wrong, "{bypass}");
        }
    }
}
