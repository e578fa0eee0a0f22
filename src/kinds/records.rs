//! The records of a design, with an index over them that is made when it is first asked for.
//!
//! Checks and facts ask for children, kinds and referrers of thousands of resources in a row. Every
//! change throws the index away; copies of a design share it.

use std::{
    any::Any,
    collections::{BTreeMap, btree_map},
    fmt,
    ops::{Deref, DerefMut},
    sync::{Arc, OnceLock},
};

use super::{
    Kind, Resource, ResourceId, Resources, collect_references,
    conflicts::Conflicts,
    setting::{Field, member},
};

type Map = BTreeMap<ResourceId, Arc<Resource>>;

/// All records by number. It is used like the map it holds.
#[derive(Clone, Default)]
pub struct Records {
    /// Shared by the steps of undo that change no record.
    map: Arc<Map>,
    places: OnceLock<Arc<Places>>,
    referrers: OnceLock<Arc<Referrers>>,
    conflicts: OnceLock<Arc<Conflicts>>,
    slots: OnceLock<Arc<Slots>>,
    derived: OnceLock<Arc<Memo>>,
}

type Value = Arc<dyn Any + Send + Sync>;

/// One value of each type, made when it is first asked for.
#[derive(Default)]
struct Memo {
    value: OnceLock<Value>,
    next: OnceLock<Box<Memo>>,
}

impl Memo {
    fn get<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let mut at = self;
        while let Some(it) = at.value.get() {
            // Looked at first: a copy that is no use costs as much as one that is.
            if (**it).is::<T>()
                && let Ok(it) = Arc::clone(it).downcast()
            {
                return it;
            }
            at = at.next();
        }
        let made = Arc::new(make());
        let mut it: Value = made.clone();
        // What was made on the way has taken its place by now.
        while let Err(back) = at.value.set(it) {
            it = back;
            at = at.next();
        }
        made
    }

    fn next(&self) -> &Memo {
        self.next.get_or_init(Box::default)
    }
}

/// What is worked out from all records together, once for each state of a design.
pub trait Derived: Any + Send + Sync {
    fn of(all: &Resources) -> Self;
}

/// The records once more, side by side: they are looked up by number all the time.
struct Slots(Vec<Slot>);

struct Slot {
    id: ResourceId,
    record: Arc<Resource>,
    /// What was read from the settings.
    settings: Memo,
}

impl Slots {
    fn get(&self, id: ResourceId) -> Option<&Slot> {
        // Where no number was left out, the place is known.
        let first = self.0.first()?.id;
        let place = usize::try_from(id.0.checked_sub(first.0)?).ok()?;
        match self.0.get(place) {
            Some(it) if it.id == id => Some(it),
            _ => self.0.get(self.0.binary_search_by_key(&id, |it| it.id).ok()?),
        }
    }
}

/// Numbers in rising order.
#[derive(Default)]
struct Places {
    children: BTreeMap<Option<ResourceId>, Vec<ResourceId>>,
    kinds: BTreeMap<Kind, Vec<ResourceId>>,
}

/// Who refers to a resource, and by which setting.
type Referrers = BTreeMap<ResourceId, Vec<(ResourceId, &'static Field)>>;

impl Records {
    /// Whether both are one and the same, without a look at the records.
    pub fn is(&self, other: &Records) -> bool {
        Arc::ptr_eq(&self.map, &other.map)
    }

    /// As the map has it, only faster.
    pub fn get(&self, id: &ResourceId) -> Option<&Arc<Resource>> {
        self.slots().get(*id).map(|it| &it.record)
    }

    pub(super) fn children(&self, parent: Option<ResourceId>) -> &[ResourceId] {
        self.places().children.get(&parent).map_or(&[], Vec::as_slice)
    }

    pub(super) fn of(&self, kind: Kind) -> &[ResourceId] {
        self.places().kinds.get(&kind).map_or(&[], Vec::as_slice)
    }

    pub(super) fn referrers(&self, id: ResourceId) -> &[(ResourceId, &'static Field)] {
        let all = self.referrers.get_or_init(|| {
            let mut all = Referrers::new();
            let mut found = Vec::new();
            for (id, it) in &*self.map {
                for field in it.kind.info().fields.iter().filter(|it| it.shape.refers()) {
                    if let Some(value) = member(&it.settings, field.key) {
                        collect_references(field, &field.shape, value, &mut found);
                    }
                }
                for (field, target) in found.drain(..) {
                    all.entry(target).or_default().push((*id, field));
                }
            }
            Arc::new(all)
        });
        all.get(&id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn conflicts(&self, find: impl FnOnce() -> Conflicts) -> &Conflicts {
        self.conflicts.get_or_init(|| Arc::new(find()))
    }

    /// The settings of a resource as `T`, read once.
    pub(super) fn settings<T: Any + Send + Sync>(
        &self,
        id: ResourceId,
        read: impl FnOnce() -> T,
    ) -> Arc<T> {
        match self.slots().get(id) {
            Some(it) => it.settings.get(read),
            None => Arc::new(read()),
        }
    }

    pub(super) fn derived<T: Any + Send + Sync>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        self.derived.get_or_init(Arc::default).get(make)
    }

    fn slots(&self) -> &Slots {
        self.slots.get_or_init(|| {
            let slot = |(id, it): (&ResourceId, &Arc<Resource>)| Slot {
                id: *id,
                record: Arc::clone(it),
                settings: Memo::default(),
            };
            Arc::new(Slots(self.map.iter().map(slot).collect()))
        })
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| {
            let mut all = Places::default();
            for (id, it) in &*self.map {
                all.children.entry(it.parent).or_default().push(*id);
                all.kinds.entry(it.kind).or_default().push(*id);
            }
            Arc::new(all)
        })
    }
}

impl Deref for Records {
    type Target = Map;

    fn deref(&self) -> &Map {
        &self.map
    }
}

impl DerefMut for Records {
    fn deref_mut(&mut self) -> &mut Map {
        self.places.take();
        self.referrers.take();
        self.conflicts.take();
        self.slots.take();
        self.derived.take();
        Arc::make_mut(&mut self.map)
    }
}

impl From<Map> for Records {
    fn from(map: Map) -> Records {
        Records { map: Arc::new(map), ..Records::default() }
    }
}

impl FromIterator<(ResourceId, Arc<Resource>)> for Records {
    fn from_iter<I: IntoIterator<Item = (ResourceId, Arc<Resource>)>>(all: I) -> Records {
        Map::from_iter(all).into()
    }
}

impl<'a> IntoIterator for &'a Records {
    type Item = (&'a ResourceId, &'a Arc<Resource>);
    type IntoIter = btree_map::Iter<'a, ResourceId, Arc<Resource>>;

    fn into_iter(self) -> Self::IntoIter {
        self.map.iter()
    }
}

impl PartialEq for Records {
    fn eq(&self, other: &Records) -> bool {
        self.is(other) || self.map == other.map
    }
}

impl fmt::Debug for Records {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.map.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::Resources;

    #[test]
    fn a_change_is_seen_by_the_next_question() {
        let id = ResourceId;
        let mut all = Resources::default();
        all.0.insert(id(1), Resource::new(Kind::ResourceGroup, "rg", None).into());
        assert_eq!(all.children(Some(id(1))).count(), 0);
        let mut peering = Resource::new(Kind::VirtualNetworkPeering, "p", None);
        peering.settings.insert("virtualNetwork".to_owned(), json!(3));
        all.0.insert(id(2), peering.into());
        all.0.insert(id(3), Resource::new(Kind::VirtualNetwork, "a", Some(id(1))).into());
        let before = all.clone();
        let names = |all: &Resources| -> Vec<String> {
            all.children(Some(id(1))).map(|it| it.name().to_owned()).collect()
        };
        assert_eq!(names(&all), ["a"]);
        assert_eq!(all.of(Kind::VirtualNetworkPeering).count(), 1);
        let by: Vec<_> = all.referrers(id(3)).map(|(it, field)| (it.id, field.key)).collect();
        assert_eq!(by, [(id(2), "virtualNetwork")]);
        if let Some(it) = all.0.get_mut(&id(3)) {
            Arc::make_mut(it).parent = None;
        }
        all.0.remove(&id(2));
        assert_eq!(names(&all), [""; 0]);
        assert_eq!(all.referrers(id(3)).count(), 0);
        assert_eq!(names(&before), ["a"], "a copy keeps its own answers");
    }
}
