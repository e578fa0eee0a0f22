//! The design as a URL fragment: versioned, compressed, with a check value.
