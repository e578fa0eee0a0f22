//! Four ways to sign in with the SDK, after "Set up authentication for Azure Machine Learning resources
//! and workflows using SDK v1" (Microsoft Learn).
//!
//! A person in a browser, a service principal in a pipeline, a session of the Azure CLI, and the managed
//! identity of a virtual machine. In the first form the service principal and the machine hold no role;
//! in the repaired form each has the least that its work needs, not Contributor on the subscription.

use serde_json::json;

use super::Draft;
use crate::{
    kinds::{Kind, ResourceId},
    text::text,
};

struct Base {
    workspace: ResourceId,
    principal: ResourceId,
    machine: ResourceId,
}

fn base(draft: &mut Draft) -> Base {
    let user = draft.put(Kind::User, "researcher", None, &[]);
    draft.put(Kind::InternetClient, "notebook-pc", None, &[("user", json!(user.0))]);
    let principal = draft.put(Kind::ServicePrincipal, "ml-auth", None, &[]);
    draft.put(Kind::InternetClient, "ci-agent", None, &[("user", json!(principal.0))]);
    let subscription = draft.put(Kind::Subscription, "subscription", None, &[]);
    let group = draft.put(Kind::ResourceGroup, "rg-ml", Some(subscription), &[]);
    let network = draft.put(Kind::VirtualNetwork, "vnet-ml", Some(group), &[]);
    let subnet = draft.put(
        Kind::Subnet,
        "snet-vm",
        Some(network),
        &[("addressPrefix", json!("10.0.0.0/24")), ("defaultOutboundAccess", json!(true))],
    );
    let machine = draft.put(
        Kind::VirtualMachine,
        "vm-train",
        Some(subnet),
        &[("user", json!(user.0)), ("identity.type", json!("SystemAssigned"))],
    );
    let storage = draft.put(Kind::StorageAccount, "mlauthstorage", Some(group), &[]);
    let vault = draft.put(Kind::KeyVault, "mlauthvault", Some(group), &[]);
    let workspace = draft.put(
        Kind::Workspace,
        "ml-example",
        Some(group),
        &[("storageAccount", json!(storage.0)), ("keyVault", json!(vault.0))],
    );
    draft.put(
        Kind::ComputeCluster,
        "cpu-cluster",
        Some(workspace),
        &[("identity.type", json!("SystemAssigned"))],
    );
    draft.role(
        text("works in the workspace", "ワークスペースで作業"),
        user,
        workspace,
        "AzureML Data Scientist",
    );
    Base { workspace, principal, machine }
}

/// Signed in, but without rights.
pub(super) fn first(draft: &mut Draft) {
    base(draft);
}

/// With a role for each.
pub(super) fn repaired(draft: &mut Draft) {
    let base = base(draft);
    draft.role(
        text("submits jobs", "ジョブを送信"),
        base.principal,
        base.workspace,
        "AzureML Data Scientist",
    );
    draft.role(
        text("submits jobs", "ジョブを送信"),
        base.machine,
        base.workspace,
        "AzureML Data Scientist",
    );
    let cluster = draft.named("cpu-cluster");
    if let Some(cluster) = cluster {
        draft.role(text("connects", "接続"), cluster, base.workspace, "Reader");
    }
}
