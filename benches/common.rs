//! Timing for the benchmarks: medians of three, printed as a table.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// The median of three runs, after one that is not counted.
#[expect(clippy::disallowed_methods, reason = "a benchmark runs natively, where there is a clock")]
pub(crate) fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    black_box(run());
    let mut times = [(); 3].map(|()| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    });
    times.sort_unstable();
    let [_, middle, _] = times;
    middle
}

/// One line of the table: what, figure with unit, aim.
pub(crate) fn row(what: &str, figure: &str, aim: &str) {
    println!("{what:<58} {figure:>16}   {aim}");
}

pub(crate) fn milliseconds(it: Duration) -> String {
    format!("{:.2} ms", it.as_secs_f64() * 1e3)
}

/// How many per second, in millions.
pub(crate) fn millions_per_second(count: usize, time: Duration) -> String {
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    format!("{:.1} M/s", count / time.as_secs_f64() / 1e6)
}

/// xorshift64*: the same world everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let upper = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
        u32::try_from((upper * u64::from(limit)) >> 32).unwrap_or(0)
    }
}
