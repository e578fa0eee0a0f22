//! Custom role: a role definition of the customer.
//!
//! Azure docs: "Azure custom roles" (role-based-access-control/custom-roles).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{Ref, settings},
};
use crate::text::text;

settings! {
    /// A role definition. What is not named is not allowed.
    pub struct CustomRole {
        description: Option<String> = "description", None,
            text("Description", "説明"),
            text("What the role is for", "ロールの目的");
        actions: Vec<String> = "actions", Vec::new(),
            text("Actions", "アクション"),
            text("Management operations, such as Microsoft.Storage/storageAccounts/read; * stands for any text", "Microsoft.Storage/storageAccounts/read のような管理操作。* は任意の文字列");
        not_actions: Vec<String> = "notActions", Vec::new(),
            text("Not actions", "除外するアクション"),
            text("Taken out of the actions; another role may still grant them", "アクションから除外。ほかのロールで許可されることはあります");
        data_actions: Vec<String> = "dataActions", Vec::new(),
            text("Data actions", "データ アクション"),
            text("Operations on data, such as reading blobs", "BLOB の読み取りなど、データに対する操作");
        not_data_actions: Vec<String> = "notDataActions", Vec::new(),
            text("Not data actions", "除外するデータ アクション"),
            text("Taken out of the data actions", "データ アクションから除外");
        /// Empty: what the role stands in.
        assignable_scopes: Vec<Ref> = "assignableScopes", Vec::new(),
            text("Assignable scopes", "割り当て可能なスコープ"),
            text("Where it may be assigned; empty means what it stands in", "割り当てられる場所。空の場合は配置されている場所"),
            to &[Kind::ManagementGroup, Kind::Subscription, Kind::ResourceGroup], None;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "custom-role",
    label: text("Custom role", "カスタム ロール"),
    help: text("A role definition of your own", "独自のロールの定義"),
    source: "role-based-access-control/custom-roles",
    group: Group::Identity,
    arm_type: Some("Microsoft.Authorization/roleDefinitions"),
    form: Form::Node,
    parents: &[
        Parent::In(Kind::ResourceGroup),
        Parent::In(Kind::Subscription),
        Parent::In(Kind::ManagementGroup),
        Parent::Canvas,
    ],
    fields: CustomRole::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
