//! Compute of a workspace with a private endpoint that stands in another region than the workspace.
//!
//! Azure docs: "Configure a private endpoint for a workspace" (machine-learning/how-to-configure-private-
//! link), "Secure a training environment with virtual networks"
//! (machine-learning/how-to-secure-training-vnet): compute must be in the region of the workspace; a cluster
//! may be elsewhere only in a peered network or with endpoints of its own.

use super::{Context, Finding, Lint, Severity};
use crate::{
    azure::regions,
    kinds::{Kind, arm, compute_cluster::workspace_of, setting::Ref},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "compute_in_another_region",
    severity: Severity::Warning,
    title: text("Compute in another region", "別のリージョンのコンピューティング"),
    find,
    source: "machine-learning/how-to-secure-training-vnet",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let kinds = [Kind::ComputeInstance, Kind::ComputeCluster, Kind::AttachedKubernetes];
    let computes = kinds.into_iter().flat_map(|it| context.resources.of(it));
    computes
        .filter_map(|it| {
            let workspace = workspace_of(it, it.setting::<Option<Ref>>("workspace").flatten())?;
            context.endpoints_of(workspace.id).next()?;
            let home = it.within(Kind::VirtualNetwork).unwrap_or(it);
            let (here, there) = (arm::location(home)?, arm::location(workspace)?);
            if regions::same(&here, &there) {
                return None;
            }
            let text = text(
                "{0} stands in {1}, {2} in {3}; with a private endpoint of the workspace compute belongs in its region, and a cluster elsewhere needs a peered network or endpoints there; move it",
                "{0} は {1}、{2} は {3} にあります。ワークスペースにプライベート エンドポイントがある場合、コンピューティングは同じリージョンに置く必要があります (クラスターを別のリージョンに置くには、ピアリングかそのネットワークのエンドポイントが必要)。移動してください",
            )
            .with([arg(it.name()), arg(here), arg(workspace.name()), arg(there)]);
            Some(Finding::new([it.id, workspace.id], text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        kinds::{ResourceId, testing::Sketch},
        lints::found,
    };

    #[test]
    fn regions_of_compute_and_workspace() {
        for (region, endpoint, wrong) in [
            ("japaneast", true, vec![]),
            ("Japan East", true, vec![]),
            ("westus", true, vec!["cpu"]),
            ("westus", false, vec![]),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            it.set(ResourceId(1), "location", json!("japaneast"));
            it.set(ResourceId(2), "location", json!(region));
            let workspace = it.add(Kind::Workspace, "ws1", ResourceId(1), json!({}));
            if endpoint {
                let settings =
                    json!({"privateLinkServiceId": workspace.0, "groupId": "amlworkspace"});
                it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
            }
            it.add(Kind::ComputeCluster, "cpu", subnet, json!({"workspace": workspace.0}));
            assert_eq!(found(&LINT, &it), wrong, "{region} {endpoint}");
        }
    }
}
