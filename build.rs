//! Turns the drawings of `public/icons` into a table of elements, so that the app builds its icons
//! without parsing markup in the browser and without one request each.

use std::{env, error::Error, fmt::Write, fs, path::Path};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=public/icons");
    let mut icons = Vec::new();
    for (folder, prefix) in [("public/icons", ""), ("public/icons/ui", "ui-")] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "svg") {
                let name = path.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
                let elements = elements(&fs::read_to_string(&path)?)
                    .map_err(|it| format!("{}: {it}", path.display()))?;
                icons.push((format!("{prefix}{name}"), elements));
            }
        }
    }
    icons.sort();
    let mut table = String::from("static ICONS: &[Icon] = &[\n");
    for (name, elements) in icons {
        writeln!(table, "    Icon {{ name: {name:?}, elements: &[")?;
        for (tag, attributes) in elements {
            writeln!(table, "        Element {{ tag: {tag:?}, attributes: &{attributes:?} }},")?;
        }
        writeln!(table, "    ] }},")?;
    }
    table.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("icons.rs"), table)?;
    Ok(())
}

type Element = (String, Vec<(String, String)>);

/// The elements of a drawing that is one `svg` with empty elements in it, the `svg` first.
fn elements(svg: &str) -> Result<Vec<Element>> {
    let mut all = Vec::new();
    for part in svg.split('<').skip(1) {
        let Some((tag, _)) = part.split_once('>') else { return Err("a tag without end".into()) };
        if tag.starts_with('/') {
            continue;
        }
        if !all.is_empty() && !tag.ends_with('/') {
            return Err(format!("nested elements are not read: <{tag}>").into());
        }
        let (name, rest) = tag.trim_end_matches('/').split_once(' ').unwrap_or((tag, ""));
        let mut attributes = Vec::new();
        let mut rest = rest.trim();
        while let Some((key, after)) = rest.split_once("=\"") {
            let Some((value, after)) = after.split_once('"') else {
                return Err(format!("{key} without end").into());
            };
            if !["xmlns", "width", "height", "aria-hidden"].contains(&key) || !all.is_empty() {
                attributes.push((key.to_owned(), value.to_owned()));
            }
            rest = after.trim();
        }
        all.push((name.to_owned(), attributes));
    }
    Ok(all)
}
