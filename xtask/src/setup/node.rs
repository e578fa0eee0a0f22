//! Node.js and the packages of package-lock.json: Playwright, and binaryen's `wasm-opt`.

use std::process::Command;

use crate::parse::version_in;
use crate::process::{Result, found, npm, on_path, output, program, root, run, step};

use super::{apt, write};

/// What Playwright asks for.
const OLDEST: u64 = 20;

/// Node, started in the project's top folder.
pub(crate) fn node() -> Command {
    program("node")
}

/// Node itself, then `npm ci` unless the packages are those of package-lock.json already.
pub(crate) fn packages() -> Result<()> {
    let elsewhere = "https://nodejs.org, brew install node, winget install OpenJS.NodeJS.LTS";
    let version = || output(node().arg("--version")).as_deref().and_then(version_in);
    if version().is_none() {
        apt::install(&["nodejs", "npm"], elsewhere)?;
    }
    match (version(), on_path("node")) {
        (Some((major, ..)), Some(file)) if major >= OLDEST => found("Node.js", &file),
        _ => return Err(format!("Node.js {OLDEST} or newer is needed ({elsewhere})")),
    }
    let lock = root().join("package-lock.json");
    let lock =
        std::fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    let modules = root().join("node_modules");
    let stamp = modules.join(".installed-lock.json");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        found("npm packages", &modules);
        return Ok(());
    }
    step("npm ci", || {
        // Browsers are this program's own concern.
        run(npm()
            .args(["ci", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))
    })?;
    write(&stamp, &lock)
}
