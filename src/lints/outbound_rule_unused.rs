//! An outbound rule that lets nobody out: its pool is empty, or all machines there leave another way.
//!
//! "UDR to next hop virtual appliance or virtual network gateway >> NAT gateway >> instance-level public IP
//! address on a virtual machine >> load balancer outbound rules" (nat-gateway/nat-overview).

use super::{Context, Finding, Lint, Severity, default_outbound_lost::leaves_elsewhere};
use crate::{
    facts::{ResourceId, network::Position},
    kinds::Kind,
    text::{Message, arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "outbound_rule_unused",
    severity: Severity::Info,
    title: text("Outbound rule without effect", "効果のないアウトバウンド規則"),
    find,
    source: "nat-gateway/nat-overview",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    // What a cluster has of its own it has anyway.
    let drawn = |id: ResourceId| {
        context.resources.subject(id).is_some_and(|it| it.kind() == Kind::LoadBalancer)
    };
    for (id, balancer) in context.facts.balancers.iter().filter(|(id, _)| drawn(**id)) {
        for (n, pool) in balancer.pools.iter().enumerate() {
            let Some(rule) = pool.outbound.first() else { continue };
            let mut machines =
                context.facts.hosts.iter().filter(|(_, it)| it.pools.contains(&(*id, n)));
            let mut first: Option<(Message, ResourceId)> = None;
            let unused = machines.all(|(machine, _)| match another_way(context, *machine) {
                Some(why) => {
                    first.get_or_insert((why, *machine));
                    true
                }
                None => false,
            });
            if !unused {
                continue;
            }
            let names = [arg(&rule.name), arg(context.name(*id))];
            let finding = match first {
                None => Finding::new(
                    [*id],
                    text(
                        "the outbound rule {0} of {1} lets nobody out, since its backend pool is empty; add machines to it, or take the rule away",
                        "{1} のアウトバウンド規則 {0} はバックエンド プールが空のため効果がありません。マシンを追加するか、規則を削除してください",
                    )
                    .with(names),
                ),
                Some((why, machine)) => {
                    let [rule, balancer] = names;
                    Finding::new(
                        [*id, machine],
                        text(
                            "the outbound rule {0} of {1} lets nobody out: {2}; take the rule away, or the other way out",
                            "{1} のアウトバウンド規則 {0} は効果がありません: {2}。規則か、もう一方の送信手段を削除してください",
                        )
                        .with([rule, balancer, why.into()]),
                    )
                }
            };
            all.push(finding.field("outboundRules"));
        }
    }
    all
}

/// What lets a machine out before any load balancer does.
fn another_way(context: &Context<'_>, machine: ResourceId) -> Option<Message> {
    let host = context.facts.hosts.get(&machine)?;
    let Position::Subnet { subnet, .. } = host.position else { return None };
    let home = context.facts.subnets.get(&subnet)?;
    let words = || [arg(context.name(machine)), arg(context.name(subnet))];
    if leaves_elsewhere(context, home.routes) {
        return Some(
            text(
                "{0} leaves by the route of {1} for 0.0.0.0/0",
                "{0} は {1} の 0.0.0.0/0 のルートで送信します",
            )
            .with(words()),
        );
    }
    if home.nat.is_some() {
        return Some(
            text(
                "{0} leaves through the NAT gateway of {1}",
                "{0} は {1} の NAT ゲートウェイから送信します",
            )
            .with(words()),
        );
    }
    host.public.as_ref().map(|_| {
        text(
            "{0} leaves with its own public IP address",
            "{0} は自身のパブリック IP アドレスで送信します",
        )
        .with([arg(context.name(machine))])
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    #[test]
    fn what_goes_first() {
        for way in ["", "natGateway", "publicIPAddress", "routeTable", "nobody"] {
            let (mut it, subnet) = Sketch::subnet();
            let group = ResourceId(1);
            let vm = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
            let address = it.add(Kind::PublicIpAddress, "pip", group, json!({}));
            let members = if way == "nobody" { vec![] } else { vec![vm.0] };
            let settings = json!({
                "frontendIPConfigurations": [{"publicIPAddress": address.0}], "outboundRules": [{}],
                "backendAddressPools": [{"virtualMachines": members}],
            });
            it.add(Kind::LoadBalancer, "lb", group, settings);
            match way {
                "natGateway" => {
                    let nat = it.add(Kind::NatGateway, "nat", group, json!({}));
                    it.set(subnet, way, json!(nat.0));
                }
                "publicIPAddress" => {
                    let own = it.add(Kind::PublicIpAddress, "own", group, json!({}));
                    it.set(vm, way, json!(own.0));
                }
                "routeTable" => {
                    let route = json!([{"name": "out", "addressPrefix": "0.0.0.0/0",
                        "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.1.9"}]);
                    let table = it.add(Kind::RouteTable, "rt", group, json!({"routes": route}));
                    it.set(subnet, way, json!(table.0));
                }
                _ => {}
            }
            let expected = if way.is_empty() { vec![] } else { vec!["lb outboundRules"] };
            assert_eq!(found(&LINT, &it), expected, "{way}");
        }
    }
}
