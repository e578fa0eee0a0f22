//! Everything inside the one transform: containers, lines, nodes, the way, what is being dragged.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{
    super::{editor::Editor, say::say, session::SessionStoreFields as _},
    bundle::BundleLine,
    container_node::ContainerNode,
    edge::{Edge, EdgeLabel},
    feedback::Feedback,
    handles::Handles,
    live::{Live, holding},
    node::Node,
    note::Note,
    visible::Visible,
    way::{Hops, Way},
};
use crate::{
    draw::{
        geometry::Rect,
        scene::{LineId, Scene},
    },
    kinds::{ResourceId, setting::Relation},
    text::text,
};

/// Id of a box's element, for the keyboard's focus.
pub(super) fn element_id(id: ResourceId) -> String {
    format!("r{}", id.0)
}

/// All boxes, then the lines that are resources and not hidden: the order of the Tab key.
pub(super) fn tab_order<'a>(
    scene: &'a Scene,
    hidden: &'a BTreeSet<Relation>,
) -> impl Iterator<Item = ResourceId> + 'a {
    let lines = scene.lines.iter().filter(|it| !hidden.contains(&it.id.relation));
    scene.order.iter().copied().chain(lines.filter_map(|it| it.id.resource))
}

/// Whether Tab stops at a resource: the one visited last, or the first.
pub(super) fn is_tab_stop(editor: Editor, id: ResourceId) -> bool {
    match editor.session.focus().get() {
        Some(it) if editor.design.with(|design| design.get(it).is_some()) => it == id,
        _ => editor.scene.with(|scene| scene.order.first() == Some(&id)),
    }
}

/// How far beyond the canvas the dots reach, in px of the screen.
const DOTTED: f64 = 512.0;

#[component]
pub(super) fn World(visible: Memo<Visible>) -> impl IntoView {
    let editor = Editor::here();
    let live = Live::here();
    // One memo for each list, so that none is walked through for what changed in another.
    let frames = Memo::new(move |_| visible.with(|it| it.frames.clone()));
    let of_form = move |note: bool| {
        Memo::new(move |_| {
            editor.scene.with(|scene| {
                let fits = |id: &&ResourceId| scene.boxes.get(id).is_some_and(|it| it.note == note);
                visible.with(|it| it.nodes.iter().filter(fits).copied().collect::<Vec<_>>())
            })
        })
    };
    let (nodes, notes) = (of_form(false), of_form(true));
    let lines = Memo::new(move |_| visible.with(|it| it.lines.clone()));
    let labeled = Memo::new(move |_| {
        if live.far.get() {
            return Vec::new();
        }
        editor.scene.with(|scene| {
            let labeled = |it: &LineId| scene.line(*it).is_some_and(|it| !it.label.is_empty());
            lines.with(|it| it.iter().copied().filter(labeled).collect())
        })
    });
    let bundles = Memo::new(move |_| visible.with(|it| it.bundles.clone()));
    let way = Way::here();
    let passing = move |relation: Relation| {
        let d = Memo::new(move |_| {
            visible.with(|it| {
                let found = it.passing.iter().find(|it| it.0 == relation);
                found.map(|it| it.1.clone()).unwrap_or_default()
            })
        });
        let dimmed = move || way.involved.with(|it| !it.is_empty()).then_some("");
        view! {
            <g class="passing" data-relation=relation.slug() aria-hidden="true" data-dimmed=dimmed>
                {move || {
                    let stretch = |d| view! { <path class="edge-line" d=d></path> };
                    d.get().into_iter().map(stretch).collect_view()
                }}
            </g>
        }
    };
    let flat = Memo::new(move |_| live.detail.get().flat);
    let view = editor.session.view();
    let transform = move || {
        let it = view.get();
        format!("translate({:.2} {:.2}) scale({:.4})", it.x, it.y, it.zoom)
    };

    // The dots are part of the drawing: a pattern that is moved by itself is made anew for each frame.
    let dotted = Memo::new(move |before: Option<&Rect>| {
        let view = view.get();
        let shown = view.shown(editor.session.canvas().get());
        holding(before.copied(), shown, 0.0, DOTTED / view.zoom)
    });

    view! {
        <defs>
            <pattern id="canvas-dots" width="24" height="24" patternUnits="userSpaceOnUse">
                <circle class="canvas-dot" cx="1" cy="1" r="1"></circle>
            </pattern>
        </defs>
        <g
            class="canvas-world"
            transform=transform
            data-far=move || live.far.get().then_some("")
            data-flat=move || flat.get().then_some("")
        >
            <Show when=move || !flat.get()>
                <rect
                    class="canvas-dots"
                    x=move || dotted.get().x
                    y=move || dotted.get().y
                    width=move || dotted.get().width
                    height=move || dotted.get().height
                    fill="url(#canvas-dots)"
                ></rect>
            </Show>
            <g
                role="tree"
                aria-multiselectable="true"
                aria-label=say(text("Resources", "リソース"))
            >
                <For each=move || frames.get() key=|it| *it let(id)>
                    <ContainerNode id=id/>
                </For>
                <g role="presentation">
                    {Relation::ALL.map(passing)}
                </g>
                <g role="presentation" class="edges">
                    <For each=move || lines.get() key=|it| *it let(id)>
                        <Edge id=id/>
                    </For>
                </g>
                <g role="presentation" aria-hidden="true">
                    <For each=move || labeled.get() key=|it| *it let(id)>
                        <EdgeLabel id=id/>
                    </For>
                </g>
                <For each=move || nodes.get() key=|it| *it let(id)>
                    <Node id=id/>
                </For>
                <For each=move || notes.get() key=|it| *it let(id)>
                    <Note id=id/>
                </For>
            </g>
            <g
                role="group"
                class="bundles"
                aria-label=say(text("Bundled connections", "束ねた接続"))
            >
                <For each=move || bundles.get() key=|it| *it let(id)>
                    <BundleLine id=id first=Signal::derive(move || {
                        bundles.with(|it| it.first() == Some(&id))
                    })/>
                </For>
            </g>
            <Hops/>
            <Handles/>
            <Feedback/>
        </g>
    }
}
