//! Built-in roles of Azure RBAC, string for string as Azure publishes them.
//!
//! Azure docs: "Azure built-in roles" (role-based-access-control/built-in-roles), CC BY 4.0; the
//! definitions are those that Azure listed on 2026-08-22 (iann0036/iam-dataset,
//! azure/built-in-roles-raw.json). The GUID of a built-in role is the same in every tenant.

use crate::facts::grant::{Pattern, Permissions, RoleDefinition};

/// One built-in role. Every one of them has exactly one permission block and is assignable anywhere.
#[derive(Debug, PartialEq, Eq)]
pub struct Role {
    /// Name in English, which templates, the CLI and error texts use.
    pub name: &'static str,
    /// Name in the Japanese docs, where those translate it.
    pub ja: Option<&'static str>,
    /// GUID (ARM: the last segment of `roleDefinitionId`).
    pub id: &'static str,
    pub actions: &'static [&'static str],
    pub not_actions: &'static [&'static str],
    pub data_actions: &'static [&'static str],
    pub not_data_actions: &'static [&'static str],
    /// Some roles carry a condition of their own, which every assignment of them inherits.
    pub condition: Option<&'static str>,
}

impl Role {
    /// The role as the access solver takes it.
    pub fn definition(&'static self) -> RoleDefinition {
        let list = |it: &'static [&'static str]| it.iter().map(|it| Pattern::from(*it)).collect();
        RoleDefinition {
            name: self.name.to_owned(),
            custom: false,
            permissions: Some(vec![Permissions {
                actions: list(self.actions),
                not_actions: list(self.not_actions),
                data_actions: list(self.data_actions),
                not_data_actions: list(self.not_data_actions),
            }]),
            condition: self.condition.map(Pattern::from),
        }
    }
}

/// The role with this name, in any case, or with this GUID, bare or as a `roleDefinitions` id.
pub fn find(name_or_id: &str) -> Option<&'static Role> {
    by_name(name_or_id).or_else(|| by_id(name_or_id))
}

pub fn by_name(name: &str) -> Option<&'static Role> {
    ROLES.iter().find(|role| role.name.eq_ignore_ascii_case(name))
}

/// `id` may be the bare GUID or end in it, as in
/// `/subscriptions/…/providers/Microsoft.Authorization/roleDefinitions/{guid}`.
pub fn by_id(id: &str) -> Option<&'static Role> {
    let guid = id.rsplit('/').next()?;
    ROLES.iter().find(|role| role.id.eq_ignore_ascii_case(guid))
}

const NONE: Role = Role {
    name: "",
    ja: None,
    id: "",
    actions: &[],
    not_actions: &[],
    data_actions: &[],
    not_data_actions: &[],
    condition: None,
};

/// In the order of the docs' sections, which is the order of the picker.
pub static ROLES: &[Role] = &[
    // General
    Role {
        name: "Owner",
        ja: Some("所有者"),
        id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
        actions: &["*"],
        ..NONE
    },
    Role {
        name: "Contributor",
        ja: Some("共同作成者"),
        id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
        actions: &["*"],
        not_actions: &[
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
            "Microsoft.Blueprint/blueprintAssignments/write",
            "Microsoft.Blueprint/blueprintAssignments/delete",
            "Microsoft.Compute/galleries/share/action",
            "Microsoft.Purview/consents/write",
            "Microsoft.Purview/consents/delete",
            "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
            "Microsoft.Subscription/cancel/action",
            "Microsoft.Subscription/enable/action",
        ],
        ..NONE
    },
    Role {
        name: "Reader",
        ja: Some("閲覧者"),
        id: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        actions: &["*/read"],
        ..NONE
    },
    Role {
        name: "User Access Administrator",
        ja: Some("ユーザー アクセス管理者"),
        id: "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        actions: &["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"],
        ..NONE
    },
    Role {
        name: "Role Based Access Control Administrator",
        ja: Some("ロール ベースのアクセス制御管理者"),
        id: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        actions: &[
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Locks Contributor",
        id: "28bf596f-4eb7-45ce-b5bc-6cf482fec137",
        actions: &[
            "Microsoft.Authorization/locks/read",
            "Microsoft.Authorization/locks/write",
            "Microsoft.Authorization/locks/delete",
        ],
        ..NONE
    },
    // Identity
    Role {
        name: "Managed Identity Operator",
        ja: Some("マネージド ID オペレーター"),
        id: "f1a07417-d97a-45cb-824c-7a7467783830",
        actions: &[
            "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
            "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Managed Identity Contributor",
        ja: Some("マネージド ID 共同作成者"),
        id: "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
        actions: &[
            "Microsoft.ManagedIdentity/userAssignedIdentities/read",
            "Microsoft.ManagedIdentity/userAssignedIdentities/write",
            "Microsoft.ManagedIdentity/userAssignedIdentities/delete",
            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete",
            "Microsoft.ManagedIdentity/userAssignedIdentities/revokeTokens/action",
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Managed Identity Federated Identity Credential Contributor",
        id: "7e559ce2-48d7-4b27-9128-fa1b247f1308",
        actions: &[
            "Microsoft.ManagedIdentity/userAssignedIdentities/read",
            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write",
            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
            "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/delete",
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Resources/deployments/*",
        ],
        ..NONE
    },
    // Containers: registries
    Role {
        name: "AcrPull",
        id: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        actions: &["Microsoft.ContainerRegistry/registries/pull/read"],
        ..NONE
    },
    Role {
        name: "AcrPush",
        id: "8311e382-0749-4cb8-b61a-304f252e45ec",
        actions: &[
            "Microsoft.ContainerRegistry/registries/pull/read",
            "Microsoft.ContainerRegistry/registries/push/write",
        ],
        ..NONE
    },
    Role {
        name: "AcrDelete",
        id: "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
        actions: &["Microsoft.ContainerRegistry/registries/artifacts/delete"],
        ..NONE
    },
    Role {
        name: "AcrImageSigner",
        id: "6cef56e8-d556-48e5-a04f-b8e64114680f",
        actions: &["Microsoft.ContainerRegistry/registries/sign/write"],
        data_actions: &["Microsoft.ContainerRegistry/registries/trustedCollections/write"],
        ..NONE
    },
    Role {
        name: "AcrQuarantineReader",
        id: "cdda3590-29a3-44f6-95f2-9f980659eb04",
        actions: &["Microsoft.ContainerRegistry/registries/quarantine/read"],
        data_actions: &["Microsoft.ContainerRegistry/registries/quarantinedArtifacts/read"],
        ..NONE
    },
    Role {
        name: "AcrQuarantineWriter",
        id: "c8d4ff99-41c3-41a8-9f60-21dfdad59608",
        actions: &[
            "Microsoft.ContainerRegistry/registries/quarantine/read",
            "Microsoft.ContainerRegistry/registries/quarantine/write",
        ],
        data_actions: &[
            "Microsoft.ContainerRegistry/registries/quarantinedArtifacts/read",
            "Microsoft.ContainerRegistry/registries/quarantinedArtifacts/write",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Repository Reader",
        id: "b93aa761-3e63-49ed-ac28-beffa264f7ac",
        data_actions: &[
            "Microsoft.ContainerRegistry/registries/repositories/metadata/read",
            "Microsoft.ContainerRegistry/registries/repositories/content/read",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Repository Writer",
        id: "2a1e307c-b015-4ebd-883e-5b7698a07328",
        data_actions: &[
            "Microsoft.ContainerRegistry/registries/repositories/metadata/read",
            "Microsoft.ContainerRegistry/registries/repositories/content/read",
            "Microsoft.ContainerRegistry/registries/repositories/metadata/write",
            "Microsoft.ContainerRegistry/registries/repositories/content/write",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Repository Contributor",
        id: "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
        data_actions: &[
            "Microsoft.ContainerRegistry/registries/repositories/metadata/read",
            "Microsoft.ContainerRegistry/registries/repositories/content/read",
            "Microsoft.ContainerRegistry/registries/repositories/metadata/write",
            "Microsoft.ContainerRegistry/registries/repositories/content/write",
            "Microsoft.ContainerRegistry/registries/repositories/metadata/delete",
            "Microsoft.ContainerRegistry/registries/repositories/content/delete",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Repository Catalog Lister",
        id: "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",
        data_actions: &["Microsoft.ContainerRegistry/registries/catalog/read"],
        ..NONE
    },
    Role {
        name: "Container Registry Tasks Contributor",
        id: "fb382eab-e894-4461-af04-94435c366c3f",
        actions: &[
            "Microsoft.ContainerRegistry/registries/agentpools/read",
            "Microsoft.ContainerRegistry/registries/agentpools/write",
            "Microsoft.ContainerRegistry/registries/agentpools/delete",
            "Microsoft.ContainerRegistry/registries/agentpools/listQueueStatus/action",
            "Microsoft.ContainerRegistry/registries/agentpools/operationResults/status/read",
            "Microsoft.ContainerRegistry/registries/agentpools/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/tasks/read",
            "Microsoft.ContainerRegistry/registries/tasks/write",
            "Microsoft.ContainerRegistry/registries/tasks/delete",
            "Microsoft.ContainerRegistry/registries/tasks/listDetails/action",
            "Microsoft.ContainerRegistry/registries/scheduleRun/action",
            "Microsoft.ContainerRegistry/registries/listBuildSourceUploadUrl/action",
            "Microsoft.ContainerRegistry/registries/runs/read",
            "Microsoft.ContainerRegistry/registries/runs/write",
            "Microsoft.ContainerRegistry/registries/runs/listLogSasUrl/action",
            "Microsoft.ContainerRegistry/registries/runs/cancel/action",
            "Microsoft.ContainerRegistry/registries/taskruns/read",
            "Microsoft.ContainerRegistry/registries/taskruns/write",
            "Microsoft.ContainerRegistry/registries/taskruns/delete",
            "Microsoft.ContainerRegistry/registries/taskruns/listDetails/action",
            "Microsoft.ContainerRegistry/registries/taskruns/operationStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.ContainerRegistry/registries/read",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Contributor and Data Access Configuration Administrator",
        id: "3bc748fc-213d-45c1-8d91-9da5725539b9",
        actions: &[
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.ContainerRegistry/registries/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/read",
            "Microsoft.ContainerRegistry/registries/write",
            "Microsoft.ContainerRegistry/registries/delete",
            "Microsoft.ContainerRegistry/registries/listCredentials/action",
            "Microsoft.ContainerRegistry/registries/regenerateCredential/action",
            "Microsoft.ContainerRegistry/registries/generateCredentials/action",
            "Microsoft.ContainerRegistry/registries/replications/read",
            "Microsoft.ContainerRegistry/registries/replications/write",
            "Microsoft.ContainerRegistry/registries/replications/delete",
            "Microsoft.ContainerRegistry/registries/replications/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/read",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/write",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/delete",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/tokens/read",
            "Microsoft.ContainerRegistry/registries/tokens/write",
            "Microsoft.ContainerRegistry/registries/tokens/delete",
            "Microsoft.ContainerRegistry/registries/tokens/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/scopeMaps/read",
            "Microsoft.ContainerRegistry/registries/scopeMaps/write",
            "Microsoft.ContainerRegistry/registries/scopeMaps/delete",
            "Microsoft.ContainerRegistry/registries/scopeMaps/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/write",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/logDefinitions/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/metricDefinitions/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Authorization/*/read",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/read",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/write",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/delete",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/deactivate/action",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/resync/action",
            "Microsoft.ContainerRegistry/registries/webhooks/read",
            "Microsoft.ContainerRegistry/registries/webhooks/write",
            "Microsoft.ContainerRegistry/registries/webhooks/delete",
            "Microsoft.ContainerRegistry/registries/webhooks/getCallbackConfig/action",
            "Microsoft.ContainerRegistry/registries/webhooks/ping/action",
            "Microsoft.ContainerRegistry/registries/webhooks/listEvents/action",
            "Microsoft.ContainerRegistry/registries/webhooks/operationStatuses/read",
            "Microsoft.Insights/AlertRules/Write",
            "Microsoft.Insights/AlertRules/Delete",
            "Microsoft.Insights/AlertRules/Read",
            "Microsoft.Insights/AlertRules/Activated/Action",
            "Microsoft.Insights/AlertRules/Resolved/Action",
            "Microsoft.Insights/AlertRules/Throttled/Action",
            "Microsoft.Insights/AlertRules/Incidents/Read",
            "Microsoft.ContainerRegistry/locations/operationResults/read",
            "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action",
            "Microsoft.Network/virtualNetworks/subnets/read",
            "Microsoft.Network/virtualNetworks/subnets/write",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write",
            "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/read",
            "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/delete",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Configuration Reader and Data Access Configuration Reader",
        id: "69b07be0-09bf-439a-b9a6-e73de851bd59",
        actions: &[
            "Microsoft.ContainerRegistry/registries/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/read",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/read",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/listCredentials/action",
            "Microsoft.ContainerRegistry/registries/tokens/read",
            "Microsoft.ContainerRegistry/registries/tokens/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/scopeMaps/read",
            "Microsoft.ContainerRegistry/registries/scopeMaps/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/webhooks/read",
            "Microsoft.ContainerRegistry/registries/webhooks/getCallbackConfig/action",
            "Microsoft.ContainerRegistry/registries/webhooks/listEvents/action",
            "Microsoft.ContainerRegistry/registries/webhooks/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/replications/read",
            "Microsoft.ContainerRegistry/registries/replications/operationStatuses/read",
            "Microsoft.ContainerRegistry/registries/connectedRegistries/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/diagnosticSettings/write",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/logDefinitions/read",
            "Microsoft.ContainerRegistry/registries/providers/Microsoft.Insights/metricDefinitions/read",
            "Microsoft.Insights/AlertRules/Write",
            "Microsoft.Insights/AlertRules/Delete",
            "Microsoft.Insights/AlertRules/Read",
            "Microsoft.Insights/AlertRules/Activated/Action",
            "Microsoft.Insights/AlertRules/Resolved/Action",
            "Microsoft.Insights/AlertRules/Throttled/Action",
            "Microsoft.Insights/AlertRules/Incidents/Read",
            "Microsoft.Resources/deployments/read",
            "Microsoft.Resources/deployments/*/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/read",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/subnets/read",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Data Importer and Data Reader",
        id: "577a9874-89fd-4f24-9dbd-b5034d0ad23a",
        actions: &[
            "Microsoft.ContainerRegistry/registries/importImage/action",
            "Microsoft.ContainerRegistry/registries/read",
            "Microsoft.ContainerRegistry/registries/pull/read",
        ],
        data_actions: &[
            "Microsoft.ContainerRegistry/registries/repositories/content/read",
            "Microsoft.ContainerRegistry/registries/repositories/metadata/read",
            "Microsoft.ContainerRegistry/registries/catalog/read",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Transfer Pipeline Contributor",
        id: "bf94e731-3a51-4a7c-8c54-a1ab9971dfc1",
        actions: &[
            "Microsoft.ContainerRegistry/registries/exportPipelines/read",
            "Microsoft.ContainerRegistry/registries/exportPipelines/write",
            "Microsoft.ContainerRegistry/registries/exportPipelines/delete",
            "Microsoft.ContainerRegistry/registries/importPipelines/read",
            "Microsoft.ContainerRegistry/registries/importPipelines/write",
            "Microsoft.ContainerRegistry/registries/importPipelines/delete",
            "Microsoft.ContainerRegistry/registries/pipelineRuns/read",
            "Microsoft.ContainerRegistry/registries/pipelineRuns/write",
            "Microsoft.ContainerRegistry/registries/pipelineRuns/delete",
            "Microsoft.ContainerRegistry/registries/pipelineRuns/operationStatuses/read",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Cache Rule Administrator",
        id: "df87f177-bb12-4db1-9793-a413691eff94",
        actions: &[
            "Microsoft.ContainerRegistry/registries/cacheRules/read",
            "Microsoft.ContainerRegistry/registries/cacheRules/write",
            "Microsoft.ContainerRegistry/registries/cacheRules/delete",
            "Microsoft.ContainerRegistry/registries/cacheRules/operationStatuses/read",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Cache Rule Reader",
        id: "c357b964-0002-4b64-a50d-7a28f02edc52",
        actions: &["Microsoft.ContainerRegistry/registries/cacheRules/read"],
        ..NONE
    },
    Role {
        name: "Container Registry Credential Set Administrator",
        id: "f094fb07-0703-4400-ad6a-e16dd8000e14",
        actions: &[
            "Microsoft.ContainerRegistry/registries/credentialSets/read",
            "Microsoft.ContainerRegistry/registries/credentialSets/write",
            "Microsoft.ContainerRegistry/registries/credentialSets/delete",
            "Microsoft.ContainerRegistry/registries/credentialSets/operationStatuses/read",
        ],
        ..NONE
    },
    Role {
        name: "Container Registry Credential Set Reader",
        id: "29093635-9924-4f2c-913b-650a12949526",
        actions: &["Microsoft.ContainerRegistry/registries/credentialSets/read"],
        ..NONE
    },
    // Storage
    Role {
        name: "Storage Blob Data Owner",
        ja: Some("ストレージ BLOB データ所有者"),
        id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        actions: &[
            "Microsoft.Storage/storageAccounts/blobServices/containers/*",
            "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        ],
        data_actions: &["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"],
        ..NONE
    },
    Role {
        name: "Storage Blob Data Contributor",
        ja: Some("ストレージ BLOB データ共同作成者"),
        id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        actions: &[
            "Microsoft.Storage/storageAccounts/blobServices/containers/delete",
            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
            "Microsoft.Storage/storageAccounts/blobServices/containers/write",
            "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        ],
        data_actions: &[
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/move/action",
            "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage Blob Data Reader",
        ja: Some("ストレージ BLOB データ閲覧者"),
        id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        actions: &[
            "Microsoft.Storage/storageAccounts/blobServices/containers/read",
            "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        ],
        data_actions: &["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"],
        ..NONE
    },
    Role {
        name: "Storage Blob Delegator",
        id: "db58b8e5-c6ad-4a2a-8342-4190687cbf4a",
        actions: &[
            "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage Account Contributor",
        ja: Some("ストレージ アカウント共同作成者"),
        id: "17d1049b-9a84-46fb-8f53-869881c3d3ab",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Insights/diagnosticSettings/*",
            "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Storage/storageAccounts/*",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Storage Account Key Operator Service Role",
        id: "81a9662b-bebf-436f-a333-f67b29880f12",
        actions: &[
            "Microsoft.Storage/storageAccounts/listkeys/action",
            "Microsoft.Storage/storageAccounts/regeneratekey/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage Account Encryption Scope Contributor Role",
        id: "a316ed6d-1efe-48ac-ac08-f7995a9c26fb",
        actions: &[
            "Microsoft.Storage/storageAccounts/encryptionScopes/read",
            "Microsoft.Storage/storageAccounts/encryptionScopes/write",
        ],
        ..NONE
    },
    Role {
        name: "Reader and Data Access",
        id: "c12c1c16-33a1-487b-954d-41c89c60f349",
        actions: &[
            "Microsoft.Storage/storageAccounts/listKeys/action",
            "Microsoft.Storage/storageAccounts/ListAccountSas/action",
            "Microsoft.Storage/storageAccounts/read",
        ],
        ..NONE
    },
    Role {
        name: "Storage File Data Privileged Contributor",
        id: "69566ab7-960f-475b-8e7c-b3118f30c6bd",
        data_actions: &[
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/modifypermissions/action",
            "Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action",
            "Microsoft.Storage/storageAccounts/fileServices/writeFileBackupSemantics/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage File Data Privileged Reader",
        id: "b8eda974-7b85-4f76-af95-65846b26df6d",
        data_actions: &[
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
            "Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage File Data SMB Share Contributor",
        id: "0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb",
        data_actions: &[
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete",
        ],
        ..NONE
    },
    Role {
        name: "Storage File Data SMB Share Elevated Contributor",
        id: "a7264617-510b-434b-a828-9731dc254ea7",
        data_actions: &[
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/modifypermissions/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage File Data SMB Share Reader",
        id: "aba4ae5f-2193-4029-9191-0cb91df5e314",
        data_actions: &["Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read"],
        ..NONE
    },
    Role {
        name: "Storage File Data SMB Admin",
        id: "bbf004e3-0e4b-4f86-ae4f-1f8fb47b357b",
        data_actions: &[
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/modifypermissions/action",
            "Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action",
            "Microsoft.Storage/storageAccounts/fileServices/writeFileBackupSemantics/action",
            "Microsoft.Storage/storageAccounts/fileServices/takeOwnership/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage File Data SMB MI Admin",
        id: "a235d3ee-5935-4cfb-8cc5-a3303ad5995e",
        data_actions: &[
            "Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action",
            "Microsoft.Storage/storageAccounts/fileServices/writeFileBackupSemantics/action",
            "Microsoft.Storage/storageAccounts/fileServices/takeOwnership/action",
            "Microsoft.Storage/storageAccounts/fileServices/runAsBuiltInFileAdministrator/action",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete",
            "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/modifypermissions/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage File Data SMB Take Ownership",
        id: "5d9bac3f-34b2-432f-bde5-78aa8e73ce6b",
        data_actions: &["Microsoft.Storage/storageAccounts/fileServices/takeOwnership/action"],
        ..NONE
    },
    Role {
        name: "Storage File Delegator",
        id: "765a04e0-5de8-4bb2-9bf6-b2a30bc03e91",
        actions: &[
            "Microsoft.Storage/storageAccounts/fileServices/generateUserDelegationKey/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage Queue Data Contributor",
        ja: Some("ストレージ キュー データ共同作成者"),
        id: "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        actions: &[
            "Microsoft.Storage/storageAccounts/queueServices/queues/delete",
            "Microsoft.Storage/storageAccounts/queueServices/queues/read",
            "Microsoft.Storage/storageAccounts/queueServices/queues/write",
        ],
        data_actions: &[
            "Microsoft.Storage/storageAccounts/queueServices/queues/messages/delete",
            "Microsoft.Storage/storageAccounts/queueServices/queues/messages/read",
            "Microsoft.Storage/storageAccounts/queueServices/queues/messages/write",
            "Microsoft.Storage/storageAccounts/queueServices/queues/messages/process/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage Queue Data Message Processor",
        id: "8a0f0c08-91a1-4084-bc3d-661d67233fed",
        data_actions: &[
            "Microsoft.Storage/storageAccounts/queueServices/queues/messages/read",
            "Microsoft.Storage/storageAccounts/queueServices/queues/messages/process/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage Queue Data Message Sender",
        id: "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
        data_actions: &[
            "Microsoft.Storage/storageAccounts/queueServices/queues/messages/add/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage Queue Data Reader",
        ja: Some("ストレージ キュー データ閲覧者"),
        id: "19e7f393-937e-4f77-808e-94535e297925",
        actions: &["Microsoft.Storage/storageAccounts/queueServices/queues/read"],
        data_actions: &["Microsoft.Storage/storageAccounts/queueServices/queues/messages/read"],
        ..NONE
    },
    Role {
        name: "Storage Queue Delegator",
        id: "7ee386e9-84f0-448e-80a6-f185f6533131",
        actions: &[
            "Microsoft.Storage/storageAccounts/queueServices/generateUserDelegationKey/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage Table Data Contributor",
        ja: Some("ストレージ テーブル データ共同作成者"),
        id: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        actions: &[
            "Microsoft.Storage/storageAccounts/tableServices/tables/read",
            "Microsoft.Storage/storageAccounts/tableServices/tables/write",
            "Microsoft.Storage/storageAccounts/tableServices/tables/delete",
        ],
        data_actions: &[
            "Microsoft.Storage/storageAccounts/tableServices/tables/entities/read",
            "Microsoft.Storage/storageAccounts/tableServices/tables/entities/write",
            "Microsoft.Storage/storageAccounts/tableServices/tables/entities/delete",
            "Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action",
            "Microsoft.Storage/storageAccounts/tableServices/tables/entities/update/action",
        ],
        ..NONE
    },
    Role {
        name: "Storage Table Data Reader",
        ja: Some("ストレージ テーブル データ閲覧者"),
        id: "76199698-9eea-4c19-bc75-cec21354c6b6",
        actions: &["Microsoft.Storage/storageAccounts/tableServices/tables/read"],
        data_actions: &["Microsoft.Storage/storageAccounts/tableServices/tables/entities/read"],
        ..NONE
    },
    Role {
        name: "Storage Table Delegator",
        id: "965033a5-c8eb-4f35-b82f-fef460a3606d",
        actions: &[
            "Microsoft.Storage/storageAccounts/tableServices/generateUserDelegationKey/action",
        ],
        ..NONE
    },
    // Security: Key Vault
    Role {
        name: "Key Vault Administrator",
        id: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
            "Microsoft.KeyVault/checkNameAvailability/read",
            "Microsoft.KeyVault/deletedVaults/read",
            "Microsoft.KeyVault/locations/*/read",
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/operations/read",
        ],
        data_actions: &["Microsoft.KeyVault/vaults/*"],
        ..NONE
    },
    Role {
        name: "Key Vault Reader",
        id: "21090545-7ca7-4776-b22c-e363652d74d2",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
            "Microsoft.KeyVault/checkNameAvailability/read",
            "Microsoft.KeyVault/deletedVaults/read",
            "Microsoft.KeyVault/locations/*/read",
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/operations/read",
        ],
        data_actions: &[
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
        ..NONE
    },
    Role {
        name: "Key Vault Contributor",
        id: "f25e0fa2-a7c8-4377-a976-54943a77a395",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.KeyVault/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ],
        not_actions: &[
            "Microsoft.KeyVault/locations/deletedVaults/purge/action",
            "Microsoft.KeyVault/hsmPools/*",
            "Microsoft.KeyVault/managedHsms/*",
        ],
        ..NONE
    },
    Role {
        name: "Key Vault Secrets User",
        id: "4633458b-17de-408a-b874-0445c86b69e6",
        data_actions: &[
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
        ],
        ..NONE
    },
    Role {
        name: "Key Vault Secrets Officer",
        id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
            "Microsoft.KeyVault/checkNameAvailability/read",
            "Microsoft.KeyVault/deletedVaults/read",
            "Microsoft.KeyVault/locations/*/read",
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/operations/read",
        ],
        data_actions: &["Microsoft.KeyVault/vaults/secrets/*"],
        ..NONE
    },
    Role {
        name: "Key Vault Crypto Officer",
        id: "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
            "Microsoft.KeyVault/checkNameAvailability/read",
            "Microsoft.KeyVault/deletedVaults/read",
            "Microsoft.KeyVault/locations/*/read",
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/operations/read",
        ],
        data_actions: &[
            "Microsoft.KeyVault/vaults/keys/*",
            "Microsoft.KeyVault/vaults/keyrotationpolicies/*",
        ],
        ..NONE
    },
    Role {
        name: "Key Vault Crypto User",
        id: "12338af0-0e69-4776-bea7-57ae8d297424",
        data_actions: &[
            "Microsoft.KeyVault/vaults/keys/read",
            "Microsoft.KeyVault/vaults/keys/update/action",
            "Microsoft.KeyVault/vaults/keys/backup/action",
            "Microsoft.KeyVault/vaults/keys/encrypt/action",
            "Microsoft.KeyVault/vaults/keys/decrypt/action",
            "Microsoft.KeyVault/vaults/keys/wrap/action",
            "Microsoft.KeyVault/vaults/keys/unwrap/action",
            "Microsoft.KeyVault/vaults/keys/sign/action",
            "Microsoft.KeyVault/vaults/keys/verify/action",
        ],
        ..NONE
    },
    Role {
        name: "Key Vault Crypto Service Encryption User",
        id: "e147488a-f6f5-4113-8e2d-b22465e65bf6",
        actions: &[
            "Microsoft.EventGrid/eventSubscriptions/write",
            "Microsoft.EventGrid/eventSubscriptions/read",
            "Microsoft.EventGrid/eventSubscriptions/delete",
        ],
        data_actions: &[
            "Microsoft.KeyVault/vaults/keys/read",
            "Microsoft.KeyVault/vaults/keys/wrap/action",
            "Microsoft.KeyVault/vaults/keys/unwrap/action",
        ],
        ..NONE
    },
    Role {
        name: "Key Vault Crypto Service Release User",
        id: "08bbd89e-9f13-488c-ac41-acfcb10c90ab",
        data_actions: &["Microsoft.KeyVault/vaults/keys/release/action"],
        ..NONE
    },
    Role {
        name: "Key Vault Certificates Officer",
        id: "a4417e6f-fecd-4de8-b567-7b0420556985",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
            "Microsoft.KeyVault/checkNameAvailability/read",
            "Microsoft.KeyVault/deletedVaults/read",
            "Microsoft.KeyVault/locations/*/read",
            "Microsoft.KeyVault/vaults/*/read",
            "Microsoft.KeyVault/operations/read",
        ],
        data_actions: &[
            "Microsoft.KeyVault/vaults/certificatecas/*",
            "Microsoft.KeyVault/vaults/certificates/*",
            "Microsoft.KeyVault/vaults/certificatecontacts/write",
        ],
        ..NONE
    },
    Role {
        name: "Key Vault Certificate User",
        id: "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
        data_actions: &[
            "Microsoft.KeyVault/vaults/certificates/read",
            "Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
            "Microsoft.KeyVault/vaults/keys/read",
        ],
        ..NONE
    },
    Role {
        name: "Key Vault Data Access Administrator",
        id: "8b54135c-b56d-4d72-a534-26097cfdc8d8",
        actions: &[
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Management/managementGroups/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Support/*",
            "Microsoft.KeyVault/vaults/*/read",
        ],
        condition: Some(
            "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{00482a5a-887f-4fb3-b363-3b7fe8e74483, a4417e6f-fecd-4de8-b567-7b0420556985, 14b46e9e-c2b7-41b4-b07b-48a6ebf60603, e147488a-f6f5-4113-8e2d-b22465e65bf6, 12338af0-0e69-4776-bea7-57ae8d297424, 21090545-7ca7-4776-b22c-e363652d74d2, b86a8fe4-44ce-4948-aee5-eccb2c155cd7, 4633458b-17de-408a-b874-0445c86b69e6})) AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals{00482a5a-887f-4fb3-b363-3b7fe8e74483, a4417e6f-fecd-4de8-b567-7b0420556985, 14b46e9e-c2b7-41b4-b07b-48a6ebf60603, e147488a-f6f5-4113-8e2d-b22465e65bf6, 12338af0-0e69-4776-bea7-57ae8d297424, 21090545-7ca7-4776-b22c-e363652d74d2, b86a8fe4-44ce-4948-aee5-eccb2c155cd7, 4633458b-17de-408a-b874-0445c86b69e6}))",
        ),
        ..NONE
    },
    Role {
        name: "Key Vault Purge Operator",
        id: "a68e7c17-0ab2-4c09-9a58-125dae29748c",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.KeyVault/deletedVaults/read",
            "Microsoft.KeyVault/locations/deletedVaults/read",
            "Microsoft.KeyVault/locations/deletedVaults/purge/action",
            "Microsoft.KeyVault/locations/operationResults/read",
        ],
        ..NONE
    },
    // AI + machine learning
    Role {
        name: "AzureML Data Scientist",
        id: "f6c7c914-8db3-469d-8ca1-694a8f32e121",
        actions: &[
            "Microsoft.MachineLearningServices/workspaces/*/read",
            "Microsoft.MachineLearningServices/workspaces/*/action",
            "Microsoft.MachineLearningServices/workspaces/*/delete",
            "Microsoft.MachineLearningServices/workspaces/*/write",
        ],
        not_actions: &[
            "Microsoft.MachineLearningServices/workspaces/delete",
            "Microsoft.MachineLearningServices/workspaces/write",
            "Microsoft.MachineLearningServices/workspaces/computes/*/write",
            "Microsoft.MachineLearningServices/workspaces/computes/*/delete",
            "Microsoft.MachineLearningServices/workspaces/computes/listKeys/action",
            "Microsoft.MachineLearningServices/workspaces/listKeys/action",
            "Microsoft.MachineLearningServices/workspaces/hubs/write",
            "Microsoft.MachineLearningServices/workspaces/hubs/delete",
            "Microsoft.MachineLearningServices/workspaces/featurestores/write",
            "Microsoft.MachineLearningServices/workspaces/featurestores/delete",
        ],
        ..NONE
    },
    Role {
        name: "AzureML Compute Operator",
        id: "e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
        actions: &[
            "Microsoft.MachineLearningServices/workspaces/computes/*",
            "Microsoft.MachineLearningServices/workspaces/notebooks/vm/*",
        ],
        ..NONE
    },
    Role {
        name: "AzureML Registry User",
        id: "1823dd4f-9b8c-4ab6-ab4e-7397a3684615",
        actions: &[
            "Microsoft.MachineLearningServices/registries/read",
            "Microsoft.MachineLearningServices/registries/assets/*",
        ],
        ..NONE
    },
    Role {
        name: "AzureML Metrics Writer (preview)",
        id: "635dd51f-9968-44d3-b7fb-6d9a6bd613ae",
        actions: &["Microsoft.MachineLearningServices/workspaces/metrics/*/write"],
        ..NONE
    },
    Role {
        name: "Azure Machine Learning Workspace Connection Secrets Reader",
        id: "ea01e6af-a1c1-4350-9563-ad00f8c72ec5",
        actions: &[
            "Microsoft.MachineLearningServices/workspaces/connections/listsecrets/action",
            "Microsoft.MachineLearningServices/workspaces/metadata/secrets/read",
        ],
        ..NONE
    },
    Role {
        name: "Azure AI Administrator",
        id: "b78c5d69-af96-48a3-bf8d-a8b4d589de94",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.CognitiveServices/*",
            "Microsoft.ContainerRegistry/registries/*",
            "Microsoft.DocumentDb/databaseAccounts/*",
            "Microsoft.Features/features/read",
            "Microsoft.Features/providers/features/read",
            "Microsoft.Features/providers/features/register/action",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Insights/components/*",
            "Microsoft.Insights/diagnosticSettings/*",
            "Microsoft.Insights/generateLiveToken/read",
            "Microsoft.Insights/logDefinitions/read",
            "Microsoft.Insights/metricAlerts/*",
            "Microsoft.Insights/metricdefinitions/read",
            "Microsoft.Insights/metrics/read",
            "Microsoft.Insights/scheduledqueryrules/*",
            "Microsoft.Insights/topology/read",
            "Microsoft.Insights/transactions/read",
            "Microsoft.Insights/webtests/*",
            "Microsoft.KeyVault/*",
            "Microsoft.MachineLearningServices/workspaces/*",
            "Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/deployments/operations/read",
            "Microsoft.Resources/subscriptions/operationresults/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resourcegroups/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Resources/subscriptions/resourceGroups/write",
            "Microsoft.Storage/storageAccounts/*",
            "Microsoft.Support/*",
            "Microsoft.Search/searchServices/write",
            "Microsoft.Search/searchServices/read",
            "Microsoft.Search/searchServices/delete",
            "Microsoft.Search/searchServices/indexes/*",
            "Microsoft.Search/searchServices/listAdminKeys/action",
            "Microsoft.Search/searchServices/privateEndpointConnections/*",
            "Microsoft.DataFactory/factories/*",
        ],
        ..NONE
    },
    Role {
        name: "Azure AI Developer",
        id: "64702f94-c441-49e6-a78b-ef80e0188fee",
        actions: &[
            "Microsoft.MachineLearningServices/workspaces/*/read",
            "Microsoft.MachineLearningServices/workspaces/*/action",
            "Microsoft.MachineLearningServices/workspaces/*/delete",
            "Microsoft.MachineLearningServices/workspaces/*/write",
            "Microsoft.MachineLearningServices/locations/*/read",
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/deployments/*",
        ],
        not_actions: &[
            "Microsoft.MachineLearningServices/workspaces/delete",
            "Microsoft.MachineLearningServices/workspaces/write",
            "Microsoft.MachineLearningServices/workspaces/listKeys/action",
            "Microsoft.MachineLearningServices/workspaces/hubs/write",
            "Microsoft.MachineLearningServices/workspaces/hubs/delete",
            "Microsoft.MachineLearningServices/workspaces/featurestores/write",
            "Microsoft.MachineLearningServices/workspaces/featurestores/delete",
            "Microsoft.MachineLearningServices/workspaces/evaluations/results/labels/read",
            "Microsoft.MachineLearningServices/workspaces/evaluations/results/reasonings/read",
            "Microsoft.MachineLearningServices/workspaces/simulations/results/images/read",
        ],
        data_actions: &[
            "Microsoft.CognitiveServices/accounts/OpenAI/*",
            "Microsoft.CognitiveServices/accounts/SpeechServices/*",
            "Microsoft.CognitiveServices/accounts/ContentSafety/*",
            "Microsoft.CognitiveServices/accounts/MaaS/*",
        ],
        not_data_actions: &[
            "Microsoft.CognitiveServices/accounts/OpenAI/fine-tunes-deployments/write",
        ],
        ..NONE
    },
    Role {
        name: "Azure AI Enterprise Network Connection Approver",
        id: "b556d68e-0be0-4f35-a333-ad7ee1ce17ea",
        actions: &[
            "Microsoft.ApiManagement/service/privateEndpointConnections/read",
            "Microsoft.ApiManagement/service/privateEndpointConnections/write",
            "Microsoft.ApiManagement/service/privateLinkResources/read",
            "Microsoft.ApiManagement/service/read",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/read",
            "Microsoft.ContainerRegistry/registries/privateEndpointConnections/write",
            "Microsoft.Cache/redis/read",
            "Microsoft.Cache/redis/privateEndpointConnections/read",
            "Microsoft.Cache/redis/privateEndpointConnections/write",
            "Microsoft.Cache/redis/privateLinkResources/read",
            "Microsoft.Cache/redis/privateEndpointConnectionsApproval/action",
            "Microsoft.Cache/redisEnterprise/read",
            "Microsoft.Cache/redisEnterprise/privateEndpointConnections/read",
            "Microsoft.Cache/redisEnterprise/privateEndpointConnections/write",
            "Microsoft.Cache/redisEnterprise/privateLinkResources/read",
            "Microsoft.Cache/redisEnterprise/privateEndpointConnectionsApproval/action",
            "Microsoft.CognitiveServices/accounts/read",
            "Microsoft.CognitiveServices/accounts/privateEndpointConnections/read",
            "Microsoft.CognitiveServices/accounts/privateEndpointConnections/write",
            "Microsoft.CognitiveServices/accounts/privateLinkResources/read",
            "Microsoft.DBforPostgreSQL/flexibleServers/privateEndpointConnectionsApproval/action",
            "Microsoft.DBforPostgreSQL/flexibleServers/privateEndpointConnections/read",
            "Microsoft.DBforPostgreSQL/flexibleServers/privateEndpointConnections/write",
            "Microsoft.DBforPostgreSQL/flexibleServers/privateLinkResources/read",
            "Microsoft.DBforPostgreSQL/flexibleServers/read",
            "Microsoft.DBforPostgreSQL/serverGroupsv2/privateEndpointConnectionsApproval/action",
            "Microsoft.DBforPostgreSQL/serverGroupsv2/privateEndpointConnections/read",
            "Microsoft.DBforPostgreSQL/serverGroupsv2/privateEndpointConnections/write",
            "Microsoft.DBforPostgreSQL/serverGroupsv2/privateLinkResources/read",
            "Microsoft.DBforMySQL/flexibleServers/privateEndpointConnectionsApproval/action",
            "Microsoft.DBforMySQL/flexibleServers/privateEndpointConnections/read",
            "Microsoft.DBforMySQL/flexibleServers/privateEndpointConnections/write",
            "Microsoft.DBforMySQL/flexibleServers/privateLinkResources/read",
            "Microsoft.DBforMySQL/flexibleServers/read",
            "Microsoft.DocumentDB/databaseAccounts/privateEndpointConnectionsApproval/action",
            "Microsoft.DocumentDB/databaseAccounts/privateEndpointConnections/operationResults/read",
            "Microsoft.DocumentDB/databaseAccounts/privateEndpointConnections/read",
            "Microsoft.DocumentDB/databaseAccounts/privateEndpointConnections/write",
            "Microsoft.DocumentDB/databaseAccounts/privateLinkResources/read",
            "Microsoft.DocumentDB/databaseAccounts/read",
            "Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action",
            "Microsoft.KeyVault/vaults/privateEndpointConnections/read",
            "Microsoft.KeyVault/vaults/privateEndpointConnections/write",
            "Microsoft.KeyVault/vaults/privateLinkResources/read",
            "Microsoft.KeyVault/vaults/read",
            "Microsoft.MachineLearningServices/registries/privateEndpointConnectionsApproval/action",
            "Microsoft.MachineLearningServices/registries/privateEndpointConnections/read",
            "Microsoft.MachineLearningServices/registries/privateEndpointConnections/write",
            "Microsoft.MachineLearningServices/registries/privateLinkResources/read",
            "Microsoft.MachineLearningServices/registries/read",
            "Microsoft.MachineLearningServices/workspaces/privateEndpointConnectionsApproval/action",
            "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections/read",
            "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections/write",
            "Microsoft.MachineLearningServices/workspaces/privateLinkResources/read",
            "Microsoft.MachineLearningServices/workspaces/read",
            "Microsoft.Storage/storageAccounts/privateEndpointConnections/read",
            "Microsoft.Storage/storageAccounts/privateEndpointConnections/write",
            "Microsoft.Storage/storageAccounts/privateLinkResources/read",
            "Microsoft.Storage/storageAccounts/read",
            "Microsoft.Storage/storageAccounts/PrivateEndpointConnectionsApproval/action",
            "Microsoft.Sql/servers/privateEndpointConnectionsApproval/action",
            "Microsoft.Sql/servers/privateEndpointConnections/read",
            "Microsoft.Sql/servers/privateEndpointConnections/write",
            "Microsoft.Sql/servers/privateLinkResources/read",
            "Microsoft.Sql/servers/read",
            "Microsoft.EventHub/namespaces/privateEndpointConnectionsApproval/action",
            "Microsoft.EventHub/namespaces/privateEndpointConnections/read",
            "Microsoft.EventHub/namespaces/privateEndpointConnections/write",
            "Microsoft.EventHub/namespaces/privateLinkResources/read",
            "Microsoft.EventHub/namespaces/read",
            "Microsoft.Search/searchServices/privateEndpointConnectionsApproval/action",
            "Microsoft.Search/searchServices/privateEndpointConnections/read",
            "Microsoft.Search/searchServices/privateEndpointConnections/write",
            "Microsoft.Search/searchServices/sharedPrivateLinkResources/read",
            "Microsoft.Search/searchServices/read",
            "Microsoft.Insights/privatelinkscopes/privateEndpointConnectionsApproval/action",
            "Microsoft.Insights/privatelinkscopes/privateEndpointConnections/read",
            "Microsoft.Insights/privatelinkscopes/privateEndpointConnections/write",
            "Microsoft.Insights/privatelinkscopes/privateEndpointConnections/operationResults/read",
            "Microsoft.Insights/privatelinkscopes/privateLinkResources/read",
            "Microsoft.Insights/privatelinkscopes/read",
            "Microsoft.Network/privateLinkServices/privateEndpointConnectionsApproval/action",
            "Microsoft.Network/privateLinkServices/privateEndpointConnections/read",
            "Microsoft.Network/privateLinkServices/privateEndpointConnections/write",
            "Microsoft.Network/privateLinkServices/read",
            "Microsoft.Network/applicationGateways/privateEndpointConnections/read",
            "Microsoft.Network/applicationGateways/privateEndpointConnections/write",
            "Microsoft.Network/applicationGateways/privateLinkResources/read",
            "Microsoft.Network/applicationGateways/read",
        ],
        ..NONE
    },
    Role {
        name: "Azure AI Enterprise Networking Outbound Rules Operator",
        id: "25cabde7-1a6c-4350-8877-cb6fe59f1399",
        actions: &[
            "Microsoft.MachineLearningServices/workspaces/managedNetworks/read",
            "Microsoft.MachineLearningServices/workspaces/managedNetworks/write",
            "Microsoft.MachineLearningServices/workspaces/managedNetworks/outboundRules/read",
            "Microsoft.MachineLearningServices/workspaces/managedNetworks/outboundRules/write",
            "Microsoft.MachineLearningServices/workspaces/managedNetworks/outboundRules/delete",
            "Microsoft.MachineLearningServices/workspaces/managedNetworks/batchOutboundRules/action",
        ],
        ..NONE
    },
    Role {
        name: "Azure AI Inference Deployment Operator",
        id: "3afb7f49-54cb-416e-8c09-6dc049efa503",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Insights/AutoscaleSettings/write",
        ],
        ..NONE
    },
    Role {
        name: "Azure AI Safety Evaluator",
        id: "11102f94-c441-49e6-a78b-ef80e0188abc",
        actions: &[
            "Microsoft.MachineLearningServices/workspaces/evaluations/*",
            "Microsoft.MachineLearningServices/workspaces/simulations/*",
        ],
        ..NONE
    },
    // Networking
    Role {
        name: "Network Contributor",
        ja: Some("ネットワーク共同作成者"),
        id: "4d97b98b-1d4f-4787-a291-c67834d212e7",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Network/*",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Private DNS Zone Contributor",
        ja: Some("プライベート DNS ゾーン共同作成者"),
        id: "b12aa53e-6015-4669-85d0-8515ebb3ae7f",
        actions: &[
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
            "Microsoft.Network/privateDnsZones/*",
            "Microsoft.Network/privateDnsOperationResults/*",
            "Microsoft.Network/privateDnsOperationStatuses/*",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/join/action",
            "Microsoft.Authorization/*/read",
        ],
        ..NONE
    },
    Role {
        name: "DNS Zone Contributor",
        ja: Some("DNS ゾーン共同作成者"),
        id: "befefa01-2a29-4197-83a8-272ff33ce314",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Network/dnsZones/*",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    // Compute and containers
    Role {
        name: "Virtual Machine Contributor",
        ja: Some("仮想マシン共同作成者"),
        id: "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Compute/availabilitySets/*",
            "Microsoft.Compute/locations/*",
            "Microsoft.Compute/virtualMachines/*",
            "Microsoft.Compute/virtualMachineScaleSets/*",
            "Microsoft.Compute/cloudServices/*",
            "Microsoft.Compute/disks/write",
            "Microsoft.Compute/disks/read",
            "Microsoft.Compute/disks/delete",
            "Microsoft.Compute/hostgroups/write",
            "Microsoft.Compute/hostgroups/hosts/write",
            "Microsoft.DevTestLab/schedules/*",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Network/applicationGateways/backendAddressPools/join/action",
            "Microsoft.Network/loadBalancers/backendAddressPools/join/action",
            "Microsoft.Network/loadBalancers/inboundNatPools/join/action",
            "Microsoft.Network/loadBalancers/inboundNatRules/join/action",
            "Microsoft.Network/loadBalancers/probes/join/action",
            "Microsoft.Network/loadBalancers/read",
            "Microsoft.Network/locations/*",
            "Microsoft.Network/networkInterfaces/*",
            "Microsoft.Network/networkSecurityGroups/join/action",
            "Microsoft.Network/networkSecurityGroups/read",
            "Microsoft.Network/publicIPAddresses/join/action",
            "Microsoft.Network/publicIPAddresses/read",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/subnets/join/action",
            "Microsoft.RecoveryServices/locations/*",
            "Microsoft.RecoveryServices/Vaults/backupFabrics/backupProtectionIntent/write",
            "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/*/read",
            "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/read",
            "Microsoft.RecoveryServices/Vaults/backupFabrics/protectionContainers/protectedItems/write",
            "Microsoft.RecoveryServices/Vaults/backupPolicies/read",
            "Microsoft.RecoveryServices/Vaults/backupPolicies/write",
            "Microsoft.RecoveryServices/Vaults/read",
            "Microsoft.RecoveryServices/Vaults/usages/read",
            "Microsoft.RecoveryServices/Vaults/write",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.SerialConsole/serialPorts/connect/action",
            "Microsoft.SqlVirtualMachine/*",
            "Microsoft.Storage/storageAccounts/listKeys/action",
            "Microsoft.Storage/storageAccounts/read",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Virtual Machine Administrator Login",
        ja: Some("仮想マシンの管理者ログイン"),
        id: "1c0163c0-47e6-4577-8991-ea5c82e286e4",
        actions: &[
            "Microsoft.Network/publicIPAddresses/read",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/loadBalancers/read",
            "Microsoft.Network/networkInterfaces/read",
            "Microsoft.Compute/virtualMachines/*/read",
            "Microsoft.HybridCompute/machines/*/read",
            "Microsoft.HybridConnectivity/endpoints/listCredentials/action",
        ],
        data_actions: &[
            "Microsoft.Compute/virtualMachines/login/action",
            "Microsoft.Compute/virtualMachines/loginAsAdmin/action",
            "Microsoft.HybridCompute/machines/login/action",
            "Microsoft.HybridCompute/machines/loginAsAdmin/action",
        ],
        ..NONE
    },
    Role {
        name: "Virtual Machine User Login",
        ja: Some("仮想マシンのユーザー ログイン"),
        id: "fb879df8-f326-4884-b1cf-06f3ad86be52",
        actions: &[
            "Microsoft.Network/publicIPAddresses/read",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/loadBalancers/read",
            "Microsoft.Network/networkInterfaces/read",
            "Microsoft.Compute/virtualMachines/*/read",
            "Microsoft.HybridCompute/machines/*/read",
            "Microsoft.HybridConnectivity/endpoints/listCredentials/action",
        ],
        data_actions: &[
            "Microsoft.Compute/virtualMachines/login/action",
            "Microsoft.HybridCompute/machines/login/action",
        ],
        ..NONE
    },
    Role {
        name: "Azure Container Instances Contributor Role",
        id: "5d977122-f97e-4b4d-a52f-6b43003ddb4d",
        actions: &[
            "Microsoft.ContainerInstance/containerGroups/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ],
        ..NONE
    },
    Role {
        name: "Azure Kubernetes Service Cluster Admin Role",
        id: "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8",
        actions: &[
            "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
            "Microsoft.ContainerService/managedClusters/accessProfiles/listCredential/action",
            "Microsoft.ContainerService/managedClusters/read",
            "Microsoft.ContainerService/managedClusters/runcommand/action",
        ],
        ..NONE
    },
    Role {
        name: "Azure Kubernetes Service Cluster User Role",
        id: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
        actions: &[
            "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
            "Microsoft.ContainerService/managedClusters/read",
        ],
        ..NONE
    },
    Role {
        name: "Azure Kubernetes Service Cluster Monitoring User",
        id: "1afdec4b-e479-420e-99e7-f82237c7c5e6",
        actions: &[
            "Microsoft.ContainerService/managedClusters/listClusterMonitoringUserCredential/action",
            "Microsoft.ContainerService/managedClusters/read",
        ],
        ..NONE
    },
    Role {
        name: "Azure Kubernetes Service Contributor Role",
        id: "ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.ContainerService/locations/*",
            "Microsoft.ContainerService/managedClusters/*",
            "Microsoft.ContainerService/managedclustersnapshots/*",
            "Microsoft.ContainerService/snapshots/*",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.ContainerService/deploymentSafeguards/*",
        ],
        ..NONE
    },
    Role {
        name: "Azure Kubernetes Service RBAC Admin",
        id: "3498e952-d568-435e-9b2c-8d77e338d7f7",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/subscriptions/operationresults/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
        ],
        data_actions: &["Microsoft.ContainerService/managedClusters/*"],
        not_data_actions: &[
            "Microsoft.ContainerService/managedClusters/resourcequotas/write",
            "Microsoft.ContainerService/managedClusters/resourcequotas/delete",
            "Microsoft.ContainerService/managedClusters/namespaces/write",
            "Microsoft.ContainerService/managedClusters/namespaces/delete",
        ],
        ..NONE
    },
    Role {
        name: "Azure Kubernetes Service RBAC Cluster Admin",
        id: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/subscriptions/operationresults/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action",
        ],
        data_actions: &["Microsoft.ContainerService/managedClusters/*"],
        ..NONE
    },
    Role {
        name: "Azure Kubernetes Service RBAC Reader",
        id: "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/subscriptions/operationresults/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ],
        data_actions: &[
            "Microsoft.ContainerService/managedClusters/apps/controllerrevisions/read",
            "Microsoft.ContainerService/managedClusters/apps/daemonsets/read",
            "Microsoft.ContainerService/managedClusters/apps/deployments/read",
            "Microsoft.ContainerService/managedClusters/apps/replicasets/read",
            "Microsoft.ContainerService/managedClusters/apps/statefulsets/read",
            "Microsoft.ContainerService/managedClusters/autoscaling/horizontalpodautoscalers/read",
            "Microsoft.ContainerService/managedClusters/batch/cronjobs/read",
            "Microsoft.ContainerService/managedClusters/batch/jobs/read",
            "Microsoft.ContainerService/managedClusters/configmaps/read",
            "Microsoft.ContainerService/managedClusters/discovery.k8s.io/endpointslices/read",
            "Microsoft.ContainerService/managedClusters/endpoints/read",
            "Microsoft.ContainerService/managedClusters/events.k8s.io/events/read",
            "Microsoft.ContainerService/managedClusters/events/read",
            "Microsoft.ContainerService/managedClusters/extensions/daemonsets/read",
            "Microsoft.ContainerService/managedClusters/extensions/deployments/read",
            "Microsoft.ContainerService/managedClusters/extensions/ingresses/read",
            "Microsoft.ContainerService/managedClusters/extensions/networkpolicies/read",
            "Microsoft.ContainerService/managedClusters/extensions/replicasets/read",
            "Microsoft.ContainerService/managedClusters/limitranges/read",
            "Microsoft.ContainerService/managedClusters/metrics.k8s.io/pods/read",
            "Microsoft.ContainerService/managedClusters/metrics.k8s.io/nodes/read",
            "Microsoft.ContainerService/managedClusters/namespaces/read",
            "Microsoft.ContainerService/managedClusters/networking.k8s.io/ingresses/read",
            "Microsoft.ContainerService/managedClusters/networking.k8s.io/networkpolicies/read",
            "Microsoft.ContainerService/managedClusters/persistentvolumeclaims/read",
            "Microsoft.ContainerService/managedClusters/pods/read",
            "Microsoft.ContainerService/managedClusters/policy/poddisruptionbudgets/read",
            "Microsoft.ContainerService/managedClusters/replicationcontrollers/read",
            "Microsoft.ContainerService/managedClusters/resourcequotas/read",
            "Microsoft.ContainerService/managedClusters/serviceaccounts/read",
            "Microsoft.ContainerService/managedClusters/services/read",
        ],
        ..NONE
    },
    Role {
        name: "Azure Kubernetes Service RBAC Writer",
        id: "a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/subscriptions/operationresults/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ],
        data_actions: &[
            "Microsoft.ContainerService/managedClusters/apps/controllerrevisions/read",
            "Microsoft.ContainerService/managedClusters/apps/daemonsets/*",
            "Microsoft.ContainerService/managedClusters/apps/deployments/*",
            "Microsoft.ContainerService/managedClusters/apps/replicasets/*",
            "Microsoft.ContainerService/managedClusters/apps/statefulsets/*",
            "Microsoft.ContainerService/managedClusters/autoscaling/horizontalpodautoscalers/*",
            "Microsoft.ContainerService/managedClusters/batch/cronjobs/*",
            "Microsoft.ContainerService/managedClusters/coordination.k8s.io/leases/read",
            "Microsoft.ContainerService/managedClusters/coordination.k8s.io/leases/write",
            "Microsoft.ContainerService/managedClusters/coordination.k8s.io/leases/delete",
            "Microsoft.ContainerService/managedClusters/discovery.k8s.io/endpointslices/read",
            "Microsoft.ContainerService/managedClusters/batch/jobs/*",
            "Microsoft.ContainerService/managedClusters/configmaps/*",
            "Microsoft.ContainerService/managedClusters/endpoints/*",
            "Microsoft.ContainerService/managedClusters/events.k8s.io/events/read",
            "Microsoft.ContainerService/managedClusters/events/*",
            "Microsoft.ContainerService/managedClusters/extensions/daemonsets/*",
            "Microsoft.ContainerService/managedClusters/extensions/deployments/*",
            "Microsoft.ContainerService/managedClusters/extensions/ingresses/*",
            "Microsoft.ContainerService/managedClusters/extensions/networkpolicies/*",
            "Microsoft.ContainerService/managedClusters/extensions/replicasets/*",
            "Microsoft.ContainerService/managedClusters/limitranges/read",
            "Microsoft.ContainerService/managedClusters/metrics.k8s.io/pods/read",
            "Microsoft.ContainerService/managedClusters/metrics.k8s.io/nodes/read",
            "Microsoft.ContainerService/managedClusters/namespaces/read",
            "Microsoft.ContainerService/managedClusters/networking.k8s.io/ingresses/*",
            "Microsoft.ContainerService/managedClusters/networking.k8s.io/networkpolicies/*",
            "Microsoft.ContainerService/managedClusters/persistentvolumeclaims/*",
            "Microsoft.ContainerService/managedClusters/pods/*",
            "Microsoft.ContainerService/managedClusters/policy/poddisruptionbudgets/*",
            "Microsoft.ContainerService/managedClusters/replicationcontrollers/*",
            "Microsoft.ContainerService/managedClusters/resourcequotas/read",
            "Microsoft.ContainerService/managedClusters/secrets/*",
            "Microsoft.ContainerService/managedClusters/serviceaccounts/*",
            "Microsoft.ContainerService/managedClusters/services/*",
        ],
        ..NONE
    },
    Role {
        name: "Azure Kubernetes Service Policy Add-on Deployment",
        id: "18ed5180-3e48-46fd-8541-4ea054d57064",
        actions: &[
            "Microsoft.Resources/deployments/*",
            "Microsoft.Network/virtualNetworks/subnets/join/action",
            "Microsoft.Network/publicIPPrefixes/join/action",
            "Microsoft.Network/publicIPAddresses/join/action",
            "Microsoft.Compute/diskEncryptionSets/read",
            "Microsoft.Compute/proximityPlacementGroups/write",
        ],
        ..NONE
    },
    Role {
        name: "Kubernetes Extension Contributor",
        id: "85cb6faf-e071-4c9b-8136-154b5a04f717",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.KubernetesConfiguration/extensions/write",
            "Microsoft.KubernetesConfiguration/extensions/read",
            "Microsoft.KubernetesConfiguration/extensions/delete",
            "Microsoft.KubernetesConfiguration/extensions/operations/read",
            "Microsoft.KubernetesConfiguration/register/action",
        ],
        ..NONE
    },
    Role {
        name: "Kubernetes Cluster - Azure Arc Onboarding",
        id: "34e09817-6cbe-4d01-b1a2-e0eac5743d41",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Resources/deployments/write",
            "Microsoft.Resources/subscriptions/operationresults/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Kubernetes/connectedClusters/Write",
            "Microsoft.Kubernetes/connectedClusters/read",
            "Microsoft.KubernetesConfiguration/extensions/write",
            "Microsoft.KubernetesConfiguration/extensions/read",
            "Microsoft.KubernetesConfiguration/extensions/delete",
            "Microsoft.KubernetesConfiguration/extensions/operations/read",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Azure Arc Enabled Kubernetes Cluster User Role",
        id: "00493d72-78f6-4148-b6c5-d3ce8e4799dd",
        actions: &[
            "Microsoft.Resources/deployments/write",
            "Microsoft.Resources/subscriptions/operationresults/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Kubernetes/connectedClusters/listClusterUserCredentials/action",
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Support/*",
            "Microsoft.Kubernetes/connectedClusters/listClusterUserCredential/action",
        ],
        ..NONE
    },
    // Integration and monitoring
    Role {
        name: "Azure Relay Owner",
        id: "2787bf04-f1f5-4bfe-8383-c8a24483ee38",
        actions: &["Microsoft.Relay/*"],
        data_actions: &["Microsoft.Relay/*"],
        ..NONE
    },
    Role {
        name: "Application Insights Component Contributor",
        id: "ae349356-3a1b-4a5e-921d-050484c6347e",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Insights/generateLiveToken/read",
            "Microsoft.Insights/metricAlerts/*",
            "Microsoft.Insights/components/*",
            "Microsoft.Insights/scheduledqueryrules/*",
            "Microsoft.Insights/topology/read",
            "Microsoft.Insights/transactions/read",
            "Microsoft.Insights/webtests/*",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Application Insights Snapshot Debugger",
        id: "08954f03-6346-4c2e-81c0-ec3a5cfae23b",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Insights/components/*/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
            "Microsoft.Insights/snapshots/read",
        ],
        ..NONE
    },
    Role {
        name: "Monitoring Metrics Publisher",
        ja: Some("監視メトリック パブリッシャー"),
        id: "3913510d-42f4-4e42-8a64-420c390055eb",
        actions: &[
            "Microsoft.Insights/Register/Action",
            "Microsoft.Support/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ],
        data_actions: &["Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"],
        ..NONE
    },
    Role {
        name: "Monitoring Reader",
        ja: Some("監視閲覧者"),
        id: "43d0d8ad-25c7-4714-9337-8ba259a9fe05",
        actions: &[
            "*/read",
            "Microsoft.OperationalInsights/workspaces/search/action",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Monitoring Contributor",
        ja: Some("監視共同作成者"),
        id: "749f88d5-cbae-40b8-bcfc-e573ddc772fa",
        actions: &[
            "*/read",
            "Microsoft.AlertsManagement/alerts/*",
            "Microsoft.AlertsManagement/alertsSummary/*",
            "Microsoft.AlertsManagement/issues/*",
            "Microsoft.Insights/actiongroups/*",
            "Microsoft.Insights/activityLogAlerts/*",
            "Microsoft.Insights/AlertRules/*",
            "Microsoft.Insights/components/*",
            "Microsoft.Insights/createNotifications/*",
            "Microsoft.Insights/dataCollectionEndpoints/*",
            "Microsoft.Insights/dataCollectionRules/*",
            "Microsoft.Insights/dataCollectionRuleAssociations/*",
            "Microsoft.Insights/DiagnosticSettings/*",
            "Microsoft.Insights/eventtypes/*",
            "Microsoft.Insights/LogDefinitions/*",
            "Microsoft.Insights/metricalerts/*",
            "Microsoft.Insights/MetricDefinitions/*",
            "Microsoft.Insights/Metrics/*",
            "Microsoft.Insights/notificationStatus/*",
            "Microsoft.Insights/Register/Action",
            "Microsoft.Insights/scheduledqueryrules/*",
            "Microsoft.Insights/webtests/*",
            "Microsoft.Insights/workbooks/*",
            "Microsoft.Insights/workbooktemplates/*",
            "Microsoft.Insights/privateLinkScopes/*",
            "Microsoft.Insights/privateLinkScopeOperationStatuses/*",
            "Microsoft.Monitor/accounts/*",
            "Microsoft.Monitor/settings/*",
            "Microsoft.OperationalInsights/workspaces/write",
            "Microsoft.OperationalInsights/workspaces/intelligencepacks/*",
            "Microsoft.OperationalInsights/workspaces/savedSearches/*",
            "Microsoft.OperationalInsights/workspaces/search/action",
            "Microsoft.OperationalInsights/workspaces/sharedKeys/action",
            "Microsoft.OperationalInsights/workspaces/sharedKeys/read",
            "Microsoft.OperationalInsights/workspaces/storageinsightconfigs/*",
            "Microsoft.OperationalInsights/locations/workspaces/failover/action",
            "Microsoft.OperationalInsights/workspaces/failback/action",
            "Microsoft.Support/*",
            "Microsoft.AlertsManagement/smartDetectorAlertRules/*",
            "Microsoft.AlertsManagement/actionRules/*",
            "Microsoft.AlertsManagement/smartGroups/*",
            "Microsoft.AlertsManagement/migrateFromSmartDetection/*",
            "Microsoft.AlertsManagement/investigations/*",
            "Microsoft.AlertsManagement/prometheusRuleGroups/*",
            "Microsoft.Monitor/investigations/*",
            "Microsoft.Resources/deployments/*",
        ],
        ..NONE
    },
    Role {
        name: "Log Analytics Contributor",
        ja: Some("Log Analytics 共同作成者"),
        id: "92aaf0da-9dab-42b6-94a3-d43ce8d16293",
        actions: &[
            "*/read",
            "Microsoft.ClassicCompute/virtualMachines/extensions/*",
            "Microsoft.ClassicStorage/storageAccounts/listKeys/action",
            "Microsoft.Compute/virtualMachines/extensions/*",
            "Microsoft.HybridCompute/machines/extensions/write",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.Insights/diagnosticSettings/*",
            "Microsoft.OperationalInsights/*",
            "Microsoft.OperationsManagement/*",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourcegroups/deployments/*",
            "Microsoft.Storage/storageAccounts/listKeys/action",
            "Microsoft.Support/*",
        ],
        data_actions: &["Microsoft.OperationalInsights/workspaces/jobs/export/action"],
        ..NONE
    },
    Role {
        name: "Log Analytics Reader",
        ja: Some("Log Analytics 閲覧者"),
        id: "73c42c96-874c-492b-b04d-ab87d138a893",
        actions: &[
            "*/read",
            "Microsoft.OperationalInsights/workspaces/analytics/query/action",
            "Microsoft.OperationalInsights/workspaces/search/action",
            "Microsoft.Support/*",
        ],
        not_actions: &["Microsoft.OperationalInsights/workspaces/sharedKeys/read"],
        data_actions: &["Microsoft.OperationalInsights/workspaces/jobs/export/action"],
        ..NONE
    },
    Role {
        name: "Log Analytics Data Reader",
        id: "3b03c2da-16b3-4a49-8834-0f8130efdd3b",
        actions: &[
            "Microsoft.OperationalInsights/workspaces/query/read",
            "Microsoft.OperationalInsights/workspaces/read",
        ],
        data_actions: &["Microsoft.OperationalInsights/workspaces/tables/data/read"],
        ..NONE
    },
    // Search, AI services, support
    Role {
        name: "Search Service Contributor",
        id: "7ca78c08-252a-4471-8644-bb5ff32d4ba0",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Insights/alertRules/*",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/*",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Search/searchServices/*",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
    Role {
        name: "Search Index Data Contributor",
        id: "8ebe5a00-799e-43f5-93ac-243d3dce84a7",
        data_actions: &[
            "Microsoft.Search/searchServices/indexes/documents/*",
            "Microsoft.Search/searchServices/indexes/contentSecurity/elevatedOperations/read",
        ],
        ..NONE
    },
    Role {
        name: "Search Index Data Reader",
        id: "1407120a-92aa-4202-b7e9-c0e197c71c8f",
        data_actions: &["Microsoft.Search/searchServices/indexes/documents/read"],
        ..NONE
    },
    Role {
        name: "Cognitive Services User",
        id: "a97b65f3-24c7-4388-baec-2e87135dc908",
        actions: &[
            "Microsoft.CognitiveServices/*/read",
            "Microsoft.CognitiveServices/accounts/listkeys/action",
            "Microsoft.Insights/alertRules/read",
            "Microsoft.Insights/diagnosticSettings/read",
            "Microsoft.Insights/logDefinitions/read",
            "Microsoft.Insights/metricdefinitions/read",
            "Microsoft.Insights/metrics/read",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Resources/deployments/operations/read",
            "Microsoft.Resources/subscriptions/operationresults/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ],
        data_actions: &["Microsoft.CognitiveServices/*"],
        not_data_actions: &[
            "Microsoft.CognitiveServices/accounts/AIServices/agents/endpoints/UserIdentityImpersonation/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/fine-tunes-deployments/write",
            "Microsoft.CognitiveServices/accounts/AIServices/fine_tuning_deployments/write",
        ],
        ..NONE
    },
    Role {
        name: "Cognitive Services OpenAI User",
        id: "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
        actions: &[
            "Microsoft.CognitiveServices/*/read",
            "Microsoft.Authorization/roleAssignments/read",
            "Microsoft.Authorization/roleDefinitions/read",
        ],
        data_actions: &[
            "Microsoft.CognitiveServices/accounts/OpenAI/*/read",
            "Microsoft.CognitiveServices/accounts/OpenAI/engines/completions/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/engines/search/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/engines/generate/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/deployments/audio/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/deployments/search/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/deployments/completions/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/deployments/realtime/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/deployments/extensions/chat/completions/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/deployments/embeddings/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/images/generations/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/video/generations/*/action",
            "Microsoft.CognitiveServices/accounts/OpenAI/video/generations/*/delete",
            "Microsoft.CognitiveServices/accounts/OpenAI/assistants/*",
            "Microsoft.CognitiveServices/accounts/OpenAI/responses/*",
        ],
        not_data_actions: &["Microsoft.CognitiveServices/accounts/OpenAI/stored-completions/read"],
        ..NONE
    },
    Role {
        name: "Support Request Contributor",
        id: "cfd33db0-3dd1-45e3-aa9d-cdbdf3b6f24e",
        actions: &[
            "Microsoft.Authorization/*/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ],
        ..NONE
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_ids_are_unique() {
        let names: BTreeSet<_> = ROLES.iter().map(|it| it.name.to_lowercase()).collect();
        let ids: BTreeSet<_> = ROLES.iter().map(|it| it.id).collect();
        assert_eq!((names.len(), ids.len()), (111, 111));
    }

    // Checked against the Owner, Reader and AcrPull entries of the docs page.
    #[test]
    fn a_role_is_found_by_name_and_by_id_in_any_case() {
        let pull = by_name("acrpull").unwrap();
        assert_eq!(pull.id, "7f951dda-4ed3-4680-a7ca-43fe172d538d");
        assert_eq!(pull.actions, ["Microsoft.ContainerRegistry/registries/pull/read"]);
        let id = "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/\
                  8E3AF657-A8FF-443C-A75C-2FE8C4BCB635";
        assert_eq!(by_id(id).map(|it| it.name), Some("Owner"));
        assert_eq!(find("acdd72a7-3385-48ef-bd42-f606fba81ae7").map(|it| it.name), Some("Reader"));
        assert_eq!(find("No such role"), None);
    }

    // "Azure custom roles": one wildcard per string. Built-in roles obey that too, and the matcher
    // may rely on it for speed but not for its answer.
    #[test]
    fn no_action_has_two_wildcards() {
        for role in ROLES {
            for list in [role.actions, role.not_actions, role.data_actions, role.not_data_actions] {
                assert!(list.iter().all(|it| it.matches('*').count() <= 1), "{}", role.name);
            }
        }
    }
}
