//! A cluster with GPUs that is to build images: Azure takes the setting, and builds fail.
//!
//! Azure docs: "Secure a workspace with virtual networks" (machine-learning/how-to-secure-workspace-vnet):
//! images are built on a cluster of CPU nodes.

use super::{Context, Finding, Lint, Severity};
use crate::{
    kinds::{Kind, compute_cluster::ComputeCluster, workspace::Workspace},
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "image_build_compute_with_gpus",
    severity: Severity::Warning,
    title: text("Image build compute with GPUs", "GPU を持つイメージ ビルド用コンピューティング"),
    find,
    source: "machine-learning/how-to-secure-workspace-vnet",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    let with_gpus = |workspace| {
        let compute = Workspace::of(workspace).image_build_compute;
        let cluster = workspace.follow(compute).filter(|it| it.kind() == Kind::ComputeCluster)?;
        let size = &ComputeCluster::of(cluster).vm_size;
        size.has_accelerators().then(|| {
            let text = text(
                "{0} has nodes with GPUs ({1}), and {2} is to build its images there, which works on CPU nodes only; choose another cluster",
                "{0} のノードには GPU があります ({1})。{2} のイメージをビルドできるのは CPU ノードだけです。別のクラスターを選択してください",
            )
            .with([arg(cluster.name()), arg(size.as_str()), arg(workspace.name())]);
            Finding::new([workspace.id, cluster.id], text)
        })
    };
    context.resources.of(Kind::Workspace).filter_map(with_gpus).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{kinds::testing::Sketch, lints::found};

    #[test]
    fn images_are_built_on_processors_only() {
        for (size, wrong) in [("Standard_DS3_v2", vec![]), ("Standard_NC4as_T4_v3", vec!["ws1"])] {
            let mut it = Sketch::default();
            let group = it.add(Kind::ResourceGroup, "rg", None, json!({}));
            let id = it.add(Kind::Workspace, "ws1", group, json!({}));
            let compute = it.add(Kind::ComputeCluster, "builder", id, json!({"vmSize": size}));
            it.set(id, "imageBuildCompute", json!(compute.0));
            assert_eq!(found(&LINT, &it), wrong, "{size}");
            // Azure takes it, so nothing else of the workspace is in doubt.
            assert!(it.all().subject(id).is_some_and(|it| it.refused().is_empty()));
        }
    }
}
