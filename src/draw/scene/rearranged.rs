//! The scene after boxes were moved or resized, made of the one before: it costs what was moved, not what is drawn.
//!
//! INVARIANT: it is the scene that [`Scene::next`] would make (the tests compare them).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Drawn, Line, MOST, NEAR, Plan, Scene, label_at, stretches_of};
use crate::{
    design::Design,
    draw::{
        geometry::{Grid, Point, Rect},
        route::{self, Ends, Kept, Nodes},
    },
    kinds::ResourceId,
};

/// More than so many boxes at new places are as well drawn anew.
const FEW: usize = 64;

impl Scene {
    /// The scene of `design` where this is the one of `before` and only places differ; nothing where more differs, or
    /// so much that all of it is as well made anew.
    #[must_use]
    pub fn rearranged(
        &self,
        before: &Design,
        design: &Design,
        collapsed: &BTreeSet<ResourceId>,
    ) -> Option<Scene> {
        if !before.resources.0.is(&design.resources.0) {
            return None;
        }
        let placed = replaced(before, design)?;
        let around = |id: &ResourceId| self.boxes.get(id)?.parent;
        let touched: BTreeSet<ResourceId> = placed
            .into_iter()
            .filter(|it| self.boxes.contains_key(it))
            .flat_map(|it| std::iter::successors(Some(it), around))
            .collect();
        if touched.is_empty() {
            return Some(self.clone());
        }
        let mut children = BTreeMap::from([(None, self.children(None))]);
        for it in &touched {
            let all = self.children(Some(*it));
            if !all.is_empty() {
                children.insert(Some(*it), all);
            }
        }
        let known = Some((self, &touched));
        let mut plan =
            Plan { design, children: &children, collapsed, places: BTreeMap::new(), known };
        plan.fill(None);
        let mut scene = self.clone();
        let mut changed = Changed::default();
        scene.put_again(&plan, None, Point::default(), &mut changed);
        let obstacles = changed.obstacles();
        if obstacles.len() > MOST || changed.0.len() > MOST {
            return None;
        }
        for (old, new) in &changed.0 {
            let Ok(rank) = u32::try_from(new.rank) else { continue };
            scene.rects.replace(rank, new.rect);
            if old.obstacle() != new.obstacle() {
                scene.nodes.replace(rank, new.obstacle());
            }
        }
        scene.draw_again(&changed, &Grid::new(obstacles), self)?;
        Some(scene)
    }

    /// What stands directly in a container, or on the canvas, in the order of drawing.
    fn children(&self, parent: Option<ResourceId>) -> Vec<ResourceId> {
        let (mut at, past) = match parent.map(|it| self.boxes.get(&it)) {
            None => (0, self.order.len()),
            Some(Some(it)) => (it.rank + 1, it.past),
            Some(None) => (0, 0),
        };
        let mut all = Vec::new();
        while let Some(id) = self.order.get(at).filter(|_| at < past) {
            all.push(*id);
            at = self.boxes.get(id).map_or(past, |it| it.past);
        }
        all
    }

    /// Puts the boxes that the plan has looked at, and what stands in those that are elsewhere.
    fn put_again(
        &mut self,
        plan: &Plan<'_>,
        parent: Option<ResourceId>,
        at: Point,
        changed: &mut Changed,
    ) {
        for id in plan.children.get(&parent).into_iter().flatten() {
            let (Some((rect, frame)), Some(old)) =
                (plan.places.get(id), self.boxes.get(id).copied())
            else {
                continue;
            };
            let rect = rect.moved(at.x, at.y);
            if !plan.known.is_some_and(|it| it.1.contains(id)) {
                let by = (rect.x - old.rect.x, rect.y - old.rect.y);
                if by != (0.0, 0.0) {
                    self.shift(old.rank..old.past, by, changed);
                }
                continue;
            }
            let title = plan.title(*id, *frame, rect);
            let new = Drawn { rect, frame: *frame, title, ..old };
            if new != old {
                self.boxes.insert(*id, new);
                changed.0.push((old, new));
            }
            if plan.children.contains_key(&Some(*id)) {
                self.put_again(plan, Some(*id), Point::new(rect.x, rect.y), changed);
            }
        }
    }

    fn shift(&mut self, ranks: std::ops::Range<usize>, by: (f64, f64), changed: &mut Changed) {
        for id in self.order.get(ranks).unwrap_or_default() {
            if let Some(it) = self.boxes.get_mut(id) {
                let old = *it;
                it.rect = it.rect.moved(by.0, by.1);
                changed.0.push((old, *it));
            }
        }
    }

    /// Gives another course to the lines whose surroundings changed. Nothing where these are most.
    fn draw_again(&mut self, changed: &Changed, obstacles: &Grid, before: &Scene) -> Option<()> {
        // Those that end at a box that changed, or go beside one.
        let mut new: BTreeSet<u32> = BTreeSet::new();
        for (old, it) in changed.0.iter().filter(|(old, it)| old.rect != it.rect) {
            debug_assert_eq!(old.rank, it.rank);
            new.extend(self.ending(it.rank..it.rank + 1));
        }
        for it in (0..obstacles.len()).filter_map(|it| obstacles.get(it)) {
            let near = self.lines_in(it.grown(super::BESIDE)).into_iter();
            let near = near.filter(|it| self.lines.get(*it).is_some_and(|it| it.passes(obstacles)));
            new.extend(near.filter_map(|it| u32::try_from(it).ok()));
        }
        // Where they end, others may have to make room; and to know where those end takes a third round.
        let beside = self.sharing(&new);
        let known = self.sharing(&beside);
        if known.len() * 2 > self.lines.len().max(FEW) {
            return None;
        }
        let line = |n: u32| before.lines.get(n as usize);
        let all: Vec<(Ends, Kept<'_>)> = known
            .iter()
            .filter_map(|n| {
                let it = line(*n)?;
                let kept = match (new.contains(n), beside.contains(n)) {
                    (true, _) => Kept::No,
                    (_, true) => Kept::Unless(&it.course),
                    _ => Kept::Yes(&it.course),
                };
                Some((self.ends(it.id)?, kept))
            })
            .collect();
        if all.len() != known.len() {
            return None;
        }
        let others = |area: Rect| {
            let stretches = before.stretches.near(area);
            let others = stretches.filter(|(n, _)| {
                before.stretch_of.get(*n).is_some_and(|line| !known.contains(line))
            });
            let ends = |it: Rect| [Point::new(it.x, it.y), Point::new(it.right(), it.bottom())];
            others.map(|it| ends(it.1.grown(-1.0))).collect()
        };
        let routed = route::courses(&all, Nodes { grid: &self.nodes, except: &[] }, others);
        let mut redrawn = BTreeSet::new();
        for (n, course) in known.iter().zip(routed) {
            let Some(it) = self.lines.get_mut(*n as usize) else { continue };
            if !Arc::ptr_eq(it.points(), &course.points) {
                *it = Arc::new(Line { course, ..Line::clone(it) });
                redrawn.insert(*n);
            }
        }
        self.find_again(&redrawn, before);
        self.label_again(&redrawn, obstacles);
        Some(())
    }

    /// The lines that share a box with one of these, and these.
    fn sharing(&self, lines: &BTreeSet<u32>) -> BTreeSet<u32> {
        let ranks = |n: &u32| self.lines.get(*n as usize).map(|it| [it.ranks.0, it.ranks.1]);
        let boxes: BTreeSet<usize> = lines.iter().filter_map(ranks).flatten().collect();
        boxes.into_iter().flat_map(|it| self.ending(it..it + 1)).collect()
    }

    /// Puts other stretches into the index where lines have another course.
    fn find_again(&mut self, redrawn: &BTreeSet<u32>, before: &Scene) {
        if self.stretches.len() > 3 * self.lines.len().max(1000) * 2 {
            self.index_stretches();
            return;
        }
        for n in redrawn {
            let old = before.lines.get(*n as usize).into_iter();
            for it in old.flat_map(|it| stretches_of(it.points())) {
                let found = before.stretches.near(it);
                let mine = found
                    .filter(|found| found.1 == it && before.stretch_of.get(found.0) == Some(n));
                for found in mine.filter_map(|it| u32::try_from(it.0).ok()) {
                    self.stretches.remove(found);
                }
            }
            let new = self.lines.get(*n as usize).into_iter();
            for it in new.flat_map(|it| stretches_of(it.points())) {
                self.stretches.push(it);
                self.stretch_of.push(*n);
            }
        }
    }

    /// Puts labels elsewhere where their line, a box or a label before them is elsewhere.
    fn label_again(&mut self, redrawn: &BTreeSet<u32>, obstacles: &Grid) {
        let labeled = |it: &Line| Some(it.label_box(it.label_at)).filter(|_| !it.label.is_empty());
        // A label reaches no further from its line than this: no sign is wider than its font is high.
        let longest = self.lines.iter().map(|it| it.label.len()).max().unwrap_or(0);
        #[expect(clippy::cast_precision_loss, reason = "labels are short")]
        let reach = longest as f64 * 11.0 + 16.0;
        let mut asked = redrawn.clone();
        for it in (0..obstacles.len()).filter_map(|it| obstacles.get(it)) {
            let near = self.lines_in(it.grown(reach)).into_iter();
            asked.extend(near.filter_map(|it| u32::try_from(it).ok()));
        }
        let mut next = 0;
        while let Some(first) = asked.range(next..).next().copied() {
            let before = self.lines.get(..first as usize).unwrap_or_default();
            let before = before.iter().rev().filter_map(|it| labeled(it)).flatten();
            let mut taken: Vec<Rect> = before.take(NEAR).collect();
            taken.reverse();
            // Where in the list of them the last one stands that was put elsewhere.
            let mut elsewhere: Option<usize> = None;
            let in_reach = |it: Option<usize>, end: usize| it.is_some_and(|it| it + NEAR > end);
            next = first;
            while let Some(line) = self.lines.get_mut(next as usize) {
                if let Some(old) = labeled(line) {
                    if asked.contains(&next) || in_reach(elsewhere, taken.len()) {
                        let to = label_at(line, taken.iter().rev().copied(), &self.nodes);
                        if to != line.label_at {
                            *line = Arc::new(Line { label_at: to, ..Line::clone(line) });
                        }
                    }
                    let new = line.label_box(line.label_at);
                    taken.extend(new);
                    if new != old || redrawn.contains(&next) {
                        elsewhere = Some(taken.len());
                    }
                }
                next += 1;
                if !in_reach(elsewhere, taken.len()) {
                    break;
                }
            }
        }
    }
}

/// Boxes as they were and as they are.
#[derive(Default)]
struct Changed(Vec<(Drawn, Drawn)>);

impl Changed {
    /// What lines went or go around where it is not as before.
    fn obstacles(&self) -> Vec<Rect> {
        let elsewhere = self.0.iter().map(|it| [it.0.obstacle(), it.1.obstacle()]);
        elsewhere.filter(|[old, new]| old != new).flatten().collect()
    }
}

/// The resources whose place is another one; nothing where these are many.
fn replaced(before: &Design, design: &Design) -> Option<Vec<ResourceId>> {
    let mut all = Vec::new();
    let (mut a, mut b) = (before.layout.iter().peekable(), design.layout.iter().peekable());
    loop {
        let id = match (a.peek(), b.peek()) {
            (None, None) => return Some(all),
            (Some((x, _)), Some((y, _))) => **x.min(y),
            (Some((it, _)), None) | (None, Some((it, _))) => **it,
        };
        let (old, new) = (a.next_if(|it| *it.0 == id), b.next_if(|it| *it.0 == id));
        if old.map(|it| it.1) != new.map(|it| it.1) {
            all.push(id);
            if all.len() > FEW {
                return None;
            }
        }
    }
}
