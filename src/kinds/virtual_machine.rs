//! Virtual machine: a host in a subnet, such as the jump box people open Studio from.
//!
//! Azure docs: "Virtual machines in Azure" (virtual-machines/overview).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent,
    common::IdentityType,
    dns::HostRecord,
    no_arm, no_check, no_facts,
    setting::{Choice, Ref, Relation, choice, settings, suggested},
};
use crate::text::{Text, text};

choice! {
    pub enum OsType {
        Windows = "Windows", Text::same("Windows");
        Linux = "Linux", Text::same("Linux");
    }
}

suggested! {
    /// Size of the machine (ARM: `hardwareProfile.vmSize`).
    pub struct VmSize = &[
        Choice { value: "Standard_B2s_v2", label: Text::same("Standard_B2s_v2") },
        Choice { value: "Standard_B2ms", label: Text::same("Standard_B2ms") },
        Choice { value: "Standard_D2s_v5", label: Text::same("Standard_D2s_v5") },
        Choice { value: "Standard_D4s_v5", label: Text::same("Standard_D4s_v5") },
        Choice { value: "Standard_E4s_v5", label: Text::same("Standard_E4s_v5") },
    ];
}

settings! {
    /// Settings of a virtual machine and of its one network interface.
    pub struct VirtualMachine {
        os_type: OsType = "storageProfile.osDisk.osType", OsType::Windows,
            text("Operating system", "オペレーティング システム"),
            text("Windows for a desktop with a browser", "ブラウザーを使うデスクトップは Windows");
        vm_size: VmSize = "hardwareProfile.vmSize", VmSize::new("Standard_B2ms"),
            text("Size", "サイズ"),
            text("Processors and memory", "プロセッサとメモリ");
        admin_username: String = "osProfile.adminUsername", "azureuser".to_owned(),
            text("Administrator name", "管理者ユーザー名"),
            text("Local account; its password is asked at deployment", "ローカル アカウント。パスワードはデプロイ時に入力します");
        user: Option<Ref> = "user", None, super::internet_client::USER, super::internet_client::USER_HELP,
            to &[Kind::User, Kind::ServicePrincipal], Some(Relation::Identity);
        /// Azure chooses one of the subnet when it is not given.
        private_ip_address: Option<Ipv4Addr> = "privateIPAddress", None,
            text("Private IP address", "プライベート IP アドレス"),
            text("Empty means that Azure chooses one", "空の場合は Azure が割り当てます");
        public_ip_address: Option<Ref> = "publicIPAddress", None,
            text("Public IP address", "パブリック IP アドレス"),
            text("Makes it reachable from the internet, and is its source address there", "インターネットから到達可能になり、送信元アドレスにもなります"),
            to &[Kind::PublicIpAddress], Some(Relation::Network);
        network_security_group: Option<Ref> = "networkSecurityGroup", None,
            text("Network security group", "ネットワーク セキュリティ グループ"),
            text("Of the network interface; that of the subnet applies as well", "ネットワーク インターフェイスに適用。サブネットのものも適用されます"),
            to &[Kind::NetworkSecurityGroup], Some(Relation::Network);
        application_security_groups: Vec<Ref> = "applicationSecurityGroups", Vec::new(),
            text("Application security groups", "アプリケーション セキュリティ グループ"),
            text("Names under which security rules know it", "セキュリティ規則で使われるグループ"),
            to &[Kind::ApplicationSecurityGroup], Some(Relation::Network);
        /// Empty: those of the virtual network.
        dns_servers: Vec<Ipv4Addr> = "dnsSettings.dnsServers", Vec::new(),
            text("DNS servers", "DNS サーバー"),
            text("Empty means those of the virtual network", "空の場合は仮想ネットワークの設定");
        /// Lets it pass on packets, as a network virtual appliance does.
        enable_ip_forwarding: bool = "enableIPForwarding", false,
            text("IP forwarding", "IP 転送"),
            text("For an appliance that passes packets on", "パケットを転送するアプライアンスの場合");
        identity_type: IdentityType = "identity.type", IdentityType::None,
            text("Managed identity", "マネージド ID"),
            text("Programs on the machine sign in with it", "マシン上のプログラムがサインインに使う ID");
        user_assigned_identities: Vec<Ref> = "identity.userAssignedIdentities", Vec::new(),
            text("User-assigned identities", "ユーザー割り当てマネージド ID"),
            text("Identities shared with other resources", "ほかのリソースと共有する ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        dns_over_https: bool = "dnsOverHttps", false, super::internet_client::DNS_OVER_HTTPS, super::internet_client::DNS_OVER_HTTPS_HELP;
        hosts: Vec<HostRecord> = "hosts", Vec::new(), super::internet_client::HOSTS, super::internet_client::HOSTS_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "virtual-machine",
    label: text("Virtual machine", "仮想マシン"),
    help: text(
        "A host in a subnet, such as a jump box",
        "ジャンプ ボックスなど、サブネット内のホスト",
    ),
    source: "virtual-machines/overview",
    group: Group::Client,
    arm_type: Some("Microsoft.Compute/virtualMachines"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet)],
    fields: VirtualMachine::FIELDS,
    name: NameRule { max: 64, also: "-_.", ..NameRule::NETWORK },
    facts: no_facts,
    arm: no_arm,
    check: no_check,
};
