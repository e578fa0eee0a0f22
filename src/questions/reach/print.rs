//! Ways as text for people, as JSON for programs, as a table for spreadsheets.

use std::{collections::BTreeSet, fmt::Write as _};

use serde_json::{Value, json};

use super::{End, Reason, Way, Ways, within};
use crate::{
    design::Design,
    facts::filter::{Ports, Protocol},
    kinds::{ResourceId, Resources},
    report::one_line,
    solve::{Outcome, flow::Network},
    text::{Lang, Text, arg, text},
};

/// Words for the internet as the start or the end of a way.
pub const INTERNET: Text = text("Internet", "インターネット");

/// Every way that is asked for, with its reasons.
fn each(
    resources: &Resources,
    from: Option<ResourceId>,
    to: Option<ResourceId>,
    mut tell: impl FnMut(&Way, Vec<Reason>),
) {
    let facts = resources.facts();
    let network = Network::new(&facts);
    let ways = Ways::new(&network);
    let from: Option<BTreeSet<ResourceId>> = from.map(|it| within(resources, &facts, it).0);
    let to: Option<BTreeSet<ResourceId>> = to.map(|it| within(resources, &facts, it).1);
    for it in ways.find(from.as_ref(), to.as_ref()) {
        tell(&it, ways.reasons(&it));
    }
}

/// `443, 8000-8010`, or all of them in words.
pub fn ports(protocol: Protocol, all: &[Ports], lang: Lang) -> String {
    match all {
        _ if !protocol.has_ports() => text("no ports", "ポートなし").get(lang).to_owned(),
        [Ports::ALL] => text("all ports", "すべてのポート").get(lang).to_owned(),
        all => listed(all, ", "),
    }
}

fn listed(all: &[Ports], between: &str) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

/// The ways for people. In the whole matrix, pairs without any way are only counted.
pub fn reach_page(
    design: &Design,
    from: Option<ResourceId>,
    to: Option<ResourceId>,
    lang: Lang,
) -> String {
    let resources = &design.resources;
    let name = |id: ResourceId| design.get(id).map_or(String::new(), |it| one_line(&it.name));
    let mut out = String::new();
    let (mut head, mut none) = (None, 0);
    each(resources, from, to, |way, reasons| {
        if from.is_none() && to.is_none() && way.outcome() == Outcome::Denied {
            none += 1;
            return;
        }
        if head != Some(way.from) {
            head = Some(way.from);
            let from = way.from.map_or_else(|| INTERNET.get(lang).to_owned(), name);
            let _ = writeln!(out, "{from}");
        }
        let end = match way.to {
            End::Place(id) => name(id),
            End::Face(id, face) => format!("{} ({face})", name(id)),
            End::Internet => INTERNET.get(lang).to_owned(),
        };
        let _ = writeln!(out, "    {end}  {}", way.protocol.name());
        for it in reasons {
            let _ = writeln!(
                out,
                "        {}  {}  {}",
                it.outcome.label().get(lang),
                ports(way.protocol, &it.ports, lang),
                one_line(&it.text.render(lang)),
            );
        }
    });
    if none > 0 {
        let words = text(
            "closed on every port, not listed: {0}",
            "すべてのポートが閉じているため省略: {0} 件",
        );
        let _ = writeln!(out, "{}", words.with([arg(none)]).render(lang));
    }
    out
}

/// The ways for programs. Member order is fixed, so equal answers are equal bytes.
pub fn reach_value(
    design: &Design,
    from: Option<ResourceId>,
    to: Option<ResourceId>,
    lang: Lang,
) -> Value {
    let which = |id: ResourceId| json!({ "id": id.0, "name": design.get(id).map(|it| &it.name) });
    let ranges = |way: &Way, all: &[Ports]| -> Vec<Value> {
        let all = all.iter().filter(|_| way.protocol.has_ports());
        all.map(|it| json!([it.first, it.last])).collect()
    };
    let mut all = Vec::new();
    each(&design.resources, from, to, |way, reasons| {
        let parts = reasons.iter().map(|it| {
            json!({
                "ports": ranges(way, &it.ports),
                "outcome": it.outcome.slug(),
                "hop": it.hop.slug(),
                "at": it.at.map(which),
                "because": it.text.render(lang),
            })
        });
        all.push(json!({
            "from": way.from.map(which),
            "to": way.to.resource().map(which),
            "face": match way.to {
                End::Face(_, face) => Some(face),
                End::Place(_) | End::Internet => None,
            },
            "protocol": way.protocol.name(),
            "parts": parts.collect::<Vec<_>>(),
        }));
    });
    json!({ "language": lang.code(), "ways": all })
}

/// The ways as comma-separated values (RFC 4180), a line for each reason.
pub fn reach_table(
    design: &Design,
    from: Option<ResourceId>,
    to: Option<ResourceId>,
    lang: Lang,
) -> String {
    let name = |id: ResourceId| design.get(id).map_or("", |it| &it.name);
    let number = |id: Option<ResourceId>| id.map_or(String::new(), |it| it.0.to_string());
    let place = |id: Option<ResourceId>| {
        id.map_or_else(|| INTERNET.get(lang).to_owned(), |it| cell(name(it)))
    };
    let mut out =
        String::from("from_id,from,to_id,to,face,protocol,ports,outcome,hop,at_id,at,because\r\n");
    each(&design.resources, from, to, |way, reasons| {
        let end = way.to.resource();
        let face = if let End::Face(_, face) = way.to { face } else { "" };
        for it in reasons {
            let ports =
                if way.protocol.has_ports() { listed(&it.ports, " ") } else { String::new() };
            let cells = [
                &*number(way.from),
                &*place(way.from),
                &*number(end),
                &*place(end),
                face,
                way.protocol.name(),
                &*ports,
                it.outcome.slug(),
                it.hop.slug(),
                &*number(it.at),
                &*it.at.map_or(String::new(), |it| cell(name(it))),
                &*cell(&it.text.render(lang)),
            ];
            out.push_str(&cells.join(","));
            out.push_str("\r\n");
        }
    });
    out
}

/// One cell of a table. A name that starts like a formula would be worked out by spreadsheets.
fn cell(value: &str) -> String {
    let value = one_line(value);
    let formula = value.trim_start().starts_with(['=', '+', '-', '@']);
    let value = if formula { format!("'{value}") } else { value };
    format!("\"{}\"", value.replace('"', "\"\""))
}
