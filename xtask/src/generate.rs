//! `cargo xtask generate`: a realistic design of any size, by the native program.

use std::process::ExitCode;

use crate::process::{self, Result, cargo, root};

pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    if args.is_empty() {
        return Err("usage: cargo xtask generate N [--link|--out FILE]".to_owned());
    }
    let mut command = cargo();
    command.args(["run", "--quiet", "--bin", "drawbridge"]);
    command.arg("--manifest-path").arg(root().join("Cargo.toml"));
    command.args(["--", "generate"]).args(args);
    // A file is named from the folder where the command was typed.
    let here = std::env::current_dir().map_err(|error| error.to_string())?;
    process::run(command.current_dir(here))?;
    Ok(ExitCode::SUCCESS)
}
