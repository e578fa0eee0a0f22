//! The way of a packet: from subnet to subnet, through filters and appliances, until it arrives.
//!
//! Azure docs: "Virtual network traffic routing" (virtual-network/virtual-networks-udr-overview),
//! "Create, change, or delete a virtual network peering"
//! (virtual-network/virtual-network-manage-peering), "Default outbound access in Azure"
//! (virtual-network/ip-services/default-outbound-access).

use std::net::Ipv4Addr;

use super::{
    Hop, Outcome, Step,
    appliance::Passed,
    filter::{Seen, platform_denied},
    flow::Network,
    index::{Holder, Peer, Realm},
    log::Log,
    matching::Party,
    route::{Choice, Next, Origin, service_endpoint},
};
use crate::{
    facts::{
        ResourceId,
        cidr::Cidr,
        filter::{Direction, Protocol},
        name::{PLATFORM_DNS, PLATFORM_METADATA},
        network::{Forwarding, Host, Position},
    },
    text::{Arg, Shown, Text, arg, text},
};

// Into hosts and private endpoints, and back.
mod arrive;

// Ways out to the internet.
mod egress;

// Rules of networks and security groups on the way.
mod filters;

// To public addresses.
mod inward;

// Between networks of Azure.
mod peering;

// To and from networks outside.
mod site;

pub(super) const UDR: &str = "virtual-network/virtual-networks-udr-overview";
const NSG: &str = "virtual-network/network-security-groups-overview";
const ENDPOINT_POLICY: &str = "private-link/disable-private-endpoint-network-policy";
const SERVICE_ENDPOINT: &str = "virtual-network/virtual-network-service-endpoints-overview";

/// A packet that visits more appliances than this goes in a circle.
const MAX_LEGS: usize = 8;

/// Where a flow starts.
#[derive(Clone, Debug)]
pub(super) enum Start<'a> {
    Subnet {
        subnet: ResourceId,
        network: ResourceId,
        id: Option<ResourceId>,
        host: Option<&'a Host>,
        address: Option<Ipv4Addr>,
    },
    Site {
        site: ResourceId,
        id: ResourceId,
        host: Option<&'a Host>,
        address: Option<Ipv4Addr>,
    },
    Internet {
        id: Option<ResourceId>,
        host: Option<&'a Host>,
        address: Option<Ipv4Addr>,
    },
    /// The provider's own network.
    Platform {
        id: Option<ResourceId>,
        host: Option<&'a Host>,
        region: String,
        tag: Option<&'a str>,
    },
}

impl<'a> Start<'a> {
    pub(super) fn host(&self) -> Option<(ResourceId, &'a Host)> {
        match self {
            Start::Subnet { id, host, .. }
            | Start::Platform { id, host, .. }
            | Start::Internet { id, host, .. } => Some(((*id)?, (*host)?)),
            Start::Site { id, host, .. } => Some((*id, (*host)?)),
        }
    }
}

/// Where a packet is to go.
#[derive(Clone, Debug)]
pub(super) struct Target<'a> {
    /// As rules see it.
    pub(super) party: Party<'a>,
    /// The service resource, where it is one of the design.
    pub(super) service: Option<ResourceId>,
    /// How messages call it.
    pub(super) label: Arg,
    /// The party that its name stands for in public, where it has a name.
    pub(super) in_public: Option<Party<'a>>,
}

impl<'a> Target<'a> {
    pub(super) fn address(address: Ipv4Addr) -> Target<'a> {
        Target {
            party: Party::private(Some(address), &[]),
            service: None,
            label: arg(address),
            in_public: None,
        }
    }

    pub(super) fn public(party: Party<'a>) -> Target<'a> {
        let label = party
            .name
            .as_ref()
            .map(Shown::word)
            .or_else(|| party.address.map(|it| it.word()))
            .map_or_else(|| text("the internet", "インターネット").into(), Arg::Value);
        let in_public = party.name.is_some().then(|| party.clone());
        Target { party, service: None, label, in_public }
    }
}

/// How a packet arrives.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Arrival {
    Host(ResourceId),
    /// At one of its addresses.
    Endpoint(ResourceId, Option<Ipv4Addr>),
    /// At a public service with the identity of a subnet.
    Subnet {
        subnet: ResourceId,
        address: Option<Ipv4Addr>,
    },
    Public(Sender),
    /// At a private endpoint that the design does not show; nothing more is asked.
    Served,
    /// It does not, and nothing can be said of what would be next.
    Lost,
}

/// What a public service sees of a caller.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sender {
    /// `None` where the design does not fix the address.
    pub(super) address: Option<Cidr>,
    /// The region of a caller inside Azure.
    pub(super) region: Option<String>,
    /// Where the address comes from, for words; `None` for a broken way that is assumed repaired.
    pub(super) via: Option<ResourceId>,
    /// The way out is broken, so the address is not known at all.
    pub(super) assumed: bool,
    /// Azure picks the address and may change it, so no rule can be relied on to hold it.
    pub(super) picked: bool,
}

/// Where the packet is between two routes.
#[derive(Clone, Debug)]
struct Here<'a> {
    subnet: ResourceId,
    network: ResourceId,
    /// The network in which its (translated) source stands; `None` for outside.
    home: Option<ResourceId>,
    source: Party<'a>,
    /// Appliances passed so far.
    via: Vec<Via<'a>>,
    /// The host that sends it, until an appliance does.
    host: Option<&'a Host>,
}

/// An appliance that passed the packet on.
#[derive(Clone, Debug)]
struct Via<'a> {
    id: ResourceId,
    /// The source that the packet had before.
    source: Party<'a>,
    /// It put its own address into the packet.
    translated: bool,
}

/// Where one route led.
enum End {
    /// To whoever has the address in this network.
    Network(ResourceId),
    Endpoint(ResourceId),
    Appliance(ResourceId),
    ServiceEndpoint,
    Internet,
    Site {
        gateway: ResourceId,
        site: ResourceId,
    },
    Lost,
}

impl<'a> Network<'a> {
    /// A start inside a subnet, for hosts, name servers and appliances.
    pub(super) fn start_in_subnet(
        &self,
        subnet: ResourceId,
        holder: Option<ResourceId>,
    ) -> Option<Start<'a>> {
        let network = self.facts().subnets.get(&subnet)?.network;
        let host = holder.and_then(|it| self.facts().hosts.get(&it));
        let address = holder.and_then(|it| self.index.address.get(&it)).copied();
        Some(Start::Subnet { subnet, network, id: holder, host, address })
    }

    pub(super) fn start_in_site(&self, site: ResourceId, holder: Option<ResourceId>) -> Start<'a> {
        let id = holder.unwrap_or(site);
        let host = self.facts().hosts.get(&id);
        let address = self.index.address.get(&id).copied().or_else(|| {
            // Somebody in the site; which address does not matter to anything that is modeled.
            let space = &self.facts().sites.get(&site)?.space;
            space.iter().find(|it| it.len() > 0).map(|it| it.first())
        });
        Start::Site { site, id, host, address }
    }

    /// Follows a packet until it arrives. Failing hops are logged; the arrival is then the one that the
    /// repaired way would have.
    pub(super) fn walk(
        &self,
        log: &mut Log<'_>,
        start: &Start<'a>,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> Arrival {
        match start {
            Start::Subnet { subnet, network, id, host, address } => {
                log.touch_subnet(*subnet);
                if let Some(address @ (PLATFORM_DNS | PLATFORM_METADATA)) = target.party.address {
                    self.platform(log, *subnet, *id, address, protocol, port);
                    return Arrival::Lost;
                }
                let groups = host.map_or(&[][..], |it| &it.groups);
                groups.iter().for_each(|it| log.touch(*it));
                let mut here = Here {
                    subnet: *subnet,
                    network: *network,
                    home: Some(*network),
                    source: Party::private(*address, groups),
                    via: Vec::new(),
                    host: *host,
                };
                let end = self.leg(log, &here, target);
                self.outbound(log, &here, *host, target, protocol, port);
                self.follow(log, &mut here, end, target, protocol, port)
            }
            Start::Site { site, address, .. } => {
                self.leave_site(log, *site, *address, target, protocol, port)
            }
            Start::Internet { id, address, .. } => {
                let address = address.map(|it| Cidr::holding(it, 32));
                let sender =
                    Sender { address, region: None, via: *id, assumed: false, picked: false };
                self.come_in(log, sender, &[], target, protocol, port)
            }
            Start::Platform { id, region, tag, .. } => {
                let sender = Sender {
                    address: None,
                    region: (!region.is_empty()).then(|| region.clone()),
                    via: *id,
                    assumed: false,
                    // Services publish the ranges that they call from; computes have no fixed one.
                    picked: tag.is_none(),
                };
                let tags: Vec<&str> = tag.iter().copied().collect();
                self.come_in(log, sender, &tags, target, protocol, port)
            }
        }
    }

    /// Traffic to the platform's own addresses: outside routes, and outside filters that do not name it.
    fn platform(
        &self,
        log: &mut Log<'_>,
        subnet: ResourceId,
        holder: Option<ResourceId>,
        address: Ipv4Addr,
        protocol: Protocol,
        port: u16,
    ) {
        let tag = if address == PLATFORM_METADATA {
            "AzurePlatformIMDS"
        } else if port == 1688 {
            "AzurePlatformLKM"
        } else {
            "AzurePlatformDNS"
        };
        match self.platform_blocked(subnet, holder, tag, protocol, port) {
            Some(step) => log.push(step),
            None => log.push(
                Step::pass(
                    Hop::NsgOutbound,
                    text(
                        "{0} belongs to the platform: no route and no rule governs it, unless a rule names {1}",
                        "{0} はプラットフォームのアドレスです。{1} を指定した規則がない限り、ルートも規則も適用されません",
                    )
                    .with([arg(address), arg(tag)]),
                )
                .source(NSG),
            ),
        }
    }

    /// The step that says so when a filter names the platform's tag and denies.
    pub(super) fn platform_blocked(
        &self,
        subnet: ResourceId,
        holder: Option<ResourceId>,
        tag: &str,
        protocol: Protocol,
        port: u16,
    ) -> Option<Step> {
        let nic = holder.and_then(|it| self.facts().hosts.get(&it)).and_then(|it| it.filter);
        let own = self.facts().subnets.get(&subnet).and_then(|it| it.filter);
        [nic, own].into_iter().flatten().find_map(|filter| {
            let rule = platform_denied(self, filter, tag, protocol, port)?;
            Some(
                Step::deny(
                    Hop::NsgOutbound,
                    text(
                        "{0}: rule {1} ({2}) names {3} and denies it",
                        "{0}: 規則 {1} ({2}) が {3} を指定して拒否しています",
                    )
                    .with([
                        arg(self.facts().name(filter)),
                        arg(&rule.name),
                        arg(rule.priority),
                        arg(tag),
                    ]),
                )
                .at(filter)
                .source("virtual-network/service-tags-overview"),
            )
        })
    }

    /// Chooses a route and follows it as far as the next decision.
    fn leg(&self, log: &mut Log<'_>, here: &Here<'a>, target: &Target<'a>) -> End {
        self.touch_routes(log, here.subnet);
        if !target.party.public {
            let Some(address) = target.party.address else { return End::Lost };
            let Some(choice) = self.route_private(here.subnet, address) else {
                return self.no_route(log, here);
            };
            return self.take(log, here, &choice, target, Some(address));
        }
        let Some(subnet) = self.facts().subnets.get(&here.subnet) else {
            return self.no_route(log, here);
        };
        let region = self.facts().networks.get(&here.network).map_or("", |it| it.region.as_str());
        if let Some(endpoint) = service_endpoint(&subnet.service_endpoints, region, &target.party) {
            let allowed = endpoint
                .only
                .as_ref()
                .is_none_or(|only| target.service.map_or(endpoint.unseen, |it| only.contains(&it)));
            let words =
                [arg(self.facts().name(here.subnet)), arg(endpoint.tag), target.label.clone()];
            if allowed {
                log.push(
                    Step::pass(
                        Hop::Route,
                        text(
                            "{0} has a service endpoint for {1}: straight to {2}, past every default route",
                            "{0} には {1} のサービス エンドポイントがあり、既定ルートに関係なく {2} に直接届きます",
                        )
                        .with(words),
                    )
                    .at(here.subnet)
                    .source(SERVICE_ENDPOINT),
                );
            } else {
                log.push(
                    Step::deny(
                        Hop::Route,
                        text(
                            "the service endpoint policy of {0} does not list {2} for {1}",
                            "{0} の {1} 用サービス エンドポイント ポリシーに {2} が含まれていません",
                        )
                        .with(words),
                    )
                    .at(here.subnet)
                    .source("virtual-network/virtual-network-service-endpoint-policies-overview"),
                );
            }
            return End::ServiceEndpoint;
        }
        let choice = self.table(here.subnet).and_then(|it| it.lookup_public(&target.party));
        let Some(choice) = choice else { return self.no_route(log, here) };
        if let Some(rival) = &choice.rival {
            log.push(
                Step::unknown(
                    Hop::Route,
                    text(
                        "the route for {0} may also cover {1}, whose addresses the design does not give",
                        "{0} のルートは {1} にも当てはまる可能性がありますが、アドレスがデザインにありません",
                    )
                    .with([arg(rival), target.label.clone()]),
                )
                .at(choice.table.unwrap_or(here.subnet))
                .source(UDR),
            );
            log.guess();
        }
        self.take(log, here, &choice, target, None)
    }

    /// What Azure refuses about the routes of a subnet concerns whoever asks for one of them.
    fn touch_routes(&self, log: &mut Log<'_>, subnet: ResourceId) {
        if let Some(table) = self.facts().subnets.get(&subnet).and_then(|it| it.routes) {
            log.touch(table);
        }
    }

    fn no_route(&self, log: &mut Log<'_>, here: &Here<'_>) -> End {
        log.push(
            Step::unknown(
                Hop::Route,
                text(
                    "the routes of {0} are not known, because it stands in no network",
                    "{0} が仮想ネットワークに属していないため、ルートがわかりません",
                )
                .with([arg(self.facts().name(here.subnet))]),
            )
            .at(here.subnet),
        );
        End::Lost
    }

    /// Says which route was chosen, and checks the step to the next network.
    fn take(
        &self,
        log: &mut Log<'_>,
        here: &Here<'a>,
        choice: &Choice,
        target: &Target<'a>,
        address: Option<Ipv4Addr>,
    ) -> End {
        let mark = choice.table.unwrap_or(here.subnet);
        let source =
            if matches!(choice.next, Next::Endpoint { .. }) { ENDPOINT_POLICY } else { UDR };
        let said = self.route_words(here.subnet, choice, target);
        let pass = |log: &mut Log| {
            log.push(Step::pass(Hop::Route, said.clone()).at(mark).source(source));
        };
        match choice.next {
            Next::Local => {
                pass(log);
                End::Network(here.network)
            }
            Next::Peer(other) => {
                pass(log);
                self.peering(log, here, other);
                End::Network(other)
            }
            Next::Endpoint { id, network } => {
                pass(log);
                if network != here.network {
                    self.peering(log, here, network);
                }
                End::Endpoint(id)
            }
            Next::Appliance(hop) => {
                pass(log);
                self.to_appliance(log, here, choice, hop, address)
            }
            Next::Internet => {
                let held = |it: &Ipv4Addr| {
                    Cidr::holding(*it, 32).is_private() || self.any_holding(*it).is_some()
                };
                let Some(inside) = address.filter(held) else {
                    pass(log);
                    return End::Internet;
                };
                // Whatever range a network takes its addresses from, the internet has no way into it. Into a site
                // with public addresses it may have one.
                if !Cidr::holding(inside, 32).is_private()
                    && let Some((Realm::Site(site), _)) = self.any_holding(inside)
                {
                    log.push(Step::unknown(Hop::Route, said).at(mark).source(UDR));
                    log.note(
                        text(
                            "whether {0} takes calls from the internet at its own addresses, the design does not say; connect it by a gateway",
                            "{0} がインターネットから自身のアドレスへの接続を受け付けるかどうかは、デザインに含まれていません。ゲートウェイで接続してください",
                        )
                        .with([arg(self.facts().name(site))]),
                    );
                    return self.repaired(address);
                }
                if choice.origin == Origin::System
                    && let Some((step, other)) = self.broken_peering(here.network, inside)
                {
                    log.push(step);
                    return End::Network(other);
                }
                log.push(Step::deny(Hop::Route, said).at(mark).source(UDR));
                log.note(text(
                    "an address of a virtual network, or a private one, is not reachable over the internet",
                    "仮想ネットワークのアドレスやプライベート アドレスには、インターネット経由では到達できません",
                ));
                self.repaired(address)
            }
            Next::Gateway { gateway, site } => {
                pass(log);
                log.touch(gateway);
                self.touch_borrowed_gateways(log, here.network);
                if let Some(it) = self.facts().gateways.get(&gateway) {
                    log.touch_subnet(it.subnet);
                }
                End::Site { gateway, site }
            }
            Next::NoGateway => {
                log.push(Step::deny(Hop::Route, said).at(mark).source(UDR));
                self.repaired(address)
            }
            Next::Drop => {
                let peering = address.and_then(|it| self.broken_peering(here.network, it));
                match peering {
                    Some((step, other)) if choice.origin == Origin::System => {
                        log.push(step);
                        End::Network(other)
                    }
                    _ => {
                        log.push(Step::deny(Hop::Route, said).at(mark).source(UDR));
                        if choice.origin == Origin::System
                            && let Some(it) = address
                        {
                            self.explain_unreachable(log, here.network, it);
                        }
                        self.repaired(address)
                    }
                }
            }
        }
    }

    fn route_words(
        &self,
        subnet: ResourceId,
        choice: &Choice,
        target: &Target<'_>,
    ) -> crate::text::Message {
        let next: Arg = match choice.next {
            Next::Local => text("this network", "この仮想ネットワーク").into(),
            Next::Peer(_) => text("peering", "ピアリング").into(),
            Next::Endpoint { .. } => {
                text("the private endpoint", "プライベート エンドポイント").into()
            }
            Next::Gateway { .. } => {
                text("the virtual network gateway", "仮想ネットワーク ゲートウェイ").into()
            }
            Next::NoGateway => text(
                "a virtual network gateway, but no VPN gateway is connected",
                "仮想ネットワーク ゲートウェイ (接続された VPN ゲートウェイはありません)",
            )
            .into(),
            Next::Appliance(it) => arg(it),
            Next::Internet => text("the internet", "インターネット").into(),
            Next::Drop => text("None (dropped)", "なし (破棄)").into(),
        };
        let subnet = arg(self.facts().name(subnet));
        let prefix = arg(&choice.prefix);
        if choice.origin == Origin::User {
            return text(
                "{0} to {1}: user route {2} ({3}) leads to {4}",
                "{0} から {1}: ユーザー定義ルート {2} ({3}) の次ホップは {4}",
            )
            .with([subnet, target.label.clone(), arg(&choice.name), prefix, next]);
        }
        let kind: Text = if choice.origin == Origin::Gateway {
            text("gateway route", "ゲートウェイのルート")
        } else {
            text("system route", "システム ルート")
        };
        text("{0} to {1}: {2} {3} leads to {4}", "{0} から {1}: {2} {3} の次ホップは {4}").with([
            subnet,
            target.label.clone(),
            kind.into(),
            prefix,
            next,
        ])
    }

    /// Where the packet would be going if the way were open.
    fn repaired(&self, address: Option<Ipv4Addr>) -> End {
        match address.map(|it| self.any_holding(it)) {
            Some(Some((_, Holder::Endpoint(id)))) => End::Endpoint(id),
            Some(Some((Realm::Network(network), _))) => End::Network(network),
            Some(_) => End::Lost,
            None => End::Internet,
        }
    }

    /// Whoever holds `address`, in whatever network.
    pub(super) fn any_holding(&self, address: Ipv4Addr) -> Option<(Realm, Holder)> {
        self.index.holders.get(&address).and_then(|it| it.first()).copied()
    }

    pub(super) fn any_holder(&self, address: Ipv4Addr) -> Option<Holder> {
        self.any_holding(address).map(|(_, it)| it)
    }

    /// Whoever holds `address`, seen from `network`: there, then in its peers, then anywhere.
    pub(super) fn near(&self, network: ResourceId, address: Ipv4Addr) -> Option<Holder> {
        let all = self.index.holders.get(&address)?;
        let own = all.iter().find(|(it, _)| *it == Realm::Network(network));
        let peer = || {
            let peers = self.index.peers.get(&network)?;
            all.iter().find(|(it, _)| {
                matches!(it, Realm::Network(id) if peers.get(id).is_some_and(Peer::connected))
            })
        };
        own.or_else(peer).or_else(|| all.first()).map(|(_, it)| *it)
    }

    /// The appliance that a route names must be there, and next door.
    fn to_appliance(
        &self,
        log: &mut Log<'_>,
        here: &Here<'a>,
        choice: &Choice,
        hop: Ipv4Addr,
        address: Option<Ipv4Addr>,
    ) -> End {
        let facts = self.facts();
        let mark = choice.table.unwrap_or(here.subnet);
        let in_space = |network: ResourceId| {
            facts
                .networks
                .get(&network)
                .is_some_and(|it| it.space.iter().any(|it| it.contains(hop)))
        };
        let place = if in_space(here.network) {
            Some(here.network)
        } else {
            self.connected_peers(here.network).map(|it| it.other).find(|it| in_space(*it))
        };
        let Some(place) = place else {
            if let Some((step, _)) = self.broken_peering(here.network, hop) {
                log.push(step);
            } else {
                log.push(
                    Step::deny(
                        Hop::Route,
                        text(
                            "the next hop {0} is neither in {1} nor in a network peered with it",
                            "次ホップ {0} は {1} にも、それとピアリングされたネットワークにもありません",
                        )
                        .with([arg(hop), arg(facts.name(here.network))]),
                    )
                    .at(mark)
                    .source(UDR),
                );
            }
            return match self.any_holder(hop) {
                Some(Holder::Appliance(id)) => End::Appliance(id),
                _ => End::Lost,
            };
        };
        if place != here.network {
            self.peering(log, here, place);
        }
        match self.index.holder(Realm::Network(place), hop) {
            // What is for the next hop itself is there. IP forwarding is for "network traffic not destined
            // for one of the IP addresses assigned" (virtual-network/virtual-network-network-interface).
            Some(Holder::Host(_) | Holder::NameServer(_)) if address == Some(hop) => {
                End::Network(place)
            }
            Some(Holder::Appliance(id)) => End::Appliance(id),
            Some(Holder::Host(id)) => {
                if facts.hosts.get(&id).is_some_and(|it| it.forwards.is_some()) {
                    return End::Appliance(id);
                }
                log.push(
                    Step::deny(
                        Hop::Route,
                        text(
                            "{0} has the next hop address {1}, but IP forwarding is off on it",
                            "次ホップ {1} は {0} ですが、IP 転送が無効です",
                        )
                        .with([arg(facts.name(id)), arg(hop)]),
                    )
                    .at(id)
                    .source(UDR),
                );
                End::Lost
            }
            Some(it) => {
                log.push(
                    Step::deny(
                        Hop::Route,
                        text(
                            "{0} has the next hop address {1}, but forwards nothing",
                            "次ホップ {1} は {0} ですが、パケットを転送しません",
                        )
                        .with([arg(facts.name(it.id())), arg(hop)]),
                    )
                    .at(it.id())
                    .source(UDR),
                );
                End::Lost
            }
            None if self.index.inner_balancers.contains_key(&(place, hop)) => {
                let id = self.index.inner_balancers.get(&(place, hop)).copied();
                self.enter_balancer(log, id.unwrap_or(place));
                End::Lost
            }
            None => {
                log.push(
                    Step::unknown(
                        Hop::Route,
                        text(
                            "nothing in the design has the next hop address {0}; draw the appliance",
                            "次ホップ {0} のリソースがデザインにありません。アプライアンスを追加してください",
                        )
                        .with([arg(hop)]),
                    )
                    .at(mark)
                    .source(UDR),
                );
                log.guess();
                End::Lost
            }
        }
    }

    /// Filters on the way out: network interface, then subnet.
    fn outbound(
        &self,
        log: &mut Log<'_>,
        here: &Here<'a>,
        host: Option<&'a Host>,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) {
        let seen = Seen {
            direction: Direction::Outbound,
            source: &here.source,
            destination: &target.party,
            protocol,
            port,
            any_source_port: false,
        };
        let own = self.facts().subnets.get(&here.subnet).and_then(|it| it.filter);
        let filters = [host.and_then(|it| it.filter), own];
        self.filters(log, filters, Some(here.subnet), &seen, &target.label);
    }

    /// Goes on from the end of a route.
    fn follow(
        &self,
        log: &mut Log<'_>,
        here: &mut Here<'a>,
        first: End,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> Arrival {
        let mut end = first;
        // The target as a proxy on the way resolves it.
        let mut proxied: Option<Target<'a>> = None;
        for _ in 0..MAX_LEGS {
            let target = proxied.as_ref().unwrap_or(target);
            match end {
                End::Network(network) => {
                    return self.deliver(log, here, network, target, protocol, port);
                }
                End::Endpoint(id) => {
                    self.enter_endpoint(log, here, id, target, protocol, port);
                    return Arrival::Endpoint(id, target.party.address);
                }
                End::ServiceEndpoint => {
                    self.back_from_service(log, here);
                    return Arrival::Subnet { subnet: here.subnet, address: here.source.address };
                }
                End::Internet => {
                    let arrival = self.egress(log, here, target, protocol);
                    self.back_from_service(log, here);
                    return arrival;
                }
                End::Site { gateway, site } => {
                    return self.reach_site(log, here, gateway, site, target);
                }
                End::Appliance(id) => {
                    if here.via.iter().any(|it| it.id == id) {
                        log.push(self.circle(id));
                        return self.lost(target);
                    }
                    let Some(appliance) = self.facts().appliances.get(&id) else {
                        if !self.pass_machine(log, here, id, target, protocol, port) {
                            return self.lost(target);
                        }
                        end = self.leg(log, here, target);
                        continue;
                    };
                    log.touch(id);
                    log.touch_subnet(appliance.subnet);
                    let passed = self.pass_appliance(log, id, &here.source, target, protocol, port);
                    here.subnet = appliance.subnet;
                    here.network = appliance.network;
                    let translated = passed != Passed::AsIs;
                    here.via.push(Via { id, source: here.source.clone(), translated });
                    here.host = None;
                    if translated {
                        here.source = Party::private(self.index.address.get(&id).copied(), &[]);
                        here.home = Some(appliance.network);
                    }
                    if passed == Passed::Proxied {
                        let answer = self.resolve_for_proxy(log, id, target);
                        end = self.leg(log, here, answer.as_ref().unwrap_or(target));
                        proxied = answer.or(proxied);
                        continue;
                    }
                    end = self.leg(log, here, target);
                }
                End::Lost => return self.lost(target),
            }
        }
        self.lost(target)
    }

    fn circle(&self, appliance: ResourceId) -> Step {
        Step::deny(
            Hop::Route,
            text(
                "the routes lead back to {0} again and again",
                "ルートが {0} に戻り続けています (ループ)",
            )
            .with([arg(self.facts().name(appliance))]),
        )
        .at(appliance)
        .source(UDR)
    }

    /// A virtual machine that forwards: Azure hands it the packet and takes it back at its interface. What
    /// its own software does in between is what its settings say. Says whether it stands in a network.
    fn pass_machine(
        &self,
        log: &mut Log<'_>,
        here: &mut Here<'a>,
        id: ResourceId,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> bool {
        let facts = self.facts();
        let (Some((subnet, network)), Some(host)) = (self.place_of(id), facts.hosts.get(&id))
        else {
            return false;
        };
        log.touch(id);
        log.touch_subnet(subnet);
        host.groups.iter().for_each(|it| log.touch(*it));
        let own = facts.subnets.get(&subnet).and_then(|it| it.filter);
        let inbound = Seen {
            direction: Direction::Inbound,
            source: &here.source,
            destination: &target.party,
            protocol,
            port,
            any_source_port: false,
        };
        let open = log.leave_nothing_open();
        self.filters(log, [own, host.filter], Some(subnet), &inbound, &target.label);
        let forwards = host.forwards.unwrap_or(Forwarding::Unsaid);
        let (outcome, said) = match forwards {
            Forwarding::Unsaid => (
                Outcome::Unknown,
                text(
                    "{0} has IP forwarding on; what its own software lets through is not said. Set its Forwarded traffic",
                    "{0} は IP 転送が有効ですが、{0} 上のソフトウェアが何を通すかが指定されていません。「転送するトラフィック」を設定してください",
                ),
            ),
            Forwarding::Passes | Forwarding::Translates => (
                Outcome::Allowed,
                text(
                    "{0} has IP forwarding on and lets all through, as its Forwarded traffic says",
                    "{0} は IP 転送が有効で、「転送するトラフィック」の設定どおりすべて通します",
                ),
            ),
        };
        let step = Step::new(Hop::FirewallAppliance, outcome, said.with([arg(facts.name(id))]));
        log.push(step.at(id).source(UDR));
        // Azure takes no packets with other sources from an interface to the internet.
        let translated = target.party.public || forwards == Forwarding::Translates;
        here.via.push(Via { id, source: here.source.clone(), translated });
        if translated {
            here.source = Party::private(self.index.address.get(&id).copied(), &host.groups);
            here.home = Some(network);
        }
        let outbound = Seen {
            direction: Direction::Outbound,
            source: &here.source,
            destination: &target.party,
            protocol,
            port,
            any_source_port: false,
        };
        self.filters(log, [host.filter, own], Some(subnet), &outbound, &target.label);
        log.go_on_leaving_open(open);
        here.subnet = subnet;
        here.network = network;
        here.host = Some(host);
        true
    }

    /// The subnet and network of a firewall or a machine.
    fn place_of(&self, id: ResourceId) -> Option<(ResourceId, ResourceId)> {
        let facts = self.facts();
        if let Some(it) = facts.appliances.get(&id) {
            return Some((it.subnet, it.network));
        }
        let subnet = self.subnet_of(Holder::Host(id))?;
        Some((subnet, facts.subnets.get(&subnet)?.network))
    }

    /// What becomes of a reply that goes round an appliance which kept the source: Azure Firewall drops
    /// the connection, what a machine does is its own software's affair.
    fn if_it_translates_not(&self, appliance: ResourceId) -> Outcome {
        if self.facts().appliances.contains_key(&appliance) {
            Outcome::Denied
        } else {
            Outcome::Unknown
        }
    }

    /// The arrival that is assumed once the way is repaired.
    fn lost(&self, target: &Target<'a>) -> Arrival {
        if target.party.public {
            return Arrival::Public(Sender {
                address: None,
                region: None,
                via: None,
                assumed: true,
                picked: false,
            });
        }
        match target.party.address.and_then(|it| self.any_holder(it)) {
            Some(Holder::Endpoint(id)) => Arrival::Endpoint(id, target.party.address),
            Some(it) => Arrival::Host(it.id()),
            None => Arrival::Lost,
        }
    }

    pub(super) fn subnet_of(&self, holder: Holder) -> Option<ResourceId> {
        let facts = self.facts();
        match holder {
            Holder::Host(id) => match facts.hosts.get(&id)?.position {
                Position::Subnet { subnet, .. } => Some(subnet),
                _ => None,
            },
            Holder::Endpoint(id) => Some(facts.private_endpoints.get(&id)?.subnet),
            Holder::Appliance(id) => Some(facts.appliances.get(&id)?.subnet),
            Holder::NameServer(id) => match facts.name_servers.get(&id)?.place {
                crate::facts::name::ServerPlace::Subnet(subnet) => Some(subnet),
                crate::facts::name::ServerPlace::Site(_) => None,
            },
        }
    }
}
