//! Group: a set of principals in Microsoft Entra ID that role assignments can name.
//!
//! Azure docs: "What is Azure role-based access control?" (role-based-access-control/overview).

use super::{
    Form, Group as Palette, KindInfo, NameRule, Parent, Subject,
    common::PRINCIPALS,
    no_arm, no_facts,
    setting::{Guid, Problem, Ref, Relation, settings},
};
use crate::text::text;

settings! {
    /// Settings of a group.
    pub struct Group {
        members: Vec<Ref> = "members", Vec::new(),
            text("Members", "メンバー"),
            text("Users, service principals, managed identities and other groups", "ユーザー、サービス プリンシパル、マネージド ID、ほかのグループ"),
            to PRINCIPALS, Some(Relation::Identity);
        object_id: Option<Guid> = "objectId", None, super::user::OBJECT_ID, super::user::OBJECT_ID_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "group",
    label: text("Group", "グループ"),
    help: text("Principals that get roles together", "まとめてロールを受け取るプリンシパル"),
    source: "role-based-access-control/overview",
    group: Palette::Identity,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::Canvas],
    fields: Group::FIELDS,
    name: NameRule::FREE,
    facts: no_facts,
    arm: no_arm,
    check,
};

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let members = &Group::of(subject).members;
    if !members.iter().any(|it| it.0 == subject.id) {
        return Vec::new();
    }
    vec![Problem::new(
        "members",
        text(
            "a group cannot be a member of itself; take it out",
            "グループを自分自身のメンバーにはできません。外してください",
        ),
    )]
}
