//! On-premises network: a site of the customer, seen from Azure as address ranges behind a gateway.
//!
//! Azure docs: "Create a site-to-site VPN connection" (vpn-gateway/tutorial-site-to-site-portal).

use super::{
    Form, Group, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct OnPremisesNetwork {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "on-premises-network",
    label: text("On-premises network", "オンプレミス ネットワーク"),
    help: text("A site with its own addresses and DNS", "独自のアドレスと DNS を持つ拠点"),
    source: "vpn-gateway/tutorial-site-to-site-portal",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/localNetworkGateways"),
    form: Form::Container,
    parents: &[Parent::Canvas],
    fields: OnPremisesNetwork::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
