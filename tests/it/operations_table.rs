//! Every operation against what Azure's docs say it takes: rights, and packets that must arrive.
//!
//! The rows were written from the pages that they name. Two drawn designs have every operation in them;
//! what the checks ask there is compared with the rows. What a check leaves out or asks beside stands in
//! a table of its own, with the reason.

use std::collections::{BTreeMap, BTreeSet};

use drawbridge::{
    checks::{self, Ask, Check},
    facts::grant::Plane,
    kinds::{Kind, ResourceId, Resources},
    solve::flow::Destination,
};
use serde_json::json;

use crate::setup_operations::World;

struct Row {
    id: &'static str,
    /// Repository and page.
    source: &'static str,
    /// Plane, kind of resource (or kinds), action.
    rights: &'static [&'static str],
    /// Kind and face, or the public service.
    flows: &'static [&'static str],
}

/// What a page names and a check does not ask, and why.
const LEFT_OUT: &[(&str, &str, &str)] = &[
    (
        "image.build.private_base_image",
        "control workspace Microsoft.MachineLearningServices/workspaces/connections/write",
        "an administrator makes the connection beforehand; a design has it or has it not",
    ),
    (
        "image.build.on_compute",
        "control workspace Microsoft.MachineLearningServices/workspaces/write",
        "an administrator names the build compute beforehand",
    ),
    (
        "image.build.workspace_acr",
        "MicrosoftContainerRegistry",
        "the builder stands in Microsoft's network; nothing of a design is in between",
    ),
    (
        "datastore.register.grant_workspace_access",
        "control storage-account Microsoft.Storage/storageAccounts/read",
        "given by the registration itself; the preview asks for it",
    ),
    (
        "auth.msi_vm",
        "control workspace Microsoft.MachineLearningServices/workspaces/jobs/write",
        "submitting is an operation of its own; signing in works without it",
    ),
    (
        "auth.msi_vm",
        "control workspace Microsoft.MachineLearningServices/workspaces/environments/build/action",
        "submitting is an operation of its own; signing in works without it",
    ),
];

/// What a check asks and the row does not have, and why.
const BESIDE: &[(&str, &str, &str)] = &[
    (
        "ws.update.identity_kind",
        "control user-assigned-identity Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
        "linked access: attaching an identity needs it",
    ),
    (
        "ws.create.cmk",
        "data key-vault Microsoft.KeyVault/vaults/keys/create/action",
        "the page names access policies; the same in a vault with roles",
    ),
    (
        "ws.create.cmk",
        "data key-vault Microsoft.KeyVault/vaults/keys/delete",
        "the page names access policies; the same in a vault with roles",
    ),
    (
        "ws.create.cmk",
        "data key-vault Microsoft.KeyVault/vaults/keys/purge/action",
        "the page names access policies; the same in a vault with roles",
    ),
    (
        "ws.create.cmk",
        "data key-vault Microsoft.KeyVault/vaults/keys/read",
        "the page names access policies; the same in a vault with roles",
    ),
    (
        "ws.create.cmk",
        "data key-vault Microsoft.KeyVault/vaults/keys/unwrap/action",
        "the page names access policies; the same in a vault with roles",
    ),
    (
        "ws.create.cmk",
        "data key-vault Microsoft.KeyVault/vaults/keys/wrap/action",
        "the page names access policies; the same in a vault with roles",
    ),
    (
        "image.build.on_compute",
        "control workspace Microsoft.MachineLearningServices/workspaces/environments/build/action",
        "somebody starts the build, as in image.build.workspace_acr",
    ),
    (
        "image.build.on_compute",
        "control workspace Microsoft.MachineLearningServices/workspaces/environments/read",
        "somebody starts the build, as in image.build.workspace_acr",
    ),
    (
        "image.build.on_compute",
        "control workspace Microsoft.MachineLearningServices/workspaces/environments/write",
        "somebody starts the build, as in image.build.workspace_acr",
    ),
    ("image.build.on_compute", "pypi.org", "one of the package feeds"),
    ("image.pull.serverless", "container-registry/login", "every pull goes to the login server"),
    ("image.pull.abac_registry", "container-registry/login", "every pull goes to the login server"),
    (
        "oe.deploy.private_registry_image",
        "container-registry/login",
        "every pull goes to the login server",
    ),
    (
        "datastore.register.grant_workspace_access",
        "control workspace Microsoft.MachineLearningServices/workspaces/datastores/write",
        "it is a registration",
    ),
    (
        "studio.datastore.browse",
        "workspace/api",
        "the workspace's own API, as in the operations beside it",
    ),
    (
        "auth.service_principal",
        "workspace/api",
        "the workspace's own API, as in the operations beside it",
    ),
    ("auth.azure_cli", "workspace/api", "the workspace's own API, as in the operations beside it"),
    (
        "auth.msi_compute",
        "workspace/api",
        "the workspace's own API, as in the operations beside it",
    ),
    ("job.data.automl_identity", "storage-account/blob", "the compute would read all the same"),
    (
        "job.parallel_run_step",
        "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        "the page asks for Storage Blob Data Contributor as well",
    ),
    (
        "job.parallel_run_step",
        "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
        "the page asks for Storage Blob Data Contributor as well",
    ),
    (
        "studio.notebooks",
        "control workspace Microsoft.MachineLearningServices/workspaces/read",
        "every page of Studio reads the workspace",
    ),
    ("studio.notebooks", "workspace/notebooks", "the notebook host of the workspace"),
    (
        "job.submit.v1",
        "control workspace Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action",
        "the upload takes the datastore's credential, as in job.submit.v2",
    ),
    (
        "model.register.local",
        "control workspace Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action",
        "the upload takes the datastore's credential, as in job.submit.v2",
    ),
    (
        "job.submit.v1",
        "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        "the upload with identity-based storage, as in job.submit.v2",
    ),
    (
        "job.submit.v1",
        "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
        "the upload with identity-based storage, as in job.submit.v2",
    ),
    ("oe.create", "key-vault/vault", "keys of the endpoint are kept in the workspace's vault"),
    ("be.invoke", "batch-endpoint/scoring", "the address that is called"),
    ("appinsights.ingest", "application-insights/ingestion", "where telemetry goes"),
    (
        "ws.attach_acr",
        "control container-registry Microsoft.ContainerRegistry/registries/pull/read",
        "the workspace's identity uses the registry afterwards; a part",
    ),
    (
        "ws.attach_acr",
        "control container-registry Microsoft.ContainerRegistry/registries/push/write",
        "the workspace's identity uses the registry afterwards; a part",
    ),
    (
        "ws.attach_acr",
        "control container-registry Microsoft.ContainerRegistry/registries/scheduleRun/action",
        "the workspace's identity uses the registry afterwards; a part",
    ),
    (
        "acr.disable_admin",
        "control container-registry Microsoft.ContainerRegistry/registries/pull/read",
        "what still works afterwards; a part",
    ),
    (
        "acr.disable_admin",
        "control container-registry Microsoft.ContainerRegistry/registries/push/write",
        "what still works afterwards; a part",
    ),
    (
        "acr.disable_admin",
        "control container-registry Microsoft.ContainerRegistry/registries/scheduleRun/action",
        "what still works afterwards; a part",
    ),
];

/// Asked by checks that start at a client or pull an image: the way in, in its parts.
const WAY_IN: &[&str] = &[
    "AzureActiveDirectory",
    "AzureResourceManager",
    "AzureFrontDoor.Frontend",
    "AzureFrontDoor.FirstParty",
    "container-registry/data",
];

/// Operations of Studio that the list of the docs holds as one.
const OF_THE_APP: &[&str] = &["studio.load", "studio.compute"];

#[test]
fn every_row_has_a_check_and_every_check_a_row() {
    let rows: BTreeSet<&str> = ROWS.iter().map(|it| it.id).collect();
    assert_eq!(rows.len(), ROWS.len());
    let checks: BTreeSet<&str> =
        checks::ALL.iter().map(|it| it.id).filter(|it| !OF_THE_APP.contains(it)).collect();
    let missing: Vec<_> = rows.symmetric_difference(&checks).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn checks_ask_what_the_pages_name() {
    let worlds = [plain(), guarded(true), guarded(false), alone()];
    let mut wrong = Vec::new();
    for row in ROWS {
        let check = checks::find(row.id).unwrap();
        let mut rights = BTreeSet::new();
        let mut flows = BTreeSet::new();
        for it in &worlds {
            asked(check, &it.design.resources, &mut rights, &mut flows);
        }
        wrong.extend(compare(row, &rights, &flows));
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_exceptions_are_exceptions() {
    for (id, what, why) in LEFT_OUT {
        let row = ROWS.iter().find(|it| it.id == *id).unwrap();
        assert!(!why.is_empty());
        assert!(row.rights.contains(what) || row.flows.contains(what), "{id}: {what}");
    }
    for (id, what, why) in BESIDE {
        let row = ROWS.iter().find(|it| it.id == *id).unwrap();
        assert!(!why.is_empty());
        assert!(!row.flows.contains(what), "{id}: {what}");
    }
    for row in ROWS {
        assert!(!row.source.is_empty(), "{}", row.id);
    }
}

fn compare(row: &Row, rights: &BTreeSet<String>, flows: &BTreeSet<String>) -> Vec<String> {
    let excused = |table: &[(&str, &str, &str)], what: &str| {
        table.iter().any(|(id, it, _)| *id == row.id && *it == what)
    };
    let mut wrong = Vec::new();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for right in row.rights {
        let mut words = right.split(' ');
        let (plane, kinds, action) =
            (words.next().unwrap(), words.next().unwrap(), words.next().unwrap());
        named.insert(action);
        let is_asked =
            kinds.split('|').any(|kind| rights.contains(&format!("{plane} {kind} {action}")));
        if !is_asked && !excused(LEFT_OUT, right) {
            let elsewhere: Vec<&String> =
                rights.iter().filter(|it| it.ends_with(&format!(" {action}"))).collect();
            wrong.push(format!("{}: does not ask {right} {elsewhere:?}", row.id));
        }
    }
    for right in rights {
        let action = right.rsplit(' ').next().unwrap();
        if !named.contains(action) && !excused(BESIDE, right) {
            wrong.push(format!("{}: asks {right}", row.id));
        }
    }
    for flow in row.flows {
        if !flows.contains(*flow) && !excused(LEFT_OUT, flow) {
            wrong.push(format!("{}: does not ask the way to {flow}", row.id));
        }
    }
    for flow in flows {
        let known = row.flows.contains(&flow.as_str()) || WAY_IN.contains(&flow.as_str());
        if !known && !excused(BESIDE, flow) {
            wrong.push(format!("{}: asks the way to {flow}", row.id));
        }
    }
    wrong
}

fn asked(
    check: &Check,
    all: &Resources,
    rights: &mut BTreeSet<String>,
    flows: &mut BTreeSet<String>,
) {
    for plan in (check.plans)(all) {
        for need in &plan.needs {
            collect(&need.ask, all, rights, flows);
        }
    }
}

fn collect(
    ask: &Ask,
    all: &Resources,
    rights: &mut BTreeSet<String>,
    flows: &mut BTreeSet<String>,
) {
    let slug = |id: ResourceId| all.get(id).unwrap().kind.info().slug;
    match ask {
        Ask::May(it) | Ask::MayWhere(it, _) => {
            let plane = if it.plane == Plane::Data { "data" } else { "control" };
            rights.extend(
                it.actions.iter().map(|action| format!("{plane} {} {action}", slug(it.scope))),
            );
        }
        Ask::Flow(it) => {
            flows.insert(match &it.to {
                Destination::Face { resource, face } => format!("{}/{face}", slug(*resource)),
                Destination::Name(name) => name.clone(),
                Destination::PublicService(tag) => (*tag).to_owned(),
                Destination::Address(it) => it.to_string(),
                Destination::Host(it) => slug(*it).to_owned(),
            });
        }
        Ask::Any(doors) => doors.iter().flatten().for_each(|it| collect(it, all, rights, flows)),
        Ask::Said(_) => {}
    }
}

/// Keys, a system-assigned identity, a vault with roles, a classic registry without its admin user.
fn plain() -> World {
    let mut it = World::new();
    around(&mut it);
    let (group, workspace, user) = (it.group, it.workspace, it.user);
    it.set(it.subscription, "machineLearningRegistered", json!(false));
    it.set(it.subscription, "quotaSetBy", json!(user.0));
    it.set(workspace, "identityChange.type", json!("SystemAssigned,UserAssigned"));
    let added = it.add(Kind::UserAssignedIdentity, "uai-added", group, json!({}));
    it.set(workspace, "identityChange.userAssignedIdentities", json!([added.0]));
    it.add(Kind::KeyVault, "kv-old", group, json!({"softDeletedNameExists": true}));
    let ends = json!({"principalId": added.0, "scope": it.storage.0, "createdBy": user.0});
    it.add(Kind::RoleAssignment, "asked", None, ends);
    named(&mut it);
    it
}

/// The other way of everything: identity-based storage, a user-assigned identity, a customer-managed key,
/// a managed network, a vault with access policies, a registry with repositories as scopes.
fn guarded(admin_user: bool) -> World {
    let mut it = World::new();
    around(&mut it);
    let (group, workspace) = (it.group, it.workspace);
    let primary = it.add(Kind::UserAssignedIdentity, "uai-primary", group, json!({}));
    for (key, value) in [
        ("identity.type", json!("UserAssigned")),
        ("identity.userAssignedIdentities", json!([primary.0])),
        ("primaryUserAssignedIdentity", json!(primary.0)),
        ("systemDatastoresAuthMode", json!("Identity")),
        ("encryption.status", json!("Enabled")),
        ("encryption.identity.userAssignedIdentity", json!(primary.0)),
        ("managedNetwork.isolationMode", json!("AllowOnlyApprovedOutbound")),
        ("enableDataIsolation", json!(true)),
    ] {
        it.set(workspace, key, value);
    }
    let vault = it.add(Kind::KeyVault, "kv-cmk", group, json!({}));
    it.set(workspace, "encryption.keyVaultProperties.keyVaultArmId", json!(vault.0));
    let cosmos = json!({"appId": "a232010e-820c-4083-83bb-3ace5fc29d0b"});
    it.add(Kind::ServicePrincipal, "Azure Cosmos DB", None, cosmos);
    let builder = it.add(Kind::ComputeCluster, "build1", workspace, json!({}));
    it.set(workspace, "imageBuildCompute", json!(builder.0));
    let teams = it.add(
        Kind::ContainerRegistry,
        "acrteams",
        group,
        json!({"roleAssignmentMode": "AbacRepositoryPermissions"}),
    );
    let image = json!({"imageSource": "PrivateImage", "registry": teams.0});
    it.add(Kind::EnvironmentImage, "of-teams", workspace, image);
    it.set(it.registry, "sku.name", json!("Premium"));
    it.set(it.registry, "publicNetworkAccess", json!("Disabled"));
    it.set(it.registry, "adminUserEnabled", json!(admin_user));
    named(&mut it);
    it
}

/// A deployment to Container Instances in a workspace without a private endpoint.
fn alone() -> World {
    let mut it = World::new();
    it.set(it.registry, "adminUserEnabled", json!(true));
    it.add(Kind::ContainerInstanceDeployment, "aci1", it.workspace, json!({}));
    it
}

/// What people, jobs and endpoints of a workspace do.
fn around(it: &mut World) {
    let (group, workspace, user) = (it.group, it.workspace, it.user);
    let id = |it: ResourceId| json!(it.0);
    it.add(Kind::InternetClient, "laptop", None, json!({"user": user.0}));
    let program = it.add(Kind::ServicePrincipal, "ci", None, json!({}));
    it.add(Kind::InternetClient, "runner", None, json!({"user": program.0}));
    let insights =
        it.add(Kind::ApplicationInsights, "appi1", group, json!({"DisableLocalAuth": true}));
    it.set(workspace, "applicationInsights", id(insights));
    let network = it.add(
        Kind::VirtualNetwork,
        "vnet",
        group,
        json!({"addressSpace.addressPrefixes": ["10.0.0.0/16"]}),
    );
    let subnet = it.add(Kind::Subnet, "snet", network, json!({"addressPrefix": "10.0.1.0/24"}));
    it.add(Kind::VirtualMachine, "vm1", subnet, json!({"identity.type": "SystemAssigned"}));
    let zone = it.add(Kind::PrivateDnsZone, "privatelink.api.azureml.ms", group, json!({}));
    it.add(
        Kind::PrivateEndpoint,
        "pe-ws1",
        subnet,
        json!({"privateLinkServiceId": workspace.0, "groupId": "amlworkspace",
            "privateDnsZoneGroups": [zone.0]}),
    );
    let identity = it.add(Kind::UserAssignedIdentity, "uai1", group, json!({}));
    let by =
        json!({"identity.type": "UserAssigned", "identity.userAssignedIdentities": [identity.0]});
    let cluster = it.add(
        Kind::ComputeCluster,
        "cluster1",
        workspace,
        json!({"identity.type": "SystemAssigned"}),
    );
    it.add(Kind::ComputeCluster, "cluster2", workspace, by.clone());
    it.add(Kind::ComputeCluster, "cluster3", subnet, json!({"workspace": workspace.0}));
    let instance = it.add(
        Kind::ComputeInstance,
        "ci1",
        workspace,
        json!({"identity.type": "SystemAssigned", "idleTimeBeforeShutdown": "PT30M"}),
    );
    let attached = json!({"workspace": workspace.0});
    let kubernetes = it.add(Kind::AttachedKubernetes, "k8s1", group, attached);
    let nodes = it.add(Kind::ServicePrincipal, "aks1-nodes", None, json!({}));
    for (name, auth) in [("aks1", "key"), ("aks2", "token")] {
        let settings = json!({"workspace": workspace.0, "computeType": "AKS", "webServiceAuth": auth,
            "servicePrincipalProfile": nodes.0});
        it.add(Kind::AttachedKubernetes, name, group, settings);
    }
    // Data.
    let external = it.add(Kind::StorageAccount, "stext", group, json!({}));
    it.add(
        Kind::PrivateEndpoint,
        "pe-stext",
        subnet,
        json!({"privateLinkServiceId": external.0, "groupId": "blob"}),
    );
    let mut stores = BTreeMap::new();
    for (name, credential, service, kind) in [
        ("keyed", "AccountKey", "None", "AzureBlob"),
        ("open", "None", "None", "AzureBlob"),
        ("granted", "None", "WorkspaceSystemAssignedIdentity", "AzureBlob"),
        ("lake", "None", "None", "AzureDataLakeGen2"),
    ] {
        let settings = json!({"accountName": external.0, "datastoreType": kind,
            "credentials.credentialsType": credential, "serviceDataAccessAuthIdentity": service});
        stores.insert(name, it.add(Kind::Datastore, name, workspace, settings));
    }
    // Jobs.
    let private = it.add(Kind::ContainerRegistry, "acrpriv", group, json!({}));
    let as_is = it.add(
        Kind::EnvironmentImage,
        "as-is",
        workspace,
        json!({"imageSource": "PrivateImage", "registry": private.0}),
    );
    let connection = it.add(
        Kind::WorkspaceConnection,
        "to-acrpriv",
        workspace,
        json!({"targetResource": private.0, "credentials.resourceId": identity.0}),
    );
    let built = json!({"imageSource": "PrivateBaseImage", "registry": private.0,
        "connection": connection.0});
    it.add(Kind::EnvironmentImage, "built", workspace, built);
    let vault = it.add(Kind::KeyVault, "kvext", group, json!({}));
    for (name, settings) in [
        ("by-key", json!({"reads": [stores["keyed"].0]})),
        ("by-compute", json!({"reads": [stores["open"].0], "writes": [stores["open"].0]})),
        ("by-user", json!({"reads": [stores["open"].0], "identity.identityType": "UserIdentity"})),
        (
            "automl",
            json!({"reads": [stores["open"].0], "jobType": "AutoML", "submittedWith": "v1"}),
        ),
        ("profile", json!({"reads": [stores["open"].0], "jobType": "DatasetProfile"})),
        ("of-lake", json!({"reads": [stores["lake"].0]})),
        ("parallel", json!({"jobType": "ParallelRunStep"})),
        ("with-image", json!({"environmentId": as_is.0})),
        ("secret", json!({"readsSecretsFrom": [vault.0]})),
    ] {
        let job = it.add(Kind::Job, name, workspace, settings);
        it.set(job, "computeId", id(cluster));
    }
    for (name, compute) in [("on-instance", instance), ("on-k8s", kubernetes)] {
        it.add(Kind::Job, name, workspace, json!({"computeId": compute.0}));
    }
    let serverless = json!({"identity.identityType": "Managed"});
    it.add(Kind::Job, "serverless", workspace, serverless);
    // Endpoints.
    for (mode, settings) in [
        (
            "Key",
            json!({"identity.type": "SystemAssigned", "createdWith": "studio",
            "properties.enforce_access_to_default_secret_stores": true}),
        ),
        ("AADToken", by.clone()),
        ("AMLToken", json!({"identity.type": "SystemAssigned"})),
    ] {
        let name = format!("ep-{}", mode.to_lowercase());
        let endpoint = it.add(Kind::OnlineEndpoint, &name, workspace, settings);
        it.set(endpoint, "authMode", json!(mode));
        let deployment = json!({"appInsightsEnabled": true, "scoringReads": [external.0],
            "injectsSecretsFrom": [connection.0, vault.0]});
        it.add(Kind::OnlineDeployment, "blue", endpoint, deployment);
        it.add(Kind::OnlineDeployment, "green", endpoint, json!({"environmentId": as_is.0}));
    }
    let batch = json!({"compute": cluster.0, "reads": [stores["open"].0]});
    it.add(Kind::BatchEndpoint, "be1", workspace, batch);
    it.add(Kind::ContainerInstanceDeployment, "aci1", workspace, json!({}));
    it.add(Kind::MachineLearningRegistry, "mlreg1", group, json!({"writesAssets": true}));
}

/// Everything that a design can name somebody for is done by its user.
fn named(it: &mut World) {
    let user = json!(it.user.0);
    let all: Vec<ResourceId> = it.design.resources.0.keys().copied().collect();
    for id in all {
        let kind = it.design.get(id).unwrap().kind;
        for key in ["createdBy", "submittedBy", "usedBy"] {
            if kind != Kind::RoleAssignment && kind.info().fields.iter().any(|it| it.key == key) {
                it.set(id, key, user.clone());
            }
        }
    }
}

const ROWS: &[Row] = &[
    Row {
        id: "ws.create.system_identity",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &[
            "control resource-group Microsoft.MachineLearningServices/workspaces/write",
            "control subscription Microsoft.MachineLearningServices/register/action",
        ],
        flows: &[],
    },
    Row {
        id: "ws.create.uai",
        source: "azure-ai-docs machine-learning/how-to-identity-based-service-authentication.md",
        rights: &[
            "control resource-group Microsoft.MachineLearningServices/workspaces/write",
            "control user-assigned-identity Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/computes/write",
            "control storage-account Microsoft.Storage/storageAccounts/listKeys/action",
            "control storage-account Microsoft.Storage/storageAccounts/read",
            "control storage-account Microsoft.Storage/storageAccounts/write",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
            "control key-vault Microsoft.KeyVault/vaults/read",
            "control key-vault Microsoft.KeyVault/vaults/write",
            "data key-vault Microsoft.KeyVault/vaults/secrets/getSecret/action",
            "data key-vault Microsoft.KeyVault/vaults/secrets/setSecret/action",
            "data key-vault Microsoft.KeyVault/vaults/keys/read",
            "control container-registry Microsoft.ContainerRegistry/registries/pull/read",
            "control container-registry Microsoft.ContainerRegistry/registries/push/write",
            "control container-registry Microsoft.ContainerRegistry/registries/scheduleRun/action",
            "control application-insights Microsoft.Insights/components/read",
            "control application-insights Microsoft.Insights/components/write",
        ],
        flows: &[],
    },
    Row {
        id: "ws.update.identity_kind",
        source: "azure-ai-docs machine-learning/how-to-identity-based-service-authentication.md",
        rights: &["control workspace Microsoft.MachineLearningServices/workspaces/write"],
        flows: &[],
    },
    Row {
        id: "ws.create.cmk",
        source: "azure-ai-docs machine-learning/how-to-setup-customer-managed-keys.md",
        rights: &[
            "control key-vault Microsoft.KeyVault/vaults/read",
            "control key-vault Microsoft.KeyVault/vaults/write",
            "control subscription Microsoft.Storage/storageAccounts/write",
            "control subscription Microsoft.Search/searchServices/write",
            "control subscription Microsoft.DocumentDB/databaseAccounts/write",
        ],
        flows: &[],
    },
    Row {
        id: "ws.cmk.storage_uai",
        source: "azure-ai-docs machine-learning/concept-customer-managed-keys.md",
        rights: &[
            "data key-vault Microsoft.KeyVault/vaults/keys/read",
            "data key-vault Microsoft.KeyVault/vaults/keys/wrap/action",
            "data key-vault Microsoft.KeyVault/vaults/keys/unwrap/action",
        ],
        flows: &[],
    },
    Row {
        id: "ws.assign_role",
        source: "azure-docs role-based-access-control/troubleshooting.md",
        rights: &["control storage-account Microsoft.Authorization/roleAssignments/write"],
        flows: &[],
    },
    Row {
        id: "ws.sync_keys",
        source: "azure-ai-docs machine-learning/how-to-change-storage-access-key.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/resynckeys/action",
        ],
        flows: &[],
    },
    Row {
        id: "ws.private_endpoint.create",
        source: "azure-docs private-link/rbac-permissions.md",
        rights: &[
            "control resource-group|subnet|virtual-network Microsoft.Network/privateEndpoints/write",
            "control resource-group|subnet|virtual-network Microsoft.Network/virtualNetworks/subnets/join/action",
            "control resource-group|subnet|virtual-network Microsoft.Network/virtualNetworks/read",
            "control resource-group|subnet|virtual-network Microsoft.Network/virtualNetworks/subnets/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/privateEndpointConnectionsApproval/action",
            "control private-dns-zone Microsoft.Network/privateDnsZones/read",
            "control private-dns-zone Microsoft.Network/privateDnsZones/A/write",
            "control private-dns-zone Microsoft.Network/privateDnsZones/join/action",
        ],
        flows: &[],
    },
    Row {
        id: "ws.managed_network.provision",
        source: "azure-ai-docs machine-learning/how-to-managed-network.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/privateEndpointConnections/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/privateEndpointConnections/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/provisionManagedNetwork/action",
            "control storage-account|key-vault|container-registry Microsoft.Storage/storageAccounts/privateEndpointConnectionsApproval/action",
            "control storage-account|key-vault|container-registry Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action",
            "control storage-account|key-vault|container-registry Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action",
        ],
        flows: &[],
    },
    Row {
        id: "kv.reuse_soft_deleted_name",
        source: "azure-docs role-based-access-control/built-in-roles.md",
        rights: &["control subscription Microsoft.KeyVault/locations/deletedVaults/purge/action"],
        flows: &[],
    },
    Row {
        id: "compute.create",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &["control workspace Microsoft.MachineLearningServices/workspaces/computes/write"],
        flows: &[],
    },
    Row {
        id: "compute.create.with_uai",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/computes/write",
            "control user-assigned-identity Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
        ],
        flows: &[],
    },
    Row {
        id: "compute.create.in_vnet",
        source: "azure-ai-docs machine-learning/includes/network-rbac.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/computes/write",
            "control virtual-network Microsoft.Network/virtualNetworks/join/action",
            "control virtual-network Microsoft.Network/virtualNetworks/read",
            "control subnet Microsoft.Network/virtualNetworks/subnets/join/action",
        ],
        flows: &[],
    },
    Row {
        id: "compute.instance.use",
        source: "azure-ai-docs machine-learning/concept-compute-instance.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/computes/applicationaccess/action",
        ],
        flows: &["workspace/api", "compute-instance/application"],
    },
    Row {
        id: "compute.instance.run_job",
        source: "GitHub issue pipelines-azureml#31",
        rights: &[],
        flows: &[],
    },
    Row {
        id: "compute.instance.idle_shutdown_with_mi",
        source: "azure-ai-docs machine-learning/how-to-create-compute-instance.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/computes/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/computes/stop/action",
        ],
        flows: &[],
    },
    Row {
        id: "compute.attach.aks",
        source: "azure-ai-docs machine-learning/how-to-attach-kubernetes-to-workspace.md",
        rights: &[
            "control resource-group Microsoft.ContainerService/managedClusters/read",
            "control resource-group Microsoft.ContainerService/managedClusters/write",
            "control resource-group Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/computes/write",
            "control resource-group Microsoft.KubernetesConfiguration/extensions/read",
            "control resource-group Microsoft.KubernetesConfiguration/extensions/write",
        ],
        flows: &[],
    },
    Row {
        id: "image.build.workspace_acr",
        source: "azure-ai-docs machine-learning/how-to-secure-workspace-vnet.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/build/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/read",
            "control container-registry Microsoft.ContainerRegistry/registries/scheduleRun/action",
            "control container-registry Microsoft.ContainerRegistry/registries/listBuildSourceUploadUrl/action",
            "control container-registry Microsoft.ContainerRegistry/registries/push/write",
            "control container-registry Microsoft.ContainerRegistry/registries/pull/read",
        ],
        flows: &["container-registry/login", "storage-account/blob", "MicrosoftContainerRegistry"],
    },
    Row {
        id: "image.build.on_compute",
        source: "azure-ai-docs machine-learning/how-to-secure-workspace-vnet.md",
        rights: &[
            "control container-registry Microsoft.ContainerRegistry/registries/push/write",
            "control container-registry Microsoft.ContainerRegistry/registries/pull/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/write",
        ],
        flows: &[
            "container-registry/login",
            "storage-account/blob",
            "storage-account/file",
            "MicrosoftContainerRegistry",
        ],
    },
    Row {
        id: "image.build.private_base_image",
        source: "azure-ai-docs machine-learning/v1/how-to-use-managed-identities.md",
        rights: &[
            "control container-registry Microsoft.ContainerRegistry/registries/pull/read",
            "control user-assigned-identity Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/connections/write",
        ],
        flows: &["container-registry/login"],
    },
    Row {
        id: "image.pull.training.workspace_acr",
        source: "azure-ai-docs machine-learning/how-to-identity-based-service-authentication.md",
        rights: &["control container-registry Microsoft.ContainerRegistry/registries/pull/read"],
        flows: &["container-registry/login"],
    },
    Row {
        id: "image.pull.training.private_acr_as_is",
        source: "azure-ai-docs machine-learning/how-to-identity-based-service-authentication.md",
        rights: &["control container-registry Microsoft.ContainerRegistry/registries/pull/read"],
        flows: &["container-registry/login"],
    },
    Row {
        id: "image.pull.serverless",
        source: "azure-ai-docs machine-learning/how-to-use-serverless-compute.md",
        rights: &["control container-registry Microsoft.ContainerRegistry/registries/pull/read"],
        flows: &[],
    },
    Row {
        id: "image.pull.kubernetes_training",
        source: "azure-ai-docs machine-learning/how-to-attach-kubernetes-to-workspace.md",
        rights: &["control container-registry Microsoft.ContainerRegistry/registries/pull/read"],
        flows: &["container-registry/login"],
    },
    Row {
        id: "image.pull.abac_registry",
        source: "azure-management-docs container-registry/container-registry-rbac-abac-repository-permissions.md",
        rights: &[
            "data container-registry Microsoft.ContainerRegistry/registries/repositories/content/read",
            "data container-registry Microsoft.ContainerRegistry/registries/repositories/metadata/read",
        ],
        flows: &[],
    },
    Row {
        id: "datastore.register",
        source: "azure-ai-docs machine-learning/v1/how-to-access-data.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/datastores/write",
        ],
        flows: &[],
    },
    Row {
        id: "datastore.register.grant_workspace_access",
        source: "azure-ai-docs machine-learning/v1/how-to-identity-based-data-access.md",
        rights: &[
            "control storage-account Microsoft.Authorization/roleAssignments/write",
            "control storage-account Microsoft.Storage/storageAccounts/read",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        ],
        flows: &[],
    },
    Row {
        id: "studio.datastore.browse",
        source: "azure-ai-docs machine-learning/how-to-administrate-data-authentication.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        ],
        flows: &["storage-account/blob"],
    },
    Row {
        id: "studio.dataset.preview",
        source: "azure-ai-docs machine-learning/how-to-administrate-data-authentication.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            "control storage-account Microsoft.Storage/storageAccounts/read",
            "control private-endpoint Microsoft.Network/privateEndpoints/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/datasets/registered/preview/read",
        ],
        flows: &["storage-account/blob", "workspace/api"],
    },
    Row {
        id: "dataset.profile",
        source: "azure-ai-docs machine-learning/how-to-administrate-data-authentication.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        ],
        flows: &["storage-account/blob"],
    },
    Row {
        id: "job.data.credential",
        source: "azure-ai-docs machine-learning/how-to-administrate-data-authentication.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action",
        ],
        flows: &["storage-account/blob", "key-vault/vault"],
    },
    Row {
        id: "job.data.compute_mi",
        source: "azure-ai-docs machine-learning/how-to-identity-based-service-authentication.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        ],
        flows: &["storage-account/blob", "storage-account/dfs"],
    },
    Row {
        id: "job.data.user_identity",
        source: "azure-ai-docs machine-learning/how-to-identity-based-service-authentication.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        ],
        flows: &["storage-account/blob"],
    },
    Row {
        id: "job.data.automl_identity",
        source: "azure-ai-docs machine-learning/v1/how-to-identity-based-data-access.md",
        rights: &[],
        flows: &[],
    },
    Row {
        id: "job.output.write",
        source: "azure-ai-docs machine-learning/how-to-administrate-data-authentication.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
        ],
        flows: &["storage-account/blob"],
    },
    Row {
        id: "job.parallel_run_step",
        source: "azure-ai-docs machine-learning/how-to-disable-local-auth-storage.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/queueServices/queues/messages/read",
            "data storage-account Microsoft.Storage/storageAccounts/queueServices/queues/messages/write",
            "data storage-account Microsoft.Storage/storageAccounts/tableServices/tables/entities/read",
            "data storage-account Microsoft.Storage/storageAccounts/tableServices/tables/entities/write",
        ],
        flows: &["storage-account/queue", "storage-account/table", "storage-account/blob"],
    },
    Row {
        id: "ws.storage.identity_mode",
        source: "azure-ai-docs machine-learning/how-to-disable-local-auth-storage.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
            "data storage-account Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
            "data storage-account Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write",
            "data storage-account Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action",
        ],
        flows: &[],
    },
    Row {
        id: "studio.notebooks",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/computes/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/notebooks/samples/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/notebooks/storage/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/listStorageAccountKeys/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/listNotebookAccessToken/read",
            "data storage-account Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
            "data storage-account Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write",
        ],
        flows: &["storage-account/file", "workspace/api"],
    },
    Row {
        id: "studio.open",
        source: "azure-ai-docs machine-learning/how-to-configure-private-link.md",
        rights: &["control workspace Microsoft.MachineLearningServices/workspaces/read"],
        flows: &["workspace/api", "AzureFrontDoor.Frontend"],
    },
    Row {
        id: "job.submit.v1",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/experiments/runs/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/metadata/artifacts/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/metadata/snapshots/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/build/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/experiments/runs/submit/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/readSecrets/action",
        ],
        flows: &["workspace/api", "storage-account/blob"],
    },
    Row {
        id: "job.submit.v2",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/jobs/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/jobs/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/metadata/artifacts/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/build/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/readSecrets/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
        ],
        flows: &["workspace/api", "storage-account/blob"],
    },
    Row {
        id: "job.secret.read",
        source: "azure-ai-docs machine-learning/how-to-use-secrets-in-runs.md",
        rights: &["data key-vault Microsoft.KeyVault/vaults/secrets/getSecret/action"],
        flows: &["key-vault/vault"],
    },
    Row {
        id: "quota.update",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &[
            "control subscription Microsoft.MachineLearningServices/locations/updateQuotas/action",
        ],
        flows: &[],
    },
    Row {
        id: "auth.interactive",
        source: "azure-ai-docs machine-learning/how-to-setup-authentication.md",
        rights: &["control workspace Microsoft.MachineLearningServices/workspaces/read"],
        flows: &["AzureActiveDirectory", "AzureResourceManager", "workspace/api"],
    },
    Row {
        id: "auth.service_principal",
        source: "azure-ai-docs machine-learning/how-to-setup-authentication.md",
        rights: &["control workspace Microsoft.MachineLearningServices/workspaces/read"],
        flows: &[],
    },
    Row {
        id: "auth.azure_cli",
        source: "azure-ai-docs machine-learning/how-to-setup-authentication.md",
        rights: &["control workspace Microsoft.MachineLearningServices/workspaces/read"],
        flows: &[],
    },
    Row {
        id: "auth.msi_vm",
        source: "azure-ai-docs machine-learning/how-to-setup-authentication.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/jobs/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/environments/build/action",
        ],
        flows: &["169.254.169.254", "workspace/api", "AzureResourceManager"],
    },
    Row {
        id: "auth.msi_compute",
        source: "azure-ai-docs machine-learning/how-to-identity-based-service-authentication.md",
        rights: &["control workspace Microsoft.MachineLearningServices/workspaces/read"],
        flows: &[],
    },
    Row {
        id: "auth.conditional_access",
        source: "azure-ai-docs machine-learning/how-to-setup-authentication.md",
        rights: &[],
        flows: &[],
    },
    Row {
        id: "oe.create",
        source: "azure-ai-docs machine-learning/concept-endpoints-online-auth.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/onlineEndpoints/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/onlineEndpoints/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/write",
            "control resource-group Microsoft.Resources/deployments/write",
            "control user-assigned-identity Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
        ],
        flows: &["AzureResourceManager"],
    },
    Row {
        id: "oe.deploy.pull_image",
        source: "azure-ai-docs machine-learning/how-to-troubleshoot-online-endpoints.md",
        rights: &["control container-registry Microsoft.ContainerRegistry/registries/pull/read"],
        flows: &["container-registry/login"],
    },
    Row {
        id: "oe.deploy.private_registry_image",
        source: "azure-ai-docs machine-learning/how-to-troubleshoot-online-endpoints.md",
        rights: &["control container-registry Microsoft.ContainerRegistry/registries/pull/read"],
        flows: &[],
    },
    Row {
        id: "oe.deploy.model_download",
        source: "azure-ai-docs machine-learning/how-to-troubleshoot-online-endpoints.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        ],
        flows: &["storage-account/blob"],
    },
    Row {
        id: "oe.score.read_blob",
        source: "azure-ai-docs machine-learning/how-to-access-resources-from-endpoints-managed-identities.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        ],
        flows: &["storage-account/blob"],
    },
    Row {
        id: "oe.invoke",
        source: "azure-ai-docs machine-learning/concept-endpoints-online-auth.md",
        rights: &[
            "control online-endpoint Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action",
            "control online-endpoint Microsoft.MachineLearningServices/workspaces/onlineEndpoints/listKeys/action",
            "control online-endpoint Microsoft.MachineLearningServices/workspaces/onlineEndpoints/token/action",
        ],
        flows: &["online-endpoint/scoring"],
    },
    Row {
        id: "oe.secret_injection",
        source: "azure-ai-docs machine-learning/concept-secret-injection.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/connections/listsecrets/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/metadata/secrets/read",
            "data key-vault Microsoft.KeyVault/vaults/secrets/getSecret/action",
        ],
        flows: &[],
    },
    Row {
        id: "be.invoke",
        source: "azure-ai-docs machine-learning/how-to-authenticate-batch-endpoint.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/batchEndpoints/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/batchEndpoints/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments/read",
            "control workspace Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/batchEndpoints/jobs/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/batchEndpoints/deployments/jobs/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/listStorageAccountKeys/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/experiments/runs/submit/action",
        ],
        flows: &[],
    },
    Row {
        id: "be.data",
        source: "azure-ai-docs machine-learning/how-to-authenticate-batch-endpoint.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
        ],
        flows: &["storage-account/blob", "storage-account/queue", "storage-account/table"],
    },
    Row {
        id: "aks.v1.deploy",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/services/aks/write",
            "control container-registry Microsoft.ContainerRegistry/registries/pull/read",
        ],
        flows: &["container-registry/login", "storage-account/blob"],
    },
    Row {
        id: "aks.v1.score",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/services/aks/score/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/services/aks/listkeys/action",
            "control workspace Microsoft.MachineLearningServices/workspaces/read",
        ],
        flows: &[],
    },
    Row {
        id: "aci.v1.deploy",
        source: "azure-ai-docs machine-learning/v1/how-to-use-managed-identities.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/services/aci/write",
        ],
        flows: &["container-registry/login"],
    },
    Row {
        id: "registry.use",
        source: "azure-ai-docs machine-learning/how-to-assign-roles.md",
        rights: &[
            "control machine-learning-registry Microsoft.MachineLearningServices/registries/read",
            "control machine-learning-registry Microsoft.MachineLearningServices/registries/assets/read",
            "control machine-learning-registry Microsoft.MachineLearningServices/registries/assets/write",
        ],
        flows: &[],
    },
    Row {
        id: "registry.environment.create",
        source: "azure-ai-docs machine-learning/how-to-registry-network-isolation.md",
        rights: &[
            "control machine-learning-registry Microsoft.MachineLearningServices/registries/assets/write",
        ],
        flows: &[],
    },
    Row {
        id: "appinsights.ingest",
        source: "azure-docs role-based-access-control/built-in-roles.md",
        rights: &["data application-insights Microsoft.Insights/Telemetry/Write"],
        flows: &[],
    },
    Row {
        id: "ws.attach_acr",
        source: "azure-ai-docs machine-learning/how-to-identity-based-service-authentication.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/write",
            "control container-registry Microsoft.ContainerRegistry/registries/read",
        ],
        flows: &[],
    },
    Row {
        id: "acr.disable_admin",
        source: "azure-management-docs container-registry/container-registry-authentication.md",
        rights: &["control container-registry Microsoft.ContainerRegistry/registries/write"],
        flows: &[],
    },
    Row {
        id: "ws.acr.behind_vnet",
        source: "azure-ai-docs machine-learning/how-to-secure-workspace-vnet.md",
        rights: &[
            "control container-registry Microsoft.ContainerRegistry/registries/write",
            "control container-registry Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action",
        ],
        flows: &["container-registry/login"],
    },
    Row {
        id: "uai.create",
        source: "azure-docs role-based-access-control/troubleshooting.md",
        rights: &["control resource-group Microsoft.ManagedIdentity/userAssignedIdentities/write"],
        flows: &[],
    },
    Row {
        id: "ws.data_isolation",
        source: "azure-ai-docs machine-learning/how-to-identity-based-service-authentication.md",
        rights: &[
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
        ],
        flows: &[],
    },
    Row {
        id: "model.register.local",
        source: "azure-ai-docs machine-learning/how-to-disable-local-auth-storage.md",
        rights: &[
            "control workspace Microsoft.MachineLearningServices/workspaces/models/write",
            "control workspace Microsoft.MachineLearningServices/workspaces/models/versions/write",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read",
            "data storage-account Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write",
        ],
        flows: &["storage-account/blob", "workspace/api"],
    },
];
