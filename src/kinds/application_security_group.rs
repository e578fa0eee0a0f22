//! Application security group: a name for network interfaces that security rules can use in place of addresses.
//!
//! Azure docs: "Application security groups" (virtual-network/application-security-groups).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::ArmResource,
    no_check, no_facts,
    setting::{REGION, REGION_HELP, Region, settings},
};
use crate::text::text;

settings! {
    /// Settings of an application security group; machines name it, it names nothing.
    pub struct ApplicationSecurityGroup {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "application-security-group",
    label: text("Application security group", "アプリケーション セキュリティ グループ"),
    help: text("A name for machines in security rules", "セキュリティ規則で使うマシンのまとまり"),
    source: "virtual-network/application-security-groups",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/applicationSecurityGroups"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: ApplicationSecurityGroup::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let name = vec![subject.name().to_owned()];
    vec![ArmResource::of(subject, "Microsoft.Network/applicationSecurityGroups", name)]
}
