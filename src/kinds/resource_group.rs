//! Resource group: resources that live and die together, in one region by default.
//!
//! Azure docs: "Manage Azure resource groups" (azure-resource-manager/management/manage-resource-groups-portal).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmScope},
    no_check, no_facts,
    setting::{REGION, Region, settings},
};
use crate::text::text;

settings! {
    /// Settings of a resource group.
    pub struct ResourceGroup {
        /// Region of the group and the default for what stands in it.
        location: Region = "location", Region::new("japaneast"), REGION,
            text("Region of the group, and of its resources unless they say otherwise", "グループと、個別に指定しないリソースのリージョン");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "resource-group",
    label: text("Resource group", "リソース グループ"),
    help: text(
        "Resources that live and die together",
        "ライフサイクルを共にするリソースのまとまり",
    ),
    source: "azure-resource-manager/management/manage-resource-groups-portal",
    group: Group::Scope,
    arm_type: Some("Microsoft.Resources/resourceGroups"),
    form: Form::Container,
    parents: &[Parent::In(Kind::Subscription), Parent::Canvas],
    fields: ResourceGroup::FIELDS,
    name: NameRule { max: 90, also: "-_.()", not_last: ".", ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check: no_check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let mut it = ArmResource::of(
        subject,
        "Microsoft.Resources/resourceGroups",
        vec![subject.name().to_owned()],
    );
    it.scope = ArmScope::Subscription(subject.within(Kind::Subscription).map(|it| it.id));
    vec![it]
}
