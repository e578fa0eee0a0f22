//! Virtual network peering: one half of the connection between two virtual networks.
//!
//! Azure docs: "Virtual network peering" (virtual-network/virtual-network-peering-overview).

use std::sync::Arc;

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    reach,
    setting::{Problem, Ref, Relation, choice, settings},
    subnet::GATEWAY_SUBNET,
    virtual_network::VirtualNetwork,
};
use crate::{
    facts::{Facts, network::PeeringHalf},
    text::{arg, text},
};

choice! {
    /// Traffic passes once both halves are connected.
    pub enum PeeringState {
        Connected = "Connected", text("Connected", "接続済み");
        Initiated = "Initiated", text("Initiated", "開始済み");
        Disconnected = "Disconnected", text("Disconnected", "切断");
    }
}

settings! {
    /// Settings of one half of a peering, which belongs to `virtual_network`.
    pub struct VirtualNetworkPeering {
        virtual_network: Option<Ref> = "virtualNetwork", None,
            text("Virtual network", "仮想ネットワーク"),
            text("The network that this half belongs to", "この設定が属する仮想ネットワーク"),
            to &[Kind::VirtualNetwork], Some(Relation::Network);
        remote_virtual_network: Option<Ref> = "remoteVirtualNetwork", None,
            text("Remote virtual network", "リモート仮想ネットワーク"),
            text("The network that it leads to; that one needs a half of its own", "接続先の仮想ネットワーク。接続先にも同様の設定が必要です"),
            to &[Kind::VirtualNetwork], Some(Relation::Network);
        allow_virtual_network_access: bool = "allowVirtualNetworkAccess", true,
            text("Allow access to the remote network", "リモート仮想ネットワークへのアクセスを許可する"),
            text("Off keeps the remote addresses out of VirtualNetwork and drops the traffic", "オフにするとリモートとの通信は破棄されます");
        allow_forwarded_traffic: bool = "allowForwardedTraffic", false,
            text("Allow forwarded traffic", "転送されたトラフィックを許可する"),
            text("Accept what an appliance in the remote network passes on", "リモート側のアプライアンスが転送した通信を受け入れます");
        allow_gateway_transit: bool = "allowGatewayTransit", false,
            text("Allow gateway transit", "ゲートウェイ転送を許可する"),
            text("Let the remote network use this network's gateway", "リモート側がこのネットワークのゲートウェイを使えるようにします");
        use_remote_gateways: bool = "useRemoteGateways", false,
            text("Use the remote gateway", "リモート ゲートウェイを使用する"),
            text("Reach on-premises through the remote network's gateway", "リモート側のゲートウェイ経由でオンプレミスに接続します");
        peering_state: PeeringState = "peeringState", PeeringState::Connected,
            text("Peering state", "ピアリングの状態"),
            text("Traffic passes once both halves are connected", "両側が接続済みになると通信できます");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "virtual-network-peering",
    label: text("Virtual network peering", "仮想ネットワーク ピアリング"),
    help: text(
        "One half of a connection between two networks; each side needs its own",
        "2 つのネットワーク間の接続の片側。両側にそれぞれ必要",
    ),
    source: "virtual-network/virtual-network-peering-overview",
    group: Group::Network,
    arm_type: Some("Microsoft.Network/virtualNetworks/virtualNetworkPeerings"),
    form: Form::Edge { from: "virtualNetwork", to: "remoteVirtualNetwork" },
    parents: &[Parent::Canvas],
    fields: VirtualNetworkPeering::FIELDS,
    name: NameRule::NETWORK,
    facts,
    arm,
    check,
};

fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = VirtualNetworkPeering::of(subject);
    let (Some(network), Some(remote)) =
        (subject.follow(it.virtual_network), subject.follow(it.remote_virtual_network))
    else {
        return Vec::new();
    };
    // A remote gateway can be used once it is there and the other half offers it.
    let gateways = gateways(remote).map(|it| it.id);
    let other = other_half(subject, &it).filter(|(_, it)| !it.use_remote_gateways);
    let mut before = Vec::new();
    if it.use_remote_gateways {
        before.extend(gateways.chain(other.map(|(it, _)| it.id)));
    }
    // Azure refuses a peering while one of its networks is being changed: by a subnet, or by another
    // peering.
    for end in [network, remote] {
        let subnets = subject.all.children(Some(end.id)).filter(|it| it.kind() == Kind::Subnet);
        // Subnets of a network wait for one another.
        before.extend(subnets.last().map(|it| it.id));
        let peering =
            |id| subject.all.get(id).is_some_and(|it| it.kind == Kind::VirtualNetworkPeering);
        let mut referrers = subject.all.0.referrers(end.id).iter().rev();
        let earlier = referrers.find(|(id, _)| *id < subject.id && peering(*id));
        before.extend(earlier.map(|(it, _)| *it));
    }
    vec![
        ArmResource::below(
            network,
            subject,
            "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
            vec![network.name().to_owned(), subject.name().to_owned()],
        )
        .child()
        .with("remoteVirtualNetwork", ArmValue::reference(remote.id))
        .with("allowVirtualNetworkAccess", ArmValue::Bool(it.allow_virtual_network_access))
        .with("allowForwardedTraffic", ArmValue::Bool(it.allow_forwarded_traffic))
        .with("allowGatewayTransit", ArmValue::Bool(it.allow_gateway_transit))
        .with("useRemoteGateways", ArmValue::Bool(it.use_remote_gateways))
        .after(before),
    ]
}

/// Gateways that stand in a network.
fn gateways(network: Subject<'_>) -> impl Iterator<Item = Subject<'_>> {
    let all = network.all;
    all.children(Some(network.id))
        .filter(|it| it.name().eq_ignore_ascii_case(GATEWAY_SUBNET))
        .flat_map(|it| all.children(Some(it.id)))
        .filter(|it| it.kind() == Kind::VirtualNetworkGateway)
}

/// The half that leads back.
pub fn other_half<'a>(
    subject: Subject<'a>,
    half: &VirtualNetworkPeering,
) -> Option<(Subject<'a>, Arc<VirtualNetworkPeering>)> {
    let (here, there) = (half.virtual_network?, half.remote_virtual_network?);
    let (here, there) = (here.0, there.0);
    let all = subject.all;
    // A hub has hundreds of peerings, its spokes have one: look from the end with fewer.
    let (at, key, end, other) = if all.0.referrers(here).len() < all.0.referrers(there).len() {
        (here, "remoteVirtualNetwork", "virtualNetwork", there)
    } else {
        (there, "virtualNetwork", "remoteVirtualNetwork", here)
    };
    let ends_there = |it: Subject<'_>| it.setting::<Option<Ref>>(end).flatten() == Some(Ref(other));
    all.referrers(at)
        .filter(|(it, field)| it.kind() == Kind::VirtualNetworkPeering && field.key == key)
        .find(|(it, _)| ends_there(*it))
        .map(|(it, _)| (it, VirtualNetworkPeering::of(it)))
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = VirtualNetworkPeering::of(subject);
    let (Some(network), Some(remote)) =
        (subject.follow(it.virtual_network), subject.follow(it.remote_virtual_network))
    else {
        return vec![Problem::new(
            if it.virtual_network.is_none() { "virtualNetwork" } else { "remoteVirtualNetwork" },
            text(
                "a peering leads from one virtual network to another; name both",
                "ピアリングは 2 つの仮想ネットワークを結びます。両方を指定してください",
            ),
        )];
    };
    if network.id == remote.id {
        return vec![Problem::new(
            "remoteVirtualNetwork",
            text(
                "a network cannot be peered with itself; choose another",
                "自分自身とはピアリングできません。別の仮想ネットワークを選んでください",
            ),
        )];
    }
    let mut problems = Vec::new();
    let (here, there) = (VirtualNetwork::of(network), VirtualNetwork::of(remote));
    let overlap = here
        .address_prefixes
        .iter()
        .find_map(|a| there.address_prefixes.iter().find(|b| a.overlaps(**b)).map(|b| (a, b)));
    if let Some((a, b)) = overlap {
        problems.push(Problem::new(
            "remoteVirtualNetwork",
            text(
                "{0} of {1} overlaps {2} of {3}; peered networks need ranges of their own",
                "{1} の {0} は {3} の {2} と重なっています。ピアリングするネットワークの範囲は重複できません",
            )
            .with([arg(a), arg(network.name()), arg(b), arg(remote.name())]),
        ));
    }
    let other = other_half(subject, &it);
    if it.peering_state == PeeringState::Connected
        && other.as_ref().is_none_or(|(_, it)| it.peering_state != PeeringState::Connected)
    {
        problems.push(Problem::new(
            "peeringState",
            text(
                "a half is connected only when the other one is too; add the half from {0} to {1}, or set this one to Initiated",
                "両側がそろうまで接続済みにはなりません。{0} から {1} へのピアリングを追加するか、この状態を「開始済み」にしてください",
            )
            .with([arg(remote.name()), arg(network.name())]),
        ));
    }
    if it.use_remote_gateways {
        check_remote_gateway(subject, [network, remote], other.map(|(_, it)| it), &mut problems);
    }
    problems
}

/// Azure docs: "Configure VPN gateway transit for virtual network peering"
/// (vpn-gateway/vpn-gateway-peering-gateway-transit).
fn check_remote_gateway(
    subject: Subject<'_>,
    [network, remote]: [Subject<'_>; 2],
    other: Option<Arc<VirtualNetworkPeering>>,
    problems: &mut Vec<Problem>,
) {
    let field = "useRemoteGateways";
    if let Some(own) = gateways(network).next() {
        problems.push(Problem::new(
            field,
            text(
                "{0} has a gateway of its own ({1}), so it cannot use the remote one",
                "{0} には独自のゲートウェイ ({1}) があるため、リモート ゲートウェイは使えません",
            )
            .with([arg(network.name()), arg(own.name())]),
        ));
    }
    if gateways(remote).next().is_none() {
        problems.push(Problem::new(
            field,
            text(
                "{0} has no gateway; put one into its GatewaySubnet or switch this off",
                "{0} にゲートウェイがありません。GatewaySubnet にゲートウェイを置くか、この設定をオフにしてください",
            )
            .with([arg(remote.name())]),
        ));
    }
    if other.is_some_and(|it| !it.allow_gateway_transit) {
        problems.push(Problem::new(
            field,
            text(
                "the half from {0} must allow gateway transit",
                "{0} 側のピアリングで「ゲートウェイ転送を許可する」をオンにしてください",
            )
            .with([arg(remote.name())]),
        ));
    }
    let another = subject
        .all
        .referrers(network.id)
        .filter(|(it, field)| {
            it.kind() == Kind::VirtualNetworkPeering
                && it.id < subject.id
                && field.key == "virtualNetwork"
        })
        .find(|(it, _)| VirtualNetworkPeering::of(*it).use_remote_gateways);
    if let Some((another, _)) = another {
        problems.push(Problem::new(
            field,
            text(
                "{0} already uses the gateway of another network; only one peering may",
                "{0} は既に別のネットワークのゲートウェイを使っています。使えるのは 1 つのピアリングだけです",
            )
            .with([arg(another.name())]),
        ));
    }
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let settings = reach::read(subject, facts, VirtualNetworkPeering::from_settings);
    let ends = (
        reach::existing_one(subject, settings.virtual_network),
        reach::existing_one(subject, settings.remote_virtual_network),
    );
    let (Some(from), Some(to)) = ends else { return };
    facts.peerings.push(PeeringHalf {
        at: subject.id,
        from,
        to,
        connected: settings.peering_state == PeeringState::Connected,
        access: settings.allow_virtual_network_access,
        forwarded: settings.allow_forwarded_traffic,
        gateway_transit: settings.allow_gateway_transit,
        remote_gateways: settings.use_remote_gateways,
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    use crate::kinds::ResourceId;

    #[expect(clippy::needless_pass_by_value, reason = "written in place by the tests")]
    /// Networks a (10.0.0.0/16) and b with `other`'s range, and the half from a to b.
    fn pair(other: &str, half: serde_json::Value) -> (Sketch, [ResourceId; 3]) {
        let (mut it, a) = Sketch::network();
        let space = json!({"addressSpace.addressPrefixes": [other]});
        let b = it.add(Kind::VirtualNetwork, "b", ResourceId(1), space);
        let ends = json!({"virtualNetwork": a.0, "remoteVirtualNetwork": b.0});
        let half_id = it.add(Kind::VirtualNetworkPeering, "a-to-b", None, ends);
        for (key, value) in half.as_object().unwrap() {
            it.set(half_id, key, value.clone());
        }
        (it, [a, b, half_id])
    }

    fn add_back(it: &mut Sketch, [a, b, _]: [ResourceId; 3]) -> ResourceId {
        let ends = json!({"virtualNetwork": b.0, "remoteVirtualNetwork": a.0});
        it.add(Kind::VirtualNetworkPeering, "b-to-a", None, ends)
    }

    #[test]
    fn ranges_that_overlap() {
        let (mut it, ids) = pair("10.0.128.0/17", json!({}));
        add_back(&mut it, ids);
        assert_eq!(it.wrong(ids[2]), ["remoteVirtualNetwork"]);
    }

    #[test]
    fn one_half_alone_is_never_connected() {
        let (mut it, ids) = pair("10.1.0.0/16", json!({}));
        assert_eq!(it.wrong(ids[2]), ["peeringState"]);
        it.set(ids[2], "peeringState", json!("Initiated"));
        assert_eq!(it.wrong(ids[2]), [""; 0]);
        it.set(ids[2], "peeringState", json!("Connected"));
        add_back(&mut it, ids);
        assert_eq!(it.wrong(ids[2]), [""; 0]);
    }

    #[test]
    fn a_remote_gateway_that_is_not_there_or_not_offered() {
        let (mut it, ids) = pair("10.1.0.0/16", json!({"useRemoteGateways": true}));
        let back = add_back(&mut it, ids);
        assert_eq!(it.wrong(ids[2]), ["useRemoteGateways", "useRemoteGateways"]);
        let prefix = json!({"addressPrefix": "10.1.0.0/27"});
        let home = it.add(Kind::Subnet, "GatewaySubnet", ids[1], prefix);
        let gateway = it.add(Kind::VirtualNetworkGateway, "gw", home, json!({}));
        it.set(back, "allowGatewayTransit", json!(true));
        assert_eq!(it.wrong(ids[2]), [""; 0]);
        let after = it.lowered(ids[2]).remove(0).after;
        assert!(after.contains(&gateway) && after.contains(&back), "{after:?}");
        let prefix = json!({"addressPrefix": "10.0.0.0/27"});
        let home = it.add(Kind::Subnet, "GatewaySubnet", ids[0], prefix);
        it.add(Kind::VirtualNetworkGateway, "own", home, json!({}));
        assert_eq!(it.wrong(ids[2]), ["useRemoteGateways"]);
    }
}
