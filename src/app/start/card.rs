//! One design of the gallery.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    super::{assessed::Assessed, editor::Editor, icon::Icon, say::say},
    picture::Picture,
};
use crate::{
    draw::scene::Scene,
    gallery::Entry,
    report,
    text::{Lang, text},
};

#[component]
pub(super) fn Card(entry: &'static Entry) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    // Only the names of a design depend on the language.
    let design = Arc::new(entry.design(Lang::En));
    let scene = Arc::new(Scene::build(&design));
    let counts = Assessed::new(report::assess(&design), None).counts();
    let counts = counts
        .into_iter()
        .filter(|it| it.1 > 0)
        .map(|(outcome, count)| {
            view! {
                <span class="outcome" data-outcome=outcome.slug()>
                    <Icon name=outcome.slug()/>
                    {move || format!("{} {count}", outcome.label().get(lang.get()))}
                </span>
            }
        })
        .collect_view();
    view! {
        <article class="gallery-card">
            <div class="gallery-card-preview">
                <Picture design=design scene=scene/>
            </div>
            <div class="gallery-card-body">
                <h3 class="gallery-card-title">{say(entry.title)}</h3>
                <p class="gallery-card-text">{say(entry.description)}</p>
                <p class="gallery-card-counts">{counts}</p>
            </div>
            <div class="gallery-card-actions">
                <button
                    type="button"
                    class="button"
                    aria-label=move || {
                        text("Open {0}", "{0} を開く")
                            .with([entry.title.get(lang.get()).into()])
                            .render(lang.get())
                    }
                    on:click=move |_| editor.open_gallery(entry)
                >
                    {say(text("Open", "開く"))}
                </button>
            </div>
        </article>
    }
}
