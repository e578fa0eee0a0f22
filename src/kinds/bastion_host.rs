//! Azure Bastion: RDP and SSH to virtual machines from the browser, without public addresses on them.
//!
//! Azure docs: "What is Azure Bastion?" (bastion/bastion-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    public_ip_address::given_or_own,
    reach,
    setting::{Problem, Ref, Relation, choice, settings},
    subnet::{AZURE_BASTION_SUBNET, check_home},
};
use crate::{
    facts::{
        Facts,
        network::{Host, Position},
    },
    text::{Text, arg, text},
};

choice! {
    pub enum BastionSku {
        Basic = "Basic", Text::same("Basic");
        Standard = "Standard", Text::same("Standard");
        Premium = "Premium", Text::same("Premium");
    }
}

settings! {
    /// Settings of a bastion host.
    pub struct BastionHost {
        sku: BastionSku = "sku.name", BastionSku::Basic,
            text("SKU", "SKU"),
            text("Native clients and addresses need Standard", "ネイティブ クライアントと IP 接続には Standard が必要です");
        public_ip_address: Option<Ref> = "publicIpAddress", None,
            text("Public IP address", "パブリック IP アドレス"),
            text("The address that browsers open", "ブラウザーが接続するアドレス"),
            to &[Kind::PublicIpAddress], Some(Relation::Network);
        enable_tunneling: bool = "enableTunneling", false,
            text("Native client support", "ネイティブ クライアント サポート"),
            text("SSH and RDP from the Azure CLI; Standard or above", "Azure CLI からの SSH と RDP。Standard 以上");
        enable_ip_connect: bool = "enableIpConnect", false,
            text("IP-based connection", "IP ベースの接続"),
            text("Connect by private address, on-premises too; Standard or above", "オンプレミスを含むプライベート IP での接続。Standard 以上");
        enable_private_only: bool = "enablePrivateOnlyBastion", false,
            text("Private only", "プライベートのみ"),
            text("No public address; reached over VPN or ExpressRoute; Premium", "パブリック アドレスなし。VPN か ExpressRoute で接続。Premium");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "bastion-host",
    label: text("Azure Bastion", "Azure Bastion"),
    help: text("RDP and SSH from the browser", "ブラウザーからの RDP と SSH"),
    source: "bastion/bastion-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/bastionHosts"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: BastionHost::FIELDS,
    name: NameRule::NETWORK,
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let Some(subnet) = subject.parent() else { return Vec::new() };
    let it = BastionHost::of(subject);
    let mut properties = ArmValue::object([("subnet", ArmValue::reference(subnet.id))]);
    let mut own = None;
    if !it.enable_private_only {
        let (address, created) = given_or_own(subject, it.public_ip_address);
        properties.set("publicIPAddress", address);
        own = created;
    }
    let configuration =
        ArmValue::object([("name", ArmValue::text("ipconfig")), ("properties", properties)]);
    let on = |it: bool| it.then_some(ArmValue::Bool(true));
    let bastion =
        ArmResource::of(subject, "Microsoft.Network/bastionHosts", vec![subject.name().to_owned()])
            .member("sku", ArmValue::object([("name", ArmValue::text(it.sku.value()))]))
            .with("ipConfigurations", ArmValue::List(vec![configuration]))
            .with_some("enableTunneling", on(it.enable_tunneling))
            .with_some("enableIpConnect", on(it.enable_ip_connect))
            .with_some("enablePrivateOnlyBastion", on(it.enable_private_only));
    std::iter::once(bastion).chain(own).collect()
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = BastionHost::of(subject);
    let mut problems = Vec::new();
    check_home(subject, AZURE_BASTION_SUBNET, &mut problems);
    for (field, on, needed) in [
        ("enableTunneling", it.enable_tunneling, BastionSku::Standard),
        ("enableIpConnect", it.enable_ip_connect, BastionSku::Standard),
        ("enablePrivateOnlyBastion", it.enable_private_only, BastionSku::Premium),
    ] {
        if on && it.sku < needed {
            problems.push(Problem::new(
                field,
                text(
                    "this needs {0}; choose that SKU or switch it off",
                    "この機能には {0} が必要です。SKU を変えるか、オフにしてください",
                )
                .with([arg(needed.value())]),
            ));
        }
    }
    if it.enable_private_only && it.public_ip_address.is_some() {
        problems.push(Problem::new(
            "publicIpAddress",
            text(
                "a private-only bastion has no public address; take it away",
                "プライベートのみの Bastion にパブリック アドレスは指定できません。指定を外してください",
            ),
        ));
    }
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, BastionHost::from_settings);
    let Some(subnet) = subject.within(Kind::Subnet) else { return };
    let position = Position::Subnet { subnet: subnet.id, address: None };
    let public = reach::public_address(subject, settings.public_ip_address)
        .filter(|_| !settings.enable_private_only);
    facts.hosts.insert(subject.id, Host { public, ..Host::at(position) });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    #[test]
    fn features_of_higher_skus() {
        for (sku, feature, good) in [
            ("Basic", "enableTunneling", false),
            ("Standard", "enableTunneling", true),
            ("Basic", "enableIpConnect", false),
            ("Standard", "enablePrivateOnlyBastion", false),
            ("Premium", "enablePrivateOnlyBastion", true),
        ] {
            let (mut it, network) = Sketch::network();
            let prefix = json!({"addressPrefix": "10.0.0.0/26"});
            let subnet = it.add(Kind::Subnet, "AzureBastionSubnet", network, prefix);
            let settings = json!({"sku.name": sku, feature: true});
            let id = it.add(Kind::BastionHost, "bas", subnet, settings);
            assert_eq!(it.wrong(id).is_empty(), good, "{sku} {feature}");
        }
    }
}
