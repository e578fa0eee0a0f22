//! Can the identity of a workspace be switched?
//!
//! Steps in Azure:
//! 1. the call writes the workspace, and attaches each added user-assigned identity,
//! 2. a system-assigned identity can be joined (pages of v2) or followed (page of v1) by a user-assigned
//!    one; back from both to the system-assigned one alone there is no way,
//! 3. an update names all user-assigned identities that are to remain: the others are removed. An added
//!    one holds no role.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use super::{Actor, Check, Group, Plan, Requirement, rule, setup};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject, common::IdentityType, workspace::Workspace},
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.update.identity_kind",
    title: text(
        "Switch the kind of a workspace's identity",
        "ワークスペースの ID の種類を切り替える",
    ),
    group: Group::Setup,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-identity-based-service-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace) {
        let settings = read!(Workspace, workspace);
        let Some(to) = settings.identity_change else { continue };
        for person in setup::administrators_or_unknown(workspace) {
            plans.push(plan(&person, workspace, &settings, to));
        }
    }
    plans
}

fn plan(person: &Actor, workspace: Subject<'_>, settings: &Workspace, to: IdentityType) -> Plan {
    let after = &settings.identity_change_user_assigned;
    let mut needs = vec![
        possible(workspace, settings.identity, to, after.is_empty()),
        Requirement::may(
            person,
            text("change {0}", "{0} の変更").with([arg(workspace.name())]),
            Plane::Control,
            &["Microsoft.MachineLearningServices/workspaces/write"],
            workspace.id,
        )
        .shows("sy-authorization-failed"),
    ];
    let mut involves = Vec::new();
    for added in after.iter().filter(|it| !settings.user_assigned_identities.contains(it)) {
        if let Some(identity) = workspace.follow(Some(*added)) {
            involves.push(identity.id);
            needs.push(rule::attach(person, identity));
        }
    }
    let mut plan = setup::plan(workspace, person, involves, needs);
    if to.has_user() {
        plan.notes.push(
            text(
                "an added user-assigned identity holds no role; grant its roles before it becomes the primary one",
                "追加したユーザー割り当て ID にはロールがありません。プライマリにする前にロールを付与してください",
            )
            .into(),
        );
        let removed: Vec<&str> = settings
            .user_assigned_identities
            .iter()
            .filter(|it| !after.contains(it))
            .filter_map(|it| workspace.follow(Some(*it)))
            .map(Subject::name)
            .collect();
        if !removed.is_empty() {
            plan.notes.push(
                text(
                    "the update does not name {0}, so it is removed",
                    "更新時に指定のない {0} は削除されます",
                )
                .with([arg(removed.join(", "))]),
            );
        }
    }
    plan
}

fn possible(
    workspace: Subject<'_>,
    from: IdentityType,
    to: IdentityType,
    names_none: bool,
) -> Requirement {
    use IdentityType::{Both, None, SystemAssigned, UserAssigned};
    let hop = Hop::ServiceMode;
    let name = || arg(workspace.name());
    let step = match (from, to) {
        (_, None) => Step::deny(
            hop,
            text("{0} must have an identity", "{0} には ID が必要です").with([name()]),
        ),
        (Both, SystemAssigned) => Step::deny(
            hop,
            text(
                "{0} has a user-assigned identity beside its system-assigned one, and there is no way back to the system-assigned one alone; create the workspace anew",
                "{0} にはシステム割り当て ID に加えてユーザー割り当て ID があり、システム割り当て ID だけには戻せません。ワークスペースを作り直してください",
            )
            .with([name()]),
        ),
        (_, Both | UserAssigned) if names_none => Step::unknown(
            hop,
            text(
                "the design does not say which user-assigned identities {0} is to have; name them for the change",
                "変更後の {0} のユーザー割り当て ID が指定されていません",
            )
            .with([name()]),
        ),
        (SystemAssigned | Both, Both) | (UserAssigned, UserAssigned) => Step::pass(
            hop,
            text(
                "user-assigned identities of {0} can be added and exchanged",
                "{0} のユーザー割り当て ID は追加、入れ替えができます",
            )
            .with([name()]),
        ),
        (SystemAssigned, UserAssigned) => Step::pass(
            hop,
            text(
                "{0} can be updated from a system-assigned to a user-assigned identity",
                "{0} はシステム割り当て ID からユーザー割り当て ID に更新できます",
            )
            .with([name()]),
        )
        .source("machine-learning/v1/how-to-use-managed-identities"),
        (SystemAssigned, SystemAssigned) => Step::pass(
            hop,
            text("{0} keeps its identity", "{0} の ID は変わりません").with([name()]),
        ),
        (UserAssigned, SystemAssigned | Both) | (Both, UserAssigned) | (None, _) => {
            Step::unknown(
                hop,
                text(
                    "whether {0} can be switched in this way is not documented",
                    "{0} をこのように切り替えられるかは文書化されていません",
                )
                .with([name()]),
            )
        }
    };
    let source = if step.source.is_empty() { SOURCE } else { step.source };
    Requirement::mode(
        text("change of identity that Azure offers", "可能な ID の変更であること"),
        vec![step.at(workspace.id).source(source)],
    )
    .shows("sy-not-possible")
}
