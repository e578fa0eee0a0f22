//! Registries and computes that work by managed identity, after "Use managed identities with Azure
//! Machine Learning (preview)" (Microsoft Learn, 2021-03-20).
//!
//! The workspace brings its own registry with the admin user off; a private registry holds base images.
//! In the first form the cluster was made before the registry and nobody has given the roles that Azure
//! does not give by itself; in the repaired form they are there.

use serde_json::json;

use super::Draft;
use crate::{
    kinds::{Kind, ResourceId},
    text::text,
};

struct Base {
    admin: ResourceId,
    workspace: ResourceId,
    registry: ResourceId,
    private: ResourceId,
    cluster: ResourceId,
    identity: ResourceId,
    environment: ResourceId,
    aci: ResourceId,
}

fn base(draft: &mut Draft) -> Base {
    let user = draft.put(Kind::User, "ml-admin", None, &[]);
    let subscription = draft.put(Kind::Subscription, "subscription", None, &[]);
    let group = draft.put(Kind::ResourceGroup, "rg-ml", Some(subscription), &[]);
    let shared = draft.put(Kind::ResourceGroup, "rg-shared", Some(subscription), &[]);
    let storage = draft.put(Kind::StorageAccount, "mlidentitystorage", Some(group), &[]);
    let vault = draft.put(Kind::KeyVault, "mlidentityvault", Some(group), &[]);
    let registry = draft.put(
        Kind::ContainerRegistry,
        "mlworkspaceacr",
        Some(group),
        &[("adminUserEnabled", json!(false))],
    );
    let private = draft.put(Kind::ContainerRegistry, "privateacr", Some(shared), &[]);
    let identity = draft.put(Kind::UserAssignedIdentity, "id-base-images", Some(shared), &[]);
    let workspace = draft.put(
        Kind::Workspace,
        "mlidentity",
        Some(group),
        &[
            ("storageAccount", json!(storage.0)),
            ("keyVault", json!(vault.0)),
            ("containerRegistry", json!(registry.0)),
        ],
    );
    let cluster = draft.put(
        Kind::ComputeCluster,
        "cpucluster",
        Some(workspace),
        &[("identity.type", json!("SystemAssigned"))],
    );
    let aci = draft.put(Kind::ContainerInstanceDeployment, "aci-test", Some(workspace), &[]);
    draft.put(
        Kind::EnvironmentImage,
        "private-as-is",
        Some(workspace),
        &[
            ("imageSource", json!("PrivateImage")),
            ("registry", json!(private.0)),
            ("image", json!("team/train:1")),
            ("userManagedDependencies", json!(true)),
        ],
    );
    let environment = draft.put(
        Kind::EnvironmentImage,
        "my-env",
        Some(workspace),
        &[
            ("imageSource", json!("PrivateBaseImage")),
            ("registry", json!(private.0)),
            ("image", json!("my-repo/my-image:latest")),
        ],
    );
    draft.role(
        text("works in the workspace", "ワークスペースで作業"),
        user,
        workspace,
        "AzureML Data Scientist",
    );
    let engineer = draft.put(Kind::User, "ml-engineer", None, &[]);
    let given = draft.role(
        text("given by ml-admin", "ml-admin が付与"),
        engineer,
        workspace,
        "AzureML Data Scientist",
    );
    draft.set(given, "createdBy", json!(user.0));
    Base { admin: user, workspace, registry, private, cluster, identity, environment, aci }
}

/// With the roles that nobody has given.
pub(super) fn first(draft: &mut Draft) {
    let base = base(draft);
    draft.set(base.cluster, "createdBeforeRegistry", json!(true));
    // What the page names for assigning roles.
    draft.role(
        text("assigns roles", "ロールを割り当て"),
        base.admin,
        base.workspace,
        "Managed Identity Operator",
    );
}

/// As the page says.
pub(super) fn repaired(draft: &mut Draft) {
    let base = base(draft);
    let connection = draft.put(
        Kind::WorkspaceConnection,
        "privateAcr",
        Some(base.workspace),
        &[
            ("category", json!("ContainerRegistry")),
            ("targetResource", json!(base.private.0)),
            ("authType", json!("ManagedIdentity")),
            ("credentials.resourceId", json!(base.identity.0)),
        ],
    );
    draft.set(base.environment, "connection", json!(connection.0));
    // A deployment to Container Instances always pulls with the admin user.
    draft.remove(base.aci);
    draft.role(
        text("pulls base images", "ベース イメージをプル"),
        base.identity,
        base.private,
        "AcrPull",
    );
    draft.role(
        text("attaches the identity", "ID を関連付け"),
        base.workspace,
        base.identity,
        "Managed Identity Operator",
    );
    draft.role(
        text("pulls base images as they are", "ベース イメージをそのままプル"),
        base.cluster,
        base.private,
        "AcrPull",
    );
    draft.role(text("pulls images", "イメージをプル"), base.cluster, base.registry, "AcrPull");
    draft.role(text("connects", "接続"), base.cluster, base.workspace, "Reader");
    draft.role(
        text("assigns roles", "ロールを割り当て"),
        base.admin,
        base.workspace,
        "Role Based Access Control Administrator",
    );
}
