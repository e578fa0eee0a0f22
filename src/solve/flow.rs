//! One flow: a packet's way from a host to a destination, hop by hop, as Azure evaluates it.
//!
//! Order: design, name resolution, route, outbound filter, appliances, inbound filter, private endpoint,
//! firewall of the service, mode of the service. After the first failing hop the trace goes on as if it
//! were repaired, so that every blocker shows.

use std::net::Ipv4Addr;

use super::{Hop, Outcome, Step, Trace};
use crate::{
    facts::{Facts, ResourceId, filter::Protocol},
    text::{Message, text},
};

/// A connection that an operation needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    pub from: Origin,
    pub to: Destination,
    pub protocol: Protocol,
    pub port: u16,
    pub plane: Plane,
    /// Who is calling, where a service recognizes callers beside their address.
    pub caller: Option<Caller>,
    /// Sent by a browser, which may resolve names in its own way.
    pub browser: bool,
}

impl Flow {
    /// TCP 443 on the data plane.
    pub fn https(from: impl Into<Origin>, to: Destination) -> Flow {
        Flow::tcp(from, to, 443)
    }

    pub fn tcp(from: impl Into<Origin>, to: Destination, port: u16) -> Flow {
        Flow {
            from: from.into(),
            to,
            protocol: Protocol::Tcp,
            port,
            plane: Plane::Data,
            caller: None,
            browser: false,
        }
    }

    #[must_use]
    pub fn by(mut self, caller: Caller) -> Flow {
        self.caller = Some(caller);
        self
    }

    #[must_use]
    pub fn in_browser(mut self) -> Flow {
        self.browser = true;
        self
    }

    #[must_use]
    pub fn control(mut self) -> Flow {
        self.plane = Plane::Control;
        self
    }
}

/// Where a flow starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A resource with a place in the network: a client, a compute, a service that acts itself.
    Host(ResourceId),
    /// A service of the provider, by service tag, that calls from its own network.
    Service(&'static str),
}

impl From<ResourceId> for Origin {
    fn from(id: ResourceId) -> Origin {
        Origin::Host(id)
    }
}

/// What a flow asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// One face of a service, by [`crate::facts::service::Face::id`]:
    ///
    /// - storage: `blob`, `file`, `queue`, `table`, `dfs`, `web`; vault: `vault`,
    /// - registry: `login` and `data` (a pull needs both, a push only `login`),
    /// - workspace: `api`, `cert`, `notebooks`; compute instance: `application`, `ssh`,
    /// - online and batch endpoint: `scoring`; Kubernetes cluster: `api`,
    /// - monitoring: `ingestion`, `query`.
    Face {
        resource: ResourceId,
        face: &'static str,
    },
    Name(String),
    /// By service tag: `AzureActiveDirectory`, `AzureResourceManager`, `AzureFrontDoor.Frontend`,
    /// `MicrosoftContainerRegistry`.
    PublicService(&'static str),
    Address(Ipv4Addr),
    Host(ResourceId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plane {
    /// Through Azure Resource Manager, past the firewall of the resource.
    Control,
    Data,
}

/// A caller that a service can recognize whatever its address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    /// A service of the provider on behalf of a resource: `MachineLearning`, `TemplateDeployment`,
    /// `ContainerInstances`, `Defender`, `RegistryImport`. Computes are not among them.
    Trusted { service: &'static str, resource: Option<ResourceId> },
    /// A task that the registry runs itself.
    RegistryTask { system_identity: bool },
}

/// The answer to a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowAnswer {
    pub outcome: Outcome,
    /// The hop that decided, unless everything passed.
    pub failing: Option<Hop>,
    pub resolved: Option<Resolved>,
    pub trace: Trace,
    /// What a person would see, by id (`sy-timeout`), when it fails.
    pub symptom: Option<&'static str>,
    /// Taken for granted, or good to know.
    pub assumptions: Vec<Message>,
}

/// Outcome of name resolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The name asked, if one was.
    pub name: String,
    pub answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An address of a private network, or one that is known.
    Address(Ipv4Addr),
    /// The public address of the service, whatever it is.
    Public,
    /// The name does not resolve.
    NoAnswer,
}

/// A design's network, indexed once for any number of flows.
#[derive(Debug)]
pub struct Network<'a> {
    facts: &'a Facts,
}

impl<'a> Network<'a> {
    pub fn new(facts: &'a Facts) -> Network<'a> {
        Network { facts }
    }

    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// Follows one flow.
    pub fn flow(&self, _flow: &Flow) -> FlowAnswer {
        let step = Step::unknown(
            Hop::Validation,
            text(
                "network flows are not modeled yet",
                "ネットワーク フローはまだモデル化されていません",
            ),
        );
        FlowAnswer {
            outcome: Outcome::Unknown,
            failing: None,
            resolved: None,
            trace: Trace { steps: vec![step] },
            symptom: None,
            assumptions: Vec::new(),
        }
    }
}
