//! Services behind public names: their faces, their private endpoints, their firewalls.
//!
//! Azure docs: "What is a private endpoint?" (private-link/private-endpoint-overview).

use std::net::Ipv4Addr;

use super::{ResourceId, cidr::Cidr};
use crate::text::Message;

/// A resource that answers at public names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Service {
    /// As [`super::region`] spells it.
    pub region: String,
    pub tenant: String,
    pub faces: Vec<Face>,
    /// What private endpoints of this resource can serve.
    pub links: Vec<LinkGroup>,
    pub firewall: Firewall,
}

/// One host name of a service, with all that decides how packets get there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Face {
    /// Short and fixed: `blob`, `vault`, `login`, `api`.
    pub id: &'static str,
    /// Public host name, lowercase.
    pub name: String,
    /// Other public names with the same answer.
    pub also: Vec<String>,
    /// The private link that can serve it.
    pub link: Option<FaceLink>,
    /// Service tags whose ranges hold its public addresses, without region.
    pub tags: Vec<&'static str>,
    /// Whose firewall decides, where it is not the resource's own.
    pub firewall_of: Option<ResourceId>,
    /// Public access of this face alone, where the service has a switch for it.
    pub public: Option<PublicAccess>,
    /// Many resources have this name in common.
    pub shared: bool,
    /// Nothing stands before it: shared hosts that take a signed link.
    pub unguarded: bool,
}

/// How a face is served privately.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaceLink {
    /// The resource that private endpoints name as target; an online endpoint shares its workspace's.
    /// `None` for names that many resources share: whatever endpoint the address belongs to.
    pub owner: Option<ResourceId>,
    /// `groupIds` of such private endpoints.
    pub group: &'static str,
    /// Which of the addresses of such a private endpoint.
    pub member: String,
    /// The name that public DNS turns the public name into: label and zone.
    pub label: String,
    pub zone: String,
    /// The docs do not say by which alias, only with which answer.
    pub alias_assumed: bool,
    /// The alias exists whether or not the resource has a private endpoint (shared names).
    pub always_alias: bool,
    /// The service makes its private endpoint and the record by itself, and the design shows the zone alone.
    pub unseen: bool,
}

impl FaceLink {
    /// The alias that public DNS answers with.
    pub fn alias(&self) -> String {
        format!("{}.{}", self.label, self.zone)
    }
}

/// A sub-resource that private endpoints can have as target.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkGroup {
    /// `groupIds`: `blob`, `registry`, `amlworkspace`.
    pub group: &'static str,
    /// The alias in public DNS appears with the first approved endpoint, not with the first endpoint.
    pub alias_needs_approval: bool,
    /// Names of the addresses that an endpoint holds, in order.
    pub members: Vec<String>,
    /// Records that a zone group writes.
    pub records: Vec<LinkRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRecord {
    pub zone: String,
    pub label: String,
    pub member: String,
}

/// A network interface that stands for a service in a subnet.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateEndpoint {
    pub subnet: ResourceId,
    pub target: ResourceId,
    /// Sub-resource, as written.
    pub group: String,
    pub state: LinkState,
    /// Member (may be empty) and address, where the design gives them; others are assigned in order.
    pub addresses: Vec<(String, Ipv4Addr)>,
    /// Private DNS zones of its zone group.
    pub zones: Vec<ResourceId>,
    pub groups: Vec<ResourceId>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkState {
    #[default]
    Approved,
    Pending,
    Rejected,
    Disconnected,
}

impl LinkState {
    pub const fn name(self) -> &'static str {
        match self {
            LinkState::Approved => "Approved",
            LinkState::Pending => "Pending",
            LinkState::Rejected => "Rejected",
            LinkState::Disconnected => "Disconnected",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublicAccess {
    #[default]
    Enabled,
    Disabled,
    /// `SecuredByPerimeter`: a network security perimeter decides.
    Perimeter,
}

/// What the inbound access rules of a network security perimeter admit.
///
/// Azure docs: "What is a network security perimeter?" (private-link/network-security-perimeter-concepts).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Perimeter {
    pub prefixes: Vec<Cidr>,
    /// Resources that call with an identity from a subscription that a rule names.
    pub callers: Vec<ResourceId>,
}

/// Who may use the public name of a service, and which exceptions there are.
#[derive(Clone, Debug, PartialEq)]
pub struct Firewall {
    pub public: PublicAccess,
    pub default_allow: bool,
    pub ip_rules: Vec<Cidr>,
    pub subnet_rules: Vec<ResourceId>,
    /// Exception for the services in `trusted`.
    pub bypass: bool,
    /// Services on the service's own list of trusted ones.
    pub trusted: &'static [&'static str],
    /// Resources that may come in by name.
    pub instance_rules: Vec<InstanceRule>,
    /// Tasks of the service itself count as trusted.
    pub tasks_trusted: bool,
    pub clauses: Clauses,
    /// Asked while `public` is [`PublicAccess::Perimeter`]; `None` where the design cannot say it.
    pub perimeter: Option<Perimeter>,
    /// Id of the symptom when it refuses.
    pub symptom: &'static str,
    /// The same in a browser, where it differs.
    pub browser_symptom: Option<&'static str>,
    /// Docs page of its rules.
    pub source: &'static str,
    /// Why public arrivals cannot be judged.
    pub uncertain: Option<Message>,
}

/// Where services differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one sentence of the docs of one service"
)]
pub struct Clauses {
    /// IP rules do not see callers of the service's own region (storage).
    pub ip_rules_skip_same_region: bool,
    /// IP rules do not admit browsers: Studio does not support them (storage). One page tells to add the
    /// client's address all the same, so the stricter one counts.
    pub ip_rules_not_for_browsers: bool,
    /// A perimeter voids the exceptions for trusted services and resource instances.
    pub perimeter_voids_trusted: bool,
    /// Subnet rules void the trusted exception (Container Registry).
    pub subnet_rules_void_trusted: bool,
    /// Subnet rules hold for machines and cluster nodes, not for what other services run in the subnet
    /// (Container Registry).
    pub subnet_rules_for_machines: bool,
    /// Public callers are refused once the link owner has a private endpoint (applications of a
    /// compute instance).
    pub closed_when_linked: bool,
}

/// A resource, or all resources of a type, that come in whatever the network rules say.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceRule {
    pub resource: ResourceId,
    pub tenant: String,
}

impl Default for Firewall {
    fn default() -> Firewall {
        Firewall {
            public: PublicAccess::Enabled,
            default_allow: true,
            ip_rules: Vec::new(),
            subnet_rules: Vec::new(),
            bypass: false,
            trusted: &[],
            instance_rules: Vec::new(),
            tasks_trusted: false,
            clauses: Clauses::default(),
            perimeter: None,
            symptom: "sy-generic-403",
            browser_symptom: None,
            source: "",
            uncertain: None,
        }
    }
}

/// A private link scope: one private endpoint for many monitoring resources.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MonitorScope {
    pub members: Vec<ResourceId>,
    pub ingestion_private_only: bool,
    pub query_private_only: bool,
}
