//! Two security rules with opposite effects that meet in some packets, where neither is an exception of the
//! other; the smaller number decides, which may not be what was meant.
//!
//! Azure docs: "How network security groups filter network traffic"
//! (virtual-network/network-security-groups-overview). Its tests stand with those of
//! [`super::shadowed_rule`].

use super::{Context, Finding, Lint, Severity};
use crate::{
    solve::algebra::FindingKind,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "conflicting_rules",
    severity: Severity::Info,
    title: text("Security rules that disagree", "矛盾するセキュリティ規則"),
    find,
    source: "virtual-network/network-security-groups-overview",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    context
        .rules()
        .iter()
        .filter_map(|it| {
            let FindingKind::Conflict { with } = &it.finding.kind else { return None };
            let text = text(
                "{0} and {1} have opposite effects on {2}; {1} comes first and decides, so check that this is meant",
                "{2} に対する {0} と {1} の結果が逆です。先に評価される {1} が優先されます。意図どおりか確認してください",
            )
            .with([arg(&it.finding.rule), arg(with), arg(it.packet(context))]);
            Some(it.finding(context, text))
        })
        .collect()
}
