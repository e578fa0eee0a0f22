//! Packet filters and firewall appliances, rule by rule.
//!
//! Azure docs: "How network security groups filter network traffic"
//! (virtual-network/network-security-group-how-it-works), "Azure Firewall rule processing logic"
//! (firewall/rule-processing).

use std::net::Ipv4Addr;

use super::{ResourceId, cidr::Cidr, network::PublicAddress};

/// A network security group: its own rules; the six default rules belong to the solver.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub rules: Vec<Rule>,
}

/// Rules that are laid over whole networks: each packet meets them before the filters that stand there.
///
/// Azure docs: "Security admin rules in Azure Virtual Network Manager"
/// (virtual-network-manager/concept-security-admins).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Guard {
    pub rules: Vec<GuardRule>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GuardRule {
    /// Its priorities begin at 1.
    pub rule: Rule,
    /// No filter is asked after it. Of those that allow, not all are so; one that denies always is.
    pub last: bool,
    /// Where it holds.
    pub networks: Vec<ResourceId>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub name: String,
    /// 100 to 4096; the smallest number that matches decides.
    pub priority: u16,
    pub direction: Direction,
    pub allow: bool,
    pub protocol: Protocol,
    pub source: Vec<Place>,
    /// Empty means any.
    pub source_ports: Vec<Ports>,
    pub destination: Vec<Place>,
    /// Empty means any.
    pub ports: Vec<Ports>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Inbound,
    Outbound,
}

impl Direction {
    pub const fn label(self) -> &'static str {
        match self {
            Direction::Inbound => "inbound",
            Direction::Outbound => "outbound",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    Any,
    Tcp,
    Udp,
    Icmp,
    Esp,
    Ah,
}

impl Protocol {
    pub const fn name(self) -> &'static str {
        match self {
            Protocol::Any => "Any",
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Icmp => "ICMP",
            Protocol::Esp => "ESP",
            Protocol::Ah => "AH",
        }
    }

    pub const fn has_ports(self) -> bool {
        matches!(self, Protocol::Any | Protocol::Tcp | Protocol::Udp)
    }

    /// `TCP 443`; a protocol without ports by its name alone.
    pub fn at(self, port: u16) -> String {
        if self.has_ports() { format!("{} {port}", self.name()) } else { self.name().to_owned() }
    }

    /// Whether a rule for `self` matches a packet of `packet`.
    pub fn covers(self, packet: Protocol) -> bool {
        self == Protocol::Any || self == packet
    }
}

/// One source or destination of a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    Any,
    Prefix(Cidr),
    /// Every address from the first to the last.
    Range(Ipv4Addr, Ipv4Addr),
    Tag(Tag),
    /// A tag whose ranges are not known here; it may hold any public address.
    UnknownTag(String),
    /// An application security group.
    Group(ResourceId),
    /// A name; only appliances match names.
    Name(String),
    /// The rule leaves out something that Azure asks for, so nobody knows what it holds.
    Unsaid,
}

/// A service tag, taken apart: `Storage.JapanEast` is `storage` in `japaneast`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    /// Lowercase, because tags ignore case.
    pub name: String,
    /// As [`super::region`] spells it.
    pub region: Option<String>,
}

impl Tag {
    pub fn new(name: &str, region: Option<&str>) -> Tag {
        Tag { name: name.to_ascii_lowercase(), region: region.map(super::region) }
    }
}

impl std::fmt::Display for Tag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            TAGS.iter().find(|it| it.eq_ignore_ascii_case(&self.name)).unwrap_or(&&*self.name),
        )?;
        self.region.as_ref().map_or(Ok(()), |it| write!(f, ".{it}"))
    }
}

/// Tags as Azure spells them, for words.
const TAGS: &[&str] = &[
    "VirtualNetwork",
    "Internet",
    "AzureLoadBalancer",
    "AzureCloud",
    "AzureActiveDirectory",
    "AzureContainerRegistry",
    "AzureFrontDoor.Backend",
    "AzureFrontDoor.FirstParty",
    "AzureFrontDoor.Frontend",
    "AzureKeyVault",
    "AzureMachineLearning",
    "AzureMachineLearningInference",
    "AzureMonitor",
    "AzurePlatformDNS",
    "AzurePlatformIMDS",
    "AzurePlatformLKM",
    "AzureResourceManager",
    "BatchNodeManagement",
    "GatewayManager",
    "MicrosoftContainerRegistry",
    "Storage",
];

/// Ports from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ports {
    pub first: u16,
    pub last: u16,
}

impl Ports {
    pub const ALL: Ports = Ports { first: 0, last: u16::MAX };

    pub const fn one(port: u16) -> Ports {
        Ports { first: port, last: port }
    }

    pub const fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }

    /// Reads `443`, `8000-8010` or `*`.
    pub fn parse(s: &str) -> Option<Ports> {
        let s = s.trim();
        if s == "*" {
            return Some(Ports::ALL);
        }
        let (first, last) = s.split_once('-').unwrap_or((s, s));
        let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        (first <= last).then_some(Ports { first, last })
    }
}

impl std::fmt::Display for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == Ports::ALL {
            f.write_str("*")
        } else if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// A firewall that filters what is routed through it and denies what no rule allows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Appliance {
    pub network: ResourceId,
    pub subnet: ResourceId,
    /// Private address; without one it gets the first of its subnet.
    pub address: Option<Ipv4Addr>,
    pub public: Vec<PublicAddress>,
    pub network_rules: Vec<NetworkRule>,
    pub application_rules: Vec<ApplicationRule>,
    pub nat_rules: Vec<NatRule>,
    /// Answers names for whoever asks it.
    pub dns_proxy: bool,
    /// Servers that the proxy asks; empty means the platform's resolver.
    pub dns: Vec<Ipv4Addr>,
    /// Destinations that network rules leave the source address to; empty means the private ranges.
    pub untranslated: Vec<Cidr>,
}

/// Layer 3 and 4; decides before application rules.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkRule {
    pub name: String,
    /// Of the rule collection group and the collection; smallest first.
    pub priority: (u32, u32),
    pub allow: bool,
    pub protocols: Vec<Protocol>,
    pub source: Vec<Place>,
    pub destination: Vec<Place>,
    /// Empty means any.
    pub ports: Vec<Ports>,
}

/// Names on HTTP, HTTPS and MSSQL.
#[derive(Clone, Debug, PartialEq)]
pub struct ApplicationRule {
    pub name: String,
    pub priority: (u32, u32),
    pub allow: bool,
    pub source: Vec<Place>,
    /// `*.contoso.com` matches every name below, not `contoso.com`.
    pub names: Vec<String>,
    /// FQDN tags such as `AzureKubernetesService`; what they hold is Azure's to change.
    pub name_tags: Vec<String>,
    pub ports: Vec<Ports>,
}

/// Destination translation for connections from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct NatRule {
    pub name: String,
    pub priority: (u32, u32),
    pub protocols: Vec<Protocol>,
    pub source: Vec<Place>,
    /// Public address of the firewall.
    pub destination: Vec<Place>,
    pub ports: Vec<Ports>,
    pub to: Ipv4Addr,
    pub to_port: u16,
}
