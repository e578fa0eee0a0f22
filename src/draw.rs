//! Where boxes and lines of a design are drawn. Geometry only: it knows containment and references,
//! and no Azure rule beyond them.
//!
//! The canvas, the pictures of the gallery and exported pictures all read one [`scene::Scene`].

// Points, rectangles, and a grid to find what is near.
pub mod geometry;

// Align, distribute, tidy up.
pub mod align;

// Lines between the same two containers as one.
pub mod bundle;

// Copy and paste.
pub mod clip;

// What can be read at a zoom.
pub mod detail;

// Placing, moving, resizing, connecting: edits worked out from what is drawn.
pub mod edits;

// Orthogonal lines around boxes.
pub mod route;

// Absolute boxes and lines of a whole design.
pub mod scene;

// Places for what has none.
pub mod tidy;

// Words cut to the room there is.
pub mod words;

/// Width and height of a node, in px at 100 %. Nodes are all of one size, so that they line up.
pub const NODE: (f64, f64) = (216.0, 56.0);

/// Size of a new note.
pub const NOTE: (f64, f64) = (216.0, 72.0);

/// Size of a new container of the group's scopes and networks, which are made to be filled.
pub const CONTAINER: (f64, f64) = (256.0, 128.0);

/// Room between a container's border and what stands in it.
pub const PADDING: f64 = 24.0;

/// Room for a container's title, above what stands in it.
pub const TITLE: f64 = 48.0;

/// Room between boxes.
pub const GAP: f64 = 16.0;
