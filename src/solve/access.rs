//! Access: whether a principal may do an action at a scope, and what decided.
//!
//! Azure docs: "What is Azure RBAC?" (role-based-access-control/overview), "Understand Azure role
//! definitions" (…/role-definitions), "Understand deny assignments" (…/deny-assignments), "What is
//! Azure ABAC?" (…/conditions-overview), "Lock your resources" (azure-resource-manager/management/
//! lock-resources). In the order in which Azure applies them:
//!
//! 1. the principal counts as itself and as every group it is in, groups of groups included,
//! 2. a deny assignment that covers the scope and names the action denies, whatever roles say,
//! 3. one assignment that covers the scope, whose role names the action and does not subtract it,
//!    and whose condition holds, allows: what another role subtracts takes nothing away,
//! 4. a lock stops what passes through Azure Resource Manager to change or delete.
//!
//! INVARIANT: an added assignment never takes away, an added deny assignment or lock never gives;
//! `tests/it/identity_laws.rs`.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{Hop, Outcome, Step};
use crate::{
    facts::{
        Lookup,
        grant::{
            Assignment, Denied, DenyAssignment, Grants, LockLevel, Pattern, Permissions, Plane,
            PrincipalId, PrincipalType, ScopeId,
        },
        pattern,
    },
    text::{Message, arg, text},
};

// Conditions on assignments.
pub mod condition;

// Tables that make answers fast.
mod index;

// The narrowest role for a set of actions.
pub mod least;

// Many identities against many capabilities at once.
pub mod matrix;

use condition::{Attributes, Context, Truth};
use index::{Entry, Index, Mask, has, signature};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ruling {
    Allowed,
    /// Only where a condition holds, and the question does not tell whether it does.
    Conditional,
    /// A role that decides is not defined.
    Unknown,
    Denied,
}

impl Ruling {
    pub const fn slug(self) -> &'static str {
        match self {
            Ruling::Allowed => "allow",
            Ruling::Conditional => "conditional",
            Ruling::Unknown => "unknown",
            Ruling::Denied => "deny",
        }
    }
}

impl From<Ruling> for Outcome {
    fn from(it: Ruling) -> Outcome {
        match it {
            Ruling::Allowed => Outcome::Allowed,
            Ruling::Conditional | Ruling::Unknown => Outcome::Unknown,
            Ruling::Denied => Outcome::Denied,
        }
    }
}

/// What decided, by its number in [`Grants`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// No assignment grants it.
    Nothing,
    Assignment(usize),
    DenyAssignment(usize),
    Lock(usize),
}

/// An answer without its story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    pub ruling: Ruling,
    pub by: By,
}

/// A principal, looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Who(Option<u32>);

/// A scope, looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// It, or the closest known scope above it. Assignments below that are nobody's business here.
    scope: ScopeId,
    /// Whether it is that scope itself.
    exact: bool,
}

impl Place {
    /// The known scope that decides for it.
    pub fn scope(self) -> ScopeId {
        self.scope
    }
}

/// An action, looked up: the roles that grant it are known.
#[derive(Debug, PartialEq, Eq)]
pub struct Action {
    pub plane: Plane,
    /// As first asked.
    pub name: String,
    /// The least lock that stops it, if it passes through Azure Resource Manager.
    stopped_by: Option<LockLevel>,
    /// By role, then by deny assignment.
    mask: Mask,
    /// The same, folded; 0 where nothing grants it.
    signature: u32,
}

/// One question.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub principal: PrincipalId,
    pub plane: Plane,
    pub action: &'a str,
    /// Resource id. One that no grant speaks of counts as lying in the closest one known.
    pub scope: &'a str,
    /// What conditions may ask for.
    pub attributes: &'a Attributes,
    /// Whether the request passes through Azure Resource Manager. Locks stop nothing else, and much
    /// that is named like the control plane goes to a service directly: scoring, pulling an image.
    pub through_manager: bool,
}

/// An answer with its story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub ruling: Ruling,
    pub by: By,
    /// Attributes and roles that would have to be known.
    pub missing: BTreeSet<String>,
    /// Deny assignments and locks that reach the scope, and every assignment that the principal or a
    /// group of it holds anywhere, in the order of the facts.
    pub considered: Vec<Considered>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Considered {
    pub what: By,
    /// The groups through which it concerns the principal, the closest first.
    pub through: Vec<PrincipalId>,
    pub finding: Finding,
}

/// Why something did or did not matter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// Grants the action by this pattern of its role.
    Grants { pattern: String },
    /// Would grant it, but the role or the assignment is subject to a condition that fails.
    ConditionFails,
    /// The same, and this is what the condition asks for.
    ConditionUnknown { missing: BTreeSet<String> },
    /// The role is not defined.
    RoleUnknown,
    /// Held at a scope that does not cover the one asked about.
    OutOfScope,
    /// The role names the action and subtracts it again by this pattern.
    Subtracted { pattern: String },
    /// The role names it, but on the other plane.
    WrongPlane { pattern: String },
    /// The role does not name it.
    NoAction,
    /// A deny assignment or a lock that stops it.
    Stops,
    /// One that does not: it spares this principal, this action or what lies below its scope.
    Spares,
}

/// All questions about one set of grants.
#[derive(Debug)]
pub struct Access<'a> {
    grants: &'a Grants,
    index: Index,
    /// Actions asked so far, in lower case.
    actions: RefCell<BTreeMap<(Plane, String), Rc<Action>>>,
    /// The same as they were asked: of the control plane, of data.
    asked: RefCell<[Lookup<String, Rc<Action>>; 2]>,
}

impl<'a> Access<'a> {
    pub fn new(grants: &'a Grants) -> Access<'a> {
        Access {
            grants,
            index: Index::new(grants),
            actions: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    pub fn grants(&self) -> &'a Grants {
        self.grants
    }

    pub fn who(&self, principal: PrincipalId) -> Who {
        Who(self.index.people.find(principal))
    }

    pub fn place(&self, id: &str) -> Place {
        let (scope, exact) = self.grants.scopes.nearest(id);
        Place { scope, exact }
    }

    pub fn place_of(&self, scope: ScopeId) -> Place {
        Place { scope, exact: true }
    }

    /// Matches an action with every role, once.
    pub fn action(&self, plane: Plane, name: &str) -> Rc<Action> {
        {
            let [control, data] = &*self.asked.borrow();
            let asked = if plane == Plane::Control { control } else { data };
            if let Some(known) = asked.get(name) {
                return Rc::clone(known);
            }
        }
        let action = self.spelled_anew(plane, name);
        let [control, data] = &mut *self.asked.borrow_mut();
        let asked = if plane == Plane::Control { control } else { data };
        asked.insert(name.to_owned(), Rc::clone(&action));
        action
    }

    fn spelled_anew(&self, plane: Plane, name: &str) -> Rc<Action> {
        let key = (plane, name.to_ascii_lowercase());
        if let Some(known) = self.actions.borrow().get(&key) {
            return Rc::clone(known);
        }
        let mask = self.index.matcher.mask(plane, &key.1);
        let roles = 0..index::number(self.grants.roles.len());
        let action = Rc::new(Action {
            plane,
            name: name.to_owned(),
            stopped_by: stopped_by(plane, &key.1),
            signature: signature(roles.filter(|it| has(&mask, *it))),
            mask,
        });
        self.actions.borrow_mut().insert(key, Rc::clone(&action));
        action
    }

    /// The answer alone. Locks are not looked at, they are not about rights; conditions see the known
    /// scope of the place and no attributes. [`Access::decision`] looks at all of it.
    #[inline]
    pub fn decide(&self, who: Who, action: &Action, place: Place) -> Decision {
        self.decide_with(who, action, place, &Asked::NOTHING)
    }

    #[inline]
    fn decide_with(&self, who: Who, action: &Action, place: Place, asked: &Asked<'_>) -> Decision {
        if self.grants.deny_assignments.is_empty() {
            return self.granted(who, action, place, asked);
        }
        let stop = self.denied(who, action, place, asked);
        if let Some((Truth::True, by)) = stop {
            return Decision { ruling: Ruling::Denied, by };
        }
        let granted = self.granted(who, action, place, asked);
        match stop {
            // It may deny. Where nothing grants anyway, that is no news.
            Some((_, by)) if granted.ruling == Ruling::Allowed => {
                Decision { ruling: Ruling::Conditional, by }
            }
            _ => granted,
        }
    }

    /// What roles alone say.
    #[inline]
    fn granted(&self, who: Who, action: &Action, place: Place, asked: &Asked<'_>) -> Decision {
        let mut best = Decision { ruling: Ruling::Denied, by: By::Nothing };
        let Who(Some(principal)) = who else { return best };
        if action.signature == 0 {
            return best;
        }
        for (scope, mark) in self.index.tree.held_above(place.scope) {
            if !self.index.reach.may_reach(principal, mark) {
                continue;
            }
            for &holder in self.index.people.holders(principal) {
                for entry in self.index.table.at(holder, scope, action.signature) {
                    if !has(&action.mask, entry.role) {
                        continue;
                    }
                    let ruling = if entry.conditional {
                        self.look(entry, action, place, asked)
                    } else {
                        Ruling::Allowed
                    };
                    if ruling < best.ruling {
                        best = Decision { ruling, by: By::Assignment(entry.assignment as usize) };
                        if ruling == Ruling::Allowed {
                            return best;
                        }
                    }
                }
            }
        }
        best
    }

    /// An assignment whose role is unknown or that is subject to a condition.
    #[cold]
    fn look(&self, entry: &Entry, action: &Action, place: Place, asked: &Asked<'_>) -> Ruling {
        let Some(assignment) = self.grants.assignments.get(entry.assignment as usize) else {
            return Ruling::Denied;
        };
        match self.condition_of(assignment, action, place, asked, &mut BTreeSet::new()) {
            Truth::True if self.is_defined(assignment) => Ruling::Allowed,
            Truth::Unknown if self.is_defined(assignment) => Ruling::Conditional,
            Truth::True | Truth::Unknown => Ruling::Unknown,
            Truth::False => Ruling::Denied,
        }
    }

    fn is_defined(&self, assignment: &Assignment) -> bool {
        self.grants.roles.get(assignment.role.0 as usize).is_some_and(|it| it.permissions.is_some())
    }

    /// The condition of the assignment and that of its role, together.
    fn condition_of(
        &self,
        assignment: &Assignment,
        action: &Action,
        place: Place,
        asked: &Asked<'_>,
        missing: &mut BTreeSet<String>,
    ) -> Truth {
        let role = self.grants.roles.get(assignment.role.0 as usize);
        let texts =
            [assignment.condition.as_deref(), role.and_then(|role| role.condition.as_deref())];
        let values = texts.into_iter().flatten();
        values
            .map(|text| self.holds(text, action, place, asked, missing))
            .min()
            .unwrap_or(Truth::True)
    }

    fn holds(
        &self,
        text: &str,
        action: &Action,
        place: Place,
        asked: &Asked<'_>,
        missing: &mut BTreeSet<String>,
    ) -> Truth {
        let scope = asked.scope.unwrap_or_else(|| self.grants.scopes.text(place.scope));
        let context = Context { action: &action.name, scope, attributes: asked.attributes };
        match self.index.conditions.get(text) {
            Some(condition) => {
                if !condition.is_readable() {
                    missing.insert(text.to_owned());
                }
                condition.evaluate(context, missing)
            }
            None => Truth::Unknown,
        }
    }

    /// The deny assignment that stops it, or else one that may, with the truth of its condition.
    #[cold]
    fn denied(
        &self,
        who: Who,
        action: &Action,
        place: Place,
        asked: &Asked<'_>,
    ) -> Option<(Truth, By)> {
        let mut worst = None;
        for (index, deny) in self.grants.deny_assignments.iter().enumerate() {
            if !self.stops(index, deny, who, action, place) {
                continue;
            }
            let truth = match &deny.condition {
                Some(text) => self.holds(text, action, place, asked, &mut BTreeSet::new()),
                None => Truth::True,
            };
            if truth == Truth::True {
                return Some((truth, By::DenyAssignment(index)));
            }
            if truth == Truth::Unknown && worst.is_none() {
                worst = Some((truth, By::DenyAssignment(index)));
            }
        }
        worst
    }

    /// Whether a deny assignment is about this principal, action and place. Its condition is another
    /// matter.
    fn stops(
        &self,
        index: usize,
        deny: &DenyAssignment,
        who: Who,
        action: &Action,
        place: Place,
    ) -> bool {
        let bit = index::number(self.grants.roles.len() + index);
        has(&action.mask, bit)
            && self.reaches(deny.scope, deny.this_scope_only, place)
            && self.concerns(deny, who)
    }

    fn reaches(&self, from: ScopeId, this_scope_only: bool, place: Place) -> bool {
        if this_scope_only {
            from == place.scope && place.exact
        } else {
            self.index.tree.covers(from, place.scope)
        }
    }

    fn concerns(&self, deny: &DenyAssignment, who: Who) -> bool {
        let is_among = |list: &[PrincipalId]| {
            let Who(Some(principal)) = who else { return false };
            let people = &self.index.people;
            people
                .counts_as(principal)
                .iter()
                .any(|it| people.ids.get(*it as usize).is_some_and(|id| list.contains(id)))
        };
        let named = match &deny.principals {
            Denied::Everyone => true,
            Denied::These(list) => is_among(list),
        };
        named && !is_among(&deny.excluded)
    }

    /// The lock that stops an action at a place, if it passes through Azure Resource Manager.
    fn lock_on(&self, action: &Action, place: Place) -> Option<usize> {
        let (level, lock) =
            self.index.tree.locked.get(place.scope.0 as usize).copied().flatten()?;
        action.stopped_by.filter(|needed| *needed <= level).map(|_| lock as usize)
    }

    /// The answer alone, locks and attributes included.
    pub fn decision(&self, question: &Question<'_>) -> Decision {
        self.decision_at(question, self.place(question.scope))
    }

    /// The same where the scope of the question was looked up before.
    pub fn decision_at(&self, question: &Question<'_>, place: Place) -> Decision {
        let who = self.who(question.principal);
        let action = self.action(question.plane, question.action);
        let asked = Asked { scope: Some(question.scope), attributes: question.attributes };
        self.with_lock(question, &action, place, self.decide_with(who, &action, place, &asked))
    }

    fn with_lock(
        &self,
        question: &Question<'_>,
        action: &Action,
        place: Place,
        decision: Decision,
    ) -> Decision {
        let lock = if question.through_manager { self.lock_on(action, place) } else { None };
        match lock {
            Some(lock) if decision.ruling != Ruling::Denied => {
                Decision { ruling: Ruling::Denied, by: By::Lock(lock) }
            }
            _ => decision,
        }
    }

    /// The answer with all that was looked at.
    pub fn answer(&self, question: &Question<'_>) -> Answer {
        let who = self.who(question.principal);
        let place = self.place(question.scope);
        let action = self.action(question.plane, question.action);
        let asked = Asked { scope: Some(question.scope), attributes: question.attributes };
        let decision = self.decide_with(who, &action, place, &asked);
        let decision = self.with_lock(question, &action, place, decision);
        let mut considered = self.considered_denies(who, &action, place, &asked);
        considered.extend(self.considered_assignments(who, &action, place, &asked));
        if question.through_manager {
            considered.extend(self.considered_locks(&action, place));
        }
        let mut missing = BTreeSet::new();
        if matches!(decision.ruling, Ruling::Conditional | Ruling::Unknown) {
            for it in &considered {
                match (&it.finding, it.what) {
                    (Finding::ConditionUnknown { missing: names }, _) => {
                        missing.extend(names.iter().cloned());
                    }
                    (Finding::RoleUnknown, By::Assignment(index)) => {
                        missing.extend(self.role_name(index).map(str::to_owned));
                    }
                    _ => {}
                }
            }
        }
        Answer { ruling: decision.ruling, by: decision.by, missing, considered }
    }

    fn role_name(&self, assignment: usize) -> Option<&'a str> {
        let role = self.grants.assignments.get(assignment)?.role;
        Some(&self.grants.roles.get(role.0 as usize)?.name)
    }

    fn considered_denies(
        &self,
        who: Who,
        action: &Action,
        place: Place,
        asked: &Asked<'_>,
    ) -> Vec<Considered> {
        let mut out = Vec::new();
        for (index, deny) in self.grants.deny_assignments.iter().enumerate() {
            if !self.index.tree.covers(deny.scope, place.scope) {
                continue;
            }
            let mut missing = BTreeSet::new();
            let truth = match &deny.condition {
                Some(text) => self.holds(text, action, place, asked, &mut missing),
                None => Truth::True,
            };
            let finding = match truth {
                _ if !self.stops(index, deny, who, action, place) => Finding::Spares,
                Truth::True => Finding::Stops,
                Truth::Unknown => Finding::ConditionUnknown { missing },
                Truth::False => Finding::ConditionFails,
            };
            let what = By::DenyAssignment(index);
            out.push(Considered { what, through: Vec::new(), finding });
        }
        out
    }

    fn considered_locks(&self, action: &Action, place: Place) -> Vec<Considered> {
        let locks = self.grants.locks.iter().enumerate();
        locks
            .filter(|(_, lock)| self.index.tree.covers(lock.scope, place.scope))
            .map(|(index, lock)| {
                let stops = action.stopped_by.is_some_and(|needed| needed <= lock.level);
                let finding = if stops { Finding::Stops } else { Finding::Spares };
                Considered { what: By::Lock(index), through: Vec::new(), finding }
            })
            .collect()
    }

    fn considered_assignments(
        &self,
        who: Who,
        action: &Action,
        place: Place,
        asked: &Asked<'_>,
    ) -> Vec<Considered> {
        let Who(Some(principal)) = who else { return Vec::new() };
        let mut found: Vec<(usize, u32)> = Vec::new();
        for &holder in self.index.people.holders(principal) {
            let of = self.index.table.of(holder);
            found.extend(of.map(|(entry, _)| (entry.assignment as usize, holder)));
        }
        found.sort_unstable();
        let mut out = Vec::new();
        for (index, holder) in found {
            let Some(assignment) = self.grants.assignments.get(index) else { continue };
            let finding = self.find(assignment, action, place, asked);
            let through = self.index.people.path(principal, holder);
            out.push(Considered { what: By::Assignment(index), through, finding });
        }
        out
    }

    fn find(
        &self,
        assignment: &Assignment,
        action: &Action,
        place: Place,
        asked: &Asked<'_>,
    ) -> Finding {
        if !self.index.tree.covers(assignment.scope, place.scope) {
            return Finding::OutOfScope;
        }
        let role = self.grants.roles.get(assignment.role.0 as usize);
        let Some(blocks) = role.and_then(|role| role.permissions.as_deref()) else {
            return Finding::RoleUnknown;
        };
        let finding = find_in(blocks, action.plane, &action.name);
        if !matches!(finding, Finding::Grants { .. }) {
            return finding;
        }
        let mut missing = BTreeSet::new();
        match self.condition_of(assignment, action, place, asked, &mut missing) {
            Truth::True => finding,
            Truth::Unknown => Finding::ConditionUnknown { missing },
            Truth::False => Finding::ConditionFails,
        }
    }

    /// Whether the role of an assignment has the action, wherever it is held.
    pub fn has_action(&self, assignment: usize, question: &Question<'_>) -> bool {
        let assignment = self.grants.assignments.get(assignment);
        let role = assignment.map(|it| it.role.0).filter(|it| {
            self.grants.roles.get(*it as usize).is_some_and(|it| it.permissions.is_some())
        });
        role.is_some_and(|it| has(&self.action(question.plane, question.action).mask, it))
    }

    /// Every principal, groups aside, that may do it, and what decides for each. Those who may
    /// under a condition are among them.
    pub fn who_can(&self, action: &Action, place: Place) -> Vec<(PrincipalId, Decision)> {
        let people = &self.index.people;
        let is_group = |id: &PrincipalId| {
            let kind = self.grants.principals.get(id).map(|it| it.kind);
            kind == Some(PrincipalType::Group)
        };
        people
            .ids
            .iter()
            .enumerate()
            .filter(|(_, id)| !is_group(id))
            .map(|(index, &id)| (id, self.decide(Who(Some(index::number(index))), action, place)))
            .filter(|(_, decision)| decision.ruling != Ruling::Denied)
            .collect()
    }

    /// Every assignment that a principal holds, itself or through groups, in the order of the facts.
    pub fn what_can(&self, principal: PrincipalId) -> Vec<Held> {
        let Some(principal) = self.index.people.find(principal) else { return Vec::new() };
        let mut held = Vec::new();
        for &holder in self.index.people.holders(principal) {
            for (entry, _) in self.index.table.of(holder) {
                let through = self.index.people.path(principal, holder);
                held.push(Held { assignment: entry.assignment as usize, through });
            }
        }
        held.sort_unstable();
        held
    }
}

/// What [`Access::what_can`] finds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// Number in [`Grants::assignments`].
    pub assignment: usize,
    pub through: Vec<PrincipalId>,
}

/// The part of a question that only conditions care for.
struct Asked<'a> {
    /// `None`: the scope of the place, as the facts write it.
    scope: Option<&'a str>,
    attributes: &'a Attributes,
}

impl Asked<'static> {
    const NOTHING: Asked<'static> = Asked { scope: None, attributes: Attributes::NONE };
}

/// What lock stops an action (in lower case). Reads pass every lock, and a POST changes something as
/// far as a lock can tell: listing keys is stopped.
fn stopped_by(plane: Plane, action: &str) -> Option<LockLevel> {
    // Otherwise no lock could ever be taken away.
    if plane == Plane::Data || action.starts_with("microsoft.authorization/locks/") {
        return None;
    }
    match action.rsplit('/').next() {
        Some("read") => None,
        Some("delete") => Some(LockLevel::CanNotDelete),
        _ => Some(LockLevel::ReadOnly),
    }
}

/// How a role stands to an action. Where several blocks say different things, the best counts.
fn find_in(blocks: &[Permissions], plane: Plane, action: &str) -> Finding {
    let other = match plane {
        Plane::Control => Plane::Data,
        Plane::Data => Plane::Control,
    };
    let first = |patterns: &[Pattern]| {
        patterns.iter().find(|it| pattern::matches(it, action)).map(ToString::to_string)
    };
    let of_block = |block: &Permissions| {
        let (named, subtracted) = block.lists(plane);
        match (first(named), first(subtracted)) {
            (Some(pattern), None) => Finding::Grants { pattern },
            (Some(_), Some(pattern)) => Finding::Subtracted { pattern },
            (None, _) => match first(block.lists(other).0) {
                Some(pattern) => Finding::WrongPlane { pattern },
                None => Finding::NoAction,
            },
        }
    };
    blocks.iter().map(of_block).min().unwrap_or(Finding::NoAction)
}

impl Answer {
    /// The answer as one step of a trace.
    pub fn step(&self, access: &Access<'_>, question: &Question<'_>) -> Step {
        Decision { ruling: self.ruling, by: self.by }.step(access, question)
    }
}

impl Decision {
    /// The answer as one step of a trace.
    pub fn step(self, access: &Access<'_>, question: &Question<'_>) -> Step {
        let grants = access.grants;
        let who = arg(name_of(grants, question.principal));
        let (action, scope) = (arg(question.action), arg(question.scope));
        let message = match self.by {
            By::Assignment(index) => {
                let role = arg(access.role_name(index).unwrap_or_default());
                let at = grants.assignments.get(index);
                let at = arg(at.map_or("", |it| grants.scopes.text(it.scope)));
                let sentence = match self.ruling {
                    Ruling::Conditional => text(
                        "{0} holds {3} on {4}, which grants {1} on {2} only under its condition",
                        "{0} が {4} に持つ {3} は、条件を満たす場合にだけ {2} に対する {1} を許可します",
                    ),
                    Ruling::Unknown => text(
                        "{0} holds {3} on {4}; whether that grants {1} on {2} is not known",
                        "{0} は {4} に {3} を持ちますが、{2} に対する {1} を許可するかは不明です",
                    ),
                    Ruling::Allowed | Ruling::Denied => text(
                        "{0} holds {3} on {4}, which grants {1} on {2}",
                        "{0} が {4} に持つ {3} は、{2} に対する {1} を許可します",
                    ),
                };
                sentence.with([who, action, scope, role, at])
            }
            By::DenyAssignment(index) => {
                let name = grants.deny_assignments.get(index).map_or("", |it| &it.name);
                text(
                    "the deny assignment {3} stops {0} from {1} on {2}, whatever roles grant",
                    "拒否割り当て {3} により、{0} は {2} に対する {1} を実行できません (ロールは関係しません)",
                )
                .with([who, action, scope, arg(name)])
            }
            By::Lock(index) => {
                let name = grants.locks.get(index).map_or("", |it| &it.name);
                text(
                    "the lock {3} stops {1} on {2} for everybody; the roles of {0} would allow it",
                    "ロック {3} により、{2} に対する {1} は誰も実行できません ({0} のロールでは許可されています)",
                )
                .with([who, action, scope, arg(name)])
            }
            By::Nothing => text(
                "no role assignment gives {0} {1} on {2}",
                "{2} に対する {1} を {0} に許可するロールの割り当てがありません",
            )
            .with([who, action, scope]),
        };
        let at = match self.by {
            By::Assignment(index) => grants.assignments.get(index).and_then(|it| it.at),
            By::Lock(index) => grants.locks.get(index).and_then(|it| it.at),
            By::DenyAssignment(_) | By::Nothing => None,
        };
        let mut step = Step::new(Hop::Permission, self.ruling.into(), message)
            .source("role-based-access-control/overview");
        step.at = at;
        step
    }
}

impl Considered {
    /// What was looked at, in words; why it did or did not matter is [`Finding::text`].
    pub fn text(&self, access: &Access<'_>) -> Message {
        let grants = access.grants;
        match self.what {
            By::Assignment(index) => {
                let role = access.role_name(index).unwrap_or_default();
                let scope = grants.assignments.get(index).map(|it| it.scope);
                let scope = scope.map_or("", |it| grants.scopes.text(it));
                match self.through.last() {
                    Some(group) => text("{0} on {1} (through {2})", "{1} に対する {0} ({2} 経由)")
                        .with([arg(role), arg(scope), arg(name_of(grants, *group))]),
                    None => text("{0} on {1}", "{1} に対する {0}").with([arg(role), arg(scope)]),
                }
            }
            By::DenyAssignment(index) => {
                let name = grants.deny_assignments.get(index).map_or("", |it| &it.name);
                text("deny assignment {0}", "拒否割り当て {0}").with([arg(name)])
            }
            By::Lock(index) => {
                let name = grants.locks.get(index).map_or("", |it| &it.name);
                text("lock {0}", "ロック {0}").with([arg(name)])
            }
            By::Nothing => Message::value(""),
        }
    }
}

impl Finding {
    /// The reason alone.
    pub fn text(&self) -> Message {
        let named = |it: &String| [arg(it)];
        let all = |it: &BTreeSet<String>| [arg(it.iter().cloned().collect::<Vec<_>>().join(", "))];
        match self {
            Finding::Grants { pattern } => {
                text("grants it by {0}", "{0} により許可").with(named(pattern))
            }
            Finding::ConditionFails => {
                text("its condition is not met", "条件を満たしていません").into()
            }
            Finding::ConditionUnknown { missing } => {
                text("its condition asks for {0}", "条件の判定に {0} が必要です").with(all(missing))
            }
            Finding::RoleUnknown => {
                text("the role is not defined", "ロールが定義されていません").into()
            }
            Finding::OutOfScope => {
                text("its scope does not cover the resource", "スコープがリソースを含みません").into()
            }
            Finding::Subtracted { pattern } => text(
                "the role leaves it out by {0} (not actions)",
                "ロールが {0} (NotActions) で除外しています",
            )
            .with(named(pattern)),
            Finding::WrongPlane { pattern } => text(
                "{0} is for the other plane: actions do not cover data, data actions cover only data",
                "{0} は別のプレーン用です (Actions はデータを、DataActions は管理操作を含みません)",
            )
            .with(named(pattern)),
            Finding::NoAction => {
                text("the role does not have the action", "ロールにこのアクションがありません").into()
            }
            Finding::Stops => text("stops it", "これを禁止します").into(),
            Finding::Spares => text("does not concern it", "該当しません").into(),
        }
    }
}

fn name_of(grants: &Grants, principal: PrincipalId) -> String {
    match grants.principals.get(&principal) {
        Some(it) => it.name.clone(),
        None => format!("#{}", principal.0),
    }
}
