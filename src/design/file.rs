//! The design as a JSON file: versioned, limited, read leniently, with unknown members kept.
//!
//! What cannot be a design at all is a [`LoadError`]; what can be mended is mended and said. A file of
//! a newer version is refused, because saving over it would lose what this version does not know.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    marker::PhantomData,
    sync::Arc,
};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer},
};
use serde_json::{Map, Value, json};

use super::{Design, Place};
use crate::{
    kinds::{Form, Kind, Resource, ResourceId, Resources},
    text::{Arg, Message, Text, arg, text},
};

/// Version of the format that this program writes.
pub const VERSION: u64 = 1;

/// Most bytes of a file that are read.
pub const MAX_BYTES: usize = 16 << 20;

/// Most resources of a design.
pub const MAX_RESOURCES: usize = 20_000;

/// Deepest containment. Azure needs nine levels; management groups nest at most six deep.
pub const MAX_DEPTH: usize = 64;

/// Longest name, in characters.
pub const MAX_NAME: usize = 1_000;

/// Longest text elsewhere (notes, conditions, descriptions), in characters.
pub const MAX_TEXT: usize = 100_000;

/// Deepest nesting of lists and objects in what is kept as it came. Whatever walks it later is recursive.
pub const MAX_NESTING: usize = 64;

/// Coordinates beyond this are brought back, so that the view can always be fitted.
const MAX_COORDINATE: f64 = 1_000_000.0;

/// A design from outside, and what was changed to make it one.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    pub design: Design,
    /// Each thing dropped or changed, with its place.
    pub warnings: Vec<Message>,
}

/// Why a text is not a design. What was open stays open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError(pub Message);

fn error(message: impl Into<Message>) -> LoadError {
    LoadError(message.into())
}

/// The design as a file, the same bytes for the same design.
pub fn save(design: &Design) -> String {
    let mut file = Map::new();
    file.insert("drawbridge".to_owned(), json!(VERSION));
    file.insert("name".to_owned(), json!(design.name));
    file.insert("description".to_owned(), json!(design.description));
    let resources: Vec<Value> =
        design.resources.0.iter().map(|(id, it)| record(*id, it, design.layout.get(id))).collect();
    file.insert("resources".to_owned(), Value::Array(resources));
    file.extend(locked(design));
    for (key, value) in &design.extra {
        file.entry(key.clone()).or_insert_with(|| value.clone());
    }
    let mut text = serde_json::to_string_pretty(&Value::Object(file)).unwrap_or_default();
    text.push('\n');
    text
}

/// The member with the numbers of what is locked, if anything is.
pub(super) fn locked(design: &Design) -> Option<(String, Value)> {
    let ids: Vec<u32> = design.locked.iter().map(|it| it.0).collect();
    (!ids.is_empty()).then(|| (LOCKED.to_owned(), json!(ids)))
}

const LOCKED: &str = "locked";

/// Member in which a resource of an unknown kind keeps the kind's name.
const UNKNOWN_KIND: &str = "kind";

fn record(id: ResourceId, it: &Resource, place: Option<&Place>) -> Value {
    let mut map = Map::new();
    map.insert("id".to_owned(), json!(id.0));
    let kind = it.extra.get(UNKNOWN_KIND).cloned().unwrap_or_else(|| json!(it.kind.info().slug));
    map.insert("kind".to_owned(), kind);
    map.insert("name".to_owned(), json!(it.name));
    if let Some(parent) = it.parent {
        map.insert("parent".to_owned(), json!(parent.0));
    }
    if let Some(it) = place {
        map.insert("at".to_owned(), [it.x, it.y, it.width, it.height].map(number).into());
    }
    if !it.settings.is_empty() {
        map.insert("settings".to_owned(), Value::Object(it.settings.clone()));
    }
    if !it.note.is_empty() {
        map.insert("note".to_owned(), json!(it.note));
    }
    if !it.tags.is_empty() {
        map.insert("tags".to_owned(), json!(it.tags));
    }
    for (key, value) in &it.extra {
        map.entry(key.clone()).or_insert_with(|| value.clone());
    }
    Value::Object(map)
}

/// Whole pixels are written without a fraction.
pub(super) fn number(it: f64) -> Value {
    if it.fract() == 0.0 && it.abs() < 1e9 {
        #[expect(clippy::cast_possible_truncation, reason = "it is a whole number below 1e9")]
        let whole = it as i64;
        json!(whole)
    } else {
        json!(it)
    }
}

/// What stands before and after the link of a design in a picture of it.
pub const PICTURE: (&str, &str) = ("<metadata id=\"drawbridge\">", "</metadata>");

/// Reads a file, or a picture that carries one. Nothing in it is trusted.
pub fn load(bytes: &[u8]) -> Result<Loaded, LoadError> {
    if bytes.len() > MAX_BYTES {
        return Err(error(
            text(
                "the file has {0} bytes; at most {1} are read",
                "ファイルが {0} バイトあります。読めるのは {1} バイトまでです",
            )
            .with([arg(bytes.len()), arg(MAX_BYTES)]),
        ));
    }
    if let Some(why) = not_text(bytes) {
        return Err(error(why));
    }
    let source = std::str::from_utf8(bytes).map_err(|it| {
        error(
            text(
                "the file is not UTF-8 text (byte {0}); open a design saved by Drawbridge",
                "ファイルが UTF-8 テキストではありません ({0} バイト目)。Drawbridge で保存したデザインを開いてください",
            )
            .with([arg(it.valid_up_to())]),
        )
    })?;
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    // JSON begins with a printed sign, and a text has no control characters but those of its lines.
    let begin = source.trim_start().chars().next();
    if begin.is_some_and(|it| it.is_control() || (it != '{' && source.contains('\0'))) {
        return Err(error(text(
            "the file is not text; open a design saved by Drawbridge",
            "ファイルはテキストではありません。Drawbridge で保存したデザインを開いてください",
        )));
    }
    if source.trim().is_empty() {
        return Err(error(text(
            "the file is empty; open a design saved by Drawbridge",
            "ファイルが空です。Drawbridge で保存したデザインを開いてください",
        )));
    }
    if source.trim_start().starts_with("<svg") {
        return match source.split_once(PICTURE.0).and_then(|it| it.1.split_once(PICTURE.1)) {
            Some((link, _)) => super::link::decode(link),
            None => Err(error(text(
                "the picture carries no design; open one that Drawbridge exported",
                "この図にはデザインが含まれていません。Drawbridge でエクスポートした図を開いてください",
            ))),
        };
    }
    if source.trim_start().starts_with('<') {
        return Err(error(text(
            "the file is HTML or XML, perhaps a page that was saved in its stead; open a design saved by Drawbridge",
            "ファイルは HTML または XML です (代わりに Web ページが保存された可能性があります)。Drawbridge で保存したデザインを開いてください",
        )));
    }
    let raw: RawFile = serde_json::from_str(source).map_err(|it| {
        // What it is is more useful to know than where it stops being readable as a design.
        if let Some(why) = told_by_head(source, &it) {
            return why;
        }
        error(
            text(
                "the file cannot be read at line {0}, column {1}: {2}",
                "ファイルの {0} 行 {1} 列を読めません: {2}",
            )
            .with([arg(it.line()), arg(it.column()), reason(&it, source)]),
        )
    })?;
    if raw.version.is_none()
        && let Some(why) = other_json(raw.extra.get("$schema"))
    {
        return Err(error(why));
    }
    check_version(raw.version.as_ref())?;
    mend(raw)
}

/// What the first bytes tell of files that are no text, or text in another encoding.
fn not_text(bytes: &[u8]) -> Option<Text> {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(text(
            "the file is UTF-16 text, as some Windows tools write it; save it as UTF-8",
            "ファイルは UTF-16 テキストです (一部の Windows ツールの形式)。UTF-8 で保存し直してください",
        )),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(text(
            "the file is a ZIP archive; take the design out of it and open that",
            "ファイルは ZIP アーカイブです。中のデザインを取り出して開いてください",
        )),
        [0x1f, 0x8b, ..] => Some(text(
            "the file is compressed with gzip; unpack it and open the design in it",
            "ファイルは gzip で圧縮されています。展開してから中のデザインを開いてください",
        )),
        _ => None,
    }
}

/// JSON of Azure's own, by its schema.
fn other_json(schema: Option<&Value>) -> Option<Text> {
    let schema = schema?.as_str()?.to_ascii_lowercase();
    if schema.contains("deploymentparameters.json") {
        return Some(text(
            "the file holds the parameters of an ARM template, not a design; open a design saved by Drawbridge",
            "ファイルは ARM テンプレートのパラメーター ファイルで、デザインではありません。Drawbridge で保存したデザインを開いてください",
        ));
    }
    schema.contains("deploymenttemplate.json").then(|| {
        text(
            "the file is an ARM template; Drawbridge writes templates and does not read them. Open a design saved by Drawbridge",
            "ファイルは ARM テンプレートです。Drawbridge はテンプレートを出力しますが、読み込みません。Drawbridge で保存したデザインを開いてください",
        )
    })
}

/// What `serde_json` says at its first lists and objects that are too many in one another.
pub(super) const TOO_DEEP: &str = "recursion limit exceeded";

/// `serde_json`'s message without the place, which is said by itself.
fn reason(it: &serde_json::Error, source: &str) -> Arg {
    let said = it.to_string();
    let said = said.split(" at line ").next().unwrap_or(&said);
    let line = source.lines().nth(it.line().saturating_sub(1)).unwrap_or("");
    let at = line.as_bytes().get(it.column().saturating_sub(1));
    if said == TOO_DEEP {
        Arg::from(text(
            "lists and objects are nested more than 127 levels deep",
            "リストとオブジェクトの入れ子が 127 段を超えています",
        ))
    } else if at == Some(&b'/') {
        Arg::from(text(
            "JSON has no comments; take them out",
            "JSON にコメントは書けません。削除してください",
        ))
    } else {
        arg(said)
    }
}

/// What a file that is whole, but not as a design should be, says of itself.
fn told_by_head(source: &str, why: &serde_json::Error) -> Option<LoadError> {
    /// All else is skipped.
    #[derive(Deserialize)]
    struct Head {
        drawbridge: Option<Value>,
        #[serde(rename = "$schema")]
        schema: Option<Value>,
    }
    let it: Head = serde_json::from_str(source).ok()?;
    if let Some(version) = it.drawbridge {
        return check_version(Some(&version)).err();
    }
    // A member that stands there twice is told, whatever the file is.
    let is_twice = why.to_string().starts_with(TWICE);
    (why.is_data() && !is_twice).then(|| other_json(it.schema.as_ref())).flatten().map(error)
}

fn check_version(version: Option<&Value>) -> Result<(), LoadError> {
    let Some(version) = version else {
        return Err(error(text(
            "the file has no member \"drawbridge\" with a version, so it is not a design; open a design saved by Drawbridge",
            "ファイルに版を示す \"drawbridge\" がないため、デザインではありません。Drawbridge で保存したデザインを開いてください",
        )));
    };
    match version.as_u64() {
        Some(VERSION) => Ok(()),
        Some(it) if it > VERSION => Err(error(
            text(
                "the design is of format version {0}; this Drawbridge reads up to {1}. Open it with a newer Drawbridge",
                "デザインの形式は版 {0} です。この Drawbridge が読めるのは版 {1} までです。新しい Drawbridge で開いてください",
            )
            .with([arg(it), arg(VERSION)]),
        )),
        _ => Err(error(
            text(
                "\"drawbridge\" is {0}; it must be a version such as {1}",
                "\"drawbridge\" が {0} です。{1} のような版を指定してください",
            )
            .with([arg(shorten(&version.to_string())), arg(VERSION)]),
        )),
    }
}

fn shorten(it: &str) -> String {
    let mut short: String = it.chars().take(40).collect();
    if short.len() < it.len() {
        short.push('…');
    }
    short
}

#[derive(Default)]
pub(super) struct RawFile {
    pub(super) version: Option<Value>,
    pub(super) name: Value,
    pub(super) description: Value,
    pub(super) resources: Vec<RawResource>,
    pub(super) extra: Map<String, Value>,
}

#[derive(Default)]
pub(super) struct RawResource {
    pub(super) id: Value,
    pub(super) kind: Value,
    pub(super) name: Value,
    pub(super) parent: Value,
    pub(super) at: Value,
    pub(super) settings: Value,
    pub(super) note: Value,
    pub(super) tags: Value,
    pub(super) extra: Map<String, Value>,
    /// What stands in the list and is no resource at all.
    pub(super) odd: Option<Value>,
}

impl RawResource {
    fn member(&mut self, key: &str) -> Option<&mut Value> {
        Some(match key {
            "id" => &mut self.id,
            "kind" => &mut self.kind,
            "name" => &mut self.name,
            "parent" => &mut self.parent,
            "at" => &mut self.at,
            "settings" => &mut self.settings,
            "note" => &mut self.note,
            "tags" => &mut self.tags,
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for RawResource {
    fn deserialize<D: Deserializer<'de>>(it: D) -> Result<RawResource, D::Error> {
        struct Members;

        fn odd(it: impl Into<Value>) -> RawResource {
            RawResource { odd: Some(it.into()), ..RawResource::default() }
        }

        impl<'de> Visitor<'de> for Members {
            type Value = RawResource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a resource (a JSON object)")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawResource, A::Error> {
                let mut seen = BTreeSet::new();
                let mut it = RawResource::default();
                while let Some(key) = map.next_key::<String>()? {
                    let value = map.next_value()?;
                    if !seen.insert(key.clone()) {
                        return Err(twice(&key));
                    }
                    match it.member(&key) {
                        Some(member) => *member = value,
                        None => {
                            it.extra.insert(key, value);
                        }
                    }
                }
                Ok(it)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<RawResource, A::Error> {
                Ok(odd(Value::deserialize(SeqAccessDeserializer::new(seq))?))
            }

            fn visit_unit<E>(self) -> Result<RawResource, E> {
                Ok(odd(Value::Null))
            }

            fn visit_bool<E>(self, it: bool) -> Result<RawResource, E> {
                Ok(odd(it))
            }

            fn visit_i64<E>(self, it: i64) -> Result<RawResource, E> {
                Ok(odd(it))
            }

            fn visit_u64<E>(self, it: u64) -> Result<RawResource, E> {
                Ok(odd(it))
            }

            fn visit_f64<E>(self, it: f64) -> Result<RawResource, E> {
                Ok(odd(it))
            }

            fn visit_str<E>(self, it: &str) -> Result<RawResource, E> {
                Ok(odd(it))
            }
        }

        it.deserialize_any(Members)
    }
}

/// Readers of JSON differ in which of two values they take, so neither is taken.
fn twice<E: serde::de::Error>(key: &str) -> E {
    E::custom(format_args!("{TWICE} {:?}", shorten(key)))
}

const TWICE: &str = "there are two members";

/// A list of at most [`MAX_RESOURCES`], counted while it is read.
pub(super) struct Counted<T>(pub(super) Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Counted<T> {
    fn deserialize<D: Deserializer<'de>>(it: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = Counted<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of resources")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(it) = seq.next_element()? {
                    if all.len() == MAX_RESOURCES {
                        return Err(serde::de::Error::custom(TOO_MANY));
                    }
                    all.push(it);
                }
                Ok(Counted(all))
            }
        }

        it.deserialize_seq(Items(PhantomData))
    }
}

/// What the reader says when the count is passed; links look for it.
pub(super) const TOO_MANY: &str = "more than 20000 resources";

impl<'de> Deserialize<'de> for RawFile {
    fn deserialize<D: Deserializer<'de>>(it: D) -> Result<RawFile, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = RawFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a design (a JSON object)")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawFile, A::Error> {
                let mut file = RawFile::default();
                let mut seen = BTreeSet::new();
                while let Some(key) = map.next_key::<String>()? {
                    if !seen.insert(key.clone()) {
                        return Err(twice(&key));
                    }
                    match key.as_str() {
                        "drawbridge" => {
                            let version: Value = map.next_value()?;
                            let newer = version.as_u64().is_some_and(|it| it > VERSION);
                            file.version = Some(version);
                            if newer {
                                // The rest may mean anything, so none of it is read.
                                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                                return Ok(file);
                            }
                        }
                        "name" => file.name = map.next_value()?,
                        "description" => file.description = map.next_value()?,
                        "resources" => file.resources = map.next_value::<Counted<RawResource>>()?.0,
                        _ => {
                            file.extra.insert(key, map.next_value()?);
                        }
                    }
                }
                Ok(file)
            }
        }

        it.deserialize_map(Members)
    }
}

/// Makes a design of what was read, and says what had to be changed.
pub(super) fn mend(raw: RawFile) -> Result<Loaded, LoadError> {
    let mut warnings = Vec::new();
    let mut design = Design { extra: raw.extra, ..Design::default() };
    design.name = limited(words(raw.name, "name", &mut warnings), MAX_NAME, "name")?;
    design.description = words(raw.description, "description", &mut warnings);
    design.description = limited(design.description, MAX_TEXT, "description")?;
    if let Some(key) = too_deep(&design.extra) {
        return Err(deeper(key));
    }

    let mut resources = Vec::new();
    for (n, it) in raw.resources.into_iter().enumerate() {
        match &it.odd {
            None => resources.push((n, it)),
            Some(odd) => warnings.push(
                text(
                    "resources[{0}]: {1} is not an object; it was dropped",
                    "resources[{0}]: {1} はオブジェクトではないため、破棄しました",
                )
                .with([arg(n), arg(shorten(&odd.to_string()))]),
            ),
        }
    }
    let ids = choose_ids(&resources, &mut warnings);
    for ((n, it), id) in resources.into_iter().zip(ids) {
        let (resource, place) = mend_resource(n, it, &mut warnings)?;
        if let (Some(place), false) = (place, is_edge(&resource)) {
            design.layout.insert(id, place);
        }
        design.resources.0.insert(id, Arc::new(resource));
    }
    mend_locked(&mut design, &mut warnings);
    mend_containment(&mut design, &mut warnings)?;
    place_the_rest(&mut design);
    Ok(Loaded { design, warnings })
}

/// Numbers of resources; what is none is dropped.
fn mend_locked(design: &mut Design, warnings: &mut Vec<Message>) {
    let found = design.extra.shift_remove(LOCKED).unwrap_or_default();
    let (items, whole) = match found {
        Value::Null => return,
        Value::Array(items) => (items, true),
        other => (vec![other], false),
    };
    for it in items {
        let id = it.as_u64().and_then(|it| u32::try_from(it).ok()).map(ResourceId);
        match id.filter(|it| whole && design.get(*it).is_some()) {
            Some(id) => {
                design.locked.insert(id);
            }
            None => warnings.push(
                text(
                    "locked: {0} is not the number of a resource; it was dropped",
                    "locked: {0} はリソースの番号ではないため、破棄しました",
                )
                .with([arg(shorten(&it.to_string()))]),
            ),
        }
    }
}

fn is_edge(it: &Resource) -> bool {
    matches!(it.kind.info().form, Form::Edge { .. })
}

/// A text of the design itself.
fn words(it: Value, place: &str, warnings: &mut Vec<Message>) -> String {
    match it {
        Value::String(it) => it,
        Value::Null => String::new(),
        other => {
            warnings.push(
                text(
                    "{0}: {1} is not a text; it is empty now",
                    "{0}: {1} は文字列ではないため、空にしました",
                )
                .with([arg(place), arg(shorten(&other.to_string()))]),
            );
            String::new()
        }
    }
}

/// The first member that nests deeper than [`MAX_NESTING`].
fn too_deep(members: &Map<String, Value>) -> Option<&str> {
    fn fits(it: &Value, levels: usize) -> bool {
        match it {
            Value::Array(items) => levels > 0 && items.iter().all(|it| fits(it, levels - 1)),
            Value::Object(map) => levels > 0 && map.values().all(|it| fits(it, levels - 1)),
            _ => true,
        }
    }
    members.iter().find(|(_, it)| !fits(it, MAX_NESTING)).map(|(key, _)| key.as_str())
}

fn deeper(place: &str) -> LoadError {
    error(
        text(
            "{0} nests lists and objects more than {1} levels deep; take some levels out",
            "{0} のリストとオブジェクトの入れ子が {1} 段を超えています。段を減らしてください",
        )
        .with([arg(shorten(place)), arg(MAX_NESTING)]),
    )
}

fn limited(it: String, max: usize, place: &str) -> Result<String, LoadError> {
    if is_longer(&it, max) { Err(longer(place, max)) } else { Ok(it) }
}

fn longer(place: &str, max: usize) -> LoadError {
    error(
        text(
            "{0} is longer than {1} characters; shorten it",
            "{0} が {1} 文字を超えています。短くしてください",
        )
        .with([arg(place), arg(max)]),
    )
}

pub(super) fn is_longer(it: &str, max: usize) -> bool {
    // Bytes bound characters from above, so most texts are not walked.
    it.len() > max && it.chars().count() > max
}

/// The first field of a resource with more text than a file may hold, and how many characters it may have.
pub fn too_long(it: &Resource) -> Option<(String, usize)> {
    if is_longer(&it.name, MAX_NAME) {
        return Some(("name".to_owned(), MAX_NAME));
    }
    if is_longer(&it.note, MAX_TEXT) {
        return Some(("note".to_owned(), MAX_TEXT));
    }
    let tag = it.tags.iter().find(|(key, it)| is_longer(key, MAX_NAME) || is_longer(it, MAX_NAME));
    if let Some((key, _)) = tag {
        return Some((format!("tags.{key:.100}"), MAX_NAME));
    }
    let setting = it.settings.iter().find(|(_, it)| holds_long(it));
    setting.map(|(key, _)| (key.clone(), MAX_TEXT))
}

fn holds_long(value: &Value) -> bool {
    match value {
        Value::String(it) => is_longer(it, MAX_TEXT),
        Value::Array(items) => items.iter().any(holds_long),
        Value::Object(map) => map.values().any(holds_long),
        _ => false,
    }
}

/// Numbers that are missing, odd or taken get a free one. The first bearer of a number keeps it, so
/// references go to it.
fn choose_ids(raw: &[(usize, RawResource)], warnings: &mut Vec<Message>) -> Vec<ResourceId> {
    // Links write 0 for "none", and the last number would leave none for what is drawn next.
    let usable = 1..u32::MAX;
    let good = |it: &Value| {
        it.as_u64().and_then(|it| u32::try_from(it).ok()).filter(|it| usable.contains(it))
    };
    let mut taken = BTreeSet::new();
    let mut ids: Vec<Option<u32>> = Vec::new();
    for (_, it) in raw {
        ids.push(good(&it.id).filter(|it| taken.insert(*it)));
    }
    let mut next = taken.last().map_or(1, |it| it + 1);
    let mut all = Vec::new();
    for ((n, it), id) in raw.iter().zip(ids) {
        let id = id.unwrap_or_else(|| {
            while taken.contains(&next) || !usable.contains(&next) {
                next = if next < usable.end { next + 1 } else { 1 };
            }
            taken.insert(next);
            warnings.push(
                text(
                    "resources[{0}]: id {1} is missing, taken or no number from 1 on; it is now {2}, and references to {1} go to the first that had it",
                    "resources[{0}]: id {1} がない、重複している、または 1 以上の数値ではないため {2} にしました。{1} への参照は最初のリソースを指します",
                )
                .with([arg(n), arg(shorten(&it.id.to_string())), arg(next)]),
            );
            next
        });
        all.push(ResourceId(id));
    }
    all
}

fn mend_resource(
    n: usize,
    raw: RawResource,
    warnings: &mut Vec<Message>,
) -> Result<(Resource, Option<Place>), LoadError> {
    let mut warn = |what: crate::text::Text, value: &Value| {
        warnings.push(what.with([arg(n), arg(shorten(&value.to_string()))]));
    };
    let mut extra = raw.extra;
    let slug = raw.kind.as_str().unwrap_or("");
    let kind = Kind::from_slug(slug).unwrap_or_else(|| {
        warn(
            text(
                "resources[{0}]: kind {1} is not known here; it is drawn as an other resource and saved as it came",
                "resources[{0}]: 種類 {1} は不明です。その他のリソースとして描画し、元の内容のまま保存します",
            ),
            &raw.kind,
        );
        extra.insert(UNKNOWN_KIND.to_owned(), raw.kind.clone());
        Kind::Other
    });
    let name = match raw.name {
        Value::String(it) => it,
        Value::Null => String::new(),
        other => {
            warn(
                text(
                    "resources[{0}].name: {1} is not a text; the name is empty now",
                    "resources[{0}].name: {1} は文字列ではないため、名前を空にしました",
                ),
                &other,
            );
            String::new()
        }
    };
    let parent = match &raw.parent {
        Value::Null => None,
        it => {
            let id = it.as_u64().and_then(|it| u32::try_from(it).ok()).map(ResourceId);
            if id.is_none() {
                warn(
                    text(
                        "resources[{0}].parent: {1} is not a number; it stands on the canvas now",
                        "resources[{0}].parent: {1} は番号ではないため、キャンバスに置きました",
                    ),
                    it,
                );
            }
            id
        }
    };
    let settings = match raw.settings {
        Value::Object(map) => map,
        Value::Null => Map::new(),
        other => {
            warn(
                text(
                    "resources[{0}].settings: {1} is not an object; the defaults hold now",
                    "resources[{0}].settings: {1} はオブジェクトではないため、既定値にしました",
                ),
                &other,
            );
            Map::new()
        }
    };
    let note = match raw.note {
        Value::String(it) => it,
        Value::Null => String::new(),
        other => {
            warn(
                text(
                    "resources[{0}].note: {1} is not a text; it was dropped",
                    "resources[{0}].note: {1} は文字列ではないため、破棄しました",
                ),
                &other,
            );
            String::new()
        }
    };
    let mut tags = BTreeMap::new();
    match raw.tags {
        Value::Object(map) => {
            for (key, value) in map {
                if let Value::String(it) = value {
                    tags.insert(key, it);
                } else {
                    warn(
                        text(
                            "resources[{0}].tags: {1} is not a text; the tag was dropped",
                            "resources[{0}].tags: {1} は文字列ではないため、タグを破棄しました",
                        ),
                        &value,
                    );
                }
            }
        }
        Value::Null => {}
        other => warn(
            text(
                "resources[{0}].tags: {1} is not an object; it was dropped",
                "resources[{0}].tags: {1} はオブジェクトではないため、破棄しました",
            ),
            &other,
        ),
    }
    let place = match &raw.at {
        Value::Null => None,
        it => {
            let place = read_place(it);
            if place.is_none() {
                warn(
                    text(
                        "resources[{0}].at: {1} is not [x, y, width, height]; it was placed anew",
                        "resources[{0}].at: {1} は [x, y, 幅, 高さ] ではないため、配置し直しました",
                    ),
                    it,
                );
            }
            place
        }
    };
    let it = Resource { kind, name, parent, settings, note, tags, extra };
    if let Some(key) = too_deep(&it.settings) {
        return Err(deeper(&format!("resources[{n}].settings.{key}")));
    }
    if let Some(key) = too_deep(&it.extra) {
        return Err(deeper(&format!("resources[{n}].{key}")));
    }
    match too_long(&it) {
        None => Ok((it, place)),
        Some((field, max)) => Err(longer(&format!("resources[{n}].{field}"), max)),
    }
}

pub(super) fn read_place(value: &Value) -> Option<Place> {
    let [x, y, width, height] = value.as_array()?.as_slice() else { return None };
    let read = |it: &Value| it.as_f64().filter(|it| it.is_finite());
    let near = |it: f64| it.clamp(-MAX_COORDINATE, MAX_COORDINATE);
    Some(Place {
        x: near(read(x)?),
        y: near(read(y)?),
        width: read(width)?.clamp(1.0, MAX_COORDINATE),
        height: read(height)?.clamp(1.0, MAX_COORDINATE),
    })
}

/// Parents that do not exist and rings of parents are cut; too deep a nest is refused.
fn mend_containment(design: &mut Design, warnings: &mut Vec<Message>) -> Result<(), LoadError> {
    let ids: Vec<ResourceId> = design.resources.0.keys().copied().collect();
    // Whatever was reached from the canvas once needs no second walk, so this is linear.
    let mut depth: BTreeMap<ResourceId, usize> = BTreeMap::new();
    for id in ids {
        let mut way = Vec::new();
        let mut on_way = BTreeSet::new();
        let mut at = Some(id);
        while let Some(it) = at {
            if depth.contains_key(&it) {
                break;
            }
            way.push(it);
            on_way.insert(it);
            let parent = design.get(it).and_then(|it| it.parent);
            let why = match parent {
                Some(parent) if design.get(parent).is_none() => Some(text(
                    "resource {0}: its parent {1} does not exist; it stands on the canvas now",
                    "リソース {0}: 親 {1} が存在しないため、キャンバスに置きました",
                )),
                Some(parent) if on_way.contains(&parent) => Some(text(
                    "resource {0}: its parent {1} stands in it; it stands on the canvas now",
                    "リソース {0}: 親 {1} がその中にあるため、キャンバスに置きました",
                )),
                _ => None,
            };
            if let (Some(why), Some(parent)) = (why, parent) {
                warnings.push(why.with([arg(it.0), arg(parent.0)]));
                if let Some(it) = design.resources.0.get_mut(&it) {
                    Arc::make_mut(it).parent = None;
                }
                break;
            }
            at = parent;
        }
        for it in way.into_iter().rev() {
            let above = design.get(it).and_then(|it| it.parent).and_then(|it| depth.get(&it));
            let here = above.map_or(0, |it| it + 1);
            if here > MAX_DEPTH {
                return Err(error(
                    text(
                        "resource {0} stands more than {1} levels deep; take some levels out",
                        "リソース {0} の入れ子が {1} 段を超えています。段を減らしてください",
                    )
                    .with([arg(it.0), arg(MAX_DEPTH)]),
                ));
            }
            depth.insert(it, here);
        }
    }
    Ok(())
}

/// What has no place gets one below its siblings.
fn place_the_rest(design: &mut Design) {
    let mut bottom: BTreeMap<Option<ResourceId>, f64> = BTreeMap::new();
    for (id, place) in &design.layout {
        let parent = design.resources.get(*id).and_then(|it| it.parent);
        let it = bottom.entry(parent).or_insert(40.0);
        *it = it.max(place.y + place.height);
    }
    let missing: Vec<(ResourceId, Option<ResourceId>, bool)> = design
        .resources
        .0
        .iter()
        .filter(|(id, it)| !design.layout.contains_key(id) && !is_edge(it))
        .map(|(id, it)| (*id, it.parent, it.kind.info().form == Form::Container))
        .collect();
    for (id, parent, container) in missing {
        let (width, height) = if container { (320.0, 160.0) } else { (168.0, 56.0) };
        let y = bottom.entry(parent).or_insert(40.0);
        // Below a sibling at the limit there is no room left; saved and read again, it must stay there.
        let top = (*y + 16.0).min(MAX_COORDINATE);
        design.layout.insert(id, Place { x: 24.0, y: top, width, height });
        *y = top + height;
    }
}

/// For tests and the command line: a design of these resources, placed automatically.
pub fn arranged(name: &str, resources: Resources) -> Design {
    let mut design = Design { name: name.to_owned(), resources, ..Design::default() };
    place_the_rest(&mut design);
    design
}
