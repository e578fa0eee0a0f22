//! Job: a training run, with who submits it, where it runs, as whom and on what data.
//!
//! Azure docs: "Train models with Azure Machine Learning" (machine-learning/how-to-train-model),
//! "Set up authentication between Azure Machine Learning and other services" (machine-learning/how-to-identity-based-service-authentication).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    common::CALLERS,
    no_arm, reach,
    setting::{Problem, Ref, Relation, choice, settings},
    workspace::{IsolationMode, Workspace},
};
use crate::{
    facts::{
        Facts,
        network::{Host, Position, PublicAddress},
    },
    text::text,
};

choice! {
    /// What is run.
    pub enum JobType {
        Command = "Command", text("Command", "コマンド");
        AutoMl = "AutoML", text("Automated ML", "自動 ML");
        Pipeline = "Pipeline", text("Pipeline", "パイプライン");
        Sweep = "Sweep", text("Sweep", "スイープ");
        ParallelRunStep = "ParallelRunStep", text("ParallelRunStep", "ParallelRunStep");
        DatasetProfile = "DatasetProfile", text("Dataset profile", "データセットのプロファイル");
    }
}

choice! {
    /// Which tool submits it.
    pub enum SubmittedWith {
        V2 = "v2", text("CLI or SDK v2", "CLI または SDK v2");
        V1 = "v1", text("SDK v1", "SDK v1");
        Studio = "studio", text("Studio", "スタジオ");
    }
}

choice! {
    /// Identity that the job asks for (ARM: `identity.identityType`).
    pub enum JobIdentity {
        /// Falls back to the compute's identity.
        NotSet = "NotSet", text("Not set", "指定なし");
        UserIdentity = "UserIdentity", text("User identity", "ユーザー ID");
        Managed = "Managed", text("Managed identity", "マネージド ID");
        AmlToken = "AMLToken", text("Azure Machine Learning token", "Azure Machine Learning トークン");
    }
}

settings! {
    /// Settings of a job.
    pub struct Job {
        job_type: JobType = "jobType", JobType::Command,
            text("Type", "種類"),
            text("What is run", "実行するもの");
        submitted_by: Option<Ref> = "submittedBy", None,
            text("Submitted by", "送信者"),
            text("Who signs in and submits it", "サインインしてジョブを送信するユーザー"),
            to CALLERS, Some(Relation::Identity);
        submitted_with: SubmittedWith = "submittedWith", SubmittedWith::V2,
            text("Submitted with", "送信に使うツール"),
            text("Decides which identities are supported", "使用できる ID が決まります");
        compute: Option<Ref> = "computeId", None,
            text("Compute", "コンピューティング"),
            text("Where it runs; empty means serverless compute", "実行先。空の場合はサーバーレス コンピューティング"),
            to &[Kind::ComputeCluster, Kind::ComputeInstance, Kind::AttachedKubernetes], Some(Relation::Data);
        environment: Option<Ref> = "environmentId", None,
            text("Environment", "環境"),
            text("Environment whose image it runs in", "実行するイメージの環境"),
            to &[Kind::EnvironmentImage], Some(Relation::Data);
        identity: JobIdentity = "identity.identityType", JobIdentity::NotSet,
            text("Identity", "ID"),
            text("Who reads the data when no credential is stored", "資格情報が保管されていない場合にデータを読み取る ID");
        managed_identity: Option<Ref> = "identity.resourceId", None,
            text("Managed identity", "マネージド ID"),
            text("Which one, when the compute has several; empty means the default", "コンピューティングに複数ある場合に指定。空の場合は既定の ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        reads: Vec<Ref> = "reads", Vec::new(),
            text("Reads", "読み取り先"),
            text("Inputs: a datastore, or storage by address", "入力。データストア、またはアドレスで指定するストレージ"),
            to &[Kind::Datastore, Kind::BlobContainer, Kind::FileShare], Some(Relation::Data);
        writes: Vec<Ref> = "writes", Vec::new(),
            text("Writes", "書き込み先"),
            text("Outputs: a datastore, or storage by address", "出力。データストア、またはアドレスで指定するストレージ"),
            to &[Kind::Datastore, Kind::BlobContainer, Kind::FileShare], Some(Relation::Data);
        /// Ours: what its script passes to `ManagedIdentityCredential`.
        names_client_id: bool = "namesClientId", true,
            text("Names the client ID", "クライアント ID を指定"),
            text("Whether its script signs in with the client ID of the compute's identity (DEFAULT_IDENTITY_CLIENT_ID), which a user-assigned one on a cluster needs. Not an ARM property", "スクリプトのサインインでコンピューティングの ID のクライアント ID (DEFAULT_IDENTITY_CLIENT_ID) を指定するかどうか。クラスターのユーザー割り当て ID では必須です。ARM のプロパティではありません");
        /// Ours: a design holds no files.
        path: String = "path", String::new(),
            text("Path", "パス"),
            text("File that it reads or writes in the data, such as raw/a.csv, for access control lists and conditions on paths; empty means not said. Not an ARM property", "データ内で読み書きするファイル (例: raw/a.csv)。アクセス制御リストとパスの条件の判定に使います。空の場合は指定なし。ARM のプロパティではありません");
        reads_secrets_from: Vec<Ref> = "readsSecretsFrom", Vec::new(),
            text("Reads secrets from", "シークレットの読み取り先"),
            text("Key vaults, or single secrets, that its script reads", "スクリプトが読み取るキー コンテナーまたは個別のシークレット"),
            to &[Kind::KeyVault, Kind::KeyVaultSecret], Some(Relation::Data);
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "job",
    label: text("Job", "ジョブ"),
    help: text(
        "A training run: who, where, as whom, on what",
        "トレーニングの実行: 誰が、どこで、どの ID で、何を使うか",
    ),
    source: "machine-learning/how-to-train-model",
    group: Group::MachineLearning,
    // A job is work, not a resource to deploy.
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::In(Kind::Workspace)],
    fields: Job::FIELDS,
    name: NameRule::FREE,
    facts,
    arm: no_arm,
    check,
};

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = Job::of(subject);
    let mut problems = Vec::new();
    if it.identity != JobIdentity::Managed && it.managed_identity.is_some() {
        problems.push(Problem {
            field: "identity.identityType".to_owned(),
            text: text(
                "a managed identity is named, so choose managed identity here or clear it",
                "マネージド ID が指定されています。ここでマネージド ID を選ぶか、指定を外してください",
            )
            .into(),
        });
    }
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, Job::from_settings);
    let Some(owner) = subject.within(Kind::Workspace) else { return };
    // On a compute of the design the compute is the host; serverless compute exists with the job only.
    if settings.compute.is_some() {
        return;
    }
    let of_owner = Workspace::of(owner);
    let host = if of_owner.isolation_mode != IsolationMode::Disabled {
        Host { provisions: true, ..Host::at(Position::Managed { network: owner.id }) }
    } else if let Some(subnet) = reach::existing_one(owner, of_owner.serverless_subnet) {
        let public = (!of_owner.serverless_no_public_ip)
            .then_some(PublicAddress { at: subject.id, prefix: None });
        let position = Position::Subnet { subnet, address: None };
        Host { public, of_service: true, ..Host::at(position) }
    } else {
        Host::at(Position::Platform { region: reach::region(owner) })
    };
    facts.hosts.insert(subject.id, host);
}
