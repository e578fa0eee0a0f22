//! Copy and paste: part of a design as a design of its own, and back into this design or another.
//!
//! What travels is a design file, so it is read and mended like any other file and can be kept as one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    PADDING,
    edits::{freeze, home, kept_in, new_name, nowhere, place_of, roots},
    geometry::Rect,
    scene::Scene,
    tidy,
};
use crate::{
    design::{Design, Place, edit, edit::Edit, file::MAX_RESOURCES},
    kinds::{
        Form, Kind, Resource, ResourceId, Subject,
        setting::{Shape, forget},
    },
    text::{Message, arg, text},
};

/// Member of a copied design that numbers what was copied. The other resources are there only so that
/// the copied ones have what they stand in and refer to.
const COPIED: &str = "copied";

/// The selected resources with all that stands in them and the lines between them.
pub fn copy(design: &Design, scene: &Scene, selection: &BTreeSet<ResourceId>) -> Design {
    let tops = roots(scene, selection);
    let mut all: BTreeSet<ResourceId> = tops.iter().flat_map(|it| design.subtree(*it)).collect();
    let lines: Vec<ResourceId> = design
        .resources
        .subjects()
        .filter(|it| !all.contains(&it.id) && ends(*it).is_some_and(|it| all.is_superset(&it)))
        .map(|it| it.id)
        .collect();
    all.extend(&lines);

    let mut clip = Design { name: design.name.clone(), ..Design::default() };
    for it in all.iter().filter_map(|it| design.resources.subject(*it)) {
        clip.resources.0.insert(it.id, it.resource.clone().into());
        if let Some(place) = place_of(design, scene, it.id, (0.0, 0.0)) {
            clip.layout.insert(it.id, place);
        }
        // Without settings: they were not asked for.
        let around = it.references().into_iter().filter_map(|it| design.resources.subject(it.1));
        for it in around.chain(it.parent()).flat_map(|it| std::iter::once(it).chain(it.ancestors()))
        {
            if !all.contains(&it.id) {
                let bare = Resource::new(it.kind(), it.name(), it.resource.parent);
                clip.resources.0.insert(it.id, bare.into());
            }
        }
    }
    let copied: Value = tops.iter().chain(&lines).map(|it| json!(it.0)).collect();
    clip.extra.insert(COPIED.to_owned(), copied);
    clip
}

/// The two resources that a line connects.
fn ends(it: Subject<'_>) -> Option<BTreeSet<ResourceId>> {
    let Form::Edge { from, to } = it.info().form else { return None };
    let references = it.references();
    let end = |key| references.iter().find(|(field, _)| field.key == key).map(|it| it.1);
    Some(BTreeSet::from([end(from)?, end(to)?]))
}

/// Puts a copy next to the original.
pub fn duplicate(
    design: &Design,
    scene: &Scene,
    selection: &BTreeSet<ResourceId>,
) -> (Vec<ResourceId>, Edit) {
    let clip = copy(design, scene, selection);
    let parent = |id| Some(clip.get(id).and_then(|it| it.parent));
    let (made, edits) = put(design, scene, &clip, parent).unwrap_or_default();
    (made, Edit::Batch(text("Duplicate", "複製").into(), edits))
}

/// Puts what was copied into the selected container or the nearest around it that takes it. References
/// to what was not copied stay where the same resource is here, and are emptied elsewhere.
pub fn paste(
    design: &Design,
    scene: &Scene,
    clip: &Design,
    selected: Option<ResourceId>,
) -> Result<(Vec<ResourceId>, Edit), Message> {
    if design.resources.0.len() + clip.resources.0.len() > MAX_RESOURCES {
        return Err(text(
            "a design holds at most {0} resources",
            "1 つのデザインに置けるリソースは {0} 件までです",
        )
        .with([arg(MAX_RESOURCES)]));
    }
    // While the original is still selected, its copy goes beside it, not into it.
    let selected = selected.and_then(|it| {
        let original = clip.layout.contains_key(&it) && same(design, clip, it);
        if original { design.get(it)?.parent } else { Some(it) }
    });
    let parent = |id| home(design, clip.get(id)?.kind, selected);
    let (made, edits) = put(design, scene, clip, parent)?;
    Ok((made, Edit::Batch(text("Paste", "貼り付け").into(), edits)))
}

/// Whether a resource of the copied design is in this one too.
fn same(design: &Design, clip: &Design, id: ResourceId) -> bool {
    let key = |it: &Design| it.get(id).map(|it| (it.kind, it.name.clone()));
    key(design).is_some_and(|it| Some(it) == key(clip))
}

/// The edits that put copies of what was copied under the parents that `home` finds for each.
fn put(
    design: &Design,
    scene: &Scene,
    clip: &Design,
    home: impl Fn(ResourceId) -> Option<Option<ResourceId>>,
) -> Result<(Vec<ResourceId>, Vec<Edit>), Message> {
    let tops = copied(clip);
    let all: Vec<ResourceId> = tops.iter().flat_map(|it| clip.subtree(*it)).collect();
    let copies: BTreeMap<ResourceId, ResourceId> =
        all.iter().zip(design.next_id().0..).map(|(old, new)| (*old, ResourceId(new))).collect();
    let mut edits = vec![Edit::Arrange(freeze(design, scene))];
    let mut after = design.clone();
    let mut spots = Spots { design, scene, clip, tops: &tops, shifts: BTreeMap::new() };
    for old in &all {
        let (Some(it), Some(new)) = (clip.get(*old), copies.get(old)) else { continue };
        let top = tops.contains(old);
        let parent = if top {
            home(*old).ok_or_else(|| nowhere(design, it.kind, None))?
        } else {
            it.parent.and_then(|it| copies.get(&it).copied())
        };
        let free = top && design.resources.subjects().all(|other| other.name() != it.name);
        // What goes along inside keeps its name: it is in another container.
        // The words of a note may well stand there twice.
        let name = if !top || free || it.kind == Kind::Note {
            it.name.clone()
        } else {
            new_name(&after, it.kind)
        };
        let mut settings = it.settings.clone();
        let gone = |it: ResourceId| !copies.contains_key(&it) && !same(design, clip, it);
        for field in it.kind.info().fields {
            let Some(value) = settings.get_mut(field.key) else { continue };
            if forget(&field.shape, value, &gone) {
                settings.shift_remove(field.key);
            } else {
                rewire(&field.shape, value, &copies);
            }
        }
        let place = if top { spots.of(*old, parent) } else { clip.layout.get(old).copied() };
        let add = Edit::Add { id: Some(*new), kind: it.kind, name, parent, settings, place };
        let more = [Edit::SetNote { id: *new, note: it.note.clone() }];
        let tags = it.tags.iter().map(|(tag, value)| Edit::SetTag {
            id: *new,
            tag: tag.clone(),
            value: value.clone(),
        });
        for edit in [add].into_iter().chain(more).chain(tags) {
            after = edit::apply(&after, &edit).map_err(|it| it.0)?;
            edits.push(edit);
        }
    }
    let made = tops.iter().filter_map(|it| copies.get(it).copied()).collect();
    Ok((made, edits))
}

/// What the design says was copied; all that stands on the empty canvas where it says nothing, as in
/// the text of a whole file.
fn copied(clip: &Design) -> Vec<ResourceId> {
    let listed = clip.extra.get(COPIED).and_then(Value::as_array);
    let Some(listed) = listed else {
        return clip
            .resources
            .subjects()
            .filter(|it| it.parent().is_none())
            .map(|it| it.id)
            .collect();
    };
    let ids: BTreeSet<ResourceId> = listed
        .iter()
        .filter_map(|it| u32::try_from(it.as_u64()?).ok().map(ResourceId))
        .filter(|it| clip.get(*it).is_some())
        .collect();
    // One that stands in another comes with it.
    ids.iter()
        .copied()
        .filter(|id| {
            let inside = clip.resources.subject(*id);
            !inside.is_some_and(|it| it.ancestors().any(|it| ids.contains(&it.id)))
        })
        .collect()
}

/// Finds places: all that goes into one container moves by the same way, so that it keeps its shape.
struct Spots<'a> {
    design: &'a Design,
    scene: &'a Scene,
    clip: &'a Design,
    tops: &'a [ResourceId],
    shifts: BTreeMap<Option<ResourceId>, (f64, f64)>,
}

impl Spots<'_> {
    fn of(&mut self, id: ResourceId, parent: Option<ResourceId>) -> Option<Place> {
        let place = *self.clip.layout.get(&id)?;
        let old = self.clip.get(id)?.parent;
        let (dx, dy) = match self.shifts.get(&parent) {
            Some(it) => *it,
            None => {
                let it = if old == parent && old.is_none_or(|it| same(self.design, self.clip, it)) {
                    self.beside(parent)
                } else {
                    self.free(old, parent)
                };
                self.shifts.insert(parent, it);
                it
            }
        };
        Some(kept_in(parent, Place { x: place.x + dx, y: place.y + dy, ..place }))
    }

    fn places(&self, old: Option<ResourceId>) -> impl Iterator<Item = Rect> {
        self.tops
            .iter()
            .filter(move |it| self.clip.get(**it).is_some_and(|it| it.parent == old))
            .filter_map(|it| self.clip.layout.get(it))
            .map(|it| Rect::new(it.x, it.y, it.width, it.height))
    }

    /// A step down and to the right, as often as copies lie there already.
    fn beside(&self, parent: Option<ResourceId>) -> (f64, f64) {
        let taken = self.scene.inside(parent);
        let steps = (1_u32..).map(|it| f64::from(it) * PADDING);
        let free = |by: &f64| {
            self.places(parent).all(|it| {
                let there = it.moved(*by, *by);
                !taken.iter().any(|it| (it.x, it.y) == (there.x, there.y))
            })
        };
        let by = steps.take(taken.len() + 1).find(free).unwrap_or(PADDING);
        (by, by)
    }

    fn free(&self, old: Option<ResourceId>, parent: Option<ResourceId>) -> (f64, f64) {
        let Some(around) = self.places(old).reduce(Rect::union) else { return (0.0, 0.0) };
        let width = parent.and_then(|it| self.scene.rect(it)).map_or(1200.0, |it| it.width);
        let taken = self.scene.inside(parent);
        let (x, y) = tidy::free_spot(&taken, (around.width, around.height), width);
        (x - around.x, y - around.y)
    }
}

fn rewire(shape: &Shape, value: &mut Value, copies: &BTreeMap<ResourceId, ResourceId>) {
    match shape {
        Shape::Reference => {
            let old = value.as_u64().and_then(|it| u32::try_from(it).ok()).map(ResourceId);
            if let Some(new) = old.and_then(|it| copies.get(&it)) {
                *value = json!(new.0);
            }
        }
        Shape::Optional(inner) => rewire(inner, value, copies),
        Shape::List(inner) => {
            for it in value.as_array_mut().into_iter().flatten() {
                rewire(inner, it, copies);
            }
        }
        Shape::Row(cells) => {
            for cell in *cells {
                if let Some(it) = value.get_mut(cell.key) {
                    rewire(&cell.shape, it, copies);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{design::file, draw::edits::connections};

    /// A network with an endpoint to a storage account beside it.
    fn network() -> Design {
        let mut design = Design::default();
        for (kind, parent) in [
            (Kind::ResourceGroup, None),
            (Kind::VirtualNetwork, Some(1)),
            (Kind::Subnet, Some(2)),
            (Kind::PrivateEndpoint, Some(3)),
            (Kind::StorageAccount, Some(1)),
        ] {
            let parent = parent.map(ResourceId);
            let scene = Scene::build(&design);
            let (_, edit) = crate::draw::edits::add(&design, &scene, kind, parent, None);
            design = edit::apply(&design, &edit).unwrap();
        }
        let way = connections(&design, ResourceId(4), ResourceId(5)).remove(0);
        edit::apply(&design, &way.edit).unwrap()
    }

    /// Copies, sends the copy through the clipboard's text and pastes it.
    fn pasted(from: &Design, ids: &[u32], to: &Design, selected: Option<u32>) -> Design {
        let selection = ids.iter().map(|it| ResourceId(*it)).collect();
        let sent = file::save(&copy(from, &Scene::build(from), &selection));
        let clip = file::load(sent.as_bytes()).unwrap();
        assert_eq!(clip.warnings, []);
        let (_, edit) =
            paste(to, &Scene::build(to), &clip.design, selected.map(ResourceId)).unwrap();
        edit::apply(to, &edit).unwrap()
    }

    fn target(design: &Design, id: u32) -> Vec<ResourceId> {
        let it = design.resources.subject(ResourceId(id)).unwrap();
        it.references().into_iter().map(|it| it.1).collect()
    }

    #[test]
    fn a_copy_of_a_network_refers_to_the_copied() {
        let design = network();
        let scene = Scene::build(&design);
        let (made, edit) = duplicate(&design, &scene, &BTreeSet::from([ResourceId(1)]));
        let design = edit::apply(&design, &edit).unwrap();
        assert_eq!((made, design.resources.0.len()), (vec![ResourceId(6)], 10));
        let (endpoint, target) = design
            .resources
            .subjects()
            .filter(|it| it.id.0 > 5 && it.kind() == Kind::PrivateEndpoint)
            .find_map(|it| it.references().first().map(|to| (it.id, to.1)))
            .unwrap();
        assert!(endpoint.0 > 5 && target.0 > 5);
    }

    #[test]
    fn an_endpoint_pasted_beside_itself_keeps_its_target() {
        let design = network();
        let after = pasted(&design, &[4], &design, Some(4));
        assert_eq!(after.get(ResourceId(6)).unwrap().parent, Some(ResourceId(3)));
        assert_eq!(target(&after, 6), [ResourceId(5)]);
        assert_ne!(after.get(ResourceId(6)).unwrap().name, after.get(ResourceId(4)).unwrap().name);
    }

    #[test]
    fn an_endpoint_pasted_into_another_design_loses_the_target_that_is_not_there() {
        let from = network();
        let mut to = network();
        let other = Edit::Rename { id: ResourceId(5), name: "another".into() };
        to = edit::apply(&to, &other).unwrap();
        assert_eq!(target(&pasted(&from, &[4], &to, Some(3)), 6), []);
        // Its number is taken there by something else.
        assert_eq!(pasted(&from, &[4], &to, None).resources.0.len(), 6);
    }

    #[test]
    fn an_endpoint_and_its_target_stay_connected_in_another_design() {
        let after = pasted(&network(), &[4, 5], &network(), Some(2));
        assert_eq!(target(&after, 6), [ResourceId(7)]);
    }

    #[test]
    fn nothing_of_what_was_not_copied_travels_but_kind_and_name() {
        let mut design = network();
        let note = Edit::SetNote { id: ResourceId(5), note: "secret".into() };
        design = edit::apply(&design, &note).unwrap();
        let clip = copy(&design, &Scene::build(&design), &BTreeSet::from([ResourceId(4)]));
        assert!(!file::save(&clip).contains("secret"));
    }

    #[test]
    fn pasting_twice_puts_no_copy_on_another() {
        let design = network();
        let twice = pasted(&design, &[5], &pasted(&design, &[5], &design, Some(5)), Some(5));
        let places: BTreeSet<String> =
            twice.layout.iter().filter(|it| it.0.0 >= 5).map(|it| format!("{:?}", it.1)).collect();
        assert_eq!(places.len(), 3);
    }

    #[test]
    fn what_may_stand_nowhere_here_is_refused() {
        let design = network();
        let clip = copy(&design, &Scene::build(&design), &BTreeSet::from([ResourceId(3)]));
        let empty = Design::default();
        assert!(paste(&empty, &Scene::build(&empty), &clip, None).is_err());
    }

    #[test]
    fn a_copied_note_says_the_same() {
        let mut design = network();
        let (scene, kind) = (Scene::build(&design), Kind::Note);
        let (id, edit) = crate::draw::edits::add(&design, &scene, kind, Some(ResourceId(2)), None);
        design = edit::apply(&design, &edit).unwrap();
        let words = "ask Contoso\nfirst";
        design = edit::apply(&design, &Edit::Rename { id, name: words.to_owned() }).unwrap();
        let after = pasted(&design, &[id.0], &design, Some(id.0));
        assert_eq!(after.get(ResourceId(7)).map(|it| it.name.as_str()), Some(words));
        // What it stands in takes it along.
        assert_eq!(pasted(&design, &[2], &design, None).resources.0.len(), 10);
    }

    #[test]
    fn a_role_assignment_goes_along_with_both_its_ends() {
        let mut design = network();
        let (scene, kind) = (Scene::build(&design), Kind::UserAssignedIdentity);
        let (_, edit) = crate::draw::edits::add(&design, &scene, kind, Some(ResourceId(1)), None);
        design = edit::apply(&design, &edit).unwrap();
        let ways = connections(&design, ResourceId(6), ResourceId(5));
        let line = ways.iter().find(|it| it.made.is_some()).unwrap();
        design = edit::apply(&design, &line.edit).unwrap();
        let before = design.resources.0.len();
        assert_eq!(pasted(&design, &[5, 6], &design, None).resources.0.len(), before + 3);
        assert_eq!(pasted(&design, &[5], &design, None).resources.0.len(), before + 1);
    }
}
