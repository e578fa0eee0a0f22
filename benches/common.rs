//! Timing for the benchmarks: medians of three, printed as a table.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

// The native program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What the work costs: the median of three runs, after one that is not counted. In processor time where
/// the system tells it, so that a busy machine gives the same figures; short work is repeated until it
/// can be measured.
pub(crate) fn median<T>(mut run: impl FnMut() -> T) -> Duration {
    // By the wall: the system's clock of processor time may not have moved yet.
    let first = elapsed(|| drop(black_box(run())));
    let repeats = (LEAST.as_nanos() / first.as_nanos().max(1)).clamp(1, 10_000);
    let repeats = u32::try_from(repeats).unwrap_or(1);
    let mut times =
        [(); 3].map(|()| timed(|| (0..repeats).for_each(|_| drop(black_box(run())))) / repeats);
    times.sort_unstable();
    let [_, middle, _] = times;
    middle
}

/// The system's own clock of processor time may move in steps of 4 ms, which are a hundredth of this.
const LEAST: Duration = Duration::from_millis(400);

fn timed(work: impl FnOnce()) -> Duration {
    let start = processor_time();
    let by_the_wall = elapsed(work);
    match (start, processor_time()) {
        (Some(start), Some(end)) => end.saturating_sub(start),
        _ => by_the_wall,
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark runs natively, where there is a clock")]
fn elapsed(work: impl FnOnce()) -> Duration {
    let clock = Instant::now();
    work();
    clock.elapsed()
}

/// Linux counts the time that a thread has run, in nanoseconds.
fn processor_time() -> Option<Duration> {
    let all = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    all.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// One line of the table: what, figure with unit, aim.
pub(crate) fn row(what: &str, figure: &str, aim: &str) {
    println!("{what:<58} {figure:>16}   {aim}");
}

pub(crate) fn milliseconds(it: Duration) -> String {
    format!("{:.2} ms", it.as_secs_f64() * 1e3)
}
