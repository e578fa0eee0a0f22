//! Bash words. Whatever goes in comes out as one argument with the same bytes, or not at all.

use std::fmt::Write;

use crate::export::script::Part;

/// One argument made of pieces; `None` if no argument can hold it (NUL).
pub(in crate::export) fn word(parts: &[Part]) -> Option<String> {
    let texts = parts.iter().filter_map(|it| match it {
        Part::Text(it) => Some(it.as_str()),
        Part::Var(_) => None,
    });
    let has_var = parts.iter().any(|it| matches!(it, Part::Var(_)));
    let text: String = texts.collect();
    if text.contains('\0') {
        return None;
    }
    if !has_var {
        return Some(quoted(&text));
    }
    if text.chars().all(|it| matches!(it, ' ' | '#'..='~') && !matches!(it, '$' | '`' | '\\')) {
        return Some(double_quoted(parts));
    }
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(it) => out.push_str(&quoted(it)),
            Part::Var(it) => {
                let _ = write!(out, "\"${it}\"");
            }
        }
    }
    Some(out)
}

fn double_quoted(parts: &[Part]) -> String {
    let mut out = String::from("\"");
    for (n, part) in parts.iter().enumerate() {
        match part {
            Part::Text(it) => out.push_str(it),
            Part::Var(it) => {
                let next = parts.get(n + 1);
                let joins = matches!(next, Some(Part::Text(it))
                    if it.starts_with(|it: char| it.is_ascii_alphanumeric() || it == '_'));
                let _ = if joins { write!(out, "${{{it}}}") } else { write!(out, "${it}") };
            }
        }
    }
    out.push('"');
    out
}

/// A text as a bash word of ASCII characters: bare where nothing can happen, in single quotes where
/// that is enough, else byte by byte in `$'…'`.
pub(in crate::export) fn quoted(it: &str) -> String {
    let bare = |it: char| it.is_ascii_alphanumeric() || "._/:-,+=".contains(it);
    // `=` and `~` matter at the start of a word, `-` never to bash.
    if !it.is_empty() && it.chars().all(bare) && !it.starts_with('=') {
        return it.to_owned();
    }
    if it.chars().all(|it| matches!(it, ' '..='~') && it != '\'') {
        return format!("'{it}'");
    }
    let mut out = String::from("$'");
    for byte in it.bytes() {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\'' => out.push_str("\\'"),
            b'\\' => out.push_str("\\\\"),
            b' '..=b'~' => out.push(char::from(byte)),
            // Octal takes three digits at most, so that what follows is never swallowed.
            _ => {
                let _ = write!(out, "\\{byte:03o}");
            }
        }
    }
    out.push('\'');
    out
}

/// A text as the inside of a JSON string, in ASCII and without a single quote, so that it also stands
/// unharmed inside single quotes of bash. `az` looks for a file where an `@` follows the first `=` of
/// an argument, so that is spelled otherwise.
pub(in crate::export) fn json_text(it: &str) -> String {
    let mut out = String::new();
    for c in it.chars() {
        match c {
            '@' if out.is_empty() || out.ends_with('=') => out.push_str("\\u0040"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\'' => out.push_str("\\u0027"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    use crate::export::laws;

    #[test]
    fn words_are_quoted_no_more_than_needed() {
        assert_eq!(quoted("rg-ml"), "rg-ml");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("two words"), "'two words'");
        assert_eq!(quoted("$(x)"), "'$(x)'");
        assert_eq!(quoted("it's"), "$'it\\'s'");
        assert_eq!(quoted("é1"), "$'\\303\\2511'");
        assert_eq!(quoted("*"), "'*'");
        assert_eq!(quoted("=x"), "'=x'");
    }

    #[test]
    fn variables_stand_in_double_quotes_only_beside_harmless_text() {
        let parts = [Part::text("/s/"), Part::var("sub"), Part::text("/rg")];
        assert_eq!(word(&parts).unwrap(), "\"/s/$sub/rg\"");
        let parts = [Part::var("sub"), Part::text("x")];
        assert_eq!(word(&parts).unwrap(), "\"${sub}x\"");
        let parts = [Part::text("$(x)"), Part::var("sub")];
        assert_eq!(word(&parts).unwrap(), "'$(x)'\"$sub\"");
        assert_eq!(word(&[Part::text("a\0")]), None);
    }

    #[test]
    fn json_is_ascii_without_single_quotes() {
        assert_eq!(
            json_text("it's \"é\"\u{1F680}\0"),
            "it\\u0027s \\\"\\u00e9\\\"\\ud83d\\ude80\\u0000"
        );
    }
    /// Bash itself says what it makes of words and of bodies.
    #[test]
    fn bash_gets_every_text_as_it_is() {
        for texts in laws::portions() {
            let mut script = String::from("printf '%s\\0'");
            let mut expected = String::new();
            for it in &texts {
                let Some(word) = word(&[Part::text(it)]) else {
                    assert!(it.contains('\0'), "{it:?}");
                    continue;
                };
                let body = format!("'{}'", json_text(it));
                assert!(laws::is_plain(&word) && laws::is_plain(&body), "{it:?}");
                let _ = write!(script, " {word} {body}");
                let _ = write!(expected, "{it}\0{it}\0");
            }
            let mut bash =
                Command::new("bash").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            bash.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
            let output = String::from_utf8(bash.wait_with_output().unwrap().stdout).unwrap();
            let mut found = String::new();
            for (n, it) in output.split_terminator('\0').enumerate() {
                // Every second one is the inside of a JSON string.
                let text: String = if n % 2 == 0 {
                    it.to_owned()
                } else {
                    serde_json::from_str(&format!("\"{it}\"")).unwrap()
                };
                let _ = write!(found, "{text}\0");
            }
            assert_eq!(found, expected);
        }
    }
}
