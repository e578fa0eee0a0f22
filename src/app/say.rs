//! Texts in the chosen language, as closures that follow the choice.

use leptos::prelude::*;

use super::{editor::Editor, session::SessionStoreFields as _};
use crate::text::{Lang, Message, Text};

/// A constant text.
pub fn say(text: Text) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let lang = Editor::here().lang();
    move || text.get(lang.get())
}

/// A sentence with values.
pub fn tell(message: impl Into<Message>) -> impl Fn() -> String + Clone + Send + Sync + 'static {
    let lang = Editor::here().lang();
    let message = message.into();
    move || message.render(lang.get())
}

/// A constant text as the name of a control.
pub fn named(text: Text) -> Signal<String> {
    let say = say(text);
    Signal::derive(move || say().to_owned())
}

impl Editor {
    /// The chosen language.
    pub fn lang(self) -> Signal<Lang> {
        let lang = self.session.lang();
        Signal::derive(move || lang.get())
    }
}
