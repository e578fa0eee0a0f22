//! Images and the registries they come from: shared by the checks about images.
//!
//! A pull is two connections: the login server says where the layers are, the layers come from a data
//! host. A registry has one of two ways to decide who may pull: roles that name `pull/read` (any role
//! that reads everything can pull), or roles over repositories, where AcrPull counts for nothing.
//!
//! Azure docs: "Azure Container Registry permissions and role assignments overview"
//! (container-registry/container-registry-rbac-built-in-roles-overview).

use serde_json::json;

use super::{Actor, Permission, Requirement, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{
        Kind, ResourceId, Resources, Subject,
        container_registry::{ContainerRegistry, RoleAssignmentMode},
        environment_image::{EnvironmentImage, ImageSource},
        job::Job,
        workspace::Workspace,
    },
    solve::{Hop, Step, access::condition::Attributes},
    text::{Message, arg, text},
};

const AUTHENTICATION: &str = "container-registry/container-registry-authentication";

pub(super) const PULL: &[&str] = &["Microsoft.ContainerRegistry/registries/pull/read"];
/// What conditions call the repository that is pulled from.
const REPOSITORY: &str = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";
const PULL_REPOSITORY: &[&str] = &[
    "Microsoft.ContainerRegistry/registries/repositories/content/read",
    "Microsoft.ContainerRegistry/registries/repositories/metadata/read",
];

/// A compute that pulls an image for a job.
#[derive(Clone, Copy)]
pub(super) struct Pull<'a> {
    pub job: Option<Subject<'a>>,
    pub workspace: Subject<'a>,
    pub compute: Subject<'a>,
    pub environment: Option<Subject<'a>>,
    pub registry: Subject<'a>,
}

impl Pull<'_> {
    pub(super) fn is_workspace_registry(self) -> bool {
        place::registry(self.workspace).is_some_and(|it| it.id == self.registry.id)
    }

    pub(super) fn is_abac(self) -> bool {
        is_abac(self.registry)
    }

    pub(super) fn subject(self) -> Message {
        match self.job {
            Some(job) => text("{0} on {1}, from {2}", "{1} の {0}、{2} から").with([
                arg(job.name()),
                arg(self.compute.name()),
                arg(self.registry.name()),
            ]),
            None => text("{0}, from {1}", "{0}、{1} から")
                .with([arg(self.compute.name()), arg(self.registry.name())]),
        }
    }

    pub(super) fn involves(self) -> Vec<ResourceId> {
        let mut all = vec![self.compute.id, self.registry.id];
        all.extend(self.job.map(|it| it.id));
        all.extend(self.environment.map(|it| it.id));
        all
    }
}

/// Everything that jobs pull from registries of the design: drawn jobs, then every other compute with
/// the registry of its workspace and with every private image.
pub(super) fn pulls(all: &Resources) -> Vec<Pull<'_>> {
    let mut pulls: Vec<Pull<'_>> = Vec::new();
    for job in all.of(Kind::Job) {
        let settings = read!(Job, job);
        let Some(workspace) = place::workspace_of(job) else { continue };
        let Some(compute) = job.follow(settings.compute) else { continue };
        let environment = job.follow(settings.environment);
        let registry = match environment {
            Some(it) => registry_of(workspace, it),
            None => place::registry(workspace),
        };
        if let Some(registry) = registry {
            pulls.push(Pull { job: Some(job), workspace, compute, environment, registry });
        }
    }
    for workspace in all.of(Kind::Workspace) {
        let mut registries: Vec<(Option<Subject<'_>>, Subject<'_>)> =
            place::registry(workspace).map(|it| (None, it)).into_iter().collect();
        for environment in place::of(workspace, Kind::EnvironmentImage) {
            let settings = read!(EnvironmentImage, environment);
            if settings.image_source == ImageSource::PrivateImage
                && let Some(registry) = environment.follow(settings.registry)
            {
                registries.push((Some(environment), registry));
            }
        }
        // A compute instance serves its user first; its pulls are judged where a job is drawn.
        let shared = |it: &Subject<'_>| it.kind() != Kind::ComputeInstance;
        for compute in place::computes(workspace).into_iter().filter(shared) {
            for (environment, registry) in &registries {
                let drawn = pulls
                    .iter()
                    .any(|it| it.compute.id == compute.id && it.registry.id == registry.id);
                if !drawn {
                    pulls.push(Pull {
                        job: None,
                        workspace,
                        compute,
                        environment: *environment,
                        registry: *registry,
                    });
                }
            }
        }
    }
    pulls
}

/// The registry that an environment's image is pulled from; `None` for public ones.
pub(super) fn registry_of<'a>(
    workspace: Subject<'a>,
    environment: Subject<'a>,
) -> Option<Subject<'a>> {
    let it = read!(EnvironmentImage, environment);
    match it.image_source {
        ImageSource::WorkspaceBuild | ImageSource::PrivateBaseImage => place::registry(workspace),
        ImageSource::PrivateImage => {
            environment.follow(it.registry).or_else(|| place::registry(workspace))
        }
        ImageSource::Curated | ImageSource::PublicImage => None,
    }
}

pub(super) fn is_abac(registry: Subject<'_>) -> bool {
    read!(ContainerRegistry, registry).role_assignment_mode == RoleAssignmentMode::Abac
}

/// The two connections of a pull.
pub(super) fn pull_flows(from: Subject<'_>, registry: Subject<'_>) -> Vec<Requirement> {
    vec![place::face(from, registry, "login"), place::face(from, registry, "data").part()]
}

/// The right to pull, by the registry's mode.
pub(super) fn may_pull(actor: &Actor, registry: Subject<'_>) -> Requirement {
    let ask = pull_permission(registry);
    Requirement::may(
        actor,
        text("pull images of {0}", "{0} のイメージのプル").with([arg(registry.name())]),
        ask.plane,
        ask.actions,
        ask.scope,
    )
}

/// The repository of an image that is used as it is, for conditions on repositories. `None` where the
/// address does not tell it, or belongs to another registry.
fn repository(environment: Subject<'_>, registry: Subject<'_>) -> Option<String> {
    let it = read!(EnvironmentImage, environment);
    if it.image_source != ImageSource::PrivateImage {
        return None;
    }
    let path = match it.image.split_once('/') {
        Some((host, path)) if host.contains('.') => {
            let own = format!("{}.azurecr.io", registry.name());
            host.eq_ignore_ascii_case(&own).then_some(path)?
        }
        _ => it.image.as_str(),
    };
    let path = path.split_once('@').map_or(path, |it| it.0);
    let name = match path.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => path,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

/// The right to pull the image of an environment.
pub(super) fn may_pull_image(
    actor: &Actor,
    registry: Subject<'_>,
    environment: Option<Subject<'_>>,
) -> Requirement {
    let need = may_pull(actor, registry);
    match environment.and_then(|it| repository(it, registry)) {
        Some(name) => need.knowing(Attributes::default().with(REPOSITORY, [name])),
        None => need,
    }
}

/// The action that opens the same in a registry of the other mode: roles over the registry name one set,
/// roles over repositories the other, and neither mode looks at the other's.
pub(crate) fn in_the_other_mode(plane: Plane, action: &str) -> Option<(Plane, &'static str)> {
    const PULL_AND_PUSH: [(&str, &str); 4] = [
        (
            "Microsoft.ContainerRegistry/registries/pull/read",
            "Microsoft.ContainerRegistry/registries/repositories/content/read",
        ),
        (
            "Microsoft.ContainerRegistry/registries/push/write",
            "Microsoft.ContainerRegistry/registries/repositories/content/write",
        ),
        (
            "Microsoft.ContainerRegistry/registries/pull/read",
            "Microsoft.ContainerRegistry/registries/repositories/metadata/read",
        ),
        (
            "Microsoft.ContainerRegistry/registries/push/write",
            "Microsoft.ContainerRegistry/registries/repositories/metadata/write",
        ),
    ];
    PULL_AND_PUSH.iter().find_map(|(registry, repositories)| match plane {
        Plane::Control => {
            registry.eq_ignore_ascii_case(action).then_some((Plane::Data, *repositories))
        }
        Plane::Data => {
            repositories.eq_ignore_ascii_case(action).then_some((Plane::Control, *registry))
        }
    })
}

fn pull_permission(registry: Subject<'_>) -> Permission {
    if is_abac(registry) {
        Permission { actions: PULL_REPOSITORY, plane: Plane::Data, scope: registry.id }
    } else {
        Permission { actions: PULL, plane: Plane::Control, scope: registry.id }
    }
}

/// What opens a registry without any role: the admin user, or anonymous pull.
pub(super) fn open_door(registry: Subject<'_>, workspaces_own: bool) -> Option<Actor> {
    let it = read!(ContainerRegistry, registry);
    let says = |why: Message, source| Actor {
        who: None,
        step: Step::pass(Hop::Actor, why).at(registry.id).source(source),
    };
    if it.admin_user_enabled && workspaces_own {
        return Some(says(
            text(
                "the admin user of {0} acts: the workspace keeps its password",
                "{0} の管理者ユーザーで実行: ワークスペースがパスワードを保持",
            )
            .with([arg(registry.name())]),
            AUTHENTICATION,
        ));
    }
    it.anonymous_pull_enabled.then(|| {
        says(
            text(
                "nobody needs to sign in: {0} allows anonymous pull",
                "サインイン不要: {0} は匿名プルを許可",
            )
            .with([arg(registry.name())]),
            AUTHENTICATION,
        )
    })
}

/// A workspace that keeps an old password of its registry's admin user.
pub(super) fn stale_password(workspace: Subject<'_>, registry: Subject<'_>) -> Option<Requirement> {
    let stale = read!(Workspace, workspace).keys_out_of_sync
        && read!(ContainerRegistry, registry).admin_user_enabled;
    let admin = open_door(registry, true).filter(|_| stale)?;
    let need = Requirement::said(
        &admin,
        text("password of {0}", "{0} のパスワード").with([arg(registry.name())]),
        vec![
            Step::deny(
                Hop::Credential,
                text(
                    "{0} still keeps the old password of the admin user of {1}; synchronize its keys (az ml workspace sync-keys)",
                    "{0} は {1} の管理者ユーザーの古いパスワードを保持しています。キーを同期してください (az ml workspace sync-keys)",
                )
                .with([arg(workspace.name()), arg(registry.name())]),
            )
            .at(workspace.id)
            .source("machine-learning/how-to-change-storage-access-key"),
        ],
    );
    Some(need.or_set(
        text("Synchronize the keys of {0}", "{0} のキーを同期する").with([arg(workspace.name())]),
        workspace.id,
        "keysOutOfSync",
        json!(false),
    ))
}

/// A pull through a door that asks for no role.
pub(super) fn without_role(door: &Actor, registry: Subject<'_>) -> Requirement {
    Requirement::said(
        door,
        text("pull images of {0}", "{0} のイメージのプル").with([arg(registry.name())]),
        vec![
            Step::pass(
                Hop::Credential,
                text("{0} asks for no role here", "{0} はロールを必要としません")
                    .with([arg(registry.name())]),
            )
            .at(registry.id)
            .source(AUTHENTICATION),
        ],
    )
}

/// Who pulls for a job: the admin user while it is on, else the compute.
pub(super) fn pull_for_job(it: Pull<'_>) -> Requirement {
    if let Some(door) = open_door(it.registry, it.is_workspace_registry()) {
        return without_role(&door, it.registry);
    }
    let mut need = may_pull_image(&who::managed_identity(it.compute), it.registry, it.environment);
    if it.compute.kind() == Kind::ComputeCluster
        && need.actor.as_ref().is_some_and(|it| it.who.is_none())
    {
        need = need.or_set(
            text("Give {0} a system-assigned identity", "{0} にシステム割り当て ID を設定する")
                .with([arg(it.compute.name())]),
            it.compute.id,
            "identity.type",
            json!("SystemAssigned"),
        );
    }
    need
}

/// Microsoft's own images: two services, the second delivers the layers.
pub(super) fn microsoft_images(from: Subject<'_>) -> Vec<Requirement> {
    vec![
        place::public(from, "MicrosoftContainerRegistry"),
        place::public(from, "AzureFrontDoor.FirstParty"),
    ]
}
