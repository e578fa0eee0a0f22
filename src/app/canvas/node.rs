//! A node: icon, name and kind in a box of fixed size.

use leptos::prelude::*;

use super::{
    super::{editor::Editor, icon::symbol, session::SessionStoreFields as _},
    live::{FAR_NAME, Live},
    lock_mark::LockMark,
    spoken::spoken,
    status_badge::StatusBadge,
    way::Way,
};
use crate::{
    draw::{
        NODE,
        words::{fit, width},
    },
    kinds::{Kind, ResourceId},
};

/// Size of a name, in px.
const NAME: f64 = 13.5;

/// Room for words, right of the icon.
const WORDS: f64 = NODE.0 - 54.0 - 8.0;

#[component]
pub(super) fn Node(id: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let live = Live::here();
    let way = Way::here();
    let session = editor.session;
    let lang = editor.lang();
    let resource = editor.resource(id);
    let rect = live.rect(id);
    let moved = live.is_moved(id);
    let far = live.far;
    let info = resource.get_untracked().map_or(Kind::Other, |it| it.kind).info();
    let selected = Memo::new(move |_| session.selection().with(|it| it.contains(&id)));
    let stop = Memo::new(move |_| super::world::is_tab_stop(editor, id));
    let problem = Memo::new(move |_| editor.report.with(|it| it.marks.get(&id).map(|it| it.0)));
    let level =
        Memo::new(move |_| editor.scene.with(|it| it.boxes.get(&id).map(|it| it.depth + 1)));

    let name = Signal::derive(move || {
        resource.with(|it| it.as_ref().map(|it| it.name.clone()).unwrap_or_default())
    });
    // From afar as large as the name has room for.
    let size = Signal::derive(move || {
        let room = name.with(|it| WORDS / width(it).max(1.0));
        if far.get() { room.clamp(NAME, FAR_NAME) } else { NAME }
    });
    let kind = Signal::derive(move || info.label.get(lang.get()).to_owned());

    view! {
        <g
            class="node"
            id=super::world::element_id(id)
            data-id=id.0.to_string()
            data-kind=info.slug
            data-group=info.group.slug()
            role="treeitem"
            tabindex=move || if stop.get() { "0" } else { "-1" }
            aria-level=move || level.get().map(|it| it.to_string())
            aria-selected=move || selected.get().to_string()
            aria-label=move || spoken(editor, id, lang.get())
            data-problem=move || problem.get().map(crate::report::Severity::slug)
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
                width=NODE.0 + 6.0
                height=NODE.1 + 6.0
            ></rect>
            <rect class="node-box" width=NODE.0 height=NODE.1></rect>
            <rect class="node-tile" x="10" y="10" width="36" height="36"></rect>
            <use_
                class="node-icon"
                href=symbol(info.slug)
                x="16"
                y="16"
                width="24"
                height="24"
            ></use_>
            <Words
                class="node-name"
                y=Signal::derive(move || if far.get() { 35.0 } else { 25.0 })
                size=size
                large=far
                words=name
            />
            <Show when=move || !far.get()>
                <Words class="node-kind" y=42.0 size=11.5 large=false words=kind/>
            </Show>
            <LockMark id=id x=NODE.0 - 18.0 y=NODE.1 - 18.0/>
            <StatusBadge severity=problem x=NODE.0 - 8.0/>
        </g>
    }
}

/// One line of words, pressed or cut to the room there is.
#[component]
fn Words(
    class: &'static str,
    #[prop(into)] y: Signal<f64>,
    #[prop(into)] size: Signal<f64>,
    /// The size is not that of the class.
    #[prop(into)]
    large: Signal<bool>,
    words: Signal<String>,
) -> impl IntoView {
    let fitted = Memo::new(move |_| words.with(|it| fit(it, WORDS, size.get())));
    let length = move || fitted.with(|it| it.1.map(|it| it.to_string()));
    view! {
        <text
            class=class
            x="54"
            y=move || y.get()
            style:font-size=move || large.get().then(|| format!("{:.1}px", size.get()))
            textLength=length lengthAdjust="spacingAndGlyphs">
            {move || fitted.with(|it| it.0.clone())}
        </text>
    }
}
