//! Public IP address: an internet address that belongs to a resource of the design.
//!
//! Azure docs: "Public IP addresses" (virtual-network/ip-services/public-ip-addresses).

use std::{collections::BTreeSet, net::Ipv4Addr};

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    no_facts,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, settings},
};
use crate::{
    facts::cidr::Cidr,
    text::{arg, text},
};

settings! {
    /// Settings of a public IP address.
    pub struct PublicIpAddress {
        /// Azure chooses it; known for addresses that exist already.
        ip_address: Option<Ipv4Addr> = "ipAddress", None,
            text("IP address", "IP アドレス"),
            text("If it is known; Azure chooses it when the address is created", "わかっている場合に指定。作成時に Azure が割り当てます");
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
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let label = &PublicIpAddress::of(subject).domain_name_label;
    vec![
        lower(subject, subject.name().to_owned())
            .with_some("dnsSettings.domainNameLabel", label.clone().map(ArmValue::Text)),
    ]
}

/// A Standard address, which is static. Basic ones were retired on 2025-09-30.
fn lower(subject: Subject<'_>, name: String) -> ArmResource {
    ArmResource::of(subject, PUBLIC_IP_ADDRESSES, vec![name])
        .member("sku", ArmValue::object([("name", ArmValue::text("Standard"))]))
        .with("publicIPAllocationMethod", ArmValue::text("Static"))
        .with("publicIPAddressVersion", ArmValue::text("IPv4"))
}

pub const PUBLIC_IP_ADDRESSES: &str = "Microsoft.Network/publicIPAddresses";

/// The address that `subject` names, or one of its own that is created with it: the reference, and
/// the resource to create.
pub fn given_or_own(subject: Subject<'_>, given: Option<Ref>) -> (ArmValue, Option<ArmResource>) {
    if let Some(it) = given {
        return (ArmValue::reference(it.0), None);
    }
    let name = format!("{}-ip", subject.name());
    let reference = ArmValue::sibling(subject.id, PUBLIC_IP_ADDRESSES, name.as_str());
    (reference, Some(lower(subject, name)))
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let settings = PublicIpAddress::of(subject);
    let mut problems = Vec::new();
    if let Some(address) = settings.ip_address
        && Cidr::holding(address, 32).is_private()
    {
        problems.push(Problem::new(
            "ipAddress",
            text(
                "{0} is a private address; leave it empty if Azure has not chosen one yet",
                "{0} はプライベート アドレスです。まだ割り当てられていない場合は空にしてください",
            )
            .with([arg(address)]),
        ));
    }
    let good = |it: &str| {
        (3..=63).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
            && it.starts_with(|it: char| it.is_ascii_lowercase())
            && !it.ends_with('-')
    };
    if let Some(label) = settings.domain_name_label.clone().filter(|it| !good(it)) {
        problems.push(Problem::new(
            "dnsSettings.domainNameLabel",
            text(
                "{0} is no label: 3 to 63 lowercase letters, digits and hyphens, starting with a letter",
                "{0} はラベルとして使えません。英小文字で始まる 3 から 63 文字の英小文字、数字、ハイフンにしてください",
            )
            .with([arg(label)]),
        ));
    }
    let users: BTreeSet<&str> = subject
        .all
        .referrers(subject.id)
        .filter(|(it, _)| it.info().group == Group::Network || it.kind() == Kind::VirtualMachine)
        .map(|(it, _)| it.name())
        .collect();
    if users.len() > 1 {
        let users: Vec<&str> = users.into_iter().collect();
        problems.push(Problem::new(
            "name",
            text(
                "an address belongs to one resource, but several use it: {0}; give each its own",
                "1 つのアドレスを使えるのは 1 つのリソースだけですが、複数が使っています: {0}。それぞれ別のアドレスにしてください",
            )
            .with([arg(users.join(", "))]),
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use crate::kinds::ResourceId;

    #[test]
    fn an_address_belongs_to_one_resource() {
        let (mut it, subnet) = Sketch::subnet();
        let address = it.add(Kind::PublicIpAddress, "pip", ResourceId(1), json!({}));
        let settings = json!({"publicIPAddress": address.0});
        it.add(Kind::VirtualMachine, "a", subnet, settings.clone());
        assert_eq!(it.wrong(address), [""; 0]);
        it.add(Kind::VirtualMachine, "b", subnet, settings);
        assert_eq!(it.wrong(address), ["name"]);
    }

    #[test]
    fn a_private_address_and_a_bad_label() {
        for (key, value, good) in [
            ("ipAddress", "203.0.113.7", true),
            ("ipAddress", "10.0.0.4", false),
            ("dnsSettings.domainNameLabel", "abc-1", true),
            ("dnsSettings.domainNameLabel", "Abc", false),
            ("dnsSettings.domainNameLabel", "ab", false),
        ] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let id = it.add(Kind::PublicIpAddress, "pip", group, json!({key: value}));
            assert_eq!(it.wrong(id).is_empty(), good, "{key} {value}");
        }
    }
}
