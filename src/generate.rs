//! Realistic designs of any size, for measurements: a hub network and as many teams as fit.
//!
//! Deterministic: the same count is the same design. Every prefix of the list is a design too, because a
//! resource refers only to those before it.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::{
    design::{Design, Place},
    kinds::{Form, Kind, Resource, ResourceId},
};

/// A design of exactly `count` resources.
pub fn design(count: usize) -> Design {
    let mut it = Builder { design: Design::default(), count, full: count == 0 };
    it.design.name = format!("Generated, {count} resources");
    let hub = it.hub();
    let mut team = 0;
    while !it.full {
        it.team(&hub, team);
        team += 1;
    }
    it.fit(hub.subscription, team);
    it.design
}

/// What every team's network is tied to.
struct Hub {
    subscription: ResourceId,
    network: ResourceId,
    zones: [ResourceId; 6],
}

/// The hub's resolver, which the networks of all teams ask: only the hub is linked with the zones.
const RESOLVER: &str = "10.0.1.4";

const ZONES: [&str; 6] = [
    "privatelink.api.azureml.ms",
    "privatelink.notebooks.azure.net",
    "privatelink.blob.core.windows.net",
    "privatelink.file.core.windows.net",
    "privatelink.vaultcore.azure.net",
    "privatelink.azurecr.io",
];

/// Width and height that a team takes, with the space around it.
const TEAM: [f64; 2] = [2200.0, 1100.0];
const HUB_HEIGHT: f64 = 560.0;

struct Builder {
    design: Design,
    count: usize,
    full: bool,
}

impl Builder {
    /// Adds a resource; once the count is reached, nothing more, and the caller goes on unharmed.
    fn add<const N: usize>(
        &mut self,
        kind: Kind,
        name: &str,
        parent: Option<ResourceId>,
        at: [f64; 4],
        settings: [(&str, Value); N],
    ) -> ResourceId {
        let id = self.design.next_id();
        if self.full {
            return id;
        }
        let mut it = Resource::new(kind, name, parent);
        for (key, value) in settings {
            it.settings.insert(key.to_owned(), value);
        }
        self.design.resources.0.insert(id, Arc::new(it));
        if !matches!(kind.info().form, Form::Edge { .. }) {
            let [x, y, width, height] = at;
            self.design.layout.insert(id, Place { x, y, width, height });
        }
        self.full = self.design.resources.0.len() == self.count;
        id
    }

    fn node<const N: usize>(
        &mut self,
        kind: Kind,
        name: &str,
        parent: ResourceId,
        [column, row]: [u32; 2],
        settings: [(&str, Value); N],
    ) -> ResourceId {
        let at = [24.0 + f64::from(column) * 240.0, 48.0 + f64::from(row) * 72.0, 216.0, 56.0];
        self.add(kind, name, Some(parent), at, settings)
    }

    /// Makes the subscription as large as its teams: four stand side by side.
    fn fit(&mut self, subscription: ResourceId, teams: u32) {
        if let Some(place) = self.design.layout.get_mut(&subscription) {
            place.width = 24.0 + TEAM[0] * f64::from(teams.clamp(1, 4));
            place.height = HUB_HEIGHT + TEAM[1] * f64::from(teams.div_ceil(4));
        }
    }

    fn hub(&mut self) -> Hub {
        let subscription = self.add(Kind::Subscription, "Contoso", None, [0.0; 4], []);
        let group = self.add(
            Kind::ResourceGroup,
            "rg-hub",
            Some(subscription),
            [24.0, 48.0, 1104.0, 480.0],
            [("location", json!("japaneast"))],
        );
        let network = self.add(
            Kind::VirtualNetwork,
            "vnet-hub",
            Some(group),
            [24.0, 48.0, 528.0, 408.0],
            [("addressSpace.addressPrefixes", json!(["10.0.0.0/16"]))],
        );
        let mut row = 0;
        let zones = ZONES.map(|name| {
            row += 1;
            self.node(
                Kind::PrivateDnsZone,
                name,
                group,
                [3, row - 1],
                [("virtualNetworkLinks", json!([{"virtualNetwork": network.0}]))],
            )
        });
        let subnet = self.add(
            Kind::Subnet,
            "snet-dns",
            Some(network),
            [24.0, 48.0, 480.0, 168.0],
            [
                ("addressPrefix", json!("10.0.1.0/28")),
                ("delegation", json!("Microsoft.Network/dnsResolvers")),
            ],
        );
        self.node(
            Kind::DnsResolver,
            "dnspr-hub",
            subnet,
            [0, 0],
            [("inboundEndpoint.privateIpAddress", json!(RESOLVER))],
        );
        Hub { subscription, network, zones }
    }

    /// One team: network, workspace and all that belongs to it, about forty resources.
    fn team(&mut self, hub: &Hub, n: u32) {
        let name = |it: &str| format!("{it}-t{n:03}");
        let flat = |it: &str| format!("{it}t{n:03}");
        // 10.1.0.0/22 upward: 16,000 teams fit in 10/8 beside the hub.
        let third = (n % 64) * 4;
        let second = 1 + n / 64;
        let range = |plus: u32, len: u32| json!(format!("10.{second}.{}.0/{len}", third + plus));
        let x = f64::from(n % 4) * TEAM[0];
        let y = HUB_HEIGHT + f64::from(n / 4) * TEAM[1];
        let group = self.add(
            Kind::ResourceGroup,
            &name("rg-ml"),
            Some(hub.subscription),
            [24.0 + x, y, 2160.0, 1060.0],
            [("location", json!("japaneast"))],
        );
        let network = self.add(
            Kind::VirtualNetwork,
            &name("vnet"),
            Some(group),
            [24.0, 48.0, 1080.0, 780.0],
            [
                ("addressSpace.addressPrefixes", json!([range(0, 22)])),
                ("dhcpOptions.dnsServers", json!([RESOLVER])),
            ],
        );
        for (from, to) in [(hub.network, network), (network, hub.network)] {
            self.add(
                Kind::VirtualNetworkPeering,
                &name("peer"),
                None,
                [0.0; 4],
                [
                    ("virtualNetwork", json!(from.0)),
                    ("remoteVirtualNetwork", json!(to.0)),
                    ("allowForwardedTraffic", json!(true)),
                ],
            );
        }
        let address = self.node(Kind::PublicIpAddress, &name("pip"), group, [5, 2], []);
        let nat = self.node(
            Kind::NatGateway,
            &name("nat"),
            group,
            [5, 1],
            [("publicIpAddresses", json!([address.0]))],
        );
        let out = |name: &str, priority: u32, to: &str, ports: &[&str]| {
            json!({"name": name, "priority": priority, "direction": "Outbound", "access": "Allow", "protocol": "Tcp",
                "destinationAddressPrefixes": [to], "destinationPortRanges": ports})
        };
        let filter = self.node(Kind::NetworkSecurityGroup, &name("nsg"), group, [5, 0], [(
            "securityRules",
            json!([
                out("AllowVnet", 100, "VirtualNetwork", &["443"]),
                out("AllowEntra", 110, "AzureActiveDirectory", &["80", "443"]),
                out("AllowAml", 120, "AzureMachineLearning", &["443", "8787", "18881"]),
                {"name": "AllowAmlUdp", "priority": 130, "direction": "Outbound", "access": "Allow", "protocol": "Udp",
                 "destinationAddressPrefixes": ["AzureMachineLearning"], "destinationPortRanges": ["5831"]},
                out("AllowArm", 140, "AzureResourceManager", &["443"]),
                {"name": "AllowBatch", "priority": 150, "direction": "Outbound", "access": "Allow", "protocol": "*",
                 "destinationAddressPrefixes": ["BatchNodeManagement.japaneast"], "destinationPortRanges": ["443"]},
                out("AllowStorage", 160, "Storage.japaneast", &["443"]),
                out("AllowImages", 170, "MicrosoftContainerRegistry", &["443"]),
                out("AllowFrontDoor", 180, "AzureFrontDoor.FirstParty", &["443"]),
                out("AllowStudio", 190, "AzureFrontDoor.Frontend", &["443"]),
                out("AllowMonitor", 200, "AzureMonitor", &["443"]),
                {"name": "DenyInternet", "priority": 4000, "direction": "Outbound", "access": "Deny", "protocol": "*",
                 "destinationAddressPrefixes": ["Internet"], "destinationPortRanges": ["*"]},
            ]),
        )]);
        let endpoints = self.add(
            Kind::Subnet,
            "snet-pe",
            Some(network),
            [24.0, 48.0, 504.0, 336.0],
            [("addressPrefix", range(0, 24))],
        );
        let training = self.add(
            Kind::Subnet,
            "snet-training",
            Some(network),
            [552.0, 48.0, 504.0, 336.0],
            [
                ("addressPrefix", range(1, 24)),
                ("networkSecurityGroup", json!(filter.0)),
                ("natGateway", json!(nat.0)),
            ],
        );
        let jump = self.add(
            Kind::Subnet,
            "snet-jump",
            Some(network),
            [24.0, 408.0, 504.0, 336.0],
            [("addressPrefix", range(2, 24)), ("natGateway", json!(nat.0))],
        );
        let storage = self.node(
            Kind::StorageAccount,
            &flat("st"),
            group,
            [6, 0],
            [
                ("publicNetworkAccess", json!("Disabled")),
                ("networkAcls.defaultAction", json!("Deny")),
            ],
        );
        let vault = self.node(
            Kind::KeyVault,
            &name("kv"),
            group,
            [6, 1],
            [("publicNetworkAccess", json!("Disabled"))],
        );
        let registry = self.node(
            Kind::ContainerRegistry,
            &flat("cr"),
            group,
            [6, 2],
            [("sku.name", json!("Premium")), ("publicNetworkAccess", json!("Disabled"))],
        );
        let logs = self.node(Kind::LogAnalyticsWorkspace, &name("log"), group, [6, 3], []);
        let insights = self.node(
            Kind::ApplicationInsights,
            &name("appi"),
            group,
            [6, 4],
            [("WorkspaceResourceId", json!(logs.0))],
        );
        let workspace = self.add(
            Kind::Workspace,
            &name("mlw"),
            Some(group),
            [1128.0, 560.0, 1000.0, 480.0],
            [
                ("publicNetworkAccess", json!("Disabled")),
                ("storageAccount", json!(storage.0)),
                ("keyVault", json!(vault.0)),
                ("containerRegistry", json!(registry.0)),
                ("applicationInsights", json!(insights.0)),
            ],
        );
        let [api, notebooks, blob, files, vaults, registries] = hub.zones;
        for (row, (target, face, zones)) in [
            (workspace, "amlworkspace", vec![api, notebooks]),
            (storage, "blob", vec![blob]),
            (storage, "file", vec![files]),
            (vault, "vault", vec![vaults]),
            (registry, "registry", vec![registries]),
        ]
        .into_iter()
        .enumerate()
        {
            let row = u32::try_from(row).unwrap_or(0);
            let zones: Vec<u32> = zones.iter().map(|it| it.0).collect();
            self.node(
                Kind::PrivateEndpoint,
                &name(&format!("pe-{face}")),
                endpoints,
                [row / 4, row % 4],
                [
                    ("privateLinkServiceId", json!(target.0)),
                    ("groupId", json!(face)),
                    ("privateDnsZoneGroups", json!(zones)),
                ],
            );
        }
        let identity = self.node(Kind::UserAssignedIdentity, &name("id"), group, [6, 5], []);
        let user = self.add(
            Kind::User,
            &format!("User {n}"),
            None,
            [f64::from(n % 32) * 240.0, -96.0 - f64::from(n / 32) * 72.0, 216.0, 56.0],
            [],
        );
        self.node(
            Kind::ComputeCluster,
            &name("cpu"),
            training,
            [0, 0],
            [
                ("workspace", json!(workspace.0)),
                ("enableNodePublicIp", json!(false)),
                ("identity.type", json!("UserAssigned")),
                ("identity.userAssignedIdentities", json!([identity.0])),
            ],
        );
        self.node(
            Kind::ComputeInstance,
            &name("ci"),
            training,
            [0, 1],
            [
                ("workspace", json!(workspace.0)),
                ("enableNodePublicIp", json!(false)),
                ("personalComputeInstanceSettings.assignedUser", json!(user.0)),
            ],
        );
        self.node(Kind::VirtualMachine, &name("vm"), jump, [0, 0], [("user", json!(user.0))]);
        let data =
            self.add(Kind::BlobContainer, "data", Some(storage), [24.0, 48.0, 168.0, 56.0], []);
        self.node(
            Kind::Datastore,
            "training_data",
            workspace,
            [0, 0],
            [("accountName", json!(storage.0)), ("containerName", json!(data.0))],
        );
        let endpoint = self.add(
            Kind::OnlineEndpoint,
            &name("ep"),
            Some(workspace),
            [24.0, 200.0, 480.0, 200.0],
            [("publicNetworkAccess", json!("Disabled"))],
        );
        let environment = self.node(Kind::EnvironmentImage, "sklearn", workspace, [2, 0], []);
        self.node(
            Kind::OnlineDeployment,
            "blue",
            endpoint,
            [0, 0],
            [("environment", json!(environment.0))],
        );
        for (principal, scope, role) in [
            (user, workspace, "AzureML Data Scientist"),
            (user, storage, "Storage Blob Data Contributor"),
            (identity, storage, "Storage Blob Data Reader"),
            (identity, registry, "AcrPull"),
        ] {
            self.add(
                Kind::RoleAssignment,
                role,
                None,
                [0.0; 4],
                [
                    ("principalId", json!(principal.0)),
                    ("scope", json!(scope.0)),
                    ("roleDefinitionId", json!(role)),
                ],
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::file;

    #[test]
    fn exactly_as_many_as_asked_for_and_always_the_same() {
        for count in [0, 1, 7, 50, 200, 1000] {
            let it = design(count);
            assert_eq!(it.resources.0.len(), count);
            assert_eq!(it, design(count));
        }
    }

    #[test]
    fn a_file_of_it_loads_without_a_warning() {
        let it = design(200);
        let loaded = file::load(file::save(&it).as_bytes()).unwrap();
        assert_eq!(loaded.warnings, []);
        assert_eq!(loaded.design, it);
    }

    #[test]
    fn every_resource_is_valid() {
        for it in design(200).resources.subjects() {
            assert_eq!(it.problems(), [], "{} {}", it.info().slug, it.name());
        }
    }
}
