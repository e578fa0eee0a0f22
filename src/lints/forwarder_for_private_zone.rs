//! A conditional forwarder that names a privatelink zone or asks Azure DNS from where it does not answer.
//!
//! Clients ask for the public name, so the forwarder must be for the public zone. 168.63.129.16 answers only
//! inside a virtual network.
//!
//! Azure docs: "Azure private endpoint private DNS zone values" (private-link/private-endpoint-dns, on-
//! premises workloads using a DNS forwarder), "What is IP address 168.63.129.16?"
//! (virtual-network/what-is-ip-address-168-63-129-16).

use std::net::Ipv4Addr;

use super::{Context, Finding, Lint, Severity};
use crate::{
    azure::private_link_zones,
    kinds::{
        Kind, Subject,
        custom_dns_server::CustomDnsServer,
        dns::{AZURE_DNS, DnsDefault},
        dns_resolver::DnsResolver,
        on_premises_network::{OnPremisesNetwork, SiteDns},
    },
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "forwarder_for_private_zone",
    severity: Severity::Warning,
    title: text("Forwarder that does not help", "機能しない条件付きフォワーダー"),
    find,
    source: "private-link/private-endpoint-dns",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let kinds = [Kind::CustomDnsServer, Kind::OnPremisesNetwork, Kind::DnsResolver];
    kinds.into_iter().flat_map(|it| context.resources.of(it)).flat_map(of).collect()
}

/// Field, zone and servers of each forwarder.
type Row = (String, String, Vec<Ipv4Addr>);

fn rows(it: Subject<'_>) -> Vec<Row> {
    match it.kind() {
        Kind::CustomDnsServer => {
            let own = CustomDnsServer::of(it);
            let rest = match own.default {
                DnsDefault::AzureDns => {
                    vec![("default".to_owned(), String::new(), vec![AZURE_DNS])]
                }
                DnsDefault::Forward => {
                    vec![("forwardTo".to_owned(), String::new(), own.forward_to.clone())]
                }
                DnsDefault::PublicRecursion => Vec::new(),
            };
            let rows = own.forwarders.clone().into_iter().enumerate();
            rows.map(|(n, row)| (format!("forwarders[{n}].zone"), row.zone, row.to))
                .chain(rest)
                .collect()
        }
        Kind::OnPremisesNetwork => {
            let own = OnPremisesNetwork::of(it);
            let rest = (own.dns_default == SiteDns::Forward)
                .then(|| ("dnsForwardTo".to_owned(), String::new(), own.dns_forward_to.clone()));
            let rows = own.forwarders.clone().into_iter().enumerate();
            rows.map(|(n, row)| (format!("dnsForwarders[{n}].zone"), row.zone, row.to))
                .chain(rest)
                .collect()
        }
        _ => DnsResolver::of(it)
            .forwarding_rules
            .clone()
            .into_iter()
            .enumerate()
            .map(|(n, row)| {
                (
                    format!("forwardingRules[{n}].domainName"),
                    row.domain_name,
                    row.target_dns_servers,
                )
            })
            .collect(),
    }
}

fn of(it: Subject<'_>) -> Vec<Finding> {
    let outside =
        it.kind() == Kind::OnPremisesNetwork || it.within(Kind::OnPremisesNetwork).is_some();
    let mut all = Vec::new();
    for (field, zone, to) in rows(it) {
        let zone = zone.trim_end_matches('.').to_ascii_lowercase();
        if outside && to.contains(&AZURE_DNS) {
            let text = text(
                "{0} stands outside Azure, where {1} does not answer; forward to a DNS private resolver or a DNS server in a virtual network",
                "{0} は Azure の外にあり、{1} は応答しません。仮想ネットワーク内の DNS Private Resolver か DNS サーバーに転送してください",
            );
            let text = text.with([arg(it.name()), arg(AZURE_DNS)]);
            all.push(Finding::new([it.id], text).field(field.clone()));
        }
        let public: Vec<&str> = private_link_zones::served_by(&zone)
            .flat_map(|it| it.public_suffixes)
            .copied()
            .collect();
        if !public.is_empty() {
            let text = text(
                "clients ask for the public name, so a forwarder for {0} is passed by; forward {1} instead",
                "クライアントはパブリック名を問い合わせるため、{0} のフォワーダーは使われません。代わりに {1} を転送してください",
            );
            let text = text.with([arg(&zone), arg(public.join(", "))]);
            all.push(Finding::new([it.id], text).field(field));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    #[test]
    fn zones_of_forwarders() {
        for (zone, wrong) in [
            ("blob.core.windows.net", vec![]),
            ("privatelink.blob.core.windows.net", vec!["dns1 forwarders[0].zone"]),
            ("corp.contoso.com", vec![]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let settings = json!({"forwarders": [{"zone": zone, "to": ["168.63.129.16"]}]});
            it.add(Kind::CustomDnsServer, "dns1", subnet, settings);
            assert_eq!(found(&LINT, &it), wrong, "{zone}");
        }
    }

    #[test]
    fn azure_dns_asked_from_outside() {
        for (to, wrong) in
            [("168.63.129.16", vec!["office dnsForwarders[0].zone"]), ("10.0.1.4", vec![])]
        {
            let mut it = Sketch::default();
            let forwarder = json!([{"zone": "blob.core.windows.net", "to": [to]}]);
            it.add(Kind::OnPremisesNetwork, "office", None, json!({"dnsForwarders": forwarder}));
            assert_eq!(found(&LINT, &it), wrong, "{to}");
        }
    }
}
