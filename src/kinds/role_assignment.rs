//! Role assignment: gives a principal the permissions of a role at a scope and below.
//!
//! Azure docs: "Understand Azure role assignments" (role-based-access-control/role-assignments).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent,
    common::{PRINCIPALS, SCOPES},
    no_arm, no_check, no_facts,
    setting::{LongText, Ref, Relation, choices_of, settings, suggested},
};
use crate::text::{Text, text};

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
    arm: no_arm,
    check: no_check,
};
