//! Arbitrary designs and links: reading, judging, printing and writing back must neither panic nor hang.
//!
//! `cargo xtask fuzz` runs it. Every input is a number: it picks a design to start from and the changes
//! to make, so that a finding is repeated by that number alone. Changes are made to the tree of the file
//! (values swapped between places, numbers of other resources, hostile names), because hardly any change
//! of bytes gets past the reader; one input in eight changes bytes all the same.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use drawbridge::{
    design::{Design, file, link},
    export, gallery, generate,
    report::{assess, fixes, json_value, text_page},
    solve::Outcome,
    text::Lang,
};
use miniz_oxide::deflate::compress_to_vec;
use serde_json::{Map, Value, json};

/// What one input may take; the slowest honest one takes a fraction of it.
const PATIENCE: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let number = |flag: &str| {
        let mut args = std::env::args().skip_while(|it| it != flag).skip(1);
        args.next().and_then(|it| it.parse::<u64>().ok())
    };
    let corpus = Corpus::new();
    if let Some(one) = number("--input") {
        corpus.run(one);
        println!("input {one} passes");
        return ExitCode::SUCCESS;
    }
    let first = number("--seed").unwrap_or(0);
    fuzz(&corpus, first, Duration::from_secs(60 * number("--minutes").unwrap_or(1)))
}

#[expect(clippy::disallowed_methods, reason = "runs natively, where there is a clock")]
fn fuzz(corpus: &Corpus, first: u64, time: Duration) -> ExitCode {
    // The worker that hangs cannot tell, so somebody else looks at how far it got.
    let at = AtomicU64::new(first);
    let outcome = thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let start = Instant::now();
            while start.elapsed() < time {
                let input = at.load(Ordering::Relaxed);
                if catch_unwind(AssertUnwindSafe(|| corpus.run(input))).is_err() {
                    return Err(input);
                }
                at.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
        let mut last = (first, Instant::now());
        while !worker.is_finished() {
            thread::sleep(Duration::from_millis(200));
            let now = at.load(Ordering::Relaxed);
            if now != last.0 {
                last = (now, Instant::now());
            } else if last.1.elapsed() > PATIENCE {
                eprintln!("input {now} hangs; repeat with `cargo xtask fuzz --input {now}`");
                std::process::exit(1);
            }
        }
        worker.join()
    });
    let done = at.load(Ordering::Relaxed) - first;
    match outcome {
        Ok(Ok(())) => {
            println!("{done} inputs from number {first} on, nothing found");
            ExitCode::SUCCESS
        }
        Ok(Err(input)) => {
            eprintln!("input {input} panics; repeat with `cargo xtask fuzz --input {input}`");
            ExitCode::FAILURE
        }
        Err(_) => ExitCode::FAILURE,
    }
}

/// What inputs are made of.
struct Corpus {
    designs: Vec<Value>,
    names: Vec<String>,
    kinds: Vec<String>,
    links: Vec<&'static str>,
}

impl Corpus {
    fn new() -> Corpus {
        let made = [3, 25, 60].map(generate::design);
        let drawn = gallery::ALL.iter().map(|it| it.design(Lang::En));
        let designs: Vec<Value> = drawn
            .chain(made)
            .map(|it| serde_json::from_str(&file::save(&it)).unwrap_or_default())
            .collect();
        let hostile: Value =
            serde_json::from_str(include_str!("../data/hostile/names.json")).unwrap_or_default();
        let mut names = Vec::new();
        strings(&hostile, "value", &mut names);
        names.extend(
            [
                "",
                "*",
                "0.0.0.0/0",
                "10.0.0.0/33",
                "::/0",
                "255.255.255.255",
                "65536",
                "443-80",
                "privatelink.",
            ]
            .map(str::to_owned),
        );
        let mut kinds = Vec::new();
        designs.iter().for_each(|it| strings(it, "kind", &mut kinds));
        kinds.sort_unstable();
        kinds.dedup();
        let links = vec![
            include_str!("../data/links/authentication-1.txt"),
            include_str!("../data/links/authentication-2.txt"),
        ];
        Corpus { designs, names, kinds, links }
    }

    fn run(&self, input: u64) {
        let mut random = Random(input.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let mut tree = random.pick(&self.designs).cloned().unwrap_or_default();
        for _ in 0..=random.below(12) {
            self.change(&mut random, &mut tree);
        }
        let mut bytes = tree.to_string().into_bytes();
        match random.below(8) {
            0 => damage(&mut random, &mut bytes),
            1 => return self.run_link(&mut random, &bytes),
            _ => {}
        }
        if let Ok(loaded) = file::load(&bytes) {
            check(&loaded.design, random.below(16) == 0);
        }
    }

    /// A damaged link, or one that is whole around damaged content.
    fn run_link(&self, random: &mut Random, bytes: &[u8]) {
        let mut content = bytes.to_vec();
        let mut fragment = match random.below(3) {
            0 => (*random.pick(&self.links).unwrap_or(&"")).to_owned(),
            1 => {
                // The shape that links carry, changed like a file.
                let Ok(loaded) = file::load(bytes) else { return };
                link::encode(&loaded.design)
            }
            _ => {
                let mut packed = compress_to_vec(&content, 6);
                if random.below(2) == 0 {
                    damage(random, &mut packed);
                }
                wrap(random.below(3), &packed)
            }
        };
        if random.below(2) == 0 {
            content = fragment.into_bytes();
            damage(random, &mut content);
            fragment = String::from_utf8_lossy(&content).into_owned();
        }
        if let Ok(loaded) = link::decode(&fragment) {
            check(&loaded.design, false);
        }
    }

    fn change(&self, random: &mut Random, tree: &mut Value) {
        let count = size(tree);
        let other =
            random.pick(&self.designs).and_then(|it| nth(it, random.below(size(it)))).cloned();
        let Some(resources) = tree.get_mut("resources").and_then(Value::as_array_mut) else {
            return;
        };
        let some = random.below(resources.len().max(1));
        match random.below(10) {
            0 => {
                // Two resources change places, numbers and all.
                let with = random.below(resources.len().max(1));
                if some < resources.len() && with < resources.len() {
                    resources.swap(some, with);
                }
            }
            1 if some < resources.len() => drop(resources.remove(some)),
            2 => {
                // A twin, with a number of its own half of the time.
                let Some(mut twin) = resources.get(some).cloned() else { return };
                if let (Some(it), 0) = (twin.as_object_mut(), random.below(2)) {
                    it.insert("id".to_owned(), json!(1_000 + random.below(1_000)));
                }
                resources.push(twin);
            }
            3 => {
                // Somebody else's setting, or a whole record of it.
                let from = random.below(resources.len().max(1));
                let settings = resources.get(from).and_then(|it| it.get("settings")).cloned();
                if let (Some(it), Some(settings)) =
                    (resources.get_mut(some).and_then(Value::as_object_mut), settings)
                {
                    it.insert("settings".to_owned(), settings);
                }
            }
            4 => {
                let kind = random.pick(&self.kinds).cloned().unwrap_or_default();
                if let Some(it) = resources.get_mut(some).and_then(Value::as_object_mut) {
                    it.insert("kind".to_owned(), json!(kind));
                }
            }
            5 => {
                let parent = random.below(resources.len() + 3);
                if let Some(it) = resources.get_mut(some).and_then(Value::as_object_mut) {
                    it.insert("parent".to_owned(), json!(parent));
                }
            }
            6 => {
                let at = random.below(count);
                if let (Some(place), Some(other)) = (nth_mut(tree, at), other) {
                    *place = other;
                }
            }
            7 => {
                let at = random.below(count);
                match nth_mut(tree, at) {
                    Some(Value::Array(it)) if !it.is_empty() => {
                        let twin = it.get(random.below(it.len())).cloned().unwrap_or_default();
                        it.push(twin);
                    }
                    Some(Value::Object(it)) => forget(random, it),
                    _ => {}
                }
            }
            _ => {
                let at = random.below(count);
                let ids = resources.len();
                let value = self.value(random, ids);
                if let Some(place) = nth_mut(tree, at) {
                    match place {
                        // Whole branches are rarely thrown away.
                        Value::Array(_) | Value::Object(_) if random.below(8) > 0 => {}
                        _ => *place = value,
                    }
                }
            }
        }
    }

    fn value(&self, random: &mut Random, ids: usize) -> Value {
        match random.below(8) {
            0 => Value::Null,
            1 => json!(random.below(2) == 0),
            2 => json!(random.below(ids + 3)),
            3 => random
                .pick(&[
                    json!(-1),
                    json!(u64::MAX),
                    json!(i64::MIN),
                    json!(1e308),
                    json!(0.5),
                    json!(65_536),
                ])
                .cloned()
                .unwrap_or_default(),
            4 => json!(random.pick(&self.names)),
            5 => {
                let [a, b, c] = [(); 3].map(|()| random.below(256));
                json!(format!("{a}.{b}.{c}.0/{}", random.below(34)))
            }
            6 => json!([]),
            _ => json!(random.below(70_000).to_string()),
        }
    }
}

/// Everything that the app and the program do with a design.
fn check(design: &Design, repair: bool) {
    let report = assess(design);
    for lang in [Lang::En, Lang::Ja] {
        text_page(design, &report, lang);
    }
    json_value(design, &report, Lang::Ja).to_string();
    let failing = report.operations.iter().filter(|it| it.outcome != Outcome::Allowed);
    if repair {
        failing.take(2).for_each(|it| drop(fixes(design, it)));
    }
    for format in export::ALL {
        let _ = format.export(design);
    }
    // What was read once is written and read back as it is.
    let again = file::load(file::save(design).as_bytes()).map(|it| it.design);
    assert_eq!(again.as_ref(), Ok(design), "the file is read back as it was");
    let fragment = link::encode(design);
    if fragment.len() <= link::MAX_CHARS {
        let again = link::decode(&fragment).map(|it| it.design);
        // Links keep whole pixels.
        let mut whole = design.clone();
        for it in whole.layout.values_mut() {
            [&mut it.x, &mut it.y, &mut it.width, &mut it.height]
                .into_iter()
                .for_each(|it| *it = it.round());
        }
        assert_eq!(again.as_ref(), Ok(&whole), "the link is read back as it was");
    }
}

/// A link whose check value fits, around any bytes.
fn wrap(version: usize, packed: &[u8]) -> String {
    let mut bytes = crc32fast::hash(packed).to_be_bytes().to_vec();
    bytes.extend(packed);
    let payload = URL_SAFE_NO_PAD.encode(bytes);
    format!("#d{version}.{}.{payload}", payload.len())
}

fn damage(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len().max(1));
        match random.below(4) {
            0 => bytes.truncate(at.max(bytes.len() / 2)),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            2 => bytes.insert(at.min(bytes.len()), u8::try_from(random.below(256)).unwrap_or(0)),
            _ => {
                if let Some(it) = bytes.get_mut(at) {
                    *it ^= 1 << random.below(8);
                }
            }
        }
    }
}

fn forget(random: &mut Random, map: &mut Map<String, Value>) {
    if let Some(key) = map.keys().nth(random.below(map.len().max(1))).cloned() {
        map.remove(&key);
    }
}

/// How many values a tree holds, itself among them.
fn size(tree: &Value) -> usize {
    match tree {
        Value::Array(all) => 1 + all.iter().map(size).sum::<usize>(),
        Value::Object(all) => 1 + all.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn nth(tree: &Value, mut at: usize) -> Option<&Value> {
    if at == 0 {
        return Some(tree);
    }
    at -= 1;
    let inner: Vec<&Value> = match tree {
        Value::Array(all) => all.iter().collect(),
        Value::Object(all) => all.values().collect(),
        _ => return None,
    };
    for it in inner {
        let count = size(it);
        if at < count {
            return nth(it, at);
        }
        at -= count;
    }
    None
}

fn nth_mut(tree: &mut Value, mut at: usize) -> Option<&mut Value> {
    if at == 0 {
        return Some(tree);
    }
    at -= 1;
    let inner: Vec<&mut Value> = match tree {
        Value::Array(all) => all.iter_mut().collect(),
        Value::Object(all) => all.values_mut().collect(),
        _ => return None,
    };
    for it in inner {
        let count = size(it);
        if at < count {
            return nth_mut(it, at);
        }
        at -= count;
    }
    None
}

/// The texts under `key`, wherever it stands.
fn strings(tree: &Value, key: &str, into: &mut Vec<String>) {
    match tree {
        Value::Array(all) => all.iter().for_each(|it| strings(it, key, into)),
        Value::Object(all) => {
            into.extend(all.get(key).and_then(Value::as_str).map(str::to_owned));
            all.values().for_each(|it| strings(it, key, into));
        }
        _ => {}
    }
}

/// xorshift64*
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let upper = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(upper).unwrap_or(0) % limit.max(1)
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }
}
