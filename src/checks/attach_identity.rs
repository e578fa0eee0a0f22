//! Can a cluster or instance be created or updated with a user-assigned identity?
//!
//! Steps in Azure:
//! 1. the call writes the compute,
//! 2. attaching each identity needs a right on the identity (Azure's rule for linked resources),
//! 3. the identity gets no role by itself: the sentence about AcrPull is about system-assigned ones.
//!
//! Azure docs: "Manage access to Azure Machine Learning workspaces" (machine-learning/how-to-assign-roles).

use super::{Check, Group, Plan, create_compute};
use crate::{kinds::Resources, text::text};

pub(super) const CHECK: Check = Check {
    id: "compute.create.with_uai",
    title: text(
        "Create a compute with a user-assigned identity",
        "ユーザー割り当て ID でコンピューティングを作成する",
    ),
    group: Group::Setup,
    source: "machine-learning/how-to-assign-roles",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (person, workspace, compute) in create_compute::creations(all) {
        if !create_compute::identity(compute).has_user() {
            continue;
        }
        let mut plan = create_compute::plan(&person, workspace, compute);
        plan.notes.push(
            text(
                "Azure grants a user-assigned identity nothing by itself, not even AcrPull",
                "ユーザー割り当て ID には AcrPull も含め、自動で付与されるロールはありません",
            )
            .into(),
        );
        plans.push(plan);
    }
    plans
}
