//! Azure Machine Learning registry: models, components and environments shared by workspaces.
//!
//! Its own resource with its own roles: a role on a workspace says nothing about it.
//!
//! Azure docs: "Create and manage registries" (machine-learning/how-to-manage-registries).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{self, ArmResource, ArmValue},
    common::{CALLERS, PublicNetworkAccess},
    no_check, reach,
    setting::{REGION, REGION_HELP, Ref, Region, settings},
};
use crate::{
    facts::{
        Facts,
        service::{Face, Firewall, PublicAccess, Service},
    },
    text::{arg, text},
};

settings! {
    /// Settings of a registry.
    pub struct MachineLearningRegistry {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
        public_network_access: PublicNetworkAccess = "publicNetworkAccess", PublicNetworkAccess::Enabled,
            text("Public network access", "パブリック ネットワーク アクセス"),
            text("Disabled leaves private endpoints only", "無効にするとプライベート エンドポイントからだけ接続できます");
        /// Ours: Azure makes the container registry with this one, in a managed resource group.
        container_registry_access: Option<PublicNetworkAccess> = "containerRegistryPublicNetworkAccess", None,
            text("Public network access of its container registry", "コンテナー レジストリのパブリック ネットワーク アクセス"),
            text("Of the container registry in its managed resource group; no environments can be created while it is disabled. Not an ARM property", "マネージド リソース グループにあるコンテナー レジストリの設定です。無効の場合、環境は作成できません。ARM のプロパティではありません");
        description: String = "description", String::new(),
            text("Description", "説明"),
            text("Shown in Studio", "スタジオに表示されます");
        /// Ours: nothing in a template says who works with the registry.
        used_by: Option<Ref> = "usedBy", None,
            text("Used by", "利用するユーザー"),
            text("Set it to ask whether this caller may use the assets. Not an ARM property", "アセットを利用できるかを確認する場合に指定します。ARM のプロパティではありません"),
            to CALLERS, None;
        /// Ours: sharing an asset needs more than using one.
        writes_assets: bool = "writesAssets", true,
            text("Shares assets", "アセットを共有する"),
            text("Off: assets are only read. Not an ARM property", "無効の場合は読み取りだけです。ARM のプロパティではありません");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "machine-learning-registry",
    label: text("Machine Learning registry", "Machine Learning レジストリ"),
    help: text(
        "Models, components and environments that workspaces share",
        "ワークスペース間で共有するモデル、コンポーネント、環境",
    ),
    source: "machine-learning/how-to-manage-registries",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/registries"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: MachineLearningRegistry::FIELDS,
    name: NameRule { min: 2, max: 33, also: "-_", ..NameRule::NETWORK },
    facts,
    arm,
    check: no_check,
};

/// The registry brings a container registry and a storage account of its own in each region.
fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = MachineLearningRegistry::of(subject);
    let acr = ArmValue::object([(
        "systemCreatedAcrAccount",
        ArmValue::object([("acrAccountSku", ArmValue::text("Premium"))]),
    )]);
    let storage = ArmValue::object([(
        "systemCreatedStorageAccount",
        ArmValue::object([
            ("storageAccountType", ArmValue::text("Standard_LRS")),
            ("storageAccountHnsEnabled", ArmValue::Bool(false)),
            ("allowBlobPublicAccess", ArmValue::Bool(false)),
        ]),
    )]);
    let mut region = vec![
        ("acrDetails".to_owned(), ArmValue::List(vec![acr])),
        ("storageAccountDetails".to_owned(), ArmValue::List(vec![storage])),
    ];
    if let Some(location) = arm::location(subject) {
        region.insert(0, ("location".to_owned(), ArmValue::text(location)));
    }
    vec![
        ArmResource::of(
            subject,
            "Microsoft.MachineLearningServices/registries",
            vec![subject.name().to_owned()],
        )
        .member("identity", ArmValue::object([("type", ArmValue::text("SystemAssigned"))]))
        .with("publicNetworkAccess", ArmValue::text(it.public_network_access.value()))
        .with("regionDetails", ArmValue::List(vec![ArmValue::Object(region)])),
    ]
}

const TYPE: &str = "Microsoft.MachineLearningServices/registries";

/// Azure docs: "Network isolation with Azure Machine Learning registries"
/// (machine-learning/how-to-registry-network-isolation). They name the zone of its private endpoints, but
/// no record in it, so a caller of a registry that has one cannot be told which address it gets.
fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, MachineLearningRegistry::from_settings);
    let region = reach::region(subject);
    let linked =
        subject.all.referrers(subject.id).any(|(it, _)| it.kind() == Kind::PrivateEndpoint);
    let why = text(
        "{0} has a private endpoint; the docs do not name the records that lead to it",
        "{0} にはプライベート エンドポイントがありますが、対応するレコードがドキュメントに記載されていません",
    );
    let service = Service {
        tenant: reach::tenant(subject),
        faces: vec![Face {
            id: "api",
            // The service of the region answers for all registries.
            name: format!("{region}.api.azureml.ms"),
            tags: vec!["AzureMachineLearning"],
            shared: true,
            ..Face::default()
        }],
        links: vec![reach::link_group(TYPE, "amlregistry", &[])],
        firewall: Firewall {
            public: if linked {
                PublicAccess::Enabled
            } else {
                reach::public_access(settings.public_network_access)
            },
            uncertain: linked.then(|| why.with([arg(subject.name())])),
            source: "machine-learning/how-to-registry-network-isolation",
            ..Firewall::default()
        },
        region,
    };
    facts.services.insert(subject.id, service);
}
