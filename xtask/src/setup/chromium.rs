//! Chromium, its driver, and glyphs for Japanese.

use std::path::{Path, PathBuf};

use crate::process::{Result, found, npm, on_path, output, program, run, step};

use super::{alone, apt, cache, create_folder, exe, node, packages};

/// For a browser that shows one local page to a test: no sandbox (tests run as root in
/// containers), and none of the calls home that a closed network refuses by the hundred.
pub(crate) const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

/// A browser with the driver of the same version: the system's, else Debian's, else Playwright's.
pub(crate) fn browser() -> Result<Browser> {
    let _alone = alone()?;
    let browser = match installed() {
        Some(browser) => {
            found("Chromium", &browser.chromium);
            browser
        }
        None if apt::can_install() => {
            apt::install(&["chromium", "chromium-driver"], "")?;
            installed().ok_or("Debian's chromium is installed and yet not found")?
        }
        None => playwrights()?,
    };
    japanese_glyphs();
    Ok(browser)
}

/// `CHROMIUM` and `CHROMEDRIVER` in the environment come first.
fn installed() -> Option<Browser> {
    let set = |name| std::env::var_os(name).map(PathBuf::from).filter(|file| file.is_file());
    let chromium = set("CHROMIUM").or_else(|| {
        ["chromium", "chromium-browser", "google-chrome", "chrome"].into_iter().find_map(on_path)
    })?;
    let driver = set("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
    Some(Browser { chromium, driver })
}

/// Playwright's own Chromium, and the driver of its version from the same publisher.
fn playwrights() -> Result<Browser> {
    packages()?;
    let by_hand = if apt::debian() {
        "sudo apt-get install chromium chromium-driver"
    } else {
        "npx playwright install chromium; then set CHROMIUM and CHROMEDRIVER to a Chromium and its chromedriver"
    };
    let ask = |script: &str| {
        output(node().args(["-p", script])).ok_or_else(|| format!("no browser; run: {by_hand}"))
    };
    let chromium = PathBuf::from(ask("require('playwright-core').chromium.executablePath()")?);
    if chromium.is_file() {
        found("Chromium", &chromium);
    } else {
        step("playwright install chromium", || {
            run(node().args(["node_modules/playwright-core/cli.js", "install", "chromium"]))
                .map_err(|message| format!("{message}; run: {by_hand}"))
        })?;
    }

    let version = ask(
        "require('playwright-core/browsers.json').browsers.find(it => it.name === 'chromium').browserVersion",
    )?;
    let folder = cache()?.join(format!("chromedriver-{version}"));
    if find(&folder, &exe("chromedriver"), 4).is_none() {
        create_folder(&folder)?;
        step(&format!("chromedriver {version}"), || {
            let package = format!("chromedriver@{version}");
            run(npm()
                .args(["exec", "--yes", "--", "@puppeteer/browsers", "install", &package, "--path"])
                .arg(&folder))
            .map_err(|message| format!("{message}; run: {by_hand}"))
        })?;
    }
    let driver = find(&folder, &exe("chromedriver"), 4)
        .ok_or_else(|| format!("no chromedriver; run: {by_hand}"))?;
    found("chromedriver", &driver);
    Ok(Browser { chromium, driver })
}

/// A file by its name, at most `depth` folders down.
fn find(folder: &Path, name: &str, depth: u8) -> Option<PathBuf> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let path = entry.path();
        if path.is_dir() {
            folders.push(path);
        } else if path.file_name().is_some_and(|it| it == name) {
            return Some(path);
        }
    }
    let deeper = depth.checked_sub(1)?;
    folders.into_iter().find_map(|folder| find(&folder, name, deeper))
}

/// Without them screenshots show boxes; nothing fails, so this only tries.
fn japanese_glyphs() {
    if !cfg!(target_os = "linux") {
        return;
    }
    if output(program("fc-list").arg(":lang=ja")).is_some_and(|fonts| !fonts.is_empty()) {
        return;
    }
    if let Err(message) =
        apt::install(&["fontconfig", "fonts-noto-cjk"], "a font with Japanese glyphs")
    {
        println!("screenshots will lack Japanese glyphs: {message}");
    }
}
