//! To and from networks outside Azure, through a gateway.

use std::net::Ipv4Addr;

use super::{Arrival, End, Here, Sender, Target, UDR};
use crate::{
    facts::{ResourceId, cidr::Cidr, filter::Protocol},
    solve::{
        Hop, Step,
        flow::Network,
        index::Realm,
        log::Log,
        matching::Party,
        route::{Choice, Next},
    },
    text::{arg, text},
};

impl<'a> Network<'a> {
    /// Through a gateway to a site outside.
    pub(super) fn reach_site(
        &self,
        log: &mut Log<'_>,
        here: &Here<'a>,
        gateway: ResourceId,
        site: ResourceId,
        target: &Target<'a>,
    ) -> Arrival {
        let facts = self.facts();
        let Some(place) = facts.sites.get(&site) else { return self.lost(target) };
        log.touch(site);
        let gateway_network = facts.gateways.get(&gateway).map(|it| it.network);
        if let (Some(network), true) = (gateway_network, gateway_network != Some(here.network)) {
            // Gateway transit is no forwarding, so that switch does not matter here.
            self.peering_between(log, here.network, network, true);
        }
        if target.party.public && !place.internet {
            log.push(Self::no_internet(facts, site));
            return self.lost(target);
        }
        if target.party.public {
            self.back_from_service(log, here);
            log.push(
                Step::pass(
                    Hop::Route,
                    text(
                        "leaves through {0} and the internet line of {1}",
                        "{0} を経由し、{1} のインターネット回線から送信されます",
                    )
                    .with([arg(facts.name(gateway)), arg(facts.name(site))]),
                )
                .at(gateway)
                .source("vpn-gateway/vpn-gateway-forced-tunneling-rm")
                .assumed(),
            );
            return Arrival::Public(Sender {
                address: site_address(place),
                region: None,
                via: Some(site),
                assumed: false,
                picked: false,
            });
        }
        let Some(address) = target.party.address else { return Arrival::Lost };
        if let (Some(routes), Some(source)) = (&place.routes_back, here.source.address)
            && !routes.iter().any(|it| it.contains(source))
        {
            log.push(
                Step::deny(
                    Hop::Route,
                    text(
                        "replies are lost: {0} has no route back to {1}",
                        "応答が届きません: {0} から {1} へ戻るルートがありません",
                    )
                    .with([arg(facts.name(site)), arg(source)]),
                )
                .at(site)
                .source(UDR),
            );
        }
        // The reply comes in through the gateway's subnet, whose routes must lead it through whatever passed
        // the request on.
        if let Some(gateway) = facts.gateways.get(&gateway) {
            self.way_back(log, here, gateway.subnet, None);
        }
        if let Some(it) = self.index.holder(Realm::Site(site), address) {
            log.touch(it.id());
            Arrival::Host(it.id())
        } else {
            log.push(
                Step::unknown(
                    Hop::Route,
                    text(
                        "{0} is in {1}, but nothing in the design has that address",
                        "{0} は {1} のアドレスですが、そのリソースがデザインにありません",
                    )
                    .with([arg(address), arg(facts.name(site))]),
                )
                .at(site),
            );
            Arrival::Lost
        }
    }

    /// From a site: through its gateway into the networks, or out of its own internet line.
    pub(super) fn leave_site(
        &self,
        log: &mut Log<'_>,
        site: ResourceId,
        address: Option<Ipv4Addr>,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> Arrival {
        let facts = self.facts();
        let Some(place) = facts.sites.get(&site) else { return self.lost(target) };
        log.touch(site);
        if target.party.public && !place.internet {
            log.push(Self::no_internet(self.facts(), site));
            return self.lost(target);
        }
        if target.party.public {
            log.push(
                Step::pass(
                    Hop::Route,
                    text(
                        "leaves through the internet line of {0}",
                        "{0} のインターネット回線から送信されます",
                    )
                    .with([arg(facts.name(site))]),
                )
                .at(site)
                .assumed(),
            );
            return Arrival::Public(Sender {
                address: site_address(place),
                region: None,
                via: Some(site),
                assumed: false,
                picked: false,
            });
        }
        let Some(to) = target.party.address else { return Arrival::Lost };
        if let Some(it) = self.index.holder(Realm::Site(site), to) {
            log.push(
                Step::unknown(
                    Hop::Route,
                    text(
                        "{0} is reached inside {1}, without Azure; the design does not say what lies between machines of one site",
                        "{0} には Azure を経由せず {1} の内部で接続します。同じサイトのマシン間の経路はデザインに含まれていません",
                    )
                    .with([arg(facts.name(it.id())), arg(facts.name(site))]),
                )
                .at(site),
            );
            return Arrival::Host(it.id());
        }
        let within = |space: &[Cidr]| space.iter().any(|it| it.contains(to));
        let elsewhere = facts.networks.values().any(|it| within(&it.space))
            || self.site_holding(to).is_some_and(|it| it != site);
        if within(&place.space) && !elsewhere {
            log.push(
                Step::unknown(
                    Hop::Route,
                    text(
                        "{0} is in {1}, and the design does not say what has it there; draw the machine",
                        "{0} は {1} のアドレスですが、何のアドレスかがデザインに含まれていません。そのマシンを描いてください",
                    )
                    .with([arg(to), arg(facts.name(site))]),
                )
                .at(site),
            );
            return self.lost(target);
        }
        let gateways = self.index.gateways_to.get(&site).map_or(&[][..], Vec::as_slice);
        if gateways.is_empty() {
            log.push(
                Step::deny(
                    Hop::Route,
                    text(
                        "{0} has no VPN or ExpressRoute connection, so {1} cannot be reached from it",
                        "{0} には VPN や ExpressRoute の接続がないため、{1} に到達できません",
                    )
                    .with([arg(facts.name(site)), arg(to)]),
                )
                .at(site)
                .source("vpn-gateway/vpn-gateway-about-vpngateways"),
            );
            return self.lost(target);
        }
        if let Some(routes) = &place.routes_back
            && !routes.iter().any(|it| it.contains(to))
        {
            log.push(
                Step::deny(
                    Hop::Route,
                    text(
                        "{0} has no route to {1}; its routers send {2} into the gateway",
                        "{0} に {1} へのルートがありません。ゲートウェイに送られるのは {2} です",
                    )
                    .with([
                        arg(facts.name(site)),
                        arg(to),
                        arg(routes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
                    ]),
                )
                .at(site)
                .source(UDR),
            );
            return self.lost(target);
        }
        // The gateway whose own network, or a network that uses it, has the address.
        let mut fallback = None;
        for &id in gateways {
            let Some(gateway) = facts.gateways.get(&id) else { continue };
            let mut here = Here {
                subnet: gateway.subnet,
                network: gateway.network,
                home: None,
                source: Party::private(address, &[]),
                via: Vec::new(),
                host: None,
            };
            let reached = self.route_private(gateway.subnet, to);
            let usable = match reached.as_ref().map(|it| it.next) {
                Some(Next::Local | Next::Appliance(_)) => true,
                // From tunnel to tunnel, where sites learn of each other by BGP.
                Some(Next::Gateway { gateway: next, site: other }) => {
                    next == id && other != site && gateway.learns && !gateway.circuit
                }
                Some(Next::Endpoint { network, .. } | Next::Peer(network)) => {
                    network == gateway.network || self.transits(gateway.network, network)
                }
                _ => false,
            };
            if !usable {
                fallback.get_or_insert((id, reached));
                continue;
            }
            log.touch(id);
            log.touch_subnet(gateway.subnet);
            self.touch_borrowed_gateways(log, gateway.network);
            log.push(
                Step::pass(
                    Hop::Route,
                    text("{0} to {1} through {2}", "{0} から {1} へは {2} を経由します").with([
                        arg(facts.name(site)),
                        arg(to),
                        arg(facts.name(id)),
                    ]),
                )
                .at(id)
                .source("vpn-gateway/vpn-gateway-about-vpngateways"),
            );
            // Gateway transit counts as own traffic of the gateway's network.
            here.home = Some(gateway.network);
            let end = self.leg(log, &here, target);
            if matches!(end, End::Appliance(_)) {
                here.home = None;
            }
            return self.follow(log, &mut here, end, target, protocol, port);
        }
        let fallback_site = match &fallback {
            Some((_, Some(Choice { next: Next::Gateway { site: other, .. }, .. })))
                if *other != site =>
            {
                Some(*other)
            }
            _ => None,
        };
        let via = fallback.map(|(id, _)| id);
        let transit = via.and_then(|id| facts.gateways.get(&id)).and_then(|gateway| {
            self.connected_peers(gateway.network).find(|peer| {
                facts
                    .networks
                    .get(&peer.other)
                    .is_some_and(|it| it.space.iter().any(|it| it.contains(to)))
            })
        });
        if let Some(peer) = transit {
            Self::touch_remote_gateways(log, peer);
        }
        let onward = fallback_site.filter(|_| transit.is_none());
        let step = match (via, transit, onward) {
            (Some(id), _, Some(other)) => Step::deny(
                Hop::Route,
                text(
                    "{0} is in {1}; {2} carries traffic from one site to another only between VPN connections with BGP",
                    "{0} は {1} にあります。{2} がサイト間の通信を転送するのは、BGP を使用する VPN 接続どうしの間だけです",
                )
                .with([arg(to), arg(facts.name(other)), arg(facts.name(id))]),
            )
            .at(id)
            .source("vpn-gateway/vpn-gateway-bgp-overview"),
            (Some(id), Some(peer), None) => Step::deny(
                Hop::Route,
                text(
                    "{0} is in {1}, which does not use {2}: gateway transit needs allowGatewayTransit on one half of the peering and useRemoteGateways on the other",
                    "{0} は {1} にありますが、{1} は {2} を使っていません。ピアリングの一方で allowGatewayTransit、もう一方で useRemoteGateways が必要です",
                )
                .with([arg(to), arg(facts.name(peer.other)), arg(facts.name(id))]),
            )
            .at(id)
            .source("vpn-gateway/vpn-gateway-peering-gateway-transit"),
            (Some(id), None, None) => Step::deny(
                Hop::Route,
                text("{1} leads to no network with {0}", "{1} の先に {0} を含む仮想ネットワークはありません")
                    .with([arg(to), arg(facts.name(id))]),
            )
            .at(id)
            .source(UDR),
            (None, ..) => Step::unknown(
                Hop::Route,
                text("the gateway of {0} stands in no network", "{0} のゲートウェイが仮想ネットワークにありません")
                    .with([arg(facts.name(site))]),
            )
            .at(site),
        };
        log.push(step);
        self.lost(target)
    }

    pub(super) fn no_internet(facts: &crate::facts::Facts, site: ResourceId) -> Step {
        Step::deny(
            Hop::Route,
            text("{0} has no way to the internet", "{0} からインターネットに接続できません")
                .with([arg(facts.name(site))]),
        )
        .at(site)
    }

    /// The site that has `to`: where a drawn machine has it, or else by the longest prefix.
    pub(super) fn site_holding(&self, to: Ipv4Addr) -> Option<ResourceId> {
        if let Some((Realm::Site(it), _)) = self.any_holding(to) {
            return Some(it);
        }
        let sites = self.facts().sites.iter();
        let holding = sites.flat_map(|(id, it)| it.space.iter().map(move |it| (it, *id)));
        holding.filter(|(it, _)| it.contains(to)).max_by_key(|(it, _)| it.len()).map(|(_, id)| id)
    }
}

fn site_address(site: &crate::facts::network::Site) -> Option<Cidr> {
    match site.public.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}
