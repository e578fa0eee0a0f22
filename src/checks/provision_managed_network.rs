//! Can the managed virtual network of a workspace be provisioned, with its private endpoints?
//!
//! Steps in Azure:
//! 1. somebody calls: by hand (`az ml workspace provision-network`), which is a right of its own, or the
//!    workspace asks for it at creation,
//! 2. private endpoints are made to the associated resources (with approved outbound only to all of them,
//!    with internet outbound to those whose public access is off) and to the targets of rules,
//! 3. the workspace's identity approves them on each target. A system-assigned one holds that through its
//!    role on the resource group; targets elsewhere, and a user-assigned identity, need a role.
//!
//! Azure docs: "Workspace managed virtual network isolation" (machine-learning/how-to-managed-network).

use super::{Actor, Check, Group, Plan, Requirement, setup, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        common::{PerimeterNetworkAccess, PublicNetworkAccess},
        container_registry::ContainerRegistry,
        key_vault::KeyVault,
        other::Other,
        storage_account::StorageAccount,
        workspace::{IsolationMode, OutboundRuleType, Workspace, strictness},
    },
    solve::{Hop, Step},
    text::{Message, arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.managed_network.provision",
    title: text(
        "Provision the managed network of a workspace",
        "ワークスペースのマネージド ネットワークをプロビジョニングする",
    ),
    group: Group::Setup,
    source: "machine-learning/how-to-managed-network",
    plans,
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace) {
        let settings = read!(Workspace, workspace);
        let before = settings.deployed_isolation_mode.unwrap_or(IsolationMode::Disabled);
        if settings.isolation_mode != IsolationMode::Disabled || before != IsolationMode::Disabled {
            for person in setup::administrators_or_unknown(workspace) {
                plans.push(plan(&person, workspace, &settings));
            }
        }
    }
    plans
}

fn plan(person: &Actor, workspace: Subject<'_>, settings: &Workspace) -> Plan {
    let call = |what: crate::text::Text, actions| {
        Requirement::may(
            person,
            what.with([arg(workspace.name())]),
            Plane::Control,
            actions,
            workspace.id,
        )
        .shows("sy-authorization-failed")
    };
    let mut needs = vec![call(
        text("manage private endpoints of {0}", "{0} のプライベート エンドポイントの管理"),
        &[
            "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections/read",
            "Microsoft.MachineLearningServices/workspaces/privateEndpointConnections/write",
        ],
    )];
    needs.extend(
        settings
            .deployed_isolation_mode
            .map(|before| stricter(workspace, before, settings.isolation_mode)),
    );
    if !settings.provision_network_now {
        needs.push(call(
            text("provision the network of {0}", "{0} のネットワークのプロビジョニング"),
            &["Microsoft.MachineLearningServices/workspaces/provisionManagedNetwork/action"],
        ));
    }
    let identity = who::workspace_identity(workspace);
    let mut involves = Vec::new();
    for target in targets(workspace, settings) {
        involves.push(target.id);
        needs.extend(unfit(target));
        let Some(actions) = approval(target.kind()) else {
            needs.push(unsaid(
                text(
                    "who may approve private endpoints to {0} is not modeled",
                    "{0} へのプライベート エンドポイントを誰が承認できるかはモデル化されていません",
                )
                .with([arg(target.name())]),
                target,
            ));
            continue;
        };
        needs.push(
            Requirement::may(
                &identity,
                text(
                    "approve private endpoints to {0}",
                    "{0} へのプライベート エンドポイントの承認",
                )
                .with([arg(target.name())]),
                Plane::Control,
                actions,
                target.id,
            )
            .shows("sy-authorization-failed"),
        );
    }
    let aimless = settings.outbound_rules.iter().filter(|it| {
        it.rule_type == OutboundRuleType::PrivateEndpoint && workspace.follow(it.target).is_none()
    });
    needs.extend(aimless.map(|it| {
        unsaid(
            text(
                "outbound rule {0}: choose the resource that its private endpoint leads to",
                "アウトバウンド規則 {0}: プライベート エンドポイントの接続先リソースを指定してください",
            )
            .with([arg(&it.name)]),
            workspace,
        )
    }));
    let mut plan = setup::plan(workspace, person, involves, needs);
    plan.notes.push(
        text(
            "an online deployment before the network is there fails with WorkspaceManagedNetworkNotReady",
            "ネットワークの準備前のオンライン デプロイは WorkspaceManagedNetworkNotReady で失敗します",
        )
        .into(),
    );
    plan
}

/// Why the managed network makes no private endpoint to a target, if it makes none: one that is reached by
/// service endpoints ("You can't have a private endpoint and a service endpoint at the same time for your
/// Azure resources, such as a storage account"), or one of a service that is not on its list.
fn unfit(target: Subject<'_>) -> Option<Requirement> {
    let lists_subnets = match target.kind() {
        Kind::StorageAccount => !read!(StorageAccount, target).virtual_network_rules.is_empty(),
        Kind::KeyVault => !read!(KeyVault, target).virtual_network_rules.is_empty(),
        Kind::ContainerRegistry => {
            !read!(ContainerRegistry, target).virtual_network_rules.is_empty()
        }
        _ => false,
    };
    let other = (target.kind() == Kind::Other).then(|| read!(Other, target).type_name.clone());
    let unknown = |it: &String| {
        !it.is_empty() && !TARGETS.iter().any(|target| target.eq_ignore_ascii_case(it.trim()))
    };
    let name = arg(target.name());
    let why = if lists_subnets {
        text(
            "{0} has virtual network rules for service endpoints; with a managed network it cannot have a private endpoint as well; remove the rules, or the way by private endpoint",
            "{0} にはサービス エンドポイント用の仮想ネットワーク規則があります。マネージド ネットワークではプライベート エンドポイントと併用できません。規則かプライベート エンドポイントのどちらかを削除してください",
        )
        .with([name])
    } else {
        let type_name = other.filter(unknown)?;
        text(
            "{0} is a {1}, to which a managed network makes no private endpoints; use another kind of rule",
            "{0} の種類 {1} には、マネージド ネットワークからプライベート エンドポイントを作成できません。別の種類の規則を使ってください",
        )
        .with([name, arg(type_name)])
    };
    let what = text("private endpoint to {0}", "{0} へのプライベート エンドポイント");
    Some(Requirement::mode(
        what.with([arg(target.name())]),
        vec![Step::deny(Hop::Validation, why).at(target.id).source(CHECK.source)],
    ))
}

/// Types of the services on the page's list "Private endpoints are currently supported for".
const TARGETS: &[&str] = &[
    "Microsoft.MachineLearningServices/workspaces",
    "Microsoft.MachineLearningServices/registries",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.KeyVault/vaults",
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.Search/searchServices",
    "Microsoft.Sql/servers",
    "Microsoft.DataFactory/factories",
    "Microsoft.DocumentDB/databaseAccounts",
    "Microsoft.EventHub/namespaces",
    "Microsoft.Cache/redis",
    "Microsoft.Databricks/workspaces",
    "Microsoft.DBforMariaDB/servers",
    "Microsoft.DBforPostgreSQL/servers",
    "Microsoft.DBforPostgreSQL/flexibleServers",
    "Microsoft.DBforMySQL/servers",
    "Microsoft.DBforMySQL/flexibleServers",
    "Microsoft.ApiManagement/service",
];

/// A managed network is made stricter or stays; there is no way back.
fn stricter(workspace: Subject<'_>, before: IsolationMode, after: IsolationMode) -> Requirement {
    let name = || arg(workspace.name());
    let step = if strictness(after) < strictness(before) {
        Step::deny(
            Hop::ServiceMode,
            text(
                "the managed network of {0} can only be made stricter: there is no way back but a new workspace",
                "{0} のマネージド ネットワークはより厳しくする変更しかできません。元に戻すには新しいワークスペースが必要です",
            )
            .with([name()]),
        )
    } else {
        Step::pass(
            Hop::ServiceMode,
            text(
                "the managed network of {0} stays or is made stricter",
                "{0} のマネージド ネットワークは同じか、より厳しくなります",
            )
            .with([name()]),
        )
    };
    Requirement::mode(
        text("change of isolation that Azure offers", "可能な分離モードの変更であること"),
        vec![step.at(workspace.id).source(CHECK.source)],
    )
    .shows("sy-not-possible")
}

/// What the design does not say about a private endpoint of the network.
fn unsaid(why: Message, at: Subject<'_>) -> Requirement {
    Requirement::mode(
        text("private endpoints of the network", "ネットワークのプライベート エンドポイント"),
        vec![Step::unknown(Hop::Validation, why).at(at.id)],
    )
}

/// What private endpoints of the managed network lead to, each once.
fn targets<'a>(workspace: Subject<'a>, settings: &Workspace) -> Vec<Subject<'a>> {
    let all = settings.isolation_mode == IsolationMode::AllowOnlyApprovedOutbound;
    let associated = [settings.storage_account, settings.key_vault, settings.container_registry];
    let mut targets: Vec<Subject<'a>> = associated
        .into_iter()
        .filter_map(|it| workspace.follow(it))
        .filter(|it| all || !is_public(*it))
        .collect();
    targets.extend(
        settings
            .outbound_rules
            .iter()
            .filter(|it| it.rule_type == OutboundRuleType::PrivateEndpoint)
            .filter_map(|it| workspace.follow(it.target))
            .filter(|it| it.id != workspace.id),
    );
    targets.sort_by_key(|it| it.id);
    targets.dedup_by_key(|it| it.id);
    targets
}

fn is_public(it: Subject<'_>) -> bool {
    match it.kind() {
        Kind::StorageAccount => {
            read!(StorageAccount, it).public_network_access == PerimeterNetworkAccess::Enabled
        }
        Kind::KeyVault => {
            read!(KeyVault, it).public_network_access == PerimeterNetworkAccess::Enabled
        }
        Kind::ContainerRegistry => {
            read!(ContainerRegistry, it).public_network_access == PublicNetworkAccess::Enabled
        }
        _ => false,
    }
}

fn approval(kind: Kind) -> Option<&'static [&'static str]> {
    match kind {
        Kind::StorageAccount => {
            Some(&["Microsoft.Storage/storageAccounts/privateEndpointConnectionsApproval/action"])
        }
        Kind::KeyVault => {
            Some(&["Microsoft.KeyVault/vaults/privateEndpointConnectionsApproval/action"])
        }
        Kind::ContainerRegistry => Some(&[
            "Microsoft.ContainerRegistry/registries/privateEndpointConnectionsApproval/action",
        ]),
        Kind::Workspace => Some(&[
            "Microsoft.MachineLearningServices/workspaces/privateEndpointConnectionsApproval/action",
        ]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::testing::Sketch;

    fn wrong(kind: Kind, settings: serde_json::Value, rules: Option<&str>) -> bool {
        let (mut it, subnet) = Sketch::subnet();
        let target = it.add(kind, "target1", crate::kinds::ResourceId(1), settings);
        if let Some(key) = rules {
            it.set(target, key, json!([subnet.0]));
        }
        unfit(it.all().subject(target).unwrap()).is_some()
    }

    #[test]
    fn a_private_endpoint_beside_service_endpoints() {
        let rules = "networkAcls.virtualNetworkRules";
        for (kind, rules, bad) in [
            (Kind::StorageAccount, Some(rules), true),
            (Kind::StorageAccount, None, false),
            (Kind::KeyVault, Some(rules), true),
            (Kind::ContainerRegistry, Some("networkRuleSet.virtualNetworkRules"), true),
        ] {
            assert_eq!(wrong(kind, json!({}), rules), bad, "{kind:?} {rules:?}");
        }
    }

    #[test]
    fn services_that_a_managed_network_makes_no_private_endpoints_to() {
        for (type_name, bad) in [
            ("Microsoft.ServiceBus/namespaces", true),
            ("microsoft.sql/servers", false),
            ("", false),
        ] {
            assert_eq!(wrong(Kind::Other, json!({"type": type_name}), None), bad, "{type_name}");
        }
    }
}
