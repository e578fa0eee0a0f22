//! The first page: take up the last design, start empty, or open one from the gallery.

// One design of the gallery.
mod card;

// The page.
pub mod page;

// A design as a small picture.
pub mod picture;

// The designs saved in this browser.
mod saved;
