//! Management traffic that compute with a public IP address must receive, stopped on its way in or back.
//!
//! Azure makes a security group with the rule itself, on the compute's own interface; one on the subnet must
//! not contradict it. A default route to a firewall sends the replies another way, unless the tag
//! `AzureMachineLearning` is routed to the internet.
//!
//! Azure docs: "Secure an Azure Machine Learning training environment with virtual networks"
//! (machine-learning/how-to-secure-training-vnet, compute instance/cluster with public IP), "Configure
//! inbound and outbound network traffic" (machine-learning/how-to-access-azureml-behind-firewall).

use std::collections::BTreeSet;

use serde_json::json;

use super::{Context, Finding, Lint, Severity};
use crate::{
    design::edit::Edit,
    facts::{ResourceId, network::Position},
    kinds::{
        Kind, Subject,
        network_security_group::{Direction, priority_before_denials},
    },
    solve::{
        Hop, Outcome,
        flow::{Destination, Flow, Origin},
    },
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "required_inbound",
    severity: Severity::Error,
    title: text("Required inbound traffic is stopped", "必須の受信トラフィックの遮断"),
    find,
    source: "machine-learning/how-to-secure-training-vnet",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (&id, host) in &context.facts.hosts {
        let (Some((tag, port)), Position::Subnet { subnet, .. }) =
            (host.managed_inbound, &host.position)
        else {
            continue;
        };
        if !seen.insert((*subnet, host.filter)) {
            continue;
        }
        let flow = Flow::tcp(Origin::Service(tag), Destination::Host(id), port);
        for step in context.network.flow(&flow).trace.steps {
            if step.outcome != Outcome::Denied {
                continue;
            }
            match (step.hop, step.at) {
                (Hop::NsgInbound, Some(filter)) => {
                    all.push(filtered(context, [filter, *subnet, id], tag, port));
                }
                (Hop::Route, _) => all.push(routed(context, [*subnet, id], tag)),
                _ => {}
            }
        }
    }
    all
}

fn filtered(context: &Context<'_>, at: [ResourceId; 3], tag: &str, port: u16) -> Finding {
    const KEY: &str = "securityRules";
    let [filter, subnet, host] = at;
    let names = [
        arg(context.name(filter)),
        arg(port),
        arg(tag),
        arg(context.name(host)),
        arg(context.name(subnet)),
    ];
    let text = text(
        "{0} stops TCP {1} from {2}, by which {3} in {4} is managed as it has a public IP address; allow it, or create the compute without one",
        "{0} が {2} からの TCP {1} を遮断しています。{4} の {3} はパブリック IP を持つため、管理に必要です。許可するか、パブリック IP なしで作成してください",
    );
    let it = Finding::new(at, text.with(names));
    let kind = context.resources.subject(filter).map(Subject::kind);
    let field = if kind == Some(Kind::NetworkManager) { "securityAdminRules" } else { KEY };
    let it = it.field(field);
    let value = context.resources.subject(filter).and_then(|group| {
        if group.kind() != Kind::NetworkSecurityGroup {
            return None;
        }
        let prefix = context.facts.subnets.get(&subnet)?.prefixes.first()?;
        group.with_item(
            KEY,
            json!({
                "name": "Allow-ib-aml-44224",
                "priority": priority_before_denials(group, Direction::Inbound)?,
                "direction": "Inbound",
                "access": "Allow",
                "protocol": "Tcp",
                "sourceAddressPrefixes": [tag],
                "destinationAddressPrefixes": [prefix.to_string()],
                "destinationPortRanges": [port.to_string()],
            }),
        )
    });
    let Some(value) = value else { return it };
    let title =
        crate::text::text("Allow TCP {0} from {1} in {2}", "{2} で {1} からの TCP {0} を許可する")
            .with([arg(port), arg(tag), arg(context.name(filter))]);
    it.fix(title, Edit::Set { id: filter, key: KEY.to_owned(), value })
}

fn routed(context: &Context<'_>, [subnet, host]: [ResourceId; 2], tag: &'static str) -> Finding {
    const KEY: &str = "routes";
    let table = context.facts.subnets.get(&subnet).and_then(|it| it.routes);
    let text = text(
        "replies of {0} in {1} to {2} take another way than they came, so it cannot be managed over its public IP address; add a route for {2} with next hop Internet",
        "{1} の {0} から {2} への応答が別の経路を通るため、パブリック IP 経由で管理できません。{2} への次ホップが Internet のルートを追加してください",
    )
    .with([arg(context.name(host)), arg(context.name(subnet)), arg(tag)]);
    let Some(table) = table.and_then(|it| context.resources.subject(it)) else {
        return Finding::new([subnet, host], text);
    };
    let it = Finding::new([table.id, subnet, host], text).field(KEY);
    let route = json!({"name": tag, "addressPrefix": tag, "nextHopType": "Internet"});
    let Some(value) = table.with_item(KEY, route) else { return it };
    let title = crate::text::text(
        "Route {0} to the internet in {1}",
        "{1} で {0} を Internet にルーティングする",
    )
    .with([arg(tag), arg(table.name())]);
    it.fix(title, Edit::Set { id: table.id, key: KEY.to_owned(), value })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    const NONE: [&str; 0] = [];

    fn instance(public: bool, rules: Value) -> Sketch {
        let (mut it, subnet) = Sketch::subnet();
        let settings = json!({"securityRules": rules});
        let filter = it.add(Kind::NetworkSecurityGroup, "nsg", ResourceId(1), settings);
        it.set(subnet, "networkSecurityGroup", json!(filter.0));
        let workspace = it.add(Kind::Workspace, "ws1", ResourceId(1), json!({}));
        let settings = json!({"workspace": workspace.0, "enableNodePublicIp": public});
        it.add(Kind::ComputeInstance, "ci", subnet, settings);
        it
    }

    // how-to-secure-training-vnet: inbound 44224 from AzureMachineLearning, with public IP only.
    #[test]
    fn an_nsg_that_does_not_let_the_service_in() {
        let allow = json!({
            "name": "ml", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "sourceAddressPrefixes": ["AzureMachineLearning"], "destinationPortRanges": ["44224"],
        });
        assert_eq!(found(&LINT, &instance(true, json!([]))), ["nsg securityRules"]);
        assert_eq!(found(&LINT, &instance(true, json!([allow]))), NONE);
        assert_eq!(found(&LINT, &instance(false, json!([]))), NONE);
    }

    #[test]
    fn a_default_route_that_takes_the_replies() {
        let allow = json!({
            "name": "ml", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "sourceAddressPrefixes": ["AzureMachineLearning"], "destinationPortRanges": ["44224"],
        });
        let mut it = instance(true, json!([allow]));
        let route = json!({
            "name": "default", "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "10.0.0.4",
        });
        let table = it.add(Kind::RouteTable, "rt", ResourceId(1), json!({"routes": [route]}));
        it.set(ResourceId(3), "routeTable", json!(table.0));
        assert_eq!(found(&LINT, &it), ["rt routes"]);
    }
}
