//! A peering that carries nothing, because one of its halves is missing or neither is connected.
//!
//! A half that calls itself connected while the other is not is an error of its own, which the kind names.
//!
//! Azure docs: "Create, change, or delete a virtual network peering"
//! (virtual-network/virtual-network-manage-peering): peering state Initiated or Disconnected.

use serde_json::{Map, json};

use super::{Context, Finding, Lint, Severity};
use crate::{
    design::edit::Edit,
    facts::ResourceId,
    kinds::{
        Kind, Subject,
        virtual_network_peering::{PeeringState, VirtualNetworkPeering, other_half},
    },
    text::{Message, arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "peering_one_sided",
    severity: Severity::Warning,
    title: text("Peering without effect", "機能していないピアリング"),
    find,
    source: "virtual-network/virtual-network-manage-peering",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    context.resources.of(Kind::VirtualNetworkPeering).filter_map(of).collect()
}

fn connect(id: ResourceId) -> Edit {
    let value = json!(PeeringState::Connected.value());
    Edit::Set { id, key: "peeringState".to_owned(), value }
}

fn of(half: Subject<'_>) -> Option<Finding> {
    let it = VirtualNetworkPeering::of(half);
    let from = half.follow(it.virtual_network)?;
    let to = half.follow(it.remote_virtual_network)?;
    if it.peering_state == PeeringState::Connected || from.id == to.id {
        return None;
    }
    let names = [arg(from.name()), arg(to.name())];
    let title: Message = text("Connect {0} and {1}", "{0} と {1} を接続する").with(names.clone());
    let Some((other, theirs)) = other_half(half, &it) else {
        let settings =
            [("virtualNetwork", json!(to.id.0)), ("remoteVirtualNetwork", json!(from.id.0))];
        let add = Edit::Add {
            id: None,
            kind: Kind::VirtualNetworkPeering,
            name: format!("{}-to-{}", to.name(), from.name()),
            parent: half.resource.parent,
            settings: settings
                .map(|(key, value)| (key.to_owned(), value))
                .into_iter()
                .collect::<Map<_, _>>(),
            place: None,
        };
        let text = text(
            "there is no half from {1} to {0}, so nothing passes between them; add it",
            "{1} から {0} へのピアリングがないため、通信できません。追加してください",
        );
        return Some(
            Finding::new([half.id, from.id, to.id], text.with(names))
                .field("peeringState")
                .fix(title.clone(), Edit::Batch(title, vec![add, connect(half.id)])),
        );
    };
    if theirs.peering_state == PeeringState::Connected || other.id < half.id {
        return None;
    }
    let text = text(
        "neither half between {0} and {1} is connected, so nothing passes; connect both",
        "{0} と {1} のピアリングはどちらの側も接続されていないため、通信できません。両方を接続済みにしてください",
    );
    Some(
        Finding::new([half.id, other.id, from.id, to.id], text.with(names))
            .field("peeringState")
            .fix(title.clone(), Edit::Batch(title, vec![connect(half.id), connect(other.id)])),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    #[test]
    fn halves_and_states() {
        for (states, wrong) in [
            (vec!["Connected", "Connected"], vec![]),
            (vec!["Initiated"], vec!["p0 peeringState"]),
            (vec!["Disconnected", "Initiated"], vec!["p0 peeringState"]),
            // Named by the kind: a half cannot be connected alone.
            (vec!["Connected"], vec![]),
            (vec!["Connected", "Initiated"], vec![]),
        ] {
            let (mut it, a) = Sketch::network();
            let settings = json!({"addressSpace.addressPrefixes": ["10.1.0.0/16"]});
            let b = it.add(Kind::VirtualNetwork, "other", ResourceId(1), settings);
            for (n, state) in states.iter().enumerate() {
                let (from, to) = if n == 0 { (a, b) } else { (b, a) };
                let settings = json!({
                    "virtualNetwork": from.0, "remoteVirtualNetwork": to.0, "peeringState": state,
                });
                it.add(Kind::VirtualNetworkPeering, &format!("p{n}"), None, settings);
            }
            assert_eq!(found(&LINT, &it), wrong, "{states:?}");
        }
    }
}
