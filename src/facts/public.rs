//! Public services that no resource of a design stands for: their tags, their names, their ports.
//!
//! Azure docs: "Virtual network service tags" (virtual-network/service-tags-overview), "Configure
//! inbound and outbound network traffic" (machine-learning/how-to-access-azureml-behind-firewall).

use crate::text::{Text, text};

/// A service that every design may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicService {
    /// Service tag, without region; the name by which flows ask for it.
    pub tag: &'static str,
    pub label: Text,
    /// The host that stands for it in name resolution; `{region}` is the asking host's.
    pub host: &'static str,
    /// Other tags that hold its addresses.
    pub also: &'static [&'static str],
}

/// Services by tag.
pub const PUBLIC_SERVICES: &[PublicService] = &[
    PublicService {
        tag: "AzureActiveDirectory",
        label: text("Microsoft Entra ID", "Microsoft Entra ID"),
        host: "login.microsoftonline.com",
        also: &[],
    },
    PublicService {
        tag: "AzureResourceManager",
        label: text("Azure Resource Manager", "Azure Resource Manager"),
        host: "management.azure.com",
        also: &[],
    },
    PublicService {
        tag: "AzureFrontDoor.Frontend",
        label: text(
            "Studio front page (Azure Front Door)",
            "Studio のフロント ページ (Azure Front Door)",
        ),
        host: "ml.azure.com",
        also: &[],
    },
    PublicService {
        tag: "AzureFrontDoor.FirstParty",
        label: text(
            "content delivery of the Microsoft image registry",
            "Microsoft イメージ レジストリのコンテンツ配信",
        ),
        host: "*.data.mcr.microsoft.com",
        also: &[],
    },
    PublicService {
        tag: "MicrosoftContainerRegistry",
        label: text("Microsoft image registry", "Microsoft イメージ レジストリ"),
        host: "mcr.microsoft.com",
        also: &[],
    },
    PublicService {
        tag: "AzureMachineLearning",
        label: text("Azure Machine Learning service", "Azure Machine Learning サービス"),
        host: "{region}.api.azureml.ms",
        also: &[],
    },
    PublicService {
        tag: "BatchNodeManagement",
        label: text("Azure Batch management", "Azure Batch の管理"),
        host: "{region}.service.batch.azure.com",
        also: &[],
    },
    PublicService {
        tag: "AzureMonitor",
        label: text("Azure Monitor", "Azure Monitor"),
        host: "dc.services.visualstudio.com",
        also: &[],
    },
    PublicService {
        tag: "Storage",
        label: text("Microsoft-owned storage", "Microsoft が所有するストレージ"),
        host: "*.blob.core.windows.net",
        also: &[],
    },
];

/// The service with this tag; case does not matter.
pub fn public_service(tag: &str) -> Option<&'static PublicService> {
    PUBLIC_SERVICES.iter().find(|it| it.tag.eq_ignore_ascii_case(tag))
}
