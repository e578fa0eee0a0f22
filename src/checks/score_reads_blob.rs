//! Can a scoring script read a blob of another storage account?
//!
//! Steps in Azure:
//! 1. the deployment's machines reach the account,
//! 2. the script asks for a token of the endpoint's identity (for a user-assigned one it names the client
//!    ID) and reads: a data role is needed, and Azure grants none outside the default storage.
//!
//! When the script reads in `init()`, the container crashes and the deployment fails.
//!
//! Azure docs: "Access Azure resources from an online endpoint with a managed identity"
//! (machine-learning/how-to-access-resources-from-endpoints-managed-identities).

use super::{
    Check, Group, Plan,
    data::{self, READ_BLOBS},
    endpoints, place, who,
};
use crate::{
    kinds::{Kind, Resources},
    text::text,
};

pub(super) const CHECK: Check = Check {
    id: "oe.score.read_blob",
    title: text("Scoring script reads a blob", "スコアリング スクリプトが BLOB を読み取る"),
    group: Group::Endpoint,
    source: "machine-learning/how-to-access-resources-from-endpoints-managed-identities",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for it in endpoints::managed(all) {
        for target in it.settings().scoring_reads.clone() {
            let Some(target) = it.deployment.follow(Some(target)) else { continue };
            let account = match target.kind() {
                Kind::StorageAccount => Some(target),
                // A file share is not read as blobs; what its identity-based form needs is not documented.
                Kind::FileShare => None,
                _ => target.within(Kind::StorageAccount),
            };
            let Some(account) = account else { continue };
            let mut involves = it.involves();
            involves.extend([account.id, target.id]);
            involves.dedup();
            plans.push(Plan {
                subject: it.to(target),
                from: it.endpoint.id,
                involves,
                needs: vec![
                    place::face(it.deployment, account, "blob").shows("sy-endpoint-init"),
                    data::blobs(&who::endpoint_identity(it.endpoint), target, READ_BLOBS)
                        .shows("sy-endpoint-init"),
                ],
                notes: Vec::new(),
            });
        }
    }
    plans
}
