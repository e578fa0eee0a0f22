//! Whether one end of a flow is among the places that a rule names.
//!
//! A rule may name a range that this program does not know (the public addresses of a service), so the
//! answer has three values.
//!
//! Azure docs: "Virtual network service tags" (virtual-network/service-tags-overview).

use std::net::Ipv4Addr;

use super::flow::Network;
use crate::facts::{
    ResourceId,
    cidr::Cidr,
    filter::{Place, Ports, Tag},
    name::PLATFORM_DNS,
    network::RoutePrefix,
};

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tri {
    No,
    Maybe,
    Yes,
}

impl Tri {
    pub(super) fn of(it: bool) -> Tri {
        if it { Tri::Yes } else { Tri::No }
    }
}

/// One end of a flow as rules see it.
#[derive(Clone, Debug, Default)]
pub(super) struct Party<'a> {
    /// `None` for public services, whose addresses change.
    pub(super) address: Option<Ipv4Addr>,
    /// Outside every private network.
    pub(super) public: bool,
    /// Service tags that hold it, without region.
    pub(super) tags: Vec<&'a str>,
    /// Region of a public service.
    pub(super) region: Option<String>,
    /// An address that the provider owns.
    pub(super) provider: bool,
    /// Application security groups.
    pub(super) groups: &'a [ResourceId],
    /// The name asked for.
    pub(super) name: Option<String>,
}

impl<'a> Party<'a> {
    pub(super) fn private(address: Option<Ipv4Addr>, groups: &'a [ResourceId]) -> Party<'a> {
        Party { address, groups, ..Party::default() }
    }
}

/// Whether `place` holds `party`, for a rule that applies in `subnet`.
pub(super) fn matches(
    network: &Network<'_>,
    subnet: Option<ResourceId>,
    place: &Place,
    party: &Party<'_>,
) -> Tri {
    match place {
        Place::Any => Tri::Yes,
        Place::Prefix(prefix) => in_prefix(*prefix, party),
        Place::Range(first, last) => match party.address {
            Some(it) => Tri::of(*first <= it && it <= *last),
            None if party.public && !Cidr::holding(*first, 32).is_private() => Tri::Maybe,
            None => Tri::No,
        },
        Place::Tag(tag) => in_tag(network, subnet, tag, party),
        // A tag is a set of public addresses, so private ones are never in it.
        Place::UnknownTag(_) => {
            if party.public && (party.provider || party.address.is_some()) {
                Tri::Maybe
            } else {
                Tri::No
            }
        }
        Place::Unsaid => Tri::Maybe,
        Place::Group(id) => Tri::of(party.groups.contains(id)),
        Place::Name(name) => {
            Tri::of(party.name.as_deref().is_some_and(|it| name_matches(name, it)))
        }
    }
}

fn in_prefix(prefix: Cidr, party: &Party<'_>) -> Tri {
    match party.address {
        Some(it) => Tri::of(prefix.contains(it)),
        None if prefix == Cidr::ALL => Tri::Yes,
        None if party.public && !prefix.is_private() => Tri::Maybe,
        // A host of a private network whose address the design does not give.
        None if !party.public && (prefix.is_private() || prefix.len() < 8) => Tri::Maybe,
        None => Tri::No,
    }
}

fn in_tag(network: &Network<'_>, subnet: Option<ResourceId>, tag: &Tag, party: &Party<'_>) -> Tri {
    match tag.name.as_str() {
        "virtualnetwork" => in_virtual_network(network, subnet, party),
        "internet" => Tri::of(party.public),
        // Only as the source of probes.
        "azureloadbalancer" => Tri::of(party.tags.contains(&"AzureLoadBalancer")),
        "azurecloud" if party.public => {
            if party.provider {
                in_region(tag, party)
            } else {
                // Anybody may rent an address there.
                Tri::Maybe
            }
        }
        name if party.public => {
            let held = party.tags.iter().any(|it| it.eq_ignore_ascii_case(name));
            if held {
                in_region(tag, party)
            } else if party.tags.is_empty() && party.provider {
                Tri::Maybe
            } else {
                Tri::No
            }
        }
        _ => Tri::No,
    }
}

/// A regional tag matches targets of that region only.
fn in_region(tag: &Tag, party: &Party<'_>) -> Tri {
    match (&tag.region, &party.region) {
        (None, _) => Tri::Yes,
        (Some(wanted), Some(has)) => Tri::of(wanted == has),
        (Some(_), None) => Tri::Maybe,
    }
}

/// `VirtualNetwork`: own space, peers, what lies behind gateways, prefixes of user routes. With a
/// default route it may cover everything.
fn in_virtual_network(network: &Network<'_>, subnet: Option<ResourceId>, party: &Party<'_>) -> Tri {
    let facts = network.facts();
    if party.address == Some(PLATFORM_DNS) {
        return Tri::Yes;
    }
    let Some(subnet) = subnet.and_then(|it| facts.subnets.get(&it)) else { return Tri::No };
    let user_routes = subnet.routes.and_then(|it| facts.route_tables.get(&it));
    let routed = |address: Ipv4Addr| {
        user_routes.is_some_and(|table| {
            table.routes.iter().any(|it| match &it.to {
                RoutePrefix::Prefix(prefix) => prefix.len() > 0 && prefix.contains(address),
                RoutePrefix::Tag(_) => false,
            })
        })
    };
    let default_route = user_routes
        .is_some_and(|table| table.routes.iter().any(|it| it.to == RoutePrefix::Prefix(Cidr::ALL)));
    if party.public {
        return match party.address {
            Some(it) if routed(it) => Tri::Yes,
            _ if default_route => Tri::Maybe,
            _ => Tri::No,
        };
    }
    let Some(address) = party.address else {
        // A private host whose address is not known here: it came from a neighbor.
        return Tri::Yes;
    };
    let inside = network.private_prefixes(subnet.network).iter().any(|it| it.contains(address));
    Tri::of(inside || routed(address) || default_route)
}

/// Whether a port is among ranges; no range means any.
pub(super) fn in_ports(ports: &[Ports], port: u16) -> bool {
    ports.is_empty() || ports.iter().any(|it| it.contains(port))
}

/// Ports that callers pick for themselves.
const EPHEMERAL: Ports = Ports { first: 1024, last: u16::MAX };

/// Whether the port that the caller will pick is among ranges.
pub(super) fn in_source_ports(ports: &[Ports]) -> Tri {
    if ports.is_empty()
        || ports.iter().any(|it| it.first <= EPHEMERAL.first && it.last == EPHEMERAL.last)
    {
        Tri::Yes
    } else if ports.iter().any(|it| it.last >= EPHEMERAL.first) {
        Tri::Maybe
    } else {
        Tri::No
    }
}

/// `*.contoso.com` is every name below, not `contoso.com` itself; `*` is every name.
pub(super) fn name_matches(pattern: &str, name: &str) -> bool {
    let pattern = pattern.trim().trim_end_matches('.').to_ascii_lowercase();
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if pattern == "*" || pattern == name {
        return true;
    }
    pattern.strip_prefix('*').is_some_and(|suffix| {
        name.len() > suffix.len() && name.ends_with(suffix) && suffix.starts_with('.')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Azure Firewall, "FQDN filtering": the asterisk stands for what is below.
    #[test]
    fn a_wildcard_does_not_match_the_name_itself() {
        assert!(name_matches("*.contoso.com", "a.contoso.com"));
        assert!(name_matches("*.contoso.com", "A.B.contoso.com"));
        assert!(!name_matches("*.contoso.com", "contoso.com"));
        assert!(!name_matches("*.contoso.com", "evilcontoso.com"));
        assert!(name_matches("*", "contoso.com"));
        assert!(!name_matches("contoso.com", "a.contoso.com"));
    }

    #[test]
    fn a_caller_picks_a_high_port() {
        assert_eq!(in_source_ports(&[]), Tri::Yes);
        assert_eq!(in_source_ports(&[Ports::ALL]), Tri::Yes);
        assert_eq!(in_source_ports(&[Ports::one(443)]), Tri::No);
        assert_eq!(in_source_ports(&[Ports { first: 50000, last: 50010 }]), Tri::Maybe);
    }
}
