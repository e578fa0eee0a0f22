//! What stays in this browser: the open design, the one before it, and choices of the person.
//!
//! Everything goes through here, so that another place to store (`IndexedDB`) changes one file.

use gloo_storage::{LocalStorage, SessionStorage, Storage as _};
use serde::{Deserialize, Serialize};

use crate::{
    design::{
        Design,
        file::{self, LoadError, Loaded},
    },
    text::Lang,
};

const CURRENT: &str = "drawbridge.design";
const PREVIOUS: &str = "drawbridge.previous";
const CHOICES: &str = "drawbridge.choices";
const CRASHED: &str = "drawbridge.crashed";

/// Language and theme, as they were chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    pub lang: Option<Lang>,
    pub theme: Option<String>,
}

/// The design text as the browser keeps it.
fn read(key: &str) -> Option<String> {
    LocalStorage::raw().get_item(key).ok().flatten()
}

fn write(key: &str, text: &str) -> bool {
    LocalStorage::raw().set_item(key, text).is_ok()
}

/// Saves the open design; whether the browser took it.
pub fn save(design: &Design) -> bool {
    write(CURRENT, &file::save(design))
}

/// Keeps what is saved as the one before, because another design is about to be opened.
pub fn set_aside() {
    if let Some(text) = read(CURRENT) {
        write(PREVIOUS, &text);
    }
}

/// Where a saved design comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Current,
    Previous,
}

/// The saved text, for a download that nothing has read yet.
pub fn raw(slot: Slot) -> Option<String> {
    read(match slot {
        Slot::Current => CURRENT,
        Slot::Previous => PREVIOUS,
    })
}

/// The saved design.
pub fn load(slot: Slot) -> Option<Result<Loaded, LoadError>> {
    raw(slot).map(|it| file::load(it.as_bytes()))
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
}

/// Whether it did, asked once.
pub fn take_crashed() -> bool {
    let storage = SessionStorage::raw();
    let crashed = storage.get_item(CRASHED).ok().flatten().is_some();
    if crashed {
        let _ = storage.remove_item(CRASHED);
    }
    crashed
}
