//! User: a person with an account in Microsoft Entra ID.
//!
//! Azure docs: "What is Microsoft Entra ID?" (role-based-access-control/overview).

use super::{
    Form, Group, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{Guid, choice, settings},
};
use crate::text::{Text, text};

choice! {
    pub enum UserType {
        Member = "Member", text("Member", "メンバー");
        Guest = "Guest", text("Guest", "ゲスト");
    }
}

choice! {
    /// Whether a person meets the Conditional Access policy on Azure Machine Learning.
    pub enum ConditionalAccess {
        Met = "met", text("Policy met", "ポリシーを満たす");
        NotMet = "notMet", text("Policy not met", "ポリシーを満たさない");
    }
}

settings! {
    /// What is known of a user.
    pub struct User {
        user_principal_name: Option<String> = "userPrincipalName", None,
            text("User principal name", "ユーザー プリンシパル名"),
            text("Sign-in name, such as ana@contoso.com", "ana@contoso.com のようなサインイン名");
        object_id: Option<Guid> = "objectId", None, OBJECT_ID, OBJECT_ID_HELP;
        user_type: UserType = "userType", UserType::Member,
            text("User type", "ユーザーの種類"),
            text("A guest comes from another tenant", "ゲストは別のテナントのユーザーです");
        /// Empty: the tenant of the subscriptions.
        tenant_id: Option<Guid> = "tenantId", None,
            text("Home tenant", "ホーム テナント"),
            text("Empty means the tenant of the subscriptions", "空の場合はサブスクリプションのテナント");
        /// Ours: a program that is told no tenant signs in to the person's own.
        names_tenant: Option<bool> = "namesTenant", None,
            text("Names the tenant", "テナントを指定"),
            text("Whether programs are told the tenant to sign in to, as with InteractiveLoginAuthentication(tenant_id=...); it matters to guests. Not an ARM property", "InteractiveLoginAuthentication(tenant_id=...) のように、プログラムにサインイン先のテナントを指定するかどうか。ゲストの場合に影響します。ARM のプロパティではありません");
        /// Ours: whether `az login` was run, and holds.
        azure_cli_session: bool = "azureCliSession", true,
            text("Signed in to Azure CLI", "Azure CLI にサインイン済み"),
            text("Off after az logout or before az login: the SDK then finds no session to use. Not an ARM property", "az logout の後や az login の前はオフ。SDK が使えるセッションがありません。ARM のプロパティではありません");
        /// Ours: policies belong to the tenant and are not part of a design.
        conditional_access: Option<ConditionalAccess> = "conditionalAccess", None,
            text("Conditional Access", "条件付きアクセス"),
            text("Set it to ask whether a policy on Azure Machine Learning lets the user sign in", "Azure Machine Learning に対するポリシーでサインインが許可されるかを確認する場合に指定します");
    }
}

pub(super) const OBJECT_ID: Text = text("Object ID", "オブジェクト ID");
pub(super) const OBJECT_ID_HELP: Text = text(
    "Exports ask for it when this is empty",
    "空の場合はエクスポートしたファイルの実行時に確認します",
);

pub const INFO: KindInfo = KindInfo {
    slug: "user",
    label: text("User", "ユーザー"),
    help: text("A person who signs in", "サインインする人"),
    source: "role-based-access-control/overview",
    group: Group::Identity,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::Canvas],
    fields: User::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
