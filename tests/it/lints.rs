//! What lints say about whole designs.

use drawbridge::{gallery, lints::Severity, report, text::Lang};

/// The articles repaired have nothing that Azure would refuse or that cannot work.
#[test]
fn repaired_designs_have_no_errors() {
    let repaired = gallery::ALL.iter().filter(|it| it.slug.ends_with("-repaired"));
    let mut n = 0;
    for entry in repaired {
        let report = report::assess(&entry.design(Lang::En));
        for it in report.diagnostics {
            assert_ne!(
                it.severity,
                Severity::Error,
                "{}: {} {}",
                entry.slug,
                it.id,
                it.text.render(Lang::En)
            );
        }
        n += 1;
    }
    assert!(n >= 5, "the repaired designs were not found");
}
