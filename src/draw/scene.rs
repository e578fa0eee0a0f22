//! Absolute boxes and lines of a whole design.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use super::{
    CONTAINER, GAP, NODE, NOTE, TITLE,
    geometry::{Grid, Point, Rect},
    route::{self, Course, Ends, Kept, Nodes},
    tidy,
    words::width,
};
use crate::{
    design::Design,
    kinds::{
        Form, Group, Kind, KindInfo, ResourceId, Subject,
        setting::{Field, Relation, Shape},
    },
};

// The scene after boxes were moved, made of the one before.
mod rearranged;

/// All that is drawn.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    pub boxes: BTreeMap<ResourceId, Drawn>,
    /// Parents before children, then by number: the order of drawing and of reading.
    pub order: Vec<ResourceId>,
    /// Shared with the scenes before and after it.
    pub lines: Vec<Arc<Line>>,
    by_id: Arc<BTreeMap<LineId, usize>>,
    /// What lines go around, by place in `order`.
    nodes: Grid,
    /// The boxes, by place in `order`.
    rects: Grid,
    /// The stretches of all lines, and the line that each belongs to.
    stretches: Grid,
    stretch_of: Vec<u32>,
    /// Place of a box in `order` and a line that ends there, sorted.
    ends: Arc<Vec<(usize, u32)>>,
}

/// One box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    pub rect: Rect,
    /// Nesting, 0 on the empty canvas.
    pub depth: usize,
    pub parent: Option<ResourceId>,
    /// Drawn as a frame around others; else as a node.
    pub frame: bool,
    /// Words, with a size of its own.
    pub note: bool,
    /// A container whose content is not drawn.
    pub collapsed: bool,
    /// Width of a frame's title.
    pub title: f64,
    /// Its place in the order of drawing, and that of the first box behind it that does not stand in it.
    pub rank: usize,
    pub past: usize,
}

impl Drawn {
    /// What lines go around: a node, or the title of a frame.
    fn obstacle(&self) -> Rect {
        if self.frame {
            Rect { width: self.title, height: 28.0, ..self.rect.moved(6.0, 6.0) }
        } else {
            self.rect
        }
    }
}

/// With more boxes changed, all lines are looked at anew.
const MOST: usize = 400;

/// Least size of a note: a word on one line.
pub const LEAST_NOTE: (f64, f64) = (48.0, 32.0);

/// How near to a line a box may come or go without the line looking for another way.
const BESIDE: f64 = 24.0;

/// Width of a frame's title with its words, as far as there is room.
pub fn title_width(name: &str, detail: &str, room: f64) -> f64 {
    (width(name) * 13.5 + width(detail) * 11.5 + 62.0).min(room - 12.0).max(0.0)
}

/// What tells a line from all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineId {
    pub from: ResourceId,
    pub to: ResourceId,
    pub relation: Relation,
    /// The resource that is this line, for kinds that are lines.
    pub resource: Option<ResourceId>,
}

/// One line between two boxes.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: LineId,
    /// Places of its two boxes in the order of drawing.
    pub ranks: (usize, usize),
    course: Course,
    /// Words on it, the same in every language.
    pub label: String,
    /// Where on the longest stretch they stand, from 0 to 1.
    pub label_at: f64,
}

impl Line {
    pub fn points(&self) -> &Arc<[Point]> {
        &self.course.points
    }

    /// Whether it goes beside something that changed.
    fn passes(&self, changed: &Grid) -> bool {
        self.points().windows(2).any(|it| match it {
            [a, b] => changed.near(Rect::of_corners(*a, *b).grown(BESIDE)).next().is_some(),
            _ => false,
        })
    }

    /// The room that its label takes at a place on it; none where there is none.
    fn label_box(&self, at: f64) -> Option<Rect> {
        let length = label_width(&self.label);
        let it = route::label_spot(self.points(), at, length)?;
        Some(Rect::new(it.x - length / 2.0, it.y - 9.0, length, 18.0))
    }
}

/// The stretches of a line as they are looked for.
fn stretches_of(line: &[Point]) -> impl Iterator<Item = Rect> {
    line.windows(2).filter_map(|it| match it {
        [a, b] => Some(Rect::of_corners(*a, *b).grown(1.0)),
        _ => None,
    })
}

/// Width of a line's label with the room around it.
pub fn label_width(label: &str) -> f64 {
    width(label) * 11.0 + 16.0
}

/// Where on a line its label stands, from 0 to 1: in the middle, or aside where another label or a box is. `taken` is
/// where the labels before it stand, the last one first.
fn label_at(line: &Line, taken: impl Iterator<Item = Rect> + Clone, nodes: &Grid) -> f64 {
    let free = |at: &f64| {
        line.label_box(*at).is_some_and(|it| !taken.clone().take(NEAR).any(|other| other.meets(it)))
    };
    let clear = |at: &f64| line.label_box(*at).is_some_and(|it| nodes.near(it).next().is_none());
    let spots = [0.5, 0.35, 0.65, 0.2, 0.8].into_iter().filter(free);
    spots.clone().find(clear).or_else(|| spots.clone().next()).unwrap_or(0.5)
}

/// So many labels before it a label keeps away from: lines that run side by side are near each other in the list too.
const NEAR: usize = 64;

fn place_labels(lines: &mut [Line], nodes: &Grid) {
    let mut taken: Vec<Rect> = Vec::new();
    for line in lines.iter_mut().filter(|it| !it.label.is_empty()) {
        line.label_at = label_at(line, taken.iter().rev().copied(), nodes);
        taken.extend(line.label_box(line.label_at));
    }
}

/// Whether a kind is a frame even while nothing stands in it.
fn is_frame(info: &KindInfo) -> bool {
    info.form == Form::Container && matches!(info.group, Group::Scope | Group::Network)
}

/// The size of a new box of a kind.
pub fn default_size(info: &KindInfo) -> (f64, f64) {
    match info.form {
        Form::Note => NOTE,
        _ if is_frame(info) => CONTAINER,
        _ => NODE,
    }
}

impl Scene {
    pub fn build(design: &Design) -> Scene {
        Scene::folded(design, &BTreeSet::new())
    }

    /// The scene with some containers collapsed: each is drawn as one node, at which the lines of all
    /// that stands in it end.
    pub fn folded(design: &Design, collapsed: &BTreeSet<ResourceId>) -> Scene {
        Scene::default().next(design, collapsed)
    }

    /// The scene of the design as it is after an edit. Lines keep their course unless their ends or
    /// something beside them changed, so that an edit costs what it changed and the rest stands still.
    #[must_use]
    pub fn next(&self, design: &Design, collapsed: &BTreeSet<ResourceId>) -> Scene {
        let mut children: BTreeMap<Option<ResourceId>, Vec<ResourceId>> = BTreeMap::new();
        for it in design.resources.subjects() {
            if !matches!(it.info().form, Form::Edge { .. }) {
                let parent = it.resource.parent.filter(|it| design.get(*it).is_some());
                if !parent.is_some_and(|it| collapsed.contains(&it)) {
                    children.entry(parent).or_default().push(it.id);
                }
            }
        }
        let places = BTreeMap::new();
        let mut plan = Plan { design, children: &children, collapsed, places, known: None };
        plan.fill(None);
        let mut scene = Scene::default();
        scene.put(&plan, None, Point::default(), 0);
        scene.nodes = scene.grid(Drawn::obstacle);
        scene.rects = scene.grid(|it| it.rect);
        scene.draw_lines(line_ids(design, &scene.boxes), self);
        scene
    }

    fn grid(&self, of: impl Fn(&Drawn) -> Rect) -> Grid {
        Grid::new(self.order.iter().filter_map(|it| self.boxes.get(it)).map(of).collect())
    }

    fn draw_lines(&mut self, ids: Vec<(LineId, String)>, before: &Scene) {
        let changed = self.changed(before);
        let kept = |id: LineId, n: usize, ends: Ends| {
            let changed = changed.as_ref()?;
            // Mostly the same line stands at the same place of the list.
            let at = before.lines.get(n).filter(|it| it.id == id).map(AsRef::as_ref);
            let it = at.or_else(|| before.line(id))?;
            (it.course.ends == ends && !it.passes(changed)).then_some(&it.course)
        };
        let ends: Vec<(Ends, Kept<'_>)> = ids
            .iter()
            .enumerate()
            .filter_map(|(n, (id, _))| {
                let ends = self.ends(*id)?;
                Some((ends, kept(*id, n, ends).map_or(Kept::No, Kept::Unless)))
            })
            .collect();
        let nodes = Nodes { grid: &self.nodes, except: &[] };
        let routed = route::courses(&ends, nodes, |_| Vec::new());
        let mut lines: Vec<Line> = ids
            .into_iter()
            .zip(routed)
            .map(|((id, label), course)| {
                let rank = |id| self.boxes.get(&id).map_or(0, |it| it.rank);
                let ranks = (rank(id.from), rank(id.to));
                Line { id, ranks, course, label, label_at: 0.5 }
            })
            .collect();
        place_labels(&mut lines, &self.nodes);
        self.lines = lines.into_iter().map(Arc::new).collect();
        self.by_id = Arc::new(self.lines.iter().enumerate().map(|(n, it)| (it.id, n)).collect());
        let ranks = |(n, it): (u32, &Arc<Line>)| [(it.ranks.0, n), (it.ranks.1, n)];
        let mut ends: Vec<(usize, u32)> = (0_u32..).zip(&self.lines).flat_map(ranks).collect();
        ends.sort_unstable();
        self.ends = Arc::new(ends);
        self.index_stretches();
    }

    fn index_stretches(&mut self) {
        let mut stretches = Vec::new();
        self.stretch_of.clear();
        for (n, line) in (0_u32..).zip(&self.lines) {
            for it in stretches_of(line.points()) {
                stretches.push(it);
                self.stretch_of.push(n);
            }
        }
        self.stretches = Grid::new(stretches);
    }

    /// What lines went or go around where it is not as before; nothing if that is too much to keep lines.
    fn changed(&self, before: &Scene) -> Option<Grid> {
        let mut all = Vec::new();
        for (a, b) in [(self, before), (before, self)] {
            for (id, it) in &a.boxes {
                let it = it.obstacle();
                if b.boxes.get(id).is_none_or(|other| other.obstacle() != it) {
                    all.push(it);
                }
            }
        }
        (!before.lines.is_empty() && all.len() <= MOST).then(|| Grid::new(all))
    }

    fn put(&mut self, plan: &Plan<'_>, parent: Option<ResourceId>, at: Point, depth: usize) {
        for id in plan.children.get(&parent).into_iter().flatten() {
            let Some((rect, frame)) = plan.places.get(id) else { continue };
            let rect = rect.moved(at.x, at.y);
            let collapsed = plan.collapsed.contains(id);
            let title = plan.title(*id, *frame, rect);
            let (frame, rank) = (*frame, self.order.len());
            let past = rank + 1;
            let note = plan.design.get(*id).is_some_and(|it| it.kind == Kind::Note);
            let drawn = Drawn { rect, depth, parent, frame, note, collapsed, title, rank, past };
            self.boxes.insert(*id, drawn);
            self.order.push(*id);
            self.put(plan, Some(*id), Point::new(rect.x, rect.y), depth + 1);
            let past = self.order.len();
            self.boxes.entry(*id).and_modify(|it| it.past = past);
        }
    }

    pub fn line(&self, id: LineId) -> Option<&Line> {
        self.lines.get(self.line_number(id)?).map(AsRef::as_ref)
    }

    /// Where in the list a line stands.
    pub fn line_number(&self, id: LineId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// Where in the list the line of a resource stands that is one.
    pub fn line_of(&self, id: ResourceId) -> Option<usize> {
        if self.boxes.contains_key(&id) {
            return None;
        }
        self.lines.iter().position(|it| it.id.resource == Some(id))
    }

    /// The box at a place in the order of drawing.
    pub fn ranked(&self, rank: usize) -> Option<&Drawn> {
        self.boxes.get(self.order.get(rank)?)
    }

    pub fn rect(&self, id: ResourceId) -> Option<Rect> {
        self.boxes.get(&id).map(|it| it.rect)
    }

    fn ends(&self, id: LineId) -> Option<Ends> {
        Some(Ends { from: self.rect(id.from)?, to: self.rect(id.to)? })
    }

    /// The rectangle around everything; nothing where there is nothing.
    pub fn bounds(&self) -> Option<Rect> {
        let mut all = self.boxes.values().filter(|it| it.parent.is_none()).map(|it| it.rect);
        let first = all.next()?;
        Some(all.fold(first, Rect::union))
    }

    /// The innermost box at a point that is none of `except` and stands in none of them; of several the
    /// one that is drawn last.
    pub fn at(&self, point: Point, except: &BTreeSet<ResourceId>) -> Option<ResourceId> {
        self.rects
            .near(Rect::new(point.x, point.y, 0.0, 0.0).grown(1.0))
            .filter(|it| it.1.holds(point))
            .filter_map(|(rank, _)| self.order.get(rank))
            .filter(|id| !self.is_in(**id, except))
            .filter_map(|id| self.boxes.get(id).map(|it| (id, it)))
            .max_by_key(|(_, it)| (it.depth, it.rank))
            .map(|(id, _)| *id)
    }

    /// The boxes that meet an area, by their place in the order of drawing.
    pub fn ranks_in(&self, area: Rect) -> Vec<usize> {
        let mut ranks: Vec<usize> = self.rects.near(area).map(|it| it.0).collect();
        ranks.sort_unstable();
        ranks
    }

    /// The boxes that meet an area, in the order of drawing.
    pub fn boxes_in(&self, area: Rect) -> Vec<ResourceId> {
        self.ranks_in(area).into_iter().filter_map(|it| self.order.get(it).copied()).collect()
    }

    /// Numbers of the lines of which a stretch meets an area, in their order.
    pub fn lines_in(&self, area: Rect) -> Vec<usize> {
        let of = |it: (usize, Rect)| self.stretch_of.get(it.0).map(|it| *it as usize);
        let mut all: Vec<usize> = self.stretches.near(area).filter_map(of).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Places in the order of drawing of some boxes and of all that stands in them.
    pub fn ranks(&self, these: &BTreeSet<ResourceId>) -> Vec<Range<usize>> {
        these.iter().filter_map(|it| self.boxes.get(it)).map(|it| it.rank..it.past).collect()
    }

    /// Whether a box is one of `these` or stands in one.
    pub fn is_in(&self, id: ResourceId, these: &BTreeSet<ResourceId>) -> bool {
        !these.is_empty()
            && std::iter::successors(Some(id), |it| self.boxes.get(it)?.parent)
                .any(|it| these.contains(&it))
    }

    /// Numbers of the lines that end at boxes of some places in the order of drawing, once for each end.
    fn ending(&self, ranks: Range<usize>) -> impl Iterator<Item = u32> {
        let first = self.ends.partition_point(|it| it.0 < ranks.start);
        let rest = self.ends.get(first..).unwrap_or_default();
        rest.iter().take_while(move |it| it.0 < ranks.end).map(|it| it.1)
    }

    /// The rectangles of what stands directly in a container, relative to it.
    pub fn inside(&self, parent: Option<ResourceId>) -> Vec<Rect> {
        let at = parent.and_then(|it| self.rect(it)).unwrap_or_default();
        self.boxes
            .values()
            .filter(|it| it.parent == parent)
            .map(|it| it.rect.moved(-at.x, -at.y))
            .collect()
    }

    /// Lines that change while `moved` (and what stands in them) are elsewhere: number and new course.
    pub fn rerouted(
        &self,
        moved: &BTreeSet<ResourceId>,
        rect: impl Fn(ResourceId) -> Option<Rect>,
    ) -> BTreeMap<LineId, Vec<Point>> {
        let gone = self.ranks(moved);
        let mut at: Vec<u32> = gone.iter().flat_map(|it| self.ending(it.clone())).collect();
        at.sort_unstable();
        at.dedup();
        let (ids, ends): (Vec<LineId>, Vec<Ends>) = at
            .into_iter()
            .filter_map(|it| self.lines.get(it as usize))
            .filter_map(|it| Some((it.id, Ends { from: rect(it.id.from)?, to: rect(it.id.to)? })))
            .unzip();
        let still = Nodes { grid: &self.nodes, except: &gone };
        ids.into_iter().zip(route::route(&ends, still)).collect()
    }

    /// A line through boxes in order, for the way of an operation.
    pub fn way(&self, from: ResourceId, to: ResourceId) -> Vec<Point> {
        let Some(ends) = self.rect(from).zip(self.rect(to)) else { return Vec::new() };
        // Where a line is drawn already, the way goes along it.
        for it in &self.lines {
            if it.id.from == from && it.id.to == to {
                return it.points().to_vec();
            }
            if it.id.from == to && it.id.to == from {
                return it.points().iter().rev().copied().collect();
            }
        }
        let nodes = Nodes { grid: &self.nodes, except: &[] };
        route::route(&[Ends { from: ends.0, to: ends.1 }], nodes).pop().unwrap_or_default()
    }
}

/// Places relative to the parent, found from the inside out.
struct Plan<'a> {
    design: &'a Design,
    children: &'a BTreeMap<Option<ResourceId>, Vec<ResourceId>>,
    collapsed: &'a BTreeSet<ResourceId>,
    places: BTreeMap<ResourceId, (Rect, bool)>,
    /// A scene in which all boxes but these have the size that they have now.
    known: Option<(&'a Scene, &'a BTreeSet<ResourceId>)>,
}

impl Plan<'_> {
    /// Places the children of `parent`; returns the size that holds them.
    fn fill(&mut self, parent: Option<ResourceId>) -> Option<(f64, f64)> {
        let children = self.children.get(&parent)?.clone();
        let sizes: Vec<(f64, f64, bool)> = children.iter().map(|it| self.size(*it)).collect();
        let stored: Vec<Option<Rect>> = children
            .iter()
            .zip(&sizes)
            .map(|(id, (width, height, _))| {
                self.design.layout.get(id).map(|it| Rect::new(it.x, it.y, *width, *height))
            })
            .collect();
        let rects = if stored.iter().all(Option::is_none) {
            self.tidy(parent, &children, &sizes)
        } else {
            fit_in(&stored, &sizes)
        };
        for ((id, rect), (_, _, frame)) in children.iter().zip(&rects).zip(&sizes) {
            self.places.insert(*id, (*rect, *frame));
        }
        Some(tidy::around(rects.into_iter(), (0.0, 0.0)))
    }

    /// Width of a frame's title.
    fn title(&self, id: ResourceId, frame: bool, rect: Rect) -> f64 {
        let titled = self.design.resources.subject(id).filter(|_| frame);
        titled.map_or(0.0, |it| title_width(it.name(), &detail(it), rect.width))
    }

    fn tidy(
        &self,
        parent: Option<ResourceId>,
        children: &[ResourceId],
        sizes: &[(f64, f64, bool)],
    ) -> Vec<Rect> {
        let items: Vec<tidy::Item> = children
            .iter()
            .zip(sizes)
            .map(|(id, (width, height, frame))| tidy::Item {
                width: *width,
                height: *height,
                container: *frame,
                // Scopes go side by side, subnets below each other.
                beside: self.design.get(*id).is_some_and(|it| it.kind.info().group == Group::Scope),
            })
            .collect();
        if parent.is_some() { tidy::inside(&items, TITLE) } else { tidy::outside(&items, 0.0) }
    }

    /// Width, height and whether it is drawn as a frame.
    fn size(&mut self, id: ResourceId) -> (f64, f64, bool) {
        if let Some((scene, others)) = self.known
            && !others.contains(&id)
            && let Some(it) = scene.boxes.get(&id)
        {
            return (it.rect.width, it.rect.height, it.frame);
        }
        let Some(info) = self.design.get(id).map(|it| it.kind.info()) else {
            return (NODE.0, NODE.1, false);
        };
        if info.form == Form::Note {
            let (width, height) =
                self.design.layout.get(&id).map_or(NOTE, |it| (it.width, it.height));
            return (width.max(LEAST_NOTE.0), height.max(LEAST_NOTE.1), false);
        }
        if info.form != Form::Container || self.collapsed.contains(&id) {
            return (NODE.0, NODE.1, false);
        }
        let stored = self.design.layout.get(&id).map(|it| (it.width, it.height));
        let held = self.fill(Some(id));
        let frame = held.is_some() || is_frame(info);
        if !frame {
            return (NODE.0, NODE.1, false);
        }
        let (width, height) = match (stored, held) {
            (Some(it), _) => it,
            (None, Some(_)) => (NODE.0, NODE.1),
            (None, None) => CONTAINER,
        };
        let held = held.unwrap_or_default();
        (width.max(held.0), height.max(held.1), true)
    }
}

/// Keeps what has a place and finds free spots for the rest.
fn fit_in(stored: &[Option<Rect>], sizes: &[(f64, f64, bool)]) -> Vec<Rect> {
    let mut taken: Vec<Rect> = stored.iter().flatten().copied().collect();
    let width = taken.iter().fold(0.0_f64, |it, rect| it.max(rect.right())) + GAP;
    stored
        .iter()
        .zip(sizes)
        .map(|(rect, (w, h, _))| {
            rect.unwrap_or_else(|| {
                let (x, y) = tidy::free_spot(&taken, (*w, *h), width);
                let it = Rect::new(x, y, *w, *h);
                taken.push(it);
                it
            })
        })
        .collect()
}

/// The lines of a design with their words: those that are resources, and those that settings imply.
fn line_ids(design: &Design, boxes: &BTreeMap<ResourceId, Drawn>) -> Vec<(LineId, String)> {
    let mut all: Vec<(LineId, String)> = Vec::new();
    let mut seen = BTreeSet::new();
    // The resource itself, or the collapsed container that it is hidden in.
    let shown = |id: ResourceId| {
        let it = design.resources.subject(id)?;
        std::iter::once(it).chain(it.ancestors()).map(|it| it.id).find(|it| boxes.contains_key(it))
    };
    let mut push = |id: LineId, label: String| {
        let Some((from, to)) = shown(id.from).zip(shown(id.to)) else { return };
        let hidden = (from, to) != (id.from, id.to);
        let inside = |a, b| {
            design.resources.subject(a).is_some_and(|it| it.ancestors().any(|it| it.id == b))
        };
        if from == to || (hidden && (inside(from, to) || inside(to, from))) {
            return;
        }
        // Lines between the same two boxes are one, of which nothing more is to be said.
        let resource = id.resource.filter(|_| !hidden);
        let id = LineId { from, to, resource, ..id };
        if seen.insert(id) {
            all.push((id, if hidden { String::new() } else { label }));
        }
    };
    for it in design.resources.subjects() {
        let references = it.references();
        if let Form::Edge { from, to } = it.info().form {
            let end = |key: &str| references.iter().find(|(field, _)| field.key == key);
            if let Some(((a, from), (b, to))) = end(from).zip(end(to)) {
                let relation = b.relation.or(a.relation).unwrap_or(Relation::Network);
                let id = LineId { from: *from, to: *to, relation, resource: Some(it.id) };
                push(id, it.name().to_owned());
            }
            continue;
        }
        for (field, to) in references {
            // Standing in something says already that they belong together.
            if let Some(relation) = field.relation
                && !it.ancestors().any(|it| it.id == to)
            {
                let id = LineId { from: it.id, to, relation, resource: None };
                push(id, label(it, field));
            }
        }
    }
    all
}

/// What a private link carries is the word that tells one from another.
fn label(it: Subject<'_>, field: &Field) -> String {
    if field.relation != Some(Relation::PrivateLink) {
        return String::new();
    }
    it.info()
        .fields
        .iter()
        .skip_while(|other| other.key != field.key)
        .nth(1)
        .filter(|it| matches!(it.shape, Shape::Text | Shape::Suggested(_) | Shape::Choice(_)))
        .and_then(|field| it.resource.value(field).as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The second line of a box: its addresses where it has some, else its region.
pub fn detail(it: Subject<'_>) -> String {
    for field in it.info().fields {
        let value = it.resource.value(field);
        match field.shape {
            Shape::Cidr => return value.as_str().unwrap_or_default().to_owned(),
            Shape::List(Shape::Cidr) => {
                let all: Vec<&str> =
                    value.as_array().into_iter().flatten().filter_map(|it| it.as_str()).collect();
                return all.join(", ");
            }
            _ => {}
        }
    }
    it.info()
        .fields
        .iter()
        .find(|it| it.key == "location")
        .and_then(|field| it.resource.value(field).as_str().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        design::{
            Place,
            edit::{Edit, apply},
        },
        kinds::setting::Settings,
    };

    fn add(
        design: Design,
        kind: Kind,
        name: &str,
        parent: Option<ResourceId>,
        place: Option<Place>,
    ) -> (Design, ResourceId) {
        let id = design.next_id();
        let edit = Edit::Add {
            id: None,
            kind,
            name: name.into(),
            parent,
            settings: Settings::new(),
            place,
        };
        (apply(&design, &edit).unwrap(), id)
    }

    /// A resource group with a network, a subnet, two private endpoints and a storage account.
    fn network() -> (Design, Vec<ResourceId>) {
        let mut ids = Vec::new();
        let mut design = Design::default();
        for (kind, name, parent) in [
            (Kind::ResourceGroup, "rg", None),
            (Kind::VirtualNetwork, "vnet", Some(0)),
            (Kind::Subnet, "snet", Some(1)),
            (Kind::PrivateEndpoint, "pe-a", Some(2)),
            (Kind::PrivateEndpoint, "pe-b", Some(2)),
            (Kind::StorageAccount, "st", Some(0)),
        ] {
            let parent: Option<ResourceId> = parent.map(|it: usize| ids[it]);
            let (next, id) = add(design, kind, name, parent, None);
            design = next;
            ids.push(id);
        }
        (design, ids)
    }

    #[test]
    fn every_box_is_inside_its_container_and_meets_no_sibling() {
        let (design, ids) = network();
        let scene = Scene::build(&design);
        assert_eq!(scene.order.len(), ids.len());
        for (id, it) in &scene.boxes {
            if let Some(parent) = it.parent {
                assert!(scene.rect(parent).unwrap().covers(it.rect), "{id:?}");
            }
            for (other, sibling) in &scene.boxes {
                if other != id && sibling.parent == it.parent {
                    assert!(!sibling.rect.meets(it.rect), "{id:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_container_grows_with_what_is_moved_in_it() {
        let (design, ids) = network();
        let far = Place { x: 900.0, y: 500.0, ..Place::default() };
        let design = apply(&design, &Edit::Arrange(vec![(ids[3], far)])).unwrap();
        let scene = Scene::build(&design);
        let endpoint = scene.rect(ids[3]).unwrap();
        for it in &ids[0..3] {
            assert!(scene.rect(*it).unwrap().covers(endpoint));
        }
    }

    #[test]
    fn an_empty_storage_account_is_a_node_and_an_empty_subnet_a_frame() {
        let (design, ids) = network();
        let (design, empty) = add(design, Kind::Subnet, "empty", Some(ids[1]), None);
        let scene = Scene::build(&design);
        assert!(!scene.boxes[&ids[5]].frame && scene.boxes[&empty].frame);
    }

    #[test]
    fn a_private_endpoint_has_a_line_to_its_target_with_the_sub_resource() {
        let (design, ids) = network();
        let set = |key: &str, value| Edit::Set { id: ids[3], key: key.into(), value };
        let design = apply(&design, &set("privateLinkServiceId", json!(ids[5].0))).unwrap();
        let scene = Scene::build(&design);
        let [line] = &scene.lines[..] else { panic!("{:?}", scene.lines) };
        assert_eq!((line.id.from, line.id.to), (ids[3], ids[5]));
        assert_eq!(line.id.relation, Relation::PrivateLink);
    }

    #[test]
    fn the_innermost_box_is_hit_and_never_one_being_dragged() {
        let (design, ids) = network();
        let scene = Scene::build(&design);
        let at = scene.rect(ids[3]).unwrap().center();
        assert_eq!(scene.at(at, &BTreeSet::new()), Some(ids[3]));
        assert_eq!(scene.at(at, &BTreeSet::from([ids[3]])), Some(ids[2]));
        assert_eq!(scene.at(at, &BTreeSet::from([ids[1]])), Some(ids[0]));
        assert_eq!(scene.at(Point::new(-500.0, -500.0), &BTreeSet::new()), None);
    }

    #[test]
    fn a_resource_without_a_place_goes_to_a_free_spot_beside_placed_ones() {
        let (design, ids) = network();
        let place = Place { x: 24.0, y: 48.0, width: 0.0, height: 0.0 };
        let design = apply(&design, &Edit::Arrange(vec![(ids[3], place)])).unwrap();
        let scene = Scene::build(&design);
        assert!(!scene.rect(ids[3]).unwrap().meets(scene.rect(ids[4]).unwrap()));
    }

    #[test]
    fn a_collapsed_network_is_one_node_at_which_the_lines_of_its_content_end() {
        let (mut design, ids) = network();
        for endpoint in [ids[3], ids[4]] {
            let way = super::super::edits::connections(&design, endpoint, ids[5]).remove(0);
            design = apply(&design, &way.edit).unwrap();
        }
        assert_eq!(Scene::build(&design).lines.len(), 2);
        let folded = Scene::folded(&design, &BTreeSet::from([ids[1]]));
        assert_eq!(folded.order, [ids[0], ids[1], ids[5]]);
        let it = folded.boxes[&ids[1]];
        assert!(it.collapsed && !it.frame && (it.rect.width, it.rect.height) == NODE);
        let [line] = &folded.lines[..] else { panic!("one line for both: {:?}", folded.lines) };
        assert_eq!((line.id.from, line.id.to), (ids[1], ids[5]));
        // Inside the collapsed group there is nothing left to connect.
        assert!(Scene::folded(&design, &BTreeSet::from([ids[0]])).lines.is_empty());
    }

    #[test]
    fn moving_a_collapsed_container_keeps_the_size_that_it_opens_to() {
        let (mut design, ids) = network();
        let big = Place { x: 24.0, y: 48.0, width: 640.0, height: 480.0 };
        design = apply(&design, &Edit::Arrange(vec![(ids[1], big)])).unwrap();
        let folded = Scene::folded(&design, &BTreeSet::from([ids[1]]));
        let moved =
            super::super::edits::shift(&design, &folded, &BTreeSet::from([ids[1]]), (16.0, 8.0));
        design = apply(&design, &moved).unwrap();
        assert_eq!(design.layout[&ids[1]], Place { x: 40.0, y: 56.0, ..big });
    }

    #[test]
    fn labels_of_two_lines_between_the_same_boxes_do_not_cover_each_other() {
        let (mut design, ids) = network();
        let (next, user) = add(design, Kind::User, "someone", None, None);
        design = next;
        for _ in 0..2 {
            let ways = super::super::edits::connections(&design, user, ids[5]);
            let way = ways.into_iter().find(|it| it.made.is_some()).unwrap();
            design = apply(&design, &way.edit).unwrap();
        }
        let scene = Scene::build(&design);
        let places: Vec<Rect> = scene
            .lines
            .iter()
            .filter(|it| !it.label.is_empty())
            .filter_map(|it| {
                let at = route::label_spot(it.points(), it.label_at, 0.0)?;
                let length = label_width(&it.label);
                Some(Rect::new(at.x - length / 2.0, at.y - 9.0, length, 18.0))
            })
            .collect();
        let [a, b] = places[..] else { panic!("two labels: {places:?}") };
        assert!(!a.meets(b), "{a:?} {b:?}");
    }

    /// A group and in it, far apart, two resources that send their logs to another one, each beside a vault.
    fn two_pairs() -> (Design, Vec<ResourceId>) {
        let place = |x, y, width, height| Some(Place { x, y, width, height });
        let group = place(0.0, 0.0, 6000.0, 1500.0);
        let (mut design, group) = add(Design::default(), Kind::ResourceGroup, "rg", None, group);
        let mut ids = Vec::new();
        for x in [100.0, 4100.0] {
            for (kind, dx, y) in [
                (Kind::ApplicationInsights, 0.0, 100.0),
                (Kind::LogAnalyticsWorkspace, 600.0, 300.0),
                (Kind::KeyVault, 0.0, 1000.0),
            ] {
                let place = place(x + dx, y, NODE.0, NODE.1);
                let (next, id) = add(design, kind, "it", Some(group), place);
                design = next;
                ids.push(id);
            }
            let [.., from, to, _] = ids[..] else { panic!("three each") };
            let way = super::super::edits::connections(&design, from, to).remove(0);
            design = apply(&design, &way.edit).unwrap();
        }
        (design, ids)
    }

    fn moved(design: &Design, id: ResourceId, to: Point) -> Design {
        let place = Place { x: to.x, y: to.y, width: 216.0, height: 56.0 };
        apply(design, &Edit::Arrange(vec![(id, place)])).unwrap()
    }

    #[test]
    fn an_edit_gives_other_lines_their_course_and_leaves_the_rest_as_it_is() {
        let (design, ids) = two_pairs();
        let before = Scene::build(&design);
        let design = moved(&design, ids[0], Point::new(0.0, 500.0));
        let after = before.next(&design, &BTreeSet::new());
        let line = |scene: &Scene, n: usize| scene.lines[n].points().clone();
        assert_ne!(line(&before, 0), line(&after, 0));
        assert_eq!(line(&after, 0), line(&Scene::build(&design), 0));
        // The same course, not only an equal one.
        assert!(Arc::ptr_eq(&line(&before, 1), &line(&after, 1)));
    }

    #[test]
    fn a_box_put_onto_a_line_sends_it_another_way() {
        let (design, ids) = two_pairs();
        let before = Scene::build(&design);
        let [a, b] = before.lines[0].points()[1..3] else { panic!("a bend") };
        let on_it = Point::new(f64::midpoint(a.x, b.x) - 108.0, f64::midpoint(a.y, b.y) - 28.0);
        let design = moved(&design, ids[2], on_it);
        let after = before.next(&design, &BTreeSet::new());
        let crossed = after.rect(ids[2]).unwrap();
        for pair in after.lines[0].points().windows(2) {
            assert!(!crossed.meets(Rect::of_corners(pair[0], pair[1]).grown(0.1)));
        }
    }

    #[test]
    fn boxes_and_lines_of_an_area_are_found() {
        let (design, ids) = two_pairs();
        let scene = Scene::build(&design);
        let area = Rect::new(3900.0, 50.0, 2000.0, 2000.0);
        // The group reaches in, too.
        assert_eq!(scene.boxes_in(area)[1..], ids[3..]);
        assert_eq!(scene.lines_in(area), [1]);
        assert_eq!(scene.lines_in(Rect::new(-900.0, -900.0, 10.0, 10.0)), Vec::<usize>::new());
    }

    #[test]
    fn a_line_of_a_dragged_box_is_routed_around_all_others() {
        let (design, ids) = two_pairs();
        let scene = Scene::build(&design);
        let dragged = BTreeSet::from([ids[0]]);
        let by = |id| scene.rect(id).map(|it| if id == ids[0] { it.moved(0.0, 500.0) } else { it });
        let found = scene.rerouted(&dragged, by);
        let wanted = Scene::build(&moved(&design, ids[0], Point::new(100.0, 600.0)));
        let points: Vec<&[Point]> = found.values().map(|it| &it[..]).collect();
        assert_eq!(points, [&wanted.lines[0].points()[..]]);
    }
}
