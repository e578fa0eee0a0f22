//! Can a compute cluster or compute instance be created?
//!
//! Steps in Azure:
//! 1. the call writes the compute, a right on the workspace that AzureML Data Scientist leaves out; Studio
//!    does not even show the button,
//! 2. a cluster's system-assigned identity gets AcrPull on the workspace's registry if that exists by then;
//!    the registry is made by the first operation that needs it.
//!
//! Computes with a user-assigned identity or in a virtual network need more: see `attach_identity` and
//! `join_network`.
//!
//! Azure docs: "Manage access to Azure Machine Learning workspaces" (machine-learning/how-to-assign-roles).

use super::{Actor, Check, Group, Plan, Requirement, join_network, place, rule, setup};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject, common::IdentityType, compute_cluster::ComputeCluster,
        setting::Ref,
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "compute.create",
    title: text(
        "Create a compute cluster or instance",
        "コンピューティング クラスター、インスタンスを作成する",
    ),
    group: Group::Setup,
    source: "machine-learning/how-to-assign-roles",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (person, workspace, compute) in creations(all) {
        if compute.within(Kind::Subnet).is_none() && !identity(compute).has_user() {
            plans.push(plan(&person, workspace, compute));
        }
    }
    plans
}

/// Every cluster and instance with whoever creates it.
pub(super) fn creations(all: &Resources) -> Vec<(Actor, Subject<'_>, Subject<'_>)> {
    let mut creations = Vec::new();
    for kind in [Kind::ComputeCluster, Kind::ComputeInstance] {
        for compute in all.of(kind) {
            let Some(workspace) = place::workspace_of(compute) else { continue };
            for person in setup::administrators_at(compute, workspace) {
                creations.push((person, workspace, compute));
            }
        }
    }
    creations
}

/// The kind of identity that the compute is to have.
pub(super) fn identity(compute: Subject<'_>) -> IdentityType {
    compute.setting("identity.type").unwrap_or(IdentityType::None)
}

/// The right to write computes of a workspace.
pub(super) fn may_create(person: &Actor, workspace: Subject<'_>) -> Requirement {
    Requirement::may(
        person,
        text("create computes in {0}", "{0} でのコンピューティングの作成")
            .with([arg(workspace.name())]),
        Plane::Control,
        &["Microsoft.MachineLearningServices/workspaces/computes/write"],
        workspace.id,
    )
    .shows("sy-authorization-failed")
}

/// All that creating the compute needs: one that has identities and stands in a network needs the rights
/// for both, whichever is asked about.
pub(super) fn plan(person: &Actor, workspace: Subject<'_>, compute: Subject<'_>) -> Plan {
    let mut needs = vec![may_create(person, workspace)];
    needs.extend(one_kind_of_identity(compute));
    let mut involves = vec![workspace.id];
    let named: Vec<Ref> = compute.setting("identity.userAssignedIdentities").unwrap_or_default();
    let mut more = rule::attach_each(person, compute, identity(compute), &named);
    more.extend(join_network::joins(person, compute));
    for (with, need) in more {
        involves.push(with.id);
        needs.push(need);
    }
    let mut plan = setup::plan(compute, person, involves, needs);
    plan.notes.push(
        text(
            "Studio does not show the button to create one to whoever lacks the right",
            "権限のないユーザーには、スタジオに作成ボタンが表示されません",
        )
        .into(),
    );
    if compute.kind() == Kind::ComputeCluster
        && read!(ComputeCluster, compute).identity.has_system()
    {
        plan.notes.push(pulls(workspace, compute));
    }
    plan
}

/// A cluster takes one system-assigned identity or several user-assigned ones.
fn one_kind_of_identity(compute: Subject<'_>) -> Option<Requirement> {
    let both = compute.kind() == Kind::ComputeCluster
        && read!(ComputeCluster, compute).identity == IdentityType::Both;
    both.then(|| {
        Requirement::mode(
            text("one kind of identity", "1 種類の ID であること"),
            vec![
                Step::deny(
                    Hop::ServiceMode,
                    text(
                        "{0} is to have a system-assigned and user-assigned identities; a cluster takes the one or the others",
                        "{0} にシステム割り当て ID とユーザー割り当て ID の両方が指定されています。クラスターにはどちらか一方だけを指定できます",
                    )
                    .with([arg(compute.name())]),
                )
                .at(compute.id)
                .source("machine-learning/how-to-identity-based-service-authentication"),
            ],
        )
        .shows("sy-not-supported")
    })
}

/// Whether Azure lets the cluster's identity pull images.
fn pulls(workspace: Subject<'_>, compute: Subject<'_>) -> crate::text::Message {
    let there = place::registry(workspace).is_some()
        && !read!(ComputeCluster, compute).created_before_registry;
    let name = arg(compute.name());
    if there {
        text(
            "Azure gives the identity of {0} AcrPull on the workspace's registry, which is there already",
            "レジストリが既にあるため、{0} の ID にはワークスペースのレジストリに対する AcrPull が自動で付与されます",
        )
        .with([name])
    } else {
        text(
            "the workspace has no registry when {0} is created, so assign AcrPull by hand once it is there",
            "{0} の作成時にワークスペースのレジストリがないため、レジストリの作成後に AcrPull を手動で割り当ててください",
        )
        .with([name])
    }
}
