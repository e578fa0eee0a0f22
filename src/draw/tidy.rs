//! Places for what has none: containers first, then nodes in columns beside them.

use super::{GAP, PADDING, TITLE, geometry::Rect};

/// What is to be placed in one container.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    pub width: f64,
    pub height: f64,
    pub container: bool,
    /// A container that goes beside the one before it, not below.
    pub beside: bool,
}

/// Room between containers, and between them and the nodes: lines pass there.
const AISLE: f64 = 40.0;

/// Nodes in one column before the next begins, where no container beside is taller.
const ROWS: usize = 4;

/// Places in one container, relative to it, in the order of `items`. `top` is where they may begin.
pub fn inside(items: &[Item], top: f64) -> Vec<Rect> {
    let mut places = vec![Rect::default(); items.len()];
    let (mut x, mut y) = (PADDING, top);
    let (mut right, mut bottom) = (PADDING, top);
    for (it, place) in items.iter().zip(&mut places).filter(|it| it.0.container) {
        if it.beside && right > PADDING {
            x = right + AISLE;
            y = top;
        }
        *place = Rect::new(x, y, it.width, it.height);
        right = right.max(place.right());
        bottom = bottom.max(place.bottom());
        y = place.bottom() + PADDING;
    }
    let left = if right > PADDING { right + AISLE } else { PADDING };
    let (mut x, mut y, mut column) = (left, top, 0.0_f64);
    let mut rows = 0;
    for (it, place) in items.iter().zip(&mut places).filter(|it| !it.0.container) {
        if rows >= ROWS && y + it.height > bottom {
            x += column + AISLE;
            (y, column, rows) = (top, 0.0, 0);
        }
        *place = Rect::new(x, y, it.width, it.height);
        column = column.max(it.width);
        y = place.bottom() + GAP;
        rows += 1;
    }
    places
}

/// Places on the empty canvas: nodes in a row on top, containers below them side by side.
pub fn outside(items: &[Item], top: f64) -> Vec<Rect> {
    let mut places = vec![Rect::default(); items.len()];
    let (mut x, mut bottom) = (0.0, top);
    for (it, place) in items.iter().zip(&mut places).filter(|it| !it.0.container) {
        *place = Rect::new(x, top, it.width, it.height);
        x = place.right() + AISLE;
        bottom = bottom.max(place.bottom() + AISLE);
    }
    x = 0.0;
    for (it, place) in items.iter().zip(&mut places).filter(|it| it.0.container) {
        *place = Rect::new(x, bottom, it.width, it.height);
        x = place.right() + AISLE;
    }
    places
}

/// The size that holds `children` (relative places) with room around, at least `least`.
pub fn around(children: impl Iterator<Item = Rect>, least: (f64, f64)) -> (f64, f64) {
    children.fold(least, |(width, height), it| {
        (width.max(it.right() + PADDING), height.max(it.bottom() + PADDING))
    })
}

/// A place in a container for one more box: the first free spot below its title.
pub fn free_spot(taken: &[Rect], size: (f64, f64), width: f64) -> (f64, f64) {
    let columns = ((width - PADDING) / (size.0 + GAP)).floor().max(1.0);
    let mut y = TITLE;
    // Each row that is not free has a box in it, so there are at most as many as boxes, by height.
    loop {
        let mut column = 0.0;
        while column < columns {
            let x = PADDING + column * (size.0 + GAP);
            let it = Rect::new(x, y, size.0, size.1);
            if !taken.iter().any(|other| other.grown(GAP / 2.0).meets(it)) {
                return (x, y);
            }
            column += 1.0;
        }
        y += size.1.min(super::NODE.1) + GAP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: Item = Item { width: 208.0, height: 56.0, container: false, beside: false };

    #[test]
    fn nodes_stand_beside_the_containers() {
        let network = Item { width: 400.0, height: 300.0, container: true, beside: false };
        let places = inside(&[NODE, network, NODE], TITLE);
        let [a, b, c] = places[..] else { panic!("three places") };
        assert!(a.x > b.right() && c.x == a.x && c.y > a.bottom());
    }

    #[test]
    fn nothing_overlaps() {
        let container = Item { width: 300.0, height: 200.0, container: true, beside: false };
        let items = [NODE, container, NODE, container, NODE, NODE, NODE, NODE, NODE];
        for places in [inside(&items, TITLE), outside(&items, 0.0)] {
            for (n, a) in places.iter().enumerate() {
                assert!(!places.iter().skip(n + 1).any(|b| a.meets(*b)), "{n}: {places:?}");
            }
        }
    }

    #[test]
    fn a_free_spot_is_free() {
        let mut taken = Vec::new();
        for _ in 0..9 {
            let (x, y) = free_spot(&taken, (208.0, 56.0), 500.0);
            let it = Rect::new(x, y, 208.0, 56.0);
            assert!(!taken.iter().any(|other: &Rect| other.meets(it)));
            taken.push(it);
        }
    }
}
