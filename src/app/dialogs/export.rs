//! Templates and scripts: each format, each of its files, or why there are none.

use leptos::prelude::*;

use super::{
    super::{
        browser::{clipboard, files, timed},
        editor::Editor,
        icon::Icon,
        say::{named, say, tell},
        tabs::{TabItem, Tabs},
    },
    Frame,
};
use crate::{
    export::{self, Exporter, File, Refused, archive, everything, tokens::tokens},
    questions::review::{Topic, review},
    report,
    solve::Outcome,
    text::{Text, arg, text},
};

#[component]
pub(super) fn ExportDialog() -> impl IntoView {
    let editor = Editor::here();
    let chosen = RwSignal::new(0_usize);
    let items = export::ALL
        .iter()
        .enumerate()
        .map(|(n, it)| TabItem { value: n, id: it.id, label: named(it.title), count: None })
        .collect();
    let failing = editor.report.with_untracked(|it| {
        it.counts().iter().find(|it| it.0 == Outcome::Denied).map_or(0, |it| it.1)
    });
    let warning = (failing > 0).then(|| {
        let words = text(
            "{0} operations fail in this design. It is exported as it is drawn.",
            "このデザインでは {0} 件の操作が失敗します。描かれたとおりに出力します。",
        )
        .with([arg(failing)]);
        view! {
            <p class="note" data-problem="warning">
                <Icon name="warning"/>
                <span>{tell(words)}</span>
            </p>
        }
    });

    view! {
        <Frame title=named(text("Export", "エクスポート")) size="large">
            <Tabs
                id="export"
                items=items
                chosen=chosen
                on_choose=move |it| chosen.set(it)
                label=named(text("Format", "形式"))
            />
            <div class="dialog-body" role="tabpanel" id="export-panel">
                {warning}
                <Review/>
                {move || {
                    export::ALL.get(chosen.get()).map(|it| view! { <Format exporter=it/> })
                }}
            </div>
        </Frame>
    }
}

/// What somebody should have seen before the files are run.
#[component]
fn Review() -> impl IntoView {
    let found = Editor::here().design.with_untracked(|it| {
        let facts = report::facts(&it.resources);
        review(&it.resources, &facts)
    });
    let words = text("Look at this first: {0}", "先に確認してください: {0} 件");
    (!found.is_empty()).then(|| {
        let topics = Topic::ALL.map(|topic| {
            let mut of_topic = found.iter().filter(|it| it.topic == topic).peekable();
            of_topic.peek()?;
            let items = of_topic.map(|it| view! { <li>{tell(it.text.clone())}</li> });
            let items = items.collect_view();
            Some(view! {
                <h3 class="section-label">{say(topic.label())}</h3>
                <ul class="refusal-list">{items}</ul>
            })
        });
        view! {
            <details class="review" open>
                <summary>{tell(words.with([arg(found.len())]))}</summary>
                {topics.into_iter().collect_view()}
            </details>
        }
    })
}

/// One format of the design as it is.
#[component]
fn Format(exporter: &'static Exporter) -> impl IntoView {
    let editor = Editor::here();
    let result = editor.design.with_untracked(|it| timed("export", || exporter.export(it)));
    let body = match result {
        Ok(files) => view! { <Files files=files exporter=exporter/> }.into_any(),
        Err(Refused(reasons)) => view! { <Refusal reasons=reasons/> }.into_any(),
    };
    view! {
        <p class="dialog-help">{say(exporter.help)}</p>
        {body}
    }
}

#[component]
fn Refusal(reasons: Vec<crate::text::Message>) -> impl IntoView {
    view! {
        <div class="note" data-problem="error" role="alert">
            <Icon name="error"/>
            <div>
                <p>{say(text("Nothing is exported until this is repaired:", "次の問題を修正するまで出力できません:"))}</p>
                <ul class="refusal-list">
                    {reasons.into_iter().map(|it| view! { <li>{tell(it)}</li> }).collect_view()}
                </ul>
            </div>
        </div>
    }
}

/// Longer files are shown in one colour: each piece of another one is an element.
const MOST_COLOURED: usize = 100_000;

/// A file in colours. Its text only ever becomes text nodes.
fn coloured(file: &File) -> AnyView {
    if file.text.len() > MOST_COLOURED {
        return file.text.clone().into_any();
    }
    let pieces = tokens(&file.name, &file.text).into_iter();
    pieces
        .map(|(class, text)| view! { <span data-token=class.name()>{text.to_owned()}</span> })
        .collect_view()
        .into_any()
}

/// The files of a format, one at a time.
#[component]
fn Files(files: Vec<File>, exporter: &'static Exporter) -> impl IntoView {
    let editor = Editor::here();
    let lang = editor.lang();
    let png_failed = RwSignal::new(false);
    // Formats that the archive of all of them had to leave out.
    let left_out = RwSignal::new(Vec::<Text>::new());
    let count = files.len();
    let names: Vec<String> = files.iter().map(|it| it.name.clone()).collect();
    let files = StoredValue::new(files);
    let chosen = RwSignal::new(0_usize);
    let copied = RwSignal::new(None::<bool>);
    let current = move || files.with_value(|all| all.get(chosen.get()).cloned());
    let now = move || files.with_value(|all| all.get(chosen.get_untracked()).cloned());
    let buttons = names
        .into_iter()
        .enumerate()
        .map(|(n, name)| {
            view! {
                <button
                    type="button"
                    aria-pressed=move || (chosen.get() == n).to_string()
                    on:click=move |_| {
                        chosen.set(n);
                        copied.set(None);
                    }
                >
                    {name}
                </button>
            }
        })
        .collect_view();

    view! {
        <div class="code-preview-header">
            <div class="segmented" role="group" aria-label=say(text("Files", "ファイル"))>
                {buttons}
            </div>
            <span class="code-preview-name"></span>
            <span>{move || current().map(|it| size(it.text.len()))}</span>
            <button
                type="button"
                class="button"
                on:click=move |_| {
                    if let Some(it) = now() {
                        clipboard::copy(it.text, move |it| copied.set(Some(it)));
                    }
                }
            >
                <Icon name="copy"/>
                {move || {
                    if copied.get() == Some(true) {
                        text("Copied", "コピーしました").get(lang.get())
                    } else {
                        text("Copy", "コピー").get(lang.get())
                    }
                }}
            </button>
            <button
                type="button"
                class="button"
                on:click=move |_| {
                    if let Some(it) = now() {
                        files::download(&it.name, &it.text);
                    }
                }
            >
                <Icon name="download"/>
                {say(text("Download", "ダウンロード"))}
            </button>
        </div>
        <pre class="code-preview" tabindex="0" translate="no">
            {move || current().map(|it| coloured(&it))}
        </pre>
        <footer class="dialog-footer">
            <span class="dialog-footer-note" role="status">
                {move || {
                    if png_failed.get() {
                        text(
                                "The browser could not draw the picture; download the SVG file",
                                "ブラウザーで図を描画できませんでした。SVG ファイルをダウンロードしてください",
                            )
                            .get(lang.get())
                            .to_owned()
                    } else if left_out.with(Vec::is_empty) {
                        text("{0} files", "{0} ファイル").with([arg(count)]).render(lang.get())
                    } else {
                        let names: Vec<&str> = left_out
                            .with(|all| all.iter().map(|it| it.get(lang.get())).collect());
                        text(
                                "Not in the archive, as they cannot be exported: {0}",
                                "出力できないため、アーカイブに含まれていません: {0}",
                            )
                            .with([arg(names.join(", "))])
                            .render(lang.get())
                    }
                }}
            </span>
            {(exporter.id == export::svg::EXPORTER.id)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| {
                                if let Some(it) = now() {
                                    png_failed.set(false);
                                    let name = it.name.replace(".svg", ".png");
                                    files::download_png(&name, &it.text, move |it| {
                                        // The dialog may be closed by now.
                                        let _ = png_failed.try_set(!it);
                                    });
                                }
                            }
                        >
                            <Icon name="download"/>
                            {say(text("Download as PNG", "PNG でダウンロード"))}
                        </button>
                    }
                })}
            <button
                type="button"
                class="button"
                on:click=move |_| {
                    let (name, all) = editor
                        .design
                        .with_untracked(|it| {
                            let all = timed("export-everything", || everything(it));
                            (files::file_name(&it.name, ".zip"), all)
                        });
                    left_out.set(all.refused.iter().map(|it| it.0.title).collect());
                    if let Some(bytes) = archive::zip(&all.files) {
                        files::download_bytes(&name, &bytes, "application/zip");
                    }
                }
            >
                <Icon name="download"/>
                {say(text("Every format as zip", "全形式を zip でダウンロード"))}
            </button>
            <button
                type="button"
                class="button"
                data-variant="primary"
                on:click=move |_| {
                    let end = format!("-{}.zip", exporter.id);
                    let name = editor.design.with_untracked(|it| files::file_name(&it.name, &end));
                    if let Some(bytes) = files.with_value(|it| archive::zip(it)) {
                        files::download_bytes(&name, &bytes, "application/zip");
                    }
                }
            >
                <Icon name="download"/>
                {say(text("Download all as zip", "すべて zip でダウンロード"))}
            </button>
        </footer>
    }
}

#[expect(clippy::cast_precision_loss, reason = "files are far smaller than 2^52 bytes")]
fn size(bytes: usize) -> String {
    if bytes < 1000 { format!("{bytes} B") } else { format!("{:.1} kB", bytes as f64 / 1000.0) }
}
