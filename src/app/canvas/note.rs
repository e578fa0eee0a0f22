//! A note: words in a box of the size that it was given.

use leptos::prelude::*;

use super::{
    super::{editor::Editor, session::SessionStoreFields as _},
    live::Live,
    lock_mark::LockMark,
    spoken::spoken,
    way::Way,
};
use crate::{draw::words::NOTE, kinds::ResourceId};

/// Of the folded corner.
const FOLD: f64 = 12.0;

#[component]
pub(super) fn Note(id: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let live = Live::here();
    let way = Way::here();
    let session = editor.session;
    let lang = editor.lang();
    let resource = editor.resource(id);
    let rect = live.rect(id);
    let moved = live.is_moved(id);
    let selected = Memo::new(move |_| session.selection().with(|it| it.contains(&id)));
    let stop = Memo::new(move |_| super::world::is_tab_stop(editor, id));
    let level =
        Memo::new(move |_| editor.scene.with(|it| it.boxes.get(&id).map(|it| it.depth + 1)));
    let size = Memo::new(move |_| (rect.get().width, rect.get().height));
    let written = move || session.writing().get() == Some(id);
    // What is typed stands in its place.
    let lines = Memo::new(move |_| {
        let (width, height) = size.get();
        let within = crate::draw::geometry::Rect::new(0.0, 0.0, width, height);
        resource.with(|it| it.as_ref().map(|it| NOTE.lines(&it.name, within)).unwrap_or_default())
    });
    let outline = move || {
        let (width, height) = size.get();
        format!("M0 0H{width}V{}L{} {height}H0z", height - FOLD, width - FOLD)
    };
    let fold = move || {
        let (width, height) = size.get();
        format!("M{width} {}H{}V{height}z", height - FOLD, width - FOLD)
    };

    view! {
        <g
            class="node note"
            id=super::world::element_id(id)
            data-id=id.0.to_string()
            data-kind="note"
            data-group="note"
            role="treeitem"
            tabindex=move || if stop.get() { "0" } else { "-1" }
            aria-level=move || level.get().map(|it| it.to_string())
            aria-selected=move || selected.get().to_string()
            aria-label=move || spoken(editor, id, lang.get())
            data-drop=live.drop_mark(id)
            data-dimmed=move || way.dims(id).then_some("")
            data-dragging=move || moved.get().then_some("")
            transform=move || {
                let it = rect.get();
                format!("translate({} {})", it.x, it.y)
            }
        >
            <rect
                class="node-ring"
                x="-3"
                y="-3"
                width=move || size.get().0 + 6.0
                height=move || size.get().1 + 6.0
            ></rect>
            <path class="node-box note-box" d=outline></path>
            <path class="note-fold" d=fold></path>
            <text class="note-text" y=NOTE.first() hidden=written>
                {move || {
                    let line = |(n, it): (usize, String)| {
                        let down = if n == 0 { 0.0 } else { NOTE.leading };
                        view! { <tspan x=NOTE.inset dy=down>{it}</tspan> }
                    };
                    // A line without words takes its place all the same.
                    let filled = |it: String| if it.is_empty() { "\u{a0}".to_owned() } else { it };
                    lines.get().into_iter().map(filled).enumerate().map(line).collect_view()
                }}
            </text>
            <LockMark
                id=id
                x=Signal::derive(move || size.get().0 - 18.0)
                y=2.0
            />
        </g>
    }
}
