//! Points, rectangles, and a grid to find what is near.

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub const fn new(x: f64, y: f64) -> Point {
        Point { x, y }
    }
}

/// An upright rectangle; `x` and `y` are its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect { x, y, width, height }
    }

    /// The rectangle with two opposite corners.
    pub fn of_corners(a: Point, b: Point) -> Rect {
        Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
    }

    pub fn right(self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(self) -> f64 {
        self.y + self.height
    }

    pub fn center(self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    pub fn holds(self, it: Point) -> bool {
        (self.x..=self.right()).contains(&it.x) && (self.y..=self.bottom()).contains(&it.y)
    }

    pub fn covers(self, it: Rect) -> bool {
        self.x <= it.x
            && self.y <= it.y
            && it.right() <= self.right()
            && it.bottom() <= self.bottom()
    }

    /// Whether they share more than a border.
    pub fn meets(self, it: Rect) -> bool {
        self.x < it.right() && it.x < self.right() && self.y < it.bottom() && it.y < self.bottom()
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(self, it: Rect) -> Rect {
        Rect::of_corners(
            Point::new(self.x.min(it.x), self.y.min(it.y)),
            Point::new(self.right().max(it.right()), self.bottom().max(it.bottom())),
        )
    }

    #[must_use]
    pub fn grown(self, by: f64) -> Rect {
        Rect::new(self.x - by, self.y - by, self.width + 2.0 * by, self.height + 2.0 * by)
    }

    #[must_use]
    pub fn moved(self, dx: f64, dy: f64) -> Rect {
        Rect { x: self.x + dx, y: self.y + dy, ..self }
    }
}

/// Side of the cells for the smallest rectangles, in px: a node and a bit.
const CELL: f64 = 256.0;

/// How much larger the cells of the next level are.
const FACTOR: f64 = 4.0;

/// Rectangles by where their centers are, so that a search looks at few of them.
///
/// Each is kept once, among those of about its size; a search looks half a cell further than it is asked
/// to, and so finds what reaches in. A frame around thousands costs as little as a node.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Those in use, the smallest first.
    levels: Vec<Level>,
    all: Vec<Rect>,
}

/// Rectangles of about one size.
#[derive(Clone, Debug)]
struct Level {
    /// Of its cells.
    side: f64,
    /// The columns in use, from left to right.
    columns: Vec<(i32, Column)>,
}

/// Row, number and rectangle, sorted.
type Column = Vec<(i32, u32, Rect)>;

impl Grid {
    pub fn new(all: Vec<Rect>) -> Grid {
        let mut placed: Vec<(u8, i32, i32, u32, Rect)> = (0_u32..)
            .zip(&all)
            .map(|(n, it)| {
                let (level, side) = level(*it);
                let (column, row) = place(*it, side);
                (level, column, row, n, *it)
            })
            .collect();
        placed.sort_unstable_by_key(|it| (it.0, it.1, it.2, it.3));
        let mut levels: Vec<Level> = Vec::new();
        for same_level in placed.chunk_by(|a, b| a.0 == b.0) {
            let columns = same_level.chunk_by(|a, b| a.1 == b.1).filter_map(|all| {
                let cells = all.iter().map(|it| (it.2, it.3, it.4)).collect();
                Some((all.first()?.1, cells))
            });
            let side = same_level.first().map_or(CELL, |it| level(it.4).1);
            levels.push(Level { side, columns: columns.collect() });
        }
        Grid { levels, all }
    }

    /// Puts another rectangle in the place of one.
    pub fn replace(&mut self, n: u32, new: Rect) {
        let Some(old) = self.all.get_mut(n as usize) else { return };
        let old = std::mem::replace(old, new);
        self.forget(n, old);
        self.find(n, new);
    }

    /// Adds a rectangle under the next number.
    pub fn push(&mut self, new: Rect) {
        let n = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(new);
        self.find(n, new);
    }

    /// Lets no search find a rectangle any more. Its number stays taken.
    pub fn remove(&mut self, n: u32) {
        if let Some(old) = self.get(n as usize) {
            self.forget(n, old);
        }
    }

    /// How many numbers are taken.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    fn forget(&mut self, n: u32, old: Rect) {
        let side = level(old).1;
        let (column, row) = place(old, side);
        let Some(level) = self.levels.iter_mut().find(|it| it.side == side) else { return };
        let Ok(at) = level.columns.binary_search_by_key(&column, |it| it.0) else { return };
        let Some((_, cells)) = level.columns.get_mut(at) else { return };
        if let Ok(at) = cells.binary_search_by_key(&(row, n), |it| (it.0, it.1)) {
            cells.remove(at);
        }
    }

    fn find(&mut self, n: u32, new: Rect) {
        let side = level(new).1;
        let (column, row) = place(new, side);
        let at = self.levels.partition_point(|it| it.side < side);
        if self.levels.get(at).is_none_or(|it| it.side != side) {
            self.levels.insert(at, Level { side, columns: Vec::new() });
        }
        let Some(Level { columns, .. }) = self.levels.get_mut(at) else { return };
        let at = columns.partition_point(|it| it.0 < column);
        if columns.get(at).is_none_or(|it| it.0 != column) {
            columns.insert(at, (column, Column::new()));
        }
        let Some((_, cells)) = columns.get_mut(at) else { return };
        if let Err(at) = cells.binary_search_by_key(&(row, n), |it| (it.0, it.1)) {
            cells.insert(at, (row, n, new));
        }
    }

    /// The rectangle of a number.
    pub fn get(&self, n: usize) -> Option<Rect> {
        self.all.get(n).copied()
    }

    /// Numbers of the rectangles that meet `area`, each once, in no order.
    pub fn near(&self, area: Rect) -> impl Iterator<Item = (usize, Rect)> {
        self.levels.iter().flat_map(move |Level { side, columns }| {
            let wide = area.grown(side / 2.0);
            let right = cell(wide.right(), *side);
            let (top, bottom) = (cell(wide.y, *side), cell(wide.bottom(), *side));
            let left = cell(wide.x, *side);
            let first = columns.partition_point(|it| it.0 < left);
            let columns = columns.get(first..).unwrap_or_default();
            columns.iter().take_while(move |it| it.0 <= right).flat_map(move |(_, cells)| {
                let first = cells.partition_point(|it| it.0 < top);
                let cells = cells.get(first..).unwrap_or_default().iter();
                let found = cells.take_while(move |it| it.0 <= bottom);
                found.filter(move |it| it.2.meets(area)).map(|it| (it.1 as usize, it.2))
            })
        })
    }
}

/// Number of the level that a rectangle belongs to, with the side of its cells.
fn level(it: Rect) -> (u8, f64) {
    let (mut level, mut side) = (0_u8, CELL);
    while side < it.width.max(it.height) && level < 16 {
        level += 1;
        side *= FACTOR;
    }
    (level, side)
}

/// Column and row of a rectangle.
fn place(it: Rect, side: f64) -> (i32, i32) {
    let center = it.center();
    (cell(center.x, side), cell(center.y, side))
}

fn cell(it: f64, side: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` saturates, and cells far out are few"
    )]
    let cell = (it / side).floor() as i32;
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_finds_what_meets_and_nothing_else() {
        let grid = Grid::new(vec![
            Rect::new(0.0, 0.0, 10.0, 10.0),
            Rect::new(-600.0, 0.0, 1300.0, 10.0),
            Rect::new(2000.0, 2000.0, 10.0, 10.0),
        ]);
        let mut found: Vec<usize> =
            grid.near(Rect::new(5.0, 5.0, 1.0, 1.0)).map(|it| it.0).collect();
        found.sort_unstable();
        assert_eq!(found, [0, 1]);
    }

    #[test]
    fn the_grid_finds_the_same_as_a_look_at_all() {
        // Rectangles from a dot to the whole drawing, spread by a fixed rule.
        let all: Vec<Rect> = (0..400_u32)
            .map(|n| {
                let at = |k: u32| f64::from(n * k % 5003) - 2500.0;
                let side = f64::from(1 << (n % 13));
                Rect::new(at(37), at(71), side, f64::from(n % 7 * 40))
            })
            .collect();
        let grid = Grid::new(all.clone());
        for area in [
            Rect::new(-2400.0, -2450.0, 300.0, 300.0),
            Rect::new(-2500.0, -2500.0, 5000.0, 5000.0),
            Rect::new(300.0, -900.0, 20.0, 1800.0),
        ] {
            let mut found: Vec<usize> = grid.near(area).map(|it| it.0).collect();
            found.sort_unstable();
            let wanted: Vec<usize> = (0..all.len()).filter(|n| all[*n].meets(area)).collect();
            assert_eq!(found, wanted);
            assert!(!found.is_empty());
        }
    }

    #[test]
    fn what_was_replaced_is_found_where_it_is_now() {
        let it = |x: f64, side: f64| Rect::new(x, 0.0, side, side);
        let mut grid = Grid::new(vec![it(0.0, 10.0), it(100.0, 10.0)]);
        grid.replace(0, it(5000.0, 900.0));
        grid.push(it(0.0, 10.0));
        grid.remove(1);
        let found = |area| {
            let mut all: Vec<usize> = grid.near(area).map(|it| it.0).collect();
            all.sort_unstable();
            all
        };
        assert_eq!(found(it(1.0, 300.0)), [2]);
        assert_eq!(found(it(5100.0, 1.0)), [0]);
    }

    #[test]
    fn sharing_a_border_is_not_meeting() {
        let it = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert!(!it.meets(Rect::new(10.0, 0.0, 5.0, 5.0)));
        assert!(it.meets(Rect::new(9.0, 0.0, 5.0, 5.0)));
    }
}
