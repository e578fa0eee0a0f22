//! Small readers: versions, one entry of Cargo.lock, the closing lines of test runs.

/// A version's first three numbers; what follows them (`-rc1`, a commit) is left out.
pub(crate) type Version = (u64, u64, u64);

/// The first word that begins with `major.minor.patch`, as in `trunk 0.21.14` or `v20.20.2`.
pub(crate) fn version_in(text: &str) -> Option<Version> {
    text.split_whitespace().find_map(|word| {
        let mut numbers = word.trim_start_matches('v').splitn(3, '.');
        let major = numbers.next()?.parse().ok()?;
        let minor = numbers.next()?.parse().ok()?;
        let rest = numbers.next()?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let patch = rest.get(..digits)?.parse().ok()?;
        Some((major, minor, patch))
    })
}

/// Whether a tool of version `have` does what one of version `want` does: same major and minor number, patch at least as new.
pub(crate) fn fits(have: Version, want: Version) -> bool {
    have.0 == want.0 && have.1 == want.1 && have.2 >= want.2
}

/// The version that a Cargo.lock holds of a package.
pub(crate) fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The sum over the `test result:` lines of cargo's and of wasm-bindgen's test runs.
pub(crate) fn cargo_tally(output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in without_colors(output).lines() {
        let Some(result) = line.trim().strip_prefix("test result:") else { continue };
        for part in result.split(['.', ';']) {
            count(part, "passed", &mut tally.passed);
            count(part, "failed", &mut tally.failed);
        }
    }
    tally
}

/// The closing lines of Playwright's `list` reporter. A test that did not run, was interrupted, or
/// passed only the second time counts as failed: somebody has to look at it.
pub(crate) fn playwright_tally(output: &str) -> Tally {
    let mut tally = Tally::default();
    for line in without_colors(output).lines() {
        let line = match line.split_once(" (") {
            Some((line, _time)) => line,
            None => line,
        };
        count(line, "passed", &mut tally.passed);
        for failing in ["failed", "flaky", "did not run", "interrupted"] {
            count(line, failing, &mut tally.failed);
        }
    }
    tally
}

/// The last line of a program that closes with `N passed, N failed`.
pub(crate) fn closing_tally(output: &str) -> Tally {
    let mut tally = Tally::default();
    let last = output.lines().next_back().unwrap_or_default();
    if let Some((passed, failed)) = last.split_once(", ") {
        count(passed, "passed", &mut tally.passed);
        count(failed, "failed", &mut tally.failed);
    }
    tally
}

/// Adds the number in front of `what`, if `text` is such a pair and nothing else.
fn count(text: &str, what: &str, into: &mut u64) {
    let number = text.trim().strip_suffix(what).map(str::trim);
    // libtest writes `ok. 3 passed`: the number is the last word.
    if let Some(number) = number.and_then(|number| number.parse::<u64>().ok()) {
        *into += number;
    }
}

/// The text without its terminal colors (`ESC [ … m`).
fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            chars.by_ref().take_while(|c| !c.is_ascii_alphabetic()).for_each(drop);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_the_tools_print_them() {
        assert_eq!(version_in("trunk 0.21.14"), Some((0, 21, 14)));
        assert_eq!(version_in("v20.20.2"), Some((20, 20, 2)));
        assert_eq!(
            version_in("rustc 1.96.0 (abc 2026-05-01) (built from a source tarball)"),
            Some((1, 96, 0))
        );
        assert_eq!(version_in("wasm-bindgen 0.2.130-rc1 (0a1b2c)"), Some((0, 2, 130)));
        assert_eq!(version_in("no version here, only 1.2"), None);
    }

    #[test]
    fn a_newer_patch_fits_and_another_minor_does_not() {
        assert!(fits((0, 21, 14), (0, 21, 14)));
        assert!(fits((0, 21, 15), (0, 21, 14)));
        assert!(!fits((0, 21, 9), (0, 21, 14)));
        assert!(!fits((0, 22, 14), (0, 21, 14)));
        assert!(!fits((1, 21, 14), (0, 21, 14)));
    }

    #[test]
    fn a_package_is_found_by_its_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn cargo_lines_are_summed_over_the_test_programs() {
        let output = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 1 passed; 2 failed; 4 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            a line that says 7 passed of its own\n";
        assert_eq!(cargo_tally(output), Tally { passed: 4, failed: 2 });
    }

    #[test]
    fn colored_lines_are_read_too() {
        let output = "test result: \u{1b}[32mok\u{1b}[0m. 3 passed; 1 failed; 0 ignored\n";
        assert_eq!(cargo_tally(output), Tally { passed: 3, failed: 1 });
    }

    #[test]
    fn a_playwright_test_that_did_not_run_has_failed() {
        let output = "  ok 1 [story] › a.spec.ts:3:1 › 12 failed (1.0s)\n  1 failed\n    [story] › a.spec.ts:9:1 › b\n  2 flaky\n  1 did not run\n  1 skipped\n  5 passed (12.3s)\n";
        assert_eq!(playwright_tally(output), Tally { passed: 5, failed: 4 });
    }

    #[test]
    fn only_the_closing_line_counts() {
        let output = "7 passed, 7 failed\n5 passed, 1 failed\n";
        assert_eq!(closing_tally(output), Tally { passed: 5, failed: 1 });
    }

    #[test]
    fn no_closing_line_is_no_test() {
        assert_eq!(closing_tally("2 passed, 0 failed\nkilled\n"), Tally::default());
        assert_eq!(closing_tally(""), Tally::default());
        assert_eq!(cargo_tally("error: could not compile\n"), Tally::default());
        assert_eq!(playwright_tally("Error: No tests found\n"), Tally::default());
    }

    #[test]
    fn the_last_line_is_plain() {
        assert_eq!(Tally { passed: 12, failed: 0 }.to_string(), "12 passed, 0 failed");
    }
}
