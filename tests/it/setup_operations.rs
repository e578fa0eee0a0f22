//! Operations of setting up: who may create and change workspaces, computes, identities, registries.
//!
//! Expected answers are those of the pages that each check names; a test that rests on another page
//! names it.

use std::sync::Arc;

use drawbridge::{
    design::{Design, edit},
    kinds::{Kind, Resource, ResourceId},
    report::{self, Operation},
    solve::Outcome,
    text::Lang,
};
use serde_json::{Value, json};

/// A subscription with one resource group, a workspace and what belongs to it.
pub(crate) struct World {
    pub design: Design,
    pub subscription: ResourceId,
    pub group: ResourceId,
    pub storage: ResourceId,
    pub vault: ResourceId,
    pub registry: ResourceId,
    pub workspace: ResourceId,
    pub user: ResourceId,
}

impl World {
    pub(crate) fn new() -> World {
        let mut it = World {
            design: Design::default(),
            subscription: ResourceId(0),
            group: ResourceId(0),
            storage: ResourceId(0),
            vault: ResourceId(0),
            registry: ResourceId(0),
            workspace: ResourceId(0),
            user: ResourceId(0),
        };
        it.subscription = it.add(Kind::Subscription, "s1", None, json!({}));
        it.group = it.add(Kind::ResourceGroup, "rg-ml", it.subscription, json!({}));
        it.storage = it.add(Kind::StorageAccount, "stdef", it.group, json!({}));
        it.vault = it.add(Kind::KeyVault, "kv-ml", it.group, json!({}));
        it.registry = it.add(Kind::ContainerRegistry, "acrws", it.group, json!({}));
        it.workspace = it.add(
            Kind::Workspace,
            "ws1",
            it.group,
            json!({
                "storageAccount": it.storage.0,
                "keyVault": it.vault.0,
                "containerRegistry": it.registry.0,
            }),
        );
        it.user = it.add(Kind::User, "ana", None, json!({}));
        it
    }

    pub(crate) fn add(
        &mut self,
        kind: Kind,
        name: &str,
        parent: impl Into<Option<ResourceId>>,
        settings: Value,
    ) -> ResourceId {
        let id = self.design.next_id();
        let it = Resource::new(kind, name, parent.into());
        self.design.resources.0.insert(id, Arc::new(it));
        for (key, value) in settings.as_object().unwrap() {
            self.set(id, key, value.clone());
        }
        id
    }

    pub(crate) fn set(&mut self, id: ResourceId, key: &str, value: Value) {
        let it = Arc::make_mut(self.design.resources.0.get_mut(&id).unwrap());
        assert!(it.kind.info().fields.iter().any(|it| it.key == key), "{key}");
        it.settings.insert(key.to_owned(), value);
    }

    pub(crate) fn role(&mut self, who: ResourceId, role: &str, scope: ResourceId) -> ResourceId {
        let settings = json!({"principalId": who.0, "scope": scope.0, "roleDefinitionId": role});
        self.add(Kind::RoleAssignment, role, None, settings)
    }

    /// The same for the user of the world.
    pub(crate) fn grant(&mut self, role: &str, scope: ResourceId) {
        self.role(self.user, role, scope);
    }

    pub(crate) fn all(&self, check: &str) -> Vec<Operation> {
        report::assess(&self.design).operations.into_iter().filter(|it| it.check == check).collect()
    }

    pub(crate) fn one(&self, check: &str) -> Operation {
        let all = self.all(check);
        assert_eq!(all.len(), 1, "{all:#?}");
        all.into_iter().next().unwrap()
    }

    pub(crate) fn allows(&self, check: &str) {
        let it = self.one(check);
        assert_eq!(it.outcome, Outcome::Allowed, "{it:#?}");
    }

    /// Fails with this symptom, and the first change offered turns it.
    pub(crate) fn refuses(&self, check: &str, symptom: &str) {
        let it = self.refuses_for_good(check, symptom);
        let fixes = report::fixes(&self.design, &it);
        let first = fixes.first().unwrap_or_else(|| panic!("no fix: {it:#?}"));
        let after = edit::apply(&self.design, &first.edit).unwrap();
        let turned = report::assess(&after)
            .operations
            .into_iter()
            .find(|then| then.check == check && then.subject == it.subject)
            .unwrap();
        assert_eq!(turned.outcome, Outcome::Allowed, "{}", first.title.render(Lang::En));
    }

    pub(crate) fn refuses_for_good(&self, check: &str, symptom: &str) -> Operation {
        let it = self.one(check);
        assert_eq!(it.outcome, Outcome::Denied, "{it:#?}");
        assert_eq!(it.symptom.as_ref().map(|it| it.id), Some(symptom), "{it:#?}");
        it
    }

    pub(crate) fn half(&self, check: &str) {
        let it = self.one(check);
        assert_eq!(it.outcome, Outcome::Partial, "{it:#?}");
    }

    pub(crate) fn does_not_know(&self, check: &str) {
        let it = self.one(check);
        assert_eq!(it.outcome, Outcome::Unknown, "{it:#?}");
    }

    /// The titles of the changes offered.
    pub(crate) fn offers(&self, check: &str) -> Vec<String> {
        let it = self.one(check);
        report::fixes(&self.design, &it).iter().map(|it| it.title.render(Lang::En)).collect()
    }

    /// The user creates it, whatever roles there are.
    pub(crate) fn by_user(&mut self, it: ResourceId) {
        self.set(it, "createdBy", json!(self.user.0));
    }
}

mod workspaces {
    use super::*;

    const CREATE: &str = "ws.create.system_identity";

    // how-to-assign-roles, "Assign user assigned identity": the right is on the identity.
    #[test]
    fn identities_beside_the_system_assigned_one_are_attached_too() {
        let mut it = World::new();
        let other = it.add(Kind::ResourceGroup, "rg-ids", it.subscription, json!({}));
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", other, json!({}));
        it.by_user(it.workspace);
        it.grant("Contributor", it.group);
        it.allows(CREATE);
        it.set(it.workspace, "identity.type", json!("SystemAssigned,UserAssigned"));
        it.does_not_know(CREATE);
        it.set(it.workspace, "identity.userAssignedIdentities", json!([identity.0]));
        it.refuses(CREATE, "sy-linked-authorization-failed");
    }

    #[test]
    fn contributor_on_the_group_creates_without_assigning_roles() {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        it.allows(CREATE);
    }

    // Deployments of a build machine run as its managed identity, which "can be granted roles like any
    // other principal" (entra/identity/managed-identities-azure-resources/overview).
    #[test]
    fn a_machine_that_may_write_workspaces_is_asked_and_one_that_works_there_is_not() {
        let mut it = World::new();
        let builder = it.add(Kind::UserAssignedIdentity, "id-build", it.group, json!({}));
        let worker = it.add(Kind::UserAssignedIdentity, "id-work", it.group, json!({}));
        it.role(builder, "Contributor", it.group);
        it.role(worker, "AcrPull", it.group);
        it.role(worker, "Storage Blob Data Contributor", it.group);
        it.allows(CREATE);
        assert_eq!(it.one(CREATE).subject.render(Lang::En), "ws1 by id-build");
        it.set(it.workspace, "identity.type", json!("SystemAssigned,UserAssigned"));
        it.set(it.workspace, "identity.userAssignedIdentities", json!([builder.0]));
        assert_eq!(it.all(CREATE), [], "the service alone acts as an identity of the workspace");
    }

    #[test]
    fn reader_does_not_create() {
        let mut it = World::new();
        it.grant("Reader", it.group);
        it.refuses(CREATE, "sy-authorization-failed");
    }

    // A role on the workspace cannot be there before the workspace is.
    #[test]
    fn a_role_on_the_workspace_is_no_role_on_the_group() {
        let mut it = World::new();
        it.grant("Contributor", it.workspace);
        assert_eq!(it.all(CREATE), []);
        it.by_user(it.workspace);
        it.refuses(CREATE, "sy-authorization-failed");
    }

    #[test]
    fn the_first_workspace_of_a_subscription_needs_the_provider() {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        it.set(it.subscription, "machineLearningRegistered", json!(false));
        it.refuses(CREATE, "sy-provider-not-registered");
        it.grant("Contributor", it.subscription);
        it.allows(CREATE);
    }

    #[test]
    fn a_group_on_the_subscription_means_its_members() {
        let mut it = World::new();
        let inner = it.add(Kind::Group, "team", None, json!({"members": [it.user.0]}));
        let outer = it.add(Kind::Group, "department", None, json!({"members": [inner.0]}));
        it.role(outer, "Contributor", it.subscription);
        it.allows(CREATE);
    }

    #[test]
    fn whoever_is_named_is_asked_and_nobody_else() {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        let pipeline = it.add(Kind::ServicePrincipal, "pipeline", None, json!({}));
        it.set(it.workspace, "createdBy", json!(pipeline.0));
        it.refuses(CREATE, "sy-authorization-failed");
    }

    #[test]
    fn two_workspaces_are_two_places() {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        let settings = json!({"storageAccount": it.storage.0, "keyVault": it.vault.0});
        it.add(Kind::Workspace, "ws2", it.group, settings);
        assert_eq!(it.all(CREATE).len(), 2);
    }

    fn with_user_identity() -> (World, ResourceId) {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        it.set(it.workspace, "identity.type", json!("UserAssigned"));
        it.set(it.workspace, "identity.userAssignedIdentities", json!([identity.0]));
        it.set(it.workspace, "primaryUserAssignedIdentity", json!(identity.0));
        (it, identity)
    }

    /// As the table of the page.
    fn grant_all(it: &mut World, identity: ResourceId) {
        it.role(identity, "Contributor", it.group);
        it.role(identity, "Storage Blob Data Contributor", it.storage);
        it.role(identity, "Key Vault Administrator", it.vault);
    }

    #[test]
    fn a_user_assigned_identity_with_the_roles_of_the_page() {
        let (mut it, identity) = with_user_identity();
        grant_all(&mut it, identity);
        assert_eq!(it.all(CREATE), []);
        it.allows("ws.create.uai");
    }

    #[test]
    fn azure_grants_a_user_assigned_identity_nothing() {
        let (it, _) = with_user_identity();
        it.refuses_for_good("ws.create.uai", "sy-uai-role-missing");
    }

    #[test]
    fn previews_alone_need_the_role_on_blobs() {
        let (mut it, identity) = with_user_identity();
        it.role(identity, "Contributor", it.group);
        it.role(identity, "Key Vault Administrator", it.vault);
        it.half("ws.create.uai");
        it.set(it.workspace, "systemDatastoresAuthMode", json!("Identity"));
        it.refuses("ws.create.uai", "sy-uai-role-missing");
    }

    #[test]
    fn contributor_reads_no_secrets_of_a_vault_with_roles() {
        let (mut it, identity) = with_user_identity();
        it.role(identity, "Contributor", it.group);
        it.role(identity, "Storage Blob Data Contributor", it.storage);
        it.refuses("ws.create.uai", "sy-keyvault-rbac");
    }

    #[test]
    fn a_vault_with_access_policies_asks_for_everything_but_purging() {
        let (mut it, identity) = with_user_identity();
        grant_all(&mut it, identity);
        it.set(it.vault, "enableRbacAuthorization", json!(false));
        // Key Vault Administrator counts for nothing here.
        it.refuses("ws.create.uai", "sy-keyvault-policy");
        let policy =
            |secrets: Value| json!([{"objectId": identity.0, "permissions.secrets": secrets}]);
        it.set(it.vault, "accessPolicies", policy(json!(["get", "list", "set"])));
        it.refuses("ws.create.uai", "sy-keyvault-policy");
        let seven = json!(["get", "list", "set", "delete", "recover", "backup", "restore"]);
        it.set(it.vault, "accessPolicies", policy(seven));
        it.allows("ws.create.uai");
        it.set(it.vault, "accessPolicies", policy(json!(["all"])));
        it.allows("ws.create.uai");
    }

    #[test]
    fn an_access_policy_for_a_group_holds_for_its_members() {
        let (mut it, identity) = with_user_identity();
        grant_all(&mut it, identity);
        it.set(it.vault, "enableRbacAuthorization", json!(false));
        let team = it.add(Kind::Group, "identities", None, json!({"members": [identity.0]}));
        let policy = json!([{"objectId": team.0, "permissions.secrets": ["all"]}]);
        it.set(it.vault, "accessPolicies", policy);
        it.allows("ws.create.uai");
    }

    // Azure's rule for linked resources (troubleshooting page of Azure RBAC).
    #[test]
    fn whoever_creates_attaches_the_identity() {
        let (mut it, identity) = with_user_identity();
        grant_all(&mut it, identity);
        let other = it.add(Kind::ResourceGroup, "rg-shared", it.subscription, json!({}));
        let second = it.add(Kind::UserAssignedIdentity, "uai2", other, json!({}));
        let both = json!([identity.0, second.0]);
        it.set(it.workspace, "identity.userAssignedIdentities", both);
        it.refuses("ws.create.uai", "sy-linked-authorization-failed");
        it.grant("Managed Identity Operator", second);
        it.allows("ws.create.uai");
    }

    #[test]
    fn nobody_is_drawn_who_creates() {
        let (mut it, identity) = with_user_identity();
        it.design.resources.0.remove(&it.user);
        grant_all(&mut it, identity);
        it.does_not_know("ws.create.uai");
    }

    fn changing(from: &str, to: &str, uais: usize) -> World {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        it.set(it.workspace, "identity.type", json!(from));
        if from.contains("UserAssigned") {
            it.set(it.workspace, "identity.userAssignedIdentities", json!([identity.0]));
        }
        it.set(it.workspace, "identityChange.type", json!(to));
        let named: Vec<u32> = [identity.0].into_iter().take(uais).collect();
        it.set(it.workspace, "identityChange.userAssignedIdentities", json!(named));
        it
    }

    const CHANGE: &str = "ws.update.identity_kind";
    const BOTH: &str = "SystemAssigned,UserAssigned";

    #[test]
    fn a_system_assigned_identity_is_joined_and_never_left_alone_again() {
        changing("SystemAssigned", BOTH, 1).allows(CHANGE);
        changing(BOTH, "SystemAssigned", 0).refuses_for_good(CHANGE, "sy-not-possible");
    }

    // v1/how-to-use-managed-identities, "Create workspace with user-assigned managed identity".
    #[test]
    fn a_system_assigned_identity_is_followed_by_a_user_assigned_one() {
        changing("SystemAssigned", "UserAssigned", 1).allows(CHANGE);
    }

    #[test]
    fn what_the_pages_do_not_say_of_a_change_is_unknown() {
        changing("UserAssigned", "SystemAssigned", 0).does_not_know(CHANGE);
        changing("SystemAssigned", BOTH, 0).does_not_know(CHANGE);
    }

    #[test]
    fn a_change_needs_rights_on_the_workspace_and_on_what_is_attached() {
        let mut it = changing("SystemAssigned", BOTH, 1);
        let azure_ai = it.add(Kind::User, "bo", None, json!({}));
        it.set(it.workspace, "createdBy", json!(azure_ai.0));
        it.role(azure_ai, "Reader", it.workspace);
        it.refuses_for_good(CHANGE, "sy-authorization-failed");
        it.role(azure_ai, "Azure AI Administrator", it.workspace);
        it.refuses(CHANGE, "sy-linked-authorization-failed");
    }

    #[test]
    fn an_update_that_leaves_an_identity_out_says_that_it_goes() {
        let mut it = changing(BOTH, BOTH, 0);
        let second = it.add(Kind::UserAssignedIdentity, "uai2", it.group, json!({}));
        it.set(it.workspace, "identityChange.userAssignedIdentities", json!([second.0]));
        let told: Vec<String> = it.one(CHANGE).notes.iter().map(|it| it.render(Lang::En)).collect();
        assert!(told.iter().any(|it| it.contains("does not name uai1")), "{told:?}");
    }

    #[test]
    fn attaching_a_registry_reads_it() {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        it.allows("ws.attach_acr");
        let other = it.add(Kind::ResourceGroup, "rg-shared", it.subscription, json!({}));
        let registry = it.add(Kind::ContainerRegistry, "acrshared", other, json!({}));
        it.set(it.workspace, "containerRegistry", json!(registry.0));
        it.refuses("ws.attach_acr", "sy-linked-authorization-failed");
        it.grant("Reader", registry);
        it.allows("ws.attach_acr");
    }

    #[test]
    fn a_cluster_older_than_its_registry_cannot_pull() {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        let settings = json!({"identity.type": "SystemAssigned", "createdBeforeRegistry": true});
        let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, settings);
        it.half("ws.attach_acr");
        assert_eq!(it.one("ws.attach_acr").symptom.unwrap().id, "sy-image-pull");
        it.role(cluster, "AcrPull", it.registry);
        it.allows("ws.attach_acr");
    }

    #[test]
    fn a_user_assigned_identity_is_given_its_new_registry_by_hand() {
        let (mut it, identity) = with_user_identity();
        it.half("ws.attach_acr");
        it.role(identity, "Contributor", it.registry);
        it.allows("ws.attach_acr");
    }

    // how-to-assign-roles: a data scientist may resync, a reader not.
    #[test]
    fn keys_are_synchronized_by_people_of_the_workspace() {
        let mut it = World::new();
        it.grant("Reader", it.workspace);
        it.refuses("ws.sync_keys", "sy-authorization-failed");
        it.grant("AzureML Data Scientist", it.workspace);
        it.allows("ws.sync_keys");
    }

    // how-to-troubleshoot-online-endpoints, "Authorization error: container registry".
    #[test]
    fn an_old_password_fails_builds_and_pulls_until_it_is_synchronized() {
        let mut it = World::new();
        it.add(Kind::ComputeCluster, "cluster1", it.workspace, json!({}));
        it.set(it.registry, "adminUserEnabled", json!(true));
        it.grant("AzureML Data Scientist", it.workspace);
        it.allows("image.pull.training.workspace_acr");
        it.allows("image.build.workspace_acr");
        it.set(it.workspace, "keysOutOfSync", json!(true));
        it.refuses("image.pull.training.workspace_acr", "sy-image-pull");
        it.refuses("image.build.workspace_acr", "sy-image-build-auth");
        // Without the admin user there is no password to keep.
        it.set(it.registry, "adminUserEnabled", json!(false));
        it.allows("image.build.workspace_acr");
    }

    // container-registry-rbac-abac-repository-permissions: tasks lose their default access to the registry.
    #[test]
    fn a_task_has_no_access_to_a_registry_in_abac_mode() {
        let mut it = World::new();
        it.grant("AzureML Data Scientist", it.workspace);
        it.allows("image.build.workspace_acr");
        it.set(it.registry, "roleAssignmentMode", json!("AbacRepositoryPermissions"));
        it.refuses_for_good("image.build.workspace_acr", "sy-image-build-auth");
        it.role(it.workspace, "Container Registry Repository Writer", it.registry);
        it.does_not_know("image.build.workspace_acr");
    }

    #[test]
    fn data_isolation_covers_own_containers() {
        let mut it = World::new();
        it.set(it.workspace, "enableDataIsolation", json!(true));
        it.allows("ws.data_isolation");
    }

    #[test]
    fn sharing_without_isolation_cannot_be_mended() {
        let mut it = World::new();
        assert_eq!(it.all("ws.data_isolation"), []);
        let settings = json!({
            "storageAccount": it.storage.0,
            "keyVault": it.vault.0,
            "enableDataIsolation": true,
        });
        it.add(Kind::Workspace, "ws2", it.group, settings);
        let all = it.all("ws.data_isolation");
        let outcomes: Vec<Outcome> = all.iter().map(|it| it.outcome).collect();
        assert_eq!(outcomes, [Outcome::Denied, Outcome::Allowed]);
        assert_eq!(all[0].symptom.as_ref().unwrap().id, "sy-not-possible");
    }

    #[test]
    fn a_condition_on_another_workspaces_containers_does_not_help() {
        let (mut it, identity) = with_user_identity();
        it.set(it.workspace, "enableDataIsolation", json!(true));
        let condition = |prefix: &str| {
            json!(format!(
                "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringStartsWith '{prefix}')"
            ))
        };
        let role = it.role(identity, "Storage Blob Data Contributor", it.storage);
        it.set(role, "condition", condition("0a1b2c3d"));
        it.refuses("ws.data_isolation", "sy-condition");
        it.set(it.workspace, "workspaceId", json!("0a1b2c3d-0000-4000-8000-000000000001"));
        it.allows("ws.data_isolation");
    }

    fn without_keys() -> World {
        let mut it = World::new();
        it.set(it.storage, "allowSharedKeyAccess", json!(false));
        it.set(it.workspace, "systemDatastoresAuthMode", json!("Identity"));
        it
    }

    const IDENTITY_MODE: &str = "ws.storage.identity_mode";

    #[test]
    fn people_need_roles_on_blobs_and_on_files() {
        let mut it = without_keys();
        it.refuses_for_good(IDENTITY_MODE, "sy-storage-rbac");
        it.grant("Storage Blob Data Contributor", it.storage);
        it.refuses(IDENTITY_MODE, "sy-storage-rbac");
        it.grant("Storage File Data Privileged Contributor", it.storage);
        it.allows(IDENTITY_MODE);
    }

    #[test]
    fn whoever_only_reads_blobs_has_half_of_it() {
        let mut it = without_keys();
        it.grant("Storage Blob Data Reader", it.storage);
        it.grant("Storage File Data Privileged Contributor", it.storage);
        it.half(IDENTITY_MODE);
    }

    #[test]
    fn keys_are_refused_before_the_workspace_stops_using_them() {
        let mut it = without_keys();
        it.set(it.workspace, "systemDatastoresAuthMode", json!("AccessKey"));
        it.grant("Storage Blob Data Contributor", it.storage);
        it.grant("Storage File Data Privileged Contributor", it.storage);
        it.refuses(IDENTITY_MODE, "sy-storage-shared-key");
    }
}

mod keys {
    use super::*;

    const CMK: &str = "ws.create.cmk";

    fn encrypted() -> (World, ResourceId) {
        let mut it = World::new();
        it.grant("Contributor", it.subscription);
        let vault = it.add(
            Kind::KeyVault,
            "kv-key",
            it.group,
            json!({"enableRbacAuthorization": false, "enablePurgeProtection": true}),
        );
        it.set(it.workspace, "encryption.status", json!("Enabled"));
        it.set(it.workspace, "encryption.keyVaultProperties.keyVaultArmId", json!(vault.0));
        (it, vault)
    }

    fn cosmos(it: &mut World) -> ResourceId {
        let id = json!({"appId": "a232010e-820c-4083-83bb-3ace5fc29d0b"});
        it.add(Kind::ServicePrincipal, "Azure Cosmos DB", None, id)
    }

    fn policies(it: &mut World, vault: ResourceId, cosmos: ResourceId) {
        let all = json!([
            {"objectId": it.user.0, "permissions.keys": ["create", "get", "delete", "purge"]},
            {"objectId": cosmos.0, "permissions.keys": ["get", "wrapKey", "unwrapKey"]},
        ]);
        it.set(vault, "accessPolicies", all);
    }

    #[test]
    fn with_the_policies_of_the_page() {
        let (mut it, vault) = encrypted();
        let cosmos = cosmos(&mut it);
        policies(&mut it, vault, cosmos);
        it.allows(CMK);
    }

    #[test]
    fn cosmos_db_is_not_drawn() {
        let (mut it, vault) = encrypted();
        policies(&mut it, vault, ResourceId(0));
        it.does_not_know(CMK);
    }

    #[test]
    fn cosmos_db_may_not_wrap() {
        let (mut it, vault) = encrypted();
        cosmos(&mut it);
        let user = json!([{
            "objectId": it.user.0,
            "permissions.keys": ["create", "get", "delete", "purge"],
        }]);
        it.set(vault, "accessPolicies", user);
        it.refuses(CMK, "sy-cmk-workspace");
    }

    #[test]
    fn a_vault_without_purge_protection() {
        let (mut it, vault) = encrypted();
        let cosmos = cosmos(&mut it);
        policies(&mut it, vault, cosmos);
        it.set(vault, "enablePurgeProtection", json!(false));
        it.refuses(CMK, "sy-cmk-workspace");
    }

    #[test]
    fn a_vault_in_another_subscription() {
        let (mut it, _) = encrypted();
        let other = it.add(Kind::Subscription, "s2", None, json!({}));
        let group = it.add(Kind::ResourceGroup, "rg-keys", other, json!({}));
        let settings = json!({"enableRbacAuthorization": false, "enablePurgeProtection": true});
        let vault = it.add(Kind::KeyVault, "kv-far", group, settings);
        it.grant("Contributor", other);
        let cosmos = cosmos(&mut it);
        policies(&mut it, vault, cosmos);
        it.set(it.workspace, "encryption.keyVaultProperties.keyVaultArmId", json!(vault.0));
        it.refuses_for_good(CMK, "sy-not-supported");
    }

    #[test]
    fn all_key_permissions_may_leave_purging_out() {
        let (mut it, vault) = encrypted();
        let cosmos = cosmos(&mut it);
        let all = json!([
            {"objectId": it.user.0, "permissions.keys": ["all"]},
            {"objectId": cosmos.0, "permissions.keys": ["all"]},
        ]);
        it.set(vault, "accessPolicies", all);
        it.does_not_know(CMK);
    }

    #[test]
    fn service_side_encryption_takes_no_closed_vault() {
        let (mut it, vault) = encrypted();
        let cosmos = cosmos(&mut it);
        policies(&mut it, vault, cosmos);
        it.set(it.workspace, "enableServiceSideCMKEncryption", json!(true));
        it.does_not_know(CMK);
        it.set(vault, "publicNetworkAccess", json!("Disabled"));
        it.refuses_for_good(CMK, "sy-not-supported");
    }

    #[test]
    fn a_user_assigned_identity_creates_the_encrypted_resources() {
        let (mut it, vault) = encrypted();
        let cosmos = cosmos(&mut it);
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        it.set(it.workspace, "identity.type", json!("UserAssigned"));
        it.set(it.workspace, "identity.userAssignedIdentities", json!([identity.0]));
        it.set(it.workspace, "primaryUserAssignedIdentity", json!(identity.0));
        let make = json!(["create", "get", "delete", "purge"]);
        let all = json!([
            {"objectId": it.user.0, "permissions.keys": make},
            {"objectId": identity.0, "permissions.keys": make},
            {"objectId": cosmos.0, "permissions.keys": ["get", "wrapKey", "unwrapKey"]},
        ]);
        it.set(vault, "accessPolicies", all);
        it.role(identity, "Contributor", it.group);
        it.refuses(CMK, "sy-uai-role-missing");
        it.role(identity, "Contributor", it.subscription);
        it.allows(CMK);
    }

    fn storage_identity() -> (World, ResourceId, ResourceId) {
        let (mut it, vault) = encrypted();
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        it.set(it.workspace, "identity.type", json!("SystemAssigned,UserAssigned"));
        it.set(it.workspace, "identity.userAssignedIdentities", json!([identity.0]));
        it.set(it.workspace, "encryption.identity.userAssignedIdentity", json!(identity.0));
        (it, vault, identity)
    }

    // key-vault/general/rbac-migration maps get, wrap and unwrap to this role.
    #[test]
    fn storage_uses_the_key_by_role() {
        let (mut it, vault, identity) = storage_identity();
        it.set(vault, "enableRbacAuthorization", json!(true));
        it.refuses("ws.cmk.storage_uai", "sy-cmk-storage");
        assert_eq!(
            it.offers("ws.cmk.storage_uai")[0],
            "Give uai1 the role Key Vault Crypto Service Encryption User on kv-key"
        );
        it.role(identity, "Key Vault Crypto Service Encryption User", vault);
        it.allows("ws.cmk.storage_uai");
    }

    // key-vault/general/rbac-guide: roles can be held on a single key.
    #[test]
    fn storage_uses_the_key_by_a_role_on_that_key_alone() {
        let (mut it, vault, identity) = storage_identity();
        it.set(vault, "enableRbacAuthorization", json!(true));
        let uri = "https://kv-key.vault.azure.net/keys/ml-key/0123456789abcdef";
        it.set(it.workspace, "encryption.keyVaultProperties.keyIdentifier", json!(uri));
        let other = it.add(Kind::KeyVaultKey, "ml-key-2", vault, json!({}));
        it.role(identity, "Key Vault Crypto Service Encryption User", other);
        it.refuses("ws.cmk.storage_uai", "sy-cmk-storage");
        let key = it.add(Kind::KeyVaultKey, "ML-key", vault, json!({}));
        assert_eq!(
            it.offers("ws.cmk.storage_uai")[0],
            "Give uai1 the role Key Vault Crypto Service Encryption User on ML-key"
        );
        it.role(identity, "Key Vault Crypto Service Encryption User", key);
        it.allows("ws.cmk.storage_uai");
    }

    #[test]
    fn cosmos_db_holds_a_role_on_the_key_alone() {
        let (mut it, vault) = encrypted();
        it.set(vault, "enableRbacAuthorization", json!(true));
        let uri = "https://kv-key.vault.azure.net/keys/ml-key/0123456789abcdef";
        it.set(it.workspace, "encryption.keyVaultProperties.keyIdentifier", json!(uri));
        it.grant("Key Vault Administrator", vault);
        let cosmos = cosmos(&mut it);
        it.refuses(CMK, "sy-cmk-workspace");
        let key = it.add(Kind::KeyVaultKey, "ml-key", vault, json!({}));
        it.role(cosmos, "Key Vault Crypto Service Encryption User", key);
        it.allows(CMK);
    }

    #[test]
    fn storage_uses_the_key_by_access_policy() {
        let (mut it, vault, identity) = storage_identity();
        // A role counts for nothing in such a vault.
        it.role(identity, "Key Vault Crypto Service Encryption User", vault);
        it.refuses("ws.cmk.storage_uai", "sy-cmk-storage");
        let keys = json!(["get", "wrapKey", "unwrapKey"]);
        let policy = json!([{"objectId": identity.0, "permissions.keys": keys}]);
        it.set(vault, "accessPolicies", policy);
        it.allows("ws.cmk.storage_uai");
    }

    const REUSE: &str = "kv.reuse_soft_deleted_name";

    fn deleted() -> World {
        let mut it = World::new();
        it.set(it.vault, "softDeletedNameExists", json!(true));
        it
    }

    // The built-in role subtracts the purge action.
    #[test]
    fn key_vault_contributor_does_not_purge() {
        let mut it = deleted();
        it.grant("Key Vault Contributor", it.subscription);
        it.refuses(REUSE, "sy-keyvault-softdelete");
        it.grant("Key Vault Purge Operator", it.subscription);
        it.allows(REUSE);
    }

    #[test]
    fn contributor_on_the_group_does_not_purge_in_the_subscription() {
        let mut it = deleted();
        it.grant("Contributor", it.group);
        it.refuses(REUSE, "sy-keyvault-softdelete");
    }

    #[test]
    fn nobody_purges_a_protected_vault() {
        let mut it = deleted();
        it.grant("Owner", it.subscription);
        it.allows(REUSE);
        it.set(it.vault, "softDeletedPurgeProtected", json!(true));
        it.refuses_for_good(REUSE, "sy-keyvault-softdelete");
    }
}

mod computes {
    use super::*;

    fn cluster(settings: Value) -> (World, ResourceId) {
        let mut it = World::new();
        let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, settings);
        it.by_user(cluster);
        (it, cluster)
    }

    // how-to-assign-roles: notActions of the role hold `computes/*/write`.
    #[test]
    fn a_data_scientist_creates_none_until_also_compute_operator() {
        let (mut it, _) = cluster(json!({}));
        it.grant("AzureML Data Scientist", it.workspace);
        it.refuses("compute.create", "sy-authorization-failed");
        it.grant("AzureML Compute Operator", it.workspace);
        it.allows("compute.create");
    }

    #[test]
    fn contributor_on_the_group_creates_every_compute() {
        let mut it = World::new();
        it.add(Kind::ComputeCluster, "cluster1", it.workspace, json!({}));
        it.add(Kind::ComputeInstance, "ci1", it.workspace, json!({}));
        it.grant("Contributor", it.group);
        let outcomes: Vec<Outcome> = it.all("compute.create").iter().map(|it| it.outcome).collect();
        assert_eq!(outcomes, [Outcome::Allowed; 2]);
    }

    #[test]
    fn a_cluster_takes_one_kind_of_identity() {
        let (mut it, cluster) = cluster(json!({}));
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        it.grant("Contributor", it.group);
        it.set(cluster, "identity.type", json!("SystemAssigned,UserAssigned"));
        it.set(cluster, "identity.userAssignedIdentities", json!([identity.0]));
        it.refuses_for_good("compute.create.with_uai", "sy-not-supported");
        it.set(cluster, "identity.type", json!("UserAssigned"));
        it.allows("compute.create.with_uai");
    }

    #[test]
    fn attaching_an_identity_needs_a_right_on_it() {
        let (mut it, cluster) = cluster(json!({"identity.type": "UserAssigned"}));
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        it.set(cluster, "identity.userAssignedIdentities", json!([identity.0]));
        it.grant("AzureML Compute Operator", it.workspace);
        assert_eq!(it.all("compute.create"), []);
        it.refuses("compute.create.with_uai", "sy-linked-authorization-failed");
        assert_eq!(
            it.offers("compute.create.with_uai")[0],
            "Give ana the role Managed Identity Operator on uai1"
        );
        it.grant("Managed Identity Operator", identity);
        it.allows("compute.create.with_uai");
    }

    // how-to-identity-based-service-authentication: a type that asks for user-assigned identities names them.
    #[test]
    fn an_identity_that_nobody_named_is_not_known_to_be_attachable() {
        let (mut it, cluster) = cluster(json!({"identity.type": "UserAssigned"}));
        it.grant("Owner", it.subscription);
        assert_eq!(it.all("compute.create"), []);
        it.does_not_know("compute.create.with_uai");
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        it.set(cluster, "identity.userAssignedIdentities", json!([identity.0]));
        it.allows("compute.create.with_uai");
    }

    // how-to-assign-roles and how-to-secure-training-vnet: one call, and all linked resources are checked.
    #[test]
    fn a_compute_with_an_identity_in_a_network_needs_the_rights_for_both() {
        let (mut it, network, _) = in_network();
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        let compute = it.one(IN_NETWORK).from;
        it.set(compute, "identity.type", json!("UserAssigned"));
        it.set(compute, "identity.userAssignedIdentities", json!([identity.0]));
        it.grant("Managed Identity Operator", identity);
        it.refuses_for_good("compute.create.with_uai", "sy-linked-authorization-failed");
        it.grant("Network Contributor", network);
        it.allows("compute.create.with_uai");
        it.allows(IN_NETWORK);
    }

    fn in_network() -> (World, ResourceId, ResourceId) {
        let mut it = World::new();
        let group = it.add(Kind::ResourceGroup, "rg-net", it.subscription, json!({}));
        let network = it.add(Kind::VirtualNetwork, "vnet1", group, json!({}));
        let subnet = it.add(Kind::Subnet, "snet-ml", network, json!({}));
        let settings = json!({"workspace": it.workspace.0, "createdBy": it.user.0});
        it.add(Kind::ComputeCluster, "cluster1", subnet, settings);
        it.grant("AzureML Compute Operator", it.workspace);
        (it, network, subnet)
    }

    const IN_NETWORK: &str = "compute.create.in_vnet";

    #[test]
    fn no_machine_learning_role_joins_a_subnet() {
        let (mut it, network, _) = in_network();
        it.refuses(IN_NETWORK, "sy-linked-authorization-failed");
        it.grant("Network Contributor", network);
        it.allows(IN_NETWORK);
    }

    #[test]
    fn a_custom_role_with_the_join_actions_is_enough() {
        let (mut it, network, subnet) = in_network();
        let join = json!({"actions": [
            "Microsoft.Network/*/read",
            "Microsoft.Network/virtualNetworks/join/action",
            "Microsoft.Network/virtualNetworks/subnets/join/action",
        ]});
        let role = it.add(Kind::CustomRole, "joins", it.subscription, join);
        let on = |scope: ResourceId| json!({"principalId": it.user.0, "scope": scope.0, "customRole": role.0});
        let (on_subnet, on_network) = (on(subnet), on(network));
        it.add(Kind::RoleAssignment, "joins", None, on_subnet);
        // The page asks for the network as well.
        it.refuses(IN_NETWORK, "sy-linked-authorization-failed");
        it.add(Kind::RoleAssignment, "joins", None, on_network);
        it.allows(IN_NETWORK);
    }
}

mod identities {
    use super::*;

    #[test]
    fn managed_identity_contributor_creates_identities() {
        let mut it = World::new();
        it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        it.grant("Managed Identity Operator", it.group);
        it.refuses("uai.create", "sy-authorization-failed");
        it.grant("Managed Identity Contributor", it.group);
        it.allows("uai.create");
    }

    const ASSIGN: &str = "ws.assign_role";

    /// The user gives a role to somebody else.
    fn assigning(role: &str) -> (World, ResourceId) {
        let mut it = World::new();
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        let id = it.role(identity, role, it.storage);
        it.by_user(id);
        (it, id)
    }

    #[test]
    fn an_assignment_that_nobody_is_named_for_is_there_already() {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        assert_eq!(it.all(ASSIGN), []);
    }

    // troubleshooting, "Symptom - Assigning a role to a user sometimes fails" with `--assignee`.
    #[test]
    fn a_service_principal_may_not_search_the_directory_for_the_assignee() {
        let (mut it, assignment) = assigning("AcrPull");
        let pipeline = it.add(Kind::ServicePrincipal, "ci", None, json!({}));
        it.grant("User Access Administrator", it.group);
        it.set(assignment, "looksUpAssignee", json!(true));
        it.allows(ASSIGN);
        it.role(pipeline, "User Access Administrator", it.group);
        it.set(assignment, "createdBy", json!(pipeline.0));
        it.refuses(ASSIGN, "sy-insufficient-privileges");
        it.set(assignment, "looksUpAssignee", json!(false));
        it.allows(ASSIGN);
    }

    #[test]
    fn neither_contributor_nor_managed_identity_operator_assigns_roles() {
        for role in ["Contributor", "Managed Identity Operator"] {
            let (mut it, _) = assigning("AcrPull");
            it.grant(role, it.group);
            it.refuses(ASSIGN, "sy-role-assignment-failed");
        }
        for role in
            ["Owner", "User Access Administrator", "Role Based Access Control Administrator"]
        {
            let (mut it, _) = assigning("AcrPull");
            it.grant(role, it.group);
            it.allows(ASSIGN);
        }
    }

    // delegate-role-assignments-examples, "Constrain roles and principal types".
    #[test]
    fn a_condition_names_the_roles_that_may_be_given() {
        const READER: &str = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
        let condition = format!(
            "((!(ActionMatches{{'Microsoft.Authorization/roleAssignments/write'}})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{READER}}} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {{'ServicePrincipal'}}))"
        );
        let delegated = |role: &str| {
            let (mut it, id) = assigning(role);
            let right = it.role(it.user, "Role Based Access Control Administrator", it.storage);
            it.set(right, "condition", json!(condition));
            (it, id)
        };
        delegated("Storage Blob Data Reader").0.allows(ASSIGN);
        delegated("Owner").0.refuses(ASSIGN, "sy-role-assignment-failed");
        let (mut it, id) = delegated("Storage Blob Data Reader");
        let other = it.add(Kind::User, "bo", None, json!({}));
        it.set(id, "principalId", json!(other.0));
        it.refuses(ASSIGN, "sy-role-assignment-failed");
    }

    // role-assignments-steps: the right to assign is had before it is used.
    #[test]
    fn nobody_takes_a_role_by_the_rights_that_it_would_give() {
        let mut it = World::new();
        let id = it.role(it.user, "Owner", it.group);
        it.by_user(id);
        it.refuses(ASSIGN, "sy-role-assignment-failed");
        let team = it.add(Kind::Group, "team", None, json!({"members": [it.user.0]}));
        it.set(id, "principalId", json!(team.0));
        it.refuses(ASSIGN, "sy-role-assignment-failed");
        it.grant("User Access Administrator", it.group);
        it.allows(ASSIGN);
    }

    // "Custom roles with DataActions can't be assigned at the management group scope", and AssignableScopes
    // are where a role "is available for assignment" (role-based-access-control/custom-roles).
    #[test]
    fn a_custom_role_is_given_where_azure_lets_it_be() {
        let (mut it, id) = assigning("AcrPull");
        let tenant = it.add(Kind::ManagementGroup, "mg", None, json!({}));
        let elsewhere = it.add(Kind::ResourceGroup, "rg-data", it.subscription, json!({}));
        let role = it.add(Kind::CustomRole, "runner", None, json!({"actions": ["*/read"]}));
        it.set(id, "customRole", json!(role.0));
        it.grant("Owner", it.group);
        it.grant("Owner", tenant);
        it.allows(ASSIGN);
        it.set(role, "assignableScopes", json!([elsewhere.0]));
        assert_eq!(it.one(ASSIGN).outcome, Outcome::Denied);
        it.set(role, "assignableScopes", json!([]));
        it.set(role, "dataActions", json!(["*/read"]));
        it.allows(ASSIGN);
        it.set(id, "scope", json!(tenant.0));
        assert_eq!(it.one(ASSIGN).outcome, Outcome::Denied);
    }

    #[test]
    fn an_assignment_that_azure_refuses_grants_nothing() {
        let mut it = World::new();
        it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        let elsewhere = it.add(Kind::ResourceGroup, "rg-data", it.subscription, json!({}));
        let role = it.add(Kind::CustomRole, "all", None, json!({"actions": ["*"]}));
        let id = it.role(it.user, "Reader", it.group);
        it.set(id, "customRole", json!(role.0));
        it.allows("uai.create");
        it.set(role, "assignableScopes", json!([elsewhere.0]));
        it.refuses("uai.create", "sy-authorization-failed");
        it.set(role, "assignableScopes", json!([]));
        it.set(role, "actions", json!(["*", "Microsoft.Network/*/read/*"]));
        it.refuses("uai.create", "sy-authorization-failed");
    }

    // azure-resource-manager/management/lock-resources: a read-only lock stops role assignments.
    #[test]
    fn a_lock_stops_an_owner() {
        let (mut it, _) = assigning("AcrPull");
        it.grant("Owner", it.group);
        it.add(Kind::Lock, "keep", it.group, json!({"level": "ReadOnly", "scope": it.group.0}));
        it.refuses_for_good(ASSIGN, "sy-role-assignment-failed");
    }
}

mod networks {
    use super::*;

    const ENDPOINT: &str = "ws.private_endpoint.create";

    fn endpoint() -> (World, ResourceId, ResourceId) {
        let mut it = World::new();
        let group = it.add(Kind::ResourceGroup, "rg-net", it.subscription, json!({}));
        let network = it.add(Kind::VirtualNetwork, "vnet1", group, json!({}));
        let subnet = it.add(Kind::Subnet, "snet-pe", network, json!({}));
        let settings = json!({"privateLinkServiceId": it.workspace.0, "groupId": "amlworkspace"});
        let endpoint = it.add(Kind::PrivateEndpoint, "pe-ws", subnet, settings);
        (it, group, endpoint)
    }

    #[test]
    fn network_contributor_makes_it_and_waits_for_approval() {
        let (mut it, group, _) = endpoint();
        it.grant("Network Contributor", group);
        it.half(ENDPOINT);
        it.grant("Azure AI Enterprise Network Connection Approver", it.workspace);
        it.allows(ENDPOINT);
    }

    #[test]
    fn nobody_without_rights_on_the_network_makes_it() {
        let (mut it, _, endpoint) = endpoint();
        it.grant("Contributor", it.group);
        it.by_user(endpoint);
        it.refuses_for_good(ENDPOINT, "sy-authorization-failed");
    }

    #[test]
    fn the_subnet_is_joined_by_a_right_of_its_own() {
        let (mut it, group, _) = endpoint();
        let makes = json!({"actions": [
            "Microsoft.Network/privateEndpoints/*",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/subnets/read",
        ]});
        let role = it.add(Kind::CustomRole, "makes endpoints", it.subscription, makes);
        let given = json!({"principalId": it.user.0, "scope": group.0, "customRole": role.0});
        it.add(Kind::RoleAssignment, "makes endpoints", None, given);
        it.grant("Contributor", it.workspace);
        it.refuses(ENDPOINT, "sy-linked-authorization-failed");
    }

    #[test]
    fn a_zone_elsewhere_is_another_right() {
        let (mut it, group, endpoint) = endpoint();
        it.grant("Network Contributor", group);
        it.grant("Contributor", it.workspace);
        let hub = it.add(Kind::ResourceGroup, "rg-dns", it.subscription, json!({}));
        let zone = it.add(Kind::PrivateDnsZone, "privatelink.api.azureml.ms", hub, json!({}));
        it.set(endpoint, "privateDnsZoneGroups", json!([zone.0]));
        it.half(ENDPOINT);
        it.grant("Private DNS Zone Contributor", zone);
        it.allows(ENDPOINT);
    }

    const PROVISION: &str = "ws.managed_network.provision";

    fn managed() -> World {
        let mut it = World::new();
        it.set(it.workspace, "managedNetwork.isolationMode", json!("AllowOnlyApprovedOutbound"));
        it.grant("Contributor", it.group);
        it
    }

    #[test]
    fn the_system_assigned_identity_approves_by_its_role_on_the_group() {
        managed().allows(PROVISION);
        assert_eq!(World::new().all(PROVISION), []);
    }

    // how-to-managed-network: a private endpoint rule names its target.
    #[test]
    fn a_rule_without_a_target_is_not_judged_as_if_it_had_none() {
        let mut it = managed();
        let rule = json!([{"name": "somewhere", "type": "PrivateEndpoint"}]);
        it.set(it.workspace, "managedNetwork.outboundRules", rule);
        it.does_not_know(PROVISION);
    }

    #[test]
    fn an_endpoint_in_no_subnet_is_not_judged() {
        let mut it = World::new();
        let settings = json!({"privateLinkServiceId": it.workspace.0, "groupId": "amlworkspace"});
        it.add(Kind::PrivateEndpoint, "pe-ws", it.group, settings);
        it.grant("Owner", it.group);
        it.does_not_know(ENDPOINT);
    }

    #[test]
    fn a_target_elsewhere_needs_the_approver_role() {
        let mut it = managed();
        let other = it.add(Kind::ResourceGroup, "rg-data", it.subscription, json!({}));
        let target = it.add(Kind::StorageAccount, "stext", other, json!({}));
        let rule = json!([{
            "name": "to-stext",
            "type": "PrivateEndpoint",
            "destination.serviceResourceId": target.0,
            "destination.subresourceTarget": "blob",
        }]);
        it.set(it.workspace, "managedNetwork.outboundRules", rule);
        it.refuses(PROVISION, "sy-authorization-failed");
        it.role(it.workspace, "Azure AI Enterprise Network Connection Approver", target);
        it.allows(PROVISION);
    }

    #[test]
    fn with_internet_outbound_only_closed_resources_get_endpoints() {
        let mut it = managed();
        let identity = it.add(Kind::UserAssignedIdentity, "uai1", it.group, json!({}));
        it.set(it.workspace, "identity.type", json!("UserAssigned"));
        it.set(it.workspace, "identity.userAssignedIdentities", json!([identity.0]));
        it.set(it.workspace, "primaryUserAssignedIdentity", json!(identity.0));
        it.refuses_for_good(PROVISION, "sy-authorization-failed");
        it.set(it.workspace, "managedNetwork.isolationMode", json!("AllowInternetOutbound"));
        it.allows(PROVISION);
        it.set(it.vault, "publicNetworkAccess", json!("Disabled"));
        it.refuses(PROVISION, "sy-authorization-failed");
        it.role(identity, "Azure AI Enterprise Network Connection Approver", it.vault);
        it.allows(PROVISION);
    }

    #[test]
    fn provisioning_by_hand_is_a_right_of_its_own() {
        let mut it = managed();
        let caller = it.add(Kind::User, "bo", None, json!({}));
        it.set(it.workspace, "createdBy", json!(caller.0));
        it.role(caller, "Azure AI Enterprise Network Connection Approver", it.workspace);
        it.refuses(PROVISION, "sy-authorization-failed");
        it.set(it.workspace, "provisionNetworkNow", json!(true));
        it.allows(PROVISION);
    }
}

mod registries {
    use super::*;

    const DISABLE: &str = "acr.disable_admin";

    fn with_admin() -> (World, ResourceId) {
        let mut it = World::new();
        it.set(it.registry, "adminUserEnabled", json!(true));
        it.by_user(it.registry);
        let settings = json!({"identity.type": "SystemAssigned"});
        let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, settings);
        (it, cluster)
    }

    #[test]
    fn whoever_pushes_images_does_not_change_the_registry() {
        let (mut it, _) = with_admin();
        it.grant("AcrPush", it.registry);
        it.refuses(DISABLE, "sy-authorization-failed");
        it.grant("Contributor", it.registry);
        it.allows(DISABLE);
    }

    #[test]
    fn it_is_off_already() {
        assert_eq!(World::new().all(DISABLE), []);
    }

    #[test]
    fn a_cluster_without_an_identity_pulls_no_more() {
        let (mut it, cluster) = with_admin();
        it.grant("Contributor", it.registry);
        it.set(cluster, "identity.type", json!("None"));
        it.half(DISABLE);
        assert_eq!(it.one(DISABLE).symptom.unwrap().id, "sy-image-pull");
    }

    // v1/how-to-use-managed-identities: Container Instances need the admin user.
    #[test]
    fn container_instances_pull_no_more() {
        let (mut it, _) = with_admin();
        it.grant("Contributor", it.registry);
        it.add(Kind::ContainerInstanceDeployment, "aci1", it.workspace, json!({}));
        it.half(DISABLE);
        assert_eq!(it.one(DISABLE).symptom.unwrap().id, "sy-aci-inaccessible-image");
    }

    const CLOSE: &str = "ws.acr.behind_vnet";

    /// A premium registry with a private endpoint in a network with a cluster that builds.
    fn closed() -> (World, ResourceId) {
        let mut it = World::new();
        it.grant("Contributor", it.group);
        let network = it.add(Kind::VirtualNetwork, "vnet1", it.group, json!({}));
        let subnet = it.add(Kind::Subnet, "snet1", network, json!({}));
        let zone = it.add(
            Kind::PrivateDnsZone,
            "privatelink.azurecr.io",
            it.group,
            json!({"virtualNetworkLinks": [{"virtualNetwork": network.0}]}),
        );
        it.add(
            Kind::PrivateEndpoint,
            "pe-acr",
            subnet,
            json!({
                "privateLinkServiceId": it.registry.0,
                "groupId": "registry",
                "privateDnsZoneGroups": [zone.0],
            }),
        );
        let settings = json!({"workspace": it.workspace.0, "enableNodePublicIp": false});
        let cluster = it.add(Kind::ComputeCluster, "cluster1", subnet, settings);
        it.set(it.registry, "sku.name", json!("Premium"));
        it.set(it.registry, "publicNetworkAccess", json!("Disabled"));
        it.set(it.workspace, "imageBuildCompute", json!(cluster.0));
        (it, cluster)
    }

    #[test]
    fn closed_with_all_that_the_page_asks_for() {
        closed().0.allows(CLOSE);
    }

    // how-to-secure-workspace-vnet: the compute is one of the workspace.
    #[test]
    fn a_cluster_of_another_workspace_builds_nothing() {
        let (mut it, cluster) = closed();
        let other = it.add(Kind::Workspace, "mlw-other", it.group, json!({}));
        it.set(cluster, "workspace", json!(other.0));
        it.refuses_for_good(CLOSE, "sy-image-build-network");
    }

    // "Only a CPU SKU is supported" (how-to-secure-workspace-vnet, image build compute).
    #[test]
    fn a_cluster_with_gpus_builds_nothing() {
        let (mut it, cluster) = closed();
        it.set(cluster, "vmSize", json!("Standard_NC4as_T4_v3"));
        it.refuses_for_good(CLOSE, "sy-image-build-network");
        let mut it = World::new();
        it.grant("Contributor", it.group);
        let cluster = it.add(Kind::ComputeCluster, "cluster1", it.workspace, json!({}));
        it.set(it.workspace, "imageBuildCompute", json!(cluster.0));
        it.set(it.registry, "adminUserEnabled", json!(true));
        it.allows("image.build.on_compute");
        it.set(cluster, "vmSize", json!("Standard_NC4as_T4_v3"));
        it.refuses("image.build.on_compute", "sy-image-build-network");
    }

    // how-to-secure-workspace-vnet: "Only Azure Machine Learning compute clusters are supported".
    #[test]
    fn an_instance_builds_nothing() {
        let (mut it, _) = closed();
        let instance = it.add(Kind::ComputeInstance, "ci1", it.workspace, json!({}));
        it.set(it.workspace, "imageBuildCompute", json!(instance.0));
        it.refuses(CLOSE, "sy-image-build-network");
        let mut it = World::new();
        it.grant("Contributor", it.group);
        let instance = it.add(Kind::ComputeInstance, "ci1", it.workspace, json!({}));
        it.set(it.workspace, "imageBuildCompute", json!(instance.0));
        it.set(it.registry, "adminUserEnabled", json!(true));
        it.refuses_for_good("image.build.on_compute", "sy-not-supported");
    }

    #[test]
    fn a_standard_registry_takes_no_private_endpoint() {
        let (mut it, _) = closed();
        it.set(it.registry, "sku.name", json!("Standard"));
        it.refuses(CLOSE, "sy-not-supported");
    }

    #[test]
    fn trusted_services_stay_outside() {
        let (mut it, _) = closed();
        it.set(it.registry, "networkRuleBypassOptions", json!("None"));
        it.refuses(CLOSE, "sy-acr-unreachable");
    }

    #[test]
    fn no_cluster_builds_images() {
        let (mut it, _) = closed();
        it.set(it.workspace, "imageBuildCompute", Value::Null);
        it.refuses(CLOSE, "sy-image-build-network");
    }

    #[test]
    fn a_cluster_outside_the_network_does_not_reach_it() {
        let (mut it, _) = closed();
        it.add(Kind::ComputeCluster, "outside", it.workspace, json!({}));
        it.refuses_for_good(CLOSE, "sy-acr-unreachable");
    }

    // container-registry/container-registry-private-link: layers come from the data endpoint, which has a
    // record of its own.
    #[test]
    fn a_registry_without_its_data_record_gives_no_layers() {
        let (mut it, _) = closed();
        let of = |it: &World, kind| it.design.resources.of(kind).next().unwrap().id;
        let (zone, endpoint) = (of(&it, Kind::PrivateDnsZone), of(&it, Kind::PrivateEndpoint));
        let name = it.design.get(it.registry).unwrap().name.clone();
        it.set(endpoint, "privateDnsZoneGroups", json!([]));
        it.set(zone, "records", json!([{"name": name, "addresses": ["10.0.0.5"]}]));
        it.half(CLOSE);
    }

    #[test]
    fn nobody_is_drawn_who_changes_it() {
        let (mut it, _) = closed();
        it.design.resources.0.remove(&it.user);
        it.does_not_know(CLOSE);
    }
}
