//! Can the workspace be created with its default, system-assigned identity?
//!
//! Steps in Azure:
//! 1. the call writes the workspace into its resource group, as whoever makes it,
//! 2. the first creation in a subscription registers the resource provider, a right on the subscription,
//! 3. user-assigned identities beside the system-assigned one are attached, a right on each of them,
//! 4. Azure gives the new identity its roles: the caller needs no right to assign roles.
//!
//! Azure docs: "Manage access to Azure Machine Learning workspaces" (machine-learning/how-to-assign-roles),
//! "Enterprise security and governance" (machine-learning/concept-enterprise-security).

use super::{Actor, Check, Group, Plan, Requirement, rule, setup};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject, common::IdentityType, subscription::Subscription,
        workspace::Workspace,
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.create.system_identity",
    title: text(
        "Create a workspace with a system-assigned identity",
        "システム割り当て ID でワークスペースを作成する",
    ),
    group: Group::Setup,
    source: "machine-learning/how-to-assign-roles",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace).filter(|it| !has_primary_user_identity(*it)) {
        for person in setup::administrators(workspace) {
            let needs = create(&person, workspace);
            let mut plan = setup::plan(workspace, &person, [], needs);
            plan.notes.push(
                text(
                    "whoever creates it needs no right to assign roles: Azure gives a system-assigned identity its roles by itself",
                    "作成者にロールを割り当てる権限は不要です。システム割り当て ID には Azure が自動でロールを付与します",
                )
                .into(),
            );
            plan.notes.push(if read!(Workspace, workspace).created_before_20241119 {
                text(
                    "on the resource group that identity is Contributor; workspaces created since 2024-11-19 get Azure AI Administrator",
                    "その ID はリソース グループの共同作成者になります。2024 年 11 月 19 日以降に作成したワークスペースでは Azure AI 管理者です",
                )
                .into()
            } else {
                text(
                    "on the resource group that identity is Azure AI Administrator; before 2024-11-19 it was Contributor",
                    "その ID はリソース グループの Azure AI 管理者になります。2024 年 11 月 19 日より前は共同作成者でした",
                )
                .into()
            });
            plans.push(plan);
        }
    }
    plans
}

/// Whether a user-assigned identity reaches the associated resources.
pub(super) fn has_primary_user_identity(workspace: Subject<'_>) -> bool {
    let it = read!(Workspace, workspace);
    it.primary_user_assigned_identity.is_some() || it.identity == IdentityType::UserAssigned
}

/// What every creation of a workspace asks of the caller.
pub(super) fn create(person: &Actor, workspace: Subject<'_>) -> Vec<Requirement> {
    let mut needs = Vec::new();
    if let Some(group) = workspace.within(Kind::ResourceGroup) {
        needs.push(
            Requirement::may(
                person,
                text("create workspaces in {0}", "{0} でのワークスペースの作成")
                    .with([arg(group.name())]),
                Plane::Control,
                &["Microsoft.MachineLearningServices/workspaces/write"],
                group.id,
            )
            .shows("sy-authorization-failed"),
        );
    }
    if let Some(subscription) = workspace.within(Kind::Subscription)
        && !read!(Subscription, subscription).machine_learning_registered
    {
        needs.push(
            Requirement::may(
                person,
                text(
                    "register Microsoft.MachineLearningServices in {0}",
                    "{0} での Microsoft.MachineLearningServices の登録",
                )
                .with([arg(subscription.name())]),
                Plane::Control,
                &["Microsoft.MachineLearningServices/register/action"],
                subscription.id,
            )
            .shows("sy-provider-not-registered"),
        );
    }
    let settings = read!(Workspace, workspace);
    let attached =
        rule::attach_each(person, workspace, settings.identity, &settings.user_assigned_identities);
    needs.extend(attached.into_iter().map(|(_, need)| need));
    needs
}
