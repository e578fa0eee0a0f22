//! Container registry: images, served by a login server and by data endpoints.
//!
//! Azure docs: "Connect privately to an Azure container registry" (container-registry/container-registry-private-link),
//! "Azure Container Registry roles" (container-registry/container-registry-roles).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{
        CALLERS, DefaultAction, IdentityType, PublicNetworkAccess, check_identity, check_ip_rules,
        lower_identity, lower_ip_rules,
    },
    reach,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Relation, choice, settings},
};
use crate::{
    facts::{
        Facts,
        cidr::Cidr,
        service::{Clauses, Face, Firewall, LinkGroup, LinkRecord, Service},
    },
    text::{arg, text},
};

choice! {
    /// Tier; private endpoints, firewall rules and data endpoints need Premium.
    pub enum Sku {
        Basic = "Basic", text("Basic", "Basic");
        Standard = "Standard", text("Standard", "Standard");
        Premium = "Premium", text("Premium", "Premium");
    }
}

choice! {
    /// Whether trusted services pass the firewall.
    pub enum BypassOptions {
        AzureServices = "AzureServices", text("Trusted Azure services", "信頼された Azure サービス");
        None = "None", text("None", "なし");
    }
}

choice! {
    /// Which roles open images.
    pub enum RoleAssignmentMode {
        Legacy = "LegacyRegistryPermissions", text("RBAC registry permissions", "RBAC レジストリのアクセス許可");
        Abac = "AbacRepositoryPermissions", text("RBAC registry + ABAC repository permissions", "RBAC レジストリと ABAC リポジトリのアクセス許可");
    }
}

choice! {
    /// A policy that ARM spells in lower case.
    pub enum PolicyStatus {
        Enabled = "enabled", text("Enabled", "有効");
        Disabled = "disabled", text("Disabled", "無効");
    }
}

settings! {
    /// A copy of the registry in another region.
    pub struct Replication {
        location: Region = "location", Region::default(),
            text("Region", "リージョン"),
            text("Region of the replica, such as japanwest", "レプリカのリージョン。例: japanwest");
        region_endpoint_enabled: bool = "regionEndpointEnabled", true,
            text("Serves requests", "要求に応答する"),
            text("Off: it only keeps the data", "無効の場合はデータの保持だけを行います");
    }
}

settings! {
    /// Settings of a container registry.
    pub struct ContainerRegistry {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
        sku: Sku = "sku.name", Sku::Standard,
            text("SKU", "SKU"),
            text("Private endpoints, IP rules, dedicated data endpoints and replicas need Premium", "プライベート エンドポイント、IP 規則、専用データ エンドポイント、レプリカには Premium が必要です");
        admin_user_enabled: bool = "adminUserEnabled", false,
            text("Admin user", "管理者ユーザー"),
            text("One account with a password that pulls and pushes everything, past every role", "すべてをプル、プッシュできるパスワード付きアカウント。ロールの制限を受けません");
        public_network_access: PublicNetworkAccess = "publicNetworkAccess", PublicNetworkAccess::Enabled,
            text("Public network access", "パブリック ネットワーク アクセス"),
            text("Disabled leaves private endpoints and trusted services; overrides the rules below", "無効にするとプライベート エンドポイントと信頼されたサービスだけが残ります。以下の規則より優先されます");
        default_action: DefaultAction = "networkRuleSet.defaultAction", DefaultAction::Allow,
            text("Default action", "既定のアクション"),
            text("Deny admits only the IP rules below", "拒否の場合、以下の IP 規則で指定したものだけを許可します");
        ip_rules: Vec<Cidr> = "networkRuleSet.ipRules", Vec::new(),
            text("IP rules", "IP 規則"),
            text("Public addresses", "パブリック アドレス");
        /// In preview API versions only, so templates leave it out.
        virtual_network_rules: Vec<Ref> = "networkRuleSet.virtualNetworkRules", Vec::new(),
            text("Virtual network rules", "仮想ネットワーク規則"),
            text("Subnets with a service endpoint for Microsoft.ContainerRegistry (preview; not in exported templates)", "Microsoft.ContainerRegistry のサービス エンドポイントを持つサブネット (プレビュー。エクスポートには含まれません)"),
            to &[Kind::Subnet], Some(Relation::Network);
        bypass_options: BypassOptions = "networkRuleBypassOptions", BypassOptions::AzureServices,
            text("Exceptions", "例外"),
            text("Whether trusted services pass the firewall", "信頼されたサービスのバイパスを許可するか");
        bypass_allowed_for_tasks: bool = "networkRuleBypassAllowedForTasks", false,
            text("Exception for tasks", "タスクの例外"),
            text("Whether registry tasks pass too, with their system-assigned identity; off since June 2025", "レジストリ タスクもシステム割り当て ID でバイパスできるか。2025 年 6 月以降の既定は無効");
        data_endpoint_enabled: bool = "dataEndpointEnabled", false,
            text("Dedicated data endpoints", "専用データ エンドポイント"),
            text("Layers come from {registry}.{region}.data.azurecr.io; a private endpoint turns it on", "レイヤーを {registry}.{region}.data.azurecr.io から取得します。プライベート エンドポイントがあると有効になります");
        role_assignment_mode: RoleAssignmentMode = "roleAssignmentMode", RoleAssignmentMode::Legacy,
            text("Role assignment mode", "ロールの割り当てモード"),
            text("With ABAC, AcrPull and AcrPush are not honored; use the Container Registry Repository roles", "ABAC では AcrPull や AcrPush は無効です。Container Registry Repository の各ロールを使います");
        anonymous_pull_enabled: bool = "anonymousPullEnabled", false,
            text("Anonymous pull", "匿名プル"),
            text("Anyone who reaches the registry may pull", "レジストリに到達できれば誰でもプルできます");
        arm_audience: PolicyStatus = "policies.azureADAuthenticationAsArmPolicy.status", PolicyStatus::Enabled,
            text("Sign-in with Azure Resource Manager tokens", "Azure Resource Manager トークンでのサインイン"),
            text("Disabled accepts registry tokens only", "無効にするとレジストリ用のトークンだけを受け付けます");
        export_policy: PolicyStatus = "policies.exportPolicy.status", PolicyStatus::Enabled,
            text("Export", "エクスポート"),
            text("Disabled forbids moving images to other registries; needs public network access disabled", "無効にするとほかのレジストリへの移動を禁止します。パブリック アクセスの無効化が必要です");
        replications: Vec<Replication> = "replications", Vec::new(),
            text("Replicas", "レプリカ"),
            text("Copies in other regions, each with its own data endpoint", "ほかのリージョンのコピー。それぞれにデータ エンドポイントがあります");
        identity: IdentityType = "identity.type", IdentityType::None,
            text("Identity type", "ID の種類"),
            text("Identity of the registry itself", "レジストリ自身の ID");
        user_assigned_identities: Vec<Ref> = "identity.userAssignedIdentities", Vec::new(),
            text("User-assigned identities", "ユーザー割り当て ID"),
            text("Identities that the registry may act as", "レジストリが使用できる ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        /// Ours: who is asked about creating and changing it.
        created_by: Option<Ref> = "createdBy", None,
            text("Created and changed by", "作成、変更するユーザー"),
            text("Who runs the calls. Empty: everybody with a role on its resource group or above. Not an ARM property", "操作の呼び出し元。空の場合は、リソース グループ以上にロールを持つ全員。ARM のプロパティではありません"),
            to CALLERS, None;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "container-registry",
    label: text("Container registry", "コンテナー レジストリ"),
    help: text("Images of environments", "環境のイメージ"),
    source: "container-registry/container-registry-private-link",
    group: Group::Data,
    arm_type: Some("Microsoft.ContainerRegistry/registries"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: ContainerRegistry::FIELDS,
    name: NameRule { min: 5, max: 50, also: "", not_last: "", ..NameRule::NETWORK },
    facts,
    arm,
    check,
};

/// Host name that images are pulled from.
pub fn login_server(registry: Subject<'_>) -> String {
    format!("{}.azurecr.io", registry.name().to_ascii_lowercase())
}

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = ContainerRegistry::of(subject);
    let name = subject.name().to_owned();
    let premium = it.sku == Sku::Premium;
    let mut registry =
        ArmResource::of(subject, "Microsoft.ContainerRegistry/registries", vec![name.clone()])
            .member("sku", ArmValue::object([("name", ArmValue::text(it.sku.value()))]))
            .member_some("identity", lower_identity(it.identity, &it.user_assigned_identities))
            .with("adminUserEnabled", ArmValue::Bool(it.admin_user_enabled))
            .with("publicNetworkAccess", ArmValue::text(it.public_network_access.value()))
            .with("networkRuleBypassOptions", ArmValue::text(it.bypass_options.value()))
            .with("roleAssignmentMode", ArmValue::text(it.role_assignment_mode.value()))
            .with("anonymousPullEnabled", ArmValue::Bool(it.anonymous_pull_enabled))
            .with(
                "policies.azureADAuthenticationAsArmPolicy.status",
                ArmValue::text(it.arm_audience.value()),
            );
    // Azure refuses these on other tiers, even at their defaults.
    if premium {
        registry = registry
            .with("dataEndpointEnabled", ArmValue::Bool(it.data_endpoint_enabled))
            .with("networkRuleSet.defaultAction", ArmValue::text(it.default_action.value()))
            .with("networkRuleSet.ipRules", lower_ip_rules(&it.ip_rules))
            .with("networkRuleBypassAllowedForTasks", ArmValue::Bool(it.bypass_allowed_for_tasks))
            .with("policies.exportPolicy.status", ArmValue::text(it.export_policy.value()));
    }
    let mut all = vec![registry];
    all.extend(it.replications.iter().map(|replica| {
        let region = replica.location.as_str();
        ArmResource {
            location: Some(region.to_owned()),
            ..ArmResource::of(
                subject,
                "Microsoft.ContainerRegistry/registries/replications",
                vec![name.clone(), region.to_owned()],
            )
        }
        .with("regionEndpointEnabled", ArmValue::Bool(replica.region_endpoint_enabled))
    }));
    all
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = ContainerRegistry::of(subject);
    let mut problems = Vec::new();
    check_ip_rules("networkRuleSet.ipRules", &it.ip_rules, &mut problems);
    check_identity(it.identity, &it.user_assigned_identities, &mut problems);
    let mut problem = |field: &str, text: crate::text::Text| {
        problems.push(Problem { field: field.to_owned(), text: text.into() });
    };
    let linked =
        subject.all.referrers(subject.id).any(|(it, _)| it.kind() == Kind::PrivateEndpoint);
    if linked && !it.virtual_network_rules.is_empty() {
        problem(
            "networkRuleSet.virtualNetworkRules",
            text(
                "a registry with a private endpoint takes no virtual network rules; keep one of the two",
                "プライベート エンドポイントを持つレジストリでは仮想ネットワーク規則を使えません。どちらか一方にしてください",
            ),
        );
    }
    if it.sku != Sku::Premium {
        let premium = text(
            "this needs the Premium SKU; change the SKU or this setting",
            "この設定には Premium の SKU が必要です。SKU かこの設定を変更してください",
        );
        if it.default_action == DefaultAction::Deny {
            problem("networkRuleSet.defaultAction", premium);
        }
        if !it.ip_rules.is_empty() {
            problem("networkRuleSet.ipRules", premium);
        }
        if !it.virtual_network_rules.is_empty() {
            problem("networkRuleSet.virtualNetworkRules", premium);
        }
        if linked {
            problem(
                "sku.name",
                text(
                    "a private endpoint leads here, and only the Premium SKU takes one; change the SKU to Premium",
                    "プライベート エンドポイントが接続されていますが、使えるのは Premium の SKU だけです。SKU を Premium に変更してください",
                ),
            );
        }
        if it.public_network_access == PublicNetworkAccess::Disabled {
            problem("publicNetworkAccess", premium);
        }
        if it.data_endpoint_enabled {
            problem("dataEndpointEnabled", premium);
        }
        if !it.replications.is_empty() {
            problem("replications", premium);
        }
        if it.export_policy == PolicyStatus::Disabled {
            problem("policies.exportPolicy.status", premium);
        }
    }
    for (n, replica) in it.replications.iter().enumerate() {
        let region = replica.location.as_str();
        let twice = it.replications.iter().take(n).any(|it| it.location == replica.location);
        if region.is_empty() || twice || !region.bytes().all(|it| it.is_ascii_alphanumeric()) {
            problem(
                &format!("replications[{n}].location"),
                text(
                    "name a region, such as japanwest, once each",
                    "japanwest のようなリージョンを、それぞれ 1 回だけ指定してください",
                ),
            );
        }
    }
    if it.sku == Sku::Basic && it.anonymous_pull_enabled {
        problem(
            "anonymousPullEnabled",
            text(
                "anonymous pull needs the Standard or Premium SKU; change the SKU or this setting",
                "匿名プルには Standard か Premium の SKU が必要です。SKU かこの設定を変更してください",
            ),
        );
    }
    if it.export_policy == PolicyStatus::Disabled
        && it.public_network_access != PublicNetworkAccess::Disabled
    {
        problem(
            "policies.exportPolicy.status",
            text(
                "export can be disabled only while public network access is disabled; disable that too",
                "エクスポートを無効にするには、パブリック ネットワーク アクセスも無効にする必要があります",
            ),
        );
    }
    problems
}

const TYPE: &str = "Microsoft.ContainerRegistry/registries";

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, ContainerRegistry::from_settings);
    let endpoints: Vec<Subject<'_>> = subject
        .all
        .referrers(subject.id)
        .map(|(it, _)| it)
        .filter(|it| it.kind() == Kind::PrivateEndpoint)
        .collect();
    let default_allow = reach::allows(settings.default_action);
    refuse_below_premium(subject, facts, &settings, &endpoints);
    let acr = subject.name().to_ascii_lowercase();
    let region = reach::region(subject);
    let values = [("acr", acr.as_str()), ("region", region.as_str())];
    let login = reach::face("login", subject.id, TYPE, "registry", "{acr}.azurecr.io", &values);
    // A private endpoint turns dedicated data endpoints on. Without them layers come from storage that
    // registries share, by signed link.
    let data = if settings.data_endpoint_enabled || !endpoints.is_empty() {
        let name = "{acr}.{region}.data.azurecr.io";
        reach::face("data", subject.id, TYPE, "registry", name, &values)
    } else {
        Face {
            id: "data",
            name: "*.blob.core.windows.net".to_owned(),
            tags: vec!["Storage"],
            shared: true,
            unguarded: true,
            ..Face::default()
        }
    };
    let mut link = reach::link_group(TYPE, "registry", &values);
    let mut faces = vec![login, data];
    for replica in &settings.replications {
        let region = crate::facts::region(replica.location.as_str());
        add_replica(&mut link, &acr, &region);
        if !region.is_empty() && faces.iter().any(|it| it.id == "data" && !it.shared) {
            let values = [("acr", acr.as_str()), ("region", region.as_str())];
            let name = "{acr}.{region}.data.azurecr.io";
            let replica = reach::face("replica-data", subject.id, TYPE, "registry", name, &values);
            if faces.iter().all(|it| it.name != replica.name) {
                faces.push(replica);
            }
        }
    }
    facts.services.insert(
        subject.id,
        Service {
            tenant: reach::tenant(subject),
            faces,
            links: vec![link],
            firewall: Firewall {
                public: reach::public_access(settings.public_network_access),
                default_allow,
                ip_rules: settings.ip_rules,
                subnet_rules: reach::existing(subject, &settings.virtual_network_rules),
                bypass: settings.bypass_options == BypassOptions::AzureServices,
                trusted: &["MachineLearning", "ContainerInstances", "Defender", "RegistryImport"],
                tasks_trusted: settings.bypass_allowed_for_tasks,
                clauses: Clauses {
                    subnet_rules_void_trusted: true,
                    // container-registry/container-registry-vnet: only AKS and virtual machines, "other
                    // Azure services including Azure Container Instances aren't supported". That a registry
                    // with a service endpoint "must be in the same virtual network and subnet as the
                    // storage account and compute targets" (machine-learning/how-to-secure-workspace-vnet)
                    // makes no machine of the customer of a compute.
                    subnet_rules_for_machines: true,
                    ..Clauses::default()
                },
                symptom: "sy-acr",
                source: "container-registry/container-registry-access-selected-networks",
                ..Firewall::default()
            },
            region,
        },
    );
}

/// Each replica has a data host of its own.
fn add_replica(link: &mut LinkGroup, acr: &str, region: &str) {
    let member = format!("registry_data_{region}");
    if link.members.contains(&member) {
        return;
    }
    link.records.push(LinkRecord {
        zone: "privatelink.azurecr.io".to_owned(),
        label: format!("{acr}.{region}.data"),
        member: member.clone(),
    });
    link.members.push(member);
}

/// What Azure refuses on the smaller tiers.
fn refuse_below_premium(
    subject: Subject<'_>,
    facts: &mut Facts,
    settings: &ContainerRegistry,
    endpoints: &[Subject<'_>],
) {
    const PAGE: &str = "container-registry/container-registry-skus";
    if settings.sku == Sku::Premium {
        return;
    }
    let refusal = || {
        text(
            "{0} has SKU {1}; private endpoints, network rules, dedicated data endpoints and replicas need Premium",
            "{0} の SKU は {1} です。プライベート エンドポイント、ネットワーク規則、専用データ エンドポイント、レプリカには Premium が必要です",
        )
        .with([arg(subject.name()), arg(settings.sku.value())])
    };
    for endpoint in endpoints {
        facts.refuse(endpoint.id, refusal(), PAGE);
    }
    if !endpoints.is_empty()
        || !reach::allows(settings.default_action)
        || !settings.ip_rules.is_empty()
        || settings.data_endpoint_enabled
        || !settings.replications.is_empty()
    {
        facts.refuse(subject.id, refusal(), PAGE);
    }
}
