//! `cargo xtask fuzz`: arbitrary designs and links, for as long as told.

use crate::process::{self, Result, cargo, root};

const USAGE: &str = "usage: cargo xtask fuzz [--minutes N] [--seed N] [--input N]";

pub(crate) fn run(args: &[String]) -> Result<()> {
    for pair in args.chunks(2) {
        let known = matches!(pair, [flag, value] if
            ["--minutes", "--seed", "--input"].contains(&flag.as_str()) && value.parse::<u64>().is_ok());
        if !known {
            return Err(USAGE.to_owned());
        }
    }
    let mut command = cargo();
    command.args(["test", "--quiet", "--profile", "fuzz", "--test", "fuzz"]);
    command.arg("--manifest-path").arg(root().join("Cargo.toml"));
    process::run(command.arg("--").args(args))
}
