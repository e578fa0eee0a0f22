//! The words of a note while they are typed, in a field on the note itself.

use leptos::{html::Textarea, prelude::*};
use web_sys::KeyboardEvent;

use super::{
    super::{
        browser::focus_later,
        editor::Editor,
        say::say,
        session::{SessionStoreFields as _, View},
    },
    live::Live,
    world::element_id,
};
use crate::{
    design::file::MAX_NAME,
    draw::{
        edits,
        geometry::{Point, Rect},
    },
    kinds::{Kind, ResourceId},
    text::{arg, text},
};

/// At a smaller zoom nobody would read what they type.
const LEAST: f64 = 0.6;

/// From so many characters on, people are told how many there are.
const NEARLY: usize = MAX_NAME - 100;

#[component]
pub(super) fn NoteEditor() -> impl IntoView {
    let writing = Editor::here().session.writing();
    move || writing.get().map(|id| view! { <Field id=id/> })
}

#[component]
fn Field(id: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let session = editor.session;
    let lang = editor.lang();
    let rect = Live::here().rect(id);
    let root: NodeRef<Textarea> = NodeRef::new();
    let before = editor.name_of(id);
    let count = RwSignal::new(before.chars().count());
    let first = before.clone();
    root.on_load(move |it| {
        it.set_value(&first);
        request_animation_frame(move || {
            let _ = it.focus();
            it.select();
        });
    });
    let before = StoredValue::new(before);
    // What is refused stays in the field, so that nothing typed is lost.
    let done = move || {
        let words = root.try_get_untracked().flatten().map(|it| it.value());
        let Some(words) = words.filter(|_| session.writing().get_untracked() == Some(id)) else {
            return false;
        };
        let same = before.with_value(|it| *it == words);
        let ready = same
            || editor.dispatch(editor.drawn(|all, scene| edits::reword(all, scene, id, &words)));
        if ready {
            session.writing().set(None);
        }
        ready
    };
    let key = move |event: KeyboardEvent| {
        let enter = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        if event.is_composing() || !(enter || event.key() == "Escape") {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        if done() {
            focus_later(element_id(id));
        }
    };
    let over = move || count.get() > MAX_NAME;
    let told = move || {
        (count.get() > NEARLY).then(|| {
            text("{0} of {1} characters", "{1} 文字中 {0} 文字")
                .with([arg(count.get()), arg(MAX_NAME)])
                .render(lang.get())
        })
    };

    view! {
        <div
            class="note-editor"
            style:left=move || {
                let view = session.view().get();
                format!("{:.2}px", rect.get().x * view.zoom + view.x)
            }
            style:top=move || {
                let view = session.view().get();
                format!("{:.2}px", rect.get().y * view.zoom + view.y)
            }
            style:width=move || format!("{}px", rect.get().width)
            style:height=move || format!("{}px", rect.get().height)
            style:transform=move || format!("scale({:.4})", session.view().get().zoom)
        >
            <textarea
                node_ref=root
                aria-label=say(text("Text of the note", "メモのテキスト"))
                aria-description=say(text(
                    "Esc or Ctrl+Enter ends typing",
                    "Esc または Ctrl+Enter で入力を終了",
                ))
                aria-invalid=move || over().then_some("true")
                on:input=move |event| count.set(event_target_value(&event).chars().count())
                on:keydown=key
                on:blur=move |_| {
                    done();
                }
            ></textarea>
            <span class="note-editor-count" role="status" data-over=move || over().then_some("")>
                {told}
            </span>
        </div>
    }
}

impl Editor {
    pub fn is_note(self, id: ResourceId) -> bool {
        self.design.with_untracked(|it| it.get(id).is_some_and(|it| it.kind == Kind::Note))
    }

    /// Adds a note beside what is selected, else in the middle of what is seen.
    pub fn add_note(self) {
        let session = self.session;
        let selected = session.focus().get_untracked();
        let selected =
            selected.filter(|it| session.selection().with_untracked(|all| all.contains(it)));
        let rect = selected.and_then(|it| self.scene.with_untracked(|scene| scene.rect(it)));
        let (width, height) = session.canvas().get_untracked();
        let middle =
            || session.view().get_untracked().to_world(Point::new(width / 2.0, height / 2.0));
        self.add_note_near(rect.map_or_else(middle, Rect::center));
    }

    /// Adds a note at a point of the drawing, or beside what is there.
    pub fn add_note_near(self, near: Point) {
        let (id, edit) = self.drawn(|design, scene| {
            let at = edits::note_spot(scene, near);
            let none = std::collections::BTreeSet::new();
            let parent = edits::container_at(design, scene, at, &none, Kind::Note);
            edits::add(design, scene, Kind::Note, parent, Some(at))
        });
        self.added(id, edit);
    }

    /// Opens the field in which the words of a note are typed.
    pub fn write_note(self, id: ResourceId) {
        let session = self.session;
        self.unfold(id);
        self.select([id]);
        self.reveal(id);
        let rect = self.scene.with_untracked(|it| it.rect(id));
        if let Some(rect) = rect.filter(|_| session.view().get_untracked().zoom < LEAST) {
            session.view().set(View::of(rect, session.canvas().get_untracked(), 1.0));
        }
        session.writing().set(Some(id));
    }
}
