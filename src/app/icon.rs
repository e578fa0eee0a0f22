//! Icons by name: `subnet` for a kind's slug, `ui-undo` for the app's own.
//!
//! They are put into the page once, as symbols; each use is one small element.

use leptos::prelude::*;

use super::browser::document;

/// A drawing; its first element is the `svg` itself.
struct Icon {
    name: &'static str,
    elements: &'static [Element],
}

struct Element {
    tag: &'static str,
    attributes: &'static [(&'static str, &'static str)],
}

include!(concat!(env!("OUT_DIR"), "/icons.rs"));

const SVG: &str = "http://www.w3.org/2000/svg";

/// Puts all symbols into the page. What the browser refuses is not drawn; nothing else fails.
pub fn install() {
    let Some(body) = document().body() else { return };
    let make = |tag: &str| document().create_element_ns(Some(SVG), tag).ok();
    let Some(sprite) = make("svg") else { return };
    let _ = sprite.set_attribute("class", "visually-hidden");
    let _ = sprite.set_attribute("aria-hidden", "true");
    for icon in ICONS {
        let Some(symbol) = make("symbol") else { continue };
        let _ = symbol.set_attribute("id", &symbol_id(icon.name));
        for (n, element) in icon.elements.iter().enumerate() {
            let part = if n == 0 { Some(symbol.clone()) } else { make(element.tag) };
            let Some(part) = part else { continue };
            for (key, value) in element.attributes {
                let _ = part.set_attribute(key, value);
            }
            if n > 0 {
                let _ = symbol.append_child(&part);
            }
        }
        let _ = sprite.append_child(&symbol);
    }
    let _ = body.append_child(&sprite);
}

fn symbol_id(name: &str) -> String {
    format!("icon-{name}")
}

/// Where `<use>` finds an icon.
pub fn symbol(name: &str) -> String {
    format!("#icon-{name}")
}

/// One of the app's own icons, beside text.
#[component]
pub fn Icon(#[prop(into)] name: Signal<&'static str>) -> impl IntoView {
    view! {
        <span class="icon" aria-hidden="true">
            <svg viewBox="0 0 24 24">
                <use_ href=move || symbol(&format!("ui-{}", name.get()))></use_>
            </svg>
        </span>
    }
}

/// A kind's icon on a tile of its group's hue.
#[component]
pub fn KindIcon(kind: crate::kinds::Kind) -> impl IntoView {
    let info = kind.info();
    view! {
        <span class="kind-icon" data-group=info.group.slug() aria-hidden="true">
            <svg viewBox="0 0 24 24">
                <use_ href=symbol(info.slug)></use_>
            </svg>
        </span>
    }
}

/// The icon and word of an outcome, always together.
#[component]
pub fn OutcomeMark(#[prop(into)] outcome: Signal<crate::solve::Outcome>) -> impl IntoView {
    let lang = super::editor::Editor::here().lang();
    view! {
        <span class="outcome" data-outcome=move || outcome.get().slug()>
            <Icon name=Signal::derive(move || outcome.get().slug())/>
            {move || outcome.get().label().get(lang.get())}
        </span>
    }
}

/// A button that is an icon, named for screen readers and by a tooltip.
#[component]
pub fn IconButton(
    icon: &'static str,
    /// Name and tooltip.
    #[prop(into)]
    label: Signal<String>,
    #[prop(optional, into)] pressed: Option<Signal<bool>>,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional)] small: bool,
    /// `top` or `end`, where the tooltip would leave the window.
    #[prop(optional)]
    tooltip_side: Option<&'static str>,
    on_press: impl Fn() + Send + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-button"
            data-size=small.then_some("small")
            data-tooltip=label
            data-tooltip-side=tooltip_side
            aria-label=label
            aria-pressed=move || pressed.map(|it| it.get().to_string())
            aria-disabled=move || disabled.get().then_some("true")
            on:click=move |_| {
                if !disabled.get_untracked() {
                    on_press();
                }
            }
        >
            <Icon name=icon/>
        </button>
    }
}
