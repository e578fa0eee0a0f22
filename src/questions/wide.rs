//! Assignments that the operations do not need, or not as wide: each is taken away in thought and every
//! operation of whoever it counts for is judged again; what fails without it needs it, and the narrowest
//! roles that grant just that at the narrowest scopes are tried the same way before they are offered.
//!
//! Only rights are judged again. An operation that the network stops still needs its rights.
//!
//! Azure docs: "Best practices for Azure RBAC" (role-based-access-control/best-practices): grant only
//! the access that is needed, at the narrowest scope.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    azure::roles::ROLES,
    checks::{self, Ask, Permission, Requirement},
    design::{
        Design,
        edit::{self, Edit},
    },
    facts::{
        Facts,
        grant::{Assignment, Grants, Plane, PrincipalId, RoleDefinition, RoleId},
    },
    kinds::{Kind, ResourceId, Subject, rights},
    report::{self, Judge},
    solve::{
        Outcome,
        access::least::{Catalog, narrowest_common},
    },
    text::{Message, arg, text},
};

/// At most so many assignments in place of one; else one for all.
const MOST: usize = 3;

/// How an assignment stands to the operations of the design.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The resource that is the assignment.
    pub assignment: ResourceId,
    /// "Reader on st, ana".
    pub what: Message,
    /// Operations that come out worse without it, in words.
    pub needed_by: Vec<Message>,
    /// What would be enough, tried; [`Edit::Remove`] where nothing needs it. `None` where it is as narrow
    /// as it can be, or where no narrower roles were found.
    pub instead: Option<(Message, Edit)>,
}

impl Use {
    pub fn is_unused(&self) -> bool {
        self.needed_by.is_empty()
    }
}

/// One need of an operation about somebody's right.
struct Asked {
    who: PrincipalId,
    operation: Message,
    requirement: Requirement,
    outcome: Outcome,
}

/// A right that an assignment is needed for.
type Right = (Plane, &'static str);

/// Numbers of roles that are enough together, and how much they grant.
type Offer = (Vec<usize>, u64);

/// A role at a scope.
type Role = (String, ResourceId);

/// Every assignment of a design that somebody made, in the order of the design.
pub fn wide(design: &Design) -> Vec<Use> {
    let facts = report::facts(&design.resources);
    let asked = asked(design, &facts);
    let mut roles: Vec<RoleDefinition> = ROLES.iter().map(rights::definition).collect();
    roles.extend(facts.grants.roles.iter().filter(|it| it.custom).cloned());
    let mut search = Search {
        design,
        facts: &facts,
        asked,
        catalog: Catalog::new(&roles),
        roles: &roles,
        offers: BTreeMap::new(),
    };
    let mut without = facts.clone();
    let mut all = Vec::new();
    for n in 0..facts.grants.assignments.len() {
        let assignment = without.grants.assignments.remove(n);
        if let Some(at) = assignment.at {
            all.push(search.one(at, &assignment, &without));
        }
        without.grants.assignments.insert(n, assignment);
    }
    all
}

fn asked(design: &Design, facts: &Facts) -> Vec<Asked> {
    let judge = Judge::new(&design.resources, facts);
    let mut all = Vec::new();
    for check in checks::ALL {
        for plan in (check.plans)(&design.resources) {
            let operation = text("{0}: {1}", "{0}: {1}")
                .with([check.title.into(), plan.subject.clone().into()]);
            for requirement in plan.needs {
                let Some(who) = requirement.actor.as_ref().and_then(|it| it.who) else { continue };
                let outcome = judge.outcome(&requirement);
                // What fails with all assignments needs none of them.
                if outcome != Outcome::Denied {
                    let operation = operation.clone();
                    all.push(Asked { who: who.into(), operation, requirement, outcome });
                }
            }
        }
    }
    all
}

struct Search<'a> {
    design: &'a Design,
    facts: &'a Facts,
    asked: Vec<Asked>,
    catalog: Catalog<'a>,
    roles: &'a [RoleDefinition],
    /// By rights and kind of scope, which alone decide it: roles and their weights, the least first.
    offers: BTreeMap<(BTreeSet<Right>, String), Vec<Offer>>,
}

impl Search<'_> {
    fn one(&mut self, at: ResourceId, assignment: &Assignment, without: &Facts) -> Use {
        let counts = counts_as(&self.facts.grants, assignment.principal);
        let judge = Judge::new(&self.design.resources, without);
        let mut needed_by: Vec<Message> = Vec::new();
        let mut needed: BTreeMap<ResourceId, BTreeSet<Right>> = BTreeMap::new();
        for it in self.asked.iter().filter(|it| counts.contains(&it.who)) {
            if judge.outcome(&it.requirement) <= it.outcome {
                continue;
            }
            if !needed_by.contains(&it.operation) {
                needed_by.push(it.operation.clone());
            }
            each_permission(&it.requirement.ask, &mut |permission| {
                lost(&judge, &it.requirement, permission, &mut needed);
            });
        }
        let role = self.facts.grants.roles.get(assignment.role.0 as usize);
        let role = role.map_or("", |it| &*it.name);
        let names =
            [arg(role), self.name_of(assignment), arg(self.facts.name(principal_of(assignment)))];
        let what = text("{0} on {1}, {2}", "{1} に対する {0}、{2}").with(names.clone());
        let instead = if needed_by.is_empty() {
            let title = text("Take {0} on {1} from {2}", "{2} から {1} に対する {0} を取り消す");
            Some((title.with(names), Edit::Remove(vec![at])))
        } else {
            self.narrower(at, assignment, &needed, &counts)
        };
        Use { assignment: at, what, needed_by, instead }
    }

    /// The narrowest roles for what is needed, where they are narrower and keep everything working.
    fn narrower(
        &mut self,
        at: ResourceId,
        assignment: &Assignment,
        needed: &BTreeMap<ResourceId, BTreeSet<Right>>,
        counts: &BTreeSet<PrincipalId>,
    ) -> Option<(Message, Edit)> {
        let mut roles = self.each_by_itself(needed);
        if roles.as_ref().is_none_or(|it| it.len() > MOST) {
            roles = self.all_at_once(needed);
        }
        let roles = roles?;
        if !self.is_narrower(assignment, &roles, needed) {
            return None;
        }
        let edit = self.replace(at, &roles)?;
        let after = edit::apply(self.design, &edit).ok()?;
        let facts = report::facts(&after.resources);
        let judge = Judge::new(&after.resources, &facts);
        let mut concerned = self.asked.iter().filter(|it| counts.contains(&it.who));
        concerned
            .all(|it| judge.outcome(&it.requirement) <= it.outcome)
            .then(|| (edit.title(), edit))
    }

    /// The least role for each resource on which something is needed.
    fn each_by_itself(
        &mut self,
        needed: &BTreeMap<ResourceId, BTreeSet<Right>>,
    ) -> Option<Vec<Role>> {
        let mut all: Vec<Role> = Vec::new();
        for (scope, rights) in needed {
            for name in self.least(rights, *scope)? {
                all.push((name, *scope));
            }
        }
        // What is given above holds here, too.
        let given = all.clone();
        all.retain(|(name, scope)| {
            let above = self.design.resources.subject(*scope).into_iter();
            !above.flat_map(Subject::ancestors).any(|it| given.contains(&(name.clone(), it.id)))
        });
        Some(all)
    }

    /// One role for everything, at the narrowest scope that covers it.
    fn all_at_once(&mut self, needed: &BTreeMap<ResourceId, BTreeSet<Right>>) -> Option<Vec<Role>> {
        let scopes = &self.facts.scopes;
        let texts: Vec<&str> = needed
            .keys()
            .filter_map(|it| scopes.get(it))
            .map(|it| self.facts.grants.scopes.text(*it))
            .collect();
        let common = self.facts.grants.scopes.get(&narrowest_common(&texts))?;
        let scope = scopes.iter().find(|(_, it)| **it == common).map(|(id, _)| *id)?;
        let rights = needed.values().flatten().copied().collect();
        Some(self.least(&rights, scope)?.into_iter().map(|name| (name, scope)).collect())
    }

    /// Names of the least roles for rights at a scope. Custom roles stay where they are.
    fn least(&mut self, rights: &BTreeSet<Right>, scope: ResourceId) -> Option<Vec<String>> {
        let roles = self.roles;
        let offers = self.offers(rights, scope);
        let built_in = |it: &&Offer| it.0.iter().all(|role| *role < ROLES.len());
        let (numbers, _) = offers.iter().find(built_in)?;
        Some(numbers.iter().filter_map(|it| roles.get(*it)).map(|it| it.name.clone()).collect())
    }

    fn offers(&mut self, rights: &BTreeSet<Right>, scope: ResourceId) -> &[Offer] {
        let scope =
            self.facts.scopes.get(&scope).map_or("", |it| self.facts.grants.scopes.text(*it));
        // Names do not matter to it.
        let mut kind = String::new();
        for (n, part) in
            scope.rsplit("/providers/").next().unwrap_or_default().split('/').enumerate()
        {
            kind.push_str(if n == 0 || n % 2 == 1 { part } else { "*" });
            kind.push('/');
        }
        if !scope.contains("/providers/") {
            kind.clear();
        }
        self.offers.entry((rights.clone(), kind)).or_insert_with(|| {
            let needed: Vec<(Plane, &str)> = rights.iter().copied().collect();
            let found = self.catalog.least(&needed, scope);
            found.into_iter().map(|it| (it.roles, it.weight)).collect()
        })
    }

    /// Whether every role is below the scope of the assignment, or grants less there.
    fn is_narrower(
        &mut self,
        assignment: &Assignment,
        roles: &[Role],
        needed: &BTreeMap<ResourceId, BTreeSet<Right>>,
    ) -> bool {
        let rights: BTreeSet<Right> = needed.values().flatten().copied().collect();
        roles.iter().all(|(name, scope)| {
            if self.facts.scopes.get(scope) != Some(&assignment.scope) {
                return true;
            }
            let held = self.number(assignment.role);
            let all = self.roles;
            let offers = self.offers(&rights, *scope);
            let weight = |role: usize| offers.iter().find(|it| it.0 == [role]).map(|it| it.1);
            let new = all.iter().position(|it| it.name == *name);
            match (new.and_then(weight), held.and_then(weight)) {
                (Some(new), Some(held)) => new < held,
                _ => false,
            }
        })
    }

    /// The number of a role in the catalog.
    fn number(&self, role: RoleId) -> Option<usize> {
        let held = self.facts.grants.roles.get(role.0 as usize)?;
        self.roles.iter().position(|it| it.name == held.name && it.custom == held.custom)
    }

    fn replace(&self, at: ResourceId, roles: &[Role]) -> Option<Edit> {
        let old = self.design.get(at)?;
        let mut edits = vec![Edit::Remove(vec![at])];
        let mut named: Vec<Message> = Vec::new();
        for (n, (role, scope)) in roles.iter().enumerate() {
            let mut settings = old.settings.clone();
            settings.remove("customRole");
            settings.insert("roleDefinitionId".to_owned(), Value::from(role.as_str()));
            settings.insert("scope".to_owned(), json!(scope.0));
            let next = self.design.next_id().0.saturating_add(u32::try_from(n).unwrap_or(0));
            edits.push(Edit::Add {
                id: Some(ResourceId(next)),
                kind: Kind::RoleAssignment,
                name: role.clone(),
                parent: old.parent,
                settings,
                place: None,
            });
            let scope = self.facts.name(*scope);
            named.push(text("{0} on {1}", "{1} に対する {0}").with([arg(role), arg(scope)]));
        }
        let pair = text("{0}, {1}", "{0}、{1}");
        let named = named.into_iter().reduce(|a, b| pair.with([a.into(), b.into()]))?;
        let title = text("Replace {0} with {1}", "{0} を {1} に置き換える")
            .with([arg(&old.name), named.into()]);
        Some(Edit::Batch(title, edits))
    }

    fn name_of(&self, assignment: &Assignment) -> crate::text::Arg {
        let mut of_scope = self.facts.scopes.iter().filter(|it| *it.1 == assignment.scope);
        match of_scope.next() {
            Some((id, _)) => arg(self.facts.name(*id)),
            None => arg(self.facts.grants.scopes.text(assignment.scope)),
        }
    }
}

fn principal_of(assignment: &Assignment) -> ResourceId {
    ResourceId(assignment.principal.0)
}

/// The principal, and if it is a group everybody in it, through other groups as well.
fn counts_as(grants: &Grants, principal: PrincipalId) -> BTreeSet<PrincipalId> {
    let mut all = BTreeSet::from([principal]);
    let mut open = vec![principal];
    while let Some(group) = open.pop() {
        for (_, member) in grants.members.iter().filter(|it| it.0 == group) {
            if all.insert(*member) {
                open.push(*member);
            }
        }
    }
    all
}

fn each_permission(ask: &Ask, f: &mut dyn FnMut(&Permission)) {
    match ask {
        Ask::May(it) | Ask::MayWhere(it, _) => f(it),
        Ask::Any(doors) => doors.iter().flatten().for_each(|it| each_permission(it, f)),
        Ask::Flow(_) | Ask::Said(_) => {}
    }
}

/// The actions of a permission that are not held, action by action: another assignment may give some.
fn lost(
    judge: &Judge<'_>,
    requirement: &Requirement,
    permission: &Permission,
    needed: &mut BTreeMap<ResourceId, BTreeSet<Right>>,
) {
    for n in 0..permission.actions.len() {
        let Some(actions @ [action]) = permission.actions.get(n..=n) else { continue };
        let alone = Permission { actions, ..permission.clone() };
        let requirement = Requirement { ask: Ask::May(alone), ..requirement.clone() };
        if judge.outcome(&requirement) != Outcome::Allowed {
            needed.entry(permission.scope).or_default().insert((permission.plane, *action));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, questions::tests::give, report, text::Lang};

    /// A laptop with a user, a workspace with identity-based storage, a cluster with an identity, a
    /// datastore without a credential.
    fn drawn() -> (Sketch, [ResourceId; 5]) {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let storage = it.add(Kind::StorageAccount, "st", group, json!({}));
        let workspace = it.add(Kind::Workspace, "ws", group, json!({"storageAccount": storage.0}));
        let cluster = it.add(
            Kind::ComputeCluster,
            "cpu",
            workspace,
            json!({"identity.type": "SystemAssigned"}),
        );
        it.add(Kind::Datastore, "ds", workspace, json!({"accountName": storage.0}));
        let user = it.add(Kind::User, "u", None, json!({}));
        (it, [group, storage, workspace, cluster, user])
    }

    fn uses(it: &Sketch) -> (Design, Vec<Use>) {
        let design = Design { resources: it.all().clone(), ..Design::default() };
        let found = wide(&design);
        (design, found)
    }

    /// The roles of a principal by name of role and scope, after a change.
    fn held(design: &Design, edit: &Edit, who: ResourceId) -> Vec<String> {
        let after = edit::apply(design, edit).unwrap();
        let facts = report::facts(&after.resources);
        let mut all = Vec::new();
        for it in facts.grants.assignments.iter().filter(|it| it.at.is_some()) {
            if it.principal == who.into() {
                let role = &facts.grants.roles[it.role.0 as usize].name;
                let scope = facts.scopes.iter().find(|scope| *scope.1 == it.scope).unwrap().0;
                all.push(format!("{role} on {}", facts.name(*scope)));
            }
        }
        all
    }

    // how-to-identity-based-service-authentication: to read, the identity of a compute needs Storage Blob
    // Data Reader on the storage. Contributor of blobs on the group is more and wider.
    #[test]
    fn a_reader_of_one_account_in_place_of_a_writer_of_the_group() {
        let (mut it, [group, _, _, cluster, _]) = drawn();
        give(&mut it, cluster, "Storage Blob Data Contributor", group);
        let (design, found) = uses(&it);
        let [one] = &found[..] else { panic!("{found:?}") };
        assert!(!one.is_unused());
        let (title, edit) = one.instead.as_ref().unwrap();
        assert_eq!(held(&design, edit, cluster), ["Storage Blob Data Reader on st"]);
        let words = "Replace Storage Blob Data Contributor with Storage Blob Data Reader on st";
        assert_eq!(title.render(Lang::En), words);
    }

    #[test]
    fn what_is_as_narrow_as_can_be_stays() {
        let (mut it, [_, storage, _, cluster, _]) = drawn();
        give(&mut it, cluster, "Storage Blob Data Reader", storage);
        let (_, found) = uses(&it);
        let [one] = &found[..] else { panic!("{found:?}") };
        assert!(!one.is_unused());
        assert_eq!(one.instead, None);
    }

    // built-in-roles/security: Key Vault Reader has nothing that any operation of a cluster asks for.
    #[test]
    fn what_no_operation_needs_is_taken_away() {
        let (mut it, [group, storage, _, cluster, _]) = drawn();
        give(&mut it, cluster, "Storage Blob Data Reader", storage);
        let unused = give(&mut it, cluster, "Key Vault Reader", group);
        let (_, found) = uses(&it);
        let [_, two] = &found[..] else { panic!("{found:?}") };
        assert!(two.is_unused());
        assert_eq!(two.instead.as_ref().unwrap().1, Edit::Remove(vec![unused]));
    }

    // Of two assignments that grant the same, each alone can go; which one is up to people.
    #[test]
    fn twice_the_same_is_needed_once() {
        let (mut it, [group, storage, _, cluster, _]) = drawn();
        give(&mut it, cluster, "Storage Blob Data Reader", storage);
        give(&mut it, cluster, "Storage Blob Data Reader", group);
        let (design, found) = uses(&it);
        assert!(found.iter().all(Use::is_unused));
        let (_, edit) = found[1].instead.as_ref().unwrap();
        let after = edit::apply(&design, edit).unwrap();
        let [left] = &wide(&after)[..] else { panic!() };
        assert!(!left.is_unused());
    }

    // What a group holds counts for its members.
    #[test]
    fn the_role_of_a_group_is_needed_by_its_members() {
        let (mut it, [_, storage, _, cluster, _]) = drawn();
        let readers = it.add(Kind::Group, "readers", None, json!({"members": [cluster.0]}));
        give(&mut it, readers, "Storage Blob Data Reader", storage);
        let (_, found) = uses(&it);
        assert!(!found[0].is_unused());
    }

    // how-to-assign-roles: AzureML Data Scientist submits jobs; with credential-based storage Owner of the
    // group is far more than that takes.
    #[test]
    fn an_owner_who_only_submits_jobs() {
        let (mut it, [group, _, workspace, _, user]) = drawn();
        it.add(Kind::InternetClient, "laptop", None, json!({"user": user.0}));
        give(&mut it, user, "Owner", group);
        let (design, found) = uses(&it);
        let (_, edit) = found[0].instead.as_ref().unwrap();
        let after = edit::apply(&design, edit).unwrap();
        let roles = held(&design, edit, user);
        assert!(!roles.iter().any(|it| it.starts_with("Owner")), "{roles:?}");
        // Judged as a whole, nothing that worked is worse.
        let outcomes = |design: &Design| {
            let mut all: Vec<_> = report::assess(design)
                .operations
                .into_iter()
                .filter(|it| it.from != workspace)
                .map(|it| (it.check, it.subject.render(Lang::En), it.outcome))
                .collect();
            all.sort();
            all
        };
        for (check, subject, outcome) in outcomes(&design) {
            let then = outcomes(&after).into_iter().find(|it| it.0 == check && it.1 == subject);
            // Who creates what is asked of those with a role on the group, and there is none any more.
            if let Some((_, _, then)) = then {
                assert!(then <= outcome, "{check} {subject}");
            }
        }
    }
}
