//! Lines boxes up: align, distribute, tidy up. Edits worked out from what is drawn.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    edits::{moved, roots},
    geometry::Rect,
    scene::Scene,
};
use crate::{
    design::{Design, Place, edit::Edit},
    kinds::ResourceId,
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

/// Places everything anew, as a design without places is drawn.
pub fn tidy_up(design: &Design) -> Edit {
    let bare = Design { layout: BTreeMap::new(), ..design.clone() };
    let scene = Scene::build(&bare);
    let places = scene.boxes.iter().map(|(id, it)| {
        let at = it.parent.and_then(|it| scene.rect(it)).unwrap_or_default();
        let Rect { x, y, width, height } = it.rect.moved(-at.x, -at.y);
        (*id, Place { x, y, width, height })
    });
    Edit::Batch(text("Tidy up", "自動整列").into(), vec![Edit::Arrange(places.collect())])
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
        let once = apply(&design, &tidy_up(&design)).unwrap();
        assert_ne!(once.layout, design.layout);
        assert_eq!(apply(&once, &tidy_up(&once)).unwrap(), once);
        let boxes: Vec<Rect> = Scene::build(&once).inside(Some(ResourceId(1)));
        for (n, a) in boxes.iter().enumerate() {
            assert!(!boxes.iter().skip(n + 1).any(|b| a.meets(*b)));
        }
    }
}
