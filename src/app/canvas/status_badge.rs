//! The mark at a box's corner: the icon of its worst problem.

use leptos::prelude::*;

use super::super::icon::symbol;
use crate::report::Severity;

#[component]
pub(super) fn StatusBadge(
    #[prop(into)] severity: Signal<Option<Severity>>,
    #[prop(into)] x: Signal<f64>,
) -> impl IntoView {
    move || {
        severity.get().map(|it| {
            view! {
                <g
                    class="status-badge"
                    data-problem=it.slug()
                    transform=move || format!("translate({} -8)", x.get())
                >
                    <circle class="status-badge-disc" cx="8" cy="8" r="9.5"></circle>
                    <use_ href=symbol(&format!("ui-{}", it.slug())) width="16" height="16"></use_>
                </g>
            }
        })
    }
}
