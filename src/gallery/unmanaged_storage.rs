//! A storage account that the workspace does not manage, behind its firewall, read by identity: after
//! "Accessing unmanaged storage by MSI in Azure ML" (2020-05-26).
//!
//! As in the article: the datastore is registered with `grant_workspace_access` and without validation,
//! roles are given to the user and to the workspace, and automated ML of SDK v1 fails all the same. The
//! repaired form stores the account key and gives the computes a way to the account.

use serde_json::json;

use super::Draft;
use crate::{
    kinds::{Kind, ResourceId},
    text::text,
};

struct Base {
    workspace: ResourceId,
    account: ResourceId,
    datastore: ResourceId,
}

fn base(draft: &mut Draft) -> Base {
    let user = draft.put(Kind::User, "me", None, &[]);
    draft.put(Kind::InternetClient, "pc", None, &[("user", json!(user.0))]);
    let subscription = draft.put(Kind::Subscription, "subscription", None, &[]);
    let group = draft.put(Kind::ResourceGroup, "rg-ml", Some(subscription), &[]);
    let storage = draft.put(Kind::StorageAccount, "mlworkspacestorage", Some(group), &[]);
    let vault = draft.put(Kind::KeyVault, "mlworkspacevault", Some(group), &[]);
    let account = draft.put(
        Kind::StorageAccount,
        "unmanagedstorage",
        Some(group),
        &[
            ("networkAcls.defaultAction", json!("Deny")),
            ("networkAcls.bypass", json!(["AzureServices"])),
        ],
    );
    let container = draft.put(Kind::BlobContainer, "data", Some(account), &[]);
    let workspace = draft.put(
        Kind::Workspace,
        "mlworkspace",
        Some(group),
        &[
            ("storageAccount", json!(storage.0)),
            ("keyVault", json!(vault.0)),
            ("createdBefore20241119", json!(true)),
        ],
    );
    let datastore = draft.put(
        Kind::Datastore,
        "unmanaged_blob",
        Some(workspace),
        &[
            ("accountName", json!(account.0)),
            ("containerName", json!(container.0)),
            ("serviceDataAccessAuthIdentity", json!("WorkspaceSystemAssignedIdentity")),
            ("skipValidation", json!(true)),
        ],
    );
    let cluster = draft.put(Kind::ComputeCluster, "cpu-cluster", Some(workspace), &[]);
    draft.put(
        Kind::Job,
        "automl",
        Some(workspace),
        &[
            ("jobType", json!("AutoML")),
            ("submittedBy", json!(user.0)),
            ("submittedWith", json!("v1")),
            ("computeId", json!(cluster.0)),
            ("reads", json!([datastore.0])),
        ],
    );
    draft.put(
        Kind::Job,
        "profile",
        Some(workspace),
        &[
            ("jobType", json!("DatasetProfile")),
            ("submittedBy", json!(user.0)),
            ("submittedWith", json!("studio")),
            ("computeId", json!(cluster.0)),
            ("reads", json!([datastore.0])),
        ],
    );
    for (name, principal, scope, role) in [
        (text("works in the group", "グループ内で作業"), user, group, "Contributor"),
        (
            text("reads and writes data", "データを読み書き"),
            user,
            account,
            "Storage Blob Data Contributor",
        ),
        (
            text("reads and writes data", "データを読み書き"),
            workspace,
            account,
            "Storage Blob Data Contributor",
        ),
    ] {
        draft.role(name, principal, scope, role);
    }
    Base { workspace, account, datastore }
}

/// As the article tried it.
pub(super) fn first(draft: &mut Draft) {
    base(draft);
}

/// With a stored key and a managed network that leads to the account.
pub(super) fn repaired(draft: &mut Draft) {
    let base = base(draft);
    draft.set(base.datastore, "credentials.credentialsType", json!("AccountKey"));
    draft.set(base.workspace, "managedNetwork.isolationMode", json!("AllowInternetOutbound"));
    draft.set(base.workspace, "managedNetwork.status.status", json!("Active"));
    draft.set(
        base.workspace,
        "managedNetwork.outboundRules",
        json!([{
            "name": "unmanaged-blob",
            "type": "PrivateEndpoint",
            "destination.serviceResourceId": base.account.0,
            "destination.subresourceTarget": "blob",
            "status": "Active",
        }]),
    );
}
