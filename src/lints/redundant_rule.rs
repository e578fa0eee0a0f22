//! A security rule that could go: rules after it, the default ones included, would decide alike.
//!
//! Azure docs: "How network security groups filter network traffic"
//! (virtual-network/network-security-groups-overview, default security rules). Its tests stand with those
//! of [`super::shadowed_rule`].

use super::{Context, Finding, Lint, Severity};
use crate::{
    solve::algebra::FindingKind,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "redundant_rule",
    severity: Severity::Info,
    title: text("Security rule that could go", "不要なセキュリティ規則"),
    find,
    source: "virtual-network/network-security-groups-overview",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let redundant = |it: &&super::rules::Noted| it.finding.kind == FindingKind::Redundant;
    context
        .rules()
        .iter()
        .filter(redundant)
        .map(|it| {
            let text = text(
                "without {0} the rules after it would decide the same, for example about {1}; remove it unless it is there to be seen",
                "{0} がなくても、{1} などに対する後の規則の結果は同じです。明示する目的でなければ削除できます",
            )
            .with([arg(&it.finding.rule), arg(it.packet(context))]);
            it.removable(context, text)
        })
        .collect()
}
