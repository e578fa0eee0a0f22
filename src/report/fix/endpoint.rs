//! A private endpoint with all that makes its names answer, as one edit: the zones of the names, their
//! links to the network, and the zone group by which Azure keeps the records.
//!
//! Azure docs: "What is a private endpoint?" (private-link/private-endpoint-overview), "Azure Private
//! Endpoint private DNS zone values" (private-link/private-endpoint-dns).

use super::network::{existing, new_endpoint};
use crate::{
    azure::private_link_zones::of_type,
    design::{Design, edit::Edit},
    facts::service::FaceLink,
    kinds::{
        Kind, ResourceId, Subject,
        subnet::{RESERVED, Subnet},
    },
    report::judge,
    text::Message,
};

/// One private endpoint that could be added.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointOffer {
    /// Target sub-resource, such as `blob`.
    pub group: &'static str,
    pub subnet: ResourceId,
    pub title: Message,
    pub edit: Edit,
    /// The number that the endpoint gets.
    pub endpoint: ResourceId,
}

/// Every private endpoint that could be added for a resource: each of its sub-resources in each subnet
/// that takes endpoints, unless the network has that endpoint already. Subnets with endpoints come first.
pub fn private_endpoints(design: &Design, target: ResourceId) -> Vec<EndpointOffer> {
    let Some(owner) = design.resources.subject(target) else { return Vec::new() };
    let Some(arm_type) = owner.info().arm_type else { return Vec::new() };
    let facts = judge::facts(&design.resources);
    let mut subnets: Vec<Subject<'_>> =
        design.resources.of(Kind::Subnet).filter(|it| takes_endpoints(*it)).collect();
    let endpoints = |it: &Subject<'_>| {
        let inside = design.resources.children(Some(it.id));
        inside.filter(|it| it.kind() == Kind::PrivateEndpoint).count()
    };
    subnets.sort_by_key(|it| std::cmp::Reverse(endpoints(it)));
    let mut all = Vec::new();
    // A zone whose name depends on what the design does not say cannot be made.
    let named = |zones: &[&str]| zones.iter().all(|it| !it.contains('{'));
    for face in of_type(arm_type).filter(|it| named(it.zones)) {
        let zone = face.zones.first().copied().unwrap_or_default().to_owned();
        let group = face.group_id;
        let link = FaceLink { owner: Some(target), group, zone, ..FaceLink::default() };
        for subnet in &subnets {
            let Some(network) = subnet.parent() else { continue };
            if existing(design, &facts, network.id, &link).is_some() {
                continue;
            }
            let made = new_endpoint(design, network.id, *subnet, owner, &link);
            all.extend(made.map(|(endpoint, title, edit)| EndpointOffer {
                group,
                subnet: subnet.id,
                title,
                edit,
                endpoint,
            }));
        }
    }
    all
}

/// Whether a private endpoint could ever lead to a resource here; quicker than to work them out.
pub fn may_have_endpoint(design: &Design, target: ResourceId) -> bool {
    let it = design.resources.subject(target).and_then(|it| it.info().arm_type);
    it.is_some_and(|it| of_type(it).next().is_some())
        && design.resources.of(Kind::Subnet).any(takes_endpoints)
}

/// Subnets of gateways, firewalls and Bastion hold nothing else, and neither does one that is delegated.
fn takes_endpoints(it: Subject<'_>) -> bool {
    let reserved = RESERVED.iter().any(|(name, ..)| name.eq_ignore_ascii_case(it.name()));
    !reserved && Subnet::of(it).delegation.is_none() && it.parent().is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{design::edit::apply, kinds::testing::Sketch};

    fn design(it: &Sketch) -> Design {
        Design { resources: it.all().clone(), ..Design::default() }
    }

    fn named(design: &Design, kind: Kind) -> Vec<&str> {
        design.resources.of(kind).map(Subject::name).collect()
    }

    // private-link/private-endpoint-dns: a workspace needs two zones, each linked to the network.
    #[test]
    fn a_workspace_gets_its_endpoint_with_both_zones_in_one_edit() {
        let (mut it, subnet) = Sketch::subnet();
        let workspace = it.add(Kind::Workspace, "ws", ResourceId(1), json!({}));
        let before = design(&it);
        let offers = private_endpoints(&before, workspace);
        let [only] = &offers[..] else { panic!("{offers:?}") };
        assert_eq!((only.group, only.subnet), ("amlworkspace", subnet));
        let after = apply(&before, &only.edit).unwrap();
        assert_eq!(
            named(&after, Kind::PrivateDnsZone),
            ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"]
        );
        for zone in after.resources.of(Kind::PrivateDnsZone) {
            let links = &zone.resource.settings["virtualNetworkLinks"];
            assert_eq!(links[0]["virtualNetwork"], 2, "{}", zone.name());
        }
        let endpoint = after.get(only.endpoint).unwrap();
        assert_eq!(endpoint.kind, Kind::PrivateEndpoint);
        assert_eq!(endpoint.settings["privateDnsZoneGroups"].as_array().unwrap().len(), 2);
        // The workspace itself still lacks its storage and vault.
        for it in after.resources.subjects().filter(|it| it.id != workspace) {
            assert_eq!(it.problems(), [], "{}", it.name());
        }
        // It is there: nothing more to offer.
        assert_eq!(private_endpoints(&after, workspace), []);
    }

    #[test]
    fn each_sub_resource_of_an_account_in_each_subnet_that_takes_one() {
        let (mut it, _) = Sketch::subnet();
        let network = ResourceId(2);
        let prefix = |it: &str| json!({"addressPrefix": it});
        it.add(Kind::Subnet, "endpoints", network, prefix("10.0.2.0/24"));
        it.add(Kind::Subnet, "AzureBastionSubnet", network, prefix("10.0.3.0/24"));
        let delegated =
            json!({"addressPrefix": "10.0.4.0/24", "delegation": "Microsoft.Web/serverFarms"});
        it.add(Kind::Subnet, "web", network, delegated);
        let account = it.add(Kind::StorageAccount, "st", ResourceId(1), json!({}));
        let offers = private_endpoints(&design(&it), account);
        let of_blob: Vec<ResourceId> =
            offers.iter().filter(|it| it.group == "blob").map(|it| it.subnet).collect();
        assert_eq!(of_blob, [ResourceId(3), ResourceId(4)]);
        for group in ["blob", "dfs", "file", "queue", "table", "web"] {
            assert_eq!(offers.iter().filter(|it| it.group == group).count(), 2, "{group}");
        }
    }

    // dns/private-dns-virtual-network-links: a network is linked to one zone of a name only.
    #[test]
    fn a_zone_that_the_network_is_linked_to_is_used_although_there_is_another() {
        let (mut it, _) = Sketch::subnet();
        let other = it.add(Kind::ResourceGroup, "other", None, json!({}));
        let zone = "privatelink.vaultcore.azure.net";
        it.add(Kind::PrivateDnsZone, zone, other, json!({}));
        let links = json!({"virtualNetworkLinks": [{"virtualNetwork": 2}]});
        let linked = it.add(Kind::PrivateDnsZone, zone, ResourceId(1), links);
        let vault = it.add(Kind::KeyVault, "kv", ResourceId(1), json!({}));
        let before = design(&it);
        let offers = private_endpoints(&before, vault);
        let after = apply(&before, &offers[0].edit).unwrap();
        let endpoint = after.get(offers[0].endpoint).unwrap();
        assert_eq!(endpoint.settings["privateDnsZoneGroups"], json!([linked.0]));
        assert_eq!(named(&after, Kind::PrivateDnsZone).len(), 2);
    }

    #[test]
    fn a_name_that_no_endpoint_may_have_is_made_one() {
        let (mut it, _) = Sketch::subnet();
        let vault = it.add(Kind::KeyVault, "キー\"; rm -rf", ResourceId(1), json!({}));
        let before = design(&it);
        let offer = private_endpoints(&before, vault).remove(0);
        let after = apply(&before, &offer.edit).unwrap();
        let endpoint = after.resources.subject(offer.endpoint).unwrap();
        assert_eq!(endpoint.problems(), [], "{}", endpoint.name());
    }

    #[test]
    fn what_has_no_private_link_and_a_design_without_subnets() {
        let (mut it, _) = Sketch::subnet();
        let machine = it.add(Kind::VirtualMachine, "vm", ResourceId(3), json!({}));
        assert_eq!(private_endpoints(&design(&it), machine), []);
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let vault = it.add(Kind::KeyVault, "kv", group, json!({}));
        assert_eq!(private_endpoints(&design(&it), vault), []);
    }
}
