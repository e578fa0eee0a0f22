//! NAT gateway: outbound internet for whole subnets from fixed public addresses.
//!
//! Azure docs: "What is Azure NAT Gateway?" (nat-gateway/nat-overview).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    reach,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Relation, Within, settings},
};
use crate::{
    facts::{Facts, network::Nat},
    text::text,
};

settings! {
    /// Settings of a NAT gateway.
    pub struct NatGateway {
        public_ip_addresses: Vec<Ref> = "publicIpAddresses", Vec::new(),
            text("Public IP addresses", "パブリック IP アドレス"),
            text("The source addresses that the internet sees", "インターネットから見える送信元アドレス"),
            to &[Kind::PublicIpAddress], Some(Relation::Network);
        idle_timeout_in_minutes: Within<4, 120> = "idleTimeoutInMinutes", Within::near(4),
            text("Idle timeout (minutes)", "アイドル タイムアウト (分)"),
            text("Idle connections are closed after this time", "アイドル状態の接続が切断されるまでの時間");
        location: Option<Region> = "location", None, REGION, REGION_HELP;
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "nat-gateway",
    label: text("NAT gateway", "NAT ゲートウェイ"),
    help: text("Outbound internet from fixed addresses", "固定アドレスからのインターネット送信"),
    source: "nat-gateway/nat-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/natGateways"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup)],
    fields: NatGateway::FIELDS,
    name: NameRule::NETWORK,
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let settings = NatGateway::of(subject);
    let addresses = settings.public_ip_addresses.iter().map(|it| ArmValue::reference(it.0));
    vec![
        ArmResource::of(subject, "Microsoft.Network/natGateways", vec![subject.name().to_owned()])
            .member("sku", ArmValue::object([("name", ArmValue::text("Standard"))]))
            .with("publicIpAddresses", addresses.collect())
            .with(
                "idleTimeoutInMinutes",
                ArmValue::Number(settings.idle_timeout_in_minutes.get().into()),
            ),
    ]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    if !NatGateway::of(subject).public_ip_addresses.is_empty() {
        return Vec::new();
    }
    vec![Problem::new(
        "publicIpAddresses",
        text(
            "without a public IP address nothing gets out; name at least one",
            "パブリック IP アドレスがないと送信できません。1 つ以上指定してください",
        ),
    )]
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, NatGateway::from_settings);
    let addresses = settings
        .public_ip_addresses
        .iter()
        .filter_map(|it| reach::public_address(subject, Some(*it)))
        .collect();
    facts.nats.insert(subject.id, Nat { addresses });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    #[test]
    fn without_an_address_nothing_gets_out() {
        let mut it = Sketch::default();
        let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
        let nat = it.add(Kind::NatGateway, "nat", group, json!({}));
        assert_eq!(it.wrong(nat), ["publicIpAddresses"]);
        let address = it.add(Kind::PublicIpAddress, "pip", group, json!({}));
        it.set(nat, "publicIpAddresses", json!([address.0]));
        assert_eq!(it.wrong(nat), [""; 0]);
    }
}
