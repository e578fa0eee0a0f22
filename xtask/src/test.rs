//! `cargo xtask test`: every test of the project, cheapest first, stopping at the first step that fails.

use std::net::TcpListener;
use std::process::{Command, ExitCode};

use crate::parse::{Tally, cargo_tally, closing_tally, playwright_tally};
use crate::process::{self, Clock, Result, cargo, root, run_and_read, step};
use crate::setup::{self, Browser, FLAGS, Wasm};
use crate::{dist, setup::node};

/// Prints `N passed, N failed` as the last line, whatever happens. A step that fails without a
/// failed test (a lint, a build, a set-up) counts as one failure.
pub(crate) fn run(args: &[String]) -> Result<ExitCode> {
    let sorts: &[&str] = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => &["native", "az", "wasm", "e2e"],
        ["native"] => &["native"],
        ["az"] => &["az"],
        ["wasm"] => &["wasm"],
        ["e2e"] => &["e2e"],
        _ => return Err("usage: cargo xtask test [native|az|wasm|e2e]".to_owned()),
    };
    let clock = Clock::start();
    let mut tally = Tally::default();
    let outcome = all(&mut tally, sorts);
    if let Err(message) = &outcome {
        if tally.failed == 0 {
            tally.failed = 1;
        }
        println!("==> stopped: {message}");
    }
    println!("==> test ... {clock}");
    println!("{tally}");
    Ok(if outcome.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn all(tally: &mut Tally, sorts: &[&str]) -> Result<()> {
    let [native, az, wasm, e2e] = ["native", "az", "wasm", "e2e"].map(|it| sorts.contains(&it));
    if native {
        native_tests(tally)?;
    }
    if az {
        scripts_with_the_azure_cli(tally)?;
    }
    if !(wasm || e2e) {
        return Ok(());
    }
    let tools = setup::wasm()?;
    setup::packages()?;
    let browser = setup::browser()?;
    if wasm {
        wasm_tests(tally, &tools, &browser)?;
    }
    if e2e {
        dist::build(&tools)?;
        let mut tests = playwright("story", &browser)?;
        counted("Playwright on dist/", tally, &mut tests, playwright_tally)?;
    }
    Ok(())
}

fn native_tests(tally: &mut Tally) -> Result<()> {
    step("rustfmt", || process::run(cargo().args(["fmt", "--all", "--check"])))?;
    step("clippy", || {
        let mut lint = cargo();
        lint.args(["clippy", "--quiet", "--workspace", "--lib", "--bins", "--test", "it"]);
        lint.args(["--test", "conformance"]);
        process::run(lint.args(["--", "-D", "warnings"]))
    })?;
    step("core without the browser's crates", || {
        process::run(cargo().args(["check", "--quiet", "--no-default-features", "--lib"]))
    })?;
    setup::shell_checkers()?;
    // Every test program runs, so that the tally is whole.
    let mut tests = cargo();
    tests.args(["test", "--quiet", "--workspace", "--no-fail-fast"]);
    counted("native tests", tally, &mut tests, cargo_tally)
}

/// The exported scripts, run by the client that they are made for.
fn scripts_with_the_azure_cli(tally: &mut Tally) -> Result<()> {
    let python = setup::azure_cli()?;
    let mut tests = cargo();
    tests.args(["test", "--quiet", "--test", "az", "--"]).arg(python);
    counted("scripts with the Azure CLI", tally, &mut tests, closing_tally)
}

/// The app is behind a feature that native lints do not switch on. Nothing where the compiler for the browser is
/// another than the one that clippy belongs to: it could not read the other's libraries.
fn lint_the_app(tools: &Wasm) -> Result<()> {
    if tools.has_own_compiler() {
        println!("==> clippy of the app ... left out: another compiler builds it here");
        return Ok(());
    }
    step("clippy of the app", || {
        let mut lint = cargo();
        lint.args(["clippy", "--quiet", "--bin", "drawbridge-app"]);
        lint.args(["--target", "wasm32-unknown-unknown"]);
        lint.args(["--no-default-features", "--features", "app"]);
        process::run(lint.args(["--", "-D", "warnings"]))
    })
}

fn wasm_tests(tally: &mut Tally, tools: &Wasm, browser: &Browser) -> Result<()> {
    lint_the_app(tools)?;
    let mut tests = in_chromium("browser", tools, browser)?;
    tests.env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    counted("wasm tests in Chromium", tally, tools.prepare(&mut tests)?, cargo_tally)
}

/// A test program of the app, in Chromium.
pub(crate) fn in_chromium(program: &str, tools: &Wasm, browser: &Browser) -> Result<Command> {
    let settings = root().join("target/webdriver.json");
    write_settings(&settings, browser)?;
    let mut tests = cargo();
    tests.args([
        "test",
        "--target",
        "wasm32-unknown-unknown",
        "--no-default-features",
        "--features",
        "app",
    ]);
    tests.args(["--test", program]);
    tests.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &tools.test_runner);
    tests.env("CHROMEDRIVER", &browser.driver).env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings);
    Ok(tests)
}

/// Capabilities for the driver: which browser, started how.
fn write_settings(file: &std::path::Path, browser: &Browser) -> Result<()> {
    // `{:?}` writes a Rust string; for paths and flags that is a JSON string too.
    let text = format!(
        "{{\"goog:chromeOptions\": {{\"binary\": {:?}, \"args\": {FLAGS:?}}}}}\n",
        browser.chromium.display().to_string()
    );
    let written =
        std::fs::create_dir_all(root().join("target")).and_then(|()| std::fs::write(file, text));
    written.map_err(|error| format!("{}: {error}", file.display()))
}

/// Playwright on one of the projects of playwright.config.ts, with the browser that was found.
pub(crate) fn playwright(project: &str, browser: &Browser) -> Result<Command> {
    // A free port, so that two runs on one machine do not meet.
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|it| it.local_addr())
        .map_err(|error| error.to_string())?
        .port();
    let mut command = node();
    command.args(["node_modules/@playwright/test/cli.js", "test"]);
    // One word: what follows a bare `--project` counts as further projects.
    command.arg(format!("--project={project}"));
    command.env("CHROMIUM", &browser.chromium).env("CHROMIUM_FLAGS", FLAGS.join(" "));
    command.env("DIST_PORT", port.to_string());
    Ok(command)
}

/// A step that runs tests: adds what they say to the tally, fails if they do or if there were none.
fn counted(
    name: &str,
    tally: &mut Tally,
    command: &mut Command,
    read: impl Fn(&str) -> Tally,
) -> Result<()> {
    step(name, || {
        let (output, status) = run_and_read(command)?;
        let counted = read(&output);
        tally.add(counted);
        println!("==> {name}: {counted}");
        match counted {
            Tally { failed: 0, .. } if !status.success() => {
                Err(format!("{name}: ended with {status}"))
            }
            Tally { passed: 0, failed: 0 } => Err(format!("{name}: no test ran")),
            Tally { failed: 0, .. } => Ok(()),
            Tally { failed, .. } => Err(format!("{name}: {failed} failed")),
        }
    })
}
