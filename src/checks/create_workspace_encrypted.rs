//! Can the workspace be created with a customer-managed key?
//!
//! Steps in Azure:
//! 1. whoever creates it manages the vault of the key and made the key there,
//! 2. the vault stands in the workspace's subscription, with soft delete and purge protection,
//! 3. Azure puts Cosmos DB, Azure AI Search and storage into a new resource group of the subscription;
//!    with a user-assigned identity that identity creates them, and needs the rights on key and vault too,
//! 4. Cosmos DB reads the key as its own principal, which no template can be: it is the same in every
//!    tenant, and the vault must admit it.
//!
//! With service-side encryption (preview) nothing is put into the subscription; a vault without public
//! access is not supported then.
//!
//! Azure docs: "Use customer-managed keys with Azure Machine Learning"
//! (machine-learning/how-to-setup-customer-managed-keys), "Customer-managed keys for Azure Machine
//! Learning" (machine-learning/concept-customer-managed-keys).

use super::{Actor, Check, Group, Plan, Requirement, setup, vault, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        common::{PerimeterNetworkAccess, Switch},
        key_vault::{KeyPermission, KeyVault},
        service_principal::ServicePrincipal,
        workspace::Workspace,
    },
    solve::{Hop, Step},
    text::{Text, arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.create.cmk",
    title: text(
        "Create a workspace with a customer-managed key",
        "カスタマー マネージド キーでワークスペースを作成する",
    ),
    group: Group::Setup,
    source: SETUP,
    plans,
};

const SETUP: &str = "machine-learning/how-to-setup-customer-managed-keys";
const CONCEPT: &str = "machine-learning/concept-customer-managed-keys";

/// Application IDs of Azure Cosmos DB: the public cloud's, Azure Government's.
const COSMOS_DB: [&str; 2] =
    ["a232010e-820c-4083-83bb-3ace5fc29d0b", "57506a73-e302-42a9-b869-6f12d9ec29e9"];

/// The page asks for an access policy; in a vault with roles these are the same rights.
const MAKE_KEYS: vault::Use = vault::Use {
    actions: &[
        "Microsoft.KeyVault/vaults/keys/create/action",
        "Microsoft.KeyVault/vaults/keys/read",
        "Microsoft.KeyVault/vaults/keys/delete",
        "Microsoft.KeyVault/vaults/keys/purge/action",
    ],
    keys: &[KeyPermission::Create, KeyPermission::Get, KeyPermission::Delete, KeyPermission::Purge],
    secrets: &[],
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in all.of(Kind::Workspace) {
        let settings = read!(Workspace, workspace);
        if settings.encryption_status == Switch::Enabled {
            for person in setup::administrators_or_unknown(workspace) {
                plans.push(plan(&person, workspace, &settings));
            }
        }
    }
    plans
}

fn plan(person: &Actor, workspace: Subject<'_>, settings: &Workspace) -> Plan {
    let Some(vault) = workspace.follow(settings.encryption_key_vault) else {
        return setup::plan(workspace, person, [], vec![no_vault(workspace)]);
    };
    let mut involves = vec![vault.id];
    let mut needs = vec![place(workspace, vault), protection(vault)];
    needs.extend(manage(person, vault));
    if settings.enable_service_side_cmk_encryption {
        needs.push(open_vault(vault));
    } else {
        let cosmos = cosmos_db(vault);
        involves.extend(cosmos.who);
        needs.push(vault::may_encrypt(&cosmos, workspace, vault).shows("sy-cmk-workspace"));
        if let Some(primary) = workspace.follow(settings.primary_user_assigned_identity) {
            let primary_acts = who::workspace_identity(workspace);
            involves.push(primary.id);
            needs.push(managed_resources(&primary_acts, workspace));
            needs.extend(manage(&primary_acts, vault));
        }
    }
    let mut plan = setup::plan(workspace, person, involves, needs);
    plan.notes.push(
        text(
            "the key is fixed at creation; later only another key of the same vault can take its place",
            "キーは作成時に決まり、後から変更できるのは同じキー コンテナー内の別のキーだけです",
        )
        .into(),
    );
    plan
}

/// Managing the vault and making keys in it.
fn manage(actor: &Actor, vault: Subject<'_>) -> [Requirement; 2] {
    [
        Requirement::may(
            actor,
            text("manage {0}", "{0} の管理").with([arg(vault.name())]),
            Plane::Control,
            &["Microsoft.KeyVault/vaults/read", "Microsoft.KeyVault/vaults/write"],
            vault.id,
        )
        .shows("sy-authorization-failed"),
        vault::may(
            actor,
            text("make keys in {0}", "{0} でのキーの作成").with([arg(vault.name())]),
            vault,
            MAKE_KEYS,
        ),
    ]
}

/// The principal of Azure Cosmos DB, if the design has it.
fn cosmos_db(vault: Subject<'_>) -> Actor {
    let drawn = vault.all.of(Kind::ServicePrincipal).find(|it| {
        read!(ServicePrincipal, *it)
            .app_id
            .clone()
            .is_some_and(|id| COSMOS_DB.iter().any(|it| it.eq_ignore_ascii_case(id.as_str())))
    });
    match drawn {
        Some(it) => Actor::is(
            it.id,
            text(
                "{0} acts: Azure Cosmos DB reads the key by itself",
                "{0} として実行: Azure Cosmos DB 自身がキーを読み取り",
            )
            .with([arg(it.name())]),
            SETUP,
        ),
        None => Actor::unknown(
            vault.id,
            text(
                "the design does not say what Azure Cosmos DB may do in {0}; draw a service principal with the application ID {1}",
                "{0} での Azure Cosmos DB の権限が指定されていません。アプリケーション ID が {1} のサービス プリンシパルを追加してください",
            )
            .with([arg(vault.name()), arg(COSMOS_DB[0])]),
        ),
    }
}

/// A user-assigned identity creates what Azure puts into the subscription.
fn managed_resources(primary: &Actor, workspace: Subject<'_>) -> Requirement {
    let what = text("create the encrypted resources", "暗号化されたリソースの作成");
    let Some(subscription) = workspace.within(Kind::Subscription) else {
        return Requirement::said(primary, what, vec![no_subscription(workspace)]);
    };
    Requirement::may(
        primary,
        what,
        Plane::Control,
        &[
            "Microsoft.Storage/storageAccounts/write",
            "Microsoft.Search/searchServices/write",
            "Microsoft.DocumentDB/databaseAccounts/write",
        ],
        subscription.id,
    )
    .shows("sy-uai-role-missing")
}

/// For rights on the subscription where none is drawn.
pub(super) fn no_subscription(it: Subject<'_>) -> Step {
    Step::unknown(
        Hop::Permission,
        text(
            "{0} stands in no subscription of the design; draw one around its resource group",
            "{0} のサブスクリプションがデザインにありません。リソース グループをサブスクリプションの中に置いてください",
        )
        .with([arg(it.name())]),
    )
    .at(it.id)
}

fn place(workspace: Subject<'_>, vault: Subject<'_>) -> Requirement {
    let of = |it: Subject<'_>| it.within(Kind::Subscription).map(|it| it.id);
    let args = || [arg(vault.name()), arg(workspace.name())];
    let hop = Hop::ServiceMode;
    let step = if of(workspace) == of(vault) {
        Step::pass(
            hop,
            text(
                "{0} stands in the subscription of {1}",
                "{0} は {1} と同じサブスクリプションにあります",
            )
            .with(args()),
        )
    } else {
        Step::deny(
            hop,
            text(
                "{0} stands in another subscription than {1}, which is not supported",
                "{0} は {1} と別のサブスクリプションにありますが、サポートされません",
            )
            .with(args()),
        )
    };
    Requirement::mode(
        text("vault in the same subscription", "同じサブスクリプションのキー コンテナー"),
        vec![step.at(vault.id).source(SETUP)],
    )
    .shows("sy-not-supported")
}

fn protection(vault: Subject<'_>) -> Requirement {
    let it = read!(KeyVault, vault);
    let missing = match (it.enable_soft_delete, it.enable_purge_protection) {
        (true, true) => None,
        (false, _) => Some(text("soft delete", "論理的な削除")),
        (true, false) => Some(text("purge protection", "消去保護")),
    };
    let step = match missing {
        None => Step::pass(
            Hop::ServiceMode,
            text(
                "{0} has soft delete and purge protection",
                "{0} は論理的な削除と消去保護が有効です",
            )
            .with([arg(vault.name())]),
        ),
        Some(what) => lacks(vault, what),
    };
    let mut need = Requirement::mode(
        text("soft delete and purge protection of {0}", "{0} の論理的な削除と消去保護")
            .with([arg(vault.name())]),
        vec![step.at(vault.id).source(CONCEPT)],
    )
    .shows("sy-cmk-workspace");
    if it.enable_soft_delete && !it.enable_purge_protection {
        need = need.or_set(
            text("Turn purge protection of {0} on", "{0} の消去保護を有効にする")
                .with([arg(vault.name())]),
            vault.id,
            "enablePurgeProtection",
            true.into(),
        );
    }
    need
}

fn lacks(vault: Subject<'_>, what: Text) -> Step {
    Step::deny(
        Hop::ServiceMode,
        text(
            "{0} lacks {1}, without which it takes no customer-managed key",
            "{0} の {1} が無効なため、カスタマー マネージド キーに使えません",
        )
        .with([arg(vault.name()), what.into()]),
    )
}

/// Service-side encryption: the page names one condition, and not whose rights count.
fn open_vault(vault: Subject<'_>) -> Requirement {
    let closed = read!(KeyVault, vault).public_network_access != PerimeterNetworkAccess::Enabled;
    let name = arg(vault.name());
    let step = if closed {
        Step::deny(
            Hop::ServiceMode,
            text(
                "{0} has its public network access disabled, with which service-side encryption is not supported",
                "{0} のパブリック ネットワーク アクセスが無効なため、サービス側の暗号化はサポートされません",
            )
            .with([name]),
        )
    } else {
        Step::unknown(
            Hop::ServiceMode,
            text(
                "with service-side encryption, which identity reads the key in {0} is not documented",
                "サービス側の暗号化で {0} のキーを読み取る ID は文書化されていません",
            )
            .with([name]),
        )
    };
    Requirement::mode(
        text("service-side encryption", "サービス側の暗号化"),
        vec![step.at(vault.id).source(CONCEPT)],
    )
    .shows("sy-not-supported")
}

/// A key without a vault.
pub(super) fn no_vault(workspace: Subject<'_>) -> Requirement {
    Requirement::mode(
        text("key vault of the key", "キーのあるキー コンテナー"),
        vec![
            Step::unknown(
                Hop::Validation,
                text(
                    "{0} names no key vault for its customer-managed key; choose one",
                    "{0} のカスタマー マネージド キーのキー コンテナーが指定されていません",
                )
                .with([arg(workspace.name())]),
            )
            .at(workspace.id),
        ],
    )
}
