//! Text that is made to hurt, in every text field of every kind, through every exporter.
//!
//! Each string comes out byte for byte as data, or the export is refused with the name of the field.
//! The judge needs no list of where a field ends up: a design with the string and one with a harmless
//! word in the same fields must give the same export but for that text. Scripts are not read but run.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
    sync::Arc,
};

use drawbridge::{
    design::Design,
    export::{self, File},
    kinds::{Kind, ResourceId, setting::Shape},
    text::Lang,
};
use serde_json::Value;

use super::{decode, sample, script};

/// One string of a file in the form of `tests/data/hostile/names.json`.
struct Hostile {
    id: String,
    text: String,
}

fn read(path: &Path) -> Vec<Hostile> {
    let file = fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    let file: Value = serde_json::from_str(&file).unwrap();
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    file["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            let repeat = &it["repeat"];
            let text = match it["value"].as_str() {
                Some(value) => value.to_owned(),
                None => {
                    let times = usize::try_from(repeat["times"].as_u64().unwrap()).unwrap();
                    let unit = text(&repeat["unit"]).repeat(times);
                    format!("{}{unit}{}", text(&repeat["prefix"]), text(&repeat["suffix"]))
                }
            };
            Hostile { id: it["id"].as_str().unwrap().to_owned(), text }
        })
        .collect()
}

/// A text field of one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Field {
    id: ResourceId,
    at: At,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum At {
    Name,
    Note,
    TagName,
    TagValue,
    Setting(&'static str),
    /// A cell of a table's first row.
    Cell(&'static str, &'static str),
}

/// Whether a text can be typed into a control of this shape.
fn takes_text(shape: &Shape) -> bool {
    match shape {
        Shape::Text
        | Shape::Suggested(_)
        | Shape::LongText
        | Shape::Cidr
        | Shape::Address
        | Shape::Parsed(_)
        | Shape::Choice(_) => true,
        Shape::Optional(inner) | Shape::List(inner) => takes_text(inner),
        Shape::Bool | Shape::Number { .. } | Shape::Reference | Shape::Row(_) => false,
    }
}

fn fields(design: &Design) -> Vec<Field> {
    let mut all = Vec::new();
    for it in design.resources.subjects() {
        let id = it.id;
        let fixed = [At::Name, At::Note, At::TagName, At::TagValue];
        all.extend(fixed.map(|at| Field { id, at }));
        for field in it.info().fields {
            if takes_text(&field.shape) {
                all.push(Field { id, at: At::Setting(field.key) });
            }
            if let Shape::List(Shape::Row(cells)) = field.shape
                && it.resource.settings.contains_key(field.key)
            {
                let cells = cells.iter().filter(|it| takes_text(&it.shape));
                all.extend(cells.map(|it| Field { id, at: At::Cell(field.key, it.key) }));
            }
        }
    }
    all
}

fn shaped(shape: &Shape, text: &str) -> Value {
    match shape {
        Shape::Optional(inner) => shaped(inner, text),
        Shape::List(inner) => Value::Array(vec![shaped(inner, text)]),
        _ => Value::from(text),
    }
}

fn put(design: &mut Design, field: &Field, text: &str) {
    let it = Arc::make_mut(design.resources.0.get_mut(&field.id).unwrap());
    let declared = |key: &str| it.kind.info().fields.iter().find(|it| it.key == key).unwrap();
    match &field.at {
        At::Name => text.clone_into(&mut it.name),
        At::Note => text.clone_into(&mut it.note),
        At::TagName => {
            let value = it.tags.pop_first().map_or("value".to_owned(), |(_, value)| value);
            it.tags.insert(text.to_owned(), value);
        }
        At::TagValue => {
            let name = it.tags.pop_first().map_or("name".to_owned(), |(name, _)| name);
            it.tags.insert(name, text.to_owned());
        }
        At::Setting(key) => {
            let value = shaped(&declared(key).shape, text);
            it.settings.insert((*key).to_owned(), value);
        }
        At::Cell(key, cell) => {
            let declared = declared(key);
            let Shape::List(Shape::Row(cells)) = declared.shape else { return };
            let shape = cells.iter().find(|it| it.key == *cell).unwrap().shape;
            it.settings[*key][0][*cell] = shaped(&shape, text);
        }
    }
}

fn with_text(base: &Design, fields: &BTreeSet<Field>, text: &str) -> Design {
    let mut design = base.clone();
    text.clone_into(&mut design.name);
    text.clone_into(&mut design.description);
    fields.iter().for_each(|it| put(&mut design, it, text));
    design
}

/// Whether a refusal names the field: "Subnet snet, addressPrefix: …".
fn names(refusal: &str, design: &Design, field: &Field, text: &str) -> bool {
    let it = design.get(field.id).unwrap();
    let Some(rest) = refusal.strip_prefix(&format!("{} {}, ", it.kind.info().label.en, it.name))
    else {
        return false;
    };
    let named =
        |key: &str| rest.strip_prefix(key).is_some_and(|it| it.starts_with([':', '[', '.']));
    match &field.at {
        At::Name => named("name"),
        At::Note => named("note"),
        At::TagName => rest.starts_with(&format!("tags.{text}:")),
        At::TagValue => rest.starts_with("tags."),
        At::Setting(key) => named(key),
        // A table may be wrong as a whole.
        At::Cell(key, cell) => {
            let below = rest.strip_prefix(key).map(|it| it.strip_prefix("[0]").unwrap_or(it));
            below.is_some_and(|it| {
                it.starts_with([':', '['])
                    || it.strip_prefix('.').is_some_and(|it| it.starts_with(cell))
            })
        }
    }
}

/// Where a text is accepted, the fields that refuse it taken away; the error is a refusal that names no field.
fn accepted(
    base: &Design,
    all: &BTreeSet<Field>,
    text: &str,
    format: &Format,
) -> Result<(BTreeSet<Field>, Vec<File>), String> {
    let mut fields = all.clone();
    loop {
        let design = with_text(base, &fields, text);
        let refused = match (format.run)(&design) {
            Ok(files) => return Ok((fields, files)),
            Err(refused) => refused.0,
        };
        let refused: Vec<String> = refused.iter().map(|it| it.render(Lang::En)).collect();
        let before = fields.len();
        fields.retain(|field| !refused.iter().any(|it| names(it, &design, field, text)));
        if fields.len() == before {
            // The field named may be right by itself, and wrong beside another one of its table.
            fields.retain(|field| {
                let At::Cell(key, _) = field.at else { return true };
                let table = Field { id: field.id, at: At::Setting(key) };
                !refused.iter().any(|it| names(it, &design, &table, text))
            });
        }
        if fields.len() == before {
            return Err(format!("refused without the name of a field: {:.300}", refused[0]));
        }
    }
}

struct Format {
    id: &'static str,
    run: fn(&Design) -> Result<Vec<File>, export::Refused>,
    /// What the files mean.
    read: fn(&[File], &script::How) -> Result<Value, String>,
}

fn formats() -> Vec<Format> {
    export::ALL
        .iter()
        .map(|it| Format {
            id: it.id,
            run: it.run,
            read: match it.id {
                "arm" => |files, _| decode::arm(files),
                "cli" => run_scripts,
                other => panic!("say how {other} is read, so that hostile text is tried on it"),
            },
        })
        .collect()
}

/// Runs the scripts and returns what `az` was called with.
fn run_scripts(files: &[File], how: &script::How) -> Result<Value, String> {
    let mut all = Vec::new();
    for file in files {
        decode::plain(&file.text)?;
        let run = script::run(file, &script::answers(file), how, script::Az::Function);
        if !run.ok {
            return Err(format!("{} fails: {:.500}", file.name, run.out));
        }
        if !run.left.is_empty() {
            return Err(format!("{} leaves {:?}", file.name, run.left));
        }
        decode::plain(&run.out).map_err(|why| format!("{}: what it prints: {why}", file.name))?;
        for call in &run.calls {
            let mut before = "";
            for it in call {
                // A body with a secret is in a file of the script's own; it is compared as what it holds.
                if script::az_reads_a_file(it) && before != "--body" {
                    return Err(format!("az would read a file for {it:.200}"));
                }
                before = it;
            }
        }
        all.push(decode::calls(&run.calls)?);
    }
    Ok(Value::Array(all))
}

/// Words that nothing reads anything into: one that also is an argument, one that needs quoting.
const WORDS: [&str; 2] = ["qz7x", "qz 7x"];

/// What the harmless word gives in the same fields, kept for the next string that these fields take.
type Known = BTreeMap<(&'static str, &'static str, BTreeSet<Field>), Result<Value, String>>;

struct Judge {
    base: Design,
    fields: BTreeSet<Field>,
    formats: Vec<Format>,
    known: Known,
    /// Pairs of a field and a string that came out as data.
    carried: usize,
    /// A fault to find: how a careless exporter would write a text.
    careless: Option<fn(&str) -> String>,
}

impl Judge {
    fn new(formats: Vec<Format>, careless: Option<fn(&str) -> String>) -> Judge {
        let base = sample::every_kind();
        let fields = fields(&base).into_iter().collect();
        Judge { base, fields, formats, known: BTreeMap::new(), carried: 0, careless }
    }

    /// What is wrong with what the exporters make of a string.
    fn wrong(&mut self, text: &str, how: &script::How) -> Vec<String> {
        let formats = std::mem::take(&mut self.formats);
        let mut wrong = Vec::new();
        for format in &formats {
            if let Err(why) = self.format(format, text, how) {
                wrong.push(format!("{}: {why}", format.id));
            }
        }
        self.formats = formats;
        wrong
    }

    fn format(&mut self, format: &Format, text: &str, how: &script::How) -> Result<(), String> {
        let (fields, files) = accepted(&self.base, &self.fields, text, format)?;
        let design = with_text(&self.base, &fields, text);
        let again = (format.run)(&design).map_err(|_| "refused the second time".to_owned())?;
        if again != files {
            return Err("the same design gives other bytes".to_owned());
        }
        let mut why = Vec::new();
        for word in WORDS {
            // Fields that take the string but not the word keep what they have.
            let (open, plain) = accepted(&self.base, &fields, word, format)?;
            let files = match self.careless {
                Some(write) => spoilt(&plain, word, &write(text)),
                None if open == fields => files.clone(),
                None => (format.run)(&with_text(&self.base, &open, text))
                    .map_err(|it| it.0[0].render(Lang::En))?,
            };
            let key = (format.id, word, open.clone());
            let harmless = self
                .known
                .entry(key)
                .or_insert_with(|| (format.read)(&plain, &script::How::File))
                .clone()
                .map_err(|why| format!("even with {word}: {why}"))?;
            let found = (format.read)(&files, how);
            let expected = decode::replaced(&harmless, word, text);
            match found {
                Err(it) => why.push(it),
                Ok(found) => {
                    let found = decode::replaced(&found, "", "");
                    match decode::difference(&found, &expected, "") {
                        Some(it) => why.push(it),
                        None => {
                            self.carried += open.len();
                            return Ok(());
                        }
                    }
                }
            }
        }
        Err(why.join("; "))
    }
}

fn spoilt(files: &[File], word: &str, text: &str) -> Vec<File> {
    files
        .iter()
        .map(|it| File { name: it.name.clone(), text: it.text.replace(word, text) })
        .collect()
}

#[test]
fn the_design_that_carries_the_strings_has_every_kind_and_a_row_in_every_table() {
    let design = sample::every_kind();
    let mut missing = BTreeSet::new();
    for kind in Kind::ALL {
        let all: Vec<_> = design.resources.of(*kind).collect();
        if all.is_empty() {
            missing.insert(format!("{kind:?}"));
        }
        for field in kind.info().fields {
            let Shape::List(Shape::Row(cells)) = field.shape else { continue };
            let filled = all.iter().any(|it| it.resource.settings.contains_key(field.key));
            if cells.iter().any(|it| takes_text(&it.shape)) && !filled {
                missing.insert(format!("{kind:?}.{}", field.key));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
    for format in formats() {
        let refused = (format.run)(&design).err().map(|it| it.0).unwrap_or_default();
        let refused: Vec<String> = refused.iter().map(|it| it.render(Lang::En)).collect();
        assert_eq!(refused, Vec::<String>::new(), "{}", format.id);
    }
}

fn own_file() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hostile/names.json")
}

/// `cargo xtask hostile FILE` names another file.
#[test]
fn every_string_of_the_file_stays_data_in_every_field() {
    let path = env::var_os("DRAWBRIDGE_HOSTILE").map_or_else(own_file, Into::into);
    let mut judge = Judge::new(formats(), None);
    let (mut passed, mut failed) = (0, 0);
    let hows = [script::How::File, script::How::PlainLocale, script::How::Stdin];
    for (it, how) in read(&path).iter().zip(hows.iter().cycle()) {
        let wrong = judge.wrong(&it.text, how);
        if wrong.is_empty() {
            passed += 1;
        } else {
            failed += 1;
            println!("FAILED {}", it.id);
            wrong.iter().for_each(|it| println!("  {it}"));
        }
    }
    println!("{} times a field carried a string", judge.carried);
    println!("{passed} passed, {failed} failed");
    assert_eq!(failed, 0, "of {} strings", passed + failed);
}
