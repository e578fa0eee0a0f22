//! Batch endpoint: starts scoring jobs over files as the identity that calls it.
//!
//! Azure docs: "Batch endpoints" (machine-learning/concept-endpoints-batch),
//! "Authorization on batch endpoints" (machine-learning/how-to-authenticate-batch-endpoint).

use super::{
    Form, Group, Kind, KindInfo, Parent, Subject,
    arm::{ArmResource, ArmValue},
    job::SubmittedWith,
    no_check,
    online_endpoint::ENDPOINT_NAME,
    reach,
    setting::{Ref, Relation, settings},
    workspace::{self, Workspace},
};
use crate::{
    facts::{
        Facts,
        service::{Firewall, Service},
    },
    text::text,
};

settings! {
    /// Settings of a batch endpoint with its default deployment.
    pub struct BatchEndpoint {
        /// Ours: compute of the default deployment.
        compute: Option<Ref> = "compute", None,
            text("Compute", "コンピューティング"),
            text("Cluster that its jobs run on", "ジョブを実行するクラスター"),
            to &[Kind::ComputeCluster, Kind::AttachedKubernetes], Some(Relation::Data);
        /// Ours: environment of the default deployment.
        environment: Option<Ref> = "environment", None,
            text("Environment", "環境"),
            text("Environment whose image its jobs run in", "ジョブを実行するイメージの環境"),
            to &[Kind::EnvironmentImage], Some(Relation::Data);
        /// Ours: what its jobs read.
        reads: Vec<Ref> = "reads", Vec::new(),
            text("Reads", "読み取り先"),
            text("Data that its jobs read: a datastore, or storage by address", "ジョブが読み取るデータ。データストア、またはアドレスで指定するストレージ"),
            to &[Kind::Datastore, Kind::BlobContainer], Some(Relation::Data);
        /// Ours: Studio cannot do all that the CLI can.
        invoked_with: SubmittedWith = "invokedWith", SubmittedWith::V2,
            text("Invoked with", "呼び出しに使うツール"),
            text("Studio cannot invoke it while the workspace is private. Not an ARM property", "ワークスペースがプライベートの場合、スタジオからは呼び出せません。ARM のプロパティではありません");
        description: String = "description", String::new(),
            text("Description", "説明"),
            text("Shown in Studio", "スタジオに表示されます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "batch-endpoint",
    label: text("Batch endpoint", "バッチ エンドポイント"),
    help: text("Starts scoring jobs over files", "ファイルに対するスコアリング ジョブを開始する"),
    source: "machine-learning/concept-endpoints-batch",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces/batchEndpoints"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Workspace)],
    fields: BatchEndpoint::FIELDS,
    name: ENDPOINT_NAME,
    facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = BatchEndpoint::of(subject);
    let Some(workspace) = subject.parent() else { return Vec::new() };
    vec![
        ArmResource::below(
            workspace,
            subject,
            "Microsoft.MachineLearningServices/workspaces/batchEndpoints",
            vec![workspace.name().to_owned(), subject.name().to_owned()],
        )
        .after([workspace.id])
        // Batch endpoints take no keys.
        .with("authMode", ArmValue::text("AADToken"))
        .with_text("description", &it.description),
    ]
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let Some(owner) = subject.within(Kind::Workspace) else { return };
    let of_owner = Workspace::of(owner);
    facts.services.insert(
        subject.id,
        Service {
            region: reach::region(owner),
            tenant: reach::tenant(owner),
            faces: vec![workspace::scoring_face(subject, owner)],
            links: Vec::new(),
            // A batch endpoint has no switch of its own.
            firewall: Firewall {
                symptom: "sy-generic-403",
                browser_symptom: None,
                ..workspace::firewall_of(owner, &of_owner)
            },
        },
    );
}
