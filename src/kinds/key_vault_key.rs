//! Key of a key vault: a name that roles can be given on, and that a customer-managed key points at.
//!
//! Like a secret it is made beforehand and by no export: what uses it names a version of it, and that
//! exists only once the key does.
//!
//! Azure docs: "Provide access to Key Vault keys, certificates, and secrets with Azure role-based access
//! control" (key-vault/general/rbac-guide), "About keys" (key-vault/keys/about-keys).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{choice, settings},
};
use crate::text::text;

choice! {
    /// Type of the key.
    pub enum KeyType {
        Rsa = "RSA", text("RSA", "RSA");
        RsaHsm = "RSA-HSM", text("RSA-HSM", "RSA-HSM");
        Ec = "EC", text("Elliptic curve", "楕円曲線");
        EcHsm = "EC-HSM", text("Elliptic curve, HSM", "楕円曲線 (HSM)");
    }
}

settings! {
    /// What is known of a key.
    pub struct KeyVaultKey {
        key_type: KeyType = "kty", KeyType::Rsa,
            text("Key type", "キーの種類"),
            text("Customer-managed keys are RSA keys", "カスタマー マネージド キーには RSA キーを使います");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "key-vault-key",
    label: text("Key", "キー"),
    help: text(
        "A key of a key vault, to give a role on it alone",
        "キー コンテナーのキー。個別にロールを割り当てる場合に描きます",
    ),
    source: "key-vault/general/rbac-guide",
    group: Group::Data,
    arm_type: Some("Microsoft.KeyVault/vaults/keys"),
    form: Form::Node,
    parents: &[Parent::In(Kind::KeyVault)],
    fields: KeyVaultKey::FIELDS,
    name: NameRule { min: 1, max: 127, also: "-", ..NameRule::NETWORK },
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
