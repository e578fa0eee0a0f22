//! Lists and objects as text, in any format that nests them: one walk, each format its own marks.

use crate::kinds::arm::ArmValue;

/// The marks of a format.
pub(super) struct Marks {
    pub list: (&'static str, &'static str),
    pub object: (&'static str, &'static str),
    /// Between a member's name and its value.
    pub is: &'static str,
    /// After each item but the last.
    pub next: &'static str,
    /// A member's name.
    pub key: fn(&str) -> String,
}

/// What the walk asks a format for: everything that is neither list nor object.
pub(super) trait Leaves {
    fn leaf(&mut self, value: &ArmValue) -> String;
    /// An id as a member's name.
    fn id_key(&mut self, value: &ArmValue) -> String;
}

/// Prints `value`, whose first line stands at `depth`.
pub(super) fn print(
    out: &mut String,
    value: &ArmValue,
    depth: usize,
    marks: &Marks,
    leaves: &mut dyn Leaves,
) {
    match value {
        ArmValue::List(items) => {
            let (open, close) = marks.list;
            out.push_str(open);
            for (n, it) in items.iter().enumerate() {
                line(out, depth + 1, if n > 0 { marks.next } else { "" });
                print(out, it, depth + 1, marks, leaves);
            }
            end(out, depth, items.is_empty(), close);
        }
        ArmValue::Object(members) => {
            let (open, close) = marks.object;
            out.push_str(open);
            for (n, (name, it)) in members.iter().enumerate() {
                line(out, depth + 1, if n > 0 { marks.next } else { "" });
                out.push_str(&(marks.key)(name));
                out.push_str(marks.is);
                print(out, it, depth + 1, marks, leaves);
            }
            end(out, depth, members.is_empty(), close);
        }
        ArmValue::IdKeys(ids) => {
            let (open, close) = marks.object;
            out.push_str(open);
            for (n, id) in ids.iter().enumerate() {
                line(out, depth + 1, if n > 0 { marks.next } else { "" });
                out.push_str(&leaves.id_key(&ArmValue::IdOf(*id)));
                out.push_str(marks.is);
                out.push_str(open);
                out.push_str(close);
            }
            end(out, depth, ids.is_empty(), close);
        }
        other => out.push_str(&leaves.leaf(other)),
    }
}

fn line(out: &mut String, depth: usize, before: &str) {
    out.push_str(before);
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
}

fn end(out: &mut String, depth: usize, empty: bool, close: &str) {
    if !empty {
        line(out, depth, "");
    }
    out.push_str(close);
}
