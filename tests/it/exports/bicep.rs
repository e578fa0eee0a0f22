//! A reader of the Bicep that is exported, and what it and a template deploy, in one form.
//!
//! Azure docs: "Bicep file structure and syntax" (azure-resource-manager/bicep/file), "Data types in Bicep"
//! (azure-resource-manager/bicep/data-types#strings).

use std::collections::{BTreeMap, BTreeSet};

use drawbridge::export::File;
use serde_json::{Map, Value, json};

use super::decode;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Text(Vec<Piece>),
    Number(i64),
    Word(String),
    Call(Box<Expr>, Vec<Expr>),
    Member(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    List(Vec<Expr>),
    Object(Vec<(Expr, Expr)>),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    Hole(Expr),
}

/// Reads Bicep, or an expression of a template where `json` is set.
struct Reader<'a> {
    all: &'a str,
    at: usize,
    json: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.all[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Result<char, String> {
        let c = self.peek().ok_or("the end")?;
        self.at += c.len_utf8();
        Ok(c)
    }

    fn wrong<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("{what} before {:.60?}", self.rest()))
    }

    fn blanks(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    fn lines(&mut self) -> bool {
        let from = self.at;
        while matches!(self.peek(), Some(' ' | '\n')) {
            self.at += 1;
        }
        self.all[from..self.at].contains('\n')
    }

    fn takes(&mut self, it: &str) -> bool {
        let found = self.rest().starts_with(it);
        if found {
            self.at += it.len();
        }
        found
    }

    fn expect(&mut self, it: &str) -> Result<(), String> {
        self.blanks();
        if self.takes(it) { Ok(()) } else { self.wrong(&format!("no {it}")) }
    }

    fn word(&mut self) -> Result<String, String> {
        self.blanks();
        let rest = self.rest();
        let is = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let end = rest.find(|it| !is(it)).unwrap_or(rest.len());
        if end == 0 || rest.starts_with(|it: char| it.is_ascii_digit()) {
            return self.wrong("no word");
        }
        let word = rest[..end].to_owned();
        self.at += end;
        Ok(word)
    }

    fn text(&mut self) -> Result<Vec<Piece>, String> {
        self.expect("'")?;
        let mut pieces = Vec::new();
        let mut text = String::new();
        loop {
            match self.next()? {
                '\'' if self.json && self.takes("'") => text.push('\''),
                '\'' => break,
                '\\' if !self.json => match self.next()? {
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    c @ ('\'' | '\\' | '$') => text.push(c),
                    'u' => {
                        self.expect("{")?;
                        let hex = self.rest().split('}').next().unwrap_or_default().to_owned();
                        self.at += hex.len() + 1;
                        let code = u32::from_str_radix(&hex, 16).map_err(|it| it.to_string())?;
                        text.push(char::from_u32(code).ok_or("no character")?);
                    }
                    c => return Err(format!("\\{c}")),
                },
                '$' if !self.json && self.takes("{") => {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                    pieces.push(Piece::Hole(self.expr()?));
                    self.expect("}")?;
                }
                '\n' if !self.json => return Err("a line ends inside a text".to_owned()),
                c => text.push(c),
            }
        }
        pieces.push(Piece::Text(text));
        pieces.retain(|it| *it != Piece::Text(String::new()));
        Ok(pieces)
    }

    fn expr(&mut self) -> Result<Expr, String> {
        self.blanks();
        if !self.json && self.takes("!") {
            return Ok(Expr::Call(Box::new(Expr::Word("not".to_owned())), vec![self.expr()?]));
        }
        let mut it = match self.peek() {
            Some('\'') => Expr::Text(self.text()?),
            Some('[') => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    let line = self.lines();
                    if self.takes("]") {
                        break;
                    }
                    if !line {
                        return self.wrong("no line break between items");
                    }
                    items.push(self.expr()?);
                }
                Expr::List(items)
            }
            Some('{') => {
                self.at += 1;
                let mut members = Vec::new();
                loop {
                    let line = self.lines();
                    if self.takes("}") {
                        break;
                    }
                    if !line {
                        return self.wrong("no line break between members");
                    }
                    let key = if self.peek() == Some('\'') {
                        Expr::Text(self.text()?)
                    } else {
                        Expr::Text(vec![Piece::Text(self.word()?)])
                    };
                    self.expect(":")?;
                    members.push((key, self.expr()?));
                }
                Expr::Object(members)
            }
            Some('0'..='9' | '-') => {
                let rest = self.rest();
                let end =
                    rest.find(|it: char| !it.is_ascii_digit() && it != '-').unwrap_or(rest.len());
                let number = rest[..end].parse().map_err(|_| format!("{rest:.20}"))?;
                self.at += end;
                Expr::Number(number)
            }
            _ => Expr::Word(self.word()?),
        };
        loop {
            if self.takes("(") {
                let mut arguments = Vec::new();
                self.blanks();
                while !self.takes(")") {
                    if !arguments.is_empty() {
                        self.expect(",")?;
                    }
                    arguments.push(self.expr()?);
                    self.blanks();
                }
                it = Expr::Call(Box::new(it), arguments);
            } else if self.takes(".") {
                it = Expr::Member(Box::new(it), self.word()?);
            } else if self.takes("[") {
                let index = self.expr()?;
                self.expect("]")?;
                it = Expr::Index(Box::new(it), Box::new(index));
            } else {
                return Ok(it);
            }
        }
    }

    fn plain_text(&mut self) -> Result<String, String> {
        match self.text()?.as_slice() {
            [] => Ok(String::new()),
            [Piece::Text(it)] => Ok(it.clone()),
            _ => self.wrong("a text with a hole"),
        }
    }
}

#[derive(Clone, Debug)]
struct Resource {
    symbol: String,
    /// `type@version`, or the path of a module.
    of: String,
    existing: bool,
    /// Its description.
    note: Option<String>,
    condition: Option<Expr>,
    body: Vec<(String, Expr)>,
}

impl Resource {
    fn get(&self, name: &str) -> Option<&Expr> {
        self.body.iter().find(|(key, _)| key == name).map(|(_, it)| it)
    }
}

#[derive(Clone, Debug, Default)]
struct Source {
    target: String,
    /// Name, what it is, whether it is secret.
    params: Vec<(String, String, bool)>,
    /// Those of them that are lists.
    lists: BTreeSet<String>,
    resources: Vec<Resource>,
    modules: Vec<Resource>,
}

fn source(text: &str) -> Result<Source, String> {
    decode::plain(text)?;
    let mut reader = Reader { all: text, at: 0, json: false };
    let mut out = Source { target: "resourceGroup".to_owned(), ..Source::default() };
    let (mut description, mut secure) = (None, false);
    let mut symbols = BTreeSet::new();
    loop {
        reader.lines();
        if reader.peek().is_none() {
            return Ok(out);
        }
        if reader.takes("@description(") {
            description = Some(reader.plain_text()?);
            reader.expect(")")?;
            continue;
        }
        if reader.takes("@secure()") {
            secure = true;
            continue;
        }
        let symbol = match reader.word()?.as_str() {
            "targetScope" => {
                reader.expect("=")?;
                out.target = reader.plain_text()?;
                continue;
            }
            "param" => {
                let name = reader.word()?;
                reader.expect("string")?;
                if reader.takes("[]") {
                    // Whoever has nothing to name gives nothing.
                    reader.expect("=")?;
                    reader.expect("[]")?;
                    out.lists.insert(name.clone());
                }
                let label = description.take().ok_or("a parameter without description")?;
                out.params.push((name.clone(), label, std::mem::take(&mut secure)));
                name
            }
            kind @ ("resource" | "module") => {
                let symbol = reader.word()?;
                reader.blanks();
                let of = reader.plain_text()?;
                reader.blanks();
                let existing = reader.takes("existing");
                reader.expect("=")?;
                reader.blanks();
                let mut condition = None;
                if reader.takes("if (") {
                    condition = Some(reader.expr()?);
                    reader.expect(")")?;
                }
                let Expr::Object(members) = reader.expr()? else { return reader.wrong("no body") };
                let mut body = Vec::new();
                for (key, it) in members {
                    match key {
                        Expr::Text(pieces) => match pieces.as_slice() {
                            [Piece::Text(key)] => body.push((key.clone(), it)),
                            _ => return Err("a computed member at the top".to_owned()),
                        },
                        _ => return Err("no name of a member".to_owned()),
                    }
                }
                let all = if kind == "module" { &mut out.modules } else { &mut out.resources };
                let note = description.take();
                all.push(Resource { symbol: symbol.clone(), of, existing, note, condition, body });
                symbol
            }
            other => return Err(format!("{other}?")),
        };
        if !symbols.insert(symbol.clone()) {
            return Err(format!("two {symbol}"));
        }
        if !reader.lines() && reader.peek().is_some() {
            return reader.wrong("no line break");
        }
    }
}

/// The files as code and data: modules in the place of their paths, parameters called by what they are.
pub(crate) fn meaning(files: &[File]) -> Result<Value, String> {
    let main = source_of(files, "main.bicep")?;
    let mut used = 2;
    let mut out = vec![parsed(&main)];
    let mut modules: Vec<String> = main.modules.iter().map(|it| it.of.clone()).collect();
    while let Some(path) = modules.pop() {
        let inner = source_of(files, &path)?;
        out.push(parsed(&inner));
        modules.extend(inner.modules.iter().map(|it| beside(&path, &it.of)));
        used += 1;
    }
    if used != files.len() {
        return Err("a file that is no module".to_owned());
    }
    out.push(values(files, &main)?);
    Ok(Value::Array(out))
}

/// The path of a module, as seen from another file.
fn beside(file: &str, module: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{module}"),
        None => module.to_owned(),
    }
}

fn source_of(files: &[File], name: &str) -> Result<Source, String> {
    let file = files.iter().find(|it| it.name == name).ok_or_else(|| format!("no file {name}"))?;
    if !name.chars().all(|it| it.is_ascii_alphanumeric() || "-_./".contains(it))
        || name.contains("..")
    {
        return Err(format!("the path {name}"));
    }
    source(&file.text).map_err(|why| format!("{name}: {why}"))
}

fn values(files: &[File], main: &Source) -> Result<Value, String> {
    let file = files.iter().find(|it| it.name == "main.bicepparam").ok_or("no values")?;
    decode::plain(&file.text)?;
    let mut reader = Reader { all: &file.text, at: 0, json: false };
    reader.expect("using './main.bicep'")?;
    let mut out = Map::new();
    loop {
        reader.lines();
        if reader.peek().is_none() {
            break;
        }
        reader.expect("param ")?;
        let name = reader.word()?;
        let (_, label, secret) =
            main.params.iter().find(|(it, ..)| *it == name).ok_or("an unknown value")?;
        reader.expect("=")?;
        let value = match reader.expr()? {
            Expr::Text(pieces) if !secret => match pieces.as_slice() {
                [Piece::Text(it)] => json!(it),
                _ => return Err("a value with holes".to_owned()),
            },
            Expr::List(items) if items.is_empty() && main.lists.contains(&name) => json!([]),
            Expr::Call(function, _)
                if *secret && *function == Expr::Word("readEnvironmentVariable".to_owned()) =>
            {
                json!({ "code": "environment" })
            }
            other => return Err(format!("{other:?}")),
        };
        out.insert(label.clone(), value);
    }
    if out.len() != main.params.len() {
        return Err("not every parameter has a value".to_owned());
    }
    Ok(Value::Object(out))
}

fn parsed(it: &Source) -> Value {
    let labels: BTreeMap<&str, &str> =
        it.params.iter().map(|(name, label, _)| (name.as_str(), label.as_str())).collect();
    let params: Map<String, Value> =
        it.params.iter().map(|(_, label, secret)| (label.clone(), json!(secret))).collect();
    let body = |it: &Resource| -> Value {
        // What is passed to a module is called the same on both sides.
        let members = it.body.iter().filter(|(key, _)| key != "params");
        members.map(|(key, it)| json!([{ "code": key }, code(it, &labels)])).collect()
    };
    let all: Vec<Value> = it
        .resources
        .iter()
        .map(|it| {
            let head = json!({ "code": format!("{} {} {}", it.symbol, it.of, it.existing) });
            let condition = it.condition.as_ref().map(|it| code(it, &labels));
            json!([head, condition, body(it)])
        })
        .chain(it.modules.iter().map(|it| json!([{ "code": it.symbol }, body(it)])))
        .collect();
    json!([{ "code": it.target }, params, all])
}

fn code(it: &Expr, labels: &BTreeMap<&str, &str>) -> Value {
    match it {
        Expr::Text(pieces) => match pieces.as_slice() {
            [] => json!(""),
            [Piece::Text(it)] => json!(it),
            all => all
                .iter()
                .map(|it| match it {
                    Piece::Text(it) => json!(it),
                    Piece::Hole(it) => code(it, labels),
                })
                .collect(),
        },
        Expr::Number(it) => json!(it),
        Expr::Word(it) => match labels.get(it.as_str()) {
            Some(label) => json!([{ "code": "param" }, label]),
            None => json!({ "code": it }),
        },
        Expr::Call(function, arguments) => {
            let mut all = vec![json!({ "code": "call" }), code(function, labels)];
            all.extend(arguments.iter().map(|it| code(it, labels)));
            Value::Array(all)
        }
        Expr::Member(of, name) => json!([code(of, labels), { "code": name }]),
        Expr::Index(of, index) => json!([code(of, labels), code(index, labels)]),
        Expr::List(items) => items.iter().map(|it| code(it, labels)).collect(),
        Expr::Object(members) => {
            members.iter().map(|(key, it)| json!([code(key, labels), code(it, labels)])).collect()
        }
    }
}

/// Something that is deployed: id, version, what it holds, the ids of what comes before.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Deployed {
    pub version: String,
    pub body: Value,
    pub needs: BTreeSet<String>,
}

pub(crate) type All = BTreeMap<String, Deployed>;

/// Where expressions are read.
struct Scope {
    /// `/subscriptions/S/resourceGroups/G`, `/subscriptions/S` or nothing.
    place: String,
    labels: BTreeMap<String, String>,
    /// Id and version of what a symbol stands for.
    symbols: BTreeMap<String, (String, String)>,
}

impl Scope {
    fn subscription(&self) -> String {
        self.place.split('/').nth(2).unwrap_or("?").to_owned()
    }

    fn eval(&self, it: &Expr) -> Result<Value, String> {
        Ok(match it {
            Expr::Text(pieces) => {
                let mut out = String::new();
                for it in pieces {
                    match it {
                        Piece::Text(it) => out.push_str(it),
                        Piece::Hole(it) => out.push_str(&self.text(it)?),
                    }
                }
                json!(out)
            }
            Expr::Number(it) => json!(it),
            Expr::Word(it) => match it.as_str() {
                "true" => json!(true),
                "false" => json!(false),
                "null" => Value::Null,
                it => match (self.labels.get(it), self.symbols.get(it)) {
                    (Some(label), _) => json!(format!("<{label}>")),
                    (_, Some((id, version))) => json!({
                        "id": id,
                        "properties": format!("reference({id}, {version})"),
                        "identity": format!("reference({id}, {version}, Full).identity"),
                    }),
                    _ => return Err(format!("what is {it}?")),
                },
            },
            Expr::Call(function, arguments) => self.call(function, arguments)?,
            Expr::Member(of, name) => match self.eval(of)? {
                Value::Object(it) => it.get(name).cloned().ok_or_else(|| format!("no {name}"))?,
                Value::String(it) => json!(format!("{it}.{name}")),
                other => return Err(format!("{other}.{name}")),
            },
            Expr::Index(of, index) => json!(format!("{}[{}]", self.text(of)?, self.eval(index)?)),
            Expr::List(items) => {
                items.iter().map(|it| self.eval(it)).collect::<Result<Value, String>>()?
            }
            Expr::Object(members) => {
                let mut out = Map::new();
                for (key, it) in members {
                    out.insert(self.text(key)?, self.eval(it)?);
                }
                Value::Object(out)
            }
        })
    }

    fn text(&self, it: &Expr) -> Result<String, String> {
        match self.eval(it)? {
            Value::String(it) => Ok(it),
            other => Err(format!("{other} is no text")),
        }
    }

    fn call(&self, function: &Expr, arguments: &[Expr]) -> Result<Value, String> {
        if let Expr::Member(of, name) = function
            && let Expr::Word(symbol) = of.as_ref()
            && name == "listKeys"
        {
            let (id, version) = self.symbols.get(symbol).ok_or("listKeys of what?")?;
            return Ok(json!(format!("listKeys({id}, {version})")));
        }
        let Expr::Word(name) = function else { return Err("no function".to_owned()) };
        let all: Vec<String> =
            arguments.iter().map(|it| self.text(it)).collect::<Result<_, String>>()?;
        let group = |subscription: &str, name: &str| {
            format!("/subscriptions/{subscription}/resourceGroups/{name}")
        };
        let typed = |scope: &str, all: &[String]| below(scope, &all[0], &all[1..]);
        let at = all.iter().position(|it| it.contains('/')).unwrap_or(0);
        Ok(json!(match (name.as_str(), all.as_slice()) {
            ("parameters", [name]) => {
                format!("<{}>", self.labels.get(name).ok_or_else(|| format!("no {name}"))?)
            }
            ("resourceId", _) => {
                let scope = match &all[..at] {
                    [] => self.place.clone(),
                    [name] => group(&self.subscription(), name),
                    [subscription, name] => group(subscription, name),
                    _ => return Err(format!("resourceId of {all:?}")),
                };
                typed(&scope, &all[at..])
            }
            ("subscriptionResourceId", _) => {
                let own = self.subscription();
                let subscription = if at == 1 { &all[0] } else { &own };
                typed(&format!("/subscriptions/{subscription}"), &all[at..])
            }
            ("tenantResourceId", _) => typed("", &all),
            ("extensionResourceId", [scope, rest @ ..]) => typed(scope, rest),
            ("format", [form, rest @ ..]) => {
                let holes = rest.iter().enumerate();
                holes.fold(form.clone(), |it, (n, value)| it.replace(&format!("{{{n}}}"), value))
            }
            // A slash would end a name.
            ("guid", _) => format!("guid({})", all.join(", ")).replace('/', "|"),
            ("listKeys" | "reference" | "not" | "contains", _) => {
                format!("{name}({})", all.join(", "))
            }
            ("true", []) => return Ok(json!(true)),
            ("false", []) => return Ok(json!(false)),
            ("null", []) => return Ok(Value::Null),
            ("resourceGroup", []) => return Ok(json!({ "id": self.place })),
            ("subscription", []) => {
                let id = format!("/subscriptions/{}", self.subscription());
                return Ok(json!({ "id": id, "subscriptionId": self.subscription() }));
            }
            ("tenant", []) => return Ok(json!({ "tenantId": "<tenant>" })),
            ("deployment", []) => return Ok(json!({ "location": "<location>" })),
            // As places.
            ("resourceGroup", [name]) => group(&self.subscription(), name),
            ("resourceGroup", [subscription, name]) => group(subscription, name),
            ("subscription", [it]) => format!("/subscriptions/{it}"),
            (name, _) => return Err(format!("{name} of {all:?}")),
        }))
    }

    /// What `scope:` says.
    fn place_of(&self, it: &Expr) -> Result<String, String> {
        match (it, self.eval(it)?) {
            (_, Value::String(it)) => Ok(it),
            (Expr::Call(function, _), _) if **function == Expr::Word("tenant".to_owned()) => {
                Ok(String::new())
            }
            (_, Value::Object(it)) => Ok(it["id"].as_str().unwrap_or_default().to_owned()),
            (_, other) => Err(format!("the scope {other}")),
        }
    }
}

fn below(scope: &str, arm_type: &str, names: &[String]) -> String {
    let (provider, types) = arm_type.split_once('/').unwrap_or((arm_type, ""));
    let segments: Vec<String> =
        types.split('/').zip(names).map(|(a, b)| format!("/{a}/{b}")).collect();
    format!("{scope}/providers/{provider}{}", segments.concat())
}

const HOME: &str = "/subscriptions/<home>";

/// What is said about resources of a type.
pub(crate) fn notes(files: &[File]) -> Vec<(String, String)> {
    let sources = files.iter().filter(|it| it.name != "main.bicepparam");
    let all = sources.flat_map(|it| {
        let it = source(&it.text).unwrap();
        it.resources.into_iter().chain(it.modules)
    });
    all.filter_map(|it| Some((it.of.split('@').next()?.to_owned(), it.note?))).collect()
}

/// What a template deploys.
pub(crate) fn of_template(template: &Value) -> Result<All, String> {
    let group = template["$schema"].as_str().unwrap_or_default().contains("/deploymentTemplate");
    let place = if group { format!("{HOME}/resourceGroups/<group>") } else { HOME.to_owned() };
    let mut all = All::new();
    template_into(template, &place, &mut all)?;
    Ok(all)
}

fn template_into(template: &Value, place: &str, all: &mut All) -> Result<(), String> {
    let mut labels = BTreeMap::new();
    for (name, it) in template["parameters"].as_object().into_iter().flatten() {
        let label = it["metadata"]["description"].as_str().unwrap_or_default();
        let label = match json_text(label, None)? {
            Value::String(it) => it,
            other => return Err(format!("the description {other}")),
        };
        labels.insert(name.clone(), label);
    }
    let scope = Scope { place: place.to_owned(), labels, symbols: BTreeMap::new() };
    for it in template["resources"].as_array().into_iter().flatten() {
        let text = |name: &str| -> Result<Option<String>, String> {
            match &it[name] {
                Value::Null => Ok(None),
                value => match json_text(value.as_str().ok_or("no text")?, Some(&scope))? {
                    Value::String(it) => Ok(Some(it)),
                    other => Err(format!("{name}: {other}")),
                },
            }
        };
        let arm_type = it["type"].as_str().ok_or("no type")?;
        let needs = it["dependsOn"].as_array().into_iter().flatten();
        let needs = needs
            .map(|it| match json_text(it.as_str().unwrap_or_default(), Some(&scope))? {
                Value::String(it) => Ok(it),
                other => Err(format!("{other}")),
            })
            .collect::<Result<BTreeSet<String>, String>>()?;
        let name = text("name")?.ok_or("no name")?;
        let names: Vec<String> = name.split('/').map(str::to_owned).collect();
        if arm_type == "Microsoft.Resources/deployments" {
            let subscription = text("subscriptionId")?.unwrap_or_else(|| scope.subscription());
            let place = match (text("resourceGroup")?, text("scope")?) {
                (Some(group), _) => format!("/subscriptions/{subscription}/resourceGroups/{group}"),
                (None, Some(_)) => String::new(),
                (None, None) if is_traffic(&name) => scope.place.clone(),
                (None, None) => format!("/subscriptions/{subscription}"),
            };
            if is_traffic(&name) {
                traffic_into(all, |all| template_into(&it["properties"]["template"], &place, all))?;
            } else {
                template_into(&it["properties"]["template"], &place, all)?;
            }
            let id = below(&place, arm_type, &names);
            add(all, id, Deployed { version: String::new(), body: Value::Null, needs })?;
            continue;
        }
        let target = text("scope")?.unwrap_or_else(|| place.to_owned());
        let id = below(&target, arm_type, &names);
        let mut body = it.clone();
        for name in ["type", "apiVersion", "name", "comments", "scope", "dependsOn"] {
            body.as_object_mut().unwrap().remove(name);
        }
        let body = json_value(&body, &scope)?;
        let version = it["apiVersion"].as_str().unwrap_or_default().to_owned();
        add(all, id, Deployed { version, body, needs })?;
    }
    Ok(())
}

/// Whether a deployment only sends the requests of an endpoint to its deployments.
fn is_traffic(name: &str) -> bool {
    name.ends_with("-traffic")
}

/// What an endpoint is once its deployments are there, under a name of its own.
fn traffic_into(
    all: &mut All,
    read: impl FnOnce(&mut All) -> Result<(), String>,
) -> Result<(), String> {
    let mut found = All::new();
    read(&mut found)?;
    let [(id, it)] = Vec::from_iter(found).try_into().map_err(|it| format!("{it:?}"))?;
    add(all, format!("{id}{TRAFFIC}"), it)
}

/// Behind the id of an endpoint with its traffic.
pub(crate) const TRAFFIC: &str = " with its traffic";

fn add(all: &mut All, id: String, it: Deployed) -> Result<(), String> {
    match all.insert(id.clone(), it) {
        None => Ok(()),
        Some(_) => Err(format!("two {id}")),
    }
}

fn json_value(value: &Value, scope: &Scope) -> Result<Value, String> {
    Ok(match value {
        Value::String(it) => json_text(it, Some(scope))?,
        Value::Array(items) => {
            items.iter().map(|it| json_value(it, scope)).collect::<Result<Value, String>>()?
        }
        Value::Object(members) => {
            let mut out = Map::new();
            for (key, it) in members {
                let Value::String(key) = json_text(key, Some(scope))? else {
                    return Err(format!("the member {key}"));
                };
                out.insert(key, json_value(it, scope)?);
            }
            Value::Object(out)
        }
        other => other.clone(),
    })
}

fn json_text(it: &str, scope: Option<&Scope>) -> Result<Value, String> {
    if !it.starts_with('[') || !it.ends_with(']') {
        return Ok(json!(it));
    }
    if it.starts_with("[[") {
        return Ok(json!(&it[1..]));
    }
    let mut reader = Reader { all: &it[1..it.len() - 1], at: 0, json: true };
    let read = reader.expr()?;
    if !reader.rest().is_empty() {
        return reader.wrong("more");
    }
    scope.ok_or("an expression where none may be")?.eval(&read)
}

/// What Bicep files deploy.
pub(crate) fn of_files(files: &[File]) -> Result<All, String> {
    let main = source_of(files, "main.bicep")?;
    let place = match main.target.as_str() {
        "resourceGroup" => format!("{HOME}/resourceGroups/<group>"),
        _ => HOME.to_owned(),
    };
    let mut all = All::new();
    source_into(&main, "main.bicep", &place, files, &mut all)?;
    Ok(all)
}

fn source_into(
    source: &Source,
    path: &str,
    place: &str,
    files: &[File],
    all: &mut All,
) -> Result<(), String> {
    let labels = source.params.iter().map(|(name, label, _)| (name.clone(), label.clone()));
    let mut scope =
        Scope { place: place.to_owned(), labels: labels.collect(), symbols: BTreeMap::new() };
    // Resources may be named before they are declared; those with a parent or scope come later here.
    let mut open: Vec<&Resource> = source.resources.iter().collect();
    while !open.is_empty() {
        let before = open.len();
        let mut left = Vec::new();
        for it in open {
            match id_of(it, &scope) {
                Ok(id) => {
                    let version = it.of.split_once('@').map_or("", |it| it.1).to_owned();
                    scope.symbols.insert(it.symbol.clone(), (id, version));
                }
                Err(_) => left.push(it),
            }
        }
        if left.len() == before {
            return Err(format!("{}: {:?}", left[0].symbol, id_of(left[0], &scope)));
        }
        open = left;
    }
    let mut modules = BTreeMap::new();
    for it in &source.modules {
        let place = match it.get("scope") {
            Some(it) => scope.place_of(it)?,
            None => scope.place.clone(),
        };
        let name = scope.text(it.get("name").ok_or("a module without name")?)?;
        modules.insert(
            it.symbol.clone(),
            (place.clone(), below(&place, "Microsoft.Resources/deployments", &[name])),
        );
    }
    let created: BTreeSet<&str> =
        source.resources.iter().filter(|it| !it.existing).map(|it| it.symbol.as_str()).collect();
    let id = |symbol: &str| match modules.get(symbol) {
        Some((_, id)) => Ok(id.clone()),
        None => scope.symbols.get(symbol).map(|it| it.0.clone()).ok_or(format!("no {symbol}")),
    };
    // `dependsOn`, and every symbol of a resource that the file creates.
    let needs = |it: &Resource| -> Result<BTreeSet<String>, String> {
        let mut symbols = BTreeSet::new();
        for (key, it) in &it.body {
            let mut words = Vec::new();
            collect(it, &mut words);
            let counts = |it: &&String| key == "dependsOn" || created.contains(it.as_str());
            symbols.extend(words.iter().filter(counts).cloned());
        }
        if symbols.contains(&it.symbol) {
            return Err(format!("{} needs itself", it.symbol));
        }
        symbols.iter().map(|it| id(it)).collect()
    };
    for it in source.resources.iter().filter(|it| !it.existing) {
        let (own, version) = scope.symbols[&it.symbol].clone();
        let mut body = Map::new();
        if let Some(it) = &it.condition {
            body.insert("condition".to_owned(), scope.eval(it)?);
        }
        for (key, value) in &it.body {
            if !["name", "parent", "scope", "dependsOn"].contains(&key.as_str()) {
                body.insert(key.clone(), scope.eval(value)?);
            }
        }
        add(all, own, Deployed { version, body: Value::Object(body), needs: needs(it)? })?;
    }
    for it in &source.modules {
        let file = beside(path, &it.of);
        let inner = source_of(files, &file)?;
        let (place, own) = modules[&it.symbol].clone();
        let fits = match inner.target.as_str() {
            "resourceGroup" => place.contains("/resourceGroups/"),
            "subscription" => {
                place.starts_with("/subscriptions/") && place.matches('/').count() == 2
            }
            "tenant" => place.is_empty(),
            _ => false,
        };
        if !fits {
            return Err(format!("{} of {} goes to {place}", it.of, inner.target));
        }
        let passed: BTreeSet<String> = match it.get("params") {
            None => BTreeSet::new(),
            Some(Expr::Object(members)) => members
                .iter()
                .map(|(key, value)| {
                    let key = scope.text(key)?;
                    if *value == Expr::Word(key.clone()) {
                        Ok(key)
                    } else {
                        Err("params".to_owned())
                    }
                })
                .collect::<Result<_, String>>()?,
            Some(_) => return Err("params".to_owned()),
        };
        let asked: BTreeSet<String> = inner.params.iter().map(|it| it.0.clone()).collect();
        if passed != asked {
            return Err(format!("{} takes {asked:?} and gets {passed:?}", it.of));
        }
        if is_traffic(own.rsplit('/').next().unwrap_or_default()) {
            traffic_into(all, |all| source_into(&inner, &file, &place, files, all))?;
        } else {
            source_into(&inner, &file, &place, files, all)?;
        }
        add(all, own, Deployed { version: String::new(), body: Value::Null, needs: needs(it)? })?;
    }
    Ok(())
}

fn collect(it: &Expr, words: &mut Vec<String>) {
    match it {
        Expr::Word(it) => words.push(it.clone()),
        Expr::Text(pieces) => {
            for it in pieces {
                if let Piece::Hole(it) = it {
                    collect(it, words);
                }
            }
        }
        Expr::Call(function, arguments) => {
            // The name of a function is no symbol.
            if let Expr::Member(of, _) = function.as_ref() {
                collect(of, words);
            }
            arguments.iter().for_each(|it| collect(it, words));
        }
        Expr::Member(of, _) => collect(of, words),
        Expr::Index(of, index) => {
            collect(of, words);
            collect(index, words);
        }
        Expr::List(items) => items.iter().for_each(|it| collect(it, words)),
        Expr::Object(members) => members.iter().for_each(|(key, it)| {
            collect(key, words);
            collect(it, words);
        }),
        Expr::Number(_) => {}
    }
}

fn id_of(it: &Resource, scope: &Scope) -> Result<String, String> {
    let arm_type = it.of.split_once('@').ok_or("no version")?.0;
    let name = scope.text(it.get("name").ok_or("no name")?)?;
    if let Some(Expr::Word(parent)) = it.get("parent") {
        let (parent, _) = scope.symbols.get(parent).ok_or("its parent is not known yet")?;
        let last = arm_type.rsplit('/').next().unwrap_or_default();
        return Ok(format!("{parent}/{last}/{name}"));
    }
    let names: Vec<String> = name.split('/').map(str::to_owned).collect();
    if names.len() != arm_type.matches('/').count() {
        return Err(format!("{name} for {arm_type}"));
    }
    let place = match it.get("scope") {
        Some(scope_expr) => scope.place_of(scope_expr)?,
        None => scope.place.clone(),
    };
    Ok(below(&place, arm_type, &names))
}
