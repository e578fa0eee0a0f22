//! The layers of `src/lib.rs` import downward only, and the core never names the browser.

use std::{fs, path::Path};

/// A layer and what it may import besides itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("facts", &["text"]),
    ("azure", &["text", "facts"]),
    ("kinds", &["text", "facts", "azure"]),
    ("solve", &["text", "facts"]),
    ("design", &["text", "facts", "kinds"]),
    ("draw", &["text", "kinds", "design"]),
    ("checks", &["text", "facts", "azure", "kinds", "solve", "design"]),
    ("lints", &["text", "facts", "azure", "kinds", "solve", "design"]),
    ("report", &["text", "facts", "azure", "kinds", "solve", "design", "checks", "lints"]),
    (
        "questions",
        &["text", "facts", "azure", "kinds", "solve", "design", "checks", "lints", "report"],
    ),
    ("generate", &["text", "facts", "kinds", "design"]),
    ("gallery", &["text", "facts", "kinds", "design", "draw"]),
    ("export", &["text", "facts", "azure", "kinds", "solve", "design", "draw", "report"]),
    (
        "app",
        &[
            "text",
            "facts",
            "azure",
            "kinds",
            "solve",
            "design",
            "draw",
            "checks",
            "lints",
            "report",
            "questions",
            "gallery",
            "export",
        ],
    ),
];

/// Crates that only the shell may name.
const BROWSER: &[&str] =
    &["leptos", "web_sys", "js_sys", "wasm_bindgen", "gloo_", "reactive_stores"];

fn sources(folder: &Path, all: &mut Vec<std::path::PathBuf>) {
    // A layer that is one file has no folder.
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|it| it == "rs") {
            all.push(path);
        }
    }
}

/// Paths that start with `crate::`, in `use` groups too.
fn imports(source: &str) -> Vec<String> {
    let code: String = source
        .lines()
        .filter(|it| !it.trim_start().starts_with("//"))
        .flat_map(|it| [it, "\n"])
        .collect();
    let mut all = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|it| it.is_alphanumeric() || it == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut item = String::new();
            for it in group.chars() {
                match it {
                    '}' if depth == 0 => break,
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => all.push(std::mem::take(&mut item)),
                    _ if depth == 0 => item.push(it),
                    _ => {}
                }
            }
            all.push(item);
        } else {
            all.push(rest.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect());
        }
    }
    all.iter()
        .map(|it| it.trim().split("::").next().unwrap_or("").trim().to_owned())
        .filter(|it| !it.is_empty())
        .collect()
}

#[test]
fn imports_point_down() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 10, "the sources were not found");
    let mut wrong = Vec::new();
    for path in files {
        let inner = path.strip_prefix(&root).unwrap();
        let first = inner.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let layer = first.trim_end_matches(".rs");
        if ["lib", "main", "bin"].contains(&layer) {
            continue;
        }
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
            wrong.push(format!("{}: no layer {layer}", inner.display()));
            continue;
        };
        let source = fs::read_to_string(&path).unwrap();
        for import in imports(&source) {
            let module = LAYERS.iter().any(|(name, _)| *name == import);
            if module && import != layer && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{}: {layer} may not import {import}", inner.display()));
            }
        }
        if layer != "app" {
            for it in BROWSER {
                let named = format!("{it}::");
                if source.contains(&named) || source.contains(&format!("use {it}")) {
                    wrong.push(format!("{}: names {it}", inner.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_groups() {
    let it =
        imports("use crate::{facts::{Facts, cidr}, text::{a, b}};\nlet x = crate::solve::f();");
    assert_eq!(it, ["facts", "text", "solve"]);
}

#[test]
fn solve_names_no_azure_kind() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![root.join("solve.rs")];
    sources(&root.join("solve"), &mut files);
    for path in files {
        let source = fs::read_to_string(&path).unwrap();
        let named = source.match_indices("Kind::").any(|(at, _)| {
            !source[..at].chars().next_back().is_some_and(|it| it.is_alphanumeric() || it == '_')
        });
        assert!(!named, "{} names a kind", path.display());
    }
}
