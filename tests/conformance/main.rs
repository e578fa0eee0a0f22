//! Cases from Azure's docs, run through the app's own kinds, facts and solvers.
//!
//! Without arguments it runs the cases of `tests/cases`; `network FILE…` and `identity FILE…` run others.
//! A line per case, then `N passed, N failed`; the exit code is 1 when a case fails.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a case that cannot be read ends the run, and says where"
)]
#![expect(
    clippy::unnecessary_fold,
    reason = "each phrase is taken out of the text, also those after the first that is found"
)]
#![expect(
    clippy::unnecessary_wraps,
    clippy::unused_self,
    clippy::ref_option,
    reason = "these stand among others of one form, which need it"
)]
#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "names of resources in cases, not of files"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use serde_json::Value;

mod identity;
#[path = "../it/identity_case.rs"]
mod identity_case;
mod network;
mod reader;

/// What became of a case.
pub(crate) enum Outcome {
    Passed,
    /// With what was passed over.
    PassedUnread(String),
    /// What was expected, and what came instead.
    Failed(String),
}

#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut count = Count::default();
    let mut read = true;
    match args.split_first() {
        Some((suite, files))
            if (suite == "network" || suite == "identity") && !files.is_empty() =>
        {
            for file in files {
                read &= run_file(suite, Path::new(file), false, &mut count);
            }
        }
        // `cargo test` hands its own arguments to every target.
        _ => {
            for suite in ["network", "identity"] {
                for file in files_of(&root.join(suite)) {
                    read &= run_file(suite, &file, true, &mut count);
                }
            }
        }
    }
    println!("{} passed, {} failed", count.passed, count.failed);
    if read && count.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|it| it.path()).collect();
    files.retain(|it| it.extension().is_some_and(|it| it == "json"));
    files.sort();
    files
}

/// Returns whether the file could be read as cases. `own`: it is one of ours, so its words are known.
fn run_file(suite: &str, file: &Path, own: bool, count: &mut Count) -> bool {
    let read = fs::read_to_string(file).map_err(|it| it.to_string());
    let json: Result<Value, String> =
        read.and_then(|it| serde_json::from_str(&it).map_err(|it| it.to_string()));
    let json = match json {
        Ok(it) => it,
        Err(why) => {
            println!("cannot read {}: {why}", file.display());
            return false;
        }
    };
    let Some(cases) = network::cases(&json) else {
        println!("cannot read {}: it holds no list of cases", file.display());
        return false;
    };
    for case in cases {
        let id = case.get("id").and_then(reader::text_of).unwrap_or_else(|| "?".to_owned());
        let outcome = match suite {
            "network" => network::run(case, own),
            _ => identity::run(case, own),
        };
        match outcome {
            Outcome::Passed => {
                count.passed += 1;
                println!("PASS {id}");
            }
            Outcome::PassedUnread(note) => {
                count.passed += 1;
                println!("PASS {id} ({note})");
            }
            Outcome::Failed(why) => {
                count.failed += 1;
                println!("FAIL {id} {why}");
            }
        }
    }
    true
}
