//! Can a job read data as the user who submits it?
//!
//! Steps in Azure:
//! 1. the job asks for user identity (CLI or SDK v2; Studio does not support it, SDK v1 ignores it),
//! 2. the compute still opens the connection, so its network must reach the storage account,
//! 3. the submitting user's token is shown: the user needs a data role.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use serde_json::json;

use super::{
    Check, Group, Plan, Requirement,
    data::{self, READ_BLOBS, Way},
    lists, who,
};
use crate::{
    kinds::{
        Resources, Subject,
        job::{Job, SubmittedWith},
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "job.data.user_identity",
    title: text(
        "Job reads data as the submitting user",
        "ジョブが送信ユーザーの ID でデータを読み取る",
    ),
    group: Group::Data,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-identity-based-service-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    data::reads(all)
        .into_iter()
        .filter(|it| it.way() == Way::UserIdentity)
        .map(|it| {
            let actor = who::job_identity(it.job, it.compute);
            let mut needs = it.flows();
            needs.extend(it.job.map(|job| supported(&actor, job)));
            needs.extend(it.tenant(&actor));
            if it.is_files() {
                needs.push(data::files_need_a_credential(&actor, it.data));
            } else if let Some(scope) = it.scope() {
                let refused = lists::refusal(scope, "sy-stream-authentication");
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

/// User identity is a feature of the CLI and the SDK v2.
fn supported(actor: &super::Actor, job: Subject<'_>) -> Requirement {
    let step = if read!(Job, job).submitted_with == SubmittedWith::Studio {
        Step::deny(
            Hop::Credential,
            text(
                "{0} is submitted from Studio, which does not support user identity; use the CLI or SDK v2",
                "{0} はスタジオから送信されますが、スタジオではユーザー ID を使えません。CLI か SDK v2 を使ってください",
            )
            .with([arg(job.name())]),
        )
    } else {
        Step::pass(
            Hop::Credential,
            text(
                "the CLI and SDK v2 support user identity",
                "CLI と SDK v2 はユーザー ID に対応しています",
            ),
        )
    };
    Requirement::said(
        actor,
        text("user identity for {0}", "{0} でのユーザー ID").with([arg(job.name())]),
        vec![step.at(job.id).source(SOURCE)],
    )
    .or_set(
        text("Submit {0} with the CLI or SDK v2", "{0} を CLI または SDK v2 で送信する")
            .with([arg(job.name())]),
        job.id,
        "submittedWith",
        json!("v2"),
    )
}
