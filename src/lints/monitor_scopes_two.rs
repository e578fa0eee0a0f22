//! Two private link scopes of Azure Monitor that one network reaches. Their zones hold the same names, so
//! the records of one overwrite those of the other.
//!
//! Azure docs: "Design your Azure Private Link setup" (azure-monitor/logs/private-link-design, plan by
//! network topology): one scope for all networks that share the same DNS.

use std::collections::BTreeMap;

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::ResourceId,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "monitor_scopes_two",
    severity: Severity::Warning,
    title: text(
        "Two Azure Monitor scopes in one network",
        "1 つのネットワークに 2 つの Azure Monitor スコープ",
    ),
    find,
    source: "azure-monitor/logs/private-link-design",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut first: BTreeMap<ResourceId, ResourceId> = BTreeMap::new();
    let mut all = Vec::new();
    for id in context.facts.monitor_scopes.keys() {
        for network in context.networks_of(*id) {
            let other = *first.entry(network).or_insert(*id);
            if other == *id {
                continue;
            }
            let text = text(
                "{0} reaches both {1} and {2}, whose names are the same, so one hides the other; use one scope for all networks with the same DNS",
                "{0} から {1} と {2} の両方に接続しますが、同じ名前を使うため一方が隠されます。DNS を共有するネットワークでは 1 つのスコープにまとめてください",
            )
            .with([arg(context.name(network)), arg(context.name(other)), arg(context.name(*id))]);
            all.push(Finding::new([*id, other, network], text));
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
    fn one_and_two_scopes_in_a_network() {
        for (scopes, wrong) in [(1, vec![]), (2, vec!["ampls1"])] {
            let (mut it, subnet) = Sketch::subnet();
            for n in 0..scopes {
                let name = format!("ampls{n}");
                let kind = Kind::AzureMonitorPrivateLinkScope;
                let scope = it.add(kind, &name, ResourceId(1), json!({}));
                let settings = json!({"privateLinkServiceId": scope.0, "groupId": "azuremonitor"});
                it.add(Kind::PrivateEndpoint, &format!("pe{n}"), subnet, settings);
            }
            assert_eq!(found(&LINT, &it), wrong);
        }
    }
}
