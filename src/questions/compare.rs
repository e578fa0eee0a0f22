//! What a change of a design comes to: which verdicts and permissions are other than before.
//!
//! Both designs are judged whole. An operation is the same one where its check, the resource that starts
//! it and its words are the same, with the new names of resources that were renamed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Filter, Right, Rights};
use crate::{
    checks::capabilities::Capability,
    design::{
        Design,
        compare::{self, Changes, Pairs},
    },
    kinds::ResourceId,
    report::{self, Diagnostic, Operation, Report, Severity},
    solve::{Gate, Outcome},
    text::{Arg, Message, Text},
};

// A comparison as text and as JSON.
mod print;

pub use print::{compare_page, compare_value, plain};

/// Two designs compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    pub changes: Changes,
    /// Worst first.
    pub verdicts: Vec<Turned>,
    /// What became possible first.
    pub permissions: Vec<Shifted>,
    /// Problems that came up or went away.
    pub problems: Vec<Noticed>,
}

impl Comparison {
    /// Whether nothing differs but where boxes are drawn.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
            && self.verdicts.is_empty()
            && self.permissions.is_empty()
            && self.problems.is_empty()
    }
}

/// A resource by the number it has in each design; at least one is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Which {
    pub before: Option<ResourceId>,
    pub after: Option<ResourceId>,
}

/// The whole of an operation and each of its gates: a repaired network is told although a role is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub outcome: Outcome,
    pub gates: Vec<(Gate, Outcome)>,
}

/// An operation that comes out otherwise, or that only one of the designs has.
#[derive(Clone, Debug, PartialEq)]
pub struct Turned {
    pub check: &'static str,
    pub title: Text,
    pub subject: Message,
    pub from: Which,
    pub before: Option<Verdict>,
    pub after: Option<Verdict>,
}

/// Something that somebody can do now and could not, or the other way round.
#[derive(Clone, Debug, PartialEq)]
pub struct Shifted {
    pub identity: Which,
    pub resource: Which,
    pub capability: &'static Capability,
    pub before: Option<Outcome>,
    pub after: Option<Outcome>,
    /// What decides it in the later design; in the earlier where nobody asks any more.
    pub because: Message,
}

/// A problem that one of the designs has.
#[derive(Clone, Debug, PartialEq)]
pub struct Noticed {
    pub id: &'static str,
    pub severity: Severity,
    pub text: Message,
    pub at: Vec<Which>,
    /// It came up; else it went away.
    pub new: bool,
}

/// What `after` has otherwise than `before`, and what comes of it.
pub fn compare(before: &Design, after: &Design) -> Comparison {
    let changes = compare::compare(before, after);
    let renames = Renames::of(before, after, &changes.pairs);
    let (then, now) = (report::assess(before), report::assess(after));
    Comparison {
        verdicts: verdicts(&then, &now, &changes.pairs, &renames),
        permissions: permissions(before, after, &changes.pairs),
        problems: problems(&then, &now, &changes.pairs, &renames),
        changes,
    }
}

fn of_before(pairs: &Pairs, it: ResourceId) -> Which {
    Which { before: Some(it), after: pairs.after(it) }
}

fn of_after(pairs: &Pairs, it: ResourceId) -> Which {
    Which { before: pairs.before(it), after: Some(it) }
}

/// New names by old ones, for sentences. A name that several resources had stays as it was.
struct Renames(BTreeMap<String, String>);

impl Renames {
    fn of(before: &Design, after: &Design, pairs: &Pairs) -> Renames {
        let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (id, it) in &before.resources.0 {
            let now = pairs.after(*id).and_then(|it| after.get(it));
            all.entry(&it.name).or_default().insert(now.map_or(&it.name, |it| &it.name));
        }
        let only = |(old, new): (&str, BTreeSet<&str>)| match new.first() {
            Some(it) if new.len() == 1 && *it != old => Some((old.to_owned(), (*it).to_owned())),
            _ => None,
        };
        Renames(all.into_iter().filter_map(only).collect())
    }

    fn message(&self, it: &Message) -> Message {
        let arg = |it: &Arg| match it {
            Arg::Value(name) => self.0.get(name.as_str()).map_or_else(|| it.clone(), Arg::from),
            Arg::Text(it) => Arg::Text(*it),
            Arg::Message(it) => Arg::Message(Box::new(self.message(it))),
        };
        Message { text: it.text, args: it.args.iter().map(arg).collect() }
    }
}

/// What both designs have under one key, one after the other, and what only one of them has.
fn side_by_side<K: Ord, A, B>(
    before: impl Iterator<Item = (K, A)>,
    after: impl Iterator<Item = (K, B)>,
) -> Vec<(Option<A>, Option<B>)> {
    let mut waiting: BTreeMap<K, std::collections::VecDeque<(usize, A)>> = BTreeMap::new();
    for (n, (key, it)) in before.enumerate() {
        waiting.entry(key).or_default().push_back((n, it));
    }
    let mut all: Vec<(Option<A>, Option<B>)> = Vec::new();
    for (key, it) in after {
        let other = waiting.get_mut(&key).and_then(std::collections::VecDeque::pop_front);
        all.push((other.map(|it| it.1), Some(it)));
    }
    let mut rest: Vec<(usize, A)> = waiting.into_values().flatten().collect();
    rest.sort_by_key(|it| it.0);
    all.extend(rest.into_iter().map(|(_, it)| (Some(it), None)));
    all
}

// Verdicts ---------------------------------------------------------------------------------------

fn verdicts(then: &Report, now: &Report, pairs: &Pairs, renames: &Renames) -> Vec<Turned> {
    let before = then
        .operations
        .iter()
        .map(|it| ((it.check, of_before(pairs, it.from), renames.message(&it.subject)), it));
    let after = now
        .operations
        .iter()
        .map(|it| ((it.check, of_after(pairs, it.from), it.subject.clone()), it));
    let verdict = |it: &Operation| Verdict { outcome: it.outcome, gates: it.gates.clone() };
    let mut all = Vec::new();
    for (a, b) in side_by_side(before, after) {
        let Some(shown) = b.or(a) else { continue };
        let (before, after) = (a.map(verdict), b.map(verdict));
        if before == after {
            continue;
        }
        let from = match b {
            Some(it) => of_after(pairs, it.from),
            None => of_before(pairs, shown.from),
        };
        let (check, title, subject) = (shown.check, shown.title, shown.subject.clone());
        all.push(Turned { check, title, subject, from, before, after });
    }
    let outcome = |it: &Option<Verdict>| it.as_ref().map(|it| it.outcome);
    // What fails now, then what works now, then what nobody does any more.
    all.sort_by_key(|it| std::cmp::Reverse((outcome(&it.after), outcome(&it.before))));
    all
}

// Permissions ------------------------------------------------------------------------------------

fn permissions(before: &Design, after: &Design, pairs: &Pairs) -> Vec<Shifted> {
    // Where boxes stand decides nothing.
    if before.resources == after.resources {
        return Vec::new();
    }
    let (then, now) = (report::facts(&before.resources), report::facts(&after.resources));
    let then = Rights::new(&before.resources, &then);
    let now = Rights::new(&after.resources, &now);
    let key = |it: &Right, which: fn(&Pairs, ResourceId) -> Which| {
        (which(pairs, it.identity), which(pairs, it.resource), it.capability.id)
    };
    let everything = Filter::default();
    let before = then.find(&everything).into_iter().map(|it| (key(&it, of_before), it));
    let after = now.find(&everything).into_iter().map(|it| (key(&it, of_after), it));
    // What nobody can ask about is as good as refused.
    let outcome = |it: &Option<Right>| it.as_ref().map_or(Outcome::Denied, |it| it.outcome);
    let mut all = Vec::new();
    for (a, b) in side_by_side(before, after) {
        if outcome(&a) == outcome(&b) {
            continue;
        }
        let (which, shown, rights): (fn(&Pairs, ResourceId) -> Which, _, _) = match (&a, &b) {
            (_, Some(it)) => (of_after, it, &now),
            (Some(it), None) => (of_before, it, &then),
            (None, None) => continue,
        };
        all.push(Shifted {
            identity: which(pairs, shown.identity),
            resource: which(pairs, shown.resource),
            capability: shown.capability,
            because: rights.because(shown),
            before: a.map(|it| it.outcome),
            after: b.map(|it| it.outcome),
        });
    }
    let gained = |it: &Shifted| it.after.unwrap_or(Outcome::Denied);
    all.sort_by_key(gained);
    all
}

// Problems ---------------------------------------------------------------------------------------

fn problems(then: &Report, now: &Report, pairs: &Pairs, renames: &Renames) -> Vec<Noticed> {
    type Key<'a> = (&'static str, Vec<Which>, Option<&'a str>, Message);
    fn key<'a>(
        it: &'a Diagnostic,
        pairs: &Pairs,
        which: fn(&Pairs, ResourceId) -> Which,
        text: Message,
    ) -> Key<'a> {
        let at = it.at.iter().map(|id| which(pairs, *id)).collect();
        (it.id, at, it.field.as_deref(), text)
    }
    let before = then.diagnostics.iter().map(|it| {
        let key = key(it, pairs, of_before, renames.message(&it.text));
        (key.clone(), (key.1, it))
    });
    let after = now.diagnostics.iter().map(|it| {
        let key = key(it, pairs, of_after, it.text.clone());
        (key.clone(), (key.1, it))
    });
    let mut all = Vec::new();
    for sides in side_by_side(before, after) {
        let ((at, it), new) = match sides {
            (None, Some(it)) => (it, true),
            (Some(it), None) => (it, false),
            _ => continue,
        };
        all.push(Noticed { id: it.id, severity: it.severity, text: it.text.clone(), at, new });
    }
    all
}
