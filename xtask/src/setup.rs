//! Everything a bare machine lacks, installed once.
//!
//! Tools go into a cache folder of the project's own, outside the clone, under a name that holds
//! their version: a second clone finds them, and two branches that need two versions do not fight.

mod apt;
mod azure_cli;
mod chromium;
mod node;
mod rust_tools;
mod wasm_std;

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Result};

pub(crate) use azure_cli::azure_cli;
pub(crate) use chromium::{Browser, FLAGS, browser};
pub(crate) use node::{node, packages};

/// Installs all of it; the commands call the parts they need.
pub(crate) fn everything() -> Result<()> {
    wasm()?;
    packages()?;
    browser()?;
    shell_checkers()?;
    azure_cli().map(drop)
}

/// What a build for the browser needs, found.
pub(crate) struct Wasm {
    pub(crate) trunk: PathBuf,
    pub(crate) test_runner: PathBuf,
    /// The folder of `wasm-bindgen`, for trunk to find it in.
    bindgen_folder: PathBuf,
    /// A compiler that knows the target, where the usual one does not.
    rustc: Option<PathBuf>,
}

/// Sets up builds for the browser.
pub(crate) fn wasm() -> Result<Wasm> {
    let _alone = alone()?;
    let rustc = wasm_std::compiler()?;
    let trunk = rust_tools::trunk()?;
    let bindgen_folder = rust_tools::wasm_bindgen()?;
    rust_tools::crates()?;
    let test_runner = bindgen_folder.join(exe("wasm-bindgen-test-runner"));
    Ok(Wasm { trunk, test_runner, bindgen_folder, rustc })
}

impl Wasm {
    pub(crate) fn has_own_compiler(&self) -> bool {
        self.rustc.is_some()
    }

    /// Lets a command build for the browser.
    pub(crate) fn prepare<'a>(&self, command: &'a mut Command) -> Result<&'a mut Command> {
        if let Some(rustc) = &self.rustc {
            command.env("RUSTC", rustc);
        }
        let old = std::env::var_os("PATH").unwrap_or_default();
        let folders =
            std::iter::once(self.bindgen_folder.clone()).chain(std::env::split_paths(&old));
        let path: OsString = std::env::join_paths(folders).map_err(|error| error.to_string())?;
        Ok(command.env("PATH", path))
    }
}

/// `shellcheck` and `shfmt`, which read the exported scripts in tests.
pub(crate) fn shell_checkers() -> Result<()> {
    let _alone = alone()?;
    for (name, elsewhere) in [
        ("shellcheck", "brew install shellcheck, winget install koalaman.shellcheck"),
        ("shfmt", "brew install shfmt, winget install mvdan.shfmt"),
    ] {
        match process::on_path(name) {
            Some(file) => process::found(name, &file),
            None => apt::install(&[name], elsewhere)?,
        }
    }
    Ok(())
}

/// Lets one set-up at a time install things: two clones share the folder for tools. Ends when it is dropped.
fn alone() -> Result<File> {
    let folder = cache()?;
    create_folder(&folder)?;
    let path = folder.join("lock");
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::options().create(true).append(true).open(&path).map_err(|it| told(&it))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => println!("another set-up is running: waiting for it"),
        Err(TryLockError::Error(error)) => return Err(told(&error)),
    }
    file.lock().map_err(|it| told(&it))?;
    Ok(file)
}

/// The folder for tools: `DRAWBRIDGE_CACHE`, or `drawbridge` in the user's cache folder.
fn cache() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = set("DRAWBRIDGE_CACHE") {
        return Ok(folder);
    }
    let users = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        set("HOME").map(|home| home.join("Library/Caches"))
    } else {
        set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))
    };
    let users = users.ok_or("no home folder is set: set DRAWBRIDGE_CACHE to a folder for tools")?;
    Ok(users.join("drawbridge"))
}

/// A program's file name on this system.
fn exe(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

fn create_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)
        .map_err(|error| format!("creating {}: {error}", folder.display()))
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).map_err(|error| format!("writing {}: {error}", file.display()))
}
