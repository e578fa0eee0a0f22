//! Can a profile of a dataset be generated?
//!
//! Steps in Azure: the profile runs as a job on a compute of yours, so the compute's network must reach
//! the storage account and the compute's identity (or the stored credential) reads. A preview that works
//! says nothing about it: the preview reads as the workspace or as the user.
//!
//! Azure docs: "Administrate data authentication" (machine-learning/how-to-administrate-data-authentication).

use super::{
    Check, Group, Plan,
    data::{self, READ_BLOBS, Way},
    who,
};
use crate::{kinds::Resources, text::text};

pub(super) const CHECK: Check = Check {
    id: "dataset.profile",
    title: text("Generate a profile of a dataset", "データセットのプロファイルを生成する"),
    group: Group::Data,
    source: "machine-learning/how-to-administrate-data-authentication",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    data::reads(all)
        .into_iter()
        .filter(|it| it.way() == Way::Profile)
        .map(|it| {
            let mut needs = it.flows();
            if it.has_credential() {
                needs.extend(data::by_credential(it, READ_BLOBS));
            } else {
                let actor = who::compute_identity(it.compute);
                needs.extend(it.tenant(&actor));
                if it.is_files() {
                    needs.push(data::files_need_a_credential(&actor, it.data));
                } else if let Some(scope) = it.scope() {
                    needs.push(it.blobs(&actor, scope, READ_BLOBS).shows("sy-storage-rbac"));
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
