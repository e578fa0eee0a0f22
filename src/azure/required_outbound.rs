//! Traffic that Azure Machine Learning and what it is used with need, by service tag or host name.
//!
//! Azure docs: "Configure inbound and outbound network traffic" (machine-learning/how-to-access-
//! azureml-behind-firewall), "Secure a training environment with virtual networks" (how-to-secure-
//! training-vnet), "Network traffic flow when using a secured workspace" (concept-secure-network-
//! traffic-flow), "Network isolation with registries" (how-to-registry-network-isolation), "Outbound
//! network and FQDN rules for AKS clusters" (aks/outbound-rules-control-egress).
//!
//! The hosts of public package sources are not listed here; a design names those it allows.

use super::default_rules::Direction;
use crate::text::{Text, text};

/// Who needs the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// Compute instances and clusters in a virtual network of the customer.
    Compute,
    /// The same, with a public IP address.
    ComputeWithPublicIp,
    /// A browser with Studio on a machine in the network.
    StudioClient,
    /// Kubernetes compute for Azure Machine Learning.
    KubernetesCompute,
    /// An AKS cluster itself.
    AksCluster,
    /// Users of a machine learning registry.
    Registry,
}

/// The other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    Tag(&'static str),
    /// `Name.{region}` is enough.
    RegionalTag(&'static str),
    /// Only a firewall that filters by name can allow these.
    Hosts(&'static [&'static str]),
    Described(Text),
}

/// ARM: `protocol` of a security rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    Tcp,
    Udp,
    Any,
}

/// What happens without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Required,
    /// Only then.
    When(Text),
    /// A narrower replacement of another row.
    InsteadOf(&'static str),
    /// Printed by one page, gone from the current requirement tables.
    Legacy,
}

/// One row of a requirement table.
#[derive(Debug)]
pub struct RequiredRule {
    /// Stable, shown in findings.
    pub id: &'static str,
    pub needs: Needs,
    pub direction: Direction,
    pub peer: Peer,
    pub protocol: Protocol,
    /// Inclusive ranges.
    pub ports: &'static [(u16, u16)],
    pub purpose: Text,
    pub need: Need,
    /// Page under learn.microsoft.com/azure.
    pub source: &'static str,
}

/// The rows of one kind of host.
pub fn of(needs: Needs) -> impl Iterator<Item = &'static RequiredRule> {
    REQUIRED_RULES.iter().filter(move |it| it.needs == needs)
}

const FIREWALL: &str = "machine-learning/how-to-access-azureml-behind-firewall";
const TRAINING: &str = "machine-learning/how-to-secure-training-vnet";
const FLOW: &str = "machine-learning/concept-secure-network-traffic-flow";
const STUDIO: &str = "machine-learning/how-to-enable-studio-virtual-network";
const REGISTRY: &str = "machine-learning/how-to-registry-network-isolation";
const AKS: &str = "aks/outbound-rules-control-egress";

const HTTPS: &[(u16, u16)] = &[(443, 443)];

const SIGN_IN: Text = text("sign-in with Microsoft Entra ID", "Microsoft Entra ID による認証");
const IN_CLUSTER: Text = text("pods of the same cluster", "同じクラスターのポッド");
const FOR_INFERENCE: Need = Need::When(text("inference", "推論で使う場合"));
const NOT_PRIVATE: Need = Need::When(text(
    "the cluster is neither private nor uses konnectivity",
    "クラスターがプライベートでなく konnectivity も使わない場合",
));

/// Shorthand for the shape that most rows have.
const fn out(
    id: &'static str,
    needs: Needs,
    peer: Peer,
    purpose: Text,
    source: &'static str,
) -> RequiredRule {
    RequiredRule {
        id,
        needs,
        direction: Direction::Outbound,
        peer,
        protocol: Protocol::Tcp,
        ports: HTTPS,
        purpose,
        need: Need::Required,
        source,
    }
}

pub static REQUIRED_RULES: &[RequiredRule] = &[
    RequiredRule {
        ports: &[(80, 80), (443, 443)],
        ..out("ob-aad", Needs::Compute, Peer::Tag("AzureActiveDirectory"), SIGN_IN, FIREWALL)
    },
    RequiredRule {
        ports: &[(443, 443), (18881, 18881)],
        ..out(
            "ob-aml-tcp",
            Needs::Compute,
            Peer::Tag("AzureMachineLearning"),
            text(
                "Azure Machine Learning; 18881 carries IntelliSense of notebooks",
                "Azure Machine Learning サービス (18881 はノートブックの IntelliSense)",
            ),
            FIREWALL,
        )
    },
    RequiredRule {
        ports: &[(8787, 8787)],
        need: Need::When(text("RStudio is used", "RStudio を使う場合")),
        ..out(
            "ob-aml-8787",
            Needs::Compute,
            Peer::Tag("AzureMachineLearning"),
            text("RStudio on a compute instance", "コンピューティング インスタンスの RStudio"),
            FIREWALL,
        )
    },
    RequiredRule {
        protocol: Protocol::Udp,
        ports: &[(5831, 5831)],
        ..out(
            "ob-aml-udp",
            Needs::Compute,
            Peer::Tag("AzureMachineLearning"),
            text("create, update and delete compute", "コンピューティングの作成、更新、削除"),
            FIREWALL,
        )
    },
    RequiredRule {
        protocol: Protocol::Any,
        ..out(
            "ob-batch",
            Needs::Compute,
            Peer::RegionalTag("BatchNodeManagement"),
            text(
                "Azure Batch behind compute instances and clusters",
                "コンピューティングのバックエンドの Azure Batch",
            ),
            FIREWALL,
        )
    },
    out(
        "ob-arm",
        Needs::Compute,
        Peer::Tag("AzureResourceManager"),
        text("create Azure resources", "Azure リソースの作成"),
        FIREWALL,
    ),
    out(
        "ob-storage",
        Needs::Compute,
        Peer::RegionalTag("Storage"),
        text(
            "storage that compute uses, Microsoft's own for Azure Batch among it; without a service \
             endpoint policy it can also carry data out",
            "コンピューティングが使うストレージ (Azure Batch 用の Microsoft 所有のものを含む)。\
             サービス エンドポイント ポリシーがなければデータの持ち出しにも使えます",
        ),
        FIREWALL,
    ),
    RequiredRule {
        ports: &[(445, 445)],
        need: Need::When(text(
            "a firewall stands between the compute and the storage (private) endpoint",
            "コンピューティングとストレージの (プライベート) エンドポイントの間にファイアウォールがある場合",
        )),
        ..out(
            "ob-storage-445",
            Needs::Compute,
            Peer::RegionalTag("Storage"),
            text("mount of the file share over SMB", "ファイル共有の SMB マウント"),
            FIREWALL,
        )
    },
    out(
        "ob-fd-frontend",
        Needs::Compute,
        Peer::Tag("AzureFrontDoor.Frontend"),
        text("entry to Studio; images of automated ML", "スタジオの入口、AutoML のイメージ"),
        FIREWALL,
    ),
    out(
        "ob-mcr",
        Needs::Compute,
        Peer::Tag("MicrosoftContainerRegistry"),
        text("Docker images that Microsoft publishes", "Microsoft が提供する Docker イメージ"),
        FIREWALL,
    ),
    out(
        "ob-fd-firstparty",
        Needs::Compute,
        Peer::Tag("AzureFrontDoor.FirstParty"),
        text(
            "delivery part of Microsoft's image registry",
            "Microsoft のイメージ レジストリの配信部分",
        ),
        FIREWALL,
    ),
    RequiredRule {
        need: Need::When(text(
            "Azure Monitor is not on a private link",
            "Azure Monitor をプライベート リンクで使っていない場合",
        )),
        ..out(
            "ob-monitor",
            Needs::Compute,
            Peer::Tag("AzureMonitor"),
            text("logs and metrics", "ログとメトリック"),
            FIREWALL,
        )
    },
    // The page spells the tag Keyvault.region; the tag list has AzureKeyVault.
    RequiredRule {
        need: Need::When(text(
            "the workspace was created with hbi_workspace",
            "ワークスペースを hbi_workspace で作成した場合",
        )),
        ..out(
            "ob-keyvault-hbi",
            Needs::Compute,
            Peer::RegionalTag("AzureKeyVault"),
            text("vault of Azure Batch", "Azure Batch のキー コンテナー"),
            FIREWALL,
        )
    },
    RequiredRule {
        need: Need::When(text(
            "private endpoints are used",
            "プライベート エンドポイントを使う場合",
        )),
        ..out(
            "ob-vnet",
            Needs::Compute,
            Peer::Tag("VirtualNetwork"),
            text(
                "private endpoints in the same or a peered network",
                "同じ、またはピアリングされたネットワークのプライベート エンドポイント",
            ),
            FIREWALL,
        )
    },
    // Azure makes an NSG with this rule itself; one on the subnet must not contradict it.
    RequiredRule {
        direction: Direction::Inbound,
        ports: &[(44224, 44224)],
        ..out(
            "ib-aml-44224",
            Needs::ComputeWithPublicIp,
            Peer::Tag("AzureMachineLearning"),
            text(
                "management of compute that has a public IP address",
                "パブリック IP を持つコンピューティングの管理",
            ),
            TRAINING,
        )
    },
    RequiredRule {
        direction: Direction::Inbound,
        ports: &[(29876, 29877)],
        need: Need::Legacy,
        ..out(
            "ib-batch-legacy",
            Needs::ComputeWithPublicIp,
            Peer::RegionalTag("BatchNodeManagement"),
            text("older node communication of Azure Batch", "Azure Batch の古いノード通信"),
            FLOW,
        )
    },
    out(
        "st-fd",
        Needs::StudioClient,
        Peer::Tag("AzureFrontDoor.Frontend"),
        text("front page of Studio", "スタジオのページの読み込み"),
        STUDIO,
    ),
    RequiredRule {
        ports: &[(80, 80), (443, 443)],
        ..out("st-aad", Needs::StudioClient, Peer::Tag("AzureActiveDirectory"), SIGN_IN, FLOW)
    },
    out(
        "st-arm",
        Needs::StudioClient,
        Peer::Tag("AzureResourceManager"),
        text("management operations", "管理操作"),
        FLOW,
    ),
    out(
        "st-aml",
        Needs::StudioClient,
        Peer::Tag("AzureMachineLearning"),
        text("calls to Azure Machine Learning", "Azure Machine Learning サービスの呼び出し"),
        FLOW,
    ),
    out(
        "st-pe",
        Needs::StudioClient,
        Peer::Tag("VirtualNetwork"),
        text(
            "private endpoints of the workspace and of its default storage, which the browser calls itself",
            "ワークスペースと既定ストレージ (ブラウザーが直接アクセス) のプライベート エンドポイント",
        ),
        FLOW,
    ),
    // Automated ML needs one more host of Front Door.
    RequiredRule {
        need: Need::InsteadOf("st-fd"),
        ..out(
            "st-fqdn-alternative",
            Needs::StudioClient,
            Peer::Hosts(&["ml.azure.com"]),
            text(
                "front page of Studio, for a firewall that filters by name",
                "スタジオのページ (名前で絞り込むファイアウォール向け)",
            ),
            "machine-learning/how-to-prevent-data-loss-exfiltration",
        )
    },
    out(
        "k8s-logs",
        Needs::KubernetesCompute,
        Peer::Hosts(&[
            "*.kusto.windows.net",
            "*.table.core.windows.net",
            "*.queue.core.windows.net",
        ]),
        text("system logs", "システム ログ"),
        FIREWALL,
    ),
    out(
        "k8s-acr",
        Needs::KubernetesCompute,
        Peer::Hosts(&["{acr}.azurecr.io", "{acr}.{region}.data.azurecr.io"]),
        text("pull images", "イメージのプル"),
        FIREWALL,
    ),
    out(
        "k8s-blob",
        Needs::KubernetesCompute,
        Peer::Hosts(&["{account}.blob.core.windows.net"]),
        text("scripts, data, models, outputs", "スクリプト、データ、モデル、出力"),
        FIREWALL,
    ),
    out(
        "k8s-api",
        Needs::KubernetesCompute,
        Peer::Hosts(&[
            "{workspace-guid}.workspace.{region}.api.azureml.ms",
            "{region}.experiments.azureml.net",
            "{region}.api.azureml.ms",
        ]),
        text("API of Azure Machine Learning", "Azure Machine Learning の API"),
        FIREWALL,
    ),
    RequiredRule {
        ports: &[(80, 80)],
        need: Need::When(text("training", "トレーニングで使う場合")),
        ..out(
            "k8s-apt",
            Needs::KubernetesCompute,
            Peer::Described(text("mirrors of Ubuntu packages", "Ubuntu パッケージのミラー")),
            text("security patches", "セキュリティ更新"),
            FIREWALL,
        )
    },
    RequiredRule {
        ports: &[(5001, 5001)],
        need: FOR_INFERENCE,
        ..out(
            "k8s-fe",
            Needs::KubernetesCompute,
            Peer::Described(IN_CLUSTER),
            text("azureml-fe to the pods of a model", "azureml-fe からモデルのポッドへ"),
            FIREWALL,
        )
    },
    RequiredRule {
        ports: &[
            (8000, 8001),
            (9001, 9001),
            (11001, 11001),
            (12001, 12001),
            (12101, 12101),
            (12201, 12201),
            (20000, 20000),
        ],
        need: FOR_INFERENCE,
        ..out(
            "k8s-fe-internal",
            Needs::KubernetesCompute,
            Peer::Described(IN_CLUSTER),
            text("inside azureml-fe", "azureml-fe の内部通信"),
            FIREWALL,
        )
    },
    RequiredRule {
        ports: &[(9999, 9999)],
        need: FOR_INFERENCE,
        ..out(
            "k8s-idproxy",
            Needs::KubernetesCompute,
            Peer::Described(IN_CLUSTER),
            text("pods of a model to the identity proxy", "モデルのポッドから ID プロキシへ"),
            FIREWALL,
        )
    },
    RequiredRule {
        need: Need::When(text("the cluster is not private", "クラスターがプライベートでない場合")),
        ..out(
            "aks-api-fqdn",
            Needs::AksCluster,
            Peer::Hosts(&["*.hcp.{region}.azmk8s.io"]),
            text("nodes to the API server", "ノードから API サーバーへ"),
            AKS,
        )
    },
    out(
        "aks-arm",
        Needs::AksCluster,
        Peer::Hosts(&["management.azure.com"]),
        text("operations of Kubernetes against Azure", "Azure に対する Kubernetes の操作"),
        AKS,
    ),
    out("aks-aad", Needs::AksCluster, Peer::Hosts(&["login.microsoftonline.com"]), SIGN_IN, AKS),
    out(
        "aks-mcr",
        Needs::AksCluster,
        Peer::Tag("MicrosoftContainerRegistry"),
        text("system images", "システム イメージ"),
        AKS,
    ),
    out(
        "aks-mcr-delivery",
        Needs::AksCluster,
        Peer::Tag("AzureFrontDoor.FirstParty"),
        text(
            "delivery part of Microsoft's image registry",
            "Microsoft のイメージ レジストリの配信部分",
        ),
        AKS,
    ),
    RequiredRule {
        protocol: Protocol::Udp,
        ports: &[(1194, 1194)],
        need: NOT_PRIVATE,
        ..out(
            "aks-tunnel-udp",
            Needs::AksCluster,
            Peer::RegionalTag("AzureCloud"),
            text("tunnel to the control plane", "コントロール プレーンへのトンネル"),
            AKS,
        )
    },
    RequiredRule {
        ports: &[(9000, 9000)],
        need: NOT_PRIVATE,
        ..out(
            "aks-tunnel-tcp",
            Needs::AksCluster,
            Peer::RegionalTag("AzureCloud"),
            text("tunnel to the control plane", "コントロール プレーンへのトンネル"),
            AKS,
        )
    },
    RequiredRule {
        protocol: Protocol::Udp,
        ports: &[(123, 123)],
        need: Need::When(text("nodes are old", "ノードが古い場合")),
        ..out(
            "aks-ntp",
            Needs::AksCluster,
            Peer::Described(text("time servers", "時刻サーバー")),
            text("time", "時刻同期"),
            AKS,
        )
    },
    RequiredRule {
        protocol: Protocol::Any,
        ports: &[(53, 53)],
        need: Need::When(text("custom DNS servers are used", "カスタム DNS サーバーを使う場合")),
        ..out(
            "aks-dns",
            Needs::AksCluster,
            Peer::Described(text("the DNS servers of the network", "ネットワークの DNS サーバー")),
            text("name resolution", "名前解決"),
            AKS,
        )
    },
    // The page prints port 877 where the other tables have 8787, which is for RStudio anyway.
    RequiredRule {
        ports: &[(443, 443), (18881, 18881)],
        ..out(
            "reg-aml",
            Needs::Registry,
            Peer::Tag("AzureMachineLearning"),
            text("use a registry", "レジストリの利用"),
            REGISTRY,
        )
    },
    RequiredRule {
        protocol: Protocol::Udp,
        ports: &[(5831, 5831)],
        ..out(
            "reg-aml-udp",
            Needs::Registry,
            Peer::Tag("AzureMachineLearning"),
            text("use a registry", "レジストリの利用"),
            REGISTRY,
        )
    },
    out(
        "reg-storage",
        Needs::Registry,
        Peer::RegionalTag("Storage"),
        text("storage of the registry", "レジストリのストレージ"),
        REGISTRY,
    ),
    out(
        "reg-mcr",
        Needs::Registry,
        Peer::RegionalTag("MicrosoftContainerRegistry"),
        text("images of Microsoft", "Microsoft のイメージ"),
        REGISTRY,
    ),
    out(
        "reg-acr",
        Needs::Registry,
        Peer::RegionalTag("AzureContainerRegistry"),
        text("images of environments", "環境のイメージ"),
        REGISTRY,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::service_tags;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_and_replacements_name_one() {
        let ids: BTreeSet<_> = REQUIRED_RULES.iter().map(|it| it.id).collect();
        assert_eq!(ids.len(), REQUIRED_RULES.len());
        for rule in REQUIRED_RULES {
            if let Need::InsteadOf(id) = rule.need {
                assert!(ids.contains(id), "{id}");
            }
        }
    }

    #[test]
    fn every_tag_is_in_the_tag_table_and_regional_where_said() {
        for rule in REQUIRED_RULES {
            match rule.peer {
                Peer::Tag(tag) => assert!(service_tags::parse(tag).is_some(), "{tag}"),
                Peer::RegionalTag(tag) => {
                    assert!(service_tags::parse(&format!("{tag}.japaneast")).is_some(), "{tag}");
                }
                Peer::Hosts(_) | Peer::Described(_) => {}
            }
        }
    }

    #[test]
    fn port_ranges_are_in_order() {
        assert!(REQUIRED_RULES.iter().flat_map(|it| it.ports).all(|(from, to)| from <= to));
    }

    // how-to-access-azureml-behind-firewall, table of the required outbound rules.
    #[test]
    fn compute_needs_batch_and_the_service_over_udp() {
        let rows: Vec<_> = of(Needs::Compute).filter(|it| it.need == Need::Required).collect();
        assert!(rows.iter().any(|it| it.peer == Peer::RegionalTag("BatchNodeManagement")));
        assert!(rows.iter().any(|it| it.protocol == Protocol::Udp && it.ports == [(5831, 5831)]));
    }
}
