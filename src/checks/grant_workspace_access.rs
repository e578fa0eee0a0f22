//! Can a datastore be registered with workspace access (`grant_workspace_access=True`)?
//!
//! The registration gives the workspace's identity Reader on the storage account, so whoever registers
//! must be allowed to give roles there. It is for previews of storage in a network: jobs never read as
//! the workspace. Reading the blobs needs a data role beside it, which nobody gives by itself.
//!
//! Azure docs: "Use Azure Machine Learning studio in an Azure virtual network"
//! (machine-learning/how-to-enable-studio-virtual-network), "Connect to storage by using identity-based
//! data access with SDK v1" (machine-learning/v1/how-to-identity-based-data-access).

use super::{
    Check, Group, Plan, Requirement,
    data::{self, READ_BLOBS},
    place, register_datastore, setup, who,
};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources,
        datastore::{Datastore, ServiceDataAccessAuthIdentity, account_of},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "datastore.register.grant_workspace_access",
    title: text(
        "Register a datastore with workspace access",
        "ワークスペース アクセスを許可してデータストアを登録する",
    ),
    group: Group::Data,
    source: "machine-learning/how-to-enable-studio-virtual-network",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for datastore in all.of(Kind::Datastore) {
        let settings = read!(Datastore, datastore);
        if settings.service_identity == ServiceDataAccessAuthIdentity::None {
            continue;
        }
        let Some(workspace) = place::workspace_of(datastore) else { continue };
        let Some(account) = account_of(datastore, &settings) else { continue };
        let scope = datastore.follow(settings.container).unwrap_or(account);
        // Many datastores are read this way and few registered so: asked where a design says by whom.
        if let Some(person) = setup::named(datastore) {
            let needs = vec![
                register_datastore::write(&person, workspace),
                Requirement::may(
                    &person,
                    text("give roles on {0}", "{0} のロールの割り当て").with([arg(account.name())]),
                    Plane::Control,
                    &["Microsoft.Authorization/roleAssignments/write"],
                    account.id,
                )
                .shows("sy-role-assignment-failed"),
                data::blobs(&who::workspace_identity(workspace), scope, READ_BLOBS)
                    .shows("sy-preview-after-registration")
                    .part(),
            ];
            plans.push(setup::plan(datastore, &person, [workspace.id, account.id], needs));
        }
    }
    plans
}
