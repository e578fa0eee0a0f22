//! Saves the design as it changes: a moment after a change, and at once when the page is left.
//!
//! What is saved goes on as further versions of one design until another design is opened. Tabs that show
//! the same design follow each other; where both have changed it, the later one saves its own as a copy.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
    sync::Arc,
};

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast as _};

use super::{
    browser::{
        document,
        storage::{self, NotSaved, Opened, Version},
        window,
    },
    editor::Editor,
    session::{Banner, Saved, SessionStoreFields as _},
};
use crate::{
    design::{Design, edit::Edit, file},
    text::text,
};

/// Changes within this time are saved together, in ms. It runs from the first of them, so that somebody
/// who never pauses is saved too.
const PAUSE: u32 = 150;

/// A large design that was opened is drawn and judged first: it is where it came from, and nobody changed it.
const PAUSE_UNSEEN: u32 = 600;

/// Where a design is saved.
#[derive(Default)]
struct Work {
    version: Cell<Option<Version>>,
    /// What that version holds.
    saved: RefCell<Option<Arc<Design>>>,
}

impl Work {
    fn holds(&self, design: &Arc<Design>) -> bool {
        self.saved.borrow().as_ref().is_some_and(|it| Arc::ptr_eq(it, design))
    }
}

#[derive(Default)]
struct State {
    work: Rc<Work>,
    /// The documents before and after another design was opened, by which undo finds back to its work.
    turns: Vec<(Arc<Design>, Rc<Work>)>,
    waiting: Option<Timeout>,
    queue: VecDeque<(Rc<Work>, Arc<Design>)>,
    running: bool,
}

/// Handed around with the editor.
#[derive(Clone, Copy)]
pub struct Saving(StoredValue<State, LocalStorage>);

impl Default for Saving {
    fn default() -> Saving {
        Saving(StoredValue::new_local(State::default()))
    }
}

impl Saving {
    fn with<T>(self, what: impl FnOnce(&mut State) -> T) -> Option<T> {
        self.0.try_update_value(what)
    }

    /// Another design is about to be opened: what is not saved yet goes to disk under its own number.
    pub fn leave(self, editor: Editor) {
        let design = editor.design.get_untracked();
        self.with(|it| it.turns.push((design, it.work.clone())));
        if self.with(|it| it.waiting.is_some()) == Some(true) {
            self.save(editor, false);
        }
    }

    /// It was opened.
    pub fn begin(self, design: Arc<Design>) {
        self.with(|it| {
            it.work = Rc::default();
            it.turns.push((design, it.work.clone()));
        });
    }

    /// What is open stands in the store already.
    pub fn is_saved(self, design: Arc<Design>, version: Option<Version>) {
        self.with(|it| {
            it.work.version.set(version);
            it.work.saved.replace(Some(design));
        });
        if let Some(version) = version {
            storage::set_here(version.design);
        }
    }

    /// The version that was saved last, of what is open.
    pub fn version(self) -> Option<Version> {
        self.with(|it| it.work.version.get()).flatten()
    }

    /// What is open is a design of the gallery, which is there without being saved. From its first change on it
    /// is saved like any other.
    pub fn is_untouched(self, design: Arc<Design>, slug: &str) {
        self.is_saved(design, None);
        storage::set_here_gallery(slug);
    }

    fn changed(self, editor: Editor, design: &Arc<Design>) {
        let state = self.with(|it| {
            if let Some(turn) = it.turns.iter().rfind(|turn| Arc::ptr_eq(&turn.0, design)) {
                it.work = turn.1.clone();
            }
            if it.work.holds(design) && it.queue.is_empty() && !it.running {
                it.waiting = None;
                return if it.work.version.get().is_some() { Saved::Yes } else { Saved::Untouched };
            }
            if it.waiting.is_none() {
                let pause = if editor.is_unseen() { PAUSE_UNSEEN } else { PAUSE };
                it.waiting = Some(Timeout::new(pause, move || self.save(editor, false)));
            }
            Saved::Pending
        });
        editor.session.saved().set(state.unwrap_or(Saved::Pending));
    }

    /// Saves what is open. A page that is `leaving` does not wait for the end.
    fn save(self, editor: Editor, leaving: bool) {
        let design = editor.design.get_untracked();
        let start = self.with(|it| {
            it.waiting = None;
            let work = it.work.clone();
            // What waits for its turn would be outdated when it comes.
            it.queue.retain(|(other, _)| !Rc::ptr_eq(other, &work));
            it.queue.push_back((work, design));
            !std::mem::replace(&mut it.running, true)
        });
        if start == Some(true) {
            spawn_local(async move {
                while let Some(Some((work, design))) = self.with(|it| it.queue.pop_front()) {
                    self.write(editor, &work, design, leaving).await;
                }
                self.with(|it| it.running = false);
            });
        }
    }

    async fn write(self, editor: Editor, work: &Rc<Work>, mut design: Arc<Design>, leaving: bool) {
        let is_open =
            move |work: &Rc<Work>| self.with(|it| Rc::ptr_eq(&it.work, work)) == Some(true);
        let mut before = work.version.get();
        let mut outcome = write(before, &design, leaving).await;
        if outcome == Err(NotSaved::Overtaken) {
            if before.is_some() && is_open(work) {
                design = editor.rename_overtaken();
            }
            before = None;
            outcome = write(before, &design, leaving).await;
        }
        match outcome {
            Ok(version) => {
                work.version.set(Some(version));
                work.saved.replace(Some(design));
                storage::persist();
                if is_open(work) {
                    storage::set_here(version.design);
                    let all = work.holds(&editor.design.get_untracked());
                    editor.session.saved().set(if all { Saved::Yes } else { Saved::Pending });
                }
            }
            Err(why) => editor.session.saved().set(Saved::Failed(why)),
        }
    }

    /// Takes up what another tab has saved, unless there is something of this tab's own to save.
    fn look(self, editor: Editor) {
        let here = move || {
            let idle = |it: &mut State| {
                let idle = it.waiting.is_none() && !it.running;
                idle.then(|| it.work.version.get()).flatten()
            };
            self.with(idle).flatten()
        };
        let Some(version) = here() else { return };
        spawn_local(async move {
            let Ok(Some(newest)) = storage::newest(version.design).await else { return };
            if newest.saved <= version.saved {
                return;
            }
            if let Some(Ok(Opened { version: newer, loaded, .. })) =
                storage::open(version.design).await
                && here() == Some(version)
            {
                editor.follow(loaded.design);
                self.is_saved(editor.design.get_untracked(), Some(newer));
            }
        });
    }
}

async fn write(
    before: Option<Version>,
    design: &Design,
    leaving: bool,
) -> Result<Version, NotSaved> {
    storage::save(before, &design.name, file::save(design).as_bytes(), leaving).await
}

impl Editor {
    /// Both this tab and another have changed the design: this one goes on as a copy.
    fn rename_overtaken(self) -> Arc<Design> {
        let name = self.design.with_untracked(|it| it.name.clone());
        let copy = text("{0} (copy)", "{0} (コピー)").with([name.as_str().into()]);
        let copy = copy.render(self.session.lang().get_untracked());
        self.announce(Banner {
            title: text(
                "This design was changed in another tab too. What this tab shows is now saved as “{0}”.",
                "このデザインは別のタブでも変更されました。このタブの内容は「{0}」として保存されます。",
            )
            .with([copy.as_str().into()]),
            lines: Vec::new(),
            refused: false,
        });
        self.dispatch(Edit::SetTitle(copy));
        self.design.get_untracked()
    }
}

pub fn use_saving(editor: Editor) {
    let saving = editor.saving;
    let session = editor.session;
    Effect::new(move |_| {
        if session.open().get() {
            saving.changed(editor, &editor.design.get());
        }
    });
    EventListener::new(&document(), "visibilitychange", move |_| {
        if !document().hidden() {
            saving.look(editor);
        } else if saving.with(|it| it.waiting.is_some()) == Some(true) {
            saving.save(editor, true);
        }
    })
    .forget();
    EventListener::new(&window(), "storage", move |event| {
        let key = event.dyn_ref::<web_sys::StorageEvent>().and_then(web_sys::StorageEvent::key);
        if storage::is_news(key.as_deref()) {
            saving.look(editor);
        }
    })
    .forget();
    let cancelable = EventListenerOptions::enable_prevent_default();
    EventListener::new_with_options(&window(), "beforeunload", cancelable, move |event| {
        // What cannot be saved here is lost with the page, so the browser asks first.
        if matches!(session.saved().get_untracked(), Saved::Failed(_)) {
            event.prevent_default();
        }
    })
    .forget();
}
