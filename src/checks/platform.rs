//! Roles that Azure gives by itself when a resource is created, with their exceptions.
//!
//! - A workspace's system-assigned identity: Contributor on the workspace and its registry, Storage Blob
//!   Data Contributor on the default storage, everything in the vault, and on the resource group
//!   Contributor (created before 2024-11-19) or Azure AI Administrator (since). A user-assigned identity
//!   gets none of these.
//! - A cluster's system-assigned identity: AcrPull on the workspace's registry, if the registry existed
//!   when the cluster was created. A user-assigned one, a compute instance and Kubernetes get nothing.
//! - A managed online endpoint's system-assigned identity: AcrPull on the workspace's registry, Storage
//!   Blob Data Reader on the default storage (Contributor where the storage is identity-based), AzureML
//!   Metrics Writer on the workspace, and where it enforces access to the default secret stores, Azure
//!   Machine Learning Workspace Connection Secrets Reader. A user-assigned one gets nothing.
//! - The workspace's system-assigned identity: Reader on the account of a datastore that is registered
//!   with workspace access by somebody who may assign roles there.
//! - The service principal of an AKS cluster attached the v1 way: AcrPull on the workspace's registry. A
//!   cluster with a managed identity does not get it.
//!
//! Azure docs: "Enterprise security and governance" (machine-learning/concept-enterprise-security),
//! "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication), "Authentication and authorization
//! for online endpoints" (machine-learning/concept-endpoints-online-auth).

use super::place;
use crate::{
    facts::{
        Facts,
        grant::{Assignment, Origin, Plane},
    },
    kinds::{
        Kind, ResourceId, Resources, Subject,
        attached_kubernetes::{AttachedKubernetes, ComputeType},
        compute_cluster::ComputeCluster,
        datastore::{Datastore, ServiceDataAccessAuthIdentity, account_of},
        key_vault::KeyVault,
        online_endpoint::OnlineEndpoint,
        rights,
        workspace::{SystemDatastoresAuthMode, Workspace},
    },
    solve::access::{Access, Question, Ruling, condition::Attributes},
};

/// Adds what Azure grants by itself to what the design assigns.
pub(crate) fn grant(all: &Resources, facts: &mut Facts) {
    for workspace in all.of(Kind::Workspace) {
        if read!(Workspace, workspace).identity.has_system() {
            of_workspace(workspace, facts);
        }
        let Some(registry) = place::registry(workspace) else { continue };
        for cluster in place::of(workspace, Kind::ComputeCluster) {
            let it = read!(ComputeCluster, cluster);
            if it.identity.has_system() && !it.created_before_registry {
                give(facts, cluster.id, "AcrPull", registry, None);
            }
        }
        for cluster in place::of(workspace, Kind::AttachedKubernetes) {
            let it = read!(AttachedKubernetes, cluster);
            if it.compute_type == ComputeType::Aks
                && let Some(principal) = cluster.follow(it.service_principal)
            {
                give(facts, principal.id, "AcrPull", registry, None);
            }
        }
    }
    for endpoint in all.of(Kind::OnlineEndpoint) {
        let it = read!(OnlineEndpoint, endpoint);
        if it.identity.has_system()
            && it.compute.is_none()
            && let Some(workspace) = place::workspace_of(endpoint)
        {
            of_endpoint(endpoint, workspace, facts);
        }
    }
    of_datastores(all, facts);
}

/// Whoever registers a datastore with workspace access makes the workspace's identity a Reader of the
/// account, if they may assign roles there.
fn of_datastores(all: &Resources, facts: &mut Facts) {
    let mut asked = Vec::new();
    for datastore in all.of(Kind::Datastore) {
        let it = read!(Datastore, datastore);
        if it.service_identity == ServiceDataAccessAuthIdentity::WorkspaceSystemAssignedIdentity
            && let Some(person) = it.created_by
            && let Some(account) = account_of(datastore, &it)
            && let Some(workspace) = place::workspace_of(datastore)
            && read!(Workspace, workspace).identity.has_system()
            && let Some(id) = rights::scope_of(account)
        {
            asked.push((person.0, account, workspace, id));
        }
    }
    if asked.is_empty() {
        return;
    }
    let access = Access::new(&facts.grants);
    asked.retain(|(person, _, _, scope)| {
        let question = Question {
            principal: (*person).into(),
            plane: Plane::Control,
            action: "Microsoft.Authorization/roleAssignments/write",
            scope,
            attributes: Attributes::NONE,
            through_manager: true,
        };
        access.decision(&question).ruling == Ruling::Allowed
    });
    for (_, account, workspace, _) in asked {
        give(facts, workspace.id, "Reader", account, None);
    }
}

fn of_workspace(workspace: Subject<'_>, facts: &mut Facts) {
    let it = read!(Workspace, workspace);
    give(facts, workspace.id, "Contributor", workspace, None);
    if let Some(storage) = place::storage(workspace) {
        // With data isolation the role covers only containers that bear the workspace's GUID.
        let condition = it
            .enable_data_isolation
            .then(|| format!("({CONTAINER_NAME} StringStartsWith '{}')", prefix_of(workspace)));
        give(facts, workspace.id, "Storage Blob Data Contributor", storage, condition);
    }
    if let Some(vault) = place::vault(workspace)
        && read!(KeyVault, vault).enable_rbac_authorization
    {
        give(facts, workspace.id, "Key Vault Administrator", vault, None);
    }
    if let Some(registry) = place::registry(workspace) {
        give(facts, workspace.id, "Contributor", registry, None);
    }
    if let Some(group) = workspace.within(Kind::ResourceGroup) {
        let role =
            if it.created_before_20241119 { "Contributor" } else { "Azure AI Administrator" };
        give(facts, workspace.id, role, group, None);
    }
}

/// What conditions call the container of a blob.
pub(super) const CONTAINER_NAME: &str =
    "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]";

/// What the names of a workspace's own containers, secrets and images begin with when its data is
/// isolated. Azure chooses the GUID; until it is known, the number keeps two workspaces apart.
pub(super) fn prefix_of(workspace: Subject<'_>) -> String {
    read!(Workspace, workspace)
        .workspace_id
        .clone()
        .map_or_else(|| format!("workspace-{}", workspace.id.0), |it| it.as_str().to_owned())
}

fn of_endpoint(endpoint: Subject<'_>, workspace: Subject<'_>, facts: &mut Facts) {
    if let Some(registry) = place::registry(workspace) {
        give(facts, endpoint.id, "AcrPull", registry, None);
    }
    if let Some(storage) = place::storage(workspace) {
        let role = match read!(Workspace, workspace).system_datastores_auth_mode {
            SystemDatastoresAuthMode::Identity => "Storage Blob Data Contributor",
            SystemDatastoresAuthMode::AccessKey | SystemDatastoresAuthMode::UserDelegationSas => {
                "Storage Blob Data Reader"
            }
        };
        give(facts, endpoint.id, role, storage, None);
    }
    give(facts, endpoint.id, "AzureML Metrics Writer (preview)", workspace, None);
    // Its creator has the same right, or the endpoint is rejected.
    if read!(OnlineEndpoint, endpoint).enforce_secret_stores {
        let role = "Azure Machine Learning Workspace Connection Secrets Reader";
        give(facts, endpoint.id, role, workspace, None);
    }
}

fn give(
    facts: &mut Facts,
    principal: ResourceId,
    role: &str,
    scope: Subject<'_>,
    condition: Option<String>,
) {
    let Some(id) = rights::scope_of(scope) else { return };
    let role = rights::built_in(role, &mut facts.grants);
    let scope = facts.grants.scopes.intern(&id);
    facts.grants.assignments.push(Assignment {
        principal: principal.into(),
        role,
        scope,
        condition,
        origin: Origin::Platform,
        at: None,
    });
}
