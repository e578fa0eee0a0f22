//! Private DNS zone: names that only linked virtual networks resolve.
//!
//! Azure docs: "What is an Azure Private DNS zone?" (dns/private-dns-privatednszone).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct PrivateDnsZone {
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
