//! Registries and computes that work by managed identity, after "Use managed identities with Azure
//! Machine Learning (preview)" (Microsoft Learn, 2021-03-20).
//!
//! The workspace brings its own registry with the admin user off; a private registry holds base images.
//! In the first form the cluster was made before the registry and nobody has given the roles that Azure
//! does not give by itself; in the repaired form they are there.

use serde_json::json;

use super::Draft;
use crate::kinds::{Kind, ResourceId};

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
    draft.put(
        Kind::RoleAssignment,
        "works in the workspace",
        None,
        &[
            ("principalId", json!(user.0)),
            ("scope", json!(workspace.0)),
            ("roleDefinitionId", json!("AzureML Data Scientist")),
        ],
    );
    let engineer = draft.put(Kind::User, "ml-engineer", None, &[]);
    draft.put(
        Kind::RoleAssignment,
        "given by ml-admin",
        None,
        &[
            ("principalId", json!(engineer.0)),
            ("scope", json!(workspace.0)),
            ("roleDefinitionId", json!("AzureML Data Scientist")),
            ("createdBy", json!(user.0)),
        ],
    );
    Base { admin: user, workspace, registry, private, cluster, identity, environment, aci }
}

/// With the roles that nobody has given.
pub(super) fn first(draft: &mut Draft) {
    let base = base(draft);
    draft.set(base.cluster, "createdBeforeRegistry", json!(true));
    // What the page names for assigning roles.
    role(draft, "assigns roles", base.admin, base.workspace, "Managed Identity Operator");
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
    role(draft, "pulls base images", base.identity, base.private, "AcrPull");
    role(
        draft,
        "attaches the identity",
        base.workspace,
        base.identity,
        "Managed Identity Operator",
    );
    role(draft, "pulls base images as they are", base.cluster, base.private, "AcrPull");
    role(draft, "pulls images", base.cluster, base.registry, "AcrPull");
    role(draft, "connects", base.cluster, base.workspace, "Reader");
    role(
        draft,
        "assigns roles",
        base.admin,
        base.workspace,
        "Role Based Access Control Administrator",
    );
}

fn role(draft: &mut Draft, name: &str, principal: ResourceId, scope: ResourceId, role: &str) {
    draft.put(
        Kind::RoleAssignment,
        name,
        None,
        &[
            ("principalId", json!(principal.0)),
            ("scope", json!(scope.0)),
            ("roleDefinitionId", json!(role)),
        ],
    );
}
