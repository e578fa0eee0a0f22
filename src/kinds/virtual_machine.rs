//! Virtual machine: a host in a subnet, such as the jump box people open Studio from.
//!
//! Azure docs: "Virtual machines in Azure" (virtual-machines/overview).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{IdentityType, asked, check_identity, lower_identity},
    dns::{HostRecord, check_records},
    load_balancer, reach,
    setting::{Choice, Problem, Ref, Relation, choice, settings, suggested},
    subnet::check_address,
};
use crate::{
    facts::{
        Facts,
        network::{Forwarding, Host, Position},
    },
    text::{Text, arg, text},
};

choice! {
    pub enum OsType {
        Windows = "Windows", Text::same("Windows");
        Linux = "Linux", Text::same("Linux");
    }
}

choice! {
    /// What the software of an appliance does with forwarded packets. Azure does not know it, so ARM has no name for it.
    pub enum ForwardedTraffic {
        Unsaid = "NotDescribed", text("Not described", "記述なし");
        Passes = "Passed", text("Lets all through", "すべて通す");
        Translates = "Translated", text("Lets all through, with its own address as source", "送信元を自身のアドレスに変換してすべて通す");
    }
}

suggested! {
    /// Size of the machine (ARM: `hardwareProfile.vmSize`).
    pub struct VmSize = &[
        Choice { value: "Standard_B2s", label: Text::same("Standard_B2s") },
        Choice { value: "Standard_B2ms", label: Text::same("Standard_B2ms") },
        Choice { value: "Standard_D2s_v3", label: Text::same("Standard_D2s_v3") },
        Choice { value: "Standard_D4s_v3", label: Text::same("Standard_D4s_v3") },
        Choice { value: "Standard_E4s_v3", label: Text::same("Standard_E4s_v3") },
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
        /// Only with IP forwarding.
        forwarded_traffic: ForwardedTraffic = "forwardedTraffic", ForwardedTraffic::Unsaid,
            text("Forwarded traffic", "転送するトラフィック"),
            text("What the appliance's own software does with it; Azure does not look inside", "アプライアンスのソフトウェアによる扱い。Azure は関知しません");
        identity_type: IdentityType = "identity.type", IdentityType::None,
            text("Managed identity", "マネージド ID"),
            text("Programs on the machine sign in with it", "マシン上のプログラムがサインインに使う ID");
        user_assigned_identities: Vec<Ref> = "identity.userAssignedIdentities", Vec::new(),
            text("User-assigned identities", "ユーザー割り当てマネージド ID"),
            text("Identities shared with other resources", "ほかのリソースと共有する ID"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        dns_over_https: bool = "dnsOverHttps", false, super::internet_client::DNS_OVER_HTTPS, super::internet_client::DNS_OVER_HTTPS_HELP;
        forward_proxy: bool = "forwardProxy", false, super::internet_client::FORWARD_PROXY, super::internet_client::FORWARD_PROXY_HELP;
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
    facts,
    arm,
    check,
};

const INTERFACES: &str = "Microsoft.Network/networkInterfaces";

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = VirtualMachine::of(subject);
    let interface = Interface {
        private_ip_address: it.private_ip_address,
        public_ip_address: it.public_ip_address,
        network_security_group: it.network_security_group,
        application_security_groups: &it.application_security_groups,
        dns_servers: &it.dns_servers,
        enable_ip_forwarding: it.enable_ip_forwarding,
    };
    let mut all = lower(subject, it.os_type, &it.vm_size, &it.admin_username, &interface);
    if let (Some(machine), Some(mut identity)) =
        (all.first_mut(), lower_identity(it.identity_type, &it.user_assigned_identities))
    {
        if it.identity_type == IdentityType::Both {
            // This type alone wants a space.
            identity.set("type", ArmValue::text("SystemAssigned, UserAssigned"));
        }
        machine.members.push(("identity", identity));
    }
    all
}

/// The network interface of a machine.
pub(super) struct Interface<'a> {
    pub private_ip_address: Option<Ipv4Addr>,
    pub public_ip_address: Option<Ref>,
    pub network_security_group: Option<Ref>,
    pub application_security_groups: &'a [Ref],
    pub dns_servers: &'a [Ipv4Addr],
    pub enable_ip_forwarding: bool,
}

/// A machine with its interface; nothing outside a subnet.
pub(super) fn lower(
    subject: Subject<'_>,
    os: OsType,
    size: &VmSize,
    admin: &str,
    interface: &Interface<'_>,
) -> Vec<ArmResource> {
    let Some(subnet) = subject.parent().filter(|it| it.kind() == Kind::Subnet) else {
        return Vec::new();
    };
    let nic = format!("{}-nic", subject.name());
    let image = match os {
        OsType::Windows => ["MicrosoftWindowsServer", "WindowsServer", "2022-datacenter-g2"],
        OsType::Linux => ["Canonical", "ubuntu-24_04-lts", "server"],
    };
    let [publisher, offer, sku] = image.map(ArmValue::text);
    let network =
        ArmValue::SiblingIdOf { of: subject.id, arm_type: INTERFACES, name: vec![nic.clone()] };
    let machine = ArmResource::of(
        subject,
        "Microsoft.Compute/virtualMachines",
        vec![subject.name().to_owned()],
    )
    .with("hardwareProfile.vmSize", ArmValue::text(size.as_str()))
    .with(
        "storageProfile.imageReference",
        ArmValue::object([
            ("publisher", publisher),
            ("offer", offer),
            ("sku", sku),
            ("version", ArmValue::text("latest")),
        ]),
    )
    .with("storageProfile.osDisk.createOption", ArmValue::text("FromImage"))
    .with("storageProfile.osDisk.osType", ArmValue::text(os.value()))
    .with("storageProfile.osDisk.managedDisk.storageAccountType", ArmValue::text("StandardSSD_LRS"))
    .with("osProfile.computerName", ArmValue::Text(computer_name(subject)))
    .with("osProfile.adminUsername", ArmValue::text(admin))
    .with("osProfile.adminPassword", ArmValue::Secret(asked("administrator password", subject)))
    .with(
        "networkProfile.networkInterfaces",
        ArmValue::List(vec![ArmValue::object([
            ("id", network),
            ("properties", ArmValue::object([("primary", ArmValue::Bool(true))])),
        ])]),
    );
    let mut properties = ArmValue::object([("subnet", ArmValue::reference(subnet.id))]);
    let method = if interface.private_ip_address.is_some() { "Static" } else { "Dynamic" };
    properties.set("privateIPAllocationMethod", ArmValue::text(method));
    if let Some(address) = interface.private_ip_address {
        properties.set("privateIPAddress", ArmValue::text(address.to_string()));
    }
    if let Some(address) = interface.public_ip_address {
        properties.set("publicIPAddress", ArmValue::reference(address.0));
    }
    let groups = interface.application_security_groups;
    if !groups.is_empty() {
        let groups = groups.iter().map(|it| ArmValue::reference(it.0)).collect();
        properties.set("applicationSecurityGroups", groups);
    }
    let pools = load_balancer::joined(subject);
    if !pools.is_empty() {
        properties.set("loadBalancerBackendAddressPools", ArmValue::List(pools));
    }
    let configuration =
        ArmValue::object([("name", ArmValue::text("ipconfig1")), ("properties", properties)]);
    let servers = interface.dns_servers;
    let nic = ArmResource::of(subject, INTERFACES, vec![nic])
        .with("ipConfigurations", ArmValue::List(vec![configuration]))
        .with_some(
            "networkSecurityGroup",
            interface.network_security_group.map(|it| ArmValue::reference(it.0)),
        )
        .with_some(
            "dnsSettings.dnsServers",
            (!servers.is_empty()).then(|| ArmValue::texts(servers)),
        )
        .with_some(
            "enableIPForwarding",
            interface.enable_ip_forwarding.then_some(ArmValue::Bool(true)),
        );
    vec![machine, nic]
}

/// The host's own name: at most 15 letters, digits and hyphens, and not digits only.
fn computer_name(subject: Subject<'_>) -> String {
    let clean: String = subject
        .name()
        .chars()
        .filter(|it| it.is_ascii_alphanumeric() || *it == '-')
        .take(15)
        .collect();
    let clean = clean.trim_matches('-');
    if clean.chars().any(|it| it.is_ascii_alphabetic()) {
        clean.to_owned()
    } else {
        format!("vm{}", subject.id.0)
    }
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = VirtualMachine::of(subject);
    let mut problems = Vec::new();
    check_address(subject, "privateIPAddress", it.private_ip_address, &mut problems);
    check_identity(it.identity_type, &it.user_assigned_identities, &mut problems);
    check_records("hosts", &it.hosts, &mut problems);
    check_admin(&it.admin_username, &mut problems);
    problems
}

/// Azure docs: "Frequently asked questions about Windows Virtual Machines" (virtual-machines/windows/faq).
fn check_admin(name: &str, problems: &mut Vec<Problem>) {
    const REFUSED: &[&str] = &[
        "1",
        "123",
        "a",
        "actuser",
        "adm",
        "admin",
        "admin1",
        "admin2",
        "administrator",
        "aspnet",
        "backup",
        "console",
        "david",
        "guest",
        "john",
        "owner",
        "root",
        "server",
        "sql",
        "support",
        "support_388945a0",
        "sys",
        "test",
        "test1",
        "test2",
        "test3",
        "user",
        "user1",
        "user2",
        "user3",
        "user4",
        "user5",
        "video",
    ];
    if REFUSED.iter().any(|it| it.eq_ignore_ascii_case(name)) {
        problems.push(Problem::new(
            "osProfile.adminUsername",
            text(
                "Azure refuses {0} as an administrator name; choose another",
                "Azure では管理者ユーザー名に {0} を使えません。別の名前にしてください",
            )
            .with([arg(name)]),
        ));
    }
    let plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    if !(1..=20).contains(&name.len()) || !name.chars().all(plain) || name.starts_with('-') {
        problems.push(Problem::new(
            "osProfile.adminUsername",
            text(
                "use 1 to 20 letters, digits, hyphens and underscores",
                "1 から 20 文字の英数字、ハイフン、アンダースコアにしてください",
            ),
        ));
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, VirtualMachine::from_settings);
    let Some(subnet) = subject.within(Kind::Subnet) else { return };
    let position = Position::Subnet { subnet: subnet.id, address: settings.private_ip_address };
    facts.hosts.insert(
        subject.id,
        Host {
            filter: reach::existing_one(subject, settings.network_security_group),
            groups: reach::existing(subject, &settings.application_security_groups),
            public: reach::public_address(subject, settings.public_ip_address),
            pools: load_balancer::pools_of(subject),
            forwards: settings.enable_ip_forwarding.then_some(match settings.forwarded_traffic {
                ForwardedTraffic::Unsaid => Forwarding::Unsaid,
                ForwardedTraffic::Passes => Forwarding::Passes,
                ForwardedTraffic::Translates => Forwarding::Translates,
            }),
            dns: settings.dns_servers,
            hosts_file: reach::host_records(&settings.hosts),
            browser_resolves_publicly: settings.dns_over_https,
            proxied: settings.forward_proxy,
            ..Host::at(position)
        },
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use crate::kinds::arm::dependencies;

    #[test]
    fn a_machine_waits_for_its_interface_and_its_password_is_asked() {
        let (mut it, subnet) = Sketch::subnet();
        let id = it.add(Kind::VirtualMachine, "vm", subnet, json!({}));
        let all = it.lowered(id);
        assert_eq!(dependencies(&all), [vec![1], vec![]]);
        let shown = format!("{:?}", all[0].properties);
        assert!(shown.contains(r#"Secret("administrator password of vm 4")"#), "{shown}");
    }

    #[test]
    fn a_user_assigned_identity_that_is_not_named() {
        let (mut it, subnet) = Sketch::subnet();
        let settings = json!({"identity.type": "UserAssigned"});
        let id = it.add(Kind::VirtualMachine, "vm", subnet, settings);
        assert_eq!(it.wrong(id), ["identity.userAssignedIdentities"]);
    }

    #[test]
    fn administrators_that_azure_refuses() {
        for (name, good) in [("azureuser", true), ("Admin", false), ("", false), ("a b", false)] {
            let mut problems = Vec::new();
            check_admin(name, &mut problems);
            assert_eq!(problems.is_empty(), good, "{name}");
        }
    }

    #[test]
    fn a_host_name_of_its_own_for_any_name() {
        let (mut it, subnet) = Sketch::subnet();
        for (name, host) in
            [("vm-jump_box.with-a-long-name", "vm-jumpboxwith-"), ("踏み台", "vm"), ("42", "vm")]
        {
            let id = it.add(Kind::VirtualMachine, name, subnet, json!({}));
            let found = computer_name(it.all().subject(id).unwrap());
            assert!(found.starts_with(host.trim_end_matches('-')) && found.len() <= 15, "{found}");
        }
    }
}
