//! PowerShell literals. Whatever goes in comes out as one text of the same characters, and the script
//! stays ASCII: Windows PowerShell 5.1 reads scripts in the code page of the machine, and both take
//! U+2018 to U+201E for quotes.
//!
//! Docs: "About quoting rules" (powershell/module/microsoft.powershell.core/about, page
//! `about_quoting_rules`).

use std::fmt::Write;

use crate::export::script::Part;

/// A text as an argument: in single quotes, where nothing is read into it, else decoded by .NET.
pub(super) fn quoted(it: &str) -> String {
    if it.chars().all(|it| matches!(it, ' '..='~')) {
        return format!("'{}'", it.replace('\'', "''"));
    }
    let mut out = String::from("([regex]::Unescape('");
    for c in it.chars() {
        match c {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(c),
            _ => units(&mut out, c),
        }
    }
    out.push_str("'))");
    out
}

/// `\u` and four digits for each UTF-16 unit, as JSON and .NET's regular expressions read it.
fn units(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// A variable in double quotes or a here-string. A name may go on with letters, digits, `_`, `?`, `:`.
pub(super) fn variable(name: &str, next: Option<char>) -> String {
    if next.is_none_or(|it| it == '/' || it == '"') {
        format!("${name}")
    } else {
        format!("${{{name}}}")
    }
}

/// One argument made of pieces.
pub(super) fn word(parts: &[Part]) -> String {
    let plain = |it: char| matches!(it, ' '..='~') && !matches!(it, '$' | '`' | '"');
    let texts = || {
        parts.iter().filter_map(|it| match it {
            Part::Text(it) => Some(it.as_str()),
            Part::Var(_) => None,
        })
    };
    if parts.iter().all(|it| matches!(it, Part::Text(_))) {
        return quoted(&texts().collect::<String>());
    }
    if let [Part::Var(name)] = parts {
        return format!("${name}");
    }
    if texts().all(|it| it.chars().all(plain)) {
        return format!("\"{}\"", joined(parts));
    }
    let pieces: Vec<String> = parts
        .iter()
        .map(|it| match it {
            Part::Text(it) => quoted(it),
            Part::Var(name) => format!("${name}"),
        })
        .collect();
    // A text in front, so that `+` puts texts together whatever the variable holds.
    format!("('' + {})", pieces.join(" + "))
}

/// Pieces inside double quotes or a here-string. Their texts must hold nothing that is read there.
pub(super) fn joined(parts: &[Part]) -> String {
    let mut out = String::new();
    for (n, part) in parts.iter().enumerate() {
        match part {
            Part::Text(it) => out.push_str(it),
            Part::Var(name) => {
                let next = match parts.get(n + 1) {
                    Some(Part::Text(it)) => it.chars().next(),
                    Some(Part::Var(_)) => Some('$'),
                    None => None,
                };
                out.push_str(&variable(name, next));
            }
        }
    }
    out
}

/// A text as the inside of a JSON string in a here-string: one line of ASCII in which nothing is a
/// variable, a subexpression or an escape of PowerShell.
pub(super) fn json_text(it: &str) -> String {
    let mut out = String::new();
    for c in it.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '$' | '`' => units(&mut out, c),
            ' '..='~' => out.push(c),
            _ => units(&mut out, c),
        }
    }
    out
}

/// JSON as a here-string; `expands`: variables in it are read. Its lines begin with blanks or a
/// bracket, so that none ends it early.
pub(super) fn here_string(json: &str, expands: bool) -> String {
    let quote = if expands { '"' } else { '\'' };
    format!("@{quote}\n{json}\n{quote}@")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::laws;

    #[test]
    fn texts_are_quoted_so_that_nothing_is_read_into_them() {
        assert_eq!(quoted("rg-ml"), "'rg-ml'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("it's $(x) `n"), "'it''s $(x) `n'");
        assert_eq!(quoted("\u{2019}; x \\ '"), "([regex]::Unescape('\\u2019; x \\\\ '''))");
        assert_eq!(quoted("\u{1f680}\0"), "([regex]::Unescape('\\ud83d\\ude80\\u0000'))");
    }

    #[test]
    fn variables_stand_in_double_quotes_only_beside_harmless_text() {
        let parts = [Part::text("/s/"), Part::var("sub"), Part::text("/rg")];
        assert_eq!(word(&parts), "\"/s/$sub/rg\"");
        let parts = [Part::var("sub"), Part::text("?x")];
        assert_eq!(word(&parts), "\"${sub}?x\"");
        let parts = [Part::text("$(x)"), Part::var("sub")];
        assert_eq!(word(&parts), "('' + '$(x)' + $sub)");
        assert_eq!(word(&[Part::var("sub")]), "$sub");
        assert_eq!(joined(&[Part::var("a"), Part::var("b")]), "${a}$b");
    }

    #[test]
    fn json_holds_no_variable_and_no_escape_of_powershell() {
        assert_eq!(
            json_text("it's \"$x\" `n \u{e9}\u{1F680}\0"),
            "it's \\\"\\u0024x\\\" \\u0060n \\u00e9\\ud83d\\ude80\\u0000"
        );
    }

    /// The characters that quoting is about, in every order.
    #[test]
    fn whatever_is_written_reads_back() {
        let alphabet = [
            "'",
            "\"",
            "$",
            "`",
            "\\",
            "@",
            "\n",
            "\r",
            "(",
            "{",
            "}",
            "u",
            "0041",
            "x",
            ":",
            "?",
            "\0",
            "\u{2018}",
            "\u{2019}",
            "\u{201c}",
            "\u{201e}",
            "\u{e9}",
            "\u{1f680}",
            "#",
            "%",
        ];
        let mut state = 7_u64;
        for n in 0..100_000 {
            let mut text = String::new();
            for _ in 0..n % 9 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                text.push_str(alphabet[usize::try_from(state >> 33).unwrap() % alphabet.len()]);
            }
            assert_eq!(read(&quoted(&text)), text, "{}", quoted(&text));
            let json = json_text(&text);
            assert!(json.chars().all(|it| matches!(it, ' '..='~') && !"$`".contains(it)), "{json}");
            let read: String = serde_json::from_str(&format!("\"{json}\"")).unwrap();
            assert_eq!(read, text);
        }
    }

    fn read(word: &str) -> String {
        assert!(word.is_ascii() && !word.contains(['\n', '\r', '\0']), "{word:?}");
        let escaped = word.strip_prefix("([regex]::Unescape(").and_then(|it| it.strip_suffix("))"));
        let inside = escaped.unwrap_or(word);
        let inside = inside.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
        assert!(!inside.replace("''", "").contains('\''), "{word}");
        let text = inside.replace("''", "'");
        if escaped.is_none() {
            return text;
        }
        let (mut units, mut rest) = (Vec::new(), text.as_str());
        while let Some(c) = rest.chars().next() {
            rest = &rest[1..];
            if c != '\\' {
                units.push(u16::try_from(u32::from(c)).unwrap());
            } else if let Some(after) = rest.strip_prefix('u') {
                units.push(u16::from_str_radix(&after[..4], 16).unwrap());
                rest = &after[4..];
            } else {
                rest = rest.strip_prefix('\\').unwrap();
                units.push(u16::from(b'\\'));
            }
        }
        String::from_utf16(&units).unwrap()
    }
    /// The grammar says where a literal ends, and the rules of PowerShell and .NET what is in it.
    #[test]
    fn powershell_gets_every_text_as_it_is() {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&tree_sitter_powershell::LANGUAGE.into()).unwrap();
        for texts in laws::portions() {
            let lines: Vec<String> =
                texts.iter().map(|it| format!("$x = {}", quoted(it))).collect();
            assert!(lines.iter().all(|it| laws::is_plain(it)));
            let script = lines.join("\n");
            let tree = parser.parse(&script, None).unwrap();
            assert!(!tree.root_node().has_error());
            let mut found = Vec::new();
            literals(tree.root_node(), &script, &mut found);
            assert_eq!(found, texts);
        }
    }

    /// What stands in single quotes, and what .NET makes of that where it is asked to.
    fn literals(node: tree_sitter::Node<'_>, script: &str, found: &mut Vec<String>) {
        let text = script.get(node.byte_range()).unwrap();
        let inside = |it: &str| {
            let inside = it.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap().to_owned();
            assert!(!inside.replace("''", "").contains('\''), "{it}");
            inside.replace("''", "'")
        };
        match node.kind() {
            "invokation_expression" => {
                let it =
                    text.strip_prefix("[regex]::Unescape(").unwrap().strip_suffix(')').unwrap();
                let units = dotnet(&inside(it));
                found.push(String::from_utf16(&units).unwrap());
            }
            "verbatim_string_characters" => found.push(inside(text)),
            _ => {
                let mut cursor = node.walk();
                for it in node.children(&mut cursor) {
                    literals(it, script, found);
                }
            }
        }
    }

    fn dotnet(it: &str) -> Vec<u16> {
        let (mut units, mut rest) = (Vec::new(), it.chars());
        while let Some(c) = rest.next() {
            let escape = if c == '\\' { rest.next() } else { None };
            match (c, escape) {
                ('\\', Some('u')) => {
                    let hex: String = rest.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&hex, 16).unwrap());
                }
                ('\\', it) => {
                    assert_eq!(it, Some('\\'));
                    units.push(u16::from(b'\\'));
                }
                (c, _) => units.extend(c.encode_utf16(&mut [0; 2]).iter()),
            }
        }
        units
    }

    #[test]
    fn json_in_a_here_string_gets_every_text_as_it_is() {
        for it in laws::portions().flatten() {
            let json = json_text(&it);
            assert!(laws::is_plain(&json) && !json.contains(['$', '`']), "{json}");
            assert_eq!(serde_json::from_str::<String>(&format!("\"{json}\"")).unwrap(), it);
        }
    }
}
