//! Can Jupyter, JupyterLab or a terminal of a compute instance be opened?
//!
//! Steps in Azure:
//! 1. the browser signs in and calls the workspace,
//! 2. it opens the instance's own host, which leads through the workspace's private endpoint when there
//!    is one; public network access of the workspace does not change that,
//! 3. the instance asks who it is: only the one person it was created by or assigned to gets in,
//!    whatever role anybody else has. A caller from outside sees the same text as a stranger.
//!    On an instance created on somebody's behalf single sign-on may be off, and that person turns it on first.
//!
//! Azure docs: "What is an Azure Machine Learning compute instance?"
//! (machine-learning/concept-compute-instance).

use super::{Actor, Check, Group, Plan, Requirement, place, rule, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        compute_instance::{ApplicationSharingPolicy, ComputeInstance},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "compute.instance.use",
    title: text(
        "Open Jupyter on a compute instance",
        "コンピューティング インスタンスの Jupyter を開く",
    ),
    group: Group::Studio,
    source: "machine-learning/concept-compute-instance",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for instance in all.of(Kind::ComputeInstance) {
        let Some(workspace) = place::workspace_of(instance) else { continue };
        for client in place::browsers(workspace) {
            plans.push(plan(client, workspace, instance));
        }
    }
    plans
}

fn plan(client: Subject<'_>, workspace: Subject<'_>, instance: Subject<'_>) -> Plan {
    let person = who::person_at(client);
    let mut needs = vec![
        place::entra(client),
        may_open(&person, workspace, instance),
        place::browse(client, workspace, "api").shows("sy-ci-app"),
        place::browse(client, instance, "application").shows("sy-ci-app"),
    ];
    needs.extend(is_ones_own(&person, instance));
    needs.extend(may_sign_on(&person, workspace, instance));
    Plan {
        subject: place::from_to(client, instance),
        from: client.id,
        involves: vec![client.id, workspace.id, instance.id],
        needs,
        notes: Vec::new(),
    }
}

/// The right to open the applications of an instance.
pub(super) fn may_open(
    person: &Actor,
    workspace: Subject<'_>,
    instance: Subject<'_>,
) -> Requirement {
    Requirement::may(
        person,
        text("open applications of {0}", "{0} のアプリケーションを開く権限")
            .with([arg(instance.name())]),
        Plane::Control,
        &["Microsoft.MachineLearningServices/workspaces/computes/applicationaccess/action"],
        workspace.id,
    )
    .shows("sy-authorization-failed")
}

/// What keeps everybody else out of an instance that is not shared.
pub(super) fn is_ones_own(person: &Actor, instance: Subject<'_>) -> Option<Requirement> {
    let policy = read!(ComputeInstance, instance).application_sharing_policy;
    (policy == ApplicationSharingPolicy::Personal)
        .then(|| rule::owner_only(person, instance).shows("sy-ci-app"))
}

/// The right to turn single sign-on of one's instance on, where it is off.
fn may_sign_on(
    person: &Actor,
    workspace: Subject<'_>,
    instance: Subject<'_>,
) -> Option<Requirement> {
    let settings = read!(ComputeInstance, instance);
    if settings.enable_sso || settings.assigned_user.is_none() {
        return None;
    }
    let need = Requirement::may(
        person,
        text("turn single sign-on of {0} on", "{0} のシングル サインオンの有効化")
            .with([arg(instance.name())]),
        Plane::Control,
        &["Microsoft.MachineLearningServices/workspaces/computes/enableSso/action"],
        workspace.id,
    )
    .shows("sy-authorization-failed");
    Some(need)
}
