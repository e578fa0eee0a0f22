//! Role assignment: gives a principal the permissions of a role at a scope and below.
//!
//! Azure docs: "Understand Azure role assignments" (role-based-access-control/role-assignments).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, ResourceId, Subject,
    arm::{ArmResource, ArmValue},
    common::{CALLERS, IdentityType, PRINCIPALS, SCOPES, principal_id},
    custom_role::{CustomRole, scope_of},
    no_facts,
    setting::{Guid, LongText, Problem, Ref, Relation, choices_of, settings, suggested},
};
use crate::{
    azure::roles,
    text::{Message, Text, arg, text},
};

suggested! {
    /// Name or GUID of a built-in role.
    pub struct RoleName = choices_of!(
        crate::azure::roles::ROLES,
        |it| it.name,
        Text { en: it.name, ja: match it.ja { Some(ja) => ja, None => it.name } }
    );
}

settings! {
    /// Settings of a role assignment.
    pub struct RoleAssignment {
        principal: Option<Ref> = "principalId", None,
            text("Principal", "プリンシパル"),
            text("Who gets the role; a resource stands for its system-assigned identity", "ロールを受け取る相手。リソースはそのシステム割り当てマネージド ID を表します"),
            to PRINCIPALS, Some(Relation::Identity);
        scope: Option<Ref> = "scope", None,
            text("Scope", "スコープ"),
            text("Where the role holds: there and in all that stands in it", "ロールが有効な場所。その中にあるものすべてに継承されます"),
            to SCOPES, Some(Relation::Identity);
        role: RoleName = "roleDefinitionId", RoleName::new("Reader"),
            text("Built-in role", "組み込みロール"),
            text("Name of the role, such as Storage Blob Data Reader", "Storage Blob Data Reader のようなロールの名前");
        custom_role: Option<Ref> = "customRole", None,
            text("Custom role", "カスタム ロール"),
            text("In place of a built-in role", "組み込みロールの代わりに使うロール"),
            to &[Kind::CustomRole], None;
        condition: Option<LongText> = "condition", None,
            text("Condition", "条件"),
            text("Limits the role further (attribute-based access control)", "ロールをさらに限定する条件 (属性ベースのアクセス制御)");
        description: Option<String> = "description", None,
            text("Description", "説明"),
            text("Why the role is given", "割り当ての理由");
        /// Ours: who is asked about making the assignment.
        created_by: Option<Ref> = "createdBy", None,
            text("Assigned by", "割り当てるユーザー"),
            text("Who makes the assignment; set it to ask whether that works. Not an ARM property", "割り当てを行うユーザー。割り当てが可能かを確認する場合に指定します。ARM のプロパティではありません"),
            to CALLERS, None;
        /// Ours: `--assignee` of the Azure CLI, in place of `--assignee-object-id`.
        looks_up_assignee: bool = "looksUpAssignee", false,
            text("Looks the assignee up", "割り当て先を検索する"),
            text("Whether the command searches Microsoft Entra ID for the assignee (az --assignee), which a service principal may not. Not an ARM property", "コマンドが Microsoft Entra ID で割り当て先を検索するかどうか (az の --assignee)。サービス プリンシパルには検索の権限がありません。ARM のプロパティではありません");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "role-assignment",
    label: text("Role assignment", "ロールの割り当て"),
    help: text("Gives a principal a role at a scope", "プリンシパルにスコープでのロールを付与"),
    source: "role-based-access-control/role-assignments",
    group: Group::Identity,
    arm_type: Some("Microsoft.Authorization/roleAssignments"),
    form: Form::Edge { from: "principalId", to: "scope" },
    parents: &[Parent::Canvas],
    fields: RoleAssignment::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = RoleAssignment::of(subject);
    let (Some(principal), Some(scope)) = (subject.follow(it.principal), subject.follow(it.scope))
    else {
        return Vec::new();
    };
    let (role, role_name) = match it.custom_role {
        Some(role) => (ArmValue::IdOf(role.0), ArmValue::IdOf(role.0)),
        None => match it.role.id() {
            Some(id) => (ArmValue::RoleDefinition(id.clone()), ArmValue::Text(id)),
            None => return Vec::new(),
        },
    };
    let kind = match principal.kind() {
        Kind::User => "User",
        Kind::Group => "Group",
        _ => "ServicePrincipal",
    };
    // The principal of a managed identity is not known when the deployment starts, its resource is.
    let who = match principal_id(principal) {
        ArmValue::PrincipalOf(id) => ArmValue::IdOf(id),
        known => known,
    };
    let mut assignment =
        ArmResource::of(subject, "Microsoft.Authorization/roleAssignments", Vec::new())
            .child()
            .with("roleDefinitionId", role)
            .with("principalId", principal_id(principal))
            .with("principalType", ArmValue::text(kind))
            .with_some("description", it.description.clone().map(ArmValue::Text));
    if let Some(condition) = &it.condition {
        assignment = assignment
            .with("condition", ArmValue::Text(condition.0.clone()))
            .with("conditionVersion", ArmValue::text("2.0"));
    }
    assignment.name = vec![ArmValue::Guid(vec![ArmValue::IdOf(scope.id), who, role_name])];
    assignment.scope = scope_of(Some(scope));
    vec![assignment]
}

impl RoleName {
    /// GUID of the built-in role, or the text itself if it is a GUID.
    pub fn id(&self) -> Option<String> {
        let known = roles::find(&self.0).map(|it| it.id.to_owned());
        known.or_else(|| Guid::new(&self.0).map(|it| it.as_str().to_owned()))
    }
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = RoleAssignment::of(subject);
    let mut problems = Vec::new();
    for (field, missing, text) in [
        (
            "principalId",
            it.principal.is_none(),
            text("choose who gets the role", "ロールを受け取る相手を選択してください"),
        ),
        (
            "scope",
            it.scope.is_none(),
            text("choose where the role holds", "ロールが有効なスコープを選択してください"),
        ),
    ] {
        if missing {
            problems.push(Problem::new(field, text));
        }
    }
    if it.custom_role.is_none() && it.role.id().is_none() {
        problems.push(Problem::new(
            "roleDefinitionId",
            text(
                "{0} is no built-in role that is known here; choose one, give its GUID, or draw a custom role",
                "{0} は既知の組み込みロールではありません。ロールを選ぶか、GUID を指定するか、カスタム ロールを作成してください",
            )
            .with([arg(it.role.as_str())]),
        ));
    }
    if let (Some(role), Some(scope)) = (subject.follow(it.custom_role), subject.follow(it.scope))
        && let Some(refused) = refusal(role, scope)
    {
        problems.push(Problem::new("customRole", refused));
    }
    let system = subject.follow(it.principal).filter(|it| {
        !matches!(
            it.kind(),
            Kind::User | Kind::Group | Kind::ServicePrincipal | Kind::UserAssignedIdentity
        )
    });
    if let Some(principal) = system
        && principal.setting::<IdentityType>("identity.type").is_some_and(|it| !it.has_system())
    {
        problems.push(Problem::new(
            "principalId",
            text(
                "{0} has no system-assigned identity; switch it on, or give the role to its user-assigned identity",
                "{0} にはシステム割り当てマネージド ID がありません。有効にするか、ユーザー割り当てマネージド ID にロールを付与してください",
            )
            .with([arg(principal.name())]),
        ));
    }
    problems
}

/// Why Azure refuses to assign a custom role at `scope`, whoever asks for it.
pub fn refusal(role: Subject<'_>, scope: Subject<'_>) -> Option<Message> {
    let definition = CustomRole::of(role);
    if !definition.is_accepted() {
        return Some(
            text(
                "{0} names texts that are no operations, so there is no such role; mend its actions",
                "{0} に操作ではない文字列があるため、このロールは作成できません。アクションを修正してください",
            )
            .with([arg(role.name())]),
        );
    }
    if !assignable(role, scope) {
        return Some(
            text(
                "{0} cannot be assigned at {1}; add it to the role's assignable scopes",
                "{0} は {1} で割り当てられません。ロールの割り当て可能なスコープに追加してください",
            )
            .with([arg(role.name()), arg(scope.name())]),
        );
    }
    // "Custom roles with DataActions can't be assigned at the management group scope."
    (scope.kind() == Kind::ManagementGroup && !definition.data_actions.is_empty()).then(|| {
        text(
            "{0} has data actions, which a custom role cannot hold at a management group; assign it to subscriptions",
            "{0} にはデータ アクションがあり、カスタム ロールは管理グループには割り当てられません。サブスクリプションに割り当ててください",
        )
        .with([arg(role.name())])
    })
}

/// Whether a custom role may be assigned at `scope`: there, or above it. A role on the empty canvas
/// says nothing about it.
fn assignable(role: Subject<'_>, scope: Subject<'_>) -> bool {
    let listed = &CustomRole::of(role).assignable_scopes;
    let homes: Vec<ResourceId> = if listed.is_empty() {
        role.resource.parent.into_iter().collect()
    } else {
        listed.iter().map(|it| it.0).collect()
    };
    // The root scope is no assignable scope, whatever the role says.
    scope.kind() != Kind::RootScope
        && (homes.is_empty()
            || std::iter::once(scope).chain(scope.ancestors()).any(|it| homes.contains(&it.id)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    fn sketch(settings: serde_json::Value) -> (Sketch, ResourceId) {
        let (mut it, subnet) = Sketch::subnet();
        it.add(Kind::VirtualMachine, "vm", subnet, json!({"identity.type": "SystemAssigned"}));
        it.add(Kind::User, "ana", None, json!({}));
        it.add(Kind::ResourceGroup, "rg2", None, json!({}));
        let role = json!({"actions": ["*/read"], "assignableScopes": [6]});
        it.add(Kind::CustomRole, "mine", ResourceId(1), role);
        let id = it.add(Kind::RoleAssignment, "a", None, settings);
        (it, id)
    }

    fn wrong(settings: serde_json::Value) -> Vec<String> {
        let (it, id) = sketch(settings);
        it.wrong(id)
    }

    #[test]
    fn a_role_by_name_by_guid_and_unknown() {
        let with =
            |role: &str| wrong(json!({"principalId": 5, "scope": 1, "roleDefinitionId": role}));
        assert_eq!(with("storage blob data reader"), [""; 0]);
        assert_eq!(with("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"), [""; 0]);
        assert_eq!(with("00000000-0000-0000-0000-000000000001"), [""; 0]);
        assert_eq!(with("Blob Reader"), ["roleDefinitionId"]);
    }

    #[test]
    fn a_custom_role_outside_its_assignable_scopes() {
        let with = |scope: u32| wrong(json!({"principalId": 5, "scope": scope, "customRole": 7}));
        assert_eq!(with(6), [""; 0]);
        assert_eq!(with(1), ["customRole"]);
    }

    // "You can't set AssignableScopes to root scope", "Custom roles with DataActions can't be assigned at
    // the management group scope" (role-based-access-control/custom-roles).
    #[test]
    fn custom_roles_at_the_root_and_at_management_groups() {
        let mut it = Sketch::default();
        let root = it.add(Kind::RootScope, "root", None, json!({}));
        let group = it.add(Kind::ManagementGroup, "mg", None, json!({}));
        let ana = it.add(Kind::User, "ana", None, json!({}));
        let control = it.add(Kind::CustomRole, "c", None, json!({"actions": ["*/read"]}));
        let data = it.add(Kind::CustomRole, "d", None, json!({"dataActions": ["*/read"]}));
        let mut with = |role: ResourceId, scope: ResourceId| {
            let ends = json!({"principalId": ana.0, "scope": scope.0, "customRole": role.0});
            let id = it.add(Kind::RoleAssignment, "a", None, ends);
            it.wrong(id)
        };
        assert_eq!(with(control, root), ["customRole"]);
        assert_eq!(with(control, group), [""; 0]);
        assert_eq!(with(data, group), ["customRole"]);
    }

    // "contains multiple wildcards. Only one is allowed.": the definition is refused, so is what rests on it.
    #[test]
    fn a_custom_role_whose_definition_azure_refuses() {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let ana = it.add(Kind::User, "ana", None, json!({}));
        let role = it.add(Kind::CustomRole, "c", None, json!({"actions": ["*/read", "A.B/*/x/*"]}));
        let ends = json!({"principalId": ana.0, "scope": group.0, "customRole": role.0});
        let id = it.add(Kind::RoleAssignment, "a", None, ends);
        assert_eq!(it.wrong(id), ["customRole"]);
        it.set(role, "actions", json!(["*/read"]));
        assert_eq!(it.wrong(id), [""; 0]);
    }

    #[test]
    fn a_machine_without_an_identity() {
        let (mut it, id) = sketch(json!({"principalId": 4, "scope": 1}));
        assert_eq!(it.wrong(id), [""; 0]);
        it.set(ResourceId(4), "identity.type", json!("None"));
        assert_eq!(it.wrong(id), ["principalId"]);
    }

    #[test]
    fn its_name_is_made_of_what_is_known_before_the_deployment() {
        let (it, id) = sketch(json!({"principalId": 4, "scope": 1}));
        let all = it.lowered(id);
        let reader = ArmValue::text("acdd72a7-3385-48ef-bd42-f606fba81ae7");
        let parts = vec![ArmValue::IdOf(ResourceId(1)), ArmValue::IdOf(ResourceId(4)), reader];
        assert_eq!(all[0].name, [ArmValue::Guid(parts)]);
        assert_eq!(all[0].scope, crate::kinds::arm::ArmScope::ResourceGroup(ResourceId(1)));
    }
}
