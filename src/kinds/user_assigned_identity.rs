//! User-assigned managed identity: an identity that several resources can share.
//!
//! Azure docs: "What are managed identities for Azure resources?" (active-directory/managed-identities-azure-resources/overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::ArmResource,
    common::CALLERS,
    no_check, no_facts,
    setting::{REGION, REGION_HELP, Ref, Region, settings},
};
use crate::text::text;

settings! {
    /// Settings of a user-assigned managed identity.
    pub struct UserAssignedIdentity {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
        /// Ours: who is asked about creating and changing it.
        created_by: Option<Ref> = "createdBy", None,
            text("Created and changed by", "作成、変更するユーザー"),
            text("Who runs the calls. Empty: everybody with a role on its resource group or above. Not an ARM property", "操作の呼び出し元。空の場合は、リソース グループ以上にロールを持つ全員。ARM のプロパティではありません"),
            to CALLERS, None;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "user-assigned-identity",
    label: text("User-assigned managed identity", "ユーザー割り当てマネージド ID"),
    help: text("An identity that resources share", "リソースが共有できる ID"),
    source: "role-based-access-control/role-assignments-portal-managed-identity",
    group: Group::Identity,
    arm_type: Some("Microsoft.ManagedIdentity/userAssignedIdentities"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: UserAssignedIdentity::FIELDS,
    name: NameRule { min: 3, max: 128, also: "-_", not_last: "", ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let name = vec![subject.name().to_owned()];
    vec![ArmResource::of(subject, "Microsoft.ManagedIdentity/userAssignedIdentities", name)]
}
