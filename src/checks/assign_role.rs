//! Can a role be given to somebody?
//!
//! Steps in Azure:
//! 1. whoever assigns needs `roleAssignments/write` at the scope or above,
//! 2. a condition on that right may allow some roles and kinds of principals only,
//! 3. a custom role is given within its assignable scopes only, and one with data actions at no management
//!    group,
//! 4. the principal must be known to Microsoft Entra ID already: a new identity takes about a minute.
//!
//! Contributor is refused what it needs here (it subtracts `Microsoft.Authorization/*/Write`), and Managed
//! Identity Operator never had it, although the pages of Azure Machine Learning name it for this.
//!
//! Azure docs: "Troubleshoot Azure RBAC" (role-based-access-control/troubleshooting), "Delegate Azure
//! access management to others" (role-based-access-control/delegate-role-assignments-overview).

use serde_json::json;

use super::{Actor, Check, Group, Plan, Requirement, setup};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        role_assignment::{self, RoleAssignment},
    },
    solve::{Hop, Step, access::condition::Attributes},
    text::{Message, arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.assign_role",
    title: text("Give somebody a role", "ロールを割り当てる"),
    group: Group::Setup,
    source: "role-based-access-control/troubleshooting",
    plans,
};

pub(super) const ROLE: &str = "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]";
const PRINCIPAL_TYPE: &str = "@Request[Microsoft.Authorization/roleAssignments:PrincipalType]";

/// Only where the design says who assigns: a drawn assignment is there already, whoever made it.
fn plans(all: &Resources) -> Vec<Plan> {
    all.of(Kind::RoleAssignment).filter_map(plan).collect()
}

fn plan(assignment: Subject<'_>) -> Option<Plan> {
    let assigner = setup::named(assignment)?;
    let settings = read!(RoleAssignment, assignment);
    let scope = assignment.follow(settings.scope)?;
    let principal = assignment.follow(settings.principal)?;
    let principal_type = match principal.kind() {
        Kind::User => "User",
        Kind::Group => "Group",
        _ => "ServicePrincipal",
    };
    let mut known = Attributes::default().with(PRINCIPAL_TYPE, [principal_type]);
    let custom = assignment.follow(settings.custom_role);
    let role = match custom {
        Some(it) => it.name(),
        None => settings.role.as_str(),
    };
    // The GUID of a custom role is not in the design.
    if let (None, Some(id)) = (custom, settings.role.id()) {
        known = known.with(ROLE, [id]);
    }
    let need = may_assign(&assigner, scope).knowing(known).shows("sy-role-assignment-failed");
    let by = assigner.who.and_then(|id| assignment.all.subject(id)).map_or("", Subject::name);
    let mut needs = vec![need];
    needs.extend(lookup(assignment, &assigner));
    needs.extend(custom.and_then(|role| refused(&assigner, role, scope)));
    let mut plan = setup::plan(assignment, &assigner, [scope.id, principal.id], needs);
    plan.subject =
        text("{0} on {1} to {2}, by {3}", "{2} への {1} に対する {0} ({3} による割り当て)").with([
            arg(role),
            arg(scope.name()),
            arg(principal.name()),
            arg(by),
        ]);
    plan.notes = notes(assignment, &assigner, principal);
    Some(plan)
}

/// The right to give roles on a resource and in all below it.
pub(super) fn may_assign(assigner: &Actor, scope: Subject<'_>) -> Requirement {
    Requirement::may(
        assigner,
        text("assign roles on {0}", "{0} に対するロールの割り当て").with([arg(scope.name())]),
        Plane::Control,
        &["Microsoft.Authorization/roleAssignments/write"],
        scope.id,
    )
}

/// What no right helps against: the role cannot be given there.
fn refused(assigner: &Actor, role: Subject<'_>, scope: Subject<'_>) -> Option<Requirement> {
    let step = Step::deny(Hop::Permission, role_assignment::refusal(role, scope)?);
    Some(Requirement::said(
        assigner,
        text("role {0} on {1}", "{1} に対するロール {0}")
            .with([arg(role.name()), arg(scope.name())]),
        vec![step.at(role.id).source("role-based-access-control/custom-roles")],
    ))
}

/// The Azure CLI searches the directory for `--assignee`, with the rights of whoever is signed in.
fn lookup(assignment: Subject<'_>, assigner: &Actor) -> Option<Requirement> {
    let by = assignment.all.subject(assigner.who?)?;
    if by.kind() != Kind::ServicePrincipal || !read!(RoleAssignment, assignment).looks_up_assignee {
        return None;
    }
    let step = Step::deny(
        Hop::Credential,
        text(
            "{0} is a service principal and may not search Microsoft Entra ID for the assignee; name it by --assignee-object-id (looksUpAssignee)",
            "{0} はサービス プリンシパルのため、Microsoft Entra ID で割り当て先を検索できません。--assignee-object-id で指定してください (looksUpAssignee)",
        )
        .with([arg(by.name())]),
    );
    let need = Requirement::said(
        assigner,
        text("look the assignee up", "割り当て先の検索"),
        vec![step.at(assignment.id).source("role-based-access-control/troubleshooting")],
    )
    .shows("sy-insufficient-privileges");
    Some(need.or_set(
        text("Name the assignee by its object ID", "割り当て先をオブジェクト ID で指定する"),
        assignment.id,
        "looksUpAssignee",
        json!(false),
    ))
}

fn notes(assignment: Subject<'_>, assigner: &Actor, principal: Subject<'_>) -> Vec<Message> {
    let mut notes: Vec<Message> = vec![
        text(
            "out of date in pages of Azure Machine Learning, 2021 and now: Managed Identity Operator attaches identities and assigns no roles; Role Based Access Control Administrator on the scope is enough",
            "Azure Machine Learning のドキュメント (2021 年および現在) の記載は不正確です。マネージド ID オペレーターは ID を割り当てるだけで、ロールは割り当てられません。スコープに対するロール ベースのアクセス制御管理者で十分です",
        )
        .into(),
    ];
    let kind = |id| assignment.all.subject(id).map(Subject::kind);
    if assigner.who.and_then(kind) == Some(Kind::ServicePrincipal) {
        notes.push(
            text(
                "a service principal names the assignee with --assignee-object-id: it may not search the directory (\"Insufficient privileges to complete the operation\")",
                "サービス プリンシパルはディレクトリを検索できないため、--assignee-object-id で割り当て先を指定します (\"Insufficient privileges to complete the operation\")",
            )
            .into(),
        );
    }
    if principal.kind() == Kind::UserAssignedIdentity {
        notes.push(new_identity());
    }
    notes
}

/// A new identity is not known everywhere at once.
pub(super) fn new_identity() -> Message {
    text(
        "right after an identity is created, an assignment may fail with PrincipalNotFound; wait a minute, or set principalType to ServicePrincipal",
        "ID の作成直後は PrincipalNotFound で割り当てに失敗することがあります。1 分ほど待つか、principalType に ServicePrincipal を指定してください",
    )
    .into()
}
