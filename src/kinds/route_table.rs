//! Route table: user-defined routes, which win over the routes that Azure makes by itself.
//!
//! Azure docs: "Virtual network traffic routing" (virtual-network/virtual-networks-udr-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct RouteTable {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "route-table",
    label: text("Route table", "ルート テーブル"),
    help: text("Routes that win over those of Azure", "Azure の既定より優先されるルート"),
    source: "virtual-network/virtual-networks-udr-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/routeTables"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: RouteTable::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
