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
    kinds::{self, Kind, ResourceId, Subject, setting::Shape},
    text::Lang,
};
use serde_json::Value;

use super::{bicep, decode, document, ml, powershell, sample, script, terraform};

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

/// A text field of one resource, or of the design.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Field {
    id: Option<ResourceId>,
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
    let mut all: Vec<Field> =
        ["name", "description"].map(|it| Field { id: None, at: At::Setting(it) }).into();
    for it in design.resources.subjects() {
        let id = Some(it.id);
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
    let Some(id) = field.id else {
        let of_design = if field.at == At::Setting("name") {
            &mut design.name
        } else {
            &mut design.description
        };
        return text.clone_into(of_design);
    };
    let it = Arc::make_mut(design.resources.0.get_mut(&id).unwrap());
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

fn with_texts(base: &Design, fields: &BTreeSet<Field>, texts: Texts<'_>) -> Design {
    let mut design = base.clone();
    fields.iter().for_each(|it| put(&mut design, it, texts.of(it)));
    design
}

/// What is put into fields.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Texts<'a> {
    names: &'a str,
    other: &'a str,
}

impl<'a> Texts<'a> {
    fn same(text: &'a str) -> Texts<'a> {
        Texts { names: text, other: text }
    }

    fn of(self, field: &Field) -> &'a str {
        if field.at == At::Name { self.names } else { self.other }
    }
}

/// Whether a refusal names the field: "Subnet snet, addressPrefix: …".
fn names(refusal: &str, design: &Design, field: &Field, text: &str) -> bool {
    let Some(id) = field.id else {
        let At::Setting(key) = field.at else { return false };
        return refusal.strip_prefix(key).is_some_and(|it| it.starts_with(' '));
    };
    let it = design.get(id).unwrap();
    let Some(rest) = refusal.strip_prefix(&format!("{} {}, ", it.kind.info().label.en, it.name))
    else {
        return false;
    };
    let named =
        |key: &str| rest.strip_prefix(key).is_some_and(|it| it.starts_with([':', '[', '.']));
    match &field.at {
        At::Name => named("name"),
        At::Note => named("note"),
        At::TagName => rest.starts_with(&format!("tags.{text:.100}")),
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
    texts: Texts<'_>,
    format: &Format,
) -> Result<(BTreeSet<Field>, Vec<File>), String> {
    let mut fields = all.clone();
    loop {
        let design = with_texts(base, &fields, texts);
        let refused = match format.export(&design) {
            Ok(files) => return Ok((fields, files)),
            Err(refused) => refused.0,
        };
        let refused: Vec<String> = refused.iter().map(|it| it.render(Lang::En)).collect();
        let before = fields.len();
        fields.retain(|field| !refused.iter().any(|it| names(it, &design, field, texts.of(field))));
        if fields.len() == before {
            // The field named may be right by itself, and wrong beside another one of its table.
            fields.retain(|field| {
                let At::Cell(key, _) = field.at else { return true };
                let table = Field { id: field.id, at: At::Setting(key) };
                !refused.iter().any(|it| names(it, &design, &table, texts.other))
            });
        }
        if fields.len() == before {
            // A name may be wrong for what refers to it: a zone's for the endpoint that registers in it.
            let blamed = |it: &str, (subject, field): (Subject<'_>, &kinds::setting::Field)| {
                let at = Field { id: Some(subject.id), at: At::Setting(field.key) };
                names(it, &design, &at, texts.other)
            };
            fields.retain(|it| {
                let (At::Name, Some(id)) = (&it.at, it.id) else { return true };
                let mut referrers = design.resources.referrers(id);
                !referrers.any(|from| refused.iter().any(|it| blamed(it, from)))
            });
        }
        if fields.len() == before {
            return Err(format!("refused without the name of a field: {:.300}", refused[0]));
        }
    }
}

struct Format {
    id: &'static str,
    of: &'static export::Exporter,
    /// What the files mean.
    read: fn(&[File], &script::How) -> Result<Value, String>,
}

impl Format {
    fn export(&self, design: &Design) -> Result<Vec<File>, export::Refused> {
        self.of.export(design)
    }
}

fn formats() -> Vec<Format> {
    export::ALL
        .iter()
        .map(|it| Format {
            id: it.id,
            of: it,
            read: match it.id {
                "arm" => |files, _| decode::arm(files),
                "bicep" => |files, _| bicep::meaning(files),
                "cli" => run_scripts,
                "ml" => ml::meaning,
                "powershell" => |files, _| powershell::meaning(files),
                "terraform" => |files, _| terraform::meaning(files),
                "report" => |files, _| document::meaning(files),
                "svg" => |files, _| decode::svg(files),
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
                if it == "null" {
                    return Err(format!("az would read nothing after {before}"));
                }
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

/// A word that nothing reads anything into; it is an argument as it stands.
const WORD: &str = "qz7x";
/// Beside the first, where a text is read as two.
const OTHER_WORD: &str = "wj9v";
/// The same with a blank: no argument, and no name of anything in Azure.
const WORDS: &str = "qz 7x";

/// An exporter may choose by what a text is like, for names and for other text, between an argument and
/// a body, or between a name and a number. One of these is treated as the hostile text is.
const HARMLESS: [Texts<'static>; 4] = [
    Texts { names: WORD, other: WORD },
    Texts { names: WORDS, other: WORDS },
    Texts { names: WORDS, other: WORD },
    Texts { names: WORD, other: WORDS },
];

/// What a harmless word gives in the fields that take a string.
struct Harmless {
    /// Those that take the word as well; the others keep what they have.
    fields: BTreeSet<Field>,
    files: Vec<File>,
    meaning: Value,
}

impl Harmless {
    fn of(
        base: &Design,
        fields: &BTreeSet<Field>,
        words: Texts<'_>,
        format: &Format,
    ) -> Result<Harmless, String> {
        let (fields, files) = accepted(base, fields, words, format)?;
        let meaning = (format.read)(&files, &script::How::File)
            .map_err(|why| format!("even with {}: {why}", words.other))?;
        Ok(Harmless { fields, files, meaning })
    }
}

/// Bytes of text in one picture; a link holds somewhat more.
const MOST_IN_A_PICTURE: usize = 4 << 20;

struct Judge {
    base: Design,
    fields: BTreeSet<Field>,
    formats: Vec<Format>,
    /// Kept for the next string that the same fields take.
    known: BTreeMap<(&'static str, Texts<'static>, BTreeSet<Field>), Harmless>,
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
        // What the first refuses is refused by all: they share the plan.
        let mut fields = self.fields.clone();
        for format in &formats {
            if let Err(why) = self.format(format, text, how, &mut fields) {
                wrong.push(format!("{}: {why}", format.id));
            }
        }
        self.formats = formats;
        wrong
    }

    /// A text that its field reads as more than one word, such as a model `name:version` or a domain name
    /// with its last dot: a harmless text of the same form, and what stands in it for which part.
    fn parts(field: &Field, text: &str) -> Option<(String, [(&'static str, String); 2])> {
        match &field.at {
            At::Setting("model") => {
                let (name, version) = text.split_once(':')?;
                let parts = [(WORD, name.to_owned()), (OTHER_WORD, version.to_owned())];
                Some((format!("{WORD}:{OTHER_WORD}"), parts))
            }
            At::Cell(_, "domainName") => {
                let name = text.strip_suffix('.')?;
                let parts = [(WORD, name.to_owned()), (OTHER_WORD, OTHER_WORD.to_owned())];
                Some((format!("{WORD}."), parts))
            }
            _ => None,
        }
    }

    /// The same for a field by itself, whose text is in parts.
    fn in_parts(
        &mut self,
        format: &Format,
        field: &Field,
        text: &str,
        how: &script::How,
    ) -> Result<(), String> {
        let Some((harmless, parts)) = Judge::parts(field, text) else { return Ok(()) };
        let alone = BTreeSet::from([field.clone()]);
        let (left, files) = accepted(&self.base, &alone, Texts { names: "", other: text }, format)?;
        if left.is_empty() {
            return Ok(());
        }
        let design = with_texts(&self.base, &alone, Texts { names: "", other: &harmless });
        let harmless = format.export(&design).map_err(|it| it.0[0].render(Lang::En))?;
        let mut expected = (format.read)(&harmless, &script::How::File)?;
        for (word, part) in parts {
            expected = decode::replaced(&expected, word, &part);
        }
        let found = decode::replaced(&(format.read)(&files, how)?, "", "");
        self.carried += 1;
        match decode::difference(&found, &expected, "") {
            None => Ok(()),
            Some(why) => Err(format!("{field:?}: {why}")),
        }
    }

    /// `az` reads `null` as nothing, so that it is no argument, and no harmless word is a name and no argument:
    /// each resource with such a name has to be named in a URL.
    fn named_in_urls(&self, fields: &BTreeSet<Field>, name: &str) -> Result<(), String> {
        let design = with_texts(&self.base, fields, Texts::same(name));
        let run = |id: &str| {
            let format = formats().into_iter().find(|it| it.id == id).expect("every format");
            let files = format.export(&design).map_err(|it| it.0[0].render(Lang::En))?;
            (format.read)(&files, &script::How::File)
        };
        let mut resources = Vec::new();
        declared(&run("arm")?, &mut resources);
        let calls = run("cli")?.to_string();
        let lost = |it: &&(String, String)| {
            let (arm_type, name) = it;
            let (provider, types) = arm_type.split_once('/').unwrap_or_default();
            let types = types.split('/').zip(name.split('/'));
            let segments: Vec<String> = types.map(|(a, b)| format!("/{a}/{b}")).collect();
            let segments = segments.concat();
            let id = match arm_type.as_str() {
                "Microsoft.Resources/resourceGroups" => format!("/resourceGroups/{name}?"),
                _ => format!("/providers/{provider}{segments}?"),
            };
            !calls.contains(&id)
        };
        let mut named = resources.iter().filter(|(_, it)| it.split('/').any(|it| it == name));
        match named.find(lost) {
            None => Ok(()),
            Some(it) => Err(format!("no call for {it:?}")),
        }
    }

    fn format(
        &mut self,
        format: &Format,
        text: &str,
        how: &script::How,
        fields: &mut BTreeSet<Field>,
    ) -> Result<(), String> {
        let (alone, together) = std::mem::take(fields)
            .into_iter()
            .partition::<BTreeSet<_>, _>(|it| Judge::parts(it, text).is_some());
        *fields = together;
        for field in &alone {
            self.in_parts(format, field, text, how)?;
        }
        if format.id == "cli" && text == "null" {
            self.named_in_urls(fields, text)?;
            fields.retain(|it| it.at != At::Name);
        }
        // A picture holds no more than a link may, and all fields at once can be more.
        let all: Vec<Field> = std::mem::take(fields).into_iter().collect();
        let most =
            if format.id == "svg" { MOST_IN_A_PICTURE / text.len().max(1) } else { all.len() };
        for share in all.chunks(most.max(1)) {
            let mut share = share.iter().cloned().collect();
            self.together(format, text, how, &mut share)?;
            fields.append(&mut share);
        }
        Ok(())
    }

    /// Judges fields that all hold the text; those that refuse it are taken away.
    fn together(
        &mut self,
        format: &Format,
        text: &str,
        how: &script::How,
        fields: &mut BTreeSet<Field>,
    ) -> Result<(), String> {
        let files;
        (*fields, files) = accepted(&self.base, fields, Texts::same(text), format)?;
        // Empty fields are left out, and carry nothing.
        if text.is_empty() {
            return (format.read)(&files, how).map(|_| ());
        }
        let mut why = Vec::new();
        for words in HARMLESS {
            let key = (format.id, words, fields.clone());
            if !self.known.contains_key(&key) {
                let harmless = Harmless::of(&self.base, fields, words, format)?;
                self.known.insert(key.clone(), harmless);
            }
            let harmless = &self.known[&key];
            let files = match self.careless {
                Some(write) => spoilt(&harmless.files, &write(text)),
                None if harmless.fields == *fields => files.clone(),
                None => format
                    .export(&with_texts(&self.base, &harmless.fields, Texts::same(text)))
                    .map_err(|it| it.0[0].render(Lang::En))?,
            };
            let wrong = match (format.read)(&files, how) {
                Ok(found) => {
                    let found = decode::replaced(&found, "", "");
                    let expected = decode::replaced(&harmless.meaning, WORD, text);
                    let expected = decode::replaced(&expected, WORDS, text);
                    decode::difference(&found, &expected, "")
                }
                Err(why) => Some(why),
            };
            match wrong {
                Some(it) => why.push(it),
                None => {
                    self.carried += harmless.fields.len();
                    return Ok(());
                }
            }
        }
        Err(why.join("; "))
    }
}

/// Type and name of every resource of a template whose name is no expression.
fn declared(template: &Value, all: &mut Vec<(String, String)>) {
    match template {
        Value::Array(items) => items.iter().for_each(|it| declared(it, all)),
        Value::Object(members) => {
            let text = |key: &str| members.get(key).and_then(Value::as_str).map(str::to_owned);
            // A deployment is the template's own.
            if members.contains_key("apiVersion")
                && let (Some(arm_type), Some(name)) = (text("type"), text("name"))
                && arm_type != "Microsoft.Resources/deployments"
            {
                all.push((arm_type, name));
            }
            members.values().for_each(|it| declared(it, all));
        }
        _ => {}
    }
}

fn spoilt(files: &[File], text: &str) -> Vec<File> {
    let spoil = |it: &str| it.replace(WORDS, text).replace(WORD, text);
    files.iter().map(|it| File { name: it.name.clone(), text: spoil(&it.text) }).collect()
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
        let refused = format.export(&design).err().map(|it| it.0).unwrap_or_default();
        let refused: Vec<String> = refused.iter().map(|it| it.render(Lang::En)).collect();
        assert_eq!(refused, Vec::<String>::new(), "{}", format.id);
    }
}

fn own_file() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/hostile/names.json")
}

/// `cargo xtask hostile FILE` names a file and takes all of it; plain `cargo test` takes a quarter of
/// the project's own, so that it stays quick.
#[test]
fn every_string_of_the_file_stays_data_in_every_field() {
    let given = env::var_os("DRAWBRIDGE_HOSTILE");
    let step = if given.is_some() { 1 } else { 4 };
    let path = given.map_or_else(own_file, Into::into);
    let mut judge = Judge::new(formats(), None);
    let (mut passed, mut failed) = (0, 0);
    let hows = [script::How::File, script::How::PlainLocale, script::How::Stdin];
    for (it, how) in read(&path).iter().step_by(step).zip(hows.iter().cycle()) {
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

/// The careless exporters that such tests are for: text as it is, and text as plain JSON.
#[test]
fn careless_quoting_is_found_in_every_format() {
    let as_it_is: fn(&str) -> String = str::to_owned;
    let as_json: fn(&str) -> String = |it| {
        let quoted = Value::from(it).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    let found = |write, format: &str, text: &str| {
        let mut formats: Vec<Format> = formats().into_iter().filter(|it| it.id == format).collect();
        for it in formats.iter_mut().filter(|it| it.id == "svg") {
            // A link is packed: no careless writer of text gets at it.
            it.read = |files, _| decode::svg_drawn(files);
        }
        !Judge::new(formats, Some(write)).wrong(text, &script::How::File).is_empty()
    };
    for format in export::ALL.iter().map(|it| it.id) {
        assert!(!found(as_it_is, format, "harmless"), "{format}");
        assert!(found(as_it_is, format, "\"; touch PWNED; '</text><x>"), "{format}");
    }
    assert!(found(as_json, "arm", "[resourceGroup().id]"));
    assert!(found(as_json, "arm", "\u{202e}"));
    assert!(found(as_json, "bicep", "${resourceGroup().id}"));
    assert!(found(as_json, "bicep", "\u{202e}"));
    assert!(found(as_json, "cli", "'; touch PWNED; '"));
    assert!(found(as_json, "terraform", "${data.azapi_client_config.current.id}"));
    assert!(found(as_json, "terraform", "%{ if true }x%{ endif }"));
    assert!(found(as_json, "powershell", "it's"));
    assert!(found(as_json, "powershell", "$(New-Item PWNED)"));
    assert!(found(as_json, "powershell", "`n"));
    assert!(found(as_json, "powershell", "\u{2019}; New-Item PWNED; \u{2019}"));
    assert!(found(as_json, "cli", "owner=@DRAWBRIDGE_CANARY.txt"));
    assert!(found(as_json, "ml", "<subscription>"));
    assert!(found(as_json, "ml", "\u{202e}"));
}
