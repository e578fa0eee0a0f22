//! A reader of the Terraform that is exported, and what it deploys, in the form that templates are read in.
//!
//! Docs: `azapi_resource` and the other resources of the provider Azure/azapi (Terraform registry), "Strings
//! and Templates" (developer.hashicorp.com/terraform/language/expressions/strings).

use std::collections::{BTreeMap, BTreeSet};

use drawbridge::export::File;
use hcl_edit::{
    expr::{Expression, ObjectKey, TraversalOperator},
    structure::{Block, BlockLabel, Body, Structure},
    template::Element,
};
use serde_json::{Map, Value, json};

use super::{
    bicep::{All, Deployed},
    decode,
};

/// The blocks in use, with all arguments that they may have.
const ARGUMENTS: &[(&str, &[&str])] = &[
    (
        "resource azapi_resource",
        &[
            "type",
            "name",
            "parent_id",
            "location",
            "schema_validation_enabled",
            "locks",
            "identity",
            "body",
            "sensitive_body",
            "tags",
            "response_export_values",
            "depends_on",
            "lifecycle",
        ],
    ),
    ("resource azapi_update_resource", &["type", "resource_id", "body", "depends_on", "lifecycle"]),
    (
        "resource azapi_resource_action",
        &["type", "resource_id", "action", "method", "body", "depends_on"],
    ),
    (
        "ephemeral azapi_resource_action",
        &["type", "resource_id", "action", "response_export_values"],
    ),
    ("data azapi_client_config", &[]),
    ("variable", &["type", "description", "sensitive", "ephemeral", "validation"]),
    ("provider azapi", &["subscription_id", "disable_default_output"]),
    ("terraform", &["required_version", "required_providers"]),
];

const NAMESPACE: &str = "11fb06fb-712d-4ddd-98c7-e71bbd588830";

fn parse(file: &File) -> Result<Body, String> {
    decode::plain(&file.text)?;
    // Comments are ours and only where nothing of the design is.
    if file.name != "versions.tf" {
        let (mut inside, mut escaped) = (false, false);
        for c in file.text.chars() {
            match c {
                _ if escaped => escaped = false,
                '\\' if inside => escaped = true,
                '"' => inside = !inside,
                '\n' if inside => return Err("a line ends inside a text".to_owned()),
                '#' | '/' if !inside => return Err("a comment".to_owned()),
                _ => {}
            }
        }
    }
    let body = hcl_edit::parser::parse_body(&file.text).map_err(|why| format!("{why:.300}"))?;
    for it in body.blocks() {
        let labels: Vec<&str> = it.labels.iter().map(BlockLabel::as_str).collect();
        let named = format!("{} {}", it.ident.as_str(), labels.first().unwrap_or(&""));
        let kind = it.ident.as_str();
        if kind == "locals" {
            continue;
        }
        let known = ARGUMENTS.iter().find(|(of, _)| *of == named || *of == kind);
        let (_, known) = known.ok_or_else(|| format!("the block {named}"))?;
        for it in &it.body {
            let name = match it {
                Structure::Attribute(it) => it.key.as_str(),
                Structure::Block(it) => it.ident.as_str(),
            };
            if !known.contains(&name) {
                return Err(format!("{named} has no {name}"));
            }
        }
    }
    Ok(body)
}

/// The files as code and data: variables called by what they are.
pub(crate) fn meaning(files: &[File]) -> Result<Value, String> {
    let mut bodies = Vec::new();
    for file in files {
        bodies.push(parse(file).map_err(|why| format!("{}: {why}", file.name))?);
    }
    let mut labels = BTreeMap::new();
    for it in bodies.iter().flat_map(Body::blocks).filter(|it| it.ident.as_str() == "variable") {
        let name = it.labels.first().map_or("", |it| it.as_str()).to_owned();
        labels.insert(name, description(it)?);
    }
    bodies.iter().map(|it| body_code(it, &labels)).collect()
}

fn description(block: &Block) -> Result<String, String> {
    match block.body.get_attribute("description").map(|it| &it.value) {
        Some(Expression::String(it)) => Ok(it.as_str().to_owned()),
        _ => Err("a variable without description".to_owned()),
    }
}

fn body_code(body: &Body, labels: &BTreeMap<String, String>) -> Result<Value, String> {
    body.into_iter()
        .map(|it| match it {
            Structure::Attribute(it) => {
                Ok(json!([{ "code": it.key.as_str() }, code(&it.value, labels)?]))
            }
            Structure::Block(it) => {
                let mut head = it.ident.as_str().to_owned();
                // The name of a variable is made of what it is.
                if head != "variable" {
                    it.labels.iter().for_each(|it| head.extend([" ", it.as_str()]));
                }
                Ok(json!([{ "code": head }, body_code(&it.body, labels)?]))
            }
        })
        .collect()
}

fn code(it: &Expression, labels: &BTreeMap<String, String>) -> Result<Value, String> {
    Ok(match it {
        Expression::Null(_) => Value::Null,
        Expression::Bool(it) => json!({ "code": it.value() }),
        Expression::Number(it) => json!({ "code": it.value().to_string() }),
        Expression::String(it) => json!(it.as_str()),
        Expression::StringTemplate(it) => it
            .iter()
            .map(|it| match it {
                Element::Literal(it) => Ok(json!(it.as_str())),
                Element::Interpolation(it) => code(&it.expr, labels),
                Element::Directive(_) => Err("a directive".to_owned()),
            })
            .collect::<Result<Value, String>>()?,
        Expression::Array(it) => {
            it.iter().map(|it| code(it, labels)).collect::<Result<Value, String>>()?
        }
        Expression::Object(it) => it
            .iter()
            .map(|(key, value)| {
                let key = match key {
                    ObjectKey::Ident(it) => json!(it.as_str()),
                    ObjectKey::Expression(it) => code(it, labels)?,
                };
                Ok(json!([key, code(value.expr(), labels)?]))
            })
            .collect::<Result<Value, String>>()?,
        Expression::Parenthesis(it) => code(it.inner(), labels)?,
        Expression::FuncCall(it) => {
            let mut all = vec![json!({ "code": it.name.name.as_str() })];
            for it in &it.args {
                all.push(code(it, labels)?);
            }
            Value::Array(all)
        }
        Expression::Traversal(_) | Expression::Variable(_) => {
            let path = path(it)?;
            match path.strip_prefix("var.") {
                Some(name) => {
                    let label = labels.get(name).ok_or_else(|| format!("no {path}"))?;
                    json!([{ "code": "var" }, label])
                }
                None => json!({ "code": path }),
            }
        }
        other => return Err(format!("{other:.200?}")),
    })
}

/// `azapi_resource.x.identity[0].principal_id`.
fn path(it: &Expression) -> Result<String, String> {
    match it {
        Expression::Variable(it) => Ok(it.as_str().to_owned()),
        Expression::Traversal(it) => {
            let mut out = path(&it.expr)?;
            for it in &it.operators {
                match it.value() {
                    TraversalOperator::GetAttr(it) => out.extend([".", it.as_str()]),
                    TraversalOperator::Index(Expression::Number(it)) => {
                        let number = it.value().to_string();
                        out.extend(["[", &number, "]"]);
                    }
                    other => return Err(format!("{other:.200?}")),
                }
            }
            Ok(out)
        }
        other => Err(format!("{other:.200?}")),
    }
}

/// What is known of a block that others name: its id, and its version.
type Known = BTreeMap<String, (String, String)>;

struct Scope {
    labels: BTreeMap<String, String>,
    locals: BTreeMap<String, Expression>,
    known: Known,
    /// Variables that must not be kept.
    secrets: BTreeSet<String>,
}

impl Scope {
    fn text(&self, it: &Expression) -> Result<String, String> {
        match self.eval(it)? {
            Value::String(it) => Ok(it),
            other => Err(format!("{other} is no text")),
        }
    }

    fn eval(&self, it: &Expression) -> Result<Value, String> {
        Ok(match it {
            Expression::Null(_) => Value::Null,
            Expression::Bool(it) => json!(it.value()),
            Expression::Number(it) => json!(it.value().as_i64().ok_or("no whole number")?),
            Expression::String(it) => json!(it.as_str()),
            Expression::StringTemplate(it) => {
                let mut out = String::new();
                for it in it {
                    match it {
                        Element::Literal(it) => out.push_str(it.as_str()),
                        Element::Interpolation(it) => out.push_str(&self.text(&it.expr)?),
                        Element::Directive(_) => return Err("a directive".to_owned()),
                    }
                }
                json!(out)
            }
            Expression::Array(it) => {
                it.iter().map(|it| self.eval(it)).collect::<Result<Value, String>>()?
            }
            Expression::Object(it) => {
                let mut out = Map::new();
                for (key, value) in it {
                    let key = match key {
                        ObjectKey::Ident(it) => it.as_str().to_owned(),
                        ObjectKey::Expression(it) => self.text(it)?,
                    };
                    if out.insert(key.clone(), self.eval(value.expr())?).is_some() {
                        return Err(format!("two {key:.40}"));
                    }
                }
                Value::Object(out)
            }
            Expression::Parenthesis(it) => self.eval(it.inner())?,
            Expression::FuncCall(it) => {
                let arguments: Vec<&Expression> = it.args.iter().collect();
                match (it.name.name.as_str(), arguments.as_slice()) {
                    ("uuidv5", [space, joined]) if self.text(space)? == NAMESPACE => {
                        json!(format!("guid({})", self.text(joined)?).replace('/', "|"))
                    }
                    ("join", [dash, Expression::Array(all)]) if self.text(dash)? == "-" => {
                        let all: Result<Vec<String>, String> =
                            all.iter().map(|it| self.text(it)).collect();
                        json!(all?.join(", "))
                    }
                    (name, _) => return Err(format!("the function {name}")),
                }
            }
            Expression::Traversal(_) | Expression::Variable(_) => json!(self.named(&path(it)?)?),
            other => return Err(format!("{other:.200?}")),
        })
    }

    fn named(&self, path: &str) -> Result<String, String> {
        let unknown = || format!("no {path}");
        if let Some(name) = path.strip_prefix("var.") {
            return self.labels.get(name).map(|it| format!("<{it}>")).ok_or_else(unknown);
        }
        match path {
            "local.subscription" => return Ok("<home>".to_owned()),
            "local.tenant" => return Ok("<tenant>".to_owned()),
            _ => {}
        }
        if let Some(name) = path.strip_prefix("local.") {
            return self.text(self.locals.get(name).ok_or_else(unknown)?);
        }
        let (address, rest) = split_address(path).ok_or_else(unknown)?;
        let (id, version) = self.known.get(address).ok_or_else(unknown)?;
        Ok(match rest {
            "id" => id.clone(),
            "identity[0].principal_id" => {
                format!("reference({id}, {version}, Full).identity.principalId")
            }
            "output.properties.principalId" => format!("reference({id}, {version}).principalId"),
            "output.properties.clientId" => format!("reference({id}, {version}).clientId"),
            "output.key" => format!("listKeys({id}, {version}).keys[0].value"),
            _ => return Err(unknown()),
        })
    }
}

/// The address of a block and what is taken of it.
fn split_address(path: &str) -> Option<(&str, &str)> {
    let dots = if path.starts_with("ephemeral.") { 3 } else { 2 };
    let (at, _) = path.match_indices('.').nth(dots - 1)?;
    Some((&path[..at], &path[at + 1..]))
}

/// For each block with a lifecycle its type of block, that of the resource, and what is said there.
pub(crate) fn lifecycles(files: &[File]) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for it in files.iter().flat_map(|it| parse(it).unwrap().into_blocks()) {
        let text = |name: &str| match it.body.get_attribute(name).map(|it| &it.value) {
            Some(Expression::String(it)) => it.as_str().to_owned(),
            _ => String::new(),
        };
        for own in it.body.get_blocks("lifecycle") {
            let said = own.body.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            let arm_type = text("type").split('@').next().unwrap_or_default().to_owned();
            found.push((it.labels[0].as_str().to_owned(), arm_type, said));
        }
    }
    found
}

/// The traffic that endpoints get in the end.
pub(crate) type Traffic = Vec<(String, Value)>;

/// What the files deploy.
pub(crate) fn of_files(files: &[File]) -> Result<(All, Traffic), String> {
    let mut scope = Scope {
        labels: BTreeMap::new(),
        locals: BTreeMap::new(),
        known: BTreeMap::new(),
        secrets: BTreeSet::new(),
    };
    let mut bodies = Vec::new();
    for file in files {
        bodies.push(parse(file).map_err(|why| format!("{}: {why}", file.name))?);
    }
    let mut all: Vec<&Block> = Vec::new();
    let mut addresses = BTreeSet::new();
    for it in bodies.iter().flat_map(Body::blocks) {
        let labels: Vec<&str> = it.labels.iter().map(BlockLabel::as_str).collect();
        match it.ident.as_str() {
            "variable" => {
                scope.labels.insert(labels.concat(), description(it)?);
                if it.body.has_attribute("ephemeral") {
                    scope.secrets.insert(labels.concat());
                }
            }
            "locals" => {
                for it in it.body.attributes() {
                    scope.locals.insert(it.key.as_str().to_owned(), it.value.clone());
                }
            }
            "resource" | "ephemeral" => {
                if !addresses.insert(address(it)) {
                    return Err(format!("two {}", address(it)));
                }
                all.push(it);
            }
            _ => {}
        }
    }
    let (mut found, mut traffic) = (All::new(), Traffic::new());
    let mut of_address: BTreeMap<String, String> = BTreeMap::new();
    for it in all {
        // In the order of the file, so that a name that comes later is none yet.
        let own = address(it);
        let argument = |name: &str| it.body.get_attribute(name).map(|it| &it.value);
        let text = |name: &str| match argument(name) {
            Some(it) => scope.text(it),
            None => Err(format!("{own} has no {name}")),
        };
        let typed = text("type")?;
        let (arm_type, version) = typed.split_once('@').ok_or("no version")?;
        let mut needs = BTreeSet::new();
        for name in mentioned(&it.body)? {
            let it = of_address.get(&name).ok_or_else(|| format!("{own} names {name}"))?;
            needs.insert(it.clone());
        }
        let id = match own.split('.').next().unwrap_or_default() {
            "azapi_resource" => below(&text("parent_id")?, arm_type, &text("name")?),
            "azapi_resource_action" => format!("{}/{}", text("resource_id")?, text("action")?),
            // What is written or read of something that is there.
            _ => text("resource_id")?,
        };
        of_address.insert(own.clone(), id.clone());
        // What is written there stays in the state, in the clear.
        let mut kept = BTreeSet::new();
        argument("body").map(|it| paths(it, &mut kept)).transpose()?;
        let secret = |it: &String| {
            it.starts_with("ephemeral.")
                || it.strip_prefix("var.").is_some_and(|it| scope.secrets.contains(it))
        };
        if let Some(it) = kept.iter().find(|it| secret(it)) {
            return Err(format!("{own} keeps {it}"));
        }
        let body = argument("body").map(|it| scope.eval(it)).transpose()?;
        let known = (id.clone(), version.to_owned());
        scope.known.insert(own.clone(), known);
        let scope = &scope;
        if own.starts_with("ephemeral.") {
            continue;
        }
        let mut body = body.unwrap_or_else(|| json!({}));
        if own.starts_with("azapi_update_resource.") {
            traffic.push((id, body["properties"]["traffic"].clone()));
            continue;
        }
        if let Some(it) = argument("sensitive_body") {
            merge(&mut body, scope.eval(it)?);
        }
        for name in ["location", "tags"] {
            if let Some(it) = argument(name) {
                body[name] = scope.eval(it)?;
            }
        }
        for it in it.body.get_blocks("identity") {
            let argument = |name: &str| it.body.get_attribute(name).map(|it| &it.value);
            let kind = argument("type").map(|it| scope.text(it)).transpose()?;
            body["identity"] = json!({ "type": kind });
            if let Some(ids) = argument("identity_ids") {
                let Value::Array(ids) = scope.eval(ids)? else {
                    return Err("identity_ids".to_owned());
                };
                let ids = ids.iter().map(|it| (it.as_str().unwrap_or("?").to_owned(), json!({})));
                body["identity"]["userAssignedIdentities"] = Value::Object(ids.collect());
            }
        }
        let it = Deployed { version: version.to_owned(), body, needs };
        if found.insert(id.clone(), it).is_some() {
            return Err(format!("two {id}"));
        }
    }
    Ok((found, traffic))
}

fn address(it: &Block) -> String {
    let labels: Vec<&str> = it.labels.iter().map(BlockLabel::as_str).collect();
    let before = if it.ident.as_str() == "ephemeral" { "ephemeral." } else { "" };
    format!("{before}{}", labels.join("."))
}

fn below(parent: &str, arm_type: &str, name: &str) -> String {
    let parent = parent.trim_end_matches('/');
    match arm_type.matches('/').count() {
        1 => format!("{parent}/providers/{arm_type}/{name}"),
        _ => format!("{parent}/{}/{name}", arm_type.rsplit('/').next().unwrap_or_default()),
    }
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, it) in more {
                merge(into.entry(key).or_insert(Value::Null), it);
            }
        }
        (into, more) => *into = more,
    }
}

/// The addresses of all blocks that a body names.
fn mentioned(body: &Body) -> Result<BTreeSet<String>, String> {
    let mut all = BTreeSet::new();
    for it in body {
        match it {
            Structure::Attribute(it) => {
                let mut found = BTreeSet::new();
                paths(&it.value, &mut found)?;
                found.retain(|it| it.starts_with("azapi_") || it.starts_with("ephemeral."));
                all.extend(found.iter().map(|it| {
                    // In `depends_on` nothing is taken of it.
                    let whole = it.matches('.').count() == 1;
                    let split = split_address(it).filter(|_| !whole);
                    split.map_or(it.as_str(), |it| it.0).to_owned()
                }));
            }
            Structure::Block(it) => all.extend(mentioned(&it.body)?),
        }
    }
    Ok(all)
}

fn paths(it: &Expression, all: &mut BTreeSet<String>) -> Result<(), String> {
    match it {
        Expression::Traversal(_) | Expression::Variable(_) => {
            all.insert(path(it)?);
        }
        Expression::StringTemplate(it) => {
            for it in it {
                if let Element::Interpolation(it) = it {
                    paths(&it.expr, all)?;
                }
            }
        }
        Expression::Array(it) => it.iter().try_for_each(|it| paths(it, all))?,
        Expression::Object(it) => {
            for (key, value) in it {
                if let ObjectKey::Expression(it) = key {
                    paths(it, all)?;
                }
                paths(value.expr(), all)?;
            }
        }
        Expression::Parenthesis(it) => paths(it.inner(), all)?,
        Expression::FuncCall(it) => it.args.iter().try_for_each(|it| paths(it, all))?,
        _ => {}
    }
    Ok(())
}
