//! Azure DNS Private Resolver: an address in a subnet that answers like Azure DNS, and rules that forward.
//!
//! Azure docs: "What is Azure DNS Private Resolver?" (dns/dns-private-resolver-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts, setting::settings,
};
use crate::text::text;

settings! {
    /// Settings of this kind.
    pub struct DnsResolver {
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "dns-resolver",
    label: text("DNS private resolver", "DNS Private Resolver"),
    help: text("Answers and forwards DNS for a network", "ネットワークの DNS に応答し転送"),
    source: "dns/dns-private-resolver-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/dnsResolvers"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: DnsResolver::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
