//! Container Instances deployment: a model served by Azure Container Instances, the test target of SDK v1.
//!
//! Azure docs: "Deploy a model to Azure Container Instances" (machine-learning/v1/how-to-deploy-azure-container-instance).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    compute_cluster::workspace_of,
    no_arm, reach,
    setting::{Problem, Ref, Relation, settings},
    workspace,
};
use crate::{
    facts::{
        Facts,
        network::{Host, Position},
    },
    text::{arg, text},
};

settings! {
    /// Settings of a deployment to Container Instances.
    pub struct ContainerInstanceDeployment {
        workspace: Option<Ref> = "workspace", None,
            text("Workspace", "ワークスペース"),
            text("Needed in a subnet; inside a workspace it is that one", "サブネット内にある場合に必要です。ワークスペース内にある場合はそのワークスペースになります"),
            to &[Kind::Workspace], Some(Relation::Data);
        environment: Option<Ref> = "environment", None,
            text("Environment", "環境"),
            text("Environment whose image is run; it is always pulled with the registry's admin user", "実行するイメージの環境。プルには常にレジストリの管理者ユーザーが使われます"),
            to &[Kind::EnvironmentImage], Some(Relation::Data);
        auth_enabled: bool = "authEnabled", false,
            text("Key authentication", "キー認証"),
            text("Off: anyone who reaches the address may call it", "無効の場合、アドレスに到達できれば誰でも呼び出せます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "container-instance-deployment",
    label: text("Container Instances deployment", "Container Instances デプロイ"),
    help: text(
        "A model served by Azure Container Instances (SDK v1)",
        "Azure Container Instances で公開するモデル (SDK v1)",
    ),
    source: "machine-learning/v1/how-to-deploy-azure-container-instance",
    group: Group::MachineLearning,
    // SDK v1 makes the container group; no template does.
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::In(Kind::Workspace), Parent::In(Kind::Subnet)],
    fields: ContainerInstanceDeployment::FIELDS,
    name: NameRule {
        min: 3,
        max: 32,
        also: "-",
        lower_only: true,
        letter_first: true,
        not_last: "-",
        ..NameRule::NETWORK
    },
    facts,
    arm: no_arm,
    check,
};

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = ContainerInstanceDeployment::of(subject);
    let mut problems = Vec::new();
    if workspace_of(subject, it.workspace).is_none() {
        problems.push(Problem {
            field: "workspace".to_owned(),
            text: text(
                "a deployment belongs to a workspace; choose which",
                "デプロイはワークスペースに属します。どのワークスペースか選択してください",
            )
            .into(),
        });
    }
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, ContainerInstanceDeployment::from_settings);
    let Some(mut host) = workspace::compute_host(subject, facts, settings.workspace) else {
        return;
    };
    // Container Instances never stand in the managed network.
    if let (Position::Managed { .. }, Some(owner)) =
        (&host.position, workspace::owner_of(subject, settings.workspace))
    {
        host = Host::at(Position::Platform { region: reach::region(owner) });
    }
    if let Some(owner) = workspace::owner_of(subject, settings.workspace)
        && workspace::has_endpoint(owner)
    {
        facts.refuse(
            subject.id,
            text(
                "{0} has a private endpoint; Container Instances are not supported with such a workspace",
                "{0} にはプライベート エンドポイントがあります。このようなワークスペースでは Container Instances はサポートされません",
            )
            .with([arg(owner.name())]),
            "machine-learning/how-to-secure-workspace-vnet",
        );
    }
    host.of_service = true;
    facts.hosts.insert(subject.id, host);
}
