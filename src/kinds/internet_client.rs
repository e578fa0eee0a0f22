//! Internet client: a machine outside Azure that comes in over the public internet.
//!
//! Azure docs: "Network traffic flow with private endpoints" (machine-learning/concept-secure-network-traffic-flow).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    dns::{HostRecord, check_records},
    no_arm, reach,
    setting::{Problem, Ref, Relation, settings},
};
use crate::{
    facts::{
        Facts,
        cidr::Cidr,
        network::{Host, Position},
    },
    text::{Text, arg, text},
};

settings! {
    /// Settings of a client on the internet.
    pub struct InternetClient {
        user: Option<Ref> = "user", None, USER, USER_HELP,
            to &[Kind::User, Kind::ServicePrincipal], Some(Relation::Identity);
        public_ip_address: Option<Ipv4Addr> = "publicIpAddress", None,
            text("Public IP address", "パブリック IP アドレス"),
            text("The address that firewalls see", "ファイアウォールから見えるアドレス");
        dns_over_https: bool = "dnsOverHttps", false, DNS_OVER_HTTPS, DNS_OVER_HTTPS_HELP;
        hosts: Vec<HostRecord> = "hosts", Vec::new(), HOSTS, HOSTS_HELP;
    }
}

pub(super) const USER: Text = text("Signed in as", "サインインするユーザー");
pub(super) const USER_HELP: Text = text(
    "Who sits there, or the application that runs there",
    "そこにいる人、またはそこで動くアプリケーション",
);
pub(super) const DNS_OVER_HTTPS: Text = text("DNS over HTTPS", "DNS over HTTPS");
pub(super) const DNS_OVER_HTTPS_HELP: Text = text(
    "The browser asks public DNS and never sees private addresses",
    "ブラウザーがパブリック DNS に問い合わせ、プライベート アドレスを得られません",
);
pub(super) const FORWARD_PROXY: Text = text("Forward proxy", "フォワード プロキシ");
pub(super) const FORWARD_PROXY_HELP: Text = text(
    "Names are resolved by the proxy, so what this machine's DNS answers does not count",
    "名前解決はプロキシが行うため、このマシンの DNS の結果は使われません",
);
pub(super) const HOSTS: Text = text("Hosts file", "hosts ファイル");
pub(super) const HOSTS_HELP: Text =
    text("Names that win over DNS on this machine", "このマシンで DNS より優先される名前");

pub const INFO: KindInfo = KindInfo {
    slug: "internet-client",
    label: text("Internet client", "インターネット クライアント"),
    help: text("A machine on the public internet", "パブリック インターネット上のマシン"),
    source: "machine-learning/concept-secure-network-traffic-flow",
    group: Group::Client,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::Canvas],
    fields: InternetClient::FIELDS,
    name: NameRule::FREE,
    facts,
    arm: no_arm,
    check,
};

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = InternetClient::of(subject);
    let mut problems = Vec::new();
    check_records("hosts", &it.hosts, &mut problems);
    if let Some(address) = it.public_ip_address
        && Cidr::holding(address, 32).is_private()
    {
        problems.push(Problem::new(
            "publicIpAddress",
            text(
                "{0} is a private address; firewalls see the public one of its network",
                "{0} はプライベート アドレスです。ファイアウォールから見えるパブリック アドレスを指定してください",
            )
            .with([arg(address)]),
        ));
    }
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, InternetClient::from_settings);
    let position = Position::Internet { address: settings.public_ip_address };
    facts.hosts.insert(
        subject.id,
        Host {
            hosts_file: reach::host_records(&settings.hosts),
            browser_resolves_publicly: settings.dns_over_https,
            ..Host::at(position)
        },
    );
}
