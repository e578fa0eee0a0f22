//! `cargo xtask hostile`: every string of a file through every exporter, in every text field.
//!
//! The judge is test code (`tests/it/exports/hostile.rs`), which needs bash; this starts it with the
//! file, and closes with its line `N passed, N failed`.

use std::{path::PathBuf, process::ExitCode};

use crate::process::{Result, cargo, run_and_read};

pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    let [file] = args else {
        return Err("usage: cargo xtask hostile FILE".to_owned());
    };
    // The tests start in the project's folder; the name was typed in another one.
    let file = PathBuf::from(file);
    let file = file.canonicalize().map_err(|error| format!("{}: {error}", file.display()))?;
    let mut command = cargo();
    command
        .args(["test", "--quiet", "--test", "it", "--", "--exact", "--nocapture"])
        .arg("exports::hostile::every_string_of_the_file_stays_data_in_every_field")
        .env("DRAWBRIDGE_HOSTILE", file);
    let (text, status) = run_and_read(&mut command)?;
    let Some(count) = text.lines().find(|it| it.contains(" passed, ")) else {
        return Err("the tests ended without a count".to_owned());
    };
    println!("{count}");
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
