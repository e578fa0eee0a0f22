//! In Chromium, compiled like the app: a million questions about rights, all pairs of a hub with 49 spokes,
//! reports and exports. `cargo xtask bench browser` runs it.
#![cfg(target_arch = "wasm32")]

use std::hint::black_box;

use drawbridge::{
    export,
    facts::{filter::Protocol, grant::PrincipalId},
    generate, report,
    solve::{
        access::{Access, Place, Who},
        flow::Network,
        reach::Reach,
    },
};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

mod fresh;
mod tenant;
mod topology;

use fresh::anew;
use tenant::{PEOPLE, QUESTIONS, Random, actions, answers, questions, scope_ids, tenant};
use topology::{Size, hub_and_spokes};

wasm_bindgen_test_configure!(run_in_browser);

/// The first run, and the median of three when Chromium has compiled what runs often.
fn timed<T>(what: &str, aim: &str, mut run: impl FnMut() -> T) -> f64 {
    let mut one = |least: f64| {
        let start = js_sys::Date::now();
        let repeats = (0..).find(|_| {
            black_box(run());
            js_sys::Date::now() - start >= least
        });
        (js_sys::Date::now() - start) / f64::from(repeats.unwrap_or(0) + 1)
    };
    let first = one(0.0);
    one(1_000.0);
    // The clock of a page counts whole milliseconds.
    let mut times = [one(50.0), one(50.0), one(50.0)];
    times.sort_by(f64::total_cmp);
    let [_, middle, _] = times;
    console_log!("{what:<58} {middle:>10.2} ms, at first {first:.2} ms   {aim}");
    middle
}

#[wasm_bindgen_test]
fn access() {
    let ids = scope_ids();
    let grants = tenant(&ids);
    timed("access: index", "", || Access::new(&grants));
    let access = Access::new(&grants);
    let actions = actions(&access);
    let places: Vec<Place> = ids.iter().map(|it| access.place(it)).collect();
    let people: Vec<Who> = (0..PEOPLE).map(|it| access.who(PrincipalId(it))).collect();
    let questions = questions(&mut Random(11), &people, &actions, &places);
    let time =
        timed("access: a million answers", "at least 4 M/s", || answers(&access, &questions));
    let count = f64::from(u32::try_from(QUESTIONS).unwrap_or(u32::MAX));
    console_log!("  {:.1} M/s", count / time / 1e3);
}

#[wasm_bindgen_test]
fn reach() {
    let size = Size { networks: 50, subnets: 500, rules: 50, hosts: 2_000, endpoints: 200 };
    let facts = hub_and_spokes(&size);
    let network = Network::new(&facts);
    timed("reach: answers of 4.4 million pairs", "under 60 ms", || {
        Reach::new(&network, Protocol::Tcp, 443).count()
    });
    timed("reach: the same with the deciding hop", "under 1,800 ms", || {
        let reach = Reach::new(&network, Protocol::Tcp, 443);
        let targets: Vec<_> = reach.destinations().collect();
        let explained = |from| {
            targets
                .iter()
                .filter(|to| reach.explain(from, **to).is_some_and(|it| it.1.is_some()))
                .count()
        };
        reach.sources().map(explained).sum::<usize>()
    });
}

#[wasm_bindgen_test]
fn reports() {
    for (count, aim) in
        [(100, "under 3 ms"), (300, "a frame: 16 ms"), (1_000, "under 60 ms with identity")]
    {
        let design = generate::design(count);
        timed(&format!("report of {count} resources"), aim, || report::assess(&anew(&design)));
    }
}

#[wasm_bindgen_test]
fn exports() {
    let design = generate::design(1_000);
    timed("every format of 1,000 resources", "under 300 ms", || export::everything(&anew(&design)));
}
