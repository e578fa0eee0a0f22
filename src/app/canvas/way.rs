//! The way of the chosen operation: hop by hop over the boxes, with the hop that decided.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use leptos::prelude::*;

use super::super::{
    editor::Editor,
    icon::{IconButton, OutcomeMark, symbol},
    say::{named, say, tell},
    session::SessionStoreFields as _,
};
use crate::{
    draw::{
        geometry::Point,
        route,
        scene::{LineId, Scene},
        words::{clip, width},
    },
    kinds::ResourceId,
    report::{Need, Operation},
    solve::{Hop, Outcome},
    text::{Message, text},
};

/// Handles to the chosen operation.
#[derive(Clone, Copy)]
pub struct Way {
    operation: Memo<Option<Arc<Operation>>>,
    need: Memo<Option<usize>>,
    pub(super) involved: Memo<BTreeSet<ResourceId>>,
    scene: Memo<Arc<Scene>>,
}

/// The need whose trace is shown first: the first that is as bad as the whole.
pub fn deciding_need(operation: &Operation) -> Option<usize> {
    operation
        .needs
        .iter()
        .position(|it| it.outcome == operation.outcome)
        .or_else(|| (!operation.needs.is_empty()).then_some(0))
}

impl Way {
    pub fn new(editor: Editor) -> Way {
        let session = editor.session;
        let operation = Memo::new_with_compare(
            move |_| {
                if let Some(chain) = session.chain().get() {
                    return Some(chain);
                }
                let key = session.chosen().get()?;
                editor.report.with(|it| it.operations.get(&key).cloned())
            },
            |a, b| {
                let (Some(Some(a)), Some(Some(b))) = (a, b) else {
                    return !matches!((a, b), (Some(None), Some(None)));
                };
                !Arc::ptr_eq(a, b)
            },
        );
        let need = Memo::new(move |_| {
            let operation = operation.get()?;
            let chosen = session.chosen_need().get().filter(|it| *it < operation.needs.len());
            chosen.or_else(|| deciding_need(&operation))
        });
        let involved = Memo::new(move |_| {
            let Some(operation) = operation.get() else { return BTreeSet::new() };
            let mut all: BTreeSet<ResourceId> = operation.involves.iter().copied().collect();
            all.insert(operation.from);
            if let Some(need) = need.get().and_then(|it| operation.needs.get(it)) {
                all.extend(need.trace.steps.iter().filter_map(|it| it.at));
            }
            all
        });
        Way { operation, need, involved, scene: editor.scene }
    }

    pub fn here() -> Way {
        expect_context()
    }

    /// Whether a box steps back because it has no part in the chosen operation. Frames never do: what
    /// stands in them does by itself.
    pub fn dims(self, id: ResourceId) -> bool {
        self.involved.with(|it| !it.is_empty() && !it.contains(&id))
            && !self.scene.with(|it| it.boxes.get(&id).is_some_and(|it| it.frame))
    }

    pub fn dims_line(self, id: LineId) -> bool {
        self.involved
            .with(|it| !it.is_empty() && [id.from, id.to].iter().any(|end| !it.contains(end)))
    }
}

/// One stop of the way.
#[derive(Clone, Debug, PartialEq)]
struct Stop {
    /// The way from the stop before; empty for the first.
    line: Vec<Point>,
    /// Where its numbers stand.
    at: Point,
    /// Numbers of the steps decided here, each with its outcome.
    steps: Vec<(usize, Outcome)>,
    /// `allowed` … or `skipped` behind the failing hop.
    outcome: &'static str,
    /// The number of the deciding step and its words, where it is decided here.
    deciding: Option<(usize, Message)>,
}

/// Where a step is shown: at its box, or on its line.
fn spot(scene: &Scene, id: ResourceId) -> Option<Point> {
    if let Some(rect) = scene.rect(id) {
        return Some(Point::new(rect.x + 6.0, rect.y));
    }
    let line = scene.lines.iter().find(|it| it.id.resource == Some(id))?;
    route::label_spot(line.points(), 0.5, 0.0).map(|it| Point::new(it.x, it.y - 18.0))
}

/// Whether traffic or a token passes through the place of such a step. Name servers, routes and
/// filters decide beside the way; a line to them would say that packets go there.
fn is_on_the_way(hop: Hop) -> bool {
    !matches!(
        hop,
        Hop::Validation | Hop::Dns | Hop::Route | Hop::Peering | Hop::NsgOutbound | Hop::NsgInbound
    )
}

fn stops(scene: &Scene, from: ResourceId, need: &Need) -> Vec<Stop> {
    let deciding = need.trace.deciding();
    let mut all: Vec<(ResourceId, Stop)> = Vec::new();
    let mut here = from;
    let mut seen: BTreeMap<ResourceId, usize> = BTreeMap::new();
    let mut stopped = false;
    for (n, step) in need.trace.steps.iter().enumerate() {
        let id = step.at.unwrap_or(here);
        let Some(at) = spot(scene, id) else { continue };
        let is_deciding = deciding == Some(n);
        let words = is_deciding.then(|| (n + 1, step.text.clone()));
        // A box is numbered in one place, however often the way comes by.
        if let Some(stop) = seen.get(&id).and_then(|it| all.get_mut(*it)) {
            stop.1.steps.push((n + 1, step.outcome));
            stop.1.deciding = stop.1.deciding.take().or(words);
        } else {
            let inside = |a: ResourceId, b| scene.is_in(a, &BTreeSet::from([b]));
            let beside = !is_on_the_way(step.hop) || inside(here, id) || inside(id, here);
            let line = if beside { Vec::new() } else { scene.way(here, id) };
            let outcome = if stopped { "skipped" } else { step.outcome.slug() };
            seen.insert(id, all.len());
            let steps = vec![(n + 1, step.outcome)];
            all.push((id, Stop { line, at, steps, outcome, deciding: words }));
        }
        if scene.rect(id).is_some() && is_on_the_way(step.hop) {
            here = id;
        }
        stopped |= is_deciding && step.outcome != Outcome::Allowed;
    }
    all.into_iter().map(|it| it.1).collect()
}

/// The way, over everything else.
#[component]
pub(super) fn Hops() -> impl IntoView {
    let editor = Editor::here();
    let way = Way::here();
    let stops = Memo::new(move |_| {
        let operation = way.operation.get()?;
        let need = operation.needs.get(way.need.get()?)?;
        Some(editor.scene.with(|scene| stops(scene, operation.from, need)))
    });
    view! {
        <g class="hops" aria-hidden="true">
            {move || {
                stops
                    .get()
                    .map(|all| {
                        let lines = all
                            .iter()
                            .filter(|it| it.line.len() > 1)
                            .map(|it| view! { <HopLine stop=it.clone()/> })
                            .collect_view();
                        let numbers =
                            all.iter().map(|it| view! { <Numbers stop=it.clone()/> }).collect_view();
                        (lines, numbers)
                    })
            }}
        </g>
    }
}

#[component]
fn HopLine(stop: Stop) -> impl IntoView {
    let arrow = route::head(&stop.line)
        .map(|(at, angle)| format!("translate({:.1} {:.1}) rotate({angle})", at.x, at.y));
    view! {
        <g class="hop" data-outcome=stop.outcome>
            <path class="hop-halo" d=route::path(&stop.line, 0.0)></path>
            <path class="hop-line" d=route::path(&stop.line, 9.0)></path>
            <path class="hop-arrow" d="M0 0L-12 -6.6V6.6z" transform=arrow></path>
        </g>
    }
}

#[component]
fn Numbers(stop: Stop) -> impl IntoView {
    let lang = Editor::here().lang();
    let Point { x, y } = stop.at;
    let decided = stop.deciding.as_ref().map(|it| it.0);
    let discs = stop
        .steps
        .iter()
        .enumerate()
        .map(|(slot, (n, outcome))| {
            #[expect(clippy::cast_precision_loss, reason = "steps are few")]
            let x = x + slot as f64 * 23.0;
            view! {
                <g
                    class="hop"
                    data-outcome=outcome.slug()
                    data-deciding=(decided == Some(*n)).then_some("")
                >
                    <circle class="hop-deciding-ring" cx=x cy=y r="15"></circle>
                    <circle class="hop-number-disc" cx=x cy=y r="10.5"></circle>
                    <text class="hop-number" x=x y=y + 4.0>
                        {n.to_string()}
                    </text>
                </g>
            }
        })
        .collect_view();
    let outcome =
        stop.steps.iter().find(|it| Some(it.0) == decided).map_or(Outcome::Unknown, |it| it.1);
    let flag = stop.deciding.map(|(_, words)| {
        let words = move || clip(&words.render(lang.get()), 320.0, 12.5);
        let words = Memo::new(move |_| words());
        view! {
            <g
                class="hop-flag"
                data-outcome=outcome.slug()
                transform=format!("translate({} {})", x - 6.0, y - 46.0)
            >
                <rect
                    class="hop-flag-box"
                    width=move || words.with(|it| width(it)) * 12.5 + 44.0
                    height="26"
                ></rect>
                <use_
                    class="hop-flag-icon"
                    href=symbol(&format!("ui-{}", outcome.slug()))
                    x="8"
                    y="5"
                    width="16"
                    height="16"
                ></use_>
                <text class="hop-flag-text" x="30" y="17.5">
                    {words}
                </text>
            </g>
        }
    });
    (discs, flag)
}

/// Says which operation the way belongs to, and lets go of it.
#[component]
pub(super) fn PathCard() -> impl IntoView {
    let editor = Editor::here();
    let way = Way::here().operation;
    let chosen = Memo::new(move |_| {
        way.with(|it| it.as_ref().map(|it| (it.outcome, it.title, it.subject.clone())))
    });
    move || {
        chosen.get().map(|(outcome, title, subject)| {
            view! {
                <div class="path-card">
                    <OutcomeMark outcome=outcome/>
                    <span class="path-card-title">
                        {say(title)} " " <span class="path-card-subject">{tell(subject)}</span>
                    </span>
                    <IconButton
                        icon="close"
                        label=named(text("Hide the path", "経路を隠す"))
                        on_press=move || editor.choose(None)
                    />
                </div>
            }
        })
    }
}
