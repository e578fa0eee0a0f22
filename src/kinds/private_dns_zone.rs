//! Private DNS zone: names that only linked virtual networks resolve.
//!
//! Azure docs: "What is an Azure Private DNS zone?" (dns/private-dns-privatednszone).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{Ref, Relation, Within, choice, settings},
};
use crate::text::text;

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
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
