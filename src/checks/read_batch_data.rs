//! Can a batch job read its input?
//!
//! With a stored credential that one reads. Without one, two identities do: the managed identity of the
//! cluster mounts the storage, and the caller of the endpoint, as whom the job runs, reads.
//!
//! Azure docs: "Authorization on batch endpoints" (machine-learning/how-to-authenticate-batch-endpoint).

use super::{
    Check, Group, Plan,
    data::{self, READ_BLOBS, Use},
    place, who,
};
use crate::{
    kinds::{Kind, Resources, batch_endpoint::BatchEndpoint},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "be.data",
    title: text("Batch job reads its input", "バッチ ジョブが入力を読み取る"),
    group: Group::Endpoint,
    source: "machine-learning/how-to-authenticate-batch-endpoint",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for endpoint in all.of(Kind::BatchEndpoint) {
        let settings = read!(BatchEndpoint, endpoint);
        let Some(workspace) = place::workspace_of(endpoint) else { continue };
        let Some(compute) = endpoint.follow(settings.compute) else { continue };
        for data in settings.reads.iter().filter_map(|it| endpoint.follow(Some(*it))) {
            let it = Use { job: None, workspace, compute, data };
            let mut needs = it.flows();
            if let Some(storage) = place::storage(workspace) {
                needs.push(place::face(compute, storage, "queue"));
                needs.push(place::face(compute, storage, "table"));
            }
            let mounts = who::managed_identity(compute);
            if it.has_credential() {
                needs.extend(data::by_credential(it, READ_BLOBS));
            } else if it.is_files() {
                needs.push(data::files_need_a_credential(&mounts, data));
            } else if let Some(scope) = it.scope() {
                needs.extend(it.tenant(&mounts));
                needs.push(data::blobs(&mounts, scope, READ_BLOBS).shows("sy-storage-rbac"));
                for caller in who::people(workspace) {
                    needs.push(data::blobs(&caller, scope, READ_BLOBS).shows("sy-storage-rbac"));
                }
            }
            let mut involves = it.involves();
            involves.push(endpoint.id);
            plans.push(Plan {
                subject: text("{0} on {1}, {2}", "{1} の {0}、{2}").with([
                    arg(endpoint.name()),
                    arg(compute.name()),
                    arg(data.name()),
                ]),
                from: compute.id,
                involves,
                needs,
                notes: Vec::new(),
            });
        }
    }
    plans
}
