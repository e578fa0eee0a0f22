//! Public IP address: an internet address that belongs to a resource of the design.
//!
//! Azure docs: "Public IP addresses" (virtual-network/ip-services/public-ip-addresses).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{REGION, REGION_HELP, Region, choice, settings},
};
use crate::text::text;

choice! {
    pub enum AllocationMethod {
        Static = "Static", text("Static", "静的");
        Dynamic = "Dynamic", text("Dynamic", "動的");
    }
}

settings! {
    /// Settings of a public IP address.
    pub struct PublicIpAddress {
        /// Azure chooses it; known for addresses that exist already.
        ip_address: Option<Ipv4Addr> = "ipAddress", None,
            text("IP address", "IP アドレス"),
            text("If it is known; Azure chooses it when the address is created", "わかっている場合に指定。作成時に Azure が割り当てます");
        allocation_method: AllocationMethod = "publicIPAllocationMethod", AllocationMethod::Static,
            text("Assignment", "割り当て"),
            text("Standard addresses are static", "Standard のアドレスは静的です");
        domain_name_label: Option<String> = "dnsSettings.domainNameLabel", None,
            text("DNS name label", "DNS 名ラベル"),
            text("First label of a name below cloudapp.azure.com", "cloudapp.azure.com の下の名前の先頭ラベル");
        location: Option<Region> = "location", None, REGION, REGION_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "public-ip-address",
    label: text("Public IP address", "パブリック IP アドレス"),
    help: text("An internet address of a resource", "リソースのインターネット アドレス"),
    source: "virtual-network/ip-services/public-ip-addresses",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/publicIPAddresses"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: PublicIpAddress::FIELDS,
    name: NameRule::NETWORK,
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
