//! Subscription: what is billed and governed together; the scope most role assignments start from.
//!
//! Azure docs: "Organize your Azure resources effectively" (cloud-adoption-framework).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent,
    common::CALLERS,
    no_arm, no_check, no_facts,
    setting::{Guid, Ref, settings},
};
use crate::text::text;

settings! {
    /// What a subscription has beside its name.
    pub struct Subscription {
        /// GUID of the subscription; scripts ask for it when it is not given.
        subscription_id: Option<Guid> = "subscriptionId", None,
            text("Subscription ID", "サブスクリプション ID"),
            text("GUID; scripts ask for it when this is empty", "GUID。空の場合はスクリプトの実行時に確認します");
        /// Empty: the same tenant as every subscription that says nothing.
        tenant_id: Option<Guid> = "tenantId", None,
            text("Tenant ID", "テナント ID"),
            text("Only to tell subscriptions of different tenants apart", "異なるテナントのサブスクリプションを区別する場合のみ");
        /// Ours: the first creation registers the provider, which needs a right on the subscription.
        machine_learning_registered: bool = "machineLearningRegistered", true,
            text("Machine Learning provider registered", "Machine Learning プロバイダーの登録済み"),
            text("Off: nobody has used Microsoft.MachineLearningServices here yet. Not an ARM property", "無効の場合、Microsoft.MachineLearningServices はまだ一度も使われていません。ARM のプロパティではありません");
        /// Ours: whoever creates what has an identity may not even look at assignments.
        role_assignments_full: bool = "roleAssignmentsFull", false,
            text("Role assignment limit reached", "ロールの割り当て数の上限に到達"),
            text("On: there is no room for the roles that Azure gives to new identities. Not an ARM property", "有効の場合、新しい ID に Azure が付与するロールを追加できません。ARM のプロパティではありません");
        /// Ours: quota is set on the subscription, also that of a workspace.
        quota_set_by: Option<Ref> = "quotaSetBy", None,
            text("Quota set by", "クォータを設定するユーザー"),
            text("Set it to ask whether this caller may set compute quota. Not an ARM property", "コンピューティング クォータを設定できるかを確認する場合に指定します。ARM のプロパティではありません"),
            to CALLERS, None;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "subscription",
    label: text("Subscription", "サブスクリプション"),
    help: text("What is billed and governed together", "課金と管理の単位"),
    source: "role-based-access-control/scope-overview",
    group: Group::Scope,
    arm_type: None,
    form: Form::Container,
    parents: &[Parent::Canvas, Parent::In(Kind::ManagementGroup)],
    fields: Subscription::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
