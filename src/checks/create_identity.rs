//! Can the user-assigned identity be created?
//!
//! Steps in Azure:
//! 1. the call writes the identity into its resource group,
//! 2. the identity holds no role, and Microsoft Entra ID takes about a minute to know it everywhere.
//!
//! Managed Identity Contributor creates identities and attaches none of them to anything.
//!
//! Azure docs: "Troubleshoot Azure RBAC" (role-based-access-control/troubleshooting).

use super::{Check, Group, Plan, Requirement, assign_role, setup};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "uai.create",
    title: text("Create a user-assigned identity", "ユーザー割り当てマネージド ID を作成する"),
    group: Group::Setup,
    source: "role-based-access-control/troubleshooting",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for identity in all.of(Kind::UserAssignedIdentity) {
        let Some(group) = identity.within(Kind::ResourceGroup) else { continue };
        for person in setup::administrators(identity) {
            let need = Requirement::may(
                &person,
                text("create identities in {0}", "{0} での ID の作成").with([arg(group.name())]),
                Plane::Control,
                &["Microsoft.ManagedIdentity/userAssignedIdentities/write"],
                group.id,
            )
            .shows("sy-authorization-failed");
            let mut plan = setup::plan(identity, &person, [], vec![need]);
            plan.notes = vec![
                text("a new identity holds no role", "作成した ID にはロールがありません").into(),
                assign_role::new_identity(),
            ];
            plans.push(plan);
        }
    }
    plans
}
