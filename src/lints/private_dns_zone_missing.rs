//! A private endpoint whose names no private DNS zone answers: they go on leading to the public address.
//!
//! Its tests stand with those of [`super::private_dns_record_missing`].
//!
//! Azure docs: "Azure private endpoint private DNS zone values" (private-link/private-endpoint-dns).

use super::{Context, Finding, Lint, Severity, naming::State};
use crate::text::{arg, text};

pub(super) const LINT: Lint = Lint {
    id: "private_dns_zone_missing",
    severity: Severity::Warning,
    title: text("Private endpoint without DNS", "DNS のないプライベート エンドポイント"),
    find,
    source: "private-link/private-endpoint-dns",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    context
        .names()
        .iter()
        .filter(|it| it.state == State::Missing)
        .map(|it| {
            let text = text(
                "there is no zone {0}, so in {1} names lead past {2} to the public address; add the zone, link it to {1} and register {2} in it",
                "ゾーン {0} がないため、{1} では名前が {2} ではなくパブリック アドレスに解決されます。ゾーンを追加して {1} にリンクし、{2} を登録してください",
            )
            .with([arg(&it.zone), arg(context.name(it.network)), arg(context.name(it.endpoint))]);
            Finding::new([it.endpoint, it.network], text).field("privateDnsZoneGroups")
        })
        .collect()
}
