//! `cargo xtask dist`: the app as a folder of static files, as small as it gets.
//!
//! Every link in it is relative, so the folder works on any host and under any path.

use std::path::{Path, PathBuf};

use crate::process::{self, Result, program, root, step};
use crate::setup;

/// What the page may load and run: its own files, and wasm. No inline script, no inline style and no markup but
/// what the policy of `public/start.js` lets through, so text that slips into the page stays text. Only in `dist`: trunk's reload script is inline.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types default";

/// What the Rust compiler emits for the target by default; wasm-opt has to be told.
const WASM_FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Raw, gzip and brotli bytes, summed over the files of each sort.
const SIZES: &str = "\
    const fs = require('fs'), path = require('path'), zlib = require('zlib');\
    const sums = new Map();\
    for (const file of process.argv.slice(1)) {\
        const bytes = fs.readFileSync(file);\
        const sizes = [bytes, zlib.gzipSync(bytes, { level: 9 }), zlib.brotliCompressSync(bytes)].map(it => it.length);\
        for (const sort of [path.extname(file).slice(1), 'all']) {\
            const sum = sums.get(sort) ?? { files: 0, sizes: [0, 0, 0] };\
            sums.set(sort, { files: sum.files + 1, sizes: sum.sizes.map((it, i) => it + sizes[i]) });\
        }\
    }\
    const row = (sort, ...cells) => console.log(sort.padEnd(8) + cells.map(it => String(it).padStart(10)).join(''));\
    row('bytes', 'files', 'raw', 'gzip', 'brotli');\
    const all = sums.get('all');\
    sums.delete('all');\
    for (const [sort, { files, sizes }] of [...sums, ['all', all]]) row(sort, files, ...sizes);";

pub(crate) fn run(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        return Err("usage: cargo xtask dist".to_owned());
    }
    setup::packages()?;
    build(&setup::wasm()?)
}

/// Leaves the finished folder in dist/.
pub(crate) fn build(wasm: &setup::Wasm) -> Result<()> {
    step("trunk build (release)", || {
        let mut trunk = program(&wasm.trunk);
        trunk.args([
            "build",
            "--offline",
            "--release",
            "--cargo-profile",
            "wasm-release",
            "--dist",
            "dist",
        ]);
        process::run(wasm.prepare(&mut trunk)?)
    })?;
    step("wasm-opt -Oz", optimize)?;
    protect_page()?;
    step("seal", || {
        let seal = ["xtask/src/dist/seal.mjs", "dist", CONTENT_SECURITY_POLICY];
        process::run(setup::node().args(seal))
    })?;
    let mut files = files_below(Path::new("dist"))?;
    files.sort();
    process::run(setup::node().args(["-e", SIZES, "--"]).args(files))
}

fn optimize() -> Result<()> {
    let mut files = files_below(Path::new("dist"))?;
    files.retain(|file| file.extension().is_some_and(|it| it == "wasm"));
    let [file] = files.as_slice() else {
        return Err("dist/ should hold exactly one wasm file".to_owned());
    };
    let smaller = file.with_extension("smaller");
    let mut command = setup::node();
    // By name, the copies of one generic function stand together, which saves brotli 2 % of the app.
    command.args(["node_modules/binaryen/bin/wasm-opt", "-Oz", "--reorder-functions-by-name"]);
    command.args(WASM_FEATURES);
    process::run(command.arg(file).arg("-o").arg(&smaller))?;
    let top = root();
    std::fs::rename(top.join(&smaller), top.join(file))
        .map_err(|error| format!("{}: {error}", file.display()))
}

/// Writes the policy into the page, in front of everything that it rules.
fn protect_page() -> Result<()> {
    let file = root().join("dist/index.html");
    let page =
        std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let page = with_policy(&page).ok_or(
        "dist/index.html has no <head>, or an inline script or style that the policy forbids",
    )?;
    std::fs::write(&file, page).map_err(|error| format!("{}: {error}", file.display()))
}

fn with_policy(page: &str) -> Option<String> {
    let inline_script = page
        .split("<script")
        .skip(1)
        .any(|tag| !tag.split('>').next().unwrap_or("").contains("src="));
    if inline_script || page.contains("<style") {
        return None;
    }
    let (before, after) = page.split_once("<head>")?;
    Some(format!(
        "{before}<head><meta http-equiv=\"Content-Security-Policy\" content=\"{CONTENT_SECURITY_POLICY}\">{after}"
    ))
}

/// All files below a folder, as paths from the project's top folder.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(root().join(folder))
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries.flatten() {
        let path = folder.join(entry.file_name());
        if entry.path().is_dir() { files.extend(files_below(&path)?) } else { files.push(path) }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_stands_in_front_of_everything() {
        let page =
            with_policy("<html><head><link href=a.css><script src=a.js></script></head></html>")
                .unwrap();
        assert!(page.starts_with("<html><head><meta http-equiv=\"Content-Security-Policy\""));
        assert!(page.contains("<link href=a.css>"));
    }

    #[test]
    fn a_page_with_an_inline_script_or_style_is_refused() {
        assert_eq!(with_policy("<head></head><script>go()</script>"), None);
        assert_eq!(with_policy("<head><style>a{}</style></head>"), None);
        assert_eq!(with_policy("<html>no head</html>"), None);
    }
}
