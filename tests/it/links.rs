//! Links from outside: every cut and every changed character is noticed; mail damage is undone.

use std::{fs, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use drawbridge::{
    design::{file, link},
    generate,
    text::Lang,
};
use miniz_oxide::deflate::compress_to_vec;

use crate::designs::design_of;

fn refused(fragment: &str) -> String {
    link::decode(fragment).unwrap_err().0.render(Lang::En)
}

/// A link whose check value fits, around any bytes.
fn wrap(packed: &[u8]) -> String {
    let mut bytes = crc32fast::hash(packed).to_be_bytes().to_vec();
    bytes.extend(packed);
    let payload = URL_SAFE_NO_PAD.encode(bytes);
    format!("#d1.{}.{payload}", payload.len())
}

fn inflating_to(json: &[u8]) -> String {
    wrap(&compress_to_vec(json, 10))
}

#[test]
fn each_changed_character_is_noticed() {
    let link = link::encode(&design_of(8, 7));
    for at in 1..link.len() {
        for new in ["A", "b", "0", "9", "-", "_", ".", "!", "é"] {
            if link.get(at..=at) == Some(new) {
                continue;
            }
            let mut changed = link.clone();
            changed.replace_range(at..=at, new);
            assert!(link::decode(&changed).is_err(), "{new} at {at}");
            assert!(link::is_link(&changed), "{new} at {at} is passed over");
        }
    }
}

#[test]
fn each_cut_is_noticed() {
    let link = link::encode(&design_of(8, 7));
    for end in 0..link.len() {
        assert!(link::decode(&link[..end]).is_err(), "cut at {end}");
        // Of a link that is cut down to its sign, nothing is left to be told of.
        assert_eq!(link::is_link(&link[..end]), end > 1, "cut at {end} is passed over");
    }
    let half = refused(&link[..link.len() / 2]);
    assert!(half.starts_with("the link is incomplete: "), "{half}");
}

#[test]
fn what_mail_and_chat_programs_do_is_undone() {
    let design = design_of(8, 7);
    let link = link::encode(&design);
    let wrapped: Vec<String> =
        link.as_bytes().chunks(60).map(|it| String::from_utf8(it.to_vec()).unwrap()).collect();
    for changed in [
        wrapped.join("\r\n"),
        link.replace('.', "%2E").replace('-', "%2d"),
        format!("{link})."),
        format!("{link}」。"),
        link.trim_start_matches('#').to_owned(),
    ] {
        assert_eq!(link::decode(&changed).unwrap().design, design, "{changed}");
    }
}

/// Links that were sent once, packed by zlib rather than by us. They open for ever: a failure here is
/// mended in the reader, never in the file.
#[test]
fn links_of_every_version_open() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/links");
    for (name, version) in [("authentication", 1), ("authentication", 2), ("notes", 2)] {
        let saved = fs::read(folder.join(format!("{name}.json"))).unwrap();
        let design = file::load(&saved).unwrap().design;
        let link = fs::read_to_string(folder.join(format!("{name}-{version}.txt"))).unwrap();
        let loaded = link::decode(link.trim_end()).unwrap();
        assert_eq!(loaded.design, design, "{name}, version {version}");
        assert!(loaded.warnings.is_empty(), "{name}, version {version}");
    }
}

/// What the largest chat programs and mail gateways let through, and what a QR code or a tracker takes.
#[test]
fn links_stay_short() {
    for (resources, most) in [(50, 2_000), (200, 6_000), (1_000, 26_000)] {
        let link = link::encode(&generate::design(resources));
        let url = "https://drawbridge.example.com/app/".len() + link.len();
        assert!(url <= most, "{resources} resources: {url} characters");
    }
}

#[test]
fn what_is_refused_says_why() {
    for (fragment, why) in [
        ("", "the link holds no design"),
        ("#", "the link holds no design"),
        (
            "#d3.4.AAAA",
            "the link is of version 3; this Drawbridge reads up to 2. Open it with a newer Drawbridge",
        ),
        (
            "#d1.8.AAAA",
            "the link is incomplete: 4 of 8 characters are there. Ask for it again, or for the design as a file",
        ),
    ] {
        assert_eq!(refused(fragment), why);
    }
    assert!(refused(&"A".repeat(6_000)).contains("does not start as a link"));
    assert!(refused(&"A".repeat(2 << 20)).contains("at most"));
}

#[test]
fn bombs_stop_at_a_limit() {
    assert!(refused(&inflating_to(&vec![b'0'; 64 << 20])).contains("inflates to more than"));
    let elements = format!(r#"["","",[{}0],{{}}]"#, "[],".repeat(1_000_000));
    assert!(refused(&inflating_to(elements.as_bytes())).contains("more than 20000 resources"));
    assert!(refused(&inflating_to("[".repeat(2_000_000).as_bytes())).contains("damaged"));
    let name = format!(r#"["","",[["subscription","{}"]],{{}}]"#, "x".repeat(2_500_000));
    assert!(refused(&inflating_to(name.as_bytes())).contains("longer than"));
}

#[test]
fn streams_that_are_no_designs() {
    for packed in [
        &b""[..],
        &[0x01, 0x05, 0x00, 0x00, 0x00, 1, 2, 3, 4, 5],
        &[0x03, 0x02],
        &compress_to_vec(b"\xff\xfe\xfd", 6),
        &compress_to_vec(b"null", 6),
        &compress_to_vec(b"[1,2,3,4]", 6),
    ] {
        assert!(refused(&wrap(packed)).contains("damaged"), "{packed:?}");
    }
}
