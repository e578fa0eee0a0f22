//! From the internet and from the provider's own network to a public address.

use super::{Arrival, Here, Sender, Target, Via};
use crate::{
    facts::{
        ResourceId,
        cidr::Cidr,
        filter::{Direction, Protocol},
        name::PLATFORM_DNS,
    },
    solve::{
        Hop, Step,
        filter::{Guarded, Seen, Verdict, guarded},
        flow::Network,
        index::Holder,
        log::Log,
        matching::Party,
        route::Next,
    },
    text::{Arg, arg, text},
};

impl<'a> Network<'a> {
    /// From the internet, or from the provider's own network.
    pub(super) fn come_in(
        &self,
        log: &mut Log<'_>,
        sender: Sender,
        tags: &[&'a str],
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> Arrival {
        let facts = self.facts();
        let public_holder = target
            .party
            .address
            .filter(|_| target.party.public)
            .and_then(|it| self.index.public_holders.get(&it))
            .copied();
        if target.party.public && public_holder.is_none() {
            return Arrival::Public(sender);
        }
        if let Some(holder) = public_holder {
            return self.reach_public_host(log, holder, &sender, tags, target, protocol, port);
        }
        let from: Arg = sender
            .via
            .map_or_else(|| text("the service", "サービス").into(), |it| arg(facts.name(it)));
        log.push(
            Step::deny(
                Hop::Route,
                text(
                    "{0} is outside the virtual networks, so the private address {1} cannot be reached from there",
                    "{0} は仮想ネットワークの外にあるため、プライベート アドレス {1} に到達できません",
                )
                .with([from, target.label.clone()]),
            )
            .source("private-link/private-endpoint-overview"),
        );
        self.lost(target)
    }

    /// A health probe of the platform: filters apply, routes do not.
    pub(in crate::solve) fn enter_from_platform(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) {
        let facts = self.facts();
        let Some(subnet) = self.subnet_of(Holder::Host(id)) else { return };
        log.touch(id);
        log.touch_subnet(subnet);
        let source =
            Party { tags: vec!["AzureLoadBalancer"], ..Party::private(Some(PLATFORM_DNS), &[]) };
        let host = facts.hosts.get(&id);
        let groups = host.map_or(&[][..], |it| &it.groups);
        groups.iter().for_each(|it| log.touch(*it));
        let mine = Party::private(target.party.address, groups);
        let seen = Seen {
            direction: Direction::Inbound,
            source: &source,
            destination: &mine,
            protocol,
            port,
            any_source_port: false,
        };
        let own = facts.subnets.get(&subnet).and_then(|it| it.filter);
        let filters = [own, host.and_then(|it| it.filter)];
        self.filters(log, filters, Some(subnet), &seen, &target.label);
    }

    /// In through the public address of a host.
    #[expect(clippy::too_many_arguments, reason = "the packet and both of its ends")]
    pub(in crate::solve) fn reach_public_host(
        &self,
        log: &mut Log<'_>,
        holder: Holder,
        sender: &Sender,
        tags: &[&'a str],
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> Arrival {
        let facts = self.facts();
        let id = holder.id();
        if let Holder::Appliance(firewall) = holder {
            return self.translate_in(log, firewall, sender, tags, target, protocol, port);
        }
        let public = facts.hosts.get(&id).and_then(|it| it.public.as_ref());
        [Some(id), public.map(|it| it.at)].into_iter().flatten().for_each(|it| log.touch(it));
        let Some(subnet) = self.subnet_of(holder) else { return Arrival::Host(id) };
        log.touch_subnet(subnet);
        let source = Party {
            address: sender.address.filter(|it| it.is_host()).map(Cidr::first),
            public: true,
            tags: tags.to_vec(),
            region: None,
            provider: !tags.is_empty(),
            groups: &[],
            name: None,
        };
        let Some(network) = facts.subnets.get(&subnet).map(|it| it.network) else {
            return Arrival::Lost;
        };
        let inner = Target {
            party: Party::private(self.index.address.get(&id).copied(), &[]),
            service: None,
            label: target.label.clone(),
            in_public: None,
        };
        let here = Here { subnet, network, home: None, source, via: Vec::new(), host: None };
        log.push(
            Step::pass(
                Hop::Route,
                text(
                    "{0} is called at its public address",
                    "{0} のパブリック アドレスに接続します",
                )
                .with([arg(facts.name(id))]),
            )
            .at(id)
            .source("virtual-network/ip-services/public-ip-addresses"),
        );
        let own = facts.subnets.get(&subnet).and_then(|it| it.filter);
        let host = facts.hosts.get(&id);
        // A service that manages the host brings a group of its own, which lets in this and nothing else.
        let lets_in = |(tag, inbound): (&str, u16)| {
            port == inbound && tags.iter().any(|it| it.eq_ignore_ascii_case(tag))
        };
        let managed = host.and_then(|it| it.managed_inbound).is_some_and(lets_in);
        let closed = own.or(host.and_then(|it| it.filter)).is_none() && !managed;
        let always = || {
            let seen = Seen {
                direction: Direction::Inbound,
                source: &here.source,
                destination: &inner.party,
                protocol,
                port,
                any_source_port: false,
            };
            matches!(guarded(self, Some(subnet), &seen), Guarded::Last(Verdict::Allow(_)))
        };
        if closed && always() {
            log.push(
                Step::unknown(
                    Hop::NsgInbound,
                    text(
                        "a Standard public IP address such as that of {0} is closed until a network security group allows a connection; whether a security admin rule opens it, Azure does not say. Add a network security group",
                        "{0} のような Standard のパブリック IP アドレスは、ネットワーク セキュリティ グループが許可するまで閉じています。セキュリティ管理規則で開くかどうかは Azure のドキュメントにありません。ネットワーク セキュリティ グループを追加してください",
                    )
                    .with([arg(facts.name(id))]),
                )
                .at(id)
                .source("virtual-network/ip-services/public-ip-addresses"),
            );
        } else if closed {
            log.push(
                Step::deny(
                    Hop::NsgInbound,
                    text(
                        "the public address of {0} takes no connection: a Standard public IP address is closed until a network security group of the subnet or the network interface allows one",
                        "{0} のパブリック アドレスは接続を受け付けません。Standard のパブリック IP アドレスは、サブネットまたはネットワーク インターフェイスのネットワーク セキュリティ グループが許可するまで閉じています",
                    )
                    .with([arg(facts.name(id))]),
                )
                .at(id)
                .source("virtual-network/ip-services/public-ip-addresses"),
            );
        }
        self.enter_host(log, &here, holder, &inner, protocol, port);
        // The reply must leave the way the request came in.
        let choice = self.table(subnet).and_then(|it| it.lookup_public(&here.source));
        if let Some(choice) = choice {
            let lost = match choice.next {
                Next::Appliance(_) | Next::Gateway { .. } | Next::NoGateway | Next::Drop => true,
                Next::Internet | Next::Local | Next::Peer(_) | Next::Endpoint { .. } => false,
            };
            if lost {
                log.push(
                    Step::deny(
                        Hop::Route,
                        text(
                            "replies of {0} do not leave the way the request came in: the route for {1} leads elsewhere; add a route with next hop Internet for the sender",
                            "{0} の応答が要求と同じ経路で戻りません: {1} のルートが別の場所に向いています。送信元に対して次ホップがインターネットのルートを追加してください",
                        )
                        .with([arg(facts.name(id)), arg(&choice.prefix)]),
                    )
                    .at(choice.table.unwrap_or(subnet))
                    .source("machine-learning/how-to-access-azureml-behind-firewall"),
                );
            }
        }
        Arrival::Host(id)
    }

    /// Destination translation by a firewall.
    #[expect(clippy::too_many_arguments, reason = "the packet and both of its ends")]
    pub(in crate::solve) fn translate_in(
        &self,
        log: &mut Log<'_>,
        firewall: ResourceId,
        sender: &Sender,
        tags: &[&'a str],
        target: &Target<'a>,
        protocol: Protocol,
        port: u16,
    ) -> Arrival {
        let facts = self.facts();
        let Some(appliance) = facts.appliances.get(&firewall) else { return Arrival::Lost };
        log.touch(firewall);
        log.touch_subnet(appliance.subnet);
        appliance.public.iter().for_each(|it| log.touch(it.at));
        let source = Party {
            address: sender.address.filter(|it| it.is_host()).map(Cidr::first),
            public: true,
            tags: tags.to_vec(),
            provider: !tags.is_empty(),
            ..Party::default()
        };
        let Some((to, to_port)) = self.translate(log, firewall, &source, target, protocol, port)
        else {
            return Arrival::Lost;
        };
        // Azure Firewall puts its own address into what it translates.
        let mut here = Here {
            subnet: appliance.subnet,
            network: appliance.network,
            home: Some(appliance.network),
            source: Party::private(self.index.address.get(&firewall).copied(), &[]),
            via: vec![Via { id: firewall, source, translated: true }],
            host: None,
        };
        let inner = Target::address(to);
        let end = self.leg(log, &here, &inner);
        self.follow(log, &mut here, end, &inner, protocol, to_port)
    }
}
