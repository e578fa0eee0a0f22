//! Compute instance: a managed workstation for one person, with notebooks and terminals.
//!
//! Azure docs: "What is an Azure Machine Learning compute instance?" (machine-learning/concept-compute-instance).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{
        CALLERS, IdentityType, Switch, check_identity, lower_identity, principal_id, tenant_id,
    },
    compute_cluster::{MachineSize, check_place, compute_in, subnet_of, workspace_of},
    reach,
    setting::{Problem, Ref, Relation, choice, settings},
    workspace,
};
use crate::{
    facts::{
        Facts,
        network::PublicAddress,
        service::{Clauses, Firewall, Service},
    },
    text::text,
};

choice! {
    /// Who may open applications of the instance.
    pub enum ApplicationSharingPolicy {
        Personal = "Personal", text("Personal", "個人用");
        Shared = "Shared", text("Shared", "共有");
    }
}

settings! {
    /// Settings of a compute instance.
    pub struct ComputeInstance {
        workspace: Option<Ref> = "workspace", None,
            text("Workspace", "ワークスペース"),
            text("Needed in a subnet; inside a workspace it is that one", "サブネット内にある場合に必要です。ワークスペース内にある場合はそのワークスペースになります"),
            to &[Kind::Workspace], Some(Relation::Data);
        vm_size: MachineSize = "vmSize", MachineSize::new("Standard_DS3_v2"),
            text("Virtual machine size", "仮想マシンのサイズ"),
            text("Such as Standard_DS3_v2", "例: Standard_DS3_v2");
        /// Decides who may use it: nobody else, whatever their role.
        assigned_user: Option<Ref> = "personalComputeInstanceSettings.assignedUser", None,
            text("Assigned to", "割り当て先のユーザー"),
            text("The one person who may use it; empty means who creates it", "これを使用できる唯一のユーザー。空の場合は作成者"),
            to &[Kind::User], Some(Relation::Identity);
        /// Ours: who runs the create call.
        created_by: Option<Ref> = "createdBy", None,
            text("Created by", "作成者"),
            text("Who runs the create call. Not an ARM property", "作成操作を行うユーザー。ARM のプロパティではありません"),
            to CALLERS, None;
        enable_node_public_ip: bool = "enableNodePublicIp", true,
            text("Public IP", "パブリック IP"),
            text("Without it the instance sends through its subnet, and Azure reaches it over a private link", "無効にするとサブネット経由で送信し、Azure からはプライベート リンクで接続されます");
        enable_sso: bool = "enableSSO", true,
            text("Single sign-on", "シングル サインオン"),
            text("Its user's Entra identity is available inside", "ユーザーの Entra ID をインスタンス内で利用できます");
        ssh_public_access: Switch = "sshSettings.sshPublicAccess", Switch::Disabled,
            text("SSH access", "SSH アクセス"),
            text("Opens the SSH port", "SSH ポートを開きます");
        ssh_public_key: String = "sshSettings.adminPublicKey", String::new(),
            text("SSH public key", "SSH 公開キー"),
            text("Needed when SSH access is enabled", "SSH アクセスを有効にする場合に必要です");
        identity: IdentityType = "identity.type", IdentityType::None,
            text("Identity type", "ID の種類"),
            text("Without an identity its user's own is used, through single sign-on", "ID がない場合は、シングル サインオンによりユーザー自身の ID が使われます");
        user_assigned_identities: Vec<Ref> = "identity.userAssignedIdentities", Vec::new(),
            text("User-assigned identities", "ユーザー割り当て ID"),
            text("Identities that it may act as", "使用できる ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        idle_time_before_shutdown: String = "idleTimeBeforeShutdown", String::new(),
            text("Idle time before shutdown", "アイドル シャットダウンまでの時間"),
            text("ISO 8601 duration from PT15M to P3D; empty means never", "PT15M から P3D までの ISO 8601 期間。空の場合はシャットダウンしません");
        application_sharing_policy: ApplicationSharingPolicy = "applicationSharingPolicy", ApplicationSharingPolicy::Personal,
            text("Application sharing", "アプリケーションの共有"),
            text("Personal: only its user opens its applications", "個人用の場合、ユーザー本人だけがアプリケーションを開けます");
        description: String = "description", String::new(),
            text("Description", "説明"),
            text("Shown in Studio", "スタジオに表示されます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "compute-instance",
    label: text("Compute instance", "コンピューティング インスタンス"),
    help: text(
        "A managed workstation for one person",
        "1 人のユーザーのための管理されたワークステーション",
    ),
    source: "machine-learning/concept-compute-instance",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces/computes"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Workspace), Parent::In(Kind::Subnet)],
    fields: ComputeInstance::FIELDS,
    name: COMPUTE_NAME,
    facts,
    arm,
    check,
};

/// `^[a-zA-Z](?![a-zA-Z0-9-]*-\d+$)[a-zA-Z0-9\-]{2,23}$`; [`check_place`] refuses the ending.
pub const COMPUTE_NAME: NameRule =
    NameRule { min: 3, max: 24, also: "-", letter_first: true, not_last: "", ..NameRule::NETWORK };

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = ComputeInstance::of(subject);
    let Some(workspace) = workspace_of(subject, it.workspace) else { return Vec::new() };
    let mut resource = compute_in(workspace, subject)
        .member_some("identity", lower_identity(it.identity, &it.user_assigned_identities))
        .with("computeType", ArmValue::text("ComputeInstance"))
        .with_text("description", &it.description)
        .with("properties.vmSize", ArmValue::text(it.vm_size.as_str()))
        .with("properties.enableNodePublicIp", ArmValue::Bool(it.enable_node_public_ip))
        .with("properties.enableSSO", ArmValue::Bool(it.enable_sso))
        .with(
            "properties.applicationSharingPolicy",
            ArmValue::text(it.application_sharing_policy.value()),
        )
        .with_some("properties.subnet", subnet_of(subject))
        .with(
            "properties.sshSettings.sshPublicAccess",
            ArmValue::text(it.ssh_public_access.value()),
        )
        .with_text("properties.sshSettings.adminPublicKey", &it.ssh_public_key)
        .with_text("properties.idleTimeBeforeShutdown", &it.idle_time_before_shutdown);
    if let Some(user) = subject.follow(it.assigned_user) {
        resource = resource
            .with("properties.computeInstanceAuthorizationType", ArmValue::text("personal"))
            .with(
                "properties.personalComputeInstanceSettings.assignedUser",
                ArmValue::object([("objectId", principal_id(user)), ("tenantId", tenant_id(user))]),
            );
    }
    vec![resource]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = ComputeInstance::of(subject);
    let mut problems = Vec::new();
    check_place(subject, it.workspace, &mut problems);
    check_identity(it.identity, &it.user_assigned_identities, &mut problems);
    if it.ssh_public_access == Switch::Enabled && it.ssh_public_key.is_empty() {
        problems.push(Problem {
            field: "sshSettings.adminPublicKey".to_owned(),
            text: text(
                "SSH access needs a public key; enter one or disable SSH access",
                "SSH アクセスには公開キーが必要です。入力するか、SSH アクセスを無効にしてください",
            )
            .into(),
        });
    }
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, ComputeInstance::from_settings);
    let Some(mut host) = workspace::compute_host(subject, facts, settings.workspace) else {
        return;
    };
    let in_subnet = subject.within(Kind::Subnet).is_some();
    if in_subnet && settings.enable_node_public_ip {
        host.public = Some(PublicAddress { at: subject.id, prefix: None });
        host.managed_inbound = Some(("AzureMachineLearning", 44224));
    }
    facts.hosts.insert(subject.id, host);
    let Some(owner) = workspace::owner_of(subject, settings.workspace) else { return };
    let of_workspace = workspace::faces(owner);
    let Some(api) = of_workspace.first() else { return };
    let region = reach::region(owner);
    let name = subject.name().to_ascii_lowercase();
    // The docs print two suffixes; both lead to the workspace's private endpoint.
    let mut application = workspace::twin_face(
        "application",
        owner,
        format!("{name}.{region}.instances.azureml.ms"),
        api,
    );
    application.also.push(format!("{name}.{region}.instances.ml.azure.ms"));
    let ssh = workspace::twin_face(
        "ssh",
        owner,
        format!("{name}-22.{region}.instances.ml.azure.ms"),
        api,
    );
    let of_owner = workspace::Workspace::of(owner);
    facts.services.insert(
        subject.id,
        Service {
            region,
            tenant: reach::tenant(owner),
            faces: vec![application, ssh],
            links: Vec::new(),
            firewall: Firewall {
                // Applications are not served to the internet once the workspace is private, even
                // where its public access is on.
                clauses: Clauses { closed_when_linked: true, ..Clauses::default() },
                symptom: "sy-ci-app",
                browser_symptom: None,
                ..workspace::firewall_of(owner, &of_owner)
            },
        },
    );
}
