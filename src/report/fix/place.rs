//! Where a new box is drawn: below those that stand in a container already, which grows for it.

use crate::{
    design::{Design, Place, edit::Edit},
    kinds::{Form, ResourceId},
};

const NODE: (f64, f64) = (168.0, 56.0);
const GAP: f64 = 24.0;
const HEADER: f64 = 40.0;

/// A free place in `parent`, and the edit that makes room for it.
pub(super) fn free(design: &Design, parent: ResourceId, nth: usize) -> (Place, Option<Edit>) {
    let mut bottom: f64 = HEADER;
    for it in design.resources.children(Some(parent)) {
        if let Some(place) = design.layout.get(&it.id) {
            bottom = bottom.max(place.y + place.height);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of boxes")]
    let shift = nth as f64 * (NODE.1 + GAP);
    let place = Place { x: GAP, y: bottom + GAP + shift, width: NODE.0, height: NODE.1 };
    (place, grow(design, parent, place))
}

/// Makes every container around `place` large enough.
fn grow(design: &Design, parent: ResourceId, inner: Place) -> Option<Edit> {
    let mut moved = Vec::new();
    let mut inner = inner;
    let mut at = Some(parent);
    while let Some(id) = at {
        let Some(&outer) = design.layout.get(&id) else { break };
        let is_box = design.get(id).is_some_and(|it| it.kind.info().form == Form::Container);
        if !is_box {
            break;
        }
        let width = outer.width.max(inner.x + inner.width + GAP);
        let height = outer.height.max(inner.y + inner.height + GAP);
        let larger = Place { width, height, ..outer };
        if larger == outer {
            break;
        }
        moved.push((id, larger));
        inner = larger;
        at = design.get(id).and_then(|it| it.parent);
    }
    (!moved.is_empty()).then_some(Edit::Arrange(moved))
}
