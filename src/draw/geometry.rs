//! Points, rectangles, and a grid to find what is near.

use std::collections::BTreeMap;

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

/// Side of one grid cell, in px: a few nodes.
const CELL: f64 = 512.0;

/// Rectangles by the cells that they touch, so that a search looks at few of them.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    cells: BTreeMap<(i32, i32), Vec<usize>>,
    all: Vec<Rect>,
}

impl Grid {
    pub fn new(all: Vec<Rect>) -> Grid {
        let mut cells: BTreeMap<(i32, i32), Vec<usize>> = BTreeMap::new();
        for (n, it) in all.iter().enumerate() {
            for cell in cells_of(*it) {
                cells.entry(cell).or_default().push(n);
            }
        }
        Grid { cells, all }
    }

    /// Numbers of the rectangles that meet `area`; one may come several times.
    pub fn near(&self, area: Rect) -> impl Iterator<Item = (usize, Rect)> {
        cells_of(area)
            .filter_map(|it| self.cells.get(&it))
            .flatten()
            .filter_map(|n| self.all.get(*n).map(|it| (*n, *it)))
            .filter(move |(_, it)| it.meets(area))
    }
}

fn cells_of(it: Rect) -> impl Iterator<Item = (i32, i32)> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` saturates, and cells far out are few"
    )]
    let cell = |it: f64| (it / CELL).floor() as i32;
    let (top, bottom) = (cell(it.y), cell(it.bottom()));
    (cell(it.x)..=cell(it.right())).flat_map(move |x| (top..=bottom).map(move |y| (x, y)))
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
        found.dedup();
        assert_eq!(found, [0, 1]);
    }

    #[test]
    fn sharing_a_border_is_not_meeting() {
        let it = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert!(!it.meets(Rect::new(10.0, 0.0, 5.0, 5.0)));
        assert!(it.meets(Rect::new(9.0, 0.0, 5.0, 5.0)));
    }
}
