//! Dialogs, all native `<dialog>` elements: the browser keeps the focus inside and handles Escape.

use leptos::{html, prelude::*};

use super::{
    editor::Editor,
    icon::IconButton,
    say::named,
    session::{Dialog, SessionStoreFields as _},
};
use crate::text::text;

// The address space of a network.
mod addresses;

// Another design beside this one.
mod compare;

// Several ways to connect two resources.
mod connect;

// A private endpoint with its zones.
mod endpoint;

// Templates and scripts.
mod export;

// Everything by name.
mod find;

// The design as a link.
mod share;

// Every key.
mod shortcuts;

#[component]
pub fn Dialogs() -> impl IntoView {
    let dialog = Editor::here().session.dialog();
    move || match dialog.get()? {
        Dialog::Share => Some(view! { <share::ShareDialog/> }.into_any()),
        Dialog::Export => Some(view! { <export::ExportDialog/> }.into_any()),
        Dialog::Compare => Some(view! { <compare::CompareDialog/> }.into_any()),
        Dialog::Shortcuts => Some(view! { <shortcuts::ShortcutsDialog/> }.into_any()),
        Dialog::Find => Some(view! { <find::FindDialog/> }.into_any()),
        Dialog::Addresses(network) => {
            Some(view! { <addresses::AddressesDialog network=network/> }.into_any())
        }
        Dialog::Endpoint(target) => {
            Some(view! { <endpoint::EndpointDialog target=target/> }.into_any())
        }
        Dialog::Connect { from, to } => {
            Some(view! { <connect::ConnectDialog from=from to=to/> }.into_any())
        }
    }
}

/// The frame of a dialog: opened as soon as it is in the page, gone when the browser closes it.
#[component]
fn Frame(
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] size: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let dialog = Editor::here().session.dialog();
    let root: NodeRef<html::Dialog> = NodeRef::new();
    root.on_load(|it| {
        // Refused only where it is open already.
        let _ = it.show_modal();
    });
    view! {
        <dialog
            class="dialog"
            data-size=size
            node_ref=root
            aria-labelledby="dialog-title"
            on:close=move |_| dialog.set(None)
            on:click=move |event| {
                // The backdrop is the dialog element itself.
                if event.target() == event.current_target() {
                    dialog.set(None);
                }
            }
        >
            <header class="dialog-header">
                <h2 class="dialog-title" id="dialog-title">
                    {title}
                </h2>
                <IconButton
                    icon="close"
                    label=named(text("Close", "閉じる"))
                    tooltip_side="end"
                    on_press=move || dialog.set(None)
                />
            </header>
            {children()}
        </dialog>
    }
}
