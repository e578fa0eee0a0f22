//! Commands of the Azure CLI that say the same as a resource of a template, for those that people
//! know by heart. A resource that holds more than its command can say is written by `az rest`
//! instead, so nothing is ever left out.
//!
//! Azure docs: the Azure CLI reference (cli/azure/reference-index). `tests/it/exports.rs` looks every
//! command and option up in an excerpt of it.

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One word.
    Word,
    /// Several words after one option.
    Words,
    /// The one member of each row of a list, as several words.
    Rows(&'static str),
}

/// A property and the option that says the same.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    pub path: &'static str,
    pub option: &'static str,
    pub form: Form,
}

const fn word(path: &'static str, option: &'static str) -> Choice {
    Choice { path, option, form: Form::Word }
}

const fn words(path: &'static str, option: &'static str) -> Choice {
    Choice { path, option, form: Form::Words }
}

/// A command that creates a type of resource, or updates it if it exists.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    pub arm_type: &'static str,
    pub command: &'static str,
    /// One option per segment of the name.
    pub names: &'static [&'static str],
    /// Takes `--resource-group`.
    pub in_group: bool,
    /// Takes `--location`.
    pub located: bool,
    /// Takes `--scope`: what the resource extends.
    pub scoped: bool,
    /// Properties without which the command would choose for itself.
    pub needs: &'static [&'static str],
    pub options: &'static [Choice],
}

const NETWORK: Command = Command {
    arm_type: "",
    command: "",
    names: &["--name"],
    in_group: true,
    located: true,
    scoped: false,
    needs: &[],
    options: &[],
};

/// Left out on purpose: commands that fail when the resource exists (`keyvault create`, `network
/// private-dns … create`), and those that need a file or an extension.
pub const COMMANDS: &[Command] = &[
    Command {
        arm_type: "Microsoft.Resources/resourceGroups",
        command: "group create",
        in_group: false,
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.ManagedIdentity/userAssignedIdentities",
        command: "identity create",
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Network/virtualNetworks",
        command: "network vnet create",
        needs: &["properties.addressSpace.addressPrefixes"],
        options: &[
            words("properties.addressSpace.addressPrefixes", "--address-prefixes"),
            words("properties.dhcpOptions.dnsServers", "--dns-servers"),
        ],
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Network/virtualNetworks/subnets",
        command: "network vnet subnet create",
        names: &["--vnet-name", "--name"],
        located: false,
        needs: &["properties.addressPrefix"],
        options: &[
            word("properties.addressPrefix", "--address-prefixes"),
            word("properties.networkSecurityGroup.id", "--network-security-group"),
            word("properties.routeTable.id", "--route-table"),
            word("properties.natGateway.id", "--nat-gateway"),
            Choice {
                path: "properties.serviceEndpoints",
                option: "--service-endpoints",
                form: Form::Rows("service"),
            },
            word(
                "properties.privateEndpointNetworkPolicies",
                "--private-endpoint-network-policies",
            ),
            word(
                "properties.privateLinkServiceNetworkPolicies",
                "--private-link-service-network-policies",
            ),
            word("properties.defaultOutboundAccess", "--default-outbound-access"),
        ],
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
        command: "network vnet peering create",
        names: &["--vnet-name", "--name"],
        located: false,
        needs: &[
            "properties.remoteVirtualNetwork.id",
            "properties.allowVirtualNetworkAccess",
            "properties.allowForwardedTraffic",
            "properties.allowGatewayTransit",
            "properties.useRemoteGateways",
        ],
        options: &[
            word("properties.remoteVirtualNetwork.id", "--remote-vnet"),
            word("properties.allowVirtualNetworkAccess", "--allow-vnet-access"),
            word("properties.allowForwardedTraffic", "--allow-forwarded-traffic"),
            word("properties.allowGatewayTransit", "--allow-gateway-transit"),
            word("properties.useRemoteGateways", "--use-remote-gateways"),
        ],
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Network/networkSecurityGroups",
        command: "network nsg create",
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Network/networkSecurityGroups/securityRules",
        command: "network nsg rule create",
        names: &["--nsg-name", "--name"],
        located: false,
        needs: &[
            "properties.priority",
            "properties.access",
            "properties.direction",
            "properties.protocol",
        ],
        options: &[
            word("properties.priority", "--priority"),
            word("properties.access", "--access"),
            word("properties.direction", "--direction"),
            word("properties.protocol", "--protocol"),
            word("properties.sourceAddressPrefix", "--source-address-prefixes"),
            words("properties.sourceAddressPrefixes", "--source-address-prefixes"),
            word("properties.sourcePortRange", "--source-port-ranges"),
            words("properties.sourcePortRanges", "--source-port-ranges"),
            word("properties.destinationAddressPrefix", "--destination-address-prefixes"),
            words("properties.destinationAddressPrefixes", "--destination-address-prefixes"),
            word("properties.destinationPortRange", "--destination-port-ranges"),
            words("properties.destinationPortRanges", "--destination-port-ranges"),
        ],
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Network/routeTables",
        command: "network route-table create",
        options: &[word(
            "properties.disableBgpRoutePropagation",
            "--disable-bgp-route-propagation",
        )],
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Network/routeTables/routes",
        command: "network route-table route create",
        names: &["--route-table-name", "--name"],
        located: false,
        needs: &["properties.addressPrefix", "properties.nextHopType"],
        options: &[
            word("properties.addressPrefix", "--address-prefix"),
            word("properties.nextHopType", "--next-hop-type"),
            word("properties.nextHopIpAddress", "--next-hop-ip-address"),
        ],
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Network/privateEndpoints",
        command: "network private-endpoint create",
        needs: &[
            "properties.subnet.id",
            "properties.privateLinkServiceConnections[0].name",
            "properties.privateLinkServiceConnections[0].properties.privateLinkServiceId",
        ],
        options: &[
            word("properties.subnet.id", "--subnet"),
            word("properties.privateLinkServiceConnections[0].name", "--connection-name"),
            word(
                "properties.privateLinkServiceConnections[0].properties.privateLinkServiceId",
                "--private-connection-resource-id",
            ),
            words("properties.privateLinkServiceConnections[0].properties.groupIds", "--group-ids"),
            word("properties.customNetworkInterfaceName", "--nic-name"),
        ],
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Storage/storageAccounts",
        command: "storage account create",
        needs: &[
            "sku.name",
            "kind",
            "properties.publicNetworkAccess",
            "properties.networkAcls.defaultAction",
            "properties.allowBlobPublicAccess",
            "properties.minimumTlsVersion",
        ],
        options: &[
            word("sku.name", "--sku"),
            word("kind", "--kind"),
            word("properties.publicNetworkAccess", "--public-network-access"),
            word("properties.networkAcls.defaultAction", "--default-action"),
            word("properties.networkAcls.bypass", "--bypass"),
            word("properties.allowSharedKeyAccess", "--allow-shared-key-access"),
            word("properties.allowBlobPublicAccess", "--allow-blob-public-access"),
            word("properties.isHnsEnabled", "--enable-hierarchical-namespace"),
            word("properties.minimumTlsVersion", "--min-tls-version"),
            word("properties.supportsHttpsTrafficOnly", "--https-only"),
        ],
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.OperationalInsights/workspaces",
        command: "monitor log-analytics workspace create",
        names: &["--workspace-name"],
        needs: &["properties.sku.name", "properties.retentionInDays"],
        options: &[
            word("properties.sku.name", "--sku"),
            word("properties.retentionInDays", "--retention-time"),
            word("properties.publicNetworkAccessForIngestion", "--ingestion-access"),
            word("properties.publicNetworkAccessForQuery", "--query-access"),
        ],
        ..NETWORK
    },
    Command {
        arm_type: "Microsoft.Authorization/roleAssignments",
        command: "role assignment create",
        names: &["--name"],
        in_group: false,
        located: false,
        scoped: true,
        needs: &[
            "properties.principalId",
            "properties.roleDefinitionId",
            "properties.principalType",
        ],
        options: &[
            word("properties.principalId", "--assignee-object-id"),
            word("properties.principalType", "--assignee-principal-type"),
            word("properties.roleDefinitionId", "--role"),
        ],
    },
];

pub(super) fn find(arm_type: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|it| it.arm_type == arm_type)
}
