//! Storage account: blobs, files, queues and tables behind one firewall.
//!
//! Azure docs: "Azure Storage firewall and virtual network rules" (storage/common/storage-network-security),
//! "Prevent Shared Key authorization" (storage/common/shared-key-authorization-prevent).

use serde_json::Value;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{
        DefaultAction, IdentityType, PERIMETER_PREFIXES, PERIMETER_PREFIXES_HELP,
        PERIMETER_SUBSCRIPTIONS, PERIMETER_SUBSCRIPTIONS_HELP, PerimeterNetworkAccess,
        check_identity, check_ip_rules, lower_identity, lower_ip_rules, lower_network_rules,
    },
    reach,
    setting::{Guid, Problem, REGION, REGION_HELP, Ref, Region, Relation, choice, settings},
};
use crate::{
    facts::{
        Facts,
        cidr::Cidr,
        service::{Clauses, Firewall, InstanceRule, Service},
    },
    text::{arg, text},
};

choice! {
    /// Redundancy and performance.
    pub enum Sku {
        StandardLrs = "Standard_LRS", text("Standard LRS", "Standard LRS");
        StandardZrs = "Standard_ZRS", text("Standard ZRS", "Standard ZRS");
        StandardGrs = "Standard_GRS", text("Standard GRS", "Standard GRS");
        StandardRagrs = "Standard_RAGRS", text("Standard RA-GRS", "Standard RA-GRS");
        StandardGzrs = "Standard_GZRS", text("Standard GZRS", "Standard GZRS");
        StandardRagzrs = "Standard_RAGZRS", text("Standard RA-GZRS", "Standard RA-GZRS");
        PremiumLrs = "Premium_LRS", text("Premium LRS", "Premium LRS");
        PremiumZrs = "Premium_ZRS", text("Premium ZRS", "Premium ZRS");
    }
}

choice! {
    /// Kind of account. A workspace's default account must be `StorageV2`.
    pub enum AccountKind {
        StorageV2 = "StorageV2", text("General purpose v2", "汎用 v2");
        BlockBlobStorage = "BlockBlobStorage", text("Premium block blobs", "Premium ブロック BLOB");
        FileStorage = "FileStorage", text("Premium file shares", "Premium ファイル共有");
        BlobStorage = "BlobStorage", text("Blob storage (legacy)", "BLOB ストレージ (レガシ)");
        Storage = "Storage", text("General purpose v1 (legacy)", "汎用 v1 (レガシ)");
    }
}

choice! {
    /// Who passes the firewall without a rule.
    pub enum Bypass {
        AzureServices = "AzureServices", text("Trusted Azure services", "信頼された Azure サービス");
        Logging = "Logging", text("Logging", "ログ");
        Metrics = "Metrics", text("Metrics", "メトリック");
    }
}

choice! {
    /// Oldest TLS version accepted.
    pub enum MinimumTlsVersion {
        Tls12 = "TLS1_2", text("TLS 1.2", "TLS 1.2");
        Tls13 = "TLS1_3", text("TLS 1.3", "TLS 1.3");
        Tls11 = "TLS1_1", text("TLS 1.1", "TLS 1.1");
        Tls10 = "TLS1_0", text("TLS 1.0", "TLS 1.0");
    }
}

settings! {
    /// Admits one resource by its identity, wherever it sends from.
    pub struct ResourceAccessRule {
        resource: Option<Ref> = "resourceId", None,
            text("Resource", "リソース"),
            text("Resource whose system-assigned identity may come in", "システム割り当て ID による接続を許可するリソース"),
            to &[Kind::Workspace, Kind::MachineLearningRegistry], Some(Relation::Network);
        /// Empty: the tenant of the deployment.
        tenant: Option<Guid> = "tenantId", None,
            text("Tenant ID", "テナント ID"),
            text("Empty means the tenant of the account; a rule works only within it", "空の場合はアカウントのテナント。規則は同じテナント内でのみ有効です");
    }
}

settings! {
    /// Settings of a storage account.
    pub struct StorageAccount {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
        sku: Sku = "sku.name", Sku::StandardLrs,
            text("SKU", "SKU"),
            text("Redundancy and performance; a workspace's default account cannot be Premium", "冗長性とパフォーマンス。ワークスペースの既定のアカウントを Premium にはできません");
        kind: AccountKind = "kind", AccountKind::StorageV2,
            text("Kind", "種類"),
            text("A workspace's default account must be general purpose v2", "ワークスペースの既定のアカウントは汎用 v2 にする必要があります");
        is_hns_enabled: bool = "isHnsEnabled", false,
            text("Hierarchical namespace", "階層型名前空間"),
            text("Data Lake Storage Gen2; a workspace's default account must not have it", "Data Lake Storage Gen2。ワークスペースの既定のアカウントでは有効にできません");
        public_network_access: PerimeterNetworkAccess = "publicNetworkAccess", PerimeterNetworkAccess::Enabled,
            text("Public network access", "パブリック ネットワーク アクセス"),
            text("Disabled leaves private endpoints and trusted services", "無効にするとプライベート エンドポイントと信頼されたサービスだけが残ります");
        default_action: DefaultAction = "networkAcls.defaultAction", DefaultAction::Allow,
            text("Default action", "既定のアクション"),
            text("Allow makes the rules below idle; Deny admits only what they name", "許可の場合、以下の規則は使われません。拒否の場合、規則で指定したものだけを許可します");
        bypass: Vec<Bypass> = "networkAcls.bypass", vec![Bypass::AzureServices],
            text("Exceptions", "例外"),
            text("Who passes the firewall without a rule, even with public network access disabled", "規則がなくても許可するもの。パブリック アクセスが無効でも有効です");
        ip_rules: Vec<Cidr> = "networkAcls.ipRules", Vec::new(),
            text("IP rules", "IP 規則"),
            text("Public addresses; no effect on callers in the same region", "パブリック アドレス。同じリージョンからの要求には効果がありません");
        virtual_network_rules: Vec<Ref> = "networkAcls.virtualNetworkRules", Vec::new(),
            text("Virtual network rules", "仮想ネットワーク規則"),
            text("Subnets with a service endpoint for Microsoft.Storage", "Microsoft.Storage のサービス エンドポイントを持つサブネット"),
            to &[Kind::Subnet], Some(Relation::Network);
        resource_access_rules: Vec<ResourceAccessRule> = "networkAcls.resourceAccessRules", Vec::new(),
            text("Resource instance rules", "リソース インスタンス規則"),
            text("Resources admitted by their identity", "ID によって許可するリソース");
        /// Ours: what the inbound access rules of the network security perimeter admit.
        perimeter_address_prefixes: Vec<Cidr> = "perimeterAddressPrefixes", Vec::new(), PERIMETER_PREFIXES, PERIMETER_PREFIXES_HELP;
        perimeter_subscriptions: Vec<Ref> = "perimeterSubscriptions", Vec::new(), PERIMETER_SUBSCRIPTIONS, PERIMETER_SUBSCRIPTIONS_HELP,
            to &[Kind::Subscription], None;
        /// `null` means allowed.
        allow_shared_key_access: Option<bool> = "allowSharedKeyAccess", None,
            text("Allow shared key access", "共有キー アクセスを許可する"),
            text("Off: account keys and service SAS are refused. Empty counts as on", "無効にするとアカウント キーとサービス SAS は拒否されます。空の場合は有効とみなされます");
        default_to_oauth: bool = "defaultToOAuthAuthentication", false,
            text("Default to Microsoft Entra authorization in the portal", "ポータルで Microsoft Entra 認可を既定にする"),
            text("The portal shows data as the user instead of with the key", "ポータルでキーではなくユーザーの ID を使ってデータを表示します");
        allow_blob_public_access: bool = "allowBlobPublicAccess", false,
            text("Allow anonymous blob access", "BLOB の匿名アクセスを許可する"),
            text("Lets containers choose to be public", "コンテナー単位で公開できるようになります");
        minimum_tls_version: MinimumTlsVersion = "minimumTlsVersion", MinimumTlsVersion::Tls12,
            text("Minimum TLS version", "最小 TLS バージョン"),
            text("Oldest version accepted", "受け入れる最も古いバージョン");
        identity: IdentityType = "identity.type", IdentityType::None,
            text("Identity type", "ID の種類"),
            text("Identity of the account itself", "アカウント自身の ID");
        user_assigned_identities: Vec<Ref> = "identity.userAssignedIdentities", Vec::new(),
            text("User-assigned identities", "ユーザー割り当て ID"),
            text("Identities that the account may act as", "アカウントが使用できる ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "storage-account",
    label: text("Storage account", "ストレージ アカウント"),
    help: text("Blobs, files, queues and tables", "BLOB、ファイル、キュー、テーブル"),
    source: "storage/common/storage-network-security",
    group: Group::Data,
    arm_type: Some("Microsoft.Storage/storageAccounts"),
    form: Form::Container,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: StorageAccount::FIELDS,
    name: NameRule {
        min: 3,
        max: 24,
        also: "",
        lower_only: true,
        not_last: "",
        ..NameRule::NETWORK
    },
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = StorageAccount::of(subject);
    let bypass: Vec<&str> = it.bypass.iter().map(|it| it.value()).collect();
    let bypass = if bypass.is_empty() { "None".to_owned() } else { bypass.join(", ") };
    let access_rules = it
        .resource_access_rules
        .iter()
        .filter_map(|rule| {
            let tenant = rule.tenant.as_ref().map(Guid::as_str);
            Some(ArmValue::object([
                ("tenantId", tenant.map_or(ArmValue::Tenant, ArmValue::text)),
                // A workspace is created after its account, so the rule cannot wait for it.
                ("resourceId", ArmValue::LooseIdOf(rule.resource?.0)),
            ]))
        })
        .collect();
    vec![
        ArmResource::of(
            subject,
            "Microsoft.Storage/storageAccounts",
            vec![subject.name().to_owned()],
        )
        .member("sku", ArmValue::object([("name", ArmValue::text(it.sku.value()))]))
        .member("kind", ArmValue::text(it.kind.value()))
        .member_some("identity", lower_identity(it.identity, &it.user_assigned_identities))
        .with("publicNetworkAccess", ArmValue::text(it.public_network_access.value()))
        .with(
            "networkAcls",
            ArmValue::object([
                ("defaultAction", ArmValue::text(it.default_action.value())),
                ("bypass", ArmValue::Text(bypass)),
                ("ipRules", lower_ip_rules(&it.ip_rules)),
                ("virtualNetworkRules", lower_network_rules(&it.virtual_network_rules)),
                ("resourceAccessRules", ArmValue::List(access_rules)),
            ]),
        )
        .with_some("allowSharedKeyAccess", it.allow_shared_key_access.map(ArmValue::Bool))
        .with("allowBlobPublicAccess", ArmValue::Bool(it.allow_blob_public_access))
        .with("defaultToOAuthAuthentication", ArmValue::Bool(it.default_to_oauth))
        .with("isHnsEnabled", ArmValue::Bool(it.is_hns_enabled))
        .with("minimumTlsVersion", ArmValue::text(it.minimum_tls_version.value()))
        .with("supportsHttpsTrafficOnly", ArmValue::Bool(true)),
    ]
}

/// A single address stands without `/32`: "Small address ranges that use /31 or /32 prefix sizes are not
/// supported" (storage/common/storage-network-security-limitations). Other firewalls take it.
fn check_single_addresses(subject: Subject<'_>, problems: &mut Vec<Problem>) {
    const KEY: &str = "networkAcls.ipRules";
    let written = subject.resource.settings.get(KEY).and_then(Value::as_array);
    for (n, it) in written.into_iter().flatten().enumerate() {
        if let Some(address) = it.as_str().and_then(|it| it.trim().strip_suffix("/32")) {
            problems.push(Problem {
                field: format!("{KEY}[{n}]"),
                text: text(
                    "/32 is refused; write the address alone: {0}",
                    "/32 は指定できません。アドレスだけを指定してください: {0}",
                )
                .with([arg(address)]),
            });
        }
    }
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = StorageAccount::of(subject);
    let mut problems = Vec::new();
    check_ip_rules("networkAcls.ipRules", &it.ip_rules, &mut problems);
    check_single_addresses(subject, &mut problems);
    check_identity(it.identity, &it.user_assigned_identities, &mut problems);
    for (n, rule) in it.resource_access_rules.iter().enumerate() {
        if rule.resource.is_none() {
            problems.push(Problem {
                field: format!("networkAcls.resourceAccessRules[{n}].resourceId"),
                text: text(
                    "choose the resource that the rule admits",
                    "この規則で許可するリソースを選択してください",
                )
                .into(),
            });
        }
    }
    let premium = matches!(it.sku, Sku::PremiumLrs | Sku::PremiumZrs);
    let premium_kind = matches!(it.kind, AccountKind::BlockBlobStorage | AccountKind::FileStorage);
    if premium_kind && !premium {
        problems.push(Problem {
            field: "sku.name".to_owned(),
            text: text(
                "premium kinds of account need a Premium SKU; choose Premium_LRS or Premium_ZRS",
                "Premium の種類のアカウントには Premium の SKU が必要です。Premium_LRS か Premium_ZRS を選択してください",
            )
            .into(),
        });
    }
    problems
}

const TYPE: &str = "Microsoft.Storage/storageAccounts";

/// The sub-resources that an account of a kind has.
fn faces_of(kind: AccountKind) -> &'static [(&'static str, &'static str)] {
    const ALL: [(&str, &str); 6] = [
        ("blob", "{account}.blob.core.windows.net"),
        ("file", "{account}.file.core.windows.net"),
        ("queue", "{account}.queue.core.windows.net"),
        ("table", "{account}.table.core.windows.net"),
        ("dfs", "{account}.dfs.core.windows.net"),
        ("web", "{account}.web.core.windows.net"),
    ];
    const BLOB: [(&str, &str); 3] = [
        ("blob", "{account}.blob.core.windows.net"),
        ("dfs", "{account}.dfs.core.windows.net"),
        ("web", "{account}.web.core.windows.net"),
    ];
    const FILE: [(&str, &str); 1] = [("file", "{account}.file.core.windows.net")];
    match kind {
        AccountKind::StorageV2 | AccountKind::Storage => &ALL,
        AccountKind::BlockBlobStorage | AccountKind::BlobStorage => &BLOB,
        AccountKind::FileStorage => &FILE,
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, StorageAccount::from_settings);
    let account = subject.name().to_ascii_lowercase();
    let values = [("account", account.as_str())];
    let sub_resources = faces_of(settings.kind);
    let tenant = reach::tenant(subject);
    let instance = |it: &ResourceAccessRule| {
        Some(InstanceRule {
            resource: reach::existing_one(subject, it.resource)?,
            tenant: it.tenant.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default(),
        })
    };
    if settings.kind == AccountKind::Storage {
        for (endpoint, _) in subject.all.referrers(subject.id) {
            if endpoint.kind() == Kind::PrivateEndpoint {
                facts.refuse(
                    endpoint.id,
                    text(
                        "{0} is a general-purpose v1 account, which takes no private endpoint; upgrade it to v2",
                        "{0} は汎用 v1 アカウントのため、プライベート エンドポイントを使えません。v2 にアップグレードしてください",
                    )
                    .with([arg(subject.name())]),
                    "storage/common/storage-private-endpoints",
                );
            }
        }
    }
    facts.services.insert(
        subject.id,
        Service {
            region: reach::region(subject),
            tenant,
            faces: sub_resources
                .iter()
                .map(|(id, name)| reach::face(id, subject.id, TYPE, id, name, &values))
                .collect(),
            links: sub_resources
                .iter()
                .map(|(id, _)| reach::link_group(TYPE, id, &values))
                .collect(),
            firewall: Firewall {
                public: reach::perimeter_access(settings.public_network_access),
                perimeter: Some(reach::perimeter(
                    subject,
                    settings.perimeter_address_prefixes,
                    &settings.perimeter_subscriptions,
                )),
                default_allow: reach::allows(settings.default_action),
                ip_rules: settings.ip_rules,
                subnet_rules: reach::existing(subject, &settings.virtual_network_rules),
                bypass: settings.bypass.contains(&Bypass::AzureServices),
                trusted: &["MachineLearning"],
                instance_rules: settings
                    .resource_access_rules
                    .iter()
                    .filter_map(instance)
                    .collect(),
                clauses: Clauses {
                    ip_rules_skip_same_region: true,
                    ip_rules_not_for_browsers: true,
                    perimeter_voids_trusted: true,
                    ..Clauses::default()
                },
                symptom: "sy-storage",
                source: "storage/common/storage-network-security",
                ..Firewall::default()
            },
        },
    );
}
