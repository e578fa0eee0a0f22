//! What the algebra of filters says about each rule of each network security group, in words and places.

use std::{collections::BTreeSet, rc::Rc};

use super::{Context, Finding};
use crate::{
    design::edit::Edit,
    facts::{ResourceId, cidr::Cidr, filter::Direction, network::Position},
    kinds::{Kind, network_security_group::NetworkSecurityGroup},
    solve::algebra::{self, Packet, Spot},
    text::{Message, Text, arg, text},
};

/// What is noteworthy about one rule of a filter, wherever the filter applies.
pub(super) struct Noted {
    pub(super) filter: ResourceId,
    direction: Direction,
    pub(super) finding: algebra::Finding,
}

const KEY: &str = "securityRules";

/// The networks that a filter applies in, and what `VirtualNetwork` stands for in each.
fn spaces(context: &Context<'_>, filter: ResourceId) -> BTreeSet<Rc<[Cidr]>> {
    let facts = context.facts;
    let users = context.resources.referrers(filter).map(|(it, _)| it.id);
    users
        .filter_map(|id| {
            let subnet = match facts.hosts.get(&id).map(|it| &it.position) {
                Some(Position::Subnet { subnet, .. }) => *subnet,
                _ => id,
            };
            Some(context.network.private_prefixes(facts.subnets.get(&subnet)?.network))
        })
        .collect()
}

/// All filters that apply somewhere. What is noted holds in every network where the filter applies.
pub(super) fn noted(context: &Context<'_>) -> Vec<Noted> {
    let mut all = Vec::new();
    for (&filter, rules) in &context.facts.filters {
        if rules.rules.is_empty() {
            continue;
        }
        let spaces = spaces(context, filter);
        for direction in [Direction::Inbound, Direction::Outbound] {
            let mut found: Option<Vec<algebra::Finding>> = None;
            for space in &spaces {
                let here = algebra::findings(rules, direction, space);
                found = Some(match found {
                    None => here,
                    Some(there) => there
                        .into_iter()
                        .filter(|a| here.iter().any(|b| a.rule == b.rule && a.kind == b.kind))
                        .collect(),
                });
            }
            let found = found.unwrap_or_default();
            all.extend(found.into_iter().map(|finding| Noted { filter, direction, finding }));
        }
    }
    all
}

impl Noted {
    /// The place of the rule in the list of its group.
    fn place(&self, context: &Context<'_>) -> Option<usize> {
        let group = context.resources.subject(self.filter)?;
        if group.kind() != Kind::NetworkSecurityGroup {
            return None;
        }
        let rules = &NetworkSecurityGroup::of(group).security_rules;
        rules.iter().position(|it| {
            let outbound = it.direction.value() == "Outbound";
            it.name == self.finding.rule && outbound == (self.direction == Direction::Outbound)
        })
    }

    /// A finding at the rule.
    pub(super) fn finding(&self, context: &Context<'_>, text: Message) -> Finding {
        let it = Finding::new([self.filter], text);
        match self.place(context) {
            Some(n) => it.field(format!("{KEY}[{n}]")),
            None => it.field(KEY),
        }
    }

    /// The same with the fix of taking the rule away, which changes no packet's fate.
    pub(super) fn removable(&self, context: &Context<'_>, text: Message) -> Finding {
        let it = self.finding(context, text);
        let without = self.place(context).zip(context.resources.subject(self.filter));
        let Some(value) = without.and_then(|(n, group)| group.without_item(KEY, n)) else {
            return it;
        };
        let title = REMOVE.with([arg(&self.finding.rule), arg(context.name(self.filter))]);
        it.fix(title, Edit::Set { id: self.filter, key: KEY.to_owned(), value })
    }

    /// The packet that shows it.
    pub(super) fn packet(&self, context: &Context<'_>) -> String {
        words(context, &self.finding.packet)
    }
}

const REMOVE: Text = text("Remove rule {0} from {1}", "{1} から規則 {0} を削除する");

fn words(context: &Context<'_>, packet: &Packet) -> String {
    let spot = |it: &Spot| match it {
        Spot::Group(id) => context.name(*id).to_owned(),
        other => other.to_string(),
    };
    let (from, to) = (spot(&packet.source), spot(&packet.destination));
    format!("{} {from} > {to}:{}", packet.protocol.name(), packet.port)
}
