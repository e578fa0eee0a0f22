//! A user-defined route to an appliance address that nothing drawn has, or that a machine has which does not
//! forward: what follows the route is dropped.
//!
//! Azure docs: "Virtual network traffic routing" (virtual-network/virtual-networks-udr-overview, virtual
//! appliance).

use std::{collections::BTreeMap, net::Ipv4Addr};

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::{ResourceId, network::NextHop},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "next_hop_missing",
    severity: Severity::Warning,
    title: text("Next hop that forwards nothing", "転送されない次ホップ"),
    find,
    source: "virtual-network/virtual-networks-udr-overview",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let facts = context.facts;
    let mut used: Vec<ResourceId> = facts.subnets.values().filter_map(|it| it.routes).collect();
    used.sort_unstable();
    used.dedup();
    if used.is_empty() {
        return Vec::new();
    }
    // Whoever has an address: whether it forwards.
    let mut holders: BTreeMap<Ipv4Addr, (ResourceId, bool)> = BTreeMap::new();
    let hosts = facts.hosts.iter().map(|(id, it)| (*id, it.forwards.is_some()));
    // Behind the private address of a load balancer stand appliances.
    for (balancer, it) in &facts.balancers {
        for address in it.inner.iter().filter_map(|(_, it)| *it) {
            holders.insert(address, (*balancer, true));
        }
    }
    for (id, forwards) in hosts.chain(facts.appliances.keys().map(|id| (*id, true))) {
        let Some(address) = context.network.address(id) else { continue };
        let it = holders.entry(address).or_insert((id, forwards));
        // Two networks may use one address, and either may be meant.
        if forwards && !it.1 {
            *it = (id, true);
        }
    }
    let mut all = Vec::new();
    for table in used {
        let Some(routes) = facts.route_tables.get(&table).map(|it| &it.routes) else { continue };
        for (n, route) in routes.iter().enumerate() {
            let NextHop::Appliance(hop) = route.next_hop else { continue };
            let words = || [arg(&route.name), arg(context.name(table)), arg(hop)];
            let finding = match holders.get(&hop) {
                Some((_, true)) => continue,
                Some((holder, false)) => {
                    let [route, table_name, hop] = words();
                    let text = text(
                        "route {0} of {1} leads to {3} ({2}), whose IP forwarding is off, so packets are dropped there; switch it on, or name another next hop",
                        "{1} のルート {0} の次ホップは {3} ({2}) ですが、IP 転送が無効なためパケットは破棄されます。有効にするか、別の次ホップを指定してください",
                    )
                    .with([route, table_name, hop, arg(context.name(*holder))]);
                    Finding::new([table, *holder], text)
                }
                None => {
                    let text = text(
                        "route {0} of {1} leads to {2}, which nothing in the design has; draw the firewall or the appliance, or correct the address",
                        "{1} のルート {0} の次ホップ {2} を持つリソースがデザインにありません。ファイアウォールかアプライアンスを追加するか、アドレスを修正してください",
                    )
                    .with(words());
                    Finding::new([table], text)
                }
            };
            all.push(finding.field(format!("routes[{n}].nextHopIpAddress")));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{Kind, testing::Sketch},
        lints::found,
    };

    #[test]
    fn what_has_the_next_hop() {
        let field = "rt routes[0].nextHopIpAddress";
        for (hop, forwards, attached, wrong) in [
            ("10.0.1.9", Some(true), true, vec![]),
            ("10.0.1.9", Some(false), true, vec![field]),
            ("10.0.1.9", None, true, vec![field]),
            ("10.0.1.9", None, false, vec![]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let routes = json!({"routes": [{
                "name": "out", "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance",
                "nextHopIpAddress": hop,
            }]});
            let table = it.add(Kind::RouteTable, "rt", ResourceId(1), routes);
            if attached {
                it.set(subnet, "routeTable", json!(table.0));
            }
            if let Some(forwards) = forwards {
                let vm = json!({"privateIPAddress": hop, "enableIPForwarding": forwards});
                it.add(Kind::VirtualMachine, "nva", subnet, vm);
            }
            assert_eq!(found(&LINT, &it), wrong, "{hop} {forwards:?} {attached}");
        }
    }

    #[test]
    fn a_firewall_forwards() {
        let (mut it, subnet) = Sketch::subnet();
        let prefix = json!({"addressPrefix": "10.0.9.0/26"});
        let home = it.add(Kind::Subnet, "AzureFirewallSubnet", ResourceId(2), prefix);
        it.add(Kind::AzureFirewall, "fw", home, json!({"privateIPAddress": "10.0.9.4"}));
        let routes = json!({"routes": [
            {"name": "a", "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.9.4"},
            {"name": "b", "addressPrefix": "10.8.0.0/16", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.9.5"},
            {"name": "c", "addressPrefix": "10.9.0.0/16", "nextHopType": "None"},
        ]});
        let table = it.add(Kind::RouteTable, "rt", ResourceId(1), routes);
        it.set(subnet, "routeTable", json!(table.0));
        assert_eq!(found(&LINT, &it), ["rt routes[1].nextHopIpAddress"]);
    }
}
