//! Networks that a service keeps for its own computes.
//!
//! Azure docs: "Workspace managed virtual network isolation" (machine-learning/how-to-managed-network).

use super::{
    ResourceId,
    filter::{Ports, Protocol, Tag},
    service::LinkState,
};

/// The managed network of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ManagedNetwork {
    pub mode: ManagedMode,
    pub region: String,
    /// Explicitly; the first compute provisions it as well.
    pub provisioned: bool,
    pub rules: Vec<ManagedRule>,
    /// Service tags that are open without a rule.
    pub opens: &'static [&'static str],
    /// What the service itself reaches privately: resource and sub-resource.
    pub required: Vec<(ResourceId, &'static str)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManagedMode {
    /// Everything public is reachable.
    InternetOutbound,
    /// Only what rules name.
    ApprovedOnly,
}

/// One outbound rule.
#[derive(Clone, Debug, PartialEq)]
pub struct ManagedRule {
    pub at: ResourceId,
    pub name: String,
    pub to: ManagedTarget,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ManagedTarget {
    /// Ports 80 and 443 only.
    Name(String),
    Tag {
        tag: Tag,
        protocol: Protocol,
        ports: Vec<Ports>,
    },
    PrivateEndpoint {
        target: ResourceId,
        group: String,
        state: LinkState,
    },
    /// The rule leaves out something that Azure asks for; it may open anything.
    Unsaid,
}
