//! Can a job run on a compute instance?
//!
//! Only the person it belongs to may target it, whatever role anybody else has. A service principal of a
//! pipeline is somebody else too: shared and automated work runs on a cluster.
//!
//! Azure docs: "What is an Azure Machine Learning compute instance?"
//! (machine-learning/concept-compute-instance).

use super::{Check, Group, Plan, place, rule, who};
use crate::{
    kinds::{Kind, Resources, job::Job},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "compute.instance.run_job",
    title: text(
        "Run a job on a compute instance",
        "コンピューティング インスタンスでジョブを実行する",
    ),
    group: Group::Job,
    source: "machine-learning/concept-compute-instance",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    all.of(Kind::Job)
        .filter_map(|job| {
            let instance = job.follow(read!(Job, job).compute)?;
            (instance.kind() == Kind::ComputeInstance).then_some((job, instance))
        })
        .map(|(job, instance)| Plan {
            subject: text("{0} on {1}", "{1} の {0}").with([arg(job.name()), arg(instance.name())]),
            from: job.id,
            involves: vec![job.id, instance.id],
            needs: vec![
                rule::owner_only(&who::submitter(Some(job), place::runs_at(job)), instance)
                    .shows("sy-ci-not-owner"),
            ],
            notes: Vec::new(),
        })
        .collect()
}
