//! Can the code of a job read a secret of a key vault?
//!
//! Steps in Azure:
//! 1. the compute reaches the vault,
//! 2. the code signs in: as the managed identity of the cluster, on serverless compute as the identity
//!    that the job names, or on behalf of the user where the job asks for user identity,
//! 3. the vault decides by roles or by access policies, as its own setting says.
//!
//! Azure docs: "Use authentication credential secrets in Azure Machine Learning jobs"
//! (machine-learning/how-to-use-secrets-in-runs).

use super::{Check, Group, Plan, place, vault, who};
use crate::{
    kinds::{Kind, Resources, job::Job},
    text::text,
};

pub(super) const CHECK: Check = Check {
    id: "job.secret.read",
    title: text(
        "Job code reads a secret of a key vault",
        "ジョブのコードがキー コンテナーのシークレットを読み取る",
    ),
    group: Group::Job,
    source: "machine-learning/how-to-use-secrets-in-runs",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for job in all.of(Kind::Job) {
        let settings = read!(Job, job);
        if place::workspace_of(job).is_none() {
            continue;
        }
        let at = place::runs_at(job);
        let actor = who::job_identity(Some(job), at);
        for it in settings.reads_secrets_from.iter().filter_map(|it| job.follow(Some(*it))) {
            let Some(vault) = vault::of(it) else { continue };
            let mut involves = vec![job.id, at.id, vault.id, it.id];
            involves.sort_unstable();
            involves.dedup();
            plans.push(Plan {
                subject: place::from_to(job, it),
                from: at.id,
                involves,
                needs: vec![
                    place::face(at, vault, "vault"),
                    vault::read_secrets(&actor, vault, it),
                ],
                notes: Vec::new(),
            });
        }
    }
    plans
}
