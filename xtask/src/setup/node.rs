//! Node.js and the packages of package-lock.json: Playwright, and binaryen's `wasm-opt`.

use std::process::Command;

use crate::parse::version_in;
use crate::process::{Result, found, npm, on_path, output, program, root, run, step};

use super::{apt, write};

/// What Playwright asks for.
const OLDEST: u64 = 18;

/// Node, started in the project's top folder.
pub(crate) fn node() -> Command {
    program("node")
}

/// Node itself, then `npm ci` unless the packages are those of package-lock.json already.
pub(crate) fn packages() -> Result<()> {
    let elsewhere = "https://nodejs.org, brew install node, winget install OpenJS.NodeJS.LTS";
    match output(node().arg("--version")).as_deref().and_then(version_in) {
        None => apt::install(&["nodejs", "npm"], elsewhere)?,
        Some((major, ..)) if major < OLDEST => {
            return Err(format!(
                "Node.js {major} is too old, {OLDEST} or newer is needed ({elsewhere})"
            ));
        }
        Some(_) => {
            if let Some(file) = on_path("node") {
                found("Node.js", &file);
            }
        }
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
