//! `deploy-ml.sh`: the files in the order in which they need each other, with the values that only Azure or the
//! user knows.

use std::fmt::Write;

use super::{Action, Form, SUBSCRIPTION, Step, TENANT, Writer};
use crate::export::{
    azure_cli::{
        functions::{ASK, FAIL, IS_GUID, IS_KEY, JSON_TEXT, STEP},
        shell::{quoted, word},
    },
    script::{Part, percent, shown},
};

pub(super) fn script(writer: &mut Writer<'_>, steps: &[Step]) -> String {
    let (resources, jobs): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(|it| !it.job);
    let mut out = String::from(HEAD);
    for it in &writer.left_out {
        let _ = writeln!(out, "# Left out: {it}.");
    }
    out.push_str("\nset -euo pipefail\n\nstep=0\n");
    let _ = writeln!(out, "total={}", resources.len());
    if !jobs.is_empty() {
        out.push_str(JOBS);
        let _ = writeln!(out, "[[ \"$jobs\" == '' ]] || total={}\nreadonly jobs", steps.len());
    }
    out.push_str(FOLDERS);
    out.extend([FAIL, STEP, IS_GUID, IS_KEY, ASK, JSON_TEXT]);
    out.push_str(OWN);
    out.push_str(&sign_in(writer));
    out.push_str(&values(writer));
    out.push_str(&checks(writer));
    out.push_str(&files(writer, steps));
    out.push_str("\n# --- Resources, each after those that it needs\n\n");
    for it in resources {
        out.push_str(&command(it, ""));
        out.push('\n');
    }
    if !jobs.is_empty() {
        out.push_str("# --- Jobs, when asked for\n\nif [[ \"$jobs\" != '' ]]; then\n");
        for it in jobs {
            out.push_str(&command(it, "  "));
        }
        out.push_str("fi\n");
    }
    out.push_str("printf '\\nDone: %d of %d steps.\\n' \"$step\" \"$total\"\n");
    out
}

fn sign_in(writer: &Writer<'_>) -> String {
    let mut out = String::from(SIGN_IN);
    match writer.given(SUBSCRIPTION).map(|it| &it.form) {
        Some(Form::Known(guid)) => {
            let _ = writeln!(out, "subscription={guid}");
        }
        Some(_) => out.push_str(SIGNED_IN),
        None => {}
    }
    if writer.given(TENANT).is_some() {
        let of = if writer.given(SUBSCRIPTION).is_some() {
            " --subscription \"$subscription\""
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "tenant=\"$(az account show{of} --query tenantId --output tsv)\"\n\
             is_guid \"$tenant\" || fail 'not signed in; run az login first'"
        );
    }
    out
}

/// Values that only the user knows, and those that Azure knows.
fn values(writer: &Writer<'_>) -> String {
    let mut asked = String::new();
    let mut read = String::new();
    for it in &writer.given {
        let name = &it.name;
        if [SUBSCRIPTION, TENANT].contains(&name.as_str()) {
            continue;
        }
        let form = match &it.form {
            Form::Known(_) => continue,
            Form::Guid => "guid",
            Form::Text | Form::Code => "text",
            Form::Secret => "secret",
            Form::ClientId(id, version) => {
                let url = url(id, &format!("?api-version={version}"));
                let _ = writeln!(
                    read,
                    "{name}=\"$(az rest --method get --url {url} --query properties.clientId --output tsv)\"\n\
                     is_guid \"${name}\" || fail \"cannot read the\" {}",
                    quoted(&shown(&it.label))
                );
                continue;
            }
            Form::AccountKey(id, version) => {
                let url = url(id, &format!("/listKeys?api-version={version}"));
                let _ = writeln!(
                    read,
                    "{name}=\"$(az rest --method post --url {url} --query 'keys[0].value' --output tsv)\"\n\
                     is_key \"${name}\" || fail \"cannot read the\" {}",
                    quoted(&shown(&it.label))
                );
                continue;
            }
        };
        let _ = writeln!(asked, "ask {name} {} {form}", quoted(&shown(&it.label)));
        if it.form == Form::Code {
            let _ = writeln!(asked, "absolute {name}");
        }
    }
    let mut out = String::new();
    if !asked.is_empty() {
        out.push_str("\n# --- Values to give, in variables of these names or when asked\n\n");
        out.push_str(&asked);
    }
    if !read.is_empty() {
        out.push_str("\n# --- Values to read\n\n");
        out.push_str(&read);
    }
    out
}

fn checks(writer: &Writer<'_>) -> String {
    let mut out = String::new();
    for (what, id, version) in &writer.needed {
        let url = url(id, &format!("?api-version={version}"));
        let _ = writeln!(out, "exists {} \\\n  {url}", quoted(&shown(what)));
    }
    if out.is_empty() { out } else { format!("\n# --- What must be there already\n\n{out}") }
}

/// Copies of the files with all values in them, in a folder that nobody else can read.
fn files(writer: &Writer<'_>, steps: &[Step]) -> String {
    let mut out = String::from(FOLDER);
    if !writer.given.is_empty() {
        let names: Vec<&str> = writer.given.iter().map(|it| it.name.as_str()).collect();
        let _ = writeln!(out, "given=({})", names.join(" "));
    }
    for it in steps {
        if !matches!(it.action, Action::Traffic { .. }) {
            let _ = writeln!(out, "fill {}", quoted(&it.name));
        }
        for it in &it.beside {
            let name = quoted(&it.name);
            let _ = writeln!(out, "cp \"$here\"/{name} \"$folder\"/{name}");
        }
    }
    out
}

fn command(step: &Step, indent: &str) -> String {
    let what = quoted(&shown(&step.what));
    let file = format!("\"$folder\"/{}", quoted(&step.name));
    let mut words = Vec::new();
    match &step.action {
        Action::Put(id, version) => {
            let url = url(id, &format!("?api-version={version}"));
            return format!("{indent}put {what} \\\n{indent}  {url} \\\n{indent}  {file}\n");
        }
        Action::Ml(shape) => {
            words.push(format!("az ml {}", shape.command));
            words.push(format!("--file {file}"));
        }
        Action::Traffic { endpoint, shares } => {
            words.push("az ml online-endpoint update".to_owned());
            words.push(format!("--name {}", quoted(endpoint)));
            let shares: Vec<String> = shares.iter().map(|(a, b)| format!("{a}={b}")).collect();
            words.push(format!("--traffic {}", quoted(&shares.join(" "))));
        }
    }
    words.push(format!("--resource-group {}", quoted(&step.group)));
    let of_workspace = !matches!(&step.action, Action::Ml(it) if it.command == "workspace create");
    if of_workspace {
        words.push(format!("--workspace-name {}", quoted(&step.workspace)));
    }
    words.push(format!("--subscription {}", argument(&step.subscription)));
    words.push("--output none".to_owned());
    let line = words.join(&format!(" \\\n{indent}  "));
    // A compute instance cannot be created over itself.
    let once = matches!(&step.action, Action::Ml(it) if it.class == "ComputeInstance");
    if once {
        let name = step.what.rsplit(' ').next().unwrap_or_default();
        let line = line.replace('\n', "\n  ");
        return format!(
            "step {what}\nif ! az ml compute show --name {} --resource-group {} --workspace-name {} --subscription {} --output none 2>/dev/null; then\n  {line}\nfi\n",
            quoted(name),
            quoted(&step.group),
            quoted(&step.workspace),
            argument(&step.subscription),
        );
    }
    format!("{indent}step {what}\n{indent}{line}\n")
}

fn argument(pieces: &[Part]) -> String {
    let parts: Vec<Part> = pieces
        .iter()
        .map(|it| match it {
            Part::Text(it) => Part::text(it),
            var @ Part::Var(_) => var.clone(),
        })
        .collect();
    word(&parts).unwrap_or_default()
}

/// An id as a URL: names as segments, `rest` as it is.
fn url(id: &[Part], rest: &str) -> String {
    let mut parts: Vec<Part> = id
        .iter()
        .map(|it| match it {
            Part::Text(it) => Part::Text(it.split('/').map(percent).collect::<Vec<_>>().join("/")),
            var @ Part::Var(_) => var.clone(),
        })
        .collect();
    parts.push(Part::text(rest));
    word(&parts).unwrap_or_default()
}

const HEAD: &str = "#!/usr/bin/env bash
# Creates the Machine Learning part of the design with the files beside it. What it stands on (storage, vaults,
# registries, networks, identities, role assignments) must be there already: run the template or deploy.sh first.
# Roles for identities that come into being here are theirs to give, so run them again afterwards.
# Safe to run twice. Names in angle brackets in the files are values that this script puts in.
#
# Usage: az login, then bash deploy-ml.sh [--jobs]     --jobs also submits the jobs of the design
";

const JOBS: &str = "jobs=''
[[ \"${1:-}\" != --jobs ]] || jobs=yes
";

const FOLDERS: &str = r#"readonly total
here="$(cd "$(dirname "${BASH_SOURCE[0]:-.}")" && pwd)"
readonly here
given=()
"#;

const OWN: &str = r#"
# exists WHAT ID: stops if it is not there, or may not be seen.
exists() {
  az rest --method get --url "$2" --output none 2>/dev/null || fail "missing: $1; run the template or deploy.sh first"
}

# absolute VARIABLE: takes a folder from here. The files are copied, so that it must not depend on where they are.
absolute() {
  [[ "${!1}" =~ ^(/|azureml:|[A-Za-z]:) ]] || printf -v "$1" '%s' "$PWD/${!1}"
}

# fill FILE: copies it with the values in the place of their names.
fill() {
  local text name value
  text="$(cat "$here/$1" && printf x)"
  text="${text%x}"
  for name in ${given[@]+"${given[@]}"}; do
    # YAML reads JSON's texts alike. What comes from outside is no name of a value.
    value="$(json_text "${!name}")"
    value="${value//</\\u003c}"
    text=${text//"<$name>"/"$value"}
  done
  printf '%s' "$text" >"$folder/$1"
}

# put WHAT ID FILE: creates or updates a resource as a template would, and waits until it is ready.
put() {
  local state
  step "$1"
  az rest --method put --url "$2" --body "@$3" --output none
  for _ in {1..240}; do
    state="$(az rest --method get --url "$2" --query properties.provisioningState --output tsv)"
    case "$state" in
      Succeeded | '') return ;;
      Failed | Canceled) fail "$1 ended as $state" ;;
    esac
    sleep 15
  done
  fail "$1 is not ready after an hour"
}
"#;

const SIGN_IN: &str = "
# --- Sign-in

command -v az >/dev/null || fail 'the Azure CLI is missing; see https://aka.ms/azure-cli'
az extension show --name ml --output none 2>/dev/null || fail 'the ml extension is missing; run az extension add --name ml'
";

const SIGNED_IN: &str =
    "subscription=\"${AZURE_SUBSCRIPTION_ID:-$(az account show --query id --output tsv)}\"
is_guid \"$subscription\" || fail 'not signed in; run az login first'
";

const FOLDER: &str = "
# --- Files

folder=\"$(mktemp -d)\"
readonly folder
trap 'rm -rf \"$folder\"' EXIT
";
