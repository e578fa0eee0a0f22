//! Drawbridge: draw an Azure Machine Learning environment, and read which operations will work.
//!
//! The modules stand in layer order. A module may import those above its own line only; the table
//! is in `tests/it/architecture.rs`.

// One sentence in English and Japanese.
pub mod text;

// What a design makes true: networks, names, rules, grants. Names no Azure kind.
pub mod facts;

// What Azure fixes and no design changes: roles, zones, tags, default rules, error texts.
pub mod azure;

// One Azure resource kind per file.
pub mod kinds;

// Verdicts: network and access solver. Reads facts, names no Azure kind.
pub mod solve;

// The document, its edits, its file and its link.
pub mod design;

// Where boxes and lines are drawn. Geometry only.
pub mod draw;

// Operations that people care about, one file each.
pub mod checks;

// Conditions of a design that people should know of, one file each.
pub mod lints;

// Every operation judged, every problem named.
pub mod report;

// Questions about all identities of a design at once.
pub mod questions;

// Designs to start from.
pub mod gallery;

// Templates and scripts, printed from what the kinds lowered themselves to.
pub mod export;

// Realistic designs of any size, for measurements.
pub mod generate;

// The browser app: signals, views, browser. The only layer that names leptos and web-sys.
#[cfg(feature = "app")]
pub mod app;
