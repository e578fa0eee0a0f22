//! `deploy_ml.py`: the same with `azure-ai-ml`. Every text of the design is a literal in ASCII.

use std::{collections::BTreeSet, fmt::Write};

use super::{Action, Form, Key, Map, Node, Only, Step, Writer};
use crate::export::script::Part;

pub(super) fn script(writer: &Writer<'_>, steps: &[Step]) -> String {
    let mut body = String::new();
    let mut client = String::new();
    for step in steps.iter().filter(|it| !it.job) {
        write_step(&mut body, step, &mut client, 1);
    }
    let jobs: Vec<&Step> = steps.iter().filter(|it| it.job).collect();
    if !jobs.is_empty() {
        body.push_str("\n    if jobs:\n");
        client.clear();
        for step in jobs {
            write_step(&mut body, step, &mut client, 2);
        }
    }
    if body.is_empty() {
        body.push_str("    pass\n");
    }

    let mut out = String::from(HEAD);
    let (imports, conda) = imports(steps);
    out.push_str(&imports);
    out.push_str(SIGN_IN);
    out.push_str("# Values that are not in the design: taken from variables of these names, asked for, or read from Azure.\nGIVEN = {\n");
    for it in &writer.given {
        let name = &it.name;
        let (form, id) = match &it.form {
            Form::Known(_) => ("known", None),
            Form::Guid => ("guid", None),
            Form::Text | Form::Code => ("text", None),
            Form::Secret => ("secret", None),
            Form::ClientId(id, version) => ("client id", Some((id, version))),
            Form::AccountKey(id, version) => ("account key", Some((id, version))),
        };
        let id = id.map_or_else(
            || "None".to_owned(),
            |(id, version)| format!("lambda given: ({}, \"{version}\")", pieces(id)),
        );
        let label = match &it.form {
            Form::Known(value) => value,
            _ => &it.label,
        };
        let _ = writeln!(out, "    \"{name}\": (\"{form}\", {}, {id}),", literal(label));
    }
    out.push_str("}\n\n# What must be there already.\nNEEDED = [\n");
    for (what, id, version) in &writer.needed {
        let _ =
            writeln!(out, "    ({}, lambda given: {}, \"{version}\"),", literal(what), pieces(id));
    }
    out.push_str("]\n");
    let _ = writeln!(out, "STEPS = {}", steps.iter().filter(|it| !it.job).count());
    let _ = writeln!(out, "JOBS = {}", steps.iter().filter(|it| it.job).count());
    for it in &writer.left_out {
        let _ = writeln!(out, "# Left out: {it}.");
    }
    out.push_str(FUNCTIONS);
    if body.contains("if not there(ml, ") {
        out.push_str(THERE);
    }
    if conda {
        out.push_str(CONDA);
    }
    out.push_str("\ndef deploy(credential, given, jobs):\n");
    out.push_str(&body);
    out.push_str(MAIN);
    out
}

fn imports(steps: &[Step]) -> (String, bool) {
    let mut used = BTreeSet::new();
    for it in steps {
        if matches!(it.action, Action::Ml(_)) {
            classes(&it.node, &mut used);
        }
    }
    let mut out = String::new();
    // These come from the package itself, and are the names of functions.
    let outer: Vec<&str> = ["Input", "MLClient", "Output", "automl", "command"]
        .into_iter()
        .filter(|it| *it == "MLClient" || used.iter().any(|at| at.split('.').next() == Some(*it)))
        .collect();
    let _ = writeln!(out, "from azure.ai.ml import {}", outer.join(", "));
    let inner: Vec<&&str> = used
        .iter()
        .filter(|it| !outer.contains(it) && !it.contains('.') && **it != "conda")
        .collect();
    if !inner.is_empty() {
        out.push_str("from azure.ai.ml.entities import (\n");
        for it in inner {
            let _ = writeln!(out, "    {it},");
        }
        out.push_str(")\n");
    }
    let conda = used.contains("conda");
    if conda {
        out.push_str("import yaml\n");
    }
    (out, conda)
}

fn classes(map: &Map, used: &mut BTreeSet<&'static str>) {
    if !map.class.is_empty() {
        used.insert(map.class);
    }
    for it in map.members.iter().filter(|it| it.only != Only::Yaml) {
        classes_of(&it.value, used);
    }
}

fn classes_of(node: &Node, used: &mut BTreeSet<&'static str>) {
    match node {
        Node::Map(it) => classes(it, used),
        Node::List(items) => items.iter().for_each(|it| classes_of(it, used)),
        _ => {}
    }
}

fn write_step(out: &mut String, step: &Step, client: &mut String, depth: usize) {
    let indent = "    ".repeat(depth);
    let new = format!(
        "{indent}ml = MLClient(credential, {}, {}, {})\n",
        pieces(&step.subscription),
        literal(&step.group),
        literal(&step.workspace)
    );
    if *client != new {
        if !client.is_empty() {
            out.push('\n');
        }
        out.push_str(&new);
        *client = new;
    }
    out.push('\n');
    for it in &step.notes {
        let _ = writeln!(out, "{indent}# {it}");
    }
    let _ = writeln!(out, "{indent}step({})", literal(&step.what));
    match &step.action {
        Action::Put => {
            let Some((id, version)) = &step.id else { return };
            let _ = write!(
                out,
                "{indent}# The client has no word for all of it, so it is sent as a template would.\n{indent}put(\n{indent}    credential,\n{indent}    {},\n{indent}    \"{version}\",\n{indent}    ",
                pieces(id)
            );
            expression(out, &Node::Map(step.node.clone()), depth + 1);
            let _ = write!(out, ",\n{indent})\n");
        }
        Action::Ml(shape) => {
            let once = shape.class == "ComputeInstance";
            let (method, waits) = shape.method;
            let mut line = String::new();
            let _ = write!(line, "ml.{method}(");
            // A method that the client calls otherwise as well is given its argument in place.
            expression(&mut line, &Node::Map(step.node.clone()), depth + usize::from(once));
            line.push(')');
            if waits {
                line.push_str(".result()");
            }
            if once {
                let name = step.node.members.first().map(|it| &it.value);
                let name = match name {
                    Some(Node::Text(it)) => pieces(it),
                    _ => String::from("\"\""),
                };
                let _ = writeln!(
                    out,
                    "{indent}# It cannot be created over itself.\n{indent}if not there(ml, {name}):\n{indent}    {line}"
                );
            } else {
                let _ = writeln!(out, "{indent}{line}");
            }
        }
        Action::Traffic { endpoint, shares } => {
            let shares: Vec<String> =
                shares.iter().map(|(name, share)| format!("{}: {share}", literal(name))).collect();
            let _ = writeln!(
                out,
                "{indent}endpoint = ml.online_endpoints.get({})\n{indent}endpoint.traffic = {{{}}}\n{indent}ml.online_endpoints.begin_create_or_update(endpoint).result()",
                literal(endpoint),
                shares.join(", ")
            );
        }
    }
}

fn expression(out: &mut String, node: &Node, depth: usize) {
    let indent = "    ".repeat(depth);
    match node {
        Node::Null => out.push_str("None"),
        Node::Bool(true) => out.push_str("True"),
        Node::Bool(false) => out.push_str("False"),
        Node::Number(it) => {
            let _ = write!(out, "{it}");
        }
        Node::Text(it) => out.push_str(&pieces(it)),
        Node::List(items) if items.is_empty() => out.push_str("[]"),
        Node::List(items) => {
            out.push_str("[\n");
            for it in items {
                let _ = write!(out, "{indent}    ");
                expression(out, it, depth + 1);
                out.push_str(",\n");
            }
            let _ = write!(out, "{indent}]");
        }
        Node::Map(map) => {
            let members: Vec<_> = map.members.iter().filter(|it| it.only != Only::Yaml).collect();
            let (open, is, close) =
                if map.class.is_empty() { ("{", ": ", "}") } else { ("(", "=", ")") };
            out.push_str(map.class);
            out.push_str(open);
            if !members.is_empty() {
                out.push('\n');
                for it in members {
                    let key = match &it.key {
                        Key::Word(it) if map.class.is_empty() => format!("\"{it}\""),
                        Key::Word(it) => (*it).to_owned(),
                        Key::Data(it) => pieces(it),
                    };
                    let _ = write!(out, "{indent}    {key}{is}");
                    expression(out, &it.value, depth + 1);
                    out.push_str(",\n");
                }
                out.push_str(&indent);
            }
            out.push_str(close);
        }
    }
}

/// Literal texts and values, joined.
fn pieces(all: &[Part]) -> String {
    let words: Vec<String> = all
        .iter()
        .map(|it| match it {
            Part::Text(it) => literal(it),
            Part::Var(name) => format!("given[\"{name}\"]"),
        })
        .collect();
    if words.is_empty() { "\"\"".to_owned() } else { words.join(" + ") }
}

/// A string literal in ASCII. JSON's would not do: Python takes two surrogates for two characters.
fn literal(it: &str) -> String {
    let mut out = String::from("\"");
    for c in it.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            ' '..='~' => out.push(c),
            '\0'..='\u{ffff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}

const HEAD: &str = r#"#!/usr/bin/env python3
"""Creates the Machine Learning part of the design with azure-ai-ml, the SDK v2.

What it stands on (storage, vaults, registries, networks, identities, role assignments) must be there already: run the
template or deploy.sh first. Roles for identities that come into being here are theirs to give, so run them again
afterwards. Safe to run twice.

    pip install azure-ai-ml azure-identity
    python deploy_ml.py --sign-in interactive|service-principal|azure-cli|managed-identity [--jobs]
"""
import argparse
import getpass
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

from azure.core.exceptions import ResourceNotFoundError
from azure.identity import (
    AzureCliCredential,
    ClientSecretCredential,
    InteractiveBrowserCredential,
    ManagedIdentityCredential,
)
"#;

const SIGN_IN: &str = r#"

def variable(*names):
    for name in names:
        if os.environ.get(name):
            return os.environ[name]
    sys.exit("set " + names[0])


# SDK v1: InteractiveLoginAuthentication(tenant_id=...), which Workspace.from_config() and Workspace(...) used by themselves
def interactive():
    return InteractiveBrowserCredential(tenant_id=os.environ.get("AZURE_TENANT_ID"))


# SDK v1: ServicePrincipalAuthentication(tenant_id, service_principal_id, service_principal_password)
def service_principal():
    return ClientSecretCredential(
        tenant_id=variable("AZURE_TENANT_ID", "AML_TENANT_ID"),
        client_id=variable("AZURE_CLIENT_ID", "AML_PRINCIPAL_ID"),
        client_secret=variable("AZURE_CLIENT_SECRET", "AML_PRINCIPAL_PASS"),
    )


# SDK v1: AzureCliAuthentication()
def azure_cli():
    return AzureCliCredential()


# SDK v1: MsiAuthentication()
def managed_identity():
    client_id = os.environ.get("AZURE_CLIENT_ID")
    return ManagedIdentityCredential(client_id=client_id) if client_id else ManagedIdentityCredential()


SIGN_IN = {
    "interactive": interactive,
    "service-principal": service_principal,
    "azure-cli": azure_cli,
    "managed-identity": managed_identity,
}

"#;

const FUNCTIONS: &str = r#"
ARM = "https://management.azure.com"
GUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
done = 0
total = STEPS


def shown(text):
    """For the eye: ASCII, without control characters."""
    return text.encode("unicode_escape").decode("ascii")


def step(what):
    global done
    done += 1
    print(f"[{done}/{total}] {shown(what)}", flush=True)


def arm(credential, method, path, version, body=None):
    """Calls Azure Resource Manager."""
    token = credential.get_token(ARM + "/.default").token
    request = urllib.request.Request(
        ARM + urllib.parse.quote(path) + "?api-version=" + version,
        data=bytes() if method == "POST" else None if body is None else json.dumps(body).encode("ascii"),
        headers={"Authorization": "Bearer " + token, "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


def put(credential, path, version, body):
    """Creates or updates a resource as a template would, and waits until it is ready."""
    try:
        arm(credential, "PUT", path, version, body)
    except urllib.error.HTTPError as refused:
        sys.exit(refused.read().decode("utf-8", "replace"))
    for _ in range(240):
        state = arm(credential, "GET", path, version).get("properties", {}).get("provisioningState")
        if state in ("Succeeded", None):
            return
        if state in ("Failed", "Canceled"):
            sys.exit("ended as " + state)
        time.sleep(15)
    sys.exit("not ready after an hour")


def ask(name, form, label):
    """Takes a value from the environment, or asks for it."""
    if form == "known":
        return label
    name = {"subscription": "AZURE_SUBSCRIPTION_ID", "tenant": "AZURE_TENANT_ID"}.get(name, name)
    value = os.environ.get(name)
    if not value:
        if not sys.stdin.isatty():
            sys.exit(f"set {name} ({shown(label)})")
        prompt = shown(label) + ": "
        value = getpass.getpass(prompt) if form == "secret" else input(prompt)
    if form == "guid" and not GUID.fullmatch(value):
        sys.exit(f"{name} must be a GUID ({shown(label)})")
    return value


def values(credential):
    """All that is not in the design; what is read comes after what it is read with."""
    given = {}
    for name, (form, label, where) in GIVEN.items():
        if where is None:
            given[name] = ask(name, form, label)
    for name, (form, label, where) in GIVEN.items():
        if where is None:
            continue
        path, version = where(given)
        if form == "client id":
            given[name] = arm(credential, "GET", path, version)["properties"]["clientId"]
        else:
            given[name] = arm(credential, "POST", path + "/listKeys", version)["keys"][0]["value"]
    return given


def check(credential, given):
    for what, path, version in NEEDED:
        try:
            arm(credential, "GET", path(given), version)
        except urllib.error.HTTPError as refused:
            sys.exit(f"missing: {shown(what)} ({refused.code}); run the template or deploy.sh first")

"#;

const THERE: &str = "
def there(ml, name):
    try:
        ml.compute.get(name)
    except ResourceNotFoundError:
        return False
    return True

";

const CONDA: &str = r#"
def conda(text):
    """Packages as the client takes them: a text would be the name of a file."""
    packages = yaml.safe_load(text)
    if not isinstance(packages, dict):
        sys.exit("a conda file must be a YAML mapping")
    return packages

"#;

const MAIN: &str = r#"

def main():
    global total
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--sign-in", choices=sorted(SIGN_IN), default="azure-cli")
    arguments.add_argument("--jobs", action="store_true", help="also submit the jobs of the design")
    chosen = arguments.parse_args()
    total = STEPS + (JOBS if chosen.jobs else 0)
    credential = SIGN_IN[chosen.sign_in]()
    given = values(credential)
    check(credential, given)
    deploy(credential, given, chosen.jobs)
    print(f"\nDone: {done} of {total} steps.")


if __name__ == "__main__":
    main()
"#;

#[cfg(test)]
mod tests {
    use rustpython_parser::{Parse, ast};

    use super::*;
    use crate::export::laws;

    #[test]
    fn python_gets_every_text_as_it_is() {
        for texts in laws::portions() {
            let literals: Vec<String> = texts.iter().map(|it| literal(it)).collect();
            assert!(literals.iter().all(|it| laws::is_plain(it)));
            let list = ast::Expr::parse(&format!("[{}]", literals.join(",\n")), "x.py").unwrap();
            let found: Vec<String> = list
                .expect_list_expr()
                .elts
                .into_iter()
                .map(|it| it.expect_constant_expr().value.expect_str())
                .collect();
            assert_eq!(found, texts);
        }
    }
}
