//! Route table: user-defined routes, which win over the routes that Azure makes by itself.
//!
//! Azure docs: "Virtual network traffic routing" (virtual-network/virtual-networks-udr-overview).

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, ResourceId, Subject,
    address::AddressPrefix,
    arm::{ArmResource, ArmValue},
    reach,
    setting::{Problem, REGION, REGION_HELP, Region, choice, settings},
    virtual_network_gateway::{GatewayType, VirtualNetworkGateway},
    virtual_network_peering::VirtualNetworkPeering,
};
use crate::{
    azure::service_tags,
    facts::{Facts, cidr::Cidr, network},
    text::{arg, text},
};

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
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let settings = RouteTable::of(subject);
    let route = |it: &Route| {
        let mut properties = ArmValue::object([
            ("addressPrefix", ArmValue::text(prefix(&it.address_prefix))),
            ("nextHopType", ArmValue::text(it.next_hop_type.value())),
        ]);
        if let Some(address) = it.next_hop_ip_address {
            properties.set("nextHopIpAddress", ArmValue::text(address.to_string()));
        }
        ArmValue::object([("name", ArmValue::text(&it.name)), ("properties", properties)])
    };
    vec![
        ArmResource::of(subject, "Microsoft.Network/routeTables", vec![subject.name().to_owned()])
            .with("routes", settings.routes.iter().map(route).collect())
            .with(
                "disableBgpRoutePropagation",
                ArmValue::Bool(settings.disable_bgp_route_propagation),
            ),
    ]
}

/// Routes are written with a prefix length even for a single address.
fn prefix(it: &AddressPrefix) -> String {
    match it {
        AddressPrefix::Prefix(it) => it.to_string(),
        _ => it.to_string(),
    }
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let routes = &RouteTable::of(subject).routes;
    let mut problems = Vec::new();
    let mut names = BTreeSet::new();
    let mut prefixes = BTreeMap::new();
    for (n, route) in routes.iter().enumerate() {
        let at = |cell: &str| format!("routes[{n}].{cell}");
        if let Some(text) = NameRule::NETWORK.problem(&route.name) {
            problems.push(Problem::new(at("name"), text));
        }
        if !names.insert(route.name.to_ascii_lowercase()) {
            problems.push(Problem::new(
                at("name"),
                text(
                    "there is another route named {0}; choose another name",
                    "{0} という名前のルートがほかにもあります。別の名前にしてください",
                )
                .with([arg(&route.name)]),
            ));
        }
        let written = prefix(&route.address_prefix).to_ascii_lowercase();
        if let Some(other) = prefixes.insert(written, route.name.as_str()) {
            problems.push(Problem::new(
                at("addressPrefix"),
                text(
                    "{0} is for the same destination; keep one of them",
                    "{0} も同じ宛先です。どちらかを削除してください",
                )
                .with([arg(other)]),
            ));
        }
        if matches!(route.address_prefix, AddressPrefix::Any | AddressPrefix::Range(..)) {
            problems.push(Problem::new(
                at("addressPrefix"),
                text(
                    "a route takes a prefix such as 0.0.0.0/0, or a service tag",
                    "ルートの宛先には 0.0.0.0/0 のようなプレフィックスかサービス タグを指定してください",
                ),
            ));
        }
        let tag = match &route.address_prefix {
            AddressPrefix::Tag(it) => service_tags::parse(it),
            _ => None,
        };
        if let Some(it) = tag.filter(|it| !it.tag.route) {
            problems.push(Problem::new(
                at("addressPrefix"),
                text(
                    "{0} cannot be the prefix of a route; name the prefixes or another service tag",
                    "{0} はルートの宛先に使えません。プレフィックスか別のサービス タグを指定してください",
                )
                .with([arg(it.tag.name)]),
            ));
        }
        if route.next_hop_type == NextHopType::VirtualNetworkGateway
            && let Some(gateway) = only_circuits(subject)
        {
            problems.push(Problem::new(
                at("nextHopType"),
                text(
                    "{0} is an ExpressRoute gateway, which cannot be the next hop of a route; choose a VPN gateway or an appliance",
                    "{0} は ExpressRoute ゲートウェイのため、ルートの次ホップに指定できません。VPN ゲートウェイか仮想アプライアンスを使ってください",
                )
                .with([arg(gateway.name())]),
            ));
        }
        match (route.next_hop_type, route.next_hop_ip_address) {
            (NextHopType::VirtualAppliance, None) => problems.push(Problem::new(
                at("nextHopIpAddress"),
                text(
                    "a virtual appliance needs its private address as the next hop",
                    "仮想アプライアンスの場合は、そのプライベート アドレスを次ホップに指定してください",
                ),
            )),
            (NextHopType::VirtualAppliance, Some(_)) | (_, None) => {}
            (_, Some(address)) => problems.push(Problem::new(
                at("nextHopIpAddress"),
                text(
                    "only a virtual appliance has a next hop address; take {0} away or change the type",
                    "次ホップ アドレスを指定できるのは仮想アプライアンスだけです。{0} を消すか、種類を変えてください",
                )
                .with([arg(address)]),
            )),
        }
    }
    problems
}

/// The gateway of a network whose subnets have the table, where that network has or uses `ExpressRoute`
/// alone.
fn only_circuits(table: Subject<'_>) -> Option<Subject<'_>> {
    let networks =
        table.all.referrers(table.id).filter_map(|(it, _)| it.within(Kind::VirtualNetwork));
    networks.into_iter().find_map(|network| {
        let lenders = table
            .all
            .referrers(network.id)
            .filter(|(it, field)| {
                it.kind() == Kind::VirtualNetworkPeering && field.key == "virtualNetwork"
            })
            .map(|(it, _)| VirtualNetworkPeering::of(it))
            .filter(|it| it.use_remote_gateways)
            .filter_map(|it| Some(it.remote_virtual_network?.0));
        let places: Vec<ResourceId> = std::iter::once(network.id).chain(lenders).collect();
        let gateways = table.all.of(Kind::VirtualNetworkGateway);
        let own: Vec<Subject<'_>> = gateways
            .filter(|it| it.within(Kind::VirtualNetwork).is_some_and(|it| places.contains(&it.id)))
            .collect();
        let circuit = |it: &Subject<'_>| {
            VirtualNetworkGateway::of(*it).gateway_type == GatewayType::ExpressRoute
        };
        own.first().copied().filter(|_| own.iter().all(circuit))
    })
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, RouteTable::from_settings);
    let mut routes = Vec::new();
    for route in &settings.routes {
        let next_hop = match (route.next_hop_type, route.next_hop_ip_address) {
            (NextHopType::VirtualAppliance, Some(address)) => network::NextHop::Appliance(address),
            (NextHopType::VirtualAppliance, None) => {
                facts.gap(
                    subject.id,
                    text(
                        "route {0} of {1} leads to an appliance without an address",
                        "{1} のルート {0} に仮想アプライアンスのアドレスがありません",
                    )
                    .with([arg(&route.name), arg(subject.name())]),
                );
                continue;
            }
            (NextHopType::VirtualNetworkGateway, _) => network::NextHop::Gateway,
            (NextHopType::VnetLocal, _) => network::NextHop::Local,
            (NextHopType::Internet, _) => network::NextHop::Internet,
            (NextHopType::None, _) => network::NextHop::None,
        };
        if let Some(to) = reach::route_prefix(&route.address_prefix) {
            routes.push(network::Route { name: route.name.clone(), to, next_hop });
        }
    }
    let learns_gateway_routes = !settings.disable_bgp_route_propagation;
    facts.route_tables.insert(subject.id, network::RouteTable { routes, learns_gateway_routes });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::{ResourceId, testing::Sketch};

    #[expect(clippy::needless_pass_by_value, reason = "written in place by the tests")]
    fn wrong(routes: serde_json::Value) -> Vec<String> {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let id = it.add(Kind::RouteTable, "rt", group, json!({"routes": routes}));
        it.wrong(id)
    }

    #[test]
    fn only_an_appliance_has_an_address_and_always_one() {
        for (kind, address, good) in [
            ("VirtualAppliance", json!("10.0.0.4"), true),
            ("VirtualAppliance", json!(null), false),
            ("Internet", json!(null), true),
            ("None", json!("10.0.0.4"), false),
        ] {
            let found = wrong(json!([{"name": "a", "addressPrefix": "0.0.0.0/0",
                "nextHopType": kind, "nextHopIpAddress": address}]));
            assert_eq!(found.is_empty(), good, "{kind} {address}: {found:?}");
        }
    }

    // virtual-networks-udr-overview: "You can't specify a virtual network gateway created as type ExpressRoute".
    #[test]
    fn no_route_leads_to_a_circuit() {
        for (kind, good) in [("Vpn", true), ("ExpressRoute", false)] {
            let (mut it, network) = Sketch::network();
            let routes = json!([{"name": "a", "nextHopType": "VirtualNetworkGateway"}]);
            let table = it.add(Kind::RouteTable, "rt", ResourceId(1), json!({"routes": routes}));
            let prefix = json!({"addressPrefix": "10.0.255.0/27"});
            let home = it.add(Kind::Subnet, "GatewaySubnet", network, prefix);
            it.add(Kind::VirtualNetworkGateway, "gw", home, json!({"gatewayType": kind}));
            assert_eq!(it.wrong(table), [""; 0], "nobody uses it yet");
            let settings = json!({"addressPrefix": "10.0.1.0/24", "routeTable": table.0});
            it.add(Kind::Subnet, "vm", network, settings);
            assert_eq!(it.wrong(table).is_empty(), good, "{kind}");
        }
    }

    // The same of a gateway that a peering lends, and Azure is said to refuse the table.
    #[test]
    fn no_route_leads_to_the_circuit_of_a_peer() {
        for (lent, refused) in [(false, false), (true, true)] {
            let (mut it, hub) = Sketch::network();
            let group = ResourceId(1);
            let prefix = json!({"addressPrefix": "10.0.255.0/27"});
            let home = it.add(Kind::Subnet, "GatewaySubnet", hub, prefix);
            it.add(Kind::VirtualNetworkGateway, "gw", home, json!({"gatewayType": "ExpressRoute"}));
            let space = json!({"addressSpace.addressPrefixes": ["10.1.0.0/16"]});
            let spoke = it.add(Kind::VirtualNetwork, "spoke", group, space);
            let half = json!({"virtualNetwork": spoke.0, "remoteVirtualNetwork": hub.0,
                "useRemoteGateways": lent});
            it.add(Kind::VirtualNetworkPeering, "spoke-to-hub", None, half);
            let routes = json!([{"name": "a", "nextHopType": "VirtualNetworkGateway"}]);
            let table = it.add(Kind::RouteTable, "rt", group, json!({"routes": routes}));
            let settings = json!({"addressPrefix": "10.1.1.0/24", "routeTable": table.0});
            it.add(Kind::Subnet, "vm", spoke, settings);
            assert_eq!(it.wrong(table).is_empty(), !refused, "{lent}");
            assert_eq!(it.all().facts().refusals.contains_key(&table), refused, "{lent}");
        }
    }

    #[test]
    fn two_routes_for_one_destination() {
        let route = |name, prefix| json!({"name": name, "addressPrefix": prefix, "nextHopType": "Internet"});
        assert_eq!(wrong(json!([route("a", "10.0.0.0/8"), route("b", "10.0.0.0/16")])), [""; 0]);
        assert_eq!(
            wrong(json!([route("a", "Storage"), route("b", "storage")])),
            ["routes[1].addressPrefix"]
        );
        assert_eq!(wrong(json!([route("a", "*")])), ["routes[0].addressPrefix"]);
    }
}
