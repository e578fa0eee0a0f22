//! Tests of the core from outside.

mod access_reference;
mod architecture;
mod designs;
mod files;
mod identity;
mod identity_laws;
mod identity_least;
mod laws;
mod links;
