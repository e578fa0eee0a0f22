//! Keys that work while the drawing has the keyboard.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::{
    super::{
        browser::{document, focus, focus_later},
        editor::Editor,
        session::{Gesture, SessionStoreFields as _, Tool},
    },
    bundle,
    gestures::closest,
    world::{element_id, tab_order},
};
use crate::{draw::geometry::Point, kinds::ResourceId, text::text};

pub(super) fn down(editor: Editor, event: &KeyboardEvent) {
    let command = event.ctrl_key() || event.meta_key();
    if let Some(it) = closest(event, ".bundle").filter(|_| !command) {
        let handled = match event.key().as_str() {
            "Enter" | " " => bundle::toggle(editor, &it),
            "ArrowRight" | "ArrowDown" => bundle::step(&it, false),
            "ArrowLeft" | "ArrowUp" => bundle::step(&it, true),
            "Escape" => escape(editor),
            _ => false,
        };
        if handled {
            event.prevent_default();
        }
        return;
    }
    let handled = match event.key().as_str() {
        "Tab" if !command => step(editor, event.shift_key()),
        "Enter" if !command => enter(editor),
        "F2" => edit(editor),
        "Escape" => escape(editor),
        "Delete" | "Backspace" => {
            editor.delete_selection();
            true
        }
        " " => {
            editor.session.space().set(true);
            true
        }
        "c" | "C" if !command => connect(editor),
        "v" | "V" if !command => tool(editor, Tool::Select),
        "h" | "H" if !command => tool(editor, Tool::Hand),
        "b" | "B" if !command => to_bundles(),
        key if !command => arrow(editor, key, event.shift_key()),
        _ => false,
    };
    if handled {
        event.prevent_default();
    }
}

pub(super) fn up(editor: Editor, event: &KeyboardEvent) {
    if event.key() == " " {
        editor.session.space().set(false);
    }
}

/// The next or previous resource; at the end the browser goes on to what follows the canvas.
fn step(editor: Editor, back: bool) -> bool {
    let here = editor.session.focus().get_untracked();
    let next = editor.scene.with_untracked(|scene| {
        let hidden = editor.session.hidden().get_untracked();
        let all: Vec<ResourceId> = tab_order(scene, &hidden).collect();
        let at = here.and_then(|it| all.iter().position(|id| *id == it));
        match (at, back) {
            (None, _) => all.first().copied(),
            (Some(n), false) => all.get(n + 1).copied(),
            (Some(n), true) => n.checked_sub(1).and_then(|n| all.get(n)).copied(),
        }
    });
    let Some(next) = next else { return false };
    visit(editor, next);
    true
}

/// Goes to a resource: as the end of a line that is being drawn, or as the selection.
fn visit(editor: Editor, id: ResourceId) {
    let session = editor.session;
    session.focus().set(Some(id));
    if let Gesture::Connect { from, now, .. } = session.gesture().get_untracked() {
        let rect = editor.scene.with_untracked(|it| it.rect(id));
        let now = rect.map_or(now, |it| Point::new(it.x, it.center().y));
        let target = (id != from).then(|| (id, editor.can_connect(from, id)));
        session.gesture().set(Gesture::Connect { from, now, target });
    } else {
        editor.select([id]);
    }
    editor.reveal(id);
    // A box that was too small or too far away to be an element is one in the next frame.
    if !focus(&element_id(id)) {
        focus_later(element_id(id));
    }
}

fn enter(editor: Editor) -> bool {
    if let Gesture::Connect { from, target, .. } = editor.session.gesture().get_untracked() {
        editor.session.gesture().set(Gesture::None);
        editor.session.tool().set(Tool::Select);
        if let Some((to, _)) = target {
            editor.connect(from, to);
        }
        return true;
    }
    edit(editor)
}

fn edit(editor: Editor) -> bool {
    let Some(id) = editor.session.focus().get_untracked() else { return false };
    editor.edit_settings(id);
    true
}

/// Lets go of one thing at a time: the gesture, the tool, the open bundle, the drawn way, the selection.
fn escape(editor: Editor) -> bool {
    let session = editor.session;
    if session.gesture().get_untracked() != Gesture::None {
        session.gesture().set(Gesture::None);
    } else if session.tool().get_untracked() != Tool::Select {
        session.tool().set(Tool::Select);
    } else if session.bundle().get_untracked().is_some() {
        session.bundle().set(None);
        bundle::keep_keyboard();
    } else if session.chosen().get_untracked().is_some()
        || session.chain().with_untracked(Option::is_some)
    {
        editor.choose(None);
    } else {
        session.selection().update(std::collections::BTreeSet::clear);
    }
    true
}

/// Gives the keyboard to the bundles of lines, if there are any.
fn to_bundles() -> bool {
    let found = document().query_selector(bundle::STOP).ok().flatten();
    if let Some(it) = &found {
        bundle::focus(it);
    }
    found.is_some()
}

/// Begins a line at the selected resource; Tab chooses its end, Enter makes it.
fn connect(editor: Editor) -> bool {
    let session = editor.session;
    session.tool().set(Tool::Connect);
    let Some(from) = session.focus().get_untracked() else { return true };
    let Some(rect) = editor.scene.with_untracked(|it| it.rect(from)) else { return true };
    let now = Point::new(rect.right() + 24.0, rect.center().y);
    session.gesture().set(Gesture::Connect { from, now, target: None });
    editor.toast(
        text(
            "Connect {0}: Tab chooses the other end, Enter connects, Esc stops",
            "{0} を接続: Tab で相手を選び、Enter で接続、Esc で中止",
        )
        .with([editor.name_of(from).into()]),
        false,
    );
    true
}

fn tool(editor: Editor, tool: Tool) -> bool {
    editor.session.tool().set(tool);
    true
}

fn arrow(editor: Editor, key: &str, far: bool) -> bool {
    let step = if far { 10.0 } else { 1.0 };
    let by = match key {
        "ArrowLeft" => (-step, 0.0),
        "ArrowRight" => (step, 0.0),
        "ArrowUp" => (0.0, -step),
        "ArrowDown" => (0.0, step),
        _ => return false,
    };
    editor.nudge(by);
    true
}
