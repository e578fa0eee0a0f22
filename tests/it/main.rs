//! Tests of the core from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics has failed, and says where"
)]

mod access_reference;
mod algebra;
mod architecture;
mod articles;
mod compare;
mod considered;
mod designs;
mod exports;
mod files;
mod fixes;
mod hostile_files;
mod identity;
mod identity_case;
mod identity_laws;
mod identity_least;
mod kinds;
mod laws;
mod links;
mod lints;
mod network_facts;
mod network_laws;
mod network_replay;
mod notes;
mod operations_table;
mod oracle;
mod reach;
mod rearranged;
mod scenarios;
mod setup_operations;
#[path = "../../benches/topology.rs"]
mod topology;
mod use_operations;
mod worlds;
