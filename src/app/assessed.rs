//! What the report says, indexed for rows and marks.
//!
//! Operations that did not change stay the same `Arc`, so that only the rows wake that have news.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    kinds::ResourceId,
    report::{Diagnostic, Operation, Report, Severity},
    solve::Outcome,
    text::Message,
};

/// What tells an operation from all others, in this report and the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationKey {
    pub check: &'static str,
    pub from: ResourceId,
    pub subject: Message,
    /// How many of the same check and subject come before it.
    pub n: usize,
}

#[derive(Debug, Default)]
pub struct Assessed {
    /// There is no answer yet: a large design is drawn first and judged then.
    pub waiting: bool,
    /// In the order of the report.
    pub keys: Vec<OperationKey>,
    pub operations: BTreeMap<OperationKey, Arc<Operation>>,
    pub diagnostics: Vec<Arc<Diagnostic>>,
    /// The worst problem of each resource, and how many it has.
    pub marks: BTreeMap<ResourceId, (Severity, usize)>,
}

impl Assessed {
    pub fn new(report: Report, before: Option<&Assessed>) -> Assessed {
        let mut it = Assessed::default();
        for operation in report.operations {
            let mut key = OperationKey {
                check: operation.check,
                from: operation.from,
                subject: operation.subject.clone(),
                n: 0,
            };
            while it.operations.contains_key(&key) {
                key.n += 1;
            }
            let old = before.and_then(|it| it.operations.get(&key));
            let operation = match old {
                Some(old) if **old == operation => old.clone(),
                _ => Arc::new(operation),
            };
            it.keys.push(key.clone());
            it.operations.insert(key, operation);
        }
        for diagnostic in report.diagnostics {
            for id in diagnostic.at.iter().collect::<BTreeSet<_>>() {
                let mark = it.marks.entry(*id).or_insert((diagnostic.severity, 0));
                mark.0 = mark.0.min(diagnostic.severity);
                mark.1 += 1;
            }
            it.diagnostics.push(Arc::new(diagnostic));
        }
        it.diagnostics.sort_by_key(|it| it.severity);
        it
    }

    /// Operations of each outcome, in the order of [`Outcome::ALL`].
    pub fn counts(&self) -> [(Outcome, usize); 4] {
        Outcome::ALL.map(|it| (it, self.operations.values().filter(|op| op.outcome == it).count()))
    }

    /// Problems that are more than a hint.
    pub fn problems(&self) -> usize {
        self.diagnostics.iter().filter(|it| it.severity != Severity::Info).count()
    }

    /// Resources that start operations, by number.
    pub fn starters(&self) -> BTreeSet<ResourceId> {
        self.keys.iter().map(|it| it.from).collect()
    }
}
