//! Can a cluster or instance be created in a virtual network of one's own?
//!
//! Steps in Azure:
//! 1. the call writes the compute,
//! 2. it joins the subnet: rights on the network and on the subnet, which no Machine Learning role has.
//!    The narrowest is a custom role with the join actions.
//!
//! Azure docs: "Secure an Azure Machine Learning training environment with virtual networks"
//! (machine-learning/how-to-secure-training-vnet).

use super::{Check, Group, Plan, Requirement, create_compute};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources},
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
    let mut plans = Vec::new();
    for (person, workspace, compute) in create_compute::creations(all) {
        let Some(subnet) = compute.within(Kind::Subnet) else { continue };
        let Some(network) = subnet.within(Kind::VirtualNetwork) else { continue };
        let join = |it: crate::kinds::Subject<'_>, actions| {
            Requirement::may(
                &person,
                text("join {0}", "{0} への参加").with([arg(it.name())]),
                Plane::Control,
                actions,
                it.id,
            )
            .shows("sy-linked-authorization-failed")
        };
        let more = vec![
            (
                network,
                join(
                    network,
                    &[
                        "Microsoft.Network/virtualNetworks/read",
                        "Microsoft.Network/virtualNetworks/join/action",
                    ],
                ),
            ),
            (subnet, join(subnet, &["Microsoft.Network/virtualNetworks/subnets/join/action"])),
        ];
        plans.push(create_compute::plan(&person, workspace, compute, more));
    }
    plans
}
