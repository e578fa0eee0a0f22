//! Texts that are made to hurt, for a law that every writer of literals keeps: what goes in comes out.
//!
//! `DRAWBRIDGE_LITERALS` sets how many texts each writer gets (2,000 when it is not set).

/// What some language reads something into.
const MARKS: &[&str] = &[
    "'",
    "\"",
    "\\",
    "`",
    "$",
    "${",
    "$${",
    "%{",
    "%%{",
    "$(",
    "}",
    "{",
    "{{",
    "}}",
    "<",
    ">",
    "&",
    "&#x41;",
    "</text>",
    "<!--",
    "]]>",
    "<subscription>",
    "[",
    "]",
    "[[",
    "]]",
    "[concat('a')]",
    "@",
    "=@",
    "#",
    ";",
    "|",
    "*",
    "_",
    "~",
    "!",
    ":",
    ": ",
    " #",
    "- ",
    "---",
    "\n",
    "\r",
    "\r\n",
    "\n'@\n",
    "\n\"@\n",
    "\n'''\n",
    "\t",
    " ",
    "  ",
    "\0",
    "\x07",
    "\x1b",
    "\x7f",
    "\\n",
    "\\u0041",
    "\\x41",
    "\\101",
    "\\U00000041",
    "%41",
    "''",
    "\\'",
    "null",
    "true",
    "~",
    "0",
    "1e3",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{300}",
    "\u{2018}",
    "\u{2019}",
    "\u{201b}",
    "\u{201c}",
    "\u{201e}",
    "\u{200b}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}",
    "\u{d7ff}",
    "\u{e000}",
    "\u{fdd0}",
    "\u{feff}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{10000}",
    "\u{1f680}",
    "\u{10ffff}",
    "e\u{301}",
    "\u{e9}",
    "\u{30c7}\u{30fc}\u{30bf}",
];

/// Texts in portions, so that a reader need not start for each.
pub(super) fn portions() -> impl Iterator<Item = Vec<String>> {
    let set = std::env::var("DRAWBRIDGE_LITERALS").ok().and_then(|it| it.parse().ok());
    let count: usize = set.unwrap_or(2_000);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    (0..count)
        .step_by(500)
        .map(move |start| (start..count.min(start + 500)).map(|_| text(&mut random)).collect())
}

fn text(random: &mut Random) -> String {
    (0..random.below(12)).map(|_| piece(random)).collect()
}

fn piece(random: &mut Random) -> String {
    match random.below(8) {
        0..=3 => MARKS.get(random.below(MARKS.len())).map_or(String::new(), |it| (*it).to_owned()),
        4 | 5 => character(random, 0x80),
        6 => character(random, 0x1_0000),
        _ => character(random, 0x11_0000),
    }
}

/// A character below a number; nothing for what is none.
fn character(random: &mut Random, below: usize) -> String {
    let code = u32::try_from(random.below(below)).unwrap_or_default();
    char::from_u32(code).map(String::from).unwrap_or_default()
}

/// The same numbers each time (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap_or_default()
    }
}

/// Printable ASCII in one line: no reader disagrees about it, and no editor changes it.
pub(super) fn is_plain(it: &str) -> bool {
    it.bytes().all(|it| matches!(it, b' '..=b'~'))
}

/// The inside of a text in which a backslash begins an escape; `escape` reads the rest of one.
pub(super) fn unescaped(
    inside: &str,
    escape: fn(char, &mut std::str::Chars<'_>) -> Option<char>,
) -> Option<String> {
    let mut rest = inside.chars();
    let mut out = String::new();
    while let Some(c) = rest.next() {
        out.push(if c == '\\' { escape(rest.next()?, &mut rest)? } else { c });
    }
    Some(out)
}

#[test]
fn texts_differ_and_hold_every_mark() {
    let all: Vec<String> = portions().flatten().collect();
    let different: std::collections::BTreeSet<&String> = all.iter().collect();
    assert!(different.len() > all.len() * 4 / 5, "{} of {}", different.len(), all.len());
    for mark in MARKS {
        assert!(all.iter().any(|it| it.contains(mark)), "{mark:?}");
    }
}
