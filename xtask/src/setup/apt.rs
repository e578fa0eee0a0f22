//! Debian's packages, where we may install them.

use std::path::Path;
use std::sync::Once;

use crate::process::{Result, on_path, output, program, run, step};

/// Installs packages, or names the command that does. `elsewhere`: the commands of other systems.
pub(super) fn install(packages: &[&str], elsewhere: &str) -> Result<()> {
    let list = packages.join(" ");
    if !debian() {
        return Err(format!("missing: {list}. Install it and run this again ({elsewhere})"));
    }
    if !root() {
        return Err(format!(
            "missing: {list}. Install it and run this again:\n  sudo apt-get install --no-install-recommends {list}"
        ));
    }
    update();
    step(&format!("apt-get install {list}"), || {
        let mut command = program("apt-get");
        command.args([
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "-o",
            "DPkg::Lock::Timeout=600",
        ]);
        command.args(["-o", "Dpkg::Use-Pty=0"]).args(packages);
        run(command.env("DEBIAN_FRONTEND", "noninteractive").stdout(std::process::Stdio::null()))
    })
}

/// Whether `install` would install rather than name a command.
pub(super) fn can_install() -> bool {
    debian() && root()
}

/// Debian itself: what other distributions call `chromium` or `rustc-web` is something else or missing.
pub(super) fn debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line == "ID=debian") && on_path("apt-get").is_some()
}

fn root() -> bool {
    Path::new("/usr/bin/id").exists() && output(program("id").arg("-u")).as_deref() == Some("0")
}

/// Once per run. A failure shows at the install that follows, unless the old lists do.
fn update() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let updated = step("apt-get update", || {
            run(program("apt-get").args(["update", "-qq", "-o", "DPkg::Lock::Timeout=600"]))
        });
        if let Err(message) = updated {
            println!("{message}; going on with the package lists that are there");
        }
    });
}
