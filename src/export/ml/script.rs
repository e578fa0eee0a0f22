//! `deploy-ml.sh`: the files in the order in which they need each other, with the values that only Azure or the
//! user knows.

use std::fmt::Write;

use super::{Action, Form, SUBSCRIPTION, Step, TENANT, Writer};
use crate::export::{
    azure_cli::{
        END,
        functions::{ASK, FAIL, FORESEE, IS_GUID, IS_KEY, IS_MISSING, JSON_TEXT, STEP},
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
    out.push_str("\nset -euo pipefail\n\nwhat_if=no\n");
    out.push_str(if jobs.is_empty() { NO_JOBS } else { JOBS });
    let _ = writeln!(out, "total={}", resources.len());
    if !jobs.is_empty() {
        let _ = writeln!(out, "[[ \"$jobs\" == no ]] || total={}", steps.len());
    }
    out.push_str(START);
    out.extend([FAIL, STEP, IS_MISSING, IS_GUID, IS_KEY, ASK, JSON_TEXT, FORESEE, OWN]);
    if !jobs.is_empty() {
        out.push_str(BEGIN_JOB);
    }
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
        out.push_str("# --- Jobs, when asked for\n\nif [[ \"$jobs\" == yes ]]; then\n");
        for it in jobs {
            out.push_str(&command(it, "  "));
        }
        out.push_str("fi\n");
    }
    out.push_str(END);
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

/// Values that only the user knows, and those that Azure knows. With `--what-if` only ids are needed, for addresses.
fn values(writer: &Writer<'_>) -> String {
    let (mut asked, mut filled, mut read) = (String::new(), String::new(), String::new());
    for it in &writer.given {
        let name = &it.name;
        if [SUBSCRIPTION, TENANT].contains(&name.as_str()) {
            continue;
        }
        let what = quoted(&shown(&it.label));
        let _ = match &it.form {
            Form::Known(_) => Ok(()),
            Form::Guid => writeln!(asked, "ask {name} {what} guid"),
            Form::Text => writeln!(filled, "  ask {name} {what} text"),
            Form::Code => writeln!(filled, "  ask {name} {what} text\n  absolute {name}"),
            Form::Secret => writeln!(filled, "  ask {name} {what} secret"),
            Form::ClientId(id, version) => {
                let url = url(id, &format!("?api-version={version}"));
                writeln!(
                    read,
                    "  {name}=\"$(az rest --method get --url {url} --query properties.clientId --output tsv)\"\n  \
                     is_guid \"${name}\" || fail \"cannot read the\" {what}"
                )
            }
            Form::AccountKey(id, version) => {
                let url = url(id, &format!("/listKeys?api-version={version}"));
                writeln!(
                    read,
                    "  {name}=\"$(az rest --method post --url {url} --query 'keys[0].value' --output tsv)\"\n  \
                     is_key \"${name}\" || fail \"cannot read the\" {what}"
                )
            }
        };
    }
    let mut out = String::new();
    if !asked.is_empty() || !filled.is_empty() {
        out.push_str("\n# --- Values to give, in variables of these names or when asked\n\n");
        out.push_str(&asked);
        out.push_str(&unless_what_if(&filled));
    }
    if !read.is_empty() {
        out.push_str("\n# --- Values to read\n\n");
        out.push_str(&unless_what_if(&read));
    }
    out
}

/// Lines that are only run where something will be sent.
fn unless_what_if(lines: &str) -> String {
    if lines.is_empty() {
        return String::new();
    }
    format!("if [[ \"$what_if\" == no ]]; then\n{lines}fi\n")
}

fn checks(writer: &Writer<'_>) -> String {
    let mut out = String::new();
    for (what, id, version) in &writer.needed {
        let url = url(id, &format!("?api-version={version}"));
        let _ = writeln!(out, "needs {} \\\n  {url}", quoted(&shown(what)));
    }
    if out.is_empty() { out } else { format!("\n# --- What must be there already\n\n{out}") }
}

/// Copies of the files with all values in them, in a folder that nobody else can read.
fn files(writer: &Writer<'_>, steps: &[Step]) -> String {
    let mut lines = String::new();
    if !writer.given.is_empty() {
        let names: Vec<&str> = writer.given.iter().map(|it| it.name.as_str()).collect();
        let _ = writeln!(lines, "  given=({})", names.join(" "));
    }
    for it in steps {
        if !matches!(it.action, Action::Traffic { .. }) {
            let _ = writeln!(lines, "  fill {}", quoted(&it.name));
        }
        for it in &it.beside {
            let name = quoted(&it.name);
            let _ = writeln!(lines, "  cp \"$here\"/{name} \"$folder\"/{name}");
        }
    }
    let lines = unless_what_if(&lines);
    if lines.is_empty() { lines } else { format!("\n# --- Files\n\n{lines}") }
}

fn command(step: &Step, indent: &str) -> String {
    let what = quoted(&shown(&step.what));
    let file = format!("\"$folder\"/{}", quoted(&step.name));
    let id = step.id.as_ref().map(|(id, version)| url(id, &format!("?api-version={version}")));
    let id = id.map_or_else(String::new, |it| format!(" \\\n{indent}  {it}"));
    let mut words = Vec::new();
    match &step.action {
        Action::Put => return format!("{indent}put {what}{id} \\\n{indent}  {file}\n"),
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
    let line = words.join(&format!(" \\\n{indent}    "));
    let begin = match &step.action {
        // A compute instance cannot be created over itself.
        Action::Ml(it) if it.class == "ComputeInstance" => "begin_new",
        _ if step.job => "begin_job",
        _ => "begin",
    };
    format!("{indent}{begin} {what}{id} &&\n{indent}  {line}\n")
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
# Usage: az login, then bash deploy-ml.sh [--jobs] [--what-if]
# --jobs also submits the jobs of the design. --what-if reads only, and says what would be created or changed.
";

const JOBS: &str = r#"jobs=no
for it in "$@"; do
  case "$it" in
    --jobs) jobs=yes ;;
    --what-if) what_if=yes ;;
    *)
      printf 'Usage: bash deploy-ml.sh [--jobs] [--what-if]\n' >&2
      exit 2
      ;;
  esac
done
readonly what_if jobs
"#;

const NO_JOBS: &str = r#"for it in "$@"; do
  case "$it" in
    # The design has none.
    --jobs) ;;
    --what-if) what_if=yes ;;
    *)
      printf 'Usage: bash deploy-ml.sh [--what-if]\n' >&2
      exit 2
      ;;
  esac
done
readonly what_if
"#;

const START: &str = r#"readonly total
step=0
created=0
changed=0
kept=0
new_ones=
here="$(cd "$(dirname "${BASH_SOURCE[0]:-.}")" && pwd)"
readonly here
given=()
folder="$(mktemp -d)"
readonly folder
trap 'rm -rf "$folder"' EXIT
"#;

const OWN: &str = r#"
# begin_new WHAT ID: the same for what is left alone if it is there.
begin_new() {
  if exists "$2"; then
    step "$1"
    printf '  exists and stays as it is\n'
    kept=$((kept + 1))
    return 1
  fi
  begin "$1" "$2"
}

# needs WHAT ID: stops if it is not there, or may not be seen.
needs() {
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
  begin "$1" "$2" || return 0
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

const BEGIN_JOB: &str = r#"
# begin_job WHAT: the same for a job, which is a new one each time.
begin_job() {
  step "$1"
  [[ "$what_if" == yes ]] || return 0
  printf '  would be submitted\n'
  created=$((created + 1))
  return 1
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
