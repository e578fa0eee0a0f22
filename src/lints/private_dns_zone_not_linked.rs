//! A private DNS zone that the network of its private endpoint does not ask.
//!
//! With Azure DNS the link of the network itself counts, with custom DNS servers that of the network where
//! they stand. Its tests stand with those of [`super::private_dns_record_missing`].
//!
//! Azure docs: "Azure private endpoint private DNS zone values" (private-link/private-endpoint-dns).

use serde_json::json;

use super::{Context, Finding, Lint, Severity, naming::State};
use crate::{
    design::edit::Edit,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "private_dns_zone_not_linked",
    severity: Severity::Warning,
    title: text("Private DNS zone without a link", "リンクされていないプライベート DNS ゾーン"),
    find,
    source: "private-link/private-endpoint-dns",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    const KEY: &str = "virtualNetworkLinks";
    context
        .names()
        .iter()
        .filter_map(|it| {
            let State::NotLinked(zone) = it.state else { return None };
            let names = [arg(&it.zone), arg(context.name(it.network)), arg(context.name(it.endpoint))];
            let text = text(
                "{1} does not look into {0}, so names lead past {2} to the public address; link the zone to the network of its DNS resolver",
                "{1} は {0} を参照しないため、名前は {2} ではなくパブリック アドレスに解決されます。DNS リゾルバーのあるネットワークにゾーンをリンクしてください",
            )
            .with(names.clone());
            let finding = Finding::new([zone, it.network, it.endpoint], text).field(KEY);
            let own = context.facts.networks.get(&it.network).is_some_and(|it| it.dns.is_empty());
            let link = json!({"virtualNetwork": it.network.0});
            let linked = context.resources.subject(zone).is_none_or(|it| it.has_item(KEY, &link));
            Some(if own && !linked {
                let title = crate::text::text("Link {0} to {1}", "{0} を {1} にリンクする").with(names);
                finding.fix(title, Edit::AddItem { id: zone, key: KEY.to_owned(), item: link })
            } else {
                finding
            })
        })
        .collect()
}
