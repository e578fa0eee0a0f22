//! Azure Bastion: RDP and SSH to virtual machines from the browser, without public addresses on them.
//!
//! Azure docs: "What is Azure Bastion?" (bastion/bastion-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, no_arm, no_check, no_facts,
    setting::{Ref, Relation, choice, settings},
};
use crate::text::{Text, text};

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
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
