//! What a user can do, with its words, keys and icon: one list for menus, the help sheet and the
//! keyboard.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::{
    browser::{
        files, focus, focus_later,
        storage::{self, Opened},
    },
    editor::Editor,
    session::{Banner, Dialog, Left, Page, SessionStoreFields as _, Theme},
};
use crate::{
    design::{
        Design, addresses,
        file::{self, LoadError, Loaded},
    },
    draw::align::{Axis, Side},
    gallery::Entry,
    kinds::ResourceId,
    text::{Lang, Text, text},
};

/// A combination of keys. On a Mac, Command counts as Ctrl.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    pub ctrl: bool,
    pub shift: bool,
    /// `KeyboardEvent.key` in lower case, or its `code` for what depends on the layout.
    pub key: &'static str,
    /// As the help sheet writes it.
    pub shown: &'static str,
}

const fn ctrl(key: &'static str, shown: &'static str) -> Keys {
    Keys { ctrl: true, shift: false, key, shown }
}

const fn ctrl_shift(key: &'static str, shown: &'static str) -> Keys {
    Keys { ctrl: true, shift: true, key, shown }
}

const fn shift(key: &'static str, shown: &'static str) -> Keys {
    Keys { ctrl: false, shift: true, key, shown }
}

const fn plain(key: &'static str, shown: &'static str) -> Keys {
    Keys { ctrl: false, shift: false, key, shown }
}

/// Keys that something else listens to: the drawing, or the browser with events of their own.
const fn elsewhere(shown: &'static str) -> Keys {
    Keys { ctrl: false, shift: false, key: "", shown }
}

impl Keys {
    pub fn fit(&self, event: &KeyboardEvent) -> bool {
        let command = event.ctrl_key() || event.meta_key();
        let key = event.key().to_lowercase();
        // A character that needs Shift on some layouts is the same key with and without it.
        let free_shift =
            !self.ctrl && self.key.len() == 1 && !self.key.starts_with(char::is_alphanumeric);
        command == self.ctrl
            && (free_shift || event.shift_key() == self.shift || self.key == "+")
            && !event.alt_key()
            && !self.key.is_empty()
            && (key == self.key || event.code() == self.key)
    }
}

/// Where an action is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    File,
    Edit,
    Arrange,
    View,
    Help,
}

impl Section {
    pub const ALL: [Section; 5] =
        [Section::File, Section::Edit, Section::Arrange, Section::View, Section::Help];

    pub fn label(self) -> Text {
        match self {
            Section::File => text("File", "ファイル"),
            Section::Edit => text("Edit", "編集"),
            Section::Arrange => text("Arrange", "配置"),
            Section::View => text("View", "表示"),
            Section::Help => text("Help", "ヘルプ"),
        }
    }
}

pub struct Action {
    pub section: Section,
    pub title: Text,
    pub icon: &'static str,
    pub keys: &'static [Keys],
    /// Also while text is typed.
    pub everywhere: bool,
    /// Also on the first page, where no design is in sight.
    pub at_start: bool,
    /// Whether it would do anything now.
    pub ready: fn(Editor) -> bool,
    pub run: fn(Editor),
}

const fn action(
    section: Section,
    title: Text,
    icon: &'static str,
    keys: &'static [Keys],
    run: fn(Editor),
) -> Action {
    Action { section, title, icon, keys, everywhere: false, at_start: false, ready: |_| true, run }
}

/// One for which something must be selected.
const fn on_selection(
    section: Section,
    title: Text,
    icon: &'static str,
    keys: &'static [Keys],
    run: fn(Editor),
) -> Action {
    let ready = |editor: Editor| editor.selected() > 0;
    Action { ready, ..action(section, title, icon, keys, run) }
}

const fn everywhere(action: Action) -> Action {
    Action { everywhere: true, ..action }
}

const fn aligned(title: Text, icon: &'static str, run: fn(Editor)) -> Action {
    let ready = |editor: Editor| editor.selected() > 1;
    Action { ready, ..action(Section::Arrange, title, icon, &[], run) }
}

const fn distributed(title: Text, icon: &'static str, run: fn(Editor)) -> Action {
    let ready = |editor: Editor| editor.selected() > 2;
    Action { ready, ..action(Section::Arrange, title, icon, &[], run) }
}

pub const ADD_NOTE: Text = text("Add note", "メモを追加");

use Section::{Arrange, Edit, File, Help, View};

pub const ACTIONS: &[Action] = &[
    action(File, text("New design", "新しいデザイン"), "file", &[], new_design),
    action(File, text("Gallery", "ギャラリー"), "grid", &[], |editor| {
        editor.session.page().set(Page::Start);
    }),
    Action {
        at_start: true,
        ..everywhere(action(
            File,
            text("Open file…", "ファイルを開く…"),
            "file-open",
            &[ctrl("o", "Ctrl+O")],
            open_file,
        ))
    },
    everywhere(action(
        File,
        text("Save as file", "ファイルに保存"),
        "file-save",
        &[ctrl("s", "Ctrl+S")],
        Editor::save_file,
    )),
    action(File, text("Share link…", "リンクを共有…"), "share", &[], |editor| {
        editor.session.dialog().set(Some(Dialog::Share));
    }),
    everywhere(action(
        File,
        text("Export…", "エクスポート…"),
        "export",
        &[ctrl_shift("e", "Ctrl+Shift+E")],
        |editor| editor.session.dialog().set(Some(Dialog::Export)),
    )),
    action(File, text("Compare with…", "比較…"), "compare", &[], |editor| {
        editor.session.dialog().set(Some(Dialog::Compare));
    }),
    Action {
        ready: |editor| editor.undo_title().is_some(),
        ..action(Edit, text("Undo", "元に戻す"), "undo", &[ctrl("z", "Ctrl+Z")], Editor::undo)
    },
    Action {
        ready: |editor| editor.redo_title().is_some(),
        ..action(
            Edit,
            text("Redo", "やり直し"),
            "redo",
            &[ctrl_shift("z", "Ctrl+Shift+Z"), ctrl("y", "Ctrl+Y")],
            Editor::redo,
        )
    },
    on_selection(Edit, text("Cut", "切り取り"), "cut", &[elsewhere("Ctrl+X")], |editor| {
        editor.copy_to_clipboard(true);
    }),
    on_selection(Edit, text("Copy", "コピー"), "copy", &[elsewhere("Ctrl+C")], |editor| {
        editor.copy_to_clipboard(false);
    }),
    action(
        Edit,
        text("Paste", "貼り付け"),
        "paste",
        &[elsewhere("Ctrl+V")],
        Editor::paste_from_clipboard,
    ),
    on_selection(
        Edit,
        text("Duplicate", "複製"),
        "copy",
        &[ctrl("d", "Ctrl+D")],
        Editor::duplicate_selection,
    ),
    on_selection(
        Edit,
        text("Delete", "削除"),
        "delete",
        &[elsewhere("Delete")],
        Editor::delete_selection,
    ),
    on_selection(
        Edit,
        text("Lock or unlock", "ロック/ロック解除"),
        "lock",
        &[ctrl_shift("l", "Ctrl+Shift+L")],
        Editor::lock_selection,
    ),
    action(Edit, text("Select all", "すべて選択"), "select", &[ctrl("a", "Ctrl+A")], select_all),
    action(Edit, ADD_NOTE, "note", &[plain("t", "T")], Editor::add_note),
    Action {
        ready: |editor| editor.endpoint_target().is_some(),
        ..action(
            Edit,
            text("Add a private endpoint…", "プライベート エンドポイントを追加…"),
            "link",
            &[],
            Editor::add_endpoint,
        )
    },
    Action {
        ready: |editor| editor.planned_network().is_some(),
        ..action(Edit, text("Plan addresses…", "アドレス計画…"), "grid", &[], |editor| {
            let network = untrack(|| editor.planned_network());
            editor.session.dialog().set(network.map(Dialog::Addresses));
        })
    },
    Action {
        ready: |editor| !editor.foldable().is_empty(),
        ..action(
            Arrange,
            text("Collapse or expand", "折りたたみ/展開"),
            "collapse",
            &[ctrl(".", "Ctrl+.")],
            Editor::fold_selection,
        )
    },
    action(Arrange, text("Tidy up", "自動整列"), "grid", &[], Editor::tidy_up),
    aligned(text("Align left", "左揃え"), "align-left", |it| it.align(Side::Left)),
    aligned(text("Align center", "左右中央揃え"), "align-center", |it| {
        it.align(Side::Center);
    }),
    aligned(text("Align right", "右揃え"), "align-right", |it| it.align(Side::Right)),
    aligned(text("Align top", "上揃え"), "align-top", |it| it.align(Side::Top)),
    aligned(text("Align middle", "上下中央揃え"), "align-middle", |it| {
        it.align(Side::Middle);
    }),
    aligned(text("Align bottom", "下揃え"), "align-bottom", |it| it.align(Side::Bottom)),
    distributed(
        text("Distribute horizontally", "左右に等間隔で配置"),
        "distribute-across",
        |it| it.distribute(Axis::Across),
    ),
    distributed(
        text("Distribute vertically", "上下に等間隔で配置"),
        "distribute-down",
        |it| {
            it.distribute(Axis::Down);
        },
    ),
    everywhere(action(
        View,
        text("Find or do…", "検索と実行…"),
        "search",
        &[ctrl("k", "Ctrl+K"), ctrl("f", "Ctrl+F")],
        |editor| editor.session.dialog().set(Some(Dialog::Find)),
    )),
    action(View, text("Fit all", "全体を表示"), "fit", &[shift("Digit1", "Shift+1")], Editor::fit),
    on_selection(
        View,
        text("Fit selection", "選択範囲を表示"),
        "fit",
        &[shift("Digit2", "Shift+2")],
        Editor::fit_selection,
    ),
    action(
        View,
        text("Zoom in", "拡大"),
        "zoom-in",
        &[ctrl("+", "Ctrl++"), ctrl("=", "Ctrl+="), plain("+", "+")],
        |editor| editor.zoom_by(1.25),
    ),
    action(
        View,
        text("Zoom out", "縮小"),
        "zoom-out",
        &[ctrl("-", "Ctrl+-"), plain("-", "-")],
        |editor| editor.zoom_by(0.8),
    ),
    action(
        View,
        text("Zoom to 100 %", "100 % で表示"),
        "search",
        &[ctrl("0", "Ctrl+0")],
        |editor| editor.zoom_to(1.0),
    ),
    action(View, text("Palette", "パレット"), "panel", &[], |editor| {
        editor.session.palette_open().update(|it| *it = !*it);
    }),
    action(View, text("Outline", "アウトライン"), "menu", &[], |editor| {
        editor.session.palette_open().set(true);
        editor.session.left().set(Left::Outline);
        focus_later("outline-search".to_owned());
    }),
    action(View, text("Details", "詳細パネル"), "panel", &[], |editor| {
        editor.session.side_open().update(|it| *it = !*it);
    }),
    action(View, text("Overview map", "全体マップ"), "panel", &[], |editor| {
        editor.session.minimap().update(|it| *it = !*it);
    }),
    everywhere(action(
        View,
        text("Next area", "次の領域へ移動"),
        "keyboard",
        &[plain("f6", "F6")],
        next_area,
    )),
    action(Help, text("Guided tour", "ガイド ツアー"), "hand", &[], Editor::start_tour),
    action(Help, text("Search kinds", "種類を検索"), "search", &[plain("/", "/")], |editor| {
        editor.session.palette_open().set(true);
        editor.session.left().set(Left::Kinds);
        focus_later("palette-search".to_owned());
    }),
    action(
        Help,
        text("Keyboard shortcuts", "キーボード ショートカット"),
        "keyboard",
        &[plain("?", "?")],
        |editor| editor.session.dialog().set(Some(Dialog::Shortcuts)),
    ),
];

fn new_design(editor: Editor) {
    let name = text("New design", "新しいデザイン").get(editor.session.lang().get_untracked());
    editor.open(Design { name: name.to_owned(), ..Design::default() });
}

fn select_all(editor: Editor) {
    let all: Vec<ResourceId> = editor.scene.with_untracked(|it| it.order.clone());
    editor.session.selection().set(all.into_iter().collect());
}

fn open_file(editor: Editor) {
    files::pick(move |bytes| editor.open_bytes(&bytes));
}

/// Palette, drawing, details, and around again.
fn next_area(editor: Editor) {
    let inside = |selector: &str| {
        super::browser::document()
            .active_element()
            .is_some_and(|it| it.closest(selector).ok().flatten().is_some())
    };
    if inside("#palette") {
        editor.focus_canvas();
    } else if inside("#canvas") {
        let tab = match editor.session.tab().get_untracked() {
            super::session::Tab::Inspector => "side-tab-inspector",
            super::session::Tab::Operations => "side-tab-operations",
            super::session::Tab::Problems => "side-tab-problems",
            super::session::Tab::Access => "side-tab-access",
            super::session::Tab::Reach => "side-tab-reach",
        };
        focus(tab);
    } else {
        focus(match editor.session.left().get_untracked() {
            Left::Kinds => "palette-search",
            Left::Outline => "outline-search",
        });
    }
}

impl Editor {
    /// The network that the selection is or stands in, else the first one.
    fn planned_network(self) -> Option<ResourceId> {
        let selected = self.session.selection().with(|it| it.first().copied());
        self.design.with(|design| {
            let all = &design.resources;
            let of_selection = selected.and_then(|it| addresses::network_of(all, it));
            of_selection.or_else(|| addresses::networks(all).first().copied())
        })
    }

    /// Puts the keyboard into the drawing.
    pub fn focus_canvas(self) {
        let first = self.scene.with_untracked(|it| it.order.first().copied());
        let here = self.session.focus().get_untracked();
        let here = here.filter(|it| self.scene.with_untracked(|scene| scene.rect(*it).is_some()));
        if let Some(id) = here.or(first) {
            self.session.focus().set(Some(id));
            self.reveal(id);
            focus_later(format!("r{}", id.0));
        }
    }

    /// Opens what was read from outside, and says what had to be mended or why it cannot be opened.
    pub fn open_loaded(self, result: Result<Loaded, LoadError>, refused: Text) -> bool {
        match result {
            Ok(Loaded { design, warnings }) => {
                if !warnings.is_empty() {
                    self.announce(Banner {
                        title: text(
                            "Some of the design was changed to make it readable.",
                            "読み込むために、デザインの一部を変更しました。",
                        )
                        .into(),
                        lines: warnings,
                        refused: false,
                    });
                }
                self.open(design);
                true
            }
            Err(LoadError(why)) => {
                self.announce(Banner { title: refused.into(), lines: vec![why], refused: true });
                false
            }
        }
    }

    /// Hands the design to the person as a file.
    pub fn save_file(self) {
        self.design.with_untracked(|design| {
            files::download(&files::file_name(&design.name, ".json"), &file::save(design));
        });
    }

    /// Opens the bytes of a file.
    pub fn open_bytes(self, bytes: &[u8]) {
        let refused = text(
            "The file was not opened; your design is unchanged.",
            "ファイルを開けませんでした。現在のデザインはそのままです。",
        );
        self.open_loaded(file::load(bytes), refused);
    }

    /// Opens a design of the gallery.
    pub fn open_gallery(self, entry: &Entry) {
        self.open(entry.design(self.session.lang().get_untracked()));
        self.saving.is_untouched(self.design.get_untracked(), entry.slug);
    }

    /// Opens a design saved in this browser.
    pub fn open_saved(self, opened: Result<Opened, LoadError>) {
        let refused =
            text("The saved design cannot be read.", "保存されたデザインを読み込めません。");
        let version = opened.as_ref().ok().map(|it| it.version);
        let damaged = opened.as_ref().is_ok_and(|it| it.damaged > 0);
        if self.open_loaded(opened.map(|it| it.loaded), refused) {
            self.saving.is_saved(self.design.get_untracked(), version);
        }
        if damaged {
            self.announce(Banner {
                title: text(
                    "What was saved last is damaged. The version saved before it was opened.",
                    "最後に保存されたデータが壊れているため、その前に保存されたバージョンを開きました。",
                )
                .into(),
                lines: Vec::new(),
                refused: false,
            });
        }
    }

    pub fn set_lang(self, lang: Lang) {
        self.session.lang().set(lang);
        let choices = storage::Choices { lang: Some(lang), ..storage::choices() };
        storage::save_choices(&choices);
    }

    pub fn set_theme(self, theme: Theme) {
        self.session.theme().set(theme);
        let choices =
            storage::Choices { theme: Some(theme.slug().to_owned()), ..storage::choices() };
        storage::save_choices(&choices);
    }
}

impl Theme {
    pub const fn slug(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Contrast => "contrast",
        }
    }

    pub fn from_slug(slug: &str) -> Theme {
        match slug {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            "contrast" => Theme::Contrast,
            _ => Theme::Auto,
        }
    }
}
