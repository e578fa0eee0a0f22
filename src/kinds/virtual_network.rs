//! Virtual network: a private address space in one region.
//!
//! Azure docs: "What is Azure Virtual Network?" (virtual-network/virtual-networks-overview).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    no_facts,
    setting::{Problem, REGION, REGION_HELP, Region, settings},
};
use crate::{
    facts::cidr::Cidr,
    text::{arg, text},
};

settings! {
    /// Settings of a virtual network.
    pub struct VirtualNetwork {
        address_prefixes: Vec<Cidr> = "addressSpace.addressPrefixes", vec![Cidr::holding(Ipv4Addr::new(10, 0, 0, 0), 16)],
            text("Address space", "アドレス空間"),
            text("Prefixes that its subnets are cut from", "サブネットに分割するプレフィックス");
        /// Empty: Azure DNS (168.63.129.16).
        dns_servers: Vec<Ipv4Addr> = "dhcpOptions.dnsServers", Vec::new(),
            text("DNS servers", "DNS サーバー"),
            text("Empty means Azure DNS; private DNS zones answer only there", "空の場合は Azure DNS。プライベート DNS ゾーンは Azure DNS だけが参照します");
        location: Option<Region> = "location", None, REGION, REGION_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "virtual-network",
    label: text("Virtual network", "仮想ネットワーク"),
    help: text(
        "A private address space in one region",
        "1 つのリージョンにあるプライベート アドレス空間",
    ),
    source: "virtual-network/virtual-networks-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/virtualNetworks"),
    form: Form::Container,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: VirtualNetwork::FIELDS,
    name: NameRule { min: 2, max: 64, ..NameRule::NETWORK },
    facts: no_facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let settings = VirtualNetwork::from_settings(&subject.resource.settings, &mut Vec::new());
    let mut it = ArmResource::of(
        subject,
        "Microsoft.Network/virtualNetworks",
        vec![subject.name().to_owned()],
    )
    .with_settings(subject, &["addressSpace.addressPrefixes"]);
    if !settings.dns_servers.is_empty() {
        it = it.with(
            "dhcpOptions.dnsServers",
            ArmValue::List(
                settings.dns_servers.iter().map(|it| ArmValue::text(it.to_string())).collect(),
            ),
        );
    }
    vec![it]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let settings = VirtualNetwork::from_settings(&subject.resource.settings, &mut Vec::new());
    let mut problems = Vec::new();
    if settings.address_prefixes.is_empty() {
        problems.push(Problem {
            field: "addressSpace.addressPrefixes".to_owned(),
            text: text(
                "a virtual network needs at least one prefix, such as 10.0.0.0/16",
                "仮想ネットワークには 10.0.0.0/16 のようなプレフィックスが 1 つ以上必要です",
            )
            .into(),
        });
    }
    for (n, a) in settings.address_prefixes.iter().enumerate() {
        for b in settings.address_prefixes.iter().take(n) {
            if a.overlaps(*b) {
                problems.push(Problem {
                    field: format!("addressSpace.addressPrefixes[{n}]"),
                    text: text("{0} overlaps {1}", "{0} は {1} と重なっています")
                        .with([arg(a), arg(b)]),
                });
            }
        }
    }
    problems
}
