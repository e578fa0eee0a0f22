//! Deny assignment: takes permissions away at a scope, whatever roles say. Azure makes them (deployment stacks, managed applications), not people.
//!
//! Azure docs: "Understand Azure deny assignments" (role-based-access-control/deny-assignments).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    common::{PRINCIPALS, SCOPES},
    custom_role::check_operations,
    no_arm, no_facts,
    setting::{Problem, Ref, Relation, settings},
};
use crate::text::text;

settings! {
    /// Settings of a deny assignment.
    pub struct DenyAssignment {
        scope: Option<Ref> = "scope", None,
            text("Scope", "スコープ"),
            text("Where it holds", "有効な場所"),
            to SCOPES, Some(Relation::Identity);
        everyone: bool = "everyone", true,
            text("All principals", "すべてのプリンシパル"),
            text("Off: only the principals below", "オフの場合は下のプリンシパルのみ");
        principals: Vec<Ref> = "principals", Vec::new(),
            text("Principals", "プリンシパル"),
            text("Whom it denies, unless it denies everybody", "拒否の対象 (全員を拒否しない場合)"),
            to PRINCIPALS, Some(Relation::Identity);
        exclude_principals: Vec<Ref> = "excludePrincipals", Vec::new(),
            text("Excluded principals", "除外するプリンシパル"),
            text("Whom it does not deny", "拒否の対象から外すプリンシパル"),
            to PRINCIPALS, None;
        actions: Vec<String> = "actions", Vec::new(),
            text("Actions", "アクション"),
            text("Management operations that it denies", "拒否する管理操作");
        not_actions: Vec<String> = "notActions", Vec::new(),
            text("Not actions", "除外するアクション"),
            text("Taken out of the actions", "アクションから除外");
        data_actions: Vec<String> = "dataActions", Vec::new(),
            text("Data actions", "データ アクション"),
            text("Operations on data that it denies", "拒否するデータ操作");
        not_data_actions: Vec<String> = "notDataActions", Vec::new(),
            text("Not data actions", "除外するデータ アクション"),
            text("Taken out of the data actions", "データ アクションから除外");
        do_not_apply_to_child_scopes: bool = "doNotApplyToChildScopes", false,
            text("Not for child scopes", "子スコープに適用しない"),
            text("Holds at the scope only", "スコープ自身だけに適用します");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "deny-assignment",
    label: text("Deny assignment", "拒否割り当て"),
    help: text("Blocks actions whatever roles say", "ロールに関係なく操作を禁止"),
    source: "role-based-access-control/deny-assignments",
    group: Group::Identity,
    arm_type: Some("Microsoft.Authorization/denyAssignments"),
    form: Form::Node,
    parents: &[
        Parent::In(Kind::ResourceGroup),
        Parent::In(Kind::Subscription),
        Parent::In(Kind::ManagementGroup),
        Parent::Canvas,
    ],
    fields: DenyAssignment::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check,
};

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = DenyAssignment::of(subject);
    let mut problems = Vec::new();
    if it.scope.is_none() {
        problems.push(Problem::new(
            "scope",
            text("choose where it holds", "有効なスコープを選択してください"),
        ));
    }
    if !it.everyone && it.principals.is_empty() {
        problems.push(Problem::new(
            "principals",
            text("choose whom it denies", "拒否の対象を選択してください"),
        ));
    }
    for (field, operations) in [
        ("actions", &it.actions),
        ("notActions", &it.not_actions),
        ("dataActions", &it.data_actions),
        ("notDataActions", &it.not_data_actions),
    ] {
        check_operations(field, operations, &mut problems);
    }
    problems
}
