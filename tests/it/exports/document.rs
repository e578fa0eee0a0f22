//! A reader of documents: it takes the few marks that a report has, and nothing that acts.

use drawbridge::export::File;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::Value;

use super::decode;

/// Whether the documents hold marks of the report only.
pub(crate) fn meaning(files: &[File]) -> Result<Value, String> {
    for it in files {
        words(it).map_err(|why| format!("{}: {why}", it.name))?;
    }
    Ok(Value::Null)
}

/// The words of a document, line by line.
pub(crate) fn words(file: &File) -> Result<String, String> {
    if file.name.rsplit_once('.').is_some_and(|(_, it)| it == "md") {
        of_markdown(&file.text)
    } else {
        of_page(&file.text)
    }
}

fn of_markdown(text: &str) -> Result<String, String> {
    let mut out = String::new();
    // Everything that some reader may see in it, but for quotes that are only shown otherwise.
    let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Text(it) => out.push_str(&it),
            Event::Start(
                Tag::Heading { id: None, .. }
                | Tag::Paragraph
                | Tag::List(None)
                | Tag::Item
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell
                | Tag::CodeBlock(CodeBlockKind::Indented),
            ) => {}
            Event::End(_) => out.push('\n'),
            other => return Err(format!("{other:.200?}")),
        }
    }
    Ok(out)
}

const TAGS: [&str; 26] = [
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "li", "pre",
    "table", "thead", "tbody", "tr", "th", "td", "svg", "rect", "text", "switch", "polyline",
    "desc", "!DOCTYPE",
];

const ATTRIBUTES: [&str; 22] = [
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "xmlns",
    "viewBox",
    "font-family",
    "font-size",
    "x",
    "y",
    "width",
    "height",
    "rx",
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "points",
    "font-weight",
    "unicode-bidi",
    "systemLanguage",
];

fn of_page(text: &str) -> Result<String, String> {
    if let Some(c) = text.chars().find(|it| it.is_control() && *it != '\n') {
        return Err(format!("{c:?} in the page"));
    }
    let mut out = String::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(&decode::unescaped(before)?);
        let (tag, after) = after.split_once('>').ok_or("an open tag")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name:.100}> out of place"));
            }
            continue;
        }
        let closed = tag.ends_with('/');
        let (name, mut attributes) =
            tag.trim_end_matches('/').split_once(' ').unwrap_or((tag.trim_end_matches('/'), ""));
        if !TAGS.contains(&name) {
            return Err(format!("<{name:.100}>"));
        }
        while name != "!DOCTYPE" && !attributes.trim().is_empty() {
            let (key, after) = attributes.split_once("=\"").ok_or("an attribute")?;
            if !ATTRIBUTES.contains(&key.trim()) {
                return Err(format!("the attribute {key:.100}"));
            }
            attributes = after.split_once('"').ok_or("an open attribute")?.1;
        }
        if !closed && !["meta", "!DOCTYPE"].contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(out + rest) } else { Err(format!("open at the end: {open:?}")) }
}
