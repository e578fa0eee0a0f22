//! Machine Learning workspace: the top resource of Azure Machine Learning, with its identity,
//! associated resources and managed virtual network.
//!
//! Azure docs: "What is an Azure Machine Learning workspace?" (machine-learning/concept-workspace),
//! "Workspace managed virtual network isolation" (machine-learning/how-to-managed-network).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, ResourceId, Subject,
    address::PortRange,
    arm::{ArmResource, ArmValue},
    common::{
        CALLERS, IdentityType, PublicNetworkAccess, Switch, check_identity, check_ip_rules,
        lower_identity, lower_ip_rules, roles_of,
    },
    reach,
    setting::{Guid, Problem, REGION, REGION_HELP, Ref, Region, Relation, choice, settings},
};
use crate::{
    facts::{
        Facts,
        cidr::Cidr,
        filter,
        managed::{ManagedMode, ManagedNetwork, ManagedRule, ManagedTarget},
        network::{Host, Position},
        service::{Face, FaceLink, Firewall, LinkState, PublicAccess, Service},
    },
    text::{Text, arg, text},
};

choice! {
    /// What computes inside the managed virtual network may reach.
    pub enum IsolationMode {
        Disabled = "Disabled", text("Disabled", "無効");
        AllowInternetOutbound = "AllowInternetOutbound", text("Allow internet outbound", "インターネット送信を許可する");
        AllowOnlyApprovedOutbound = "AllowOnlyApprovedOutbound", text("Allow only approved outbound", "承認された送信のみを許可する");
    }
}

choice! {
    /// Whether a part of the managed virtual network exists yet.
    pub enum Provisioned {
        Inactive = "Inactive", text("Inactive", "非アクティブ");
        Active = "Active", text("Active", "アクティブ");
    }
}

choice! {
    /// Kind of an outbound rule.
    pub enum OutboundRuleType {
        PrivateEndpoint = "PrivateEndpoint", text("Private endpoint", "プライベート エンドポイント");
        Fqdn = "FQDN", text("FQDN", "FQDN");
        ServiceTag = "ServiceTag", text("Service tag", "サービス タグ");
    }
}

choice! {
    /// Tier of the firewall that the first FQDN rule creates.
    pub enum FirewallSku {
        Standard = "Standard", text("Standard", "Standard");
        Basic = "Basic", text("Basic", "Basic");
    }
}

choice! {
    /// Transport protocol of a service tag rule.
    pub enum RuleProtocol {
        Tcp = "TCP", text("TCP", "TCP");
        Udp = "UDP", text("UDP", "UDP");
        Icmp = "ICMP", text("ICMP", "ICMP");
        Any = "*", text("Any", "任意");
    }
}

choice! {
    /// How the workspace reaches its default storage account.
    pub enum SystemDatastoresAuthMode {
        AccessKey = "AccessKey", text("Account key", "アカウント キー");
        Identity = "Identity", text("Identity", "ID ベース");
        UserDelegationSas = "UserDelegationSAS", text("User delegation SAS", "ユーザー委任 SAS");
    }
}

settings! {
    /// A user-defined outbound rule of the managed virtual network.
    pub struct OutboundRule {
        name: String = "name", String::new(),
            text("Name", "名前"),
            text("Name of the rule", "規則の名前");
        rule_type: OutboundRuleType = "type", OutboundRuleType::PrivateEndpoint,
            text("Type", "種類"),
            text("What the rule names", "規則で指定するもの");
        /// For a private endpoint rule.
        target: Option<Ref> = "destination.serviceResourceId", None,
            text("Target resource", "ターゲット リソース"),
            text("For a private endpoint: the resource it leads to", "プライベート エンドポイントの接続先リソース"),
            to &[Kind::StorageAccount, Kind::KeyVault, Kind::ContainerRegistry, Kind::Workspace, Kind::MachineLearningRegistry, Kind::Other], Some(Relation::PrivateLink);
        subresource_target: String = "destination.subresourceTarget", String::new(),
            text("Target sub-resource", "ターゲット サブリソース"),
            text("For a private endpoint: blob, file, vault, registry …", "プライベート エンドポイントの場合: blob、file、vault、registry など");
        spark_enabled: bool = "destination.sparkEnabled", false,
            text("Spark enabled", "Spark を有効にする"),
            text("For a private endpoint: serverless Spark may use it", "プライベート エンドポイントの場合: サーバーレス Spark から使う");
        /// For an FQDN rule; ports 80 and 443 only.
        fqdn: String = "destination.fqdn", String::new(),
            text("FQDN", "FQDN"),
            text("For an FQDN rule, such as pypi.org or *.anaconda.com; ports 80 and 443 only", "FQDN 規則の宛先。例: pypi.org、*.anaconda.com。ポートは 80 と 443 だけ");
        service_tag: String = "destination.serviceTag", String::new(),
            text("Service tag", "サービス タグ"),
            text("For a service tag rule, such as AzureFrontDoor.FrontEnd", "サービス タグ規則の宛先。例: AzureFrontDoor.FrontEnd");
        protocol: RuleProtocol = "destination.protocol", RuleProtocol::Tcp,
            text("Protocol", "プロトコル"),
            text("For a service tag rule", "サービス タグ規則の場合");
        port_ranges: String = "destination.portRanges", "443".to_owned(),
            text("Ports", "ポート"),
            text("For a service tag rule: one port, a range or a list, such as 443 or 8000-8010,9000", "サービス タグ規則の場合: ポート、範囲、リスト。例: 443、8000-8010,9000");
        /// A private endpoint to a resource that nobody has approved stays inactive.
        status: Provisioned = "status", Provisioned::Active,
            text("Status", "状態"),
            text("Inactive until the network is provisioned and, for a private endpoint, the target has approved it", "ネットワークがプロビジョニングされ、プライベート エンドポイントの場合は接続先で承認されるまで非アクティブです");
    }
}

settings! {
    /// Settings of a workspace.
    pub struct Workspace {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
        friendly_name: String = "friendlyName", String::new(),
            text("Friendly name", "フレンドリ名"),
            text("Name shown in Studio", "スタジオに表示される名前");
        description: String = "description", String::new(),
            text("Description", "説明"),
            text("Shown in the portal", "ポータルに表示されます");
        /// Part of the workspace's host names; Azure chooses it.
        workspace_id: Option<Guid> = "workspaceId", None,
            text("Workspace ID", "ワークスペース ID"),
            text("GUID that Azure gives; part of the workspace's host names. Not exported", "Azure が割り当てる GUID。ワークスペースのホスト名に含まれます。エクスポートされません");
        public_network_access: PublicNetworkAccess = "publicNetworkAccess", PublicNetworkAccess::Enabled,
            text("Public network access", "パブリック ネットワーク アクセス"),
            text("Disabled leaves private endpoints only", "無効にするとプライベート エンドポイントからだけ接続できます");
        /// Counts while public network access is enabled; empty admits everybody.
        ip_rules: Vec<Cidr> = "networkAcls.ipRules", Vec::new(),
            text("Selected IP addresses", "選択した IP アドレス"),
            text("Public addresses that may come in while public network access is enabled; empty means all", "パブリック アクセスが有効なときに接続を許可するパブリック アドレス。空の場合はすべて許可");
        storage_account: Option<Ref> = "storageAccount", None,
            text("Storage account", "ストレージ アカウント"),
            text("Default storage of the workspace: notebooks, logs, artifacts", "ワークスペースの既定のストレージ (ノートブック、ログ、成果物)"),
            to &[Kind::StorageAccount], Some(Relation::Data);
        key_vault: Option<Ref> = "keyVault", None,
            text("Key vault", "キー コンテナー"),
            text("Holds the credentials of datastores and connections", "データストアと接続の資格情報を保管します"),
            to &[Kind::KeyVault], Some(Relation::Data);
        container_registry: Option<Ref> = "containerRegistry", None,
            text("Container registry", "コンテナー レジストリ"),
            text("Holds the images of environments; when empty Azure makes one at the first build", "環境のイメージを保管します。空の場合は最初のビルド時に Azure が作成します"),
            to &[Kind::ContainerRegistry], Some(Relation::Data);
        application_insights: Option<Ref> = "applicationInsights", None,
            text("Application Insights", "Application Insights"),
            text("Receives telemetry of endpoints", "エンドポイントのテレメトリを受け取ります"),
            to &[Kind::ApplicationInsights], Some(Relation::Data);
        identity: IdentityType = "identity.type", IdentityType::SystemAssigned,
            text("Identity type", "ID の種類"),
            text("System-assigned gets its roles from Azure; a user-assigned one gets none", "システム割り当てには Azure が自動でロールを付与しますが、ユーザー割り当てには付与しません");
        user_assigned_identities: Vec<Ref> = "identity.userAssignedIdentities", Vec::new(),
            text("User-assigned identities", "ユーザー割り当て ID"),
            text("Identities that the workspace may act as", "ワークスペースが使用できる ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        primary_user_assigned_identity: Option<Ref> = "primaryUserAssignedIdentity", None,
            text("Primary user-assigned identity", "プライマリ ユーザー割り当て ID"),
            text("The one that reaches storage, key vault, registry and Application Insights", "ストレージ、キー コンテナー、レジストリ、Application Insights へのアクセスに使う ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        system_datastores_auth_mode: SystemDatastoresAuthMode = "systemDatastoresAuthMode", SystemDatastoresAuthMode::AccessKey,
            text("System datastore authentication", "システム データストアの認証"),
            text("How the default storage account is reached: by its key, or as the user and the managed identities", "既定のストレージへの接続方法。アカウント キー、またはユーザーとマネージド ID");
        isolation_mode: IsolationMode = "managedNetwork.isolationMode", IsolationMode::Disabled,
            text("Managed network isolation", "マネージド ネットワークの分離"),
            text("Isolates what computes send; once on it can only be made stricter", "コンピューティングの送信を分離します。一度有効にすると、より厳しくする変更しかできません");
        /// Ours: what Azure has now, where the workspace is there already.
        deployed_isolation_mode: Option<IsolationMode> = "deployedIsolationMode", None,
            text("Isolation mode in Azure now", "現在の Azure での分離モード"),
            text("Of a workspace that exists already; empty for a new one. Not an ARM property", "既存のワークスペースの場合に指定します。新規の場合は空。ARM のプロパティではありません");
        managed_network_status: Provisioned = "managedNetwork.status.status", Provisioned::Inactive,
            text("Managed network status", "マネージド ネットワークの状態"),
            text("Active once provisioned: by the first compute, or by the provision command", "最初のコンピューティング作成時、またはプロビジョニング コマンドでアクティブになります");
        provision_network_now: bool = "provisionNetworkNow", false,
            text("Provision the network at once", "ネットワークをすぐにプロビジョニングする"),
            text("Otherwise the first compute does it, and an online deployment before that fails", "無効の場合は最初のコンピューティング作成時に作られ、それ以前のオンライン デプロイは失敗します");
        firewall_sku: FirewallSku = "managedNetwork.firewallSku", FirewallSku::Standard,
            text("Firewall SKU", "ファイアウォール SKU"),
            text("Tier of the firewall that the first FQDN rule creates", "最初の FQDN 規則で作成されるファイアウォールのレベル");
        outbound_rules: Vec<OutboundRule> = "managedNetwork.outboundRules", Vec::new(),
            text("Outbound rules", "アウトバウンド規則"),
            text("User-defined rules of the managed network, beside the required ones", "必須の規則に加えて適用される、ユーザー定義のアウトバウンド規則");
        image_build_compute: Option<Ref> = "imageBuildCompute", None,
            text("Image build compute", "イメージ ビルド コンピューティング"),
            text("Cluster that builds images when the registry cannot be reached by its own tasks", "レジストリのタスクでビルドできない場合にイメージをビルドするクラスター"),
            // By its name, which may be that of an instance; the check says what is wrong with that.
            to &[Kind::ComputeCluster, Kind::ComputeInstance], Some(Relation::Data);
        serverless_subnet: Option<Ref> = "serverlessComputeSettings.serverlessComputeCustomSubnet", None,
            text("Serverless compute subnet", "サーバーレス コンピューティングのサブネット"),
            text("Subnet that serverless jobs run in", "サーバーレス ジョブを実行するサブネット"),
            to &[Kind::Subnet], Some(Relation::Network);
        serverless_no_public_ip: bool = "serverlessComputeSettings.serverlessComputeNoPublicIP", false,
            text("Serverless compute without public IP", "サーバーレス コンピューティングのパブリック IP なし"),
            text("Serverless nodes get no public address", "サーバーレス ノードにパブリック アドレスを割り当てません");
        encryption_status: Switch = "encryption.status", Switch::Disabled,
            text("Customer-managed key", "カスタマー マネージド キー"),
            text("Encrypts the workspace's data with a key of yours; fixed at creation", "お客様のキーでワークスペースのデータを暗号化します。作成時にのみ設定できます");
        encryption_key_vault: Option<Ref> = "encryption.keyVaultProperties.keyVaultArmId", None,
            text("Key vault of the key", "キーのあるキー コンテナー"),
            text("Must have soft delete and purge protection, in the same subscription", "同じサブスクリプションにあり、論理的な削除と消去保護が有効であること"),
            to &[Kind::KeyVault], Some(Relation::Data);
        encryption_key_identifier: String = "encryption.keyVaultProperties.keyIdentifier", String::new(),
            text("Key identifier", "キー識別子"),
            text("URI of the key, such as https://vault.vault.azure.net/keys/name/version", "キーの URI。例: https://vault.vault.azure.net/keys/name/version");
        encryption_identity: Option<Ref> = "encryption.identity.userAssignedIdentity", None,
            text("Identity for the key", "キーにアクセスする ID"),
            text("User-assigned identity that the workspace's storage reads the key with", "ワークスペースのストレージがキーの読み取りに使うユーザー割り当て ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        enable_service_side_cmk_encryption: bool = "enableServiceSideCMKEncryption", false,
            text("Service-side encryption", "サービス側の暗号化"),
            text("Encrypted metadata is kept on the Microsoft side instead of in your subscription", "暗号化されたメタデータを、お客様のサブスクリプションではなく Microsoft 側に保管します");
        hbi_workspace: bool = "hbiWorkspace", false,
            text("High business impact", "高ビジネス影響"),
            text("Microsoft collects less diagnostic data; fixed at creation", "Microsoft が収集する診断データを減らします。作成時にのみ設定できます");
        v1_legacy_mode: bool = "v1LegacyMode", false,
            text("v1 legacy mode", "v1 レガシ モード"),
            text("Keeps API v1 behind the private endpoint and blocks API v2", "API v1 をプライベート エンドポイントの内側に保ち、API v2 をブロックします");
        allow_public_access_when_behind_vnet: bool = "allowPublicAccessWhenBehindVnet", false,
            text("Allow public access when behind a network", "仮想ネットワーク内でもパブリック アクセスを許可"),
            text("SDK v1 twin of public network access; the later setting wins", "SDK v1 でのパブリック ネットワーク アクセスに相当。後から設定した方が有効です");
        enable_data_isolation: bool = "enableDataIsolation", false,
            text("Data isolation", "データの分離"),
            text("The workspace sees only its own containers of the storage account; fixed at creation", "ストレージ アカウントのうち自身のコンテナーだけを扱います。作成時にのみ設定できます");
        /// Ours: a change that somebody plans; the identity above is the one of today.
        identity_change: Option<IdentityType> = "identityChange.type", None,
            text("Identity type after a change", "変更後の ID の種類"),
            text("Set it to ask whether the identity can be switched to it. Not an ARM property", "この種類に切り替えられるかを確認する場合に指定します。ARM のプロパティではありません");
        identity_change_user_assigned: Vec<Ref> = "identityChange.userAssignedIdentities", Vec::new(),
            text("User-assigned identities after a change", "変更後のユーザー割り当て ID"),
            text("All that are to remain: an update removes those it does not name. Not an ARM property", "残す ID をすべて指定します。更新時に指定のない ID は削除されます。ARM のプロパティではありません"),
            to &[Kind::UserAssignedIdentity], None;
        /// Ours: somebody has changed the registry's password, and the workspace still keeps the old one.
        keys_out_of_sync: bool = "keysOutOfSync", false,
            text("Keys out of step", "キーが未同期"),
            text("The password of the registry's admin user was changed and is not synchronized yet, so builds and pulls fail. Not an ARM property", "レジストリの管理者ユーザーのパスワードを変更した後、まだ同期しておらず、ビルドとプルに失敗する状態。ARM のプロパティではありません");
        /// Ours: who is asked about creating and changing it.
        created_by: Option<Ref> = "createdBy", None,
            text("Created and changed by", "作成、変更するユーザー"),
            text("Who runs the calls. Empty: everybody with a role on its resource group or above. Not an ARM property", "操作の呼び出し元。空の場合は、リソース グループ以上にロールを持つ全員。ARM のプロパティではありません"),
            to CALLERS, None;
        /// Ours: decides which role Azure gave the system-assigned identity on the resource group.
        created_before_20241119: bool = "createdBefore20241119", false,
            text("Created before 2024-11-19", "2024 年 11 月 19 日より前に作成"),
            text("Then its system-assigned identity is Contributor on the resource group; since then Azure AI Administrator. Not an ARM property", "それ以前に作成された場合、システム割り当て ID はリソース グループの共同作成者。以後は Azure AI 管理者。ARM のプロパティではありません");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "workspace",
    label: text("Machine Learning workspace", "Machine Learning ワークスペース"),
    help: text(
        "Computes, data, environments and endpoints of a team",
        "チームのコンピューティング、データ、環境、エンドポイントをまとめる",
    ),
    source: "machine-learning/concept-workspace",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces"),
    form: Form::Container,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: Workspace::FIELDS,
    name: NameRule { min: 3, max: 33, also: "-_", not_last: "", ..NameRule::NETWORK },
    facts,
    arm,
    check,
};

/// IP rules are not in the stable version yet.
const PREVIEW: &str = "2026-03-15-preview";

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = Workspace::of(subject);
    let id = |it: Option<Ref>| it.map(|it| ArmValue::IdOf(it.0));
    let truth = |it: bool| it.then_some(ArmValue::Bool(true));
    let mut resource = ArmResource::of(
        subject,
        "Microsoft.MachineLearningServices/workspaces",
        vec![subject.name().to_owned()],
    )
    .member_some("identity", lower_identity(it.identity, &it.user_assigned_identities))
    .member("kind", ArmValue::text("Default"))
    .member(
        "sku",
        ArmValue::object([("name", ArmValue::text("Basic")), ("tier", ArmValue::text("Basic"))]),
    )
    .with_text("friendlyName", &it.friendly_name)
    .with_text("description", &it.description)
    .with_some("storageAccount", id(it.storage_account))
    .with_some("keyVault", id(it.key_vault))
    .with_some("containerRegistry", id(it.container_registry))
    .with_some("applicationInsights", id(it.application_insights))
    .with("publicNetworkAccess", ArmValue::text(it.public_network_access.value()))
    .with_some("primaryUserAssignedIdentity", id(it.primary_user_assigned_identity))
    .with("systemDatastoresAuthMode", ArmValue::text(it.system_datastores_auth_mode.value()))
    .with("managedNetwork", lower_managed_network(subject, &it))
    .with_some("provisionNetworkNow", truth(it.provision_network_now))
    // A name, not an id: the cluster comes after its workspace.
    .with_some(
        "imageBuildCompute",
        subject.follow(it.image_build_compute).map(|it| ArmValue::text(it.name())),
    )
    .with_some("hbiWorkspace", truth(it.hbi_workspace))
    .with_some("v1LegacyMode", truth(it.v1_legacy_mode))
    .with_some("allowPublicAccessWhenBehindVnet", truth(it.allow_public_access_when_behind_vnet))
    .with_some("enableDataIsolation", truth(it.enable_data_isolation));
    if it.serverless_subnet.is_some() || it.serverless_no_public_ip {
        resource = resource
            .with_some(
                "serverlessComputeSettings.serverlessComputeCustomSubnet",
                id(it.serverless_subnet),
            )
            .with(
                "serverlessComputeSettings.serverlessComputeNoPublicIP",
                ArmValue::Bool(it.serverless_no_public_ip),
            );
    }
    if it.encryption_status == Switch::Enabled {
        resource = resource
            .with("encryption.status", ArmValue::text(it.encryption_status.value()))
            .with_some("encryption.keyVaultProperties.keyVaultArmId", id(it.encryption_key_vault))
            .with_text("encryption.keyVaultProperties.keyIdentifier", &it.encryption_key_identifier)
            .with_some("encryption.identity.userAssignedIdentity", id(it.encryption_identity))
            .with_some(
                "enableServiceSideCMKEncryption",
                truth(it.enable_service_side_cmk_encryption),
            );
    }
    if !it.ip_rules.is_empty() {
        resource = resource
            .with("networkAcls.defaultAction", ArmValue::text("Deny"))
            .with("networkAcls.ipRules", lower_ip_rules(&it.ip_rules));
        resource.api_version = Some(PREVIEW);
    }
    // With a user-assigned identity Azure grants nothing: its roles must be there first.
    let identities: Vec<ResourceId> = it.user_assigned_identities.iter().map(|it| it.0).collect();
    vec![resource.after(roles_of(subject.all, &identities))]
}

fn lower_managed_network(subject: Subject<'_>, it: &Workspace) -> ArmValue {
    let mut network =
        ArmValue::object([("isolationMode", ArmValue::text(it.isolation_mode.value()))]);
    if it.isolation_mode == IsolationMode::AllowOnlyApprovedOutbound {
        network.set("firewallSku", ArmValue::text(it.firewall_sku.value()));
    }
    if it.isolation_mode == IsolationMode::Disabled || it.outbound_rules.is_empty() {
        return network;
    }
    let rules = it
        .outbound_rules
        .iter()
        .map(|rule| (rule.name.clone(), lower_outbound_rule(subject, rule)))
        .collect();
    network.set("outboundRules", ArmValue::Object(rules));
    network
}

fn lower_outbound_rule(subject: Subject<'_>, rule: &OutboundRule) -> ArmValue {
    let destination = match rule.rule_type {
        OutboundRuleType::PrivateEndpoint => {
            let target = rule.target.map_or(ArmValue::Null, |it| {
                // The workspace's own id, which it cannot wait for.
                let own = it.0 == subject.id;
                if own { ArmValue::LooseIdOf(it.0) } else { ArmValue::IdOf(it.0) }
            });
            ArmValue::object([
                ("serviceResourceId", target),
                ("subresourceTarget", ArmValue::text(&rule.subresource_target)),
                ("sparkEnabled", ArmValue::Bool(rule.spark_enabled)),
            ])
        }
        OutboundRuleType::Fqdn => ArmValue::text(&rule.fqdn),
        OutboundRuleType::ServiceTag => ArmValue::object([
            ("serviceTag", ArmValue::text(&rule.service_tag)),
            ("protocol", ArmValue::text(rule.protocol.value())),
            ("portRanges", ArmValue::text(&rule.port_ranges)),
        ]),
    };
    ArmValue::object([
        ("type", ArmValue::text(rule.rule_type.value())),
        ("category", ArmValue::text("UserDefined")),
        ("destination", destination),
    ])
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = Workspace::of(subject);
    let mut problems = Vec::new();
    let mut problem = |field: &str, text: crate::text::Text| {
        problems.push(Problem { field: field.to_owned(), text: text.into() });
    };
    if it.storage_account.is_none() {
        problem(
            "storageAccount",
            text(
                "a workspace needs a storage account; choose one",
                "ワークスペースにはストレージ アカウントが必要です。選択してください",
            ),
        );
    }
    if it.key_vault.is_none() {
        problem(
            "keyVault",
            text(
                "a workspace needs a key vault; choose one",
                "ワークスペースにはキー コンテナーが必要です。選択してください",
            ),
        );
    }
    if it.identity == IdentityType::None {
        problem(
            "identity.type",
            text(
                "a workspace must have an identity; choose system-assigned or user-assigned",
                "ワークスペースには ID が必要です。システム割り当てかユーザー割り当てを選択してください",
            ),
        );
    }
    match it.primary_user_assigned_identity {
        None if it.identity == IdentityType::UserAssigned => problem(
            "primaryUserAssignedIdentity",
            text(
                "without a system-assigned identity one of the user-assigned ones must be primary; choose it",
                "システム割り当て ID がない場合は、ユーザー割り当て ID の 1 つをプライマリにする必要があります。選択してください",
            ),
        ),
        Some(primary) if !it.user_assigned_identities.contains(&primary) => problem(
            "primaryUserAssignedIdentity",
            text(
                "the primary identity must be one of the user-assigned identities; add it to the list",
                "プライマリ ID はユーザー割り当て ID の一覧に含まれている必要があります。一覧に追加してください",
            ),
        ),
        _ => {}
    }
    if it.encryption_status == Switch::Enabled {
        if it.encryption_key_vault.is_none() {
            problem(
                "encryption.keyVaultProperties.keyVaultArmId",
                text(
                    "a customer-managed key needs its key vault; choose one",
                    "カスタマー マネージド キーにはキー コンテナーの指定が必要です。選択してください",
                ),
            );
        }
        if it.encryption_key_identifier.is_empty() {
            problem(
                "encryption.keyVaultProperties.keyIdentifier",
                text(
                    "a customer-managed key needs the URI of the key; enter it",
                    "カスタマー マネージド キーにはキーの URI が必要です。入力してください",
                ),
            );
        }
    }
    if let Some(identity) = it.encryption_identity
        && !it.user_assigned_identities.contains(&identity)
    {
        problem(
            "encryption.identity.userAssignedIdentity",
            text(
                "the identity for the key must be one of the workspace's user-assigned identities; add it to the list",
                "キーにアクセスする ID はワークスペースのユーザー割り当て ID に含まれている必要があります。一覧に追加してください",
            ),
        );
    }
    if it.isolation_mode == IsolationMode::Disabled && !it.outbound_rules.is_empty() {
        problem(
            "managedNetwork.outboundRules",
            text(
                "outbound rules work only in a managed network; choose an isolation mode or remove them",
                "アウトバウンド規則はマネージド ネットワークでのみ有効です。分離モードを選ぶか、規則を削除してください",
            ),
        );
    }
    if it.isolation_mode != IsolationMode::Disabled && it.serverless_subnet.is_some() {
        problem(
            "serverlessComputeSettings.serverlessComputeCustomSubnet",
            text(
                "with a managed network no compute stands in a subnet of yours; clear it",
                "マネージド ネットワークを使う場合、コンピューティングを独自のサブネットに置けません。指定を外してください",
            ),
        );
    }
    if let Some(now) = it.deployed_isolation_mode
        && strictness(it.isolation_mode) < strictness(now)
    {
        problem(
            "managedNetwork.isolationMode",
            text(
                "a managed network can only be made stricter: from this mode there is no way back, only a new workspace",
                "マネージド ネットワークはより厳しくする変更しかできません。元に戻すには新しいワークスペースが必要です",
            ),
        );
    }
    if it.provision_network_now && it.isolation_mode == IsolationMode::Disabled {
        problem(
            "provisionNetworkNow",
            text(
                "there is no managed network to provision; choose an isolation mode",
                "プロビジョニングするマネージド ネットワークがありません。分離モードを選んでください",
            ),
        );
    }
    for (n, rule) in it.outbound_rules.iter().enumerate() {
        check_rule(&it, n, rule, &mut problems);
    }
    if let Some(instance) = subject.follow(it.image_build_compute)
        && instance.kind() == Kind::ComputeInstance
    {
        problems.push(Problem::new(
            "imageBuildCompute",
            text(
                "{0} is a compute instance, and images are built on compute clusters only; choose a cluster",
                "{0} はコンピューティング インスタンスです。イメージをビルドできるのはコンピューティング クラスターだけです。クラスターを選択してください",
            )
            .with([arg(instance.name())]),
        ));
    }
    check_ip_rules("networkAcls.ipRules", &it.ip_rules, &mut problems);
    if it.ip_rules.len() > MOST_IP_RULES {
        problems.push(Problem::new(
            format!("networkAcls.ipRules[{MOST_IP_RULES}]"),
            text(
                "a workspace takes {0} IP rules, and here are {1}; join ranges or take some away",
                "ワークスペースに指定できる IP 規則は {0} 個までですが、{1} 個あります。範囲をまとめるか減らしてください",
            )
            .with([arg(MOST_IP_RULES), arg(it.ip_rules.len())]),
        ));
    }
    check_identity(it.identity, &it.user_assigned_identities, &mut problems);
    problems
}

/// Azure docs: "Configure a private endpoint for a workspace" (machine-learning/how-to-configure-private-link).
const MOST_IP_RULES: usize = 200;

/// Azure docs: once internet outbound is on it cannot be disabled, and approved outbound cannot be
/// loosened (machine-learning/how-to-managed-network).
pub(crate) const fn strictness(mode: IsolationMode) -> u8 {
    match mode {
        IsolationMode::Disabled => 0,
        IsolationMode::AllowInternetOutbound => 1,
        IsolationMode::AllowOnlyApprovedOutbound => 2,
    }
}

fn check_rule(workspace: &Workspace, n: usize, rule: &OutboundRule, problems: &mut Vec<Problem>) {
    let mut problem = |cell: &str, text: crate::text::Text| {
        problems.push(Problem {
            field: format!("managedNetwork.outboundRules[{n}].{cell}"),
            text: text.into(),
        });
    };
    // The same rule as for workspace names: 3 to 33 letters, digits, hyphens and underscores.
    if INFO.name.problem(&rule.name).is_some() {
        problem(
            "name",
            text(
                "a rule's name has 3 to 33 letters, digits, - or _",
                "規則の名前は 3 から 33 文字の英数字、-、_ で指定してください",
            ),
        );
    }
    let twice = workspace.outbound_rules.iter().take(n).any(|it| it.name == rule.name);
    if twice {
        problem(
            "name",
            text(
                "another rule has this name; choose a different one",
                "同じ名前の規則があります。別の名前にしてください",
            ),
        );
    }
    match rule.rule_type {
        OutboundRuleType::PrivateEndpoint => {
            if rule.target.is_none() {
                problem(
                    "destination.serviceResourceId",
                    text(
                        "a private endpoint rule needs a target; choose one",
                        "プライベート エンドポイント規則にはターゲットが必要です。選択してください",
                    ),
                );
            }
            if rule.subresource_target.is_empty() {
                problem(
                    "destination.subresourceTarget",
                    text(
                        "a private endpoint rule needs a sub-resource, such as blob",
                        "プライベート エンドポイント規則には blob などのサブリソースが必要です",
                    ),
                );
            }
        }
        OutboundRuleType::Fqdn => {
            if rule.fqdn.is_empty() {
                problem(
                    "destination.fqdn",
                    text(
                        "an FQDN rule needs a host name, such as pypi.org",
                        "FQDN 規則には pypi.org のようなホスト名が必要です",
                    ),
                );
            }
            if is_storage(&rule.fqdn) {
                problem(
                    "destination.fqdn",
                    text(
                        "an FQDN rule cannot lead to a storage account; use a private endpoint rule",
                        "FQDN 規則ではストレージ アカウントに接続できません。プライベート エンドポイント規則を使ってください",
                    ),
                );
            }
            if workspace.isolation_mode == IsolationMode::AllowInternetOutbound {
                problem(
                    "type",
                    text(
                        "FQDN rules exist only where approved outbound alone is allowed; with internet outbound the host is reachable anyway",
                        "FQDN 規則は承認された送信のみを許可するモードだけで使えます。インターネット送信を許可するモードでは不要です",
                    ),
                );
            }
        }
        OutboundRuleType::ServiceTag => {
            if rule.service_tag.is_empty() {
                problem(
                    "destination.serviceTag",
                    text(
                        "a service tag rule needs a tag, such as DataFactory",
                        "サービス タグ規則には DataFactory のようなタグが必要です",
                    ),
                );
            }
            if rule_ports(&rule.port_ranges).is_none() {
                problem(
                    "destination.portRanges",
                    text(
                        "a service tag rule needs ports, such as 443 or 8000-8010,9000, or * for all",
                        "サービス タグ規則には 443 や 8000-8010,9000 のようなポートが必要です。すべての場合は * です",
                    ),
                );
            }
            if workspace.isolation_mode == IsolationMode::AllowInternetOutbound {
                problem(
                    "type",
                    text(
                        "service tag rules exist only where approved outbound alone is allowed; with internet outbound the service is reachable anyway",
                        "サービス タグ規則は承認された送信のみを許可するモードだけで使えます。インターネット送信を許可するモードでは不要です",
                    ),
                );
            }
        }
    }
}

/// Azure docs: in approved mode storage is reached by private endpoint rules only
/// (machine-learning/how-to-managed-network).
fn is_storage(fqdn: &str) -> bool {
    const SERVICES: [&str; 6] = ["blob", "file", "queue", "table", "dfs", "web"];
    let name = fqdn.trim_end_matches('.').to_ascii_lowercase();
    let service = name.strip_suffix(".core.windows.net").and_then(|it| it.rsplit('.').next());
    service.is_some_and(|it| SERVICES.contains(&it))
}

pub(super) const TYPE: &str = "Microsoft.MachineLearningServices/workspaces";

/// Sub-resource of private endpoints to a workspace.
pub(super) const LINK: &str = "amlworkspace";

/// Tags that every managed network with approved outbound opens by itself.
///
/// Azure docs: "Workspace managed virtual network isolation" (machine-learning/how-to-managed-network).
const MANAGED_TAGS: &[&str] = &[
    "AzureMachineLearning",
    "AzureActiveDirectory",
    "BatchNodeManagement",
    "AzureResourceManager",
    "AzureFrontDoor.FirstParty",
    "MicrosoftContainerRegistry",
    "AzureMonitor",
];

/// What host names are made of. Azure chooses the GUID; until it is known, the number of the resource
/// keeps the names of two workspaces apart.
pub(super) fn host_values(subject: Subject<'_>) -> [(&'static str, String); 3] {
    let region = reach::region(subject);
    let guid = subject.setting::<Option<Guid>>("workspaceId").flatten();
    let guid =
        guid.map_or_else(|| format!("workspace-{}", subject.id.0), |it| it.as_str().to_owned());
    // The first label of the notebook host has at most 63 characters.
    let room = 63_usize.saturating_sub("ml---".len() + region.len() + guid.len());
    let name: String = subject.name().to_ascii_lowercase().chars().take(room).collect();
    [("workspace-guid", guid), ("workspace-name-truncated", name), ("region", region)]
}

/// Who may use what a workspace shows in public.
pub(super) fn firewall_of(subject: Subject<'_>, settings: &Workspace) -> Firewall {
    let contradiction = settings.public_network_access == PublicNetworkAccess::Disabled
        && settings.allow_public_access_when_behind_vnet;
    Firewall {
        public: if contradiction {
            PublicAccess::Enabled
        } else {
            reach::public_access(settings.public_network_access)
        },
        default_allow: settings.ip_rules.is_empty(),
        ip_rules: settings.ip_rules.clone(),
        symptom: "sy-api",
        browser_symptom: Some("sy-home"),
        source: "machine-learning/how-to-configure-private-link",
        uncertain: contradiction.then(|| {
            text(
                "{0}: publicNetworkAccess and allowPublicAccessWhenBehindVnet contradict each other; the one that was set later counts",
                "{0}: publicNetworkAccess と allowPublicAccessWhenBehindVnet の設定が矛盾しています。後から設定した方が有効です",
            )
            .with([arg(subject.name())])
        }),
        ..Firewall::default()
    }
}

/// The workspace that a compute or endpoint belongs to.
pub(super) fn owner_of(subject: Subject<'_>, workspace: Option<Ref>) -> Option<Subject<'_>> {
    subject
        .within(Kind::Workspace)
        .or_else(|| subject.follow(workspace).filter(|it| it.kind() == Kind::Workspace))
}

/// Whether the workspace can be reached privately.
pub(super) fn has_endpoint(subject: Subject<'_>) -> bool {
    subject.all.referrers(subject.id).any(|(it, _)| it.kind() == Kind::PrivateEndpoint)
}

/// With a private endpoint, instances and attached clusters must stand in the region of their workspace.
/// `place` is what says where it stands: itself or its subnet.
pub(super) fn refuse_far(
    subject: Subject<'_>,
    place: Subject<'_>,
    owner: Subject<'_>,
    facts: &mut Facts,
) -> bool {
    let (here, there) = (reach::region(place), reach::region(owner));
    if here == there || here.is_empty() || there.is_empty() || !has_endpoint(owner) {
        return false;
    }
    facts.refuse(
        subject.id,
        text(
            "{0} stands in {1}, its workspace in {2}; with a private endpoint both must be in one region",
            "{0} は {1} に、ワークスペースは {2} にあります。プライベート エンドポイントを使う場合は同じリージョンに置く必要があります",
        )
        .with([arg(subject.name()), arg(here), arg(there)]),
        "machine-learning/how-to-secure-training-vnet",
    );
    true
}

/// The nodes of a cluster that says its region must find their network there.
fn refuse_foreign_network(subject: Subject<'_>, subnet: Subject<'_>, facts: &mut Facts) {
    let (here, there) = (reach::region(subject), reach::region(subnet));
    if here == there || here.is_empty() || there.is_empty() {
        return;
    }
    let text = text(
        "{0} is to be in {1}, but its network is in {2}; a cluster takes a subnet of its own region only",
        "{0} のリージョンは {1} ですが、ネットワークは {2} にあります。クラスターには同じリージョンのサブネットが必要です",
    );
    let text = text.with([arg(subject.name()), arg(here), arg(there)]);
    facts.refuse(subject.id, text, "batch/batch-virtual-network");
}

/// Whether a cluster of another region could use its workspace: its network has a private endpoint of the
/// workspace, or is peered with one that has.
fn near_endpoint(subnet: Subject<'_>, owner: Subject<'_>) -> bool {
    let all = subnet.all;
    let Some(home) = subnet.within(Kind::VirtualNetwork) else { return true };
    let holds = |network: ResourceId| {
        let endpoints =
            all.referrers(owner.id).filter(|(it, _)| it.kind() == Kind::PrivateEndpoint);
        endpoints
            .map(|(it, _)| it.within(Kind::VirtualNetwork))
            .any(|it| it.is_some_and(|it| it.id == network))
    };
    let peerings =
        all.referrers(home.id).filter(|(it, _)| it.kind() == Kind::VirtualNetworkPeering);
    let peers = peerings.filter_map(|(it, field)| {
        let other =
            if field.key == "virtualNetwork" { "remoteVirtualNetwork" } else { "virtualNetwork" };
        it.setting::<Option<Ref>>(other).flatten()
    });
    holds(home.id) || peers.map(|it| it.0).any(holds)
}

const UNSAID: Text = text(
    "{0} is to be in {1}, and in a managed network computes stand in the region of the workspace; set the location of {2}",
    "{0} のリージョンは {1} です。マネージド ネットワークではコンピューティングをワークスペースと同じリージョンに置く必要があるため、{2} の場所を設定してください",
);

/// Where a compute stands: in a subnet, in the managed network, or in Microsoft's own.
pub(super) fn compute_host(
    subject: Subject<'_>,
    facts: &mut Facts,
    workspace: Option<Ref>,
) -> Option<Host> {
    let owner = owner_of(subject, workspace);
    let settings = owner.map(|it| Workspace::of(it));
    let isolated = settings.is_some_and(|it| it.isolation_mode != IsolationMode::Disabled);
    if let Some(subnet) = subject.within(Kind::Subnet) {
        if let (true, Some(owner)) = (isolated, owner) {
            facts.refuse(
                subject.id,
                text(
                    "{0} stands in a subnet, but {1} has a managed network; its computes cannot be put into networks of yours",
                    "{0} はサブネットにありますが、{1} はマネージド ネットワークを使用しているため、コンピューティングをお客様のネットワークに置けません",
                )
                .with([arg(subject.name()), arg(owner.name())]),
                "machine-learning/how-to-managed-network",
            );
        }
        if subject.kind() == Kind::ComputeCluster {
            refuse_foreign_network(subject, subnet, facts);
        }
        if let Some(owner) = owner
            && (subject.kind() == Kind::ComputeInstance || !near_endpoint(subnet, owner))
        {
            refuse_far(subject, subnet, owner, facts);
        }
        let position = Position::Subnet { subnet: subnet.id, address: None };
        return Some(Host { of_service: true, ..Host::at(position) });
    }
    let owner = owner?;
    let there = reach::region(owner);
    // Clusters alone have a region of their own.
    let own = (subject.kind() == Kind::ComputeCluster).then(|| reach::region(subject));
    let here = own.unwrap_or_else(|| there.clone());
    if isolated && here != there {
        let text = text(
            "{0} is to be in {1}, its workspace is in {2}; in a managed network computes stand in the region of the workspace",
            "{0} のリージョンは {1}、ワークスペースは {2} です。マネージド ネットワークでは、コンピューティングをワークスペースと同じリージョンに置く必要があります",
        );
        if there.is_empty() {
            facts
                .gap(subject.id, UNSAID.with([arg(subject.name()), arg(&here), arg(owner.name())]));
        } else {
            let text = text.with([arg(subject.name()), arg(&here), arg(there)]);
            facts.refuse(subject.id, text, "machine-learning/how-to-managed-network");
        }
    }
    Some(if isolated {
        Host { provisions: true, ..Host::at(Position::Managed { network: owner.id }) }
    } else {
        Host::at(Position::Platform { region: here })
    })
}

/// A face that the workspace's private endpoint serves under a name that the table of faces lists
/// without its alias: it leads to the same address as `like`.
pub(super) fn twin_face(
    id: &'static str,
    workspace: Subject<'_>,
    name: String,
    like: &Face,
) -> Face {
    Face {
        id,
        name,
        link: like.link.as_ref().map(|it| FaceLink {
            owner: Some(workspace.id),
            alias_assumed: true,
            ..it.clone()
        }),
        tags: like.tags.clone(),
        ..Face::default()
    }
}

/// The scoring host of an endpoint, which the workspace's private endpoint serves.
pub(super) fn scoring_face(endpoint: Subject<'_>, workspace: Subject<'_>) -> Face {
    let values = host_values(workspace);
    let name = endpoint.name().to_ascii_lowercase();
    let mut all: Vec<(&str, &str)> = values.iter().map(|(key, it)| (*key, it.as_str())).collect();
    all.push(("endpoint", &name));
    reach::face(
        "scoring",
        workspace.id,
        TYPE,
        LINK,
        "{endpoint}.{region}.inference.ml.azure.com",
        &all,
    )
}

/// The faces of the workspace itself.
pub(super) fn faces(subject: Subject<'_>) -> Vec<Face> {
    let values = host_values(subject);
    let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
    let face = |id, name| reach::face(id, subject.id, TYPE, LINK, name, &values);
    let api = face("api", "{workspace-guid}.workspace.{region}.api.azureml.ms");
    let cert_name =
        crate::azure::fill("{workspace-guid}.workspace.{region}.cert.api.azureml.ms", &values);
    let mut cert = twin_face("cert", subject, cert_name, &api);
    if let Some(link) = &mut cert.link {
        link.label = format!("{}.cert", link.label);
        link.alias_assumed = false;
    }
    let notebooks = face(
        "notebooks",
        "ml-{workspace-name-truncated}-{region}-{workspace-guid}.{region}.notebooks.azure.net",
    );
    vec![api, cert, notebooks]
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, Workspace::from_settings);
    let region = reach::region(subject);
    let values = host_values(subject);
    let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
    let mut link = reach::link_group(TYPE, LINK, &values);
    let cert = link.records.iter().find(|it| it.label.ends_with(&format!(".workspace.{region}")));
    if let Some(api) = cert.cloned() {
        let label = format!("{}.cert", api.label);
        link.records.push(crate::facts::service::LinkRecord { label, ..api });
    }
    facts.services.insert(
        subject.id,
        Service {
            region: region.clone(),
            tenant: reach::tenant(subject),
            faces: faces(subject),
            links: vec![link],
            firewall: firewall_of(subject, &settings),
        },
    );
    // The service acts as the workspace from Microsoft's own network.
    facts.hosts.insert(subject.id, Host::at(Position::Platform { region: region.clone() }));
    let mode = match settings.isolation_mode {
        IsolationMode::Disabled => return,
        IsolationMode::AllowInternetOutbound => ManagedMode::InternetOutbound,
        IsolationMode::AllowOnlyApprovedOutbound => ManagedMode::ApprovedOnly,
    };
    let required = [
        (Some(subject.id), LINK),
        (reach::existing_one(subject, settings.storage_account), "blob"),
        (reach::existing_one(subject, settings.storage_account), "file"),
        (reach::existing_one(subject, settings.key_vault), "vault"),
        (reach::existing_one(subject, settings.container_registry), "registry"),
    ];
    facts.managed_networks.insert(
        subject.id,
        ManagedNetwork {
            mode,
            region,
            provisioned: settings.managed_network_status == Provisioned::Active
                || settings.provision_network_now,
            rules: settings.outbound_rules.iter().map(|it| managed_rule(subject, it)).collect(),
            opens: MANAGED_TAGS,
            required: required.into_iter().filter_map(|(id, group)| Some((id?, group))).collect(),
        },
    );
}

/// A rule that leaves out what it is about is there, but what it opens is not known.
fn managed_rule(subject: Subject<'_>, rule: &OutboundRule) -> ManagedRule {
    let to = match rule.rule_type {
        OutboundRuleType::Fqdn if rule.fqdn.is_empty() => None,
        OutboundRuleType::Fqdn => Some(ManagedTarget::Name(reach::name(&rule.fqdn))),
        OutboundRuleType::ServiceTag if rule.service_tag.is_empty() => None,
        OutboundRuleType::ServiceTag => {
            rule_ports(&rule.port_ranges).map(|ports| ManagedTarget::Tag {
                tag: reach::tag(&rule.service_tag)
                    .unwrap_or_else(|| filter::Tag::new(&rule.service_tag, None)),
                protocol: match rule.protocol {
                    RuleProtocol::Tcp => filter::Protocol::Tcp,
                    RuleProtocol::Udp => filter::Protocol::Udp,
                    RuleProtocol::Icmp => filter::Protocol::Icmp,
                    RuleProtocol::Any => filter::Protocol::Any,
                },
                ports: reach::ports(&ports),
            })
        }
        OutboundRuleType::PrivateEndpoint => reach::existing_one(subject, rule.target)
            .filter(|_| !rule.subresource_target.is_empty())
            .map(|target| ManagedTarget::PrivateEndpoint {
                target,
                group: rule.subresource_target.clone(),
                state: match rule.status {
                    Provisioned::Active => LinkState::Approved,
                    Provisioned::Inactive => LinkState::Pending,
                },
            }),
    };
    ManagedRule { at: subject.id, name: rule.name.clone(), to: to.unwrap_or(ManagedTarget::Unsaid) }
}

/// Reads `443`, `8000-8010,9000` or `*`; `None` where one of the ports is none, or nothing is there.
fn rule_ports(written: &str) -> Option<Vec<PortRange>> {
    written.split(',').map(|it| PortRange::parse(it).ok()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    fn wrong(settings: serde_json::Value, field: &str) -> bool {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let id = it.add(Kind::Workspace, "ws1", group, settings);
        it.wrong(id).iter().any(|it| it.starts_with(field))
    }

    #[test]
    fn at_most_200_ip_rules() {
        for (count, good) in [(200, true), (201, false)] {
            let rules: Vec<String> = (0..count).map(|n| format!("198.18.{n}.1")).collect();
            assert_ne!(
                wrong(json!({"networkAcls.ipRules": rules}), "networkAcls"),
                good,
                "{count}"
            );
        }
    }

    #[test]
    fn images_are_built_on_clusters_only() {
        for (kind, good) in [(Kind::ComputeCluster, true), (Kind::ComputeInstance, false)] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let id = it.add(Kind::Workspace, "ws1", group, json!({}));
            let compute = it.add(kind, "builder", id, json!({}));
            it.set(id, "imageBuildCompute", json!(compute.0));
            let found = it.wrong(id);
            assert_eq!(!found.contains(&"imageBuildCompute".to_owned()), good, "{found:?}");
        }
    }

    #[test]
    fn clusters_where_the_workspace_says_no_region() {
        let mut it = Sketch::default();
        let mode = json!({"managedNetwork.isolationMode": "AllowInternetOutbound"});
        // No resource group says it either.
        let id = it.add(Kind::Workspace, "ws1", None, mode);
        let settings = json!({"location": "westus"});
        let cluster = it.add(Kind::ComputeCluster, "cpu", id, settings);
        let facts = it.all().facts();
        assert!(facts.gaps.contains_key(&cluster) && !facts.refusals.contains_key(&cluster));
    }

    #[test]
    fn a_cluster_is_deployed_to_the_region_of_its_network() {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({"location": "japaneast"}));
        let id = it.add(Kind::Workspace, "ws1", group, json!({}));
        let network = it.add(Kind::VirtualNetwork, "vnet", group, json!({"location": "westus"}));
        let subnet = it.add(Kind::Subnet, "training", network, json!({}));
        let cluster = it.add(Kind::ComputeCluster, "cpu", subnet, json!({"workspace": id.0}));
        let lowered = it.lowered(cluster).remove(0).location;
        assert_eq!(lowered.as_deref(), Some("westus"));
    }

    // batch/batch-virtual-network: the nodes' network is in the region of the pool.
    #[test]
    fn clusters_in_a_network_of_another_region() {
        for (region, good) in [("", true), ("japaneast", true), ("westus", false)] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({"location": "japaneast"}));
            let id = it.add(Kind::Workspace, "ws1", group, json!({}));
            let network = it.add(Kind::VirtualNetwork, "vnet", group, json!({}));
            let subnet = it.add(Kind::Subnet, "training", network, json!({}));
            let settings = json!({"workspace": id.0});
            let cluster = it.add(Kind::ComputeCluster, "cpu", subnet, settings);
            if !region.is_empty() {
                it.set(cluster, "location", json!(region));
            }
            assert_eq!(!it.all().facts().refusals.contains_key(&cluster), good, "{region}");
        }
    }

    // how-to-managed-network: computes of a managed network stand in the region of the workspace;
    // how-to-create-attach-compute-cluster: others need not.
    #[test]
    fn clusters_in_another_region() {
        for (mode, region, good) in [
            ("Disabled", "westus", true),
            ("AllowInternetOutbound", "", true),
            ("AllowInternetOutbound", "Japan East", true),
            ("AllowInternetOutbound", "westus", false),
        ] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({"location": "japaneast"}));
            let mode = json!({"managedNetwork.isolationMode": mode});
            let id = it.add(Kind::Workspace, "ws1", group, mode);
            let cluster = it.add(Kind::ComputeCluster, "cpu", id, json!({}));
            if !region.is_empty() {
                it.set(cluster, "location", json!(region));
                let lowered = it.lowered(cluster).remove(0).location;
                assert_eq!(lowered.as_deref(), Some(region));
            }
            assert_eq!(!it.all().facts().refusals.contains_key(&cluster), good, "{region}");
        }
    }

    #[test]
    fn names_of_storage_accounts() {
        for (name, storage) in [
            ("st1.blob.core.windows.net", true),
            ("*.DFS.core.windows.net", true),
            ("pypi.org", false),
            ("core.windows.net", false),
            ("management.core.windows.net", false),
            ("blob.core.windows.net.contoso.com", false),
        ] {
            assert_eq!(is_storage(name), storage, "{name}");
        }
    }
}
