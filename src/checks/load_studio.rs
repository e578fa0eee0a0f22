//! Does the page of Studio open at all, before any workspace is chosen?
//!
//! Steps in Azure: the browser loads ml.azure.com through Azure Front Door, then signs in with
//! Microsoft Entra ID. No role is asked for yet.
//!
//! Azure docs: "Use Azure Machine Learning studio in an Azure virtual network"
//! (machine-learning/how-to-enable-studio-virtual-network).

use super::{Check, Group, Plan, place, who};
use crate::{
    kinds::Resources,
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "studio.load",
    title: text("Load Studio", "スタジオを読み込む"),
    group: Group::Studio,
    source: "machine-learning/how-to-enable-studio-virtual-network",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    // Without a workspace nobody asks about Studio.
    if all.of(crate::kinds::Kind::Workspace).next().is_none() {
        return Vec::new();
    }
    who::clients(all)
        .into_iter()
        .filter(|it| who::browses(*it))
        .map(|client| Plan {
            subject: text("from {0}", "{0} から").with([arg(client.name())]),
            from: client.id,
            involves: vec![client.id],
            needs: vec![place::studio_page(client), place::entra(client)],
            notes: Vec::new(),
        })
        .collect()
}
