//! Changes that would turn a verdict, each tried on the design before it is offered.
//!
//! What fails suggests changes: a role for a missing right, an endpoint, link, rule or switch for a
//! refused packet, a setting that the check itself names. Each is applied to a copy of the design and
//! the operation is judged again; what does not help is not offered. The rest of the report tells what
//! else a change opens.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Fix, Operation, Report, assess_on,
    judge::{self, Judge},
};
use crate::{
    checks::{self, Ask, Check, Plan},
    design::{
        Design,
        edit::{self, Edit},
    },
    facts::{
        Facts, Table,
        grant::{Grants, Origin},
    },
    kinds::ResourceId,
    solve::{Gate, Outcome},
    text::{Message, arg, text},
};

// Roles for missing rights.
mod access;

// A private endpoint with its zones, asked for by hand.
mod endpoint;

// Ways for refused packets.
mod network;

// Where a new box is drawn.
mod place;

// Connections that a change opens.
mod reach;

pub use endpoint::{EndpointOffer, may_have_endpoint, private_endpoints};
use reach::Reach;

/// At most so many changes are offered.
const MOST: usize = 5;

/// At most so many changes are put together into one.
const STEPS: usize = 6;

/// A change to be tried.
struct Candidate {
    title: Message,
    edit: Edit,
    /// Smaller is tried and offered first: how much it changes and how far it opens.
    weight: u32,
    /// The check that judges the operation afterwards, where it is another one.
    becomes: Option<&'static str>,
    /// Rights that come with it beyond those asked for.
    brings: Vec<Message>,
}

impl Candidate {
    fn new(title: impl Into<Message>, edit: Edit, weight: u32) -> Candidate {
        Candidate { title: title.into(), edit, weight, becomes: None, brings: Vec::new() }
    }
}

/// Changes that would turn `operation` or one of its needs, smallest first, each tried on the design.
pub fn fixes(design: &Design, operation: &Operation) -> Vec<Fix> {
    if operation.outcome == Outcome::Allowed {
        return Vec::new();
    }
    let Some(check) = checks::find(operation.check) else { return Vec::new() };
    let mut whole = Vec::new();
    let mut parts = Vec::new();
    for it in candidates(design, check, operation) {
        let Ok(after) = edit::apply(design, &it.edit) else { continue };
        let Some(then) = judged(&after, check, operation, it.becomes) else { continue };
        if then.outcome == Outcome::Allowed {
            whole.push((it, after));
        } else if turns_a_need(operation, &then) {
            parts.push((it, after));
        }
    }
    if whole.is_empty()
        && let Some(together) = all_together(design, check, operation)
    {
        whole.push(together);
    }
    if whole.is_empty() && parts.is_empty() {
        return Vec::new();
    }
    let before = Before::of(design);
    let involved = operation.involves.iter().chain([&operation.from]).copied().collect();
    whole
        .into_iter()
        .chain(parts)
        .take(MOST)
        .map(|(it, after)| before.fix(it, &after, Some(operation), &involved))
        .collect()
}

/// A change with what else it opens and closes.
pub fn tried(design: &Design, title: Message, edit: Edit) -> Fix {
    let candidate = Candidate::new(title, edit, 0);
    match edit::apply(design, &candidate.edit) {
        Ok(after) => Before::of(design).fix(candidate, &after, None, &BTreeSet::new()),
        // It is refused when it is made, and nothing happens.
        Err(_) => Fix {
            title: candidate.title,
            edit: candidate.edit,
            opens: Vec::new(),
            closes: Vec::new(),
        },
    }
}

/// A design that changes are compared with.
struct Before<'a> {
    design: &'a Design,
    report: Report,
    facts: Facts,
}

impl<'a> Before<'a> {
    fn of(design: &'a Design) -> Before<'a> {
        let facts = judge::facts(&design.resources);
        Before { design, report: assess_on(design, &facts), facts }
    }

    fn fix(
        &self,
        it: Candidate,
        after: &Design,
        asked: Option<&Operation>,
        involved: &BTreeSet<ResourceId>,
    ) -> Fix {
        let facts = judge::facts(&after.resources);
        let then = assess_on(after, &facts);
        let mut opens = it.brings;
        opens.extend(opened(&self.report.operations, &then.operations, asked));
        let mut touched = involved.clone();
        touched.extend(changed(self.design, after));
        opens.extend(given(&self.facts, &facts));
        // Roles change no connection.
        if facts_of_network(&facts) != facts_of_network(&self.facts) {
            let before = Reach::of(&self.facts, &touched);
            opens.extend(Reach::of(&facts, &touched).opened(&before, &facts, involved));
        }
        let closes = closed(&self.report.operations, &then.operations);
        Fix { title: it.title, edit: it.edit, opens, closes }
    }
}

/// All facts that a flow depends on.
fn facts_of_network(facts: &Facts) -> Facts {
    Facts { grants: Grants::default(), scopes: Table::default(), ..facts.clone() }
}

/// Resources that two designs do not have alike.
fn changed(before: &Design, after: &Design) -> Vec<ResourceId> {
    let all = before.resources.0.keys().chain(after.resources.0.keys());
    all.copied().filter(|it| before.get(*it) != after.get(*it)).collect()
}

/// What the failing needs suggest, smallest first, each once.
fn candidates(design: &Design, check: &Check, operation: &Operation) -> Vec<Candidate> {
    let facts = judge::facts(&design.resources);
    let judge = Judge::new(&design.resources, &facts);
    let Some(plan) = plan_of(design, check, operation) else { return Vec::new() };
    let mut all: Vec<Candidate> = Vec::new();
    for requirement in &plan.needs {
        let (need, ..) = judge.need(requirement);
        if need.outcome == Outcome::Allowed {
            continue;
        }
        for it in &requirement.remedies {
            let mut candidate = Candidate::new(it.title.clone(), it.edit.clone(), 2);
            candidate.becomes = it.becomes;
            all.push(candidate);
        }
        let who = requirement.actor.as_ref().and_then(|it| it.who);
        each_ask(&requirement.ask, &mut |ask| match ask {
            Ask::May(permission) | Ask::MayWhere(permission, _) => {
                if let Some(who) = who {
                    all.extend(access::candidates(design, &facts, who, permission));
                }
            }
            Ask::Flow(flow) => {
                all.extend(network::candidates(design, judge.network(), flow, &need.trace.steps));
            }
            Ask::Said(_) | Ask::Any(_) => {}
        });
    }
    let mut seen: Vec<Edit> = Vec::new();
    all.retain(|it| {
        let new = !seen.contains(&it.edit);
        if new {
            seen.push(it.edit.clone());
        }
        new
    });
    all.sort_by_key(|it| it.weight);
    all
}

fn each_ask(ask: &Ask, f: &mut dyn FnMut(&Ask)) {
    match ask {
        Ask::Any(doors) => doors.iter().flatten().for_each(|it| each_ask(it, f)),
        other => f(other),
    }
}

/// The plan that an operation came from.
fn plan_of(design: &Design, check: &Check, operation: &Operation) -> Option<Plan> {
    (check.plans)(&design.resources)
        .into_iter()
        .find(|it| it.from == operation.from && it.subject == operation.subject)
}

/// The operation judged in a changed design. Where the change makes it an operation of another check,
/// the worst of those that touch the same resources.
fn judged(
    design: &Design,
    check: &Check,
    operation: &Operation,
    becomes: Option<&'static str>,
) -> Option<Operation> {
    let facts = judge::facts(&design.resources);
    let judge = Judge::new(&design.resources, &facts);
    if let Some(plan) = plan_of(design, check, operation) {
        return Some(judge.operation(check, &plan));
    }
    let other = checks::find(becomes?)?;
    (other.plans)(&design.resources)
        .iter()
        .filter(|it| it.involves.contains(&operation.from) || it.from == operation.from)
        .filter(|it| operation.involves.iter().all(|id| it.involves.contains(id)))
        .map(|it| judge.operation(other, it))
        .max_by_key(|it| it.outcome)
}

/// Whether a need that did not hold holds now, and none is worse.
fn turns_a_need(before: &Operation, after: &Operation) -> bool {
    let outcome = |it: &Operation, what: &Message, gate: Gate| {
        it.needs.iter().find(|need| need.what == *what && need.gate == gate).map(|it| it.outcome)
    };
    let mut turned = false;
    for need in &before.needs {
        match outcome(after, &need.what, need.gate) {
            Some(now) if now > need.outcome => return false,
            Some(Outcome::Allowed) if need.outcome != Outcome::Allowed => turned = true,
            _ => {}
        }
    }
    turned
}

/// Change after change, each the smallest that turns something, until the operation works.
fn all_together(
    design: &Design,
    check: &Check,
    operation: &Operation,
) -> Option<(Candidate, Design)> {
    let mut after = design.clone();
    let mut now = operation.clone();
    let mut steps: Vec<Candidate> = Vec::new();
    while now.outcome != Outcome::Allowed && steps.len() < STEPS {
        let (candidate, next, then) =
            candidates(&after, check, &now).into_iter().find_map(|it| {
                let next = edit::apply(&after, &it.edit).ok()?;
                let then = judged(&next, check, &now, it.becomes)?;
                // A step that leads to another check cannot be followed by more of this one.
                let same = then.check == now.check;
                ((same && turns_a_need(&now, &then)) || then.outcome == Outcome::Allowed)
                    .then_some((it, next, then))
            })?;
        after = next;
        now = then;
        steps.push(candidate);
    }
    if now.outcome != Outcome::Allowed {
        return None;
    }
    // A later step can make an earlier one superfluous.
    for n in (0..steps.len()).rev() {
        let without = || steps.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, it)| it);
        let Some(fewer) = applied(design, without()) else { continue };
        let becomes = without().find_map(|it| it.becomes);
        let then = judged(&fewer, check, operation, becomes);
        if then.is_some_and(|it| it.outcome == Outcome::Allowed) {
            after = fewer;
            steps.remove(n);
        }
    }
    if steps.len() == 1 {
        return steps.pop().map(|it| (it, after));
    }
    let title: Message =
        text("Make all {0} changes that it needs: {1}", "必要な {0} 件の変更をまとめて行う: {1}")
            .with([arg(steps.len()), listed(steps.iter().map(|it| it.title.clone())).into()]);
    let brings = steps.iter().flat_map(|it| it.brings.clone()).collect();
    let edit = Edit::Batch(title.clone(), steps.into_iter().map(|it| it.edit).collect());
    Some((Candidate { title, edit, weight: 100, becomes: None, brings }, after))
}

/// The design after all changes, if each can be made.
fn applied<'a>(design: &Design, steps: impl Iterator<Item = &'a Candidate>) -> Option<Design> {
    let mut after = design.clone();
    for it in steps {
        after = edit::apply(&after, &it.edit).ok()?;
    }
    Some(after)
}

/// Sentences in one line.
fn listed(all: impl Iterator<Item = Message>) -> Message {
    let pair = text("{0}; {1}", "{0}、{1}");
    all.reduce(|a, b| pair.with([a.into(), b.into()])).unwrap_or_else(|| Message::value(""))
}

/// What tells an operation from all others of its report.
fn key(it: &Operation) -> (&'static str, ResourceId, &Message) {
    (it.check, it.from, &it.subject)
}

fn name(it: &Operation) -> Message {
    text("{0}: {1}", "{0}: {1}").with([it.title.into(), it.subject.clone().into()])
}

/// Operations that work now and did not before, beside the one that was asked for.
fn opened(before: &[Operation], after: &[Operation], asked: Option<&Operation>) -> Vec<Message> {
    let works = |it: &&Operation| it.outcome == Outcome::Allowed;
    let worked: BTreeSet<_> = before.iter().filter(works).map(key).collect();
    let new = |it: &&Operation| !worked.contains(&key(it)) && Some(key(it)) != asked.map(key);
    after.iter().filter(works).filter(new).map(name).collect()
}

/// Roles that Azure gives by itself after a change, as when a resource gets an identity.
fn given(before: &Facts, after: &Facts) -> Vec<Message> {
    let had: BTreeSet<_> = by_platform(before).collect();
    let said = text(
        "Azure then gives {0} the role {1} on {2}",
        "Azure により {0} に {2} に対する {1} が付与されます",
    );
    by_platform(after).filter(|it| !had.contains(it)).map(|it| said.with(it.map(arg))).collect()
}

/// Principal, role and scope of what Azure gives by itself.
fn by_platform(facts: &Facts) -> impl Iterator<Item = [&str; 3]> {
    let grants = &facts.grants;
    let all = grants.assignments.iter().filter(|it| it.origin == Origin::Platform);
    all.filter_map(|it| {
        let who = grants.principals.get(&it.principal)?;
        let role = grants.roles.get(usize::try_from(it.role.0).ok()?)?;
        let at = facts.scopes.iter().find(|(_, scope)| **scope == it.scope);
        let scope = at.map_or_else(|| grants.scopes.text(it.scope), |(id, _)| facts.name(*id));
        Some([who.name.as_str(), role.name.as_str(), scope])
    })
}

/// Operations that come out worse than before.
fn closed(before: &[Operation], after: &[Operation]) -> Vec<Message> {
    let now: BTreeMap<_, _> = after.iter().map(|it| (key(it), it.outcome)).collect();
    let worse = |it: &&Operation| now.get(&key(it)).is_some_and(|now| *now > it.outcome);
    before.iter().filter(worse).map(name).collect()
}
