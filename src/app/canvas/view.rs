//! Pan, zoom, fit.

use leptos::prelude::*;
use web_sys::WheelEvent;

use super::super::{
    browser::document,
    editor::Editor,
    session::{SessionStoreFields as _, View},
};
use crate::{
    draw::{
        detail::Detail,
        geometry::{Point, Rect},
    },
    kinds::ResourceId,
};

const LEAST: f64 = 0.01;
const MOST: f64 = 4.0;

/// Room around the drawing when it is fitted, in px of the screen. More above and below, for the controls.
const MARGIN: f64 = 32.0;
const CONTROLS: f64 = 64.0;

impl View {
    pub fn to_world(self, it: Point) -> Point {
        Point::new((it.x - self.x) / self.zoom, (it.y - self.y) / self.zoom)
    }

    /// The same view with another zoom that keeps `still` (in px of the canvas) where it is.
    #[must_use]
    pub fn zoomed(self, zoom: f64, still: Point) -> View {
        let zoom = zoom.clamp(LEAST, MOST);
        let at = self.to_world(still);
        View { x: still.x - at.x * zoom, y: still.y - at.y * zoom, zoom }
    }

    /// The view that shows `area` whole in a canvas of `size`.
    pub fn of(area: Rect, size: (f64, f64), most: f64) -> View {
        let room = ((size.0 - 2.0 * MARGIN).max(1.0), (size.1 - 2.0 * CONTROLS).max(1.0));
        let zoom = (room.0 / area.width.max(1.0)).min(room.1 / area.height.max(1.0));
        let zoom = zoom.clamp(LEAST, most);
        View {
            x: MARGIN + (room.0 - area.width * zoom) / 2.0 - area.x * zoom,
            y: CONTROLS + (room.1 - area.height * zoom) / 2.0 - area.y * zoom,
            zoom,
        }
    }

    /// What of the drawing a canvas of `size` shows.
    pub fn shown(self, size: (f64, f64)) -> Rect {
        Rect::of_corners(self.to_world(Point::default()), self.to_world(Point::new(size.0, size.1)))
    }
}

impl Editor {
    /// Shows the whole drawing; now, or as soon as the canvas is measured.
    pub fn fit(self) {
        let fitting = self.fitting();
        self.session.fit_wanted().set(fitting.is_none());
        if let Some(view) = fitting {
            self.session.view().set(view);
        }
    }

    /// Whether the whole drawing is shown, as [`Editor::fit`] does.
    pub(super) fn is_fitted(self) -> bool {
        self.fitting() == Some(self.session.view().get_untracked())
    }

    /// `None` as long as the canvas is not measured.
    fn fitting(self) -> Option<View> {
        let size = self.session.canvas().get_untracked();
        let known = size.0 > 0.0 && size.1 > 0.0;
        let bounds = || self.scene.with_untracked(|it| it.bounds());
        known.then(|| bounds().map_or_else(View::default, |it| View::of(it, size, 1.0)))
    }

    /// Shows the selected boxes, enlarged.
    pub fn fit_selection(self) {
        let ids = self.session.selection().get_untracked();
        let area = self.scene.with_untracked(|scene| {
            ids.iter().filter_map(|it| scene.rect(*it)).reduce(Rect::union)
        });
        if let Some(area) = area {
            let size = self.session.canvas().get_untracked();
            self.session.view().set(View::of(area, size, 1.5));
        }
    }

    /// Zooms around the middle of the canvas.
    pub fn zoom_to(self, zoom: f64) {
        let (width, height) = self.session.canvas().get_untracked();
        let middle = Point::new(width / 2.0, height / 2.0);
        self.session.view().update(|it| *it = it.zoomed(zoom, middle));
    }

    pub fn zoom_by(self, factor: f64) {
        self.zoom_to(self.session.view().get_untracked().zoom * factor);
    }

    /// What can be read of the drawing now.
    pub fn detail(self) -> Detail {
        let boxes = self.scene.with(|it| it.boxes.len());
        Detail::of(self.session.view().get().zoom, boxes)
    }

    /// Pans as far as needed for a box to be seen, and enlarges what would be too small to be read.
    pub fn approach(self, id: ResourceId) {
        let drawn = self.scene.with_untracked(|it| it.boxes.get(&id).copied());
        let Some(drawn) = drawn else { return };
        if untrack(|| self.detail()).shows(&drawn) {
            self.reveal(id);
        } else {
            let size = self.session.canvas().get_untracked();
            self.session.view().set(View::of(drawn.rect, size, 1.0));
        }
    }

    /// Pans as far as needed for a box to be seen.
    pub fn reveal(self, id: ResourceId) {
        let size = self.session.canvas().get_untracked();
        let Some(rect) = self.scene.with_untracked(|it| it.rect(id)) else { return };
        if size.0 <= 0.0 {
            return;
        }
        self.session.view().update(|view| {
            let pan = |low: f64, length: f64, at: f64, room: f64| {
                let (start, end) = (low * view.zoom + at, (low + length) * view.zoom + at);
                if start < MARGIN {
                    MARGIN - start
                } else if end > room - MARGIN {
                    // What does not fit shows its beginning.
                    (room - MARGIN - end).max(MARGIN - start)
                } else {
                    0.0
                }
            };
            let dx = pan(rect.x, rect.width, view.x, size.0);
            let dy = pan(rect.y, rect.height, view.y, size.1);
            view.x += dx;
            view.y += dy;
        });
    }

    /// A point of the window, in px of the canvas.
    pub fn on_canvas(self, x: i32, y: i32) -> Point {
        let corner = document()
            .get_element_by_id("canvas")
            .map(|it| it.get_bounding_client_rect())
            .map_or((0.0, 0.0), |it| (it.left(), it.top()));
        Point::new(f64::from(x) - corner.0, f64::from(y) - corner.1)
    }

    /// A point of the window, in px of the drawing.
    pub fn in_world(self, x: i32, y: i32) -> Point {
        self.session.view().get_untracked().to_world(self.on_canvas(x, y))
    }
}

/// The wheel pans; with Ctrl (or a pinch, which browsers report so) it zooms around the pointer.
pub(super) fn wheel(editor: Editor, event: &WheelEvent) {
    event.prevent_default();
    // Lines and pages come from old mice.
    let unit = match event.delta_mode() {
        WheelEvent::DOM_DELTA_LINE => 16.0,
        WheelEvent::DOM_DELTA_PAGE => 400.0,
        _ => 1.0,
    };
    let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
    let at = editor.on_canvas(event.client_x(), event.client_y());
    editor.session.view().update(|it| {
        if event.ctrl_key() || event.meta_key() {
            *it = it.zoomed(it.zoom * (-dy.clamp(-200.0, 200.0) * 0.004).exp(), at);
        } else if event.shift_key() && dx == 0.0 {
            it.x -= dy;
        } else {
            it.x -= dx;
            it.y -= dy;
        }
    });
}
