//! Who can do what: rights of and on the selected resource, what falls with an identity, assignments that
//! are wider than the operations need. Worked out only while this tab is open.

use std::sync::Arc;

use leptos::prelude::*;

use super::{
    super::{
        editor::Editor,
        icon::OutcomeMark,
        say::{say, tell},
        search_box::SearchBox,
        session::SessionStoreFields as _,
    },
    fixes::FixButton,
    sides::Side,
};
use crate::{
    checks::Group,
    kinds::ResourceId,
    questions::{
        Filter, Right, Rights,
        takeover::{Chain, takeover},
        wide::{Use, wide},
    },
    report::{Need, Operation, facts, tried},
    solve::{Gate, Trace},
    text::{Message, arg, text},
};

/// Rows of the table at once; the filter finds the others.
pub(super) const MOST: usize = 200;

/// Ways at once, each with its steps.
const MOST_WAYS: usize = 50;

#[component]
pub(super) fn Access() -> impl IntoView {
    let editor = Editor::here();
    let selection = editor.session.selection();
    let search = RwSignal::new(String::new());
    let selected = Memo::new(move |_| selection.with(|it| it.first().copied()));
    let found = Memo::new(move |_| {
        let selected = selected.get();
        // Where boxes stand decides nothing.
        editor.resources.with(|resources| {
            let facts = facts(resources);
            let rights = Rights::new(resources, &facts);
            let everything = Filter::default();
            let Some(it) = selected else { return (rights.find(&everything), Vec::new()) };
            let mut all = rights.find(&Filter { identity: selected, ..everything });
            all.extend(rights.find(&Filter { resource: selected, ..everything }));
            let acts = rights.identities().iter().any(|one| one.id == it);
            let chains = if acts { takeover(resources, &facts, it) } else { Vec::new() };
            (all, chains)
        })
    });
    let lang = editor.lang();
    let sides = Side::all(editor, Signal::derive(move || found.with(|it| it.0.clone())));
    // What somebody can do comes first; what nobody asked about is not a finding.
    let shown = Memo::new(move |_| {
        let names = |it: &Right| {
            let label = it.capability.label.get(lang.get());
            [editor.name_of(it.identity), editor.name_of(it.resource), label.to_owned()]
        };
        let chosen = sides.map(|it| (it, it.chosen()));
        let fits = |it: &&Right| {
            chosen.iter().all(|(side, wanted)| side.admits(wanted, it))
                && contains(&names(it), &search.get())
        };
        let mut all: Vec<Right> = found.with(|it| it.0.iter().filter(fits).copied().collect());
        all.sort_by_key(|it| it.outcome);
        all
    });
    let ways = move || {
        let fits = |it: &&Chain| {
            let label = it.capability.label.get(lang.get());
            contains(&[editor.name_of(it.resource), label.to_owned()], &search.get())
        };
        found.with(|it| it.1.iter().filter(fits).cloned().collect::<Vec<_>>())
    };
    let more = move || shown.with(|it| it.len().saturating_sub(MOST));
    view! {
        <div class="access">
            <SearchBox
                id="access-search"
                hint=text("Identity, resource or right", "ID、リソース、権限")
                label=text("Filter rights", "権限を絞り込み")
                value=search.into()
                on_input=Callback::new(move |it| search.set(it))
            />
            {move || {
                let chains = ways();
                (!chains.is_empty())
                    .then(|| {
                        let rest = chains.len().saturating_sub(MOST_WAYS);
                        view! {
                            <h3 class="section-label">
                                {say(text("If it is taken over", "この ID が乗っ取られた場合"))}
                            </h3>
                            <ul class="access-chains">
                                {chains
                                    .into_iter()
                                    .take(MOST_WAYS)
                                    .map(|it| view! { <ChainItem chain=it from=selected.get_untracked()/> })
                                    .collect_view()}
                            </ul>
                            {and_more(rest)}
                        }
                    })
            }}
            <div class="picks">{sides.map(Side::view).collect_view()}</div>
            <table class="access-table">
                <caption class="section-label">{say(text("Who can do what", "誰が何をできるか"))}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say(text("Identity", "ID"))}</th>
                        <th scope="col">{say(text("Right", "権限"))}</th>
                        <th scope="col">{say(text("Result", "結果"))}</th>
                    </tr>
                </thead>
                <tbody>
                    {move || {
                        let rows = shown.with(|it| it.iter().take(MOST).copied().collect::<Vec<_>>());
                        rows.into_iter().map(|it| view! { <RightRow right=it/> }).collect_view()
                    }}
                </tbody>
            </table>
            {move || and_more(more())}
            <Show when=move || selected.get().is_none()>
                <Wide/>
            </Show>
        </div>
    }
}

/// Whether any of the names holds what is looked for.
pub(super) fn contains(names: &[String], wanted: &str) -> bool {
    let wanted = wanted.trim().to_lowercase();
    names.iter().any(|it| it.to_lowercase().contains(&wanted))
}

/// What is not listed.
pub(super) fn and_more(rest: usize) -> Option<AnyView> {
    let words = text("{0} more; filter to find them", "ほか {0} 件。絞り込んで表示できます");
    let words = words.with([arg(rest)]);
    (rest > 0).then(|| view! { <p class="step-detail">{tell(words)}</p> }.into_any())
}

#[component]
fn RightRow(right: Right) -> impl IntoView {
    let editor = Editor::here();
    let open = RwSignal::new(false);
    let why = move || {
        open.get().then(|| {
            let steps = editor.resources.with(|resources| {
                let facts = facts(resources);
                Rights::new(resources, &facts).why(&right)
            });
            let all =
                steps.into_iter().map(|it| view! { <p class="step-detail">{tell(it.text)}</p> });
            all.collect_view()
        })
    };
    view! {
        <tr>
            <th scope="row">
                <Jump to=right.identity/>
            </th>
            <td>
                <button
                    type="button"
                    class="access-why"
                    aria-expanded=move || open.get().to_string()
                    on:click=move |_| open.update(|it| *it = !*it)
                >
                    {say(right.capability.label)}
                </button>
                <Jump to=right.resource/>
                {why}
            </td>
            <td>
                <OutcomeMark outcome=right.outcome/>
            </td>
        </tr>
    }
    .into_any()
}

/// A button that selects a resource and shows it.
#[component]
pub(super) fn Jump(to: ResourceId) -> impl IntoView {
    let editor = Editor::here();
    view! {
        <button
            type="button"
            class="reference"
            on:click=move |_| {
                editor.select([to]);
                editor.reveal(to);
            }
        >
            {editor.name_of(to)}
        </button>
    }
    .into_any()
}

/// One way, step by step; its button draws it on the canvas as the way of an operation is drawn.
#[component]
fn ChainItem(chain: Chain, from: Option<ResourceId>) -> impl IntoView {
    let editor = Editor::here();
    let steps = chain.steps.clone();
    let label = chain.capability.label;
    let (outcome, resource) = (chain.outcome, chain.resource);
    let way = from.map(|from| Arc::new(as_operation(chain, from, editor.name_of(resource))));
    let drawn = way.clone();
    let pressed = move || editor.session.chain().with(|it| it == &drawn && it.is_some());
    view! {
        <li class="access-chain">
            <button
                type="button"
                class="access-way"
                aria-pressed=move || pressed().to_string()
                on:click=move |_| editor.draw_chain(way.clone())
            >
                <span>{say(label)} " · " {editor.name_of(resource)}</span>
                <OutcomeMark outcome=outcome/>
            </button>
            <ol>
                {steps.into_iter().map(|it| view! { <li>{tell(it.text)}</li> }).collect_view()}
            </ol>
        </li>
    }
    .into_any()
}

fn as_operation(chain: Chain, from: ResourceId, name: String) -> Operation {
    let what = Message::value(&name);
    let trace = Trace { steps: chain.steps };
    Operation {
        check: chain.capability.id,
        title: chain.capability.label,
        group: Group::SignIn,
        subject: what.clone(),
        from,
        involves: vec![chain.resource],
        outcome: chain.outcome,
        gates: vec![(Gate::Identity, chain.outcome)],
        needs: vec![Need { gate: Gate::Identity, what, outcome: chain.outcome, trace }],
        symptom: None,
        notes: Vec::new(),
        source: "",
    }
}

/// Assignments that are wider than the operations need. Every operation is judged without each of them, so
/// that somebody has to ask for it.
#[component]
fn Wide() -> impl IntoView {
    let editor = Editor::here();
    let asked = RwSignal::new(false);
    view! {
        <h3 class="section-label">
            {say(text("Wider than needed", "必要より広い割り当て"))}
        </h3>
        {move || {
            if !asked.get() {
                return view! {
                    <button type="button" class="button" on:click=move |_| asked.set(true)>
                        {say(text("Look for wide assignments", "広すぎる割り当てを探す"))}
                    </button>
                }
                    .into_any();
            }
            editor.resources.track();
            let mut all = editor.design.with_untracked(|it| wide(it));
            all.retain(|it| it.instead.is_some());
            if all.is_empty() {
                let words = text(
                    "No narrower roles were found that keep every operation working",
                    "すべての操作を維持できる、より狭いロールは見つかりませんでした",
                );
                return view! { <p class="step-detail">{say(words)}</p> }.into_any();
            }
            all.into_iter().map(|it| view! { <WideItem found=it/> }).collect_view().into_any()
        }}
    }
}

#[component]
fn WideItem(found: Use) -> impl IntoView {
    let editor = Editor::here();
    let used = if found.is_unused() {
        text("No operation of this design needs it", "このデザインの操作には不要です").into()
    } else {
        text("Operations that need it: {0}", "必要とする操作: {0} 件")
            .with([arg(found.needed_by.len())])
    };
    // What else a change opens and closes takes two reports, so only those that are looked at are tried.
    let open = RwSignal::new(false);
    let instead = StoredValue::new(found.instead);
    let fix = move || {
        let (title, edit) = open.get().then(|| instead.get_value())??;
        let fix = editor.design.with_untracked(|design| tried(design, title, edit));
        Some(view! { <FixButton fix=fix/> })
    };
    view! {
        <button
            type="button"
            class="access-way"
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|it| *it = !*it)
        >
            {tell(found.what)}
        </button>
        <p class="step-detail">{tell(used)}</p>
        {fix}
    }
    .into_any()
}
