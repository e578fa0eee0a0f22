//! Key vault: secrets, keys and certificates, opened by roles or by access policies.
//!
//! Azure docs: "Azure Key Vault security" (key-vault/general/security-features),
//! "Network security for Azure Key Vault" (key-vault/general/network-security).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{
        CALLERS, DefaultAction, PERIMETER_PREFIXES, PERIMETER_PREFIXES_HELP,
        PERIMETER_SUBSCRIPTIONS, PERIMETER_SUBSCRIPTIONS_HELP, PRINCIPALS, PerimeterNetworkAccess,
        check_hyphens, check_ip_rules, lower_ip_rules, lower_network_rules, principal_id,
    },
    reach,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Relation, Within, choice, settings},
};
use crate::{
    facts::{
        Facts,
        cidr::Cidr,
        service::{Clauses, Firewall, LinkGroup, Service},
    },
    text::{arg, text},
};

choice! {
    /// Tier of the vault.
    pub enum Sku {
        Standard = "standard", text("Standard", "Standard");
        Premium = "premium", text("Premium (HSM)", "Premium (HSM)");
    }
}

choice! {
    /// Who passes the firewall without a rule.
    pub enum Bypass {
        AzureServices = "AzureServices", text("Trusted Azure services", "信頼された Azure サービス");
        None = "None", text("None", "なし");
    }
}

choice! {
    /// What an access policy allows on keys.
    pub enum KeyPermission {
        All = "all", text("All", "すべて");
        Get = "get", text("Get", "取得");
        List = "list", text("List", "一覧");
        Create = "create", text("Create", "作成");
        Update = "update", text("Update", "更新");
        Import = "import", text("Import", "インポート");
        Delete = "delete", text("Delete", "削除");
        Backup = "backup", text("Back up", "バックアップ");
        Restore = "restore", text("Restore", "復元");
        Recover = "recover", text("Recover", "回復");
        Purge = "purge", text("Purge", "消去");
        Encrypt = "encrypt", text("Encrypt", "暗号化");
        Decrypt = "decrypt", text("Decrypt", "暗号化解除");
        WrapKey = "wrapKey", text("Wrap key", "キーを折り返す");
        UnwrapKey = "unwrapKey", text("Unwrap key", "キーの折り返しを解除");
        Sign = "sign", text("Sign", "署名");
        Verify = "verify", text("Verify", "検証");
        Release = "release", text("Release", "リリース");
        Rotate = "rotate", text("Rotate", "ローテーション");
        GetRotationPolicy = "getrotationpolicy", text("Get rotation policy", "ローテーション ポリシーの取得");
        SetRotationPolicy = "setrotationpolicy", text("Set rotation policy", "ローテーション ポリシーの設定");
    }
}

choice! {
    /// What an access policy allows on secrets.
    pub enum SecretPermission {
        All = "all", text("All", "すべて");
        Get = "get", text("Get", "取得");
        List = "list", text("List", "一覧");
        Set = "set", text("Set", "設定");
        Delete = "delete", text("Delete", "削除");
        Backup = "backup", text("Back up", "バックアップ");
        Restore = "restore", text("Restore", "復元");
        Recover = "recover", text("Recover", "回復");
        Purge = "purge", text("Purge", "消去");
    }
}

choice! {
    /// What an access policy allows on certificates.
    pub enum CertificatePermission {
        All = "all", text("All", "すべて");
        Get = "get", text("Get", "取得");
        List = "list", text("List", "一覧");
        Create = "create", text("Create", "作成");
        Update = "update", text("Update", "更新");
        Import = "import", text("Import", "インポート");
        Delete = "delete", text("Delete", "削除");
        Backup = "backup", text("Back up", "バックアップ");
        Restore = "restore", text("Restore", "復元");
        Recover = "recover", text("Recover", "回復");
        Purge = "purge", text("Purge", "消去");
        ManageContacts = "managecontacts", text("Manage contacts", "連絡先の管理");
        GetIssuers = "getissuers", text("Get issuers", "発行者の取得");
        ListIssuers = "listissuers", text("List issuers", "発行者の一覧");
        SetIssuers = "setissuers", text("Set issuers", "発行者の設定");
        DeleteIssuers = "deleteissuers", text("Delete issuers", "発行者の削除");
        ManageIssuers = "manageissuers", text("Manage issuers", "発行者の管理");
    }
}

settings! {
    /// What one principal may do with everything of a kind in the vault.
    pub struct AccessPolicy {
        principal: Option<Ref> = "objectId", None,
            text("Principal", "プリンシパル"),
            text("Who is allowed; a resource stands for its system-assigned identity", "許可する相手。リソースを選ぶとそのシステム割り当て ID を指します"),
            to PRINCIPALS, Some(Relation::Identity);
        keys: Vec<KeyPermission> = "permissions.keys", Vec::new(),
            text("Key permissions", "キーのアクセス許可"),
            text("On all keys of the vault", "コンテナー内のすべてのキーに対する許可");
        secrets: Vec<SecretPermission> = "permissions.secrets", Vec::new(),
            text("Secret permissions", "シークレットのアクセス許可"),
            text("On all secrets of the vault", "コンテナー内のすべてのシークレットに対する許可");
        certificates: Vec<CertificatePermission> = "permissions.certificates", Vec::new(),
            text("Certificate permissions", "証明書のアクセス許可"),
            text("On all certificates of the vault", "コンテナー内のすべての証明書に対する許可");
    }
}

settings! {
    /// Settings of a key vault.
    pub struct KeyVault {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
        sku: Sku = "sku.name", Sku::Standard,
            text("SKU", "SKU"),
            text("Premium keeps keys in hardware", "Premium ではキーをハードウェアで保護します");
        enable_rbac_authorization: bool = "enableRbacAuthorization", true,
            text("Azure role-based access control", "Azure ロールベースのアクセス制御"),
            text("On: roles decide and access policies are ignored. Off: the reverse", "有効の場合はロールで判定され、アクセス ポリシーは無視されます。無効の場合はその逆です");
        access_policies: Vec<AccessPolicy> = "accessPolicies", Vec::new(),
            text("Access policies", "アクセス ポリシー"),
            text("Used only without role-based access control", "ロールベースのアクセス制御が無効の場合にだけ使われます");
        public_network_access: PerimeterNetworkAccess = "publicNetworkAccess", PerimeterNetworkAccess::Enabled,
            text("Public network access", "パブリック ネットワーク アクセス"),
            text("Disabled leaves private endpoints and trusted services", "無効にするとプライベート エンドポイントと信頼されたサービスだけが残ります");
        default_action: DefaultAction = "networkAcls.defaultAction", DefaultAction::Allow,
            text("Default action", "既定のアクション"),
            text("Allow makes the rules below idle; Deny admits only what they name", "許可の場合、以下の規則は使われません。拒否の場合、規則で指定したものだけを許可します");
        bypass: Bypass = "networkAcls.bypass", Bypass::AzureServices,
            text("Exceptions", "例外"),
            text("Whether trusted services pass the firewall", "信頼されたサービスのバイパスを許可するか");
        ip_rules: Vec<Cidr> = "networkAcls.ipRules", Vec::new(),
            text("IP rules", "IP 規則"),
            text("Public addresses", "パブリック アドレス");
        virtual_network_rules: Vec<Ref> = "networkAcls.virtualNetworkRules", Vec::new(),
            text("Virtual network rules", "仮想ネットワーク規則"),
            text("Subnets with a service endpoint for Microsoft.KeyVault", "Microsoft.KeyVault のサービス エンドポイントを持つサブネット"),
            to &[Kind::Subnet], Some(Relation::Network);
        /// Ours: what the inbound access rules of the network security perimeter admit.
        perimeter_address_prefixes: Vec<Cidr> = "perimeterAddressPrefixes", Vec::new(), PERIMETER_PREFIXES, PERIMETER_PREFIXES_HELP;
        perimeter_subscriptions: Vec<Ref> = "perimeterSubscriptions", Vec::new(), PERIMETER_SUBSCRIPTIONS, PERIMETER_SUBSCRIPTIONS_HELP,
            to &[Kind::Subscription], None;
        enable_soft_delete: bool = "enableSoftDelete", true,
            text("Soft delete", "論理的な削除"),
            text("A deleted vault keeps its name until it is purged; cannot be turned off again", "削除したコンテナーの名前は消去されるまで再利用できません。一度有効にすると無効に戻せません");
        soft_delete_retention: Within<7, 90> = "softDeleteRetentionInDays", Within::near(90),
            text("Retention", "保有期間"),
            text("Days before a deleted vault is purged", "削除されたコンテナーが消去されるまでの日数");
        enable_purge_protection: bool = "enablePurgeProtection", false,
            text("Purge protection", "消去保護"),
            text("Nobody purges before the retention ends; needed for customer-managed keys, cannot be turned off again", "保有期間が終わるまで誰も消去できません。カスタマー マネージド キーに必要で、無効に戻せません");
        /// Ours: a deleted vault of this name still waits to be purged.
        soft_deleted_name_exists: bool = "softDeletedNameExists", false,
            text("A deleted vault has this name", "同名の削除済みコンテナーがある"),
            text("Creation fails until it is purged or recovered. Not an ARM property", "消去または回復するまで作成に失敗します。ARM のプロパティではありません");
        /// Ours: what the deleted vault was created with.
        soft_deleted_purge_protected: bool = "softDeletedPurgeProtected", false,
            text("The deleted vault is purge-protected", "削除済みコンテナーの消去保護"),
            text("Then nobody can purge it before its retention ends. Not an ARM property", "有効の場合、保有期間が終わるまで誰も消去できません。ARM のプロパティではありません");
        /// Ours: who is asked about creating and changing it.
        created_by: Option<Ref> = "createdBy", None,
            text("Created and changed by", "作成、変更するユーザー"),
            text("Who runs the calls. Empty: everybody with a role on its resource group or above. Not an ARM property", "操作の呼び出し元。空の場合は、リソース グループ以上にロールを持つ全員。ARM のプロパティではありません"),
            to CALLERS, None;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "key-vault",
    label: text("Key vault", "キー コンテナー"),
    help: text("Secrets, keys and certificates", "シークレット、キー、証明書"),
    source: "key-vault/general/network-security",
    group: Group::Data,
    arm_type: Some("Microsoft.KeyVault/vaults"),
    form: Form::Container,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: KeyVault::FIELDS,
    name: NameRule {
        min: 3,
        max: 24,
        also: "-",
        letter_first: true,
        not_last: "-",
        ..NameRule::NETWORK
    },
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = KeyVault::of(subject);
    let name = subject.name().to_owned();
    let lowered: Vec<(Kind, ArmValue)> = it
        .access_policies
        .iter()
        .filter_map(|policy| {
            let principal = subject.follow(policy.principal)?;
            Some((principal.kind(), lower_policy(principal, policy)))
        })
        .collect();
    // A resource that uses the vault comes after it, so the policy of its identity is added later.
    let exists_before = |kind: Kind| {
        matches!(
            kind,
            Kind::User | Kind::Group | Kind::ServicePrincipal | Kind::UserAssignedIdentity
        )
    };
    let (first, later): (Vec<_>, Vec<_>) =
        lowered.into_iter().partition(|(kind, _)| exists_before(*kind));
    let policies = |it: Vec<(Kind, ArmValue)>| {
        ArmValue::List(it.into_iter().map(|(_, policy)| policy).collect())
    };
    let mut all = vec![
        ArmResource::of(subject, "Microsoft.KeyVault/vaults", vec![name.clone()])
            .with("tenantId", ArmValue::Tenant)
            .with(
                "sku",
                ArmValue::object([
                    ("family", ArmValue::text("A")),
                    ("name", ArmValue::text(it.sku.value())),
                ]),
            )
            .with("enableRbacAuthorization", ArmValue::Bool(it.enable_rbac_authorization))
            .with("accessPolicies", policies(first))
            .with("publicNetworkAccess", ArmValue::text(it.public_network_access.value()))
            .with(
                "networkAcls",
                ArmValue::object([
                    ("defaultAction", ArmValue::text(it.default_action.value())),
                    ("bypass", ArmValue::text(it.bypass.value())),
                    ("ipRules", lower_ip_rules(&it.ip_rules)),
                    ("virtualNetworkRules", lower_network_rules(&it.virtual_network_rules)),
                ]),
            )
            .with("enableSoftDelete", ArmValue::Bool(it.enable_soft_delete))
            .with_some(
                "softDeleteRetentionInDays",
                it.enable_soft_delete
                    .then_some(ArmValue::Number(it.soft_delete_retention.get().into())),
            )
            // Azure refuses false here: it can only be turned on.
            .with_some(
                "enablePurgeProtection",
                it.enable_purge_protection.then_some(ArmValue::Bool(true)),
            ),
    ];
    if !later.is_empty() {
        all.push(
            ArmResource::of(
                subject,
                "Microsoft.KeyVault/vaults/accessPolicies",
                vec![name, "add".to_owned()],
            )
            .without_location()
            .without_tags()
            .with("accessPolicies", policies(later)),
        );
    }
    all
}

fn lower_policy(principal: Subject<'_>, policy: &AccessPolicy) -> ArmValue {
    fn list<T>(all: &[T], value: impl Fn(&T) -> &'static str) -> ArmValue {
        ArmValue::List(all.iter().map(|it| ArmValue::text(value(it))).collect())
    }
    ArmValue::object([
        ("tenantId", ArmValue::Tenant),
        ("objectId", principal_id(principal)),
        (
            "permissions",
            ArmValue::object([
                ("keys", list(&policy.keys, |it| it.value())),
                ("secrets", list(&policy.secrets, |it| it.value())),
                ("certificates", list(&policy.certificates, |it| it.value())),
            ]),
        ),
    ])
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = KeyVault::of(subject);
    let mut problems: Vec<Problem> = check_hyphens(subject.name()).into_iter().collect();
    check_ip_rules("networkAcls.ipRules", &it.ip_rules, &mut problems);
    if it.enable_purge_protection && !it.enable_soft_delete {
        problems.push(Problem {
            field: "enablePurgeProtection".to_owned(),
            text: text(
                "purge protection needs soft delete; turn that on",
                "消去保護には論理的な削除が必要です。有効にしてください",
            )
            .into(),
        });
    }
    for (n, policy) in it.access_policies.iter().enumerate() {
        if policy.principal.is_none() {
            problems.push(Problem {
                field: format!("accessPolicies[{n}].objectId"),
                text: text(
                    "choose whom the policy is for",
                    "アクセス ポリシーの対象を選択してください",
                )
                .into(),
            });
        }
    }
    problems
}

const TYPE: &str = "Microsoft.KeyVault/vaults";

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, KeyVault::from_settings);
    let vault = subject.name().to_ascii_lowercase();
    let values = [("vault", vault.as_str())];
    if settings.soft_deleted_name_exists {
        facts.refuse_showing(
            subject.id,
            text(
                "a deleted vault still has the name {0}; purge or recover it first",
                "名前 {0} の削除済みキー コンテナーが残っています。先に消去または回復してください",
            )
            .with([arg(subject.name())]),
            "key-vault/general/soft-delete-overview",
            "sy-keyvault-softdelete",
        );
    }
    let name = "{vault}.vault.azure.net";
    facts.services.insert(
        subject.id,
        Service {
            region: reach::region(subject),
            tenant: reach::tenant(subject),
            faces: vec![reach::face("vault", subject.id, TYPE, "vault", name, &values)],
            // Public DNS has the alias only while a connection is approved.
            links: vec![LinkGroup {
                alias_needs_approval: true,
                ..reach::link_group(TYPE, "vault", &values)
            }],
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
                bypass: settings.bypass == Bypass::AzureServices,
                // key-vault/general/overview-vnet-service-endpoints, as far as designs name such callers.
                trusted: &[
                    "MachineLearning",
                    "TemplateDeployment",
                    "Storage",
                    "DiskEncryption",
                    "Backup",
                    "Batch",
                    "ContainerRegistry",
                ],
                clauses: Clauses { perimeter_voids_trusted: true, ..Clauses::default() },
                symptom: "sy-keyvault",
                source: "key-vault/general/network-security",
                ..Firewall::default()
            },
        },
    );
}
