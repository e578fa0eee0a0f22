//! A machine that loses default outbound access because it stands in a backend pool, and gets no other way out.
//!
//! "The default outbound access IP is disabled when the VM is placed in the backend pool of a standard load
//! balancer, with or without outbound rules" (load-balancer/quickstart-load-balancer-standard-internal-portal).

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::{
        ResourceId,
        cidr::Cidr,
        network::{NextHop, Pool, Position, RoutePrefix},
    },
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "default_outbound_lost",
    severity: Severity::Warning,
    title: text("Default outbound access lost", "失われた既定の送信アクセス"),
    find,
    source: "load-balancer/outbound-rules",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let facts = context.facts;
    let mut all = Vec::new();
    for (id, host) in &facts.hosts {
        let (Position::Subnet { subnet, .. }, Some((balancer, _))) =
            (&host.position, host.pools.first())
        else {
            continue;
        };
        let open = facts.subnets.get(subnet).is_some_and(|it| {
            it.default_outbound && it.nat.is_none() && !leaves_elsewhere(context, it.routes)
        });
        let let_out = |it: &Pool| !it.outbound.is_empty() || !it.implied.is_empty();
        let mut pools =
            host.pools.iter().filter_map(|(id, n)| facts.balancers.get(id)?.pools.get(*n));
        if !open || host.public.is_some() || pools.any(let_out) {
            continue;
        }
        let text = text(
            "{0} stands in a backend pool of {1}, so it does not use the default outbound access of {2}, and no outbound rule lets it out; add an outbound rule to a public load balancer, or a NAT gateway to the subnet",
            "{0} は {1} のバックエンド プールにあるため、{2} の既定の送信アクセスを使えず、送信を許可するアウトバウンド規則もありません。パブリック ロード バランサーにアウトバウンド規則を追加するか、サブネットに NAT ゲートウェイを追加してください",
        )
        .with([arg(context.name(*id)), arg(context.name(*balancer)), arg(context.name(*subnet))]);
        all.push(Finding::new([*balancer, *id, *subnet], text).field("backendAddressPools"));
    }
    all
}

/// Whether a route table leads what goes to the internet anywhere else.
pub(super) fn leaves_elsewhere(context: &Context<'_>, table: Option<ResourceId>) -> bool {
    let table = table.and_then(|it| context.facts.route_tables.get(&it));
    table.is_some_and(|it| {
        it.routes
            .iter()
            .any(|it| it.to == RoutePrefix::Prefix(Cidr::ALL) && it.next_hop != NextHop::Internet)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        kinds::{Kind, testing::Sketch},
        lints::found,
    };

    #[test]
    fn who_loses_it() {
        let (inner, public) = (json!([{"subnet": 3}]), json!([{"publicIPAddress": 5}]));
        let (none, rule) = (json!([]), json!([{}]));
        let implied = json!([{"disableOutboundSnat": false}]);
        for (frontends, out, within, open, wrong) in [
            (&inner, &none, &none, true, true),
            (&inner, &none, &none, false, false),
            (&public, &none, &rule, true, true),
            (&public, &rule, &none, true, false),
            (&public, &none, &implied, true, false),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            it.set(subnet, "defaultOutboundAccess", json!(open));
            let vm = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
            it.add(Kind::PublicIpAddress, "pip", ResourceId(1), json!({}));
            let settings = json!({
                "frontendIPConfigurations": frontends, "outboundRules": out, "loadBalancingRules": within,
                "backendAddressPools": [{"virtualMachines": [vm.0]}],
            });
            it.add(Kind::LoadBalancer, "lb", ResourceId(1), settings);
            let expected = if wrong { vec!["lb backendAddressPools"] } else { vec![] };
            assert_eq!(found(&LINT, &it), expected, "{frontends} {out} {within} {open}");
            // A machine with an address of its own needs none.
            it.set(vm, "publicIPAddress", json!(5));
            assert_eq!(found(&LINT, &it), [""; 0]);
            it.set(vm, "publicIPAddress", Value::Null);
        }
    }
}
