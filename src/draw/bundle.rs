//! Lines between the same two containers as one, for a drawing that is seen from afar.

use std::collections::BTreeSet;

use super::{
    detail::Detail,
    geometry::{Point, Rect},
    route,
    scene::{LineId, Scene},
};
use crate::kinds::{ResourceId, setting::Relation};

/// Most bundles that get a count: those of the most lines.
const COUNTED: usize = 300;

/// What tells a bundle from all others. The lower number comes first, whichever way its lines point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BundleId {
    pub a: ResourceId,
    pub b: ResourceId,
    pub relation: Relation,
}

impl BundleId {
    /// As one word, for the page.
    pub fn slug(self) -> String {
        format!("{}-{}-{}", self.a.0, self.b.0, self.relation.slug())
    }

    /// The bundle of such a word.
    pub fn of_slug(slug: &str) -> Option<BundleId> {
        let (a, rest) = slug.split_once('-')?;
        let (b, relation) = rest.split_once('-')?;
        let relation = Relation::ALL.into_iter().find(|it| it.slug() == relation)?;
        Some(BundleId { a: ResourceId(a.parse().ok()?), b: ResourceId(b.parse().ok()?), relation })
    }
}

/// Two or more lines of one kind between two containers.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    pub id: BundleId,
    /// Numbers of its lines.
    pub lines: Vec<usize>,
    /// The course of its shortest line, between the borders.
    pub points: Vec<Point>,
    /// Where its count stands.
    pub badge: Option<Rect>,
}

/// What is drawn of lines: one by itself, or several as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawn {
    Line(LineId),
    Bundle(BundleId),
}

/// All lines of a drawing, bundled.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bundles {
    /// Those of the most lines first.
    pub all: Vec<Bundle>,
    /// Numbers of the lines that are in no bundle, in order.
    pub single: Vec<usize>,
}

impl Bundles {
    pub fn get(&self, id: BundleId) -> Option<&Bundle> {
        self.all.iter().find(|it| it.id == id)
    }

    /// The line or bundle that is nearest to a point, and no further away than `within`.
    pub fn at(&self, scene: &Scene, point: Point, within: f64) -> Option<Drawn> {
        let around = Rect::new(point.x, point.y, 0.0, 0.0).grown(within);
        let single = scene.lines_in(around).into_iter();
        let single = single.filter(|it| self.single.binary_search(it).is_ok());
        let single = single.filter_map(|it| scene.lines.get(it));
        let lines = single.map(|it| (route::distance_to(it.points(), point), Drawn::Line(it.id)));
        let bundles = self.all.iter();
        let bundles =
            bundles.map(|it| (route::distance_to(&it.points, point), Drawn::Bundle(it.id)));
        let all = bundles.chain(lines).filter(|it| it.0 <= within);
        all.min_by(|a, b| a.0.total_cmp(&b.0)).map(|it| it.1)
    }

    /// Bundles the lines of a scene but for those of the `hidden` relations.
    pub fn of(scene: &Scene, detail: Detail, hidden: &BTreeSet<Relation>) -> Bundles {
        let ends = Ends::new(scene, detail);
        let mut lines: Vec<((usize, usize, Relation), usize)> = scene
            .lines
            .iter()
            .enumerate()
            .filter(|(_, it)| !hidden.contains(&it.id.relation))
            .map(|(n, it)| {
                let (a, b) = (ends.of(it.ranks.0, it.ranks.1), ends.of(it.ranks.1, it.ranks.0));
                ((a.min(b), a.max(b), it.id.relation), n)
            })
            .collect();
        lines.sort_unstable();
        let mut it = Bundles::default();
        for group in lines.chunk_by(|a, b| a.0 == b.0) {
            match group {
                [(_, n)] => it.single.push(*n),
                [((a, b, relation), _), ..] => {
                    let lines: Vec<usize> = group.iter().map(|it| it.1).collect();
                    let Some((a, b)) = scene.order.get(*a).zip(scene.order.get(*b)) else {
                        continue;
                    };
                    let points = course(scene, &lines, [*a, *b]);
                    let (a, b) = (*a.min(b), *a.max(b));
                    let id = BundleId { a, b, relation: *relation };
                    it.all.push(Bundle { id, lines, points, badge: None });
                }
                [] => {}
            }
        }
        it.single.sort_unstable();
        it.all.sort_by(|a, b| b.lines.len().cmp(&a.lines.len()).then(a.id.cmp(&b.id)));
        it.count(detail.scale);
        it
    }

    /// Gives counts places that do not cover each other.
    fn count(&mut self, scale: f64) {
        let mut taken: Vec<Rect> = Vec::new();
        for it in self.all.iter_mut().take(COUNTED) {
            let (width, height) = badge_size(it.lines.len());
            let (width, height) = (width * scale, height * scale);
            let around = |at: f64| {
                let it = route::label_spot(&it.points, at, 0.0)?;
                Some(Rect::new(it.x - width / 2.0, it.y - height / 2.0, width, height))
            };
            let free = |it: &Rect| !taken.iter().any(|other| other.meets(*it));
            let spots = [0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9];
            it.badge = spots.into_iter().filter_map(around).find(free);
            taken.extend(it.badge);
        }
    }
}

/// Width and height of a count, in px of the screen.
pub fn badge_size(count: usize) -> (f64, f64) {
    let digits = count.max(1).ilog10() + 1;
    (f64::from(digits) * 7.0 + 13.0, 18.0)
}

/// Parents and what is in whom by place in the order of drawing, for a look at every line.
struct Ends {
    parents: Vec<Option<usize>>,
    past: Vec<usize>,
    named: Vec<bool>,
}

impl Ends {
    fn new(scene: &Scene, detail: Detail) -> Ends {
        let all = || scene.order.iter().filter_map(|it| scene.boxes.get(it));
        let rank = |id| scene.boxes.get(&id).map(|it| it.rank);
        Ends {
            parents: all().map(|it| it.parent.and_then(rank)).collect(),
            past: all().map(|it| it.past).collect(),
            named: all().map(|it| detail.names(it)).collect(),
        }
    }

    /// Where a line to `other` ends when seen from afar: at the innermost container with a name that
    /// does not hold the other end too, else at the outermost box that does not.
    fn of(&self, at: usize, other: usize) -> usize {
        let holds = |it: usize| it <= other && self.past.get(it).is_some_and(|past| other < *past);
        let mut end = at;
        let mut here = Some(at);
        while let Some(it) = here.filter(|it| !holds(*it)) {
            end = it;
            if self.named.get(it) == Some(&true) {
                break;
            }
            here = self.parents.get(it).copied().flatten();
        }
        end
    }
}

/// The course of the shortest line, cut off at the borders of the two ends.
fn course(scene: &Scene, lines: &[usize], [a, b]: [ResourceId; 2]) -> Vec<Point> {
    let length = |line: &[Point]| -> f64 {
        let stretch = |it: &[Point]| match it {
            [a, b] => (a.x - b.x).abs() + (a.y - b.y).abs(),
            _ => 0.0,
        };
        line.windows(2).map(stretch).sum()
    };
    let shortest = lines
        .iter()
        .filter_map(|it| scene.lines.get(*it))
        .map(|it| (length(it.points()), it))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, line)) = shortest else { return Vec::new() };
    let rects = [a, b].map(|it| scene.rect(it).unwrap_or_default());
    let mut points = line.points().to_vec();
    if holds(scene, b, line.id) {
        points.reverse();
    }
    let mut points = outside(points, rects[0]);
    points.reverse();
    let mut points = outside(points, rects[1]);
    points.reverse();
    points
}

/// Whether a line begins in a box.
fn holds(scene: &Scene, id: ResourceId, line: LineId) -> bool {
    scene.is_in(line.from, &BTreeSet::from([id]))
}

/// The part of a line behind the border of a box that it begins in; the whole where it never leaves.
fn outside(line: Vec<Point>, border: Rect) -> Vec<Point> {
    let Some(last) = line.iter().rposition(|it| border.holds(*it)) else { return line };
    let (Some(inside), Some(out)) = (line.get(last), line.get(last + 1)) else { return line };
    let at = Point::new(
        if out.x > border.right() {
            border.right()
        } else if out.x < border.x {
            border.x
        } else {
            inside.x
        },
        if out.y > border.bottom() {
            border.bottom()
        } else if out.y < border.y {
            border.y
        } else {
            inside.y
        },
    );
    std::iter::once(at).chain(line.iter().skip(last + 1).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        design::{
            Design, Place,
            edit::{Edit, apply},
        },
        draw::edits,
        kinds::{Kind, setting::Settings},
    };

    fn add(
        design: &mut Design,
        kind: Kind,
        name: &str,
        parent: Option<ResourceId>,
        [x, y, width, height]: [f64; 4],
    ) -> ResourceId {
        let id = design.next_id();
        let (name, settings) = (name.to_owned(), Settings::new());
        let place = Some(Place { x, y, width, height });
        let edit = Edit::Add { id: None, kind, name, parent, settings, place };
        *design = apply(design, &edit).unwrap();
        id
    }

    fn connect(design: &mut Design, from: ResourceId, to: ResourceId) {
        let way = edits::connections(design, from, to).remove(0);
        *design = apply(design, &way.edit).unwrap();
    }

    /// A group with two endpoints in a subnet, beside a group with two storage accounts and one alone.
    fn two_groups() -> (Design, [ResourceId; 3]) {
        let mut it = Design::default();
        let at = |y: f64| [24.0, y, 216.0, 56.0];
        let left = add(&mut it, Kind::ResourceGroup, "left", None, [0.0, 0.0, 800.0, 600.0]);
        let right = add(&mut it, Kind::ResourceGroup, "right", None, [1600.0, 0.0, 800.0, 600.0]);
        let network =
            add(&mut it, Kind::VirtualNetwork, "vnet", Some(left), [24.0, 48.0, 700.0, 500.0]);
        let subnet = add(&mut it, Kind::Subnet, "snet", Some(network), [24.0, 48.0, 504.0, 336.0]);
        let third = add(&mut it, Kind::ResourceGroup, "third", None, [0.0, 900.0, 300.0, 200.0]);
        let alone = add(&mut it, Kind::StorageAccount, "alone", Some(third), at(48.0));
        for n in 0..3_u8 {
            let y = 48.0 + f64::from(n) * 72.0;
            let endpoint = add(&mut it, Kind::PrivateEndpoint, "pe", Some(subnet), at(y));
            let account = if n == 2 {
                alone
            } else {
                add(&mut it, Kind::StorageAccount, "st", Some(right), at(y))
            };
            connect(&mut it, endpoint, account);
        }
        (it, [left, right, subnet])
    }

    fn bundled(design: &Design, zoom: f64) -> Bundles {
        Bundles::of(&Scene::build(design), Detail::of(zoom, 1000), &BTreeSet::new())
    }

    #[test]
    fn lines_between_two_containers_are_one_with_a_count() {
        let (design, [_, right, subnet]) = two_groups();
        let it = bundled(&design, 0.3);
        let [bundle] = &it.all[..] else { panic!("{it:?}") };
        assert_eq!((bundle.id.a, bundle.id.b), (right, subnet));
        assert_eq!(BundleId::of_slug(&bundle.id.slug()), Some(bundle.id));
        assert_eq!((bundle.id.relation, bundle.lines.len()), (Relation::PrivateLink, 2));
        assert_eq!(it.single.len(), 1);
        assert!(bundle.badge.is_some());
    }

    #[test]
    fn from_further_away_they_end_at_larger_containers() {
        let (design, [left, right, _]) = two_groups();
        let it = bundled(&design, 0.1);
        let [bundle] = &it.all[..] else { panic!("{it:?}") };
        assert_eq!((bundle.id.a, bundle.id.b), (left, right));
    }

    #[test]
    fn a_bundle_is_drawn_from_border_to_border() {
        let (design, [left, right, _]) = two_groups();
        let scene = Scene::build(&design);
        let it = bundled(&design, 0.1);
        let (first, last) = (it.all[0].points[0], it.all[0].points.last().unwrap());
        assert_eq!(first.x, scene.rect(left).unwrap().right());
        assert_eq!(last.x, scene.rect(right).unwrap().x);
    }

    #[test]
    fn what_is_nearest_to_a_point_is_hit_and_nothing_far_from_all() {
        let (design, _) = two_groups();
        let scene = Scene::build(&design);
        let it = bundled(&design, 0.3);
        let beside = |line: &[Point]| {
            let n = line.len() / 2;
            let (a, b) = (line[n - 1], line[n]);
            // A stretch runs along one of the axes.
            let (dx, dy) = if a.x == b.x { (3.0, 0.0) } else { (0.0, 3.0) };
            Point::new(f64::midpoint(a.x, b.x) + dx, f64::midpoint(a.y, b.y) + dy)
        };
        let bundle = &it.all[0];
        assert_eq!(it.at(&scene, beside(&bundle.points), 5.0), Some(Drawn::Bundle(bundle.id)));
        assert_eq!(it.at(&scene, beside(&bundle.points), 2.0), None);
        let single = &scene.lines[it.single[0]];
        assert_eq!(it.at(&scene, beside(single.points()), 5.0), Some(Drawn::Line(single.id)));
        // A line of a bundle is not drawn by itself.
        let inside = scene.lines[bundle.lines[0]].points()[0];
        assert_eq!(it.at(&scene, inside, 5.0), None);
    }

    #[test]
    fn hidden_relations_have_no_bundle() {
        let (design, _) = two_groups();
        let hidden = BTreeSet::from([Relation::PrivateLink]);
        let it = Bundles::of(&Scene::build(&design), Detail::of(0.3, 1000), &hidden);
        assert_eq!(it, Bundles::default());
    }

    #[test]
    fn counts_do_not_cover_each_other() {
        let (mut design, [_, _, subnet]) = two_groups();
        // Identities in the right group may read what stands in the left one: another relation on the same way.
        let right = design.named("right");
        let work = design.named("left");
        let account =
            add(&mut design, Kind::StorageAccount, "st2", work, [600.0, 500.0, 216.0, 56.0]);
        for y in [300.0, 400.0] {
            let id =
                add(&mut design, Kind::UserAssignedIdentity, "id", right, [24.0, y, 216.0, 56.0]);
            let ways = edits::connections(&design, id, account);
            let way = ways.into_iter().find(|it| it.made.is_some()).unwrap();
            design = apply(&design, &way.edit).unwrap();
        }
        let it = bundled(&design, 0.1);
        let badges: Vec<Rect> = it.all.iter().filter_map(|it| it.badge).collect();
        let [a, b] = badges[..] else { panic!("two: {it:?} {subnet:?}") };
        assert!(!a.meets(b), "{a:?} {b:?}");
    }
}
