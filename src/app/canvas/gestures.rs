//! From pointer events to gestures, and from gestures to one edit.
//!
//! The listeners sit on the root of the drawing; what was hit is read from `data-` attributes.

use std::{cell::Cell, collections::BTreeSet, rc::Rc};

use leptos::{prelude::*, wasm_bindgen::JsCast as _};
use web_sys::{Element, MouseEvent, PointerEvent};

use super::{
    super::{
        browser::{document, focus_later},
        editor::Editor,
        session::{Dialog, Gesture, SessionStoreFields as _, Target, Tool},
    },
    bundle,
    flat::once_a_frame,
    handles::CORNERS,
    live::Live,
    pinch,
};
use crate::{
    design::edit::Edit,
    draw::{
        bundle::Drawn,
        clip,
        detail::Detail,
        edits,
        geometry::{Point, Rect},
        scene::LineId,
    },
    kinds::{self, Kind, ResourceId},
    text::text,
};

/// A drag begins after so many px of the screen; less is a click.
const SLACK: f64 = 4.0;

pub(super) fn closest(event: &web_sys::Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_ref::<Element>()?.closest(selector).ok().flatten()
}

pub(super) fn id_of(element: &Element) -> Option<ResourceId> {
    element.get_attribute("data-id")?.parse().ok().map(ResourceId)
}

/// The resource under the pointer, and whether it is the inside of a container. What is drawn flat is hit
/// like what has an element.
pub(super) fn hit(editor: Editor, live: Live, event: &MouseEvent) -> Option<(ResourceId, bool)> {
    let target = event.target().and_then(|it| it.dyn_into().ok());
    hit_on(editor, live, target.as_ref(), world(editor, event))
}

/// The same for an element and a point of the drawing.
fn hit_on(
    editor: Editor,
    live: Live,
    target: Option<&Element>,
    at: Point,
) -> Option<(ResourceId, bool)> {
    let closest = |selector| target.and_then(|it| it.closest(selector).ok().flatten());
    let element = closest("[data-id]");
    let id = element.as_ref().and_then(id_of);
    let ground = closest(".container-node-box").is_some();
    let above =
        closest(".edge, .edge-words, .resize-handle, .connect-handle, .container-node-title");
    if above.is_none() && untrack(|| editor.detail()).flat {
        if let Some(Drawn::Line(LineId { resource: Some(id), .. })) = painted(editor, live, at) {
            return Some((id, false));
        }
        return editor.scene.with_untracked(|scene| {
            let inner = scene.at(at, &BTreeSet::new())?;
            Some((inner, scene.boxes.get(&inner).is_some_and(|it| it.frame)))
        });
    }
    if above.is_none() && (id.is_none() || ground) && closest(".bundle").is_none() {
        let line = untrack(|| passing(editor, at)).map(|it| (it, false));
        return line.or_else(|| id.map(|it| (it, ground)));
    }
    id.map(|it| (it, ground))
}

/// The flat line or bundle at a point. Boxes lie above lines, and frames below them.
pub(super) fn painted(editor: Editor, live: Live, at: Point) -> Option<Drawn> {
    /// As far beside a line it is hit, in px of the screen.
    const BESIDE: f64 = 5.0;
    if !live.detail.get_untracked().flat {
        return None;
    }
    let within = BESIDE / editor.session.view().get_untracked().zoom;
    editor.scene.with_untracked(|scene| {
        let inner = scene.at(at, &BTreeSet::new()).and_then(|it| scene.boxes.get(&it));
        if inner.is_some_and(|it| !it.frame) {
            return None;
        }
        live.bundles.with_untracked(|it| it.at(scene, at, within))
    })
}

/// Looks once a frame which flat line the pointer is over, and only while nothing is being done.
pub(super) fn use_over(editor: Editor, live: Live) -> impl Fn(&PointerEvent) + Clone + 'static {
    let pointer = Rc::new(Cell::new((0, 0)));
    let over = editor.session.over();
    let tell = move |it: Option<Drawn>| {
        if over.get_untracked() != it {
            over.set(it);
        }
    };
    let look = {
        let pointer = pointer.clone();
        Rc::new(once_a_frame(move || {
            let (x, y) = pointer.get();
            let idle = editor.session.gesture().with_untracked(|it| *it == Gesture::None);
            tell(if idle { painted(editor, live, editor.in_world(x, y)) } else { None });
        }))
    };
    move |event| {
        if !live.detail.get_untracked().flat || event.buttons() != 0 {
            tell(None);
            return;
        }
        pointer.set((event.client_x(), event.client_y()));
        look();
    }
}

/// The resource whose line goes by here without an element of its own, because both its ends are out of sight.
fn passing(editor: Editor, at: Point) -> Option<ResourceId> {
    /// As far beside a line it is hit, in px of the screen (`.edge-hit` in `style/canvas.css` has twice as much).
    const BESIDE: f64 = 7.0;
    let whole = editor.scene.with(|it| Detail::is_whole(it.boxes.len()));
    if whole || editor.detail().bundled {
        return None;
    }
    let around =
        Rect::new(at.x, at.y, 0.0, 0.0).grown(BESIDE / editor.session.view().get().zoom.min(1.0));
    let hidden = editor.session.hidden().get();
    editor.scene.with(|scene| {
        let near = scene.lines_in(around).into_iter().rev().filter_map(|it| scene.lines.get(it));
        let mut near = near.filter(|it| !hidden.contains(&it.id.relation));
        near.find_map(|it| it.id.resource)
    })
}

fn world(editor: Editor, event: &MouseEvent) -> Point {
    editor.in_world(event.client_x(), event.client_y())
}

pub(super) fn down(editor: Editor, live: Live, event: &PointerEvent) {
    let session = editor.session;
    if pinch::down(editor, event) {
        return;
    }
    // A line begun with the keyboard ends where the pointer says.
    if matches!(session.gesture().get_untracked(), Gesture::Connect { .. }) {
        moved(editor, event);
        return;
    }
    // The right button opens a menu; captured, it would be the menu of the whole canvas.
    if !matches!(event.button(), 0 | 1) {
        return;
    }
    if let Some(root) = event.current_target()
        && let Some(root) = root.dyn_ref::<Element>()
    {
        // Without capture a drag ends at the border of the canvas, and nothing worse happens.
        let _ = root.set_pointer_capture(event.pointer_id());
    }
    let tool = session.tool().get_untracked();
    let hand = tool == Tool::Hand || session.space().get_untracked();
    let start = world(editor, event);
    if event.button() == 1 || hand {
        event.prevent_default();
        let start = editor.on_canvas(event.client_x(), event.client_y());
        let view = session.view().get_untracked();
        session.gesture().set(Gesture::Pan { start, view });
        return;
    }
    if let Some(it) = closest(event, ".bundle") {
        bundle::toggle(editor, &it);
        bundle::focus(&it);
        // The browser would give the keyboard to the canvas.
        event.prevent_default();
        return;
    }
    if let Some(Drawn::Bundle(id)) = painted(editor, live, world(editor, event)) {
        session.bundle().set(Some(id));
        // It is an element as long as it is open.
        bundle::focus_later(id);
        event.prevent_default();
        return;
    }
    let hit = hit(editor, live, event);
    let id = hit.map(|it| it.0);
    let gesture = if let Some(handle) = closest(event, "[data-corner]") {
        resize(editor, &handle, start)
    } else if let Some(id) = id
        && (tool == Tool::Connect || closest(event, ".connect-handle").is_some())
    {
        Gesture::Connect { from: id, now: start, target: None }
    } else {
        press(editor, event, hit, start)
    };
    session.gesture().set(gesture);
}

fn resize(editor: Editor, handle: &Element, start: Point) -> Gesture {
    let corner = handle.get_attribute("data-corner");
    let edges = CORNERS.iter().find(|it| Some(it.0) == corner.as_deref()).map(|it| it.1);
    let id = id_of(handle);
    let old = id.and_then(|it| editor.scene.with_untracked(|scene| scene.rect(it)));
    match (id, edges, old) {
        (Some(id), Some(edges), Some(old)) => Gesture::Resize { id, edges, start, old, new: old },
        _ => Gesture::None,
    }
}

/// A press with the select tool.
fn press(
    editor: Editor,
    event: &PointerEvent,
    hit: Option<(ResourceId, bool)>,
    start: Point,
) -> Gesture {
    let before = editor.session.selection().get_untracked();
    let adds = event.shift_key() || event.ctrl_key() || event.meta_key();
    let marquee = |click| Gesture::Marquee {
        start,
        now: start,
        before: if adds { before.clone() } else { BTreeSet::new() },
        click,
    };
    let Some((id, ground)) = hit else { return marquee(None) };
    // The inside of a container is ground to draw a marquee on, unless the container is selected.
    if ground && !before.contains(&id) {
        return marquee(Some(id));
    }
    if adds {
        editor.session.selection().update(|it| {
            if !it.remove(&id) {
                it.insert(id);
            }
        });
        editor.session.focus().set(Some(id));
    } else if !before.contains(&id) {
        editor.select([id]);
    } else {
        editor.session.focus().set(Some(id));
    }
    let selection = editor.session.selection().get_untracked();
    let ids = editor.scene.with_untracked(|scene| edits::roots(scene, &selection));
    if ids.is_empty() {
        return Gesture::None;
    }
    Gesture::Move { ids, start, now: start, target: Target::Nowhere }
}

pub(super) fn moved(editor: Editor, event: &PointerEvent) {
    if pinch::moved(editor, event) {
        return;
    }
    let session = editor.session;
    let gesture = session.gesture();
    let here = world(editor, event);
    let next = match gesture.get_untracked() {
        Gesture::None | Gesture::Pinch { .. } | Gesture::Place { .. } => return,
        Gesture::Pan { start, view } => {
            let at = editor.on_canvas(event.client_x(), event.client_y());
            session.view().update(|it| {
                it.x = view.x + at.x - start.x;
                it.y = view.y + at.y - start.y;
            });
            return;
        }
        Gesture::Move { ids, start, now, target } => {
            if now == start && is_click(editor, start, here) {
                return;
            }
            let exact = event.alt_key();
            let step = |by: f64| if exact { by.round() } else { edits::snapped(by) };
            let now =
                Point::new(start.x + step(here.x - start.x), start.y + step(here.y - start.y));
            let target = move_target(editor, &ids, here).unwrap_or(target);
            Gesture::Move { ids, start, now, target }
        }
        Gesture::Resize { id, edges, start, old, .. } => {
            let by = (here.x - start.x, here.y - start.y);
            let new = editor.scene.with_untracked(|it| edits::resized(it, id, old, edges, by));
            Gesture::Resize { id, edges, start, old, new }
        }
        Gesture::Marquee { start, now, before, click } => {
            if now == start && is_click(editor, start, here) {
                return;
            }
            let area = Rect::of_corners(start, here);
            let inside = editor.scene.with_untracked(|scene| {
                // Containers only whole, nodes as soon as they are touched.
                let hit = |rect: Rect, frame: bool| {
                    if frame { area.covers(rect) } else { area.meets(rect) }
                };
                let near = scene.boxes_in(area).into_iter();
                near.filter(|id| scene.boxes.get(id).is_some_and(|it| hit(it.rect, it.frame)))
                    .collect::<BTreeSet<_>>()
            });
            session.selection().set(before.union(&inside).copied().collect());
            Gesture::Marquee { start, now: here, before, click }
        }
        Gesture::Connect { from, target, .. } => {
            Gesture::Connect { from, now: here, target: connect_target(editor, from, target, here) }
        }
    };
    gesture.set(next);
}

fn is_click(editor: Editor, start: Point, here: Point) -> bool {
    let zoom = editor.session.view().get_untracked().zoom;
    (here.x - start.x).hypot(here.y - start.y) * zoom < SLACK
}

/// The container under the pointer where it is another than that of the moved boxes.
fn move_target(editor: Editor, ids: &BTreeSet<ResourceId>, at: Point) -> Option<Target> {
    let first = *ids.first()?;
    editor.design.with_untracked(|design| {
        editor.scene.with_untracked(|scene| {
            let kind = design.get(first)?.kind;
            let parent = edits::container_at(design, scene, at, ids, kind);
            let elsewhere =
                ids.iter().any(|it| scene.boxes.get(it).is_some_and(|it| it.parent != parent));
            if !elsewhere {
                return Some(Target::Nowhere);
            }
            let holder = parent.and_then(|it| design.get(it)).map(|it| it.kind);
            let allowed = ids
                .iter()
                .filter_map(|it| design.get(*it))
                .all(|it| kinds::may_stand(it.kind, holder));
            // A little beyond the border is no wish to leave: the container grows instead.
            let home = scene.boxes.get(&first).and_then(|it| it.parent);
            let near = home
                .and_then(|it| scene.rect(it))
                .is_some_and(|it| it.grown(crate::draw::NODE.1).holds(at));
            if !allowed && near {
                return Some(Target::Nowhere);
            }
            Some(Target::In { parent, allowed })
        })
    })
}

/// What the line would end at, and whether the two can be connected at all.
fn connect_target(
    editor: Editor,
    from: ResourceId,
    old: Option<(ResourceId, bool)>,
    at: Point,
) -> Option<(ResourceId, bool)> {
    let target = editor.scene.with_untracked(|it| it.at(at, &BTreeSet::new()))?;
    if target == from {
        return None;
    }
    match old {
        Some((id, _)) if id == target => old,
        _ => Some((target, editor.can_connect(from, target))),
    }
}

pub(super) fn up(editor: Editor, event: &PointerEvent) {
    if pinch::up(editor, event) {
        return;
    }
    let session = editor.session;
    let done = session.gesture().get_untracked();
    session.gesture().set(Gesture::None);
    match done {
        Gesture::None | Gesture::Pan { .. } | Gesture::Pinch { .. } | Gesture::Place { .. } => {}
        Gesture::Move { ids, start, now, target } => {
            if now != start {
                drop_boxes(editor, &ids, (now.x - start.x, now.y - start.y), target);
            }
        }
        Gesture::Resize { id, old, new, .. } => {
            if old != new {
                let edit = editor.drawn(|design, scene| edits::resize(design, scene, id, old, new));
                editor.dispatch(edit);
            }
        }
        Gesture::Marquee { start, now, before, click } => {
            if now == start {
                editor.select(before.iter().copied().chain(click));
            }
        }
        Gesture::Connect { from, target, .. } => {
            if session.tool().get_untracked() == Tool::Connect {
                session.tool().set(Tool::Select);
            }
            let target = target.or_else(|| {
                let at = world(editor, event);
                connect_target(editor, from, None, at)
            });
            if let Some((to, _)) = target {
                editor.connect(from, to);
            }
        }
    }
}

fn drop_boxes(editor: Editor, ids: &BTreeSet<ResourceId>, by: (f64, f64), target: Target) {
    match target {
        Target::Nowhere => {
            let edit = editor.drawn(|design, scene| edits::shift(design, scene, ids, by));
            editor.dispatch(edit);
        }
        Target::In { parent, allowed: true } => {
            let edit =
                editor.drawn(|design, scene| edits::reparent(design, scene, ids, parent, by));
            editor.dispatch_aloud(edit);
        }
        Target::In { parent, allowed: false } => {
            let why = editor.design.with_untracked(|design| {
                let kind = ids.first().and_then(|it| design.get(*it)).map(|it| it.kind)?;
                Some(edits::nowhere(design, kind, parent))
            });
            if let Some(why) = why {
                editor.refuse(why);
            }
        }
    }
}

pub(super) fn cancel(editor: Editor) {
    editor.session.fingers().set(Vec::new());
    editor.session.gesture().set(Gesture::None);
}

/// A double click goes to the settings, or to the words.
pub(super) fn double(editor: Editor, live: Live, event: &MouseEvent) {
    // The drawing captured the pointer, so the event is told to be its own.
    #[expect(clippy::cast_precision_loss, reason = "coordinates of a screen are small")]
    let (x, y) = (event.client_x() as f32, event.client_y() as f32);
    let target = document().element_from_point(x, y);
    if let Some((id, _)) = hit_on(editor, live, target.as_ref(), world(editor, event)) {
        editor.edit_settings(id);
    }
}

impl Editor {
    /// Shows the settings of a resource and puts the keyboard there; into the words of a note.
    pub fn edit_settings(self, id: ResourceId) {
        if self.is_note(id) {
            self.write_note(id);
            return;
        }
        self.show_resource(id);
        focus_later("inspector-name".to_owned());
    }

    /// Works out something from the design and its scene.
    pub fn drawn<T>(
        self,
        work: impl FnOnce(&crate::design::Design, &crate::draw::scene::Scene) -> T,
    ) -> T {
        self.design.with_untracked(|design| self.scene.with_untracked(|scene| work(design, scene)))
    }

    pub fn can_connect(self, from: ResourceId, to: ResourceId) -> bool {
        self.design.with_untracked(|it| !edits::connections(it, from, to).is_empty())
    }

    /// Connects two resources; asks where there are several ways.
    pub fn connect(self, from: ResourceId, to: ResourceId) {
        let mut ways = self.design.with_untracked(|it| edits::connections(it, from, to));
        match ways.len() {
            0 => self.refuse(
                text(
                    "{0} and {1} have nothing to connect them",
                    "{0} と {1} を接続する設定はありません",
                )
                .with([self.name_of(from).into(), self.name_of(to).into()]),
            ),
            1 => {
                if let Some(way) = ways.pop() {
                    self.make(way);
                }
            }
            _ => self.session.dialog().set(Some(Dialog::Connect { from, to })),
        }
    }

    /// Makes a connection and shows what wants a look.
    pub fn make(self, way: edits::Connection) {
        if self.dispatch_aloud(way.edit)
            && let Some(id) = way.made
        {
            self.select([id]);
            self.session.tab().set(super::super::session::Tab::Inspector);
            self.session.side_open().set(true);
            focus_later("inspector-name".to_owned());
        }
    }

    /// Puts a new resource of a kind where the selection suggests.
    pub fn add_at_home(self, kind: Kind) {
        let selected = self
            .session
            .focus()
            .get_untracked()
            .filter(|it| self.session.selection().with_untracked(|all| all.contains(it)));
        let made = self.drawn(|design, scene| {
            edits::home(design, kind, selected)
                .map(|parent| edits::add(design, scene, kind, parent, None))
                .ok_or_else(|| edits::nowhere(design, kind, None))
        });
        match made {
            Ok((id, edit)) => self.added(id, edit),
            Err(why) => self.refuse(why),
        }
    }

    /// Makes the edit that adds `id`, selects it and brings it into view.
    pub fn added(self, id: ResourceId, edit: Edit) {
        if self.dispatch_aloud(edit) {
            self.show_resource(id);
            if self.is_note(id) {
                self.write_note(id);
            }
        }
    }

    pub fn delete_selection(self) {
        let ids: Vec<ResourceId> = self.session.selection().get_untracked().into_iter().collect();
        if !ids.is_empty() {
            self.dispatch_aloud(Edit::Remove(ids));
        }
    }

    /// Locks what is selected, or unlocks it if all of it is locked.
    pub fn lock_selection(self) {
        let ids: Vec<ResourceId> = self.session.selection().get_untracked().into_iter().collect();
        let locked = self.design.with_untracked(|it| !ids.iter().all(|id| it.locked.contains(id)));
        if !ids.is_empty() {
            self.dispatch_aloud(Edit::SetLocked { ids, locked });
        }
    }

    pub fn duplicate_selection(self) {
        let selection = self.session.selection().get_untracked();
        let (made, edit) = self.drawn(|design, scene| clip::duplicate(design, scene, &selection));
        if !made.is_empty() && self.dispatch_aloud(edit) {
            self.select(made);
        }
    }

    pub fn nudge(self, by: (f64, f64)) {
        let selection = self.session.selection().get_untracked();
        let edit = self.drawn(|design, scene| {
            let ids = edits::roots(scene, &selection);
            (!ids.is_empty()).then(|| edits::shift(design, scene, &ids, by))
        });
        if let Some(edit) = edit {
            self.dispatch(edit);
        }
    }
}
