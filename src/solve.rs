//! Verdicts: whether what an operation needs holds, with the evidence step by step.
//!
//! `solve` reads facts and words only; it knows neither the design nor any Azure kind. Solving cannot
//! fail: what the design does not say gives [`Outcome::Unknown`] with what is missing.
//!
//! INVARIANT: no verdict without a trace; the last step that is not a pass names what decided.

use crate::{
    facts::ResourceId,
    text::{Message, Text, text},
};

// Rights: roles, deny assignments, conditions, locks.
pub mod access;

// Exact questions about packet filters: shadowed, redundant, conflicting rules; differences.
pub mod algebra;

// One flow from a host to a destination, hop by hop.
pub mod flow;

// All pairs of private places at once.
pub mod reach;

// The parts of flows: index, trace, names, routes, filters, the way, firewalls.
mod appliance;
mod filter;
mod firewall;
mod index;
#[cfg(test)]
mod lab;
mod log;
mod managed;
mod matching;
mod resolve;
mod route;
mod walk;

/// The answer to a question. Sorted from best to worst, so that the worst of several is their maximum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    #[default]
    Allowed,
    /// Some of what is needed works, the rest does not.
    Partial,
    /// The design does not say enough.
    Unknown,
    Denied,
}

impl Outcome {
    pub const ALL: [Outcome; 4] =
        [Outcome::Denied, Outcome::Partial, Outcome::Unknown, Outcome::Allowed];

    pub const fn slug(self) -> &'static str {
        match self {
            Outcome::Allowed => "allowed",
            Outcome::Partial => "partial",
            Outcome::Unknown => "unknown",
            Outcome::Denied => "denied",
        }
    }

    pub const fn label(self) -> Text {
        match self {
            Outcome::Allowed => text("Works", "可能"),
            Outcome::Partial => text("Partly", "一部可能"),
            Outcome::Unknown => text("Unknown", "不明"),
            Outcome::Denied => text("Fails", "失敗"),
        }
    }
}

/// The stage of evaluation that a step belongs to, in the order in which Azure applies them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hop {
    Validation,
    Dns,
    Route,
    Peering,
    NsgOutbound,
    FirewallAppliance,
    NsgInbound,
    PrivateEndpoint,
    DestinationFirewall,
    ManagedNetwork,
    ServiceMode,
    /// Identity gate: who acts.
    Actor,
    /// Identity gate: role assignments, deny assignments, locks.
    Permission,
    /// Identity gate: keys, admin users and other doors beside roles.
    Credential,
}

/// The two gates of every operation. Opening one never opens the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    Network,
    Identity,
}

impl Gate {
    pub const fn slug(self) -> &'static str {
        match self {
            Gate::Network => "network",
            Gate::Identity => "identity",
        }
    }

    pub const fn label(self) -> Text {
        match self {
            Gate::Network => text("Network", "ネットワーク"),
            Gate::Identity => text("Identity", "ID"),
        }
    }
}

impl Hop {
    pub const fn slug(self) -> &'static str {
        match self {
            Hop::Validation => "validation",
            Hop::Dns => "dns",
            Hop::Route => "route",
            Hop::Peering => "peering",
            Hop::NsgOutbound => "nsg-outbound",
            Hop::NsgInbound => "nsg-inbound",
            Hop::FirewallAppliance => "firewall-appliance",
            Hop::PrivateEndpoint => "private-endpoint",
            Hop::DestinationFirewall => "destination-firewall",
            Hop::ManagedNetwork => "managed-network",
            Hop::ServiceMode => "service-mode",
            Hop::Actor => "actor",
            Hop::Permission => "permission",
            Hop::Credential => "credential",
        }
    }

    pub const fn label(self) -> Text {
        match self {
            Hop::Validation => text("Design", "設計"),
            Hop::Dns => text("Name resolution", "名前解決"),
            Hop::Route => text("Route", "ルート"),
            Hop::Peering => text("Peering", "ピアリング"),
            Hop::NsgOutbound => text("Outbound NSG", "送信 NSG"),
            Hop::NsgInbound => text("Inbound NSG", "受信 NSG"),
            Hop::FirewallAppliance => text("Firewall", "ファイアウォール"),
            Hop::PrivateEndpoint => text("Private endpoint", "プライベート エンドポイント"),
            Hop::DestinationFirewall => text("Service firewall", "サービスのファイアウォール"),
            Hop::ManagedNetwork => text("Managed network", "マネージド ネットワーク"),
            Hop::ServiceMode => text("Service mode", "サービスのモード"),
            Hop::Actor => text("Acting identity", "実行する ID"),
            Hop::Permission => text("Permission", "アクセス許可"),
            Hop::Credential => text("Credential", "資格情報"),
        }
    }

    pub const fn gate(self) -> Gate {
        match self {
            Hop::Actor | Hop::Permission | Hop::Credential => Gate::Identity,
            _ => Gate::Network,
        }
    }
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub hop: Hop,
    /// What this step alone says.
    pub outcome: Outcome,
    /// With the values used: the name asked, the route chosen, the rule matched.
    pub text: Message,
    /// The resource that the step is about, and whose box is marked on the canvas.
    pub at: Option<ResourceId>,
    /// Docs page or fact behind it; empty where the step only restates the design.
    pub source: &'static str,
    /// Taken for granted, not read from the design.
    pub assumed: bool,
}

impl Step {
    pub fn new(hop: Hop, outcome: Outcome, text: impl Into<Message>) -> Step {
        Step { hop, outcome, text: text.into(), at: None, source: "", assumed: false }
    }

    pub fn pass(hop: Hop, text: impl Into<Message>) -> Step {
        Step::new(hop, Outcome::Allowed, text)
    }

    pub fn deny(hop: Hop, text: impl Into<Message>) -> Step {
        Step::new(hop, Outcome::Denied, text)
    }

    pub fn unknown(hop: Hop, text: impl Into<Message>) -> Step {
        Step::new(hop, Outcome::Unknown, text)
    }

    #[must_use]
    pub fn at(mut self, id: ResourceId) -> Step {
        self.at = Some(id);
        self
    }

    #[must_use]
    pub fn source(mut self, source: &'static str) -> Step {
        self.source = source;
        self
    }

    #[must_use]
    pub fn assumed(mut self) -> Step {
        self.assumed = true;
        self
    }
}

/// Evidence in the order of evaluation. After a failing step the trace goes on as if it were repaired.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    pub steps: Vec<Step>,
}

impl Trace {
    /// What the steps say together: the worst of them.
    pub fn outcome(&self) -> Outcome {
        self.steps.iter().map(|it| it.outcome).max().unwrap_or(Outcome::Unknown)
    }

    /// The step that decided: the first of the worst ones, or the last where all pass.
    pub fn deciding(&self) -> Option<usize> {
        let worst = self.outcome();
        if worst == Outcome::Allowed {
            return self.steps.len().checked_sub(1);
        }
        self.steps.iter().position(|it| it.outcome == worst)
    }
}
