//! Malformed files and links, each of which opens, is mended or is refused in words, at once.
//!
//! `tests/data/hostile/files` holds them as they were written, with what should happen in `index.json`. The
//! generic designs and links among them stand again in `recast`, in our own format and with the same fault.
//! `expected.json` says of each what happens here; `tests/e2e/hostile.spec.ts` opens the same ones in the app.

use std::{collections::BTreeSet, fs, path::PathBuf, time::Duration};

use drawbridge::{
    design::{
        file::{self, LoadError, Loaded},
        link,
    },
    export,
    kinds::ResourceId,
    report::{self, Diagnostic},
    text::Lang,
};
use serde::Deserialize;

/// Longest that one may take. A development build inflates and parses some ten times slower than what is
/// shipped, which `tests/e2e/hostile.spec.ts` measures.
const PATIENCE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 2_000 } else { 200 });

#[derive(Deserialize)]
struct Expected {
    file: String,
    outcome: Outcome,
    /// How many resources stand there afterwards.
    #[serde(default)]
    resources: usize,
    /// What the reason or the warnings say.
    says: Vec<String>,
    /// What the problems of the design say: the resource, the setting, and what is wrong with it.
    #[serde(default)]
    problems: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Opens,
    Mended,
    Refused,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/hostile")
}

fn all() -> Vec<Expected> {
    serde_json::from_str(&fs::read_to_string(folder().join("expected.json")).unwrap()).unwrap()
}

fn open(name: &str, bytes: &[u8]) -> Result<Loaded, LoadError> {
    if !name.contains("link-") {
        return file::load(bytes);
    }
    let text = std::str::from_utf8(bytes).unwrap();
    // The links among the generic files are payloads alone.
    let is_payload = name.starts_with("files/");
    let whole = if is_payload { format!("#d1.{}.{text}", text.len()) } else { text.to_owned() };
    link::decode(&whole)
}

#[test]
fn each_file_opens_is_mended_or_is_refused_in_words() {
    for it in all() {
        let bytes = fs::read(folder().join(&it.file)).unwrap();
        let (outcome, resources, said) = match open(&it.file, &bytes) {
            Ok(Loaded { design, warnings }) => (
                if warnings.is_empty() { Outcome::Opens } else { Outcome::Mended },
                design.resources.0.len(),
                warnings,
            ),
            Err(LoadError(why)) => (Outcome::Refused, 0, vec![why]),
        };
        let words: Vec<String> = said.iter().map(|it| it.render(Lang::En)).collect();
        assert_eq!((outcome, resources), (it.outcome, it.resources), "{}: {words:#?}", it.file);
        for part in &it.says {
            assert!(words.iter().any(|it| it.contains(part)), "{}: {part}: {words:#?}", it.file);
        }
        for it in &said {
            assert_ne!(it.render(Lang::En), it.render(Lang::Ja));
        }
        assert_eq!(it.says.is_empty(), outcome == Outcome::Opens, "{}", it.file);
    }
}

#[test]
fn each_is_done_at_once() {
    for it in all() {
        let bytes = fs::read(folder().join(&it.file)).unwrap();
        // Other tests run beside this one, so the best of some tries counts.
        let took = (0..5)
            .map(|_| {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "no test of the core runs in a browser"
                )]
                let began = std::time::Instant::now();
                drop(open(&it.file, &bytes));
                began.elapsed()
            })
            .min();
        assert!(took.unwrap() < PATIENCE, "{}: {took:?}", it.file);
    }
}

#[test]
fn what_opens_is_judged_exported_and_comes_back_the_same() {
    for it in all().iter().filter(|it| it.outcome != Outcome::Refused) {
        let bytes = fs::read(folder().join(&it.file)).unwrap();
        let design = open(&it.file, &bytes).unwrap().design;
        let again = file::load(file::save(&design).as_bytes()).unwrap();
        assert_eq!(again.design, design, "{}", it.file);
        assert_eq!(link::decode(&link::encode(&design)).unwrap().design, design, "{}", it.file);
        let name = |id: &ResourceId| design.get(*id).map_or("", |it| it.name.as_str());
        let told = |it: &Diagnostic| {
            let at: Vec<&str> = it.at.iter().map(name).collect();
            let field = it.field.as_deref().unwrap_or("");
            format!("{} {field}: {}", at.join(", "), it.text.render(Lang::En))
        };
        let problems: Vec<String> = report::assess(&design).diagnostics.iter().map(told).collect();
        for part in &it.problems {
            assert!(
                problems.iter().any(|it| it.contains(part)),
                "{}: {part}: {problems:#?}",
                it.file
            );
        }
        for exporter in export::ALL {
            // Refused by the name of a field, or printed; the formats' own tests read what is printed.
            drop(exporter.export(&design));
        }
    }
}

#[test]
fn none_is_forgotten() {
    #[derive(Deserialize)]
    struct Index {
        files: Vec<Entry>,
    }
    #[derive(Deserialize)]
    struct Entry {
        file: String,
        kind: String,
    }
    let index = fs::read_to_string(folder().join("files/index.json")).unwrap();
    let index: Index = serde_json::from_str(&index).unwrap();
    assert_eq!(index.files.len(), 75);
    let mut wanted = BTreeSet::new();
    for it in &index.files {
        wanted.insert(format!("files/{}", it.file));
        if it.kind != "arm" {
            wanted.insert(format!("recast/{}", it.file));
        }
    }
    let listed: BTreeSet<String> = all().into_iter().map(|it| it.file).collect();
    assert_eq!(listed, wanted);
}
