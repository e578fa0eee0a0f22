//! What a design makes true, in words that name no Azure kind: networks, names, rules, grants.
//!
//! Kinds write facts, the solver reads them; they are rebuilt from the design and never saved.

use serde::{Deserialize, Serialize};

// IPv4 prefixes.
pub mod cidr;

/// The number of a resource in its design. Facts carry the same number, so an answer can point back.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ResourceId(pub u32);

/// The facts of one design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {}
