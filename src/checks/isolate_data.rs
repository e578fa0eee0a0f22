//! Do workspaces that share a storage account, vault or registry keep their data apart?
//!
//! Steps in Azure:
//! 1. data isolation is chosen at creation and cannot be changed afterwards; for the default kind of
//!    workspace it is off,
//! 2. names of containers, secrets and images begin with the workspace's GUID,
//! 3. the workspace's identity holds a data role under a condition that covers its own containers only;
//!    Azure grants that to a system-assigned identity.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use super::{Check, Group, Plan, Requirement, data, place, platform, rule, setup, who};
use crate::{
    kinds::{Kind, Resources, Subject, workspace::Workspace},
    solve::{Hop, Step, access::condition::Attributes},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.data_isolation",
    title: text(
        "Share resources between workspaces with data isolation",
        "データの分離を有効にして関連リソースを共有する",
    ),
    group: Group::Setup,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-identity-based-service-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    all.of(Kind::Workspace)
        .filter(|it| read!(Workspace, *it).enable_data_isolation || shares(*it))
        .map(plan)
        .collect()
}

/// Whether another workspace uses one of its associated resources.
fn shares(workspace: Subject<'_>) -> bool {
    let associated =
        [place::storage(workspace), place::vault(workspace), place::registry(workspace)];
    associated.into_iter().flatten().any(|it| {
        it.all.referrers(it.id).any(|(other, field)| {
            other.kind() == Kind::Workspace
                && other.id != workspace.id
                && ["storageAccount", "keyVault", "containerRegistry"].contains(&field.key)
        })
    })
}

fn plan(workspace: Subject<'_>) -> Plan {
    let identity = who::workspace_identity(workspace);
    let mut needs = vec![isolated(workspace)];
    let storage = place::storage(workspace);
    match storage {
        Some(storage) => {
            let own = format!("{}-azureml-blobstore", platform::prefix_of(workspace));
            let known = Attributes::default().with(platform::CONTAINER_NAME, [own]);
            needs.push(
                data::blobs(&identity, storage, data::WRITE_BLOBS)
                    .knowing(known)
                    .shows("sy-condition"),
            );
        }
        None => needs.push(rule::no_default_storage(workspace)),
    }
    let mut plan = setup::plan(workspace, &identity, storage.map(|it| it.id), needs);
    plan.notes.push(
        text(
            "a container of another workspace is refused by the condition of the role",
            "別のワークスペースのコンテナーへのアクセスは、ロールの条件により拒否されます",
        )
        .into(),
    );
    plan
}

fn isolated(workspace: Subject<'_>) -> Requirement {
    let name = || arg(workspace.name());
    let step = if read!(Workspace, workspace).enable_data_isolation {
        Step::pass(
            Hop::ServiceMode,
            text("the data of {0} is isolated", "{0} のデータは分離されています").with([name()]),
        )
    } else {
        Step::deny(
            Hop::ServiceMode,
            text(
                "{0} shares resources without data isolation, which can be chosen only at creation (enableDataIsolation)",
                "{0} はデータの分離なしでリソースを共有しています。分離は作成時にのみ設定できます (enableDataIsolation)",
            )
            .with([name()]),
        )
    };
    Requirement::mode(
        text("data isolation of {0}", "{0} のデータの分離").with([name()]),
        vec![step.at(workspace.id).source(SOURCE)],
    )
    .shows("sy-not-possible")
}
