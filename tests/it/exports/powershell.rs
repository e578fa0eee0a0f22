//! A reader of the PowerShell that is exported: grammar, cmdlets, and what the scripts send to Azure.
//!
//! Docs: "About quoting rules" and "About variables" (powershell/module/microsoft.powershell.core/about, pages
//! `about_quoting_rules` and `about_variables`).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use drawbridge::export::File;
use serde_json::{Value, json};
use tree_sitter::{Node, Parser, Tree};

use super::{
    bicep::{All, Deployed},
    decode,
};

/// What an argument of a function of the scripts is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// For the eye only.
    Shown,
    Plain,
    Url,
    Json,
}

use Kind::{Json, Plain, Shown, Url};

/// The functions that are called for the resources of a design.
const CALLS: &[(&str, &[Kind])] = &[
    ("Set-Resource", &[Shown, Plain, Url, Json]),
    ("Add-Resource", &[Shown, Plain, Url, Json]),
    ("Get-ObjectId", &[Shown, Plain, Url, Plain]),
    ("Get-Key", &[Shown, Plain, Url]),
    ("Get-Traffic", &[Plain, Url]),
    ("Get-TemplateGuid", &[]),
    ("Read-Secret", &[Shown, Plain]),
    ("Register-Provider", &[Plain, Plain, Url]),
    ("Assert-Name", &[Shown, Plain, Url, Url, Json]),
    ("Assert-NotDeleted", &[Shown, Plain, Url]),
    ("Remove-Resource", &[Shown, Plain, Url]),
    ("Remove-Group", &[Shown, Plain, Url]),
    ("Write-Host", &[Shown]),
];

/// Cmdlets that both editions bring along, with the parameters in use.
const BUILT_IN: &[(&str, &[&str])] = &[
    ("Set-StrictMode", &["Version"]),
    ("Write-Host", &[]),
    ("Start-Sleep", &["Seconds"]),
    ("ConvertFrom-Json", &["InputObject"]),
    ("ConvertTo-Json", &["InputObject", "Compress"]),
    ("New-Object", &["TypeName"]),
    ("Get-Module", &["ListAvailable", "Name"]),
    ("Read-Host", &["Prompt", "AsSecureString"]),
];

/// Parameters of every cmdlet.
const COMMON: &[&str] = &["ErrorAction", "WhatIf", "Confirm"];

fn parse(text: &str) -> Result<Tree, String> {
    decode::plain(text)?;
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
    let tree = parser.parse(text, None).ok_or("no tree")?;
    let mut wrong = None;
    walk(tree.root_node(), &mut |it| {
        if it.is_error() || it.is_missing() {
            let line = it.start_position().row + 1;
            wrong.get_or_insert(format!("line {line}: {:.80?}", &text[it.byte_range()]));
        }
    });
    match wrong {
        Some(why) => Err(why),
        None if tree.root_node().has_error() => Err("an error".to_owned()),
        None => Ok(tree),
    }
}

fn walk<'t>(node: Node<'t>, visit: &mut dyn FnMut(Node<'t>)) {
    visit(node);
    let mut cursor = node.walk();
    for it in node.children(&mut cursor) {
        walk(it, visit);
    }
}

fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).filter(|it| it.is_named() && it.kind() != "comment").collect()
}

/// Goes down where there is nothing to choose: the grammar has a node for each level of precedence.
fn inner(mut node: Node<'_>) -> Node<'_> {
    loop {
        match children(node).as_slice() {
            [only] if only.byte_range() == node.byte_range() => node = *only,
            _ => return node,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Text(String),
    Var(String),
}

/// A value of the script in pieces.
type Pieces = Vec<Piece>;

#[derive(Clone, Debug, PartialEq)]
enum Argument {
    One(Pieces),
    Many(Vec<Pieces>),
}

/// What stands in single quotes, where only a doubled quote is read.
fn verbatim(it: &str) -> Result<String, String> {
    let inside = it.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).ok_or("no quotes")?;
    let parts: Vec<&str> = inside.split("''").collect();
    if parts.iter().any(|it| it.contains('\'')) {
        return Err(format!("a quote ends early: {it:.80}"));
    }
    Ok(parts.join("'"))
}

/// The inside of double quotes or of an expandable here-string. The scripts need neither escapes nor
/// subexpressions there.
fn expandable(inside: &str) -> Result<Pieces, String> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = inside;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '`' => return Err(format!("an escape: {inside:.80}")),
            '$' => {
                let name = match rest.strip_prefix('{') {
                    Some(after) => {
                        let (name, after) = after.split_once('}').ok_or("an open brace")?;
                        rest = after;
                        name
                    }
                    None => {
                        let is = |it: char| it.is_ascii_alphanumeric() || "_?:".contains(it);
                        let end = rest.find(|it| !is(it)).unwrap_or(rest.len());
                        let (name, after) = rest.split_at(end);
                        rest = after;
                        name
                    }
                };
                if name.is_empty() || !name.chars().all(|it| it.is_ascii_alphanumeric()) {
                    return Err(format!("${name:.40} in {inside:.80}"));
                }
                pieces.push(Piece::Text(std::mem::take(&mut text)));
                pieces.push(Piece::Var(name.to_ascii_lowercase()));
            }
            c => text.push(c),
        }
    }
    pieces.push(Piece::Text(text));
    pieces.retain(|it| *it != Piece::Text(String::new()));
    Ok(pieces)
}

/// What .NET makes of the escapes in use.
fn unescaped(it: &str) -> Result<String, String> {
    let mut units = Vec::new();
    let mut rest = it.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            units.extend(c.encode_utf16(&mut [0; 2]).iter());
            continue;
        }
        match rest.next() {
            Some('\\') => units.push(u16::from(b'\\')),
            Some('u') => {
                let hex: String = rest.by_ref().take(4).collect();
                units.push(u16::from_str_radix(&hex, 16).map_err(|why| why.to_string())?);
            }
            other => return Err(format!("the escape {other:?}")),
        }
    }
    String::from_utf16(&units).map_err(|why| why.to_string())
}

struct Reader<'s> {
    source: &'s str,
}

impl<'s> Reader<'s> {
    fn text(&self, node: Node<'_>) -> &'s str {
        &self.source[node.byte_range()]
    }

    fn pieces(&self, node: Node<'_>) -> Result<Pieces, String> {
        let node = inner(node);
        let text = self.text(node);
        match node.kind() {
            "verbatim_string_characters" => Ok(vec![Piece::Text(verbatim(text)?)]),
            "expandable_string_literal" => {
                let inside = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
                let inside = inside.ok_or("no quotes")?;
                if inside.contains('"') { Err("a quote".to_owned()) } else { expandable(inside) }
            }
            "verbatim_here_string_characters" => {
                let inside = text.strip_prefix("@'\n").and_then(|it| it.strip_suffix("\n'@"));
                let inside = inside.ok_or("no here-string")?;
                // The grammar may look for the end elsewhere than PowerShell: at the start of any line.
                if format!("\n{inside}").contains("\n'@") {
                    return Err("a here-string that ends early".to_owned());
                }
                Ok(vec![Piece::Text(inside.to_owned())])
            }
            "expandable_here_string_literal" => {
                let inside = text.strip_prefix("@\"\n").and_then(|it| it.strip_suffix("\n\"@"));
                let inside = inside.ok_or("no here-string")?;
                if format!("\n{inside}").contains("\n\"@") {
                    return Err("a here-string that ends early".to_owned());
                }
                expandable(inside)
            }
            "variable" => Ok(vec![Piece::Var(text[1..].to_ascii_lowercase())]),
            "parenthesized_expression" => match children(node).as_slice() {
                [one] => self.pieces(*one),
                _ => Err(format!("{text:.80}")),
            },
            "additive_expression" => {
                let mut all = Vec::new();
                for it in children(node) {
                    all.extend(self.pieces(it)?);
                }
                if node.child_count() > 1 && node.child(1).is_none_or(|it| it.kind() != "+") {
                    return Err(format!("{text:.80}"));
                }
                all.retain(|it| *it != Piece::Text(String::new()));
                Ok(all)
            }
            "invokation_expression" => {
                let inside =
                    text.strip_prefix("[regex]::Unescape(").and_then(|it| it.strip_suffix(')'));
                let inside = inside.ok_or_else(|| format!("{text:.80}"))?;
                Ok(vec![Piece::Text(unescaped(&verbatim(inside)?)?)])
            }
            "generic_token" => Err(format!("the bare word {text:.80}")),
            other => Err(format!("{other}: {text:.80}")),
        }
    }

    fn argument(&self, node: Node<'_>) -> Result<Argument, String> {
        let node = inner(node);
        if node.kind() == "array_literal_expression" {
            let all = children(node).into_iter().map(|it| self.pieces(it));
            return Ok(Argument::Many(all.collect::<Result<_, String>>()?));
        }
        Ok(Argument::One(self.pieces(node)?))
    }
}

/// A statement of the main part.
#[derive(Clone, Debug)]
enum Statement {
    /// A function for resources, and the variable that takes what it returns.
    Call {
        set: Option<String>,
        name: String,
        arguments: Vec<Argument>,
    },
    /// The list of what is deleted.
    Listed(Vec<Pieces>),
    Other(String),
}

struct Script {
    /// Name, what it is, type.
    parameters: Vec<(String, String, String)>,
    comments: Vec<String>,
    functions: Vec<String>,
    statements: Vec<Statement>,
}

fn script(file: &File) -> Result<Script, String> {
    let tree = parse(&file.text)?;
    let reader = Reader { source: &file.text };
    let mut out = Script {
        parameters: Vec::new(),
        comments: Vec::new(),
        functions: Vec::new(),
        statements: Vec::new(),
    };
    walk(tree.root_node(), &mut |it| {
        if it.kind() == "comment" {
            out.comments.push(reader.text(it).to_owned());
        }
    });
    for part in children(tree.root_node()) {
        match part.kind() {
            "param_block" => out.parameters = parameters(&reader, part)?,
            "statement_list" => {
                for it in children(part) {
                    let text = reader.text(it).to_owned();
                    if it.kind() == "function_statement" {
                        out.functions.push(text);
                    } else {
                        out.statements.push(statement(&reader, it)?);
                    }
                }
            }
            _ => out.statements.push(Statement::Other(reader.text(part).to_owned())),
        }
    }
    Ok(out)
}

fn parameters(
    reader: &Reader<'_>,
    block: Node<'_>,
) -> Result<Vec<(String, String, String)>, String> {
    let mut found = Vec::new();
    walk(block, &mut |it| {
        if it.kind() == "script_parameter" {
            found.push(it);
        }
    });
    let one = |it: Node<'_>| {
        let text = reader.text(it);
        let (attributes, rest) = text.split_once(")]").ok_or("no attribute")?;
        let (mandatory, help) = attributes.split_once("HelpMessage = ").ok_or("no help")?;
        let (types, name) = rest.rsplit_once('$').ok_or("no name")?;
        if !name.chars().all(|it| it.is_ascii_alphanumeric()) {
            return Err(format!("the name {name:.80}"));
        }
        let types = format!("{mandatory}{}", types.trim());
        Ok((name.to_ascii_lowercase(), verbatim(help)?, types))
    };
    found.into_iter().map(one).collect()
}

fn statement(reader: &Reader<'_>, node: Node<'_>) -> Result<Statement, String> {
    let other = || Ok(Statement::Other(reader.text(node).to_owned()));
    let (set, command) = match inner(node) {
        it if it.kind() == "assignment_expression" => {
            let parts = children(it);
            let (Some(left), Some(right)) = (parts.first(), parts.last()) else { return other() };
            let name = reader.text(*left).trim_start_matches('$').to_ascii_lowercase();
            (Some(name), inner(*right))
        }
        it => (None, it),
    };
    if command.kind() == "array_expression" && set.as_deref() == Some("everything") {
        let list = children(command).first().map(|it| children(*it)).unwrap_or_default();
        let all = list.into_iter().map(|it| reader.pieces(it));
        return Ok(Statement::Listed(all.collect::<Result<_, String>>()?));
    }
    if command.kind() != "command" {
        return other();
    }
    let parts = children(command);
    let name = parts.first().map_or("", |it| reader.text(*it)).to_owned();
    if !CALLS.iter().any(|it| it.0 == name) {
        return other();
    }
    let elements = parts.get(1).map(|it| children(*it)).unwrap_or_default();
    let mut arguments = Vec::new();
    for it in elements.into_iter().filter(|it| it.kind() != "command_argument_sep") {
        match reader.argument(it) {
            Ok(it) => arguments.push(it),
            // `Write-Host ('{0}' -f $x)`: nothing of the design.
            Err(_) if name == "Write-Host" => return other(),
            Err(why) => return Err(format!("{name}: {why}")),
        }
    }
    Ok(Statement::Call { set, name, arguments })
}

/// The files as code and data.
pub(crate) fn meaning(files: &[File]) -> Result<Value, String> {
    files
        .iter()
        .map(|file| meaning_of(file).map_err(|why| format!("{}: {why}", file.name)))
        .collect()
}

fn meaning_of(file: &File) -> Result<Value, String> {
    let script = script(file)?;
    // Names of variables are made of what they hold, so they are called by their number here.
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (n, it) in script.parameters.iter().enumerate() {
        names.insert(it.0.clone(), format!("parameter {n}"));
    }
    let mut out = vec![json!(
        script
            .parameters
            .iter()
            .map(|it| json!([{ "ascii": it.1 }, { "code": it.2 }]))
            .collect::<Vec<Value>>()
    )];
    let code = |it: &[String]| it.iter().map(|it| json!({ "code": it })).collect::<Vec<Value>>();
    out.push(json!(code(&script.comments)));
    out.push(json!(code(&script.functions)));
    for (n, it) in script.statements.iter().enumerate() {
        out.push(match it {
            Statement::Listed(all) => {
                all.iter().map(|it| said(it, Shown, &names)).collect::<Result<Value, String>>()?
            }
            Statement::Other(text) => json!({ "code": renamed(text, &mut names, n) }),
            Statement::Call { set, name, arguments } => {
                let kinds = CALLS.iter().find(|it| it.0 == name).map_or(&[][..], |it| it.1);
                let mut all = vec![json!({ "code": name })];
                for (n, it) in arguments.iter().enumerate() {
                    all.push(match it {
                        Argument::One(it) => {
                            said(it, kinds.get(n).copied().unwrap_or(Plain), &names)?
                        }
                        Argument::Many(all) => all
                            .iter()
                            .map(|it| said(it, Plain, &names))
                            .collect::<Result<Value, String>>()?,
                    });
                }
                if let Some(set) = set {
                    names.insert(set.clone(), format!("variable {n}"));
                }
                Value::Array(all)
            }
        });
    }
    Ok(Value::Array(out))
}

/// `$x = …` of a parameter's spelling: both names are made of what the parameter is.
fn renamed(text: &str, names: &mut BTreeMap<String, String>, n: usize) -> String {
    let Some((left, right)) = text.split_once(" = ConvertTo-JsonText ") else {
        return text.to_owned();
    };
    names.insert(left[1..].to_ascii_lowercase(), format!("variable {n}"));
    let mut out = String::from("ConvertTo-JsonText ");
    for (n, part) in right.split('$').enumerate() {
        let end = part.find(|it: char| !it.is_ascii_alphanumeric()).unwrap_or(part.len());
        let (name, rest) = part.split_at(if n == 0 { 0 } else { end });
        let known = names.get(&name.to_ascii_lowercase());
        out.push_str(known.map_or(name, String::as_str));
        out.push_str(rest);
    }
    out
}

fn said(pieces: &Pieces, kind: Kind, names: &BTreeMap<String, String>) -> Result<Value, String> {
    let variable = |it: &str| match names.get(it) {
        Some(it) => Ok(json!({ "code": it })),
        None if ["subscription", "tenant"].contains(&it) => Ok(json!({ "code": it })),
        None => Err(format!("${it} is not set")),
    };
    if kind == Json {
        return json_of(pieces, &variable);
    }
    let all = pieces
        .iter()
        .map(|it| match it {
            Piece::Text(it) if kind == Shown => Ok(json!({ "ascii": it })),
            Piece::Text(it) if kind == Url => Ok(json!(decode::url(it)?)),
            Piece::Text(it) => Ok(json!(it)),
            Piece::Var(it) => variable(it),
        })
        .collect::<Result<Vec<Value>, String>>()?;
    Ok(match all.as_slice() {
        [] => json!(""),
        [one] => one.clone(),
        _ => Value::Array(all),
    })
}

/// Stands for a variable while JSON is read; no text of a test holds it.
const MARK: &str = "\u{f8ff}variable\u{f8fe}";

/// JSON with variables in it: inside its texts, or in the place of a value.
fn json_of(
    pieces: &Pieces,
    variable: &dyn Fn(&str) -> Result<Value, String>,
) -> Result<Value, String> {
    let mut text = String::new();
    let mut values = Vec::new();
    let (mut inside, mut escaped) = (false, false);
    for it in pieces {
        match it {
            Piece::Text(it) => {
                for c in it.chars() {
                    match c {
                        _ if escaped => escaped = false,
                        '\\' => escaped = true,
                        '"' => inside = !inside,
                        _ => {}
                    }
                }
                text.push_str(it);
            }
            Piece::Var(name) => {
                let quote = if inside { "" } else { "\"" };
                let number = values.len().to_string();
                text.extend([quote, MARK, &number, MARK, quote]);
                values.push(variable(name)?);
            }
        }
    }
    let read = serde_json::from_str(&text).map_err(|why| format!("{why} in {text:.300}"))?;
    filled(read, &values)
}

fn filled(value: Value, values: &[Value]) -> Result<Value, String> {
    Ok(match value {
        Value::String(it) => filled_text(&it, values)?,
        Value::Array(items) => {
            items.into_iter().map(|it| filled(it, values)).collect::<Result<Value, String>>()?
        }
        Value::Object(members) => {
            let mut out = serde_json::Map::new();
            for (key, it) in members {
                // Names of members may be ids.
                let key = match filled_text(&key, values)? {
                    Value::String(it) => it,
                    other => other.to_string(),
                };
                out.insert(key, filled(it, values)?);
            }
            Value::Object(out)
        }
        other => other,
    })
}

fn filled_text(it: &str, values: &[Value]) -> Result<Value, String> {
    if !it.contains(MARK) {
        return Ok(json!(it));
    }
    let mut all = Vec::new();
    for (n, part) in it.split(MARK).enumerate() {
        if n % 2 == 1 {
            let n: usize = part.parse().map_err(|_| "a mark")?;
            all.push(values.get(n).cloned().ok_or("no value")?);
        } else if !part.is_empty() {
            all.push(json!(part));
        }
    }
    // Values that are texts are put together.
    let texts: Option<String> = all.iter().map(Value::as_str).collect();
    Ok(match (texts, all.as_slice()) {
        (Some(text), _) => json!(text),
        (None, [one]) => one.clone(),
        (None, _) => Value::Array(all),
    })
}

pub(crate) struct Deployment {
    pub all: All,
    /// Ids in the order in which they are written.
    pub order: Vec<String>,
    /// Shares of requests of each endpoint, at first and in the end.
    pub traffic: Vec<(String, Value)>,
    /// Ids of what is left alone if it is there.
    pub once: Vec<String>,
    pub removed: Vec<String>,
}

/// What `deploy.ps1` creates, in the form of `bicep::of_template`, and in which order; what comes before
/// is not said, but shown by the order.
pub(crate) fn deployed(files: &[File]) -> Result<Deployment, String> {
    run(files, "deploy.ps1")
}

fn run(files: &[File], name: &str) -> Result<Deployment, String> {
    let file = files.iter().find(|it| it.name == name).ok_or("no script")?;
    let script = script(file)?;
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    values.insert("subscription".to_owned(), "<home>".to_owned());
    values.insert("tenant".to_owned(), "<tenant>".to_owned());
    for (name, label, _) in &script.parameters {
        values.insert(name.clone(), format!("<{label}>"));
    }
    let (mut all, mut order, mut traffic) = (All::new(), Vec::new(), Vec::new());
    let (mut once, mut removed) = (Vec::new(), Vec::new());
    for it in &script.statements {
        match it {
            Statement::Other(text) => {
                if let Some((left, right)) = text.split_once(" = ConvertTo-JsonText ") {
                    let name = |it: &str| {
                        let end = it.find(|it: char| !it.is_ascii_alphanumeric());
                        it[..end.unwrap_or(it.len())].to_ascii_lowercase()
                    };
                    let of = right.split_once('$').map(|it| name(it.1)).ok_or("no variable")?;
                    let value = values.get(&of).cloned().ok_or_else(|| format!("no ${of}"))?;
                    values.insert(name(&left[1..]), value);
                }
            }
            Statement::Call { set, name, arguments } => {
                let text = |it: &Pieces| -> Result<String, String> {
                    let text = |it: &Piece| match it {
                        Piece::Text(it) => Ok(it.clone()),
                        Piece::Var(it) => {
                            values.get(it).cloned().ok_or_else(|| format!("${it} is not set"))
                        }
                    };
                    it.iter().map(text).collect()
                };
                let one = |n: usize| match arguments.get(n) {
                    Some(Argument::One(it)) => text(it),
                    _ => Err(format!("{name}: no argument {n}")),
                };
                let url = |n: usize| match arguments.get(n) {
                    Some(Argument::One(it)) => it
                        .iter()
                        .map(|it| match it {
                            Piece::Text(it) => decode::url(it),
                            it @ Piece::Var(_) => text(&vec![it.clone()]),
                        })
                        .collect::<Result<String, String>>(),
                    _ => Err(format!("{name}: no argument {n}")),
                };
                let value = match name.as_str() {
                    "Set-Resource" | "Add-Resource" => {
                        let Some(Argument::One(body)) = arguments.get(3) else {
                            return Err("no body".to_owned());
                        };
                        let variable = |it: &str| match values.get(it) {
                            Some(it) => Ok(json!(it)),
                            None => Err(format!("${it} is not set")),
                        };
                        let mut body = json_of(body, &variable)?;
                        let (id, version) = (url(2)?, one(1)?);
                        // An endpoint is written again when its deployments are there.
                        let shares = body["properties"]["traffic"].clone();
                        if let Some(properties) = body["properties"].as_object_mut() {
                            properties.remove("traffic");
                        }
                        if !shares.is_null() {
                            traffic.push((id.clone(), shares));
                        }
                        if name == "Add-Resource" {
                            once.push(id.clone());
                        }
                        order.push(id.clone());
                        let it = Deployed { version, body, needs: BTreeSet::new() };
                        if all.get(&id).is_some_and(|before| *before != it) {
                            return Err(format!("{id} is written twice, and not alike"));
                        }
                        all.insert(id, it);
                        continue;
                    }
                    "Remove-Resource" | "Remove-Group" => {
                        removed.push(url(2)?);
                        continue;
                    }
                    "Get-ObjectId" => {
                        let (id, version) = (url(2)?, one(1)?);
                        if !order.contains(&id) {
                            return Err(format!("{id} is asked for an id before it exists"));
                        }
                        match one(3)?.strip_prefix("properties.") {
                            Some(it) => format!("reference({id}, {version}).{it}"),
                            None => format!("reference({id}, {version}, Full).{}", one(3)?),
                        }
                    }
                    "Get-Key" => format!("listKeys({}, {}).keys[0].value", url(2)?, one(1)?),
                    "Get-Traffic" => "<traffic>".to_owned(),
                    "Read-Secret" => one(1)?,
                    "Get-TemplateGuid" => {
                        let Some(Argument::Many(all)) = arguments.first() else {
                            return Err("no texts".to_owned());
                        };
                        let all = all.iter().map(text).collect::<Result<Vec<String>, String>>()?;
                        format!("guid({})", all.join(", ")).replace('/', "|")
                    }
                    _ => continue,
                };
                let set = set.clone().ok_or_else(|| format!("{name} for nothing"))?;
                values.insert(set, value);
            }
            Statement::Listed(_) => {}
        }
    }
    Ok(Deployment { all, order, traffic, once, removed })
}

/// The secrets that a script takes: the name of each, whether it is mandatory, whether the script itself asks for it.
pub(crate) fn secrets(text: &str) -> Result<Vec<(String, bool, bool)>, String> {
    let script = script(&File { name: String::new(), text: text.to_owned() })?;
    let asked = |name: &str| {
        script.statements.iter().any(|it| {
            matches!(it, Statement::Call { set: Some(set), name: call, .. } if set == name && call == "Read-Secret")
        })
    };
    let secrets = script.parameters.iter().filter(|it| it.2.contains("[securestring]"));
    Ok(secrets.map(|it| (it.0.clone(), it.2.contains("Mandatory"), asked(&it.0))).collect())
}

/// What `teardown.ps1` deletes, in order.
pub(crate) fn removed(files: &[File]) -> Result<Vec<String>, String> {
    Ok(run(files, "teardown.ps1")?.removed)
}

fn cmdlets() -> &'static Value {
    static TABLE: OnceLock<Value> = OnceLock::new();
    TABLE.get_or_init(|| {
        serde_json::from_str(include_str!("../../data/powershell/az-cmdlets.json")).unwrap()
    })
}

/// What is wrong with the commands of a script: names and parameters that are in no table, what only one
/// of the two editions has, what needs a module that the script does not check for.
pub(crate) fn faults(text: &str) -> Vec<String> {
    let tree = match parse(text) {
        Ok(tree) => tree,
        Err(why) => return vec![why],
    };
    let reader = Reader { source: text };
    let mut functions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    walk(tree.root_node(), &mut |it| {
        if it.kind() == "function_statement" {
            let mut names = Vec::new();
            walk(it, &mut |it| {
                if it.kind() == "script_parameter" {
                    let name = reader.text(it).rsplit_once('$').map_or("", |it| it.1);
                    names.push(name.to_owned());
                }
            });
            let name = children(it).into_iter().find(|it| it.kind() == "function_name");
            functions.insert(name.map_or("", |it| reader.text(it)).to_owned(), names);
        }
    });
    let mut wrong = Vec::new();
    walk(tree.root_node(), &mut |it| {
        // PowerShell 7 only.
        if ["&&", "||", "??", "??=", "?.", "?"].contains(&it.kind()) {
            wrong.push(format!("{} is not for 5.1", it.kind()));
        }
        if it.kind() != "command" {
            return;
        }
        let parts = children(it);
        let name = parts.first().map_or("", |it| reader.text(*it));
        let az = &cmdlets()["cmdlets"][name];
        let built_in = BUILT_IN.iter().find(|it| it.0 == name);
        let own = functions.get(name);
        if az.is_null() && built_in.is_none() && own.is_none() {
            wrong.push(format!("{name} is no command"));
            return;
        }
        if !az.is_null() && az["module"] != "Az.Accounts" {
            wrong.push(format!("{name} is of {}", az["module"]));
        }
        let elements = parts.get(1).map(|it| children(*it)).unwrap_or_default();
        let mut positional = 0;
        let mut before = String::new();
        for it in elements.into_iter().filter(|it| it.kind() != "command_argument_sep") {
            let text = reader.text(it);
            if it.kind() != "command_parameter" {
                let allowed = az["params"][&before]["values"].as_array();
                let bare = text.chars().all(|it| it.is_ascii_alphabetic());
                if bare && allowed.is_some_and(|all| !all.iter().any(|it| *it == json!(text))) {
                    wrong.push(format!("{name} -{before} {text}"));
                }
                positional += usize::from(before.is_empty());
                before.clear();
                continue;
            }
            let word = text.trim_start_matches('-').trim_end_matches(':');
            let known = COMMON.contains(&word) && !az.is_null()
                || az["params"].get(word).is_some()
                || built_in.is_some_and(|it| it.1.contains(&word))
                || own.is_some_and(|it| it.iter().any(|it| it == word));
            if !known {
                wrong.push(format!("{name} -{word}"));
            }
            word.clone_into(&mut before);
            let switch = az["params"][word]["type"] == "SwitchParameter" && !text.ends_with(':');
            if switch || ["ListAvailable", "Compress", "AsSecureString"].contains(&word) {
                before.clear();
            }
        }
        if own.is_some_and(|it| positional > it.len()) {
            wrong.push(format!("{name} with {positional} values"));
        }
    });
    wrong
}

/// Requests that `-WhatIf` does not hold back: what is sent in a function must come after a question to PowerShell
/// whether it should be, or after a way out. Asking for a free name is a POST that changes nothing.
pub(crate) fn unguarded(text: &str) -> Vec<String> {
    let tree = parse(text).unwrap();
    let reader = Reader { source: text };
    let mut wrong = Vec::new();
    walk(tree.root_node(), &mut |it| {
        if it.kind() != "function_statement" {
            return;
        }
        let body = reader.text(it);
        for method in ["PUT", "POST", "PATCH", "DELETE"] {
            for (at, _) in body.match_indices(&format!("-Method {method} ")) {
                let (before, after) = body.split_at(at);
                let asks = before.contains("$PSCmdlet.ShouldProcess(")
                    || before.contains("if ($WhatIfPreference) {\n        return");
                let harmless = before.contains("/checkNameAvailability?");
                if !asks && !harmless {
                    wrong.push(format!("{body:.60}: {after:.60}"));
                }
            }
        }
    });
    wrong
}
