//! A value in a sentence: mostly a name, an address or a number, and so short that it needs no memory of its own.
//!
//! A report has tens of thousands of them, and asking for memory and giving it back was a third of its time.

use std::{borrow::Cow, cmp::Ordering, fmt, hash, net::Ipv4Addr, ops::Deref};

/// So many bytes fit. An [`Arg`](super::Arg) is no larger for it, or by one word on 32 bits: the two texts
/// that may stand in its place need as much.
const ROOM: usize = if size_of::<usize>() == 8 { 30 } else { 22 };

/// A text that does not change, in place where it is short.
#[derive(Clone)]
pub struct Word(Kept);

// INVARIANT: what fits is `Short`, and its bytes are the UTF-8 of a whole text.
#[derive(Clone)]
enum Kept {
    Short(u8, [u8; ROOM]),
    Long(Box<str>),
}

impl Word {
    /// What `it` prints.
    pub fn of(it: &dyn fmt::Display) -> Word {
        let mut written = Writer::default();
        // Writing to memory does not fail.
        let _ = fmt::Write::write_fmt(&mut written, format_args!("{it}"));
        written.finish()
    }

    /// Numbers, each before what separates it from the next: addresses and prefixes are nearly all that is
    /// not text, and printing them was a tenth of the search for all pairs.
    pub fn numbers<const N: usize>(all: [(u64, &str); N]) -> Word {
        let mut written = Writer::default();
        for (number, separator) in all {
            written.number(number);
            written.text(separator);
        }
        written.finish()
    }

    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kept::Short(len, bytes) => bytes
                .get(..usize::from(*len))
                .and_then(|it| str::from_utf8(it).ok())
                .unwrap_or_default(),
            Kept::Long(it) => it,
        }
    }
}

/// What becomes a [`Word`]. Texts, which nearly all are, go without the machinery of printing.
pub trait Shown {
    fn word(&self) -> Word;
}

impl Shown for str {
    fn word(&self) -> Word {
        self.into()
    }
}

impl Shown for String {
    fn word(&self) -> Word {
        self.as_str().into()
    }
}

impl Shown for Cow<'_, str> {
    fn word(&self) -> Word {
        self.as_ref().into()
    }
}

impl<T: Shown + ?Sized> Shown for &T {
    fn word(&self) -> Word {
        (**self).word()
    }
}

impl Shown for Word {
    fn word(&self) -> Word {
        self.clone()
    }
}

/// For what prints.
macro_rules! shown {
    ($($type:ty),* $(,)?) => {
        $(impl $crate::text::Shown for $type {
            fn word(&self) -> $crate::text::Word {
                $crate::text::Word::of(self)
            }
        })*
    };
}
pub(crate) use shown;

shown!(char, i32, fmt::Arguments<'_>);

/// For numbers without a sign.
macro_rules! counted {
    ($($type:ty),*) => {
        $(impl Shown for $type {
            fn word(&self) -> Word {
                // `usize` has 32 bits in the app and 64 elsewhere.
                Word::numbers([(u64::try_from(*self).unwrap_or(u64::MAX), "")])
            }
        })*
    };
}

counted!(u8, u16, u32, u64, usize);

impl Shown for Ipv4Addr {
    fn word(&self) -> Word {
        let [a, b, c, d] = self.octets().map(u64::from);
        Word::numbers([(a, "."), (b, "."), (c, "."), (d, "")])
    }
}

/// A text while it is printed, piece by piece.
struct Writer {
    short: [u8; ROOM],
    len: usize,
    long: Option<String>,
}

impl Default for Writer {
    fn default() -> Writer {
        Writer { short: [0; ROOM], len: 0, long: None }
    }
}

impl Writer {
    fn number(&mut self, number: u64) {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        if number > 9 {
            self.number(number / 10);
        }
        let last = usize::try_from(number % 10).unwrap_or_default();
        self.text(DIGITS.get(last).copied().unwrap_or_default());
    }

    fn finish(self) -> Word {
        match (self.long, u8::try_from(self.len)) {
            (Some(it), _) => Word(Kept::Long(it.into())),
            (None, Ok(len)) => Word(Kept::Short(len, self.short)),
            (None, Err(_)) => Word::default(),
        }
    }
}

impl Writer {
    fn text(&mut self, piece: &str) {
        if let Some(long) = &mut self.long {
            long.push_str(piece);
            return;
        }
        let end = self.len + piece.len();
        if let Some(room) = self.short.get_mut(self.len..end) {
            room.copy_from_slice(piece.as_bytes());
            self.len = end;
            return;
        }
        let so_far = self.short.get(..self.len).and_then(|it| str::from_utf8(it).ok());
        let mut long = so_far.unwrap_or_default().to_owned();
        long.push_str(piece);
        self.long = Some(long);
    }
}

impl fmt::Write for Writer {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.text(piece);
        Ok(())
    }
}

impl Default for Word {
    fn default() -> Word {
        Word(Kept::Short(0, [0; ROOM]))
    }
}

impl From<&str> for Word {
    fn from(it: &str) -> Word {
        let mut bytes = [0; ROOM];
        match (bytes.get_mut(..it.len()), u8::try_from(it.len())) {
            (Some(room), Ok(len)) => {
                room.copy_from_slice(it.as_bytes());
                Word(Kept::Short(len, bytes))
            }
            _ => Word(Kept::Long(it.into())),
        }
    }
}

impl From<String> for Word {
    fn from(it: String) -> Word {
        if it.len() <= ROOM { Word::from(it.as_str()) } else { Word(Kept::Long(it.into())) }
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Word) -> bool {
        match (&self.0, &other.0) {
            (Kept::Short(a, these), Kept::Short(b, those)) => a == b && these == those,
            (Kept::Long(a), Kept::Long(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Word {}

impl PartialOrd for Word {
    fn partial_cmp(&self, other: &Word) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Word {
    fn cmp(&self, other: &Word) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl hash::Hash for Word {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_is_kept_whole() {
        for piece in ["a", "ä", "名", "😀"] {
            for n in 0..80 {
                let text = piece.repeat(n);
                let words = [Word::from(text.as_str()), Word::from(text.clone()), Word::of(&text)];
                for it in &words {
                    assert_eq!(it.as_str(), text);
                    assert_eq!(it, &words[0]);
                    assert_eq!(it.cmp(&Word::from("b")), text.as_str().cmp("b"));
                }
            }
        }
    }

    #[test]
    fn a_text_printed_in_pieces_is_one() {
        let pieces = format_args!("{}-{:>40}-{}", "snet", "training", "名").to_string();
        let word = Word::of(&format_args!("{}-{:>40}-{}", "snet", "training", "名"));
        assert_eq!(word.as_str(), pieces);
    }

    #[test]
    fn numbers_and_addresses_read_as_printed() {
        for it in [0, 9, 10, 99, 100, 65_535, u64::MAX] {
            assert_eq!(it.word().as_str(), it.to_string());
        }
        let address = Ipv4Addr::new(10, 0, 255, 100);
        assert_eq!(address.word().as_str(), "10.0.255.100");
        assert_eq!(Word::numbers([(1, "x"), (22, "")]).as_str(), "1x22");
    }

    #[test]
    fn a_value_makes_an_argument_no_larger() {
        assert!(size_of::<super::super::Arg>() <= 5 * size_of::<usize>());
    }
}
