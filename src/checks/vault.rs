//! Rights inside a key vault: roles, or access policies, by the vault's own setting.
//!
//! With Azure role-based access control the policies are ignored, without it the data roles are. A
//! policy is for one principal; one for a group holds for its members.
//!
//! Azure docs: "Assign a Key Vault access policy" (key-vault/general/assign-access-policy), "Provide
//! access to Key Vault keys, certificates, and secrets with Azure role-based access control"
//! (key-vault/general/rbac-guide).

use super::{Actor, Requirement};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, ResourceId, Subject,
        key_vault::{AccessPolicy, KeyPermission, KeyVault, SecretPermission},
        setting::{Ref, Setting},
        workspace::Workspace,
    },
    solve::{Hop, Outcome, Step},
    text::{Message, arg, text},
};

const POLICIES: &str = "key-vault/general/assign-access-policy";

/// What is to be done in a vault, in the words of both ways to allow it.
#[derive(Clone, Copy)]
pub(super) struct Use {
    pub actions: &'static [&'static str],
    pub keys: &'static [KeyPermission],
    pub secrets: &'static [SecretPermission],
}

/// What a service needs of a key that it encrypts with.
const ENCRYPT: Use = Use {
    actions: &[
        "Microsoft.KeyVault/vaults/keys/read",
        "Microsoft.KeyVault/vaults/keys/wrap/action",
        "Microsoft.KeyVault/vaults/keys/unwrap/action",
    ],
    keys: &[KeyPermission::Get, KeyPermission::WrapKey, KeyPermission::UnwrapKey],
    secrets: &[],
};

/// Whether `actor` may use `vault` so, by the vault's way.
pub(super) fn may(
    actor: &Actor,
    what: impl Into<Message>,
    vault: Subject<'_>,
    needed: Use,
) -> Requirement {
    may_on(actor, what, vault, vault, needed)
}

/// The vault that a vault, a single key or a single secret is.
pub(super) fn of(it: Subject<'_>) -> Option<Subject<'_>> {
    if it.kind() == Kind::KeyVault { Some(it) } else { it.within(Kind::KeyVault) }
}

/// Whether `actor` may read the secrets of a vault, or a single one: a role may be held on that alone,
/// while an access policy is for all of the vault.
pub(super) fn read_secrets(actor: &Actor, vault: Subject<'_>, at: Subject<'_>) -> Requirement {
    let what = if at.id == vault.id {
        text("read secrets of {0}", "{0} のシークレットの読み取り").with([arg(vault.name())])
    } else {
        text("read the secret {0} of {1}", "{1} のシークレット {0} の読み取り")
            .with([arg(at.name()), arg(vault.name())])
    };
    const GET: Use = Use {
        actions: &["Microsoft.KeyVault/vaults/secrets/getSecret/action"],
        keys: &[],
        secrets: &[SecretPermission::Get],
    };
    may_on(actor, what, vault, at, GET)
}

/// Whether `actor` may encrypt and decrypt with the keys of a vault, or with a single one.
pub(super) fn use_keys(actor: &Actor, vault: Subject<'_>, at: Subject<'_>) -> Requirement {
    let what = if at.id == vault.id {
        text("encrypt with keys of {0}", "{0} のキーによる暗号化").with([arg(vault.name())])
    } else {
        text("encrypt with the key {0} of {1}", "{1} のキー {0} による暗号化")
            .with([arg(at.name()), arg(vault.name())])
    };
    may_on(actor, what, vault, at, ENCRYPT)
}

/// Whether `actor` may encrypt with the key that `workspace` names. A role may be held on that key alone,
/// where it is drawn; an access policy is for all of the vault.
pub(super) fn may_encrypt(
    actor: &Actor,
    workspace: Subject<'_>,
    vault: Subject<'_>,
) -> Requirement {
    use_keys(actor, vault, key_of(workspace, vault).unwrap_or(vault))
}

/// The key in the identifier of a workspace's customer-managed key, which looks like
/// `https://vault.vault.azure.net/keys/name/version`, if it is drawn in the vault.
fn key_of<'a>(workspace: Subject<'a>, vault: Subject<'a>) -> Option<Subject<'a>> {
    let workspace = read!(Workspace, workspace);
    let (_, path) = workspace.encryption_key_identifier.split_once("/keys/")?;
    let name = path.split('/').next()?.trim();
    vault
        .all
        .children(Some(vault.id))
        .find(|it| it.kind() == Kind::KeyVaultKey && it.name().eq_ignore_ascii_case(name))
}

/// The same where a role is asked for on something in the vault.
fn may_on(
    actor: &Actor,
    what: impl Into<Message>,
    vault: Subject<'_>,
    at: Subject<'_>,
    needed: Use,
) -> Requirement {
    let settings = read!(KeyVault, vault);
    if settings.enable_rbac_authorization {
        return Requirement::may(actor, what, Plane::Data, needed.actions, at.id)
            .shows("sy-keyvault-rbac");
    }
    let steps = match actor.who.and_then(|id| vault.all.subject(id)) {
        Some(who) => vec![by_policy(who, vault, &settings, needed)],
        None => Vec::new(),
    };
    let mut it = Requirement::said(actor, what, steps).shows("sy-keyvault-policy");
    if let Some(who) = actor.who.and_then(|id| vault.all.subject(id)) {
        let mut policies: Vec<_> = settings.access_policies.iter().map(Setting::write).collect();
        let policy = AccessPolicy {
            principal: Some(Ref(who.id)),
            keys: needed.keys.to_vec(),
            secrets: needed.secrets.to_vec(),
            certificates: Vec::new(),
        };
        policies.push(policy.write());
        it = it.or_set(
            text("Add an access policy of {1} for {0}", "{1} のアクセス ポリシーに {0} を追加する")
                .with([arg(who.name()), arg(vault.name())]),
            vault.id,
            "accessPolicies",
            policies.into(),
        );
    }
    it
}

fn by_policy(who: Subject<'_>, vault: Subject<'_>, settings: &KeyVault, needed: Use) -> Step {
    let ids = with_groups(who);
    let of_them: Vec<&AccessPolicy> = settings
        .access_policies
        .iter()
        .filter(|it| it.principal.is_some_and(|it| ids.contains(&it.0)))
        .collect();
    let mut missing: Vec<&str> = Vec::new();
    let mut outcome = Outcome::Allowed;
    let mut note = |has: bool, by_all: bool, value: &'static str, purges: bool| {
        if has || (by_all && !purges) {
            return;
        }
        missing.push(value);
        // The docs do not agree whether "all" holds for purging.
        outcome = outcome.max(if by_all { Outcome::Unknown } else { Outcome::Denied });
    };
    for it in needed.keys {
        note(
            of_them.iter().any(|policy| policy.keys.contains(it)),
            of_them.iter().any(|policy| policy.keys.contains(&KeyPermission::All)),
            it.value(),
            *it == KeyPermission::Purge,
        );
    }
    for it in needed.secrets {
        note(
            of_them.iter().any(|policy| policy.secrets.contains(it)),
            of_them.iter().any(|policy| policy.secrets.contains(&SecretPermission::All)),
            it.value(),
            *it == SecretPermission::Purge,
        );
    }
    let name = arg(who.name());
    let hop = Hop::Permission;
    let step = match outcome {
        Outcome::Allowed => Step::pass(
            hop,
            text(
                "an access policy of {1} allows it to {0}",
                "{1} のアクセス ポリシーで {0} に許可されています",
            )
            .with([name, arg(vault.name())]),
        ),
        Outcome::Unknown => Step::unknown(
            hop,
            text(
                "the access policy of {1} says \"all\" for {0}; whether that includes {2} is not documented",
                "{1} のアクセス ポリシーは {0} に「すべて」を許可していますが、{2} が含まれるかは文書化されていません",
            )
            .with([name, arg(vault.name()), arg(missing.join(", "))]),
        ),
        _ => Step::deny(
            hop,
            text(
                "{1} decides by access policies, and none gives {0}: {2}",
                "{1} はアクセス ポリシーで判定しますが、{0} に許可がありません: {2}",
            )
            .with([name, arg(vault.name()), arg(missing.join(", "))]),
        ),
    };
    step.at(vault.id).source(POLICIES)
}

/// A principal with every group that it is in, through other groups as well.
fn with_groups(who: Subject<'_>) -> Vec<ResourceId> {
    let mut all = vec![who.id];
    let mut next = 0;
    while let Some(id) = all.get(next).copied() {
        next += 1;
        for (group, field) in who.all.referrers(id) {
            if group.kind() == Kind::Group && field.key == "members" && !all.contains(&group.id) {
                all.push(group.id);
            }
        }
    }
    all
}
