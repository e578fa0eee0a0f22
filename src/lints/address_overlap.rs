//! Two networks or sites that a third one reaches have addresses in common.
//!
//! Azure refuses a peering with a network whose space overlaps that of another peer. A site that overlaps a
//! peer or another site is taken, but packets for the common addresses go to one of the two only. A network
//! and its own peer or site are compared by the kinds.
//!
//! Azure docs: "Virtual network peering" (virtual-network/virtual-network-manage-peering, requirements and
//! constraints).

use std::collections::BTreeMap;

use super::{Context, Finding, Lint, Severity};
use crate::{
    facts::{ResourceId, cidr::Cidr},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "address_overlap",
    severity: Severity::Error,
    title: text("Overlapping address ranges", "アドレス範囲の重複"),
    find,
    source: "virtual-network/virtual-network-manage-peering",
};

/// A range that a network reaches: whose it is, and the line that leads there.
#[derive(Clone, Copy)]
struct Range {
    prefix: Cidr,
    owner: ResourceId,
    /// The half of the peering; a site has none.
    by: Option<ResourceId>,
}

fn find(context: &Context<'_>) -> Vec<Finding> {
    let facts = context.facts;
    let mut reached: BTreeMap<ResourceId, Vec<Range>> = BTreeMap::new();
    for half in &facts.peerings {
        let space = facts.networks.get(&half.to).map_or(&[][..], |it| &it.space);
        let ranges =
            space.iter().map(|it| Range { prefix: *it, owner: half.to, by: Some(half.at) });
        reached.entry(half.from).or_default().extend(ranges);
    }
    for gateway in facts.gateways.values() {
        for site in &gateway.sites {
            let space = facts.sites.get(site).map_or(&[][..], |it| &it.space);
            let ranges = space.iter().map(|it| Range { prefix: *it, owner: *site, by: None });
            reached.entry(gateway.network).or_default().extend(ranges);
        }
    }
    reached
        .into_iter()
        .flat_map(|(hub, ranges)| {
            overlaps(ranges).into_iter().map(move |(a, b)| finding(context, hub, a, b))
        })
        .collect()
}

/// Pairs of ranges with different owners, each range with the nearest one that holds it.
fn overlaps(mut all: Vec<Range>) -> Vec<(Range, Range)> {
    // Prefixes are nested or apart, so the one that holds another stands before it in this order.
    all.sort_by_key(|it| (it.prefix.first(), it.prefix.len(), it.owner));
    let mut outer: Vec<Range> = Vec::new();
    let mut pairs: Vec<(Range, Range)> = Vec::new();
    for it in all {
        while outer.last().is_some_and(|outer| !outer.prefix.covers(it.prefix)) {
            outer.pop();
        }
        let other = outer.iter().rev().find(|outer| outer.owner != it.owner);
        if let Some(other) = other
            && !pairs.iter().any(|(a, b)| (a.owner, b.owner) == (it.owner, other.owner))
        {
            pairs.push((it, *other));
        }
        outer.push(it);
    }
    pairs
}

fn finding(context: &Context<'_>, hub: ResourceId, a: Range, b: Range) -> Finding {
    // Of two, the one drawn later is to blame.
    let (later, earlier) =
        if a.by.unwrap_or(a.owner) > b.by.unwrap_or(b.owner) { (a, b) } else { (b, a) };
    let at = [later.by.unwrap_or(later.owner), earlier.by.unwrap_or(earlier.owner), hub];
    let args = [
        arg(later.prefix),
        arg(context.name(later.owner)),
        arg(earlier.prefix),
        arg(context.name(earlier.owner)),
        arg(context.name(hub)),
    ];
    let text = if later.by.is_some() && earlier.by.is_some() {
        text(
            "{0} of {1} overlaps {2} of {3}, and {4} is to be peered with both, which Azure refuses; give each its own range",
            "{1} の {0} は {3} の {2} と重なっています。{4} を両方とピアリングすることはできません。別々の範囲にしてください",
        )
    } else {
        text(
            "{0} of {1} overlaps {2} of {3}, so {4} reaches only one of the two there; give each its own range",
            "{1} の {0} は {3} の {2} と重なっているため、{4} からはどちらか一方にしか到達できません。別々の範囲にしてください",
        )
    };
    let field = if later.by.is_some() {
        "remoteVirtualNetwork"
    } else {
        "localNetworkAddressSpace.addressPrefixes"
    };
    Finding::new(at, text.with(args)).field(field)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{Kind, testing::Sketch},
        lints::found,
    };

    fn spoke(it: &mut Sketch, hub: ResourceId, name: &str, prefix: &str) -> ResourceId {
        let settings = json!({"addressSpace.addressPrefixes": [prefix]});
        let spoke = it.add(Kind::VirtualNetwork, name, ResourceId(1), settings);
        for (from, to) in [(hub, spoke), (spoke, hub)] {
            let settings = json!({"virtualNetwork": from.0, "remoteVirtualNetwork": to.0});
            it.add(Kind::VirtualNetworkPeering, &format!("{}-{}", from.0, to.0), None, settings);
        }
        spoke
    }

    #[test]
    fn two_peers_of_a_hub() {
        for (second, wrong) in [
            ("10.2.0.0/16", vec![]),
            ("10.1.128.0/17", vec!["2-6 remoteVirtualNetwork"]),
            ("10.0.0.0/8", vec!["2-6 remoteVirtualNetwork"]),
        ] {
            let (mut it, hub) = Sketch::network();
            spoke(&mut it, hub, "a", "10.1.0.0/16");
            spoke(&mut it, hub, "b", second);
            assert_eq!(found(&LINT, &it), wrong, "{second}");
        }
    }

    #[test]
    fn networks_that_nothing_connects_may_overlap() {
        let (mut it, _) = Sketch::network();
        let settings = json!({"addressSpace.addressPrefixes": ["10.0.0.0/16"]});
        it.add(Kind::VirtualNetwork, "twin", ResourceId(1), settings);
        assert_eq!(found(&LINT, &it), [""; 0]);
    }

    #[test]
    fn a_site_and_a_spoke_behind_one_hub() {
        for (range, wrong) in [
            ("192.168.0.0/16", vec![]),
            ("10.1.2.0/24", vec!["office localNetworkAddressSpace.addressPrefixes"]),
        ] {
            let (mut it, hub) = Sketch::network();
            spoke(&mut it, hub, "a", "10.1.0.0/16");
            let settings = json!({"addressPrefix": "10.0.0.0/27"});
            let subnet = it.add(Kind::Subnet, "GatewaySubnet", hub, settings);
            let settings = json!({"localNetworkAddressSpace.addressPrefixes": [range]});
            let site = it.add(Kind::OnPremisesNetwork, "office", None, settings);
            let settings = json!({"connections": [site.0]});
            it.add(Kind::VirtualNetworkGateway, "gw", subnet, settings);
            assert_eq!(found(&LINT, &it), wrong, "{range}");
        }
    }
}
