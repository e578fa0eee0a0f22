//! What the pointer is doing right now, drawn: marquee, connection, where a drop would go.

use leptos::prelude::*;

use super::super::{
    editor::Editor,
    session::{Gesture, SessionStoreFields as _},
};
use crate::draw::geometry::{Point, Rect};

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
    view! {
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
