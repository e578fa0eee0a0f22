//! Lines boxes up: align, distribute, tidy up. Edits worked out from what is drawn.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    CONTAINER, GAP, NODE, PADDING, TITLE,
    edits::{moved, roots},
    geometry::Rect,
    scene::{Scene, default_size},
    tidy::{self, Item},
};
use crate::{
    design::{Design, Place, edit::Edit},
    kinds::{Form, Group, ResourceId},
    text::text,
};

/// Where boxes meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Left,
    Center,
    Right,
    Top,
    Middle,
    Bottom,
}

/// Along which boxes get equal gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Across,
    Down,
}

fn chosen(scene: &Scene, selection: &BTreeSet<ResourceId>) -> Vec<(ResourceId, Rect)> {
    roots(scene, selection).into_iter().filter_map(|it| Some((it, scene.rect(it)?))).collect()
}

/// Moves two or more selected boxes to one side of the rectangle around them.
pub fn align(
    design: &Design,
    scene: &Scene,
    selection: &BTreeSet<ResourceId>,
    side: Side,
) -> Option<Edit> {
    let all = chosen(scene, selection);
    let around = all.iter().map(|it| it.1).reduce(Rect::union).filter(|_| all.len() > 1)?;
    let by = |it: Rect| match side {
        Side::Left => (around.x - it.x, 0.0),
        Side::Center => ((around.center().x - it.center().x).round(), 0.0),
        Side::Right => (around.right() - it.right(), 0.0),
        Side::Top => (0.0, around.y - it.y),
        Side::Middle => (0.0, (around.center().y - it.center().y).round()),
        Side::Bottom => (0.0, around.bottom() - it.bottom()),
    };
    let ways = all.into_iter().map(|(id, it)| (id, by(it))).collect();
    Some(Edit::Batch(text("Align", "整列").into(), vec![moved(design, scene, &ways)]))
}

/// Makes the gaps between three or more selected boxes equal; the outer two stay.
pub fn distribute(
    design: &Design,
    scene: &Scene,
    selection: &BTreeSet<ResourceId>,
    axis: Axis,
) -> Option<Edit> {
    let mut all = chosen(scene, selection);
    let span = |it: Rect| match axis {
        Axis::Across => (it.x, it.width),
        Axis::Down => (it.y, it.height),
    };
    all.sort_by(|a, b| span(a.1).0.total_cmp(&span(b.1).0).then(a.0.cmp(&b.0)));
    let between = u32::try_from(all.len()).ok()?.checked_sub(1).filter(|it| *it > 1)?;
    let (first, last) = (span(all.first()?.1), span(all.last()?.1));
    let filled: f64 = all.iter().map(|it| span(it.1).1).sum();
    let gap = (last.0 + last.1 - first.0 - filled) / f64::from(between);
    let mut next = first.0;
    let mut ways = BTreeMap::new();
    for (id, it) in &all {
        let (at, length) = span(*it);
        let by = next.round() - at;
        ways.insert(*id, if axis == Axis::Across { (by, 0.0) } else { (0.0, by) });
        next += length + gap;
    }
    Some(Edit::Batch(text("Distribute", "等間隔に配置").into(), vec![moved(design, scene, &ways)]))
}

/// What tidying up does, and what it leaves where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Tidied {
    pub edit: Edit,
    /// Locked boxes, around which the others were placed.
    pub locked: Vec<ResourceId>,
    /// Locked containers that would have to grow: what stands in them stays where it is too.
    pub full: Vec<ResourceId>,
}

/// Places everything anew, as a design without places is drawn. Locked boxes stay as they are, and the others go around.
pub fn tidy_up(design: &Design) -> Tidied {
    let mut children: BTreeMap<Option<ResourceId>, Vec<ResourceId>> = BTreeMap::new();
    let boxed = design.resources.subjects();
    for it in boxed.filter(|it| !matches!(it.info().form, Form::Edge { .. })) {
        children.entry(it.parent().map(|it| it.id)).or_default().push(it.id);
    }
    let scene = Scene::build(design);
    let mut tidier = Tidier { design, scene, children, places: BTreeMap::new(), full: Vec::new() };
    tidier.fill(None);
    let locked = design.locked.iter().copied();
    let locked = locked.filter(|it| tidier.scene.boxes.contains_key(it)).collect();
    let places = tidier.places.into_iter().collect();
    let edit = Edit::Batch(text("Tidy up", "自動整列").into(), vec![Edit::Arrange(places)]);
    Tidied { edit, locked, full: tidier.full }
}

struct Tidier<'a> {
    design: &'a Design,
    /// As it is now.
    scene: Scene,
    children: BTreeMap<Option<ResourceId>, Vec<ResourceId>>,
    places: BTreeMap<ResourceId, Place>,
    full: Vec<ResourceId>,
}

impl Tidier<'_> {
    /// Places what stands in a container; returns the size that holds it.
    fn fill(&mut self, parent: Option<ResourceId>) -> (f64, f64) {
        let children = self.children.get(&parent).cloned().unwrap_or_default();
        let (mut free, mut taken, mut items) = (Vec::new(), Vec::new(), Vec::new());
        for id in children {
            if self.design.locked.contains(&id) {
                taken.push(self.keep(id));
            } else {
                items.push(self.item(id));
                free.push(id);
            }
        }
        let place = |top| match parent {
            Some(_) => tidy::inside(&items, top),
            None => tidy::outside(&items, top),
        };
        // Beside what is locked, else below the first of it where there is room.
        let first = if parent.is_some() { TITLE } else { 0.0 };
        let mut tops: Vec<f64> = taken.iter().map(|it| it.bottom() + PADDING).collect();
        tops.sort_by(f64::total_cmp);
        let tops = std::iter::once(first).chain(tops.into_iter().filter(|it| *it > first));
        let apart = |all: &Vec<Rect>| {
            all.iter().all(|it| !taken.iter().any(|other| other.grown(GAP / 2.0).meets(*it)))
        };
        // Below all that is locked there is room.
        let rects = tops.map(place).find(apart).unwrap_or_default();
        for (id, Rect { x, y, width, height }) in free.iter().zip(&rects) {
            let (x, y, width, height) = (*x, *y, *width, *height);
            self.places.insert(*id, Place { x, y, width, height });
        }
        tidy::around(rects.into_iter().chain(taken), (0.0, 0.0))
    }

    fn item(&mut self, id: ResourceId) -> Item {
        let info = self.design.get(id).map(|it| it.kind.info());
        let (width, height) = info.map_or(NODE, default_size);
        let beside = info.is_some_and(|it| it.group == Group::Scope);
        if self.children.contains_key(&Some(id)) {
            let held = self.fill(Some(id));
            let (width, height) = (held.0.max(NODE.0), held.1.max(NODE.1));
            return Item { width, height, container: true, beside };
        }
        if let Some(it) = self.scene.boxes.get(&id).filter(|it| it.note) {
            let Rect { width, height, .. } = it.rect;
            return Item { width, height, container: false, beside };
        }
        Item { width, height, container: (width, height) == CONTAINER, beside }
    }

    /// A locked box as it is. What stands in it is tidied up if it still holds that afterwards.
    fn keep(&mut self, id: ResourceId) -> Rect {
        let at = self.scene.boxes.get(&id).and_then(|it| it.parent);
        let at = at.and_then(|it| self.scene.rect(it)).unwrap_or_default();
        let it = self.scene.rect(id).unwrap_or_default().moved(-at.x, -at.y);
        if self.children.contains_key(&Some(id)) {
            let before = (self.places.clone(), self.full.len());
            let held = self.fill(Some(id));
            if held.0 > it.width || held.1 > it.height {
                self.places = before.0;
                self.full.truncate(before.1);
                self.full.push(id);
            }
        }
        it
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        design::edit::apply,
        kinds::{Kind, setting::Settings},
    };

    /// Three accounts at odd places of a resource group.
    fn scattered() -> (Design, BTreeSet<ResourceId>) {
        let mut design = Design::default();
        let place = |x, y| Place { x, y, width: 216.0, height: 56.0 };
        let add = |kind, parent, place| Edit::Add {
            id: None,
            kind,
            name: "it".to_owned(),
            parent,
            settings: Settings::new(),
            place: Some(place),
        };
        let group = add(
            Kind::ResourceGroup,
            None,
            Place { width: 1200.0, height: 600.0, ..place(0.0, 0.0) },
        );
        design = apply(&design, &group).unwrap();
        for (x, y) in [(40.0, 60.0), (333.0, 211.0), (901.0, 402.0)] {
            let it = add(Kind::StorageAccount, Some(ResourceId(1)), place(x, y));
            design = apply(&design, &it).unwrap();
        }
        (design, [2, 3, 4].map(ResourceId).into())
    }

    fn places(design: &Design, edit: &Edit) -> Vec<(f64, f64)> {
        let after = apply(design, edit).unwrap();
        [2, 3, 4].iter().map(|it| after.layout[&ResourceId(*it)]).map(|it| (it.x, it.y)).collect()
    }

    #[test]
    fn aligned_boxes_share_a_border_and_keep_the_other_coordinate() {
        let (design, all) = scattered();
        let scene = Scene::build(&design);
        let at = |side| places(&design, &align(&design, &scene, &all, side).unwrap());
        assert_eq!(at(Side::Left), [(40.0, 60.0), (40.0, 211.0), (40.0, 402.0)]);
        assert_eq!(at(Side::Right), [(901.0, 60.0), (901.0, 211.0), (901.0, 402.0)]);
        assert_eq!(at(Side::Bottom), [(40.0, 402.0), (333.0, 402.0), (901.0, 402.0)]);
    }

    #[test]
    fn distributed_boxes_have_equal_gaps_and_the_outer_ones_stay() {
        let (design, all) = scattered();
        let scene = Scene::build(&design);
        let across = distribute(&design, &scene, &all, Axis::Across).unwrap();
        let x: Vec<f64> = places(&design, &across).iter().map(|it| it.0).collect();
        assert_eq!((x[0], x[2]), (40.0, 901.0));
        assert!(((x[1] - x[0]) - (x[2] - x[1])).abs() <= 1.0, "{x:?}");
    }

    #[test]
    fn one_box_is_not_aligned_and_two_are_not_distributed() {
        let (design, all) = scattered();
        let scene = Scene::build(&design);
        let some = |n| all.iter().copied().take(n).collect();
        assert_eq!(align(&design, &scene, &some(1), Side::Top), None);
        assert_eq!(distribute(&design, &scene, &some(2), Axis::Down), None);
    }

    #[test]
    fn tidying_up_twice_changes_nothing_more_and_leaves_no_overlap() {
        let (design, _) = scattered();
        let once = apply(&design, &tidy_up(&design).edit).unwrap();
        assert_ne!(once.layout, design.layout);
        assert_eq!(apply(&once, &tidy_up(&once).edit).unwrap(), once);
        let boxes: Vec<Rect> = Scene::build(&once).inside(Some(ResourceId(1)));
        for (n, a) in boxes.iter().enumerate() {
            assert!(!boxes.iter().skip(n + 1).any(|b| a.meets(*b)));
        }
    }
    /// The group with the three accounts, locked as it is, and a network with a subnet beside it.
    fn locked(size: (f64, f64)) -> Design {
        let (mut design, _) = scattered();
        let place = |x, y, width, height| Some(Place { x, y, width, height });
        for (kind, parent, place) in [
            (Kind::ResourceGroup, None, place(90.0, 40.0, 700.0, 500.0)),
            (Kind::VirtualNetwork, Some(5), place(300.0, 99.0, 500.0, 300.0)),
            (Kind::Subnet, Some(6), place(24.0, 99.0, 256.0, 128.0)),
        ] {
            let (name, settings, parent) = (String::new(), Settings::new(), parent.map(ResourceId));
            let add = Edit::Add { id: None, kind, name, parent, settings, place };
            design = apply(&design, &add).unwrap();
        }
        let it = design.layout.get_mut(&ResourceId(1)).unwrap();
        (it.width, it.height) = size;
        design.locked.insert(ResourceId(1));
        design
    }

    #[test]
    fn a_locked_container_stays_and_the_rest_goes_around_it() {
        let design = locked((1200.0, 600.0));
        let tidied = tidy_up(&design);
        assert_eq!((&tidied.locked[..], &tidied.full[..]), (&[ResourceId(1)][..], &[][..]));
        let after = apply(&design, &tidied.edit).unwrap();
        assert_eq!(after.layout[&ResourceId(1)], design.layout[&ResourceId(1)]);
        // There is room, so what stands in it is tidied up.
        assert_eq!(after.layout[&ResourceId(2)].x, after.layout[&ResourceId(3)].x);
        let scene = Scene::build(&after);
        assert!(!scene.rect(ResourceId(1)).unwrap().meets(scene.rect(ResourceId(5)).unwrap()));
        assert_eq!(apply(&after, &tidy_up(&after).edit).unwrap(), after);
    }

    #[test]
    fn what_stands_in_a_locked_container_without_room_stays_too_and_is_named() {
        let mut design = locked((200.0, 100.0));
        // One over the other, as people do to save room: side by side they would need more.
        for id in 2..5_u32 {
            let place = design.layout.get_mut(&ResourceId(id)).unwrap();
            (place.x, place.y) = (24.0 + 8.0 * f64::from(id), 48.0);
        }
        let tidied = tidy_up(&design);
        assert_eq!(tidied.full, [ResourceId(1)]);
        let after = apply(&design, &tidied.edit).unwrap();
        for id in 1..5 {
            assert_eq!(after.layout[&ResourceId(id)], design.layout[&ResourceId(id)], "{id}");
        }
        assert_ne!(after.layout[&ResourceId(6)], design.layout[&ResourceId(6)]);
    }

    #[test]
    fn a_locked_box_in_a_container_is_gone_around_and_makes_it_grow() {
        let (mut design, _) = scattered();
        design.locked.insert(ResourceId(3));
        let after = apply(&design, &tidy_up(&design).edit).unwrap();
        assert_eq!(after.layout[&ResourceId(3)], design.layout[&ResourceId(3)]);
        assert_ne!(after.layout[&ResourceId(4)], design.layout[&ResourceId(4)]);
        let boxes = Scene::build(&after).inside(Some(ResourceId(1)));
        for (n, a) in boxes.iter().enumerate() {
            assert!(!boxes.iter().skip(n + 1).any(|b| a.meets(*b)), "{boxes:?}");
        }
    }

    #[test]
    fn a_note_keeps_its_size() {
        let (mut design, _) = scattered();
        let size = Place { x: 9.0, y: 9.0, width: 400.0, height: 120.0 };
        let (kind, name, settings) = (Kind::Note, "words".to_owned(), Settings::new());
        let add = Edit::Add { id: None, kind, name, parent: None, settings, place: Some(size) };
        design = apply(&design, &add).unwrap();
        let after = apply(&design, &tidy_up(&design).edit).unwrap();
        let it = after.layout[&ResourceId(5)];
        assert_eq!((it.width, it.height), (400.0, 120.0));
    }
}
