//! Route table: user-defined routes, which win over the routes that Azure makes by itself.
//!
//! Azure docs: "Virtual network traffic routing" (virtual-network/virtual-networks-udr-overview).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent,
    address::AddressPrefix,
    no_arm, no_check, no_facts,
    setting::{REGION, REGION_HELP, Region, choice, settings},
};
use crate::{facts::cidr::Cidr, text::text};

choice! {
    /// Where packets go that a route is for.
    pub enum NextHopType {
        VirtualAppliance = "VirtualAppliance", text("Virtual appliance", "仮想アプライアンス");
        VirtualNetworkGateway = "VirtualNetworkGateway", text("Virtual network gateway", "仮想ネットワーク ゲートウェイ");
        VnetLocal = "VnetLocal", text("Virtual network", "仮想ネットワーク");
        Internet = "Internet", text("Internet", "インターネット");
        None = "None", text("None", "なし");
    }
}

settings! {
    /// A user-defined route. The longest prefix that holds the destination decides.
    pub struct Route {
        name: String = "name", String::new(),
            text("Name", "名前"),
            text("Unique in the table", "テーブル内で一意の名前");
        address_prefix: AddressPrefix = "addressPrefix", AddressPrefix::Prefix(Cidr::ALL),
            text("Destination", "宛先"),
            text("A prefix such as 0.0.0.0/0, or a service tag", "0.0.0.0/0 のようなプレフィックスまたはサービス タグ");
        next_hop_type: NextHopType = "nextHopType", NextHopType::VirtualAppliance,
            text("Next hop type", "次ホップの種類"),
            text("Where the packets go; None drops them", "パケットの送り先。「なし」は破棄します");
        next_hop_ip_address: Option<Ipv4Addr> = "nextHopIpAddress", None,
            text("Next hop address", "次ホップ アドレス"),
            text("For a virtual appliance only: its private address", "仮想アプライアンスの場合のみ: プライベート アドレス");
    }
}

settings! {
    /// Settings of a route table.
    pub struct RouteTable {
        routes: Vec<Route> = "routes", Vec::new(),
            text("Routes", "ルート"),
            text("They win over the routes that Azure makes", "Azure が作るルートより優先されます");
        /// Off means that routes from a gateway reach the subnets.
        disable_bgp_route_propagation: bool = "disableBgpRoutePropagation", false,
            text("Ignore gateway routes", "ゲートウェイのルートを伝達しない"),
            text("Routes learned by a virtual network gateway stay out", "仮想ネットワーク ゲートウェイのルートを受け取りません");
        location: Option<Region> = "location", None, REGION, REGION_HELP;
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
