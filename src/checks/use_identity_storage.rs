//! Can people work in a workspace whose default storage refuses shared keys?
//!
//! Steps in Azure:
//! 1. the workspace is switched to identity-based access first, then the account refuses keys; the other
//!    way round everything that still uses the key fails,
//! 2. each user needs data roles of their own, on blobs and on file shares: notebooks are files.
//!
//! Preview; model packages are not supported. Jobs and endpoints use managed identities, see there.
//!
//! Azure docs: "Disable shared key access for your workspace's storage account"
//! (machine-learning/how-to-disable-local-auth-storage).

use serde_json::json;

use super::{Actor, Check, Group, Plan, Requirement, data, place, setup, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        storage_account::StorageAccount,
        workspace::{SystemDatastoresAuthMode, Workspace},
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.storage.identity_mode",
    title: text(
        "Work in a workspace whose storage refuses keys",
        "共有キーを無効にしたストレージのワークスペースを使う",
    ),
    group: Group::Setup,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/how-to-disable-local-auth-storage";

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace) {
        let Some(storage) = place::storage(workspace) else { continue };
        let by_identity = read!(Workspace, workspace).system_datastores_auth_mode
            == SystemDatastoresAuthMode::Identity;
        let no_keys = read!(StorageAccount, storage).allow_shared_key_access == Some(false);
        if by_identity || no_keys {
            for person in who::people(workspace) {
                plans.push(plan(&person, workspace, storage));
            }
        }
    }
    plans
}

fn plan(person: &Actor, workspace: Subject<'_>, storage: Subject<'_>) -> Plan {
    let needs = vec![
        identity_mode(workspace, storage),
        data::blobs(person, storage, data::READ_BLOBS).shows("sy-storage-rbac"),
        data::blobs(person, storage, data::WRITE_BLOBS).shows("sy-storage-rbac").part(),
        Requirement::may(
            person,
            text("read and write files of {0}", "{0} のファイルの読み書き")
                .with([arg(storage.name())]),
            Plane::Data,
            &[
                "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read",
                "Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write",
                "Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action",
            ],
            storage.id,
        )
        .shows("sy-storage-rbac"),
    ];
    let mut plan = setup::plan(workspace, person, [storage.id], needs);
    plan.notes.push(
        text(
            "a preview; model packages are not supported with it",
            "プレビュー機能です。モデル パッケージはサポートされません",
        )
        .into(),
    );
    plan
}

fn identity_mode(workspace: Subject<'_>, storage: Subject<'_>) -> Requirement {
    let args = || [arg(workspace.name()), arg(storage.name())];
    let step = match read!(Workspace, workspace).system_datastores_auth_mode {
        SystemDatastoresAuthMode::Identity => Step::pass(
            Hop::ServiceMode,
            text("{0} opens {1} by identity", "{0} は ID で {1} を開きます").with(args()),
        ),
        SystemDatastoresAuthMode::AccessKey => Step::deny(
            Hop::ServiceMode,
            text(
                "{0} still uses the key of {1}, which refuses it (systemDatastoresAuthMode)",
                "{0} は {1} のキーを使う設定のままですが、{1} はキーを拒否します (systemDatastoresAuthMode)",
            )
            .with(args()),
        ),
        SystemDatastoresAuthMode::UserDelegationSas => Step::unknown(
            Hop::ServiceMode,
            text(
                "which rights people need on {1} when {0} uses user delegation SAS is not documented",
                "{0} がユーザー委任 SAS を使う場合に、{1} に必要なユーザーの権限は文書化されていません",
            )
            .with(args()),
        ),
    };
    Requirement::mode(
        text("identity-based access of {0}", "{0} の ID ベースのアクセス")
            .with([arg(workspace.name())]),
        vec![step.at(workspace.id).source(SOURCE)],
    )
    .shows("sy-storage-shared-key")
    .or_set(
        text("Let {0} use identities for {1}", "{0} が {1} に ID でアクセスするようにする")
            .with(args()),
        workspace.id,
        "systemDatastoresAuthMode",
        json!(SystemDatastoresAuthMode::Identity.value()),
    )
}
