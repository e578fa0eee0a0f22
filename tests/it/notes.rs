//! Notes: words on the drawing, of which nobody but the reader of the drawing hears.

use drawbridge::{
    design::{
        Design, compare,
        edit::{self, Edit},
        file, link,
    },
    export, gallery,
    kinds::{Kind, ResourceId, setting::Settings},
    report,
    text::Lang,
};

/// A design of the gallery, and the same with a note on its subnet.
fn noted(words: &str) -> (Design, Design, ResourceId) {
    let bare = gallery::find("vnet-workspace").unwrap().design(Lang::En);
    let parent = bare.resources.subjects().find(|it| it.kind() == Kind::Subnet).map(|it| it.id);
    let id = bare.next_id();
    let (kind, name, settings) = (Kind::Note, words.to_owned(), Settings::new());
    let add = Edit::Add { id: None, kind, name, parent, settings, place: None };
    let noted = edit::apply(&bare, &add).unwrap();
    (bare, noted, id)
}

#[test]
fn nothing_of_it_reaches_the_solver() {
    let (bare, noted, _) = noted("subnet 10.0.0.0/8");
    assert_eq!(noted.resources.facts(), bare.resources.facts());
    assert_eq!(noted.resources.without_notes(), bare.resources);
    let [a, b] = [&bare, &noted].map(|it| format!("{:?}", report::assess(it)));
    assert!(a == b);
}

#[test]
fn nothing_of_it_is_deployed_and_an_empty_one_keeps_nothing_back() {
    for words in ["", "ask Contoso"] {
        let (bare, noted, _) = noted(words);
        for exporter in export::ALL.iter().filter(|it| !["svg", "report"].contains(&it.id)) {
            assert!(exporter.export(&noted) == exporter.export(&bare), "{}", exporter.id);
        }
    }
}

#[test]
fn it_is_in_the_file_the_link_and_the_picture() {
    let words = "</text><script>alert(1)</script>\n<b>&amp; 見て";
    let (_, design, id) = noted(words);
    let design = file::load(file::save(&design).as_bytes()).unwrap().design;
    let linked = link::decode(&link::encode(&design)).unwrap();
    assert_eq!(linked.warnings, []);
    assert_eq!(linked.design.get(id).unwrap().name, words);
    let picture = &export::svg::EXPORTER.export(&design).unwrap()[0].text;
    assert!(!picture.contains("<script") && !picture.contains("<b>"), "{picture}");
    assert!(picture.contains("alert(1)"), "{picture}");
}

#[test]
fn what_is_too_long_to_be_opened_again_is_refused() {
    let (_, design, id) = noted("short");
    let long = |n: usize| Edit::Rename { id, name: "あ".repeat(n) };
    let after = edit::apply(&design, &long(file::MAX_NAME)).unwrap();
    assert!(file::load(file::save(&after).as_bytes()).is_ok());
    let why = edit::apply(&design, &long(file::MAX_NAME + 1)).unwrap_err();
    assert_eq!(
        why.0.render(Lang::En),
        "a note has at most 1000 characters, and this one has 1001; shorten it or make two of it"
    );
}

#[test]
fn a_comparison_tells_of_added_changed_and_removed_notes() {
    let (bare, noted, id) = noted("ask Contoso");
    assert_eq!(compare::compare(&bare, &noted).added, [id]);
    assert_eq!(compare::compare(&noted, &bare).removed, [id]);
    let edit = Edit::Rename { id, name: "Contoso agreed".to_owned() };
    let changed = compare::compare(&noted, &edit::apply(&noted, &edit).unwrap()).changed;
    let [only] = &changed[..] else { panic!("{changed:?}") };
    assert_eq!((only.after, only.changes.len()), (id, 1));
    assert_eq!(only.changes[0].after, Some("Contoso agreed".into()));
}

#[test]
fn it_goes_with_what_it_stands_in() {
    let (_, noted, id) = noted("ask Contoso");
    let parent = noted.get(id).unwrap().parent.unwrap();
    let without = edit::apply(&noted, &Edit::Remove(vec![parent])).unwrap();
    assert_eq!(without.get(id), None);
    let out = Edit::Reparent { id, parent: None, place: None };
    assert_eq!(edit::apply(&noted, &out).unwrap().get(id).unwrap().parent, None);
    let account = noted.resources.subjects().find(|it| it.kind() == Kind::User).unwrap().id;
    let into = Edit::Reparent { id, parent: Some(account), place: None };
    assert!(edit::apply(&noted, &into).is_err(), "a user holds nothing");
}
