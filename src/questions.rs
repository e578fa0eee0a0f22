//! Questions about all identities of a design at once: who can do what and through which assignment, what
//! falls with an identity that somebody takes over, what is wider than the operations need, and what a
//! reviewer should see before a design is deployed. And about all its places: who reaches whom.
//!
//! Operations ask about those who act in the design; these questions ask about everybody.

use crate::{
    checks::capabilities::{self, Capability},
    facts::{Facts, grant::PrincipalType},
    kinds::{ResourceId, Resources, Subject},
    report::{Judge, Need},
    solve::{Hop, Outcome, Step},
    text::{Message, text},
};

// What can be reached from an identity that is taken over, step by step.
pub mod takeover;

// Assignments that the operations do not need, or not as wide.
pub mod wide;

// Grants and openings to look at before an export.
pub mod review;

// What a change of a design comes to.
pub mod compare;

// Who reaches whom, and on which ports.
pub mod reach;

// The answers as text.
mod print;

pub use print::{Question, access_page, review_page};

/// One identity, one resource, one capability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Right {
    pub identity: ResourceId,
    pub resource: ResourceId,
    pub capability: &'static Capability,
    pub outcome: Outcome,
}

/// Which rights are asked for; what is empty is not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Filter {
    pub identity: Option<ResourceId>,
    pub resource: Option<ResourceId>,
    pub capability: Option<&'static Capability>,
}

/// The rights of one design.
pub struct Rights<'a> {
    resources: &'a Resources,
    judge: Judge<'a>,
}

impl<'a> Rights<'a> {
    /// `facts` must be [`crate::report::facts`] of `resources`.
    pub fn new(resources: &'a Resources, facts: &'a Facts) -> Rights<'a> {
        Rights { resources, judge: Judge::new(resources, facts) }
    }

    /// Those who act: groups act through their members.
    pub fn identities(&self) -> Vec<Subject<'a>> {
        let principals = &self.judge.facts().grants.principals;
        let acting = principals.iter().filter(|(_, it)| it.kind != PrincipalType::Group);
        acting.filter_map(|(id, _)| self.resources.subject(ResourceId(id.0))).collect()
    }

    /// Every right that a filter lets through, by identity, then resource, then capability.
    pub fn find(&self, filter: &Filter) -> Vec<Right> {
        let asked = |(target, it): &(Subject<'_>, &'static Capability)| {
            filter.resource.is_none_or(|id| id == target.id)
                && filter.capability.is_none_or(|one| one == *it)
        };
        let of_design: Vec<_> =
            capabilities::of_design(self.resources).into_iter().filter(asked).collect();
        let mut all = Vec::new();
        for who in self.identities() {
            if filter.identity.is_none_or(|id| id == who.id) {
                all.extend(of_design.iter().map(|(target, it)| self.right(who, *target, it)));
            }
        }
        all
    }

    fn right(&self, who: Subject<'_>, target: Subject<'_>, it: &'static Capability) -> Right {
        let needs = it.needs(who, target);
        let outcome = needs.iter().map(|it| self.judge.outcome(it)).max();
        Right {
            identity: who.id,
            resource: target.id,
            capability: it,
            outcome: outcome.unwrap_or(Outcome::Unknown),
        }
    }

    /// All that a right takes, each with the assignment or the rule that decides in its trace.
    pub fn needs(&self, it: &Right) -> Vec<Need> {
        let (Some(who), Some(target)) =
            (self.resources.subject(it.identity), self.resources.subject(it.resource))
        else {
            return Vec::new();
        };
        it.capability.needs(who, target).iter().map(|it| self.judge.need(it).0).collect()
    }

    /// What decides a right: every assignment, key and rule that opens it, or what stops it.
    pub fn why(&self, it: &Right) -> Vec<Step> {
        let mut all = Vec::new();
        for need in self.needs(it) {
            let steps = need.trace.steps.into_iter();
            // Who acts is the question here, and what was looked at in vain decides nothing.
            let counts = |step: &Step| {
                step.hop != Hop::Actor && step.outcome == need.outcome && step.outcome == it.outcome
            };
            all.extend(steps.filter(counts));
        }
        all
    }

    /// The same in one sentence.
    fn because(&self, it: &Right) -> Message {
        let both = text("{0}; {1}", "{0}。{1}");
        let steps = self.why(it).into_iter().map(|it| it.text);
        steps.reduce(|a, b| both.with([a.into(), b.into()])).unwrap_or_else(|| Message::value(""))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        kinds::{Kind, testing::Sketch},
        report,
        text::Lang,
    };

    pub(super) fn give(it: &mut Sketch, who: ResourceId, role: &str, on: ResourceId) -> ResourceId {
        let settings = json!({"principalId": who.0, "scope": on.0, "roleDefinitionId": role});
        it.add(Kind::RoleAssignment, role, None, settings)
    }

    fn outcome(it: &Sketch, who: ResourceId, on: ResourceId, what: &str) -> Option<Outcome> {
        let facts = report::facts(it.all());
        let rights = Rights::new(it.all(), &facts);
        let filter = Filter {
            identity: Some(who),
            resource: Some(on),
            capability: capabilities::find(what),
        };
        let found = rights.find(&filter);
        // The quick answer and the one with its story are the same.
        for it in &found {
            let slow = rights.needs(it).iter().map(|it| it.outcome).max();
            assert_eq!(slow.unwrap_or(Outcome::Unknown), it.outcome, "{it:?}");
        }
        found.first().map(|it| it.outcome)
    }

    fn storage(settings: Value) -> (Sketch, ResourceId, ResourceId) {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let storage = it.add(Kind::StorageAccount, "st", group, settings);
        (it, group, storage)
    }

    // role-based-access-control/built-in-roles/storage: the Reader of blobs reads and does not write;
    // what a group holds, its members hold.
    #[test]
    fn the_role_of_a_group_counts_for_its_members_only() {
        let (mut it, _, storage) = storage(json!({}));
        let inside = it.add(Kind::User, "inside", None, json!({}));
        let outside = it.add(Kind::User, "outside", None, json!({}));
        let readers = it.add(Kind::Group, "readers", None, json!({"members": [inside.0]}));
        give(&mut it, readers, "Storage Blob Data Reader", storage);
        assert_eq!(outcome(&it, inside, storage, "blobs.read"), Some(Outcome::Allowed));
        assert_eq!(outcome(&it, inside, storage, "blobs.write"), Some(Outcome::Denied));
        assert_eq!(outcome(&it, outside, storage, "blobs.read"), Some(Outcome::Denied));
        // A group does not act itself.
        assert_eq!(outcome(&it, readers, storage, "blobs.read"), None);
    }

    // storage/common/shared-key-authorization-prevent: Contributor lists keys, which open all data unless
    // the account refuses them; its own token opens no data.
    #[test]
    fn a_contributor_comes_in_by_the_key_while_keys_are_accepted() {
        for (accepted, by_key) in [(true, Outcome::Allowed), (false, Outcome::Denied)] {
            let (mut it, group, storage) = storage(json!({"allowSharedKeyAccess": accepted}));
            let user = it.add(Kind::User, "u", None, json!({}));
            give(&mut it, user, "Contributor", group);
            assert_eq!(outcome(&it, user, storage, "storage.keys"), Some(by_key));
            assert_eq!(outcome(&it, user, storage, "blobs.read"), Some(Outcome::Denied));
        }
    }

    // container-registry/container-registry-authentication: there is a password only while the admin user
    // is on.
    #[test]
    fn the_admin_user_of_a_registry() {
        for (on, expected) in [(true, Outcome::Allowed), (false, Outcome::Denied)] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let registry =
                it.add(Kind::ContainerRegistry, "cr", group, json!({"adminUserEnabled": on}));
            let user = it.add(Kind::User, "u", None, json!({}));
            give(&mut it, user, "Contributor", group);
            assert_eq!(outcome(&it, user, registry, "registry.admin"), Some(expected));
        }
    }

    // key-vault/general/rbac-guide: vaults/write grants access to data only in a vault with policies.
    #[test]
    fn access_policies_can_be_changed_where_they_decide() {
        for (roles, expected) in [(false, Some(Outcome::Allowed)), (true, None)] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let settings = json!({"enableRbacAuthorization": roles});
            let vault = it.add(Kind::KeyVault, "kv", group, settings);
            let user = it.add(Kind::User, "u", None, json!({}));
            give(&mut it, user, "Contributor", group);
            assert_eq!(outcome(&it, user, vault, "vault.policies"), expected);
            assert_eq!(outcome(&it, user, vault, "secrets.read"), Some(Outcome::Denied));
        }
    }

    // key-vault/general/rbac-guide: a role on a single key is for that key; where access policies decide, roles are
    // ignored and a policy is for all keys.
    #[test]
    fn a_key_is_used_by_a_role_on_it_alone_or_by_a_policy() {
        for roles in [true, false] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let user = it.add(Kind::User, "u", None, json!({}));
            let policy =
                json!({"objectId": user.0, "permissions.keys": ["get", "wrapKey", "unwrapKey"]});
            let settings = json!({"enableRbacAuthorization": roles, "accessPolicies": [policy]});
            let vault = it.add(Kind::KeyVault, "kv", group, settings);
            let [key, other] =
                ["a", "b"].map(|name| it.add(Kind::KeyVaultKey, name, vault, json!({})));
            give(&mut it, user, "Key Vault Crypto Service Encryption User", key);
            let rest = Some(if roles { Outcome::Denied } else { Outcome::Allowed });
            assert_eq!(outcome(&it, user, key, "keys.use"), Some(Outcome::Allowed));
            assert_eq!(outcome(&it, user, other, "keys.use"), rest);
            assert_eq!(outcome(&it, user, vault, "keys.use"), rest);
        }
    }

    // key-vault/general/rbac-guide: "Changing permission model requires unrestricted
    // 'Microsoft.Authorization/roleAssignments/write' permission"; Key Vault Data Access Administrator has a
    // restricted one.
    #[test]
    fn who_may_change_how_a_vault_grants() {
        for (roles, expected) in [
            (&["Owner"][..], Outcome::Allowed),
            (&["Contributor", "User Access Administrator"], Outcome::Allowed),
            (&["Contributor"], Outcome::Denied),
            (&["User Access Administrator"], Outcome::Denied),
            (&["Contributor", "Key Vault Data Access Administrator"], Outcome::Denied),
        ] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let vault = it.add(Kind::KeyVault, "kv", group, json!({}));
            let user = it.add(Kind::User, "u", None, json!({}));
            for role in roles {
                give(&mut it, user, role, group);
            }
            assert_eq!(outcome(&it, user, vault, "vault.model"), Some(expected), "{roles:?}");
        }
    }

    // built-in-roles/privileged: Contributor may not assign roles, Owner may, at the scope and below. A
    // role can be held on any resource, so every resource is asked about.
    #[test]
    fn roles_can_be_assigned_on_every_resource() {
        let (mut it, subnet) = Sketch::subnet();
        let owner = it.add(Kind::User, "owner", None, json!({}));
        let other = it.add(Kind::User, "other", None, json!({}));
        give(&mut it, owner, "Owner", ResourceId(1));
        give(&mut it, other, "Contributor", ResourceId(1));
        assert_eq!(outcome(&it, owner, subnet, "roles.assign"), Some(Outcome::Allowed));
        assert_eq!(outcome(&it, other, subnet, "roles.assign"), Some(Outcome::Denied));
    }

    // machine-learning/concept-enterprise-security: the identity of a workspace gets Storage Blob Data
    // Contributor on its storage from Azure.
    #[test]
    fn what_azure_grants_by_itself_is_told_as_the_reason() {
        let (mut it, group, storage) = storage(json!({}));
        let settings = json!({"storageAccount": storage.0});
        let workspace = it.add(Kind::Workspace, "ws", group, settings);
        let facts = report::facts(it.all());
        let rights = Rights::new(it.all(), &facts);
        let filter = Filter {
            identity: Some(workspace),
            resource: Some(storage),
            capability: capabilities::find("blobs.write"),
        };
        let [right] = rights.find(&filter)[..] else { panic!("one right") };
        assert_eq!(right.outcome, Outcome::Allowed);
        let why = rights.because(&right).render(Lang::En);
        assert!(why.contains("holds Storage Blob Data Contributor on st"), "{why}");
        assert!(why.contains("Azure made this assignment by itself"), "{why}");
    }
}
