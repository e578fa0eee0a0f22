//! One design with at least one resource of every kind, valid, so that it can be exported.

use std::sync::Arc;

use drawbridge::{
    design::Design,
    kinds::{Kind, Resource, ResourceId},
};
use serde_json::{Value, json};

pub(crate) struct Builder(pub Design);

impl Builder {
    pub(crate) fn new() -> Builder {
        Builder(Design::default())
    }

    pub(crate) fn add(
        &mut self,
        kind: Kind,
        name: &str,
        parent: Option<u32>,
        settings: Value,
    ) -> u32 {
        let id = self.0.next_id();
        let mut it = Resource::new(kind, name, parent.map(ResourceId));
        let Value::Object(settings) = settings else { panic!("settings are an object") };
        for key in settings.keys() {
            assert!(
                kind.info().fields.iter().any(|it| it.key == key),
                "{kind:?} has no setting {key}"
            );
        }
        it.settings = settings;
        self.0.resources.0.insert(id, Arc::new(it));
        id.0
    }
}

pub(crate) fn group() -> (Builder, u32) {
    let mut it = Builder::new();
    let subscription = it.add(Kind::Subscription, "Contoso", None, json!({}));
    let group = it.add(Kind::ResourceGroup, "rg-ml", Some(subscription), json!({}));
    (it, group)
}

/// Machine Learning, data and monitoring, in one group.
pub(crate) fn machine_learning() -> Design {
    let (mut it, rg) = group();
    let net = it.add(Kind::VirtualNetwork, "vnet", Some(rg), json!({}));
    let subnet = it.add(Kind::Subnet, "snet-train", Some(net), json!({}));
    let user = it.add(Kind::User, "ana", None, json!({}));
    let app = it.add(Kind::ServicePrincipal, "pipeline", None, json!({}));
    let uai = it.add(Kind::UserAssignedIdentity, "id-ml", Some(rg), json!({}));
    let storage = it.add(Kind::StorageAccount, "stcontoso", Some(rg), json!({}));
    let container = it.add(Kind::BlobContainer, "training-data", Some(storage), json!({}));
    let share = it.add(Kind::FileShare, "notebooks", Some(storage), json!({}));
    let vault = it.add(Kind::KeyVault, "kv-contoso", Some(rg), json!({}));
    let registry =
        it.add(Kind::ContainerRegistry, "crcontoso", Some(rg), json!({ "sku.name": "Premium" }));
    let logs = it.add(Kind::LogAnalyticsWorkspace, "log-contoso", Some(rg), json!({}));
    let insights = it.add(
        Kind::ApplicationInsights,
        "appi-contoso",
        Some(rg),
        json!({ "WorkspaceResourceId": logs }),
    );
    it.add(
        Kind::AzureMonitorPrivateLinkScope,
        "ampls-contoso",
        Some(rg),
        json!({ "scopedResources": [logs, insights] }),
    );
    let workspace = it.add(
        Kind::Workspace,
        "mlw-contoso",
        Some(rg),
        json!({
            "storageAccount": storage, "keyVault": vault, "containerRegistry": registry,
            "applicationInsights": insights,
            "identity.type": "SystemAssigned,UserAssigned", "identity.userAssignedIdentities": [uai],
        }),
    );
    it.add(
        Kind::ComputeInstance,
        "ci-ana",
        Some(subnet),
        json!({ "workspace": workspace, "personalComputeInstanceSettings.assignedUser": user }),
    );
    let cluster = it.add(
        Kind::ComputeCluster,
        "cpu-cluster",
        Some(workspace),
        json!({ "identity.type": "SystemAssigned" }),
    );
    let aks = it.add(
        Kind::AttachedKubernetes,
        "aks-contoso",
        Some(subnet),
        json!({ "workspace": workspace, "servicePrincipalProfile": app }),
    );
    let connection = it.add(
        Kind::WorkspaceConnection,
        "team-registry",
        Some(workspace),
        json!({ "targetResource": registry, "credentials.resourceId": uai }),
    );
    let environment = it.add(
        Kind::EnvironmentImage,
        "train",
        Some(workspace),
        json!({ "connection": connection }),
    );
    for (name, kind, place, credentials) in [
        ("blobs", "AzureBlob", container, "None"),
        ("files", "AzureFile", share, "AccountKey"),
        ("lake", "AzureDataLakeGen2", container, "ServicePrincipal"),
    ] {
        it.add(
            Kind::Datastore,
            name,
            Some(workspace),
            json!({
                "datastoreType": kind, "accountName": storage, "containerName": place,
                "credentials.credentialsType": credentials, "credentials.clientId": app,
            }),
        );
    }
    let endpoint = it.add(Kind::OnlineEndpoint, "score", Some(workspace), json!({}));
    it.add(
        Kind::OnlineDeployment,
        "blue",
        Some(endpoint),
        json!({
            "environmentId": environment, "scoringReads": [container], "model": "credit:2",
            "environmentVariables": [{ "name": "MODE", "value": "fast" }],
        }),
    );
    it.add(Kind::OnlineEndpoint, "score-aks", Some(workspace), json!({ "compute": aks }));
    it.add(Kind::BatchEndpoint, "nightly", Some(workspace), json!({ "compute": cluster }));
    it.add(Kind::ContainerInstanceDeployment, "test-aci", Some(workspace), json!({}));
    it.add(
        Kind::Job,
        "train",
        Some(workspace),
        json!({ "computeId": cluster, "submittedBy": user }),
    );
    it.0
}
