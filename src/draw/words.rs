//! Words cut to the room there is. SVG text neither wraps nor ends with an ellipsis by itself, and
//! measuring it would force a layout for each box, so widths are estimated.

use super::geometry::Rect;

/// How the words of a note stand in it, in px.
pub struct Setting {
    pub size: f64,
    pub leading: f64,
    /// From the border.
    pub inset: f64,
}

pub const NOTE: Setting = Setting { size: 13.0, leading: 18.0, inset: 10.0 };

impl Setting {
    /// The base line of the first line.
    pub fn first(&self) -> f64 {
        self.inset + self.size - 1.0
    }

    /// How high a note of this width has to be for all of its words.
    pub fn height(&self, text: &str, width: f64) -> f64 {
        let room = (width - 2.0 * self.inset).max(self.size);
        let rows = u32::try_from(wrap(text, room, self.size, usize::MAX - 1).len()).unwrap_or(1);
        f64::from(rows.max(1)) * self.leading + 2.0 * self.inset - 4.0
    }

    /// The lines that there is room for.
    pub fn lines(&self, text: &str, within: Rect) -> Vec<String> {
        let room = (within.width - 2.0 * self.inset).max(self.size);
        let rows = ((within.height - 2.0 * self.inset + 4.0) / self.leading).max(1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates, and it is 1 or more"
        )]
        let rows = rows as usize;
        wrap(text, room, self.size, rows)
    }
}

/// Width of a text in em of its font size.
pub fn width(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

fn advance(it: char) -> f64 {
    match it {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.27,
        'f' | 'r' | 't' | '-' | '(' | ')' | '/' | ' ' | '[' | ']' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.88,
        '0'..='9' | '_' => 0.56,
        'A'..='Z' => 0.66,
        _ if (it as u32) < 0x2000 => 0.55,
        // Japanese, and whatever else is as wide as it is high.
        _ => 1.0,
    }
}

/// The text, or its beginning with an ellipsis, in at most `room` px at a font size of `size` px.
pub fn clip(text: &str, room: f64, size: f64) -> String {
    let room = room / size;
    if width(text) <= room {
        return text.to_owned();
    }
    let mut used = advance('…');
    let mut out = String::new();
    for it in text.chars() {
        used += advance(it);
        if used > room {
            break;
        }
        out.push(it);
    }
    out.truncate(out.trim_end().len());
    out.push('…');
    out
}

/// Text for a line of `room` px, and the length it is to be pressed into where it is a little too long.
/// Words that are much too long are cut.
pub fn fit(text: &str, room: f64, size: f64) -> (String, Option<f64>) {
    const PRESS: f64 = 1.2;
    let natural = width(text) * size;
    if natural <= room {
        (text.to_owned(), None)
    } else if natural <= room * PRESS {
        (text.to_owned(), Some(room))
    } else {
        (clip(text, room * 1.05, size), Some(room))
    }
}

/// The text in lines of at most `room` px at a font size of `size` px, at most `rows` of them; the last one ends with an
/// ellipsis where more would follow. Lines break between words, between Japanese signs, and in a word that is
/// longer than a line.
pub fn wrap(text: &str, room: f64, size: f64, rows: usize) -> Vec<String> {
    let most = room / size;
    let mut lines: Vec<String> = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut used = 0.0;
        for piece in pieces(paragraph) {
            let wide = width(piece);
            if used + width(piece.trim_end()) > most && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            if wide <= most {
                line.push_str(piece);
                used += wide;
                continue;
            }
            for it in piece.chars() {
                if used + advance(it) > most && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(it);
                used += advance(it);
            }
        }
        lines.push(line);
        if lines.len() > rows {
            break;
        }
    }
    if lines.len() > rows {
        lines.truncate(rows);
        if let Some(last) = lines.last_mut() {
            last.push('…');
            *last = clip(last, room, size);
        }
    }
    for it in &mut lines {
        it.truncate(it.trim_end().len());
    }
    lines
}

/// What a line is not broken within: a word with the space after it, or one sign of a script without spaces.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let mut signs = rest.char_indices().peekable();
        let mut end = rest.len();
        while let Some((_, it)) = signs.next() {
            let Some((at, next)) = signs.peek().copied() else { break };
            let alone = |it: char| it >= '\u{2e80}';
            // Closing marks stay with what they close.
            let closes = "、。，．」』）！？ー…".contains(next);
            if (it == ' ' && next != ' ') || ((alone(it) || alone(next)) && !closes) {
                end = at;
                break;
            }
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_stay_and_long_ones_end_with_an_ellipsis() {
        assert_eq!(clip("amlvnet", 150.0, 13.0), "amlvnet");
        let it = clip("privatelink.api.azureml.ms", 100.0, 13.0);
        assert!(it.ends_with('…') && width(&it) * 13.0 <= 100.0, "{it}");
    }

    #[test]
    fn a_little_too_long_is_pressed_and_far_too_long_cut() {
        assert_eq!(fit("subnet", 150.0, 11.0), ("subnet".to_owned(), None));
        let words = "コンピューティング インスタンス";
        assert_eq!(fit(words, 150.0, 11.0), (words.to_owned(), Some(150.0)));
        assert!(fit(&words.repeat(2), 150.0, 11.0).0.ends_with('…'));
    }

    #[test]
    fn lines_break_between_words_and_in_words_that_are_longer_than_a_line() {
        let it = wrap("ask Contoso first", 60.0, 13.0, 9);
        assert_eq!(it, ["ask", "Contoso", "first"]);
        let it = wrap("aaaaaaaaaaaaaaaaaaaa b\n\nc", 60.0, 13.0, 9);
        assert_eq!(it, ["aaaaaaaa", "aaaaaaaa", "aaaa b", "", "c"]);
        assert_eq!(wrap("確認済みです。", 40.0, 13.0, 9), ["確認済", "みで", "す。"]);
        assert_eq!(wrap("", 60.0, 13.0, 9), [""; 0]);
    }

    #[test]
    fn lines_beyond_the_room_end_with_an_ellipsis() {
        let it = wrap("one two three four five", 40.0, 13.0, 2);
        assert_eq!(it.len(), 2);
        assert!(it[1].ends_with('…') && width(&it[1]) * 13.0 <= 40.0, "{it:?}");
        assert_eq!(wrap("one\ntwo", 200.0, 13.0, 1), ["one…"]);
    }

    #[test]
    fn japanese_is_wider() {
        assert!(width("仮想ネットワーク") > width("virtual"));
    }
}
