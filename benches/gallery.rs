//! The gallery's designs: how long one report takes, and how long their links are.

use drawbridge::{design::link, gallery, report, text::Lang};

mod common;

mod fresh;

use common::{median, milliseconds, row};
use fresh::anew;

fn main() {
    println!("\ngallery: one report; link after the address of the page\n");
    for entry in gallery::ALL {
        let design = entry.design(Lang::En);
        let time = median(|| report::assess(&anew(&design)));
        row(&format!("{}, report", entry.slug), &milliseconds(time), "under 2 ms");
        let characters = link::encode(&design).len() + "#".len();
        row(&format!("{}, link", entry.slug), &format!("{characters} characters"), "");
    }
}
