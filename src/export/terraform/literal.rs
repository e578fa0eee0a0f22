//! HCL literals. Whatever goes in comes out as one text of the same characters, in ASCII.
//!
//! Docs: "Strings and Templates" (developer.hashicorp.com/terraform/language/expressions/strings).

use std::fmt::Write;

use icu_normalizer::ComposingNormalizerBorrowed;

use crate::export::script::Part;

/// Whether Terraform leaves a text as it is: its texts are in Unicode's form C.
pub(super) fn is_kept(it: &str) -> bool {
    it.is_ascii() || ComposingNormalizerBorrowed::new_nfc().is_normalized(it)
}

/// The inside of quotes: `${` and `%{` would begin a template.
fn inside(out: &mut String, text: &str) {
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => {
                out.push(c);
                out.push(c);
            }
            ' '..='~' => out.push(c),
            _ if u32::from(c) > 0xffff => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
            _ => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
        }
    }
}

/// A text in quotes.
pub(super) fn quoted(it: &str) -> String {
    let mut out = String::from("\"");
    inside(&mut out, it);
    out.push('"');
    out
}

/// A text made of pieces; the value itself where there is nothing but that.
pub(super) fn template(parts: &[Part]) -> String {
    let value = |it: &str| if it.contains('.') { it.to_owned() } else { format!("local.{it}") };
    if let [Part::Var(it)] = parts {
        return value(it);
    }
    let mut out = String::from("\"");
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(it) => text.push_str(it),
            Part::Var(it) => {
                // `$${` is no value but text.
                let before = text.strip_suffix('$');
                inside(&mut out, before.unwrap_or(&text));
                out.push_str(if before.is_some() { "\\u0024" } else { "" });
                text.clear();
                let _ = write!(out, "${{{}}}", value(it));
            }
        }
    }
    inside(&mut out, &text);
    out.push('"');
    out
}

/// A name of a member.
pub(super) fn key(it: &str) -> String {
    let letters = it.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    let word = it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    // Words that mean something in an expression.
    let taken = ["for", "if", "in", "null", "true", "false"].contains(&it);
    if letters && word && !taken { it.to_owned() } else { quoted(it) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::laws;

    #[test]
    fn texts_are_ascii_and_nothing_is_put_into_them() {
        assert_eq!(quoted("a \"b\" \\ ${x} %{if} $x % {"), r#""a \"b\" \\ $${x} %%{if} $x % {""#);
        assert_eq!(quoted("$${x}"), r#""$$${x}""#);
        assert_eq!(quoted("a\n\u{e9}\u{1f680}\0"), r#""a\n\u00e9\U0001f680\u0000""#);
    }

    #[test]
    fn pieces_are_one_text_or_one_value() {
        assert_eq!(template(&[Part::var("var.x")]), "var.x");
        let parts =
            [Part::text("/s/"), Part::var("subscription"), Part::text("/$"), Part::text("{")];
        assert_eq!(template(&parts), r#""/s/${local.subscription}/$${""#);
        // A dollar sign before a value would make it text.
        let parts = [Part::text("$"), Part::var("var.x")];
        assert_eq!(template(&parts), r#""\u0024${var.x}""#);
    }

    #[test]
    fn names_of_members_are_quoted_where_they_are_no_words() {
        assert_eq!(key("ipRules"), "ipRules");
        assert_eq!(key("1st"), "\"1st\"");
        assert_eq!(key("a-b"), "\"a-b\"");
        assert_eq!(key("for"), "\"for\"");
    }

    #[test]
    fn letters_with_separate_accents_are_not_kept() {
        assert!(is_kept("caf\u{e9} \u{30c7}\u{30fc}\u{30bf}"));
        assert!(!is_kept("cafe\u{301}"));
        assert!(!is_kept("\u{212b}"));
    }
    #[test]
    fn hcl_gets_every_text_as_it_is() {
        for texts in laws::portions() {
            let lines: Vec<String> = texts
                .iter()
                .enumerate()
                .map(|(n, it)| format!("x{n} = {}\n", quoted(it)))
                .collect();
            assert!(lines.iter().all(|it| laws::is_plain(it.trim_end())));
            let body = hcl_edit::parser::parse_body(&lines.concat()).unwrap();
            let found: Vec<&str> = body
                .attributes()
                .map(|it| match &it.value {
                    hcl_edit::expr::Expression::String(it) => it.as_str(),
                    other => panic!("{other:?}"),
                })
                .collect();
            assert_eq!(found, texts);
        }
    }
}
