//! Can a key vault be created again whose name a soft-deleted vault still holds?
//!
//! Steps in Azure:
//! 1. creation fails while the deleted vault holds the name,
//! 2. purging it frees the name: a right on the subscription, which Key Vault Contributor subtracts,
//! 3. with purge protection nobody purges it before its retention ends; recovering it, or another name,
//!    are the ways left. A recovered vault has lost its role assignments.
//!
//! Azure docs: "Azure Key Vault recovery management with soft delete and purge protection"
//! (key-vault/general/key-vault-recovery).

use super::{Actor, Check, Group, Plan, Requirement, create_workspace_encrypted, setup};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject, key_vault::KeyVault},
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "kv.reuse_soft_deleted_name",
    title: text(
        "Create a key vault whose name a deleted one holds",
        "論理削除されたキー コンテナーと同じ名前で作成する",
    ),
    group: Group::Setup,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "key-vault/general/key-vault-recovery";

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for vault in all.of(Kind::KeyVault) {
        if read!(KeyVault, vault).soft_deleted_name_exists {
            for person in setup::administrators_or_unknown(vault) {
                plans.push(plan(&person, vault));
            }
        }
    }
    plans
}

fn plan(person: &Actor, vault: Subject<'_>) -> Plan {
    let what = text("purge the deleted vault", "削除済みキー コンテナーの消去");
    let purge = match vault.within(Kind::Subscription) {
        Some(subscription) => Requirement::may(
            person,
            what,
            Plane::Control,
            &["Microsoft.KeyVault/locations/deletedVaults/purge/action"],
            subscription.id,
        ),
        None => Requirement::said(
            person,
            what,
            vec![create_workspace_encrypted::no_subscription(vault)],
        ),
    };
    let needs = vec![may_be_purged(vault), purge.shows("sy-keyvault-softdelete")];
    let mut plan = setup::plan(vault, person, [], needs);
    plan.notes.push(
        text(
            "a recovered vault keeps its secrets and has lost its role assignments",
            "回復したキー コンテナーにはシークレットが残りますが、ロールの割り当ては失われます",
        )
        .into(),
    );
    plan
}

fn may_be_purged(vault: Subject<'_>) -> Requirement {
    let name = || arg(vault.name());
    let step = if read!(KeyVault, vault).soft_deleted_purge_protected {
        Step::deny(
            Hop::ServiceMode,
            text(
                "the deleted vault {0} is purge-protected: nobody purges it before its retention ends; recover it, or choose another name",
                "削除済みの {0} には消去保護があり、保有期間が終わるまで誰も消去できません。回復するか、別の名前にしてください",
            )
            .with([name()]),
        )
    } else {
        Step::pass(
            Hop::ServiceMode,
            text("the deleted vault {0} can be purged", "削除済みの {0} は消去できます")
                .with([name()]),
        )
    };
    Requirement::mode(
        text("no purge protection", "消去保護がないこと"),
        vec![step.at(vault.id).source(SOURCE)],
    )
    .shows("sy-keyvault-softdelete")
}
