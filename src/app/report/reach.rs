//! Who reaches whom: from the selected resource and to it, on which ports, and what decides. Worked out only
//! while this tab is open.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{
    super::{
        editor::Editor,
        icon::OutcomeMark,
        say::{say, tell},
        search_box::SearchBox,
        session::SessionStoreFields as _,
    },
    access::{Jump, MOST, and_more, contains},
};
use crate::{
    facts::filter::Protocol,
    kinds::ResourceId,
    questions::reach::{End, INTERNET, Reason, Way, Ways, ports, within},
    solve::flow::Network,
    text::{Text, text},
};

/// Ways from the selection, and ways to it.
type Both = (Vec<Way>, Vec<Way>);

#[component]
pub(super) fn Reach() -> impl IntoView {
    let editor = Editor::here();
    let selection = editor.session.selection();
    let search = RwSignal::new(String::new());
    let selected = Memo::new(move |_| selection.with(|it| it.first().copied()));
    let found = Memo::new(move |_| {
        let id = selected.get()?;
        // Where boxes stand decides nothing.
        editor.resources.with(|resources| -> Option<Both> {
            let facts = resources.facts();
            let network = Network::new(&facts);
            let ways = Ways::new(&network);
            let (starts, ends) = within(resources, &facts, id);
            let sorted = |from: Option<&BTreeSet<ResourceId>>,
                          to: Option<&BTreeSet<ResourceId>>| {
                let mut all = ways.find(from, to);
                all.sort_by_key(Way::outcome);
                all
            };
            let from = if starts.is_empty() { Vec::new() } else { sorted(Some(&starts), None) };
            let to = if ends.is_empty() { Vec::new() } else { sorted(None, Some(&ends)) };
            Some((from, to))
        })
    });
    let table = move |caption: Text, inward: bool| {
        let ways = found.with(|it| {
            let (from, to) = it.as_ref()?;
            Some(if inward { to.clone() } else { from.clone() }).filter(|it| !it.is_empty())
        })?;
        let fits = |it: &Way| {
            let names = [it.from, it.to.resource()].into_iter().flatten();
            contains(&names.map(|it| editor.name_of(it)).collect::<Vec<_>>(), &search.get())
        };
        let ways: Vec<Way> = ways.into_iter().filter(fits).collect();
        let rest = ways.len().saturating_sub(MOST);
        let rows = ways.into_iter().take(MOST);
        let rows = rows.map(|it| view! { <WayRow way=it selected=selected.get()/> }).collect_view();
        Some(view! {
            <table class="access-table reach-table">
                <caption class="section-label">{say(caption)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{say(text("Resource", "リソース"))}</th>
                        <th scope="col">{say(text("Ports", "ポート"))}</th>
                        <th scope="col">{say(text("Result", "結果"))}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {and_more(rest)}
        })
    };
    let hint = move || {
        let words = match found.with(|it| it.as_ref().map(|it| it.0.is_empty() && it.1.is_empty()))
        {
            None => text(
                "Select a machine, a compute, a service, a subnet or a network to see what it reaches and what reaches it",
                "マシン、コンピューティング、サービス、サブネット、ネットワークを選択すると、到達できる先と到達元がわかります",
            ),
            Some(true) => text(
                "Neither it nor anything in it opens or takes connections",
                "このリソースとその中のリソースは、接続の送信元にも宛先にもなりません",
            ),
            Some(false) => return None,
        };
        Some(view! { <p class="step-detail">{say(words)}</p> })
    };
    view! {
        <div class="access">
            <SearchBox
                id="reach-search"
                hint=text("Resource", "リソース")
                label=text("Filter ways", "経路を絞り込み")
                value=search.into()
                on_input=Callback::new(move |it| search.set(it))
            />
            {hint}
            {move || table(text("Reaches", "到達できる先"), false)}
            {move || table(text("Reached by", "到達元"), true)}
        </div>
    }
}

#[component]
fn WayRow(way: Way, selected: Option<ResourceId>) -> impl IntoView {
    let editor = Editor::here();
    let open = RwSignal::new(false);
    let outcome = way.outcome();
    let (from, to, protocol) = (way.from, way.to, way.protocol);
    let best = way.parts.first().map(|it| it.ports.clone()).unwrap_or_default();
    let lang = editor.lang();
    let reasons = move || {
        let way = way.clone();
        open.get().then(|| {
            let all = editor.resources.with(|resources| {
                let facts = resources.facts();
                let network = Network::new(&facts);
                Ways::new(&network).reasons(&way)
            });
            let row = |it| view! { <ReasonItem reason=it protocol=protocol/> };
            all.into_iter().map(row).collect_view()
        })
    };
    let end = match to {
        End::Place(id) => view! { <Jump to=id/> }.into_any(),
        End::Face(id, face) => view! { <Jump to=id/> " (" {face} ")" }.into_any(),
        End::Internet => view! { <span>{say(INTERNET)}</span> }.into_any(),
    };
    // The selected resource itself is not repeated; what stands in it is.
    let start = (from.is_none() || selected != from).then(|| match from {
        Some(id) => view! { <Jump to=id/> }.into_any(),
        None => view! { <span>{say(INTERNET)}</span> }.into_any(),
    });
    let end = (to.resource().is_none() || to.resource() != selected || matches!(to, End::Face(..)))
        .then_some(end);
    let arrow = (start.is_some() && end.is_some()).then_some(" → ");
    view! {
        <tr>
            <th scope="row">{start} {arrow} {end}</th>
            <td>
                <button
                    type="button"
                    class="access-why"
                    aria-expanded=move || open.get().to_string()
                    on:click=move |_| open.update(|it| *it = !*it)
                >
                    {protocol.name()}
                    " "
                    {move || ports(protocol, &best, lang.get())}
                </button>
                {reasons}
            </td>
            <td>
                <OutcomeMark outcome=outcome/>
            </td>
        </tr>
    }
    .into_any()
}

/// Ports with what decides about them.
#[component]
fn ReasonItem(reason: Reason, protocol: Protocol) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let all = reason.ports;
    let at = reason.at.map(|it| view! { " " <Jump to=it/> });
    view! {
        <p class="step-detail">
            <strong>{move || ports(protocol, &all, lang.get())}</strong>
            " "
            {say(reason.outcome.label())}
            ": "
            {tell(reason.text)}
            {at}
        </p>
    }
    .into_any()
}
