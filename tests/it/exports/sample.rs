//! Valid designs that can be exported: one of Machine Learning, and one with every kind.

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
    // Access control lists need a hierarchical namespace, which the workspace's own account must not have.
    let lake =
        it.add(Kind::StorageAccount, "lakecontoso", Some(rg), json!({ "isHnsEnabled": true }));
    it.add(
        Kind::BlobContainer,
        "raw-data",
        Some(lake),
        json!({ "accessControl": [{ "principal": user, "path": "raw/a.csv", "read": true }] }),
    );
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

/// At least one resource of every kind.
pub(crate) fn every_kind() -> Design {
    let mut it = Builder(machine_learning());
    let named = |it: &Builder, name: &str| it.0.named(name).unwrap().0;
    let (subscription, rg) = (named(&it, "Contoso"), named(&it, "rg-ml"));
    let (net, storage) = (named(&it, "vnet"), named(&it, "stcontoso"));
    let (user, app) = (named(&it, "ana"), named(&it, "pipeline"));
    let asg = it.add(Kind::ApplicationSecurityGroup, "asg", Some(rg), json!({}));
    let nsg = it.add(
        Kind::NetworkSecurityGroup,
        "nsg",
        Some(rg),
        json!({ "securityRules": [{ "name": "web", "priority": 200, "description": "from the office" }] }),
    );
    it.add(
        Kind::NetworkManager,
        "avnm",
        Some(rg),
        json!({
            "virtualNetworks": [net],
            "securityAdminRules": [
                { "name": "no-ssh", "priority": 10, "destinationPortRanges": ["22"], "sources": ["Internet"],
                  "description": "for everybody" },
                { "name": "scanner", "priority": 5, "access": "AlwaysAllow", "protocol": "Tcp",
                  "sources": ["192.168.0.4", "192.168.0.5"], "virtualNetworks": [net] },
            ],
        }),
    );
    let routes = it.add(
        Kind::RouteTable,
        "rt",
        Some(rg),
        json!({ "routes": [{ "name": "out", "addressPrefix": "0.0.0.0/0", "nextHopType": "Internet" }] }),
    );
    let address = it.add(
        Kind::PublicIpAddress,
        "pip-nat",
        Some(rg),
        json!({ "dnsSettings.domainNameLabel": "contoso-web" }),
    );
    let nat = it.add(Kind::NatGateway, "nat", Some(rg), json!({ "publicIpAddresses": [address] }));
    let policy = it.add(
        Kind::ServiceEndpointPolicy,
        "sep",
        Some(rg),
        json!({ "serviceResources": [storage, rg, subscription], "machineLearning": true }),
    );
    let work = it.add(
        Kind::Subnet,
        "snet-work",
        Some(net),
        json!({ "addressPrefix": "10.0.1.0/24", "serviceEndpoints": ["Microsoft.Storage"], "serviceEndpointPolicies": [policy], "networkSecurityGroup": nsg, "routeTable": routes, "natGateway": nat }),
    );
    let firewall_subnet = it.add(
        Kind::Subnet,
        "AzureFirewallSubnet",
        Some(net),
        json!({ "addressPrefix": "10.0.2.0/26" }),
    );
    it.add(
        Kind::AzureFirewall,
        "afw",
        Some(firewall_subnet),
        json!({
            "networkRules": [{ "collection": "net", "priority": 300, "name": "time", "ipProtocols": ["UDP"],
                "sourceAddresses": ["10.0.0.0/16"], "destinationAddresses": ["*"], "destinationPorts": ["123"] }],
            "applicationRules": [{ "collection": "app", "priority": 400, "name": "pypi",
                "sourceAddresses": ["10.0.0.0/16"], "protocols": ["Https:443"], "targetFqdns": ["pypi.org"] }],
        }),
    );
    let bastion_subnet = it.add(
        Kind::Subnet,
        "AzureBastionSubnet",
        Some(net),
        json!({ "addressPrefix": "10.0.3.0/26" }),
    );
    it.add(Kind::BastionHost, "bas", Some(bastion_subnet), json!({}));
    let gateway_subnet =
        it.add(Kind::Subnet, "GatewaySubnet", Some(net), json!({ "addressPrefix": "10.0.4.0/26" }));
    let site = it.add(
        Kind::OnPremisesNetwork,
        "office",
        None,
        json!({ "gatewayIpAddress": "203.0.113.9", "dnsRecords": [{ "name": "files.corp.example", "addresses": ["192.168.0.4"] }] }),
    );
    it.add(
        Kind::VirtualNetworkGateway,
        "vgw",
        Some(gateway_subnet),
        json!({ "connections": [site] }),
    );
    let inbound = it.add(
        Kind::Subnet,
        "snet-dns-in",
        Some(net),
        json!({ "addressPrefix": "10.0.5.0/28", "delegation": "Microsoft.Network/dnsResolvers" }),
    );
    let outbound = it.add(
        Kind::Subnet,
        "snet-dns-out",
        Some(net),
        json!({ "addressPrefix": "10.0.5.16/28", "delegation": "Microsoft.Network/dnsResolvers" }),
    );
    it.add(
        Kind::DnsResolver,
        "dnspr",
        Some(inbound),
        json!({ "outboundEndpoint.subnet": outbound, "virtualNetworkLinks": [net],
            "forwardingRules": [{ "domainName": "corp.example.", "targetDnsServers": ["192.168.0.4"] }] }),
    );
    it.add(Kind::CustomDnsServer, "vm-dns", Some(work), json!({ "privateIPAddress": "10.0.1.53" }));
    let spoke = it.add(
        Kind::VirtualNetwork,
        "vnet-spoke",
        Some(rg),
        json!({ "addressSpace.addressPrefixes": ["10.1.0.0/16"] }),
    );
    it.add(
        Kind::VirtualNetworkPeering,
        "to-spoke",
        None,
        json!({ "virtualNetwork": net, "remoteVirtualNetwork": spoke, "peeringState": "Initiated" }),
    );
    let zone = it.add(
        Kind::PrivateDnsZone,
        "privatelink.blob.core.windows.net",
        Some(rg),
        json!({ "virtualNetworkLinks": [{ "virtualNetwork": net }], "records": [{ "name": "extra", "ttl": 60, "addresses": ["10.0.1.9"] }] }),
    );
    it.add(
        Kind::PrivateEndpoint,
        "pe-blob",
        Some(work),
        json!({ "privateLinkServiceId": storage, "groupId": "blob", "privateDnsZoneGroups": [zone],
            "applicationSecurityGroups": [asg] }),
    );
    let machine = it.add(Kind::VirtualMachine, "vm-jump", Some(work), json!({ "user": user }));
    let address = it.add(Kind::PublicIpAddress, "pip-lb", Some(rg), json!({}));
    it.add(
        Kind::LoadBalancer,
        "lb",
        Some(rg),
        json!({
            "frontendIPConfigurations": [{ "publicIPAddress": address }],
            "backendAddressPools": [{ "virtualMachines": [machine] }],
            "loadBalancingRules": [{ "name": "web" }],
            "outboundRules": [{ "allocatedOutboundPorts": 8000, "protocol": "Tcp" }],
        }),
    );
    it.add(
        Kind::LoadBalancer,
        "lbi",
        Some(rg),
        json!({
            "frontendIPConfigurations": [{ "subnet": work, "privateIPAddress": "10.0.1.99" }],
            "backendAddressPools": [{ "name": "apps", "virtualMachines": [machine] }],
            "loadBalancingRules": [{ "backendAddressPool": "apps", "protocol": "All", "frontendPort": 0, "backendPort": 0 }],
        }),
    );
    it.add(Kind::InternetClient, "laptop", None, json!({ "user": user }));
    it.add(Kind::OnPremisesClient, "desk", Some(site), json!({}));
    let team = it.add(Kind::Group, "team", None, json!({ "members": [user] }));
    let custom = it.add(
        Kind::CustomRole,
        "Job submitter",
        Some(subscription),
        json!({ "actions": ["Microsoft.MachineLearningServices/workspaces/jobs/*"], "description": "submits" }),
    );
    it.add(
        Kind::RoleAssignment,
        "team submits",
        None,
        json!({ "principalId": team, "scope": rg, "customRole": custom, "description": "for work" }),
    );
    it.add(
        Kind::RoleAssignment,
        "pipeline reads",
        None,
        json!({ "principalId": app, "scope": storage, "roleDefinitionId": "Storage Blob Data Reader" }),
    );
    let vault = named(&it, "kv-contoso");
    let insights = named(&it, "appi-contoso");
    let managed = it.add(
        Kind::Workspace,
        "mlw-managed",
        Some(rg),
        json!({
            "storageAccount": storage, "keyVault": vault, "applicationInsights": insights,
            "managedNetwork.isolationMode": "AllowOnlyApprovedOutbound",
            "managedNetwork.outboundRules": [{ "name": "pypi", "type": "FQDN", "destination.fqdn": "pypi.org" }],
        }),
    );
    it.add(Kind::KeyVaultKey, "ml-key", Some(vault), json!({ "kty": "RSA-HSM" }));
    it.add(
        Kind::KeyVaultSecret,
        "db-password",
        Some(vault),
        json!({ "contentType": "a password" }),
    );
    it.add(
        Kind::MachineLearningRegistry,
        "mlreg-contoso",
        Some(rg),
        json!({ "description": "shared models", "usedBy": user }),
    );
    it.add(Kind::Lock, "keep", Some(rg), json!({ "scope": storage, "notes": "ask first" }));
    it.add(Kind::DenyAssignment, "managed", Some(rg), json!({ "scope": rg }));
    it.add(Kind::RootScope, "all of the tenant", None, json!({}));
    it.add(Kind::ManagementGroup, "contoso-root", None, json!({ "displayName": "Contoso" }));
    it.add(Kind::Other, "sql", Some(rg), json!({ "type": "Microsoft.Sql/servers" }));
    it.add(Kind::Note, "for the review:\nask Contoso", Some(rg), json!({}));
    // A row in every table that takes text.
    let host = json!([{ "name": "api.contoso.example", "addresses": ["10.0.1.8"] }]);
    for (name, key, rows) in [
        (
            "afw",
            "natRules",
            json!([{ "collection": "dnat", "priority": 200, "name": "web", "ipProtocols": ["TCP"],
                "sourceAddresses": ["203.0.113.0/24"], "destinationAddresses": ["203.0.113.7"],
                "destinationPorts": ["443"], "translatedAddress": "10.0.1.5", "translatedPort": 443 }]),
        ),
        ("crcontoso", "replications", json!([{ "location": "japanwest" }])),
        ("vm-dns", "forwarders", json!([{ "zone": "corp.example", "to": ["192.168.0.4"] }])),
        ("vm-dns", "records", host.clone()),
        ("laptop", "hosts", host.clone()),
        ("desk", "hosts", host.clone()),
        ("vm-jump", "hosts", host),
        ("kv-contoso", "enableRbacAuthorization", json!(false)),
        (
            "kv-contoso",
            "accessPolicies",
            json!([{ "objectId": user, "permissions.secrets": ["get"] }]),
        ),
        ("office", "dnsForwarders", json!([{ "zone": "azure.example", "to": ["10.0.1.4"] }])),
        (
            "pe-blob",
            "ipConfigurations",
            json!([{ "memberName": "blob", "privateIPAddress": "10.0.1.20" }]),
        ),
        ("stcontoso", "networkAcls.resourceAccessRules", json!([{ "resourceId": managed }])),
    ] {
        let id = ResourceId(named(&it, name));
        let slot = it.0.resources.0.get_mut(&id).unwrap();
        Arc::make_mut(slot).settings.insert(key.to_owned(), rows);
    }
    it.0
}
