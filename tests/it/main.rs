//! Tests of the core from outside.

mod architecture;
mod designs;
mod files;
mod laws;
mod links;
