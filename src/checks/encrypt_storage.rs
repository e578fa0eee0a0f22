//! Can the storage of a workspace use the customer-managed key through a user-assigned identity?
//!
//! Steps in Azure:
//! 1. the workspace names an identity for the key (`user-assigned-identity-for-cmk-encryption` of the CLI);
//!    it may be the primary one or another,
//! 2. the storage signs in to the vault as that identity, to get, wrap and unwrap.
//!
//! The pages name the three operations; Key Vault Crypto Service Encryption User is the role for them.
//!
//! Azure docs: "Customer-managed keys for Azure Machine Learning"
//! (machine-learning/concept-customer-managed-keys).

use super::{Actor, Check, Group, Plan, create_workspace_encrypted, setup, vault};
use crate::{
    kinds::{Kind, Resources, Subject, workspace::Workspace},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.cmk.storage_uai",
    title: text(
        "Storage uses the customer-managed key by a user-assigned identity",
        "ストレージがユーザー割り当て ID でカスタマー マネージド キーを使う",
    ),
    group: Group::Setup,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/concept-customer-managed-keys";

fn plans(all: &Resources) -> Vec<Plan> {
    all.of(Kind::Workspace)
        .filter_map(|workspace| {
            let identity = workspace.follow(read!(Workspace, workspace).encryption_identity)?;
            Some(plan(workspace, identity))
        })
        .collect()
}

fn plan(workspace: Subject<'_>, identity: Subject<'_>) -> Plan {
    let actor = Actor::is(
        identity.id,
        text(
            "{0} acts: {1} names it for the customer-managed key",
            "{0} として実行: {1} でカスタマー マネージド キー用に指定",
        )
        .with([arg(identity.name()), arg(workspace.name())]),
        SOURCE,
    );
    let vault = workspace.follow(read!(Workspace, workspace).encryption_key_vault);
    let need = match vault {
        Some(vault) => vault::may_encrypt(&actor, workspace, vault).shows("sy-cmk-storage"),
        None => create_workspace_encrypted::no_vault(workspace),
    };
    setup::plan(
        workspace,
        &actor,
        [identity.id].into_iter().chain(vault.map(|it| it.id)),
        vec![need],
    )
}
