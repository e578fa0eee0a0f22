//! What a user can do, with its words, keys and icon: one list for menus, the help sheet and the
//! keyboard.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::{
    browser::{files, focus, focus_later, storage, storage::Slot},
    editor::Editor,
    session::{Banner, Dialog, Page, SessionStoreFields as _, Theme},
};
use crate::{
    design::{
        Design,
        file::{self, LoadError, Loaded},
    },
    kinds::ResourceId,
    text::{Lang, Message, Text, text},
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
            && (key == self.key || event.code() == self.key)
    }
}

/// Where an action is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    File,
    Edit,
    View,
    Help,
}

impl Section {
    pub const ALL: [Section; 4] = [Section::File, Section::Edit, Section::View, Section::Help];

    pub fn label(self) -> Text {
        match self {
            Section::File => text("File", "ファイル"),
            Section::Edit => text("Edit", "編集"),
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
    pub run: fn(Editor),
}

pub const ACTIONS: &[Action] = &[
    Action {
        section: Section::File,
        title: text("New design", "新しいデザイン"),
        icon: "file",
        keys: &[],
        everywhere: false,
        run: new_design,
    },
    Action {
        section: Section::File,
        title: text("Gallery", "ギャラリー"),
        icon: "grid",
        keys: &[],
        everywhere: false,
        run: |editor| editor.session.page().set(Page::Start),
    },
    Action {
        section: Section::File,
        title: text("Open file…", "ファイルを開く…"),
        icon: "file-open",
        keys: &[ctrl("o", "Ctrl+O")],
        everywhere: true,
        run: open_file,
    },
    Action {
        section: Section::File,
        title: text("Save as file", "ファイルに保存"),
        icon: "file-save",
        keys: &[ctrl("s", "Ctrl+S")],
        everywhere: true,
        run: save_file,
    },
    Action {
        section: Section::File,
        title: text("Share link…", "リンクを共有…"),
        icon: "share",
        keys: &[],
        everywhere: false,
        run: |editor| editor.session.dialog().set(Some(Dialog::Share)),
    },
    Action {
        section: Section::File,
        title: text("Export…", "エクスポート…"),
        icon: "export",
        keys: &[ctrl_shift("e", "Ctrl+Shift+E")],
        everywhere: true,
        run: |editor| editor.session.dialog().set(Some(Dialog::Export)),
    },
    Action {
        section: Section::Edit,
        title: text("Undo", "元に戻す"),
        icon: "undo",
        keys: &[ctrl("z", "Ctrl+Z")],
        everywhere: false,
        run: Editor::undo,
    },
    Action {
        section: Section::Edit,
        title: text("Redo", "やり直し"),
        icon: "redo",
        keys: &[ctrl_shift("z", "Ctrl+Shift+Z"), ctrl("y", "Ctrl+Y")],
        everywhere: false,
        run: Editor::redo,
    },
    Action {
        section: Section::Edit,
        title: text("Duplicate", "複製"),
        icon: "copy",
        keys: &[ctrl("d", "Ctrl+D")],
        everywhere: false,
        run: Editor::duplicate_selection,
    },
    Action {
        section: Section::Edit,
        title: text("Select all", "すべて選択"),
        icon: "select",
        keys: &[ctrl("a", "Ctrl+A")],
        everywhere: false,
        run: select_all,
    },
    Action {
        section: Section::View,
        title: text("Fit all", "全体を表示"),
        icon: "fit",
        keys: &[shift("Digit1", "Shift+1")],
        everywhere: false,
        run: Editor::fit,
    },
    Action {
        section: Section::View,
        title: text("Fit selection", "選択範囲を表示"),
        icon: "fit",
        keys: &[shift("Digit2", "Shift+2")],
        everywhere: false,
        run: Editor::fit_selection,
    },
    Action {
        section: Section::View,
        title: text("Zoom in", "拡大"),
        icon: "zoom-in",
        keys: &[ctrl("+", "Ctrl++"), ctrl("=", "Ctrl+="), plain("+", "+")],
        everywhere: false,
        run: |editor| editor.zoom_by(1.25),
    },
    Action {
        section: Section::View,
        title: text("Zoom out", "縮小"),
        icon: "zoom-out",
        keys: &[ctrl("-", "Ctrl+-"), plain("-", "-")],
        everywhere: false,
        run: |editor| editor.zoom_by(0.8),
    },
    Action {
        section: Section::View,
        title: text("Zoom to 100 %", "100 % で表示"),
        icon: "search",
        keys: &[ctrl("0", "Ctrl+0")],
        everywhere: false,
        run: |editor| editor.zoom_to(1.0),
    },
    Action {
        section: Section::View,
        title: text("Palette", "パレット"),
        icon: "panel",
        keys: &[],
        everywhere: false,
        run: |editor| editor.session.palette_open().update(|it| *it = !*it),
    },
    Action {
        section: Section::View,
        title: text("Details", "詳細パネル"),
        icon: "panel",
        keys: &[],
        everywhere: false,
        run: |editor| editor.session.side_open().update(|it| *it = !*it),
    },
    Action {
        section: Section::View,
        title: text("Next area", "次の領域へ移動"),
        icon: "keyboard",
        keys: &[plain("f6", "F6")],
        everywhere: true,
        run: next_area,
    },
    Action {
        section: Section::Help,
        title: text("Search kinds", "種類を検索"),
        icon: "search",
        keys: &[plain("/", "/")],
        everywhere: false,
        run: |editor| {
            editor.session.palette_open().set(true);
            focus_later("palette-search".to_owned());
        },
    },
    Action {
        section: Section::Help,
        title: text("Keyboard shortcuts", "キーボード ショートカット"),
        icon: "keyboard",
        keys: &[plain("?", "?")],
        everywhere: false,
        run: |editor| editor.session.dialog().set(Some(Dialog::Shortcuts)),
    },
];

fn new_design(editor: Editor) {
    let name = text("New design", "新しいデザイン").get(editor.session.lang().get_untracked());
    editor.open_other(Design { name: name.to_owned(), ..Design::default() });
}

fn select_all(editor: Editor) {
    let all: Vec<ResourceId> = editor.scene.with_untracked(|it| it.order.clone());
    editor.session.selection().set(all.into_iter().collect());
}

fn open_file(editor: Editor) {
    files::pick(move |bytes| editor.open_bytes(&bytes));
}

fn save_file(editor: Editor) {
    editor.design.with_untracked(|design| {
        files::download(&files::file_name(&design.name, ".json"), &file::save(design));
    });
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
        };
        focus(tab);
    } else {
        focus("palette-search");
    }
}

impl Editor {
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

    /// Opens another design; what was saved of this one is kept aside.
    pub fn open_other(self, design: Design) {
        storage::set_aside();
        self.open(design);
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
                self.open_other(design);
                true
            }
            Err(LoadError(why)) => {
                self.announce(Banner { title: refused.into(), lines: vec![why], refused: true });
                false
            }
        }
    }

    /// Opens the bytes of a file.
    pub fn open_bytes(self, bytes: &[u8]) {
        let refused = text(
            "The file was not opened; your design is unchanged.",
            "ファイルを開けませんでした。現在のデザインはそのままです。",
        );
        self.open_loaded(file::load(bytes), refused);
    }

    /// Opens a design saved in this browser.
    pub fn open_saved(self, slot: Slot) -> bool {
        let refused =
            text("The saved design cannot be read.", "保存されたデザインを読み込めません。");
        match storage::load(slot) {
            Some(Ok(Loaded { design, .. })) => {
                if slot == Slot::Previous {
                    storage::set_aside();
                }
                self.open(design);
                true
            }
            Some(Err(LoadError(why))) => {
                self.announce(Banner {
                    title: Message::from(refused),
                    lines: vec![why],
                    refused: true,
                });
                false
            }
            None => false,
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
        }
    }

    pub fn from_slug(slug: &str) -> Theme {
        match slug {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::Auto,
        }
    }
}
