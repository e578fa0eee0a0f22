//! Which way a packet goes from a subnet: the effective routes and the choice among them.
//!
//! Azure docs: "Virtual network traffic routing" (virtual-network/virtual-networks-udr-overview),
//! "Manage network policies for private endpoints"
//! (private-link/disable-private-endpoint-network-policy).

use std::net::Ipv4Addr;

use super::{
    flow::Network,
    index::{Holder, Realm},
    matching::{Party, Tri},
};
use crate::facts::{
    Facts, ResourceId,
    cidr::{Cidr, PRIVATE},
    filter::Tag,
    network::{NextHop, RoutePrefix, ServiceEndpoint},
};
use crate::text::{Shown, Word};

/// Where a route comes from. On equal prefixes the first wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    User,
    /// Learned from a gateway.
    Gateway,
    System,
}

/// Where a route leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Next {
    Local,
    Peer(ResourceId),
    /// The /32 route of a private endpoint.
    Endpoint {
        id: ResourceId,
        network: ResourceId,
    },
    Gateway {
        gateway: ResourceId,
        site: ResourceId,
    },
    /// To a gateway where none is connected.
    NoGateway,
    Appliance(Ipv4Addr),
    Internet,
    Drop,
}

/// The route that decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) next: Next,
    pub(super) origin: Origin,
    /// Prefix or tag, as words.
    pub(super) prefix: Word,
    /// Name of a user-defined route.
    pub(super) name: Word,
    /// The route table, for user-defined routes.
    pub(super) table: Option<ResourceId>,
    /// A route that covers only some of the addresses the target may have, and leads elsewhere.
    pub(super) rival: Option<String>,
}

#[derive(Clone, Debug)]
struct Entry<'a> {
    prefix: Cidr,
    origin: Origin,
    next: Next,
    name: &'a str,
}

/// The effective routes of a subnet, without the /32 routes of private endpoints.
#[derive(Clone, Debug)]
pub(super) struct Table<'a> {
    /// Longest prefix first, then by origin.
    entries: Vec<Entry<'a>>,
    tags: Vec<(&'a Tag, Next, &'a str)>,
    id: Option<ResourceId>,
}

impl<'a> Table<'a> {
    pub(super) fn of(network: &Network<'a>, subnet: ResourceId) -> Option<Table<'a>> {
        let facts: &'a Facts = network.facts();
        let subnet = facts.subnets.get(&subnet)?;
        let home = subnet.network;
        let user = subnet.routes.and_then(|it| facts.route_tables.get(&it));
        let mut entries = Vec::new();
        let mut push = |prefix, origin, next, name| {
            entries.push(Entry { prefix, origin, next, name });
        };
        for prefix in facts.networks.get(&home).into_iter().flat_map(|it| &it.space) {
            push(*prefix, Origin::System, Next::Local, "");
        }
        for peer in network.connected_peers(home) {
            for prefix in facts.networks.get(&peer.other).into_iter().flat_map(|it| &it.space) {
                push(*prefix, Origin::System, Next::Peer(peer.other), "");
            }
        }
        let gateways = network.gateways_for(home);
        if user.is_none_or(|it| it.learns_gateway_routes) {
            for &(gateway, site) in &gateways {
                for prefix in network.announced(gateway, site) {
                    push(*prefix, Origin::Gateway, Next::Gateway { gateway, site }, "");
                }
            }
        }
        let mut tags = Vec::new();
        for route in user.into_iter().flat_map(|it| &it.routes) {
            let next = match route.next_hop {
                NextHop::Appliance(address) => Next::Appliance(address),
                NextHop::Local => Next::Local,
                NextHop::Internet => Next::Internet,
                NextHop::None => Next::Drop,
                NextHop::Gateway => gateway_for(network, &gateways, &route.to),
            };
            match &route.to {
                RoutePrefix::Prefix(prefix) => push(*prefix, Origin::User, next, &route.name),
                RoutePrefix::Tag(tag) => tags.push((tag, next, route.name.as_str())),
            }
        }
        push(Cidr::ALL, Origin::System, Next::Internet, "");
        let default = entries.iter().any(|it| it.origin == Origin::User && it.prefix == Cidr::ALL);
        // A user route for 0.0.0.0/0 removes the routes that drop private addresses.
        if !default {
            for prefix in PRIVATE {
                entries.push(Entry { prefix, origin: Origin::System, next: Next::Drop, name: "" });
            }
        }
        entries
            .sort_by_key(|it| (std::cmp::Reverse(it.prefix.len()), it.origin, own_first(it.next)));
        tags.sort_by_key(|(tag, _, _)| tag_rank(tag));
        Some(Table { entries, tags, id: subnet.routes })
    }

    fn choice(&self, entry: &Entry<'_>) -> Choice {
        let user = entry.origin == Origin::User;
        Choice {
            next: entry.next,
            origin: entry.origin,
            prefix: entry.prefix.word(),
            name: entry.name.word(),
            table: if user { self.id } else { None },
            rival: None,
        }
    }

    /// The route for a known address, private endpoints apart.
    pub(super) fn lookup(&self, address: Ipv4Addr) -> Option<Choice> {
        let best = self.entries.iter().find(|it| it.prefix.contains(address))?;
        // System routes for the own space and for peers beat routes of gateways, longer or not.
        if best.origin == Origin::Gateway {
            let system = self.entries.iter().find(|it| {
                it.origin == Origin::System
                    && matches!(it.next, Next::Local | Next::Peer(_))
                    && it.prefix.contains(address)
            });
            if let Some(it) = system {
                return Some(self.choice(it));
            }
        }
        Some(self.choice(best))
    }

    /// The route for a public address, known or not, of a service in `party`'s tags.
    pub(super) fn lookup_public(&self, party: &Party<'_>) -> Option<Choice> {
        if let Some(address) = party.address {
            let exact = self.lookup(address)?;
            if exact.prefix != Cidr::ALL.word() {
                return Some(exact);
            }
        }
        let mut rival = None;
        for (tag, next, name) in &self.tags {
            let held = holds(tag, party);
            if held == Tri::No {
                continue;
            }
            let choice = Choice {
                next: *next,
                origin: Origin::User,
                prefix: Word::of(tag),
                name: name.word(),
                table: self.id,
                rival: rival.clone(),
            };
            if held == Tri::Yes {
                return Some(choice);
            }
            rival.get_or_insert_with(|| tag.to_string());
        }
        let default = self.entries.iter().find(|it| it.prefix == Cidr::ALL)?;
        let mut chosen = default;
        // 0.0.0.0/1 and 128.0.0.0/1 together are a default route in disguise.
        let half = |bit: u32| {
            let half = Cidr::holding(Ipv4Addr::from_bits(bit << 31), 1);
            self.entries.iter().find(|it| it.prefix == half)
        };
        if let (Some(low), Some(high)) = (half(0), half(1)) {
            chosen = low;
            if low.next != high.next {
                rival.get_or_insert_with(|| high.prefix.to_string());
            }
        }
        if party.address.is_none() {
            let other = self.entries.iter().find(|it| {
                it.prefix.len() > 0
                    && it.prefix.len() > chosen.prefix.len()
                    && !it.prefix.is_private()
                    && it.origin != Origin::System
                    && it.next != chosen.next
            });
            if let Some(other) = other {
                rival.get_or_insert_with(|| other.prefix.to_string());
            }
        }
        Some(Choice { rival, ..self.choice(chosen) })
    }

    /// The route for an address that private endpoint `id` holds in `network`, which must be the
    /// subnet's own or a connected peer. `space` is the prefix of that network that holds it.
    pub(super) fn lookup_endpoint(
        &self,
        address: Ipv4Addr,
        id: ResourceId,
        network: ResourceId,
        space: Option<Cidr>,
        routable: bool,
    ) -> Choice {
        let user = self
            .entries
            .iter()
            .find(|it| it.origin == Origin::User && it.prefix.contains(address))
            .filter(|it| {
                // The same /32 replaces it. A wider one does if it is no wider than the space of the
                // endpoint's network and the endpoint's subnet lets routes apply; 0.0.0.0/0 never.
                it.prefix.is_host()
                    || (routable
                        && it.prefix.len() > 0
                        && space.is_some_and(|space| it.prefix.len() >= space.len()))
            });
        if let Some(it) = user {
            return self.choice(it);
        }
        Choice {
            next: Next::Endpoint { id, network },
            origin: Origin::System,
            prefix: Cidr::holding(address, 32).word(),
            name: Word::default(),
            table: None,
            rival: None,
        }
    }
}

/// Own space before peers, so that overlapping spaces are at least judged the same way every time.
fn own_first(next: Next) -> (bool, Next) {
    (next != Next::Local, next)
}

/// Explicit prefixes come first (longest match), then regional tags, tags, `AzureCloud` by region,
/// `AzureCloud`.
fn tag_rank(tag: &Tag) -> (bool, bool) {
    (tag.name == "azurecloud", tag.region.is_none())
}

fn holds(tag: &Tag, party: &Party<'_>) -> Tri {
    let named = if tag.name == "azurecloud" {
        if party.provider { Tri::Yes } else { Tri::Maybe }
    } else {
        Tri::of(party.tags.iter().any(|it| it.eq_ignore_ascii_case(&tag.name)))
    };
    let region = match (&tag.region, &party.region) {
        (None, _) => Tri::Yes,
        (Some(wanted), Some(has)) => Tri::of(wanted == has),
        (Some(_), None) => Tri::Maybe,
    };
    named.min(region)
}

fn gateway_for(
    network: &Network<'_>,
    gateways: &[(ResourceId, ResourceId)],
    to: &RoutePrefix,
) -> Next {
    let covers = |gateway: ResourceId, site: ResourceId| match to {
        RoutePrefix::Prefix(prefix) => {
            network.announced(gateway, site).iter().any(|it| it.overlaps(*prefix))
        }
        RoutePrefix::Tag(_) => false,
    };
    let circuit =
        |gateway: ResourceId| network.facts().gateways.get(&gateway).is_some_and(|it| it.circuit);
    let tunnels: Vec<(ResourceId, ResourceId)> =
        gateways.iter().copied().filter(|(gateway, _)| !circuit(*gateway)).collect();
    tunnels
        .iter()
        .find(|(gateway, site)| covers(*gateway, *site))
        .or_else(|| tunnels.first())
        .map_or(Next::NoGateway, |&(gateway, site)| Next::Gateway { gateway, site })
}

/// The service endpoint of a subnet that takes traffic for a service with `tags` in `region`.
pub(super) fn service_endpoint<'s>(
    endpoints: &'s [ServiceEndpoint],
    home: &str,
    party: &Party<'_>,
) -> Option<&'s ServiceEndpoint> {
    endpoints.iter().find(|it| {
        party.tags.iter().any(|tag| tag.eq_ignore_ascii_case(it.tag))
            // That for storage serves the accounts of the network's region (and its pair).
            && (it.all_regions
                || !it.tag.eq_ignore_ascii_case("Storage")
                || party
                    .region
                    .as_deref()
                    .is_none_or(|region| region == home || it.pair == Some(region)))
    })
}

impl Network<'_> {
    /// The route that a packet for a private address takes from `subnet`.
    pub(super) fn route_private(&self, subnet: ResourceId, address: Ipv4Addr) -> Option<Choice> {
        let home = self.facts().subnets.get(&subnet)?.network;
        let table = self.table(subnet)?;
        if let Some((id, network)) = self.endpoint_near(home, address) {
            let space = self
                .facts()
                .networks
                .get(&network)
                .and_then(|it| it.space.iter().copied().find(|it| it.contains(address)));
            let routable = self
                .facts()
                .private_endpoints
                .get(&id)
                .and_then(|it| self.facts().subnets.get(&it.subnet))
                .is_some_and(|it| it.routes_private_endpoints);
            return Some(table.lookup_endpoint(address, id, network, space, routable));
        }
        table.lookup(address)
    }

    /// The private endpoint with this address in `home` or in a network directly peered with it.
    fn endpoint_near(
        &self,
        home: ResourceId,
        address: Ipv4Addr,
    ) -> Option<(ResourceId, ResourceId)> {
        let mut far = None;
        for (realm, holder) in self.index.holders.get(&address)? {
            let (Realm::Network(network), Holder::Endpoint(id)) = (*realm, *holder) else {
                continue;
            };
            if network == home {
                return Some((id, network));
            }
            if far.is_none()
                && self
                    .index
                    .peers
                    .get(&home)
                    .and_then(|it| it.get(&network))
                    .is_some_and(super::index::Peer::connected)
            {
                far = Some((id, network));
            }
        }
        far
    }
}
