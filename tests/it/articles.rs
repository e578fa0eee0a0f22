//! What the five articles tell beyond the designs of the gallery as they stand: each situation is drawn
//! into the article's design, and where an article is out of date the report says so.
//!
//! The articles, in the order of the gallery: "Using Azure Machine Learning in a virtual network" (2020),
//! "Accessing unmanaged storage by MSI in Azure ML" (2020), "Use managed identities with Azure Machine
//! Learning" (2021), "Set up authentication" (SDK v1), "Access Azure resources from a managed online
//! endpoint" (2021).

use std::sync::Arc;

use drawbridge::{
    design::Design,
    gallery,
    kinds::{Kind, Resource, ResourceId},
    report::{self, Operation},
    solve::Outcome,
    text::Lang,
};
use serde_json::{Value, json};

/// A design of the gallery, to be changed.
struct Told(Design);

impl Told {
    fn of(slug: &str) -> Told {
        Told(gallery::find(slug).unwrap().design(Lang::En))
    }

    fn id(&self, name: &str) -> ResourceId {
        self.0.named(name).unwrap_or_else(|| panic!("{name}"))
    }

    fn add(
        &mut self,
        kind: Kind,
        name: &str,
        parent: impl Into<Option<ResourceId>>,
        settings: Value,
    ) -> ResourceId {
        let id = self.0.next_id();
        self.0.resources.0.insert(id, Arc::new(Resource::new(kind, name, parent.into())));
        for (key, value) in settings.as_object().unwrap() {
            self.set(id, key, value.clone());
        }
        id
    }

    fn set(&mut self, id: ResourceId, key: &str, value: Value) {
        let it = Arc::make_mut(self.0.resources.0.get_mut(&id).unwrap());
        assert!(it.kind.info().fields.iter().any(|it| it.key == key), "{key}");
        it.settings.insert(key.to_owned(), value);
    }

    fn role(&mut self, who: ResourceId, role: &str, scope: ResourceId) {
        let settings = json!({"principalId": who.0, "scope": scope.0, "roleDefinitionId": role});
        self.add(Kind::RoleAssignment, role, None, settings);
    }

    /// The only operation of a check whose subject holds `about`.
    fn operation(&self, check: &str, about: &str) -> Operation {
        let mut all = report::assess(&self.0).operations;
        all.retain(|it| it.check == check && it.subject.render(Lang::En).contains(about));
        assert_eq!(all.len(), 1, "{check} {about}: {all:#?}");
        all.swap_remove(0)
    }

    fn allows(&self, check: &str, about: &str) {
        let it = self.operation(check, about);
        assert_eq!(it.outcome, Outcome::Allowed, "{it:#?}");
    }

    fn refuses(&self, check: &str, about: &str, symptom: &str) -> Operation {
        let it = self.operation(check, about);
        assert_eq!(it.outcome, Outcome::Denied, "{it:#?}");
        assert_eq!(it.symptom.as_ref().map(|it| it.id), Some(symptom), "{it:#?}");
        it
    }

    /// In both languages: the words stand in a note.
    fn says(&self, check: &str, about: &str, en: &str, ja: &str) {
        let it = self.operation(check, about);
        for (lang, words) in [(Lang::En, en), (Lang::Ja, ja)] {
            let notes: Vec<String> = it.notes.iter().map(|it| it.render(lang)).collect();
            assert!(notes.iter().any(|it| it.contains(words)), "{words}: {notes:?}");
        }
    }
}

mod virtual_network {
    use super::*;

    // "The same error may appear even from the virtual network: names do not resolve to private
    // addresses, for example with custom DNS."
    #[test]
    fn a_dns_server_that_asks_the_internet_gives_the_home_page_error() {
        let mut it = Told::of("vnet-workspace");
        it.allows("studio.open", "jumpbox");
        let subnet = it.id("amlvsubnet");
        let server = json!({"privateIPAddress": "10.0.0.100", "default": "PublicRecursion"});
        it.add(Kind::CustomDnsServer, "dns", subnet, server);
        it.set(it.id("amlvnet"), "dhcpOptions.dnsServers", json!(["10.0.0.100"]));
        it.refuses("studio.open", "jumpbox", "sy-home");
    }

    // "Firefox: may be related to DNS over HTTPS; use Edge or Chrome."
    #[test]
    fn a_browser_with_dns_over_https_fails_inside_the_network() {
        let mut it = Told::of("vnet-workspace");
        it.set(it.id("jumpbox"), "dnsOverHttps", json!(true));
        it.refuses("studio.open", "jumpbox", "sy-home");
    }

    // "Where an NSG limits internet traffic, allow the service tag AzureFrontDoor.Frontend."
    #[test]
    fn an_nsg_without_front_door_keeps_studio_from_loading() {
        let mut it = Told::of("vnet-workspace");
        let rule = |name: &str, priority: u32, access: &str, to: &str| {
            json!({
                "name": name,
                "priority": priority,
                "direction": "Outbound",
                "access": access,
                "destinationAddressPrefixes": [to],
            })
        };
        let closed = rule("no-internet", 4000, "Deny", "Internet");
        let entra = rule("entra", 200, "Allow", "AzureActiveDirectory");
        let group = it.id("amlvnetrg");
        let nsg = it.add(
            Kind::NetworkSecurityGroup,
            "nsg",
            group,
            json!({"securityRules": [closed, entra]}),
        );
        it.set(it.id("amlvsubnet"), "networkSecurityGroup", json!(nsg.0));
        it.refuses("studio.load", "jumpbox", "sy-studio-blank");
        let door = rule("front-door", 300, "Allow", "AzureFrontDoor.Frontend");
        it.set(nsg, "securityRules", json!([closed, entra, door]));
        it.allows("studio.load", "jumpbox");
    }

    // "Errors are shown, but creating, starting, stopping and deleting work."
    #[test]
    fn the_compute_page_says_what_still_works_from_outside() {
        let it = Told::of("vnet-workspace");
        let page = it.operation("studio.compute", "laptop");
        assert_eq!(page.outcome, Outcome::Partial);
        it.says(
            "studio.compute",
            "laptop",
            "go through Azure Resource Manager",
            "Azure Resource Manager 経由",
        );
    }

    // "Only the creator can access a compute instance."
    #[test]
    fn somebody_else_opens_no_jupyter_even_from_the_network() {
        let mut it = Told::of("vnet-workspace");
        let other = it.id("deployer");
        let subnet = it.id("amlvsubnet");
        it.add(Kind::VirtualMachine, "second-box", subnet, json!({"user": other.0}));
        it.allows("compute.instance.use", "jumpbox");
        it.refuses("compute.instance.use", "second-box", "sy-ci-app");
    }

    // "Making a vault of the same name again gives a soft-delete error; purge it."
    #[test]
    fn the_name_of_a_deleted_vault_is_free_after_purging() {
        let mut it = Told::of("vnet-workspace");
        it.set(it.id("amlvnetkeyvault"), "softDeletedNameExists", json!(true));
        let check = "kv.reuse_soft_deleted_name";
        // Contributor on the group is no right on the subscription.
        let refused = it.refuses(check, "amlvnetkeyvault", "sy-keyvault-softdelete");
        assert!(refused.symptom.unwrap().text.contains("Exist soft deleted vault"));
        it.role(it.id("deployer"), "Key Vault Purge Operator", it.id("subscription"));
        it.allows(check, "amlvnetkeyvault");
    }

    // "As of 10/28 Application Insights cannot be deployed behind a virtual network."
    #[test]
    fn the_limit_of_application_insights_is_out_of_date() {
        Told::of("vnet-workspace").says(
            "ws.private_endpoint.create",
            "pe-amlvnetworkspace",
            "out of date in the article of 2020: Application Insights",
            "2020 年の記事の記載は古くなっています",
        );
    }

    // "Ask for more quota first": for a registry behind the network.
    #[test]
    fn the_quota_request_for_a_closed_registry_is_out_of_date() {
        Told::of("vnet-workspace-repaired").says(
            "ws.acr.behind_vnet",
            "amlvnetconreg",
            "no quota request is needed",
            "クォータ要求は不要",
        );
    }
}

mod unmanaged_storage {
    use super::*;

    // "The default storage works in the usual way even with a firewall; storage outside does not."
    #[test]
    fn data_copied_to_the_default_storage_is_read() {
        let mut it = Told::of("unmanaged-storage");
        let default = it.id("mlworkspacestorage");
        let datastore = it.id("unmanaged_blob");
        it.set(datastore, "accountName", json!(default.0));
        it.set(datastore, "containerName", Value::Null);
        it.set(datastore, "credentials.credentialsType", json!("AccountKey"));
        it.allows("job.data.credential", "automl");
    }

    // "Storage Blob Data Contributor for both the workspace and me did not help."
    #[test]
    fn roles_do_not_help_automated_ml_and_the_limit_of_2020_is_named() {
        let mut it = Told::of("unmanaged-storage");
        it.role(it.id("me"), "Storage Blob Data Owner", it.id("unmanagedstorage"));
        it.refuses("job.data.automl_identity", "automl", "sy-datastore-identity");
        it.says("job.data.automl_identity", "automl", "May 2020", "2020 年 5 月");
        it.says("job.data.automl_identity", "automl", "devicelogin", "devicelogin");
    }

    // What the article found impossible in 2020 works for jobs of v2 (how-to-administrate-data-authentication).
    #[test]
    fn a_job_of_today_reads_as_its_compute() {
        let mut it = Told::of("unmanaged-storage-repaired");
        it.set(it.id("unmanaged_blob"), "credentials.credentialsType", json!("None"));
        let (cluster, account) = (it.id("cpu-cluster"), it.id("unmanagedstorage"));
        it.set(cluster, "identity.type", json!("SystemAssigned"));
        it.role(cluster, "Storage Blob Data Reader", account);
        let job = it.id("automl");
        it.set(job, "jobType", json!("Command"));
        it.set(job, "submittedWith", json!("v2"));
        it.allows("job.data.compute_mi", "automl");
    }
}

mod managed_identity {
    use super::*;

    // "To assign roles, the login must have Managed Identity Operator, or another role such as Owner."
    #[test]
    fn managed_identity_operator_assigns_no_roles_and_the_report_says_that_the_page_is_out_of_date()
    {
        let it = Told::of("managed-identity");
        it.refuses("ws.assign_role", "ml-engineer", "sy-role-assignment-failed");
        it.says(
            "ws.assign_role",
            "ml-engineer",
            "Managed Identity Operator attaches identities and assigns no roles",
            "ロールは割り当てられません",
        );
        Told::of("managed-identity-repaired").allows("ws.assign_role", "ml-engineer");
        let mut it = it;
        it.role(it.id("ml-admin"), "Owner", it.id("subscription"));
        it.allows("ws.assign_role", "ml-engineer");
    }

    fn with_primary_identity() -> (Told, ResourceId) {
        let mut it = Told::of("managed-identity-repaired");
        let group = it.id("rg-ml");
        let identity = it.add(Kind::UserAssignedIdentity, "id-workspace", group, json!({}));
        let workspace = it.id("mlidentity");
        it.role(it.id("ml-admin"), "Owner", it.id("subscription"));
        it.set(workspace, "identity.type", json!("UserAssigned"));
        it.set(workspace, "identity.userAssignedIdentities", json!([identity.0]));
        it.set(workspace, "primaryUserAssignedIdentity", json!(identity.0));
        (it, identity)
    }

    // "When you bring your own associated resources, grant the identity its roles on them."
    #[test]
    fn a_primary_user_assigned_identity_needs_its_roles() {
        let (mut it, identity) = with_primary_identity();
        it.refuses("ws.create.uai", "mlidentity", "sy-uai-role-missing");
        it.role(identity, "Contributor", it.id("rg-ml"));
        it.role(identity, "Storage Blob Data Contributor", it.id("mlidentitystorage"));
        it.role(identity, "Key Vault Administrator", it.id("mlidentityvault"));
        it.allows("ws.create.uai", "mlidentity");
    }

    // "An existing workspace can be updated from system-assigned to user-assigned."
    #[test]
    fn an_existing_workspace_changes_to_a_user_assigned_identity_and_not_back() {
        let mut it = Told::of("managed-identity-repaired");
        it.role(it.id("ml-admin"), "Owner", it.id("subscription"));
        let workspace = it.id("mlidentity");
        let identity = it.id("id-base-images");
        it.set(workspace, "identityChange.type", json!("UserAssigned"));
        it.set(workspace, "identityChange.userAssignedIdentities", json!([identity.0]));
        it.allows("ws.update.identity_kind", "mlidentity");
        it.set(workspace, "identity.type", json!("SystemAssigned,UserAssigned"));
        it.set(workspace, "identity.userAssignedIdentities", json!([identity.0]));
        it.set(workspace, "identityChange.type", json!("SystemAssigned"));
        it.refuses("ws.update.identity_kind", "mlidentity", "sy-not-possible");
    }

    // "Pass a user-assigned identity for storage to sign in to Key Vault."
    #[test]
    fn storage_uses_the_customer_managed_key_by_its_identity() {
        let (mut it, identity) = with_primary_identity();
        let workspace = it.id("mlidentity");
        let vault = it.id("mlidentityvault");
        it.set(workspace, "encryption.status", json!("Enabled"));
        it.set(workspace, "encryption.keyVaultProperties.keyVaultArmId", json!(vault.0));
        it.set(workspace, "encryption.identity.userAssignedIdentity", json!(identity.0));
        it.refuses("ws.cmk.storage_uai", "mlidentity", "sy-cmk-storage");
        it.role(identity, "Key Vault Crypto Service Encryption User", vault);
        it.allows("ws.cmk.storage_uai", "mlidentity");
    }

    // "Create the registry first, or let the workspace make it, and turn the admin user off later."
    #[test]
    fn the_admin_user_is_turned_off_later() {
        let mut it = Told::of("managed-identity-repaired");
        it.role(it.id("ml-admin"), "Owner", it.id("subscription"));
        it.set(it.id("mlworkspaceacr"), "adminUserEnabled", json!(true));
        it.allows("acr.disable_admin", "mlworkspaceacr");
        it.add(Kind::ContainerInstanceDeployment, "aci", it.id("mlidentity"), json!({}));
        let then = it.operation("acr.disable_admin", "mlworkspaceacr");
        assert_eq!(then.outcome, Outcome::Partial);
        assert_eq!(then.symptom.unwrap().id, "sy-aci-inaccessible-image");
    }

    // "Otherwise the service tries to build a new image and fails": a conda file asks for one.
    #[test]
    fn an_image_that_is_not_taken_as_it_is_fails() {
        let mut it = Told::of("managed-identity-repaired");
        it.set(it.id("private-as-is"), "condaFile", json!("dependencies:\n  - pandas\n"));
        let check = "image.pull.training.private_acr_as_is";
        it.refuses(check, "privateacr", "sy-image-rebuild");
    }
}

mod authentication {
    use super::*;

    // "Give the service principal the least access for its task": owner is only the page's example.
    #[test]
    fn less_than_owner_is_enough_for_the_service_principal() {
        let it = Told::of("authentication-repaired");
        it.allows("auth.service_principal", "ml-auth");
        it.allows("job.submit.v2", "ci-agent");
    }

    // "To create the service principal's access you need to be able to assign roles."
    #[test]
    fn the_researcher_gives_nobody_access() {
        let mut it = Told::of("authentication-repaired");
        let researcher = it.id("researcher");
        let (principal, workspace) = (it.id("ml-auth"), it.id("ml-example"));
        it.add(
            Kind::RoleAssignment,
            "owner as on the page",
            None,
            json!({
                "principalId": principal.0,
                "scope": workspace.0,
                "roleDefinitionId": "Owner",
                "createdBy": researcher.0,
            }),
        );
        it.refuses("ws.assign_role", "ml-auth", "sy-role-assignment-failed");
    }
}

mod endpoints {
    use super::*;

    // "You need User Access Administrator and Contributor on the resource group."
    #[test]
    fn contributor_alone_does_not_grant_what_the_article_grants() {
        let mut it = Told::of("endpoint-identity-repaired");
        let all = |it: &Told| -> Vec<Outcome> {
            let mut all = report::assess(&it.0).operations;
            all.retain(|it| it.check == "ws.assign_role");
            all.iter().map(|it| it.outcome).collect()
        };
        assert_eq!(all(&it), [Outcome::Allowed; 4]);
        let right = it.id("assigns roles");
        it.0.resources.0.remove(&right);
        assert_eq!(all(&it), [Outcome::Denied; 4]);
    }

    // "The identity is immutable and cannot be changed after creation."
    #[test]
    fn the_identity_of_an_endpoint_cannot_be_changed() {
        Told::of("endpoint-identity").says(
            "oe.create",
            "my-sai-endpoint",
            "cannot be changed after creation",
            "作成後に変更できません",
        );
    }

    // az identity create, then az role assignment create right away.
    #[test]
    fn a_new_identity_may_not_be_known_yet() {
        Told::of("endpoint-identity-repaired").says(
            "uai.create",
            "oep-user-identity",
            "PrincipalNotFound",
            "PrincipalNotFound",
        );
    }
}
