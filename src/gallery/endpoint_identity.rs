//! Managed online endpoints that read a blob, after "Access Azure resources from a managed online
//! endpoint with a managed identity" (Microsoft Learn, 2021-11-04): endpoint and deployment names are
//! the article's.
//!
//! One endpoint has a system-assigned identity, the other a user-assigned one. In the first form the
//! steps that grant roles are left out; in the repaired form they are done.

use serde_json::json;

use super::Draft;
use crate::{
    kinds::{Kind, ResourceId},
    text::text,
};

struct Base {
    user: ResourceId,
    workspace_storage: ResourceId,
    registry: ResourceId,
    account: ResourceId,
    system: ResourceId,
    identity: ResourceId,
}

fn base(draft: &mut Draft) -> Base {
    let user = draft.put(Kind::User, "developer", None, &[]);
    draft.put(Kind::InternetClient, "pc", None, &[("user", json!(user.0))]);
    let subscription = draft.put(Kind::Subscription, "subscription", None, &[]);
    let group = draft.put(Kind::ResourceGroup, "rg-ml", Some(subscription), &[]);
    let workspace_storage = draft.put(Kind::StorageAccount, "mlendpointstorage", Some(group), &[]);
    let vault = draft.put(Kind::KeyVault, "mlendpointvault", Some(group), &[]);
    let registry = draft.put(Kind::ContainerRegistry, "mlendpointacr", Some(group), &[]);
    let account = draft.put(Kind::StorageAccount, "oepstorage", Some(group), &[]);
    let container = draft.put(Kind::BlobContainer, "hellocontainer", Some(account), &[]);
    let identity = draft.put(Kind::UserAssignedIdentity, "oep-user-identity", Some(group), &[]);
    let workspace = draft.put(
        Kind::Workspace,
        "mlendpoints",
        Some(group),
        &[
            ("storageAccount", json!(workspace_storage.0)),
            ("keyVault", json!(vault.0)),
            ("containerRegistry", json!(registry.0)),
        ],
    );
    let system = draft.put(Kind::OnlineEndpoint, "my-sai-endpoint", Some(workspace), &[]);
    let assigned = draft.put(
        Kind::OnlineEndpoint,
        "my-uai-endpoint",
        Some(workspace),
        &[
            ("identity.type", json!("UserAssigned")),
            ("identity.userAssignedIdentities", json!([identity.0])),
        ],
    );
    for endpoint in [system, assigned] {
        draft.put(
            Kind::OnlineDeployment,
            "blue",
            Some(endpoint),
            &[
                ("model", json!("model-1:1")),
                ("codeConfiguration.scoringScript", json!("score_managedidentity.py")),
                ("scoringReads", json!([container.0])),
            ],
        );
    }
    for (name, role) in [
        (text("creates resources", "リソースを作成"), "Contributor"),
        (text("assigns roles", "ロールを割り当て"), "User Access Administrator"),
    ] {
        draft.role(name, user, group, role);
    }
    Base { user, workspace_storage, registry, account, system, identity }
}

/// Without the steps that grant roles.
pub(super) fn first(draft: &mut Draft) {
    base(draft);
}

/// With the roles that the article assigns.
pub(super) fn repaired(draft: &mut Draft) {
    let base = base(draft);
    for (name, principal, scope, role) in [
        (
            text("reads the blob", "BLOB を読み取り"),
            base.system,
            base.account,
            "Storage Blob Data Reader",
        ),
        (
            text("reads the blob", "BLOB を読み取り"),
            base.identity,
            base.account,
            "Storage Blob Data Reader",
        ),
        (text("pulls the image", "イメージをプル"), base.identity, base.registry, "AcrPull"),
        (
            text("reads the model", "モデルを読み取り"),
            base.identity,
            base.workspace_storage,
            "Storage Blob Data Reader",
        ),
    ] {
        let given = draft.role(name, principal, scope, role);
        draft.set(given, "createdBy", json!(base.user.0));
    }
}
