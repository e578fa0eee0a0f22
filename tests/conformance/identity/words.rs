//! What the words of a case's `config` mean as settings.
//!
//! A text is read phrase by phrase, the longest first; then the names in it. A word that is neither
//! known nor plain grammar is told as unread, so that nothing it says is lost in silence.

use drawbridge::kinds::{Kind, ResourceId};
use serde_json::{Map, Value, json};

use super::design::{Builder, identity_key};
use crate::reader::{flag_of, text_of, texts_of};

/// Words in lower case; names keep their hyphens, dots, colons and underscores.
pub(super) struct Words<'a>(std::str::Split<'a, fn(char) -> bool>);

impl Words<'_> {
    pub(super) fn of(text: &str) -> Words<'_> {
        let border: fn(char) -> bool =
            |it| !(it.is_alphanumeric() || matches!(it, '-' | '_' | '.' | ':'));
        Words(text.split(border))
    }
}

impl Iterator for Words<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.0
            .by_ref()
            .map(|it| it.trim_matches(['.', ':', '-', '_']).to_ascii_lowercase())
            .find(|it| !it.is_empty())
    }
}

fn numbered(name: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|it| it.is_ascii_digit()))
    })
}

/// How the cases name things, and the resource group they stand in when no id says it.
pub(super) fn kind_of_name(name: &str) -> Option<(Kind, &'static str)> {
    let letters = name.trim_end_matches(|it: char| it.is_ascii_digit());
    let after = |prefix: &str| {
        name.strip_prefix(prefix).is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
        })
    };
    let roles = ["acrpull", "acrpush", "acrdelete", "acrs", "acrimagesigner", "uais", "uai-"];
    if roles.contains(&name) {
        return None;
    }
    Some(match letters {
        "stdef" => (Kind::StorageAccount, "rg-ml"),
        "stext" | "stdata" | "stadls" | "sthns" | "stlake" | "stdl" | "stgen" => {
            (Kind::StorageAccount, "rg-data")
        }
        "acrws" => (Kind::ContainerRegistry, "rg-ml"),
        "kvws" | "kvdef" => (Kind::KeyVault, "rg-ml"),
        "cpu-only" | "gpu-only" | "cpu-based" | "gpu-based" => return None,
        "build-cluster" | "train-cluster" | "training-cluster" | "ml-cluster" | "aml-cluster" => {
            (Kind::ComputeCluster, "rg-ml")
        }
        _ if after("cpu-") || after("gpu-") => (Kind::ComputeCluster, "rg-ml"),
        _ if numbered(name, &["ws"]) => (Kind::Workspace, "rg-ml"),
        _ if numbered(name, &["cluster", "cpu", "gpu", "build", "cpucluster"]) => {
            (Kind::ComputeCluster, "rg-ml")
        }
        _ if numbered(name, &["ci", "instance"]) => (Kind::ComputeInstance, "rg-ml"),
        _ if numbered(name, &["vm"]) => (Kind::VirtualMachine, "rg-ml"),
        _ if numbered(name, &["aks", "k8s", "arc"]) => (Kind::AttachedKubernetes, "rg-aks"),
        _ if numbered(name, &["ep", "endpoint"]) => (Kind::OnlineEndpoint, "rg-ml"),
        _ if numbered(name, &["be", "bep"]) => (Kind::BatchEndpoint, "rg-ml"),
        _ if numbered(name, &["mlreg", "reg"]) => (Kind::MachineLearningRegistry, "rg-shared"),
        _ if numbered(name, &["appi", "ai", "appins", "insights"]) => {
            (Kind::ApplicationInsights, "rg-ml")
        }
        _ if numbered(name, &["vnet"]) => (Kind::VirtualNetwork, "rg-net"),
        _ if numbered(name, &["c"]) => (Kind::BlobContainer, "rg-data"),
        _ if after("snet-") || numbered(name, &["snet", "subnet"]) => (Kind::Subnet, "rg-net"),
        _ if after("pe-") => (Kind::PrivateEndpoint, "rg-net"),
        _ if after("acr") => (Kind::ContainerRegistry, "rg-shared"),
        _ if after("kv") => (Kind::KeyVault, "rg-sec"),
        _ if numbered(name, &["uai"]) => (Kind::UserAssignedIdentity, "rg-ml"),
        _ if after("uai") => (Kind::UserAssignedIdentity, "rg-shared"),
        _ => return None,
    })
}

/// A meaning: kinds it is for, phrases, setting, value. Without a setting it only tells people something.
type Meaning = (&'static [Kind], &'static [&'static str], &'static str, &'static str);

const CLUSTER: &[Kind] = &[Kind::ComputeCluster];
const INSTANCE: &[Kind] = &[Kind::ComputeInstance];
const WORKSPACE: &[Kind] = &[Kind::Workspace];
const DATASTORE: &[Kind] = &[Kind::Datastore];
const JOB: &[Kind] = &[Kind::Job];
const ENDPOINT: &[Kind] = &[Kind::OnlineEndpoint];
const DEPLOYMENT: &[Kind] = &[Kind::OnlineDeployment];
const ENVIRONMENT: &[Kind] = &[Kind::EnvironmentImage];
const STORAGE: &[Kind] = &[Kind::StorageAccount];
const VAULT: &[Kind] = &[Kind::KeyVault];
const REGISTRY: &[Kind] = &[Kind::ContainerRegistry];
const KUBERNETES: &[Kind] = &[Kind::AttachedKubernetes];
const CONNECTION: &[Kind] = &[Kind::WorkspaceConnection];
const IDENTITY: &[Kind] = &[Kind::UserAssignedIdentity];
const SUBSCRIPTION: &[Kind] = &[Kind::Subscription];
const INSIGHTS: &[Kind] = &[Kind::ApplicationInsights];

const MEANINGS: &[Meaning] = &[
    // Computes.
    (CLUSTER, &["with acrpull", "acrpull"], "", ""),
    (CLUSTER, &["created after", "made after", "newer than"], "createdBeforeRegistry", "false"),
    (
        CLUSTER,
        &["created before", "made before", "older than", "existed before", "predates"],
        "createdBeforeRegistry",
        "true",
    ),
    (
        CLUSTER,
        &[
            "automatic acrpull",
            "without storage role",
            "created",
            "no storage role",
            "without a role",
            "no role",
            "amlcompute",
            "the acr existed",
            "the registry existed",
            "acr existed",
            "registry existed",
            "virtual network",
            "subnet",
            "vnet",
            "compute cluster",
            "cluster",
        ],
        "",
        "",
    ),
    (
        INSTANCE,
        &[
            "compute instance",
            "instance",
            "created by",
            "created for",
            "created on behalf of",
            "idle shutdown enabled",
            "idle shutdown",
            "owner",
            "owned by",
            "assigned to",
            "belongs to",
            "on behalf of",
        ],
        "",
        "",
    ),
    (
        INSTANCE,
        &[
            "single sign-on off",
            "single sign-on disabled",
            "single sign-on not enabled",
            "without single sign-on",
            "no single sign-on",
            "sso off",
            "sso disabled",
            "sso is off",
            "sso not enabled",
            "sso not on",
            "without sso",
            "no sso",
        ],
        "enableSSO",
        "false",
    ),
    (
        INSTANCE,
        &["single sign-on on", "single sign-on enabled", "sso on", "sso enabled"],
        "enableSSO",
        "true",
    ),
    (
        KUBERNETES,
        &[
            "managed identity of the cluster",
            "own cluster",
            "bring-your-own cluster",
            "bring-your-own",
            "attached",
            "bring your own cluster",
            "existing cluster",
            "aks cluster",
            "arc",
            "aks",
        ],
        "",
        "",
    ),
    (
        KUBERNETES,
        &["token authentication", "token auth", "auth token", "auth_mode token", "token"],
        "webServiceAuth",
        "\"token\"",
    ),
    (
        KUBERNETES,
        &["key authentication", "key auth", "auth key", "auth_mode key", "key"],
        "webServiceAuth",
        "\"key\"",
    ),
    (KUBERNETES, &["computetype aks", "attached the v1 way", "v1"], "computeType", "\"AKS\""),
    // Workspace.
    (
        WORKSPACE,
        &["created before 2024-11-19", "made before 2024-11-19", "contributor on rg-ml"],
        "createdBefore20241119",
        "true",
    ),
    (
        WORKSPACE,
        &["created after 2024-11-19", "made after 2024-11-19", "azure ai administrator on rg-ml"],
        "createdBefore20241119",
        "false",
    ),
    (WORKSPACE, &["v1 legacy mode", "v1_legacy_mode", "legacy mode"], "v1LegacyMode", "true"),
    (WORKSPACE, &["data isolation", "enabledataisolation"], "enableDataIsolation", "true"),
    (
        WORKSPACE,
        &[
            "data isolation off",
            "data isolation disabled",
            "no data isolation",
            "without data isolation",
            "enabledataisolation=false",
            "enabledataisolation false",
        ],
        "enableDataIsolation",
        "false",
    ),
    (
        WORKSPACE,
        &[
            "identity-based workspace storage",
            "identity-based storage",
            "identity-based",
            "identity mode",
            "identity-based access",
        ],
        "systemDatastoresAuthMode",
        "\"Identity\"",
    ),
    (
        WORKSPACE,
        &["access key mode", "key mode", "credential-based", "access key"],
        "systemDatastoresAuthMode",
        "\"AccessKey\"",
    ),
    (
        WORKSPACE,
        &[
            "allow only approved outbound",
            "allow_only_approved_outbound",
            "allowonlyapprovedoutbound",
        ],
        "managedNetwork.isolationMode",
        "\"AllowOnlyApprovedOutbound\"",
    ),
    (
        WORKSPACE,
        &[
            "allow internet outbound",
            "allow_internet_outbound",
            "allowinternetoutbound",
            "internet outbound",
            "managed network",
            "managed virtual network",
            "managed vnet",
        ],
        "managedNetwork.isolationMode",
        "\"AllowInternetOutbound\"",
    ),
    (
        WORKSPACE,
        &[
            "no managed network",
            "without a managed network",
            "no managed virtual network",
            "no managed vnet",
            "managed network off",
            "managed network disabled",
        ],
        "managedNetwork.isolationMode",
        "\"Disabled\"",
    ),
    (WORKSPACE, OPEN_NETWORK, "", ""),
    (WORKSPACE, &["customer-managed key", "cmk"], "encryption.status", "\"Enabled\""),
    (
        WORKSPACE,
        &[
            "private endpoint",
            "private workspace",
            "in the same vnet",
            "same vnet",
            "builds with acr tasks",
            "acr tasks",
            "builds",
            "same storage",
            "private",
            "behind the vnet",
            "public network access disabled",
            "public access disabled",
            "public network access enabled",
            "public",
            "primary",
            "one",
            "today",
            "new",
            "exists",
            "hub",
            "default kind",
            "private endpoint only",
            "approval automatic wanted",
            "automatic approval wanted",
            "automatic approval",
            "created with",
            "default identity",
            "default",
            "public network",
            "now",
        ],
        "",
        "",
    ),
    // Datastores.
    (
        DATASTORE,
        &[
            "no stored credential",
            "no credential",
            "no credentials",
            "without a stored credential",
            "without a credential",
            "without credential",
            "without credentials",
            "credential-less",
            "credentialless",
            "identity-based",
            "nothing stored",
            "none stored",
            "nothing is stored",
            "none is stored",
            "credential: none",
            "credential none",
            "credentials: none",
        ],
        "credentials.credentialsType",
        "\"None\"",
    ),
    (
        DATASTORE,
        &[
            "account key stored",
            "stored account key",
            "stores the account key",
            "stores account key",
            "stores an account key",
            "account key",
            "stored key",
            "shared key",
            "credential = key",
            "key credential",
            "storage key",
            "credential stored",
            "stored credential",
        ],
        "credentials.credentialsType",
        "\"AccountKey\"",
    ),
    (DATASTORE, &["sas token", "sas"], "credentials.credentialsType", "\"Sas\""),
    (
        DATASTORE,
        &[
            "has expired",
            "is expired",
            "expired",
            "rotated since",
            "was rotated",
            "since rotated",
            "rotated",
            "regenerated",
            "revoked",
            "no longer valid",
            "not valid anymore",
            "outdated",
            "old key",
            "old account key",
        ],
        "credentialExpired",
        "true",
    ),
    (
        DATASTORE,
        &[
            "not expired",
            "not yet expired",
            "still valid",
            "never rotated",
            "not rotated",
            "rotated and updated",
            "rotated and stored again",
            "valid",
        ],
        "credentialExpired",
        "false",
    ),
    (
        DATASTORE,
        &["service principal credential", "service principal", "sp credential"],
        "credentials.credentialsType",
        "\"ServicePrincipal\"",
    ),
    (
        DATASTORE,
        &[
            "workspace msi off",
            "workspace msi disabled",
            "workspace managed identity off",
            "workspace managed identity disabled",
            "no workspace msi",
            "without workspace msi",
            "workspace msi not used",
            "workspace managed identity not used",
            "workspace managed identity unused",
            "workspace identity not used",
            "no workspace managed identity",
            "without workspace managed identity",
            "managed identity not used",
            "managed identity off",
            "managed identity disabled",
            "msi not used",
            "msi disabled",
            "msi off",
            "no msi",
        ],
        "serviceDataAccessAuthIdentity",
        "\"None\"",
    ),
    (
        DATASTORE,
        &[
            "workspace msi on",
            "workspace msi enabled",
            "workspace managed identity on",
            "workspace managed identity enabled",
            "workspace access granted",
            "grant_workspace_access=true",
            "grant_workspace_access",
        ],
        "serviceDataAccessAuthIdentity",
        "\"WorkspaceSystemAssignedIdentity\"",
    ),
    (DATASTORE, &["file share", "azure files", "fileshare"], "datastoreType", "\"AzureFile\""),
    (
        DATASTORE,
        &["adls gen2", "data lake storage gen2", "data lake gen2", "adlsgen2"],
        "datastoreType",
        "\"AzureDataLakeGen2\"",
    ),
    (
        DATASTORE,
        &[
            "blob container",
            "blob url",
            "blob uri",
            "container",
            "account",
            "data asset",
            "datastore",
            "uri_folder",
            "uri_file",
            "uri folder",
            "uri file",
            "mltable",
            "last week",
            "last month",
            "yesterday",
            "folder",
            "file",
            "data",
        ],
        "",
        "",
    ),
    (DATASTORE, &["azure blob", "blob datastore", "blob"], "datastoreType", "\"AzureBlob\""),
    (DATASTORE, &["cli v2", "sdk v2", "v2"], "registeredWith", "\"v2\""),
    (DATASTORE, &["sdk v1", "cli v1", "v1"], "registeredWith", "\"v1\""),
    (DATASTORE, &["skip_validation=true", "skip_validation"], "skipValidation", "true"),
    // Jobs.
    (JOB, &["sdk v1", "v1"], "submittedWith", "\"v1\""),
    (JOB, &["cli v2", "v2 cli", "sdk v2", "v2 sdk", "v2"], "submittedWith", "\"v2\""),
    (JOB, &["submitted from studio", "from studio", "studio"], "submittedWith", "\"studio\""),
    (
        JOB,
        &["identity not set", "no identity set", "identity unset", "no identity setting"],
        "identity.identityType",
        "\"NotSet\"",
    ),
    (
        JOB,
        &[
            "identity: user_identity",
            "identity user_identity",
            "user_identity",
            "user identity",
            "azuremlonbehalfofcredential",
            "on behalf of the user",
        ],
        "identity.identityType",
        "\"UserIdentity\"",
    ),
    (
        JOB,
        &[
            "identity: managed",
            "identity managed",
            "managed_identity",
            "managed identity",
            "managedidentitycredential",
            "managed",
        ],
        "identity.identityType",
        "\"Managed\"",
    ),
    (
        JOB,
        &["identity: aml_token", "identity aml_token", "aml_token"],
        "identity.identityType",
        "\"AMLToken\"",
    ),
    (JOB, &["pipeline job", "pipeline"], "jobType", "\"Pipeline\""),
    (JOB, &["parallelrunstep"], "jobType", "\"ParallelRunStep\""),
    (JOB, &["automated ml", "automl"], "jobType", "\"AutoML\""),
    (JOB, &["sweep"], "jobType", "\"Sweep\""),
    (
        JOB,
        &[
            "command job",
            "command",
            "submitted by",
            "submitted",
            "code",
            "run",
            "compute",
            "scriptrunconfig",
            "no managed identity",
            "defaultazurecredential",
            "output to container",
            "output to",
            "output in container",
            "output container",
            "output",
            "writes to container",
            "writes to",
            "input from container",
            "input from",
            "input container",
            "reads from",
            "reads container",
            "container",
            "script",
            "already",
        ],
        "",
        "",
    ),
    (JOB, &["serverless compute", "serverless"], "computeId", "null"),
    (
        JOB,
        &["without client_id", "without a client id", "no client_id", "without the client id"],
        "namesClientId",
        "false",
    ),
    (
        JOB,
        &["with client_id", "client_id passed", "default_identity_client_id", "with the client id"],
        "namesClientId",
        "true",
    ),
    // Endpoints.
    (
        ENDPOINT,
        &["auth_mode: key", "auth_mode key", "auth mode key", "key auth"],
        "authMode",
        "\"Key\"",
    ),
    (
        ENDPOINT,
        &["auth_mode: aml_token", "auth_mode aml_token", "aml_token"],
        "authMode",
        "\"AMLToken\"",
    ),
    (
        ENDPOINT,
        &["auth_mode: aad_token", "auth_mode aad_token", "aad_token", "entra token"],
        "authMode",
        "\"AADToken\"",
    ),
    (
        ENDPOINT,
        &[
            "enforce_access_to_default_secret_stores=enabled",
            "enforce_access_to_default_secret_stores",
            "enforces access to default secret stores",
            "enforce access to default secret stores",
            "enforce flag on",
            "enforce flag set",
            "enforce flag enabled",
            "enforce access flag",
            "enforce flag",
            "flag on",
            "flag set",
        ],
        "properties.enforce_access_to_default_secret_stores",
        "true",
    ),
    (
        ENDPOINT,
        &[
            "without enforce_access_to_default_secret_stores",
            "no enforce_access_to_default_secret_stores",
            "enforce_access_to_default_secret_stores off",
            "enforce_access_to_default_secret_stores disabled",
            "enforce_access_to_default_secret_stores not set",
            "does not enforce access to default secret stores",
            "enforce flag off",
            "enforce flag disabled",
            "enforce flag not set",
            "enforce flag unset",
            "enforce flag is off",
            "enforce flag is not set",
            "without the enforce access flag",
            "without the enforce flag",
            "without enforce flag",
            "without an enforce flag",
            "no enforce access flag",
            "no enforce flag",
            "without the flag",
            "flag off",
            "flag not set",
            "no flag",
        ],
        "properties.enforce_access_to_default_secret_stores",
        "false",
    ),
    (
        ENDPOINT,
        &[
            "secrets from a workspace connection",
            "secrets from the workspace connection",
            "secrets of a workspace connection",
            "secrets of the workspace connection",
            "secrets from connections",
            "secrets from a connection",
            "secrets from key vault",
            "secrets from a key vault",
            "secrets from",
            "secrets of",
            "workspace connection",
            "managedidentitycredential",
            "defaultazurecredential",
        ],
        "",
        "",
    ),
    (
        ENDPOINT,
        &[
            "given the key string",
            "given the key",
            "holds the key string",
            "holds the key",
            "has the key string",
            "has the key",
            "knows the key",
            "with the key",
        ],
        "",
        "",
    ),
    (
        ENDPOINT,
        &[
            "managed online endpoint",
            "managed endpoint",
            "public network access enabled",
            "enabled",
            "managed",
            "online endpoint",
            "endpoint",
            "change",
        ],
        "",
        "",
    ),
    // Deployments.
    (
        DEPLOYMENT,
        &[
            "without uai_client_id",
            "uai_client_id not set",
            "uai_client_id is not set",
            "uai_client_id unset",
            "uai_client_id missing",
            "no uai_client_id",
            "without the client id",
            "without a client id",
            "without client id",
            "without client_id",
            "client id not passed",
            "client_id not passed",
            "client id is not passed",
            "client_id is not passed",
            "client id not set",
            "client_id not set",
            "client id missing",
            "client_id missing",
            "does not pass the client id",
            "does not pass client_id",
            "passes no client id",
            "passes no client_id",
            "no client id",
            "no client_id",
        ],
        "namesClientId",
        "false",
    ),
    (
        DEPLOYMENT,
        &[
            "with uai_client_id",
            "uai_client_id set",
            "uai_client_id is set",
            "uai_client_id passed",
            "with the client id",
            "with client id",
            "with client_id",
            "client id passed",
            "client_id passed",
            "client id is passed",
            "client_id is passed",
            "passes the client id",
            "passes client_id",
            "names the client id",
        ],
        "namesClientId",
        "true",
    ),
    (
        DEPLOYMENT,
        &["managedidentitycredential", "defaultazurecredential", "scoring script", "script"],
        "",
        "",
    ),
    // Environments.
    (
        ENVIRONMENT,
        &[
            "user_managed_dependencies=false",
            "user_managed_dependencies: false",
            "user_managed_dependencies off",
            "with a dockerfile",
            "dockerfile",
        ],
        "condaFile",
        "\"dependencies: [pip]\"",
    ),
    (
        ENVIRONMENT,
        &[
            "user_managed_dependencies=true",
            "user_managed_dependencies: true",
            "user_managed_dependencies",
            "usermanageddependencies=true",
        ],
        "userManagedDependencies",
        "true",
    ),
    (
        ENVIRONMENT,
        &[
            "conda dependencies",
            "conda file",
            "conda packages",
            "conda",
            "pip packages",
            "pip requirements",
            "requirements.txt",
            "packages added",
            "adds packages",
            "added packages",
            "extra packages",
            "additional packages",
            "python packages",
            "apt packages",
        ],
        "condaFile",
        "\"dependencies: [pip]\"",
    ),
    (
        ENVIRONMENT,
        &[
            "registryidentity",
            "used as it is",
            "used as is",
            "used",
            "base image",
            "image",
            "as is",
            "as-is",
            "no dockerfile",
            "without a dockerfile",
            "no packages added",
            "no added packages",
            "no extra packages",
            "without extra packages",
            "no additional packages",
            "without additional packages",
            "no pip packages",
            "no conda file",
            "without a conda file",
            "no conda dependencies",
            "no conda packages",
            "not to be modified",
            "not modified",
            "not to be built",
            "not built",
            "no build",
            "without a build",
            "without building",
            "unmodified",
            "unchanged",
            "used without changes",
            "without changes",
            "used directly",
        ],
        "",
        "",
    ),
    // Storage.
    (
        STORAGE,
        &[
            "shared key off",
            "shared key disabled",
            "shared keys off",
            "shared key access disabled",
            "shared key access off",
            "no shared key",
            "identity-based",
        ],
        "allowSharedKeyAccess",
        "false",
    ),
    (
        STORAGE,
        &[
            "shared key on",
            "shared key enabled",
            "shared key access enabled",
            "shared key access on",
            "shared key access",
            "shared key",
            "account key",
            "key mode",
        ],
        "allowSharedKeyAccess",
        "true",
    ),
    (
        STORAGE,
        &["hierarchical namespace enabled", "hierarchical namespace", "hns", "adls gen2"],
        "isHnsEnabled",
        "true",
    ),
    (
        STORAGE,
        &[
            "public network access disabled",
            "public network access off",
            "public network access",
            "public network disabled",
            "public network off",
            "public access disabled",
            "public access off",
            "public access",
            "public network",
            "public",
            "private endpoint",
            "firewall on",
            "firewall",
            "blob url",
            "blob uri",
            // Read by `under_private_network`.
            "private network",
            "behind a virtual network",
            "behind the virtual network",
            "behind a vnet",
            "behind the vnet",
            "in a virtual network",
            "in a vnet",
            "virtual network",
            "private",
        ],
        "",
        "",
    ),
    // Vaults.
    (
        VAULT,
        &["rbac authorization", "rbac mode", "azure rbac", "rbac"],
        "enableRbacAuthorization",
        "true",
    ),
    (
        VAULT,
        &["no access policies", "no access policy", "accesspolicies: none", "no policy"],
        "enableRbacAuthorization",
        "false",
    ),
    (
        VAULT,
        &[
            "access policy permission model",
            "access policy model",
            "access-policy model",
            "access policy mode",
            "access-policy mode",
            "vault access policies",
            "vault access policy",
            "policy mode",
            "access policies",
        ],
        "enableRbacAuthorization",
        "false",
    ),
    (
        VAULT,
        &["purge protection enabled", "purge protection on", "purge protection", "purge-protected"],
        "enablePurgeProtection",
        "true",
    ),
    (
        VAULT,
        &[
            "purge protection off",
            "purge protection disabled",
            "no purge protection",
            "without purge protection",
            "not purge-protected",
        ],
        "enablePurgeProtection",
        "false",
    ),
    (VAULT, &["soft-deleted", "soft deleted"], "softDeletedNameExists", "true"),
    (
        VAULT,
        &[
            "retention not over",
            "retention is not over",
            "retention period not over",
            "retention period is not over",
            "retention period not expired",
            "retention period running",
            "retention running",
            "still in retention",
            "within the retention period",
            "soft delete on",
            "soft delete enabled",
            "soft delete",
        ],
        "",
        "",
    ),
    // Registries.
    (
        REGISTRY,
        &[
            "admin user disabled",
            "admin user is disabled",
            "admin user off",
            "admin user is off",
            "admin disabled",
            "admin off",
            "no admin user",
        ],
        "adminUserEnabled",
        "false",
    ),
    (
        REGISTRY,
        &[
            "admin user enabled",
            "admin user is enabled",
            "admin user on",
            "admin user is on",
            "admin enabled",
            "admin on",
            "admin user",
        ],
        "adminUserEnabled",
        "true",
    ),
    (
        REGISTRY,
        &[
            "rbac-abac",
            "abac mode",
            "abac repository permissions",
            "repository permissions",
            "abac",
        ],
        "roleAssignmentMode",
        "\"AbacRepositoryPermissions\"",
    ),
    (
        REGISTRY,
        &["classic", "rbac registry permissions", "rbac"],
        "roleAssignmentMode",
        "\"LegacyRegistryPermissions\"",
    ),
    (REGISTRY, &["premium sku", "premium"], "sku.name", "\"Premium\""),
    (REGISTRY, &["standard sku", "standard"], "sku.name", "\"Standard\""),
    (REGISTRY, &["basic sku", "basic"], "sku.name", "\"Basic\""),
    (
        REGISTRY,
        &[
            "sku",
            "tier",
            // Networks are open for whoever a case is not about.
            "private endpoint",
            "network of the workspace",
            "in the network of the workspace",
            "same network",
            "network",
            "vnet of the workspace",
            "workspace vnet",
            "in the vnet",
            "vnet",
            "in the network",
            "in the same network",
        ],
        "",
        "",
    ),
    (
        REGISTRY,
        &[
            "allow trusted services",
            "allows trusted services",
            "trusted services allowed",
            "trusted services on",
            "trusted services",
        ],
        "networkRuleBypassOptions",
        "\"AzureServices\"",
    ),
    (
        REGISTRY,
        &[
            "no trusted services",
            "without trusted services",
            "trusted services not allowed",
            "trusted services off",
        ],
        "networkRuleBypassOptions",
        "\"None\"",
    ),
    (
        REGISTRY,
        &[
            "created after",
            "created before",
            "created",
            "attached after",
            "attached before",
            "attached to",
            "attached by update",
            "attached by",
            "attached with",
            "attached",
            "becomes the workspace registry",
            "becomes",
            "az ml workspace update",
            "--update-dependent-resources",
            "exists",
            "brought by",
            "bring your own",
            "bring-your-own",
        ],
        "",
        "",
    ),
    // Application Insights.
    (
        INSIGHTS,
        &[
            "local authentication disabled",
            "local authentication off",
            "local auth disabled",
            "local auth off",
            "entra authentication only",
        ],
        "DisableLocalAuth",
        "true",
    ),
    (
        INSIGHTS,
        &["local authentication enabled", "local authentication on", "local auth on"],
        "DisableLocalAuth",
        "false",
    ),
    // Identities.
    (IDENTITY, &["created just now", "just created", "created just", "just now", "new"], "", ""),
    // Subscriptions.
    (
        SUBSCRIPTION,
        &[
            "resource provider not registered",
            "provider not registered",
            "resource provider never registered",
            "provider never registered",
            "not registered",
            "not yet registered",
            "never registered",
            "unregistered",
            "first workspace",
        ],
        "machineLearningRegistered",
        "false",
    ),
    (
        SUBSCRIPTION,
        &["provider registered", "provider is registered", "registered"],
        "machineLearningRegistered",
        "true",
    ),
    (
        SUBSCRIPTION,
        &["role assignment limit not reached", "role assignment quota not reached"],
        "roleAssignmentsFull",
        "false",
    ),
    (
        SUBSCRIPTION,
        &["microsoft.machinelearningservices", "resource provider", "provider", "ever", "yet"],
        "",
        "",
    ),
    // Connections.
    // Endpoints and machines, which stand for themselves.
    (
        &[Kind::PrivateEndpoint],
        &["automatic approval", "approved automatically", "automatically approved"],
        "",
        "",
    ),
    (&[Kind::VirtualMachine], &["virtual machine", "vm", "logged on to", "logged on"], "", ""),
    (CONNECTION, &["privateacr", "->", "acr connection", "managed identity"], "", ""),
];

/// What is said of a workspace that is open to every network, as each is that says nothing.
pub(super) const OPEN_NETWORK: &[&str] = &[
    "no private endpoint",
    "no private endpoints",
    "without a private endpoint",
    "without private endpoint",
    "not private",
    "no vnet",
    "without a vnet",
    "without vnet",
    "no virtual network",
    "without a virtual network",
    "not behind a network",
    "not behind any network",
    "not behind a vnet",
    "not behind the vnet",
    "not behind a virtual network",
    "not behind a private endpoint",
    "not in a vnet",
    "not in a virtual network",
    "no network restriction",
    "no network restrictions",
    "no network isolation",
    "without network isolation",
    "without network restrictions",
    "no firewall",
    "without a firewall",
];

/// A text without what it denies of networks.
pub(super) fn without_open_network(text: &str) -> String {
    let mut left = text.to_owned();
    let mut all = OPEN_NETWORK.to_vec();
    all.sort_by_key(|it| std::cmp::Reverse(it.len()));
    for phrase in all {
        while take(&mut left, phrase) {}
    }
    left
}

/// Where a pipeline may ask for an identity: what stands above its steps is not passed on to them.
pub(super) const ABOVE_STEPS: &[&str] = &[
    "at the root level",
    "at root level",
    "on the root level",
    "at the pipeline level",
    "at pipeline level",
    "at the top level",
    "at top level",
    "at the component level",
    "at component level",
    "on the component",
    "component with identity user_identity",
    "component with user_identity",
    "component with identity",
    "on the pipeline",
    "root level",
    "pipeline level",
    "component level",
    "top level",
    "top-level",
    "root-level",
    "at the root",
    "at root",
    "in the root",
    "root only",
    "root",
    "steps without an identity",
    "steps without identity",
    "steps without one",
    "steps without",
    "steps have no identity",
    "steps have none",
    "steps: none",
    "steps none",
    "no identity on the steps",
    "no identity on any step",
    "none on the steps",
    "not on the steps",
    "not on each step",
    "not on every step",
    "not on any step",
    "not in the steps",
    "not at step level",
];
pub(super) const AT_STEPS: &[&str] = &[
    "on each of the steps",
    "on each of its steps",
    "on each step",
    "on every step",
    "on all steps",
    "on all the steps",
    "on the steps",
    "on its steps",
    "in each step",
    "in every step",
    "in the steps",
    "at step level",
    "at the step level",
    "step level",
    "each step",
    "every step",
    "all steps",
    "per step",
];

/// Takes from a text where a pipeline asks for an identity; says whether its steps have none.
pub(super) fn above_steps(text: &mut String) -> Option<bool> {
    let mut found = [false; 2];
    for (all, found) in [ABOVE_STEPS, AT_STEPS].into_iter().zip(&mut found) {
        for phrase in all {
            while take(text, phrase) {
                *found = true;
            }
        }
    }
    let [above, at] = found;
    (above || at).then_some(!at)
}

/// Kinds of an identity, in the words of a case.
const IDENTITIES: &[(&[&str], &str)] = &[
    (
        &[
            "no managed identity",
            "managed identity: none",
            "identity: none",
            "identity none",
            "without managed identity",
            "without a managed identity",
            "without an identity",
            "without identity",
            "no identity",
        ],
        "None",
    ),
    (
        &[
            "system- and user-assigned",
            "sai and uai",
            "sai + uai",
            "sai+uai",
            "systemassigned,userassigned",
        ],
        "SystemAssigned,UserAssigned",
    ),
    (
        &[
            "system-assigned identity only",
            "system-assigned only",
            "system-assigned managed identity",
            "system-assigned identity",
            "system-assigned mi",
            "system-assigned",
            "system assigned",
            "systemassigned",
            "system identity",
            "sai",
        ],
        "SystemAssigned",
    ),
    (
        &[
            "user-assigned managed identity",
            "user-assigned identity",
            "user-assigned mi",
            "user-assigned",
            "user assigned",
            "userassigned",
            "uai",
        ],
        "UserAssigned",
    ),
];

/// Words that carry no fact by themselves.
const GRAMMAR: &[&str] = &[
    "a",
    "an",
    "the",
    "on",
    "in",
    "of",
    "with",
    "and",
    "to",
    "by",
    "for",
    "from",
    "its",
    "it",
    "is",
    "was",
    "are",
    "at",
    "as",
    "uses",
    "using",
    "has",
    "that",
    "into",
    "per",
    "after",
    "minutes",
    "customer",
    "own",
    "identity",
    "today",
    "target",
    "min",
    "exists",
    "existed",
    "stored",
    "new",
    "first",
    "instance",
    "public",
    "registered",
    "then",
    "job",
    "belongs",
    "subscription",
    "already",
    "plus",
    "compute",
    "script",
    "scoring",
    "reads",
    "read",
    "created",
    "azure",
    "ml",
    "registry",
    "web",
    "service",
    "installed",
    "extension",
    "herself",
    "himself",
    "runs",
    "which",
    "where",
    "workspace",
];

/// "r-x" and the like: the permissions of a file or folder, and where they stand.
fn permission_in(text: &str) -> Option<(usize, &str)> {
    let inside = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '-');
    text.char_indices().find_map(|(at, _)| {
        let token = text.get(at..at + 3)?;
        let fits = token.chars().zip(['r', 'w', 'x']).all(|(it, letter)| it == letter || it == '-');
        let before = text[..at].chars().next_back();
        let after = text[at + 3..].chars().next();
        (fits && !inside(before) && !inside(after)).then_some((at, token))
    })
}

/// "/", "/raw", "c1/in/a.csv".
fn is_path(text: &str) -> bool {
    text.contains('/') && !text.contains("//") && !text.contains("microsoft.")
}

/// The last part of a path has an ending.
fn is_file(path: &str) -> bool {
    let last = path.trim_end_matches('.').rsplit('/').next().unwrap_or_default();
    last.rsplit_once('.').is_some_and(|(name, ending)| {
        !name.is_empty()
            && (2..=7).contains(&ending.len())
            && ending.chars().all(|it| it.is_ascii_lowercase())
    })
}

/// Removes `phrase` from `text` where it stands between borders of words.
fn take(text: &mut String, phrase: &str) -> bool {
    let inside = |it: char| it.is_alphanumeric() || it == '_';
    for (at, _) in text.match_indices(phrase) {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        let joined = |it: Option<char>| it.is_some_and(|it| inside(it) || it == '-');
        let ends = !phrase.ends_with(char::is_alphanumeric);
        if !joined(before) && (ends || !joined(after)) {
            text.replace_range(at..at + phrase.len(), " ; ");
            return true;
        }
    }
    false
}

/// What members call the thing that something is to become, and what it is until then.
const CHANGES: &[&str] = &[
    "change",
    "update",
    "target identity",
    "new identity",
    "requested",
    "requested identity",
    "target",
    "to",
    "wanted",
    "desired",
    "change to",
    "change_to",
    "update to",
    "update_to",
];
const BEFORE: &[&str] = &["current", "current identity", "from", "before", "now", "existing"];

/// Whether an operation is about a change, or may be.
fn changes(operation: &str) -> bool {
    ["ws.update.identity_kind", "ws.data_isolation", "ws.managed_network.provision"]
        .contains(&operation)
        || operation.starts_with("oe.")
}

/// A change in one shape: what is, under the name of the resource, and what it becomes, under "change".
/// "SAI+UAI, update to SAI" says both, as do members called "current" and "requested".
pub(super) fn with_change(operation: &str, config: Map<String, Value>) -> Map<String, Value> {
    if !changes(operation) {
        return config;
    }
    let (subject, names): (&str, &[&str]) = if operation.starts_with("oe.") {
        ("endpoint", &["endpoint", "online endpoint", "ep1"])
    } else {
        ("workspace", &["workspace", "ws1"])
    };
    let told = config.keys().any(|it| CHANGES.contains(&it.to_ascii_lowercase().as_str()));
    let described = config.keys().any(|it| names.contains(&it.to_ascii_lowercase().as_str()));
    let mut all = Map::new();
    for (key, value) in config {
        let lower = key.to_ascii_lowercase();
        if told && !described && BEFORE.contains(&lower.as_str()) {
            all.insert(subject.to_owned(), value);
            continue;
        }
        let text = text_of(&value).unwrap_or_default();
        match halves(&text).filter(|_| !told && names.contains(&lower.as_str())) {
            Some((before, after)) => {
                all.insert(key, json!(before));
                all.insert("change".to_owned(), json!(after));
            }
            None => {
                all.insert(key, value);
            }
        }
    }
    all
}

/// Operations that are changes themselves.
fn asks_about_change(operation: &str) -> bool {
    ["change", "update", "disable", "enable", "switch"].iter().any(|it| operation.contains(it))
        || changes(operation)
}

/// "true -> false" in two.
fn arrow(text: &str) -> Option<(&str, &str)> {
    let (before, after) = ["->", "→", "=>"].iter().find_map(|it| text.split_once(it))?;
    Some((before.trim(), after.trim()))
}

/// "SAI, update to SAI+UAI" in two.
fn halves(text: &str) -> Option<(String, String)> {
    let verbs = ["update", "updated", "change", "changed", "switch", "switched", "turn", "set"];
    let lower = text.to_ascii_lowercase();
    let split = |phrase: &str| {
        let at = lower.find(phrase)?;
        let (before, after) = (text.get(..at)?, text.get(at + phrase.len()..)?);
        Some((before.trim_end_matches([',', ';', ' ']).to_owned(), after.to_owned()))
    };
    let phrases = verbs.iter().flat_map(|it| [format!(", {it} to "), format!("; {it} to ")]);
    let arrows = [" -> ".to_owned(), " → ".to_owned()];
    phrases.chain(arrows).find_map(|it| split(&it))
}

impl Builder {
    /// Applies the free texts of a case.
    pub(super) fn configure(&mut self, config: &Map<String, Value>) {
        for (key, value) in config {
            self.member(key, value);
        }
        self.registry_identity(config);
        self.ages(config);
        self.service_dependencies();
    }

    /// `user_managed_dependencies=False` lets the service add what the environment asks for.
    fn service_dependencies(&mut self) {
        let all = self.design.resources.of(Kind::EnvironmentImage);
        let said = |it: &serde_json::Map<String, Value>| {
            it.get("userManagedDependencies") == Some(&json!(false))
        };
        let all: Vec<ResourceId> = all
            .filter(|it| {
                said(&it.resource.settings) && !it.resource.settings.contains_key("condaFile")
            })
            .map(|it| it.id)
            .collect();
        for id in all {
            self.set(id, "condaFile", json!("dependencies: [pip]"));
        }
    }

    /// `RegistryIdentity` of an environment names whom a build pulls as, whatever its connection says.
    fn registry_identity(&mut self, config: &Map<String, Value>) {
        const NAME: &str = "registryidentity";
        let mut named = None;
        for (key, value) in config {
            let text = text_of(value).unwrap_or_default();
            let text =
                format!("{key} {text}").to_ascii_lowercase().replace("registry identity", NAME);
            let Some((before, after)) = text.split_once(NAME) else { continue };
            if Words::of(before).last().is_some_and(|it| it == "no" || it == "without") {
                continue;
            }
            named = named.or_else(|| Words::of(after).find(|it| self.is_identity(it)));
        }
        let Some(identity) = named.and_then(|it| self.ensure(&it)) else { return };
        let of = |it: &Builder, kind| it.design.resources.of(kind).next().map(|it| it.id);
        let environment = of(self, Kind::EnvironmentImage);
        let connection = of(self, Kind::WorkspaceConnection);
        let (Some(environment), Some(connection)) = (environment, connection) else { return };
        self.set(environment, "connection", json!(connection.0));
        self.set(connection, "credentials.resourceId", json!(identity.0));
    }

    /// "acrpriv: attached today" beside "cluster1: created last year" tells which of them was there first.
    fn ages(&mut self, config: &Map<String, Value>) {
        let text = |name: &str| {
            config.get(name).and_then(text_of).unwrap_or_default().to_ascii_lowercase()
        };
        let of = |it: &Builder, kind| -> Vec<(ResourceId, String)> {
            let all = it.design.resources.of(kind);
            all.map(|it| (it.id, it.name().to_ascii_lowercase())).collect()
        };
        let clusters = of(self, Kind::ComputeCluster);
        for (_, registry) in of(self, Kind::ContainerRegistry) {
            let said = text(&registry);
            let attached = age(&said, &["attached", "added", "connected"]);
            // Attaching is what happens now.
            let now = self.operation.starts_with("ws.attach_acr").then_some(0);
            for (cluster, name) in &clusters {
                let order =
                    ["after", "before"].map(|it| said.contains(&format!("attached {it} {name}")));
                let created = age(&text(name), &["created", "made"]);
                let before = match (order, attached.or(now), created) {
                    ([true, _], ..) => true,
                    ([_, true], ..) => false,
                    (_, Some(attached), Some(created)) if attached != created => created > attached,
                    _ => continue,
                };
                self.set(*cluster, "createdBeforeRegistry", json!(before));
            }
        }
    }

    fn member(&mut self, key: &str, value: &Value) {
        if self.special(key, value) {
            return;
        }
        if let Some(guid) = text_of(value).and_then(|it| own_guid(key, &it)) {
            self.guid_of_workspace(&guid);
            if text_of(value).is_some_and(|it| it.eq_ignore_ascii_case(&guid)) {
                return;
            }
        }
        let plain = key.to_ascii_lowercase().replace(['_', '-', ' '], "");
        if plain.contains("cmk") && plain.contains("identity") {
            return self.key_identity(value, key);
        }
        if let Some((subject, setting)) = key.split_once('.')
            && let Some(id) = self.subject(subject, "")
        {
            self.property(id, setting, value);
            return;
        }
        let texts = texts_of(value);
        let mut whole = texts.join(", ").to_ascii_lowercase();
        if whole.starts_with("/subscriptions/") && self.place(&whole).is_some() {
            return;
        }
        if self.on_serverless(key, &mut whole) && Words::of(&whole).next().is_none() {
            return;
        }
        if let Some(id) = self.subject(key, &whole) {
            match value {
                Value::String(_) | Value::Array(_) => self.describe(id, &whole, key),
                // "stext": { "allowSharedKeyAccess": false }.
                Value::Object(rows) => {
                    for (setting, value) in rows {
                        self.property(id, setting, value);
                    }
                }
                _ => {
                    self.problem(format!("adapter does not know what config.{key} = {value} says"));
                }
            }
            return;
        }
        if let Some(id) = self.holder(key) {
            self.property(id, key, value);
            return;
        }
        if let Some(held) = holds_key(&whole)
            && self.operation == "oe.invoke"
            && self.is_given_key(key, held)
        {
            return;
        }
        if let Some(person) = self.person(&key.to_ascii_lowercase()) {
            return self.about_person(person, &whole, key);
        }
        if let Some(id) = self.alike(key, &whole) {
            return self.describe(id, &whole, key);
        }
        // What a member is called says what its text is about; a name in the text alone does not.
        let named = Words::of(&whole).find_map(|it| self.named.get(&it).copied());
        if let Some(id) = named {
            self.describe(id, &whole, key);
            let plain = key.to_ascii_lowercase().replace(['_', '-'], " ");
            if NAMING.contains(&plain.as_str()) {
                return;
            }
            return self.problem(format!("adapter does not know what config.{key} is about"));
        }
        self.unread.push(format!("config.{key}"));
    }

    /// "app2": "has the key": whoever is named so far by nothing else.
    fn is_given_key(&mut self, key: &str, held: bool) -> bool {
        let endpoint = self.design.resources.of(Kind::OnlineEndpoint).next().map(|it| it.id);
        let who =
            self.person(&key.to_ascii_lowercase()).or_else(|| self.principal(&format!("sp:{key}")));
        let (Some(endpoint), Some(who)) = (endpoint, who) else { return false };
        if held {
            self.push(endpoint, "keyGivenTo", json!(who.0));
        }
        true
    }

    /// "compute": "serverless", "serverless job": "identity managed": the job runs on no compute of the design.
    fn on_serverless(&mut self, key: &str, text: &mut String) -> bool {
        let jobs: Vec<ResourceId> = self.design.resources.of(Kind::Job).map(|it| it.id).collect();
        let by_key = key.to_ascii_lowercase().contains("serverless");
        let compute = ["compute", "compute target", "target", "runs on"];
        let by_text = compute.contains(&key.to_ascii_lowercase().as_str())
            && (take(text, "serverless compute") || take(text, "serverless"));
        let serverless = !jobs.is_empty() && (by_key || by_text);
        if serverless {
            for id in jobs {
                self.set(id, "computeId", Value::Null);
            }
        }
        serverless
    }

    /// What a longer name of a member is about: "batch cluster", "web service".
    fn alike(&mut self, key: &str, text: &str) -> Option<ResourceId> {
        let words: Vec<String> = Words::of(&key.replace('_', " ")).collect();
        words.iter().rev().find_map(|it| {
            let known = match it.as_str() {
                "service" | "webservice" if self.operation.starts_with("aks.v1") => "aks",
                "script" => "deployment",
                it => it,
            };
            self.subject(known, text)
        })
    }

    /// "ws1 GUID": "1111aaaa": what the names of its own containers begin with.
    fn guid_of_workspace(&mut self, guid: &str) {
        let whole = format!("{}-0000-4000-8000-000000000000", guid.get(..8).unwrap_or(guid));
        let whole = if guid.len() == 36 { guid.to_owned() } else { whole };
        if let Some(workspace) = self.named.get("ws1").copied() {
            self.set(workspace, "workspaceId", json!(whole));
        }
    }

    /// Members that are about no one resource.
    fn special(&mut self, key: &str, value: &Value) -> bool {
        let text = text_of(value).unwrap_or_default().to_ascii_lowercase();
        match key.to_ascii_lowercase().as_str() {
            it if (it.starts_with("user:") || it.starts_with("sp:"))
                && self.operation == "oe.invoke"
                && holds_key(&text).is_some() =>
            {
                if let Some(name) = key.split_once(':').map(|it| it.1.to_owned()) {
                    self.principal(key);
                    self.is_given_key(&name, holds_key(&text) == Some(true));
                }
            }
            "identity" | "job identity" | "pipeline identity" | "identity level"
            | "user_identity" | "user identity"
                if self.operation == "job.data.user_identity" =>
            {
                let job = self.design.resources.of(Kind::Job).next().map(|it| it.id);
                let Some(job) = job else { return false };
                self.describe(job, &text, key);
            }
            "tenant" | "tenants" if self.operation.starts_with("job.") => self.tenants(&text),
            "env" | "env vars" | "environment variables" | "environment variable" | "variables"
                if self.operation.starts_with("oe.score")
                    && CLIENT_ID.iter().any(|it| text.contains(it)) =>
            {
                let mut rest = text.clone();
                self.client_id(&mut rest);
            }
            it if it.contains("role assignment") && self.operation.starts_with("oe.") => {
                let full = fills_role_assignments(&format!("role assignment {text}"));
                let subscription = self.named.get("s1").copied().unwrap_or(ResourceId(0));
                self.set(subscription, "roleAssignmentsFull", json!(full));
                return full;
            }
            it if it.starts_with("user:") || it.starts_with("sp:") => {
                if let Some(person) = self.principal(key) {
                    self.about_person(person, &text, key);
                }
            }
            // Read by `registry_identity`.
            "registryidentity" | "registry identity" | "registry_identity" => {}
            "client_id" | "client id" | "uai_client_id" | "uai client id"
                if self.operation.starts_with("oe.score") =>
            {
                let mut text = format!("client_id {text}");
                self.client_id(&mut text);
            }
            // What builds without a cluster, and the rows of `deny_assignments` in words.
            "build" | "builder" if text.contains("task") || text.contains("serverless") => {}
            "deny assignment" | "deny assignments" if self.has_denies => {}
            // Where somebody sits is read by `outside`.
            // Read by `under_private_network`.
            "network" if self.operation == "studio.dataset.preview" => {}
            "client" | "browser" | "network"
                if ["home", "vnet", "internet", "firefox", "edge"]
                    .iter()
                    .any(|it| text.contains(it)) => {}
            "credential" | "secret" | "client secret"
                if self.operation == "auth.service_principal" =>
            {
                return self.signs_in_with(&text);
            }
            "skip_validation" | "skipvalidation" | "skip validation" => {
                let datastore = self.design.resources.of(Kind::Datastore).next().map(|it| it.id);
                if let Some(id) = datastore {
                    self.set(id, "skipValidation", json!(flag_of(value).unwrap_or(false)));
                }
            }
            // Who it is stands in the question, too.
            "submitter" | "caller" | "invoker" | "actor" | "who" | "assigner" => {
                for word in Words::of(&text) {
                    self.mentions_person(&word);
                }
            }
            "managed network"
            | "managed_network"
            | "managednetwork"
            | "isolation"
            | "isolation mode"
            | "isolation_mode"
            | "isolationmode"
            | "network isolation"
            | "managed vnet"
            | "managed virtual network" => {
                let workspace = self.named.get("ws1").copied().unwrap_or(ResourceId(0));
                let names_one = Words::of(&text)
                    .any(|it| self.named.get(&it).is_some_and(|it| *it != workspace));
                let mut rest = text.clone();
                self.phrases(workspace, &mut rest);
                if names_one {
                    self.outbound_rule(&format!("private endpoint {text}"));
                }
            }
            "tool" | "client" | "sdk" | "submitted with" => self.tool(&text, key),
            // Read by `secrets`.
            "secrets" | "secret" | "injected secrets"
                if self.operation.starts_with("oe.secret")
                    || self.operation.starts_with("job.secret") =>
            {
                let known =
                    ["workspace", "connection", "connections", "from", "of", "key", "vault"];
                let left: Vec<String> = Words::of(&text)
                    .filter(|it| !self.named.contains_key(it) && !known.contains(&it.as_str()))
                    .collect();
                self.leftover(&left.join(" "), key);
            }
            "job" if self.operation.starts_with("job.submit") => self.tool(&text, key),
            "provider"
            | "resource provider"
            | "resource_provider"
            | "provider registration"
            | "microsoft.machinelearningservices" => self.provider(&text),
            "lock" | "locks" if !value.is_string() => self.locks(value, key),
            "lock" | "locks" => {
                let level = if text.contains("readonly") || text.contains("read-only") {
                    "ReadOnly"
                } else {
                    "CanNotDelete"
                };
                let target = Words::of(&text).find_map(|it| {
                    let group = it.starts_with("rg-").then(|| self.group(&it));
                    group.or_else(|| self.named.get(&it).copied())
                });
                match target {
                    Some(id) => self.lock(id, level),
                    None => self.problem(format!("config.{key}: what does the lock stand on?")),
                }
            }
            it if it.ends_with(".lock") => {
                let name = it.trim_end_matches(".lock").to_owned();
                let group = name.starts_with("rg-").then(|| self.group(&name));
                match group.or_else(|| self.ensure(&name)) {
                    Some(id) => self.lock(id, &text),
                    None => self.problem(format!("adapter does not know config.{key}")),
                }
            }
            it if it.split(['.', ' ', '_']).any(|it| it == "acl" || it == "acls") => {
                self.access_lists(key, value);
            }
            it if names_build_compute(&it.replace(['_', '-', ' ', '.'], "")) => {
                let workspace = self.named.get("ws1").copied();
                let builds = [Some(Kind::ComputeCluster), Some(Kind::ComputeInstance)];
                let compute = Words::of(&text)
                    .find_map(|it| self.ensure(&it).filter(|id| builds.contains(&self.kind(*id))));
                match (workspace, compute) {
                    (Some(workspace), Some(compute)) => {
                        self.set(workspace, "imageBuildCompute", json!(compute.0));
                        self.describe(compute, &text, key);
                    }
                    (Some(workspace), None)
                        if ["", "none", "null", "not set", "no"].contains(&text.as_str()) =>
                    {
                        self.set(workspace, "imageBuildCompute", Value::Null);
                    }
                    _ => self.unread.push(format!("config.{key}")),
                }
            }
            "outbound rule" | "outbound rules" => self.outbound_rule(&text),
            it if self.operation == "ws.managed_network.provision"
                && !it.contains('.')
                && !["outbound rule", "outbound rules"].contains(&it)
                && ["outbound", "endpoint", "target", "rule"]
                    .iter()
                    .any(|word| it.contains(word))
                && !CHANGES.contains(&it) =>
            {
                for clause in text.split([',', ';']) {
                    let mut rest = clause.to_owned();
                    let named = Words::of(clause).any(|it| self.named.contains_key(&it));
                    let endpoint =
                        named && !clause.contains("fqdn") && !clause.contains("service tag");
                    if endpoint {
                        self.outbound_rule(&format!("private endpoint {clause}"));
                        continue;
                    }
                    let workspace = self.named.get("ws1").copied().unwrap_or(ResourceId(0));
                    self.phrases(workspace, &mut rest);
                    self.leftover(&rest, key);
                }
            }
            "identity" | "managed identity" | "compute identity" | "cluster identity"
            | "instance identity" | "identities"
                if self.operation.starts_with("compute.create")
                    && self.focus.is_some_and(|it| identity_key(self.kind(it)).is_some()) =>
            {
                if let Some(compute) = self.focus {
                    self.describe(compute, &text, key);
                }
            }
            "session" | "cli session" | "azure cli session" | "az session" | "login"
            | "az login" | "cli" | "azure cli"
                if self.operation == "auth.azure_cli" =>
            {
                return self.cli_session(&text);
            }
            // Whose job it is that needs the image.
            "job" | "run" | "build"
                if self.operation.starts_with("image.build")
                    && self.design.resources.of(Kind::Job).next().is_none() =>
            {
                let mut rest = text.clone();
                for word in Words::of(&text) {
                    self.mentions_person(&word);
                    let own = word.rsplit(':').next().unwrap_or(&word).to_owned();
                    if self.person(&own).is_some() || self.named.contains_key(&word) {
                        rest = rest.replace(&word, " ");
                    }
                }
                for phrase in ["submitted by", "submitted", "started by", "needs a build", "build"]
                {
                    while take(&mut rest, phrase) {}
                }
                self.leftover(&rest, key);
            }
            // Which keys the workspace still has.
            "keys" | "workspace keys" | "admin password" | "password" | "passwords"
            | "registry password" | "key sync" | "sync keys" | "sync-keys"
                if self.out_of_step(&text) => {}
            // Who it is that has several tenants.
            "user" | "users" | "person" | "account" | "guest"
                if self.operation.starts_with("auth.")
                    && Words::of(&text).any(|it| self.person(&it).is_some()) =>
            {
                let people: Vec<ResourceId> = Words::of(&text)
                    .filter_map(|it| self.person(it.rsplit(':').next().unwrap_or(&it)))
                    .collect();
                let mut rest = text.clone();
                for word in Words::of(&text) {
                    if self.person(word.rsplit(':').next().unwrap_or(&word)).is_some() {
                        rest = rest.replace(&word, " ");
                    }
                }
                for person in people {
                    self.about_person(person, &rest, key);
                }
            }
            // The address of the customer-managed key.
            "key" | "cmk" | "key uri" | "key identifier" | "encryption key"
                if text.contains("/keys/") =>
            {
                let workspace = self.named.get("ws1").copied().unwrap_or(ResourceId(0));
                self.set(
                    workspace,
                    "encryption.keyVaultProperties.keyIdentifier",
                    json!(text.trim()),
                );
            }
            // Read by `identity_change` and `other_change`.
            it if CHANGES.contains(&it) && changes(&self.operation) => {}
            "access policy" | "access policies" | "accesspolicies" | "policies"
            | "vault policy" | "key vault policy" => self.vault_policies(value),
            "policy" if !self.operation.starts_with("auth.") && self.names_a_list(&text) => {
                self.vault_policies(value);
            }
            "policy"
            | "conditional access"
            | "conditional access policy"
            | "ca policy"
            | "device"
            | "sign-in"
            | "location"
            | "mfa" => self.policy(&text),
            "connection" | "workspace connection" if text == "none" || text == "no" => {
                let all: Vec<ResourceId> =
                    self.design.resources.of(Kind::EnvironmentImage).map(|it| it.id).collect();
                for id in all {
                    self.set(id, "connection", Value::Null);
                }
            }
            _ => return false,
        }
        true
    }

    /// "none (az logout)", "az login has run": whether somebody is signed in to Azure CLI.
    fn cli_session(&mut self, text: &str) -> bool {
        let has = |all: &[&str]| all.iter().any(|it| text.contains(it));
        let session = if has(NO_SESSION) {
            false
        } else if has(&["az login", "signed in", "logged in", "active", "valid", "open"]) {
            true
        } else {
            return false;
        };
        let users: Vec<ResourceId> = self.design.resources.of(Kind::User).map(|it| it.id).collect();
        if users.is_empty() && !session {
            return false;
        }
        for id in users {
            self.set(id, "azureCliSession", json!(session));
        }
        true
    }

    /// What applications sign in with; a secret past its end is as good as none.
    pub(super) fn signs_in_with(&mut self, text: &str) -> bool {
        let has = |all: &[&str]| all.iter().any(|it| text.contains(it));
        let kind = if has(&["expired", "revoked", "deleted", "none", "no "]) {
            "None"
        } else if has(&["federated", "workload identity"]) {
            "Federated"
        } else if has(&["certificate"]) {
            "Certificate"
        } else if has(&["secret", "valid"]) {
            "ClientSecret"
        } else {
            return false;
        };
        let all: Vec<ResourceId> =
            self.design.resources.of(Kind::ServicePrincipal).map(|it| it.id).collect();
        for id in all {
            self.set(id, "credential", json!(kind));
        }
        true
    }

    /// "admin password of acrws regenerated, workspace keys not synchronised": what the workspace keeps is old.
    fn out_of_step(&mut self, text: &str) -> bool {
        let text = text.replace("synchroniz", "synchronis").replace("in sync", "synchronised");
        let has = |all: &[&str]| all.iter().any(|it| text.contains(it));
        let changed = has(&["regenerated", "rotated", "changed", "renewed", "new password"]);
        let of_registry = has(&["admin", "password", "registry", "acr"]);
        let late = has(&[
            "not synchronised",
            "not yet synchronised",
            "never synchronised",
            "not resynchronised",
            "not synced",
            "not resynced",
            "not yet synced",
            "out of sync",
            "out of step",
            "without sync",
            "no sync",
            "sync-keys not",
            "old password",
        ]);
        let again = !late && has(&["synchronised", "synced", "sync-keys"]);
        if !of_registry || !(late || again || changed) {
            return false;
        }
        let Some(workspace) = self.named.get("ws1").copied() else { return false };
        self.set(workspace, "keysOutOfSync", json!(!again));
        true
    }

    /// "image build compute cpu-build (SAI)" among what is said of a workspace.
    fn builds_on(&mut self, workspace: ResourceId, rest: &mut String) {
        const NAMES: &[&str] = &[
            "image_build_compute",
            "image-build-compute",
            "imagebuildcompute",
            "image build compute",
            "image build cluster",
            "build compute",
            "build cluster",
            "builds images on",
        ];
        let Some(name) = NAMES.iter().find(|it| rest.contains(**it)) else { return };
        let after = rest.split_once(*name).map_or("", |it| it.1).to_owned();
        let clause = after.split([',', ';']).next().unwrap_or_default();
        let builds = [Some(Kind::ComputeCluster), Some(Kind::ComputeInstance)];
        let named = Words::of(clause).find_map(|it| {
            let id = self.named.get(&it).copied().filter(|it| builds.contains(&self.kind(*it)))?;
            Some((id, it))
        });
        let Some((compute, word)) = named else { return };
        self.set(workspace, "imageBuildCompute", json!(compute.0));
        take(rest, name);
        take(rest, &word);
        for phrase in ["compute instance", "instance", "compute cluster", "cluster"] {
            take(rest, phrase);
        }
    }

    /// Locks as rows of level and scope, or each by the name of what it stands on.
    fn locks(&mut self, value: &Value, key: &str) {
        let rows: Vec<&Value> = match value {
            Value::Array(rows) => rows.iter().collect(),
            it => vec![it],
        };
        for row in rows {
            if let Some(text) = row.as_str() {
                self.special("lock", &json!(text));
                continue;
            }
            let text = |key: &str| row.get(key).and_then(text_of);
            let mut found: Vec<(String, String)> = Vec::new();
            match (text("scope").or_else(|| text("on")), text("level")) {
                (Some(scope), Some(level)) => found.push((scope, level)),
                _ => found.extend(
                    row.as_object()
                        .into_iter()
                        .flatten()
                        .filter_map(|(on, level)| Some((on.clone(), text_of(level)?))),
                ),
            }
            for (scope, level) in found {
                let group = scope.starts_with("rg-").then(|| self.group(&scope));
                let named = group.or_else(|| self.ensure(&scope));
                match named.or_else(|| scope.starts_with('/').then(|| self.place(&scope))?) {
                    Some(id) => self.lock(id, &level),
                    None => self.problem(format!("config.{key}: what does the lock stand on?")),
                }
            }
        }
    }

    fn names_a_list(&self, text: &str) -> bool {
        Words::of(text).any(|it| ["keys", "secrets", "certificates"].contains(&it.as_str()))
    }

    /// Access policies of the vault in question, whichever way the case writes them.
    fn vault_policies(&mut self, value: &Value) {
        let vaults = self.design.resources.of(Kind::KeyVault);
        let foreign = vaults.filter(|it| it.name() != "kvws").map(|it| it.id).next();
        let Some(vault) = foreign.or_else(|| self.named.get("kvws").copied()) else { return };
        self.policies_of(vault, value);
    }

    fn policies_of(&mut self, vault: ResourceId, value: &Value) {
        match value {
            Value::Array(rows) if rows.iter().any(Value::is_object) => {
                for row in rows {
                    self.access_policy(vault, row);
                }
            }
            // Principal to lists, or to words.
            Value::Object(rows) => {
                for (who, given) in rows {
                    if let Value::Object(lists) = given {
                        let mut row = lists.clone();
                        row.insert("principal".to_owned(), json!(who));
                        self.access_policy(vault, &Value::Object(row));
                    } else {
                        let clause = format!("{who} {}", texts_of(given).join(", "));
                        self.policy_words(vault, &clause.to_ascii_lowercase());
                    }
                }
            }
            it => {
                let text = texts_of(it).join(", ").to_ascii_lowercase();
                for clause in text.split(';') {
                    self.policy_words(vault, clause);
                }
            }
        }
        self.push_nothing(vault, "accessPolicies");
    }

    /// Whether people meet the policies of Conditional Access. What is said to be refused once stays so.
    pub(super) fn policy(&mut self, text: &str) {
        let refused = turned_away(text);
        let users: Vec<ResourceId> = self.design.resources.of(Kind::User).map(|it| it.id).collect();
        for id in users {
            let before = self.design.get(id).and_then(|it| it.settings.get("conditionalAccess"));
            let stays = before == Some(&json!("notMet"));
            let word = if refused || stays { "notMet" } else { "met" };
            self.set(id, "conditionalAccess", json!(word));
        }
    }

    /// "guest user of the tenant", "home tenant A, ws1 is in tenant B", "private laptop, not compliant".
    fn about_person(&mut self, person: ResourceId, text: &str, key: &str) {
        let mut rest = text.to_owned();
        for name in TENANT {
            rest = rest.replace(name, "tenant");
        }
        if self.kind(person) == Some(Kind::User) {
            let guest = ["guest user", "guest account", "guest", "b2b user", "external user"];
            let mut foreign = guest.iter().fold(false, |found, it| take(&mut rest, it) || found);
            let words: Vec<String> = Words::of(&rest).collect();
            let mut tenants: Vec<&str> = words
                .windows(2)
                .filter(|it| it[0] == "tenant" && is_tenant(&it[1]))
                .map(|it| it[1].as_str())
                .collect();
            tenants.sort_unstable();
            tenants.dedup();
            foreign |= tenants.len() > 1;
            let one = ["only one tenant", "one tenant", "a single tenant", "single tenant"];
            for phrase in one {
                take(&mut rest, phrase);
            }
            if take(&mut rest, "tenants") {
                // "tenants A and B"
                foreign = true;
                for name in words.iter().filter(|it| is_tenant(it)) {
                    while take(&mut rest, name) {}
                }
            }
            for phrase in ["several tenants", "multiple tenants", "two tenants", "many tenants"] {
                foreign |= take(&mut rest, phrase);
            }
            for phrase in OTHER_TENANT {
                foreign |= take(&mut rest, phrase);
            }
            if foreign {
                self.set(person, "userType", json!("Guest"));
            }
            for name in tenants {
                while take(&mut rest, &format!("tenant {name}")) {}
            }
            // "the default one is not the tenant of s1"
            for phrase in NOT_THERE {
                if take(&mut rest, phrase) {
                    self.set(person, "userType", json!("Guest"));
                    take(&mut rest, "s1");
                    take(&mut rest, "one");
                }
            }
            const PLAIN: &[&str] = &[
                "member of",
                "member",
                "home tenant",
                "default tenant",
                "home",
                "default",
                "tenant",
                "user",
                "accounts",
                "account",
                "several",
                "multiple",
                "two",
                "access to",
                "access",
                "only",
            ];
            for word in PLAIN {
                while take(&mut rest, word) {}
            }
        }
        // What service principals lack anyway.
        for phrase in ["no permission to read microsoft entra id", "no permission to read entra id"]
        {
            take(&mut rest, phrase);
        }
        if self.operation == "auth.conditional_access" {
            const AWAY: &[&str] = &[
                "at home",
                "from home",
                "abroad",
                "travel",
                "hotel",
                "personal ",
                "private ",
                "own ",
                "unknown",
                "without",
            ];
            if turned_away(text) || AWAY.iter().any(|it| text.contains(it)) {
                self.policy("not met");
            } else if MET.iter().any(|it| text.contains(it)) {
                self.policy(text);
            } else {
                self.problem(format!("adapter does not know whether {text} meets the policy"));
            }
            return;
        }
        let left: Vec<String> =
            Words::of(&rest).filter(|it| !self.named.contains_key(it)).collect();
        self.leftover(&left.join(" "), key);
    }

    /// Draws the person that a word like `sp:ci` names.
    fn mentions_person(&mut self, word: &str) {
        if word.starts_with("user:") || word.starts_with("sp:") {
            self.principal(word);
        }
    }

    /// `user_assigned_identity_for_cmk_encryption`: "uai1": whom the storage of the workspace signs in as.
    fn key_identity(&mut self, value: &Value, key: &str) {
        let text = text_of(value).unwrap_or_default().to_ascii_lowercase();
        let identity = Words::of(&text).find(|it| self.is_identity(it));
        let identity = identity.and_then(|it| self.ensure(&it));
        let (Some(identity), Some(workspace)) = (identity, self.named.get("ws1").copied()) else {
            return self.problem(format!("config.{key}: which identity is it?"));
        };
        self.set(workspace, "encryption.status", json!("Enabled"));
        self.set(workspace, "encryption.identity.userAssignedIdentity", json!(identity.0));
        self.has_too(workspace, identity);
    }

    /// "`user_assigned_identity_for_cmk_encryption` = uaix" among what is said of a workspace.
    fn key_identity_in(&mut self, rest: &mut String, key: &str) {
        const NAMES: &[&str] = &[
            "user_assigned_identity_for_cmk_encryption",
            "user-assigned-identity-for-cmk-encryption",
            "user assigned identity for cmk encryption",
            "cmk identity",
            "cmk uai",
        ];
        let Some(name) = NAMES.iter().find(|it| rest.contains(**it)) else { return };
        let after = rest.split_once(*name).map_or("", |it| it.1).to_owned();
        let clause = after.split([',', ';']).next().unwrap_or_default();
        let Some(identity) = Words::of(clause).find(|it| self.is_identity(it)) else { return };
        self.key_identity(&json!(identity), key);
        *rest = rest.replacen(&format!("{name}{clause}"), " ", 1);
    }

    /// "cluster1: --x on every folder, r-- on the file", or rows of principal, path and permissions.
    fn access_lists(&mut self, key: &str, value: &Value) {
        let account =
            key.split('.').find_map(|it| self.named.get(&it.to_ascii_lowercase()).copied());
        let account = account.or_else(|| self.lake()).unwrap_or_else(|| self.data_account());
        let Some(container) = self.container_of(account) else { return };
        let account = self.design.get(container).and_then(|it| it.parent).unwrap_or(account);
        self.set(account, "isHnsEnabled", json!(true));
        // Whoever is not named gets nothing.
        self.push(container, "accessControl", json!({}));
        // Each with the path that it stands on, where the case tells one.
        let mut clauses: Vec<(String, String)> = Vec::new();
        match value {
            Value::Object(rows) => {
                for (key, it) in rows {
                    let texts = texts_of(it);
                    if is_path(key) || self.is_container(key) {
                        clauses.extend(texts.into_iter().map(|it| (key.clone(), it)));
                    } else {
                        clauses.push((String::new(), format!("{key}: {}", texts.join(", "))));
                    }
                }
            }
            Value::Array(rows) => clauses.extend(rows.iter().map(|row| {
                let text = |names: &[&str]| {
                    names.iter().find_map(|it| row.get(*it).and_then(text_of)).unwrap_or_default()
                };
                let path = text(&["path", "on"]);
                let given = text(&["permissions", "perms", "perm", "acl", "entry"]);
                let who = text(&["principal", "who"]);
                match text_of(row) {
                    Some(whole) => (String::new(), whole),
                    None => (path, format!("{who}: {given}")),
                }
            })),
            it => {
                let text = text_of(it).unwrap_or_default();
                // "/raw: cluster1 r-x" stands on /raw.
                clauses.extend(text.split(';').map(|it| match it.trim().split_once(':') {
                    Some((path, rest)) if path.starts_with('/') && !path.contains(' ') => {
                        (path.to_owned(), rest.to_owned())
                    }
                    _ => (String::new(), it.to_owned()),
                }));
            }
        }
        let mut masks: Vec<(String, [bool; 3])> = Vec::new();
        for (path, clause) in clauses {
            let path = self.in_container(&path);
            let clause = clause.to_ascii_lowercase();
            let mut parts = clause.split("mask");
            let entry = parts.next().unwrap_or_default().trim_end_matches([' ', ',']);
            if Words::of(entry).next().is_some() {
                self.access_entry(container, &path, entry, key);
            }
            for mask in parts {
                self.mask(&path, mask, &mut masks);
            }
        }
        self.put_masks(container, &masks);
        self.path = self.asked_path(container);
        if let Some(path) = self.path.clone() {
            let jobs: Vec<ResourceId> =
                self.design.resources.of(Kind::Job).map(|it| it.id).collect();
            for id in jobs {
                self.set(id, "path", json!(path));
            }
        }
    }

    /// The account with a hierarchical namespace, which alone has lists.
    fn lake(&self) -> Option<ResourceId> {
        let mut all = self.design.resources.of(Kind::StorageAccount).filter(|it| {
            it.resource.settings.get("isHnsEnabled") == Some(&json!(true))
                || ["stadls", "sthns", "stlake", "stdl"]
                    .iter()
                    .any(|name| it.name().starts_with(name))
        });
        all.next().map(|it| it.id)
    }

    /// "`::--x` on /raw/a.csv": the most that named users and all groups get there.
    fn mask(&mut self, path: &str, text: &str, masks: &mut Vec<(String, [bool; 3])>) {
        let Some((at, token)) = permission_in(text) else { return };
        let given = ['x', 'r', 'w'].map(|it| token.contains(it));
        let about = text[at + token.len()..].split([',', ';']).next().unwrap_or_default();
        let mut told: Vec<String> =
            about.split(' ').filter(|it| is_path(it)).map(|it| self.in_container(it)).collect();
        if told.is_empty() {
            told.push(path.to_owned());
        }
        masks.extend(told.into_iter().map(|it| (it, given)));
    }

    fn put_masks(&mut self, container: ResourceId, masks: &[(String, [bool; 3])]) {
        let rows = self.design.get(container).and_then(|it| it.settings.get("accessControl"));
        let Some(mut rows) = rows.and_then(|it| it.as_array().cloned()) else { return };
        for row in &mut rows {
            let path = row.get("path").and_then(text_of).unwrap_or_default();
            let same = |it: &String| it.trim_matches('/') == path.trim_matches('/');
            let of = masks.iter().find(|it| it.0.is_empty() || !path.is_empty() && same(&it.0));
            // What everybody else gets is not limited by it.
            let Some((_, given)) = of.filter(|_| row.get("principal").is_some()) else { continue };
            for (key, given) in ["traverse", "read", "write"].into_iter().zip(given) {
                if !given {
                    row[key] = json!(false);
                }
            }
        }
        self.set(container, "accessControl", json!(rows));
    }

    fn is_container(&self, name: &str) -> bool {
        let id = self.named.get(&name.to_ascii_lowercase());
        id.is_some_and(|it| self.kind(*it) == Some(Kind::BlobContainer))
    }

    /// A path without the container that it may start with; `/` is the container itself.
    fn in_container(&self, path: &str) -> String {
        let path = path.to_ascii_lowercase();
        let (first, rest) = path.split_once('/').unwrap_or((&path, ""));
        if path.is_empty() || !self.is_container(first) {
            return path;
        }
        if rest.is_empty() { "/".to_owned() } else { rest.to_owned() }
    }

    /// The file in question, where lists stand on paths: named in the question, else the only one.
    fn asked_path(&self, container: ResourceId) -> Option<String> {
        let rows = self.design.get(container)?.settings.get("accessControl")?.as_array()?.clone();
        let paths: Vec<String> = rows
            .iter()
            .filter_map(|it| it.get("path").and_then(text_of))
            .map(|it| it.trim_matches('/').to_owned())
            .collect();
        if paths.is_empty() {
            return None;
        }
        let words = self.words.split(|it: char| it.is_whitespace() || "\"',?;()".contains(it));
        let named: Vec<String> =
            words.filter(|it| is_file(it)).map(|it| self.in_container(it)).collect();
        let plain = named.first().map(|it| it.trim_matches('/').to_owned());
        let files: Vec<&String> = paths.iter().filter(|it| is_file(it)).collect();
        // "a.csv" for raw/a.csv.
        let whole = plain.as_ref().and_then(|it| {
            files.iter().find(|file| file.ends_with(&format!("/{it}"))).map(|it| (*it).clone())
        });
        whole.or(plain).or_else(|| files.first().map(|it| (*it).clone()))
    }

    fn access_entry(&mut self, container: ResourceId, path: &str, clause: &str, key: &str) {
        // "nothing on /data" is a list that gives nothing.
        let mut clause = clause.to_owned();
        for (words, given) in [
            ("nothing on", "--- on"),
            ("no access on", "--- on"),
            ("no access to", "--- on"),
            ("no permission on", "--- on"),
            ("no permissions on", "--- on"),
            ("no rights on", "--- on"),
            ("no entry on", "--- on"),
            ("none on", "--- on"),
            ("read and execute on", "r-x on"),
            ("execute only on", "--x on"),
            ("execute on", "--x on"),
            ("read only on", "r-- on"),
            ("read on", "r-- on"),
        ] {
            clause = clause.replace(&format!("{words} /"), &format!("{given} /"));
        }
        let clause = clause.as_str();
        // "user:ana:r-x" as the lists write it.
        let mut names = clause.to_owned();
        while let Some((at, token)) = permission_in(&names) {
            let end = at + token.len();
            names.replace_range(at..end, " ");
        }
        let who = Words::of(&names).find_map(|it| {
            let local = it.rsplit(':').next().unwrap_or(&it).to_owned();
            let known = self.principals.get(&it).copied().or_else(|| self.person(&local));
            // "user:cluster1:r-x": lists call every named principal a user.
            let own = || {
                let id = self.named.get(&local).copied()?;
                identity_key(self.kind(id))
                    .map(|_| id)
                    .or_else(|| self.is_identity(&local).then_some(id))
            };
            let known = known.or_else(own);
            let told = it.contains(':') && local != it;
            known.or_else(|| if told { self.principal(&it) } else { None })
        });
        if who.is_none() && !clause.contains("other") && !clause.contains("everyone") {
            if !["no ", "none", "nothing", "empty"].iter().any(|it| clause.contains(it)) {
                self.unread.push(format!("config.{key}: \"{clause}\""));
            }
            return;
        }
        let entry = |given: [bool; 3], path: &str| {
            let mut row = json!({ "traverse": given[0], "read": given[1], "write": given[2] });
            if let Some(who) = who {
                row["principal"] = json!(who.0);
            }
            if !path.is_empty() {
                row["path"] = json!(path);
            }
            row
        };
        // Each path has a list of its own: "r-x on /, r-- on /raw/a.csv".
        // "--x on / and every parent folder": all folders, and no one path.
        let everywhere = ["every ", "all ", "each ", "parent"].iter().any(|it| clause.contains(it))
            && clause
                .split_whitespace()
                .filter(|it| is_path(it))
                .all(|it| it.trim_matches(',') == "/");
        if !path.is_empty() || !everywhere && clause.split_whitespace().any(is_path) {
            let mut rest = clause;
            while let Some((at, token)) = permission_in(rest) {
                rest = &rest[at + token.len()..];
                let about = &rest[..permission_in(rest).map_or(rest.len(), |it| it.0)];
                let given = ['x', 'r', 'w'].map(|it| token.contains(it));
                let mut told: Vec<String> =
                    about.split([' ', ',']).filter(|it| is_path(it)).map(str::to_owned).collect();
                if told.is_empty() {
                    told.push(path.to_owned());
                }
                for it in told {
                    let it = self.in_container(&it);
                    self.push(container, "accessControl", entry(given, &it));
                }
            }
            return;
        }
        let mut given = [false; 3];
        let mut rest = clause;
        while let Some((at, token)) = permission_in(rest) {
            let before = rest[..at].trim_end();
            let refused =
                ["no", "without", "missing", "lacks", "not"].iter().any(|it| before.ends_with(it));
            rest = &rest[at + token.len()..];
            let about = &rest[..permission_in(rest).map_or(rest.len(), |it| it.0)];
            let folders = ["folder", "parent", "container", "director", "root", "path"]
                .iter()
                .any(|it| about.contains(it));
            let files = ["file", "data", "blob", "recursive"].iter().any(|it| about.contains(it));
            let (folders, files) = if folders || files { (folders, files) } else { (true, true) };
            if refused {
                continue;
            }
            given[0] |= folders && token.contains('x');
            given[1] |= files && token.contains('r');
            given[2] |= token.contains('w');
        }
        self.push(container, "accessControl", entry(given, ""));
    }

    /// The container that datastores of an account show.
    fn container_of(&mut self, account: ResourceId) -> Option<ResourceId> {
        if self.kind(account) == Some(Kind::BlobContainer) {
            return Some(account);
        }
        let known = self.design.resources.of(Kind::BlobContainer);
        let known = known.filter(|it| it.resource.parent == Some(account)).map(|it| it.id).next();
        let container = known.unwrap_or_else(|| self.draw(Kind::BlobContainer, "c1", account));
        let datastores: Vec<ResourceId> =
            self.design.resources.of(Kind::Datastore).map(|it| it.id).collect();
        for id in datastores {
            let of = self.design.get(id).and_then(|it| it.settings.get("accountName").cloned());
            if of == Some(json!(account.0)) {
                self.set(id, "containerName", json!(container.0));
            }
        }
        Some(container)
    }

    fn is_identity_change(&self) -> bool {
        self.operation == "ws.update.identity_kind"
    }

    /// The identity that a workspace is to get: "SAI -> SAI + UAI", "back to system-assigned".
    pub(super) fn identity_change(&mut self, config: &Map<String, Value>, question: &str) {
        if !self.is_identity_change() {
            return;
        }
        let said = CHANGES.iter().find_map(|it| config.get(*it).and_then(text_of));
        let text = said.unwrap_or_else(|| question.to_owned()).to_ascii_lowercase();
        let wish =
            ["->", " to "].iter().filter_map(|it| text.rfind(it).map(|at| at + it.len())).max();
        let wish = format!(" {} ", &text[wish.unwrap_or(0)..]);
        let has = |words: &[&str]| words.iter().any(|it| wish.contains(it));
        let system = has(&["system", "sai"]);
        let user = has(&["user-assigned", "user assigned", "uai", "both"]);
        let adds = ["add ", "adds ", "attach "].iter().any(|it| text.contains(it));
        let removes =
            ["remove", "drop", "detach", "without", "only the system", "system-assigned only"]
                .iter()
                .any(|it| text.contains(it));
        let user = user && !(removes && system);
        let kind = match (system || adds || wish.contains("both"), user || adds) {
            (true, true) => "SystemAssigned,UserAssigned",
            (true, false) => "SystemAssigned",
            (false, true) => "UserAssigned",
            (false, false) => {
                return self.problem("the case does not say what the identity is changed to");
            }
        };
        let Some(workspace) = self.named.get("ws1").copied() else { return };
        self.set(workspace, "identityChange.type", json!(kind));
        if kind.contains("User") {
            let named: Vec<String> = Words::of(&text).filter(|it| self.is_identity(it)).collect();
            let mut ids: Vec<u32> =
                named.iter().filter_map(|it| self.named.get(it)).map(|it| it.0).collect();
            if ids.is_empty() {
                ids.extend(self.ensure("uai1").map(|it| it.0));
            }
            self.set(workspace, "identityChange.userAssignedIdentities", json!(ids));
        }
    }

    /// "ws1 exists. Can own set enableDataIsolation=true?"
    fn asks_for_change(&self, question: &str) -> bool {
        let question = question.to_ascii_lowercase();
        let has = |all: &[&str]| all.iter().any(|it| question.contains(it));
        let verb = has(&["change ", "switch ", "update ", "replace ", "turn ", "enable ", "set "]);
        match self.operation.as_str() {
            "ws.data_isolation" => verb || has(&["disable ", "activate "]),
            "ws.managed_network.provision" => has(&["turn it off", "loosen", "go back", "switch "]),
            "oe.create" => verb && has(&["identity", "uai", "user-assigned", "system-assigned"]),
            _ => false,
        }
    }

    fn is_other_change(&self) -> bool {
        ["ws.data_isolation", "ws.managed_network.provision"].contains(&self.operation.as_str())
            || self.operation.starts_with("oe.")
    }

    /// What is to become of an endpoint's identity or of a managed network, once all else is said. Data
    /// isolation that is to be turned on is off.
    pub(super) fn other_change(&mut self, config: &Map<String, Value>, question: &str) {
        let said = CHANGES.iter().find_map(|it| config.get(*it).and_then(text_of));
        let said = said.or_else(|| self.asks_for_change(question).then(|| question.to_owned()));
        let (Some(said), true) = (said, self.is_other_change()) else { return };
        let text = said.to_ascii_lowercase();
        let wish = text.rsplit("->").next().unwrap_or_default().to_owned();
        let has = |words: &[&str]| words.iter().any(|it| wish.contains(it));
        let workspace = self.named.get("ws1").copied().unwrap_or(ResourceId(0));
        match self.operation.as_str() {
            "ws.data_isolation" => {
                self.set(
                    workspace,
                    "enableDataIsolation",
                    json!(has(&["off", "disable", "false"])),
                );
                // It matters where another workspace uses the same storage.
                let shared = self.named.get("stdef").map_or(0, |it| it.0);
                if let Some(other) = self.ensure("ws2") {
                    self.set(other, "storageAccount", json!(shared));
                }
            }
            "ws.managed_network.provision" => {
                const KEY: &str = "managedNetwork.isolationMode";
                let before =
                    self.design.get(workspace).and_then(|it| it.settings.get(KEY).cloned());
                let after = if has(&["approved"]) {
                    "AllowOnlyApprovedOutbound"
                } else if has(&["internet"]) {
                    "AllowInternetOutbound"
                } else {
                    "Disabled"
                };
                self.set(workspace, "deployedIsolationMode", before.unwrap_or(json!("Disabled")));
                self.set(workspace, KEY, json!(after));
            }
            _ => {
                let kind = match (has(&["system", "sai"]), has(&["user", "uai"])) {
                    (true, true) => "SystemAssigned,UserAssigned",
                    (false, true) => "UserAssigned",
                    _ => "SystemAssigned",
                };
                let all: Vec<ResourceId> =
                    self.design.resources.of(Kind::OnlineEndpoint).map(|it| it.id).collect();
                for id in all {
                    self.set(id, "identityChange.type", json!(kind));
                }
            }
        }
    }

    fn provider(&mut self, text: &str) {
        let subscription = self.named.get("s1").copied().unwrap_or(ResourceId(0));
        let has = |all: &[&str]| all.iter().any(|it| text.contains(it));
        let registered = if has(&["not ", "unregistered", "never", "no ", "false"]) {
            false
        } else if has(&["registered", "true"]) {
            true
        } else {
            return self.problem(format!("adapter does not know the provider state {text}"));
        };
        self.set(subscription, "machineLearningRegistered", json!(registered));
    }

    /// What the acting person works with.
    fn tool(&mut self, text: &str, key: &str) {
        let mut rest = text.to_owned();
        // The session belongs to the machine, where nobody else sits.
        if text.contains("--identity") {
            self.focus = self.design.resources.of(Kind::VirtualMachine).next().map(|it| it.id);
        }
        self.runs_on(&mut rest);
        self.names_tenant(&mut rest);
        self.secret_of_tool(&mut rest);
        if self.operation == "auth.azure_cli"
            && NO_SESSION.iter().any(|it| rest.contains(it))
            && self.cli_session(text)
        {
            for phrase in NO_SESSION {
                while take(&mut rest, phrase) {}
            }
        }
        for word in Words::of(text) {
            if self.named.contains_key(&word)
                || self.principals.contains_key(&word)
                || self.person(&word).is_some()
            {
                take(&mut rest, &word);
            }
        }
        let with = if take(&mut rest, "studio") {
            "studio"
        } else if ["sdk v1", "cli v1", "v1"].iter().any(|it| take(&mut rest, it)) {
            "v1"
        } else {
            "v2"
        };
        for known in [
            "azure cli",
            "cli v2",
            "sdk v2",
            "cli",
            "sdk",
            "v2",
            "az ml",
            "az",
            "azure portal",
            "portal",
            "pipeline",
            "environmentcredential",
            "msiauthentication",
            "managedidentitycredential",
            "client_id",
            "interactiveloginauthentication",
            "serviceprincipalauthentication",
            "azurecliauthentication",
            "azureclicredential",
            "defaultazurecredential",
            "python",
            "rest api",
            "rest",
            "arm template",
            "azure ml",
            "github actions",
            "azure devops",
            "docker",
            "azcopy",
            "clientsecretcredential",
            "certificatecredential",
            "environment variables",
            "workload identity",
            "federated credential",
            "continuous integration",
            "ci",
            "jupyter",
            "notebook",
            "grant_workspace_access=true",
            "skip_validation=true",
            "skip_validation=false",
            "service principal",
            "grant_workspace_access",
            "skip_validation",
            "role assignment create",
            "instead of --assignee-object-id",
            "--assignee-principal-type serviceprincipal",
            "--assignee-principal-type",
            "provision-network",
            "--assignee-object-id",
            "--assignee",
            "by name",
            "login --identity",
            "login --service-principal",
            "login",
            "workspace.from_config",
            "from_config",
            "az ml workspace sync-keys",
            "sync-keys",
            "signed in as",
            "signed in",
            "ran",
            "automated ml",
            "automl",
            "laptop",
            "token",
            "https",
            "ml.azure.com",
            "from the vnet",
            "in the vnet",
            "vnet",
            "local code folder",
            "local code",
            "local",
            "folder",
            "code",
            "curl",
            "postman",
            "browser",
            "terraform",
            "bicep",
        ] {
            while take(&mut rest, known) {}
        }
        self.leftover(&rest, key);
        for (kind, setting) in [
            (Kind::Job, "submittedWith"),
            (Kind::OnlineEndpoint, "createdWith"),
            (Kind::BatchEndpoint, "invokedWith"),
        ] {
            let all: Vec<ResourceId> = self.design.resources.of(kind).map(|it| it.id).collect();
            for id in all {
                self.set(id, setting, json!(with));
            }
        }
        let registers = self.operation.starts_with("datastore.");
        for id in self.design.resources.of(Kind::Datastore).map(|it| it.id).collect::<Vec<_>>() {
            if registers {
                self.set(id, "registeredWith", json!(with));
            }
            if text.contains("skip_validation=true") {
                self.set(id, "skipValidation", json!(true));
            }
        }
    }

    /// "SDK on cluster1 (UAI uai1), without a client ID": the identity of the machine that a tool runs on, and
    /// how its program asks for it.
    fn runs_on(&mut self, rest: &mut String) {
        let jobs: Vec<ResourceId> = self.design.resources.of(Kind::Job).map(|it| it.id).collect();
        for (phrases, value) in MEANINGS
            .iter()
            .filter(|it| it.0 == JOB && it.2 == "namesClientId")
            .map(|it| (it.1, it.3))
        {
            let mut said = false;
            for phrase in phrases {
                while take(rest, phrase) {
                    said = true;
                }
            }
            for job in jobs.iter().filter(|_| said) {
                self.set(*job, "namesClientId", json!(value == "true"));
            }
        }
        let hosts = Words::of(rest).filter_map(|it| self.named.get(&it).copied());
        let host = hosts.into_iter().find(|it| {
            matches!(
                self.kind(*it),
                Some(
                    Kind::VirtualMachine
                        | Kind::ComputeCluster
                        | Kind::ComputeInstance
                        | Kind::AttachedKubernetes
                )
            )
        });
        let Some(host) = host else { return };
        self.identity_words(host, rest);
        for word in Words::of(rest) {
            if self.is_identity(&word) {
                self.name(host, &word);
            }
        }
    }

    /// "GitHub Actions, client secret, expired": what the application of a pipeline signs in with.
    fn secret_of_tool(&mut self, rest: &mut String) {
        const SECRETS: &[&str] = &[
            "client id and secret",
            "client secret",
            "secret",
            "certificate",
            "federated credential",
            "federated",
            "workload identity",
        ];
        if self.operation != "auth.service_principal" {
            return;
        }
        let clauses: Vec<String> = rest.split(';').map(str::to_owned).collect();
        for clause in clauses.iter().filter(|it| SECRETS.iter().any(|word| it.contains(word))) {
            self.signs_in_with(clause);
        }
        for word in SECRETS.iter().chain(&["has expired", "is expired", "expired", "valid"]) {
            while take(rest, word) {}
        }
    }

    /// "without `tenant_id`", "`tenant_id=...`": whether a program is told the tenant.
    fn names_tenant(&mut self, rest: &mut String) {
        const NO: &[&str] = &[
            "without tenant_id",
            "without a tenant_id",
            "without the tenant_id",
            "no tenant_id",
            "tenant_id not set",
            "tenant_id not passed",
            "tenant_id is not set",
            "tenant_id missing",
        ];
        const YES: &[&str] = &[
            "with tenant_id",
            "with the tenant_id",
            "tenant_id set",
            "tenant_id passed",
            "tenant_id",
        ];
        *rest = ["tenant id", "tenantid"]
            .iter()
            .fold(rest.clone(), |text, it| text.replace(it, "tenant_id"));
        let mut said = None;
        for (phrases, value) in [(NO, false), (YES, true)] {
            for phrase in phrases {
                while take(rest, phrase) {
                    said = said.or(Some(value));
                }
            }
        }
        let words: Vec<String> = Words::of(rest).collect();
        for pair in words.windows(2).filter(|it| it[0] == "tenant" && is_tenant(&it[1])) {
            take(rest, &format!("tenant {}", pair[1]));
        }
        // The class of SDK v1 is told what it is told.
        let bare = rest.contains("interactiveloginauthentication");
        let Some(said) = said.or(bare.then_some(false)) else { return };
        let users: Vec<ResourceId> = self.design.resources.of(Kind::User).map(|it| it.id).collect();
        for id in users {
            self.set(id, "namesTenant", json!(said));
        }
    }

    fn outbound_rule(&mut self, text: &str) {
        let workspace = self.named.get("ws1").copied().unwrap_or(ResourceId(0));
        let target = Words::of(text).find_map(|it| self.named.get(&it).copied());
        let Some(target) = target.filter(|_| text.contains("private endpoint")) else {
            return self.problem(format!("adapter does not know the outbound rule {text}"));
        };
        let part =
            ["blob", "file", "dfs", "vault", "registry"].into_iter().find(|it| text.contains(it));
        if self
            .design
            .get(workspace)
            .is_some_and(|it| !it.settings.contains_key("managedNetwork.isolationMode"))
        {
            self.set(workspace, "managedNetwork.isolationMode", json!("AllowInternetOutbound"));
        }
        const RULES: &str = "managedNetwork.outboundRules";
        let own = match self.kind(target) {
            Some(Kind::KeyVault) => "vault",
            Some(Kind::ContainerRegistry) => "registry",
            Some(Kind::Workspace) => "amlworkspace",
            _ => "blob",
        };
        let rules = self.design.get(workspace).and_then(|it| it.settings.get(RULES));
        let before = rules.and_then(Value::as_array).map_or(0, Vec::len);
        let rule = json!({
            "name": format!("rule{}", before + 1),
            "type": "PrivateEndpoint",
            "destination.serviceResourceId": target.0,
            "destination.subresourceTarget": part.unwrap_or(own),
        });
        self.push(workspace, RULES, rule);
    }

    /// The resource that a member of `config` is about.
    fn subject(&mut self, key: &str, text: &str) -> Option<ResourceId> {
        let key = key.to_ascii_lowercase().replace(['_', '-'], " ");
        let named = |it: &Builder, name: &str| it.named.get(name).copied();
        let of = |it: &Builder, kind| it.design.resources.of(kind).next().map(|it| it.id);
        let in_text = |it: &Builder, kind| {
            Words::of(text)
                .find_map(|word| named(it, &word).filter(|id| it.kind(*id) == Some(kind)))
        };
        let any_compute = |it: &Builder| {
            in_text(it, Kind::ComputeCluster)
                .or_else(|| in_text(it, Kind::ComputeInstance))
                .or_else(|| in_text(it, Kind::AttachedKubernetes))
                .or_else(|| of(it, Kind::ComputeCluster))
                .or_else(|| of(it, Kind::ComputeInstance))
                .or_else(|| of(it, Kind::AttachedKubernetes))
        };
        match key.as_str() {
            "workspace" | "ws" => named(self, "ws1"),
            "subscription" => named(self, "s1"),
            "datastore" | "input datastore" | "output datastore" | "input" | "inputs"
            | "input data" | "output" | "outputs" | "data asset" | "data" | "data source"
            | "data input" => of(self, Kind::Datastore),
            "job" | "run" | "pipeline" | "pipeline job" | "code" | "script" | "training script" => {
                of(self, Kind::Job)
            }
            "sas" | "sas token" | "account key" | "stored key" | "stored credential"
            | "credential" | "credentials" => {
                of(self, Kind::Datastore).or_else(|| of(self, Kind::Job))
            }
            "endpoint" | "online endpoint" | "managed endpoint" => {
                of(self, Kind::OnlineEndpoint).or_else(|| of(self, Kind::BatchEndpoint))
            }
            "batch endpoint" => of(self, Kind::BatchEndpoint),
            "deployment" => of(self, Kind::OnlineDeployment),
            "environment" | "image" => of(self, Kind::EnvironmentImage),
            "connection" | "workspace connection" => of(self, Kind::WorkspaceConnection),
            "compute"
            | "cluster"
            | "compute cluster"
            | "profile compute"
            | "compute target"
            | "image build compute"
            | "build compute"
            | "build cluster" => any_compute(self),
            "k8s compute" | "kubernetes compute" | "kubernetes" | "k8s" | "aks" | "aks cluster" => {
                of(self, Kind::AttachedKubernetes)
            }
            "compute instance" | "instance" => of(self, Kind::ComputeInstance),
            "vm" | "virtual machine" => of(self, Kind::VirtualMachine),
            "vault" | "key vault" => named(self, "kvext").or_else(|| named(self, "kvws")),
            "registry" | "acr" | "workspace acr" | "workspace registry" => named(self, "acrws"),
            "default storage" | "workspace storage" => named(self, "stdef"),
            "storage" | "storage account" => named(self, "stext").or_else(|| named(self, "stdef")),
            "identity" | "uai" => of(self, Kind::UserAssignedIdentity),
            _ => {
                let name = key.replace(' ', "-");
                named(self, &name).or_else(|| self.ensure(&name))
            }
        }
    }

    /// The resource that has a setting of this name, where the case does not say which.
    fn holder(&self, key: &str) -> Option<ResourceId> {
        ["ws1", "acrws", "kvext", "stext", "stdef", "ep1", "cluster1"]
            .iter()
            .filter_map(|it| self.named.get(*it).copied())
            .find(|id| self.setting_name(*id, key).is_some())
    }

    fn property(&mut self, id: ResourceId, setting: &str, value: &Value) {
        let lower = setting.to_ascii_lowercase();
        if let Some(text) = value.as_str()
            && ["identity", "managed identity", "mi"].contains(&lower.as_str())
        {
            return self.describe(id, &text.to_ascii_lowercase(), setting);
        }
        let Some(name) = self.setting_name(id, setting) else {
            let text = match value {
                Value::Bool(on) => Some(if *on { "on" } else { "off" }.to_owned()),
                it => it.as_str().map(str::to_ascii_lowercase),
            };
            if let Some(text) = text {
                return self.describe(id, &format!("{lower} {text}"), setting);
            }
            return self.problem(format!("adapter does not know the setting {setting}"));
        };
        // `null` is how Azure returns what was never set.
        if value.is_null() {
            return;
        }
        // "false -> true": what is asked about is the change, or else what has become of it.
        if let Some((before, after)) = value.as_str().and_then(arrow) {
            let now = if asks_about_change(&self.operation) { before } else { after };
            return self.property(id, setting, &json!(now));
        }
        if name == "accessPolicies" {
            return self.policies_of(id, value);
        }
        let value = match (name, value.as_str().map(str::to_ascii_lowercase).as_deref()) {
            (_, Some(text)) => match self.choice(id, name, spelled(name, text)) {
                Some(choice) => json!(choice),
                None => match (self.is_flag(id, name), flag_of(value)) {
                    (true, Some(flag)) => json!(flag),
                    _ => value.clone(),
                },
            },
            _ => value.clone(),
        };
        self.set(id, name, value);
    }

    /// "allowSharedKeyAccess=false", "systemDatastoresAuthMode identity": settings under their own names.
    fn settings_in(&mut self, id: ResourceId, rest: &mut String) {
        let words: Vec<String> = rest.split_whitespace().map(str::to_owned).collect();
        let mut left: Vec<String> = Vec::new();
        let mut next = 0;
        while let Some(word) = words.get(next) {
            next += 1;
            let bare = word.trim_matches([',', ';', '(', ')']);
            let (name, value) = match bare.split_once(['=', ':']) {
                Some((name, value)) if !value.is_empty() => (name, Some(value)),
                _ => (bare.trim_end_matches(['=', ':']), None),
            };
            let mut ahead = next;
            if value.is_none() && matches!(words.get(ahead).map(String::as_str), Some("=" | "is")) {
                ahead += 1;
            }
            let after = words.get(ahead).map(|it| it.trim_matches([',', ';', '(', ')']));
            // A short word is one of the language before it is the name of a setting.
            let known = if name.len() > 7 { self.setting_name(id, name) } else { None };
            let read = known.zip(value.or(after)).and_then(|(name, value)| {
                let flag = flag_of(&json!(value)).filter(|_| self.is_flag(id, name));
                let chosen = || self.choice(id, name, spelled(name, value)).map(|it| json!(it));
                Some((name, flag.map(|it| json!(it)).or_else(chosen)?))
            });
            match read {
                Some((name, it)) => {
                    if value.is_none() {
                        next = ahead + 1;
                    }
                    self.set(id, name, it);
                }
                None => left.push(word.clone()),
            }
        }
        *rest = left.join(" ");
    }

    fn push_nothing(&mut self, id: ResourceId, name: &str) {
        if self.design.get(id).is_some_and(|it| !it.settings.contains_key(name)) {
            self.set(id, name, json!([]));
        }
    }

    fn is_flag(&self, id: ResourceId, name: &str) -> bool {
        let fields = self.kind(id).map_or(&[] as &[_], |it| it.info().fields);
        fields.iter().any(|it| it.key == name && format!("{:?}", it.shape).contains("Bool"))
    }

    /// The value of a choice that is spelled like `text`.
    fn choice(&self, id: ResourceId, name: &str, text: &str) -> Option<String> {
        use drawbridge::kinds::setting::Shape;
        let plain = |it: &str| it.replace(['_', '-', ' '], "").to_ascii_lowercase();
        let field = self.kind(id)?.info().fields.iter().find(|it| it.key == name)?;
        let options = match &field.shape {
            Shape::Choice(options) | Shape::Optional(Shape::Choice(options)) => *options,
            _ => return None,
        };
        options.iter().find(|it| plain(it.value) == plain(text)).map(|it| it.value.to_owned())
    }

    /// "cluster1: secrets get, list"; "none for cluster1" gives nothing.
    fn policy_words(&mut self, vault: ResourceId, clause: &str) {
        let words: Vec<String> = Words::of(clause).collect();
        let who = words.iter().find_map(|it| {
            let local = it.rsplit(':').next().unwrap_or(it);
            self.named.get(local).copied().or_else(|| self.person(local))
        });
        // "Azure Cosmos DB" is drawn under its name as a principal.
        let cosmos = || {
            let named = clause.contains("cosmos");
            let mut all = self.principals.iter();
            all.find(|it| named && it.0.contains("cosmos")).map(|it| *it.1)
        };
        let who = who.or_else(cosmos);
        let Some(who) = who.filter(|_| !words.iter().any(|it| it == "none" || it == "no")) else {
            return;
        };
        let mut row = json!({ "objectId": who.0 });
        let mut list = None;
        for word in &words {
            match word.as_str() {
                "keys" | "secrets" | "certificates" => list = Some(format!("permissions.{word}")),
                "get" | "list" | "set" | "delete" | "recover" | "backup" | "restore" | "create"
                | "purge" | "wrapkey" | "unwrapkey" => {
                    let Some(list) = &list else { continue };
                    let word = word.replace("wrapkey", "wrapKey");
                    match row.get_mut(list).and_then(Value::as_array_mut) {
                        Some(it) => it.push(json!(word)),
                        None => row[list] = json!([word]),
                    }
                }
                _ => {}
            }
        }
        self.push(vault, "accessPolicies", row);
    }

    fn access_policy(&mut self, vault: ResourceId, policy: &Value) {
        let text = |key: &str| policy.get(key).and_then(text_of);
        let who = text("principal").or_else(|| text("objectId"));
        let Some(who) = who.and_then(|it| self.principal(&it)) else {
            return self.problem("an access policy without a principal".to_owned());
        };
        let list = |key: &str| policy.get(key).map(texts_of).unwrap_or_default();
        let row = json!({
            "objectId": who.0,
            "permissions.keys": list("keys"),
            "permissions.secrets": list("secrets"),
            "permissions.certificates": list("certificates"),
        });
        self.push(vault, "accessPolicies", row);
    }

    /// What stands above the steps of a pipeline asks for nothing in their name.
    pub(super) fn above_steps(&mut self, job: ResourceId) {
        let asks = self.design.get(job).and_then(|it| it.settings.get("identity.identityType"));
        if asks == Some(&json!("UserIdentity")) {
            self.set(job, "identity.identityType", json!("NotSet"));
        }
    }

    /// How the script of a deployment asks for a token of the endpoint's identity.
    pub(super) fn client_id(&mut self, text: &mut String) {
        let mut phrases: Vec<(&str, bool)> = MEANINGS
            .iter()
            .filter(|it| it.0 == DEPLOYMENT && it.2 == "namesClientId")
            .flat_map(|it| it.1.iter().map(|phrase| (*phrase, it.3 == "true")))
            .collect();
        phrases.sort_by_key(|it| std::cmp::Reverse(it.0.len()));
        let bare = text.contains("managedidentitycredential()");
        let mut said = None;
        for (phrase, value) in phrases {
            while take(text, phrase) {
                said = said.or(Some(value));
            }
        }
        // "forgets the client ID", "client_id from the environment".
        let clause = text.split([',', ';']).find(|it| CLIENT_ID.iter().any(|id| it.contains(id)));
        let told = clause.map(|it| !UNSAID.iter().any(|no| it.contains(no)));
        if told == Some(true) {
            for phrase in CLIENT_ID {
                while take(text, phrase) {}
            }
        }
        let Some(said) = said.or(told).or_else(|| bare.then_some(false)) else { return };
        let all: Vec<ResourceId> =
            self.design.resources.of(Kind::OnlineDeployment).map(|it| it.id).collect();
        for id in all {
            self.set(id, "namesClientId", json!(said));
        }
    }

    /// "in tenant t2", "cross-tenant": storage in a subscription of its own, which belongs to another tenant.
    pub(super) fn in_tenant(&mut self, id: ResourceId, rest: &mut String) {
        let account = match self.kind(id) {
            Some(Kind::StorageAccount) => id,
            Some(Kind::Datastore) => {
                let of = self.design.get(id).and_then(|it| it.settings.get("accountName").cloned());
                let of = of.and_then(|it| u32::try_from(it.as_u64()?).ok()).map(ResourceId);
                of.unwrap_or_else(|| self.data_account())
            }
            _ => return,
        };
        for name in TENANT {
            *rest = rest.replace(name, "tenant");
        }
        let words: Vec<String> = Words::of(rest).collect();
        let after = words.iter().skip_while(|it| *it != "tenant").nth(1).cloned();
        let named = after.filter(|it| !GRAMMAR.contains(&it.as_str()) && is_tenant(it));
        let mut other = false;
        for phrase in OTHER_TENANT {
            while take(rest, phrase) {
                other = true;
            }
        }
        if let Some(name) = named {
            take(rest, &format!("tenant {name}"));
            other |= !HOME_TENANT.contains(&name.as_str());
        }
        for phrase in ["the same tenant", "same tenant", "home tenant", "own tenant", "this tenant"]
        {
            take(rest, phrase);
        }
        if other {
            self.abroad(account);
        }
    }

    /// "stext in t2, ws1 in t1"; "another one" is where the data is.
    fn tenants(&mut self, text: &str) {
        let of = |it: &Builder, clause: &str| {
            let mut all = Words::of(clause).filter_map(|word| it.named.get(&word).copied());
            all.next()
        };
        let mut home = "t1".to_owned();
        let mut data: Vec<(ResourceId, String)> = Vec::new();
        for clause in text.split([',', ';']) {
            let name = Words::of(clause).find(|it| is_tenant(it));
            let other =
                OTHER_TENANT.iter().any(|it| clause.contains(it)) || clause.contains("another");
            let name = name.or_else(|| other.then(|| "another".to_owned()));
            let Some(name) = name else { continue };
            match of(self, clause) {
                Some(it) if self.kind(it) == Some(Kind::Workspace) => home = name,
                Some(it) if self.kind(it) == Some(Kind::StorageAccount) => data.push((it, name)),
                _ => data.push((self.data_account(), name)),
            }
        }
        for (account, name) in data {
            if name != home && !(HOME_TENANT.contains(&name.as_str()) && home == "t1") {
                self.abroad(account);
            }
        }
    }

    /// Puts storage in a subscription of another tenant.
    fn abroad(&mut self, account: ResourceId) {
        let group = self.design.get(account).and_then(|it| it.parent);
        let within = group.and_then(|it| self.design.get(it)).map_or("rg-data", |it| &it.name);
        let there = format!("/subscriptions/s-other/resourceGroups/{within}");
        if let Some(there) = self.place(&there) {
            self.stand_in(account, there);
        }
        // Which tenant the others are in is said as well: without that, nobody knows whether they differ.
        let all = self.design.resources.of(Kind::Subscription).map(|it| it.id);
        for id in all.collect::<Vec<_>>() {
            let other = self.named.get("s-other") == Some(&id);
            let tenant = if other { "22222222" } else { "11111111" };
            self.set(id, "tenantId", json!(format!("{tenant}-2222-4222-8222-222222222222")));
        }
    }

    /// "no identity, cluster1 (SAI)": what stands before the compute is said of the job.
    fn job_without_identity(&mut self, id: ResourceId, rest: &mut String) {
        let is_compute = |it: &str| {
            let kind = self.named.get(it).and_then(|it| self.kind(*it));
            kind.is_some() && identity_key(kind).is_some()
        };
        let border = Words::of(rest).find(|it| is_compute(it)).and_then(|it| rest.find(&it));
        let mut before = rest[..border.unwrap_or(rest.len())].to_owned();
        let after = rest[before.len()..].to_owned();
        let phrases = [
            "without an identity",
            "without identity",
            "identity none",
            "identity: none",
            "no identity",
        ];
        // "on compute without identity" is about the compute.
        let of_compute =
            ["compute without", "cluster without", "compute with no", "cluster with no"];
        if of_compute.iter().any(|it| before.contains(it)) {
            return;
        }
        let mut said = false;
        for phrase in phrases {
            while take(&mut before, phrase) {
                said = true;
            }
        }
        if said {
            self.set(id, "identity.identityType", json!("NotSet"));
            *rest = format!("{before}{after}");
        }
    }

    /// The name of a deleted vault is taken as long as the vault can be recovered.
    fn deleted(&mut self, id: ResourceId, rest: &mut String) {
        if !self.operation.starts_with("kv.reuse") || self.kind(id) != Some(Kind::KeyVault) {
            return;
        }
        let purged = [
            "deleted and purged",
            "deleted and then purged",
            "purged",
            "retention is over",
            "retention over",
            "retention ended",
            "retention period is over",
            "retention period over",
            "retention period ended",
        ];
        if purged.iter().fold(false, |found, it| take(rest, it) || found) {
            return self.set(id, "softDeletedNameExists", json!(false));
        }
        let gone = [
            "deleted yesterday",
            "deleted today",
            "deleted last week",
            "deleted a week ago",
            "deleted before",
            "just deleted",
            "was deleted",
            "deleted",
        ];
        if !rest.contains("not deleted")
            && !rest.contains("never deleted")
            && gone.iter().fold(false, |found, it| take(rest, it) || found)
        {
            self.set(id, "softDeletedNameExists", json!(true));
        }
    }

    /// Reads a text about a resource.
    pub(super) fn describe(&mut self, id: ResourceId, text: &str, key: &str) {
        let mut rest = text.to_owned();
        let kind = self.kind(id);
        if self.operation.starts_with("oe.score") {
            self.client_id(&mut rest);
        }
        let above = kind == Some(Kind::Job) && self.operation == "job.data.user_identity";
        let above = if above { above_steps(&mut rest) == Some(true) } else { false };
        if kind == Some(Kind::Job) {
            self.job_without_identity(id, &mut rest);
        }
        self.in_tenant(id, &mut rest);
        self.shared_with(id, &mut rest);
        self.new_keys(id, &mut rest);
        self.new_password(id, &mut rest);
        self.deleted(id, &mut rest);
        if kind == Some(Kind::Subscription) && fills_role_assignments(&rest) {
            self.set(id, "roleAssignmentsFull", json!(true));
            let left: Vec<&str> =
                rest.split([',', ';']).filter(|it| !fills_role_assignments(it)).collect();
            rest = left.join(",");
        }
        if let Some(age) = age_phrase(&rest)
            && matches!(kind, Some(Kind::ComputeCluster | Kind::ContainerRegistry))
        {
            take(&mut rest, age);
        }
        if let Some(key) = identity_key(kind)
            && rest.trim() == "none"
        {
            self.set(id, key, json!("None"));
            rest.clear();
        }
        if self.kind(id) == Some(Kind::EnvironmentImage) {
            for address in self.image_address(id, text) {
                rest = rest.replace(&address, " ");
            }
        }
        if let Some(before) = created_before(&mut rest)
            && self.kind(id) == Some(Kind::Workspace)
        {
            self.set(id, "createdBefore20241119", json!(before));
        }
        if self.kind(id) == Some(Kind::ComputeInstance) {
            self.owner(&rest);
        }
        if self.kind(id) == Some(Kind::Workspace) {
            self.key_identity_in(&mut rest, key);
            self.builds_on(id, &mut rest);
            self.private_workspace(id, text);
            self.rules_in(id, &mut rest);
        }
        self.in_subscription(id, &mut rest);
        self.settings_in(id, &mut rest);
        self.phrases(id, &mut rest);
        if above {
            self.above_steps(id);
        }
        self.zone_group(id, &mut rest);
        self.nodes(id, &mut rest);
        if self.kind(id) == Some(Kind::OnlineEndpoint) && take(&mut rest, "kubernetes") {
            let cluster = self.design.resources.of(Kind::AttachedKubernetes).next().map(|it| it.id);
            if let Some(cluster) = cluster.or_else(|| self.ensure("k8s1")) {
                self.set(id, "compute", json!(cluster.0));
            }
        }
        if let Some(Kind::Job | Kind::Datastore | Kind::EnvironmentImage) = self.kind(id) {
            self.of_compute(&mut rest);
        }
        let identity_of = match self.kind(id) {
            // "v2, cluster1 (SAI)": the identity is that of the compute.
            Some(Kind::Job | Kind::Datastore | Kind::EnvironmentImage) => {
                let named = Words::of(&rest).find_map(|it| self.named.get(&it).copied());
                named.filter(|it| identity_key(self.kind(*it)).is_some())
            }
            _ => Some(id),
        };
        let mut system = false;
        if let Some(of) = identity_of {
            if of != id {
                self.phrases(of, &mut rest);
            }
            system = self.identity_words(of, &mut rest) == Some("SystemAssigned")
                && self.kind(of) == Some(Kind::ComputeCluster)
                && !["instead of", "replace", "->", "not "].iter().any(|it| text.contains(it));
        }
        // Asked for together with another one, it is no less asked for.
        let both =
            identity_of.filter(|_| system && Words::of(&rest).any(|it| self.is_identity(&it)));
        let assigned =
            (self.kind(id) == Some(Kind::ComputeInstance)).then(|| self.assigned(text)).flatten();
        let mut left = String::new();
        for word in Words::of(&rest) {
            // Web services are drawn as what serves them.
            let number = word.chars().all(|it| it.is_ascii_digit()) || numbered(&word, &["svc"]);
            // "in" and "out" are containers where the text says so.
            let plain = GRAMMAR.contains(&word.as_str())
                && self.is_container(&word)
                && !text.contains(&format!("container {word}"));
            if number || plain || self.name(id, &word) || GRAMMAR.contains(&word.as_str()) {
                continue;
            }
            left.push_str(&word);
            left.push(' ');
        }
        if let Some(person) = assigned {
            self.set(id, "personalComputeInstanceSettings.assignedUser", json!(person.0));
        }
        if let Some(of) = both {
            self.set(of, "identity.type", json!("SystemAssigned,UserAssigned"));
        }
        self.leftover(&left, key);
    }

    /// "managed network, outbound rule to stext (private endpoint)": rules among what is said of a workspace.
    fn rules_in(&mut self, workspace: ResourceId, rest: &mut String) {
        let of_network = self.operation == "ws.managed_network.provision";
        let mut left: Vec<String> = Vec::new();
        let clauses: Vec<String> = rest.split([',', ';']).map(str::to_owned).collect();
        for clause in clauses {
            let target = Words::of(&clause)
                .filter_map(|it| self.named.get(&it).copied())
                .find(|it| *it != workspace && self.kind(*it) != Some(Kind::PrivateEndpoint));
            let rule = clause.contains("outbound rule")
                || of_network && target.is_some() && clause.contains("private endpoint");
            let none = ["no outbound rule", "without outbound rule", "no private endpoint"];
            if none.iter().any(|it| clause.contains(it)) {
                continue;
            }
            if rule {
                self.outbound_rule(&clause);
            } else {
                left.push(clause);
            }
        }
        *rest = left.join(",");
    }

    /// "key1 regenerated": what datastores store of it opens nothing any more.
    fn new_keys(&mut self, account: ResourceId, rest: &mut String) {
        const NEW: &[&str] = &[
            "key1 regenerated",
            "key2 regenerated",
            "keys regenerated",
            "key regenerated",
            "key1 rotated",
            "key2 rotated",
            "keys rotated",
            "key rotated",
        ];
        if self.kind(account) != Some(Kind::StorageAccount)
            || !NEW.iter().fold(false, |found, it| take(rest, it) || found)
        {
            return;
        }
        let all: Vec<ResourceId> =
            self.design.resources.of(Kind::Datastore).map(|it| it.id).collect();
        for id in all {
            let of = self.design.get(id).and_then(|it| it.settings.get("accountName").cloned());
            if of == Some(json!(account.0)) {
                self.set(id, "credentialExpired", json!(true));
            }
        }
    }

    /// "admin user on, password regenerated, workspace keys not synchronised" of the workspace's registry.
    fn new_password(&mut self, registry: ResourceId, rest: &mut String) {
        let own = self.named.get("acrws") == Some(&registry);
        let clauses: Vec<&str> = rest.split([',', ';']).collect();
        let about = |it: &&str| ["password", "keys", "sync"].iter().any(|word| it.contains(word));
        let (said, left): (Vec<&str>, Vec<&str>) = clauses.into_iter().partition(about);
        if !own || said.is_empty() || !self.out_of_step(&format!("registry {}", said.join(", "))) {
            return;
        }
        *rest = left.join(",");
    }

    /// "shared with ws2 (GUID 2222bbbb)": storage that another workspace has, too.
    fn shared_with(&mut self, id: ResourceId, rest: &mut String) {
        let guids: Vec<String> =
            Words::of(rest).filter(|it| it.get(..8).is_some_and(is_guid_like)).collect();
        let spoken = rest.contains("guid") || rest.contains("workspace id");
        for guid in guids.iter().filter(|_| spoken) {
            take(rest, guid);
        }
        for word in ["workspace guid", "workspace id", "guid"].iter().filter(|_| spoken) {
            while take(rest, word) {}
        }
        let shared = ["shared with", "shared by", "also used by", "used by"];
        if self.kind(id) != Some(Kind::StorageAccount)
            || !shared.iter().fold(false, |found, it| take(rest, it) || found)
        {
            return;
        }
        let others: Vec<ResourceId> = self
            .design
            .resources
            .of(Kind::Workspace)
            .filter(|it| it.name() != "ws1")
            .map(|it| it.id)
            .collect();
        for other in others {
            self.set(other, "storageAccount", json!(id.0));
        }
    }

    /// "in subscription s2", "in another subscription": where a resource stands, whatever its group is called.
    fn in_subscription(&mut self, id: ResourceId, rest: &mut String) {
        let group = self.design.get(id).and_then(|it| it.parent);
        let Some(group) = group.filter(|it| self.kind(*it) == Some(Kind::ResourceGroup)) else {
            return;
        };
        let words: Vec<String> = Words::of(rest).collect();
        let after = words.iter().skip_while(|it| *it != "subscription").nth(1).cloned();
        let named = after.filter(|it| numbered(it, &["s", "sub", "sub-"]));
        let phrases = ["another subscription", "a different subscription", "other subscription"];
        let mut other = false;
        for phrase in phrases {
            other |= take(rest, phrase);
        }
        let name = named.or_else(|| other.then(|| "s2".to_owned()));
        take(rest, "same subscription");
        let Some(name) = name else { return };
        take(rest, &format!("subscription {name}"));
        let within = self.design.get(group).map_or(String::new(), |it| it.name.clone());
        let there = format!("/subscriptions/{name}/resourceGroups/{within}");
        if let Some(there) = self.place(&there) {
            self.stand_in(id, there);
        }
    }

    /// "cluster1 (uai1)", "cluster1 with user-assigned uai1": the identity of the compute, not of what runs there.
    fn of_compute(&mut self, rest: &mut String) {
        const BETWEEN: &[&str] = &[
            "with",
            "has",
            "having",
            "user-assigned",
            "managed",
            "identity",
            "uai",
            "sai",
            "and",
            "which",
            "that",
            "the",
            "a",
            "its",
            "uses",
            "using",
            "of",
        ];
        let whole = rest.replace(", which", " which").replace(", with", " with");
        let clauses: Vec<String> = whole.split([',', ';']).map(str::to_owned).collect();
        for clause in clauses {
            let words: Vec<String> = Words::of(&clause).collect();
            let compute = words.iter().position(|it| {
                self.named.get(it).is_some_and(|it| identity_key(self.kind(*it)).is_some())
            });
            let Some(at) = compute else { continue };
            let after = words[at + 1..].iter().find(|it| !BETWEEN.contains(&it.as_str()));
            let Some(name) = after.filter(|it| self.is_identity(it)) else { continue };
            let (of, identity) = (self.named[&words[at]], self.named[name]);
            let both = words[at + 1..].iter().any(|it| it == "sai");
            let drawn = self.kind(of);
            self.attach(of, identity);
            if both && let Some(key) = identity_key(drawn) {
                self.set(of, key, json!("SystemAssigned,UserAssigned"));
            }
            take(rest, name);
        }
    }

    /// A private endpoint of a workspace, for what does not work beside one; the public path stays open,
    /// for whoever has no part in that.
    fn private_workspace(&mut self, workspace: ResourceId, text: &str) {
        let minds = ["aci.v1", "be.", "studio.dataset.preview"]
            .iter()
            .any(|it| self.operation.starts_with(it));
        let private = without_open_network(text).contains("private");
        if minds
            && private
            && let Some(endpoint) = self.ensure("pe-ws1")
        {
            self.set(endpoint, "privateLinkServiceId", json!(workspace.0));
            self.set(endpoint, "groupId", json!("amlworkspace"));
        }
    }

    /// "acrws/train:1", "acrpriv.azurecr.io/base/cuda".
    fn image_address(&mut self, id: ResourceId, text: &str) -> Vec<String> {
        let mut read = Vec::new();
        let words = text.split(|it: char| it.is_whitespace() || ",;()".contains(it));
        for word in words {
            let Some((host, path)) = word.split_once('/') else { continue };
            let registry = host.split('.').next().unwrap_or(host);
            let registry = self.named.get(registry).copied();
            let is_registry = |it: &ResourceId| self.kind(*it) == Some(Kind::ContainerRegistry);
            let Some(registry) = registry.filter(is_registry).filter(|_| !path.is_empty()) else {
                continue;
            };
            let name = self.design.get(registry).map_or("", |it| &it.name).to_owned();
            self.set(id, "image", json!(format!("{name}.azurecr.io/{path}")));
            self.set(id, "registry", json!(registry.0));
            let source = self.design.get(id).and_then(|it| it.settings.get("imageSource").cloned());
            if source != Some(json!("PrivateBaseImage")) {
                self.set(id, "imageSource", json!("PrivateImage"));
            }
            read.push(word.to_owned());
        }
        read
    }

    /// "created on behalf of ana by ben": whoever it is for, not whoever made it.
    fn assigned(&self, text: &str) -> Option<ResourceId> {
        ["on behalf of ", "assigned to ", "created for ", "belongs to "].iter().find_map(|phrase| {
            let word = Words::of(text.split_once(phrase)?.1).next()?;
            self.person(word.rsplit(':').next()?)
        })
    }

    /// "created by ana": whoever an instance belongs to may be named nowhere else.
    fn owner(&mut self, text: &str) {
        for phrase in
            ["created by ", "created for ", "assigned to ", "belongs to ", "on behalf of "]
        {
            let Some((_, after)) = text.split_once(phrase) else { continue };
            if let Some(name) = Words::of(after).next()
                && !name.contains(':')
                && self.person(&name).is_none()
                && !self.named.contains_key(&name)
            {
                self.principal(&format!("user:{name}"));
            }
        }
    }

    /// Who pulls for the nodes of a cluster that is attached the v1 way.
    fn nodes(&mut self, id: ResourceId, rest: &mut String) {
        if self.kind(id) != Some(Kind::AttachedKubernetes) {
            return;
        }
        let phrases = [
            "created in the workspace",
            "created from the workspace",
            "created by the workspace",
            "created through the workspace",
            "service principal",
        ];
        let by_principal = phrases.iter().fold(false, |found, it| take(rest, it) || found);
        if by_principal {
            let named = Words::of(rest).find_map(|it| self.person(it.rsplit(':').next()?));
            let own = self.design.get(id).map_or(String::new(), |it| it.name.clone());
            // Where a case names it after the cluster, that is the one.
            let named = named.or_else(|| self.person(&own));
            if let Some(principal) = named.or_else(|| self.principal(&format!("sp:{own}-sp"))) {
                self.set(id, "identity.type", json!("None"));
                self.set(id, "servicePrincipalProfile", json!(principal.0));
            }
        }
        if self.operation.starts_with("aks.v1") {
            while take(rest, "managed identity") {}
        }
    }

    /// "with a private DNS zone group": Azure writes the names of the endpoint into the zone.
    fn zone_group(&mut self, id: ResourceId, rest: &mut String) {
        let phrases = ["private dns zone group", "dns zone group", "zone group"];
        if self.kind(id) != Some(Kind::PrivateEndpoint) || !phrases.iter().any(|it| take(rest, it))
        {
            return;
        }
        const ZONE: &str = "privatelink.api.azureml.ms";
        take(rest, ZONE);
        let group = self.group("rg-net");
        let zone = self.named.get(ZONE).copied();
        let zone = zone.unwrap_or_else(|| self.draw(Kind::PrivateDnsZone, ZONE, group));
        self.push(id, "privateDnsZoneGroups", json!(zone.0));
    }

    fn phrases(&mut self, id: ResourceId, rest: &mut String) {
        let kind = self.kind(id);
        let mut meanings: Vec<(&str, &str, &str)> = MEANINGS
            .iter()
            .filter(|it| kind.is_some_and(|kind| it.0.contains(&kind)))
            .flat_map(|(_, phrases, key, value)| phrases.iter().map(|it| (*it, *key, *value)))
            .collect();
        meanings.sort_by_key(|it| std::cmp::Reverse(it.0.len()));
        let mut said: Vec<&str> = Vec::new();
        for (phrase, key, value) in meanings {
            while take(rest, phrase) {
                if !key.is_empty() && !said.contains(&key) {
                    said.push(key);
                    let value = serde_json::from_str(value).unwrap_or(Value::Null);
                    // Datastores of blobs store a key or a SAS only.
                    if kind == Some(Kind::Datastore) && value == json!("ServicePrincipal") {
                        self.set(id, "datastoreType", json!("AzureDataLakeGen2"));
                    }
                    self.set(id, key, value);
                }
            }
        }
    }

    /// The kinds of identity that a text gives a resource.
    fn identity_words(&mut self, id: ResourceId, rest: &mut String) -> Option<&'static str> {
        let key = identity_key(self.kind(id))?;
        let mut said: Option<&'static str> = None;
        for (phrases, kind) in IDENTITIES {
            for phrase in *phrases {
                while take(rest, phrase) {
                    said = match (said, *kind) {
                        (Some("SystemAssigned"), "UserAssigned") => {
                            Some("SystemAssigned,UserAssigned")
                        }
                        (Some(before), _) => Some(before),
                        (None, it) => Some(it),
                    };
                }
            }
        }
        if let Some(kind) = said {
            self.set(id, key, json!(kind));
            if kind.contains("UserAssigned")
                && !Words::of(rest).any(|it| self.is_identity(&it))
                && let Some(identity) = self.ensure("uai1")
            {
                self.attach(id, identity);
            }
        }
        said
    }

    fn is_identity(&self, name: &str) -> bool {
        self.named.get(name).is_some_and(|it| self.kind(*it) == Some(Kind::UserAssignedIdentity))
    }

    /// Gives a resource a user-assigned identity.
    pub(super) fn attach(&mut self, id: ResourceId, identity: ResourceId) {
        let Some(key) = identity_key(self.kind(id)) else { return };
        let kind = self.design.get(id).and_then(|it| it.settings.get(key).cloned());
        let described =
            kind.as_ref().and_then(Value::as_str).is_some_and(|it| it.contains("UserAssigned"));
        if !described {
            let both = kind == Some(json!("SystemAssigned"))
                && matches!(self.kind(id), Some(Kind::Workspace | Kind::VirtualMachine));
            let kind = if both { "SystemAssigned,UserAssigned" } else { "UserAssigned" };
            self.set(id, key, json!(kind));
        }
        let list = key.replace("type", "userAssignedIdentities");
        self.push(id, &list, json!(identity.0));
        if self.kind(id) == Some(Kind::Workspace)
            && self
                .design
                .get(id)
                .is_some_and(|it| !it.settings.contains_key("primaryUserAssignedIdentity"))
        {
            self.set(id, "primaryUserAssignedIdentity", json!(identity.0));
        }
    }

    /// A user-assigned identity beside the one that the service acts as.
    pub(super) fn has_too(&mut self, id: ResourceId, identity: ResourceId) {
        let kind = self.design.get(id).and_then(|it| it.settings.get("identity.type").cloned());
        if kind.as_ref().and_then(Value::as_str).is_none_or(|it| it == "SystemAssigned") {
            self.set(id, "identity.type", json!("SystemAssigned,UserAssigned"));
        }
        self.push(id, "identity.userAssignedIdentities", json!(identity.0));
    }

    /// What it means that a text about `id` names something. Says whether it is a name at all.
    fn name(&mut self, id: ResourceId, word: &str) -> bool {
        if let Some((prefix @ ("user" | "sp" | "mi" | "group"), local)) = word.split_once(':') {
            self.principal(word);
            return matches!(prefix, "mi" | "group") || self.name(id, local);
        }
        if let Some(person) = self.person(word) {
            match self.kind(id) {
                Some(Kind::ComputeInstance) => {
                    self.set(id, "personalComputeInstanceSettings.assignedUser", json!(person.0));
                }
                // The only thing that a text about an endpoint says of somebody.
                Some(Kind::OnlineEndpoint) => self.push(id, "keyGivenTo", json!(person.0)),
                Some(Kind::Datastore) => self.set(id, "credentials.clientId", json!(person.0)),
                _ => {}
            }
            return true;
        }
        let Some(other) = self.named.get(word).copied() else { return false };
        let (Some(kind), Some(to)) = (self.kind(id), self.kind(other)) else { return true };
        use Kind as K;
        match (kind, to) {
            (_, K::UserAssignedIdentity) if kind == K::WorkspaceConnection => {
                self.set(id, "credentials.resourceId", json!(other.0));
            }
            (K::Job, K::UserAssignedIdentity) => {
                self.set(id, "identity.identityType", json!("Managed"));
                self.set(id, "identity.resourceId", json!(other.0));
            }
            (_, K::UserAssignedIdentity) => self.attach(id, other),
            (K::WorkspaceConnection, K::ContainerRegistry | K::StorageAccount | K::KeyVault) => {
                self.set(id, "targetResource", json!(other.0));
            }
            (K::EnvironmentImage, K::ContainerRegistry) => {
                if Some(&json!("PrivateBaseImage"))
                    != self.design.get(id).and_then(|it| it.settings.get("imageSource"))
                {
                    self.set(id, "imageSource", json!("PrivateImage"));
                }
                self.set(id, "registry", json!(other.0));
            }
            (K::Datastore, K::StorageAccount) => {
                let before =
                    self.design.get(id).and_then(|it| it.settings.get("accountName").cloned());
                self.set(id, "accountName", json!(other.0));
                if before != Some(json!(other.0)) {
                    let containers = self.design.resources.of(Kind::BlobContainer);
                    let within: Vec<ResourceId> = containers
                        .filter(|it| it.resource.parent == Some(other))
                        .map(|it| it.id)
                        .collect();
                    let only =
                        if let [only] = within.as_slice() { json!(only.0) } else { json!(null) };
                    self.set(id, "containerName", only);
                }
            }
            (K::Datastore, K::BlobContainer) => self.set(id, "containerName", json!(other.0)),
            // What a job reads or writes is told of it, and kept by its datastore.
            (K::Job, K::BlobContainer) => {
                let account = self.design.get(other).and_then(|it| it.parent).map_or(0, |it| it.0);
                let all: Vec<ResourceId> =
                    self.design.resources.of(Kind::Datastore).map(|it| it.id).collect();
                for datastore in all {
                    let of = self.design.get(datastore);
                    let of = of.and_then(|it| it.settings.get("accountName").cloned());
                    if of == Some(json!(account)) {
                        self.set(datastore, "containerName", json!(other.0));
                    }
                }
            }
            (K::Job, K::ComputeCluster | K::ComputeInstance | K::AttachedKubernetes) => {
                self.set(id, "computeId", json!(other.0));
            }
            (K::ComputeCluster | K::ComputeInstance, K::Subnet) => {
                let workspace = self.named.get("ws1").map_or(0, |it| it.0);
                self.set(id, "workspace", json!(workspace));
                self.stand_in(id, other);
            }
            (
                K::StorageAccount | K::KeyVault | K::ContainerRegistry | K::Workspace,
                K::PrivateEndpoint,
            ) => {
                self.set(other, "privateLinkServiceId", json!(id.0));
                let group = match kind {
                    K::StorageAccount => "blob",
                    K::KeyVault => "vault",
                    K::ContainerRegistry => "registry",
                    _ => "amlworkspace",
                };
                self.set(other, "groupId", json!(group));
            }
            (K::UserAssignedIdentity, K::ResourceGroup) => self.stand_in(id, other),
            _ => {}
        }
        true
    }

    fn leftover(&mut self, rest: &str, key: &str) {
        let unknown: Vec<String> =
            Words::of(rest).filter(|it| !GRAMMAR.contains(&it.as_str())).collect();
        if !unknown.is_empty() {
            self.unread.push(format!("\"{}\" in config.{key}", unknown.join(" ")));
        }
    }
}

/// The first group of a GUID.
pub(super) fn is_guid_like(text: &str) -> bool {
    text.len() == 8
        && text.chars().all(|it| it.is_ascii_hexdigit())
        && text.chars().any(|it| it.is_ascii_digit())
}

/// The GUID of the workspace in question, as a member of a case tells it: "ws1 GUID", "ws1.workspaceId".
pub(super) fn own_guid(key: &str, value: &str) -> Option<String> {
    let key = key.to_ascii_lowercase();
    let of = ["ws1", "workspace"].iter().any(|it| key.starts_with(it));
    let value = value.to_ascii_lowercase();
    let said = key.contains("guid") || key.ends_with("id") || value.contains("guid");
    if !of || !said {
        return None;
    }
    Words::of(&value).find(|it| it.get(..8).is_some_and(is_guid_like))
}

/// What somebody has done whom Conditional Access lets in.
const MET: &[&str] = &[
    "with mfa",
    "mfa done",
    "mfa passed",
    "did mfa",
    "passed mfa",
    "completed mfa",
    "second factor",
    "compliant",
    "managed device",
    "registered device",
    "policy met",
    "meets the policy",
    "trusted location",
    "corporate network",
    "office",
];

/// How a text says that nobody is signed in to Azure CLI.
const NO_SESSION: &[&str] = &[
    "az logout",
    "logged out",
    "signed out",
    "not logged in",
    "not signed in",
    "never logged in",
    "never signed in",
    "without az login",
    "no az login",
    "az login not run",
    "az login was not run",
    "az login never",
    "before az login",
    "no session",
    "without a session",
    "session expired",
    "expired session",
    "none",
];

/// Members that say no more than their texts do, which are about what they name.
const NAMING: &[&str] = &[
    "private endpoint",
    "private dns zone",
    "privatednszone",
    "dns zone",
    "host",
    "machine",
    "runs on",
    "sender",
    "score.py",
    "associated resources",
    "batch deployment",
    "change",
    "job",
    "resource",
    "resources",
    "target resource",
];

/// How a text says that somebody's tenant does not have the workspace.
const NOT_THERE: &[&str] = &[
    "is not the tenant of",
    "is not the one of",
    "is not that of",
    "is not in the tenant of",
    "not the tenant of",
    "not that of",
];

/// Whether a member, without its hyphens, is the compute that builds images.
pub(super) fn names_build_compute(key: &str) -> bool {
    ["imagebuildcompute", "buildcompute", "imagebuildcluster", "buildcluster"]
        .contains(&key.strip_prefix("workspace").or(key.strip_prefix("ws1")).unwrap_or(key))
}

/// Whether a text says that Conditional Access turns somebody away.
fn turned_away(text: &str) -> bool {
    const LOOSE: &[&str] = &[
        "block", "fails", "refused", "does not", "outside", "not from", "not in", "has not",
        "did not", "is not", "cannot", "abroad", "pending", "declined", "denied", "rejected",
    ];
    REFUSED.iter().chain(LOOSE).any(|it| text.contains(it))
}

/// What somebody lacks whom Conditional Access turns away.
pub(super) const REFUSED: &[&str] = &[
    "not met",
    "not meet",
    "not compliant",
    "non-compliant",
    "noncompliant",
    "unmanaged",
    "unregistered",
    "not registered",
    "not enrolled",
    "without mfa",
    "no mfa",
    "not done",
    "not completed",
    "not set up",
    "not passed",
    "not performed",
    "skipped",
    "without a second factor",
    "no second factor",
    "private laptop",
    "private device",
    "private computer",
    "private pc",
    "private phone",
    "private mac",
    "personal laptop",
    "personal device",
    "personal computer",
    "personal pc",
    "own laptop",
    "own device",
    "own computer",
    "home computer",
    "home pc",
];

const CLIENT_ID: &[&str] = &["uai_client_id", "client_id", "client id"];
const UNSAID: &[&str] = &[
    "forget", "forgot", "lack", "miss", "omit", "not ", "no ", "without", "never", "empty", "unset",
];

/// Whether a text says that a subscription has no room for another role assignment.
pub(super) fn fills_role_assignments(text: &str) -> bool {
    let has = |all: &[&str]| all.iter().any(|it| text.contains(it));
    has(&["role assignment", "role-assignment"])
        && has(&["limit", "quota", "room"])
        && has(&[
            "reached",
            "hit",
            "full",
            "exhausted",
            "used up",
            "exceeded",
            "at the limit",
            "no room",
        ])
        && !has(&[
            "not reached",
            "not yet",
            "not hit",
            "not full",
            "not exhausted",
            "below",
            "under the",
        ])
}

const TENANT: &[&str] = &[
    "tenantid",
    "tenant_id",
    "microsoft entra id tenant",
    "microsoft entra tenant",
    "entra id tenant",
    "entra tenant",
    "azure ad tenant",
    "aad tenant",
];
const HOME_TENANT: &[&str] = &["t1", "a", "home", "same"];

/// "t2", "b": how cases call tenants.
fn is_tenant(word: &str) -> bool {
    numbered(word, &["t", "tenant"]) || word.len() == 1 && word.chars().all(char::is_alphabetic)
}

const OTHER_TENANT: &[&str] = &[
    "in another tenant",
    "of another tenant",
    "in a different tenant",
    "of a different tenant",
    "in a foreign tenant",
    "another tenant",
    "a different tenant",
    "different tenant",
    "other tenant",
    "foreign tenant",
    "second tenant",
    "cross-tenant",
    "cross tenant",
    "across tenants",
];

/// Whether a text says that somebody has the key of an endpoint, or that they do not.
pub(super) fn holds_key(text: &str) -> Option<bool> {
    let known = ["has the key", "holds the key", "given the key", "knows the key", "with the key"];
    let none = [
        "no key",
        "without the key",
        "without key",
        "without a key",
        "not the key",
        "lost the key",
        "forgot the key",
        "old key",
        "wrong key",
        "expired key",
        "rotated key",
        "key of before",
    ];
    if none.iter().any(|it| text.contains(it)) {
        return Some(false);
    }
    let refused = ["not", "no", "without", "never", "old", "wrong", "lost", "expired", "rotated"];
    let held = known.iter().any(|it| text.contains(it));
    held.then(|| !Words::of(text).any(|it| refused.contains(&it.as_str())))
}

/// Times in words, from now on back.
const AGES: &[(&str, usize)] = &[
    ("just now", 0),
    ("today", 0),
    ("now", 0),
    ("yesterday", 1),
    ("last week", 2),
    ("a week ago", 2),
    ("last month", 3),
    ("a month ago", 3),
    ("months ago", 4),
    ("last year", 5),
    ("a year ago", 5),
    ("years ago", 6),
    ("long ago", 6),
];

/// The year in a text as days back; two years tell which was earlier, and each is before now.
fn age_of_year(text: &str) -> Option<usize> {
    let year = Words::of(text).find_map(|it| it.get(..4)?.parse::<usize>().ok())?;
    (2000..2100).contains(&year).then(|| (2101 - year) * 365)
}

fn age_phrase(text: &str) -> Option<&'static str> {
    AGES.iter().find(|it| text.contains(it.0)).map(|it| it.0)
}

/// How long ago something happened, after one of these verbs.
fn age(text: &str, verbs: &[&str]) -> Option<usize> {
    let after = verbs.iter().find_map(|it| text.split_once(it)).map(|it| it.1)?;
    let clause = after.split([',', ';']).next().unwrap_or(after);
    AGES.iter().find(|it| clause.contains(it.0)).map(|it| it.1).or_else(|| age_of_year(clause))
}

/// The value of a setting as templates spell it, where the command line has a word of its own.
fn spelled<'a>(name: &str, value: &'a str) -> &'a str {
    match (name, value) {
        ("roleAssignmentMode", "rbac") => "LegacyRegistryPermissions",
        ("roleAssignmentMode", "rbac-abac" | "abac") => "AbacRepositoryPermissions",
        _ => value,
    }
}

/// "created 2021", "created in 2025-03": whether that is before 2024-11-19, taken out of the text.
fn created_before(text: &mut String) -> Option<bool> {
    let at = text.find("created ")?;
    let rest = &text[at + 8..];
    let skipped = ["in ", "on "].iter().find(|it| rest.starts_with(*it)).map_or(0, |it| it.len());
    let rest = &rest[skipped..];
    let date: String = rest.chars().take_while(|it| it.is_ascii_digit() || *it == '-').collect();
    let year = date.get(..4).filter(|it| it.chars().all(|it| it.is_ascii_digit()))?;
    let before = match date.len() {
        4 => year < "2024",
        7 | 10 => date.as_str() < &"2024-11-19"[..date.len()],
        _ => return None,
    };
    text.replace_range(at..at + 8 + skipped + date.len(), " ");
    Some(before)
}
