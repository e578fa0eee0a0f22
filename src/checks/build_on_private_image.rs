//! Can the workspace build an environment on a base image of a private registry?
//!
//! Steps in Azure:
//! 1. a task of the workspace's registry builds; it must reach the private registry too,
//! 2. the task pulls the base image as the user-assigned identity that a workspace connection names: that
//!    identity needs AcrPull on the private registry,
//! 3. the workspace's own identity attaches it to the task, for which it needs Managed Identity Operator
//!    on it. That role assigns identities to resources, not roles to identities: the article of 2021
//!    says otherwise, and is wrong there.
//!
//! A system-assigned identity made before 2024-11-19 is Contributor on the resource group and may attach
//! identities in it without more.
//!
//! Azure docs: "Use managed identities with Azure Machine Learning (v1)"
//! (machine-learning/v1/how-to-use-managed-identities).

use super::{Actor, Check, Group, Plan, Requirement, images, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, Resources, Subject,
        environment_image::{EnvironmentImage, ImageSource},
        workspace_connection::{AuthType, WorkspaceConnection},
    },
    solve::flow::{Caller, Destination, Flow, Origin},
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "image.build.private_base_image",
    title: text(
        "Build on a base image of a private registry",
        "プライベート レジストリの基本イメージからビルドする",
    ),
    group: Group::Image,
    source: SOURCE,
    plans,
};

const SOURCE: &str = "machine-learning/v1/how-to-use-managed-identities";

fn plans(all: &Resources) -> Vec<Plan> {
    let mut plans = Vec::new();
    for environment in all.of(Kind::EnvironmentImage) {
        let settings = read!(EnvironmentImage, environment);
        let Some(workspace) = place::workspace_of(environment) else { continue };
        let Some(base) = environment.follow(settings.registry) else { continue };
        if settings.image_source == ImageSource::PrivateBaseImage {
            plans.push(plan(workspace, environment, base));
        }
    }
    plans
}

fn plan(workspace: Subject<'_>, environment: Subject<'_>, base: Subject<'_>) -> Plan {
    let connection = environment.follow(read!(EnvironmentImage, environment).connection);
    let mut involves = vec![workspace.id, environment.id, base.id];
    involves.extend(connection.map(|it| it.id));
    let mut needs = vec![task_reaches(base)];
    if let Some(registry) = place::registry(workspace) {
        involves.push(registry.id);
        needs.push(task_reaches(registry));
    }
    let identity = connection.and_then(|it| it.follow(read!(WorkspaceConnection, it).identity));
    match (connection, identity) {
        (Some(connection), Some(identity))
            if read!(WorkspaceConnection, connection).auth_type == AuthType::ManagedIdentity =>
        {
            involves.push(identity.id);
            let puller = Actor::is(
                identity.id,
                text("{0} acts: {1} names it", "{0} として実行: {1} で指定")
                    .with([arg(identity.name()), arg(connection.name())]),
                SOURCE,
            );
            needs.push(images::may_pull(&puller, base).shows("sy-base-image-pull"));
            needs.push(
                Requirement::may(
                    &who::workspace_identity(workspace),
                    text(
                        "attach {0} to a registry task",
                        "{0} をレジストリ タスクに割り当てる権限",
                    )
                    .with([arg(identity.name())]),
                    Plane::Control,
                    &["Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"],
                    identity.id,
                )
                .shows("sy-linked-authorization-failed"),
            );
        }
        _ => needs.push(no_identity(environment)),
    }
    Plan {
        subject: text("{0} on an image of {1}", "{1} のイメージからの {0}")
            .with([arg(environment.name()), arg(base.name())]),
        from: workspace.id,
        involves,
        needs,
        notes: vec![
            text(
                "Managed Identity Operator lets the workspace attach the identity; it does not assign roles, as the article of 2021 says",
                "マネージド ID オペレーターは ID をリソースに割り当てるロールです。2021 年の記事の説明とは異なり、ロールの割り当てはできません",
            )
            .into(),
        ],
    }
}

fn task_reaches(registry: Subject<'_>) -> Requirement {
    let to = Destination::Face { resource: registry.id, face: "login" };
    Requirement::flow(
        text("a registry task reaches {0} (login)", "レジストリ タスクから {0} (login) への到達")
            .with([arg(registry.name())]),
        Flow::https(Origin::Service("AzureContainerRegistry"), to)
            .by(Caller::RegistryTask { system_identity: true }),
    )
    .shows("sy-image-build-network")
}

fn no_identity(environment: Subject<'_>) -> Requirement {
    let nobody = Actor::none(
        environment.id,
        text(
            "{0} names no connection with a user-assigned identity, so the task cannot sign in to the private registry",
            "{0} にユーザー割り当て ID の接続が指定されていないため、タスクはプライベート レジストリにサインインできません",
        )
        .with([arg(environment.name())]),
        SOURCE,
    );
    Requirement::said(&nobody, text("pull the base image", "基本イメージのプル"), Vec::new())
        .shows("sy-base-image-pull")
}
