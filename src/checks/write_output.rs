//! Can a job write its output to blob storage?
//!
//! Steps in Azure: the same identity acts as for reading (a stored credential, else the user if the job
//! asks for that, else the compute), over the compute's network; reading roles are not enough.
//!
//! Azure docs: "Administrate data authentication" (machine-learning/how-to-administrate-data-authentication).

use super::{
    Check, Group, Plan,
    data::{self, WRITE_BLOBS},
};
use crate::{kinds::Resources, text::text};

pub(super) const CHECK: Check = Check {
    id: "job.output.write",
    title: text("Job writes its output", "ジョブが出力を書き込む"),
    group: Group::Data,
    source: "machine-learning/how-to-administrate-data-authentication",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    data::writes(all)
        .into_iter()
        .map(|it| {
            let mut needs = it.flows();
            if it.has_credential() {
                needs.extend(data::by_credential(it, WRITE_BLOBS));
            } else {
                let actor = it.actor();
                needs.extend(it.tenant(&actor));
                if it.is_files() {
                    needs.push(data::files_need_a_credential(&actor, it.data));
                } else if let Some(scope) = it.scope() {
                    needs.push(it.blobs(&actor, scope, WRITE_BLOBS).shows("sy-storage-rbac"));
                }
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
