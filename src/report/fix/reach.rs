//! Which connections a change opens, whether or not an operation asks for them.
//!
//! Every host is asked for every face of a service and every public service, before and after. Hosts that
//! the network cannot tell apart are asked once.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    facts::{Facts, ResourceId, network::Host, public::PUBLIC_SERVICES},
    solve::{
        Outcome,
        flow::{Destination, Flow, Network},
    },
    text::{Message, arg, text},
};

/// More questions than this would be felt; then only services that the change or the operation touches
/// are asked for, and the answer says so.
const MOST: usize = 6000;

/// What every host reaches in one design.
pub(super) struct Reach {
    open: BTreeSet<(ResourceId, Destination, u16)>,
    pub(super) whole: bool,
}

/// Hosts that differ in nothing that a flow depends on.
fn classes(facts: &Facts) -> Vec<(ResourceId, Vec<ResourceId>)> {
    let mut all: Vec<(&Host, ResourceId, Vec<ResourceId>)> = Vec::new();
    // A host's public address stands for the host itself, so it tells apart what is otherwise alike.
    let mut by_place: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (&id, host) in &facts.hosts {
        let near = by_place.entry(format!("{:?}", host.position)).or_default();
        let alike = |it: &Host| {
            let public = it.public.is_some() == host.public.is_some();
            Host { public: None, ..it.clone() } == Host { public: None, ..host.clone() } && public
        };
        let same = near.iter().copied().find(|n| all.get(*n).is_some_and(|(it, ..)| alike(it)));
        match same.and_then(|n| all.get_mut(n)) {
            Some((.., members)) => members.push(id),
            None => {
                near.push(all.len());
                all.push((host, id, vec![id]));
            }
        }
    }
    all.into_iter().map(|(_, id, members)| (id, members)).collect()
}

/// A file share is mounted over SMB, and its files are read over HTTPS as well.
fn ports(face: &str) -> &'static [u16] {
    if face == "file" { &[443, 445] } else { &[443] }
}

fn targets(facts: &Facts, only: Option<&BTreeSet<ResourceId>>) -> Vec<(Destination, u16)> {
    let services = facts.services.iter().filter(|(id, _)| only.is_none_or(|it| it.contains(id)));
    let mut all: Vec<(Destination, u16)> = services
        .flat_map(|(&resource, service)| {
            let faces = service.faces.iter();
            faces.flat_map(move |it| {
                ports(it.id)
                    .iter()
                    .map(move |port| (Destination::Face { resource, face: it.id }, *port))
            })
        })
        .collect();
    if only.is_none() {
        let public = PUBLIC_SERVICES.iter().map(|it| (Destination::PublicService(it.tag), 443));
        all.extend(public);
    }
    all
}

impl Reach {
    /// `touched` are the resources that count when there is too much to ask.
    pub(super) fn of(facts: &Facts, touched: &BTreeSet<ResourceId>) -> Reach {
        let classes = classes(facts);
        let all = targets(facts, None);
        let whole = classes.len() * all.len() <= MOST;
        let all = if whole { all } else { targets(facts, Some(touched)) };
        let network = Network::new(facts);
        let mut open = BTreeSet::new();
        for (id, members) in classes {
            for (to, port) in &all {
                let flow = Flow::tcp(id, to.clone(), *port);
                if network.flow(&flow).outcome == Outcome::Allowed {
                    open.extend(members.iter().map(|it| (*it, to.clone(), *port)));
                }
            }
        }
        Reach { open, whole }
    }

    /// What is open here and was not `before`, apart from what the operation between `asked` is about.
    pub(super) fn opened(
        &self,
        before: &Reach,
        facts: &Facts,
        asked: &BTreeSet<ResourceId>,
    ) -> Vec<Message> {
        let mut by_host: BTreeMap<ResourceId, BTreeMap<ResourceId, Vec<String>>> = BTreeMap::new();
        let mut public: BTreeMap<ResourceId, Vec<&str>> = BTreeMap::new();
        for (from, to, port) in self.open.difference(&before.open) {
            match to {
                Destination::Face { resource, face }
                    if !(asked.contains(from) && asked.contains(resource)) =>
                {
                    let only = ports(face).len() == 1;
                    let said = if only { (*face).to_owned() } else { format!("{face} {port}") };
                    by_host.entry(*from).or_default().entry(*resource).or_default().push(said);
                }
                Destination::PublicService(tag) => public.entry(*from).or_default().push(tag),
                _ => {}
            }
        }
        // Hosts that reach the same share a sentence.
        let mut sentences: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
        let hosts: BTreeSet<ResourceId> = by_host.keys().chain(public.keys()).copied().collect();
        for host in hosts {
            let faces = by_host.get(&host).into_iter().flatten();
            let faces =
                faces.map(|(id, faces)| format!("{} ({})", facts.name(*id), faces.join(", ")));
            let tags = public.get(&host).into_iter().flatten().map(|it| (*it).to_owned());
            sentences.entry(faces.chain(tags).collect()).or_default().push(facts.name(host));
        }
        let mut all: Vec<Message> = sentences
            .into_iter()
            .map(|(to, from)| {
                // Whole, however long: what is not named here would be opened unseen.
                text("connections from {0} to {1}", "{0} から {1} への接続")
                    .with([arg(from.join(", ")), arg(to.join(", "))])
            })
            .collect();
        if !(self.whole && before.whole) {
            all.push(
                text(
                    "connections to other services are too many to compare here",
                    "その他のサービスへの接続は多すぎるため比較していません",
                )
                .into(),
            );
        }
        all
    }
}
