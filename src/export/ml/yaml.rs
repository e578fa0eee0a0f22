//! YAML and JSON with every text in double quotes and ASCII: nothing is left for a reader to guess.
//!
//! A value that is known only when a file is used stands there as its name in angle brackets. In a text of the
//! design `<` is always spelled `\u003c`, so that no text can pass for such a name.

use std::fmt::Write;

use super::{Key, Map, Node, Only, shapes::Shape};
use crate::export::script::Part;

/// A file of `az ml`.
pub(super) fn document(shape: &Shape, notes: &[&str], node: &Map) -> String {
    let mut out = format!("# az ml {} --file ...\n", shape.command);
    for it in notes {
        let _ = writeln!(out, "# {it}");
    }
    if !shape.schema.is_empty() {
        let _ = writeln!(
            out,
            "$schema: https://azuremlschemas.azureedge.net/latest/{}.schema.json",
            shape.schema
        );
    }
    for line in map_lines(node) {
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// Keys of more than 1024 characters have to be marked as such (YAML 1.2, 8.2.2).
const LONGEST_KEY: usize = 1000;

fn map_lines(map: &Map) -> Vec<String> {
    let mut lines = Vec::new();
    for member in map.members.iter().filter(|it| it.only != Only::Python) {
        let key = match &member.key {
            Key::Word(it) => (*it).to_owned(),
            Key::Data(pieces) => quoted(pieces, yaml_text),
        };
        let key = if key.len() > LONGEST_KEY {
            lines.push(format!("? {key}"));
            String::new()
        } else {
            key
        };
        match scalar(&member.value) {
            Some(value) => lines.push(format!("{key}: {value}")),
            None => {
                lines.push(format!("{key}:"));
                lines.extend(node_lines(&member.value).into_iter().map(|it| format!("  {it}")));
            }
        }
    }
    lines
}

/// What fits behind a key.
fn scalar(node: &Node) -> Option<String> {
    Some(match node {
        Node::Null => "null".to_owned(),
        Node::Bool(it) => it.to_string(),
        Node::Number(it) => it.to_string(),
        Node::Text(pieces) => quoted(pieces, yaml_text),
        Node::List(items) if items.is_empty() => "[]".to_owned(),
        Node::Map(it) if it.members.iter().all(|it| it.only == Only::Python) => "{}".to_owned(),
        Node::List(_) | Node::Map(_) => return None,
    })
}

fn node_lines(node: &Node) -> Vec<String> {
    match node {
        Node::Map(map) => map_lines(map),
        Node::List(items) => items
            .iter()
            .flat_map(|item| {
                let lines = match scalar(item) {
                    Some(it) => vec![it],
                    None => node_lines(item),
                };
                lines
                    .into_iter()
                    .enumerate()
                    .map(|(n, it)| if n == 0 { format!("- {it}") } else { format!("  {it}") })
                    .collect::<Vec<String>>()
            })
            .collect(),
        other => scalar(other).into_iter().collect(),
    }
}

/// A body as Azure Resource Manager takes it.
pub(super) fn json(map: &Map) -> String {
    let mut out = String::new();
    json_map(&mut out, map, 0);
    out.push('\n');
    out
}

fn json_map(out: &mut String, map: &Map, depth: usize) {
    out.push('{');
    for (n, member) in map.members.iter().enumerate() {
        line(out, depth + 1, n > 0);
        match &member.key {
            Key::Word(it) => {
                let _ = write!(out, "\"{it}\": ");
            }
            Key::Data(pieces) => {
                let _ = write!(out, "{}: ", quoted(pieces, json_text));
            }
        }
        json_node(out, &member.value, depth + 1);
    }
    close(out, depth, map.members.is_empty(), '}');
}

fn json_node(out: &mut String, node: &Node, depth: usize) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(it) => {
            let _ = write!(out, "{it}");
        }
        Node::Number(it) => {
            let _ = write!(out, "{it}");
        }
        Node::Text(pieces) => out.push_str(&quoted(pieces, json_text)),
        Node::Map(it) => json_map(out, it, depth),
        Node::List(items) => {
            out.push('[');
            for (n, it) in items.iter().enumerate() {
                line(out, depth + 1, n > 0);
                json_node(out, it, depth + 1);
            }
            close(out, depth, items.is_empty(), ']');
        }
    }
}

fn line(out: &mut String, depth: usize, comma: bool) {
    if comma {
        out.push(',');
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
}

fn close(out: &mut String, depth: usize, empty: bool, mark: char) {
    if !empty {
        line(out, depth, false);
    }
    out.push(mark);
}

fn quoted(pieces: &[Part], write: fn(&mut String, char)) -> String {
    let mut out = String::from("\"");
    for piece in pieces {
        match piece {
            Part::Text(it) => it.chars().for_each(|it| text(&mut out, it, write)),
            Part::Var(name) => {
                let _ = write!(out, "<{name}>");
            }
        }
    }
    out.push('"');
    out
}

/// What YAML and JSON spell alike; `rest` is for characters beyond four hexadecimal digits.
fn text(out: &mut String, c: char, rest: fn(&mut String, char)) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '<' => out.push_str("\\u003c"),
        ' '..='~' => out.push(c),
        '\0'..='\u{ffff}' => {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        }
        _ => rest(out, c),
    }
}

/// YAML has eight digits: it would read two surrogates as two characters.
fn yaml_text(out: &mut String, c: char) {
    let _ = write!(out, "\\U{:08x}", u32::from(c));
}

/// JSON has surrogates only.
fn json_text(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::laws;

    #[test]
    fn texts_are_ascii_and_names_of_values_cannot_be_forged() {
        let pieces = [Part::Text("<A> \"é\"\u{1f680}\n\0".to_owned()), Part::Var("A".to_owned())];
        assert_eq!(
            quoted(&pieces, yaml_text),
            "\"\\u003cA> \\\"\\u00e9\\\"\\U0001f680\\n\\u0000<A>\""
        );
        assert_eq!(
            quoted(&pieces, json_text),
            "\"\\u003cA> \\\"\\u00e9\\\"\\ud83d\\ude80\\n\\u0000<A>\""
        );
    }

    #[test]
    fn maps_and_lists_stand_in_each_other() {
        let mut inner = Map::new("");
        inner.push("a", Node::Number(1));
        inner.push("b", Node::List(vec![Node::text("x"), Node::Map(inner.clone())]));
        let mut map = Map::new("");
        map.push("list", Node::List(vec![Node::Map(inner)]));
        map.push_data(vec![Part::Text("k".repeat(2000))], Node::Map(Map::new("")));
        let lines = map_lines(&map);
        let key = "k".repeat(2000);
        assert_eq!(
            lines,
            [
                "list:",
                "  - a: 1",
                "    b:",
                "      - \"x\"",
                "      - a: 1",
                &format!("? \"{key}\""),
                ": {}",
            ]
        );
    }
    #[test]
    fn yaml_and_json_get_every_text_as_it_is() {
        use saphyr::{LoadableYamlNode, Scalar, Yaml};
        for texts in laws::portions() {
            let mut document = String::new();
            for it in &texts {
                let pieces = [Part::Text(it.clone())];
                let (yaml, json) = (quoted(&pieces, yaml_text), quoted(&pieces, json_text));
                assert!(laws::is_plain(&yaml) && !yaml.contains('<') && !json.contains('<'));
                assert_eq!(serde_json::from_str::<String>(&json).unwrap(), *it);
                let _ = writeln!(document, "- {yaml}");
            }
            let all = Yaml::load_from_str(&document).unwrap();
            let [Yaml::Sequence(items)] = all.as_slice() else { panic!("{all:?}") };
            let found: Vec<&str> = items
                .iter()
                .map(|it| match it {
                    Yaml::Value(Scalar::String(it)) => it.as_ref(),
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(found, texts);
        }
    }
}
