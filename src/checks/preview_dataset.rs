//! Can a dataset be previewed in Studio?
//!
//! Who reads depends on the datastore, not on who clicks:
//! - with workspace access granted, the workspace's managed identity, whether or not a credential is
//!   stored,
//! - else the stored credential, which is not supported under a private network: of the account or of the
//!   workspace, whose Studio previews nothing by default once it has a private endpoint,
//! - else the user.
//!
//! Steps in Azure:
//! 1. the browser calls the workspace,
//! 2. Azure Machine Learning itself (not the browser, so an IP rule for the browser is no help) opens the
//!    storage account, as a trusted service or by a resource instance rule,
//! 3. the workspace's identity needs a data role, Reader on the account to read its firewall settings,
//!    and Reader on the account's private endpoints; the user needs a data role as well.
//!
//! Azure docs: "Use Azure Machine Learning studio in an Azure virtual network"
//! (machine-learning/how-to-enable-studio-virtual-network), "Administrate data authentication"
//! (machine-learning/how-to-administrate-data-authentication).

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    Actor, Check, Group, Plan, Requirement,
    data::{self, READ_BLOBS},
    place, rule, who,
};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, ResourceId, Resources, Subject,
        common::{DefaultAction, PerimeterNetworkAccess},
        datastore::{CredentialsType, Datastore, DatastoreType, ServiceDataAccessAuthIdentity},
        storage_account::StorageAccount,
    },
    solve::{
        Hop, Step,
        flow::{Caller, Destination, Flow, Origin},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "studio.dataset.preview",
    title: text("Preview a dataset in Studio", "スタジオでデータセットをプレビューする"),
    group: Group::Data,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-enable-studio-virtual-network";
const AUTHENTICATION: &str = "machine-learning/how-to-administrate-data-authentication";

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for (client, workspace) in place::browsers_and_workspaces(all) {
        for datastore in place::of(workspace, Kind::Datastore) {
            // What the preview of file shares needs is not documented.
            if read!(Datastore, datastore).datastore_type != DatastoreType::AzureFile {
                plans.push(plan(client, workspace, datastore));
            }
        }
    }
    plans
}

fn plan(client: Subject<'_>, workspace: Subject<'_>, datastore: Subject<'_>) -> Plan {
    let settings = read!(Datastore, datastore);
    let person = who::person_at(client);
    let mut needs = vec![
        place::studio_page(client),
        place::entra(client),
        Requirement::may(
            &person,
            text("preview datasets of {0}", "{0} のデータセットのプレビュー")
                .with([arg(workspace.name())]),
            Plane::Control,
            &["Microsoft.MachineLearningServices/workspaces/datasets/registered/preview/read"],
            workspace.id,
        )
        .shows("sy-authorization-failed"),
        place::browse(client, workspace, "api").shows("sy-stream-private-endpoint"),
    ];
    let mut involves = vec![client.id, workspace.id, datastore.id];
    let account = datastore.follow(settings.account);
    let scope = datastore.follow(settings.container).or(account);
    if let (Some(account), Some(scope)) = (account, scope) {
        involves.push(account.id);
        needs.extend(together(workspace, account));
        needs.push(service_reaches(workspace, account, "blob"));
        needs.extend(reader(&person, workspace, datastore, &settings, account, scope));
    } else {
        needs.push(Requirement::mode(
            text("storage account of {0}", "{0} のストレージ アカウント")
                .with([arg(datastore.name())]),
            vec![
                Step::unknown(
                    Hop::Validation,
                    text(
                        "{0} names no storage account; choose one",
                        "{0} のストレージ アカウントが指定されていません",
                    )
                    .with([arg(datastore.name())]),
                )
                .at(datastore.id),
            ],
        ));
    }
    Plan {
        subject: place::from_to(client, datastore),
        from: client.id,
        involves,
        needs,
        notes: Vec::new(),
    }
}

/// What Studio asks of networks to use data: "the workspace private endpoint and storage private endpoint
/// must be in the same virtual network", or, with service endpoints, "in the same subnet". `None` where the
/// workspace has no private endpoint, or the account is in no network.
pub(super) fn together(workspace: Subject<'_>, account: Subject<'_>) -> Option<Requirement> {
    let networks = |it: Subject<'_>| -> BTreeSet<ResourceId> {
        let networks =
            place::private_endpoints(it).filter_map(|it| it.within(Kind::VirtualNetwork));
        networks.map(|it| it.id).collect()
    };
    let (ours, theirs) = (networks(workspace), networks(account));
    if !ours.is_empty() && theirs.is_empty() {
        return in_one_subnet(workspace, account);
    }
    if ours.is_empty() || theirs.is_empty() {
        return None;
    }
    let words = || [arg(workspace.name()), arg(account.name())];
    let step = if ours.is_disjoint(&theirs) {
        Step::deny(
            Hop::Validation,
            text(
                "no virtual network has private endpoints of both {0} and {1}, which Studio needs to use the data; add an endpoint of {1} beside that of {0}",
                "{0} と {1} の両方のプライベート エンドポイントを持つ仮想ネットワークがありません。スタジオでデータを使うには、{0} と同じ仮想ネットワークに {1} のエンドポイントを追加してください",
            )
            .with(words()),
        )
    } else {
        Step::pass(
            Hop::Validation,
            text(
                "one virtual network has private endpoints of both {0} and {1}",
                "{0} と {1} のプライベート エンドポイントは同じ仮想ネットワークにあります",
            )
            .with(words()),
        )
    };
    Some(Requirement::mode(
        text(
            "private endpoints of {0} and {1} in one network",
            "同じネットワークにある {0} と {1} のプライベート エンドポイント",
        )
        .with(words()),
        vec![step.at(account.id).source(SOURCE)],
    ))
}

/// The same for an account without private endpoints that lets subnets in.
fn in_one_subnet(workspace: Subject<'_>, account: Subject<'_>) -> Option<Requirement> {
    let settings = read!(StorageAccount, account);
    let used = settings.public_network_access == PerimeterNetworkAccess::Enabled
        && settings.default_action == DefaultAction::Deny
        && !settings.virtual_network_rules.is_empty();
    let listed = |it: Subject<'_>| {
        let subnet = it.within(Kind::Subnet).map(|it| it.id);
        settings.virtual_network_rules.iter().any(|it| Some(it.0) == subnet)
    };
    if !used || place::private_endpoints(workspace).any(listed) {
        return None;
    }
    let words = || [arg(workspace.name()), arg(account.name())];
    let step = Step::deny(
        Hop::Validation,
        text(
            "{1} lets in subnets by service endpoint, and none of them holds the private endpoint of {0}, which Studio needs to use the data; list that subnet, or give {1} a private endpoint in its network",
            "{1} はサービス エンドポイントでサブネットを許可していますが、{0} のプライベート エンドポイントがあるサブネットが含まれていません。スタジオでデータを使うには、そのサブネットを追加するか、同じ仮想ネットワークに {1} のプライベート エンドポイントを作成してください",
        )
        .with(words()),
    );
    Some(Requirement::mode(
        text(
            "private endpoint of {0} and service endpoint of {1} in one subnet",
            "同じサブネットにある {0} のプライベート エンドポイントと {1} のサービス エンドポイント",
        )
        .with(words()),
        vec![step.at(account.id).source(SOURCE)],
    ))
}

/// Azure Machine Learning opens the account from its own network.
pub(super) fn service_reaches(
    workspace: Subject<'_>,
    account: Subject<'_>,
    face: &'static str,
) -> Requirement {
    let to = Destination::Face { resource: account.id, face };
    let caller = Caller::Trusted { service: "MachineLearning", resource: Some(workspace.id) };
    Requirement::flow(
        text(
            "Azure Machine Learning, for {0}, reaches {1} ({2})",
            "{0} の Azure Machine Learning から {1} ({2}) への到達",
        )
        .with([arg(workspace.name()), arg(account.name()), arg(face)]),
        Flow::https(Origin::Service("AzureMachineLearning"), to).by(caller),
    )
    .shows("sy-stream-network-isolation")
}

/// Whose rights to the data count.
fn reader(
    person: &Actor,
    workspace: Subject<'_>,
    datastore: Subject<'_>,
    settings: &Datastore,
    account: Subject<'_>,
    scope: Subject<'_>,
) -> Vec<Requirement> {
    if settings.service_identity != ServiceDataAccessAuthIdentity::None {
        return as_workspace(person, workspace, settings, account, scope);
    }
    if settings.credentials != CredentialsType::None {
        let mut needs = vec![as_credential(workspace, datastore, account)];
        needs.extend(data::expired(datastore));
        return needs;
    }
    let right = data::blobs(person, scope, READ_BLOBS).shows("sy-stream-authentication");
    std::iter::once(right).chain(data::tenant(person, account, workspace)).collect()
}

fn as_workspace(
    person: &Actor,
    workspace: Subject<'_>,
    settings: &Datastore,
    account: Subject<'_>,
    scope: Subject<'_>,
) -> Vec<Requirement> {
    let named = match settings.service_identity {
        ServiceDataAccessAuthIdentity::WorkspaceSystemAssignedIdentity => Actor::is(
            workspace.id,
            text(
                "{0} acts as its system-assigned identity: the datastore grants workspace access",
                "{0} がシステム割り当て ID として実行: データストアでワークスペース アクセスを許可",
            )
            .with([arg(workspace.name())]),
            AUTHENTICATION,
        ),
        _ => who::workspace_identity(workspace),
    };
    let mut needs = vec![
        data::blobs(&named, scope, READ_BLOBS).shows("sy-stream-authentication"),
        Requirement::may(
            &named,
            text("read the settings of {0}", "{0} の設定の読み取り").with([arg(account.name())]),
            Plane::Control,
            &["Microsoft.Storage/storageAccounts/read"],
            account.id,
        )
        .shows("sy-stream-firewall-settings"),
    ];
    needs.extend(data::tenant(&named, account, workspace));
    for endpoint in place::private_endpoints(account) {
        needs.push(
            Requirement::may(
                &named,
                text("read the private endpoint {0}", "プライベート エンドポイント {0} の読み取り")
                    .with([arg(endpoint.name())]),
                Plane::Control,
                &["Microsoft.Network/privateEndpoints/read"],
                endpoint.id,
            )
            .shows("sy-stream-network-isolation"),
        );
    }
    // Studio also uses the user's own identity for blobs in a network.
    if is_closed(account) {
        needs.push(data::blobs(person, scope, READ_BLOBS).shows("sy-stream-authentication"));
    }
    needs
}

fn as_credential(
    workspace: Subject<'_>,
    datastore: Subject<'_>,
    account: Subject<'_>,
) -> Requirement {
    let mut steps = vec![rule::shared_key_step(account)];
    let closed = is_closed(account) || place::private_endpoints(account).next().is_some();
    let behind = if closed { Some(account) } else { None };
    if let Some(it) = behind.or_else(|| Some(workspace).filter(|it| place::is_private(*it))) {
        steps.push(
            Step::deny(
                Hop::Credential,
                text(
                    "{0} is under a private network, where a preview with the credential of {1} is not supported; grant workspace access",
                    "{0} はプライベート ネットワーク内にあるため、{1} の資格情報でのプレビューはサポートされません。ワークスペース アクセスを許可してください",
                )
                .with([arg(it.name()), arg(datastore.name())]),
            )
            .at(datastore.id)
            .source(AUTHENTICATION),
        );
    }
    let stored = Actor {
        who: None,
        step: Step::pass(
            Hop::Actor,
            text("the credential stored in {0} acts", "{0} に保管された資格情報で実行")
                .with([arg(datastore.name())]),
        )
        .at(datastore.id)
        .source(AUTHENTICATION),
    };
    Requirement::said(
        &stored,
        text("credential of {0}", "{0} の資格情報").with([arg(datastore.name())]),
        steps,
    )
    .shows("sy-stream-authentication")
    .or_set(
        text("Grant workspace access in {0}", "{0} でワークスペース アクセスを許可する")
            .with([arg(datastore.name())]),
        datastore.id,
        "serviceDataAccessAuthIdentity",
        json!("WorkspaceSystemAssignedIdentity"),
    )
}

/// Whether the firewall of an account refuses somebody.
fn is_closed(account: Subject<'_>) -> bool {
    let it = read!(StorageAccount, account);
    it.public_network_access != PerimeterNetworkAccess::Enabled
        || it.default_action == DefaultAction::Deny
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        checks::Ask,
        kinds::testing::Sketch,
        solve::{Outcome, Trace},
    };

    #[test]
    fn the_subnet_of_the_endpoint_is_one_that_storage_lets_in() {
        for (default, listed, bad) in [
            ("Deny", vec![0], false),
            ("Deny", vec![1], true),
            ("Deny", vec![0, 1], false),
            ("Deny", vec![], false),
            ("Allow", vec![1], false),
        ] {
            let (mut it, first) = Sketch::subnet();
            let group = ResourceId(1);
            let other = it.add(Kind::VirtualNetwork, "other", group, json!({}));
            let second = it.add(Kind::Subnet, "there", other, json!({}));
            let rules: Vec<u32> = listed.iter().map(|n| [first, second][*n].0).collect();
            let settings = json!({"networkAcls.defaultAction": default,
                "networkAcls.virtualNetworkRules": rules});
            let account = it.add(Kind::StorageAccount, "st1", group, settings);
            let workspace = it.add(Kind::Workspace, "ws1", group, json!({}));
            let settings = json!({"privateLinkServiceId": workspace.0});
            it.add(Kind::PrivateEndpoint, "pe-ws", first, settings);
            let of = |id| it.all().subject(id).unwrap();
            assert_eq!(together(of(workspace), of(account)).is_some(), bad, "{default} {rules:?}");
        }
    }

    #[test]
    fn one_network_holds_the_endpoints_of_workspace_and_storage() {
        for (storage_in, expected) in [
            (vec![], None),
            (vec![0], Some(Outcome::Allowed)),
            (vec![1], Some(Outcome::Denied)),
            (vec![0, 1], Some(Outcome::Allowed)),
        ] {
            let (mut it, first) = Sketch::subnet();
            let group = ResourceId(1);
            let other = it.add(Kind::VirtualNetwork, "other", group, json!({}));
            let second = it.add(Kind::Subnet, "there", other, json!({}));
            let account = it.add(Kind::StorageAccount, "st1", group, json!({}));
            let workspace = it.add(Kind::Workspace, "ws1", group, json!({}));
            let settings = json!({"privateLinkServiceId": workspace.0});
            it.add(Kind::PrivateEndpoint, "pe-ws", first, settings);
            for n in &storage_in {
                let settings = json!({"privateLinkServiceId": account.0});
                it.add(Kind::PrivateEndpoint, "pe-st", [first, second][*n], settings);
            }
            let of = |id| it.all().subject(id).unwrap();
            let need = together(of(workspace), of(account));
            let found = need.map(|it| match it.ask {
                Ask::Said(steps) => Trace { steps }.outcome(),
                other => panic!("{other:?}"),
            });
            assert_eq!(found, expected, "{storage_in:?}");
        }
    }
}
