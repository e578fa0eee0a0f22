//! The guided tour: two minutes over the real parts of the page, to be left at any time.

use gloo_events::EventListener;
use leptos::prelude::*;

use super::{
    browser::{document, focus_later, window},
    editor::Editor,
    icon::IconButton,
    say::{named, say, tell},
    session::{Left, SessionStoreFields as _, Tab},
};
use crate::{
    draw::geometry::Rect,
    gallery,
    text::{Text, arg, text},
};

/// One stop: what it is about, and what is said there.
struct Stop {
    /// CSS selector of the part.
    part: &'static str,
    title: Text,
    words: Text,
    /// Brings the part into view.
    prepare: fn(Editor),
}

const fn stop(part: &'static str, title: Text, words: Text, prepare: fn(Editor)) -> Stop {
    Stop { part, title, words, prepare }
}

const STOPS: &[Stop] = &[
    stop(
        "#canvas",
        text("A drawing of Azure", "Azure の図"),
        text(
            "Resources stand in groups, networks and subnets as they do in Azure. Drag a box into another subnet, or press Tab and the arrow keys; C connects two of them.",
            "リソースは Azure と同じように、グループ、ネットワーク、サブネットの中にあります。ボックスは別のサブネットへドラッグできます。Tab キーと矢印キーでも操作でき、C キーで 2 つを接続します。",
        ),
        |_| {},
    ),
    stop(
        "#palette",
        text("Kinds of resources", "リソースの種類"),
        text(
            "Drag a kind onto the drawing, or press / and type its name. The outline beside it lists everything that is drawn.",
            "種類を図にドラッグするか、/ キーを押して名前を入力します。隣のアウトラインには、図にあるすべてのリソースが並びます。",
        ),
        |editor| {
            editor.session.palette_open().set(true);
            editor.session.left().set(Left::Kinds);
        },
    ),
    stop(
        "#side",
        text("What works and what fails", "動く操作、失敗する操作"),
        text(
            "Each operation is judged on network and identity. Open one to read every hop, the error that people would see, and the smallest change that repairs it.",
            "各操作をネットワークと ID の両面から判定します。行を開くと、すべてのホップ、表示されるエラー、それを直す最小の変更がわかります。",
        ),
        |editor| editor.session.tab().set(Tab::Operations),
    ),
    stop(
        "#side",
        text("Problems of the design", "設計上の問題"),
        text(
            "What Azure would refuse, and what is better known before it is deployed: overlaps, open doors, missing records.",
            "Azure が拒否する設定や、アドレスの重複、開いたままの経路、足りないレコードなど、デプロイ前に知っておきたいことです。",
        ),
        |editor| editor.session.tab().set(Tab::Problems),
    ),
    stop(
        "#side",
        text("Who can do what", "誰が何をできるか"),
        text(
            "Every identity and what it can do, with the assignment behind it. Select an identity to see what falls with it when it is taken over.",
            "各 ID にできることと、その根拠となる割り当てです。ID を選択すると、乗っ取られた場合に失われるものがわかります。",
        ),
        |editor| editor.session.tab().set(Tab::Access),
    ),
    stop(
        "#side",
        text("Settings under Azure’s own names", "Azure と同じ名前の設定"),
        text(
            "Select a resource to change it. Each setting says what it decides, and the links lead to Azure’s pages. Every change is judged at once and can be undone.",
            "リソースを選択すると設定を変更できます。各設定には説明があり、リンクから Azure のページを開けます。変更はすぐに判定され、いつでも元に戻せます。",
        ),
        |editor| editor.session.tab().set(Tab::Inspector),
    ),
    stop(
        ".toolbar .dropdown",
        text("Everything else", "そのほかの操作"),
        text(
            "The menu has all actions with their keys: compare designs, plan addresses, add a private endpoint. Ctrl+K finds any of them by name; ? shows all keys.",
            "メニューには、デザインの比較、アドレス計画、プライベート エンドポイントの追加など、すべての操作とキーがあります。Ctrl+K で名前から検索でき、? でキーの一覧を表示します。",
        ),
        |_| {},
    ),
    stop(
        ".toolbar > .button[data-variant=primary]",
        text("Share and export", "共有とエクスポート"),
        text(
            "A link carries the whole design and uploads nothing. Export writes templates and scripts that deploy it.",
            "リンクにはデザイン全体が含まれ、アップロードはされません。エクスポートでは、デプロイ用のテンプレートとスクリプトを出力します。",
        ),
        |_| {},
    ),
];

const NEXT: &str = "tour-next";

/// Width of the card and room for it below a part, in px of the window.
const WIDTH: f64 = 352.0;
const HEIGHT: f64 = 240.0;
const GAP: f64 = 12.0;

impl Editor {
    /// Begins the tour. Where no design is open it needs one to show.
    pub fn start_tour(self) {
        if !self.session.open().get_untracked()
            && let Some(first) = gallery::ALL.first()
        {
            self.open(first.design(self.session.lang().get_untracked()));
        }
        self.session.page().set(super::session::Page::Canvas);
        self.session.dialog().set(None);
        self.session.side_open().set(true);
        self.go_to_stop(Some(0));
    }

    fn go_to_stop(self, n: Option<usize>) {
        let stop = n.and_then(|n| STOPS.get(n));
        self.session.tour().set(n.filter(|_| stop.is_some()));
        match stop {
            Some(it) => {
                (it.prepare)(self);
                focus_later(NEXT.to_owned());
            }
            None => self.focus_canvas(),
        }
    }
}

#[component]
pub fn Tour() -> impl IntoView {
    let tour = Editor::here().session.tour();
    move || {
        let n = tour.get()?;
        STOPS.get(n).map(|stop| view! { <StopCard n=n stop=stop/> })
    }
}

/// Where a part is on screen; in the middle where it is not drawn.
fn place(part: &str) -> Rect {
    let found = document().query_selector(part).ok().flatten();
    let Some(it) = found.map(|it| it.get_bounding_client_rect()) else { return Rect::default() };
    Rect::new(it.x(), it.y(), it.width(), it.height())
}

fn window_size() -> (f64, f64) {
    let size = |it: Result<leptos::wasm_bindgen::JsValue, _>| {
        it.ok().and_then(|it| it.as_f64()).unwrap_or(1000.0)
    };
    (size(window().inner_width()), size(window().inner_height()))
}

/// The card below its part where there is room, else beside it, else on it.
fn beside(part: Rect, (width, height): (f64, f64)) -> (f64, f64) {
    let (x, y) = if part.bottom() + GAP + HEIGHT < height {
        (part.x, part.bottom() + GAP)
    } else if part.right() + GAP + WIDTH < width {
        (part.right() + GAP, part.y + GAP)
    } else if part.x - GAP - WIDTH > 0.0 {
        (part.x - GAP - WIDTH, part.y + GAP)
    } else {
        (part.x + GAP, part.y + GAP)
    };
    (x.min(width - WIDTH - GAP).max(GAP), y.min(height - HEIGHT - GAP).max(GAP))
}

#[component]
fn StopCard(n: usize, stop: &'static Stop) -> impl IntoView {
    let editor = Editor::here();
    let at = RwSignal::new(Rect::default());
    let look = move || {
        // The card may be gone by then.
        at.try_set(place(stop.part));
    };
    // Once the part is drawn.
    request_animation_frame(look);
    let resized = EventListener::new(&window(), "resize", move |_| look());
    let resized = StoredValue::new_local(Some(resized));
    on_cleanup(move || resized.set_value(None));
    let card = move || beside(at.get(), window_size());
    let last = n + 1 == STOPS.len();
    let next = move || editor.go_to_stop((!last).then_some(n + 1));
    let key = move |event: web_sys::KeyboardEvent| {
        match event.key().as_str() {
            "Escape" => editor.go_to_stop(None),
            "ArrowRight" => next(),
            "ArrowLeft" if n > 0 => editor.go_to_stop(Some(n - 1)),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let count = text("{0} of {1}", "{0} / {1}").with([arg(n + 1), arg(STOPS.len())]);
    view! {
        <div
            class="tour-ring"
            aria-hidden="true"
            style:left=move || format!("{}px", at.get().x)
            style:top=move || format!("{}px", at.get().y)
            style:width=move || format!("{}px", at.get().width)
            style:height=move || format!("{}px", at.get().height)
        ></div>
        <div
            class="tour-card"
            role="dialog"
            aria-labelledby="tour-title"
            aria-describedby="tour-words"
            style:left=move || format!("{}px", card().0)
            style:top=move || format!("{}px", card().1)
            on:keydown=key
        >
            <div class="tour-header">
                <h2 class="tour-title" id="tour-title">
                    {say(stop.title)}
                </h2>
                <IconButton
                    icon="close"
                    label=named(text("End the tour", "ツアーを終了"))
                    small=true
                    tooltip_side="end"
                    on_press=move || editor.go_to_stop(None)
                />
            </div>
            <p id="tour-words">{say(stop.words)}</p>
            <div class="tour-footer">
                <span class="tour-count">{tell(count)}</span>
                {(n > 0)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="button"
                                data-variant="quiet"
                                on:click=move |_| editor.go_to_stop(Some(n - 1))
                            >
                                {say(text("Back", "戻る"))}
                            </button>
                        }
                    })}
                <button
                    type="button"
                    class="button"
                    data-variant="primary"
                    id=NEXT
                    on:click=move |_| next()
                >
                    {say(if last { text("Done", "完了") } else { text("Next", "次へ") })}
                </button>
            </div>
        </div>
    }
    .into_any()
}
