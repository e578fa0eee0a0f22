//! The design as a JSON file: versioned, checked, with unknown members kept.
