//! Designs to start from: one per article that the product grew out of, as it fails and repaired.
//!
//! Each is built by code from the article, so that names of settings are checked when it is opened.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use crate::{
    design::{Design, Place},
    draw::NODE,
    kinds::{Form, Kind, Resource, ResourceId},
    text::{Lang, Text, text},
};

/// One design of the gallery.
pub struct Entry {
    /// Name in links and on the command line.
    pub slug: &'static str,
    pub title: Text,
    /// What it shows, in a sentence or two.
    pub description: Text,
    /// Builds it. Names of resources are the same in every language.
    pub build: fn(&mut Draft),
}

/// In the order of the start page.
pub const ALL: &[Entry] = &[EMPTY];

const EMPTY: Entry = Entry {
    slug: "empty",
    title: text("Empty design", "空のデザイン"),
    description: text(
        "A subscription with a resource group, to start from nothing",
        "サブスクリプションとリソース グループだけの、最初から描くためのデザイン",
    ),
    build: |draft| {
        let subscription = draft.put(Kind::Subscription, "Subscription", None, (0, 0), &[]);
        draft.put(Kind::ResourceGroup, "rg-ml", Some(subscription), (0, 0), &[]);
    },
};

pub fn find(slug: &str) -> Option<&'static Entry> {
    ALL.iter().find(|it| it.slug == slug)
}

impl Entry {
    /// The design, with title and description in `lang`.
    pub fn design(&self, lang: Lang) -> Design {
        let mut draft = Draft::default();
        (self.build)(&mut draft);
        let mut design = draft.finish();
        self.title.get(lang).clone_into(&mut design.name);
        self.description.get(lang).clone_into(&mut design.description);
        design
    }
}

/// A box, its column and row, its width and height.
type Cell = (ResourceId, (usize, usize), (f64, f64));

/// Smallest box that can hold something.
const CONTAINER: (f64, f64) = (216.0, 120.0);
/// Between boxes, and between a box and the edge of what it stands in.
const GAP: f64 = 24.0;
/// Title of a container.
const HEADER: f64 = 40.0;

/// A design being built: resources in cells of the grid of what they stand in.
#[derive(Default)]
pub struct Draft {
    design: Design,
    /// Column and row in the grid of the parent.
    cells: BTreeMap<ResourceId, (usize, usize)>,
}

impl Draft {
    /// Puts a resource into a cell of `parent` (or of the empty canvas).
    pub fn put(
        &mut self,
        kind: Kind,
        name: &str,
        parent: Option<ResourceId>,
        cell: (usize, usize),
        settings: &[(&str, Value)],
    ) -> ResourceId {
        let id = self.draw(kind, name, parent, settings);
        self.cells.insert(id, cell);
        id
    }

    /// Adds a line, which stands in no cell.
    pub fn draw(
        &mut self,
        kind: Kind,
        name: &str,
        parent: Option<ResourceId>,
        settings: &[(&str, Value)],
    ) -> ResourceId {
        let id = self.design.next_id();
        let mut it = Resource::new(kind, name, parent);
        for (key, value) in settings {
            it.settings.insert((*key).to_owned(), value.clone());
        }
        self.design.resources.0.insert(id, Arc::new(it));
        id
    }

    /// Changes a setting of a resource that is there already.
    pub fn set(&mut self, id: ResourceId, key: &str, value: Value) {
        if let Some(it) = self.design.resources.0.get_mut(&id) {
            Arc::make_mut(it).settings.insert(key.to_owned(), value);
        }
    }

    fn finish(mut self) -> Design {
        let mut children: BTreeMap<Option<ResourceId>, Vec<ResourceId>> = BTreeMap::new();
        for id in self.cells.keys() {
            let parent = self.design.get(*id).and_then(|it| it.parent);
            children.entry(parent).or_default().push(*id);
        }
        self.lay_out(None, &children);
        self.design
    }

    /// Places the boxes of one grid and returns the size that holds them.
    fn lay_out(
        &mut self,
        parent: Option<ResourceId>,
        children: &BTreeMap<Option<ResourceId>, Vec<ResourceId>>,
    ) -> (f64, f64) {
        let boxes = children.get(&parent).cloned().unwrap_or_default();
        let sizes: Vec<Cell> = boxes
            .into_iter()
            .map(|id| {
                let (width, height) = self.lay_out(Some(id), children);
                let least = match self.design.get(id).map(|it| it.kind.info().form) {
                    Some(Form::Container) => CONTAINER,
                    _ => NODE,
                };
                let cell = self.cells.get(&id).copied().unwrap_or_default();
                (id, cell, (width.max(least.0), height.max(least.1)))
            })
            .collect();
        let columns = tracks(sizes.iter().map(|(_, cell, size)| (cell.0, size.0)));
        let rows = tracks(sizes.iter().map(|(_, cell, size)| (cell.1, size.1)));
        let top = if parent.is_some() { HEADER } else { 0.0 };
        for (id, cell, (width, height)) in &sizes {
            let place = Place {
                x: GAP + before(&columns, cell.0),
                y: top + GAP + before(&rows, cell.1),
                width: *width,
                height: *height,
            };
            self.design.layout.insert(*id, place);
        }
        if sizes.is_empty() {
            return (0.0, 0.0);
        }
        // `before` the first track that is not there ends with a gap, which is the far edge's.
        (GAP + before(&columns, usize::MAX), top + GAP + before(&rows, usize::MAX))
    }
}

/// The widest box of each column, or the highest of each row.
fn tracks(boxes: impl Iterator<Item = (usize, f64)>) -> BTreeMap<usize, f64> {
    let mut all = BTreeMap::new();
    for (track, size) in boxes {
        let widest = all.entry(track).or_insert(0.0_f64);
        *widest = widest.max(size);
    }
    all
}

fn before(tracks: &BTreeMap<usize, f64>, track: usize) -> f64 {
    tracks.range(..track).map(|(_, size)| size + GAP).sum()
}
