//! Operations of working with a workspace: jobs, data, endpoints, clusters.
//!
//! Expected answers are those of the pages that each check names; a test that rests on another page
//! names it.

use drawbridge::{
    checks::Door,
    generate,
    kinds::{Kind, ResourceId},
    report,
    solve::Outcome,
    text::Lang,
};
use serde_json::{Value, json};

use crate::setup_operations::World;

fn world(add: impl FnOnce(&mut World)) -> World {
    let mut it = World::new();
    add(&mut it);
    it
}

/// A laptop on the internet, at which the user sits.
fn laptop(it: &mut World) -> ResourceId {
    it.add(Kind::InternetClient, "laptop", None, json!({"user": it.user.0}))
}

fn identity(it: &mut World, name: &str) -> ResourceId {
    it.add(Kind::UserAssignedIdentity, name, it.group, json!({}))
}

fn job(it: &mut World, settings: Value) -> ResourceId {
    let id = it.add(Kind::Job, "train", it.workspace, settings);
    it.set(id, "submittedBy", json!(it.user.0));
    id
}

#[test]
fn a_compute_instance_runs_jobs_of_its_owner_only() {
    let drawn = |owner: &str| {
        world(|it| {
            let bob = it.add(Kind::User, "bob", None, json!({}));
            let owner = if owner == "ana" { it.user } else { bob };
            let ci = it.add(
                Kind::ComputeInstance,
                "ci-1",
                it.workspace,
                json!({"personalComputeInstanceSettings.assignedUser": owner.0}),
            );
            job(it, json!({"computeId": ci.0}));
        })
    };
    drawn("ana").allows("compute.instance.run_job");
    drawn("bob").refuses_for_good("compute.instance.run_job", "sy-ci-not-owner");
}

#[test]
fn an_instance_with_an_identity_stops_itself_as_a_contributor() {
    let drawn = |role: Option<&str>| {
        world(|it| {
            let settings =
                json!({"identity.type": "SystemAssigned", "idleTimeBeforeShutdown": "PT30M"});
            let ci = it.add(Kind::ComputeInstance, "ci-1", it.workspace, settings);
            if let Some(role) = role {
                it.role(ci, role, it.workspace);
            }
        })
    };
    const CHECK: &str = "compute.instance.idle_shutdown_with_mi";
    drawn(Some("Contributor")).allows(CHECK);
    drawn(Some("Reader")).refuses_for_good(CHECK, "sy-ci-keeps-running");
    drawn(None).refuses_for_good(CHECK, "sy-ci-keeps-running");
}

#[test]
fn attaching_a_cluster_with_a_user_assigned_workspace_identity_needs_three_roles_of_it() {
    let drawn = |roles: &[&str]| {
        world(|it| {
            let cluster = it.add(
                Kind::AttachedKubernetes,
                "aks",
                it.group,
                json!({"workspace": it.workspace.0}),
            );
            let uai = identity(it, "id-ws");
            it.set(it.workspace, "identity.type", json!("UserAssigned"));
            it.set(it.workspace, "identity.userAssignedIdentities", json!([uai.0]));
            it.set(it.workspace, "primaryUserAssignedIdentity", json!(uai.0));
            it.role(it.user, "Contributor", it.group);
            for role in roles {
                it.role(uai, role, it.group);
            }
            let _ = cluster;
        })
    };
    const EXTENSION: &str = "Kubernetes Extension Contributor";
    const ADMIN: &str = "Azure Kubernetes Service Cluster Admin Role";
    const CHECK: &str = "compute.attach.aks";
    drawn(&["Reader", EXTENSION, ADMIN]).allows(CHECK);
    drawn(&["Reader", ADMIN]).refuses_for_good(CHECK, "sy-aks-extension");
    drawn(&["Reader", EXTENSION]).refuses_for_good(CHECK, "sy-aks-internal-server");
}

#[test]
fn attaching_a_cluster_of_another_resource_group_needs_rights_there() {
    let drawn = |on_cluster: bool| {
        world(|it| {
            let group = it.add(Kind::ResourceGroup, "rg-aks", it.subscription, json!({}));
            it.add(Kind::AttachedKubernetes, "aks", group, json!({"workspace": it.workspace.0}));
            it.role(it.user, "Contributor", it.workspace);
            if on_cluster {
                it.role(it.user, "Contributor", group);
            }
        })
    };
    drawn(true).allows("compute.attach.aks");
    drawn(false).refuses_for_good("compute.attach.aks", "sy-authorization-failed");
}

#[test]
fn a_serverless_job_pulls_as_the_workspaces_user_assigned_identity() {
    let drawn = |asks: &str, assigned: bool, role: bool| {
        world(|it| {
            if assigned {
                let uai = identity(it, "id-ws");
                it.set(it.workspace, "identity.type", json!("UserAssigned"));
                it.set(it.workspace, "identity.userAssignedIdentities", json!([uai.0]));
                it.set(it.workspace, "primaryUserAssignedIdentity", json!(uai.0));
                if role {
                    it.role(uai, "AcrPull", it.registry);
                }
            }
            job(it, json!({"identity.identityType": asks}));
        })
    };
    const CHECK: &str = "image.pull.serverless";
    drawn("Managed", true, true).allows(CHECK);
    drawn("Managed", true, false).refuses(CHECK, "sy-image-pull");
    // System-assigned identities are not supported on serverless compute.
    drawn("Managed", false, false).refuses_for_good(CHECK, "sy-image-pull");
    drawn("UserIdentity", true, true).does_not_know(CHECK);
    let mut admin = drawn("UserIdentity", false, false);
    admin.set(admin.registry, "adminUserEnabled", json!(true));
    admin.allows(CHECK);
}

fn datastore(it: &mut World, settings: Value) -> ResourceId {
    let id = it.add(Kind::Datastore, "ds", it.workspace, settings);
    it.set(id, "accountName", json!(it.storage.0));
    id
}

#[test]
fn registering_a_datastore_needs_a_right_on_the_workspace_and_v1_tries_the_storage() {
    let drawn = |role: &str, settings: Value| {
        world(|it| {
            laptop(it);
            datastore(it, settings);
            it.role(it.user, role, it.workspace);
        })
    };
    const CHECK: &str = "datastore.register";
    drawn("AzureML Data Scientist", json!({})).allows(CHECK);
    drawn("Reader", json!({})).refuses(CHECK, "sy-authorization-failed");
    let v1 = json!({"registeredWith": "v1"});
    drawn("AzureML Data Scientist", v1).refuses(CHECK, "sy-datastore-validation");
    let skips = json!({"registeredWith": "v1", "skipValidation": true});
    drawn("AzureML Data Scientist", skips).allows(CHECK);
    let mut key = drawn(
        "AzureML Data Scientist",
        json!({"registeredWith": "v1", "credentials.credentialsType": "AccountKey"}),
    );
    key.allows(CHECK);
    key.set(key.storage, "allowSharedKeyAccess", json!(false));
    key.refuses(CHECK, "sy-datastore-validation");
}

#[test]
fn granting_workspace_access_needs_a_right_to_give_roles_on_the_account() {
    let drawn = |role: &str| {
        world(|it| {
            let access = "WorkspaceSystemAssignedIdentity";
            let ds = datastore(it, json!({"serviceDataAccessAuthIdentity": access}));
            it.set(ds, "createdBy", json!(it.user.0));
            it.role(it.user, role, it.group);
        })
    };
    const CHECK: &str = "datastore.register.grant_workspace_access";
    drawn("Owner").allows(CHECK);
    drawn("Contributor").refuses_for_good(CHECK, "sy-role-assignment-failed");
}

#[test]
fn studio_browses_with_a_key_or_as_the_user_but_not_with_a_service_principal() {
    let drawn = |credential: &str, role: Option<&str>| {
        world(|it| {
            laptop(it);
            datastore(it, json!({"credentials.credentialsType": credential}));
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            if let Some(role) = role {
                it.role(it.user, role, it.storage);
            }
        })
    };
    const CHECK: &str = "studio.datastore.browse";
    drawn("AccountKey", None).allows(CHECK);
    drawn("None", Some("Storage Blob Data Reader")).allows(CHECK);
    drawn("None", None).refuses(CHECK, "sy-stream-authentication");
    drawn("ServicePrincipal", None).refuses_for_good(CHECK, "sy-browse-unsupported");
}

// how-to-administrate-data-authentication, the table of scenarios: "Not supported for Dataset Preview under
// private network".
#[test]
fn a_preview_with_a_stored_credential_is_not_supported_under_a_private_network() {
    const CHECK: &str = "studio.dataset.preview";
    let drawn = |credential: &str| {
        world(|it| {
            laptop(it);
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            it.role(it.user, "Storage Blob Data Reader", it.storage);
            let settings = json!({"credentials.credentialsType": credential});
            let container = it.add(Kind::BlobContainer, "data", it.storage, json!({}));
            let data = datastore(it, settings);
            it.set(data, "containerName", json!(container.0));
        })
    };
    let endpoint = |it: &mut World, to: ResourceId, face: &str| {
        let net = json!({"addressSpace.addressPrefixes": ["10.0.0.0/16"]});
        let net = it.add(Kind::VirtualNetwork, "net", it.group, net);
        let subnet = it.add(Kind::Subnet, "pe", net, json!({"addressPrefix": "10.0.0.0/24"}));
        let settings = json!({"privateLinkServiceId": to.0, "groupId": face});
        it.add(Kind::PrivateEndpoint, "pe1", subnet, settings);
    };
    drawn("AccountKey").allows(CHECK);
    let mut closed = drawn("AccountKey");
    closed.set(closed.storage, "networkAcls.defaultAction", json!("Deny"));
    closed.refuses_for_good(CHECK, "sy-stream-authentication");
    let mut behind = drawn("AccountKey");
    let storage = behind.storage;
    endpoint(&mut behind, storage, "blob");
    behind.refuses_for_good(CHECK, "sy-stream-authentication");
    for (credential, allowed) in [("AccountKey", false), ("None", true)] {
        let mut private = drawn(credential);
        let workspace = private.workspace;
        endpoint(&mut private, workspace, "amlworkspace");
        private.set(workspace, "publicNetworkAccess", json!("Enabled"));
        if allowed {
            private.allows(CHECK);
        } else {
            private.refuses_for_good(CHECK, "sy-stream-authentication");
        }
    }
}

// how-to-troubleshoot-data-access: a credential that has expired is refused, and no identity takes its place.
#[test]
fn an_expired_credential_opens_nothing() {
    for (kind, expired) in [("Sas", true), ("AccountKey", true), ("AccountKey", false)] {
        let it = world(|it| {
            laptop(it);
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            let settings = json!({"identity.type": "SystemAssigned"});
            let cluster = it.add(Kind::ComputeCluster, "cpu", it.workspace, settings);
            for who in [cluster, it.user] {
                it.role(who, "Storage Blob Data Contributor", it.storage);
            }
            let container = it.add(Kind::BlobContainer, "data", it.storage, json!({}));
            let settings = json!({"containerName": container.0,
                "credentials.credentialsType": kind, "credentialExpired": expired});
            let data = datastore(it, settings);
            let settings = json!({"computeId": cluster.0, "reads": [data.0], "writes": [data.0]});
            job(it, settings);
        });
        for check in [
            "job.data.credential",
            "job.output.write",
            "studio.datastore.browse",
            "studio.dataset.preview",
        ] {
            if expired {
                it.refuses(check, "sy-stream-authentication");
            } else {
                it.allows(check);
            }
        }
    }
}

#[test]
fn a_parallel_run_step_on_identity_storage_needs_queues_and_tables() {
    let drawn = |mode: &str, roles: &[&str]| {
        world(|it| {
            let uai = identity(it, "id-cpu");
            let cluster = it.add(
                Kind::ComputeCluster,
                "cpu",
                it.workspace,
                json!({"identity.type": "UserAssigned", "identity.userAssignedIdentities": [uai.0]}),
            );
            it.set(it.workspace, "systemDatastoresAuthMode", json!(mode));
            for role in roles {
                it.role(uai, role, it.storage);
            }
            job(it, json!({"jobType": "ParallelRunStep", "computeId": cluster.0}));
        })
    };
    const BLOB: &str = "Storage Blob Data Contributor";
    const QUEUE: &str = "Storage Queue Data Contributor";
    const TABLE: &str = "Storage Table Data Contributor";
    const CHECK: &str = "job.parallel_run_step";
    drawn("Identity", &[BLOB, QUEUE, TABLE]).allows(CHECK);
    drawn("Identity", &[BLOB, QUEUE]).refuses(CHECK, "sy-step-failed");
    drawn("Identity", &[BLOB, TABLE]).refuses(CHECK, "sy-step-failed");
    let mut key = drawn("AccessKey", &[]);
    key.allows(CHECK);
    key.set(key.storage, "allowSharedKeyAccess", json!(false));
    key.refuses(CHECK, "sy-step-failed");
}

#[test]
fn a_job_reads_secrets_as_its_cluster_or_on_behalf_of_the_user() {
    let drawn = |asks: &str, to: &str, by_roles: bool| {
        world(|it| {
            let cluster = it.add(
                Kind::ComputeCluster,
                "cpu",
                it.workspace,
                json!({"identity.type": "SystemAssigned"}),
            );
            let who = if to == "cluster" { cluster } else { it.user };
            it.set(it.vault, "enableRbacAuthorization", json!(by_roles));
            if by_roles {
                it.role(who, "Key Vault Secrets User", it.vault);
            } else {
                let policy = json!([{"objectId": who.0, "permissions.secrets": ["get"]}]);
                it.set(it.vault, "accessPolicies", policy);
            }
            let settings = json!({
                "computeId": cluster.0,
                "identity.identityType": asks,
                "readsSecretsFrom": [it.vault.0],
            });
            job(it, settings);
        })
    };
    const CHECK: &str = "job.secret.read";
    for by_roles in [true, false] {
        let symptom = if by_roles { "sy-keyvault-rbac" } else { "sy-keyvault-policy" };
        drawn("NotSet", "cluster", by_roles).allows(CHECK);
        drawn("NotSet", "user", by_roles).refuses(CHECK, symptom);
        drawn("UserIdentity", "user", by_roles).allows(CHECK);
        drawn("UserIdentity", "cluster", by_roles).refuses(CHECK, symptom);
    }
}

// "Key Vault Secrets User" on one secret opens that one (key-vault/general/rbac-guide); the network leads
// to the vault all the same.
#[test]
fn a_role_on_one_secret_opens_that_one() {
    let drawn = |on: &str| {
        world(|it| {
            let cluster = it.add(
                Kind::ComputeCluster,
                "cpu",
                it.workspace,
                json!({"identity.type": "SystemAssigned"}),
            );
            let [asked, other] = ["asked", "other"]
                .map(|name| it.add(Kind::KeyVaultSecret, name, it.vault, json!({})));
            let scope = if on == "asked" { asked } else { other };
            it.role(cluster, "Key Vault Secrets User", scope);
            job(it, json!({"computeId": cluster.0, "readsSecretsFrom": [asked.0]}));
        })
    };
    drawn("asked").allows("job.secret.read");
    drawn("other").refuses("job.secret.read", "sy-keyvault-rbac");
    let mut closed = drawn("asked");
    closed.set(closed.vault, "publicNetworkAccess", json!("Disabled"));
    closed.refuses_for_good("job.secret.read", "sy-keyvault");
}

// A secret of a vault is no secret of a connection: rights on the workspace do not open it.
#[test]
fn an_injected_secret_of_a_vault_needs_a_role_there() {
    let drawn = |role: bool| {
        world(|it| {
            let secret = it.add(Kind::KeyVaultSecret, "key", it.vault, json!({}));
            let endpoint = it.add(
                Kind::OnlineEndpoint,
                "ep",
                it.workspace,
                json!({"identity.type": "SystemAssigned", ENFORCE: true}),
            );
            let settings = json!({"injectsSecretsFrom": [secret.0]});
            it.add(Kind::OnlineDeployment, "blue", endpoint, settings);
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            if role {
                it.role(endpoint, "Key Vault Secrets User", secret);
            }
        })
    };
    drawn(true).allows("oe.secret_injection");
    drawn(false).refuses("oe.secret_injection", "sy-secrets-injection");
}

#[test]
fn quota_is_set_on_the_subscription() {
    let drawn = |low: bool| {
        world(|it| {
            it.set(it.subscription, "quotaSetBy", json!(it.user.0));
            let scope = if low { it.workspace } else { it.subscription };
            it.role(it.user, "Contributor", scope);
        })
    };
    drawn(false).allows("quota.update");
    drawn(true).refuses_for_good("quota.update", "sy-quota-scope");
}

#[test]
fn a_role_on_a_workspace_says_nothing_about_a_machine_learning_registry() {
    let drawn = |role: &str, writes: bool, low: bool| {
        world(|it| {
            let registry = it.add(
                Kind::MachineLearningRegistry,
                "mlreg",
                it.group,
                json!({"usedBy": it.user.0, "writesAssets": writes}),
            );
            let scope = if low { it.workspace } else { registry };
            it.role(it.user, role, scope);
        })
    };
    drawn("AzureML Registry User", true, false).allows("registry.use");
    drawn("Reader", false, false).allows("registry.use");
    drawn("Reader", true, false).refuses("registry.use", "sy-authorization-failed");
    drawn("AzureML Data Scientist", true, true).refuses("registry.use", "sy-authorization-failed");
}

#[test]
fn conditional_access_refuses_before_any_role_counts() {
    let drawn = |said: &str| {
        world(|it| {
            laptop(it);
            it.set(it.user, "conditionalAccess", json!(said));
            it.role(it.user, "Owner", it.subscription);
        })
    };
    drawn("met").allows("auth.conditional_access");
    drawn("notMet").refuses_for_good("auth.conditional_access", "sy-conditional-access");
}

/// An endpoint with a deployment that takes secrets of the vault or of a connection.
fn endpoint(it: &mut World, settings: Value, vault: bool) -> ResourceId {
    let endpoint = it.add(Kind::OnlineEndpoint, "ep", it.workspace, settings);
    let connection = it.add(Kind::WorkspaceConnection, "con", it.workspace, json!({}));
    let from = if vault { it.vault } else { connection };
    it.add(Kind::OnlineDeployment, "blue", endpoint, json!({"injectsSecretsFrom": [from.0]}));
    endpoint
}

const ENFORCE: &str = "properties.enforce_access_to_default_secret_stores";

#[test]
fn secrets_of_a_vault_are_never_granted_by_azure() {
    let drawn = |role: bool| {
        world(|it| {
            let endpoint = endpoint(it, json!({"identity.type": "SystemAssigned"}), true);
            if role {
                it.role(endpoint, "Key Vault Secrets User", it.vault);
            }
        })
    };
    drawn(true).allows("oe.secret_injection");
    drawn(false).refuses("oe.secret_injection", "sy-secrets-injection");
}

#[test]
fn secrets_of_connections_come_with_the_flag_if_the_creator_may_list_them() {
    let drawn = |flag: bool, role: &str| {
        world(|it| {
            let settings = json!({"identity.type": "SystemAssigned", ENFORCE: flag});
            endpoint(it, settings, false);
            it.role(it.user, role, it.workspace);
        })
    };
    const CHECK: &str = "oe.secret_injection";
    drawn(true, "AzureML Data Scientist").allows(CHECK);
    drawn(true, "Reader").refuses(CHECK, "sy-endpoint-rejected");
    drawn(false, "AzureML Data Scientist").refuses(CHECK, "sy-secrets-injection");
    // A user-assigned identity gets nothing, flag or not.
    let user_assigned = world(|it| {
        let uai = identity(it, "id-ep");
        let settings = json!({
            "identity.type": "UserAssigned",
            "identity.userAssignedIdentities": [uai.0],
            ENFORCE: true,
        });
        endpoint(it, settings, false);
        it.role(it.user, "AzureML Data Scientist", it.workspace);
    });
    user_assigned.refuses(CHECK, "sy-secrets-injection");
}

#[test]
fn a_batch_endpoint_is_invoked_as_whoever_submits_jobs() {
    let drawn = |role: &str| {
        world(|it| {
            laptop(it);
            it.add(Kind::BatchEndpoint, "be", it.workspace, json!({}));
            it.role(it.user, role, it.workspace);
        })
    };
    drawn("AzureML Data Scientist").allows("be.invoke");
    drawn("Reader").refuses("be.invoke", "sy-authorization-failed");
}

// how-to-secure-batch-endpoint, "Limitations": from Studio it cannot be done, with the CLI it can.
#[test]
fn studio_invokes_no_batch_endpoint_of_a_private_workspace() {
    let drawn = |tool: &str, private: bool| {
        world(|it| {
            laptop(it);
            it.add(Kind::BatchEndpoint, "be", it.workspace, json!({"invokedWith": tool}));
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            if private {
                let target = json!({"privateLinkServiceId": it.workspace.0});
                it.add(Kind::PrivateEndpoint, "pe", None, target);
            }
        })
    };
    drawn("studio", false).allows("be.invoke");
    drawn("v2", true).allows("be.invoke");
    drawn("studio", true).refuses("be.invoke", "sy-not-supported");
}

// how-to-identity-based-service-authentication: on a cluster, a user-assigned identity is named by its
// client ID; a system-assigned one has none to name.
#[test]
fn code_on_a_cluster_names_the_user_assigned_identity_that_it_means() {
    let drawn = |user_assigned: bool, named: bool| {
        world(|it| {
            let mut settings = json!({"identity.type": "SystemAssigned"});
            let mut acts = None;
            if user_assigned {
                let own = identity(it, "uai1");
                settings = json!({
                    "identity.type": "UserAssigned",
                    "identity.userAssignedIdentities": [own.0],
                });
                acts = Some(own);
            }
            let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, settings);
            it.role(acts.unwrap_or(cluster), "Reader", it.workspace);
            job(it, json!({"computeId": cluster.0, "namesClientId": named}));
        })
    };
    const CHECK: &str = "auth.msi_compute";
    drawn(false, false).allows(CHECK);
    drawn(true, true).allows(CHECK);
    drawn(true, false).refuses(CHECK, "sy-msi-client-id");
}

/// A cluster that may read `raw/a.csv` by lists or by a role under a condition on the path.
fn lake(it: &mut World, path: &str) -> (ResourceId, ResourceId) {
    let settings = json!({"isHnsEnabled": true, "location": "japaneast"});
    let account = it.add(Kind::StorageAccount, "lake", it.group, settings);
    let container = it.add(Kind::BlobContainer, "c1", account, json!({}));
    let settings = json!({"identity.type": "SystemAssigned"});
    let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, settings);
    let settings = json!({"computeId": cluster.0, "reads": [container.0], "path": path});
    job(it, settings);
    (container, cluster)
}

// data-lake-storage-access-control: every folder and every file has a list of its own.
#[test]
fn lists_are_asked_along_the_path_of_the_file() {
    let drawn = |path: &str, folder: bool| {
        world(|it| {
            let (container, cluster) = lake(it, path);
            let row = |path: &str, traverse: bool, read: bool| json!({"principal": cluster.0, "path": path, "traverse": traverse, "read": read});
            let rows =
                [row("/", true, false), row("raw", folder, true), row("raw/a.csv", false, true)];
            it.set(container, "accessControl", json!(rows));
        })
    };
    const CHECK: &str = "job.data.compute_mi";
    let outcome = |it: &World| {
        let found = it.all(CHECK).into_iter().find(|it| it.subject.render(Lang::En).contains("c1"));
        found.unwrap().outcome
    };
    assert_eq!(outcome(&drawn("raw/a.csv", true)), Outcome::Allowed);
    assert_eq!(outcome(&drawn("raw/a.csv", false)), Outcome::Denied);
    assert_eq!(outcome(&drawn("raw/b.csv", true)), Outcome::Denied);
    assert_eq!(outcome(&drawn("", true)), Outcome::Unknown);
}

// storage-auth-abac-examples, "Read blobs in named containers with a path".
#[test]
fn a_condition_on_the_path_is_judged_by_the_path_of_the_job() {
    const CONDITION: &str = "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'c1' AND @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringLike 'raw/*'))";
    let outcome = |path: &str| {
        let it = world(|it| {
            let (container, cluster) = lake(it, path);
            // Nobody is given anything by lists.
            it.set(container, "accessControl", json!([{}]));
            let role = it.role(cluster, "Storage Blob Data Reader", container);
            it.set(role, "condition", json!(CONDITION));
        });
        let all = it.all("job.data.compute_mi");
        all.into_iter().find(|it| it.subject.render(Lang::En).contains("c1")).unwrap().outcome
    };
    assert_eq!(outcome("raw/a.csv"), Outcome::Allowed);
    assert_eq!(outcome("secret/a.csv"), Outcome::Denied);
    assert_eq!(outcome(""), Outcome::Unknown);
}

#[test]
fn a_batch_job_mounts_as_its_cluster_and_reads_as_its_caller() {
    let drawn = |cluster_reads: bool, caller_reads: bool| {
        world(|it| {
            let cluster = it.add(
                Kind::ComputeCluster,
                "cpu",
                it.workspace,
                json!({"identity.type": "SystemAssigned"}),
            );
            let ds = datastore(it, json!({}));
            let settings = json!({"compute": cluster.0, "reads": [ds.0]});
            it.add(Kind::BatchEndpoint, "be", it.workspace, settings);
            for (who, may) in [(cluster, cluster_reads), (it.user, caller_reads)] {
                if may {
                    it.role(who, "Storage Blob Data Reader", it.storage);
                }
            }
        })
    };
    drawn(true, true).allows("be.data");
    drawn(false, true).refuses("be.data", "sy-storage-rbac");
    drawn(true, false).refuses("be.data", "sy-storage-rbac");
}

// how-to-managed-network: batch endpoints and ParallelRunStep need private endpoints for queue and table of
// the default storage, which the managed network does not make by itself.
#[test]
fn a_batch_job_in_a_managed_network_needs_queue_and_table_as_well() {
    let drawn = |endpoints: &[&str]| {
        world(|it| {
            it.set(it.storage, "publicNetworkAccess", json!("Disabled"));
            it.set(
                it.workspace,
                "managedNetwork.isolationMode",
                json!("AllowOnlyApprovedOutbound"),
            );
            it.set(it.workspace, "managedNetwork.status.status", json!("Active"));
            let rule = |face: &&str| {
                json!({"name": *face, "type": "PrivateEndpoint", "status": "Active",
                    "destination.serviceResourceId": it.storage.0,
                    "destination.subresourceTarget": *face})
            };
            let rules: Vec<Value> = endpoints.iter().map(rule).collect();
            it.set(it.workspace, "managedNetwork.outboundRules", json!(rules));
            let identity = json!({"identity.type": "SystemAssigned"});
            let cluster = it.add(Kind::ComputeCluster, "cpu", it.workspace, identity);
            let ds = datastore(it, json!({}));
            let settings = json!({"compute": cluster.0, "reads": [ds.0]});
            it.add(Kind::BatchEndpoint, "be", it.workspace, settings);
            for who in [cluster, it.user] {
                it.role(who, "Storage Blob Data Reader", it.storage);
            }
        })
    };
    drawn(&["queue", "table"]).allows("be.data");
    drawn(&["queue"]).refuses("be.data", "sy-timeout");
    drawn(&["table"]).refuses("be.data", "sy-timeout");
    drawn(&[]).refuses_for_good("be.data", "sy-timeout");
}

#[test]
fn aks_v1_pulls_as_the_service_principal_that_attaching_gave_acr_pull() {
    let drawn = |principal: bool, role: &str| {
        world(|it| {
            let mut settings = json!({"workspace": it.workspace.0, "computeType": "AKS"});
            if principal {
                let sp = it.add(Kind::ServicePrincipal, "sp-aks", None, json!({}));
                settings["identity.type"] = json!("None");
                settings["servicePrincipalProfile"] = json!(sp.0);
            }
            it.add(Kind::AttachedKubernetes, "aks", it.group, settings);
            it.role(it.user, role, it.workspace);
        })
    };
    drawn(true, "AzureML Data Scientist").allows("aks.v1.deploy");
    drawn(true, "Reader").refuses("aks.v1.deploy", "sy-authorization-failed");
    drawn(false, "AzureML Data Scientist").refuses_for_good("aks.v1.deploy", "sy-aks-image-pull");
}

#[test]
fn aks_v1_services_are_called_with_a_key_or_a_token() {
    let drawn = |by: &str, role: &str| {
        world(|it| {
            laptop(it);
            let settings =
                json!({"workspace": it.workspace.0, "computeType": "AKS", "webServiceAuth": by});
            it.add(Kind::AttachedKubernetes, "aks", it.group, settings);
            it.role(it.user, role, it.workspace);
        })
    };
    drawn("key", "AzureML Data Scientist").allows("aks.v1.score");
    drawn("key", "Reader").refuses("aks.v1.score", "sy-unauthorized");
    drawn("token", "Reader").allows("aks.v1.score");
    drawn("token", "AcrPull").refuses("aks.v1.score", "sy-unauthorized");
}

#[test]
fn telemetry_needs_a_role_once_local_authentication_is_off() {
    let drawn = |off: bool, role: bool| {
        world(|it| {
            let settings = json!({"DisableLocalAuth": off});
            let component = it.add(Kind::ApplicationInsights, "ai", it.group, settings);
            it.set(it.workspace, "applicationInsights", json!(component.0));
            let endpoint = it.add(
                Kind::OnlineEndpoint,
                "ep",
                it.workspace,
                json!({"identity.type": "SystemAssigned"}),
            );
            it.add(Kind::OnlineDeployment, "blue", endpoint, json!({"appInsightsEnabled": true}));
            if role {
                it.role(endpoint, "Monitoring Metrics Publisher", component);
            }
        })
    };
    drawn(false, false).allows("appinsights.ingest");
    drawn(true, true).allows("appinsights.ingest");
    drawn(true, false).refuses("appinsights.ingest", "sy-telemetry-dropped");
}

#[test]
fn a_model_is_uploaded_with_the_key_or_as_the_user() {
    let drawn = |mode: &str, data: bool| {
        world(|it| {
            laptop(it);
            it.set(it.workspace, "systemDatastoresAuthMode", json!(mode));
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            if data {
                it.role(it.user, "Storage Blob Data Contributor", it.storage);
            }
        })
    };
    drawn("AccessKey", false).allows("model.register.local");
    drawn("Identity", true).allows("model.register.local");
    drawn("Identity", false).refuses("model.register.local", "sy-storage-rbac");
}

/// In a large design a person is asked about the workspaces that a role of theirs reaches; the number of
/// answers grows with the design and not with its square.
#[test]
fn answers_grow_with_the_design() {
    let operations = |n| report::assess(&generate::design(n)).operations.len();
    let (small, large) = (operations(300), operations(1_000));
    assert!(small > 100, "{small}");
    assert!(large < 4 * small, "{small} operations at 300 resources, {large} at 1,000");
}

#[test]
fn who_has_no_role_is_asked_about_every_workspace() {
    let mut it = World::new();
    for n in 0..5 {
        it.add(Kind::Workspace, &format!("mlw-{n}"), it.group, json!({}));
    }
    let client = laptop(&mut it);
    let homes = |it: &World| {
        let all = report::assess(&it.design).operations;
        all.iter().filter(|it| it.check == "studio.open" && it.from == client).count()
    };
    assert_eq!(homes(&it), 6);
    it.role(it.user, "Reader", it.workspace);
    assert_eq!(homes(&it), 1);
    it.role(it.user, "Reader", it.group);
    assert_eq!(homes(&it), 6);
}

// A primary identity outside the list is refused with the workspace; nobody acts as it.
#[test]
fn a_primary_identity_that_the_workspace_does_not_have_acts_for_nobody() {
    let drawn = |has: bool| {
        world(|it| {
            let [first, second] = ["id-a", "id-b"].map(|name| identity(it, name));
            let primary = if has { first } else { second };
            it.set(it.workspace, "identity.type", json!("UserAssigned"));
            it.set(it.workspace, "identity.userAssignedIdentities", json!([first.0]));
            it.set(it.workspace, "primaryUserAssignedIdentity", json!(primary.0));
            for id in [first, second] {
                it.role(id, "AcrPull", it.registry);
            }
            job(it, json!({"identity.identityType": "Managed"}));
        })
    };
    drawn(true).allows("image.pull.serverless");
    drawn(false).does_not_know("image.pull.serverless");
}

/// A cluster with `id-a` and a job that names an identity and reads a datastore as it.
fn job_as(named: &str) -> World {
    world(|it| {
        let [a, b] = ["id-a", "id-b"].map(|name| identity(it, name));
        let container = it.add(Kind::BlobContainer, "data", it.storage, json!({}));
        let data = datastore(it, json!({"containerName": container.0}));
        let settings = json!({
            "identity.type": "UserAssigned",
            "identity.userAssignedIdentities": [a.0],
        });
        let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, settings);
        for id in [a, b] {
            it.role(id, "Storage Blob Data Reader", it.storage);
        }
        let named = if named == "id-a" { a } else { b };
        job(
            it,
            json!({
                "computeId": cluster.0,
                "reads": [data.0],
                "identity.identityType": "Managed",
                "identity.resourceId": named.0,
            }),
        );
    })
}

// how-to-identity-based-service-authentication: the compute must have the identity that a job names.
#[test]
fn a_job_reads_as_an_identity_of_its_cluster_only() {
    const CHECK: &str = "job.data.compute_mi";
    job_as("id-a").allows(CHECK);
    let it = job_as("id-b").one(CHECK);
    assert_eq!(it.outcome, Outcome::Denied, "{it:#?}");
    assert!(
        report::fixes(&job_as("id-b").design, &it)
            .iter()
            .all(|it| !it.title.render(Lang::En).contains("role"))
    );
}

// how-to-use-serverless-compute: a managed identity there is a user-assigned one of the workspace.
#[test]
fn a_serverless_job_reads_data_as_the_workspaces_user_assigned_identity() {
    let drawn = |asks: &str, assigned: bool, names_other: bool, reader: &str| {
        world(|it| {
            let [uai, other] = ["id-ws", "id-other"].map(|name| identity(it, name));
            if assigned {
                it.set(it.workspace, "identity.type", json!("UserAssigned"));
                it.set(it.workspace, "identity.userAssignedIdentities", json!([uai.0]));
                it.set(it.workspace, "primaryUserAssignedIdentity", json!(uai.0));
            }
            let container = it.add(Kind::BlobContainer, "data", it.storage, json!({}));
            let data = datastore(it, json!({"containerName": container.0}));
            let reads = if reader == "user" { it.user } else { uai };
            if reader != "nobody" {
                it.role(reads, "Storage Blob Data Reader", container);
            }
            it.role(other, "Storage Blob Data Reader", container);
            let it_runs = job(it, json!({"reads": [data.0], "identity.identityType": asks}));
            if names_other {
                it.set(it_runs, "identity.resourceId", json!(other.0));
            }
        })
    };
    const CHECK: &str = "job.data.compute_mi";
    drawn("Managed", true, false, "identity").allows(CHECK);
    drawn("Managed", true, false, "nobody").refuses(CHECK, "sy-stream-authentication");
    // Its own identity the workspace does not lend, and another one the job cannot name.
    drawn("Managed", false, false, "identity").refuses_for_good(CHECK, "sy-stream-authentication");
    drawn("Managed", true, true, "identity").refuses_for_good(CHECK, "sy-stream-authentication");
    // As whom it reads without saying so is not documented.
    drawn("NotSet", true, false, "identity").does_not_know(CHECK);
    drawn("UserIdentity", false, false, "user").allows("job.data.user_identity");
}

// how-to-setup-authentication: the SDK on a machine takes the machine's identity, whoever is in the design, and
// Reader is enough to connect, not to submit a job.
#[test]
fn a_machine_where_nobody_sits_submits_as_its_own_identity() {
    let drawn = |role: &str, seated: bool| {
        world(|it| {
            let net = json!({"addressSpace.addressPrefixes": ["10.0.0.0/16"]});
            let net = it.add(Kind::VirtualNetwork, "net", it.group, net);
            let subnet = json!({"addressPrefix": "10.0.0.0/24", "defaultOutboundAccess": true});
            let subnet = it.add(Kind::Subnet, "vms", net, subnet);
            let settings = json!({"identity.type": "SystemAssigned"});
            let vm = it.add(Kind::VirtualMachine, "vm1", subnet, settings);
            if seated {
                it.set(vm, "user", json!(it.user.0));
            }
            it.role(vm, role, it.workspace);
            it.role(it.user, "AzureML Data Scientist", it.workspace);
        })
    };
    for check in ["job.submit.v2", "job.submit.v1", "model.register.local"] {
        drawn("AzureML Data Scientist", false).allows(check);
        drawn("Reader", false).refuses(check, "sy-authorization-failed");
        drawn("Reader", true).allows(check);
    }
    drawn("Reader", false).allows("auth.msi_vm");
}

// "Get User Delegation Key" is a request to the blob endpoint; a ReadOnly lock stops listing the keys,
// a request to Azure Resource Manager (azure-resource-manager/management/lock-resources).
#[test]
fn a_lock_stops_the_keys_of_an_account_and_not_a_user_delegation_sas() {
    let it = world(|it| {
        it.role(it.user, "Storage Blob Data Reader", it.storage);
        it.role(it.user, "Contributor", it.storage);
        let lock = it.add(Kind::Lock, "keep", None, json!({"level": "ReadOnly"}));
        it.set(lock, "scope", json!(it.storage.0));
    });
    let through = |door| {
        let needs = report::through(&it.design, it.user, it.storage, door);
        needs.iter().map(|it| it.outcome).max().unwrap()
    };
    assert_eq!(through(Door::DelegationSas), Outcome::Allowed);
    assert_eq!(through(Door::Key), Outcome::Denied);
}

// Azure refuses the deployment, whatever the rest of the design says.
#[test]
fn a_setting_that_azure_refuses_leaves_operations_unknown_and_is_named() {
    let mut it = world(|it| {
        laptop(it);
        it.role(it.user, "AzureML Data Scientist", it.workspace);
    });
    it.allows("job.submit.v2");
    let rules = json!(["10.0.0.0/8"]);
    it.set(it.storage, "networkAcls.ipRules", rules);
    it.does_not_know("job.submit.v2");
    let told = &it.one("job.submit.v2").needs[0].trace.steps[0];
    assert!(told.text.render(Lang::En).starts_with("stdef, networkAcls.ipRules[0]"), "{told:?}");
    assert_eq!(told.at, Some(it.storage));
}

// The actions that how-to-assign-roles lists for submitting; that the client also gets the credential
// of the datastore is derived, so that without the right only the upload is in doubt.
#[test]
fn a_job_is_submitted_with_the_rights_that_the_page_lists() {
    let drawn = |more: &[&str]| {
        world(|it| {
            laptop(it);
            let mut actions = vec![
                "Microsoft.MachineLearningServices/workspaces/*/read",
                "Microsoft.MachineLearningServices/workspaces/jobs/*",
                "Microsoft.MachineLearningServices/workspaces/environments/write",
                "Microsoft.MachineLearningServices/workspaces/metadata/artifacts/write",
                "Microsoft.MachineLearningServices/workspaces/environments/build/action",
                "Microsoft.MachineLearningServices/workspaces/environments/readSecrets/action",
            ];
            actions.extend(more);
            let role = json!({"actions": actions});
            let role = it.add(Kind::CustomRole, "submitter", it.subscription, role);
            let given = it.role(it.user, "Reader", it.workspace);
            it.set(given, "customRole", json!(role.0));
        })
    };
    drawn(&[]).half("job.submit.v2");
    const LIST: &str = "Microsoft.MachineLearningServices/workspaces/datastores/listsecrets/action";
    drawn(&[LIST]).allows("job.submit.v2");
}

// "The identity ... can't be changed after creation" (machine-learning/concept-endpoints-online-auth).
#[test]
fn an_endpoint_keeps_the_identity_that_it_was_created_with() {
    let drawn = |to: &str| {
        world(|it| {
            let endpoint = it.add(Kind::OnlineEndpoint, "ep", it.workspace, json!({}));
            it.set(endpoint, "createdBy", json!(it.user.0));
            it.set(endpoint, "identityChange.type", json!(to));
            it.grant("Contributor", it.group);
        })
    };
    drawn("SystemAssigned").allows("oe.create");
    drawn("UserAssigned").refuses_for_good("oe.create", "sy-not-possible");
}

// "After you enable managed virtual network isolation of your workspace, you can't disable it"
// (machine-learning/how-to-managed-network).
#[test]
fn a_managed_network_is_never_loosened() {
    let drawn = |before: &str, after: &str| {
        world(|it| {
            it.set(it.workspace, "createdBy", json!(it.user.0));
            it.set(it.workspace, "deployedIsolationMode", json!(before));
            it.set(it.workspace, "managedNetwork.isolationMode", json!(after));
            it.grant("Contributor", it.group);
        })
    };
    const CHECK: &str = "ws.managed_network.provision";
    drawn("AllowInternetOutbound", "AllowOnlyApprovedOutbound").allows(CHECK);
    drawn("AllowInternetOutbound", "Disabled").refuses_for_good(CHECK, "sy-not-possible");
    drawn("AllowOnlyApprovedOutbound", "AllowInternetOutbound")
        .refuses_for_good(CHECK, "sy-not-possible");
}

// how-to-identity-based-service-authentication: tokens do not open storage of another tenant; a key does.
#[test]
fn no_identity_reads_storage_of_another_tenant() {
    let drawn = |own: Option<&str>, tenant: Option<&str>, credential: &str| {
        world(|it| {
            let home = it.design.resources.of(Kind::Subscription).next().map(|it| it.id).unwrap();
            it.set(home, "tenantId", json!(own));
            let settings = json!({"tenantId": tenant});
            let other = it.add(Kind::Subscription, "sub-data", None, settings);
            let group = it.add(Kind::ResourceGroup, "rg-data", other, json!({}));
            let account = it.add(Kind::StorageAccount, "lake", group, json!({}));
            let container = it.add(Kind::BlobContainer, "c1", account, json!({}));
            let settings = json!({"identity.type": "SystemAssigned"});
            let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, settings);
            it.role(cluster, "Storage Blob Data Reader", account);
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            let settings = json!({"accountName": account.0, "containerName": container.0,
                "credentials.credentialsType": credential});
            let data = it.add(Kind::Datastore, "ds", it.workspace, settings);
            job(it, json!({"computeId": cluster.0, "reads": [data.0]}));
        })
    };
    const CHECK: &str = "job.data.compute_mi";
    let other = Some("22222222-2222-4222-8222-222222222222");
    let own = Some("11111111-2222-4222-8222-222222222222");
    drawn(None, None, "None").allows(CHECK);
    drawn(own, own, "None").allows(CHECK);
    drawn(own, other, "None").refuses_for_good(CHECK, "sy-stream-authentication");
    drawn(own, other, "AccountKey").allows("job.data.credential");
    // Only one is said, so they may be the same.
    drawn(None, other, "None").does_not_know(CHECK);
}

// What a design has no place for is assumed, and an answer that rests on that tells so.
#[test]
fn what_nobody_says_of_credentials_and_scripts_is_assumed() {
    let drawn = |expired: Value, named: Value| {
        world(|it| {
            let own = identity(it, "uai1");
            let settings = json!({"identity.type": "UserAssigned", "identity.userAssignedIdentities": [own.0]});
            let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, settings);
            it.role(own, "AzureML Data Scientist", it.workspace);
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            let settings = json!({"accountName": it.storage.0, "credentials.credentialsType": "AccountKey",
                "credentialExpired": expired});
            let data = it.add(Kind::Datastore, "ds", it.workspace, settings);
            let settings =
                json!({"computeId": cluster.0, "reads": [data.0], "namesClientId": named});
            job(it, settings);
        })
    };
    let assumes = |it: &World, check: &str| {
        let it = it.one(check);
        assert_eq!(it.outcome, Outcome::Allowed, "{it:#?}");
        it.needs.iter().flat_map(|it| &it.trace.steps).any(|it| it.assumed)
    };
    let silent = drawn(Value::Null, Value::Null);
    let said = drawn(json!(false), json!(true));
    for check in ["job.data.credential", "auth.msi_compute"] {
        assert!(assumes(&silent, check), "{check}");
        assert!(!assumes(&said, check), "{check}");
    }
}

// how-to-identity-based-service-authentication: identity-based access across tenants is not supported, whoever
// it is that reads.
#[test]
fn neither_studio_nor_endpoints_read_storage_of_another_tenant() {
    const CHECKS: [&str; 5] = [
        "studio.datastore.browse",
        "studio.dataset.preview",
        "dataset.profile",
        "be.data",
        "oe.score.read_blob",
    ];
    let drawn = |own: Option<&str>, tenant: Option<&str>| {
        world(|it| {
            let home = it.design.resources.of(Kind::Subscription).next().map(|it| it.id).unwrap();
            it.set(home, "tenantId", json!(own));
            let settings = json!({"tenantId": tenant});
            let other = it.add(Kind::Subscription, "sub-data", None, settings);
            let group = it.add(Kind::ResourceGroup, "rg-data", other, json!({}));
            let account = it.add(Kind::StorageAccount, "lake", group, json!({}));
            let container = it.add(Kind::BlobContainer, "c1", account, json!({}));
            let system = json!({"identity.type": "SystemAssigned"});
            let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, system.clone());
            let settings = json!({"accountName": account.0, "containerName": container.0,
                "credentials.credentialsType": "None"});
            let data = it.add(Kind::Datastore, "ds", it.workspace, settings);
            let reads =
                json!({"computeId": cluster.0, "reads": [data.0], "jobType": "DatasetProfile"});
            job(it, reads);
            let settings = json!({"compute": cluster.0, "reads": [data.0]});
            it.add(Kind::BatchEndpoint, "be1", it.workspace, settings);
            let endpoint = it.add(Kind::OnlineEndpoint, "ep1", it.workspace, system);
            let settings = json!({"scoringReads": [container.0]});
            it.add(Kind::OnlineDeployment, "blue", endpoint, settings);
            for who in [cluster, endpoint, it.user] {
                it.role(who, "Storage Blob Data Reader", account);
            }
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            laptop(it);
        })
    };
    let other = Some("22222222-2222-4222-8222-222222222222");
    let own = Some("11111111-2222-4222-8222-222222222222");
    for check in CHECKS {
        for (own, there, expected) in [
            (own, own, Outcome::Allowed),
            (own, other, Outcome::Denied),
            (None, other, Outcome::Unknown),
        ] {
            let it = drawn(own, there).one(check);
            assert_eq!(it.outcome, expected, "{check}: {it:#?}");
        }
    }
}

// how-to-setup-authentication: "If you have access to multiple tenants, you may need to ... explicitly define
// what tenant you are targeting".
#[test]
fn a_guest_names_the_tenant_of_the_workspace() {
    let drawn = |settings: Value| {
        world(|it| {
            let home = it.design.resources.of(Kind::Subscription).next().map(|it| it.id).unwrap();
            it.set(home, "tenantId", json!("11111111-2222-4222-8222-222222222222"));
            for (key, value) in settings.as_object().unwrap() {
                it.set(it.user, key, value.clone());
            }
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            laptop(it);
        })
    };
    const CHECK: &str = "auth.interactive";
    let away = "22222222-2222-4222-8222-222222222222";
    drawn(json!({})).allows(CHECK);
    drawn(json!({"tenantId": "11111111-2222-4222-8222-222222222222"})).allows(CHECK);
    drawn(json!({"tenantId": away})).does_not_know(CHECK);
    drawn(json!({"tenantId": away, "namesTenant": true})).allows(CHECK);
    drawn(json!({"userType": "Guest"})).does_not_know(CHECK);
    let it = drawn(json!({"userType": "Guest", "namesTenant": false}));
    assert_eq!(it.one(CHECK).outcome, Outcome::Denied);
}

// how-to-setup-authentication: `AzureCliAuthentication` uses the session of `az login`.
#[test]
fn without_az_login_there_is_no_session() {
    let drawn = |signed_in: bool| {
        world(|it| {
            it.set(it.user, "azureCliSession", json!(signed_in));
            it.role(it.user, "AzureML Data Scientist", it.workspace);
            laptop(it);
        })
    };
    drawn(true).allows("auth.azure_cli");
    drawn(false).allows("auth.interactive");
    assert_eq!(drawn(false).one("auth.azure_cli").outcome, Outcome::Denied);
    // Where nothing is said, the answer tells that it rests on a session.
    let silent = world(|it| {
        it.role(it.user, "AzureML Data Scientist", it.workspace);
        laptop(it);
    });
    for (it, expected) in [(silent, true), (drawn(true), false)] {
        let operation = it.one("auth.azure_cli");
        let mut steps = operation.needs.iter().flat_map(|it| &it.trace.steps);
        let assumed =
            steps.any(|it| it.assumed && it.text.render(Lang::En).contains("azureCliSession"));
        assert_eq!(assumed, expected);
    }
}

// how-to-access-resources-from-endpoints-managed-identities: UAI_CLIENT_ID goes to the script.
#[test]
fn a_scoring_script_names_the_user_assigned_identity_of_its_endpoint() {
    let drawn = |user_assigned: bool, named: bool| {
        world(|it| {
            let mut settings = json!({"identity.type": "SystemAssigned"});
            let mut acts = None;
            if user_assigned {
                let own = identity(it, "uai1");
                settings = json!({
                    "identity.type": "UserAssigned",
                    "identity.userAssignedIdentities": [own.0],
                });
                acts = Some(own);
            }
            let endpoint = it.add(Kind::OnlineEndpoint, "ep", it.workspace, settings);
            let account = it.add(Kind::StorageAccount, "stext", it.group, json!({}));
            it.role(acts.unwrap_or(endpoint), "Storage Blob Data Reader", account);
            let settings = json!({"scoringReads": [account.0], "namesClientId": named});
            it.add(Kind::OnlineDeployment, "blue", endpoint, settings);
        })
    };
    const CHECK: &str = "oe.score.read_blob";
    drawn(false, false).allows(CHECK);
    drawn(true, true).allows(CHECK);
    drawn(true, false).refuses(CHECK, "sy-msi-client-id");
}

// how-to-create-compute-instance: on behalf of somebody, single sign-on is off until that person turns it on.
#[test]
fn the_user_of_an_instance_may_turn_its_single_sign_on_on() {
    let drawn = |sso: bool, may: bool| {
        world(|it| {
            laptop(it);
            let settings = json!({"enableSSO": sso,
                "personalComputeInstanceSettings.assignedUser": it.user.0});
            it.add(Kind::ComputeInstance, "ci-1", it.workspace, settings);
            let mut actions = vec![
                "Microsoft.MachineLearningServices/workspaces/computes/applicationaccess/action",
            ];
            if may {
                actions
                    .push("Microsoft.MachineLearningServices/workspaces/computes/enableSso/action");
            }
            let role = json!({"actions": actions});
            let role = it.add(Kind::CustomRole, "opens", it.subscription, role);
            let settings =
                json!({"principalId": it.user.0, "scope": it.workspace.0, "customRole": role.0});
            it.add(Kind::RoleAssignment, "ra", None, settings);
        })
    };
    const CHECK: &str = "compute.instance.use";
    drawn(true, false).allows(CHECK);
    drawn(false, true).allows(CHECK);
    drawn(false, false).refuses(CHECK, "sy-authorization-failed");
}

// how-to-troubleshoot-online-endpoints, "Role assignment quota": a system-assigned identity is given its
// roles when the endpoint is created.
#[test]
fn an_endpoint_needs_room_for_the_roles_of_its_identity() {
    let drawn = |full: bool, user_assigned: bool| {
        world(|it| {
            it.set(it.subscription, "roleAssignmentsFull", json!(full));
            let mut settings = json!({"identity.type": "SystemAssigned"});
            if user_assigned {
                let own = identity(it, "uai1");
                settings = json!({
                    "identity.type": "UserAssigned",
                    "identity.userAssignedIdentities": [own.0],
                });
            }
            let endpoint = it.add(Kind::OnlineEndpoint, "ep", it.workspace, settings);
            it.set(endpoint, "createdBy", json!(it.user.0));
            it.grant("Contributor", it.group);
        })
    };
    const CHECK: &str = "oe.create";
    drawn(false, false).allows(CHECK);
    drawn(true, true).allows(CHECK);
    drawn(true, false).refuses_for_good(CHECK, "sy-role-assignment-quota");
}

// how-to-datastore: a file share takes an account key or a SAS.
#[test]
fn a_file_share_is_not_registered_without_a_credential() {
    let drawn = |credential: &str| {
        world(|it| {
            laptop(it);
            let share = it.add(Kind::FileShare, "share", it.storage, json!({}));
            let settings = json!({"datastoreType": "AzureFile", "containerName": share.0,
                "credentials.credentialsType": credential});
            datastore(it, settings);
            it.role(it.user, "AzureML Data Scientist", it.workspace);
        })
    };
    drawn("AccountKey").allows("datastore.register");
    assert_eq!(drawn("None").one("datastore.register").outcome, Outcome::Denied);
}
