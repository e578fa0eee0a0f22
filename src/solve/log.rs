//! The trace of one flow while it is written.

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::{Hop, Outcome, Step, Trace};
use crate::{
    facts::{Facts, ResourceId, filter::Direction},
    text::Message,
};

/// Evidence in the making.
#[derive(Clone, Debug)]
pub(super) struct Log<'a> {
    facts: &'a Facts,
    /// What is wrong with resources on the way, whatever the packet does. Stands first in the trace.
    design: Vec<Step>,
    steps: Vec<Step>,
    pub(super) notes: Vec<Message>,
    /// Faulty resources whose faults are told.
    touched: BTreeSet<ResourceId>,
    /// The way is a guess from here on, so a refusal further on is no more than a possibility.
    guess: bool,
    /// Filters on the way, where they are noted in place of being judged.
    open: Option<Vec<Open>>,
}

/// A filter that is left open, for answers about many packets at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    /// How many steps stand before it.
    pub(super) before: usize,
    pub(super) direction: Direction,
    /// The source as the filter sees it.
    pub(super) source: Option<Ipv4Addr>,
    /// It stands behind a guess.
    pub(super) guess: bool,
}

impl<'a> Log<'a> {
    pub(super) fn new(facts: &'a Facts) -> Log<'a> {
        Log {
            facts,
            design: Vec::new(),
            steps: Vec::new(),
            notes: Vec::new(),
            touched: BTreeSet::new(),
            guess: false,
            open: None,
        }
    }

    /// With room for the steps of most ways.
    pub(super) fn of_a_way(facts: &'a Facts) -> Log<'a> {
        Log { steps: Vec::with_capacity(12), ..Log::new(facts) }
    }

    /// A trace without the filters on the way, and where they would stand.
    pub(super) fn leaving_open(facts: &'a Facts) -> Log<'a> {
        Log { open: Some(Vec::new()), ..Log::new(facts) }
    }

    /// Whether a filter is left open; it is noted then.
    pub(super) fn leave_open(&mut self, direction: Direction, source: Option<Ipv4Addr>) -> bool {
        let (before, guess) = (self.steps.len(), self.guess);
        let Some(open) = &mut self.open else { return false };
        open.push(Open { before, direction, source, guess });
        true
    }

    /// From here on filters are judged at once.
    pub(super) fn leave_nothing_open(&mut self) -> Option<Vec<Open>> {
        self.open.take()
    }

    /// Goes on with what [`Log::leave_nothing_open`] gave.
    pub(super) fn go_on_leaving_open(&mut self, open: Option<Vec<Open>>) {
        self.open = open;
    }

    /// Filters left open, what is wrong with the design, the steps.
    pub(super) fn into_parts(self) -> (Vec<Open>, Vec<Step>, Vec<Step>) {
        (self.open.unwrap_or_default(), self.design, self.steps)
    }

    /// One step more. What a passing one names is used, so what is wrong there counts.
    pub(super) fn push(&mut self, mut step: Step) {
        if self.guess && step.outcome == Outcome::Denied {
            step.outcome = Outcome::Unknown;
        }
        if step.outcome == Outcome::Allowed
            && let Some(at) = step.at
        {
            self.touch(at);
        }
        self.steps.push(step);
    }

    pub(super) fn note(&mut self, note: impl Into<Message>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// From here on the way is not certain.
    pub(super) fn guess(&mut self) {
        self.guess = true;
    }

    /// The flow uses `id`: what the design lacks or breaks there concerns the flow.
    pub(super) fn touch(&mut self, id: ResourceId) {
        let (refusals, gaps) = (self.facts.refusals.get(&id), self.facts.gaps.get(&id));
        // Nearly always neither.
        if refusals.is_none() && gaps.is_none() || !self.touched.insert(id) {
            return;
        }
        let outcome = if self.guess { Outcome::Unknown } else { Outcome::Denied };
        for it in refusals.into_iter().flatten() {
            let step =
                Step::new(Hop::Validation, outcome, it.text.clone()).at(id).source(it.source);
            self.design.push(step);
        }
        for text in gaps.into_iter().flatten() {
            self.design.push(Step::unknown(Hop::Validation, text.clone()).at(id));
        }
    }

    /// The flow uses a subnet, so its network too.
    pub(super) fn touch_subnet(&mut self, subnet: ResourceId) {
        self.touch(subnet);
        if let Some(it) = self.facts.subnets.get(&subnet) {
            self.touch(it.network);
        }
    }

    /// Whether every step so far passes.
    pub(super) fn passes(&self) -> bool {
        self.steps.iter().all(|it| it.outcome == Outcome::Allowed)
    }

    /// The worst of the steps so far.
    pub(super) fn worst(&self) -> Outcome {
        self.steps.iter().map(|it| it.outcome).max().unwrap_or(Outcome::Allowed)
    }

    /// The same with what is wrong with the design.
    pub(super) fn worst_of_all(&self) -> Outcome {
        let design = self.design.iter().map(|it| it.outcome).max();
        self.worst().max(design.unwrap_or(Outcome::Allowed))
    }

    /// Goes on with everything that `other` found.
    pub(super) fn adopt(&mut self, other: Log<'_>) {
        for step in other.steps {
            self.push(step);
        }
        self.adopt_design(other.design);
        for note in other.notes {
            self.note(note);
        }
    }

    /// Takes over only what is wrong with resources on another way; says whether that way is faultless.
    pub(super) fn adopt_design_of(&mut self, other: Log<'_>) -> bool {
        let faultless = other.design.is_empty();
        self.adopt_design(other.design);
        faultless
    }

    fn adopt_design(&mut self, design: Vec<Step>) {
        for step in design {
            if !self.design.contains(&step) {
                self.touched.extend(step.at);
                self.design.push(step);
            }
        }
    }

    /// Takes over what went wrong elsewhere (asking a name server), under the hop that needed it.
    pub(super) fn absorb(&mut self, other: Log<'_>, hop: Hop) {
        for mut step in other.steps {
            if step.outcome != Outcome::Allowed {
                step.hop = hop;
                self.push(step);
            }
        }
        self.adopt_design(other.design);
        for note in other.notes {
            self.note(note);
        }
    }

    pub(super) fn finish(self) -> (Trace, Vec<Message>) {
        let mut steps = self.steps;
        // Nearly always nothing.
        if !self.design.is_empty() {
            steps.splice(0..0, self.design);
        }
        (Trace { steps }, self.notes)
    }
}
