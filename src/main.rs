//! Mounts the app, nothing else.

use leptos::prelude::{ElementChild, IntoView, component, mount_to_body, view};

#[component]
fn App() -> impl IntoView {
    view! { <h1>"Drawbridge"</h1> }
}

fn main() {
    console_error_panic_hook::set_once();
    mount_to_body(App);
}
