//! Who reaches whom in a design, on which ports, and what decides it.
//!
//! A way leads from a host, or from anywhere on the internet, to a private address, to one face of a service
//! at its public name, or to the internet. Ports are those that the network lets through; whether something
//! listens there, a design does not say.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::Ipv4Addr,
};

use crate::{
    facts::{
        Facts, ResourceId,
        filter::{Place, Ports, Protocol},
        network::{Host, Position},
    },
    kinds::Resources,
    solve::{
        Hop, Outcome, Step, Trace,
        flow::{Destination, Flow, Network, Origin},
        reach::openings::{PROTOCOLS, join, openings, port_classes},
    },
    text::{Arg, Message},
};

// The answers as text, as JSON and as a table.
mod print;

pub use print::{INTERNET, ports, reach_page, reach_table, reach_value};

/// Where a way ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// The private address of a host or a private endpoint; from outside, the public one of a host.
    Place(ResourceId),
    /// One face of a service, at its name.
    Face(ResourceId, &'static str),
    /// Addresses of the internet that no rule names.
    Internet,
}

impl End {
    pub fn resource(self) -> Option<ResourceId> {
        match self {
            End::Place(id) | End::Face(id, _) => Some(id),
            End::Internet => None,
        }
    }
}

/// All that one place can say to another over one protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// `None`: anywhere on the internet, at an address that no rule names.
    pub from: Option<ResourceId>,
    pub to: End,
    pub protocol: Protocol,
    /// The best first. Together every port, or those at which a service answers; of a protocol without
    /// ports, all of them.
    pub parts: Vec<Part>,
}

/// Ports with one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Ascending, with gaps between them.
    pub ports: Vec<Ports>,
    pub outcome: Outcome,
}

/// Ports about which one step decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub ports: Vec<Ports>,
    pub outcome: Outcome,
    pub hop: Hop,
    /// The resource that decides.
    pub at: Option<ResourceId>,
    pub text: Message,
}

impl Way {
    pub fn outcome(&self) -> Outcome {
        self.parts.iter().map(|it| it.outcome).min().unwrap_or(Outcome::Unknown)
    }
}

/// The ways of one design.
pub struct Ways<'a> {
    network: &'a Network<'a>,
    /// Ports with the same answers everywhere, by protocol.
    classes: BTreeMap<Protocol, Vec<Vec<Ports>>>,
    stranger: Ipv4Addr,
}

/// Public addresses of which one is asked for in place of the internet: the first that no rule names.
const STRANGERS: [Ipv4Addr; 6] = [
    Ipv4Addr::new(9, 137, 41, 6),
    Ipv4Addr::new(78, 201, 14, 99),
    Ipv4Addr::new(151, 66, 180, 23),
    Ipv4Addr::new(221, 9, 77, 140),
    Ipv4Addr::new(45, 83, 191, 7),
    Ipv4Addr::new(186, 22, 5, 211),
];

impl<'a> Ways<'a> {
    pub fn new(network: &'a Network<'a>) -> Ways<'a> {
        let facts = network.facts();
        let classes = PROTOCOLS.map(|it| (it, port_classes(facts, it)));
        let named = |it: Ipv4Addr| places(facts).any(|place| names(place, it));
        let stranger = STRANGERS.into_iter().find(|it| !named(*it));
        let [first, ..] = STRANGERS;
        Ways { network, classes: classes.into(), stranger: stranger.unwrap_or(first) }
    }

    /// From the places `from` to the places `to`; `None` stands for all of them.
    pub fn find(
        &self,
        from: Option<&BTreeSet<ResourceId>>,
        to: Option<&BTreeSet<ResourceId>>,
    ) -> Vec<Way> {
        let asked = |it: ResourceId, set: Option<&BTreeSet<ResourceId>>| {
            set.is_none_or(|set| set.contains(&it))
        };
        let facts = self.network.facts();
        // From outside: at its own address, or at that of a firewall.
        let called =
            |id: ResourceId, it: &Host| it.public.is_some() || self.network.is_published(id);
        let mut all = self.private(from, to);
        for (&id, host) in facts.hosts.iter().filter(|(id, _)| asked(**id, from)) {
            let outside =
                matches!(host.position, Position::Internet { .. } | Position::Platform { .. });
            for (&other, target) in facts.hosts.iter().filter(|(it, _)| asked(**it, to)) {
                if outside && other != id && called(other, target) {
                    all.extend(self.every_port(Some(id), End::Place(other)));
                }
            }
            all.extend(self.to_services(Some(id), to));
            if to.is_none() && !outside {
                all.extend(self.every_port(Some(id), End::Internet));
            }
        }
        if from.is_none() {
            for (&other, target) in facts.hosts.iter().filter(|(it, _)| asked(**it, to)) {
                if called(other, target) {
                    all.extend(self.every_port(None, End::Place(other)));
                }
            }
            all.extend(self.to_services(None, to));
        }
        all.sort_by_key(|it| (it.from, it.to, it.protocol));
        all
    }

    /// To every face of the services `to`.
    fn to_services(&self, from: Option<ResourceId>, to: Option<&BTreeSet<ResourceId>>) -> Vec<Way> {
        let services = self.network.facts().services.iter();
        let asked = |id: &ResourceId| to.is_none_or(|set| set.contains(id)) && from != Some(*id);
        let mut all = Vec::new();
        for (id, it) in services.filter(|(id, _)| asked(id)) {
            for face in &it.faces {
                let end = End::Face(*id, face.id);
                all.push(self.way(from, end, Protocol::Tcp, &served(face.id)));
            }
        }
        all
    }

    /// Between private addresses.
    fn private(
        &self,
        from: Option<&BTreeSet<ResourceId>>,
        to: Option<&BTreeSet<ResourceId>>,
    ) -> Vec<Way> {
        let all = openings(self.network, from, to).into_iter();
        all.map(|it| {
            let parts = it.parts.iter().map(|part| (part.ports.clone(), part.said.0));
            let parts = by_outcome(parts);
            Way { from: Some(it.from), to: End::Place(it.to), protocol: it.protocol, parts }
        })
        .collect()
    }

    /// Asked port by port, as far as rules tell ports apart.
    fn every_port(&self, from: Option<ResourceId>, to: End) -> Vec<Way> {
        let ask = |(protocol, classes): (&Protocol, &Vec<Vec<Ports>>)| {
            self.way(from, to, *protocol, classes)
        };
        self.classes.iter().map(ask).collect()
    }

    fn way(
        &self,
        from: Option<ResourceId>,
        to: End,
        protocol: Protocol,
        classes: &[Vec<Ports>],
    ) -> Way {
        let ask = |class: &Vec<Ports>| {
            let port = class.first()?.first;
            let answer = self.network.flow(&self.question(from, to, protocol, port));
            Some((class.clone(), answer.outcome))
        };
        let parts = by_outcome(classes.iter().filter_map(ask));
        Way { from, to, protocol, parts }
    }

    fn question(&self, from: Option<ResourceId>, to: End, protocol: Protocol, port: u16) -> Flow {
        let from = from.map_or(Origin::Internet(self.stranger), Origin::Host);
        let to = match to {
            // A private endpoint is called at its address; so is a host, whatever its name.
            End::Place(id) => self
                .network
                .endpoint_addresses(id)
                .first()
                .map_or(Destination::Host(id), |(_, it)| Destination::Address(*it)),
            End::Face(resource, face) => Destination::Face { resource, face },
            End::Internet => Destination::Address(self.stranger),
        };
        Flow { protocol, ..Flow::tcp(from, to, port) }
    }

    /// What decides about each port of a way.
    pub fn reasons(&self, way: &Way) -> Vec<Reason> {
        let classes = match way.to {
            End::Face(_, face) => served(face),
            _ => self.classes.get(&way.protocol).cloned().unwrap_or_default(),
        };
        let mut all: Vec<Reason> = Vec::new();
        for class in classes {
            let Some(port) = class.first().map(|it| it.first) else { continue };
            let flow = self.question(way.from, way.to, way.protocol, port);
            let answer = self.network.flow(&flow);
            let Some(step) = decides(&answer.trace) else { continue };
            let reason = Reason {
                ports: class,
                outcome: answer.outcome,
                hop: step.hop,
                at: step.at,
                text: without_port(&step.text, way.protocol, port),
            };
            let same = |it: &&mut Reason| {
                (it.outcome, it.hop, it.at, &it.text)
                    == (reason.outcome, reason.hop, reason.at, &reason.text)
            };
            match all.iter_mut().find(same) {
                Some(it) => it.ports.extend(&reason.ports),
                None => all.push(reason),
            }
        }
        for it in &mut all {
            it.ports = join(std::mem::take(&mut it.ports));
        }
        all.sort_by_key(|it| it.outcome);
        all
    }
}

/// The places that a question about `id` is about: itself and all that stands in it. Those that can start
/// a way, and those at which one can end.
pub fn within(
    resources: &Resources,
    facts: &Facts,
    id: ResourceId,
) -> (BTreeSet<ResourceId>, BTreeSet<ResourceId>) {
    let inside = |it: &ResourceId| {
        *it == id
            || resources.subject(*it).is_some_and(|it| it.ancestors().any(|above| above.id == id))
    };
    let starts: BTreeSet<ResourceId> = facts.hosts.keys().copied().filter(inside).collect();
    let ends = facts.private_endpoints.keys().chain(facts.services.keys()).copied();
    let ends = ends.filter(inside).chain(starts.iter().copied()).collect();
    (starts, ends)
}

/// The ports at which a face of a service answers.
fn served(face: &str) -> Vec<Vec<Ports>> {
    match face {
        // Over HTTPS, and mounted over SMB.
        "file" => vec![vec![Ports::one(443)], vec![Ports::one(445)]],
        _ => vec![vec![Ports::one(443)]],
    }
}

fn by_outcome(all: impl Iterator<Item = (Vec<Ports>, Outcome)>) -> Vec<Part> {
    let mut parts: BTreeMap<Outcome, Vec<Ports>> = BTreeMap::new();
    for (ports, outcome) in all {
        parts.entry(outcome).or_default().extend(ports);
    }
    parts.into_iter().map(|(outcome, ports)| Part { ports: join(ports), outcome }).collect()
}

/// The step that decides; where all pass, the last rule that had a say, or else the last step.
fn decides(trace: &Trace) -> Option<&Step> {
    if trace.outcome() == Outcome::Allowed {
        let filters =
            [Hop::NsgOutbound, Hop::FirewallAppliance, Hop::NsgInbound, Hop::DestinationFirewall];
        let rule = trace.steps.iter().rev().find(|it| filters.contains(&it.hop));
        return rule.or(trace.steps.last());
    }
    trace.deciding().and_then(|it| trace.steps.get(it))
}

/// A sentence about one port as one about the protocol, because the ports stand beside it.
fn without_port(text: &Message, protocol: Protocol, port: u16) -> Message {
    let asked = protocol.at(port);
    let args = text.args.iter().map(|it| match it {
        Arg::Value(value) if value.as_str() == asked => Arg::from(protocol.name()),
        it => it.clone(),
    });
    Message { text: text.text, args: args.collect() }
}

/// Every place that some rule names.
fn places(facts: &Facts) -> impl Iterator<Item = &Place> {
    let guards = facts.guards.values().flat_map(|it| &it.rules).map(|it| &it.rule);
    let filters = facts.filters.values().flat_map(|it| &it.rules).chain(guards);
    let filters = filters.flat_map(|it| it.source.iter().chain(&it.destination));
    let firewalls = facts.appliances.values().flat_map(|it| {
        let rules = it.network_rules.iter();
        rules.flat_map(|it| it.source.iter().chain(&it.destination))
    });
    filters.chain(firewalls)
}

fn names(place: &Place, address: Ipv4Addr) -> bool {
    match place {
        Place::Prefix(it) => it.len() > 0 && it.contains(address),
        Place::Range(first, last) => *first <= address && address <= *last,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        kinds::{Kind, testing::Sketch},
        text::Lang,
    };

    /// Each way in one line: `a > b TCP 443 allowed: why | 0-442 denied: why`.
    fn ways(
        it: &Sketch,
        from: Option<ResourceId>,
        to: Option<ResourceId>,
        protocol: Protocol,
    ) -> Vec<String> {
        let facts = it.all().facts();
        let network = Network::new(&facts);
        let ways = Ways::new(&network);
        let from = from.map(|id| within(it.all(), &facts, id).0);
        let to = to.map(|id| within(it.all(), &facts, id).1);
        let all = ways.find(from.as_ref(), to.as_ref()).into_iter();
        all.filter(|it| it.protocol == protocol)
            .map(|way| {
                let end = match way.to {
                    End::Place(id) => facts.name(id).to_owned(),
                    End::Face(id, face) => format!("{} {face}", facts.name(id)),
                    End::Internet => "internet".to_owned(),
                };
                let reasons = ways.reasons(&way);
                // The quick answer and the one with its reasons are the same.
                let told = reasons.iter().map(|it| (it.ports.clone(), it.outcome));
                assert_eq!(by_outcome(told), way.parts);
                let told: Vec<String> = reasons
                    .iter()
                    .map(|it| {
                        let ports = ports(protocol, &it.ports, Lang::En);
                        format!("{ports} {}: {}", it.outcome.slug(), it.text.render(Lang::En))
                    })
                    .collect();
                let from = way.from.map_or("internet", |it| facts.name(it));
                format!("{from} > {end} {}", told.join(" | "))
            })
            .collect()
    }

    fn rule(name: &str, priority: u16, access: &str, protocol: &str, ports: &str) -> Value {
        json!({
            "name": name, "priority": priority, "direction": "Inbound", "access": access,
            "protocol": protocol, "sourceAddressPrefixes": ["*"], "sourcePortRanges": ["*"],
            "destinationAddressPrefixes": ["*"], "destinationPortRanges": [ports],
        })
    }

    /// A subnet with two machines; its group takes SSH and ports 8000 to 8010 over TCP, and nothing else.
    fn machines() -> (Sketch, ResourceId, [ResourceId; 2]) {
        let (mut it, subnet) = Sketch::subnet();
        let rules = json!({"securityRules": [
            rule("ssh", 100, "Allow", "Tcp", "22"),
            rule("app", 110, "Allow", "Tcp", "8000-8010"),
            rule("no", 200, "Deny", "*", "*"),
        ]});
        let nsg = it.add(Kind::NetworkSecurityGroup, "nsg", ResourceId(1), rules);
        it.set(subnet, "networkSecurityGroup", json!(nsg.0));
        let both = ["a", "b"].map(|name| it.add(Kind::VirtualMachine, name, subnet, json!({})));
        (it, subnet, both)
    }

    // virtual-network/network-security-group-how-it-works, intra-subnet traffic: the group of a subnet
    // filters what its own machines send each other, too.
    #[test]
    fn each_port_has_the_rule_that_decides_about_it() {
        let (it, _, [a, b]) = machines();
        assert_eq!(
            ways(&it, Some(a), Some(b), Protocol::Tcp),
            ["a > b 22 allowed: nsg: rule ssh (100) allows TCP to b | \
              8000-8010 allowed: nsg: rule app (110) allows TCP to b | \
              0-21, 23-7999, 8011-65535 denied: nsg: rule no (200) denies TCP to b"]
        );
        assert_eq!(
            ways(&it, Some(a), Some(b), Protocol::Udp),
            ["a > b all ports denied: nsg: rule no (200) denies UDP to b"]
        );
    }

    // virtual-network/network-security-groups-overview: rules name ICMP, which has no ports.
    #[test]
    fn a_protocol_without_ports_is_asked_about_once() {
        let (mut it, _, [a, b]) = machines();
        assert_eq!(
            ways(&it, Some(a), Some(b), Protocol::Icmp),
            ["a > b no ports denied: nsg: rule no (200) denies ICMP to b"]
        );
        let ping = rule("ping", 150, "Allow", "Icmp", "443");
        it.set(ResourceId(4), "securityRules", json!([ping, rule("no", 200, "Deny", "*", "*")]));
        assert_eq!(
            ways(&it, Some(a), Some(b), Protocol::Icmp),
            ["a > b no ports allowed: nsg: rule ping (150) allows ICMP to b"]
        );
    }

    #[test]
    fn a_subnet_stands_for_all_that_is_in_it() {
        let (it, subnet, [a, _]) = machines();
        let told = ways(&it, Some(subnet), Some(subnet), Protocol::Udp);
        let pairs: Vec<&str> = told.iter().filter_map(|it| it.split(" all").next()).collect();
        assert_eq!(pairs, ["a > b", "b > a"]);
        let told = ways(&it, None, Some(a), Protocol::Udp);
        assert_eq!(told.len(), 1, "{told:?}");
    }

    // virtual-network/ip-services/public-ip-addresses: a Standard address is closed until a group allows.
    #[test]
    fn whoever_is_on_the_internet_reaches_a_public_address_where_rules_allow() {
        let (mut it, _, [a, _]) = machines();
        let from_internet = |it: &Sketch| {
            let mut all = ways(it, None, Some(a), Protocol::Tcp);
            all.retain(|it| it.starts_with("internet"));
            all
        };
        assert!(from_internet(&it).is_empty());
        let address = json!({"ipAddress": "203.0.113.9"});
        let public = it.add(Kind::PublicIpAddress, "pip", ResourceId(1), address);
        it.set(a, "publicIPAddress", json!(public.0));
        assert_eq!(
            from_internet(&it),
            ["internet > a 22 allowed: nsg: rule ssh (100) allows TCP to a | \
              8000-8010 allowed: nsg: rule app (110) allows TCP to a | \
              0-21, 23-7999, 8011-65535 denied: nsg: rule no (200) denies TCP to a"]
        );
    }

    // virtual-network/network-security-groups-overview: AllowInternetOutBound is the rule of priority 65001.
    #[test]
    fn the_internet_is_reached_until_a_rule_says_no() {
        let (mut it, subnet, [a, _]) = machines();
        it.set(subnet, "defaultOutboundAccess", json!(true));
        let to_internet = |it: &Sketch| {
            let mut all = ways(it, Some(a), None, Protocol::Tcp);
            all.retain(|it| it.contains("internet"));
            all
        };
        assert_eq!(
            to_internet(&it),
            [
                "a > internet all ports allowed: nsg: rule AllowInternetOutBound (65001) allows TCP to 9.137.41.6"
            ]
        );
        let mut out = rule("no mail", 300, "Deny", "Tcp", "25");
        out["direction"] = json!("Outbound");
        it.set(ResourceId(4), "securityRules", json!([out]));
        assert_eq!(
            to_internet(&it),
            [
                "a > internet 0-24, 26-65535 allowed: nsg: rule AllowInternetOutBound (65001) allows TCP to 9.137.41.6 | \
              25 denied: nsg: rule no mail (300) denies TCP to 9.137.41.6"
            ]
        );
    }

    // storage/common/storage-network-security: an account that denies by default admits whom a rule lists.
    #[test]
    fn a_service_is_asked_at_its_own_ports() {
        let (mut it, _, [a, _]) = machines();
        let closed = json!({"networkAcls.defaultAction": "Deny"});
        let account = it.add(Kind::StorageAccount, "st", ResourceId(1), closed);
        let told = ways(&it, Some(a), Some(account), Protocol::Tcp);
        let of = |face: &str| {
            let head = format!("a > st {face} ");
            told.iter().find_map(|it| it.strip_prefix(&head)).unwrap_or_default()
        };
        assert_eq!(of("blob"), "443 denied: st denies by default, and no rule lists the caller");
        assert_eq!(
            of("file"),
            "443, 445 denied: st denies by default, and no rule lists the caller"
        );
    }

    // virtual-network/ip-services/public-ip-addresses: from outside, a machine is reached at its public
    // address or not at all.
    #[test]
    fn from_outside_only_machines_with_a_public_address_are_reached() {
        let (mut it, _, [a, b]) = machines();
        let ip = it.add(Kind::PublicIpAddress, "ip", ResourceId(1), json!({}));
        it.set(a, "publicIPAddress", json!(ip.0));
        let laptop = it.add(Kind::InternetClient, "laptop", None, json!({}));
        let [told] = &ways(&it, Some(laptop), Some(a), Protocol::Tcp)[..] else {
            panic!("one way")
        };
        assert!(
            told.starts_with("laptop > a 22 allowed: nsg: rule ssh (100) allows TCP"),
            "{told}"
        );
        assert_eq!(ways(&it, Some(laptop), Some(b), Protocol::Tcp), [""; 0]);
    }

    #[test]
    fn a_table_holds_no_formula_and_one_line_for_each_reason() {
        let (mut it, subnet, _) = machines();
        it.add(Kind::VirtualMachine, "=cmd|\"x\"\n", subnet, json!({}));
        let design = crate::design::Design { resources: it.all().clone(), ..Default::default() };
        let table = reach_table(&design, Some(ResourceId(5)), Some(subnet), Lang::En);
        let lines: Vec<&str> = table.split("\r\n").collect();
        assert_eq!(
            lines[1],
            "5,\"a\",6,\"b\",,TCP,22,allowed,nsg-inbound,4,\"nsg\",\"nsg: rule ssh (100) allows TCP to b\""
        );
        assert!(table.contains("\"'=cmd|\"\"x\"\""), "{table}");
        assert!(!table.contains("\"="), "{table}");
        let value = reach_value(&design, Some(ResourceId(5)), Some(ResourceId(6)), Lang::En);
        assert_eq!(value["ways"][0]["parts"][0]["ports"], json!([[22, 22]]));
        assert_eq!(value["ways"][0]["parts"][1]["because"], "nsg: rule app (110) allows TCP to b");
    }
}
