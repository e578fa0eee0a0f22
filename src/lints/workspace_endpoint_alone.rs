//! A network with a private endpoint of a workspace from which the private endpoints of its storage, vault or
//! registry cannot be reached: Studio opens there, and data, secrets or images do not.
//!
//! Where no network at all holds both, [`super::workspace_endpoints_apart`] says so.
//!
//! Azure docs: "Configure a private endpoint for a workspace" (machine-learning/how-to-configure-private-
//! link, multiple private endpoints).

use std::collections::BTreeSet;

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::{ResourceId, service::PublicAccess},
    kinds::{Kind, workspace::Workspace},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "workspace_endpoint_alone",
    severity: Severity::Warning,
    title: text(
        "Workspace endpoint without the others in reach",
        "関連リソースに届かないワークスペースのエンドポイント",
    ),
    find,
    source: "machine-learning/how-to-configure-private-link",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut all = Vec::new();
    for it in context.resources.of(Kind::Workspace) {
        let own: BTreeSet<ResourceId> = context.networks_of(it.id);
        if own.len() < 2 {
            continue;
        }
        let settings = Workspace::of(it);
        for (key, part) in [
            ("storageAccount", settings.storage_account),
            ("keyVault", settings.key_vault),
            ("containerRegistry", settings.container_registry),
        ] {
            let Some(part) = it.follow(part) else { continue };
            let Some(service) = context.facts.services.get(&part.id) else { continue };
            let theirs = context.networks_of(part.id);
            let open =
                service.firewall.public == PublicAccess::Enabled && service.firewall.default_allow;
            if open || theirs.is_disjoint(&own) {
                continue;
            }
            for network in &own {
                if theirs.contains(network)
                    || theirs.iter().any(|to| peered(context, *network, *to))
                {
                    continue;
                }
                let text = text(
                    "{1} has a private endpoint of {0}, but reaches none of {2}; peer it with a network that holds one, or add an endpoint for {2} there",
                    "{1} には {0} のプライベート エンドポイントがありますが、{2} のものには到達できません。それを含むネットワークとピアリングするか、{2} のエンドポイントを追加してください",
                )
                .with([arg(it.name()), arg(context.name(*network)), arg(part.name())]);
                all.push(Finding::new([it.id, *network, part.id], text).field(key));
            }
        }
    }
    all
}

/// Whether the peering between two networks carries traffic: both halves, both connected and open.
fn peered(context: &Context<'_>, a: ResourceId, b: ResourceId) -> bool {
    let half = |from: ResourceId, to: ResourceId| {
        let mut all = context.facts.peerings.iter();
        all.any(|it| it.from == from && it.to == to && it.connected && it.access)
    };
    half(a, b) && half(b, a)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    // "Each VNet that contains a private endpoint for the workspace must also be able to access the Azure
    // Storage Account, Azure Key Vault, and Azure Container Registry used by the workspace."
    #[test]
    fn every_network_must_reach_the_rest() {
        for (halves, account_there, action, wrong) in [
            (0, false, "Deny", vec!["ws1 storageAccount"]),
            (1, false, "Deny", vec!["ws1 storageAccount"]),
            (2, false, "Deny", vec![]),
            (0, true, "Deny", vec![]),
            (0, false, "Allow", vec![]),
        ] {
            let (mut it, first) = Sketch::subnet();
            let group = ResourceId(1);
            let settings = json!({"addressSpace.addressPrefixes": ["10.9.0.0/16"]});
            let other = it.add(Kind::VirtualNetwork, "other", group, settings);
            let second =
                it.add(Kind::Subnet, "there", other, json!({"addressPrefix": "10.9.1.0/24"}));
            let closed = json!({"networkAcls.defaultAction": action});
            let account = it.add(Kind::StorageAccount, "st1", group, closed);
            let settings = json!({"storageAccount": account.0});
            let workspace = it.add(Kind::Workspace, "ws1", group, settings);
            for (name, target, kind, subnet) in [
                ("pe-ws1", workspace, "amlworkspace", Some(first)),
                ("pe-ws2", workspace, "amlworkspace", Some(second)),
                ("pe-st1", account, "blob", Some(first)),
                ("pe-st2", account, "blob", account_there.then_some(second)),
            ] {
                if let Some(subnet) = subnet {
                    let settings = json!({"privateLinkServiceId": target.0, "groupId": kind});
                    it.add(Kind::PrivateEndpoint, name, subnet, settings);
                }
            }
            let ends = [(ResourceId(2), other), (other, ResourceId(2))];
            for (n, (from, to)) in ends.into_iter().take(halves).enumerate() {
                let state = if halves == 2 { "Connected" } else { "Initiated" };
                let settings = json!({
                    "virtualNetwork": from.0, "remoteVirtualNetwork": to.0, "peeringState": state,
                });
                it.add(Kind::VirtualNetworkPeering, &format!("half{n}"), None, settings);
            }
            assert_eq!(found(&LINT, &it), wrong, "{halves} {account_there} {action}");
        }
    }

    // Endpoints of the account in a network of their own are the other lint's, whether or not that network is
    // within reach of one.
    #[test]
    fn one_state_has_one_lint() {
        for (peered, account_in, alone, apart) in [
            (false, 2, vec![], vec!["ws1 storageAccount"]),
            (true, 2, vec![], vec!["ws1 storageAccount"]),
            (false, 0, vec!["ws1 storageAccount"], vec![]),
            (true, 0, vec![], vec![]),
        ] {
            let (mut it, first) = Sketch::subnet();
            let group = ResourceId(1);
            let mut subnets = vec![first];
            let mut networks = vec![ResourceId(2)];
            for n in 1..3 {
                let space = json!({"addressSpace.addressPrefixes": [format!("10.{n}.0.0/16")]});
                let network = it.add(Kind::VirtualNetwork, &format!("vnet{n}"), group, space);
                let prefix = json!({"addressPrefix": format!("10.{n}.1.0/24")});
                subnets.push(it.add(Kind::Subnet, &format!("snet{n}"), network, prefix));
                networks.push(network);
            }
            if peered {
                for (n, (from, to)) in [(0, 1), (1, 0)].into_iter().enumerate() {
                    let settings = json!({
                        "virtualNetwork": networks[from].0, "remoteVirtualNetwork": networks[to].0,
                        "peeringState": "Connected",
                    });
                    it.add(Kind::VirtualNetworkPeering, &format!("half{n}"), None, settings);
                }
            }
            let closed = json!({"networkAcls.defaultAction": "Deny"});
            let account = it.add(Kind::StorageAccount, "st1", group, closed);
            let settings = json!({"storageAccount": account.0});
            let workspace = it.add(Kind::Workspace, "ws1", group, settings);
            for (name, target, kind, subnet) in [
                ("pe-ws1", workspace, "amlworkspace", 0),
                ("pe-ws2", workspace, "amlworkspace", 1),
                ("pe-st1", account, "blob", account_in),
            ] {
                let settings = json!({"privateLinkServiceId": target.0, "groupId": kind});
                it.add(Kind::PrivateEndpoint, name, subnets[subnet], settings);
            }
            assert_eq!(found(&LINT, &it), alone, "{peered} {account_in}");
            let other = &super::super::workspace_endpoints_apart::LINT;
            assert_eq!(found(other, &it), apart, "{peered} {account_in}");
        }
    }
}
