//! Operations of Azure Machine Learning as flows: who sends each one, and to what.
//!
//! A question that names an operation asks about all its flows, in this order, whichever end it names
//! beside it. An operation without flows here is read by the words of its title.

use drawbridge::{checks, kinds::Kind};

/// Who sends a flow, which matters more than who clicks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    /// Whoever the question names.
    Caller,
    /// Azure Machine Learning as the workspace.
    Service,
    /// What the job runs on.
    Compute,
    /// The cluster that builds images.
    BuildCluster,
    /// The same, or a task of the registry where the workspace has none.
    Builder,
    Task,
    Deployment,
    Nodes,
    ContainerInstances,
    /// Clusters, deployments and the cluster that builds images.
    Pullers,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// Login server, then layers.
    Pull,
    /// Login server.
    Push,
    /// The same of a registry that is not the workspace's.
    PrivatePull,
    PrivateLogin,
    /// A face of the workspace's default storage.
    Default(&'static str),
    /// Blobs of the account with the data, which is the default storage where no other is named.
    Data,
    /// Directories and lists of the same, where its namespace is hierarchical.
    Lake,
    /// Blobs of an account that is not the default storage.
    OtherStorage,
    Vault,
    Scoring,
    /// Base images and packages.
    Public,
}

impl Sender {
    /// What to draw or name where it is not known.
    pub(super) const fn called(self) -> &'static str {
        match self {
            Sender::Caller => "the one who asks",
            Sender::Service | Sender::Task => "the service",
            Sender::Compute | Sender::Pullers => "a compute",
            Sender::BuildCluster | Sender::Builder => "a build cluster",
            Sender::Deployment => "an online endpoint",
            Sender::Nodes => "a Kubernetes cluster",
            Sender::ContainerInstances => "a container instance",
        }
    }
}

impl Target {
    pub(super) const fn called(self) -> &'static str {
        match self {
            Target::Pull | Target::Push => "the workspace registry",
            Target::PrivatePull | Target::PrivateLogin => "another registry",
            Target::Default(_) => "the default storage",
            Target::Data | Target::Lake => "the storage with the data",
            Target::OtherStorage => "another storage account",
            Target::Vault => "the key vault",
            Target::Scoring => "an online endpoint",
            Target::Public => "public sources",
        }
    }
}

impl Operation {
    /// Whether one of the flows goes to such a resource.
    pub(super) fn ends_at(&self, kind: Kind) -> bool {
        self.flows.iter().any(|(_, target)| match target {
            Target::Pull | Target::Push | Target::PrivatePull | Target::PrivateLogin => {
                kind == Kind::ContainerRegistry
            }
            Target::Default(_) | Target::Data | Target::Lake | Target::OtherStorage => {
                kind == Kind::StorageAccount
            }
            Target::Vault => kind == Kind::KeyVault,
            Target::Scoring => matches!(kind, Kind::OnlineEndpoint | Kind::BatchEndpoint),
            Target::Public => false,
        })
    }
}

pub(super) struct Operation {
    pub(super) id: &'static str,
    /// In English and in Japanese.
    titles: [&'static str; 2],
    /// Other ways to say it: one of these lines with all its words, whatever stands between them.
    words: &'static [&'static str],
    pub(super) flows: &'static [(Sender, Target)],
}

const fn row(
    id: &'static str,
    titles: [&'static str; 2],
    words: &'static [&'static str],
    flows: &'static [(Sender, Target)],
) -> Operation {
    Operation { id, titles, words, flows }
}

/// Special ones stand before general ones.
const ALL: &[Operation] = &[
    row(
        "image.build.on_compute",
        [
            "build images on a compute cluster behind the vnet",
            "vnet内のコンピューティング クラスターでイメージをビルドする",
        ],
        &["build image cluster", "build environment cluster"],
        &[
            (Sender::BuildCluster, Target::Push),
            (Sender::BuildCluster, Target::Default("blob")),
            (Sender::BuildCluster, Target::Default("file")),
            (Sender::BuildCluster, Target::Public),
        ],
    ),
    row(
        "image.build.private_base_image",
        [
            "build a managed environment on top of a base image from a private acr",
            "プライベートacrのベースイメージからマネージド環境をビルドする",
        ],
        &["build base image private"],
        &[(Sender::Task, Target::PrivateLogin), (Sender::Task, Target::Push)],
    ),
    row(
        "image.build.workspace_acr",
        [
            "build an environment image and push it to the workspace acr",
            "環境イメージをビルドしてワークスペースacrに格納する",
        ],
        &["build image", "build environment"],
        &[
            (Sender::Builder, Target::Push),
            (Sender::Builder, Target::Default("blob")),
            (Sender::Builder, Target::Public),
        ],
    ),
    row(
        "image.pull.kubernetes_training",
        [
            "training on attached kubernetes pulls its image",
            "アタッチしたkubernetesでの学習時にイメージをプルする",
        ],
        &["pull image kubernetes", "pull image aks"],
        &[(Sender::Nodes, Target::Pull)],
    ),
    row(
        "oe.deploy.pull_image",
        [
            "deployment pulls its image from the workspace acr",
            "デプロイがワークスペースacrからイメージをプルする",
        ],
        &["pull deployment image"],
        &[(Sender::Deployment, Target::Pull)],
    ),
    row(
        "image.pull.training.private_acr_as_is",
        [
            "training job uses a base image from a private acr as it is",
            "プライベートacrのベースイメージをそのまま学習に使う",
        ],
        &["pull image private acr", "pull image private registry"],
        &[(Sender::Compute, Target::PrivatePull)],
    ),
    row(
        "image.pull.training.workspace_acr",
        [
            "training job pulls its image from the workspace acr",
            "学習ジョブがワークスペースacrからイメージをプルする",
        ],
        &["pull image", "compute pull", "compute download image"],
        &[(Sender::Compute, Target::Pull)],
    ),
    row(
        "oe.deploy.model_download",
        [
            "deployment downloads model and code from the default storage",
            "デプロイが既定ストレージからモデルとコードを取得する",
        ],
        &["deployment download model", "compute download model"],
        &[(Sender::Deployment, Target::Default("blob"))],
    ),
    row(
        "oe.score.read_blob",
        [
            "scoring script reads another storage account",
            "スコアリング スクリプトが別のストレージを読む",
        ],
        &["scoring script read"],
        &[(Sender::Deployment, Target::OtherStorage)],
    ),
    row(
        "dataset.profile",
        ["generate profile of a dataset", "データセットのプロファイルを生成する"],
        &["generate profile"],
        &[(Sender::Compute, Target::Data)],
    ),
    row(
        "job.data.credential",
        [
            "job reads a datastore that stores a credential",
            "資格情報を保持するデータストアをジョブが読む",
        ],
        &["job read credential", "job read stored key", "job read account key", "job read sas "],
        &[(Sender::Compute, Target::Data), (Sender::Service, Target::Vault)],
    ),
    row(
        "job.data.user_identity",
        ["v2 job reads data as the submitting user", "v2ジョブが送信ユーザーのidでデータを読む"],
        &["job read data user"],
        &[(Sender::Compute, Target::Data)],
    ),
    row(
        "job.parallel_run_step",
        [
            "parallelrunstep or batch scoring on shared-key-disabled storage",
            "共有キー無効ストレージでのparallelrunstep／バッチ",
        ],
        &["parallelrunstep", "parallel run", "parallel job", "batch scoring", "batch inference"],
        &[
            (Sender::Compute, Target::Default("queue")),
            (Sender::Compute, Target::Default("table")),
            (Sender::Compute, Target::Default("blob")),
        ],
    ),
    row(
        "be.data",
        ["batch job reads its input", "バッチ ジョブが入力を読む"],
        &["batch read input", "batch job use", "batch endpoint use", "run batch"],
        &[
            (Sender::Compute, Target::Data),
            (Sender::Compute, Target::Default("queue")),
            (Sender::Compute, Target::Default("table")),
        ],
    ),
    row(
        "job.data.compute_mi",
        [
            "job reads an identity-based datastore with the compute identity",
            "ジョブがコンピューティングidでデータを読む",
        ],
        &["job read data", "compute read data", "compute read blob"],
        &[(Sender::Compute, Target::Data), (Sender::Compute, Target::Lake)],
    ),
    row(
        "job.output.write",
        ["job writes outputs to blob storage", "ジョブの出力をblobに書き込む"],
        &["job write output"],
        &[(Sender::Compute, Target::Data)],
    ),
    row(
        "job.secret.read",
        ["job code reads a key vault secret", "ジョブのコードがkey vaultのシークレットを読む"],
        &["job read secret", "compute read secret"],
        &[(Sender::Compute, Target::Vault)],
    ),
    row(
        "oe.invoke",
        ["send a scoring request", "スコアリング要求を送る"],
        &["scoring request", "invoke online endpoint"],
        &[(Sender::Caller, Target::Scoring)],
    ),
    row(
        "aks.v1.deploy",
        ["deploy a registered model to aks (v1)", "aksにモデルをデプロイする (v1)"],
        &["deploy model aks", "deploy model kubernetes"],
        &[(Sender::Nodes, Target::Pull), (Sender::Nodes, Target::Default("blob"))],
    ),
    row(
        "aci.v1.deploy",
        [
            "deploy a registered model to azure container instances (v1)",
            "aciにモデルをデプロイする (v1)",
        ],
        &["deploy model container instance"],
        &[(Sender::ContainerInstances, Target::Pull)],
    ),
    row(
        "ws.acr.behind_vnet",
        [
            "put the workspace acr behind the virtual network",
            "ワークスペースacrを仮想ネットワークの背後に置く",
        ],
        &["acr behind network", "registry behind network"],
        &[(Sender::Pullers, Target::Pull)],
    ),
    row(
        "compute.instance.use",
        [
            "open jupyter, jupyterlab, vs code or terminal on a compute instance",
            "コンピューティング インスタンスのアプリを開く",
        ],
        &[],
        &[],
    ),
    row(
        "studio.datastore.browse",
        ["browse a datastore in studio", "スタジオでデータストアを参照する"],
        &[],
        &[],
    ),
    row(
        "studio.dataset.preview",
        ["preview or schema of a dataset in studio", "スタジオでデータセットをプレビューする"],
        &[],
        &[],
    ),
    row("studio.notebooks", ["use notebooks in studio", "スタジオのノートブックを使う"], &[], &[]),
    row(
        "studio.open",
        [
            "open studio home or compute pages on a private workspace",
            "プライベート ワークスペースのスタジオを開く",
        ],
        &[],
        &[],
    ),
    row("job.submit.v1", ["submit a run with sdk/cli v1", "v1でランを送信する"], &[], &[]),
    row("job.submit.v2", ["submit a job with sdk/cli v2", "v2でジョブを送信する"], &[], &[]),
    row("auth.interactive", ["sdk signs in interactively", "sdkの対話型認証"], &[], &[]),
    row(
        "auth.msi_vm",
        ["sdk on an azure vm signs in with the vm identity", "azure vm上のsdkがmiで認証する"],
        &[],
        &[],
    ),
    row(
        "oe.create",
        [
            "create or update a managed online endpoint or deployment",
            "マネージド オンライン エンドポイント／デプロイを作成する",
        ],
        &[],
        &[],
    ),
    row(
        "model.register.local",
        ["register a model from local files", "ローカルファイルからモデルを登録する"],
        &[],
        &[],
    ),
];

/// The operation in words, where a question gives its id or its Japanese title; `said` is in lower case.
pub(super) fn in_words(said: String) -> String {
    if let Some(it) = ALL.iter().find(|it| it.id == said || said.contains(it.titles[1])) {
        return it.titles[0].to_owned();
    }
    let check = checks::ALL.iter().find(|it| it.id == said || said == it.title.ja.to_lowercase());
    check.map_or(said, |it| it.title.en.to_lowercase())
}

/// The operation whose flows stand here; `said` is in lower case. What a compute does needs no job to be
/// spoken of.
pub(super) fn find(said: &str, by_compute: bool) -> Option<&'static Operation> {
    let rows = || ALL.iter().filter(|it| !it.flows.is_empty());
    let titled = |it: &&Operation| {
        let own = checks::find(it.id).is_some_and(|it| it.title.en.eq_ignore_ascii_case(said));
        own || said.contains(it.titles[0])
    };
    let fits = |word| said.contains(word) || by_compute && word == "compute";
    let worded = |it: &&Operation| {
        let mut lines = it.words.iter();
        !said.contains("submit") && lines.any(|it| it.split_whitespace().all(fits))
    };
    rows().find(titled).or_else(|| rows().find(worded))
}

pub(super) fn by_id(id: &str) -> Option<&'static Operation> {
    ALL.iter().find(|it| it.id == id)
}
