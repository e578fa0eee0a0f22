//! Public IP address: an internet address that belongs to a resource of the design.
//!
//! Azure docs: "Public IP addresses" (virtual-network/ip-services/public-ip-addresses).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct PublicIpAddress {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "public-ip-address",
    label: text("Public IP address", "パブリック IP アドレス"),
    help: text("An internet address of a resource", "リソースのインターネット アドレス"),
    source: "virtual-network/ip-services/public-ip-addresses",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/publicIPAddresses"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: PublicIpAddress::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
