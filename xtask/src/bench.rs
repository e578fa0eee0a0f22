//! `cargo xtask bench`: the native benchmarks of benches/, then timings of the shipped app in Chromium.

use crate::process::{self, Result, cargo, step};
use crate::{dist, setup, test};

pub(crate) fn run(args: &[String]) -> Result<()> {
    let (native, browser) = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => (true, true),
        ["native"] => (true, false),
        ["browser"] => (false, true),
        _ => return Err("usage: cargo xtask bench [native|browser]".to_owned()),
    };
    if native {
        step("native benchmarks", || process::run(cargo().args(["bench", "--quiet"])))?;
    }
    if browser {
        let tools = setup::wasm()?;
        setup::packages()?;
        let browser = setup::browser()?;
        dist::build(&tools)?;
        step("timings in Chromium", || process::run(&mut test::playwright("timing", &browser)?))?;
    }
    Ok(())
}
