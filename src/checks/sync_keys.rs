//! Can the keys that a workspace keeps be synchronized after somebody changed them?
//!
//! Steps in Azure:
//! 1. a key of the storage account, or the password of the registry's admin user, is changed; the
//!    workspace still keeps the old one, so builds and pulls fail,
//! 2. a call resynchronizes them (`az ml workspace sync-keys`); Azure does it by itself within about an hour,
//! 3. datastores that hold a key of their own are registered again, each by itself.
//!
//! Azure docs: "Regenerate storage account access keys" (machine-learning/how-to-change-storage-access-key).

use super::{Check, Group, Plan, Requirement, setup};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.sync_keys",
    title: text("Synchronize the keys of a workspace", "ワークスペースのキーを同期する"),
    group: Group::Setup,
    source: "machine-learning/how-to-change-storage-access-key",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace) {
        for person in setup::members(workspace) {
            let need = Requirement::may(
                &person,
                text("synchronize keys of {0}", "{0} のキーの同期").with([arg(workspace.name())]),
                Plane::Control,
                &["Microsoft.MachineLearningServices/workspaces/resynckeys/action"],
                workspace.id,
            )
            .shows("sy-authorization-failed");
            let mut plan = setup::plan(workspace, &person, [], vec![need]);
            plan.notes.push(
                text(
                    "datastores that store a key are registered again by hand; keys of the workspace follow by themselves within about an hour",
                    "キーを保管するデータストアは手動で再登録が必要です。ワークスペースのキーは約 1 時間で自動的に同期されます",
                )
                .into(),
            );
            plans.push(plan);
        }
    }
    plans
}
