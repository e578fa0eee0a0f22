//! Everything inside the one transform: containers, lines, nodes, the way, what is being dragged.

use leptos::prelude::*;

use super::{
    super::{editor::Editor, say::say, session::SessionStoreFields as _},
    container_node::ContainerNode,
    edge::Edge,
    feedback::Feedback,
    handles::Handles,
    live::Live,
    node::Node,
    visible::use_visible,
    way::{Hops, Way},
};
use crate::{draw::scene::Scene, kinds::ResourceId, text::text};

/// Id of a box's element, for the keyboard's focus.
pub(super) fn element_id(id: ResourceId) -> String {
    format!("r{}", id.0)
}

/// All boxes, then the lines that are resources: the order of the Tab key.
pub(super) fn tab_order(scene: &Scene) -> impl Iterator<Item = ResourceId> {
    scene.order.iter().copied().chain(scene.lines.iter().filter_map(|it| it.id.resource))
}

/// Whether Tab stops at a resource: the one visited last, or the first.
pub(super) fn is_tab_stop(editor: Editor, id: ResourceId) -> bool {
    match editor.session.focus().get() {
        Some(it) if editor.design.with(|design| design.get(it).is_some()) => it == id,
        _ => editor.scene.with(|scene| tab_order(scene).next() == Some(id)),
    }
}

#[component]
pub(super) fn World() -> impl IntoView {
    let editor = Editor::here();
    let live = Live::new(editor);
    provide_context(live);
    provide_context(Way::new(editor));
    let visible = use_visible(editor);
    let view = editor.session.view();
    let transform = move || {
        let it = view.get();
        format!("translate({:.2} {:.2}) scale({:.4})", it.x, it.y, it.zoom)
    };

    view! {
        <defs>
            <pattern
                id="canvas-dots"
                width="24"
                height="24"
                patternUnits="userSpaceOnUse"
                patternTransform=transform
            >
                <circle class="canvas-dot" cx="1" cy="1" r="1"></circle>
            </pattern>
        </defs>
        <rect class="canvas-dots" width="100%" height="100%" fill="url(#canvas-dots)"></rect>
        <g class="canvas-world" transform=transform data-far=move || live.far.get().then_some("")>
            <g
                role="tree"
                aria-multiselectable="true"
                aria-label=say(text("Resources", "リソース"))
            >
                <For each=move || visible.get().frames key=|it| *it let(id)>
                    <ContainerNode id=id/>
                </For>
                <g role="presentation" class="edges">
                    <For each=move || visible.get().lines key=|it| *it let(id)>
                        <Edge id=id/>
                    </For>
                </g>
                <For each=move || visible.get().nodes key=|it| *it let(id)>
                    <Node id=id/>
                </For>
            </g>
            <Hops/>
            <Handles/>
            <Feedback/>
        </g>
    }
}
