//! Small networks for tests, written as facts.

use std::net::Ipv4Addr;

use super::flow::{Destination, Flow, FlowAnswer, Network};
use crate::{
    facts::{
        Facts, ResourceId,
        cidr::Cidr,
        filter::{
            Appliance, Direction, Filter, Guard, GuardRule, Place, Ports, Protocol, Rule, Tag,
        },
        name::{NameServer, Record, Zone, ZoneLink},
        network::{
            Host, NextHop, PeeringHalf, Position, PrivateNetwork, Route, RoutePrefix, RouteTable,
            ServiceEndpoint, Site, Subnet,
        },
        service::{
            Clauses, Face, FaceLink, Firewall, LinkGroup, LinkRecord, LinkState, PrivateEndpoint,
            PublicAccess, Service,
        },
    },
    text::Lang,
};

pub(super) fn cidr(s: &str) -> Cidr {
    s.parse().unwrap()
}

pub(super) fn ip(s: &str) -> Ipv4Addr {
    s.parse().unwrap()
}

/// Reads `*`, a prefix, or a tag with or without region.
pub(super) fn place(s: &str) -> Place {
    if s == "*" {
        return Place::Any;
    }
    if let Ok(it) = s.parse() {
        return Place::Prefix(it);
    }
    match s.split_once('.') {
        Some((tag, region)) if tag != "AzureFrontDoor" => Place::Tag(Tag::new(tag, Some(region))),
        _ => Place::Tag(Tag::new(s, None)),
    }
}

/// A rule in one line: `out 100 allow TCP * Storage 443`.
pub(super) fn rule(line: &str) -> Rule {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [direction, priority, access, protocol, source, destination, ports] = words[..] else {
        panic!("not a rule: {line}");
    };
    Rule {
        name: format!("{access}-{priority}"),
        priority: priority.parse().unwrap(),
        direction: if direction == "in" { Direction::Inbound } else { Direction::Outbound },
        allow: access == "allow",
        protocol: match protocol {
            "TCP" => Protocol::Tcp,
            "UDP" => Protocol::Udp,
            _ => Protocol::Any,
        },
        source: source.split(',').map(place).collect(),
        source_ports: Vec::new(),
        destination: destination.split(',').map(place).collect(),
        ports: ports
            .split(',')
            .filter(|it| *it != "*")
            .map(|it| Ports::parse(it).unwrap())
            .collect(),
    }
}

#[derive(Default)]
pub(super) struct Lab {
    pub(super) facts: Facts,
}

impl Lab {
    pub(super) fn id(&mut self, name: &str) -> ResourceId {
        let id = ResourceId(u32::try_from(self.facts.names.len()).unwrap() + 1);
        self.facts.names.insert(id, name.to_owned());
        id
    }

    /// The id of a name.
    pub(super) fn at(&self, name: &str) -> ResourceId {
        *self.facts.names.iter().find(|(_, it)| *it == name).unwrap_or_else(|| panic!("{name}")).0
    }

    pub(super) fn network(&mut self, name: &str, space: &str) -> ResourceId {
        let id = self.id(name);
        let space = space.split(',').map(cidr).collect();
        let network = PrivateNetwork { space, region: "japaneast".to_owned(), dns: Vec::new() };
        self.facts.networks.insert(id, network);
        id
    }

    /// A subnet named `network/name`.
    pub(super) fn subnet(&mut self, network: ResourceId, name: &str, prefix: &str) -> ResourceId {
        let name = format!("{}/{name}", self.facts.name(network));
        let id = self.id(&name);
        let subnet = Subnet {
            network,
            prefixes: vec![cidr(prefix)],
            default_outbound: true,
            ..Subnet::default()
        };
        self.facts.subnets.insert(id, subnet);
        id
    }

    pub(super) fn subnet_mut(&mut self, id: ResourceId) -> &mut Subnet {
        self.facts.subnets.get_mut(&id).unwrap()
    }

    pub(super) fn filter(&mut self, subnet: ResourceId, lines: &[&str]) -> ResourceId {
        let id = self.id("nsg");
        let rules = lines.iter().map(|it| rule(it)).collect();
        self.facts.filters.insert(id, Filter { rules });
        self.subnet_mut(subnet).filter = Some(id);
        id
    }

    /// Rules over a network; `always` in place of `allow` is the last word.
    pub(super) fn guard(&mut self, network: ResourceId, lines: &[&str]) -> ResourceId {
        let id = self.id("avnm");
        let rules = lines.iter().map(|it| GuardRule {
            rule: rule(&it.replace("always", "allow")),
            last: !it.contains(" allow "),
            networks: vec![network],
        });
        self.facts.guards.insert(id, Guard { rules: rules.collect() });
        id
    }

    pub(super) fn routes(&mut self, subnet: ResourceId, routes: &[(&str, NextHop)]) -> ResourceId {
        let id = self.id("rt");
        let routes = routes
            .iter()
            .enumerate()
            .map(|(n, (to, next_hop))| Route {
                name: format!("r{n}"),
                to: match place(to) {
                    Place::Prefix(it) => RoutePrefix::Prefix(it),
                    Place::Tag(it) => RoutePrefix::Tag(it),
                    it => panic!("{it:?}"),
                },
                next_hop: *next_hop,
            })
            .collect();
        let table = RouteTable { routes, learns_gateway_routes: true };
        self.facts.route_tables.insert(id, table);
        self.subnet_mut(subnet).routes = Some(id);
        id
    }

    pub(super) fn half(&mut self, from: ResourceId, to: ResourceId) -> &mut PeeringHalf {
        let at = self.id(&format!("{}-to-{}", from.0, to.0));
        self.facts.peerings.push(PeeringHalf {
            at,
            from,
            to,
            connected: true,
            access: true,
            forwarded: false,
            gateway_transit: false,
            remote_gateways: false,
        });
        self.facts.peerings.last_mut().unwrap()
    }

    pub(super) fn peer(&mut self, a: ResourceId, b: ResourceId) {
        self.half(a, b);
        self.half(b, a);
    }

    pub(super) fn vm(&mut self, name: &str, subnet: ResourceId, address: &str) -> ResourceId {
        let id = self.id(name);
        let address = Some(ip(address));
        self.facts.hosts.insert(id, Host::at(Position::Subnet { subnet, address }));
        id
    }

    pub(super) fn site(&mut self, name: &str, space: &str) -> ResourceId {
        let id = self.id(name);
        let space = space.split(',').map(cidr).collect();
        self.facts.sites.insert(id, Site { space, internet: true, ..Site::default() });
        id
    }

    pub(super) fn gateway(&mut self, subnet: ResourceId, site: ResourceId) -> ResourceId {
        let id = self.id("gw");
        let network = self.facts.subnets.get(&subnet).unwrap().network;
        let gateway = crate::facts::network::Gateway {
            network,
            subnet,
            sites: vec![site],
            circuit: false,
            learns: false,
        };
        self.facts.gateways.insert(id, gateway);
        id
    }

    pub(super) fn firewall(&mut self, subnet: ResourceId, address: &str) -> ResourceId {
        let id = self.id("fw");
        let network = self.facts.subnets.get(&subnet).unwrap().network;
        let appliance = Appliance {
            network,
            subnet,
            address: Some(ip(address)),
            public: vec![crate::facts::network::PublicAddress {
                at: id,
                prefix: Some(cidr("203.0.113.50")),
            }],
            ..Appliance::default()
        };
        self.facts.appliances.insert(id, appliance);
        id
    }

    pub(super) fn firewall_mut(&mut self, id: ResourceId) -> &mut Appliance {
        self.facts.appliances.get_mut(&id).unwrap()
    }

    /// A storage account with its faces `blob` and `file`, open to everybody.
    pub(super) fn storage(&mut self, name: &str) -> ResourceId {
        let id = self.id(name);
        let mut service = Service {
            region: "japaneast".to_owned(),
            tenant: "t1".to_owned(),
            firewall: Firewall {
                trusted: &["MachineLearning"],
                clauses: Clauses { ip_rules_skip_same_region: true, ..Clauses::default() },
                symptom: "sy-storage",
                ..Firewall::default()
            },
            ..Service::default()
        };
        for face in ["blob", "file"] {
            let zone = format!("privatelink.{face}.core.windows.net");
            service.faces.push(Face {
                id: face,
                name: format!("{name}.{face}.core.windows.net"),
                link: Some(FaceLink {
                    owner: Some(id),
                    group: face,
                    label: name.to_owned(),
                    zone: zone.clone(),
                    ..FaceLink::default()
                }),
                tags: vec!["Storage"],
                ..Face::default()
            });
            service.links.push(LinkGroup {
                group: face,
                members: vec![String::new()],
                records: vec![LinkRecord { zone, label: name.to_owned(), member: String::new() }],
                ..LinkGroup::default()
            });
        }
        self.facts.services.insert(id, service);
        id
    }

    pub(super) fn firewall_of(&mut self, id: ResourceId) -> &mut Firewall {
        &mut self.facts.services.get_mut(&id).unwrap().firewall
    }

    pub(super) fn close(&mut self, id: ResourceId) {
        self.firewall_of(id).public = PublicAccess::Disabled;
        self.firewall_of(id).default_allow = false;
    }

    pub(super) fn endpoint(
        &mut self,
        subnet: ResourceId,
        target: ResourceId,
        group: &str,
        address: &str,
    ) -> ResourceId {
        let id = self.id(&format!("pe-{group}"));
        let endpoint = PrivateEndpoint {
            subnet,
            target,
            group: group.to_owned(),
            state: LinkState::Approved,
            addresses: vec![(String::new(), ip(address))],
            zones: Vec::new(),
            groups: Vec::new(),
        };
        self.facts.private_endpoints.insert(id, endpoint);
        id
    }

    pub(super) fn zone(
        &mut self,
        name: &str,
        networks: &[ResourceId],
        records: &[(&str, &str)],
    ) -> ResourceId {
        let id = self.id(name);
        let zone = Zone {
            name: name.to_owned(),
            links: networks
                .iter()
                .map(|network| ZoneLink {
                    at: id,
                    network: *network,
                    redirects: false,
                    registers: false,
                })
                .collect(),
            records: records
                .iter()
                .map(|(label, address)| Record {
                    at: id,
                    label: (*label).to_owned(),
                    addresses: vec![ip(address)],
                })
                .collect(),
        };
        self.facts.zones.insert(id, zone);
        id
    }

    pub(super) fn blob_zone(&mut self, networks: &[ResourceId], records: &[(&str, &str)]) {
        self.zone("privatelink.blob.core.windows.net", networks, records);
    }

    pub(super) fn name_server(&mut self, id: ResourceId, server: NameServer) {
        self.facts.name_servers.insert(id, server);
    }

    pub(super) fn service_endpoint(&mut self, subnet: ResourceId, tag: &'static str) {
        self.subnet_mut(subnet).service_endpoints.push(ServiceEndpoint {
            tag,
            all_regions: false,
            pair: None,
            only: None,
            unseen: false,
        });
    }

    pub(super) fn ask(&self, flow: &Flow) -> FlowAnswer {
        Network::new(&self.facts).flow(flow)
    }

    pub(super) fn blob(&self, from: &str, account: &str) -> FlowAnswer {
        let face = Destination::Face { resource: self.at(account), face: "blob" };
        self.ask(&Flow::https(self.at(from), face))
    }

    pub(super) fn https(&self, from: &str, to: &str) -> FlowAnswer {
        self.ask(&Flow::https(self.at(from), Destination::Host(self.at(to))))
    }

    pub(super) fn tag(&self, from: &str, tag: &'static str) -> FlowAnswer {
        self.ask(&Flow::https(self.at(from), Destination::PublicService(tag)))
    }
}

impl FlowAnswer {
    /// One line: outcome, failing hop, address.
    pub(super) fn line(&self) -> String {
        use super::flow::Answer;
        let hop = self.failing.map_or("none", super::Hop::slug);
        let address = match self.resolved.as_ref().map(|it| it.answer) {
            Some(Answer::Address(it)) => it.to_string(),
            Some(Answer::Public) => "public".to_owned(),
            Some(Answer::Private) => "private".to_owned(),
            Some(Answer::NoAnswer) => "no answer".to_owned(),
            None => "-".to_owned(),
        };
        format!("{} {hop} {address}", self.outcome.slug())
    }

    /// Asserts the line, and shows the trace where it differs.
    #[track_caller]
    pub(super) fn is(&self, expected: &str) {
        assert_eq!(self.line(), expected, "\n{}", self.told());
    }

    pub(super) fn told(&self) -> String {
        let steps = self.trace.steps.iter().map(|it| {
            format!("{} {}: {}", it.outcome.slug(), it.hop.slug(), it.text.render(Lang::En))
        });
        let notes = self.assumptions.iter().map(|it| format!("note: {}", it.render(Lang::En)));
        steps.chain(notes).collect::<Vec<_>>().join("\n")
    }
}
