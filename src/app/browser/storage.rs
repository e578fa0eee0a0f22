//! What stays in this browser: designs in `IndexedDB`, choices of the person in `localStorage`.
//!
//! A design is saved as one version after the other under the key `[design, saved]`, both in ms since
//! 1970: when the design was first saved, which is its number, and when this version was. A version is
//! written whole, in one transaction that is on disk before it counts as saved, with a check value; what
//! is damaged later is thereby noticed, and the version before it opens. `public/recovery.js` reads the
//! same records without any of this code.

use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use serde::{Deserialize, Serialize};

use super::{
    database::{Failure, Mode, Transaction, keys_with, result},
    window,
};
use crate::{
    design::file::{self, LoadError, Loaded},
    text::{Lang, text},
};

/// Versions kept of each design.
const KEPT: usize = 8;

/// Where an earlier app saved its two designs, older one first.
const BEFORE: [&str; 2] = ["drawbridge.previous", "drawbridge.design"];

const CHOICES: &str = "drawbridge.choices";
/// What the other tabs are told: the version that was just saved.
const NEWS: &str = "drawbridge.saved";
/// The design that this tab shows.
const HERE: &str = "drawbridge.here";
const CRASHED: &str = "drawbridge.crashed";
const OPENING: &str = "drawbridge.opening";
/// That the browser was asked to keep what is saved.
const ASKED: &str = "drawbridge.persist";
/// In front of the slug of a design of the gallery that this tab shows unchanged.
const GALLERY: &str = "gallery ";

/// One version of a design, as the store's key names it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Version {
    pub design: f64,
    pub saved: f64,
}

impl Version {
    fn key(self) -> JsValue {
        Array::of2(&self.design.into(), &self.saved.into()).into()
    }

    fn read(key: &JsValue) -> Option<Version> {
        let key: &Array = key.dyn_ref()?;
        Some(Version { design: key.get(0).as_f64()?, saved: key.get(1).as_f64()? })
    }
}

/// Why a design is not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSaved {
    Full,
    /// The browser keeps nothing for this page, as in some private windows.
    Forbidden,
    /// A file of this size would not be opened again.
    TooLarge,
    /// Another tab has saved a version that this one has not seen.
    Overtaken,
}

impl From<Failure> for NotSaved {
    fn from(Failure(name): Failure) -> NotSaved {
        match name.as_str() {
            "QuotaExceededError" => NotSaved::Full,
            "ConstraintError" => NotSaved::Overtaken,
            _ => NotSaved::Forbidden,
        }
    }
}

/// Saves a design as the version after `before`, or as a new design. One that is `leaving` is left to
/// the browser at once, because this page may not live to see the end.
pub async fn save(
    before: Option<Version>,
    name: &str,
    text: &[u8],
    leaving: bool,
) -> Result<Version, NotSaved> {
    if text.len() > file::MAX_BYTES {
        return Err(NotSaved::TooLarge);
    }
    // Never before the last, even if the clock was put back.
    let saved = js_sys::Date::now().max(before.map_or(0.0, |it| it.saved + 1.0));
    let version = Version { design: before.map_or(saved, |it| it.design), saved };
    let transaction = Transaction::begin(Mode::Write).await?;
    let store = &transaction.store;
    let there = store.get_all_keys_with_key(&keys_with(version.design)?.into());
    let there = result(&there.map_err(Failure::from)?);
    let record = record(name, text).map_err(Failure::from)?;
    store.add_with_key(&record, &version.key()).map_err(Failure::from)?;
    if leaving {
        transaction.commit();
    }
    let there = versions(&there.await?);
    if !leaving {
        // A design that was removed elsewhere is saved again.
        if there.last().is_some_and(|it| before != Some(*it)) {
            transaction.abort();
            return Err(NotSaved::Overtaken);
        }
        for old in there.iter().take((there.len() + 1).saturating_sub(KEPT)) {
            store.delete(&old.key()).map_err(Failure::from)?;
        }
    }
    transaction.end().await?;
    // Other tabs look for themselves when they come to the front, so this may fail.
    let _ = LocalStorage::raw().set_item(NEWS, &format!("{} {}", version.design, version.saved));
    Ok(version)
}

/// Whether a key of `localStorage` tells of a design saved by another tab.
pub fn is_news(key: Option<&str>) -> bool {
    key == Some(NEWS)
}

/// The newest version of a design; none once it was removed.
pub async fn newest(design: f64) -> Result<Option<Version>, Failure> {
    let transaction = Transaction::begin(Mode::Read).await?;
    let keys = transaction.store.get_all_keys_with_key(&keys_with(design)?.into())?;
    Ok(versions(&result(&keys).await?).pop())
}

/// A design in the list of those saved here.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub version: Version,
    pub name: String,
}

/// The newest version of each design, the latest first.
pub async fn list() -> Result<Vec<Entry>, Failure> {
    let transaction = Transaction::begin(Mode::Read).await?;
    let keys = versions(&result(&transaction.store.get_all_keys()?).await?);
    let mut entries: Vec<Entry> = Vec::new();
    for (n, version) in keys.iter().enumerate() {
        if keys.get(n + 1).is_some_and(|next| next.design == version.design) {
            continue;
        }
        let record = result(&transaction.store.get(&version.key())?).await?;
        let name = member(&record, "name").and_then(|it| it.as_string()).unwrap_or_default();
        let at = entries.partition_point(|it| it.version.saved > version.saved);
        entries.insert(at, Entry { version: *version, name });
    }
    Ok(entries)
}

/// A design as it was saved.
pub struct Opened {
    pub version: Version,
    pub loaded: Loaded,
    /// Newer versions that were found damaged.
    pub damaged: usize,
}

/// Opens the newest version of a design whose check value holds; none if nothing was saved under this
/// number.
pub async fn open(design: f64) -> Option<Result<Opened, LoadError>> {
    let (keys, records) = read_all(design).await.ok()?;
    let version = *keys.last()?;
    let intact = records.iter().rev().enumerate().find_map(|(n, it)| Some((n, intact(&it)?)));
    let Some((damaged, bytes)) = intact else {
        return Some(Err(LoadError(
            text("all saved versions are damaged", "保存されたバージョンがすべて壊れています")
                .into(),
        )));
    };
    Some(file::load(&bytes).map(|loaded| Opened { version, loaded, damaged }))
}

/// All versions kept of a design, the latest first.
pub async fn versions_of(design: f64) -> Vec<Version> {
    let all = read_all(design).await.map(|it| it.0).unwrap_or_default();
    all.into_iter().rev().collect()
}

/// Reads one version, to look at; none where it is gone or damaged.
pub async fn open_version(version: Version) -> Option<Result<Loaded, LoadError>> {
    let (keys, records) = read_all(version.design).await.ok()?;
    let n = keys.iter().position(|it| *it == version)?;
    let bytes = intact(&records.get(u32::try_from(n).ok()?))?;
    Some(file::load(&bytes))
}

async fn read_all(design: f64) -> Result<(Vec<Version>, Array), Failure> {
    let transaction = Transaction::begin(Mode::Read).await?;
    let range = keys_with(design)?.into();
    let keys = result(&transaction.store.get_all_keys_with_key(&range)?);
    let records = result(&transaction.store.get_all_with_key(&range)?);
    let keys = versions(&keys.await?);
    Ok((keys, records.await?.dyn_into()?))
}

/// Removes all versions of a design.
pub async fn remove(design: f64) -> Result<(), Failure> {
    let transaction = Transaction::begin(Mode::Write).await?;
    transaction.store.delete(&keys_with(design)?.into())?;
    transaction.end().await
}

fn versions(keys: &JsValue) -> Vec<Version> {
    let keys: Option<&Array> = keys.dyn_ref();
    keys.map(|it| it.iter().filter_map(|it| Version::read(&it)).collect()).unwrap_or_default()
}

fn record(name: &str, text: &[u8]) -> Result<JsValue, JsValue> {
    let it = Object::new();
    Reflect::set(&it, &"name".into(), &name.into())?;
    Reflect::set(&it, &"check".into(), &crc32fast::hash(text).into())?;
    Reflect::set(&it, &"text".into(), &Uint8Array::from(text))?;
    Ok(it.into())
}

/// The text of a version whose check value holds.
fn intact(record: &JsValue) -> Option<Vec<u8>> {
    let text = member(record, "text")?.dyn_into::<Uint8Array>().ok()?.to_vec();
    let check = member(record, "check")?.as_f64()?;
    (f64::from(crc32fast::hash(&text)) == check).then_some(text)
}

fn member(record: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(record, &name.into()).ok()
}

/// What the last visit left behind.
#[derive(Default)]
pub struct Start {
    /// It ended by a bug, or in the middle of opening a design: nothing is opened unasked, because that
    /// may be what the app stumbled over.
    pub stopped: bool,
    pub saved: Option<Result<Opened, LoadError>>,
    /// Slug of the design of the gallery that this tab showed unchanged.
    pub gallery: Option<String>,
    /// What the address carries, if it is a link.
    pub link: Option<Result<Loaded, LoadError>>,
}

/// Reads the `link` that the address carries; where there is none that can be opened, opens what this tab showed
/// before, else what was saved last.
pub async fn start(link: impl FnOnce() -> Option<Result<Loaded, LoadError>>) -> Start {
    // First of all, because anything below may be what it stumbles over.
    let stopped = take_crashed() || was_opening();
    set_opening();
    let mut start = Start { stopped, ..Start::default() };
    if stopped {
        take_over().await;
        return start;
    }
    start.link = link();
    if matches!(start.link, Some(Ok(_))) {
        // Nothing of the store is shown, so nothing waits for it.
        wasm_bindgen_futures::spawn_local(take_over());
        return start;
    }
    take_over().await;
    let here = SessionStorage::raw().get_item(HERE).ok().flatten();
    start.gallery = here.as_deref().and_then(|it| it.strip_prefix(GALLERY)).map(str::to_owned);
    if start.gallery.is_none()
        && let Ok(entries) = list().await
    {
        let here = here.and_then(|it| it.parse::<f64>().ok());
        let known = here.filter(|it| entries.iter().any(|entry| entry.version.design == *it));
        if let Some(design) = known.or(entries.first().map(|it| it.version.design)) {
            start.saved = open(design).await;
        }
    }
    start
}

/// Brings the designs of an earlier app into the store.
async fn take_over() {
    let storage = LocalStorage::raw();
    for key in BEFORE {
        let Some(old) = storage.get_item(key).ok().flatten() else { continue };
        let name = file::load(old.as_bytes()).map(|it| it.design.name).unwrap_or_default();
        if save(None, &name, old.as_bytes(), false).await.is_ok() {
            let _ = storage.remove_item(key);
        }
    }
}

/// Remembers which design this tab shows.
pub fn set_here(design: f64) {
    let _ = SessionStorage::raw().set_item(HERE, &design.to_string());
}

/// Remembers that this tab shows a design of the gallery that is not changed, and so not saved.
pub fn set_here_gallery(slug: &str) {
    let _ = SessionStorage::raw().set_item(HERE, &format!("{GALLERY}{slug}"));
}

/// Asks the browser, once, not to clear what is saved when it runs short of space. Some ask the person, so
/// there must be something to keep.
pub fn persist() {
    let storage = LocalStorage::raw();
    if storage.get_item(ASKED).ok().flatten().is_some() {
        return;
    }
    let _ = storage.set_item(ASKED, "1");
    // Missing where the page did not come over a secure connection. Saved it is either way, so that the answer
    // is not waited for.
    if let Some(manager) = member(&window().navigator(), "storage")
        && let Some(persist) = member(&manager, "persist")
        && let Ok(persist) = persist.dyn_into::<Function>()
    {
        let _ = persist.call0(&manager);
    }
}

/// Language and theme, as they were chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    pub lang: Option<Lang>,
    pub theme: Option<String>,
}

pub fn choices() -> Choices {
    LocalStorage::get(CHOICES).unwrap_or_default()
}

pub fn save_choices(choices: &Choices) {
    // Without storage the choice lasts as long as the tab.
    let _ = LocalStorage::set(CHOICES, choices);
}

/// Marks that the app ended by a bug, so that the next start does not run into it again.
pub fn set_crashed() {
    let _ = SessionStorage::raw().set_item(CRASHED, "1");
    set_opened();
}

/// How long a design may take to open, in ms; until then a mark may be that of another tab.
const PATIENCE: f64 = 3_000.0;

/// Marks that a design is being opened. A tab that hangs leaves the mark for the next start.
fn set_opening() {
    let _ = LocalStorage::raw().set_item(OPENING, &js_sys::Date::now().to_string());
}

/// Takes the mark back: what was to be opened is on screen.
pub fn set_opened() {
    let _ = LocalStorage::raw().remove_item(OPENING);
}

/// Whether an earlier start never came to an end.
fn was_opening() -> bool {
    let since = LocalStorage::raw().get_item(OPENING).ok().flatten();
    let since = since.and_then(|it| it.parse::<f64>().ok());
    since.is_some_and(|it| js_sys::Date::now() - it > PATIENCE)
}

/// Whether the last start in this tab ended by a bug, asked once.
fn take_crashed() -> bool {
    let storage = SessionStorage::raw();
    let crashed = storage.get_item(CRASHED).ok().flatten().is_some();
    if crashed {
        let _ = storage.remove_item(CRASHED);
    }
    crashed
}
