//! Can code on a compute of the workspace sign in with the compute's managed identity?
//!
//! Steps in Azure: the code asks the compute for a token. On a cluster it gets its default identity, and
//! must name the client ID (`DEFAULT_IDENTITY_CLIENT_ID`) of a user-assigned one; on a compute instance
//! without an identity it gets the instance's user.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use super::{Check, Group, Plan, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "auth.msi_compute",
    title: text(
        "Sign in with the identity of a compute",
        "コンピューティングの ID でサインインする",
    ),
    group: Group::SignIn,
    source: "machine-learning/how-to-identity-based-service-authentication",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace) {
        for compute in place::computes(workspace) {
            let actor = who::compute_identity(compute);
            // A compute without an identity is no failed sign-in: nobody set one up.
            if actor.who.is_none() {
                continue;
            }
            plans.push(Plan {
                subject: place::from_to(compute, workspace),
                from: compute.id,
                involves: vec![compute.id, workspace.id],
                needs: vec![
                    place::resource_manager(compute),
                    Requirement::may(
                        &actor,
                        text("read {0}", "{0} の読み取り").with([arg(workspace.name())]),
                        Plane::Control,
                        &["Microsoft.MachineLearningServices/workspaces/read"],
                        workspace.id,
                    )
                    .shows("sy-authorization-failed"),
                    place::face(compute, workspace, "api").shows("sy-api").part(),
                ],
                notes: Vec::new(),
            });
        }
    }
    plans
}
