//! Service principal: an application that signs in, such as a pipeline.
//!
//! Azure docs: "Set up authentication" (machine-learning/how-to-setup-authentication).

use super::{
    Form, Group, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{Guid, choice, settings},
};
use crate::text::text;

choice! {
    /// How it proves who it is.
    pub enum Credential {
        ClientSecret = "ClientSecret", text("Client secret", "クライアント シークレット");
        Certificate = "Certificate", text("Certificate", "証明書");
        Federated = "Federated", text("Federated credential", "フェデレーション資格情報");
        None = "None", text("None", "なし");
    }
}

settings! {
    /// What is known of a service principal.
    pub struct ServicePrincipal {
        app_id: Option<Guid> = "appId", None,
            text("Application (client) ID", "アプリケーション (クライアント) ID"),
            text("What the application signs in with", "アプリケーションがサインインに使う ID");
        object_id: Option<Guid> = "objectId", None, super::user::OBJECT_ID,
            text("Of the service principal, not of the app registration", "アプリの登録ではなく、サービス プリンシパルの ID");
        credential: Credential = "credential", Credential::ClientSecret,
            text("Credential", "資格情報"),
            text("How it proves who it is", "本人性を証明する方法");
        tenant_id: Option<Guid> = "tenantId", None,
            text("Home tenant", "ホーム テナント"),
            text("Empty means the tenant of the subscriptions", "空の場合はサブスクリプションのテナント");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "service-principal",
    label: text("Service principal", "サービス プリンシパル"),
    help: text("An application that signs in", "サインインするアプリケーション"),
    source: "machine-learning/how-to-setup-authentication",
    group: Group::Identity,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::Canvas],
    fields: ServicePrincipal::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
