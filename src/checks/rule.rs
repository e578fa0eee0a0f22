//! Rules of the services beside network and roles: keys, admin users, modes, owners.
//!
//! Each reads settings and says what they decide; none of them asks a solver.

use serde_json::json;

use super::{Actor, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Subject,
        common::IdentityType,
        setting::Ref,
        storage_account::StorageAccount,
        workspace::{IsolationMode, Provisioned, Workspace},
    },
    solve::{Hop, Step},
    text::{arg, text},
};

const SHARED_KEY: &str = "storage/common/shared-key-authorization-prevent";

/// Whether an account accepts its keys.
pub(super) fn shared_key_step(storage: Subject<'_>) -> Step {
    let name = arg(storage.name());
    // An empty setting counts as on.
    let step = if read!(StorageAccount, storage).allow_shared_key_access == Some(false) {
        Step::deny(
            Hop::Credential,
            text(
                "{0} refuses account keys and service SAS (allowSharedKeyAccess is false)",
                "{0} はアカウント キーとサービス SAS を拒否します (allowSharedKeyAccess が false)",
            )
            .with([name]),
        )
    } else {
        Step::pass(
            Hop::Credential,
            text("{0} accepts account keys", "{0} はアカウント キーを受け付けます").with([name]),
        )
    };
    step.at(storage.id).source(SHARED_KEY)
}

/// The account key is what opens the storage.
pub(super) fn shared_key(actor: &Actor, storage: Subject<'_>) -> Requirement {
    Requirement::said(
        actor,
        text("key of {0}", "{0} のキー").with([arg(storage.name())]),
        vec![shared_key_step(storage)],
    )
    .shows("sy-storage-shared-key")
    .or_set(
        text("Let {0} accept account keys", "{0} でアカウント キーを許可する")
            .with([arg(storage.name())]),
        storage.id,
        "allowSharedKeyAccess",
        json!(true),
    )
}

/// A workspace without a default storage account: nothing can be said about what uses it.
pub(super) fn no_default_storage(workspace: Subject<'_>) -> Requirement {
    Requirement::mode(
        text("default storage account", "既定のストレージ アカウント"),
        vec![
            Step::unknown(
                Hop::Validation,
                text(
                    "{0} names no storage account; choose one",
                    "{0} のストレージ アカウントが指定されていません",
                )
                .with([arg(workspace.name())]),
            )
            .at(workspace.id),
        ],
    )
}

/// The docs describe user delegation SAS for blobs only.
pub(super) fn user_delegation_of_files(actor: &Actor, workspace: Subject<'_>) -> Requirement {
    Requirement::said(
        actor,
        text("access to the file share", "ファイル共有へのアクセス"),
        vec![
            Step::unknown(
                Hop::Credential,
                text(
                    "how {0} opens the file share with user delegation SAS is not documented",
                    "ユーザー委任 SAS で {0} がファイル共有を開く方法は文書化されていません",
                )
                .with([arg(workspace.name())]),
            )
            .at(workspace.id),
        ],
    )
}

/// Only the person a compute instance belongs to gets in.
pub(super) fn owner_only(actor: &Actor, instance: Subject<'_>) -> Requirement {
    let hop = Hop::Credential;
    let step = match (actor.who, who::owner(instance)) {
        (Some(person), Some(owner)) if person == owner.id => Step::pass(
            hop,
            text("{0} belongs to {1}", "{0} の所有者は {1}")
                .with([arg(instance.name()), arg(owner.name())]),
        ),
        (Some(_), Some(owner)) => Step::deny(
            hop,
            text(
                "{0} belongs to {1}; nobody else gets in, whatever their role",
                "{0} の所有者は {1} です。ほかのユーザーはロールに関係なく利用できません",
            )
            .with([arg(instance.name()), arg(owner.name())]),
        ),
        (_, None) => Step::unknown(
            hop,
            text(
                "the design does not say whose {0} is; set who it is assigned to",
                "{0} の所有者が指定されていません。割り当て先のユーザーを指定してください",
            )
            .with([arg(instance.name())]),
        ),
        (None, Some(_)) => Step::unknown(
            hop,
            text("the design does not say who opens {0}", "{0} を開くユーザーが指定されていません")
                .with([arg(instance.name())]),
        ),
    };
    Requirement::said(
        actor,
        text("{0} is one's own", "{0} の所有者であること").with([arg(instance.name())]),
        vec![Step {
            at: Some(instance.id),
            source: "machine-learning/concept-compute-instance",
            ..step
        }],
    )
}

/// API v2 is blocked in v1 legacy mode.
pub(super) fn not_v1_legacy(workspace: Subject<'_>) -> Requirement {
    let name = arg(workspace.name());
    let step = if read!(Workspace, workspace).v1_legacy_mode {
        Step::deny(
            Hop::ServiceMode,
            text(
                "{0} is in v1 legacy mode, which blocks API v2 (v1LegacyMode is true)",
                "{0} は v1 レガシ モードのため API v2 がブロックされます (v1LegacyMode が true)",
            )
            .with([name]),
        )
    } else {
        Step::pass(
            Hop::ServiceMode,
            text("{0} accepts API v2", "{0} は API v2 を受け付けます").with([name]),
        )
    };
    Requirement::mode(
        text("API v2 of {0}", "{0} の API v2").with([arg(workspace.name())]),
        vec![
            step.at(workspace.id)
                .source("machine-learning/how-to-configure-network-isolation-with-v2"),
        ],
    )
    .shows("sy-v1legacy")
    .or_set(
        text("Turn v1 legacy mode of {0} off", "{0} の v1 レガシ モードを無効にする")
            .with([arg(workspace.name())]),
        workspace.id,
        "v1LegacyMode",
        json!(false),
    )
}

/// Online deployments run in the managed network, which the first compute or a command provisions.
pub(super) fn managed_network_ready(workspace: Subject<'_>) -> Option<Requirement> {
    let it = read!(Workspace, workspace);
    if it.isolation_mode == IsolationMode::Disabled {
        return None;
    }
    // A compute that Azure refuses brings nothing into being.
    let provisions = |it: &Subject<'_>| {
        matches!(it.kind(), Kind::ComputeCluster | Kind::ComputeInstance) && it.refused().is_empty()
    };
    let ready = it.managed_network_status == Provisioned::Active
        || it.provision_network_now
        || place::computes(workspace).iter().any(provisions);
    let step = if ready {
        Step::pass(
            Hop::ServiceMode,
            text(
                "the managed network of {0} is provisioned",
                "{0} のマネージド ネットワークはプロビジョニング済みです",
            )
            .with([arg(workspace.name())]),
        )
    } else {
        Step::deny(
            Hop::ServiceMode,
            text(
                "the managed network of {0} is not provisioned yet; provision it, or create a compute first",
                "{0} のマネージド ネットワークがまだプロビジョニングされていません。先にプロビジョニングするか、コンピューティングを作成してください",
            )
            .with([arg(workspace.name())]),
        )
    };
    let what = text("managed network of {0}", "{0} のマネージド ネットワーク");
    Some(
        Requirement::mode(
            what.with([arg(workspace.name())]),
            vec![step.at(workspace.id).source("machine-learning/how-to-managed-network")],
        )
        .shows("sy-mvnet-notready")
        .or_set(
            text(
                "Provision the managed network of {0} at once",
                "{0} のマネージド ネットワークをすぐにプロビジョニングする",
            )
            .with([arg(workspace.name())]),
            workspace.id,
            "provisionNetworkNow",
            json!(true),
        ),
    )
}

/// Attaching the user-assigned identities that `it` is to have, each with its own right. An identity type
/// that asks for some and a list that names none: what is to be attached is not known.
pub(super) fn attach_each<'a>(
    person: &Actor,
    it: Subject<'a>,
    kind: IdentityType,
    named: &[Ref],
) -> Vec<(Subject<'a>, Requirement)> {
    if !kind.has_user() {
        return Vec::new();
    }
    let identities: Vec<_> = named.iter().filter_map(|id| it.follow(Some(*id))).collect();
    if identities.is_empty() {
        let step = Step::unknown(
            Hop::Validation,
            text(
                "{0} is to have a user-assigned identity, but none is named",
                "{0} のユーザー割り当て ID が指定されていません",
            )
            .with([arg(it.name())]),
        );
        let what = text("user-assigned identity", "ユーザー割り当て ID");
        return vec![(it, Requirement::said(person, what, vec![step.at(it.id)]))];
    }
    identities.into_iter().map(|identity| (identity, attach(person, identity))).collect()
}

/// Attaching a user-assigned identity to something needs a right on the identity (linked access).
pub(super) fn attach(person: &Actor, identity: Subject<'_>) -> Requirement {
    Requirement::may(
        person,
        text("attach {0}", "{0} の割り当て").with([arg(identity.name())]),
        Plane::Control,
        &["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"],
        identity.id,
    )
    .shows("sy-linked-authorization-failed")
}
