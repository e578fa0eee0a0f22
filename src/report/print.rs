//! The report as a page of text and as JSON, for the command line and for tools behind it.
//!
//! Both are written in one language; ids, slugs and quoted error texts stay as they are.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Diagnostic, Operation, Report};
use crate::{
    design::Design,
    kinds::ResourceId,
    solve::{Outcome, Step},
    text::{Lang, text},
};

/// The report for people: failing operations with every step, working ones in a line each.
pub fn text_page(design: &Design, report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    let name = if design.name.is_empty() {
        text("Untitled design", "無題のデザイン").get(lang)
    } else {
        &design.name
    };
    let _ = writeln!(out, "{}", one_line(name));
    let _ = writeln!(out, "{}", summary(report, lang));
    for it in &report.operations {
        let _ = writeln!(out);
        operation(&mut out, design, it, lang);
    }
    if !report.diagnostics.is_empty() {
        let _ = writeln!(out, "\n{}", text("Design", "設計").get(lang));
        for it in &report.diagnostics {
            diagnostic(&mut out, design, it, lang);
        }
    }
    out
}

/// "2 fail, 1 partly, 0 unknown, 7 work".
pub fn summary(report: &Report, lang: Lang) -> String {
    let count = |it: Outcome| report.operations.iter().filter(|op| op.outcome == it).count();
    let parts: Vec<String> =
        Outcome::ALL.iter().map(|it| format!("{}: {}", it.label().get(lang), count(*it))).collect();
    parts.join("  ")
}

fn operation(out: &mut String, design: &Design, it: &Operation, lang: Lang) {
    let _ = writeln!(
        out,
        "{}  {} ({})  [{}]",
        it.outcome.label().get(lang),
        it.title.get(lang),
        one_line(&it.subject.render(lang)),
        it.check,
    );
    let gates: Vec<String> = it
        .gates
        .iter()
        .map(|(gate, outcome)| format!("{}: {}", gate.label().get(lang), outcome.label().get(lang)))
        .collect();
    let _ = writeln!(out, "    {}", gates.join("  "));
    if let Some(symptom) = &it.symptom {
        let label = text("Shows", "表示").get(lang);
        let place = symptom.place.get(lang);
        let _ = writeln!(out, "    {label}: {place}");
        for line in symptom.text.lines().filter(|it| !it.is_empty()) {
            let _ = writeln!(out, "        {line}");
        }
    }
    for need in &it.needs {
        let _ = writeln!(
            out,
            "    - {}: {}",
            one_line(&need.what.render(lang)),
            need.outcome.label().get(lang),
        );
        if need.outcome == Outcome::Allowed {
            continue;
        }
        let deciding = need.trace.deciding();
        for (n, step) in need.trace.steps.iter().enumerate() {
            let mark = if deciding == Some(n) { '>' } else { ' ' };
            let _ = writeln!(out, "      {mark} {}", step_line(design, step, lang));
        }
    }
    for note in &it.notes {
        let label = text("Note", "注").get(lang);
        let _ = writeln!(out, "    {label}: {}", one_line(&note.render(lang)));
    }
}

fn step_line(design: &Design, step: &Step, lang: Lang) -> String {
    let mut line = format!(
        "{} ({}): {}",
        step.hop.label().get(lang),
        step.outcome.label().get(lang),
        one_line(&step.text.render(lang)),
    );
    if let Some(name) = step.at.and_then(|id| design.get(id)).map(|it| &it.name) {
        let _ = write!(line, " @{}", one_line(name));
    }
    if step.assumed {
        line.push_str(text(" (assumed)", " (仮定)").get(lang));
    }
    if !step.source.is_empty() {
        let _ = write!(line, " <{}>", step.source);
    }
    line
}

fn diagnostic(out: &mut String, design: &Design, it: &Diagnostic, lang: Lang) {
    let names: Vec<String> =
        it.at.iter().filter_map(|id| design.get(*id)).map(|it| one_line(&it.name)).collect();
    let _ = write!(out, "    {} {}", it.severity.label().get(lang), names.join(", "));
    if let Some(field) = &it.field {
        let _ = write!(out, " {field}");
    }
    let _ = writeln!(out, ": {}  [{}]", one_line(&it.text.render(lang)), it.id);
}

/// Names and notes are free text; a line break in one must not look like a line of the report.
pub(crate) fn one_line(it: &str) -> String {
    it.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The report for programs. Member order is fixed, so equal reports are equal bytes.
pub fn json_value(design: &Design, report: &Report, lang: Lang) -> Value {
    let mut counts = Map::new();
    for outcome in Outcome::ALL {
        let n = report.operations.iter().filter(|it| it.outcome == outcome).count();
        counts.insert(outcome.slug().to_owned(), Value::from(n));
    }
    let operations: Vec<Value> =
        report.operations.iter().map(|it| operation_value(design, it, lang)).collect();
    let diagnostics: Vec<Value> = report
        .diagnostics
        .iter()
        .map(|it| {
            json!({
                "id": it.id,
                "severity": it.severity.slug(),
                "at": places(design, &it.at),
                "field": it.field,
                "text": it.text.render(lang),
                "source": it.source,
                "fix": it.fix.as_ref().map(|it| it.title.render(lang)),
            })
        })
        .collect();
    json!({
        "design": design.name,
        "language": lang.code(),
        "counts": counts,
        "operations": operations,
        "diagnostics": diagnostics,
    })
}

fn operation_value(design: &Design, it: &Operation, lang: Lang) -> Value {
    let mut gates = Map::new();
    for (gate, outcome) in &it.gates {
        gates.insert(gate.slug().to_owned(), Value::from(outcome.slug()));
    }
    let needs: Vec<Value> = it
        .needs
        .iter()
        .map(|need| {
            json!({
                "gate": need.gate.slug(),
                "what": need.what.render(lang),
                "outcome": need.outcome.slug(),
                "deciding": need.trace.deciding(),
                "steps": need
                    .trace
                    .steps
                    .iter()
                    .map(|step| step_value(design, step, lang))
                    .collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "check": it.check,
        "title": it.title.get(lang),
        "subject": it.subject.render(lang),
        "from": place(design, it.from),
        "involves": places(design, &it.involves),
        "outcome": it.outcome.slug(),
        "gates": gates,
        "needs": needs,
        "symptom": it.symptom.as_ref().map(|it| json!({
            "id": it.id,
            "text": it.text,
            "place": it.place.get(lang),
            "source": it.source,
        })),
        "notes": it.notes.iter().map(|it| it.render(lang)).collect::<Vec<_>>(),
        "source": it.source,
    })
}

fn step_value(design: &Design, step: &Step, lang: Lang) -> Value {
    json!({
        "hop": step.hop.slug(),
        "outcome": step.outcome.slug(),
        "text": step.text.render(lang),
        "at": step.at.map(|id| place(design, id)),
        "source": step.source,
        "assumed": step.assumed,
    })
}

fn place(design: &Design, id: ResourceId) -> Value {
    json!({ "id": id.0, "name": design.get(id).map(|it| it.name.as_str()) })
}

fn places(design: &Design, ids: &[ResourceId]) -> Vec<Value> {
    ids.iter().map(|id| place(design, *id)).collect()
}
