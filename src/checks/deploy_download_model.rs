//! Can a deployment of a managed online endpoint download its model and code?
//!
//! Steps in Azure:
//! 1. the deployment's machines reach the workspace's default storage account,
//! 2. the endpoint's identity reads the blobs. A system-assigned one gets Storage Blob Data Reader there
//!    when the endpoint is created (Contributor where the storage is identity-based); a user-assigned
//!    one gets nothing.
//!
//! Azure docs: "Access Azure resources from an online endpoint with a managed identity"
//! (machine-learning/how-to-access-resources-from-endpoints-managed-identities).

use super::{
    Check, Group, Plan,
    data::{self, READ_BLOBS},
    endpoints, place, who,
};
use crate::{kinds::Resources, text::text};

pub(super) const CHECK: Check = Check {
    id: "oe.deploy.model_download",
    title: text("Deployment downloads its model", "デプロイがモデルをダウンロードする"),
    group: Group::Endpoint,
    source: "machine-learning/how-to-access-resources-from-endpoints-managed-identities",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    endpoints::managed(all)
        .into_iter()
        .filter_map(|it| Some((it, place::storage(it.workspace)?)))
        .map(|(it, storage)| {
            let mut involves = it.involves();
            involves.push(storage.id);
            Plan {
                subject: it.to(storage),
                from: it.endpoint.id,
                involves,
                needs: vec![
                    place::face(it.deployment, storage, "blob"),
                    data::blobs(&who::endpoint_identity(it.endpoint), storage, READ_BLOBS)
                        .shows("sy-endpoint-startup"),
                ],
                notes: Vec::new(),
            }
        })
        .collect()
}
