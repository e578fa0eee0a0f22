//! Service tags: names for address ranges that Microsoft keeps up to date.
//!
//! Azure docs: "Virtual network service tags" (virtual-network/service-tags-overview); order among
//! tags in routes: "Virtual network traffic routing" (virtual-network/virtual-networks-udr-overview).
//!
//! The ranges themselves are not here: they change weekly. What stays is which tag lies inside which
//! other, and which service a tag stands for. The address of a private endpoint is never in the tag
//! of its service, it is in `VirtualNetwork`.

use super::regions::{self, Region};

/// One tag.
#[derive(Debug, PartialEq, Eq)]
pub struct ServiceTag {
    /// Spelling of the overview page. Docs vary the case, so compare without it.
    pub name: &'static str,
    /// Can be narrowed as `Name.Region`.
    pub regional: bool,
    /// Usable in Azure Firewall network rules; `None` where the docs do not say.
    pub azure_firewall: Option<bool>,
    /// Usable as the prefix of a user-defined route.
    pub route: bool,
    /// The tag that holds all addresses of this one.
    pub inside: Option<&'static str>,
    /// Tags that have to be allowed too before this one is of use.
    pub depends_on: &'static [&'static str],
    /// Hosts and sub-resources (`resource type` `groupId`) whose public addresses it holds.
    pub serves: &'static [&'static str],
}

/// A tag as written in a rule, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagRef {
    pub tag: &'static ServiceTag,
    pub region: Option<&'static Region>,
}

/// Reads `Storage`, `storage.japaneast`, `AzureFrontDoor.FirstParty`. `None` for a tag that is not
/// in the table: what it holds is unknown, which is not the same as empty.
pub fn parse(written: &str) -> Option<TagRef> {
    if let Some(tag) = SERVICE_TAGS.iter().find(|it| it.name.eq_ignore_ascii_case(written)) {
        return Some(TagRef { tag, region: None });
    }
    let (name, region) = written.rsplit_once('.')?;
    let tag = SERVICE_TAGS.iter().find(|it| it.regional && it.name.eq_ignore_ascii_case(name))?;
    Some(TagRef { tag, region: Some(regions::find(region)?) })
}

/// Whether every address of `inner` is in `outer`. `None` where the docs do not settle it: the
/// region of a service without regional tags.
pub fn includes(outer: TagRef, inner: TagRef) -> Option<bool> {
    let mut at = Some(inner.tag);
    while let Some(tag) = at {
        if tag == outer.tag {
            return match (outer.region, inner.region) {
                (None, _) => Some(true),
                (Some(outer), Some(inner)) => Some(outer == inner),
                (Some(_), None) if inner.tag == outer.tag => Some(false),
                (Some(_), None) if inner.tag.regional => Some(false),
                (Some(_), None) => None,
            };
        }
        at = tag.inside.and_then(|name| SERVICE_TAGS.iter().find(|it| it.name == name));
    }
    Some(false)
}

/// The tag for the public addresses of a host or a face, such as `login.microsoftonline.com` or
/// `Microsoft.KeyVault/vaults vault`.
pub fn serving(host_or_face: &str) -> Option<&'static ServiceTag> {
    SERVICE_TAGS
        .iter()
        .find(|tag| tag.serves.iter().any(|it| it.eq_ignore_ascii_case(host_or_face)))
}

/// Order among tags that match the same destination of a route, the smaller first: an explicit
/// prefix (not here) beats them all, then regional tags, services, `AzureCloud.{region}`, `AzureCloud`.
pub fn route_rank(tag: TagRef) -> u8 {
    match (tag.tag.name == "AzureCloud", tag.region.is_some()) {
        (false, true) => 0,
        (false, false) => 1,
        (true, true) => 2,
        (true, false) => 3,
    }
}

const NONE: ServiceTag = ServiceTag {
    name: "",
    regional: false,
    azure_firewall: Some(true),
    route: true,
    inside: Some("AzureCloud"),
    depends_on: &[],
    serves: &[],
};

pub static SERVICE_TAGS: &[ServiceTag] = &[
    // Own address space, peered networks, what lies behind a gateway, 168.63.129.16, and prefixes of
    // user-defined routes: it may include 0.0.0.0/0.
    ServiceTag {
        name: "VirtualNetwork",
        azure_firewall: Some(false),
        route: false,
        inside: None,
        ..NONE
    },
    // Everything outside the virtual network that the internet reaches, Azure's own public
    // addresses among it.
    ServiceTag {
        name: "Internet",
        azure_firewall: Some(false),
        route: false,
        inside: None,
        ..NONE
    },
    // 168.63.129.16, and only as the source of probes.
    ServiceTag {
        name: "AzureLoadBalancer",
        azure_firewall: Some(false),
        route: false,
        inside: None,
        ..NONE
    },
    // All public addresses of the datacenters, those of other customers among them.
    ServiceTag { name: "AzureCloud", regional: true, inside: Some("Internet"), ..NONE },
    ServiceTag {
        name: "AzureMachineLearning",
        serves: &[
            "Microsoft.MachineLearningServices/workspaces amlworkspace",
            "Microsoft.MachineLearningServices/registries amlregistry",
        ],
        ..NONE
    },
    // Limits who may call private managed inferencing from the internet; inbound only.
    ServiceTag { name: "AzureMachineLearningInference", azure_firewall: None, ..NONE },
    ServiceTag {
        name: "AzureActiveDirectory",
        serves: &["login.microsoftonline.com", "graph.microsoft.com", "graph.windows.net"],
        ..NONE
    },
    ServiceTag { name: "AzureResourceManager", serves: &["management.azure.com"], ..NONE },
    // Studio's front page.
    ServiceTag {
        name: "AzureFrontDoor.Frontend",
        regional: true,
        serves: &["ml.azure.com"],
        ..NONE
    },
    ServiceTag { name: "AzureFrontDoor.Backend", regional: true, ..NONE },
    ServiceTag { name: "AzureFrontDoor.FirstParty", regional: true, ..NONE },
    ServiceTag { name: "BatchNodeManagement", regional: true, ..NONE },
    // The service, not one account: allowing it allows everybody's accounts.
    ServiceTag {
        name: "Storage",
        regional: true,
        serves: &[
            "Microsoft.Storage/storageAccounts blob",
            "Microsoft.Storage/storageAccounts file",
            "Microsoft.Storage/storageAccounts queue",
            "Microsoft.Storage/storageAccounts table",
            "Microsoft.Storage/storageAccounts dfs",
            "Microsoft.Storage/storageAccounts web",
        ],
        ..NONE
    },
    ServiceTag {
        name: "AzureKeyVault",
        regional: true,
        depends_on: &["AzureActiveDirectory"],
        serves: &["Microsoft.KeyVault/vaults vault"],
        ..NONE
    },
    // REST endpoints; layers come from storage unless the registry has data endpoints of its own.
    ServiceTag {
        name: "AzureContainerRegistry",
        regional: true,
        serves: &["Microsoft.ContainerRegistry/registries registry"],
        ..NONE
    },
    ServiceTag {
        name: "MicrosoftContainerRegistry",
        regional: true,
        depends_on: &["AzureFrontDoor.FirstParty"],
        ..NONE
    },
    // Log Analytics needs Storage besides.
    ServiceTag {
        name: "AzureMonitor",
        serves: &[
            "Microsoft.Insights/privateLinkScopes azuremonitor",
            "dc.applicationinsights.azure.com",
            "dc.applicationinsights.microsoft.com",
            "dc.services.visualstudio.com",
        ],
        ..NONE
    },
    // Services that jobs are let out to, beyond those of a workspace.
    ServiceTag { name: "DataFactory", ..NONE },
    ServiceTag { name: "Sql", regional: true, ..NONE },
    ServiceTag { name: "AzureCosmosDB", regional: true, ..NONE },
    ServiceTag { name: "EventHub", regional: true, ..NONE },
    ServiceTag { name: "ServiceBus", regional: true, ..NONE },
    ServiceTag { name: "AzureDatabricks", ..NONE },
    // Management of gateways and of Bastion.
    ServiceTag { name: "GatewayManager", ..NONE },
    // The only way for a security rule to reach platform DNS, metadata and licensing.
    ServiceTag {
        name: "AzurePlatformDNS",
        azure_firewall: Some(false),
        route: false,
        inside: None,
        ..NONE
    },
    ServiceTag {
        name: "AzurePlatformIMDS",
        azure_firewall: Some(false),
        route: false,
        inside: None,
        ..NONE
    },
    ServiceTag {
        name: "AzurePlatformLKM",
        azure_firewall: Some(false),
        route: false,
        inside: None,
        ..NONE
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(outer: &str, inner: &str, expect: Option<bool>) {
        assert_eq!(
            includes(parse(outer).unwrap(), parse(inner).unwrap()),
            expect,
            "{inner} in {outer}"
        );
    }

    #[test]
    fn a_region_of_storage_is_in_each_wider_tag() {
        for outer in
            ["Storage.JapanEast", "storage", "AzureCloud.japaneast", "AzureCloud", "Internet"]
        {
            check(outer, "Storage.japaneast", Some(true));
        }
    }

    #[test]
    fn one_region_is_not_another_and_not_the_whole() {
        check("Storage.JapanWest", "Storage.JapanEast", Some(false));
        check("Storage.JapanEast", "Storage", Some(false));
        check("AzureCloud.JapanEast", "Storage", Some(false));
    }

    #[test]
    fn services_do_not_hold_each_other() {
        check("Storage", "AzureKeyVault", Some(false));
        check("Internet", "VirtualNetwork", Some(false));
        check("AzureCloud", "AzurePlatformDNS", Some(false));
    }

    // The docs do not say in which region a service without regional tags stands.
    #[test]
    fn the_region_of_a_global_service_is_unknown() {
        check("AzureCloud.JapanEast", "AzureMachineLearning", None);
    }

    #[test]
    fn a_tag_with_a_dot_in_its_name_is_read_whole() {
        let tag = parse("azurefrontdoor.frontend").unwrap();
        assert_eq!((tag.tag.name, tag.region), ("AzureFrontDoor.Frontend", None));
        assert_eq!(parse("AzureFrontDoor.Frontend.JapanEast").unwrap().tag.name, tag.tag.name);
        assert_eq!(parse("AzureMachineLearning.JapanEast"), None);
        assert_eq!(parse("AzureIoTHub"), None);
        assert_eq!(parse("sql.JapanEast").unwrap().tag.name, "Sql");
        assert_eq!(parse("DataFactory").unwrap().tag.inside, Some("AzureCloud"));
    }

    #[test]
    fn among_routes_the_narrower_tag_wins() {
        let order = ["Storage.JapanEast", "Storage", "AzureCloud.JapanEast", "AzureCloud"];
        let ranks: Vec<_> = order.iter().map(|it| route_rank(parse(it).unwrap())).collect();
        assert!(ranks.is_sorted());
    }

    #[test]
    fn every_link_between_tags_leads_to_a_tag() {
        for tag in SERVICE_TAGS {
            for name in tag.inside.iter().chain(tag.depends_on) {
                assert!(parse(name).is_some(), "{} names {name}", tag.name);
            }
        }
    }
}
