//! Grants: who holds which role where, and what takes rights away again.
//!
//! Azure docs: "What is Azure RBAC?" (role-based-access-control/overview), "Understand deny
//! assignments" (…/deny-assignments), "Lock your resources" (azure-resource-manager/management/
//! lock-resources).

use std::{borrow::Cow, collections::BTreeMap};

use super::{Lookup, ResourceId};

/// The number of a security principal. In a design it is the number of the resource that stands for
/// it: the user, the group, the user-assigned identity, or the resource whose system-assigned
/// identity it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrincipalId(pub u32);

impl From<ResourceId> for PrincipalId {
    fn from(it: ResourceId) -> PrincipalId {
        PrincipalId(it.0)
    }
}

/// The number of a role definition in [`Grants::roles`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleId(pub u32);

/// The number of a scope in [`Scopes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub u32);

/// Who asks (ARM: `principalType`; a managed identity is a service principal there).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalType {
    User,
    Group,
    ServicePrincipal,
    ManagedIdentity,
}

/// One principal, as far as explanations need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub kind: PrincipalType,
    pub name: String,
}

/// The two planes of Azure. `actions` of a role say nothing about data and the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plane {
    /// Azure Resource Manager, and what a service names like it (`actions`).
    Control,
    /// The service's own endpoint (`dataActions`).
    Data,
}

/// An action pattern: may hold `*`. Borrowed from a table, or written by somebody.
pub type Pattern = Cow<'static, str>;

/// One block of a role definition or of a deny assignment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    pub actions: Vec<Pattern>,
    /// Subtracted from `actions` of this block, and from nothing else.
    pub not_actions: Vec<Pattern>,
    pub data_actions: Vec<Pattern>,
    pub not_data_actions: Vec<Pattern>,
}

impl Permissions {
    /// What the block names for a plane, and what it takes away from that.
    pub fn lists(&self, plane: Plane) -> (&[Pattern], &[Pattern]) {
        match plane {
            Plane::Control => (&self.actions, &self.not_actions),
            Plane::Data => (&self.data_actions, &self.not_data_actions),
        }
    }
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleDefinition {
    pub name: String,
    /// Defined in the design, not by Azure.
    pub custom: bool,
    /// The union of the blocks. `None` where the design names a role that nothing defines: what it
    /// grants is unknown, which is not the same as nothing.
    pub permissions: Option<Vec<Permissions>>,
    /// Holds for every assignment of the role, beside the assignment's own condition.
    pub condition: Option<Pattern>,
}

/// Who made an assignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Somebody, and it is in the design.
    #[default]
    Assigned,
    /// Azure, by itself, when the resource was created.
    Platform,
}

/// A role assignment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub principal: PrincipalId,
    pub role: RoleId,
    pub scope: ScopeId,
    /// ARM: `condition`. The assignment counts only where it holds.
    pub condition: Option<String>,
    pub origin: Origin,
    /// The resource of the design that says so.
    pub at: Option<ResourceId>,
}

/// Which principals a deny assignment is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The zero GUID with type `SystemDefined`.
    Everyone,
    These(Vec<PrincipalId>),
}

/// A deny assignment. Only Azure makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DenyAssignment {
    pub name: String,
    pub scope: ScopeId,
    pub permissions: Permissions,
    pub principals: Denied,
    /// ARM: `excludePrincipals`.
    pub excluded: Vec<PrincipalId>,
    /// ARM: `doNotApplyToChildScopes`.
    pub this_scope_only: bool,
    pub condition: Option<String>,
}

/// ARM: `level` of a lock. The stricter one is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockLevel {
    CanNotDelete,
    ReadOnly,
}

/// A management lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    pub name: String,
    pub scope: ScopeId,
    pub level: LockLevel,
    pub at: Option<ResourceId>,
}

/// Everything about rights in one design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grants {
    pub scopes: Scopes,
    pub principals: BTreeMap<PrincipalId, Principal>,
    /// (group, member). Groups may be members of groups, even in a circle.
    pub members: Vec<(PrincipalId, PrincipalId)>,
    pub roles: Vec<RoleDefinition>,
    pub assignments: Vec<Assignment>,
    pub deny_assignments: Vec<DenyAssignment>,
    pub locks: Vec<Lock>,
}

impl Grants {
    pub fn principal(&mut self, id: PrincipalId, kind: PrincipalType, name: impl Into<String>) {
        self.principals.insert(id, Principal { kind, name: name.into() });
    }

    /// The number of a role; one that has the name already is kept.
    pub fn role(&mut self, role: RoleDefinition) -> RoleId {
        self.role_named(&role.name).unwrap_or_else(|| {
            self.roles.push(role);
            RoleId(u32::try_from(self.roles.len() - 1).unwrap_or(u32::MAX))
        })
    }

    /// The number of the role that has the name already.
    pub fn role_named(&self, name: &str) -> Option<RoleId> {
        let index = self.roles.iter().position(|it| it.name.eq_ignore_ascii_case(name))?;
        Some(RoleId(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// An assignment without a condition, made by somebody.
    pub fn assign(&mut self, principal: PrincipalId, role: RoleId, scope: ScopeId) {
        self.assignments.push(Assignment {
            principal,
            role,
            scope,
            condition: None,
            origin: Origin::Assigned,
            at: None,
        });
    }
}

/// The tree of scopes that grants speak of.
///
/// A scope is a resource id: `/` over management groups over subscriptions over resource groups over
/// resources over their children. One lies in another if its id goes on after a `/` where the other
/// ends; management groups are the exception, their children are told by [`Scopes::put_under`].
#[derive(Clone, Debug, PartialEq)]
pub struct Scopes {
    /// As written first.
    texts: Vec<String>,
    /// By [`key_of`] the id.
    by_key: Lookup<String, ScopeId>,
    /// Child to parent, where the ids do not tell.
    links: BTreeMap<ScopeId, ScopeId>,
}

impl Default for Scopes {
    fn default() -> Scopes {
        Scopes {
            texts: vec!["/".to_owned()],
            by_key: Lookup::from_iter([(String::new(), Scopes::ROOT)]),
            links: BTreeMap::new(),
        }
    }
}

impl Scopes {
    /// `/`, above everything.
    pub const ROOT: ScopeId = ScopeId(0);

    /// The number of a scope, the same for every spelling of its id.
    pub fn intern(&mut self, id: &str) -> ScopeId {
        let key = key_of(id);
        if let Some(&known) = self.by_key.get(&key) {
            return known;
        }
        let scope = ScopeId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(id.trim_end_matches('/').to_owned());
        self.by_key.insert(key, scope);
        scope
    }

    /// Says that a subscription or management group stands under a management group.
    pub fn put_under(&mut self, child: ScopeId, parent: ScopeId) {
        self.links.insert(child, parent);
    }

    pub fn get(&self, id: &str) -> Option<ScopeId> {
        self.by_key.get(&key_of(id)).copied()
    }

    /// The scope itself, or the closest one above it that is known, by ids alone; `true` if itself.
    pub fn nearest(&self, id: &str) -> (ScopeId, bool) {
        let key = key_of(id);
        let mut at = key.as_str();
        loop {
            if let Some(&known) = self.by_key.get(at) {
                return (known, at.len() == key.len());
            }
            at = at.rsplit_once(char::from(SLASH)).map_or("", |(above, _)| above);
        }
    }

    /// The id as it was written first.
    pub fn text(&self, scope: ScopeId) -> &str {
        self.texts.get(scope.0 as usize).map_or("", String::as_str)
    }

    pub fn len(&self) -> usize {
        self.texts.len()
    }

    pub fn is_empty(&self) -> bool {
        false
    }

    /// Every scope with the number of its parent by ids alone, parents first and each scope right
    /// before all that lie in it. [`Scopes::put_under`] is not looked at.
    pub fn by_ids(&self) -> Vec<(ScopeId, Option<ScopeId>)> {
        let mut sorted: Vec<(String, ScopeId)> =
            self.texts.iter().map(|it| key_of(it)).zip((0..).map(ScopeId)).collect();
        sorted.sort_unstable();
        let mut above: Vec<(&str, ScopeId)> = Vec::new();
        let mut out = Vec::with_capacity(sorted.len());
        for (key, scope) in &sorted {
            while above.last().is_some_and(|(parent, _)| !is_inside(key, parent)) {
                above.pop();
            }
            out.push((*scope, above.last().map(|&(_, parent)| parent)));
            above.push((key, *scope));
        }
        out
    }

    /// What [`Scopes::put_under`] said about a scope.
    pub fn linked_parent(&self, child: ScopeId) -> Option<ScopeId> {
        self.links.get(&child).copied()
    }
}

/// Stands for `/` in keys. No character sorts before it, so `rg/vm` comes before `rg-2` and what lies
/// in a scope follows it without a gap.
const SLASH: u8 = 1;

/// Ids are compared without case and without the last `/`; the root is the empty key.
fn key_of(id: &str) -> String {
    let mut key = id.trim_end_matches('/').as_bytes().to_ascii_lowercase();
    for it in &mut key {
        if *it == b'/' {
            *it = SLASH;
        }
    }
    // One ASCII character in place of another leaves UTF-8.
    String::from_utf8(key).unwrap_or_default()
}

fn is_inside(key: &str, parent: &str) -> bool {
    key.strip_prefix(parent).is_some_and(|rest| rest.starts_with(char::from(SLASH)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_scope_for_every_spelling_of_its_id() {
        let mut scopes = Scopes::default();
        let group = scopes.intern("/subscriptions/S1/resourceGroups/rg-ml");
        assert_eq!(scopes.intern("/subscriptions/s1/resourcegroups/RG-ML/"), group);
        assert_eq!(scopes.intern("/"), Scopes::ROOT);
        assert_eq!(scopes.text(group), "/subscriptions/S1/resourceGroups/rg-ml");
    }

    #[test]
    fn the_nearest_scope_ends_at_a_slash() {
        let mut scopes = Scopes::default();
        let group = scopes.intern("/subscriptions/s1/resourceGroups/rg-ml");
        assert_eq!(scopes.nearest("/subscriptions/s1/resourceGroups/rg-ml/x/y"), (group, false));
        assert_eq!(scopes.nearest("/subscriptions/s1/resourceGroups/rg-ml2").0, Scopes::ROOT);
        assert_eq!(scopes.nearest("/SUBSCRIPTIONS/s1/resourceGroups/rg-ml"), (group, true));
    }

    // `-` sorts before `/` as text, so a plain sort would tear rg-ml and its contents apart.
    #[test]
    fn a_sibling_with_a_longer_name_does_not_come_between() {
        let mut scopes = Scopes::default();
        let vm = scopes.intern("/subscriptions/s1/resourceGroups/rg-ml/vm");
        let sibling = scopes.intern("/subscriptions/s1/resourceGroups/rg-ml-2");
        let group = scopes.intern("/subscriptions/s1/resourceGroups/rg-ml");
        let root = Some(Scopes::ROOT);
        assert_eq!(
            scopes.by_ids(),
            [(Scopes::ROOT, None), (group, root), (vm, Some(group)), (sibling, root)]
        );
    }
}
