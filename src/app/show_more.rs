//! A long list, a piece at a time.

use leptos::prelude::*;

use super::say::tell;
use crate::text::{arg, text};

/// Rows of a list at first, and how many more each press adds.
pub const PIECE: usize = 200;

/// A button that shows more of a list of `len` rows, of which `shown` are there.
#[component]
pub fn ShowMore(shown: RwSignal<usize>, #[prop(into)] len: Signal<usize>) -> impl IntoView {
    let rest = move || len.get().saturating_sub(shown.get());
    view! {
        <Show when=move || { rest() > 0 }>
            <button
                type="button"
                class="button show-more"
                data-variant="quiet"
                on:click=move |_| shown.update(|it| *it += PIECE)
            >
                {move || tell(text("Show more ({0})", "さらに表示 ({0})").with([arg(rest())]))}
            </button>
        </Show>
    }
    .into_any()
}
