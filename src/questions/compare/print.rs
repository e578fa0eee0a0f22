//! A comparison as a page of text and as JSON, for the command line and for tools behind it.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Comparison, Noticed, Shifted, Turned, Verdict, Which};
use crate::{
    design::{
        Design,
        compare::{Change, full_name},
    },
    kinds::ResourceId,
    report::one_line,
    solve::Outcome,
    text::{Lang, Text, text},
};

/// A value as people read it.
pub fn plain(value: &Value, lang: Lang) -> String {
    match value {
        Value::Null => text("(not set)", "(未設定)").get(lang).to_owned(),
        Value::String(it) if it.is_empty() => text("(empty)", "(空)").get(lang).to_owned(),
        Value::String(it) => one_line(it),
        Value::Array(items) if items.is_empty() => text("(none)", "(なし)").get(lang).to_owned(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|it| plain(it, lang)).collect();
            items.join(", ")
        }
        Value::Object(row) => {
            let told = |(key, value): (&String, &Value)| {
                let key = one_line(key);
                if value.is_array() || value.is_object() {
                    format!("{key}: [{}]", plain(value, lang))
                } else {
                    format!("{key}: {}", plain(value, lang))
                }
            };
            let cells: Vec<String> = row.iter().map(told).collect();
            format!("{{{}}}", cells.join(", "))
        }
        other => other.to_string(),
    }
}

/// Both designs of a comparison, for names.
struct Names<'a> {
    before: &'a Design,
    after: &'a Design,
    lang: Lang,
}

impl Names<'_> {
    /// Kind and full name.
    fn resource(&self, design: &Design, id: ResourceId) -> String {
        let kind = design.get(id).map_or("", |it| it.kind.info().label.get(self.lang));
        format!("{kind}  {}", one_line(&full_name(design, id).unwrap_or_default()))
    }

    fn name(&self, it: Which) -> &str {
        let now = it.after.and_then(|id| self.after.get(id));
        let then = || it.before.and_then(|id| self.before.get(id));
        now.or_else(then).map_or("", |it| &it.name)
    }
}

/// The comparison for people; empty where nothing differs.
pub fn compare_page(before: &Design, after: &Design, it: &Comparison, lang: Lang) -> String {
    let names = Names { before, after, lang };
    let mut page = Page { out: String::new(), lang };
    page.section(text("Added", "追加"), it.changes.added.iter(), |id| {
        format!("    + {}\n", names.resource(after, *id))
    });
    page.section(text("Removed", "削除"), it.changes.removed.iter(), |id| {
        format!("    - {}\n", names.resource(before, *id))
    });
    page.section(text("Changed", "変更"), it.changes.changed.iter(), |it| {
        let mut lines = format!("    ~ {}\n", names.resource(after, it.after));
        for it in &it.changes {
            let _ = writeln!(lines, "        {}", change(it, lang));
        }
        lines
    });
    page.section(text("Design", "デザイン"), it.changes.design.iter(), |it| {
        format!("    ~ {}\n", change(it, lang))
    });
    page.section(text("Operations", "操作"), it.verdicts.iter(), |it| turned(it, lang));
    page.section(text("Permissions", "アクセス許可"), it.permissions.iter(), |it| {
        format!(
            "    {}  {}  {}  {}  [{}]\n        {}\n",
            from_to(it.before, it.after, lang),
            one_line(names.name(it.identity)),
            one_line(names.name(it.resource)),
            it.capability.label.get(lang),
            it.capability.id,
            one_line(&it.because.render(lang)),
        )
    });
    page.section(text("Problems", "問題"), it.problems.iter(), |it| noticed(it, &names));
    page.out
}

struct Page {
    out: String,
    lang: Lang,
}

impl Page {
    fn section<T>(
        &mut self,
        title: Text,
        items: impl ExactSizeIterator<Item = T>,
        lines: impl Fn(T) -> String,
    ) {
        if items.len() > 0 {
            let _ = writeln!(self.out, "{} ({})", title.get(self.lang), items.len());
            self.out.extend(items.map(lines));
        }
    }
}

fn change(it: &Change, lang: Lang) -> String {
    let field = one_line(&it.field);
    match (&it.before, &it.after) {
        (Some(a), Some(b)) => format!("{field}: {} → {}", plain(a, lang), plain(b, lang)),
        (None, Some(b)) => format!("+ {field}: {}", plain(b, lang)),
        (Some(a), None) => format!("- {field}: {}", plain(a, lang)),
        (None, None) => field,
    }
}

fn from_to(before: Option<Outcome>, after: Option<Outcome>, lang: Lang) -> String {
    let word = |it: Option<Outcome>| it.map_or("–", |it| it.label().get(lang));
    format!("{} → {}", word(before), word(after))
}

fn turned(it: &Turned, lang: Lang) -> String {
    let outcome = |it: &Option<Verdict>| it.as_ref().map(|it| it.outcome);
    let mut line = format!(
        "    {}  {} ({})  [{}]\n",
        from_to(outcome(&it.before), outcome(&it.after), lang),
        it.title.get(lang),
        one_line(&it.subject.render(lang)),
        it.check,
    );
    if let (Some(before), Some(after)) = (&it.before, &it.after) {
        let gates = before.gates.iter().zip(&after.gates).filter(|(a, b)| a != b);
        for ((gate, a), (_, b)) in gates {
            let label = gate.label().get(lang);
            let _ = writeln!(line, "        {label}: {}", from_to(Some(*a), Some(*b), lang));
        }
    }
    line
}

fn noticed(it: &Noticed, names: &Names<'_>) -> String {
    let at: Vec<String> = it.at.iter().map(|it| one_line(names.name(*it))).collect();
    format!(
        "    {} {} {}: {}  [{}]\n",
        if it.new { '+' } else { '-' },
        it.severity.label().get(names.lang),
        at.join(", "),
        one_line(&it.text.render(names.lang)),
        it.id,
    )
}

/// The comparison for programs. Member order is fixed, so equal comparisons are equal bytes.
pub fn compare_value(before: &Design, after: &Design, it: &Comparison, lang: Lang) -> Value {
    let names = Names { before, after, lang };
    let outcome = |it: Option<Outcome>| it.map(Outcome::slug);
    let which = |it: Which| {
        json!({
            "name": names.name(it),
            "before": it.before.map(|it| it.0),
            "after": it.after.map(|it| it.0),
        })
    };
    let resource = |design: &Design, id: &ResourceId| {
        json!({
            "id": id.0,
            "kind": design.get(*id).map(|it| it.kind.info().slug),
            "name": design.get(*id).map(|it| it.name.as_str()),
        })
    };
    let changes = |all: &[Change]| -> Vec<Value> {
        let change = |it: &Change| {
            let mut map = Map::new();
            map.insert("field".to_owned(), json!(it.field));
            // A row that is not there is absent; a setting without a value is null.
            map.extend(it.before.clone().map(|it| ("before".to_owned(), it)));
            map.extend(it.after.clone().map(|it| ("after".to_owned(), it)));
            Value::Object(map)
        };
        all.iter().map(change).collect()
    };
    let verdict = |it: &Option<Verdict>| {
        it.as_ref().map(|it| {
            let mut gates = Map::new();
            for (gate, outcome) in &it.gates {
                gates.insert(gate.slug().to_owned(), Value::from(outcome.slug()));
            }
            json!({ "outcome": it.outcome.slug(), "gates": gates })
        })
    };
    let changed = it.changes.changed.iter().map(|it| {
        let mut map = resource(after, &it.after);
        if let Value::Object(map) = &mut map {
            map.insert("was".to_owned(), json!(it.before.0));
            map.insert("changes".to_owned(), Value::Array(changes(&it.changes)));
        }
        map
    });
    let turned = |it: &Turned| {
        json!({
            "check": it.check,
            "title": it.title.get(lang),
            "subject": it.subject.render(lang),
            "from": which(it.from),
            "before": verdict(&it.before),
            "after": verdict(&it.after),
        })
    };
    let shifted = |it: &Shifted| {
        json!({
            "identity": which(it.identity),
            "resource": which(it.resource),
            "capability": it.capability.id,
            "before": outcome(it.before),
            "after": outcome(it.after),
            "because": it.because.render(lang),
        })
    };
    let noticed = |it: &Noticed| {
        json!({
            "id": it.id,
            "severity": it.severity.slug(),
            "text": it.text.render(lang),
            "at": it.at.iter().map(|it| which(*it)).collect::<Vec<_>>(),
            "change": if it.new { "new" } else { "gone" },
        })
    };
    json!({
        "language": lang.code(),
        "added": it.changes.added.iter().map(|it| resource(after, it)).collect::<Vec<_>>(),
        "removed": it.changes.removed.iter().map(|it| resource(before, it)).collect::<Vec<_>>(),
        "changed": changed.collect::<Vec<_>>(),
        "design": changes(&it.changes.design),
        "redrawn": it.changes.redrawn,
        "operations": it.verdicts.iter().map(turned).collect::<Vec<_>>(),
        "permissions": it.permissions.iter().map(shifted).collect::<Vec<_>>(),
        "problems": it.problems.iter().map(noticed).collect::<Vec<_>>(),
    })
}
