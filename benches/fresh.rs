//! Designs that nothing is known about yet: what was read of their settings is kept with them, until a change.

use drawbridge::{design::Design, kinds::Resources};

/// The same design as it is after a change.
pub(crate) fn anew(design: &Design) -> Design {
    let records = design.resources.0.iter().map(|(id, it)| (*id, it.clone()));
    Design { resources: Resources(records.collect()), ..design.clone() }
}
