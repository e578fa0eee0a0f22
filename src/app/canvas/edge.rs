//! A line between two boxes, with its arrow and its label.

use leptos::prelude::*;

use super::{
    super::{editor::Editor, session::SessionStoreFields as _},
    live::Live,
    way::Way,
    world::{element_id, is_tab_stop},
};
use crate::{
    draw::{
        route,
        scene::{Line, LineId, label_width},
    },
    text::{Lang, Text, text},
};

const SPOKEN: Text = text("{0} from {1} to {2}", "{1} から {2} への {0}");
const LINE: Text = text("connection", "接続");

#[component]
pub(super) fn Edge(id: LineId) -> impl IntoView {
    let editor = Editor::here();
    let way = Way::here();
    let session = editor.session;
    let lang = editor.lang();
    let live = Live::here();
    let points = live.line(id);
    let drawn = move || {
        let piece = |d| view! { <path class="edge-line" d=d></path> };
        let all = points.with(|it| route::pieces(it, live.window.get(), 6.0));
        all.into_iter().map(piece).collect_view()
    };
    let selected =
        move || id.resource.is_some_and(|it| session.selection().with(|all| all.contains(&it)));
    let arrow = move || {
        points
            .with(|it| route::head(it))
            .map(|(at, angle)| format!("translate({:.1} {:.1}) rotate({angle})", at.x, at.y))
    };

    view! {
        <g
            class="edge"
            data-relation=id.relation.slug()
            id=id.resource.map(element_id)
            data-id=id.resource.map(|it| it.0.to_string())
            data-from=id.from.0.to_string()
            data-dimmed=move || way.dims_line(id).then_some("")
            // Lines that settings imply are heard with the resource that has the setting.
            role=id.resource.map(|_| "treeitem")
            aria-hidden=id.resource.is_none().then_some("true")
            tabindex=move || id.resource.map(|it| if is_tab_stop(editor, it) { "0" } else { "-1" })
            aria-level=id.resource.map(|_| "1")
            aria-selected=move || id.resource.map(|_| selected().to_string())
            aria-label=move || id.resource.map(|_| spoken(editor, id, lang.get()))
        >
            <path class="edge-hit" d=move || points.with(|it| route::path(it, 0.0))></path>
            {drawn}
            <path class="edge-arrow" d="M0 0L-8 -4.4V4.4z" transform=arrow></path>
        </g>
    }
}

/// The words on a line, above all lines.
#[component]
pub(super) fn EdgeLabel(id: LineId) -> impl IntoView {
    let editor = Editor::here();
    let way = Way::here();
    let points = Live::here().line(id);
    let selection = editor.session.selection();
    let selected = move || id.resource.is_some_and(|it| selection.with(|all| all.contains(&it)));
    let label = Memo::new(move |_| {
        let label = |it: &Line| (it.label.clone(), it.label_at);
        editor.scene.with(|it| it.line(id).map(label).unwrap_or_default())
    });
    let half = Memo::new(move |_| label.with(|it| label_width(&it.0) / 2.0));
    let spot = Memo::new(move |_| {
        let at = label.with(|it| it.1);
        points.with(|it| route::label_spot(it, at, half.get() * 2.0))
    });

    view! {
        <g
            class="edge-words"
            data-relation=id.relation.slug()
            data-id=id.resource.map(|it| it.0.to_string())
            data-dimmed=move || way.dims_line(id).then_some("")
            data-selected=move || selected().then_some("")
        >
            {move || {
                let words = label.with(|it| it.0.clone());
                (!words.is_empty())
                    .then(|| spot.get())
                    .flatten()
                    .map(|at| {
                        view! {
                            <rect
                                class="edge-label-box"
                                x=at.x - half.get()
                                y=at.y - 9.0
                                width=half.get() * 2.0
                                height="18"
                            ></rect>
                            <text class="edge-label" x=at.x y=at.y + 4.0>
                                {words}
                            </text>
                        }
                    })
            }}
        </g>
    }
}

fn spoken(editor: Editor, id: LineId, lang: Lang) -> String {
    editor.resources.with(|design| {
        let name = |id| design.get(id).map(|it| it.name.clone()).unwrap_or_default();
        let what = id
            .resource
            .and_then(|it| design.get(it))
            .map_or(LINE.get(lang), |it| it.kind.info().label.get(lang));
        SPOKEN.with([what.into(), name(id.from).into(), name(id.to).into()]).render(lang)
    })
}
