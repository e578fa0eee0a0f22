//! Can a `ParallelRunStep` or a batch job run on the workspace's storage?
//!
//! Its nodes share their work through queues and tables of the default storage account, with the key of
//! the account, or, where that storage is identity-based, as the compute's identity.
//!
//! Azure docs: "Disable shared key access for your workspace's storage account"
//! (machine-learning/how-to-disable-local-auth-storage).

use super::{Actor, Check, Group, Plan, Requirement, data, place, rule, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        batch_endpoint::BatchEndpoint,
        job::{Job, JobType},
        workspace::{SystemDatastoresAuthMode, Workspace},
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "job.parallel_run_step",
    title: text(
        "ParallelRunStep or batch scoring uses the workspace storage",
        "ParallelRunStep またはバッチ スコアリングがワークスペースのストレージを使う",
    ),
    group: Group::Job,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-disable-local-auth-storage";

fn plans(all: &Resources) -> Vec<Plan> {
    let jobs = all
        .of(Kind::Job)
        .filter(|it| read!(Job, *it).job_type == JobType::ParallelRunStep)
        .map(|it| (it, it.follow(read!(Job, it).compute)));
    let batches =
        all.of(Kind::BatchEndpoint).map(|it| (it, it.follow(read!(BatchEndpoint, it).compute)));
    jobs.chain(batches)
        .filter_map(|(it, compute)| {
            let workspace = place::workspace_of(it)?;
            Some((it, compute?, workspace, place::storage(workspace)?))
        })
        .map(|(it, compute, workspace, storage)| {
            let mut needs: Vec<Requirement> =
                ["blob", "queue", "table"].map(|face| place::face(compute, storage, face)).into();
            needs.extend(
                rights(compute, workspace, storage)
                    .into_iter()
                    .map(|it| it.shows("sy-step-failed")),
            );
            Plan {
                subject: text("{0} on {1}", "{1} の {0}")
                    .with([arg(it.name()), arg(compute.name())]),
                from: compute.id,
                involves: vec![it.id, compute.id, storage.id],
                needs,
                notes: Vec::new(),
            }
        })
        .collect()
}

fn rights(compute: Subject<'_>, workspace: Subject<'_>, storage: Subject<'_>) -> Vec<Requirement> {
    if read!(Workspace, workspace).system_datastores_auth_mode
        == SystemDatastoresAuthMode::AccessKey
    {
        let key = Actor {
            who: None,
            step: Step::pass(
                Hop::Actor,
                text(
                    "the account key of {0}, which the workspace keeps, acts",
                    "ワークスペースが保持する {0} のアカウント キーで実行",
                )
                .with([arg(storage.name())]),
            )
            .at(storage.id)
            .source(SOURCE),
        };
        return vec![rule::shared_key(&key, storage)];
    }
    let identity = who::managed_identity(compute);
    let name = || [arg(storage.name())];
    vec![
        Requirement::may(
            &identity,
            text("read and write queues of {0}", "{0} のキューの読み書き").with(name()),
            Plane::Data,
            &[
                "Microsoft.Storage/storageAccounts/queueServices/queues/messages/read",
                "Microsoft.Storage/storageAccounts/queueServices/queues/messages/write",
            ],
            storage.id,
        ),
        Requirement::may(
            &identity,
            text("read and write tables of {0}", "{0} のテーブルの読み書き").with(name()),
            Plane::Data,
            &[
                "Microsoft.Storage/storageAccounts/tableServices/tables/entities/read",
                "Microsoft.Storage/storageAccounts/tableServices/tables/entities/write",
            ],
            storage.id,
        ),
        data::blobs(&identity, storage, data::WRITE_BLOBS),
    ]
}
