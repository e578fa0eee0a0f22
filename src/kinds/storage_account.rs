//! Storage account: blobs, files, queues and tables behind one firewall.
//!
//! Azure docs: "Azure Storage firewall and virtual network rules" (storage/common/storage-network-security).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    no_check, no_facts,
    setting::{choice, settings},
};
use crate::text::text;

choice! {
    /// Who reaches the public endpoint.
    pub enum PublicNetworkAccess {
        Enabled = "Enabled", text("Enabled", "有効");
        Disabled = "Disabled", text("Disabled", "無効");
        SecuredByPerimeter = "SecuredByPerimeter", text("Secured by perimeter", "境界によりセキュリティ保護");
    }
}

settings! {
    /// Settings of a storage account that decide who reaches it.
    pub struct StorageAccount {
        public_network_access: PublicNetworkAccess = "publicNetworkAccess", PublicNetworkAccess::Enabled,
            text("Public network access", "パブリック ネットワーク アクセス"),
            text("Disabled leaves private endpoints and trusted services", "無効にするとプライベート エンドポイントと信頼されたサービスだけが残ります");
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
    facts: no_facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    vec![
        ArmResource::of(
            subject,
            "Microsoft.Storage/storageAccounts",
            vec![subject.name().to_owned()],
        )
        .with_settings(subject, &["publicNetworkAccess"])
        .member("sku", ArmValue::object([("name", ArmValue::text("Standard_LRS"))]))
        .member("kind", ArmValue::text("StorageV2")),
    ]
}
