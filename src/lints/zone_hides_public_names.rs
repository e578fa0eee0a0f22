//! A private DNS zone for a public suffix: every name below it that has no record of its own stops resolving
//! in the linked networks.
//!
//! Azure docs: "What is a private Azure DNS zone" (dns/private-dns-privatednszone), "Azure private endpoint
//! private DNS zone values" (private-link/private-endpoint-dns).

use super::{Context, Finding, Lint, Severity};
use crate::{
    azure::private_link_zones,
    facts::public::PUBLIC_SERVICES,
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "zone_hides_public_names",
    severity: Severity::Warning,
    title: text("Zone that hides public names", "パブリック名を隠すゾーン"),
    find,
    source: "private-link/private-endpoint-dns",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    context
        .facts
        .zones
        .iter()
        .filter(|(_, zone)| !zone.links.is_empty() && !zone.links.iter().any(|it| it.redirects))
        .filter_map(|(&id, zone)| {
            let hidden = hidden(&zone.name)?;
            let networks: Vec<&str> = zone.links.iter().map(|it| context.name(it.network)).collect();
            let text = text(
                "in {1} no name below {0} resolves unless it has a record here, so {2} is not found; use the privatelink zone of the service",
                "{1} では {0} 以下の名前はこのゾーンにレコードがないと解決できず、{2} が見つかりません。サービスの privatelink ゾーンを使ってください",
            )
            .with([arg(&zone.name), arg(networks.join(", ")), arg(hidden)]);
            Some(Finding::new([id], text).field("virtualNetworkLinks"))
        })
        .collect()
}

/// A public name that the zone takes over.
fn hidden(zone: &str) -> Option<String> {
    let below = |name: &str| name == zone || name.ends_with(&format!(".{zone}"));
    if let Some(it) = PUBLIC_SERVICES.iter().find(|it| below(it.host)) {
        return Some(it.host.to_owned());
    }
    private_link_zones::public_suffixes().find(|it| below(it)).map(|it| format!("*.{it}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{Kind, ResourceId, testing::Sketch},
        lints::found,
    };

    #[test]
    fn zones_and_suffixes() {
        for (name, linked, hides) in [
            ("blob.core.windows.net", true, true),
            ("core.windows.net", true, true),
            ("vault.azure.net", true, true),
            ("azure.com", true, true),
            ("blob.core.windows.net", false, false),
            ("privatelink.blob.core.windows.net", true, false),
            ("privatelink.api.azureml.ms", true, false),
            ("corp.contoso.com", true, false),
        ] {
            let (mut it, network) = Sketch::network();
            let links = if linked { json!([{"virtualNetwork": network.0}]) } else { json!([]) };
            let settings = json!({"virtualNetworkLinks": links});
            it.add(Kind::PrivateDnsZone, name, ResourceId(1), settings);
            let wrong = if hides { vec![format!("{name} virtualNetworkLinks")] } else { vec![] };
            assert_eq!(found(&LINT, &it), wrong, "{name} {linked}");
        }
    }
}
