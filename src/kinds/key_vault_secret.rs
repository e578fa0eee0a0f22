//! Secret of a key vault: a name that roles can be given on. Its value is never part of a design.
//!
//! Azure docs: "Provide access to Key Vault keys, certificates, and secrets with Azure role-based access
//! control" (key-vault/general/rbac-guide).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// What is known of a secret.
    pub struct KeyVaultSecret {
        content_type: String = "contentType", String::new(),
            text("Content type", "コンテンツの種類"),
            text("What the value is, in a word; the value itself is never kept in the design", "値の種類。値そのものはデザインに保存しません");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "key-vault-secret",
    label: text("Secret", "シークレット"),
    help: text(
        "A secret of a key vault, to give a role on it alone",
        "キー コンテナーのシークレット。個別にロールを割り当てる場合に描きます",
    ),
    source: "key-vault/general/rbac-guide",
    group: Group::Data,
    arm_type: Some("Microsoft.KeyVault/vaults/secrets"),
    form: Form::Node,
    parents: &[Parent::In(Kind::KeyVault)],
    fields: KeyVaultSecret::FIELDS,
    name: NameRule { min: 1, max: 127, also: "-", ..NameRule::NETWORK },
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
