//! Virtual network peering: one half of the connection between two virtual networks.
//!
//! Azure docs: "Virtual network peering" (virtual-network/virtual-network-peering-overview).

use super::{
    Form, Group, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct VirtualNetworkPeering {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "virtual-network-peering",
    label: text("Virtual network peering", "仮想ネットワーク ピアリング"),
    help: text(
        "One half of a connection between two networks; each side needs its own",
        "2 つのネットワーク間の接続の片側。両側にそれぞれ必要",
    ),
    source: "virtual-network/virtual-network-peering-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/virtualNetworks/virtualNetworkPeerings"),
    form: Form::Edge { from: "virtualNetwork", to: "remoteVirtualNetwork" },
    parents: &[Parent::Canvas],
    fields: VirtualNetworkPeering::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
