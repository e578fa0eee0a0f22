//! Who answers which name for whom.
//!
//! Azure docs: "Azure private endpoint private DNS zone values" (private-link/private-endpoint-dns).

use std::net::Ipv4Addr;

use super::ResourceId;

/// Address of the platform's resolver; it answers only inside a virtual network.
pub const PLATFORM_DNS: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

/// Address of the instance metadata service.
pub const PLATFORM_METADATA: Ipv4Addr = Ipv4Addr::new(169, 254, 169, 254);

/// A private DNS zone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Zone {
    /// Lowercase, without a final dot.
    pub name: String,
    pub links: Vec<ZoneLink>,
    /// Those written by hand; zone groups of private endpoints add theirs.
    pub records: Vec<Record>,
}

/// A network whose hosts see the zone.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneLink {
    pub at: ResourceId,
    pub network: ResourceId,
    /// `NxDomainRedirect`: names without a record are looked up in public.
    pub redirects: bool,
    /// Hosts of the network get records by themselves.
    pub registers: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub at: ResourceId,
    /// Lowercase, relative to the zone; `@` is the zone itself, `*` matches any one label or more.
    pub label: String,
    pub addresses: Vec<Ipv4Addr>,
}

/// A name server that a design describes: a host, a resolver, the servers of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct NameServer {
    /// Where it stands, which decides what it can ask: a network, or a site.
    pub place: ServerPlace,
    /// Addresses it answers at, where it is no host or appliance of its own.
    pub addresses: Vec<Ipv4Addr>,
    pub forwarders: Vec<Forwarder>,
    pub records: Vec<(String, Ipv4Addr)>,
    /// For names without forwarder and record.
    pub otherwise: Upstream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerPlace {
    Subnet(ResourceId),
    Site(ResourceId),
}

/// Names below `zone` are asked elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Forwarder {
    /// Lowercase; empty or `.` means every name.
    pub zone: String,
    pub to: Vec<Ipv4Addr>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Upstream {
    /// Public DNS, from the root.
    Public,
    Servers(Vec<Ipv4Addr>),
    /// Nobody: such names do not resolve.
    Nobody,
}

/// Forwarding rules that the platform's resolver follows for some networks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ForwardingRules {
    pub networks: Vec<ResourceId>,
    pub rules: Vec<Forwarder>,
    /// The network of the outbound endpoint, from which the asked servers must be reachable.
    pub from: Option<ResourceId>,
}
