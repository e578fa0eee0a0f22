//! A picture of the design that also is the design: an SVG file that Drawbridge opens again.
//!
//! The drawing shows names and kinds; all else rides in `<metadata>` as the link of the design. No script,
//! no style sheet, nothing from elsewhere, so that the picture may stand in any page.
//!
//! W3C: "Scalable Vector Graphics (SVG) 2", "Extensible Markup Language (XML) 1.0", section 2.2.

use std::fmt::Write;

use super::{Basis, Exporter, File, Refused, plan::refusal};
use crate::{
    design::{Design, file, link},
    draw::{
        geometry::{Point, Rect},
        scene::{Drawn, Line, Scene},
        words,
    },
    kinds::{
        Form, Resource, Subject,
        setting::{Problem, Relation},
    },
    text::{Message, arg, text},
};

pub const EXPORTER: Exporter = Exporter {
    id: "svg",
    title: text("Picture", "図"),
    help: text(
        "drawbridge.svg, a picture for documents that opens in Drawbridge again",
        "ドキュメントに貼れる図 drawbridge.svg。Drawbridge で再び開けます",
    ),
    run,
};

/// Around the drawing, in px.
const MARGIN: f64 = 24.0;

fn run(basis: &Basis<'_>) -> Result<Vec<File>, Refused> {
    let design = basis.design;
    // A picture that would not open again is none.
    let long = |it: Subject<'_>| {
        let (field, max) = file::too_long(it.resource)?;
        let text = text(
            "it is longer than {0} characters; shorten it",
            "{0} 文字を超えています。短くしてください",
        );
        Some(refusal(it, Problem { field, text: text.with([arg(max)]) }))
    };
    let long: Vec<Message> = design.resources.subjects().filter_map(long).collect();
    if !long.is_empty() {
        return Err(Refused(long));
    }
    let link = link::encode(design);
    link::decode(&link).map_err(|why| Refused(vec![why.0]))?;
    let carried = format!("{}{}{}\n", file::PICTURE.0, link, file::PICTURE.1);
    let text = basis.picture().carrying(&carried);
    Ok(vec![File { name: "drawbridge.svg".to_owned(), text }])
}

/// Width and height of a picture, in px.
pub fn size(picture: &str) -> Option<(f64, f64)> {
    let (_, after) = picture.split_once("viewBox=\"")?;
    let (view, _) = after.split_once('"')?;
    let mut numbers = view.split(' ').skip(2).map(str::parse::<f64>);
    let (width, height) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    (width > 0.0 && height > 0.0).then_some((width, height))
}

/// A picture in two parts, between which anything may be carried.
pub(super) struct Picture {
    head: String,
    rest: String,
}

impl Picture {
    pub(super) fn carrying(&self, carried: &str) -> String {
        [&self.head, carried, &self.rest].concat()
    }
}

pub(super) fn drawing(design: &Design) -> Picture {
    let scene = Scene::build(design);
    let bounds = scene.bounds().unwrap_or_default().grown(MARGIN);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{} {} {} {}\" font-family=\"'Segoe UI', 'Yu Gothic UI', sans-serif\" font-size=\"13\">",
        bounds.x, bounds.y, bounds.width, bounds.height
    );
    let _ = writeln!(out, "<title>{}</title>", escaped(&design.name));
    let _ = writeln!(out, "<desc>{}</desc>", escaped(&design.description));
    let head = std::mem::take(&mut out);
    rect(&mut out, bounds, "fill=\"#fff\"");
    for id in &scene.order {
        if let (Some(drawn), Some(it)) = (scene.boxes.get(id), design.get(*id)) {
            shape(&mut out, drawn, it);
        }
    }
    for it in &scene.lines {
        line(&mut out, it);
    }
    out.push_str("</svg>\n");
    Picture { head, rest: out }
}

fn rect(out: &mut String, it: Rect, look: &str) {
    let _ = writeln!(
        out,
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\" {look}/>",
        it.x, it.y, it.width, it.height
    );
}

fn shape(out: &mut String, drawn: &Drawn, it: &Resource) {
    if it.kind.info().form == Form::Note {
        return note(out, drawn.rect, &it.name);
    }
    let look = if drawn.frame {
        "fill=\"#0078d4\" fill-opacity=\"0.04\" stroke=\"#8a8886\""
    } else {
        "fill=\"#fff\" stroke=\"#323130\""
    };
    rect(out, drawn.rect, look);
    // An inner `svg` cuts what is longer than the box, and leaves the text whole.
    let _ = writeln!(
        out,
        "<svg x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">",
        drawn.rect.x, drawn.rect.y, drawn.rect.width, drawn.rect.height
    );
    let label = it.kind.info().label;
    let _ = writeln!(
        out,
        "<text x=\"12\" y=\"22\" font-weight=\"600\" unicode-bidi=\"isolate\">{}</text>",
        escaped(&it.name)
    );
    // The viewer's language chooses.
    let _ = writeln!(
        out,
        "<switch fill=\"#605e5c\" font-size=\"11\"><text x=\"12\" y=\"40\" systemLanguage=\"ja\">{}</text><text x=\"12\" y=\"40\">{}</text></switch>\n</svg>",
        escaped(label.ja),
        escaped(label.en)
    );
}

fn note(out: &mut String, at: Rect, text: &str) {
    rect(out, at, "fill=\"#fff6d6\" stroke=\"#d8b95c\"");
    // SVG breaks no lines; the title has the text whole.
    let _ = writeln!(
        out,
        "<svg x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}</title>",
        at.x,
        at.y,
        at.width,
        at.height,
        escaped(text)
    );
    let (x, mut y) = (words::NOTE.inset, words::NOTE.first());
    for line in words::NOTE.lines(text, at) {
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{y}\" unicode-bidi=\"isolate\">{}</text>",
            escaped(&line)
        );
        y += words::NOTE.leading;
    }
    out.push_str("</svg>\n");
}

fn line(out: &mut String, it: &Line) {
    let color = match it.id.relation {
        Relation::Network => "#0078d4",
        Relation::PrivateLink => "#8764b8",
        Relation::Identity => "#c19c00",
        Relation::Data => "#498205",
    };
    let points: Vec<String> = it.points().iter().map(|it| format!("{},{}", it.x, it.y)).collect();
    let _ = writeln!(
        out,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>",
        points.join(" ")
    );
    let middle: Option<&Point> = it.points().get(it.points().len() / 2);
    if let Some(at) = middle.filter(|_| !it.label.is_empty()) {
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" font-size=\"11\" fill=\"{color}\" unicode-bidi=\"isolate\">{}</text>",
            at.x,
            at.y - 4.0,
            escaped(&it.label)
        );
    }
}

/// A text as XML in ASCII. What XML cannot hold at all becomes U+FFFD; the link has it as it is.
fn escaped(it: &str) -> String {
    let mut out = String::new();
    escape(&mut out, it);
    out
}

/// The same at the end of `out`.
fn escape(out: &mut String, it: &str) {
    let plain = |c: char| matches!(c, ' '..='~') && !matches!(c, '<' | '>' | '&' | '"' | '\'');
    let mut rest = it;
    while let Some(at) = rest.find(|c| !plain(c)) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        // What needs references comes in runs: a page in Japanese is made of little else.
        let mut signs = after.chars();
        rest = loop {
            let left = signs.as_str();
            match signs.next() {
                Some(c) if !plain(c) => reference(out, c),
                _ => break left,
            }
        };
    }
    out.push_str(rest);
}

/// `&#x41;`. The standard library's writer of numbers is slow.
fn reference(out: &mut String, c: char) {
    let code = match c {
        '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}' => 0xfffd,
        c => u32::from(c),
    };
    out.push_str("&#x");
    let digits = (32 - code.leading_zeros()).div_ceil(4).max(1);
    for n in (0..digits).rev() {
        out.extend(char::from_digit(code >> (4 * n) & 15, 16));
    }
    out.push(';');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::laws;

    #[test]
    fn text_is_ascii_without_markup() {
        assert_eq!(escaped("</text>&'\""), "&#x3c;/text&#x3e;&#x26;&#x27;&#x22;");
        assert_eq!(escaped("é\u{1F680}\r"), "&#xe9;&#x1f680;&#xd;");
        assert_eq!(escaped("a\0\u{ffff}b"), "a&#xfffd;&#xfffd;b");
    }

    #[test]
    fn a_picture_has_the_size_of_its_view() {
        let mut design = Design::default();
        let size_of = |it: &Design| size(&EXPORTER.export(it).unwrap()[0].text);
        // Nothing drawn, and the margin around it.
        assert_eq!(size_of(&design), Some((2.0 * MARGIN, 2.0 * MARGIN)));
        "viewBox=\"0 0 1 1\"".clone_into(&mut design.name);
        assert_eq!(size_of(&design), Some((2.0 * MARGIN, 2.0 * MARGIN)));
        for other in [
            "",
            "<svg viewBox=\"0 0 1\">",
            "<svg viewBox=\"0 0 0 9\">",
            "<svg viewBox=\"0 0 x 9\">",
        ] {
            assert_eq!(size(other), None, "{other}");
        }
    }
    /// What XML cannot hold is shown as U+FFFD; all else comes back from its references.
    #[test]
    fn markup_gets_every_text_as_it_is() {
        for it in laws::portions().flatten() {
            let written = escaped(&it);
            assert!(laws::is_plain(&written) || it.contains('\r'), "{written:?}");
            assert!(!written.contains(['<', '>', '"', '\'']), "{written}");
            let mut found = String::new();
            let mut rest = written.as_str();
            while let Some((before, after)) = rest.split_once("&#x") {
                let (code, after) = after.split_once(';').unwrap();
                found.push_str(before);
                found.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
                rest = after;
            }
            found.push_str(rest);
            let holds = |c: char| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
            let expected: String =
                it.chars().map(|c| if holds(c) { c } else { '\u{fffd}' }).collect();
            assert_eq!(found, expected);
        }
    }
}
