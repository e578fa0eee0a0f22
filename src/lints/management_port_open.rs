//! A machine that takes SSH, RDP or `WinRM` from the whole internet, past its security groups or by a rule of a
//! firewall.
//!
//! Azure docs: "Azure best practices for network security" (security/fundamentals/network-best-practices,
//! disable RDP/SSH access to virtual machines). Without any group a public address of the Standard SKU lets
//! nothing in (virtual-network/ip-services/public-ip-addresses).

use std::net::Ipv4Addr;

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::{cidr::Cidr, filter::Place, network::Position},
    kinds::ResourceId,
    solve::{
        Hop, Outcome,
        flow::{Destination, Flow, Origin},
    },
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "management_port_open",
    severity: Severity::Warning,
    title: text("Management port open to the internet", "インターネットに公開された管理ポート"),
    find,
    source: "security/fundamentals/network-best-practices",
};

/// SSH, RDP, and `WinRM` over HTTP and HTTPS.
const PORTS: [u16; 4] = [22, 3389, 5985, 5986];

/// Addresses from which a stranger may call, in ranges that designs hardly name by themselves.
const STRANGERS: [Ipv4Addr; 4] = [
    Ipv4Addr::new(9, 137, 41, 6),
    Ipv4Addr::new(78, 201, 14, 99),
    Ipv4Addr::new(151, 66, 180, 23),
    Ipv4Addr::new(221, 9, 77, 140),
];

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    for (&id, host) in &context.facts.hosts {
        let (Some(_), Position::Subnet { subnet, .. }) = (&host.public, &host.position) else {
            continue;
        };
        let Some(subnet) = context.facts.subnets.get(subnet) else { continue };
        let filters: Vec<ResourceId> = [subnet.filter, host.filter].into_iter().flatten().collect();
        let Some(first) = filters.first() else { continue };
        // Rules over the network count as well; routes and what else may be in the way do not.
        let lets_in = |port: u16| {
            STRANGERS.iter().all(|from| {
                let flow = Flow::tcp(Origin::Internet(*from), Destination::Host(id), port);
                let steps = context.network.flow(&flow).trace.steps;
                let mut rules = steps.iter().filter(|it| it.hop == Hop::NsgInbound);
                rules.all(|it| it.outcome == Outcome::Allowed)
            })
        };
        let open: Vec<String> =
            PORTS.into_iter().filter(|it| lets_in(*it)).map(|it| it.to_string()).collect();
        if open.is_empty() {
            continue;
        }
        let text = text(
            "{0} takes TCP {1} from the whole internet; anybody may try its sign-in; reach it through Azure Bastion, or name the addresses that may call",
            "{0} はインターネット全体からの TCP {1} を受け入れ、誰でもサインインを試せます。Azure Bastion を使うか、接続元のアドレスを指定してください",
        )
        .with([arg(context.name(id)), arg(open.join(", "))]);
        all.push(Finding::new([id, *first], text));
    }
    for (&id, firewall) in &context.facts.appliances {
        for rule in &firewall.nat_rules {
            let anybody = rule.source.iter().any(|it| {
                matches!(it, Place::Any) || matches!(it, Place::Prefix(it) if *it == Cidr::ALL)
            });
            if !anybody || !PORTS.contains(&rule.to_port) {
                continue;
            }
            let text = text(
                "rule {1} of {0} leads the whole internet to TCP {2} of {3}; name the addresses that may call, or use Azure Bastion",
                "{0} の規則 {1} により、インターネット全体から {3} の TCP {2} に到達できます。接続元のアドレスを指定するか、Azure Bastion を使ってください",
            )
            .with([
                arg(context.name(id)),
                arg(&rule.name),
                arg(rule.to_port),
                arg(rule.to),
            ]);
            all.push(Finding::new([id], text).field("natRules"));
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

    fn rule(
        name: &str,
        priority: u16,
        access: &str,
        source: &str,
        ports: &str,
    ) -> serde_json::Value {
        json!({
            "name": name, "priority": priority, "direction": "Inbound", "access": access, "protocol": "Tcp",
            "sourceAddressPrefixes": [source], "sourcePortRanges": ["*"],
            "destinationAddressPrefixes": ["*"], "destinationPortRanges": [ports],
        })
    }

    #[test]
    fn who_may_call_a_machine() {
        let ssh = |source: &str| vec![rule("ssh", 300, "Allow", source, "22")];
        for (rules, public, wrong) in [
            (ssh("*"), true, vec!["vm"]),
            (ssh("0.0.0.0/0"), true, vec!["vm"]),
            (ssh("Internet"), true, vec!["vm"]),
            (ssh("*"), false, vec![]),
            (ssh("203.0.113.0/24"), true, vec![]),
            (ssh("VirtualNetwork"), true, vec![]),
            (vec![rule("web", 300, "Allow", "*", "443")], true, vec![]),
            (vec![rule("all", 300, "Allow", "*", "0-65535")], true, vec!["vm"]),
            (vec![rule("rdp", 300, "Allow", "*", "3000-4000")], true, vec!["vm"]),
            (
                vec![
                    rule("no", 200, "Deny", "Internet", "*"),
                    rule("ssh", 300, "Allow", "*", "22"),
                ],
                true,
                vec![],
            ),
            (
                vec![
                    rule("ssh", 200, "Allow", "*", "22"),
                    rule("no", 300, "Deny", "Internet", "*"),
                ],
                true,
                vec!["vm"],
            ),
            (vec![], true, vec![]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let said = format!("{rules:?}");
            let group = json!({"securityRules": rules});
            let nsg = it.add(Kind::NetworkSecurityGroup, "nsg", ResourceId(1), group);
            it.set(subnet, "networkSecurityGroup", json!(nsg.0));
            let vm = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
            if public {
                let ip = it.add(Kind::PublicIpAddress, "ip", ResourceId(1), json!({}));
                it.set(vm, "publicIPAddress", json!(ip.0));
            }
            assert_eq!(found(&LINT, &it), wrong, "{said} {public}");
        }
    }

    // Without a group on either level nothing comes in.
    #[test]
    fn both_groups_must_let_it_in() {
        let (mut it, subnet) = Sketch::subnet();
        let vm = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
        let ip = it.add(Kind::PublicIpAddress, "ip", ResourceId(1), json!({}));
        it.set(vm, "publicIPAddress", json!(ip.0));
        assert_eq!(found(&LINT, &it), [""; 0]);
        let open = json!({"securityRules": [rule("ssh", 300, "Allow", "*", "22")]});
        let nsg = it.add(Kind::NetworkSecurityGroup, "open", ResourceId(1), open);
        it.set(vm, "networkSecurityGroup", json!(nsg.0));
        assert_eq!(found(&LINT, &it), ["vm"]);
        let closed = it.add(Kind::NetworkSecurityGroup, "closed", ResourceId(1), json!({}));
        it.set(subnet, "networkSecurityGroup", json!(closed.0));
        assert_eq!(found(&LINT, &it), [""; 0]);
    }

    // virtual-network-manager/concept-security-admins: "Deny" cannot be overridden, "Always allow" overrides.
    #[test]
    fn rules_over_the_network_come_first() {
        for (group, admin, wrong) in
            [("Allow", "Deny", vec![]), ("Deny", "AlwaysAllow", vec!["vm"])]
        {
            let (mut it, subnet) = Sketch::subnet();
            let rules = json!({"securityRules": [rule("ssh", 300, group, "*", "22")]});
            let nsg = it.add(Kind::NetworkSecurityGroup, "nsg", ResourceId(1), rules);
            it.set(subnet, "networkSecurityGroup", json!(nsg.0));
            let vm = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
            let ip = it.add(Kind::PublicIpAddress, "ip", ResourceId(1), json!({}));
            it.set(vm, "publicIPAddress", json!(ip.0));
            let settings = json!({
                "virtualNetworks": [2],
                "securityAdminRules": [
                    {"name": "ssh", "access": admin, "destinationPortRanges": ["22"]},
                ],
            });
            it.add(Kind::NetworkManager, "avnm", ResourceId(1), settings);
            assert_eq!(found(&LINT, &it), wrong, "{group} {admin}");
        }
    }

    #[test]
    fn a_firewall_that_leads_the_internet_in() {
        for (source, port, wrong) in
            [("*", 3389, vec!["fw natRules"]), ("203.0.113.7", 3389, vec![]), ("*", 443, vec![])]
        {
            let (mut it, network) = Sketch::network();
            let prefix = json!({"addressPrefix": "10.0.0.0/26"});
            let subnet = it.add(Kind::Subnet, "AzureFirewallSubnet", network, prefix);
            let rules = json!([{
                "name": "in", "sourceAddresses": [source], "destinationAddresses": ["198.51.100.9"],
                "destinationPorts": ["50000"], "translatedAddress": "10.0.1.4", "translatedPort": port,
            }]);
            it.add(Kind::AzureFirewall, "fw", subnet, json!({"natRules": rules}));
            assert_eq!(found(&LINT, &it), wrong, "{source} {port}");
        }
    }
}
