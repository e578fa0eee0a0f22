//! Every type of resource as `az ml` has it.
//!
//! Azure docs: "CLI (v2) YAML schemas" (machine-learning/reference-yaml-overview), "az ml" (cli/azure/ml). What the
//! client writes by itself was read in `azure-ai-ml` 1.35 (MIT).

use super::{
    Field, Shape,
    Spelling::{
        Code, Conda, Flag, Identity, Implied, Is, Minutes, Named, Near, Open, OutboundRules, Same,
        Seconds, Words,
    },
};
use crate::export::script::COMPUTES;

const fn at(path: &'static str, key: &'static str, form: super::Spelling) -> Field {
    Field { path, key, form }
}

const WORKSPACES: &str = "Microsoft.MachineLearningServices/workspaces";
const DATASTORES: &str = "Microsoft.MachineLearningServices/workspaces/datastores";
const CONNECTIONS: &str = "Microsoft.MachineLearningServices/workspaces/connections";
pub(super) const ENVIRONMENTS: &str =
    "Microsoft.MachineLearningServices/workspaces/environments/versions";
const ENDPOINTS: &str = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints";
pub(super) const DEPLOYMENTS: &str =
    "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments";
const BATCH: &str = "Microsoft.MachineLearningServices/workspaces/batchEndpoints";

pub(super) const V1_INSTANCE: &[&str] =
    &["SDK v1: ComputeInstance.provisioning_configuration(), ComputeTarget.create()"];
pub(super) const V1_KUBERNETES: &[&str] =
    &["SDK v1: AksCompute.attach_configuration(), ComputeTarget.attach()"];
const V1_ENDPOINT: &[&str] =
    &["CLI of 2021: az ml endpoint create; SDK v1: AksWebservice, AciWebservice"];
const V1_DEPLOYMENT: &[&str] =
    &["SDK v1: Model.deploy(), InferenceConfig, AksWebservice.deploy_configuration()"];
const V1_CONNECTION: &[&str] = &[
    "SDK v1: Workspace.set_connection(name, category=\"ACR\", target, authType=\"RegistryConnection\", value)",
];
const V1_BLOB: &[&str] = &[
    "SDK v1: Datastore.register_azure_blob_container(grant_workspace_access=..., skip_validation=...)",
    "CLI v1: az ml datastore attach-blob --grant-workspace-msi-access",
];
const V1_FILE: &[&str] = &["SDK v1: Datastore.register_azure_file_share()"];
const V1_LAKE: &[&str] = &["SDK v1: Datastore.register_azure_data_lake_gen2()"];

const KEYS: &[(&str, &str, &str)] = &[
    ("Key", "key", "key"),
    ("AMLToken", "aml_token", "aml_token"),
    ("AADToken", "aad_token", "aad_token"),
];
const OPEN_OR_NOT: &[(&str, &str, &str)] =
    &[("Enabled", "enabled", "enabled"), ("Disabled", "disabled", "disabled")];

impl Shape {
    pub(in crate::export::ml) const fn job(
        schema: &'static str,
        class: &'static str,
        v1: &'static [&'static str],
    ) -> Shape {
        Shape {
            schema,
            command: "job create",
            method: ("jobs.create_or_update", false),
            class,
            v1,
            ..Shape::NONE
        }
    }

    /// What others differ from.
    const NONE: Shape = Shape {
        arm_type: "",
        when: &[],
        needs: &[],
        schema: "",
        command: "",
        method: ("", true),
        class: "",
        constants: &[],
        groups: &[],
        fields: &[],
        v1: &[],
    };
}

const COMPUTE: Shape = Shape {
    arm_type: COMPUTES,
    command: "compute create",
    method: ("compute.begin_create_or_update", true),
    ..Shape::NONE
};

const ENDPOINT: Shape = Shape {
    arm_type: ENDPOINTS,
    command: "online-endpoint create",
    method: ("online_endpoints.begin_create_or_update", true),
    v1: V1_ENDPOINT,
    ..Shape::NONE
};

const DEPLOYMENT: Shape = Shape {
    arm_type: DEPLOYMENTS,
    command: "online-deployment create",
    method: ("online_deployments.begin_create_or_update", true),
    groups: &[("code_configuration", "CodeConfiguration")],
    fields: &[
        // Where its endpoint is.
        at("location", "", Implied),
        at("sku.name", "", Is("Default")),
        at("sku.tier", "", Is("Standard")),
        at("sku.capacity", "instance_count", Same),
        at("properties.endpointComputeType", "", Implied),
        at("properties.description", "description", Same),
        at("properties.environmentId", "environment", Named),
        at("properties.instanceType", "instance_type", Same),
        at("properties.appInsightsEnabled", "app_insights_enabled", Same),
        at("properties.scaleSettings.scaleType", "", Is("Default")),
        at("properties.model", "model", Named),
        at("properties.codeConfiguration.codeId", "code_configuration.code", Code),
        at("properties.codeConfiguration.scoringScript", "code_configuration.scoring_script", Same),
        at(
            "properties.egressPublicNetworkAccess",
            "egress_public_network_access",
            Words(OPEN_OR_NOT),
        ),
        at("properties.environmentVariables", "environment_variables", Open),
    ],
    v1: V1_DEPLOYMENT,
    ..Shape::NONE
};

const DATASTORE: Shape = Shape {
    arm_type: DATASTORES,
    command: "datastore create",
    method: ("datastores.create_or_update", false),
    ..Shape::NONE
};

const BLOB: Shape = Shape {
    schema: "azureBlob",
    class: "AzureBlobDatastore",
    constants: &[("type", "azure_blob")],
    v1: V1_BLOB,
    ..DATASTORE
};
const FILE: Shape = Shape {
    schema: "azureFile",
    class: "AzureFileDatastore",
    constants: &[("type", "azure_file")],
    v1: V1_FILE,
    ..DATASTORE
};
const LAKE: Shape = Shape {
    schema: "azureDataLakeGen2",
    class: "AzureDataLakeGen2Datastore",
    constants: &[("type", "azure_data_lake_gen2")],
    v1: V1_LAKE,
    ..DATASTORE
};

/// What every datastore has. Studio's access as the workspace has no word in v2.
macro_rules! datastore_fields {
    ($($more:expr),* $(,)?) => {
        &[
            at("properties.description", "description", Same),
            at("properties.tags", "tags", Open),
            at("properties.accountName", "account_name", Same),
            at("properties.containerName", "container_name", Same),
            at("properties.fileShareName", "file_share_name", Same),
            at("properties.filesystem", "filesystem", Same),
            at("properties.endpoint", "endpoint", Same),
            at("properties.protocol", "protocol", Same),
            at("properties.serviceDataAccessAuthIdentity", "", Is("None")),
            at("properties.credentials.secrets.secretsType", "", Implied),
            $($more),*
        ]
    };
}

const NO_KEY: &[Field] = datastore_fields![];
const ACCOUNT_KEY: &[Field] =
    datastore_fields![at("properties.credentials.secrets.key", "credentials.account_key", Same)];
const SAS: &[Field] =
    datastore_fields![at("properties.credentials.secrets.sasToken", "credentials.sas_token", Same)];
const PRINCIPAL: &[Field] = datastore_fields![
    at("properties.credentials.tenantId", "credentials.tenant_id", Same),
    at("properties.credentials.clientId", "credentials.client_id", Same),
    at("properties.credentials.secrets.clientSecret", "credentials.client_secret", Same),
];
const CERTIFICATE: &[Field] = datastore_fields![
    at("properties.credentials.tenantId", "credentials.tenant_id", Same),
    at("properties.credentials.clientId", "credentials.client_id", Same),
    at("properties.credentials.thumbprint", "credentials.thumbprint", Same),
    at("properties.credentials.secrets.certificate", "credentials.certificate", Same),
];

macro_rules! datastore {
    ($base:expr, $kind:literal, $credentials:literal, $class:literal, $fields:expr) => {
        Shape {
            when: &[
                ("properties.datastoreType", $kind),
                ("properties.credentials.credentialsType", $credentials),
            ],
            groups: &[("credentials", $class)],
            fields: $fields,
            ..$base
        }
    };
}

const CONNECTION: Shape = Shape {
    arm_type: CONNECTIONS,
    schema: "",
    command: "connection create",
    method: ("connections.create_or_update", false),
    class: "WorkspaceConnection",
    v1: V1_CONNECTION,
    ..Shape::NONE
};

macro_rules! connection {
    ($category:literal, $kind:literal, $auth:literal, $auth_kind:literal, $class:literal, $($more:expr),* $(,)?) => {
        Shape {
            when: &[("properties.category", $category), ("properties.authType", $auth)],
            constants: &[("credentials.type", $auth_kind)],
            groups: &[("credentials", $class)],
            fields: &[
                at("properties.category", "type", Words(&[($category, $kind, $kind)])),
                at("properties.target", "target", Same),
                at("properties.isSharedToAll", "is_shared", Same),
                $($more),*
            ],
            ..CONNECTION
        }
    };
}

const USERNAME: Field = at("properties.credentials.username", "credentials.username", Same);
const PASSWORD: Field = at("properties.credentials.password", "credentials.password", Same);
const PAT: Field = at("properties.credentials.pat", "credentials.pat", Same);

pub(super) static SHAPES: &[Shape] = &[
    Shape {
        arm_type: WORKSPACES,
        // Without one the client makes one, and a Log Analytics workspace.
        needs: &["properties.applicationInsights"],
        schema: "workspace",
        command: "workspace create",
        method: ("workspaces.begin_create", true),
        class: "Workspace",
        groups: &[
            ("managed_network", "ManagedNetwork"),
            ("customer_managed_key", "CustomerManagedKey"),
            ("serverless_compute", "ServerlessComputeSettings"),
        ],
        fields: &[
            at("kind", "", Is("Default")),
            at("sku.name", "", Is("Basic")),
            at("sku.tier", "", Is("Basic")),
            at("properties.friendlyName", "display_name", Same),
            at("properties.description", "description", Same),
            at("properties.storageAccount", "storage_account", Same),
            at("properties.keyVault", "key_vault", Near),
            at("properties.containerRegistry", "container_registry", Near),
            at("properties.applicationInsights", "application_insights", Near),
            at("properties.publicNetworkAccess", "public_network_access", Same),
            at("identity", "identity", Identity { by_id: true }),
            at("properties.primaryUserAssignedIdentity", "primary_user_assigned_identity", Same),
            at(
                "properties.systemDatastoresAuthMode",
                "system_datastores_auth_mode",
                Words(&[
                    ("AccessKey", "accesskey", "accesskey"),
                    ("Identity", "identity", "identity"),
                ]),
            ),
            at(
                "properties.managedNetwork.isolationMode",
                "managed_network.isolation_mode",
                Words(&[
                    ("Disabled", "disabled", "Disabled"),
                    ("AllowInternetOutbound", "allow_internet_outbound", "AllowInternetOutbound"),
                    (
                        "AllowOnlyApprovedOutbound",
                        "allow_only_approved_outbound",
                        "AllowOnlyApprovedOutbound",
                    ),
                ]),
            ),
            at(
                "properties.managedNetwork.firewallSku",
                "managed_network.firewall_sku",
                Words(&[("Standard", "standard", "Standard"), ("Basic", "basic", "Basic")]),
            ),
            at(
                "properties.managedNetwork.outboundRules",
                "managed_network.outbound_rules",
                OutboundRules,
            ),
            at("properties.provisionNetworkNow", "provision_network_now", Same),
            at("properties.imageBuildCompute", "image_build_compute", Same),
            at("properties.hbiWorkspace", "hbi_workspace", Same),
            at("properties.enableDataIsolation", "enable_data_isolation", Same),
            at(
                "properties.serverlessComputeSettings.serverlessComputeCustomSubnet",
                "serverless_compute.custom_subnet",
                Same,
            ),
            at(
                "properties.serverlessComputeSettings.serverlessComputeNoPublicIP",
                "serverless_compute.no_public_ip",
                Same,
            ),
            at("properties.encryption.status", "", Is("Enabled")),
            at(
                "properties.encryption.keyVaultProperties.keyVaultArmId",
                "customer_managed_key.key_vault",
                Same,
            ),
            at(
                "properties.encryption.keyVaultProperties.keyIdentifier",
                "customer_managed_key.key_uri",
                Same,
            ),
        ],
        v1: &[
            "SDK v1: Workspace.create(primary_user_assigned_identity=...), Workspace.get(), Workspace.from_config()",
            "CLI v1: az ml workspace create --container-registry, --primary-user-assigned-identity",
        ],
        ..Shape::NONE
    },
    Shape {
        when: &[("properties.computeType", "AmlCompute")],
        schema: "amlCompute",
        class: "AmlCompute",
        constants: &[("type", "amlcompute")],
        groups: &[
            ("network_settings", "NetworkSettings"),
            ("ssh_settings", "AmlComputeSshSettings"),
        ],
        fields: &[
            at("properties.description", "description", Same),
            at("properties.properties.osType", "", Is("Linux")),
            at("properties.properties.vmSize", "size", Same),
            at(
                "properties.properties.vmPriority",
                "tier",
                Words(&[
                    ("Dedicated", "dedicated", "dedicated"),
                    ("LowPriority", "low_priority", "low_priority"),
                ]),
            ),
            at("properties.properties.scaleSettings.minNodeCount", "min_instances", Same),
            at("properties.properties.scaleSettings.maxNodeCount", "max_instances", Same),
            at(
                "properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown",
                "idle_time_before_scale_down",
                Seconds,
            ),
            at("properties.properties.enableNodePublicIp", "enable_node_public_ip", Same),
            at(
                "properties.properties.remoteLoginPortPublicAccess",
                "ssh_public_access_enabled",
                Flag(&[("Enabled", Some(true)), ("Disabled", Some(false)), ("NotSpecified", None)]),
            ),
            at(
                "properties.properties.userAccountCredentials.adminUserName",
                "ssh_settings.admin_username",
                Same,
            ),
            at(
                "properties.properties.userAccountCredentials.adminUserSshPublicKey",
                "ssh_settings.ssh_key_value",
                Same,
            ),
            at("properties.properties.subnet.id", "network_settings.subnet", Same),
            at("identity", "identity", Identity { by_id: false }),
        ],
        v1: &[
            "SDK v1: AmlCompute.provisioning_configuration(identity_type=...), ComputeTarget.create()",
            "CLI v1: az ml computetarget create amlcompute --assign-identity, az ml computetarget amlcompute identity assign",
        ],
        ..COMPUTE
    },
    Shape {
        when: &[("properties.computeType", "ComputeInstance")],
        schema: "computeInstance",
        class: "ComputeInstance",
        constants: &[("type", "computeinstance")],
        groups: &[
            ("network_settings", "NetworkSettings"),
            ("ssh_settings", "ComputeInstanceSshSettings"),
            ("create_on_behalf_of", "AssignedUserConfiguration"),
        ],
        fields: &[
            at("properties.description", "description", Same),
            at("properties.properties.vmSize", "size", Same),
            at("properties.properties.enableNodePublicIp", "enable_node_public_ip", Same),
            at("properties.properties.enableSSO", "enable_sso", Same),
            // The client always asks for sharing, so that a personal instance is not its to make.
            at("properties.properties.applicationSharingPolicy", "", Is("Shared")),
            at("properties.properties.subnet.id", "network_settings.subnet", Same),
            at(
                "properties.properties.sshSettings.sshPublicAccess",
                "ssh_public_access_enabled",
                Flag(&[("Enabled", Some(true)), ("Disabled", Some(false))]),
            ),
            at(
                "properties.properties.sshSettings.adminPublicKey",
                "ssh_settings.ssh_key_value",
                Same,
            ),
            at(
                "properties.properties.idleTimeBeforeShutdown",
                "idle_time_before_shutdown",
                Minutes("idle_time_before_shutdown_minutes"),
            ),
            at("properties.properties.computeInstanceAuthorizationType", "", Is("personal")),
            at(
                "properties.properties.personalComputeInstanceSettings.assignedUser.objectId",
                "create_on_behalf_of.user_object_id",
                Same,
            ),
            at(
                "properties.properties.personalComputeInstanceSettings.assignedUser.tenantId",
                "create_on_behalf_of.user_tenant_id",
                Same,
            ),
            at("identity", "identity", Identity { by_id: false }),
        ],
        v1: V1_INSTANCE,
        ..COMPUTE
    },
    Shape {
        when: &[("properties.computeType", "Kubernetes")],
        schema: "kubernetesCompute",
        command: "compute attach",
        method: ("compute.begin_attach", true),
        class: "KubernetesCompute",
        constants: &[("type", "kubernetes")],
        fields: &[
            // It would be taken for the place of the cluster.
            at("location", "", Implied),
            at("properties.resourceId", "resource_id", Same),
            at("properties.properties.namespace", "namespace", Same),
            at("identity", "identity", Identity { by_id: false }),
        ],
        v1: V1_KUBERNETES,
        ..COMPUTE
    },
    datastore!(BLOB, "AzureBlob", "None", "", NO_KEY),
    datastore!(BLOB, "AzureBlob", "AccountKey", "AccountKeyConfiguration", ACCOUNT_KEY),
    datastore!(BLOB, "AzureBlob", "Sas", "SasTokenConfiguration", SAS),
    datastore!(FILE, "AzureFile", "None", "", NO_KEY),
    datastore!(FILE, "AzureFile", "AccountKey", "AccountKeyConfiguration", ACCOUNT_KEY),
    datastore!(FILE, "AzureFile", "Sas", "SasTokenConfiguration", SAS),
    datastore!(LAKE, "AzureDataLakeGen2", "None", "", NO_KEY),
    datastore!(
        LAKE,
        "AzureDataLakeGen2",
        "ServicePrincipal",
        "ServicePrincipalConfiguration",
        PRINCIPAL
    ),
    datastore!(LAKE, "AzureDataLakeGen2", "Certificate", "CertificateConfiguration", CERTIFICATE),
    connection!(
        "ContainerRegistry",
        "container_registry",
        "ManagedIdentity",
        "managed_identity",
        "ManagedIdentityConfiguration",
        at("properties.credentials.clientId", "credentials.client_id", Same),
        at("properties.credentials.resourceId", "credentials.resource_id", Same),
    ),
    connection!(
        "ContainerRegistry",
        "container_registry",
        "UsernamePassword",
        "username_password",
        "UsernamePasswordConfiguration",
        USERNAME,
        PASSWORD,
    ),
    connection!("Git", "git", "PAT", "pat", "PatTokenConfiguration", PAT),
    connection!(
        "Git",
        "git",
        "UsernamePassword",
        "username_password",
        "UsernamePasswordConfiguration",
        USERNAME,
        PASSWORD,
    ),
    connection!("PythonFeed", "python_feed", "PAT", "pat", "PatTokenConfiguration", PAT),
    connection!(
        "PythonFeed",
        "python_feed",
        "UsernamePassword",
        "username_password",
        "UsernamePasswordConfiguration",
        USERNAME,
        PASSWORD,
    ),
    Shape {
        arm_type: ENVIRONMENTS,
        schema: "environment",
        command: "environment create",
        method: ("environments.create_or_update", false),
        class: "Environment",
        fields: &[
            at("properties.image", "image", Same),
            at("properties.osType", "os_type", Words(&[("Linux", "linux", "Linux")])),
            at("properties.condaFile", "conda_file", Conda),
            at("properties.description", "description", Same),
            at("properties.tags", "tags", Open),
        ],
        v1: &[
            "SDK v1: Environment(), docker.base_image, python.user_managed_dependencies, RegistryIdentity",
        ],
        ..Shape::NONE
    },
    Shape {
        when: &[("kind", "Managed")],
        schema: "managedOnlineEndpoint",
        class: "ManagedOnlineEndpoint",
        groups: &[("properties", "")],
        fields: &[
            at("properties.authMode", "auth_mode", Words(KEYS)),
            at("properties.publicNetworkAccess", "public_network_access", Words(OPEN_OR_NOT)),
            at("properties.description", "description", Same),
            at("properties.properties", "properties", Open),
            at("identity", "identity", Identity { by_id: false }),
        ],
        ..ENDPOINT
    },
    Shape {
        when: &[("kind", "K8S")],
        schema: "kubernetesOnlineEndpoint",
        class: "KubernetesOnlineEndpoint",
        fields: &[
            at("properties.authMode", "auth_mode", Words(KEYS)),
            // What it is without a word about it.
            at("properties.publicNetworkAccess", "", Is("Enabled")),
            at("properties.compute", "compute", Named),
            at("properties.description", "description", Same),
            at("properties.properties", "properties", Open),
            at("identity", "identity", Identity { by_id: false }),
        ],
        ..ENDPOINT
    },
    Shape {
        when: &[("kind", "Managed")],
        schema: "managedOnlineDeployment",
        class: "ManagedOnlineDeployment",
        ..DEPLOYMENT
    },
    Shape {
        when: &[("kind", "K8S")],
        schema: "kubernetesOnlineDeployment",
        class: "KubernetesOnlineDeployment",
        constants: &[("type", "kubernetes")],
        ..DEPLOYMENT
    },
    Shape {
        arm_type: BATCH,
        schema: "batchEndpoint",
        command: "batch-endpoint create",
        method: ("batch_endpoints.begin_create_or_update", true),
        class: "BatchEndpoint",
        fields: &[
            at("properties.authMode", "auth_mode", Words(KEYS)),
            at("properties.description", "description", Same),
        ],
        v1: &["SDK v1: ParallelRunStep, PublishedPipeline, PipelineEndpoint"],
        ..Shape::NONE
    },
];
