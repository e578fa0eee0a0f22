//! Another design beside the open one: what differs, and which verdicts, permissions and problems change
//! with it.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::{
    super::{
        browser::{
            files,
            storage::{self, Entry, Version},
            time,
        },
        editor::Editor,
        icon::{Icon, KindIcon, OutcomeMark},
        say::{named, say, tell},
        session::{Compared, SessionStoreFields as _},
    },
    Frame,
};
use crate::{
    design::{
        Design,
        compare::{Change, full_name},
        file::{self, LoadError, Loaded},
    },
    gallery,
    kinds::ResourceId,
    questions::compare::{Comparison, Which, compare, plain},
    solve::Outcome,
    text::{Lang, Message, Text, arg, text},
};

/// Rows of one section at once.
const MOST: usize = 100;

/// What can be chosen without a file.
#[derive(Clone, Default)]
struct Choices {
    versions: Vec<Version>,
    /// Other designs saved in this browser.
    saved: Vec<Entry>,
}

#[component]
pub(super) fn CompareDialog() -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let compared = editor.session.compared();
    let refused = RwSignal::new(None::<Message>);
    let choices = RwSignal::new(Choices::default());
    let here = editor.saving.version();
    spawn_local(async move {
        let versions = match here {
            Some(it) => storage::versions_of(it.design).await,
            None => Vec::new(),
        };
        let mut saved = storage::list().await.unwrap_or_default();
        saved.retain(|it| here.is_none_or(|here| it.version.design != here.design));
        // The dialog may be closed meanwhile.
        choices.try_set(Choices { versions, saved });
    });
    let put = move |name: Message, result: Result<Loaded, LoadError>, later: bool| match result {
        Ok(it) => {
            refused.try_set(None);
            compared.set(Some(Compared { name, design: Arc::new(it.design), later }));
        }
        Err(LoadError(why)) => {
            refused.try_set(Some(why));
        }
    };
    let put_version = move |name: String, version: Version| {
        let name = Message::value(name);
        spawn_local(async move {
            if let Some(result) = storage::open_version(version).await {
                put(name, result, false);
            }
        });
    };
    let choose = move |event| {
        let value: String = event_target_value(&event);
        let (group, which) = value.split_once(':').unwrap_or_default();
        let number = || which.parse::<usize>().ok();
        match group {
            "gallery" => {
                if let Some(it) = gallery::find(which) {
                    let design = it.design(lang.get_untracked());
                    put(it.title.into(), Ok(Loaded { design, warnings: Vec::new() }), true);
                }
            }
            "version" => {
                let it =
                    number().and_then(|n| choices.with_untracked(|it| it.versions.get(n).copied()));
                if let Some(it) = it {
                    put_version(time(it.saved, lang.get_untracked()), it);
                }
            }
            "saved" => {
                let it =
                    number().and_then(|n| choices.with_untracked(|it| it.saved.get(n).cloned()));
                if let Some(it) = it {
                    put_version(it.name, it.version);
                }
            }
            _ => {}
        }
    };
    let option = |value: String, label: String| view! { <option value=value>{label}</option> };
    let of_storage = move || {
        let all = choices.get();
        let lang = lang.get();
        let versions = all.versions.iter().enumerate();
        let versions = versions.map(|(n, it)| option(format!("version:{n}"), time(it.saved, lang)));
        let saved = all.saved.iter().enumerate();
        let saved = saved.map(|(n, it)| option(format!("saved:{n}"), it.name.clone()));
        view! {
            {group(
                text("Saved versions of this design", "このデザインの保存済みバージョン"),
                versions.collect_view().into_any(),
            )}
            {group(
                text("Saved in this browser", "このブラウザーに保存済み"),
                saved.collect_view().into_any(),
            )}
        }
    };
    let of_gallery = move || {
        let lang = lang.get();
        let all = gallery::ALL.iter();
        let all =
            all.map(|it| option(format!("gallery:{}", it.slug), it.title.get(lang).to_owned()));
        group(text("Gallery", "ギャラリー"), all.collect_view().into_any())
    };
    view! {
        <Frame title=named(text("Compare designs", "デザインの比較")) size="large">
            <div class="dialog-body">
                <div class="compare-choice">
                    <select
                        id="compare-with"
                        aria-label=say(text("Compare this design with", "このデザインと比較する対象"))
                        on:change=choose
                    >
                        <option value="">{say(text("Compare this design with…", "比較する対象を選択…"))}</option>
                        {of_storage}
                        {of_gallery}
                    </select>
                    <button
                        type="button"
                        class="button"
                        on:click=move |_| {
                            files::pick(move |bytes| {
                                let result = file::load(&bytes);
                                let name = match &result {
                                    Ok(it) if !it.design.name.is_empty() => {
                                        Message::value(it.design.name.clone())
                                    }
                                    _ => text("the file", "ファイル").into(),
                                };
                                put(name, result, false);
                            });
                        }
                    >
                        <Icon name="file-open"/>
                        {say(text("Open file…", "ファイルを開く…"))}
                    </button>
                </div>
                {move || {
                    refused
                        .get()
                        .map(|why| {
                            view! {
                                <p class="note" data-problem="error" role="alert">
                                    <Icon name="error"/>
                                    <span>{tell(why)}</span>
                                </p>
                            }
                        })
                }}
                <div>
                    {move || compared.get().map(|it| view! { <Found other=it/> })}
                </div>
            </div>
        </Frame>
    }
}

fn group(label: Text, options: AnyView) -> AnyView {
    view! { <optgroup label=say(label)>{options}</optgroup> }.into_any()
}

/// The comparison with one other design.
#[component]
fn Found(other: Compared) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.session.lang().get_untracked();
    let here = editor.design.get_untracked();
    let Compared { name, design, later } = other.clone();
    let (before, after) = if later { (here, design) } else { (design, here) };
    let all = compare(&before, &after);
    let this = text("this design", "このデザイン");
    let way = text("From {0} to {1}", "{0} から {1} へ").with(if later {
        [this.into(), name.into()]
    } else {
        [name.into(), this.into()]
    });
    let rows = Rows { editor, lang, before: &before, after: &after, later };
    let swap = move |_| {
        let turned = Compared { later: !later, ..other.clone() };
        editor.session.compared().set(Some(turned));
    };
    view! {
        <p class="compare-way">
            <span role="status">{way.render(lang)}</span>
            <button type="button" class="button" data-variant="quiet" on:click=swap>
                {say(text("Swap", "入れ替え"))}
            </button>
        </p>
        {rows.sections(&all)}
    }
    .into_any()
}

struct Rows<'a> {
    editor: Editor,
    lang: Lang,
    before: &'a Design,
    after: &'a Design,
    /// The open design is the earlier one.
    later: bool,
}

impl Rows<'_> {
    fn sections(&self, all: &Comparison) -> AnyView {
        if all.is_empty() {
            let words = text("No difference.", "違いはありません。");
            return view! { <p class="dialog-help">{words.get(self.lang)}</p> }.into_any();
        }
        let changes = &all.changes;
        let removed = changes.removed.iter().map(|it| {
            self.resource(self.before, *it, Which { before: Some(*it), after: None }, &[])
        });
        let added = changes.added.iter().map(|it| {
            self.resource(self.after, *it, Which { before: None, after: Some(*it) }, &[])
        });
        let changed = changes.changed.iter().map(|it| {
            let which = Which { before: Some(it.before), after: Some(it.after) };
            self.resource(self.after, it.after, which, &it.changes)
        });
        let verdicts = all.verdicts.iter().map(|it| {
            let outcome = |it: &Option<_>| {
                it.as_ref().map(|it: &crate::questions::compare::Verdict| it.outcome)
            };
            let mut lines = Vec::new();
            if let (Some(before), Some(after)) = (&it.before, &it.after) {
                for ((gate, a), (_, b)) in before.gates.iter().zip(&after.gates) {
                    if a != b {
                        let words =
                            [gate.label(), a.label(), b.label()].map(|it| it.get(self.lang));
                        lines.push(line(format!("{}: {} → {}", words[0], words[1], words[2])));
                    }
                }
            }
            let title = format!("{}: {}", it.title.get(self.lang), it.subject.render(self.lang));
            self.row(turn(outcome(&it.before), outcome(&it.after)), title, it.from, lines)
        });
        let permissions = all.permissions.iter().map(|it| {
            let title = format!(
                "{} · {} · {}",
                self.name(it.identity),
                it.capability.label.get(self.lang),
                self.name(it.resource),
            );
            let lines = vec![line(it.because.render(self.lang))];
            self.row(turn(it.before, it.after), title, it.identity, lines)
        });
        let problems = |new: bool| {
            all.problems.iter().filter(move |it| it.new == new).map(|it| {
                let mark = view! { <Icon name=it.severity.slug()/> }.into_any();
                let at = it.at.iter().copied().find(|it| self.here(*it).is_some());
                let at = at.unwrap_or(Which { before: None, after: None });
                self.row(mark, it.text.render(self.lang), at, Vec::new())
            })
        };
        let design = (!changes.design.is_empty()).then(|| {
            let which = Which { before: None, after: None };
            let mark = view! { <Icon name="file"/> }.into_any();
            let title = text("Name and description", "名前と説明").get(self.lang);
            self.row(mark, title.to_owned(), which, self.lines(&changes.design))
        });
        view! {
            {self.section(text("Operations", "操作"), verdicts.collect())}
            {self.section(text("Permissions", "アクセス許可"), permissions.collect())}
            {self.section(text("New problems", "新しい問題"), problems(true).collect())}
            {self.section(text("Problems gone", "解消した問題"), problems(false).collect())}
            {self.section(text("Added", "追加"), added.collect())}
            {self.section(text("Removed", "削除"), removed.collect())}
            {self.section(text("Changed", "変更"), changed.chain(design).collect())}
        }
        .into_any()
    }

    fn section(&self, title: Text, mut rows: Vec<AnyView>) -> Option<AnyView> {
        let count = rows.len();
        let rest = count.saturating_sub(MOST);
        rows.truncate(MOST);
        let more = text(
            "{0} more; `drawbridge compare` lists all",
            "ほか {0} 件。`drawbridge compare` ですべて表示できます",
        );
        let more = (rest > 0).then(|| line(more.with([arg(rest)]).render(self.lang)));
        (count > 0).then(|| {
            view! {
                <details open class="compare-part">
                    <summary>{format!("{} ({count})", title.get(self.lang))}</summary>
                    <ul class="review-list">{rows}</ul>
                    {more}
                </details>
            }
            .into_any()
        })
    }

    /// A row of a resource, with the values that differ.
    fn resource(
        &self,
        design: &Design,
        id: ResourceId,
        which: Which,
        changes: &[Change],
    ) -> AnyView {
        let kind = design.get(id).map(|it| it.kind);
        let mark = kind.map(|it| view! { <KindIcon kind=it/> }).into_any();
        let label = kind.map_or("", |it| it.info().label.get(self.lang));
        let title = format!("{label}: {}", full_name(design, id).unwrap_or_default());
        self.row(mark, title, which, self.lines(changes))
    }

    /// What happened to each value, in colors and in words.
    fn lines(&self, changes: &[Change]) -> Vec<AnyView> {
        let told = |it: &Option<serde_json::Value>| it.as_ref().map(|it| plain(it, self.lang));
        let lines = changes.iter().map(|it| {
            let (before, after) = (told(&it.before), told(&it.after));
            let arrow = (before.is_some() && after.is_some()).then_some(" → ");
            view! {
                <p class="review-list-change">
                    <code>{it.field.clone()}</code>
                    ": "
                    {before.map(|it| view! { <del>{it}</del> })}
                    {arrow}
                    {after.map(|it| view! { <ins>{it}</ins> })}
                </p>
            }
            .into_any()
        });
        lines.collect()
    }

    /// One row. Its title selects the resource where the open design has it.
    fn row(&self, mark: AnyView, title: String, which: Which, lines: Vec<AnyView>) -> AnyView {
        let editor = self.editor;
        let head = match self.here(which) {
            Some(id) => view! {
                <button
                    type="button"
                    class="compare-jump"
                    on:click=move |_| {
                        editor.session.dialog().set(None);
                        editor.show_resource(id);
                        editor.focus_canvas();
                    }
                >
                    {title}
                </button>
            }
            .into_any(),
            None => view! { <span>{title}</span> }.into_any(),
        };
        view! {
            <li>
                <span class="compare-mark">{mark}</span>
                {head}
                {lines}
            </li>
        }
        .into_any()
    }

    fn here(&self, which: Which) -> Option<ResourceId> {
        if self.later { which.before } else { which.after }
    }

    fn name(&self, which: Which) -> String {
        let after = which.after.and_then(|it| self.after.get(it));
        let it = after.or_else(|| which.before.and_then(|it| self.before.get(it)));
        it.map(|it| it.name.clone()).unwrap_or_default()
    }
}

fn line(words: String) -> AnyView {
    view! { <p class="review-list-change">{words}</p> }.into_any()
}

/// From one outcome to another; what one of the designs does not ask about has none.
fn turn(before: Option<Outcome>, after: Option<Outcome>) -> AnyView {
    let mark = |it: Option<Outcome>| match it {
        Some(it) => view! { <OutcomeMark outcome=it/> }.into_any(),
        None => view! { "–" }.into_any(),
    };
    view! {
        {mark(before)}
        <span aria-hidden="true">"→"</span>
        {mark(after)}
    }
    .into_any()
}
