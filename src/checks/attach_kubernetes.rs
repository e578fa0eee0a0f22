//! Can an AKS cluster be attached to a workspace?
//!
//! Steps in Azure:
//! 1. somebody makes the call: with rights on the resource group of the cluster, on its admin credential,
//!    and on computes of the workspace,
//! 2. the workspace's identity looks at the cluster, at the Machine Learning extension and at the admin
//!    credential. There is nothing to do for a system-assigned identity; a user-assigned one needs roles.
//!
//! Azure docs: "Attach a Kubernetes cluster to Azure Machine Learning workspace"
//! (machine-learning/how-to-attach-kubernetes-to-workspace).

use super::{Actor, Ask, Check, Group, Permission, Plan, Requirement, place, setup, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        attached_kubernetes::{AttachedKubernetes, ComputeType},
        workspace::Workspace,
    },
    solve::{Hop, Step},
    text::{Message, arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "compute.attach.aks",
    title: text(
        "Attach an AKS cluster to the workspace",
        "AKS クラスターをワークスペースにアタッチする",
    ),
    group: Group::Setup,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-attach-kubernetes-to-workspace";
const ADMIN_CREDENTIAL: &[&str] =
    &["Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action"];

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for cluster in all.of(Kind::AttachedKubernetes) {
        let Some(workspace) = place::workspace_of(cluster) else { continue };
        let mut people = setup::administrators(cluster);
        if people.is_empty() {
            people = who::people(workspace);
        }
        for person in people {
            let mut needs = called(&person, cluster, workspace);
            if has_user_assigned(workspace) {
                needs.extend(as_workspace(cluster, workspace));
            }
            plans.push(setup::plan(cluster, &person, [workspace.id], needs));
        }
    }
    plans
}

fn called(person: &Actor, cluster: Subject<'_>, workspace: Subject<'_>) -> Vec<Requirement> {
    vec![
        on_cluster(
            person,
            text("read and change {0}", "{0} の読み取りと変更"),
            cluster,
            &[
                "Microsoft.ContainerService/managedClusters/read",
                "Microsoft.ContainerService/managedClusters/write",
            ],
        )
        .shows("sy-authorization-failed"),
        on_cluster(person, ADMIN, cluster, ADMIN_CREDENTIAL).shows("sy-authorization-failed"),
        Requirement::may(
            person,
            text("attach computes to {0}", "{0} へのコンピューティングのアタッチ")
                .with([arg(workspace.name())]),
            Plane::Control,
            &["Microsoft.MachineLearningServices/workspaces/computes/write"],
            workspace.id,
        )
        .shows("sy-authorization-failed"),
    ]
}

const ADMIN: crate::text::Text =
    text("get the admin credential of {0}", "{0} の管理者資格情報の取得");

fn as_workspace(cluster: Subject<'_>, workspace: Subject<'_>) -> Vec<Requirement> {
    let identity = who::workspace_identity(workspace);
    let mut needs = vec![on_cluster(
        &identity,
        text("read {0}", "{0} の読み取り"),
        cluster,
        &["Microsoft.ContainerService/managedClusters/read"],
    )];
    if read!(AttachedKubernetes, cluster).compute_type == ComputeType::Kubernetes {
        needs.push(
            on_cluster(
                &identity,
                text("install the extension on {0}", "{0} への拡張機能のインストール"),
                cluster,
                &[
                    "Microsoft.KubernetesConfiguration/extensions/read",
                    "Microsoft.KubernetesConfiguration/extensions/write",
                ],
            )
            .shows("sy-aks-extension"),
        );
    }
    needs.push(
        on_cluster(&identity, ADMIN, cluster, ADMIN_CREDENTIAL).shows("sy-aks-internal-server"),
    );
    needs
}

fn has_user_assigned(workspace: Subject<'_>) -> bool {
    let it = read!(Workspace, workspace);
    it.primary_user_assigned_identity.is_some() || !it.identity.has_system()
}

/// A right on the AKS cluster itself. The resource of the design is the attachment, which stands in the
/// workspace, while the cluster stands in a resource group: a role on the workspace gives nothing there.
fn on_cluster(
    actor: &Actor,
    what: crate::text::Text,
    cluster: Subject<'_>,
    actions: &'static [&'static str],
) -> Requirement {
    let what: Message = what.with([arg(cluster.name())]);
    let Some(group) = cluster.within(Kind::ResourceGroup) else {
        return Requirement::said(
            actor,
            what,
            vec![
                Step::unknown(
                    Hop::Permission,
                    text(
                        "the resource group of {0} is not drawn",
                        "{0} のリソース グループが描かれていません",
                    )
                    .with([arg(cluster.name())]),
                )
                .at(cluster.id),
            ],
        );
    };
    let by_group = Ask::May(Permission { actions, plane: Plane::Control, scope: group.id });
    let drawn_on_it = cluster
        .all
        .referrers(cluster.id)
        .any(|(it, field)| it.kind() == Kind::RoleAssignment && field.key == "scope");
    if !drawn_on_it {
        return Requirement::may(actor, what, Plane::Control, actions, group.id);
    }
    let on_itself = Ask::Said(vec![
        Step::unknown(
            Hop::Permission,
            text(
                "a role is drawn on {0}, which is the attachment to the workspace; whether it is held on the AKS cluster as well is not said",
                "ワークスペースへのアタッチである {0} にロールが描かれています。AKS クラスターにもあるかは指定されていません",
            )
            .with([arg(cluster.name())]),
        )
        .at(cluster.id)
        .source(SOURCE),
    ]);
    Requirement::any(actor, what, vec![vec![by_group], vec![on_itself]])
}
