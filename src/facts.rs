//! What a design makes true, in words that name no Azure kind: networks, names, rules, grants.
//!
//! Kinds write facts, the solver reads them; they are rebuilt from the design and never saved.

use serde::{Deserialize, Serialize};

use crate::text::Message;

// IPv4 prefixes.
pub mod cidr;

// Packet filters and firewall appliances.
pub mod filter;

// Principals, scopes, roles and who holds which.
pub mod grant;

// Found by key, in no order.
mod lookup;

// Networks that a service keeps for its own computes.
pub mod managed;

// Who answers which name.
pub mod name;

// Networks, subnets, routes, peerings, gateways, hosts.
pub mod network;

// Action strings, as roles write them.
pub mod pattern;

// Public services that no resource of a design stands for.
pub mod public;

// Services behind public names, private endpoints, service firewalls.
pub mod service;

// Facts by number.
mod table;

pub use lookup::Lookup;
pub use table::Table;

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
    pub names: Table<String>,

    pub networks: Table<network::PrivateNetwork>,
    pub subnets: Table<network::Subnet>,
    pub route_tables: Table<network::RouteTable>,
    pub peerings: Vec<network::PeeringHalf>,
    pub gateways: Table<network::Gateway>,
    pub sites: Table<network::Site>,
    pub nats: Table<network::Nat>,
    pub balancers: Table<network::Balancer>,
    pub hosts: Table<network::Host>,

    pub filters: Table<filter::Filter>,
    pub guards: Table<filter::Guard>,
    pub appliances: Table<filter::Appliance>,

    pub zones: Table<name::Zone>,
    pub name_servers: Table<name::NameServer>,
    pub forwarding_rules: Table<name::ForwardingRules>,

    pub services: Table<service::Service>,
    pub private_endpoints: Table<service::PrivateEndpoint>,
    pub monitor_scopes: Table<service::MonitorScope>,
    pub managed_networks: Table<managed::ManagedNetwork>,

    /// Who may do what.
    pub grants: grant::Grants,
    /// The scope that a resource is, for those that are one.
    pub scopes: Table<grant::ScopeId>,

    /// What a resource lacks. What touches it cannot be judged.
    pub gaps: Table<Vec<Message>>,
    /// Why Azure refuses to create a resource as drawn. What touches it fails.
    pub refusals: Table<Vec<Refusal>>,
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
        self.gaps.push(id, text.into());
    }

    /// Notes that Azure refuses `id` as drawn.
    pub fn refuse(&mut self, id: ResourceId, text: impl Into<Message>, source: &'static str) {
        let text = text.into();
        self.refusals.push(id, Refusal { text, source, symptom: None });
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
        self.refusals.push(id, Refusal { text, source, symptom });
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
