//! The Azure CLI, from `PyPI`, in a folder of its own.
//!
//! Docs: "Install Azure CLI on Linux" (cli/azure/install-azure-cli-linux).

use std::path::{Path, PathBuf};

use crate::parse::version_in;
use crate::process::{Result, found, on_path, output, program, run, step};

use super::{alone, apt, cache, create_folder, write};

/// The version that the exports are tried with. It names each of the packages that it needs in one version.
const VERSION: &str = "2.91.0";

/// What that version asks of Python.
const PYTHON: (u64, u64, u64) = (3, 10, 0);

/// Makes sure that the client is there. Returns the Python that has it.
pub(crate) fn azure_cli() -> Result<PathBuf> {
    let _alone = alone()?;
    let folder = cache()?.join(format!("azure-cli-{VERSION}"));
    let python = folder.join("bin/python");
    // Written last: a run that was stopped starts again.
    let whole = folder.join("whole");
    if whole.exists() {
        found("Azure CLI", &folder);
        return Ok(python);
    }
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    create_folder(&folder)?;
    environment(&folder)?;
    step(&format!("Azure CLI {VERSION} from PyPI"), || {
        let mut pip = program(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        run(pip.arg(format!("azure-cli=={VERSION}")))
    })?;
    write(&whole, "")?;
    Ok(python)
}

/// An empty Python environment; on Debian the module that makes them is a package of its own.
fn environment(folder: &Path) -> Result<()> {
    let make = || {
        let python = on_path("python3").ok_or("no python3")?;
        let version = output(program(&python).arg("--version")).unwrap_or_default();
        if version_in(&version).is_none_or(|it| it < PYTHON) {
            return Err(format!("{} is {version}", python.display()));
        }
        run(program(&python).args(["-m", "venv"]).arg(folder))
    };
    make().or_else(|message: String| {
        println!("{message}; the Azure CLI needs Python 3.10 or newer with its module venv");
        apt::install(&["python3-venv"], "brew install python")?;
        make()
    })
}
