//! A deployment to Azure Container Instances of a workspace that has a private endpoint, which is not
//! supported.
//!
//! Azure docs: "Configure a private endpoint for a workspace" (machine-learning/how-to-configure-private-
//! link, limitations), "Network isolation" (machine-learning/v1/how-to-secure-inferencing-vnet).

use super::{Context, Finding, Lint, Severity};
use crate::{
    kinds::{
        Kind, compute_cluster::workspace_of,
        container_instance_deployment::ContainerInstanceDeployment,
    },
    text::{arg, text},
};

pub(super) const LINT: Lint = Lint {
    id: "container_instance_private",
    severity: Severity::Error,
    title: text(
        "Container instance of a private workspace",
        "プライベート ワークスペースのコンテナー インスタンス",
    ),
    find,
    source: "machine-learning/v1/how-to-secure-inferencing-vnet",
};

fn find(context: &Context<'_>) -> Vec<Finding> {
    context
        .resources
        .of(Kind::ContainerInstanceDeployment)
        .filter_map(|it| {
            let workspace = workspace_of(it, ContainerInstanceDeployment::of(it).workspace)?;
            let (endpoint, _) = context.endpoints_of(workspace.id).next()?;
            let text = text(
                "{1} has a private endpoint ({2}), and then a deployment to Container Instances is not supported; use a managed online endpoint",
                "{1} にはプライベート エンドポイント ({2}) があるため、Container Instances へのデプロイはサポートされません。マネージド オンライン エンドポイントを使ってください",
            )
            .with([arg(it.name()), arg(workspace.name()), arg(context.name(endpoint))]);
            Some(Finding::new([it.id, workspace.id, endpoint], text).field("workspace"))
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
    fn with_and_without_a_private_endpoint() {
        for (endpoint, wrong) in [(true, vec!["aci workspace"]), (false, vec![])] {
            let (mut it, subnet) = Sketch::subnet();
            let workspace = it.add(Kind::Workspace, "ws1", ResourceId(1), json!({}));
            if endpoint {
                let settings =
                    json!({"privateLinkServiceId": workspace.0, "groupId": "amlworkspace"});
                it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
            }
            it.add(Kind::ContainerInstanceDeployment, "aci", workspace, json!({}));
            assert_eq!(found(&LINT, &it), wrong);
        }
    }
}
