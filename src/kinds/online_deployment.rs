//! Online deployment: the machines, image and model behind an online endpoint.
//!
//! Azure docs: "Deploy and score a machine learning model by using an online endpoint" (machine-learning/how-to-deploy-online-endpoints),
//! "Network isolation with managed online endpoints" (machine-learning/concept-secure-online-endpoint).

use super::{
    Form, Group, Kind, KindInfo, Parent, ResourceId, Subject,
    arm::{ArmResource, ArmValue},
    common::{PublicNetworkAccess, asked, roles_of},
    compute_cluster::MachineSize,
    environment_image::environment_id,
    online_endpoint::{self, ENDPOINT_NAME, OnlineEndpoint},
    reach,
    setting::{Problem, Ref, Relation, Within, settings},
    workspace::{self, Workspace},
};
use crate::{
    facts::{
        Facts,
        managed::{ManagedMode, ManagedNetwork},
        network::{Host, Position},
    },
    text::text,
};

settings! {
    /// An environment variable of the container.
    pub struct EnvironmentVariable {
        name: String = "name", String::new(),
            text("Name", "名前"),
            text("Name of the variable, such as UAI_CLIENT_ID", "変数の名前。例: UAI_CLIENT_ID");
        value: String = "value", String::new(),
            text("Value", "値"),
            text("Do not put secrets here; use secret injection", "シークレットは入力せず、シークレットの挿入を使ってください");
    }
}

settings! {
    /// Settings of an online deployment.
    pub struct OnlineDeployment {
        environment: Option<Ref> = "environmentId", None,
            text("Environment", "環境"),
            text("Environment whose image is pulled", "プルするイメージの環境"),
            to &[Kind::EnvironmentImage], Some(Relation::Data);
        instance_type: MachineSize = "instanceType", MachineSize::new("Standard_DS3_v2"),
            text("Instance type", "インスタンスの種類"),
            text("Size of the machines, such as Standard_DS3_v2", "マシンのサイズ。例: Standard_DS3_v2");
        instance_count: Within<1, 500> = "sku.capacity", Within::near(1),
            text("Instances", "インスタンス数"),
            text("Number of machines", "マシンの台数");
        /// Legacy: ignored when the workspace has a managed network.
        egress: PublicNetworkAccess = "egressPublicNetworkAccess", PublicNetworkAccess::Enabled,
            text("Egress public network access", "エグレス パブリック ネットワーク アクセス"),
            text("Legacy isolation of one deployment; ignored where the workspace has a managed network", "デプロイ単位の従来の分離。ワークスペースがマネージド ネットワークを使う場合は無視されます");
        model: String = "model", String::new(),
            text("Model", "モデル"),
            text("Registered model with its version, such as model:1; without a version it is 1, and empty means the image brings its own", "登録済みのモデルとバージョン。例: model:1。バージョンを省略すると 1 になり、空の場合はイメージに含まれるモデルを使います");
        scoring_script: String = "codeConfiguration.scoringScript", String::new(),
            text("Scoring script", "スコアリング スクリプト"),
            text("File that answers requests, such as score.py; empty for MLflow models", "要求に応答するファイル。例: score.py。MLflow モデルの場合は空");
        /// Ours: storage that the scoring script opens with the endpoint's identity.
        scoring_reads: Vec<Ref> = "scoringReads", Vec::new(),
            text("Scoring script reads", "スコアリング スクリプトの読み取り先"),
            text("Storage that the script opens with the endpoint's identity. Not an ARM property", "スクリプトがエンドポイントの ID で開くストレージ。ARM のプロパティではありません"),
            to &[Kind::BlobContainer, Kind::FileShare, Kind::StorageAccount], Some(Relation::Data);
        /// Ours: what the script passes to `ManagedIdentityCredential`.
        names_client_id: bool = "namesClientId", true,
            text("Names the client ID", "クライアント ID を指定"),
            text("Whether the script signs in with the client ID of the endpoint's identity (UAI_CLIENT_ID), which a user-assigned one needs. Not an ARM property", "スクリプトのサインインでエンドポイントの ID のクライアント ID (UAI_CLIENT_ID) を指定するかどうか。ユーザー割り当て ID では必須です。ARM のプロパティではありません");
        /// Ours: where injected secrets come from.
        injects_secrets_from: Vec<Ref> = "injectsSecretsFrom", Vec::new(),
            text("Secrets injected from", "シークレットの挿入元"),
            text("Connections and vaults whose secrets become environment variables. Not an ARM property", "シークレットを環境変数として挿入する接続またはキー コンテナー。ARM のプロパティではありません"),
            to &[Kind::WorkspaceConnection, Kind::KeyVault, Kind::KeyVaultSecret], Some(Relation::Data);
        environment_variables: Vec<EnvironmentVariable> = "environmentVariables", Vec::new(),
            text("Environment variables", "環境変数"),
            text("Variables of the container", "コンテナーの環境変数");
        app_insights_enabled: bool = "appInsightsEnabled", false,
            text("Application Insights", "Application Insights"),
            text("Sends telemetry to the workspace's Application Insights", "ワークスペースの Application Insights にテレメトリを送信します");
        /// Ours: the share of the endpoint's traffic in percent.
        traffic: Within<0, 100> = "traffic", Within::near(100),
            text("Traffic", "トラフィック"),
            text("Percent of the endpoint's requests; set on the endpoint after the deployment exists", "エンドポイントへの要求のうち受け持つ割合 (%)。デプロイの作成後にエンドポイント側で設定します");
        description: String = "description", String::new(),
            text("Description", "説明"),
            text("Shown in Studio", "スタジオに表示されます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "online-deployment",
    label: text("Online deployment", "オンライン デプロイ"),
    help: text(
        "Machines, image and model behind an endpoint",
        "エンドポイントの背後にあるマシン、イメージ、モデル",
    ),
    source: "machine-learning/how-to-deploy-online-endpoints",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"),
    form: Form::Node,
    parents: &[Parent::In(Kind::OnlineEndpoint)],
    fields: OnlineDeployment::FIELDS,
    name: ENDPOINT_NAME,
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = OnlineDeployment::of(subject);
    let (Some(endpoint), Some(workspace)) = (subject.parent(), subject.within(Kind::Workspace))
    else {
        return Vec::new();
    };
    let owner = OnlineEndpoint::of(endpoint);
    let managed = owner.compute.is_none();
    let mut resource = ArmResource::below(
        workspace,
        subject,
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
        vec![workspace.name().to_owned(), endpoint.name().to_owned(), subject.name().to_owned()],
    )
    .member("kind", ArmValue::text(if managed { "Managed" } else { "K8S" }))
    .member(
        "sku",
        ArmValue::object([
            ("name", ArmValue::text("Default")),
            ("tier", ArmValue::text("Standard")),
            ("capacity", ArmValue::Number(it.instance_count.get().into())),
        ]),
    )
    .with("endpointComputeType", ArmValue::text(if managed { "Managed" } else { "Kubernetes" }))
    .with_text("description", &it.description)
    .with_some("environmentId", subject.follow(it.environment).map(environment_id))
    .with("instanceType", ArmValue::text(it.instance_type.as_str()))
    .with("appInsightsEnabled", ArmValue::Bool(it.app_insights_enabled))
    .with("scaleSettings.scaleType", ArmValue::text("Default"));
    if !it.model.is_empty() {
        let (name, version) = it.model.split_once(':').unwrap_or((&it.model, "1"));
        let path = vec![("models", name.to_owned()), ("versions", version.to_owned())];
        resource = resource.with("model", ArmValue::ChildIdOf(workspace.id, path));
    }
    if !it.scoring_script.is_empty() {
        // The script itself is uploaded beforehand; a template can only name it.
        resource = resource
            .with("codeConfiguration.codeId", ArmValue::Parameter(asked("code asset id", subject)))
            .with("codeConfiguration.scoringScript", ArmValue::text(it.scoring_script.clone()));
    }
    if it.egress == PublicNetworkAccess::Disabled {
        resource = resource.with("egressPublicNetworkAccess", ArmValue::text(it.egress.value()));
    }
    if !it.environment_variables.is_empty() {
        let variables = it.environment_variables.clone().into_iter();
        let members = variables.map(|it| (it.name, ArmValue::Text(it.value))).collect();
        resource = resource.with("environmentVariables", ArmValue::Object(members));
    }
    // The image is pulled and the model read with the endpoint's identity, so its roles come first.
    let mut identities: Vec<ResourceId> =
        owner.user_assigned_identities.iter().map(|it| it.0).collect();
    identities.push(endpoint.id);
    vec![resource.after([endpoint.id]).after(roles_of(subject.all, &identities))]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = OnlineDeployment::of(subject);
    let mut problems = Vec::new();
    let others: u32 = subject
        .all
        .children(subject.resource.parent)
        .filter(|other| other.kind() == Kind::OnlineDeployment && other.id < subject.id)
        .map(|other| OnlineDeployment::of(other).traffic.get())
        .sum();
    if others + it.traffic.get() > 100 {
        problems.push(Problem {
            field: "traffic".to_owned(),
            text: text(
                "the endpoint's deployments together take more than 100 %; lower one of them",
                "エンドポイントのデプロイのトラフィックの合計が 100 % を超えています。小さくしてください",
            )
            .into(),
        });
    }
    let asset = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    let parts: Vec<&str> = it.model.split(':').collect();
    let part = |it: &&str| !it.is_empty() && it.chars().all(asset);
    if !it.model.is_empty() && (parts.len() > 2 || !parts.iter().all(part)) {
        problems.push(Problem {
            field: "model".to_owned(),
            text: text(
                "name a registered model and its version, such as credit-model:1",
                "登録済みモデルの名前とバージョンを指定してください。例: credit-model:1",
            )
            .into(),
        });
    }
    for (n, variable) in it.environment_variables.iter().enumerate() {
        let starts = variable.name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
        let holds = variable.name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
        let twice = it.environment_variables.iter().take(n).any(|it| it.name == variable.name);
        if twice {
            problems.push(Problem {
                field: format!("environmentVariables[{n}].name"),
                text: text(
                    "another variable has this name; choose a different one",
                    "同じ名前の変数があります。別の名前にしてください",
                )
                .into(),
            });
        }
        if !(starts && holds) {
            problems.push(Problem {
                field: format!("environmentVariables[{n}].name"),
                text: text(
                    "a variable's name has letters, digits and _, and starts with none of the digits",
                    "変数名には英数字と _ を使い、数字以外で始めてください",
                )
                .into(),
            });
        }
    }
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, OnlineDeployment::from_settings);
    let (Some(endpoint), Some(owner)) =
        (subject.within(Kind::OnlineEndpoint), subject.within(Kind::Workspace))
    else {
        return;
    };
    if let Some(cluster) = endpoint.follow(endpoint.setting("compute").flatten()) {
        // On Kubernetes it runs on the nodes.
        let position = match cluster.within(Kind::Subnet) {
            Some(subnet) => Position::Subnet { subnet: subnet.id, address: None },
            None => Position::Platform { region: reach::region(cluster) },
        };
        facts.hosts.insert(subject.id, Host::at(position));
        return;
    }
    let mut host = online_endpoint::managed_host(owner);
    let legacy = matches!(host.position, Position::Platform { .. })
        && settings.egress == PublicNetworkAccess::Disabled;
    if legacy {
        // Each such deployment has a network of its own, with private endpoints to what it needs.
        let of_owner = Workspace::of(owner);
        let required = [
            (Some(owner.id), workspace::LINK),
            (reach::existing_one(owner, of_owner.storage_account), "blob"),
            (reach::existing_one(owner, of_owner.container_registry), "registry"),
        ];
        facts.managed_networks.insert(
            subject.id,
            ManagedNetwork {
                mode: ManagedMode::ApprovedOnly,
                region: reach::region(owner),
                provisioned: true,
                rules: Vec::new(),
                opens: &[],
                required: required
                    .into_iter()
                    .filter_map(|(id, group)| Some((id?, group)))
                    .collect(),
            },
        );
        host = Host::at(Position::Managed { network: subject.id });
    }
    facts.hosts.insert(subject.id, host);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    #[test]
    fn a_model_has_a_name_and_after_a_colon_a_version() {
        let mut it = Sketch::default();
        let workspace = it.add(Kind::Workspace, "mlw", None, json!({}));
        let endpoint = it.add(Kind::OnlineEndpoint, "ep", workspace, json!({}));
        let deployment = it.add(Kind::OnlineDeployment, "blue", endpoint, json!({}));
        for (model, wrong) in [
            ("", false),
            ("credit-model", false),
            ("credit-model:1", false),
            ("credit-model:", true),
            (":1", true),
            (":", true),
            ("credit-model:1:2", true),
        ] {
            it.set(deployment, "model", json!(model));
            let named = it.wrong(deployment).iter().any(|it| it == "model");
            assert_eq!(named, wrong, "{model}");
        }
    }
}
