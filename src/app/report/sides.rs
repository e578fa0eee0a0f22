//! The three sides of the matrix of rights: who, on what, which. Each narrows it down.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::{
    super::editor::Editor,
    pick::{Choice, Pick},
};
use crate::{
    questions::Right,
    text::{Text, text},
};

#[derive(Clone, Copy)]
enum Value {
    Identity,
    Resource,
    Right,
}

impl Value {
    fn key(self, it: &Right) -> String {
        match self {
            Value::Identity => it.identity.0.to_string(),
            Value::Resource => it.resource.0.to_string(),
            Value::Right => it.capability.id.to_owned(),
        }
    }

    fn name(self, it: &Right, editor: Editor) -> String {
        match self {
            Value::Identity => editor.name_of(it.identity),
            Value::Resource => editor.name_of(it.resource),
            Value::Right => it.capability.label.get(editor.lang().get()).to_owned(),
        }
    }

    /// What the choice is of, and its words for no choice.
    fn labels(self) -> (Text, Text) {
        match self {
            Value::Identity => (text("Identity", "ID"), text("Any identity", "すべての ID")),
            Value::Resource => {
                (text("Resource", "リソース"), text("Any resource", "すべてのリソース"))
            }
            Value::Right => (text("Right", "権限"), text("Any right", "すべての権限")),
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Side {
    value: Value,
    choices: Memo<Vec<Choice>>,
    picked: RwSignal<String>,
}

impl Side {
    /// All three, over the rights that are to be narrowed down.
    pub(super) fn all(editor: Editor, rights: Signal<Vec<Right>>) -> [Side; 3] {
        [Value::Identity, Value::Resource, Value::Right].map(|value| Side {
            value,
            choices: Memo::new(move |_| {
                let pairs = |it: &Right| (value.key(it), value.name(it, editor));
                let names: BTreeMap<String, String> =
                    rights.with(|all| all.iter().map(pairs).collect());
                let mut choices: Vec<Choice> = names.into_iter().collect();
                choices.sort_by(|a, b| a.1.cmp(&b.1));
                choices
            }),
            picked: RwSignal::new(String::new()),
        })
    }

    /// Empty for no choice, and where what was picked is gone.
    pub(super) fn chosen(self) -> String {
        let picked = self.picked.get();
        let there = self.choices.with(|all| all.iter().any(|it| it.0 == picked));
        if there { picked } else { String::new() }
    }

    pub(super) fn admits(self, chosen: &str, right: &Right) -> bool {
        chosen.is_empty() || self.value.key(right) == chosen
    }

    pub(super) fn view(self) -> impl IntoView {
        let (label, any) = self.value.labels();
        view! {
            <Pick
                label=label
                any=any
                choices=self.choices.into()
                chosen=Signal::derive(move || self.chosen())
                on_pick=Callback::new(move |it| self.picked.set(it))
            />
        }
    }
}
