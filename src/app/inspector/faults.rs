//! Problems of the settings of what is selected, by the paths of the settings.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use leptos::prelude::*;

use super::super::editor::Editor;
use crate::{
    kinds::ResourceId,
    report::{Diagnostic, Severity},
    text::Message,
};

/// Handed to the controls through the context.
#[derive(Clone, Copy)]
pub(super) struct Faults(Memo<BTreeMap<String, Vec<(Severity, Message)>>>);

impl Faults {
    pub(super) fn new(editor: Editor, ids: BTreeSet<ResourceId>) -> Faults {
        Faults(Memo::new(move |_| {
            let mut all: BTreeMap<String, Vec<(Severity, Message)>> = BTreeMap::new();
            editor.report.with(|report| {
                let here = |it: &&Arc<Diagnostic>| it.at.first().is_some_and(|it| ids.contains(it));
                for it in report.diagnostics.iter().filter(here) {
                    let path = it.field.clone().unwrap_or_default();
                    all.entry(path).or_default().push((it.severity, it.text.clone()));
                }
            });
            all
        }))
    }

    pub(super) fn here() -> Faults {
        expect_context()
    }

    /// Problems of one value alone.
    pub(super) fn at(self, path: &str) -> Vec<(Severity, Message)> {
        self.0.with(|it| it.get(path).cloned().unwrap_or_default())
    }

    /// The worst problem of a value or of one inside it.
    pub(super) fn worst(self, path: &str) -> Option<Severity> {
        self.0.with(|it| {
            it.iter()
                .filter(|(at, _)| {
                    at.strip_prefix(path).is_some_and(|rest| {
                        rest.is_empty() || rest.starts_with('[') || rest.starts_with('.')
                    })
                })
                .flat_map(|it| it.1.iter().map(|it| it.0))
                .min()
        })
    }

    /// Problems that no control of `paths` shows.
    pub(super) fn beside(self, paths: &[&str]) -> Vec<(Severity, Message)> {
        self.0.with(|it| {
            it.iter()
                .filter(|(at, _)| {
                    let key = at.split('[').next().unwrap_or_default();
                    !paths.contains(&key)
                })
                .flat_map(|it| it.1.clone())
                .collect()
        })
    }
}
