//! Does a compute instance with a managed identity stop when it is idle?
//!
//! An instance with an identity stops itself as that identity, which therefore needs rights on the
//! workspace: the page asks for Contributor. An instance without one is stopped by the service.
//!
//! Azure docs: "Create an Azure Machine Learning compute instance"
//! (machine-learning/how-to-create-compute-instance).

use serde_json::json;

use super::{Check, Group, Plan, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject, common::IdentityType, compute_instance::ComputeInstance},
    solve::{Hop, Step},
    text::{Message, Text, arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "compute.instance.idle_shutdown_with_mi",
    title: text(
        "Idle shutdown of a compute instance that has a managed identity",
        "マネージド ID を持つコンピューティング インスタンスのアイドル シャットダウン",
    ),
    group: Group::Setup,
    source: "machine-learning/how-to-create-compute-instance",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    all.of(Kind::ComputeInstance)
        .filter(|it| !read!(ComputeInstance, *it).idle_time_before_shutdown.is_empty())
        .filter_map(|it| Some((it, place::workspace_of(it)?)))
        .map(|(instance, workspace)| {
            let alone = read!(ComputeInstance, instance).identity == IdentityType::None;
            let need = if alone { by_service(instance) } else { by_itself(instance, workspace) };
            Plan {
                subject: Message::value(instance.name()),
                from: instance.id,
                involves: vec![instance.id, workspace.id],
                needs: vec![need],
                notes: if alone { Vec::new() } else { vec![UNDOCUMENTED.into()] },
            }
        })
        .collect()
}

const UNDOCUMENTED: Text = text(
    "the page asks for Contributor on the workspace; which actions of it are used is not documented",
    "ドキュメントではワークスペースの共同作成者ロールを求めています。実際に使われるアクションは文書化されていません",
);

fn by_service(instance: Subject<'_>) -> Requirement {
    Requirement::mode(
        text("stop {0}", "{0} の停止").with([arg(instance.name())]),
        vec![
            Step::pass(
                Hop::ServiceMode,
                text(
                    "{0} has no managed identity, so the service stops it by itself",
                    "{0} にはマネージド ID がないため、サービスが停止します",
                )
                .with([arg(instance.name())]),
            )
            .at(instance.id)
            .source(CHECK.source),
        ],
    )
}

fn by_itself(instance: Subject<'_>, workspace: Subject<'_>) -> Requirement {
    Requirement::may(
        &who::managed_identity(instance),
        text("stop computes of {0}", "{0} のコンピューティングの停止")
            .with([arg(workspace.name())]),
        Plane::Control,
        &[
            "Microsoft.MachineLearningServices/workspaces/computes/read",
            "Microsoft.MachineLearningServices/workspaces/computes/stop/action",
        ],
        workspace.id,
    )
    .shows("sy-ci-keeps-running")
    .or_set(
        text("Take the managed identity of {0} away", "{0} のマネージド ID を外す")
            .with([arg(instance.name())]),
        instance.id,
        "identity.type",
        json!("None"),
    )
}
