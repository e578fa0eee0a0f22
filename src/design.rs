//! The document: resources, where they are drawn, a name. All that is saved, shared and undone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::kinds::{Form, Resource, ResourceId, Resources};

// What is free of a network's address space.
pub mod addresses;

// What two designs do not have alike.
pub mod compare;

// The only way a design changes.
pub mod edit;

// The JSON file, its version and what it refuses.
pub mod file;

// Undo and redo.
pub mod history;

// The URL fragment that carries a design.
pub mod link;

/// A drawing of an Azure environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    pub name: String,
    pub description: String,
    pub resources: Resources,
    /// Where each resource is drawn. Edges have none.
    pub layout: BTreeMap<ResourceId, Place>,
    /// What stays where it is drawn until it is unlocked. Nothing to Azure: locks there are resources of their own.
    pub locked: BTreeSet<ResourceId>,
    /// Members of the file that this version does not know; written back unchanged.
    pub extra: Map<String, Value>,
}

/// A box on the canvas, in px at 100 %, relative to the box it stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Design {
    pub fn get(&self, id: ResourceId) -> Option<&Resource> {
        self.resources.get(id)
    }

    /// The number that the next resource gets.
    pub fn next_id(&self) -> ResourceId {
        ResourceId(self.resources.0.keys().next_back().map_or(1, |it| it.0.saturating_add(1)))
    }

    /// A resource by name, for tests and the command line; the lowest number wins.
    pub fn named(&self, name: &str) -> Option<ResourceId> {
        self.resources.0.iter().find(|(_, it)| it.name == name).map(|(id, _)| *id)
    }

    /// Whether something that has a box stands in `id`.
    pub fn holds(&self, id: ResourceId) -> bool {
        let boxed = |it: &Resource| !matches!(it.kind.info().form, Form::Edge { .. });
        self.resources.0.values().any(|it| it.parent == Some(id) && boxed(it))
    }

    /// `id` and everything that stands in it.
    pub fn subtree(&self, id: ResourceId) -> Vec<ResourceId> {
        let mut children: BTreeMap<ResourceId, Vec<ResourceId>> = BTreeMap::new();
        for (&child, it) in &self.resources.0 {
            if let Some(parent) = it.parent {
                children.entry(parent).or_default().push(child);
            }
        }
        let mut all = vec![id];
        let mut next = 0;
        while let Some(&it) = all.get(next) {
            // A design from a file has no cycles, but this must end even so.
            let found = children.remove(&it).unwrap_or_default();
            all.extend(found.into_iter().filter(|it| *it != id));
            next += 1;
        }
        all
    }
}
