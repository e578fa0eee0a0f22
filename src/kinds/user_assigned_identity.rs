//! User-assigned managed identity: an identity that several resources can share.
//!
//! Azure docs: "What are managed identities for Azure resources?" (active-directory/managed-identities-azure-resources/overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{REGION, REGION_HELP, Region, settings},
};
use crate::text::text;

settings! {
    /// Settings of a user-assigned managed identity.
    pub struct UserAssignedIdentity {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
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
    arm: no_arm,
    check: no_check,
};
