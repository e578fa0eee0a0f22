//! A design as a small picture: its boxes without words.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{design::Design, draw::scene::Scene};

#[component]
pub fn Picture(
    design: Arc<Design>,
    scene: Arc<Scene>,
    /// Drawn on top.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let area = scene.bounds().unwrap_or_default().grown(16.0);
    let lines = scene
        .lines
        .iter()
        .map(|it| {
            view! {
                <g class="edge" data-relation=it.id.relation.slug()>
                    <path class="edge-line" d=crate::draw::route::path(it.points(), 0.0)></path>
                </g>
            }
        })
        .collect_view();
    let (frames, nodes): (Vec<_>, Vec<_>) = scene
        .order
        .iter()
        .filter_map(|id| Some((scene.boxes.get(id)?, design.get(*id)?.kind.info())))
        .partition(|it| it.0.frame);
    let frames = frames
        .into_iter()
        .map(|(it, info)| {
            view! {
                <rect
                    class="minimap-container"
                    data-kind=info.slug
                    x=it.rect.x
                    y=it.rect.y
                    width=it.rect.width
                    height=it.rect.height
                    rx="10"
                ></rect>
            }
        })
        .collect_view();
    let nodes = nodes
        .into_iter()
        .map(|(it, info)| {
            view! {
                <rect
                    class="minimap-node"
                    data-group=info.group.slug()
                    x=it.rect.x
                    y=it.rect.y
                    width=it.rect.width
                    height=it.rect.height
                    rx="8"
                ></rect>
            }
        })
        .collect_view();
    view! {
        <svg
            viewBox=format!("{} {} {} {}", area.x, area.y, area.width, area.height)
            preserveAspectRatio="xMidYMid meet"
            aria-hidden="true"
        >
            {frames}
            {lines}
            {nodes}
            {children.map(|it| it())}
        </svg>
    }
}
