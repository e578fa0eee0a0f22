//! One sentence in English and Japanese.
//!
//! `Text` is a constant beside its use, so a missing translation does not compile. A sentence with
//! values in it is a [`Message`]: the text with `{0}`, `{1}` … and the values to put there. Azure
//! names, ids and addresses are values, so they are never translated.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

// Values, in place where they are short.
mod word;

pub(crate) use word::shown;
pub use word::{Shown, Word};

/// The languages of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    En,
    Ja,
}

impl Lang {
    /// Value of `<html lang>`.
    pub const fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Ja => "ja",
        }
    }
}

/// A sentence or label without values in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {
    pub en: &'static str,
    pub ja: &'static str,
}

/// Shorthand, because tables of texts are long.
pub const fn text(en: &'static str, ja: &'static str) -> Text {
    Text { en, ja }
}

impl Text {
    /// A text that is the same in every language: an Azure name, a code, an address.
    pub const fn same(s: &'static str) -> Text {
        Text { en: s, ja: s }
    }

    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Ja => self.ja,
        }
    }

    /// The sentence with `args` in place of `{0}`, `{1}` ….
    pub fn with<const N: usize>(self, args: [Arg; N]) -> Message {
        Message { text: self, args: args.into() }
    }
}

/// A value inside a [`Message`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arg {
    /// Shown as it is: a name, an address, a port.
    Value(Word),
    /// Itself translated: a label, an outcome.
    Text(Text),
    /// A sentence inside a sentence.
    Message(Box<Message>),
}

impl From<&str> for Arg {
    fn from(it: &str) -> Arg {
        Arg::Value(it.into())
    }
}

impl From<String> for Arg {
    fn from(it: String) -> Arg {
        Arg::Value(it.into())
    }
}

impl From<&String> for Arg {
    fn from(it: &String) -> Arg {
        Arg::Value(it.as_str().into())
    }
}

impl From<Text> for Arg {
    fn from(it: Text) -> Arg {
        Arg::Text(it)
    }
}

impl From<Message> for Arg {
    fn from(it: Message) -> Arg {
        Arg::Message(Box::new(it))
    }
}

/// Anything that prints as one word becomes a value: numbers, addresses, prefixes.
pub fn arg(it: impl Shown) -> Arg {
    Arg::Value(it.word())
}

/// A sentence with its values, still in both languages. Copies share the values: the same sentence stands
/// in many traces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message {
    pub text: Text,
    pub args: Arc<[Arg]>,
}

impl From<Text> for Message {
    fn from(text: Text) -> Message {
        Message { text, args: Arc::default() }
    }
}

impl Message {
    /// A message that is one value, the same in every language.
    pub fn value(it: impl Into<String>) -> Message {
        text("{0}", "{0}").with([Arg::Value(it.into().into())])
    }

    /// Puts the values in. A placeholder without a value stays as it is, so that nothing is lost.
    pub fn render(&self, lang: Lang) -> String {
        let mut out = String::new();
        self.write(&mut out, lang);
        out
    }

    /// The same at the end of `out`.
    pub fn write(&self, out: &mut String, lang: Lang) {
        let mut rest = self.text.get(lang);
        while let Some(open) = rest.find('{') {
            let (before, after) = rest.split_at(open);
            out.push_str(before);
            let close = after.find('}');
            let arg = close
                .and_then(|close| after.get(1..close))
                .and_then(|digits| digits.parse::<usize>().ok())
                .and_then(|n| self.args.get(n));
            match (close, arg) {
                (Some(close), Some(arg)) => {
                    match arg {
                        Arg::Value(it) => out.push_str(it),
                        Arg::Text(it) => out.push_str(it.get(lang)),
                        Arg::Message(it) => it.write(out, lang),
                    }
                    rest = after.get(close + 1..).unwrap_or("");
                }
                _ => {
                    out.push('{');
                    rest = after.get(1..).unwrap_or("");
                }
            }
        }
        out.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_where_each_language_wants_them() {
        let it = text("{0} reads {1}", "{1} を {0} が読む").with([arg("a"), arg("b")]);
        assert_eq!(it.render(Lang::En), "a reads b");
        assert_eq!(it.render(Lang::Ja), "b を a が読む");
    }

    #[test]
    fn a_value_is_never_read_as_a_placeholder() {
        let it = text("{0}{1}", "{0}{1}").with([arg("{1}"), arg("x")]);
        assert_eq!(it.render(Lang::En), "{1}x");
    }

    #[test]
    fn a_placeholder_without_a_value_stays() {
        assert_eq!(text("a {7} {b", "").with([]).render(Lang::En), "a {7} {b");
    }
}
