//! The last leg: into a host or a private endpoint, and whether the answer finds its way back.

use std::net::Ipv4Addr;

use super::{Arrival, ENDPOINT_POLICY, Here, Target, UDR, Via};
use crate::{
    facts::{
        ResourceId,
        filter::{Direction, Protocol},
    },
    solve::{
        Hop, Outcome, Step,
        filter::Seen,
        flow::Network,
        index::{Holder, Realm},
        log::Log,
        matching::Party,
        route::Next,
    },
    text::{arg, text},
};

/// Where a reply is.
#[derive(Clone, Copy)]
struct Back {
    subnet: ResourceId,
    /// Who sends it from there.
    at: Option<ResourceId>,
    /// It did not start there.
    passed_on: bool,
}

impl<'a> Network<'a> {
    /// Hands the packet to whoever has its address in `network`.
    pub(super) fn deliver(
        &self,
        log: &mut Log<'_>,
        here: &mut Here<'a>,
        network: ResourceId,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> Arrival {
        let Some(address) = target.party.address else { return Arrival::Lost };
        match self.index.holder(Realm::Network(network), address) {
            Some(Holder::Endpoint(id)) => {
                self.enter_endpoint(log, here, id, target, protocol, port);
                Arrival::Endpoint(id, Some(address))
            }
            Some(it) => {
                self.enter_host(log, here, it, target, protocol, port);
                Arrival::Host(it.id())
            }
            None if self.index.inner_balancers.contains_key(&(network, address)) => {
                let id = self.index.inner_balancers.get(&(network, address)).copied();
                self.enter_balancer(log, id.unwrap_or(network));
                Arrival::Lost
            }
            None => {
                log.push(
                    Step::deny(
                        Hop::Route,
                        text(
                            "nothing in {1} has the address {0}",
                            "{1} にアドレス {0} を持つリソースはありません",
                        )
                        .with([arg(address), arg(self.facts().name(network))]),
                    )
                    .at(network)
                    .source(UDR),
                );
                Arrival::Lost
            }
        }
    }

    /// At an address of a load balancer. To whom it hands a connection depends on its rules and on health
    /// probes, which the design does not have.
    pub(in crate::solve) fn enter_balancer(&self, log: &mut Log<'_>, id: ResourceId) {
        log.touch(id);
        log.push(
            Step::unknown(
                Hop::Route,
                text(
                    "{0} takes the connection; to which machine it hands it on, if to any, its health probes and inbound NAT rules say, which are not part of the design",
                    "{0} が接続を受け取ります。どのマシンに渡すかは正常性プローブとインバウンド NAT 規則によりますが、デザインに含まれていません",
                )
                .with([arg(self.facts().name(id))]),
            )
            .at(id)
            .source("load-balancer/components"),
        );
        log.guess();
    }

    /// The filter of a private endpoint's subnet, if the subnet lets it apply.
    pub(super) fn enter_endpoint(
        &self,
        log: &mut Log<'_>,
        here: &Here<'a>,
        id: ResourceId,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) {
        let facts = self.facts();
        let Some(endpoint) = facts.private_endpoints.get(&id) else { return };
        log.touch(id);
        log.touch(endpoint.target);
        log.touch_subnet(endpoint.subnet);
        endpoint.groups.iter().for_each(|it| log.touch(*it));
        let Some(subnet) = facts.subnets.get(&endpoint.subnet) else { return };
        if let Some(firewall) = here.via.last().filter(|it| !it.translated).map(|it| it.id) {
            log.push(
                Step::new(
                    Hop::Route,
                    self.if_it_translates_not(firewall),
                    text(
                        "replies of {0} go straight back and miss {1}; let {1} translate the source (an application rule does, or SNAT for private ranges)",
                        "{0} の応答は {1} を通らずに直接戻ります。{1} で送信元を変換してください (アプリケーション規則、またはプライベート範囲の SNAT)",
                    )
                    .with([arg(facts.name(id)), arg(facts.name(firewall))]),
                )
                .at(firewall)
                .source("private-link/inspect-traffic-with-azure-firewall"),
            );
        }
        self.back_from_service(log, here);
        let Some(filter) = subnet.filter else { return };
        if !subnet.filters_private_endpoints {
            log.push(
                Step::pass(
                    Hop::NsgInbound,
                    text(
                        "{0} does not apply to private endpoints, because the network policy of {1} leaves them out",
                        "{1} のネットワーク ポリシーにより、{0} はプライベート エンドポイントには適用されません",
                    )
                    .with([arg(facts.name(filter)), arg(facts.name(endpoint.subnet))]),
                )
                .at(endpoint.subnet)
                .source(ENDPOINT_POLICY),
            );
            return;
        }
        let mine = Party::private(target.party.address, &endpoint.groups);
        let seen = Seen {
            direction: Direction::Inbound,
            source: &here.source,
            destination: &mine,
            protocol,
            port,
            any_source_port: true,
        };
        // "Security admin rules don't apply to Azure private endpoints" (virtual-network-manager/faq).
        self.filter(log, filter, Some(endpoint.subnet), &seen, &target.label, None);
    }

    /// Filters on the way in, subnet then network interface, and the way back.
    pub(super) fn enter_host(
        &self,
        log: &mut Log<'_>,
        here: &Here<'a>,
        holder: Holder,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) {
        let facts = self.facts();
        let id = holder.id();
        log.touch(id);
        let subnet = self.subnet_of(holder);
        if let Some(subnet) = subnet {
            log.touch_subnet(subnet);
        }
        let host = facts.hosts.get(&id);
        let groups = host.map_or(&[][..], |it| &it.groups);
        groups.iter().for_each(|it| log.touch(*it));
        let mine = Party::private(target.party.address, groups);
        let seen = Seen {
            direction: Direction::Inbound,
            source: &here.source,
            destination: &mine,
            protocol,
            port,
            any_source_port: false,
        };
        let own = subnet.and_then(|it| facts.subnets.get(&it)).and_then(|it| it.filter);
        self.filters(log, [own, host.and_then(|it| it.filter)], subnet, &seen, &target.label);
        if let Some(subnet) = subnet {
            self.way_back(log, here, subnet, Some(id));
        }
    }

    /// Replies need no rule, but they need a route: from `subnet` back through all that passed the request on.
    /// `sender` replies.
    pub(super) fn way_back(
        &self,
        log: &mut Log<'_>,
        here: &Here<'a>,
        subnet: ResourceId,
        sender: Option<ResourceId>,
    ) {
        let start = Back { subnet, at: sender, passed_on: false };
        self.reply(log, &here.via, &here.source, start);
    }

    /// A service replies to the last that sent the request in its own name. From there on the reply is routed.
    pub(super) fn back_from_service(&self, log: &mut Log<'_>, here: &Here<'a>) {
        let mut via = here.via.as_slice();
        while let Some((it, before)) = via.split_last() {
            if it.translated {
                let Some((subnet, _)) = self.place_of(it.id) else { return };
                let start = Back { subnet, at: Some(it.id), passed_on: false };
                return self.reply(log, before, &it.source, start);
            }
            via = before;
        }
    }

    /// From `start` to `source`, through `via` from its end.
    fn reply<'v>(
        &self,
        log: &mut Log<'_>,
        mut via: &'v [Via<'a>],
        mut source: &'v Party<'a>,
        start: Back,
    ) {
        let mut here = start;
        while let (Some(to), false) = (source.address, source.public) {
            if !self.reply_leg(log, here, to, via) {
                return;
            }
            let Some((it, before)) = via.split_last() else { return };
            let Some((subnet, _)) = self.place_of(it.id) else { return };
            here = Back { subnet, at: Some(it.id), passed_on: !it.translated };
            (source, via) = (&it.source, before);
        }
    }

    /// One route of a reply. Says whether it is worth asking for the next one.
    fn reply_leg(&self, log: &mut Log<'_>, here: Back, back: Ipv4Addr, via: &[Via<'a>]) -> bool {
        let Back { subnet, at, passed_on } = here;
        let facts = self.facts();
        let Some(home) = facts.subnets.get(&subnet).map(|it| it.network) else { return false };
        self.touch_routes(log, subnet);
        let Some(choice) = self.route_private(subnet, back) else { return false };
        // What sent the request in its own name is no more than the end of this part of the way.
        let passed = via.last().filter(|it| !it.translated).map(|it| it.id);
        let mark = choice.table.unwrap_or(subnet);
        let words = || [arg(facts.name(subnet)), arg(back), arg(&choice.prefix)];
        // Across a peering to where it goes next, as something that did not start here.
        let forwarded = |log: &mut Log<'_>, other: ResourceId| {
            if passed_on && other != home {
                let mut way = Log::new(self.facts());
                self.peering_between(&mut way, home, other, false);
                log.absorb(way, Hop::Peering);
            }
        };
        match choice.next {
            Next::Drop | Next::NoGateway | Next::Internet => {
                log.push(
                    Step::deny(
                        Hop::Route,
                        text(
                            "replies are lost: {0} has no route back to {1} (the route for {2} leads nowhere)",
                            "応答が届きません: {0} から {1} へ戻るルートがありません ({2} のルートでは到達できません)",
                        )
                        .with(words()),
                    )
                    .at(mark)
                    .source(UDR),
                );
                false
            }
            Next::Appliance(hop) if hop != back => {
                let near = self.near(home, hop);
                let id = near.map(Holder::id);
                if let (Some(Holder::Appliance(id) | Holder::Host(id)), true) =
                    (near, passed.is_some() && id == passed)
                {
                    if let Some((_, other)) = self.place_of(id) {
                        forwarded(log, other);
                    }
                    return true;
                }
                if let Some(id) = id.filter(|it| at == Some(*it)) {
                    log.push(self.circle(id));
                    return false;
                }
                let missed = passed.filter(|_| via.iter().any(|it| Some(it.id) == id));
                let [from, to, prefix] = words();
                let step = match (near, missed) {
                    (Some(it), Some(missed)) => Step::new(
                        Hop::Route,
                        self.if_it_translates_not(missed),
                        text(
                            "replies from {0} to {1} go to {3} (route {2}) and miss {4}, which the request went through; a stateful appliance drops them",
                            "{0} から {1} への応答は {3} に向かい (ルート {2})、要求が通った {4} を通りません。ステートフルなアプライアンスでは破棄されます",
                        )
                        .with([from, to, prefix, arg(facts.name(it.id())), arg(facts.name(missed))]),
                    )
                    .source("firewall/integrate-lb"),
                    (Some(it), None) => Step::new(
                        Hop::Route,
                        if matches!(it, Holder::Appliance(_)) {
                            Outcome::Denied
                        } else {
                            Outcome::Unknown
                        },
                        text(
                            "replies from {0} to {1} go through {3}, which did not see the request; a stateful appliance drops them",
                            "{0} から {1} への応答は、要求を見ていない {3} を経由します。ステートフルなアプライアンスでは破棄されます",
                        )
                        .with([from, to, prefix, arg(facts.name(it.id()))]),
                    )
                    .source("firewall/integrate-lb"),
                    (None, _) => Step::unknown(
                        Hop::Route,
                        text(
                            "replies from {0} to {1} go to {3}, which nothing in the design has",
                            "{0} から {1} への応答は {3} に向かいますが、そのアドレスのリソースがデザインにありません",
                        )
                        .with([from, to, prefix, arg(hop)]),
                    )
                    .source(UDR),
                };
                log.push(step.at(mark));
                false
            }
            // Whoever has the address takes it, if a route names it as the next hop or not. Routes of a gateway
            // are longer than a default route to the firewall.
            Next::Appliance(_)
            | Next::Local
            | Next::Peer(_)
            | Next::Endpoint { .. }
            | Next::Gateway { .. } => {
                if let Some(missed) = passed {
                    log.push(
                        Step::new(
                            Hop::Route,
                            self.if_it_translates_not(missed),
                            text(
                                "replies from {0} to {1} go back directly (route {2}) and miss the firewall on the way there; a stateful firewall then drops the connection",
                                "{0} から {1} への応答は直接戻り (ルート {2})、往路のファイアウォールを通りません。ステートフルなファイアウォールは接続を破棄します",
                            )
                            .with(words()),
                        )
                        .at(mark)
                        .source("firewall/firewall-faq"),
                    );
                    return false;
                }
                if let Next::Peer(other) = choice.next {
                    forwarded(log, other);
                }
                true
            }
        }
    }
}
