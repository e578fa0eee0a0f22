//! Settings that many kinds have alike: identity, public network access, firewall rules.
//!
//! Azure docs: "What are managed identities for Azure resources?" (entra/identity/managed-identities-azure-resources/overview)
//! and "Azure Storage firewall and virtual network rules" (storage/common/storage-network-security).

use super::{
    Kind, ResourceId, Resources, Subject,
    arm::ArmValue,
    setting::{Guid, Problem, Ref, choice},
};
use crate::{
    facts::cidr::Cidr,
    text::{Text, arg, text},
};

choice! {
    /// Which managed identities a resource has (ARM: `identity.type`).
    pub enum IdentityType {
        None = "None", text("None", "なし");
        SystemAssigned = "SystemAssigned", text("System-assigned", "システム割り当て");
        UserAssigned = "UserAssigned", text("User-assigned", "ユーザー割り当て");
        Both = "SystemAssigned,UserAssigned", text("System- and user-assigned", "システム割り当てとユーザー割り当て");
    }
}

impl IdentityType {
    pub const fn has_system(self) -> bool {
        matches!(self, IdentityType::SystemAssigned | IdentityType::Both)
    }

    pub const fn has_user(self) -> bool {
        matches!(self, IdentityType::UserAssigned | IdentityType::Both)
    }
}

choice! {
    /// Who reaches the public endpoint.
    pub enum PublicNetworkAccess {
        Enabled = "Enabled", text("Enabled", "有効");
        Disabled = "Disabled", text("Disabled", "無効");
    }
}

choice! {
    /// Who reaches the public endpoint, for services that know network security perimeters.
    pub enum PerimeterNetworkAccess {
        Enabled = "Enabled", text("Enabled", "有効");
        Disabled = "Disabled", text("Disabled", "無効");
        SecuredByPerimeter = "SecuredByPerimeter", text("Secured by perimeter", "境界によりセキュリティ保護");
    }
}

pub(super) const PERIMETER_PREFIXES: Text =
    text("Perimeter rules: addresses", "境界の規則: アドレス");
pub(super) const PERIMETER_PREFIXES_HELP: Text = text(
    "Public addresses that inbound access rules of the perimeter admit. A property of the perimeter, not of this resource",
    "境界の受信アクセス規則で許可されたパブリック アドレス。このリソースではなく境界のプロパティです",
);
pub(super) const PERIMETER_SUBSCRIPTIONS: Text =
    text("Perimeter rules: subscriptions", "境界の規則: サブスクリプション");
pub(super) const PERIMETER_SUBSCRIPTIONS_HELP: Text = text(
    "Resources there come in with their managed identity. A property of the perimeter, not of this resource",
    "そこにあるリソースはマネージド ID で接続できます。このリソースではなく境界のプロパティです",
);

choice! {
    /// What a firewall does with traffic that no rule names.
    pub enum DefaultAction {
        Allow = "Allow", text("Allow", "許可");
        Deny = "Deny", text("Deny", "拒否");
    }
}

choice! {
    /// A switch that ARM spells in words.
    pub enum Switch {
        Disabled = "Disabled", text("Disabled", "無効");
        Enabled = "Enabled", text("Enabled", "有効");
    }
}

/// Kinds that can be given a role, a vault policy or a job: the security principals, and the
/// resources that stand for their own system-assigned identity.
pub const PRINCIPALS: &[Kind] = &[
    Kind::User,
    Kind::Group,
    Kind::ServicePrincipal,
    Kind::UserAssignedIdentity,
    Kind::Workspace,
    Kind::ComputeInstance,
    Kind::ComputeCluster,
    Kind::AttachedKubernetes,
    Kind::OnlineEndpoint,
    Kind::VirtualMachine,
    Kind::StorageAccount,
    Kind::ContainerRegistry,
];

/// Where a role or a lock can be put: whatever has an id in Azure Resource Manager.
pub const SCOPES: &[Kind] = &[
    Kind::RootScope,
    Kind::ManagementGroup,
    Kind::Subscription,
    Kind::ResourceGroup,
    Kind::VirtualNetwork,
    Kind::Subnet,
    Kind::PrivateEndpoint,
    Kind::PrivateDnsZone,
    Kind::NetworkSecurityGroup,
    Kind::ApplicationSecurityGroup,
    Kind::NetworkManager,
    Kind::RouteTable,
    Kind::ServiceEndpointPolicy,
    Kind::NatGateway,
    Kind::LoadBalancer,
    Kind::PublicIpAddress,
    Kind::AzureFirewall,
    Kind::BastionHost,
    Kind::VirtualNetworkGateway,
    Kind::DnsResolver,
    Kind::Workspace,
    Kind::ComputeInstance,
    Kind::ComputeCluster,
    Kind::AttachedKubernetes,
    Kind::OnlineEndpoint,
    Kind::OnlineDeployment,
    Kind::BatchEndpoint,
    Kind::Datastore,
    Kind::WorkspaceConnection,
    Kind::MachineLearningRegistry,
    Kind::StorageAccount,
    Kind::BlobContainer,
    Kind::FileShare,
    Kind::KeyVault,
    Kind::KeyVaultKey,
    Kind::KeyVaultSecret,
    Kind::ContainerRegistry,
    Kind::ApplicationInsights,
    Kind::LogAnalyticsWorkspace,
    Kind::AzureMonitorPrivateLinkScope,
    Kind::UserAssignedIdentity,
    Kind::VirtualMachine,
    Kind::Other,
];

/// What a private endpoint can lead to.
pub const PRIVATE_LINK_TARGETS: &[Kind] = &[
    Kind::Workspace,
    Kind::StorageAccount,
    Kind::KeyVault,
    Kind::ContainerRegistry,
    Kind::AzureMonitorPrivateLinkScope,
    Kind::AttachedKubernetes,
    Kind::MachineLearningRegistry,
    Kind::Other,
];

/// Kinds that people and programs sign in as.
pub const CALLERS: &[Kind] = &[Kind::User, Kind::ServicePrincipal, Kind::UserAssignedIdentity];

/// `identity`, as every resource type spells it; `None` for a resource without one.
pub fn lower_identity(kind: IdentityType, user_assigned: &[Ref]) -> Option<ArmValue> {
    if kind == IdentityType::None {
        return None;
    }
    let mut it = ArmValue::object([("type", ArmValue::text(kind.value()))]);
    if kind.has_user() && !user_assigned.is_empty() {
        it.set(
            "userAssignedIdentities",
            ArmValue::IdKeys(user_assigned.iter().map(|it| it.0).collect()),
        );
    }
    Some(it)
}

/// What a parameter is for. The number tells two resources of one name apart: a wrong object id
/// would give somebody else the role, and a wrong secret would not fit.
pub fn asked(what: &str, of: Subject<'_>) -> String {
    format!("{what} of {} {}", of.name(), of.id.0)
}

/// The object id of a principal: of a resource its identity's; of a user, a group or a service
/// principal the one given, else one that the export asks for.
pub fn principal_id(principal: Subject<'_>) -> ArmValue {
    match principal.kind() {
        Kind::User | Kind::Group | Kind::ServicePrincipal => {
            principal.setting::<Option<Guid>>("objectId").flatten().map_or_else(
                || ArmValue::Parameter(asked("object id", principal)),
                |it| ArmValue::text(it.as_str()),
            )
        }
        _ => ArmValue::PrincipalOf(principal.id),
    }
}

/// The client (application) id of a service principal: the one given, else one that the export asks for.
pub fn client_id(principal: Subject<'_>) -> ArmValue {
    principal.setting::<Option<Guid>>("appId").flatten().map_or_else(
        || ArmValue::Parameter(asked("client id", principal)),
        |it| ArmValue::text(it.as_str()),
    )
}

/// The tenant that a principal is at home in: the one given, else that of the deployment.
pub fn tenant_id(principal: Subject<'_>) -> ArmValue {
    principal
        .setting::<Option<Guid>>("tenantId")
        .flatten()
        .map_or(ArmValue::Tenant, |it| ArmValue::text(it.as_str()))
}

/// `ipRules` of Storage, Key Vault, Container Registry and the workspace.
pub fn lower_ip_rules(ranges: &[Cidr]) -> ArmValue {
    let rule = |it: &Cidr| ArmValue::object([("value", ArmValue::text(ip_rule(*it)))]);
    ArmValue::List(ranges.iter().map(rule).collect())
}

/// `virtualNetworkRules` of Storage and Key Vault.
pub fn lower_network_rules(subnets: &[Ref]) -> ArmValue {
    let rule = |it: &Ref| ArmValue::object([("id", ArmValue::IdOf(it.0))]);
    ArmValue::List(subnets.iter().map(rule).collect())
}

/// The role assignments of these principals. What works as one of them is created after its roles.
pub fn roles_of(all: &Resources, principals: &[ResourceId]) -> Vec<ResourceId> {
    let of = |id: &ResourceId| {
        all.referrers(*id)
            .filter(|(it, field)| it.kind() == Kind::RoleAssignment && field.key == "principalId")
            .map(|(it, _)| it.id)
    };
    principals.iter().flat_map(of).collect()
}

/// Finds an identity type that contradicts the list of user-assigned identities.
pub fn check_identity(kind: IdentityType, user_assigned: &[Ref], problems: &mut Vec<Problem>) {
    if kind.has_user() && user_assigned.is_empty() {
        problems.push(Problem {
            field: "identity.userAssignedIdentities".to_owned(),
            text: text(
                "the identity type asks for a user-assigned identity; name at least one",
                "ID の種類にユーザー割り当てが含まれています。ユーザー割り当てマネージド ID を 1 つ以上指定してください",
            )
            .into(),
        });
    }
    if !kind.has_user() && !user_assigned.is_empty() {
        problems.push(Problem {
            field: "identity.type".to_owned(),
            text: text(
                "user-assigned identities are named, so the type must include UserAssigned",
                "ユーザー割り当てマネージド ID が指定されています。種類に UserAssigned を含めてください",
            )
            .into(),
        });
    }
}

/// How a firewall writes a range: a single address without `/32`, which Storage and Key Vault refuse.
pub fn ip_rule(range: Cidr) -> String {
    if range.is_host() { range.first().to_string() } else { range.to_string() }
}

/// Finds ranges that service firewalls refuse: private ones, and `/31`.
pub fn check_ip_rules(field: &str, ranges: &[Cidr], problems: &mut Vec<Problem>) {
    for (n, range) in ranges.iter().enumerate() {
        let field = format!("{field}[{n}]");
        if range.is_private() {
            problems.push(Problem {
                field,
                text: text(
                    "{0} is a private range; IP rules take public addresses only, so use a private endpoint or a virtual network rule",
                    "{0} はプライベート アドレスです。IP 規則に指定できるのはパブリック アドレスだけです。プライベート エンドポイントか仮想ネットワーク規則を使ってください",
                )
                .with([arg(range)]),
            });
        } else if range.len() == 31 {
            problems.push(Problem {
                field,
                text: text(
                    "/31 is refused; name the two addresses one by one",
                    "/31 は指定できません。2 つのアドレスを個別に指定してください",
                )
                .into(),
            });
        }
    }
}

/// Finds `--` and a hyphen at either end, which containers, shares and vaults refuse.
pub fn check_hyphens(name: &str) -> Option<Problem> {
    (name.contains("--") || name.starts_with('-') || name.ends_with('-')).then(|| Problem {
        field: "name".to_owned(),
        text: text(
            "a hyphen may stand only between letters and digits, and never twice in a row",
            "ハイフンは英数字の間にだけ、連続しない形で使えます",
        )
        .into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_assigned_type_without_an_identity_is_named() {
        let mut problems = Vec::new();
        check_identity(IdentityType::UserAssigned, &[], &mut problems);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].field, "identity.userAssignedIdentities");
    }

    /// "IP rules can't use private ranges (RFC 1918)" and "small ranges /31 and /32 aren't
    /// supported; use individual addresses" (storage/common/storage-network-security).
    #[test]
    fn firewalls_refuse_private_ranges_and_31() {
        let range = |it: &str| it.parse::<Cidr>().unwrap();
        let mut problems = Vec::new();
        let ranges = ["203.0.113.0/24", "10.1.0.0/16", "203.0.113.6/31", "203.0.113.9/32"];
        check_ip_rules("r", &ranges.map(range), &mut problems);
        let fields: Vec<&str> = problems.iter().map(|it| it.field.as_str()).collect();
        assert_eq!(fields, ["r[1]", "r[2]"]);
        assert_eq!(ip_rule(range("203.0.113.9/32")), "203.0.113.9");
    }
}
