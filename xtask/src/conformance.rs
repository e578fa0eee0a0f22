//! `cargo xtask conformance`: case files judged by the product's own solvers.
//!
//! The reader of each case format is test code, so it lives in a test program of its own
//! (`tests/conformance.rs`, no harness), which prints a line per case and closes with
//! `N passed, N failed`. This only starts it.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::process::{Result, cargo, run_and_read};

pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    let Some((kind, files)) = args.split_first().filter(|(_, files)| !files.is_empty()) else {
        return Err("usage: cargo xtask conformance network|identity FILE…".to_owned());
    };
    if !["network", "identity"].contains(&kind.as_str()) {
        return Err(format!("`{kind}` is neither `network` nor `identity`"));
    }
    let mut command = cargo();
    command.args(["test", "--quiet", "--test", "conformance", "--", kind]);
    for file in files {
        // The program starts in the project's folder; the names were typed in another one.
        let file = PathBuf::from(file);
        command.arg(file.canonicalize().map_err(|error| format!("{}: {error}", file.display()))?);
    }
    let (_, status) = run_and_read(&mut command)?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
