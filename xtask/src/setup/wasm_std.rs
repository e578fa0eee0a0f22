//! The standard library for `wasm32-unknown-unknown`.
//!
//! Where rustup can fetch it, that is one command. Where it cannot (a network that reaches package
//! registries only), Debian's package `rustc-web` brings a compiler with its library's source: the
//! library is built once and laid out as a toolchain folder in our cache. Only builds for the
//! browser use it; native builds stay with the usual toolchain.

use std::path::{Path, PathBuf};

use crate::process::{Result, found, output, program, run, step};

use super::{apt, cache, create_folder, write};

const TARGET: &str = "wasm32-unknown-unknown";
const NAME: &str = "standard library for wasm32-unknown-unknown";

/// Makes sure that the target can be built for. Returns the compiler to use when it is not the usual one.
pub(super) fn compiler() -> Result<Option<PathBuf>> {
    let usual = output(program("rustc").args(["--print", "sysroot"]))
        .map(PathBuf::from)
        .ok_or("rustc does not run")?;
    if has_std(&usual) {
        found(NAME, &usual);
        return Ok(None);
    }
    if let Some(compiler) = laid_out()? {
        return Ok(Some(compiler));
    }
    // Quick where it works, and quick to fail where it does not.
    let by_hand = format!("rustup target add {TARGET}");
    let added = step(&by_hand, || {
        let mut command = program("rustup");
        // One line of error is enough where another way follows.
        run(command
            .args(["target", "add", TARGET])
            .env("RUSTUP_MAX_RETRIES", "0")
            .env("RUST_BACKTRACE", "0"))
    });
    if added.is_ok() && has_std(&usual) {
        return Ok(None);
    }
    if !apt::debian() {
        return Err(format!("no {NAME}; where the network allows it, run: {by_hand}"));
    }
    if folder()?.is_none() {
        apt::install(&["rustc-web", "cargo-web", "rust-web-src"], &by_hand)?;
    }
    // The cache may be older than the packages: then the folder is whole again.
    if let Some(compiler) = laid_out()? {
        return Ok(Some(compiler));
    }
    let folder = folder()?.ok_or("Debian's rustc does not run")?;
    step(&format!("{NAME}, built from Debian's source"), || lay_out(&usual, &folder))?;
    Ok(Some(folder.join("bin/rustc")))
}

fn has_std(sysroot: &Path) -> bool {
    let folder = library_folder(sysroot);
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

fn library_folder(sysroot: &Path) -> PathBuf {
    sysroot.join("lib/rustlib").join(TARGET).join("lib")
}

const DEBIANS: &str = "/usr/bin/rustc";

/// Our toolchain folder for the version of Debian's compiler that is installed: a library and the
/// compiler that reads it must be of one build.
fn folder() -> Result<Option<PathBuf>> {
    let installed = ["/usr/bin/cargo", DEBIANS, "/usr/lib/rustlib/src/rust/library"];
    if !installed.iter().all(|it| Path::new(it).exists()) {
        return Ok(None);
    }
    let Some(version) = output(program(DEBIANS).arg("--version")) else { return Ok(None) };
    let package = output(program("dpkg-query").args(["-W", "-f", "${Version}", "rustc-web"]))
        .unwrap_or_default();
    let version: String = format!("{version} {package}")
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    Ok(Some(cache()?.join(format!("wasm-std-{version}"))))
}

/// The compiler in our folder, when everything in it is there, also what its links point to.
fn laid_out() -> Result<Option<PathBuf>> {
    let Some(folder) = folder()? else { return Ok(None) };
    let compiler = folder.join("bin/rustc");
    if !(has_std(&folder) && compiler.exists() && folder.join(host_lld()?).exists()) {
        return Ok(None);
    }
    found(NAME, &folder);
    Ok(Some(compiler))
}

/// Where a compiler looks for its own linker.
fn host_lld() -> Result<PathBuf> {
    Ok(Path::new("lib/rustlib").join(host()?).join("bin/rust-lld"))
}

/// The triple of this machine, which Debian's compiler shares with rustup's.
fn host() -> Result<String> {
    let verbose = output(program("rustc").arg("-vV")).ok_or("rustc does not run")?;
    let host = verbose.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "rustc names no host".to_owned())
}

/// Builds the library with Debian's compiler and lays out a toolchain around it.
fn lay_out(usual: &Path, folder: &Path) -> Result<()> {
    // A name of its own: a run that was stopped goes on where it was.
    let build = folder.with_extension("build");
    write_empty_crate(&build)?;
    let mut command = program("/usr/bin/cargo");
    command.current_dir(&build).args(["build", "--quiet", "--release", "--target", TARGET]);
    // `test` is what `cargo test` for the browser links against.
    command
        .args(["-Z", "build-std=std,panic_abort,test"])
        .arg("--target-dir")
        .arg(build.join("target"));
    // Bitcode lets builds with `lto = true` link against it.
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", DEBIANS)
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    for name in
        ["CARGO_ENCODED_RUSTFLAGS", "RUSTUP_TOOLCHAIN", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET"]
    {
        command.env_remove(name);
    }
    run(&mut command)?;

    let unfinished = folder.with_extension(std::process::id().to_string());
    let library = library_folder(&unfinished);
    create_folder(&library)?;
    let rlibs = build.join("target").join(TARGET).join("release/deps");
    for entry in std::fs::read_dir(&rlibs)
        .map_err(|error| format!("{}: {error}", rlibs.display()))?
        .flatten()
    {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            let to = library.join(&*name);
            std::fs::copy(entry.path(), &to).map_err(|error| format!("copying {name}: {error}"))?;
        }
    }

    let host = host()?;
    let host_folder = unfinished.join("lib/rustlib").join(&host);
    create_folder(&host_folder.join("bin"))?;
    link(&Path::new("/usr/lib/rustlib").join(&host).join("lib"), &host_folder.join("lib"))?;
    link(&usual.join(host_lld()?), &host_folder.join("bin/rust-lld"))?;
    create_folder(&unfinished.join("bin"))?;
    let script = format!("#!/bin/sh\nexec {DEBIANS} --sysroot '{}' \"$@\"\n", folder.display());
    let rustc = unfinished.join("bin/rustc");
    write(&rustc, &script)?;
    run(program("chmod").arg("+x").arg(&rustc))?;

    std::fs::remove_dir_all(&build).map_err(|error| format!("{}: {error}", build.display()))?;
    // A folder of that name is an incomplete one: `laid_out` has looked.
    if folder.exists() {
        std::fs::remove_dir_all(folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    std::fs::rename(&unfinished, folder).map_err(|error| format!("{}: {error}", folder.display()))
}

fn write_empty_crate(folder: &Path) -> Result<()> {
    create_folder(&folder.join("src"))?;
    write(
        &folder.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    write(&folder.join("src/lib.rs"), "")
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> Result<()> {
    std::os::unix::fs::symlink(to, at).map_err(|error| format!("linking {}: {error}", at.display()))
}

/// Debian is a Unix: nobody comes here.
#[cfg(not(unix))]
fn link(_to: &Path, at: &Path) -> Result<()> {
    Err(format!("no link at {}: this set-up is for Debian", at.display()))
}
