//! The page before any design is open, and the gallery.

use leptos::prelude::*;

use super::{
    super::{
        actions::ACTIONS,
        banner::Banners,
        editor::Editor,
        icon::Icon,
        say::{say, tell},
        session::{Page, SessionStoreFields as _},
        toast::Toasts,
        toolbar::choices::{LangChoice, ThemeChoice},
    },
    card::Card,
    saved::SavedDesigns,
};
use crate::{gallery, text::text};

#[component]
pub fn StartPage() -> impl IntoView {
    let editor = Editor::here();
    let run = move |title: &str| {
        if let Some(it) = ACTIONS.iter().find(|it| it.title.en == title) {
            (it.run)(editor);
        }
    };
    view! {
        <div class="start-page">
            <header class="toolbar">
                <span class="toolbar-brand">
                    <Icon name="brand"/>
                    <span class="toolbar-brand-name">"Drawbridge"</span>
                </span>
                <span class="toolbar-spacer"></span>
                <LangChoice/>
                <ThemeChoice/>
            </header>
            <Banners/>
            <main class="start-page-main">
                <section class="start-page-lead">
                    <h1 class="start-page-title">
                        {say(text(
                            "See what will work before you deploy",
                            "デプロイする前に、動くかどうかがわかる",
                        ))}
                    </h1>
                    <p class="start-page-text">
                        {say(text(
                            "Draw an Azure Machine Learning environment. Every operation is judged on network and identity, hop by hop, in your browser.",
                            "Azure Machine Learning 環境を描くと、各操作が可能かどうかを、ネットワークと ID の両面からホップごとにブラウザー内で判定します。",
                        ))}
                    </p>
                    <div class="start-page-actions">
                        <Continue/>
                        <button type="button" class="button" on:click=move |_| run("New design")>
                            <Icon name="add"/>
                            {say(text("New design", "新しいデザイン"))}
                        </button>
                        <button type="button" class="button" on:click=move |_| run("Open file…")>
                            <Icon name="file-open"/>
                            {say(text("Open file", "ファイルを開く"))}
                        </button>
                        <button type="button" class="button" on:click=move |_| editor.start_tour()>
                            <Icon name="hand"/>
                            {say(text("Take the tour (2 minutes)", "ツアーを見る (2 分)"))}
                        </button>
                    </div>
                </section>
                <SavedDesigns/>
                <section class="gallery" aria-labelledby="gallery-title">
                    <h2 class="gallery-title" id="gallery-title">
                        {say(text("Gallery", "ギャラリー"))}
                    </h2>
                    <div class="gallery-cards">
                        {gallery::ALL.iter().map(|it| view! { <Card entry=it/> }).collect_view()}
                    </div>
                </section>
                <footer class="start-page-footer">
                    <span>
                        {say(text(
                            "Nothing leaves your browser: no account, no upload.",
                            "データはブラウザーの外に出ません。アカウントもアップロードも不要です。",
                        ))}
                    </span>
                </footer>
            </main>
        </div>
        <Toasts/>
    }
}

/// Back to the design that is open in this tab.
#[component]
fn Continue() -> impl IntoView {
    let editor = Editor::here();
    let session = editor.session;
    session.open().get_untracked().then(|| {
        let name = editor.design.with_untracked(|it| it.name.clone());
        view! {
            <button
                type="button"
                class="button"
                data-variant="primary"
                on:click=move |_| session.page().set(Page::Canvas)
            >
                {tell(text("Continue “{0}”", "「{0}」を続ける").with([name.as_str().into()]))}
            </button>
        }
    })
}
