//! The whole drawing in a corner, with the part that is in view; pressing it goes there.

use std::{cell::Cell, collections::BTreeSet, rc::Rc};

use leptos::{
    html::{self, Div},
    prelude::*,
};
use web_sys::{HtmlCanvasElement, PointerEvent};

use super::{
    super::{
        editor::Editor,
        say::say,
        session::{SessionStoreFields as _, View},
    },
    colors::use_theme,
    flat::{Picture, Sheet, sized, use_sheet},
    live::Changes,
};
use crate::{
    draw::geometry::{Point, Rect},
    text::text,
};

/// Room around the drawing, in px of it.
const MARGIN: f64 = 16.0;

#[component]
pub(super) fn Minimap() -> impl IntoView {
    let editor = Editor::here();
    let session = editor.session;
    let area = Memo::new(move |_| editor.scene.with(|it| it.bounds()).map(|it| it.grown(MARGIN)));
    let shown = Memo::new(move |_| session.view().get().shown(session.canvas().get()));
    let needed = Memo::new(move |_| {
        let all_in_view = area.get().is_none_or(|it| shown.get().covers(it.grown(-2.0 * MARGIN)));
        session.minimap().get() && !all_in_view
    });
    move || needed.get().then(|| view! { <Map area=area shown=shown/> })
}

#[component]
fn Map(area: Memo<Option<Rect>>, shown: Memo<Rect>) -> impl IntoView {
    let editor = Editor::here();
    let root: NodeRef<Div> = NodeRef::new();
    let go = move |event: &PointerEvent| {
        let Some((area, root)) = area.get_untracked().zip(root.get_untracked()) else { return };
        let frame = root.get_bounding_client_rect();
        // The picture is as large as fits, in the middle.
        let scale = (frame.width() / area.width).min(frame.height() / area.height);
        let (x, y) = (
            f64::from(event.client_x()) - frame.left() - frame.width() / 2.0,
            f64::from(event.client_y()) - frame.top() - frame.height() / 2.0,
        );
        let to = Point::new(area.center().x + x / scale, area.center().y + y / scale);
        let (width, height) = editor.session.canvas().get_untracked();
        editor.session.view().update(|it| {
            it.x = width / 2.0 - to.x * it.zoom;
            it.y = height / 2.0 - to.y * it.zoom;
        });
    };
    let drawing: NodeRef<html::Canvas> = NodeRef::new();
    let theme = use_theme(editor);
    let sheet = use_sheet(editor, theme);
    let draw = later(move || {
        let Some(canvas) = drawing.try_get_untracked().flatten() else { return };
        untrack(|| paint(editor, area.get(), &sheet.get().1, &canvas));
    });
    Effect::new(move |_| {
        // Not the sheet: it is made when it is painted, not while somebody waits for an edit.
        editor.scene.track();
        editor.report.track();
        theme.track();
        draw();
    });
    let viewbox =
        move || area.get().map(|it| format!("{} {} {} {}", it.x, it.y, it.width, it.height));
    view! {
        <div
            class="minimap"
            node_ref=root
            role="img"
            aria-label=say(text("Overview map", "全体マップ"))
            on:pointerdown=move |event| {
                event.stop_propagation();
                go(&event);
            }
            on:pointermove=move |event| {
                if event.buttons() == 1 {
                    go(&event);
                }
            }
        >
            <canvas class="minimap-drawing" aria-hidden="true" node_ref=drawing></canvas>
            <svg viewBox=viewbox preserveAspectRatio="xMidYMid meet" aria-hidden="true">
                <rect
                    class="minimap-view"
                    x=move || shown.get().x
                    y=move || shown.get().y
                    width=move || shown.get().width
                    height=move || shown.get().height
                ></rect>
            </svg>
        </div>
    }
}

/// Does something a moment later, once, however often it is asked for until then.
fn later(draw: impl Fn() + 'static) -> impl Fn() + 'static {
    const MOMENT: u64 = 100;
    let asked = Rc::new(Cell::new(false));
    let draw = Rc::new(draw);
    move || {
        if !asked.replace(true) {
            let (asked, draw) = (asked.clone(), draw.clone());
            set_timeout(
                move || {
                    asked.set(false);
                    draw();
                },
                std::time::Duration::from_millis(MOMENT),
            );
        }
    }
}

/// The whole drawing, as large as there is room for.
fn paint(editor: Editor, area: Option<Rect>, sheet: &Sheet, canvas: &HtmlCanvasElement) {
    /// More lines than this would be a haze.
    const LINES: usize = 400;
    let Some(area) = area else { return };
    let size = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    let Some(to) = sized(canvas, size) else { return };
    let zoom = (size.0 / area.width).min(size.1 / area.height);
    let view = View {
        x: size.0 / 2.0 - area.center().x * zoom,
        y: size.1 / 2.0 - area.center().y * zoom,
        zoom,
    };
    let (scene, none) = (editor.scene.get(), BTreeSet::new());
    let hidden = editor.session.hidden().get();
    let few = scene.lines.len() <= LINES;
    let lines = scene.lines.iter().filter(|it| few && !hidden.contains(&it.id.relation));
    Picture {
        sheet,
        scene: &scene,
        view,
        size,
        changes: &Changes::default(),
        real: &none,
        selected: &none,
        involved: &none,
        lines: lines.map(|it| (it.id.relation, &it.points()[..], false)).collect(),
    }
    .paint(&to);
}
