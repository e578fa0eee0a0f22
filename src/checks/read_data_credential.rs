//! Can a job read a datastore that stores a credential?
//!
//! Steps in Azure:
//! 1. whoever submits may take the credential out of the workspace (`datastores/listsecrets/action`;
//!    two older pages say a workspace Reader can, by the names of the actions it cannot),
//! 2. Azure Machine Learning reads it from the workspace's key vault, as a trusted service,
//! 3. the compute reaches the storage account over its own network: it is no trusted service,
//! 4. the credential is what counts, before every identity: an account key or SAS needs an account that
//!    accepts keys, a service principal needs a data role.
//!
//! Azure docs: "Administrate data authentication" (machine-learning/how-to-administrate-data-authentication).

use super::{
    Check, Group, Plan,
    data::{self, READ_BLOBS, Way},
};
use crate::{kinds::Resources, text::text};

pub(super) const CHECK: Check = Check {
    id: "job.data.credential",
    title: text(
        "Job reads data with a stored credential",
        "ジョブが保管された資格情報でデータを読み取る",
    ),
    group: Group::Data,
    source: "machine-learning/how-to-administrate-data-authentication",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    data::reads(all)
        .into_iter()
        .filter(|it| it.way() == Way::Credential)
        .map(|it| {
            let mut needs = it.flows();
            needs.extend(data::by_credential(it, READ_BLOBS));
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
