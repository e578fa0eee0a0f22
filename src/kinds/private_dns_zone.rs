//! Private DNS zone: names that only linked virtual networks resolve.
//!
//! Azure docs: "What is an Azure Private DNS zone?" (dns/private-dns-privatednszone).

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    dns::{is_name, same_name},
    reach,
    setting::{Problem, Ref, Relation, Within, choice, settings},
};
use crate::{
    azure::private_link_zones,
    facts::{Facts, name},
    text::{arg, text},
};

choice! {
    /// What a linked network answers for a name that the zone does not hold.
    pub enum ResolutionPolicy {
        Default = "Default", text("Name does not exist", "名前は存在しない");
        NxDomainRedirect = "NxDomainRedirect", text("Ask public DNS", "パブリック DNS に問い合わせる");
    }
}

settings! {
    /// A virtual network link: the network resolves names of the zone.
    pub struct VirtualNetworkLink {
        virtual_network: Ref = "virtualNetwork", Ref(super::ResourceId(0)),
            text("Virtual network", "仮想ネットワーク"),
            text("The network whose Azure DNS answers from the zone", "Azure DNS がこのゾーンから応答するネットワーク"),
            to &[Kind::VirtualNetwork], Some(Relation::Network);
        resolution_policy: ResolutionPolicy = "resolutionPolicy", ResolutionPolicy::Default,
            text("Missing names", "存在しない名前"),
            text("Fall back to public DNS, or fail", "パブリック DNS に問い合わせるか、失敗とするか");
        registration_enabled: bool = "registrationEnabled", false,
            text("Auto registration", "自動登録"),
            text("Virtual machines of the network get records; not for privatelink zones", "ネットワークの仮想マシンのレコードを作成。privatelink ゾーンでは使いません");
    }
}

settings! {
    /// A hand-made record set of type A.
    pub struct ARecord {
        name: String = "name", "@".to_owned(),
            text("Name", "名前"),
            text("Without the zone; @ is the zone itself, * every other name", "ゾーン名を除いた名前。@ はゾーン自身、* はその他すべて");
        ttl: Within<1, 2_147_483_647> = "ttl", Within::near(3600),
            text("TTL (seconds)", "TTL (秒)"),
            text("How long resolvers keep it", "リゾルバーが保持する時間");
        addresses: Vec<Ipv4Addr> = "addresses", Vec::new(),
            text("IP addresses", "IP アドレス"),
            text("Addresses that answer for the name", "その名前に対する応答のアドレス");
    }
}

settings! {
    /// Settings of a private DNS zone; its name is the zone's.
    pub struct PrivateDnsZone {
        links: Vec<VirtualNetworkLink> = "virtualNetworkLinks", Vec::new(),
            text("Virtual network links", "仮想ネットワーク リンク"),
            text("Only linked networks see the zone", "リンクされたネットワークだけがゾーンを参照します");
        /// Beside those that private endpoints register by their zone groups.
        records: Vec<ARecord> = "records", Vec::new(),
            text("A records", "A レコード"),
            text("Written by hand; private endpoints add their own through their zone groups", "手動のレコード。プライベート エンドポイントは DNS ゾーン グループで自動登録します");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "private-dns-zone",
    label: text("Private DNS zone", "プライベート DNS ゾーン"),
    help: text(
        "Names that only linked networks resolve",
        "リンクされたネットワークだけが解決する名前",
    ),
    source: "dns/private-dns-privatednszone",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/privateDnsZones"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: PrivateDnsZone::FIELDS,
    name: NameRule { max: 253, also: "-_.", not_last: "-.", ..NameRule::NETWORK },
    facts,
    arm,
    check,
};

const LINKS: &str = "Microsoft.Network/privateDnsZones/virtualNetworkLinks";

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = PrivateDnsZone::of(subject);
    // Zones belong to no region.
    let global = |it: ArmResource| ArmResource { location: Some("global".to_owned()), ..it };
    let zone = subject.name();
    let mut all = vec![global(ArmResource::of(
        subject,
        "Microsoft.Network/privateDnsZones",
        vec![zone.to_owned()],
    ))];
    for link in &it.links {
        let Some(network) = subject.follow(Some(link.virtual_network)) else { continue };
        // The number keeps networks of one name in two resource groups apart.
        let name = format!("{}-{}", network.name(), network.id.0);
        let redirect = link.resolution_policy == ResolutionPolicy::NxDomainRedirect;
        all.push(
            global(ArmResource::of(subject, LINKS, vec![zone.to_owned(), name]))
                .with("virtualNetwork", ArmValue::reference(network.id))
                .with("registrationEnabled", ArmValue::Bool(link.registration_enabled))
                .with_some(
                    "resolutionPolicy",
                    redirect.then(|| ArmValue::text(link.resolution_policy.value())),
                ),
        );
    }
    for record in &it.records {
        let addresses = record
            .addresses
            .iter()
            .map(|it| ArmValue::object([("ipv4Address", ArmValue::text(it.to_string()))]));
        all.push(
            ArmResource::of(
                subject,
                "Microsoft.Network/privateDnsZones/A",
                vec![zone.to_owned(), record.name.clone()],
            )
            .child()
            .with("ttl", ArmValue::Number(record.ttl.get().into()))
            .with("aRecords", addresses.collect()),
        );
    }
    all
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = PrivateDnsZone::of(subject);
    let mut problems = Vec::new();
    check_name(subject.name(), &mut problems);
    let mut networks = BTreeSet::new();
    let private_link = is_private_link(subject.name());
    for (n, link) in it.links.iter().enumerate() {
        let at = |cell: &str| format!("virtualNetworkLinks[{n}].{cell}");
        let Some(network) = subject.follow(Some(link.virtual_network)) else { continue };
        if !networks.insert(network.id) {
            problems.push(Problem::new(
                at("virtualNetwork"),
                text(
                    "{0} is linked already; one link is enough",
                    "{0} は既にリンクされています。リンクは 1 つで十分です",
                )
                .with([arg(network.name())]),
            ));
        }
        // A network asks only one zone of a name.
        let twin = linked_zones(network)
            .find(|it| it.id < subject.id && same_name(it.name(), subject.name()));
        if let Some(twin) = twin {
            problems.push(Problem::new(
                at("virtualNetwork"),
                text(
                    "{0} is linked to another zone {1} (number {2}); a network can be linked to one zone of a name",
                    "{0} は別のゾーン {1} (番号 {2}) にリンクされています。同じ名前のゾーンにリンクできるのは 1 つだけです",
                )
                .with([arg(network.name()), arg(twin.name()), arg(twin.id.0)]),
            ));
        }
        if private_link && link.registration_enabled {
            problems.push(Problem::new(
                at("registrationEnabled"),
                text(
                    "switch auto registration off: records of virtual machines do not belong into a privatelink zone",
                    "自動登録をオフにしてください。privatelink ゾーンに仮想マシンのレコードは不要です",
                ),
            ));
        }
        if !private_link && link.resolution_policy == ResolutionPolicy::NxDomainRedirect {
            problems.push(Problem::new(
                at("resolutionPolicy"),
                text(
                    "only privatelink zones can ask public DNS for missing names; choose the default",
                    "存在しない名前をパブリック DNS に問い合わせられるのは privatelink ゾーンだけです。既定値を選んでください",
                ),
            ));
        }
    }
    let mut names = BTreeSet::new();
    for (n, record) in it.records.iter().enumerate() {
        let at = |cell: &str| format!("records[{n}].{cell}");
        let name = &record.name;
        if !matches!(&**name, "@" | "*") && !is_name(name) {
            problems.push(Problem::new(
                at("name"),
                text(
                    "{0} is not a record name such as st1",
                    "{0} は st1 のようなレコード名ではありません",
                )
                .with([arg(name)]),
            ));
        } else if name.to_ascii_lowercase().ends_with(&subject.name().to_ascii_lowercase()) {
            problems.push(Problem::new(
                at("name"),
                text(
                    "{0} ends in the zone's name, which Azure adds itself; leave it out",
                    "{0} の末尾にゾーン名が含まれています。ゾーン名は自動的に付くため、省いてください",
                )
                .with([arg(name)]),
            ));
        }
        if !names.insert(name.to_ascii_lowercase()) {
            problems.push(Problem::new(
                at("name"),
                text(
                    "there is another record {0}; put all addresses into one",
                    "レコード {0} がほかにもあります。アドレスを 1 つにまとめてください",
                )
                .with([arg(name)]),
            ));
        }
        if record.addresses.is_empty() {
            problems.push(Problem::new(
                at("addresses"),
                text("give at least one address", "アドレスを 1 つ以上指定してください"),
            ));
        }
    }
    problems
}

/// Zones that a network is linked to.
pub fn linked_zones(network: Subject<'_>) -> impl Iterator<Item = Subject<'_>> {
    network
        .all
        .referrers(network.id)
        .map(|(it, _)| it)
        .filter(|it| it.kind() == Kind::PrivateDnsZone)
}

fn is_private_link(zone: &str) -> bool {
    zone.split('.').any(|it| it.eq_ignore_ascii_case("privatelink"))
}

/// A privatelink zone whose name is not exactly the one of its service is never asked.
fn check_name(zone: &str, problems: &mut Vec<Problem>) {
    let suggestion = private_link_zones::meant_zone(zone);
    if let Some(meant) = suggestion {
        problems.push(Problem::new(
            "name",
            text(
                "{0} has no effect: the service's names lead to {1}; rename the zone",
                "{0} は効果がありません。サービスの名前は {1} に解決されます。ゾーンの名前を変えてください",
            )
            .with([arg(zone), arg(meant)]),
        ));
    }
    if !is_name(zone) || !zone.contains('.') {
        problems.push(Problem::new(
            "name",
            text(
                "a zone has a name of at least two labels, such as corp.internal",
                "ゾーン名は corp.internal のように 2 つ以上のラベルが必要です",
            ),
        ));
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, PrivateDnsZone::from_settings);
    let links = settings
        .links
        .iter()
        .filter(|it| subject.all.get(it.virtual_network.0).is_some())
        .map(|it| name::ZoneLink {
            at: subject.id,
            network: it.virtual_network.0,
            redirects: it.resolution_policy == ResolutionPolicy::NxDomainRedirect,
            registers: it.registration_enabled,
        })
        .collect();
    let records = settings
        .records
        .iter()
        .map(|it| name::Record {
            at: subject.id,
            label: if it.name.is_empty() { "@".to_owned() } else { reach::name(&it.name) },
            addresses: it.addresses.clone(),
        })
        .collect();
    let name = reach::name(subject.name());
    facts.zones.insert(subject.id, name::Zone { name, links, records });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use crate::kinds::ResourceId;

    fn zone(name: &str, settings: serde_json::Value) -> (Sketch, ResourceId) {
        let (mut it, _) = Sketch::network();
        let id = it.add(Kind::PrivateDnsZone, name, ResourceId(1), settings);
        (it, id)
    }

    const BLOB: &str = "privatelink.blob.core.windows.net";

    // private-link/private-endpoint-dns: the zone of Key Vault is privatelink.vaultcore.azure.net.
    #[test]
    fn a_zone_name_that_looks_right_and_has_no_effect() {
        let (it, id) = zone("privatelink.vault.azure.net", json!({}));
        assert!(it.text(id).contains("privatelink.vaultcore.azure.net"));
        let (it, id) = zone("privatelink.vaultcore.azure.net", json!({}));
        assert_eq!(it.wrong(id), [""; 0]);
    }

    #[test]
    fn a_network_is_linked_once_and_to_one_zone_of_a_name() {
        let link = json!({"virtualNetwork": 2});
        let (it, id) = zone(BLOB, json!({"virtualNetworkLinks": [link, link]}));
        assert_eq!(it.wrong(id), ["virtualNetworkLinks[1].virtualNetwork"]);
        let (mut it, id) = zone(BLOB, json!({"virtualNetworkLinks": [link]}));
        let group = it.add(Kind::ResourceGroup, "rg2", None, json!({}));
        let settings = json!({"virtualNetworkLinks": [link]});
        let twin = it.add(Kind::PrivateDnsZone, BLOB, group, settings);
        assert_eq!(it.wrong(id), [""; 0]);
        assert_eq!(it.wrong(twin), ["virtualNetworkLinks[0].virtualNetwork"]);
    }

    #[test]
    fn falling_back_to_public_dns_is_for_privatelink_zones() {
        let link = json!([{"virtualNetwork": 2, "resolutionPolicy": "NxDomainRedirect"}]);
        let (it, id) = zone(BLOB, json!({"virtualNetworkLinks": link}));
        assert_eq!(it.wrong(id), [""; 0]);
        let (it, id) = zone("corp.internal", json!({"virtualNetworkLinks": link}));
        assert_eq!(it.wrong(id), ["virtualNetworkLinks[0].resolutionPolicy"]);
    }

    #[test]
    fn records_carry_no_zone_name() {
        for (name, good) in [
            ("st1", true),
            ("acr1.japaneast.data", true),
            ("@", true),
            ("*", true),
            ("*.x.inference.japaneast", true),
            ("st1.privatelink.blob.core.windows.net", false),
            ("a b", false),
            ("", false),
        ] {
            let records = json!([{"name": name, "addresses": ["10.0.1.4"]}]);
            let (it, id) = zone(BLOB, json!({"records": records}));
            assert_eq!(it.wrong(id).is_empty(), good, "{name}");
        }
    }
}
