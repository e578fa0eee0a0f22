//! Files from outside: what is mended, what is refused, and in which words.

use drawbridge::{
    design::{
        file::{self, LoadError, Loaded},
        link,
    },
    kinds::{Kind, ResourceId},
    text::Lang,
};
use serde_json::{Value, json};

fn load(text: &str) -> Result<Loaded, LoadError> {
    file::load(text.as_bytes())
}

fn of(resources: Value) -> Loaded {
    load(&json!({"drawbridge": 1, "resources": resources}).to_string()).unwrap()
}

fn refused(text: &str) -> String {
    load(text).unwrap_err().0.render(Lang::En)
}

fn warnings(it: &Loaded) -> Vec<String> {
    it.warnings.iter().map(|it| it.render(Lang::En)).collect()
}

#[test]
fn a_resource_in_itself_goes_to_the_canvas() {
    let it = of(json!([{"id": 1, "kind": "subscription", "name": "s", "parent": 1}]));
    assert_eq!(it.design.get(ResourceId(1)).unwrap().parent, None);
    assert_eq!(
        warnings(&it),
        ["resource 1: its parent 1 stands in it; it stands on the canvas now"]
    );
}

#[test]
fn a_ring_is_cut_once_and_the_rest_is_untouched() {
    let it = of(json!([
        {"id": 1, "kind": "subnet", "name": "a", "parent": 3},
        {"id": 2, "kind": "subnet", "name": "b", "parent": 1},
        {"id": 3, "kind": "subnet", "name": "c", "parent": 2},
        {"id": 4, "kind": "resource-group", "name": "rg"},
        {"id": 5, "kind": "virtual-network", "name": "island", "parent": 4},
    ]));
    assert_eq!(it.design.resources.0.len(), 5);
    assert_eq!(it.warnings.len(), 1);
    assert_eq!(it.design.get(ResourceId(5)).unwrap().parent, Some(ResourceId(4)));
}

#[test]
fn a_parent_that_does_not_exist() {
    let it = of(json!([{"id": 1, "kind": "subnet", "name": "a", "parent": 9}]));
    assert_eq!(
        warnings(&it),
        ["resource 1: its parent 9 does not exist; it stands on the canvas now"]
    );
}

#[test]
fn the_first_bearer_of_a_number_keeps_it() {
    let it = of(json!([
        {"id": 1, "kind": "subscription", "name": "a"},
        {"id": 1, "kind": "subscription", "name": "b"},
        {"id": "x", "kind": "subscription", "name": "c"},
        {"id": -1, "kind": "subscription", "name": "d"},
        {"kind": "subscription", "name": "e"},
    ]));
    assert_eq!(it.design.resources.0.len(), 5);
    assert_eq!(it.design.get(ResourceId(1)).unwrap().name, "a");
    assert_eq!(it.warnings.len(), 4);
}

#[test]
fn unknown_members_and_kinds_are_kept() {
    let text = json!({
        "drawbridge": 1,
        "resources": [
            {"id": 1, "kind": "quantum-link", "name": "q", "future": {"a": [1, 2]}},
            {"id": 2, "kind": "subscription", "name": "s", "settings": {"later": true}},
        ],
        "extras": {"k": "v"},
    });
    let it = load(&text.to_string()).unwrap();
    assert_eq!(it.design.get(ResourceId(1)).unwrap().kind, Kind::Other);
    assert_eq!(it.warnings.len(), 1);
    let saved: Value = serde_json::from_str(&file::save(&it.design)).unwrap();
    assert_eq!(saved["extras"], text["extras"]);
    assert_eq!(saved["resources"][0]["kind"], "quantum-link");
    assert_eq!(saved["resources"][0]["future"], text["resources"][0]["future"]);
    assert_eq!(saved["resources"][1]["settings"]["later"], true);
    let again = load(&file::save(&it.design)).unwrap();
    assert_eq!(again.design, it.design);
}

#[test]
fn odd_places_are_made_anew() {
    let it = of(json!([
        {"id": 1, "kind": "subscription", "name": "a", "at": ["NaN", null, 1, 1]},
        {"id": 2, "kind": "subscription", "name": "b", "at": [1e300, -1e300, 0, -5]},
        {"id": 3, "kind": "subscription", "name": "c"},
    ]));
    for place in it.design.layout.values() {
        for n in [place.x, place.y, place.width, place.height] {
            assert!(n.is_finite() && n.abs() <= 1e6, "{place:?}");
        }
        assert!(place.width >= 1.0 && place.height >= 1.0);
    }
    assert_eq!(it.design.layout.len(), 3);
}

#[test]
fn below_a_box_at_the_limit_nothing_is_placed_beyond_it() {
    let it = of(json!([
        {"id": 1, "kind": "subscription", "name": "a", "at": [0, 1_000_000, 320, 160]},
        {"id": 2, "kind": "subscription", "name": "b"},
        {"id": 3, "kind": "subscription", "name": "c"},
    ]));
    let again = load(&file::save(&it.design)).unwrap();
    assert_eq!(again.design, it.design);
    assert!(it.design.layout.values().all(|it| it.y <= 1e6));
}

#[test]
fn what_is_refused_says_why() {
    for (text, why) in [
        ("", "the file is empty; open a design saved by Drawbridge"),
        (
            r#"{"drawbridge": 99, "resources": {"odd": 1}}"#,
            "the design is of format version 99; this Drawbridge reads up to 1. Open it with a newer Drawbridge",
        ),
        (
            r#"{"resources": 7, "drawbridge": 2}"#,
            "the design is of format version 2; this Drawbridge reads up to 1. Open it with a newer Drawbridge",
        ),
        (
            r#"{"resources": []}"#,
            "the file has no member \"drawbridge\" with a version, so it is not a design; open a design saved by Drawbridge",
        ),
        (
            "{\"drawbridge\": 1,\n \"resources\": [{\"id\"",
            "the file cannot be read at line 2, column 20: EOF while parsing an object",
        ),
        (
            "[]",
            "the file cannot be read at line 1, column 0: invalid type: sequence, expected a design (a JSON object)",
        ),
        (
            r#"{"drawbridge": 1, "resources": [{"at": [1e999, 0, 1, 1]}]}"#,
            "the file cannot be read at line 1, column 45: number out of range",
        ),
    ] {
        assert_eq!(refused(text), why, "{text}");
    }
    for (bytes, why) in [
        (&b"{\xff\xfe}"[..], "not UTF-8 text (byte 1)"),
        (b"\xff\xfe{\0", "UTF-16"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x01\x02\x03", "not text"),
        (b"<!DOCTYPE html>", "HTML"),
    ] {
        let said = file::load(bytes).unwrap_err().0.render(Lang::En);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn limits_hold_while_reading() {
    let many = format!(r#"{{"drawbridge":1,"resources":[{}{{}}]}}"#, "{},".repeat(1_000_000));
    assert!(refused(&many).contains("more than 20000 resources"));
    let deep = format!(r#"{{"drawbridge":1,"x":{}"#, "[".repeat(2_000_000));
    assert!(refused(&deep).contains("nested more than 127 levels deep"));
    for (place, file) in [
        ("odd", r#"{"drawbridge":1,"odd":@}"#),
        ("resources[0].odd", r#"{"drawbridge":1,"resources":[{"odd":@}]}"#),
        ("resources[0].settings.a.b", r#"{"drawbridge":1,"resources":[{"settings":{"a.b":@}}]}"#),
    ] {
        let nested = |levels| file.replace('@', &("[".repeat(levels) + &"]".repeat(levels)));
        assert!(load(&nested(file::MAX_NESTING)).is_ok());
        assert_eq!(
            refused(&nested(file::MAX_NESTING + 1)),
            format!(
                "{place} nests lists and objects more than 64 levels deep; take some levels out"
            )
        );
    }
    let long = json!({"drawbridge": 1, "resources": [{"kind": "subscription", "name": "x".repeat(2_500_000)}]});
    assert!(
        refused(&long.to_string()).contains("resources[0].name is longer than 1000 characters")
    );
    let chain: Vec<Value> = (1..=140)
        .map(|n| json!({"id": n, "kind": "subscription", "name": "s", "parent": if n == 1 { Value::Null } else { json!(n - 1) }}))
        .collect();
    let chain = json!({"drawbridge": 1, "resources": chain});
    assert!(refused(&chain.to_string()).contains("more than 64 levels deep"));
    let ring: Vec<Value> = (1..=5000)
        .map(|n| json!({"id": n, "kind": "subnet", "name": "s", "parent": n % 5000 + 1}))
        .collect();
    assert!(load(&json!({"drawbridge": 1, "resources": ring}).to_string()).is_err());
}

#[test]
fn of_two_members_with_one_name_neither_is_taken() {
    let twice = r#"{"drawbridge": 1, "resources": [{"kind": "subnet", "name": "a", "name": "b"}]}"#;
    assert!(
        refused(twice).ends_with("column 76: there are two members \"name\""),
        "{}",
        refused(twice)
    );
    assert!(
        refused(r#"{"drawbridge": 1, "drawbridge": 1}"#).contains("two members \"drawbridge\"")
    );
}

#[test]
fn what_is_no_text_or_no_resource_is_dropped_and_said() {
    let it =
        load(r#"{"drawbridge": 1, "name": 7, "description": null, "resources": [0]}"#).unwrap();
    assert_eq!(
        warnings(&it),
        [
            "name: 7 is not a text; it is empty now",
            "resources[0]: 0 is not an object; it was dropped"
        ]
    );
}

#[test]
fn locked_is_what_is_there() {
    let of = |locked: Value| {
        let resources = json!([{"id": 7, "kind": "subscription", "name": "s"}]);
        load(&json!({"drawbridge": 1, "resources": resources, "locked": locked}).to_string())
            .unwrap()
    };
    assert_eq!(of(json!([7])).design.locked, [ResourceId(7)].into());
    let it = of(json!([7, 8, -1, "7", null, [7]]));
    assert_eq!(it.design.locked, [ResourceId(7)].into());
    assert_eq!(warnings(&it).len(), 5);
    assert_eq!(warnings(&it)[0], "locked: 8 is not the number of a resource; it was dropped");
    assert_eq!(warnings(&of(json!({"7": true}))).len(), 1);
    assert!(of(json!(null)).warnings.is_empty());
}

#[test]
fn a_byte_order_mark_is_no_harm() {
    assert!(load("\u{feff}{\"drawbridge\": 1}").is_ok());
}

#[test]
fn numbers_without_a_place_in_a_link_are_changed() {
    let it = of(json!([
        {"id": 0, "kind": "resource-group", "name": "rg"},
        {"id": 4_294_967_295_u32, "kind": "subscription", "name": "s"},
        {"id": 3, "kind": "virtual-network", "name": "v", "parent": 0},
    ]));
    let ids: Vec<u32> = it.design.resources.0.keys().map(|it| it.0).collect();
    assert_eq!(ids, [3, 4, 5]);
    assert_eq!(it.warnings.len(), 3);
    let again = link::decode(&link::encode(&it.design)).unwrap();
    assert_eq!(again.design, it.design);
    // What is drawn next gets a number of its own.
    assert_eq!(it.design.next_id(), ResourceId(6));
}
