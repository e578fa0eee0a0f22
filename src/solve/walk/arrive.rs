//! The last leg: into a host or a private endpoint, and whether the answer finds its way back.

use std::net::Ipv4Addr;

use super::{Arrival, ENDPOINT_POLICY, Here, Target, UDR};
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

impl<'a> Network<'a> {
    /// Hands the packet to whoever has its address in `network`.
    pub(super) fn deliver(
        &self,
        log: &mut Log,
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
    pub(in crate::solve) fn enter_balancer(&self, log: &mut Log, id: ResourceId) {
        log.touch(self.facts(), id);
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
        log: &mut Log,
        here: &Here<'a>,
        id: ResourceId,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) {
        let facts = self.facts();
        let Some(endpoint) = facts.private_endpoints.get(&id) else { return };
        log.touch(facts, id);
        log.touch(facts, endpoint.subnet);
        let Some(subnet) = facts.subnets.get(&endpoint.subnet) else { return };
        if let (Some(firewall), false) = (here.via.last(), here.translated) {
            log.push(
                Step::new(
                    Hop::Route,
                    self.if_it_translates_not(*firewall),
                    text(
                        "replies of {0} go straight back and miss {1}; let {1} translate the source (an application rule does, or SNAT for private ranges)",
                        "{0} の応答は {1} を通らずに直接戻ります。{1} で送信元を変換してください (アプリケーション規則、またはプライベート範囲の SNAT)",
                    )
                    .with([arg(facts.name(id)), arg(facts.name(*firewall))]),
                )
                .at(*firewall)
                .source("private-link/inspect-traffic-with-azure-firewall"),
            );
        }
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
        log: &mut Log,
        here: &Here<'a>,
        holder: Holder,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) {
        let facts = self.facts();
        let id = holder.id();
        log.touch(facts, id);
        let subnet = self.subnet_of(holder);
        let host = facts.hosts.get(&id);
        let groups = host.map_or(&[][..], |it| &it.groups);
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
        if let (Some(subnet), false, Some(back)) = (subnet, here.translated, here.source.address)
            && !here.source.public
        {
            self.way_back(log, here, subnet, back);
        }
    }

    /// Replies need no rule, but they need a route.
    pub(super) fn way_back(
        &self,
        log: &mut Log,
        here: &Here<'a>,
        subnet: ResourceId,
        back: Ipv4Addr,
    ) {
        let facts = self.facts();
        let Some(home) = facts.subnets.get(&subnet).map(|it| it.network) else { return };
        self.touch_routes(log, subnet);
        let Some(choice) = self.route_private(subnet, back) else { return };
        let mark = choice.table.unwrap_or(subnet);
        let words = || [arg(facts.name(subnet)), arg(back), arg(&choice.prefix)];
        match choice.next {
            Next::Drop | Next::NoGateway | Next::Internet => log.push(
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
            ),
            Next::Appliance(hop) => {
                let near = self.near(home, hop);
                match near {
                    Some(Holder::Appliance(id) | Holder::Host(id)) if here.via.contains(&id) => {
                        self.back_from(log, id, back);
                    }
                    Some(it) => log.push(
                        Step::new(
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
                            .with([
                                arg(facts.name(subnet)),
                                arg(back),
                                arg(&choice.prefix),
                                arg(facts.name(it.id())),
                            ]),
                        )
                        .at(mark)
                        .source("firewall/integrate-lb"),
                    ),
                    None => log.push(
                        Step::unknown(
                            Hop::Route,
                            text(
                                "replies from {0} to {1} go to {3}, which nothing in the design has",
                                "{0} から {1} への応答は {3} に向かいますが、そのアドレスのリソースがデザインにありません",
                            )
                            .with([arg(facts.name(subnet)), arg(back), arg(&choice.prefix), arg(hop)]),
                        )
                        .at(mark)
                        .source(UDR),
                    ),
                }
            }
            // Routes of a gateway are longer than a default route to the firewall.
            Next::Local | Next::Peer(_) | Next::Gateway { .. } if !here.via.is_empty() => log.push(
                Step::new(
                    Hop::Route,
                    here.via.last().map_or(Outcome::Denied, |it| self.if_it_translates_not(*it)),
                    text(
                        "replies from {0} to {1} go back directly (route {2}) and miss the firewall on the way there; a stateful firewall then drops the connection",
                        "{0} から {1} への応答は直接戻り (ルート {2})、往路のファイアウォールを通りません。ステートフルなファイアウォールは接続を破棄します",
                    )
                    .with(words()),
                )
                .at(mark)
                .source("firewall/firewall-faq"),
            ),
            Next::Local
            | Next::Peer(_)
            | Next::Endpoint { .. }
            | Next::Gateway { .. } => {}
        }
    }

    /// The reply leaves an appliance for the network of the caller, where it did not start either.
    pub(super) fn back_from(&self, log: &mut Log, appliance: ResourceId, back: Ipv4Addr) {
        let facts = self.facts();
        let Some((subnet, network)) = self.place_of(appliance) else { return };
        let Some(choice) = self.route_private(subnet, back) else { return };
        match choice.next {
            Next::Peer(other) => {
                let mut way = Log::default();
                self.peering_between(&mut way, network, other, false);
                log.absorb(way, Hop::Peering);
            }
            Next::Drop | Next::NoGateway | Next::Internet => log.push(
                Step::deny(
                    Hop::Route,
                    text(
                        "replies are lost: {0} has no route back to {1}",
                        "応答が届きません: {0} から {1} へ戻るルートがありません",
                    )
                    .with([arg(facts.name(appliance)), arg(back)]),
                )
                .at(appliance)
                .source(UDR),
            ),
            _ => {}
        }
    }
}
