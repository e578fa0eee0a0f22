//! Every design of the gallery against the answers that its article and the docs give.
//!
//! `tests/scenarios/<slug>/design.json` is the design as the app saves it; `expected.txt` holds one line
//! per operation, written from the article by hand:
//!
//! ```text
//! denied studio.open (from laptop to amlvnetworkspace) network: destination-firewall amlvnetworkspace; shows sy-home
//! ```
//!
//! For each gate that does not pass, the hop that decided its first failing need and the resource there.
//! Lines with `#` say why.

use std::{fmt::Write as _, fs, path::PathBuf};

use drawbridge::{
    design::{Design, file},
    gallery, generate, report,
    solve::{Gate, Outcome},
    text::Lang,
};

fn folder(slug: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(slug)
}

/// One line per operation, as in `expected.txt`.
pub(crate) fn told(design: &Design) -> String {
    let mut out = String::new();
    for it in report::assess(design).operations {
        let subject = it.subject.render(Lang::En);
        let _ = write!(out, "{} {} ({subject})", it.outcome.slug(), it.check);
        let mut parts = Vec::new();
        for gate in [Gate::Network, Gate::Identity] {
            let failing =
                it.needs.iter().find(|it| it.gate == gate && it.outcome != Outcome::Allowed);
            let Some(need) = failing else { continue };
            let step = need.trace.deciding().map(|n| &need.trace.steps[n]);
            let Some(step) = step else { continue };
            let at = step.at.and_then(|id| design.get(id)).map_or("?", |it| it.name.as_str());
            parts.push(format!("{}: {} {at}", gate.slug(), step.hop.slug()));
        }
        if let Some(symptom) = &it.symptom {
            parts.push(format!("shows {}", symptom.id));
        }
        if !parts.is_empty() {
            let _ = write!(out, " {}", parts.join("; "));
        }
        out.push('\n');
    }
    out
}

fn expected(slug: &str) -> String {
    let text = fs::read_to_string(folder(slug).join("expected.txt")).unwrap();
    text.lines()
        .filter(|it| !it.trim().is_empty() && !it.starts_with('#'))
        .fold(String::new(), |all, it| all + it + "\n")
}

#[test]
fn operations_come_out_as_the_articles_tell() {
    let mut wrong = String::new();
    for entry in gallery::ALL {
        let bytes = fs::read(folder(entry.slug).join("design.json")).unwrap();
        let loaded = file::load(&bytes).unwrap();
        assert!(loaded.warnings.is_empty(), "{}: {:?}", entry.slug, loaded.warnings);
        let (told, expected) = (told(&loaded.design), expected(entry.slug));
        for it in expected.lines().filter(|it| !told.lines().any(|told| told == *it)) {
            let _ = writeln!(wrong, "{}: expected but not told: {it}", entry.slug);
        }
        for it in told.lines().filter(|it| !expected.lines().any(|line| line == *it)) {
            let _ = writeln!(wrong, "{}: told but not expected: {it}", entry.slug);
        }
        if told.lines().count() != expected.lines().count() {
            let _ = writeln!(wrong, "{}: not each operation once", entry.slug);
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

// `drawbridge gallery <slug> > tests/scenarios/<slug>/design.json` writes it anew.
#[test]
fn saved_designs_are_those_of_the_gallery() {
    for entry in gallery::ALL {
        let saved = fs::read_to_string(folder(entry.slug).join("design.json")).unwrap();
        assert!(saved == file::save(&entry.design(Lang::En)), "{} differs", entry.slug);
    }
}

#[test]
fn the_same_design_gives_the_same_report_byte_for_byte() {
    for entry in gallery::ALL {
        let design = entry.design(Lang::Ja);
        let one = report::json_value(&design, &report::assess(&design), Lang::Ja).to_string();
        let two = report::json_value(&design, &report::assess(&design), Lang::Ja).to_string();
        assert!(one == two, "{}", entry.slug);
    }
}

#[test]
fn every_operation_of_a_design_has_a_name_of_its_own() {
    for entry in gallery::ALL {
        let design = entry.design(Lang::En);
        let mut seen = std::collections::BTreeSet::new();
        for it in report::assess(&design).operations {
            let key = (it.check, it.from, it.subject.render(Lang::En));
            assert!(seen.insert(key.clone()), "{}: twice: {key:?}", entry.slug);
        }
    }
}

// The invariant of every verdict: each need has evidence, and the evidence says what the need says.
#[test]
fn no_verdict_without_evidence() {
    for entry in gallery::ALL {
        let design = entry.design(Lang::En);
        for it in report::assess(&design).operations {
            for need in &it.needs {
                assert!(!need.trace.steps.is_empty(), "{}: {}", entry.slug, it.check);
                assert_eq!(need.trace.outcome(), need.outcome, "{}: {}", entry.slug, it.check);
                if need.gate == Gate::Identity {
                    let first = need.trace.steps.first().map(|it| it.hop);
                    assert_eq!(first, Some(drawbridge::solve::Hop::Actor), "{}", it.check);
                }
            }
        }
    }
}

/// A team works in its own workspace. What fails is left as people leave it: nobody builds images, and a
/// deployment has no way to the closed registry and storage.
#[test]
fn most_of_a_team_s_operations_work() {
    let report = report::assess(&generate::design(46));
    let failing: Vec<_> =
        report.operations.iter().filter(|it| it.outcome != Outcome::Allowed).collect();
    let checks: Vec<_> = failing.iter().map(|it| it.check).collect();
    assert!(failing.len() * 4 <= report.operations.len(), "{checks:?}");
    assert!(failing.iter().all(|it| it.outcome == Outcome::Denied), "{checks:?}");
    assert_eq!(report.diagnostics, []);
}
