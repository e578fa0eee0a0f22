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
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value, json};

use super::{Design, Place};
use crate::{
    kinds::{Form, Kind, Resource, ResourceId, Resources},
    text::{Message, arg, text},
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
    for (key, value) in &design.extra {
        file.entry(key.clone()).or_insert_with(|| value.clone());
    }
    let mut text = serde_json::to_string_pretty(&Value::Object(file)).unwrap_or_default();
    text.push('\n');
    text
}

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
    let raw: RawFile = serde_json::from_str(source).map_err(|it| {
        // A version is more useful to know than where a newer file stops being readable.
        if let Some(why) = newer(source) {
            return why;
        }
        error(
            text(
                "the file cannot be read at line {0}, column {1}: {2}",
                "ファイルの {0} 行 {1} 列を読めません: {2}",
            )
            .with([arg(it.line()), arg(it.column()), arg(reason(&it))]),
        )
    })?;
    check_version(raw.version.as_ref())?;
    mend(raw)
}

/// `serde_json`'s message without the place, which is said by itself.
fn reason(it: &serde_json::Error) -> String {
    let text = it.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

fn newer(source: &str) -> Option<LoadError> {
    /// The version alone; all else is skipped.
    #[derive(Deserialize)]
    struct Version {
        drawbridge: Option<Value>,
    }
    let it: Version = serde_json::from_str(source).ok()?;
    it.drawbridge.as_ref().and_then(|it| check_version(Some(it)).err())
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
    pub(super) name: String,
    pub(super) description: String,
    pub(super) resources: Vec<RawResource>,
    pub(super) extra: Map<String, Value>,
}

#[derive(Deserialize, Default)]
pub(super) struct RawResource {
    #[serde(default)]
    pub(super) id: Value,
    #[serde(default)]
    pub(super) kind: Value,
    #[serde(default)]
    pub(super) name: Value,
    #[serde(default)]
    pub(super) parent: Value,
    #[serde(default)]
    pub(super) at: Value,
    #[serde(default)]
    pub(super) settings: Value,
    #[serde(default)]
    pub(super) note: Value,
    #[serde(default)]
    pub(super) tags: Value,
    #[serde(flatten)]
    pub(super) extra: Map<String, Value>,
}

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
                while let Some(key) = map.next_key::<String>()? {
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
    design.name = limited(raw.name, MAX_NAME, "name")?;
    design.description = limited(raw.description, MAX_TEXT, "description")?;

    let ids = choose_ids(&raw.resources, &mut warnings);
    for (n, (it, id)) in raw.resources.into_iter().zip(ids).enumerate() {
        let (resource, place) = mend_resource(n, it, &mut warnings)?;
        if let (Some(place), false) = (place, is_edge(&resource)) {
            design.layout.insert(id, place);
        }
        design.resources.0.insert(id, Arc::new(resource));
    }
    mend_containment(&mut design, &mut warnings)?;
    place_the_rest(&mut design);
    Ok(Loaded { design, warnings })
}

fn is_edge(it: &Resource) -> bool {
    matches!(it.kind.info().form, Form::Edge { .. })
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

fn is_longer(it: &str, max: usize) -> bool {
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
fn choose_ids(raw: &[RawResource], warnings: &mut Vec<Message>) -> Vec<ResourceId> {
    // Links write 0 for "none", and the last number would leave none for what is drawn next.
    let usable = 1..u32::MAX;
    let good = |it: &Value| {
        it.as_u64().and_then(|it| u32::try_from(it).ok()).filter(|it| usable.contains(it))
    };
    let mut taken = BTreeSet::new();
    let mut ids: Vec<Option<u32>> = Vec::new();
    for it in raw {
        ids.push(good(&it.id).filter(|it| taken.insert(*it)));
    }
    let mut next = taken.last().map_or(1, |it| it + 1);
    let mut all = Vec::new();
    for (n, (it, id)) in raw.iter().zip(ids).enumerate() {
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
