//! Note: words on the drawing, for whoever reads it.
//!
//! It is no resource and nothing to Azure. That it is a record like the others gives it the file, the link,
//! undo, the clipboard and the outline; that its form is [`Form::Note`] keeps it from the solver and from
//! whatever is deployed. Its name is its text.

use super::{Form, Group as Palette, KindInfo, NameRule, Parent, no_arm, no_check, no_facts};
use crate::text::text;

pub const INFO: KindInfo = KindInfo {
    slug: "note",
    label: text("Note", "メモ"),
    help: text(
        "Words on the drawing; they are not judged and in no template or script",
        "図の上に置く文章。判定にもテンプレートやスクリプトにも影響しません",
    ),
    source: "",
    group: Palette::Note,
    arm_type: None,
    form: Form::Note,
    parents: &[Parent::Anywhere],
    fields: &[],
    name: NameRule::WORDS,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
