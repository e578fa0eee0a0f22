//! Custom role: a role definition of the customer.
//!
//! Azure docs: "Azure custom roles" (role-based-access-control/custom-roles).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmScope, ArmValue},
    no_facts,
    setting::{Problem, Ref, settings},
};
use crate::{
    azure::roles,
    text::{arg, text},
};

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
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = CustomRole::of(subject);
    let home = subject.parent();
    let scopes: Vec<ArmValue> = if it.assignable_scopes.is_empty() {
        home.map(|it| ArmValue::IdOf(it.id)).into_iter().collect()
    } else {
        it.assignable_scopes.iter().map(|it| ArmValue::IdOf(it.0)).collect()
    };
    let lists = [
        ("actions", &it.actions),
        ("notActions", &it.not_actions),
        ("dataActions", &it.data_actions),
        ("notDataActions", &it.not_data_actions),
    ];
    let permission = ArmValue::object(lists.map(|(name, all)| (name, ArmValue::texts(all))));
    // Below a group the GUID names its id, so that two deployments do not fight for one role.
    let mut of = vec![ArmValue::text("role definition"), ArmValue::text(subject.name())];
    of.extend(home.map(|it| ArmValue::IdOf(it.id)));
    let mut role = ArmResource::of(subject, "Microsoft.Authorization/roleDefinitions", Vec::new())
        .child()
        .with("roleName", ArmValue::text(subject.name()))
        .with("type", ArmValue::text("CustomRole"))
        .with("permissions", ArmValue::List(vec![permission]))
        .with("assignableScopes", ArmValue::List(scopes))
        .with_some("description", it.description.clone().map(ArmValue::Text));
    role.name = vec![ArmValue::Guid(of)];
    role.scope = scope_of(home);
    vec![role]
}

/// Where something on `target` is deployed: resources that are no scopes of deployments get it as an
/// extension.
pub fn scope_of(target: Option<Subject<'_>>) -> ArmScope {
    match target {
        None => ArmScope::Subscription(None),
        Some(it) => match it.kind() {
            Kind::RootScope => ArmScope::Tenant,
            Kind::ManagementGroup => ArmScope::ManagementGroup(it.id),
            Kind::Subscription => ArmScope::Subscription(Some(it.id)),
            Kind::ResourceGroup => ArmScope::ResourceGroup(it.id),
            _ => ArmScope::On(it.id),
        },
    }
}

/// Azure docs: "Azure custom roles" (role-based-access-control/custom-roles).
fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = CustomRole::of(subject);
    let mut problems = Vec::new();
    if it.actions.is_empty() && it.data_actions.is_empty() {
        problems.push(Problem::new(
            "actions",
            text(
                "the role allows nothing yet; name actions or data actions",
                "このロールはまだ何も許可しません。アクションかデータ アクションを指定してください",
            ),
        ));
    }
    it.check_lists(&mut problems);
    if let Some(role) = roles::by_name(subject.name()) {
        problems.push(Problem::new(
            "name",
            text(
                "{0} is a built-in role; choose another name",
                "{0} は組み込みロールの名前です。別の名前にしてください",
            )
            .with([arg(role.name)]),
        ));
    }
    let groups = it
        .assignable_scopes
        .iter()
        .filter_map(|it| subject.follow(Some(*it)))
        .filter(|it| it.kind() == Kind::ManagementGroup)
        .count();
    if groups > 1 {
        problems.push(Problem::new(
            "assignableScopes",
            text(
                "only one management group can be an assignable scope",
                "割り当て可能なスコープに指定できる管理グループは 1 つだけです",
            ),
        ));
    }
    problems
}

impl CustomRole {
    fn check_lists(&self, problems: &mut Vec<Problem>) {
        for (field, operations) in [
            ("actions", &self.actions),
            ("notActions", &self.not_actions),
            ("dataActions", &self.data_actions),
            ("notDataActions", &self.not_data_actions),
        ] {
            check_operations(field, operations, problems);
        }
    }

    /// Whether Azure takes the definition at all: one text that is no operation, and there is no role.
    pub fn is_accepted(&self) -> bool {
        let mut problems = Vec::new();
        self.check_lists(&mut problems);
        problems.is_empty()
    }
}

/// Finds texts that are no operations, such as a name with a space or without a slash.
pub fn check_operations(field: &str, operations: &[String], problems: &mut Vec<Problem>) {
    for (n, it) in operations.iter().enumerate() {
        let good = |it: char| it.is_ascii_alphanumeric() || "*/.-_".contains(it);
        let slashed = it == "*" || it.contains('/');
        if !slashed || !it.chars().all(good) || it.matches('*').count() > 1 {
            problems.push(Problem::new(
                format!("{field}[{n}]"),
                text(
                    "{0} is not an operation such as Microsoft.Storage/storageAccounts/read, with at most one *",
                    "{0} は Microsoft.Storage/storageAccounts/read のような操作 (* は 1 つまで) ではありません",
                )
                .with([arg(it)]),
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    fn wrong(name: &str, settings: serde_json::Value) -> Vec<String> {
        let mut it = Sketch::default();
        let id = it.add(Kind::CustomRole, name, None, settings);
        it.wrong(id)
    }

    // "'Microsoft.CostManagement/*/query/*' contains multiple wildcards. Only one is allowed."
    // (the service's answer, in MicrosoftDocs/azure-docs#74428).
    #[test]
    fn texts_that_are_no_operations() {
        for (operation, good) in [
            ("*", true),
            ("*/read", true),
            ("Microsoft.Storage/storageAccounts/listKeys/action", true),
            ("Microsoft.Network/*/read", true),
            ("Microsoft.Storage", false),
            ("Microsoft.Storage/*/*", false),
            ("Read blobs", false),
            ("", false),
        ] {
            assert_eq!(wrong("r", json!({"actions": [operation]})).is_empty(), good, "{operation}");
        }
    }

    #[test]
    fn a_role_that_allows_nothing_or_has_a_built_in_name() {
        assert_eq!(wrong("r", json!({})), ["actions"]);
        assert_eq!(wrong("r", json!({"dataActions": ["*/read"]})), [""; 0]);
        assert_eq!(wrong("contributor", json!({"actions": ["*"]})), ["name"]);
    }
}
