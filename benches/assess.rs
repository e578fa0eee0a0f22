//! `report::assess` on generated designs, and what one change of a setting costs in the app.

use drawbridge::{
    design::edit::{Edit, apply},
    generate,
    kinds::Kind,
    report,
};
use serde_json::json;

mod common;

mod fresh;

use common::{median, milliseconds, row};
use fresh::anew;

fn main() {
    println!("\nassess: generated designs\n");
    let sizes = [
        (100, "under 1 ms"),
        (300, ""),
        (1_000, "under 10 ms; 20 with identity"),
        (2_000, "near-linear"),
        (10_000, "under 200 ms"),
    ];
    for (count, aim) in sizes {
        let design = generate::design(count);
        let time = median(|| report::assess(&anew(&design)));
        let operations = report::assess(&design).operations.len();
        row(&format!("{count} resources, {operations} operations"), &milliseconds(time), aim);
    }

    let design = generate::design(300);
    let account =
        design.resources.subjects().find(|it| it.kind() == Kind::StorageAccount).map(|it| it.id);
    let Some(id) = account else { return };
    let edit = Edit::Set { id, key: "publicNetworkAccess".to_owned(), value: json!("Disabled") };
    let time = median(|| apply(&design, &edit).map(|it| report::assess(&it)));
    row("a changed setting among 300 resources, judged", &milliseconds(time), "a frame: 16 ms");
}
