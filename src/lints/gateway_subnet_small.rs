//! A gateway subnet that Azure takes, but that leaves no room for more.
//!
//! Azure docs: "About VPN Gateway configuration settings" (vpn-gateway/vpn-gateway-about-vpn-gateway-
//! settings, gateway subnet): /29 is possible, /27 or larger is advised.

use super::{Context, Finding, Lint, Severity};
use crate::{
    kinds::{
        Kind,
        subnet::{GATEWAY_SUBNET, Subnet},
    },
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "gateway_subnet_small",
    severity: Severity::Info,
    title: text("Small gateway subnet", "小さいゲートウェイ サブネット"),
    find,
    source: "vpn-gateway/vpn-gateway-about-vpn-gateway-settings",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    context
        .resources
        .of(Kind::Subnet)
        .filter(|it| it.name().eq_ignore_ascii_case(GATEWAY_SUBNET))
        .filter_map(|it| {
            let prefix = Subnet::of(it).address_prefix;
            let text = text(
                "{0} leaves no room for a second gateway or for more capacity; /27 or larger is advised",
                "{0} では 2 つ目のゲートウェイや容量の追加に対応できません。/27 以上の大きさを推奨します",
            );
            (28..=29)
                .contains(&prefix.len())
                .then(|| Finding::new([it.id], text.with([arg(prefix)])).field("addressPrefix"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    #[test]
    fn sizes() {
        for (name, prefix, wrong) in [
            ("GatewaySubnet", "10.0.0.0/27", vec![]),
            ("GatewaySubnet", "10.0.0.0/28", vec!["GatewaySubnet addressPrefix"]),
            ("GatewaySubnet", "10.0.0.0/29", vec!["GatewaySubnet addressPrefix"]),
            // Too small altogether: the kind says so.
            ("GatewaySubnet", "10.0.0.0/30", vec![]),
            ("snet", "10.0.0.0/29", vec![]),
        ] {
            let (mut it, network) = Sketch::network();
            it.add(Kind::Subnet, name, network, json!({"addressPrefix": prefix}));
            assert_eq!(found(&LINT, &it), wrong, "{name} {prefix}");
        }
    }
}
