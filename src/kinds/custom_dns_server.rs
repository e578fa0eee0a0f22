//! Custom DNS server: a DNS server of the customer on a host in a subnet or on-premises.
//!
//! Azure docs: "Name resolution for resources in Azure virtual networks" (virtual-network/virtual-networks-name-resolution-for-vms-and-role-instances).

use std::net::Ipv4Addr;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::ArmResource,
    dns::{self, DnsDefault, Forwarder, HostRecord, check_forwarders, check_records},
    on_premises_network::check_site_address,
    reach,
    setting::{Problem, settings},
    subnet::check_address,
    virtual_machine::{self, Interface, OsType, VmSize},
};
use crate::{
    facts::{
        Facts, name,
        network::{Host, Position},
    },
    text::text,
};

settings! {
    /// Settings of a DNS server.
    pub struct CustomDnsServer {
        private_ip_address: Option<Ipv4Addr> = "privateIPAddress", None,
            text("Private IP address", "プライベート IP アドレス"),
            text("Where clients send their queries; networks name this address as their DNS server", "問い合わせを受けるアドレス。仮想ネットワークの DNS サーバーに指定します");
        forwarders: Vec<Forwarder> = "forwarders", Vec::new(),
            text("Conditional forwarders", "条件付きフォワーダー"),
            text("Zones that it asks elsewhere", "別のサーバーに問い合わせるゾーン");
        default: DnsDefault = "default", DnsDefault::AzureDns,
            text("All other names", "その他の名前"),
            text("Whom it asks otherwise", "それ以外の名前の問い合わせ先");
        forward_to: Vec<Ipv4Addr> = "forwardTo", Vec::new(),
            text("Forward to", "転送先"),
            text("If all other names go to other DNS servers: which", "その他の名前をほかの DNS サーバーに送る場合の宛先");
        records: Vec<HostRecord> = "records", Vec::new(),
            text("DNS records", "DNS レコード"),
            text("Names that it answers itself", "自ら応答する名前");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "custom-dns-server",
    label: text("Custom DNS server", "カスタム DNS サーバー"),
    help: text("A DNS server of your own", "独自の DNS サーバー"),
    source: "machine-learning/how-to-custom-dns",
    group: Group::Network,
    arm_type: Some("Microsoft.Compute/virtualMachines"),
    form: Form::Node,
    parents: &[Parent::In(Kind::Subnet), Parent::In(Kind::OnPremisesNetwork)],
    fields: CustomDnsServer::FIELDS,
    name: NameRule { max: 64, ..NameRule::NETWORK },
    facts,
    arm,
    check,
};

/// The machine only: which software answers on it is not for a template to say.
fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let interface = Interface {
        private_ip_address: CustomDnsServer::of(subject).private_ip_address,
        public_ip_address: None,
        network_security_group: None,
        application_security_groups: &[],
        dns_servers: &[],
        enable_ip_forwarding: false,
    };
    let size = VmSize::new("Standard_B2s");
    virtual_machine::lower(subject, OsType::Linux, &size, "azureuser", &interface)
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = CustomDnsServer::of(subject);
    let mut problems = Vec::new();
    check_address(subject, "privateIPAddress", it.private_ip_address, &mut problems);
    check_site_address(subject, "privateIPAddress", it.private_ip_address, &mut problems);
    check_forwarders("forwarders", &it.forwarders, &mut problems);
    check_records("records", &it.records, &mut problems);
    if it.default == DnsDefault::Forward && it.forward_to.is_empty() {
        problems.push(Problem::new(
            "forwardTo",
            text(
                "name the DNS servers that all other names go to",
                "その他の名前の転送先の DNS サーバーを指定してください",
            ),
        ));
    }
    if it.private_ip_address.is_none() {
        problems.push(Problem::new(
            "privateIPAddress",
            text(
                "a DNS server needs a fixed address that clients can be told",
                "DNS サーバーには、クライアントに設定できる固定アドレスが必要です",
            ),
        ));
    }
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, CustomDnsServer::from_settings);
    let address = settings.private_ip_address;
    let (position, place) =
        match (subject.within(Kind::Subnet), subject.within(Kind::OnPremisesNetwork)) {
            (Some(it), _) => {
                (Position::Subnet { subnet: it.id, address }, name::ServerPlace::Subnet(it.id))
            }
            (None, Some(it)) => {
                (Position::Site { site: it.id, address }, name::ServerPlace::Site(it.id))
            }
            (None, None) => return,
        };
    facts.hosts.insert(subject.id, Host::at(position));
    facts.name_servers.insert(
        subject.id,
        name::NameServer {
            place,
            addresses: address.into_iter().collect(),
            forwarders: dns::forwarders(&settings.forwarders),
            records: reach::host_records(&settings.records),
            otherwise: match settings.default {
                DnsDefault::AzureDns => name::Upstream::Servers(vec![dns::AZURE_DNS]),
                DnsDefault::PublicRecursion => name::Upstream::Public,
                DnsDefault::Forward => name::Upstream::Servers(settings.forward_to),
            },
        },
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    #[test]
    fn a_server_without_a_fixed_address_or_outside_its_place() {
        let (mut it, subnet) = Sketch::subnet();
        let at = |it: &mut Sketch, parent, address: serde_json::Value| {
            let name = format!("dns{}", it.all().0.len());
            let settings = json!({"privateIPAddress": address});
            let id = it.add(Kind::CustomDnsServer, &name, parent, settings);
            it.wrong(id)
        };
        assert_eq!(at(&mut it, subnet, json!(null)), ["privateIPAddress"]);
        assert_eq!(at(&mut it, subnet, json!("10.0.1.4")), [""; 0]);
        assert_eq!(at(&mut it, subnet, json!("10.0.2.4")), ["privateIPAddress"]);
        let site = it.add(Kind::OnPremisesNetwork, "dc", None, json!({}));
        assert_eq!(at(&mut it, site, json!("192.168.0.2")), [""; 0]);
        assert_eq!(at(&mut it, site, json!("10.0.1.4")), ["privateIPAddress"]);
    }

    #[test]
    fn on_premises_it_is_no_resource_of_azure() {
        let mut it = Sketch::default();
        let site = it.add(Kind::OnPremisesNetwork, "dc", None, json!({}));
        let id = it.add(Kind::CustomDnsServer, "dns", site, json!({}));
        assert_eq!(it.lowered(id), []);
    }
}
