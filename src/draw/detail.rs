//! How much of a drawing can be read at a zoom, and so what is worth an element of its own.

use super::scene::Drawn;

/// Up to so many boxes all of them are elements at any zoom: a screen reader finds everything, and
/// nothing comes and goes.
const FEW: usize = 400;

/// Below this zoom names are drawn larger and everything else is left out.
const FAR: f64 = 0.6;

/// Below this zoom the larger names of nodes cannot be read either.
const UNREAD: f64 = 0.4;

/// Frames of at least this size, in px of the screen, have room for a name.
const NAMED: (f64, f64) = (96.0, 36.0);

/// What is drawn, and how large. It changes in steps of the zoom, so that most zooming changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detail {
    /// Names of nodes are drawn larger, and nothing else of them.
    pub far: bool,
    /// Lines between the same two containers are drawn as one.
    pub bundled: bool,
    /// What cannot be read is drawn flat, without elements.
    pub flat: bool,
    /// Px of the drawing for one px of the screen, for what keeps its size on the screen.
    pub scale: f64,
}

impl Detail {
    pub fn of(zoom: f64, boxes: usize) -> Detail {
        let bundled = zoom < UNREAD;
        // Steps of half a doubling.
        let step = ((zoom.max(0.001).log2() * 2.0).floor() / 2.0).exp2();
        Detail {
            far: zoom < FAR,
            bundled,
            flat: bundled && boxes > FEW,
            scale: if bundled { 1.0 / step } else { 1.0 },
        }
    }

    /// Whether all boxes are elements, wherever they are.
    pub fn is_whole(boxes: usize) -> bool {
        boxes <= FEW
    }

    /// Whether a frame has room for its name.
    pub fn names(self, it: &Drawn) -> bool {
        let (width, height) = (NAMED.0 * self.scale, NAMED.1 * self.scale);
        it.frame && (!self.bundled || it.rect.width >= width && it.rect.height >= height)
    }

    /// Whether a box is an element: one that can be read.
    pub fn shows(self, it: &Drawn) -> bool {
        !self.flat || self.names(it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::geometry::Rect;

    fn drawn(width: f64, height: f64, frame: bool) -> Drawn {
        let rect = Rect::new(0.0, 0.0, width, height);
        let (depth, parent, note, collapsed, title) = (0, None, false, false, 0.0);
        Drawn { rect, depth, parent, frame, note, collapsed, title, rank: 0, past: 1 }
    }

    #[test]
    fn what_can_be_read_is_an_element() {
        let (node, frame) = (drawn(216.0, 56.0, false), drawn(1080.0, 780.0, true));
        assert!(Detail::of(0.5, 10_000).shows(&node));
        assert!(!Detail::of(0.3, 10_000).shows(&node));
        assert!(Detail::of(0.3, 10_000).shows(&frame));
        assert!(!Detail::of(0.05, 10_000).shows(&frame));
    }

    #[test]
    fn a_small_drawing_is_never_flat() {
        let it = Detail::of(0.1, 50);
        assert!(it.bundled && !it.flat && it.shows(&drawn(216.0, 56.0, false)));
    }

    #[test]
    fn zooming_a_little_changes_nothing() {
        assert_eq!(Detail::of(0.3, 1000), Detail::of(0.31, 1000));
        assert_ne!(Detail::of(0.3, 1000), Detail::of(0.15, 1000));
        assert_eq!(Detail::of(0.7, 1000), Detail::of(3.0, 1000));
    }
}
