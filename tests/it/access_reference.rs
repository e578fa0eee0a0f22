//! A second evaluator of rights, slow and plain, to compare the real one with.
//!
//! It spells the rules as the docs do (role-based-access-control/overview, role-definitions,
//! deny-assignments, lock-resources) over scopes that are texts, and shares no code with the engine:
//! even the condition of an assignment is a plain value here, which only the engine reads as text.

use std::collections::BTreeMap;

use drawbridge::facts::grant::{
    Assignment, Denied, DenyAssignment, Grants, Lock, LockLevel, Origin, Permissions, Plane,
    PrincipalId, RoleDefinition, RoleId,
};

/// `actions`, `notActions`, `dataActions`, `notDataActions`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) lists: [Vec<String>; 4],
}

#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) principal: u32,
    pub(crate) role: usize,
    pub(crate) scope: String,
    /// Counts for blobs of this container only.
    pub(crate) container: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Deny {
    pub(crate) block: Block,
    pub(crate) scope: String,
    /// Empty: everyone.
    pub(crate) principals: Vec<u32>,
    pub(crate) excluded: Vec<u32>,
    pub(crate) this_scope_only: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    /// (group, member)
    pub(crate) members: Vec<(u32, u32)>,
    /// Child to parent, for management groups.
    pub(crate) parents: BTreeMap<String, String>,
    /// A role is the union of its blocks.
    pub(crate) roles: Vec<Vec<Block>>,
    pub(crate) given: Vec<Given>,
    pub(crate) denies: Vec<Deny>,
    /// Scope and whether it is read-only.
    pub(crate) locks: Vec<(String, bool)>,
}

/// Asked: who, which list (0 control, 2 data), which action, where.
pub(crate) type Ask<'a> = (u32, usize, &'a str, &'a str);

impl World {
    /// "allow", "conditional" or "deny".
    pub(crate) fn ruling(
        &self,
        (who, list, action, scope): Ask<'_>,
        through_manager: bool,
    ) -> &'static str {
        let me = self.counts_as(who);
        let concerns = |ids: &[u32]| me.iter().any(|it| ids.contains(it));
        let denied = self.denies.iter().any(|it| {
            let covers = if it.this_scope_only {
                same(&it.scope, scope)
            } else {
                self.covers(&it.scope, scope)
            };
            covers
                && (it.principals.is_empty() || concerns(&it.principals))
                && !concerns(&it.excluded)
                && grants(&it.block, list, action)
        });
        let locked = through_manager
            && list == 0
            && !lower(action).starts_with("microsoft.authorization/locks/")
            && self.locks.iter().any(|(at, read_only)| {
                self.covers(at, scope)
                    && (lower(action).ends_with("/delete")
                        || (*read_only && !lower(action).ends_with("/read")))
            });
        if denied || locked {
            return "deny";
        }
        let mut best = "deny";
        for it in &self.given {
            if me.contains(&it.principal)
                && self.covers(&it.scope, scope)
                && self.roles[it.role].iter().any(|block| grants(block, list, action))
            {
                let about_blobs = lower(action).contains("/blobs/");
                match (&it.container, container_in(scope)) {
                    (Some(wanted), Some(name)) if about_blobs && wanted != name => {}
                    (Some(_), None) if about_blobs => best = "conditional",
                    _ => return "allow",
                }
            }
        }
        best
    }

    fn counts_as(&self, who: u32) -> Vec<u32> {
        let mut me = vec![who];
        loop {
            let more = self.members.iter().find(|(g, m)| me.contains(m) && !me.contains(g));
            let Some((group, _)) = more else { return me };
            me.push(*group);
        }
    }

    fn covers(&self, outer: &str, inner: &str) -> bool {
        if outer == "/" || same(outer, inner) {
            return true;
        }
        match self.parents.iter().find(|(child, _)| same(child, inner)) {
            Some((_, parent)) => self.covers(outer, parent),
            None => inner.rsplit_once('/').is_some_and(|(above, _)| self.covers(outer, above)),
        }
    }
}

fn grants(block: &Block, list: usize, action: &str) -> bool {
    let any = |list: &[String]| list.iter().any(|pattern| matches(pattern, action));
    any(&block.lists[list]) && !any(&block.lists[list + 1])
}

fn matches(pattern: &str, action: &str) -> bool {
    glob(pattern.as_bytes(), action.as_bytes())
        || pattern.contains("/*/") && same(&pattern.replacen("/*/", "/", 1), action)
}

fn glob(pattern: &[u8], action: &[u8]) -> bool {
    match (pattern, action) {
        ([b'*', rest @ ..], _) => (0..=action.len()).any(|at| glob(rest, &action[at..])),
        ([a, pattern @ ..], [b, action @ ..]) => a.eq_ignore_ascii_case(b) && glob(pattern, action),
        _ => pattern.is_empty() && action.is_empty(),
    }
}

fn container_in(scope: &str) -> Option<&str> {
    let at = lower(scope).find("/containers/")? + "/containers/".len();
    scope[at..].split('/').next()
}

fn lower(text: &str) -> String {
    text.to_ascii_lowercase()
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

impl World {
    /// The same world as the engine takes it.
    pub(crate) fn grants(&self) -> Grants {
        let mut grants = Grants::default();
        let permissions = |block: &Block| {
            let [actions, not_actions, data_actions, not_data_actions] =
                block.lists.clone().map(|list| list.into_iter().map(Into::into).collect());
            Permissions { actions, not_actions, data_actions, not_data_actions }
        };
        let ids = |list: &[u32]| list.iter().map(|it| PrincipalId(*it)).collect();
        for (child, parent) in &self.parents {
            let (child, parent) = (grants.scopes.intern(child), grants.scopes.intern(parent));
            grants.scopes.put_under(child, parent);
        }
        let members = self.members.iter();
        grants.members = members.map(|(g, m)| (PrincipalId(*g), PrincipalId(*m))).collect();
        for (index, blocks) in self.roles.iter().enumerate() {
            grants.roles.push(RoleDefinition {
                name: format!("role {index}"),
                custom: true,
                permissions: Some(blocks.iter().map(permissions).collect()),
                condition: None,
            });
        }
        for it in &self.given {
            let scope = grants.scopes.intern(&it.scope);
            let condition = it.container.as_ref().map(|name| {
                format!(
                    "((!(ActionMatches{{'*/blobs/*'}})) OR (@Resource[Microsoft.Storage/\
                     storageAccounts/blobServices/containers:name] StringEquals '{name}'))"
                )
            });
            grants.assignments.push(Assignment {
                principal: PrincipalId(it.principal),
                role: RoleId(u32::try_from(it.role).unwrap()),
                scope,
                condition,
                origin: Origin::Assigned,
                at: None,
            });
        }
        for it in &self.denies {
            let scope = grants.scopes.intern(&it.scope);
            grants.deny_assignments.push(DenyAssignment {
                name: "deny".into(),
                scope,
                permissions: permissions(&it.block),
                principals: if it.principals.is_empty() {
                    Denied::Everyone
                } else {
                    Denied::These(ids(&it.principals))
                },
                excluded: ids(&it.excluded),
                this_scope_only: it.this_scope_only,
                condition: None,
            });
        }
        for (scope, read_only) in &self.locks {
            let scope = grants.scopes.intern(scope);
            let level = if *read_only { LockLevel::ReadOnly } else { LockLevel::CanNotDelete };
            grants.locks.push(Lock { name: "lock".into(), scope, level, at: None });
        }
        grants
    }
}

pub(crate) fn plane(list: usize) -> Plane {
    if list == 0 { Plane::Control } else { Plane::Data }
}
