//! Orthogonal lines between boxes: few bends, around nodes, not on top of each other.
//!
//! Each line is tried with every pair of sides and a few lanes; the cheapest is taken. That is no
//! search of a whole plane, so a thousand lines cost milliseconds, and a line changes only when its
//! own surroundings do.

use std::{collections::BTreeMap, fmt::Write, ops::Range, sync::Arc};

use super::geometry::{Grid, Point, Rect};

/// How far a line goes straight before it may turn.
const STUB: f64 = 14.0;

/// Of a bend.
const RADIUS: f64 = 8.0;

/// Distance of lines that end at one side of a box.
const PORT: f64 = 12.0;

/// A line to be routed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ends {
    pub from: Rect,
    pub to: Rect,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

const SIDES: [Side; 4] = [Side::Right, Side::Left, Side::Bottom, Side::Top];

impl Side {
    fn across(self) -> bool {
        matches!(self, Side::Left | Side::Right)
    }

    fn outward(self, it: Point, by: f64) -> Point {
        match self {
            Side::Left => Point::new(it.x - by, it.y),
            Side::Right => Point::new(it.x + by, it.y),
            Side::Top => Point::new(it.x, it.y - by),
            Side::Bottom => Point::new(it.x, it.y + by),
        }
    }

    /// The point of this side at `along`, kept off the corners.
    fn port(self, it: Rect, along: f64) -> Point {
        let keep = |low: f64, length: f64| {
            let off = (length / 2.0).min(10.0);
            along.clamp(low + off, low + length - off)
        };
        match self {
            Side::Left => Point::new(it.x, keep(it.y, it.height)),
            Side::Right => Point::new(it.right(), keep(it.y, it.height)),
            Side::Top => Point::new(keep(it.x, it.width), it.y),
            Side::Bottom => Point::new(keep(it.x, it.width), it.bottom()),
        }
    }

    /// Where along this side a line to `other` would like to end.
    fn wish(self, it: Rect, other: Rect) -> f64 {
        let (center, length, theirs) = if self.across() {
            (it.center().y, it.height, other.center().y)
        } else {
            (it.center().x, it.width, other.center().x)
        };
        // A long side is met where it is nearest, a short one in its middle.
        if length > 260.0 { theirs } else { center }
    }
}

/// Lanes in use: (vertical?, coordinate in steps) → stretches.
type Lanes = BTreeMap<(bool, i64), Vec<(f64, f64)>>;

/// The boxes to go around.
#[derive(Clone, Copy)]
pub struct Nodes<'a> {
    pub grid: &'a Grid,
    /// Numbers of those that are not there right now.
    pub except: &'a [Range<usize>],
}

impl Nodes<'_> {
    fn near(&self, area: Rect) -> impl Iterator<Item = Rect> {
        self.grid
            .near(area)
            .filter(|it| !self.except.iter().any(|gone| gone.contains(&it.0)))
            .map(|it| it.1)
    }
}

/// A routed line, with what its course was chosen by.
#[derive(Clone, Debug)]
pub struct Course {
    pub ends: Ends,
    sides: Option<(Side, Side)>,
    ports: (Point, Point),
    /// Shared, because most lines stay as they are from one edit to the next.
    pub points: Arc<[Point]>,
}

/// Routes all lines.
pub fn route(all: &[Ends], nodes: Nodes<'_>) -> Vec<Vec<Point>> {
    let all: Vec<(Ends, Kept<'_>)> = all.iter().map(|it| (*it, Kept::No)).collect();
    courses(&all, nodes, |_| Vec::new()).into_iter().map(|it| it.points.to_vec()).collect()
}

/// What becomes of the course that a line has.
#[derive(Clone, Copy)]
pub enum Kept<'a> {
    /// It has none, or none that is any good.
    No,
    /// It stays unless another line has come to end beside it or has left.
    Unless(&'a Course),
    /// It stays.
    Yes(&'a Course),
}

impl<'a> Kept<'a> {
    fn course(self) -> Option<&'a Course> {
        match self {
            Kept::No => None,
            Kept::Unless(it) | Kept::Yes(it) => Some(it),
        }
    }
}

/// Routes lines of which some have a course that may stay. `others` tells the stretches near an area of lines that
/// are not among them.
pub fn courses(
    all: &[(Ends, Kept<'_>)],
    nodes: Nodes<'_>,
    others: impl FnOnce(Rect) -> Vec<[Point; 2]>,
) -> Vec<Course> {
    let sides = |ends, kept: Kept<'_>| match kept.course() {
        Some(it) => it.sides,
        None => best_sides(ends, nodes),
    };
    let chosen: Vec<(Ends, Option<(Side, Side)>)> =
        all.iter().map(|(ends, kept)| (*ends, sides(*ends, *kept))).collect();
    let ports = spread(&chosen);
    let kept: Vec<Option<&Course>> = all
        .iter()
        .zip(&ports)
        .map(|((_, kept), ports)| match kept {
            Kept::Unless(it) => Some(*it).filter(|it| it.ports == *ports),
            it => it.course(),
        })
        .collect();
    let mut lanes = Lanes::new();
    // Lines that stay are in the way of those that are new, where there are new ones.
    let new = all.iter().zip(&kept).filter(|it| it.1.is_none());
    let around = new.map(|((it, _), _)| it.from.union(it.to)).reduce(Rect::union);
    if let Some(around) = around.map(|it| it.grown(100.0)) {
        for it in kept.iter().flatten() {
            take(&mut lanes, &it.points, |stretch| around.meets(stretch.grown(1.0)));
        }
        for it in others(around) {
            take(&mut lanes, &it, |_| true);
        }
    }
    let mut routed = Vec::with_capacity(all.len());
    for (((ends, sides), ports), kept) in chosen.into_iter().zip(ports).zip(kept) {
        routed.push(match kept {
            Some(it) => it.clone(),
            None => {
                let line = match sides {
                    None => inward(ends, nodes),
                    Some(sides) => {
                        let mut tried = Vec::with_capacity(8);
                        candidates(ends, sides, ports.0, ports.1, &mut tried);
                        best(&tried, ends, nodes, Some(&lanes))
                    }
                };
                take(&mut lanes, &line, |_| true);
                Course { ends, sides, ports, points: line.into() }
            }
        });
    }
    routed
}

/// Marks the lanes of a line as used, where they matter.
fn take(lanes: &mut Lanes, line: &[Point], matters: impl Fn(Rect) -> bool) {
    for pair in line.windows(2) {
        if let [a, b] = pair
            && matters(Rect::of_corners(*a, *b))
        {
            let (key, stretch) = lane(*a, *b);
            lanes.entry(key).or_default().push(stretch);
        }
    }
}

/// The sides that give the cheapest line, or nothing where one box holds the other.
fn best_sides(ends: Ends, nodes: Nodes<'_>) -> Option<(Side, Side)> {
    if ends.from.covers(ends.to) || ends.to.covers(ends.from) {
        return None;
    }
    let mut tried: Vec<Tried> = Vec::with_capacity(96);
    let mut of: Vec<(Side, Side)> = Vec::with_capacity(96);
    for a in SIDES {
        for b in SIDES {
            let from = a.port(ends.from, a.wish(ends.from, ends.to));
            let to = b.port(ends.to, b.wish(ends.to, ends.from));
            candidates(ends, (a, b), from, to, &mut tried);
            of.resize(tried.len(), (a, b));
        }
    }
    of.get(cheapest(&tried, ends, nodes, None)?).copied()
}

/// Gives the lines that end at one side of one box their own ports, in the order of their other ends.
fn spread(all: &[(Ends, Option<(Side, Side)>)]) -> Vec<(Point, Point)> {
    // Boxes are told apart by their corner: two of the same place are drawn as one anyway.
    type Key = (i64, i64, i64, i64, Side);
    let key = |it: Rect, side| (steps(it.x), steps(it.y), steps(it.width), steps(it.height), side);
    let mut at: Vec<(Key, f64, usize, bool)> = Vec::with_capacity(all.len() * 2);
    for (n, (ends, sides)) in all.iter().enumerate() {
        let Some((a, b)) = *sides else { continue };
        let order = |side: Side, other: Rect| {
            if side.across() { other.center().y } else { other.center().x }
        };
        at.push((key(ends.from, a), order(a, ends.to), n, true));
        at.push((key(ends.to, b), order(b, ends.from), n, false));
    }
    at.sort_unstable_by(|a, b| {
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)).then(b.3.cmp(&a.3))
    });
    // Of the first and the second end: how far off, and whether it has its side alone.
    let mut offsets = vec![[(0.0, true); 2]; all.len()];
    for group in at.chunk_by(|a, b| a.0 == b.0) {
        #[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
        let middle = (group.len() as f64 - 1.0) / 2.0;
        for (slot, (_, _, n, first)) in group.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
            let offset = (slot as f64 - middle) * PORT;
            if let Some([of_first, of_second]) = offsets.get_mut(*n) {
                *(if *first { of_first } else { of_second }) = (offset, group.len() == 1);
            }
        }
    }
    all.iter()
        .zip(offsets)
        .map(|((ends, sides), [(from_offset, from_alone), (to_offset, to_alone)])| {
            let Some((a, b)) = *sides else { return (Point::default(), Point::default()) };
            let mut from = a.port(ends.from, a.wish(ends.from, ends.to) + from_offset);
            let mut to = b.port(ends.to, b.wish(ends.to, ends.from) + to_offset);
            // A line that could be straight is made straight by the end that has its side alone.
            if a != b && a.across() == b.across() {
                let along = |it: Point| if a.across() { it.y } else { it.x };
                let met = |it: Point, target: Point| along(it).total_cmp(&along(target)).is_eq();
                let moved = a.port(ends.from, along(to));
                if from_alone && met(moved, to) {
                    from = moved;
                } else {
                    let moved = b.port(ends.to, along(from));
                    if to_alone && met(moved, from) {
                        to = moved;
                    }
                }
            }
            (from, to)
        })
        .collect()
}

/// A line between a box and one around it: straight out to the border.
fn inward(ends: Ends, nodes: Nodes<'_>) -> Vec<Point> {
    let outward = ends.to.covers(ends.from);
    let (inner, outer) = if outward { (ends.from, ends.to) } else { (ends.to, ends.from) };
    let lines = SIDES.map(|side| {
        let at = side.port(inner, side.wish(inner, inner));
        let border = match side {
            Side::Left => Point::new(outer.x, at.y),
            Side::Right => Point::new(outer.right(), at.y),
            Side::Top => Point::new(at.x, outer.y),
            Side::Bottom => Point::new(at.x, outer.bottom()),
        };
        if outward { Tried::of(&[at, border]) } else { Tried::of(&[border, at]) }
    });
    best(&lines, ends, nodes, None)
}

/// A line that is tried. None has more than six points, so that thousands cost no memory.
#[derive(Clone, Copy, Default)]
struct Tried {
    points: [Point; 6],
    count: usize,
}

impl Tried {
    /// A line without points that bend nothing.
    fn of(line: &[Point]) -> Tried {
        let mut it = Tried::default();
        for point in line {
            it.push(*point);
        }
        it
    }

    fn push(&mut self, it: Point) {
        if self.line().last() == Some(&it) {
            return;
        }
        if let [.., before, last] = self.line()
            && (same(before.x, last.x) && same(last.x, it.x)
                || same(before.y, last.y) && same(last.y, it.y))
        {
            self.count -= 1;
        }
        if let Some(place) = self.points.get_mut(self.count) {
            *place = it;
            self.count += 1;
        }
    }

    fn line(&self) -> &[Point] {
        self.points.get(..self.count).unwrap_or_default()
    }
}

/// Adds the lines worth trying between two ports.
fn candidates(ends: Ends, (a, b): (Side, Side), from: Point, to: Point, all: &mut Vec<Tried>) {
    let (out, into) = (a.outward(from, STUB), b.outward(to, STUB));
    let mut push = |bends: &[Point]| {
        let mut line = Tried::of(&[from]);
        for it in bends {
            line.push(*it);
        }
        line.push(to);
        all.push(line);
    };
    let lanes = |a: f64, b: f64| {
        let middle = f64::midpoint(a, b).round();
        [middle, middle - PORT, middle + PORT, middle - 2.0 * PORT, middle + 2.0 * PORT, a, b]
    };
    if a.across() && b.across() {
        let same = a == b;
        let faces = if a == Side::Right { into.x >= out.x } else { into.x <= out.x };
        if same {
            let far = if a == Side::Right { out.x.max(into.x) } else { out.x.min(into.x) };
            let away = if a == Side::Right { PORT } else { -PORT };
            for x in [far, far + away, far + 2.0 * away] {
                push(&[Point::new(x, from.y), Point::new(x, to.y)]);
            }
        } else if faces {
            for x in lanes(out.x, into.x) {
                push(&[Point::new(x, from.y), Point::new(x, to.y)]);
            }
        } else {
            let around = ends.from.union(ends.to);
            let gap = if ends.from.y < ends.to.y {
                f64::midpoint(ends.from.bottom(), ends.to.y)
            } else {
                f64::midpoint(ends.to.bottom(), ends.from.y)
            };
            for y in [gap, around.y - STUB, around.bottom() + STUB] {
                push(&[out, Point::new(out.x, y), Point::new(into.x, y), into]);
            }
        }
    } else if !a.across() && !b.across() {
        let same = a == b;
        let faces = if a == Side::Bottom { into.y >= out.y } else { into.y <= out.y };
        if same {
            let far = if a == Side::Bottom { out.y.max(into.y) } else { out.y.min(into.y) };
            let away = if a == Side::Bottom { PORT } else { -PORT };
            for y in [far, far + away, far + 2.0 * away] {
                push(&[Point::new(from.x, y), Point::new(to.x, y)]);
            }
        } else if faces {
            for y in lanes(out.y, into.y) {
                push(&[Point::new(from.x, y), Point::new(to.x, y)]);
            }
        } else {
            let around = ends.from.union(ends.to);
            let gap = if ends.from.x < ends.to.x {
                f64::midpoint(ends.from.right(), ends.to.x)
            } else {
                f64::midpoint(ends.to.right(), ends.from.x)
            };
            for x in [gap, around.x - STUB, around.right() + STUB] {
                push(&[out, Point::new(x, out.y), Point::new(x, into.y), into]);
            }
        }
    } else if a.across() {
        push(&[Point::new(to.x, from.y)]);
        push(&[out, Point::new(out.x, into.y), into]);
    } else {
        push(&[Point::new(from.x, to.y)]);
        push(&[out, Point::new(into.x, out.y), into]);
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.01
}

fn best(tried: &[Tried], ends: Ends, nodes: Nodes<'_>, lanes: Option<&Lanes>) -> Vec<Point> {
    let best = cheapest(tried, ends, nodes, lanes).and_then(|n| tried.get(n));
    best.map(|it| it.line().to_vec()).unwrap_or_default()
}

/// Number of the line that costs least; of several the first. Shorter ones are looked at first, so that
/// most need no look at what is in their way.
fn cheapest(tried: &[Tried], ends: Ends, nodes: Nodes<'_>, lanes: Option<&Lanes>) -> Option<usize> {
    let lengths = tried.iter().map(|it| length(it.line(), ends));
    let mut order: Vec<(f64, usize)> = lengths.zip(0..).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut best: Option<(f64, usize)> = None;
    for (length, n) in order {
        let most = best.map_or(f64::INFINITY, |it| it.0);
        if most < length {
            break;
        }
        let Some(it) = tried.get(n) else { continue };
        let cost = length + in_the_way(it.line(), ends, nodes, lanes, most - length);
        if best.is_none_or(|it| (cost, n) < it) {
            best = Some((cost, n));
        }
    }
    best.map(|it| it.1)
}

/// Length in px, and what bends and ways through the own boxes are worth in px of detour.
fn length(line: &[Point], ends: Ends) -> f64 {
    const BEND: f64 = 36.0;
    const THROUGH_OWN_BOX: f64 = 4000.0;
    let one_holds_the_other = ends.from.covers(ends.to) || ends.to.covers(ends.from);
    let mut sum = 0.0;
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        let (stretch, thick) = thick(*a, *b);
        sum += stretch.width + stretch.height + BEND;
        // The ends lie on the borders of their boxes, so that only what goes inside counts.
        let own = |it: Rect| it.grown(-1.0).meets(thick);
        if !one_holds_the_other && (own(ends.from) || own(ends.to)) {
            sum += THROUGH_OWN_BOX;
        }
    }
    sum
}

/// A stretch of a line, and as a rectangle that is not empty.
fn thick(a: Point, b: Point) -> (Rect, Rect) {
    let it = Rect::of_corners(a, b);
    (it, Rect { width: it.width.max(0.1), height: it.height.max(0.1), ..it })
}

/// What the boxes and lines that a line crosses are worth in px of detour; no more is counted than `most`
/// and a bit.
fn in_the_way(
    line: &[Point],
    ends: Ends,
    nodes: Nodes<'_>,
    lanes: Option<&Lanes>,
    most: f64,
) -> f64 {
    const THROUGH_NODE: f64 = 400.0;
    const ON_A_LINE: f64 = 90.0;
    let mut sum = 0.0;
    for pair in line.windows(2) {
        let [a, b] = pair else { continue };
        let (_, thick) = thick(*a, *b);
        for it in nodes.near(thick.grown(6.0)) {
            if it != ends.from && it != ends.to {
                sum += if it.meets(thick) { THROUGH_NODE } else { THROUGH_NODE / 4.0 };
                if sum > most {
                    return sum;
                }
            }
        }
        let Some(lanes) = lanes else { continue };
        let ((vertical, at), (low, high)) = lane(*a, *b);
        for near in [at - 1, at, at + 1] {
            for it in lanes.get(&(vertical, near)).into_iter().flatten() {
                if it.0 + 4.0 < high && low + 4.0 < it.1 {
                    sum += ON_A_LINE;
                }
            }
        }
    }
    sum
}

fn lane(a: Point, b: Point) -> ((bool, i64), (f64, f64)) {
    let vertical = same(a.x, b.x);
    let (at, from, to) = if vertical { (a.x, a.y, b.y) } else { (a.y, a.x, b.x) };
    ((vertical, steps(at / 4.0)), (from.min(to), from.max(to)))
}

#[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
fn steps(it: f64) -> i64 {
    it.round() as i64
}

/// The stretches of `line` in `window` as the `d` of one SVG path each, with sharp bends: for lines that only pass by.
pub fn passing(line: &[Point], window: Rect) -> Vec<String> {
    let stretches = line.windows(2).filter_map(|it| match it {
        [a, b] => inside(*a, *b, window).map(|it| (toward(*a, *b, it.0), toward(*a, *b, it.1))),
        _ => None,
    });
    stretches
        .map(|(a, b)| format!("M{} {}L{} {}", round(a.x), round(a.y), round(b.x), round(b.y)))
        .collect()
}

/// A line with rounded bends as the `d` of one SVG path for each stretch, as far as it is in `window`. The last `short`
/// px of the whole line are left out, for an arrow's head. Browsers paint the dashes of a whole path for every part of
/// the picture that its bounds meet, so that none has wide bounds or is longer than needed.
pub fn pieces(line: &[Point], window: Option<Rect>, short: f64) -> Vec<String> {
    /// A multiple of the dashes with their gaps (`.edge-line` in `style/canvas.css`): those in sight stay where they are.
    const DASHES: f64 = 110.0;
    let bend = |at, other, next| RADIUS.min(distance(at, other).min(distance(at, next)) / 2.0);
    let mut all = Vec::new();
    for (n, pair) in line.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        let length = distance(*a, *b);
        let before = n.checked_sub(1).and_then(|it| line.get(it));
        let begin = before.map_or(0.0, |it| bend(*a, *it, *b));
        let mut next = line.get(n + 2).map(|it| (*it, bend(*b, *a, *it)));
        let mut end = length - next.map_or(short.min(length), |it| it.1);
        let mut from = begin;
        if let Some(window) = window {
            let Some((low, high)) = inside(*a, *b, window) else { continue };
            from += ((low - begin).max(0.0) / DASHES).floor() * DASHES;
            if high < end {
                end = high;
                next = None;
            }
        }
        let (from, to) = (toward(*a, *b, from), toward(*a, *b, end));
        let straight =
            format!("M{} {}L{} {}", round(from.x), round(from.y), round(to.x), round(to.y));
        let bend = next.map(|(next, by)| {
            let to = toward(*b, next, by);
            format!("Q{} {} {} {}", round(b.x), round(b.y), round(to.x), round(to.y))
        });
        all.push(straight + bend.as_deref().unwrap_or_default());
    }
    all
}

/// From where to where on it a stretch is in an area, in px from its beginning.
fn inside(a: Point, b: Point, area: Rect) -> Option<(f64, f64)> {
    let length = distance(a, b);
    let (mut from, mut to) = (0.0_f64, length);
    for (at, by, low, high) in
        [(a.x, b.x - a.x, area.x, area.right()), (a.y, b.y - a.y, area.y, area.bottom())]
    {
        if by == 0.0 {
            if at < low || high < at {
                return None;
            }
            continue;
        }
        let ends = [(low - at) / by * length, (high - at) / by * length];
        from = from.max(ends[0].min(ends[1]));
        to = to.min(ends[0].max(ends[1]));
    }
    (from < to).then_some((from, to))
}

/// The `d` of an SVG path through `line` with rounded bends. The last `short` px are left out, for an
/// arrow's head.
pub fn path(line: &[Point], short: f64) -> String {
    let mut d = String::new();
    let end = line.len().saturating_sub(1);
    for (n, it) in line.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|it| line.get(it));
        let written = match (before, line.get(n + 1)) {
            (None, _) => write!(d, "M{} {}", round(it.x), round(it.y)),
            (Some(before), None) => {
                let it = if n == end { toward(*it, *before, short) } else { *it };
                write!(d, "L{} {}", round(it.x), round(it.y))
            }
            (Some(before), Some(after)) => {
                let room = distance(*it, *before).min(distance(*it, *after)) / 2.0;
                let (a, b) =
                    (toward(*it, *before, RADIUS.min(room)), toward(*it, *after, RADIUS.min(room)));
                write!(
                    d,
                    "L{} {}Q{} {} {} {}",
                    round(a.x),
                    round(a.y),
                    round(it.x),
                    round(it.y),
                    round(b.x),
                    round(b.y)
                )
            }
        };
        // Writing into a `String` cannot fail.
        debug_assert!(written.is_ok());
    }
    d
}

fn round(it: f64) -> f64 {
    (it * 10.0).round() / 10.0
}

fn distance(a: Point, b: Point) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

fn toward(it: Point, other: Point, by: f64) -> Point {
    let length = distance(it, other);
    if length <= f64::EPSILON {
        return it;
    }
    let k = by.min(length) / length;
    Point::new(it.x + (other.x - it.x) * k, it.y + (other.y - it.y) * k)
}

/// The end of a line and its direction there in degrees, for an arrow's head.
pub fn head(line: &[Point]) -> Option<(Point, f64)> {
    let [.., before, last] = line else { return None };
    Some((*last, (last.y - before.y).atan2(last.x - before.x).to_degrees().round()))
}

/// A point of the longest stretch, where a label has most room: `at` 0.5 is its middle. Nothing where
/// a label as long as `length` would lie over both ends of it.
pub fn label_spot(line: &[Point], at: f64, length: f64) -> Option<Point> {
    line.windows(2)
        .filter_map(|it| match it {
            [a, b] => Some((distance(*a, *b), *a, *b)),
            _ => None,
        })
        // A label is wide, so a stretch across has the better room.
        .max_by(|a, b| weighted(a).total_cmp(&weighted(b)))
        .filter(|(room, a, b)| !same(a.y, b.y) || *room >= length)
        .map(|(room, a, b)| toward(a, b, room * at))
}

fn weighted((length, a, b): &(f64, Point, Point)) -> f64 {
    if same(a.y, b.y) { *length } else { length * 0.8 }
}

/// How far a point is from a line.
pub fn distance_to(line: &[Point], at: Point) -> f64 {
    let of = |it: &[Point]| match it {
        [a, b] => {
            let (dx, dy) = (b.x - a.x, b.y - a.y);
            let length = dx * dx + dy * dy;
            let along = ((at.x - a.x) * dx + (at.y - a.y) * dy) / length.max(f64::MIN_POSITIVE);
            let along = along.clamp(0.0, 1.0);
            (at.x - a.x - along * dx).hypot(at.y - a.y - along * dy)
        }
        _ => f64::INFINITY,
    };
    line.windows(2).map(of).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(from: Rect, to: Rect, nodes: Vec<Rect>) -> Vec<Point> {
        let mut nodes = nodes;
        nodes.extend([from, to]);
        route(&[Ends { from, to }], around(&Grid::new(nodes))).remove(0)
    }

    #[test]
    fn of_a_line_that_passes_only_what_is_seen_is_drawn() {
        let line =
            [(-900.0, 50.0), (5000.0, 50.0), (5000.0, 9000.0)].map(|it| Point::new(it.0, it.1));
        assert_eq!(passing(&line, Rect::new(0.0, 0.0, 200.0, 100.0)), ["M0 50L200 50"]);
        assert!(passing(&line, Rect::new(0.0, 200.0, 200.0, 100.0)).is_empty());
    }

    #[test]
    fn of_a_line_that_leaves_and_comes_back_two_pieces_are_drawn() {
        let line = [(0.0, 50.0), (3000.0, 50.0), (3000.0, 80.0), (0.0, 80.0)];
        let line = line.map(|it| Point::new(it.0, it.1));
        let window = Rect::new(-100.0, 0.0, 350.0, 100.0);
        // The second begins a multiple of its dashes behind the bend: at 3000 - 8 - 24 * 110.
        assert_eq!(pieces(&line, Some(window), 6.0), ["M0 50L250 50", "M352 80L6 80"]);
        let whole =
            ["M0 50L2992 50Q3000 50 3000 58", "M3000 58L3000 72Q3000 80 2992 80", "M2992 80L6 80"];
        assert_eq!(pieces(&line, Some(window.grown(4000.0)), 6.0), whole);
        assert_eq!(pieces(&line, None, 6.0), whole);
        assert!(pieces(&line, Some(Rect::new(0.0, 200.0, 100.0, 100.0)), 6.0).is_empty());
    }

    fn around(grid: &Grid) -> Nodes<'_> {
        Nodes { grid, except: &[] }
    }

    const A: Rect = Rect::new(0.0, 0.0, 208.0, 56.0);

    fn upright(line: &[Point]) {
        assert!(line.len() >= 2, "{line:?}");
        for pair in line.windows(2) {
            assert!(same(pair[0].x, pair[1].x) || same(pair[0].y, pair[1].y), "{line:?}");
        }
    }

    #[test]
    fn boxes_side_by_side_get_a_straight_line() {
        let line = one(A, A.moved(400.0, 0.0), vec![]);
        assert_eq!(line, [Point::new(208.0, 28.0), Point::new(400.0, 28.0)]);
        // A little lower: still straight, because one end may give way.
        assert_eq!(one(A, A.moved(400.0, 10.0), vec![]).len(), 2);
    }

    #[test]
    fn a_line_goes_around_the_node_between() {
        let between = A.moved(260.0, 0.0);
        let line = one(A, A.moved(520.0, 0.0), vec![between]);
        upright(&line);
        for pair in line.windows(2) {
            let it = Rect::of_corners(pair[0], pair[1]);
            assert!(!between.meets(it.grown(0.1)), "{line:?}");
        }
    }

    #[test]
    fn every_direction_gives_an_upright_line_outside_its_boxes() {
        for (dx, dy) in
            [(400.0, 200.0), (-400.0, 200.0), (20.0, 300.0), (-30.0, -300.0), (230.0, 70.0)]
        {
            let to = A.moved(dx, dy);
            let line = one(A, to, vec![]);
            upright(&line);
            for pair in line.windows(2) {
                let it = Rect::of_corners(pair[0], pair[1]).grown(0.05);
                assert!(!A.grown(-1.0).meets(it) && !to.grown(-1.0).meets(it), "{line:?}");
            }
        }
    }

    #[test]
    fn lines_to_one_side_end_apart() {
        let to = A.moved(500.0, 100.0);
        let all: Vec<Ends> = [0.0, 100.0, 200.0].map(|y| Ends { from: A.moved(0.0, y), to }).into();
        let nodes = Grid::new(all.iter().map(|it| it.from).chain([to]).collect());
        let ends: Vec<i64> =
            route(&all, around(&nodes)).iter().map(|it| steps(it.last().unwrap().y)).collect();
        assert_eq!(ends, [116, 128, 140]);
    }

    #[test]
    fn a_line_to_the_box_around_ends_at_its_border() {
        let around = Rect::new(-100.0, -100.0, 1000.0, 1000.0);
        let line = one(A, around, vec![]);
        upright(&line);
        let end = line.last().unwrap();
        assert!(same(end.x, -100.0) || same(end.y, -100.0), "{line:?}");
    }

    #[test]
    fn bends_are_rounded_and_the_head_left_out() {
        let line = [Point::new(0.0, 0.0), Point::new(20.0, 0.0), Point::new(20.0, 30.0)];
        assert_eq!(path(&line, 6.0), "M0 0L12 0Q20 0 20 8L20 24");
        assert_eq!(head(&line), Some((Point::new(20.0, 30.0), 90.0)));
    }
}
