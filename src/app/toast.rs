//! What was just done, for a few seconds, with undo where it was an edit.

use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::{
    editor::Editor,
    icon::{Icon, IconButton},
    say::{named, say, tell},
    session::SessionStoreFields as _,
};
use crate::text::text;

/// How long it stays, in ms. What was refused stays longer, because it is to be read.
const SHORT: u32 = 5_000;
const LONG: u32 = 9_000;

#[component]
pub fn Toasts() -> impl IntoView {
    let editor = Editor::here();
    let toast = editor.session.toast();
    let leaving = StoredValue::new_local(None::<Timeout>);
    Effect::new(move |_| {
        let wait = toast.get().map(|it| (it.number, if it.refused { LONG } else { SHORT }));
        leaving.set_value(wait.map(|(number, wait)| {
            Timeout::new(wait, move || {
                if toast.with_untracked(|it| it.as_ref().is_some_and(|it| it.number == number)) {
                    toast.set(None);
                }
            })
        }));
    });
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || {
                toast
                    .get()
                    .map(|it| {
                        let icon = if it.refused { "denied" } else { "check" };
                        view! {
                            <div class="toast" data-outcome=if it.refused { "denied" } else { "allowed" }>
                                <Icon name=icon/>
                                <span>{tell(it.text)}</span>
                                {it
                                    .undo
                                    .then(|| {
                                        view! {
                                            <button
                                                type="button"
                                                class="button"
                                                data-variant="quiet"
                                                on:click=move |_| editor.undo()
                                            >
                                                {say(text("Undo", "元に戻す"))}
                                            </button>
                                        }
                                    })}
                                <IconButton
                                    icon="close"
                                    label=named(text("Close", "閉じる"))
                                    small=true
                                    tooltip_side="top"
                                    on_press=move || toast.set(None)
                                />
                            </div>
                        }
                    })
            }}
        </div>
    }
}
