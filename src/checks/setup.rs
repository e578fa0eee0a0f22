//! Creating and changing resources: who does it, shared by the checks about set-up.
//!
//! Creation is judged for whoever the design names. Where it names nobody, for every user and service
//! principal with a role on the resource group or above: a role on the resource itself cannot be there
//! before the resource is. A managed identity is asked where its role could write the resource, as that
//! of a build machine may; the others hold their roles to work, not to deploy.

use super::{Actor, Plan, Requirement};
use crate::{
    azure::roles,
    facts::pattern::matches,
    kinds::{
        Kind, ResourceId, Subject, custom_role::CustomRole, group::Group,
        rights::has_system_identity, role_assignment::RoleAssignment, setting::Ref,
    },
    text::{Message, arg, text},
};

/// Who creates and changes `it`: named there, or else everybody with a role on its group or above.
pub(super) fn administrators(it: Subject<'_>) -> Vec<Actor> {
    administrators_at(it, it)
}

/// The same where the rights are held on another resource: a compute drawn in a subnet belongs to its
/// workspace.
pub(super) fn administrators_at(it: Subject<'_>, owner: Subject<'_>) -> Vec<Actor> {
    let above = owner.ancestors().filter(|it| {
        matches!(it.kind(), Kind::ResourceGroup | Kind::Subscription | Kind::ManagementGroup)
    });
    let above = above.chain(it.all.of(Kind::RootScope));
    named(it).map_or_else(|| holders(it, above), |it| vec![it])
}

/// Whoever has a role on `it` or above, or is named there.
pub(super) fn members(it: Subject<'_>) -> Vec<Actor> {
    let scopes = std::iter::once(it).chain(it.ancestors()).chain(it.all.of(Kind::RootScope));
    named(it).map_or_else(|| holders(it, scopes), |it| vec![it])
}

/// For operations that are more than one person's right: nobody drawn is somebody not known.
pub(super) fn administrators_or_unknown(it: Subject<'_>) -> Vec<Actor> {
    let all = administrators(it);
    if !all.is_empty() {
        return all;
    }
    vec![Actor::unknown(
        it.id,
        text(
            "the design does not say who creates or changes {0}; name a user there, or give one a role on the resource group",
            "{0} を作成、変更するユーザーがデザインにありません。ここで指定するか、リソース グループのロールを付与してください",
        )
        .with([arg(it.name())]),
    )]
}

/// Who is named as the one that creates and changes it.
pub(super) fn named(it: Subject<'_>) -> Option<Actor> {
    let by = it.follow(it.setting::<Option<Ref>>("createdBy").flatten())?;
    Some(Actor::is(
        by.id,
        text("{0} acts: creates and changes {1}", "{0} として実行: {1} を作成、変更するユーザー")
            .with([arg(by.name()), arg(it.name())]),
        "",
    ))
}

fn holders<'a>(of: Subject<'a>, scopes: impl Iterator<Item = Subject<'a>>) -> Vec<Actor> {
    let mut all: Vec<(Subject<'a>, Subject<'a>)> = Vec::new();
    for scope in scopes {
        for (assignment, field) in scope.all.referrers(scope.id) {
            if assignment.kind() != Kind::RoleAssignment || field.key != "scope" {
                continue;
            }
            let Some(principal) = assignment.follow(read!(RoleAssignment, assignment).principal)
            else {
                continue;
            };
            let writes = may_write(assignment, of);
            let mut callers = callers(principal);
            callers.retain(|it| match it.kind() {
                Kind::User | Kind::ServicePrincipal => true,
                _ => writes && runs_code(*it),
            });
            all.extend(callers.into_iter().map(|it| (it, scope)));
        }
    }
    all.sort_by_key(|(it, _)| it.id);
    all.dedup_by_key(|(it, _)| it.id);
    all.into_iter()
        .map(|(it, scope)| {
            Actor::is(
                it.id,
                text("{0} acts: holds a role on {1}", "{0} として実行: {1} にロールを保持")
                    .with([arg(it.name()), arg(scope.name())]),
                "",
            )
        })
        .collect()
}

/// Whether programs sign in as a managed identity. The service alone does as that of a workspace.
fn runs_code(it: Subject<'_>) -> bool {
    match it.kind() {
        Kind::Workspace => false,
        Kind::UserAssignedIdentity => {
            it.all.referrers(it.id).all(|(user, _)| user.kind() != Kind::Workspace)
        }
        _ => has_system_identity(it),
    }
}

/// Whether the role of an assignment names the right to create and change `it`.
fn may_write(assignment: Subject<'_>, it: Subject<'_>) -> bool {
    let Some(arm_type) = it.info().arm_type else { return false };
    let write = format!("{arm_type}/write");
    let settings = read!(RoleAssignment, assignment);
    if let Some(custom) = assignment.follow(settings.custom_role) {
        let role = read!(CustomRole, custom);
        let names = |list: &[String]| list.iter().any(|it| matches(it, &write));
        return names(&role.actions) && !names(&role.not_actions);
    }
    let names = |list: &[&str]| list.iter().any(|it| matches(it, &write));
    roles::find(settings.role.as_str())
        .is_some_and(|role| names(role.actions) && !names(role.not_actions))
}

/// Those who sign in and make calls: the principal itself, or everybody in the group.
fn callers(principal: Subject<'_>) -> Vec<Subject<'_>> {
    let mut found = Vec::new();
    let mut seen: Vec<ResourceId> = Vec::new();
    let mut open = vec![principal];
    while let Some(it) = open.pop() {
        if seen.contains(&it.id) {
            continue;
        }
        seen.push(it.id);
        if it.kind() == Kind::Group {
            let members = &read!(Group, it).members;
            open.extend(members.iter().filter_map(|member| it.follow(Some(*member))));
        } else {
            found.push(it);
        }
    }
    found
}

/// "cpu-cluster by ana"
pub(super) fn by(it: Subject<'_>, actor: &Actor) -> Message {
    match actor.who.and_then(|id| it.all.subject(id)) {
        Some(who) => text("{0} by {1}", "{1} による {0}").with([arg(it.name()), arg(who.name())]),
        None => Message::value(it.name()),
    }
}

/// A plan that starts at the resource to be created or changed.
pub(super) fn plan(
    it: Subject<'_>,
    actor: &Actor,
    others: impl IntoIterator<Item = ResourceId>,
    needs: Vec<Requirement>,
) -> Plan {
    let mut involves = vec![it.id];
    involves.extend(others);
    involves.sort_unstable();
    involves.dedup();
    Plan { subject: by(it, actor), from: it.id, involves, needs, notes: Vec::new() }
}
