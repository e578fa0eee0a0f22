//! On-premises client: a machine in a site of the customer.
//!
//! Azure docs: "Network traffic flow with private endpoints" (machine-learning/concept-secure-network-traffic-flow).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    dns::{HostRecord, check_records},
    internet_client::{
        DNS_OVER_HTTPS, DNS_OVER_HTTPS_HELP, FORWARD_PROXY, FORWARD_PROXY_HELP, HOSTS, HOSTS_HELP,
        USER, USER_HELP,
    },
    no_arm,
    on_premises_network::check_site_address,
    reach,
    setting::{Problem, Ref, Relation, settings},
};
use crate::{
    facts::{
        Facts,
        network::{Host, Position},
    },
    text::text,
};

settings! {
    /// Settings of a client in an on-premises network.
    pub struct OnPremisesClient {
        user: Option<Ref> = "user", None, USER, USER_HELP,
            to &[Kind::User, Kind::ServicePrincipal], Some(Relation::Identity);
        private_ip_address: Option<Ipv4Addr> = "privateIPAddress", None,
            text("Private IP address", "プライベート IP アドレス"),
            text("Empty means some address of the site", "空の場合は拠点内の任意のアドレス");
        /// Empty: those of the site.
        dns_servers: Vec<Ipv4Addr> = "dnsServers", Vec::new(),
            text("DNS servers", "DNS サーバー"),
            text("Empty means those of the site", "空の場合は拠点の設定");
        dns_over_https: bool = "dnsOverHttps", false, DNS_OVER_HTTPS, DNS_OVER_HTTPS_HELP;
        forward_proxy: bool = "forwardProxy", false, FORWARD_PROXY, FORWARD_PROXY_HELP;
        hosts: Vec<HostRecord> = "hosts", Vec::new(), HOSTS, HOSTS_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "on-premises-client",
    label: text("On-premises client", "オンプレミス クライアント"),
    help: text("A machine in an on-premises network", "オンプレミス ネットワーク内のマシン"),
    source: "machine-learning/how-to-custom-dns",
    group: Group::Client,
    arm_type: None,
    form: Form::Node,
    parents: &[Parent::In(Kind::OnPremisesNetwork)],
    fields: OnPremisesClient::FIELDS,
    name: NameRule::FREE,
    facts,
    arm: no_arm,
    check,
};

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = OnPremisesClient::of(subject);
    let mut problems = Vec::new();
    check_records("hosts", &it.hosts, &mut problems);
    check_site_address(subject, "privateIPAddress", it.private_ip_address, &mut problems);
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, OnPremisesClient::from_settings);
    let Some(site) = subject.within(Kind::OnPremisesNetwork) else { return };
    let position = Position::Site { site: site.id, address: settings.private_ip_address };
    facts.hosts.insert(
        subject.id,
        Host {
            dns: settings.dns_servers,
            hosts_file: reach::host_records(&settings.hosts),
            browser_resolves_publicly: settings.dns_over_https,
            proxied: settings.forward_proxy,
            ..Host::at(position)
        },
    );
}
