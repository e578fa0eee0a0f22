//! Azure Firewall: network rules first, then application rules for HTTP, HTTPS and MSSQL, then deny.
//!
//! Azure docs: "Azure Firewall rule processing logic" (firewall/rule-processing), "Azure Firewall SNAT
//! private IP address ranges" (firewall/snat-private-range).

use std::net::Ipv4Addr;

use super::{
    Hop, Step,
    flow::{Answer, Network},
    log::Log,
    matching::{Party, Tri, in_ports, matches, name_matches},
    walk::Target,
};
use crate::{
    facts::{
        ResourceId,
        cidr::{Cidr, PRIVATE},
        filter::{Appliance, ApplicationRule, NetworkRule, Place, Ports, Protocol},
    },
    text::{Arg, arg, text},
};

const SOURCE: &str = "firewall/rule-processing";

/// How a packet leaves a firewall; it goes on even where a rule refuses it, for the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    AsIs,
    /// With the firewall's address as its source.
    Translated,
    /// The firewall opens a connection of its own, to the address that it resolves itself.
    Proxied,
}

impl<'a> Network<'a> {
    /// Judges a packet that is routed through firewall `id`.
    pub(super) fn pass_appliance(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        source: &Party<'a>,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> Passed {
        let Some(appliance) = self.facts().appliances.get(&id) else { return Passed::AsIs };
        let kept =
            if appliance.untranslated.is_empty() { &PRIVATE[..] } else { &appliance.untranslated };
        let translates = match target.party.address {
            Some(it) => !kept.iter().any(|prefix| prefix.contains(it)),
            None => !kept.contains(&Cidr::ALL),
        };
        let as_routed = if translates { Passed::Translated } else { Passed::AsIs };
        let what = arg(protocol.at(port));
        let name = || arg(self.facts().name(id));
        let mut possible: Option<(&str, bool)> = None;
        for rule in by_priority(&appliance.network_rules, |it| it.priority) {
            let tri = self.network_rule(rule, source, target, protocol, port);
            if tri == Tri::Maybe {
                possible.get_or_insert((&rule.name, rule.allow));
            }
            if tri == Tri::Yes {
                self.say(log, id, "network", &rule.name, rule.allow, possible, target, what);
                return as_routed;
            }
        }
        if speaks_names(protocol, port, appliance) {
            for rule in by_priority(&appliance.application_rules, |it| it.priority) {
                let tri = self.application_rule(rule, source, target, port);
                if tri == Tri::Maybe {
                    possible.get_or_insert((&rule.name, rule.allow));
                }
                if tri == Tri::Yes {
                    self.say(
                        log,
                        id,
                        "application",
                        &rule.name,
                        rule.allow,
                        possible,
                        target,
                        what,
                    );
                    return if rule.allow { Passed::Proxied } else { as_routed };
                }
            }
        }
        if let Some((rule, true)) = possible {
            log.push(
                Step::unknown(
                    Hop::FirewallAppliance,
                    text(
                        "{0}: it depends on whether rule {1} covers {2} to {3}; no other rule does",
                        "{0}: 規則 {1} が {3} への {2} に当てはまるかどうかで変わります。ほかに一致する規則はありません",
                    )
                    .with([name(), arg(rule), what, target.label.clone()]),
                )
                .at(id)
                .source(SOURCE),
            );
            return as_routed;
        }
        log.push(
            Step::deny(
                Hop::FirewallAppliance,
                text(
                    "{0}: no rule allows {1} to {2}, so it is denied",
                    "{0}: {2} への {1} を許可する規則がないため拒否されます",
                )
                .with([name(), what, target.label.clone()]),
            )
            .at(id)
            .source(SOURCE),
        );
        as_routed
    }

    /// What an application rule makes of a target: the firewall reads the name, asks its own name
    /// servers and ignores the address that the client had (firewall/dns-details). `None` where that
    /// is the same, or cannot be told.
    pub(super) fn resolve_for_proxy(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        target: &Target<'a>,
    ) -> Option<Target<'a>> {
        let name = target.party.name.as_ref()?;
        let public = target.in_public.as_ref()?;
        let mut asking = Log::new(self.facts());
        let found = self.resolve_at_appliance(&mut asking, id, name)?;
        let address = match found.answer {
            Answer::Address(it) => Some(it),
            Answer::Public | Answer::Private => None,
            Answer::NoAnswer => {
                log.absorb(asking, Hop::FirewallAppliance);
                return None;
            }
        };
        if found.unsure {
            log.absorb(asking, Hop::FirewallAppliance);
            log.guess();
            return None;
        }
        log.adopt_design_of(asking);
        let party = self.resolved_party(public, address);
        if party.address == target.party.address && party.public == target.party.public {
            return None;
        }
        let answer: Arg =
            address.map_or_else(|| text("its public address", "パブリック アドレス").into(), arg);
        log.push(
            Step::pass(
                Hop::FirewallAppliance,
                text(
                    "{0} resolves {1} itself and gets {2}, whatever the client got",
                    "{0} は {1} を自身で名前解決し、クライアントの結果に関係なく {2} に接続します",
                )
                .with([arg(self.facts().name(id)), arg(name), answer]),
            )
            .at(id)
            .source("firewall/dns-details"),
        );
        Some(Target { party, ..target.clone() })
    }

    #[expect(clippy::too_many_arguments, reason = "the words of one sentence")]
    fn say(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        kind: &'static str,
        rule: &str,
        allow: bool,
        possible: Option<(&str, bool)>,
        target: &Target<'_>,
        what: Arg,
    ) {
        let name = arg(self.facts().name(id));
        let kind = match kind {
            "network" => text("network rule", "ネットワーク規則"),
            _ => text("application rule", "アプリケーション規則"),
        };
        let step = match possible {
            Some((first, other)) if other != allow => Step::unknown(
                Hop::FirewallAppliance,
                text(
                    "{0}: it depends on whether rule {1} covers {2} to {3}; if not, rule {4} decides otherwise",
                    "{0}: 規則 {1} が {3} への {2} に当てはまるかどうかで変わります。当てはまらなければ規則 {4} が逆の判定をします",
                )
                .with([name, arg(first), what, target.label.clone(), arg(rule)]),
            ),
            _ if allow => Step::pass(
                Hop::FirewallAppliance,
                text(
                    "{0}: {1} {2} allows {3} to {4}",
                    "{0}: {1} {2} が {4} への {3} を許可します",
                )
                .with([name, kind.into(), arg(rule), what, target.label.clone()]),
            ),
            _ => Step::deny(
                Hop::FirewallAppliance,
                text(
                    "{0}: {1} {2} denies {3} to {4}",
                    "{0}: {1} {2} が {4} への {3} を拒否します",
                )
                .with([name, kind.into(), arg(rule), what, target.label.clone()]),
            ),
        };
        log.push(step.at(id).source(SOURCE));
    }

    fn network_rule(
        &self,
        rule: &NetworkRule,
        source: &Party<'_>,
        target: &Target<'_>,
        protocol: Protocol,
        port: u16,
    ) -> Tri {
        if !rule.protocols.iter().any(|it| it.covers(protocol)) || !in_ports(&rule.ports, port) {
            return Tri::No;
        }
        self.places(&rule.source, source).min(self.places(&rule.destination, &target.party))
    }

    fn application_rule(
        &self,
        rule: &ApplicationRule,
        source: &Party<'_>,
        target: &Target<'_>,
        port: u16,
    ) -> Tri {
        let standard = [Ports::one(80), Ports::one(443), Ports::one(1433)];
        let ports = if rule.ports.is_empty() { &standard[..] } else { &rule.ports };
        if !in_ports(ports, port) {
            return Tri::No;
        }
        let named = match &target.party.name {
            Some(name) => {
                if rule.names.iter().any(|it| name_matches(it, name)) {
                    Tri::Yes
                } else if rule.name_tags.is_empty() {
                    Tri::No
                } else {
                    // What a tag of names holds is the provider's to change.
                    Tri::Maybe
                }
            }
            None => Tri::of(rule.names.iter().any(|it| it == "*")),
        };
        self.places(&rule.source, source).min(named)
    }

    fn places(&self, places: &[Place], party: &Party<'_>) -> Tri {
        places.iter().map(|it| matches(self, None, it, party)).max().unwrap_or(Tri::No)
    }

    /// Where the rules for connections from outside send a packet.
    pub(super) fn translate(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        source: &Party<'a>,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> Option<(Ipv4Addr, u16)> {
        let appliance = self.facts().appliances.get(&id)?;
        let name = arg(self.facts().name(id));
        let what = arg(protocol.at(port));
        let found = by_priority(&appliance.nat_rules, |it| it.priority)
            .into_iter()
            .filter(|it| {
                it.protocols.iter().any(|it| it.covers(protocol)) && in_ports(&it.ports, port)
            })
            .map(|it| {
                let from = self.places(&it.source, source);
                (it, from.min(self.places(&it.destination, &target.party)))
            })
            .find(|(_, it)| *it != Tri::No);
        if let Some((rule, Tri::Maybe)) = found {
            log.push(
                Step::unknown(
                    Hop::FirewallAppliance,
                    text(
                        "{0}: it depends on whether DNAT rule {1} takes {2} from outside",
                        "{0}: DNAT 規則 {1} が外部からの {2} に当てはまるかどうかで変わります",
                    )
                    .with([name, arg(&rule.name), what]),
                )
                .at(id)
                .source(SOURCE),
            );
            return None;
        }
        let Some((rule, _)) = found else {
            log.push(
                Step::deny(
                    Hop::FirewallAppliance,
                    text(
                        "{0}: no DNAT rule takes {1} from outside",
                        "{0}: 外部からの {1} を受け取る DNAT 規則がありません",
                    )
                    .with([name, what]),
                )
                .at(id)
                .source(SOURCE),
            );
            return None;
        };
        log.push(
            Step::pass(
                Hop::FirewallAppliance,
                text(
                    "{0}: DNAT rule {1} sends {2} to {3}:{4}",
                    "{0}: DNAT 規則 {1} が {2} を {3}:{4} に転送します",
                )
                .with([
                    name,
                    arg(&rule.name),
                    what,
                    arg(rule.to),
                    arg(rule.to_port),
                ]),
            )
            .at(id)
            .source(SOURCE),
        );
        Some((rule.to, rule.to_port))
    }
}

/// Application rules look at HTTP, HTTPS and MSSQL: by default those ports, else what a rule says.
fn speaks_names(protocol: Protocol, port: u16, appliance: &Appliance) -> bool {
    protocol == Protocol::Tcp
        && (matches!(port, 80 | 443 | 1433)
            || appliance
                .application_rules
                .iter()
                .any(|it| it.ports.iter().any(|it| it.contains(port))))
}

fn by_priority<T>(rules: &[T], priority: impl Fn(&T) -> (u32, u32)) -> Vec<&T> {
    let mut all: Vec<&T> = rules.iter().collect();
    all.sort_by_key(|it| priority(it));
    all
}
