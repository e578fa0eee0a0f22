//! Trunk and wasm-bindgen's command line, built from crates.io.

use std::path::{Path, PathBuf};

use crate::parse::{Version, fits, locked_version, version_in};
use crate::process::{Result, cargo, found, on_path, output, program, root, run, step};

use super::{cache, create_folder, exe};

const TRUNK: &str = "0.21.14";

/// Trunk's program: the one on PATH when its version fits, else our own.
pub(super) fn trunk() -> Result<PathBuf> {
    let want = version_in(TRUNK).ok_or("no version of trunk")?;
    let name = format!("trunk {TRUNK}");
    let own = cache()?.join(format!("trunk-{TRUNK}"));
    let file = own.join("bin").join(exe("trunk"));
    for file in [Some(file.clone()), on_path("trunk")].into_iter().flatten() {
        if version_of(&file).is_some_and(|have| fits(have, want)) {
            found(&name, &file);
            return Ok(file);
        }
    }
    step(&format!("{name} (cargo install, minutes)"), || {
        // It starts others and copies files, always offline: no TLS, and no optimizing, which halves the wait.
        install("trunk", TRUNK, &["--no-default-features"], "0", &own)
    })?;
    Ok(file)
}

/// The crates of the browser build, downloaded: trunk builds offline, and a bare machine has none of
/// them yet. For every target, since build scripts and macros are built for this machine.
pub(super) fn crates() -> Result<()> {
    run(cargo().args(["fetch", "--quiet", "--locked"]))
        .map_err(|message| format!("{message}; the crates of Cargo.lock must be downloaded once"))
}

/// The folder of wasm-bindgen's programs, of exactly the version that Cargo.lock holds of the
/// crate: the two halves refuse to work together otherwise.
pub(super) fn wasm_bindgen() -> Result<PathBuf> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let want = locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock holds no wasm-bindgen")?;
    let name = format!("wasm-bindgen {want}");
    let own = cache()?.join(format!("wasm-bindgen-{want}"));
    let folder = own.join("bin");
    let on_path = on_path("wasm-bindgen").and_then(|file| file.parent().map(PathBuf::from));
    for folder in [Some(folder.clone()), on_path].into_iter().flatten() {
        let all_there = ["wasm-bindgen", "wasm-bindgen-test-runner"]
            .iter()
            .all(|tool| version_of(&folder.join(exe(tool))) == version_in(want));
        if all_there {
            found(&name, &folder);
            return Ok(folder);
        }
    }
    step(&format!("{name} (cargo install, minutes)"), || {
        // It rewrites some 30 MB of wasm for each development build.
        install("wasm-bindgen-cli", want, &[], "1", &own)
    })?;
    Ok(folder)
}

fn version_of(file: &Path) -> Option<Version> {
    version_in(&output(program(file).arg("--version"))?)
}

/// `cargo install` into a folder, first with the crate's own lock file, then without: a registry
/// may lack one of the versions in it.
fn install(
    package: &str,
    version: &str,
    options: &[&str],
    opt_level: &str,
    into: &Path,
) -> Result<()> {
    create_folder(into)?;
    // Kept until the end, so that a run that was stopped goes on where it was.
    let build = into.join("build");
    let attempt = |locked: &[&str]| {
        let mut command = cargo();
        // Not in the project: its .cargo/config.toml is not meant for tools.
        command.current_dir(into).args(["install", package, "--version", version, "--quiet"]);
        command.args(options).args(locked).arg("--root").arg(into).arg("--target-dir").arg(&build);
        // Their own release profiles link for minutes to win seconds.
        command
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", opt_level).env("CARGO_INCREMENTAL", "0");
        for name in ["CARGO_BUILD_TARGET", "CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS", "RUSTC"] {
            command.env_remove(name);
        }
        run(&mut command)
    };
    attempt(&["--locked"]).or_else(|message| {
        println!("{message}; once more without --locked");
        attempt(&[])
    })?;
    std::fs::remove_dir_all(&build).map_err(|error| format!("{}: {error}", build.display()))
}
