//! Peerings on the way: what their halves let through, and why one carries nothing.

use std::net::Ipv4Addr;

use super::Here;
use crate::{
    facts::ResourceId,
    solve::{
        Hop, Step,
        flow::Network,
        index::{Peer, Realm},
        log::Log,
    },
    text::{arg, text},
};

const PEERING: &str = "virtual-network/virtual-network-manage-peering";

impl Network<'_> {
    /// A peering that would lead to `address` if both of its halves were connected.
    pub(super) fn broken_peering(
        &self,
        network: ResourceId,
        address: Ipv4Addr,
    ) -> Option<(Step, ResourceId)> {
        let peer = self.index.peers.get(&network)?.values().find(|it| {
            !it.connected()
                && self
                    .facts()
                    .networks
                    .get(&it.other)
                    .is_some_and(|it| it.space.iter().any(|it| it.contains(address)))
        })?;
        let half = peer.own.or(peer.theirs)?;
        let words = [arg(self.facts().name(network)), arg(self.facts().name(peer.other))];
        let message = match (peer.own, peer.theirs) {
            (Some(_), None) => text(
                "only the half of the peering from {0} to {1} exists, so it stays Initiated; add the other half",
                "{0} から {1} へのピアリングが片方しかないため、状態は Initiated のままです。反対側も追加してください",
            ),
            (None, Some(_)) => text(
                "only the half of the peering from {1} to {0} exists, so it stays Initiated; add the other half",
                "{1} から {0} へのピアリングが片方しかないため、状態は Initiated のままです。反対側も追加してください",
            ),
            _ => text(
                "the peering between {0} and {1} is not Connected on both sides",
                "{0} と {1} のピアリングは、両側が Connected になっていません",
            ),
        };
        let step = Step::deny(Hop::Peering, message.with(words)).at(half.at).source(PEERING);
        Some((step, peer.other))
    }

    /// Adds what an architect overlooks when no route leads to a network.
    pub(super) fn explain_unreachable(
        &self,
        log: &mut Log<'_>,
        network: ResourceId,
        address: Ipv4Addr,
    ) {
        let owner = match self.any_holding(address) {
            Some((Realm::Network(it), _)) => Some(it),
            _ => None,
        };
        if owner.is_none() && self.site_holding(address).is_some() {
            for peer in self.connected_peers(network) {
                Self::touch_remote_gateways(log, peer);
            }
        }
        let Some(owner) = owner.filter(|it| *it != network) else { return };
        let common = self.connected_peers(network).find(|it| {
            self.index
                .peers
                .get(&it.other)
                .and_then(|all| all.get(&owner))
                .is_some_and(Peer::connected)
        });
        let facts = self.facts();
        if let Some(hub) = common {
            log.note(
                text(
                    "{0} and {1} are both peered with {2}, but peering is not transitive: peer them, or route through an appliance in {2}",
                    "{0} と {1} はどちらも {2} とピアリングされていますが、ピアリングは推移的ではありません。直接ピアリングするか、{2} のアプライアンスを経由してください",
                )
                .with([arg(facts.name(network)), arg(facts.name(owner)), arg(facts.name(hub.other))]),
            );
        } else {
            log.note(
                text(
                    "{0} belongs to {1}, which {2} is not peered with",
                    "{0} は {1} のアドレスですが、{2} は {1} とピアリングされていません",
                )
                .with([
                    arg(address),
                    arg(facts.name(owner)),
                    arg(facts.name(network)),
                ]),
            );
        }
    }

    /// Checks the halves of a connected peering for a packet that leaves `here`.
    pub(super) fn peering(&self, log: &mut Log<'_>, here: &Here<'_>, other: ResourceId) {
        let own_traffic = here.home == Some(here.network);
        self.peering_between(log, here.network, other, own_traffic);
    }

    /// From `from` to `to`; `own_traffic` started in `from`.
    pub(super) fn peering_between(
        &self,
        log: &mut Log<'_>,
        from: ResourceId,
        to: ResourceId,
        own_traffic: bool,
    ) {
        let Some(peer) = self.index.peers.get(&from).and_then(|it| it.get(&to)) else { return };
        let (Some(own), Some(theirs)) = (peer.own, peer.theirs) else { return };
        let facts = self.facts();
        log.touch(own.at);
        log.touch(theirs.at);
        for half in [own, theirs] {
            if !half.access {
                log.push(
                    Step::deny(
                        Hop::Peering,
                        text(
                            "the half of the peering from {0} to {1} has allowVirtualNetworkAccess off, so nothing passes",
                            "{0} から {1} へのピアリングで allowVirtualNetworkAccess が無効なため、通信できません",
                        )
                        .with([arg(facts.name(half.from)), arg(facts.name(half.to))]),
                    )
                    .at(half.at)
                    .source(PEERING),
                );
                return;
            }
        }
        if !own_traffic && !theirs.forwarded {
            log.push(
                Step::deny(
                    Hop::Peering,
                    text(
                        "the packet was forwarded in {0} and did not start there; the half of the peering from {1} to {0} does not take it (allowForwardedTraffic is off)",
                        "パケットは {0} で転送されたもので {0} から始まったものではありません。{1} から {0} へのピアリングで allowForwardedTraffic が無効なため受け取れません",
                    )
                    .with([arg(facts.name(from)), arg(facts.name(to))]),
                )
                .at(theirs.at)
                .source(PEERING),
            );
            return;
        }
        log.push(
            Step::pass(
                Hop::Peering,
                text(
                    "peering from {0} to {1} is connected",
                    "{0} から {1} へのピアリングは接続済みです",
                )
                .with([arg(facts.name(from)), arg(facts.name(to))]),
            )
            .at(own.at)
            .source(PEERING),
        );
    }

    /// Notes what Azure refuses about a peering that is meant to lend a gateway.
    pub(super) fn touch_remote_gateways(log: &mut Log<'_>, peer: Peer<'_>) {
        for half in [peer.own, peer.theirs].into_iter().flatten() {
            if half.remote_gateways {
                log.touch(half.at);
            }
        }
    }

    /// The same for all that a network wants to use: with a gateway of its own, or with two peerings that
    /// lend theirs, Azure refuses one of them, and which way is left is not what was drawn.
    pub(super) fn touch_borrowed_gateways(&self, log: &mut Log<'_>, network: ResourceId) {
        for peer in self.index.peers.get(&network).into_iter().flat_map(|it| it.values()) {
            if let Some(half) = peer.own.filter(|it| it.remote_gateways) {
                log.touch(half.at);
            }
        }
    }

    /// Whether `spoke` uses the gateway of `hub`.
    pub(super) fn transits(&self, hub: ResourceId, spoke: ResourceId) -> bool {
        self.index.peers.get(&spoke).and_then(|it| it.get(&hub)).is_some_and(|it| {
            it.connected()
                && it.own.is_some_and(|it| it.remote_gateways)
                && it.theirs.is_some_and(|it| it.gateway_transit)
        })
    }
}
