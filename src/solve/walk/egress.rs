//! Ways out to the internet, in Azure's order: appliances by route, NAT gateway, the host's own public
//! address, outbound rules of a load balancer, default outbound access.
//!
//! Azure docs: "What is Azure NAT Gateway?" (nat-gateway/nat-overview, order of precedence), "Outbound rules
//! Azure Load Balancer" (load-balancer/outbound-rules), "Default outbound access in Azure"
//! (virtual-network/ip-services/default-outbound-access).

use super::{Arrival, Here, Sender, Target};
use crate::{
    facts::{
        ResourceId,
        cidr::Cidr,
        filter::Protocol,
        network::{PublicAddress, Translation},
    },
    solve::{Hop, Outcome, Step, flow::Network, log::Log},
    text::{Arg, arg, text},
};

const EGRESS: &str = "virtual-network/ip-services/default-outbound-access";
const OUTBOUND_RULES: &str = "load-balancer/outbound-rules";

/// What the pools of a host make of a packet to the internet.
enum Balanced<'a> {
    /// It is in none.
    Nothing,
    /// It leaves with one of these addresses as its source; none for one that Azure picks.
    Out { at: ResourceId, rule: &'a str, addresses: Vec<&'a PublicAddress> },
    /// It does not leave, and default outbound access is gone as well.
    Kept(Step),
}

fn shown(address: Option<Cidr>) -> Arg {
    address.map_or_else(
        || text("an address known after deployment", "デプロイ後に決まるアドレス").into(),
        arg,
    )
}

impl<'a> Network<'a> {
    /// The way out to the internet, and the address that the other side sees.
    pub(super) fn egress(
        &self,
        log: &mut Log<'_>,
        here: &Here<'a>,
        target: &Target<'a>,
        protocol: Protocol,
    ) -> Arrival {
        let facts = self.facts();
        let region = facts.networks.get(&here.network).map(|it| it.region.clone());
        let sender = |address: Option<Cidr>, via| {
            let region = region.clone();
            Arrival::Public(Sender { address, region, via, assumed: false, picked: false })
        };
        let picked = || {
            let (region, via) = (region.clone(), Some(here.subnet));
            Arrival::Public(Sender { address: None, region, via, assumed: false, picked: true })
        };
        let said = |log: &mut Log<'_>, id: ResourceId, address: Option<Cidr>| {
            log.push(
                Step::pass(
                    Hop::Route,
                    text("leaves through {0} ({1})", "{0} ({1}) から送信されます")
                        .with([arg(facts.name(id)), shown(address)]),
                )
                .at(id)
                .source(EGRESS),
            );
        };
        let first = |all: &[PublicAddress]| all.first().map(|it| it.prefix);
        let Some(subnet) = facts.subnets.get(&here.subnet) else { return self.lost(target) };
        // A NAT gateway takes outbound traffic even from hosts with a public address of their own.
        if let Some(nat) = subnet.nat {
            log.touch(nat);
            let addresses = facts.nats.get(&nat).map_or(&[][..], |it| &it.addresses);
            if !addresses.is_empty() && !protocol.has_ports() {
                let own = here.host.is_some_and(|it| it.public.is_some()) || !here.via.is_empty();
                let (outcome, said) = if own {
                    (
                        Outcome::Unknown,
                        text(
                            "{0} translates TCP and UDP only; whether {1} leaves with another public address instead, Azure does not say",
                            "{0} が変換するのは TCP と UDP だけです。{1} が別のパブリック アドレスから送信されるかどうかは Azure のドキュメントにありません",
                        ),
                    )
                } else {
                    (
                        Outcome::Denied,
                        text(
                            "{0} translates TCP and UDP only, so {1} does not leave through it",
                            "{0} が変換するのは TCP と UDP だけのため、{1} は送信できません",
                        ),
                    )
                };
                log.push(
                    Step::new(
                        Hop::Route,
                        outcome,
                        said.with([arg(facts.name(nat)), arg(protocol.name())]),
                    )
                    .at(nat)
                    .source("nat-gateway/nat-overview"),
                );
                return self.lost(target);
            }
            if let Some(address) = first(addresses) {
                addresses.iter().for_each(|it| log.touch(it.at));
                said(log, nat, address);
                let address = if addresses.len() == 1 { address } else { None };
                return sender(address, Some(nat));
            }
            log.push(self.no_public_address(nat, "nat-gateway/nat-overview"));
            return self.lost(target);
        }
        if let Some(appliance) =
            here.via.last().and_then(|it| Some((it.id, facts.appliances.get(&it.id)?)))
        {
            let (id, it) = appliance;
            if let Some(address) = first(&it.public) {
                it.public.iter().for_each(|it| log.touch(it.at));
                said(log, id, address);
                let address = if it.public.len() == 1 { address } else { None };
                return sender(address, Some(id));
            }
            log.push(self.no_public_address(id, "firewall/forced-tunneling"));
            return self.lost(target);
        }
        if let Some(public) = here.host.and_then(|it| it.public.as_ref()) {
            said(log, public.at, public.prefix);
            return sender(public.prefix, Some(public.at));
        }
        let storage = target.party.tags.contains(&"Storage");
        let storage_nearby = storage && region.is_some() && target.party.region == region;
        let pools = here.host.map_or(&[][..], |it| &it.pools);
        match self.balanced(log, pools, subnet.default_outbound, protocol) {
            Balanced::Out { at, rule, addresses } => {
                let address = addresses.first().and_then(|it| it.prefix);
                addresses.iter().for_each(|it| log.touch(it.at));
                log.push(
                    Step::pass(
                        Hop::Route,
                        text(
                            "leaves through {0} ({1}), by its rule {2}",
                            "規則 {2} により {0} ({1}) から送信されます",
                        )
                        .with([
                            arg(facts.name(at)),
                            shown(address),
                            arg(rule),
                        ]),
                    )
                    .at(at)
                    .source(OUTBOUND_RULES),
                );
                if addresses.is_empty() {
                    return picked();
                }
                let address = if addresses.len() == 1 { address } else { None };
                return sender(address, Some(at));
            }
            Balanced::Kept(step) if !storage_nearby => {
                log.push(step);
                return self.lost(target);
            }
            Balanced::Kept(step) if subnet.default_outbound => {
                log.push(
                    Step::unknown(
                        Hop::Route,
                        text(
                            "nothing lets {0} out, and whether storage of the same region stays reachable Azure does not say for machines behind a load balancer. Add an outbound rule or a service endpoint",
                            "{0} からの送信手段がありません。ロード バランサーの背後のマシンから同じリージョンのストレージに到達できるかどうかは Azure のドキュメントにありません。アウトバウンド規則かサービス エンドポイントを追加してください",
                        )
                        .with([arg(facts.name(here.subnet))]),
                    )
                    .at(step.at.unwrap_or(here.subnet))
                    .source(OUTBOUND_RULES),
                );
                return self.lost(target);
            }
            // What is said of storage near a private subnet holds without any way out.
            Balanced::Kept(_) | Balanced::Nothing => {}
        }
        if subnet.default_outbound {
            log.push(
                Step::pass(
                    Hop::Route,
                    text(
                        "{0} has default outbound access: an address that nobody owns and that can change",
                        "{0} の既定の送信アクセスを使います。アドレスは誰のものでもなく、変わることがあります",
                    )
                    .with([arg(facts.name(here.subnet))]),
                )
                .at(here.subnet)
                .source(EGRESS),
            );
            return picked();
        }
        if storage_nearby {
            log.push(
                Step::pass(
                    Hop::Route,
                    text(
                        "{0} is a private subnet without a way out, but storage of the same region stays reachable",
                        "{0} は送信手段のないプライベート サブネットですが、同じリージョンのストレージには到達できます",
                    )
                    .with([arg(facts.name(here.subnet))]),
                )
                .at(here.subnet)
                .source(EGRESS),
            );
            return picked();
        }
        log.push(
            Step::deny(
                Hop::Route,
                text(
                    "{0} is a private subnet without a way out; give it a NAT gateway, or a default route to a firewall",
                    "{0} は送信手段のないプライベート サブネットです。NAT ゲートウェイか、ファイアウォールへの既定ルートを追加してください",
                )
                .with([arg(facts.name(here.subnet))]),
            )
            .at(here.subnet)
            .source(EGRESS),
        );
        self.lost(target)
    }

    /// Of a NAT gateway or a firewall.
    fn no_public_address(&self, id: ResourceId, source: &'static str) -> Step {
        Step::deny(
            Hop::Route,
            text(
                "{0} has no public IP address, so nothing leaves through it",
                "{0} にパブリック IP アドレスがないため、送信できません",
            )
            .with([arg(self.facts().name(id))]),
        )
        .at(id)
        .source(source)
    }

    /// "The default outbound access IP is disabled when the VM is placed in the backend pool of a standard load
    /// balancer, with or without outbound rules" (load-balancer/quickstart-load-balancer-standard-internal-portal).
    fn balanced(
        &self,
        log: &mut Log<'_>,
        pools: &[(ResourceId, usize)],
        default_outbound: bool,
        protocol: Protocol,
    ) -> Balanced<'a> {
        let facts = self.facts();
        let Some((first, _)) = pools.first() else { return Balanced::Nothing };
        let (mut explicit, mut implied) = (Vec::new(), Vec::new());
        for (id, n) in pools {
            log.touch(*id);
            let Some(pool) = facts.balancers.get(id).and_then(|it| it.pools.get(*n)) else {
                continue;
            };
            explicit.extend(pool.outbound.iter().map(|it| (*id, it)));
            implied.extend(pool.implied.iter().map(|it| (*id, it)));
        }
        if let Some(it) = leaving(&explicit, protocol) {
            return it;
        }
        let by_the_way = leaving(&implied, protocol);
        let kept = match (by_the_way, explicit.first()) {
            (Some(it @ Balanced::Out { .. }), _) if default_outbound => return it,
            (Some(Balanced::Out { at, rule, .. }), _) => Step::unknown(
                Hop::Route,
                text(
                    "the load balancing rule {0} of {1} translates what its machines send, but whether it does so in a private subnet Azure does not say. Give {1} an outbound rule",
                    "{1} の負荷分散規則 {0} は送信元を変換しますが、プライベート サブネットでもそうなるかどうかは Azure のドキュメントにありません。{1} にアウトバウンド規則を追加してください",
                )
                .with([arg(rule), arg(facts.name(at))]),
            )
            .at(at),
            (_, Some((at, rule))) => Step::deny(
                Hop::Route,
                text(
                    "the outbound rule {0} of {1} is for {2}, so {3} has no way out",
                    "{1} のアウトバウンド規則 {0} の対象は {2} のため、{3} は送信できません",
                )
                .with([
                    arg(&rule.name),
                    arg(facts.name(*at)),
                    arg(if rule.protocol == Protocol::Any { "TCP, UDP" } else { rule.protocol.name() }),
                    arg(protocol.name()),
                ]),
            )
            .at(*at),
            (_, None) => Step::deny(
                Hop::Route,
                text(
                    "no rule of {0} lets its machines out, and in its backend pool they have no default outbound access either; give it an outbound rule, or the subnet a NAT gateway",
                    "{0} にはマシンからの送信を許可する規則がなく、バックエンド プールのマシンは既定の送信アクセスも使えません。アウトバウンド規則を追加するか、サブネットに NAT ゲートウェイを追加してください",
                )
                .with([arg(facts.name(*first))]),
            )
            .at(*first),
        };
        Balanced::Kept(kept.source(OUTBOUND_RULES))
    }
}

/// All addresses that rules for a protocol give, under the name of the first rule.
fn leaving<'a>(
    rules: &[(ResourceId, &'a Translation)],
    protocol: Protocol,
) -> Option<Balanced<'a>> {
    let fitting = rules
        .iter()
        .filter(|(_, it)| it.covers(protocol) && (it.picked || !it.addresses.is_empty()));
    let (at, rule) = fitting.clone().next()?;
    let mut addresses: Vec<&PublicAddress> = Vec::new();
    for it in fitting.flat_map(|(_, it)| &it.addresses) {
        if !addresses.iter().any(|other| other.at == it.at) {
            addresses.push(it);
        }
    }
    Some(Balanced::Out { at: *at, rule: &rule.name, addresses })
}
