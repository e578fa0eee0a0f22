//! The design as a URL fragment: `#d2.<characters>.<payload>`.
//!
//! The payload is base64url of a CRC-32 and a raw DEFLATE stream of a compact JSON array. The stream goes
//! on from a dictionary of what designs are full of, so that a small design is a short link. The count of
//! characters tells how much of a cut link is missing; the check value tells every other damage. What
//! mail and chat programs do to links (line breaks, `%2E`, closing marks at the end) is undone.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use super::{
    Design,
    file::{self, Counted, LoadError, Loaded, RawFile, RawResource, TOO_DEEP, TOO_MANY},
};
use crate::text::{Message, Text, arg, text};

// DEFLATE that goes on from a dictionary.
mod stream;

/// Version of the link form that this program writes.
const VERSION: u32 = 2;

/// What the streams of a version go on from. Links are kept for years: no byte of a dictionary ever
/// changes; a better one is a new version.
fn dictionary(version: u32) -> Option<&'static str> {
    match version {
        1 => Some(""),
        2 => Some(include_str!("link/dictionary-2.txt")),
        _ => None,
    }
}

/// Longest link that is read, in characters.
pub const MAX_CHARS: usize = 1 << 20;

/// Most bytes that a link may inflate to.
pub const MAX_INFLATED: usize = 8 << 20;

/// Above this, chat programs and mail gateways begin to cut links.
pub const CHAT_LIMIT: usize = 2_000;

/// Above this a file is the better way.
pub const FILE_LIMIT: usize = 32_000;

fn error(message: impl Into<Message>) -> LoadError {
    LoadError(message.into())
}

const DAMAGED: Text = text(
    "the link is damaged: {0}. Ask for it again, or for the design as a file",
    "リンクが壊れています: {0}。リンクをもう一度受け取るか、デザインをファイルで受け取ってください",
);

fn empty() -> LoadError {
    error(text("the link holds no design", "リンクにデザインが含まれていません"))
}

fn damaged(why: Text) -> LoadError {
    error(DAMAGED.with([why.into()]))
}

/// The fragment, with its `#`.
pub fn encode(design: &Design) -> String {
    let dictionary = dictionary(VERSION).unwrap_or_default();
    let packed = stream::deflate(dictionary.as_bytes(), pack(design).to_string().as_bytes());
    let mut bytes = crc32fast::hash(&packed).to_be_bytes().to_vec();
    bytes.extend(packed);
    let payload = URL_SAFE_NO_PAD.encode(bytes);
    format!("#d{VERSION}.{}.{payload}", payload.len())
}

/// Places of the page itself.
const ANCHORS: [&str; 2] = ["canvas", "saved"];

/// Whether a fragment means to be a design: all but nothing and the page's own anchors. A link whose first
/// signs were changed is no anchor either, and is to be told.
pub fn is_link(fragment: &str) -> bool {
    let it = fragment.strip_prefix('#').unwrap_or(fragment);
    !it.is_empty() && !ANCHORS.contains(&it)
}

/// Reads a fragment, with or without its `#`. Nothing in it is trusted.
pub fn decode(fragment: &str) -> Result<Loaded, LoadError> {
    if fragment.len() > MAX_CHARS {
        return Err(error(
            text(
                "the link has {0} characters; at most {1} are read",
                "リンクが {0} 文字あります。読めるのは {1} 文字までです",
            )
            .with([arg(fragment.len()), arg(MAX_CHARS)]),
        ));
    }
    let clean = undo_mail(fragment);
    let rest = clean.strip_prefix('#').unwrap_or(&clean);
    if rest.is_empty() {
        return Err(empty());
    }
    let mut parts = rest.splitn(3, '.');
    let version = parts
        .next()
        .and_then(|it| it.strip_prefix('d'))
        .and_then(|it| it.parse::<u32>().ok())
        .ok_or_else(|| {
            damaged(text(
                "it does not start as a link to a design",
                "デザインへのリンクの形で始まっていません",
            ))
        })?;
    if version > VERSION {
        return Err(error(
            text(
                "the link is of version {0}; this Drawbridge reads up to {1}. Open it with a newer Drawbridge",
                "リンクは版 {0} です。この Drawbridge が読めるのは版 {1} までです。新しい Drawbridge で開いてください",
            )
            .with([arg(version), arg(VERSION)]),
        ));
    }
    let dictionary = dictionary(version)
        .ok_or_else(|| damaged(text("its version is unknown", "版が不明です")))?;
    let count = parts.next().unwrap_or("");
    // One way to write a number only, so that each changed character is noticed.
    let expected = count
        .parse::<usize>()
        .ok()
        .filter(|it| it.to_string() == count)
        .ok_or_else(|| damaged(text("its length is missing", "長さの情報がありません")))?;
    if expected == 0 {
        return Err(empty());
    }
    let payload = parts.next().unwrap_or("");
    if payload.len() < expected {
        return Err(error(
            text(
                "the link is incomplete: {0} of {1} characters are there. Ask for it again, or for the design as a file",
                "リンクが途中で切れています: {1} 文字のうち {0} 文字しかありません。リンクをもう一度受け取るか、デザインをファイルで受け取ってください",
            )
            .with([arg(payload.len()), arg(expected)]),
        ));
    }
    let tail = payload.get(expected..).unwrap_or("");
    if !tail.chars().all(|it| ".,;:!?)]}>'\"*_~|`”’」』）。、".contains(it)) {
        return Err(damaged(text(
            "there is more after its end",
            "終わりの後に余分な文字があります",
        )));
    }
    let payload = payload.get(..expected).ok_or_else(|| {
        damaged(text("a character does not belong there", "使えない文字があります"))
    })?;
    let bytes = URL_SAFE_NO_PAD.decode(payload).map_err(|_| {
        damaged(text("a character does not belong there", "使えない文字があります"))
    })?;
    let (check, packed) = bytes
        .split_first_chunk::<4>()
        .ok_or_else(|| damaged(text("it is too short", "短すぎます")))?;
    if crc32fast::hash(packed) != u32::from_be_bytes(*check) {
        return Err(damaged(text("its check value does not fit", "検査値が一致しません")));
    }
    let inflated = stream::inflate(dictionary.as_bytes(), packed, MAX_INFLATED);
    let inflated = inflated.map_err(|it| match it {
        stream::Refused::TooLong => error(
            text(
                "the link inflates to more than {0} bytes; open the design as a file",
                "リンクの展開後のサイズが {0} バイトを超えます。デザインをファイルで開いてください",
            )
            .with([arg(MAX_INFLATED)]),
        ),
        stream::Refused::Broken => damaged(text("it cannot be inflated", "展開できません")),
    })?;
    unpack(&inflated)
}

/// Takes out white space and undoes percent-encoding, once.
fn undo_mail(fragment: &str) -> String {
    let mut out = String::with_capacity(fragment.len());
    let mut chars = fragment.chars().filter(|it| !it.is_whitespace());
    while let Some(it) = chars.next() {
        if it != '%' {
            out.push(it);
            continue;
        }
        let ahead: String = chars.clone().take(2).collect();
        match u8::from_str_radix(&ahead, 16) {
            Ok(byte) if byte.is_ascii() && ahead.len() == 2 => {
                out.push(char::from(byte));
                chars.next();
                chars.next();
            }
            _ => out.push(it),
        }
    }
    out
}

/// `[name, description, resources, extra]`, each resource
/// `[kind, name, parent, at, settings, id?, note?, tags?, extra?]`. The id is left out (0) where it is
/// the one before plus one; members at the end are left out where they are empty.
fn pack(design: &Design) -> Value {
    let mut next = 1;
    let resources: Vec<Value> = design
        .resources
        .0
        .iter()
        .map(|(id, it)| {
            let at = design.layout.get(id).map_or(Value::Null, |it| {
                [it.x, it.y, it.width, it.height].map(|it| file::number(it.round())).into()
            });
            let mut row = vec![
                it.extra.get("kind").cloned().unwrap_or_else(|| json!(it.kind.info().slug)),
                json!(it.name),
                json!(it.parent.map_or(0, |it| it.0)),
                at,
                if it.settings.is_empty() { json!(0) } else { Value::Object(it.settings.clone()) },
                json!(if id.0 == next { 0 } else { id.0 }),
                json!(it.note),
                if it.tags.is_empty() { json!(0) } else { json!(it.tags) },
                if it.extra.is_empty() { json!(0) } else { Value::Object(it.extra.clone()) },
            ];
            while row.last().is_some_and(|it| *it == json!(0) || *it == json!("")) {
                row.pop();
            }
            next = id.0.saturating_add(1);
            Value::Array(row)
        })
        .collect();
    let mut extra = design.extra.clone();
    extra.extend(file::locked(design));
    json!([design.name, design.description, resources, extra])
}

fn unpack(bytes: &[u8]) -> Result<Loaded, LoadError> {
    let wrong =
        || damaged(text("it holds something other than a design", "デザインではない内容です"));
    type Packed = (String, String, Counted<Vec<Value>>, Map<String, Value>);
    let (name, description, Counted(rows), extra): Packed =
        serde_json::from_slice(bytes).map_err(|it| {
            if it.to_string().starts_with(TOO_MANY) {
                error(
                    text(
                        "the link holds more than {0} resources",
                        "リンクに {0} 個を超えるリソースが含まれています",
                    )
                    .with([arg(file::MAX_RESOURCES)]),
                )
            } else if it.to_string().starts_with(TOO_DEEP) {
                damaged(text(
                    "lists and objects are nested more than 127 levels deep",
                    "リストとオブジェクトの入れ子が 127 段を超えています",
                ))
            } else {
                wrong()
            }
        })?;
    let mut next: u64 = 1;
    let mut all = Vec::new();
    for row in rows {
        let mut cells = row.into_iter();
        let mut cell = || cells.next().unwrap_or(Value::Null);
        let empty = |it: Value| if it == json!(0) { Value::Null } else { it };
        let (kind, name, parent, at, settings, id, note, tags, extra) = (
            cell(),
            cell(),
            empty(cell()),
            cell(),
            empty(cell()),
            empty(cell()),
            empty(cell()),
            empty(cell()),
            empty(cell()),
        );
        let id = id.as_u64().unwrap_or(next);
        next = id.saturating_add(1);
        let extra = match extra {
            Value::Object(it) => it,
            _ => Map::new(),
        };
        all.push(RawResource {
            id: json!(id),
            kind,
            name,
            parent,
            at,
            settings,
            note,
            tags,
            extra,
            odd: None,
        });
    }
    let (name, description) = (name.into(), description.into());
    file::mend(RawFile { version: None, name, description, resources: all, extra })
}
