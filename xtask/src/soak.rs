//! `cargo xtask soak`: what `test` does sixty times, often enough to meet rare moments.

use crate::process::{self, Result};
use crate::{dist, setup, test};

const KILLS: &str = "300";

pub(crate) fn run(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        return Err("usage: cargo xtask soak".to_owned());
    }
    setup::packages()?;
    dist::build(&setup::wasm()?)?;
    let mut command = test::playwright("story", &setup::browser()?)?;
    process::run(command.arg("saving-killed").env("DRAWBRIDGE_KILLS", KILLS))
}
