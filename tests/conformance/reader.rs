//! Reads case files member by member, so that nothing in them is passed over in silence.

use std::collections::BTreeMap;

use serde_json::Value;

/// A JSON object whose members are taken out one by one; what is left over is reported.
pub(crate) struct Members<'a> {
    path: String,
    rest: BTreeMap<&'a str, &'a Value>,
}

/// Members that tell people something and decide nothing.
const REMARKS: &[&str] = &["note", "notes", "comment", "description", "remark"];

impl<'a> Members<'a> {
    pub(crate) fn of(value: &'a Value, path: impl Into<String>) -> Members<'a> {
        let rest = value.as_object().into_iter().flatten().map(|(key, it)| (key.as_str(), it));
        Members { path: path.into(), rest: rest.collect() }
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The first member of these names; `null` counts as absent.
    pub(crate) fn take(&mut self, names: &[&str]) -> Option<&'a Value> {
        let mut found = None;
        for name in names {
            found = found.or(self.rest.remove(*name).filter(|it| !it.is_null()));
        }
        found
    }

    pub(crate) fn peek_text(&self, name: &str) -> Option<String> {
        self.rest.get(name).copied().and_then(text_of)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.rest.contains_key(name)
    }

    pub(crate) fn text(&mut self, names: &[&str]) -> Option<String> {
        self.take(names).and_then(text_of)
    }

    pub(crate) fn flag(&mut self, names: &[&str]) -> Option<bool> {
        self.take(names).and_then(flag_of)
    }

    /// A list; a single value is a list of one.
    pub(crate) fn list(&mut self, names: &[&str]) -> Vec<&'a Value> {
        match self.take(names) {
            None => Vec::new(),
            Some(Value::Array(items)) => items.iter().collect(),
            Some(it) => vec![it],
        }
    }

    /// Texts of a list, or of one text with commas.
    pub(crate) fn texts(&mut self, names: &[&str]) -> Vec<String> {
        self.take(names).map(texts_of).unwrap_or_default()
    }

    /// Rows of a list of objects, each with its path.
    pub(crate) fn rows(&mut self, names: &[&str]) -> Vec<Members<'a>> {
        let path = format!("{}.{}", self.path, names.first().unwrap_or(&""));
        let rows = self.list(names);
        rows.into_iter()
            .enumerate()
            .map(|(n, it)| Members::of(it, format!("{path}[{n}]")))
            .collect()
    }

    /// Names of the members that nobody took.
    pub(crate) fn left(self) -> Vec<String> {
        let empty = |it: &Value| match it {
            Value::Null => true,
            Value::Array(it) => it.is_empty(),
            Value::Object(it) => it.is_empty(),
            _ => false,
        };
        self.rest
            .into_iter()
            .filter(|(key, it)| !empty(it) && !REMARKS.contains(key))
            .map(|(key, _)| format!("{}.{key}", self.path))
            .collect()
    }
}

pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(it) => Some(it.clone()),
        Value::Number(it) => Some(it.to_string()),
        Value::Bool(it) => Some(it.to_string()),
        _ => None,
    }
}

pub(crate) fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(text_of).collect(),
        Value::Null => Vec::new(),
        it => text_of(it)
            .unwrap_or_default()
            .split(',')
            .map(|it| it.trim().to_owned())
            .filter(|it| !it.is_empty())
            .collect(),
    }
}

/// `true`, `"enabled"`, `"on"` and their opposites.
pub(crate) fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(it) => Some(*it),
        Value::String(it) => match it.to_ascii_lowercase().as_str() {
            "true" | "on" | "yes" | "enabled" | "enable" => Some(true),
            "false" | "off" | "no" | "disabled" | "disable" | "none" => Some(false),
            _ => None,
        },
        Value::Number(it) => Some(it.as_u64() != Some(0)),
        _ => None,
    }
}
