//! Two private endpoints of one sub-resource that write the same record: the last one to register wins, and
//! all networks that ask the zone are led to that one.
//!
//! Azure docs: "Azure private endpoint private DNS zone values" (private-link/private-endpoint-dns).

use std::collections::BTreeMap;

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::ResourceId,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "shared_dns_record",
    severity: Severity::Warning,
    title: text("Two endpoints, one DNS record", "1 つの DNS レコードを共有するエンドポイント"),
    find,
    source: "private-link/private-endpoint-dns",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut first: BTreeMap<(ResourceId, ResourceId, String), ResourceId> = BTreeMap::new();
    let mut all = Vec::new();
    for (&id, it) in &context.facts.private_endpoints {
        for &zone in &it.zones {
            let key = (zone, it.target, it.group.to_ascii_lowercase());
            let other = *first.entry(key).or_insert(id);
            if other == id {
                continue;
            }
            let text = text(
                "{0} and {1} both stand for {2} and register in {3}, where one record is left; give each network a zone of its own",
                "{0} と {1} はどちらも {2} のエンドポイントで、{3} にはレコードが 1 つしか残りません。ネットワークごとに別のゾーンを使ってください",
            )
            .with([
                arg(context.name(id)),
                arg(context.name(other)),
                arg(context.name(it.target)),
                arg(context.name(zone)),
            ]);
            all.push(Finding::new([id, other, zone], text).field("privateDnsZoneGroups"));
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
    fn endpoints_of_two_networks() {
        for (second, group, wrong) in [
            ("a", "blob", vec!["pe2 privateDnsZoneGroups"]),
            ("b", "blob", vec![]),
            ("a", "file", vec![]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let account = it.add(Kind::StorageAccount, "st1", ResourceId(1), json!({}));
            let name = "privatelink.blob.core.windows.net";
            let a = it.add(Kind::PrivateDnsZone, name, ResourceId(1), json!({}));
            let b = it.add(Kind::PrivateDnsZone, name, ResourceId(1), json!({}));
            for (name, group, zone) in
                [("pe1", "blob", a), ("pe2", group, if second == "a" { a } else { b })]
            {
                let settings = json!({
                    "privateLinkServiceId": account.0, "groupId": group, "privateDnsZoneGroups": [zone.0],
                });
                it.add(Kind::PrivateEndpoint, name, subnet, settings);
            }
            assert_eq!(found(&LINT, &it), wrong, "{second} {group}");
        }
    }
}
