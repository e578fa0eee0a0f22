//! Can a job read a datastore without a stored credential, as its compute?
//!
//! Steps in Azure:
//! 1. the compute reaches the storage account over its own network; the exception for trusted services
//!    is for the workspace, not for computes,
//! 2. the compute's managed identity shows a token: a data role on the container or account is needed.
//!    Roles of the workspace's identity or of the user do not help. SDK v1 always takes the compute's
//!    identity; v2 does unless the job asks for the user's. Serverless compute has none: a job there that asks
//!    for a managed identity reads as the workspace's user-assigned one.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication), "Model training on serverless compute"
//! (machine-learning/how-to-use-serverless-compute).

use super::{
    Check, Group, Plan,
    data::{self, READ_BLOBS, Way},
    lists,
};
use crate::{kinds::Resources, text::text};

pub(super) const CHECK: Check = Check {
    id: "job.data.compute_mi",
    title: text(
        "Job reads data as its compute",
        "ジョブがコンピューティングの ID でデータを読み取る",
    ),
    group: Group::Data,
    source: "machine-learning/how-to-identity-based-service-authentication",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    data::reads(all)
        .into_iter()
        .filter(|it| it.way() == Way::ComputeIdentity)
        .map(|it| {
            let actor = it.actor();
            // The text of SDK v1 is the one that people search for; v2 prints a code.
            let symptom =
                if it.is_v1() { "sy-datastore-identity" } else { "sy-stream-authentication" };
            let mut needs: Vec<_> =
                it.flows().into_iter().map(|need| need.shows(symptom)).collect();
            needs.extend(it.tenant(&actor));
            if it.is_files() {
                needs.push(data::files_need_a_credential(&actor, it.data));
            } else if let Some(scope) = it.scope() {
                let refused = lists::refusal(scope, symptom);
                needs.push(it.blobs(&actor, scope, READ_BLOBS).shows(refused));
            }
            Plan {
                subject: it.subject(),
                from: it.compute.id,
                involves: it.involves(),
                needs,
                notes: Vec::new(),
            }
        })
        .collect()
}
