//! API version used for each resource type in everything we export, in one table.
//!
//! Source: Azure/azure-resource-manager-schemas (MIT), commit a1454431, 2026-08-16: the newest
//! stable version that has a schema. `diagnosticSettings` is the exception: its newest stable
//! version, 2016-09-01, lacks category groups, so the docs use the
//! preview.

/// The version for `arm_type`, such as `Microsoft.Network/privateEndpoints`, in any case.
pub fn of(arm_type: &str) -> Option<&'static str> {
    API_VERSIONS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(arm_type))
        .map(|&(_, version)| version)
}

pub static API_VERSIONS: &[(&str, &str)] = &[
    ("Microsoft.MachineLearningServices/workspaces", "2026-05-01"),
    ("Microsoft.MachineLearningServices/workspaces/computes", "2026-05-01"),
    ("Microsoft.MachineLearningServices/workspaces/datastores", "2026-05-01"),
    ("Microsoft.MachineLearningServices/workspaces/connections", "2026-05-01"),
    ("Microsoft.MachineLearningServices/workspaces/onlineEndpoints", "2026-05-01"),
    ("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments", "2026-05-01"),
    ("Microsoft.MachineLearningServices/workspaces/batchEndpoints", "2026-05-01"),
    ("Microsoft.MachineLearningServices/workspaces/environments/versions", "2026-05-01"),
    ("Microsoft.MachineLearningServices/workspaces/outboundRules", "2026-05-01"),
    ("Microsoft.MachineLearningServices/workspaces/privateEndpointConnections", "2026-05-01"),
    ("Microsoft.MachineLearningServices/registries", "2026-05-01"),
    ("Microsoft.Network/virtualNetworks", "2025-07-01"),
    ("Microsoft.Network/virtualNetworks/subnets", "2025-07-01"),
    ("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", "2025-07-01"),
    ("Microsoft.Network/networkSecurityGroups", "2025-07-01"),
    ("Microsoft.Network/networkSecurityGroups/securityRules", "2025-07-01"),
    ("Microsoft.Network/routeTables", "2025-07-01"),
    ("Microsoft.Network/routeTables/routes", "2025-07-01"),
    ("Microsoft.Network/applicationSecurityGroups", "2025-07-01"),
    ("Microsoft.Network/networkManagers", "2025-07-01"),
    ("Microsoft.Network/networkManagers/networkGroups", "2025-07-01"),
    ("Microsoft.Network/networkManagers/networkGroups/staticMembers", "2025-07-01"),
    ("Microsoft.Network/networkManagers/securityAdminConfigurations", "2025-07-01"),
    ("Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections", "2025-07-01"),
    (
        "Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules",
        "2025-07-01",
    ),
    ("Microsoft.Network/networkManagers/commits", "2025-07-01"),
    ("Microsoft.Network/serviceEndpointPolicies", "2025-07-01"),
    ("Microsoft.Network/privateEndpoints", "2025-07-01"),
    ("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "2025-07-01"),
    ("Microsoft.Network/privateDnsZones", "2024-06-01"),
    ("Microsoft.Network/privateDnsZones/virtualNetworkLinks", "2024-06-01"),
    ("Microsoft.Network/privateDnsZones/A", "2024-06-01"),
    ("Microsoft.Network/natGateways", "2025-07-01"),
    ("Microsoft.Network/loadBalancers", "2025-07-01"),
    ("Microsoft.Network/publicIPAddresses", "2025-07-01"),
    ("Microsoft.Network/azureFirewalls", "2025-07-01"),
    ("Microsoft.Network/firewallPolicies", "2025-07-01"),
    ("Microsoft.Network/firewallPolicies/ruleCollectionGroups", "2025-07-01"),
    ("Microsoft.Network/bastionHosts", "2025-07-01"),
    ("Microsoft.Network/virtualNetworkGateways", "2025-07-01"),
    ("Microsoft.Network/localNetworkGateways", "2025-07-01"),
    ("Microsoft.Network/connections", "2025-07-01"),
    ("Microsoft.Network/networkInterfaces", "2025-07-01"),
    ("Microsoft.Network/dnsResolvers", "2025-05-01"),
    ("Microsoft.Network/dnsResolvers/inboundEndpoints", "2025-05-01"),
    ("Microsoft.Network/dnsResolvers/outboundEndpoints", "2025-05-01"),
    ("Microsoft.Network/dnsForwardingRulesets", "2025-05-01"),
    ("Microsoft.Network/dnsForwardingRulesets/forwardingRules", "2025-05-01"),
    ("Microsoft.Network/dnsForwardingRulesets/virtualNetworkLinks", "2025-05-01"),
    ("Microsoft.Storage/storageAccounts", "2026-04-01"),
    ("Microsoft.Storage/storageAccounts/blobServices", "2026-04-01"),
    ("Microsoft.Storage/storageAccounts/blobServices/containers", "2026-04-01"),
    ("Microsoft.Storage/storageAccounts/fileServices/shares", "2026-04-01"),
    ("Microsoft.KeyVault/vaults", "2026-02-01"),
    ("Microsoft.KeyVault/vaults/keys", "2026-02-01"),
    ("Microsoft.KeyVault/vaults/accessPolicies", "2026-02-01"),
    ("Microsoft.ContainerRegistry/registries", "2025-11-01"),
    ("Microsoft.ContainerRegistry/registries/replications", "2025-11-01"),
    ("Microsoft.ManagedIdentity/userAssignedIdentities", "2024-11-30"),
    ("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials", "2024-11-30"),
    ("Microsoft.Authorization/roleAssignments", "2022-04-01"),
    ("Microsoft.Authorization/roleDefinitions", "2022-04-01"),
    ("Microsoft.Authorization/locks", "2020-05-01"),
    ("Microsoft.Insights/components", "2020-02-02"),
    ("Microsoft.Insights/diagnosticSettings", "2021-05-01-preview"),
    ("Microsoft.Insights/privateLinkScopes", "2021-09-01"),
    ("Microsoft.Insights/privateLinkScopes/scopedResources", "2021-09-01"),
    ("Microsoft.OperationalInsights/workspaces", "2025-07-01"),
    ("Microsoft.ContainerService/managedClusters", "2026-05-01"),
    ("Microsoft.Compute/virtualMachines", "2026-03-01"),
    ("Microsoft.Compute/virtualMachines/extensions", "2026-03-01"),
    ("Microsoft.Resources/deployments", "2025-04-01"),
    ("Microsoft.Resources/resourceGroups", "2025-04-01"),
    ("Microsoft.Search/searchServices", "2025-05-01"),
    ("Microsoft.CognitiveServices/accounts", "2026-05-01"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_found_in_any_case_and_once() {
        assert_eq!(of("microsoft.network/PrivateEndpoints"), Some("2025-07-01"));
        assert_eq!(of("Microsoft.Network/nothing"), None);
        for (name, version) in API_VERSIONS {
            assert_eq!(of(name), Some(*version), "{name} is listed twice");
        }
    }
}
