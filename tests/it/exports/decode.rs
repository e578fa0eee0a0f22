//! What a reader of an export makes of it: which parts are code, and which texts are data.
//!
//! Each format becomes JSON in which an expression is a list of code and data, so that two exports
//! that differ in one text can be compared: the same tree, and the one text in the place of the other.

use std::collections::BTreeMap;

use drawbridge::export::File;
use serde_json::{Map, Value, json};

/// A template with its parameters, as Azure Resource Manager reads them: a string that begins with `[`
/// and ends with `]` is an expression, and `[[` begins a literal with one `[`
/// (azure-resource-manager/templates/template-expressions).
pub(crate) fn arm(files: &[File]) -> Result<Value, String> {
    let mut all = Vec::new();
    for file in files {
        plain(&file.text)?;
        let value: Value = serde_json::from_str(&file.text).map_err(|why| why.to_string())?;
        all.push(value);
    }
    // Names of parameters are made of what they are for, so they are called by that here.
    let mut names = BTreeMap::new();
    all.iter().for_each(|it| parameters(it, &mut names));
    all.iter().map(|it| template_value(it, &names)).collect()
}

fn parameters(value: &Value, names: &mut BTreeMap<String, String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|it| parameters(it, names)),
        Value::Object(members) => {
            for (key, it) in members {
                if let ("parameters", Some(all)) = (key.as_str(), it.as_object()) {
                    for (name, it) in all {
                        if let Some(label) = it["metadata"]["description"].as_str() {
                            names.insert(name.clone(), label.to_owned());
                        }
                    }
                }
                parameters(it, names);
            }
        }
        _ => {}
    }
}

fn template_value(value: &Value, names: &BTreeMap<String, String>) -> Result<Value, String> {
    Ok(match value {
        Value::String(it) => template_text(it, names)?,
        Value::Array(items) => {
            items.iter().map(|it| template_value(it, names)).collect::<Result<Value, String>>()?
        }
        Value::Object(members) => {
            let mut out = Map::new();
            for (key, it) in members {
                let mut it = template_value(it, names)?;
                if key == "parameters"
                    && let Some(all) = it.as_object()
                {
                    it = all
                        .iter()
                        .map(|(name, it)| (names.get(name).unwrap_or(name).clone(), it.clone()))
                        .collect::<Map<String, Value>>()
                        .into();
                }
                // A name of a property may be an expression too.
                let key = match template_text(key, names)? {
                    Value::String(it) => it,
                    other => other.to_string(),
                };
                out.insert(key, it);
            }
            Value::Object(out)
        }
        other => other.clone(),
    })
}

fn template_text(it: &str, names: &BTreeMap<String, String>) -> Result<Value, String> {
    if let Some(rest) = it.strip_prefix("[[")
        && it.ends_with(']')
    {
        return Ok(json!(format!("[{rest}")));
    }
    match it.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        Some(inside) => expression(inside, names),
        None => Ok(json!(it)),
    }
}

/// `code 'data' code`; a quote in data is written twice.
fn expression(it: &str, names: &BTreeMap<String, String>) -> Result<Value, String> {
    let mut pieces = Vec::new();
    let mut code = String::new();
    let mut rest = it.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\'' {
            let known = c.is_ascii_alphanumeric() || "(),. []-_".contains(c);
            if !known {
                return Err(format!("{c:?} in an expression: {it:.200}"));
            }
            code.push(c);
            continue;
        }
        let mut data = String::new();
        loop {
            match rest.next() {
                None => return Err(format!("an open quote: {it:.200}")),
                Some('\'') if rest.peek() == Some(&'\'') => {
                    rest.next();
                    data.push('\'');
                }
                Some('\'') => break,
                Some(c) => data.push(c),
            }
        }
        if code.ends_with("parameters(") {
            data = names.get(&data).cloned().ok_or_else(|| format!("no parameter {data}"))?;
        }
        pieces.push(json!({ "code": std::mem::take(&mut code) }));
        pieces.push(json!(data));
    }
    pieces.push(json!({ "code": code }));
    Ok(Value::Array(pieces))
}

/// Printable ASCII and line feeds.
pub(crate) fn plain(text: &str) -> Result<(), String> {
    match text.chars().find(|it| !matches!(it, '\n' | ' '..='~')) {
        Some(c) => Err(format!("{c:?} in the file")),
        None => Ok(()),
    }
}

/// A picture: its markup, its texts, and the design that it carries.
pub(crate) fn svg(files: &[File]) -> Result<Value, String> {
    let drawn = svg_drawn(files)?;
    let loaded = files.iter().map(|it| drawbridge::design::file::load(it.text.as_bytes()));
    let carried: Result<Vec<Value>, String> = loaded
        .map(|it| {
            let it = it.map_err(|why| why.0.render(drawbridge::text::Lang::En))?;
            let saved = drawbridge::design::file::save(&it.design);
            serde_json::from_str(&saved).map_err(|why| why.to_string())
        })
        .collect();
    Ok(json!([drawn, carried?]))
}

/// A picture without the design that it carries.
pub(crate) fn svg_drawn(files: &[File]) -> Result<Value, String> {
    let [file] = files else { return Err("one file".to_owned()) };
    plain(&file.text)?;
    let mut pieces = Vec::new();
    let mut rest = file.text.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').ok_or("an open tag")?;
        pieces.push(json!({ "shown": unescaped(before)? }));
        pieces.push(json!({ "code": without_place(tag) }));
        rest = after;
        if tag == "/title" && pieces.len() > 8 {
            rest = after_lines(after)?;
        }
        if tag.starts_with("metadata") {
            let (_, after) = rest.split_once("</metadata>").ok_or("no end of the metadata")?;
            rest = after;
        }
    }
    Ok(Value::Array(pieces))
}

/// What follows the lines of a note, of which the title has the whole text: how they are broken depends on it.
fn after_lines(mut rest: &str) -> Result<&str, String> {
    while let Some(line) = rest.strip_prefix("\n<text x=\"") {
        let (tag, after) = line.split_once('>').ok_or("an open tag")?;
        let (y, looks) = tag.split_once("\" y=\"").ok_or("a line without its place")?;
        let place = format!("{y}{}", looks.strip_suffix("\" unicode-bidi=\"isolate\"").ok_or(tag)?);
        if !place.bytes().all(|it| it.is_ascii_digit() || it == b'.') {
            return Err(format!("a line at {place:.100}"));
        }
        let (words, after) = after.split_once('<').ok_or("an open line")?;
        unescaped(words)?;
        rest = after.strip_prefix("/text>").ok_or("markup in a line")?;
    }
    Ok(rest)
}

/// A line or word of the drawing without its place: lines go around words and words stand on lines, so
/// both depend on how wide a name is. Nothing but numbers is left out.
fn without_place(tag: &str) -> String {
    if !tag.starts_with("polyline ") && !tag.starts_with("text ") {
        return tag.to_owned();
    }
    let mut out = String::new();
    for (n, part) in tag.split('"').enumerate() {
        let number = n % 2 == 1 && part.bytes().all(|it| b"0123456789.,- ".contains(&it));
        let place = [" x=", " y=", " points="].iter().any(|it| out.ends_with(it));
        out.push_str(if number && place { "" } else { part });
    }
    out
}

/// `&#x3c;`; no other reference is written.
pub(crate) fn unescaped(it: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = it;
    while let Some((before, after)) = rest.split_once('&') {
        let (code, after) = after.split_once(';').ok_or("a bare &")?;
        let code = code.strip_prefix("#x").ok_or_else(|| format!("&{code};"))?;
        let code = u32::from_str_radix(code, 16).map_err(|why| why.to_string())?;
        out.push_str(before);
        out.push(char::from_u32(code).ok_or("no character")?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// What XML 1.0 cannot hold is shown as U+FFFD (section 2.2).
fn shown(it: &str) -> String {
    let cannot =
        |c: char| (c < ' ' && !"\t\n\r".contains(c)) || ['\u{fffe}', '\u{ffff}'].contains(&c);
    it.chars().map(|c| if cannot(c) { '\u{fffd}' } else { c }).collect()
}

/// What a script only prints is ASCII, with the numbers of all other characters.
fn ascii(it: &str) -> String {
    let one = |c: char| match c {
        ' '..='~' => c.to_string(),
        c => format!("\\u{{{:x}}}", u32::from(c)),
    };
    it.chars().map(one).collect()
}

/// The calls of `az` that a script made: bodies as JSON, URLs without their escapes.
pub(crate) fn calls(calls: &[Vec<String>]) -> Result<Value, String> {
    let mut out = Vec::new();
    for call in calls {
        let mut words = Vec::new();
        let mut before = "";
        for it in call {
            words.push(match before {
                "--body-of-file" => json_body(it)?,
                "--body" if !it.starts_with('@') => json_body(it)?,
                // The name of the file differs each time; what is in it follows.
                "--body" => json!("@file"),
                "--url" => json!(url(it)?),
                _ => json!(it),
            });
            before = it;
        }
        out.push(Value::Array(words));
    }
    Ok(Value::Array(out))
}

fn json_body(it: &str) -> Result<Value, String> {
    serde_json::from_str(it).map_err(|why| format!("{why} in the body {it:.300}"))
}

pub(crate) fn url(it: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = it.bytes();
    while let Some(byte) = rest.next() {
        let decoded = match byte {
            b'%' => {
                let hex: Vec<u8> = rest.by_ref().take(2).collect();
                let hex = String::from_utf8(hex).map_err(|why| why.to_string())?;
                u8::from_str_radix(&hex, 16).map_err(|why| format!("{why} in the URL {it:.300}"))?
            }
            b if b.is_ascii_alphanumeric() || b"-._~/?=&".contains(&b) => b,
            other => return Err(format!("{:?} in the URL {it:.300}", char::from(other))),
        };
        bytes.push(decoded);
    }
    String::from_utf8(bytes).map_err(|why| why.to_string())
}

/// `value` with `new` for `old` in all data. GUIDs that are made of texts differ with them, so that
/// every GUID is one and the same here.
pub(crate) fn replaced(value: &Value, old: &str, new: &str) -> Value {
    match value {
        Value::String(it) => json!(without_guids(&it.replace(old, new))),
        Value::Array(items) => items.iter().map(|it| replaced(it, old, new)).collect(),
        Value::Object(members) if members.keys().eq(["code"]) => value.clone(),
        Value::Object(members) if members.keys().eq(["shown"]) => {
            json!(shown(&members["shown"].as_str().unwrap_or_default().replace(old, new)))
        }
        Value::Object(members) if members.keys().eq(["ascii"]) => {
            json!(ascii(&members["ascii"].as_str().unwrap_or_default().replace(old, new)))
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, it)| (without_guids(&key.replace(old, new)), replaced(it, old, new)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

/// `value` with `new` for `old` in every text, and nothing else changed.
pub(crate) fn replaced_text(value: &Value, old: &str, new: &str) -> Value {
    match value {
        Value::String(it) => json!(it.replace(old, new)),
        Value::Array(items) => items.iter().map(|it| replaced_text(it, old, new)).collect(),
        Value::Object(members) => {
            let all = members.iter().map(|(key, it)| (key.clone(), replaced_text(it, old, new)));
            Value::Object(all.collect())
        }
        other => other.clone(),
    }
}

fn without_guids(it: &str) -> String {
    const SHAPE: &str = "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
    if it.len() < SHAPE.len() || it.bytes().filter(|it| *it == b'-').count() < 4 {
        return it.to_owned();
    }
    let mut out = String::new();
    let mut rest = it;
    while let Some(c) = rest.chars().next() {
        let is_guid = rest.len() >= SHAPE.len()
            && rest.bytes().zip(SHAPE.bytes()).all(|(it, form)| match form {
                b'-' => it == b'-',
                _ => it.is_ascii_hexdigit(),
            });
        if is_guid {
            out.push_str("<guid>");
            rest = &rest[SHAPE.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The first place where two values differ.
pub(crate) fn difference(a: &Value, b: &Value, path: &str) -> Option<String> {
    match (a, b) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(n, (a, b))| difference(a, b, &format!("{path}/{n}"))),
        (Value::Object(a), Value::Object(b)) if a.len() == b.len() => {
            a.iter().find_map(|(key, a)| match b.get(key) {
                Some(b) => difference(a, b, &format!("{path}/{key:.40}")),
                None => Some(format!("{path}: no {key:?}")),
            })
        }
        (a, b) if a == b => None,
        // The name that a machine calls itself is made of its name in Azure, and takes less.
        (Value::String(a), Value::String(_))
            if path.ends_with("/computerName")
                && a.chars().all(|it| it.is_ascii_alphanumeric() || it == '-') =>
        {
            None
        }
        (a, b) => {
            let (a, b) = (a.to_string(), b.to_string());
            let cut = |it: &str| it.chars().take(200).collect::<String>();
            Some(format!("{path}: {} instead of {}", cut(&a), cut(&b)))
        }
    }
}
