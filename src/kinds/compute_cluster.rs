//! Compute cluster: virtual machines that grow and shrink with the jobs given to them.
//!
//! Azure docs: "Create an Azure Machine Learning compute cluster" (machine-learning/how-to-create-attach-compute-cluster).

use super::{
    Form, Group, Kind, KindInfo, Parent, Subject,
    arm::{ArmResource, ArmValue, location},
    common::{CALLERS, IdentityType, check_identity, lower_identity},
    compute_instance::COMPUTE_NAME,
    reach,
    setting::{
        Choice, Problem, REGION, Ref, Region, Relation, Within, choice, settings, suggested,
    },
    workspace::{self, IsolationMode, Workspace},
};
use crate::{
    facts::{Facts, network::PublicAddress},
    text::{Text, arg, text},
};

choice! {
    /// Whether nodes may be taken away.
    pub enum VmPriority {
        Dedicated = "Dedicated", text("Dedicated", "専用");
        LowPriority = "LowPriority", text("Low priority", "低優先度");
    }
}

choice! {
    /// Whether nodes accept SSH from outside their network.
    pub enum RemoteLogin {
        Disabled = "Disabled", text("Disabled", "無効");
        Enabled = "Enabled", text("Enabled", "有効");
        NotSpecified = "NotSpecified", text("Not specified", "指定なし");
    }
}

suggested! {
    /// Size of the machines of a compute or deployment, such as `Standard_DS3_v2`.
    pub struct MachineSize = &[
        Choice { value: "Standard_DS3_v2", label: Text::same("Standard_DS3_v2") },
        Choice { value: "Standard_DS11_v2", label: Text::same("Standard_DS11_v2") },
        Choice { value: "Standard_D4s_v5", label: Text::same("Standard_D4s_v5") },
        Choice { value: "Standard_E4ds_v4", label: Text::same("Standard_E4ds_v4") },
        Choice { value: "Standard_F4s_v2", label: Text::same("Standard_F4s_v2") },
        Choice { value: "Standard_NC4as_T4_v3", label: Text::same("Standard_NC4as_T4_v3") },
        Choice { value: "Standard_NC24ads_A100_v4", label: Text::same("Standard_NC24ads_A100_v4") },
    ];
}

impl MachineSize {
    /// The N series have accelerators (virtual-machines/sizes/overview).
    pub fn has_accelerators(&self) -> bool {
        let name = self.as_str().to_ascii_lowercase();
        name.trim_start_matches("standard_").starts_with('n')
    }
}

settings! {
    /// Settings of a compute cluster.
    pub struct ComputeCluster {
        location: Option<Region> = "location", None, REGION,
            text("Empty means the region of the workspace", "空の場合はワークスペースのリージョン");
        workspace: Option<Ref> = "workspace", None,
            text("Workspace", "ワークスペース"),
            text("Needed in a subnet; inside a workspace it is that one", "サブネット内にある場合に必要です。ワークスペース内にある場合はそのワークスペースになります"),
            to &[Kind::Workspace], Some(Relation::Data);
        vm_size: MachineSize = "vmSize", MachineSize::new("Standard_DS3_v2"),
            text("Virtual machine size", "仮想マシンのサイズ"),
            text("Such as Standard_DS3_v2; images cannot be built on GPU sizes", "例: Standard_DS3_v2。GPU サイズではイメージをビルドできません");
        vm_priority: VmPriority = "vmPriority", VmPriority::Dedicated,
            text("Priority", "優先度"),
            text("Low-priority nodes are cheaper and may be taken away", "低優先度のノードは安価ですが、割り込まれることがあります");
        min_node_count: Within<0, 1000> = "scaleSettings.minNodeCount", Within::near(0),
            text("Minimum nodes", "最小ノード数"),
            text("Nodes that stay on", "常に起動しているノードの数");
        max_node_count: Within<0, 1000> = "scaleSettings.maxNodeCount", Within::near(4),
            text("Maximum nodes", "最大ノード数"),
            text("Each node takes one address of the subnet", "各ノードはサブネットのアドレスを 1 つ使います");
        node_idle_time: String = "scaleSettings.nodeIdleTimeBeforeScaleDown", "PT120S".to_owned(),
            text("Idle time before scale down", "スケール ダウンするまでのアイドル時間"),
            text("ISO 8601 duration, such as PT120S", "ISO 8601 期間。例: PT120S");
        enable_node_public_ip: bool = "enableNodePublicIp", true,
            text("Public IP", "パブリック IP"),
            text("Without it nodes send through their subnet, and Azure reaches them over a private link", "無効にするとノードはサブネット経由で送信し、Azure からはプライベート リンクで接続されます");
        remote_login: RemoteLogin = "remoteLoginPortPublicAccess", RemoteLogin::Disabled,
            text("SSH access", "SSH アクセス"),
            text("Opens the SSH port of nodes", "ノードの SSH ポートを開きます");
        admin_user_name: String = "userAccountCredentials.adminUserName", String::new(),
            text("SSH user name", "SSH ユーザー名"),
            text("Needed when SSH access is enabled", "SSH アクセスを有効にする場合に必要です");
        admin_ssh_public_key: String = "userAccountCredentials.adminUserSshPublicKey", String::new(),
            text("SSH public key", "SSH 公開キー"),
            text("Key that the SSH user signs in with", "SSH ユーザーのサインインに使うキー");
        /// The default identity is the system-assigned one, or the first user-assigned one.
        identity: IdentityType = "identity.type", IdentityType::None,
            text("Identity type", "ID の種類"),
            text("One system-assigned or several user-assigned identities, not both", "システム割り当て 1 つ、またはユーザー割り当てを複数。両方は指定できません");
        user_assigned_identities: Vec<Ref> = "identity.userAssignedIdentities", Vec::new(),
            text("User-assigned identities", "ユーザー割り当て ID"),
            text("The first is the default identity", "先頭が既定の ID になります"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        /// Ours: Azure grants `AcrPull` only when the registry exists at creation.
        created_before_registry: bool = "createdBeforeRegistry", false,
            text("Created before the registry", "レジストリより前に作成"),
            text("Then its system-assigned identity was not given AcrPull automatically. Not an ARM property", "その場合、システム割り当て ID に AcrPull が自動で付与されていません。ARM のプロパティではありません");
        /// Ours: who is asked about creating and changing it.
        created_by: Option<Ref> = "createdBy", None,
            text("Created and changed by", "作成、変更するユーザー"),
            text("Who runs the calls. Empty: everybody with a role on the workspace's resource group or above. Not an ARM property", "操作の呼び出し元。空の場合は、ワークスペースのリソース グループ以上にロールを持つ全員。ARM のプロパティではありません"),
            to CALLERS, None;
        description: String = "description", String::new(),
            text("Description", "説明"),
            text("Shown in Studio", "スタジオに表示されます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "compute-cluster",
    label: text("Compute cluster", "コンピューティング クラスター"),
    help: text("Machines that jobs run on", "ジョブを実行するマシンの集まり"),
    source: "machine-learning/how-to-create-attach-compute-cluster",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces/computes"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Workspace), Parent::In(Kind::Subnet)],
    fields: ComputeCluster::FIELDS,
    name: COMPUTE_NAME,
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = ComputeCluster::of(subject);
    let Some(workspace) = workspace_of(subject, it.workspace) else { return Vec::new() };
    let mut resource = compute_in(workspace, subject)
        .member_some("identity", lower_identity(it.identity, &it.user_assigned_identities))
        .with("computeType", ArmValue::text("AmlCompute"))
        .with_text("description", &it.description)
        .with("properties.osType", ArmValue::text("Linux"))
        .with("properties.vmSize", ArmValue::text(it.vm_size.as_str()))
        .with("properties.vmPriority", ArmValue::text(it.vm_priority.value()))
        .with(
            "properties.scaleSettings",
            ArmValue::object([
                ("minNodeCount", ArmValue::Number(it.min_node_count.get().into())),
                ("maxNodeCount", ArmValue::Number(it.max_node_count.get().into())),
                ("nodeIdleTimeBeforeScaleDown", ArmValue::text(it.node_idle_time.clone())),
            ]),
        )
        .with("properties.enableNodePublicIp", ArmValue::Bool(it.enable_node_public_ip))
        .with("properties.remoteLoginPortPublicAccess", ArmValue::text(it.remote_login.value()))
        .with_some("properties.subnet", subnet_of(subject));
    // Its own region, or that of its network; else its workspace's stays.
    if let Some(place) = location(subject) {
        resource.location = Some(place);
    }
    if !it.admin_user_name.is_empty() {
        resource = resource
            .with(
                "properties.userAccountCredentials.adminUserName",
                ArmValue::text(it.admin_user_name.clone()),
            )
            .with_text(
                "properties.userAccountCredentials.adminUserSshPublicKey",
                &it.admin_ssh_public_key,
            );
    }
    vec![resource]
}

/// A compute of `workspace`, without its properties.
pub fn compute_in(workspace: Subject<'_>, subject: Subject<'_>) -> ArmResource {
    ArmResource::below(
        workspace,
        subject,
        "Microsoft.MachineLearningServices/workspaces/computes",
        vec![workspace.name().to_owned(), subject.name().to_owned()],
    )
    .after([workspace.id])
}

/// `subnet` of a compute that stands in one.
pub fn subnet_of(subject: Subject<'_>) -> Option<ArmValue> {
    let subnet = subject.within(Kind::Subnet)?;
    Some(ArmValue::object([("id", ArmValue::IdOf(subnet.id))]))
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = ComputeCluster::of(subject);
    let mut problems = Vec::new();
    check_place(subject, it.workspace, &mut problems);
    check_identity(it.identity, &it.user_assigned_identities, &mut problems);
    if it.identity == IdentityType::Both {
        problems.push(Problem {
            field: "identity.type".to_owned(),
            text: text(
                "a cluster takes one system-assigned identity or several user-assigned ones, not both; choose one of them",
                "クラスターには、システム割り当て ID 1 つかユーザー割り当て ID を指定します。両方は指定できません",
            )
            .into(),
        });
    }
    if it.min_node_count > it.max_node_count {
        problems.push(Problem {
            field: "scaleSettings.minNodeCount".to_owned(),
            text: text(
                "the minimum of {0} is above the maximum of {1}; lower it",
                "最小ノード数 {0} が最大ノード数 {1} を超えています。小さくしてください",
            )
            .with([arg(it.min_node_count.get()), arg(it.max_node_count.get())]),
        });
    }
    if it.remote_login == RemoteLogin::Enabled
        && (it.admin_user_name.is_empty() || it.admin_ssh_public_key.is_empty())
    {
        problems.push(Problem {
            field: "userAccountCredentials.adminUserName".to_owned(),
            text: text(
                "SSH access needs a user name and a public key; enter both or disable SSH access",
                "SSH アクセスにはユーザー名と公開キーが必要です。両方を入力するか、SSH アクセスを無効にしてください",
            )
            .into(),
        });
    }
    problems
}

/// The workspace that a compute or deployment belongs to: the one it stands in, or the one it
/// names when it stands in a subnet.
pub fn workspace_of(subject: Subject<'_>, named: Option<Ref>) -> Option<Subject<'_>> {
    subject
        .within(Kind::Workspace)
        .or_else(|| subject.follow(named).filter(|it| it.kind() == Kind::Workspace))
}

/// Checks where a compute stands, and the rule of compute names that [`super::NameRule`] cannot say.
pub fn check_place(subject: Subject<'_>, named: Option<Ref>, problems: &mut Vec<Problem>) {
    let numbered = subject
        .name()
        .rsplit_once('-')
        .is_some_and(|(_, last)| !last.is_empty() && last.bytes().all(|it| it.is_ascii_digit()));
    if numbered {
        problems.push(Problem {
            field: "name".to_owned(),
            text: text(
                "a compute name may not end with a hyphen and digits",
                "コンピューティング名の末尾を「ハイフンと数字」にはできません",
            )
            .into(),
        });
    }
    let Some(workspace) = workspace_of(subject, named) else {
        problems.push(Problem {
            field: "workspace".to_owned(),
            text: text(
                "a compute belongs to a workspace; choose which",
                "コンピューティングはワークスペースに属します。どのワークスペースか選択してください",
            )
            .into(),
        });
        return;
    };
    if let (Some(within), Some(named)) = (subject.within(Kind::Workspace), named)
        && within.id != named.0
    {
        problems.push(Problem {
            field: "workspace".to_owned(),
            text: text(
                "it stands in {0} but names another workspace; clear this setting",
                "{0} の中にありますが、別のワークスペースが指定されています。この設定を空にしてください",
            )
            .with([arg(within.name())]),
        });
    }
    let settings = Workspace::of(workspace);
    if settings.isolation_mode != IsolationMode::Disabled && subject.within(Kind::Subnet).is_some()
    {
        problems.push(Problem {
            field: "parent".to_owned(),
            text: text(
                "{0} has a managed network, so its computes cannot stand in a subnet; move this into the workspace",
                "{0} はマネージド ネットワークを使うため、コンピューティングをサブネットに置けません。ワークスペースの中に移動してください",
            )
            .with([arg(workspace.name())]),
        });
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, ComputeCluster::from_settings);
    let Some(mut host) = workspace::compute_host(subject, facts, settings.workspace) else {
        return;
    };
    if subject.within(Kind::Subnet).is_some() && settings.enable_node_public_ip {
        host.public = Some(PublicAddress { at: subject.id, prefix: None });
        host.managed_inbound = Some(("AzureMachineLearning", 44224));
    }
    facts.hosts.insert(subject.id, host);
}
