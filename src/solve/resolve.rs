//! Name resolution: which address a host gets for a name, and from whom.
//!
//! Azure docs: "Azure private endpoint private DNS zone values" (private-link/private-endpoint-dns),
//! "Use your workspace with a custom DNS server" (machine-learning/how-to-custom-dns), "Fallback to
//! internet" (dns/private-dns-fallback).

use std::net::Ipv4Addr;

use super::{
    Hop, Outcome, Step,
    flow::{Answer, Network},
    index::{Holder, Realm},
    log::Log,
    matching::Party,
    walk::{Start, Target},
};
use crate::{
    facts::{
        ResourceId,
        cidr::Cidr,
        filter::Protocol,
        name::{Forwarder, NameServer, PLATFORM_DNS, Upstream},
        service::{Face, LinkState},
    },
    text::{arg, text},
};

const SOURCE: &str = "private-link/private-endpoint-dns";
const CUSTOM: &str = "machine-learning/how-to-custom-dns";

/// Forwarders that ask each other longer than this are a circle.
const MAX_DEPTH: usize = 8;

/// Servers asked for one name, all in all. Each may forward to several others.
pub(super) const MAX_ASKS: u32 = 32;

/// What resolution gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) answer: Answer,
    /// The private zone that answered.
    pub(super) zone: Option<ResourceId>,
    /// The answer cannot be known; the step says why.
    pub(super) unsure: bool,
    /// Nobody could be asked, so the next server may be.
    silent: bool,
}

impl Found {
    const NOTHING: Found = Found::of(Answer::NoAnswer, None);
    const PUBLIC: Found = Found::of(Answer::Public, None);
    const SILENT: Found = Found { silent: true, ..Found::NOTHING };
    const UNSURE: Found = Found { unsure: true, ..Found::PUBLIC };

    const fn of(answer: Answer, zone: Option<ResourceId>) -> Found {
        Found { answer, zone, unsure: false, silent: false }
    }
}

/// Where a question stands: who asks, and from which place servers are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asker {
    /// A host or server in a subnet.
    Subnet {
        subnet: ResourceId,
        holder: Option<ResourceId>,
    },
    Site {
        site: ResourceId,
        holder: Option<ResourceId>,
    },
}

/// The service makes its own private endpoint, and the design does not show it.
pub(super) fn is_unseen(face: &Face) -> bool {
    face.link.as_ref().is_some_and(|it| it.unseen)
}

impl<'a> Network<'a> {
    /// Resolves `name` as the host at `start` would.
    pub(super) fn resolve(
        &self,
        log: &mut Log<'_>,
        start: &Start<'a>,
        name: &str,
        browser: bool,
    ) -> Found {
        self.asks.set(MAX_ASKS);
        if let Some((_, host)) = start.host() {
            if let Some((_, address)) =
                host.hosts_file.iter().find(|(it, _)| it.eq_ignore_ascii_case(name))
            {
                log.push(
                    Step::pass(
                        Hop::Dns,
                        text("the hosts file says {0} is {1}", "hosts ファイルで {0} は {1} です")
                            .with([arg(name), arg(address)]),
                    )
                    .source(CUSTOM),
                );
                return Found::of(Answer::Address(*address), None);
            }
            if browser && host.browser_resolves_publicly {
                log.push(
                    Step::pass(
                        Hop::Dns,
                        text(
                            "the browser asks public DNS over HTTPS, so private zones are skipped: {0} is its public address",
                            "ブラウザーは DNS over HTTPS でパブリック DNS に問い合わせるため、プライベート ゾーンは使われません: {0} はパブリック アドレスになります",
                        )
                        .with([arg(name)]),
                    )
                    .source("machine-learning/how-to-troubleshoot-secure-connection-workspace"),
                );
                return Found::PUBLIC;
            }
        }
        let own = start.host().map_or(&[][..], |(_, it)| &it.dns);
        match start {
            Start::Subnet { subnet, id, .. } => {
                let asker = Asker::Subnet { subnet: *subnet, holder: *id };
                if !own.is_empty() {
                    return self.ask_first(log, asker, own, name, 0);
                }
                self.resolve_in_network(log, asker, *subnet, name, 0)
            }
            Start::Site { site, id, .. } => {
                let asker = Asker::Site { site: *site, holder: Some(*id) };
                if !own.is_empty() {
                    return self.ask_first(log, asker, own, name, 0);
                }
                match self.facts().name_servers.get(site) {
                    Some(server) => self.ask_server(log, *site, server, asker, name, 0),
                    None => Self::public(log, name),
                }
            }
            Start::Internet { .. } | Start::Platform { .. } => Self::public(log, name),
        }
    }

    /// Resolves `name` as a firewall does for its own connections.
    pub(super) fn resolve_at_appliance(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        name: &str,
    ) -> Option<Found> {
        let appliance = self.facts().appliances.get(&id)?;
        self.asks.set(MAX_ASKS);
        let asker = Asker::Subnet { subnet: appliance.subnet, holder: Some(id) };
        Some(if appliance.dns.is_empty() {
            self.ask_platform(log, asker, appliance.network, name, 0)
        } else {
            self.ask_first(log, asker, &appliance.dns, name, 0)
        })
    }

    /// As hosts of a subnet resolve: by the servers of the network, or by the platform.
    fn resolve_in_network(
        &self,
        log: &mut Log<'_>,
        asker: Asker,
        subnet: ResourceId,
        name: &str,
        depth: usize,
    ) -> Found {
        let network = self.facts().subnets.get(&subnet).map(|it| it.network);
        let Some((network, servers)) =
            network.and_then(|it| Some((it, &self.facts().networks.get(&it)?.dns)))
        else {
            log.push(Step::unknown(
                Hop::Dns,
                text(
                    "the subnet stands in no network, so its name servers are not known",
                    "サブネットが仮想ネットワークに属していないため、名前サーバーがわかりません",
                ),
            ));
            return Found::UNSURE;
        };
        if servers.is_empty() {
            return self.ask_platform(log, asker, network, name, depth);
        }
        self.ask_first(log, asker, servers, name, depth)
    }

    /// Asks the first of `servers` that can be reached.
    fn ask_first(
        &self,
        log: &mut Log<'_>,
        asker: Asker,
        servers: &[Ipv4Addr],
        name: &str,
        depth: usize,
    ) -> Found {
        if depth > MAX_DEPTH || self.asks.get() == 0 {
            log.push(
                Step::deny(
                    Hop::Dns,
                    text(
                        "the name servers forward {0} in a circle",
                        "名前サーバーどうしが {0} を循環して転送しています",
                    )
                    .with([arg(name)]),
                )
                .source(CUSTOM),
            );
            return Found::NOTHING;
        }
        let mut failed: Vec<Log> = Vec::new();
        for server in servers {
            self.asks.set(self.asks.get().saturating_sub(1));
            let mut attempt = Log::new(self.facts());
            let found = self.ask_address(&mut attempt, asker, *server, name, depth);
            // A server that answers "no such name" ends the search; one that is silent does not.
            if !found.silent {
                if !failed.is_empty() {
                    log.note(
                        text(
                            "earlier name servers of the list cannot be reached; each question waits for them first",
                            "リストの先頭の DNS サーバーに到達できないため、名前解決のたびに待ち時間が発生します",
                        ),
                    );
                }
                log.adopt(attempt);
                return found;
            }
            failed.push(attempt);
        }
        // All failed: the first says why.
        if let Some(first) = failed.into_iter().next() {
            log.adopt(first);
        }
        Found::SILENT
    }

    /// Asks whoever is at `address`.
    fn ask_address(
        &self,
        log: &mut Log<'_>,
        asker: Asker,
        address: Ipv4Addr,
        name: &str,
        depth: usize,
    ) -> Found {
        if address == PLATFORM_DNS {
            return match asker {
                Asker::Subnet { subnet, .. } => match self.facts().subnets.get(&subnet) {
                    Some(it) => self.ask_platform(log, asker, it.network, name, depth),
                    None => Found::UNSURE,
                },
                Asker::Site { site, .. } => {
                    log.push(
                        Step::deny(
                            Hop::Dns,
                            text(
                                "168.63.129.16 answers only inside a virtual network; forward to a name server there instead",
                                "168.63.129.16 は仮想ネットワーク内からの問い合わせにだけ応答します。仮想ネットワーク内の DNS サーバーに転送してください",
                            ),
                        )
                        .at(site)
                        .source("virtual-network/what-is-ip-address-168-63-129-16"),
                    );
                    Found::SILENT
                }
            };
        }
        let Some(server) = self.reach_server(log, asker, address) else {
            return if log.worst() == Outcome::Unknown { Found::UNSURE } else { Found::SILENT };
        };
        match server {
            // A public resolver knows no private zone.
            Server::Public => Self::public(log, name),
            Server::Proxy(id) => {
                let Some(proxy) = self.facts().appliances.get(&id) else { return Found::UNSURE };
                log.touch(id);
                log.push(
                    Step::pass(
                        Hop::Dns,
                        text(
                            "the DNS proxy of {0} ({1}) is asked",
                            "{0} ({1}) の DNS プロキシに問い合わせます",
                        )
                        .with([arg(self.facts().name(id)), arg(address)]),
                    )
                    .at(id)
                    .source("firewall/dns-settings"),
                );
                let asker = Asker::Subnet { subnet: proxy.subnet, holder: Some(id) };
                if proxy.dns.is_empty() {
                    self.ask_platform(log, asker, proxy.network, name, depth + 1)
                } else {
                    self.ask_first(log, asker, &proxy.dns, name, depth + 1)
                }
            }
            Server::Described(id) => match self.facts().name_servers.get(&id) {
                Some(server) => {
                    log.push(
                        Step::pass(
                            Hop::Dns,
                            text(
                                "the network's name server {0} ({1}) is asked",
                                "ネットワークの DNS サーバー {0} ({1}) に問い合わせます",
                            )
                            .with([arg(self.facts().name(id)), arg(address)]),
                        )
                        .at(id)
                        .source(CUSTOM),
                    );
                    let asker = match server.place {
                        crate::facts::name::ServerPlace::Subnet(subnet) => {
                            Asker::Subnet { subnet, holder: Some(id) }
                        }
                        crate::facts::name::ServerPlace::Site(site) => {
                            Asker::Site { site, holder: Some(id) }
                        }
                    };
                    self.ask_server(log, id, server, asker, name, depth + 1)
                }
                None => Found::UNSURE,
            },
        }
    }

    /// Finds the server at `address` and checks that the asker gets through to it.
    fn reach_server(&self, log: &mut Log<'_>, asker: Asker, address: Ipv4Addr) -> Option<Server> {
        let private =
            Cidr::holding(address, 32).is_private() || self.index.holders.contains_key(&address);
        let (start, holder) = match asker {
            Asker::Subnet { subnet, holder } => {
                let near = self.facts().subnets.get(&subnet).map(|it| it.network);
                (self.start_in_subnet(subnet, holder), near.and_then(|it| self.near(it, address)))
            }
            Asker::Site { site, holder } => {
                let own = self.index.holder(Realm::Site(site), address);
                if let Some(Holder::NameServer(id) | Holder::Host(id)) = own {
                    // Inside the site nothing is modeled that could be in the way.
                    if self.facts().name_servers.contains_key(&id) {
                        return Some(Server::Described(id));
                    }
                }
                (Some(self.start_in_site(site, holder)), self.any_holder(address))
            }
        };
        if !private {
            // Asking a public resolver needs a way out; from a site it is taken for granted.
            if let Some(start @ Start::Subnet { .. }) = start {
                let target = Target::public(Party {
                    address: Some(address),
                    public: true,
                    ..Party::default()
                });
                self.open_on_53(log, &start, &target, address)?;
            }
            log.push(
                Step::pass(
                    Hop::Dns,
                    text(
                        "the public resolver {0} is asked; it knows no private zone",
                        "パブリック リゾルバー {0} に問い合わせます。プライベート ゾーンは参照されません",
                    )
                    .with([arg(address)]),
                )
                .source(CUSTOM),
            );
            return Some(Server::Public);
        }
        let server = match holder {
            Some(Holder::Appliance(id)) => {
                let proxy = self.facts().appliances.get(&id)?;
                if !proxy.dns_proxy {
                    log.push(
                        Step::deny(
                            Hop::Dns,
                            text(
                                "{0} is at {1}, but its DNS proxy is off",
                                "{1} には {0} がありますが、DNS プロキシが無効です",
                            )
                            .with([arg(self.facts().name(id)), arg(address)]),
                        )
                        .at(id)
                        .source("firewall/dns-settings"),
                    );
                    return None;
                }
                Server::Proxy(id)
            }
            Some(Holder::Host(id) | Holder::NameServer(id))
                if self.facts().name_servers.contains_key(&id) =>
            {
                Server::Described(id)
            }
            Some(it) => {
                log.push(
                    Step::unknown(
                        Hop::Dns,
                        text(
                            "{0} has the address {1} of the name server, but the design does not say how it answers names",
                            "名前サーバーのアドレス {1} は {0} のものですが、どのように名前解決するかがデザインにありません",
                        )
                        .with([arg(self.facts().name(it.id())), arg(address)]),
                    )
                    .at(it.id()),
                );
                return None;
            }
            None => {
                // Whoever it is: where no route leads, nothing answers.
                if let Some(start @ Start::Subnet { .. }) = &start
                    && !self
                        .facts()
                        .networks
                        .values()
                        .any(|it| it.space.iter().any(|it| it.contains(address)))
                {
                    let mut way = Log::new(self.facts());
                    self.walk(&mut way, start, &Target::address(address), Protocol::Udp, 53);
                    if way.worst() == Outcome::Denied {
                        log.push(Self::server_unreachable(address, &way));
                        log.absorb(way, Hop::Dns);
                        return None;
                    }
                }
                log.push(Step::unknown(
                    Hop::Dns,
                    text(
                        "no name server in the design has the address {0}; draw it, or say how it forwards",
                        "アドレス {0} の DNS サーバーがデザインにありません。追加するか、転送先を指定してください",
                    )
                    .with([arg(address)]),
                ));
                return None;
            }
        };
        let Some(start) = start else { return Some(server) };
        let asked = self.servers_asked.borrow().get(&(asker, address)).copied();
        let long_answers = if let Some(it) = asked {
            it
        } else {
            let target = Target::address(address);
            let faultless = self.open_on_53(log, &start, &target, address)?;
            let mut tcp = Log::new(self.facts());
            self.walk(&mut tcp, &start, &target, Protocol::Tcp, 53);
            // What the design lacks on the way belongs into each answer, so that way is walked each time.
            if faultless {
                self.servers_asked.borrow_mut().insert((asker, address), tcp.passes());
            }
            tcp.passes()
        };
        if !long_answers {
            log.note(
                text(
                    "TCP 53 to the name server {0} is not open; long answers need it",
                    "DNS サーバー {0} への TCP 53 が開いていません。長い応答で必要になります",
                )
                .with([arg(address)]),
            );
        }
        Some(server)
    }

    /// Whether queries get through to a name server; `None` where they do not, which is told. Otherwise
    /// whether all that the design says of the way can be used.
    fn open_on_53(
        &self,
        log: &mut Log<'_>,
        start: &Start<'a>,
        target: &Target<'a>,
        address: Ipv4Addr,
    ) -> Option<bool> {
        let mut way = Log::new(self.facts());
        self.walk(&mut way, start, target, Protocol::Udp, 53);
        if !way.passes() {
            log.push(Self::server_unreachable(address, &way));
            log.absorb(way, Hop::Dns);
            return None;
        }
        Some(log.adopt_design_of(way))
    }

    fn server_unreachable(address: Ipv4Addr, way: &Log) -> Step {
        Step::new(
            Hop::Dns,
            way.worst(),
            text(
                "the name server {0} must be reachable on port 53 first",
                "先に DNS サーバー {0} のポート 53 に到達できる必要があります",
            )
            .with([arg(address)]),
        )
        .source(CUSTOM)
    }

    /// A server: its forwarders, its records, its default.
    fn ask_server(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        server: &NameServer,
        asker: Asker,
        name: &str,
        depth: usize,
    ) -> Found {
        log.touch(id);
        if let Some(forwarder) = longest(&server.forwarders, name) {
            let to: Vec<String> = forwarder.to.iter().map(ToString::to_string).collect();
            log.push(
                Step::pass(
                    Hop::Dns,
                    text(
                        "{0} forwards names below {1} to {2}",
                        "{0} は {1} 以下の名前を {2} に転送します",
                    )
                    .with([
                        arg(self.facts().name(id)),
                        arg(zone_label(&forwarder.zone)),
                        arg(to.join(", ")),
                    ]),
                )
                .at(id)
                .source(SOURCE),
            );
            return self.ask_first(log, asker, &forwarder.to, name, depth + 1);
        }
        if let Some((_, address)) =
            server.records.iter().find(|(it, _)| it.eq_ignore_ascii_case(name))
        {
            log.push(
                Step::pass(
                    Hop::Dns,
                    text("{0} has a record: {1} is {2}", "{0} のレコード: {1} は {2}").with([
                        arg(self.facts().name(id)),
                        arg(name),
                        arg(address),
                    ]),
                )
                .at(id)
                .source(CUSTOM),
            );
            return Found::of(Answer::Address(*address), None);
        }
        match &server.otherwise {
            Upstream::Public => {
                self.misplaced_forwarder(log, id, server, name);
                Self::public(log, name)
            }
            Upstream::Servers(servers) => self.ask_first(log, asker, servers, name, depth + 1),
            Upstream::Nobody => {
                log.push(
                    Step::deny(
                        Hop::Dns,
                        text(
                            "{0} has no forwarder and no record for {1}",
                            "{0} には {1} のフォワーダーもレコードもありません",
                        )
                        .with([arg(self.facts().name(id)), arg(name)]),
                    )
                    .at(id)
                    .source(CUSTOM),
                );
                Found::NOTHING
            }
        }
    }

    /// A forwarder for the privatelink zone is a common mistake: the name asked is the public one.
    fn misplaced_forwarder(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        server: &NameServer,
        name: &str,
    ) {
        let Some((_, face)) = self.face_named(name) else { return };
        let Some(link) = &face.link else { return };
        if server.forwarders.iter().any(|it| below(&link.alias(), &it.zone)) {
            log.note(
                text(
                    "{0} forwards the privatelink zone; forward the public zone of {1} instead, because clients ask for the public name",
                    "{0} は privatelink ゾーンを転送しています。クライアントはパブリック名を問い合わせるため、{1} のパブリック ゾーンを転送してください",
                )
                .with([arg(self.facts().name(id)), arg(name)]),
            );
        }
    }

    /// The platform's resolver as asked from `network`: linked private zones, forwarding rules, public DNS.
    fn ask_platform(
        &self,
        log: &mut Log<'_>,
        asker: Asker,
        network: ResourceId,
        name: &str,
        depth: usize,
    ) -> Found {
        if let Asker::Subnet { subnet, holder } = asker
            && let Some(step) =
                self.platform_blocked(subnet, holder, "AzurePlatformDNS", Protocol::Udp, 53)
        {
            log.push(Step { hop: Hop::Dns, ..step });
            return Found::SILENT;
        }
        let mut name = name.to_ascii_lowercase();
        let zones = self.index.zones_of.get(&network);
        // An alias can lead to an alias; Azure's own chains are short.
        for _ in 0..MAX_DEPTH {
            let zone =
                zones.and_then(|zones| suffixes(&name).find_map(|it| zones.get_key_value(it)));
            if let Some((zone_name, (zone, redirects))) = zone {
                return self.ask_zone(log, network, *zone, zone_name, *redirects, &name);
            }
            for id in self.index.forwarding_rules_of.get(&network).into_iter().flatten() {
                let Some(rules) = self.facts().forwarding_rules.get(id) else { continue };
                if let Some(rule) = longest(&rules.rules, &name) {
                    log.push(
                        Step::pass(
                            Hop::Dns,
                            text(
                                "forwarding rules of {0} send names below {1} on",
                                "{0} の転送ルールにより {1} 以下の名前が転送されます",
                            )
                            .with([arg(self.facts().name(*id)), arg(zone_label(&rule.zone))]),
                        )
                        .at(*id)
                        .source("dns/private-resolver-endpoints-rulesets"),
                    );
                    let asker =
                        rules.from.map_or(asker, |subnet| Asker::Subnet { subnet, holder: None });
                    return self.ask_first(log, asker, &rule.to, &name, depth + 1);
                }
            }
            match self.alias(&name) {
                Some(alias) => name = alias,
                None => return Self::public(log, &name),
            }
        }
        Found::PUBLIC
    }

    fn ask_zone(
        &self,
        log: &mut Log<'_>,
        network: ResourceId,
        zone: ResourceId,
        zone_name: &str,
        redirects: bool,
        name: &str,
    ) -> Found {
        log.touch(zone);
        let facts = self.facts();
        let label = name.strip_suffix(zone_name).unwrap_or(name).trim_end_matches('.');
        let label = if label.is_empty() { "@" } else { label };
        let records = self.index.records.get(&zone);
        let record = records.and_then(|all| {
            let exact = all.get(label).or_else(|| {
                label
                    .contains('*')
                    .then(|| {
                        all.iter().find(|(it, _)| numbered(it) == label || is_bare(it, label))
                    })?
                    .map(|(_, it)| it)
            });
            exact.or_else(|| wildcards(label).find_map(|it| all.get(it.as_str())))
        });
        if let Some((record, address)) = record.and_then(|it| Some((it, *it.addresses.first()?))) {
            log.push(
                Step::pass(
                    Hop::Dns,
                    text(
                        "Azure DNS in {0}: zone {1} has {2} as {3}",
                        "{0} の Azure DNS: ゾーン {1} のレコード {2} は {3}",
                    )
                    .with([
                        arg(facts.name(network)),
                        arg(zone_name),
                        arg(label),
                        arg(address),
                    ]),
                )
                .at(zone)
                .source(SOURCE),
            );
            for it in &record.replaced {
                log.note(
                    text(
                        "{0} and {1} share one record in zone {2}; the last one written wins",
                        "{0} と {1} はゾーン {2} の同じレコードを使うため、最後に書かれたものだけが残ります",
                    )
                    .with([arg(facts.name(*it)), arg(facts.name(record.at)), arg(zone_name)]),
                );
            }
            return Found::of(Answer::Address(address), Some(zone));
        }
        let unseen = self.face_named(name).filter(|(_, face)| is_unseen(face));
        if let Some((owner, _)) = unseen {
            log.push(
                Step::unknown(
                    Hop::Dns,
                    text(
                        "{0} writes the address of its own private endpoint into zone {1}; the design does not show it, so draw its private endpoint",
                        "{0} は自身のプライベート エンドポイントのアドレスをゾーン {1} に書き込みますが、デザインに含まれていません。そのプライベート エンドポイントを描いてください",
                    )
                    .with([arg(facts.name(owner)), arg(zone_name)]),
                )
                .at(owner)
                .source("aks/private-clusters"),
            );
            return Found { unsure: true, ..Found::of(Answer::Private, Some(zone)) };
        }
        if redirects && zone_name.starts_with("privatelink.") {
            log.push(
                Step::pass(
                    Hop::Dns,
                    text(
                        "zone {0} has no record {1}; its link to {2} redirects to the public answer",
                        "ゾーン {0} に {1} のレコードはありませんが、{2} へのリンクの設定によりパブリックの応答に切り替わります",
                    )
                    .with([arg(zone_name), arg(label), arg(facts.name(network))]),
                )
                .at(zone)
                .source("dns/private-dns-fallback"),
            );
            return Found::of(Answer::Public, Some(zone));
        }
        log.push(
            Step::deny(
                Hop::Dns,
                text(
                    "zone {0} is linked to {2} and has no record {1}, so the name does not resolve (NXDOMAIN)",
                    "ゾーン {0} は {2} にリンクされていますが {1} のレコードがないため、名前を解決できません (NXDOMAIN)",
                )
                .with([arg(zone_name), arg(label), arg(facts.name(network))]),
            )
            .at(zone)
            .source("dns/private-dns-fallback"),
        );
        Found::of(Answer::NoAnswer, Some(zone))
    }

    /// The public answer.
    fn public(log: &mut Log<'_>, name: &str) -> Found {
        // The API server of a private cluster has its name in the private zone alone.
        if name.contains(".privatelink.") && name.ends_with(".azmk8s.io") {
            log.push(
                Step::deny(
                    Hop::Dns,
                    text(
                        "{0} is known to its private zone only, and the resolver that is asked does not see that zone",
                        "{0} はプライベート ゾーンにだけ存在しますが、問い合わせ先のリゾルバーからそのゾーンは見えません",
                    )
                    .with([arg(name)]),
                )
                .source("aks/private-clusters"),
            );
            return Found::NOTHING;
        }
        log.push(
            Step::pass(
                Hop::Dns,
                text(
                    "{0} resolves to its public address",
                    "{0} はパブリック アドレスに解決されます",
                )
                .with([arg(name)]),
            )
            .source(SOURCE),
        );
        Found::PUBLIC
    }

    /// The privatelink name that public DNS answers for `name`, while its service has an endpoint.
    fn alias(&self, name: &str) -> Option<String> {
        let (_, face) = self.face_named(name)?;
        let alias = self
            .has_alias(face)
            .then(|| face.link.as_ref().map(crate::facts::service::FaceLink::alias))??;
        // The name of a private cluster's API server is below its private zone from the start.
        (alias != name).then_some(alias)
    }

    /// Whether public DNS answers for the face with its privatelink alias.
    pub(super) fn has_alias(&self, face: &Face) -> bool {
        let Some(link) = &face.link else { return false };
        if link.always_alias {
            return true;
        }
        let Some(owner) = link.owner else { return false };
        let needs_approval = self
            .facts()
            .services
            .get(&owner)
            .and_then(|it| it.links.iter().find(|it| it.group.eq_ignore_ascii_case(link.group)))
            .is_some_and(|it| it.alias_needs_approval);
        self.endpoints_for(face).any(|(_, it)| !needs_approval || it.state == LinkState::Approved)
    }

    pub(super) fn face_named(&self, name: &str) -> Option<(ResourceId, &'a Face)> {
        let name = name.to_ascii_lowercase();
        let faces = &self.index.faces;
        let (id, n) = *match faces.get(name.as_str()) {
            Some(it) => it,
            None if !self.index.numbered => return None,
            None => faces
                .get(numbered(&name).as_str())
                .or_else(|| faces.get(name.replacen('.', "-*.", 1).as_str()))?,
        };
        Some((id, self.facts().services.get(&id)?.faces.get(n)?))
    }
}

enum Server {
    Public,
    Proxy(ResourceId),
    Described(ResourceId),
}

/// `a.b.c`, `b.c`, `c`.
fn suffixes(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |it| it.split_once('.').map(|(_, rest)| rest))
}

/// For `a.b.c`: `*.b.c`, `*.c`, `*`.
fn wildcards(label: &str) -> impl Iterator<Item = String> {
    suffixes(label).skip(1).map(|it| format!("*.{it}")).chain(std::iter::once("*".to_owned()))
}

/// The name with `*` for the number that Azure chose: `japaneast-1.in.ai` becomes `japaneast-*.in.ai`.
fn numbered(name: &str) -> String {
    let (host, rest) = name.split_once('.').unwrap_or((name, ""));
    match host.rsplit_once('-') {
        Some((head, number))
            if !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit()) =>
        {
            format!("{head}-*.{rest}")
        }
        _ => name.to_owned(),
    }
}

/// Whether `name` is `label` without the number that Azure chose: some hosts have none.
fn is_bare(name: &str, label: &str) -> bool {
    label
        .split_once("-*")
        .is_some_and(|(head, rest)| name.strip_prefix(head).is_some_and(|it| it == rest))
}

fn below(name: &str, zone: &str) -> bool {
    let zone = zone.trim_matches('.');
    zone.is_empty()
        || name.eq_ignore_ascii_case(zone)
        || name
            .len()
            .checked_sub(zone.len() + 1)
            .and_then(|at| name.get(at..))
            .is_some_and(|it| it.strip_prefix('.').is_some_and(|it| it.eq_ignore_ascii_case(zone)))
}

/// The forwarder with the longest zone that holds `name`.
fn longest<'f>(forwarders: &'f [Forwarder], name: &str) -> Option<&'f Forwarder> {
    forwarders
        .iter()
        .filter(|it| below(name, &it.zone))
        .max_by_key(|it| it.zone.trim_matches('.').len())
}

fn zone_label(zone: &str) -> &str {
    if zone.is_empty() { "." } else { zone }
}
