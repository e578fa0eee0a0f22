//! Runs exported scripts with real bash and a stand-in for `az` that notes what it is called with.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use drawbridge::export::File;

/// Notes every call, NUL between arguments and a line `--` of its own after each call, with the content of files that
/// are handed over; answers what the scripts ask for. `AZ_REFUSES` is the answer to all that looks or deletes.
const AZ: &str = r#"#!/bin/sh
method= url= query= has_query=
for it in "$@"; do
  case "$previous" in
    --method) method=$it ;;
    --url) url=$it ;;
    --query) query=$it has_query=1 ;;
    --body)
      case "$it" in @*) cp "${it#@}" "$RECORD.body" ;; esac ;;
    --file) cp "$it" "$RECORD.body" ;;
  esac
  previous=$it
  printf '%s\0' "$it" >>"$RECORD"
done
if [ -f "$RECORD.body" ]; then
  { printf -- '--body-of-file\0'; cat "$RECORD.body"; printf '\0'; } >>"$RECORD"
  rm "$RECORD.body"
fi
printf '\n--\n\0' >>"$RECORD"
case "$query" in
  *[iI]d) echo 6f1e2d3c-aaaa-4bbb-8ccc-0123456789ab ;;
  keys*) echo a2V5 ;;
  nameAvailable) echo true ;;
  *provisioningState) case "$url" in */accessPolicies/*) ;; *) echo Succeeded ;; esac ;;
  *traffic) echo '{"live": 100}' ;;
  'length(value)') echo 0 ;;
esac
case "$method $url" in
  'get '*/accessPolicies/*) echo 'ERROR: Method Not Allowed' >&2; exit 1 ;;
esac
case "$method" in
  get | delete) if [ -n "$AZ_REFUSES" ]; then echo "ERROR: $AZ_REFUSES" >&2; exit 1; fi ;;
esac
if [ -n "$AZ_MISSES" ]; then
  case "$method $url" in "get "*"$AZ_MISSES"*) echo 'ERROR: Not Found' >&2; exit 1 ;; esac
fi
if [ -z "$has_query" ]; then
  case "$* " in 'extension show '*) ;; *' show '*) exit 3 ;; esac
  case "$method $url" in 'get '*/computes/*) echo 'ERROR: Not Found' >&2; exit 1 ;; esac
  case "$method" in
    delete) printf '%s\n' "$url" >>"$RECORD.deleted" ;;
    get) if grep -qxF -e "$url" "$RECORD.deleted" 2>/dev/null; then echo 'ERROR: Not Found' >&2; exit 1; fi ;;
  esac
fi
exit 0
"#;

/// The same as a function, which bash reads before the script: a call costs no process, so that
/// thousands of calls can be made.
const AZ_FUNCTION: &str = r#"declare -A deleted_by_az=()
az() {
  local it previous='' method='' url='' query='' body='' has_query=''
  for it in "$@"; do
    case "$previous" in
      --method) method=$it ;;
      --url) url=$it ;;
      --query) query=$it has_query=1 ;;
      --body) case "$it" in @*) body=${it#@} ;; esac ;;
      --file) body=$it ;;
    esac
    previous=$it
  done
  {
    printf '%s\0' "$@"
    if [[ "$body" ]]; then
      IFS= read -r -d '' body <"$body" || true
      printf '%s\0' --body-of-file "$body"
    fi
    printf '\n--\n\0'
  } >>"$RECORD"
  case "$query" in
    *[iI]d) echo 6f1e2d3c-aaaa-4bbb-8ccc-0123456789ab ;;
    keys*) echo a2V5 ;;
    nameAvailable) echo true ;;
    *provisioningState) case "$url" in */accessPolicies/*) ;; *) echo Succeeded ;; esac ;;
    *traffic) echo '{"live": 100}' ;;
    'length(value)') echo 0 ;;
  esac
  if [[ "$method $url" == 'get '*/accessPolicies/* ]]; then
    echo 'ERROR: Method Not Allowed' >&2
    return 1
  fi
  if [[ ! "$has_query" ]]; then
    case "$* " in 'extension show '*) ;; *' show '*) return 3 ;; esac
    if [[ "$method $url" == 'get '*/computes/* ]]; then
      echo 'ERROR: Not Found' >&2
      return 1
    fi
    case "$method" in
      delete) deleted_by_az[$url]=1 ;;
      get)
        if [[ -v 'deleted_by_az[$url]' ]]; then
          echo 'ERROR: Not Found' >&2
          return 1
        fi
        ;;
    esac
  fi
  return 0
}
"#;

/// Whether `az` tries to put the content of a file in the place of an argument: `@name`, `key=@name`
/// (azure-cli-core, `_expand_file_prefixed_files`).
pub(crate) fn az_reads_a_file(argument: &str) -> bool {
    let value = argument.split_once('=').map_or(argument, |(_, it)| it);
    value.starts_with('@') && value.len() > 1
}

/// One call of `az`: its arguments.
pub(crate) type Call = Vec<String>;

pub(crate) struct Run {
    pub ok: bool,
    pub out: String,
    pub calls: Vec<Call>,
    /// Names of files that the script left in its folder.
    pub left: Vec<String>,
}

pub(crate) enum How {
    File,
    /// Under `LC_ALL=C`.
    PlainLocale,
    /// The script itself through standard input.
    Stdin,
}

/// What stands in for `az`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Az {
    /// A program on PATH.
    Program,
    /// A function, which is a hundred times faster.
    Function,
}

/// Lies in the folder of the script and in HOME, for whatever reads files uninvited.
const CANARY: (&str, &str) = ("DRAWBRIDGE_CANARY.txt", "DRAWBRIDGE_SECRET");

static NUMBER: AtomicU32 = AtomicU32::new(0);

fn folder() -> PathBuf {
    let n = NUMBER.fetch_add(1, Ordering::Relaxed);
    let it =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("scripts-{}-{n}", std::process::id()));
    fs::create_dir_all(it.join("bin")).unwrap();
    fs::create_dir_all(it.join("empty")).unwrap();
    it
}

/// Runs a script in an empty folder; what it asks for is in `values`.
pub(crate) fn run(script: &File, values: &BTreeMap<String, String>, how: &How, az: Az) -> Run {
    run_beside(script, &[], &[], values, how, az)
}

/// The same with arguments, and files beside the script.
pub(crate) fn run_beside(
    script: &File,
    beside: &[File],
    arguments: &[&str],
    values: &BTreeMap<String, String>,
    how: &How,
    az: Az,
) -> Run {
    let folder = folder();
    // Through standard input a script has no folder but the current one.
    for folder in [&folder, &folder.join("empty")] {
        for it in beside {
            fs::write(folder.join(&it.name), &it.text).unwrap();
        }
    }
    let stub = folder.join(if az == Az::Program { "bin/az" } else { "az-function" });
    fs::write(&stub, if az == Az::Program { AZ } else { AZ_FUNCTION }).unwrap();
    fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).unwrap();
    for home in [&folder, &folder.join("empty")] {
        fs::write(home.join(CANARY.0), CANARY.1).unwrap();
    }
    let path = folder.join("script.sh");
    fs::write(&path, &script.text).unwrap();
    let record = folder.join("record");
    fs::write(&record, "").unwrap();

    let mut command = Command::new("bash");
    command
        .current_dir(folder.join("empty"))
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", folder.join("bin").display()))
        .env("HOME", &folder)
        .env("TMPDIR", &folder)
        .env("RECORD", &record)
        .envs(values)
        .envs((az == Az::Function).then_some(("BASH_ENV", &stub)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    match how {
        How::Stdin => command.arg("-s").arg("--").stdin(Stdio::piped()),
        How::File => command.arg(&path).stdin(Stdio::null()),
        How::PlainLocale => command.arg(&path).env("LC_ALL", "C").stdin(Stdio::null()),
    };
    if script.name == "teardown.sh" && arguments.is_empty() {
        command.arg("--yes");
    }
    command.args(arguments);
    let mut child = command.spawn().unwrap();
    if let Some(mut stdin) = child.stdin.take() {
        // A script that stops early closes its input.
        let _ = stdin.write_all(script.text.as_bytes());
    }
    let output = child.wait_with_output().unwrap();
    let record = String::from_utf8(fs::read(&record).unwrap()).unwrap();
    let mut calls = Vec::new();
    let mut call: Call = Vec::new();
    for argument in record.split_terminator('\0') {
        if argument == "\n--\n" {
            calls.push(std::mem::take(&mut call));
        } else {
            call.push(argument.to_owned());
        }
    }
    let left = fs::read_dir(folder.join("empty"))
        .unwrap()
        .map(|it| it.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|it| it != CANARY.0 && beside.iter().all(|file| file.name != *it))
        .collect();
    assert!(!record.contains(CANARY.1), "a file was read into an argument");
    let out = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(!out.contains(CANARY.1), "a file was read into what is printed");
    fs::remove_dir_all(&folder).unwrap();
    Run { ok: output.status.success(), out, calls, left }
}

/// Values for everything that the script asks for: GUIDs, and one with all that needs quoting.
pub(crate) fn answers(script: &File) -> BTreeMap<String, String> {
    script
        .text
        .lines()
        .filter_map(|it| it.trim_start().strip_prefix("ask "))
        .map(|it| {
            let (name, rest) = it.split_once(' ').unwrap();
            let value = if rest.ends_with("guid") {
                "6f1e2d3c-aaaa-4bbb-8ccc-0123456789ab"
            } else {
                "a \"b\" 'c' \\ $(d)\nエ"
            };
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

/// Runs a checker on a script and returns what it finds.
pub(crate) fn checked(tool: &str, arguments: &[&str], script: &str) -> String {
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|_| panic!("{tool} is missing; run: sudo apt-get install --yes {tool}"));
    // A checker that stops early closes its input.
    let _ = child.stdin.take().unwrap().write_all(script.as_bytes());
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        return String::new();
    }
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}
