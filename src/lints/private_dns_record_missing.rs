//! A linked private DNS zone that has no record for a private endpoint: the service's name has an alias in
//! that zone, so it does not resolve at all, not even to the public address.
//!
//! Azure docs: "Fallback to internet for Azure Private DNS zones" (dns/private-dns-fallback).

use serde_json::json;

use super::{Context, Finding, Lint, Severity, naming::State};
use crate::{
    design::edit::Edit,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "private_dns_record_missing",
    severity: Severity::Error,
    title: text("Name without a record", "レコードのない名前"),
    find,
    source: "dns/private-dns-fallback",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    const KEY: &str = "privateDnsZoneGroups";
    context
        .names()
        .iter()
        .filter_map(|it| {
            let State::NoRecord(zone) = it.state else { return None };
            let endpoint = context.resources.subject(it.endpoint)?;
            let names = [arg(&it.zone), arg(context.name(it.network)), arg(endpoint.name())];
            let text = text(
                "{1} looks into {0}, which has no record for {2}, so the name does not resolve there at all; register {2} in the zone",
                "{1} は {0} を参照しますが、{2} のレコードがないため名前を解決できません。{2} をゾーンに登録してください",
            )
            .with(names.clone());
            let finding = Finding::new([it.endpoint, zone, it.network], text).field(KEY);
            let item = json!(zone.0);
            if endpoint.has_item(KEY, &item) {
                return None;
            }
            let title = crate::text::text("Register {2} in {0}", "{2} を {0} に登録する").with(names);
            let edit = Edit::AddItem { id: it.endpoint, key: KEY.to_owned(), item };
            Some(finding.fix(title, edit))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        kinds::{Kind, ResourceId, testing::Sketch},
        lints::{found, private_dns_zone_missing, private_dns_zone_not_linked},
    };

    const BLOB: &str = "privatelink.blob.core.windows.net";

    struct Drawn {
        it: Sketch,
        endpoint: ResourceId,
        network: ResourceId,
    }

    /// A private endpoint for blob in a network that asks Azure DNS.
    fn endpoint() -> Drawn {
        let (mut it, subnet) = Sketch::subnet();
        let account = it.add(Kind::StorageAccount, "st1", ResourceId(1), json!({}));
        let settings = json!({"privateLinkServiceId": account.0, "groupId": "blob"});
        let endpoint = it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
        Drawn { it, endpoint, network: ResourceId(2) }
    }

    fn zone(drawn: &mut Drawn, linked: bool, records: Value) -> ResourceId {
        let links = if linked { json!([{"virtualNetwork": drawn.network.0}]) } else { json!([]) };
        let settings = json!({"virtualNetworkLinks": links, "records": records});
        drawn.it.add(Kind::PrivateDnsZone, BLOB, ResourceId(1), settings)
    }

    fn all(it: &Sketch) -> Vec<String> {
        [&private_dns_zone_missing::LINT, &private_dns_zone_not_linked::LINT, &LINT]
            .into_iter()
            .flat_map(|lint| found(lint, it).into_iter().map(|it| format!("{}: {it}", lint.id)))
            .collect()
    }

    #[test]
    fn zone_link_and_record_are_all_needed() {
        let mut it = endpoint();
        assert_eq!(all(&it.it), ["private_dns_zone_missing: pe privateDnsZoneGroups"]);
        let id = zone(&mut it, false, json!([]));
        assert_eq!(
            all(&it.it),
            [format!("private_dns_zone_not_linked: {BLOB} virtualNetworkLinks")]
        );
        it.it.set(id, "virtualNetworkLinks", json!([{"virtualNetwork": 2}]));
        assert_eq!(all(&it.it), ["private_dns_record_missing: pe privateDnsZoneGroups"]);
        it.it.set(it.endpoint, "privateDnsZoneGroups", json!([id.0]));
        assert_eq!(all(&it.it), [""; 0]);
        it.it.set(id, "virtualNetworkLinks", json!([]));
        assert_eq!(
            all(&it.it),
            [format!("private_dns_zone_not_linked: {BLOB} virtualNetworkLinks")]
        );
    }

    #[test]
    fn a_record_written_by_hand_counts() {
        let mut it = endpoint();
        let record = json!([{"name": "st1", "addresses": ["10.0.1.4"]}]);
        zone(&mut it, true, record);
        assert_eq!(all(&it.it), [""; 0]);
        let mut it = endpoint();
        let record = json!([{"name": "st2", "addresses": ["10.0.1.4"]}]);
        zone(&mut it, true, record);
        assert_eq!(all(&it.it), ["private_dns_record_missing: pe privateDnsZoneGroups"]);
    }

    // dns/private-dns-fallback: NxDomainRedirect looks missing names up in public.
    #[test]
    fn a_link_that_falls_back_to_public_names() {
        let mut it = endpoint();
        let id = zone(&mut it, true, json!([]));
        let link = json!([{"virtualNetwork": 2, "resolutionPolicy": "NxDomainRedirect"}]);
        it.it.set(id, "virtualNetworkLinks", link);
        assert_eq!(all(&it.it), [""; 0]);
    }

    // private-link/private-endpoint-dns: with custom servers the link of the server's network counts.
    #[test]
    fn custom_servers_look_from_their_own_network() {
        let mut it = endpoint();
        let settings = json!({"addressSpace.addressPrefixes": ["10.9.0.0/16"]});
        let hub = it.it.add(Kind::VirtualNetwork, "hub", ResourceId(1), settings);
        let settings = json!({"addressPrefix": "10.9.0.0/24"});
        let subnet = it.it.add(Kind::Subnet, "dns", hub, settings);
        let settings = json!({"privateIPAddress": "10.9.0.4"});
        it.it.add(Kind::CustomDnsServer, "dns1", subnet, settings);
        it.it.set(it.network, "dhcpOptions.dnsServers", json!(["10.9.0.4"]));
        let id = zone(&mut it, true, json!([]));
        it.it.set(it.endpoint, "privateDnsZoneGroups", json!([id.0]));
        assert_eq!(
            all(&it.it),
            [format!("private_dns_zone_not_linked: {BLOB} virtualNetworkLinks")]
        );
        it.it.set(id, "virtualNetworkLinks", json!([{"virtualNetwork": hub.0}]));
        assert_eq!(all(&it.it), [""; 0]);
        // A server that is not drawn may do anything.
        it.it.set(it.network, "dhcpOptions.dnsServers", json!(["10.9.9.9"]));
        assert_eq!(all(&it.it), [""; 0]);
    }

    #[test]
    fn an_endpoint_that_is_not_approved_needs_no_names() {
        let mut it = endpoint();
        it.it.set(it.endpoint, "connectionState", json!("Pending"));
        assert_eq!(all(&it.it), [""; 0]);
    }

    // how-to-custom-dns: a workspace's names stand in two zones.
    #[test]
    fn a_workspace_needs_two_zones() {
        let (mut it, subnet) = Sketch::subnet();
        it.set(ResourceId(1), "location", json!("japaneast"));
        let workspace = it.add(Kind::Workspace, "ws1", ResourceId(1), json!({}));
        let settings = json!({"privateLinkServiceId": workspace.0, "groupId": "amlworkspace"});
        it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
        let missing = "private_dns_zone_missing: pe privateDnsZoneGroups";
        assert_eq!(all(&it), [missing, missing]);
    }
}
