//! State of this tab: never saved into the design, never undone.

use std::{collections::BTreeSet, sync::Arc};

use reactive_stores::Store;

use super::{assessed::OperationKey, browser::storage::NotSaved, canvas::pinch::Finger};
use crate::{
    design::Design,
    draw::{
        bundle::{self, BundleId},
        geometry::{Point, Rect},
    },
    kinds::{Kind, ResourceId, setting::Relation},
    report::Operation,
    solve::Outcome,
    text::{Lang, Message},
};

#[derive(Clone, Debug, Default, Store)]
#[expect(clippy::struct_excessive_bools, reason = "each is read and written by itself")]
pub struct Session {
    pub page: Page,
    /// A design is open, whether or not the page shows it.
    pub open: bool,
    pub lang: Lang,
    pub theme: Theme,
    pub selection: BTreeSet<ResourceId>,
    /// The selected or last visited box: the one stop of the Tab key among the boxes.
    pub focus: Option<ResourceId>,
    pub view: View,
    /// Size of the canvas on screen, in px; zero until it is measured.
    pub canvas: (f64, f64),
    /// To be fitted as soon as the canvas is measured.
    pub fit_wanted: bool,
    pub tool: Tool,
    /// The space bar is held: the pointer pans.
    pub space: bool,
    pub gesture: Gesture,
    /// Fingers on the drawing.
    pub fingers: Vec<Finger>,
    pub palette_open: bool,
    pub left: Left,
    /// Containers drawn as one box, without what stands in them.
    pub collapsed: BTreeSet<ResourceId>,
    /// Relations whose lines are not drawn.
    pub hidden: BTreeSet<Relation>,
    /// The bundle of lines that is open: its lines are drawn one by one.
    pub bundle: Option<BundleId>,
    /// The overview map is wanted; it is drawn while something is out of view.
    pub minimap: bool,
    /// The note whose words are being typed on the drawing.
    pub writing: Option<ResourceId>,
    /// The line or bundle below the pointer, of those that are painted flat.
    pub over: Option<bundle::Drawn>,
    /// The menu of the selection is open, here in px of the window.
    pub context_menu: Option<Point>,
    pub side_open: bool,
    pub tab: Tab,
    /// The operation whose way is drawn, and which of its needs.
    pub chosen: Option<OperationKey>,
    pub chosen_need: Option<usize>,
    /// The way that is drawn in the place of an operation's: what falls with an identity.
    pub chain: Option<Arc<Operation>>,
    pub filter: Filter,
    pub dialog: Option<Dialog>,
    /// The stop of the guided tour.
    pub tour: Option<usize>,
    /// What the open design was compared with last.
    pub compared: Option<Compared>,
    pub toast: Option<Toast>,
    pub banner: Option<Banner>,
    /// A newer version of the app is there and waits for a reload.
    pub new_version: bool,
    /// How much of the design is saved in this browser.
    pub saved: Saved,
    /// Kinds whose name holds this are shown in the palette.
    pub palette_search: String,
    /// Resources whose name or kind holds this are shown in the outline.
    pub outline_search: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    #[default]
    Start,
    Canvas,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    Light,
    Dark,
    /// Light or dark as the system says, with more contrast.
    Contrast,
}

/// Pan and zoom: a point `p` of the drawing is seen at `p * zoom + (x, y)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    pub x: f64,
    pub y: f64,
    pub zoom: f64,
}

impl Default for View {
    fn default() -> View {
        View { x: 0.0, y: 0.0, zoom: 1.0 }
    }
}

/// What the pointer does on the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    #[default]
    Select,
    Hand,
    Connect,
}

/// What is being dragged. It ends in one edit or in none.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Gesture {
    #[default]
    None,
    /// The drawing, with the hand.
    Pan { start: Point, view: View },
    /// The same with two fingers, which were here when there were two.
    Pinch { from: (Point, Point), view: View },
    /// Boxes, with what stands in them.
    Move { ids: BTreeSet<ResourceId>, start: Point, now: Point, target: Target },
    /// A border or corner of a container: which of left, top, right, bottom move.
    Resize { id: ResourceId, edges: [bool; 4], start: Point, old: Rect, new: Rect },
    /// A rectangle that selects.
    /// `click` is the container that it began in, selected if nothing is drawn.
    Marquee { start: Point, now: Point, before: BTreeSet<ResourceId>, click: Option<ResourceId> },
    /// A line from a box to the pointer.
    Connect { from: ResourceId, now: Point, target: Option<(ResourceId, bool)> },
    /// A kind from the palette; `at` in px of the window.
    Place { kind: Kind, at: Point, target: Target },
}

/// Where boxes would land.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Target {
    /// Not over the canvas, or not another container.
    #[default]
    Nowhere,
    /// In a container, or on the empty canvas; and whether they may stand there.
    In { parent: Option<ResourceId>, allowed: bool },
}

/// Section of the panel on the left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Left {
    #[default]
    Kinds,
    Outline,
}

/// Section of the panel at the side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    Inspector,
    #[default]
    Operations,
    Problems,
    Access,
    Reach,
}

/// Which operations are listed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub from: Option<ResourceId>,
    /// Empty: all.
    pub outcome: Option<Outcome>,
    pub search: String,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dialog {
    Share,
    Export,
    /// Another design beside this one.
    Compare,
    Shortcuts,
    /// The address space of a network.
    Addresses(ResourceId),
    /// A private endpoint for a resource.
    Endpoint(ResourceId),
    /// Resources, actions and kinds by name.
    Find,
    /// Several ways to connect two resources.
    Connect {
        from: ResourceId,
        to: ResourceId,
    },
}

/// A design beside the open one.
#[derive(Clone, Debug)]
pub struct Compared {
    pub name: Message,
    pub design: Arc<Design>,
    /// It counts as the later state, so that what it has is "added".
    pub later: bool,
}

/// What was just done, with undo where it was an edit.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    pub text: Message,
    pub undo: bool,
    /// A refusal, not a success.
    pub refused: bool,
    /// Tells one toast from the next with the same words.
    pub number: u32,
}

/// Stays until it is closed.
#[derive(Clone, Debug, PartialEq)]
pub struct Banner {
    pub title: Message,
    pub lines: Vec<Message>,
    /// Something was refused; else only mended.
    pub refused: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Saved {
    #[default]
    Yes,
    /// As it came from the gallery, so there is nothing to save.
    Untouched,
    Pending,
    Failed(NotSaved),
}
