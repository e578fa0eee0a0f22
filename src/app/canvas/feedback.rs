//! What the pointer is doing right now, drawn: marquee, connection, where a drop would go.

use leptos::prelude::*;

use super::super::{
    editor::Editor,
    session::{Gesture, SessionStoreFields as _},
};
use super::live::Live;
use crate::draw::{
    bundle::Drawn,
    geometry::{Point, Rect},
    route,
};

#[component]
pub(super) fn Feedback() -> impl IntoView {
    let editor = Editor::here();
    let gesture = editor.session.gesture();
    let marquee = Memo::new(move |_| {
        gesture.with(|it| match it {
            Gesture::Marquee { start, now, .. } => Some(Rect::of_corners(*start, *now)),
            _ => None,
        })
    });
    let line = Memo::new(move |_| {
        gesture.with(|it| match it {
            Gesture::Connect { from, now, target } => Some((*from, *now, target.map(|it| it.1))),
            _ => None,
        })
    });
    let live = Live::here();
    let over = Memo::new(move |_| {
        let it = editor.session.over().get().filter(|_| live.detail.get().flat)?;
        let (relation, points) = match it {
            Drawn::Line(id) => {
                editor.scene.with(|it| Some((id.relation, it.line(id)?.points().to_vec())))
            }
            Drawn::Bundle(id) => {
                live.bundles.with(|it| Some((id.relation, it.get(id)?.points.clone())))
            }
        }?;
        Some((relation, route::path(&points, 0.0)))
    });
    view! {
        {move || {
            over.get()
                .map(|(relation, d)| {
                    view! { <path class="flat-over" data-relation=relation.slug() d=d></path> }
                })
        }}
        {move || {
            marquee
                .get()
                .map(|it| {
                    view! {
                        <rect
                            class="marquee"
                            x=it.x
                            y=it.y
                            width=it.width
                            height=it.height
                        ></rect>
                    }
                })
        }}
        {move || {
            let (from, now, allowed) = line.get()?;
            let start = editor.scene.with(|it| it.rect(from))?;
            let start = Point::new(start.right(), start.center().y);
            let middle = f64::midpoint(start.x, now.x);
            Some(
                view! {
                    <path
                        class="connect-preview"
                        data-drop=(allowed == Some(false)).then_some("no")
                        d=format!(
                            "M{} {}C{middle} {} {middle} {} {} {}",
                            start.x,
                            start.y,
                            start.y,
                            now.y,
                            now.x,
                            now.y,
                        )
                    ></path>
                },
            )
        }}
    }
}
