//! What only a real browser can show, and what is too small for Playwright. `cargo xtask test wasm` runs it in Chromium.
#![cfg(target_arch = "wasm32")]

use std::sync::atomic::{AtomicU32, Ordering};

use drawbridge::{
    app::{
        App,
        editor::Editor,
        icon,
        session::{Page, SessionStoreFields as _},
    },
    design::{Design, Place, edit::Edit, link},
    gallery,
    kinds::{Form, Kind, setting::Settings},
    report::{self, Report},
    text::{Lang, text},
};
use leptos::{mount::mount_to, prelude::*, task::tick, wasm_bindgen::JsCast as _};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlElement;

wasm_bindgen_test_configure!(run_in_browser);

static ASSESSED: AtomicU32 = AtomicU32::new(0);

fn counted(design: &Design) -> Report {
    ASSESSED.fetch_add(1, Ordering::Relaxed);
    report::assess(design)
}

/// An editor without a page, with the gallery's first design in it.
fn editor() -> Editor {
    let editor = Editor::new(counted);
    editor.open(gallery::ALL[0].design(Lang::En));
    editor
}

/// The whole app in a fresh element, as after a first visit.
async fn app() -> (HtmlElement, impl Drop) {
    let storage = window().local_storage().unwrap().unwrap();
    storage.clear().unwrap();
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&root).unwrap();
    icon::install();
    let handle = mount_to(root.clone(), App);
    tick().await;
    (root, handle)
}

fn find(root: &HtmlElement, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector).unwrap().map(|it| it.unchecked_into())
}

#[wasm_bindgen_test]
fn moving_a_box_or_renaming_the_design_never_runs_the_solver() {
    Owner::new().with(|| {
        let editor = editor();
        let runs = || {
            editor.report.with_untracked(|_| ());
            ASSESSED.load(Ordering::Relaxed)
        };
        let before = runs();
        let id = *editor.scene.with_untracked(|it| it.order.clone()).first().unwrap();
        let place = Place { x: 500.0, y: 300.0, width: 400.0, height: 300.0 };
        assert!(editor.dispatch(Edit::Arrange(vec![(id, place)])));
        assert!(editor.dispatch(Edit::SetTitle("another".to_owned())));
        editor.undo();
        assert_eq!(runs(), before);
        // The same counter does notice what can change a verdict.
        assert!(editor.dispatch(Edit::Rename { id, name: "renamed".to_owned() }));
        assert_eq!(runs(), before + 1);
    });
}

#[wasm_bindgen_test]
fn a_refused_edit_says_why_and_changes_nothing() {
    Owner::new().with(|| {
        let editor = editor();
        let before = editor.design.get_untracked();
        let edit = Edit::Add {
            id: None,
            kind: Kind::Subnet,
            name: "lost".to_owned(),
            parent: None,
            settings: Settings::new(),
            place: None,
        };
        assert!(!editor.dispatch(edit));
        assert_eq!(editor.design.get_untracked(), before);
        assert!(editor.session.toast().get_untracked().is_some_and(|it| it.refused));
    });
}

#[wasm_bindgen_test]
fn opening_another_design_is_one_undo_away_from_the_one_before() {
    Owner::new().with(|| {
        let editor = editor();
        let before = editor.design.get_untracked();
        editor.open(Design { name: "other".to_owned(), ..Design::default() });
        assert_eq!(editor.design.get_untracked().name, "other");
        editor.undo();
        assert_eq!(editor.design.get_untracked(), before);
    });
}

#[wasm_bindgen_test]
async fn each_box_of_a_gallery_design_says_name_kind_container_and_problems() {
    let (root, _app) = app().await;
    find(&root, "button[lang=en]").unwrap().click();
    tick().await;
    find(&root, ".gallery-card button").expect("a card to open").click();
    tick().await;
    let design = gallery::ALL[0].design(Lang::En);
    let problems = report::assess(&design).diagnostics;
    let mut drawn = 0;
    for it in design.resources.subjects() {
        let Some(element) = find(&root, &format!("#r{}[role=treeitem]", it.id.0)) else {
            continue;
        };
        let spoken = element.get_attribute("aria-label").unwrap();
        if matches!(it.info().form, Form::Edge { .. }) {
            // A line says what it is and its two ends.
            assert!(spoken.starts_with(&format!("{} from ", it.info().label.en)), "{spoken}");
            continue;
        }
        drawn += 1;
        let mut expected = vec![it.name().to_owned(), it.info().label.en.to_owned()];
        expected.push(match it.parent() {
            Some(parent) => format!("in {}", parent.name()),
            None => "on the empty canvas".to_owned(),
        });
        match problems.iter().filter(|problem| problem.at.contains(&it.id)).count() {
            0 => {}
            1 => expected.push("1 problem".to_owned()),
            n => expected.push(format!("{n} problems")),
        }
        // What is between, an address or a region, is the kind's own.
        let parts: Vec<&str> = spoken.split(", ").collect();
        assert_eq!(parts[..2], expected[..2], "{spoken}");
        assert!(spoken.ends_with(&expected[2..].join(", ")), "{spoken} {expected:?}");
    }
    let boxes = design.resources.subjects();
    let boxes = boxes.filter(|it| !matches!(it.info().form, Form::Edge { .. })).count();
    assert!(drawn == boxes && boxes > 5, "{drawn} of {boxes}");
}

#[wasm_bindgen_test]
async fn the_language_changes_in_place() {
    let (root, _app) = app().await;
    let title = || find(&root, "h1").unwrap().text_content().unwrap();
    find(&root, "button[lang=en]").unwrap().click();
    tick().await;
    let english = title();
    find(&root, "button[lang=ja]").unwrap().click();
    tick().await;
    assert_ne!(title(), english);
    assert_eq!(document().document_element().unwrap().get_attribute("lang").as_deref(), Some("ja"));
}

#[wasm_bindgen_test]
fn a_damaged_link_opens_nothing_and_says_so() {
    Owner::new().with(|| {
        let editor = editor();
        let before = editor.design.get_untracked();
        let mut fragment = link::encode(&before);
        fragment.pop();
        let opened = editor.open_loaded(link::decode(&fragment), text("not opened", "開けません"));
        assert!(!opened);
        assert_eq!(editor.design.get_untracked(), before);
        assert!(editor.session.banner().get_untracked().is_some_and(|it| it.refused));
        assert_eq!(editor.session.page().get_untracked(), Page::Canvas);
    });
}
