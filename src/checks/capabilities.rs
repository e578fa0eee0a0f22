//! What people ask about rights, whoever asks: read blobs, list keys, run code, give roles.
//!
//! Each capability asks for what the operation of the same name asks for: both call the same function,
//! so they cannot differ. What a service decides beside roles (access policies, refused keys, owners of
//! instances) counts as it does there.
//!
//! Azure docs: "Azure permissions" (role-based-access-control/resource-provider-operations), "Manage
//! access to Azure Machine Learning workspaces" (machine-learning/how-to-assign-roles).

use super::{
    Actor, Requirement, assign_role, create_compute, create_endpoint, data, doors, images,
    invoke_endpoint, place, rule, submit_job_v2, use_instance, vault, who,
};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject, common::IdentityType, compute_instance::ComputeInstance,
        container_registry::ContainerRegistry, key_vault::KeyVault, rights, setting::Ref,
    },
    solve::{Hop, Step, access::condition::Attributes},
    text::{Text, arg, text},
};

/// One thing that somebody may be able to do with a resource.
#[derive(Debug)]
pub struct Capability {
    /// Stable: `blobs.read`.
    pub id: &'static str,
    pub label: Text,
    /// The face of the service that the request goes to; `None` goes through Azure Resource Manager,
    /// which no firewall of a service stops.
    pub face: Option<&'static str>,
    fits: fn(Subject<'_>) -> bool,
    needs: fn(&Actor, Subject<'_>) -> Vec<Requirement>,
}

impl PartialEq for Capability {
    fn eq(&self, other: &Capability) -> bool {
        self.id == other.id
    }
}

impl Capability {
    /// All that `who` needs for it on `target`.
    pub(crate) fn needs(&self, who: Subject<'_>, target: Subject<'_>) -> Vec<Requirement> {
        let why = text("{0} acts", "{0} として実行").with([arg(who.name())]);
        (self.needs)(&Actor::is(who.id, why, ""), target)
    }
}

/// The resource whose face is asked: a container answers at its account.
pub(crate) fn answers_at(target: Subject<'_>) -> Subject<'_> {
    let outer = match target.kind() {
        Kind::BlobContainer => target.within(Kind::StorageAccount),
        Kind::KeyVaultKey | Kind::KeyVaultSecret => target.within(Kind::KeyVault),
        _ => None,
    };
    outer.unwrap_or(target)
}

/// The capability with this id.
pub fn find(id: &str) -> Option<&'static Capability> {
    ALL.iter().find(|it| it.id == id)
}

/// Capabilities that a resource offers.
pub fn of(target: Subject<'_>) -> impl Iterator<Item = &'static Capability> {
    ALL.iter().filter(move |it| (it.fits)(target))
}

/// Resources and capabilities that fit each other, in the order of the design.
pub fn of_design(all: &Resources) -> Vec<(Subject<'_>, &'static Capability)> {
    all.subjects().flat_map(|it| of(it).map(move |one| (it, one))).collect()
}

/// In the order in which people ask.
pub const ALL: &[Capability] = &[
    Capability {
        id: "blobs.read",
        label: text("Read blobs", "BLOB の読み取り"),
        face: Some("blob"),
        fits: holds_blobs,
        needs: |actor, it| vec![data::blobs(actor, it, data::READ_BLOBS)],
    },
    Capability {
        id: "blobs.write",
        label: text("Read and write blobs", "BLOB の読み書き"),
        face: Some("blob"),
        fits: holds_blobs,
        needs: |actor, it| vec![data::blobs(actor, it, data::WRITE_BLOBS)],
    },
    Capability {
        id: "storage.keys",
        label: text("Use all data with the account key", "アカウント キーによる全データの利用"),
        face: Some("blob"),
        fits: |it| it.kind() == Kind::StorageAccount,
        needs: |actor, it| vec![doors::list_keys(actor, it), rule::shared_key(actor, it)],
    },
    Capability {
        id: "secrets.read",
        label: text("Read secrets", "シークレットの読み取り"),
        face: Some("vault"),
        fits: |it| matches!(it.kind(), Kind::KeyVault | Kind::KeyVaultSecret),
        needs: |actor, it| match vault::of(it) {
            Some(vault) => vec![vault::read_secrets(actor, vault, it)],
            None => Vec::new(),
        },
    },
    Capability {
        id: "keys.use",
        label: text("Encrypt and decrypt with keys", "キーによる暗号化と復号"),
        face: Some("vault"),
        fits: |it| matches!(it.kind(), Kind::KeyVault | Kind::KeyVaultKey),
        needs: |actor, it| match vault::of(it) {
            Some(vault) => vec![vault::use_keys(actor, vault, it)],
            None => Vec::new(),
        },
    },
    Capability {
        id: "vault.policies",
        label: text("Change access policies", "アクセス ポリシーの変更"),
        face: None,
        // With roles, whoever writes the vault still gets nothing in it (key-vault/general/rbac-guide).
        fits: |it| it.kind() == Kind::KeyVault && !read!(KeyVault, it).enable_rbac_authorization,
        needs: |actor, it| {
            const ACTIONS: &[&str] = &["Microsoft.KeyVault/vaults/write"];
            vec![control(actor, text("change {0}", "{0} の変更"), ACTIONS, it)]
        },
    },
    Capability {
        id: "vault.model",
        label: text("Change the permission model", "アクセス許可モデルの変更"),
        face: None,
        fits: |it| it.kind() == Kind::KeyVault,
        needs: |actor, it| {
            const ACTIONS: &[&str] = &["Microsoft.KeyVault/vaults/write"];
            // "Unrestricted": a right to give some roles only is none (key-vault/general/rbac-guide).
            let any_role = Attributes::default().with(assign_role::ROLE, [OWNER]);
            vec![
                control(actor, text("change {0}", "{0} の変更"), ACTIONS, it),
                assign_role::may_assign(actor, it).knowing(any_role),
            ]
        },
    },
    Capability {
        id: "images.pull",
        label: text("Pull images", "イメージのプル"),
        face: Some("login"),
        fits: |it| it.kind() == Kind::ContainerRegistry,
        needs: |actor, it| vec![images::may_pull(actor, it)],
    },
    Capability {
        id: "registry.admin",
        label: text("Pull and push as the admin user", "管理者ユーザーによるプルとプッシュ"),
        face: Some("login"),
        fits: |it| it.kind() == Kind::ContainerRegistry,
        needs: |actor, it| {
            const ACTIONS: &[&str] =
                &["Microsoft.ContainerRegistry/registries/listCredentials/action"];
            let what = text(
                "get the password of the admin user of {0}",
                "{0} の管理者ユーザーのパスワードの取得",
            );
            vec![control(actor, what, ACTIONS, it), admin_user(actor, it)]
        },
    },
    Capability {
        id: "jobs.submit",
        label: text("Submit jobs", "ジョブの送信"),
        face: None,
        fits: is_workspace,
        needs: |actor, it| vec![submit_job_v2::may_submit(actor, it)],
    },
    Capability {
        id: "computes.create",
        label: text("Create computes", "コンピューティングの作成"),
        face: None,
        fits: is_workspace,
        needs: |actor, it| vec![create_compute::may_create(actor, it)],
    },
    Capability {
        id: "datastores.credentials",
        label: text("Get datastore credentials", "データストアの資格情報の取得"),
        face: None,
        fits: is_workspace,
        needs: |actor, it| vec![submit_job_v2::list_secrets(actor, it)],
    },
    Capability {
        id: "instance.use",
        label: text("Work on the instance", "インスタンスでの作業"),
        face: Some("application"),
        fits: |it| it.kind() == Kind::ComputeInstance,
        needs: |actor, it| {
            let Some(workspace) = place::workspace_of(it) else { return Vec::new() };
            let right = use_instance::may_open(actor, workspace, it);
            std::iter::once(right).chain(use_instance::is_ones_own(actor, it)).collect()
        },
    },
    Capability {
        id: "endpoints.deploy",
        label: text("Deploy models", "モデルのデプロイ"),
        face: None,
        fits: |it| matches!(it.kind(), Kind::Workspace | Kind::OnlineEndpoint),
        needs: |actor, it| vec![create_endpoint::may_deploy(actor, it)],
    },
    Capability {
        id: "endpoint.score",
        label: text("Send scoring requests", "スコアリング要求の送信"),
        face: Some("scoring"),
        fits: |it| it.kind() == Kind::OnlineEndpoint,
        needs: |actor, it| vec![invoke_endpoint::authorized(actor, it)],
    },
    Capability {
        id: "machine.run",
        label: text("Run commands", "コマンドの実行"),
        face: None,
        fits: is_machine,
        needs: |actor, it| {
            const ACTIONS: &[&str] = &["Microsoft.Compute/virtualMachines/runCommand/action"];
            let what = text("run commands on {0}", "{0} でのコマンドの実行");
            vec![control(actor, what, ACTIONS, it)]
        },
    },
    Capability {
        id: "machine.change",
        label: text("Change the machine", "仮想マシンの変更"),
        face: None,
        fits: is_machine,
        needs: |actor, it| {
            const ACTIONS: &[&str] = &["Microsoft.Compute/virtualMachines/write"];
            vec![control(actor, text("change {0}", "{0} の変更"), ACTIONS, it)]
        },
    },
    Capability {
        id: "identity.attach",
        label: text("Attach the identity", "ID の割り当て"),
        face: None,
        fits: |it| it.kind() == Kind::UserAssignedIdentity,
        needs: |actor, it| vec![rule::attach(actor, it)],
    },
    Capability {
        id: "roles.assign",
        label: text("Assign roles", "ロールの割り当て"),
        face: None,
        fits: |it| {
            !matches!(it.kind(), Kind::RoleAssignment | Kind::DenyAssignment | Kind::Lock)
                && rights::scope_of(it).is_some()
        },
        needs: |actor, it| vec![assign_role::may_assign(actor, it)],
    },
];

/// The role that no condition which limits what may be given lets through.
const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

fn holds_blobs(it: Subject<'_>) -> bool {
    matches!(it.kind(), Kind::StorageAccount | Kind::BlobContainer)
}

fn is_workspace(it: Subject<'_>) -> bool {
    it.kind() == Kind::Workspace
}

fn is_machine(it: Subject<'_>) -> bool {
    it.kind() == Kind::VirtualMachine
}

/// A right that passes through Azure Resource Manager and that no operation asks for.
fn control(
    actor: &Actor,
    what: Text,
    actions: &'static [&'static str],
    on: Subject<'_>,
) -> Requirement {
    Requirement::may(actor, what.with([arg(on.name())]), Plane::Control, actions, on.id)
}

/// Whether there is an admin user at all.
fn admin_user(actor: &Actor, registry: Subject<'_>) -> Requirement {
    let name = arg(registry.name());
    let step = if read!(ContainerRegistry, registry).admin_user_enabled {
        Step::pass(
            Hop::Credential,
            text("the admin user of {0} is on", "{0} の管理者ユーザーは有効です").with([name]),
        )
    } else {
        Step::deny(
            Hop::Credential,
            text("the admin user of {0} is off", "{0} の管理者ユーザーは無効です").with([name]),
        )
    };
    Requirement::said(
        actor,
        text("admin user of {0}", "{0} の管理者ユーザー").with([arg(registry.name())]),
        vec![step.at(registry.id).source("container-registry/container-registry-authentication")],
    )
}

/// Computes of a workspace that whoever submits jobs runs code on. An instance runs them for its owner
/// only.
pub(crate) fn job_hosts(workspace: Subject<'_>) -> Vec<Subject<'_>> {
    let mut all = place::computes(workspace);
    all.retain(|it| it.kind() != Kind::ComputeInstance);
    all
}

/// Everything in a workspace of one kind.
pub(crate) fn in_workspace(workspace: Subject<'_>, kind: Kind) -> Vec<Subject<'_>> {
    place::of(workspace, kind)
}

/// The vault that keeps the credentials of a workspace.
pub(crate) fn vault_of(workspace: Subject<'_>) -> Option<Subject<'_>> {
    place::vault(workspace)
}

/// Every identity that code on a host can act as: all that are assigned, and on a compute instance with
/// single sign-on the person it belongs to.
pub(crate) fn identities_on(host: Subject<'_>) -> Vec<Subject<'_>> {
    // What jobs on Kubernetes use is the identity of the attachment, not that of the cluster.
    let (kind, assigned) = match host.kind() {
        Kind::AttachedKubernetes => {
            ("computeIdentity.type", "computeIdentity.userAssignedIdentities")
        }
        _ => ("identity.type", "identity.userAssignedIdentities"),
    };
    let kind = host.setting::<IdentityType>(kind).unwrap_or(IdentityType::None);
    let mut all: Vec<Subject<'_>> = kind.has_system().then_some(host).into_iter().collect();
    if kind.has_user() {
        let assigned = host.setting::<Vec<Ref>>(assigned).unwrap_or_default();
        all.extend(assigned.into_iter().filter_map(|it| host.follow(Some(it))));
    }
    if host.kind() == Kind::ComputeInstance && read!(ComputeInstance, host).enable_sso {
        all.extend(who::owner(host));
    }
    all
}

/// Whether a key opens anything.
pub(crate) fn accepts_keys(account: Subject<'_>) -> Step {
    rule::shared_key_step(account)
}
