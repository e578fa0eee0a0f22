//! Network security groups: rules by ascending priority, the first full match decides.
//!
//! Azure docs: "Network security groups" (virtual-network/network-security-groups-overview), "How
//! network security groups filter network traffic"
//! (virtual-network/network-security-group-how-it-works).

use super::{
    flow::Network,
    matching::{Party, Tri, in_ports, in_source_ports, matches},
};
use crate::facts::{
    ResourceId,
    filter::{Direction, Place, Protocol, Rule, Tag},
};

/// What a rule looks at.
#[derive(Clone, Debug)]
pub(super) struct Seen<'a> {
    pub(super) direction: Direction,
    pub(super) source: &'a Party<'a>,
    pub(super) destination: &'a Party<'a>,
    pub(super) protocol: Protocol,
    pub(super) port: u16,
    /// Source ports of rules are read as any (traffic to a private endpoint).
    pub(super) any_source_port: bool,
}

/// What a set of rules says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allow(Matched),
    Deny(Matched),
    /// It depends on whether the first rule matches; if not, the second decides.
    Depends(Matched, Matched),
}

/// The rule that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Matched {
    pub(super) name: String,
    pub(super) priority: u16,
}

/// The rules that every group ends with. They cannot be removed, only outranked.
pub(super) fn default_rules() -> Vec<Rule> {
    let tag = |name| vec![Place::Tag(Tag::new(name, None))];
    let any = || vec![Place::Any];
    let rule = |direction, name: &str, priority, source, destination, allow| Rule {
        name: name.to_owned(),
        priority,
        direction,
        allow,
        protocol: Protocol::Any,
        source,
        source_ports: Vec::new(),
        destination,
        ports: Vec::new(),
    };
    let vnet = || tag("VirtualNetwork");
    let inbound = Direction::Inbound;
    let outbound = Direction::Outbound;
    vec![
        rule(inbound, "AllowVnetInBound", 65000, vnet(), vnet(), true),
        rule(
            inbound,
            "AllowAzureLoadBalancerInBound",
            65001,
            tag("AzureLoadBalancer"),
            any(),
            true,
        ),
        rule(inbound, "DenyAllInBound", 65500, any(), any(), false),
        rule(outbound, "AllowVnetOutBound", 65000, vnet(), vnet(), true),
        rule(outbound, "AllowInternetOutBound", 65001, any(), tag("Internet"), true),
        rule(outbound, "DenyAllOutBound", 65500, any(), any(), false),
    ]
}

/// What the rules over a network say before its filters are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Guarded {
    /// The last word.
    Last(Verdict),
    /// The filters have it, unless the first or the second of these matches: it allows, it denies.
    Filters {
        /// The rule that leaves the word to them, if there is one.
        by: Option<Matched>,
        may_allow: Option<Matched>,
        may_deny: Option<Matched>,
    },
}

/// Evaluates the rules over the network of `subnet`.
pub(super) fn guarded(
    network: &Network<'_>,
    subnet: Option<ResourceId>,
    seen: &Seen<'_>,
) -> Guarded {
    let mut may_allow: Option<Matched> = None;
    let mut may_deny: Option<Matched> = None;
    // Behind a rule that may leave the word to the filters, others no more than may decide.
    let mut most = Tri::Yes;
    for (id, it) in network.guards(subnet, seen.direction) {
        let rule = &it.rule;
        let tri = rule_matches(network, subnet, rule, seen).min(most);
        if tri == Tri::No {
            continue;
        }
        let name = format!("{}/{}", network.facts().name(*id), rule.name);
        let matched = Matched { name, priority: rule.priority };
        match (tri, rule.allow) {
            (Tri::Yes, true) if !it.last => {
                return Guarded::Filters { by: Some(matched), may_allow, may_deny };
            }
            (_, true) if !it.last => most = Tri::Maybe,
            (Tri::Yes, allow) => {
                return Guarded::Last(match (allow, may_allow, may_deny) {
                    (true, _, Some(deny)) => Verdict::Depends(deny, matched),
                    (true, _, None) => Verdict::Allow(matched),
                    (false, Some(allow), _) => Verdict::Depends(allow, matched),
                    (false, None, _) => Verdict::Deny(matched),
                });
            }
            (_, allow) => {
                let slot = if allow { &mut may_allow } else { &mut may_deny };
                slot.get_or_insert(matched);
            }
        }
    }
    Guarded::Filters { by: None, may_allow, may_deny }
}

/// Evaluates the group `filter` where it stands on (a network interface in) `subnet`. `guard` is a rule over the
/// network that may allow the packet before the group is asked.
pub(super) fn judge(
    network: &Network<'_>,
    filter: ResourceId,
    subnet: Option<ResourceId>,
    seen: &Seen<'_>,
    guard: Option<&Matched>,
) -> Verdict {
    // The first rule of each effect that may match.
    let mut may_allow = guard.cloned();
    let mut may_deny: Option<Matched> = None;
    for rule in network.rules(filter, seen.direction) {
        let tri = rule_matches(network, subnet, rule, seen);
        if tri == Tri::No {
            continue;
        }
        let matched = Matched { name: rule.name.clone(), priority: rule.priority };
        if tri == Tri::Maybe {
            let slot = if rule.allow { &mut may_allow } else { &mut may_deny };
            slot.get_or_insert(matched);
            continue;
        }
        return match (rule.allow, may_allow, may_deny) {
            (true, _, Some(deny)) => Verdict::Depends(deny, matched),
            (true, _, None) => Verdict::Allow(matched),
            (false, Some(allow), _) => Verdict::Depends(allow, matched),
            (false, None, _) => Verdict::Deny(matched),
        };
    }
    // The last default rule matches everything, so this is not reached.
    Verdict::Deny(Matched { name: "DenyAll".to_owned(), priority: 65500 })
}

fn rule_matches(
    network: &Network<'_>,
    subnet: Option<ResourceId>,
    rule: &Rule,
    seen: &Seen<'_>,
) -> Tri {
    if !rule.protocol.covers(seen.protocol) {
        return Tri::No;
    }
    let has_ports = seen.protocol.has_ports();
    if has_ports && !in_ports(&rule.ports, seen.port) {
        return Tri::No;
    }
    let ports = if seen.any_source_port || !has_ports {
        Tri::Yes
    } else {
        in_source_ports(&rule.source_ports)
    };
    let any = |places: &[Place], party: &Party<'_>| {
        places.iter().map(|it| matches(network, subnet, it, party)).max().unwrap_or(Tri::No)
    };
    ports.min(any(&rule.source, seen.source)).min(any(&rule.destination, seen.destination))
}

/// Traffic to the platform's own addresses is outside every rule that does not name its tag.
pub(super) fn platform_denied<'n>(
    network: &'n Network<'_>,
    filter: ResourceId,
    tag: &str,
    protocol: Protocol,
    port: u16,
) -> Option<&'n Rule> {
    network
        .rules(filter, Direction::Outbound)
        .find(|rule| {
            rule.protocol.covers(protocol)
                && in_ports(&rule.ports, port)
                && rule
                    .destination
                    .iter()
                    .any(|it| matches!(it, Place::Tag(it) if it.name.eq_ignore_ascii_case(tag)))
        })
        .filter(|it| !it.allow)
}
