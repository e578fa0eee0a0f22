//! Drawn resources and the flows between them: that kinds say what the solver needs to know.

use std::net::Ipv4Addr;

use drawbridge::{
    facts::{Facts, Table},
    kinds::{Kind, Resource, ResourceId, Resources},
    solve::{
        Hop, Outcome,
        flow::{Answer, Caller, Destination, Flow, FlowAnswer, Network, Origin},
    },
    text::{Lang, text},
};
use serde_json::{Value, json};

/// Resources by the order of drawing; the first has number 1.
#[derive(Default)]
struct Sheet(Resources);

impl Sheet {
    /// One resource group in Japan East, number 1.
    fn new() -> Sheet {
        let mut it = Sheet::default();
        it.put(Kind::ResourceGroup, "rg", None, json!({"location": "japaneast"}));
        it
    }

    fn put(&mut self, kind: Kind, name: &str, parent: Option<u32>, settings: Value) -> u32 {
        let id = u32::try_from(self.0.0.len()).unwrap() + 1;
        let mut it = Resource::new(kind, name, parent.map(ResourceId));
        it.settings.clone_from(settings.as_object().unwrap());
        self.0.0.insert(ResourceId(id), it.into());
        id
    }

    fn set(&mut self, id: u32, key: &str, value: Value) {
        let id = ResourceId(id);
        let mut it = self.0.get(id).unwrap().clone();
        it.settings.insert(key.to_owned(), value);
        self.0.0.insert(id, it.into());
    }

    fn facts(&self) -> Facts {
        self.0.facts()
    }

    /// Follows one flow; the line is outcome, hop and address.
    #[track_caller]
    fn check(&self, flow: &Flow, expected: &str) {
        let facts = self.facts();
        let answer = Network::new(&facts).flow(flow);
        assert_eq!(line(&answer), expected, "\n{}", told(&answer));
    }
}

fn line(it: &FlowAnswer) -> String {
    let hop = it.failing.map_or("none", Hop::slug);
    let address = match it.resolved.as_ref().map(|it| it.answer) {
        Some(Answer::Address(it)) => it.to_string(),
        Some(Answer::Public) => "public".to_owned(),
        Some(Answer::Private) => "private".to_owned(),
        Some(Answer::NoAnswer) => "no answer".to_owned(),
        None => "-".to_owned(),
    };
    format!("{} {hop} {address}", it.outcome.slug())
}

fn told(it: &FlowAnswer) -> String {
    let steps = it.trace.steps.iter().map(|it| it.text.render(Lang::En));
    steps.collect::<Vec<_>>().join("\n")
}

fn face(resource: u32, face: &'static str) -> Destination {
    Destination::Face { resource: ResourceId(resource), face }
}

fn https(from: u32, to: Destination) -> Flow {
    Flow::https(ResourceId(from), to)
}

/// A network with subnets `vm` (2nd) and `pe` (3rd) below the group, and a machine in the first.
/// Numbers: network 2, subnets 3 and 4, machine 5.
fn office() -> Sheet {
    let mut it = Sheet::new();
    it.put(Kind::VirtualNetwork, "vnet", Some(1), json!({}));
    it.put(
        Kind::Subnet,
        "vm",
        Some(2),
        json!({"addressPrefix": "10.0.1.0/24", "defaultOutboundAccess": true}),
    );
    it.put(Kind::Subnet, "pe", Some(2), json!({"addressPrefix": "10.0.2.0/24"}));
    it.put(Kind::VirtualMachine, "vm1", Some(3), json!({}));
    it
}

// storage/common/storage-private-endpoints: zone group, link, endpoint.
#[test]
fn storage_behind_an_endpoint_with_a_zone_group() {
    let mut it = office();
    let st =
        it.put(Kind::StorageAccount, "st1", Some(1), json!({"publicNetworkAccess": "Disabled"}));
    let zone = it.put(
        Kind::PrivateDnsZone,
        "privatelink.blob.core.windows.net",
        Some(1),
        json!({"virtualNetworkLinks": [{"virtualNetwork": 2}]}),
    );
    it.check(&https(5, face(st, "blob")), "denied destination-firewall public");
    it.put(
        Kind::PrivateEndpoint,
        "pe1",
        Some(4),
        json!({"privateLinkServiceId": st, "groupId": "blob", "privateDnsZoneGroups": [zone]}),
    );
    it.check(&https(5, face(st, "blob")), "allowed none 10.0.2.4");
    it.check(&https(5, face(st, "file")), "denied destination-firewall public");
    it.set(zone, "virtualNetworkLinks", json!([]));
    it.check(&https(5, face(st, "blob")), "denied destination-firewall public");
}

// how-to-custom-dns: three addresses, the wildcard for endpoints, the instance at the workspace's.
#[test]
fn faces_of_a_private_workspace() {
    let mut it = office();
    let guid = "6f1e2d3c-aaaa-4bbb-8ccc-0123456789ab";
    let ws = it.put(
        Kind::Workspace,
        "ws1",
        Some(1),
        json!({"workspaceId": guid, "publicNetworkAccess": "Disabled"}),
    );
    let endpoint =
        it.put(Kind::OnlineEndpoint, "ep1", Some(ws), json!({"publicNetworkAccess": "Disabled"}));
    let instance = it.put(Kind::ComputeInstance, "ci1", Some(3), json!({"workspace": ws}));
    let zones: Vec<u32> = ["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"]
        .into_iter()
        .map(|name| {
            it.put(
                Kind::PrivateDnsZone,
                name,
                Some(1),
                json!({"virtualNetworkLinks": [{"virtualNetwork": 2}]}),
            )
        })
        .collect();
    it.check(&https(5, face(ws, "api")), "denied destination-firewall public");
    it.put(
        Kind::PrivateEndpoint,
        "pe1",
        Some(4),
        json!({"privateLinkServiceId": ws, "groupId": "amlworkspace", "privateDnsZoneGroups": zones}),
    );
    it.check(&https(5, face(ws, "api")), "allowed none 10.0.2.4");
    it.check(&https(5, face(ws, "cert")), "allowed none 10.0.2.4");
    it.check(&https(5, face(ws, "notebooks")), "allowed none 10.0.2.5");
    it.check(&https(5, face(endpoint, "scoring")), "allowed none 10.0.2.6");
    it.check(&https(5, face(instance, "application")), "allowed none 10.0.2.4");
    let name = "ep1.japaneast.inference.ml.azure.com".to_owned();
    it.check(&https(5, Destination::Name(name)), "allowed none 10.0.2.6");
    let client = it.put(Kind::InternetClient, "laptop", None, json!({}));
    it.check(&https(client, face(ws, "api")), "denied destination-firewall public");
    it.check(&https(client, face(endpoint, "scoring")), "denied destination-firewall public");
}

// how-to-configure-private-link: public access on does not open applications of an instance.
#[test]
fn applications_of_an_instance_stay_private() {
    let mut it = office();
    let ws = it.put(Kind::Workspace, "ws1", Some(1), json!({}));
    let instance = it.put(Kind::ComputeInstance, "ci1", Some(3), json!({"workspace": ws}));
    let client = it.put(Kind::InternetClient, "laptop", None, json!({}));
    it.check(&https(client, face(instance, "application")), "allowed none public");
    it.put(
        Kind::PrivateEndpoint,
        "pe1",
        Some(4),
        json!({"privateLinkServiceId": ws, "groupId": "amlworkspace"}),
    );
    it.check(&https(client, face(instance, "application")), "denied destination-firewall public");
    it.check(&https(client, face(ws, "api")), "allowed none public");
}

// container-registry-private-endpoints: login and data host; Premium only.
#[test]
fn registry_and_its_data_host() {
    let mut it = office();
    let acr = it.put(Kind::ContainerRegistry, "acr12", Some(1), json!({"sku.name": "Standard"}));
    it.check(&https(5, face(acr, "login")), "allowed none public");
    it.check(&https(5, face(acr, "data")), "allowed none public");
    let zone = it.put(
        Kind::PrivateDnsZone,
        "privatelink.azurecr.io",
        Some(1),
        json!({"virtualNetworkLinks": [{"virtualNetwork": 2}]}),
    );
    it.put(
        Kind::PrivateEndpoint,
        "pe1",
        Some(4),
        json!({"privateLinkServiceId": acr, "groupId": "registry", "privateDnsZoneGroups": [zone]}),
    );
    it.check(&https(5, face(acr, "login")), "denied validation 10.0.2.4");
    it.set(acr, "sku.name", json!("Premium"));
    it.set(acr, "publicNetworkAccess", json!("Disabled"));
    it.check(&https(5, face(acr, "login")), "allowed none 10.0.2.4");
    it.check(&https(5, face(acr, "data")), "allowed none 10.0.2.5");
    // With hand-made records, a missing data record breaks the pull alone.
    let st = ResourceId(zone);
    assert!(it.0.get(st).is_some());
    it.set(7 + 1, "privateDnsZoneGroups", json!([]));
    it.set(zone, "records", json!([{"name": "acr12", "addresses": ["10.0.2.4"]}]));
    it.check(&https(5, face(acr, "login")), "allowed none 10.0.2.4");
    it.check(&https(5, face(acr, "data")), "denied dns no answer");
}

// container-registry manage-network-bypass-policy-for-tasks.
#[test]
fn tasks_of_a_closed_registry() {
    let mut it = Sheet::new();
    let acr = it.put(
        Kind::ContainerRegistry,
        "acr12",
        Some(1),
        json!({"sku.name": "Premium", "publicNetworkAccess": "Disabled"}),
    );
    let task = |system_identity| {
        https(acr, face(acr, "login")).by(Caller::RegistryTask { system_identity })
    };
    it.check(&task(true), "denied destination-firewall public");
    it.set(acr, "networkRuleBypassAllowedForTasks", json!(true));
    it.check(&task(true), "allowed none public");
    it.check(&task(false), "denied destination-firewall public");
}

// key-vault/general/network-security: the exception survives closed public access.
#[test]
fn trusted_services_at_a_closed_vault() {
    let mut it = Sheet::new();
    let kv = it.put(
        Kind::KeyVault,
        "kv1",
        Some(1),
        json!({"publicNetworkAccess": "Disabled", "networkAcls.defaultAction": "Deny"}),
    );
    let ws = it.put(Kind::Workspace, "ws1", Some(1), json!({"keyVault": kv}));
    let by = |service| Caller::Trusted { service, resource: None };
    let flow = |service| https(ws, face(kv, "vault")).by(by(service));
    it.check(&flow("MachineLearning"), "allowed none public");
    it.check(&flow("TemplateDeployment"), "allowed none public");
    it.check(&flow("DevOps"), "denied destination-firewall public");
    it.set(kv, "networkAcls.bypass", json!("None"));
    it.check(&flow("MachineLearning"), "denied destination-firewall public");
    it.set(kv, "networkAcls.bypass", json!("AzureServices"));
    it.set(kv, "publicNetworkAccess", json!("SecuredByPerimeter"));
    it.check(&flow("MachineLearning"), "denied destination-firewall public");
}

// private-link/network-security-perimeter-concepts: only access rules of the perimeter admit callers
// from outside, by address or by the subscription of their identity; key-vault/general/network-security:
// trusted services need such a rule too.
#[test]
fn a_perimeter_admits_whom_its_access_rules_name() {
    let mut it = Sheet::new();
    let sub = it.put(Kind::Subscription, "sub", None, json!({}));
    let group = it.put(Kind::ResourceGroup, "rg2", Some(sub), json!({"location": "japaneast"}));
    let inside = json!({"publicNetworkAccess": "SecuredByPerimeter"});
    let kv = it.put(Kind::KeyVault, "kv1", Some(1), inside.clone());
    let st = it.put(Kind::StorageAccount, "st1", Some(1), inside);
    let ws = it.put(Kind::Workspace, "ws1", Some(group), json!({}));
    let laptop =
        it.put(Kind::InternetClient, "laptop", None, json!({"publicIpAddress": "198.51.100.7"}));
    let stranger = it.put(Kind::InternetClient, "stranger", None, json!({}));
    let by = Caller::Trusted { service: "MachineLearning", resource: Some(ResourceId(ws)) };
    for (id, name) in [(kv, "vault"), (st, "blob")] {
        let service = https(ws, face(id, name)).by(by.clone());
        it.check(&service, "denied destination-firewall public");
        it.check(&https(laptop, face(id, name)), "denied destination-firewall public");
        it.set(id, "perimeterSubscriptions", json!([sub]));
        it.check(&service, "allowed none public");
        it.check(&https(laptop, face(id, name)), "denied destination-firewall public");
        it.set(id, "perimeterAddressPrefixes", json!(["198.51.100.0/24"]));
        it.check(&https(laptop, face(id, name)), "allowed none public");
        it.check(&https(stranger, face(id, name)), "unknown destination-firewall public");
    }
}

// machine-learning/how-to-managed-network: isolation can only become stricter.
#[test]
fn a_managed_network_is_never_loosened() {
    let mut it = Sheet::new();
    let ws = it.put(Kind::Workspace, "ws1", Some(1), json!({}));
    let modes = ["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"];
    for (now, before) in modes.iter().enumerate() {
        for (then, after) in modes.iter().enumerate() {
            it.set(ws, "deployedIsolationMode", json!(before));
            it.set(ws, "managedNetwork.isolationMode", json!(after));
            let refused = it.facts().refusals.contains_key(&ResourceId(ws));
            assert_eq!(refused, then < now, "{before} to {after}");
        }
    }
}

// how-to-managed-network: where computes stand by isolation mode.
#[test]
fn computes_by_isolation_mode() {
    let mut it = Sheet::new();
    let st =
        it.put(Kind::StorageAccount, "st1", Some(1), json!({"publicNetworkAccess": "Disabled"}));
    let ws = it.put(Kind::Workspace, "ws1", Some(1), json!({"storageAccount": st}));
    let cluster = it.put(Kind::ComputeCluster, "cpu", Some(ws), json!({}));
    it.check(&https(cluster, face(st, "blob")), "denied destination-firewall public");
    it.set(ws, "managedNetwork.isolationMode", json!("AllowInternetOutbound"));
    it.check(&https(cluster, face(st, "blob")), "allowed none private");
    let pypi = || Destination::Name("pypi.org".to_owned());
    it.check(&https(cluster, pypi()), "allowed none public");
    it.set(ws, "managedNetwork.isolationMode", json!("AllowOnlyApprovedOutbound"));
    it.check(&https(cluster, pypi()), "denied managed-network public");
    let rule = json!([{"name": "pypi", "type": "FQDN", "destination.fqdn": "pypi.org"}]);
    it.set(ws, "managedNetwork.outboundRules", rule);
    it.check(&https(cluster, pypi()), "allowed none public");
}

// azure-monitor/logs/private-link-security: shared names lead every resource to the scope.
#[test]
fn monitoring_through_a_private_link_scope() {
    let mut it = office();
    let inside = it.put(Kind::ApplicationInsights, "ai1", Some(1), json!({}));
    let outside = it.put(Kind::ApplicationInsights, "ai2", Some(1), json!({}));
    let scope = it.put(
        Kind::AzureMonitorPrivateLinkScope,
        "ampls",
        Some(1),
        json!({"scopedResources": [inside]}),
    );
    it.check(&https(5, face(outside, "ingestion")), "allowed none public");
    let zone = it.put(
        Kind::PrivateDnsZone,
        "privatelink.monitor.azure.com",
        Some(1),
        json!({"virtualNetworkLinks": [{"virtualNetwork": 2}]}),
    );
    let pe = it.put(
        Kind::PrivateEndpoint,
        "pe1",
        Some(4),
        json!({"privateLinkServiceId": scope, "groupId": "azuremonitor", "privateDnsZoneGroups": [zone]}),
    );
    it.check(&https(5, face(inside, "ingestion")), "allowed none 10.0.2.4");
    it.check(&https(5, face(outside, "ingestion")), "allowed none 10.0.2.4");
    it.set(outside, "publicNetworkAccessForIngestion", json!("Disabled"));
    it.check(&https(5, face(outside, "ingestion")), "denied destination-firewall 10.0.2.4");
    // The host has a number that Azure picks: a record by hand names it, and so may a caller.
    let host = |it: &str| Destination::Name(format!("{it}.in.applicationinsights.azure.com"));
    it.check(&https(5, host("japaneast-1")), "allowed none 10.0.2.4");
    it.set(pe, "privateDnsZoneGroups", json!([]));
    it.set(zone, "records", json!([{"name": "japaneast-1.in.ai", "addresses": ["10.0.2.4"]}]));
    it.check(&https(5, host("japaneast-1")), "allowed none 10.0.2.4");
    it.check(&https(5, face(inside, "ingestion")), "allowed none 10.0.2.4");
    // Hosts of some regions have none (azure-monitor/app/sdk-connection-string).
    it.set(zone, "records", json!([{"name": "japaneast.in.ai", "addresses": ["10.0.2.4"]}]));
    it.check(&https(5, host("japaneast")), "allowed none 10.0.2.4");
    it.check(&https(5, face(inside, "ingestion")), "allowed none 10.0.2.4");
    it.set(zone, "records", json!([{"name": "japanwest.in.ai", "addresses": ["10.0.2.4"]}]));
    it.check(&https(5, face(inside, "ingestion")), "denied dns no answer");
    it.set(zone, "records", json!([{"name": "japaneast-1.in.ai", "addresses": ["10.0.2.4"]}]));
    it.set(scope, "accessModeSettings.ingestionAccessMode", json!("PrivateOnly"));
    it.check(&https(5, face(inside, "ingestion")), "allowed none 10.0.2.4");
    it.check(&https(5, face(outside, "ingestion")), "denied destination-firewall 10.0.2.4");
}

// azure-monitor/logs/private-link-design: Resource Manager queries "can't use Azure Monitor private links.
// These queries can only go through if the target resource allows queries from public networks".
#[test]
fn queries_through_resource_manager_are_public() {
    for kind in [Kind::ApplicationInsights, Kind::LogAnalyticsWorkspace] {
        let mut it = office();
        let asked = it.put(kind, "ai1", Some(1), json!({}));
        let scope = it.put(
            Kind::AzureMonitorPrivateLinkScope,
            "ampls",
            Some(1),
            json!({"scopedResources": [asked]}),
        );
        let zone = it.put(
            Kind::PrivateDnsZone,
            "privatelink.monitor.azure.com",
            Some(1),
            json!({"virtualNetworkLinks": [{"virtualNetwork": 2}]}),
        );
        it.put(
            Kind::PrivateEndpoint,
            "pe1",
            Some(4),
            json!({"privateLinkServiceId": scope, "groupId": "azuremonitor", "privateDnsZoneGroups": [zone]}),
        );
        it.check(&https(5, face(asked, "arm-query")), "allowed none public");
        it.set(asked, "publicNetworkAccessForQuery", json!("Disabled"));
        it.check(&https(5, face(asked, "query")), "allowed none 10.0.2.4");
        it.check(&https(5, face(asked, "arm-query")), "denied destination-firewall public");
    }
}

// aks/private-clusters: "The private DNS zone is linked only to the VNet that the cluster nodes are attached
// to, which means that the private endpoint can only be resolved by hosts in that linked VNet."
#[test]
fn the_api_server_of_a_private_cluster() {
    for drawn in [false, true] {
        let mut it = office();
        let ws = it.put(Kind::Workspace, "ws1", Some(1), json!({}));
        let private = json!({"workspace": ws, "apiServerAccessProfile.enablePrivateCluster": true});
        let aks = it.put(Kind::AttachedKubernetes, "aks1", Some(4), private);
        let hub = json!({"addressSpace.addressPrefixes": ["10.8.0.0/16"]});
        let hub = it.put(Kind::VirtualNetwork, "hub", Some(1), hub);
        let subnet = json!({"addressPrefix": "10.8.1.0/24"});
        let subnet = it.put(Kind::Subnet, "admins", Some(hub), subnet);
        let admin = it.put(Kind::VirtualMachine, "admin", Some(subnet), json!({}));
        for (from, to) in [(2, hub), (hub, 2)] {
            let half = json!({"virtualNetwork": from, "remoteVirtualNetwork": to});
            it.put(Kind::VirtualNetworkPeering, "peering", None, half);
        }
        let link = json!([{"virtualNetwork": 2}]);
        let mut zone = None;
        if drawn {
            let name = "privatelink.japaneast.azmk8s.io";
            let drawn = json!({"virtualNetworkLinks": link});
            let id = it.put(Kind::PrivateDnsZone, name, Some(1), drawn);
            let endpoint = json!({"privateLinkServiceId": aks, "groupId": "management",
                "privateDnsZoneGroups": [id]});
            let endpoint = it.put(Kind::PrivateEndpoint, "pe", Some(4), endpoint);
            assert!(!it.facts().refusals.contains_key(&ResourceId(endpoint)));
            zone = Some(id);
        }
        let address = if drawn { "10.0.2.5" } else { "10.0.2.4" };
        it.check(&https(5, face(aks, "api")), &format!("allowed none {address}"));
        it.check(&https(admin, face(aks, "api")), "denied dns no answer");
        if let Some(zone) = zone {
            let links = json!([{"virtualNetwork": 2}, {"virtualNetwork": hub}]);
            it.set(zone, "virtualNetworkLinks", links);
            it.check(&https(admin, face(aks, "api")), "allowed none 10.0.2.5");
        }
        it.set(aks, "apiServerAccessProfile.enablePrivateCluster", json!(false));
        it.check(&https(5, face(aks, "api")), "allowed none public");
    }
}

// The same page: AKS makes the private endpoint, and writes its address into the zone that it is given. A design
// with the zone alone does not say what that address is.
#[test]
fn the_api_server_of_a_private_cluster_whose_endpoint_is_not_drawn() {
    for name in ["privatelink.japaneast.azmk8s.io", "ours.privatelink.japaneast.azmk8s.io"] {
        let mut it = office();
        let ws = it.put(Kind::Workspace, "ws1", Some(1), json!({}));
        let private = json!({"workspace": ws, "apiServerAccessProfile.enablePrivateCluster": true});
        let aks = it.put(Kind::AttachedKubernetes, "aks1", Some(4), private);
        let zone = it.put(Kind::PrivateDnsZone, name, Some(1), json!({}));
        // Nobody sees the zone, whatever is in it.
        it.check(&https(5, face(aks, "api")), "denied dns no answer");
        it.set(zone, "virtualNetworkLinks", json!([{"virtualNetwork": 2}]));
        it.check(&https(5, face(aks, "api")), "unknown dns private");
        let facts = it.facts();
        let told = told(&Network::new(&facts).flow(&https(5, face(aks, "api"))));
        assert!(told.contains("draw its private endpoint"), "{told}");
        // A record says the address, and still nothing has it.
        it.set(zone, "records", json!([{"name": "aks1", "addresses": ["10.0.2.77"]}]));
        it.check(&https(5, face(aks, "api")), "unknown private-endpoint 10.0.2.77");
        // The nodes are no part of it.
        it.check(&https(5, Destination::Host(ResourceId(aks))), "allowed none 10.0.2.4");
        let endpoint = json!({"privateLinkServiceId": aks, "groupId": "management",
            "ipConfigurations": [{"memberName": "management", "privateIPAddress": "10.0.2.77"}]});
        it.put(Kind::PrivateEndpoint, "pe", Some(4), endpoint);
        it.check(&https(5, face(aks, "api")), "allowed none 10.0.2.77");
    }
}

// container-registry/container-registry-vnet: "Only an Azure Kubernetes Service cluster or Azure virtual
// machine can be used as a host to access a container registry using a service endpoint. Other Azure services
// including Azure Container Instances aren't supported." Computes of Azure Machine Learning run as that service.
#[test]
fn service_endpoints_of_a_registry_are_for_machines_and_cluster_nodes() {
    let mut it = office();
    it.set(3, "serviceEndpoints", json!(["Microsoft.ContainerRegistry"]));
    let ws = it.put(Kind::Workspace, "ws1", Some(1), json!({}));
    let workspace = || json!({"workspace": ws});
    let cluster = it.put(Kind::ComputeCluster, "cpu", Some(3), workspace());
    let instance = it.put(Kind::ComputeInstance, "ci1", Some(3), workspace());
    it.set(ws, "serverlessComputeSettings.serverlessComputeCustomSubnet", json!(3));
    let job = it.put(Kind::Job, "job1", Some(ws), json!({}));
    let nodes = it.put(Kind::AttachedKubernetes, "aks1", Some(3), workspace());
    let containers = it.put(Kind::ContainerInstanceDeployment, "aci1", Some(3), workspace());
    let registry = json!({"sku.name": "Premium", "dataEndpointEnabled": true,
        "networkRuleSet.defaultAction": "Deny", "networkRuleSet.virtualNetworkRules": [3]});
    let acr = it.put(Kind::ContainerRegistry, "acr1", Some(1), registry);
    it.check(&https(5, face(acr, "login")), "allowed none public");
    it.check(&https(nodes, face(acr, "login")), "allowed none public");
    for host in [cluster, instance, job, containers] {
        it.check(&https(host, face(acr, "login")), "denied destination-firewall public");
    }
}

// how-to-managed-network: a service tag rule opens the service that it names.
#[test]
fn a_managed_network_with_a_rule_for_a_service_of_others() {
    let mut it = office();
    let ws = json!({"managedNetwork.isolationMode": "AllowOnlyApprovedOutbound",
        "managedNetwork.status.status": "Active"});
    let ws = it.put(Kind::Workspace, "ws1", Some(1), ws);
    let cluster = it.put(Kind::ComputeCluster, "cpu", Some(ws), json!({}));
    let factory = || Destination::PublicService("DataFactory");
    it.check(&https(cluster, factory()), "denied managed-network public");
    let rule = json!([{"name": "adf", "type": "ServiceTag", "destination.serviceTag": "DataFactory",
        "destination.portRanges": "443"}]);
    it.set(ws, "managedNetwork.outboundRules", rule);
    it.check(&https(cluster, factory()), "allowed none public");
}

// A resolver's inbound endpoint answers for the network that it stands in.
#[test]
fn dns_resolver_for_a_site() {
    let mut it = office();
    let gateway_subnet =
        it.put(Kind::Subnet, "GatewaySubnet", Some(2), json!({"addressPrefix": "10.0.255.0/27"}));
    let dns = it.put(
        Kind::Subnet,
        "dns",
        Some(2),
        json!({"addressPrefix": "10.0.9.0/28", "delegation": "Microsoft.Network/dnsResolvers"}),
    );
    it.put(Kind::DnsResolver, "resolver", Some(dns), json!({}));
    let site = it.put(
        Kind::OnPremisesNetwork,
        "dc1",
        None,
        json!({"dnsForwarders": [{"zone": "blob.core.windows.net", "to": ["10.0.9.4"]}]}),
    );
    it.put(Kind::VirtualNetworkGateway, "gw", Some(gateway_subnet), json!({"connections": [site]}));
    let pc = it.put(Kind::OnPremisesClient, "pc1", Some(site), json!({}));
    let st =
        it.put(Kind::StorageAccount, "st1", Some(1), json!({"publicNetworkAccess": "Disabled"}));
    let zone = it.put(
        Kind::PrivateDnsZone,
        "privatelink.blob.core.windows.net",
        Some(1),
        json!({"virtualNetworkLinks": [{"virtualNetwork": 2}]}),
    );
    it.put(
        Kind::PrivateEndpoint,
        "pe1",
        Some(4),
        json!({"privateLinkServiceId": st, "groupId": "blob", "privateDnsZoneGroups": [zone]}),
    );
    it.check(&https(pc, face(st, "blob")), "allowed none 10.0.2.4");
}

// virtual-networks-faq: peered networks may not overlap.
#[test]
fn what_azure_refuses_stops_the_flow() {
    let mut it = office();
    it.put(
        Kind::VirtualNetwork,
        "other",
        Some(1),
        json!({"addressSpace.addressPrefixes": ["10.0.0.0/20", "10.9.0.0/16"]}),
    );
    let there = it.put(Kind::Subnet, "vm", Some(6), json!({"addressPrefix": "10.9.1.0/24"}));
    let vm2 = it.put(Kind::VirtualMachine, "vm2", Some(there), json!({}));
    for (a, b) in [(2, 6), (6, 2)] {
        let settings = json!({"virtualNetwork": a, "remoteVirtualNetwork": b});
        it.put(Kind::VirtualNetworkPeering, &format!("{a}-{b}"), None, settings);
    }
    let to = Destination::Host(ResourceId(vm2));
    it.check(&https(5, to.clone()), "denied validation 10.9.1.4");
    it.set(6, "addressSpace.addressPrefixes", json!(["10.9.0.0/16"]));
    it.check(&https(5, to), "allowed none 10.9.1.4");
}

// virtual-network-manage-subnet: subnets may not overlap, so what stands in one of two that do is not there
// to answer names.
#[test]
fn a_name_server_in_what_azure_refuses_does_not_answer() {
    let mut it = office();
    it.set(2, "dhcpOptions.dnsServers", json!(["10.0.9.4"]));
    let dns = it.put(Kind::Subnet, "dns", Some(2), json!({"addressPrefix": "10.0.9.0/24"}));
    let server = json!({"privateIPAddress": "10.0.9.4"});
    it.put(Kind::CustomDnsServer, "ns", Some(dns), server);
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    it.check(&https(5, face(st, "blob")), "allowed none public");
    it.put(Kind::Subnet, "more", Some(2), json!({"addressPrefix": "10.0.9.128/25"}));
    it.check(&https(5, face(st, "blob")), "denied validation public");
}

// The same of a machine that somebody wants to reach, and of one that passes packets on.
#[test]
fn a_machine_in_what_azure_refuses_is_not_reached() {
    let mut it = office();
    let there = it.put(Kind::Subnet, "app", Some(2), json!({"addressPrefix": "10.0.9.0/24"}));
    let vm2 = it.put(Kind::VirtualMachine, "vm2", Some(there), json!({}));
    let to = || Destination::Host(ResourceId(vm2));
    it.check(&https(5, to()), "allowed none 10.0.9.4");
    let more = it.put(Kind::Subnet, "more", Some(2), json!({"addressPrefix": "10.0.9.128/25"}));
    it.check(&https(5, to()), "denied validation 10.0.9.4");
    it.set(more, "addressPrefix", json!("10.0.10.0/25"));
    let forwards = json!({"privateIPAddress": "10.0.10.4", "enableIPForwarding": true,
        "forwardedTraffic": "Passed"});
    it.put(Kind::VirtualMachine, "nva", Some(more), forwards);
    let routes = |to: u32, prefix: &str| {
        json!({"routes": [{"name": format!("to{to}"), "addressPrefix": prefix,
            "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.10.4"}]})
    };
    for (subnet, prefix) in [(3, "10.0.9.0/24"), (there, "10.0.1.0/24")] {
        let table =
            it.put(Kind::RouteTable, &format!("rt{subnet}"), Some(1), routes(subnet, prefix));
        it.set(subnet, "routeTable", json!(table));
    }
    it.check(&https(5, to()), "allowed none 10.0.9.4");
    it.put(Kind::Subnet, "last", Some(2), json!({"addressPrefix": "10.0.10.0/26"}));
    it.check(&https(5, to()), "denied validation 10.0.9.4");
}

// virtual-networks-udr-overview: what no route leads into a network goes to the internet, where nobody has an
// address of a network, whatever range that is from.
#[test]
fn a_network_with_public_addresses_is_not_reached_over_the_internet() {
    let mut it = office();
    let other = it.put(
        Kind::VirtualNetwork,
        "other",
        Some(1),
        json!({"addressSpace.addressPrefixes": ["20.0.0.0/16"]}),
    );
    let there = it.put(Kind::Subnet, "app", Some(other), json!({"addressPrefix": "20.0.1.0/24"}));
    let vm2 = it.put(Kind::VirtualMachine, "vm2", Some(there), json!({}));
    let to = || Destination::Host(ResourceId(vm2));
    it.check(&https(5, to()), "denied route 20.0.1.4");
    let half = |a: u32, b: u32| json!({"virtualNetwork": a, "remoteVirtualNetwork": b});
    it.put(Kind::VirtualNetworkPeering, "there", None, half(2, other));
    it.check(&https(5, to()), "denied peering 20.0.1.4");
    it.put(Kind::VirtualNetworkPeering, "back", None, half(other, 2));
    it.check(&https(5, to()), "allowed none 20.0.1.4");
}

// The internet may lead to a site that has public addresses, past whatever its own firewall lets in; a design
// does not say that.
#[test]
fn a_site_with_public_addresses_is_not_taken_for_open() {
    let mut it = office();
    let site = json!({"localNetworkAddressSpace.addressPrefixes": ["20.0.0.0/16"]});
    let site = it.put(Kind::OnPremisesNetwork, "dc1", None, site);
    let settings = json!({"privateIPAddress": "20.0.1.4"});
    let pc = it.put(Kind::OnPremisesClient, "pc1", Some(site), settings);
    it.check(&https(5, Destination::Host(ResourceId(pc))), "unknown route 20.0.1.4");
}

// Where the name is not known to lead this way, nothing that stands here is certain to matter.
#[test]
fn what_is_refused_on_a_guessed_way_is_no_certain_denial() {
    let mut it = office();
    it.set(2, "dhcpOptions.dnsServers", json!(["10.0.9.99"]));
    let nsg = it.put(Kind::NetworkSecurityGroup, "n1", Some(1), json!({}));
    it.set(3, "networkSecurityGroup", json!(nsg));
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    let mut facts = it.facts();
    facts.refuse(ResourceId(nsg), text("refused", "拒否"), "virtual-network");
    let answer = Network::new(&facts).flow(&https(5, face(st, "blob")));
    assert_eq!(answer.outcome, Outcome::Unknown, "{}", told(&answer));
}

#[test]
fn what_is_missing_on_two_ways_is_told_once() {
    let mut it = office();
    it.set(2, "dhcpOptions.dnsServers", json!(["10.0.1.9"]));
    it.put(Kind::CustomDnsServer, "ns", Some(3), json!({"privateIPAddress": "10.0.1.9"}));
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    let mut facts = it.facts();
    facts.gap(ResourceId(2), text("not known", "不明"));
    let answer = Network::new(&facts).flow(&https(5, face(st, "blob")));
    let lines = told(&answer);
    assert_eq!(lines.matches("not known").count(), 1, "{lines}");
}

// machine-learning/how-to-managed-network: a first compute brings the managed network into being. One that
// Azure refuses does not.
#[test]
fn a_refused_compute_provisions_no_managed_network() {
    let mut it = office();
    let settings = json!({"managedNetwork.isolationMode": "AllowInternetOutbound"});
    let ws = it.put(Kind::Workspace, "ws1", Some(1), settings);
    let cluster = it.put(Kind::ComputeCluster, "cpu", Some(ws), json!({}));
    let endpoint = it.put(Kind::OnlineEndpoint, "ep", Some(ws), json!({}));
    let deployment = it.put(Kind::OnlineDeployment, "blue", Some(endpoint), json!({}));
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    let flow = https(deployment, face(st, "blob"));
    it.check(&flow, "allowed none public");
    let mut facts = it.facts();
    facts.refuse(ResourceId(cluster), text("refused", "拒否"), "machine-learning");
    let answer = Network::new(&facts).flow(&flow);
    assert_eq!(line(&answer), "denied service-mode public", "\n{}", told(&answer));
}

// firewall/tutorial-firewall-dnat: who calls from outside chooses the address, so one way that works is enough.
#[test]
fn of_two_firewalls_that_publish_a_machine_one_is_enough() {
    let mut it = office();
    let other = json!({"addressSpace.addressPrefixes": ["10.8.0.0/16"]});
    let other = it.put(Kind::VirtualNetwork, "other", Some(1), other);
    for (a, b) in [(2, other), (other, 2)] {
        let settings = json!({"virtualNetwork": a, "remoteVirtualNetwork": b});
        it.put(Kind::VirtualNetworkPeering, &format!("{a}-{b}"), None, settings);
    }
    let mut publish = |network: u32, prefix: &str, address: &str| {
        let subnet = json!({"addressPrefix": prefix});
        let subnet = it.put(Kind::Subnet, "AzureFirewallSubnet", Some(network), subnet);
        let ip = json!({"ipAddress": address});
        let ip = it.put(Kind::PublicIpAddress, &format!("ip{network}"), Some(1), ip);
        let rule = json!([{"name": "web", "ipProtocols": ["TCP"], "sourceAddresses": ["*"],
            "destinationAddresses": [address], "destinationPorts": ["443"],
            "translatedAddress": "10.0.1.4", "translatedPort": 443}]);
        let settings = json!({"publicIpAddresses": [ip], "natRules": rule});
        it.put(Kind::AzureFirewall, &format!("fw{network}"), Some(subnet), settings)
    };
    let first = publish(2, "10.0.3.0/26", "198.51.100.7");
    let second = publish(other, "10.8.0.0/26", "198.51.100.8");
    let pc = it.put(Kind::InternetClient, "pc", None, json!({}));
    let flow = https(pc, Destination::Host(ResourceId(5)));
    for refused in [&[][..], &[first], &[second], &[first, second]] {
        let mut facts = it.facts();
        for id in refused {
            facts.refuse(ResourceId(*id), text("refused", "拒否"), "firewall");
        }
        let answer = Network::new(&facts).flow(&flow);
        let expected = if refused.len() == 2 { Outcome::Denied } else { Outcome::Allowed };
        assert_eq!(answer.outcome, expected, "{refused:?}: {}", told(&answer));
    }
}

// What stands behind an endpoint, what a network interface is a member of, who asks for a service, and the
// machine of an office: nothing is said of them as long as the design does not say enough.
#[test]
fn what_a_flow_needs_without_passing_it_is_looked_at() {
    let mut it = office();
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    let endpoint = json!({"privateLinkServiceId": st, "groupId": "blob"});
    it.put(Kind::PrivateEndpoint, "pe1", Some(4), endpoint);
    let group = it.put(Kind::ApplicationSecurityGroup, "asg", Some(1), json!({}));
    it.set(5, "applicationSecurityGroups", json!([group]));
    let ws = it.put(Kind::Workspace, "ws1", Some(1), json!({}));
    let kv = it.put(Kind::KeyVault, "kv1", Some(1), json!({"publicNetworkAccess": "Disabled"}));
    let by = Caller::Trusted { service: "MachineLearning", resource: Some(ResourceId(ws)) };
    let mut service = https(ws, face(kv, "vault")).by(by);
    service.from = Origin::Service("AzureMachineLearning");
    let address = Destination::Address(Ipv4Addr::new(10, 0, 2, 4));
    for (flow, needed) in [(https(5, address.clone()), [st, group]), (service, [ws, kv])] {
        let mut facts = it.facts();
        let answer = Network::new(&facts).flow(&flow);
        assert_eq!(answer.outcome, Outcome::Allowed, "{}", told(&answer));
        for id in needed {
            facts.gap(ResourceId(id), text("not known", "不明"));
            let answer = Network::new(&facts).flow(&flow);
            assert_eq!(answer.outcome, Outcome::Unknown, "{}", told(&answer));
            facts.gaps = Table::default();
        }
    }
}

// Asked twice, the way to the name server is judged twice.
#[test]
fn what_is_not_known_on_the_way_to_a_name_server_counts_each_time() {
    let mut it = office();
    it.set(2, "dhcpOptions.dnsServers", json!(["10.0.9.4"]));
    let dns = it.put(Kind::Subnet, "dns", Some(2), json!({"addressPrefix": "10.0.9.0/24"}));
    it.put(Kind::CustomDnsServer, "ns", Some(dns), json!({"privateIPAddress": "10.0.9.4"}));
    it.set(dns, "serviceEndpoints", json!("Maybe"));
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    let facts = it.facts();
    let network = Network::new(&facts);
    for kind in ["blob", "file"] {
        let answer = network.flow(&https(5, face(st, kind)));
        assert_eq!(line(&answer), "unknown validation public", "\n{}", told(&answer));
    }
}

#[test]
fn settings_that_cannot_be_read_are_gaps() {
    let mut it = office();
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    it.check(&https(5, face(st, "blob")), "allowed none public");
    it.set(st, "networkAcls.defaultAction", json!("Maybe"));
    it.check(&https(5, face(st, "blob")), "unknown validation public");
}

// virtual-network/network-security-groups-overview: a rule has source, destination, protocol and ports.
// Azure refuses one that leaves a part out, so an empty list never reads as "any".
#[test]
fn a_security_rule_that_names_nothing_leaves_the_answer_open() {
    let mut it = office();
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    let nsg = it.put(Kind::NetworkSecurityGroup, "n1", Some(1), json!({}));
    it.set(3, "networkSecurityGroup", json!(nsg));
    let rules = |allow: Value| {
        let deny =
            json!({"name": "no", "priority": 4000, "direction": "Outbound", "access": "Deny"});
        json!([allow, deny])
    };
    let allow = |cell: &str, value: Value| {
        let mut it =
            json!({"name": "yes", "direction": "Outbound", "destinationPortRanges": ["443"]});
        it[cell] = value;
        it
    };
    it.set(nsg, "securityRules", rules(allow("protocol", json!("Tcp"))));
    it.check(&https(5, face(st, "blob")), "allowed none public");
    for cell in [
        "sourcePortRanges",
        "destinationPortRanges",
        "sourceAddressPrefixes",
        "destinationAddressPrefixes",
    ] {
        it.set(nsg, "securityRules", rules(allow(cell, json!([]))));
        let facts = it.facts();
        let answer = Network::new(&facts).flow(&https(5, face(st, "blob")));
        assert_eq!(answer.outcome, Outcome::Unknown, "{cell}: {}", told(&answer));
        let problems = it.0.subject(ResourceId(nsg)).unwrap().problems();
        assert_eq!(problems.len(), 1, "{cell}");
        assert_eq!(problems[0].field, format!("securityRules[0].{cell}"));
    }
}

// firewall/rule-processing: a rule names sources, destinations, protocols and ports.
#[test]
fn a_firewall_rule_that_names_nothing_leaves_the_answer_open() {
    let mut it = office();
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    let subnet = it.put(
        Kind::Subnet,
        "AzureFirewallSubnet",
        Some(2),
        json!({"addressPrefix": "10.0.3.0/26"}),
    );
    let ip = it.put(Kind::PublicIpAddress, "ip", Some(1), json!({}));
    let table = it.put(
        Kind::RouteTable,
        "rt",
        Some(1),
        json!({"routes": [{"name": "all", "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.3.4"}]}),
    );
    let fw = it.put(Kind::AzureFirewall, "fw", Some(subnet), json!({"publicIpAddresses": [ip]}));
    it.set(3, "routeTable", json!(table));
    let good = json!({"name": "a", "destinationAddresses": ["*"]});
    it.set(fw, "networkRules", json!([good]));
    it.check(&https(5, face(st, "blob")), "allowed none public");
    for (kind, cell) in [
        ("networkRules", "sourceAddresses"),
        ("networkRules", "destinationAddresses"),
        ("networkRules", "destinationPorts"),
        ("networkRules", "ipProtocols"),
        ("applicationRules", "sourceAddresses"),
        ("applicationRules", "protocols"),
        ("applicationRules", "targetFqdns"),
    ] {
        let mut rule = if kind == "networkRules" {
            good.clone()
        } else {
            json!({"name": "a", "targetFqdns": ["*"]})
        };
        rule[cell] = json!([]);
        it.set(fw, "networkRules", json!([]));
        it.set(fw, "applicationRules", json!([]));
        it.set(fw, kind, json!([rule]));
        let facts = it.facts();
        let answer = Network::new(&facts).flow(&https(5, face(st, "blob")));
        assert_ne!(answer.outcome, Outcome::Allowed, "{kind} {cell}: {}", told(&answer));
        let gap = answer.trace.steps.iter().any(|it| {
            it.hop == Hop::Validation
                && it.outcome == Outcome::Unknown
                && it.at == Some(ResourceId(fw))
        });
        assert!(gap, "{kind} {cell}: {}", told(&answer));
        let problems = it.0.subject(ResourceId(fw)).unwrap().problems();
        assert_eq!(problems.len(), 1, "{kind} {cell}");
        assert_eq!(problems[0].field, format!("{kind}[0].{cell}"));
    }
}

// machine-learning/how-to-managed-network: a service tag rule has ports, an FQDN rule a name.
#[test]
fn an_outbound_rule_that_names_nothing_leaves_the_answer_open() {
    let mut it = Sheet::new();
    let ws = it.put(
        Kind::Workspace,
        "ws1",
        Some(1),
        json!({"managedNetwork.isolationMode": "AllowOnlyApprovedOutbound"}),
    );
    let cluster = it.put(Kind::ComputeCluster, "cpu", Some(ws), json!({}));
    let to = || Destination::PublicService("AzureFrontDoor.Frontend");
    let tag = |ports: &str| {
        json!([{"name": "tag1", "type": "ServiceTag",
                "destination.serviceTag": "AzureFrontDoor.Frontend", "destination.portRanges": ports}])
    };
    for (ports, expected) in [
        ("443", "allowed none public"),
        ("80,400-500", "allowed none public"),
        ("80", "denied managed-network public"),
        ("", "unknown managed-network public"),
        ("https", "unknown managed-network public"),
    ] {
        it.set(ws, "managedNetwork.outboundRules", tag(ports));
        it.check(&https(cluster, to()), expected);
        let problems = it.0.subject(ResourceId(ws)).unwrap().problems();
        let named = problems.iter().any(|it| it.field.ends_with("destination.portRanges"));
        assert_eq!(named, expected.starts_with("unknown"), "{ports}");
    }
    for unfinished in [
        json!([{"name": "name", "type": "FQDN"}]),
        json!([{"name": "link", "type": "PrivateEndpoint"}]),
        json!([{"name": "tag1", "type": "ServiceTag"}]),
    ] {
        it.set(ws, "managedNetwork.outboundRules", unfinished);
        it.check(&https(cluster, to()), "unknown managed-network public");
    }
}

// machine-learning/how-to-enable-studio-virtual-network: IP rules of storage are not supported with
// Studio; machine-learning/how-to-configure-private-link tells to add the client's address. The stricter
// page counts, and the SDK is not in doubt.
#[test]
fn an_ip_rule_of_storage_promises_a_browser_nothing() {
    let mut it = Sheet::new();
    let rules =
        json!({"networkAcls.defaultAction": "Deny", "networkAcls.ipRules": ["198.51.100.7"]});
    let st = it.put(Kind::StorageAccount, "st1", Some(1), rules);
    let laptop =
        it.put(Kind::InternetClient, "laptop", None, json!({"publicIpAddress": "198.51.100.7"}));
    it.check(&https(laptop, face(st, "blob")), "allowed none public");
    let studio = https(laptop, face(st, "blob")).in_browser();
    it.check(&studio, "denied destination-firewall public");
}

// machine-learning/how-to-custom-dns: a forward proxy resolves names itself.
#[test]
fn a_forward_proxy_leaves_names_open() {
    let mut it = office();
    let st = it.put(Kind::StorageAccount, "st1", Some(1), json!({}));
    it.check(&https(5, face(st, "blob")), "allowed none public");
    it.set(5, "forwardProxy", json!(true));
    it.check(&https(5, face(st, "blob")), "unknown dns public");
}

#[test]
fn equal_designs_make_equal_facts() {
    let it = office();
    assert_eq!(it.facts(), it.facts());
    let mut other = office();
    other.set(5, "privateIPAddress", json!("10.0.1.9"));
    assert_ne!(it.facts(), other.facts());
}

// Every outcome has a step that says why.
#[test]
fn no_verdict_without_evidence() {
    let mut it = office();
    let st =
        it.put(Kind::StorageAccount, "st1", Some(1), json!({"publicNetworkAccess": "Disabled"}));
    let facts = it.facts();
    let answer = Network::new(&facts).flow(&https(5, face(st, "blob")));
    assert_eq!(answer.outcome, Outcome::Denied);
    let step = answer.trace.deciding().and_then(|it| answer.trace.steps.get(it)).unwrap();
    assert_eq!((step.hop, step.at), (Hop::DestinationFirewall, Some(ResourceId(st))));
    assert!(!step.source.is_empty());
}
