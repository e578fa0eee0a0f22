//! Lines between two containers as one, with their count; pressing it draws them one by one.

use leptos::prelude::*;
use web_sys::{Element, HtmlElement, SvgElement};

use super::{
    super::{browser::document, editor::Editor, session::SessionStoreFields as _},
    live::Live,
};
use crate::{
    draw::{
        bundle::{BundleId, badge_size},
        route,
    },
    text::{Lang, Text, arg, text},
};

const SPOKEN: Text =
    text("{0} connections between {1} and {2}: {3}", "{1} と {2} の間の接続 {0} 件: {3}");

/// Has the one Tab stop of all bundles: the one that had the keyboard last.
pub(super) const STOP: &str = ".bundle[tabindex='0']";

#[component]
pub(super) fn BundleLine(id: BundleId, #[prop(into)] first: Signal<bool>) -> impl IntoView {
    let editor = Editor::here();
    let live = Live::here();
    let lang = editor.lang();
    let open = editor.session.bundle();
    let is_open = Memo::new(move |_| open.with(|it| *it == Some(id)));
    let bundle = Memo::new(move |_| live.bundles.with(|it| it.get(id).cloned()));
    let count = Memo::new(move |_| bundle.with(|it| it.as_ref().map_or(0, |it| it.lines.len())));
    let line = move || {
        bundle.with(|it| it.as_ref().map(|it| route::path(&it.points, 0.0)).unwrap_or_default())
    };
    let place = move || {
        let at = bundle.with(|it| it.as_ref().and_then(|it| it.badge))?.center();
        Some(format!("translate({:.1} {:.1}) scale({:.3})", at.x, at.y, live.detail.get().scale))
    };
    let words = move || spoken(editor, id, count.get(), lang.get());
    let size = move || badge_size(count.get());

    view! {
        <g
            class="bundle"
            data-bundle=id.slug()
            data-relation=id.relation.slug()
            role="button"
            tabindex=move || if first.get() { "0" } else { "-1" }
            aria-expanded=move || is_open.get().to_string()
            aria-label=words
        >
            <path class="bundle-hit" d=line></path>
            <path class="bundle-line" d=line></path>
            {move || {
                place()
                    .map(|place| {
                        view! {
                            <g transform=place>
                                <rect
                                    class="bundle-badge"
                                    x=move || -size().0 / 2.0
                                    y=move || -size().1 / 2.0
                                    width=move || size().0
                                    height=move || size().1
                                ></rect>
                                <text class="bundle-count" y="4">
                                    {move || count.get().to_string()}
                                </text>
                            </g>
                        }
                    })
            }}
        </g>
    }
}

fn spoken(editor: Editor, id: BundleId, count: usize, lang: Lang) -> String {
    editor.resources.with(|all| {
        let name = |id| all.get(id).map(|it| it.name.clone()).unwrap_or_default();
        let kind = id.relation.label().get(lang).into();
        SPOKEN.with([arg(count), name(id.a).into(), name(id.b).into(), kind]).render(lang)
    })
}

/// Opens the bundle that an element is part of, or closes it.
pub(super) fn toggle(editor: Editor, element: &Element) -> bool {
    let id = element.get_attribute("data-bundle").and_then(|it| BundleId::of_slug(&it));
    if id.is_none() {
        return false;
    }
    editor.session.bundle().update(|it| *it = if *it == id { None } else { id });
    keep_keyboard();
    true
}

/// Goes to the next or previous bundle.
pub(super) fn step(element: &Element, back: bool) -> bool {
    let next =
        if back { element.previous_element_sibling() } else { element.next_element_sibling() };
    if let Some(it) = next {
        focus(&it);
    }
    true
}

/// Where the bundle that had the keyboard is an element no longer, gives it to another one.
pub(super) fn keep_keyboard() {
    request_animation_frame(|| {
        let lost = document().active_element().is_none_or(|it| it.tag_name() == "BODY");
        let other = document().query_selector(STOP).ok().flatten();
        if let Some(it) = other.filter(|_| lost) {
            focus(&it);
        }
    });
}

/// Gives the keyboard to a bundle that is about to become an element.
pub(super) fn focus_later(id: BundleId) {
    request_animation_frame(move || {
        let found = document().query_selector(&format!("[data-bundle='{}']", id.slug()));
        if let Some(it) = found.ok().flatten() {
            focus(&it);
        }
    });
}

pub(super) fn focus(element: &Element) {
    use leptos::wasm_bindgen::JsCast as _;
    if let Some(it) = element.dyn_ref::<SvgElement>() {
        let _ = it.focus();
    } else if let Some(it) = element.dyn_ref::<HtmlElement>() {
        let _ = it.focus();
    }
}
