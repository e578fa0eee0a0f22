//! Facts by the number of their resource.
//!
//! Resources say what they make true in the order of their numbers, and the solvers ask for thousands of
//! them, so a sorted list is both written and read faster than a tree.

use std::slice;

use super::ResourceId;

/// A map from resources to facts, in the order of numbers.
// INVARIANT: numbers rise.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<T>(Vec<(ResourceId, T)>);

impl<T> Table<T> {
    /// The place of `id`, or where it would stand.
    fn place(&self, id: ResourceId) -> Result<usize, usize> {
        let Some(((first, _), (last, _))) = self.0.first().zip(self.0.last()) else {
            return Err(0);
        };
        if id > *last {
            return Err(self.0.len());
        }
        // Where no number was left out, the place is known.
        let guess = usize::try_from(id.0.wrapping_sub(first.0)).unwrap_or(usize::MAX);
        if self.0.get(guess).is_some_and(|it| it.0 == id) {
            return Ok(guess);
        }
        self.0.binary_search_by_key(&id, |it| it.0)
    }

    pub fn get(&self, id: &ResourceId) -> Option<&T> {
        self.0.get(self.place(*id).ok()?).map(|it| &it.1)
    }

    pub fn get_mut(&mut self, id: &ResourceId) -> Option<&mut T> {
        let place = self.place(*id).ok()?;
        self.0.get_mut(place).map(|it| &mut it.1)
    }

    pub fn contains_key(&self, id: &ResourceId) -> bool {
        self.place(*id).is_ok()
    }

    /// Puts a fact in the place of another one, which comes back.
    pub fn insert(&mut self, id: ResourceId, fact: T) -> Option<T> {
        match self.place(id) {
            Ok(place) => self.0.get_mut(place).map(|it| std::mem::replace(&mut it.1, fact)),
            Err(place) => {
                self.0.insert(place, (id, fact));
                None
            }
        }
    }

    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self.0.iter())
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &ResourceId> {
        self.0.iter().map(|it| &it.0)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.0.iter().map(|it| &it.1)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Table<Vec<T>> {
    /// Adds to the list of `id`.
    pub fn push(&mut self, id: ResourceId, fact: T) {
        match self.get_mut(&id) {
            Some(all) => all.push(fact),
            None => drop(self.insert(id, vec![fact])),
        }
    }
}

impl<T> Default for Table<T> {
    fn default() -> Table<T> {
        Table(Vec::new())
    }
}

/// What [`Table::iter`] gives.
#[derive(Debug)]
pub struct Iter<'a, T>(slice::Iter<'a, (ResourceId, T)>);

impl<'a, T> Iterator for Iter<'a, T> {
    type Item = (&'a ResourceId, &'a T);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|it| (&it.0, &it.1))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<T> Clone for Iter<'_, T> {
    fn clone(&self) -> Self {
        Iter(self.0.clone())
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = (&'a ResourceId, &'a T);
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> FromIterator<(ResourceId, T)> for Table<T> {
    fn from_iter<I: IntoIterator<Item = (ResourceId, T)>>(all: I) -> Table<T> {
        let mut table = Table::default();
        for (id, fact) in all {
            table.insert(id, fact);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn it_is_the_map_that_it_stands_for() {
        // In order, with gaps, backwards, twice.
        for numbers in
            [&[1, 2, 3][..], &[5, 9, 12, 40], &[7, 3, 5, 1], &[4, 2, 4, 2], &[u32::MAX, 0]]
        {
            let facts = || numbers.iter().enumerate().map(|(n, it)| (ResourceId(*it), n));
            let (table, map): (Table<usize>, BTreeMap<ResourceId, usize>) =
                (facts().collect(), facts().collect());
            assert!(table.iter().eq(&map), "{numbers:?}");
            assert_eq!(table.len(), map.len());
            for id in (0..50).chain([u32::MAX]).map(ResourceId) {
                assert_eq!(table.get(&id), map.get(&id), "{numbers:?}, {id:?}");
                assert_eq!(table.contains_key(&id), map.contains_key(&id));
            }
        }
    }

    #[test]
    fn lists_grow_in_their_place() {
        let mut table: Table<Vec<u8>> = [(ResourceId(9), vec![1])].into_iter().collect();
        for id in [9, 3] {
            table.push(ResourceId(id), 2);
        }
        let all: Vec<(u32, &[u8])> = table.iter().map(|(id, it)| (id.0, it.as_slice())).collect();
        assert_eq!(all, [(3, &[2][..]), (9, &[1, 2])]);
    }
}
