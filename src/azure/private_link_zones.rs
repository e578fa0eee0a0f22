//! Faces of services: which host names each one answers to, and how Private Link maps them.
//!
//! Azure docs: "Azure Private Endpoint private DNS zone values" (private-link/private-endpoint-dns),
//! "Use your workspace with a custom DNS server" (machine-learning/how-to-custom-dns), "Use private
//! endpoints for Azure Storage" (storage/common/storage-private-endpoints), "Set up private endpoint
//! with Private Link for Azure Container Registry" (container-registry-private-endpoints), "Configure
//! Private Link for Azure Monitor" (azure-monitor/logs/private-link-configure).
//!
//! Values in braces come from the design, see [`fill`](crate::azure::fill).

/// Which Azure the names belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cloud {
    #[default]
    Public,
    UsGovernment,
    China,
}

/// One face of a service: what one private endpoint can stand for.
#[derive(Debug)]
pub struct Face {
    pub cloud: Cloud,
    /// ARM type of the target.
    pub resource_type: &'static str,
    /// Target sub-resource (ARM: `groupIds`).
    pub group_id: &'static str,
    /// Read-only copy in the paired region, which has a sub-resource of its own.
    pub secondary: Option<&'static str>,
    /// TCP ports of the service. The first is the one for REST.
    pub ports: &'static [u16],
    /// What a DNS server outside Azure forwards to 168.63.129.16.
    pub public_suffixes: &'static [&'static str],
    /// Private DNS zones that a network needs, all of them.
    pub zones: &'static [&'static str],
    /// One private address each.
    pub members: &'static [Member],
}

/// Names that share one private address (ARM: `groupIds` member name of an IP configuration).
#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    /// Present only in some configurations.
    pub optional: bool,
    pub hosts: &'static [Host],
}

/// One host name and what stands for it in a private DNS zone.
#[derive(Debug)]
pub struct Host {
    /// Name that clients ask for.
    pub public: &'static str,
    /// Alias in public DNS while the target has a private endpoint connection. `None` where the docs
    /// print only the resulting address.
    pub alias: Option<&'static str>,
    /// Zone and record that answer the alias.
    pub record: Option<(&'static str, &'static str)>,
}

/// The face that a private endpoint with this `groupIds` entry stands for, in the public cloud.
pub fn find(resource_type: &str, group_id: &str) -> Option<&'static Face> {
    of_type(resource_type).find(|face| {
        face.group_id.eq_ignore_ascii_case(group_id)
            || face.secondary.is_some_and(|it| it.eq_ignore_ascii_case(group_id))
    })
}

/// Every face of a resource type, in the public cloud.
pub fn of_type(resource_type: &str) -> impl Iterator<Item = &'static Face> {
    FACES.iter().filter(move |face| {
        face.cloud == Cloud::Public && face.resource_type.eq_ignore_ascii_case(resource_type)
    })
}

/// The faces that a private DNS zone serves; none if the zone has no effect on Private Link.
pub fn served_by(zone: &str) -> impl Iterator<Item = &'static Face> {
    FACES.iter().filter(move |face| face.zones.iter().any(|it| it.eq_ignore_ascii_case(zone)))
}

/// Suffixes of the public names of all services that Private Link knows, as far as no region is in them.
pub fn public_suffixes() -> impl Iterator<Item = &'static str> {
    FACES.iter().flat_map(|it| it.public_suffixes).copied().filter(|it| !it.contains('{'))
}

/// The zone that was meant by a name which looks right and has no effect: the label of the zone is
/// not always the label of the host.
pub fn meant_zone(zone: &str) -> Option<&'static str> {
    MISTAKEN_ZONES
        .iter()
        .find(|(mistaken, _)| mistaken.eq_ignore_ascii_case(zone))
        .map(|&(_, meant)| meant)
}

static MISTAKEN_ZONES: &[(&str, &str)] =
    &[("privatelink.vault.azure.net", "privatelink.vaultcore.azure.net")];

const HTTPS: &[u16] = &[443];

/// Hosts of a storage account differ only in the label of the service.
macro_rules! storage {
    ($service:literal, $secondary:expr, $ports:expr) => {
        Face {
            cloud: Cloud::Public,
            resource_type: "Microsoft.Storage/storageAccounts",
            group_id: $service,
            secondary: $secondary,
            ports: $ports,
            public_suffixes: &[concat!($service, ".core.windows.net")],
            zones: &[concat!("privatelink.", $service, ".core.windows.net")],
            members: &[Member {
                name: $service,
                optional: false,
                hosts: &[Host {
                    public: concat!("{account}.", $service, ".core.windows.net"),
                    alias: Some(concat!("{account}.privatelink.", $service, ".core.windows.net")),
                    record: Some((
                        concat!("privatelink.", $service, ".core.windows.net"),
                        "{account}",
                    )),
                }],
            }],
        }
    };
}

pub static FACES: &[Face] = &[
    Face {
        cloud: Cloud::Public,
        resource_type: "Microsoft.MachineLearningServices/workspaces",
        group_id: "amlworkspace",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &[
            "api.azureml.ms",
            "notebooks.azure.net",
            "instances.azureml.ms",
            "instances.ml.azure.ms",
            "aznbcontent.net",
            "inference.ml.azure.com",
        ],
        zones: &["privatelink.api.azureml.ms", "privatelink.notebooks.azure.net"],
        members: &[
            Member {
                name: "api",
                optional: false,
                hosts: &[
                    Host {
                        public: "{workspace-guid}.workspace.{region}.api.azureml.ms",
                        alias: Some(
                            "{workspace-guid}.workspace.{region}.privatelink.api.azureml.ms",
                        ),
                        record: Some((
                            "privatelink.api.azureml.ms",
                            "{workspace-guid}.workspace.{region}",
                        )),
                    },
                    Host {
                        public: "{workspace-guid}.workspace.{region}.cert.api.azureml.ms",
                        alias: None,
                        record: None,
                    },
                    // Resolves to the workspace, not to the machine behind it.
                    Host {
                        public: "{compute-instance}.{region}.instances.ml.azure.ms",
                        alias: None,
                        record: None,
                    },
                    Host {
                        public: "{compute-instance}-22.{region}.instances.ml.azure.ms",
                        alias: None,
                        record: None,
                    },
                ],
            },
            Member {
                name: "notebook",
                optional: false,
                hosts: &[Host {
                    public: "ml-{workspace-name-truncated}-{region}-{workspace-guid}.{region}.notebooks.azure.net",
                    alias: Some(
                        "ml-{workspace-name-truncated}-{region}-{workspace-guid}.{region}.privatelink.notebooks.azure.net",
                    ),
                    record: Some((
                        "privatelink.notebooks.azure.net",
                        "ml-{workspace-name-truncated}-{region}-{workspace-guid}.{region}",
                    )),
                }],
            },
            Member {
                name: "inference",
                optional: false,
                hosts: &[Host {
                    public: "{endpoint}.{region}.inference.ml.azure.com",
                    alias: Some(
                        "{endpoint}.{workspace-guid}.inference.{region}.privatelink.api.azureml.ms",
                    ),
                    record: Some((
                        "privatelink.api.azureml.ms",
                        "*.{workspace-guid}.inference.{region}",
                    )),
                }],
            },
        ],
    },
    // The docs of the two other clouds print zones and suffixes only.
    Face {
        cloud: Cloud::UsGovernment,
        resource_type: "Microsoft.MachineLearningServices/workspaces",
        group_id: "amlworkspace",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &[
            "api.ml.azure.us",
            "notebooks.usgovcloudapi.net",
            "instances.ml.azure.us",
            "aznbcontent.net",
            "inference.ml.azure.us",
        ],
        zones: &["privatelink.api.ml.azure.us", "privatelink.notebooks.usgovcloudapi.net"],
        members: &[],
    },
    Face {
        cloud: Cloud::China,
        resource_type: "Microsoft.MachineLearningServices/workspaces",
        group_id: "amlworkspace",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &[
            "api.ml.azure.cn",
            "notebooks.chinacloudapi.cn",
            "instances.ml.azure.ms",
            "aznbcontent.net",
            "inference.ml.azure.cn",
        ],
        zones: &["privatelink.api.ml.azure.cn", "privatelink.notebooks.chinacloudapi.cn"],
        members: &[],
    },
    // The storage and the container registry that Azure manages for a registry need endpoints of
    // their own. The docs print no host of the registry itself.
    Face {
        cloud: Cloud::Public,
        resource_type: "Microsoft.MachineLearningServices/registries",
        group_id: "amlregistry",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &["api.azureml.ms"],
        zones: &["privatelink.api.azureml.ms"],
        members: &[],
    },
    storage!("blob", Some("blob_secondary"), HTTPS),
    // SMB beside REST.
    storage!("file", None, &[443, 445]),
    storage!("queue", Some("queue_secondary"), HTTPS),
    storage!("table", Some("table_secondary"), HTTPS),
    storage!("dfs", Some("dfs_secondary"), HTTPS),
    storage!("web", Some("web_secondary"), HTTPS),
    Face {
        cloud: Cloud::Public,
        resource_type: "Microsoft.KeyVault/vaults",
        group_id: "vault",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &["vault.azure.net", "vaultcore.azure.net"],
        zones: &["privatelink.vaultcore.azure.net"],
        members: &[Member {
            name: "default",
            optional: false,
            hosts: &[Host {
                public: "{vault}.vault.azure.net",
                // Only while at least one connection is approved.
                alias: Some("{vault}.privatelink.vaultcore.azure.net"),
                record: Some(("privatelink.vaultcore.azure.net", "{vault}")),
            }],
        }],
    },
    // Premium only. A second region adds an address.
    Face {
        cloud: Cloud::Public,
        resource_type: "Microsoft.ContainerRegistry/registries",
        group_id: "registry",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &["azurecr.io", "{region}.azurecr.io"],
        zones: &["privatelink.azurecr.io"],
        members: &[
            Member {
                name: "registry",
                optional: false,
                hosts: &[Host {
                    public: "{acr}.azurecr.io",
                    alias: Some("{acr}.privatelink.azurecr.io"),
                    record: Some(("privatelink.azurecr.io", "{acr}")),
                }],
            },
            Member {
                name: "registry_data_{region}",
                optional: false,
                hosts: &[Host {
                    public: "{acr}.{region}.data.azurecr.io",
                    alias: Some("{acr}.{region}.data.privatelink.azurecr.io"),
                    record: Some(("privatelink.azurecr.io", "{acr}.{region}.data")),
                }],
            },
            // When regional endpoints are on.
            Member {
                name: "registry_{region}",
                optional: true,
                hosts: &[Host {
                    public: "{acr}.{region}.geo.azurecr.io",
                    alias: Some("{acr}.{region}.geo.privatelink.azurecr.io"),
                    record: Some(("privatelink.azurecr.io", "{acr}.{region}.geo")),
                }],
            },
        ],
    },
    // One endpoint to a scope, not one per monitored resource. A network has room for one scope:
    // its zones answer for every Azure Monitor resource, inside the scope or not.
    Face {
        cloud: Cloud::Public,
        resource_type: "Microsoft.Insights/privateLinkScopes",
        group_id: "azuremonitor",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &[
            "monitor.azure.com",
            "oms.opinsights.azure.com",
            "ods.opinsights.azure.com",
            "agentsvc.azure-automation.net",
            "blob.core.windows.net",
        ],
        zones: &[
            "privatelink.monitor.azure.com",
            "privatelink.oms.opinsights.azure.com",
            "privatelink.ods.opinsights.azure.com",
            "privatelink.agentsvc.azure-automation.net",
            "privatelink.blob.core.windows.net",
        ],
        members: &[
            Member {
                name: "application-insights",
                optional: false,
                hosts: &[Host {
                    public: "{ingestion-region}.in.applicationinsights.azure.com",
                    alias: Some("{ingestion-region}.in.ai.privatelink.monitor.azure.com"),
                    record: Some(("privatelink.monitor.azure.com", "{ingestion-region}.in.ai")),
                }],
            },
            Member {
                name: "log-analytics",
                optional: false,
                hosts: &[
                    Host {
                        public: "{log-analytics-id}.ods.opinsights.azure.com",
                        alias: Some("{log-analytics-id}.privatelink.ods.opinsights.azure.com"),
                        record: Some((
                            "privatelink.ods.opinsights.azure.com",
                            "{log-analytics-id}",
                        )),
                    },
                    Host {
                        public: "{log-analytics-id}.oms.opinsights.azure.com",
                        alias: Some("{log-analytics-id}.privatelink.oms.opinsights.azure.com"),
                        record: Some((
                            "privatelink.oms.opinsights.azure.com",
                            "{log-analytics-id}",
                        )),
                    },
                ],
            },
        ],
    },
    Face {
        cloud: Cloud::Public,
        resource_type: "Microsoft.CognitiveServices/accounts",
        group_id: "account",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &[
            "cognitiveservices.azure.com",
            "openai.azure.com",
            "services.ai.azure.com",
        ],
        zones: &[
            "privatelink.cognitiveservices.azure.com",
            "privatelink.openai.azure.com",
            "privatelink.services.ai.azure.com",
        ],
        members: &[Member {
            name: "default",
            optional: false,
            hosts: &[
                Host {
                    public: "{account}.cognitiveservices.azure.com",
                    alias: Some("{account}.privatelink.cognitiveservices.azure.com"),
                    record: Some(("privatelink.cognitiveservices.azure.com", "{account}")),
                },
                Host {
                    public: "{account}.openai.azure.com",
                    alias: Some("{account}.privatelink.openai.azure.com"),
                    record: Some(("privatelink.openai.azure.com", "{account}")),
                },
            ],
        }],
    },
    Face {
        cloud: Cloud::Public,
        resource_type: "Microsoft.Search/searchServices",
        group_id: "searchService",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &["search.windows.net"],
        zones: &["privatelink.search.windows.net"],
        members: &[Member {
            name: "default",
            optional: false,
            hosts: &[Host {
                public: "{search}.search.windows.net",
                alias: Some("{search}.privatelink.search.windows.net"),
                record: Some(("privatelink.search.windows.net", "{search}")),
            }],
        }],
    },
    Face {
        cloud: Cloud::Public,
        resource_type: "Microsoft.ContainerService/managedClusters",
        group_id: "management",
        secondary: None,
        ports: HTTPS,
        public_suffixes: &["{region}.azmk8s.io"],
        zones: &["privatelink.{region}.azmk8s.io"],
        // Its name is below the zone's and known nowhere else. A hash before the zone is left out.
        members: &[Member {
            name: "management",
            optional: false,
            hosts: &[Host {
                public: "{cluster}.privatelink.{region}.azmk8s.io",
                alias: Some("{cluster}.privatelink.{region}.azmk8s.io"),
                record: Some(("privatelink.{region}.azmk8s.io", "{cluster}")),
            }],
        }],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secondary_sub_resource_leads_to_its_face() {
        let face = find("microsoft.storage/storageaccounts", "blob_secondary").unwrap();
        assert_eq!(face.group_id, "blob");
        // storage-private-endpoints lists no file_secondary.
        assert!(find("Microsoft.Storage/storageAccounts", "file_secondary").is_none());
    }

    #[test]
    fn the_vault_zone_is_not_named_after_the_host() {
        let face = find("Microsoft.KeyVault/vaults", "vault").unwrap();
        assert_eq!(face.zones, ["privatelink.vaultcore.azure.net"]);
        assert_eq!(served_by("privatelink.vault.azure.net").count(), 0);
        assert_eq!(
            meant_zone("privatelink.vault.azure.net"),
            Some("privatelink.vaultcore.azure.net")
        );
    }

    #[test]
    fn a_registry_takes_two_addresses_in_one_region() {
        let face = find("Microsoft.ContainerRegistry/registries", "registry").unwrap();
        assert_eq!(face.members.iter().filter(|it| !it.optional).count(), 2);
    }

    #[test]
    fn every_record_lives_in_a_zone_of_its_face() {
        for face in FACES {
            for host in face.members.iter().flat_map(|it| it.hosts) {
                if let Some((zone, _)) = host.record {
                    assert!(face.zones.contains(&zone), "{}", host.public);
                    assert!(host.alias.unwrap().ends_with(zone), "{}", host.public);
                }
            }
        }
    }

    #[test]
    fn both_the_blob_face_and_a_monitor_scope_use_the_blob_zone() {
        let faces: Vec<_> =
            served_by("privatelink.blob.core.windows.net").map(|it| it.group_id).collect();
        assert_eq!(faces, ["blob", "azuremonitor"]);
    }
}
