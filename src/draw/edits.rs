//! Multi-step edits worked out from what is drawn: placing, moving, resizing, connecting.
//!
//! Pure functions of the design and its scene, so each gesture is one [`Edit`] and one undo.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::{
    design::{
        Design, Place,
        addresses::Split,
        edit::{Edit, apply},
    },
    draw::{
        NOTE, PADDING, TITLE,
        geometry::{Point, Rect},
        scene::{LEAST_NOTE, Scene, default_size},
        tidy, words,
    },
    kinds::{
        self, Form, Kind, KindInfo, Parent, ResourceId, Subject,
        setting::{Field, Settings, Shape},
    },
    text::{Message, arg, text},
};

/// Steps of what is placed and moved with the pointer, in px.
pub const GRID: f64 = 8.0;

pub fn snapped(it: f64) -> f64 {
    (it / GRID).round() * GRID
}

/// A name for a new resource that its kind's rule accepts and no other of the kind has.
pub fn new_name(design: &Design, kind: Kind) -> String {
    let info = kind.info();
    let rule = info.name;
    let base: String = if rule.free {
        info.label.en.to_owned()
    } else if rule.also.contains('-') {
        info.slug.to_owned()
    } else {
        info.slug.chars().filter(|it| *it != '-').collect()
    };
    let between = match (rule.free, rule.also.contains('-')) {
        (true, _) => " ",
        (_, true) => "-",
        _ => "",
    };
    let room = rule.max.saturating_sub(4).max(1);
    let base: String = base.chars().take(room).collect();
    let taken: BTreeSet<&str> =
        design.resources.subjects().filter(|it| it.kind() == kind).map(Subject::name).collect();
    // There is a free one among as many names as there are resources and one more.
    (1..=taken.len() + 1)
        .map(|n| format!("{base}{between}{n}"))
        .find(|it| !taken.contains(it.as_str()))
        .unwrap_or(base)
}

/// Places for everything that has none yet, as it is drawn now. Without them the first box that gets a
/// place would set all others around it moving.
pub(super) fn freeze(design: &Design, scene: &Scene) -> Vec<(ResourceId, Place)> {
    scene
        .boxes
        .keys()
        .filter(|it| !design.layout.contains_key(it))
        .filter_map(|it| Some((*it, place_of(design, scene, *it, (0.0, 0.0))?)))
        .collect()
}

/// The place of a box as it is drawn, moved. A collapsed container keeps the size it opens to.
pub(super) fn place_of(
    design: &Design,
    scene: &Scene,
    id: ResourceId,
    (dx, dy): (f64, f64),
) -> Option<Place> {
    let drawn = scene.boxes.get(&id)?;
    let at = drawn.parent.and_then(|it| scene.rect(it)).unwrap_or_default();
    let Rect { x, y, width, height } = drawn.rect.moved(dx - at.x, dy - at.y);
    let open = design.layout.get(&id).filter(|_| drawn.collapsed);
    let (width, height) = open.map_or((width, height), |it| (it.width, it.height));
    Some(kept_in(drawn.parent, Place { x, y, width, height }))
}

/// Containers grow to the right and down only; to the left and up a box stops at the border.
pub(super) fn kept_in(parent: Option<ResourceId>, it: Place) -> Place {
    if parent.is_none() {
        return it;
    }
    Place { x: it.x.max(PADDING / 2.0), y: it.y.max(TITLE - GRID), ..it }
}

/// The container that a box dropped at a point goes into. A box that holds nothing is no container,
/// so the one around it is meant.
pub fn container_at(
    design: &Design,
    scene: &Scene,
    at: Point,
    except: &BTreeSet<ResourceId>,
    kind: Kind,
) -> Option<ResourceId> {
    let mut id = scene.at(at, except)?;
    loop {
        let it = design.get(id)?;
        let container = it.kind.info().form == Form::Container;
        let frame = scene.boxes.get(&id).is_some_and(|it| it.frame);
        if container && (frame || kinds::may_stand(kind, Some(it.kind))) {
            return Some(id);
        }
        id = scene.boxes.get(&id)?.parent?;
    }
}

/// Puts a new resource into `parent`: centered at a point of the drawing, or at a free spot.
pub fn add(
    design: &Design,
    scene: &Scene,
    kind: Kind,
    parent: Option<ResourceId>,
    at: Option<Point>,
) -> (ResourceId, Edit) {
    let size = default_size(kind.info());
    let frame = parent.and_then(|it| scene.rect(it)).unwrap_or_default();
    let (x, y) = if let Some(at) = at {
        (snapped(at.x - frame.x - size.0 / 2.0), snapped(at.y - frame.y - size.1 / 2.0))
    } else {
        let taken = scene.inside(parent);
        let around = tidy::around(taken.iter().copied(), (0.0, 0.0));
        let width = if parent.is_some() { frame.width } else { around.0.max(1200.0) };
        tidy::free_spot(&taken, size, width)
    };
    let place = kept_in(parent, Place { x, y, width: size.0, height: size.1 });
    let id = design.next_id();
    let add = Edit::Add {
        id: Some(id),
        kind,
        name: new_name(design, kind),
        parent,
        settings: Settings::new(),
        place: Some(place),
    };
    (id, with_frozen(design, scene, add))
}

/// Where a new note stands that is wanted near a point: around it, as near as possible, without covering a node, a title
/// or a border. The point itself where everything is taken.
pub fn note_spot(scene: &Scene, near: Point) -> Point {
    let fits = |at: &Point| {
        let it = Rect::new(at.x - NOTE.0 / 2.0, at.y - NOTE.1 / 2.0, NOTE.0, NOTE.1);
        let room = it.grown(GRID);
        let boxes = scene.boxes_in(room).into_iter().filter_map(|it| scene.boxes.get(&it));
        boxes.filter(|it| it.rect.meets(room)).all(|drawn| {
            let inside = drawn.rect;
            let (top, height) = (inside.y + TITLE, inside.height - TITLE);
            let inside = Rect { y: top, height, ..inside };
            drawn.frame && inside.covers(it.grown(PADDING))
        })
    };
    let steps = (-24..=24).flat_map(|x: i32| (-24..=24).map(move |y: i32| (x, y)));
    let mut steps: Vec<(i32, i32)> = steps.collect();
    // Of two that are as near, the one to the right, and below.
    steps.sort_by_key(|(x, y)| (x * x + y * y, -x, -y));
    let spot =
        |(x, y): (i32, i32)| Point::new(near.x + f64::from(x) * 40.0, near.y + f64::from(y) * 40.0);
    steps.into_iter().map(spot).find(fits).unwrap_or(near)
}

/// Gives a note other words, and the height that they need; without any it goes.
pub fn reword(design: &Design, scene: &Scene, id: ResourceId, words: &str) -> Edit {
    let title = text("Edit note", "メモの編集").into();
    if words.trim().is_empty() {
        return Edit::Batch(title, vec![Edit::Remove(vec![id])]);
    }
    let mut edits = vec![Edit::Rename { id, name: words.to_owned() }];
    let place = place_of(design, scene, id, (0.0, 0.0));
    if let Some(it) = place.filter(|_| !design.locked.contains(&id)) {
        let needed = (words::NOTE.height(words, it.width) / GRID).ceil() * GRID;
        if needed > it.height {
            let mut places = freeze(design, scene);
            places.retain(|it| it.0 != id);
            places.push((id, Place { height: needed, ..it }));
            edits.push(Edit::Arrange(places));
        }
    }
    Edit::Batch(title, edits)
}

/// Puts a new resource with a name and settings of its own into a container, to a free spot.
pub fn add_with(
    design: &Design,
    scene: &Scene,
    kind: Kind,
    parent: ResourceId,
    name: &str,
    settings: &Settings,
) -> (ResourceId, Edit) {
    let (id, mut edit) = add(design, scene, kind, Some(parent), None);
    let added = match &mut edit {
        Edit::Batch(_, edits) => edits.last_mut(),
        it => Some(it),
    };
    if let Some(Edit::Add { name: old, settings: none, .. }) = added {
        name.clone_into(old);
        none.clone_from(settings);
    }
    (id, edit)
}

/// A subnet with this prefix in a network.
pub fn add_subnet(
    design: &Design,
    scene: &Scene,
    network: ResourceId,
    name: &str,
    settings: &Settings,
) -> (ResourceId, Edit) {
    add_with(design, scene, Kind::Subnet, network, name, settings)
}

/// Cuts a subnet into parts as one step.
pub fn split_subnet(design: &Design, split: &Split) -> Option<Edit> {
    let mut edits = vec![split.first.clone()];
    let mut after = apply(design, &split.first).ok()?;
    for (name, settings) in &split.others {
        let scene = Scene::build(&after);
        let (_, edit) = add_subnet(&after, &scene, split.network, name, settings);
        after = apply(&after, &edit).ok()?;
        edits.push(edit);
    }
    Some(Edit::Batch(text("Split subnet", "サブネットの分割").into(), edits))
}

/// A name for a new subnet.
pub fn subnet_name(design: &Design) -> String {
    new_name(design, Kind::Subnet)
}

/// `edit` with the places of all that has none, as one step under its own name.
fn with_frozen(design: &Design, scene: &Scene, edit: Edit) -> Edit {
    let frozen = freeze(design, scene);
    if frozen.is_empty() {
        return edit;
    }
    Edit::Batch(edit.title(), vec![Edit::Arrange(frozen), edit])
}

/// Where a kind goes when a person names no place: the selected container or the nearest around it
/// that takes it, else the only container that would, else the empty canvas.
pub fn home(
    design: &Design,
    kind: Kind,
    selected: Option<ResourceId>,
) -> Option<Option<ResourceId>> {
    let around =
        std::iter::successors(selected.and_then(|it| design.resources.subject(it)), |it| {
            it.parent()
        })
        .take(design.resources.0.len());
    for it in around {
        if kinds::may_stand(kind, Some(it.kind())) {
            return Some(Some(it.id));
        }
    }
    if kind.info().parents.contains(&Parent::Anywhere) {
        return Some(None);
    }
    let takers: Vec<ResourceId> = design
        .resources
        .subjects()
        .filter(|it| kinds::may_stand(kind, Some(it.kind())))
        .map(|it| it.id)
        .collect();
    if kinds::may_stand(kind, None) && takers.len() != 1 {
        return Some(None);
    }
    takers.first().map(|it| Some(*it))
}

/// Why a kind cannot be put where a person wants it, with what to do.
pub fn nowhere(design: &Design, kind: Kind, parent: Option<ResourceId>) -> Message {
    let place = parent
        .and_then(|it| design.get(it))
        .map_or(text("the empty canvas", "キャンバスの余白"), |it| it.kind.info().label);
    let needed = kind
        .info()
        .parents
        .iter()
        .map(|it| match it {
            Parent::Canvas | Parent::Anywhere => text("the empty canvas", "キャンバスの余白"),
            Parent::In(it) => it.info().label,
        })
        .next()
        .unwrap_or(text("the empty canvas", "キャンバスの余白"));
    text("{0} cannot stand in {1}; put it into: {2}", "{0} は {1} に置けません。配置先: {2}")
        .with([kind.info().label.into(), place.into(), needed.into()])
}

/// The boxes of a selection that stand in no other of it.
pub fn roots(scene: &Scene, selection: &BTreeSet<ResourceId>) -> BTreeSet<ResourceId> {
    selection
        .iter()
        .copied()
        .filter(|id| {
            scene
                .boxes
                .get(id)
                .is_some_and(|it| !it.parent.is_some_and(|it| scene.is_in(it, selection)))
        })
        .collect()
}

/// Moves boxes within their containers.
pub fn shift(design: &Design, scene: &Scene, ids: &BTreeSet<ResourceId>, by: (f64, f64)) -> Edit {
    moved(design, scene, &ids.iter().map(|it| (*it, by)).collect())
}

/// Moves each box by a way of its own.
pub(super) fn moved(
    design: &Design,
    scene: &Scene,
    ways: &BTreeMap<ResourceId, (f64, f64)>,
) -> Edit {
    let mut places: BTreeMap<ResourceId, Place> = freeze(design, scene).into_iter().collect();
    for (id, by) in ways {
        if let Some(it) = place_of(design, scene, *id, *by) {
            places.insert(*id, it);
        }
    }
    Edit::Arrange(places.into_iter().collect())
}

/// Moves boxes into another container, where they are dropped.
pub fn reparent(
    design: &Design,
    scene: &Scene,
    ids: &BTreeSet<ResourceId>,
    parent: Option<ResourceId>,
    by: (f64, f64),
) -> Edit {
    let frame = parent.and_then(|it| scene.rect(it)).unwrap_or_default();
    let mut edits = vec![Edit::Arrange(freeze(design, scene))];
    for id in ids {
        let Some(rect) = scene.rect(*id) else { continue };
        let Rect { x, y, .. } = rect.moved(by.0 - frame.x, by.1 - frame.y);
        let Some(now) = place_of(design, scene, *id, by) else { continue };
        let place = kept_in(parent, Place { x, y, ..now });
        edits.push(Edit::Reparent { id: *id, parent, place: Some(place) });
    }
    let title = match parent.and_then(|it| design.get(it)) {
        Some(it) => text("Move into {0}", "{0} へ移動").with([arg(&it.name)]),
        None => text("Move out", "外へ移動").into(),
    };
    Edit::Batch(title, edits)
}

/// Moves a box into another container, to a free spot there.
pub fn rehome(design: &Design, scene: &Scene, id: ResourceId, parent: Option<ResourceId>) -> Edit {
    let drawn = scene.rect(id).unwrap_or_default();
    let taken = scene.inside(parent);
    let width = parent.and_then(|it| scene.rect(it)).map_or(1200.0, |it| it.width);
    let (x, y) = tidy::free_spot(&taken, (drawn.width, drawn.height), width);
    let frame = parent.and_then(|it| scene.rect(it)).unwrap_or_default();
    let by = (frame.x + x - drawn.x, frame.y + y - drawn.y);
    reparent(design, scene, &BTreeSet::from([id]), parent, by)
}

/// Least size of a container.
const LEAST: (f64, f64) = (120.0, 72.0);

/// A container's rectangle with some borders moved, still around what stands in it.
pub fn resized(scene: &Scene, id: ResourceId, old: Rect, edges: [bool; 4], by: (f64, f64)) -> Rect {
    let inside = scene
        .boxes
        .values()
        .filter(|it| it.parent == Some(id))
        .map(|it| it.rect)
        .reduce(Rect::union);
    let note = scene.boxes.get(&id).is_some_and(|it| it.note);
    let least_size = if note { LEAST_NOTE } else { LEAST };
    let [left, top, right, bottom] = edges;
    let (mut x, mut y, mut end_x, mut end_y) = (old.x, old.y, old.right(), old.bottom());
    if left {
        let most = inside.map_or(f64::INFINITY, |it| it.x - PADDING / 2.0);
        x = snapped(x + by.0).min(end_x - least_size.0).min(most);
    }
    if top {
        let most = inside.map_or(f64::INFINITY, |it| it.y - TITLE + GRID);
        y = snapped(y + by.1).min(end_y - least_size.1).min(most);
    }
    if right {
        let least = inside.map_or(f64::NEG_INFINITY, |it| it.right() + PADDING);
        end_x = snapped(end_x + by.0).max(x + least_size.0).max(least);
    }
    if bottom {
        let least = inside.map_or(f64::NEG_INFINITY, |it| it.bottom() + PADDING);
        end_y = snapped(end_y + by.1).max(y + least_size.1).max(least);
    }
    Rect::new(x, y, end_x - x, end_y - y)
}

/// Gives a container another rectangle. What stands in it stays where it is seen.
pub fn resize(design: &Design, scene: &Scene, id: ResourceId, old: Rect, new: Rect) -> Edit {
    let mut places: BTreeMap<ResourceId, Place> = freeze(design, scene).into_iter().collect();
    let parent = scene.boxes.get(&id).and_then(|it| it.parent);
    let at = parent.and_then(|it| scene.rect(it)).unwrap_or_default();
    let Rect { x, y, width, height } = new.moved(-at.x, -at.y);
    places.insert(id, kept_in(parent, Place { x, y, width, height }));
    for (child, it) in scene.boxes.iter().filter(|it| it.1.parent == Some(id)) {
        let Rect { x, y, width, height } = it.rect.moved(-new.x, -new.y);
        if (old.x, old.y) != (new.x, new.y) {
            places.insert(*child, Place { x, y, width, height });
        }
    }
    Edit::Batch(
        text("Resize", "サイズの変更").into(),
        vec![Edit::Arrange(places.into_iter().collect())],
    )
}

/// One way to connect two resources.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    pub title: Message,
    pub edit: Edit,
    /// The resource that is the line, where one is made; its settings want a look.
    pub made: Option<ResourceId>,
}

/// Every way to connect two resources: a setting of either that may name the other, or a line between
/// them. The direction of the drag comes first.
pub fn connections(design: &Design, a: ResourceId, b: ResourceId) -> Vec<Connection> {
    let (Some(a), Some(b)) = (design.resources.subject(a), design.resources.subject(b)) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    if a.id != b.id {
        all.extend(by_setting(a, b));
        all.extend(by_line(design, a, b));
        // The way the line was drawn wins; people also draw it from the far end.
        if all.is_empty() {
            all.extend(by_setting(b, a));
            all.extend(by_line(design, b, a));
        }
    }
    all
}

fn by_setting<'a>(a: Subject<'a>, b: Subject<'a>) -> impl Iterator<Item = Connection> + 'a {
    a.info().fields.iter().filter_map(move |field| {
        let value = with_reference(field, &field.shape, &a.resource.value(field), b)?;
        Some(Connection {
            title: text("{0} of {1}: {2}", "{1} の {0}: {2}").with([
                field.label.into(),
                arg(a.name()),
                arg(b.name()),
            ]),
            edit: Edit::Batch(
                text("Connect {0} to {1}", "{0} を {1} に接続")
                    .with([arg(a.name()), arg(b.name())]),
                vec![Edit::Set { id: a.id, key: field.key.to_owned(), value }],
            ),
            made: None,
        })
    })
}

/// The value with a reference to `b` put in or added; nothing where it has none or may not.
fn with_reference(field: &Field, shape: &Shape, value: &Value, b: Subject<'_>) -> Option<Value> {
    match shape {
        Shape::Reference => {
            let fits = field.targets.contains(&b.kind()) && *value != json!(b.id.0);
            fits.then(|| json!(b.id.0))
        }
        Shape::Optional(inner) => with_reference(field, inner, value, b),
        Shape::List(inner) => {
            let items = value.as_array().cloned().unwrap_or_default();
            let new = match inner {
                Shape::Row(cells) => {
                    let cell = cells
                        .iter()
                        .find(|it| references(&it.shape) && it.targets.contains(&b.kind()))?;
                    if items.iter().any(|it| it.get(cell.key) == Some(&json!(b.id.0))) {
                        return None;
                    }
                    let mut row = Map::new();
                    for it in *cells {
                        row.insert(it.key.to_owned(), (it.default)());
                    }
                    row.insert(cell.key.to_owned(), json!(b.id.0));
                    Value::Object(row)
                }
                inner => {
                    if items.contains(&json!(b.id.0)) {
                        return None;
                    }
                    with_reference(field, inner, &Value::Null, b)?
                }
            };
            let mut items = items;
            items.push(new);
            Some(Value::Array(items))
        }
        _ => None,
    }
}

fn references(shape: &Shape) -> bool {
    matches!(shape, Shape::Reference | Shape::Optional(Shape::Reference))
}

fn by_line<'a>(
    design: &'a Design,
    a: Subject<'a>,
    b: Subject<'a>,
) -> impl Iterator<Item = Connection> + 'a {
    Kind::ALL.iter().filter_map(move |kind| {
        let info = kind.info();
        let Form::Edge { from, to } = info.form else { return None };
        let takes = |key: &str, it: Subject<'_>| {
            info.fields.iter().any(|field| field.key == key && field.targets.contains(&it.kind()))
        };
        if !takes(from, a) || !takes(to, b) {
            return None;
        }
        let id = design.next_id();
        let mut settings = Settings::new();
        settings.insert(from.to_owned(), json!(a.id.0));
        settings.insert(to.to_owned(), json!(b.id.0));
        let edit = Edit::Add {
            id: Some(id),
            kind: *kind,
            name: line_name(info, a, b),
            parent: line_parent(info, a),
            settings,
            place: None,
        };
        Some(Connection {
            title: text("{0}: {1} → {2}", "{0}: {1} → {2}").with([
                info.label.into(),
                arg(a.name()),
                arg(b.name()),
            ]),
            edit,
            made: Some(id),
        })
    })
}

fn line_name(info: &KindInfo, a: Subject<'_>, b: Subject<'_>) -> String {
    let name = format!("{}-{}", a.name(), b.name());
    let clean: String = name
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() || "-_.".contains(it) { it } else { '-' })
        .take(info.name.max)
        .collect();
    if info.name.free { name } else { clean.trim_matches(['-', '.']).to_owned() }
}

/// A line stands where its kind may: on the empty canvas, or in what its beginning stands in or is.
fn line_parent(info: &KindInfo, a: Subject<'_>) -> Option<ResourceId> {
    let takes = |it: &Subject<'_>| info.parents.contains(&Parent::In(it.kind()));
    if info.parents.contains(&Parent::Canvas) {
        return None;
    }
    std::iter::once(a).chain(a.ancestors()).find(takes).map(|it| it.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(steps: &[(Kind, Option<u32>)]) -> Design {
        let mut design = Design::default();
        for (kind, parent) in steps {
            let parent = parent.map(ResourceId);
            let (_, edit) = add(&design, &Scene::build(&design), *kind, parent, None);
            design = apply(&design, &edit).unwrap();
        }
        design
    }

    fn network() -> Design {
        make(&[
            (Kind::ResourceGroup, None),
            (Kind::VirtualNetwork, Some(1)),
            (Kind::Subnet, Some(2)),
            (Kind::PrivateEndpoint, Some(3)),
            (Kind::StorageAccount, Some(1)),
        ])
    }

    #[test]
    fn a_new_name_is_valid_and_free_for_every_kind() {
        for kind in Kind::ALL {
            let mut design = Design::default();
            for _ in 0..3 {
                let name = new_name(&design, *kind);
                assert_eq!(kind.info().name.problem(&name), None, "{name}");
                assert_eq!(design.named(&name), None);
                let id = design.next_id();
                let it = crate::kinds::Resource::new(*kind, name, None);
                design.resources.0.insert(id, std::sync::Arc::new(it));
            }
        }
    }

    #[test]
    fn a_kind_goes_into_the_selected_container_or_the_nearest_that_takes_it() {
        let design = network();
        let at = |kind, selected: u32| home(&design, kind, Some(ResourceId(selected)));
        assert_eq!(at(Kind::PrivateEndpoint, 3), Some(Some(ResourceId(3))));
        assert_eq!(at(Kind::PrivateEndpoint, 4), Some(Some(ResourceId(3))));
        assert_eq!(at(Kind::StorageAccount, 4), Some(Some(ResourceId(1))));
        assert_eq!(home(&Design::default(), Kind::Subnet, None), None);
    }

    #[test]
    fn a_private_endpoint_is_connected_to_its_target_in_one_step() {
        let design = network();
        let [only] = &connections(&design, ResourceId(4), ResourceId(5))[..] else {
            panic!("one way")
        };
        let design = apply(&design, &only.edit).unwrap();
        let scene = Scene::build(&design);
        assert_eq!(scene.lines.len(), 1);
        // Connected already: what is left is another line, not the same setting again.
        let left = connections(&design, ResourceId(4), ResourceId(5));
        assert!(left.iter().all(|it| it.made.is_some()), "{left:?}");
    }

    #[test]
    fn parts_of_a_subnet_are_made_in_one_step_without_a_problem() {
        let design = network();
        let split = crate::design::addresses::split(&design.resources, ResourceId(3), 2).unwrap();
        let after = apply(&design, &split_subnet(&design, &split).unwrap()).unwrap();
        let prefixes: Vec<&Value> = after
            .resources
            .of(Kind::Subnet)
            .map(|it| &it.resource.settings["addressPrefix"])
            .collect();
        assert_eq!(prefixes, ["10.0.0.0/26", "10.0.0.64/26", "10.0.0.128/26", "10.0.0.192/26"]);
        for it in after.resources.of(Kind::Subnet) {
            assert_eq!(it.problems(), []);
        }
        // What stood in the subnet stays in its first part, and no box is drawn on another.
        assert_eq!(after.get(ResourceId(4)).unwrap().parent, Some(ResourceId(3)));
        let scene = Scene::build(&after);
        let all: Vec<Rect> =
            after.resources.of(Kind::Subnet).filter_map(|it| scene.rect(it.id)).collect();
        for (n, a) in all.iter().enumerate() {
            for b in &all[..n] {
                let apart =
                    a.right() <= b.x || b.right() <= a.x || a.bottom() <= b.y || b.bottom() <= a.y;
                assert!(apart, "{a:?} on {b:?}");
            }
        }
    }

    #[test]
    fn a_note_stands_near_a_point_without_covering_anything() {
        let design = network();
        let scene = Scene::build(&design);
        let around =
            |at: Point| Rect::new(at.x - NOTE.0 / 2.0, at.y - NOTE.1 / 2.0, NOTE.0, NOTE.1);
        for id in 1..6 {
            let it = around(note_spot(&scene, scene.rect(ResourceId(id)).unwrap().center()));
            for (other, drawn) in &scene.boxes {
                let inside = drawn.frame && drawn.rect.covers(it);
                assert!(inside || !drawn.rect.meets(it), "near {id}: {it:?} on {other:?}");
            }
        }
        let free = Point::new(-5000.0, 40.0);
        assert_eq!(note_spot(&scene, free), free);
    }

    #[test]
    fn a_note_grows_with_its_words_and_goes_without_any() {
        let mut design = network();
        let (id, edit) = add(&design, &Scene::build(&design), Kind::Note, None, None);
        design = apply(&design, &edit).unwrap();
        let reworded = |design: &Design, words: &str| {
            apply(design, &reword(design, &Scene::build(design), id, words)).unwrap()
        };
        let height = |design: &Design| Scene::build(design).rect(id).unwrap().height;
        let short = reworded(&design, "ask Contoso");
        assert_eq!(height(&short), NOTE.1);
        let long = reworded(&short, &"ask Contoso\n".repeat(20));
        let lines =
            words::NOTE.lines(&long.get(id).unwrap().name, Scene::build(&long).rect(id).unwrap());
        assert!(lines.len() == 20 && !lines.iter().any(|it| it.contains('…')), "{lines:?}");
        assert_eq!(reworded(&long, " \n").get(id), None);
        // A locked note stays as high as it is.
        let lock = Edit::SetLocked { ids: vec![id], locked: true };
        let locked = apply(&design, &lock).unwrap();
        assert_eq!(height(&reworded(&locked, &"ask\n".repeat(20))), NOTE.1);
    }

    #[test]
    fn a_note_goes_onto_the_canvas_or_into_what_is_selected_and_keeps_its_size() {
        let mut design = network();
        assert_eq!(home(&design, Kind::Note, None), Some(None));
        assert_eq!(home(&design, Kind::Note, Some(ResourceId(3))), Some(Some(ResourceId(3))));
        // What holds nothing takes none either.
        assert_eq!(home(&design, Kind::Note, Some(ResourceId(4))), Some(Some(ResourceId(3))));
        let (id, edit) = add(&design, &Scene::build(&design), Kind::Note, None, None);
        design = apply(&design, &edit).unwrap();
        let scene = Scene::build(&design);
        let old = scene.rect(id).unwrap();
        let new = resized(&scene, id, old, [false, false, true, true], (100.0, -900.0));
        design = apply(&design, &resize(&design, &scene, id, old, new)).unwrap();
        let after = Scene::build(&design).rect(id).unwrap();
        assert_eq!((after.width, after.height), (old.width + 104.0, LEAST_NOTE.1));
        assert_eq!(connections(&design, id, ResourceId(5)), []);
    }

    #[test]
    fn resizing_from_the_left_keeps_the_content_where_it_is() {
        let design = network();
        let scene = Scene::build(&design);
        let (id, child) = (ResourceId(3), ResourceId(4));
        let (old, before) = (scene.rect(id).unwrap(), scene.rect(child).unwrap());
        let new = resized(&scene, id, old, [true, false, true, true], (-24.0, 48.0));
        let design = apply(&design, &resize(&design, &scene, id, old, new)).unwrap();
        let after = Scene::build(&design);
        assert_eq!(after.rect(id).unwrap().width, new.width);
        let shift = after.rect(id).unwrap().x - new.x;
        assert_eq!(after.rect(child).unwrap().x - shift, before.x);
    }

    #[test]
    fn a_container_is_never_smaller_than_its_content() {
        let design = network();
        let scene = Scene::build(&design);
        let old = scene.rect(ResourceId(3)).unwrap();
        let new = resized(&scene, ResourceId(3), old, [true; 4], (900.0, -900.0));
        assert!(new.covers(scene.rect(ResourceId(4)).unwrap()));
    }

    #[test]
    fn moving_one_box_leaves_all_others_where_they_were() {
        let design = crate::design::Design { layout: BTreeMap::new(), ..network() };
        let scene = Scene::build(&design);
        let ids = BTreeSet::from([ResourceId(5)]);
        let design = apply(&design, &shift(&design, &scene, &ids, (40.0, 0.0))).unwrap();
        let after = Scene::build(&design);
        for id in 2..5 {
            assert_eq!(after.rect(ResourceId(id)), scene.rect(ResourceId(id)));
        }
        assert_eq!(
            after.rect(ResourceId(5)).unwrap().x,
            scene.rect(ResourceId(5)).unwrap().x + 40.0
        );
    }
}
