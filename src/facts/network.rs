//! Where packets can go: networks, subnets, routes, peerings, gateways, ways out, hosts.
//!
//! Azure docs: "Virtual network traffic routing" (virtual-network/virtual-networks-udr-overview).

use std::net::Ipv4Addr;

use super::{
    ResourceId,
    cidr::Cidr,
    filter::{Protocol, Tag},
};

/// A private address space in one region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrivateNetwork {
    pub space: Vec<Cidr>,
    /// As [`super::region`] spells it.
    pub region: String,
    /// Servers that its hosts ask for names; empty means the platform's resolver.
    pub dns: Vec<Ipv4Addr>,
}

#[expect(clippy::struct_excessive_bools, reason = "the switches of a subnet, as Azure has them")]
/// The part of a network where filters, routes and service endpoints apply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subnet {
    pub network: ResourceId,
    pub prefixes: Vec<Cidr>,
    pub filter: Option<ResourceId>,
    pub routes: Option<ResourceId>,
    pub service_endpoints: Vec<ServiceEndpoint>,
    /// Whether the subnet's filter applies to private endpoints in it.
    pub filters_private_endpoints: bool,
    /// Whether routes of senders may lead traffic for private endpoints in it elsewhere.
    pub routes_private_endpoints: bool,
    pub nat: Option<ResourceId>,
    /// Hosts without a way out of their own get an address that nobody chose.
    pub default_outbound: bool,
    /// Rules over the network leave it out.
    pub unguarded: bool,
}

/// A direct way from a subnet to one public service, which then sees private source addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceEndpoint {
    /// Service tag of the service: `Storage`, `AzureKeyVault`, `AzureContainerRegistry`.
    pub tag: &'static str,
    /// Also for accounts in regions other than the network's and its pair.
    pub all_regions: bool,
    /// The pair of the network's region.
    pub pair: Option<&'static str>,
    /// When a service endpoint policy is set: the only resources that may be reached.
    pub only: Option<Vec<ResourceId>>,
    /// Then also what a service of the provider keeps for itself, which no design shows.
    pub unseen: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct RouteTable {
    pub routes: Vec<Route>,
    /// Whether subnets with this table learn the routes of gateways.
    pub learns_gateway_routes: bool,
}

/// A user-defined route.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    pub name: String,
    pub to: RoutePrefix,
    pub next_hop: NextHop,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoutePrefix {
    Prefix(Cidr),
    /// A service tag, such as `AzureMachineLearning`.
    Tag(Tag),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextHop {
    Appliance(Ipv4Addr),
    Gateway,
    Local,
    Internet,
    None,
}

#[expect(clippy::struct_excessive_bools, reason = "the switches of one half, as Azure has them")]
/// What one network says about its peering with another. Traffic needs both halves.
#[derive(Clone, Debug, PartialEq)]
pub struct PeeringHalf {
    pub at: ResourceId,
    pub from: ResourceId,
    pub to: ResourceId,
    pub connected: bool,
    /// `allowVirtualNetworkAccess`
    pub access: bool,
    /// `allowForwardedTraffic`: traffic from the peer that did not start there.
    pub forwarded: bool,
    /// `allowGatewayTransit`: the peer may use the gateway of `from`.
    pub gateway_transit: bool,
    /// `useRemoteGateways`: `from` uses the gateway of the peer.
    pub remote_gateways: bool,
}

/// A gateway to sites outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gateway {
    pub network: ResourceId,
    /// Its own subnet, whose route table governs what comes in.
    pub subnet: ResourceId,
    /// The connected ones.
    pub sites: Vec<ResourceId>,
    /// A private circuit, which no user route can have as its next hop.
    pub circuit: bool,
    /// Learns by BGP what sites announce, instead of taking their address space as given.
    pub learns: bool,
}

/// A network outside, such as an office, behind a gateway.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Site {
    pub space: Vec<Cidr>,
    /// What it announces by BGP; empty means its space. 0.0.0.0/0 draws internet traffic in.
    pub announces: Vec<Cidr>,
    /// What its routers send into the gateway; `None` means whatever the gateway announces.
    pub routes_back: Option<Vec<Cidr>>,
    /// Whether it has an internet line of its own.
    pub internet: bool,
    /// Where its traffic to the internet appears to come from; empty means not known.
    pub public: Vec<Cidr>,
}

/// A translator of source addresses for whole subnets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nat {
    /// Resources that give it public addresses; without one it leads nowhere.
    pub addresses: Vec<PublicAddress>,
}

/// Spreads connections over hosts, and may translate the source of what they open themselves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Balancer {
    /// Where the internet calls it; none for one inside a network.
    pub public: Vec<PublicAddress>,
    /// Where it is called inside a network: the subnet and, if the design says it, the address.
    pub inner: Vec<(ResourceId, Option<Ipv4Addr>)>,
    pub pools: Vec<Pool>,
}

/// Hosts that a balancer treats alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pool {
    /// Translations that somebody asked for.
    pub outbound: Vec<Translation>,
    /// Those that come with rules for connections from outside.
    pub implied: Vec<Translation>,
    /// Whether connections from the internet are spread over its hosts.
    pub published: bool,
}

/// A rule by which what hosts send to the internet gets another source.
#[derive(Clone, Debug, PartialEq)]
pub struct Translation {
    pub name: String,
    /// TCP, UDP, or both for [`Protocol::Any`].
    pub protocol: Protocol,
    pub addresses: Vec<PublicAddress>,
    /// Azure picks the address and nobody can be sure of it; there are no others then.
    pub picked: bool,
}

impl Translation {
    /// Balancers translate TCP and UDP and nothing else.
    pub fn covers(&self, protocol: Protocol) -> bool {
        protocol.has_ports() && self.protocol.covers(protocol)
    }
}

/// A public address or prefix; its value may not be known before deployment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicAddress {
    pub at: ResourceId,
    pub prefix: Option<Cidr>,
}

/// What the software of an appliance does with packets that Azure hands to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forwarding {
    /// The design does not say.
    Unsaid,
    /// Lets all through, and keeps their source but on the way to the internet.
    Passes,
    /// Lets all through with its own address as their source.
    Translates,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one trait of a host, and any may go together"
)]
/// Something that opens connections, or answers them at its own address.
#[derive(Clone, Debug, PartialEq)]
pub struct Host {
    pub position: Position,
    /// Filter on its own network interface.
    pub filter: Option<ResourceId>,
    /// Application security groups that it belongs to.
    pub groups: Vec<ResourceId>,
    pub public: Option<PublicAddress>,
    /// Pools that it belongs to: the balancer, and which of its pools.
    pub pools: Vec<(ResourceId, usize)>,
    /// How it passes on packets that are not for it, if it does.
    pub forwards: Option<Forwarding>,
    /// Name servers of its own, in place of those of its network or site.
    pub dns: Vec<Ipv4Addr>,
    /// Lines of its hosts file; they win over every name server.
    pub hosts_file: Vec<(String, Ipv4Addr)>,
    /// Its browser asks a public name service of its own (DNS over HTTPS).
    pub browser_resolves_publicly: bool,
    /// Resolves and connects through an explicit proxy that the design does not describe.
    pub proxied: bool,
    /// Its creation brings the managed network into being.
    pub provisions: bool,
    /// A service of the provider runs it, on no machine or cluster node of the customer (containers,
    /// computes of Azure Machine Learning).
    pub of_service: bool,
    /// A host that the platform talks to from outside, on this port and from this service tag.
    pub managed_inbound: Option<(&'static str, u16)>,
}

/// Where a host stands, which decides everything about its traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position {
    /// In a subnet; without an address it gets the next free one.
    Subnet {
        subnet: ResourceId,
        address: Option<Ipv4Addr>,
    },
    Site {
        site: ResourceId,
        address: Option<Ipv4Addr>,
    },
    /// On the internet, outside Azure.
    Internet {
        address: Option<Ipv4Addr>,
    },
    /// In the managed network of a resource.
    Managed {
        network: ResourceId,
    },
    /// In the provider's own network, with public egress.
    Platform {
        region: String,
    },
}

impl Host {
    pub fn at(position: Position) -> Host {
        Host {
            position,
            filter: None,
            groups: Vec::new(),
            public: None,
            pools: Vec::new(),
            forwards: None,
            dns: Vec::new(),
            hosts_file: Vec::new(),
            browser_resolves_publicly: false,
            proxied: false,
            provisions: false,
            of_service: false,
            managed_inbound: None,
        }
    }
}
