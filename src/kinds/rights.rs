//! What kinds make true about rights: scopes, principals, role assignments, locks.
//!
//! A scope is the id that a resource has in Azure Resource Manager; what stands in what decides it, so
//! it is made here for all kinds alike. A resource with a system-assigned identity is a principal under
//! its own number.
//!
//! Azure docs: "Understand scope for Azure RBAC" (role-based-access-control/scope-overview).

use std::{borrow::Cow, sync::Arc};

use super::{
    Kind, ResourceId, Subject,
    common::IdentityType,
    custom_role::CustomRole,
    deny_assignment::DenyAssignment,
    group::Group,
    lock::{Lock, LockLevel},
    role_assignment::{self, RoleAssignment},
    setting::Ref,
    subscription::Subscription,
};
use crate::{
    azure::roles,
    facts::{
        Facts,
        grant::{
            self, Assignment, Denied, Grants, Origin, Pattern, Permissions, PrincipalId,
            PrincipalType, RoleDefinition, RoleId, ScopeId,
        },
        pattern,
    },
};

/// The id of a resource in Azure Resource Manager; `None` for what has none, such as a user.
pub fn scope_of(it: Subject<'_>) -> Option<Arc<str>> {
    it.all.0.settings(it.id, || ScopeText(made_scope(it).map(Arc::from))).0.clone()
}

/// Kept with the resource: the id of everything in it begins with it.
struct ScopeText(Option<Arc<str>>);

fn made_scope(it: Subject<'_>) -> Option<String> {
    match it.kind() {
        Kind::RootScope => Some("/".to_owned()),
        Kind::ManagementGroup => {
            Some(format!("/providers/Microsoft.Management/managementGroups/{}", it.name()))
        }
        Kind::Subscription => Some(format!("/subscriptions/{}", subscription_id(it))),
        Kind::ResourceGroup => Some(format!("{}/resourceGroups/{}", above(it), segment(it.name()))),
        _ => resource_scope(it),
    }
}

/// The GUID where it is given; else the name, made unique where two have the same.
fn subscription_id(it: Subject<'_>) -> String {
    let settings = Subscription::of(it);
    if let Some(id) = settings.subscription_id.clone().map(|it| it.as_str().to_owned()) {
        return id;
    }
    let twin = it
        .all
        .of(Kind::Subscription)
        .any(|other| other.id < it.id && other.name().eq_ignore_ascii_case(it.name()));
    if twin { format!("{}-{}", segment(it.name()), it.id.0) } else { segment(it.name()) }
}

/// The subscription or resource group that a resource is deployed to.
fn above(it: Subject<'_>) -> Arc<str> {
    it.ancestors()
        .find(|it| matches!(it.kind(), Kind::ResourceGroup | Kind::Subscription))
        .and_then(scope_of)
        .unwrap_or_else(|| "/subscriptions/?".into())
}

fn resource_scope(it: Subject<'_>) -> Option<String> {
    let arm_type = it.info().arm_type?;
    // A compute drawn in a subnet belongs to the workspace that it names.
    let owner = it
        .ancestors()
        .chain(it.follow(it.setting::<Option<Ref>>("workspace").flatten()))
        .chain(it.follow(it.setting::<Option<Ref>>("virtualNetwork").flatten()))
        .find_map(|owner| {
            let rest = arm_type.strip_prefix(owner.info().arm_type?)?.strip_prefix('/')?;
            Some((scope_of(owner)?.as_ref().to_owned(), rest))
        });
    let (mut id, types) = if let Some(owner) = owner {
        owner
    } else {
        let (provider, types) = arm_type.split_once('/')?;
        (format!("{}/providers/{provider}", above(it)), types)
    };
    let mut types = types.split('/').peekable();
    while let Some(one) = types.next() {
        id.push('/');
        id.push_str(one);
        id.push('/');
        // Blob containers and file shares stand in a service of their account that has one name.
        id.push_str(if types.peek().is_some() { "default" } else { "" });
    }
    id.push_str(&segment(it.name()));
    Some(id)
}

/// A name may be any text while it is typed; it must not look like more of the id.
fn segment(name: &str) -> String {
    name.replace('/', "\u{2215}")
}

/// Writes what one resource says about rights.
pub(super) fn facts(it: Subject<'_>, facts: &mut Facts) {
    let scope = scope_of(it).map(|id| facts.grants.scopes.intern(&id));
    if let Some(scope) = scope {
        facts.scopes.insert(it.id, scope);
        if matches!(it.kind(), Kind::ManagementGroup | Kind::Subscription)
            && let Some(parent) = it.parent().and_then(scope_of)
        {
            let parent = facts.grants.scopes.intern(&parent);
            facts.grants.scopes.put_under(scope, parent);
        }
    }
    principal(it, &mut facts.grants);
    match it.kind() {
        Kind::Group => {
            let settings = Group::of(it);
            for member in settings.members.clone() {
                facts.grants.members.push((it.id.into(), member.0.into()));
            }
        }
        Kind::RoleAssignment => assigned(it, facts),
        Kind::DenyAssignment => deny_assignment(it, facts),
        Kind::Lock => lock(it, facts),
        _ => {}
    }
}

fn principal(it: Subject<'_>, grants: &mut Grants) {
    let kind = match it.kind() {
        Kind::User => PrincipalType::User,
        Kind::Group => PrincipalType::Group,
        Kind::ServicePrincipal => PrincipalType::ServicePrincipal,
        Kind::UserAssignedIdentity => PrincipalType::ManagedIdentity,
        _ if has_system_identity(it) => PrincipalType::ManagedIdentity,
        _ => return,
    };
    grants.principal(it.id.into(), kind, it.name());
}

/// Whether a resource has a system-assigned identity, which is deleted with it.
pub fn has_system_identity(it: Subject<'_>) -> bool {
    ["identity.type", "computeIdentity.type"]
        .into_iter()
        .filter_map(|key| it.setting::<IdentityType>(key))
        .any(IdentityType::has_system)
}

/// An assignment that Azure refuses is not there; nor is one yet that would give its own maker the right to
/// make it.
fn assigned(it: Subject<'_>, facts: &mut Facts) {
    let settings = RoleAssignment::of(it);
    let (Some(principal), Some(scope)) =
        (it.follow(settings.principal), it.follow(settings.scope).and_then(scope_of))
    else {
        return;
    };
    // A resource without a system-assigned identity is nobody to give a role to.
    let is_nobody = principal.info().arm_type.is_some()
        && principal.kind() != Kind::UserAssignedIdentity
        && !has_system_identity(principal);
    if is_nobody {
        return;
    }
    let custom = it.follow(settings.custom_role);
    if let (Some(role), Some(scope)) = (custom, it.follow(settings.scope))
        && role_assignment::refusal(role, scope).is_some()
    {
        return;
    }
    let role = match custom {
        Some(custom) => custom_role(custom, &mut facts.grants),
        None => built_in(settings.role.as_str(), &mut facts.grants),
    };
    if settings.created_by.is_some_and(|by| holds(principal, by.0))
        && gives_roles(&facts.grants, role)
    {
        return;
    }
    let scope = facts.grants.scopes.intern(&scope);
    facts.grants.assignments.push(Assignment {
        principal: principal.id.into(),
        role,
        scope,
        condition: settings.condition.clone().map(|it| it.0).filter(|it| !it.trim().is_empty()),
        origin: Origin::Assigned,
        at: Some(it.id),
    });
}

/// Whether `principal` is `who`, or a group with `who` in it.
fn holds(principal: Subject<'_>, who: ResourceId) -> bool {
    let mut seen = Vec::new();
    let mut open = vec![principal];
    while let Some(it) = open.pop() {
        if it.id == who {
            return true;
        }
        if it.kind() == Kind::Group && !seen.contains(&it.id) {
            seen.push(it.id);
            let members = &Group::of(it).members;
            open.extend(members.iter().filter_map(|member| it.follow(Some(*member))));
        }
    }
    false
}

fn gives_roles(grants: &Grants, role: RoleId) -> bool {
    const ACTION: &str = "Microsoft.Authorization/roleAssignments/write";
    let covers = |it: &Pattern| pattern::matches(it, ACTION);
    let definition = grants.roles.get(role.0 as usize);
    definition
        .and_then(|it| it.permissions.as_deref())
        .unwrap_or_default()
        .iter()
        .any(|it| it.actions.iter().any(covers) && !it.not_actions.iter().any(covers))
}

/// A built-in role by name or GUID. One that Azure does not have grants what nobody knows.
pub fn built_in(name: &str, grants: &mut Grants) -> RoleId {
    let found = roles::find(name);
    if let Some(known) = grants.role_named(found.map_or(name, |it| it.name)) {
        return known;
    }
    let role = match found {
        Some(role) => definition(role),
        None => RoleDefinition {
            name: name.to_owned(),
            custom: false,
            permissions: None,
            condition: None,
        },
    };
    grants.role(role)
}

/// A role of the table in the form of facts.
pub fn definition(role: &'static roles::Role) -> RoleDefinition {
    let list = |it: &'static [&'static str]| it.iter().map(|it| Cow::Borrowed(*it)).collect();
    RoleDefinition {
        name: role.name.to_owned(),
        custom: false,
        permissions: Some(vec![Permissions {
            actions: list(role.actions),
            not_actions: list(role.not_actions),
            data_actions: list(role.data_actions),
            not_data_actions: list(role.not_data_actions),
        }]),
        condition: role.condition.map(Cow::Borrowed),
    }
}

fn custom_role(it: Subject<'_>, grants: &mut Grants) -> RoleId {
    let settings = CustomRole::of(it);
    grants.role(RoleDefinition {
        // A custom role may have the name of a built-in one; its number keeps them apart.
        name: format!("{} ({})", it.name(), it.id.0),
        custom: true,
        permissions: Some(vec![Permissions {
            actions: owned(settings.actions.clone()),
            not_actions: owned(settings.not_actions.clone()),
            data_actions: owned(settings.data_actions.clone()),
            not_data_actions: owned(settings.not_data_actions.clone()),
        }]),
        condition: None,
    })
}

fn owned(list: Vec<String>) -> Vec<Pattern> {
    list.into_iter().map(Cow::Owned).collect()
}

fn deny_assignment(it: Subject<'_>, facts: &mut Facts) {
    let settings = DenyAssignment::of(it);
    let Some(scope) = it.follow(settings.scope).and_then(scope_of) else { return };
    let ids = |list: Vec<Ref>| list.into_iter().map(|it| PrincipalId::from(it.0)).collect();
    let scope = facts.grants.scopes.intern(&scope);
    facts.grants.deny_assignments.push(grant::DenyAssignment {
        name: it.name().to_owned(),
        scope,
        permissions: Permissions {
            actions: owned(settings.actions.clone()),
            not_actions: owned(settings.not_actions.clone()),
            data_actions: owned(settings.data_actions.clone()),
            not_data_actions: owned(settings.not_data_actions.clone()),
        },
        principals: if settings.everyone {
            Denied::Everyone
        } else {
            Denied::These(ids(settings.principals.clone()))
        },
        excluded: ids(settings.exclude_principals.clone()),
        this_scope_only: settings.do_not_apply_to_child_scopes,
        condition: None,
    });
}

fn lock(it: Subject<'_>, facts: &mut Facts) {
    let settings = Lock::of(it);
    let locked = it.follow(settings.scope).or_else(|| it.parent());
    let Some(scope) = locked.and_then(scope_of) else { return };
    let scope: ScopeId = facts.grants.scopes.intern(&scope);
    facts.grants.locks.push(grant::Lock {
        name: it.name().to_owned(),
        scope,
        level: match settings.level {
            LockLevel::CanNotDelete => grant::LockLevel::CanNotDelete,
            LockLevel::ReadOnly => grant::LockLevel::ReadOnly,
        },
        at: Some(it.id),
    });
}
