//! What the pieces of an exported file are, for a preview in colours. It only needs to look right: whatever the
//! file, the pieces together are its text.

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Plain,
    Comment,
    Text,
    Key,
    Number,
    Word,
}

impl Class {
    /// Its name in the style sheet.
    pub const fn name(self) -> &'static str {
        match self {
            Class::Plain => "plain",
            Class::Comment => "comment",
            Class::Text => "text",
            Class::Key => "key",
            Class::Number => "number",
            Class::Word => "word",
        }
    }
}

struct Language {
    extensions: &'static [&'static str],
    comment: &'static str,
    /// Characters that open and close a text.
    quotes: &'static str,
    /// Those of them in which a backslash means nothing.
    raw: &'static str,
    words: &'static [&'static str],
}

const LANGUAGES: &[Language] = &[
    Language {
        extensions: &["json"],
        comment: "",
        quotes: "\"",
        raw: "",
        words: &["true", "false", "null"],
    },
    Language {
        extensions: &["yml", "yaml"],
        comment: "#",
        quotes: "\"'",
        raw: "'",
        words: &["true", "false", "null"],
    },
    Language {
        extensions: &["bicep", "bicepparam"],
        comment: "//",
        quotes: "'",
        raw: "",
        words: &[
            "existing",
            "false",
            "for",
            "if",
            "module",
            "null",
            "output",
            "param",
            "resource",
            "targetScope",
            "true",
            "using",
            "var",
        ],
    },
    Language {
        extensions: &["tf", "tfvars"],
        comment: "#",
        quotes: "\"",
        raw: "",
        words: &[
            "data",
            "false",
            "for",
            "locals",
            "module",
            "null",
            "output",
            "provider",
            "resource",
            "terraform",
            "true",
            "variable",
        ],
    },
    Language {
        extensions: &["sh"],
        comment: "#",
        quotes: "\"'",
        raw: "'",
        words: &[
            "az", "case", "do", "done", "elif", "else", "esac", "exit", "fi", "for", "if", "in",
            "local", "readonly", "return", "set", "then", "trap", "while",
        ],
    },
    Language {
        extensions: &["ps1"],
        comment: "#",
        quotes: "\"'",
        raw: "\"'",
        words: &[
            "catch", "else", "elseif", "exit", "foreach", "function", "if", "param", "return",
            "throw", "try", "while",
        ],
    },
    Language {
        extensions: &["py"],
        comment: "#",
        quotes: "\"'",
        raw: "",
        words: &[
            "False", "None", "True", "and", "continue", "def", "elif", "else", "except", "for",
            "from", "global", "if", "import", "in", "is", "lambda", "not", "or", "pass", "return",
            "try", "with",
        ],
    },
];

/// The pieces of a file, by the end of its name. Of a language that is not known it is one.
pub fn tokens<'a>(name: &str, text: &'a str) -> Vec<(Class, &'a str)> {
    let extension = name.rsplit('.').next().unwrap_or_default();
    let Some(language) = LANGUAGES.iter().find(|it| it.extensions.contains(&extension)) else {
        return vec![(Class::Plain, text)];
    };
    let mut pieces: Vec<(Class, &str)> = Vec::new();
    // Where the plain text before the next piece begins.
    let (mut plain, mut at) = (0, 0);
    let mut before = '\n';
    while let Some(rest) = text.get(at..).filter(|it| !it.is_empty()) {
        let (class, length) = piece(language, rest, before);
        if class != Class::Plain {
            pieces.extend(
                text.get(plain..at).filter(|it| !it.is_empty()).map(|it| (Class::Plain, it)),
            );
            pieces.extend(rest.get(..length).map(|it| (class, it)));
            plain = at + length;
        }
        before = rest.get(..length).and_then(|it| it.chars().next_back()).unwrap_or(before);
        at += length;
    }
    pieces.extend(text.get(plain..).filter(|it| !it.is_empty()).map(|it| (Class::Plain, it)));
    pieces
}

/// What stands at the start of `rest`, and its length, which is never nothing.
fn piece(language: &Language, rest: &str, before: char) -> (Class, usize) {
    let Some(first) = rest.chars().next() else { return (Class::Plain, 1) };
    let word = |it: char| it.is_alphanumeric() || it == '_' || it == '$';
    let run = |it: &dyn Fn(char) -> bool| rest.find(|c| !it(c)).unwrap_or(rest.len());
    // In the middle of a word of a shell, `#` is a character like others.
    let starts = before.is_whitespace() || "([{;,".contains(before);
    if !language.comment.is_empty() && starts && rest.starts_with(language.comment) {
        return (Class::Comment, run(&|it| it != '\n'));
    }
    if language.quotes.contains(first) {
        let length = quoted(rest, first, !language.raw.contains(first));
        let after = rest.get(length..).unwrap_or_default().trim_start_matches(' ');
        let key = after.starts_with(':') && matches!(language.extensions, ["json"] | ["yml", ..]);
        return (if key { Class::Key } else { Class::Text }, length);
    }
    if word(before) {
        return (Class::Plain, first.len_utf8());
    }
    if first.is_ascii_digit() {
        return (Class::Number, run(&|it| it.is_ascii_alphanumeric() || it == '.'));
    }
    if word(first) {
        let length = run(&word);
        let (it, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let key = after.starts_with(':') && matches!(language.extensions, ["yml", ..]);
        let class = match () {
            () if key => Class::Key,
            () if language.words.contains(&it) => Class::Word,
            () => Class::Plain,
        };
        return (class, length);
    }
    (Class::Plain, first.len_utf8())
}

/// Length of a text in quotes; one that is never closed goes to the end.
fn quoted(rest: &str, quote: char, escapes: bool) -> usize {
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    if rest.starts_with(&triple) {
        let inner = rest.get(3..).unwrap_or_default();
        return inner.find(&triple).map_or(rest.len(), |it| it + 6);
    }
    let mut skip = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if skip => skip = false,
            '\\' if escapes => skip = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(name: &str, text: &str) -> Vec<(Class, String)> {
        let all = tokens(name, text);
        assert_eq!(all.iter().map(|it| it.1).collect::<String>(), text);
        all.into_iter()
            .filter(|it| it.0 != Class::Plain)
            .map(|it| (it.0, it.1.to_owned()))
            .collect()
    }

    #[test]
    fn pieces_are_what_they_look_like() {
        let of = |class: Class, text: &str| (class, text.to_owned());
        assert_eq!(
            classes("a.json", r#"{"a": ["\"b", 12, true]}"#),
            [
                of(Class::Key, "\"a\""),
                of(Class::Text, "\"\\\"b\""),
                of(Class::Number, "12"),
                of(Class::Word, "true")
            ]
        );
        assert_eq!(
            classes("a.sh", "# x\naz rest --body 'it\\' #no\necho a#b"),
            [
                of(Class::Comment, "# x"),
                of(Class::Word, "az"),
                of(Class::Text, "'it\\'"),
                of(Class::Comment, "#no")
            ]
        );
        assert_eq!(
            classes("a.yml", "name: \"x\" # c\n"),
            [of(Class::Key, "name"), of(Class::Text, "\"x\""), of(Class::Comment, "# c")]
        );
        assert_eq!(
            classes("a.py", "def f():\n    \"\"\"a \"b\"\n\"\"\"\n"),
            [of(Class::Word, "def"), of(Class::Text, "\"\"\"a \"b\"\n\"\"\"")]
        );
        assert_eq!(
            classes("a.bicep", "param x string // y"),
            [of(Class::Word, "param"), of(Class::Comment, "// y")]
        );
        assert_eq!(classes("a.unknown", "\"x\""), []);
    }

    #[test]
    fn what_never_ends_is_taken_whole() {
        for text in ["\"", "'a", "\"\"\"", "\"\\", "#", "日本\"語", "1é", "\u{10ffff}'"] {
            for name in ["a.json", "a.yml", "a.sh", "a.py", "a.ps1", "a.bicep", "a.tf", "a"] {
                classes(name, text);
            }
        }
    }
}
