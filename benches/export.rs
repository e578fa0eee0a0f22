//! Every export format on generated designs.

use drawbridge::{export, generate};

mod common;

mod fresh;

use common::{median, milliseconds, row};
use fresh::anew;

fn main() {
    println!("\nexport: generated designs\n");
    for (count, aim) in [(1_000, "under 100 ms"), (2_000, "near-linear")] {
        let design = generate::design(count);
        for format in export::ALL {
            let time = median(|| format.export(&anew(&design)).map_err(|it| it.0.len()));
            row(&format!("{count} resources, {}", format.id), &milliseconds(time), "");
        }
        let all = || export::everything(&anew(&design));
        let time = median(all);
        let formats = export::ALL.len() - all().refused.len();
        row(
            &format!("{count} resources, {formats} of {} formats", export::ALL.len()),
            &milliseconds(time),
            aim,
        );
    }
}
