//! Virtual network peering: one half of the connection between two virtual networks.
//!
//! Azure docs: "Virtual network peering" (virtual-network/virtual-network-peering-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{Ref, Relation, choice, settings},
};
use crate::text::text;

choice! {
    /// Traffic passes once both halves are connected.
    pub enum PeeringState {
        Connected = "Connected", text("Connected", "接続済み");
        Initiated = "Initiated", text("Initiated", "開始済み");
        Disconnected = "Disconnected", text("Disconnected", "切断");
    }
}

settings! {
    /// Settings of one half of a peering, which belongs to `virtual_network`.
    pub struct VirtualNetworkPeering {
        virtual_network: Option<Ref> = "virtualNetwork", None,
            text("Virtual network", "仮想ネットワーク"),
            text("The network that this half belongs to", "この設定が属する仮想ネットワーク"),
            to &[Kind::VirtualNetwork], Some(Relation::Network);
        remote_virtual_network: Option<Ref> = "remoteVirtualNetwork", None,
            text("Remote virtual network", "リモート仮想ネットワーク"),
            text("The network that it leads to; that one needs a half of its own", "接続先の仮想ネットワーク。接続先にも同様の設定が必要です"),
            to &[Kind::VirtualNetwork], Some(Relation::Network);
        allow_virtual_network_access: bool = "allowVirtualNetworkAccess", true,
            text("Allow access to the remote network", "リモート仮想ネットワークへのアクセスを許可する"),
            text("Off keeps the remote addresses out of VirtualNetwork and drops the traffic", "オフにするとリモートとの通信は破棄されます");
        allow_forwarded_traffic: bool = "allowForwardedTraffic", false,
            text("Allow forwarded traffic", "転送されたトラフィックを許可する"),
            text("Accept what an appliance in the remote network passes on", "リモート側のアプライアンスが転送した通信を受け入れます");
        allow_gateway_transit: bool = "allowGatewayTransit", false,
            text("Allow gateway transit", "ゲートウェイ転送を許可する"),
            text("Let the remote network use this network's gateway", "リモート側がこのネットワークのゲートウェイを使えるようにします");
        use_remote_gateways: bool = "useRemoteGateways", false,
            text("Use the remote gateway", "リモート ゲートウェイを使用する"),
            text("Reach on-premises through the remote network's gateway", "リモート側のゲートウェイ経由でオンプレミスに接続します");
        peering_state: PeeringState = "peeringState", PeeringState::Connected,
            text("Peering state", "ピアリングの状態"),
            text("Traffic passes once both halves are connected", "両側が接続済みになると通信できます");
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
