//! Attached Kubernetes: an AKS cluster that a workspace runs jobs and endpoints on.
//!
//! Azure docs: "Introduction to Kubernetes compute target in Azure Machine Learning" (machine-learning/how-to-attach-kubernetes-anywhere).

use super::{
    Form, Group, Kind, KindInfo, NameRule, Parent, Subject,
    arm::{ArmResource, ArmValue},
    common::{IdentityType, asked, check_identity, client_id, lower_identity},
    compute_cluster::{MachineSize, compute_in, workspace_of},
    compute_instance::COMPUTE_NAME,
    reach,
    setting::{Problem, REGION, REGION_HELP, Ref, Region, Relation, Within, choice, settings},
    workspace::{self, IsolationMode, Workspace},
};
use crate::{
    facts::{
        Facts,
        filter::Protocol,
        name::{Zone, ZoneLink},
        network::{Balancer, Host, Pool, Position, Translation},
        service::{Face, Firewall, LinkGroup, Service},
    },
    text::{arg, text},
};

choice! {
    /// How the workspace knows the cluster.
    pub enum ComputeType {
        Kubernetes = "Kubernetes", text("Kubernetes (v2)", "Kubernetes (v2)");
        Aks = "AKS", text("AKS (v1)", "AKS (v1)");
    }
}

choice! {
    /// How v1 web services know their callers.
    pub enum WebServiceAuth {
        Key = "key", text("Key", "キー");
        Token = "token", text("Token", "トークン");
    }
}

settings! {
    /// Settings of an AKS cluster and of its attachment.
    pub struct AttachedKubernetes {
        location: Option<Region> = "location", None, REGION, REGION_HELP;
        workspace: Option<Ref> = "workspace", None,
            text("Workspace", "ワークスペース"),
            text("The workspace that it is attached to", "アタッチ先のワークスペース"),
            to &[Kind::Workspace], Some(Relation::Data);
        compute_type: ComputeType = "computeType", ComputeType::Kubernetes,
            text("Compute type", "コンピューティングの種類"),
            text("Kubernetes needs the Machine Learning extension on the cluster; AKS is the v1 way", "Kubernetes ではクラスターに Machine Learning 拡張機能が必要です。AKS は v1 の方式です");
        namespace: String = "namespace", "default".to_owned(),
            text("Namespace", "名前空間"),
            text("Kubernetes namespace that jobs and endpoints run in", "ジョブとエンドポイントを実行する Kubernetes 名前空間");
        compute_identity: IdentityType = "computeIdentity.type", IdentityType::SystemAssigned,
            text("Compute identity type", "コンピューティングの ID の種類"),
            text("Identity that jobs act as and images are pulled with; AcrPull is never granted to it automatically", "ジョブとイメージのプルに使う ID。AcrPull は自動では付与されません");
        compute_identities: Vec<Ref> = "computeIdentity.userAssignedIdentities", Vec::new(),
            text("Compute user-assigned identities", "コンピューティングのユーザー割り当て ID"),
            text("The first is the default identity", "先頭が既定の ID になります"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        private_cluster: bool = "apiServerAccessProfile.enablePrivateCluster", false,
            text("Private cluster", "プライベート クラスター"),
            text("The Kubernetes API has a private address only", "Kubernetes API にプライベート アドレスだけを割り当てます");
        public_fqdn: bool = "apiServerAccessProfile.enablePrivateClusterPublicFQDN", false,
            text("Public FQDN of the private cluster", "プライベート クラスターのパブリック FQDN"),
            text("Not supported with Azure Machine Learning", "Azure Machine Learning ではサポートされていません");
        cluster_identity: IdentityType = "identity.type", IdentityType::SystemAssigned,
            text("Cluster identity type", "クラスターの ID の種類"),
            text("Identity of the cluster's control plane; none means a service principal", "クラスターのコントロール プレーンの ID。「なし」の場合はサービス プリンシパル");
        cluster_identities: Vec<Ref> = "identity.userAssignedIdentities", Vec::new(),
            text("Cluster user-assigned identity", "クラスターのユーザー割り当て ID"),
            text("Exactly one when the type is user-assigned", "種類がユーザー割り当ての場合に 1 つ指定します"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        service_principal: Option<Ref> = "servicePrincipalProfile", None,
            text("Cluster service principal", "クラスターのサービス プリンシパル"),
            text("v1 attachments give AcrPull to it automatically, but not to a managed identity", "v1 のアタッチでは AcrPull が自動で付与されますが、マネージド ID には付与されません"),
            to &[Kind::ServicePrincipal], Some(Relation::Identity);
        kubelet_identity: Option<Ref> = "identityProfile.kubeletidentity", None,
            text("Kubelet identity", "kubelet ID"),
            text("Identity that nodes pull images with; empty means one that AKS makes", "ノードがイメージのプルに使う ID。空の場合は AKS が作成します"),
            to &[Kind::UserAssignedIdentity], Some(Relation::Identity);
        /// Ours: web services are no resources of a design.
        web_service_auth: WebServiceAuth = "webServiceAuth", WebServiceAuth::Key,
            text("Authentication of web services (v1)", "Web サービスの認証 (v1)"),
            text("How callers of web services on the cluster show who they are. Not an ARM property", "クラスター上の Web サービスの呼び出し元の認証方法。ARM のプロパティではありません");
        node_count: Within<1, 1000> = "agentPoolProfiles.count", Within::near(3),
            text("Nodes", "ノード数"),
            text("Nodes of the system pool", "システム プールのノード数");
        node_size: MachineSize = "agentPoolProfiles.vmSize", MachineSize::new("Standard_DS3_v2"),
            text("Node size", "ノードのサイズ"),
            text("Such as Standard_DS3_v2", "例: Standard_DS3_v2");
    }
}

pub const INFO: KindInfo = KindInfo {
    slug: "attached-kubernetes",
    label: text("Attached Kubernetes (AKS)", "アタッチされた Kubernetes (AKS)"),
    help: text(
        "An AKS cluster that a workspace runs jobs and endpoints on",
        "ワークスペースがジョブとエンドポイントを実行する AKS クラスター",
    ),
    source: "machine-learning/how-to-attach-kubernetes-anywhere",
    group: Group::MachineLearning,
    arm_type: Some("Microsoft.MachineLearningServices/workspaces/computes"),
    form: Form::Node,
    parents: &[Parent::In(Kind::ResourceGroup), Parent::In(Kind::Subnet)],
    fields: AttachedKubernetes::FIELDS,
    name: NameRule { max: 24, ..COMPUTE_NAME },
    facts,
    arm,
    check,
};

/// The AKS cluster itself, which private endpoints lead to.
pub(super) const CLUSTER: &str = "Microsoft.ContainerService/managedClusters";

/// The compute of the workspace comes first, as jobs and endpoints name it and its identity; the
/// AKS cluster itself is its sibling.
fn arm(subject: Subject<'_>) -> Vec<ArmResource> {
    let it = AttachedKubernetes::of(subject);
    let Some(workspace) = workspace_of(subject, it.workspace) else { return Vec::new() };
    let name = vec![subject.name().to_owned()];
    let mut compute = compute_in(workspace, subject)
        .member_some("identity", lower_identity(it.compute_identity, &it.compute_identities))
        .with("computeType", ArmValue::text(it.compute_type.value()))
        .with(
            "resourceId",
            ArmValue::SiblingIdOf { of: subject.id, arm_type: CLUSTER, name: name.clone() },
        );
    if it.compute_type == ComputeType::Kubernetes {
        compute = compute.with("properties.namespace", ArmValue::text(it.namespace.clone()));
    }
    let mut pool = ArmValue::object([
        ("name", ArmValue::text("system")),
        ("mode", ArmValue::text("System")),
        ("osType", ArmValue::text("Linux")),
        ("count", ArmValue::Number(it.node_count.get().into())),
        ("vmSize", ArmValue::text(it.node_size.as_str())),
    ]);
    if let Some(subnet) = subject.within(Kind::Subnet) {
        pool.set("vnetSubnetID", ArmValue::IdOf(subnet.id));
    }
    let mut cluster = ArmResource::of(subject, CLUSTER, name)
        .member_some("identity", lower_identity(it.cluster_identity, &it.cluster_identities))
        .with("dnsPrefix", ArmValue::text(subject.name()))
        .with("agentPoolProfiles", ArmValue::List(vec![pool]))
        .with("apiServerAccessProfile.enablePrivateCluster", ArmValue::Bool(it.private_cluster));
    if it.private_cluster {
        cluster = cluster.with(
            "apiServerAccessProfile.enablePrivateClusterPublicFQDN",
            ArmValue::Bool(it.public_fqdn),
        );
    }
    if it.cluster_identity == IdentityType::None
        && let Some(principal) = subject.follow(it.service_principal)
    {
        cluster = cluster.with(
            "servicePrincipalProfile",
            ArmValue::object([
                ("clientId", client_id(principal)),
                ("secret", ArmValue::Secret(asked("client secret", principal))),
            ]),
        );
    }
    if let Some(kubelet) = it.kubelet_identity {
        cluster = cluster.with(
            "identityProfile.kubeletidentity",
            ArmValue::object([
                ("resourceId", ArmValue::IdOf(kubelet.0)),
                ("clientId", ArmValue::ClientIdOf(kubelet.0)),
                ("objectId", ArmValue::PrincipalOf(kubelet.0)),
            ]),
        );
    }
    vec![compute, cluster]
}

fn check(subject: Subject<'_>) -> Vec<Problem> {
    let it = AttachedKubernetes::of(subject);
    let mut problems = Vec::new();
    check_identity(it.cluster_identity, &it.cluster_identities, &mut problems);
    let mut computed = Vec::new();
    check_identity(it.compute_identity, &it.compute_identities, &mut computed);
    problems.extend(
        computed
            .into_iter()
            .map(|it| Problem { field: it.field.replacen("identity", "computeIdentity", 1), ..it }),
    );
    let mut problem = |field: &str, text: crate::text::Message| {
        problems.push(Problem { field: field.to_owned(), text });
    };
    if it.cluster_identity == IdentityType::None && it.service_principal.is_none() {
        problem(
            "identity.type",
            text(
                "a cluster needs a managed identity or a service principal; choose one",
                "クラスターにはマネージド ID かサービス プリンシパルが必要です。どちらかを選択してください",
            )
            .into(),
        );
    }
    if it.cluster_identity == IdentityType::Both || it.cluster_identities.len() > 1 {
        problem(
            "identity.type",
            text(
                "a cluster's control plane has one identity; choose system-assigned or exactly one user-assigned",
                "クラスターのコントロール プレーンの ID は 1 つだけです。システム割り当てか、ユーザー割り当て 1 つを選択してください",
            )
            .into(),
        );
    }
    if it.kubelet_identity.is_some() && it.cluster_identity != IdentityType::UserAssigned {
        problem(
            "identityProfile.kubeletidentity",
            text(
                "a kubelet identity of your own asks for a user-assigned cluster identity; choose one",
                "独自の kubelet ID を使うには、クラスターにユーザー割り当て ID が必要です。選択してください",
            )
            .into(),
        );
    }
    if it.private_cluster && it.public_fqdn {
        problem(
            "apiServerAccessProfile.enablePrivateClusterPublicFQDN",
            text(
                "a private cluster with a public FQDN is not supported with Azure Machine Learning; turn it off",
                "パブリック FQDN を持つプライベート クラスターは Azure Machine Learning でサポートされていません。無効にしてください",
            )
            .into(),
        );
    }
    match workspace_of(subject, it.workspace) {
        None => problem(
            "workspace",
            text(
                "choose the workspace that the cluster is attached to",
                "クラスターのアタッチ先のワークスペースを選択してください",
            )
            .into(),
        ),
        Some(workspace) => {
            if let Some(text) = unsupported(workspace) {
                problem("workspace", text);
            }
        }
    }
    problems
}

fn facts(subject: Subject<'_>, facts: &mut Facts) {
    let position = match subject.within(Kind::Subnet) {
        Some(subnet) => Position::Subnet { subnet: subnet.id, address: None },
        // A network that Azure makes for the cluster, with a load balancer as its way out.
        None => Position::Platform { region: reach::region(subject) },
    };
    // "By default, AKS provisions a standard SKU load balancer to be set up and used for egress", with a
    // public IP address that it assigns (aks/egress-outboundtype).
    let translation = Translation {
        name: "outboundType loadBalancer".to_owned(),
        protocol: Protocol::Any,
        addresses: Vec::new(),
        picked: true,
    };
    let pool = Pool { outbound: vec![translation], ..Pool::default() };
    facts.balancers.insert(subject.id, Balancer { pools: vec![pool], ..Balancer::default() });
    let host = Host { pools: vec![(subject.id, 0)], ..Host::at(position) };
    facts.hosts.insert(subject.id, host);
    let settings = AttachedKubernetes::of(subject);
    if settings.private_cluster {
        private_api_server(subject, facts);
    } else {
        public_api_server(subject, facts);
    }
    let Some(workspace) = workspace_of(subject, settings.workspace) else { return };
    if let Some(text) = unsupported(workspace) {
        facts.refuse(subject.id, text, "machine-learning/how-to-managed-network");
    }
    // Its own region, or that of its nodes.
    if !workspace::refuse_far(subject, subject, workspace, facts)
        && let Some(subnet) = subject.within(Kind::Subnet)
    {
        workspace::refuse_far(subject, subnet, workspace, facts);
    }
}

/// The Kubernetes API of a cluster that is not private answers everybody who has a token.
fn public_api_server(subject: Subject<'_>, facts: &mut Facts) {
    let region = reach::region(subject);
    let face = Face {
        id: API,
        name: format!("{}.hcp.{region}.azmk8s.io", subject.name().to_ascii_lowercase()),
        tags: vec!["AzureCloud"],
        // Azure puts a hash behind the name, so clusters with one name do not meet.
        shared: true,
        ..Face::default()
    };
    insert(subject, vec![face], Vec::new(), region, facts);
}

/// The Kubernetes API of a private cluster has an address in the subnet of the nodes and a name in a
/// private zone alone. AKS makes both, and links the zone "only to the `VNet` that the cluster nodes are
/// attached to" (aks/private-clusters). Where the design draws the zone, which may be a part of it
/// (`ours.privatelink.japaneast.azmk8s.io`), its links and records count, and the address is that of a drawn
/// private endpoint, else not known. Where it draws neither, the address stands beside the nodes.
fn private_api_server(subject: Subject<'_>, facts: &mut Facts) {
    let region = reach::region(subject);
    let zone = format!("privatelink.{region}.azmk8s.io");
    let zones = subject.all.of(Kind::PrivateDnsZone).map(|it| reach::name(it.name()));
    let mut zones = zones.filter(|it| *it == zone || it.ends_with(&format!(".{zone}")));
    let drawn = zones.next().map(|first| zones.find(|it| *it == zone).unwrap_or(first));
    let linked =
        subject.all.referrers(subject.id).any(|(it, _)| it.kind() == Kind::PrivateEndpoint);
    if let (None, Some(network)) = (&drawn, subject.within(Kind::VirtualNetwork)) {
        let link =
            ZoneLink { at: subject.id, network: network.id, redirects: false, registers: true };
        let zone = Zone { name: zone.clone(), links: vec![link], records: Vec::new() };
        facts.zones.insert(subject.id, zone);
    }
    let name = subject.name().to_ascii_lowercase();
    let values = [("cluster", name.as_str()), ("region", region.as_str())];
    let pattern = "{cluster}.privatelink.{region}.azmk8s.io";
    let mut face = reach::face(API, subject.id, CLUSTER, "management", pattern, &values);
    if let (Some(drawn), Some(link)) = (drawn, &mut face.link) {
        face.name = format!("{name}.{drawn}");
        link.unseen = !linked;
        link.zone = drawn;
    }
    let link = reach::link_group(CLUSTER, "management", &values);
    insert(subject, vec![Face { shared: true, ..face }], vec![link], region, facts);
}

/// The face of the API server.
const API: &str = "api";

fn insert(
    subject: Subject<'_>,
    faces: Vec<Face>,
    links: Vec<LinkGroup>,
    region: String,
    facts: &mut Facts,
) {
    let firewall = Firewall { source: "aks/private-clusters", ..Firewall::default() };
    let tenant = reach::tenant(subject);
    facts.services.insert(subject.id, Service { region, tenant, faces, links, firewall });
}

/// Why the workspace takes no clusters, if it takes none.
fn unsupported(workspace: Subject<'_>) -> Option<crate::text::Message> {
    let settings = Workspace::of(workspace);
    (settings.isolation_mode != IsolationMode::Disabled).then(|| {
        text(
            "{0} has a managed network, which does not support Kubernetes; choose another workspace",
            "{0} のマネージド ネットワークは Kubernetes をサポートしていません。別のワークスペースを選択してください",
        )
        .with([arg(workspace.name())])
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::{ResourceId, testing::Sketch};

    // how-to-configure-private-link: with a private endpoint of the workspace, AKS stands in its region.
    #[test]
    fn cluster_in_another_region_than_a_private_workspace() {
        for (region, endpoint, inside, good) in [
            ("japaneast", true, true, true),
            ("westus", false, true, true),
            ("westus", true, true, false),
            ("westus", true, false, false),
        ] {
            let (mut it, subnet) = Sketch::subnet();
            let group = ResourceId(1);
            it.set(group, "location", json!("japaneast"));
            let workspace = it.add(Kind::Workspace, "ws1", group, json!({}));
            if endpoint {
                let settings =
                    json!({"privateLinkServiceId": workspace.0, "groupId": "amlworkspace"});
                it.add(Kind::PrivateEndpoint, "pe", subnet, settings);
            }
            let settings = json!({"workspace": workspace.0, "location": region});
            let place = if inside { subnet } else { group };
            let cluster = it.add(Kind::AttachedKubernetes, "aks1", place, settings);
            let refused = it.all().facts().refusals.contains_key(&cluster);
            assert_eq!(!refused, good, "{region} {endpoint} {inside}");
        }
    }
}
