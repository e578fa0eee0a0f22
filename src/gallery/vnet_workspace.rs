//! A workspace behind a virtual network, after "Using Azure Machine Learning in a virtual network"
//! (Azure Machine Learning Support Team blog, jpmlblog, 2020-10-28): resource names are the article's.
//!
//! The first form is what the article's quickstart template made: storage and key vault admit the subnet
//! by service endpoints, the registry is Standard and public. The repaired form puts the registry and
//! the rest behind private endpoints, with a cluster that builds images.

use serde_json::{Value, json};

use super::Draft;
use crate::{
    kinds::{Kind, ResourceId},
    text::text,
};

/// Resources that both forms have.
struct Base {
    group: ResourceId,
    network: ResourceId,
    subnet: ResourceId,
    workspace: ResourceId,
    storage: ResourceId,
    vault: ResourceId,
    registry: ResourceId,
    cluster: ResourceId,
    datastore: ResourceId,
    user: ResourceId,
}

fn base(draft: &mut Draft) -> Base {
    let user = draft.put(
        Kind::User,
        "data-scientist",
        None,
        &[("userPrincipalName", json!("data-scientist@contoso.com"))],
    );
    draft.put(
        Kind::InternetClient,
        "laptop",
        None,
        &[("user", json!(user.0)), ("publicIpAddress", json!("203.0.113.10"))],
    );
    let subscription = draft.put(Kind::Subscription, "subscription", None, &[]);
    let group = draft.put(
        Kind::ResourceGroup,
        "amlvnetrg",
        Some(subscription),
        &[("location", json!("eastus"))],
    );
    let network = draft.put(
        Kind::VirtualNetwork,
        "amlvnet",
        Some(group),
        &[("addressSpace.addressPrefixes", json!(["10.0.0.0/16"]))],
    );
    let subnet = draft.put(
        Kind::Subnet,
        "amlvsubnet",
        Some(network),
        &[("addressPrefix", json!("10.0.0.0/24"))],
    );
    let storage = draft.put(
        Kind::StorageAccount,
        "amlvnetstorage",
        Some(group),
        &[
            ("networkAcls.defaultAction", json!("Deny")),
            ("networkAcls.bypass", json!(["AzureServices"])),
        ],
    );
    let vault = draft.put(
        Kind::KeyVault,
        "amlvnetkeyvault",
        Some(group),
        &[
            ("networkAcls.defaultAction", json!("Deny")),
            ("networkAcls.bypass", json!("AzureServices")),
        ],
    );
    let registry = draft.put(Kind::ContainerRegistry, "amlvnetconreg", Some(group), &[]);
    let logs = draft.put(Kind::LogAnalyticsWorkspace, "amlvnetlogs", Some(group), &[]);
    let insights = draft.put(
        Kind::ApplicationInsights,
        "amlvnetappinsights",
        Some(group),
        &[("WorkspaceResourceId", json!(logs.0))],
    );
    let workspace = draft.put(
        Kind::Workspace,
        "amlvnetworkspace",
        Some(group),
        &[
            ("publicNetworkAccess", json!("Disabled")),
            ("storageAccount", json!(storage.0)),
            ("keyVault", json!(vault.0)),
            ("containerRegistry", json!(registry.0)),
            ("applicationInsights", json!(insights.0)),
        ],
    );
    let datastore = draft.put(
        Kind::Datastore,
        "workspaceblobstore",
        Some(workspace),
        &[
            ("accountName", json!(storage.0)),
            ("credentials.credentialsType", json!("AccountKey")),
            ("isDefault", json!(true)),
        ],
    );
    draft.put(Kind::VirtualMachine, "jumpbox", Some(subnet), &[("user", json!(user.0))]);
    draft.put(
        Kind::ComputeInstance,
        "amlvnetci",
        Some(subnet),
        &[
            ("workspace", json!(workspace.0)),
            ("createdBy", json!(user.0)),
            ("enableNodePublicIp", json!(false)),
        ],
    );
    let cluster = draft.put(
        Kind::ComputeCluster,
        "cpu-cluster",
        Some(subnet),
        &[("workspace", json!(workspace.0)), ("enableNodePublicIp", json!(false))],
    );
    draft.role(
        text("works in the workspace", "ワークスペースで作業"),
        user,
        workspace,
        "AzureML Data Scientist",
    );
    draft.role(
        text("manages its computes", "コンピューティングを管理"),
        user,
        workspace,
        "AzureML Compute Operator",
    );
    draft.put(
        Kind::Job,
        "train",
        Some(workspace),
        &[
            ("submittedBy", json!(user.0)),
            ("computeId", json!(cluster.0)),
            ("reads", json!([datastore.0])),
        ],
    );
    // Whoever ran the template.
    let deployer = draft.put(Kind::User, "deployer", None, &[]);
    draft.role(
        text("deploys the template", "テンプレートをデプロイ"),
        deployer,
        group,
        "Contributor",
    );
    // No Machine Learning role lets a compute into a network.
    draft.role(
        text("puts computes into the network", "コンピューティングをネットワークに配置"),
        user,
        network,
        "Network Contributor",
    );
    Base { group, network, subnet, workspace, storage, vault, registry, cluster, datastore, user }
}

/// A private DNS zone that the network resolves from.
fn zone(draft: &mut Draft, base: &Base, name: &str) -> ResourceId {
    draft.put(
        Kind::PrivateDnsZone,
        name,
        Some(base.group),
        &[("virtualNetworkLinks", json!([{ "virtualNetwork": base.network.0 }]))],
    )
}

/// A private endpoint that registers itself in zones.
fn private_endpoint(
    draft: &mut Draft,
    name: &str,
    subnet: ResourceId,
    target: ResourceId,
    group: &str,
    zones: &[ResourceId],
) -> ResourceId {
    let zones: Vec<Value> = zones.iter().map(|it| json!(it.0)).collect();
    draft.put(
        Kind::PrivateEndpoint,
        name,
        Some(subnet),
        &[
            ("privateLinkServiceId", json!(target.0)),
            ("groupId", json!(group)),
            ("privateDnsZoneGroups", Value::Array(zones)),
        ],
    )
}

/// As the article's template made it.
pub(super) fn first(draft: &mut Draft) {
    let base = base(draft);
    draft.set(
        base.subnet,
        "serviceEndpoints",
        json!(["Microsoft.Storage", "Microsoft.KeyVault", "Microsoft.ContainerRegistry"]),
    );
    // Networks of 2020 had it; new ones have not.
    draft.set(base.subnet, "defaultOutboundAccess", json!(true));
    for id in [base.storage, base.vault] {
        draft.set(id, "networkAcls.virtualNetworkRules", json!([base.subnet.0]));
    }
    draft.set(base.registry, "sku.name", json!("Standard"));
    draft.set(base.registry, "adminUserEnabled", json!(true));
    let api = zone(draft, &base, "privatelink.api.azureml.ms");
    let notebooks = zone(draft, &base, "privatelink.notebooks.azure.net");
    private_endpoint(
        draft,
        "pe-amlvnetworkspace",
        base.subnet,
        base.workspace,
        "amlworkspace",
        &[api, notebooks],
    );
}

/// With the registry and everything else behind private endpoints.
pub(super) fn repaired(draft: &mut Draft) {
    let base = base(draft);
    let address = draft.put(Kind::PublicIpAddress, "amlvnet-nat-ip", Some(base.group), &[]);
    let nat = draft.put(
        Kind::NatGateway,
        "amlvnet-nat",
        Some(base.group),
        &[("publicIpAddresses", json!([address.0]))],
    );
    draft.set(base.subnet, "natGateway", json!(nat.0));
    for id in [base.storage, base.vault, base.registry] {
        draft.set(id, "publicNetworkAccess", json!("Disabled"));
    }
    draft.set(base.registry, "sku.name", json!("Premium"));
    draft.set(base.workspace, "imageBuildCompute", json!(base.cluster.0));
    draft.set(base.cluster, "identity.type", json!("SystemAssigned"));
    draft.set(
        base.datastore,
        "serviceDataAccessAuthIdentity",
        json!("WorkspaceSystemAssignedIdentity"),
    );
    let api = zone(draft, &base, "privatelink.api.azureml.ms");
    let notebooks = zone(draft, &base, "privatelink.notebooks.azure.net");
    let blob = zone(draft, &base, "privatelink.blob.core.windows.net");
    let file = zone(draft, &base, "privatelink.file.core.windows.net");
    let vault = zone(draft, &base, "privatelink.vaultcore.azure.net");
    let registry = zone(draft, &base, "privatelink.azurecr.io");
    let endpoints: [(&str, ResourceId, &str, &[ResourceId]); 5] = [
        ("pe-amlvnetworkspace", base.workspace, "amlworkspace", &[api, notebooks]),
        ("pe-amlvnetstorage-blob", base.storage, "blob", &[blob]),
        ("pe-amlvnetstorage-file", base.storage, "file", &[file]),
        ("pe-amlvnetkeyvault", base.vault, "vault", &[vault]),
        ("pe-amlvnetconreg", base.registry, "registry", &[registry]),
    ];
    for (name, target, group, zones) in endpoints {
        let id = private_endpoint(draft, name, base.subnet, target, group, zones);
        // A preview reads as the workspace, which looks at the endpoints of the account.
        if target == base.storage {
            draft.role(
                text("sees the endpoint", "エンドポイントを参照"),
                base.workspace,
                id,
                "Reader",
            );
        }
    }
    draft.role(
        text("reads data in Studio", "スタジオでデータを読み取り"),
        base.user,
        base.storage,
        "Storage Blob Data Reader",
    );
    // The role that Azure gives a cluster by itself does not push what it builds.
    draft.role(text("pushes images", "イメージをプッシュ"), base.cluster, base.registry, "AcrPush");
    draft.role(text("connects", "接続"), base.cluster, base.workspace, "Reader");
}
