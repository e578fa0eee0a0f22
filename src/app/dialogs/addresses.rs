//! The address space of a network: what is taken, what is free, a new subnet, a subnet cut in two.

use leptos::prelude::*;
use serde_json::json;

use super::{
    super::{
        editor::Editor,
        icon::Icon,
        say::{named, say, tell},
    },
    Frame,
};
use crate::{
    design::{
        addresses::{self, LONGEST, Plan, Split},
        edit::Edit,
    },
    draw::edits,
    facts::cidr::Cidr,
    kinds::{ResourceId, setting::Setting as _},
    text::{Message, arg, text},
};

/// The largest subnet that is proposed; a larger one can be typed.
const SHORTEST: u8 = 16;

/// Size of the range that a network is offered as a further one.
const FURTHER: u8 = 16;

#[component]
pub(super) fn AddressesDialog(network: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let network = RwSignal::new(network);
    let plan = Memo::new(move |_| editor.resources.with(|it| Plan::of(it, network.get())));
    let networks = editor.resources.with_untracked(addresses::networks);
    let options = networks
        .into_iter()
        .map(|it| {
            view! {
                <option value=it.0.to_string() selected=network.get_untracked() == it>
                    {editor.name_of(it)}
                </option>
            }
        })
        .collect_view();
    let choose = move |event| {
        if let Ok(id) = event_target_value(&event).parse() {
            network.set(ResourceId(id));
        }
    };
    let overlaps = move || {
        let all = editor.resources.with(|it| addresses::overlapping(it, network.get()));
        all.into_iter().map(warning).collect_view()
    };
    let further = move || {
        let (prefix, edit) = editor.resources.with(|it| {
            let prefix = addresses::next_space(it, FURTHER)?;
            Some((prefix, addresses::extend(it, network.get(), prefix)?))
        })?;
        let words = text("Extend by {0}", "{0} を追加").with([arg(prefix)]);
        Some(view! {
            <button
                type="button"
                class="button"
                on:click=move |_| {
                    editor.dispatch_aloud(edit.clone());
                }
            >
                <Icon name="add"/>
                {words.render(lang.get())}
            </button>
        })
    };
    let own = RwSignal::new(None::<String>);
    let rows = move || {
        let blocks = plan.get().map(|it| it.blocks).unwrap_or_default();
        let rows = blocks.into_iter().map(|it| match it.subnet {
            Some(id) => taken(editor, id, it.prefix),
            None => free(it.prefix, own),
        });
        rows.collect_view()
    };
    view! {
        <Frame title=named(text("Plan addresses", "アドレス計画")) size="large">
            <div class="dialog-body">
                <div class="compare-choice">
                    <select
                        id="addresses-network"
                        aria-label=say(text("Virtual network", "仮想ネットワーク"))
                        on:change=choose
                    >
                        {options}
                    </select>
                    {further}
                </div>
                {overlaps}
                <table class="access-table">
                    <thead>
                        <tr>
                            <th scope="col">{say(text("Prefix", "プレフィックス"))}</th>
                            <th scope="col">{say(text("Subnet", "サブネット"))}</th>
                            <th scope="col">{say(text("Addresses", "アドレス数"))}</th>
                            <th scope="col">{say(text("Change", "変更"))}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="dialog-help">
                    {say(text(
                        "Azure keeps five addresses of each subnet. The numbers are what is left.",
                        "各サブネットの 5 個のアドレスは Azure が予約します。表示は残りの数です。",
                    ))}
                </p>
                <NewSubnet network=network plan=plan own=own/>
            </div>
        </Frame>
    }
}

fn warning(it: Message) -> AnyView {
    view! {
        <p class="note" data-problem="warning">
            <Icon name="warning"/>
            <span>{tell(it)}</span>
        </p>
    }
    .into_any()
}

fn taken(editor: Editor, id: ResourceId, prefix: Cidr) -> AnyView {
    let split = editor.design.with_untracked(|it| addresses::split(&it.resources, id, 1));
    let button = split.map(|split| {
        let label = text("Split {0} in two", "{0} を 2 つに分割").with([editor.name_of(id).into()]);
        view! {
            <button
                type="button"
                class="button"
                aria-label=tell(label)
                on:click=move |_| cut(editor, &split)
            >
                {say(text("Split", "分割"))}
            </button>
        }
    });
    row(prefix, editor.name_of(id).into_any(), button.into_any())
}

/// Cuts a subnet, also where that breaks something: it is one undo away, and what it broke is said.
fn cut(editor: Editor, split: &Split) {
    let Some(edit) = editor.design.with_untracked(|it| edits::split_subnet(it, split)) else {
        return;
    };
    let wrong = editor.design.with_untracked(|it| addresses::troubles(it, &edit));
    if editor.dispatch_aloud(edit)
        && let Some(first) = wrong.into_iter().next()
    {
        editor.toast(first, true);
    }
}

fn free(prefix: Cidr, own: RwSignal<Option<String>>) -> AnyView {
    let label =
        text("Use {0} for a new subnet", "{0} を新しいサブネットに使う").with([arg(prefix)]);
    let button = (prefix.len() <= LONGEST).then(|| {
        view! {
            <button
                type="button"
                class="button"
                data-variant="quiet"
                aria-label=tell(label)
                on:click=move |_| own.set(Some(prefix.to_string()))
            >
                {say(text("Use", "使う"))}
            </button>
        }
    });
    let name = view! { <em>{say(text("free", "空き"))}</em> };
    row(prefix, name.into_any(), button.into_any())
}

fn row(prefix: Cidr, name: AnyView, change: AnyView) -> AnyView {
    view! {
        <tr>
            <th scope="row">
                <code>{prefix.to_string()}</code>
            </th>
            <td>{name}</td>
            <td>{addresses::usable(prefix)}</td>
            <td>{change}</td>
        </tr>
    }
    .into_any()
}

/// A subnet by name and size, in the first free place or where it is wanted.
#[component]
fn NewSubnet(
    network: RwSignal<ResourceId>,
    plan: Memo<Option<Plan>>,
    /// The prefix as it was typed or chosen; else the next one.
    own: RwSignal<Option<String>>,
) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let name = RwSignal::new(editor.design.with_untracked(|it| edits::subnet_name(it)));
    let size = RwSignal::new(addresses::proposed(""));
    let next = move || plan.with(|it| it.as_ref()?.next_or_smaller(size.get()));
    let prefix = Signal::derive(move || {
        own.get().or_else(|| next().map(|it| it.to_string())).unwrap_or_default()
    });
    let edit = move || -> Result<Edit, Message> {
        let typed = prefix.get();
        let prefix = Cidr::read(&json!(typed.trim())).map_err(|why| {
            let why = why.into_iter().next().map(|it| it.text);
            why.unwrap_or_else(|| Message::value(typed))
        })?;
        let settings = addresses::subnet_settings(prefix);
        editor.design.track();
        let add = |design: &_, scene: &_| {
            edits::add_subnet(design, scene, network.get(), &name.get(), &settings).1
        };
        Ok(editor.drawn(add))
    };
    let wrong = move || match edit() {
        Ok(edit) => editor.design.with_untracked(|it| addresses::troubles(it, &edit)),
        Err(why) => vec![why],
    };
    let add = move || {
        if let Ok(edit) = untrack(edit)
            && editor.dispatch_aloud(edit)
        {
            own.set(None);
            name.set(editor.design.with_untracked(|it| edits::subnet_name(it)));
            size.set(addresses::proposed(""));
        }
    };
    let sizes = move || {
        let lang = lang.get();
        let sizes = (SHORTEST..=LONGEST).map(|len| {
            let count = addresses::usable(Cidr::holding(std::net::Ipv4Addr::UNSPECIFIED, len));
            let label =
                text("/{0}: {1} addresses", "/{0}: {1} アドレス").with([arg(len), arg(count)]);
            let fits = plan.with(|it| it.as_ref().is_some_and(|it| it.next(len).is_some()));
            view! {
                <option
                    value=len.to_string()
                    disabled=!fits
                    selected=move || size.get() == len
                >
                    {label.render(lang)}
                </option>
            }
        });
        sizes.collect_view()
    };
    let names = addresses::service_names().map(|it| view! { <option value=it></option> });
    let names = names.collect_view();
    view! {
        <div
            class="address-form"
            on:keydown=move |event| {
                let field = event_target::<web_sys::Element>(&event);
                if event.key() == "Enter" && field.tag_name() == "INPUT" {
                    event.prevent_default();
                    add();
                }
            }
        >
            <label>
                {say(text("Name", "名前"))}
                <input
                    type="text"
                    id="address-name"
                    list="address-names"
                    autocomplete="off"
                    prop:value=name
                    on:input=move |event| {
                        let it = event_target_value(&event);
                        size.set(addresses::proposed(&it));
                        name.set(it);
                    }
                />
            </label>
            <datalist id="address-names">{names}</datalist>
            <label>
                {say(text("Size", "サイズ"))}
                <select
                    id="address-size"
                    on:change=move |event| {
                        if let Ok(it) = event_target_value(&event).parse() {
                            size.set(it);
                            own.set(None);
                        }
                    }
                >
                    {sizes}
                </select>
            </label>
            <label>
                {say(text("Address prefix", "アドレス プレフィックス"))}
                <input
                    type="text"
                    id="address-prefix"
                    autocomplete="off"
                    prop:value=prefix
                    on:input=move |event| own.set(Some(event_target_value(&event)))
                />
            </label>
            <button
                type="button"
                class="button"
                data-variant="primary"
                on:click=move |_| add()
            >
                <Icon name="add"/>
                {say(text("Add subnet", "サブネットを追加"))}
            </button>
        </div>
        <div role="status">{move || wrong().into_iter().map(warning).collect_view()}</div>
    }
}
