//! Can images be built on the cluster that the workspace names for it?
//!
//! Steps in Azure:
//! 1. somebody starts the build,
//! 2. the cluster fetches the base image from the Microsoft image registry and packages from their
//!    public sources, so it needs a way out,
//! 3. it reads the default storage account and pushes to the registry's login server,
//! 4. with the registry's admin user on, the workspace's copy of its password is used; with it off the
//!    cluster's managed identity pushes (the page names no role: derived).
//!
//! Azure docs: "Secure an Azure Machine Learning workspace with virtual networks"
//! (machine-learning/how-to-secure-workspace-vnet).

use super::{Check, Group, Plan, Requirement, build_image, images, place, who};
use crate::{
    facts::grant::Plane,
    kinds::{Kind, Resources, Subject, workspace::Workspace},
    solve::{
        Hop, Step,
        flow::{Destination, Flow},
    },
    text::{arg, text},
};

pub(super) const CHECK: Check = Check {
    id: "image.build.on_compute",
    title: text(
        "Build an image on the build compute",
        "ビルド用コンピューティングでイメージをビルドする",
    ),
    group: Group::Image,
    source: "machine-learning/how-to-secure-workspace-vnet",
    plans,
};

/// Where packages of Python environments come from, unless a design names other sources.
const PACKAGES: &str = "pypi.org";

fn plans(all: &Resources) -> Vec<Plan> {
    all.of(Kind::Workspace)
        .filter_map(|workspace| {
            let compute = workspace.follow(read!(Workspace, workspace).image_build_compute)?;
            Some((workspace, compute, place::registry(workspace)?))
        })
        .map(|(workspace, compute, registry)| {
            let mut involves = vec![workspace.id, compute.id, registry.id];
            let mut needs = images::microsoft_images(compute);
            needs.extend(cluster_only(compute));
            needs.extend(size(compute));
            needs.push(Requirement::flow(
                text("{0} reaches {1}", "{0} から {1} への到達")
                    .with([arg(compute.name()), arg(PACKAGES)]),
                Flow::https(compute.id, Destination::Name(PACKAGES.to_owned())),
            ));
            if let Some(storage) = place::storage(workspace) {
                involves.push(storage.id);
                needs.push(place::face(compute, storage, "blob"));
                needs.push(place::face(compute, storage, "file"));
            }
            needs.push(place::face(compute, registry, "login").shows("sy-acr-unreachable"));
            needs.extend(who::people(workspace).iter().map(|it| build_image::start(it, workspace)));
            needs.push(push(compute, registry));
            needs.extend(
                images::stale_password(workspace, registry)
                    .map(|it| it.shows("sy-image-build-auth")),
            );
            Plan {
                subject: place::from_to(compute, registry),
                from: compute.id,
                involves,
                needs,
                notes: Vec::new(),
            }
        })
        .collect()
}

/// "Only Azure Machine Learning compute clusters are supported"; an instance belongs to one person.
fn cluster_only(compute: Subject<'_>) -> Option<Requirement> {
    let step = build_image::on_instance(compute)?;
    let what = text("{0} builds images", "{0} でイメージをビルドできること");
    let need = Requirement::mode(what.with([arg(compute.name())]), vec![step]);
    Some(need.shows("sy-not-supported"))
}

fn size(compute: Subject<'_>) -> Option<Requirement> {
    let step = build_image::with_gpu(compute)?;
    let name = || [arg(compute.name())];
    let need = Requirement::mode(text("size of {0}", "{0} のサイズ").with(name()), vec![step]);
    Some(need.shows("sy-image-build-network").or_set(
        text("Give {0} nodes without GPUs", "{0} を CPU サイズにする").with(name()),
        compute.id,
        "vmSize",
        "Standard_DS3_v2".into(),
    ))
}

fn push(compute: Subject<'_>, registry: Subject<'_>) -> Requirement {
    let what =
        text("push images to {0}", "{0} へのイメージのプッシュ").with([arg(registry.name())]);
    if place::registry_settings(registry).admin_user_enabled
        && let Some(admin) = images::open_door(registry, true)
    {
        let step = Step::pass(
            Hop::Credential,
            text("{0} asks for no role here", "{0} はロールを必要としません")
                .with([arg(registry.name())]),
        );
        return Requirement::said(&admin, what, vec![step.at(registry.id)]);
    }
    let (plane, actions): (_, &'static [&'static str]) = if images::is_abac(registry) {
        (
            Plane::Data,
            &[
                "Microsoft.ContainerRegistry/registries/repositories/content/read",
                "Microsoft.ContainerRegistry/registries/repositories/content/write",
            ],
        )
    } else {
        (
            Plane::Control,
            &[
                "Microsoft.ContainerRegistry/registries/push/write",
                "Microsoft.ContainerRegistry/registries/pull/read",
            ],
        )
    };
    Requirement::may(&who::managed_identity(compute), what, plane, actions, registry.id)
        .shows("sy-image-build-auth")
}
