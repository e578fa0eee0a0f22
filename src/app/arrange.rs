//! What is done to the places of the selection as a whole, and what is folded away.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{editor::Editor, session::SessionStoreFields as _};
use crate::{
    design::edit::Edit,
    draw::align::{self, Axis, Side},
    kinds::{ResourceId, Subject},
    text::{arg, text},
};

impl Editor {
    /// How many resources are selected.
    pub fn selected(self) -> usize {
        self.session.selection().with(BTreeSet::len)
    }

    pub fn align(self, side: Side) {
        let selection = self.session.selection().get_untracked();
        self.arrange(self.drawn(|design, scene| align::align(design, scene, &selection, side)));
    }

    pub fn distribute(self, axis: Axis) {
        let selection = self.session.selection().get_untracked();
        self.arrange(
            self.drawn(|design, scene| align::distribute(design, scene, &selection, axis)),
        );
    }

    fn arrange(self, edit: Option<Edit>) {
        match edit {
            Some(edit) => {
                self.dispatch(edit);
            }
            None => self.refuse(text(
                "select two or more resources to align, three or more to distribute",
                "整列するにはリソースを 2 つ以上、等間隔に配置するには 3 つ以上選択してください",
            )),
        }
    }

    pub fn tidy_up(self) {
        let align::Tidied { edit, locked, full } =
            self.design.with_untracked(|it| align::tidy_up(it));
        let title = edit.title();
        if !self.dispatch(edit) {
            return;
        }
        let names = |ids: &[ResourceId]| self.names_of(ids);
        let told = match (locked.is_empty(), full.is_empty()) {
            (true, _) => title,
            (_, true) => text(
                "Tidied up around what is locked: {0}",
                "ロックされたもの以外を整列しました。そのまま: {0}",
            )
            .with([arg(names(&locked))]),
            _ => text(
                "Tidied up around what is locked: {0}. What stands in {1} was left too: it would have to grow",
                "ロックされたもの以外を整列しました。そのまま: {0}。{1} は広げる必要があるため、中もそのままです",
            )
            .with([arg(names(&locked)), arg(names(&full))]),
        };
        self.toast(told, true);
        self.fit();
    }

    /// The first few names, and how many more there are.
    fn names_of(self, ids: &[ResourceId]) -> String {
        const MOST: usize = 3;
        let mut names: Vec<String> = ids.iter().take(MOST).map(|it| self.name_of(*it)).collect();
        if ids.len() > MOST {
            names.push(format!("+{}", ids.len() - MOST));
        }
        names.join(", ")
    }

    // Folding --------------------------------------------------------------------------------------

    /// Selected containers that hold something.
    pub fn foldable(self) -> Vec<ResourceId> {
        let selection = self.session.selection().get();
        self.design.with(|design| selection.into_iter().filter(|it| design.holds(*it)).collect())
    }

    /// Collapses the selected containers, or expands them if all are collapsed.
    pub fn fold_selection(self) {
        let all = self.foldable();
        let open: Vec<ResourceId> = self
            .session
            .collapsed()
            .with_untracked(|it| all.iter().copied().filter(|id| !it.contains(id)).collect());
        self.fold(if open.is_empty() { &all } else { &open }, !open.is_empty());
    }

    pub fn fold(self, ids: &[ResourceId], collapse: bool) {
        self.session.collapsed().update(|it| {
            for id in ids {
                if collapse {
                    it.insert(*id)
                } else {
                    it.remove(id)
                };
            }
        });
    }

    /// Expands what hides a resource.
    pub fn unfold(self, id: ResourceId) {
        let hiding: Vec<ResourceId> = self.design.with_untracked(|design| {
            let around = design.resources.subject(id).into_iter().flat_map(Subject::ancestors);
            let collapsed = self.session.collapsed().get_untracked();
            around.map(|it| it.id).filter(|it| collapsed.contains(it)).collect()
        });
        if !hiding.is_empty() {
            self.fold(&hiding, false);
        }
    }
}
