//! Network cases: a design, a question, and what Azure's docs say comes of it.
//!
//! A case passes when verdict, failing hop and, where given, resolved address and symptom agree.

use serde_json::Value;

use crate::{Outcome, reader::text_of};

mod balancers;
mod design;
mod operations;
mod question;

/// The cases of a file: a list, or an object with a list `cases`.
pub(crate) fn cases(file: &Value) -> Option<&Vec<Value>> {
    file.get("cases").unwrap_or(file).as_array()
}

/// Runs one case through the kinds, the facts and the solver of the app.
///
/// In `own` cases every member must be known here. Others may say more than this adapter knows: that is
/// told, and what it does know decides.
pub(crate) fn run(case: &Value, own: bool) -> Outcome {
    let drawn = design::draw(case);
    let mut unread = drawn.unread.clone();
    let reply = question::answer(case, &drawn, &mut unread);
    let unread: Vec<String> =
        unread.into_iter().map(|it| format!("adapter does not know field {it}")).collect();
    let reply = match reply {
        Ok(_) if own && !unread.is_empty() => return Outcome::Failed(unread.join("; ")),
        Ok(it) => it,
        Err(problems) => return Outcome::Failed([problems, unread].concat().join("; ")),
    };
    let expected = |key: &str| case.pointer(&format!("/expected/{key}")).and_then(text_of);
    let mut differs = Vec::new();
    let mut compare = |what: &str, expected: Option<String>, got: &[&str]| {
        if let Some(expected) = expected
            && !got.contains(&expected.as_str())
        {
            differs.push(format!("{what} {expected}, got {}", got.join(" or ")));
        }
    };
    compare("verdict", expected("verdict"), &[reply.verdict]);
    compare("failing hop", expected("failing_hop"), &[reply.failing_hop]);
    let resolved: Vec<&str> = reply.resolved.iter().map(String::as_str).collect();
    compare("address", expected("resolved_address").map(spelled), &resolved);
    compare("symptom", expected("symptom"), &[reply.symptom.unwrap_or("none")]);
    if !differs.is_empty() {
        let differs = format!("expected {} ({})", differs.join("; expected "), reply.why);
        return Outcome::Failed([vec![differs], unread].concat().join("; "));
    }
    if unread.is_empty() { Outcome::Passed } else { Outcome::PassedUnread(unread.join("; ")) }
}

/// Cases write a missing answer in more than one way.
fn spelled(address: String) -> String {
    match address.to_ascii_lowercase().as_str() {
        "nxdomain" | "none" | "no answer" => "no answer".to_owned(),
        _ => address,
    }
}
