//! Can the workspace be created with a user-assigned identity as its primary one, and does that identity
//! hold what it needs?
//!
//! Steps in Azure:
//! 1. the call writes the workspace into its resource group, and attaches each user-assigned identity to
//!    it, which needs a right on the identity (Azure's rule for linked resources),
//! 2. from then on the primary identity reaches storage, key vault, registry and Application Insights.
//!    Azure gives it none of the roles that a system-assigned identity would get.
//!
//! The page names Contributor on each resource; what is asked here are the actions behind it. Its role on
//! blobs is only for previews in Studio, unless the storage is used by identity.
//!
//! Azure docs: "Set up authentication between Azure Machine Learning and other services"
//! (machine-learning/how-to-identity-based-service-authentication).

use super::{Actor, Check, Group, Plan, Requirement, create_workspace, data, place, rule, setup};
use super::{vault, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        key_vault::SecretPermission,
        workspace::{IsolationMode, SystemDatastoresAuthMode, Workspace},
    },
    solve::{Hop, Step},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "ws.create.uai",
    title: text(
        "Create a workspace with a user-assigned primary identity",
        "ユーザー割り当て ID をプライマリにしてワークスペースを作成する",
    ),
    group: Group::Setup,
    source: "machine-learning/how-to-identity-based-service-authentication",
    plans,
};

/// Everything but purging, as the quickstart template for these roles grants it.
const SECRETS: vault::Use = vault::Use {
    actions: &[
        "Microsoft.KeyVault/vaults/secrets/getSecret/action",
        "Microsoft.KeyVault/vaults/secrets/setSecret/action",
        "Microsoft.KeyVault/vaults/keys/read",
    ],
    keys: &[],
    secrets: &[
        SecretPermission::Get,
        SecretPermission::List,
        SecretPermission::Set,
        SecretPermission::Delete,
        SecretPermission::Recover,
        SecretPermission::Backup,
        SecretPermission::Restore,
    ],
};

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for workspace in
        all.of(Kind::Workspace).filter(|it| create_workspace::has_primary_user_identity(*it))
    {
        for person in setup::administrators_or_unknown(workspace) {
            plans.push(plan(&person, workspace));
        }
    }
    plans
}

fn plan(person: &Actor, workspace: Subject<'_>) -> Plan {
    let settings = read!(Workspace, workspace);
    let mut needs = create_workspace::create(person, workspace);
    let mut involves = Vec::new();
    involves.extend(settings.user_assigned_identities.iter().map(|it| it.0));
    let primary = who::workspace_identity(workspace);
    needs.push(holds(
        &primary,
        workspace,
        &[
            "Microsoft.MachineLearningServices/workspaces/read",
            "Microsoft.MachineLearningServices/workspaces/write",
            "Microsoft.MachineLearningServices/workspaces/computes/write",
        ],
    ));
    match place::storage(workspace) {
        Some(storage) => {
            involves.push(storage.id);
            needs.push(holds(
                &primary,
                storage,
                &[
                    "Microsoft.Storage/storageAccounts/listKeys/action",
                    "Microsoft.Storage/storageAccounts/read",
                    "Microsoft.Storage/storageAccounts/write",
                ],
            ));
            let mut blobs =
                data::blobs(&primary, storage, data::WRITE_BLOBS).shows("sy-uai-role-missing");
            blobs.part =
                settings.system_datastores_auth_mode == SystemDatastoresAuthMode::AccessKey;
            needs.push(blobs);
        }
        None => needs.push(rule::no_default_storage(workspace)),
    }
    match place::vault(workspace) {
        Some(it) => {
            involves.push(it.id);
            needs.push(holds(
                &primary,
                it,
                &["Microsoft.KeyVault/vaults/read", "Microsoft.KeyVault/vaults/write"],
            ));
            needs.push(vault::may(
                &primary,
                text("use secrets of {0}", "{0} のシークレットの使用").with([arg(it.name())]),
                it,
                SECRETS,
            ));
        }
        None => needs.push(no_vault(workspace)),
    }
    if let Some(registry) = place::registry(workspace) {
        involves.push(registry.id);
        needs.push(holds(
            &primary,
            registry,
            &[
                "Microsoft.ContainerRegistry/registries/pull/read",
                "Microsoft.ContainerRegistry/registries/push/write",
                "Microsoft.ContainerRegistry/registries/scheduleRun/action",
            ],
        ));
    }
    if let Some(insights) = workspace.follow(settings.application_insights) {
        involves.push(insights.id);
        needs.push(holds(
            &primary,
            insights,
            &["Microsoft.Insights/components/read", "Microsoft.Insights/components/write"],
        ));
    }
    let mut plan = setup::plan(workspace, person, involves, needs);
    plan.notes.push(
        text(
            "Azure grants a user-assigned identity nothing by itself, and makes none of the associated resources for it",
            "ユーザー割り当て ID には自動で付与されるロールがなく、関連リソースも自動では作成されません",
        )
        .into(),
    );
    if settings.isolation_mode != IsolationMode::Disabled {
        plan.notes.push(
            text(
                "for the managed network it also needs Azure AI Enterprise Network Connection Approver on each private target",
                "マネージド ネットワークでは、各プライベート ターゲットに対する Azure AI Enterprise Network Connection Approver も必要です",
            )
            .into(),
        );
    }
    plan
}

fn holds(primary: &Actor, on: Subject<'_>, actions: &'static [&'static str]) -> Requirement {
    Requirement::may(
        primary,
        text("manage {0}", "{0} の管理").with([arg(on.name())]),
        Plane::Control,
        actions,
        on.id,
    )
    .shows("sy-uai-role-missing")
}

fn no_vault(workspace: Subject<'_>) -> Requirement {
    Requirement::mode(
        text("key vault", "キー コンテナー"),
        vec![
            Step::unknown(
                Hop::Validation,
                text(
                    "{0} names no key vault; choose one",
                    "{0} のキー コンテナーが指定されていません",
                )
                .with([arg(workspace.name())]),
            )
            .at(workspace.id),
        ],
    )
}
