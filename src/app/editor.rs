//! The one door to the document, and what is derived from it.

use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use reactive_stores::Store;

use super::{
    assessed::{Assessed, OperationKey},
    browser::timed,
    saving::Saving,
    session::{Banner, Page, Session, SessionStoreFields as _, Tab, Toast},
};
use crate::{
    design::{
        Design,
        edit::{Edit, EditError},
        history::History,
    },
    draw::scene::Scene,
    kinds::{Resource, ResourceId, Resources},
    report::{Operation, Report},
    text::{Message, arg, text},
};

/// Designs of more resources are drawn before they are judged, which takes longer than people wait.
const LARGE: usize = 300;

/// Handed to every component through the context; copying it copies handles.
#[derive(Clone, Copy)]
pub struct Editor {
    history: RwSignal<History>,
    pub design: Memo<Arc<Design>>,
    /// Without places and titles: what a verdict can depend on.
    pub resources: Memo<Resources>,
    pub scene: Memo<Arc<Scene>>,
    pub report: Memo<Arc<Assessed>>,
    /// The report waits until the design has been drawn.
    unseen: RwSignal<bool>,
    pub session: Store<Session>,
    pub saving: Saving,
}

/// Whether two sets of resources are the same. Unchanged records are shared, so this mostly compares
/// pointers.
fn same_records(a: &Resources, b: &Resources) -> bool {
    a.0.is(&b.0)
        || a.0.len() == b.0.len()
            && a.0.iter().zip(&b.0).all(|((a, x), (b, y))| a == b && (Arc::ptr_eq(x, y) || x == y))
}

impl Editor {
    /// `assess` is [`crate::report::assess`]; tests count its calls.
    pub fn new(assess: fn(&Design) -> Report) -> Editor {
        let history = RwSignal::new(History::new(Design::default()));
        let design = Memo::new_with_compare(
            move |_| history.with(|it| it.design().clone()),
            |a, b| !a.zip(b).is_some_and(|(a, b)| Arc::ptr_eq(a, b)),
        );
        let resources = Memo::new_with_compare(
            move |_| design.with(|it| it.resources.clone()),
            |a, b| !a.zip(b).is_some_and(|(a, b)| same_records(a, b)),
        );
        // Other words in a note are nothing to judge.
        let judged = Memo::new_with_compare(
            move |_| resources.with(Resources::without_notes),
            |a, b| !a.zip(b).is_some_and(|(a, b)| same_records(a, b)),
        );
        let unseen = RwSignal::new(false);
        // INVARIANT: moving a box never runs the solver (tests/browser.rs counts).
        let report = Memo::new_with_compare(
            move |before: Option<&Arc<Assessed>>| {
                let design = Design { resources: judged.get(), ..Design::default() };
                if unseen.get() {
                    return Arc::new(Assessed { waiting: true, ..Assessed::default() });
                }
                let report = timed("report", || assess(&design));
                Arc::new(Assessed::new(report, before.map(AsRef::as_ref)))
            },
            |a, b| !a.zip(b).is_some_and(|(a, b)| Arc::ptr_eq(a, b)),
        );
        let session = Store::new(Session {
            palette_open: true,
            side_open: true,
            minimap: true,
            ..Session::default()
        });
        // What the scene before was made of.
        let drawn = StoredValue::new((Arc::new(Design::default()), BTreeSet::new()));
        let scene = Memo::new_with_compare(
            move |before: Option<&Arc<Scene>>| {
                let now = (design.get(), session.collapsed().get());
                let (design, collapsed) = &now;
                let next = |it: &Scene| {
                    let moved = drawn.with_value(|drawn| {
                        let same = drawn.1 == *collapsed;
                        same.then(|| it.rearranged(&drawn.0, design, collapsed)).flatten()
                    });
                    moved.unwrap_or_else(|| it.next(design, collapsed))
                };
                let scene = || before.map_or_else(|| next(&Scene::default()), |it| next(it));
                let scene = timed("scene", scene);
                drawn.set_value(now);
                Arc::new(scene)
            },
            |a, b| !a.zip(b).is_some_and(|(a, b)| Arc::ptr_eq(a, b)),
        );
        let saving = Saving::default();
        Editor { history, design, resources, scene, report, unseen, session, saving }
    }

    pub fn here() -> Editor {
        expect_context()
    }

    /// Whether a large design was opened and is not on the screen yet.
    pub fn is_unseen(self) -> bool {
        self.unseen.get_untracked()
    }

    /// Whether the drawing of a large design has been on the screen, or never had to wait. What stands beside
    /// the drawing is made then.
    pub fn shown(self) -> Memo<bool> {
        Memo::new(move |before| before.copied().unwrap_or(false) || !self.unseen.get())
    }

    // Changing the document ------------------------------------------------------------------------

    /// Makes an edit, or says why not.
    pub fn dispatch(self, edit: Edit) -> bool {
        let result = self.history.try_update(|it| it.dispatch(&edit));
        match result {
            Some(Err(EditError(why))) => {
                self.refuse(why);
                false
            }
            Some(Ok(())) => {
                self.drop_stale();
                true
            }
            None => false,
        }
    }

    /// Makes the same edit of several resources, as one step.
    pub fn dispatch_each(self, mut edits: Vec<Edit>) -> bool {
        match (edits.len(), edits.first()) {
            (1, _) => edits.pop().is_some_and(|it| self.dispatch(it)),
            (count, Some(first)) => {
                let title = text("{0}, {1} resources", "{0} ({1} 個のリソース)")
                    .with([self.word(&first.title()), arg(count)]);
                self.dispatch(Edit::Batch(title, edits))
            }
            (_, None) => false,
        }
    }

    /// Makes an edit and says so, with a button that takes it back.
    pub fn dispatch_aloud(self, edit: Edit) -> bool {
        let title = edit.title();
        let done = self.dispatch(edit);
        if done {
            self.toast(title, true);
        }
        done
    }

    pub fn undo(self) {
        let title = self.history.with_untracked(|it| it.undo_title().cloned());
        if let Some(title) = title {
            self.history.update(|it| {
                it.undo();
            });
            self.drop_stale();
            self.toast(text("Undone: {0}", "元に戻しました: {0}").with([self.word(&title)]), false);
        }
    }

    pub fn redo(self) {
        let title = self.history.with_untracked(|it| it.redo_title().cloned());
        if let Some(title) = title {
            self.history.update(|it| {
                it.redo();
            });
            self.drop_stale();
            self.toast(text("Redone: {0}", "やり直しました: {0}").with([self.word(&title)]), false);
        }
    }

    pub fn undo_title(self) -> Option<Message> {
        self.history.with(|it| it.undo_title().cloned())
    }

    pub fn redo_title(self) -> Option<Message> {
        self.history.with(|it| it.redo_title().cloned())
    }

    /// Opens another design. What was open is one undo away.
    pub fn open(self, design: Design) {
        let title = text("Open {0}", "{0} を開く").with([design.name.as_str().into()]);
        let session = self.session;
        if design.resources.0.len() > LARGE {
            self.unseen.set(true);
            // The next frame draws it. When the one after it begins, it is on the screen.
            request_animation_frame(move || {
                request_animation_frame(move || {
                    set_timeout(move || self.unseen.set(false), std::time::Duration::ZERO);
                });
            });
        }
        if session.open().get_untracked() {
            self.saving.leave(self);
            self.history.update(|it| it.replace(title, design));
        } else {
            // Nothing was open, so there is nothing to go back to.
            self.history.set(History::new(design));
            session.open().set(true);
        }
        self.saving.begin(self.design.get_untracked());
        session.selection().set(BTreeSet::new());
        session.collapsed().set(BTreeSet::new());
        session.bundle().set(None);
        session.writing().set(None);
        session.focus().set(None);
        session.compared().set(None);
        session.chosen().set(None);
        session.chain().set(None);
        session.chosen_need().set(None);
        session.filter().set(super::session::Filter::default());
        session.tab().set(Tab::Operations);
        session.page().set(Page::Canvas);
        self.fit();
    }

    /// Shows what another tab has made of the design. What this one showed is one undo away.
    pub fn follow(self, design: Design) {
        let title = text("Changes from another tab", "別のタブでの変更");
        self.history.update(|it| it.replace(title.into(), design));
        self.drop_stale();
        self.toast(title, true);
    }

    /// Forgets selected resources that are gone.
    fn drop_stale(self) {
        let gone: Vec<ResourceId> = self.design.with_untracked(|design| {
            let selection = self.session.selection().get_untracked();
            selection.into_iter().filter(|it| design.get(*it).is_none()).collect()
        });
        let written = self.session.writing().get_untracked();
        if written.is_some_and(|it| self.design.with_untracked(|all| all.get(it).is_none())) {
            self.session.writing().set(None);
        }
        if !gone.is_empty() {
            self.session.selection().update(|it| it.retain(|id| !gone.contains(id)));
        }
    }

    // Reading it -----------------------------------------------------------------------------------

    /// One resource, waking only when it changes.
    pub fn resource(self, id: ResourceId) -> Memo<Option<Arc<Resource>>> {
        Memo::new_with_compare(
            move |_| self.design.with(|it| it.resources.0.get(&id).cloned()),
            |a, b| match (a, b) {
                (Some(Some(a)), Some(Some(b))) => !Arc::ptr_eq(a, b),
                (Some(None), Some(None)) => false,
                _ => true,
            },
        )
    }

    /// One operation, waking only when it changes.
    pub fn operation(self, key: OperationKey) -> Memo<Option<Arc<Operation>>> {
        Memo::new_with_compare(
            move |_| self.report.with(|it| it.operations.get(&key).cloned()),
            |a, b| match (a, b) {
                (Some(Some(a)), Some(Some(b))) => !Arc::ptr_eq(a, b),
                (Some(None), Some(None)) => false,
                _ => true,
            },
        )
    }

    /// Name of a resource as it is now, without following it.
    pub fn name_of(self, id: ResourceId) -> String {
        self.design.with_untracked(|it| it.get(id).map(|it| it.name.clone()).unwrap_or_default())
    }

    // Saying something -----------------------------------------------------------------------------

    pub fn toast(self, text: impl Into<Message>, undo: bool) {
        self.show(text.into(), undo, false);
    }

    pub fn refuse(self, text: impl Into<Message>) {
        self.show(text.into(), false, true);
    }

    fn show(self, text: Message, undo: bool, refused: bool) {
        let toast = self.session.toast();
        let number = toast.with_untracked(|it| it.as_ref().map_or(0, |it| it.number + 1));
        toast.set(Some(Toast { text, undo, refused, number }));
    }

    pub fn announce(self, banner: Banner) {
        self.session.banner().set(Some(banner));
    }

    fn word(self, message: &Message) -> crate::text::Arg {
        message.render(self.session.lang().get_untracked()).into()
    }

    // Selecting ------------------------------------------------------------------------------------

    pub fn select(self, ids: impl IntoIterator<Item = ResourceId>) {
        let ids: BTreeSet<ResourceId> = ids.into_iter().collect();
        if let Some(first) = ids.first() {
            self.session.focus().set(Some(*first));
        }
        self.session.selection().set(ids);
    }

    /// Selects one resource, shows its settings and brings it into view.
    pub fn show_resource(self, id: ResourceId) {
        self.unfold(id);
        self.select([id]);
        self.session.tab().set(Tab::Inspector);
        self.session.side_open().set(true);
        self.approach(id);
    }

    /// The only selected resource.
    pub fn single(self) -> Option<ResourceId> {
        self.session.selection().with(|it| match it.len() {
            1 => it.first().copied(),
            _ => None,
        })
    }
}
