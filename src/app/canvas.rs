//! The drawing: one SVG whose pan and zoom are one transform, and what floats over it.

use leptos::{html::Main, prelude::*};

use super::{
    editor::Editor,
    say::say,
    session::{SessionStoreFields as _, Tool},
};
use crate::text::text;

// Lines between two containers as one, with their count.
mod bundle;

// Colors for what is painted.
mod colors;

// What can be done with the selection, at the pointer.
mod context_menu;

// A container.
mod container_node;

// Says what to do while nothing is drawn.
mod empty;

// A line and its label.
mod edge;

// What the pointer is doing right now, drawn.
mod feedback;

// What is too small to be read.
mod flat;

// From pointer events to gestures, and from gestures to one edit.
pub mod gestures;

// Corners and the connect handle of the selection.
mod handles;

// Keys that work while the drawing has the keyboard.
mod keys;

// Which relations have their lines drawn.
mod layers;

// Boxes and lines as they are during a gesture.
pub mod live;

// The whole drawing in a corner.
mod minimap;

// A node.
mod node;

// A note.
mod note;

// The words of a note while they are typed.
mod note_editor;

// What a screen reader hears of a box.
mod spoken;

// Two fingers.
pub mod pinch;

// The mark of a box that is locked.
mod lock_mark;

// The mark at a box's corner.
mod status_badge;

// Select, pan, connect.
mod tool_control;

// Which boxes and lines are elements.
mod visible;

// Pan, zoom, fit.
pub mod view;

// The way of the chosen operation.
pub mod way;

// Everything inside the one transform.
mod world;

// Zoom buttons.
mod zoom_control;

// The size of the canvas on screen.
mod use_size;

/// The canvas with its controls.
#[component]
pub fn Canvas() -> impl IntoView {
    let editor = Editor::here();
    let session = editor.session;
    let root: NodeRef<Main> = NodeRef::new();
    use_size::use_size(editor, root);
    let tool = move || match (session.space().get(), session.tool().get()) {
        (true, _) | (_, Tool::Hand) => "hand",
        (_, Tool::Connect) => "connect",
        (_, Tool::Select) => "select",
    };
    let name = editor.design;
    let live = live::Live::new(editor);
    provide_context(live);
    provide_context(way::Way::new(editor));
    let visible = visible::use_visible(editor, live);
    let over = gestures::use_over(editor, live);

    view! {
        <main class="canvas" id="canvas" node_ref=root>
            <flat::FlatCanvas visible=visible/>
            <svg
                class="canvas-svg"
                role="application"
                aria-roledescription=say(text("diagram", "図"))
                aria-label=move || name.with(|it| it.name.clone())
                aria-describedby="canvas-help"
                data-tool=tool
                data-over=move || session.over().with(Option::is_some).then_some("")
                on:pointerdown=move |it| gestures::down(editor, live, &it)
                on:pointermove=move |it| {
                    gestures::moved(editor, &it);
                    over(&it);
                }
                on:pointerleave=move |_| session.over().set(None)
                on:pointerup=move |it| gestures::up(editor, &it)
                on:pointercancel=move |_| gestures::cancel(editor)
                on:wheel=move |it| view::wheel(editor, &it)
                on:keydown=move |it| keys::down(editor, &it)
                on:keyup=move |it| keys::up(editor, &it)
                on:contextmenu=move |it| context_menu::open(editor, live, &it)
                on:dblclick=move |it| gestures::double(editor, live, &it)
            >
                <world::World visible=visible/>
            </svg>
            <p id="canvas-help" class="visually-hidden">
                {say(text(
                    "Tab goes from resource to resource, arrow keys move the selected ones, C connects, T adds a note, B goes to bundled connections, Enter shows the settings.",
                    "Tab キーでリソース間を移動、矢印キーで選択したリソースを移動、C で接続、T でメモを追加、B で束ねた接続へ移動、Enter で設定を表示します。",
                ))}
            </p>
            <note_editor::NoteEditor/>
            <tool_control::ToolControl/>
            <way::PathCard/>
            <empty::Empty/>
            <div class="canvas-bottom">
                <zoom_control::ZoomControl/>
                <layers::Layers/>
            </div>
            <minimap::Minimap/>
            <context_menu::ContextMenu/>
        </main>
    }
}
