//! Colors as the style sheets have them, for what is painted without elements.

use std::{collections::BTreeMap, sync::Mutex};

use leptos::prelude::*;

use super::super::browser::{document, window};

/// What a style sheet gives the class `flat-color` together with others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) fill: String,
    pub(super) line: String,
}

/// Looks that were asked for. Each is read once: from an element that is never seen.
#[derive(Default)]
pub(super) struct Colors(Mutex<BTreeMap<(&'static str, &'static str), Look>>);

impl Colors {
    /// The look of a class with one attribute.
    pub(super) fn of(&self, class: &'static str, attribute: (&str, &'static str)) -> Look {
        let key = (class, attribute.1);
        // There is one thread.
        let Ok(mut known) = self.0.lock() else { return Look::default() };
        known.entry(key).or_insert_with(|| read(class, attribute).unwrap_or_default()).clone()
    }

    /// Forgets all: the theme is another one.
    pub(super) fn forget(&self) {
        if let Ok(mut known) = self.0.lock() {
            known.clear();
        }
    }
}

fn read(class: &str, (name, value): (&str, &str)) -> Option<Look> {
    let around = document().get_element_by_id("canvas")?;
    let sample = document().create_element("i").ok()?;
    sample.set_attribute("class", &format!("{class} flat-color")).ok()?;
    sample.set_attribute(name, value).ok()?;
    around.append_child(&sample).ok()?;
    let style = window().get_computed_style(&sample).ok().flatten();
    let look = style.map(|it| Look {
        fill: it.get_property_value("background-color").unwrap_or_default(),
        line: it.get_property_value("color").unwrap_or_default(),
    });
    sample.remove();
    look
}

/// Wakes when the theme does: chosen here or by the system.
pub(super) fn use_theme(editor: super::super::editor::Editor) -> Memo<u32> {
    use super::super::session::SessionStoreFields as _;
    let turned = RwSignal::new(0_u32);
    if let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") {
        let listener = gloo_events::EventListener::new(&query, "change", move |_| {
            turned.try_update(|it| *it += 1);
        });
        let kept = StoredValue::new_local((listener, query));
        on_cleanup(move || kept.dispose());
    }
    Memo::new(move |before: Option<&u32>| {
        editor.session.theme().track();
        turned.track();
        before.map_or(0, |it| it + 1)
    })
}
