//! What a place that resolves names can be told: whom to ask for which names, and fixed answers.
//!
//! Azure docs: "How to use your workspace with a custom DNS server" (machine-learning/how-to-custom-dns),
//! "Azure Private Endpoint private DNS zone values" (private-link/private-endpoint-dns).

use std::net::Ipv4Addr;

use super::setting::{Problem, choice, settings};
use crate::{
    facts::name,
    text::{arg, text},
};

/// Azure's resolver, which answers only inside virtual networks.
pub const AZURE_DNS: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);

choice! {
    /// Whom a DNS server asks for names that no conditional forwarder covers.
    pub enum DnsDefault {
        AzureDns = "AzureDns", text("Azure DNS (168.63.129.16)", "Azure DNS (168.63.129.16)");
        PublicRecursion = "PublicRecursion", text("Public DNS", "パブリック DNS");
        Forward = "Forward", text("Other DNS servers", "ほかの DNS サーバー");
    }
}

settings! {
    /// A conditional forwarder. The longest zone that a name ends in decides.
    pub struct Forwarder {
        zone: String = "zone", String::new(),
            text("Zone", "ゾーン"),
            text("Public zone, such as blob.core.windows.net, not the privatelink one", "privatelink ではなく blob.core.windows.net のようなパブリック ゾーン");
        to: Vec<Ipv4Addr> = "to", Vec::new(),
            text("Forward to", "転送先"),
            text("Servers that are asked, the first that answers wins", "問い合わせ先のサーバー。最初に応答したものが使われます");
    }
}

settings! {
    /// A name with fixed addresses: a record of a DNS server, or a line of a hosts file.
    pub struct HostRecord {
        name: String = "name", String::new(),
            text("Host name", "ホスト名"),
            text("Full name, such as st1.blob.core.windows.net", "st1.blob.core.windows.net のような完全な名前");
        addresses: Vec<Ipv4Addr> = "addresses", Vec::new(),
            text("IP addresses", "IP アドレス"),
            text("Addresses that answer for the name", "その名前に対する応答のアドレス");
    }
}

/// Whether `name` can be a DNS name. A `*` may stand as the first label, a dot at the end.
pub fn is_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let name = name.strip_prefix("*.").unwrap_or(name);
    !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-' || it == b'_')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

/// Finds forwarders for no zone, to no server, or for the same zone twice.
pub fn check_forwarders(field: &str, rows: &[Forwarder], problems: &mut Vec<Problem>) {
    for (n, row) in rows.iter().enumerate() {
        let at = |cell: &str| format!("{field}[{n}].{cell}");
        if !is_name(&row.zone) {
            problems.push(Problem { field: at("zone"), text: no_name(&row.zone) });
        }
        if row.to.is_empty() {
            problems.push(Problem {
                field: at("to"),
                text: text(
                    "name at least one server to forward to",
                    "転送先のサーバーを 1 つ以上指定してください",
                )
                .into(),
            });
        }
        if rows.iter().take(n).any(|it| same_name(&it.zone, &row.zone)) {
            problems.push(Problem {
                field: at("zone"),
                text: text(
                    "there is another forwarder for {0}; put all servers into one",
                    "{0} のフォワーダーがほかにもあります。1 つにまとめてください",
                )
                .with([arg(&row.zone)]),
            });
        }
    }
}

/// Finds records without a proper name or without an address.
pub fn check_records(field: &str, rows: &[HostRecord], problems: &mut Vec<Problem>) {
    for (n, row) in rows.iter().enumerate() {
        if !is_name(&row.name) {
            problems
                .push(Problem { field: format!("{field}[{n}].name"), text: no_name(&row.name) });
        }
        if row.addresses.is_empty() {
            problems.push(Problem {
                field: format!("{field}[{n}].addresses"),
                text: text(
                    "give at least one address for {0}",
                    "{0} のアドレスを 1 つ以上指定してください",
                )
                .with([arg(&row.name)]),
            });
        }
    }
}

/// Equal as DNS compares names.
pub fn same_name(a: &str, b: &str) -> bool {
    let bare = |it: &str| it.strip_suffix('.').unwrap_or(it).to_ascii_lowercase();
    bare(a) == bare(b)
}

fn no_name(it: &str) -> crate::text::Message {
    text(
        "{0} is not a DNS name such as blob.core.windows.net",
        "{0} は blob.core.windows.net のような DNS 名ではありません",
    )
    .with([arg(it)])
}

/// Conditional forwarders as facts.
pub(super) fn forwarders(rows: &[Forwarder]) -> Vec<name::Forwarder> {
    rows.iter()
        .map(|it| name::Forwarder { zone: super::reach::name(&it.zone), to: it.to.clone() })
        .collect()
}
