//! What a screen reader hears of a box: kind, name, container, problems.

use super::super::editor::Editor;
use crate::{
    draw::scene,
    kinds::ResourceId,
    text::{Lang, Text, text},
};
use leptos::prelude::*;

const IN: Text = text("in {0}", "{0} の中");
const ON_CANVAS: Text = text("on the empty canvas", "キャンバス上");
const LOCKED: Text = text("locked", "ロック済み");
const PROBLEMS: Text = text("{0} problems", "問題 {0} 件");
const PROBLEM: Text = text("1 problem", "問題 1 件");

pub(super) fn spoken(editor: Editor, id: ResourceId, lang: Lang) -> String {
    let mut parts = editor.resources.with(|resources| {
        let Some(it) = resources.subject(id) else { return Vec::new() };
        let mut parts = vec![it.name().to_owned(), it.info().label.get(lang).to_owned()];
        let detail = scene::detail(it);
        if !detail.is_empty() {
            parts.push(detail);
        }
        parts.push(match it.parent() {
            Some(parent) => IN.with([parent.name().into()]).render(lang),
            None => ON_CANVAS.get(lang).to_owned(),
        });
        parts
    });
    if editor.design.with(|it| it.locked.contains(&id)) {
        parts.push(LOCKED.get(lang).to_owned());
    }
    match editor.report.with(|it| it.marks.get(&id).map(|it| it.1)) {
        Some(1) => parts.push(PROBLEM.get(lang).to_owned()),
        Some(n) => parts.push(PROBLEMS.with([crate::text::arg(n)]).render(lang)),
        None => {}
    }
    parts.join(", ")
}
