//! Doors to what a storage account, a registry or a vault holds, for anybody who asks: by token, by key,
//! by signature, through the portal.
//!
//! Owner and Contributor hold no data action, so that a token of theirs opens nothing; but they may list
//! the account keys, and a key opens everything while the account accepts keys. A service or account SAS
//! is signed with a key; a user delegation SAS is signed with an identity's own right, and stays usable
//! when keys are refused. The portal must also read the account itself.
//!
//! Azure docs: "Choose how to authorize access to blob data in the Azure portal"
//! (storage/blobs/authorize-data-operations-portal), "Prevent authorization with Shared Key"
//! (storage/common/shared-key-authorization-prevent).

use super::{Actor, Ask, Permission, Requirement, data, images, rule, vault};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, ResourceId, Resources, Subject},
    text::{arg, text},
};

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Blobs with one's own token.
    Token,
    /// Blobs with the account key, or with a SAS that is signed with it.
    Key,
    /// Blobs with a user delegation SAS.
    DelegationSas,
    /// Blobs in the Azure portal.
    Portal,
    /// Images of a registry, as `docker pull` gets them.
    Pull,
    /// Secrets of a key vault, or a single one.
    Secret,
}

const LIST_KEYS: &[&str] = &["Microsoft.Storage/storageAccounts/listKeys/action"];

/// What `who` needs to go through `door` to `target`: an account, a container, a registry, a vault. A path, where
/// it is not empty, is that of one blob.
pub(crate) fn needs(
    all: &Resources,
    who: ResourceId,
    target: ResourceId,
    path: &str,
    door: Door,
) -> Vec<Requirement> {
    let (Some(person), Some(target)) = (all.subject(who), all.subject(target)) else {
        return Vec::new();
    };
    let actor = Actor::is(who, text("{0} acts", "{0} として実行").with([arg(person.name())]), "");
    if target.kind() == Kind::ContainerRegistry {
        return match door {
            Door::Pull => vec![images::may_pull(&actor, target)],
            _ => Vec::new(),
        };
    }
    if let Some(vault) = vault::of(target) {
        return match door {
            Door::Secret => vec![vault::read_secrets(&actor, vault, target)],
            _ => Vec::new(),
        };
    }
    let Some(account) = account_of(target) else { return Vec::new() };
    let read = data::blobs_at(&actor, target, path, data::READ_BLOBS);
    match door {
        Door::Token => vec![read],
        Door::Key => vec![list_keys(&actor, account), rule::shared_key(&actor, account)],
        Door::DelegationSas => vec![
            Requirement::may(
                &actor,
                text("get a user delegation key of {0}", "{0} のユーザー委任キーの取得")
                    .with([arg(account.name())]),
                Plane::Control,
                &[
                    "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action",
                ],
                account.id,
            ),
            read,
        ],
        Door::Portal => {
            let by_token = Ask::May(Permission {
                actions: data::READ_BLOBS,
                plane: Plane::Data,
                scope: target.id,
            });
            let keys = Ask::May(Permission {
                actions: LIST_KEYS,
                plane: Plane::Control,
                scope: account.id,
            });
            let by_key = vec![keys, Ask::Said(vec![rule::shared_key_step(account)])];
            vec![
                Requirement::may(
                    &actor,
                    text("read {0} itself", "{0} 自体の読み取り").with([arg(account.name())]),
                    Plane::Control,
                    &["Microsoft.Storage/storageAccounts/read"],
                    account.id,
                ),
                Requirement::any(
                    &actor,
                    text("open blobs of {0}", "{0} の BLOB を開く").with([arg(target.name())]),
                    vec![vec![by_token], by_key],
                ),
            ]
        }
        Door::Pull | Door::Secret => Vec::new(),
    }
}

fn account_of(target: Subject<'_>) -> Option<Subject<'_>> {
    match target.kind() {
        Kind::StorageAccount => Some(target),
        _ => target.within(Kind::StorageAccount),
    }
}

/// The right to list the keys of an account.
pub(super) fn list_keys(actor: &Actor, account: Subject<'_>) -> Requirement {
    Requirement::may(
        actor,
        text("list the keys of {0}", "{0} のキーの一覧表示").with([arg(account.name())]),
        Plane::Control,
        LIST_KEYS,
        account.id,
    )
}
