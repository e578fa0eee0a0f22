//! How the names behind each private endpoint are answered in its network: for the lints about zones.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use super::Context;
use crate::facts::{
    Facts, ResourceId,
    name::{PLATFORM_DNS, ServerPlace, Zone},
    service::{LinkRecord, LinkState, PrivateEndpoint},
};

/// One zone that an endpoint's names need, and what is missing.
pub(super) struct Naming {
    pub(super) endpoint: ResourceId,
    pub(super) network: ResourceId,
    /// Name of the zone.
    pub(super) zone: String,
    pub(super) state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// No zone of that name is drawn.
    Missing,
    /// It is drawn, but the network's resolver does not look there.
    NotLinked(ResourceId),
    /// The resolver looks there and finds nothing.
    NoRecord(ResourceId),
}

/// What is missing, by endpoint and zone. Where the resolver is not drawn, nothing is said.
pub(super) fn missing(context: &Context<'_>) -> Vec<Naming> {
    let facts = context.facts;
    let mut zones: BTreeMap<&str, Vec<(ResourceId, &Zone)>> = BTreeMap::new();
    for (id, zone) in &facts.zones {
        zones.entry(&zone.name).or_default().push((*id, zone));
    }
    let places = server_places(facts);
    let registered = registered(facts);
    let mut all = Vec::new();
    for (&endpoint, it) in &facts.private_endpoints {
        if it.state != LinkState::Approved {
            continue;
        }
        let Some(network) = facts.subnets.get(&it.subnet).map(|it| it.network) else { continue };
        let Some(resolvers) = resolvers(facts, network, &places) else { continue };
        for (zone, labels) in wanted(facts, it) {
            let same = zones.get(zone).map_or(&[][..], Vec::as_slice);
            let holds = |id: ResourceId, it_zone: &Zone| {
                registered.contains(&(id, it.target, it.group.to_ascii_lowercase()))
                    || labels.iter().all(|label| {
                        it_zone.records.iter().any(|record| covers(&record.label, label))
                    })
            };
            let linked = |it: &Zone| it.links.iter().any(|it| resolvers.contains(&it.network));
            let state = match same {
                [] => State::Missing,
                _ if same.iter().any(|(id, it)| linked(it) && holds(*id, it)) => continue,
                _ => match same.iter().find(|(_, it)| linked(it)) {
                    // Names without a record are looked up in public, as somebody chose.
                    Some((_, zone)) if redirects(zone, &resolvers) => continue,
                    Some((id, _)) => State::NoRecord(*id),
                    None if same.iter().any(|(_, it)| serves_a_peer(context, network, it)) => {
                        continue;
                    }
                    None => {
                        let best = same.iter().find(|(id, it)| holds(*id, it)).or(same.first());
                        let Some((id, _)) = best else { continue };
                        State::NotLinked(*id)
                    }
                },
            };
            all.push(Naming { endpoint, network, zone: zone.to_owned(), state });
        }
    }
    all
}

/// Which zone groups write records for which target and sub-resource.
fn registered(facts: &Facts) -> BTreeSet<(ResourceId, ResourceId, String)> {
    let of = |it: &PrivateEndpoint| {
        let key = (it.target, it.group.to_ascii_lowercase());
        let zones = it.zones.clone();
        zones.into_iter().map(move |zone| (zone, key.0, key.1.clone()))
    };
    facts.private_endpoints.values().flat_map(of).collect()
}

/// Zones and labels that an endpoint's names are found under.
fn wanted<'a>(facts: &'a Facts, it: &PrivateEndpoint) -> BTreeMap<&'a str, Vec<&'a str>> {
    let records: &[LinkRecord] = facts
        .services
        .get(&it.target)
        .and_then(|service| {
            service.links.iter().find(|link| link.group.eq_ignore_ascii_case(&it.group))
        })
        .map_or(&[], |it| &it.records);
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for it in records {
        all.entry(&it.zone).or_default().push(&it.label);
    }
    all
}

/// Whether a record answers a label; `*` stands for one label or more.
fn covers(record: &str, label: &str) -> bool {
    record.eq_ignore_ascii_case(label)
        || record == "*"
        || record
            .strip_prefix('*')
            .is_some_and(|rest| label.to_ascii_lowercase().ends_with(&rest.to_ascii_lowercase()))
}

fn redirects(zone: &Zone, resolvers: &BTreeSet<ResourceId>) -> bool {
    zone.links.iter().any(|it| it.redirects && resolvers.contains(&it.network))
}

/// A hub of endpoints whose clients all stand in peered networks needs no link of its own.
fn serves_a_peer(context: &Context<'_>, network: ResourceId, zone: &Zone) -> bool {
    let peers: BTreeSet<ResourceId> =
        context.facts.peerings.iter().filter(|it| it.to == network).map(|it| it.from).collect();
    zone.links.iter().any(|it| peers.contains(&it.network))
}

/// The network that each known name server asks from.
fn server_places(facts: &Facts) -> BTreeMap<Ipv4Addr, ResourceId> {
    let mut all = BTreeMap::new();
    let network_of = |subnet: &ResourceId| facts.subnets.get(subnet).map(|it| it.network);
    for (id, server) in &facts.name_servers {
        let ServerPlace::Subnet(subnet) = server.place else { continue };
        // A server with records of its own may answer without any zone.
        if !server.records.is_empty() {
            continue;
        }
        let Some(network) = network_of(&subnet) else { continue };
        let own = facts.hosts.get(id).and_then(|it| match it.position {
            crate::facts::network::Position::Subnet { address, .. } => address,
            _ => None,
        });
        all.extend(server.addresses.iter().copied().chain(own).map(|it| (it, network)));
    }
    for it in facts.appliances.values().filter(|it| it.dns_proxy && it.dns.is_empty()) {
        all.extend(it.address.map(|address| (address, it.network)));
    }
    all
}

/// The networks whose zone links count for a network; `None` where a resolver is not drawn.
fn resolvers(
    facts: &Facts,
    network: ResourceId,
    places: &BTreeMap<Ipv4Addr, ResourceId>,
) -> Option<BTreeSet<ResourceId>> {
    let servers = &facts.networks.get(&network)?.dns;
    if servers.is_empty() || servers.contains(&PLATFORM_DNS) {
        return Some(BTreeSet::from([network]));
    }
    servers.iter().map(|it| places.get(it).copied()).collect()
}
