//! A container: a frame with a title, by which it is dragged.

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
        scene,
        words::{clip, width},
    },
    kinds::{Kind, ResourceId},
};

/// Radius of a frame's corners (`.container-node-box` in `style/canvas.css`).
const CORNER: f64 = 10.0;

#[component]
pub(super) fn ContainerNode(id: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let live = Live::here();
    let way = Way::here();
    let session = editor.session;
    let lang = editor.lang();
    let resource = editor.resource(id);
    let rect = live.rect(id);
    let border = live.border(rect);
    // Each side by itself, as the stretches of a line are (`route::pieces`), and with one of the corners.
    let sides = move || {
        let it = border.get().moved(-rect.get().x, -rect.get().y);
        let (left, top, right, bottom) = (it.x, it.y, it.right(), it.bottom());
        let corner = |x: f64, y: f64| format!("A{CORNER} {CORNER} 0 0 1 {x} {y}");
        let side = |d| view! { <path class="container-node-side" d=d></path> };
        [
            format!("M{left} {}{}H{}", top + CORNER, corner(left + CORNER, top), right - CORNER),
            format!("M{} {top}{}V{}", right - CORNER, corner(right, top + CORNER), bottom - CORNER),
            format!(
                "M{right} {}{}H{}",
                bottom - CORNER,
                corner(right - CORNER, bottom),
                left + CORNER
            ),
            format!(
                "M{} {bottom}{}V{}",
                left + CORNER,
                corner(left, bottom - CORNER),
                top + CORNER
            ),
        ]
        .map(side)
    };
    let info = resource.get_untracked().map_or(Kind::Other, |it| it.kind).info();
    let selected = Memo::new(move |_| session.selection().with(|it| it.contains(&id)));
    let stop = Memo::new(move |_| super::world::is_tab_stop(editor, id));
    let problem = Memo::new(move |_| editor.report.with(|it| it.marks.get(&id).map(|it| it.0)));
    let level =
        Memo::new(move |_| editor.scene.with(|it| it.boxes.get(&id).map(|it| it.depth + 1)));
    let far = live.far;
    // Where most is drawn flat, names keep their size on the screen.
    let scale = Memo::new(move |_| {
        let it = live.detail.get();
        if it.flat { it.scale * 0.85 } else { 1.0 }
    });
    let size = move || if far.get() && scale.get() <= 1.0 { FAR_NAME } else { 13.5 };
    let room = Memo::new(move |_| rect.get().width / scale.get());
    let name = Memo::new(move |_| {
        let room = room.get() - 56.0;
        resource.with(|it| it.as_ref().map(|it| clip(&it.name, room, size())).unwrap_or_default())
    });
    // The name comes first; the detail has what it leaves.
    let detail = Memo::new(move |_| {
        let room = room.get() - 66.0 - name.with(|it| width(it)) * size();
        let detail = editor
            .resources
            .with(|it| it.subject(id).map(scene::detail))
            .filter(|it| !it.is_empty())
            .unwrap_or_default();
        if room > 40.0 && !far.get() { clip(&detail, room, 11.5) } else { String::new() }
    });
    let title_width = move || {
        let words = name.with(|it| width(it)) * size() + detail.with(|it| width(it)) * 11.5;
        (words + 62.0).min(room.get() - 12.0).max(0.0)
    };

    view! {
        <g
            class="container-node"
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
            transform=move || {
                let it = rect.get();
                format!("translate({} {})", it.x, it.y)
            }
        >
            <rect
                class="container-node-ring"
                x=move || border.get().x - rect.get().x - 3.0
                y=move || border.get().y - rect.get().y - 3.0
                width=move || border.get().width + 6.0
                height=move || border.get().height + 6.0
            ></rect>
            <rect
                class="container-node-box"
                x=move || border.get().x - rect.get().x
                y=move || border.get().y - rect.get().y
                width=move || border.get().width
                height=move || border.get().height
            ></rect>
            {sides}
            <g transform=move || {
                let it = scale.get();
                (it > 1.0).then(|| format!("scale({it:.3})"))
            }>
                <rect
                    class="container-node-title"
                    x="6"
                    y="6"
                    width=title_width
                    height="28"
                ></rect>
                <use_
                    class="container-node-icon"
                    href=symbol(info.slug)
                    x="12"
                    y="11"
                    width="18"
                    height="18"
                ></use_>
                <text x="36" y="25">
                    <tspan class="container-node-name">{name}</tspan>
                    <tspan class="container-node-detail" dx="10">{detail}</tspan>
                </text>
                <LockMark id=id x=Signal::derive(move || room.get() - 30.0) y=12.0/>
                <StatusBadge severity=problem x=Signal::derive(move || room.get() - 8.0)/>
            </g>
        </g>
    }
}
