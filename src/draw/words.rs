//! Words cut to the room there is. SVG text neither wraps nor ends with an ellipsis by itself, and
//! measuring it would force a layout for each box, so widths are estimated.

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
    fn japanese_is_wider() {
        assert!(width("仮想ネットワーク") > width("virtual"));
    }
}
