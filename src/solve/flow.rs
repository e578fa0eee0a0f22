//! One flow: a packet's way from a host to a destination, hop by hop, as Azure evaluates it.
//!
//! Order: design, name resolution, route, outbound filter, appliances, inbound filter, private endpoint,
//! firewall of the service, mode of the service. After the first failing hop the trace goes on as if it
//! were repaired, so that every blocker shows.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    hash::{Hash, Hasher},
    net::Ipv4Addr,
    rc::Rc,
};

use super::{
    Hop, Outcome, Step, Trace,
    filter::default_rules,
    index::{Holder, Index, Peer},
    log::Log,
    matching::Party,
    resolve::{Asker, is_unseen},
    route::Table,
    walk::{Arrival, Sender, Start, Target},
};
use crate::{
    facts::{
        Facts, Lookup, ResourceId,
        cidr::Cidr,
        filter::{Direction, GuardRule, Place, Protocol, Rule},
        name::{PLATFORM_DNS, PLATFORM_METADATA},
        network::Position,
        public::{PUBLIC_SERVICES, PublicService, public_service},
        service::{Face, LinkState},
    },
    text::{Message, arg, text},
};

/// A connection that an operation needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    pub from: Origin,
    pub to: Destination,
    pub protocol: Protocol,
    pub port: u16,
    pub plane: Plane,
    /// Who is calling, where a service recognizes callers beside their address.
    pub caller: Option<Caller>,
    /// Sent by a browser, which may resolve names in its own way.
    pub browser: bool,
}

/// By what nearly always tells one flow from another: thousands are looked up.
impl Hash for Flow {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let from = match &self.from {
            Origin::Host(id) => id.0,
            _ => 0,
        };
        let to = match &self.to {
            Destination::Face { resource, face } => {
                state.write_usize(face.len());
                resource.0
            }
            Destination::Name(it) => return (from, it, self.port).hash(state),
            Destination::PublicService(it) => return (from, it, self.port).hash(state),
            Destination::Address(it) => it.to_bits(),
            Destination::Host(id) => id.0,
        };
        state.write_u64((u64::from(from) << 32) | u64::from(to));
        state.write_u16(self.port);
    }
}

impl Flow {
    /// TCP 443 on the data plane.
    pub fn https(from: impl Into<Origin>, to: Destination) -> Flow {
        Flow::tcp(from, to, 443)
    }

    pub fn tcp(from: impl Into<Origin>, to: Destination, port: u16) -> Flow {
        Flow {
            from: from.into(),
            to,
            protocol: Protocol::Tcp,
            port,
            plane: Plane::Data,
            caller: None,
            browser: false,
        }
    }

    #[must_use]
    pub fn by(mut self, caller: Caller) -> Flow {
        self.caller = Some(caller);
        self
    }

    #[must_use]
    pub fn in_browser(mut self) -> Flow {
        self.browser = true;
        self
    }

    #[must_use]
    pub fn control(mut self) -> Flow {
        self.plane = Plane::Control;
        self
    }
}

/// Where a flow starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A resource with a place in the network: a client, a compute, a service that acts itself.
    Host(ResourceId),
    /// A service of the provider, by service tag, that calls from its own network.
    Service(&'static str),
    /// Somebody on the internet whom the design does not draw, at this address.
    Internet(Ipv4Addr),
}

impl From<ResourceId> for Origin {
    fn from(id: ResourceId) -> Origin {
        Origin::Host(id)
    }
}

/// What a flow asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// One face of a service, by [`crate::facts::service::Face::id`]:
    ///
    /// - storage: `blob`, `file`, `queue`, `table`, `dfs`, `web`; vault: `vault`,
    /// - registry: `login` and `data` (a pull needs both, a push only `login`),
    /// - workspace: `api`, `cert`, `notebooks`; compute instance: `application`, `ssh`,
    /// - online and batch endpoint: `scoring`; Kubernetes cluster: `api`,
    /// - monitoring: `ingestion`, `query`, and `arm-query` for queries through Resource Manager.
    Face {
        resource: ResourceId,
        face: &'static str,
    },
    Name(String),
    /// By service tag: `AzureActiveDirectory`, `AzureResourceManager`, `AzureFrontDoor.Frontend`,
    /// `MicrosoftContainerRegistry`.
    PublicService(&'static str),
    Address(Ipv4Addr),
    Host(ResourceId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plane {
    /// Through Azure Resource Manager, past the firewall of the resource.
    Control,
    Data,
}

/// A caller that a service can recognize whatever its address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    /// A service of the provider on behalf of a resource: `MachineLearning`, `TemplateDeployment`,
    /// `ContainerInstances`, `Defender`, `RegistryImport`. Computes are not among them.
    Trusted { service: &'static str, resource: Option<ResourceId> },
    /// A task that the registry runs itself.
    RegistryTask { system_identity: bool },
}

/// The answer to a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowAnswer {
    pub outcome: Outcome,
    /// The hop that decided, unless everything passed.
    pub failing: Option<Hop>,
    pub resolved: Option<Resolved>,
    pub trace: Trace,
    /// What a person would see, by id (`sy-timeout`), when it fails.
    pub symptom: Option<&'static str>,
    /// Taken for granted, or good to know.
    pub assumptions: Vec<Message>,
}

/// Outcome of name resolution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The name asked, if one was.
    pub name: String,
    pub answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// An address of a private network, or one that is known.
    Address(Ipv4Addr),
    /// A private address that the design does not show, as in managed networks.
    Private,
    /// The public address of the service, whatever it is.
    Public,
    /// The name does not resolve.
    NoAnswer,
}

/// A design's network, indexed once for any number of flows.
#[derive(Debug)]
pub struct Network<'a> {
    facts: &'a Facts,
    pub(super) index: Index<'a>,
    defaults: Vec<Rule>,
    /// Questions to name servers left for the name that is being resolved.
    pub(super) asks: Cell<u32>,
    /// Effective routes of the subnets that were asked about.
    tables: RefCell<BTreeMap<ResourceId, Option<Rc<Table<'a>>>>>,
    /// Prefixes that count as `VirtualNetwork` in each network that was asked about.
    spaces: RefCell<BTreeMap<ResourceId, Rc<[Cidr]>>>,
    /// Name servers that were found to answer, and whether they answer over TCP too: each name asks anew.
    pub(super) servers_asked: RefCell<Lookup<(Asker, Ipv4Addr), bool>>,
}

/// Where a firewall takes connections for a host behind it.
struct Published {
    firewall: ResourceId,
    address: Ipv4Addr,
    port: u16,
}

/// What a destination turned out to be.
#[derive(Clone, Debug)]
enum Asked<'a> {
    Face(ResourceId, &'a Face),
    Service(&'static PublicService),
    /// A service tag without a host that is known.
    Tag(&'static str),
    Name(String),
    Address(Ipv4Addr),
    Host(ResourceId),
}

impl<'a> Network<'a> {
    pub fn new(facts: &'a Facts) -> Network<'a> {
        Network {
            facts,
            index: Index::new(facts),
            defaults: default_rules(),
            asks: Cell::new(0),
            tables: RefCell::default(),
            spaces: RefCell::default(),
            servers_asked: RefCell::default(),
        }
    }

    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// The private address of a host or appliance, given or assigned.
    pub fn address(&self, id: ResourceId) -> Option<Ipv4Addr> {
        self.index.address.get(&id).copied()
    }

    /// The private addresses of a private endpoint, with the member that each serves.
    pub fn endpoint_addresses(&self, id: ResourceId) -> &[(String, Ipv4Addr)] {
        self.index.endpoint_addresses.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn table(&self, subnet: ResourceId) -> Option<Rc<Table<'a>>> {
        if let Some(it) = self.tables.borrow().get(&subnet) {
            return it.clone();
        }
        let table = Table::of(self, subnet).map(Rc::new);
        self.tables.borrow_mut().insert(subnet, table.clone());
        table
    }

    pub(super) fn connected_peers(
        &self,
        network: ResourceId,
    ) -> impl Iterator<Item = Peer<'a>> + use<'_, 'a> {
        let peers = self.index.peers.get(&network);
        peers.into_iter().flat_map(|it| it.values()).copied().filter(Peer::connected)
    }

    /// Gateways that a network can use, each with a site behind it: its own, or a peer's by transit.
    pub(super) fn gateways_for(&self, network: ResourceId) -> Vec<(ResourceId, ResourceId)> {
        let of = |network: ResourceId| {
            let ids = self.index.gateways_of.get(&network).map_or(&[][..], Vec::as_slice);
            ids.iter().flat_map(|id| {
                let sites = self.facts.gateways.get(id).map_or(&[][..], |it| &it.sites);
                sites.iter().map(|site| (*id, *site))
            })
        };
        if self.index.gateways_of.contains_key(&network) {
            return of(network).collect();
        }
        self.connected_peers(network)
            .filter(|it| it.own.is_some_and(|it| it.remote_gateways))
            .filter(|it| it.theirs.is_some_and(|it| it.gateway_transit))
            .flat_map(|it| of(it.other))
            .collect()
    }

    /// The prefixes that a gateway knows of a site.
    pub(super) fn announced(&self, gateway: ResourceId, site: ResourceId) -> &'a [Cidr] {
        let learns = self.facts.gateways.get(&gateway).is_some_and(|it| it.learns);
        match self.facts.sites.get(&site) {
            Some(it) if learns && !it.announces.is_empty() => &it.announces,
            Some(it) => &it.space,
            None => &[],
        }
    }

    /// What the tag `VirtualNetwork` holds in a network, user routes apart.
    pub fn private_prefixes(&self, network: ResourceId) -> Rc<[Cidr]> {
        if let Some(it) = self.spaces.borrow().get(&network) {
            return Rc::clone(it);
        }
        let own = std::iter::once(network);
        let peers = self.connected_peers(network).map(|it| it.other);
        let networks = own.chain(peers).filter_map(|it| self.facts.networks.get(&it));
        let sites = self.gateways_for(network);
        let sites = sites.iter().flat_map(|(gateway, site)| self.announced(*gateway, *site));
        // A default route that a site announces does not make the internet a virtual network.
        let sites = sites.filter(|it| it.len() > 0);
        let all: Rc<[Cidr]> = networks.flat_map(|it| &it.space).chain(sites).copied().collect();
        self.spaces.borrow_mut().insert(network, Rc::clone(&all));
        all
    }

    /// Rules of a filter in the order in which they are tried, the default ones last.
    pub(super) fn rules(
        &self,
        filter: ResourceId,
        direction: Direction,
    ) -> impl Iterator<Item = &Rule> {
        let own = self.index.rules.get(&(filter, direction)).map_or(&[][..], Vec::as_slice);
        own.iter().copied().chain(self.defaults.iter().filter(move |it| it.direction == direction))
    }

    /// Rules over the network of a subnet, in the order in which they are tried, each with whose it is.
    pub(super) fn guards(
        &self,
        subnet: Option<ResourceId>,
        direction: Direction,
    ) -> &[(ResourceId, &'a GuardRule)] {
        let subnet = subnet.and_then(|it| self.facts.subnets.get(&it));
        subnet
            .filter(|it| !it.unguarded)
            .and_then(|it| self.index.guards.get(&(it.network, direction)))
            .map_or(&[], Vec::as_slice)
    }

    /// Follows one flow.
    pub fn flow(&self, flow: &Flow) -> FlowAnswer {
        let mut log = Log::of_a_way(self.facts);
        let mut resolved = None;
        let asked = self.asked(flow);
        self.follow_flow(&mut log, flow, &asked, &mut resolved);
        let (trace, assumptions) = log.finish();
        let outcome = trace.outcome();
        let decided = match outcome {
            Outcome::Allowed => None,
            _ => trace.deciding().and_then(|it| trace.steps.get(it)),
        };
        let failing = decided.map(|it| it.hop);
        let symptom = match outcome {
            Outcome::Denied => decided.and_then(|it| self.symptom(it, &asked, flow)),
            _ => None,
        };
        FlowAnswer { outcome, failing, resolved, trace, symptom, assumptions }
    }

    /// Follows one flow with the filters of its private way left open.
    pub(super) fn walk_open(&self, flow: &Flow) -> Log<'a> {
        let mut log = Log::leaving_open(self.facts);
        self.follow_flow(&mut log, flow, &self.asked(flow), &mut None);
        log
    }

    fn symptom(&self, step: &Step, asked: &Asked<'_>, flow: &Flow) -> Option<&'static str> {
        match step.hop {
            Hop::Dns => Some("sy-nxdomain"),
            Hop::Route
            | Hop::Peering
            | Hop::NsgOutbound
            | Hop::NsgInbound
            | Hop::FirewallAppliance
            | Hop::ManagedNetwork => {
                let front_page = matches!(asked, Asked::Service(it) if it.tag == STUDIO);
                Some(if front_page && flow.browser { "sy-studio-blank" } else { "sy-timeout" })
            }
            Hop::PrivateEndpoint => Some("sy-timeout"),
            Hop::DestinationFirewall => {
                let Asked::Face(service, face) = asked else { return None };
                let owner = face.firewall_of.unwrap_or(*service);
                let rules = &self.facts.services.get(&owner)?.firewall;
                let browser = rules.browser_symptom.filter(|_| flow.browser);
                Some(browser.unwrap_or(rules.symptom))
            }
            Hop::ServiceMode => Some("sy-mvnet-notready"),
            Hop::Validation => {
                let refusals = self.facts.refusals.get(&step.at?)?;
                refusals.iter().find(|it| it.text == step.text)?.symptom
            }
            Hop::Actor | Hop::Permission | Hop::Credential => None,
        }
    }

    /// Finds out what a destination is. Management goes to Azure Resource Manager, whatever it is about.
    fn asked(&self, flow: &Flow) -> Asked<'a> {
        let by_tag = |tag| public_service(tag).map_or(Asked::Tag(tag), Asked::Service);
        match &flow.to {
            Destination::Face { .. } if flow.plane == Plane::Control => by_tag(MANAGEMENT),
            Destination::Face { resource, face } => {
                let found = self
                    .facts
                    .services
                    .get(resource)
                    .and_then(|it| it.faces.iter().find(|it| it.id == *face));
                match found {
                    Some(it) => Asked::Face(*resource, it),
                    None => Asked::Host(*resource),
                }
            }
            Destination::Name(name) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                if let Some((id, face)) = self.face_named(&name) {
                    return Asked::Face(id, face);
                }
                let service = PUBLIC_SERVICES.iter().find(|it| it.host == name);
                service.map_or(Asked::Name(name), Asked::Service)
            }
            Destination::PublicService(tag) => by_tag(tag),
            Destination::Address(address) => Asked::Address(*address),
            Destination::Host(id) => Asked::Host(*id),
        }
    }

    fn follow_flow(
        &self,
        log: &mut Log<'_>,
        flow: &Flow,
        asked: &Asked<'a>,
        resolved: &mut Option<Resolved>,
    ) {
        match asked {
            Asked::Face(id, face) => {
                log.touch(*id);
                if let Some(owner) = face.firewall_of {
                    log.touch(owner);
                }
            }
            Asked::Host(id) => {
                log.touch(*id);
                self.touch_refused_peering(log, flow, *id);
            }
            _ => {}
        }
        if let Some(Caller::Trusted { resource: Some(id), .. }) = flow.caller {
            log.touch(id);
        }
        if let Origin::Host(id) = flow.from {
            log.touch(id);
            let managed = self.facts.hosts.get(&id).and_then(|it| match it.position {
                Position::Managed { network } => Some(network),
                _ => None,
            });
            if let Some(network) = managed {
                self.managed_flow(log, network, flow, asked, resolved);
                return;
            }
        }
        if let Asked::Face(id, _) = asked
            && let Some(other) = self.index.namesakes.get(id)
        {
            log.push(
                Step::unknown(
                    Hop::Validation,
                    text(
                        "{0} and {1} would have the same public name; names of this kind are unique in all of Azure",
                        "{0} と {1} のパブリック名が同じです。この種類の名前は Azure 全体で一意である必要があります",
                    )
                    .with([arg(self.facts.name(*id)), arg(self.facts.name(*other))]),
                )
                .at(*id),
            );
            log.guess();
        }
        let Some(start) = self.start(log, flow) else { return };
        let region = self.region_of(&start);
        let Some(mut target) = self.target(log, asked, &region) else { return };
        let face = match asked {
            Asked::Face(id, face) => Some((*id, *face)),
            _ => None,
        };
        if let (Asked::Host(id), Origin::Service(PROBES)) = (asked, &flow.from) {
            self.probe(log, *id, &target, flow, resolved);
            return;
        }
        // A host from outside goes to the public address of a host, not to its private one.
        if let Asked::Host(id) = asked
            && matches!(start, Start::Internet { .. } | Start::Platform { .. })
        {
            self.to_host_from_outside(log, &start, *id, &target, flow, resolved);
            return;
        }
        if start.host().is_some_and(|(_, it)| it.proxied) && target.party.name.is_some() {
            log.push(Step::unknown(
                Hop::Dns,
                text(
                    "the client uses a forward proxy, which resolves names itself; the design does not say where it stands",
                    "クライアントはプロキシを使用しており、名前解決はプロキシ側で行われます。プロキシの位置がデザインにありません",
                ),
            ));
            log.guess();
        }
        if let Some(name) = target.party.name.clone() {
            let found = self.resolve(log, &start, &name, flow.browser);
            *resolved = Some(Resolved { name: name.clone(), answer: found.answer });
            if found.unsure {
                log.guess();
            }
            if let Some((id, it)) = face.filter(|(_, it)| is_unseen(it)) {
                let nobody = |it| !self.index.holders.contains_key(&it);
                match found.answer {
                    // The step says what is missing.
                    Answer::Private => return,
                    Answer::Address(address) if nobody(address) => {
                        log.push(self.endpoint_missing(id, it, address));
                        return;
                    }
                    _ => {}
                }
            }
            let address = match found.answer {
                Answer::Address(it) => Some(it),
                Answer::Public | Answer::Private => {
                    if let (Some((_, face)), false) = (face, found.unsure) {
                        self.hint_private(log, &start, face);
                    }
                    None
                }
                // What the name should have led to, for the rest of the trace.
                Answer::NoAnswer => face.and_then(|(_, it)| self.intended(&start, it)),
            };
            target.in_public = Some(target.party.clone());
            target.party = self.resolved_party(&target.party, address);
        } else if let Some(address) = target.party.address {
            *resolved = Some(Resolved {
                name: target_name(asked, self.facts),
                answer: Answer::Address(address),
            });
        }
        let arrival = self.walk(log, &start, &target, flow.protocol, flow.port);
        let called = target.party.address.filter(|_| target.party.public);
        let balancer = called.and_then(|it| self.index.balancers.get(&it));
        if let (Arrival::Public(_), Some(id)) = (&arrival, balancer) {
            self.enter_balancer(log, *id);
        }
        self.arrive(log, &arrival, face, flow);
    }

    fn endpoint_missing(&self, id: ResourceId, face: &Face, address: Ipv4Addr) -> Step {
        Step::unknown(
            Hop::PrivateEndpoint,
            text(
                "{0} has the address {1}, which must be that of the private endpoint of {2}; the design does not show where that stands, so draw it",
                "{0} のアドレスは {1} で、{2} のプライベート エンドポイントのものと考えられますが、その場所がデザインにありません。プライベート エンドポイントを描いてください",
            )
            .with([arg(&face.name), arg(address), arg(self.facts.name(id))]),
        )
        .at(id)
        .source("aks/private-clusters")
    }

    fn arrive(
        &self,
        log: &mut Log<'_>,
        arrival: &Arrival,
        face: Option<(ResourceId, &'a Face)>,
        flow: &Flow,
    ) {
        match arrival {
            Arrival::Endpoint(id, address) => {
                let on = self.at_endpoint(log, *id, *address, face);
                if let (true, Some((service, face))) = (on, face) {
                    let sender = Sender {
                        address: None,
                        region: None,
                        via: None,
                        assumed: false,
                        picked: false,
                    };
                    let arrival = Arrival::Public(sender);
                    self.at_firewall(log, service, face, &arrival, flow);
                }
            }
            Arrival::Subnet { .. } | Arrival::Public(_) => {
                if let Some((service, face)) = face {
                    self.at_firewall(log, service, face, arrival, flow);
                }
            }
            // A private address of a service name that is no private endpoint at all, unless the service
            // stands in the subnet itself, as the API server of a private cluster does.
            Arrival::Host(id) => {
                if let Some((service, face)) = face
                    && service != *id
                {
                    log.push(
                        Step::deny(
                            Hop::PrivateEndpoint,
                            text(
                                "{0} answers at that address, and it is no private endpoint of {1}",
                                "そのアドレスは {0} のもので、{1} のプライベート エンドポイントではありません",
                            )
                            .with([arg(self.facts.name(*id)), arg(&face.name)]),
                        )
                        .at(*id),
                    );
                }
            }
            Arrival::Served | Arrival::Lost => {}
        }
    }

    fn managed_flow(
        &self,
        log: &mut Log<'_>,
        network: ResourceId,
        flow: &Flow,
        asked: &Asked<'a>,
        resolved: &mut Option<Resolved>,
    ) {
        let region = self.facts.managed_networks.get(&network).map(|it| it.region.clone());
        let region = region.unwrap_or_default();
        let Some(target) = self.target(log, asked, &region) else { return };
        let face = match asked {
            Asked::Face(id, face) => Some((*id, *face)),
            _ => None,
        };
        let (answer, arrival) =
            self.leave_managed(log, network, &target, face, flow.protocol, flow.port);
        *resolved = answer.map(|answer| Resolved { name: target_name(asked, self.facts), answer });
        self.arrive(log, &arrival, face, flow);
    }

    /// Networks that overlap cannot be peered. The route to a host in the other one then leads nowhere, or to
    /// somebody of the same address, so that no packet ever asks for the peering.
    fn touch_refused_peering(&self, log: &mut Log<'_>, flow: &Flow, to: ResourceId) {
        let Origin::Host(from) = flow.from else { return };
        let network = |it: ResourceId| {
            let subnet = self.subnet_of(Holder::Host(it))?;
            self.facts.subnets.get(&subnet).map(|it| it.network)
        };
        let (Some(here), Some(there)) = (network(from), network(to)) else { return };
        let space = |it| self.facts.networks.get(&it).map_or(&[][..], |it| &it.space);
        let overlap = space(here).iter().any(|a| space(there).iter().any(|b| a.overlaps(*b)));
        let peer = self.index.peers.get(&here).and_then(|it| it.get(&there));
        if let Some(peer) = peer.filter(|_| here != there && overlap) {
            for half in [peer.own, peer.theirs].into_iter().flatten() {
                log.touch(half.at);
            }
        }
    }

    /// Where the flow starts; says so when the design does not.
    fn start(&self, log: &mut Log<'_>, flow: &Flow) -> Option<Start<'a>> {
        let facts = self.facts;
        let id = match flow.from {
            Origin::Service(tag) => {
                return Some(Start::Platform {
                    id: None,
                    host: None,
                    region: String::new(),
                    tag: Some(tag),
                });
            }
            Origin::Internet(address) => {
                return Some(Start::Internet { id: None, host: None, address: Some(address) });
            }
            Origin::Host(id) => id,
        };
        if self.index.without_address.contains(&id) {
            log.push(
                Step::unknown(
                    Hop::Validation,
                    text(
                        "the subnet of {0} has no free address left",
                        "{0} のサブネットに空きアドレスがありません",
                    )
                    .with([arg(facts.name(id))]),
                )
                .at(id),
            );
        }
        let found = if let Some(host) = facts.hosts.get(&id) {
            match &host.position {
                Position::Subnet { subnet, .. } => self.start_in_subnet(*subnet, Some(id)),
                Position::Site { site, .. } => Some(self.start_in_site(*site, Some(id))),
                Position::Internet { address } => {
                    Some(Start::Internet { id: Some(id), host: Some(host), address: *address })
                }
                Position::Platform { region } => Some(Start::Platform {
                    id: Some(id),
                    host: Some(host),
                    region: region.clone(),
                    tag: None,
                }),
                Position::Managed { .. } => None,
            }
        } else {
            let holder = [Holder::Appliance(id), Holder::NameServer(id)]
                .into_iter()
                .find_map(|it| self.subnet_of(it));
            match (holder, facts.services.get(&id)) {
                (Some(subnet), _) => self.start_in_subnet(subnet, Some(id)),
                // A service that acts itself does so from the provider's network.
                (None, Some(service)) => Some(Start::Platform {
                    id: Some(id),
                    host: None,
                    region: service.region.clone(),
                    tag: None,
                }),
                (None, None) => None,
            }
        };
        if found.is_none() {
            log.push(
                Step::unknown(
                    Hop::Validation,
                    text(
                        "the design does not say where {0} stands in the network",
                        "{0} がネットワークのどこにあるかがデザインにありません",
                    )
                    .with([arg(facts.name(id))]),
                )
                .at(id),
            );
        }
        found
    }

    fn region_of(&self, start: &Start<'_>) -> String {
        match start {
            Start::Subnet { network, .. } => {
                self.facts.networks.get(network).map(|it| it.region.clone()).unwrap_or_default()
            }
            Start::Platform { region, .. } => region.clone(),
            Start::Site { .. } | Start::Internet { .. } => String::new(),
        }
    }

    fn target(&self, log: &mut Log<'_>, asked: &Asked<'a>, region: &str) -> Option<Target<'a>> {
        let facts = self.facts;
        match asked {
            Asked::Face(id, face) => {
                let service = facts.services.get(id)?;
                Some(Target {
                    party: Party {
                        address: None,
                        public: true,
                        tags: face.tags.clone(),
                        region: Some(service.region.clone()).filter(|it| !it.is_empty()),
                        provider: true,
                        groups: &[],
                        name: Some(face.name.clone()),
                    },
                    service: Some(*id),
                    in_public: None,
                    label: arg(&face.name),
                })
            }
            Asked::Service(it) => {
                let mut tags = vec![it.tag];
                tags.extend(it.also);
                Some(Target {
                    party: Party {
                        public: true,
                        tags,
                        region: Some(region.to_owned()).filter(|it| !it.is_empty()),
                        provider: true,
                        name: Some(it.host.replace("{region}", region)),
                        ..Party::default()
                    },
                    service: None,
                    in_public: None,
                    label: it.label.into(),
                })
            }
            Asked::Tag(tag) => Some(Target {
                party: Party {
                    public: true,
                    tags: vec![tag],
                    region: Some(region.to_owned()).filter(|it| !it.is_empty()),
                    provider: true,
                    ..Party::default()
                },
                service: None,
                in_public: None,
                label: arg(tag),
            }),
            Asked::Name(name) => Some(Target::public(Party {
                public: true,
                name: Some(name.clone()),
                ..Party::default()
            })),
            Asked::Address(address) => {
                let platform = matches!(*address, PLATFORM_DNS | PLATFORM_METADATA);
                if platform || self.is_private(*address) {
                    return Some(Target::address(*address));
                }
                Some(Target::public(Party {
                    address: Some(*address),
                    public: true,
                    ..Party::default()
                }))
            }
            Asked::Host(id) => {
                let Some(address) = self.index.address.get(id) else {
                    log.push(
                        Step::unknown(
                            Hop::Validation,
                            text(
                                "{0} has no address in the design that could be called",
                                "{0} には呼び出せるアドレスがデザインにありません",
                            )
                            .with([arg(facts.name(*id))]),
                        )
                        .at(*id),
                    );
                    return None;
                };
                Some(Target { label: arg(facts.name(*id)), ..Target::address(*address) })
            }
        }
    }

    /// A public service seen at the address that its name was resolved to, if at a private one.
    pub(super) fn resolved_party(
        &self,
        public: &Party<'a>,
        address: Option<Ipv4Addr>,
    ) -> Party<'a> {
        let Some(address) = address else { return public.clone() };
        if self.is_private(address) {
            let name = public.name.clone();
            return Party { name, ..Party::private(Some(address), &[]) };
        }
        Party { address: Some(address), ..public.clone() }
    }

    /// Private by its range, or because a network of the design uses it.
    fn is_private(&self, address: Ipv4Addr) -> bool {
        Cidr::holding(address, 32).is_private() || self.index.holders.contains_key(&address)
    }

    /// Says that the private endpoint of the caller in the network of `to` is none of its ways in.
    fn one_way(&self, flow: &Flow, to: ResourceId) -> Option<Step> {
        let facts = self.facts;
        let Origin::Host(from) = flow.from else { return None };
        let network_of = |subnet: ResourceId| facts.subnets.get(&subnet).map(|it| it.network);
        let network = network_of(self.subnet_of(Holder::Host(to))?)?;
        let (endpoint, _) = facts
            .private_endpoints
            .iter()
            .find(|(_, it)| it.target == from && network_of(it.subnet) == Some(network))?;
        let words = [*endpoint, from, to].map(|it| arg(facts.name(it)));
        Some(
            Step::deny(
                Hop::PrivateEndpoint,
                text(
                    "{0} takes connections to {1}; {1} opens none to {2} through it",
                    "{0} は {1} への接続を受け付けるもので、{1} から {2} への接続には使えません",
                )
                .with(words),
            )
            .at(*endpoint)
            .source("private-link/private-endpoint-overview"),
        )
    }

    fn to_host_from_outside(
        &self,
        log: &mut Log<'_>,
        start: &Start<'a>,
        id: ResourceId,
        target: &Target<'a>,
        flow: &Flow,
        resolved: &mut Option<Resolved>,
    ) {
        let facts = self.facts;
        let host = facts.hosts.get(&id);
        let (sender, tags) = match start {
            Start::Internet { id, address, .. } => (
                Sender {
                    address: address.map(|it| Cidr::holding(it, 32)),
                    region: None,
                    via: *id,
                    assumed: false,
                    picked: false,
                },
                Vec::new(),
            ),
            Start::Platform { id, region, tag, .. } => (
                Sender {
                    address: None,
                    region: Some(region.clone()),
                    via: *id,
                    assumed: false,
                    picked: tag.is_none(),
                },
                tag.iter().copied().collect(),
            ),
            Start::Subnet { .. } | Start::Site { .. } => return,
        };
        let Some(public) = host.and_then(|it| it.public.as_ref()) else {
            // Of several, whoever calls takes one that works.
            let tried = self.published(id, flow.protocol, flow.port).map(|it| {
                let (mut way, mut at) = (Log::new(self.facts), None);
                self.reach_published(&mut way, id, &it, &sender, &tags, flow, &mut at);
                (way, at)
            });
            let tried = tried.min_by_key(|(way, _)| way.worst_of_all());
            let balancer = self.balancer_before(id);
            let works = |(way, _): &(Log<'_>, _)| way.worst_of_all() == Outcome::Allowed;
            if let Some((way, at)) = tried.filter(|it| balancer.is_none() || works(it)) {
                log.adopt(way);
                *resolved = at;
                return;
            }
            if let Some(balancer) = balancer {
                self.enter_balancer(log, balancer);
                return;
            }
            if let Some(step) = self.one_way(flow, id) {
                log.push(step);
            }
            log.push(
                Step::deny(
                    Hop::Route,
                    text(
                        "{0} has no public IP address, so it cannot be reached from outside",
                        "{0} にはパブリック IP アドレスがないため、外部から到達できません",
                    )
                    .with([arg(facts.name(id))]),
                )
                .at(id)
                .source("virtual-network/ip-services/public-ip-addresses"),
            );
            return;
        };
        let address = public.prefix.filter(|it| it.is_host()).map(Cidr::first);
        *resolved = Some(Resolved {
            name: facts.name(id).to_owned(),
            answer: address.map_or(Answer::Public, Answer::Address),
        });
        let holder = Holder::Host(id);
        self.reach_public_host(log, holder, &sender, &tags, target, flow.protocol, flow.port);
    }

    /// Rules of firewalls that lead from outside to a port of a host: firewall, its address and port there.
    fn published(
        &self,
        id: ResourceId,
        protocol: Protocol,
        port: u16,
    ) -> impl Iterator<Item = Published> {
        let private = self.index.address.get(&id).copied();
        self.facts.appliances.iter().flat_map(move |(firewall, it)| {
            let address = it.public.first().and_then(|it| it.prefix).map(Cidr::first);
            let rules = it.nat_rules.iter().filter(move |it| {
                Some(it.to) == private
                    && it.to_port == port
                    && it.protocols.iter().any(|it| it.covers(protocol))
            });
            rules.filter_map(move |rule| {
                let named = rule.destination.iter().find_map(|it| match it {
                    Place::Prefix(it) if it.is_host() => Some(it.first()),
                    _ => None,
                });
                let port = rule.ports.first().map_or(rule.to_port, |it| it.first);
                Some(Published { firewall: *firewall, address: named.or(address)?, port })
            })
        })
    }

    /// A balancer that spreads connections from the internet over a host and others.
    fn balancer_before(&self, id: ResourceId) -> Option<ResourceId> {
        let mut pools = self.facts.hosts.get(&id)?.pools.iter();
        let published = |(id, n): &&(ResourceId, usize)| {
            let pool = self.facts.balancers.get(id).and_then(|it| it.pools.get(*n));
            pool.is_some_and(|it| it.published)
        };
        pools.find(published).map(|(id, _)| *id)
    }

    /// Whether a firewall or a load balancer leads connections from outside to a host.
    pub fn is_published(&self, id: ResourceId) -> bool {
        if self.balancer_before(id).is_some() {
            return true;
        }
        let Some(address) = self.index.address.get(&id) else { return false };
        let mut rules = self.facts.appliances.values().flat_map(|it| &it.nat_rules);
        rules.any(|it| it.to == *address)
    }

    #[expect(clippy::too_many_arguments, reason = "the packet and both of its ends")]
    fn reach_published(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        at: &Published,
        sender: &Sender,
        tags: &[&'a str],
        flow: &Flow,
        resolved: &mut Option<Resolved>,
    ) {
        let facts = self.facts;
        *resolved =
            Some(Resolved { name: facts.name(id).to_owned(), answer: Answer::Address(at.address) });
        log.push(
            Step::pass(
                Hop::Route,
                text(
                    "{0} has no public IP address; from outside it is called at {1}:{2} of {3}",
                    "{0} にはパブリック IP アドレスがありません。外部からは {3} の {1}:{2} に接続します",
                )
                .with([
                    arg(facts.name(id)),
                    arg(at.address),
                    arg(at.port),
                    arg(facts.name(at.firewall)),
                ]),
            )
            .at(at.firewall)
            .source("firewall/tutorial-firewall-dnat"),
        );
        let party = Party { address: Some(at.address), public: true, ..Party::default() };
        let target = Target::public(party);
        self.translate_in(log, at.firewall, sender, tags, &target, flow.protocol, at.port);
    }

    /// A health probe. It comes from the platform's own address, which stands in every network, so no
    /// route matters to it.
    fn probe(
        &self,
        log: &mut Log<'_>,
        id: ResourceId,
        target: &Target<'a>,
        flow: &Flow,
        resolved: &mut Option<Resolved>,
    ) {
        let Some(address) = target.party.address else { return };
        *resolved = Some(Resolved {
            name: self.facts.name(id).to_owned(),
            answer: Answer::Address(address),
        });
        log.push(
            Step::pass(
                Hop::Route,
                text(
                    "the load balancer probes {0} from {1}, which stands in every virtual network",
                    "ロード バランサーは、すべての仮想ネットワークにある {1} から {0} をプローブします",
                )
                .with([arg(self.facts.name(id)), arg(PLATFORM_DNS)]),
            )
            .at(id)
            .source("load-balancer/load-balancer-custom-probe-overview"),
        );
        self.enter_from_platform(log, id, target, flow.protocol, flow.port);
    }

    /// The private address that a name should have led to: an approved endpoint near the caller first.
    fn intended(&self, start: &Start<'_>, face: &Face) -> Option<Ipv4Addr> {
        let home = match start {
            Start::Subnet { network, .. } => Some(*network),
            Start::Site { .. } => None,
            Start::Internet { .. } | Start::Platform { .. } => return None,
        };
        let member = face.link.as_ref().map_or("", |it| it.member.as_str());
        let mut all: Vec<(bool, ResourceId)> = self
            .endpoints_for(face)
            .filter(|(_, it)| it.state == LinkState::Approved)
            .map(|(id, it)| {
                let network = self.facts.subnets.get(&it.subnet).map(|it| it.network);
                (network != home, id)
            })
            .collect();
        all.sort_unstable();
        let (_, id) = *all.first()?;
        let addresses = self.index.endpoint_addresses.get(&id)?;
        addresses
            .iter()
            .find(|(it, _)| it == member)
            .or_else(|| addresses.first())
            .map(|(_, it)| *it)
    }

    /// A caller that gets the public address although a private endpoint exists.
    fn hint_private(&self, log: &mut Log<'_>, start: &Start<'_>, face: &Face) {
        let Some(link) = &face.link else { return };
        let Some((id, _)) =
            self.endpoints_for(face).find(|(_, it)| it.state == LinkState::Approved)
        else {
            return;
        };
        if !matches!(start, Start::Subnet { .. } | Start::Site { .. }) {
            return;
        }
        log.note(
            text(
                "{0} exists, but this caller gets the public address: the resolver that it uses must see zone {1} with the record {2}",
                "{0} がありますが、この呼び出し元はパブリック アドレスを得ます。使用するリゾルバーからゾーン {1} のレコード {2} が見える必要があります",
            )
            .with([arg(self.facts.name(id)), arg(&link.zone), arg(&link.label)]),
        );
    }
}

/// Tag of Azure Resource Manager, where every management call goes.
const MANAGEMENT: &str = "AzureResourceManager";

/// Tag of the source of health probes.
const PROBES: &str = "AzureLoadBalancer";

/// Tag of the front page of Studio.
const STUDIO: &str = "AzureFrontDoor.Frontend";

fn target_name(asked: &Asked<'_>, facts: &Facts) -> String {
    match asked {
        Asked::Face(_, face) => face.name.clone(),
        Asked::Service(it) => it.host.to_owned(),
        Asked::Tag(tag) => (*tag).to_owned(),
        Asked::Name(name) => name.clone(),
        Asked::Address(address) => address.to_string(),
        Asked::Host(id) => facts.name(*id).to_owned(),
    }
}

#[cfg(test)]
mod tests;
