//! Can a cluster or instance be created in a virtual network of one's own?
//!
//! Steps in Azure:
//! 1. the call writes the compute,
//! 2. it joins the subnet: rights on the network and on the subnet, which no Machine Learning role has.
//!    The narrowest is a custom role with the join actions.
//!
//! Azure docs: "Secure an Azure Machine Learning training environment with virtual networks"
//! (machine-learning/how-to-secure-training-vnet).

use super::{Actor, Check, Group, Plan, Requirement, create_compute};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "compute.create.in_vnet",
    title: text(
        "Create a compute in a virtual network",
        "仮想ネットワーク内にコンピューティングを作成する",
    ),
    group: Group::Setup,
    source: "machine-learning/how-to-secure-training-vnet",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    create_compute::creations(all)
        .into_iter()
        .filter(|(_, _, compute)| compute.within(Kind::Subnet).is_some())
        .map(|(person, workspace, compute)| create_compute::plan(&person, workspace, compute))
        .collect()
}

/// The rights on the network and subnet that the compute is to stand in.
pub(super) fn joins<'a>(person: &Actor, compute: Subject<'a>) -> Vec<(Subject<'a>, Requirement)> {
    let join = |it: Subject<'a>, actions| {
        let need = Requirement::may(
            person,
            text("join {0}", "{0} への参加").with([arg(it.name())]),
            Plane::Control,
            actions,
            it.id,
        );
        (it, need.shows("sy-linked-authorization-failed"))
    };
    let network = compute.within(Kind::VirtualNetwork).map(|it| {
        join(
            it,
            &[
                "Microsoft.Network/virtualNetworks/read",
                "Microsoft.Network/virtualNetworks/join/action",
            ],
        )
    });
    let subnet = compute
        .within(Kind::Subnet)
        .map(|it| join(it, &["Microsoft.Network/virtualNetworks/subnets/join/action"]));
    network.into_iter().chain(subnet).collect()
}
