//! What is too small to be read, painted flat: boxes, lines and the marks of problems, without elements.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};

use leptos::{html, prelude::*, wasm_bindgen::JsCast as _};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::{
    super::{
        assessed::Assessed,
        browser::window,
        editor::Editor,
        session::{SessionStoreFields as _, View},
    },
    colors::{Colors, Look, use_theme},
    live::{Changes, Live},
    visible::{Visible, crosses},
    way::Way,
};
use crate::{
    design::Design,
    draw::{
        geometry::{Point, Rect},
        scene::Scene,
    },
    kinds::{ResourceId, setting::Relation},
    report::Severity,
};

/// A box as it is painted.
#[derive(Clone, Copy)]
struct Flat {
    rect: Rect,
    frame: bool,
    depth: usize,
    /// Number of its look.
    look: usize,
    mark: Option<Severity>,
}

/// All boxes of a scene by their place in the order of drawing, and how they look.
#[derive(Default)]
pub(super) struct Sheet {
    boxes: Vec<Flat>,
    looks: Vec<Look>,
    marks: BTreeMap<Severity, String>,
    lines: BTreeMap<Relation, String>,
    accent: String,
}

impl Sheet {
    pub(super) fn new(design: &Design, scene: &Scene, report: &Assessed, colors: &Colors) -> Sheet {
        let mut sheet = Sheet::default();
        let mut numbers: BTreeMap<(&str, bool), usize> = BTreeMap::new();
        for id in &scene.order {
            let Some((drawn, it)) = scene.boxes.get(id).zip(design.get(*id)) else { continue };
            let info = it.kind.info();
            let name = if drawn.frame { info.slug } else { info.group.slug() };
            let look = *numbers.entry((name, drawn.frame)).or_insert_with(|| {
                sheet.looks.push(if drawn.frame {
                    colors.of("container-node", ("data-kind", name))
                } else {
                    colors.of("node", ("data-group", name))
                });
                sheet.looks.len() - 1
            });
            let mark = report.marks.get(id).map(|it| it.0);
            let (rect, frame, depth) = (drawn.rect, drawn.frame, drawn.depth);
            sheet.boxes.push(Flat { rect, frame, depth, look, mark });
        }
        for it in Severity::ALL {
            sheet.marks.insert(it, colors.of("status-badge", ("data-problem", it.slug())).line);
        }
        for it in Relation::ALL {
            sheet.lines.insert(it, colors.of("edge", ("data-relation", it.slug())).line);
        }
        sheet.accent = colors.of("connect-preview", ("data-relation", "")).line;
        sheet
    }
}

/// What of a sheet is painted this time.
pub(super) struct Picture<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) scene: &'a Scene,
    pub(super) view: View,
    /// Of the canvas, in px of the screen.
    pub(super) size: (f64, f64),
    pub(super) changes: &'a Changes,
    /// Boxes that are elements as well.
    pub(super) real: &'a BTreeSet<ResourceId>,
    pub(super) selected: &'a BTreeSet<ResourceId>,
    /// If it is not empty, all others step back.
    pub(super) involved: &'a BTreeSet<ResourceId>,
    /// Courses of the lines, with the relation and whether they step back.
    pub(super) lines: Vec<(Relation, &'a [Point], bool)>,
}

/// Most lines that are painted with dashes. Among more of them nobody tells dashes from gaps.
const DASHED: usize = 400;

/// Dash and gap of a relation's lines in px, as `style/canvas.css` gives them to bundles.
fn dashes(relation: Relation) -> Option<(f64, f64)> {
    match relation {
        Relation::Identity => Some((6.0, 4.0)),
        Relation::Data => Some((2.0, 4.0)),
        Relation::Network | Relation::PrivateLink => None,
    }
}

/// The part of a stretch that is in sight, so that long ones do not cost thousands of dashes.
fn in_sight(it: Rect, size: (f64, f64)) -> Option<Rect> {
    let (left, top) = (it.x.max(-8.0), it.y.max(-8.0));
    let (width, height) =
        (it.right().min(size.0 + 8.0) - left, it.bottom().min(size.1 + 8.0) - top);
    (width >= 0.0 && height >= 0.0).then(|| Rect::new(left, top, width, height))
}

/// The parts of a stretch that are painted; it is level or upright.
fn dashed(it: Rect, dashes: Option<(f64, f64)>, mut paint: impl FnMut(f64, f64, f64, f64)) {
    let Some((dash, gap)) = dashes else { return paint(it.x, it.y, it.width, it.height) };
    let length = it.width.max(it.height);
    let mut at = 0.0;
    while at <= length {
        let part = dash.min(length - at);
        if it.width >= it.height {
            paint(it.x + at, it.y, part, it.height);
        } else {
            paint(it.x, it.y + at, it.width, part);
        }
        at += dash + gap;
    }
}

/// How far what has no part in the chosen operation steps back.
const DIMMED: f64 = 0.4;

impl Picture<'_> {
    pub(super) fn paint(&self, to: &CanvasRenderingContext2d) {
        let View { x, y, zoom } = self.view;
        let ratio = window().device_pixel_ratio();
        to.set_global_alpha(1.0);
        let _ = to.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        to.clear_rect(0.0, 0.0, self.size.0 * ratio + 1.0, self.size.1 * ratio + 1.0);
        let _ = to.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        let on_screen = |it: Rect| {
            Rect::new(it.x * zoom + x, it.y * zoom + y, it.width * zoom, it.height * zoom)
        };
        let mut near: Vec<(usize, &Flat)> = self
            .scene
            .ranks_in(self.view.shown(self.size))
            .into_iter()
            .filter_map(|rank| Some((rank, self.sheet.boxes.get(rank)?)))
            .collect();
        // Frames from the outside in; nodes, which do not cover each other, by color.
        near.sort_unstable_by_key(|(_, it)| {
            (!it.frame, if it.frame { it.depth } else { 0 }, it.look)
        });
        let gone = self.scene.ranks(&self.changes.moved);
        let is_moved = |rank: usize| gone.iter().any(|it| it.contains(&rank));
        let mut brush = Brush { to, color: "", alpha: 1.0 };
        let split = near.partition_point(|it| it.1.frame);
        let (frames, nodes) = near.split_at(split);
        for (rank, it) in frames.iter().filter(|it| !is_moved(it.0)) {
            self.boxed(&mut brush, *rank, it, on_screen(self.rect(*rank, it.rect)));
        }
        let few = self.lines.len() <= DASHED;
        for (relation, line, dimmed) in &self.lines {
            let Some(color) = self.sheet.lines.get(relation) else { continue };
            brush.color(color, if *dimmed { DIMMED } else { 1.0 });
            let width = if zoom < 0.15 { 1.0 } else { 1.5 };
            let dashes = dashes(*relation).filter(|_| few);
            for pair in line.windows(2) {
                if let [a, b] = pair {
                    let whole = on_screen(Rect::of_corners(*a, *b));
                    let Some(it) = in_sight(whole, self.size) else { continue };
                    dashed(it, dashes, |x, y, w, h| {
                        to.fill_rect(x, y, w.max(width), h.max(width));
                    });
                }
            }
        }
        for (rank, it) in nodes.iter().filter(|it| !is_moved(it.0)) {
            self.boxed(&mut brush, *rank, it, on_screen(it.rect));
        }
        let (dx, dy) = self.changes.by;
        for rank in gone.iter().cloned().flatten() {
            if let Some(it) = self.sheet.boxes.get(rank) {
                self.boxed(&mut brush, rank, it, on_screen(it.rect.moved(dx, dy)));
            }
        }
    }

    fn rect(&self, rank: usize, rect: Rect) -> Rect {
        match self.changes.resized {
            Some((id, new)) if self.scene.order.get(rank) == Some(&id) => new,
            _ => rect,
        }
    }

    fn boxed<'b>(&'b self, brush: &mut Brush<'b>, rank: usize, flat: &Flat, at: Rect) {
        let Some(id) = self.scene.order.get(rank) else { return };
        if self.real.contains(id) && !flat.frame {
            return;
        }
        let Some(look) = self.sheet.looks.get(flat.look) else { return };
        let dimmed = !flat.frame && !self.involved.is_empty() && !self.involved.contains(id);
        let alpha = if dimmed { DIMMED } else { 1.0 };
        let (width, height) = (at.width.max(1.0), at.height.max(1.0));
        let selected = self.selected.contains(id);
        if selected {
            brush.color(&self.sheet.accent, alpha);
            brush.to.fill_rect(at.x - 2.0, at.y - 2.0, width + 4.0, height + 4.0);
        }
        brush.color(&look.line, alpha);
        brush.to.fill_rect(at.x, at.y, width, height);
        if height > 5.0 {
            brush.color(&look.fill, alpha);
            brush.to.fill_rect(at.x + 1.0, at.y + 1.0, width - 2.0, height - 2.0);
        }
        // Frames with a name have an element, and their mark is there.
        if let Some(mark) = flat.mark.filter(|_| !self.real.contains(id)) {
            let Some(color) = self.sheet.marks.get(&mark) else { return };
            brush.color(color, alpha);
            let side = (height / 3.0).clamp(2.0, 7.0);
            let (right, top) = (at.x + width - side, at.y - side / 2.0);
            // Not by color alone: what is worse stands higher.
            let tall = match mark {
                Severity::Error => side * 1.8,
                Severity::Warning => side,
                Severity::Info => side / 2.0,
            };
            brush.to.fill_rect(right, top, side, tall);
        }
    }
}

/// Sets a color only where it is another one.
struct Brush<'a> {
    to: &'a CanvasRenderingContext2d,
    color: &'a str,
    alpha: f64,
}

impl<'a> Brush<'a> {
    fn color(&mut self, color: &'a str, alpha: f64) {
        if self.color != color {
            self.color = color;
            self.to.set_fill_style_str(color);
        }
        if (self.alpha - alpha).abs() > f64::EPSILON {
            self.alpha = alpha;
            self.to.set_global_alpha(alpha);
        }
    }
}

/// The context of a canvas that has as many pixels as the screen has where it is shown.
pub(super) fn sized(
    canvas: &HtmlCanvasElement,
    size: (f64, f64),
) -> Option<CanvasRenderingContext2d> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, and a screen is far smaller"
    )]
    let pixels = |it: f64| (it * window().device_pixel_ratio()).round() as u32;
    let (width, height) = (pixels(size.0), pixels(size.1));
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Runs `draw` once in the next frame, however often it is asked for until then.
pub(super) fn once_a_frame(draw: impl Fn() + 'static) -> impl Fn() + 'static {
    let asked = Rc::new(Cell::new(false));
    let draw = Rc::new(draw);
    move || {
        if !asked.replace(true) {
            let (asked, draw) = (asked.clone(), draw.clone());
            request_animation_frame(move || {
                asked.set(false);
                draw();
            });
        }
    }
}

/// The sheet of the open design, made anew when its drawing, its problems or the theme change.
pub(super) fn use_sheet(editor: Editor, theme: Memo<u32>) -> Memo<(u32, Arc<Sheet>)> {
    let colors = Colors::default();
    Memo::new_with_compare(
        move |before| {
            let now = theme.get();
            let before: Option<&(u32, Arc<Sheet>)> = before;
            if before.is_some_and(|it| it.0 != now) {
                colors.forget();
            }
            let sheet = editor.scene.with(|scene| {
                editor.report.with(|report| {
                    editor.design.with_untracked(|it| Sheet::new(it, scene, report, &colors))
                })
            });
            (now, Arc::new(sheet))
        },
        |_, _| true,
    )
}

/// Below everything else, while the drawing is too far away to be read.
#[component]
pub(super) fn FlatCanvas(visible: Memo<Visible>) -> impl IntoView {
    let editor = Editor::here();
    let (live, way) = (Live::here(), Way::here());
    let session = editor.session;
    let root: NodeRef<html::Canvas> = NodeRef::new();
    let flat = Memo::new(move |_| live.detail.get().flat);
    let sheet = use_sheet(editor, use_theme(editor));
    let draw = once_a_frame(move || {
        let Some(canvas) = root.try_get_untracked().flatten() else { return };
        untrack(|| paint(editor, live, way, visible, &sheet.get().1, &canvas));
    });
    Effect::new(move |_| {
        if flat.get() {
            session.view().track();
            session.canvas().track();
            session.selection().track();
            live.changes.track();
            visible.track();
            sheet.track();
            way.involved.track();
            draw();
        }
    });
    view! {
        <canvas
            class="canvas-flat"
            aria-hidden="true"
            node_ref=root
            hidden=move || !flat.get()
        ></canvas>
    }
}

fn paint(
    editor: Editor,
    live: Live,
    way: Way,
    visible: Memo<Visible>,
    sheet: &Sheet,
    canvas: &HtmlCanvasElement,
) {
    let size = editor.session.canvas().get();
    if !live.detail.get().flat {
        return;
    }
    let Some(to) = sized(canvas, size) else { return };
    let visible = visible.get();
    let real: BTreeSet<ResourceId> = visible.nodes.iter().chain(&visible.frames).copied().collect();
    let (scene, changes, bundles) = (live.scene.get(), live.changes.get(), live.bundles.get());
    let view = editor.session.view().get();
    let area = view.shown(size);
    let single = bundles.single.iter().filter_map(|it| scene.lines.get(*it)).map(|it| {
        let points = changes.lines.get(&it.id).map_or(&it.points()[..], |it| &it[..]);
        (it.id.relation, points, way.dims_line(it.id))
    });
    let counted: BTreeSet<_> = visible.bundles.iter().copied().collect();
    let rest = bundles.all.iter().filter(|it| !counted.contains(&it.id));
    let rest = rest.map(|it| (it.id.relation, &it.points[..], false));
    Picture {
        sheet,
        scene: &scene,
        view,
        size,
        changes: &changes,
        real: &real,
        selected: &editor.session.selection().get(),
        involved: &way.involved.get(),
        lines: single.chain(rest).filter(|it| crosses(it.1, area)).collect(),
    }
    .paint(&to);
}
