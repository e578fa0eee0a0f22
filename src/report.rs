//! The report: every operation judged, every problem named, sorted, in words of both languages.

use crate::{
    azure::{self, symptoms},
    checks::{self, Door, Group},
    design::{Design, edit::Edit},
    facts::Facts,
    kinds::{ResourceId, setting::Problem},
    lints::{self, Context},
    solve::{Gate, Outcome, Trace, flow::Network},
    text::{Message, Text},
};

// Changes that turn a verdict, each tried.
mod fix;

// One plan put to the solvers.
mod judge;

// The report as text and as JSON.
mod print;

pub use crate::lints::Severity;
pub use fix::{EndpointOffer, fixes, may_have_endpoint, private_endpoints, tried};
pub(crate) use judge::Judge;
pub use judge::facts;
pub(crate) use print::one_line;
pub use print::{json_value, summary, text_page};

/// All that is known about a design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Worst first, then in the order of the list of checks, then by number.
    pub operations: Vec<Operation>,
    pub diagnostics: Vec<Diagnostic>,
}

/// One operation at one place of the design, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Id of the check, such as `studio.open`.
    pub check: &'static str,
    /// The operation in words: "Open Studio home".
    pub title: Text,
    pub group: Group,
    /// Who and what: "from laptop to amlvnetworkspace".
    pub subject: Message,
    /// The resource that starts it (a client, a cluster, an endpoint); operations are filtered by it.
    pub from: ResourceId,
    /// Everything that the canvas marks with it.
    pub involves: Vec<ResourceId>,
    pub outcome: Outcome,
    /// Both gates, always: a repaired network says nothing about roles.
    pub gates: Vec<(Gate, Outcome)>,
    /// Every flow and permission it needs, each with its own trace.
    pub needs: Vec<Need>,
    /// The text that a person would see when it fails, quoted, not translated.
    pub symptom: Option<Symptom>,
    /// What was taken for granted, what is out of date in old documents, what to know.
    pub notes: Vec<Message>,
    /// Docs page.
    pub source: &'static str,
}

/// One thing that an operation needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    pub gate: Gate,
    /// "amlvnetstorage (blob), TCP 443" or "Storage Blob Data Reader on …".
    pub what: Message,
    pub outcome: Outcome,
    pub trace: Trace,
}

/// What people meet when it fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Symptom {
    /// Stable: `sy-home`.
    pub id: &'static str,
    /// Text of the product as it appears, with its code; may hold `<placeholders>`. Empty where nothing
    /// is printed and [`Symptom::place`] tells what is seen.
    pub text: String,
    /// What it is and where it appears, in a few words.
    pub place: Text,
    pub source: &'static str,
}

impl Symptom {
    fn of(it: &symptoms::Symptom, values: &[(&str, &str)]) -> Symptom {
        let mut lines: Vec<String> = Vec::new();
        let head: Vec<String> = it
            .http
            .map(|it| it.to_string())
            .into_iter()
            .chain(it.code.map(str::to_owned))
            .collect();
        // Some texts begin with their own code.
        if !head.is_empty() && !it.texts.iter().any(|it| head.iter().any(|head| it.contains(head)))
        {
            lines.push(head.join(" "));
        }
        lines.extend(it.texts.iter().map(|it| azure::fill(it, values)));
        Symptom { id: it.id, text: lines.join("\n"), place: it.seen, source: it.source }
    }
}

/// Something to know about the design, whether or not an operation meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// `invalid-setting`, `address_overlap` ….
    pub id: &'static str,
    pub severity: Severity,
    pub at: Vec<ResourceId>,
    /// The setting, where one is to blame.
    pub field: Option<String>,
    /// What is wrong, and what to do.
    pub text: Message,
    pub source: &'static str,
    pub fix: Option<Fix>,
}

/// A change that turns a verdict, tried before it is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    pub title: Message,
    pub edit: Edit,
    /// What else it opens: operations that were not allowed before, grants that come with the role.
    pub opens: Vec<Message>,
    /// Operations that come out worse.
    pub closes: Vec<Message>,
}

impl Report {
    /// Whether every operation works for certain.
    pub fn all_allowed(&self) -> bool {
        self.operations.iter().all(|it| it.outcome == Outcome::Allowed)
            && !self.diagnostics.iter().any(|it| it.severity == Severity::Error)
    }
}

/// Judges the whole design.
pub fn assess(design: &Design) -> Report {
    assess_on(design, &judge::facts(&design.resources))
}

/// The same for whoever needs the facts as well, which are [`facts`] of the design.
pub(crate) fn assess_on(design: &Design, facts: &Facts) -> Report {
    let judge = judge::Judge::new(&design.resources, facts);
    let mut operations: Vec<Operation> = checks::ALL
        .iter()
        .flat_map(|check| {
            let plans = (check.plans)(&design.resources);
            plans.iter().map(|plan| judge.operation(check, plan)).collect::<Vec<_>>()
        })
        .collect();
    // Worst first; the order of the list of checks and of the plans stays inside.
    operations.sort_by_key(|it| std::cmp::Reverse(it.outcome));
    Report { operations, diagnostics: diagnostics(design, judge.network()) }
}

/// What one principal needs to get in to `target` through `door`, judged.
pub fn through(design: &Design, who: ResourceId, target: ResourceId, door: Door) -> Vec<Need> {
    through_at(design, who, target, "", door)
}

/// The same for one blob of `target`; an empty path is one that is not said.
pub fn through_at(
    design: &Design,
    who: ResourceId,
    target: ResourceId,
    path: &str,
    door: Door,
) -> Vec<Need> {
    let facts = judge::facts(&design.resources);
    let judge = judge::Judge::new(&design.resources, &facts);
    checks::doors::needs(&design.resources, who, target, path, door)
        .iter()
        .map(|it| judge.need(it).0)
        .collect()
}

/// Faults of single resources first, then what lints find, errors before the rest.
fn diagnostics<'a>(design: &'a Design, network: &'a Network<'a>) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for it in design.resources.real() {
        for Problem { field, text } in it.problems() {
            all.push(Diagnostic {
                id: "invalid-setting",
                severity: Severity::Error,
                at: vec![it.id],
                field: Some(field),
                text,
                source: it.info().source,
                fix: None,
            });
        }
    }
    let context = Context::new(&design.resources, network);
    for lint in lints::ALL {
        all.extend((lint.find)(&context).into_iter().map(|it| Diagnostic {
            id: lint.id,
            severity: lint.severity,
            at: it.at,
            field: it.field,
            text: it.text,
            source: lint.source,
            fix: it.fix.map(|(title, edit)| Fix {
                title,
                edit,
                opens: Vec::new(),
                closes: Vec::new(),
            }),
        }));
    }
    all
}
