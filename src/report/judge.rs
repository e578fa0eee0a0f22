//! One plan judged: every need put to the solver it belongs to, both gates always.

use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};

use super::{Need, Operation, Symptom};
use crate::{
    azure::symptoms,
    checks::{Ask, Check, Permission, Plan, Requirement, images, platform},
    facts::{
        Facts, Lookup,
        grant::{Origin, PrincipalId},
    },
    kinds::{ResourceId, Resources, Subject, setting::Problem},
    solve::{
        Gate, Hop, Outcome, Step, Trace,
        access::{
            Access, Answer, By, Considered, Decision, Finding, Question, Ruling,
            condition::Attributes,
        },
        flow::{Flow, FlowAnswer, Network},
    },
    text::{Arg, Message, arg, text},
};

/// The facts of a design, with what Azure grants by itself.
pub fn facts(resources: &Resources) -> Facts {
    let mut facts = resources.facts();
    platform::grant(resources, &mut facts);
    facts
}

/// The solvers over the facts of one design, and what they have answered so far.
pub(crate) struct Judge<'a> {
    resources: &'a Resources,
    facts: &'a Facts,
    /// Made when the first packet is asked about: questions about rights alone do without.
    network: OnceCell<Network<'a>>,
    access: Access<'a>,
    /// The name of the resource that a scope is, by its id as [`Scopes::text`] has it.
    ///
    /// [`Scopes::text`]: crate::facts::grant::Scopes::text
    scope_names: Lookup<&'a str, &'a str>,
    /// Many operations ask for the same flow.
    flows: RefCell<Lookup<Flow, Rc<FlowAnswer>>>,
    /// What Azure would refuse; resources that it takes are left out.
    problems: OnceCell<BTreeMap<ResourceId, Vec<Problem>>>,
}

/// So many assignments are told that were looked at and do not count.
const LOOKED_AT: usize = 5;

/// How close something comes to granting an action.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Close {
    /// In scope, and only a condition, a subtracted action or the other plane is in the way.
    Almost,
    /// The role opens the same where the registry is in its other mode.
    OtherMode,
    /// The role has the action, at another scope.
    Elsewhere,
    /// In scope, without the action.
    NoAction,
    Neither,
}

/// How one ask came out.
struct Found {
    outcome: Outcome,
    steps: Vec<Step>,
    symptom: Option<&'static str>,
    notes: Vec<Message>,
}

impl Found {
    fn of(steps: Vec<Step>) -> Found {
        let outcome = steps.iter().map(|it| it.outcome).max().unwrap_or(Outcome::Unknown);
        Found { outcome, steps, symptom: None, notes: Vec::new() }
    }

    fn and(mut self, other: Found) -> Found {
        self.outcome = self.outcome.max(other.outcome);
        self.steps.extend(other.steps);
        self.symptom = self.symptom.or(other.symptom);
        self.notes.extend(other.notes);
        self
    }
}

impl<'a> Judge<'a> {
    pub(crate) fn new(resources: &'a Resources, facts: &'a Facts) -> Judge<'a> {
        Judge {
            resources,
            facts,
            network: OnceCell::new(),
            access: Access::new(&facts.grants),
            scope_names: facts
                .scopes
                .iter()
                .map(|(id, scope)| (facts.grants.scopes.text(*scope), facts.name(*id)))
                .collect(),
            flows: RefCell::default(),
            problems: OnceCell::new(),
        }
    }

    pub(crate) fn network(&self) -> &Network<'a> {
        self.network.get_or_init(|| Network::new(self.facts))
    }

    pub(crate) fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// Judges one plan of a check.
    pub(crate) fn operation(&self, check: &Check, plan: &Plan) -> Operation {
        let mut notes = plan.notes.clone();
        let mut whole = Outcome::Allowed;
        let mut gates = [(Gate::Network, Outcome::Allowed), (Gate::Identity, Outcome::Allowed)];
        let mut symptom = None;
        let mut refused = self.refused(plan.involves.iter().copied().chain([plan.from]));
        let mut needs: Vec<Need> = Vec::with_capacity(plan.needs.len() + 1);
        for requirement in &plan.needs {
            let (need, seen, more) = self.need(requirement);
            refused.extend(self.refused(need.trace.steps.iter().filter_map(|it| it.at)));
            if symptom.is_none() && matches!(need.outcome, Outcome::Denied | Outcome::Partial) {
                symptom = seen.and_then(symptoms::find).map(|it| self.seen(it, requirement));
            }
            for note in more {
                if !notes.contains(&note) {
                    notes.push(note);
                }
            }
            needs.push(need);
        }
        let drawn = self.settings(refused);
        let first = usize::from(drawn.is_some());
        if let Some(drawn) = drawn {
            needs.insert(0, drawn);
        }
        for (n, need) in needs.iter().enumerate() {
            // A part that fails leaves the rest of the operation working.
            let part =
                n.checked_sub(first).and_then(|n| plan.needs.get(n)).is_some_and(|it| it.part);
            let counts = match need.outcome {
                Outcome::Denied if part => Outcome::Partial,
                other => other,
            };
            whole = whole.max(counts);
            for (gate, outcome) in &mut gates {
                if *gate == need.gate {
                    *outcome = (*outcome).max(counts);
                }
            }
        }
        if needs.is_empty() {
            whole = Outcome::Unknown;
        }
        Operation {
            check: check.id,
            title: check.title,
            group: check.group,
            subject: plan.subject.clone(),
            from: plan.from,
            involves: plan.involves.clone(),
            outcome: whole,
            gates: gates.to_vec(),
            needs,
            symptom,
            notes,
            source: check.source,
        }
    }

    /// The text that people meet, with the values of the design in it.
    fn seen(&self, symptom: &symptoms::Symptom, requirement: &Requirement) -> Symptom {
        let who = requirement.actor.as_ref().and_then(|it| it.who);
        let permission = match &requirement.ask {
            Ask::May(it) | Ask::MayWhere(it, _) => Some(it),
            Ask::Any(doors) => doors.iter().flatten().find_map(|it| match it {
                Ask::May(it) | Ask::MayWhere(it, _) => Some(it),
                _ => None,
            }),
            Ask::Flow(_) | Ask::Said(_) => None,
        };
        let mut values: Vec<(&str, &str)> = Vec::new();
        if let (Some(who), Some(permission)) = (who, permission) {
            let scope = self.facts.scopes.get(&permission.scope);
            let scope = scope.map_or("", |it| self.facts.grants.scopes.text(*it));
            let denied = permission
                .actions
                .iter()
                .find(|it| self.rules(who, permission, it, scope) != Ruling::Allowed)
                .copied()
                .unwrap_or_default();
            values.push(("client", self.facts.name(who)));
            // The text about a linked resource names two actions; the missing one is the second.
            if symptom.id == "sy-linked-authorization-failed" {
                values.extend([("linkedAction", denied), ("linkedScope", scope)]);
            } else {
                values.extend([("action", denied), ("scope", scope)]);
            }
            values.push(("acr", self.facts.name(permission.scope)));
        }
        Symptom::of(symptom, &values)
    }

    /// Those of the resources that Azure would refuse to deploy.
    fn refused(&self, ids: impl Iterator<Item = ResourceId>) -> BTreeSet<ResourceId> {
        let problems = self.problems();
        if problems.is_empty() {
            BTreeSet::new()
        } else {
            ids.filter(|id| problems.contains_key(id)).collect()
        }
    }

    fn problems(&self) -> &BTreeMap<ResourceId, Vec<Problem>> {
        self.problems.get_or_init(|| {
            let of = |it: Subject<'_>| Some((it.id, it.refused())).filter(|it| !it.1.is_empty());
            self.resources.subjects().filter_map(of).collect()
        })
    }

    /// Azure refuses a deployment with these settings, and a setting that cannot be read was replaced by
    /// its default: nothing may be concluded from either.
    fn settings(&self, refused: BTreeSet<ResourceId>) -> Option<Need> {
        let mut steps = Vec::new();
        for id in refused {
            for problem in self.problems().get(&id).into_iter().flatten() {
                let what = text("{0}, {1}: {2}", "{0} の {1}: {2}").with([
                    arg(self.facts.name(id)),
                    arg(&problem.field),
                    problem.text.clone().into(),
                ]);
                steps.push(Step::unknown(Hop::Validation, what).at(id));
            }
        }
        (!steps.is_empty()).then(|| Need {
            gate: Gate::Network,
            what: text("settings that Azure accepts", "Azure が受け付ける設定").into(),
            outcome: Outcome::Unknown,
            trace: Trace { steps },
        })
    }

    /// How one requirement came out, with the symptom of its failure.
    pub(crate) fn need(
        &self,
        requirement: &Requirement,
    ) -> (Need, Option<&'static str>, Vec<Message>) {
        let actor = requirement.actor.as_ref();
        let nobody = actor.filter(|it| it.step.outcome != Outcome::Allowed);
        let mut found = match (&requirement.ask, nobody) {
            // Nobody acts: there is no right to ask about.
            (_, Some(_)) => Found::of(Vec::new()),
            (Ask::Flow(flow), None) => self.flow(flow, actor.map(|it| &it.step)),
            (ask, None) => self.ask(ask, actor.and_then(|it| it.who)),
        };
        if let Some(actor) = actor {
            let told = nobody.is_none() && matches!(requirement.ask, Ask::Flow(_));
            found.outcome = match nobody {
                Some(nobody) => nobody.step.outcome,
                None => found.outcome.max(actor.step.outcome),
            };
            if !told {
                found.steps.insert(0, actor.step.clone());
            }
        }
        let symptom = requirement.symptom.or(found.symptom);
        let need = Need {
            gate: requirement.gate,
            what: requirement.what.clone(),
            outcome: found.outcome,
            trace: Trace { steps: found.steps },
        };
        (need, symptom, found.notes)
    }

    /// What [`Judge::need`] says, without the story.
    pub(crate) fn outcome(&self, requirement: &Requirement) -> Outcome {
        let (who, actor) = match &requirement.actor {
            Some(it) => (it.who, it.step.outcome),
            None => (None, Outcome::Allowed),
        };
        if actor != Outcome::Allowed {
            return actor;
        }
        self.outcome_of(&requirement.ask, who)
    }

    fn outcome_of(&self, ask: &Ask, who: Option<ResourceId>) -> Outcome {
        match ask {
            Ask::Flow(flow) => self.answered(flow).outcome,
            Ask::May(permission) => self.may_at_all(who, permission, Attributes::NONE),
            Ask::MayWhere(permission, known) => self.may_at_all(who, permission, known),
            Ask::Said(steps) => steps.iter().map(|it| it.outcome).max().unwrap_or(Outcome::Unknown),
            Ask::Any(doors) => {
                let of_door = |door: &Vec<Ask>| {
                    door.iter().map(|it| self.outcome_of(it, who)).max().unwrap_or(Outcome::Unknown)
                };
                doors.iter().map(of_door).min().unwrap_or(Outcome::Unknown)
            }
        }
    }

    fn may_at_all(
        &self,
        who: Option<ResourceId>,
        permission: &Permission,
        attributes: &Attributes,
    ) -> Outcome {
        let (Some(who), Some(scope)) = (who, self.facts.scopes.get(&permission.scope)) else {
            return Outcome::Unknown;
        };
        let place = self.access.place_of(*scope);
        let scope = self.facts.grants.scopes.text(*scope);
        let of_action = |action: &&str| {
            let question = Question { attributes, ..question(who, permission, action, scope) };
            self.access.decision_at(&question, place).ruling.into()
        };
        permission.actions.iter().map(of_action).max().unwrap_or(Outcome::Allowed)
    }

    fn ask(&self, ask: &Ask, who: Option<ResourceId>) -> Found {
        match ask {
            Ask::Flow(flow) => self.flow(flow, None),
            Ask::May(permission) => self.may(who, permission, Attributes::NONE),
            Ask::MayWhere(permission, attributes) => self.may(who, permission, attributes),
            Ask::Said(steps) => Found::of(steps.clone()),
            Ask::Any(doors) => self.any(doors, who),
        }
    }

    fn answered(&self, flow: &Flow) -> Rc<FlowAnswer> {
        if let Some(known) = self.flows.borrow().get(flow) {
            return Rc::clone(known);
        }
        let answer = Rc::new(self.network().flow(flow));
        self.flows.borrow_mut().insert(flow.clone(), Rc::clone(&answer));
        answer
    }

    /// A flow, behind the step that tells who acts.
    fn flow(&self, flow: &Flow, actor: Option<&Step>) -> Found {
        let answer = self.answered(flow);
        let mut steps = Vec::with_capacity(answer.trace.steps.len() + 1);
        steps.extend(actor.cloned());
        steps.extend_from_slice(&answer.trace.steps);
        Found {
            outcome: answer.outcome,
            steps,
            symptom: answer.symptom,
            notes: answer.assumptions.clone(),
        }
    }

    /// The best door counts. Where none opens, only the steps of the best ones are told.
    fn any(&self, doors: &[Vec<Ask>], who: Option<ResourceId>) -> Found {
        let mut best: Option<Found> = None;
        for door in doors {
            let found = door
                .iter()
                .map(|it| self.ask(it, who))
                .reduce(Found::and)
                .unwrap_or_else(|| Found::of(Vec::new()));
            if found.outcome == Outcome::Allowed {
                return found;
            }
            best = Some(match best {
                None => found,
                Some(other) if found.outcome < other.outcome => found,
                Some(other) if found.outcome == other.outcome => other.and(found),
                Some(other) => other,
            });
        }
        best.unwrap_or_else(|| Found::of(Vec::new()))
    }

    /// All actions of a permission; those that the same thing decides are told in one step.
    fn may(
        &self,
        who: Option<ResourceId>,
        permission: &Permission,
        attributes: &Attributes,
    ) -> Found {
        let Some(who) = who else {
            return Found::of(vec![Step::unknown(
                Hop::Permission,
                text("no principal to ask about", "確認対象のプリンシパルがありません"),
            )]);
        };
        let Some(scope) = self.facts.scopes.get(&permission.scope) else {
            return Found::of(vec![
                Step::unknown(
                    Hop::Permission,
                    text("{0} is no scope for roles", "{0} はロールのスコープになりません")
                        .with([arg(self.facts.name(permission.scope))]),
                )
                .at(permission.scope),
            ]);
        };
        let place = self.access.place_of(*scope);
        let scope_id = self.facts.grants.scopes.text(*scope);
        let mut found = Found::of(Vec::new());
        found.outcome = Outcome::Allowed;
        let mut told: Vec<Decision> = Vec::new();
        for action in permission.actions {
            let question = Question { attributes, ..question(who, permission, action, scope_id) };
            let decision = self.access.decision_at(&question, place);
            found.outcome = found.outcome.max(decision.ruling.into());
            if told.contains(&decision) {
                continue;
            }
            told.push(decision);
            // What was looked at and did not help, before what decided.
            if decision.ruling != Ruling::Allowed {
                let answer = self.access.answer(&question);
                found.steps.extend(self.considered(&answer, &question));
            }
            let mut step = decision.step(&self.access, &question);
            self.shorten(&mut step.text);
            if step.at.is_none() {
                step.at = Some(permission.scope);
            }
            found.steps.push(step);
            found.steps.extend(self.granted_by_platform(decision));
        }
        found
    }

    fn rules(&self, who: ResourceId, permission: &Permission, action: &str, scope: &str) -> Ruling {
        self.access.decision(&question(who, permission, action, scope)).ruling
    }

    /// What else the principal holds, with the reason why each does not count: those that come closest
    /// first, and only so many.
    fn considered(&self, answer: &Answer, question: &Question<'_>) -> Vec<Step> {
        let mut all: Vec<(Close, &Considered)> = answer
            .considered
            .iter()
            .filter(|it| it.what != answer.by && it.finding != Finding::Spares)
            .map(|it| (self.close(it, question), it))
            .collect();
        all.sort_by_key(|it| it.0);
        let more = all.len().saturating_sub(LOOKED_AT);
        let mut steps: Vec<Step> = all
            .iter()
            .take(LOOKED_AT)
            .map(|(close, it)| {
                let mut looked_at = it.text(&self.access);
                self.shorten(&mut looked_at);
                let reason = match close {
                    Close::OtherMode => text(
                        "the role is for registries in the other mode (roleAssignmentMode), and counts for nothing in this one",
                        "このロールは別のモード (roleAssignmentMode) のレジストリ用で、このレジストリでは無視されます",
                    )
                    .into(),
                    Close::Elsewhere => text(
                        "the role has the action, but its scope does not cover the resource",
                        "ロールにアクションはありますが、スコープがリソースを含みません",
                    )
                    .into(),
                    _ => it.finding.text(),
                };
                Step::pass(
                    Hop::Permission,
                    text("looked at {0}: {1}", "{0} を確認: {1}")
                        .with([looked_at.into(), reason.into()]),
                )
            })
            .collect();
        if more > 0 {
            steps.push(Step::pass(
                Hop::Permission,
                text(
                    "looked at {0} more, none of which counts",
                    "ほかに {0} 件を確認: いずれも該当しません",
                )
                .with([arg(more)]),
            ));
        }
        steps
    }

    /// Whether the role would open the same if the registry were in its other mode.
    fn is_of_other_mode(&self, assignment: usize, question: &Question<'_>) -> bool {
        images::in_the_other_mode(question.plane, question.action).is_some_and(|(plane, action)| {
            self.access.has_action(assignment, &Question { plane, action, ..*question })
        })
    }

    fn close(&self, it: &Considered, question: &Question<'_>) -> Close {
        match (&it.finding, it.what) {
            (Finding::NoAction | Finding::WrongPlane { .. }, By::Assignment(n))
                if self.is_of_other_mode(n, question) =>
            {
                Close::OtherMode
            }
            (Finding::OutOfScope, By::Assignment(n)) if self.access.has_action(n, question) => {
                Close::Elsewhere
            }
            (Finding::OutOfScope, _) => Close::Neither,
            (Finding::NoAction, _) => Close::NoAction,
            _ => Close::Almost,
        }
    }

    /// Names of resources in place of their long ids, which say no more on the canvas.
    fn shorten(&self, message: &mut Message) {
        for it in Arc::make_mut(&mut message.args) {
            if let Arg::Value(value) = it
                && value.starts_with('/')
                && let Some(name) = self.scope_names.get(value.as_str())
            {
                *value = (*name).into();
            }
        }
    }

    fn granted_by_platform(&self, decision: Decision) -> Option<Step> {
        let By::Assignment(n) = decision.by else { return None };
        let assignment = self.facts.grants.assignments.get(n)?;
        (assignment.origin == Origin::Platform && decision.ruling == Ruling::Allowed).then(|| {
            Step::pass(
                Hop::Permission,
                text(
                    "Azure made this assignment by itself when {0} was created",
                    "この割り当ては {0} の作成時に Azure が自動で行ったものです",
                )
                .with([arg(self.facts.name(ResourceId(assignment.principal.0)))]),
            )
            .source("machine-learning/concept-enterprise-security")
        })
    }
}

fn question<'q>(
    who: ResourceId,
    permission: &Permission,
    action: &'q str,
    scope: &'q str,
) -> Question<'q> {
    Question {
        principal: PrincipalId::from(who),
        plane: permission.plane,
        action,
        scope,
        attributes: Attributes::NONE,
        through_manager: passes_manager(permission, action),
    }
}

/// Locks stop what passes through Azure Resource Manager. Pulling, pushing, scoring and getting a user
/// delegation key are named like that and go to the service directly.
///
/// Azure docs: "Lock your resources" (azure-resource-manager/management/lock-resources), "Get User
/// Delegation Key" (rest/api/storageservices/get-user-delegation-key), a request to the blob endpoint.
fn passes_manager(permission: &Permission, action: &str) -> bool {
    use crate::facts::grant::Plane;
    const DIRECT: [&str; 4] = ["/pull/", "/push/", "/score/", "/generateUserDelegationKey/"];
    permission.plane == Plane::Control && !DIRECT.iter().any(|it| action.contains(it))
}
