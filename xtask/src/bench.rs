//! `cargo xtask bench`: the native benchmarks of benches/, then timings of the shipped app in Chromium.

use crate::process::{self, Result, cargo, output, root, step};
use crate::{dist, setup, test};

/// Links that the timings of the drawing and of reports open.
fn links() -> Result<()> {
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for size in ["100", "300", "1000", "10000"] {
        let mut generate = cargo();
        generate.args(["run", "--quiet", "--release", "--bin", "drawbridge", "--", "generate"]);
        let link = output(generate.args([size, "--link"])).ok_or("no link was generated")?;
        let file = folder.join(format!("{size}.link"));
        std::fs::write(&file, link).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

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
        step("benchmarks in Chromium", || {
            let mut benches = test::in_chromium("bench", &tools, &browser)?;
            benches.args(["--profile", "wasm-release", "--", "--nocapture"]);
            benches.env("WASM_BINDGEN_TEST_TIMEOUT", "600");
            process::run(tools.prepare(&mut benches)?)
        })?;
        dist::build(&tools)?;
        step("designs of 100 to 10,000 resources", links)?;
        step("timings in Chromium", || process::run(&mut test::playwright("timing", &browser)?))?;
    }
    Ok(())
}
