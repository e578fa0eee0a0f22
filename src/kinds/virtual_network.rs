//! Virtual network: a private address space in one region.
//!
//! Azure docs: "What is Azure Virtual Network?" (virtual-network/virtual-networks-overview).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    dns::AZURE_DNS,
    reach,
    setting::{Problem, REGION, REGION_HELP, Region, settings},
};
use crate::{
    facts::{Facts, cidr::Cidr, network::PrivateNetwork},
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
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let settings = VirtualNetwork::of(subject);
    let servers = &settings.dns_servers;
    vec![
        ArmResource::of(
            subject,
            "Microsoft.Network/virtualNetworks",
            vec![subject.name().to_owned()],
        )
        .with("addressSpace.addressPrefixes", ArmValue::texts(&settings.address_prefixes))
        .with_some(
            "dhcpOptions.dnsServers",
            (!servers.is_empty()).then(|| ArmValue::texts(servers)),
        ),
    ]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let settings = VirtualNetwork::of(subject);
    let mut problems = Vec::new();
    if settings.address_prefixes.is_empty() {
        problems.push(Problem::new(
            "addressSpace.addressPrefixes",
            text(
                "a virtual network needs at least one prefix, such as 10.0.0.0/16",
                "仮想ネットワークには 10.0.0.0/16 のようなプレフィックスが 1 つ以上必要です",
            ),
        ));
    }
    for (n, a) in settings.address_prefixes.iter().enumerate() {
        let field = || format!("addressSpace.addressPrefixes[{n}]");
        if let Some(b) = settings.address_prefixes.iter().take(n).find(|it| a.overlaps(**it)) {
            problems.push(Problem::new(
                field(),
                text(
                    "{0} overlaps {1}; keep one of them",
                    "{0} は {1} と重なっています。どちらかを削除してください",
                )
                .with([arg(a), arg(b)]),
            ));
        }
        if a.len() > 29 {
            problems.push(Problem::new(
                field(),
                text(
                    "the smallest address space is /29; use a shorter prefix length",
                    "最小のアドレス空間は /29 です。より短いプレフィックス長にしてください",
                ),
            ));
        }
        if FORBIDDEN.iter().any(|it| it.overlaps(*a)) {
            problems.push(Problem::new(
                field(),
                text(
                    "{0} holds addresses that Azure keeps (multicast, broadcast, loopback, link-local or 168.63.129.16); use a private range such as 10.0.0.0/16",
                    "{0} には Azure が予約しているアドレス (マルチキャスト、ブロードキャスト、ループバック、リンク ローカル、168.63.129.16) が含まれます。10.0.0.0/16 のようなプライベート範囲を使ってください",
                )
                .with([arg(a)]),
            ));
        }
        if a.overlaps(DOCKER) && holds_compute(subject) {
            problems.push(Problem::new(
                field(),
                text(
                    "{0} overlaps 172.17.0.0/16, which containers on compute instances and clusters use themselves; use another range",
                    "{0} は、コンピューティング インスタンスとクラスターのコンテナーが使う 172.17.0.0/16 と重なっています。別の範囲を使ってください",
                )
                .with([arg(a)]),
            ));
        }
    }
    problems
}

/// Azure docs: "Azure Virtual Network frequently asked questions" (virtual-network/virtual-networks-faq).
const FORBIDDEN: [Cidr; 5] = [
    Cidr::holding(Ipv4Addr::new(224, 0, 0, 0), 4),
    Cidr::holding(Ipv4Addr::BROADCAST, 32),
    Cidr::holding(Ipv4Addr::new(127, 0, 0, 0), 8),
    Cidr::holding(Ipv4Addr::new(169, 254, 0, 0), 16),
    Cidr::holding(AZURE_DNS, 32),
];

/// Range of Docker's bridge. Azure docs: "Secure an Azure Machine Learning training environment with
/// virtual networks" (machine-learning/how-to-secure-training-vnet).
const DOCKER: Cidr = Cidr::holding(Ipv4Addr::new(172, 17, 0, 0), 16);

/// Private ranges that a new network keeps clear of.
pub const KEPT: &[Cidr] = &[DOCKER];

fn holds_compute(network: Subject<'_>) -> bool {
    let all = network.all;
    all.children(Some(network.id))
        .flat_map(|it| all.children(Some(it.id)))
        .any(|it| matches!(it.kind(), Kind::ComputeInstance | Kind::ComputeCluster))
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, VirtualNetwork::from_settings);
    if settings.address_prefixes.is_empty() {
        facts.gap(
            subject.id,
            text("{0} has no address space", "{0} にアドレス空間がありません")
                .with([arg(subject.name())]),
        );
    }
    facts.networks.insert(
        subject.id,
        PrivateNetwork {
            space: settings.address_prefixes,
            region: reach::region(subject),
            dns: settings.dns_servers,
        },
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    #[test]
    fn prefixes_that_overlap_or_are_kept_by_azure() {
        for (prefixes, wrong) in [
            (json!(["10.0.0.0/16", "10.1.0.0/16"]), vec![]),
            (json!([]), vec!["addressSpace.addressPrefixes"]),
            (json!(["10.0.0.0/16", "10.0.1.0/24"]), vec!["addressSpace.addressPrefixes[1]"]),
            (json!(["224.0.0.0/8"]), vec!["addressSpace.addressPrefixes[0]"]),
            (json!(["168.63.129.0/24"]), vec!["addressSpace.addressPrefixes[0]"]),
            (json!(["10.0.0.0/30"]), vec!["addressSpace.addressPrefixes[0]"]),
        ] {
            let (mut it, network) = Sketch::network();
            it.set(network, "addressSpace.addressPrefixes", prefixes.clone());
            assert_eq!(it.wrong(network), wrong, "{prefixes}");
        }
    }

    // machine-learning/how-to-secure-training-vnet: the Docker bridge network is 172.17.0.0/16.
    #[test]
    fn the_range_of_containers_only_matters_where_computes_stand() {
        let (mut it, network) = Sketch::network();
        it.set(network, "addressSpace.addressPrefixes", json!(["172.17.0.0/24"]));
        let settings = json!({"addressPrefix": "172.17.0.0/25"});
        let subnet = it.add(Kind::Subnet, "s", network, settings);
        assert_eq!(it.wrong(network), [""; 0]);
        it.add(Kind::ComputeInstance, "ci", subnet, json!({}));
        assert_eq!(it.wrong(network), ["addressSpace.addressPrefixes[0]"]);
    }
}
