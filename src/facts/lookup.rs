//! What is found by a key and never walked.

use std::{borrow::Borrow, fmt, hash::Hash};

use foldhash::fast::RandomState;

#[expect(clippy::disallowed_types, reason = "nothing walks it, so its order reaches nobody")]
type Hashed<K, V> = std::collections::HashMap<K, V, RandomState>;

/// A map that answers and has no order: where keys are long, a hash finds them sooner than a tree.
#[derive(Clone, PartialEq)]
pub struct Lookup<K: Eq + Hash, V>(Hashed<K, V>);

impl<K: Eq + Hash, V> Lookup<K, V> {
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(key)
    }

    pub fn insert(&mut self, key: K, value: V) {
        self.0.insert(key, value);
    }

    /// What stands under the key, which is `value` where nothing did.
    pub fn get_or_insert(&mut self, key: K, value: V) -> &mut V {
        self.0.entry(key).or_insert(value)
    }
}

impl<K: Eq + Hash, V> Default for Lookup<K, V> {
    fn default() -> Lookup<K, V> {
        Lookup(Hashed::default())
    }
}

impl<K: Eq + Hash, V> FromIterator<(K, V)> for Lookup<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(all: I) -> Lookup<K, V> {
        Lookup(all.into_iter().collect())
    }
}

impl<K: Eq + Hash, V> fmt::Debug for Lookup<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lookup of {}", self.0.len())
    }
}
