//! Undo and redo: whole designs with the name of the step that led to each.
//!
//! Designs share their records, so a step costs what it changed plus one map of pointers.

use std::{collections::VecDeque, sync::Arc};

use super::{
    Design,
    edit::{self, Edit, EditError},
};
use crate::text::Message;

/// Steps kept; older ones are forgotten.
const LIMIT: usize = 500;

/// A design and the way it came about.
#[derive(Clone, Debug)]
pub struct History {
    present: Arc<Design>,
    past: VecDeque<(Message, Arc<Design>)>,
    future: Vec<(Message, Arc<Design>)>,
}

impl History {
    pub fn new(design: Design) -> History {
        History { present: Arc::new(design), past: VecDeque::new(), future: Vec::new() }
    }

    pub fn design(&self) -> &Arc<Design> {
        &self.present
    }

    /// Makes an edit. One that changes nothing is no step.
    pub fn dispatch(&mut self, edit: &Edit) -> Result<(), EditError> {
        let next = edit::apply(&self.present, edit)?;
        if next != *self.present {
            self.replace(edit.title(), next);
        }
        Ok(())
    }

    /// Puts another design in the place of this one, as a step that can be undone: opening a file or
    /// a link loses nothing.
    pub fn replace(&mut self, title: Message, next: Design) {
        let before = std::mem::replace(&mut self.present, Arc::new(next));
        self.past.push_back((title, before));
        if self.past.len() > LIMIT {
            self.past.pop_front();
        }
        self.future.clear();
    }

    /// Name of the step that undo would take back.
    pub fn undo_title(&self) -> Option<&Message> {
        self.past.back().map(|(title, _)| title)
    }

    pub fn redo_title(&self) -> Option<&Message> {
        self.future.last().map(|(title, _)| title)
    }

    /// Takes the last step back; whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some((title, before)) = self.past.pop_back() else { return false };
        let after = std::mem::replace(&mut self.present, before);
        self.future.push((title, after));
        true
    }

    pub fn redo(&mut self) -> bool {
        let Some((title, after)) = self.future.pop() else { return false };
        let before = std::mem::replace(&mut self.present, after);
        self.past.push_back((title, before));
        true
    }
}
