//! The identity cases: what assignments, groups, scopes, conditions, locks and deny assignments give
//! and what they do not. The answers come from the docs that each case names.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::identity_case::judge;

fn cases(file: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/identity");
    serde_json::from_str(&fs::read_to_string(folder.join(file)).unwrap()).unwrap()
}

fn all_pass(cases: &[Value]) {
    let failed: Vec<String> = cases
        .iter()
        .filter_map(|case| judge(case).err().map(|why| format!("{}: {why}", case["id"])))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn the_shared_cases_pass() {
    let cases = cases("shared.json");
    assert_eq!(cases.len(), 25);
    all_pass(&cases);
}

#[test]
fn our_cases_pass() {
    let cases = cases("ours.json");
    assert!(cases.len() >= 60);
    all_pass(&cases);
}

#[test]
fn every_case_of_ours_has_questions_a_decision_and_a_source() {
    let cases = cases("ours.json");
    let ids: BTreeSet<&str> = cases.iter().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "an id is missing or used twice");
    for case in &cases {
        for list in ["checks", "source"] {
            assert!(case[list].as_array().is_some_and(|it| !it.is_empty()), "{}", case["id"]);
        }
        let decision = case["expected"]["decision"].as_str().unwrap();
        assert!(["allow", "deny", "mixed", "unknown"].contains(&decision), "{}", case["id"]);
    }
}

#[test]
fn a_wrong_answer_and_a_broken_case_are_told() {
    let mut case = cases("shared.json").swap_remove(0);
    case["checks"][0]["expect"] = "deny".into();
    assert!(judge(&case).unwrap_err().contains("allow, not deny"));
    case["checks"][0]["plane"] = "third".into();
    assert_eq!(judge(&case).unwrap_err(), "no plane third");
}
