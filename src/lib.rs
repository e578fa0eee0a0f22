//! Drawbridge: draw an Azure Machine Learning environment, and read which operations will work.
//!
//! The modules stand in layer order. A module may import those above its own line only; the table
//! is in `tests/it/architecture.rs`.

// One sentence in English and Japanese.
pub mod text;
