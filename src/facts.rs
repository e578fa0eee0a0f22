//! What a design makes true, in words that name no Azure kind: networks, names, rules, grants.
//!
//! Kinds write facts, the solver reads them; they are rebuilt from the design and never saved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::Message;

// IPv4 prefixes.
pub mod cidr;

// Packet filters and firewall appliances.
pub mod filter;

// Principals, scopes, roles and who holds which.
pub mod grant;

// Networks that a service keeps for its own computes.
pub mod managed;

// Who answers which name.
pub mod name;

// Networks, subnets, routes, peerings, gateways, hosts.
pub mod network;

// Public services that no resource of a design stands for.
pub mod public;

// Services behind public names, private endpoints, service firewalls.
pub mod service;

/// The number of a resource in its design. Facts carry the same number, so an answer can point back.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ResourceId(pub u32);

/// The facts of one design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Names of resources, for words only; no verdict depends on them.
    pub names: BTreeMap<ResourceId, String>,

    pub networks: BTreeMap<ResourceId, network::PrivateNetwork>,
    pub subnets: BTreeMap<ResourceId, network::Subnet>,
    pub route_tables: BTreeMap<ResourceId, network::RouteTable>,
    pub peerings: Vec<network::PeeringHalf>,
    pub gateways: BTreeMap<ResourceId, network::Gateway>,
    pub sites: BTreeMap<ResourceId, network::Site>,
    pub nats: BTreeMap<ResourceId, network::Nat>,
    pub hosts: BTreeMap<ResourceId, network::Host>,

    pub filters: BTreeMap<ResourceId, filter::Filter>,
    pub guards: BTreeMap<ResourceId, filter::Guard>,
    pub appliances: BTreeMap<ResourceId, filter::Appliance>,

    pub zones: BTreeMap<ResourceId, name::Zone>,
    pub name_servers: BTreeMap<ResourceId, name::NameServer>,
    pub forwarding_rules: BTreeMap<ResourceId, name::ForwardingRules>,

    pub services: BTreeMap<ResourceId, service::Service>,
    pub private_endpoints: BTreeMap<ResourceId, service::PrivateEndpoint>,
    pub monitor_scopes: BTreeMap<ResourceId, service::MonitorScope>,
    pub managed_networks: BTreeMap<ResourceId, managed::ManagedNetwork>,

    /// Who may do what.
    pub grants: grant::Grants,
    /// The scope that a resource is, for those that are one.
    pub scopes: BTreeMap<ResourceId, grant::ScopeId>,

    /// What a resource lacks. What touches it cannot be judged.
    pub gaps: BTreeMap<ResourceId, Vec<Message>>,
    /// Why Azure refuses to create a resource as drawn. What touches it fails.
    pub refusals: BTreeMap<ResourceId, Vec<Refusal>>,
}

/// A rule of Azure's that a resource breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub text: Message,
    /// Docs page.
    pub source: &'static str,
    /// Id of what people meet, where Azure's text is known.
    pub symptom: Option<&'static str>,
}

impl Facts {
    /// Notes that the design does not say enough about `id`.
    pub fn gap(&mut self, id: ResourceId, text: impl Into<Message>) {
        self.gaps.entry(id).or_default().push(text.into());
    }

    /// Notes that Azure refuses `id` as drawn.
    pub fn refuse(&mut self, id: ResourceId, text: impl Into<Message>, source: &'static str) {
        let text = text.into();
        self.refusals.entry(id).or_default().push(Refusal { text, source, symptom: None });
    }

    /// The same where it is known what people meet.
    pub fn refuse_showing(
        &mut self,
        id: ResourceId,
        text: impl Into<Message>,
        source: &'static str,
        symptom: &'static str,
    ) {
        let text = text.into();
        let symptom = Some(symptom);
        self.refusals.entry(id).or_default().push(Refusal { text, source, symptom });
    }

    /// The name of a resource, for words.
    pub fn name(&self, id: ResourceId) -> &str {
        self.names.get(&id).map_or("?", String::as_str)
    }
}

/// A region in the one spelling that facts use: `Japan East` becomes `japaneast`.
pub fn region(s: &str) -> String {
    s.chars().filter(|it| !it.is_whitespace()).flat_map(char::to_lowercase).collect()
}
